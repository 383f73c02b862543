"""Under which condition a rule that some year breaks always holds: a comparison of its own facts.

Sought are comparisons of one sum of money with a part of another, and with a sum, on a grid that
people read: hundredths of a percent, and sums of two digits and zeros.
The weakest on the grid is taken: a step further, some year may break the rule.
"""

from collections.abc import Callable, Iterator
from fractions import Fraction
from typing import Any

import z3
from attrs import define, evolve

from coopfx.engine.outcome import ONLY_IF, Condition, Proof
from coopfx.engine.prover import Prover
from coopfx.engine.symbols import AnyYear, Fact, Judged
from coopfx.exact import Kind, step_of

_GRID = 10_000
"""A number has so many steps: hundredths of a percent."""
_LARGEST = Fraction(10)
_PART = 2
"""Beside its proof, a rule's condition is sought for so small a part of the time."""
_FLOOR = 1_000
"""A condition must leave room for a year in which so many whole amounts are shared out."""
_SUMS = tuple(lead * 10**power for power in range(2, 9) for lead in range(10, 100))


def conditioned(prover: Prover, proof: Proof) -> Proof:
    """A proof that a year breaks a rule, with a condition under which none does, where one is found."""
    year, judged = prover.every_year()
    prover.allow(_PART)
    found = Search(prover, year, judged).condition()
    return proof if found is None else evolve(proof, verdict=ONLY_IF, only_if=found)


@define(slots=True)
class Search:
    """Looks for a condition under which a rule always holds."""

    prover: Prover
    year: AnyYear
    judged: Judged

    def condition(self) -> Condition | None:
        """The first found: of a sum beside another, then of a sum alone."""
        for make in (self._pairs, self._sums):
            for found in make():
                return found
        return None

    def _pairs(self) -> Iterator[Condition]:
        facts = [fact for fact in self._facts() if step_of(fact.type.unit)]
        for left in facts:
            for right in facts:
                if left is right or left.type.unit != right.type.unit:
                    continue
                part = self._part(right)
                for relation in ("at_most", "at_least"):
                    found = self._weakest(
                        relation, self._value(left), part, int(_LARGEST * _GRID), whole=True
                    )
                    if found:
                        yield Condition(
                            left.name,
                            relation,
                            Fraction(found, _GRID),
                            right.name,
                            left.type,
                            (left.opening, right.opening),
                        )

    def _part(self, of: Fact) -> Callable[[int], Any]:
        value = self._value(of)
        return lambda count: self.year.real(Fraction(count, _GRID)) * value

    def _sums(self) -> Iterator[Condition]:
        for fact in self._facts():
            if step_of(fact.type.unit) is None:
                continue
            for relation in ("at_most", "at_least"):
                found = self._weakest(
                    relation,
                    self._value(fact),
                    lambda place: self.year.real(Fraction(_SUMS[place])),
                    len(_SUMS) - 1,
                )
                if found is not None:
                    yield Condition(
                        fact.name,
                        relation,
                        Fraction(_SUMS[found]),
                        "",
                        fact.type,
                        (fact.opening, False),
                    )

    def _facts(self) -> list[Fact]:
        return [
            fact
            for fact in self.year.own_facts()
            if not fact.record and fact.type.kind is Kind.QUANTITY and not fact.decision
        ]

    def _value(self, fact: Fact) -> Any:
        value = fact.variable
        return z3.ToReal(value) * self.year.real(fact.unit) if z3.is_int(value) else value

    def _weakest(
        self,
        relation: str,
        left: Any,
        right: Callable[[int], Any],
        last: int,
        *,
        whole: bool = False,
    ) -> int | None:
        """The place on a grid where a comparison is weakest and still enough; None where none is.

        ``at_most`` is weaker the farther, ``at_least`` the nearer. With ``whole``, it is first looked
        for where all of the other sum is compared.
        """

        def holds(count: int) -> bool:
            said = left <= right(count) if relation == "at_most" else left >= right(count)
            return self._enough(said)

        weak, strong = (last, 0) if relation == "at_most" else (0, last)
        starts = [strong] if not whole else [_GRID // 100, _GRID // 4, _GRID]
        start = next(
            (one for one in starts if holds(one) and self._leaves_room(left, relation, right(one))),
            None,
        )
        if start is None or holds(weak):
            return None
        strong = start
        while abs(weak - strong) > 1:
            middle = (weak + strong) // 2
            if holds(middle):
                strong = middle
            else:
                weak = middle
        return strong if self._leaves_room(left, relation, right(strong)) else None

    def _enough(self, said: z3.BoolRef) -> bool:
        found = self.prover.quickly(self.year, [self.judged.violated, said])
        return bool(found == z3.unsat)

    def _leaves_room(self, left: Any, relation: str, right: Any) -> bool:
        """Whether the rule is kept under a condition in years of ordinary amounts, and so says much."""
        said = left <= right if relation == "at_most" else left >= right
        ordinary = [
            fact.variable >= _FLOOR * int(1 / fact.unit)
            for fact in self._facts()
            if not fact.opening and step_of(fact.type.unit) is not None
        ]
        conditions = [self.judged.kept, said, *ordinary]
        return bool(self.prover.quickly(self.year, conditions) == z3.sat)
