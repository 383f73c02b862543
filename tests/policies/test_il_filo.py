"""Il Filo: a refund held under 30% of pay, what it withholds in the reserve, a dividend behind a gate."""

from collections.abc import Callable
from fractions import Fraction

import pytest

from coopfx.engine.outcome import SATISFIED
from coopfx.pipeline import Year
from independent import POLICIES, Row, cooperative, exact, figure, half_up, rows, split
from results import balance, items, known, parts, statuses

Evaluated = Callable[[str, str], Year]
FOLDER = POLICIES / "il-filo" / "2024"


@pytest.fixture(scope="module")
def year(evaluated: Evaluated) -> Year:
    return evaluated("il-filo", "2024")


@pytest.fixture(scope="module")
def people() -> list[Row]:
    return rows(FOLDER / "people.csv")


def waterfall() -> list[tuple[str, Fraction]]:
    own = cooperative(FOLDER)
    surplus, decided = exact(own["avanzo"]), own["decisions"]
    legal, mutual = half_up(surplus * 30 / 100), half_up(surplus * 3 / 100)
    refund = half_up(surplus * exact(decided["quota_del_ristorno"]))
    assert exact(own["patrimonio_netto"]) > exact(own["indebitamento"]) / 4
    asked = exact(decided["tasso_del_dividendo"]) * exact(own["capitale_sociale"])
    highest = exact(own["interesse_dei_buoni_postali"]) + Fraction(25, 1000)
    dividend = half_up(min(asked, surplus / 10, highest * exact(own["capitale_sociale"])))
    return [
        ("reserves.legal", legal),
        ("mutual_funds", mutual),
        ("work_share", refund),
        ("share_interest", dividend),
        ("reserves.statutory", surplus - legal - mutual - refund - dividend),
    ]


def test_the_profit_flows_as_the_files_give(year: Year) -> None:
    assert items(year) == waterfall()


def test_the_refund_is_what_the_files_give(year: Year, people: list[Row]) -> None:
    entitled = [row for row in people if row["lavoratore"] == row["socio"] == "sì"]
    hours = {row["id"]: figure(row, "ore") for row in entitled}
    pay = {row["id"]: figure(row, "retribuzione") for row in entitled}
    caps = {name: of_one * 30 / 100 for name, of_one in pay.items()}
    refund = dict(waterfall())["work_share"]
    all_hours, all_pay = sum(hours.values()), sum(pay.values())
    uncapped = {
        name: refund / 2 * (hours[name] / all_hours + pay[name] / all_pay) for name in hours
    }
    held = {name: min(exact_part, caps[name]) for name, exact_part in uncapped.items()}
    found = parts(year, "work_share")
    assert sum(held[name] < uncapped[name] for name in held) == 2, "the limit binds for two"
    for name, part in found.items():
        assert abs(part - held[name]) < Fraction(1, 100)
        assert part <= caps[name]
    # What the limit withholds stays with the cooperative, to the cent.
    [share] = [item for item in year.outcome.shares if item.source == "work_share"]
    withheld = refund - sum(found.values())
    assert known(share.excess) == withheld > 0
    into = dict(waterfall())["reserves.statutory"] + withheld
    assert balance(year, "reserves.statutory", "added") == into


def test_the_dividend_is_what_the_files_give(year: Year, people: list[Row]) -> None:
    rights = {row["id"]: figure(row, "quote_possedute") for row in people if row["socio"] == "sì"}
    assert parts(year, "share_interest") == split(dict(waterfall())["share_interest"], rights)


def test_disadvantaged_people_are_three_in_ten_workers_or_more(people: list[Row]) -> None:
    workers = [row for row in people if row["lavoratore"] == "sì"]
    assert sum(row["svantaggiato"] == "sì" for row in workers) * 100 >= 30 * len(workers)


def test_every_rule_is_kept(year: Year) -> None:
    found = statuses(year)
    assert len(found) == 18
    assert set(found.values()) == {SATISFIED}
