"""Operations and relations as functions of terms."""

from collections.abc import Callable, Sequence
from functools import reduce
from typing import Any

import z3

from coopfx.engine.symbols.terms import Term, Terms, fixed, least, most
from coopfx.exact import Rounding

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


def _product(year: Terms, terms: Sequence[Term]) -> Term:
    return Term(reduce(lambda left, right: left * right, [one.value for one in terms]), year.true)


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
        assert size is not None, "a step that is not fixed is not said"
        if not size:
            return Term(value.value, year.false)
        whole = year.rounded(value.value / year.real(abs(size)), way)
        return Term(z3.ToReal(whole) * year.real(abs(size)), year.true)

    return _strict(applied)


def _choice(year: Terms, terms: Sequence[Term]) -> Term:
    condition, then, otherwise = terms
    one = year.choice(condition.value, then, otherwise)
    return Term(one.value, year.both([condition.defined, one.defined]), one.steps)


OPERATIONS: dict[str, Operation] = {
    "add": _alike(lambda left, right: left + right),
    "negative": _strict(_negative),
    "multiply": _strict(_product),
    "part_of": _strict(_product),
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
}

RELATIONS: dict[str, Callable[[Any, Any], z3.BoolRef]] = {
    "equal": lambda left, right: left == right,
    "differ": lambda left, right: left != right,
    "at_least": lambda left, right: left >= right,
    "at_most": lambda left, right: left <= right,
    "below": lambda left, right: left < right,
    "above": lambda left, right: left > right,
}
