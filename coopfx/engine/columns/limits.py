"""Splits within limits, over columns: coefficients, caps, smallest parts, equal cents, an excess.

Every part is the same multiple of its right, held under its cap; a part below the smallest one is not
paid. The multiple of each segment is found by whole numbers alone, so that the cents are the exact ones.
"""

from collections.abc import Sequence
from fractions import Fraction

import numpy as np
from attrs import evolve, frozen

from coopfx.engine.columns.arithmetic import over_step
from coopfx.engine.columns.limbs import LARGEST
from coopfx.engine.columns.primitives import LARGEST_AMOUNT, ranked, select
from coopfx.engine.columns.records import Records, cut_segments
from coopfx.engine.columns.rights import (
    Multiple,
    Rights,
    Weighed,
    in_whole_numbers,
    rights_of,
    sums,
)
from coopfx.engine.columns.values import WIDEST, Array, Numbers, at_rows, changed, full


@frozen(slots=True, eq=False)
class Shape:
    """What shapes a split beside its lines: figures of rows, ``smallest`` of segments, as it is written."""

    coefficient: Array | None = None
    cap: Numbers | None = None
    smallest: Numbers | None = None
    alike: bool = False
    excess: bool = False


@frozen(slots=True, eq=False)
class Limits:
    """What each row may receive at most and what is paid at least, in steps of the currency.

    ``caps`` are over the ``divisor`` of their segment, ``smallest`` over ``part``; without a limit,
    ``caps`` are the whole amount, ``smallest`` is zero. ``alike`` and ``excess`` are of the clause.
    """

    caps: Array
    divisor: Array
    smallest: Array
    part: Array
    alike: bool = False
    excess: bool = False


def within_limits(
    money: Array,
    lines: Sequence[Weighed],
    shape: Shape,
    weighed: Array,
    records: Records,
    step: Fraction,
) -> Array:
    """The parts of each segment's money for the rows that have a right above zero, in steps.

    A segment that shares anything out has such a row, and no right below zero.
    """
    parts = np.zeros(records.size, np.int64)
    active = money > 0
    if not active.any():
        return parts
    rows = np.flatnonzero(weighed & records.spread(active))
    segments = Records.of_sizes(records.count(weighed)[active])
    rights = rights_of(lines, shape.coefficient, rows, segments, active)
    amount = money[active]
    limits = _limits(amount, shape, rows, segments, active, records, step)
    narrow = _are_narrow(amount, rights, limits)
    for wide, those in ((False, narrow), (True, ~narrow)):
        if those.any():
            own, some, within = _cut(those, rights, limits, wide)
            made = split_limited(amount[those].astype(object), some, within)
            if wide and max(made) >= WIDEST:
                parts = parts.astype(object)
            parts[rows[own]] = made
    return parts


def _limits(
    amount: Array,
    shape: Shape,
    rows: Array,
    segments: Records,
    active: Array,
    records: Records,
    step: Fraction,
) -> Limits:
    """The limits of some rows, in the active segments, as whole numbers."""
    ones = np.ones(segments.count_of, object)
    caps, divisor = np.broadcast_to(segments.spread(amount), segments.size), ones
    if shape.cap is not None:
        cap = at_rows(changed(shape.cap, state=None), rows, records.size)
        caps, divisor = in_whole_numbers(over_step(cap, step), segments)
        caps = np.maximum(caps, 0)
    smallest, part = 0 * ones, ones
    if shape.smallest is not None:
        least = over_step(full(shape.smallest, len(active)), step)
        below = np.asarray(least.denominator, object)
        smallest = np.maximum(least.numerators[active].astype(object), 0)
        part = np.broadcast_to(below, len(active))[active]
    return Limits(caps, divisor, smallest, part, shape.alike, shape.excess)


