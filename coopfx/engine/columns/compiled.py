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


@inlined
def _added(rest, inverse, other, other_inverse, below, other_below):  # type: ignore[no-untyped-def]
    """The fraction of a sum of two, less the whole that it may hold, and whether it does."""
    fraction = rest * inverse + other * other_inverse
    carry = fraction >= 1.0
    if abs(fraction - 1.0) < _NEAR:
        high, low = _crossed(rest, other_below, other, below)
        high_one, low_one = _times(below, other_below)
        carry = high > high_one or (high == high_one and low >= low_one)
    # No branch, which half of the rows would take and half not.
    return fraction - np.float64(carry), np.int64(carry)


@compiled
def _split_one(offsets, total, amount, figures, divisor):  # type: ignore[no-untyped-def]
    parts = np.empty(len(figures), np.int64)
    fractions, bins, places, highs, lows = _scratch(offsets)
    for segment in range(len(total)):
        own = figures[offsets[segment] : offsets[segment + 1]]
        made = parts[offsets[segment] : offsets[segment + 1]]
        left, size = total[segment], len(own)
        if left == 0:
            made[:] = 0
            continue
        above, below = amount[segment], divisor[segment]
        ratio, inverse = above / below, 1.0 / below
        wide = _cleared(bins, size)
        for row in range(size):
            whole, rest = _divided(above, ratio, own[row], below)
            fraction = rest * inverse
            fractions[row] = fraction
            bins[_bin(fraction, wide)] += 1
            made[row] = whole
            left -= whole
        if left <= 0:
            continue
        first, last = _threshold(bins, wide, left)
        count = 0
        for row in range(size):
            sure = np.int64(fractions[row] >= last)
            made[row] += sure
            left -= sure
            if first <= fractions[row] < last:
                _, rest = _divided(above, ratio, own[row], below)
                places[count], highs[count], lows[count] = row, 0, rest
                count += 1
        _give(made, left, count, places, highs, lows)
    return parts


@compiled
def _split_two(  # type: ignore[no-untyped-def]
    offsets, total, amount, figures, divisor, other_amount, other_figures, other_divisor
):
    parts = np.empty(len(figures), np.int64)
    fractions, bins, places, highs, lows = _scratch(offsets)
    for segment in range(len(total)):
        own = figures[offsets[segment] : offsets[segment + 1]]
        theirs = other_figures[offsets[segment] : offsets[segment + 1]]
        made = parts[offsets[segment] : offsets[segment + 1]]
        left, size = total[segment], len(own)
        if left == 0:
            made[:] = 0
            continue
        above, below = amount[segment], divisor[segment]
        ratio, inverse = above / below, 1.0 / below
        more, under = other_amount[segment], other_divisor[segment]
        rate, turned = more / under, 1.0 / under
        wide = _cleared(bins, size)
        for row in range(size):
            whole, rest = _divided(above, ratio, own[row], below)
            beside, other = _divided(more, rate, theirs[row], under)
            fraction, carry = _added(rest, inverse, other, turned, below, under)
            fractions[row] = fraction
            bins[_bin(fraction, wide)] += 1
            whole += beside + carry
            made[row] = whole
            left -= whole
        if left <= 0:
            continue
        first, last = _threshold(bins, wide, left)
        count = 0
        for row in range(size):
            sure = np.int64(fractions[row] >= last)
            made[row] += sure
            left -= sure
            if first <= fractions[row] < last:
                _, rest = _divided(above, ratio, own[row], below)
                _, other = _divided(more, rate, theirs[row], under)
                _, carry = _added(rest, inverse, other, turned, below, under)
                high, low = _crossed(rest, under, other, below)
                if carry:
                    high_one, low_one = _times(below, under)
                    high = high - high_one - np.uint64(low < low_one)
                    low = low - low_one
                places[count], highs[count], lows[count] = row, high, low
                count += 1
        _give(made, left, count, places, highs, lows)
    return parts


@compiled
def _scratch(offsets):  # type: ignore[no-untyped-def]
    """Room for the largest segment: fractions, bins, and the rows in doubt with what is beyond a unit."""
    most = np.int64(0)
    for segment in range(len(offsets) - 1):
        most = max(most, offsets[segment + 1] - offsets[segment])
    fractions, bins = np.empty(most), np.empty(MOST_BINS, np.int64)
    places, highs = np.empty(most, np.int64), np.empty(most, np.uint64)
    return fractions, bins, places, highs, np.empty(most, np.uint64)


@compiled
def _cleared(bins, size):  # type: ignore[no-untyped-def]
    """How many bins a segment of so many rows has, which are emptied."""
    count = 16
    while count < size and count < MOST_BINS:
        count *= 2
    bins[:count] = 0
    return count


@inlined
def _bin(fraction, count):  # type: ignore[no-untyped-def]
    return max(0, min(count - 1, np.int64(fraction * count)))


@compiled
def _threshold(bins, count, wanted):  # type: ignore[no-untyped-def]
    """From where on a fraction is in doubt, and from where on it is surely among the largest wanted."""
    at, reached = count - 1, np.int64(0)
    while at > 0 and reached + bins[at] < wanted:
        reached += bins[at]
        at -= 1
    first = at / count - _NEAR if at > 0 else -1.0
    last = (at + 1) / count + _NEAR if at < count - 1 else 2.0
    return first, last


@compiled
def _give(made, left, count, places, highs, lows):  # type: ignore[no-untyped-def]
    """One more to so many of the rows in doubt, the largest first, of equal ones the first."""
    if left >= count:
        for one in range(count):
            made[places[one]] += 1
        return
    if count > _FEW:
        order = np.argsort(~lows[:count], kind="mergesort")
        order = order[np.argsort(~highs[:count][order], kind="mergesort")]
        for one in range(left):
            made[places[order[one]]] += 1
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
            made[places[one]] += 1
