"""What a meeting votes on: one item after the other, from the outcome of the year.

An item says what the year's figures say and no more. What they do not say is a blank in it, told again at
the end of the paper; an item of which not even that is known, whether the meeting has it at all, is told
there too.
"""

from collections.abc import Iterator
from fractions import Fraction

from attrs import Factory, define, frozen

from coopfx.engine import outcome as out
from coopfx.extending import rule_label
from coopfx_papers.anonymous import hidden_of, is_shown
from coopfx_papers.paper import Block, Column, Listing, Paragraph, Table
from coopfx_papers.said import Speaker
from coopfx_papers.where import first_of, is_nothing

GAP = "……………"
"""The room that a blank leaves."""


@frozen
class Item:
    """A point of the agenda: its title, what is decided, and how.

    ``majority`` is the sort of majority: ``ordinary``, ``managers``, or ``noted`` where the meeting only
    takes note. ``condition`` says why it is on the agenda, ``abstain`` who does not vote.
    """

    key: str
    title: str
    blocks: tuple[Block, ...]
    majority: str = "ordinary"
    condition: str = ""
    abstain: str = ""


@define
class Blanks:
    """The blanks of a paper, each with where it stands; and what may yet be for the agenda."""

    speaker: Speaker
    found: list[tuple[str, str]] = Factory(list)
    unsure: dict[str, str] = Factory(dict)
    where: str = ""

    def gap(self, key: str) -> str:
        """A blank for what a sentence of the papers names, told at the end of the paper."""
        said = (self.where, self.speaker.say(f"blank_{key}"))
        if said not in self.found:
            self.found.append(said)
        return GAP

    def perhaps(self, key: str) -> None:
        """An item of which the year does not say whether the meeting has it."""
        self.unsure[key] = self.speaker.say(f"perhaps_{key}")


