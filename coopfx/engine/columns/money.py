"""The clauses that move money, over columns: allocations, splits, pools."""

from collections.abc import Sequence
from fractions import Fraction

import numpy as np
from attrs import evolve, frozen

from coopfx.engine.columns.batch import Records
from coopfx.engine.columns.primitives import (
    LARGEST_AMOUNT,
    LARGEST_DIVISOR,
    Line,
    split,
    split_wide,
)
from coopfx.engine.columns.values import (
    KNOWN,
    MISSING,
    UNDEFINED,
    WIDEST,
    Array,
    Numbers,
    State,
    Truths,
    add,
    constant,
    difference_sign,
    first_unknown,
    fraction_at,
    known,
    multiply,
    negative,
    rounded,
    worst,
)

ZERO = constant(Fraction(0))


@frozen(slots=True, eq=False)
class Room:
    """How full an item's account may get; see ir.Fill."""

    until: Numbers
    before: Numbers
    within: tuple[tuple[int, bool], ...]
    then: bool


@frozen(slots=True, eq=False)
class Item:
    """An item of an allocation: its amount (None: the rest), and whether that is a part of the source."""

    amount: Numbers | None
    is_part: bool = False
    room: Room | None = None


@frozen(slots=True, eq=False)
class Allocated:
    """What each item took, what flowed over, and the losses, of each cooperative."""

    source: Numbers
    amounts: tuple[Numbers, ...]
    overflows: tuple[Numbers, ...]
    losses: Numbers


def _whole(column: Numbers, size: int) -> Numbers:
    """A column with a row for each cooperative."""
    if len(column) == size:
        return column
    state = None if column.state is None else np.broadcast_to(column.state, size)
    below = column.denominator
    return evolve(
        column,
        numerators=np.broadcast_to(column.numerators, size),
        denominator=below if isinstance(below, int) else np.broadcast_to(below, size),
        state=state,
    )


def _least(left: Numbers, right: Numbers) -> Numbers:
    """The lesser of two amounts in one unit, whatever is not known of them."""
    above = np.minimum(left.numerators, right.numerators)
    return Numbers(above, left.denominator, max(left.peak, right.peak), left.deep)


def allocate(source: Numbers, items: Sequence[Item], size: int, step: Fraction) -> Allocated:
    """Let each cooperative's source flow to the items in the order written (see splits.waterfall)."""
    source = rounded(_whole(source, size), step)
    given = known(source.state, size)
    loss = given & (source.numerators < 0)
    gain = evolve(source, numerators=np.where(given & ~loss, source.numerators, 0), state=None)
    nothing = _whole(rounded(ZERO, step), size)
    left, stop = gain, np.zeros(size, np.uint8)
    withheld = np.zeros(size, np.int64)
    takes_all = _takes_all(gain, items, size)
    amounts: list[Numbers] = []
    overflows: list[Numbers] = []
    for position, item in enumerate(items):
        gross = left
        if item.amount is not None:
            stop = np.where(stop != KNOWN, stop, _state(item.amount.state, size))
            wanted = multiply([item.amount, gain]) if item.is_part else item.amount
            asked = rounded(_whole(evolve(wanted, state=None), size), step)
            asked = evolve(asked, numerators=np.maximum(asked.numerators, 0))
            gross = _least(asked, left)
            if position == len(items) - 1:
                above = np.where(
                    takes_all, np.maximum(left.numerators - withheld, 0), gross.numerators
                )
                gross = evolve(gross, numerators=above, peak=max(gross.peak, left.peak))
        amount, overflow, hidden = gross, nothing, np.zeros(size, np.uint8)
        if item.room is not None:
            room, hidden = _room(item.room, amounts, overflows, size, step)
            if not item.room.then:
                stop, hidden = np.where(stop != KNOWN, stop, hidden), np.zeros(size, np.uint8)
            free = hidden != KNOWN
            above = np.where(free, gross.numerators, np.minimum(gross.numerators, room))
            amount = evolve(gross, numerators=above)
            if item.room.then:
                overflow = evolve(gross, numerators=gross.numerators - above)
        stopped = stop != KNOWN
        amount = evolve(amount, numerators=np.where(stopped, 0, amount.numerators))
        overflow = evolve(overflow, numerators=np.where(stopped, 0, overflow.numerators))
        if item.room is not None and not item.room.then:
            kept_back = gross.numerators - amount.numerators
            withheld = withheld + np.where(stopped | (hidden != KNOWN), 0, kept_back)
        left = evolve(left, numerators=left.numerators - amount.numerators - overflow.numerators)
        state = _only(np.where(stopped, stop, hidden))
        amounts.append(evolve(amount, state=state))
        overflows.append(evolve(overflow, state=state))
    return Allocated(
        source,
        tuple(_settled(column, loss, source.state) for column in amounts),
        tuple(_settled(column, loss, source.state) for column in overflows),
        evolve(source, numerators=np.where(loss, source.numerators, 0)),
    )


