"""A program's nodes as terms of a solver, over exact rationals: what can be said of every year.

A value is a term beside whether it is defined: a solver may pick any figure for 0 / 0, so nothing
undefined is ever turned into a number. Facts are complete, within the domains that inputs declare,
and money is given in whole steps of its currency, as the readers of data demand.

Two sorts of years are spoken of. ``AnyYear`` knows one record, any at all, and holds what is true of
it however many there are; figures over a group are bounded by what is always true of them. It says
too little rather than too much: what cannot happen to it cannot happen. ``SmallYear`` has so many
records of each sort, and its figures are worked out: it is where a year that breaks a rule is sought,
and the reference evaluator has the last word on whether it does.

What a node means stands in ir.py, and how money flows in splits.py: here it is said again as
constraints, never in another way.
"""

from collections.abc import Callable, Iterable, Sequence
from datetime import date
from fractions import Fraction
from functools import reduce
from typing import Any

import z3
from attrs import Factory, define, frozen

from coopfx.exact import Kind, Known, Rounding, Type, round_to, step_of
from coopfx.facts import Facts, Table
from coopfx.language import ir
from coopfx.language.ranges import Range, ranges

FINEST = Fraction(1, 10_000)
"""A small year's plain figures have four decimals at most, so that they can be written down."""


@frozen(slots=True, eq=False)
class Term:
    """A value: its term, whether it is defined, and where it is paid money, its number of steps."""

    value: Any
    defined: z3.BoolRef
    steps: z3.ArithRef | None = None


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


@frozen(slots=True, eq=False)
class Judged:
    """When a rule is violated, kept, or cannot be decided for want of a value that exists."""

    violated: z3.BoolRef
    kept: z3.BoolRef
    undetermined: z3.BoolRef


