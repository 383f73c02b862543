"""Verdicts over columns: whether each rule held, of every cooperative or record, as settle says it."""

from collections.abc import Iterator
from fractions import Fraction

import numpy as np
from attrs import evolve, frozen

from coopfx.engine.columns.aggregates import over
from coopfx.engine.columns.arithmetic import add, chosen, difference_sign, negative
from coopfx.engine.columns.records import Records
from coopfx.engine.columns.swept import Swept
from coopfx.engine.columns.values import (
    KNOWN,
    Array,
    Column,
    Numbers,
    Truths,
    changed,
    constant,
    fraction_at,
    full,
    known,
    states,
    taken,
)
from coopfx.ground.exact import Kind
from coopfx.ground.figure import SHARE_CAPITAL, SHARES_HELD
from coopfx.language import ir

SATISFIED, VIOLATED, NOT_APPLICABLE, UNDETERMINED, TO_A_CENT, SET_ASIDE = range(6)
_HEAVIEST_LAST = (SATISFIED, TO_A_CENT, UNDETERMINED, VIOLATED)
_ZERO = constant(Fraction(0))
_SLACK = {"at_least": 1, "above": 1, "at_most": -1, "below": -1}


@frozen(slots=True, eq=False)
class Judged:
    """A rule's status row by row, and which of its comparisons decided (below zero: none is shown).

    ``margin`` is how far the one that decided is from its edge; not known where that cannot be said.
    """

    status: Array
    decisive: Array
    margin: Numbers


@frozen(slots=True, eq=False)
class OverRecords:
    """A rule over the records of each cooperative: its status, and the record nearest to its edge.

    ``counts`` has, of each cooperative, how many records are of each status, ``counted`` whether the
    data give that sort at all. ``worst`` is a row of ``rows``, below zero where there is none;
    ``members`` are the rows that the rule speaks of.
    """

    status: Array
    counts: Array
    counted: Array
    worst: Array
    rows: Judged
    members: Array


def judge(swept: Swept, rule: ir.Rule) -> Judged | OverRecords:
    """Whether a rule held; of one that is set aside, nothing but that."""
    if rule.set_aside:
        size = swept.batch.size
        never = changed(full(_ZERO, size), state=np.ones(size, np.uint8))
        return Judged(np.full(size, SET_ASIDE), np.full(size, -1), never)
    if rule.record is None:
        return _cases(swept, rule, swept.batch.size)
    records = swept.records(rule.record)
    assert rule.group is not None
    members = full(swept.truths(rule.group), records.size)
    own = _cases(swept, rule, records.size)
    unsure = states(members.state, records.size) != KNOWN
    rows = Judged(
        np.where(unsure, UNDETERMINED, own.status),
        np.where(unsure, -1, own.decisive),
        changed(own.margin, state=np.where(unsure, 1, states(own.margin.state, records.size))),
    )
    return _over_records(rows, members.values | unsure, records)


def untrue(swept: Swept, truth: ir.Truth) -> Iterator[tuple[int, int, str]]:
    """Where what a text says is always true is not: the number of the cooperative in the batch, the row,
    and of which record."""
    column, record = swept.truths(truth.node), swept.batch.program.nodes[truth.node].record
    size = swept.batch.size if record is None else swept.records(record).size
    rows = full(column, size)
    assert isinstance(rows, Truths)
    for row in np.flatnonzero(~rows.values & known(rows.state, size)).tolist():
        if record is None:
            yield row, row, ""
        else:
            yield int(swept.records(record).segment[row]), row, swept.records(record).ids[row]


def unlike_registers(swept: Swept) -> Iterator[tuple[int, Fraction, Fraction]]:
    """Where the shares that all people hold are another sum than the share capital: the number of the
    cooperative in the batch, and both sums."""
    capital, records = swept.batch.figures.get(SHARE_CAPITAL), swept.batch.records.get("person")
    shares = None if records is None else records.columns.get(SHARES_HELD)
    if records is None or not isinstance(capital, Numbers) or not isinstance(shares, Numbers):
        return
    everyone = Truths(np.ones(records.size, bool))
    held = full(over("sum", everyone, shares, records), swept.batch.size)
    capital = full(capital, swept.batch.size)
    both = known(held.state, swept.batch.size) & known(capital.state, swept.batch.size)
    both &= records.sizes > 0
    for number in np.flatnonzero(both & (difference_sign(held, capital) != 0)).tolist():
        yield number, fraction_at(held, number), fraction_at(capital, number)


def beside(swept: Swept, index: int, rule: ir.Rule) -> Column:
    """A node's column with a row for each cooperative or record that a rule speaks of."""
    column = swept.columns[index]
    if rule.record is None:
        return full(column, swept.batch.size)
    records = swept.records(rule.record)
    if swept.batch.program.nodes[index].record is None:
        column = taken(full(column, records.count_of), records.spread)
    return full(column, records.size)


