"""A law's text, dropped into the page and checked: article by article, what it asks, and what is amiss."""

from typing import Any

from coopfx.extending import World, diagnostics_data, law_of, open_loose, rule_said, words_of_law
from coopfx.ground.report import Report


def check(name: str, data: bytes, world: World, language: str) -> dict[str, Any]:
    """What a law of this text asks, under ``law``, and all that is amiss with it."""
    report, words = Report(), world.words(language)
    try:
        law = law_of(name, data.decode("utf-8-sig"), world)
    except UnicodeDecodeError:
        law = None
    if law is None:
        report.tell("page.E10", None, name=name[:80])
        return diagnostics_data(report, words)
    opened = open_loose(law, world, report)
    if opened is None:
        return {"law": None, **diagnostics_data(report, words)}
    book, other = opened
    words = words_of_law(book, words, other)
    articles = [
        {
            "title": words.phrase("laws.article", number=one.number, title=one.title),
            "reference": one.reference,
            "rules": [
                {
                    "name": words.phrase(f"rule.{book.name}.{rule.name}"),
                    "asks": words.show(rule_said(rule)),
                }
                for rule in one.rules
            ],
        }
        for one in book.articles
    ]
    shown = {"name": book.name, "title": book.title, "articles": articles}
    return {"law": shown, **diagnostics_data(report, words)}
