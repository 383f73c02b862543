"""Each sort of node as a term: the table of what every node says."""

from collections.abc import Callable

import z3

from coopfx.engine.symbols.money import allocate, part, pool
from coopfx.engine.symbols.operations import LOGARITHMS, OPERATIONS, PRODUCTS, RELATIONS, product
from coopfx.engine.symbols.terms import Term, added, paid_step
from coopfx.engine.symbols.year import Year
from coopfx.language import ir


def _op(year: Year, index: int, node: ir.Op, at: str) -> Term:
    terms = [year.term(item, at) for item in node.arguments]
    if node.operation in PRODUCTS:
        return product(year, terms, [year.ranges[item] for item in node.arguments])
    if node.operation in LOGARITHMS:
        return year.logarithm(index, node, terms[0])
    said = OPERATIONS.get(node.operation)
    return unknown(year, index, node, at) if said is None else said(year, terms)


def unknown(year: Year, index: int, node: ir.AnyNode, at: str) -> Term:
    """A value of which nothing is known, not even that it exists."""
    return Term(year.unknown(node.type), z3.FreshBool("defined", year.context))


def _scale(year: Year, index: int, node: ir.Scale, at: str) -> Term:
    """The value of the highest break that is reached; each one only where that above it is not."""
    by = year.term(node.by, at)
    found = Term(year.unknown(node.type), year.false)
    if node.otherwise is not None:
        found = year.term(node.otherwise, at)
    for start, value, above in zip(node.breaks, node.values, node.above, strict=True):
        step = year.term(start, at)
        reached = by.value > step.value if above else by.value >= step.value
        found = year.choice(reached, year.term(value, at), found)
        known = year.both([by.defined, step.defined, found.defined])
        found = Term(found.value, known, found.steps)
    return found


def _compare(year: Year, index: int, node: ir.Compare, at: str) -> Term:
    left, right = year.term(node.left, at), year.term(node.right, at)
    known = year.both([left.defined, right.defined])
    relation = RELATIONS.get(node.relation)
    if relation is None:
        return unknown(year, index, node, at)
    if node.step is None:
        return Term(relation(left.value, right.value), known)
    paid = [left.steps is not None, right.steps is not None]
    within = _within(year, node, left, right)
    if within is not None and (any(paid) or node.allowance > 1):
        # What holds as paid is within the allowance: of two amounts worked out, by a whole step.
        return Term(within, known)
    sides = [year.steps_of(side, at, node.step) for side in (node.left, node.right)]
    kept = relation(*sides)
    return Term(kept if within is None else z3.Or(kept, within), known)


def _within(year: Year, node: ir.Compare, left: Term, right: Term) -> z3.BoolRef | None:
    """That two amounts, not rounded, are beyond the edge by no more than a comparison's allowance."""
    if not node.allowance:
        return None
    if left.steps is not None and right.steps is not None:
        # Whole numbers of steps are an odd half step apart never.
        one, other, allowed = left.steps, right.steps, year.whole(node.allowance // 2)
    else:
        one, other, allowed = left.value, right.value, year.real(node.allowed)
    over, under = one + allowed >= other, one - allowed <= other
    match node.relation:
        case "at_least":
            return over
        case "at_most":
            return under
    return z3.And(over, under)


def _group(year: Year, index: int, node: ir.Group, at: str) -> Term:
    conditions = [item for item in (node.base, node.where) if item is not None]
    return year.all_of([year.term(item, at) for item in conditions])


def _link(year: Year, index: int, node: ir.Link, at: str) -> Term:
    return year.fact(ir.Input(node.name, type=node.type, record=node.record), at)


def _lift(year: Year, index: int, node: ir.Lift, at: str) -> Term:
    return year.term(node.value, "") if node.along is None else year.linked(node, at)


def _balance(year: Year, index: int, node: ir.Balance, at: str) -> Term:
    if node.is_given:
        return year.opening(node)
    step = paid_step(node.type)
    signed = [(year.term(item, at), 1) for item in node.parts]
    signed += [(year.term(item, at), -1) for item in node.less]
    known = year.both([term.defined for term, _ in signed])
    counted = [term.steps * sign for term, sign in signed if term.steps is not None]
    if len(counted) == len(signed):
        return year.amount(added(counted, year.whole(0)), step, known)
    value = added([term.value * sign for term, sign in signed], year.real(0))
    return Term(value, known)


NODES: dict[type, Callable[..., Term]] = {
    ir.Input: lambda year, index, node, at: year.fact(node, at),
    ir.Slot: lambda year, index, node, at: year.constant(
        year.program.constants[node.index], node.type
    ),
    ir.Param: lambda year, index, node, at: year.parameter(node),
    ir.Op: _op,
    ir.Compare: _compare,
    ir.Group: _group,
    ir.Link: _link,
    ir.Lift: _lift,
    ir.Aggregate: lambda year, index, node, at: year.aggregate(index, node, at),
    ir.Member: unknown,
    ir.Scale: _scale,
    ir.Decision: lambda year, index, node, at: year.decided(node),
    ir.Balance: _balance,
    ir.Allocate: allocate,
    ir.Part: part,
    ir.Split: lambda year, index, node, at: year.shared(index, node, at),
    ir.Paid: lambda year, index, node, at: year.paid(node.clause),
    ir.Excess: lambda year, index, node, at: year.excess(node.clause),
    ir.Pool: pool,
    ir.Pooled: lambda year, index, node, at: year.pooled(node),
}
"""A ``Member`` is what an example expects: no rule rests on one, and nothing is said of it."""
