"""CSV as it comes: a row a record, a heading with names in any language of the vocabulary.

Told apart: comma, semicolon, tab or bar; UTF-8 with or without its mark, UTF-16, or an eight-bit code
of Western Europe; with the line ``sep=;`` that spreadsheets write, or without.
"""

import csv
import re
from collections.abc import Iterator
from functools import cached_property
from pathlib import Path
from typing import BinaryIO

from attrs import frozen

from coopfx.facts import COOPERATIVE, Places, Schema, Sheet
from coopfx.formats.cells import file_of
from coopfx.report import Report
from coopfx.source import Source, Span
from coopfx.words import nearest

LONGEST_LINE = 1_000_000
"""A line of more characters is no row of figures, and is not taken apart."""
_OTHER_FILES = {
    b"PK\x03\x04": "xlsx",
    b"\xd0\xcf\x11\xe0": "xls",
    b"%PDF": "pdf",
    b"\x1f\x8b": "gz",
}
_UTF_16 = {b"\xff\xfe": "utf-16-le", b"\xfe\xff": "utf-16-be"}
# The eight letters by which ISO 8859-15 differs from Windows-1252: the euro sign and seven letters.
_LATIN_9 = frozenset(b"\xa4\xa6\xa8\xb4\xb8\xbc\xbd\xbe")
_ONLY_1252 = frozenset(range(0x80, 0xA0))
_SIGNS = ";\t|,"
_SAID = re.compile(r"[ \t]*\"?sep=(?P<sign>[;\t|,])\"?[ \t]*\r?\n", re.IGNORECASE)


def read(path: Path, file: BinaryIO, schema: Schema, report: Report) -> tuple[Sheet, ...]:
    """The records that a file is named after, or that the year says it holds; none, and told, where
    it is no table.

    A file that is named after no record that the statute or the prelude declares is passed over with
    a warning (D718).
    """
    known = {file_of(record): record for record in (*schema.records, COOPERATIVE)}
    record = schema.files.get(path.name) or known.get(path.name)
    if record is None:
        near = nearest(path.name, known)
        report.tell("D718", None, path=str(path), nearest=near, known=tuple(sorted(known)))
        return ()
    before = report.errors()
    text = _text(path, file.read(), report)
    if text is None:
        return ()
    table = _Table(str(path), text)
    report.read(table)
    header = next(_rows(table, report), None)
    if header is None:
        if report.errors() == before:
            report.tell("D706", Span(str(path), 1, 1, 1, 1))
        return ()
    line, names = header
    return (Sheet(record, names, _Rows(table, report), _Places(table), line),)


def _text(path: Path, data: bytes, report: Report) -> str | None:
    start = Span(str(path), 1, 1, 1, 1)
    for magic, sort in _OTHER_FILES.items():
        if data.startswith(magic):
            report.tell("D708", start, sort=sort)
            return None
    text = _decoded(data)
    if text is None:
        report.tell("D716", start)
        return None
    if "\0" in text:
        report.tell("D708", start, sort="?")
        return None
    if text[:200].lstrip()[:9].casefold().startswith(("<!doctype", "<html", "<?xml")):
        report.tell("D708", start, sort="html")
        return None
    return text


def _decoded(data: bytes) -> str | None:
    """The text of a file in the encoding that it shows; None where it is in none of these."""
    codec = _UTF_16.get(data[:2])
    try:
        return data[2:].decode(codec) if codec else data.decode("utf-8-sig")
    except UnicodeDecodeError:
        if codec:
            return None
    high = set(data) - _ASCII
    latin_9 = high & _LATIN_9 and not high & _ONLY_1252
    try:
        return data.decode("iso8859-15" if latin_9 else "cp1252")
    except UnicodeDecodeError:
        return None


_ASCII = frozenset(range(0x80))


