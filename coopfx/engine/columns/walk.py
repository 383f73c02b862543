"""The walk over a program's nodes, on columns: the same meanings as the reference, in one pass."""

from collections.abc import Callable, Iterator
from fractions import Fraction
from typing import Any

import numpy as np
from attrs import Factory, define, evolve

from coopfx.engine.columns import money
from coopfx.engine.columns.batch import Batch, Records
from coopfx.engine.columns.unread import UnreadError, is_unread
from coopfx.engine.columns.values import (
    KNOWN,
    MISSING,
    RELATIONS,
    UNDEFINED,
    WIDEST,
    Array,
    Column,
    Labels,
    Numbers,
    State,
    Truths,
    add,
    approximate,
    both,
    chosen,
    difference_sign,
    divide,
    either,
    extreme,
    fraction_at,
    from_fractions,
    known,
    multiply,
    negative,
    opposite,
    rounded,
    worst,
)
from coopfx.exact import Missing, Undefined, Value, step_of
from coopfx.language import ir

BLOCK = 65_536
"""Rows of one pass: about what fits into a processor's cache, cut where a cooperative ends."""


@define(slots=True)
class Swept:
    """A batch with the column of every node that was asked for."""

    batch: Batch
    columns: dict[int, Column] = Factory(dict)
    allocations: dict[int, money.Allocated] = Factory(dict)
    splits: dict[int, money.Shared] = Factory(dict)

    def numbers(self, index: int) -> Numbers:
        """A node's column, of quantities."""
        column = self.columns[index]
        assert isinstance(column, Numbers), column
        return column

    def truths(self, index: int) -> Truths:
        """A node's column, of yes or no."""
        column = self.columns[index]
        assert isinstance(column, Truths), column
        return column

    def records(self, record: str | None) -> Records:
        """The records of a sort."""
        assert record is not None
        return self.batch.records[record]

    def cell(self, index: int, row: int) -> Value:
        """One row of a node's column, as the reference's kind of value.

        What is missing is told without the names of the facts, which a batch does not keep.
        """
        column = self.columns[index]
        row = row if len(column) > 1 else 0
        state = (
            KNOWN
            if column.state is None
            else int(column.state[row if len(column.state) > 1 else 0])
        )
        if state == MISSING:
            return Missing(())
        if state == UNDEFINED:
            return Undefined("")
        if isinstance(column, Numbers):
            return fraction_at(column, row)
        value: Value = (
            bool(column.values[row]) if isinstance(column, Truths) else column.values[row]
        )
        return value


def sweep(batch: Batch) -> Swept:
    """Evaluate all that the outcomes of a batch show, in one pass.

    Raises UnreadError where the program says what columns do not read (see unread.py).
    """
    program = batch.program
    swept = Swept(batch)
    wanted = set(program.roots())
    for index in range(len(program.nodes) - 1, -1, -1):
        if index in wanted:
            wanted.update(ir.inner(program.nodes[index]))
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        for index in sorted(wanted):
            node = program.nodes[index]
            if is_unread(node, program):
                raise UnreadError(type(node).__name__)
            swept.columns[index] = NODES[type(node)](swept, index, node)
    return swept


def sweep_blocks(batch: Batch, block: int = BLOCK) -> Iterator[Swept]:
    """Evaluate a batch in blocks of about so many rows, cut at the borders of cooperatives."""
    rows = np.zeros(batch.size, np.int64)
    for records in batch.records.values():
        rows = rows + records.sizes
    filled = np.cumsum(rows)
    start = 0
    while start < batch.size:
        before = int(filled[start - 1]) if start else 0
        stop = max(start + 1, int(np.searchsorted(filled, before + block, side="right")))
        yield sweep(batch if stop - start == batch.size else batch.cut(start, stop))
        start = stop


# ---- figures


def _input(swept: Swept, index: int, node: ir.Input) -> Column:
    if node.record is None:
        return swept.batch.figures[node.name]
    return swept.records(node.record).columns[node.name]


def _slot(swept: Swept, index: int, node: ir.Slot) -> Column:
    return swept.batch.constants[node.index]


def _param(swept: Swept, index: int, node: ir.Param) -> Column:
    return swept.batch.parameters[node.name]


