"""What a clause moves of the amount that it writes: never more than its origin covers.

Where the text alone shows that an origin suffices, an amount is what it says. Elsewhere what all
clauses ask of the origin together is worked out beside what it holds; where they ask more, none moves.
"""

from collections.abc import Sequence
from fractions import Fraction
from functools import cached_property

from attrs import Factory, define, evolve

from coopfx.ground.exact import YES_NO, step_of
from coopfx.language import ast, ir
from coopfx.language.balances import Books
from coopfx.language.origins import ACCOUNT, ADDED, ALL, CHARGES, FIGURE, FROM, THEIRS, Draw
from coopfx.language.ranges import Range

ZERO = Fraction(0)
_MAY_FALL = frozenset(["losses", "pooled"])
"""The ways by which an account may receive less than nothing."""


@define(slots=False)
class Drawn(Books):
    """Compiles what clauses take from their origins."""

    covers: dict[tuple[str, str, str | None], int | None] = Factory(dict)

    def amount_of(self, number: int) -> int | None:
        """The node of the amount that a clause writes, whatever of it moves."""
        raise NotImplementedError

    def record_of(self, number: int) -> str | None:
        """The record in whose place a clause's amount stands; None where it is the cooperative's."""
        raise NotImplementedError

    def group_of(self, number: int) -> int | None:
        """The node of the group over whose records a clause moves an amount, each by itself."""
        raise NotImplementedError

    def condition_of(self, number: int) -> int | None:
        """The node of a clause's condition; None where it has none."""
        raise NotImplementedError

    # ---- what moves

    def drawn(self, number: int) -> int | None:
        """The node of what a clause takes from its origin; None where it is not known what that is."""
        draw = self.draws.get(number)
        written = None if draw is THEIRS else self.amount_of(number)
        if written is None or draw is None:
            return None
        if draw.kind == CHARGES:
            return self._at_least_nothing(number, written)
        others = self._takers(draw)
        if not self._is_sure(others):
            covered = self._covered(draw, others)
            if covered is None:
                return None
            moved = self._no_loss_but_its_own(number, written, draw)
            return self._moving(written, self._within_left(number, moved, draw, others), covered)
        moved = written
        if len(others) > 1 and all(self._is_plain(other) for other in others):
            moved = self._left_by_others(number, written, others)
        return written if moved == written else self._moving(written, moved)

    def _moving(self, written: int, moved: int, covered: int | None = None) -> int:
        """The node of what moves of a written amount, where its origin is covered, if that is asked."""
        if covered is None:
            covered = self.lowering.constant(True, YES_NO)
        record = self.lowering.nodes[written].record
        return self._op("drawn", written, moved, self.lowering.lift(covered, record))

    @cached_property
    def drawn_at(self) -> dict[tuple[str, str, str | None], list[int]]:
        """The clauses that take money from each place, or from a part of it, by their numbers."""
        found: dict[tuple[str, str, str | None], list[int]] = {}
        for number, draw in self.draws.items():
            for name in (draw.name, *draw.inside):
                found.setdefault((draw.kind, name, draw.record), []).append(number)
        return found

    def _takers(self, draw: Draw) -> list[int]:
        return self.drawn_at.get(draw.place, [])

    def _is_plain(self, number: int) -> bool:
        return self.draws[number].exact and not self.conditional(number)

    def _is_sure(self, numbers: list[int]) -> bool:
        """Whether the text alone shows that an origin covers what clauses take of it."""
        draws = [self.draws[number] for number in numbers]
        if any(draw.inside for draw in draws):
            return False  # how much of the whole a part of it is, the data say
        readings = {draw.reading for draw in draws}
        parts = [draw.part for draw in draws if draw.part is not None]
        if len(parts) < len(draws) or len(readings) > 1:
            return False
        if draws[0].kind == ACCOUNT and readings != {ALL} and self._may_fall(draws[0].name):
            return False  # it may open below nought, or fall below what it opened with
        return sum(parts, ZERO) <= 1

    def _may_fall(self, account: str) -> bool:
        """Whether the year may put less than nothing into an account."""
        return any(
            feed.way in _MAY_FALL
            for name in (account, *self.below.get(account, ()))
            for feed in self.feeds.get(name, ())
        )

    @cached_property
    def losing(self) -> dict[int, int]:
        """By the allocation that is told of it, whether a loss of the figure that it takes from is booked.

        That is a node, of each figure of the cooperative that may be a loss of which the text does not
        show that a clause takes it. Where no clause ever does, it only says that there is no loss.
        """
        found: dict[int, int] = {}
        for (kind, name, record), numbers in list(self.drawn_at.items()):
            clauses = [
                number
                for number in numbers
                if isinstance(self.money[number].clause, ast.Allocate)
                and self.draws[number].name == name
                and self.record_of(number) is None
            ]
            if kind != FIGURE or record is not None or not clauses:
                continue
            if any(self._surely_loses(number) for number in clauses):
                continue
            if any(self.compile(number) is None for number in clauses):
                continue  # what they do with a loss is not known
            clauses.sort(key=lambda number: self.draws[number].reading != FROM)
            figure = self._holds(self.draws[clauses[0]], clauses)
            if figure is not None and not self.ranges()[figure].at_least_zero:
                found[clauses[0]] = self._is_booked(figure, clauses)
        return found

    def _surely_loses(self, number: int) -> bool:
        """Whether the text shows that a clause books a loss of its origin: it takes a part, always."""
        draw = self.draws[number]
        return draw.reading != FROM and draw.exact and not draw.inside and self._is_plain(number)

    def _is_booked(self, figure: int, clauses: list[int]) -> int:
        """The node that says whether clauses book any of a figure that is below nought."""
        losses = [one for one in map(self._loss, clauses) if one is not None]
        zero = self._zero(figure)
        none = self._compared("at_least", figure, zero)
        if not losses:
            return none
        either = (none, self._compared("below", self._total(losses), zero))
        return self.lowering.emit(ir.Op("or", either, type=YES_NO))

    # ---- what an origin holds, and what is asked of it

    def _covered(self, draw: Draw, numbers: list[int]) -> int | None:
        """The node that says whether an origin covers what clauses ask of it together.

        What is included in a figure is covered where that is, and where it holds itself what is asked.
        """
        found = [self._covered_at(draw, numbers)]
        for name in draw.inside:
            own = [other for other in numbers if name in self.draws[other].inside]
            found.append(self._covered_at(evolve(draw, name=name), own))
        known = [one for one in found if one is not None]
        if len(known) < len(found):
            return None
        record = self.lowering.nodes[known[0]].record
        both = ir.Op("and", tuple(known), type=YES_NO, record=record)
        return known[0] if len(known) == 1 else self.lowering.emit(both)

    def _covered_at(self, draw: Draw, numbers: list[int]) -> int | None:
        """The node that says whether a place covers what clauses ask of it together."""
        if draw.place in self.covers:
            return self.covers[draw.place]
        key = f"{FROM} {draw.name}"
        span = self.money[numbers[0]].clause.span
        if self.lowering.refused(key, span):
            return None
        self.lowering.path.append((key, span))
        asked = [
            [self._asked_by(number, draw, sized) for number in numbers] for sized in (True, False)
        ]
        holds = self._holds(draw, numbers)
        self.lowering.path.pop()
        made = None
        known = [[one for one in amounts if one is not None] for amounts in asked]
        if holds is not None and all(len(amounts) == len(numbers) for amounts in known):
            record = draw.record if self._by_record(draw) else None
            total, exact = map(self._total, known)
            if self._is_alike(draw, numbers):
                # What rounding alone adds is no more than there is: those below take what is left.
                total = self._op("min", total, exact)
            made = self.lowering.emit(
                ir.Compare("at_most", total, self._positive(holds), type=YES_NO, record=record)
            )
        self.covers[draw.place] = made
        return made

    def _by_record(self, draw: Draw) -> bool:
        """Whether each record has its own of an origin, and takes of it by itself."""
        return draw.record is not None and any(
            self.record_of(number) == draw.record for number in self._takers(draw)
        )

    def _total(self, amounts: Sequence[int]) -> int:
        return amounts[0] if len(amounts) == 1 else self._op("add", *amounts)

    def _is_alike(self, draw: Draw, numbers: Sequence[int]) -> bool:
        """Whether several clauses take of one origin of the same: each record's, or the cooperative's."""
        record = draw.record if self._by_record(draw) else None
        return len(numbers) > 1 and all(self.record_of(number) == record for number in numbers)

    def _asked_by(self, number: int, draw: Draw, whole_cents: bool = True) -> int | None:
        """What a clause asks of its origin: nothing where its condition does not hold."""
        written = self.amount_of(number)
        if written is None:
            return None
        amount = self._positive(self._rounded(written) if whole_cents else written)
        asked = self._where_it_moves(number, amount)
        if asked is None or self.lowering.nodes[asked].record is None or self._by_record(draw):
            return asked
        group = self.group_of(number)
        if group is None:
            return None
        return self.lowering.emit(ir.Aggregate("sum", asked, group, type=self.lowering.money()))

    def _where_it_moves(self, number: int, amount: int) -> int | None:
        """An amount of a clause, nothing where it moves none: outside its group, or its condition.

        None where these are amiss.
        """
        lowering, record = self.lowering, self.lowering.nodes[amount].record
        conditions: list[int] = []
        if self.conditional(number):
            when = self.condition_of(number)
            if when is None:
                return None
            conditions.append(lowering.lift(when, record))
        if record is not None:
            group = self.group_of(number)
            while group is not None:
                node = lowering.nodes[group]
                assert isinstance(node, ir.Group)
                conditions += [] if node.where is None else [node.where]
                group = node.base
        if not conditions:
            return amount
        both = ir.Op("and", tuple(conditions), type=YES_NO, record=record)
        moves = conditions[0] if len(conditions) == 1 else lowering.emit(both)
        return self._op("if", moves, amount, self._zero(amount))

    def _holds(self, draw: Draw, takers: list[int]) -> int | None:
        """What an origin has before anyone takes of it."""
        place = self.money[takers[0]]
        span = place.clause.span
        if draw.kind == FIGURE:
            declared = self.scope.figures[draw.name]
            node = self.lowering.figure(draw.name, declared, span)
            if node is None or draw.record is None or self._by_record(draw):
                return node
            everyone = self.lowering.emit(ir.Group(record=draw.record))
            return self.lowering.emit(
                ir.Aggregate("sum", node, everyone, type=self.lowering.money())
            )
        if draw.kind != ACCOUNT:
            assert draw.record is not None, "only records receive"
            return self.received(draw.name, draw.record, span)
        added = self.parts(draw.name, len(self.money), without=frozenset(takers))
        if added is None:
            return None
        readings = {self.draws[number].reading for number in takers}
        opening = self.opening(draw.name)
        if readings != {ADDED}:
            return self.emit_sum(draw.name, "before", (opening, *added))
        before = self.emit_sum(draw.name, "before", added)
        if not self._may_fall(draw.name):
            return before
        return self._op("add", before, self._negative(opening))  # what it owes is not there

    # ---- amounts

    def _left_by_others(self, number: int, written: int, numbers: list[int]) -> int:
        """What is left for a clause of the whole cents of its origin, once those above have taken."""
        before = [other for other in numbers if other < number]
        total = sum((self.draws[other].part or ZERO for other in numbers), ZERO)
        whole = self._whole(number)
        left = None if whole is None else self._less(self._rounded(whole), before)
        if not before or whole is None or left is None:
            return written
        if total == 1 and number == numbers[-1]:
            return left
        least, most = self._op("min", written, left), self._op("max", written, left)
        return self._op("if", self._compared("at_least", whole, self._zero(written)), least, most)

    def _within_left(self, number: int, moved: int, draw: Draw, numbers: list[int]) -> int:
        """What is left for a clause of what its origin holds, where rounding alone asks for more.

        Where clauses ask for exactly all of it, the last one takes what is left.
        """
        if not self._is_alike(draw, numbers):
            return moved
        holds = self._holds(draw, numbers)
        before = [other for other in numbers if other < number]
        left = None if holds is None else self._less(self._positive(holds), before)
        if holds is None or left is None:
            return moved
        within = self._op("min", moved, left) if before else moved
        if number != numbers[-1]:
            return within
        asked = [self._asked_by(other, draw, whole_cents=False) for other in numbers]
        total = self._total([one for one in asked if one is not None])
        conditions = (
            self._compared("equal", total, holds),
            self._compared("above", moved, self._zero(moved)),
        )
        record = self.lowering.nodes[moved].record
        whole = self.lowering.emit(ir.Op("and", conditions, type=YES_NO, record=record))
        return self._op("if", whole, left, within)

    def _less(self, whole: int, before: Sequence[int]) -> int | None:
        """A sum less what clauses have taken of it; None where that cannot be worked out."""
        taken = []
        for other in before:
            moved = self.drawn(other)
            one = None if moved is None else self._where_it_moves(other, self._rounded(moved))
            if one is None:
                return None
            taken.append(self._op("negative", one))
        return self._op("add", whole, *taken) if taken else whole

    def _compared(self, relation: str, left: int, right: int) -> int:
        record = self.lowering.nodes[left].record
        return self.lowering.emit(ir.Compare(relation, left, right, type=YES_NO, record=record))

    def _whole(self, number: int) -> int | None:
        """The node of all that a clause's amount is a part of."""
        draw, span = self.draws[number], self.money[number].clause.span
        if draw.kind == FIGURE:
            return self.lowering.figure(draw.name, self.scope.figures[draw.name], span)
        if draw.kind == ACCOUNT:
            return self.balance(draw.name, draw.reading, span)
        assert draw.record is not None, "only records receive"
        return self.received(draw.name, draw.record, span)

    def _no_loss_but_its_own(self, number: int, written: int, draw: Draw) -> int:
        """An amount below nought is a loss of its origin's, and never more than that: or it is none.

        Of several clauses those above book it first. What records take of what is the cooperative's
        is no loss of that.
        """
        if not self._may_lose(number):
            return written
        record = self.lowering.nodes[written].record
        if record is not None and not self._by_record(draw):
            return self._positive(written)
        own = self._holds(draw, self._takers(draw))
        if own is None:
            return written
        booked = [self._loss(other) for other in self._takers(draw) if other < number]
        less = [self._op("negative", one) for one in booked if one is not None]
        loss = self._op("add", self._negative(own), *less) if less else self._negative(own)
        return self._op("max", written, self.lowering.lift(loss, record))

    def _may_lose(self, number: int) -> bool:
        """Whether a clause may book a loss: an allocation whose amount may be below nought."""
        if not isinstance(self.money[number].clause, ast.Allocate):
            return False
        written = self.amount_of(number)
        return written is not None and not self.ranges()[written].at_least_zero

    def _loss(self, number: int) -> int | None:
        """What a clause books of its origin's loss, in whole cents; None where it books none."""
        if not self._may_lose(number):
            return None
        record, moved = self.record_of(number), self.drawn(number)
        if moved is None or (record is not None and not self._by_record(self.draws[number])):
            return None
        return self._where_it_moves(number, self._negative(self._rounded(moved)))

    def _at_least_nothing(self, number: int, written: int) -> int:
        """A charge is a cost: an amount below nought moves nothing."""
        shares = not isinstance(self.money[number].clause, ast.Allocate)
        if shares or self.ranges()[written].at_least_zero:
            return written
        return self._moving(written, self._positive(written))

    def ranges(self) -> list[Range]:
        """The ranges of the nodes made so far."""
        return self.lowering.ranges()

    def _positive(self, index: int) -> int:
        return self._op("max", index, self._zero(index))

    def _negative(self, index: int) -> int:
        return self._op("min", index, self._zero(index))

    def _zero(self, index: int) -> int:
        record = self.lowering.nodes[index].record
        zero = self.lowering.constant(ZERO, self.lowering.money())
        return self.lowering.lift(zero, record)

    def _rounded(self, index: int) -> int:
        """An amount in whole cents, as it is moved."""
        money = self.lowering.money()
        step = step_of(money.unit)
        assert step is not None, "an amount has a currency"
        record = self.lowering.nodes[index].record
        cent = self.lowering.lift(self.lowering.constant(step, money), record)
        return self._op("round_half_up", index, cent)

    def _op(self, operation: str, *arguments: int) -> int:
        record = next(
            (
                node.record
                for node in map(self.lowering.nodes.__getitem__, arguments)
                if node.record
            ),
            None,
        )
        return self.lowering.emit(
            ir.Op(operation, arguments, type=self.lowering.money(), record=record)
        )