@define(slots=False, eq=False)
class Symbols:
    """The terms of a program's nodes, as far as one rule needs them, and what holds of them.

    ``last`` is the last day on which the statute is in force. A term is asked for ``at`` a record; of
    the cooperative's figures, at the empty text.
    """

    program: ir.Program
    rule: ir.Rule
    last: date | None = None
    context: z3.Context = Factory(z3.Context)
    axioms: list[z3.BoolRef] = Factory(list)
    facts: dict[tuple[str, str, bool], Fact] = Factory(dict)
    not_yet: dict[int, str] = Factory(dict)
    parameters: dict[str, None] = Factory(dict)
    ranges: list[Range] = Factory(
        lambda self: ranges(self.program.nodes, self.program.constants), takes_self=True
    )
    _terms: dict[tuple[int, str], Term] = Factory(dict)
    _flows: dict[int, "_Flow"] = Factory(dict)
    _texts: dict[str, int] = Factory(dict)

    def __attrs_post_init__(self) -> None:
        self.true = z3.BoolVal(True, self.context)
        self.false = z3.BoolVal(False, self.context)
        self.closing = z3.Int("closing", self.context)
        self.axioms.append(self.closing >= self.program.in_force.toordinal())
        self.axioms.append(self.closing <= (self.last or date.max).toordinal())
        self.cone = sorted(cone(self.program.nodes, rule_roots(self.rule)))

    # ---- the rule

    def cases(self) -> Sequence[str]:
        """The records that the rule is judged at; the empty text where it is the cooperative's."""
        return self.instances(self.rule.record) if self.rule.record else ("",)

    def instances(self, record: str) -> Sequence[str]:
        """The records of a sort whose figures are known one by one."""
        raise NotImplementedError

    def judged(self) -> Judged:
        """When the rule is violated, kept or undetermined, in this year."""
        for index in self.cone:
            # Asked for in the order of the nodes, none is deep inside another.
            record = self.program.nodes[index].record
            for at in self.instances(record) if record else ("",):
                self.term(index, at)
        cases = [self._judged(at) for at in self.cases()]
        return Judged(
            self.either([case.violated for case in cases]),
            self.either([case.kept for case in cases]),
            self.either([case.undetermined for case in cases]),
        )

    def _judged(self, at: str) -> Judged:
        yes, no = Term(self.true, self.true), Term(self.false, self.true)
        when, unless, member = (
            default if index is None else self.term(index, at)
            for index, default in (
                (self.rule.when, yes),
                (self.rule.unless, no),
                (self.rule.group, yes),
            )
        )
        holds = self.term(self.rule.condition, at)
        spared = self.either(
            [
                self.both([when.defined, self.no(when.value)]),
                self.both([unless.defined, unless.value]),
                self.both([member.defined, self.no(member.value)]),
            ]
        )
        known = self.both([item.defined for item in (when, unless, member, holds)])
        applies = self.both([known, self.no(spared)])
        return Judged(
            self.both([applies, self.no(holds.value)]),
            self.both([applies, holds.value]),
            self.both([self.no(spared), self.no(known)]),
        )

    # ---- nodes

    def term(self, index: int, at: str) -> Term:
        """The term of a node, at a record or for the cooperative."""
        node = self.program.nodes[index]
        key = index, at if node.record is not None else ""
        found = self._terms.get(key)
        if found is None:
            found = self._terms[key] = self._made(index, node, key[1])
        return found

    def _made(self, index: int, node: ir.AnyNode, at: str) -> Term:
        reason = NOT_YET.get(type(node)) or unsaid(node)
        if reason is not None:
            return self.opaque(index, reason)
        return NODES[type(node)](self, index, node, at)

    def opaque(self, index: int, reason: str) -> Term:
        """A value of which nothing is said, and why: it may be anything, or undefined."""
        self.not_yet.setdefault(index, reason)
        type_ = self.program.nodes[index].type
        return Term(self.unknown(type_), z3.FreshBool("defined", self.context))

    def unknown(self, type_: Type) -> Any:
        """A term of a type that may be anything."""
        if type_.kind is Kind.YES_NO:
            return z3.FreshBool("any", self.context)
        if type_.kind is Kind.QUANTITY:
            return z3.FreshReal("any", self.context)
        return z3.FreshInt("any", self.context)

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
            step = step_of(node.type.unit)
            assert step is not None, "a balance is in money"
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

    # ---- logic and figures

    def real(self, value: Fraction) -> z3.ArithRef:
        """A rational figure."""
        return z3.RealVal(f"{value.numerator}/{value.denominator}", self.context)

    def whole(self, value: int) -> z3.ArithRef:
        """A whole figure."""
        return z3.IntVal(value, self.context)

    def both(self, conditions: Iterable[z3.BoolRef]) -> z3.BoolRef:
        """Whether all of them hold."""
        left = [item for item in conditions if not z3.is_true(item)]
        if any(z3.is_false(item) for item in left):
            return self.false
        return z3.And(left) if len(left) > 1 else left[0] if left else self.true

    def either(self, conditions: Iterable[z3.BoolRef]) -> z3.BoolRef:
        """Whether any of them holds."""
        return self.no(self.both([self.no(item) for item in conditions]))

    def no(self, condition: z3.BoolRef) -> z3.BoolRef:
        """Whether it does not hold."""
        if z3.is_true(condition):
            return self.false
        if z3.is_false(condition):
            return self.true
        return condition.arg(0) if z3.is_not(condition) else z3.Not(condition)

    def where(self, condition: z3.BoolRef, then: Any, otherwise: Any) -> Any:
        """One of two terms."""
        if z3.is_true(condition):
            return then
        return otherwise if z3.is_false(condition) else z3.If(condition, then, otherwise)

    def least(self, left: Any, right: Any) -> Any:
        """The lesser of two figures."""
        return z3.If(left <= right, left, right)

    def most(self, left: Any, right: Any) -> Any:
        """The greater of two figures."""
        return z3.If(left >= right, left, right)

    def sum(self, figures: Sequence[Any], nothing: Any) -> Any:
        """Figures added up."""
        return reduce(lambda left, right: left + right, figures) if figures else nothing

    def amount(self, steps: z3.ArithRef, step: Fraction, defined: z3.BoolRef) -> Term:
        """Paid money: so many steps."""
        return Term(z3.ToReal(steps) * self.real(step), defined, steps)

    def steps_of(self, index: int, at: str, step: Fraction) -> z3.ArithRef:
        """A node's money as it is paid: rounded half up, to whole steps."""
        term = self.term(index, at)
        if term.steps is not None:
            return term.steps
        positive = self.ranges[index].at_least_zero
        return self.rounded(term.value / self.real(step), Rounding.HALF_UP, positive=positive)

    def rounded(self, value: z3.ArithRef, way: Rounding, *, positive: bool = False) -> z3.ArithRef:
        """The whole number that a figure is rounded to; ``positive`` where it is never below zero."""
        figure = fixed(value)
        if figure is not None:
            return self.whole(int(round_to(figure, Fraction(1), way)))
        whole = z3.FreshInt("rounded", self.context)
        over = value - z3.ToReal(whole)
        half = self.real(Fraction(1, 2))
        match way:
            case Rounding.HALF_UP:
                up, down = [over >= -half, over < half], [over > -half, over <= half]
            case Rounding.UP:
                up, down = [over > -1, over <= 0], [over >= 0, over < 1]
            case Rounding.DOWN:
                up, down = [over >= 0, over < 1], [over > -1, over <= 0]
            case Rounding.HALF_EVEN:
                tie = z3.Or(over == half, over == -half)
                up = down = [over >= -half, over <= half, z3.Implies(tie, whole % 2 == 0)]
        if positive or way is Rounding.HALF_EVEN:
            self.axioms += up
        else:
            self.axioms.append(z3.If(value >= 0, z3.And(up), z3.And(down)))
        return whole

    def all_of(self, terms: Sequence[Term]) -> Term:
        """Kleene's and: one no decides."""
        decided = self.either([self.both([item.defined, self.no(item.value)]) for item in terms])
        known = self.either([decided, self.both([item.defined for item in terms])])
        return Term(self.no(decided), known)

    def any_of(self, terms: Sequence[Term]) -> Term:
        """Kleene's or: one yes decides."""
        decided = self.either([self.both([item.defined, item.value]) for item in terms])
        known = self.either([decided, self.both([item.defined for item in terms])])
        return Term(decided, known)

    def holds(self, term: Term) -> z3.BoolRef:
        """Whether a yes or no is defined, and yes."""
        return self.both([term.defined, term.value])


# ---- any year


