"""Rights too shaped for a float: each row's as whole numbers, and exact multiples of all of them.

A row's right is the sum of its figures, each times a factor of its segment. Factors are Python's
integers, figures 64-bit ones; what is worked out of the two fits into two limbs, or else the segment
is worked out in Python's integers from end to end (see Rights.narrow).
"""

from collections.abc import Sequence

import numpy as np
from attrs import frozen
from numpy.typing import NDArray

from coopfx.engine.columns import limbs
from coopfx.engine.columns.records import Records
from coopfx.engine.columns.values import WIDEST, Array, Numbers

NEAR = 1e-13
"""More than any error of the estimate of a multiple, or of the figure that it is compared with."""


@frozen(slots=True, eq=False)
class Weighed:
    """A line of a split: each row's ``figure``, their ``total``, its weight ``above`` / ``below``.

    Figures are whole numbers, over whatever denominator they have in their segment.
    """

    figure: Array
    total: Array
    above: Array
    below: Array


@frozen(slots=True, eq=False)
class Rights:
    """The right of each row: its ``figures``, times the ``factors`` of its segment, added up.

    Where ``wide``, figures are Python's integers too.
    """

    figures: tuple[Array, ...]
    factors: tuple[Array, ...]
    segments: Records
    wide: bool = False

    def total(self, wanted: Array | None = None) -> Array:
        """The sum of each segment's rights, or of those of the wanted rows."""
        total: Array = np.zeros(len(self.segments.sizes), object)
        for figure, factor in zip(self.figures, self.factors, strict=True):
            rows = figure if wanted is None else np.where(wanted, figure, 0)
            total = total + sums(rows, self.segments) * factor
        return total

    def at(self, rows: Array, segments: Array) -> Array:
        """The rights of some rows, which belong to these segments."""
        found: Array = np.zeros(len(rows), object)
        for figure, factor in zip(self.figures, self.factors, strict=True):
            found = found + figure[rows].astype(object) * factor[segments]
        return found

    def keys(self) -> list[Array]:
        """Numbers that order the rows of a segment by their rights, those that weigh less first."""
        if len(self.figures) == 1:
            return [self.figures[0]]
        if self.wide:
            return [self.at(np.arange(self.segments.size), self.segments.segment)]
        right = self._times(self.factors, np.arange(self.segments.size))
        return [right.low, right.high]

    def multiple(self, above: Array, below: Array) -> "Multiple":
        """The rights times ``above`` / ``below`` of each segment; nothing where ``below`` is zero."""
        return Multiple(self, np.where(below == 0, 0, above), np.where(below == 0, 1, below))

    def _times(self, factors: Sequence[Array], rows: Array) -> limbs.Wide:
        """The figures of some rows times other factors, added up."""
        of = self.segments.segment[rows]
        found: limbs.Wide | None = None
        for figure, factor in zip(self.figures, factors, strict=True):
            part = limbs.times(limbs.from_integers(factor)[of], figure[rows])
            found = part if found is None else limbs.plus(found, part)
        assert found is not None, "a split has a line"
        return found


def sums(rows: Array, segments: Records) -> Array:
    """The sum of each segment's rows, as Python's integers."""
    return segments.exact_sum(rows).astype(object)


