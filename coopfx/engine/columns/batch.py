"""The facts of many cooperatives, as columns: one segment of rows a cooperative."""

from collections.abc import Sequence
from fractions import Fraction
from functools import cached_property
from typing import Any

import numpy as np
from attrs import evolve, field, frozen

from coopfx.engine.columns.values import (
    KNOWN,
    MISSING,
    Array,
    Column,
    Labels,
    Numbers,
    Truths,
    from_fractions,
)
from coopfx.exact import Kind, Known, Missing, Type
from coopfx.facts import Facts
from coopfx.language import ir


@frozen(slots=False, eq=False)
class Records:
    """The records of one sort of all cooperatives, one after the other, in order of identifiers.

    Cooperative ``c`` has the rows from ``offsets[c]`` up to ``offsets[c + 1]``. ``given`` tells of
    which cooperatives the data give this sort of record at all; None is of all.
    """

    offsets: Array
    columns: dict[str, Column] = field(factory=dict)
    given: Array | None = None
    ids: tuple[str, ...] = ()
    _bins: tuple[int, Any] | None = field(default=None, init=False)

    @cached_property
    def sizes(self) -> Array:
        """How many rows each cooperative has."""
        return np.diff(self.offsets)

    @cached_property
    def segment(self) -> Array:
        """The cooperative of each row."""
        return np.repeat(np.arange(len(self.sizes), dtype=np.int32), self.sizes)

    def bins(self, most: int) -> tuple[Any, Any, Any, int]:
        """Bins for a cooperative's rows, as many as it has rows, or ``most``.

        Beside each row: its cooperative's first bin, how many it has, its last one; then how many
        there are in all.
        """
        if self._bins is None or self._bins[0] != most:
            counts = np.minimum(self.sizes, most)
            ends = np.cumsum(counts)
            first, count = (ends - counts).astype(np.float64), counts.astype(np.float64)
            spread = (
                self.spread(first),
                self.spread(count),
                self.spread((ends - 1).astype(np.int32)),
            )
            object.__setattr__(self, "_bins", (most, (*spread, int(ends[-1]))))
        assert self._bins is not None
        found: tuple[Any, Any, Any, int] = self._bins[1]
        return found

    @cached_property
    def full(self) -> Array | None:
        """Which cooperatives have any row; None where all have."""
        return None if self.sizes.all() else np.flatnonzero(self.sizes)

    @property
    def size(self) -> int:
        """How many rows there are."""
        return int(self.offsets[-1])

    def spread(self, values: Any) -> Any:
        """A value of each cooperative, beside each of its rows.

        Repeating is several times quicker than looking each row's cooperative up.
        """
        if not isinstance(values, np.ndarray) or len(values) == 1:
            return values
        return np.repeat(values, self.sizes)

    def reduce(self, ufunc: Any, rows: Array, empty: Any) -> Array:
        """A numpy reduction over each cooperative's rows; ``empty`` where it has none."""
        if len(self.sizes) == 1:
            return np.array([ufunc.reduce(rows) if len(rows) else empty], dtype=rows.dtype)
        starts = self.offsets[:-1]
        if self.full is None:
            found: Array = ufunc.reduceat(rows, starts)
            return found
        found = np.full(len(self.sizes), empty, dtype=rows.dtype)
        if len(self.full):
            found[self.full] = ufunc.reduceat(rows, starts[self.full])
        return found

    def any(self, flags: Array) -> Array:
        """Of each cooperative, whether a flag is set on any of its rows."""
        return self.reduce(np.logical_or, np.broadcast_to(flags, self.size), False)

    def sum(self, rows: Array) -> Array:
        """The sum over each cooperative's rows; the caller has made sure that it fits."""
        return self.reduce(np.add, rows, 0)

    def count(self, flags: Array) -> Array:
        """On how many of each cooperative's rows a flag is set."""
        if len(self.sizes) == 1:
            return np.array([np.count_nonzero(flags)])
        return self.reduce(np.add, flags.astype(np.int64), 0)

    def cut(self, start: int, stop: int) -> "Records":
        """The records of some of the cooperatives."""
        low, high = int(self.offsets[start]), int(self.offsets[stop])
        return Records(
            self.offsets[start : stop + 1] - low,
            {name: _rows(column, low, high) for name, column in self.columns.items()},
            None if self.given is None else self.given[start:stop],
            self.ids[low:high],
        )


