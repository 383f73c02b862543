"""Whether a statute is lawful with other figures than it writes: all that is asked of it is proved.

Most figures are ruled out by a year that broke an obligation before: of it, only what rests on the
changed figures is worked out anew.
"""

from collections.abc import Callable, Collection, Iterable, Mapping
from datetime import date
from fractions import Fraction

from attrs import define, evolve, field

from coopfx.engine.outcome import VIOLATED
from coopfx.engine.proof.literals import Text, Written
from coopfx.engine.proof.obligations import Obligations
from coopfx.engine.proof.prover import Prover
from coopfx.engine.reference.evaluate import NODES, evaluate
from coopfx.engine.reference.evaluation import Run
from coopfx.engine.reference.settle import verdict
from coopfx.engine.symbols import EveryYear, cone, rule_roots
from coopfx.ground.facts import Facts
from coopfx.language import ir
from coopfx.language.ranges import ranges

Values = Mapping[Written, Fraction]
"""Other values of some figures."""

_PROOFS = 30
"""In one search so many places are proved, or a year found for them; of any other it is not known."""
_UNDECIDED = 10
"""Of how many proofs one that decides nothing takes the place."""
_PART = 4
"""Each proof has so small a part of the time: what is found is proved again before it is shown."""


@define(slots=True, eq=False)
class _Year:
    """A year that broke an obligation, by its name, and the runs that others are begun from."""

    name: str
    facts: Facts
    begun: dict[frozenset[int], tuple[Run, list[int]]] = field(factory=dict)


def _begun(years: Iterable[tuple[str, Facts]]) -> list[_Year]:
    return [_Year(name, facts) for name, facts in years]


