"""What changes in a law, article by article: between two days, or between two versions of its text."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from datetime import date, timedelta

from attrs import frozen

from coopfx.ground.exact import Known, Type
from coopfx.ground.report import Argument, Said
from coopfx.laws.book import (
    ArticleEntry,
    LawBook,
    ParameterEntry,
    RuleEntry,
    form_said,
    rule_said,
)

ADDED, REMOVED, CHANGED = "added", "removed", "changed"
ARTICLE, TITLE, SOURCE, RULE, FORM, FACT, FIGURE, PARAMETER, CONFIDENCE = (
    *("article", "title", "source", "rule", "form", "fact"),
    *("figure", "parameter", "confidence"),
)


@frozen(slots=True)
class Change:
    """One thing that is added, removed or changed, of which sort, on which day where there is one.

    ``before`` and ``after`` are what stood and what stands, as a sentence shows it; ``values`` are both
    of a parameter, as they are, with its ``type``; ``source`` is the text that sets the new one.
    """

    sort: str
    how: str
    name: str = ""
    day: date | None = None
    before: Argument | None = None
    after: Argument | None = None
    source: str = ""
    values: tuple[Known | None, Known | None] = (None, None)
    type: Type | None = None


@frozen(slots=True)
class ArticleChanges:
    """An article in which something changes, and what."""

    number: str
    title: str
    changes: tuple[Change, ...]


@frozen(slots=True)
class LawChanges:
    """A law with the articles in which something changes; ``how`` it is new or gone, where it is."""

    name: str
    title: str
    articles: tuple[ArticleChanges, ...] = ()
    how: str = CHANGED


def between_days(book: LawBook, since: date, until: date) -> LawChanges:
    """What changes in a law after one day, up to and with another."""
    found = [
        ArticleChanges(one.number, one.title, changes)
        for one in book.articles
        if (changes := (*_term(one, since, until), *_values(one.parameters, since, until)))
    ]
    return LawChanges(book.name, book.title, tuple(found))


def _term(article: ArticleEntry, since: date, until: date) -> Iterator[Change]:
    """An article that begins to hold, or no longer holds, with its rules."""
    over = article.end + timedelta(days=1) if article.end else None
    for day, how in ((article.start, ADDED), (over, REMOVED)):
        if day is not None and since < day <= until:
            yield Change(ARTICLE, how, article.number, day, source=article.reference)
            for rule in article.rules:
                sides = (None, rule_said(rule)) if how == ADDED else (rule_said(rule), None)
                yield Change(RULE, how, rule.name, day, *sides)


def _values(parameters: Iterable[ParameterEntry], since: date, until: date) -> Iterator[Change]:
    for item in parameters:
        for before, entry in zip((None, *item.history), item.history, strict=False):
            if since < entry.start <= until:
                yield Change(
                    PARAMETER,
                    CHANGED if before else ADDED,
                    item.name,
                    entry.start,
                    item.shown(before.value) if before else None,
                    item.shown(entry.value),
                    entry.reference,
                    (before.value if before else None, entry.value),
                    item.type,
                )


def between_versions(old: LawBook, new: LawBook) -> LawChanges:
    """What is other in a law's text than in an older text of it."""
    numbers = Counter(one.number for one in old.articles)
    numbers |= Counter(one.number for one in new.articles)

    def key(article: ArticleEntry) -> tuple[str, str]:
        """An article's number; where one stands beside another that it replaces, with its title."""
        return article.number, article.title if numbers[article.number] > 1 else ""

    olds = {key(one): one for one in old.articles}
    news = {key(one): one for one in new.articles}
    found = []
    for which in dict.fromkeys((*news, *olds)):
        changes = tuple(_article(olds.get(which), news.get(which)))
        if changes:
            article = news.get(which) or olds[which]
            found.append(ArticleChanges(article.number, article.title, changes))
    return LawChanges(new.name, new.title, tuple(found))


