"""The resolutions that the meeting votes, and its minutes: what the year says, and blanks for the rest.

The resolutions go out with the call to the meeting. The minutes have the same texts, with room for who was
there, for each vote and for the signatures: a result stands nowhere before it was voted.
"""

from collections.abc import Iterator
from fractions import Fraction

from attrs import define

from coopfx.engine import outcome as out
from coopfx.ground.words import Words
from coopfx_papers import markdown
from coopfx_papers.agenda import GAP, Agenda, Blanks, Item
from coopfx_papers.french import FrenchMeeting, is_french
from coopfx_papers.meeting import Identity, Meeting, identity_of, meeting_of
from coopfx_papers.minutes import OtherMinutes
from coopfx_papers.paper import Block, Column, Heading, Listing, Paper, Paragraph, Table
from coopfx_papers.said import Speaker

_PROXIES = 20
"""A proxy more for so many members (law 78-763, art. 14)."""
_QUORUM = 5
"""Of an SA, one vote in so many makes the quorum on the first call (C. com. L225-98)."""


def text(results: out.Results, words: Words, *, anonymous: bool = False) -> str:
    """The resolutions in Markdown; ``anonymous`` ones show no few people."""
    return markdown.text(paper(results, words, anonymous=anonymous))


def paper(results: out.Results, words: Words, *, anonymous: bool = False) -> Paper:
    """The draft of the resolutions, each with its majority; what is still to be filled in, at the end."""
    return _Papers.of(results, words, anonymous).resolutions()


def minutes(results: out.Results, words: Words) -> Paper:
    """The minutes before the meeting: who is there, what is voted and who signs are blanks."""
    return _Papers.of(results, words, anonymous=False).minutes()


