"""Years that follow a year, each opening with what the one before closed with.

A driver over the reference: no program knows of it. What is not assumed to change is what it was, but
for what moves on by itself: balances, the figures of the year before, seniority, the highest capital.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from fractions import Fraction

from attrs import evolve, frozen

from coopfx.engine.functions import after
from coopfx.engine.outcome import Filling, Outcome, PerHead
from coopfx.engine.reference.evaluate import evaluate
from coopfx.engine.reference.evaluation import Run
from coopfx.engine.reference.other_years import with_other_years
from coopfx.ground.exact import Known, Missing, Value, round_to, step_of, total
from coopfx.ground.facts import Facts, Field, Table
from coopfx.ground.figure import (
    HIGHEST_SHARE_CAPITAL,
    OPENING,
    PREVIOUS,
    SENIORITY,
    SHARE_CAPITAL,
    WORKER,
    Figure,
    figure_of,
)
from coopfx.ground.report import Report, Word
from coopfx.ground.source import Span
from coopfx.language import ir

_YEAR = 12


@frozen(slots=True)
class Assumption:
    """How a figure goes on: by a ``rate`` a year, by so much ``more`` a year, or by its ``values``.

    Of several values each is one year's, and the last goes on. ``said`` is the line that says it.
    """

    field: Field
    rate: Fraction | None = None
    more: Fraction | None = None
    values: tuple[Known, ...] = ()
    said: str = ""
    span: Span | None = None

    def after(self, base: Known | None, years: int) -> Known | None:
        """The figure so many years after it was ``base``, rounded half up as money is paid.

        It grows from the base itself, so that no rounding is carried from one year to the next.

        >>> from coopfx.ground.exact import money, quantity
        >>> two = Assumption(Field("surplus", quantity(money("EUR"))), rate=Fraction(2, 100))
        >>> two.after(Fraction(100), 2)
        Fraction(2601, 25)
        """
        if self.values:
            return self.values[min(years, len(self.values)) - 1]
        if not isinstance(base, Fraction):
            return None
        rate, more = self.rate, self.more or Fraction(0)
        grown = base * (1 + rate) ** years if rate is not None else base + more * years
        step = self.field.step or step_of(self.field.type.unit)
        return grown if step is None else round_to(grown, step)


def closing_after(closing: date, years: int) -> date | None:
    """When the year closes so many years after another; None outside the calendar.

    What closes on the last day of a month does so in every year.

    >>> closing_after(date(2023, 2, 28), 1), closing_after(date(2024, 6, 15), 2)
    (datetime.date(2024, 2, 29), datetime.date(2026, 6, 15))
    """
    following = after(closing, 1, "day")
    if following is None or following.day != 1:
        return after(closing, _YEAR * years, "month")
    first = after(following, _YEAR * years, "month")
    return None if first is None else after(first, -1, "day")


def project(
    base: Run,
    program_on: Callable[[date], ir.Program | None],
    assumed: Sequence[Assumption],
    years: int,
    report: Report,
) -> Iterator[Run]:
    """So many years after an evaluated one, under the program in force when each closes.

    Ends early, and tells, where nothing can grow from what the year does not give (P963), where a figure
    would leave its domain (P964), and outside the calendar (R831); ``program_on`` tells for itself.
    """
    if not _all_given(base, assumed, report):
        return
    runs = [base]
    for number in range(1, years + 1):
        closing = closing_after(base.facts.closing, number)
        if closing is None:
            report.tell("R831", None, closing=runs[-1].facts.closing)
            return
        program = program_on(closing)
        if program is None:
            return
        facts = _following(base, runs[-1], program, closing, number)
        whole = _with_assumed(facts, base.facts, assumed, number, report)
        if whole is None:
            return
        whole = _with_highest_capital(whole)
        runs.append(evaluate(program, with_other_years(program, whole, runs, report)))
        yield runs[-1]


def _all_given(base: Run, assumed: Sequence[Assumption], report: Report) -> bool:
    before = report.errors()
    for one in assumed:
        if one.values:
            continue
        field, facts = one.field, base.facts
        table = facts.tables.get(field.record or "")
        column = table.columns.get(field.name, ()) if table else ()
        given: Sequence[Known | None] = (
            (facts.figures.get(field.name),) if field.record is None else column
        )
        if not any(isinstance(value, Fraction) for value in given):
            report.tell("P963", one.span, name=Word(field.name), closing=facts.closing)
    return report.errors() == before


# ---- what a year hands on


def _following(base: Run, last: Run, program: ir.Program, closing: date, number: int) -> Facts:
    """The facts of a year before anything is assumed of it: those of the base, with what moves on."""
    balances = dict(base.facts.balances)
    columns: dict[str, dict[str, tuple[Known | None, ...]]] = {}
    given = {item.key for item in program.inputs}
    for name, nodes in program.accounts.items():
        opening, key = program.nodes[nodes.opening], Figure(name, side=OPENING).key
        closed = _closed(last, name, nodes.record)
        if nodes.record is None and isinstance(opening, ir.Balance) and opening.is_given:
            balances.pop(name, None)
            if isinstance(closed, Fraction):
                balances[name] = closed
        elif nodes.record is not None and key in given:
            cells = closed if isinstance(closed, list) else ()
            columns.setdefault(nodes.record, {})[key] = tuple(
                cell if isinstance(cell, Fraction) else None for cell in cells
            )
    figures = {key: one for key, one in base.facts.figures.items() if not _of_year_before(key)}
    if HIGHEST_SHARE_CAPITAL in figures:
        figures[HIGHEST_SHARE_CAPITAL] = last.facts.figures[HIGHEST_SHARE_CAPITAL]
    tables = {
        record: _moved_on(table, record, number, columns.get(record, {}))
        for record, table in base.facts.tables.items()
    }
    return evolve(
        base.facts,
        closing=closing,
        figures=figures,
        tables=tables,
        balances=balances,
        places={},
        made={},
        between={},
    )


def _closed(last: Run, name: str, record: str | None) -> Value | list[Value] | None:
    """At what an account closed; None where the texts of that year had no such account."""
    nodes = last.program.accounts.get(name)
    if nodes is None or nodes.record != record:
        return None
    return last.values.get(nodes.closing)


def _of_year_before(key: str) -> bool:
    return figure_of(key).period == PREVIOUS


def _moved_on(
    table: Table, record: str, number: int, openings: Mapping[str, tuple[Known | None, ...]]
) -> Table:
    """The records of the base so many years on: the same, with what their accounts open with."""
    columns = {key: one for key, one in table.columns.items() if not _of_year_before(key)}
    for key, column in openings.items():
        columns.pop(key, None)
        if any(cell is not None for cell in column):
            columns[key] = column
    if record == "person" and SENIORITY in columns:
        working = columns.get(WORKER, (None,) * len(table.ids))
        columns[SENIORITY] = tuple(
            months + _YEAR * number
            if isinstance(months, Fraction) and works is not False
            else months
            for months, works in zip(columns[SENIORITY], working, strict=True)
        )
    return Table(table.ids, columns)


def _with_highest_capital(facts: Facts) -> Facts:
    """The highest capital is at least the capital that there is."""
    highest, capital = (facts.figures.get(one) for one in (HIGHEST_SHARE_CAPITAL, SHARE_CAPITAL))
    if not (isinstance(highest, Fraction) and isinstance(capital, Fraction) and capital > highest):
        return facts
    return evolve(facts, figures=facts.figures | {HIGHEST_SHARE_CAPITAL: capital})


# ---- what is assumed


def _with_assumed(
    facts: Facts, base: Facts, assumed: Sequence[Assumption], number: int, report: Report
) -> Facts | None:
    """A year's facts as they are assumed to be; None, and told (P964), where one leaves its domain."""
    figures, tables = dict(facts.figures), dict(facts.tables)
    before = report.errors()
    for one in assumed:
        name, record = one.field.name, one.field.record
        if record is None:
            value = one.after(base.figures.get(name), number)
            _hold(one, value, "", facts.closing, report)
            if value is not None:
                figures[name] = value
        elif record in tables:
            table = tables[record]
            old = base.tables[record].columns.get(name, (None,) * len(table.ids))
            cells = tuple(one.after(cell, number) for cell in old)
            for identifier, cell in zip(table.ids, cells, strict=True):
                if not _hold(one, cell, identifier, facts.closing, report):
                    break
            tables[record] = evolve(table, columns=table.columns | {name: cells})
    if report.errors() > before:
        return None
    return evolve(facts, figures=figures, tables=tables)


