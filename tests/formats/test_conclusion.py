"""The last lines of a year: what is not known of the law, and the money that stays where it is, and why."""

from datetime import date
from fractions import Fraction
from itertools import product
from random import Random

import pytest
from attrs import evolve

from compiling import compiled
from coopfx import pipeline
from coopfx.engine.outcome import UNDETERMINED, Outcome
from coopfx.formats.conclusion import conclusion, staying
from coopfx.ground.exact import Known, Undefined
from coopfx.ground.facts import Facts, Table
from coopfx.plugged.world import World

TEXT = """statute "Left"
currency EUR
in force from 2020-01-01
article 1 "Sharing"
  allocate surplus
    {first}% to pay
    {second}% to bonus
    {third}% to thanks{when}
    losses to reserves
  share pay among (people where worker)
    by hours
    {limit}
  share bonus among (people where member)
    equally
    {equal}
  share thanks among people
    by salary
  require saved: reserves >= 0 EUR
"""


def drawn(random: Random) -> str:
    """A statute that leaves money where it is in some of the ways in which one can."""
    low, high = sorted(random.sample(range(1, 100), 2))
    return TEXT.format(
        first=low,
        second=high - low,
        third=100 - high,
        when=random.choice(["", " when surplus > 500 EUR", " at most 100 EUR"]),
        limit=random.choice(["", "at most 20 EUR each", "paid from 30 EUR upwards"]),
        equal=random.choice(["", "alike"]),
    )


def year(random: Random) -> Facts:
    """A year of a few people, some of whom have a right to nothing."""
    people = tuple(f"p{number}" for number in range(random.randint(0, 4)))
    columns: dict[str, tuple[Known | None, ...]] = {
        "worker": tuple(random.random() < 0.6 for _ in people),
        "member": tuple(random.random() < 0.6 for _ in people),
        "hours": tuple(Fraction(random.choice([0, 0, 7, 100])) for _ in people),
        "salary": tuple(Fraction(random.choice([0, 0, 900])) for _ in people),
    }
    surplus = Fraction(random.randrange(0, 100_000), 100)
    tables = {"person": Table(people, columns)}
    return Facts(date(2024, 12, 31), figures={"surplus": surplus}, tables=tables)


def left(outcome: Outcome) -> Fraction:
    """All that no clause gave out, from the amounts themselves."""
    found = Fraction(0)
    for allocation in outcome.allocations:
        amounts = [allocation.amount, *(-item.amount for item in allocation.items)]  # type: ignore[operator]
        found += sum((one for one in amounts if isinstance(one, Fraction)), Fraction(0))
    for share in outcome.shares:
        assert isinstance(share.undistributed, Fraction)
        found += share.undistributed
    return found


def test_every_cent_that_stays_is_said_with_its_reason(world: World) -> None:
    random = Random(20)
    words = world.words("en")
    reasons: set[str] = set()
    for _ in range(40):
        statute = compiled(drawn(random), world)
        for _ in range(3):
            outcome = pipeline.evaluate(statute, year(random), world)
            found = staying(outcome)
            assert sum((amount for amount, _ in found.values()), Fraction(0)) == left(outcome)
            said = " ".join(text for text, _ in conclusion(outcome, words))
            assert all(words.value(*amount) in said for amount in found.values())
            assert ("not distributed" in said) == bool(found)
            reasons |= found.keys()
    assert {"nobody", "nowhere", "zero", "limits", "smallest", "alike"} <= reasons


@pytest.mark.parametrize("language", ["en", "fr", "es", "it"])
def test_rules_of_the_law_that_are_not_known_are_counted_apart(language: str, world: World) -> None:
    statute = compiled(
        TEXT.format(first=50, second=25, third=25, when="", limit="", equal=""), world
    )
    outcome = pipeline.evaluate(statute, year(Random(1)), world)
    (rule,) = outcome.verdicts
    words = world.words(language)
    for of_law, own, undefined in product((0, 1, 5), (0, 2), (None, Undefined("division"))):
        unknown = evolve(rule, status=UNDETERMINED, undefined=undefined)
        verdicts = (rule, *[evolve(unknown, law="fr.scop")] * of_law, *[unknown] * own)
        said = [text for text, _ in conclusion(evolve(outcome, verdicts=verdicts), words)]
        for key, count in (("undetermined", own), ("without_answer", own)):
            counts = (undefined is not None) == (key == "without_answer")
            for kind, many in ((key, count), (f"{key}_law", of_law)):
                assert (words.counted(f"report.{kind}", many) in said) == (many > 0 and counts)


def test_what_is_not_known_of_money_is_no_nothing(world: World) -> None:
    statute = compiled(
        TEXT.format(first=50, second=25, third=25, when="", limit="", equal=""), world
    )
    facts = evolve(year(Random(1)), figures={})
    outcome = pipeline.evaluate(statute, facts, world)
    words = world.words("en")
    assert words.counted("report.not_given_out", 4) in [
        one for one, _ in conclusion(outcome, words)
    ]


def test_what_has_no_value_is_not_for_want_of_figures(world: World) -> None:
    statute = compiled(
        TEXT.format(first=50, second=25, third=25, when="", limit="", equal="").replace(
            "by hours", "by hours * 1 EUR / salary"
        ),
        world,
    )
    people: dict[str, tuple[Known | None, ...]] = {
        "worker": (True, True),
        "member": (True, True),
        "hours": (Fraction(1), Fraction(1)),
        "salary": (Fraction(0), Fraction(1)),
    }
    own: dict[str, Known] = {"surplus": Fraction(100)}
    table = Table(("ana", "ben"), people)
    facts = Facts(date(2024, 12, 31), figures=own, tables={"person": table})
    said = [
        text for text, _ in conclusion(pipeline.evaluate(statute, facts, world), world.words("en"))
    ]
    assert world.words("en").counted("report.not_worked_out", 1) in said
    assert not any("want of figures" in one for one in said)
