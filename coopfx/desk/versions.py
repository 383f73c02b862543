"""The versions of a statute, compiled: each in its languages, and the days on which it holds."""

import itertools
from datetime import timedelta

from attrs import Factory, frozen

from coopfx.desk.policy import StatuteFile, Term
from coopfx.ground.report import Report, Word
from coopfx.ground.source import Source
from coopfx.ground.words import Words
from coopfx.language import ast, ir


@frozen(slots=True)
class Statute:
    """A statute file, compiled, with the words to speak of it in its own language.

    ``labels`` is what its texts call the accounts that they declare.
    """

    file: StatuteFile
    source: Source
    document: ast.Document
    program: ir.Program
    words: Words
    labels: dict[str, str] = Factory(dict)

    @property
    def in_force(self) -> ast.InForce:
        """The line that says from which day, and until which, the text holds."""
        return next(item for item in self.document.clauses if isinstance(item, ast.InForce))

    @property
    def term(self) -> Term:
        """The days between which the text says that it holds."""
        return Term(self.in_force.start, self.in_force.end)


def first_of_each_version(statutes: list[Statute]) -> dict[str, Statute]:
    """The statute of each version in the policy's own language, or else in the first there is."""
    return {statute.file.version: statute for statute in reversed(statutes)}


def tell_terms(versions: list[Statute], report: Report) -> None:
    """Tell a version that ends before it begins, two that hold on one day, and days without any."""
    lines = sorted((one.in_force for one in versions), key=lambda line: line.start)
    for line in lines:
        if line.end is not None and line.end < line.start:
            report.tell("P928", line.span)
    for line, following in itertools.pairwise(lines):
        last = following.start - timedelta(days=1)
        both = following.start == line.start or (line.end is not None and line.end > last)
        if both:
            report.tell("P926", following.span, related=(line.span,), date=following.start)
        elif line.end is not None and line.start <= line.end < last:
            first = line.end + timedelta(days=1)
            report.tell("P927", line.span, related=(following.span,), first=first, last=last)


def tell_difference(first: Statute, second: Statute, report: Report) -> None:
    """Tell (P908) that two languages of one version give different programs, and where first."""
    difference = ir.difference(first.program, second.program)
    if difference is None and first.term != second.term:
        difference = "", first.in_force.span, second.in_force.span
    if difference is not None:
        name, left, right = difference
        related = (right,) if right else ()
        report.tell("P908", left, related=related, file=second.file.path.name, name=Word(name))
