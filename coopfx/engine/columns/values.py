"""Columns of exact numbers, and of yes or no, with what is not known about them.

A column of numbers is a column of whole numerators over one denominator, or over a denominator each.
Numerators are 64-bit integers for as long as a bound on their size says that nothing can overflow,
and Python's own integers from there on: numpy wraps silently, so every operation asks first.
"""

from collections.abc import Callable, Sequence
from fractions import Fraction
from math import gcd
from typing import Any

import numpy as np
from attrs import evolve, frozen
from numpy.typing import NDArray

Array = NDArray[Any]

KNOWN, MISSING, UNDEFINED = 0, 1, 2
WIDEST = 2**62
"""A bound below which sums of two numerators still fit into 64 bits."""

State = Array | None
"""What is not known, row by row: 0 known, 1 missing, 2 undefined; None where all is known."""


@frozen(slots=True, eq=False)
class Numbers:
    """Exact numbers: ``numerators`` / ``denominator``, where ``state`` says they are known.

    ``peak`` is at least the size of every numerator, ``deep`` of every denominator.
    """

    numerators: Array
    denominator: int | Array
    peak: int
    deep: int
    state: State = None

    def __len__(self) -> int:
        return len(self.numerators)


@frozen(slots=True, eq=False)
class Truths:
    """Yes or no, where ``state`` says it is known; a row that is not known says no."""

    values: Array
    state: State = None

    def __len__(self) -> int:
        return len(self.values)


@frozen(slots=True, eq=False)
class Labels:
    """Texts, dates or links, as Python values; None where they are not known."""

    values: Array
    state: State = None

    def __len__(self) -> int:
        return len(self.values)


Column = Numbers | Truths | Labels


def numbers(numerators: Array, denominator: int, state: State = None) -> Numbers:
    """A column over one denominator, with the bound that its rows have in fact."""
    peak = int(max(numerators.max(), -numerators.min())) if len(numerators) else 0
    return Numbers(numerators, denominator, peak, denominator, state)


