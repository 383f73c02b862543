"""The nearest lawful change: which figures of a statute, changed least, make it lawful.

A percentage alone is sought, and an amount of money alone: of each the one that changes least, for
points and euros cannot be compared. Where no figure alone is enough, two are changed together: two
percentages with the least sum; or, where none are enough, a percentage with an amount, the percentage
least; or two amounts with the least sum. Where none makes all obligations hold, one figure is sought for
each that is broken, which leaves the others as they are.

A percentage is changed by whole points, an amount by a cent, ten cents, a hundred and so on; then what
lies between the last unlawful and the first lawful place is searched, step by step of the figure. So a
nearer one may be passed over: it is called the nearest only where every nearer place was tried, and each
was proved or broken by a year.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from fractions import Fraction
from itertools import combinations

from attrs import Factory, define, field, frozen

from coopfx.engine.outcome import ALWAYS, NEVER, ONLY_IF, REFUTED, LawfulChange, Nearest, Proof
from coopfx.engine.proof.lawful import Lawful
from coopfx.engine.proof.literals import Compile, Text, Written, figures_of
from coopfx.language import ir

_POINT = Fraction(1, 100)
_POINTS = 100
_BROKEN = (REFUTED, ONLY_IF, NEVER)
_KINDS = ("rule", "within", "whole", "origin", "loss", "floor", "decision")
"""What other figures can mend; what else is broken is proved anew once the text is changed."""
_TRIALS = 1_500
"""Two figures of a sort are sought in so many places; each mostly takes a run of a year."""
_NEARER = 5_000
"""Every nearer place of one figure is tried where there are no more of them than so many."""


def _places(move: "Move") -> tuple[int, ...]:
    room, figure = move.room, move.figure
    last = (room,) if room else ()
    if not figure.is_money:
        point = int(_POINT / figure.step)
        return (*range(point, room, point), *last)
    tens = (10**power for power in range(len(str(room))))
    return (*(one for one in tens if one < room), *last)


@frozen(slots=True, cache_hash=True)
class Move:
    """A figure, and whether it goes up or down, by how many of its steps at most."""

    figure: Written
    sign: int
    room: int
    places: tuple[int, ...] = field(init=False, eq=False, default=Factory(_places, takes_self=True))
    """By how many steps it is first tried."""

    def change(self, steps: int) -> Nearest:
        """The change by so many steps."""
        new = self.figure.moved(self.sign * steps)
        return Nearest(self.figure.span, self.figure.value, new, self.figure.is_money)


Placed = Mapping[Move, int]
"""Figures that are moved, each by so many steps."""


@define(slots=True)
class Search:
    """Looks for the nearest lawful change of a statute, given its text and its obligations' proofs.

    ``tick`` is called at each place that is tried.
    """

    program: ir.Program
    proofs: Sequence[Proof]
    text: str
    compile: Compile
    last: date | None = None
    milliseconds: int | None = None
    tick: Callable[[], None] = lambda: None
    written: Text = field(
        init=False,
        default=Factory(
            lambda self: figures_of(self.program, self.text, self.compile), takes_self=True
        ),
    )
    lawful: Lawful = field(init=False)
    asked: frozenset[str] = field(init=False)
    _broken: frozenset[str] = field(init=False)
    _before: int = field(init=False, default=0)

    def __attrs_post_init__(self) -> None:
        held = [one.rule for one in self._obligations(ALWAYS)]
        years = [(one.rule, one.year) for one in self.proofs if one.year is not None]
        self.lawful = Lawful(self.written, years, self.last, self.milliseconds, self.tick)
        broken = [one.rule for one in self._obligations(*_BROKEN)]
        # What rests on no figure of the statute's own, no figure mends.
        self._broken = frozenset(self.lawful.resting(broken, *self.written.figures))
        self.asked = self._broken.union(held)

    def _obligations(self, *verdicts: str) -> list[Proof]:
        return [
            one
            for one in self.proofs
            if one.kind in _KINDS and one.verdict in verdicts and one.is_obligation
        ]

    def nearest(self) -> tuple[LawfulChange, ...]:
        """The least changes that make all obligations hold: each of one figure, or one of two.

        Where there are none, those of one figure that make any of the broken ones hold. What rests on
        none of the statute's figures, is left as it is.
        """
        if not self._broken:
            return ()
        found = self._alone()
        if not found:
            self.lawful.begin()
            found = tuple(self._of_two(self.figures()))
        if found or len(self._broken) < 2:
            return found
        asked, broken = self.asked, self._broken
        made: list[LawfulChange] = []
        for name in sorted(broken):
            self.asked, self._broken = asked - broken | {name}, frozenset([name])
            self.lawful.begin()
            made += [one for one in self._alone(whole=False) if one not in made]
        self.asked, self._broken = asked, broken
        return tuple(made)

    def figures(self) -> list[Written]:
        """The statute's own figures that a broken obligation rests on, in the order of the text."""
        return [one for one in self.written.figures if self._resting(one)]

    def _resting(self, *figures: Written) -> set[str]:
        """The broken obligations that rest on any of some figures."""
        return self.lawful.resting(self._broken, *figures)

    # ---- one figure

    def _alone(self, *, whole: bool = True) -> tuple[LawfulChange, ...]:
        """The least change of one percentage, and of one amount; with ``whole``, every nearer is tried."""
        figures = self.figures()
        found = [
            self._of_one([one for one in figures if one.is_money == is_money], whole)
            for is_money in (False, True)
        ]
        return tuple(one for one in found if one is not None)

    def _of_one(self, figures: Sequence[Written], whole: bool) -> LawfulChange | None:
        """The least change of one of some figures; None where none was found."""
        best: tuple[Fraction, Move, int] | None = None
        # One figure alone has to mend all that is broken.
        moves = _moves([one for one in figures if self._resting(one) == self._broken])
        for move in moves:
            most = None if best is None else _steps_below(move, best[0])
            steps = self._least(move, most)
            if steps:
                best = steps * move.figure.step, move, steps
        if best is None:
            return None
        nearer = sorted(
            (
                (steps * move.figure.step, place, steps)
                for place, move in enumerate(moves)
                for steps in range(1, min(_steps_below(move, best[0]), _NEARER) + 1)
            )
        )
        whole = whole and len(nearer) < _NEARER
        for _, place, steps in nearer if whole else ():
            if self._lawful({moves[place]: steps}):
                return LawfulChange((moves[place].change(steps),), not self.lawful.open)
        return LawfulChange((best[1].change(best[2]),), whole and not self.lawful.open)

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

    def _of_two(self, figures: Sequence[Written]) -> Iterator[LawfulChange]:
        """The least change of two figures, if one is found: a nearer one may have been passed over."""
        pairs = [
            pair
            for pair in combinations(_moves(figures), 2)
            if pair[0].figure is not pair[1].figure
            and self._resting(pair[0].figure, pair[1].figure) == self._broken
        ]
        for amounts, search in ((0, self._of_points), (1, self._of_mixed), (2, self._of_amounts)):
            self._before = self.lawful.trials
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
                yield LawfulChange(tuple(move.change(found[move]) for move in moves))
                return

    def _of_points(self, pairs: Sequence[tuple[Move, Move]]) -> Placed | None:
        """Two percentages: the least sum, by whole points, then what is below two points on."""
        best: Placed | None = None
        for total in range(2, 2 * _POINTS + 1):
            found = list(self._by_points(pairs, total))
            if not found:
                if self._tired():
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
                if self._tired():
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
        while first >= low and second <= placed[other] and not self._tired():
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
        for number in range(_POINTS):
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
            if self._tired():
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
                if self._tired() or not self._lawful(placed):
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

    def _tired(self) -> bool:
        return self.lawful.ended or self.lawful.trials - self._before > _TRIALS

    # ---- lawful or not

    def _lawful(self, placed: Placed) -> bool:
        return self.is_lawful(
            {move.figure: move.figure.moved(move.sign * steps) for move, steps in placed.items()}
        )

    def is_lawful(self, values: Mapping[Written, Fraction]) -> bool:
        """Whether all obligations hold with other values of some figures."""
        return self.lawful.holds(self.asked, values)


def _steps_below(move: Move, change: Fraction) -> int:
    """The most steps of a move that change its figure by less."""
    steps = int(change / move.figure.step)
    return min(move.room, steps if steps * move.figure.step < change else steps - 1)


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
