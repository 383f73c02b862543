"""Figures over columns: facts, constants and parameters, operations, comparisons, scales, decisions."""

from collections.abc import Callable
from datetime import date
from fractions import Fraction
from typing import Any

import numpy as np

from coopfx.engine.columns.arithmetic import (
    RELATIONS,
    add,
    chosen,
    divide,
    extreme,
    holds,
    multiply,
    negative,
    rounded,
    rounded_to,
)
from coopfx.engine.columns.swept import Swept
from coopfx.engine.columns.values import (
    KNOWN,
    MISSING,
    UNDEFINED,
    Array,
    Column,
    Labels,
    Numbers,
    State,
    Truths,
    both,
    changed,
    common_size,
    constant,
    either,
    fraction_at,
    from_fractions,
    full,
    known,
    never,
    only,
    opposite,
    states,
    worst,
)
from coopfx.engine.functions import after, logarithm
from coopfx.ground.exact import Kind
from coopfx.language import ir


def given(swept: Swept, index: int, node: ir.Input) -> Column:
    """A fact, of the cooperative or of each record."""
    if node.record is None:
        return swept.batch.figures[node.key]
    return swept.records(node.record).columns[node.key]


def slot(swept: Swept, index: int, node: ir.Slot) -> Column:
    """A constant of the text."""
    return swept.batch.constants[node.index]


def param(swept: Swept, index: int, node: ir.Param) -> Column:
    """A parameter on the closing date, or on another day of each cooperative."""
    if node.at is None:
        return swept.batch.parameters[node.name]
    days, dated = swept.columns[node.at], swept.batch.dated[node.name]
    assert isinstance(days, Labels)
    size = max(len(days), len(dated))
    days = full(days, size)
    state = np.array(states(days.state, size))
    held: list[Any] = []
    seen: dict[tuple[int, date], Any] = {}
    for row in range(size):
        value, own = None, row if len(dated) > 1 else 0
        if state[row] == KNOWN:
            key = (own, days.values[row])
            if key not in seen:
                seen[key] = dated[own].on(days.values[row])
            value = seen[key]
            state[row] = MISSING if value is None else KNOWN
        held.append(value)
    return _column(held, only(state), node)


def _column(values: list[Any], state: State, node: ir.Node) -> Column:
    if node.type.kind is Kind.QUANTITY:
        return from_fractions([one if isinstance(one, Fraction) else None for one in values], state)
    if node.type.kind is Kind.YES_NO:
        return Truths(np.array([one is True for one in values], bool), state)
    return Labels(np.array([*values, None], object)[:-1], state)


# ---- operations


OPERATIONS: dict[str, Callable[[list[Any]], Column]] = {
    "add": add,
    "negative": lambda columns: negative(columns[0]),
    "multiply": multiply,
    "part_of": multiply,
    "divide": lambda columns: divide(*columns),
    "min": lambda columns: extreme(columns, "min"),
    "max": lambda columns: extreme(columns, "max"),
    "round_up": lambda columns: rounded_to(columns[0], columns[1], "up"),
    "round_down": lambda columns: rounded_to(columns[0], columns[1], "down"),
    "round_half_up": lambda columns: rounded_to(columns[0], columns[1], "half_up"),
    "round_half_even": lambda columns: rounded_to(columns[0], columns[1], "half_even"),
    "and": both,
    "or": either,
    "not": lambda columns: opposite(columns[0]),
    "if": lambda columns: choice(*columns),
    "drawn": lambda columns: drawn(*columns),
    "add_months": lambda columns: _later(columns[0], columns[1], "month"),
    "add_days": lambda columns: _later(columns[0], columns[1], "day"),
    "log": lambda columns: _log(*columns),
}


def operation(swept: Swept, index: int, node: ir.Op) -> Column:
    """An operation on columns, row by row."""
    arguments: list[Any] = [swept.columns[item] for item in node.arguments]
    if node.places is not None:
        arguments.append(node.places)
    return OPERATIONS[node.operation](arguments)


def choice(condition: Truths, then: Column, otherwise: Column) -> Column:
    """The first value where a condition holds, else the second; not known where it is not."""
    made: Column
    if isinstance(then, Numbers) and isinstance(otherwise, Numbers):
        made = chosen(condition.values, then, otherwise)
    else:
        assert isinstance(then, Truths | Labels) and isinstance(otherwise, Truths | Labels)
        state: State = None
        if then.state is not None or otherwise.state is not None:
            state = np.where(condition.values, states(then.state), states(otherwise.state))
        values = np.where(condition.values, then.values, otherwise.values)
        made = Truths(values, state) if isinstance(then, Truths) else Labels(values, state)
    if condition.state is None:
        return made
    state = np.where(condition.state != KNOWN, condition.state, states(made.state)).astype(np.uint8)
    if isinstance(made, Truths):
        return Truths(made.values & (state == KNOWN), state)
    return changed(made, state=state)


