"""Sheets of cells read as tables of facts, whatever format of file they come from.

A sheet is gone through once, and of each row only the cells are kept that some clause reads. Then every
column is read as a whole: its numbers show by which sign they part decimals, its days in which order.
"""

import itertools
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from fractions import Fraction
from operator import itemgetter

from attrs import Factory, define, field, frozen

from coopfx.exact import Kind, Known
from coopfx.facts import Field, Places, Schema, Sheet, Table
from coopfx.formats import cells
from coopfx.formats.mapping import Mapped, folded, tell_columns
from coopfx.report import Diagnostic, Report, Said, Word
from coopfx.words import Words, nearest

MOST_TITLES = 20
"""So many lines may stand above a heading: a table's title, a date, the name of a program."""
MOST_COLUMNS = 2000
Row = tuple[int, Sequence[str]]


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
) -> Table | None:
    """Read the records of one sort; every mistake is told, None where there is any.

    ``said`` is what ``columns.toml`` says of the file: which facts its columns give.
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
    numbers = (
        text
        for column in columns
        if column.field.type.kind is Kind.QUANTITY
        for text in set(column.texts)
    )
    style = cells.style_of(numbers, cells.usual(words[0], sheet.places.delimiter))
    values = {
        column.field.name: _values(column, rows, style, sheet.places, words, report)
        for column in columns
    }
    _tell_mistakes(rows, sheet.places, report)
    if report.errors() == known:
        _compare_total(rows, columns, values, style, sheet.places, words, report)
    if report.errors() > before:
        return None
    links = {column.field.name for column in columns if column.field.type.kind is Kind.LINK}
    read = None if schema.read is None else schema.read | links
    return _table(rows, {name: one for name, one in values.items() if read is None or name in read})


# ---- which line is the heading, and what its columns are


def _heading(
    sheet: Sheet, schema: Schema, words: list[Words], mapped: Mapping[str, str], report: Report
) -> tuple[int, Sequence[str], Iterator[Row]]:
    """The line of the heading, its cells, and the rows below it; lines above it are told (D732).

    The heading is the first line with a name for the identifier, or else the one of the first lines
    that knows the most names. Where none is known, that is told (D731) without a word of what stands
    there: it may be a person.
    """
    rows = iter(sheet.rows)
    first = [(sheet.header_line, sheet.header)]
    fields = schema.of(sheet.record)
    best, most = 0, 0
    for number in range(MOST_TITLES + 1):
        if number == len(first):
            following = next(rows, None)
            if following is None:
                break
            first.append(following)
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
    return line, header, itertools.chain(first[best + 1 :], rows)


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
    rest: Iterable[Row],
    own: int,
    columns: list[_Column],
    words: list[Words],
    report: Report,
) -> _Rows:
    """Go through the rows, and keep of each its identifier and the cells of the columns that are read."""
    rows, width, places = _Rows(), len(header), sheet.places
    totals = {form for language in words for form in language.phrases["column.total"].split()}
    first: dict[str, int] = {}
    kept: list[tuple[str, ...]] = []
    taken = _taking([column.index for column in columns])
    heading = [cell.strip() for cell in header]
    for line, row in rest:
        size = len(row)
        identifier = row[own].strip() if own < size else ""
        if not identifier.isascii():
            identifier = unicodedata.normalize("NFC", identifier)
        if size > width and any(cell.strip() for cell in row[width:]):
            rows.mistakes.append((line, 0, _too_many(places, line, size, width, report)))
        elif not identifier or identifier.casefold().rstrip(" :") in totals:
            if _is_total(row, totals):
                report.tell("D735", places.row(line), line=line)
                rows.total = line
                for column in columns:
                    column.total[:] = [row[column.index] if column.index < size else ""]
            elif any(cell.strip() for cell in row):
                rows.mistakes.append((line, 0, _no_id(places, line, report)))
        elif identifier == heading[own] and [cell.strip() for cell in row] == heading:
            rows.mistakes.append((line, 0, _heading_again(places, line, report)))
        elif identifier in first:
            again = _twice(places, line, first[identifier], identifier, report)
            rows.mistakes.append((line, 0, again))
        else:
            first[identifier] = line
            rows.lines.append(line)
            rows.ids.append(identifier)
            kept.append(taken(row if size >= width else [*row, *[""] * (width - size)]))
            continue
        if len(rows.mistakes) > cells.MOST_MISTAKES:
            break
    for column, texts in zip(columns, zip(*kept, strict=True), strict=False):
        column.texts[:] = texts
    return rows


def _taking(indices: list[int]) -> Callable[[Sequence[str]], tuple[str, ...]]:
    """What takes the cells of these columns out of a row."""
    if len(indices) > 1:
        return itemgetter(*indices)
    return lambda row: tuple(row[index] for index in indices)


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
    rows: _Rows,
    style: cells.Style,
    places: Places,
    words: list[Words],
    report: Report,
) -> list[Known | None]:
    """A column's cells as facts; what is amiss is put among the mistakes, what was decided is told."""
    wanted = column.field
    if wanted.type.kind is Kind.DATE:
        style = cells.Style(days=cells.days_of(column.texts))
    texts = set(column.texts)
    read: dict[str, Known | cells.Amiss | None] = {}
    if wanted.type.kind is Kind.QUANTITY:
        read.update(cells.read_plain(texts, wanted, style))
        texts.difference_update(read)
    read.update((text, cells.read(text, wanted, words, style)) for text in texts)
    values: list[Known | None] = []
    amiss = {text: found for text, found in read.items() if isinstance(found, cells.Amiss)}
    if not amiss:
        values = list(map(read.__getitem__, column.texts))  # type: ignore[arg-type]
    else:
        for number, text in enumerate(column.texts):
            found = amiss.get(text)
            if found is not None:
                line, identifier = rows.lines[number], rows.ids[number]
                place = _place(places, line, column, text, identifier)
                tell = _telling(found, text, wanted, place, report)
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
    return values


def _place(places: Places, line: int, column: _Column, text: str, identifier: str) -> cells.Place:
    return cells.Place(lambda: places.cell(line, column.index, text), column.name, identifier)


def _telling(
    found: cells.Amiss, text: str, wanted: Field, place: cells.Place, report: Report
) -> Tell:
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
    style: cells.Style,
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


def _table(rows: _Rows, values: Mapping[str, list[Known | None]]) -> Table:
    order = sorted(range(len(rows.ids)), key=rows.ids.__getitem__)
    return Table(
        tuple(rows.ids[number] for number in order),
        {
            name: tuple(column[number] for number in order)
            for name, column in values.items()
            if any(value is not None for value in column)
        },
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