@frozen(slots=True, eq=False)
class Batch:
    """The year of many cooperatives whose programs have one shape.

    ``program`` is any one of theirs; its constants, the parameters on the closing date, the
    cooperatives' own facts and the opening balances are columns with a row for each cooperative, or
    with a single row where all have the same.
    """

    program: ir.Program
    size: int
    constants: tuple[Column, ...]
    parameters: dict[str, Column] = field(factory=dict)
    figures: dict[str, Column] = field(factory=dict)
    openings: dict[str, Column] = field(factory=dict)
    records: dict[str, Records] = field(factory=dict)

    def cut(self, start: int, stop: int) -> "Batch":
        """The batch of some of the cooperatives."""

        def own(column: Column) -> Column:
            return column if len(column) == 1 else _rows(column, start, stop)

        def all_own(columns: dict[str, Column]) -> dict[str, Column]:
            return {name: own(column) for name, column in columns.items()}

        return Batch(
            self.program,
            stop - start,
            tuple(own(column) for column in self.constants),
            all_own(self.parameters),
            all_own(self.figures),
            all_own(self.openings),
            {name: records.cut(start, stop) for name, records in self.records.items()},
        )


def _rows(column: Column, low: int, high: int) -> Column:
    state = None if column.state is None else column.state[low:high]
    if state is not None and not state.any():
        state = None
    if isinstance(column, Numbers):
        below = column.denominator
        return evolve(
            column,
            numerators=column.numerators[low:high],
            denominator=below if isinstance(below, int) else below[low:high],
            state=state,
        )
    return evolve(column, values=column.values[low:high], state=state)


def gather(programs: Sequence[ir.Program], years: Sequence[Facts]) -> Batch:
    """The batch of several cooperatives' years under programs of one shape.

    Raises ValueError where the shapes differ: that is the caller's grouping.
    """
    first = programs[0]
    if any(program.shape != first.shape for program in programs[1:]):
        raise ValueError("programs of one batch have one shape")
    slots = {node.index: node.type for node in first.nodes if isinstance(node, ir.Slot)}
    constants = tuple(
        _column([program.constants[index] for program in programs], slots[index])
        if index in slots
        else Labels(np.array([None], object))
        for index in range(len(first.constants))
    )
    parameters = {
        name: _column(
            [
                program.parameters[name].on(year.closing)
                for program, year in zip(programs, years, strict=True)
            ],
            dated.type,
        )
        for name, dated in first.parameters.items()
    }
    own = [item for item in first.inputs if item.record is None]
    figures = {
        item.name: _column([year.figures.get(item.name) for year in years], item.type)
        for item in own
    }
    money = next((node.type for node in first.nodes if isinstance(node, ir.Balance)), None)
    openings = {
        name: _column([year.balances.get(name) for year in years], money)
        for name in first.accounts
        if money is not None
    }
    records = {record: _records(record, first, years) for record in first.records}
    return Batch(
        first,
        len(programs),
        constants,
        parameters,
        figures,
        openings,
        records,
    )


def _records(record: str, program: ir.Program, years: Sequence[Facts]) -> Records:
    tables = [year.tables.get(record) for year in years]
    sizes = [len(table.ids) if table else 0 for table in tables]
    offsets = np.concatenate([[0], np.cumsum(sizes, dtype=np.int64)]).astype(np.int64)
    columns: dict[str, Column] = {}
    for item in program.inputs:
        if item.record != record:
            continue
        values: list[Known | None] = []
        for table in tables:
            if table is not None:
                found = table.column(item.name)
                values += [None if isinstance(value, Missing) else value for value in found]
        columns[item.name] = (
            _linked(record, item.name, item.type.record or "", years, offsets)
            if item.type.kind is Kind.LINK
            else _column(values, item.type)
        )
    absent = np.array([table is None for table in tables])
    ids = tuple(identifier for table in tables if table for identifier in table.ids)
    return Records(offsets, columns, ~absent if absent.any() else None, ids)


def _linked(record: str, name: str, to: str, years: Sequence[Facts], offsets: Array) -> Column:
    """The row, among all cooperatives' records of a sort, that each record is linked to."""
    rows: list[int] = []
    start = 0
    for year in years:
        table, target = year.tables.get(record), year.tables.get(to)
        known = {} if target is None else {key: start + row for row, key in enumerate(target.ids)}
        if table is not None:
            rows += [
                -1 if isinstance(value, Missing) else known.get(str(value), -1)
                for value in table.column(name)
            ]
        start += len(known)
    values = np.array(rows, np.int64)
    return Labels(values, _state([row < 0 for row in rows]))


def _state(absent: Sequence[bool]) -> Array | None:
    flags = np.array(absent, bool)
    return np.where(flags, MISSING, KNOWN).astype(np.uint8) if flags.any() else None


def _column(values: Sequence[Known | None], type_: Type) -> Column:
    """A column of known values; None is missing."""
    state = _state([value is None for value in values])
    if type_.kind is Kind.YES_NO:
        return Truths(np.array([value is True for value in values], bool), state)
    if type_.kind is Kind.QUANTITY:
        return from_fractions([v if isinstance(v, Fraction) else None for v in values], state)
    array = np.empty(len(values), object)
    array[:] = list(values)
    return Labels(array, state)