OPERATIONS: dict[str, Callable[[list[Any]], Column]] = {
    "add": add,
    "negative": lambda columns: negative(columns[0]),
    "multiply": multiply,
    "part_of": multiply,
    "divide": lambda columns: divide(*columns),
    "min": lambda columns: extreme(columns, "min"),
    "max": lambda columns: extreme(columns, "max"),
    "round_up": lambda columns: _round(columns, "up"),
    "round_down": lambda columns: _round(columns, "down"),
    "round_half_up": lambda columns: _round(columns, "half_up"),
    "round_half_even": lambda columns: _round(columns, "half_even"),
    "and": both,
    "or": either,
    "not": lambda columns: opposite(columns[0]),
    "if": lambda columns: _choice(*columns),
}


def _op(swept: Swept, index: int, node: ir.Op) -> Column:
    return OPERATIONS[node.operation]([swept.columns[item] for item in node.arguments])


def _round(columns: list[Numbers], way: str) -> Numbers:
    """A column rounded to a column of steps: a step at a time, for there are few of them."""
    value, step = columns
    if len(step) == 1 and step.numerators[0] != 0:
        made = rounded(value, abs(fraction_at(step, 0)), way)
        return evolve(made, state=worst(value.state, step.state))
    size = max(len(value), len(step))
    exact: list[Fraction | None] = []
    state = np.array(np.broadcast_to(_states(worst(value.state, step.state)), size))
    for row in range(size):
        unit = fraction_at(step, row if len(step) > 1 else 0)
        one = from_fractions([fraction_at(value, row if len(value) > 1 else 0)])
        if unit == 0:
            state[row] = state[row] or UNDEFINED
            exact.append(None)
        else:
            exact.append(fraction_at(rounded(one, abs(unit), way), 0))
    return from_fractions(exact, state if state.any() else None)


def _states(state: State) -> Array:
    return np.zeros(1, np.uint8) if state is None else state


def _choice(condition: Truths, then: Column, otherwise: Column) -> Column:
    made: Column
    if isinstance(then, Numbers) and isinstance(otherwise, Numbers):
        made = chosen(condition.values, then, otherwise)
    else:
        assert isinstance(then, Truths | Labels) and isinstance(otherwise, Truths | Labels)
        state: State = None
        if then.state is not None or otherwise.state is not None:
            state = np.where(condition.values, _states(then.state), _states(otherwise.state))
        values = np.where(condition.values, then.values, otherwise.values)
        made = Truths(values, state) if isinstance(then, Truths) else Labels(values, state)
    if condition.state is None:
        return made
    state = np.where(condition.state != KNOWN, condition.state, _states(made.state)).astype(
        np.uint8
    )
    if isinstance(made, Truths):
        return Truths(made.values & (state == KNOWN), state)
    return evolve(made, state=state)


def _compare(swept: Swept, index: int, node: ir.Compare) -> Column:
    left, right = swept.columns[node.left], swept.columns[node.right]
    state = worst(left.state, right.state)
    if isinstance(left, Numbers) and isinstance(right, Numbers):
        if node.step is not None:
            left, right = rounded(left, node.step), rounded(right, node.step)
        values = RELATIONS[node.relation](difference_sign(left, right))
    else:
        assert not isinstance(left, Numbers) and not isinstance(right, Numbers)
        values = _compared(node.relation, left.values, right.values, known(state, 1))
    if state is not None:
        values = values & (state == KNOWN)
    return Truths(values, state)


def _compared(relation: str, left: Array, right: Array, sure: Array) -> Array:
    size = max(len(left), len(right))
    sign = np.zeros(size, np.int8)
    left, right = np.broadcast_to(left, size), np.broadcast_to(right, size)
    for row in np.flatnonzero(np.broadcast_to(sure, size)):
        if left[row] is not None and right[row] is not None:
            sign[row] = 0 if left[row] == right[row] else 1 if left[row] > right[row] else -1
    return RELATIONS[relation](sign)


# ---- records


def _group(swept: Swept, index: int, node: ir.Group) -> Column:
    conditions = [swept.truths(item) for item in (node.base, node.where) if item is not None]
    if conditions:
        return both(conditions)
    return Truths(np.ones(swept.records(node.record).size, bool))


def _link(swept: Swept, index: int, node: ir.Link) -> Column:
    return swept.records(node.record).columns[node.name]


def _lift(swept: Swept, index: int, node: ir.Lift) -> Column:
    column = swept.columns[node.value]
    records = swept.records(node.record)
    if node.along is None:
        return _taken(column, records.spread)
    link = swept.columns[node.along]
    assert isinstance(link, Labels)
    rows = np.maximum(link.values, 0)
    if not len(column):
        return _unlinked(column, len(rows))
    made = _taken(column, lambda values: values[rows] if isinstance(values, np.ndarray) else values)
    state = worst(link.state, made.state)
    if isinstance(made, Truths) and state is not None:
        return Truths(made.values & (state == KNOWN), state)
    return evolve(made, state=state)


