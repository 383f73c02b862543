"""The clauses that move money and the accounts, as nodes over columns."""

from fractions import Fraction

import numpy as np
from attrs import evolve

from coopfx.engine.columns import allocations, pools, shares
from coopfx.engine.columns.aggregates import over
from coopfx.engine.columns.arithmetic import add, negative
from coopfx.engine.columns.records import Records, inside
from coopfx.engine.columns.swept import Split, Swept
from coopfx.engine.columns.values import (
    KNOWN,
    MISSING,
    Array,
    Column,
    Numbers,
    State,
    Truths,
    at_rows,
    changed,
    first_unknown,
    known,
    only,
    states,
    taken,
    worst,
)
from coopfx.ground.exact import step_of
from coopfx.language import ir


def step_of_node(node: ir.Node) -> Fraction:
    """The smallest amount of the currency that a node's money is in."""
    step = step_of(node.type.unit)
    assert step is not None and step.numerator == 1, "only money is moved"
    return step


def balance(swept: Swept, index: int, node: ir.Balance) -> Column:
    """An account's balance, or what the year has put into it or taken out, as a sum."""
    if node.is_given:
        return swept.batch.openings[node.account]
    parts = [swept.numbers(item) for item in node.parts]
    parts += [negative(swept.numbers(item)) for item in node.less]
    return add(parts) if parts else allocations.ZERO


# ---- allocations


def allocate(swept: Swept, index: int, node: ir.Allocate) -> Column:
    """A waterfall of the cooperative, or of each record of a group."""
    size = swept.batch.size if node.record is None else swept.records(node.record).size
    members, when = (
        None if item is None else swept.truths(item) for item in (node.group, node.when)
    )
    made = allocations.allocate(
        swept.numbers(node.source),
        [_item(swept, item) for item in node.items],
        size,
        step_of_node(node),
        members,
        when,
    )
    swept.allocations[index] = made
    return made.source


def _item(swept: Swept, item: ir.Item) -> allocations.Item:
    amount, low, high = (
        None if index is None else swept.numbers(index)
        for index in (item.amount, item.low, item.high)
    )
    is_part = item.amount is not None and not swept.batch.program.nodes[item.amount].type.unit
    room = None
    if item.fill is not None:
        fill = item.fill
        until, before = swept.numbers(fill.until), swept.numbers(fill.before)
        room = allocations.Room(until, before, fill.within, fill.then is not None)
    when = None if item.when is None else swept.truths(item.when)
    return allocations.Item(amount, is_part, room, when, low, high, item.of_rest)


def part(swept: Swept, index: int, node: ir.Part) -> Column:
    """What an item of an allocation received, its overflow, or the losses."""
    made = swept.allocations[node.clause]
    if node.item is None:
        return made.losses
    return (made.overflows if node.overflow else made.amounts)[node.item]


# ---- shares


def share(swept: Swept, index: int, node: ir.Split) -> Column:
    """A split of the cooperative's amount, or of each record's that the entitled ones link to."""
    still, state = _held_back(swept, node)
    if node.segment is None:
        made = _shared(swept, node, still, state)
    else:
        made = _shared_inside(swept, node, node.segment, still, state)
    swept.splits[index] = made
    return made.parts


def _held_back(swept: Swept, node: ir.Split) -> tuple[Array, State]:
    """Which cooperatives share nothing under the clause's condition, and what keeps from knowing it.

    Beside the amount itself, which is asked for first.
    """
    records, members = swept.records(node.record), swept.truths(node.group)
    size = swept.batch.size
    state = None if members.state is None else records.state(members.state)
    still = np.zeros(size, bool)
    if node.when is not None:
        when = swept.truths(node.when)
        still = np.broadcast_to(~when.values & known(when.state, len(when)), size)
        state = worst(when.state, state)
    if records.given is not None:
        state = np.where(records.given, states(state, size), MISSING)
    if node.segment is not None:
        links = swept.columns[node.segment].state
        if links is not None:
            doubt = records.state(np.where(members.values, links, KNOWN))
            state = first_unknown(state, doubt)
    return still, None if state is None else only(np.where(still, KNOWN, state))


def _shared(swept: Swept, node: ir.Split, still: Array, state: State) -> Split:
    records, step = swept.records(node.record), step_of_node(node)
    amount = swept.numbers(node.amount)
    amount = changed(amount, state=first_unknown(amount.state, state))
    entitled, terms = swept.truths(node.group).values, _terms(swept, node)
    moves = None if node.when is None else ~still
    made = shares.share(amount, entitled, terms, records, step, moves)
    own = made.state
    if own is not None:
        own = only(np.where(still, KNOWN, own))
    rows = None if own is None else only(np.broadcast_to(records.spread(own), records.size))
    parts = _in_steps(made.parts, made.taken, step, rows)
    return _split(node, parts, made.taken, made.withheld, own)