@frozen(slots=True, eq=False)
class Multiple:
    """The same multiple of every right of a segment, ``above`` / ``below``."""

    rights: Rights
    above: Array
    below: Array

    def estimate(self) -> NDArray[np.float64]:
        """Each row's multiple as a float: to look, never to answer."""
        segments = self.rights.segments
        found: NDArray[np.float64] = np.zeros(segments.size)
        for figure, factor in zip(self.rights.figures, self.rights.factors, strict=True):
            ratio = (factor * self.above / self.below).astype(np.float64)
            found += figure.astype(np.float64) * segments.spread(ratio)
        return found

    def parts(self, rows: Array) -> tuple[Array, list[Array], Array]:
        """The whole part of some rows' multiples, the rest by which they are ordered, and its fraction.

        The rest is a row of numbers, those that weigh less first, over the ``below`` of the segment.
        """
        of = self.rights.segments.segment[rows]
        if self.rights.wide:
            exact = self.rights.at(rows, of) * self.above[of]
            whole = exact // self.below[of]
            rest = exact - whole * self.below[of]
            return whole, [rest], (rest / self.below[of]).astype(np.float64)
        factors = [factor * self.above for factor in self.rights.factors]
        below = limbs.from_integers(self.below)[of]
        whole = np.zeros(len(rows))
        for figure, factor in zip(self.rights.figures, factors, strict=True):
            whole += figure[rows] * (factor / self.below).astype(np.float64)[of]
        whole = whole.astype(np.int64)
        left = limbs.minus(self.rights._times(factors, rows), limbs.times(below, whole))
        while (low := left.high < 0).any():
            whole -= low
            left = limbs.where(low, limbs.plus(left, below), left)
        while (high := limbs.at_least(left, below)).any():
            whole += high
            left = limbs.where(high, limbs.minus(left, below), left)
        return whole, [left.low, left.high], limbs.to_floats(left) / limbs.to_floats(below)

    def sign(self, bounds: Array, divisors: Array) -> Array:
        """The sign of each row's multiple less its bound, which is over the segment's divisor."""
        segments = self.rights.segments
        if self.rights.wide:
            right = self.rights.at(np.arange(segments.size), segments.segment)
            one = right * segments.spread(self.above * divisors)
            other = bounds * segments.spread(self.below)
            exact: Array = (one > other).astype(np.int8) - (one < other)
            return exact
        found, limit = self.estimate(), bounds / segments.spread(divisors.astype(np.float64))
        limit = limit.astype(np.float64)
        sign: Array = np.sign(found - limit).astype(np.int8)
        near = np.flatnonzero(np.abs(found - limit) <= NEAR * (found + np.abs(limit)))
        if len(near):
            sign[near] = self._exact_sign(near, bounds[near], divisors[segments.segment[near]])
        return sign

    def _exact_sign(self, rows: Array, bounds: Array, divisors: Array) -> Array:
        whole, rest, _ = self.parts(rows)
        least = bounds // divisors.astype(bounds.dtype)
        over = bounds - least * divisors
        exact = (whole > least).astype(np.int8) - (whole < least)
        level = whole == least
        above = np.zeros(len(rows), bool)
        for limb in rest:
            above |= limb > 0
        sign: Array = np.where(level, above, exact)
        for row in np.flatnonzero(level & (over > 0)).tolist():
            high = int(rest[1][row]) << 64 if len(rest) > 1 else 0
            left = (int(rest[0][row]) + high) * int(divisors[row])
            right = int(over[row]) * int(self.below[self.rights.segments.segment[rows[row]]])
            sign[row] = (left > right) - (left < right)
        return sign


def positive(lines: Sequence[Weighed], coefficient: Array | None, segments: Records) -> Array:
    """The rows whose rights are above zero, where none is below."""
    found = np.zeros(segments.size, bool)
    for line in lines:
        found |= (line.figure > 0) & segments.spread(line.above > 0)
    return found if coefficient is None else found & (coefficient > 0)


def rights_of(
    lines: Sequence[Weighed],
    coefficient: Array | None,
    rows: Array,
    segments: Records,
    active: Array,
) -> Rights:
    """The rights of some rows, in the active segments: they need only be in proportion there."""
    figures, above, below = [], [], []
    for line in lines:
        figure = line.figure[rows]
        if coefficient is not None:
            figure = _product(figure, coefficient[rows])
        figures.append(figure)
        above.append(line.above[active].astype(object))
        below.append(line.below[active].astype(object) * line.total[active])
    if len(lines) == 1:
        return Rights(tuple(figures), (np.ones(segments.count_of, object),), segments)
    factors = []
    for position, factor in enumerate(above):
        for other, divisor in enumerate(below):
            factor = factor if other == position else factor * divisor
        factors.append(factor)
    common = factors[0]
    for factor in factors[1:]:
        common = np.gcd(common, factor)
    common = np.where(common == 0, 1, common)
    return Rights(tuple(figures), tuple(factor // common for factor in factors), segments)


def _product(left: Array, right: Array) -> Array:
    narrow = left.dtype != object and right.dtype != object
    if narrow and len(left) and int(left.max()) * int(right.max()) >= WIDEST:
        left = left.astype(object)
    product: Array = left * right
    return product


def in_whole_numbers(column: Numbers, segments: Records) -> tuple[Array, Array]:
    """Each row as a whole number over a denominator of its segment."""
    below, above = column.denominator, column.numerators
    if isinstance(below, int):
        return above, np.full(segments.count_of, below, object)
    below = np.where(above == 0, 1, below)
    common = segments.reduce(np.lcm, below, 1)
    # An overflow cannot go unseen: what every row divides is a common denominator.
    if (common <= 0).any() or (segments.spread(common) % below).any():
        below = below.astype(object)
        common = segments.reduce(np.lcm, below, 1)
    factor = segments.spread(common) // below
    if len(factor) and column.peak * int(factor.max()) >= WIDEST:
        above = above.astype(object)
    return above * factor, common.astype(object)
