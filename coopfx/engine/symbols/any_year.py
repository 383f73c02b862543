"""Every year at once: one record that may be any, and what is always true of the others."""

from collections.abc import Callable, Iterable, Sequence
from fractions import Fraction
from typing import Any

import z3
from attrs import define, field

from coopfx.engine.symbols.rule import Symbols, cone
from coopfx.engine.symbols.terms import Term, paid_step
from coopfx.engine.symbols.unsaid import NOT_YET, unsaid
from coopfx.exact import step_of
from coopfx.language import ir
from coopfx.language.ranges import Range


@define(slots=True, eq=False)
class AnyYear(Symbols):
    """Every year at once: one record that may be any, and what is always true of the others."""

    risen: bool = True
    """Whether a parameter may, after the last known day, stand above its last known value."""
    _counts: dict[int, z3.ArithRef] = field(init=False, factory=dict)
    _aggregates: list[tuple[ir.Aggregate, Term]] = field(init=False, factory=list)
    _paid: dict[int, Term] = field(init=False, factory=dict)

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
                return type(node) in NOT_YET or unsaid(node, self.program.nodes) is not None

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
        self.axioms += AGGREGATES[node.aggregate](self, node, term, bounds)
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
            step = paid_step(node.type)
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
        step = paid_step(node.type)
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
        step = paid_step(pool.type)
        known = self.both([self.surely((pool.figure,)), self.term(pool.kept, "").defined])
        if not isinstance(self.program.nodes[pool.figure], ir.Input):
            return Term(z3.FreshReal("pooled", self.context), known)
        pooled = z3.FreshInt("pooled", self.context)
        rate = self.ranges[pool.kept]
        if self.ranges[pool.figure].at_least_zero and rate.high is not None and rate.high <= 1:
            # Of a whole number of steps, nobody keeps more than all.
            self.axioms.append(pooled >= 0)
        return self.amount(pooled, step, known)


def _sum(year: AnyYear, node: ir.Aggregate, term: Term, bounds: Range) -> Sequence[z3.BoolRef]:
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
    if isinstance(split, ir.Split) and unsaid(split, year.program.nodes) is None:
        paid = year.paid(node.value)
        everyone = year.within(split.group, node.group)
        said.append(term.value == paid.value if everyone else term.value <= paid.value)
    return said


def _extreme(year: AnyYear, node: ir.Aggregate, term: Term, bounds: Range) -> Sequence[z3.BoolRef]:
    said = _average(year, node, term, bounds)
    if node.aggregate == "min":
        return [*said, *year.own(node, lambda value: term.value <= value)]
    return [*said, *year.own(node, lambda value: term.value >= value)]


def _average(year: AnyYear, node: ir.Aggregate, term: Term, bounds: Range) -> list[z3.BoolRef]:
    low = [] if bounds.low is None else [term.value >= year.real(bounds.low)]
    return low if bounds.high is None else [*low, term.value <= year.real(bounds.high)]


def _rate(year: AnyYear, node: ir.Aggregate, term: Term, bounds: Range) -> Sequence[z3.BoolRef]:
    all_or_nobody = year.own(
        node,
        lambda value: z3.And(
            z3.Implies(term.value == 1, value), z3.Implies(term.value == 0, z3.Not(value))
        ),
    )
    return [term.value >= 0, term.value <= 1, *all_or_nobody]


AGGREGATES: dict[str, Callable[[AnyYear, ir.Aggregate, Term, Range], Sequence[z3.BoolRef]]] = {
    "sum": _sum,
    "average": _average,
    "min": _extreme,
    "max": _extreme,
    "count": lambda year, node, term, bounds: [],
    "rate": _rate,
}
"""What is always true of an aggregate, however many records there are."""
