"""Operations and relations as functions of terms."""

from collections.abc import Callable, Sequence
from functools import reduce
from typing import Any

import z3

from coopfx.engine.symbols import calendar
from coopfx.engine.symbols.terms import Term, Terms, fixed, least, most
from coopfx.ground.exact import Rounding
from coopfx.language.ranges import Range

Operation = Callable[[Terms, Sequence[Term]], Term]


def _strict(function: Operation) -> Operation:
    """A function whose result is defined where all that it needs is."""

    def applied(year: Terms, terms: Sequence[Term]) -> Term:
        made = function(year, terms)
        known = year.both([made.defined, *(term.defined for term in terms)])
        return Term(made.value, known, made.steps)

    return applied


def _alike(function: Callable[[Any, Any], Any]) -> Operation:
    """A function of figures of one unit that makes whole steps of whole steps."""

    def applied(year: Terms, terms: Sequence[Term]) -> Term:
        value = reduce(function, [term.value for term in terms])
        counted = [term.steps for term in terms if term.steps is not None]
        steps = reduce(function, counted) if len(counted) == len(terms) else None
        return Term(value, year.true, steps)

    return _strict(applied)


def _quotient(year: Terms, terms: Sequence[Term]) -> Term:
    left, right = terms
    divisor = fixed(right.value)
    defined = right.value != 0
    if divisor is not None:
        defined = year.true if divisor else year.false
    return Term(left.value / right.value, defined)


def _negative(year: Terms, terms: Sequence[Term]) -> Term:
    (one,) = terms
    return Term(-one.value, year.true, None if one.steps is None else -one.steps)


def _rounding(way: Rounding) -> Operation:
    def applied(year: Terms, terms: Sequence[Term]) -> Term:
        value, step = terms
        size = fixed(step.value)
        if size is None:
            return _rounded_to(year, value.value, step.value, way)
        if size <= 0:
            return Term(value.value, year.false)
        whole = year.rounded(value.value / step.value, way)
        return Term(z3.ToReal(whole) * step.value, year.true)

    return _strict(applied)


def _rounded_to(year: Terms, value: z3.ArithRef, size: z3.ArithRef, way: Rounding) -> Term:
    """A figure rounded to a step which only a year tells.

    How far that leads from the figure is said beside it, so that no solver need multiply for it.
    """
    zero = year.real(0)
    made = z3.ToReal(year.rounded(value / size, way)) * size
    over = z3.If(value >= zero, made - value, value - made)
    far = {
        Rounding.UP: [over >= zero, over < size],
        Rounding.DOWN: [over <= zero, over > -size],
    }.get(way, [over * 2 <= size, over * 2 >= -size])
    sign = z3.If(value >= zero, made >= zero, made <= zero)
    year.axioms.append(z3.Implies(size > zero, z3.And(*far, sign)))
    return Term(made, size > zero)


def _choice(year: Terms, terms: Sequence[Term]) -> Term:
    condition, then, otherwise = terms
    one = year.choice(condition.value, then, otherwise)
    return Term(one.value, year.both([condition.defined, one.defined]), one.steps)


def _drawn(year: Terms, terms: Sequence[Term]) -> Term:
    _, moved, covered = terms
    known = year.both([covered.defined, covered.value, moved.defined])
    return Term(moved.value, known, moved.steps)


def product(year: Terms, terms: Sequence[Term], ranges: Sequence[Range]) -> Term:
    """Figures multiplied, of which it is known between which bounds each lies."""
    value, bounds = terms[0].value, ranges[0]
    for term, own in zip(terms[1:], ranges[1:], strict=True):
        value, bounds = year.product(value, bounds, term.value, own), bounds * own
    return Term(value, year.both([term.defined for term in terms]))


PRODUCTS = frozenset(["multiply", "part_of"])
"""The operations that are a product: they are said with the bounds of what is multiplied."""

LOGARITHMS = frozenset(["log"])
"""The operations that are said with a node's own decimals: little is known of them."""

OPERATIONS: dict[str, Operation] = {
    "add": _alike(lambda left, right: left + right),
    "negative": _strict(_negative),
    "divide": _strict(_quotient),
    "min": _alike(least),
    "max": _alike(most),
    "round_up": _rounding(Rounding.UP),
    "round_down": _rounding(Rounding.DOWN),
    "round_half_up": _rounding(Rounding.HALF_UP),
    "round_half_even": _rounding(Rounding.HALF_EVEN),
    "and": lambda year, terms: year.all_of(terms),
    "or": lambda year, terms: year.any_of(terms),
    "not": _strict(lambda year, terms: Term(year.no(terms[0].value), year.true)),
    "if": _choice,
    "drawn": _drawn,
    "add_months": _strict(calendar.add_months),
    "add_days": _strict(calendar.add_days),
}

RELATIONS: dict[str, Callable[[Any, Any], z3.BoolRef]] = {
    "equal": lambda left, right: left == right,
    "differ": lambda left, right: left != right,
    "at_least": lambda left, right: left >= right,
    "at_most": lambda left, right: left <= right,
    "below": lambda left, right: left < right,
    "above": lambda left, right: left > right,
}
