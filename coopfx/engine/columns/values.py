"""Columns of exact numbers, and of yes or no, with what is not known about them.

A column of numbers is a column of whole numerators over one denominator, or over a denominator each.
Numerators are 64-bit integers for as long as a bound on their size says that nothing can overflow,
and Python's own integers from there on: numpy wraps silently, so every operation asks first.
"""

from collections.abc import Callable, Sequence
from fractions import Fraction
from functools import cached_property
from math import gcd
from typing import Any, TypeVar

import numpy as np
from attrs import frozen
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

    @cached_property
    def floats(self) -> NDArray[np.float64]:
        """The numbers as floats, each within three units in the last place: to look, never to answer."""
        below, above = self.denominator, self.numerators
        if above.dtype == object or (not isinstance(below, int) and below.dtype == object):
            return (widened(above) / below).astype(np.float64)
        divisor = float(below) if isinstance(below, int) else below.astype(np.float64)
        quotient: NDArray[np.float64] = above.astype(np.float64) / divisor
        return quotient


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
AnyColumn = TypeVar("AnyColumn", bound=Numbers | Truths | Labels)
_SAME: Any = object()


def changed(column: AnyColumn, numerators: Any = _SAME, state: Any = _SAME) -> AnyColumn:
    """A column with other numerators or another state: all nodes do this, and `evolve` is slow at it."""
    if state is _SAME:
        state = column.state
    made: Any
    if isinstance(column, Numbers):
        if numerators is _SAME:
            if state is column.state:
                return column
            numerators = column.numerators
        made = Numbers(numerators, column.denominator, column.peak, column.deep, state)
    elif state is column.state:
        return column
    else:
        made = type(column)(column.values, state)
    found: AnyColumn = made
    return found


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


def constant(value: Fraction) -> Numbers:
    """One number beside any column."""
    peak = abs(value.numerator)
    dtype: Any = np.int64 if peak < WIDEST else object
    return Numbers(np.array([value.numerator], dtype), value.denominator, peak, value.denominator)


def fraction_at(column: Numbers, row: int) -> Fraction:
    """The exact value of one row."""
    below = column.denominator
    if not isinstance(below, int):
        below = int(below[row if len(below) > 1 else 0])
    return Fraction(int(column.numerators[row]), below)


def widened(array: Array) -> Array:
    """The same numbers as Python integers."""
    return array if array.dtype == object else array.astype(object)


def fitting(array: Array, bound: int) -> Array:
    """The numbers in the narrowest kind that holds results up to a bound."""
    return widened(array) if bound >= WIDEST else array


def tight(column: Numbers) -> Numbers:
    """The same column with the bounds that its rows have in fact."""
    if not len(column):
        return Numbers(column.numerators, column.denominator, 0, 1, column.state)
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


def states(state: State, size: int | None = None) -> Array:
    """What is not known, row by row; with a row for each of so many."""
    if state is None:
        return np.zeros(1 if size is None else size, np.uint8)
    return state if size is None else np.broadcast_to(state, size)


def only(state: Array) -> State:
    """The state of a column: None where all its rows are known."""
    return state.astype(np.uint8, copy=False) if state.any() else None


def missing_where(absent: Array) -> State:
    """The state of a column of facts, some of which are not given."""
    return np.where(absent, MISSING, KNOWN).astype(np.uint8) if absent.any() else None


def masked(column: Column, state: State) -> Column:
    """A column with another state; a row of yes or no that is not known says no."""
    if isinstance(column, Truths) and state is not None:
        return Truths(column.values & (state == KNOWN), state)
    return changed(column, state=state)


def never(column: Column, size: int, state: int) -> Column:
    """A column of the same kind of which no row is known; a link leads nowhere."""
    why = np.full(size, state, np.uint8) if size else None
    if isinstance(column, Numbers):
        return Numbers(np.zeros(size, np.int64), 1, 0, 1, why)
    if isinstance(column, Truths):
        return Truths(np.zeros(size, bool), why)
    linked = column.values.dtype.kind != "O"
    return Labels(np.full(size, -1, np.int64) if linked else np.full(size, None, object), why)


# ---- rows


def common_size(*columns: Column) -> int:
    """How many rows an operation on columns has: one row stands beside any number of them."""
    sizes = [len(column) for column in columns]
    return 0 if 0 in sizes else max(sizes)


def taken(column: AnyColumn, take: Callable[[Any], Any]) -> AnyColumn:
    """A column of the rows that a function takes of an array."""
    state = None if column.state is None else take(column.state)
    made: Any
    if isinstance(column, Numbers):
        below = column.denominator
        below = below if isinstance(below, int) else take(below)
        made = Numbers(take(column.numerators), below, column.peak, column.deep, state)
    else:
        made = type(column)(take(column.values), state)
    found: AnyColumn = made
    return found


def cut(column: AnyColumn, take: Callable[[Any], Any]) -> AnyColumn:
    """A column of the rows that a function takes, with no state where all of them are known."""
    found = taken(column, take)
    return found if found.state is None else changed(found, state=only(found.state))


def full(column: AnyColumn, size: int) -> AnyColumn:
    """A column with a row, and a denominator where each has its own, for all."""
    if len(column) == size and column.state is None:
        below = column.denominator if isinstance(column, Numbers) else 1
        if isinstance(below, int) or len(below) == size:
            return column
    return taken(column, lambda values: np.broadcast_to(values, size))


def at_rows(column: AnyColumn, rows: Array, size: int) -> AnyColumn:
    """Some rows of a column that has so many."""
    return taken(full(column, size), lambda values: values[rows])


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
    decided: Array = np.zeros(common_size(*columns), bool)
    for column in columns:
        sure = known(column.state, len(column))
        decided = decided | (sure & (column.values if decides else ~column.values))
    state = worst(*(column.state for column in columns))
    assert state is not None
    state = np.where(decided, KNOWN, state).astype(np.uint8)
    return Truths(decided & decides | ((state == KNOWN) & values & (not decides)), state)


def opposite(column: Truths) -> Truths:
    """Not: a row that is not known stays so."""
    if column.state is None:
        return Truths(~column.values)
    return Truths(~column.values & (column.state == KNOWN), column.state)
