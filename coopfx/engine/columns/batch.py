"""The facts of many cooperatives, as columns: one segment of rows a cooperative."""

from collections.abc import Sequence
from fractions import Fraction
from functools import cached_property

import numpy as np
from attrs import field, frozen

from coopfx.engine.columns.records import ABSENT, ASTRAY, Records, cut_rows
from coopfx.engine.columns.values import (
    Column,
    Labels,
    Truths,
    from_fractions,
    missing_where,
)
from coopfx.ground.exact import Kind, Known, Missing, Type
from coopfx.ground.facts import Facts
from coopfx.language import ir


@frozen(slots=True, eq=False)
class Batch:
    """The year of many cooperatives whose programs have one shape.

    ``program`` is any one of theirs; its constants, the parameters on the closing date, the
    cooperatives' own facts (what their meetings decided among them) and the opening balances are
    columns with a row for each cooperative, or with a single row where all have the same. ``dated``
    has all values of the parameters that are asked for on other days, of each cooperative or of all.
    """

    program: ir.Program
    size: int
    constants: tuple[Column, ...]
    parameters: dict[str, Column] = field(factory=dict)
    figures: dict[str, Column] = field(factory=dict)
    openings: dict[str, Column] = field(factory=dict)
    records: dict[str, Records] = field(factory=dict)
    dated: dict[str, tuple[ir.Dated, ...]] = field(factory=dict)

    @cached_property
    def shown(self) -> tuple[int, ...]:
        """All nodes that an outcome shows, each after those that it rests on."""
        truths = (one.node for one in self.program.truths)
        return tuple(sorted(ir.cone(self.program.nodes, [*self.program.roots(), *truths])))

    def cut(self, start: int, stop: int) -> "Batch":
        """The batch of some of the cooperatives."""

        def own(column: Column) -> Column:
            return column if len(column) == 1 else cut_rows(column, start, stop)

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
            {
                name: values if len(values) == 1 else values[start:stop]
                for name, values in self.dated.items()
            },
        )


def gather(programs: Sequence[ir.Program], years: Sequence[Facts]) -> Batch:
    """The batch of several cooperatives' years under programs of one shape.

    Raises ValueError where the shapes differ: that is the caller's grouping.
    """
    first = programs[0]
    if any(program.shape != first.shape for program in programs[1:]):
        raise ValueError("programs of one batch have one shape")
    slots = {node.index: node.type for node in first.nodes if isinstance(node, ir.Slot)}
    constants = tuple(
        _shared([program.constants[index] for program in programs], slots[index])
        if index in slots
        else Labels(np.array([None], object))
        for index in range(len(first.constants))
    )
    parameters = {
        name: _shared(
            [
                program.parameters[name].on(year.closing)
                for program, year in zip(programs, years, strict=True)
            ],
            dated.type,
        )
        for name, dated in first.parameters.items()
    }
    own = {item.key: item.type for item in first.inputs if item.record is None}
    own |= {node.name: node.type for node in first.nodes if isinstance(node, ir.Decision)}
    figures = {
        key: _column([year.figures.get(key) for year in years], type_) for key, type_ in own.items()
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
        _dated(first, programs),
    )


def _dated(first: ir.Program, programs: Sequence[ir.Program]) -> dict[str, tuple[ir.Dated, ...]]:
    """All values of the parameters that are asked for on other days."""
    asked = {
        node.name for node in first.nodes if isinstance(node, ir.Param) and node.at is not None
    }
    found = {}
    for name in asked:
        own = tuple(program.parameters[name] for program in programs)
        found[name] = own[:1] if all(one == own[0] for one in own) else own
    return found


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
                found = table.column(item.key)
                values += [None if isinstance(value, Missing) else value for value in found]
        columns[item.key] = (
            _linked(record, item.key, item.type.record or "", years)
            if item.type.kind is Kind.LINK
            else _column(values, item.type)
        )
    absent = np.array([table is None for table in tables])
    ids = tuple(identifier for table in tables if table for identifier in table.ids)
    return Records(offsets, columns, ~absent if absent.any() else None, ids)


def _linked(record: str, name: str, to: str, years: Sequence[Facts]) -> Column:
    """The place, among its cooperative's, of the record that each one is linked to."""
    places: list[int] = []
    for year in years:
        table, target = year.tables.get(record), year.tables.get(to)
        known = {} if target is None else {key: place for place, key in enumerate(target.ids)}
        if table is not None:
            places += [
                ABSENT if isinstance(value, Missing) else known.get(str(value), ASTRAY)
                for value in table.column(name)
            ]
    return Labels(
        np.array(places, np.int64), missing_where(np.array([place < 0 for place in places], bool))
    )


def _shared(values: Sequence[Known | None], type_: Type) -> Column:
    """A column of values, one for all where they are the same."""
    return _column(values[:1] if all(value == values[0] for value in values) else values, type_)


def _column(values: Sequence[Known | None], type_: Type) -> Column:
    """A column of known values; None is missing."""
    state = missing_where(np.array([value is None for value in values], bool))
    if type_.kind is Kind.YES_NO:
        return Truths(np.array([value is True for value in values], bool), state)
    if type_.kind is Kind.QUANTITY:
        return from_fractions([v if isinstance(v, Fraction) else None for v in values], state)
    array = np.empty(len(values), object)
    array[:] = list(values)
    return Labels(array, state)