def from_fractions(values: Sequence[Fraction | None], state: State = None) -> Numbers:
    """A column of these values over their least common denominator; None counts as zero."""
    common = 1
    for value in values:
        if value is not None:
            common = common * value.denominator // gcd(common, value.denominator)
    wide = [
        0 if value is None else value.numerator * (common // value.denominator) for value in values
    ]
    peak = max(map(abs, wide), default=0)
    dtype: Any = np.int64 if peak < WIDEST else object
    return Numbers(np.array(wide, dtype=dtype), common, peak, common, state)


def fraction_at(column: Numbers, row: int) -> Fraction:
    """The exact value of one row."""
    below = column.denominator
    if not isinstance(below, int):
        below = int(below[row if len(below) > 1 else 0])
    return Fraction(int(column.numerators[row]), below)


def widened(array: Array) -> Array:
    """The same numbers as Python integers."""
    return array if array.dtype == object else array.astype(object)


def _as(array: Array, bound: int) -> Array:
    """The numbers in the narrowest kind that holds results up to a bound."""
    return widened(array) if bound >= WIDEST else array


def tight(column: Numbers) -> Numbers:
    """The same column with the bounds that its rows have in fact."""
    if not len(column):
        return evolve(column, peak=0, deep=1)
    above = column.numerators
    below = column.denominator
    peak = int(max(above.max(), -above.min()))
    deep = below if isinstance(below, int) else int(below.max())
    if above.dtype == object and peak < WIDEST:
        above = above.astype(np.int64)
    if not isinstance(below, int) and below.dtype == object and deep < WIDEST:
        below = below.astype(np.int64)
    return Numbers(above, below, peak, deep, column.state)


# ---- what is not known


def worst(*states: State) -> State:
    """What keeps a result from being known: missing before undefined."""
    found: State = None
    for state in states:
        if state is None:
            continue
        found = (
            state
            if found is None
            else np.where(
                (found == MISSING) | (state == MISSING), MISSING, np.maximum(found, state)
            )
        )
    return found


def first_unknown(*states: State) -> State:
    """The first of several states, row by row, that is not known."""
    found: State = None
    for state in states:
        if state is not None:
            found = state if found is None else np.where(found != KNOWN, found, state)
    return found


def known(state: State, size: int) -> Array:
    """Which rows are known."""
    return np.ones(size, bool) if state is None else np.broadcast_to(state == KNOWN, size)


# ---- arithmetic


def negative(column: Numbers) -> Numbers:
    """Each number negated."""
    return evolve(column, numerators=-column.numerators)


def _over(column: Numbers, common: int) -> Array:
    """The numerators over a common denominator that the column's own divides."""
    assert isinstance(column.denominator, int)
    factor = common // column.denominator
    if factor == 1:
        return column.numerators
    return _as(column.numerators, column.peak * factor) * factor


def add(columns: Sequence[Numbers]) -> Numbers:
    """The sum of columns, row by row."""
    state = worst(*(column.state for column in columns))
    below = [column.denominator for column in columns]
    if all(isinstance(one, int) for one in below):
        common = 1
        for one in below:
            assert isinstance(one, int)
            common = common * one // gcd(common, one)
        bound = sum(column.peak * (common // int(column.deep)) for column in columns)
        total: Array = _as(_over(columns[0], common), bound)
        for column in columns[1:]:
            total = total + _as(_over(column, common), bound)
        return Numbers(total, common, bound, common, state)
    result = columns[0]
    for column in columns[1:]:
        result = _add_each(result, column)
    return evolve(result, state=state)


def _add_each(left: Numbers, right: Numbers) -> Numbers:
    """A sum where the rows have denominators of their own."""
    bound = left.peak * right.deep + right.peak * left.deep
    deep = left.deep * right.deep
    if max(bound, deep) >= WIDEST:
        left, right = tight(left), tight(right)
        bound = left.peak * right.deep + right.peak * left.deep
        deep = left.deep * right.deep
    size = max(bound, deep)
    above = _as(left.numerators, size) * _below(right, size) + _as(right.numerators, size) * _below(
        left, size
    )
    return Numbers(above, _below(left, size) * _below(right, size), bound, deep)


def _below(column: Numbers, bound: int) -> Any:
    below = column.denominator
    return below if isinstance(below, int) else _as(below, bound)


def multiply(columns: Sequence[Numbers]) -> Numbers:
    """The product of columns, row by row."""
    result = columns[0]
    for column in columns[1:]:
        left, right = result, column
        if max(left.peak * right.peak, left.deep * right.deep) >= WIDEST:
            left, right = tight(left), tight(right)
        peak, deep = left.peak * right.peak, left.deep * right.deep
        size = max(peak, deep)
        result = Numbers(
            _as(left.numerators, size) * _as(right.numerators, size),
            _below(left, size) * _below(right, size),
            peak,
            deep,
        )
    return evolve(result, state=worst(*(column.state for column in columns)))


def divide(left: Numbers, right: Numbers) -> Numbers:
    """A quotient, row by row; undefined where it would be a division by zero."""
    state = worst(left.state, right.state)
    above_by, below_by = right.denominator, left.denominator
    if isinstance(above_by, int) and isinstance(below_by, int):
        common = gcd(above_by, below_by)
        above_by, below_by = above_by // common, below_by // common
        left = evolve(left, denominator=below_by, deep=below_by)
        right = evolve(right, denominator=above_by, deep=above_by)
    if max(left.peak * right.deep, left.deep * right.peak) >= WIDEST:
        left, right = tight(left), tight(right)
    peak, deep = left.peak * right.deep, max(left.deep * right.peak, 1)
    size = max(peak, deep)
    above = _times(_as(left.numerators, size), _below(right, size))
    below = _as(right.numerators, size)
    if not len(below) or below.min() <= 0:
        zero = below == 0
        if zero.any():
            rows = max(len(left), len(right))
            own = np.zeros(rows, np.uint8) if state is None else state
            state = np.where((own == KNOWN) & zero, UNDEFINED, own)
        above = above * np.where(below < 0, -1, 1)
        below = np.where(zero, 1, np.abs(below))
    return Numbers(above, _times(below, _below(left, size)), peak, deep, state)


def _times(rows: Array, factor: Any) -> Array:
    """A product, for which nothing is done where the factor is one."""
    made: Array = rows if isinstance(factor, int) and factor == 1 else rows * factor
    return made


def rounded(column: Numbers, step: Fraction, way: str = "half_up") -> Numbers:
    """Each number to a multiple of a step, a half away from zero unless the way says otherwise."""
    above, below = _steps(column, step)
    if isinstance(below, int) and below == 1:
        units = above
    else:
        size = np.abs(above)
        floor = size // below
        rest = size - floor * below
        if way == "half_up":
            floor = floor + (2 * rest >= below)
        elif way == "half_even":
            floor = floor + ((2 * rest > below) | ((2 * rest == below) & (floor % 2 == 1)))
        elif way == "up":
            floor = floor + (rest > 0)
        units = np.where(above < 0, -floor, floor)
    scale = 1 / step
    peak = column.peak * scale.numerator // scale.denominator + 1
    if units.dtype == object:
        peak = int(max((abs(unit) for unit in units), default=0))
        units = units.astype(np.int64) if peak < WIDEST else units
    bound = peak * step.numerator
    return Numbers(
        _as(units, bound) * step.numerator, step.denominator, bound, step.denominator, column.state
    )


def _steps(column: Numbers, step: Fraction) -> tuple[Array, Any]:
    """How many steps each number is, as numerators and denominators that rounding cannot overflow."""
    if isinstance(column.denominator, int):
        scale = Fraction(1, column.denominator) / step
        if 4 * max(column.peak * scale.numerator, scale.denominator) >= WIDEST:
            column = tight(column)
        bound = 4 * max(column.peak * scale.numerator, scale.denominator)
        return _as(column.numerators, bound) * scale.numerator, scale.denominator
    scaled = multiply([column, constant(1 / step)])
    if 4 * max(scaled.peak, scaled.deep) >= WIDEST:
        scaled = tight(scaled)
    bound = 4 * max(scaled.peak, scaled.deep)
    return _as(scaled.numerators, bound), _below(scaled, bound)


def constant(value: Fraction) -> Numbers:
    """One number beside any column."""
    peak = abs(value.numerator)
    dtype: Any = np.int64 if peak < WIDEST else object
    return Numbers(np.array([value.numerator], dtype), value.denominator, peak, value.denominator)


# ---- comparing


def difference_sign(left: Numbers, right: Numbers) -> Array:
    """The sign of left - right, row by row, exactly: -1, 0 or 1."""
    if isinstance(left.denominator, int) and isinstance(right.denominator, int):
        first, second = left.numerators, right.numerators
        if left.denominator != right.denominator:
            common = (
                left.denominator * right.denominator // gcd(left.denominator, right.denominator)
            )
            first, second = _over(left, common), _over(right, common)
        return (first > second).astype(np.int8) - (first < second).astype(np.int8)
    return _sign_each(left, right)


def _sign_each(left: Numbers, right: Numbers) -> Array:
    """Cross multiplication, in whole numbers wherever a float leaves any doubt."""
    if max(left.peak * right.deep, right.peak * left.deep) < WIDEST:
        first = left.numerators * right.denominator
        second = right.numerators * left.denominator
        return (first > second).astype(np.int8) - (first < second).astype(np.int8)
    size = max(len(left), len(right))
    one, two = approximate(left), approximate(right)
    gap = np.broadcast_to(one - two, size)
    scale = np.broadcast_to(np.abs(one) + np.abs(two), size)
    sign = np.sign(gap).astype(np.int8)
    for row in np.flatnonzero(np.abs(gap) <= scale * 1e-14).tolist():
        exact = fraction_at(left, row % len(left)) - fraction_at(right, row % len(right))
        sign[row] = (exact > 0) - (exact < 0)
    return sign


def approximate(column: Numbers) -> NDArray[np.float64]:
    """The numbers as floats, each within three units in the last place: to look, never to answer."""
    below = column.denominator
    above = column.numerators.astype(np.float64)
    quotient: NDArray[np.float64] = above / (
        float(below) if isinstance(below, int) else below.astype(np.float64)
    )
    return quotient


RELATIONS: dict[str, Callable[[Array], Array]] = {
    "equal": lambda sign: sign == 0,
    "differ": lambda sign: sign != 0,
    "at_least": lambda sign: sign >= 0,
    "at_most": lambda sign: sign <= 0,
    "below": lambda sign: sign < 0,
    "above": lambda sign: sign > 0,
}


def extreme(columns: Sequence[Numbers], kind: str) -> Numbers:
    """The least or the greatest of several columns, row by row."""
    result = columns[0]
    for column in columns[1:]:
        sign = difference_sign(column, result)
        result = chosen(sign < 0 if kind == "min" else sign > 0, column, result)
    return evolve(result, state=worst(*(column.state for column in columns)))


def chosen(condition: Array, first: Numbers, second: Numbers) -> Numbers:
    """The first number where a condition holds, else the second."""
    state: State = None
    if first.state is not None or second.state is not None:
        state = np.where(
            condition,
            KNOWN if first.state is None else first.state,
            KNOWN if second.state is None else second.state,
        )
    if isinstance(first.denominator, int) and isinstance(second.denominator, int):
        common = (
            first.denominator * second.denominator // gcd(first.denominator, second.denominator)
        )
        bound = max(
            first.peak * (common // first.denominator), second.peak * (common // second.denominator)
        )
        above = np.where(
            condition, _as(_over(first, common), bound), _as(_over(second, common), bound)
        )
        return Numbers(above, common, bound, common, state)
    above = np.where(condition, first.numerators, second.numerators)
    below = np.where(condition, first.denominator, second.denominator)
    return Numbers(above, below, max(first.peak, second.peak), max(first.deep, second.deep), state)


# ---- yes or no


def both(columns: Sequence[Truths]) -> Truths:
    """Kleene's and: one known no decides."""
    return _kleene(columns, decides=False)


def either(columns: Sequence[Truths]) -> Truths:
    """Kleene's or: one known yes decides."""
    return _kleene(columns, decides=True)


def _kleene(columns: Sequence[Truths], *, decides: bool) -> Truths:
    values = columns[0].values
    for column in columns[1:]:
        values = values | column.values if decides else values & column.values
    if all(column.state is None for column in columns):
        return Truths(values)
    size = max(len(column) for column in columns)
    decided = np.zeros(size, bool)
    for column in columns:
        sure = known(column.state, len(column))
        decided |= sure & (column.values if decides else ~column.values)
    state = worst(*(column.state for column in columns))
    assert state is not None
    state = np.where(decided, KNOWN, state).astype(np.uint8)
    return Truths(decided & decides | ((state == KNOWN) & values & (not decides)), state)


def opposite(column: Truths) -> Truths:
    """Not: a row that is not known stays so."""
    if column.state is None:
        return Truths(~column.values)
    return Truths(~column.values & (column.state == KNOWN), column.state)
