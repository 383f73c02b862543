"""One obligation: it is proved, or a year is found that breaks it.

A rule that speaks of allocated money is an obligation; every other rests on the year's facts, and
no statute can be lawful in its stead. Each rule has a solver of its own, because one formula of many
rules is beyond any solver, and rule by rule a hundred take a tenth of a second.

A year that is found is made small and round, and then judged by the reference evaluator: what that
does not find violated is no counterexample, and another is sought.
"""

from collections.abc import Iterator, Sequence
from datetime import date
from fractions import Fraction
from typing import Any

import z3
from attrs import define, field

from coopfx.engine.outcome import (
    ALWAYS,
    NEVER,
    REFUTED,
    SATISFIED,
    UNDECIDED,
    VIOLATED,
    Assumption,
    Given,
    NotYet,
    Proof,
    Verdict,
)
from coopfx.engine.proof.assumed import bounded
from coopfx.engine.proof.corners import corners, divisor_of, sources
from coopfx.engine.proof.effort import Effort
from coopfx.engine.reference.evaluate import evaluate
from coopfx.engine.reference.evaluation import Run
from coopfx.engine.reference.settle import verdict
from coopfx.engine.symbols import (
    AnyYear,
    EveryYear,
    Judged,
    Shape,
    SmallYear,
    Symbols,
    cone,
    kept_bounds,
    rule_roots,
)
from coopfx.ground.exact import Kind
from coopfx.ground.facts import Facts
from coopfx.ground.report import Word
from coopfx.language import ir
from coopfx.language.ranges import Range

_ATTEMPTS = 4
# Where whole numbers have no bounds, a solver may search for ever in a direction where there is
# nothing, and find at once what another seed, or a bound on the facts' size, makes it try first.
_SEEDS = (0, 1)
_WAYS = ((10**9, 0), (None, 0), (10**5, 1), (None, 1), (10**9, 2), (None, 2))
_SIZES = (1, 2, 0, 3)
_MOST_RECORDS = 60
_DIVISOR = 400
# So much work, and no more, by the solver's own measure: it does not depend on how fast the machine is.
_GLANCE, _FIRST, _LITTLE = 100_000, 500_000, 2_000_000
# Each is first tried for a small part of the time, then for a large one.
_PARTS = (10, 1)


def _asked_sizes(program: ir.Program, rule: ir.Rule) -> list[int]:
    """How many records a rule may need to apply at all: just more than each number that it counts to."""
    nodes, found = program.nodes, set()
    for index in cone(nodes, rule_roots(rule)):
        node = nodes[index]
        if not isinstance(node, ir.Compare):
            continue
        sides = [_unlifted(nodes, side) for side in (node.left, node.right)]
        if any(isinstance(side, ir.Aggregate) and side.aggregate == "count" for side in sides):
            slots = [program.constants[side.index] for side in sides if isinstance(side, ir.Slot)]
            found |= {int(one) + 1 for one in slots if isinstance(one, Fraction)}
    return sorted(size for size in found if _SIZES[-1] < size <= _MOST_RECORDS)


def _unlifted(nodes: Sequence[ir.AnyNode], index: int) -> ir.AnyNode:
    """The figure that stands beside each record, where a node only puts it there."""
    node = nodes[index]
    return nodes[node.value] if isinstance(node, ir.Lift) and node.along is None else node


