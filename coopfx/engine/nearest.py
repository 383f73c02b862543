"""The nearest lawful change: which percentage of a statute, changed least, makes it lawful.

Each percentage that a statute's money clauses or decisions write is tried in both directions: first by
whole points, then by halves of what lies between the last unlawful and the first lawful one, down to a
hundredth of a percent. The bounds of a decision are percentages like others. A value is lawful where
all obligations are proved; most are ruled out by a year that broke an earlier one, run again.

A law may write the same figure as the statute, and a program then holds it once: the text is compiled
with the percentage a little off, so that the statute's own has a node of its own.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from datetime import date
from fractions import Fraction

from attrs import define, evolve, field, frozen

from coopfx.engine.obligations import Obligations
from coopfx.engine.outcome import ALWAYS, NEVER, ONLY_IF, REFUTED, VIOLATED, Nearest, Proof
from coopfx.engine.prover import MILLISECONDS, Prover
from coopfx.engine.reference import evaluate
from coopfx.engine.settle import verdict
from coopfx.engine.symbols import EveryYear, cone, rule_roots
from coopfx.facts import Facts
from coopfx.language import ir
from coopfx.language.ranges import ranges
from coopfx.source import Span

STEP = Fraction(1, 10_000)
"""A hundredth of a percent: what percentages are changed by."""
_COARSE = 100
_OFF = Fraction(1, 10**9)
_BROKEN = (REFUTED, ONLY_IF, NEVER)
_WRITTEN = re.compile(r"(\d+(?:[.,]\d+)?)\s?%")

Compile = Callable[[str], ir.Program | None]
"""A statute's text to its program; None where it has any mistake."""


@frozen(slots=True)
class Percentage:
    """A percentage that a statute writes: its place, its value, and a program in which it is a node."""

    span: Span
    value: Fraction
    program: ir.Program
    node: int

    def changed(self, value: Fraction) -> ir.Program:
        """The program with another value."""
        slot = self.program.nodes[self.node]
        assert isinstance(slot, ir.Slot)
        constants = list(self.program.constants)
        constants[slot.index] = value
        return evolve(self.program, constants=tuple(constants))


