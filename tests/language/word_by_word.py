"""A text said in another language, word by word, as far as tests need it.

Each keyword becomes a phrase of the other language and each known name its word; what the author
declared stays. Nothing is bent: the text is one that can be read, not one to be read aloud.
"""

import re
from collections.abc import Iterator, Mapping
from functools import cache, lru_cache
from pathlib import Path

from lark import Token

from coopfx.ground.report import Report
from coopfx.ground.source import Source
from coopfx.ground.words import Words
from coopfx.language.parse import parse

REPOSITORY = Path(__file__).parents[2]
PORTUGUESE = (Path(__file__).parent / "data" / "pt.toml").read_text("utf-8")
LANGUAGES = sorted(path.stem for path in (REPOSITORY / "grammars").glob("*.toml"))

Leaf = tuple[str, str, int, int]
"""A word of a text: the terminal it was read as, as it stands, from where to where."""


@lru_cache(maxsize=2_000)
def leaves(text: str, words: Words) -> tuple[Leaf, ...]:
    """Every word of a text as it was read; the text must have no mistake."""
    report = Report()
    trees = parse(Source("text", text, words.language), words, report)
    assert not report.diagnostics, [words.message(item) for item in report.diagnostics]
    return tuple(
        (leaf.type, str(leaf), leaf.start_pos or 0, leaf.end_pos or 0)
        for tree in trees
        for leaf in tree.scan_values(lambda value: isinstance(value, Token))
    )


def terminals(text: str, words: Words) -> list[str]:
    """The terminals that the words of a text were read as."""
    return [terminal for terminal, *_ in leaves(text, words)]


def said_in(text: str, own: Words, other: Words, phrases: Mapping[str, str] | None = None) -> str:
    """A text in another language, each keyword by its first form or by the one of ``phrases``."""
    return "".join(_said(text, own, other, phrases or {}))


def _said(text: str, own: Words, other: Words, phrases: Mapping[str, str]) -> Iterator[str]:
    articles = re.compile(rf"\b(?:{'|'.join(own.articles)})\b|#[^\n]*")
    done, glued = 0, False
    for terminal, word, start, end in leaves(text, own):
        between = articles.sub("", text[done:start])
        yield between.lstrip(" ") if glued else between
        if terminal in other.keywords:
            word = phrases.get(terminal, other.keywords[terminal][0])
        elif terminal == "NAME":
            word = _name(own.canonical(word), own, other)
        elif terminal == "NUMBER":
            word = word.replace(own.numbers["decimal"], other.numbers["decimal"])
        yield word
        done, glued = end, word.endswith("'")
    yield text[done:]


def _name(canonical: str, own: Words, other: Words) -> str:
    """A name as another language writes it; an author's own one out of the way of its keywords."""
    word = other.word(canonical)
    standard = canonical in own.names or canonical in other.names
    return f"{word}_own" if word in _taken(other) and not standard else word


@cache
def _taken(words: Words) -> frozenset[str]:
    phrases = (phrase for forms in words.keywords.values() for phrase in forms)
    return frozenset((*words.articles, *phrases))
