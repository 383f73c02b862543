"""A statute with its laws, to one program: the clauses that move money, and the rules that judge it.

An account is read as the sum of what clauses put into it, so whatever reads it comes after all of
them. Here too is decided, before any figures, whether money could be lost or counted twice.
"""

from collections.abc import Sequence
from fractions import Fraction

from attrs import Factory, define, frozen

from coopfx.exact import NUMBER, Kind
from coopfx.language import ast, ir
from coopfx.language.from_ast import Lowering
from coopfx.language.ranges import ranges
from coopfx.language.readings import Reader
from coopfx.language.scope import Scope, Text
from coopfx.report import Report, Word
from coopfx.source import Span
from coopfx.words import nearest

LOSSES = "losses_brought_forward"


@frozen(slots=True)
class Placed:
    """A clause with its text and where it stands."""

    clause: ast.Clause
    text: Text
    origin: ir.Origin


@frozen(slots=True)
class Feed:
    """That an item of a clause puts money into an account; ``item`` None are the losses."""

    clause: int
    item: int | None
    overflow: bool = False


@define(slots=False)
class Linker:
    """Compiles the clauses of all texts into one program."""

    texts: Sequence[Text]
    report: Report
    scope: Scope
    money: list[Placed] = Factory(list)
    feeds: dict[str, list[Feed]] = Factory(dict)
    takers: dict[str, list[int]] = Factory(dict)
    readers: dict[str, list[tuple[int, Fraction | None]]] = Factory(dict)
    reader: Reader = Factory(lambda self: Reader(self.scope), takes_self=True)
    compiled: dict[int, int | None] = Factory(dict)
    added: dict[str, int | None] = Factory(dict)
    lowering: Lowering = Factory(
        lambda self: Lowering(self.scope, self.report, self.account, self.received), takes_self=True
    )

    # ---- the clauses in their places

    def placed(self) -> list[Placed]:
        """Every clause, with the article it stands in; misplaced ones are told (L507, L508)."""
        found = []
        for text in self.texts:
            article: ast.Article | None = None
            numbers: dict[str, Span] = {}
            for clause in text.document.clauses:
                if isinstance(clause, ast.Article):
                    if clause.number in numbers or not clause.number:
                        related = (numbers[clause.number],) if clause.number else ()
                        code = "N206" if clause.number else "N214"
                        self.report.tell(code, clause.span, related=related, number=clause.number)
                    numbers[clause.number] = clause.span
                    article = clause
                    continue
                self._tell_misplaced(clause, text)
                found.append(Placed(clause, text, _origin(clause, article, text)))
        return found

    def _tell_misplaced(self, clause: ast.Clause, text: Text) -> None:
        lawful = (ast.Permit, ast.Law)
        statutory = (ast.Statute, ast.Allocate, ast.Share, ast.Pool, ast.Indicator, ast.Example)
        if text.is_statute and isinstance(clause, lawful):
            self.report.tell("L507", clause.span)
        if not text.is_statute and isinstance(clause, statutory):
            self.report.tell("L508", clause.span)

    def gather(self, clauses: Sequence[Placed]) -> None:
        """Find out which clauses put money into each account, and which take it out."""
        for placed in clauses:
            match placed.clause:
                case ast.Allocate():
                    self._gather_allocation(placed, placed.clause)
                case ast.Share():
                    self.money.append(placed)
                case ast.Pool():
                    self.money.append(placed)
                    self._feed(placed.clause.account, placed.text, len(self.money) - 1, 0)
                case _:
                    pass
        # Only now is every account known that a clause declares by feeding it.
        for number, placed in enumerate(self.money):
            if isinstance(placed.clause, ast.Allocate | ast.Share):
                self._take(placed.clause.amount, placed.text, number)
        self._tell_taken_twice()
        self._tell_mixed_books()

    def _gather_allocation(self, placed: Placed, clause: ast.Allocate) -> None:
        self.money.append(placed)
        number = len(self.money) - 1
        items = [item for item in clause.items if not item.losses]
        losses = [item for item in clause.items if item.losses]
        for position, item in enumerate(items):
            self._feed(item.account, placed.text, number, position)
            if item.until is not None and item.until.then is not None:
                self._feed(item.until.then, placed.text, number, position, overflow=True)
            if item.amount is None and position < len(items) - 1:
                self.report.tell("M409", items[position + 1].span, related=(item.span,))
        for item in losses[1:]:
            self.report.tell("M411", item.span, related=(losses[0].span,))
        if losses:
            self._feed(losses[0].account, placed.text, number, None)
        else:
            self.feeds.setdefault(LOSSES, []).append(Feed(number, None))
            self.report.tell("M410", clause.amount.span, account=Word(LOSSES))

    def _feed(
        self, name: ast.Name, text: Text, clause: int, item: int | None, *, overflow: bool = False
    ) -> None:
        account = text.words.canonical(name.word)
        if account in self.scope.figures:
            related = (self.scope.figures[account].span,)
            self.report.tell("N210", name.span, related=related, name=name.word)
            return
        if account not in self.scope.accounts:
            close = self._like(name.word, text)
            if close:
                self.report.tell("N211", name.span, name=name.word, nearest=close)
            self.scope.accounts[account] = None
        self.feeds.setdefault(account, []).append(Feed(clause, item, overflow))

    def _like(self, word: str, text: Text) -> str:
        """The known account that a new one may be a misspelling of: of a like place in the tree."""
        branch, _, own = word.rpartition(".")
        known = {text.words.word(name) for name in self.scope.accounts}
        if branch not in known:
            return nearest(word, sorted(name for name in known if bool(branch) == ("." in name)))
        beside = {name.removeprefix(f"{branch}."): name for name in sorted(known)}
        return beside.get(nearest(own, [key for key, name in beside.items() if key != name]), "")

    def _take(self, amount: ast.Expression, text: Text, clause: int) -> None:
        account = self.source(amount, text)
        if account is not None:
            self.takers.setdefault(account, []).append(clause)
        for name, part in self.reader.readings(amount, text).items():
            self.readers.setdefault(name, []).append((clause, part))
            declared = self.scope.indivisible(name) if name in self.scope.accounts else None
            if declared is not None:
                self.report.tell(
                    "M404",
                    amount.span,
                    related=(declared.span,),
                    account=Word(name),
                    law=declared.text.law or "",
                )

    def source(self, amount: ast.Expression, text: Text) -> str | None:
        """The account that a clause empties; None where it shares out a figure."""
        if not isinstance(amount, ast.Name):
            return None
        name = text.words.canonical(amount.word)
        return name if name in self.scope.accounts else None

    def _tell_taken_twice(self) -> None:
        """Tell money that several clauses give out: the same, or a whole and its part (M403, M406)."""
        told: set[tuple[int, ...]] = set()
        for name, readers in self.readers.items():
            before: list[int] = []
            total, whole = Fraction(0), None
            for clause, part in readers:
                total += part or 0
                too_much = part is not None and (part >= 1 or total > 1)
                if before and (whole is not None or too_much):
                    others = [whole] if whole is not None else before
                    if (clause, *others) not in told:
                        told.add((clause, *others))
                        related = tuple(self.money[other].clause.span for other in others)
                        span = self.money[clause].clause.span
                        self.report.tell("M403", span, related=related, account=Word(name))
                before.append(clause)
                if whole is None and part is not None and part >= 1:
                    whole = clause
        for account, readers in self.readers.items():
            for other, of_branch in self.readers.items():
                parts = [part for _, part in (*readers, *of_branch) if part is not None]
                if other.startswith(account + ".") and any(part >= 1 for part in parts):
                    self.report.tell(
                        "M406",
                        self.money[of_branch[0][0]].clause.span,
                        related=(self.money[readers[0][0]].clause.span,),
                        account=Word(account),
                        part=Word(other),
                    )

    def _tell_mixed_books(self) -> None:
        for account, feeds in self.feeds.items():
            pools = [feed.clause for feed in feeds if self._is_pool(feed)]
            others = [feed.clause for feed in feeds if not self._is_pool(feed)]
            if pools and others:
                self.report.tell(
                    "M405",
                    self.money[pools[0]].clause.span,
                    related=(self.money[others[0]].clause.span,),
                    account=Word(account),
                )

    def _is_pool(self, feed: Feed) -> bool:
        return isinstance(self.money[feed.clause].clause, ast.Pool)

    # ---- accounts

    def account(self, name: str, span: Span) -> int | None:
        """The node of what this year's clauses put into an account, from outside its own branch."""
        if name in self.added:
            return self.added[name]
        if self.lowering.circle(name, span):
            return None
        self.lowering.path.append((name, span))
        parts = self.parts(name, len(self.money))
        self.lowering.path.pop()
        if parts is None:
            self.added[name] = None
        else:
            type_ = self.lowering.money()
            self.added[name] = self.lowering.emit(ir.Balance(name, "added", parts, type=type_))
        return self.added[name]

    def parts(self, account: str, before: int) -> tuple[int, ...] | None:
        """The nodes of what clauses before a number put into an account's branch from outside it."""
        found = []
        for name, feeds in self.feeds.items():
            if not within(name, account):
                continue
            for feed in feeds:
                source = self._source_of(feed.clause)
                if feed.clause >= before or (source is not None and within(source, account)):
                    continue
                part = self._part(feed)
                if part is None:
                    return None
                found.append((feed.clause, feed.item is None, feed.item or 0, feed.overflow, part))
        return tuple(part for *_, part in sorted(found))

    def _source_of(self, number: int) -> str | None:
        clause = self.money[number].clause
        if isinstance(clause, ast.Allocate | ast.Share):
            return self.source(clause.amount, self.money[number].text)
        return None

    def _part(self, feed: Feed) -> int | None:
        node = self.compile(feed.clause)
        if node is None:
            return None
        type_ = self.lowering.money()
        if isinstance(self.lowering.nodes[node], ir.Pool):
            return self.lowering.emit(ir.Pooled(node, type=type_))
        return self.lowering.emit(ir.Part(node, feed.item, feed.overflow, type=type_))

    def received(self, account: str, span: Span) -> int | None:
        """The node of what each record received from an account; told (N212) where none shares it."""
        self.scope.used.add(account)
        for number in self.takers.get(account, ()):
            if isinstance(self.money[number].clause, ast.Share):
                if self.lowering.circle(account, span):
                    return None
                self.lowering.path.append((account, span))
                node = self.compile(number)
                self.lowering.path.pop()
                return node
        self.report.tell("N212", span, account=Word(account))
        return None

    def nodes_of(self, account: str, span: Span) -> ir.AccountNodes | None:
        """The nodes of an account's balances."""
        added = self.account(account, span)
        if added is None:
            return None
        opening = self.lowering.opening_of(account)
        type_ = self.lowering.money()
        parts: list[int] = []
        for number in (
            n for name, found in self.takers.items() if within(name, account) for n in found
        ):
            node = self.compile(number)
            if node is None:
                return None
            parts += self._taken(number, node)
        emit = self.lowering.emit
        taken = emit(ir.Balance(account, "taken", tuple(parts), type=type_))
        closing = emit(ir.Balance(account, "closing", (opening, added), (taken,), type=type_))
        management = any(self._is_pool(feed) for feed in self.feeds.get(account, ()))
        indivisible = self.scope.indivisible(account) is not None
        return ir.AccountNodes(opening, added, taken, closing, indivisible, management)

    def _taken(self, number: int, node: int) -> list[int]:
        """What a clause takes out of the account it empties."""
        type_ = self.lowering.money()
        if isinstance(self.lowering.nodes[node], ir.Split):
            return [self.lowering.emit(ir.Paid(node, type=type_))]
        feeds = [feed for row in self.feeds.values() for feed in row if feed.clause == number]
        return [part for feed in feeds if (part := self._part(feed)) is not None]

    # ---- clauses that move money

    def compile(self, number: int) -> int | None:
        """The node of a clause that moves money."""
        if number not in self.compiled:
            placed = self.money[number]
            match placed.clause:
                case ast.Allocate():
                    node = self._allocate(number, placed, placed.clause)
                case ast.Share():
                    node = self._share(placed, placed.clause)
                case ast.Pool():
                    node = self._pool(placed, placed.clause)
                case _:
                    raise AssertionError(f"no money moves in {placed.clause}")
            self.compiled[number] = node
        return self.compiled[number]

    def _amount(self, expression: ast.Expression, text: Text) -> int | None:
        index = self.lowering.value(expression, text)
        if index is None:
            return None
        type_ = self.lowering.nodes[index].type
        if type_ != self.lowering.money():
            self.report.tell("T310", expression.span, type=type_)
            return None
        return index

    def _allocate(self, number: int, placed: Placed, clause: ast.Allocate) -> int | None:
        source = self._amount(clause.amount, placed.text)
        items = [item for item in clause.items if not item.losses]
        losses = [item.account for item in clause.items if item.losses]
        fed: list[tuple[str, int, bool]] = []
        made = []
        for position, item in enumerate(items):
            one = self._item(number, item, placed.text, fed)
            if one is None:
                continue
            made.append(one)
            fed.append((one.account, position, False))
            if one.fill is not None and one.fill.then is not None:
                fed.append((one.fill.then, position, True))
        if source is None or len(made) < len(items):
            return None
        self._tell_total(items, made)
        target = placed.text.words.canonical(losses[0].word) if losses else LOSSES
        return self.lowering.emit(
            ir.Allocate(source, tuple(made), target, type=self.lowering.money())
        )

    def _item(
        self, number: int, item: ast.Item, text: Text, fed: Sequence[tuple[str, int, bool]]
    ) -> ir.Item | None:
        account = text.words.canonical(item.account.word)
        amount = until = None
        if item.until is not None:
            until = self._amount(item.until.balance, text)
        if item.amount is not None:
            amount = self.lowering.value(item.amount, text)
            if amount is None:
                return None
            type_ = self.lowering.nodes[amount].type
            if type_.kind is not Kind.QUANTITY or type_.unit not in (
                (),
                self.lowering.money().unit,
            ):
                self.report.tell("T310", item.amount.span, type=type_)
                return None
        if item.until is None:
            return ir.Item(account, amount)
        earlier = self.parts(account, number)
        if until is None or earlier is None:
            return None
        opening = self.lowering.opening_of(account)
        before = opening
        if earlier:
            balance = ir.Balance(account, "before", (opening, *earlier), type=self.lowering.money())
            before = self.lowering.emit(balance)
        already = tuple((place, over) for name, place, over in fed if within(name, account))
        then = text.words.canonical(item.until.then.word) if item.until.then else None
        return ir.Item(account, amount, ir.Fill(until, before, already, then))

    def _tell_total(self, items: Sequence[ast.Item], made: Sequence[ir.Item]) -> None:
        """Tell parts that exceed the whole (M401), or fall short of it with no rest (M402)."""
        total = Fraction(0)
        for item in made:
            if item.amount is None:
                continue
            value = self.constant(item.amount)
            if value is None or self.lowering.nodes[item.amount].type != NUMBER:
                return
            total += value
        place = items[0].span.through(items[-1].span)
        if total > 1:
            self.report.tell("M401", place, total=total * 100)
        elif total < 1 and all(item.amount is not None for item in made):
            self.report.tell("M402", place, total=total * 100, short=(1 - total) * 100)

    def constant(self, index: int) -> Fraction | None:
        """The only figure that a node can have, where the text alone decides it."""
        return ranges(self.lowering.nodes[: index + 1], self.lowering.constants)[index].constant

    def _share(self, placed: Placed, clause: ast.Share) -> int | None:
        amount = self._amount(clause.amount, placed.text)
        group = self.lowering.grouping(clause.group, placed.text)
        record = self.lowering.record_of(clause.group, placed.text)
        if record is None:
            for line in clause.keys:
                self.lowering.tell_unknown(line.weight, placed.text)
                self.lowering.tell_unknown(line.figure, placed.text)
            return None
        keys = [self._key(key, placed.text, record) for key in clause.keys]
        weights = [key.weight for key in clause.keys]
        if None in weights and len(weights) > 1:
            self.report.tell("M408", clause.keys[weights.index(None)].span)
            return None
        made = [key for key in keys if key is not None]
        if len(made) < len(keys):
            written = [
                self.reader.factor(line.weight, placed.text) for line in clause.keys if line.weight
            ]
            fixed = written if len(written) == len(keys) else [None]
        else:
            fixed = [None if key.weight is None else self.constant(key.weight) for key in made]
        known = [weight for weight in fixed if weight is not None]
        if len(known) == len(fixed) and sum(known) != 1:
            place = clause.keys[0].span.through(clause.keys[-1].span)
            self.report.tell("M407", place, total=sum(known, Fraction(0)) * 100)
            return None
        if amount is None or group is None or len(made) < len(keys):
            return None
        return self.lowering.emit(
            ir.Split(amount, group, tuple(made), type=self.lowering.money(), record=record)
        )

    def _key(self, key: ast.Key, text: Text, record: str | None) -> ir.Key | None:
        weight = figure = None
        if key.weight is not None:
            weight = self.lowering.value(key.weight, text)
            if weight is None:
                return None
            if self.lowering.nodes[weight].type != NUMBER:
                self.report.tell("T310", key.weight.span, type=self.lowering.nodes[weight].type)
                return None
        if key.figure is not None:
            figure = self.lowering.value(key.figure, text, record)
            if figure is None:
                return None
            type_ = self.lowering.nodes[figure].type
            if type_.kind is not Kind.QUANTITY:
                self.report.tell("T303", key.figure.span, type=type_)
                return None
        return ir.Key(weight, figure)

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
        return self.lowering.emit(ir.Pool(figure, kept, type=self.lowering.money(), record=record))


def within(account: str, branch: str) -> bool:
    """Whether an account is a branch's own, or stands in it."""
    return account == branch or account.startswith(branch + ".")


def _origin(clause: ast.Clause, article: ast.Article | None, text: Text) -> ir.Origin:
    if article is None:
        return ir.Origin(clause.span, law=text.law or None)
    reference = article.reference
    return ir.Origin(
        clause.span,
        article.number,
        article.title,
        text.law or None,
        reference.text if reference else "",
        reference.to_confirm if reference else False,
    )
