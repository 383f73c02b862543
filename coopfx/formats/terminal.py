"""Diagnostics on a terminal: what is wrong, the place underlined, what to do."""

import textwrap
import unicodedata

from attrs import frozen

from coopfx.report import Diagnostic, Report, Severity
from coopfx.source import Span
from coopfx.words import Words

WIDTH = 100
LONGEST_EXCERPT = 120
MOST_LINES = 3
_COLOURS = {"error": "31", "warning": "33", "note": "36", "good": "32", "faint": "2", "bold": "1"}


@frozen(slots=True)
class Style:
    """Whether a terminal takes colours."""

    colour: bool = False

    def paint(self, text: str, name: str) -> str:
        """A text in a colour of the palette."""
        return f"\033[{_COLOURS[name]}m{text}\033[0m" if self.colour and text else text


def safe(text: str) -> str:
    """A text without the signs by which it could steer a terminal."""
    return "".join(
        character if character == "\n" or unicodedata.category(character)[0] != "C" else "�"
        for character in text
    )


def diagnostics(report: Report, words: Words, style: Style) -> str:
    """Every diagnostic, in order of file and place, and how many there are."""
    shown = [diagnostic(item, report, words, style) for item in report.in_order()]
    counts = [
        words.phrase(f"count.{severity.value}.{'one' if number == 1 else 'many'}", count=number)
        for severity in Severity
        if (number := sum(item.severity is severity for item in report.diagnostics))
    ]
    return "\n".join([*shown, ", ".join(counts), ""]) if shown else ""


def diagnostic(item: Diagnostic, report: Report, words: Words, style: Style) -> str:
    """One diagnostic: what is wrong, where, and what to do."""
    severity = item.severity.value
    title = f"{words.phrase(f'severity.{severity}')} {item.code}"
    lines = [f"{style.paint(title, severity)} {safe(words.message(item))}"]
    for spans in _places(item):
        lines += _excerpt(spans, report, style, severity if item.span in spans else "note")
    aid = safe(words.help(item))
    if aid:
        lines += textwrap.wrap(
            aid, WIDTH, initial_indent="  → ", subsequent_indent="    ", break_on_hyphens=False
        )
    return "\n".join(lines) + "\n"


def _places(item: Diagnostic) -> list[list[Span]]:
    """The places to show, those of one line together.

    Where further places stand within the first, on its line, they are what the matter lies between.
    """
    spans = [*((item.span,) if item.span else ()), *item.related]
    if any(spans[0].holds(span) for span in item.related):
        spans = spans[1:]
    groups: list[list[Span]] = []
    for span in spans:
        if groups and (groups[-1][0].file, groups[-1][0].line) == (span.file, span.line):
            groups[-1].append(span)
        else:
            groups.append([span])
    return groups


def _excerpt(spans: list[Span], report: Report, style: Style, colour: str) -> list[str]:
    """The places of one line; of a single place on a few lines, all of them."""
    first = spans[0]
    lines = [style.paint(f"  {safe(first.file)}:{first.line}:{first.column}", "faint")]
    source = report.sources.get(first.file)
    few = len(spans) == 1 and first.end_line - first.line < MOST_LINES
    last = first.end_line if few else first.line
    for number in range(first.line, last + 1):
        line = source.line(number).rstrip() if source else ""
        if not line:
            continue
        indent = len(line) - len(line.lstrip())
        marks = [
            (
                span.column - 1 if number == span.line else indent,
                span.end_column - 1 if number == span.end_line else len(line),
            )
            for span in spans
        ]
        shown, marked = _marked(line, marks)
        margin = " " * len(str(last))
        lines.append(f"  {number:>{len(margin)}} │ {shown}")
        space = marked[: len(marked) - len(marked.lstrip())]
        lines.append(f"  {margin} │ {space}{style.paint(marked.lstrip(), colour)}")
    return lines


def _marked(line: str, marks: list[tuple[int, int]]) -> tuple[str, str]:
    """A line, cut where it is long, and the signs under it that mark places of it."""
    start, _ = min(marks)
    offset = max(0, start - LONGEST_EXCERPT // 2) if len(line) > LONGEST_EXCERPT else 0
    shown = line[offset : offset + LONGEST_EXCERPT]
    signs = ""
    for start, end in sorted(marks):
        before = width(safe(shown[: start - offset]))
        size = max(1, width(safe(shown[start - offset : end - offset])))
        signs = signs.ljust(before) + "^" * (before + size - max(before, len(signs)))
    return safe(shown), signs


def width(text: str) -> int:
    """How many columns of a terminal a text takes."""
    return sum(
        0 if unicodedata.combining(sign) else 2 if unicodedata.east_asian_width(sign) in "WF" else 1
        for sign in text
    )


def pad(text: str, size: int, *, right: bool = False) -> str:
    """A text filled up to a width on a terminal, cut where it is longer."""
    while width(text) > size:
        text = text[: size - 1 - max(0, width(text) - len(text))].rstrip() + "…"
    space = " " * (size - width(text))
    return space + text if right else text + space
