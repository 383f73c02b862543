"""CSV as it comes: a row a record, ``id`` first, names in any language of the vocabulary.

Told apart: comma, semicolon or tab; UTF-8 with or without its mark, or an eight-bit code of Western
Europe; decimal comma or point.
"""

import csv
import io
import re
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from coopfx.facts import COOPERATIVE, Places, Schema, Sheet
from coopfx.formats.cells import file_of
from coopfx.report import Report
from coopfx.source import Source, Span
from coopfx.words import nearest

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


def read(path: Path, file: BinaryIO, schema: Schema, report: Report) -> tuple[Sheet, ...]:
    """The records that a file is named after; none, and told, where it is no table.

    A file that is named after no record that the statute or the prelude declares is passed over with
    a warning (D718).
    """
    known = {file_of(record): record for record in (*schema.records, COOPERATIVE)}
    if path.name not in known:
        near = nearest(path.name, known)
        report.tell("D718", None, path=str(path), nearest=near, known=tuple(sorted(known)))
        return ()
    before = report.errors()
    text = _text(path, file.read(), report)
    if text is None:
        return ()
    source = Source(str(path), text)
    report.read(source)
    header = next(_rows(source, report), None)
    if header is None:
        if report.errors() == before:
            report.tell("D706", Span(str(path), 1, 1, 1, 1))
        return ()
    line, names = header
    return (Sheet(known[path.name], names, _Rows(source, report), _Places(source), line),)


def _text(path: Path, data: bytes, report: Report) -> str | None:
    start = Span(str(path), 1, 1, 1, 1)
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


class _Rows:
    """The rows below the header, read from the text each time they are asked for."""

    def __init__(self, source: Source, report: Report) -> None:
        self._source = source
        self._report = report

    def __iter__(self) -> Iterator[tuple[int, list[str]]]:
        rows = _rows(self._source, self._report)
        next(rows, None)
        return rows


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


class _Places(Places):
    """Where the cells of a text stand in it."""

    def __init__(self, source: Source) -> None:
        super().__init__(source.file)
        self._source = source
        self.delimiter = _delimiter(source)

    def row(self, line: int) -> Span:
        return self._source.whole_line(line)

    def cell(self, line: int, index: int, text: str) -> Span:
        return _cell(self._source, line, index, text)


def _delimiter(source: Source) -> str:
    """What parts the cells: the sign that the header holds most often."""
    found = re.search(r".*\S.*", source.text)
    header = _outside_quotes(found[0]) if found else ""
    return max(";\t,", key=lambda sign: (header.count(sign), sign == ";"))


def _outside_quotes(line: str) -> str:
    return "".join(line.split('"')[::2])


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
