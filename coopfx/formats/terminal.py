"""Diagnostics on a terminal: what is wrong, the place underlined, what to do."""

import textwrap
import unicodedata

from attrs import frozen

from coopfx.report import Diagnostic, Report, Severity
from coopfx.source import Span
from coopfx.words import Words

WIDTH = 100
LONGEST_EXCERPT = 120
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
    if item.span:
        lines += _excerpt(item.span, report, style, severity)
    for span in item.related:
        lines += _excerpt(span, report, style, "note")
    aid = safe(words.help(item))
    if aid:
        lines += textwrap.wrap(
            aid, WIDTH, initial_indent="  → ", subsequent_indent="    ", break_on_hyphens=False
        )
    return "\n".join(lines) + "\n"


def _excerpt(span: Span, report: Report, style: Style, colour: str) -> list[str]:
    place = f"  {safe(span.file)}:{span.line}:{span.column}"
    source = report.sources.get(span.file)
    line = source.line(span.line) if source else ""
    if not line.strip():
        return [style.paint(place, "faint")]
    start = max(0, span.column - 1 - LONGEST_EXCERPT // 2) if len(line) > LONGEST_EXCERPT else 0
    shown = line[start : start + LONGEST_EXCERPT]
    end = span.end_column if span.end_line == span.line else len(line) + 1
    before = width(safe(shown[: span.column - 1 - start]))
    size = max(1, width(safe(shown[span.column - 1 - start : end - 1 - start])))
    number = str(span.line)
    margin = " " * len(number)
    underline = style.paint("^" * size, colour)
    return [
        style.paint(place, "faint"),
        f"  {number} │ {safe(shown)}",
        f"  {margin} │ {' ' * before}{underline}",
    ]


def width(text: str) -> int:
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
