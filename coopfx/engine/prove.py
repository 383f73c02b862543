"""Is a statute lawful whatever the year brings? Each rule is proved, or a year is found that breaks it.

A rule that speaks of allocated money is an obligation; every other rests on the year's facts, and
no statute can be lawful in its stead. Each rule has a solver of its own, because one formula of many
rules is beyond any solver, and rule by rule a hundred take a tenth of a second.

A year that is found is made small and round, and then judged by the reference evaluator: what that
does not find violated is no counterexample, and another is sought.
"""

from collections.abc import Iterator, Sequence
from datetime import date
from fractions import Fraction
from time import monotonic
from typing import Any

import z3
from attrs import define, field

from coopfx.engine.outcome import (
    ALWAYS,
    NEVER,
    ON_FACTS,
    REFUTED,
    UNDECIDED,
    VIOLATED,
    Assumption,
    Given,
    NotYet,
    Proof,
    Verdict,
)
from coopfx.engine.reference import evaluate
from coopfx.engine.settle import verdict
from coopfx.engine.symbols import (
    AnyYear,
    Fact,
    Judged,
    SmallYear,
    Symbols,
    cone,
    rule_roots,
)
from coopfx.exact import Kind, step_of
from coopfx.facts import Facts
from coopfx.language import ir
from coopfx.language.ranges import Range, ranges
from coopfx.report import Word

MILLISECONDS = 2000
"""How long a rule may take, unless said otherwise."""

_MONEY = tuple(Fraction(unit) for unit in (100_000, 10_000, 1_000, 100, 1))
_PLAIN = tuple(Fraction(unit) for unit in ("10", "1", "1/10", "1/100"))
_ATTEMPTS = 4
# Where whole numbers have no bounds, a solver may search for ever in a direction where there is
# nothing, and find at once what another seed, or a bound on the facts' size, makes it try first.
_SEEDS = (0, 1)
_WAYS = ((10**9, 0), (None, 0), (10**5, 1), (None, 1), (10**9, 2), (None, 2))
# Each is first tried for a small part of the time, then for a large one.
_PARTS = (10, 1)
# So much work, and no more, for one step in making a year rounder: in the solver's own measure, so
# that the year does not depend on how fast the machine is.
_EFFORT = 200_000
_DROPPED = 20
_NO_LIMIT = 2**32 - 1


def prove(
    program: ir.Program, last: date | None = None, milliseconds: int = MILLISECONDS
) -> Iterator[Proof]:
    """Prove each rule of a program, one after the other in their order.

    ``last`` is the last day on which the statute is in force.
    """
    bounds = ranges(program.nodes, program.constants)
    for rule in program.rules:
        if is_obligation(program, rule):
            yield _Prover(program, rule, last, milliseconds, bounds).proof()
        else:
            yield _proof(rule, ON_FACTS)


def is_obligation(program: ir.Program, rule: ir.Rule) -> bool:
    """Whether allocated money occurs in a rule, so that the statute itself keeps or breaks it."""
    nodes = program.nodes
    return any(_is_allocated(nodes[index]) for index in cone(nodes, rule_roots(rule)))


def _is_allocated(node: ir.AnyNode) -> bool:
    """Whether a node is money that clauses move; an account that none feeds holds none, by them."""
    if isinstance(node, ir.Balance):
        return node.at != "opening"
    return isinstance(node, ir.Allocate | ir.Part | ir.Split | ir.Paid | ir.Pool | ir.Pooled)


def _proof(rule: ir.Rule, verdict: str, **found: Any) -> Proof:
    origin = rule.origin
    return Proof(
        rule.name,
        origin.law,
        origin.article,
        origin.title,
        rule.binding,
        verdict,
        reference=origin.reference,
        to_confirm=origin.to_confirm,
        message=rule.message,
        span=origin.span,
        **found,
    )


