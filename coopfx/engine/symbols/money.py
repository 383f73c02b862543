"""Money as it flows: allocations item by item, what a pool's records keep, what clauses move in all."""

from fractions import Fraction

import z3
from attrs import Factory, define, field, frozen

from coopfx.engine.symbols.terms import Flow, Term, added, least, most, paid_step
from coopfx.engine.symbols.unsaid import unsaid
from coopfx.engine.symbols.year import Year
from coopfx.exact import Rounding
from coopfx.language import ir


@frozen(slots=True, eq=False)
class _Wanted:
    """What an item asks for: exactly, in whole steps, and how much room there is."""

    exact: z3.ArithRef | None
    asked: z3.ArithRef | None
    room: Term | None
    overflows: bool


@define(slots=True, eq=False)
class _Waterfall:
    """Steps as they flow to items in the order written: see splits.py."""

    year: Year
    total: z3.ArithRef
    left: z3.ArithRef = field(init=False, default=Factory(lambda self: self.total, takes_self=True))
    withheld: z3.ArithRef = field(
        init=False, default=Factory(lambda self: self.year.whole(0), takes_self=True)
    )
    taken: list[tuple[z3.ArithRef, z3.ArithRef]] = field(init=False, factory=list)

    def let(self, one: _Wanted, last: z3.BoolRef) -> None:
        """Let an item take its amount; ``last`` where it takes what rounding has left."""
        year, zero = self.year, self.year.whole(0)
        gross = self.left
        if one.asked is not None:
            gross = year.where(
                last, most(self.left - self.withheld, zero), least(one.asked, self.left)
            )
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
    source, total = year.term(node.source, ""), year.steps_of(node.source, "", step)
    gain, zero = total >= 0, year.whole(0)
    flow = _Waterfall(year, total)
    known: list[z3.BoolRef] = []
    said = year.true
    exact: list[z3.ArithRef] | None = []
    for place, item in enumerate(node.items):
        one, said, own = _wanted(year, item, flow, said, step)
        known.append(own)
        exact = None if exact is None or one.exact is None else [*exact, one.exact]
        last = year.false
        if place == len(node.items) - 1 and exact is not None:
            whole = added(exact, year.real(0)) == z3.ToReal(total) * year.real(step)
            last = year.both([said, whole])
        flow.let(one, last)
    made: list[list[Term]] = [[], []]
    for (taken, over), own in zip(flow.taken, known, strict=True):
        defined = year.both([source.defined, year.either([year.no(gain), own])])
        for terms, steps in zip(made, (taken, over), strict=True):
            terms.append(year.amount(year.where(gain, steps, zero), step, defined))
    losses = year.amount(year.where(gain, zero, total), step, source.defined)
    year.flows[index] = Flow(tuple(made[0]), tuple(made[1]), losses)
    return year.amount(total, step, source.defined)


def _wanted(
    year: Year, item: ir.Item, flow: _Waterfall, said: z3.BoolRef, step: Fraction
) -> tuple[_Wanted, z3.BoolRef, z3.BoolRef]:
    """What an item asks for; whether all items down to it are known; whether its own amounts are."""
    exact = asked = None
    if item.amount is not None:
        amount = year.term(item.amount, "")
        said = year.both([said, amount.defined])
        exact = amount.value
        if not year.program.nodes[item.amount].type.unit:
            exact = exact * z3.ToReal(flow.total) * year.real(step)
        if not year.ranges[item.amount].at_least_zero:
            exact = most(exact, year.real(0))
        asked = year.rounded(exact / year.real(step), Rounding.HALF_UP, positive=True)
    if item.fill is None:
        return _Wanted(exact, asked, None, False), said, said
    until, before = year.term(item.fill.until, ""), year.term(item.fill.before, "")
    room = year.both([until.defined, before.defined])
    free: z3.ArithRef
    if until.steps is not None and before.steps is not None:
        free = until.steps - before.steps
    else:
        free = year.rounded((until.value - before.value) / year.real(step), Rounding.DOWN)
    for place, overflow in item.fill.within:
        free = free - flow.taken[place][1 if overflow else 0]
    own = year.both([said, room])
    if item.fill.then is None:
        said = own
    return _Wanted(exact, asked, Term(free, room), item.fill.then is not None), said, own


def part(year: Year, index: int, node: ir.Part, at: str) -> Term:
    """What an item of an allocation took, or let flow over, or the losses."""
    year.term(node.clause, "")
    flow = year.flows.get(node.clause)
    if flow is None:
        return year.opaque(index, "item")
    if node.item is None:
        return flow.losses
    return (flow.overflows if node.overflow else flow.amounts)[node.item]


def pool(year: Year, index: int, node: ir.Pool, at: str) -> Term:
    """What a record keeps of its figure."""
    step = paid_step(node.type)
    rate, figure = year.term(node.kept, ""), year.term(node.figure, at)
    gain = most(figure.value, year.real(0))
    positive = year.ranges[node.kept].at_least_zero
    kept = year.rounded(rate.value * gain / year.real(step), Rounding.HALF_UP, positive=positive)
    return year.amount(kept, step, year.both([rate.defined, figure.defined]))


def moved(year: Year, index: int, node: ir.Paid | ir.Pooled, at: str) -> Term:
    """What a split pays out, or a pool gathers, in all."""
    reason = unsaid(year.program.nodes[node.clause], year.program.nodes)
    if reason is not None:
        return year.opaque(index, reason)
    return year.paid(node.clause) if isinstance(node, ir.Paid) else year.pooled(node)
