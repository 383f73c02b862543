"""Changes of a statute's figures: the text with them, and what they are, in a sentence."""

import re
from collections.abc import Sequence

from coopfx.engine.outcome import LawfulChange, Nearest
from coopfx.ground.exact import decimal_text
from coopfx.ground.words import Words

_NUMBER = re.compile(r"\d(?:.*\d)?")


def with_changes(text: str, changes: Sequence[Nearest], words: Words) -> str:
    """A statute's text with figures changed."""
    lines = text.splitlines(keepends=True)
    for change in sorted(changes, key=lambda one: (one.span.line, one.span.column), reverse=True):
        line, span = lines[change.span.line - 1], change.span
        new = _rewritten(text, change, words)
        lines[span.line - 1] = line[: span.column - 1] + new + line[span.end_column - 1 :]
    return "".join(lines)


def changes_text(text: str, found: LawfulChange, written_in: Words, words: Words) -> str:
    """Changes in a sentence: what a statute writes, and what it should."""
    said = [
        words.phrase(
            "proof.nearest.change",
            line=change.span.line,
            old=_written(text, change),
            new=_rewritten(text, change, written_in),
        )
        for change in found.changes
    ]
    claim = "partly" if found.remaining else "nearest" if found.nearest else "lawful"
    if len(said) > 1:
        return words.phrase(f"proof.nearest.pair.{claim}", first=said[0], second=said[1])
    sort = "amount" if found.changes[0].is_money else "percentage"
    return words.phrase(f"proof.nearest.{sort}.{claim}", change=said[0])


def _written(text: str, change: Nearest) -> str:
    """What a statute writes where a figure is to be changed."""
    line = text.splitlines()[change.span.line - 1]
    return line[change.span.column - 1 : change.span.end_column - 1]


def _rewritten(text: str, change: Nearest, words: Words) -> str:
    """A figure as it is to be written: its unit, and the blanks in it, as they were."""
    written = _written(text, change)
    found = _NUMBER.search(written)
    assert found is not None, "a figure holds a number"
    cents = change.is_money and (change.new * 100).denominator == 1
    new = decimal_text(change.new * (1 if change.is_money else 100), 2 if cents else None)
    whole, _, part = new.partition(".")
    blank = next((one for one in found[0] if one.isspace()), " " if len(whole) > 4 else "")
    groups = [whole[max(0, end - 3) : end] for end in range(len(whole), 0, -3)]
    whole = blank.join(reversed(groups))
    decimals = words.numbers["decimal"] + part if part.strip("0") else ""
    return written[: found.start()] + whole + decimals + written[found.end() :]
