"""Which clauses put money into each account, and which take it out: seen from the texts alone.

Here is decided, before anything is compiled, whether money could be lost or counted twice.
"""

import re
from collections.abc import Collection, Sequence
from fractions import Fraction
from functools import cached_property

from attrs import Factory, define

from coopfx.ground.report import Report, Said, Word
from coopfx.ground.source import Span
from coopfx.ground.words import alike, nearest
from coopfx.language import ast
from coopfx.language.mixed import tell_mixed_books
from coopfx.language.origins import (
    ACCOUNT,
    ANYWHERE,
    FROM,
    OTHERS,
    RECEIVED,
    THEIRS,
    UNSAID,
    Draw,
    Origins,
)
from coopfx.language.placed import (
    IN_LAW,
    IN_STATUTE,
    STANDS,
    Feed,
    Placed,
    branches,
    by_branch,
    confidence,
    of_rest,
    origin_of,
    takes_all_the_rest,
    within,
)
from coopfx.language.readings import Reader, whose
from coopfx.language.scope import Declaration, Scope, Text
from coopfx.language.unsaid import Advice, Amiss

LOSSES = "losses_brought_forward"

_FIGURES = re.compile(r"\d+")

MOST_ACCOUNTS = 500
"""Among more accounts, names are made by a scheme, and being alike is no sign of a slip."""


