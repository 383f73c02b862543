"""CSV as it comes: a row a record, ``id`` first, names in any language of the vocabulary.

Told apart: comma, semicolon or tab; UTF-8 with or without its mark, or an eight-bit code of Western
Europe; decimal comma or point.
"""

import csv
import io
import re
import unicodedata
from collections.abc import Iterator
from pathlib import Path

from attrs import frozen

from coopfx.exact import Kind, Known
from coopfx.facts import Field, Schema, Table
from coopfx.formats import cells
from coopfx.report import Report, Word
from coopfx.source import Source, Span
from coopfx.words import Words, nearest

LARGEST_FILE = 256_000_000
MOST_MISTAKES = 200
_OTHER_FILES = {
    b"PK\x03\x04": "xlsx",
    b"\xd0\xcf\x11\xe0": "xls",
    b"%PDF": "pdf",
    b"\x1f\x8b": "gz",
    b"\xff\xfe": "UTF-16",
    b"\xfe\xff": "UTF-16",
}
# The eight letters by which ISO 8859-15 differs from Windows-1252: the euro sign and seven letters.
_LATIN_9 = frozenset(b"\xa4\xa6\xa8\xb4\xb8\xbc\xbd\xbe")
_ONLY_1252 = frozenset(range(0x80, 0xA0))


@frozen(slots=True)
class _Column:
    index: int
    name: str
    field: Field


def read_table(
    path: Path, record: str, schema: Schema, words: list[Words], report: Report
) -> Table | None:
    """Read the records of one sort; every mistake of the file is told, None where it has any."""
    before = report.errors()
    text = _text(path, report)
    if text is None:
        return None
    source = Source(str(path), text)
    report.read(source)
    rows = _rows(source, report)
    header = next(rows, None)
    if header is None:
        if report.errors() == before:
            report.tell("D706", Span(str(path), 1, 1, 1, 1))
        return None
    columns = _columns(source, header, record, schema, words, report)
    table = _records(source, rows, len(header[1]), columns, words, before, report)
    return None if report.errors() > before else table


def _text(path: Path, report: Report) -> str | None:
    start = Span(str(path), 1, 1, 1, 1)
    if path.is_dir():
        report.tell("D724", None, path=str(path))
        return None
    try:
        if path.stat().st_size > LARGEST_FILE:
            report.tell("D714", start, most=LARGEST_FILE)
            return None
        data = path.read_bytes()
    except OSError as error:
        report.tell("P901", None, path=str(path), reason=error.strerror or "")
        return None
    for magic, sort in _OTHER_FILES.items():
        if data.startswith(magic):
            report.tell("D708", start, sort=sort)
            return None
    if b"\0" in data:
        report.tell("D708", start, sort="?")
        return None
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        high = {byte for byte in data if byte >= 0x80}
        latin_9 = high & _LATIN_9 and not high & _ONLY_1252
        try:
            text = data.decode("iso8859-15" if latin_9 else "cp1252")
        except UnicodeDecodeError:
            report.tell("D716", start)
            return None
    if text.lstrip()[:9].casefold().startswith(("<!doctype", "<html", "<?xml")):
        report.tell("D708", start, sort="html")
        return None
    return text


def _rows(source: Source, report: Report) -> Iterator[tuple[int, list[str]]]:
    """The rows that hold anything, with the line each begins on."""
    reader = csv.reader(
        io.StringIO(source.text, newline=""), delimiter=_delimiter(source), strict=True
    )
    line = 1
    try:
        for row in reader:
            if any(cell.strip() for cell in row):
                yield line, row
            line = reader.line_num + 1
    except csv.Error as error:
        report.tell("D713", source.whole_line(line), reason=str(error))


def _delimiter(source: Source) -> str:
    """What parts the cells: the sign that the header holds most often."""
    found = re.search(r".*\S.*", source.text)
    header = _outside_quotes(found[0]) if found else ""
    return max(";\t,", key=lambda sign: (header.count(sign), sign == ";"))


def _outside_quotes(line: str) -> str:
    return "".join(line.split('"')[::2])