@define(slots=False, eq=False)
class AnyYear(Symbols):
    """Every year at once: one record that may be any, and what is always true of the others."""

    risen: bool = True
    """Whether a parameter may, after the last known day, stand above its last known value."""
    _counts: dict[int, z3.ArithRef] = Factory(dict)
    _aggregates: list[tuple[ir.Aggregate, Term]] = Factory(list)
    _paid: dict[int, Term] = Factory(dict)

    def instances(self, record: str) -> Sequence[str]:
        return ("any",) if record == self.rule.record else ()

    def plain_fact(self, name: str, whole: bool) -> tuple[Any, Fraction]:
        made = z3.Int(name, self.context) if whole else z3.Real(name, self.context)
        return made, Fraction(1)

    def later(self, value: Any, last: Fraction) -> Any:
        if not self.risen:
            return value
        later = z3.FreshReal("later", self.context)
        self.axioms.append(later >= self.real(last))
        return later

    def linked(self, node: ir.Lift, at: str) -> Term:
        assert node.along is not None
        link = self.program.nodes[node.along]
        assert isinstance(link, ir.Link)
        # Two paths may lead to two records of one sort: each path has a record of its own.
        to = f"{at}.{link.name}"
        nodes = self.program.nodes
        for index in sorted(cone(nodes, [node.value])):
            if nodes[index].record == nodes[node.value].record:
                self.term(index, to)
        return self.term(node.value, to)

    # ---- groups

    def count(self, group: int) -> z3.ArithRef:
        """How many records a group holds."""
        if group not in self._counts:
            made = self._counts[group] = z3.FreshInt("count", self.context)
            self.axioms.append(made >= 0)
            node = self.program.nodes[group]
            assert isinstance(node, ir.Group)
            if node.base is not None:
                self.axioms.append(made <= self.count(node.base))
            if node.record == self.rule.record:
                member = self.term(group, self.cases()[0])
                self.axioms.append(z3.Implies(self.holds(member), made >= 1))
        return self._counts[group]

    def within(self, group: int, wider: int) -> bool:
        """Whether whoever is of a group is of the wider one, by the way they are declared."""
        found: int | None = group
        while found is not None and found != wider:
            node = self.program.nodes[found]
            assert isinstance(node, ir.Group)
            found = node.base
        return found == wider

    def surely(self, indices: Iterable[int | None]) -> z3.BoolRef:
        """Whether values of records all exist: yes where nothing behind them can be undefined."""
        roots = [index for index in indices if index is not None]
        nodes = self.program.nodes
        if any(self._may_fail(nodes[index]) for index in cone(nodes, roots)):
            return z3.FreshBool("defined", self.context)
        return self.true

    def _may_fail(self, node: ir.AnyNode) -> bool:
        match node:
            case ir.Op("divide" | "round_up" | "round_down" | "round_half_up" | "round_half_even"):
                divisor = self.ranges[node.arguments[1]].constant
                return divisor is None or divisor == 0
            case ir.Aggregate("average" | "min" | "max" | "rate") | ir.Param():
                return True
            case _:
                return type(node) in NOT_YET or unsaid(node) is not None

    def aggregate(self, index: int, node: ir.Aggregate) -> Term:
        count = self.count(node.group)
        known = self.surely((node.group, node.value))
        if node.aggregate == "count":
            return Term(z3.ToReal(count), known)
        assert node.value is not None
        made = self._figure(node, node.value)
        if node.aggregate != "sum":
            known = self.both([known, count > 0])
        term = Term(made.value, known, made.steps)
        value = self.ranges[node.value]
        # A computed figure's upper bound may be passed by a step where it is paid money.
        given = isinstance(self.program.nodes[node.value], ir.Input)
        bounds = Range(value.low, value.high if given else None)
        self.axioms += ANY_AGGREGATES[node.aggregate](self, node, term, bounds)
        for other, beside in self._aggregates:
            if other.value == node.value:
                self._relate(node, term, other, beside)
                self._relate(other, beside, node, term)
        self._aggregates.append((node, term))
        return term

    def _figure(self, node: ir.Aggregate, value: int) -> Term:
        of = self.program.nodes[value]
        step = step_of(of.type.unit)
        paid = isinstance(of, ir.Input | ir.Split | ir.Pool) and node.aggregate != "average"
        if step is not None and paid:
            return self.amount(z3.FreshInt(node.aggregate, self.context), step, self.true)
        return Term(z3.FreshReal(node.aggregate, self.context), self.true)

    def _relate(self, left: ir.Aggregate, one: Term, right: ir.Aggregate, two: Term) -> None:
        """What always holds between two aggregates of the same figure."""
        kinds = left.aggregate, right.aggregate
        count = self.count(left.group)
        if left.group == right.group and kinds in (
            ("min", "max"),
            ("min", "average"),
            ("average", "max"),
        ):
            self.axioms.append(one.value <= two.value)
            self.axioms.append(z3.Implies(count == 1, one.value == two.value))
        elif left.group != right.group and self.within(left.group, right.group):
            assert left.value is not None
            if kinds == ("sum", "sum") and self.ranges[left.value].at_least_zero:
                self.axioms.append(one.value <= two.value)
            elif kinds == ("min", "min"):
                self.axioms.append(z3.Implies(count > 0, two.value <= one.value))
            elif kinds == ("max", "max"):
                self.axioms.append(z3.Implies(count > 0, two.value >= one.value))

    def own(self, node: ir.Aggregate, condition: Callable[[Any], z3.BoolRef]) -> list[z3.BoolRef]:
        """That a condition holds of the rule's own record's value, where it is of the group."""
        if node.value is None or self.program.nodes[node.group].record != self.rule.record:
            return []
        at = self.cases()[0]
        member, value = self.term(node.group, at), self.term(node.value, at)
        inside = self.both([self.holds(member), value.defined])
        return [z3.Implies(inside, condition(value.value))]

    # ---- money

    def paid(self, index: int) -> Term:
        if index not in self._paid:
            node = self.program.nodes[index]
            assert isinstance(node, ir.Split)
            step = step_of(node.type.unit)
            assert step is not None, "a split is in money"
            amount = self.term(node.amount, "")
            money = self.steps_of(node.amount, "", step)
            paid = z3.FreshInt("paid", self.context)
            self.axioms += [
                z3.Or(paid == 0, z3.And(money > 0, paid == money)),
                z3.Implies(self.count(node.group) == 0, paid == 0),
            ]
            figures = [index for key in node.keys for index in (key.weight, key.figure)]
            known = self.both([amount.defined, self.surely((node.group, *figures))])
            self._paid[index] = self.amount(paid, step, known)
        return self._paid[index]

    def shared(self, index: int, node: ir.Split, at: str) -> Term:
        paid, member = self.paid(index), self.term(node.group, at)
        assert paid.steps is not None
        part = z3.FreshInt("part", self.context)
        step = step_of(node.type.unit)
        assert step is not None, "a split is in money"
        inside = self.holds(member)
        self.axioms += [
            part >= 0,
            part <= paid.steps,
            z3.Implies(self.no(inside), part == 0),
            z3.Implies(self.both([inside, self.count(node.group) == 1]), part == paid.steps),
        ]
        return self.amount(part, step, self.both([paid.defined, member.defined]))

    def pooled(self, node: ir.Pooled) -> Term:
        pool = self.program.nodes[node.clause]
        assert isinstance(pool, ir.Pool)
        step = step_of(pool.type.unit)
        assert step is not None, "a pool is in money"
        known = self.both([self.surely((pool.figure,)), self.term(pool.kept, "").defined])
        if not isinstance(self.program.nodes[pool.figure], ir.Input):
            return Term(z3.FreshReal("pooled", self.context), known)
        pooled = z3.FreshInt("pooled", self.context)
        rate = self.ranges[pool.kept]
        if self.ranges[pool.figure].at_least_zero and rate.high is not None and rate.high <= 1:
            # Of a whole number of steps, nobody keeps more than all.
            self.axioms.append(pooled >= 0)
        return self.amount(pooled, step, known)


