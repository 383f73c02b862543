"""Every euro has one origin and one destination: books of statutes that take money from everywhere."""

from datetime import date
from fractions import Fraction
from random import Random

import pytest
from truths import untrue

from compiling import compiled, tried
from coopfx import pipeline
from coopfx.engine.outcome import Outcome
from coopfx.ground.exact import Known
from coopfx.ground.facts import Facts, Table
from coopfx.ground.report import Report
from coopfx.plugged.world import load_world

WORLD = load_world(Report())
CLOSING = date(2024, 12, 31)
HEAD = """statute "Oak"
currency EUR
in force from 2024-01-01
article 1 "Money"
"""


def outcome(text: str, figures: dict[str, str], balances: dict[str, str] | None = None) -> Outcome:
    """The outcome of a year of four people, two of them members."""
    statute = compiled(HEAD + text, WORLD)
    columns: dict[str, tuple[Known | None, ...]] = {
        "worker": (True, True, True, False),
        "member": (True, True, False, False),
        "hours": tuple(map(Fraction, (10, 20, 30, 0))),
        "salary": tuple(map(Fraction, (1000, 2000, 3000, 0))),
        "opening capital": tuple(map(Fraction, (100, 50, 0, 0))),
    }
    people = Table(("ana", "ben", "cy", "dee"), columns)
    teams = Table(("forge", "shop"), {"result": (Fraction(-200), Fraction(50))})
    own: dict[str, Known] = {name: Fraction(value) for name, value in figures.items()}
    known = {name: Fraction(value) for name, value in (balances or {}).items()}
    facts = Facts(CLOSING, own, {"person": people, "team": teams}, known)
    return pipeline.evaluate(statute, facts, WORLD)


def codes(found: Outcome) -> set[str]:
    return {one.code for one in found.diagnostics} - {"R805"}


def closing(found: Outcome, name: str) -> object:
    return next(one.closing for one in found.accounts if one.name == name)


INTO_POT = """  account pot
  allocate surplus
    rest to pot
    losses to losses_brought_forward
"""

CAPITAL = "  account capital of person\n"


def test_an_opening_balance_that_is_shared_leaves_the_account() -> None:
    text = INTO_POT + "  share opening pot among members equally\n"
    found = outcome(text, {"surplus": "100"}, {"pot": "50"})
    assert closing(found, "pot") == 100 and not untrue(found)


def test_all_of_an_account_is_its_opening_balance_too() -> None:
    text = INTO_POT + "  share all of pot among members equally\n"
    found = outcome(text, {"surplus": "100"}, {"pot": "50"})
    assert closing(found, "pot") == 0 and not untrue(found)


def test_a_part_of_an_account_leaves_it() -> None:
    text = INTO_POT + "  share 40% of pot among members equally\n"
    found = outcome(text, {"surplus": "100"}, {"pot": "50"})
    assert closing(found, "pot") == 110 and not untrue(found)


@pytest.mark.parametrize(("decided", "left"), [("150", 0), ("20", 130)])
def test_a_decision_is_paid_from_what_there_is(decided: str, left: int) -> None:
    text = INTO_POT + (
        "  decide payout between 0 EUR and all of pot\n  share payout from pot among members equally\n"
    )
    found = outcome(text, {"surplus": "100", "payout": decided}, {"pot": "50"})
    assert closing(found, "pot") == left and not untrue(found)


def test_clauses_that_ask_more_than_there_is_move_nothing() -> None:
    text = (
        INTO_POT
        + """  decide payout between 0 EUR and all of pot
  share payout from pot among members equally
  share 1 EUR from pot among workers equally
  require in_credit: closing pot >= 0 EUR
"""
    )
    found = outcome(text, {"surplus": "100", "payout": "150"}, {"pot": "50"})
    assert codes(found) == {"R813"} and not untrue(found)
    assert not isinstance(closing(found, "pot"), Fraction)
    kept = next(verdict for verdict in found.verdicts if verdict.rule == "in_credit")
    assert kept.status == "undetermined"


def test_a_figure_gives_no_more_than_it_is() -> None:
    text = """  decide part between 0% and 100%
  share part * surplus among workers equally
  allocate 50% of surplus
    rest to reserves.development
    losses to losses_brought_forward
"""
    assert codes(outcome(text, {"surplus": "100", "part": "3/5"})) == {"R813"}
    assert not codes(outcome(text, {"surplus": "100", "part": "1/2"}))


def test_two_halves_are_the_whole_to_the_cent() -> None:
    text = (
        CAPITAL
        + """  share 50% of surplus among workers equally
  share 50% of surplus among members to capital of person equally
"""
    )
    found = outcome(text, {"surplus": "100.01"})
    paid = [share.amount for share in found.shares]
    assert sum(paid) == Fraction("100.01") and not untrue(found)  # type: ignore[arg-type]


def test_parts_of_a_few_cents_are_no_more_than_these() -> None:
    third = "  share 30% of surplus among workers equally\n"
    found = outcome(third * 3, {"surplus": "0.02"})
    assert sum(share.amount for share in found.shares) <= Fraction("0.02")  # type: ignore[misc]


@pytest.mark.parametrize(("surplus", "booked"), [("-10", -10), ("10", 0), ("40", 0)])
def test_an_old_loss_is_booked_once(surplus: str, booked: int) -> None:
    text = """  define distributable = surplus + opening losses_brought_forward
  allocate distributable from surplus
    100% to work_share
    losses to losses_brought_forward
"""
    found = outcome(text, {"surplus": surplus}, {"losses_brought_forward": "-30"})
    losses = next(one for one in found.accounts if one.name == "losses_brought_forward")
    assert losses.added == booked and not untrue(found)


