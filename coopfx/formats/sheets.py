"""Sheets of cells read as tables of facts, whatever format of file they come from.

A sheet is gone through once, and of each row only the cells are kept that some clause reads. Then every
column is read as a whole: its numbers show by which sign they part decimals, its days in which order.
"""

import itertools
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from fractions import Fraction
from typing import cast

from attrs import Factory, define, field, frozen

from coopfx.formats import cells
from coopfx.formats.mapping import Mapped, folded, tell_columns
from coopfx.formats.notation import Amiss, Style, Written, style_by
from coopfx.ground.exact import Kind, Known
from coopfx.ground.facts import Field, Grid, Places, Row, Schema, Sheet, Table, grids_of
from coopfx.ground.report import Diagnostic, Report, Said, Word
from coopfx.ground.words import Words, nearest

MOST_TITLES = 20
"""So many lines may stand above a heading: a table's title, a date, the name of a program."""
MOST_COLUMNS = 2000


@frozen(slots=True)
class _Column:
    """A column that is read, with its cells, in the order of the rows."""

    index: int
    name: str
    field: Field
    texts: list[str] = Factory(list)
    total: list[str] = Factory(list)


@define(slots=True)
class _Rows:
    """The rows of a sheet that are records: their lines and identifiers, and one that is a total."""

    lines: list[int] = field(factory=list)
    ids: list[str] = field(factory=list)
    total: int | None = None
    mistakes: list[tuple[int, int, Callable[[], None]]] = field(factory=list)


def read_table(
    sheet: Sheet,
    schema: Schema,
    words: list[Words],
    report: Report,
    said: Mapped | None = None,
    signs: frozenset[str] = frozenset(),
) -> Table | None:
    """Read the records of one sort; every mistake is told, None where there is any.

    ``said`` is what ``columns.toml`` says of the file: which facts its columns give. ``signs`` are
    those by which numbers elsewhere in the same file part their decimals.
    """
    before = report.errors()
    mapped = None if said is None else said.columns
    line, header, rest = _heading(sheet, schema, words, mapped or {}, report)
    if report.errors() > before:
        return None
    if said is not None:
        tell_columns(said, list(header), sheet.places.file, report)
    columns, own = _columns(sheet, line, header, schema, words, mapped, before, report)
    if own is None or own in sheet.unread:
        return None
    known = report.errors()
    rows = _gathered(sheet, header, rest, own, columns, words, report)
    written = {
        column.index: Written.of(column.texts)
        for column in columns
        if column.field.type.kind is Kind.QUANTITY
    }
    signs = signs.union(*(one.signs for one in written.values()))
    style = style_by(signs, cells.usual(words[0], sheet.places.delimiter))
    values = {
        column.field.name: _values(
            column, written.get(column.index), rows, style, sheet.places, words, report
        )
        for column in columns
    }
    _tell_mistakes(rows, sheet.places, report)
    if report.errors() == known:
        _compare_total(rows, columns, values, style, sheet.places, words, report)
    if report.errors() > before:
        return None
    links = {column.field.name for column in columns if column.field.type.kind is Kind.LINK}
    read = None if schema.read is None else schema.read | links
    kept = {name: one for name, one in values.items() if read is None or name in read}
    return _table(rows, kept, sheet.places.file)


# ---- which line is the heading, and what its columns are


def _heading(
    sheet: Sheet, schema: Schema, words: list[Words], mapped: Mapping[str, str], report: Report
) -> tuple[int, Sequence[str], Iterator[Grid]]:
    """The line of the heading, its cells, and the rows below it; lines above it are told (D732).

    The heading is the first line with a name for the identifier, or else the one of the first lines
    that knows the most names. Where none is known, that is told (D731) without a word of what stands
    there: it may be a person.
    """
    grids = grids_of(sheet.rows)
    looked_at: list[Grid] = []
    following = _watched(grids, looked_at)
    first = [(sheet.header_line, sheet.header)]
    fields = schema.of(sheet.record)
    best, most = 0, 0
    for number in range(MOST_TITLES + 1):
        if number == len(first):
            row = next(following, None)
            if row is None:
                break
            first.append(row)
        names = [_meant(name, mapped) for name in first[number][1][:MOST_COLUMNS]]
        identified = any(_is_id(name, words) for name in names)
        found = sum(_is_known(name, fields, schema, sheet.record, words) for name in names)
        if identified and (found or number == 0):
            best, most = number, found + 1
            break
        if found > most:
            best, most = number, found
    line, header = first[best]
    if not most:
        report.tell("D731", sheet.places.row(first[0][0]))
    elif best:
        place = sheet.places.row(line)
        report.tell("D732", place, line=line)
    return line, header, _without(itertools.chain(looked_at, grids), best)


