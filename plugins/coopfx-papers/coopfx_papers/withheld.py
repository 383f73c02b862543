"""What is withheld of a person's gross sum, and how and when it is paid: as far as the year tells it.

Rates come from the law's text, by the day of payment. Where the year does not say what they rest on, the
paper says that it is not known. Contributions on pay are known to nothing here: no net of them is made up.
"""

from collections.abc import Iterator
from datetime import date
from fractions import Fraction

from attrs import frozen

from coopfx.engine import outcome as out
from coopfx.ground.exact import Known, round_to
from coopfx_papers.french import SCOP, is_french
from coopfx_papers.meeting import Meeting
from coopfx_papers.said import Speaker

_CENT = Fraction(1, 100)
_CEILING = f"{SCOP}.rights_within_the_ceiling"
_BEYOND = (out.VIOLATED, out.UNDETERMINED, out.SET_ASIDE)


@frozen
class Withheld:
    """What a year tells of what is withheld."""

    results: out.Results
    speaker: Speaker
    meeting: Meeting

    def lines(self, received: list[tuple[out.Share, Fraction]]) -> Iterator[str]:
        """A sentence for each sum that a person receives, and on which day it was or will be decided."""
        say = self.speaker.say
        for share, part in received:
            if part:
                said = self._said(share, part)
                yield say("withheld", share=self._named(share), said=said)
        if not is_french(self.results):
            return
        decided = self._fact("meeting_date") or self.meeting.day
        if isinstance(decided, date):
            yield say("decided_on", day=self.speaker.words.date(decided))
        else:
            yield say("not_decided")

    def _named(self, share: out.Share) -> str:
        return self.speaker.begin(self.speaker.given_out(share))

    def _said(self, share: out.Share, part: Fraction) -> str:
        french = is_french(self.results)
        if french and share.source == "share_interest":
            return f"{self._interest(part)} {self._paid('share_interest_payment_date', 'paid_by')}"
        laws = {law.name for law in self.results.outcome.provenance.laws}
        if share.source == "work_share" and SCOP in laws:
            return (
                f"{self._work(share, part)} {self._paid('work_share_payment_date', 'paid_unknown')}"
            )
        return self.speaker.say("withheld_any", gross=self.speaker.money(part))

    def _paid(self, fact: str, otherwise: str) -> str:
        """The day of payment, or that it is not known."""
        day = self._fact(fact)
        if isinstance(day, date):
            return self.speaker.say("paid_on", day=self.speaker.words.date(day))
        return self.speaker.say(otherwise)

    def _work(self, share: out.Share, part: Fraction) -> str:
        """The work share: pay, unless an agreement makes profit sharing of it."""
        say, gross = self.speaker.say, self.speaker.money(part)
        agreement = self._fact("profit_sharing_agreement")
        if agreement is None:
            return say("withheld_agreement_unknown", gross=gross)
        if agreement is False:
            return say("withheld_pay", gross=gross)
        rate = self._rate("rate_of_levies_on_profit_sharing")
        if self._fact("profit_sharing_reserve") != share.amount or self._beyond_ceiling():
            return say("withheld_partly", gross=gross)
        if rate is None:
            return say("withheld_rate_unknown", gross=gross)
        levy = round_to(rate * part, _CENT)
        shown = {
            "gross": gross,
            "rate": self.speaker.words.percent(rate),
            "levy": self.speaker.money(levy),
            "net": self.speaker.money(part - levy),
        }
        if self._fact("sharing_kept_in_the_company") is not True:
            return say("withheld_paid", **shown)
        day = self.meeting.blocked_until
        until = say("blocked_by_agreement")
        if day is not None:
            until = say("blocked_until", day=self.speaker.words.date(day))
        return say("withheld_blocked", until=until, **shown)

    def _beyond_ceiling(self) -> bool:
        """Whether somebody's rights exceed the ceiling, or may: contributions would be due on them."""
        found = [item for item in self.results.outcome.verdicts if item.rule == _CEILING]
        return any(item.status in _BEYOND for item in found)

    def _interest(self, part: Fraction) -> str:
        """Interest on shares: levies that the company withholds as it pays."""
        say, money = self.speaker.say, self.speaker.money
        social = self._rate("social_rate_of_share_interest")
        tax = self._rate("tax_rate_of_share_interest")
        if social is None or tax is None:
            return say("withheld_interest_unknown", gross=money(part))
        levy, advance = round_to(social * part, _CENT), round_to(tax * part, _CENT)
        return say(
            "withheld_interest",
            gross=money(part),
            social=self.speaker.words.percent(social),
            levy=money(levy),
            tax=self.speaker.words.percent(tax),
            advance=money(advance),
            net=money(part - levy - advance),
            waived=money(part - levy),
        )

    def _rate(self, name: str) -> Fraction | None:
        found = [one.value for one in self.results.outcome.values if one.name == name]
        return found[0] if found and isinstance(found[0], Fraction) else None

    def _fact(self, name: str) -> Known | None:
        return self.results.facts.figures.get(name)
