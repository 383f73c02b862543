"""The interval analysis against the reference: no figure of any generated year lies outside its range."""

from fractions import Fraction
from random import Random

import pytest
from generated import Years
from test_columns import programs

from coopfx.engine.reference.evaluate import evaluate
from coopfx.ground.report import Report
from coopfx.language.ranges import ranges
from coopfx.plugged.world import World, load_world


@pytest.fixture(scope="module")
def world() -> World:
    """The world as it is installed."""
    return load_world(Report())


@pytest.mark.parametrize("part", range(2))
def test_every_figure_lies_in_its_range(part: int, world: World) -> None:
    looked_at = bounded = 0
    for seed in range(50_000 + part * 60, 50_060 + part * 60):
        for program in programs(seed, world)[:2]:
            found = ranges(program.nodes, program.constants)
            run = evaluate(program, Years(Random(seed)).year(program))
            for index, value in run.values.items():
                low, high = found[index].low, found[index].high
                for one in value if isinstance(value, list) else [value]:
                    if not isinstance(one, Fraction):
                        continue
                    looked_at += 1
                    bounded += low is not None or high is not None
                    assert low is None or one >= low, (seed, program.nodes[index], one, low)
                    assert high is None or one <= high, (seed, program.nodes[index], one, high)
    assert bounded > 1000, "ranges that bound nothing would pass too"
    assert looked_at > bounded
