"""Whole numbers of up to 127 bits in columns: two limbs of 64 bits each, in arithmetic that wraps.

``high`` is signed and ``low`` is not; a number is high × 2^64 + low. The caller has made sure that what
it reads in the end fits, what lies between need not.
"""

from typing import Any

import numpy as np
from attrs import frozen
from numpy.typing import NDArray

from coopfx.engine.columns.values import Array

LARGEST = 2**124
"""A bound below which a few of these numbers add up without touching the sign."""

_LOW = np.uint64(0xFFFF_FFFF)
_HALF = np.uint64(32)


@frozen(slots=True, eq=False)
class Wide:
    """A column of whole numbers in two limbs."""

    high: NDArray[np.int64]
    low: NDArray[np.uint64]

    def __getitem__(self, rows: Any) -> "Wide":
        return Wide(self.high[rows], self.low[rows])


def from_integers(values: Array) -> Wide:
    """Python's integers in two limbs; what does not fit wraps around."""
    values = values.astype(object)
    high = (values >> 64) & 0xFFFF_FFFF_FFFF_FFFF
    return Wide(
        high.astype(np.uint64).view(np.int64),
        (values & 0xFFFF_FFFF_FFFF_FFFF).astype(np.uint64),
    )


def to_integers(wide: Wide) -> Array:
    """The numbers as Python's integers.

    >>> to_integers(from_integers(np.array([-1, 2**100])))
    array([-1, 1267650600228229401496703205376], dtype=object)
    """
    integers: Array = wide.high.astype(object) * 2**64 + wide.low.astype(object)
    return integers


def to_floats(wide: Wide) -> NDArray[np.float64]:
    """The numbers as floats, each within a few units in the last place."""
    return wide.high.astype(np.float64) * 2.0**64 + wide.low.astype(np.float64)


def times(wide: Wide, factor: NDArray[np.int64]) -> Wide:
    """Each number times one from 0 to 2^63."""
    by = factor.astype(np.uint64)
    first, second = wide.low & _LOW, wide.low >> _HALF
    below, above = by & _LOW, by >> _HALF
    ends = first * below
    one, other = first * above, second * below
    middle = (ends >> _HALF) + (one & _LOW) + (other & _LOW)
    low = (ends & _LOW) | (middle << _HALF)
    carried = second * above + (one >> _HALF) + (other >> _HALF) + (middle >> _HALF)
    return Wide((wide.high.view(np.uint64) * by + carried).view(np.int64), low)


def plus(left: Wide, right: Wide) -> Wide:
    """The sum of two columns."""
    low = left.low + right.low
    return Wide(left.high + right.high + (low < left.low), low)


def minus(left: Wide, right: Wide) -> Wide:
    """The difference of two columns."""
    return Wide(left.high - right.high - (left.low < right.low), left.low - right.low)


def where(condition: Array, left: Wide, right: Wide) -> Wide:
    """The first number where a condition holds, else the second."""
    return Wide(
        np.where(condition, left.high, right.high), np.where(condition, left.low, right.low)
    )


def at_least(left: Wide, right: Wide) -> Array:
    """Where the first number is not below the second."""
    reached: Array = (left.high > right.high) | (
        (left.high == right.high) & (left.low >= right.low)
    )
    return reached
