"""The tables of a federation as one workbook: a sheet for each, to be sorted, filtered and added up."""

from collections.abc import Sequence
from datetime import date
from fractions import Fraction
from typing import Any

from coopfx.ground.tables import Cell, Spread
from coopfx.ground.words import Words
from coopfx_sheets.book import INK, LINE, PAPER, Book, as_cell

ROWS = 1_000_000
"""So many rows one sheet has, below the limit of every program; what is more stands on further sheets."""
_WIDEST, _LOOKED_AT = 48, 200


def workbook(tables: Sequence[Spread], words: Words) -> bytes:
    """The bytes of the workbook, which are the same for the same tables."""
    book = Book(words.phrase("federation.report.title"))
    for table in tables:
        for part, start in enumerate(range(0, max(len(table.rows), 1), ROWS), 1):
            name = table.title if part == 1 else f"{table.title} ({part})"
            _sheet(book, name, table, table.rows[start : start + ROWS])
    return book.bytes()


def _sheet(book: Book, name: str, table: Spread, rows: Sequence[Sequence[Cell]]) -> None:
    sheet = book.sheet(name[:31])
    head = book.format(
        bold=True, bg_color=PAPER, font_color=INK, bottom=1, bottom_color=LINE, text_wrap=True
    )
    for column, title in enumerate(table.heads):
        sheet.write_string(0, column, title, head)
        seen = [len(str(row[column] or "")) for row in rows[:_LOOKED_AT]]
        wide = max([max(map(len, title.split())), *(seen or [0])])
        sheet.set_column(column, column, min(wide, _WIDEST) + 2)
    for number, row in enumerate(rows, 1):
        for column, cell in enumerate(row):
            _write(book, sheet, number, column, cell)
    sheet.freeze_panes(1, 1)
    if rows:
        sheet.autofilter(0, 0, len(rows), len(table.heads) - 1)


def _write(book: Book, sheet: Any, row: int, column: int, cell: Cell) -> None:
    match cell:
        case None:
            return
        case str():
            sheet.write_string(row, column, cell)
        case date():
            sheet.write_datetime(
                row, column, cell, book.format(num_format="yyyy-mm-dd", align="left")
            )
        case int():
            sheet.write_number(row, column, cell, book.format(num_format="0"))
        case Fraction():
            amount = "#,##0.00" if (100 * cell).denominator == 1 else "General"
            sheet.write_number(row, column, as_cell(cell), book.format(num_format=amount))