def drawn(written: Numbers, moved: Numbers, covered: Truths) -> Numbers:
    """What moves of an amount where its origin covers all that is asked of it; undefined elsewhere."""
    size = common_size(moved, covered)
    moved, covered = full(moved, size), full(covered, size)
    short = np.where(known(covered.state, size) & ~covered.values, UNDEFINED, KNOWN)
    return changed(moved, state=worst(moved.state, covered.state, only(short)))


def _later(days: Labels, delays: Numbers, unit: str) -> Labels:
    """The day so many months or days after another; undefined outside the calendar."""
    size = common_size(days, delays)
    days, delays = full(days, size), full(delays, size)
    state = np.array(states(worst(days.state, delays.state), size))
    found = np.full(size, None, object)
    seen: dict[tuple[date, Fraction], date | None] = {}
    for row in np.flatnonzero(state == KNOWN).tolist():
        key = days.values[row], fraction_at(delays, row)
        if key not in seen:
            whole = key[1].denominator == 1
            seen[key] = after(key[0], int(key[1]), unit) if whole else None
        found[row] = seen[key]
        state[row] = UNDEFINED if found[row] is None else KNOWN
    return Labels(found, only(state))


def _log(column: Numbers, places: int) -> Numbers:
    """Natural logarithms, each figure's once; undefined of what is not above zero."""
    size = len(column)
    state = np.array(states(column.state, size))
    seen: dict[Fraction, Fraction | None] = {}
    found: list[Fraction | None] = [None] * size
    for row in np.flatnonzero(state == KNOWN).tolist():
        value = fraction_at(column, row)
        if value not in seen:
            seen[value] = logarithm(value, places)
        found[row] = seen[value]
        state[row] = UNDEFINED if found[row] is None else KNOWN
    return from_fractions(found, only(state))


# ---- comparisons


def comparison(swept: Swept, index: int, node: ir.Compare) -> Truths:
    """A comparison, row by row, money as it is paid."""
    left, right = swept.columns[node.left], swept.columns[node.right]
    if node.step is None or not (isinstance(left, Numbers) and isinstance(right, Numbers)):
        return compared(node.relation, left, right)
    paid = compared(node.relation, rounded(left, node.step), rounded(right, node.step))
    if not node.allowance:
        return paid
    allowed = constant(node.allowed)
    within = [
        compared(relation, add([left, widened]), right)
        for relation, widened in (("at_least", allowed), ("at_most", negative(allowed)))
        if node.relation in (relation, "equal")
    ]
    return either([paid, both(within)])


def compared(relation: str, left: Column, right: Column) -> Truths:
    """Whether a relation holds between two columns, exactly."""
    state = worst(left.state, right.state)
    if isinstance(left, Numbers) and isinstance(right, Numbers):
        values = holds(relation, left, right)
    else:
        assert not isinstance(left, Numbers) and not isinstance(right, Numbers)
        size = common_size(left, right)
        values = _compared(relation, left.values, right.values, known(state, size))
    if state is not None:
        values = values & (state == KNOWN)
    return Truths(values, state)


def _compared(relation: str, left: Array, right: Array, sure: Array) -> Array:
    size = len(sure)
    sign = np.zeros(size, np.int8)
    left, right = np.broadcast_to(left, size), np.broadcast_to(right, size)
    for row in np.flatnonzero(sure).tolist():
        sign[row] = 0 if left[row] == right[row] else 1
        if sign[row] and relation not in ("equal", "differ"):
            sign[row] = 1 if left[row] > right[row] else -1
    return RELATIONS[relation](sign, 0)


# ---- scales and decisions


def scale(swept: Swept, index: int, node: ir.Scale) -> Column:
    """The value of the last break that is reached: a break further on decides over those before it."""
    by = swept.columns[node.by]
    if node.otherwise is None:
        found = never(swept.columns[node.values[0]], 1, UNDEFINED)
    else:
        found = swept.columns[node.otherwise]
    for start, value, above in zip(node.breaks, node.values, node.above, strict=True):
        reached = compared("above" if above else "at_least", by, swept.columns[start])
        found = choice(reached, swept.columns[value], found)
    return found


def decision(swept: Swept, index: int, node: ir.Decision) -> Column:
    """What the meeting has decided, or else what stands for it."""
    decided = swept.batch.figures[node.name]
    if node.otherwise is None or decided.state is None:
        return decided
    otherwise = swept.columns[node.otherwise]
    return choice(Truths(decided.state != MISSING), decided, otherwise)
