"""Figures of other years, brought into a year as the facts that its statute speaks of them as.

``previous surplus`` is what the year before had, ``surplus at 2022-12-31`` what the year had that
contains this day. What the data of the year itself give of another year is left as it is.
"""

from collections.abc import Sequence
from datetime import date
from fractions import Fraction

from attrs import evolve

from coopfx.engine.functions import after
from coopfx.engine.reference.evaluation import Run
from coopfx.ground.exact import Known, Missing, Undefined, Value
from coopfx.ground.facts import Facts, Table
from coopfx.ground.words import BALANCES
from coopfx.language import ir

PREVIOUS = "previous "
_AT = " at "


def asked_of_others(program: ir.Program) -> tuple[ir.Input, ...]:
    """The facts of a program that are figures of other years."""
    return tuple(item for item in program.inputs if _is_of_another(item.name))


def _is_of_another(name: str) -> bool:
    return name.startswith(PREVIOUS) or _AT in name


def with_other_years(program: ir.Program, facts: Facts, years: Sequence[Run]) -> Facts:
    """The facts of a year with what other years, evaluated, know of what is asked of them."""
    figures = dict(facts.figures)
    tables = dict(facts.tables)
    for item in asked_of_others(program):
        name, _, day = item.name.removeprefix(PREVIOUS).partition(_AT)
        if day and _lies_within(date.fromisoformat(day), facts.closing):
            if name in facts.figures:
                figures[item.name] = facts.figures[name]
            continue
        found = _year_of(item.name, facts.closing, years)
        if found is None:
            continue
        if item.record is None:
            value = _figure(found, name)
            if item.name not in figures and _is_known(value):
                figures[item.name] = value  # type: ignore[assignment]
        elif item.record in tables and item.name not in tables[item.record].columns:
            table = tables[item.record]
            cells = _column(found, name, item.record, table.ids)
            if any(cell is not None for cell in cells):
                tables[item.record] = evolve(table, columns=table.columns | {item.name: cells})
    return evolve(facts, figures=figures, tables=tables)


def _is_known(value: Value | None) -> bool:
    return not isinstance(value, Missing | Undefined | None)


def _year_of(name: str, closing: date, years: Sequence[Run]) -> Run | None:
    """The year that a name speaks of: the one before, or the one that contains a day."""
    _, at, day = name.partition(_AT)
    if not at:
        earlier = [year for year in years if year.facts.closing < closing]
        last = max(earlier, key=lambda year: year.facts.closing, default=None)
        day_before = _a_year_before(closing)
        return last if last and _lies_within(day_before, last.facts.closing) else None
    on = date.fromisoformat(day)
    return next((year for year in years if _lies_within(on, year.facts.closing)), None)


def _a_year_before(day: date) -> date:
    return after(day, -12, "month") or day


def _lies_within(day: date, closing: date) -> bool:
    """Whether a day lies in the twelve months up to a closing."""
    return _a_year_before(closing) < day <= closing


def _node(year: Run, name: str) -> int | None:
    """The node of a figure, or of an account's balance, in another year's own program."""
    program = year.program
    at, _, account = name.partition(" ")
    if at in BALANCES and account in program.accounts:
        return int(getattr(program.accounts[account], at))
    if name in program.accounts:
        return program.accounts[name].added
    if name in program.figures:
        return program.figures[name]
    named = (index for index, own in program.names.items() if own == name)
    return next((index for index in named if index in year.values), None)


def _figure(year: Run, name: str) -> Value | None:
    index = _node(year, name)
    if index is None or index not in year.values:
        return year.facts.figures.get(name)
    found = year.values[index]
    return None if isinstance(found, list) else found


def _column(year: Run, name: str, record: str, ids: Sequence[str]) -> tuple[Known | None, ...]:
    """A figure of another year for records of this one; None for whoever was not there."""
    table = year.facts.tables.get(record, Table(()))
    values: list[Value] = []
    received = [
        clause.node
        for clause in year.program.shares
        if clause.account == name and year.program.nodes[clause.node].record == record
    ]
    index = next(iter(received), None) or _node(year, name)
    found = year.values.get(index) if index is not None else None
    values = found if isinstance(found, list) else table.column(name)  # type: ignore[assignment]
    known = dict(zip(table.ids, values, strict=True))
    cells = [known.get(identifier) for identifier in ids]
    return tuple(cell if isinstance(cell, Fraction | date | str | bool) else None for cell in cells)
