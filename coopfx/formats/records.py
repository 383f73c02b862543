"""The rows of a sheet that are records, as a table of facts; and all that is told of its rows."""

from collections.abc import Callable, Iterator
from datetime import date
from fractions import Fraction
from functools import partial
from pathlib import Path
from typing import cast

from attrs import Factory, define, field, frozen

from coopfx.formats import cells
from coopfx.formats.notation import Amiss, Style
from coopfx.formats.rows import REMARK, TOTAL, Judged, Rows
from coopfx.ground.exact import HOUR, Kind, Known
from coopfx.ground.facts import Field, Places, Table
from coopfx.ground.report import Report, Said
from coopfx.ground.source import Span

_MOST_RANGES = 12
Tell = Callable[[], None]


@frozen(slots=True)
class Column:
    """A column that is read, with its cells, in the order of the rows.

    ``source`` is the name under which figures are made of it, empty where none is.
    """

    index: int
    name: str
    field: Field
    source: str = ""
    texts: list[str] = Factory(list)


@define(slots=True)
class Reading:
    """A sheet whose rows have been looked at: ``kept`` are those that are records.

    ``read`` are the cells of each column as facts, by its index, with the style that they were read by;
    ``rested`` those that some clause rests on. ``own`` is the column of the identifiers, and ``nameless``
    the lines of which it is told already why they have none.
    """

    places: Places
    rows: Rows
    judged: Judged
    columns: list[Column]
    read: dict[int, tuple[list[Known | Amiss | None], Style]]
    report: Report
    rested: set[int]
    own: int = 0
    nameless: set[int] = Factory(set)
    many: bool = False
    """Whether a record may have several lines."""
    kept: list[int] = field(init=False)

    def __attrs_post_init__(self) -> None:
        beside = {*self.judged.left, *self.judged.asked, *self.rows.again}
        self.kept = [row for row in range(len(self.rows.ids)) if row not in beside]

    def tell_left(self) -> None:
        """Tell which rows are left out: totals (D735), remarks (D747)."""
        totals, remarks = self._left(TOTAL), self._left(REMARK)
        if totals:
            place = self.places.row(self.rows.lines[totals[0]])
            self.report.tell("D735", place, lines=self._ranges(totals), file=self._file)
        if remarks:
            place = self.places.row(self.rows.lines[remarks[0]])
            self.report.tell("D747", place, lines=self._ranges(remarks), file=self._file)

    def _left(self, kind: str) -> list[int]:
        return [row for row, sort in self.judged.left.items() if sort == kind]

    @property
    def _file(self) -> str:
        return Path(self.places.file).name

    def _ranges(self, rows: list[int]) -> tuple[Said, ...]:
        """Rows as the lines that they stand on, those that follow each other together."""
        lines = [self.rows.lines[row] for row in rows]
        found, start = [], 0
        for at in range(1, len(rows) + 1):
            if at == len(rows) or rows[at] != rows[at - 1] + 1:
                first, last = lines[start], lines[at - 1]
                how = "row.one" if first == last else "row.many"
                found.append(Said(how, {"first": first, "last": last}))
                start = at
        most = _MOST_RANGES + (len(found) == _MOST_RANGES + 1)
        more = [Said("list.more", {"count": len(found) - most})] if len(found) > most else []
        return (*found[:most], *more)

    def tell_mistakes(self) -> None:
        """Tell what is amiss, from above; after so many mistakes the rest is left (D721)."""
        mistakes = [*self._of_rows(), *self._of_cells()]
        mistakes.sort(key=lambda mistake: mistake[:2])
        for _, _, say in mistakes[: cells.MOST_MISTAKES]:
            say()
        if len(mistakes) > cells.MOST_MISTAKES:
            line = mistakes[cells.MOST_MISTAKES][0]
            self.report.tell("D721", self.places.row(line), most=cells.MOST_MISTAKES)

    def _of_rows(self) -> Iterator[tuple[int, int, Tell]]:
        rows, kept = self.rows, set(self.kept)
        again = [(row, self._heading_again) for row in rows.again]
        nameless = (
            [(row, self._no_id) for row in kept if not rows.ids[row]] if "" in rows.ids else []
        )
        nameless = [one for one in nameless if rows.lines[one[0]] not in self.nameless]
        wide = [(row, self._too_many) for row in rows.wide if row in kept]
        asked = [(row, self._asked if rows.ids[row] else self._no_id) for row in self.judged.asked]
        twice = [(row, self._twice) for row in self._again()]
        signs = [(row, self._no_name) for row in kept if cells.is_error(rows.ids[row])]
        for row, say in (*again, *nameless, *wide, *asked, *twice, *signs):
            yield rows.lines[row], 0, partial(say, row)

    def _again(self) -> Iterator[int]:
        """The records whose identifier another has above them."""
        if self.many or len(set(self.rows.ids)) == len(self.rows.ids):
            return
        seen = {""}
        for row in self.kept:
            if self.rows.ids[row] in seen and self.rows.ids[row]:
                yield row
            seen.add(self.rows.ids[row])

    def _row(self, row: int) -> Span:
        return self.places.row(self.rows.lines[row])

    def _heading_again(self, row: int) -> None:
        self.report.tell("D736", self._row(row))

    def _no_id(self, row: int) -> None:
        self.report.tell("D723", self._row(row), file=self._file)

    def _no_name(self, row: int) -> None:
        found = self.rows.ids[row]
        self.report.tell(
            "D760", self.places.cell(self.rows.lines[row], self.own, found), found=found
        )

    def _too_many(self, row: int) -> None:
        found, expected = self.rows.wide[row], self.rows.width
        self.report.tell("D722", self._row(row), found=found, expected=expected)

    def _asked(self, row: int) -> None:
        line, shown = self.rows.lines[row], self.rows.ids[row][:60]
        signs = tuple(map(Said, self.judged.asked[row]))
        self.report.tell(
            "D746", self._row(row), line=line, record=shown, signs=signs, file=self._file
        )

    def _twice(self, row: int) -> None:
        named = self.rows.ids[row]
        above = self._row(next(at for at in self.kept if self.rows.ids[at] == named))
        self.report.tell("D705", self._row(row), related=(above,), record=named[:60])

    def _of_cells(self) -> Iterator[tuple[int, int, Tell]]:
        for column in self.columns:
            values = self.read[column.index][0]
            if Amiss not in set(map(type, values)):
                continue
            for row in self.kept:
                one = values[row]
                # An error of a formula, in a column that nothing rests on, is of no consequence.
                idle = column.index not in self.rested and cells.is_error(column.texts[row].strip())
                if isinstance(one, Amiss) and not idle:
                    line, text = self.rows.lines[row], column.texts[row]
                    place = _place(self.places, line, column, text, self.rows.ids[row])
                    yield line, column.index, _telling(one, text, column.field, place, self.report)

    def tell_mixed(self) -> None:
        """Tell of each column of hours in which durations and numbers stand side by side (D749)."""
        for column in self.columns:
            if column.field.type.unit != HOUR or not _may_hold_durations(column.texts):
                continue
            found = cells.mixes_durations(column.texts[row] for row in self.kept)
            if found:
                row = next(row for row in self.kept if column.texts[row].strip() == found)
                place = self.places.cell(self.rows.lines[row], column.index, found)
                self.report.tell("D749", place, name=column.name, found=found[:60])

    def tell_decided(self, style: Style) -> None:
        """Tell by what it was decided how cells of a column are read that admit two readings."""
        for column in self.columns:
            wanted, used = column.field, self.read[column.index][1]
            texts = column.texts
            if wanted.type.kind is Kind.DATE:
                self._tell_short_years(column)
            decided = cells.decided(texts, wanted, used)
            if not decided:
                continue
            span = self.places.cell(self.rows.lines[texts.index(decided)], column.index, decided)
            found = decided[:60]
            if wanted.type.kind is Kind.DATE:
                order = Said(f"days.{used.days}")
                self.report.tell("D740", span, name=column.name, found=found, order=order)
            else:
                sign = used.decimal
                self.report.tell("D737", span, name=column.name, found=found, sign=sign)

    def _tell_short_years(self, column: Column) -> None:
        """Tell of years of two digits which century is meant (D748)."""
        found = cells.short_year(column.texts)
        row = column.texts.index(found) if found else 0
        value = self.read[column.index][0][row] if found else None
        if isinstance(value, date):
            place = self.places.cell(self.rows.lines[row], column.index, found)
            self.report.tell("D748", place, name=column.name, found=found[:60], date=value)

    def compare_totals(self) -> None:
        """Hold the last total against the sum of all records, where it is none; told (D741)."""
        totals = [row for row, kind in self.judged.left.items() if kind == TOTAL]
        if not totals or totals[-1] in self.judged.worked_out:
            return
        row = totals[-1]
        for column in self.columns:
            values = self.read[column.index][0]
            total, parts = values[row], [values[at] for at in self.kept]
            known = [one for one in parts if isinstance(one, Fraction)]
            if not isinstance(total, Fraction | Amiss) or len(known) < len(parts):
                continue
            found = sum(known, Fraction(0))
            if isinstance(total, Fraction) and found != total:
                place = self.places.cell(self.rows.lines[row], column.index, column.texts[row])
                type_ = column.field.type
                given, summed = (total, type_), (found, type_)
                self.report.tell("D741", place, name=column.name, total=given, found=summed)

    def table(self) -> Table:
        """The records, in order of their identifiers, with the facts that are read."""
        ids, lines = self.rows.ids, self.rows.lines
        order = sorted(self.kept, key=ids.__getitem__)
        as_given = order == list(range(len(ids)))
        columns: dict[str, tuple[Known | None, ...]] = {}
        for column in self.columns:
            if column.index not in self.rested:
                continue
            values = cast(list[Known | None], self.read[column.index][0])
            given = tuple(values if as_given else map(values.__getitem__, order))
            if any(value is not None for value in given):
                names = (column.field.name, column.source)
                columns |= {name: given for name in names if name}
        return Table(
            tuple(ids if as_given else map(ids.__getitem__, order)),
            columns,
            self.places.file,
            tuple(lines if as_given else map(lines.__getitem__, order)),
        )


def _may_hold_durations(texts: list[str]) -> bool:
    joined = "".join(texts)
    return ":" in joined or "h" in joined or "H" in joined


def _place(places: Places, line: int, column: Column, text: str, identifier: str) -> cells.Place:
    return cells.Place(lambda: places.cell(line, column.index, text), column.name, identifier)


def _telling(found: Amiss, text: str, wanted: Field, place: cells.Place, report: Report) -> Tell:
    return lambda: cells.say(found, text, wanted, place, report)