@define
class _Papers:
    results: out.Results
    speaker: Speaker
    meeting: Meeting
    identity: Identity
    blanks: Blanks
    items: tuple[Item, ...]
    form: str
    law: str
    anonymous: bool

    @classmethod
    def of(cls, results: out.Results, words: Words, anonymous: bool) -> "_Papers":
        speaker = Speaker(words, results.outcome.currency)
        meeting, identity = meeting_of(results), identity_of(results)
        blanks = Blanks(speaker)
        agenda = Agenda(results, speaker, blanks, anonymous)
        form = law = ""
        if is_french(results):
            asked = FrenchMeeting(agenda, meeting)
            items, form, law = tuple(asked.items()), asked.form, asked.law
        else:
            items = tuple(_plain(agenda))
        return cls(results, speaker, meeting, identity, blanks, items, form, law, anonymous)

    # ---- the two papers

    def resolutions(self) -> Paper:
        say = self.speaker.say
        blocks: list[Block] = [*self._agenda()]
        if self.law:
            blocks += [Heading(say("how_voted")), *self._rules_of_voting()]
        for number, item in enumerate(self.items, 1):
            blocks += [*self._resolution(number, item)]
        blocks += self._open()
        return self._paper("resolutions", blocks)

    def minutes(self) -> Paper:
        say, gap = self.speaker.say, self.blanks.gap
        if not self.law:
            made = OtherMinutes(
                self.results,
                self.speaker,
                self.meeting,
                self.identity,
                self.blanks,
                self._members(),
            )
            found = made.blocks(self._agenda(), self.items, self._resolution, self._votes)
            return self._paper("minutes", [*found, *self._open(votes=True)])
        self.blanks.where = say("minutes_frame")
        blocks: list[Block] = [
            Paragraph(self._opening()),
            *self._agenda(),
            Heading(say("attendance")),
            *self._attendance(),
            Heading(say("documents")),
            Paragraph(say("documents_said")),
            Heading(say("debate")),
            Paragraph(gap("debate")),
        ]
        for number, item in enumerate(self.items, 1):
            blocks += [*self._resolution(number, item), self._votes(number)]
        self.blanks.where = say("minutes_frame")
        key = f"signed_{self.form}" if self.form else "signed"
        blocks += [
            Heading(say("closed_meeting")),
            Paragraph(say("closed_at", hour=gap("end"))),
            Paragraph(say(key)),
            self._signatures(),
        ]
        blocks += self._open(votes=True)
        return self._paper("minutes", blocks)

    def _paper(self, key: str, blocks: list[Block]) -> Paper:
        say, identity = self.speaker.say, self.identity
        date = self.speaker.words.date(self.results.outcome.closing)
        parts = (identity.name, identity.form, identity.number, identity.seat)
        below = " – ".join(part for part in parts if part)
        above = say("meeting", name=identity.name, date=date)
        language = self.speaker.words.language
        return Paper(say(key), language, above, below, say("page_of"), tuple(blocks))

    def _agenda(self) -> tuple[Block, ...]:
        titles = tuple(item.title for item in self.items)
        return Heading(self.speaker.say("agenda")), Listing(titles, numbered=True)

    # ---- a resolution

    def _resolution(self, number: int, item: Item) -> Iterator[Block]:
        say = self.speaker.say
        yield Heading(item.title, 2, number, say("resolution_n", number="{number}"))
        yield from item.blocks
        notes = [item.condition]
        if self.law:
            form = self.form or "any"
            key = item.majority if item.majority == "noted" else f"{item.majority}_{form}"
            notes.append(say(f"majority_{key}"))
        elif item.majority == "noted":
            notes.append(say("majority_noted"))
        notes.append(item.abstain)
        said = " ".join(note for note in notes if note)
        if said:
            yield Paragraph(said, "note")

    def _votes(self, number: int) -> Table:
        """Room for the votes, by college where members vote so."""
        say = self.speaker.say
        rows = [(name, GAP, GAP, GAP, GAP) for name in self._colleges()]
        whole = say("votes_weighted" if rows else "votes_all")
        rows.append((whole, GAP, GAP, GAP, GAP))
        heads = ("votes", "for", "against", "abstentions", "result_of_vote")
        columns = tuple(Column(say(head), width=3 if head == "votes" else 2) for head in heads)
        return Table(say("votes_caption", number=number), columns, tuple(rows))

    def _colleges(self) -> list[str]:
        """The colleges by which members vote: by name where the year has them, else as many as it says."""
        if self.results.facts.figures.get("voting_colleges") is False:
            return []
        table = self.results.facts.tables.get("college")
        if table and table.ids:
            return [self.speaker.begin(self.results.name(one, "college")) for one in table.ids]
        count = self.results.facts.figures.get("number_of_colleges")
        number = int(count) if isinstance(count, Fraction) else 0
        return [self.speaker.say("college_n", number=at) for at in range(1, number + 1)]

    # ---- how the meeting is held

    def _members(self) -> tuple[str, ...]:
        return tuple(one for one, is_one in self.results.of("person", "member").items() if is_one)

    def _rules_of_voting(self) -> Iterator[Block]:
        """The quorum, the majorities and the proxies of the form, with how many members there are."""
        say, form = self.speaker.say, self.form or "any"
        members = len(self._members())
        lines = [say(f"rule_quorum_{form}"), say(f"rule_majority_{form}")]
        if members and not self.anonymous and not self._colleges():
            lines.append(say("rule_votes", count=members))
            if self.law == "scop":
                lines.append(say("rule_proxies", count=max(1, members // _PROXIES)))
            if form == "SA":
                lines.append(say("rule_quorum_count", count=-(-members // _QUORUM)))
        if self._colleges():
            lines.append(say("rule_colleges", count=len(self._colleges())))
        yield Listing(tuple(lines))

    def _opening(self) -> str:
        """Where, when and by whom the meeting was called and is held."""
        say, meeting, gap = self.speaker.say, self.meeting, self.blanks.gap
        day = self.results.facts.figures.get("meeting_date") or meeting.day
        date = self.speaker.words.date
        return say(
            "opened",
            name=self.identity.name,
            day=self.speaker.words.show(day) if day else gap("day"),
            hour=meeting.hour or gap("hour"),
            place=meeting.place or gap("place"),
            convened_by=meeting.convened_by or gap("convened_by"),
            convened_on=date(meeting.convened_on) if meeting.convened_on else gap("convened_on"),
            chair=meeting.chair or gap("chair"),
            secretary=meeting.secretary or gap("secretary"),
        )

    def _attendance(self) -> Iterator[Block]:
        """How many are there and how many it takes; of an SARL, each member with their shares."""
        say, gap, meeting = self.speaker.say, self.blanks.gap, self.meeting
        members = self._members()
        whole = str(len(members)) if members else gap("members")
        if self.form == "SARL":
            quorum = say("quorum_none")
        elif self.form == "SA" and members:
            quorum = str(-(-len(members) // _QUORUM))
        else:
            quorum = gap("quorum")
        there = (meeting.present, meeting.represented)
        shown = [
            str(count) if count is not None else gap(key)
            for count, key in zip(there, ("present", "represented"), strict=True)
        ]
        voting = sum(there) if None not in there else None  # type: ignore[arg-type]
        rows = [
            (say("members"), whole),
            (say("present"), shown[0]),
            (say("represented"), shown[1]),
            (say("votes_there"), str(voting) if voting is not None else gap("votes_there")),
            (say("quorum"), quorum),
            (say("tellers"), gap("tellers")),
        ]
        columns = (Column(say("attendance"), width=3), Column(say("number"), width=3))
        yield Table(say("attendance_caption"), columns, tuple(rows))
        if self.form != "SARL" or not members:
            yield Paragraph(say("sheet_annexed"))
            return
        held = self.results.of("person", "shares_held")
        listed = [
            (
                self.results.name(one),
                self.speaker.money(amount)
                if isinstance(amount := held.get(one), Fraction)
                else GAP,
                GAP,
                GAP,
            )
            for one in members
        ]
        heads = ("member", "shares", "there", "represented_by")
        named = tuple(Column(say(head), head == "shares", 3) for head in heads)
        self.blanks.gap("list")
        yield Table(say("list_caption"), named, tuple(listed))

    def _signatures(self) -> Table:
        say = self.speaker.say
        keys = ("chair", "secretary", "tellers") if self.form == "SA" else ("managers", "chair")
        rows = tuple((say(f"signature_{key}"), GAP, GAP) for key in keys)
        heads = ("capacity", "full_name", "signature")
        columns = tuple(Column(say(head), width=2) for head in heads)
        return Table(say("signatures_caption"), columns, rows)

    # ---- what is still to be filled in

    def _open(self, *, votes: bool = False) -> Iterator[Block]:
        """The blanks, one by one, and what may yet be for the agenda."""
        say = self.speaker.say
        lines = [say("blank_line", where=where, what=what) for where, what in self.blanks.found]
        if votes:
            lines.append(say("blank_votes"))
        lines += self.blanks.unsure.values()
        if lines:
            yield Heading(say("to_fill"))
            yield Paragraph(say("to_fill_said"))
            yield Listing(tuple(lines), numbered=True)


def _plain(agenda: Agenda) -> Iterator[Item]:
    """The items of a year whose law asks for no others: what a meeting decides of its accounts."""
    yield agenda.accounts()
    yield from (item for _, item in agenda.allocations(of_records=False))
    yield from (item for _, item in agenda.shares())
    yield from (item for _, item in agenda.allocations(of_records=True))
    yield from agenda.pools()
    yield from agenda.broken()
