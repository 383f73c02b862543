"""Figures of other years, brought into a year as the facts that its statute speaks of them as.

``previous surplus`` is what the year before had, ``surplus at 2022-12-31`` what the year had that
contains this day. What the data of the year itself give of another year is left as it is.

The other year may have followed another statute. What it has is held to what this one takes its facts
to be, as data are: the prover relies on it.
"""

from collections.abc import Iterable, Sequence
from datetime import date
from fractions import Fraction

from attrs import evolve

from coopfx.engine.functions import after
from coopfx.engine.reference.evaluation import Run
from coopfx.ground.exact import Known, Missing, Type, Undefined, Value
from coopfx.ground.facts import Facts, Table
from coopfx.ground.figure import Figure
from coopfx.ground.report import Report, Said, Word
from coopfx.language import ir


def asked_of_others(program: ir.Program) -> tuple[ir.Input, ...]:
    """The facts of a program that are figures of other years."""
    return tuple(item for item in program.inputs if item.period is not None)


def with_other_years(
    program: ir.Program, facts: Facts, years: Sequence[Run], report: Report
) -> Facts:
    """The facts of a year with what other years, evaluated, know of what is asked of them.

    What is not what the program takes it to be is told (P982), and left out.
    """
    figures = dict(facts.figures)
    tables = dict(facts.tables)
    for item in asked_of_others(program):
        key, own = item.key, evolve(item.figure, period=None)
        if isinstance(item.period, date) and _lies_within(item.period, facts.closing):
            if own.key in facts.figures:
                figures[key] = facts.figures[own.key]
            continue
        found = _year_of(item, facts.closing, years)
        if found is None:
            continue
        if item.record is None:
            if key in figures:
                continue
            (value,) = _fitting(program, item, found, [_figure(found, own)], report)
            if value is not None:
                figures[key] = value
        elif item.record in tables and key not in tables[item.record].columns:
            table = tables[item.record]
            column = _column(found, own, item.record, table.ids)
            cells = _fitting(program, item, found, column, report)
            if any(cell is not None for cell in cells):
                tables[item.record] = evolve(table, columns=table.columns | {key: cells})
    return evolve(facts, figures=figures, tables=tables)


def _fitting(
    program: ir.Program,
    item: ir.Input,
    year: Run,
    values: Sequence[Value | None],
    report: Report,
) -> tuple[Known | None, ...]:
    """What another year has of a fact; None for what is not known, or is not what the fact can be."""
    known = [None if isinstance(one, Missing | Undefined) else one for one in values]
    field, own = program.field(item), _type(year, evolve(item.figure, period=None)) or item.type
    found = [value for value in known if value is not None]
    domain: tuple[object, ...] = (item.type,)
    if own.same_sort(item.type):
        found = [value for value in found if not field.admits(value)]
        domain = field.domain()
        if all(evolve(field, paid=False).admits(value) for value in found):
            domain = (Said("domain.paid"), *domain)
    if found:
        declared = program.declared.get(item.name)
        span, closing = None if declared is None else declared.span, year.facts.closing
        shown = found[0], own
        report.tell("P982", span, name=Word(item.key), found=shown, closing=closing, domain=domain)
    return tuple(None if value in found else value for value in known)


def _year_of(item: ir.Input, closing: date, years: Sequence[Run]) -> Run | None:
    """The year that a fact speaks of: the one before, or the one that contains a day."""
    day = item.period
    if not isinstance(day, date):
        earlier = [year for year in years if year.facts.closing < closing]
        return year_before(closing, earlier)
    return next((year for year in years if _lies_within(day, year.facts.closing)), None)


def _a_year_before(day: date) -> date:
    return after(day, -12, "month") or day


def year_before(closing: date, years: Iterable[Run]) -> Run | None:
    """The evaluated year that closed in the twelve months up to a year before; None where none did."""
    last = max(years, key=lambda year: year.facts.closing, default=None)
    day = _a_year_before(closing)
    return last if last and _lies_within(day, last.facts.closing) else None


def _lies_within(day: date, closing: date) -> bool:
    """Whether a day lies in the twelve months up to a closing."""
    return _a_year_before(closing) < day <= closing


def _node(year: Run, figure: Figure) -> int | None:
    """The node of a figure, or of an account's balance, in another year's own program."""
    program, key = year.program, figure.key
    if figure.name in program.accounts:
        return int(getattr(program.accounts[figure.name], figure.side or "added"))
    if key in program.figures:
        return program.figures[key]
    named = (index for index, own in program.names.items() if own == key)
    return next((index for index in named if index in year.values), None)


def _type(year: Run, figure: Figure) -> Type | None:
    """What sort of figure another year's own program takes one for, where it knows it."""
    index = _node(year, figure)
    if index is not None:
        return year.program.nodes[index].type
    return next((one.type for one in year.program.inputs if one.key == figure.key), None)


def _figure(year: Run, figure: Figure) -> Value | None:
    index = _node(year, figure)
    if index is None or index not in year.values:
        return year.facts.figures.get(figure.key)
    found = year.values[index]
    return None if isinstance(found, list) else found


def _column(year: Run, figure: Figure, record: str, ids: Sequence[str]) -> tuple[Known | None, ...]:
    """A figure of another year for records of this one; None for whoever was not there."""
    table = year.facts.tables.get(record, Table(()))
    received = [year.values.get(clause) for clause in year.program.received(figure.key, record)]
    index = _node(year, figure)
    found = year.values.get(index) if index is not None and not received else None
    values: Sequence[Known | Value | None] = table.column(figure.key)
    if received:
        columns = [one if isinstance(one, list) else [one] * len(table.ids) for one in received]
        values = [_total(row) for row in zip(*columns, strict=True)]
    elif isinstance(found, list):
        values = found
    known = dict(zip(table.ids, values, strict=True))
    cells = [known.get(identifier) for identifier in ids]
    return tuple(cell if isinstance(cell, Fraction | date | str | bool) else None for cell in cells)


def _total(parts: Sequence[Value | None]) -> Fraction | None:
    """What one received from several clauses together; None where one of them is not known."""
    known = [part for part in parts if isinstance(part, Fraction)]
    return sum(known, Fraction(0)) if len(known) == len(parts) else None