def _cases(swept: Swept, rule: ir.Rule, size: int) -> Judged:
    def truth(index: int | None, otherwise: bool) -> tuple[Array, Array]:
        """Which rows are a known yes, and which a known no."""
        if index is None:
            return np.full(size, otherwise), np.full(size, not otherwise)
        column = beside(swept, index, rule)
        assert isinstance(column, Truths)
        sure = known(column.state, size)
        return column.values & sure, ~column.values & sure

    applies, idle = truth(rule.when, True)
    excepted, ordinary = truth(rule.unless, False)
    paid, _ = truth(rule.condition, True)
    holds, fails = truth(rule.kept_where, True)
    status = np.where(holds, np.where(paid, SATISFIED, TO_A_CENT), VIOLATED)
    status[~(applies & ordinary & (holds | fails))] = UNDETERMINED
    status[idle | excepted] = NOT_APPLICABLE
    decisive, margin, kept = _decisive(swept, rule, size)
    # An exception keeps the rule: what the comparison says is beside the point.
    shown = (status != NOT_APPLICABLE) & ((status != SATISFIED) | kept)
    unknown = np.where(shown, states(margin.state, size), 1)
    return Judged(status, np.where(shown, decisive, -1), changed(margin, state=unknown))


def _decisive(swept: Swept, rule: ir.Rule, size: int) -> tuple[Array, Numbers, Array]:
    """The comparison that decides: one that fails or cannot be said, else the one nearest to failing.

    With its margin, and whether it holds.
    """
    if not rule.comparisons:
        never = changed(full(_ZERO, size), state=np.ones(size, np.uint8))
        return np.full(size, -1), never, np.zeros(size, bool)
    best, best_rank, best_margin = np.zeros(size, np.int64), np.zeros(size), _ZERO
    for order, index in enumerate(rule.comparisons):
        node = swept.batch.program.nodes[index]
        assert isinstance(node, ir.Compare)
        said = beside(swept, index, rule)
        assert isinstance(said, Truths)
        sure = known(said.state, size)
        rank = np.where(sure, np.where(said.values, 2, 0), 1)
        margin = full(_margin(swept, node, rule), size)
        if order == 0:
            best_rank, best_margin = rank, margin
            continue
        sign = difference_sign(_or_zero(margin), _or_zero(best_margin))
        better = (rank < best_rank) | ((rank == best_rank) & (sign < 0))
        best = np.where(better, order, best)
        best_rank = np.where(better, rank, best_rank)
        best_margin = chosen(better, margin, best_margin)
    return best, best_margin, best_rank == 2


def _margin(swept: Swept, node: ir.Compare, rule: ir.Rule) -> Numbers:
    """How far a comparison is from its edge; not known where its sides are no numbers."""
    if swept.batch.program.nodes[node.left].type.kind is not Kind.QUANTITY:
        return changed(_ZERO, state=np.ones(1, np.uint8))
    left, right = beside(swept, node.left, rule), beside(swept, node.right, rule)
    assert isinstance(left, Numbers) and isinstance(right, Numbers)
    gap = add([left, negative(right)])
    if node.relation in _SLACK:
        return gap if _SLACK[node.relation] == 1 else negative(gap)
    size = changed(gap, numerators=np.abs(gap.numerators))
    return negative(size) if node.relation == "equal" else size


def _or_zero(column: Numbers) -> Numbers:
    if column.state is None:
        return column
    return changed(
        column, numerators=np.where(column.state == KNOWN, column.numerators, 0), state=None
    )


def _over_records(rows: Judged, members: Array, records: Records) -> OverRecords:
    counts = np.stack([records.count(members & (rows.status == one)) for one in range(5)])
    status = np.full(records.count_of, NOT_APPLICABLE)
    for one in _HEAVIEST_LAST:
        status[counts[one] > 0] = one
    counted = np.ones(records.count_of, bool) if records.given is None else records.given
    status[~counted] = UNDETERMINED
    decided = members & (states(rows.margin.state, records.size) == KNOWN)
    worst = np.full(records.count_of, -1)
    if decided.any():
        margin = changed(rows.margin, state=None)
        least = over("min", Truths(decided), margin, records)
        sign = difference_sign(margin, _beside(least, records))
        hits = np.flatnonzero(decided & (sign == 0))
        cooperatives, first = np.unique(records.segment[hits], return_index=True)
        worst[cooperatives] = hits[first]
    return OverRecords(status, counts, counted, worst, rows, members)


def _beside(column: Numbers, records: Records) -> Numbers:
    below = column.denominator
    return evolve(
        column,
        numerators=records.spread(full(column, records.count_of).numerators),
        denominator=below if isinstance(below, int) else records.spread(below),
        state=None,
    )