def _any_sum(year: AnyYear, node: ir.Aggregate, term: Term, bounds: Range) -> Sequence[z3.BoolRef]:
    count = z3.ToReal(year.count(node.group))
    said = [z3.Implies(count == 0, term.value == 0)]
    if bounds.low is not None:
        said.append(term.value >= year.real(bounds.low) * count)
    if bounds.high is not None:
        said.append(term.value <= year.real(bounds.high) * count)
    if bounds.at_least_zero:
        said += year.own(node, lambda value: term.value >= value)
    assert node.value is not None
    split = year.program.nodes[node.value]
    if isinstance(split, ir.Split) and unsaid(split) is None:
        paid = year.paid(node.value)
        everyone = year.within(split.group, node.group)
        said.append(term.value == paid.value if everyone else term.value <= paid.value)
    return said


def _any_extreme(
    year: AnyYear, node: ir.Aggregate, term: Term, bounds: Range
) -> Sequence[z3.BoolRef]:
    said = _any_average(year, node, term, bounds)
    if node.aggregate == "min":
        return [*said, *year.own(node, lambda value: term.value <= value)]
    return [*said, *year.own(node, lambda value: term.value >= value)]


def _any_average(year: AnyYear, node: ir.Aggregate, term: Term, bounds: Range) -> list[z3.BoolRef]:
    low = [] if bounds.low is None else [term.value >= year.real(bounds.low)]
    return low if bounds.high is None else [*low, term.value <= year.real(bounds.high)]


def _any_rate(year: AnyYear, node: ir.Aggregate, term: Term, bounds: Range) -> Sequence[z3.BoolRef]:
    all_or_nobody = year.own(
        node,
        lambda value: z3.And(
            z3.Implies(term.value == 1, value), z3.Implies(term.value == 0, z3.Not(value))
        ),
    )
    return [term.value >= 0, term.value <= 1, *all_or_nobody]


ANY_AGGREGATES: dict[str, Callable[[AnyYear, ir.Aggregate, Term, Range], Sequence[z3.BoolRef]]] = {
    "sum": _any_sum,
    "average": _any_average,
    "min": _any_extreme,
    "max": _any_extreme,
    "count": lambda year, node, term, bounds: [],
    "rate": _any_rate,
}
"""What is always true of an aggregate, however many records there are."""


# ---- a small year


