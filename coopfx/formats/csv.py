"""A year's CSV as it comes: a row a record, a heading with names in any language of the vocabulary."""

from collections.abc import Iterator
from functools import cached_property
from pathlib import Path
from typing import BinaryIO

from attrs import frozen

from coopfx.formats import delimited
from coopfx.formats.cells import record_named
from coopfx.ground.facts import Grid, Places, Rows, Schema, Sheet
from coopfx.ground.report import Report
from coopfx.ground.source import Source, Span


def read(path: Path, file: BinaryIO, schema: Schema, report: Report) -> tuple[Sheet, ...]:
    """The records that a file is named after, or that the year says it holds; none, and told, where
    it is no table.

    A file that is named after no record that the statute or the prelude declares is passed over with
    a warning (D718).
    """
    record = record_named(path, ".csv", schema, report)
    if record is None:
        return ()
    before = report.errors()
    text = _text(path, file.read(), report)
    if text is None:
        return ()
    table = _Table(str(path), text)
    report.read(table)
    first = next(_grids(table, report), None) if text.strip() else None
    if first is None:
        if report.errors() == before:
            report.tell("D706", Span(str(path), 1, 1, 1, 1))
        return ()
    line, names = next(first.rows)
    return (Sheet(record, names, _Rows(table, report), _Places(table), line),)


def _text(path: Path, data: bytes, report: Report) -> str | None:
    """The text of a file; None, and told, where it is none."""
    encoding = delimited.encoding_of(str(path), (data,), report)
    if encoding is None:
        return None
    try:
        text = data.decode(encoding).removeprefix("\ufeff")
        text = text.replace("\r", "\n") if delimited.ends_in_returns(text) else text
    except UnicodeDecodeError:
        report.tell("D716", Span(str(path), 1, 1, 1, 1))
        return None
    return None if delimited.is_page(str(path), text, report) else text


@frozen(slots=False)
class _Table(Source):
    """A table's text. Of a row only the cell that is spoken of is ever shown: the rest is a person's."""

    @cached_property
    def shape(self) -> delimited.Shape:
        """What parts the cells, and where the table begins."""
        return delimited.shape_of(self.text)

    def excerpt(self, number: int) -> str:
        """Nothing of a line as a whole."""
        return ""

    def excerpt_of(self, span: Span) -> tuple[str, int, int]:
        """The cell that a place is in, with a sign for what stands before and after it."""
        line = self.line(span.line)
        places = _places_of(line, self.shape.delimiter) if span.end_column > span.column else []
        for start, end in places:
            if start <= span.column - 1 and span.end_column - 1 <= end:
                before = f"…{self.shape.delimiter}" if start else ""
                after = f"{self.shape.delimiter}…" if end < len(line) else ""
                column = len(before) + span.column - 1 - start
                shown = before + line[start:end] + after
                return shown, column, column + span.end_column - span.column
        return "", 0, 0


class _Rows(Rows):
    """The rows below the heading, read from the text each time they are asked for."""

    def __init__(self, table: _Table, report: Report) -> None:
        self._table = table
        self._report = report

    def grids(self) -> Iterator[Grid]:
        grids = _grids(self._table, self._report)
        first = next(grids, None)
        if first is not None and len(first.lines) > 1:
            yield first.below(1)
        yield from grids


def _grids(table: _Table, report: Report) -> Iterator[Grid]:
    shape = table.shape
    pieces = delimited.cut(table.text, shape.start)
    return delimited.grids_of(table.file, pieces, shape.delimiter, shape.line, report)


class _Places(Places):
    """Where the cells of a text stand in it."""

    def __init__(self, table: _Table) -> None:
        super().__init__(table.file)
        self._table = table
        self.delimiter = table.shape.delimiter

    def cell(self, line: int, index: int, text: str) -> Span:
        whole = self._table.line(line)
        places = _places_of(whole, self.delimiter)
        if index >= len(places):
            return self.row(line)
        start, end = places[index]
        if text and (found := whole.find(text, start, end)) >= 0:
            start, end = found, found + len(text)
        return Span(self.file, line, start + 1, line, end + 1)


def _places_of(line: str, delimiter: str) -> list[tuple[int, int]]:
    """Where each cell of a line begins and ends, its quotation marks included."""
    places, start, quoted = [], 0, False
    for at, sign in enumerate(line):
        quoted ^= sign == '"'
        if sign == delimiter and not quoted:
            places.append((start, at))
            start = at + 1
    return [*places, (start, len(line))]
