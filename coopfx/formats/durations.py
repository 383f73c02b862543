"""Lengths of time between two days, exactly: in whole days, or in months of the calendar."""

from datetime import date
from fractions import Fraction

from coopfx.ground.exact import DAY, Type


def later(day: date, months: int) -> date:
    """The same day so many months later, or the last one of a month that has no such day.

    >>> later(date(2024, 1, 31), 1), later(date(2024, 3, 15), -12)
    (datetime.date(2024, 2, 29), datetime.date(2023, 3, 15))
    """
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    for last in (day.day, 30, 29, 28):
        if last <= day.day:
            try:
                return date(year, month + 1, last)
            except ValueError:
                continue
    raise ValueError("a month has 28 days at least")


def months_between(start: date, beyond: date) -> Fraction:
    """The months from a day up to another, which is not counted: whole ones, and of the last one its
    days as a part of those it has.

    >>> months_between(date(2024, 4, 1), date(2025, 1, 1))
    Fraction(9, 1)
    >>> months_between(date(2024, 4, 17), date(2024, 6, 1))
    Fraction(46, 31)
    """
    if beyond <= start:
        return Fraction(0)
    whole = (beyond.year - start.year) * 12 + beyond.month - start.month
    if later(start, whole) > beyond:
        whole -= 1
    first, following = later(start, whole), later(start, whole + 1)
    return whole + Fraction((beyond - first).days, (following - first).days)


def length_of_time(start: date, beyond: date, type_: Type) -> Fraction:
    """A length of time in a figure's own unit, months or days; where it is a whole number, those that are
    complete."""
    if type_.unit == DAY:
        return Fraction(max((beyond - start).days, 0))
    found = months_between(start, beyond)
    return Fraction(int(found)) if type_.whole else found
