"""A year as the terms of its nodes see it: the facts that a solver chooses, and what it may be asked."""

from collections import Counter
from collections.abc import Iterable
from datetime import date
from fractions import Fraction
from typing import Any

import z3
from attrs import Factory, define, evolve, field, frozen

from coopfx.engine.functions import logarithm
from coopfx.engine.symbols.terms import Flow, Term, Terms, fixed, paid_step
from coopfx.ground.exact import Kind, Known, Rounding, Type, step_of
from coopfx.language import ir
from coopfx.language.ranges import Range, ranges


@frozen(slots=True, eq=False)
class Fact:
    """A fact, or an opening balance, that the solver chooses: of a record, or of the cooperative.

    ``variable`` counts steps where the fact is money that is paid, and tens of thousandths where a small
    year's fact is any other figure; a date is its ordinal, a text or a link its place among those known.
    A decision that the meeting may leave to the statute is ``given`` or not.
    """

    name: str
    record: str | None
    identifier: str
    type: Type
    variable: Any
    unit: Fraction
    opening: bool = False
    decision: bool = False
    given: z3.BoolRef | None = None


def truths_by_fact(program: ir.Program, asked: Iterable[int] | None = None) -> dict[str, list[int]]:
    """The nodes of what is true of facts in every year, by each fact that they speak of.

    Of a year in which only some nodes are ``asked`` for, those that tie their facts to one another.
    """
    nodes = program.nodes

    def facts(of: Iterable[int]) -> set[str]:
        return {own.key for index in of if isinstance(own := nodes[index], ir.Input)}

    bounds = [one.node for one in program.truths if not one.closing]
    said = {one: facts(ir.cone(nodes, [one])) for one in bounds}
    if asked is not None:
        known = facts(asked)
        while True:
            times = Counter(key for keys in said.values() for key in keys)
            idle = [
                one for one, keys in said.items() if any(times[key] < 2 for key in keys - known)
            ]
            if not idle:
                break
            said = {one: keys for one, keys in said.items() if one not in idle}
    found: dict[str, list[int]] = {}
    for one, keys in said.items():
        for key in keys:
            found.setdefault(key, []).append(one)
    return found


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
    decisions: dict[str, None] = field(init=False, factory=dict)
    flows: dict[tuple[int, str], Flow] = field(init=False, factory=dict)
    truths: dict[str, list[int]] = field(
        init=False, default=Factory(lambda self: truths_by_fact(self.program), takes_self=True)
    )
    _said: set[tuple[int, str]] = field(init=False, factory=set)
    _later: dict[str, list[tuple[z3.ArithRef, Any]]] = field(init=False, factory=dict)
    _texts: dict[str, int] = field(init=False, factory=dict)
    _logarithms: dict[int, list[z3.ArithRef]] = field(init=False, factory=dict)

    def __attrs_post_init__(self) -> None:
        self.axioms.append(self.closing >= self.program.in_force.toordinal())
        self.axioms.append(self.closing <= (self.last or date.max).toordinal())

    def share(self, other: "Year") -> None:
        """Speak of the same year as another program's terms do: of its facts, in its solver.

        To be called before anything is asked for.
        """
        self.context, self.true, self.false = other.context, other.true, other.false
        self.closing, self.axioms, self.exactly = other.closing, other.axioms, other.exactly
        self.axioms.append(self.closing >= self.program.in_force.toordinal())
        self.facts, self.decisions, self._texts = other.facts, other.decisions, other._texts
        self.parameters, self._later = other.parameters, other._later
        self._products, self._wholes = other._products, other._wholes

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

    def logarithm(self, index: int, node: ir.Op, of: Term) -> Term:
        """A logarithm, of which no more is said than its sign, its order, and a bound; told so."""
        places = node.places or 0
        figure = fixed(of.value)
        if figure is not None:
            found = logarithm(figure, places)
            return Term(self.real(found or 0), self.false if found is None else of.defined)
        self.not_yet.setdefault(index, "log")
        log = z3.Function(f"log {places}", z3.RealSort(self.context), z3.RealSort(self.context))
        value, one, zero = log(of.value), self.real(1), self.real(0)
        odd = self.real(Fraction(1, 2 * 10**places))
        self.axioms += [
            z3.Implies(of.value >= one, value >= zero),
            z3.Implies(of.value <= one, value <= zero),
            z3.Implies(of.value > zero, value <= of.value - one + odd),
        ]
        for other in self._logarithms.setdefault(places, []):
            self.axioms += [
                z3.Implies(of.value <= other, value <= log(other)),
                z3.Implies(of.value >= other, value >= log(other)),
            ]
        self._logarithms[places].append(of.value)
        return Term(value, self.both([of.defined, of.value > zero]))

    # ---- what the two sorts of years say in their own way

    def linked(self, node: ir.Lift, at: str) -> Term:
        """The value of the record that a record is linked to."""
        raise NotImplementedError

    def aggregate(self, index: int, node: ir.Aggregate, at: str) -> Term:
        """An aggregate over a group."""
        raise NotImplementedError

    def shared(self, index: int, node: ir.Split, at: str) -> Term:
        """What a record receives of a split."""
        raise NotImplementedError

    def paid(self, index: int) -> Term:
        """What a split takes of its amount in all."""
        raise NotImplementedError

    def excess(self, index: int) -> Term:
        """What a split sends to its excess account."""
        raise NotImplementedError

    def pooled(self, node: ir.Pooled) -> Term:
        """What a pool gathers."""
        raise NotImplementedError

    def plain_fact(self, name: str, whole: bool) -> tuple[Any, Fraction]:
        """A variable for a figure that is no money, and what one of it is worth."""
        raise NotImplementedError

    def later(self, name: str, known: Any, day: z3.ArithRef) -> Any:
        """A parameter's value on a day after the last one on which it is known to change."""
        raise NotImplementedError

    # ---- facts

    def fact(self, node: ir.Input, at: str) -> Term:
        """A fact, within its domain."""
        key = node.key, at, False
        known = self.facts.get(key)
        if known is None:
            known = self.facts[key] = self._fact(node, at)
        self._say_truths(node, at)
        match node.type.kind:
            case Kind.YES_NO | Kind.DATE | Kind.TEXT | Kind.LINK:
                return Term(known.variable, self.true)
            case Kind.QUANTITY:
                term = self._quantity(known)
        for bound, sign in ((node.low, 1), (node.high, -1)):
            if bound is not None:
                self.axioms.append((term.value - self.real(bound)) * sign >= 0)
        return term

    def _say_truths(self, node: ir.Input, at: str) -> None:
        """Say what is true of a fact in every year by the texts."""
        for index in self.truths.get(node.key, ()):
            of_records = self.program.nodes[index].record is not None
            if (index, at) in self._said or of_records != bool(at):
                continue
            self._said.add((index, at))
            term = self.term(index, at)
            self.axioms.append(z3.Implies(term.defined, term.value))

    def _fact(self, node: ir.Input, at: str) -> Fact:
        name = f"input {node.key} of {at}"
        step = None if node.type.whole else self.program.field(node).step
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
        return Fact(node.key, node.record, at, node.type, variable, unit)

    def decided(self, node: ir.Decision) -> Term:
        """What the meeting decides, whatever its bounds; where it decides nothing, what holds then."""
        key = node.name, "", False
        self.decisions[node.name] = None
        known = self.facts.get(key)
        if known is None:
            made = self._fact(ir.Input(node.name, type=node.type), "")
            given = None if node.otherwise is None else z3.FreshBool("given", self.context)
            known = self.facts[key] = evolve(made, decision=True, given=given)
        own = Term(known.variable, self.true)
        if node.type.kind is Kind.QUANTITY:
            own = self._quantity(known)
        if node.otherwise is None or known.given is None:
            return own
        return self.choice(known.given, own, self.term(node.otherwise, ""))

    def opening(self, node: ir.Balance) -> Term:
        """An account's opening balance: of either sign, but where its account says otherwise."""
        key = node.account, "", True
        if key not in self.facts:
            step = paid_step(node.type)
            variable = z3.Int(f"opening {node.account}", self.context)
            self.facts[key] = Fact(node.account, None, "", node.type, variable, step, True)
        term = self._quantity(self.facts[key])
        if node.low is not None:
            self.axioms.append(term.value >= self.real(node.low))
        return term

    def _quantity(self, fact: Fact) -> Term:
        value = fact.variable
        if z3.is_int(value) and fact.unit == step_of(fact.type.unit):
            return self.amount(value, fact.unit, self.true)
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
        """A parameter's value on the closing date, or on another day."""
        self.parameters[node.name] = None
        on = Term(self.closing, self.true) if node.at is None else self.term(node.at, "")
        dated = self.program.parameters[node.name]
        starts = [start.toordinal() for start, _, _, _ in dated.values]
        known = [self.constant(value, dated.type).value for _, value, _, _ in dated.values]
        day = fixed(on.value)
        value = known[-1]
        if day is None or day > starts[-1]:
            later = self.later(node.name, value, on.value)
            value = self.where(on.value <= starts[-1], value, later)
        for start, earlier in zip(reversed(starts[1:]), reversed(known[:-1]), strict=True):
            value = self.where(on.value < start, earlier, value)
        defined = self.true
        if node.at is not None or starts[0] > self.program.in_force.toordinal():
            defined = on.value >= starts[0]
        return Term(value, self.both([on.defined, defined]))
