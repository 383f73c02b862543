"""A text to be read, and the places in it.

A text is normalised to NFC as it comes in, so that an accent typed in two ways is one letter; every
place is counted in that normalised text.
"""

import unicodedata
from bisect import bisect_right
from functools import cached_property

from attrs import field, frozen

EXTENSION = ".coop"
LARGEST_TEXT = 16_000_000
"""Bytes of the largest text that is read; 100,000 lines of statute are about 4,000,000."""


@frozen(slots=True, order=True)
class Span:
    """A place in a file: from ``line`` and ``column`` up to ``end_line`` and ``end_column``.

    Lines and columns count from 1; the end column is the one after the last character.
    """

    file: str
    line: int
    column: int
    end_line: int
    end_column: int

    @staticmethod
    def on_line(file: str, line: int) -> "Span":
        """The beginning of a line.

        >>> Span.on_line("people.csv", 3)
        Span(file='people.csv', line=3, column=1, end_line=3, end_column=1)
        """
        return Span(file, line, 1, line, 1)

    def through(self, other: "Span") -> "Span":
        """The place from the start of this one to the end of another in the same file."""
        return Span(self.file, self.line, self.column, other.end_line, other.end_column)

    def rest_of(self, whole: "Span") -> "Span":
        """The place after this one, up to the end of another that it stands in."""
        return Span(self.file, self.end_line, self.end_column, whole.end_line, whole.end_column)

    def holds(self, other: "Span") -> bool:
        """Whether this place is on one line and another one stands within it.

        >>> Span("a", 1, 1, 1, 9).holds(Span("a", 1, 3, 1, 5))
        True
        """
        return (
            (self.file, self.line, self.line) == (other.file, other.line, self.end_line)
            and self.column <= other.column
            and other.end_column <= self.end_column
        )


def _normal(text: str) -> str:
    return unicodedata.normalize("NFC", text.replace("\r\n", "\n"))


@frozen(slots=False)
class Source:
    """A text with the name of its file and the natural language it is written in.

    >>> source = Source("statute.en.coop", "share it", "en")
    >>> source.span(6, 8)
    Span(file='statute.en.coop', line=1, column=7, end_line=1, end_column=9)
    """

    file: str
    text: str = field(converter=_normal)
    language: str = "en"

    @cached_property
    def _starts(self) -> list[int]:
        starts = [0]
        position = self.text.find("\n")
        while position >= 0:
            starts.append(position + 1)
            position = self.text.find("\n", position + 1)
        return starts

    def excerpt(self, number: int) -> str:
        """What may be shown of a line."""
        return self.line(number).rstrip()

    def excerpt_of(self, span: Span) -> tuple[str, int, int] | None:
        """What may be shown of a place where its line may not be: a text, and where in it the place
        begins and ends; None where the line may."""
        return None

    def whole_line(self, number: int) -> Span:
        """The place of a whole line, but for the spaces around it."""
        text = self.line(number)
        start = len(text) - len(text.lstrip())
        return Span(self.file, number, start + 1, number, max(len(text.rstrip()), start) + 1)

    def span(self, start: int, end: int) -> Span:
        """The place between two offsets in the text."""
        line = bisect_right(self._starts, start)
        end_line = bisect_right(self._starts, max(start, end - 1)) if end > start else line
        return Span(
            self.file,
            line,
            start - self._starts[line - 1] + 1,
            end_line,
            end - self._starts[end_line - 1] + 1,
        )

    def line(self, number: int) -> str:
        """The text of a line, counted from 1, without its end; empty where there is none."""
        if not 1 <= number <= len(self._starts):
            return ""
        start = self._starts[number - 1]
        end = self.text.find("\n", start)
        return self.text[start : end if end >= 0 else len(self.text)].rstrip("\r")


def language_of(name: str) -> str | None:
    """The language that a file's name tells: ``fr`` for ``statute.fr.coop`` or ``statute.2015.fr.coop``.

    >>> language_of("policies/alma/statute.2015.fr.coop")
    'fr'
    >>> language_of("statute.coop") is None
    True
    """
    parts = name.replace("\\", "/").rsplit("/", 1)[-1].split(".")
    if len(parts) < 3 or "." + parts[-1] != EXTENSION or not parts[-2].isalpha():
        return None
    return parts[-2]
