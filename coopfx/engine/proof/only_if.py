"""Under which condition a rule that some year breaks always holds: a comparison of its own facts.

Sought are comparisons of one sum of money with a part of another, and with a sum, on a grid that
people read: hundredths of a percent, and sums of two digits and zeros. What the meeting decides comes
first, also where it is no sum: it is in the members' own hands, and the decision's bounds were too wide.
The weakest on the grid is taken: a step further, some year may break the rule. Where a percentage that
the meeting decides is held far lower by years of a few cents alone, it is told for sums of which cents are
no part, and beside it, of which.
"""

from collections.abc import Callable, Iterator, Sequence
from fractions import Fraction
from functools import partial
from math import ceil, floor
from typing import Any

import z3
from attrs import define, evolve, field

from coopfx.engine.outcome import ONLY_IF, Condition, Proof
from coopfx.engine.proof.corners import round_sums, sources
from coopfx.engine.proof.prover import Prover
from coopfx.engine.symbols import AnyYear, Fact, Judged
from coopfx.ground.exact import Kind, step_of
from coopfx.language import ir

_GRID = 10_000
"""A number has so many steps: hundredths of a percent."""
_LARGEST = Fraction(10)
_PART = 2
"""Beside its proof, a rule's condition is sought for so small a part of the time."""
_EFFORT = 1_000_000
"""So much work, by the solver's own measure, for one comparison: the same on any machine."""
_FLOOR = 1_000
"""A condition must leave room for a year in which so many whole amounts are shared out."""
_CENTS = Fraction(1, 100)
"""A percentage that small sums hold so much lower, or higher, is told for others."""
_SUMS = tuple(lead * 10**power for power in range(9) for lead in range(10, 100))


def conditioned(prover: Prover, proof: Proof) -> Proof:
    """A proof that a year breaks a rule, with a condition under which none does, where one is found."""
    year, judged = prover.every_year()
    prover.effort.begin(_PART)
    found = Search(prover, year, judged).condition()
    return proof if found is None else evolve(proof, verdict=ONLY_IF, only_if=found)


