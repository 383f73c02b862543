"""The versions of a statute, compiled: each in its languages, and the days on which it holds."""

import itertools
from datetime import timedelta
from typing import TYPE_CHECKING

from attrs import Factory, frozen

from coopfx.desk.policy import StatuteFile, Term
from coopfx.ground.report import Report, Word
from coopfx.ground.source import Source, Span
from coopfx.ground.words import Words
from coopfx.language import ir

if TYPE_CHECKING:
    from coopfx.language import ast


@frozen(slots=True)
class Statute:
    """A statute file, compiled, with the words to speak of it in its own language.

    ``term`` are the days between which the text says that it holds, by its line ``holds_at``;
    ``labels`` is what its texts call the accounts that they declare.
    """

    file: StatuteFile
    source: Source
    program: ir.Program
    words: Words
    term: Term
    holds_at: Span
    labels: dict[str, str] = Factory(dict)

    @property
    def document(self) -> "ast.Document":
        """The text as it is written, read anew."""
        from coopfx.desk.texts import read_document

        document = read_document(self.source, self.words, Report())
        assert document is not None, "what has been compiled can be read"
        return document

    def facts_said(self) -> dict[str, str]:
        """What the text says that each fact is which it declares, in its own words."""
        from coopfx.language import ast

        own = (item for item in self.document.clauses if isinstance(item, ast.Input))
        return {self.words.canonical(item.name.word): item.label for item in own}


def first_of_each_version(statutes: list[Statute]) -> dict[str, Statute]:
    """The statute of each version in the policy's own language, or else in the first there is."""
    return {statute.file.version: statute for statute in reversed(statutes)}


def tell_terms(versions: list[Statute], report: Report) -> None:
    """Tell a version that ends before it begins, two that hold on one day, and days without any."""
    held = sorted(versions, key=lambda one: one.term.start)
    for one in held:
        if one.term.end is not None and one.term.end < one.term.start:
            report.tell("P928", one.holds_at)
    for one, following in itertools.pairwise(held):
        start, end = following.term.start, one.term.end
        last = start - timedelta(days=1)
        both = start == one.term.start or (end is not None and end > last)
        if both:
            report.tell("P926", following.holds_at, related=(one.holds_at,), date=start)
        elif end is not None and one.term.start <= end < last:
            first = end + timedelta(days=1)
            report.tell("P927", one.holds_at, related=(following.holds_at,), first=first, last=last)


def tell_difference(first: Statute, second: Statute, report: Report) -> None:
    """Tell (P908) that two languages of one version give different programs, and where first."""
    difference = ir.difference(first.program, second.program)
    if difference is None and first.term != second.term:
        difference = "", first.holds_at, second.holds_at
    if difference is not None:
        name, left, right = difference
        related = (right,) if right else ()
        report.tell("P908", left, related=related, file=second.file.path.name, name=Word(name))
