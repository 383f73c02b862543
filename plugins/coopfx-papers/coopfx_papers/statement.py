"""A member's statement: their gross part, what is withheld, how it is paid, and how it is worked out."""

import re
from collections.abc import Iterable, Iterator
from fractions import Fraction
from hashlib import sha256
from unicodedata import normalize

from attrs import evolve, frozen

from coopfx.engine.outcome import OF_CHARGES, Explanation, Outcome, Results, Share
from coopfx.extending import explained, paragraphs
from coopfx.ground.exact import Missing, Undefined, Value
from coopfx.ground.words import Words
from coopfx_papers.french import is_french
from coopfx_papers.meeting import Identity, identity_of, meeting_of
from coopfx_papers.paper import (
    Block,
    Column,
    Heading,
    KeyFigure,
    KeyFigures,
    Listing,
    Paper,
    Paragraph,
    Steps,
    Table,
)
from coopfx_papers.said import Speaker
from coopfx_papers.where import last_year
from coopfx_papers.withheld import Withheld

PERSON = "person"
_OF_LAWS = ("explain.rule", "explain.permitted")
# Names of devices on some systems, with whatever ending: no file can be called so there.
_RESERVED = re.compile(r"(?:con|prn|aux|nul|(?:com|lpt)[0-9¹²³])(?=\.|$)", re.IGNORECASE)


def papers(results: Results, words: Words) -> Iterator[tuple[str, Paper]]:
    """The statement of every person, with the name of its file (without its ending)."""
    made = Statements.of(results, Speaker(words, results.outcome.currency))
    names = file_names(people(results))
    for identifier, name in names.items():
        yield name, made.paper(identifier)


def paper(results: Results, speaker: Speaker, identifier: str) -> Paper:
    """The statement of one person."""
    return Statements.of(results, speaker).paper(identifier)


def people(results: Results) -> tuple[str, ...]:
    """Everyone whom the year's data speak of."""
    table = results.facts.tables.get(PERSON)
    return table.ids if table else ()


def file_names(identifiers: tuple[str, ...]) -> dict[str, str]:
    """A safe name of a file for each identifier, and no two that a disk may take for one.

    >>> file_names(("p001", "../p001", "P001"))
    {'p001': 'p001', '../p001': 'p001-1c0e03f4', 'P001': 'P001-df1e4005'}
    """
    found: dict[str, str] = {}
    taken: set[str] = set()
    for identifier in identifiers:
        name = re.sub(r"[^\w.-]+", "-", identifier).strip("-")[:60]
        safe = name and name == identifier and not name.startswith(".") and not name.endswith(".")
        if not safe or _RESERVED.match(name) or _on_disk(name) in taken:
            mark = sha256(identifier.encode()).hexdigest()[:8]
            base = _RESERVED.sub(r"person-\g<0>", name.strip(".-") or "person")
            name = f"{base}-{mark}"
        taken.add(_on_disk(name))
        found[identifier] = name
    return found


def _on_disk(name: str) -> str:
    """What a disk may take a name for: some fold capitals, and some part letters from their accents."""
    return normalize("NFC", normalize("NFC", name).casefold())


