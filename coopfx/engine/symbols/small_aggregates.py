"""Figures over the records of a small year, worked out."""

from collections.abc import Callable, Sequence
from typing import Any

import z3

from coopfx.engine.symbols.terms import Term, Terms, added

Pairs = Sequence[tuple[z3.BoolRef, Term]]
"""The records of a sort: whether each is of the group, and its value."""


def _sum(year: Terms, pairs: Pairs, count: z3.ArithRef) -> Term:
    zero = year.real(0)
    return Term(added([z3.If(one, item.value, zero) for one, item in pairs], zero), year.true)


def _average(year: Terms, pairs: Pairs, count: z3.ArithRef) -> Term:
    total = _sum(year, pairs, count).value
    value = total
    for number in range(2, len(pairs) + 1):
        value = z3.If(count == number, total / number, value)
    return Term(value, year.true)


def _extreme(
    better: Callable[[Any, Any], z3.BoolRef],
) -> Callable[[Terms, Pairs, z3.ArithRef], Term]:
    def best(year: Terms, pairs: Pairs, count: z3.ArithRef) -> Term:
        if not pairs:
            return Term(year.real(0), year.false)
        found, value = pairs[0][0], pairs[0][1].value
        for one, item in pairs[1:]:
            takes = z3.And(one, z3.Or(z3.Not(found), better(item.value, value)))
            value, found = z3.If(takes, item.value, value), z3.Or(one, found)
        return Term(value, found)

    return best


def _rate(year: Terms, pairs: Pairs, count: z3.ArithRef) -> Term:
    yes, no = year.real(1), year.real(0)
    true_of = [(one, Term(z3.If(item.value, yes, no), item.defined)) for one, item in pairs]
    return _average(year, true_of, count)


def _median(year: Terms, pairs: Pairs, count: z3.ArithRef) -> Term:
    """The middle one: the records put in order, those that are not of the group behind all others."""
    row = [(one, item.value) for one, item in pairs]
    for end in range(len(row) - 1, 0, -1):
        for place in range(end):
            (first, low), (second, high) = row[place], row[place + 1]
            swap = z3.And(second, z3.Or(z3.Not(first), high < low))
            row[place] = z3.If(swap, second, first), z3.If(swap, high, low)
            row[place + 1] = z3.If(swap, first, second), z3.If(swap, low, high)
    value = year.real(0)
    for number in range(1, len(row) + 1):
        middle = (row[(number - 1) // 2][1] + row[number // 2][1]) / 2
        value = z3.If(count == number, middle, value)
    return Term(value, year.true)


AGGREGATES: dict[str, Callable[[Terms, Pairs, z3.ArithRef], Term]] = {
    "sum": _sum,
    "average": _average,
    "median": _median,
    "min": _extreme(lambda new, best: new < best),
    "max": _extreme(lambda new, best: new > best),
    "count": lambda year, pairs, count: Term(z3.ToReal(count), year.true),
    "rate": _rate,
}
"""An aggregate over a few records, worked out."""
