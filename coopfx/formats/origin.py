"""From where a clause takes what it gives out, as a heading says it."""

from coopfx.engine.outcome import Allocation, Share
from coopfx.ground.words import Words


def source_called(name: str | None, words: Words) -> str:
    """What money is given by: an account or a figure by its name; charges where there is none."""
    return words.label(name) if name else words.phrase("origin.charges")


def given_out(item: Allocation | Share, words: Words) -> str:
    """What a clause gives out: by its name, as a part of where it is taken from, or as charges.

    ``words`` are those of the reader.
    """
    if item.source:
        return words.label(item.source)
    if item.origin is None:
        return words.phrase("key.formula")
    if item.origin.kind == "charges":
        return source_called(None, words)
    return words.phrase("origin.part", source=words.label(item.origin.name))
