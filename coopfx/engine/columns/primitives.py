"""The two primitives that carry the batch engine, exact and tested for themselves.

*Multiply, divide, remainder*: the whole part and the remainder of amount × weight / divisor, where the
product need not fit into 64 bits. A float gives the quotient to within one, the remainder is worked
out in arithmetic that wraps around, and one correction makes both exact.

*Largest remainder by segment*: of each cooperative, who of its people gets one more cent, without
sorting them all. Fractions are counted into bins, one cumulative sum and one search find the bin in
which each cooperative's threshold lies, and only the people in that bin are compared.
"""

from collections.abc import Callable, Sequence
from fractions import Fraction
from functools import partial
from typing import Any

import numpy as np
from attrs import frozen

from coopfx.engine.columns.accelerator import accelerator
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


def multiply_divide(
    amount: Array, weights: Array, divisor: Array, records: Records
) -> tuple[Array, Array, Array]:
    """The whole part, the remainder and the divisor of amount × weight / divisor, for each row.

    ``amount`` and ``divisor`` are whole numbers of each cooperative, below LARGEST_AMOUNT and
    LARGEST_DIVISOR; ``weights`` are whole numbers of each row, from 0 to the divisor.
    """
    ratio = amount.astype(np.float64) / divisor
    below = records.spread(divisor)
    quotient = (weights * records.spread(ratio)).astype(np.int64)
    remainder = weights * records.spread(amount)
    remainder -= quotient * below
    low = remainder < 0
    if low.any():
        quotient -= low
        remainder += low * below
    high = remainder >= below
    if high.any():
        quotient += high
        remainder -= high * below
    return quotient, remainder, below


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
    fast = accelerator(records.size) if len(lines) <= 2 else None
    if fast is not None:
        return _split_fast(fast, total, lines, records)
    if len(records.sizes) == 1 and records.size > 2 * CHUNK:
        floors, fraction, remainders = _divided_in_chunks(lines, records)
    else:
        floors, fraction, remainders = _divided(lines, records)
    left = total - records.sum(floors)
    if not left.any():
        return floors
    ranks = partial(_ranks, fraction=fraction, lines=lines, remainders=remainders, records=records)
    return floors + select(fraction, left, records, ranks)


def _split_fast(fast: Any, total: Array, lines: Sequence[Line], records: Records) -> Array:
    """The same by the compiled pass."""
    made = [
        tuple(
            np.ascontiguousarray(np.broadcast_to(rows, size), np.int64)
            for rows, size in (
                (line.amount, records.count_of),
                (line.figures, records.size),
                (line.divisor, records.count_of),
            )
        )
        for line in lines
    ]
    offsets = np.ascontiguousarray(records.offsets)
    parts: Array = (
        fast.split_one(offsets, total, *made[0])
        if len(made) == 1
        else fast.split_two(offsets, total, *made)
    )
    return parts


def _divided(lines: Sequence[Line], records: Records) -> tuple[Array, Array, list[Array]]:
    """Each row's whole units, the fraction of a unit beyond them, and each line's remainder."""
    floors: Array | None = None
    fraction: Array | None = None
    remainders = []
    for line in lines:
        quotient, remainder, below = multiply_divide(
            line.amount, line.figures, line.divisor, records
        )
        part = remainder / below
        remainders.append(remainder)
        floors = quotient if floors is None else floors + quotient
        fraction = part if fraction is None else fraction + part
    assert floors is not None and fraction is not None, "a split has a line"
    if len(lines) > 1:
        carries = _carries(fraction, lines, remainders, records)
        floors += carries
        fraction -= carries
    np.clip(fraction, 0.0, 1.0, out=fraction)
    return floors, fraction, remainders


def _divided_in_chunks(lines: Sequence[Line], records: Records) -> tuple[Array, Array, list[Array]]:
    """The same for one large cooperative, so much at a time as a processor's cache holds."""
    size = records.size
    floors, fraction = np.empty(size, np.int64), np.empty(size, np.float64)
    remainders = [np.empty(size, np.int64) for _ in lines]
    for start in range(0, size, CHUNK):
        part = slice(start, min(start + CHUNK, size))
        cut = [Line(line.amount, line.figures[part], line.divisor) for line in lines]
        floors[part], fraction[part], own = _divided(cut, records)
        for remainder, one in zip(remainders, own, strict=True):
            remainder[part] = one
    return floors, fraction, remainders