@define(slots=False, eq=False)
class SmallYear(Symbols):
    """A year with so many records of each sort that the rule speaks of, whose figures are worked out.

    A split's parts are held to their total and to the order of the rights alone: the exact parts
    are the reference evaluator's.
    """

    size: int = 1
    _splits: dict[int, tuple[dict[str, Term], Term]] = Factory(dict)

    def identifiers(self, record: str) -> list[str]:
        """The identifiers of the records of a sort."""
        return [f"{record[0]}{number + 1}" for number in range(self.size)]

    def instances(self, record: str) -> Sequence[str]:
        return self.identifiers(record)

    @property
    def sorts(self) -> list[str]:
        """The sorts of records that the rule speaks of, however indirectly."""
        nodes = [self.program.nodes[index] for index in self.cone]
        sorts = [node.record for node in nodes]
        sorts += [node.to for node in nodes if isinstance(node, ir.Link)]
        return sorted({record for record in sorts if record is not None})

    def plain_fact(self, name: str, whole: bool) -> tuple[Any, Fraction]:
        return z3.Int(name, self.context), Fraction(1) if whole else FINEST

    def fact(self, node: ir.Input, at: str) -> Term:
        term = super().fact(node, at)
        if node.type.kind is Kind.LINK:
            self.axioms.append(term.value < self.size)
        return term

    def later(self, value: Any, last: Fraction) -> Any:
        return value

    def linked(self, node: ir.Lift, at: str) -> Term:
        assert node.along is not None
        link = self.program.nodes[node.along]
        assert isinstance(link, ir.Link)
        place = self.term(node.along, at).value
        identifiers = self.identifiers(link.to)
        if not identifiers:
            return Term(self.unknown(node.type), self.false)
        found = self.term(node.value, identifiers[0])
        for number, identifier in enumerate(identifiers[1:], 1):
            found = self.choice(place == number, self.term(node.value, identifier), found)
        return found

    def choice(self, condition: z3.BoolRef, then: Term, otherwise: Term) -> Term:
        """One of two values."""
        steps = None
        if then.steps is not None and otherwise.steps is not None:
            steps = self.where(condition, then.steps, otherwise.steps)
        return Term(
            self.where(condition, then.value, otherwise.value),
            self.where(condition, then.defined, otherwise.defined),
            steps,
        )

    # ---- groups

    def rows(self, group: int) -> list[tuple[str, Term]]:
        """Each record of a sort, and whether it is of the group."""
        record = self.program.nodes[group].record
        assert record is not None
        return [(name, self.term(group, name)) for name in self.identifiers(record)]

    def aggregate(self, index: int, node: ir.Aggregate) -> Term:
        rows = self.rows(node.group)
        inside = [self.holds(member) for _, member in rows]
        count = self.sum([z3.If(one, 1, 0) for one in inside], self.whole(0))
        known = [member.defined for _, member in rows]
        if node.aggregate == "count":
            return Term(z3.ToReal(count), self.both(known))
        assert node.value is not None
        values = [self.term(node.value, name) for name, _ in rows]
        pairs = list(zip(inside, values, strict=True))
        known += [z3.Implies(one, value.defined) for one, value in pairs]
        if node.aggregate != "sum":
            known.append(count > 0)
        made = SMALL_AGGREGATES[node.aggregate](self, pairs, count)
        return Term(made.value, self.both(known), made.steps)

    # ---- money

    def _split(self, index: int) -> tuple[dict[str, Term], Term]:
        if index not in self._splits:
            node = self.program.nodes[index]
            assert isinstance(node, ir.Split)
            self._splits[index] = self._parts(node)
        return self._splits[index]

    def _parts(self, node: ir.Split) -> tuple[dict[str, Term], Term]:
        step = step_of(node.type.unit)
        assert step is not None, "a split is in money"
        rows = self.rows(node.group)
        inside = [self.holds(member) for _, member in rows]
        keys = [self._key(key, rows, inside) for key in node.keys]
        figures = [figure for row, _ in keys for figure in row]
        totals = [self.sum(row, self.real(Fraction(0))) for row, _ in keys]
        weights = [self.term(key.weight, "").value for key in node.keys if key.weight is not None]
        amount, money = self.term(node.amount, ""), self.steps_of(node.amount, "", step)
        shared = self.both(
            [
                money > 0,
                *(figure >= 0 for figure in figures),
                *(total > 0 for total in totals),
                *(weight >= 0 for weight in weights),
            ]
        )
        known = self.both(
            [amount.defined, *(member.defined for _, member in rows), *(known for _, known in keys)]
        )
        paid = self.where(shared, money, self.whole(0)) if rows else self.whole(0)
        parts = [z3.FreshInt("part", self.context) for _ in rows]
        if parts:
            self.axioms.append(self.sum(parts, self.whole(0)) == paid)
        for place, part in enumerate(parts):
            nothing = [row[place] == 0 for row, _ in keys]
            self.axioms += [part >= 0, z3.Implies(self.both(nothing), part == 0)]
            for other, second in enumerate(parts):
                if other != place:
                    more = [row[place] >= row[other] for row, _ in keys]
                    self.axioms.append(z3.Implies(self.both(more), part >= second - 1))
        made = [self.amount(part, step, known) for part in parts]
        names = [name for name, _ in rows]
        return dict(zip(names, made, strict=True)), self.amount(paid, step, known)

    def _key(
        self, key: ir.Key, rows: list[tuple[str, Term]], inside: list[z3.BoolRef]
    ) -> tuple[list[Any], z3.BoolRef]:
        """A key's figure of each record, zero where it is not entitled, and whether all are known."""
        one, zero = self.real(Fraction(1)), self.real(Fraction(0))
        known = [self.true if key.weight is None else self.term(key.weight, "").defined]
        figures = []
        for (name, _), entitled in zip(rows, inside, strict=True):
            figure = Term(one, self.true) if key.figure is None else self.term(key.figure, name)
            known.append(self.either([self.no(entitled), figure.defined]))
            figures.append(self.where(entitled, figure.value, zero))
        return figures, self.both(known)

    def shared(self, index: int, node: ir.Split, at: str) -> Term:
        return self._split(index)[0][at]

    def paid(self, index: int) -> Term:
        return self._split(index)[1]

    def pooled(self, node: ir.Pooled) -> Term:
        pool = self.program.nodes[node.clause]
        assert isinstance(pool, ir.Pool) and pool.record is not None
        names = self.identifiers(pool.record)
        terms = [self.term(pool.figure, name) for name in names]
        kept = [self.term(node.clause, name) for name in names]
        zero = self.real(Fraction(0))
        value = self.sum([one.value for one in terms], zero)
        value -= self.sum([one.value for one in kept], zero)
        return Term(value, self.both([one.defined for one in (*terms, *kept)]))

    # ---- the year that was chosen

    def year(self, model: z3.ModelRef) -> Facts:
        """The facts that the solver chose."""
        figures: dict[str, Known] = {}
        balances: dict[str, Fraction] = {}
        columns: dict[str, dict[str, dict[str, Known]]] = {sort: {} for sort in self.sorts}
        for fact in self.facts.values():
            value = self.chosen(fact, model)
            if fact.opening:
                assert isinstance(value, Fraction)
                balances[fact.name] = value
            elif fact.record is None:
                figures[fact.name] = value
            else:
                columns[fact.record].setdefault(fact.name, {})[fact.identifier] = value
        tables = {}
        for sort, held in columns.items():
            names = tuple(self.identifiers(sort))
            rows = {
                fact: tuple(column.get(name) for name in names) for fact, column in held.items()
            }
            tables[sort] = Table(names, rows)
        closing = date.fromordinal(model.eval(self.closing, True).as_long())
        return Facts(closing, figures, tables, balances)

    def chosen(self, fact: Fact, model: z3.ModelRef) -> Known:
        """The value that the solver chose for a fact."""
        found = model.eval(fact.variable, True)
        match fact.type.kind:
            case Kind.YES_NO:
                return bool(z3.is_true(found))
            case Kind.QUANTITY:
                return int(found.as_long()) * fact.unit
            case Kind.DATE:
                return date.fromordinal(found.as_long())
            case Kind.LINK:
                assert fact.type.record is not None
                return self.identifiers(fact.type.record)[int(found.as_long())]
            case Kind.TEXT:
                return self.text(found.as_long())


