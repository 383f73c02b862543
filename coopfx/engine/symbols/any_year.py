"""Every year at once: one record that may be any, and what is always true of the others."""

from collections.abc import Sequence
from fractions import Fraction
from typing import Any

import z3
from attrs import define, field

from coopfx.engine.symbols.aggregates import AGGREGATES, nothing, related, value_bounds
from coopfx.engine.symbols.any_split import Splits
from coopfx.engine.symbols.bearing import Bearing
from coopfx.engine.symbols.terms import Term, added, paid_step
from coopfx.ground.exact import step_of
from coopfx.language import ir, operations
from coopfx.language.ranges import Range


@define(slots=True, eq=False)
class AnyYear(Splits):
    """Every year at once: one record that may be any, and what is always true of the others."""

    risen: bool = True
    """Whether a parameter may, after the last known day, have another value than the last known."""
    bearing: Bearing | None = None
    """What bears on a condition, where more is said than one rule needs."""
    _aggregates: list[tuple[ir.Aggregate, str, Term]] = field(init=False, factory=list)
    _sums: dict[tuple[str, int | None, int, int | None, str], Term] = field(
        init=False, factory=dict
    )
    _flows: dict[int, dict[tuple[int | None, bool], z3.ArithRef]] = field(init=False, factory=dict)

    def bearing_on(
        self, conditions: Sequence[z3.BoolRef], *, exactly: bool = False
    ) -> list[z3.BoolRef]:
        if self.bearing is None:
            return super().bearing_on(conditions, exactly=exactly)
        self.bearing.learn(self.axioms, exactly=False)
        self.bearing.learn(self.exactly, exactly=True)
        asked = [*self.assumed, *conditions]
        return [*self.bearing.on(asked, exactly=exactly), *self.assumed]

    def plain_fact(self, name: str, whole: bool) -> tuple[Any, Fraction]:
        made = z3.Int(name, self.context) if whole else z3.Real(name, self.context)
        return made, Fraction(1)

    def later(self, name: str, known: Any, day: z3.ArithRef) -> Any:
        if not self.risen:
            return known
        dated = self.program.parameters[name]
        found = self.unknown(dated.type)
        if dated.never_falling:
            self.axioms.append(found >= known)
        for other, value in self._later.setdefault(name, []):
            self.axioms.append(z3.Implies(day == other, found == value))
            if dated.never_falling:
                self.axioms += [
                    z3.Implies(day <= other, found <= value),
                    z3.Implies(day >= other, found >= value),
                ]
        self._later[name].append((day, found))
        return found

    # ---- groups

    def aggregate(self, index: int, node: ir.Aggregate, at: str) -> Term:
        key = node.aggregate, node.value, node.group, node.along, at
        if key not in self._sums:
            self._sums[key] = self._aggregated(node, at)
        return self._sums[key]

    def total(self, value: int, group: int, along: int | None = None, at: str = "") -> Term:
        of = self.program.nodes[value]
        record = None if along is None else self.link(along).to
        node = ir.Aggregate("sum", value, group, along, type=of.type, record=record)
        return self.aggregate(-1, node, at)

    def _aggregated(self, node: ir.Aggregate, at: str) -> Term:
        count = self.count(node.group, node.along, at)
        known = self.surely((node.group, node.value, node.along))
        if node.value is None:
            return Term(z3.ToReal(count), known)
        made = self._figure(node, node.value)
        if not operations.AGGREGATES[node.aggregate].of_nobody:
            known = self.both([known, count > 0])
        term = Term(made.value, known, made.steps)
        said = AGGREGATES.get(node.aggregate, nothing)
        self.axioms += said(self, node, at, term, value_bounds(self, node.value))
        self.axioms += self._flowed(node, term)
        one = node, at, term
        for other in self._aggregates:
            if other[0].value == node.value:
                self.axioms += [*related(self, one, other), *related(self, other, one)]
        self._aggregates.append(one)
        return term

    def _figure(self, node: ir.Aggregate, value: int) -> Term:
        of = self.program.nodes[value]
        step = step_of(of.type.unit)
        paid = isinstance(of, ir.Pool | ir.Allocate | ir.Part) or self._is_paid(of)
        if step is not None and paid and node.aggregate not in ("average", "median"):
            return self.amount(z3.FreshInt(node.aggregate, self.context), step, self.true)
        return Term(z3.FreshReal(node.aggregate, self.context), self.true)

    def _is_paid(self, node: ir.AnyNode) -> bool:
        """Whether a figure of money is what each has or receives, in whole steps."""
        given = isinstance(node, ir.Input) and self.program.field(node).paid
        return given or isinstance(node, ir.Split)

    # ---- money

    def _flowed(self, node: ir.Aggregate, term: Term) -> list[z3.BoolRef]:
        """What records' own allocations move in all: the parts of it are the whole."""
        part = self.program.nodes[node.value or 0]
        if not isinstance(part, ir.Part) or node.aggregate != "sum" or node.along is not None:
            return []
        clause = self.program.nodes[part.clause]
        assert isinstance(clause, ir.Allocate) and clause.group is not None
        if not self.within(clause.group, node.group):
            return []
        moved = self._moved(part.clause, clause)[part.item, part.overflow]
        assert term.steps is not None, "what an item takes is paid"
        return [z3.Implies(term.defined, term.steps == moved)]

    def _moved(self, index: int, node: ir.Allocate) -> dict[tuple[int | None, bool], z3.ArithRef]:
        """What each item takes of all records' sources, in steps, its overflow, and the losses."""
        if index in self._flows:
            return self._flows[index]
        places: list[tuple[int | None, bool]] = [(None, False)]
        for place, item in enumerate(node.items):
            places.append((place, False))
            if item.fill is not None and item.fill.then is not None:
                places.append((place, True))
        moved = {place: z3.FreshInt("moved", self.context) for place in places}
        self._flows[index] = moved
        left = z3.FreshInt("left", self.context)
        assert node.group is not None
        whole = self.total(index, node.group)
        assert whole.steps is not None
        self.axioms += [
            left >= 0,
            *(one <= 0 if place is None else one >= 0 for (place, _), one in moved.items()),
            z3.Implies(whole.defined, whole.steps == added([left, *moved.values()], self.whole(0))),
        ]
        if self._takes_all(node):
            self.axioms.append(left == 0)
        if self.ranges[node.source].at_least_zero:
            self.axioms.append(moved[None, False] == 0)
        source = self.program.nodes[node.source]
        if node.when is None and self._is_paid(source):
            given = self.total(node.source, node.group)
            known = self.both([given.defined, whole.defined])
            self.axioms.append(z3.Implies(known, given.value == whole.value))
        return moved

    @staticmethod
    def _takes_all(node: ir.Allocate) -> bool:
        """Whether the last item takes all that is left, in any year."""
        last = node.items[-1] if node.items else None
        if last is None or (last.amount, last.when, last.high, last.low) != (None,) * 4:
            return False
        return last.fill is None or last.fill.then is not None

    def pooled(self, node: ir.Pooled) -> Term:
        pool = self.program.nodes[node.clause]
        assert isinstance(pool, ir.Pool)
        figures = self.total(pool.figure, pool.group)
        kept = self.total(node.clause, pool.group)
        known = self.both([figures.defined, kept.defined, self.term(pool.kept, "").defined])
        self.axioms += self._kept_of(pool, figures, kept)
        if figures.steps is None or kept.steps is None:
            return Term(figures.value - kept.value, known)
        return self.amount(figures.steps - kept.steps, paid_step(pool.type), known)

    def _kept_of(self, pool: ir.Pool, figures: Term, kept: Term) -> list[z3.BoolRef]:
        """What all keep in a pool, beside what all have: each within half a step of its part."""
        rate, bounds = self.term(pool.kept, ""), self.ranges[pool.kept]
        if bounds.low is None or bounds.low < 0:
            return []
        odd = z3.ToReal(self.count(pool.group)) * self.real(paid_step(pool.type) / 2)
        exact = self.product(rate.value, bounds, figures.value, Range())
        said = [kept.value >= exact - odd]
        if pool.losses_kept:
            said.append(kept.value <= exact + odd)
        if bounds.high is not None and bounds.high <= 1 and figures.steps is not None:
            # Of a whole number of steps, nobody keeps more than all.
            least = ir.Aggregate("min", pool.figure, pool.group, type=pool.type)
            none_loses = self.aggregate(-1, least, "").value >= 0
            said.append(z3.Implies(none_loses, kept.value <= figures.value))
        known = self.both([figures.defined, kept.defined, rate.defined])
        somebody = self.count(pool.group) > 0
        return [z3.Implies(z3.And(known, somebody), z3.And(said))]
