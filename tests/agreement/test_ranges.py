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
from coopfx.language.ranges import Range, ranges
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


@pytest.mark.parametrize("part", range(2))
def test_every_figure_lies_in_its_range(part: int, world: World) -> None:
    bounded, says = check(range(50_000 + part * 60, 50_060 + part * 60), world)
    assert bounded.total() > 1_000 and bounded["kept"] > 20, "ranges that bound nothing would pass"
    assert all(bounded[name] for name in ("Part", "Split", "Paid", "Excess", "Pool", "Scale"))
    assert not {name for name in EVERYTHING if not name.startswith(TEXT) and not says[name]}


@pytest.mark.soak
@pytest.mark.parametrize("part", range(4))
def test_every_figure_lies_in_its_range_at_length(part: int, world: World) -> None:
    print(check(range(60_000 + part * 1_000, 61_000 + part * 1_000), world)[0])