def _watched(grids: Iterator[Grid], looked_at: list[Grid]) -> Iterator[Row]:
    """The rows of grids, which are put aside as far as they are asked for."""
    for grid in grids:
        looked_at.append(grid)
        yield from grid.rows


def _without(grids: Iterable[Grid], rows: int) -> Iterator[Grid]:
    """All but the first few rows."""
    for grid in grids:
        size = len(grid.lines)
        if size > rows:
            yield grid.below(rows) if rows else grid
        rows = max(rows - size, 0)


def _meant(name: str, mapped: Mapping[str, str]) -> str:
    return mapped.get(folded(name), name)


def _is_id(name: str, words: list[Words]) -> bool:
    folded = "_".join(unicodedata.normalize("NFC", name).casefold().split())
    return folded == "id" or any(folded in one.phrases["column.id"].split() for one in words)


def _is_known(
    name: str, fields: Mapping[str, Field], schema: Schema, record: str, words: list[Words]
) -> bool:
    if not name.strip():
        return False
    others = {item.name for item in schema.fields if item.record != record}
    known = {**fields, **dict.fromkeys(others), **dict.fromkeys(schema.defined)}
    return cells.canonical(name.strip(), known, words) is not None


def _columns(
    sheet: Sheet,
    line: int,
    header: Sequence[str],
    schema: Schema,
    words: list[Words],
    mapped: Mapping[str, str] | None,
    before: int,
    report: Report,
) -> tuple[list[_Column], int | None]:
    """The columns that are read, and which of them holds the identifiers; None, and told, where none."""
    places, fields = sheet.places, schema.of(sheet.record)
    columns: list[_Column] = []
    unread: list[str] = []
    own: int | None = None
    if len(header) > MOST_COLUMNS:
        report.tell("D733", places.row(line), found=len(header), most=MOST_COLUMNS)
        return [], None
    for index, raw in enumerate(header):
        name = _meant(raw, mapped or {}).strip()
        if not name:
            continue
        if own is None and _is_id(name, words):
            own = index
            _tell_unread(sheet, line, index, report)
            continue
        canonical = cells.canonical(name, fields, words)
        if canonical is not None:
            _tell_unread(sheet, line, index, report)
            if any(column.field.name == canonical for column in columns):
                report.tell("D715", places.cell(line, index, raw), name=raw.strip()[:60])
            else:
                columns.append(_Column(index, raw.strip(), fields[canonical]))
            continue
        place = places.cell(line, index, raw)
        if cells.canonical(name, dict.fromkeys(schema.defined), words):
            report.tell("D709", place, name=name[:60])
        elif index == 0 and own is None and not any(_is_id(one, words) for one in header[1:]):
            continue
        elif not cells.tell_elsewhere(name, sheet.record, schema, words, place, report):
            near = cells.nearest_form(name, fields, words)
            if mapped is not None and not near:
                unread.append(raw.strip()[:60])
            else:
                report.tell("D701", place, name=name[:60], nearest=near)
    if unread and report.errors() == before:
        report.tell("D734", places.row(line), names=tuple(unread))
    if own is None:
        report.tell("D712", places.cell(line, 0, header[0]), found=header[0].strip()[:60])
    return columns, own


def _tell_unread(sheet: Sheet, line: int, index: int, report: Report) -> None:
    """Tell of a column that is read why its cells cannot be, where they cannot."""
    why = sheet.unread.get(index)
    if why is not None:
        place = sheet.places.cell(line, index, sheet.header[index])
        report.add(Diagnostic(why.code, place, why.arguments))


# ---- the rows


def _gathered(
    sheet: Sheet,
    header: Sequence[str],
    rest: Iterable[Grid],
    own: int,
    columns: list[_Column],
    words: list[Words],
    report: Report,
) -> _Rows:
    """Go through the rows, and keep of each its identifier and the cells of the columns that are read."""
    gathering = _Gathering(sheet.places, header, own, columns, words, report)
    for grid in rest:
        if not gathering.take(grid):
            for line, row in grid.rows:
                gathering.take_row(line, row)
                if len(gathering.rows.mistakes) > cells.MOST_MISTAKES:
                    return gathering.rows
    return gathering.rows


