"""Money as it flows: allocations item by item, and what each record keeps in a pool."""

from fractions import Fraction
from typing import Any

import z3
from attrs import Factory, define, field, frozen

from coopfx.engine.symbols.terms import Flow, Term, added, least, most, paid_step
from coopfx.engine.symbols.year import Year
from coopfx.ground.exact import Rounding
from coopfx.language import ir
from coopfx.language.ranges import Range


@frozen(slots=True, eq=False)
class _Wanted:
    """What an item asks for: exactly, in whole steps, and how much room there is.

    ``on`` tells whether its condition holds, ``stops`` whether what is not known of it keeps the
    items below from being known, ``hidden`` whether it keeps its own two amounts alone.
    """

    on: z3.BoolRef
    exact: Any
    asked: z3.ArithRef
    room: Term | None
    overflows: bool
    stops: z3.BoolRef
    hidden: z3.BoolRef


@define(slots=True, eq=False)
class _Waterfall:
    """Steps as they flow to items in the order written: see splits.py."""

    year: Year
    total: z3.ArithRef
    step: Fraction
    left: z3.ArithRef = field(init=False, default=Factory(lambda self: self.total, takes_self=True))
    withheld: z3.ArithRef = field(
        init=False, default=Factory(lambda self: self.year.whole(0), takes_self=True)
    )
    taken: list[tuple[z3.ArithRef, z3.ArithRef]] = field(init=False, factory=list)

    def wanted(self, item: ir.Item, at: str) -> _Wanted:
        """What an item asks for, of what is left."""
        year = self.year
        when = Term(year.true, year.true) if item.when is None else year.term(item.when, at)
        known: list[z3.BoolRef] = []
        exact: Any = z3.ToReal(self.left) * year.real(self.step)
        if item.amount is not None:
            amount = year.term(item.amount, at)
            known.append(amount.defined)
            whole = exact if item.of_rest else z3.ToReal(self.total) * year.real(self.step)
            exact = amount.value
            if item.of_rest or not year.program.nodes[item.amount].type.unit:
                exact = year.product(exact, year.ranges[item.amount], whole, Range(Fraction(0)))
        for limit, kept in ((item.high, least), (item.low, most)):
            if limit is not None:
                term = year.term(limit, at)
                known.append(term.defined)
                exact = kept(exact, term.value)
        asked = self.left
        if (item.amount, item.high, item.low) != (None, None, None):
            exact = self._not_below_zero(item, exact)
            asked = year.rounded(exact / year.real(self.step), Rounding.HALF_UP, positive=True)
        off = year.no(when.value)
        own = year.both([when.defined, year.either([off, year.both(known)])])
        room, room_known = self._room(item, at)
        fits = year.either([off, room_known])
        overflows = item.fill is not None and item.fill.then is not None
        stops = year.no(own if overflows else year.both([own, fits]))
        hidden = year.no(fits) if overflows else year.false
        return _Wanted(when.value, exact, asked, room, overflows, stops, hidden)

    def _not_below_zero(self, item: ir.Item, exact: Any) -> Any:
        ranges = self.year.ranges
        least_asked = [ranges[one] for one in (item.amount, item.high) if one is not None]
        if least_asked and all(one.at_least_zero for one in least_asked):
            return exact
        return most(exact, self.year.real(0))

    def _room(self, item: ir.Item, at: str) -> tuple[Term | None, z3.BoolRef]:
        """How much an item's account can still take, and whether that is known."""
        year = self.year
        if item.fill is None:
            return None, year.true
        until, before = year.term(item.fill.until, at), year.term(item.fill.before, at)
        known = year.both([until.defined, before.defined])
        free: z3.ArithRef
        if until.steps is not None and before.steps is not None:
            free = until.steps - before.steps
        else:
            free = year.rounded((until.value - before.value) / year.real(self.step), Rounding.DOWN)
        for place, overflow in item.fill.within:
            free = free - self.taken[place][1 if overflow else 0]
        return Term(free, known), known

    def let(self, one: _Wanted, last: z3.BoolRef) -> None:
        """Let an item take its amount; ``last`` where it takes what rounding has left."""
        year, zero = self.year, self.year.whole(0)
        rest = most(self.left - self.withheld, zero)
        gross = one.asked
        if gross is not self.left:
            gross = year.where(last, rest, least(one.asked, self.left))
        gross = year.where(one.on, gross, zero)
        taken = gross
        if one.room is not None:
            fits = least(gross, most(one.room.value, zero))
            taken = year.where(one.room.defined, fits, gross)
        over = gross - taken if one.overflows else zero
        if one.room is not None and not one.overflows:
            self.withheld = self.withheld + gross - taken
        self.left = self.left - taken - over
        self.taken.append((taken, over))


