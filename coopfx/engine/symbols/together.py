"""Which rules can be kept together: one year that keeps many of them answers for all their pairs."""

from collections.abc import Sequence

import z3
from attrs import define, field

from coopfx.engine.symbols.every_year import EveryYear
from coopfx.language import ir

# So much work, and no more, for one year, by the solver's own measure.
_EFFORT = 1_000_000


@define(slots=True, eq=False)
class Together:
    """Rules of one sort of record, and which of them some year keeps, where all of them apply."""

    years: EveryYear
    rules: Sequence[ir.Rule]
    _kept: dict[str, z3.BoolRef] = field(init=False, factory=dict)
    _solver: z3.Solver | None = field(init=False, default=None)
    _seen: list[frozenset[str]] = field(init=False, factory=list)

    def are_seen(self, one: ir.Rule, other: ir.Rule) -> bool:
        """Whether a year is easily found in which two of the rules apply and are kept."""
        pair = {one.name, other.name}
        if not any(pair <= seen for seen in self._seen):
            solver = self._ready()
            solver.push()
            solver.add([self._kept[name] for name in pair])
            if solver.check() == z3.sat:
                found = solver.model()
                kept = [
                    name for name, term in self._kept.items() if z3.is_true(found.eval(term, True))
                ]
                self._seen.append(frozenset(kept))
            solver.pop()
        return any(pair <= seen for seen in self._seen)

    def _ready(self) -> z3.Solver:
        if self._solver is None:
            seen = [self.years.about(rule, kept=True) for rule in self.rules]
            for year in seen:
                self._kept[year.rule.name] = year.judged().kept
            seen[0].assumed += [year.kept_decisions() for year in seen]
            self._solver = z3.Solver(ctx=seen[0].context)
            self._solver.set("rlimit", _EFFORT)
            self._solver.add(seen[0].bearing_on(list(self._kept.values())))
        return self._solver