def _article(old: ArticleEntry | None, new: ArticleEntry | None) -> Iterator[Change]:
    number = (new or old or _NONE).number
    if old is None or new is None:
        how = REMOVED if new is None else ADDED
        yield Change(ARTICLE, how, number, source=(new or old or _NONE).reference)
    elif (old.start, old.end) != (new.start, new.end):
        yield Change(ARTICLE, CHANGED, number, before=_held(old), after=_held(new))
    before, after = old or _NONE, new or _NONE
    if old and new and old.title != new.title:
        yield Change(TITLE, CHANGED, number, before=old.title, after=new.title)
    if old and new and old.reference != new.reference:
        yield Change(SOURCE, CHANGED, number, before=old.reference, after=new.reference)
    yield from _named(RULE, _rules(before), _rules(after))
    for rule in after.rules:
        was = next((one for one in before.rules if one.name == rule.name), None)
        if was is not None and was.to_confirm != rule.to_confirm:
            yield Change(CONFIDENCE, REMOVED if was.to_confirm else ADDED, rule.name)
    for shared in (False, True):
        yield from _named(FORM, _forms(before, shared=shared), _forms(after, shared=shared))
    yield from _named(
        FACT,
        {fact.name: fact.label or fact.type for fact in before.facts},
        {fact.name: fact.label or fact.type for fact in after.facts},
    )
    yield from _named(
        FIGURE,
        {figure.name: figure.formula for figure in before.figures},
        {figure.name: figure.formula for figure in after.figures},
    )
    yield from _histories(before.parameters, after.parameters)


def _held(article: ArticleEntry) -> Said:
    """From which day an article holds, and until which."""
    if article.end is None:
        return Said("laws.from", {"start": article.start})
    return Said("laws.until", {"start": article.start, "end": article.end})


def _rules(article: ArticleEntry) -> dict[str, Argument]:
    return {rule.name: _asked(rule) for rule in article.rules}


def _asked(rule: RuleEntry) -> Argument:
    said = rule_said(rule)
    return said if rule.binding else Said("changes.advice", {"rule": said})


def _forms(article: ArticleEntry, *, shared: bool) -> dict[str, Argument]:
    """The forms in which an account may be shared, or those by which it is indivisible."""
    return {form.account: form_said(form) for form in article.forms if bool(form.group) == shared}


def _named(
    sort: str, before: Mapping[str, Argument], after: Mapping[str, Argument]
) -> Iterator[Change]:
    """What is said of each name before and after, where that is not the same."""
    for name in dict.fromkeys((*before, *after)):
        was, now = before.get(name), after.get(name)
        if was != now:
            how = ADDED if was is None else REMOVED if now is None else CHANGED
            yield Change(sort, how, name, before=was, after=now)


def _histories(
    before: tuple[ParameterEntry, ...], after: tuple[ParameterEntry, ...]
) -> Iterator[Change]:
    """The values of parameters that are other, day by day."""
    olds, news = ({item.name: item for item in side} for side in (before, after))
    for name in dict.fromkeys((*olds, *news)):
        item = news.get(name) or olds[name]
        was, now = (
            {entry.start: entry for entry in side[name].history} if name in side else {}
            for side in (olds, news)
        )
        for day in sorted({*was, *now}):
            old, new = was.get(day), now.get(day)
            if old and new and old.to_confirm != new.to_confirm:
                yield Change(CONFIDENCE, REMOVED if old.to_confirm else ADDED, name, day)
            if old and new and old.value == new.value:
                continue
            yield Change(
                PARAMETER,
                CHANGED if old and new else ADDED if new else REMOVED,
                name,
                day,
                item.shown(old.value) if old else None,
                item.shown(new.value) if new else None,
                new.reference if new else "",
                (old.value if old else None, new.value if new else None),
                item.type,
            )


_NONE = ArticleEntry("", "", 0, date.min, None, "", to_confirm=False)