Pairs = Sequence[tuple[z3.BoolRef, Term]]
"""The records of a sort: whether each is of the group, and its value."""


def _small_sum(year: SmallYear, pairs: Pairs, count: z3.ArithRef) -> Term:
    zero = year.real(Fraction(0))
    return Term(year.sum([z3.If(one, item.value, zero) for one, item in pairs], zero), year.true)


def _small_average(year: SmallYear, pairs: Pairs, count: z3.ArithRef) -> Term:
    total = _small_sum(year, pairs, count).value
    value = total
    for number in range(2, len(pairs) + 1):
        value = z3.If(count == number, total / number, value)
    return Term(value, year.true)


def _small_extreme(
    better: Callable[[Any, Any], z3.BoolRef],
) -> Callable[[SmallYear, Pairs, z3.ArithRef], Term]:
    def best(year: SmallYear, pairs: Pairs, count: z3.ArithRef) -> Term:
        if not pairs:
            return Term(year.real(Fraction(0)), year.false)
        found, value = pairs[0][0], pairs[0][1].value
        for one, item in pairs[1:]:
            takes = z3.And(one, z3.Or(z3.Not(found), better(item.value, value)))
            value, found = z3.If(takes, item.value, value), z3.Or(one, found)
        return Term(value, found)

    return best


def _small_rate(year: SmallYear, pairs: Pairs, count: z3.ArithRef) -> Term:
    yes, no = year.real(Fraction(1)), year.real(Fraction(0))
    true_of = [(one, Term(z3.If(item.value, yes, no), item.defined)) for one, item in pairs]
    return _small_average(year, true_of, count)


SMALL_AGGREGATES: dict[str, Callable[[SmallYear, Pairs, z3.ArithRef], Term]] = {
    "sum": _small_sum,
    "average": _small_average,
    "min": _small_extreme(lambda new, best: new < best),
    "max": _small_extreme(lambda new, best: new > best),
    "count": lambda year, pairs, count: Term(z3.ToReal(count), year.true),
    "rate": _small_rate,
}
"""An aggregate over a few records, worked out."""


# ---- operations


def _strict(
    function: Callable[[Symbols, Sequence[Term]], Term],
) -> Callable[[Symbols, Sequence[Term]], Term]:
    """A function whose result is defined where all that it needs is."""

    def applied(year: Symbols, terms: Sequence[Term]) -> Term:
        made = function(year, terms)
        known = year.both([made.defined, *(term.defined for term in terms)])
        return Term(made.value, known, made.steps)

    return applied


def _alike(
    function: Callable[[Any, Any], Any],
) -> Callable[[Symbols, Sequence[Term]], Term]:
    """A function of figures of one unit that makes whole steps of whole steps."""

    def applied(year: Symbols, terms: Sequence[Term]) -> Term:
        value = reduce(function, [term.value for term in terms])
        counted = [term.steps for term in terms if term.steps is not None]
        steps = reduce(function, counted) if len(counted) == len(terms) else None
        return Term(value, year.true, steps)

    return _strict(applied)


