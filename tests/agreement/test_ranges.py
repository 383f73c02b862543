"""The interval analysis against the reference: no figure of any drawn year lies outside its range."""

from collections import Counter
from fractions import Fraction
from random import Random

import pytest

from coopfx.engine.outcome import SATISFIED
from coopfx.engine.reference.evaluate import evaluate
from coopfx.engine.reference.evaluation import Run
from coopfx.engine.reference.settle import verdict
from coopfx.language import ir
from coopfx.language.ranges import AGGREGATES, OPERATIONS, Range, ranges
from coopfx.plugged.world import World
from covered import EVERYTHING, TEXT, used
from statutes import statute
from years import Years

YEARS = 4


def hold(run: Run, found: list[Range], bounded: Counter[str]) -> None:
    """Hold that every figure of a run lies in its range; of which nodes that says something."""
    for index, value in run.values.items():
        low, high = found[index].low, found[index].high
        for one in value if isinstance(value, list) else [value]:
            if isinstance(one, Fraction):
                node = run.program.nodes[index]
                bounded[type(node).__name__] += low is not None or high is not None
                assert low is None or one >= low, (node, one, low)
                assert high is None or one <= high, (node, one, high)


def decisions_are_kept(run: Run) -> bool:
    """Whether the meeting keeps to the bounds of all that it decides."""
    names = {node.name for node in run.program.nodes if isinstance(node, ir.Decision)}
    rules = [rule for rule in run.program.rules if rule.name in names]
    return all(verdict(run, rule).status == SATISFIED for rule in rules)


def check(seeds: range, world: World) -> tuple[Counter[str], Counter[str]]:
    """Hold years of every seed's program against its ranges; what they bound, and what was used."""
    bounded: Counter[str] = Counter()
    says: Counter[str] = Counter()
    for seed in seeds:
        drawn = statute(seed, world)
        if drawn is None:
            continue
        program, years = drawn.program, Years(Random(seed))
        found, kept = (ranges(program.nodes, program.constants, kept=one) for one in (False, True))
        for _ in range(YEARS):
            run = evaluate(program, years.year(program), roots=range(len(program.nodes)))
            hold(run, found, bounded)
            if decisions_are_kept(run):
                hold(run, kept, bounded)
                bounded["kept"] += 1
        says += used(program, range(len(program.nodes)))
    return bounded, says


def test_every_figure_lies_in_its_range(world: World) -> None:
    bounded, says = check(range(60), world)
    assert bounded.total() > 1_000 and bounded["kept"] > 20, "ranges that bound nothing would pass"
    assert all(bounded[name] for name in ("Part", "Split", "Paid", "Excess", "Pool", "Scale"))
    assert not {name for name in EVERYTHING if not name.startswith(TEXT) and not says[name]}


def r(low: int | str | None, high: int | str | None) -> Range:
    return Range(*(None if one is None else Fraction(one) for one in (low, high)))


BOUNDS = (
    ("add", [r(0, 1), r(2, 3)], r(2, 4)),
    ("add", [r(None, 1), r(2, 3)], r(None, 4)),
    ("add", [r(0, 1), r(2, None)], r(2, None)),
    ("negative", [r(1, 2)], r(-2, -1)),
    ("negative", [r(None, 2)], r(-2, None)),
    ("multiply", [r(2, 3), r(4, 5)], r(8, 15)),
    ("multiply", [r(-2, 3), r(4, 5)], r(-10, 15)),
    ("multiply", [r(-3, -2), r(-5, 4)], r(-12, 15)),
    ("multiply", [r(0, 0), r(None, None)], r(0, 0)),
    ("part_of", [r("1/2", "1/2"), r(3, None)], r("3/2", None)),
    ("multiply", [r(-1, 1), r(0, None)], r(None, None)),
    ("divide", [r(4, 8), r(2, 4)], r(1, 4)),
    ("divide", [r(4, 8), r(0, 4)], r(1, None)),
    ("divide", [r(4, 8), r(2, None)], r(0, 4)),
    ("divide", [r(4, 8), r(-1, 4)], r(None, None)),
    ("min", [r(1, 5), r(2, 3)], r(1, 3)),
    ("max", [r(1, 5), r(2, 3)], r(2, 5)),
    ("min", [r(None, 5), r(2, None)], r(None, 5)),
    ("max", [r(None, 5), r(2, None)], r(2, None)),
    ("round_up", [r("1/2", 2), r(1, 1)], r(0, 3)),
    ("round_down", [r(-1, 2), r(1, 1)], r(-2, 3)),
    ("round_half_up", [r(-1, 2), r(-5, 2)], r(-3, 4)),
    ("round_half_even", [r(5, 6), r(0, 2)], r(3, 8)),
    ("round_up", [r(1, 2), r(0, None)], r(0, None)),
    ("round_up", [r(-1, 2), r(0, None)], r(None, None)),
    ("if", [r(0, 1), r(1, 2), r(5, None)], r(1, None)),
    ("and", [r(0, 1), r(0, 1)], r(0, 1)),
    ("drawn", [r(0, 9), r(0, 5), r(0, 1)], r(0, 5)),
)
"""Of each operation, between which bounds it lies: no wider than has to be."""
OVER_RECORDS = (
    ("sum", r(1, 2), r(0, None)),
    ("sum", r(-1, 2), r(None, None)),
    ("average", r(-1, 2), r(-1, 2)),
    ("median", r(1, 2), r(1, 2)),
    ("min", r(1, 2), r(1, 2)),
    ("max", r(1, 2), r(1, 2)),
    ("count", r(None, None), r(0, None)),
    ("rate", r(0, 1), r(0, 1)),
)


def hold_bounds() -> None:
    """Hold each operation and aggregate to bounds that are worked out by hand."""
    for operation, arguments, expected in BOUNDS:
        assert OPERATIONS[operation](arguments) == expected, (operation, arguments)
    for aggregate, value, expected in OVER_RECORDS:
        assert AGGREGATES[aggregate](value) == expected, (aggregate, value)
    assert (r(-3, 5).without_losses(), r(-3, -1).without_losses()) == (r(0, 5), r(0, 0))
    assert r(2, 2).constant == Fraction(2) and r(2, 3).constant is None


def test_bounds_are_no_wider_than_they_have_to_be() -> None:
    hold_bounds()


@pytest.mark.soak
@pytest.mark.parametrize("part", range(4))
def test_every_figure_lies_in_its_range_at_length(part: int, world: World) -> None:
    print(check(range(60_000 + part * 1_000, 61_000 + part * 1_000), world)[0])
