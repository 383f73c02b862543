"""Aggregates over columns: of the rows of each segment, whatever is not known of them."""

from collections.abc import Callable
from fractions import Fraction
from functools import partial
from typing import Any

import numpy as np

from coopfx.engine.columns.arithmetic import (
    add,
    difference_sign,
    divide,
    multiply,
)
from coopfx.engine.columns.records import ABSENT, Inside, Records
from coopfx.engine.columns.rights import in_whole_numbers
from coopfx.engine.columns.values import (
    KNOWN,
    MISSING,
    UNDEFINED,
    WIDEST,
    Array,
    Column,
    Numbers,
    Truths,
    at_rows,
    changed,
    constant,
    fraction_at,
    full,
    known,
    only,
    states,
    taken,
    tight,
    worst,
)
from coopfx.language import operations


def over(kind: str, members: Truths, value: Column | None, records: Records) -> Numbers:
    """An aggregate of the rows of each segment whose membership is yes."""
    inside = members.values
    counted = records.count(inside)
    sure = inside
    if isinstance(value, Numbers):
        value = full(value, records.size)
        sure = inside if value.state is None else inside & (value.state == KNOWN)
    made = AGGREGATES[kind](value, sure, records)
    return _known_over(kind, made, members, value, records, counted)


def _count(value: Column | None, sure: Array, records: Records) -> Numbers:
    return Numbers(records.count(sure), 1, records.size, 1)


def _rate(value: Truths, sure: Array, records: Records) -> Numbers:
    peak = records.size
    hits, counted = records.count(sure & value.values), records.count(sure)
    return Numbers(hits, np.maximum(counted, 1), peak, max(peak, 1))


def _known_over(
    kind: str,
    made: Numbers,
    members: Truths,
    value: Column | None,
    records: Records,
    counted: Array,
) -> Numbers:
    """An aggregate with what is not known of it: facts that decide, and groups of nobody."""
    state: Array = np.zeros(len(records.sizes), np.uint8)
    if not operations.AGGREGATES[kind].of_nobody:
        state = np.where(counted == 0, UNDEFINED, KNOWN).astype(np.uint8)
    values = None if value is None else value.state
    if members.state is None and values is None:
        return changed(made, state=state if state.any() else None)
    unsure = np.zeros(records.size, bool) if members.state is None else members.state != KNOWN
    own = np.broadcast_to(states(values), records.size)
    within = np.where(members.values, own, KNOWN)
    doubt = np.where(
        unsure, np.broadcast_to(states(worst(members.state, values)), records.size), KNOWN
    )
    if kind == "sum":
        assert isinstance(value, Numbers)
        doubt = np.where((own == KNOWN) & (value.numerators == 0), KNOWN, doubt)
    if kind in ("min", "max"):
        assert isinstance(value, Numbers)
        best = taken(made, records.spread)
        assert isinstance(best, Numbers)
        sign = difference_sign(value, best)
        decided = (own == KNOWN) & (sign >= 0 if kind == "min" else sign <= 0)
        open_ = records.any(unsure & ~decided) | records.any(within != KNOWN) | (counted == 0)
        doubt = np.where(np.broadcast_to(records.spread(open_), records.size), doubt, KNOWN)
    missing = records.any((within == MISSING) | (doubt == MISSING))
    undefined = records.any((within == UNDEFINED) | (doubt == UNDEFINED))
    state = np.where(missing, MISSING, np.where(undefined, UNDEFINED, state)).astype(np.uint8)
    return changed(made, state=state if state.any() else None)


def _sum(value: Numbers, sure: Array, records: Records) -> Numbers:
    bound = value.peak * records.most
    if isinstance(value.denominator, int):
        rows = value.numerators if sure.all() else np.where(sure, value.numerators, 0)
        rows = rows.astype(object) if bound >= WIDEST else rows
        return Numbers(records.sum(rows), value.denominator, bound, value.denominator)
    masked = changed(value, numerators=np.where(sure, value.numerators, 0), state=None)
    rows, below = in_whole_numbers(masked, records)
    return tight(Numbers(records.exact_sum(rows), below, WIDEST, WIDEST))


def _average(value: Numbers, sure: Array, records: Records) -> Numbers:
    """The sum of those that are known, by their number; where one is not known, nor is the average."""
    count = np.maximum(records.count(sure), 1)
    return divide(_sum(value, sure, records), Numbers(count, 1, max(records.size, 1), 1))


