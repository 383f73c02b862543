"""The two primitives that carry the batch engine, exact and tested for themselves.

*Multiply, divide, remainder*: the whole part and the remainder of amount × weight / divisor, where the
product need not fit into 64 bits. A float gives the quotient to within one, the remainder is worked
out in arithmetic that wraps around, and one correction makes both exact.

*Largest remainder by segment*: of each cooperative, who of its people gets one more cent, without
sorting them all. Floats give every part to within a known error, and only the rows whose whole parts
these leave in doubt are divided exactly. Fractions are counted into bins, one cumulative sum and one
search find the bin in which each cooperative's threshold lies, and only the people in that bin are
compared exactly.
"""

from collections.abc import Callable, Sequence
from fractions import Fraction
from functools import partial
from typing import Any

import numpy as np
from attrs import frozen

from coopfx.engine.columns.records import Records
from coopfx.engine.columns.values import Array

LARGEST_AMOUNT = 2**50
LARGEST_DIVISOR = 2**61
"""Amounts and divisors below these keep the float quotient within one of the exact one."""

CHUNK = 65_536
"""Rows of one cooperative that are worked on at a time."""

MOST_BINS = 16_384
"""Bins for the fractions of one cooperative: more would not fit into a processor's cache."""

_NEAR = 1e-13
"""More than any error of a sum of a few fractions, each of them within 2^-51 of the exact one."""

_LOOSE = 2.0**-20
"""From this error of an estimate on, too many rows would be in doubt: all of them are divided exactly."""

Rows = Any
"""The places of some rows, or a slice of them."""


def multiply_divide(amount: Array, weights: Array, divisor: Array) -> tuple[Array, Array]:
    """The whole part and the remainder of amount × weight / divisor, row by row.

    Whole numbers: amounts below LARGEST_AMOUNT, divisors from 1 to LARGEST_DIVISOR, weights from 0 to
    the divisor. One amount or divisor stands beside any number of weights.
    """
    quotient = (weights * (amount / divisor)).astype(np.int64)
    remainder = weights * amount
    remainder -= quotient * divisor
    low = remainder < 0
    if low.any():
        quotient -= low
        remainder += low * divisor
    high = remainder >= divisor
    if high.any():
        quotient += high
        remainder -= high * divisor
    return quotient, remainder


@frozen(slots=True, eq=False)
class Line:
    """A line of a split: each row's exact part of it is ``amount`` × figure / ``divisor``."""

    amount: Array
    figures: Array
    divisor: Array


def split(total: Array, lines: Sequence[Line], records: Records) -> Array:
    """Split each cooperative's total over its rows by largest remainder, in whole units.

    The lines' exact parts add up to the total; ties go to the row that comes first.
    """
    floors, fraction, error = _estimated(lines, records)
    left = total - records.sum(floors)
    if not left.any():
        return floors
    floors += select(fraction, left, records, partial(_ranks, lines=lines, records=records), error)
    return floors


def _estimated(lines: Sequence[Line], records: Records) -> tuple[Array, Array, float]:
    """Each row's whole units, about the fraction of a unit beyond them, and how far off that can be."""
    size = records.size
    floors, fraction = np.empty(size, np.int64), np.empty(size, np.float64)
    ratios = [records.spread(line.amount / line.divisor) for line in lines]
    # One large cooperative is taken so much at a time as a processor's cache holds.
    step = CHUNK if records.count_of == 1 else max(size, 1)
    errors = [0.0]
    for start in range(0, size, step):
        rows = slice(start, min(start + step, size))
        errors.append(_estimate(lines, ratios, rows, records, floors[rows], fraction[rows]))
    return floors, fraction, max(errors)