def proof_of(rule: ir.Rule, verdict: str, **found: Any) -> Proof:
    """A proof of a rule, with what is said of it wherever it stands."""
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
class Prover:
    """The proof of one rule.

    What is no rule of the text, but an obligation of its clauses, is said in the words of one: its
    ``kind`` and ``subjects`` are those of its proof.
    """

    program: ir.Program
    rule: ir.Rule
    last: date | None
    milliseconds: int | None
    """How long it may take; where that is not said, so much work as is the same on any machine."""
    bounds: list[Range]
    kind: str = "rule"
    subjects: tuple[str, ...] = ()
    years: EveryYear | None = None
    """Every year of the program, where what is said of it serves for other obligations too."""
    rough: bool = False
    """Whether a year that breaks it is left as the solver finds it: nobody is shown it."""
    effort: Effort = field(init=False)
    spurious: bool = False
    keeps: bool = True
    """Whether the meeting can keep to the bounds of its decisions, as far as is known."""

    def __attrs_post_init__(self) -> None:
        self.effort = Effort(self.milliseconds)

    def proof(self) -> Proof:
        """The rule's proof."""
        year, judged = self.every_year()
        answer = self._answer(year, judged.violated)
        if answer == z3.unsat:
            return self._always(year, judged)
        assumptions = self.assumptions(year)
        for small, facts, broken in self._breaking(year, judged):
            never = self._answer(year, judged.kept) == z3.unsat
            return self._found(
                NEVER if never else REFUTED,
                assumptions=assumptions,
                year=facts,
                given=tuple(_given(small, facts)),
                broken=broken,
            )
        places = self.program.places
        wanting = [NotYet(why, places.get(index)) for index, why in year.wanting().items()]
        return self._found(
            UNDECIDED,
            reason=self._reason(year, answer),
            assumptions=assumptions,
            not_yet=tuple(wanting),
        )

    def holds(self) -> tuple[bool, Facts | None]:
        """Whether no year breaks the rule, and else one that does, where one is found."""
        year, judged = self.every_year()
        if self.cannot_be(year, judged.violated):
            return True, None
        return False, next((facts for _, facts, _ in self._breaking(year, judged)), None)

    def _breaking(
        self, year: AnyYear, judged: Judged
    ) -> Iterator[tuple[SmallYear, Facts, Verdict]]:
        """Years that the reference evaluator finds to break the rule."""
        for small in self._small_years(year, judged):
            found = self._counterexample(small)
            if found is not None:
                yield small, *found

    def every_year(self) -> tuple[AnyYear, Judged]:
        """Every year in which the meeting keeps to its bounds, and when it breaks the obligation."""
        year = self.kept_year()
        return year, self.judged(year)

    def kept_year(self) -> AnyYear:
        """Every year in which the meeting keeps to its bounds; where it never can, every year.

        Anything is true of years that there are not: bounds that leave no choice are told by themselves.
        """
        year = self._any_year(kept=True)
        year.walk()
        self.keeps = self._can_keep(year)
        if not self.keeps:
            year = self._any_year(kept=False)
            year.walk()
        elif year.decisions:
            year.assumed.append(year.kept_decisions())
        return year

    def _can_keep(self, year: AnyYear) -> bool:
        """Whether the meeting can keep to its bounds in some year, as far as is known with little work."""
        decided = tuple(sorted(name for name in year.decisions if name != self.rule.name))
        known = {} if self.years is None else self.years.keepable
        key = self.rule.record, decided
        if decided and key not in known:
            known[key] = self.quickly(year, [year.kept_decisions()]) != z3.unsat
        return known.get(key, True)

    def judged(self, year: Symbols) -> Judged:
        """When the obligation is broken or kept in a year."""
        return year.judged()

    def broken(self, run: Run) -> Verdict | None:
        """What the reference evaluator finds, where it is that the obligation is broken."""
        found = verdict(run, self.rule)
        return found if found.status == VIOLATED else None

    def roots(self) -> list[int]:
        """The nodes that the reference evaluator has to evaluate."""
        return list(self.rule.nodes(self.program))

    def _found(self, verdict: str, **more: Any) -> Proof:
        return proof_of(self.rule, verdict, kind=self.kind, subjects=self.subjects, **more)

    def _any_year(self, *, kept: bool, risen: bool = True) -> AnyYear:
        """Every year; with ``kept`` those in which the meeting keeps to the bounds of its decisions."""
        if self.years is not None:
            return self.years.about(self.rule, kept=kept, risen=risen)
        bounds = kept_bounds(self.program, self.bounds) if kept else self.bounds
        return AnyYear(self.program, self.rule, self.last, ranges=bounds, risen=risen)

    def _always(self, year: AnyYear, judged: Judged) -> Proof:
        """That a rule always holds; what could be ruled out with much more work, is told."""
        applies = self.quickly(year, [judged.kept]) != z3.unsat
        has_value = self.quickly(year, [judged.undetermined]) == z3.unsat
        needed = False
        if year.decisions:
            whatever = self._any_year(kept=False)
            needed = self.quickly(whatever, [self.judged(whatever).violated]) != z3.unsat
        assumptions = self.assumptions(year, decided=needed)
        if not has_value:
            assumptions = (*assumptions, Assumption("value"))
        reason = "" if applies else "never_applies"
        return self._found(ALWAYS, reason=reason, assumptions=assumptions)

    def idle(self) -> Proof | None:
        """The proof of a rule that applies in no year, where that is known with little work."""
        year, judged = self.every_year()
        if any(self.quickly(year, [one]) != z3.unsat for one in (judged.violated, judged.kept)):
            return None
        return self._always(year, judged)

    def assumptions(self, year: AnyYear, *, decided: bool = True) -> tuple[Assumption, ...]:
        """What a proof over every year takes for granted; ``decided`` where decisions bear on it."""
        start, end = self.program.in_force, self.last
        key = "closing" if end is None else "closing_between"
        found = [
            Assumption("complete"),
            *bounded(self.program, year.rests or year.cone),
            Assumption(key, {"start": start, "end": end}),
        ]
        for name in year.parameters:
            if self.program.parameters[name].never_falling:
                span = self.program.origins[name].span
                found.append(Assumption("parameters", {"name": Word(name)}, span))
        names = tuple(Word(name) for name in year.decisions if name != self.rule.name)
        if decided and self.keeps and names:
            found.append(Assumption("decisions", {"names": names}))
        return tuple(found)

    def _reason(self, year: AnyYear, answer: z3.CheckSatResult) -> str:
        """Why nothing was decided."""
        if year.wanting():
            return "not_yet"
        if self.effort.late:
            return "time"
        if answer == z3.unknown:
            return "hard"
        if year.parameters:
            fixed = self._any_year(kept=self.keeps, risen=False)
            judged = self.judged(fixed)
            if self.keeps:
                fixed.assumed.append(fixed.kept_decisions())
            if self._answer(fixed, judged.violated) == z3.unsat:
                return "later_values"
        return "spurious" if self.spurious else "no_year"

    # ---- the solver

    def quickly(
        self, year: AnyYear, conditions: Sequence[z3.BoolRef], effort: int = _LITTLE
    ) -> z3.CheckSatResult:
        """Whether conditions hold in some year, where that is known with little work on any machine."""
        return self.asked(year, conditions, effort)[0]

    def asked(
        self, year: AnyYear, conditions: Sequence[z3.BoolRef], effort: int, *, exactly: bool = False
    ) -> tuple[z3.CheckSatResult, z3.Solver]:
        """Whether conditions hold in some year, found with so much work, and the solver that tells.

        At a glance first, then where a year is found at once if there is one, and then anywhere.
        """
        late = self.effort.late
        solver = self.solver(year, conditions, exactly=exactly)
        answer = self.effort.check(solver, most=min(effort, _GLANCE))
        if answer != z3.unknown or effort <= _GLANCE:
            return answer, solver
        for corner in corners(self.program, year):
            there = self.solver(year, [*conditions, *corner], exactly=exactly)
            if self.effort.check(there, most=_GLANCE) == z3.sat:
                self.effort.late = late
                return z3.sat, there
        solver = self.solver(year, conditions, exactly=exactly)
        answer = self.effort.check(solver, most=effort)
        if answer != z3.unknown:
            self.effort.late = late
        return answer, solver

    def cannot_be(self, year: AnyYear, condition: z3.BoolRef) -> bool:
        """Whether it is sure that a condition holds in no year."""
        return bool(self._answer(year, condition) == z3.unsat)

    def _answer(self, year: AnyYear, condition: z3.BoolRef) -> z3.CheckSatResult:
        """Whether a condition can hold in a year; half of the time is left for what comes after.

        First without what a solver is slow with: what cannot be then, cannot be at all.
        """
        answer = self._tried(year, [condition])
        if answer == z3.unsat or not year.exactly:
            return answer
        return self._tried(year, [condition], exactly=True)

    def _tried(
        self, year: AnyYear, conditions: Sequence[z3.BoolRef], *, exactly: bool = False
    ) -> z3.CheckSatResult:
        effort = self.effort
        late = effort.late
        answer, _ = self.asked(year, conditions, _FIRST, exactly=exactly)
        if answer != z3.unknown:
            effort.late = late
            return answer
        for part in _PARTS:
            if part == _PARTS[-1] and self._nowhere_by_remainders(year, conditions, exactly):
                effort.late = late
                return z3.unsat
            for seed in _SEEDS:
                solver = self.solver(year, conditions, seed, exactly=exactly)
                answer = effort.check(solver, Fraction(1, 2 * part * len(_SEEDS)))
                if answer != z3.unknown:
                    effort.late = late
                    return answer
        return z3.unknown

    def _nowhere_by_remainders(
        self, year: AnyYear, conditions: Sequence[z3.BoolRef], exactly: bool
    ) -> bool:
        """Whether conditions can hold in no year, by the remainder of what is allocated.

        Parts of an amount are rounded alike wherever it leaves the same remainder by the percentages'
        denominators: what is beyond a solver for all amounts, is mostly easy for one remainder.
        """
        shared = sources(self.program, year)
        divisor = divisor_of(self.program, year)
        if not shared or not 1 < divisor <= _DIVISOR:
            return False
        steps = shared[0].variable
        for remainder in range(divisor):
            times = z3.FreshInt("times", year.context)
            one = steps == times * divisor + remainder
            solver = self.solver(year, [*conditions, one], exactly=exactly)
            if self.effort.check(solver, Fraction(1, 10)) != z3.unsat:
                return False
        return True

    @staticmethod
    def solver(
        year: Symbols,
        conditions: Sequence[z3.BoolRef],
        seed: int = _SEEDS[0],
        *,
        exactly: bool = False,
    ) -> z3.Solver:
        """A solver that is asked whether conditions hold in some year."""
        solver = z3.Solver(ctx=year.context)
        solver.set("random_seed", seed)
        solver.add(*year.bearing_on(conditions, exactly=exactly), *conditions)
        return solver

    # ---- a year that breaks the rule

    def _small_years(self, any_year: AnyYear, judged: Judged) -> Iterator[SmallYear]:
        """Years to look for one in: of one record of each sort, of two, of none, of three; then of
        as many as the rule speaks of, and of those alone where it surely holds in smaller ones.
        """
        asked = _asked_sizes(self.program, self.rule)
        sizes = [*_SIZES, *asked]
        if asked:
            few = any_year.both([judged.violated, any_year.at_most(max(_SIZES))])
            if self.quickly(any_year, [few]) == z3.unsat:
                sizes = asked
        for size in sizes:
            if self.effort.over:
                self.effort.late = True
                return
            year = SmallYear(self.program, self.rule, self.last, ranges=self.bounds, size=size)
            yield year
            if not year.sorts:
                return

    def _counterexample(self, year: SmallYear) -> tuple[Facts, Verdict] | None:
        """A small round year that the reference evaluator finds to break the rule, if there is one."""
        violated = self.judged(year).violated
        if self.keeps:
            year.axioms.append(year.kept_decisions())
        for _ in range(_ATTEMPTS):
            many = self._of_many(year, violated)
            solver = self._satisfied(year, violated) if many is None else many
            if solver is None:
                return None
            shape = Shape(year, solver, many is not None)
            model = solver.model() if self.rough else shape.model()
            facts = year.year(model)
            found = self._replayed(year, facts)
            if found is not None:
                return facts, found
            self.spurious = True
            if year.exactly:
                year.axioms += year.exactly
                year.exactly.clear()
                continue
            other = [one.variable != model.eval(one.variable, True) for one in shape.facts]
            year.axioms.append(z3.Or(other) if other else year.false)
        return None

    def _replayed(self, year: SmallYear, facts: Facts) -> Verdict | None:
        """What the reference evaluator finds, where it is that decisions are kept and the rule broken."""
        bounds = [
            rule
            for rule in self.program.rules
            if self.keeps and rule.name in year.decisions and rule.name != self.rule.name
        ]
        decided = [index for rule in bounds for index in rule.nodes(self.program)]
        run = evaluate(self.program, facts, roots=[*self.roots(), *decided])
        kept = all(verdict(run, rule).status == SATISFIED for rule in bounds)
        return self.broken(run) if kept else None

    def _of_many(self, year: SmallYear, condition: z3.BoolRef) -> z3.Solver | None:
        """A solver that has found a year of many records: of those in which most are alike, and
        nothing is shared out, before any others.
        """
        if year.size <= _SIZES[-1]:
            return None
        alike = year.alike()
        nothing = [fact.variable == 0 for fact in sources(self.program, year)]
        for wish in ([alike, *nothing], [alike]):
            solver = self.solver(year, [condition, *wish])
            if self.effort.check(solver, Fraction(1, 2)) == z3.sat:
                return solver
        return None

    def _satisfied(self, year: SmallYear, condition: z3.BoolRef) -> z3.Solver | None:
        """A solver that has found a year in which a condition holds; None where there is none."""
        late = self.effort.late
        for part in _PARTS:
            if part == _PARTS[-1]:
                for corner in corners(self.program, year):
                    solver = self.solver(year, [condition, *corner])
                    if self.effort.check(solver, most=_FIRST) == z3.sat:
                        return solver
            for bound, seed in _WAYS:
                solver = self.solver(year, [condition], seed)
                for fact in year.facts.values():
                    if bound is not None and fact.type.kind is Kind.QUANTITY:
                        solver.add(fact.variable <= bound, fact.variable >= -bound)
                answer = self.effort.check(solver, Fraction(1, part * len(_WAYS)))
                if answer == z3.sat:
                    return solver
                if answer == z3.unsat and bound is None:
                    self.effort.late = late
                    return None
        return None


def _given(year: SmallYear, facts: Facts) -> Iterator[Given]:
    """The facts of a year, in the order in which the rule needs them."""
    for fact in year.facts.values():
        if fact.decision and fact.name not in facts.figures:
            continue
        if fact.opening:
            value: Any = facts.balances[fact.name]
        elif fact.record is None:
            value = facts.figures[fact.name]
        else:
            table = facts.tables[fact.record]
            value = table.columns[fact.name][table.ids.index(fact.identifier)]
        yield Given(fact.name, fact.identifier, fact.type, value, fact.opening, fact.decision)
