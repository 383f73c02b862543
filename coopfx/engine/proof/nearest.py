"""The nearest lawful change: which figures of a statute, changed least, make it lawful.

A percentage alone is sought, and an amount of money alone: of each the one that changes least, for
points and euros cannot be compared. Where no figure alone is enough, two are changed together: two
percentages with the least sum; or, where none are enough, a percentage with an amount, the percentage
least; or two amounts with the least sum.

A percentage is changed by whole points, an amount by a cent, ten cents, a hundred and so on; then what
lies between the last unlawful and the first lawful place is searched, to a hundredth of a percent and to
the cent. A place is lawful where all obligations are proved; most are ruled out by a year that broke an
earlier one, run again.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from fractions import Fraction
from itertools import combinations

from attrs import Factory, define, field, frozen

from coopfx.engine.outcome import ALWAYS, NEVER, ONLY_IF, REFUTED, VIOLATED, Nearest, Proof
from coopfx.engine.proof.literals import Compile, Text, Written, figures_of
from coopfx.engine.proof.obligations import Obligations
from coopfx.engine.proof.prover import MILLISECONDS, Prover
from coopfx.engine.reference.evaluate import evaluate
from coopfx.engine.reference.settle import verdict
from coopfx.engine.symbols import EveryYear, cone, rule_roots
from coopfx.ground.facts import Facts
from coopfx.language import ir
from coopfx.language.ranges import ranges

_POINT = 100
_BROKEN = (REFUTED, ONLY_IF, NEVER)
_TRIALS = 4_000
"""Two figures of a sort are sought in so many places; each mostly takes a run of a year."""


@frozen(slots=True)
class Move:
    """A figure, and whether it goes up or down, by how many of its steps at most."""

    figure: Written
    sign: int
    room: int

    @property
    def places(self) -> list[int]:
        """By how many steps it is first tried."""
        if not self.figure.is_money:
            return [*range(_POINT, self.room, _POINT), *([self.room] if self.room else [])]
        tens = (10**power for power in range(len(str(self.room))))
        return [*(one for one in tens if one < self.room), *([self.room] if self.room else [])]

    def change(self, steps: int) -> Nearest:
        """The change by so many steps."""
        new = self.figure.moved(self.sign * steps)
        return Nearest(self.figure.span, self.figure.value, new, self.figure.is_money)


Placed = Mapping[Move, int]
"""Figures that are moved, each by so many steps."""


@define(slots=True)
class Search:
    """Looks for the nearest lawful change of a statute, given its text and its obligations' proofs."""

    program: ir.Program
    proofs: Sequence[Proof]
    text: str
    compile: Compile
    last: date | None = None
    milliseconds: int = MILLISECONDS
    written: Text = field(
        init=False,
        default=Factory(
            lambda self: figures_of(self.program, self.text, self.compile), takes_self=True
        ),
    )
    rules: frozenset[str] = field(init=False)
    years: list[Facts] = field(init=False)
    _known: dict[tuple[tuple[Written, Fraction], ...], bool] = field(init=False, factory=dict)
    _trials: int = field(init=False, default=0)

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

    def nearest(self) -> tuple[tuple[Nearest, ...], ...]:
        """The least changes that make all obligations hold: each of one figure, or one of two."""
        figures = self.figures()
        alone = [
            found
            for is_money in (False, True)
            if (found := self._of_one([one for one in figures if one.is_money == is_money]))
        ]
        return tuple(alone) if alone else tuple(self._of_two(figures))

    def figures(self) -> list[Written]:
        """The statute's own figures that a broken rule rests on, in the order of the text."""
        return [one for one in self.written.figures if self._resting(one)]

    def _resting(self, *figures: Written) -> set[str]:
        """The broken rules that rest on any of some figures."""
        program, nodes = self.written.program, {one.node for one in figures}
        return {
            rule.name
            for rule in program.rules
            if rule.name in self._broken()
            and not nodes.isdisjoint(cone(program.nodes, rule_roots(rule)))
        }

    def _broken(self) -> set[str]:
        return {one.rule for one in self.proofs if one.verdict in _BROKEN and one.binding}

    # ---- one figure

    def _of_one(self, figures: Sequence[Written]) -> tuple[Nearest, ...]:
        """The least change of one of some figures; none where there is none."""
        best: tuple[int, tuple[Nearest, ...]] | None = None
        for move in _moves(figures):
            found = self._least(move, None if best is None else best[0] - 1)
            if found:
                best = found, (move.change(found),)
        return () if best is None else best[1]

    def _least(self, move: Move, most: int | None) -> int:
        """The fewest steps of a move, ``most`` of them, that make the statute lawful; else 0."""
        before = 0
        for place in move.places:
            steps = place if most is None else min(place, most)
            if steps > before and self._lawful({move: steps}):
                return _first(before, steps, lambda one: self._lawful({move: one}))
            before = steps
        return 0

    # ---- two figures

    def _of_two(self, figures: Sequence[Written]) -> Iterator[tuple[Nearest, ...]]:
        """The least change of two figures, if there is one."""
        broken = self._broken() & self.rules
        pairs = [
            pair
            for pair in combinations(_moves(figures), 2)
            if pair[0].figure is not pair[1].figure
            and broken <= self._resting(pair[0].figure, pair[1].figure)
        ]
        for amounts, search in ((0, self._of_points), (1, self._of_mixed), (2, self._of_amounts)):
            self._trials = 0
            alike = [
                (one, other) if not one.figure.is_money else (other, one)
                for one, other in pairs
                if one.figure.is_money + other.figure.is_money == amounts
            ]
            found = search(alike)
            if found is not None:
                moves = sorted(
                    found, key=lambda one: (one.figure.span.line, one.figure.span.column)
                )
                yield tuple(move.change(found[move]) for move in moves)
                return

    def _of_points(self, pairs: Sequence[tuple[Move, Move]]) -> Placed | None:
        """Two percentages: the least sum, by whole points, then what is below two points on."""
        best: Placed | None = None
        for total in range(2, 2 * _POINT + 1):
            found = list(self._by_points(pairs, total))
            if not found:
                if self._trials > _TRIALS:
                    return None
                continue
            found += self._by_points(pairs, total + 1)
            for placed in found:
                best = self._in_box(placed, best)
            return best
        return None

    def _by_points(self, pairs: Sequence[tuple[Move, Move]], total: int) -> Iterator[Placed]:
        """The lawful places of pairs whose whole points have a sum."""
        for one, other in pairs:
            rooms = len(one.places), len(other.places)
            for points in range(max(1, total - rooms[1]), min(rooms[0], total - 1) + 1):
                placed = {one: one.places[points - 1], other: other.places[total - points - 1]}
                if self._trials > _TRIALS:
                    return
                if self._lawful(placed):
                    yield placed

    def _in_box(self, placed: Placed, best: Placed | None) -> Placed:
        """The lawful place with the least sum in the point below a lawful one, or a better one known."""
        one, other = placed
        low = self._at_edge(placed, one)[one]
        bottom = self._at_edge(placed, other)[other]
        corner = {one: low, other: bottom}
        if best is not None and low + bottom >= sum(best.values()):
            return best
        if self._lawful(corner):
            return corner
        best = placed if best is None or sum(placed.values()) < sum(best.values()) else best
        first, second = placed[one], bottom
        while first >= low and second <= placed[other]:
            if first + second >= sum(best.values()):
                first -= 1
            elif self._lawful({one: first, other: second}):
                best = {one: first, other: second}
            else:
                second += 1
        return best

    def _of_mixed(self, pairs: Sequence[tuple[Move, Move]]) -> Placed | None:
        """A percentage, which is changed least, and an amount."""
        best: Placed | None = None
        for number in range(_POINT):
            for percent, amount in pairs:
                if number >= len(percent.places):
                    continue
                placed = self._beside(amount, percent, percent.places[number])
                if placed is None:
                    continue
                before = _below(percent, placed[percent])
                steps = self._first_beside(amount, percent, before, placed[percent])
                placed = self._beside(amount, percent, steps)
                assert placed is not None, "the first that is lawful is so"
                placed = self._at_edge(placed, amount)
                if best is None or tuple(placed.values()) < tuple(best.values()):
                    best = placed
            if best is not None:
                return best
        return None

    def _beside(self, amount: Move, percent: Move, steps: int) -> Placed | None:
        """The first place that is tried of an amount which is lawful beside a percentage's."""
        for place in amount.places:
            if self._trials > _TRIALS:
                return None
            placed = {percent: steps, amount: place}
            if self._lawful(placed):
                return placed
        return None

    def _first_beside(self, amount: Move, percent: Move, before: int, found: int) -> int:
        """The least of a percentage that is lawful beside any place of an amount."""
        return _first(before, found, lambda steps: self._beside(amount, percent, steps) is not None)

    def _of_amounts(self, pairs: Sequence[tuple[Move, Move]]) -> Placed | None:
        """Two amounts, each brought down to its edge beside the other."""
        best: Placed | None = None
        for one, other in pairs:
            places = [(first, second) for first in one.places for second in other.places]
            for first, second in sorted(places, key=sum):
                if best is not None and first + second >= 2 * sum(best.values()):
                    break
                placed = {one: first, other: second}
                if self._trials > _TRIALS or not self._lawful(placed):
                    continue
                for order in ((one, other), (other, one)):
                    least = self._at_edge(self._at_edge(placed, order[0]), order[1])
                    if best is None or sum(least.values()) < sum(best.values()):
                        best = least
        return best

    def _at_edge(self, placed: Placed, move: Move) -> Placed:
        """A lawful place with one of its figures moved no further than it must be."""
        steps = _first(
            _below(move, placed[move]),
            placed[move],
            lambda one: self._lawful({**placed, move: one}),
        )
        return {**placed, move: steps}

    # ---- lawful or not

    def _lawful(self, placed: Placed) -> bool:
        return self.is_lawful(
            {move.figure: move.figure.moved(move.sign * steps) for move, steps in placed.items()}
        )

    def is_lawful(self, values: Mapping[Written, Fraction]) -> bool:
        """Whether all obligations hold with other values of some figures."""
        key = tuple(values.items())
        if key not in self._known:
            self._trials += 1
            self._known[key] = self._holds(values)
        return self._known[key]

    def _holds(self, values: Mapping[Written, Fraction]) -> bool:
        program = self.written.changed(values)
        rules = [rule for rule in program.rules if rule.name in self.rules]
        if self._ruled_out(program, rules):
            return False
        years = EveryYear(program, self.last, ranges(program.nodes, program.constants))
        changed = {one.node for one in values}
        for rule in rules:
            if changed.isdisjoint(cone(program.nodes, rule_roots(rule))):
                continue
            limits = self.last, self.milliseconds, years.bounds
            proof = Prover(program, rule, *limits, years=years).proof()
            if proof.verdict != ALWAYS:
                self.years[:0] = [] if proof.year is None else [proof.year]
                return False
        held = {proof.rule for proof in self.proofs if proof.verdict == ALWAYS}
        clauses = Obligations(years, self.milliseconds).allocations()
        return all(proof.verdict == ALWAYS for proof in clauses if proof.rule in held)

    def _ruled_out(self, program: ir.Program, rules: list[ir.Rule]) -> bool:
        """Whether a known year breaks an obligation; it is asked first the next time."""
        for place, year in enumerate(self.years):
            if self._breaks(program, rules, year):
                self.years.insert(0, self.years.pop(place))
                return True
        return False

    def _breaks(self, program: ir.Program, rules: list[ir.Rule], year: Facts) -> bool:
        """Whether a year breaks an obligation, while the meeting keeps to its bounds."""
        decided = {node.name for node in program.nodes if isinstance(node, ir.Decision)}
        bounds = [rule for rule in program.rules if rule.name in decided]
        roots = [index for rule in (*rules, *bounds) for index in rule.nodes(program)]
        run = evaluate(program, year, roots=roots)
        if any(verdict(run, rule).status == VIOLATED for rule in bounds):
            return False
        return any(verdict(run, rule).status == VIOLATED for rule in rules)


def _moves(figures: Sequence[Written]) -> list[Move]:
    return [Move(figure, sign, figure.room(sign)) for figure in figures for sign in (1, -1)]


def _below(move: Move, steps: int) -> int:
    """The place that is tried before another."""
    return max((one for one in move.places if one < steps), default=0)


def _first(before: int, found: int, holds: Callable[[int], bool]) -> int:
    """The first count that holds, after one that does not and up to one that does."""
    while found - before > 1:
        middle = (before + found) // 2
        if holds(middle):
            found = middle
        else:
            before = middle
    return found
