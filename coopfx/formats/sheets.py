"""Sheets of cells read as tables of facts, whatever format of file they come from.

A sheet is gone through once, and of each row only the cells are kept that some clause reads. Then every
column is read as a whole: its numbers show by which sign they part decimals, its days in which order.
"""

import itertools
import unicodedata
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from fractions import Fraction
from functools import partial
from types import NoneType
from typing import cast

from attrs import evolve

from coopfx.formats import cells
from coopfx.formats.headings import names_of
from coopfx.formats.mapping import Mapped, tell_columns
from coopfx.formats.mapping_made import folded, word_of
from coopfx.formats.notation import Amiss, Style, Written, style_by
from coopfx.formats.records import Column, Reading
from coopfx.formats.rows import Judged, LookedAt, Rows, Vocabulary, judge
from coopfx.ground.exact import Kind, Known
from coopfx.ground.facts import Field, Grid, Row, Schema, Sheet, Table, grids_of
from coopfx.ground.report import Diagnostic, Report, Word
from coopfx.ground.source import Span
from coopfx.ground.words import Words, nearest

MOST_TITLES = 20
"""So many lines may stand above a heading: a table's title, a date, the name of a program."""
MOST_COLUMNS = 2000
_ID = "id"


def read_table(
    sheet: Sheet,
    schema: Schema,
    words: list[Words],
    report: Report,
    said: Mapped | None = None,
    signs: frozenset[str] = frozenset(),
    *,
    contiguous: bool = True,
    sources: Mapping[str, Field] | None = None,
) -> Table | None:
    """Read the records of one sort; every mistake is told, None where there is any.

    ``said`` is what ``columns.toml`` says of the file: which facts its columns give, which rows are
    records. ``signs`` are those by which numbers elsewhere in the same file part their decimals. Where
    the rows are not ``contiguous``, lines that are not there are no blank ones. ``sources`` are columns
    that figures are made of, in small letters, each with what it is read as.
    """
    before = report.errors()
    mapped = said.columns if said is not None and said.of_columns else None
    sources = sources or {}
    size = 1 if said is None else said.heading
    named = () if said is None else said.names
    mapped_names = {*sources, *named}
    line, header, rest = _heading(sheet, schema, words, mapped or {}, mapped_names, size, report)
    if report.errors() > before:
        return None
    if said is not None:
        tell_columns(said, list(header), sheet.places.file, report)
    of_names = [index for index, name in enumerate(header) if folded(name) in named]
    if named:
        of_names.sort(key=lambda index: named.index(folded(header[index])))
        rest = _with_names(rest, len(header), of_names)
        header = [*header, _ID]
    columns, own = _columns(sheet, line, header, schema, words, mapped, sources, before, report)
    if own is None or own in sheet.unread:
        return None
    if said is not None and said.sums:
        columns = [_of_lines(column, said.sums) for column in columns]
    gathered = _gathered(sheet, header, rest, own, columns, words)
    for column in columns:
        means = {} if said is None else said.words.get(folded(column.name), {})
        if means:
            column.texts[:] = [_answer(text, means) for text in column.texts]
    written = {
        column.index: Written.of(column.texts)
        for column in columns
        if column.field.type.kind is Kind.QUANTITY
    }
    signs = signs.union(*(one.signs for one in written.values()))
    style = style_by(signs, cells.usual(words[0], sheet.places.delimiter))
    days = "" if said is None else said.days
    read = {
        column.index: _read(column, written.get(column.index), style, days, words)
        for column in columns
    }
    answers = {} if said is None else said.rows
    judged = _judged(gathered, columns, read, words, answers, contiguous=contiguous)
    if said is not None and said.empty:
        _fill(columns, read, said, words, report)
    rested = {one.index for one in columns if one.source or _is_read(one.field, schema)}
    amiss = _amiss_in(sheet, line, {own, *of_names, *rested}, gathered, judged)
    for _, one in amiss[: cells.MOST_MISTAKES]:
        report.add(one)
    known = report.errors()
    own_columns = {own, *of_names}
    nameless = {one.span.line for index, one in amiss if index in own_columns and one.span}
    many = said is not None and said.many
    reading = Reading(
        sheet.places, gathered, judged, columns, read, report, rested, own, nameless, many
    )
    reading.tell_left()
    reading.tell_mistakes()
    reading.tell_mixed()
    reading.tell_decided(style)
    if report.errors() == known:
        reading.compare_totals()
    if report.errors() > before:
        return None
    return reading.table()