@define
class Agenda:
    """The items that follow from any law's year."""

    results: out.Results
    speaker: Speaker
    blanks: Blanks
    anonymous: bool = False

    def accounts(self, costs: str = "") -> Item:
        """The approval of the accounts; ``costs`` is what the law asks to be said of costs."""
        say = self.speaker.say
        outcome = self.results.outcome
        date = self.speaker.words.date(outcome.closing)
        first = first_of(outcome)
        amount = first.amount if first else None
        self.blanks.where = say("approve_title")
        if first is None or not isinstance(amount, Fraction):
            said = say("approve_unknown", date=date, amount=self.blanks.gap("result"))
        elif amount < 0:
            said = say("approve_loss", date=date, amount=self.speaker.money(-amount))
        else:
            key = "approve_gain" + ("_surplus" if first.source == "surplus" else "")
            source = self.speaker.given_out(first)
            said = say(key, date=date, source=source, amount=self.speaker.money(amount))
        more = (Paragraph(costs),) if costs else ()
        return Item("accounts", say("approve_title"), (Paragraph(said), *more))

    def allocations(self, *, of_records: bool) -> Iterator[tuple[out.Allocation, Item]]:
        """What is allocated by the cooperative, or what its people pass on of what they received."""
        outcome = self.results.outcome
        few = hidden_of(self.results) if self.anonymous else frozenset()
        for item in outcome.allocations:
            if not item.held or (item.record is not None) is not of_records:
                continue
            if is_shown(item, few) and not (of_records and is_nothing(item)):
                yield item, self._allocation(item)

    def _allocation(self, item: out.Allocation) -> Item:
        say, label = self.speaker.say, self.speaker.label
        source = self.speaker.given_out(item)
        loss = item.record is None and isinstance(item.amount, Fraction) and item.amount < 0
        of_surplus = item.source == "surplus"
        title = (
            say("allocate_loss_title")
            if loss
            else say("allocate_title_surplus")
            if of_surplus
            else self.speaker.titled("allocate", item)
        )
        self.blanks.where = title
        if is_nothing(item):
            said = say("allocate_nothing" + ("_surplus" if of_surplus else ""), source=source)
            return Item(f"allocate:{item.source}", title, (Paragraph(said),))
        key = "allocate_loss" if loss else "allocate_surplus" if of_surplus else "allocate"
        key = "allocate_records" if item.record and item.article else key
        key += "" if item.article else "_bare"
        whole = self.amount(item.amount, loss=loss)
        said = say(key, article=item.article, amount=whole, source=source)
        body: list[Block] = [] if item.record or loss else list(self._decided())
        sums = {name: value for name, value in item.by_account.items() if value != 0}
        rows = [
            (
                self.speaker.begin(label(name)),
                self._rate(value, item.amount),
                self.amount(value, loss=loss),
            )
            for name, value in sums.items()
        ]
        rows.append((say("total"), "", whole))
        columns = (
            Column(say("account"), width=5),
            Column(say("rate"), True, 2),
            Column(say("amount"), True, 3),
        )
        body += [Paragraph(said), Table(title, columns, tuple(rows), {len(rows) - 1: "total"})]
        return Item(f"allocate:{item.source}", title, tuple(body))

    def amount(self, value: object, *, loss: bool = False) -> str:
        """An amount; a blank where it is not known."""
        if not isinstance(value, Fraction):
            return self.blanks.gap("amount")
        return self.speaker.money(-value if loss else value)

    def _rate(self, part: object, whole: object) -> str:
        if not (isinstance(part, Fraction) and isinstance(whole, Fraction)) or whole == 0:
            return ""
        return self.speaker.words.percent(part / whole, 2)

    def _decided(self) -> Iterator[Block]:
        """The rates that the meeting votes, each as the year gives it, or as the statute has it without."""
        say, outcome = self.speaker.say, self.results.outcome
        own = {item.rule for item in outcome.verdicts if item.law is None}
        lines = []
        for figure in outcome.values:
            if figure.name not in own or figure.type.unit or isinstance(figure.value, bool):
                continue
            name = self.speaker.begin(self.speaker.label(figure.name))
            if not isinstance(figure.value, Fraction):
                lines.append(say("rate_decided", name=name, rate=self.blanks.gap("rate")))
                continue
            given = figure.name in self.results.facts.figures
            rate = self.speaker.words.percent(figure.value, 4)
            lines.append(say("rate_decided" if given else "rate_otherwise", name=name, rate=rate))
        if lines:
            yield Paragraph(say("rates_decided"))
            yield Listing(tuple(lines))

    def shares(self) -> Iterator[tuple[out.Share, Item]]:
        """What is shared among people, also where how much, or among how many, is not known."""
        say, money, label = self.speaker.say, self.speaker.money, self.speaker.label
        for share in self.results.outcome.shares:
            if share.amount == 0 or share.parts == ():
                continue
            source = self.speaker.given_out(share)
            of_interest = share.source == "share_interest"
            title = say("interest_title") if of_interest else self.speaker.titled("share", share)
            self.blanks.where = title
            said = say(
                "share_anonymous" if self.anonymous or share.parts is None else "share",
                article=share.article,
                amount=self.amount(share.amount),
                source=source,
                count=sum(part != 0 for _, part in share.parts or ()),
                group=label(share.group),
            )
            body: list[Block] = [Paragraph(said)]
            if isinstance(share.undistributed, Fraction) and share.undistributed:
                body.append(Paragraph(say("share_left", amount=money(share.undistributed))))
            if isinstance(share.excess, Fraction) and share.excess and not self.anonymous:
                account = label(share.excess_account or "")
                excess = say("share_excess", amount=money(share.excess), account=account)
                body.append(Paragraph(excess))
            yield share, Item(f"share:{share.source}", title, tuple(body))

    def pools(self) -> Iterator[Item]:
        """What is put together: noted, since the statute decides it."""
        say, label = self.speaker.say, self.speaker.label
        for pool in self.results.outcome.pools:
            title = say("pool_title", figure=label(pool.figure))
            self.blanks.where = title
            amount, account = self.amount(pool.pooled), label(pool.account)
            said = say("pool", article=pool.article, amount=amount, account=account)
            yield Item(f"pool:{pool.figure}", title, (Paragraph(said),), "noted")

    def broken(self) -> Iterator[Item]:
        """The rules that are not kept."""
        say = self.speaker.say
        found = [
            item
            for item in self.results.outcome.verdicts
            if item.binding and item.status == out.VIOLATED
        ]
        if found:
            listed = Listing(tuple(cited(item, self.speaker) for item in found))
            body = (Paragraph(say("violated_note")), listed)
            yield Item("broken", say("violated_title"), body, "noted")


def cited(item: out.Verdict, speaker: Speaker) -> str:
    """A rule with where it is written."""
    title = speaker.begin(rule_label(item, speaker.words))
    where = item.reference or (speaker.say("article", article=item.article) if item.article else "")
    return f"{title} ({where})" if where else title
