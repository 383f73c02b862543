"""Figures that no cell gives as it is: sums over lines, durations, full-time figures, holdings of shares.

Whatever is unknown stays unknown: a sum with an empty cell is none. What is made is told, and each figure
keeps the rows that it was made of.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from fractions import Fraction
from pathlib import Path
from typing import TypeVar

from attrs import evolve

from coopfx.formats import cells
from coopfx.formats.doubted import differing
from coopfx.formats.durations import later, length_of_time
from coopfx.formats.making import SOURCE, Part, here
from coopfx.formats.mapping_made import (
    ACROSS,
    ALL,
    FULL_TIME,
    HIGHEST,
    MOVEMENTS,
    TIMES,
    Making,
    word_of,
)
from coopfx.formats.notation import Amiss
from coopfx.formats.rows import by_words_of_name, words_of_name
from coopfx.ground.exact import MONTH, NUMBER, Known, round_to
from coopfx.ground.facts import Field, Made, Sheet, Table
from coopfx.ground.report import Report, Word
from coopfx.ground.source import Span

Rows = list[int]
Cells = TypeVar("Cells")


def tables_of(
    parts: Sequence[Part], sheets: dict[str, Sheet], closing: date | None, report: Report
) -> dict[str, Table]:
    """The records of a year's sheets. Without a closing date, what depends on days is not made."""
    found: dict[str, Table] = {}
    for record, sheet in sheets.items():
        own = [part for part in parts if part.sheet.record == record]
        main = [part for part in own if part.sheet is sheet]
        together = [part for part in own if part.said is None or not part.said.beside]
        if not main:
            continue
        if main[0].said is not None and main[0].said.beside:
            together = main
        table = _Making(together or main, closing, report).table()
        beside = [
            (part, _Making([part], closing, report, table.ids).table())
            for part in own
            if part not in together and closing is not None
        ]
        if beside:
            table = _joined(table, beside, report)
        found[record] = table
    return found


def highest_of(
    parts: Sequence[Part], closing: date, given: Mapping[str, Known], report: Report
) -> dict[str, tuple[Fraction, Made]]:
    """The cooperative's figures that registers of movements give, each with the rows up to the highest.

    What is given elsewhere already is told (D785).
    """
    found: dict[str, tuple[Fraction, Made]] = {}
    for part in parts:
        for making, _ in part.plan.makings:
            if not making.highest:
                continue
            if making.highest in given or making.highest in found:
                report.tell("D785", making.place, name=Word(making.highest))
                continue
            rows = _Making([part], closing, report)
            most = rows.highest(making)
            if most is not None:
                places = tuple(rows.places[row] for row in most[1])
                found[making.highest] = (most[0], Made(HIGHEST, {"": places}))
    return found


