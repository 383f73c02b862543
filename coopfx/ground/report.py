"""Diagnostics as values, and the report that collects them.

A diagnostic carries a stable code, a place and arguments; its sentences stand in the word files, one
for each natural language, and nothing else decides what a reader sees.
"""

import re
from enum import StrEnum
from fractions import Fraction

from attrs import Factory, define, field, frozen

from coopfx.ground.plain import Plain
from coopfx.ground.source import Source, Span


class Severity(StrEnum):
    """How much a diagnostic weighs: an error stops the pass that found it, a note only tells."""

    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"


# The first letter of a code tells what the matter is with: S the text, N names, T types and units,
# M money, L the law, E examples, D data, R a run, P the policy, its plugins and the command.
_NOT_ERRORS = {
    "N204": Severity.WARNING,
    "N213": Severity.WARNING,
    "N226": Severity.WARNING,
    "T323": Severity.WARNING,
    "M410": Severity.NOTE,
    "M413": Severity.WARNING,
    "M442": Severity.WARNING,
    "M443": Severity.WARNING,
    "M435": Severity.WARNING,
    "M436": Severity.NOTE,
    "M439": Severity.WARNING,
    "M440": Severity.WARNING,
    "L518": Severity.WARNING,
    "L525": Severity.WARNING,
    "D718": Severity.WARNING,
    "D732": Severity.NOTE,
    "D734": Severity.NOTE,
    "D735": Severity.NOTE,
    "D737": Severity.NOTE,
    "D740": Severity.NOTE,
    "D741": Severity.WARNING,
    "D747": Severity.NOTE,
    "D748": Severity.NOTE,
    "D750": Severity.WARNING,
    "D752": Severity.WARNING,
    "D753": Severity.WARNING,
    "D772": Severity.WARNING,
    "D793": Severity.WARNING,
    "D794": Severity.WARNING,
    "R801": Severity.WARNING,
    "R803": Severity.WARNING,
    "R804": Severity.WARNING,
    "R805": Severity.NOTE,
    "R807": Severity.WARNING,
    "R808": Severity.WARNING,
    "R809": Severity.WARNING,
    "R810": Severity.WARNING,
    "R811": Severity.NOTE,
    "R814": Severity.NOTE,
    "R820": Severity.WARNING,
    "R823": Severity.WARNING,
    "R824": Severity.WARNING,
    "R825": Severity.WARNING,
    "R830": Severity.NOTE,
    "P903": Severity.WARNING,
    "P909": Severity.WARNING,
    "P910": Severity.WARNING,
    "P927": Severity.WARNING,
    "P930": Severity.WARNING,
    "P932": Severity.WARNING,
    "P933": Severity.WARNING,
    "P941": Severity.WARNING,
    "P943": Severity.WARNING,
    "P947": Severity.WARNING,
    "P949": Severity.WARNING,
    "P965": Severity.WARNING,
    "P994": Severity.WARNING,
    "P966": Severity.WARNING,
    "P978": Severity.WARNING,
    "P936": Severity.NOTE,
    "P957": Severity.NOTE,
    "P958": Severity.WARNING,
    "P992": Severity.NOTE,
    "P993": Severity.NOTE,
    "P995": Severity.NOTE,
    "P996": Severity.NOTE,
}

OWN_CODE = re.compile(r"[a-z][a-z0-9_-]*\.[EWN]\d{2,3}")
"""The code of what a plugin tells: its prefix, a letter that says how much it weighs, a number."""
_CELL = re.compile(r"![A-Z]{1,4}\d+\]$")
_WEIGHTS = {"E": Severity.ERROR, "W": Severity.WARNING, "N": Severity.NOTE}


@frozen(slots=True, repr=False, eq=False, getstate_setstate=False)
class Word(Plain):
    """An argument that is a canonical name: shown as the reader's language says it."""

    name: str


@frozen(slots=True, repr=False, eq=False, getstate_setstate=False)
class Percent(Plain):
    """An argument that is a number, to be shown as a percentage."""

    value: Fraction


@frozen(slots=True, repr=False, eq=False, getstate_setstate=False)
class Said(Plain):
    """An argument that is itself a phrase of the word files, with arguments of its own."""

    key: str
    arguments: dict[str, "Argument"] = Factory(dict)


