"""The numbers of a statute's text that a meeting may try to change, in the article's own words."""

from typing import Any

from coopfx import editing
from coopfx.extending import Workspace, Year

_UNITS = frozenset({"%"})
_NOT_VOTED = frozenset({"article", "example", "indicator", "input", "parameter", "record"})
"""Clauses whose numbers no meeting votes on: of examples, of what data may be, of what a law sets."""


def of(year: Year, held: Workspace) -> list[dict[str, Any]]:
    """The articles of the text in force with their lines, each with the places of its numbers.

    A number is what a change names: with its percent sign or its unit. Those of dates and remarks are
    none, nor those of clauses that no meeting votes on.
    """
    edited = editing.read_held(held, year.statute.file)
    voted = {
        line
        for clause in edited.clauses
        if clause.sort not in _NOT_VOTED
        for line in range(clause.span.line, clause.span.end_line + 1)
    }
    lines: dict[int, list[editing.Token]] = {}
    for token in edited.tokens:
        lines.setdefault(token.span.line, []).append(token)
    articles: list[dict[str, Any]] = []
    for line, tokens in sorted(lines.items()):
        text = edited.source.line(line)
        first = tokens[0]
        if first.sort == "clause" and len(tokens) > 1 and "ARTICLE" in first.terminals:
            title = text.strip()
            articles.append({"title": title, "lines": []})
            continue
        found = list(_numbers(text, tokens)) if line in voted else []
        if found and articles:
            articles[-1]["lines"].append({"line": line, "text": text, "numbers": found})
    return [one for one in articles if one["lines"]]


def _numbers(text: str, tokens: list[editing.Token]) -> Any:
    for place, token in enumerate(tokens):
        if token.sort != "number":
            continue
        last = token
        if place + 1 < len(tokens) and (
            tokens[place + 1].text in _UNITS or tokens[place + 1].sort == "unit"
        ):
            last = tokens[place + 1]
        start, end = token.span.column - 1, last.span.end_column - 1
        yield {
            "start": _units(text[:start]),
            "end": _units(text[:end]),
            "text": text[start:end],
            "number": token.text,
            "unit": text[token.span.end_column - 1 : end].strip(),
        }


def _units(text: str) -> int:
    """How many UTF-16 code units a text has."""
    return len(text.encode("utf-16-le")) // 2
