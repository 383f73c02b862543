"""La Halle: two reserves that take 57.5%, interest cut by grants and paid alike, votes by college."""

from collections.abc import Callable
from fractions import Fraction

import pytest

from coopfx.engine.outcome import NOT_APPLICABLE, SATISFIED
from coopfx.pipeline import Year
from independent import CENT, POLICIES, cooperative, exact, figure, half_up, rows
from results import balance, items, known, parts, statuses

Evaluated = Callable[[str, str], Year]
FOLDER = POLICIES / "la-halle"
# The bond yields of the six half-years before the meeting, in per cent, as the Journal officiel gives them.
YIELDS = {
    "2022": ("0.20", "-0.02", "0.20", "0.27", "1.325", "2.51"),
    "2023": ("0.20", "0.27", "1.325", "2.51", "3.14", "3.37"),
}

each_year = pytest.mark.parametrize("year", ["2022", "2023"])


def waterfall(year: str) -> list[tuple[str, Fraction]]:
    """The surplus, item by item."""
    own = cooperative(FOLDER / year)
    surplus, capital = exact(own["excédent"]), exact(own["capital_social"])
    before = sum(exact(own["balances"][f"réserves.{name}"]) for name in ("légale", "statutaire"))
    legal = half_up(surplus * 15 / 100) if before < capital else Fraction(0)
    half = half_up((surplus - legal) / 2)
    rate = exact(own.get("decisions", {}).get("taux_d_intérêt", 0))
    base = max(Fraction(0), surplus - exact(own["subventions"]) - legal)
    yields = sum(map(Fraction, YIELDS[year]), Fraction(0))
    highest = (yields / 6 + 2) / 100 * capital
    interest = min(half_up(rate * capital), min(highest, base / 2) // CENT * CENT)
    return [
        ("reserves.legal", legal),
        ("reserves.statutory", half),
        ("share_interest", interest),
        ("reserves.statutory", surplus - legal - half - interest),
    ]


@each_year
def test_the_surplus_flows_as_the_files_give(evaluated: Evaluated, year: str) -> None:
    assert items(evaluated("la-halle", year)) == waterfall(year)


def test_the_grants_cut_the_interest(evaluated: Evaluated) -> None:
    own = cooperative(FOLDER / "2023")
    asked = exact(own["decisions"]["taux_d_intérêt"]) * exact(own["capital_social"])
    assert 0 < balance(evaluated("la-halle", "2023"), "share_interest", "added") < asked


def test_equal_shares_bear_equal_cents_and_the_odd_ones_go_to_the_reserve(
    evaluated: Evaluated,
) -> None:
    year = evaluated("la-halle", "2023")
    held = {
        row["id"]: figure(row, "parts_détenues") for row in rows(FOLDER / "2023" / "people.csv")
    }
    interest = dict(waterfall("2023"))["share_interest"]
    total = sum(held.values())
    expected = {name: interest * own / total // CENT * CENT for name, own in held.items()}
    assert parts(year, "share_interest") == expected
    [share] = year.outcome.shares
    odd = interest - sum(expected.values())
    assert known(share.excess) == odd > 0
    flows = [amount for account, amount in waterfall("2023") if account == "reserves.statutory"]
    assert balance(year, "reserves.statutory", "added") == sum(flows) + odd


@each_year
def test_both_reserves_take_what_the_law_asks(evaluated: Evaluated, year: str) -> None:
    surplus = exact(cooperative(FOLDER / year)["excédent"])
    assert balance(evaluated("la-halle", year), "reserves", "added") >= surplus * 575 / 1000


def test_a_year_opens_as_the_one_before_closed(evaluated: Evaluated) -> None:
    opened = cooperative(FOLDER / "2023")["balances"]
    before = evaluated("la-halle", "2022")
    assert balance(before, "reserves.legal") == exact(opened["réserves.légale"])
    assert balance(before, "reserves.statutory") == exact(opened["réserves.statutaire"])


@each_year
def test_the_approval_is_what_the_colleges_files_give(evaluated: Evaluated, year: str) -> None:
    expected = Fraction(0)
    for row in rows(FOLDER / year / "college.csv"):
        votes = [figure(row, name) for name in ("voix_pour", "voix_contre")]
        expected += figure(row, "poids") * votes[0] / sum(votes)
    [indicator] = evaluated("la-halle", year).outcome.indicators
    assert indicator.value == expected
    assert indicator.met


@each_year
def test_every_rule_is_kept(evaluated: Evaluated, year: str) -> None:
    found = statuses(evaluated("la-halle", year))
    assert len(found) == 31
    # Only an SA has a least capital; without interest there is nothing to hold against its limits.
    idle = {"fr.scic.least_capital"}
    if year == "2022":
        idle |= {"fr.scic.interest_without_grants", "fr.cooperation.interest_cap"}
    assert {rule for rule, status in found.items() if status is NOT_APPLICABLE} == idle
    assert {found[rule] for rule in set(found) - idle} == {SATISFIED}