@define(slots=True)
class Lawful:
    """Tells whether obligations hold with other figures; ``years`` are known to break them, by name.

    ``open`` is whether of any it is not known, which is then taken for unlawful.
    """

    written: Text
    years: list[_Year] = field(converter=_begun)
    last: date | None
    milliseconds: int | None
    tick: Callable[[], None]
    trials: int = 0
    open: bool = False
    _proofs: int = field(init=False, default=0)
    _provers: dict[str, Prover] = field(init=False)
    _order: list[str] = field(init=False)
    _bounds: dict[str, list[ir.Rule]] = field(init=False)
    _rests: dict[str, set[int]] = field(init=False)
    _known: dict[tuple[frozenset[str], tuple[tuple[Written, Fraction], ...]], bool] = field(
        init=False, factory=dict
    )

    def __attrs_post_init__(self) -> None:
        program = self.written.program
        years = EveryYear(program, self.last)
        limits = self.last, self.milliseconds, years.bounds
        # Whether a decision has a choice is soon told, and without one everything else holds.
        others = sorted(Obligations(years, self.milliseconds).provers(), key=_is_no_decision)
        rules = [Prover(program, rule, *limits, years=years) for rule in program.rules]
        self._provers = {one.rule.name: one for one in (*others, *rules)}
        for prover in self._provers.values():
            prover.rough = True
        self._order = list(self._provers)
        self._bounds = {name: self._bounds_for(one) for name, one in self._provers.items()}
        self._rests = {name: self._cone(one) for name, one in self._provers.items()}

    def _bounds_for(self, prover: Prover) -> list[ir.Rule]:
        """The bounds of what is decided, of what an obligation rests on."""
        nodes = prover.program.nodes
        rests = [nodes[index] for index in cone(nodes, rule_roots(prover.rule))]
        names = {node.name for node in rests if isinstance(node, ir.Decision)} - {prover.rule.name}
        return [rule for rule in prover.program.rules if rule.name in names]

    def resting(self, names: Iterable[str], *figures: Written) -> set[str]:
        """Those of some obligations that rest on any of some figures."""
        return self._resting(names, {one.node for one in figures})

    def _resting(self, names: Iterable[str], changed: Collection[int]) -> set[str]:
        return {name for name in names if not self._rests.get(name, set()).isdisjoint(changed)}

    def _cone(self, prover: Prover) -> set[int]:
        """What an obligation rests on, with the bounds of what is decided."""
        bounds = [rule.kept_where for rule in self._bounds[prover.rule.name]]
        return cone(prover.program.nodes, [*rule_roots(prover.rule), *bounds])

    def holds(self, asked: frozenset[str], values: Values) -> bool:
        """Whether the obligations that are asked hold with other values of some figures."""
        key = asked, tuple(values.items())
        if key not in self._known:
            if self.ended:
                return False
            self.trials += 1
            self.tick()
            program = self.written.changed(values)
            changed = frozenset(one.node for one in values)
            names = self._resting(asked, changed)
            self._known[key] = not self.ruled_out(program, names, changed) and self._proved(
                program, names
            )
        return self._known[key]

    def begin(self) -> None:
        """Begin another search: what is known of places and years is kept."""
        self._proofs = 0

    @property
    def ended(self) -> bool:
        """Whether so much was proved in this search that of no place more will be known."""
        return self._proofs >= _PROOFS

    def ruled_out(self, program: ir.Program, names: set[str], changed: frozenset[int]) -> bool:
        """Whether a known year breaks an obligation; it is asked first the next time."""
        for place, year in enumerate(self.years):
            if year.name in names and self._breaks(program, year, changed):
                self.years.insert(0, self.years.pop(place))
                return True
        return False

    def _breaks(self, program: ir.Program, year: _Year, changed: frozenset[int]) -> bool:
        """Whether a year breaks its obligation, while the meeting keeps to its bounds."""
        prover, bounds = self._with(year.name, program), self._bounds[year.name]
        if changed not in year.begun:
            decided = [node for rule in bounds for node in rule.nodes(program)]
            run = evaluate(prover.program, year.facts, roots=[*prover.roots(), *decided])
            year.begun[changed] = run, _resting_on(prover.program, changed, run.values)
            anew = run
        else:
            begun, later = year.begun[changed]
            anew = Run(prover.program, year.facts, doubtful=begun.doubtful)
            for own, known in (
                (anew.values, begun.values),
                (anew.allocations, begun.allocations),
                (anew.splits, begun.splits),
            ):
                own.update(known)  # type: ignore[arg-type]
            for index in later:
                node = prover.program.nodes[index]
                anew.values[index] = NODES[type(node)](anew, index, node)
        if any(verdict(anew, rule).status == VIOLATED for rule in bounds):
            return False
        return prover.broken(anew) is not None

    def _with(self, name: str, program: ir.Program) -> Prover:
        """An obligation's prover, of the program with other figures."""
        prover = self._provers[name]
        prover.program = evolve(prover.program, constants=program.constants)
        return prover

    def _proved(self, program: ir.Program, names: set[str]) -> bool:
        self._proofs += 1
        # Of any other place it will not be known.
        self.open |= self.ended
        years = EveryYear(program, self.last)
        for name in [one for one in self._order if one in names]:
            prover = self._provers[name]
            self._with(name, program)
            if prover.years is None:
                prover.bounds = ranges(prover.program.nodes, prover.program.constants)
            else:
                prover.years, prover.bounds = years, years.bounds
            prover.spurious = prover.effort.late = False
            prover.effort.begin(_PART)
            holds, broken_in = prover.holds()
            if not holds:
                # What does not hold here, mostly does not hold nearby: it is asked first the next time.
                self._order.remove(name)
                self._order.insert(0, name)
                self._order.sort(key=lambda one: _is_no_decision(self._provers[one]))
                if broken_in is not None:
                    self.years.insert(0, _Year(name, broken_in))
                else:
                    self._proofs += _UNDECIDED
                    self.open = True
                return False
        return True


def _resting_on(program: ir.Program, changed: frozenset[int], known: Collection[int]) -> list[int]:
    """What is worked out of nodes that change, of what is known of a year, in its order."""
    found = set(changed)
    for index in sorted(known):
        if not found.isdisjoint(ir.inner(program.nodes[index])):
            found.add(index)
    return sorted(found & set(known))


def _is_no_decision(prover: Prover) -> bool:
    return prover.kind != "decision"
