"""A year as the terms of its nodes see it: the facts that a solver chooses, and what it may be asked."""

from datetime import date
from fractions import Fraction
from typing import Any

import z3
from attrs import Factory, define, field, frozen

from coopfx.engine.symbols.terms import Flow, Term, Terms, paid_step
from coopfx.exact import Kind, Known, Rounding, Type, step_of
from coopfx.language import ir
from coopfx.language.ranges import Range, ranges


@frozen(slots=True, eq=False)
class Fact:
    """A fact, or an opening balance, that the solver chooses: of a record, or of the cooperative.

    ``variable`` counts steps where the fact is money, and tens of thousandths where a small year's
    fact is a plain figure; a date is its ordinal, a text or a link its place among those known.
    """

    name: str
    record: str | None
    identifier: str
    type: Type
    variable: Any
    unit: Fraction
    opening: bool = False


@define(slots=True, eq=False)
class Year(Terms):
    """A year, as far as one rule needs it: its facts, its parameters, and what is not said of it.

    ``last`` is the last day on which the statute is in force. A term is asked for ``at`` a record; of
    the cooperative's figures, at the empty text.
    """

    program: ir.Program
    rule: ir.Rule
    last: date | None = None
    ranges: list[Range] = Factory(
        lambda self: ranges(self.program.nodes, self.program.constants), takes_self=True
    )
    closing: z3.ArithRef = field(
        init=False, default=Factory(lambda self: z3.Int("closing", self.context), takes_self=True)
    )
    facts: dict[tuple[str, str, bool], Fact] = field(init=False, factory=dict)
    not_yet: dict[int, str] = field(init=False, factory=dict)
    parameters: dict[str, None] = field(init=False, factory=dict)
    flows: dict[int, Flow] = field(init=False, factory=dict)
    _texts: dict[str, int] = field(init=False, factory=dict)

    def __attrs_post_init__(self) -> None:
        self.axioms.append(self.closing >= self.program.in_force.toordinal())
        self.axioms.append(self.closing <= (self.last or date.max).toordinal())

    # ---- nodes

    def term(self, index: int, at: str) -> Term:
        """The term of a node, at a record or for the cooperative."""
        raise NotImplementedError

    def steps_of(self, index: int, at: str, step: Fraction) -> z3.ArithRef:
        """A node's money as it is paid: rounded half up, to whole steps."""
        term = self.term(index, at)
        if term.steps is not None:
            return term.steps
        positive = self.ranges[index].at_least_zero
        return self.rounded(term.value / self.real(step), Rounding.HALF_UP, positive=positive)

    def opaque(self, index: int, reason: str) -> Term:
        """A value of which nothing is said, and why: it may be anything, or undefined."""
        self.not_yet.setdefault(index, reason)
        type_ = self.program.nodes[index].type
        return Term(self.unknown(type_), z3.FreshBool("defined", self.context))

    # ---- what the two sorts of years say in their own way

    def linked(self, node: ir.Lift, at: str) -> Term:
        """The value of the record that a record is linked to."""
        raise NotImplementedError

    def aggregate(self, index: int, node: ir.Aggregate) -> Term:
        """An aggregate over a group."""
        raise NotImplementedError

    def shared(self, index: int, node: ir.Split, at: str) -> Term:
        """What a record receives of a split."""
        raise NotImplementedError

    def paid(self, index: int) -> Term:
        """What a split pays out in all."""
        raise NotImplementedError

    def pooled(self, node: ir.Pooled) -> Term:
        """What a pool gathers."""
        raise NotImplementedError

    def plain_fact(self, name: str, whole: bool) -> tuple[Any, Fraction]:
        """A variable for a figure that is no money, and what one of it is worth."""
        raise NotImplementedError

    def later(self, value: Any, last: Fraction) -> Any:
        """A parameter's value on and after the last day for which one is known."""
        raise NotImplementedError

    # ---- facts

    def fact(self, node: ir.Input, at: str) -> Term:
        """A fact, within its domain."""
        key = node.name, at, False
        known = self.facts.get(key)
        if known is None:
            known = self.facts[key] = self._fact(node, at)
        match node.type.kind:
            case Kind.YES_NO | Kind.DATE | Kind.TEXT | Kind.LINK:
                return Term(known.variable, self.true)
            case Kind.QUANTITY:
                term = self._quantity(known)
        for bound, sign in ((node.low, 1), (node.high, -1)):
            if bound is not None:
                self.axioms.append((term.value - self.real(bound)) * sign >= 0)
        return term

    def _fact(self, node: ir.Input, at: str) -> Fact:
        name = f"input {node.name} of {at}"
        step = step_of(node.type.unit)
        variable: Any
        unit = Fraction(1)
        if node.type.kind is Kind.YES_NO:
            variable = z3.Bool(name, self.context)
        elif node.type.kind is not Kind.QUANTITY:
            variable = z3.Int(name, self.context)
            last = date.max.toordinal() if node.type.kind is Kind.DATE else None
            self.axioms.append(variable >= (0 if last is None else 1))
            if last is not None:
                self.axioms.append(variable <= last)
        elif step is not None:
            variable, unit = z3.Int(name, self.context), step
        else:
            variable, unit = self.plain_fact(name, node.type.whole)
        return Fact(node.name, node.record, at, node.type, variable, unit)

    def opening(self, node: ir.Balance) -> Term:
        """An account's opening balance: of either sign."""
        key = node.account, "", True
        if key not in self.facts:
            step = paid_step(node.type)
            variable = z3.Int(f"opening {node.account}", self.context)
            self.facts[key] = Fact(node.account, None, "", node.type, variable, step, True)
        return self._quantity(self.facts[key])

    def _quantity(self, fact: Fact) -> Term:
        if step_of(fact.type.unit) is not None:
            return self.amount(fact.variable, fact.unit, self.true)
        value = fact.variable
        if z3.is_int(value):
            value = z3.ToReal(value) * self.real(fact.unit)
        return Term(value, self.true)

    def constant(self, value: Known, type_: Type) -> Term:
        """A constant of the text, or a parameter's value."""
        match value:
            case bool():
                return Term(self.true if value else self.false, self.true)
            case Fraction():
                step = step_of(type_.unit)
                if step is not None and (value / step).denominator == 1:
                    return self.amount(self.whole(int(value / step)), step, self.true)
                return Term(self.real(value), self.true)
            case date():
                return Term(self.whole(value.toordinal()), self.true)
            case str():
                place = self._texts.setdefault(value, len(self._texts))
                return Term(self.whole(place), self.true)

    def text(self, place: int) -> str:
        """The text at a place among those known, or one that no text of the program is."""
        known = {number: text for text, number in self._texts.items()}
        return known.get(place, f"#{place}")

    def parameter(self, node: ir.Param) -> Term:
        """A parameter's value on the closing date."""
        self.parameters[node.name] = None
        dated = self.program.parameters[node.name]
        starts = [start for start, _, _, _ in dated.values]
        known = [self.constant(value, dated.type).value for _, value, _, _ in dated.values]
        last = dated.values[-1][1]
        value = known[-1]
        if isinstance(last, Fraction):
            value = self.later(value, last)
        for start, earlier in zip(reversed(starts[1:]), reversed(known[:-1]), strict=True):
            value = self.where(self.closing < start.toordinal(), earlier, value)
        defined = self.true
        if starts[0] > self.program.in_force:
            defined = self.closing >= starts[0].toordinal()
        return Term(value, defined)
