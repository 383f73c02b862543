"""Tables of many cooperatives as CSV: read and written in blocks of rows, memory that of one block."""

import csv
import io
import os
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain
from pathlib import Path
from typing import BinaryIO

from coopfx.formats import delimited
from coopfx.formats.cells import MOST_MISTAKES
from coopfx.ground.facts import Grid
from coopfx.ground.report import Report
from coopfx.ground.source import Span
from coopfx.ground.tables import DATE, TEXT, Block, Decimals, Layout, Texts

_FORMULA = ("=", "+", "-", "@", "\t", "\r")
_AT_ONCE = 2_048


def read(path: Path, wanted: Sequence[str] | None, rows: int, report: Report) -> Iterator[Block]:
    """The blocks of a file, all cells as texts, as ``delimited`` tells them apart; told where it is none.

    A row with more cells than the heading is told (D722) and left out, and so is a name that the
    heading has twice (D715).
    """
    try:
        with path.open("rb") as file:
            yield from _read(file, str(path), wanted, rows, report)
    except UnicodeDecodeError:
        report.tell("D716", Span(str(path), 1, 1, 1, 1))
    except OSError as error:
        report.tell("P901", None, path=str(path), reason=error.strerror or "", nearest="")


def _read(
    file: BinaryIO, name: str, wanted: Sequence[str] | None, rows: int, report: Report
) -> Iterator[Block]:
    before = report.errors()
    encoding = delimited.encoding_of(name, delimited.parts_of(file), report)
    if encoding is None:
        return
    pieces = delimited.pieces_of(delimited.parts_of(file), encoding)
    text = next(pieces, "")
    if delimited.is_page(name, text, report):
        return
    shape = delimited.shape_of(text)
    own = chain([text[shape.start :]], pieces)
    grids = delimited.grids_of(name, filter(None, own), shape.delimiter, shape.line, report)
    first = next(grids, None)
    if first is None:
        if report.errors() == before:
            report.tell("D706", Span(name, 1, 1, 1, 1))
        return
    line, cells = next(first.rows)
    header = [cell.strip() for cell in cells]
    for one in dict.fromkeys(one for one in header if one and header.count(one) > 1):
        report.tell("D715", Span.on_line(name, line), name=one[:60])
    places = [at for at, one in enumerate(header) if one and (wanted is None or one in wanted)]
    names = {header[at]: at for at in places}
    yield from _blocks(chain([first.below(1)], grids), len(header), names, rows, name, report)


def _blocks(
    grids: Iterable[Grid], width: int, names: dict[str, int], rows: int, file: str, report: Report
) -> Iterator[Block]:
    """The rows of grids in blocks of so many rows at most."""
    sent, mistakes = False, 0
    for grid in grids:
        beyond = list(map("".join, zip(*grid.columns[width:], strict=True)))
        if "".join(beyond).strip():
            for line, more in zip(grid.lines, beyond, strict=True):
                if more.strip():
                    report.tell(
                        "D722", Span.on_line(file, line), found=len(grid.columns), expected=width
                    )
                    mistakes += 1
            if mistakes > MOST_MISTAKES:
                report.tell("D721", Span.on_line(file, grid.lines[-1]), most=MOST_MISTAKES)
                return
            grid = grid.where([not more.strip() for more in beyond])
        for start in range(0, len(grid.lines), rows):
            yield _block(grid, names, start, start + rows)
            sent = True
    if not sent:
        yield _block(Grid([], [[]] * width), names, 0, rows)


def _block(grid: Grid, names: dict[str, int], start: int, stop: int) -> Block:
    lines = grid.lines[start:stop]
    empty = [""] * len(lines)
    columns = {
        name: Texts(grid.columns[at][start:stop] if at < len(grid.columns) else empty)
        for name, at in names.items()
    }
    return Block(dict(columns), len(lines), lines)


def write(path: Path, layout: Layout, blocks: Iterable[Block]) -> None:
    """Write a table; a text that a spreadsheet would take for a formula has an apostrophe before it."""
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=".half-")
    with os.fdopen(handle, "w", encoding="utf-8", newline="") as file:
        file.write(_lines([[one] for one in layout.columns]))
        for part in chain.from_iterable(map(_parts, blocks)):
            file.write(
                _lines([_cells(part.columns[one], sort) for one, sort in layout.columns.items()])
            )
    made = Path(name)
    made.chmod(0o644)
    made.replace(path)


def _parts(block: Block) -> Iterator[Block]:
    """A block a few rows at a time: as cells and lines these take many times what the block does."""
    for start in range(0, block.rows, _AT_ONCE):
        yield block.part(start, min(start + _AT_ONCE, block.rows))


def _lines(columns: list[list[str]]) -> str:
    """Columns as lines; cells stand in quotation marks where one of their columns needs it."""
    rows = zip(*columns, strict=True)
    if len(columns) > 1 and not any(_has(column, ',"\n\r') for column in columns):
        text = "\n".join(map(",".join, rows))
        return text and text + "\n"
    quoted = io.StringIO(newline="")
    csv.writer(quoted, lineterminator="\n").writerows(rows)
    return quoted.getvalue()


def _has(column: list[str], signs: str) -> bool:
    together = "".join(column)
    return any(sign in together for sign in signs)


def _cells(column: Decimals | Texts, sort: str) -> list[str]:
    """The cells of a column; empty where there is none."""
    if isinstance(column, Texts):
        assert sort in (TEXT, DATE)
        texts = list(column.values)
        if None in texts:
            texts = [one or "" for one in texts]
        started = "\n" + "\n".join(texts)
        amiss = any(f"\n{sign}" in started for sign in _FORMULA)
        return list(map(_harmless, texts)) if amiss else texts
    own = column.numerators
    numbers = own.tolist() if hasattr(own, "tolist") else own
    texts = _with_point(numbers, column.scale) if column.scale else list(map(str, numbers))
    if column.missing is None or not any(column.missing):
        return texts
    return ["" if gone else text for text, gone in zip(texts, column.missing, strict=True)]


def _with_point(numbers: Sequence[int], scale: int) -> list[str]:
    """Whole numbers over ten to the scale."""
    below = 10**scale
    pairs = [divmod(abs(one), below) for one in numbers]
    texts = (f"%d.%0{scale}d\n" * len(pairs) % tuple(chain.from_iterable(pairs))).split("\n")
    if min(numbers, default=0) >= 0:
        return texts[:-1]
    return [f"-{text}" if one < 0 else text for one, text in zip(numbers, texts, strict=False)]


def _harmless(text: str) -> str:
    """A text that no spreadsheet runs; a number with its sign is one already."""
    number = text[1:].replace(".", "", 1).replace("/", "", 1).isdigit()
    return f"'{text}" if text.startswith(_FORMULA) and not number else text