def _of_lines(column: Column, sums: frozenset[str]) -> Column:
    """A column whose lines are added up: the bounds of the figure are those of the sum."""
    if folded(column.name) not in sums:
        return column
    return evolve(column, field=evolve(column.field, low=None, high=None))


def _answer(text: str, means: Mapping[str, bool]) -> str:
    """A cell whose word is said to mean yes or no, as that; any other as it is."""
    meant = means.get(word_of(text))
    return text if meant is None else "true" if meant else "false"


def _fill(
    columns: list[Column],
    read: Mapping[int, tuple[list[Known | Amiss | None], Style]],
    said: Mapped,
    words: list[Words],
    report: Report,
) -> None:
    """Put what is said to stand for it in the place of what is empty; told, where it cannot (D704, D781).

    Which rows are records has been looked at by then: that a total has no answer shows what it is.
    """
    for column in columns:
        constant = said.empty.get(folded(column.name))
        if constant is None:
            continue
        wanted, place = column.field, constant.place
        kind = Kind.YES_NO if constant.text == "false" else Kind.QUANTITY
        if wanted.type.kind is not kind:
            report.tell("D781", place, name=Word(wanted.name), type=wanted.type)
            continue
        value = cells.read(constant.text, wanted, words, Style())
        if isinstance(value, Amiss):
            where = cells.Place(partial(_itself, place), wanted.name)
            cells.say(value, constant.text, wanted, where, report)
            continue
        values = read[column.index][0]
        for row, text in enumerate(column.texts):
            if values[row] is None and cells.is_blank(text):
                values[row] = value


def _itself(place: Span) -> Span:
    return place


def _is_read(wanted: Field, schema: Schema) -> bool:
    """Whether some clause reads a fact."""
    return schema.read is None or wanted.name in schema.read or wanted.type.kind is Kind.LINK


# ---- which line is the heading, and what its columns are


def _heading(
    sheet: Sheet,
    schema: Schema,
    words: list[Words],
    mapped: Mapping[str, str],
    sources: Collection[str],
    size: int,
    report: Report,
) -> tuple[int, Sequence[str], Iterator[Grid]]:
    """The last line of the heading, its names, and the rows below it; lines above it are told (D732).

    It has ``size`` lines. The heading is the first line with a name for the identifier, or else the one of
    the first lines that knows the most names. Where none is known, that is told (D731) without a word of
    what stands there: it may be a person.
    """
    grids = grids_of(sheet.rows)
    looked_at: list[Grid] = []
    following = _watched(grids, looked_at)
    first = [(sheet.header_line, sheet.header)]
    fields = schema.of(sheet.record)
    best, most = 0, 0
    for number in range(MOST_TITLES + 1):
        first += itertools.islice(following, number + size - len(first))
        if number + size > len(first):
            break
        header = _names(first[number : number + size])[:MOST_COLUMNS]
        names = [_meant(name, mapped) for name in header]
        identified = any(_is_id(name, words) for name in names)
        found = sum(_is_known(name, fields, schema, sheet.record, words) for name in names)
        found += sum(folded(name) in sources for name in header)
        if identified and (found or number == 0):
            best, most = number, found + 1
            break
        if found > most:
            best, most = number, found
    taken = first[best : best + size]
    line = taken[-1][0]
    if not most:
        report.tell("D731", sheet.places.row(first[0][0]))
    elif best:
        place = sheet.places.row(taken[0][0])
        report.tell("D732", place, line=taken[0][0])
    rest = _without(itertools.chain(looked_at, grids), best + size - 1)
    return line, _names(taken), rest


