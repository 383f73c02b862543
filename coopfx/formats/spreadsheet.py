"""Tables for people: as CSV that a spreadsheet opens as its reader's language has it, or in a workbook."""

import csv
import io
from collections.abc import Iterable, Sequence
from datetime import date
from fractions import Fraction

from coopfx.ground.exact import decimal_text, round_to
from coopfx.ground.tables import Cell
from coopfx.ground.words import Words

_STEERS = ("=", "+", "-", "@", "\t", "\r")


def csv_of(header: Sequence[str], rows: Iterable[Sequence[Cell]], words: Words) -> bytes:
    """A table as the bytes of a CSV file, with the mark by which spreadsheets know UTF-8.

    Where a comma parts decimals, a semicolon parts cells. Numbers have no signs between thousands,
    and as many decimals as they need: two at least, eight at most. A text that a spreadsheet would
    work out as a formula is written after an apostrophe.
    """
    decimal = words.numbers["decimal"]
    out = io.StringIO(newline="")
    writer = csv.writer(out, delimiter=separator(words), lineterminator="\r\n")
    writer.writerow([_text(cell) for cell in header])
    for row in rows:
        writer.writerow([_cell(cell, decimal) for cell in row])
    return out.getvalue().encode("utf-8-sig")


def separator(words: Words) -> str:
    """The sign between cells, which is none that parts decimals."""
    return ";" if words.numbers["decimal"] == "," else ","


def _cell(cell: Cell, decimal: str) -> str:
    if isinstance(cell, Fraction):
        whole = (cell * 100).denominator == 1
        exact = cell if whole else round_to(cell, Fraction(1, 10**8))
        return decimal_text(exact, 2 if whole else None).replace(".", decimal)
    if isinstance(cell, int | date):
        return str(cell)
    return "" if cell is None else _text(cell)


def _text(text: str) -> str:
    return f"'{text}" if text.startswith(_STEERS) else text
