"""Days as numbers: the calendar as arithmetic of whole numbers, and what delays make of a day.

A day is its ordinal of the Gregorian calendar, 1 on the first of January of the year 1, as Python
counts. Years are counted from March here: the day that leap years add is then the last of its year,
and the months before any month have (153 × months + 2) / 5 days, rounded down.
"""

from collections.abc import Sequence
from datetime import date
from typing import Any

import z3

from coopfx.engine.symbols.terms import Term, Terms, fixed, least

_LAST = date.max.toordinal()
_BEFORE = 305
"""The ordinal of the last day of December of the year 0, counted from the first of March before."""
_JANUARY = 10
"""How many months stand before January in a year that begins in March."""
_SHORTEST, _LONGEST = 28, 31
# In 400 years there are so many days, and no year begins farther from its even part of them.
_DAYS, _YEARS, _UNEVEN = 146_097, 400, 2


def _whole(year: Terms, delay: Any) -> tuple[Any, z3.BoolRef]:
    """A delay as a whole number, and whether it is one."""
    figure = fixed(delay)
    if figure is not None:
        whole = year.whole(int(figure))
        return whole, year.true if figure.denominator == 1 else year.false
    return z3.ToInt(delay), z3.IsInt(delay)


def add_days(year: Terms, terms: Sequence[Term]) -> Term:
    """The day so many days after another; none where that is no whole number, or out of the calendar."""
    day, delay = terms
    count, is_whole = _whole(year, delay.value)
    found = day.value + count
    return Term(found, year.both([is_whole, found >= 1, found <= _LAST]))


def add_months(year: Terms, terms: Sequence[Term]) -> Term:
    """The day so many months after another, at most the last of its month.

    A month is of 28 to 31 days: that is said beside it, and mostly enough.
    """
    day, delay = terms
    count, is_whole = _whole(year, delay.value)
    found, inside = z3.FreshInt("day", year.context), z3.FreshBool("inside", year.context)
    far = found - day.value
    shortest, longest = count * _SHORTEST, count * _LONGEST
    bounds = z3.If(
        count >= 0, z3.And(far >= shortest, far <= longest), z3.And(far <= shortest, far >= longest)
    )
    valid = z3.And(inside, day.value >= 1, day.value <= _LAST)
    year.axioms.append(z3.Implies(valid, z3.And(bounds, found >= 1, found <= _LAST)))
    number, month, place = _written(year, day.value)
    months = number * 12 + month + count
    calendar = (months - _JANUARY) / 12 + 1
    is_one = year.both([is_whole, calendar >= 1, calendar <= date.max.year])
    number, month = months / 12, months % 12
    ends = z3.If(month == 11, _start(number + 1) - _start(number), _month_start(month + 1))
    before = _month_start(month)
    exact = _start(number) + before + least(place, ends - before) - 1 - _BEFORE
    year.exactly += [inside == is_one, found == exact]
    return Term(found, inside)


def _start(number: Any) -> Any:
    """How many days come before a year."""
    return number * 365 + number / 4 - number / 100 + number / 400


def _month_start(month: Any) -> Any:
    """How many days of a year come before a month."""
    return (month * 153 + 2) / 5


def _written(year: Terms, day: z3.ArithRef) -> tuple[z3.ArithRef, z3.ArithRef, z3.ArithRef]:
    """A day's year, how many months of it are over, and the day of the month."""
    number = year.years_of.get(day.get_id(), (None, None))[1]
    since = day + _BEFORE
    if number is None:
        number = z3.FreshInt("year", year.context)
        year.years_of[day.get_id()] = day, number
        near = (since - 366 - _UNEVEN) * _YEARS <= number * _DAYS
        near = z3.And(near, number * _DAYS <= (since + _UNEVEN) * _YEARS)
        said = z3.And(_start(number) <= since, since < _start(number + 1), near)
        year.exactly.append(z3.Implies(z3.And(day >= 1, day <= _LAST), said))
    within = since - _start(number)
    month = (within * 5 + 2) / 153
    return number, month, within - _month_start(month) + 1
