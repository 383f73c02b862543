"""The clauses that move money, compiled: allocations, shares and pools.

Each becomes one node; what it moves is read off it by the accounts (books.py).
"""

from collections.abc import Sequence
from fractions import Fraction

from attrs import Factory, define, evolve, frozen

from coopfx.ground.exact import NUMBER, YES_NO, Kind
from coopfx.ground.report import Percent, Word
from coopfx.ground.source import Span
from coopfx.language import ast, ir
from coopfx.language.drawn import Drawn
from coopfx.language.flows import LOSSES
from coopfx.language.origins import RECEIVED
from coopfx.language.placed import Placed, within
from coopfx.language.scope import Text


@frozen(slots=True)
class _List:
    """An allocation while a line of it is compiled: its clause without lines, and the lines above.

    The clause is None where its amount cannot be worked out, which is told. ``fed`` are the accounts that
    the lines feed, with their indices and whether by what flows over; ``reads`` what is read of them.
    """

    number: int
    clause: ir.Allocate | None
    items: tuple[ir.Item, ...]
    fed: tuple[tuple[str, int, bool], ...]
    reads: list[int]


@define(slots=False)
class Linker(Drawn):
    """Compiles the clauses of all texts that move money."""

    compiled: dict[int, int | None] = Factory(dict)
    _list: "_List | None" = None
    _amounts: dict[int, int | None] = Factory(dict)

    def compile(self, number: int) -> int | None:
        """The node of a clause that moves money."""
        if number not in self.compiled:
            placed, outer, self._list = self.money[number], self._list, None
            self.lowering.depth += 1
            deep = self.lowering.too_deep(placed.clause.span)
            self.compiled[number] = None if deep else self._compile(number, placed)
            self.lowering.depth -= 1
            self._list = outer
        return self.compiled[number]

    def _compile(self, number: int, placed: Placed) -> int | None:
        match placed.clause:
            case ast.Allocate():
                return self._allocate(number, placed, placed.clause)
            case ast.Share():
                return self._share(number, placed, placed.clause)
            case ast.Pool():
                return self._pool(placed, placed.clause)
            case _:
                raise AssertionError(f"no money moves in {placed.clause}")

    def _amount(
        self, expression: ast.Expression, text: Text, record: str | None = None
    ) -> int | None:
        """The node of an amount in the statute's currency; told (T310) where it is none."""
        index = self.lowering.value(expression, text, record)
        if index is None:
            return None
        type_ = self.lowering.type_of(index)
        if type_ != self.lowering.money():
            self.report.tell("T310", expression.span, type=type_)
            return None
        return index

    # ---- what a clause asks for

    def amount_of(self, number: int) -> int | None:
        if number not in self._amounts:
            self._amounts[number] = self._asked_for(number)
        return self._amounts[number]

    def _asked_for(self, number: int) -> int | None:
        placed, record = self.money[number], self.record_of(number)
        clause, text = placed.clause, placed.text
        assert isinstance(clause, ast.Allocate | ast.Share)
        draw = self.draws.get(number)
        account = self.source(clause.amount, text) if isinstance(clause.amount, ast.Name) else None
        if account is not None and draw is not None and draw.kind == RECEIVED:
            self.scope.used.add(account)
            return self.received(account, record or "", clause.amount.span)
        if account is not None and account == self.taken_from(number) and self._feeds(number):
            # Its own source is read as before it gives.
            self.scope.used.add(account)
            parts = self.parts(account, len(self.money), without=frozenset([number]))
            return None if parts is None else self.emit_sum(account, "before", parts)
        return self._amount(clause.amount, text, record)

    def _feeds(self, number: int) -> bool:
        """Whether a clause puts money into the account that it takes it from."""
        source = self.taken_from(number)
        return source is not None and any(
            within(account, source) for account, _ in self._fed_by.get(number, ())
        )

    def record_of(self, number: int) -> str | None:
        placed = self.money[number]
        match placed.clause:
            case ast.Allocate(each=each) if each is not None:
                found = self.scope.each(each, placed.text)
            case ast.Share(segment=segment) if segment is not None:
                found = self.scope.each(segment, placed.text)
            case _:
                found = None
        return found[0] if found else None

    def group_of(self, number: int) -> int | None:
        placed = self.money[number]
        shares = isinstance(placed.clause, ast.Share)
        match placed.clause:
            case ast.Allocate(each=ast.Name() as each) | ast.Share(segment=ast.Name() as each):
                found = self.scope.each(each, placed.text)
            case _:
                raise AssertionError("the amount is the cooperative's")
        if found is None:
            return None
        if shares:
            return self.lowering.emit(ir.Group(record=found[0]))
        return self.lowering.group_of(*found, each.span)

    def condition_of(self, number: int) -> int | None:
        placed = self.money[number]
        assert isinstance(placed.clause, ast.Allocate | ast.Share)
        if placed.clause.when is None:
            return None
        own = self.record_of(number) if isinstance(placed.clause, ast.Allocate) else None
        return self.lowering.condition(placed.clause.when, placed.text, own)

    # ---- allocations

    def _allocate(self, number: int, placed: Placed, clause: ast.Allocate) -> int | None:
        text, lowering = placed.text, self.lowering
        record = group = None
        if clause.each is not None:
            each = self.scope.each(clause.each, text)
            if each is None:
                self._tell_unknown(clause, text)
                return None
            record, name = each
            group = lowering.group_of(record, name, clause.each.span)
        source = self.drawn(number)
        when = self.condition_of(number)
        items = [item for item in clause.items if not item.losses]
        losses = [item.to.account for item in clause.items if item.losses]
        target = text.words.canonical(losses[0].word) if losses else LOSSES
        fed: list[tuple[str, int, bool]] = []
        made, reads = list[ir.Item](), list[int]()
        for position, item in enumerate(items):
            above = None
            if source is not None:
                above = ir.Allocate(
                    source, (), target, when, group, type=lowering.money(), record=record
                )
            self._list = _List(number, above, tuple(made), tuple(fed), reads)
            one = self._item(number, item, text, record, fed)
            self._list = None
            if one is None:
                continue
            made.append(one)
            fed.append((one.account, position, False))
            if one.fill is not None and one.fill.then is not None:
                fed.append((one.fill.then, position, True))
        if source is None or len(made) < len(items) or (clause.when is not None and when is None):
            return None
        if record is not None and group is None:
            return None
        self._tell_total(clause.amount.span, items, made)
        items_made, type_ = tuple(made), lowering.money()
        node = ir.Allocate(
            source, items_made, target, when, group, len(reads), type=type_, record=record
        )
        return lowering.emit(node)

    # ---- what the lines above have put into an account

    def balance(self, account: str, at: str, span: Span) -> int | None:
        """An account's balance; in a line of an allocation, with what the lines above have put there."""
        known = (account, at) in self.balances
        if at == "added" and self._list is not None and not known:
            fed = [place for name, place, _ in self._list.fed if within(name, account)]
            number = self._list.number
            into = [feed for name, feed in self.fed_by(number) if within(name, account)]
            if fed and all(feed.way != "losses" and feed.item in fed for feed in into):
                parts = self.parts(account, len(self.money), without=frozenset([number]))
                return self._with_above(account, parts)
        return super().balance(account, at, span)

    def above(self, account: str, span: Span) -> int | None:
        if self._list is None:
            self.report.tell("N225", span)
            return None
        return self._with_above(account, self.parts(account, self._list.number))

    def _with_above(self, account: str, earlier: tuple[int, ...] | None) -> int | None:
        """What other clauses and the lines above put into an account.

        The lines above are an allocation of their own, of which the rest goes nowhere: it is worked out
        and moves nothing.
        """
        own, emit, type_ = self._list, self.lowering.emit, self.lowering.money()
        if own is None or own.clause is None or earlier is None:
            return None
        clause = emit(evolve(own.clause, items=(*own.items, ir.Item(""))))
        record, group = own.clause.record, own.clause.group
        parts = []
        for name, place, over in own.fed:
            if within(name, account):
                part = emit(ir.Part(clause, place, over, type=type_, record=record))
                if record is not None and self.scope.account_record(account) is None:
                    assert group is not None, "an allocation of records has a group"
                    part = emit(ir.Aggregate("sum", part, group, type=type_))
                parts.append(part)
        own.reads.extend(parts)
        return self.emit_sum(account, "so_far", (*earlier, *parts))

    def _tell_unknown(self, clause: ast.Allocate, text: Text) -> None:
        for expression in (clause.amount, clause.when, *(item.amount for item in clause.items)):
            self.lowering.tell_unknown(expression, text)

    def _item(
        self,
        number: int,
        item: ast.Item,
        text: Text,
        record: str | None,
        fed: Sequence[tuple[str, int, bool]],
    ) -> ir.Item | None:
        account = text.words.canonical(item.to.account.word)
        amount, of_rest = self._asked(item, text, record)
        limits = [
            None if limit is None else self._amount(limit, text, record)
            for limit in (item.high, item.low)
        ]
        when = None if item.when is None else self.lowering.condition(item.when, text, record)
        fill = None if item.until is None else self._fill(number, item, text, record, fed)
        asked = None if isinstance(item.amount, ast.Rest) else item.amount
        pairs = (
            (asked, amount),
            (item.high, limits[0]),
            (item.low, limits[1]),
            (item.when, when),
            (item.until, fill),
        )
        if any(written is not None and made is None for written, made in pairs):
            return None
        high, low = limits
        return ir.Item(account, amount, fill, when, low, high, of_rest)

    def _asked(self, item: ast.Item, text: Text, record: str | None) -> tuple[int | None, bool]:
        """The node of what an item asks for, None for the rest; and whether it is a part of the rest."""
        match item.amount:
            case None | ast.Rest():
                return None, False
            case ast.Operation("part_of", (share, ast.Rest())):
                return self.lowering.value(share, text, record), True
            case amount:
                index = self.lowering.value(amount, text, record)
        if index is None:
            return None, False
        type_ = self.lowering.type_of(index)
        units = ((), self.lowering.money().unit)
        if type_.kind is not Kind.QUANTITY or type_.unit not in units:
            self.report.tell("T310", amount.span, type=type_)
            return None, False
        return index, False

    def _fill(
        self,
        number: int,
        item: ast.Item,
        text: Text,
        record: str | None,
        fed: Sequence[tuple[str, int, bool]],
    ) -> ir.Fill | None:
        assert item.until is not None
        account = text.words.canonical(item.to.account.word)
        until = self._amount(item.until.balance, text, record)
        earlier = self.parts(account, number)
        if until is None or earlier is None:
            return None
        before = self.opening(account)
        if earlier:
            before = self.emit_sum(account, "before", (before, *earlier))
        before = self.lowering.lift(before, record)
        already = tuple((place, over) for name, place, over in fed if within(name, account))
        then = item.until.then
        return ir.Fill(
            until, before, already, text.words.canonical(then.account.word) if then else None
        )

    def _tell_total(self, source: Span, items: Sequence[ast.Item], made: Sequence[ir.Item]) -> None:
        """Tell parts that exceed the whole (M401), or fall short of it with no rest (M402).

        What stands under a condition counts only towards the whole, and what has limits of its own,
        or is a part of the rest, leaves open what it comes to.
        """
        total = sure = Fraction(0)
        place = items[0].span.through(items[-1].span) if items else source
        beyond: Span | None = None
        most = Fraction(0)
        for item, line in zip(made, items, strict=False):
            if item.amount is None:
                continue
            value = self.constant(item.amount)
            if value is None or self.lowering.type_of(item.amount) != NUMBER or item.of_rest:
                return
            total += value
            sure += value if item.when is None and item.high is None else 0
            most = max(most, value)
            if sure > 1 and beyond is None:
                beyond = line.span
            if item.low is not None:
                return
        if beyond is not None:
            # A part above the whole is most often a percentage without its sign.
            written = Percent(most / 100) if most > 1 else ""
            self.report.tell("M401", beyond, total=sure * 100, expected=written)
        elif total < 1 and all(item.amount is not None for item in made):
            self.report.tell("M402", place, total=total * 100, short=(1 - total) * 100)

    def constant(self, index: int) -> Fraction | None:
        """The only figure that a node can have, where the text alone decides it."""
        return self.ranges()[index].constant

    # ---- shares

    def _share(self, number: int, placed: Placed, clause: ast.Share) -> int | None:
        text, lowering = placed.text, self.lowering
        group = lowering.grouping(clause.group, text)
        record = lowering.record_of(clause.group, text)
        if record is None:
            self._amount(clause.amount, text)
            for line in clause.keys:
                lowering.tell_unknown(line.weight, text)
                lowering.tell_unknown(line.figure, text)
            return None
        segment = self._segment(clause, text, record)
        amiss = clause.segment is not None and segment is None
        amount = None if amiss else self.drawn(number)
        keys = [self._key(key, text, record) for key in clause.keys]
        weighted = self._tell_weights(clause, keys, text)
        made = [key for key in keys if key is not None]
        when = self.condition_of(number)
        coefficient = self._coefficient(clause.coefficient, text, record)
        cap = None if clause.cap is None else self._amount(clause.cap, text, record)
        smallest = None if clause.smallest is None else self._amount(clause.smallest, text)
        pairs = (
            (clause.when, when),
            (clause.coefficient, coefficient),
            (clause.cap, cap),
            (clause.smallest, smallest),
            (clause.segment, segment),
        )
        amiss = any(written is not None and made is None for written, made in pairs)
        if amount is None or group is None or not weighted or len(made) < len(keys) or amiss:
            return None
        excess, into = (
            text.words.canonical(to.account.word) if to else None
            for to in (clause.excess, clause.into)
        )
        return lowering.emit(
            ir.Split(
                amount,
                group,
                tuple(made),
                segment,
                coefficient,
                cap,
                smallest,
                clause.alike,
                excess,
                into,
                when,
                type=lowering.money(),
                record=record,
            )
        )

    def _segment(self, clause: ast.Share, text: Text, record: str) -> int | None:
        """The node of the link to the records inside each of which an amount is shared."""
        inside = None if clause.segment is None else self.scope.each(clause.segment, text)
        if inside is None or clause.segment is None:
            return None
        link = self.lowering.link(record, inside[0])
        if link is None:
            words = Word(record), Word(inside[0])
            self.report.tell("N217", clause.segment.span, record=words[0], other=words[1])
        return link

    def _coefficient(self, item: ast.Expression | None, text: Text, record: str) -> int | None:
        if item is None:
            return None
        index = self.lowering.value(item, text, record)
        if index is not None and not self.lowering.type_of(index).same_sort(NUMBER):
            type_ = self.lowering.type_of(index)
            self.report.tell("T301", item.span, left=NUMBER, right=type_)
            return None
        return index

    def _tell_weights(self, clause: ast.Share, keys: Sequence[ir.Key | None], text: Text) -> bool:
        """Whether the lines make a whole; told (M407, M408) where they do not."""
        weights = [key.weight for key in clause.keys]
        if None in weights and len(weights) > 1:
            self.report.tell("M408", clause.keys[weights.index(None)].span)
            return False
        made = [key for key in keys if key is not None]
        if len(made) < len(keys):
            written = [self.reader.factor(weight, text) for weight in weights if weight]
            fixed = written if len(written) == len(keys) else [None]
        else:
            fixed = [None if key.weight is None else self.constant(key.weight) for key in made]
        known = [weight for weight in fixed if weight is not None]
        if len(known) == len(fixed) and sum(known) != 1:
            place = clause.keys[0].span.through(clause.keys[-1].span)
            self.report.tell("M407", place, total=sum(known, Fraction(0)) * 100)
            return False
        return True

    def _key(self, key: ast.Key, text: Text, record: str | None) -> ir.Key | None:
        weight = figure = None
        if key.weight is not None:
            weight = self.lowering.value(key.weight, text)
            if weight is None:
                return None
            if not self.lowering.type_of(weight).same_sort(NUMBER):
                self.report.tell("T310", key.weight.span, type=self.lowering.type_of(weight))
                return None
        if key.figure is not None:
            figure = self.lowering.value(key.figure, text, record)
            if figure is None:
                return None
            type_ = self.lowering.type_of(figure)
            if type_.kind is not Kind.QUANTITY:
                self.report.tell("T303", key.figure.span, type=type_)
                return None
        return ir.Key(weight, figure)

    # ---- pools

    def _pool(self, placed: Placed, clause: ast.Pool) -> int | None:
        text = placed.text
        grouping = ast.Grouping(clause.group, span=clause.group.span)
        group = self.lowering.grouping(grouping, text)
        kept = self.lowering.value(clause.kept, text)
        record = self.lowering.record_of(grouping, text)
        if record is None:
            self.lowering.tell_unknown(clause.figure, text)
            return None
        figure = self.lowering.name(clause.figure, text, record)
        if group is None or kept is None or figure is None:
            return None
        for index, wanted, span in (
            (kept, NUMBER, clause.kept.span),
            (figure, self.lowering.money(), clause.figure.span),
        ):
            if not self.lowering.nodes[index].type.same_sort(wanted):
                self.report.tell("T310", span, type=self.lowering.nodes[index].type)
                return None
        return self.lowering.emit(
            ir.Pool(
                figure,
                self._part_of_all(kept),
                group,
                clause.losses_kept,
                type=self.lowering.money(),
                record=record,
            )
        )

    def _part_of_all(self, kept: int) -> int:
        """A rate at which each keeps of its own: none below nought, or above all of it, is worked out."""
        between = self.ranges()[kept]
        if between.at_least_zero and between.high is not None and between.high <= 1:
            return kept
        emit, (none, whole) = self.lowering.emit, (Fraction(0), Fraction(1))
        bounds = tuple(
            emit(ir.Compare(relation, kept, self.lowering.constant(bound, NUMBER), type=YES_NO))
            for relation, bound in (("at_least", none), ("at_most", whole))
        )
        within_bounds = emit(ir.Op("and", bounds, type=YES_NO))
        return emit(ir.Op("drawn", (kept, kept, within_bounds), type=NUMBER))
