"""How much a solver may do for one obligation: by its own measure, or by the clock.

The solver's own measure is the same on any machine, so that the same text is told the same anywhere.
The clock is for who would rather wait for so long.
"""

from fractions import Fraction
from time import monotonic

import z3
from attrs import define, field

WORK = 6_000_000
"""So much work for an obligation where no time is said: it takes some two to six seconds."""


@define(slots=True)
class Effort:
    """What is left for an obligation: of ``milliseconds`` where they are said, else of work.

    ``late`` tells that an answer is wanting because too little was left.
    """

    milliseconds: int | None
    late: bool = False
    _deadline: float = field(init=False, default=0)
    _left: int = field(init=False, default=0)

    def __attrs_post_init__(self) -> None:
        self.begin()

    def begin(self, part: int = 1) -> None:
        """Begin to count anew: so small a part of the whole."""
        if self.milliseconds is None:
            self._left = WORK // part
        else:
            self._deadline = monotonic() + self.milliseconds / 1000 / part

    @property
    def over(self) -> bool:
        """Whether nothing is left."""
        return self._left < 1 if self.milliseconds is None else monotonic() > self._deadline

    def check(
        self, solver: z3.Solver, part: Fraction = Fraction(1), most: int | None = None
    ) -> z3.CheckSatResult:
        """Whether what was added to a solver can hold, found with so small a part of the whole at most.

        ``most`` is the most work for it, whatever is left.
        """
        if self.milliseconds is None:
            answer = self._by_work(solver, int(WORK * part), most)
        else:
            answer = self._by_clock(solver, int(self.milliseconds * part), most)
        if answer == z3.unknown and solver.reason_unknown() in ("timeout", "canceled"):
            self.late = True
        return answer

    def _by_work(self, solver: z3.Solver, part: int, most: int | None) -> z3.CheckSatResult:
        allowed = min(part, self._left)
        if allowed < 1:
            self.late = True
            return z3.unknown
        solver.set("rlimit", allowed if most is None else min(allowed, most))
        before = _done(solver)
        answer = solver.check()
        self._left -= _done(solver) - before
        return answer

    def _by_clock(self, solver: z3.Solver, part: int, most: int | None) -> z3.CheckSatResult:
        allowed = min(part, int((self._deadline - monotonic()) * 1000))
        if allowed < 1:
            self.late = True
            return z3.unknown
        if most is not None:
            solver.set("rlimit", most)
        solver.set("timeout", allowed)
        return solver.check()


def _done(solver: z3.Solver) -> int:
    """All the work that was done so far in a solver's context."""
    done: int = solver.statistics().get_key_value("rlimit count")
    return done
