"""A member's statement: what one person receives, from which article, and how it is worked out."""

import re
from collections.abc import Iterator
from fractions import Fraction
from hashlib import sha256
from unicodedata import normalize

from coopfx.engine.outcome import OF_CHARGES, Explanation, Results, Share
from coopfx.ground.exact import Missing, Undefined, Value
from coopfx.ground.words import Words
from coopfx_papers.paper import (
    Block,
    Column,
    Heading,
    KeyFigure,
    KeyFigures,
    Paper,
    Paragraph,
    Steps,
    Table,
)
from coopfx_papers.said import Speaker

PERSON = "person"
# Names of devices on some systems, with whatever ending: no file can be called so there.
_RESERVED = re.compile(r"(?:con|prn|aux|nul|(?:com|lpt)[0-9¹²³])(?=\.|$)", re.IGNORECASE)


def papers(results: Results, words: Words) -> Iterator[tuple[str, Paper]]:
    """The statement of every person, with the name of its file (without its ending)."""
    speaker = Speaker(words, results.outcome.currency)
    names = file_names(people(results))
    for identifier, name in names.items():
        yield name, paper(results, speaker, identifier)


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


def paper(results: Results, speaker: Speaker, identifier: str) -> Paper:
    """The statement of one person."""
    outcome, say = results.outcome, speaker.say
    name = results.name(identifier)
    names = {identifier: name}
    received = [(share, _part(share, identifier)) for share in outcome.shares if _concerns(share)]
    known = [part for _, part in received if isinstance(part, Fraction)]
    total: Value | None = sum(known, Fraction(0)) if len(known) == len(received) else None
    date = speaker.words.date(outcome.closing)
    blocks: list[Block] = [
        KeyFigures(
            (KeyFigure(say("you_receive"), speaker.money(total), _note(speaker, total, date)),)
        )
    ]
    if received:
        blocks.append(_table(speaker, received, total))
    own = [
        (account, row)
        for account in outcome.accounts
        if account.record == PERSON
        for row in account.rows
        if row.record == identifier
    ]
    if own:
        rows = tuple(
            (
                speaker.begin(speaker.label(account.name)),
                *(speaker.money(at) for at in (row.opening, row.added, row.taken, row.closing)),
            )
            for account, row in own
        )
        heads = ("account", "opening", "added", "taken", "closing")
        columns = tuple(Column(say(head), head != "account") for head in heads)
        blocks.append(Table(say("your_account"), columns, rows))
    steps = tuple(_steps(results, speaker, received, identifier, names))
    if steps:
        blocks += [Heading(say("how")), Steps(steps)]
    if not received and not own:
        blocks.append(Paragraph(say("nothing_shared")))
    title = say("statement_of", name=name)
    return Paper(
        title,
        speaker.words.language,
        say("closed", name=outcome.cooperative, date=date),
        say("below_statement", name=outcome.cooperative, id=identifier),
        say("page_of"),
        tuple(blocks),
        single=True,
    )


def _note(speaker: Speaker, total: Value | None, date: str) -> str:
    return speaker.say("for_year" if total is not None else "total_unknown", date=date)


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


def _table(
    speaker: Speaker, received: list[tuple[Share, Value | None]], total: Value | None
) -> Table:
    say = speaker.say
    rows = [
        (
            speaker.begin(speaker.given_out(share)),
            share.article,
            speaker.money(share.amount),
            "–" if share.parts is None else str(len(share.parts)),
            speaker.money(part),
        )
        for share, part in received
    ]
    marks = {}
    if len(rows) > 1:
        marks[len(rows)] = "total"
        rows.append((say("total"), "", "", "", speaker.money(total)))
    columns = (
        Column(say("what"), width=3),
        Column(say("article_head"), width=1),
        Column(say("amount_shared"), figures=True, width=3),
        Column(say("among"), figures=True, width=2),
        Column(say("your_part"), figures=True, width=3),
    )
    return Table(say("parts_caption"), columns, tuple(rows), marks)


def _steps(
    results: Results,
    speaker: Speaker,
    received: list[tuple[Share, Value | None]],
    identifier: str,
    names: dict[str, str],
) -> Iterator[tuple[int, str, str]]:
    """The calculation of each part: all of its steps, the rules of the law without their own."""
    for source in dict.fromkeys(share.source for share, _ in received):
        found = results.explain(source or OF_CHARGES, identifier)
        if found is not None:
            yield from flat(found, speaker, names, 0)


def flat(
    step: Explanation, speaker: Speaker, names: dict[str, str], depth: int, above: str = ""
) -> Iterator[tuple[int, str, str]]:
    """A step and those behind it, each with its depth and, unless the step above has it, its article."""
    text = speaker.explanation(step, names)
    named = any(text.startswith(name) for name in names.values())
    place = speaker.place(step)
    yield depth, text if named else speaker.begin(text), "" if place == above else place
    for inner in step.steps:
        if inner.how.startswith("explain.rule"):
            continue
        yield from flat(inner, speaker, names, depth + 1, place or above)
