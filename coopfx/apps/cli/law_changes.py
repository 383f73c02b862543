"""``coopfx laws --changes``: what changes in laws, by article, and which verdicts of a year it turns."""

import sys
from collections.abc import Iterable
from datetime import date
from pathlib import Path
from typing import Any, NoReturn

import click
from attrs import frozen

from coopfx import pipeline
from coopfx.apps.cli.common import UNUSABLE, Session, style_of
from coopfx.desk.policy import Policy
from coopfx.desk.years import Year
from coopfx.formats.json import plain
from coopfx.formats.terminal import Style, safe, wrapped
from coopfx.ground.report import Diagnostic, Said, Word
from coopfx.ground.words import Words
from coopfx.laws.book import LawBook, open_law, words_of_law
from coopfx.laws.changes import (
    ADDED,
    CHANGED,
    CONFIDENCE,
    PARAMETER,
    Change,
    LawChanges,
    between_days,
    between_versions,
)
from coopfx.laws.other_version import OtherVersion, other_version
from coopfx.laws.turned import YearUnderBoth, under_both_days, under_both_versions

SCHEMA = "coopfx.changes/1"


@frozen(slots=True)
class Asked:
    """What is compared: the laws, from when or which version on, until when, for which policy's year."""

    name: str | None
    since: str
    until: str | None
    policy: str | None
    year: str | None


@frozen(slots=True)
class _Found:
    laws: tuple[LawChanges, ...]
    words: dict[str, Words]
    """How each of these laws is spoken of."""
    year: YearUnderBoth | None
    heading: Said
    gone: tuple[str, ...] = ()


def show_changes(asked: Asked, session: Session, form: str) -> NoReturn:
    """Print what changes, for people or for programs, and end."""
    opened = session.open(asked.policy) if asked.policy else None
    if asked.policy and opened is None:
        session.tell()
        session.end()
    since = _day(asked.since)
    other = None if since else other_version(Path(asked.since), session.world)
    if since is None and other is None:
        session.report.tell("P945", None, given=asked.since)
    until = _day(asked.until) if asked.until else date.max
    if asked.until and (since is None or until is None or until <= since):
        session.report.tell("P946", None, until=asked.until, since=asked.since)
    if session.report.failed:
        session.tell()
        raise SystemExit(UNUSABLE)
    if since is not None and until is not None:
        found = _of_days(asked, since, until, opened, session)
    else:
        assert other is not None, "told above"
        found = _of_versions(asked, other, opened, session)
    if form == "json":
        session.show_json(_data(found, asked))
    else:
        click.echo("\n".join(_lines(found, session, style_of(sys.stdout))))
    session.tell()
    session.end()


def _day(written: str) -> date | None:
    try:
        return date.fromisoformat(written)
    except ValueError:
        return None


def _of_days(
    asked: Asked, since: date, until: date, policy: Policy | None, session: Session
) -> _Found:
    year = _evaluated(asked, policy, session)
    books = _books(asked, year.statute.program.laws if year else session.world.laws, session)
    words = _spoken(books, session)
    key = "changes.since" if until == date.max else "changes.between"
    return _Found(
        tuple(between_days(book, since, until) for book in books),
        words,
        under_both_days(year, since, until, words, session.world) if year else None,
        Said(key, {"since": since, "until": until}),
    )


def _of_versions(
    asked: Asked, other: OtherVersion, policy: Policy | None, session: Session
) -> _Found:
    year = _evaluated(asked, policy, session)
    books = _books(asked, (*other.laws, *other.new), session)
    words, laws = _spoken(books, session), []
    for new in books:
        old = open_law(new.name, other.world, session.report) if new.name in other.laws else None
        if old is not None:
            laws.append(between_versions(old, new))
        elif new.name in other.new:
            laws.append(LawChanges(new.name, new.title, how=ADDED))
    both = None
    if year is not None and policy is not None:
        found = under_both_versions(year, policy, words, other.world)
        if isinstance(found, Diagnostic):
            session.report.tell("P947", None, policy=asked.policy, path=asked.since, why=found)
        else:
            both = found
    heading = Said("changes.versions", {"path": asked.since})
    return _Found(tuple(laws), words, both, heading, other.gone)


def _evaluated(asked: Asked, policy: Policy | None, session: Session) -> Year | None:
    if policy is None:
        return None
    data = Path(asked.year) if asked.year else None
    return pipeline.evaluate_policy(policy, data, session.world, session.report)


def _books(asked: Asked, names: Iterable[str], session: Session) -> list[LawBook]:
    """The law that is asked for, else those of the policy or of the version, else all."""
    wanted = (asked.name,) if asked.name else tuple(sorted(names))
    found = (open_law(name, session.world, session.report) for name in wanted)
    return [book for book in found if book is not None]


def _spoken(books: list[LawBook], session: Session) -> dict[str, Words]:
    return {book.name: words_of_law(book, session.words, session.world) for book in books}


# ---- for people