def _names(rows: Sequence[Row]) -> Sequence[str]:
    """What the columns are called by the rows of a heading."""
    return rows[0][1] if len(rows) == 1 else names_of([row for _, row in rows])


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


def _with_names(grids: Iterable[Grid], width: int, of_names: Sequence[int]) -> Iterator[Grid]:
    """Rows with one more column after those of the heading: what several say of who each is about."""
    for grid in grids:
        empty = [""] * len(grid.lines)
        columns = [*grid.columns[:width], *[empty] * (width - len(grid.columns))]
        parts = [[" ".join(cell.split()) for cell in columns[index]] for index in of_names]
        joined = [" ".join(filter(None, cells)) for cells in zip(*parts, strict=True)]
        yield Grid(grid.lines, [*columns, joined or empty, *grid.columns[width:]])


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
    sources: Mapping[str, Field],
    before: int,
    report: Report,
) -> tuple[list[Column], int | None]:
    """The columns that are read, and which of them holds the identifiers; None, and told, where none."""
    places, fields = sheet.places, schema.of(sheet.record)
    columns: list[Column] = []
    unread: list[str] = []
    own: int | None = None
    if len(header) > MOST_COLUMNS:
        report.tell("D733", places.row(line), found=len(header), most=MOST_COLUMNS)
        return [], None
    for index, raw in enumerate(header):
        name = _meant(raw, mapped or {}).strip()
        source = sources.get(folded(raw))
        if not name and source is None:
            continue
        if own is None and _is_id(name, words):
            own = index
            _tell_unread(sheet, line, index, report)
            continue
        canonical = cells.canonical(name, fields, words)
        if canonical is not None:
            if source is not None or _is_read(fields[canonical], schema):
                _tell_unread(sheet, line, index, report)
            if any(column.field.name == canonical for column in columns):
                report.tell("D715", places.cell(line, index, raw), name=raw.strip()[:60])
            else:
                of_sources = source.name if source is not None else ""
                columns.append(Column(index, raw.strip(), fields[canonical], of_sources))
            continue
        if source is not None:
            _tell_unread(sheet, line, index, report)
            columns.append(Column(index, raw.strip(), source, source.name))
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


def _amiss_in(
    sheet: Sheet, line: int, read: set[int], rows: Rows, judged: Judged
) -> list[tuple[int, Diagnostic]]:
    """What is amiss with single cells of the columns that are read, in the heading and in records."""
    left = {rows.lines[row] for row in judged.left}
    return [
        (index, one)
        for index, one in sheet.amiss
        if index in read and not (one.span and (one.span.line < line or one.span.line in left))
    ]


# ---- the rows


def _gathered(
    sheet: Sheet,
    header: Sequence[str],
    rest: Iterable[Grid],
    own: int,
    columns: list[Column],
    words: list[Words],
) -> Rows:
    """Go through the rows, and keep of each its identifier and the cells of the columns that are read."""
    rows = Rows(width=len(header))
    heading = [cell.strip() for cell in header]
    vocabulary: Vocabulary | None = None
    mistakes = 0
    for grid in rest:
        if _take(grid, rows, heading, own, columns):
            continue
        vocabulary = Vocabulary(words) if vocabulary is None else vocabulary
        for line, row in grid.rows:
            mistakes += _take_row(line, row, rows, heading, own, columns, vocabulary)
            if mistakes > cells.MOST_MISTAKES:
                return rows
    return rows


def _take(grid: Grid, rows: Rows, heading: list[str], own: int, columns: list[Column]) -> bool:
    """Take all rows of a grid at once; nothing, and False, where one is not as those of records are."""
    size, width = len(grid.lines), len(grid.columns)
    beyond = "".join(map("".join, grid.columns[len(heading) :]))
    if own >= width or beyond.strip():
        return False
    ids = list(map(_identifier, grid.columns[own]))
    others = [column for index, column in enumerate(grid.columns) if index != own]
    if not all(ids) or heading[own] in ids or (others and all("" in one for one in others)):
        return False
    rows.lines += grid.lines
    rows.ids += ids
    for column in columns:
        empty = column.index >= width
        column.texts.extend([""] * size if empty else grid.columns[column.index])
    return True


