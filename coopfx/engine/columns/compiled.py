"""Largest remainder by segment, compiled: one pass over each segment, for splits of one line or two.

The same cents as ``primitives.split``, of which it is the optional accelerator (``coopfx[fast]``): a
float gives each quotient to within one, and whole numbers of 128 bits, in two limbs, decide whatever
a float leaves in doubt. Only ``primitives`` imports it, when it pays.
"""

from typing import Any

import numpy as np
from numba import njit

from coopfx.engine.columns.values import Array

MOST_BINS = 4_096
"""Bins of one segment: they fit into the nearest cache. Whole powers of two, so that binning is exact."""

_NEAR = 1e-14
"""More than twice the error of a fraction, or of a sum of two, each within 2^-51 of the exact one."""

_LOW = np.uint64(0xFFFF_FFFF)
_HALF = np.uint64(32)
_FEW = 24

compiled: Any = njit(cache=True, nogil=True, error_model="numpy")
inlined: Any = njit(cache=True, nogil=True, error_model="numpy", inline="always")


def split_one(offsets: Array, total: Array, amount: Array, figures: Array, divisor: Array) -> Array:
    """Split each segment's total by one line; the arguments are those of ``primitives.Line``."""
    parts: Array = _split_one(offsets, total, amount, figures, divisor)
    return parts


def split_two(
    offsets: Array, total: Array, first: tuple[Array, ...], second: tuple[Array, ...]
) -> Array:
    """Split each segment's total by two lines, each an amount, figures and a divisor."""
    parts: Array = _split_two(offsets, total, *first, *second)
    return parts


@inlined
def _times(left, right):  # type: ignore[no-untyped-def]
    """The product of two numbers from 0 to 2^63, in two limbs."""
    one, other = np.uint64(left), np.uint64(right)
    low, high = one & _LOW, one >> _HALF
    below, above = other & _LOW, other >> _HALF
    ends = low * below
    middle = high * below + (ends >> _HALF)
    cross = low * above + (middle & _LOW)
    return high * above + (middle >> _HALF) + (cross >> _HALF), (cross << _HALF) | (ends & _LOW)


@inlined
def _crossed(first, below_second, second, below_first):  # type: ignore[no-untyped-def]
    """The sum of two fractions' numerators over the product of their denominators, in two limbs."""
    high, low = _times(first, below_second)
    more, least = _times(second, below_first)
    together = low + least
    return high + more + np.uint64(together < low), together


@inlined
def _divided(amount, ratio, weight, divisor):  # type: ignore[no-untyped-def]
    """The whole part and the remainder of amount × weight / divisor, in arithmetic that wraps around."""
    whole = np.int64(weight * ratio)
    rest = np.int64(np.uint64(amount) * np.uint64(weight) - np.uint64(whole) * np.uint64(divisor))
    if rest < 0:
        whole -= 1
        rest += divisor
    if rest >= divisor:
        whole += 1
        rest -= divisor
    return whole, rest


@compiled
def _split_one(offsets, total, amount, figures, divisor):  # type: ignore[no-untyped-def]
    parts = np.zeros(len(figures), np.int64)
    most = np.int64(0)
    for segment in range(len(total)):
        most = max(most, offsets[segment + 1] - offsets[segment])
    fractions, rests = np.empty(most), np.empty(most, np.int64)
    places, highs = np.empty(most, np.int64), np.empty(most, np.uint64)
    lows, bins = np.empty(most, np.uint64), np.empty(MOST_BINS, np.int64)
    for segment in range(len(total)):
        if total[segment] == 0:
            continue
        start, size = offsets[segment], offsets[segment + 1] - offsets[segment]
        below = divisor[segment]
        ratio, inverse = amount[segment] / below, 1.0 / below
        left = total[segment]
        for row in range(size):
            whole, rest = _divided(amount[segment], ratio, figures[start + row], below)
            fractions[row], rests[row] = rest * inverse, rest
            parts[start + row] = whole
            left -= whole
        if left <= 0:
            continue
        first, last = _threshold(fractions, size, left, bins)
        count = 0
        for row in range(size):
            if fractions[row] >= last:
                parts[start + row] += 1
                left -= 1
            elif fractions[row] >= first:
                places[count], highs[count], lows[count] = row, 0, rests[row]
                count += 1
        _give(parts, start, left, count, places, highs, lows)
    return parts