def _settled(column: Numbers, loss: Array, source: State) -> Numbers:
    """What an item shows in the end: zero in a year of loss, not known where the source is not."""
    state = column.state
    if state is not None:
        state = np.where(loss, KNOWN, state)
    if source is not None:
        state = np.where(source != KNOWN, source, KNOWN if state is None else state)
    return evolve(column, state=None if state is None else _only(state))


def _state(state: State, size: int) -> Array:
    return np.zeros(size, np.uint8) if state is None else np.broadcast_to(state, size)


def _only(state: Array) -> State:
    return state.astype(np.uint8) if state.any() else None


def _takes_all(source: Numbers, items: Sequence[Item], size: int) -> Array:
    """Of which cooperatives the exact items leave nothing, so that the last takes what is left."""
    if any(item.amount is None for item in items):
        return np.zeros(size, bool)
    asked = [
        multiply([item.amount, source]) if item.is_part else item.amount
        for item in items
        if item.amount is not None
    ]
    total = add([_not_negative(evolve(_whole(one, size), state=None)) for one in asked])
    complete = np.ones(size, bool)
    for one in asked:
        complete &= known(one.state, size)
    for item in items:
        if item.room is not None and not item.room.then:
            complete &= known(worst(item.room.until.state, item.room.before.state), size)
    return np.broadcast_to(difference_sign(total, source) == 0, size) & complete


def _not_negative(column: Numbers) -> Numbers:
    return evolve(column, numerators=np.maximum(column.numerators, 0))


def _room(
    room: Room, amounts: list[Numbers], overflows: list[Numbers], size: int, step: Fraction
) -> tuple[Array, Array]:
    """How many steps each account can still take, and what is not known about that."""
    state = worst(room.until.state, room.before.state)
    space = rounded(add([room.until, negative(room.before)]), step, "down")
    above = np.broadcast_to(space.numerators, size)
    for place, overflow in room.within:
        above = above - (overflows if overflow else amounts)[place].numerators
    return np.maximum(above, 0), np.array(_state(state, size))


# ---- splits


@frozen(slots=True, eq=False)
class Key:
    """A line of a split: its weight (None: all of it) and figure of each row (None: equal parts)."""

    weight: Numbers | None
    figure: Numbers | None


@frozen(slots=True, eq=False)
class Shared:
    """What each row takes, and what each cooperative has paid."""

    parts: Numbers
    paid: Numbers