def _product(year: Symbols, terms: Sequence[Term]) -> Term:
    return Term(reduce(lambda left, right: left * right, [one.value for one in terms]), year.true)


def _quotient(year: Symbols, terms: Sequence[Term]) -> Term:
    left, right = terms
    divisor = fixed(right.value)
    defined = right.value != 0
    if divisor is not None:
        defined = year.true if divisor else year.false
    return Term(left.value / right.value, defined)


def _negative(year: Symbols, terms: Sequence[Term]) -> Term:
    (one,) = terms
    return Term(-one.value, year.true, None if one.steps is None else -one.steps)


def _rounding(way: Rounding) -> Callable[[Symbols, Sequence[Term]], Term]:
    def applied(year: Symbols, terms: Sequence[Term]) -> Term:
        value, step = terms
        size = fixed(step.value)
        assert size is not None, "a step that is not fixed is not said"
        if not size:
            return Term(value.value, year.false)
        whole = year.rounded(value.value / year.real(abs(size)), way)
        return Term(z3.ToReal(whole) * year.real(abs(size)), year.true)

    return _strict(applied)


def _choice(year: Symbols, terms: Sequence[Term]) -> Term:
    condition, then, otherwise = terms
    steps = None
    if then.steps is not None and otherwise.steps is not None:
        steps = z3.If(condition.value, then.steps, otherwise.steps)
    known = year.where(condition.value, then.defined, otherwise.defined)
    value = z3.If(condition.value, then.value, otherwise.value)
    return Term(value, year.both([condition.defined, known]), steps)