class _Gathering:
    """Records while they are gathered from the rows of a sheet."""

    def __init__(
        self,
        places: Places,
        header: Sequence[str],
        own: int,
        columns: list[_Column],
        words: list[Words],
        report: Report,
    ) -> None:
        self.rows = _Rows()
        self._places, self._report = places, report
        self._width, self._own, self._columns = len(header), own, columns
        self._heading = [cell.strip() for cell in header]
        self._totals = {
            form for language in words for form in language.phrases["column.total"].split()
        }
        self._first: dict[str, int] = {}

    def take(self, grid: Grid) -> bool:
        """Take all rows of a grid at once; nothing, and False, where one might be amiss or a total."""
        size, width = len(grid.lines), len(grid.columns)
        beyond = "".join(map("".join, grid.columns[self._width :]))
        if self._own >= width or beyond.strip():
            return False
        ids = list(map(_identifier, grid.columns[self._own]))
        told = "\n".join(ids).casefold()
        if (
            not all(ids)
            or self._heading[self._own] in ids
            or any(total in told for total in self._totals)
        ):
            return False
        known = len(self._first)
        self._first.update(zip(ids, grid.lines, strict=True))
        if len(self._first) < known + size:
            self._first = dict(zip(self.rows.ids, self.rows.lines, strict=True))
            return False
        self.rows.lines += grid.lines
        self.rows.ids += ids
        for column in self._columns:
            empty = column.index >= width
            column.texts.extend([""] * size if empty else grid.columns[column.index])
        return True

    def take_row(self, line: int, row: Sequence[str]) -> None:
        """Take one row: a record, a total, or a mistake."""
        rows, places, report = self.rows, self._places, self._report
        size, width, own = len(row), self._width, self._own
        identifier = _identifier(row[own]) if own < size else ""
        if size > width and any(cell.strip() for cell in row[width:]):
            rows.mistakes.append((line, 0, _too_many(places, line, size, width, report)))
        elif not identifier or identifier.casefold().rstrip(" :") in self._totals:
            if _is_total(row, self._totals):
                report.tell("D735", places.row(line), line=line)
                rows.total = line
                for column in self._columns:
                    column.total[:] = [row[column.index] if column.index < size else ""]
            elif any(cell.strip() for cell in row):
                rows.mistakes.append((line, 0, _no_id(places, line, report)))
        elif identifier == self._heading[own] and self._is_heading(row):
            rows.mistakes.append((line, 0, _heading_again(places, line, report)))
        elif identifier in self._first:
            again = _twice(places, line, self._first[identifier], identifier, report)
            rows.mistakes.append((line, 0, again))
        else:
            self._first[identifier] = line
            rows.lines.append(line)
            rows.ids.append(identifier)
            for column in self._columns:
                column.texts.append(row[column.index] if column.index < size else "")

    def _is_heading(self, row: Sequence[str]) -> bool:
        cells = [cell.strip() for cell in row]
        return cells[: self._width] == self._heading[: len(cells)]


def _identifier(cell: str) -> str:
    text = cell.strip()
    return text if text.isascii() else unicodedata.normalize("NFC", text)


Tell = Callable[[], None]


def _too_many(places: Places, line: int, found: int, expected: int, report: Report) -> Tell:
    return lambda: report.tell("D722", places.row(line), found=found, expected=expected)


def _no_id(places: Places, line: int, report: Report) -> Tell:
    return lambda: report.tell("D723", places.row(line))


def _heading_again(places: Places, line: int, report: Report) -> Tell:
    return lambda: report.tell("D736", places.row(line))


def _twice(places: Places, line: int, above: int, identifier: str, report: Report) -> Tell:
    return lambda: report.tell(
        "D705", places.row(line), related=(places.row(above),), record=identifier[:60]
    )


def _is_total(row: Sequence[str], totals: set[str]) -> bool:
    """Whether a row says of itself that it is a total, in the first cell that holds anything."""
    said = next((cell for cell in row if cell.strip()), "")
    words = said.casefold().replace("-", "_").split()
    return bool(words) and (
        words[0].strip(" :.") in totals or "_".join(words).strip(":_") in totals
    )