def _unlinked(column: Column, size: int) -> Column:
    """What records that link to a sort of which there are none take from it: all missing."""
    state = np.full(size, MISSING, np.uint8)
    if isinstance(column, Numbers):
        return Numbers(np.zeros(size, np.int64), 1, 0, 1, state)
    if isinstance(column, Truths):
        return Truths(np.zeros(size, bool), state)
    return Labels(np.full(size, None, object), state)


def _taken(column: Column, take: Callable[[Any], Any]) -> Column:
    state = None if column.state is None else take(column.state)
    if isinstance(column, Numbers):
        return evolve(
            column,
            numerators=take(column.numerators),
            denominator=take(column.denominator),
            state=state,
        )
    return evolve(column, values=take(column.values), state=state)


def _aggregate(swept: Swept, index: int, node: ir.Aggregate) -> Column:
    records = swept.records(swept.batch.program.nodes[node.group].record)
    members = swept.truths(node.group)
    value = None if node.value is None else swept.columns[node.value]
    made = _over(node.aggregate, members, value, records)
    if records.given is None:
        return made
    state = np.where(records.given, _states(made.state), MISSING).astype(np.uint8)
    return evolve(made, state=state)


def _over(kind: str, members: Truths, value: Column | None, records: Records) -> Numbers:
    inside = members.values
    if kind in ("count", "rate"):
        counted = records.count(inside)
        hits = counted
        if isinstance(value, Truths):
            hits = records.count(inside & value.values)
        peak = records.size
        if kind == "count":
            made = Numbers(hits, 1, peak, 1)
        else:
            made = Numbers(hits, np.maximum(counted, 1), peak, max(peak, 1))
        return _known_over(kind, made, members, value, records, counted)
    assert isinstance(value, Numbers)
    value = _full(value, records.size)
    sure = inside if value.state is None else inside & (value.state == KNOWN)
    counted = records.count(inside)
    if kind in ("min", "max"):
        made = _least(kind, value, sure, records)
    else:
        made = _sum(value, sure, records)
        if kind == "average":
            made = divide(made, Numbers(np.maximum(counted, 1), 1, max(records.size, 1), 1))
    return _known_over(kind, made, members, value, records, counted)


def _full(column: Numbers, size: int) -> Numbers:
    """A column with a row, and a denominator where each has its own, for every record."""
    below = column.denominator
    if len(column) == size and (isinstance(below, int) or len(below) == size):
        return column
    return evolve(
        column,
        numerators=np.broadcast_to(column.numerators, size),
        denominator=below if isinstance(below, int) else np.broadcast_to(below, size),
        state=None if column.state is None else np.broadcast_to(column.state, size),
    )


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
    if kind not in ("count", "sum"):
        state = np.where(counted == 0, UNDEFINED, KNOWN).astype(np.uint8)
    values = None if value is None else value.state
    if members.state is None and values is None:
        return evolve(made, state=state if state.any() else None)
    unsure = np.zeros(records.size, bool) if members.state is None else members.state != KNOWN
    own = np.broadcast_to(_states(values), records.size)
    within = np.where(members.values, own, KNOWN)
    doubt = np.where(
        unsure, np.broadcast_to(_states(worst(members.state, values)), records.size), KNOWN
    )
    if kind == "sum":
        assert isinstance(value, Numbers)
        doubt = np.where((own == KNOWN) & (value.numerators == 0), KNOWN, doubt)
    if kind in ("min", "max"):
        assert isinstance(value, Numbers)
        best = _taken(made, records.spread)
        assert isinstance(best, Numbers)
        sign = difference_sign(value, best)
        decided = (own == KNOWN) & (sign >= 0 if kind == "min" else sign <= 0)
        open_ = records.any(unsure & ~decided) | records.any(within != KNOWN) | (counted == 0)
        doubt = np.where(np.broadcast_to(records.spread(open_), records.size), doubt, KNOWN)
    missing = records.any((within == MISSING) | (doubt == MISSING))
    undefined = records.any((within == UNDEFINED) | (doubt == UNDEFINED))
    state = np.where(missing, MISSING, np.where(undefined, UNDEFINED, state)).astype(np.uint8)
    return evolve(made, state=state if state.any() else None)


