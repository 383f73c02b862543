"""Exact quantities: units, types, rounding by its legal name. There is no float here.

A quantity is a ``fractions.Fraction`` beside a unit; a unit is a product of powers of a few bases: a
currency's code, ``month``, ``day``, ``hour``. Months and days do not mix: no calendar makes them one.
"""

import gc
from collections.abc import Iterable
from datetime import date
from enum import Enum
from fractions import Fraction
from functools import reduce
from typing import NoReturn

from attrs import frozen

Unit = tuple[tuple[str, int], ...]

PLAIN: Unit = ()
MONTH: Unit = (("month", 1),)
DAY: Unit = (("day", 1),)
HOUR: Unit = (("hour", 1),)
_TIMES = {"month", "day", "hour"}

# ISO 4217: currencies whose smallest unit is not a hundredth.
_DECIMALS = {
    **dict.fromkeys(("BIF", "CLP", "DJF", "GNF", "ISK", "JPY", "KMF", "KRW", "PYG"), 0),
    **dict.fromkeys(("RWF", "UGX", "VND", "VUV", "XAF", "XOF", "XPF"), 0),
    **dict.fromkeys(("BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND"), 3),
}

CURRENCY_SIGNS = {
    "€": ("EUR",),
    "$": (
        *(
            "USD",
            "CAD",
            "AUD",
            "NZD",
            "HKD",
            "SGD",
            "TWD",
            "JMD",
            "TTD",
            "BBD",
            "BSD",
            "BZD",
            "XCD",
        ),
        *("FJD", "SBD", "GYD", "SRD", "LRD", "NAD", "BND", "KYD", "BMD"),
        *("MXN", "ARS", "CLP", "COP", "UYU", "DOP", "CUP"),
    ),
    "£": ("GBP", "GIP", "FKP", "SHP", "EGP", "LBP", "SYP", "SSP", "SDG"),
}
"""The currencies that share a sign, the one first that it stands for where no text says which."""


def money(currency: str) -> Unit:
    """The unit of an amount in a currency, by its ISO 4217 code."""
    return ((currency, 1),)


def unit_product(left: Unit, right: Unit, sign: int = 1) -> Unit:
    """The unit of a product, or of a quotient where ``sign`` is -1.

    >>> unit_product(money("EUR"), HOUR, -1)
    (('EUR', 1), ('hour', -1))
    >>> unit_product((("EUR", 1), ("hour", -1)), HOUR)
    (('EUR', 1),)
    """
    powers = dict(left)
    for base, power in right:
        powers[base] = powers.get(base, 0) + sign * power
    return tuple(sorted((base, power) for base, power in powers.items() if power))


def currency_of(unit: Unit) -> str | None:
    """The currency whose amounts carry this unit; None where the unit is not an amount of money."""
    if len(unit) == 1 and unit[0][1] == 1 and unit[0][0] not in _TIMES:
        return unit[0][0]
    return None


def step_of(unit: Unit) -> Fraction | None:
    """The smallest amount that is paid in this unit's currency; None where it is not money.

    >>> step_of(money("EUR")), step_of(money("JPY")), step_of(HOUR)
    (Fraction(1, 100), Fraction(1, 1), None)
    """
    currency = currency_of(unit)
    return None if currency is None else Fraction(1, 10 ** decimals_of(currency))


def decimals_of(currency: str) -> int:
    """How many decimals an amount in this currency is paid with (ISO 4217)."""
    return _DECIMALS.get(currency, 2)


def currency_named(written: str, own: str | None) -> str:
    """The currency's code that a code or a sign stands for, in a text whose amounts are in ``own``.

    >>> currency_named("$", "CAD"), currency_named("$", "EUR"), currency_named("CHF", "EUR")
    ('CAD', 'USD', 'CHF')
    """
    codes = CURRENCY_SIGNS.get(written, (written,))
    return own if own in codes else codes[0]


def signs_of(currency: str) -> tuple[str, ...]:
    """The signs that an amount in a currency may bear.

    >>> signs_of("CAD"), signs_of("CHF")
    (('$',), ())
    """
    return tuple(sign for sign, codes in CURRENCY_SIGNS.items() if currency in codes)


class Kind(Enum):
    """What sort of thing a value is."""

    QUANTITY = "quantity"
    DATE = "date"
    TEXT = "text"
    YES_NO = "yes_no"
    LINK = "link"


@frozen(slots=True)
class Type:
    """What a figure is: a quantity with its unit, a date, a text, yes or no, or a link to a record."""

    kind: Kind
    unit: Unit = PLAIN
    whole: bool = False
    record: str | None = None

    @property
    def is_plain(self) -> bool:
        """Whether a figure of this type may be named, compared, allocated or shown."""
        bases = dict(self.unit)
        currencies = [power for base, power in bases.items() if base not in _TIMES]
        return (
            all(abs(power) == 1 for power in bases.values())
            and len(bases) <= 2
            and len(currencies) <= 1
            and sum(power > 0 for power in bases.values()) <= 1
        )

    def same_sort(self, other: "Type") -> bool:
        """Whether values of the two types can be added or compared."""
        return (self.kind, self.unit, self.record) == (other.kind, other.unit, other.record)


NUMBER = Type(Kind.QUANTITY)
WHOLE = Type(Kind.QUANTITY, whole=True)
DATE = Type(Kind.DATE)
TEXT = Type(Kind.TEXT)
YES_NO = Type(Kind.YES_NO)