@frozen(slots=True, repr=False, eq=False, getstate_setstate=False)
class OneOf(Plain):
    """An argument that is a choice: any one of these will do."""

    items: tuple["Argument", ...]


Argument = object
"""A str, an int, one of these classes, an exact.Value beside its Type, or a tuple: see Words.show."""


@frozen(slots=True, repr=False, eq=False, getstate_setstate=False)
class Diagnostic(Plain):
    """One thing to tell the reader.

    ``related`` are further places, for a matter that lies between two clauses.

    >>> Diagnostic("N201", None, {"name": "surplu"}).severity
    <Severity.ERROR: 'error'>
    """

    code: str
    span: Span | None
    arguments: dict[str, Argument] = Factory(dict)
    related: tuple[Span, ...] = ()

    @property
    def severity(self) -> Severity:
        """How much this diagnostic weighs; of a plugin's own code the letter says it: ``sheets.W01``.

        >>> Diagnostic("sheets.W01", None).severity
        <Severity.WARNING: 'warning'>
        """
        if OWN_CODE.fullmatch(self.code):
            return _WEIGHTS[self.code.rpartition(".")[2][0]]
        return _NOT_ERRORS.get(self.code, Severity.ERROR)

    @property
    def file(self) -> str:
        """The file it speaks of; empty where it speaks of none."""
        return self.span.file if self.span else ""


@define(slots=True)
class Report:
    """What the passes have told so far, and the texts that the excerpts are cut from.

    >>> report = Report()
    >>> report.tell("P901", None, path="policies/none")
    >>> report.failed
    True
    """

    diagnostics: list[Diagnostic] = field(init=False, factory=list)
    sources: dict[str, Source] = field(init=False, factory=dict)
    _at: dict[tuple[str, Span | None], list[Diagnostic]] = field(init=False, factory=dict)
    _errors: int = field(init=False, default=0)

    def add(self, diagnostic: Diagnostic) -> None:
        """Collect a diagnostic, once."""
        same = self._at.setdefault((diagnostic.code, diagnostic.span), [])
        if diagnostic in same:
            return
        same.append(diagnostic)
        self.diagnostics.append(diagnostic)
        self._errors += diagnostic.severity is Severity.ERROR

    def tell(
        self, code: str, span: Span | None, *, related: tuple[Span, ...] = (), **arguments: Argument
    ) -> None:
        """Collect a diagnostic given by its parts."""
        self.add(Diagnostic(code, span, arguments, related))

    def read(self, source: Source) -> None:
        """Remember a text, so that excerpts can be shown from it."""
        self.sources[source.file] = source

    def written(self, span: Span) -> str:
        """What a text says at a place, on one line; empty where no such text was read.

        >>> report = Report()
        >>> report.read(Source("a", "share it\\n  among all", "en"))
        >>> report.written(Span("a", 1, 7, 2, 8))
        'it among'
        """
        source = self.sources.get(span.file)
        if source is None:
            return ""
        rows = [source.line(number) for number in range(span.line, span.end_line + 1)]
        rows[-1] = rows[-1][: span.end_column - 1]
        rows[0] = rows[0][span.column - 1 :]
        return " ".join(row.strip() for row in rows)

    def take(self, other: "Report") -> None:
        """Collect what another report has collected."""
        self.sources |= other.sources
        for diagnostic in other.diagnostics:
            self.add(diagnostic)

    @property
    def failed(self) -> bool:
        """Whether any diagnostic is an error."""
        return self._errors > 0

    def errors(self) -> int:
        """How many errors there are."""
        return self._errors

    def in_order(self) -> list[Diagnostic]:
        """The diagnostics by file and place, those without a place last.

        A cell of a workbook, ``year.xlsx [People!C10]``, stands by its row and column in its sheet.

        >>> report = Report()
        >>> for row in (10, 5):
        ...     report.tell("D703", Span(f"year.xlsx [People!C{row}]", row, 3, row, 3))
        >>> [item.file for item in report.in_order()]
        ['year.xlsx [People!C5]', 'year.xlsx [People!C10]']
        """
        return sorted(
            self.diagnostics,
            key=lambda item: (
                item.span is None,
                _CELL.sub("]", item.file),
                item.span.line if item.span else 0,
                item.span.column if item.span else 0,
                item.code,
            ),
        )
