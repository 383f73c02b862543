"""A text with the lines that its diagnostics say to write, where there is one way to read each."""

from collections.abc import Collection, Iterable

from coopfx.ground.report import Diagnostic
from coopfx.ground.source import Source

ONE_READING = frozenset(["M416", "M422", "M423"])
"""The codes whose line, where there is one alone, says what the clause already said."""


def mended(source: Source, told: Iterable[Diagnostic], codes: Collection[str] = ONE_READING) -> str:
    """A text with the lines that diagnostics of some ``codes`` give in the place of those that they tell.

    Of several that speak of one line the first is followed; the others are told again of what it gives.
    """
    lines = source.text.split("\n")
    changed: set[int] = set()
    for one in told:
        expected, span = one.arguments.get("expected"), one.span
        if one.code not in codes or span is None or span.file != source.file:
            continue
        places = [span.end_line, *(place.line for place in one.related if one.code == "M423")]
        if not isinstance(expected, str) or not expected or not changed.isdisjoint(places):
            continue
        changed.update(places)
        line = lines[span.end_line - 1]
        lines[span.end_line - 1] = line[: len(line) - len(line.lstrip())] + expected
        for place in places[1:]:
            closing, instead = (str(one.arguments[name]) for name in ("closing", "instead"))
            lines[place - 1] = lines[place - 1].replace(closing, instead)
    return "\n".join(lines)
