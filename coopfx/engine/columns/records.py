"""The records of a sort, a segment of rows for each cooperative, and what is done by segment."""

from functools import cached_property
from typing import Any

import numpy as np
from attrs import field, frozen

from coopfx.engine.columns.values import (
    KNOWN,
    MISSING,
    UNDEFINED,
    WIDEST,
    Array,
    Column,
    Labels,
    cut,
)

ABSENT, ASTRAY = -1, -2
"""A link that is not given, and one to an identifier that no record has."""

_TRIFLE = 2.0**-20


@frozen(slots=False, eq=False)
class Records:
    """The records of one sort of all cooperatives, one after the other, in order of identifiers.

    Cooperative ``c`` has the rows from ``offsets[c]`` up to ``offsets[c + 1]``. ``given`` tells of
    which cooperatives the data give this sort of record at all; None is of all. A link is the place
    of a record among its own cooperative's, or ABSENT, or ASTRAY where no record has that identifier.

    What has a segment of rows is a cooperative, or else whatever records are linked to.
    """

    offsets: Array
    columns: dict[str, Column] = field(factory=dict)
    given: Array | None = None
    ids: tuple[str, ...] = ()
    _bins: tuple[int, Any] | None = field(default=None, init=False)

    @cached_property
    def sizes(self) -> Array:
        """How many rows each cooperative has."""
        return np.diff(self.offsets)

    @cached_property
    def segment(self) -> Array:
        """The cooperative of each row."""
        return np.repeat(np.arange(len(self.sizes), dtype=np.int32), self.sizes)

    def bins(self, most: int) -> tuple[Any, Any, int, int]:
        """Bins for a cooperative's rows, as many as it has rows, or ``most``.

        Beside each row: where its cooperative's last bin ends and how many it has, both a trifle less,
        so that rounding leads to no other cooperative's; then how many there are in all, and at most.
        """
        if self._bins is None or self._bins[0] != most:
            counts = np.minimum(self.sizes, most)
            ends = np.cumsum(counts)
            spread = self.spread(ends - _TRIFLE), self.spread(counts - 2 * _TRIFLE)
            found = (*spread, int(counts.sum()), int(counts.max(initial=1)))
            object.__setattr__(self, "_bins", (most, found))
        assert self._bins is not None
        made: tuple[Any, Any, int, int] = self._bins[1]
        return made

    @staticmethod
    def of_sizes(sizes: Array) -> "Records":
        """Records of which each segment has so many rows."""
        offsets = np.zeros(len(sizes) + 1, np.int64)
        np.cumsum(sizes, out=offsets[1:])
        return Records(offsets)

    @property
    def count_of(self) -> int:
        """How many segments there are."""
        return len(self.offsets) - 1

    @cached_property
    def most(self) -> int:
        """The rows of the largest cooperative, and at least one."""
        return max(int(self.sizes.max()), 1) if len(self.sizes) else 1

    @cached_property
    def full(self) -> Array | None:
        """Which cooperatives have any row; None where all have."""
        return None if self.sizes.all() else np.flatnonzero(self.sizes)

    @property
    def size(self) -> int:
        """How many rows there are."""
        return int(self.offsets[-1])

    def spread(self, values: Any) -> Any:
        """A value of each cooperative, beside each of its rows.

        Repeating is several times quicker than looking each row's cooperative up.
        """
        if not isinstance(values, np.ndarray) or len(values) == 1:
            return values
        return np.repeat(values, self.sizes)

    def reduce(self, ufunc: Any, rows: Array, empty: Any) -> Array:
        """A numpy reduction over each cooperative's rows; ``empty`` where it has none."""
        if len(self.sizes) == 1:
            return np.array([ufunc.reduce(rows) if len(rows) else empty], dtype=rows.dtype)
        starts = self.offsets[:-1]
        if self.full is None:
            found: Array = ufunc.reduceat(rows, starts)
            return found
        found = np.full(len(self.sizes), empty, dtype=rows.dtype)
        if len(self.full):
            found[self.full] = ufunc.reduceat(rows, starts[self.full])
        return found

    def any(self, flags: Array) -> Array:
        """Of each cooperative, whether a flag is set on any of its rows."""
        return self.reduce(np.logical_or, np.broadcast_to(flags, self.size), False)

    def state(self, rows: Array) -> Array:
        """The worst that keeps any of each cooperative's rows from being known."""
        missing = self.any(rows == MISSING)
        undefined = self.any(rows == UNDEFINED)
        return np.where(missing, MISSING, np.where(undefined, UNDEFINED, KNOWN)).astype(np.uint8)

    def sum(self, rows: Array) -> Array:
        """The sum over each cooperative's rows; the caller has made sure that it fits."""
        return self.reduce(np.add, rows, 0)

    def exact_sum(self, rows: Array, peak: int | None = None) -> Array:
        """The sum over each cooperative's rows, in Python's integers where it could overflow.

        ``peak`` is at least the size of every row, where such a bound is known.
        """
        if rows.dtype != object and len(rows):
            if peak is None or peak * self.most >= WIDEST:
                peak = max(int(rows.max()), -int(rows.min()))
            if peak * self.most >= WIDEST:
                rows = rows.astype(object)
        return self.sum(rows)

    def count(self, flags: Array) -> Array:
        """On how many of each cooperative's rows a flag is set."""
        if len(self.sizes) == 1:
            return np.array([np.count_nonzero(flags)])
        if flags.all():
            return self.sizes
        return self.reduce(np.add, flags.astype(np.int64), 0)

    def cut(self, start: int, stop: int) -> "Records":
        """The records of some of the cooperatives."""
        low, high = int(self.offsets[start]), int(self.offsets[stop])
        return Records(
            self.offsets[start : stop + 1] - low,
            {name: cut_rows(column, low, high) for name, column in self.columns.items()},
            None if self.given is None else self.given[start:stop],
            self.ids[low:high],
        )

    def linked(self, links: Labels, targets: "Records") -> Array:
        """The row of the record that each row is linked to; below zero where there is none."""
        local = links.values
        first = self.spread(targets.offsets[:-1])
        rows: Array = np.where(local < 0, local, local + first)
        return rows


@frozen(slots=True, eq=False)
class Inside:
    """Some rows of a sort, brought together inside each segment.

    ``rows`` are their places in the sort; ``segments`` have the rows in that order.
    """

    rows: Array
    segments: Records


def inside(of: Array, size: int, wanted: Array | None = None) -> Inside:
    """The wanted rows (None: all) by the segment, of so many, that each belongs to.

    Rows whose segment is below zero are left out; inside a segment they keep their order.
    """
    belongs = of >= 0
    rows = np.flatnonzero(belongs if wanted is None else belongs & wanted)
    own = of[rows]
    if len(own) and (own[1:] < own[:-1]).any():
        order = np.argsort(own, kind="stable")
        rows, own = rows[order], own[order]
    return Inside(rows, Records.of_sizes(np.bincount(own, minlength=size)))


def cut_segments(records: Records, wanted: Array) -> tuple[Array, Records]:
    """The rows of the wanted segments, and these segments alone."""
    rows = np.flatnonzero(np.broadcast_to(records.spread(wanted), records.size))
    return rows, Records.of_sizes(records.sizes[wanted])


def cut_rows(column: Column, low: int, high: int) -> Column:
    """The rows of a column from one place up to another."""
    return cut(column, lambda values: values[low:high])