def _median(value: Numbers, sure: Array, records: Records) -> Numbers:
    """The middle one of each segment's figures, or half-way between the middle two."""
    rows = np.flatnonzero(sure)
    if not len(rows):
        return Numbers(np.zeros(records.count_of, np.int64), 1, 0, 1)
    of = np.zeros(len(rows), np.int32) if records.count_of == 1 else records.segment[rows]
    counts = records.count(sure)
    starts = np.cumsum(counts) - counts
    whole = isinstance(value.denominator, int)
    keys = value.numerators if whole else value.floats
    order = np.lexsort((keys[rows], of))
    some = np.flatnonzero(counts)
    middle = []
    for place in ((counts - 1) // 2, counts // 2):
        found = np.zeros(records.count_of, np.int64)
        found[some] = rows[order[starts[some] + place[some]]]
        if not whole:
            for segment in some.tolist():
                own = rows[order[starts[segment] : starts[segment] + counts[segment]]]
                found[segment] = _exact_at(value, keys, own, int(place[segment]))
        middle.append(at_rows(changed(value, state=None), found, records.size))
    return multiply([add(middle), constant(Fraction(1, 2))])


def _exact_at(value: Numbers, keys: Array, rows: Array, place: int) -> int:
    """The row at a place in the exact order of rows that are in order of their floats."""
    at = keys[rows]
    slack = abs(at[place]) * 1e-14
    low = int(np.searchsorted(at, at[place] - slack, side="left"))
    high = int(np.searchsorted(at, at[place] + slack, side="right"))
    near = rows[low:high]
    above, below = value.numerators[near], np.asarray(value.denominator)[near]
    if (above == above[0]).all() and (below == below[0]).all():
        return int(near[0])
    exact = sorted(near.tolist(), key=lambda row: fraction_at(value, row))
    return int(exact[place - low])


def _least(kind: str, value: Numbers, sure: Array, records: Records) -> Numbers:
    """The least or greatest of each cooperative's figures; zero where it has none."""
    ufunc = np.minimum if kind == "min" else np.maximum
    if isinstance(value.denominator, int):
        beyond = value.peak + 1 if kind == "min" else -value.peak - 1
        rows = np.where(sure, value.numerators, beyond)
        found = records.reduce(ufunc, rows, beyond)
        return changed(value, numerators=np.where(found == beyond, 0, found), state=None)
    rows = value.floats
    nobody = np.inf if kind == "min" else -np.inf
    if not sure.all():
        rows = np.where(sure, rows, nobody)
    best = records.reduce(ufunc, rows, nobody)
    return _exact_extreme(kind, value, rows, best, records)


def _exact_extreme(
    kind: str, value: Numbers, rows: Array, best: Array, records: Records
) -> Numbers:
    """The exact extreme among the rows whose floats are too near the best one to tell apart."""
    best = np.where(np.isinf(best), np.nan, best)  # nobody: no row is near
    slack = np.abs(best) * 1e-14
    if kind == "min":
        candidates = np.flatnonzero(rows <= records.spread(best + slack))
    else:
        candidates = np.flatnonzero(rows >= records.spread(best - slack))
    size = len(records.sizes)
    of = np.zeros(len(candidates), np.int32) if size == 1 else records.segment[candidates]
    divisors = np.asarray(value.denominator)
    above, below = np.zeros(size, value.numerators.dtype), np.ones(size, divisors.dtype)
    above[of], below[of] = value.numerators[candidates], divisors[candidates]
    same = (value.numerators[candidates] == above[of]) & (divisors[candidates] == below[of])
    for cooperative in np.unique(of[~same]):
        tied = candidates[of == cooperative].tolist()
        pick = min if kind == "min" else max
        row = pick(tied, key=lambda one: fraction_at(value, one))
        above[cooperative], below[cooperative] = value.numerators[row], divisors[row]
    return Numbers(above, below, value.peak, value.deep)


AGGREGATES: dict[str, Callable[[Any, Array, Records], Numbers]] = {
    "sum": _sum,
    "average": _average,
    "median": _median,
    "min": partial(_least, "min"),
    "max": partial(_least, "max"),
    "count": _count,
    "rate": _rate,
}
"""Of a column, its rows that belong and are known, by segment."""

# ---- along a link


def by_link(
    kind: str,
    members: Truths,
    value: Column | None,
    links: Array,
    linked: Inside,
    records: Records,
    targets: Records,
) -> Numbers:
    """An aggregate for each record that the members link to, by the rows that are ``linked``.

    Whoever's link is not given may belong to any of them.
    """
    rows = linked.rows
    own = None if value is None else at_rows(value, rows, records.size)
    made = over(kind, at_rows(members, rows, records.size), own, linked.segments)
    out = ~members.values & known(members.state, records.size)
    loose = (links == ABSENT) & ~out
    if not loose.any():
        return made
    open_ = records.any(loose)
    if kind == "sum":
        assert isinstance(value, Numbers)
        figures = full(value, records.size)
        zero = (figures.numerators == 0) & known(figures.state, records.size)
        open_ = records.any(loose & ~zero)
    undecided = np.broadcast_to(targets.spread(open_), targets.size)
    if kind in ("min", "max"):
        best = taken(over(kind, Truths(loose), value, records), targets.spread)
        sign = difference_sign(made, best)
        near = sign <= 0 if kind == "min" else sign >= 0
        decided = near & known(worst(made.state, best.state), targets.size)
        undecided = undecided & ~decided
    state = np.where(undecided, MISSING, states(made.state, targets.size))
    return changed(made, state=only(state))
