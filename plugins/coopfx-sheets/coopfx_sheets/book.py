"""How this plugin writes workbooks: the same bytes for the same values, and text that stays text."""

import io
from datetime import datetime
from fractions import Fraction
from typing import Any

import xlsxwriter  # type: ignore[import-untyped]

from coopfx.ground.exact import Kind, Type, currency_of, decimals_of

INK, PAPER, LINE = "#1F2A37", "#EEF3F8", "#C9D3DE"
_TEXT = {"font_name": "Calibri", "font_size": 11, "valign": "top"}


class Book:
    """A workbook in memory; ``bytes`` closes it."""

    def __init__(self, title: str) -> None:
        self._file = io.BytesIO()
        options = {
            "in_memory": True,
            # What begins with = + - @ in the data is a text, and a link is no link.
            "strings_to_formulas": False,
            "strings_to_numbers": False,
            "strings_to_urls": False,
        }
        self.workbook: Any = xlsxwriter.Workbook(self._file, options)
        self.workbook.set_properties({"title": title, "created": datetime(2000, 1, 1)})
        self._formats: dict[tuple[tuple[str, Any], ...], Any] = {}

    def format(self, **properties: Any) -> Any:
        """A format, made once."""
        key = tuple(sorted(properties.items()))
        if key not in self._formats:
            self._formats[key] = self.workbook.add_format(_TEXT | properties)
        return self._formats[key]

    def sheet(self, name: str, *, landscape: bool = True) -> Any:
        """A further sheet, set up to be printed one page wide."""
        sheet = self.workbook.add_worksheet(name)
        sheet.hide_gridlines(2)
        sheet.fit_to_pages(1, 0)
        sheet.set_paper(9)
        sheet.set_footer("&L&A&R&P / &N")
        if landscape:
            sheet.set_landscape()
        return sheet

    def bytes(self) -> bytes:
        """The file."""
        self.workbook.close()
        return self._file.getvalue()


def number_format(type_: Type, *, rate: bool = False) -> str:
    """How a figure of a type is shown; a spreadsheet program puts in the signs of its reader."""
    if rate:
        return "0.00%"
    if type_.kind is Kind.DATE:
        return "yyyy-mm-dd"
    if type_.kind is not Kind.QUANTITY:
        return "@"
    currency = currency_of(type_.unit)
    if currency:
        decimals = decimals_of(currency)
        return "#,##0" + ("." + "0" * decimals if decimals else "")
    return "0" if type_.whole else "General"


def as_cell(value: Fraction) -> int | float:
    """A number as a workbook holds it: sixteen figures, beyond any amount that is paid."""
    return int(value) if value.denominator == 1 else float(value)
