"""Where a year is looked for first: at round sums, and where what is decided lies at its own bounds.

There rates are fixed and no cent is rounded, so that a solver multiplies nothing and need not search
whole numbers: what some year breaks, is mostly broken there too. Nothing follows where no year is found.
"""

from collections.abc import Iterator
from fractions import Fraction
from math import lcm

import z3

from coopfx.engine.symbols import Fact, Symbols
from coopfx.ground.exact import Kind
from coopfx.language import ir

ROUND = 100_000
"""An amount of which hundredths of a percent leave no cent."""


def sources(program: ir.Program, year: Symbols) -> list[Fact]:
    """The facts that allocations share out, of those that a rule rests on."""
    nodes = program.nodes
    clauses = [nodes[index] for index in year.cone]
    inputs = [nodes[node.source] for node in clauses if isinstance(node, ir.Allocate)]
    keys = [(node.key, "", False) for node in inputs if isinstance(node, ir.Input)]
    facts = [year.facts[key] for key in keys if key in year.facts]
    return [fact for fact in facts if z3.is_int(fact.variable)]


def divisor_of(program: ir.Program, year: Symbols) -> int:
    """The common denominator of the numbers that a rule rests on."""
    found = 1
    decisions = [node for node in program.nodes if isinstance(node, ir.Decision)]
    bounds = {index for node in decisions for index in ir.inner(node)}
    for index in year.cone:
        if index in bounds:
            continue
        node = program.nodes[index]
        value = program.constants[node.index] if isinstance(node, ir.Slot) else None
        if isinstance(value, Fraction) and not node.type.unit:
            found = lcm(found, value.denominator)
    return found


def round_sums(program: ir.Program, year: Symbols) -> list[z3.BoolRef]:
    """That what is shared out is so round that no cent is rounded."""
    return [fact.variable == int(ROUND / fact.unit) for fact in sources(program, year)]


def corners(program: ir.Program, year: Symbols) -> Iterator[list[z3.BoolRef]]:
    """Sets of figures at which a year may be looked for before all others."""
    sums = round_sums(program, year)
    rates = [found for high in (False, True) if (found := _decided(program, year, high=high))]
    if sums:
        yield from ([*sums, *one] for one in (rates or [[]]))
    yield from rates


def _decided(program: ir.Program, year: Symbols, *, high: bool) -> list[z3.BoolRef]:
    """That each rate that is decided lies at its lowest, or its highest."""
    found = []
    for node in program.nodes:
        if (
            not isinstance(node, ir.Decision)
            or node.type.kind is not Kind.QUANTITY
            or node.type.unit
        ):
            continue
        fact = year.facts.get((node.name, "", False))
        end = node.high if high else node.low
        bound = None if end is None else year.ranges[end].high if high else year.ranges[end].low
        if fact is None or bound is None:
            continue
        value = z3.ToReal(fact.variable) if z3.is_int(fact.variable) else fact.variable
        found.append(value * year.real(fact.unit) == year.real(bound))
        if fact.given is not None:
            found.append(fact.given)
    return found