def _cut(those: Array, rights: Rights, limits: Limits, wide: bool) -> tuple[Array, Rights, Limits]:
    """The rows, rights and limits of some segments, in Python's integers where these are wide."""
    rows, segments = cut_segments(rights.segments, those)
    some = Rights(
        tuple(figure[rows].astype(object if wide else np.int64) for figure in rights.figures),
        tuple(factor[those] for factor in rights.factors),
        segments,
        wide,
    )
    within = evolve(
        limits,
        caps=limits.caps[rows].astype(object) if wide else limits.caps[rows],
        divisor=limits.divisor[those],
        smallest=limits.smallest[those],
        part=limits.part[those],
    )
    return rows, some, within


def split_limited(amount: Array, rights: Rights, limits: Limits) -> Array:
    """What each row receives of its segment's amount, in steps (see splits.split).

    Amounts and all rights are above zero.
    """
    divisor = limits.divisor
    caps = np.minimum(limits.caps, rights.segments.spread(amount * divisor))
    if not rights.wide:
        caps = caps.astype(np.int64)
    limits = evolve(limits, caps=caps)
    whole = amount.astype(object)
    if limits.excess:
        multiple = rights.multiple(whole, rights.total())
        capped = multiple.sign(caps, divisor) >= 0
        paid = ~_small(multiple, limits, rights.segments)
    else:
        paid = caps > 0
        multiple, capped = _filled(whole, rights, limits, paid)
        small = _small(multiple, limits, rights.segments) & paid
        if small.any():
            paid &= ~_dropped(whole, rights, limits, paid)
            multiple, capped = _filled(whole, rights, limits, paid)
    return _to_the_step(multiple, limits, paid & ~capped, paid & capped)