class _Making:
    """The records of one sheet, or of several whose lines are added up, while they are made."""

    def __init__(
        self,
        parts: Sequence[Part],
        closing: date | None,
        report: Report,
        known: Sequence[str] = (),
    ) -> None:
        self.parts, self.closing, self.report = parts, closing, report
        tables = [part.table for part in self.parts]
        self.plan, self.said = self.parts[0].plan, self.parts[0].said
        self.ids = [one for table in tables for one in table.ids]
        if known and self.said is not None and self.said.alike:
            there, written = set(known), by_words_of_name(known)
            self.ids = [
                one if one in there else written.get(words_of_name(one), one) for one in self.ids
            ]
        self.places = [(table.file, line) for table in tables for line in table.lines]
        names = dict.fromkeys(name for table in tables for name in table.columns)
        self.columns: dict[str, list[Known | None]] = {
            name: [value for table in tables for value in _column(table, name)] for name in names
        }
        self.groups: dict[str, Rows] = {}
        for row, identifier in enumerate(self.ids):
            self.groups.setdefault(identifier, []).append(row)

    def table(self) -> Table:
        """One row for each record, with all that is made."""
        first, plan = self.parts[0].table, self.plan
        as_it_is = len(self.parts) == 1 and self.ids == [*first.ids]
        if as_it_is and not (plan.makings or plan.all or plan.sums):
            return evolve(first, columns=_named(first.columns))
        ids = tuple(sorted(self.groups))
        groups = [self.groups[identifier] for identifier in ids]
        columns: dict[str, list[Known | None]] = {}
        made: dict[str, Made] = {}
        for name, values in _named(self.columns).items():
            wanted = plan.sums.get(name)
            if wanted is not None:
                columns[name] = [self._sum(rows, values, wanted) for rows in groups]
                made[name] = self._made("sum", ids)
            else:
                columns[name] = [self._only(rows, values, name) for rows in groups]
        for making, wanted in plan.makings if self.closing is not None else ():
            self._must_be_new(wanted.name, columns, making.place)
            over = columns.get(making.months) if isinstance(making.months, str) else None
            if "balance" in making.columns:
                self._tell_balances(making, wanted)
            columns[wanted.name] = [
                self._make(rows, making, wanted, None if over is None else over[at])
                for at, rows in enumerate(groups)
            ]
            made[wanted.name] = self._made(making.sort, ids)
        for name, value in plan.all.items():
            assert self.said is not None
            self._must_be_new(name, columns, self.said.place)
            columns[name] = [value] * len(ids)
            made[name] = self._made(ALL, ids)
        places = [self.places[rows[0]] for rows in groups]
        others = {row: Span.on_line(*at) for row, at in enumerate(places) if at[0] != first.file}
        return Table(
            ids,
            {name: tuple(one) for name, one in columns.items() if any(v is not None for v in one)},
            first.file,
            tuple(line for _, line in places),
            others,
            made,
        )

    def _made(self, sort: str, ids: Iterable[str]) -> Made:
        rows = {one: tuple(self.places[row] for row in self.groups[one]) for one in ids}
        return Made(sort, rows)

    def _place(self, row: int) -> Span:
        return Span.on_line(*self.places[row])

    def _must_be_new(self, name: str, columns: dict[str, list[Known | None]], place: Span) -> None:
        if name in columns:
            self.report.tell("D785", place, name=Word(name))

    def _held_to_domain(self, value: Fraction | None, rows: Rows, wanted: Field) -> Fraction | None:
        """A figure that was made, if it may be one; None, and told (D704), where it may not."""
        if value is not None and not wanted.admits(value):
            found, record = str(value), self.ids[rows[0]]
            place = cells.Place(here(self._place(rows[0])), wanted.name, record)
            cells.say(Amiss("D704"), found, wanted, place, self.report)
            return None
        return value

    # ---- one figure of one record

    def _only(self, rows: Rows, values: Sequence[Known | None], name: str) -> Known | None:
        """What all lines of a record that say anything say alike."""
        found: Known | None = None
        at = rows[0]
        for row in rows:
            value = values[row]
            if value is None:
                continue
            if found is None:
                found, at = value, row
            elif value != found:
                place, above = self._place(row), self._place(at)
                record = self.ids[row][:60]
                self.report.tell("D782", place, related=(above,), name=Word(name), record=record)
                return None
        return found

    def _sum(self, rows: Rows, values: Sequence[Known | None], wanted: Field) -> Known | None:
        given = [values[row] for row in rows]
        known = [one for one in given if isinstance(one, Fraction)]
        total = sum(known, Fraction(0)) if len(known) == len(given) else None
        return self._held_to_domain(total, rows, wanted)

    def _make(
        self, rows: Rows, making: Making, wanted: Field, months: Known | None
    ) -> Known | None:
        """A figure of one record, paid for so many ``months`` where the line names a figure of them."""
        if making.sort == MOVEMENTS:
            return self._held_to_domain(self._held(rows, making, wanted), rows, wanted)
        found = None
        values: list[Known | None] = []
        for row in rows:
            found = (
                self._full_time(row, making, wanted, months)
                if making.sort == FULL_TIME
                else self._across(row, making)
                if making.sort == ACROSS
                else self._times(row, making)
                if making.sort == TIMES
                else self._duration(row, making, wanted)
            )
            values.append(self._held_to_domain(found, [row], wanted))
        # Several lines of one record must come to the same.
        by_row: list[Known | None] = [None] * len(self.ids)
        for row, value in zip(rows, values, strict=True):
            by_row[row] = value
        return self._only(rows, by_row, wanted.name)

    def _cell(self, row: int, making: Making, role: str) -> Known | None:
        column = making.columns.get(role)
        values = self.columns.get(SOURCE + column) if column is not None else None
        return None if values is None else values[row]

    def _across(self, row: int, making: Making) -> Fraction | None:
        """The columns of a line added up; an empty one makes it unknown, unless it is said to be none."""
        values = [self._cell(row, making, role) for role in making.columns]
        known = [one for one in values if isinstance(one, Fraction)]
        if len(known) < len(values) and not (making.zero and known):
            return None
        return sum(known, Fraction(0))

    def _times(self, row: int, making: Making) -> Fraction | None:
        value = self._cell(row, making, "from")
        return value * (making.each or 1) if isinstance(value, Fraction) else None

    def _full_time(
        self, row: int, making: Making, wanted: Field, months: Known | None
    ) -> Fraction | None:
        if isinstance(making.months, int):
            months = Fraction(making.months)
        value, rate = self._cell(row, making, "from"), self._cell(row, making, "rate")
        if not isinstance(value, Fraction) or not isinstance(rate, Fraction):
            return None
        if not isinstance(months, Fraction) or not months:
            return None
        if rate == 0:
            record = self.ids[row][:60]
            self.report.tell("D784", self._place(row), name=Word(wanted.name), record=record)
            return None
        found, step = value * making.full / rate / months, wanted.step
        return found if step is None else round_to(found, step)

    def _duration(self, row: int, making: Making, wanted: Field) -> Fraction | None:
        assert self.closing is not None
        start, end = self._cell(row, making, "from"), self._cell(row, making, "to")
        if not isinstance(start, date):
            return None
        if isinstance(end, date) and end < start:
            self.report.tell("D788", self._place(row), record=self.ids[row][:60])
            return None
        beyond = self.closing + timedelta(days=1)
        if making.within is not None:
            start = max(start, later(beyond, -making.within))
        if isinstance(end, date):
            beyond = min(beyond, end + timedelta(days=1))
        return length_of_time(start, beyond, wanted.type)

    def highest(self, making: Making) -> tuple[Fraction, Rows] | None:
        """The most that all together ever held by the closing, and the rows that led to it."""
        assert self.closing is not None
        moved = []
        for row in range(len(self.ids)):
            day, amount = self._cell(row, making, "day"), self._signed(row, making)
            if not isinstance(day, date) or amount is None:
                return None
            if day <= self.closing:
                moved.append((day, row, amount))
        moved.sort(key=lambda one: one[:2])
        held, most, last = Fraction(0), Fraction(0), 0
        for number, (day, _, amount) in enumerate(moved):
            held += amount
            if held > most and (number + 1 == len(moved) or moved[number + 1][0] != day):
                most, last = held, number + 1
        rows = [row for _, row, _ in moved[:last]]
        return (most * (making.each or 1), rows) if rows else None

    def _held(self, rows: Rows, making: Making, wanted: Field) -> Fraction | None:
        """What is held at the closing, or for how long there has been anything, in months."""
        assert self.closing is not None
        moved: list[tuple[date, int, Fraction]] = []
        for row in rows:
            day = self._cell(row, making, "day")
            amount = self._signed(row, making)
            if not isinstance(day, date) or amount is None:
                self.report.tell("D789", self._place(row), record=self.ids[row][:60])
                return None
            if day <= self.closing:
                moved.append((day, row, amount))
        held, since = Fraction(0), None
        moved.sort(key=lambda one: one[:2])
        for at, (day, row, amount) in enumerate(moved):
            held += amount
            if at + 1 < len(moved) and moved[at + 1][0] == day:
                continue
            if held < 0:
                record = self.ids[row][:60]
                self.report.tell("D787", self._place(row), record=record, date=day)
                return None
            since = (since or day) if held else None
        if wanted.type.unit == MONTH:
            beyond = self.closing + timedelta(days=1)
            return Fraction(0) if since is None else length_of_time(since, beyond, wanted.type)
        return held * (making.each or 1)

    def _tell_balances(self, making: Making, wanted: Field) -> None:
        """Tell (D794) where a register's own balance is another than its movements come to."""
        assert self.closing is not None
        if wanted.type.unit == MONTH:
            return
        moved = []
        for row in range(len(self.ids)):
            day, amount = self._cell(row, making, "day"), self._signed(row, making)
            if not isinstance(day, date) or amount is None:
                # What cannot be counted is told of itself.
                return
            if day <= self.closing:
                balance = self._cell(row, making, "balance")
                known = balance if isinstance(balance, Fraction) else None
                moved.append((day, row, amount, known))
        moved.sort(key=lambda one: one[:2])
        found = differing([(self.ids[row], amount, known) for _, row, amount, known in moved])
        type_ = NUMBER if making.each else wanted.type
        for at, (balance, held) in list(found.items())[: cells.MOST_MISTAKES]:
            row = moved[at][1]
            self.report.tell(
                "D794",
                self._place(row),
                record=self.ids[row][:60],
                found=(balance, type_),
                held=(held, type_),
            )

    def _signed(self, row: int, making: Making) -> Fraction | None:
        """What a movement adds or takes; None where that is not known, or could be both."""
        amount = self._cell(row, making, "amount")
        if "minus" in making.columns:
            taken = self._cell(row, making, "minus")
            known = [one for one in (amount, taken) if isinstance(one, Fraction)]
            if not known or min(known) < 0:
                return None
            return sum(known, Fraction(0)) - 2 * (taken if isinstance(taken, Fraction) else 0)
        if not isinstance(amount, Fraction):
            return None
        if not making.words:
            return amount
        kind = self._cell(row, making, "kind")
        adds = making.words.get(word_of(kind)) if isinstance(kind, str) else None
        if adds is None or amount < 0:
            return None
        return amount if adds else -amount