def _columns(
    source: Source,
    header: tuple[int, list[str]],
    record: str,
    schema: Schema,
    words: list[Words],
    report: Report,
) -> list[_Column]:
    line, names = header
    fields = schema.of(record)
    columns: list[_Column] = []
    if unicodedata.normalize("NFC", names[0]).strip().casefold() != "id":
        report.tell("D712", _cell(source, line, 0, names[0]), found=names[0].strip()[:60])
    for index, raw in enumerate(names[1:], 1):
        name = raw.strip()
        if not name:
            continue
        canonical = cells.canonical(name, fields, words)
        if canonical is None:
            if cells.canonical(name, dict.fromkeys(schema.defined), words):
                report.tell("D709", _cell(source, line, index, raw), name=name[:60])
                continue
            place = _cell(source, line, index, raw)
            if cells.tell_elsewhere(name, record, schema, words, place, report):
                continue
            near = cells.nearest_form(name, fields, words)
            report.tell("D701", place, name=name[:60], nearest=near)
        elif any(column.field.name == canonical for column in columns):
            report.tell("D715", _cell(source, line, index, raw), name=name)
        else:
            columns.append(_Column(index, name, fields[canonical]))
    return columns


def _cell(source: Source, line: int, index: int, text: str) -> Span:
    """Where a cell's text stands in a line; the whole line where that is not known."""
    whole, delimiter = source.line(line), _delimiter(source)
    quoted, before = False, 0
    for start, sign in enumerate([delimiter, *whole]):
        quoted ^= sign == '"'
        before += sign == delimiter and not quoted
        if before > index:
            column = whole.find(text, start)
            if text and column >= 0:
                return Span(source.file, line, column + 1, line, column + 1 + len(text))
            break
    return source.whole_line(line)


def _records(
    source: Source,
    rows: Iterator[tuple[int, list[str]]],
    width: int,
    columns: list[_Column],
    words: list[Words],
    before: int,
    report: Report,
) -> Table:
    found: dict[str, list[Known | None]] = {}
    usual = words[0].numbers["decimal"]
    # What parts the cells cannot be what parts decimals, unless a cell stands in quotation marks.
    signs = cells.Signs("" if usual == _delimiter(source) else usual)
    lines: dict[str, int] = {}
    for line, row in rows:
        if report.errors() - before >= MOST_MISTAKES:
            report.tell("D721", source.whole_line(line), most=MOST_MISTAKES)
            break
        place = source.whole_line(line)
        if len(row) > width and any(cell.strip() for cell in row[width:]):
            report.tell("D722", place, found=len(row), expected=width)
            continue
        identifier = _identifier(row)
        if not identifier:
            report.tell("D723", place)
            continue
        if identifier in found:
            first = source.whole_line(lines[identifier])
            report.tell("D705", place, related=(first,), record=identifier[:60])
            continue
        lines[identifier] = line
        found[identifier] = [
            _fact(source, line, row, column, identifier, words, signs, report) for column in columns
        ]
    signs.refuse(report, MOST_MISTAKES)
    ids = tuple(sorted(found))
    return Table(
        ids,
        {
            column.field.name: tuple(found[identifier][position] for identifier in ids)
            for position, column in enumerate(columns)
            if any(found[identifier][position] is not None for identifier in ids)
        },
    )


def _identifier(row: list[str]) -> str:
    return unicodedata.normalize("NFC", row[0].strip())


def _fact(
    source: Source,
    line: int,
    row: list[str],
    column: _Column,
    identifier: str,
    words: list[Words],
    signs: cells.Signs,
    report: Report,
) -> Known | None:
    text = row[column.index] if column.index < len(row) else ""
    place = cells.Place(lambda: _cell(source, line, column.index, text), column.name, identifier)
    return cells.value(text, column.field, words, place, signs, report)


def tell_broken_links(
    tables: dict[str, Table], files: dict[str, str], schema: Schema, report: Report
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
        broken = [
            (identifier, linked)
            for identifier, linked in zip(tables[item.record].ids, column, strict=True)
            if linked is not None and linked not in known
        ]
        if broken:
            source = report.sources[files[item.record]]
            lines = {_identifier(row): line for line, row in _rows(source, report)}
            for identifier, linked in broken[:MOST_MISTAKES]:
                report.tell(
                    "D707",
                    source.whole_line(lines[identifier]),
                    record=identifier,
                    found=str(linked)[:60],
                    name=Word(item.name),
                    nearest=nearest(str(linked), target.ids),
                )