def _below_smallest(limits: Limits, segments: Records) -> Array:
    """The rows whose caps are below the smallest part."""
    least = -(-(limits.smallest * limits.divisor) // limits.part)
    most = int(limits.caps.max()) + 1 if len(limits.caps) else 1
    bound = np.minimum(least, most).astype(limits.caps.dtype)
    below: Array = limits.caps < segments.spread(bound)
    return below


def _small(multiple: Multiple, limits: Limits, segments: Records) -> Array:
    """The rows whose parts are too small to be paid."""
    if not limits.smallest.any():
        return np.zeros(segments.size, bool)
    bounds = limits.smallest.astype(limits.caps.dtype)
    rows = np.broadcast_to(segments.spread(bounds), segments.size)
    small: Array = (multiple.sign(rows, limits.part) < 0) | _below_smallest(limits, segments)
    return small


def _filled(amount: Array, rights: Rights, limits: Limits, wanted: Array) -> tuple[Multiple, Array]:
    """The multiple of the wanted rows' rights that pays the amount, and whom their caps hold.

    Whoever is held under a cap leaves more to the others, until nobody new is.
    """
    capped = np.zeros(rights.segments.size, bool)
    while True:
        left = amount * limits.divisor - sums(np.where(capped, limits.caps, 0), rights.segments)
        total = rights.total(wanted & ~capped)
        multiple = rights.multiple(left, limits.divisor * total)
        more = wanted & ~capped & (multiple.sign(limits.caps, limits.divisor) >= 0)
        if not more.any():
            return multiple, capped
        capped |= more


def _dropped(amount: Array, rights: Rights, limits: Limits, wanted: Array) -> Array:
    """The rows whose parts are not paid because they would be too small.

    The smallest rights go first, equal ones together. Without all rights below some level, the parts
    at that level are large enough if what everyone from there on would receive, were that level's part
    the smallest one that is paid, can be paid. That is the easier the higher the level: the
    lowest such level is found by halving.
    """
    segments = rights.segments
    never = _below_smallest(limits, segments) & wanted
    level, firsts, offsets = _levels(rights)
    low = np.zeros(len(segments.sizes), np.int64)
    high = np.diff(offsets)
    while (open_ := low < high).any():
        middle = np.where(open_, (low + high) // 2, np.maximum(high - 1, 0))
        one = rights.at(firsts[offsets[:-1] + middle], np.arange(len(middle)))
        multiple = rights.multiple(limits.smallest, limits.part * one)
        those = wanted & (level >= segments.spread(middle))
        capped = those & (multiple.sign(limits.caps, limits.divisor) >= 0)
        held = sums(np.where(capped, limits.caps, 0), segments)
        below = multiple.below
        asked = limits.smallest * rights.total(those & ~capped) * limits.divisor + held * below
        enough = asked <= amount * limits.divisor * below
        high = np.where(open_ & enough, middle, high)
        low = np.where(open_ & ~enough, middle + 1, low)
    dropped: Array = (level < segments.spread(low)) | never
    dropped &= segments.spread(limits.smallest > 0).astype(bool)
    return dropped


def _levels(rights: Rights) -> tuple[Array, Array, Array]:
    """How many smaller rights each row's segment has, equal ones counted once.

    Beside it, a row of each level, segment after segment, and where each segment's begin.
    """
    segments, keys = rights.segments, rights.keys()
    order = np.lexsort((*keys, segments.segment))
    of = segments.segment[order]
    new = np.ones(len(order), bool)
    new[1:] = of[1:] != of[:-1]
    for key in keys:
        new[1:] |= key[order][1:] != key[order][:-1]
    firsts = order[new]
    offsets = np.zeros(len(segments.sizes) + 1, np.int64)
    np.cumsum(np.bincount(of[new], minlength=len(segments.sizes)), out=offsets[1:])
    level = np.empty(len(order), np.int64)
    level[order] = np.cumsum(new) - 1 - offsets[:-1][of]
    return level, firsts, offsets


def _to_the_step(multiple: Multiple, limits: Limits, free: Array, held: Array) -> Array:
    """The parts in whole steps: rounded down, and one step more for the largest fractions."""
    rights, segments = multiple.rights, multiple.rights.segments
    rows = np.flatnonzero(free)
    of = segments.segment[rows]
    divisor = limits.divisor.astype(limits.caps.dtype)
    parts = np.where(held, limits.caps // segments.spread(divisor), 0)
    floors, rest, fraction = multiple.parts(rows)
    parts[rows] = floors
    if limits.alike:
        return parts
    caps = sums(np.where(held, limits.caps, 0), segments)
    exact = multiple.above * rights.total(free) * limits.divisor + caps * multiple.below
    odd = exact // (multiple.below * limits.divisor) - sums(parts, segments)
    room = (floors + 1) * divisor[of] <= limits.caps[rows]
    rows, of, fraction = rows[room], of[room], fraction[room]
    keys = [limb[room] for limb in rest]
    sizes = np.bincount(of, minlength=len(segments.sizes))
    odd = np.minimum(odd, sizes).astype(np.int64)
    some = odd > 0
    eligible = np.flatnonzero(some[of])
    if not len(eligible):
        return parts
    offsets = np.concatenate([[0], np.cumsum(sizes[some])]).astype(np.int64)

    def ranks(places: Array, own: Array) -> Array:
        chosen = eligible[places]
        return ranked((rows[chosen], *_descending([key[chosen] for key in keys])), own)

    more = select(np.clip(fraction[eligible], 0.0, 1.0), odd[some], Records(offsets), ranks)
    parts[rows[eligible[more]]] += 1
    return parts


def _descending(keys: Sequence[Array]) -> list[Array]:
    """Keys that order rows the other way round."""
    return [-key if key.dtype == object else ~key for key in keys]


def _are_narrow(amount: Array, rights: Rights, limits: Limits) -> Array:
    """In which segments two limbs hold all that a split works out."""
    below = np.maximum(limits.divisor, limits.part)
    narrow = (
        (amount < LARGEST_AMOUNT)
        & (amount.astype(object) * limits.divisor < 2**61)
        & (np.maximum(limits.smallest, limits.part) < 2**61)
        & (rights.total() * below < LARGEST)
    )
    for figure in rights.figures:
        if figure.dtype == object:
            narrow = narrow & (rights.segments.reduce(np.maximum, figure, 0) < WIDEST)
    return narrow.astype(bool)