def _hold(one: Assumption, value: Known | None, whose: str, closing: date, report: Report) -> bool:
    """Whether an assumed figure lies in its domain; told (P964) where it does not."""
    field = one.field
    if value is None or field.admits(value):
        return True
    shown, domain = field.shown(value), field.domain()
    report.tell(
        "P964",
        one.span,
        name=Word(field.name),
        found=shown,
        closing=closing,
        domain=domain,
        whose=whose,
    )
    return False


# ---- what is read off a year


def fillings(run: Run) -> tuple[Filling, ...]:
    """The accounts of the cooperative that fill up until a figure, as a year closes."""
    program = run.program
    inputs = {
        index: one.key for index, one in enumerate(program.nodes) if isinstance(one, ir.Input)
    }
    found: dict[tuple[str, int], Filling] = {}
    for clause in program.allocations:
        node = program.nodes[clause.node]
        assert isinstance(node, ir.Allocate)
        for item in node.items if node.record is None else ():
            if item.fill is None:
                continue
            until, account = item.fill.until, program.accounts[item.account]
            if account.record is None and until in run.values:
                name = program.names.get(until) or inputs.get(until, "")
                balance, target = run.value(account.closing), run.value(until)
                found[item.account, until] = Filling(item.account, name, balance, target)
    return tuple(found.values())


def per_head(outcome: Outcome) -> tuple[PerHead, ...]:
    """What people receive of each account in all, and how many of them receive any."""
    found: dict[str | None, tuple[list[Value], set[str]]] = {}
    for share in outcome.shares:
        if share.record != "person":
            continue
        amounts, heads = found.setdefault(share.source, ([], set()))
        if share.parts is None:
            amounts.append(share.amount if not isinstance(share.amount, Fraction) else Missing(()))
        else:
            amounts += [amount for _, amount in share.parts]
            heads.update(identifier for identifier, amount in share.parts if amount)
    return tuple(
        PerHead(source, total(amounts), len(heads)) for source, (amounts, heads) in found.items()
    )
