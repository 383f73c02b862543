"""Pools over columns: what each record keeps of a figure, and what all put together."""

from fractions import Fraction

import numpy as np

from coopfx.engine.columns.arithmetic import add, multiply, negative, rounded
from coopfx.engine.columns.records import Records
from coopfx.engine.columns.values import (
    KNOWN,
    Array,
    Numbers,
    State,
    Truths,
    changed,
    full,
    known,
    only,
    taken,
    worst,
)


def keep(
    rate: Numbers,
    figures: Numbers,
    members: Truths,
    records: Records,
    step: Fraction,
    losses_kept: bool,
) -> Numbers:
    """What each record keeps: its part of a gain, rounded half up, and of a loss only with losses_kept.

    Whoever is not of the group keeps nothing.
    """
    spread = taken(rate, records.spread)
    kept = full(figures, records.size)
    if not losses_kept:
        kept = changed(kept, numerators=np.maximum(kept.numerators, 0))
    made = full(rounded(multiply([spread, kept]), step), records.size)
    return _of_members(made, worst(spread.state, figures.state), members)


def gathered(figures: Numbers, kept: Numbers, members: Truths, records: Records) -> Numbers:
    """What all members' figures come to, less what they keep, row by row."""
    left = full(add([full(figures, records.size), negative(kept)]), records.size)
    return _of_members(left, worst(figures.state, kept.state), members)


def _of_members(column: Numbers, state: State, members: Truths) -> Numbers:
    """A figure of the members, zero for everyone else, and not known where membership is not."""
    state = worst(state, members.state)
    out: Array = ~members.values & known(members.state, len(members))
    if out.any():
        column = changed(column, numerators=np.where(out, 0, column.numerators))
        state = None if state is None else only(np.where(out, KNOWN, state))
    return changed(column, state=state)
