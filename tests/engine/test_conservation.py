"""Drawn statutes in drawn years: no order matters, and no rounded cent is paid against the law."""

from collections.abc import Callable, Iterable, Sequence
from fractions import Fraction
from itertools import permutations
from random import Random

import pytest

from coopfx import pipeline
from coopfx.desk.versions import Statute
from coopfx.engine.outcome import NOT_APPLICABLE, SATISFIED, VIOLATED
from coopfx.ground.facts import Facts
from coopfx.plugged.world import World
from statutes import statute
from years import CENT, CLOSING, Years

Compile = Callable[[str], Statute]

HEAD = """statute "Generated" under fr.scop
currency EUR
in force from 2020-01-01

article 1
"""


def test_the_same_year_gives_the_same_outcome_in_any_order_of_its_figures(world: World) -> None:
    for seed in range(32_000, 32_010):
        drawn = statute(seed, world)
        if drawn is None:
            continue
        random = Random(seed)
        facts = Years(random).year(drawn.program)
        figures, balances = list(facts.figures.items()), list(facts.balances.items())
        random.shuffle(figures)
        random.shuffle(balances)
        tables = dict(reversed(facts.tables.items()))
        again = Facts(CLOSING, dict(figures), tables, dict(balances))
        assert pipeline.evaluate(drawn, facts, world) == pipeline.evaluate(drawn, again, world)


def number_of(value: object) -> Fraction:
    assert isinstance(value, Fraction), value
    return value


def decimal(hundredths: int) -> str:
    return f"{hundredths // 100}.{hundredths % 100:02}"


# ---- no lawful percentage is violated for a rounded cent


def lawful_text(items: Iterable[str]) -> str:
    return HEAD + "\n".join(["  allocate surplus", *items])


ORDERS = list(permutations(range(3)))

# The rules that the law sets on the money itself; the others rest on facts that these years do not give.
ON_MONEY = {
    "fr.scop.legal_reserve",
    "fr.scop.development_fund",
    "fr.scop.work_share_minimum",
    "fr.scop.interest_within_reserves",
    "fr.scop.interest_within_work_share",
}


def permuted(work: int, interest: int, legal: int, order: Sequence[int]) -> list[str]:
    """Three items in one of their orders, and the rest to the development fund."""
    items = [
        f"    {work}% to work_share",
        f"    {interest}% to share_interest",
        f"    {legal}% to reserves.legal until highest_share_capital then to reserves.development",
    ]
    return [*(items[place] for place in order), "    rest to reserves.development"]


def lawful_items(random: Random) -> tuple[list[str], Fraction]:
    """Percentages that keep the law, often at its very edge, in any order; and what the rest has.

    Interest keeps under the items of the reserves alone, so that the rest is a margin for it too.
    """
    rest = random.randint(10, 4_000)
    work = random.choice([2_500, random.randint(2_500, 8_500 - rest)])
    reserves = random.choice([1_500, random.randint(1_500, 10_000 - work - rest)])
    most = min(10_000 - work - reserves - rest, reserves, work)
    interest = random.choice([most, random.randint(0, most)])
    then = random.choice(["", " then to reserves.development"])
    items = [
        f"    15% to reserves.legal until highest_share_capital{then}",
        f"    {decimal(work)}% to work_share",
        f"    {decimal(interest)}% to share_interest",
        f"    {decimal(reserves - 1_500)}% to reserves.development",
    ]
    random.shuffle(items)
    rest = 10_000 - work - reserves - interest
    return [*items, "    rest to reserves.development"], Fraction(rest, 10_000)


def violated_laws(statute: Statute, world: World, surplus: Fraction, random: Random) -> list[str]:
    """The laws that are violated in a year with that surplus and some room in the legal reserve."""
    # Room for the whole 15 %, for nearly that, for a single cent, and for nothing.
    room = random.choice([surplus, surplus * 3 // 20 // CENT * CENT, CENT, Fraction(0)])
    legal = random.randint(0, 10**9) * CENT
    facts = Facts(
        CLOSING,
        {"surplus": surplus, "highest_share_capital": legal + room},
        {},
        dict.fromkeys(statute.program.accounts, Fraction(0)) | {"reserves.legal": legal},
    )
    outcome = pipeline.evaluate(statute, facts, world)
    decided = [item for item in outcome.verdicts if item.binding and item.rule in ON_MONEY]
    assert {item.status for item in decided} <= {SATISFIED, NOT_APPLICABLE, VIOLATED}
    assert len(decided) == len(ON_MONEY)
    assert sum(number_of(item.amount) for item in outcome.allocations[0].items) == surplus
    return [item.rule for item in outcome.verdicts if item.law and item.status == VIOLATED]


def magnitudes(random: Random, count: int) -> list[int]:
    return [random.randint(1, 10 ** random.randint(3, 15)) for _ in range(count)]


@pytest.mark.parametrize("order", ORDERS, ids=lambda order: "".join(map(str, order)))
@pytest.mark.parametrize(
    ("work", "interest", "legal"), [(60, 10, 15), (25, 10, 15), (50, 16, 15), (40, 20, 16)]
)
def test_no_lawful_percentage_is_violated_for_a_rounded_cent_from_one_cent_up(
    compile_text: Compile,
    world: World,
    work: int,
    interest: int,
    legal: int,
    order: tuple[int, ...],
) -> None:
    statute = compile_text(lawful_text(permuted(work, interest, legal, order)))
    # Each cent up to a euro in one of the orders.
    random, first = Random(work), 1 + ORDERS.index(order)
    for whole in (*range(first, 101, len(ORDERS)), *magnitudes(random, 10)):
        assert not violated_laws(statute, world, whole * CENT, random), whole


@pytest.mark.parametrize(
    "seed", [*range(6), *(pytest.param(seed, marks=pytest.mark.soak) for seed in range(6, 60))]
)
def test_no_lawful_percentage_is_violated_where_the_rest_can_bear_the_rounding(
    compile_text: Compile, world: World, seed: int
) -> None:
    random = Random(seed)
    items, rest = lawful_items(random)
    statute = compile_text(lawful_text(items))
    # Four items may each be rounded up by half a cent: the rest has to hold two.
    least = -(-2 // rest)
    for whole in (*range(least, least + 40), *(least + more for more in magnitudes(random, 20))):
        assert not violated_laws(statute, world, whole * CENT, random), whole
