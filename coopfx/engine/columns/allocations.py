"""Allocations over columns: a waterfall of each cooperative, or of each of its records."""

from collections.abc import Sequence
from fractions import Fraction
from typing import Any

import numpy as np
from attrs import frozen

from coopfx.engine.columns.arithmetic import (
    add,
    difference_sign,
    extreme,
    multiply,
    negative,
    rounded,
)
from coopfx.engine.columns.values import (
    KNOWN,
    Array,
    Numbers,
    State,
    Truths,
    changed,
    constant,
    first_unknown,
    full,
    known,
    only,
    states,
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
    """An item of an allocation: its amount (None: the rest), its condition and its limits.

    The amount is a sum, or with ``is_part`` a part of the source, with ``of_rest`` one of what is left.
    """

    amount: Numbers | None
    is_part: bool = False
    room: Room | None = None
    when: Truths | None = None
    low: Numbers | None = None
    high: Numbers | None = None
    of_rest: bool = False

    @property
    def takes_the_rest(self) -> bool:
        """Whether the item asks for all that is left, whatever a year brings."""
        return self.amount is None and self.low is None and self.high is None

    def off(self, size: int) -> Array | None:
        """Where the item's condition does not hold, so that it asks for nothing; None: nowhere."""
        if self.when is None:
            return None
        return np.broadcast_to(~self.when.values & known(self.when.state, len(self.when)), size)

    def state(self) -> State:
        """What keeps the item from being known, where it is not off."""
        given = (self.amount, self.high, self.low)
        own = [column.state for column in given if column is not None]
        return worst(None if self.when is None else self.when.state, *own)

    def asked(self, source: Numbers, left: Numbers) -> Numbers:
        """The exact sum asked for, whatever is not known of it."""
        if self.amount is None:
            wanted = left
        elif self.of_rest or self.is_part:
            wanted = multiply([self.amount, left if self.of_rest else source])
        else:
            wanted = self.amount
        if self.high is not None:
            wanted = extreme([wanted, self.high], "min")
        if self.low is not None:
            wanted = extreme([wanted, self.low], "max")
        return changed(wanted, state=None)


@frozen(slots=True, eq=False)
class Allocated:
    """What each item took, what flowed over, and the losses, of each cooperative or record."""

    source: Numbers
    amounts: tuple[Numbers, ...]
    overflows: tuple[Numbers, ...]
    losses: Numbers


def allocate(
    source: Numbers,
    items: Sequence[Item],
    size: int,
    step: Fraction,
    members: Truths | None = None,
    when: Truths | None = None,
) -> Allocated:
    """Let each source flow to the items in the order written (see splits.waterfall).

    It flows for the ``members`` alone, and where ``when`` is not no.
    """
    source = rounded(full(source, size), step)
    still = np.zeros(size, bool)
    if when is not None:
        still = np.broadcast_to(~when.values & known(when.state, len(when)), size)
        source = _moving(source, worst(source.state, when.state), still)
    if members is not None:
        out = ~members.values & known(members.state, size)
        still = (still & members.values) | out
        source = _moving(source, first_unknown(members.state, source.state), out)
    given = known(source.state, size)
    loss = given & (source.numerators < 0)
    gain = changed(source, numerators=np.where(given & ~loss, source.numerators, 0), state=None)
    flow = _Flow(gain, items, step)
    for position in range(len(items)):
        flow.serve(position)
    return Allocated(
        source,
        tuple(_settled(column, loss | still, source.state) for column in flow.amounts),
        tuple(_settled(column, loss | still, source.state) for column in flow.overflows),
        changed(source, numerators=np.where(loss, source.numerators, 0)),
    )


def _moving(source: Numbers, state: State, still: Array) -> Numbers:
    """The source where it moves, and else zero."""
    return changed(
        source,
        numerators=np.where(still, 0, source.numerators),
        state=None if state is None else only(np.where(still, KNOWN, state)),
    )


def _settled(column: Numbers, nothing: Array, source: State) -> Numbers:
    """What an item shows in the end: zero where nothing flows, not known where the source is not."""
    state = column.state
    if state is not None:
        state = np.where(nothing, KNOWN, state)
    if source is not None:
        state = np.where(source != KNOWN, source, KNOWN if state is None else state)
    return changed(column, state=None if state is None else only(state))


class _Flow:
    """The waterfall as far as it has flowed: what is left, and what has stopped it."""

    def __init__(self, source: Numbers, items: Sequence[Item], step: Fraction) -> None:
        self.source, self.items, self.step = source, items, step
        self.size = len(source)
        self.left = source
        self.stop: State = None
        self.withheld: Any = 0
        self.amounts: list[Numbers] = []
        self.overflows: list[Numbers] = []
        self.nothing: Numbers = full(rounded(ZERO, step), self.size)
        self.off = [item.off(self.size) for item in items]
        # Where something takes the rest, the others need not make a whole.
        self.counted = not any(item.amount is None and item.when is None for item in items)
        self.asked: Numbers = ZERO
        self.whole: Array = np.ones(self.size, bool)

    def serve(self, position: int) -> None:
        """Let one item take its amount from what is left."""
        item, off, left = self.items[position], self.off[position], self.left
        self._halt(item.state(), off)
        gross = left
        if not (item.takes_the_rest and item.when is None):
            gross = self._gross(item, position)
        amount, overflow = gross, self.nothing
        hidden: State = None
        if item.room is not None:
            room, unknown = self._room(item.room)
            hidden = unknown if off is None else np.where(off, KNOWN, unknown).astype(np.uint8)
            free = hidden != KNOWN
            above = np.where(free, gross.numerators, np.minimum(gross.numerators, room))
            amount = changed(gross, numerators=above)
            if item.room.then:
                overflow = changed(gross, numerators=gross.numerators - above)
            else:
                self._halt(only(hidden), off)
                hidden = None
        amount = changed(amount, numerators=self._moving(amount.numerators))
        taken = amount.numerators
        if overflow is not self.nothing:
            overflow = changed(overflow, numerators=self._moving(overflow.numerators))
            taken = taken + overflow.numerators
        if item.room is not None and not item.room.then:
            self.withheld = self.withheld + self._moving(gross.numerators - taken)
        self.left = changed(left, numerators=left.numerators - taken)
        state = first_unknown(self.stop, hidden)
        if state is not None:
            state = only(state)
        self.amounts.append(changed(amount, state=state))
        self.overflows.append(changed(overflow, state=state))

    def _moving(self, rows: Array) -> Array:
        """The rows where nothing has stopped the flow, and else zero."""
        return rows if self.stop is None else np.where(self.stop != KNOWN, 0, rows)

    def _halt(self, state: State, off: Array | None) -> None:
        """Stop where an item is not known, unless something has before."""
        if state is not None:
            own = states(state, self.size)
            if off is not None:
                own = np.where(off, KNOWN, own)
            self.stop = first_unknown(self.stop, own)

    def _gross(self, item: Item, position: int) -> Numbers:
        """What an item takes of what is left, if its account has the room."""
        off, left = self.off[position], self.left
        exact = full(item.asked(self.source, left), self.size)
        nothing = exact.numerators < 0
        if off is not None:
            nothing = nothing | off
        exact = changed(exact, numerators=np.where(nothing, 0, exact.numerators))
        steps = rounded(exact, self.step)
        above = np.minimum(steps.numerators, left.numerators)
        gross = Numbers(above, left.denominator, max(steps.peak, left.peak), left.deep)
        if not self.counted:
            return gross
        if item.amount is None:
            self.whole = self.whole & (False if off is None else off)
        else:
            self.asked = add([self.asked, exact])
        last = self._is_last(position)
        if not last.any():
            return gross
        all_ = last & (difference_sign(self.asked, self.source) == 0)
        free = np.maximum(left.numerators - self.withheld, 0)
        return changed(gross, numerators=np.where(all_, free, gross.numerators))

    def _is_last(self, position: int) -> Array:
        """Where an item takes all that rounding left, if the exact sums leave nothing of the source.

        All items before it are known, and so are its own amount and the room in its account.
        """
        last = self.whole
        if (off := self.off[position]) is not None:
            last = last & ~off
        if self.stop is not None:
            last = last & (self.stop == KNOWN)
        for off in self.off[position + 1 :]:
            last = last & (False if off is None else off)
        return last

    def _room(self, room: Room) -> tuple[Array, Array]:
        """How many steps an account can still take, and what is not known about that."""
        state = worst(room.until.state, room.before.state)
        space = rounded(add([room.until, negative(room.before)]), self.step, "down")
        above = np.broadcast_to(space.numerators, self.size)
        for place, overflow in room.within:
            above = above - (self.overflows if overflow else self.amounts)[place].numerators
        return np.maximum(above, 0), states(state, self.size)
