"""What papers say, in the reader's language: their own sentences beside the words of coopfx."""

import re
from fractions import Fraction

from coopfx.engine import outcome as out
from coopfx.extending import Aloud, given_out
from coopfx.ground.exact import Missing, Undefined, Value, money, quantity
from coopfx.ground.report import Argument, Word
from coopfx.ground.words import Words


class Speaker:
    """Speaks of a year: its amounts in its currency, its names as they are said."""

    def __init__(self, words: Words, currency: str) -> None:
        self.words = words
        self.amount = quantity(money(currency))

    def say(self, key: str, **arguments: Argument) -> str:
        """A sentence of the papers, filled."""
        return self.words.phrase(f"papers.{key}", **arguments)

    def money(self, value: Value | None) -> str:
        """An amount; a dash where it is not known or does not exist."""
        if value is None or isinstance(value, Missing | Undefined):
            return "–"
        return self.words.value(value, self.amount)

    def whole_money(self, value: Fraction) -> str:
        """An amount of whole units, without decimals."""
        decimal = self.words.numbers["decimal"]
        return re.sub(rf"{re.escape(decimal)}0+(?!\d)", "", self.money(value))

    def given_out(self, item: out.Allocation | out.Share) -> str:
        """What a clause gives out: by its name, as a part of where it is taken from, or as charges."""
        return self.label(item.source) if item.source else given_out(item, self.words)

    def titled(self, key: str, item: out.Allocation | out.Share) -> str:
        """A title about what a clause gives out: with its article where it has a name, else beside it."""
        if item.source is None:
            return self.say(f"{key}_title", source=self.given_out(item))
        return Aloud.of(self.words).phrase(f"papers.{key}_of", source=Word(item.source))

    def label(self, name: str, *, branch: bool = False) -> str:
        """What a canonical name is called in a sentence, or the last ``branch`` of it alone.

        A branch that has no name of its own stands behind that of its account: *reserves (statutory)*.
        """
        called = self.words.label(name)
        above, *below = called.split(".") if "." in name else [called]
        if not below:
            return called
        return below[-1] if branch else f"{above} ({', '.join(below)})"

    def facts(self, missing: Missing, most: int = 3) -> str:
        """What is wanting, each sort of figure once, whosever it is; the first few, never all but one."""
        names = list(dict.fromkeys(self.label(name) for name, _ in missing.facts))
        return self.words.first_few(names, str, most)

    def begin(self, text: str) -> str:
        """A text as it begins a line."""
        return text[:1].upper() + text[1:]
