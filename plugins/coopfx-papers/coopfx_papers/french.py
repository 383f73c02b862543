"""The ordinary meeting of a French cooperative: its items in their usual order, each with who votes how.

Which items there are follows the usage and the articles that the word files cite; whether this meeting
has one is a matter of the year's figures and of ``meeting.toml``, and never guessed.
"""

from collections.abc import Iterator
from datetime import date
from fractions import Fraction

from attrs import define, evolve

from coopfx.engine import outcome as out
from coopfx.ground.exact import Known
from coopfx_papers.agenda import Agenda, Item
from coopfx_papers.meeting import Entry, Meeting
from coopfx_papers.paper import Block, Column, Listing, Paragraph, Table

LAW = "fr.cooperation"
SCIC = "fr.scic"
SCOP = "fr.scop"
FORMS = ("SARL", "SA", "SAS")
_YEARS = 3
"""So many years of distributions article 243 bis of the tax code asks for."""


def is_french(results: out.Results) -> bool:
    """Whether the year is under French cooperative law."""
    return any(law.name in (LAW, SCOP, SCIC) for law in results.outcome.provenance.laws)


@define
class FrenchMeeting:
    """The items of the meeting of a year."""

    agenda: Agenda
    meeting: Meeting

    @property
    def form(self) -> str:
        """The legal form; empty where the year does not say one that the law knows."""
        form = self.fact("legal_form")
        return form if isinstance(form, str) and form in FORMS else ""

    @property
    def law(self) -> str:
        """The law that bounds the split: that of the Scop, or that of all cooperatives."""
        laws = {law.name for law in self.agenda.results.outcome.provenance.laws}
        return "scop" if SCOP in laws else "cooperation"

    def fact(self, name: str) -> Known | None:
        """What the year gives of a figure; None where it gives none."""
        return self.agenda.results.facts.figures.get(name)

    def items(self) -> Iterator[Item]:
        """All of them, in the usual order."""
        if not self.agenda.anonymous:
            yield from self._listed("candidates", "ordinary")
        yield self.agenda.accounts(self._costs())
        if self.meeting.discharge is not False:
            yield self._plain("discharge")
        for allocation, item in self.agenda.allocations(of_records=False):
            yield self._allocation(allocation, item)
        for share, item in self.agenda.shares():
            yield self._interest(share, item) if share.source == "share_interest" else item
        passed = list(self.agenda.allocations(of_records=True))
        for _, item in passed:
            yield evolve(item, condition=self.say("if_statute_says"))
        if not passed and self._something_is_shared():
            yield from self._asked("conversion", self.meeting.conversion)
        yield self._agreements()
        if not self.agenda.anonymous:
            yield from self._listed("exits", "noted")
            yield from self._listed("refunds", "ordinary")
        if not self.agenda.anonymous:
            yield self._capital()
            yield from self._listed("mandates", "managers")
        yield from self._revision()
        yield from self._asked("reviser", self.meeting.reviser)
        if any(law.name == SCIC for law in self.agenda.results.outcome.provenance.laws):
            yield self._plain("project")
        yield from self._asked("securities", self.meeting.participating_securities)
        yield from self.agenda.pools()
        yield from self.agenda.broken()
        yield self._plain("powers")

    def say(self, key: str, **arguments: str) -> str:
        """A sentence of the papers."""
        return self.agenda.speaker.say(key, **arguments)

    def _plain(self, key: str, majority: str = "ordinary") -> Item:
        """An item of one sentence."""
        title = self.say(f"{key}_title")
        self.agenda.blanks.where = title
        abstain = self.say("abstain_managers") if key == "discharge" else ""
        condition = self.say("by_usage") if key in ("discharge", "powers") else ""
        if key in ("securities", "project", "reviser"):
            condition = self.say(f"{key}_source")
        said = self.say(key, blank=self.agenda.blanks.gap(key) if _has_gap(key) else "")
        return Item(key, title, (Paragraph(said),), majority, condition, abstain)

    def _asked(self, key: str, wanted: bool | None) -> Iterator[Item]:
        """An item that the meeting has where it is said to."""
        if wanted is None:
            self.agenda.blanks.perhaps(key)
        elif wanted:
            yield self._plain(key)

    def _costs(self) -> str:
        costs = self.meeting.non_deductible
        if costs == 0:
            return self.say("costs_none")
        self.agenda.blanks.where = self.say("approve_title")
        amount = self.agenda.amount(costs) if costs else self.agenda.blanks.gap("costs")
        return self.say("costs", amount=amount)

    # ---- the allocation

    def _allocation(self, allocation: out.Allocation, item: Item) -> Item:
        """The allocation, ratified where it was decided before the accounts were drawn up."""
        before: list[Block] = []
        self.agenda.blanks.where = item.title
        split = self.fact("shared_before_closing")
        loss = isinstance(allocation.amount, Fraction) and allocation.amount <= 0
        if split is True and not loss:
            day = self.meeting.split_decided_on
            shown = self.agenda.speaker.words.date(day) if day else self.agenda.blanks.gap("split")
            before.append(Paragraph(self.say("ratify", day=shown)))
        elif split is None and self._may_have_agreement() and not loss:
            self.agenda.blanks.perhaps("ratify")
        condition = self.say("allocate_loss_source" if loss else f"allocate_source_{self.law}")
        return evolve(
            item, blocks=(*before, *item.blocks, *self._distributions()), condition=condition
        )

    def _may_have_agreement(self) -> bool:
        """Whether the work share may go by an agreement, which asks for a split before the accounts."""
        return self.law == "scop" and self.fact("profit_sharing_agreement") is not False

    def _distributions(self) -> Iterator[Block]:
        """What was paid on shares in the three years before (CGI 243 bis); what is not known is a blank."""
        speaker, results = self.agenda.speaker, self.agenda.results
        if self.agenda.anonymous:  # of an earlier year, nothing says how few received
            return
        closing = results.outcome.closing
        currency = results.outcome.currency
        known = {one.closing.year: one for one in results.before() if one.currency == currency}
        rows = []
        for year in range(closing.year - _YEARS, closing.year):
            paid = _interest(known[year]) if year in known else None
            shown = speaker.money(paid) if paid is not None else self.agenda.blanks.gap("before")
            nothing = speaker.money(paid) if paid == 0 else self.agenda.blanks.gap("eligible")
            rows.append((str(year), shown, nothing))
        heads = ("year", "interest_paid", "eligible")
        columns = tuple(Column(self.say(head), head != "year", 2) for head in heads)
        yield Paragraph(self.say("distributions"))
        yield Table(self.say("distributions_caption"), columns, tuple(rows))

    def _interest(self, share: out.Share, item: Item) -> Item:
        """Interest on shares: its rate, what it is counted on, when it is paid."""
        speaker, blanks = self.agenda.speaker, self.agenda.blanks
        blanks.where = item.title
        base = self.fact("share_capital")
        rate = counted = ""
        if isinstance(base, Fraction) and base > 0:
            counted = speaker.money(base)
            if isinstance(share.amount, Fraction):
                rate = speaker.words.percent(share.amount / base, 2)
        rate, counted = rate or blanks.gap("rate"), counted or blanks.gap("counted")
        paid = self.fact("share_interest_payment_date")
        day = speaker.words.date(paid) if isinstance(paid, date) else blanks.gap("payment")
        said = self.say("interest", rate=rate, counted=counted, day=day)
        blocks = (*item.blocks, Paragraph(said))
        source = self.say(f"interest_source_{self.law}")
        return evolve(item, blocks=blocks, condition=source)

    def _something_is_shared(self) -> bool:
        shares = self.agenda.results.outcome.shares
        return any(one.amount != 0 for one in shares if one.record == "person")

    # ---- agreements, members, capital, mandates

    def _agreements(self) -> Item:
        title = self.say("agreements_title")
        self.agenda.blanks.where = title
        found = self.meeting.agreements
        key = f"agreements_{self.form or 'any'}"
        body: list[Block] = [Paragraph(self.say(key))]
        if found == ():
            body.append(Paragraph(self.say("agreements_none")))
        elif found and not self.agenda.anonymous:
            body.append(Listing(tuple(self._line(one) for one in found)))
        else:
            gap = self.agenda.blanks.gap("agreements")
            body.append(Paragraph(self.say("agreements_blank", blank=gap)))
        abstain = self.say(f"abstain_agreements_{self.form or 'any'}")
        return Item("agreements", title, tuple(body), abstain=abstain)

    def _listed(self, key: str, majority: str) -> Iterator[Item]:
        """An item about some people, where the meeting's file names them."""
        found: tuple[Entry, ...] | None = getattr(self.meeting, key)
        if found is None:
            self.agenda.blanks.perhaps(key)
        if not found:
            return
        title = self.say(f"{key}_title")
        self.agenda.blanks.where = title
        lines = Listing(tuple(self._line(one) for one in found))
        body: list[Block] = [Paragraph(self.say(key)), lines]
        if key == "refunds":
            early = any(one.early is not False for one in found)
            body.append(Paragraph(self.say("refunds_early" if early else "refunds_due")))
        of_statute = key == "refunds" or self.law != "scop"  # the law of Scops says the others
        condition = self.say("by_statute" if of_statute else f"{key}_source")
        yield Item(key, title, tuple(body), majority, condition)

    def _line(self, one: Entry) -> str:
        """An entry with all that is known of it."""
        speaker = self.agenda.speaker
        name = self.agenda.results.name(one.who)
        parts = [name, one.ground, speaker.words.date(one.on) if one.on else ""]
        parts += [speaker.money(one.amount) if one.amount is not None else ""]
        parts += [self.say("until", until=one.until) if one.until else ""]
        return ", ".join(part for part in parts if part)

    def _capital(self) -> Item:
        title = self.say("capital_title")
        blanks = self.agenda.blanks
        blanks.where = title
        rows = []
        for key, value in (
            ("capital_opening", self.meeting.capital_opening),
            ("capital_subscribed", self.meeting.capital_subscribed),
            ("capital_refunded", self.fact("shares_refunded")),
            ("capital_closing", self.fact("share_capital")),
            ("capital_highest", self.fact("highest_share_capital")),
        ):
            known = isinstance(value, Fraction)
            rows.append((self.say(key), self.agenda.amount(value) if known else blanks.gap(key)))
        columns = (Column(self.say("capital"), width=5), Column(self.say("amount"), True, 3))
        table = Table(self.say("capital_caption"), columns, tuple(rows))
        said = Paragraph(self.say("capital_noted"))
        return Item("capital", title, (said, table), "noted", self.say("capital_source"))

    def _revision(self) -> Iterator[Item]:
        """The report of the cooperative audit, where there was one in the year."""
        years = self.fact("years_since_audit")
        if not isinstance(years, Fraction):
            self.agenda.blanks.perhaps("revision")
        elif years <= 1:
            item = self._plain("revision", "noted")
            yield evolve(item, condition=self.say("revision_source"))


def _has_gap(key: str) -> bool:
    return key in ("conversion", "reviser", "securities", "revision")


def _interest(year: out.Outcome) -> Fraction | None:
    """What a year put to interest on shares; None where that is not known."""
    found = [one.added for one in year.accounts if one.name == "share_interest"]
    if not found:
        return Fraction(0)
    return found[0] if isinstance(found[0], Fraction) else None
