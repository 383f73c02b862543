"""A year's records as Parquet: the table of one file, its cells as text, exact whatever their type.

A place is that of the same table as CSV: the names of the columns are line 1, the first record line 2.
"""

from collections.abc import Iterator
from datetime import time, timedelta
from pathlib import Path
from typing import BinaryIO

import pyarrow as pa
import pyarrow.parquet as pq
from attrs import frozen

from coopfx.extending import MOST_COLUMNS, record_named
from coopfx.ground.facts import Grid, Places, Rows, Schema, Sheet, Unread
from coopfx.ground.report import Report
from coopfx.ground.source import Span

MOST_ROWS = 5_000_000
MOST_BYTES = 1_000_000_000
"""How much a file may hold once it is unpacked: a small one can hold very much of one value."""
_ROWS_AT_ONCE = 8192
_MOST_TEXT = 1 << 24
"""So many characters of a column are handed on at once: a long text may stand in each of its rows."""
_PANDAS_INDEX = "__index_level_"


def read(path: Path, file: BinaryIO, schema: Schema, report: Report) -> tuple[Sheet, ...]:
    """The records that a file is named after, or that the year says it holds; none, and told, where it
    is no Parquet (E02), too large (E03), without columns (D706) or of nothing known (D718).

    A column of floats (E01) or of lists and the like (E04) is told when it is asked for, and not otherwise.
    """
    record = record_named(path, ".parquet", schema, report)
    if record is None:
        return ()
    place = Span(str(path), 1, 1, 1, 1)
    try:
        source = pq.ParquetFile(file)
        wide = [
            field.name
            for field in source.schema_arrow
            if pa.types.is_string(field.type) or pa.types.is_large_string(field.type)
        ]
        # A text of some megabytes that stands in every row is kept once.
        source = pq.ParquetFile(file, metadata=source.metadata, read_dictionary=wide)
        names = [field.name for field in source.schema_arrow]
    except _UNREADABLE as error:
        _tell_unreadable(error, place, report)
        return ()
    held = source.metadata
    size = sum(held.row_group(number).total_byte_size for number in range(held.num_row_groups))
    if held.num_rows > MOST_ROWS or size > MOST_BYTES:
        report.tell(
            "parquet.E03",
            place,
            rows=held.num_rows,
            size=size // 1_000_000,
            most_rows=MOST_ROWS,
            most_size=MOST_BYTES // 1_000_000,
        )
        return ()
    if not names:
        report.tell("D706", place)
        return ()
    header = ["" if name.startswith(_PANDAS_INDEX) else name for name in names]
    unread = {
        number: Unread(_code(sort), {"name": names[number][:60], "found": str(sort)[:60]})
        for number, sort in enumerate(source.schema_arrow.types)
        if not _is_exact(sort)
    }
    rows = _Rows(source, place, report)
    return (Sheet(record, header, rows, _Places(str(path)), unread=unread),)


_UNREADABLE = (pa.ArrowException, OSError, MemoryError, UnicodeDecodeError)


def _tell_unreadable(error: Exception, place: Span, report: Report) -> None:
    reason = (str(error).splitlines() or [type(error).__name__])[0]
    report.tell("parquet.E02", place, reason=reason[:120])


class _Places(Places):
    """Where a cell stands: its row as a line, its column by number."""

    def cell(self, line: int, index: int, text: str) -> Span:
        return Span(self.file, line, index + 1, line, index + 1)


@frozen(slots=True)
class _Rows(Rows):
    """The rows of a file, read in batches each time they are asked for."""

    source: pq.ParquetFile
    place: Span
    report: Report

    def grids(self) -> Iterator[Grid]:
        if len(self.source.schema_arrow) > MOST_COLUMNS:
            return
        line = 2
        try:
            for batch in self.source.iter_batches(_ROWS_AT_ONCE):
                columns = [_texts(column) for column in batch.columns]
                longest = max(len(text) for column in columns for text in ("", *column))
                step = max(1, _MOST_TEXT // max(longest, _MOST_TEXT // _ROWS_AT_ONCE))
                for start in range(0, batch.num_rows, step):
                    cells = [column[start : start + step] for column in columns]
                    yield Grid(range(line, line + len(cells[0])), cells)
                    line += len(cells[0])
        except _UNREADABLE as error:
            _tell_unreadable(error, self.place, self.report)


def _code(sort: pa.DataType) -> str:
    return "parquet.E01" if pa.types.is_floating(sort) else "parquet.E04"


def _is_exact(sort: pa.DataType) -> bool:
    """Whether values of a type are what was written: no floats, and nothing that holds others."""
    if pa.types.is_dictionary(sort):
        return _is_exact(sort.value_type)
    types = pa.types
    return bool(
        types.is_integer(sort)
        or types.is_decimal(sort)
        or types.is_boolean(sort)
        or types.is_date(sort)
        or types.is_timestamp(sort)
        or types.is_string(sort)
        or types.is_large_string(sort)
        or types.is_null(sort)
        or types.is_duration(sort)
        or types.is_time(sort)
    )


def _texts(column: pa.Array) -> list[str]:
    """The cells of a column; what is absent is empty, and so is all that is not exact."""
    sort = column.type
    if pa.types.is_dictionary(sort):
        known = [*_texts(column.dictionary), ""]
        places = column.indices.fill_null(len(known) - 1) if column.null_count else column.indices
        return [known[place] for place in places.to_pylist()]
    if not _is_exact(sort) or pa.types.is_null(sort):
        return [""] * len(column)
    if pa.types.is_duration(sort) or pa.types.is_time(sort):
        return [_clock(one) for one in column.to_pylist()]
    if pa.types.is_decimal(sort):
        return _decimals(column, sort.scale)
    texts: list[str] = column.cast(pa.string()).fill_null("").to_pylist()
    return texts


def _clock(value: timedelta | time | None) -> str:
    """A duration, or an hour of the day, as hours, minutes and seconds: ``1607:00``."""
    if value is None:
        return ""
    if isinstance(value, time):
        value = timedelta(hours=value.hour, minutes=value.minute, seconds=value.second)
    seconds = value.days * 86_400 + value.seconds
    minutes, rest = divmod(abs(seconds), 60)
    shown = f"{'-' * (seconds < 0)}{minutes // 60}:{minutes % 60:02}"
    return f"{shown}:{rest:02}" if rest else shown


def _decimals(column: pa.Array, scale: int) -> list[str]:
    """Decimals as text; three of them get a nought, since `1.607` may be read as thousands."""
    if 0 <= scale <= 6:
        texts: list[str] = column.cast(pa.string()).fill_null("").to_pylist()
        return [text + "0" if text else text for text in texts] if scale == 3 else texts
    # Arrow writes the smallest and the largest with an exponent.
    return ["" if one is None else f"{one:f}" for one in column.to_pylist()]