def _carries(
    fraction: Array, lines: Sequence[Line], remainders: Sequence[Array], records: Records
) -> Array:
    """The whole units in a sum of fractions; exactly, where a float is too near to tell."""
    carries = fraction.astype(np.int64)
    for whole in range(1, len(lines)):
        near = np.flatnonzero(np.abs(fraction - whole) < _NEAR)
        if len(near):
            above, below = _exact(near, lines, remainders, records)
            carries[near] = (above // below).astype(np.int64)
    return carries


def _exact(
    rows: Array, lines: Sequence[Line], remainders: Sequence[Array], records: Records
) -> tuple[Array, Array]:
    """The exact sum of some rows' fractions, as numerators over denominators, in Python's integers."""
    above = np.zeros(len(rows), object)
    below = np.ones(len(rows), object)
    for line, remainder in zip(lines, remainders, strict=True):
        divisor = line.divisor if len(line.divisor) == 1 else line.divisor[records.segment[rows]]
        wide = np.broadcast_to(divisor, len(rows)).astype(object)
        above = above * wide + remainder[rows].astype(object) * below
        below = below * wide
    return above, below


Ranks = Callable[[Array, Array, Array], Array]
"""The ranks, from 0, of some rows inside their segments: it takes the rows, the segments of these, and
how many of each segment are wanted, and need not tell the ranks among those who are all wanted apart."""


def select(fraction: Array, left: Array, records: Records, ranks: Ranks) -> Array:
    """The rows with the largest fractions, as many of each cooperative as it has units left.

    ``fraction`` is near the exact one; ``ranks`` decides between rows whose fractions are near.
    """
    first, count, end, bins = records.bins(MOST_BINS)
    position = (1.0 - fraction) * count + first
    binned = np.minimum(position.astype(np.int32), end)
    counted = np.cumsum(np.bincount(binned, minlength=bins))
    threshold = np.searchsorted(counted, records.offsets[:-1] + left).astype(np.float64)
    slack = _NEAR * (records.size + 1)
    threshold[left == 0] = -2.0
    above = position - records.spread(threshold)
    selected: Array = above < -slack
    doubtful = np.flatnonzero((above < 1.0 + slack) & ~selected)
    sizes = records.sizes
    wanted = left - records.count(selected)
    segment = np.zeros(len(doubtful), np.int32) if len(sizes) == 1 else records.segment[doubtful]
    available = np.bincount(segment, minlength=len(sizes))
    easy = wanted[segment] == available[segment]
    selected[doubtful[easy]] = True
    if not easy.all():
        rows, of = doubtful[~easy], segment[~easy]
        selected[rows[ranks(rows, of, wanted) < wanted[of]]] = True
    return selected


def ranked(keys: Sequence[Array], segment: Array) -> Array:
    """The ranks inside their segments of rows that are ordered by keys, those that weigh less first."""
    order = np.lexsort((*keys, segment))
    own = segment[order]
    starts = np.flatnonzero(np.r_[True, own[1:] != own[:-1]])
    rank = np.empty(len(order), np.int64)
    rank[order] = np.arange(len(order)) - np.repeat(starts, np.diff(np.r_[starts, len(order)]))
    return rank


def _ranks(
    rows: Array,
    segment: Array,
    wanted: Array,
    fraction: Array,
    lines: Sequence[Line],
    remainders: Sequence[Array],
    records: Records,
) -> Array:
    """The ranks of rows in doubt by their fractions, compared exactly where it matters."""
    if len(lines) == 1:
        return ranked((rows, -remainders[0][rows]), segment)
    rank = ranked((rows, -fraction[rows]), segment)
    order = np.lexsort((rank, segment))
    own, key = segment[order], fraction[rows][order]
    starts = np.flatnonzero(np.r_[True, own[1:] != own[:-1]])
    counts = np.diff(np.r_[starts, len(order)])
    need = wanted[own[starts]]
    edged = np.flatnonzero((need > 0) & (need < counts))
    edge = starts[edged] + need[edged]
    for group in edged[key[edge - 1] - key[edge] < _NEAR]:
        part = order[starts[group] : starts[group] + counts[group]]
        rank[part] = _exact_rank(rows[part], lines, remainders, records)
    return rank


def _exact_rank(
    rows: Array, lines: Sequence[Line], remainders: Sequence[Array], records: Records
) -> Array:
    """The ranks of one cooperative's rows by their exact fractions, ties by the order of rows."""
    if all((remainder[rows] == remainder[rows[0]]).all() for remainder in remainders):
        return rows.argsort().argsort()
    above, below = _exact(rows, lines, remainders, records)
    exact = [Fraction(int(a), int(b)) % 1 for a, b in zip(above, below, strict=True)]
    order = sorted(range(len(rows)), key=lambda i: (-exact[i], rows[i]))
    rank = np.empty(len(rows), np.int64)
    rank[order] = np.arange(len(rows))
    return rank
