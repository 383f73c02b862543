"""A year that the solver found, made small and round, so that people can follow it."""

from datetime import date
from fractions import Fraction

import z3
from attrs import define, field

from coopfx.engine.symbols.small_year import SmallYear
from coopfx.engine.symbols.year import Fact
from coopfx.ground.exact import Kind, step_of

_MONEY = tuple(Fraction(unit) for unit in (100_000, 10_000, 1_000, 100, 1))
_PLAIN = tuple(Fraction(unit) for unit in ("10", "1", "1/10", "1/100"))
_LEAST = 1_000
"""Cents play no part where sums are nothing, or whole numbers of so many units."""
# So much work, and no more, for one step in making a year rounder: in the solver's own measure, so
# that the year does not depend on how fast the machine is.
_EFFORT = 200_000
_DROPPED = 20
_NO_LIMIT = 2**32 - 1


@define(slots=True)
class Shape:
    """Makes a year that was found small and round, one wish after the other.

    A wish that can be fulfilled is kept; one that cannot be, or not with little effort, is dropped.
    Where records are ``alike``, the solver holds all but the first two of each sort to the second.
    """

    year: SmallYear
    solver: z3.Solver
    alike: bool = False
    facts: list[Fact] = field(init=False)
    dropped: int = 0

    def __attrs_post_init__(self) -> None:
        followers = self.year.followers() if self.alike else {}
        self.facts = [fact for key, fact in self.year.facts.items() if key not in followers]

    def model(self) -> z3.ModelRef:
        """The model of a year that is as small and as round as it gets."""
        found = self.solver.model()
        self.solver.set("timeout", _NO_LIMIT)
        self.solver.set("rlimit", _EFFORT)
        closed = self._close()
        for fact in self.facts:
            if fact.given is not None:
                self._keep(z3.Not(fact.given))
        zeros = {id(fact) for fact in reversed(self.facts) if self._keep(self._nothing(fact))}
        for fact in self.facts:
            if not (id(fact) in zeros or fact.record or step_of(fact.type.unit) is None):
                least = _LEAST * int(1 / fact.unit)
                self._keep(z3.And(fact.variable != 0, fact.variable % least == 0))
        for fact in self.facts:
            if id(fact) not in zeros and fact.type.kind is Kind.QUANTITY:
                self._round(fact)
            elif fact.type.kind is Kind.DATE:
                self._on_new_years_day(fact)
        if not closed:
            self._close()  # which is easy to decide of figures that are chosen
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

    def _close(self) -> bool:
        """Let the year close on a last day of December: the latest for which values are known."""
        program, last = self.year.program, self.year.last
        known = [program.parameters[name].values[-1][0].year for name in self.year.parameters]
        latest = max([program.in_force.year, *known])
        if last is not None:
            latest = min(latest, last.year)
        for number in range(latest, program.in_force.year - 1, -1):
            if self._keep(self.year.closing == date(number, 12, 31).toordinal()):
                return True
        self._keep(self.year.closing == program.in_force.toordinal())
        return False

    @staticmethod
    def _nothing(fact: Fact) -> z3.BoolRef:
        return z3.Not(fact.variable) if z3.is_bool(fact.variable) else fact.variable == 0

    def _on_new_years_day(self, fact: Fact) -> None:
        """Let a day be the first of a year: the latest ones before the year's closing first."""
        last = self.year.program.in_force.year + 1
        days = [date(number, 1, 1).toordinal() for number in range(last, last - 50, -1)]
        self._keep(z3.Or([fact.variable == day for day in days]))
        self._hold(fact)

    def _hold(self, fact: Fact) -> None:
        """Let a fact be what the solver last chose for it."""
        if self.solver.check() == z3.sat:
            self._keep(fact.variable == self.solver.model().eval(fact.variable, True))

    def _round(self, fact: Fact) -> None:
        """Let a figure be a round number: few of a large unit, else many of it, else as it is."""
        step = step_of(fact.type.unit)
        units = _PLAIN if step is None else (*_MONEY, step)
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
        self._hold(fact)
