"""The accounts as nodes: what clauses put into each and take out of it, and its balances.

An account is read as the sum of what clauses put into it, so whatever reads it comes after all of
them. An account of records has a value of each at every node.
"""

from abc import abstractmethod
from fractions import Fraction
from functools import cached_property

from attrs import Factory, define

from coopfx.ground.figure import OPENING, Figure
from coopfx.ground.report import Word
from coopfx.ground.source import Span
from coopfx.language import ast, ir
from coopfx.language.flows import Feeds
from coopfx.language.from_ast import Lowering
from coopfx.language.origins import ACCOUNT
from coopfx.language.placed import Feed, parents, within


@define(slots=False)
class Books(Feeds):
    """Compiles the accounts."""

    balances: dict[tuple[str, str], int | None] = Factory(dict)
    lowering: Lowering = Factory(
        lambda self: Lowering(
            self.scope,
            self.report,
            balance=self.balance,
            received=self.received,
            receivers=self.receivers,
            above=self.above,
        ),
        takes_self=True,
    )

    @cached_property
    def _branch(self) -> dict[str, list[str]]:
        """The accounts of each account's branch, itself among them, once all clauses are gathered."""
        found: dict[str, list[str]] = {}
        for name in dict.fromkeys((*self.scope.accounts, *self.feeds)):
            for account in (name, *parents(name)):
                found.setdefault(account, []).append(name)
        return found

    @cached_property
    def _fed_by(self) -> dict[int, list[tuple[str, Feed]]]:
        """What each clause feeds, and how, once all clauses are gathered."""
        found: dict[int, list[tuple[str, Feed]]] = {}
        for account, feeds in self.feeds.items():
            for feed in feeds:
                found.setdefault(feed.clause, []).append((account, feed))
        return found

    @abstractmethod
    def above(self, account: str, span: Span) -> int | None:
        """The node of what an account has received down to the line that is being compiled."""

    @abstractmethod
    def compile(self, number: int) -> int | None:
        """The node of a clause that moves money."""

    def emit_sum(
        self, account: str, at: str, parts: tuple[int, ...], less: tuple[int, ...] = ()
    ) -> int:
        """The node of a balance that is a sum of others."""
        record = self.scope.account_record(account)
        type_ = self.lowering.money()
        low = self.floor(account) if at == OPENING and not parts else None
        made = ir.Balance(account, at, parts, less, low, type=type_, record=record)
        return self.lowering.emit(made)

    def floor(self, account: str) -> Fraction | None:
        """Below what an account never is, by the texts; None where they do not say."""
        losses = any(feed.way == "losses" for feed in self.feeds.get(account, ()))
        return self.lowering.declared.floor(account, self.lowering.money(), losses=losses)

    # ---- balances

    def balance(self, account: str, at: str, span: Span) -> int | None:
        """The node of an account's balance at ``opening`` or ``closing``, or of what the year has
        ``added`` or ``taken``."""
        if at == OPENING:
            return self.opening(account)
        if at == "all":
            added = self.balance(account, "added", span)
            if added is None:
                return None
            return self.emit_sum(account, "all", (self.opening(account), added))
        if (account, at) in self.balances:
            return self.balances[account, at]
        key = account if at == "added" else f"{at} {account}"
        if self.lowering.refused(key, span):
            return None
        self.lowering.path.append((key, span))
        index = self._balance(account, at, span)
        self.lowering.path.pop()
        self.balances[account, at] = index
        return index

    def _balance(self, account: str, at: str, span: Span) -> int | None:
        if at == "added":
            parts = self.parts(account, len(self.money))
            return None if parts is None else self.emit_sum(account, "added", parts)
        if at == "taken":
            return self._taken(account)
        added, taken = self.balance(account, "added", span), self.balance(account, "taken", span)
        if added is None or taken is None:
            return None
        return self.emit_sum(account, "closing", (self.opening(account), added), (taken,))

    def opening(self, account: str) -> int:
        """An account's opening balance: given by the data, or the sum of its branches'."""
        record = self.scope.account_record(account)
        branches = tuple(
            self.opening(name)
            for name in self._branch.get(account, ())
            if name != account
            and "." not in name[len(account) + 1 :]
            and self.scope.account_record(name) == record
        )
        if record is None or branches:
            return self.emit_sum(account, OPENING, branches)
        figure = Figure(account, side=OPENING)
        low = self.floor(account)
        given = self.lowering.declared.other_year(figure, self.lowering.money(), record, low)
        index = self.lowering.emit(given)
        self.lowering.names.setdefault(index, figure.key)
        return index

    # ---- what goes in

    def parts(
        self, account: str, before: int, without: frozenset[int] = frozenset()
    ) -> tuple[int, ...] | None:
        """The nodes of what clauses before a number put into an account's branch from outside it.

        Some clauses may be left out.
        """
        owner = self.scope.account_record(account)
        found = []
        for name in self._branch.get(account, ()):
            if self.scope.account_record(name) != owner:
                continue
            for feed in self.feeds.get(name, ()):
                source = self.taken_from(feed.clause)
                if (
                    feed.clause >= before
                    or feed.clause in without
                    or (source is not None and within(source, account))
                ):
                    continue
                part = self._part(feed, owner)
                if part is None:
                    return None
                found.append((feed.clause, feed.way == "losses", feed.item, feed.way, part))
        return tuple(part for *_, part in sorted(found))

    def taken_from(self, number: int) -> str | None:
        """The account that a clause takes its money from; None where it takes it from elsewhere."""
        draw = self.draws.get(number)
        return draw.name if draw is not None and draw.kind == ACCOUNT else None

    def _part(self, feed: Feed, owner: str | None) -> int | None:
        """The node of what a clause puts into an account, of the cooperative or of each ``owner``."""
        clause = self.compile(feed.clause)
        if clause is None:
            return None
        part = self.moved_to(clause, feed)
        node = self.lowering.nodes[clause]
        if not isinstance(node, ir.Allocate) or node.record is None or owner is not None:
            return part
        assert node.group is not None, "an allocation of records has a group"
        return self.lowering.emit(ir.Aggregate("sum", part, node.group, type=self.lowering.money()))

    def moved_to(self, clause: int, feed: Feed) -> int:
        """The node of what the node of a clause puts into an account, of each record where it has one."""
        emit, type_ = self.lowering.emit, self.lowering.money()
        if feed.way == "pooled":
            return emit(ir.Pooled(clause, type=type_))
        if feed.way == "excess":
            return emit(ir.Excess(clause, type=type_))
        if feed.way == "into":
            return clause
        node = self.lowering.nodes[clause]
        assert isinstance(node, ir.Allocate), "only an allocation has items"
        item = None if feed.way == "losses" else feed.item
        over = feed.way == "overflow"
        return emit(ir.Part(clause, item, over, type=type_, record=node.record))

    def fed_by(self, number: int) -> list[tuple[str, Feed]]:
        """The accounts that a clause feeds, and how."""
        return self._fed_by.get(number, [])

    # ---- what goes out

    def _taken(self, account: str) -> int | None:
        """What clauses take out of an account's branch, but for what they move inside it."""
        owner = self.scope.account_record(account)
        parts: list[int] = []
        back: list[int] = []
        for name in self._branch.get(account, ()):
            for number in self.takers.get(name, ()):
                node = self.compile(number)
                if node is None:
                    return None
                feeds = self._fed_by.get(number, ())
                made = self.lowering.nodes[node]
                if isinstance(made, ir.Split):
                    parts.append(self._paid(node, made, owner))
                    stays = [feed for target, feed in feeds if within(target, account)]
                    kept = [self._part(feed, owner) for feed in stays if feed.way == "excess"]
                    back += [part for part in kept if part is not None]
                    continue
                leaves = [feed for target, feed in feeds if not within(target, account)]
                taken = [self._part(feed, owner) for feed in leaves]
                if None in taken:
                    return None
                parts += [part for part in taken if part is not None]
        return self.emit_sum(account, "taken", tuple(parts), tuple(back))

    def _paid(self, node: int, made: ir.Split, owner: str | None) -> int:
        """What a share pays out of an account: of each record's own, inside which it shares, what its
        own receive."""
        emit, type_ = self.lowering.emit, self.lowering.money()
        if owner is None:
            return emit(ir.Paid(node, type=type_))
        assert made.segment is not None, "records' own accounts are shared inside each of them"
        return emit(ir.Aggregate("sum", node, made.group, made.segment, type=type_, record=owner))

    # ---- what each record received

    def receivers(self, account: str) -> list[str]:
        """The sorts of record among which clauses share an account."""
        found = []
        for number in self.shares.get(account, ()):
            clause, text = self.money[number].clause, self.money[number].text
            assert isinstance(clause, ast.Share)
            found.append(self.lowering.record_of(clause.group, text))
        return [one for one in found if one is not None]

    def received(self, account: str, owner: str, span: Span) -> int | None:
        """The node of what each record received from an account; told (N212) where none shares it."""
        found: list[int] = []
        for number in self.shares.get(account, ()):
            clause, text = self.money[number].clause, self.money[number].text
            assert isinstance(clause, ast.Share)
            if self.lowering.record_of(clause.group, text) != owner:
                continue
            key = f"{account} of {owner}"
            if self.lowering.refused(key, span):
                return None
            self.lowering.path.append((key, span))
            node = self.compile(number)
            self.lowering.path.pop()
            if node is None:
                return None
            found.append(node)
        if not found:
            record = Word(owner)
            # A share that does not say its origin may be the one: that is told alone.
            if not any(isinstance(one.clause, ast.Share) for one in self._amiss):
                self.report.tell("N212", span, account=Word(account), record=record)
            return None
        if len(found) == 1:
            return found[0]
        type_ = self.lowering.money()
        return self.lowering.emit(ir.Op("add", tuple(found), type=type_, record=owner))

    def nodes_of(self, account: str, span: Span) -> ir.AccountNodes | None:
        """The nodes of an account's balances."""
        opening, added, taken, closing = (
            self.balance(account, at, span) for at in ("opening", "added", "taken", "closing")
        )
        if opening is None or added is None or taken is None or closing is None:
            return None
        management = account in self.managed
        indivisible = self.scope.indivisible(account) is not None
        record = self.scope.account_record(account)
        return ir.AccountNodes(opening, added, taken, closing, indivisible, management, record)