@define(slots=False)
class Feeds:
    """Gathers the clauses that move money, with the accounts between which they move it."""

    texts: Sequence[Text]
    report: Report
    scope: Scope
    money: list[Placed] = Factory(list)
    feeds: dict[str, list[Feed]] = Factory(dict)
    takers: dict[str, list[int]] = Factory(dict)
    shares: dict[str, list[int]] = Factory(dict)
    readers: dict[str, list[tuple[int, Fraction | None]]] = Factory(dict)
    sources: dict[int, set[str]] = Factory(dict)
    draws: dict[int, Draw] = Factory(dict)
    opened: dict[int, set[str]] = Factory(dict)
    _amiss: list[Amiss] = Factory(list)
    silent: list[int] = Factory(list)
    """The clauses that do not say where a loss goes."""
    reader: Reader = Factory(lambda self: Reader(self.scope), takes_self=True)
    origins: Origins = Factory(
        lambda self: Origins(self.scope, self.report, self.reader), takes_self=True
    )

    # ---- the clauses in their places

    def placed(self) -> list[Placed]:
        """Every clause, with the article it stands in; misplaced ones are told (L507, L508)."""
        found = []
        numbers: dict[tuple[bool, str], Span] = {}
        for text in self.texts:
            article: ast.Article | None = None
            terms: dict[bool, ast.InForce] = {}
            if not text.is_statute:
                numbers = {}
            for clause in text.document.clauses:
                if isinstance(clause, ast.InForce) and text.law:
                    terms[article is not None] = clause
                elif isinstance(clause, ast.Article):
                    terms.pop(True, None)
                    # A law numbers its own articles; one that replaces another's has that one's number.
                    key = (text.is_statute or clause.replaces, clause.number)
                    if not clause.number:
                        self.report.tell("N214", clause.span)
                    elif key in numbers:
                        related = (numbers[key],)
                        self.report.tell("N206", clause.span, related=related, number=clause.number)
                    numbers[key] = clause.span
                    article = clause
                    continue
                self._tell_misplaced(clause, text)
                origin = origin_of(clause, article, text)
                found.append(Placed(clause, text, origin, tuple(terms.values())))
        return found

    def _tell_misplaced(self, clause: ast.Clause, text: Text) -> None:
        default = isinstance(clause, ast.Define | ast.Allocate) and clause.default
        stands = IN_LAW if default else STANDS[type(clause)]
        if text.is_statute and stands == IN_LAW:
            self.report.tell("L507", clause.span)
        elif not text.is_statute and stands == IN_STATUTE:
            self.report.tell("L508", clause.span)

    def gather(self, clauses: Sequence[Placed]) -> None:
        """Find out which clauses put money into each account, and which take it out."""
        for placed in self._in_force(clauses):
            match placed.clause:
                case ast.Allocate():
                    self._gather_allocation(placed, placed.clause)
                case ast.Share():
                    self._gather_share(placed, placed.clause)
                case ast.Pool(account=account, kept=kept):
                    self.money.append(placed)
                    part = self.reader.factor(kept, placed.text)
                    if part is not None and part > 1:
                        self.report.tell("M417", kept.span, total=part * 100, expected="")
                    self._feed(account, placed.text, Feed(len(self.money) - 1, "pooled"))
                case ast.Statute() | ast.Law() | ast.BasedOn() | ast.Currency() | ast.InForce():
                    pass
                case ast.SourceLine() | ast.Article() | ast.Record() | ast.Input() | ast.Group():
                    pass
                case ast.Account() | ast.Parameter() | ast.Define() | ast.Decide() | ast.SetAside():
                    pass
                case ast.Require() | ast.Permit() | ast.Scale() | ast.Indicator() | ast.Example():
                    pass
        # Only now is every account known that a clause declares by feeding it.
        self.reader.read_all()
        for number, placed in enumerate(self.money):
            if isinstance(placed.clause, ast.Allocate):
                self._lose(placed.clause, placed.text, number)
            match placed.clause:
                case ast.Allocate() | ast.Share() as clause:
                    self._take(clause, placed.text, number)
                case ast.Pool(figure=figure):
                    pooled = placed.text.words.canonical(figure.word)
                    self.readers.setdefault(pooled, []).append((number, Fraction(1)))
                case _:
                    pass
        advice = Advice(self.scope, self.report, self.reader, {*self.scope.accounts, *self.feeds})
        advice.tell_all(self._amiss)
        back = advice.tell_back(self.money, self.draws, self.feeds)
        self.silent = [number for number in self.silent if number not in back]
        self._tell_taken_twice()
        self._tell_sums()
        tell_mixed_books(self.money, self.feeds, self.management, self.scope, self.report)

    def _in_force(self, clauses: Sequence[Placed]) -> list[Placed]:
        """The clauses without the defaults in whose place the statute has its own; two are told (L511)."""
        own = {
            self.source_name(placed.clause.amount, placed.text)
            for placed in clauses
            if placed.text.is_statute and isinstance(placed.clause, ast.Allocate | ast.Share)
        }
        found, defaults = [], dict[str, Placed]()
        for placed in clauses:
            if isinstance(placed.clause, ast.Allocate) and placed.clause.default:
                name = self.source_name(placed.clause.amount, placed.text)
                if name in own:
                    continue
                first = defaults.setdefault(name, placed)
                if first is not placed:
                    self.report.tell(
                        "L511",
                        placed.clause.span,
                        related=(first.clause.span,),
                        name=Word(name),
                        laws=(first.text.law or "", placed.text.law or ""),
                    )
            found.append(placed)
        return found

    def source_name(self, amount: ast.Expression, text: Text) -> str:
        """The canonical name that an amount is written with; empty where it is a formula."""
        return text.words.canonical(amount.word) if isinstance(amount, ast.Name) else ""

    def _gather_allocation(self, placed: Placed, clause: ast.Allocate) -> None:
        self.money.append(placed)
        number = len(self.money) - 1
        record = self._record_of(clause.each, placed.text)
        items = [item for item in clause.items if not item.losses]
        losses = [item for item in clause.items if item.losses]
        for position, item in enumerate(items):
            self._receive(item.to, record, placed.text, Feed(number, "item", position))
            if item.until is not None and item.until.then is not None:
                feed = Feed(number, "overflow", position)
                self._receive(item.until.then, record, placed.text, feed)
            following = items[position + 1 : position + 2]
            if takes_all_the_rest(item) and following:
                self.report.tell("M409", following[0].span, related=(item.span,))
            elif of_rest(item) and following and of_rest(following[0]):
                self.report.tell("M413", following[0].span, related=(item.span,))
        for item in losses[1:]:
            self.report.tell("M411", item.span, related=(losses[0].span,))
        if losses:
            self._receive(losses[0].to, record, placed.text, Feed(number, "losses"))

    def _lose(self, clause: ast.Allocate, text: Text, number: int) -> None:
        """Take in, and tell (M410), where a loss goes of which a clause says nothing."""
        charged = clause.origin is not None and clause.origin.place is None
        said = charged or any(item.losses for item in clause.items)
        if not said and not self.reader.is_never_negative(clause.amount, text):
            self.feeds.setdefault(LOSSES, []).append(Feed(number, "losses"))
            self.silent.append(number)

    def _gather_share(self, placed: Placed, clause: ast.Share) -> None:
        self.money.append(placed)
        number = len(self.money) - 1
        record = self.scope.record_of(placed.text.words.canonical(clause.group.name.word))
        if clause.into is not None:
            self._receive(clause.into, record, placed.text, Feed(number, "into"))
            if clause.into.record is None:
                self.report.tell("M415", clause.into.span, name=clause.into.account.word)
        if clause.excess is not None:
            self._receive(clause.excess, None, placed.text, Feed(number, "excess"))

    def _record_of(self, each: ast.Name | None, text: Text) -> str | None:
        """The sort of record that a clause moves the money of each of, by its name or a group's."""
        if each is None:
            return None
        named = self.scope.record_named(each.word, text)
        return named or self.scope.record_of(text.words.canonical(each.word))

    def _receive(self, to: ast.Receiver, record: str | None, text: Text, feed: Feed) -> None:
        """Take in that an account receives money; told (M414, N208) where it cannot be whose it says."""
        account = text.words.canonical(to.account.word)
        owner = None if to.record is None else self.scope.record_named(to.record.word, text)
        if to.record is not None and owner is None:
            near = nearest(to.record.word, [text.words.word(name) for name in self.scope.records])
            self.report.tell("N208", to.record.span, name=to.record.word, nearest=near)
            return
        if owner is not None and owner != record:
            self.report.tell("M414", to.span, name=to.account.word, record=Word(owner))
            return
        if account in self.scope.accounts and self.scope.account_record(account) != owner:
            known_owner = self.scope.account_record(account)
            declared = self.scope.accounts[account]
            related = (declared.span,) if declared else ()
            code = "N218" if known_owner else "N219"
            whose = Word(known_owner or owner or "")
            self.report.tell(code, to.span, related=related, name=to.account.word, record=whose)
            return
        self._feed(to.account, text, feed, to.record)

    def _feed(self, name: ast.Name, text: Text, feed: Feed, record: ast.Name | None = None) -> None:
        account = text.words.canonical(name.word)
        if account in self.scope.figures:
            related = (self.scope.figures[account].span,)
            self.report.tell("N210", name.span, related=related, name=name.word)
            return
        if account not in self.scope.accounts:
            close = self._like(name.word, text)
            if close:
                self.report.tell("N211", name.span, name=name.word, nearest=close)
            self.scope.accounts[account] = (
                Declaration(ast.Account(name, record, span=name.span), text) if record else None
            )
        self.feeds.setdefault(account, []).append(feed)

    def _like(self, word: str, text: Text) -> str:
        """The known account that a new one may be a misspelling of: of a like place in the tree.

        One whose name differs in its figures alone, such as another year's, is meant to be another.
        """
        if len(self.scope.accounts) > MOST_ACCOUNTS:
            return ""
        branch, _, own = word.rpartition(".")
        letters = _FIGURES.sub("", word)
        words = {text.words.word(name) for name in self.scope.accounts}
        known = {name for name in words if _FIGURES.sub("", name) != letters}
        if branch not in known:
            near = nearest(word, sorted(name for name in known if bool(branch) == ("." in name)))
            return near if near and alike(word, near) else ""
        beside = {name.removeprefix(f"{branch}."): name for name in sorted(known)}
        return beside.get(nearest(own, [key for key, name in beside.items() if key != name]), "")

    # ---- what is taken out

    def _take(self, clause: ast.Allocate | ast.Share, text: Text, number: int) -> None:
        inside = self._record_of(clause.segment if isinstance(clause, ast.Share) else None, text)
        each = self._record_of(clause.each, text) if isinstance(clause, ast.Allocate) else None
        draw = self.origins.draw(clause, text, each, inside)
        unsaid = draw is UNSAID
        if draw is not None and draw.is_amiss:
            self._amiss.append(Amiss(clause, text, each or inside, draw))
            draw = THEIRS if draw.reading == OTHERS and clause.origin is None else ANYWHERE
        if draw is not None:
            self.draws[number] = draw
            if isinstance(clause, ast.Share) and draw.is_received:
                self.shares.setdefault(draw.name, []).append(number)
            if draw.kind == ACCOUNT:
                self.takers.setdefault(draw.name, []).append(number)
                if draw.record and isinstance(clause, ast.Share) and clause.excess is not None:
                    self.report.tell("M421", clause.excess.span, name=Word(draw.name))
        told = self.opened.setdefault(number, set())
        readings = self.reader.readings(clause.amount, text)
        if draw is not None and draw.reading == FROM:
            # What the amount reads is only measured; the money comes from elsewhere.
            readings = {f"{FROM} {draw.name}": None}
        for name, part in readings.items():
            if not unsaid:
                received = draw is not None and draw.kind == RECEIVED and " of " not in name
                key = f"{name} of {inside}" if inside is not None and received else name
                self.readers.setdefault(key, []).append((number, part))
            account = whose(name)
            if account not in self.scope.accounts:
                continue
            self.sources.setdefault(number, set()).add(account)
            declared = self.scope.indivisible(account)
            if declared is not None and account not in told:
                told.add(account)
                self._tell_opened(clause.amount.span, account, declared)
        if unsaid and not told:
            self._amiss.append(Amiss(clause, text, each or inside, UNSAID))

    def _tell_opened(self, span: Span, account: str, declared: Declaration) -> None:
        """Tell (M404) money out of an account that the statute or a law makes indivisible."""
        origin = origin_of(declared.clause, declared.article, declared.text)
        by = Said(
            "form.by_law",
            {
                "law": origin.law or "",
                "article": origin.article,
                "confidence": confidence(to_confirm=origin.to_confirm),
            },
        )
        self.report.tell(
            "M404",
            span,
            related=(declared.span,),
            account=Word(account),
            by=by if origin.law else "",
            law=origin.law or "",
            article=origin.article,
        )

    def shared_from(self, account: str) -> list[int]:
        """The clauses that split what came from an account, through whatever accounts and names."""
        takers, fed = dict[str, list[int]](), dict[int, list[str]]()
        for number, sources in self.sources.items():
            for source in sources:
                takers.setdefault(source, []).append(number)
        for name, feeds in self.feeds.items():
            for feed in feeds:
                fed.setdefault(feed.clause, []).append(name)
        reached, seen = set[int](), set[str]()
        waiting = [source for source in takers if within(source, account)] + [account]
        while waiting:
            for place in branches(waiting.pop()):
                if place not in seen:
                    seen.add(place)
                    found = [number for number in takers.get(place, ()) if number not in reached]
                    reached.update(found)
                    waiting += [name for number in found for name in fed.get(number, ())]
        return sorted(number for number in reached if self._gives_to_records(number))

    def _gives_to_records(self, number: int) -> bool:
        """Whether a clause splits money among records: a share, or a formula for each of them."""
        clause, draw = self.money[number].clause, self.draws.get(number)
        if isinstance(clause, ast.Share):
            return True
        by_formula = draw is not None and draw.kind == ACCOUNT and draw.record is None
        return isinstance(clause, ast.Allocate) and clause.each is not None and by_formula

    def source(self, amount: ast.Expression, text: Text) -> str | None:
        """The account that a clause empties; None where it shares out a figure.

        ``capital of person`` is an account where each person has one of their own.
        """
        match amount:
            case ast.Name(word):
                name = text.words.canonical(word)
                return name if name in self.scope.accounts else None
            case ast.NameOf(ast.Name(word)):
                name = text.words.canonical(word)
                return name if self.scope.account_record(name) else None
            case _:
                return None

    def conditional(self, number: int) -> bool:
        """Whether a clause moves money under a condition."""
        clause = self.money[number].clause
        return isinstance(clause, ast.Allocate | ast.Share) and clause.when is not None

    def alternatives(self) -> list[tuple[int, ...]]:
        """The clauses that give out the same money, each under a condition: one may hold at a time."""
        found = [
            tuple(number for number, _ in readers if self.conditional(number))
            for readers in self.readers.values()
        ]
        return list(dict.fromkeys(numbers for numbers in found if len(numbers) > 1))

    def _tell_taken_twice(self) -> None:
        """Tell money that several clauses give out: the same, or a whole and its part (M403, M406).

        Of clauses that each have a condition, a year tells whether two of them hold at once.
        """
        told: set[tuple[int, ...]] = set()
        for name, readers in self.readers.items():
            before: list[int] = []
            total, whole = Fraction(0), None
            for clause, part in readers:
                total += part or 0
                too_much = part is not None and (part >= 1 or total > 1)
                others = [whole] if whole is not None else before
                others = [
                    other
                    for other in others
                    if not (self.conditional(other) and self.conditional(clause))
                ]
                again = (clause, *others) in told
                if others and (whole is not None or too_much) and not again:
                    told.add((clause, *others))
                    related = tuple(self.money[other].clause.span for other in others)
                    span = self.money[clause].clause.span
                    self.report.tell("M403", span, related=related, account=Word(name))
                before.append(clause)
                if whole is None and part is not None and part >= 1:
                    whole = clause
        self._tell_received_elsewhere()

    def _tell_received_elsewhere(self) -> None:
        """Tell (M403) what is given out of what records received, where that went to their accounts."""
        for number, draw in self.draws.items():
            if draw.kind != RECEIVED:
                continue
            for other in self.shares.get(draw.name, ()):
                share = self.money[other].clause
                assert isinstance(share, ast.Share)
                group = self.money[other].text.words.canonical(share.group.name.word)
                if share.into is not None and self.scope.record_of(group) == draw.record:
                    span, related = self.money[number].clause.span, (share.span,)
                    self.report.tell("M403", span, related=related, account=Word(draw.name))

    def _tell_sums(self) -> None:
        """Tell (M406) money out of an account that is only the sum of its branches, unless M404 is told."""
        for account, numbers in self.takers.items():
            takers = [number for number in numbers if account not in self.opened[number]]
            below = self.below.get(account, ())
            if below and takers:
                given = [number for name in below for number in self.takers.get(name, ())]
                related = tuple(self.money[number].clause.span for number in given[:1])
                span, part = self.money[takers[0]].clause.span, Word(below[0])
                self.report.tell("M406", span, related=related, account=Word(account), part=part)

    @cached_property
    def below(self) -> dict[str, list[str]]:
        """The accounts that stand in each branch."""
        return by_branch([*self.scope.accounts, *self.feeds])

    @cached_property
    def management(self) -> frozenset[int]:
        """The clauses of the teams' own book: the pools, and what gives out the accounts they feed."""
        found = {
            feed.clause for feeds in self.feeds.values() for feed in feeds if feed.way == "pooled"
        }
        while True:
            managed = self._fed_in(found)
            more = {
                number
                for number, draw in self.draws.items()
                if draw.kind == ACCOUNT and draw.name in managed
            }
            if more <= found:
                return frozenset(found)
            found |= more

    @cached_property
    def managed(self) -> frozenset[str]:
        """The accounts of the teams' own book."""
        return self._fed_in(self.management)

    def _fed_in(self, clauses: Collection[int]) -> frozenset[str]:
        return frozenset(
            account
            for account, feeds in self.feeds.items()
            if any(feed.clause in clauses for feed in feeds)
        )