def quantity(unit: Unit) -> Type:
    """The type of a quantity in a unit."""
    return Type(Kind.QUANTITY, unit)


_NO_TRUTH = "what is not known is neither true nor false: ask for its type"


@frozen(slots=True)
class Missing:
    """A value that cannot be had because facts are not given: their names, with the record's id.

    Each fact is a pair of its canonical name and an identifier, empty for the cooperative's own. It has
    no truth: ``bool()`` raises TypeError.
    """

    facts: tuple[tuple[str, str], ...]

    def __bool__(self) -> NoReturn:
        raise TypeError(_NO_TRUTH)

    def __or__(self, other: "Missing") -> "Missing":
        return Missing(tuple(sorted({*self.facts, *other.facts})))


@frozen(slots=True)
class Undefined:
    """A value that does not exist, and why: ``division``, or the kind of aggregate of nobody.

    It has no truth: ``bool()`` raises TypeError.
    """

    reason: str

    def __bool__(self) -> NoReturn:
        raise TypeError(_NO_TRUTH)


Known = Fraction | date | str | bool
Value = Known | Missing | Undefined


class Rounding(Enum):
    """The ways of rounding that statutes and laws name.

    ``HALF_UP`` rounds a half away from zero, as commercial rounding does; ``UP`` and ``DOWN`` go
    away from zero and towards it.
    """

    UP = "up"
    DOWN = "down"
    HALF_UP = "half_up"
    HALF_EVEN = "half_even"


def round_to(value: Fraction, step: Fraction, rounding: Rounding = Rounding.HALF_UP) -> Fraction:
    """The multiple of ``step`` that ``value`` is rounded to.

    >>> round_to(Fraction("-0.125"), Fraction(1, 100))
    Fraction(-13, 100)
    >>> round_to(Fraction("0.125"), Fraction(1, 100), Rounding.HALF_EVEN)
    Fraction(3, 25)
    """
    if step.numerator == 1 and not step.denominator % value.denominator:
        return value
    above, below = abs(step.numerator), step.denominator
    size = value.denominator * above
    whole, rest = divmod(abs(value.numerator) * below, size)
    twice = 2 * rest
    if rounding is Rounding.UP:
        whole += rest > 0
    elif rounding is Rounding.HALF_UP:
        whole += twice >= size
    elif rounding is Rounding.HALF_EVEN:
        whole += twice > size or (twice == size and whole % 2 == 1)
    return Fraction((-whole if value.numerator < 0 else whole) * above, below)


def added(values: Iterable[Fraction]) -> Fraction:
    """The sum of many numbers: those of one denominator are added as whole numbers.

    >>> added([Fraction(1, 3), Fraction(1, 4), Fraction(5, 3)])
    Fraction(9, 4)
    """
    numerators: dict[int, int] = {}
    for value in values:
        numerators[value.denominator] = numerators.get(value.denominator, 0) + value.numerator
    return sum((Fraction(top, bottom) for bottom, top in numerators.items()), Fraction(0))


def negative(value: Value) -> Value:
    """An amount the other way round; what is not known stays so."""
    return -value if isinstance(value, Fraction) else value


def plus(one: Value, other: Value) -> Value:
    """A sum of two amounts; not known where either is not.

    >>> plus(Fraction(1), Missing((("surplus", ""),)))
    Missing(facts=(('surplus', ''),))
    """
    if isinstance(one, Fraction) and isinstance(other, Fraction):
        return one + other
    if isinstance(one, Missing) and isinstance(other, Missing):
        return one | other
    return other if isinstance(one, Fraction) else one


def total(amounts: Iterable[Value]) -> Value:
    """The sum of amounts; not known where any of them is not."""
    nothing: Value = Fraction(0)
    return reduce(plus, amounts, nothing)


def quotients(numerators: Iterable[int], denominators: Iterable[int]) -> list[Fraction]:
    """Many exact numbers at once, each a numerator over its denominator.

    The collector rests meanwhile, which halves the time: it would look again and again at numbers of which
    none can be garbage.

    >>> [str(one) for one in quotients([150, -1], [100, 1])]
    ['3/2', '-1']
    """
    collects = gc.isenabled()
    gc.disable()
    try:
        return list(map(Fraction, numerators, denominators))
    finally:
        if collects:
            gc.enable()


def decimal_text(value: Fraction, decimals: int | None = None) -> str:
    """An exact number as text: decimal where it ends, ``p/q`` where it does not.

    With ``decimals``, the value must be a multiple of that power of ten, and is written in full.

    >>> decimal_text(Fraction(5, 2)), decimal_text(Fraction(1, 3)), decimal_text(Fraction(60000), 2)
    ('2.5', '1/3', '60000.00')
    """
    if decimals is None:
        denominator, decimals = value.denominator, 0
        twos = fives = 0
        while denominator % 2 == 0:
            denominator, twos = denominator // 2, twos + 1
        while denominator % 5 == 0:
            denominator, fives = denominator // 5, fives + 1
        if denominator != 1:
            return f"{value.numerator}/{value.denominator}"
        decimals = max(twos, fives)
    scaled = value * 10**decimals
    if scaled.denominator != 1:
        raise ValueError(f"{value} is no multiple of 10^-{decimals}")
    digits = str(abs(scaled.numerator)).rjust(decimals + 1, "0")
    sign = "-" if scaled < 0 else ""
    return sign + (f"{digits[:-decimals]}.{digits[-decimals:]}" if decimals else digits)
