"""Tables of many cooperatives as CSV: read and written in blocks of rows, memory that of one block."""

import csv
import os
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from coopfx.report import Report
from coopfx.source import Span
from coopfx.tables import DATE, TEXT, Block, Decimals, Layout, Texts

_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def read(path: Path, wanted: Sequence[str] | None, rows: int, report: Report) -> Iterator[Block]:
    """The blocks of a file, all cells as texts; told where it is no table of UTF-8 (D713, D716)."""
    place = Span(str(path), 1, 1, 1, 1)
    try:
        with path.open(encoding="utf-8-sig", newline="", errors="strict") as file:
            first = file.readline()
            file.seek(0)
            sign = max(";\t,", key=lambda one: (first.count(one), one == ";"))
            reader = csv.reader(file, delimiter=sign, strict=True)
            header = [name.strip() for name in next(reader, [])]
            if not any(header):
                report.tell("D706", place)
                return
            places = [at for at, name in enumerate(header) if name]
            if wanted is not None:
                places = [at for at in places if header[at] in wanted]
            yield from _blocks(reader, header, places, rows, path, report)
    except UnicodeDecodeError:
        report.tell("D716", place)
    except csv.Error as error:
        report.tell("D713", place, reason=str(error))
    except OSError as error:
        report.tell("P901", None, path=str(path), reason=error.strerror or "")


def _blocks(
    reader: Iterator[list[str]],
    header: list[str],
    places: list[int],
    rows: int,
    path: Path,
    report: Report,
) -> Iterator[Block]:
    waiting: list[list[str]] = []
    sent = False
    for number, row in enumerate(reader, 2):
        if len(row) != len(header):
            if not any(cell.strip() for cell in row):
                continue
            place = Span(str(path), number, 1, number, 1)
            report.tell("D722", place, found=len(row), expected=len(header))
            return
        waiting.append(row)
        if len(waiting) == rows:
            yield _block(waiting, header, places)
            waiting, sent = [], True
    if waiting or not sent:
        yield _block(waiting, header, places)


def _block(rows: list[list[str]], header: list[str], places: list[int]) -> Block:
    return Block({header[at]: Texts([row[at] or None for row in rows]) for at in places}, len(rows))


def write(path: Path, layout: Layout, blocks: Iterable[Block]) -> None:
    """Write a table; a text that a spreadsheet would take for a formula has an apostrophe before it."""
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=".half-")
    with os.fdopen(handle, "w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(layout.columns)
        for block in blocks:
            columns = [
                list(_cells(block.columns[one], sort)) for one, sort in layout.columns.items()
            ]
            writer.writerows(zip(*columns, strict=True))
    made = Path(name)
    made.chmod(0o644)
    made.replace(path)


def _cells(column: Decimals | Texts, sort: str) -> Iterator[str]:
    if isinstance(column, Texts):
        assert sort in (TEXT, DATE)
        for text in column.values:
            yield "" if text is None else _harmless(text)
        return
    absent = [False] * len(column.numerators) if column.missing is None else column.missing
    for number, gone in zip(column.numerators, absent, strict=True):
        if gone:
            yield ""
            continue
        digits = str(abs(int(number))).rjust(column.scale + 1, "0")
        sign = "-" if number < 0 else ""
        cut = len(digits) - column.scale
        yield sign + (f"{digits[:cut]}.{digits[cut:]}" if column.scale else digits)


def _harmless(text: str) -> str:
    """A text that no spreadsheet runs; a number with its sign is one already."""
    number = text[1:].replace(".", "", 1).replace("/", "", 1).isdigit()
    return f"'{text}" if text.startswith(_FORMULA) and not number else text
