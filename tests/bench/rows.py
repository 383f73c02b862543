"""The product's rows in the common workload, in the form that its runner asks of every peer.

A row has NAME, ``prep``, ``run`` and ``out``. The columns engine has two, one of them with one fact in a
hundred missing; the reference evaluator has one.
"""

from datetime import date
from fractions import Fraction
from typing import Any

import numpy as np
from attrs import evolve

import workload
from coopfx.engine.columns import Batch, Records, Swept, sweep_blocks
from coopfx.engine.columns.values import MISSING, Array, Column, Numbers
from coopfx.engine.reference.evaluate import evaluate
from coopfx.engine.reference.evaluation import Run
from coopfx.ground.facts import Facts, Table
from coopfx.language import ir

MISSING_FACTS = 0.01


class Columns:
    """The columns engine."""

    NAME = "coopfx columns"
    prep = staticmethod(workload.prep)
    run = staticmethod(workload.run)
    out = staticmethod(workload.out)


class Gaps(Columns):
    """The columns engine, one fact in a hundred missing: what rests on it is not known."""

    NAME = "coopfx columns, 1 % missing"

    @staticmethod
    def prep(data: Any) -> Batch:
        """The same with the facts of people and teams missing at random."""
        batch = workload.prep(data)
        random = np.random.default_rng(5)

        def gaps(column: Column) -> Column:
            absent = random.random(len(column)) < MISSING_FACTS
            state = np.where(absent, MISSING, 0).astype(np.uint8)
            return evolve(column, state=state if absent.any() else None)

        records = {
            name: Records(one.offsets, {key: gaps(column) for key, column in one.columns.items()})
            for name, one in batch.records.items()
        }
        return evolve(batch, records=records)

    @staticmethod
    def run(batch: Batch) -> list[Swept]:  # type: ignore[override]
        """The whole year of every cooperative."""
        return list(sweep_blocks(batch))

    @staticmethod
    def out(raw: Any, data: Any = None) -> dict[str, Array]:
        """Nothing: the peers know no missing facts, so there is nothing to compare."""
        return {}


class Reference:
    """The reference evaluator, one cooperative after the other."""

    NAME = "coopfx reference"

    @staticmethod
    def prep(data: Any) -> list[tuple[ir.Program, Facts]]:
        """Each cooperative's program, with its own constants, and its facts."""
        batch = workload.prep(data)
        return [(_program(batch, one), _facts(batch, one)) for one in range(batch.size)]

    @staticmethod
    def run(years: list[tuple[ir.Program, Facts]]) -> list[Run]:
        """Every year, with all that is needed to explain any figure."""
        return [evaluate(program, facts) for program, facts in years]

    @staticmethod
    def out(raw: list[Run], data: Any = None) -> dict[str, Array]:
        """The cells that the workload compares."""
        found: dict[str, list[int]] = {}

        def cents(name: str, value: Any) -> None:
            found.setdefault(name, []).append(int(value * 100))

        for run in raw:
            program = run.program
            for name, account in workload.ACCOUNTS.items():
                cents(name, run.value(program.accounts[account].added))
            cents("legal", run.value(program.figures["legal_reserve_due"]))
            held = [bool(run.value(rule.condition)) for rule in program.rules]
            bits = sum(one << place for place, one in enumerate(held))
            found.setdefault("verdict", []).append(bits)
            work, interest = program.shares
            nodes = {"work_i": work.node, "cap_i": interest.node, "back": program.pools[0].node}
            for name, node in nodes.items():
                column: Any = run.values[node]
                for value in column:
                    cents(name, value)
        return {name: np.array(values) for name, values in found.items()}


def _program(batch: Batch, place: int) -> ir.Program:
    """The program of one cooperative, whose percentages are its constants again."""
    constants = tuple(
        _value(column, place) if isinstance(column, Numbers) else column.values[0]
        for column in batch.constants
    )
    return evolve(batch.program, constants=constants)


def _value(column: Numbers, place: int) -> Fraction:
    assert isinstance(column.denominator, int)
    row = place if len(column) > 1 else 0
    return Fraction(int(column.numerators[row]), column.denominator)


def _facts(batch: Batch, place: int) -> Facts:
    def table(records: Records) -> Table:
        rows = range(int(records.offsets[place]), int(records.offsets[place + 1]))
        ids = tuple(f"{row:08d}" for row in rows)
        return Table(
            ids,
            {
                name: tuple(_value(column, row) for row in rows)
                for name, column in records.columns.items()
                if isinstance(column, Numbers)
            },
        )

    def own(columns: dict[str, Column]) -> dict[str, Any]:
        return {
            name: _value(column, place)
            for name, column in columns.items()
            if isinstance(column, Numbers)
        }

    tables = {name: table(records) for name, records in batch.records.items()}
    return Facts(date(2024, 12, 31), own(batch.figures), tables, own(batch.openings))
