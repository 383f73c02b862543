"""The amounts and dates of a FEC, however they are written, as whole cents and as dates."""

import re
from datetime import date
from fractions import Fraction

from coopfx.ground.exact import Type, money, quantity

_PLAIN = re.compile(r"\s*([+-]?)(\d+)(?:[.,](\d\d?)(0*))?\s*", re.ASCII)
_SPACES = dict.fromkeys(map(ord, " \u00a0\u202f\u2009'"))
_GROUPS = re.compile(r"\d{1,3}(?:(?P<group>[.,])\d{3})(?:(?P=group)\d{3})*(?P<rest>[.,]\d{1,2})?")
_DATES = (
    re.compile(r"(?P<y>\d{4})(?P<m>\d\d)(?P<d>\d\d)", re.ASCII),
    re.compile(r"(?P<d>\d\d?)([/.-])(?P<m>\d\d?)\2(?P<y>\d{4})(?:[ T][\d:.]+)?", re.ASCII),
    re.compile(r"(?P<y>\d{4})([/.-])(?P<m>\d\d?)\2(?P<d>\d\d?)(?:[ T][\d:.]+Z?)?", re.ASCII),
    re.compile(r"(?P<d>\d\d?)([/.])(?P<m>\d\d?)\2(?P<y>\d\d)(?:[ T][\d:.]+)?", re.ASCII),
)
_CENTURY = 30
_DIGITS = 18


def cents(text: str) -> int | None:
    """An amount as whole cents, zero where the cell is empty; None where it cannot be said.

    Decimal comma or point, signs on either side or brackets, thousands parted by spaces or by the
    other sign. ``1,500`` could be either and is none; so is an amount finer than a cent.

    >>> [cents(text) for text in ("1234,56", "-1 234.5", "(1.234,56)", "12-", "", "12,34000")]
    [123456, -123450, -123456, -1200, 0, 1234]
    >>> [cents(text) for text in ("1,500", "0.125", "1e3", "douze", "1,2,3")]
    [None, None, None, None, None]
    """
    found = _PLAIN.fullmatch(text)
    if found is None:
        return _odd(text)
    sign, whole, part, zeros = found.groups()
    if part is None:
        value = int(whole) * 100 if len(whole) <= _DIGITS else None
    elif zeros == "0" and len(part) == 2 and len(whole) < 4 and whole != "0":
        value = None  # three decimals after one to three digits: thousands, to another reader
    else:
        value = int(whole) * 100 + int(part) * (10 if len(part) == 1 else 1)
        value = value if len(whole) <= _DIGITS else None
    return -value if sign == "-" and value is not None else value


def _odd(text: str) -> int | None:
    text = text.translate(_SPACES).strip().removesuffix("€")
    if not text:
        return 0
    negative = False
    if text.startswith("(") and text.endswith(")"):
        negative, text = True, text[1:-1]
    elif text.endswith(("-", "+")):
        negative, text = text.endswith("-"), text[:-1]
    elif text.startswith(("-", "+")):
        negative, text = text.startswith("-"), text[1:]
    grouped = _GROUPS.fullmatch(text)
    if grouped and (grouped["rest"] or text.count(grouped["group"]) > 1):
        rest = grouped["rest"] or ""
        if rest[:1] == grouped["group"]:
            return None
        whole = text.removesuffix(rest).replace(grouped["group"], "")
        text = whole + rest
    found = _PLAIN.fullmatch(text)
    if found is None or found[1] or text != text.strip():
        return None
    value = cents(text)
    return -value if negative and value is not None else value


def day(text: str) -> date | None:
    """A date: ``20241231`` as the law asks, ``31/12/2024`` or ``2024-12-31``; None where it is none.

    >>> day("20240229"), day("29/02/2024"), day("2024-02-29T00:00:00"), day("20240231")
    (datetime.date(2024, 2, 29), datetime.date(2024, 2, 29), datetime.date(2024, 2, 29), None)
    """
    text = text.strip()
    for form in _DATES:
        if found := form.fullmatch(text):
            try:
                year = int(found["y"])
                if len(found["y"]) == 2:
                    year += 1900 if year >= _CENTURY else 2000
                return date(year, int(found["m"]), int(found["d"]))
            except ValueError:
                return None
    return None


def is_short(text: str) -> bool:
    """Whether the year of a date has two digits: ``31/12/24``."""
    return _DATES[-1].fullmatch(text.strip()) is not None


def decimal(cents_: int, mark: str = ".") -> str:
    """Whole cents as a decimal number.

    >>> decimal(-1205), decimal(7, ",")
    ('-12.05', '0,07')
    """
    sign = "-" if cents_ < 0 else ""
    return f"{sign}{abs(cents_) // 100}{mark}{abs(cents_) % 100:02}"


def euros(cents_: int) -> tuple[Fraction, Type]:
    """Whole cents as an amount that a sentence shows in the reader's language."""
    return Fraction(cents_, 100), quantity(money("EUR"))
