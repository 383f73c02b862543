"""Answers as a file in TOML keeps them, so that they are asked again next time and typed once.

A file that people keep: its remarks, its order and what stands in it of other questions stay.
"""

from collections.abc import Iterable
from datetime import date
from pathlib import Path
from typing import Any

from attrs import define, field

from coopfx.formats import toml
from coopfx.formats.questions import Answer, Asked, Question, kept, read
from coopfx.ground.exact import Known
from coopfx.ground.report import Diagnostic, Report
from coopfx.ground.source import Span
from coopfx.ground.words import Words, nearest


@define(slots=True)
class Answers:
    """What a file answers, and what is answered since. A blank never takes an answer away."""

    document: toml.Document | None = None
    _put: dict[str, tuple[Question, Known]] = field(init=False, factory=dict)
    _asked: set[str] = field(init=False, factory=set)

    @staticmethod
    def at(path: Path, report: Report) -> "Answers":
        """The answers that a file keeps; none where there is none. What is no TOML is told (D710)."""
        return Answers(toml.read(path, report) if path.exists() else None)

    def of(self, question: Question, words: list[Words], report: Report) -> Known | None:
        """What is answered; None where nothing is, or where it cannot be read, which is told."""
        self._asked.add(question.key)
        if question.key in self._put:
            return self._put[question.key][1]
        found = self._read(question, words)
        if isinstance(found, Diagnostic):
            report.add(found)
            return None
        return found

    def has(self, question: Question) -> bool:
        """Whether there is an answer to a question already."""
        there = self.document is not None and question.key in self.document.data
        return there or question.key in self._put

    def put(self, question: Question, value: Known) -> None:
        """Keep an answer."""
        self._asked.add(question.key)
        self._put[question.key] = (question, value)

    def tell_unasked(self, report: Report, tables: Iterable[str] = ()) -> None:
        """Tell each answer of the file to which there is no question (D772): it may be misspelt.

        ``tables`` are kept in the same file, and are no answers.
        """
        if self.document is None:
            return
        for key in self.document.data:
            if key not in self._asked and key not in tables:
                near = nearest(key, sorted(self._asked - self.document.data.keys()))
                place = self.document.place(key)
                report.tell("D772", place, name=key[:60], nearest=near)

    def text(self) -> str:
        """The file as it is to be kept: as it was, with the answers since, each below its question."""
        before = self.document.source.text if self.document else ""
        values = {
            key: (kept(question, value), question.text)
            for key, (question, value) in self._put.items()
        }
        return toml.with_values(before, values)

    def _read(self, question: Question, words: list[Words]) -> Answer:
        if self.document is None or question.key not in self.document.data:
            return None
        place = self.document.place(question.key)
        return of_file(question, self.document.data[question.key], words, place)


def of_file(question: Question, given: Any, words: list[Words], place: Span | None) -> Answer:
    """What a value of a file in TOML answers, or why it does not.

    >>> from coopfx.formats.questions import Asked
    >>> of_file(Question("all", "All?", Asked.YES_NO), False, [], None)
    False
    """
    if question.kind is Asked.YES_NO and isinstance(given, bool):
        return given
    if isinstance(given, bool):
        given = "true" if given else "false"
    elif isinstance(given, toml.Float):
        given = given.text
    text = given.isoformat() if isinstance(given, date) else str(given)
    return read(question, text, words, place, typed=False)
