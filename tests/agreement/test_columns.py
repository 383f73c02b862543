"""The batch engine against the reference, every cell of generated statutes and years."""

from collections import Counter
from collections.abc import Callable
from pathlib import Path
from random import Random

import pytest
from generated import Statutes, Years

from coopfx import pipeline
from coopfx.engine.columns import Batch, gather, sweep
from coopfx.engine.reference import evaluate
from coopfx.engine.run import Run
from coopfx.exact import Missing, Undefined, Value
from coopfx.language import ir
from coopfx.plugins import World, load_world
from coopfx.policy import Policy, StatuteFile
from coopfx.report import Report, Severity
from coopfx.source import Source

COOPERATIVES = 4


@pytest.fixture(scope="module")
def world() -> World:
    """The world as it is installed."""
    return load_world(Report())


def programs(seed: int, world: World) -> list[ir.Program]:
    """Programs of one shape, drawn from a seed; none where the drawn statute has a mistake."""
    statutes = Statutes(Random(seed))
    text = statutes.text()
    found = []
    for number in range(COOPERATIVES):
        report = Report()
        source = Source("statute.en.coop", statutes.filled(text, varied=number > 0))
        file = StatuteFile(Path("statute.en.coop"), "", "en")
        policy = Policy(Path("statute.en.coop"), "en", {}, (file,))
        statute = pipeline.compile_source(source, file, policy, world, report)
        if statute is None:
            errors = [item for item in report.diagnostics if item.severity is Severity.ERROR]
            assert {item.code for item in errors} <= MISTAKES, [
                world.words("en").message(item) for item in errors
            ]
            continue
        found.append(statute.program)
    return [program for program in found if program.shape == found[0].shape]


# What a drawn statute may be guilty of: money over- or under-allocated, circles, an account that is
# fed by items which read it.
MISTAKES = {"M401", "M402", "M405", "M406", "M407", "N205", "T308"}


def differences(batch: Batch, runs: list[Run]) -> list[str]:
    """Every cell in which the batch differs from the reference."""
    swept = sweep(batch)
    found = []
    for index, node in enumerate(batch.program.nodes):
        if index not in swept.columns:
            continue
        for number, run in enumerate(runs):
            expected = run.values[index]
            if node.record is None:
                cells: list[tuple[Value, Value]] = [(run.value(index), swept.cell(index, number))]
            elif isinstance(expected, list):
                start = int(batch.records[node.record].offsets[number])
                cells = [
                    (value, swept.cell(index, start + row)) for row, value in enumerate(expected)
                ]
            else:
                continue
            found += [
                f"node {index} {node}: reference {left}, columns {right}"
                for left, right in cells
                if not same(left, right)
            ]
    return found


def same(left: Value, right: Value) -> bool:
    """Whether two values agree; of what is not known, only that it is so."""
    for sort in (Missing, Undefined):
        if isinstance(left, sort) or isinstance(right, sort):
            return isinstance(left, sort) and isinstance(right, sort)
    return left == right


def agree(seeds: range, world: World) -> Counter[str]:
    """Compare the engines on every seed's statutes and years; what was covered, counted."""
    covered: Counter[str] = Counter()
    for seed in seeds:
        drawn = programs(seed, world)
        if not drawn:
            covered["refused statutes"] += 1
            continue
        years = Years(Random(seed))
        facts = [years.year(program) for program in drawn]
        runs = [evaluate(program, year) for program, year in zip(drawn, facts, strict=True)]
        wrong = differences(gather(drawn, facts), runs)
        assert not wrong, (seed, wrong[:5])
        covered["statutes"] += 1
        covered["years"] += len(drawn)
        covered.update({f"edge: {edge}": count for edge, count in years.edges.items()})
        for index in runs[0].values:
            node = drawn[0].nodes[index]
            name = getattr(node, "operation", getattr(node, "aggregate", type(node).__name__))
            covered[f"node: {name}"] += 1
            for run in runs:
                value = run.values[index]
                for one in value if isinstance(value, list) else [value]:
                    covered["cells"] += 1
                    covered["missing cells"] += isinstance(one, Missing)
                    covered["undefined cells"] += isinstance(one, Undefined)
    return covered


Record = Callable[[str, object], None]


@pytest.mark.parametrize("part", range(4))
def test_every_cell_agrees(part: int, world: World, record_property: Record) -> None:
    covered = agree(range(part * 132, part * 132 + 132), world)
    record_property("covered", dict(covered))
    assert covered["statutes"] > 60
    assert covered["missing cells"] and covered["undefined cells"]


@pytest.mark.soak
@pytest.mark.parametrize("part", range(4))
def test_every_cell_agrees_at_length(part: int, world: World, record_property: Record) -> None:
    covered = agree(range(10_000 + part * 600, 10_600 + part * 600), world)
    record_property("covered", dict(covered))
    assert covered["statutes"] >= 500