def share(
    amount: Numbers,
    members: Truths,
    keys: Sequence[Key],
    records: Records,
    step: Fraction,
) -> Shared:
    """Split each cooperative's amount over its members by rights, in whole steps (largest remainder)."""
    size = len(records.sizes)
    amount = rounded(_whole(amount, size), step)
    entitled = members.values
    figures = [_figure(key, entitled, records) for key in keys]
    state = first_unknown(amount.state, _rights_state(members, keys, records))
    money = np.where(known(state, size) & (amount.numerators > 0), amount.numerators, 0)
    for figure in figures:
        if len(figure) and figure.numerators.min() < 0:
            money = np.where(records.any(figure.numerators < 0), 0, money)
    weights = [_whole(key.weight, size) for key in keys if key.weight is not None]
    for weight in weights:
        money = np.where(weight.numerators < 0, 0, money)
    if weights:
        money = np.where(
            add([evolve(one, state=None) for one in weights]).numerators == 0, 0, money
        )
    totals = [_total(figure, records) for figure in figures]
    for total in totals:
        money = np.where(total == 0, 0, money)
    if records.given is not None:
        own = _state(amount.state, size)
        absent = np.where(own != KNOWN, own, MISSING)
        state = np.where(records.given, _state(state, size), absent).astype(np.uint8)
        money = np.where(records.given, money, 0)
    parts = _parts(money, keys, figures, totals, records)
    peak = int(money.max()) if len(money) else 0
    paid = Numbers(_in_steps(money, step), step.denominator, peak, step.denominator, state)
    rows: State = None
    if state is not None:
        rows = np.broadcast_to(records.spread(state), records.size)
        rows = rows if rows.any() else None
    return Shared(
        Numbers(_in_steps(parts, step), step.denominator, peak, step.denominator, rows), paid
    )


def _in_steps(units: Array, step: Fraction) -> Array:
    return units if step.numerator == 1 else units * step.numerator


def _figure(key: Key, entitled: Array, records: Records) -> Numbers:
    """A key's figure of each row, in whole numbers over one denominator; zero for the others."""
    if key.figure is None:
        return Numbers(entitled.astype(np.int64), 1, 1, 1)
    column = key.figure
    if len(column) != records.size:
        column = _whole(column, records.size)
    if column.state is None and entitled.all():
        return column
    sure = entitled if column.state is None else entitled & (column.state == KNOWN)
    return evolve(column, numerators=np.where(sure, column.numerators, 0), state=None)


def _rights_state(members: Truths, keys: Sequence[Key], records: Records) -> State:
    """What keeps a cooperative's rights from being known, the members first, then key by key."""
    found = _over_rows(members.state, records)
    for key in keys:
        own: State = None
        if key.figure is not None and key.figure.state is not None:
            own = _over_rows(np.where(members.values, key.figure.state, KNOWN), records)
        weight = None if key.weight is None else key.weight.state
        found = first_unknown(found, worst(weight, own))
    return found


def _over_rows(state: State, records: Records) -> State:
    """The worst of each cooperative's rows: missing before undefined."""
    if state is None:
        return None
    missing = records.any(state == MISSING)
    undefined = records.any(state == UNDEFINED)
    return np.where(missing, MISSING, np.where(undefined, UNDEFINED, KNOWN)).astype(np.uint8)


def _total(figure: Numbers, records: Records) -> Array:
    """The sum of each cooperative's figures, over the figure's own denominator where it has one."""
    if isinstance(figure.denominator, int):
        most = int(records.sizes.max()) if len(records.sizes) else 0
        rows = figure.numerators
        if figure.peak * max(most, 1) >= WIDEST:
            rows = rows.astype(object)
        return records.sum(rows)
    return records.sum(np.array([fraction_at(figure, row) for row in range(len(figure))], object))