@define(slots=True)
class _Prover:
    """The proof of one rule."""

    program: ir.Program
    rule: ir.Rule
    last: date | None
    milliseconds: int
    bounds: list[Range]
    deadline: float = field(init=False)
    spurious: bool = False
    late: bool = False

    def __attrs_post_init__(self) -> None:
        self.deadline = monotonic() + self.milliseconds / 1000

    def proof(self) -> Proof:
        """The rule's proof."""
        year = AnyYear(self.program, self.rule, self.last, ranges=self.bounds)
        judged = year.judged()
        answer = self._answer(year, judged.violated)
        assumptions = self._assumptions(year)
        if answer == z3.unsat:
            return self._always(year, judged, assumptions)
        for small in self._small_years():
            found = self._counterexample(small)
            if found is not None:
                never = self._answer(year, judged.kept) == z3.unsat
                facts, broken = found
                return _proof(
                    self.rule,
                    NEVER if never else REFUTED,
                    assumptions=assumptions,
                    year=facts,
                    given=tuple(_given(small, facts)),
                    broken=broken,
                )
        places = self.program.places
        wanting = [NotYet(why, places.get(index)) for index, why in sorted(year.not_yet.items())]
        return _proof(
            self.rule,
            UNDECIDED,
            reason=self._reason(year, answer),
            assumptions=assumptions,
            not_yet=tuple(wanting),
        )

    def _always(self, year: AnyYear, judged: Judged, assumptions: tuple[Assumption, ...]) -> Proof:
        if self._answer(year, judged.undetermined) != z3.unsat:
            assumptions = (*assumptions, Assumption("value"))
        applies = self._answer(year, judged.kept) != z3.unsat
        reason = "" if applies else "never_applies"
        return _proof(self.rule, ALWAYS, reason=reason, assumptions=assumptions)

    def _assumptions(self, year: AnyYear) -> tuple[Assumption, ...]:
        start, end = self.program.in_force, self.last
        key = "closing" if end is None else "closing_between"
        found = [Assumption("complete"), Assumption(key, {"start": start, "end": end})]
        if year.parameters:
            names = tuple(Word(name) for name in year.parameters)
            found.append(Assumption("parameters", {"names": names}))
        return tuple(found)

    def _reason(self, year: AnyYear, answer: z3.CheckSatResult) -> str:
        """Why nothing was decided."""
        if year.not_yet:
            return "not_yet"
        if self.late:
            return "time"
        if answer == z3.unknown:
            return "hard"
        if year.parameters:
            fixed = AnyYear(self.program, self.rule, self.last, ranges=self.bounds, risen=False)
            if self._answer(fixed, fixed.judged().violated) == z3.unsat:
                return "later_values"
        return "spurious" if self.spurious else "no_year"

    # ---- the solver

    def _answer(self, year: AnyYear, condition: z3.BoolRef) -> z3.CheckSatResult:
        """Whether a condition can hold in a year; half of the time is left for what comes after."""
        late = self.late
        for part in _PARTS:
            for seed in _SEEDS:
                solver = self._solver(year, seed)
                solver.add(condition)
                answer = self._check(solver, self.milliseconds / (2 * part * len(_SEEDS)))
                if answer != z3.unknown:
                    self.late = late
                    return answer
        return z3.unknown

    @staticmethod
    def _solver(year: Symbols, seed: int) -> z3.Solver:
        solver = z3.Solver(ctx=year.context)
        solver.set("random_seed", seed)
        solver.add(year.axioms)
        return solver

    def _check(self, solver: z3.Solver, milliseconds: float) -> z3.CheckSatResult:
        """Whether what was added to a solver can hold; what comes too late is not known."""
        left = int(min(milliseconds, (self.deadline - monotonic()) * 1000))
        if left < 1:
            self.late = True
            return z3.unknown
        solver.set("timeout", left)
        answer = solver.check()
        if answer == z3.unknown and solver.reason_unknown() in ("timeout", "canceled"):
            self.late = True
        return answer

    # ---- a year that breaks the rule

    def _small_years(self) -> Iterator[SmallYear]:
        """Years to look for one in: of one record of each sort, of two, of none, of three."""
        sizes: Sequence[int] = (1, 2, 0, 3)
        for size in sizes:
            if monotonic() > self.deadline:
                self.late = True
                return
            year = SmallYear(self.program, self.rule, self.last, ranges=self.bounds, size=size)
            yield year
            if not year.sorts:
                return

    def _counterexample(self, year: SmallYear) -> tuple[Facts, Verdict] | None:
        """A small round year that the reference evaluator finds to break the rule, if there is one."""
        violated = year.judged().violated
        for _ in range(_ATTEMPTS):
            solver = self._satisfied(year, violated)
            if solver is None:
                return None
            shape = _Shape(year, solver)
            model = shape.model()
            facts = year.year(model)
            roots = [*rule_roots(self.rule), *self.rule.comparisons]
            run = evaluate(self.program, facts, roots=roots)
            found = verdict(run, self.rule)
            if found.status == VIOLATED:
                return facts, found
            self.spurious = True
            other = [one.variable != model.eval(one.variable, True) for one in shape.facts]
            year.axioms.append(z3.Or(other) if other else year.false)
        return None

    def _satisfied(self, year: SmallYear, condition: z3.BoolRef) -> z3.Solver | None:
        """A solver that has found a year in which a condition holds; None where there is none."""
        late = self.late
        for part in _PARTS:
            for bound, seed in _WAYS:
                solver = self._solver(year, seed)
                for fact in year.facts.values():
                    if bound is not None and fact.type.kind is Kind.QUANTITY:
                        solver.add(fact.variable <= bound, fact.variable >= -bound)
                solver.add(condition)
                answer = self._check(solver, self.milliseconds / (part * len(_WAYS)))
                if answer == z3.sat:
                    return solver
                if answer == z3.unsat and bound is None:
                    self.late = late
                    return None
        return None


