"""Arithmetic of columns of exact numbers, row by row: every operation asks first whether it fits."""

import operator
from collections.abc import Callable, Sequence
from fractions import Fraction
from math import gcd
from typing import Any

import numpy as np
from attrs import evolve

from coopfx.engine.columns.values import (
    KNOWN,
    UNDEFINED,
    WIDEST,
    Array,
    Numbers,
    State,
    changed,
    common_size,
    constant,
    fitting,
    fraction_at,
    tight,
    worst,
)


def negative(column: Numbers) -> Numbers:
    """Each number negated."""
    return changed(column, numerators=-column.numerators)


def _over(column: Numbers, common: int) -> Array:
    """The numerators over a common denominator that the column's own divides."""
    assert isinstance(column.denominator, int)
    factor = common // column.denominator
    if factor == 1:
        return column.numerators
    return fitting(column.numerators, column.peak * factor) * factor


def add(columns: Sequence[Numbers]) -> Numbers:
    """The sum of columns, row by row."""
    columns = [column for column in columns if not _adds_nothing(column)] or columns[:1]
    if len(columns) == 1:
        return columns[0]
    state = worst(*[column.state for column in columns])
    common, each = 1, False
    for column in columns:
        below = column.denominator
        if not isinstance(below, int):
            each = True
        elif below != common:
            common = common * below // gcd(common, below)
    if not each:
        bound = sum([column.peak * (common // column.deep) for column in columns])
        total: Array = fitting(_over(columns[0], common), bound)
        for column in columns[1:]:
            total = total + fitting(_over(column, common), bound)
        return Numbers(total, common, bound, common, state)
    result = columns[0]
    for column in columns[1:]:
        result = _add_each(result, column)
    return changed(result, state=state)


def _adds_nothing(column: Numbers) -> bool:
    """Whether a column is a known zero that stands beside any other, as accounts without a balance do."""
    return column.peak == 0 and column.state is None and len(column.numerators) == 1


def _add_each(left: Numbers, right: Numbers) -> Numbers:
    """A sum where the rows have denominators of their own."""
    bound = left.peak * right.deep + right.peak * left.deep
    deep = left.deep * right.deep
    if max(bound, deep) >= WIDEST:
        left, right = tight(left), tight(right)
        bound = left.peak * right.deep + right.peak * left.deep
        deep = left.deep * right.deep
    size = max(bound, deep)
    above = fitting(left.numerators, size) * _below(right, size) + fitting(
        right.numerators, size
    ) * _below(left, size)
    return Numbers(above, _below(left, size) * _below(right, size), bound, deep)


def _below(column: Numbers, bound: int) -> Any:
    below = column.denominator
    return below if isinstance(below, int) else fitting(below, bound)


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
            fitting(left.numerators, size) * fitting(right.numerators, size),
            _below(left, size) * _below(right, size),
            peak,
            deep,
        )
    return changed(result, state=worst(*[column.state for column in columns]))


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
    above = _times(fitting(left.numerators, size), _below(right, size))
    below = fitting(right.numerators, size)
    if not len(below) or below.min() <= 0:
        zero = below == 0
        if zero.any():
            rows = max(len(left), len(right))
            own = np.zeros(rows, np.uint8) if state is None else state
            state = np.where((own == KNOWN) & zero, UNDEFINED, own)
        above = above * np.where(below < 0, -1, 1)
        below = np.where(zero, 1, np.abs(below))
    below = _times(below, _below(left, size))
    if len(above) != len(below):
        above, below = np.broadcast_arrays(above, below)
    return Numbers(above, below, peak, deep, state)


def _times(rows: Array, factor: Any) -> Array:
    """A product, for which nothing is done where the factor is one."""
    made: Array = rows if isinstance(factor, int) and factor == 1 else rows * factor
    return made


def rounded(column: Numbers, step: Fraction, way: str = "half_up") -> Numbers:
    """Each number to a multiple of a step, a half away from zero unless the way says otherwise."""
    given, wide = column.denominator, column.numerators.dtype == object
    if isinstance(given, int) and (step.numerator, step.denominator) == (1, given) and not wide:
        return column
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
    peak = column.peak * step.denominator // step.numerator + 1
    if units.dtype == object:
        peak = int(max((abs(unit) for unit in units), default=0))
        units = units.astype(np.int64) if peak < WIDEST else units
    bound = peak * step.numerator
    return Numbers(
        fitting(units, bound) * step.numerator,
        step.denominator,
        bound,
        step.denominator,
        column.state,
    )


def rounded_to(column: Numbers, steps: Numbers, way: str) -> Numbers:
    """Each number to a multiple of a step of its own; undefined where that is not above zero."""
    if len(steps) == 1 and steps.numerators[0] > 0 and steps.state is None:
        return rounded(column, fraction_at(steps, 0), way)
    # A step of zero has no quotient either.
    size = changed(steps, numerators=np.maximum(steps.numerators, 0))
    return multiply([rounded(divide(column, size), Fraction(1), way), size])


def _steps(column: Numbers, step: Fraction) -> tuple[Array, Any]:
    """How many steps each number is, as numerators and denominators that rounding cannot overflow."""
    if isinstance(column.denominator, int):
        factor, below = step.denominator, column.denominator * step.numerator
        common = gcd(factor, below)
        factor, below = factor // common, below // common
        if 4 * max(column.peak * factor, below) >= WIDEST:
            column = tight(column)
        bound = 4 * max(column.peak * factor, below)
        return _times(fitting(column.numerators, bound), factor), below
    scaled = multiply([column, constant(1 / step)])
    if 4 * max(scaled.peak, scaled.deep) >= WIDEST:
        scaled = tight(scaled)
    bound = 4 * max(scaled.peak, scaled.deep)
    return fitting(scaled.numerators, bound), _below(scaled, bound)


def over_step(column: Numbers, step: Fraction) -> Numbers:
    """How many steps each number is, exactly."""
    if not isinstance(column.denominator, int):
        return multiply([column, constant(1 / step)])
    scale = Fraction(1, column.denominator) / step
    peak = column.peak * scale.numerator
    above = fitting(column.numerators, peak) * scale.numerator
    return Numbers(above, scale.denominator, peak, scale.denominator, column.state)


# ---- comparing


def difference_sign(left: Numbers, right: Numbers) -> Array:
    """The sign of left - right, row by row, exactly: -1, 0 or 1."""
    sides = _sides(left, right)
    if sides is None:
        return _sign_each(left, right)
    return (sides[0] > sides[1]).astype(np.int8) - (sides[0] < sides[1]).astype(np.int8)


def holds(relation: str, left: Numbers, right: Numbers) -> Array:
    """Whether a relation holds, row by row, exactly."""
    sides = _sides(left, right)
    compare = RELATIONS[relation]
    return compare(_sign_each(left, right), 0) if sides is None else compare(*sides)


def _sides(left: Numbers, right: Numbers) -> tuple[Array, Array] | None:
    """Whole numbers that compare as the columns do; None where the rows have their own denominators."""
    one, other = left.denominator, right.denominator
    if not (isinstance(one, int) and isinstance(other, int)):
        return None
    if one == other:
        return left.numerators, right.numerators
    common = one * other // gcd(one, other)
    return _over(left, common), _over(right, common)


def _sign_each(left: Numbers, right: Numbers) -> Array:
    """Cross multiplication, in whole numbers wherever a float leaves any doubt."""
    if max(left.peak * right.deep, right.peak * left.deep) < WIDEST:
        first = left.numerators * right.denominator
        second = right.numerators * left.denominator
        return (first > second).astype(np.int8) - (first < second).astype(np.int8)
    size = common_size(left, right)
    one, two = left.floats, right.floats
    gap = np.broadcast_to(one - two, size)
    scale = np.broadcast_to(np.abs(one) + np.abs(two), size)
    sign = np.sign(gap).astype(np.int8)
    for row in np.flatnonzero(np.abs(gap) <= scale * 1e-14).tolist():
        exact = fraction_at(left, row % len(left)) - fraction_at(right, row % len(right))
        sign[row] = (exact > 0) - (exact < 0)
    return sign


RELATIONS: dict[str, Callable[[Any, Any], Array]] = {
    "equal": operator.eq,
    "differ": operator.ne,
    "at_least": operator.ge,
    "at_most": operator.le,
    "below": operator.lt,
    "above": operator.gt,
}


def extreme(columns: Sequence[Numbers], kind: str) -> Numbers:
    """The least or the greatest of several columns, row by row."""
    result = columns[0]
    for column in columns[1:]:
        sign = difference_sign(column, result)
        result = chosen(sign < 0 if kind == "min" else sign > 0, column, result)
    return changed(result, state=worst(*(column.state for column in columns)))


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
            condition, fitting(_over(first, common), bound), fitting(_over(second, common), bound)
        )
        return Numbers(above, common, bound, common, state)
    above = np.where(condition, first.numerators, second.numerators)
    below = np.where(condition, first.denominator, second.denominator)
    return Numbers(above, below, max(first.peak, second.peak), max(first.deep, second.deep), state)