def _parts(
    money: Array,
    keys: Sequence[Key],
    figures: Sequence[Numbers],
    totals: Sequence[Array],
    records: Records,
) -> Array:
    size = len(money)
    weights = _weights(keys, size)
    lines, narrow = [], money < LARGEST_AMOUNT
    if any(not isinstance(figure.denominator, int) for figure in figures):
        narrow = np.zeros(size, bool)
    if money.dtype == object:
        narrow = narrow.astype(bool)
    for (above, below), total in zip(weights, totals, strict=True):
        amount = money.astype(object) * above if _wide(money, above) else money * above
        divisor = total.astype(object) * below if _wide(total, below) else total * below
        narrow = narrow & (amount < LARGEST_AMOUNT) & (divisor < LARGEST_DIVISOR)
        lines.append((amount, divisor))
    narrow = np.asarray(narrow, bool)
    total_paid = np.where(narrow, money, 0).astype(np.int64)
    active = total_paid > 0
    parts = np.zeros(records.size, np.int64)
    if active.any():
        made = [
            Line(
                np.where(active, amount, 0).astype(np.int64),
                _narrow(figure.numerators, active, records),
                np.where(active, divisor, 1).astype(np.int64),
            )
            for (amount, divisor), figure in zip(lines, figures, strict=True)
        ]
        parts = split(total_paid, made, records)
    for cooperative in np.flatnonzero(~narrow & (money > 0)):
        low, high = int(records.offsets[cooperative]), int(records.offsets[cooperative + 1])
        rights = [Fraction(0)] * (high - low)
        for (above, below), figure, total in zip(weights, figures, totals, strict=True):
            whole = (
                Fraction(int(total[cooperative]), figure.denominator)
                if isinstance(figure.denominator, int)
                else total[cooperative]
            )
            weight = Fraction(int(above[cooperative]), int(below[cooperative]))
            for row in range(low, high):
                rights[row - low] += weight * fraction_at(figure, row) / whole
        wide = split_wide(int(money[cooperative]), rights)
        if max(wide) >= WIDEST:
            parts = parts.astype(object)
        parts[low:high] = wide
    return parts


def _narrow(rows: Array, active: Array, records: Records) -> Array:
    """The rows as 64-bit integers; those too wide for that belong to cooperatives left out here."""
    if rows.dtype == object:
        rows = np.where(np.broadcast_to(records.spread(active), records.size), rows, 0)
    return rows.astype(np.int64, copy=False)


def _wide(left: Array, right: Array) -> bool:
    """Whether the products of two columns could overflow 64 bits."""
    if left.dtype == object or right.dtype == object:
        return True
    if not len(left) or not len(right):
        return False
    return int(np.abs(left).max()) * int(np.abs(right).max()) >= WIDEST


def _weights(keys: Sequence[Key], size: int) -> list[tuple[Array, Array]]:
    """The weights of the lines, divided by their sum, as whole numbers over whole numbers.

    Cooperatives with the same weights are worked out once.
    """
    columns = [key.weight for key in keys if key.weight is not None]
    if not columns:
        return [(np.ones(size, np.int64), np.ones(size, np.int64))]
    rows = max(len(column) for column in columns)
    columns = [_whole(column, rows) for column in columns]
    known_shares: dict[tuple[Fraction, ...], int] = {}
    index = [
        known_shares.setdefault(
            tuple(fraction_at(column, row) for column in columns), len(known_shares)
        )
        for row in range(rows)
    ]
    of_row = np.broadcast_to(np.array(index), size)
    found = []
    for position in range(len(columns)):
        shares = [row[position] / (sum(row, Fraction(0)) or Fraction(1)) for row in known_shares]
        above = [one.numerator for one in shares]
        below = [one.denominator for one in shares]
        dtype = np.int64 if max(*map(abs, above), *below) < WIDEST else object
        found.append((np.array(above, dtype)[of_row], np.array(below, dtype)[of_row]))
    return found


# ---- pools


def keep(rate: Numbers, figures: Numbers, records: Records, step: Fraction) -> Numbers:
    """What each record keeps of a gain: its part, rounded half up; of a loss, nothing."""
    spread = evolve(
        rate,
        numerators=records.spread(rate.numerators),
        denominator=rate.denominator
        if isinstance(rate.denominator, int)
        else records.spread(rate.denominator),
        state=None if rate.state is None else records.spread(rate.state),
    )
    gain = evolve(figures, numerators=np.maximum(figures.numerators, 0))
    return rounded(multiply([spread, gain]), step)