@define(slots=True)
class Search:
    """Looks for the nearest lawful change of a statute, given its text and its obligations' proofs."""

    program: ir.Program
    proofs: Sequence[Proof]
    text: str
    compile: Compile
    last: date | None = None
    milliseconds: int = MILLISECONDS
    rules: frozenset[str] = field(init=False)
    years: list[Facts] = field(init=False)

    def __attrs_post_init__(self) -> None:
        self.rules = frozenset(
            proof.rule
            for proof in self.proofs
            if proof.kind == "rule" and proof.binding and proof.verdict in (ALWAYS, *_BROKEN)
        )
        self.years = [
            proof.year
            for proof in self.proofs
            if proof.year is not None and proof.rule in self.rules
        ]

    def nearest(self) -> Nearest | None:
        """The change of one percentage, the least that makes all obligations hold; None without any."""
        best: tuple[int, Nearest] | None = None
        for one in self.percentages():
            for sign in (1, -1):
                found = self._least(one, sign, None if best is None else best[0] - 1)
                if found:
                    new = one.value + sign * found * STEP
                    best = found, Nearest(one.span, one.value, new)
        return None if best is None else best[1]

    # ---- what may be changed

    def percentages(self) -> Iterator[Percentage]:
        """The statute's own percentages that a broken rule rests on, in the order of the text."""
        broken = {proof.rule for proof in self.proofs if proof.verdict in _BROKEN and proof.binding}
        lines = self.text.splitlines(keepends=True)
        for number in sorted(self._lines()):
            line = lines[number - 1]
            for found in _WRITTEN.finditer(line.partition("#")[0]):
                value = Fraction(found[1].replace(",", ".")) / 100
                span = Span(self._file(), number, found.start() + 1, number, found.end() + 1)
                before = "".join(lines[: number - 1]) + line[: found.start()]
                after = line[found.end() :] + "".join(lines[number:])
                made = self._alone(before, value, after)
                if made is not None and self._rests(made[0], made[1], broken):
                    yield Percentage(span, value, *made)

    def _file(self) -> str:
        return next(iter(self._origins())).span.file

    def _origins(self) -> list[ir.Origin]:
        """Where the statute's own money clauses and decisions stand."""
        program = self.program
        decisions = [node.name for node in program.nodes if isinstance(node, ir.Decision)]
        origins = [clause.origin for clause in program.money_clauses()]
        origins += [program.origins[name] for name in decisions]
        return [one for one in origins if one.law is None and not one.model]

    def _lines(self) -> set[int]:
        spans = [one.span for one in self._origins()]
        return {line for span in spans for line in range(span.line, span.end_line + 1)}

    def _alone(self, before: str, value: Fraction, after: str) -> tuple[ir.Program, int] | None:
        """A program in which a percentage is a node of its own: a little off what is written."""
        for off in (-_OFF, _OFF):
            written = f"{float((value + off) * 100):.7f}"
            program = self.compile(f"{before}{written}%{after}")
            if program is None:
                continue
            sought = Fraction(written) / 100
            for index, node in enumerate(program.nodes):
                if isinstance(node, ir.Slot) and program.constants[node.index] == sought:
                    return program, index
        return None

    def _rests(self, program: ir.Program, node: int, names: set[str]) -> bool:
        """Whether any of some rules rests on a node."""
        rules = [rule for rule in program.rules if rule.name in names]
        return any(node in cone(program.nodes, rule_roots(rule)) for rule in rules)

    # ---- how far

    def _least(self, one: Percentage, sign: int, most: int | None) -> int:
        """The fewest steps in a direction, ``most`` of them, that make the statute lawful; else 0."""
        room = int((1 - one.value if sign > 0 else one.value) / STEP)
        last = room if most is None else min(room, most)
        unlawful, lawful = 0, 0
        for steps in (*range(_COARSE, last, _COARSE), last):
            if steps > 0 and self.is_lawful(one, one.value + sign * steps * STEP):
                lawful = steps
                break
            unlawful = steps
        if lawful == 0:
            return 0
        while lawful - unlawful > 1:
            middle = (lawful + unlawful) // 2
            if self.is_lawful(one, one.value + sign * middle * STEP):
                lawful = middle
            else:
                unlawful = middle
        return lawful

    def is_lawful(self, one: Percentage, value: Fraction) -> bool:
        """Whether all obligations hold with another value of a percentage."""
        program = one.changed(value)
        rules = [rule for rule in program.rules if rule.name in self.rules]
        if any(self._breaks(program, rules, year) for year in self.years):
            return False
        bounds = ranges(program.nodes, program.constants)
        for rule in rules:
            if one.node not in cone(program.nodes, rule_roots(rule)):
                continue
            proof = Prover(program, rule, self.last, self.milliseconds, bounds).proof()
            if proof.verdict != ALWAYS:
                self.years += [] if proof.year is None else [proof.year]
                return False
        held = {proof.rule for proof in self.proofs if proof.verdict == ALWAYS}
        years = EveryYear(program, self.last, bounds)
        clauses = Obligations(years, self.milliseconds).allocations()
        return all(proof.verdict == ALWAYS for proof in clauses if proof.rule in held)

    def _breaks(self, program: ir.Program, rules: list[ir.Rule], year: Facts) -> bool:
        """Whether a year breaks an obligation, while the meeting keeps to its bounds."""
        decided = {node.name for node in program.nodes if isinstance(node, ir.Decision)}
        bounds = [rule for rule in program.rules if rule.name in decided]
        roots = [index for rule in (*rules, *bounds) for index in rule.nodes(program)]
        run = evaluate(program, year, roots=roots)
        if any(verdict(run, rule).status == VIOLATED for rule in bounds):
            return False
        return any(verdict(run, rule).status == VIOLATED for rule in rules)
