"""The tables of a batch against a loop over the reference, row by row, of generated statutes and years."""

from collections.abc import Sequence
from random import Random
from typing import Any

import numpy as np
import pytest
from attrs import evolve
from generated import Statutes, Years
from test_columns import programs
from whole import WholeLanguage

from coopfx.engine.columns import gather, sweep_blocks
from coopfx.engine.outcome import Provenance
from coopfx.engine.reference import evaluate
from coopfx.engine.settle import settle
from coopfx.federation.columns import Rows, packed, written
from coopfx.federation.layouts import layouts
from coopfx.federation.loop import UNTOLD, rows_of
from coopfx.federation.rows import Writing
from coopfx.language import ir
from coopfx.plugins import World, load_world
from coopfx.report import Report
from coopfx.tables import Texts

Row = dict[str, Any]


@pytest.fixture(scope="module")
def world() -> World:
    """The world as it is installed."""
    return load_world(Report())


def batch_rows(
    drawn: Sequence[ir.Program], years: Sequence[Any], block: int
) -> dict[str, list[Row]]:
    """What a batch writes, as rows of Python's values."""
    rows, start = Rows(), 0
    for swept in sweep_blocks(gather(drawn, years), block):
        owners = np.arange(start, start + swept.batch.size)
        writing = Writing(swept, owners, rows, 2)
        writing.write()
        writing.verdicts()
        start += swept.batch.size
    names = [f"c{place}" for place in range(len(years))]
    closings = [year.closing.isoformat() for year in years]
    arrays = packed(rows.finish(names, closings))
    return {
        name: table_rows(written(arrays, name, layout.columns, 2))
        for name, layout in layouts().items()
    }


def table_rows(columns: dict[str, Any]) -> list[Row]:
    """A table's columns as rows."""
    plain = {}
    for name, column in columns.items():
        if isinstance(column, Texts):
            plain[name] = list(column.values)
        else:
            plain[name] = [
                None if gone else int(number)
                for number, gone in zip(column.numerators, column.missing, strict=True)
            ]
    return [dict(zip(plain, row, strict=True)) for row in zip(*plain.values(), strict=True)]


def compare(seeds: range, world: World, sort: type[Statutes]) -> int:
    """Compare every row of every table; how many were compared."""
    compared = 0
    for seed in seeds:
        drawn = programs(seed, world, sort)
        if not drawn:
            continue
        drawn = [evolve(one, figures=drawn[0].figures) for one in drawn]
        years = Years(Random(seed))
        facts = [years.year(program) for program in drawn]
        expected: dict[str, list[Row]] = {}
        for place, (program, year) in enumerate(zip(drawn, facts, strict=True)):
            outcome = settle(evaluate(program, year), Provenance())
            for table, own in rows_of(outcome, f"c{place}").items():
                expected.setdefault(table, []).extend(own)
        for block in (10, 65_536):
            found = batch_rows(drawn, facts, block)
            for table in expected.keys() - {"runs", "diagnostics"}:
                untold = UNTOLD.get(table, ())
                left = [without(row, untold) for row in expected[table]]
                right = [without(row, untold) for row in found[table]]
                assert len(left) == len(right), (seed, table, len(left), len(right))
                wrong = [
                    one | {name: (one[name], two[name]) for name in one if one[name] != two[name]}
                    for one, two in zip(left, right, strict=True)
                    if one != two
                ]
                assert not wrong, f"seed {seed}, {table}: {wrong[:3]}"
                compared += len(left)
    return compared


def without(row: Row, names: tuple[str, ...]) -> Row:
    """A row without some columns."""
    return {name: value for name, value in row.items() if name not in names}


@pytest.mark.parametrize("part", range(2))
def test_every_row_agrees(part: int, world: World) -> None:
    assert compare(range(part * 15, part * 15 + 15), world, Statutes) > 500


@pytest.mark.parametrize("part", range(2))
def test_every_row_agrees_in_the_whole_language(part: int, world: World) -> None:
    assert compare(range(80_000 + part * 15, 80_015 + part * 15), world, WholeLanguage) > 500


@pytest.mark.soak
@pytest.mark.parametrize("sort", [Statutes, WholeLanguage])
def test_every_row_agrees_at_length(sort: type[Statutes], world: World) -> None:
    assert compare(range(90_000, 91_200), world, sort) > 50_000
