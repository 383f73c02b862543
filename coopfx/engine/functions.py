"""Functions of plain exact values that every engine takes from here: later days, logarithms."""

from calendar import monthrange
from datetime import date, timedelta
from decimal import Context, Decimal
from fractions import Fraction

from coopfx.ground.exact import Rounding, round_to


def after(day: date, count: int, unit: str) -> date | None:
    """The day so many months or days after another; None outside the calendar.

    A month that has no such day gives its last one.

    >>> after(date(2024, 1, 31), 1, "month"), after(date(9999, 12, 31), 1, "day")
    (datetime.date(2024, 2, 29), None)
    """
    try:
        if unit == "day":
            return day + timedelta(days=count)
        month = day.year * 12 + day.month - 1 + count
        year, month = divmod(month, 12)
        return day.replace(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))
    except (ValueError, OverflowError):
        return None


def logarithm(value: Fraction, places: int) -> Fraction | None:
    """The natural logarithm, rounded half even to so many decimals; None of what is not above zero.

    It is worked out to more and more digits, until these decide the last decimal.

    >>> logarithm(Fraction(10), 4), logarithm(Fraction(0), 4)
    (Fraction(11513, 5000), None)
    """
    if value <= 0:
        return None
    if value == 1:
        return Fraction(0)
    step, digits = Fraction(1, 10**places), places + 20
    while True:
        # The quotient and the logarithm are each wrong by less than a unit of their last digit.
        context = Context(prec=digits + 10)
        quotient = context.divide(Decimal(value.numerator), Decimal(value.denominator))
        found, slack = Fraction(context.ln(quotient)), Fraction(1, 10**digits)
        low, high = (round_to(found + way * slack, step, Rounding.HALF_EVEN) for way in (-1, 1))
        if low == high:
            return low
        digits *= 2
