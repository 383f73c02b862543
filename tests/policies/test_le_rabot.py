"""Le Rabot: decisions within bounds, a coefficient by seniority, interest held under two limits."""

from collections.abc import Callable
from fractions import Fraction

import pytest

from coopfx.engine.outcome import SATISFIED, VIOLATED
from coopfx.pipeline import Year
from independent import (
    CENT,
    POLICIES,
    Row,
    by_keys,
    cooperative,
    exact,
    figure,
    half_up,
    rows,
    split,
)
from results import balance, items, of_each, parts, statuses

Evaluated = Callable[[str, str], Year]
FOLDER = POLICIES / "le-rabot"
OTHERWISE = {"taux_du_travail": "45 %", "taux_du_capital": "5 %"}
STEPS = ((20, "2"), (10, "1,5"), (5, "1,25"), (2, "1,1"), (0, "1"))

each_year = pytest.mark.parametrize("year", ["2023", "2024"])


def waterfall(year: str) -> list[tuple[str, Fraction]]:
    """The surplus, item by item."""
    own = cooperative(FOLDER / year)
    surplus = exact(own["excédent"])
    decided = OTHERWISE | own.get("decisions", {})
    work_rate, capital_rate = (exact(rate) for rate in decided.values())
    work = half_up(surplus * work_rate)
    reserve, fund = half_up(surplus * 15 / 100), half_up(surplus / 100)
    room = exact(own["capital_le_plus_haut"]) - exact(own["balances"]["réserves.légale"])
    legal = min(reserve, room)
    most = min(work_rate, (1 - work_rate) / 2) * surplus // CENT * CENT
    interest = half_up(min(surplus * capital_rate, most))
    return [
        ("work_share", work),
        ("reserves.legal", legal),
        ("reserves.development", reserve - legal),
        ("reserves.development", fund),
        ("share_interest", interest),
        ("reserves.development", surplus - work - reserve - fund - interest),
    ]


def coefficient(row: Row) -> Fraction:
    years = int(row["ancienneté"]) // 12
    return next(exact(value) for least, value in STEPS if years >= least)


@each_year
def test_the_surplus_flows_as_the_files_give(evaluated: Evaluated, year: str) -> None:
    assert items(evaluated("le-rabot", year)) == waterfall(year)


def test_what_is_decided_beyond_the_limits_is_held_under_them(evaluated: Evaluated) -> None:
    interest = dict(waterfall("2024"))["share_interest"]
    own = cooperative(FOLDER / "2024")
    asked = exact(own["decisions"]["taux_du_capital"]) * exact(own["excédent"])
    assert interest < asked
    assert (
        interest
        <= balance(evaluated("le-rabot", "2024"), "reserves", "added")
        < interest + CENT * 2
    )


@each_year
def test_the_work_share_is_what_the_files_give(evaluated: Evaluated, year: str) -> None:
    entitled = [
        row
        for row in rows(FOLDER / year / "people.csv")
        if row["salarié"] == "oui"
        and (figure(row, "présence") >= 3 or figure(row, "ancienneté") >= 6)
    ]
    rights = by_keys(
        entitled,
        (Fraction(7, 10), lambda row: figure(row, "heures")),
        (Fraction(3, 10), lambda row: Fraction(1)),
    )
    multiplied = {row["id"]: rights[row["id"]] * coefficient(row) for row in entitled}
    assert max(map(coefficient, entitled)) == 2, "one coefficient reaches its most"
    amount = dict(waterfall(year))["work_share"]
    assert parts(evaluated("le-rabot", year), "work_share") == split(amount, multiplied)


@each_year
def test_a_fifth_of_the_members_part_becomes_shares(evaluated: Evaluated, year: str) -> None:
    found = evaluated("le-rabot", year)
    received = parts(found, "work_share")
    members = {row["id"] for row in rows(FOLDER / year / "people.csv") if row["associé"] == "oui"}
    shares, paid = (of_each(found, one, "added") for one in ("new_shares", "payments"))
    for name, part in received.items():
        assert shares[name] == (half_up(part / 5) if name in members else 0)
        assert paid[name] == (part - shares[name] if name in members else 0)


@each_year
def test_the_interest_is_what_the_files_give(evaluated: Evaluated, year: str) -> None:
    members = [row for row in rows(FOLDER / year / "people.csv") if row["associé"] == "oui"]
    rights = {row["id"]: figure(row, "parts_détenues") for row in members}
    amount = dict(waterfall(year))["share_interest"]
    assert parts(evaluated("le-rabot", year), "share_interest") == split(amount, rights)


def test_a_year_opens_as_the_one_before_closed(evaluated: Evaluated) -> None:
    opened = cooperative(FOLDER / "2024")["balances"]
    before = evaluated("le-rabot", "2023")
    assert balance(before, "reserves.legal") == exact(opened["réserves.légale"])
    assert balance(before, "reserves.development") == exact(opened["réserves.développement"])


@each_year
def test_every_rule_is_kept(evaluated: Evaluated, year: str) -> None:
    found = statuses(evaluated("le-rabot", year))
    on_money = {
        "fr.scop.legal_reserve",
        "fr.scop.development_fund",
        "fr.scop.work_share_minimum",
        "fr.scop.interest_within_reserves",
        "fr.scop.interest_within_work_share",
    }
    own = {"employed_members_capital", "work_rate", "capital_rate", "pay_ratio"}
    assert {found[rule] for rule in on_money | own} == {SATISFIED}
    assert VIOLATED not in found.values()