OPERATIONS: dict[str, Callable[[Symbols, Sequence[Term]], Term]] = {
    "add": _alike(lambda left, right: left + right),
    "negative": _strict(_negative),
    "multiply": _strict(_product),
    "part_of": _strict(_product),
    "divide": _strict(_quotient),
    "min": _alike(lambda left, right: z3.If(left <= right, left, right)),
    "max": _alike(lambda left, right: z3.If(left >= right, left, right)),
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


# ---- nodes


def _op(year: Symbols, index: int, node: ir.Op, at: str) -> Term:
    terms = [year.term(item, at) for item in node.arguments]
    if node.operation.startswith("round_") and fixed(terms[1].value) is None:
        return year.opaque(index, "step")
    return OPERATIONS[node.operation](year, terms)


def _compare(year: Symbols, index: int, node: ir.Compare, at: str) -> Term:
    left, right = year.term(node.left, at), year.term(node.right, at)
    known = year.both([left.defined, right.defined])
    relation = RELATIONS[node.relation]
    if node.step is None:
        return Term(relation(left.value, right.value), known)
    sides = [year.steps_of(side, at, node.step) for side in (node.left, node.right)]
    return Term(relation(*sides), known)


def _group(year: Symbols, index: int, node: ir.Group, at: str) -> Term:
    conditions = [item for item in (node.base, node.where) if item is not None]
    return year.all_of([year.term(item, at) for item in conditions])


def _link(year: Symbols, index: int, node: ir.Link, at: str) -> Term:
    return year.fact(ir.Input(node.name, type=node.type, record=node.record), at)


def _lift(year: Symbols, index: int, node: ir.Lift, at: str) -> Term:
    return year.term(node.value, "") if node.along is None else year.linked(node, at)


def _balance(year: Symbols, index: int, node: ir.Balance, at: str) -> Term:
    if node.at == "opening" and not node.parts:
        return year.opening(node)
    step = step_of(node.type.unit)
    assert step is not None, "a balance is in money"
    signed = [(year.term(item, ""), 1) for item in node.parts]
    signed += [(year.term(item, ""), -1) for item in node.less]
    known = year.both([term.defined for term, _ in signed])
    counted = [term.steps * sign for term, sign in signed if term.steps is not None]
    if len(counted) == len(signed):
        return year.amount(year.sum(counted, year.whole(0)), step, known)
    value = year.sum([term.value * sign for term, sign in signed], year.real(Fraction(0)))
    return Term(value, known)


@frozen(slots=True, eq=False)
class _Flow:
    """What the items of an allocation take, what flows over, and the losses."""

    amounts: tuple[Term, ...]
    overflows: tuple[Term, ...]
    losses: Term


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

    year: Symbols
    total: z3.ArithRef
    left: z3.ArithRef
    withheld: z3.ArithRef
    taken: list[tuple[z3.ArithRef, z3.ArithRef]] = Factory(list)

    def let(self, one: _Wanted, last: z3.BoolRef) -> None:
        """Let an item take its amount; ``last`` where it takes what rounding has left."""
        year, zero = self.year, self.year.whole(0)
        gross = self.left
        if one.asked is not None:
            gross = year.where(last, self.left - self.withheld, year.least(one.asked, self.left))
        taken = gross
        if one.room is not None:
            fits = year.least(gross, year.most(one.room.value, zero))
            taken = year.where(one.room.defined, fits, gross)
        over = gross - taken if one.overflows else zero
        if one.room is not None and not one.overflows:
            self.withheld = self.withheld + gross - taken
        self.left = self.left - taken - over
        self.taken.append((taken, over))


def _allocate(year: Symbols, index: int, node: ir.Allocate, at: str) -> Term:
    step = step_of(node.type.unit)
    assert step is not None, "an allocation is in money"
    source, total = year.term(node.source, ""), year.steps_of(node.source, "", step)
    gain, zero = total >= 0, year.whole(0)
    flow = _Waterfall(year, total, total, zero)
    known: list[z3.BoolRef] = []
    said = year.true
    exact: list[z3.ArithRef] | None = []
    for place, item in enumerate(node.items):
        one, said, own = _wanted(year, item, flow, said, step)
        known.append(own)
        exact = None if exact is None or one.exact is None else [*exact, one.exact]
        last = year.false
        if place == len(node.items) - 1 and exact is not None:
            whole = year.sum(exact, year.real(Fraction(0))) == z3.ToReal(total) * year.real(step)
            last = year.both([said, whole])
        flow.let(one, last)
    made: list[list[Term]] = [[], []]
    for (taken, over), own in zip(flow.taken, known, strict=True):
        defined = year.both([source.defined, year.either([year.no(gain), own])])
        for terms, steps in zip(made, (taken, over), strict=True):
            terms.append(year.amount(year.where(gain, steps, zero), step, defined))
    losses = year.amount(year.where(gain, zero, total), step, source.defined)
    year._flows[index] = _Flow(tuple(made[0]), tuple(made[1]), losses)
    return year.amount(total, step, source.defined)


def _wanted(
    year: Symbols, item: ir.Item, flow: _Waterfall, said: z3.BoolRef, step: Fraction
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
            exact = year.most(exact, year.real(Fraction(0)))
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


def _part(year: Symbols, index: int, node: ir.Part, at: str) -> Term:
    year.term(node.clause, "")
    flow = year._flows.get(node.clause)
    if flow is None:
        return year.opaque(index, "item")
    if node.item is None:
        return flow.losses
    return (flow.overflows if node.overflow else flow.amounts)[node.item]


def _split(year: Symbols, index: int, node: ir.Split, at: str) -> Term:
    return year.shared(index, node, at)


def _paid(year: Symbols, index: int, node: ir.Paid, at: str) -> Term:
    reason = unsaid(year.program.nodes[node.clause])
    return year.opaque(index, reason) if reason else year.paid(node.clause)


def _pool(year: Symbols, index: int, node: ir.Pool, at: str) -> Term:
    step = step_of(node.type.unit)
    assert step is not None, "a pool is in money"
    rate, figure = year.term(node.kept, ""), year.term(node.figure, at)
    gain = year.most(figure.value, year.real(Fraction(0)))
    positive = year.ranges[node.kept].at_least_zero
    kept = year.rounded(rate.value * gain / year.real(step), Rounding.HALF_UP, positive=positive)
    return year.amount(kept, step, year.both([rate.defined, figure.defined]))


def _pooled(year: Symbols, index: int, node: ir.Pooled, at: str) -> Term:
    reason = unsaid(year.program.nodes[node.clause])
    return year.opaque(index, reason) if reason else year.pooled(node)


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
    ir.Aggregate: lambda year, index, node, at: year.aggregate(index, node),
    ir.Balance: _balance,
    ir.Allocate: _allocate,
    ir.Part: _part,
    ir.Split: _split,
    ir.Paid: _paid,
    ir.Pool: _pool,
    ir.Pooled: _pooled,
}

NOT_YET: dict[type, str] = {ir.Scale: "scale", ir.Decision: "decision"}
"""The nodes of which nothing is said yet, each with its reason: a phrase of the word files."""


def unsaid(node: ir.AnyNode) -> str | None:
    """The reason for which a node says more than its terms would; None where they say it all.

    These are fields that no clause of the language makes yet: were one made, the terms would not
    silently leave it out. Rounding to a step that is not fixed (``step``) is found where it is made.
    """
    match node:
        case ir.Input(previous=True):
            return "previous"
        case ir.Param(at=int()) | ir.Op(places=int()):
            return "calendar"
        case ir.Aggregate(along=int()):
            return "along"
        case ir.Allocate() if any(
            limit is not None for item in node.items for limit in (item.when, item.low, item.high)
        ):
            return "item"
        case ir.Split() if node.alike or any(
            limit is not None
            for limit in (
                node.segment,
                node.coefficient,
                node.cap,
                node.smallest,
                node.excess,
                node.into,
            )
        ):
            return "split"
        case ir.Pool(losses_kept=True):
            return "losses_kept"
        case _:
            return None


# ---- what stands behind a node


def cone(nodes: Sequence[ir.AnyNode], roots: Iterable[int]) -> set[int]:
    """The nodes that others rest on, however indirectly, and themselves."""
    found: set[int] = set()
    waiting = list(roots)
    while waiting:
        index = waiting.pop()
        if index not in found:
            found.add(index)
            waiting += ir.inner(nodes[index])
    return found


def rule_roots(rule: ir.Rule) -> list[int]:
    """The nodes that a rule speaks of itself."""
    found = (rule.condition, rule.when, rule.unless, rule.group)
    return [index for index in found if index is not None]


def fixed(value: z3.ArithRef) -> Fraction | None:
    """The figure that a term is, where it is always the same."""
    simple = z3.simplify(value)
    if z3.is_int_value(simple):
        return Fraction(simple.as_long())
    if z3.is_rational_value(simple):
        return Fraction(simple.numerator_as_long(), simple.denominator_as_long())
    return None