def _take_row(
    line: int,
    row: Sequence[str],
    rows: Rows,
    heading: list[str],
    own: int,
    columns: list[Column],
    vocabulary: Vocabulary,
) -> bool:
    """Take one row, whatever it is; whether it is a mistake for certain."""
    size, number = len(row), len(rows.lines)
    identifier = _identifier(row[own]) if own < size else ""
    holding = [index for index, cell in enumerate(row) if cell and not cell.isspace()]
    if not holding:
        return False
    rows.lines.append(line)
    rows.ids.append(identifier)
    for column in columns:
        column.texts.append(row[column.index] if column.index < size else "")
    if len(holding) == 1 and len(heading) > 1:
        rows.bare.add(number)
    if holding[-1] >= len(heading):
        rows.wide[number] = size
    if not identifier:
        label = vocabulary.label(row[holding[0]])
        if label is not None:
            rows.labels[number] = label
        return label is None
    stripped = [cell.strip() for cell in row][: len(heading)]
    if identifier == heading[own] and stripped == heading[: len(stripped)]:
        rows.again.add(number)
        return True
    return False


def _identifier(cell: str) -> str:
    text = cell.strip()
    return text if text.isascii() else unicodedata.normalize("NFC", text)


def _read(
    column: Column, written: Written | None, style: Style, days: str, words: list[Words]
) -> tuple[list[Known | Amiss | None], Style]:
    """A column's cells as facts, or what is amiss with them, and the style they were read by.

    ``days`` are in that order where the column does not show theirs.
    """
    wanted = column.field
    if wanted.type.kind is Kind.DATE:
        shown = cells.days_of(column.texts) or days
        style = Style(days=shown or cells.usual_days(words[0]), usual=not shown)
    if written is None:
        written = Written.each(column.texts)
        found = [cells.read(text, wanted, words, style) for text in written.texts]
    else:
        found = cells.quantities(written, wanted, words, style)
    return written.along(column.texts, found), style


_PERSONAL = (Kind.YES_NO, Kind.DATE)


def _judged(
    rows: Rows,
    columns: list[Column],
    read: Mapping[int, tuple[list[Known | Amiss | None], Style]],
    words: list[Words],
    answers: Mapping[str, str],
    *,
    contiguous: bool,
) -> Judged:
    """Which rows are no records."""
    looked_at = []
    for column in columns:
        values = read[column.index][0]
        kind = column.field.type.kind
        sorts = set(map(type, values))
        amiss, numbers = frozenset[int](), cast(Sequence[Fraction | None], values)
        if Amiss in sorts:
            amiss = frozenset(at for at, one in enumerate(values) if isinstance(one, Amiss))
            numbers = [one if isinstance(one, Fraction) else None for one in values]
        filled = [True] * len(values)
        if NoneType in sorts:
            filled = [one is not None for one in values]
        looked_at.append(LookedAt(numbers, filled, amiss, kind in _PERSONAL, kind is Kind.QUANTITY))
    gaps = _gaps(rows, columns) if contiguous else []
    return judge(rows, looked_at, gaps, Vocabulary(words), answers)


def _gaps(rows: Rows, columns: list[Column]) -> list[int]:
    """The rows above which a blank line stands; a cell may hold line ends, and is then none."""
    lines = rows.lines
    if not lines or lines[-1] - lines[0] == len(lines) - 1:
        return []
    ends = [0] * len(lines)
    for texts in (rows.ids, *(column.texts for column in columns)):
        for row, text in enumerate(texts):
            if "\n" in text:
                ends[row] = max(ends[row], text.count("\n"))
    return [row for row in range(1, len(lines)) if lines[row] - lines[row - 1] > 1 + ends[row - 1]]


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