def _estimate(
    lines: Sequence[Line],
    ratios: Sequence[Array],
    rows: slice,
    records: Records,
    floors: Array,
    fraction: Array,
) -> float:
    """Fill in the whole units and the fractions of some rows; how far off a fraction can be."""
    estimate = lines[0].figures[rows] * ratios[0]
    for line, ratio in zip(lines[1:], ratios[1:], strict=True):
        estimate += line.figures[rows] * ratio
    # Four roundings a line, one a sum, and some to spare.
    error = (float(estimate.max()) + 1.0) * (len(lines) + 8) * 2.0**-53
    # Moved up by the error, an estimate is in doubt just above a whole number, and nowhere else.
    estimate += error
    whole = np.floor(estimate)
    np.subtract(estimate, whole, out=fraction)
    floors[:] = whole
    if error >= _LOOSE:
        near = np.arange(len(floors))
        error = _NEAR
    else:
        near = np.flatnonzero((fraction < 2 * error) & (whole > 0))
    if len(near):
        exact = _divided(lines, near + rows.start, records)
        floors[near] = exact.whole
        fraction[near] = exact.fraction
    return 2 * error


@frozen(slots=True, eq=False)
class Divided:
    """Some rows' exact parts: whole units, and each line's remainder over its divisor, less a carry.

    ``fraction`` is what these come to, within 2^-51 for each line.
    """

    whole: Array
    fraction: Array
    remainders: Sequence[Array]
    divisors: Sequence[Array]

    def exact(self, places: Array) -> tuple[Array, Array]:
        """The sum of some rows' remainders, as numerators over denominators, in Python's integers."""
        above = np.zeros(len(places), object)
        below = np.ones(len(places), object)
        for remainder, divisor in zip(self.remainders, self.divisors, strict=True):
            wide = np.broadcast_to(divisor, len(self.whole))[places].astype(object)
            above = above * wide + remainder[places].astype(object) * below
            below = below * wide
        return above, below


def _divided(lines: Sequence[Line], rows: Array, records: Records) -> Divided:
    """The exact parts of some rows."""
    of = None if records.count_of == 1 else records.segment[rows]
    whole: Array = np.zeros(len(rows), np.int64)
    fraction = np.zeros(len(rows))
    remainders, divisors = [], []
    for line in lines:
        amount, divisor = (
            one if of is None or len(one) == 1 else one[of] for one in (line.amount, line.divisor)
        )
        quotient, remainder = multiply_divide(amount, line.figures[rows], divisor)
        whole += quotient
        fraction += remainder / divisor
        remainders.append(remainder)
        divisors.append(divisor)
    made = Divided(whole, fraction, remainders, divisors)
    if len(lines) > 1:
        carries = _carries(made)
        whole += carries
        fraction -= carries
    np.clip(fraction, 0.0, 1.0, out=fraction)
    return made


