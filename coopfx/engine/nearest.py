"""The nearest lawful change: which percentage of a statute, changed least, makes it lawful.

Each percentage of the clauses that a broken rule rests on is tried in both directions: first by whole
points, then by halves of what lies between the last unlawful and the first lawful one, down to a
hundredth of a percent. The bounds of a decision are percentages like others. A value is lawful where
all obligations are proved; most are ruled out by a year that broke an earlier one, run again.
"""

from collections.abc import Sequence
from datetime import date
from fractions import Fraction

from attrs import define, evolve, field

from coopfx.engine.obligations import Obligations
from coopfx.engine.outcome import ALWAYS, NEVER, ONLY_IF, REFUTED, VIOLATED, Nearest, Proof
from coopfx.engine.prover import MILLISECONDS, Prover
from coopfx.engine.reference import evaluate
from coopfx.engine.settle import verdict
from coopfx.engine.symbols import cone, rule_roots
from coopfx.facts import Facts
from coopfx.language import ir
from coopfx.language.ranges import ranges

STEP = Fraction(1, 10_000)
"""A hundredth of a percent: what percentages are changed by."""
_COARSE = 100
_BROKEN = (REFUTED, ONLY_IF, NEVER)


@define(slots=True)
class Search:
    """Looks for the nearest lawful change of a program, given the proofs of its obligations."""

    program: ir.Program
    proofs: Sequence[Proof]
    last: date | None = None
    milliseconds: int = MILLISECONDS
    rules: tuple[ir.Rule, ...] = field(init=False)
    years: list[Facts] = field(init=False)

    def __attrs_post_init__(self) -> None:
        obligations = {
            proof.rule
            for proof in self.proofs
            if proof.kind == "rule" and proof.binding and proof.verdict in (ALWAYS, *_BROKEN)
        }
        self.rules = tuple(rule for rule in self.program.rules if rule.name in obligations)
        self.years = [proof.year for proof in self.proofs if proof.year is not None]

    def nearest(self) -> Nearest | None:
        """The change of one percentage, the least that makes all obligations hold; None without any."""
        best: tuple[int, int] | None = None
        for node in self._percentages():
            for sign in (1, -1):
                most = None if best is None else abs(best[1]) - 1
                found = self._least(node, sign, most)
                if found is not None:
                    best = node, sign * found
        if best is None:
            return None
        node, steps = best
        old = self._value(node)
        return Nearest(self.program.places[node], old, old + steps * STEP)

    def _broken(self) -> list[ir.Rule]:
        names = {proof.rule for proof in self.proofs if proof.verdict in _BROKEN and proof.binding}
        return [rule for rule in self.rules if rule.name in names]

    def _percentages(self) -> list[int]:
        """The nodes of the statute's own percentages on which a broken rule rests."""
        nodes = self.program.nodes
        roots = [index for rule in self._broken() for index in rule_roots(rule)]
        clauses = [clause.node for clause in self.program.money_clauses()]
        clauses += [index for index, node in enumerate(nodes) if isinstance(node, ir.Decision)]
        origins = [clause.origin for clause in self.program.money_clauses()]
        origins += self.program.origins.values()
        files = {one.span.file for one in origins if one.law is None and not one.model}
        found = cone(nodes, roots) & cone(nodes, clauses) & self.program.percents
        return [
            index
            for index in sorted(found)
            if isinstance(nodes[index], ir.Slot)
            and index in self.program.places
            and self.program.places[index].file in files
        ]

    def _value(self, node: int) -> Fraction:
        slot = self.program.nodes[node]
        assert isinstance(slot, ir.Slot)
        value = self.program.constants[slot.index]
        assert isinstance(value, Fraction)
        return value

    def changed(self, node: int, value: Fraction) -> ir.Program:
        """The program with another value of a percentage."""
        program = self.program
        slot = program.nodes[node]
        assert isinstance(slot, ir.Slot)
        nodes = list(program.nodes)
        nodes[node] = evolve(slot, index=len(program.constants))
        return evolve(program, nodes=tuple(nodes), constants=(*program.constants, value))

    def _least(self, node: int, sign: int, most: int | None) -> int | None:
        """The fewest steps in a direction, ``most`` of them, that make the statute lawful."""
        old = self._value(node)
        room = int((1 - old if sign > 0 else old) / STEP)
        last = room if most is None else min(room, most)
        unlawful, lawful = 0, 0
        for steps in (*range(_COARSE, last, _COARSE), last):
            if steps > 0 and self.is_lawful(node, old + sign * steps * STEP):
                lawful = steps
                break
            unlawful = steps
        else:
            return None
        while lawful - unlawful > 1:
            middle = (lawful + unlawful) // 2
            if self.is_lawful(node, old + sign * middle * STEP):
                lawful = middle
            else:
                unlawful = middle
        return int(lawful)

    def is_lawful(self, node: int, value: Fraction) -> bool:
        """Whether all obligations hold with another value of a percentage."""
        program = self.changed(node, value)
        if any(self._breaks(program, year) for year in self.years):
            return False
        bounds = ranges(program.nodes, program.constants)
        resting = [rule for rule in self.rules if node in cone(program.nodes, rule_roots(rule))]
        for rule in resting:
            proof = Prover(program, rule, self.last, self.milliseconds, bounds).proof()
            if proof.verdict != ALWAYS:
                self.years += [] if proof.year is None else [proof.year]
                return False
        return self._shares_out(program)

    def _shares_out(self, program: ir.Program) -> bool:
        """Whether allocations that hold together still do."""
        held = {proof.rule for proof in self.proofs if proof.verdict == ALWAYS}
        bounds = ranges(program.nodes, program.constants)
        for proof in Obligations(program, self.last, self.milliseconds, bounds).allocations():
            if proof.rule in held and proof.verdict != ALWAYS:
                return False
        return True

    def _breaks(self, program: ir.Program, year: Facts) -> bool:
        """Whether a year breaks an obligation, while the meeting keeps to its bounds."""
        decided = {node.name for node in program.nodes if isinstance(node, ir.Decision)}
        bounds = [rule for rule in program.rules if rule.name in decided]
        rules = [*self.rules, *bounds]
        run = evaluate(
            program, year, roots=[index for rule in rules for index in rule.nodes(program)]
        )
        if any(verdict(run, rule).status == VIOLATED for rule in bounds):
            return False
        return any(verdict(run, rule).status == VIOLATED for rule in self.rules)