def allocate(year: Year, index: int, node: ir.Allocate, at: str) -> Term:
    """What an allocation shares out; what its items take is kept as the year's flow."""
    step = paid_step(node.type)
    source, total = year.term(node.source, at), year.steps_of(node.source, at, step)
    yes, zero = Term(year.true, year.true), year.whole(0)
    member = yes if node.group is None else year.term(node.group, at)
    when = yes if node.when is None else year.term(node.when, at)
    off = year.either(
        [
            year.both([member.defined, year.no(member.value)]),
            year.both([member.defined, when.defined, year.no(when.value)]),
        ]
    )
    known = year.either([off, year.both([member.defined, when.defined, source.defined])])
    moves = year.no(off)
    gain = year.both([moves, total >= 0])
    flow = _Waterfall(year, total, step)
    stopped, owns = year.false, []
    wanted: list[_Wanted] = []
    for item in node.items:
        one = flow.wanted(item, at)
        wanted.append(one)
        flow.let(one, _is_last(year, node, wanted, flow, at))
        stopped = year.either([stopped, one.stops])
        owns.append(year.no(year.either([stopped, one.hidden])))
    made: list[list[Term]] = [[], []]
    for (taken, over), own in zip(flow.taken, owns, strict=True):
        defined = year.both([known, year.either([year.no(gain), own])])
        for terms, steps in zip(made, (taken, over), strict=True):
            terms.append(year.amount(year.where(gain, steps, zero), step, defined))
    loss = year.both([moves, year.no(total >= 0)])
    losses = year.amount(year.where(loss, total, zero), step, known)
    sure = year.both([known, year.either([year.no(gain), year.no(stopped)])])
    asked = _asked(year, node, wanted)
    source_value = z3.ToReal(total) * year.real(step)
    rounded = year.real(node.reads * step / 2)  # what the lines have read of those above
    within = Term(year.either([year.no(gain), asked <= source_value + rounded]), sure)
    whole = Term(year.either([year.no(gain), flow.left == 0]), sure)
    year.flows[index, at] = Flow(tuple(made[0]), tuple(made[1]), losses, within, whole)
    return year.amount(year.where(moves, total, zero), step, known)


def _is_last(
    year: Year, node: ir.Allocate, wanted: list[_Wanted], flow: _Waterfall, at: str
) -> z3.BoolRef:
    """Whether an item takes what rounding has left: nothing is asked for after it, and all before.

    That is so where all that is known of the items, down to it, makes the whole source.
    """
    place = len(wanted) - 1
    conditions = [item.when for item in node.items[place + 1 :]]
    if node.items[place].amount is None or None in conditions:
        return year.false
    later = [year.term(when, at) for when in conditions if when is not None]
    asked = []
    for item, one in zip(node.items, wanted, strict=False):
        if item.amount is None:
            asked.append(year.no(one.on))
    whole = _asked(year, node, wanted) == z3.ToReal(flow.total) * year.real(flow.step)
    return year.both(
        [
            wanted[place].on,
            *(year.no(one.stops) for one in wanted),
            *asked,
            *(year.both([one.defined, year.no(one.value)]) for one in later),
            whole,
        ]
    )


def _asked(year: Year, node: ir.Allocate, wanted: list[_Wanted]) -> Any:
    """All that items ask for, but for those that take the rest."""
    zero = year.real(0)
    exact = [
        year.where(one.on, one.exact, zero)
        for item, one in zip(node.items, wanted, strict=False)
        if item.amount is not None
    ]
    return added(exact, zero)


def part(year: Year, index: int, node: ir.Part, at: str) -> Term:
    """What an item of an allocation took, or let flow over, or the losses."""
    year.term(node.clause, at)
    flow = year.flows[node.clause, at]
    if node.item is None:
        return flow.losses
    return (flow.overflows if node.overflow else flow.amounts)[node.item]


def pool(year: Year, index: int, node: ir.Pool, at: str) -> Term:
    """What a record keeps of its figure: nothing where it is not of the group."""
    step = paid_step(node.type)
    rate, figure = year.term(node.kept, ""), year.term(node.figure, at)
    member = year.term(node.group, at)
    bounds = year.ranges[node.figure]
    shared = figure.value
    if not node.losses_kept and not bounds.at_least_zero:
        shared, bounds = most(shared, year.real(0)), bounds.without_losses()
    positive = year.ranges[node.kept].at_least_zero and bounds.at_least_zero
    exact = year.product(rate.value, year.ranges[node.kept], shared, bounds)
    kept = year.rounded(exact / year.real(step), Rounding.HALF_UP, positive=positive)
    outside = year.both([member.defined, year.no(member.value)])
    known = year.either([outside, year.both([member.defined, rate.defined, figure.defined])])
    return year.amount(year.where(member.value, kept, year.whole(0)), step, known)
