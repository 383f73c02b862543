"""The terms of every year of a program, said once for all that is asked of it.

Obligations speak of the same clauses. Each is asked in a solver of its own, of what bears on it alone:
one formula of all rules is beyond any solver.
"""

from copy import copy
from datetime import date

from attrs import Factory, define, field

from coopfx.engine.symbols.any_year import AnyYear
from coopfx.engine.symbols.bearing import Bearing
from coopfx.engine.symbols.rule import cone, rule_roots
from coopfx.language import ir
from coopfx.language.ranges import Range, ranges


@define(slots=True, eq=False)
class EveryYear:
    """Every year of a program, as each of its rules sees it.

    ``last`` is the last day on which the statute is in force.
    """

    program: ir.Program
    last: date | None = None
    bounds: list[Range] = Factory(
        lambda self: ranges(self.program.nodes, self.program.constants), takes_self=True
    )
    keepable: dict[tuple[str | None, tuple[str, ...]], bool] = field(init=False, factory=dict)
    """Whether a meeting can keep to the bounds of some decisions, of all that rest on them alike."""
    _kept: list[Range] | None = field(init=False, default=None)
    _made: dict[tuple[str | None, bool, bool], AnyYear] = field(init=False, factory=dict)

    def about(self, rule: ir.Rule, *, kept: bool, risen: bool = True) -> AnyYear:
        """Every year as a rule sees it; with ``kept``, those in which the meeting keeps to its bounds."""
        key = rule.record, kept, risen
        if key not in self._made:
            bounds = self._kept_bounds() if kept else self.bounds
            made = AnyYear(self.program, rule, self.last, ranges=bounds, risen=risen)
            made.bearing = Bearing()
            self._made[key] = made
        return _seen_by(self._made[key], rule)

    def _kept_bounds(self) -> list[Range]:
        if self._kept is None:
            self._kept = kept_bounds(self.program, self.bounds)
        return self._kept


def kept_bounds(program: ir.Program, bounds: list[Range]) -> list[Range]:
    """The bounds of a program's figures in the years in which the meeting keeps to its own.

    ``bounds`` are those in any year; they stand where the meeting decides nothing.
    """
    if not any(isinstance(node, ir.Decision) for node in program.nodes):
        return bounds
    return ranges(program.nodes, program.constants, kept=True)


def _seen_by(year: AnyYear, rule: ir.Rule) -> AnyYear:
    """A year as a rule sees it: the same terms, of which it rests on some."""
    program, made = year.program, copy(year)
    made.rule = rule
    made.cone = sorted(cone(program.nodes, rule_roots(rule)))
    made.assumed = []
    rests: set[int] = set()
    wider = set(made.cone)
    while len(wider) > len(rests):
        rests = wider
        nodes = [program.nodes[index] for index in sorted(rests)]
        made.decisions = {node.name: None for node in nodes if isinstance(node, ir.Decision)}
        bounds = [one.kept_where for one in program.rules if one.name in made.decisions]
        wider = rests | set(cone(program.nodes, bounds))
    made.parameters = {node.name: None for node in nodes if isinstance(node, ir.Param)}
    made.rests = frozenset(rests)
    return made