@compiled
def _split_two(  # type: ignore[no-untyped-def]
    offsets, total, amount, figures, divisor, second_amount, second_figures, second_divisor
):
    parts = np.zeros(len(figures), np.int64)
    most = np.int64(0)
    for segment in range(len(total)):
        most = max(most, offsets[segment + 1] - offsets[segment])
    fractions, carried = np.empty(most), np.empty(most, np.bool_)
    rests, second_rests = np.empty(most, np.int64), np.empty(most, np.int64)
    places, highs = np.empty(most, np.int64), np.empty(most, np.uint64)
    lows, bins = np.empty(most, np.uint64), np.empty(MOST_BINS, np.int64)
    for segment in range(len(total)):
        if total[segment] == 0:
            continue
        start, size = offsets[segment], offsets[segment + 1] - offsets[segment]
        below, second_below = divisor[segment], second_divisor[segment]
        ratio, inverse = amount[segment] / below, 1.0 / below
        second_ratio = second_amount[segment] / second_below
        second_inverse = 1.0 / second_below
        high_one, low_one = _times(below, second_below)
        left = total[segment]
        for row in range(size):
            whole, rest = _divided(amount[segment], ratio, figures[start + row], below)
            more, other = _divided(
                second_amount[segment], second_ratio, second_figures[start + row], second_below
            )
            fraction = rest * inverse + other * second_inverse
            carry = fraction >= 1.0
            if abs(fraction - 1.0) < _NEAR:
                high, low = _crossed(rest, second_below, other, below)
                carry = high > high_one or (high == high_one and low >= low_one)
            if carry:
                fraction -= 1.0
                whole += 1
            fractions[row], carried[row] = fraction, carry
            rests[row], second_rests[row] = rest, other
            parts[start + row] = whole + more
            left -= whole + more
        if left <= 0:
            continue
        first, last = _threshold(fractions, size, left, bins)
        count = 0
        for row in range(size):
            if fractions[row] >= last:
                parts[start + row] += 1
                left -= 1
            elif fractions[row] >= first:
                high, low = _crossed(rests[row], second_below, second_rests[row], below)
                if carried[row]:
                    high = high - high_one - np.uint64(low < low_one)
                    low = low - low_one
                places[count], highs[count], lows[count] = row, high, low
                count += 1
        _give(parts, start, left, count, places, highs, lows)
    return parts


@compiled
def _threshold(fractions, size, wanted, bins):  # type: ignore[no-untyped-def]
    """From where on a fraction is in doubt, and from where on it is surely among the largest wanted."""
    count = 16
    while count < size and count < MOST_BINS:
        count *= 2
    bins[:count] = 0
    for row in range(size):
        bins[max(0, min(count - 1, np.int64(fractions[row] * count)))] += 1
    at, reached = count - 1, np.int64(0)
    while at > 0 and reached + bins[at] < wanted:
        reached += bins[at]
        at -= 1
    first = at / count - _NEAR if at > 0 else -1.0
    last = (at + 1) / count + _NEAR if at < count - 1 else 2.0
    return first, last


@compiled
def _give(parts, start, left, count, places, highs, lows):  # type: ignore[no-untyped-def]
    """One more to so many of the rows in doubt, the largest first, of equal ones the first."""
    if left >= count:
        for one in range(count):
            parts[start + places[one]] += 1
        return
    if count > _FEW:
        order = np.argsort(~lows[:count], kind="mergesort")
        order = order[np.argsort(~highs[:count][order], kind="mergesort")]
        for one in range(left):
            parts[start + places[order[one]]] += 1
        return
    for one in range(count):
        before = 0
        for other in range(count):
            if highs[other] != highs[one]:
                before += highs[other] > highs[one]
            elif lows[other] != lows[one]:
                before += lows[other] > lows[one]
            else:
                before += other < one
        if before < left:
            parts[start + places[one]] += 1