def _sum(value: Numbers, sure: Array, records: Records) -> Numbers:
    most = max(int(records.sizes.max()) if len(records.sizes) else 0, 1)
    bound = value.peak * most
    if isinstance(value.denominator, int):
        rows = value.numerators if sure.all() else np.where(sure, value.numerators, 0)
        rows = rows.astype(object) if bound >= WIDEST else rows
        return Numbers(records.sum(rows), value.denominator, bound, value.denominator)
    exact = [fraction_at(value, row) if sure[row] else Fraction(0) for row in range(len(value))]
    totals = records.sum(np.array([*exact, None], object)[:-1])
    return from_fractions([Fraction(total) for total in totals])


def _least(kind: str, value: Numbers, sure: Array, records: Records) -> Numbers:
    """The least or greatest of each cooperative's figures; zero where it has none."""
    ufunc = np.minimum if kind == "min" else np.maximum
    if isinstance(value.denominator, int):
        beyond = value.peak + 1 if kind == "min" else -value.peak - 1
        rows = np.where(sure, value.numerators, beyond)
        found = records.reduce(ufunc, rows, beyond)
        return evolve(value, numerators=np.where(found == beyond, 0, found), state=None)
    rows = approximate(value)
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


# ---- money


def _step(node: ir.Node) -> Fraction:
    step = step_of(node.type.unit)
    assert step is not None, "only money is allocated, shared and pooled"
    return step


def _balance(swept: Swept, index: int, node: ir.Balance) -> Column:
    if node.at == "opening" and not node.parts:
        return swept.batch.openings[node.account]
    parts = [swept.numbers(item) for item in node.parts]
    parts += [negative(swept.numbers(item)) for item in node.less]
    return add(parts) if parts else money.ZERO


def _allocate(swept: Swept, index: int, node: ir.Allocate) -> Column:
    items = []
    for item in node.items:
        amount = None if item.amount is None else swept.numbers(item.amount)
        is_part = item.amount is not None and not swept.batch.program.nodes[item.amount].type.unit
        room = None
        if item.fill is not None:
            fill = item.fill
            until, before = swept.numbers(fill.until), swept.numbers(fill.before)
            room = money.Room(until, before, fill.within, fill.then is not None)
        items.append(money.Item(amount, is_part, room))
    made = money.allocate(swept.numbers(node.source), items, swept.batch.size, _step(node))
    swept.allocations[index] = made
    return made.source


def _part(swept: Swept, index: int, node: ir.Part) -> Column:
    made = swept.allocations[node.clause]
    if node.item is None:
        return made.losses
    return (made.overflows if node.overflow else made.amounts)[node.item]


def _split(swept: Swept, index: int, node: ir.Split) -> Column:
    keys = [
        money.Key(
            None if key.weight is None else swept.numbers(key.weight),
            None if key.figure is None else swept.numbers(key.figure),
        )
        for key in node.keys
    ]
    made = money.share(
        swept.numbers(node.amount),
        swept.truths(node.group),
        keys,
        swept.records(node.record),
        _step(node),
    )
    swept.splits[index] = made
    return made.parts


def _paid(swept: Swept, index: int, node: ir.Paid) -> Column:
    return swept.splits[node.clause].paid


def _pool(swept: Swept, index: int, node: ir.Pool) -> Column:
    records = swept.records(node.record)
    figures = _full(swept.numbers(node.figure), records.size)
    return money.keep(swept.numbers(node.kept), figures, records, _step(node))


def _pooled(swept: Swept, index: int, node: ir.Pooled) -> Column:
    pool = swept.batch.program.nodes[node.clause]
    assert isinstance(pool, ir.Pool)
    records = swept.records(pool.record)
    left = add([swept.numbers(pool.figure), negative(swept.numbers(node.clause))])
    everyone = Truths(np.ones(records.size, bool))
    made = _over("sum", everyone, left, records)
    if records.given is None:
        return made
    return evolve(
        made, state=np.where(records.given, _states(made.state), MISSING).astype(np.uint8)
    )


NODES: dict[type, Callable[[Swept, int, Any], Column]] = {
    ir.Input: _input,
    ir.Slot: _slot,
    ir.Param: _param,
    ir.Op: _op,
    ir.Compare: _compare,
    ir.Group: _group,
    ir.Link: _link,
    ir.Lift: _lift,
    ir.Aggregate: _aggregate,
    ir.Balance: _balance,
    ir.Allocate: _allocate,
    ir.Part: _part,
    ir.Split: _split,
    ir.Paid: _paid,
    ir.Pool: _pool,
    ir.Pooled: _pooled,
}