def test_a_charge_is_without_bound_and_never_less_than_nothing() -> None:
    text = (
        CAPITAL
        + """  share 5% * sum of opening capital over members from charges
    among members to capital of person by opening capital
  allocate surplus - 1 000 EUR from charges
    rest to reserves.development
"""
    )
    found = outcome(text, {"surplus": "100"})
    capital = next(one for one in found.accounts if one.name == "capital")
    assert capital.added == Fraction("7.5") and not untrue(found)
    assert all(one.target[1] != "reserves.development" for one in found.books)


def test_a_share_is_redeemed_out_of_ones_own_capital() -> None:
    text = (
        CAPITAL
        + """  input redeemed : money of person >= 0
  allocate redeemed from capital of person for each member
    rest to to_be_paid_back
"""
    )
    head = outcome(text, {})
    assert not untrue(head)


def test_money_moved_inside_an_account_stays_in_it() -> None:
    text = """  allocate surplus
    2% to fund
    rest to reserves.development
    losses to losses_brought_forward
  allocate opening fund
    30 EUR to leavers
    rest to fund
    losses to fund
"""
    found = outcome(text, {"surplus": "1000"}, {"fund": "100"})
    assert closing(found, "fund") == 90 and not untrue(found)


def test_a_cap_reads_what_the_lines_above_have_put_there() -> None:
    text = """  allocate surplus
    20% to work_share
    5% to reserves.legal
    30% of surplus to share_interest at most work_share at most reserves so far
    rest to reserves.development
    losses to losses_brought_forward
"""
    found = outcome(text, {"surplus": "1000"}, {"share_interest": "0"})
    assert closing(found, "share_interest") == 50 and not untrue(found)


def test_the_teams_book_is_apart() -> None:
    text = """  pool result of teams
    20% kept by each
    rest to common
  share common among teams equally
"""
    found = outcome(text, {}, {"common": "0"})
    assert all(one.management for one in found.books) and closing(found, "common") == -160


AMOUNTS = (
    *("{}% of surplus", "{}% of pot", "{}% of opening pot", "{}% of all of pot"),
    *("min({} EUR, surplus) from surplus", "{} EUR from pot", "max({} EUR, pot) from pot"),
    *("{} EUR from charges", "payout from pot", "{}% * pot from pot", "payout from surplus"),
)


@pytest.mark.parametrize("seed", range(40))
def test_the_truths_hold_of_drawn_clauses(seed: int) -> None:
    """Clauses drawn with every sort of origin: what is refused is told, and what runs is true."""
    random = Random(seed)
    lines = [INTO_POT.replace("surplus", "gift") + CAPITAL + "  input gift : money\n"]
    lines.append("  decide payout between 0 EUR and 1 000 EUR\n")
    for _ in range(random.randint(1, 4)):
        amount = random.choice(AMOUNTS).format(random.randint(1, 60))
        if random.random() < 0.5:
            into = random.choice(["", " to capital of person"])
            lines.append(f"  share {amount} among members{into} equally\n")
        else:
            lines.append(
                f"  allocate {amount}\n    40% to held\n    rest to reserves.development\n"
            )
            lines.append("    losses to losses_brought_forward\n")
    figures = {
        name: str(
            Fraction(random.choice([0, 1, 2, 7, 10_001, 123_457]), 100) * random.choice([1, 1, -1])
        )
        for name in ("surplus", "gift", "payout")
    }
    balances = {"pot": str(Fraction(random.choice([0, 3, 5_000]), 100)), "held": "0"}
    statute, report = tried(HEAD + "".join(lines), WORLD)
    if statute is None:
        assert {one.code for one in report.diagnostics if one.severity.value == "error"} <= {"M403"}
        return
    found = outcome("".join(lines), figures, balances)
    assert not untrue(found), "".join(lines)


@pytest.mark.parametrize(
    ("text", "whose", "line"),
    [
        ("  share 10% of surplus among people by salary / hours", "dee", 5),
        ("  share 10% of surplus among workers by salary / hours", None, 0),
        (
            "  define pay = salary / hours for each person\n"
            "  define twice = 2 * pay for each person\n"
            "  share 10% of surplus among people by twice",
            "dee",
            5,
        ),
        (
            "  define extra = salary / (hours * 1 EUR / 1 hour) for each person\n"
            "  share 10% of surplus among people\n    by hours\n    multiplied by extra",
            "dee",
            5,
        ),
        (
            "  share 10% of surplus among people\n    by hours\n"
            "    at most surplus * (1 000 EUR / salary) each",
            "dee",
            7,
        ),
        (
            "  define slice = 10 EUR / (surplus - 1 000 EUR)\n"
            "  allocate surplus\n    slice to pot\n    rest to kept\n    losses to pot",
            "cooperative",
            5,
        ),
        (
            "  define kept_of = surplus / (surplus - 1 000 EUR)\n"
            "  pool result of teams\n    kept_of kept by each\n    rest to common",
            "cooperative",
            5,
        ),
    ],
)
def test_what_has_no_value_names_whose_and_the_line(
    text: str, whose: str | None, line: int
) -> None:
    found = [
        (WORLD.words("en").show(one.arguments["of"]), one.span and one.span.line)
        for one in outcome(text, {"surplus": "1000"}).diagnostics
        if one.code == "R815"
    ]
    assert found == ([] if whose is None else [(whose, line)])