def _none_of(known: Iterable[str], values: Sequence[Known | None]) -> dict[str, Known | None]:
    """That all have none of a figure: nought of a number, no of an answer."""
    kinds = {type(one) for one in values if one is not None}
    if kinds == {Fraction}:
        return dict.fromkeys(known, Fraction(0))
    return dict.fromkeys(known, False) if kinds == {bool} else {}


def _column(table: Table, name: str) -> Sequence[Known | None]:
    return table.columns.get(name) or (None,) * len(table.ids)


def _named(columns: dict[str, Cells]) -> dict[str, Cells]:
    """The columns that are figures, and not what figures are made of."""
    return {name: one for name, one in columns.items() if not name.startswith(SOURCE)}


# ---- several files of one sort of record


def _joined(base: Table, beside: Sequence[tuple[Part, Table]], report: Report) -> Table:
    """A table with the figures that other files give beside it.

    Whoever is in none but one of those counts if that file says what holds for them (D786).
    """
    known = set(base.ids)
    for part, more in beside:
        known |= set(more.ids) if part.plan.alone else set()
    columns = {
        name: dict(zip(base.ids, values, strict=True)) for name, values in base.columns.items()
    }
    places = {identifier: base.place(row) for row, identifier in enumerate(base.ids)}
    made = dict(base.made)
    for part, more in beside:
        strange = [row for row, one in enumerate(more.ids) if one not in known]
        for row in strange[: cells.MOST_MISTAKES]:
            file, record = Path(base.file).name, more.ids[row][:60]
            report.tell("D786", more.place(row), record=record, file=file)
        for row, identifier in enumerate(more.ids):
            places.setdefault(identifier, more.place(row))
        for name, values in more.columns.items():
            if name in columns:
                report.tell("D785", more.place(0), name=Word(name))
            columns[name] = dict(zip(more.ids, values, strict=True))
            if part.said is not None and part.said.zero:
                columns[name] = {**_none_of(known, values), **columns[name]}
        made |= more.made
    for part, more in beside:
        elsewhere = set(base.ids).union(*(other.ids for _, other in beside if other is not more))
        for identifier in set(more.ids) - elsewhere:
            for name, value in part.plan.alone.items():
                columns.setdefault(name, {}).setdefault(identifier, value)
    ids = tuple(sorted(known))
    rows = [places.get(identifier) for identifier in ids]
    return Table(
        ids,
        {name: tuple(map(values.get, ids)) for name, values in columns.items()},
        base.file,
        tuple(place.line if place else 1 for place in rows),
        {row: place for row, place in enumerate(rows) if place and place.file != base.file},
        made,
    )
