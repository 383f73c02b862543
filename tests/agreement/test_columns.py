"""The batch engine against the reference, every cell of generated statutes and years."""

import os
from collections import Counter
from collections.abc import Callable, Iterable
from importlib.util import find_spec
from pathlib import Path
from random import Random

import pytest
from generated import Statutes, Years
from whole import EVERYTHING, WholeLanguage, used

from coopfx import pipeline
from coopfx.engine.columns import Swept, gather, sweep, sweep_blocks
from coopfx.engine.columns.accelerator import SWITCH
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


def programs(seed: int, world: World, sort: type[Statutes] = Statutes) -> list[ir.Program]:
    """Programs of one shape, drawn from a seed; none where the drawn statute has a mistake."""
    statutes = sort(Random(seed))
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
# fed by items which read it, steps out of order.
MISTAKES = {"M401", "M402", "M405", "M406", "M407", "M412", "N205", "T308"}


def roots(program: ir.Program) -> list[int]:
    """What an outcome shows, and what the examples expect."""
    return [*program.roots(), *(node for own in program.examples for node, _ in own.expected)]


def differences(swept: Swept, runs: list[Run]) -> list[str]:
    """Every cell in which a swept batch differs from the reference."""
    found = []
    batch = swept.batch
    for index in swept.columns:
        node = batch.program.nodes[index]
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


def agree(
    seeds: range, world: World, sort: type[Statutes] = Statutes
) -> tuple[Counter[str], Counter[str]]:
    """Compare the engines on every seed's statutes and years; what was covered, and used, counted."""
    covered: Counter[str] = Counter()
    says: Counter[str] = Counter()
    for seed in seeds:
        drawn = programs(seed, world, sort)
        if not drawn:
            covered["refused statutes"] += 1
            continue
        years = Years(Random(seed))
        facts = [years.year(program) for program in drawn]
        wanted = roots(drawn[0])
        runs = [
            evaluate(program, year, roots=wanted)
            for program, year in zip(drawn, facts, strict=True)
        ]
        batch = gather(drawn, facts)
        wrong = differences(sweep(batch, wanted), runs)
        with pytest.MonkeyPatch.context() as patched:
            # In blocks, the splits are those of the compiled pass, where that is installed.
            patched.setenv(SWITCH, "yes" if find_spec("numba") else "no")
            start = 0
            for swept in sweep_blocks(batch, block=12, roots=wanted):
                wrong += differences(swept, runs[start : start + swept.batch.size])
                start += swept.batch.size
        assert not wrong, (seed, wrong[:5])
        covered["statutes"] += 1
        covered["years"] += len(drawn)
        covered.update({f"edge: {edge}": count for edge, count in years.edges.items()})
        says += used(drawn[0], runs[0].values)
        for run in runs:
            covered += _cells(run)
    return covered, says


def _cells(run: Run) -> Counter[str]:
    found: Counter[str] = Counter()
    values: Iterable[object] = run.values.values()
    for value in values:
        for one in value if isinstance(value, list) else [value]:
            found["cells"] += 1
            found["missing cells"] += isinstance(one, Missing)
            found["undefined cells"] += isinstance(one, Undefined)
    for split in run.splits.values():
        for segment in split.segments:
            shares = segment.shares
            found["edge: nobody shares"] += not segment.entitled
            if shares is not None:
                found["edge: one shares"] += len(segment.entitled) == 1
                found["edge: all capped"] += bool(shares.capped) and all(shares.capped)
                found["edge: some capped"] += any(shares.capped)
                found["edge: some dropped"] += any(shares.dropped)
    return found


Record = Callable[[str, object], None]


@pytest.mark.parametrize("part", range(4))
def test_every_cell_agrees(part: int, world: World, record_property: Record) -> None:
    covered, says = agree(range(part * 132, part * 132 + 132), world)
    record_property("covered", dict(covered) | _told(says))
    assert covered["statutes"] > 60
    assert covered["missing cells"] and covered["undefined cells"]


@pytest.mark.parametrize("part", range(4))
def test_the_whole_language_agrees(part: int, world: World, record_property: Record) -> None:
    covered, says = agree(range(70_000 + part * 60, 70_060 + part * 60), world, WholeLanguage)
    record_property("covered", dict(covered) | _told(says))
    assert covered["statutes"] > 45
    assert min(covered[edge] for edge in EDGES) > 0, covered
    rare = {name: says[name] for name in EVERYTHING if says[name] < LEAST}
    assert not rare, "the generated statutes hardly use these"


@pytest.mark.parametrize("seed", [10_143, 11_023])
def test_lines_with_weights_that_nobody_stands_under_agree(seed: int, world: World) -> None:
    covered, _ = agree(range(seed, seed + 1), world, WholeLanguage)
    assert covered["cells"] > 1_000


def _told(says: Counter[str]) -> dict[str, int]:
    return {f"used: {name}": count for name, count in says.items()}


LEAST = 3
"""How often each part of the language has to be used in each part of the run."""

EDGES = (
    "missing cells",
    "undefined cells",
    *("edge: nobody shares", "edge: one shares", "edge: all capped", "edge: some dropped"),
    *("edge: ties", "edge: zero", "edge: negative", "edge: huge", "edge: one record"),
)


@pytest.mark.soak
@pytest.mark.parametrize("sort", [Statutes, WholeLanguage])
@pytest.mark.parametrize("part", range(4))
def test_every_cell_agrees_at_length(part: int, sort: type[Statutes], world: World) -> None:
    first = int(os.environ.get("AGREEMENT_SEED", "10000")) + part * 600
    covered, says = agree(range(first, first + 600), world, sort)
    print(f"\n{sort.__name__}, seeds {first} to {first + 599}: no cell differs")
    for name, count in sorted((dict(covered) | _told(says)).items()):
        print(f"  {name}: {count:,}")
    assert covered["statutes"] >= 450
