"""What both formats of workbooks are read to: sheets of cells as text, with what is amiss in them."""

import re
from datetime import date, timedelta
from decimal import Context, Decimal, InvalidOperation

from attrs import Factory, define, frozen

from coopfx_sheets.archive import MOST_CELLS, RefusedError

ERROR, NO_VALUE, FETCHED = "E05", "E06", "W03"
"""What may be amiss with a cell: a formula's error, a formula whose value is not kept, one that was
fetched from another file."""
# Spreadsheet programs show no more than fifteen figures of a number; those beyond are what is left
# of binary fractions: 0.1 + 0.2 is kept as 0.30000000000000004.
_FIFTEEN = Context(prec=15)
# A number of at most fifteen figures, written as it is handed on.
_PLAIN = re.compile(r"0|(?:0|[1-9][0-9]{0,8})\.[0-9]{0,5}[1-9]|-?[1-9][0-9]{0,14}")


@frozen(slots=True)
class Amiss:
    """A cell that holds no value: its row, its column from 0, a code of this plugin, what it shows."""

    line: int
    column: int
    code: str
    found: str


@frozen(slots=True)
class Merged:
    """Cells that are merged into one: rows from 1, columns from 0, the last ones included."""

    first_line: int
    first_column: int
    last_line: int
    last_column: int

    @property
    def name(self) -> str:
        """As a spreadsheet program writes it: ``A3:B4``."""
        first = address(self.first_line, self.first_column)
        return f"{first}:{address(self.last_line, self.last_column)}"


@define(slots=True)
class Grid:
    """A sheet: the rows that hold anything, each with its number and its cells by their columns.

    ``numbers`` are the cells, by row and column, that hold a number with decimals; ``concealed`` the rows
    that are hidden or filtered out.
    """

    name: str
    hidden: bool = False
    rows: list[tuple[int, dict[int, str]]] = Factory(list)
    amiss: list[Amiss] = Factory(list)
    merged: list[Merged] = Factory(list)
    numbers: set[tuple[int, int]] = Factory(set)
    concealed: list[int] = Factory(list)


@define(slots=True)
class Count:
    """How many cells a workbook may still hold. Raises RefusedError where there are more."""

    left: int = MOST_CELLS

    def take(self, cells: int) -> None:
        """Count some cells."""
        self.left -= cells
        if self.left < 0:
            raise RefusedError("E09", most=MOST_CELLS)


def address(line: int, column: int) -> str:
    """A cell's name.

    >>> address(5, 2), address(1, 701), address(1, 702)
    ('C5', 'ZZ1', 'AAA1')
    """
    return f"{letters(column)}{line}"


def letters(column: int) -> str:
    """A column's name, of its number from 0."""
    name, left = "", column + 1
    while left:
        left, rest = divmod(left - 1, 26)
        name = chr(65 + rest) + name
    return name


def number(text: str, *, percent: bool = False) -> str:
    """A number of a workbook's XML as a decimal; as it stands where it is none, or is out of bounds.

    >>> number("1.2E3"), number("0.30000000000000004"), number("0.925", percent=True)
    ('1200', '0.3', '92.5 %')
    """
    if not percent and _PLAIN.fullmatch(text):
        return text
    try:
        value = Decimal(text.strip())
    except InvalidOperation:
        return text
    if not value.is_finite() or (value and not -30 < value.adjusted() < 30):
        return text
    value = _FIFTEEN.plus(value)
    if percent:
        value *= 100
    shown = f"{value:f}"
    if "." in shown:
        shown = shown.rstrip("0").rstrip(".")
    return f"{shown} %" if percent else shown


def duration(text: str) -> str:
    """A number of days that is shown as a duration, in hours: ``1607:00``; as it stands where it is none.

    >>> duration("66.95833333333333"), duration("0.3125"), duration("-0.5")
    ('1607:00', '7:30', '-12:00')
    """
    try:
        days = Decimal(text.strip())
    except InvalidOperation:
        return text
    if not days.is_finite() or days.adjusted() > 6:
        return text
    seconds = int((days * 86400).to_integral_value())
    minutes, rest = divmod(abs(seconds), 60)
    shown = f"{'-' * (seconds < 0)}{minutes // 60}:{minutes % 60:02}"
    return f"{shown}:{rest:02}" if rest else shown


def day(text: str, *, from_1904: bool) -> str:
    """A number that is shown as a date, as ``2024-12-31``, whatever the hour; under one, the hour.

    >>> day("45657", from_1904=False), day("44195", from_1904=True), day("59", from_1904=False)
    ('2024-12-31', '2024-12-31', '1900-02-28')
    >>> day("45657.354", from_1904=False), day("0.3125", from_1904=False)
    ('2024-12-31', '7:30')
    """
    try:
        value = Decimal(text.strip())
        days = int(value)
    except (InvalidOperation, ValueError, OverflowError):
        return text
    if 0 <= value < 1:
        return duration(text)
    if not 0 < days < 2_958_466:
        return number(text)
    if from_1904:
        return (date(1904, 1, 1) + timedelta(days)).isoformat()
    if days == 60:  # the 29 February 1900, which was none
        return number(text)
    return (date(1899, 12, 30 if days > 60 else 31) + timedelta(days)).isoformat()
