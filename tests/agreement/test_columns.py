"""The batch engine against the reference, every cell of generated statutes and years."""

import os
from collections import Counter
from collections.abc import Callable
from random import Random

import pytest

from coopfx.engine.columns import Swept, gather, sweep, sweep_blocks
from coopfx.engine.reference.evaluate import evaluate
from coopfx.engine.reference.evaluation import Run
from coopfx.ground.exact import Missing, Undefined, Value
from coopfx.language import ir
from coopfx.plugged.world import World
from covered import EDGES, EVERYTHING, edges_of_run, edges_of_year, used, written
from statutes import alike
from years import Years


def roots(program: ir.Program) -> list[int]:
    """What an outcome shows, and what the examples expect."""
    truths = (one.node for one in program.truths)
    return [
        *program.roots(),
        *truths,
        *(node for own in program.examples for node, _ in own.expected),
    ]


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


def agree(seeds: range, world: World) -> tuple[Counter[str], Counter[str]]:
    """Compare the engines on every seed's statutes and years; what was covered, and used, counted."""
    covered: Counter[str] = Counter()
    says: Counter[str] = Counter()
    for seed in seeds:
        statutes = alike(seed, world, 2)
        if not statutes:
            covered["refused statutes"] += 1
            continue
        drawn, years = [one.program for one in (*statutes, *statutes)], Years(Random(seed))
        facts = [years.year(program) for program in drawn]
        wanted = roots(drawn[0])
        runs = [
            evaluate(program, year, roots=wanted)
            for program, year in zip(drawn, facts, strict=True)
        ]
        batch = gather(drawn, facts)
        wrong = differences(sweep(batch, wanted), runs)
        start = 0
        for swept in sweep_blocks(batch, block=12, roots=wanted):
            wrong += differences(swept, runs[start : start + swept.batch.size])
            start += swept.batch.size
        assert not wrong, (seed, wrong[:5])
        covered["statutes"] += 1
        covered["years"] += len(drawn)
        covered.update({f"drawn: {name}": count for name, count in years.edges.items()})
        for program, year in zip(drawn, facts, strict=True):
            covered += edges_of_year(program, year)
        says += used(drawn[0], runs[0].values) + written(statutes[0].document)
        for run in runs:
            covered += edges_of_run(run)
    return covered, says


Record = Callable[[str, object], None]


def test_every_cell_agrees(world: World, record_property: Record) -> None:
    covered, says = agree(range(60), world)
    record_property("covered", dict(covered) | _told(says))
    assert covered["statutes"] >= 40
    assert all(covered[edge] for edge in EDGES), covered
    rare = {name: says[name] for name in EVERYTHING if says[name] < LEAST}
    assert not rare, "the drawn statutes hardly use these"


def _told(says: Counter[str]) -> dict[str, int]:
    return {f"used: {name}": count for name, count in says.items()}


LEAST = 2
"""How often each part of the language has to be used in the run."""


@pytest.mark.soak
@pytest.mark.parametrize("part", range(4))
def test_every_cell_agrees_at_length(part: int, world: World) -> None:
    first = int(os.environ.get("AGREEMENT_SEED", "10000")) + part * 600
    covered, says = agree(range(first, first + 600), world)
    print(f"\nseeds {first} to {first + 599}: no cell differs")
    for name, count in sorted((dict(covered) | _told(says)).items()):
        print(f"  {name}: {count:,}")
    assert covered["statutes"] >= 400