@define(slots=True)
class Search:
    """Looks for a condition under which a rule always holds."""

    prover: Prover
    year: AnyYear
    judged: Judged
    _only: z3.BoolRef | None = None
    """In which years a condition is sought, where not in all."""
    _broken: list[z3.ModelRef] = field(init=False, factory=list)
    """Years that break the rule; each speaks against every condition that is met in it."""
    _kept: list[z3.ModelRef] = field(init=False, factory=list)
    """Years of ordinary amounts that keep the rule."""

    def condition(self) -> Condition | None:
        """The first found: of what is decided, then of a sum beside another, then of a sum alone."""
        facts = [fact for fact in self._facts() if step_of(fact.type.unit)]
        decided = self._decided()
        sums = [fact for fact in decided if step_of(fact.type.unit)]
        for found in (
            *([self._of_more_than_cents(decided)] if decided else []),
            self._pairs(sums, facts),
            self._sums(sums),
            self._pairs(facts, facts),
            self._sums(facts),
        ):
            for condition in found:
                return condition
        return None

    def _of_more_than_cents(self, decided: Sequence[Fact]) -> Iterator[Condition]:
        """A decision beside a figure, if need be where what is shared out is more than cents."""
        for found in self._rates(decided):
            shared = sources(self.prover.program, self.year)
            if len(shared) == 1 and self._only is None:
                (fact,) = shared
                self._only = fact.variable >= _FLOOR * int(1 / fact.unit)
                same = [one for one in decided if one.name == found.left]
                weaker = next(self._rates(same), None)
                self._only = None
                if (
                    weaker is not None
                    and weaker.relation == found.relation
                    and abs(weaker.figure - found.figure) > _CENTS
                ):
                    least = self._said(fact, "at_least", Fraction(_FLOOR))
                    yield evolve(weaker, beside=least)
            yield found

    def _rates(self, decided: Sequence[Fact]) -> Iterator[Condition]:
        """A decision beside a figure between its own bounds."""
        for fact in decided:
            node = self._decision(fact)
            least = self.year.ranges[node.low].low
            most = None if node.high is None else self.year.ranges[node.high].high
            if fact.type.unit or fact.type.whole or least is None or most is None:
                continue
            low, high = ceil(least * _GRID), floor(most * _GRID)
            for relation, weak, strong in (("at_most", high, low), ("at_least", low, high)):
                found = self._weakest(
                    relation,
                    self._value(fact),
                    lambda count: self.year.real(Fraction(count, _GRID)),
                    weak,
                    [strong],
                    partial(self._bounded, fact),
                )
                if found is not None:
                    yield self._said(fact, relation, Fraction(found, _GRID))

    def _bounded(self, fact: Fact, count: int) -> Sequence[z3.BoolRef]:
        return self.year.bounded(fact.variable, Fraction(count, _GRID))

    def _pairs(self, lefts: Sequence[Fact], rights: Sequence[Fact]) -> Iterator[Condition]:
        for left in lefts:
            for right in rights:
                if left is right or left.type.unit != right.type.unit:
                    continue
                for relation in ("at_most", "at_least"):
                    last = int(_LARGEST * _GRID)
                    found = self._weakest(
                        relation,
                        self._value(left),
                        self._part(right),
                        last if relation == "at_most" else 0,
                        [_GRID // 100, _GRID // 4, _GRID],
                    )
                    if found:
                        yield self._said(left, relation, Fraction(found, _GRID), right)

    def _part(self, of: Fact) -> Callable[[int], Any]:
        value = self._value(of)
        return lambda count: self.year.real(Fraction(count, _GRID)) * value

    def _sums(self, facts: Sequence[Fact]) -> Iterator[Condition]:
        last, ordinary = len(_SUMS) - 1, _SUMS.index(_FLOOR)
        for fact in facts:
            for relation, weak, strong in (("at_most", last, ordinary), ("at_least", 0, last)):
                found = self._weakest(
                    relation,
                    self._value(fact),
                    lambda place: self.year.real(Fraction(_SUMS[place])),
                    weak,
                    [strong],
                )
                if found is not None:
                    yield self._said(fact, relation, Fraction(_SUMS[found]))

    @staticmethod
    def _said(left: Fact, relation: str, figure: Fraction, right: Fact | None = None) -> Condition:
        opening = left.opening, right is not None and right.opening
        name = "" if right is None else right.name
        return Condition(left.name, relation, figure, name, left.type, opening, left.decision)

    def _facts(self) -> list[Fact]:
        return [
            fact
            for fact in self.year.own_facts()
            if not fact.record and fact.type.kind is Kind.QUANTITY and not fact.decision
        ]

    def _decided(self) -> list[Fact]:
        """The figures that the meeting decides, of those that the rule rests on."""
        return [
            fact
            for fact in self.year.own_facts()
            if fact.decision and fact.type.kind is Kind.QUANTITY
        ]

    def _decision(self, fact: Fact) -> ir.Decision:
        return next(
            node
            for node in self.year.program.nodes
            if isinstance(node, ir.Decision) and node.name == fact.name
        )

    def _value(self, fact: Fact) -> Any:
        if fact.decision:
            # Where nothing is decided, it is what the statute says then.
            return self.year.decided(self._decision(fact)).value
        value = fact.variable
        return z3.ToReal(value) * self.year.real(fact.unit) if z3.is_int(value) else value

    def _weakest(
        self,
        relation: str,
        left: Any,
        right: Callable[[int], Any],
        weak: int,
        starts: Sequence[int],
        more: Callable[[int], Sequence[z3.BoolRef]] = lambda count: (),
    ) -> int | None:
        """The place on a grid where a comparison is weakest and still enough; None where none is.

        It is sought from ``weak``, the weakest place of all, to the first of ``starts`` that is enough;
        ``more`` is what else follows from the comparison, for the solver.
        """

        def said(count: int) -> z3.BoolRef:
            bound = right(count)
            return left <= bound if relation == "at_most" else left >= bound

        def holds(count: int) -> bool:
            further = more(count)
            if further and self._is_broken_at([left == right(count), *further]):
                return False
            return self._enough([said(count), *further])

        start = next((one for one in starts if holds(one) and self._leaves_room(said(one))), None)
        if start is None or holds(weak):
            return None
        strong = start
        while abs(weak - strong) > 1:
            middle = (weak + strong) // 2
            if holds(middle):
                strong = middle
            else:
                weak = middle
        return strong if self._leaves_room(said(strong)) else None

    def _enough(self, said: Sequence[z3.BoolRef]) -> bool:
        """Whether no year that meets a condition breaks the rule, as far as is known."""
        return bool(self._found(self._broken, [self.judged.violated, *said]) == z3.unsat)

    def _is_broken_at(self, edge: Sequence[z3.BoolRef]) -> bool:
        """Whether a year at the edge of a condition surely breaks the rule.

        A figure that is decided just so far multiplies nothing, and of a round sum no cent is rounded: a
        solver finds at once there what it may not find among all sums.
        """
        sums = round_sums(self.prover.program, self.year)
        return any(
            self._found(self._broken, [self.judged.violated, *edge, *more], _EFFORT // 4) == z3.sat
            for more in ([sums, []] if sums else [[]])
        )

    def _leaves_room(self, said: z3.BoolRef) -> bool:
        """Whether the rule is kept under a condition in years of ordinary amounts, and so says much."""
        ordinary = [
            fact.variable >= _FLOOR * int(1 / fact.unit)
            for fact in self._facts()
            if not fact.opening and step_of(fact.type.unit) is not None
        ]
        return bool(self._found(self._kept, [self.judged.kept, said, *ordinary]) == z3.sat)

    def _found(
        self, known: list[z3.ModelRef], conditions: Sequence[z3.BoolRef], effort: int = _EFFORT
    ) -> z3.CheckSatResult:
        """Whether conditions hold in some year: in one of those known, or in another, which is kept."""
        only = [] if self._only is None else [self._only]
        asked = [*conditions, *only]
        if any(all(z3.is_true(year.eval(one)) for one in asked) for year in known):
            return z3.sat
        answer, solver = self.prover.asked(self.year, asked, effort)
        if answer == z3.sat:
            known.append(solver.model())
        return answer