def _shared_inside(swept: Swept, node: ir.Split, segment: int, still: Array, state: State) -> Split:
    """A split inside each record that the entitled ones link to."""
    link = swept.batch.program.nodes[segment]
    assert isinstance(link, ir.Link)
    records, targets = swept.records(node.record), swept.records(link.to)
    if targets.given is not None:
        absent = np.where(targets.given, KNOWN, MISSING)
        state = only(np.where(still, KNOWN, states(first_unknown(absent, state))))
    amount, step = swept.numbers(node.amount), step_of_node(node)
    moves = ~still & known(state, swept.batch.size)
    own = inside(swept.linked(segment), targets.size, swept.truths(node.group).values)
    terms = _of_rows(_terms(swept, node), own.rows, records.size, targets)
    everyone = np.ones(own.segments.size, bool)
    there = np.broadcast_to(targets.spread(moves), targets.size)
    made = shares.share(amount, everyone, terms, own.segments, step, there)
    parts = np.zeros(records.size, made.parts.dtype)
    parts[own.rows] = made.parts
    rows = np.array(np.broadcast_to(records.spread(states(state, swept.batch.size)), records.size))
    whole = state
    if made.state is not None:
        inner = np.where(there, made.state, KNOWN)
        spread = np.broadcast_to(own.segments.spread(inner), len(own.rows))
        rows[own.rows] = np.where(rows[own.rows] != KNOWN, rows[own.rows], spread)
        whole = first_unknown(state, targets.state(inner))
    return _split(
        node,
        _in_steps(parts, made.taken, step, only(rows)),
        targets.exact_sum(made.taken),
        targets.exact_sum(made.withheld),
        None if whole is None else only(whole),
    )


def _split(node: ir.Split, parts: Numbers, taken: Array, withheld: Array, state: State) -> Split:
    """The split of each cooperative: what is withheld stays where no account is named for it."""
    step = step_of_node(node)
    excess = withheld if node.excess is not None else 0 * withheld
    total = taken + excess
    return Split(
        parts, _in_steps(total, total, step, state), _in_steps(excess, excess, step, state)
    )


def _in_steps(rows: Array, most: Array, step: Fraction, state: State) -> Numbers:
    """Whole steps as amounts, none above the greatest of ``most``."""
    peak = int(most.max()) if len(most) else 0
    return Numbers(rows, step.denominator, peak, step.denominator, state)


def _terms(swept: Swept, node: ir.Split) -> shares.Terms:
    def numbers(index: int | None) -> Numbers | None:
        return None if index is None else swept.numbers(index)

    return shares.Terms(
        [shares.Key(numbers(key.weight), numbers(key.figure)) for key in node.keys],
        numbers(node.coefficient),
        numbers(node.cap),
        numbers(node.smallest),
        node.alike,
        node.excess is not None,
    )


def _of_rows(terms: shares.Terms, rows: Array, size: int, targets: Records) -> shares.Terms:
    """The terms of some rows only, and those of a cooperative beside each record linked to."""

    def own(column: Numbers | None) -> Numbers | None:
        return None if column is None else at_rows(column, rows, size)

    def beside(column: Numbers | None) -> Numbers | None:
        return None if column is None else taken(column, targets.spread)

    return evolve(
        terms,
        keys=[shares.Key(beside(key.weight), own(key.figure)) for key in terms.keys],
        coefficient=own(terms.coefficient),
        cap=own(terms.cap),
        smallest=beside(terms.smallest),
    )


def paid(swept: Swept, index: int, node: ir.Paid) -> Column:
    """What a split takes of its amount in all."""
    return swept.splits[node.clause].paid


def excess(swept: Swept, index: int, node: ir.Excess) -> Column:
    """What a split sends to its excess account."""
    return swept.splits[node.clause].excess


# ---- pools


def pool(swept: Swept, index: int, node: ir.Pool) -> Column:
    """What each record keeps of the figure that is pooled."""
    rate, figures = swept.numbers(node.kept), swept.numbers(node.figure)
    records, members = swept.records(node.record), swept.truths(node.group)
    return pools.keep(rate, figures, members, records, step_of_node(node), node.losses_kept)


def pooled(swept: Swept, index: int, node: ir.Pooled) -> Column:
    """What a pool has gathered."""
    clause = swept.batch.program.nodes[node.clause]
    assert isinstance(clause, ir.Pool)
    records = swept.records(clause.record)
    figures, members = swept.numbers(clause.figure), swept.truths(clause.group)
    left = pools.gathered(figures, swept.numbers(node.clause), members, records)
    made = over("sum", Truths(np.ones(records.size, bool)), left, records)
    if records.given is None:
        return made
    return changed(made, state=only(np.where(records.given, states(made.state), MISSING)))
