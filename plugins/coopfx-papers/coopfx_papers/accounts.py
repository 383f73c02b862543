"""The cooperative's accounts, and the teams' book, as the report shows them."""

from collections.abc import Iterator
from fractions import Fraction

from attrs import frozen

from coopfx.engine import outcome as out
from coopfx.extending import LEAST, hidden
from coopfx.ground.exact import Value, negative, plus, total
from coopfx_papers import charts
from coopfx_papers.paper import INDENT, Block, Column, Heading, Table
from coopfx_papers.said import Speaker
from coopfx_papers.where import Drawn

_TEAMS = 110
"""How thick the flows of the teams' book are drawn."""


@frozen
class Books:
    """The accounts of a year; ``unseen`` ones are not shown, nor are few people's teams."""

    results: out.Results
    speaker: Speaker
    anonymous: bool
    unseen: frozenset[str]

    def pools(self) -> Iterator[Block]:
        """The teams' results, what they keep and what they put together."""
        say, money = self.speaker.say, self.speaker.money
        drawn = Drawn(self.results, self.speaker, self.unseen)
        for number, pool in enumerate(self.results.outcome.pools):
            if not number:
                yield Heading(say("pools"))
                if not self.anonymous:
                    yield from drawn.drawing(_TEAMS, management=True)
            unseen = (
                hidden([self._size(team) for team, _, _ in pool.parts])
                if self.anonymous
                else frozenset()
            )
            rows: list[tuple[str, ...]] = []
            known: list[tuple[Fraction, str]] = []
            places = []
            for place, (team, had, kept) in enumerate(pool.parts):
                if place in unseen:
                    continue
                name = self.results.name(team, "team")
                if self.anonymous:
                    name = say("team_n", number=place + 1)
                given = plus(had, negative(kept))
                rows.append((name, money(had), money(kept), money(given)))
                if isinstance(had, Fraction):
                    known.append((had, charts.LOSS if had < 0 else charts.WORK))
                    places.append(len(rows) - 1)
            if unseen:
                count = len(unseen)
                rows.append((say("others", count=count), *(say("group_hidden"),) * 3))
            values = [(had, kept) for _, had, kept in pool.parts]
            if not (self.anonymous and sum(self._size(team) for team, _, _ in pool.parts) < LEAST):
                whole, stayed = (total(value[at] for value in values) for at in (0, 1))
                rows.append((say("total"), money(whole), money(stayed), money(pool.pooled)))
            title = self.speaker.begin(
                self.speaker.words.phrase("report.pool", figure=self.speaker.label(pool.figure))
            )
            if pool.article:
                title = self.speaker.words.phrase(
                    "report.placed", title=title, article=pool.article
                )
            columns = (
                Column(say("team"), width=4),
                Column(say("result"), True, 2, bars=True),
                *(Column(say(head), True, 2) for head in ("kept", "pooled")),
            )
            marks = {len(rows) - 1: "total"} if rows and rows[-1][0] == say("total") else {}
            bars = dict(zip(places, charts.bars(known), strict=True))
            yield Table(title, columns, tuple(rows), marks, bars)

    def _size(self, team: str) -> int:
        """How many people a team has: those that the data put in it; where they put none, what it says."""
        teams = self.results.of("person", "team")
        if teams:
            return sum(value == team for value in teams.values())
        said = self.results.of("team", "headcount").get(team)
        return int(said) if isinstance(said, Fraction) else 0

    def accounts(self) -> Iterator[Block]:
        """The balances of all accounts that hold anything or were moved."""
        say, money = self.speaker.say, self.speaker.money
        there = [
            item
            for item in self.results.outcome.accounts
            if not item.management
            # What is not known to be nothing may be something; of an opening balance that says little.
            and (item.added != 0 or item.taken != 0 or _moved(item.opening))
        ]
        rows = [
            (
                self._branch(item.name, {one.name for one in there}),
                *(
                    say("group_hidden") if item.name in self.unseen else money(at)
                    for at in (item.opening, item.added, item.taken, item.closing)
                ),
            )
            for item in _under_one_another(there)
        ]
        if rows:
            yield Heading(say("reserves_head"))
            heads = ("opening", "added", "taken", "closing")
            columns = (
                Column(say("account"), width=4),
                *(Column(say(head), True, 3) for head in heads),
            )
            yield Table(say("reserves_caption"), columns, tuple(rows))

    def _branch(self, name: str, there: set[str]) -> str:
        """What an account is called in a table; a branch below what it branches from, and moved in."""
        above = name.rpartition(".")[0]
        if above not in there:
            return self.speaker.begin(self.speaker.label(name))
        return INDENT * name.count(".") + self.speaker.begin(self.speaker.label(name, branch=True))


def _under_one_another(accounts: list[out.AccountYear]) -> list[out.AccountYear]:
    """Accounts in their order, each with its branches right below it."""
    names = {item.name for item in accounts}
    tops = [item for item in accounts if item.name.rpartition(".")[0] not in names]

    def below(top: out.AccountYear) -> Iterator[out.AccountYear]:
        yield top
        for item in accounts:
            if item.name.rpartition(".")[0] == top.name:
                yield from below(item)

    return [item for top in tops for item in below(top)]


def _moved(value: Value) -> bool:
    return isinstance(value, Fraction) and value != 0