def _values(
    column: _Column,
    written: Written | None,
    rows: _Rows,
    style: Style,
    places: Places,
    words: list[Words],
    report: Report,
) -> list[Known | None]:
    """A column's cells as facts; what is amiss is put among the mistakes, what was decided is told."""
    wanted = column.field
    if wanted.type.kind is Kind.DATE:
        style = Style(days=cells.days_of(column.texts))
    if written is None:
        written = Written.each(column.texts)
        found = [cells.read(text, wanted, words, style) for text in written.texts]
    else:
        found = cells.quantities(written, wanted, words, style)
    amiss = Amiss in set(map(type, found))
    found = written.along(column.texts, found)
    for number, text in enumerate(column.texts) if amiss else ():
        one = found[number]
        if isinstance(one, Amiss):
            line, identifier = rows.lines[number], rows.ids[number]
            place = _place(places, line, column, text, identifier)
            tell = _telling(one, text, wanted, place, report)
            rows.mistakes.append((line, column.index, tell))
    decided = cells.decided(column.texts, wanted, style)
    if decided:
        number = column.texts.index(decided)
        span = places.cell(rows.lines[number], column.index, decided)
        if wanted.type.kind is Kind.DATE:
            report.tell(
                "D740", span, name=column.name, found=decided[:60], order=Said(f"days.{style.days}")
            )
        else:
            report.tell("D737", span, name=column.name, found=decided[:60], sign=style.decimal)
    return [] if amiss else cast(list[Known | None], found)


def _place(places: Places, line: int, column: _Column, text: str, identifier: str) -> cells.Place:
    return cells.Place(lambda: places.cell(line, column.index, text), column.name, identifier)


def _telling(found: Amiss, text: str, wanted: Field, place: cells.Place, report: Report) -> Tell:
    return lambda: cells.say(found, text, wanted, place, report)


def _tell_mistakes(rows: _Rows, places: Places, report: Report) -> None:
    """Tell the mistakes of the rows, from above; after so many the rest is left (D721)."""
    rows.mistakes.sort(key=lambda mistake: mistake[:2])
    for _, _, say in rows.mistakes[: cells.MOST_MISTAKES]:
        say()
    if len(rows.mistakes) > cells.MOST_MISTAKES:
        line = rows.mistakes[cells.MOST_MISTAKES][0]
        report.tell("D721", places.row(line), most=cells.MOST_MISTAKES)


def _compare_total(
    rows: _Rows,
    columns: list[_Column],
    values: Mapping[str, list[Known | None]],
    style: Style,
    places: Places,
    words: list[Words],
    report: Report,
) -> None:
    """Hold a total against the sum of the rows above it; a difference is told (D741)."""
    for column in columns if rows.total is not None else ():
        plain = Field(column.field.name, column.field.type)
        total = cells.read(column.total[0], plain, words, style)
        parts = values[column.field.name]
        if not isinstance(total, Fraction) or not all(isinstance(one, Fraction) for one in parts):
            continue
        found = sum((one for one in parts if isinstance(one, Fraction)), Fraction(0))
        if found != total:
            place = places.cell(rows.total or 0, column.index, column.total[0])
            type_ = column.field.type
            report.tell("D741", place, name=column.name, total=(total, type_), found=(found, type_))


def _table(rows: _Rows, values: Mapping[str, list[Known | None]], file: str) -> Table:
    ids = rows.ids
    order = sorted(range(len(ids)), key=ids.__getitem__)
    sorted_already = order == list(range(len(ids)))
    return Table(
        tuple(sorted(ids)),
        {
            name: tuple(column if sorted_already else map(column.__getitem__, order))
            for name, column in values.items()
            if any(value is not None for value in column)
        },
        file,
        tuple(rows.lines if sorted_already else map(rows.lines.__getitem__, order)),
    )


# ---- records that name others


def tell_broken_links(
    tables: dict[str, Table], sheets: dict[str, Sheet], schema: Schema, report: Report
) -> None:
    """Tell each record that names one that does not exist: a person whose team is not among the teams."""
    for item in schema.fields:
        if item.type.kind is not Kind.LINK or item.record not in tables:
            continue
        target = tables.get(item.type.record or "")
        column = tables[item.record].columns.get(item.name)
        if target is None or column is None:
            continue
        known = set(target.ids)
        broken = {
            identifier: str(linked)
            for identifier, linked in zip(tables[item.record].ids, column, strict=True)
            if linked is not None and linked not in known
        }
        if broken:
            places = sheets[item.record].places
            lines = _lines_of(sheets[item.record], broken)
            for identifier, linked in itertools.islice(broken.items(), cells.MOST_MISTAKES):
                report.tell(
                    "D707",
                    places.row(lines.get(identifier, sheets[item.record].header_line)),
                    record=identifier[:60],
                    found=linked[:60],
                    name=Word(item.name),
                    nearest=nearest(linked, target.ids),
                )


def _lines_of(sheet: Sheet, wanted: Mapping[str, str]) -> dict[str, int]:
    """The line of each of these records: the first that has its identifier in some cell."""
    lines: dict[str, int] = {}
    for line, row in sheet.rows:
        for cell in row:
            identifier = unicodedata.normalize("NFC", cell.strip())
            if identifier in wanted:
                lines.setdefault(identifier, line)
    return lines