@frozen
class Statements:
    """What the statements of a year have in common."""

    results: Results
    speaker: Speaker
    withheld: Withheld
    identity: Identity
    last: Outcome | None

    @classmethod
    def of(cls, results: Results, speaker: Speaker) -> "Statements":
        """Of a year, with the year right before it where the policy has that."""
        withheld = Withheld(results, speaker, meeting_of(results))
        return cls(results, speaker, withheld, identity_of(results), last_year(results))

    def paper(self, identifier: str) -> Paper:
        """The statement of one person."""
        outcome, say = self.results.outcome, self.speaker.say
        name = self.results.name(identifier)
        received = [
            (share, _part(share, identifier)) for share in outcome.shares if _concerns(share)
        ]
        total = _sum(part for _, part in received)
        before = self._before(received, identifier)
        date = self.speaker.words.date(outcome.closing)
        key = "gross_note" if total is not None else "gross_unknown"
        figures = [KeyFigure(say("gross_part"), self.speaker.money(total), say(key, date=date))]
        if before is not None and self.last is not None:
            note = say("last_year_note", year=str(self.last.closing.year))
            past = self.speaker.money(_sum(before))
            figures.append(KeyFigure(say("last_year"), past, note))
        blocks: list[Block] = [KeyFigures(tuple(figures))]
        if received:
            blocks.append(self._table(received, total, before))
        blocks += self._withheld(received)
        own = tuple(self._accounts(identifier))
        if own:
            heads = ("account", "opening", "added", "taken", "closing")
            columns = tuple(Column(say(head), head != "account") for head in heads)
            blocks.append(Table(say("your_account"), columns, own))
        steps = tuple(self._told(received, identifier, name))
        if steps:
            blocks += [Heading(say("how")), Steps(steps)]
        if not received and not own:
            blocks.append(Paragraph(say("nothing_shared")))
        company = " – ".join(one for one in (self.identity.name, self.identity.number) if one)
        below = say("below_statement", name=company, id=identifier)
        if is_french(self.results):
            below += f". {say('for_information')}"
        return Paper(
            say("statement_of", name=name),
            self.speaker.words.language,
            say("closed", name=self.identity.name, date=date),
            below,
            say("page_of"),
            tuple(blocks),
            single=True,
        )

    def _before(
        self, received: list[tuple[Share, Value | None]], identifier: str
    ) -> list[Value | None] | None:
        """What a person received of each source in the year before; None where nothing is known of it."""
        if self.last is None:
            return None
        shares = {share.source: share for share in self.last.shares if share.record == PERSON}
        if not any(identifier in dict(share.parts or ()) for share in shares.values()):
            return None
        return [
            _part(shares[share.source], identifier) if share.source in shares else Fraction(0)
            for share, _ in received
        ]

    def _table(
        self,
        received: list[tuple[Share, Value | None]],
        total: Value | None,
        before: list[Value | None] | None,
    ) -> Table:
        say, money = self.speaker.say, self.speaker.money
        rows = [
            (
                self.speaker.begin(self.speaker.given_out(share)),
                share.article,
                money(share.amount),
                "–" if share.parts is None else str(len(share.parts)),
                *(() if before is None else (money(before[at]),)),
                money(part),
            )
            for at, (share, part) in enumerate(received)
        ]
        marks = {}
        if len(rows) > 1:
            marks[len(rows)] = "total"
            past = () if before is None else (money(_sum(before)),)
            rows.append((say("total"), "", "", "", *past, money(total)))
        columns = [
            Column(say("what"), width=3),
            Column(say("article_head"), width=1),
            Column(say("amount_shared"), figures=True, width=3),
            Column(say("among"), figures=True, width=2),
            Column(say("your_part"), figures=True, width=3),
        ]
        if before is not None:
            columns.insert(4, Column(say("last_year"), figures=True, width=3))
        return Table(say("parts_caption"), tuple(columns), tuple(rows), marks)

    def _withheld(self, received: list[tuple[Share, Value | None]]) -> Iterator[Block]:
        known = [(share, part) for share, part in received if isinstance(part, Fraction) and part]
        lines = tuple(self.withheld.lines(known)) if known else ()
        if lines:
            yield Heading(self.speaker.say("withheld_head"))
            yield Listing(lines)

    def _accounts(self, identifier: str) -> Iterator[tuple[str, ...]]:
        """A row for each account that the person has of their own."""
        for account in self.results.outcome.accounts:
            for row in account.rows if account.record == PERSON else ():
                if row.record == identifier:
                    label = self.speaker.begin(self.speaker.label(account.name))
                    figures = (row.opening, row.added, row.taken, row.closing)
                    yield (label, *map(self.speaker.money, figures))

    def _told(
        self, received: list[tuple[Share, Value | None]], identifier: str, name: str
    ) -> Iterator[tuple[int, str, str]]:
        """How each part is worked out, as it is read aloud; what laws say of it is in the report."""
        for source in dict.fromkeys(share.source for share, _ in received):
            found = self.results.explain(source or OF_CHARGES, identifier)
            if found is None:
                continue
            said = explained(_without_laws(found), {identifier: name})
            told = paragraphs(said, self.speaker.words, lines=False)
            for place, text in enumerate(told):
                # A sentence begins with a capital, an identifier stays as the data have it.
                begun = self.speaker.begin(name)
                kept = name + text[len(begun) :] if text.startswith(begun) else text
                yield min(place, 1), kept, ""


def _sum(parts: Iterable[Value | None]) -> Value | None:
    """What parts come to; None where one of them is not known."""
    found = list(parts)
    known = [part for part in found if isinstance(part, Fraction)]
    return sum(known, Fraction(0)) if len(known) == len(found) else None


def _concerns(share: Share) -> bool:
    """Whether people receive from a share, and it is one of the year."""
    return share.record == PERSON and (
        share.parts is None or bool(share.parts) or share.amount != 0
    )


def _part(share: Share, identifier: str) -> Value | None:
    if share.parts is None:
        unknown = isinstance(share.amount, Missing | Undefined)
        return share.amount if unknown else Undefined("condition")
    return dict(share.parts).get(identifier, Fraction(0))


def _without_laws(step: Explanation) -> Explanation:
    """An explanation without what the laws say of it."""
    steps = tuple(_without_laws(one) for one in step.steps if not one.how.startswith(_OF_LAWS))
    return evolve(step, steps=steps)