def _lines(found: _Found, session: Session, style: Style) -> list[str]:
    lines = [session.words.show(found.heading)]
    for law in found.laws:
        words = found.words[law.name]
        if law.how != CHANGED or law.articles:
            lines += ["", style.paint(safe(f"{law.name}: {law.title}"), "bold")]
        if law.how != CHANGED:
            lines.append("  " + words.phrase("changes.law.added"))
        for article in law.articles:
            title = words.phrases.get(f"article.{law.name}.{article.number}", article.title)
            lines.append("  " + words.phrase("laws.article", number=article.number, title=title))
            for change in article.changes:
                lines += _change(change, words)
    for file in found.gone:
        lines += ["", session.words.phrase("changes.law.gone", file=file)]
    if not any(law.articles or law.how != CHANGED for law in found.laws) and not found.gone:
        lines += ["", session.words.phrase("changes.none")]
    return [*lines, *_year(found.year, found.words, session.words)] if found.year else lines


def _change(change: Change, words: Words) -> list[str]:
    lines = wrapped(words.show(change_said(change, words)), "    · ")
    if change.source:
        lines += wrapped(change.source, "        ")
    elif change.sort != PARAMETER:
        for key, part in (("changes.now", change.after), ("changes.before", change.before)):
            if part not in (None, ""):
                lines += wrapped(words.show(Said(key, {"said": part})), "        ")
    return lines


def change_said(change: Change, words: Words) -> Said:
    """One change as a sentence; what stood and what stands follow it, but for a parameter's values."""
    arguments: dict[str, Any] = {"name": _named(change.name, words)}
    key = f"changes.{change.sort}.{change.how}"
    if change.day is not None:
        arguments["day"] = change.day
        key += ".day" if change.sort not in (PARAMETER, CONFIDENCE) else ""
    if change.sort == PARAMETER:
        sides = (("before", change.before), ("after", change.after))
        arguments |= {side: said for side, said in sides if said is not None}
    return Said(key, arguments)


def _named(name: str, words: Words) -> Any:
    """What a rule is called, or the word for a fact, a figure or an account."""
    return words.phrases.get(f"rule.{name}") or Word(name)


def _year(year: YearUnderBoth, laws: dict[str, Words], words: Words) -> list[str]:
    heading = words.phrase("changes.year", name=year.cooperative, closing=words.date(year.closing))
    lines = ["", heading]
    if year.since is not None:
        lines += wrapped(words.phrase("changes.as_on", since=words.date(year.since)), "  ")
    for item in year.turned:
        spoken = laws[item.law]
        sides = [
            spoken.phrase(f"status.{side}") if side else spoken.phrase("changes.no_rule")
            for side in (item.before, item.after)
        ]
        shown = {"rule": _label(item.rule, spoken), "law": item.law, "article": item.article}
        line = spoken.phrase("changes.turned", **shown, before=sides[0], after=sides[1])
        lines += wrapped(line, "  · ")
    lines.append("  " + words.counted("changes.unchanged", year.unchanged))
    return lines


# ---- for programs


def _data(found: _Found, asked: Asked) -> dict[str, Any]:
    return {
        "schema": SCHEMA,
        "since": asked.since,
        "until": asked.until,
        "laws": [_law_data(law, found.words[law.name]) for law in found.laws],
        "gone": list(found.gone),
        "year": _year_data(found.year, asked, found.words) if found.year else None,
    }


def _law_data(law: LawChanges, words: Words) -> dict[str, Any]:
    return {
        "name": law.name,
        "title": law.title,
        "new": law.how != CHANGED,
        "articles": [
            {
                "number": article.number,
                "title": words.phrases.get(f"article.{law.name}.{article.number}", article.title),
                "changes": [_change_data(change, words) for change in article.changes],
            }
            for article in law.articles
        ],
    }


def _change_data(change: Change, words: Words) -> dict[str, Any]:
    before, after = (
        None if part is None else words.show(part) for part in (change.before, change.after)
    )
    values = [
        plain(value, change.type) if value is not None and change.type else None
        for value in change.values
    ]
    return {
        "sort": change.sort,
        "how": change.how,
        "name": change.name,
        "text": words.show(change_said(change, words)),
        "from": change.day.isoformat() if change.day else None,
        "before": before,
        "after": after,
        "value_before": values[0],
        "value_after": values[1],
        "source": change.source or None,
    }


def _year_data(year: YearUnderBoth, asked: Asked, laws: dict[str, Words]) -> dict[str, Any]:
    return {
        "policy": asked.policy,
        "cooperative": year.cooperative,
        "closing": year.closing.isoformat(),
        "law_as_on": year.since.isoformat() if year.since else None,
        "turned": [
            {
                "rule": item.rule,
                "label": _label(item.rule, laws[item.law]),
                "law": item.law,
                "article": item.article,
                "before": item.before,
                "after": item.after,
            }
            for item in year.turned
        ],
        "unchanged": year.unchanged,
    }


def _label(rule: str, words: Words) -> str:
    return words.phrases.get(f"rule.{rule}") or words.label(rule)
