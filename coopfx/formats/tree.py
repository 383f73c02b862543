"""Why a figure is what it is, as a terminal shows it: a tree, each step with where it is written."""

import textwrap
from collections.abc import Iterable

from coopfx.engine import outcome as out
from coopfx.formats.terminal import WIDTH, Style, safe
from coopfx.ground.words import Words


def explanation(item: out.Explanation, words: Words, style: Style) -> str:
    """An explanation as a tree, each step with where it is written."""
    return "\n".join(_steps(item, words, style, "", "")) + "\n"


def _steps(
    item: out.Explanation, words: Words, style: Style, first: str, rest: str
) -> Iterable[str]:
    said = safe(words.phrase(item.sentence, **item.arguments))
    place = written(item, words)
    room = max(40, WIDTH - len(first))
    lines = textwrap.wrap(said, room, break_on_hyphens=False) or [""]
    yield first + lines[0]
    follow = rest + ("│  " if item.steps else "   ") if rest or first else ""
    for line in lines[1:]:
        yield follow + line
    if place:
        for line in textwrap.wrap(place, room, break_on_hyphens=False):
            yield follow + style.paint(line, "faint")
    for position, step in enumerate(item.steps):
        last = position == len(item.steps) - 1
        yield from _steps(
            step, words, style, rest + ("└─ " if last else "├─ "), rest + ("   " if last else "│  ")
        )


def written(item: out.Explanation, words: Words) -> str:
    """Where a step is written, in words; empty where that is in no text."""
    if item.law:
        return words.phrase(
            "explain.place.law", law=item.law, article=item.article, reference=item.reference
        )
    if item.span and item.model and item.article:
        return words.phrase(
            "explain.place.model", model=item.model, article=item.article, line=item.span.line
        )
    if item.span and item.article:
        return words.phrase(
            "explain.place.statute", article=item.article, line=item.span.line, file=item.span.file
        )
    if item.span and item.model:
        return words.phrase("explain.place.model_line", model=item.model, line=item.span.line)
    return words.phrase("explain.place.line", line=item.span.line) if item.span else ""