@frozen(slots=False)
class _Table(Source):
    """A table's text. Of a row only the cell that is spoken of is ever shown: the rest is a person's."""

    @cached_property
    def _said(self) -> re.Match[str] | None:
        return _SAID.match(self.text)

    @property
    def start(self) -> tuple[int, int]:
        """The first line of the table, and where in the text it begins."""
        return (2, self._said.end()) if self._said else (1, 0)

    @cached_property
    def delimiter(self) -> str:
        """What parts the cells."""
        return self._said["sign"] if self._said else _delimiter(self.text)

    def excerpt(self, number: int) -> str:
        """Nothing of a line as a whole."""
        return ""

    def excerpt_of(self, span: Span) -> tuple[str, int, int]:
        """The cell that a place is in, with a sign for what stands before and after it."""
        line = self.line(span.line)
        places = _places_of(line, self.delimiter) if span.end_column > span.column else []
        for start, end in places:
            if start <= span.column - 1 and span.end_column - 1 <= end:
                before = f"…{self.delimiter}" if start else ""
                after = f"{self.delimiter}…" if end < len(line) else ""
                column = len(before) + span.column - 1 - start
                shown = before + line[start:end] + after
                return shown, column, column + span.end_column - span.column
        return "", 0, 0


class _Rows:
    """The rows below the heading, read from the text each time they are asked for."""

    def __init__(self, table: _Table, report: Report) -> None:
        self._table = table
        self._report = report

    def __iter__(self) -> Iterator[tuple[int, list[str]]]:
        rows = _rows(self._table, self._report)
        next(rows, None)
        return rows


def _rows(table: _Table, report: Report) -> Iterator[tuple[int, list[str]]]:
    """The rows that hold anything, with the line each begins on."""
    reader = csv.reader(_lines(table), delimiter=table.delimiter, strict=True)
    line = above = table.start[0]
    try:
        for row in reader:
            if any(row) and not "".join(row).isspace():
                yield line, row
            line = reader.line_num + above
    except csv.Error as error:
        report.tell("D713", _row(table.file, line), reason=str(error))
    except _LineTooLongError:
        report.tell("D742", _row(table.file, reader.line_num + above), most=LONGEST_LINE)


def _row(file: str, line: int) -> Span:
    return Span(file, line, 1, line, 1)


class _LineTooLongError(Exception):
    """A line that is not taken apart."""


def _lines(table: _Table) -> Iterator[str]:
    """The lines of a text with their ends, one after the other."""
    text, start = table.text, table.start[1]
    while start < len(text):
        end = text.find("\n", start) + 1 or len(text)
        if end - start > LONGEST_LINE:
            raise _LineTooLongError
        yield text[start:end]
        start = end


class _Places(Places):
    """Where the cells of a text stand in it."""

    def __init__(self, table: _Table) -> None:
        super().__init__(table.file)
        self._table = table
        self.delimiter = table.delimiter

    def cell(self, line: int, index: int, text: str) -> Span:
        whole = self._table.line(line)
        places = _places_of(whole, self.delimiter)
        if index >= len(places):
            return self.row(line)
        start, end = places[index]
        if text and (found := whole.find(text, start, end)) >= 0:
            start, end = found, found + len(text)
        return Span(self.file, line, start + 1, line, end + 1)


def _delimiter(text: str) -> str:
    """What parts the cells: the sign that stands in most of the first lines, as often in each."""
    lines = [_outside_quotes(line) for line in re.findall(r"[^\n]*\S[^\n]*", text[:20_000])[:12]]

    def fits(sign: str) -> int:
        counts = [count for line in lines if (count := line.count(sign))]
        return max(map(counts.count, counts), default=0)

    return max(_SIGNS, key=fits) if any(map(fits, _SIGNS)) else ","


def _outside_quotes(line: str) -> str:
    return "".join(line.split('"')[::2])


def _places_of(line: str, delimiter: str) -> list[tuple[int, int]]:
    """Where each cell of a line begins and ends, its quotation marks included."""
    places, start, quoted = [], 0, False
    for at, sign in enumerate(line):
        quoted ^= sign == '"'
        if sign == delimiter and not quoted:
            places.append((start, at))
            start = at + 1
    return [*places, (start, len(line))]
