"""The minutes of a cooperative that is not French: what the article on minutes of its law asks for.

Under a law whose article is not known here they have the resolutions, the votes and who presided, and
claim no more.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from fractions import Fraction

from attrs import define

from coopfx.engine import outcome as out
from coopfx.ground.exact import Known
from coopfx_papers.agenda import GAP, Blanks, Item
from coopfx_papers.meeting import Identity, Meeting
from coopfx_papers.paper import Block, Column, Heading, Paragraph, Table
from coopfx_papers.said import Speaker

_LAWS = {"es.cooperativas": "es", "es.euskadi": "pv", "it.cooperative": "it"}
_LISTED = ("es", "it")
"""Where the minutes themselves have who is there, by name."""
_SIGNED = {
    "es": ("chair", "named", "named", "secretary"),
    "pv": ("chair", "named", "named", "secretary"),
    "it": ("chair", "secretary"),
}


def kind_of(results: out.Results) -> str:
    """Whose article on minutes a year is under; empty where none is known."""
    found = [_LAWS.get(law.name, "") for law in results.outcome.provenance.laws]
    kind = next(filter(None, found), "")
    # The article is of companies by shares: a cooperative under the rules of the S.r.l. has another.
    figures: Mapping[str, Known] = results.facts.figures
    return "" if kind == "it" and figures.get("rules_of_the_srl") is not False else kind


@define
class OtherMinutes:
    """What stands around the resolutions in the minutes of a year."""

    results: out.Results
    speaker: Speaker
    meeting: Meeting
    identity: Identity
    blanks: Blanks
    members: tuple[str, ...]

    def blocks(
        self,
        agenda: Iterable[Block],
        items: Iterable[Item],
        resolution: Callable[[int, Item], Iterable[Block]],
        votes: Callable[[int], Table],
    ) -> Iterator[Block]:
        """All of them, with the agenda and each resolution where they belong."""
        say, gap, kind = self.speaker.say, self.blanks.gap, kind_of(self.results)
        self.blanks.where = say("minutes_frame")
        yield Paragraph(self._held(kind))
        if kind == "pv":
            yield Paragraph(say("notice_pv", notice=gap("notice")))
        yield from agenda
        yield Heading(say("attendance"))
        yield from self._there(kind)
        if kind:
            yield Heading(say("debate"))
            yield Paragraph(say(f"debate_{kind}"))
            yield Paragraph(gap("debate"))
        for number, item in enumerate(items, 1):
            yield from (*resolution(number, item), votes(number))
            if kind in ("it", "pv"):
                self.blanks.where = say("minutes_frame")
                yield Paragraph(say(f"voters_{kind}", voters=gap(f"voters_{kind}")))
        yield Heading(say("closed_meeting"))
        yield Paragraph(say(f"signed_{kind}" if kind else "signed"))
        yield self._signatures(kind)

    def _held(self, kind: str) -> str:
        """When, where and, as far as its article asks for that, on which call the meeting was held."""
        say, meeting, gap, show = (
            self.speaker.say,
            self.meeting,
            self.blanks.gap,
            self.speaker.words,
        )
        day = self.results.facts.figures.get("meeting_date") or meeting.day
        asked: dict[str, Callable[[], str]] = {
            "day": lambda: show.show(day) if day else gap("day"),
            "hour": lambda: meeting.hour or gap("hour"),
            "place": lambda: meeting.place or gap("place"),
            "call": lambda: gap("call"),
            "by": lambda: meeting.convened_by or gap("convened_by"),
            "on": lambda: (
                show.date(meeting.convened_on) if meeting.convened_on else gap("convened_on")
            ),
            "chair": lambda: meeting.chair or gap("chair"),
            "secretary": lambda: meeting.secretary or gap("secretary"),
        }
        sentence = f"papers.held_{kind or 'any'}"
        written = self.speaker.words.phrases[sentence]
        shown = {key: made() for key, made in asked.items() if f"{{{key}}}" in written}
        return say(sentence.removeprefix("papers."), name=self.identity.name, **shown)

    def _there(self, kind: str) -> Iterator[Block]:
        say, gap, meeting = self.speaker.say, self.blanks.gap, self.meeting
        there = (meeting.present, meeting.represented)
        shown = [
            str(count) if count is not None else gap(key)
            for count, key in zip(there, ("present", "represented"), strict=True)
        ]
        rows = [
            (say("members"), str(len(self.members)) if self.members else gap("members")),
            (say("present"), shown[0]),
            (say("represented"), shown[1]),
        ]
        columns = (Column(say("attendance"), width=3), Column(say("number"), width=3))
        yield Table(say("attendance_counted"), columns, tuple(rows))
        if kind in ("es", "pv"):
            yield Paragraph(say(f"quorum_{kind}", quorum=gap("quorum_there")))
        if kind == "pv":
            yield Paragraph(say("annex_pv"))
        if kind in _LISTED and self.members:
            yield self._list(kind)

    def _list(self, kind: str) -> Table:
        """Each member, with room for who is there; of Italian ones with the capital of each."""
        say = self.speaker.say
        held = self.results.of("person", "shares_held") if kind == "it" else {}
        heads = ["member", *(["shares"] if kind == "it" else []), "there", "represented_by"]
        rows = []
        for one in self.members:
            amount = held.get(one)
            capital = self.speaker.money(amount) if isinstance(amount, Fraction) else GAP
            rows.append((self.results.name(one), *([capital] if kind == "it" else []), GAP, GAP))
        self.blanks.gap("list")
        columns = tuple(Column(say(head), head == "shares", 3) for head in heads)
        return Table(say(f"list_{kind}"), columns, tuple(rows))

    def _signatures(self, kind: str) -> Table:
        say = self.speaker.say
        keys = _SIGNED.get(kind, ("chair", "secretary"))
        rows = tuple((say(f"signature_{key}"), GAP, GAP) for key in keys)
        heads = ("capacity", "full_name", "signature")
        return Table(
            say("signatures_caption"), tuple(Column(say(head), width=2) for head in heads), rows
        )