def _given(year: SmallYear, facts: Facts) -> Iterator[Given]:
    """The facts of a year, in the order in which the rule needs them."""
    for fact in year.facts.values():
        if fact.opening:
            value: Any = facts.balances[fact.name]
        elif fact.record is None:
            value = facts.figures[fact.name]
        else:
            table = facts.tables[fact.record]
            value = table.columns[fact.name][table.ids.index(fact.identifier)]
        yield Given(fact.name, fact.identifier, fact.type, value, fact.opening)


@define(slots=True)
class _Shape:
    """Makes a year that was found small and round, one wish after the other.

    A wish that can be fulfilled is kept; one that cannot be, or not with little effort, is dropped.
    """

    year: SmallYear
    solver: z3.Solver
    facts: list[Fact] = field(init=False)
    dropped: int = 0

    def __attrs_post_init__(self) -> None:
        self.facts = list(self.year.facts.values())

    def model(self) -> z3.ModelRef:
        """The model of a year that is as small and as round as it gets."""
        found = self.solver.model()
        self.solver.set("timeout", _NO_LIMIT)
        self.solver.set("rlimit", _EFFORT)
        self._close()
        zeros = {id(fact) for fact in reversed(self.facts) if self._keep(self._nothing(fact))}
        for fact in self.facts:
            if id(fact) not in zeros and fact.type.kind is Kind.QUANTITY:
                self._round(fact)
        return self.solver.model() if self.solver.check() == z3.sat else found

    def _keep(self, wish: z3.BoolRef) -> bool:
        if self.dropped == _DROPPED:
            return False
        self.solver.push()
        self.solver.add(wish)
        answer = self.solver.check()
        self.dropped += answer == z3.unknown
        kept: bool = answer == z3.sat
        if not kept:
            self.solver.pop()
        return kept

    def _close(self) -> None:
        """Let the year close on a last day of December: the latest for which values are known."""
        program, last = self.year.program, self.year.last
        known = [program.parameters[name].values[-1][0].year for name in self.year.parameters]
        latest = max([program.in_force.year, *known])
        if last is not None:
            latest = min(latest, last.year)
        for number in range(latest, program.in_force.year - 1, -1):
            if self._keep(self.year.closing == date(number, 12, 31).toordinal()):
                return
        self._keep(self.year.closing == program.in_force.toordinal())

    @staticmethod
    def _nothing(fact: Fact) -> z3.BoolRef:
        return z3.Not(fact.variable) if z3.is_bool(fact.variable) else fact.variable == 0

    def _round(self, fact: Fact) -> None:
        """Let a figure be a round number: few of a large unit, else many of it, else as it is."""
        units = _MONEY if step_of(fact.type.unit) is not None else _PLAIN
        counts = [unit / fact.unit for unit in units]
        sizes = [*(int(count) for count in counts if count.denominator == 1), 1]
        for size in sizes:
            for sign in (1, -1):
                few = [fact.variable == sign * number * size for number in range(1, 10)]
                if self._keep(z3.Or(few)):
                    any(self._keep(one) for one in few)
                    return
        for size in sizes:
            if self._keep(fact.variable % size == 0):
                break
        if self.solver.check() == z3.sat:
            self._keep(fact.variable == self.solver.model().eval(fact.variable, True))