def _carries(divided: Divided) -> Array:
    """The whole units in a sum of fractions; exactly, where a float is too near to tell."""
    carries = divided.fraction.astype(np.int64)
    for whole in range(1, len(divided.remainders)):
        near = np.flatnonzero(np.abs(divided.fraction - whole) < _NEAR)
        if len(near):
            above, below = divided.exact(near)
            carries[near] = (above // below).astype(np.int64)
    return carries


Ranks = Callable[[Array, Array], Array]
"""The ranks, from 0, of some rows inside their segments: it takes the rows and the segments of these."""


def select(
    fraction: Array, left: Array, records: Records, ranks: Ranks, error: float = _NEAR
) -> Array:
    """The rows with the largest fractions, as many of each cooperative as it has units left.

    ``fraction`` is within ``error`` of the exact one; ``ranks`` decides where that leaves in doubt who
    comes first.
    """
    ends, counts, bins, most = records.bins(MOST_BINS)
    position = fraction * counts
    np.subtract(ends, position, out=position)
    binned = position.astype(np.intp)
    counted = np.cumsum(np.bincount(binned, minlength=bins))
    threshold = np.searchsorted(counted, records.offsets[:-1] + left)
    middle = threshold + 0.5
    middle[left == 0] = -9.0
    position -= records.spread(middle)
    # Twice the error: that of a row, and that of the row that the threshold is taken from. Each is that
    # of its fraction, as wide as a bin is narrow, and that of a place rounded among all the bins.
    reach = 0.5 + 2 * ((error + _NEAR) * most + bins * 2.0**-53)
    selected: Array = position < -reach
    doubtful = np.flatnonzero(np.abs(position, out=position) <= reach)
    size = records.count_of
    segment = np.zeros(len(doubtful), np.int32) if size == 1 else records.segment[doubtful]
    # All rows before the bin of the threshold are selected, but for those in doubt.
    below = binned[doubtful] < threshold[segment]
    before = np.where(threshold > 0, counted[threshold - 1], 0) - records.offsets[:-1]
    wanted = left - before + np.bincount(segment[below], minlength=size)
    wanted[left == 0] = 0
    available = np.bincount(segment, minlength=size)
    easy = wanted[segment] == available[segment]
    if easy.all():
        selected[doubtful] = True
        return selected
    selected[doubtful[easy]] = True
    rows, of = doubtful[~easy], segment[~easy]
    # By their fractions; where the last that is wanted is too near to the next, exactly.
    order = np.lexsort((-fraction[rows], of))
    rows, of = rows[order], of[order]
    starts, counts = runs(of)
    need, key = wanted[of[starts]], fraction[rows]
    edge = starts + need
    selected[rows] = np.arange(len(rows)) < np.repeat(edge, counts)
    inside = (need > 0) & (need < counts)
    last, slack = key[edge - 1], 2 * (error + _NEAR)
    tied = inside & (last - key[np.minimum(edge, len(key) - 1)] <= slack)
    if tied.any():
        over = key - np.repeat(last, counts)
        close = np.flatnonzero(np.repeat(tied, counts) & (np.abs(over) <= slack))
        wanted[of[starts]] = need - np.add.reduceat(over > slack, starts, dtype=np.int64)
        rows, of = rows[close], of[close]
        order = np.lexsort((rows, of))
        rows, of = rows[order], of[order]
        selected[rows] = ranks(rows, of) < wanted[of]
    return selected


def runs(segment: Array) -> tuple[Array, Array]:
    """Where each run of equal segments starts, and how many rows it has."""
    starts = np.flatnonzero(np.concatenate(([True], segment[1:] != segment[:-1])))
    return starts, np.diff(starts, append=len(segment))


def ranked(keys: Sequence[Array], segment: Array) -> Array:
    """The ranks inside their segments of rows that are ordered by keys, those that weigh less first."""
    order = np.lexsort((*keys, segment))
    starts, counts = runs(segment[order])
    rank = np.empty(len(order), np.int64)
    rank[order] = np.arange(len(order)) - np.repeat(starts, counts)
    return rank


def _ranks(rows: Array, segment: Array, lines: Sequence[Line], records: Records) -> Array:
    """The ranks of rows by their exact fractions, ties by the order of rows."""
    divided = _divided(lines, rows, records)
    if len(lines) == 1:
        return ranked((rows, -divided.remainders[0]), segment)
    rank = np.empty(len(rows), np.int64)
    for start, count in zip(*(one.tolist() for one in runs(segment)), strict=True):
        part = np.arange(start, start + count)
        rank[part] = _exact_rank(part, divided)
    return rank


def _exact_rank(places: Array, divided: Divided) -> Array:
    """The ranks of one cooperative's rows by their exact fractions, ties by the order of rows."""
    if all((rest[places] == rest[places[0]]).all() for rest in divided.remainders):
        return places.argsort().argsort()
    above, below = divided.exact(places)
    exact = [Fraction(int(a), int(b)) % 1 for a, b in zip(above, below, strict=True)]
    order = sorted(range(len(places)), key=lambda i: (-exact[i], places[i]))
    rank = np.empty(len(places), np.int64)
    rank[order] = np.arange(len(places))
    return rank
