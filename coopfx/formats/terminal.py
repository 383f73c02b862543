"""Diagnostics on a terminal: what is wrong, the place underlined, what to do."""

import textwrap
import unicodedata

from attrs import frozen

from coopfx.ground.report import Diagnostic, Report, Severity
from coopfx.ground.source import Span
from coopfx.ground.words import Words

WIDTH = 100
LONGEST_EXCERPT = 120
MOST_SHOWN = 250
"""So many diagnostics are shown: more than one text or table is told of before it is left unread."""
MOST_LINES = 3
_COLOURS = {"error": "31", "warning": "33", "note": "36", "good": "32", "faint": "2", "bold": "1"}


@frozen(slots=True)
class Style:
    """Whether a terminal takes colours."""

    colour: bool = False

    def paint(self, text: str, name: str) -> str:
        """A text in a colour of the palette."""
        return f"\033[{_COLOURS[name]}m{text}\033[0m" if self.colour and text else text


@frozen(slots=True)
class _Mark:
    """A place to show, with the word on it."""

    span: Span
    word: str


def safe(text: str) -> str:
    """A text without the signs by which it could steer a terminal."""
    return "".join(
        character if character == "\n" or unicodedata.category(character)[0] != "C" else "�"
        for character in text
    )


def wrapped(text: str, first: str = "", further: str | None = None) -> list[str]:
    """A text in the lines of a terminal, after an indent: the further ones after blanks, or their own."""
    further = " " * len(first) if further is None else further
    return textwrap.wrap(
        safe(text), WIDTH, initial_indent=first, subsequent_indent=further, break_on_hyphens=False
    )


def labelled(label: str, room: int, indent: str) -> list[str]:
    """A label beside figures: its first line filled up to its room, then what finds none on it."""
    lines = textwrap.wrap(label, room, break_on_hyphens=False) or [""]
    return [indent + pad(lines[0], room), *(indent + line for line in lines[1:])]


def diagnostics(report: Report, words: Words, style: Style) -> str:
    """The diagnostics, in order of file and place, and how many there are."""
    found = report.in_order()
    shown = [diagnostic(item, report, words, style) for item in found[:MOST_SHOWN]]
    if len(found) > MOST_SHOWN:
        shown.append(words.counted("count.unshown", len(found) - MOST_SHOWN) + "\n")
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
    for marks in _places(item, words):
        first = any(mark.span is item.span for mark in marks)
        lines += _excerpt(marks, report, style, severity if first else "note")
    lines += wrapped(words.help(item), "  → ")
    return "\n".join(lines) + "\n"


def _places(item: Diagnostic, words: Words) -> list[list[_Mark]]:
    """The places to show, those of one line together.

    Where further places stand within the first, on its line, they are what the matter lies between.
    """
    if item.span is None:
        return []
    spans = [item.span, *item.related]
    marks = [_Mark(span, safe(words.place(item, number))) for number, span in enumerate(spans)]
    if any(item.span.holds(span) for span in item.related):
        marks = marks[1:]
    groups: list[list[_Mark]] = []
    for mark in marks:
        span = mark.span
        if groups and (groups[-1][0].span.file, groups[-1][0].span.line) == (span.file, span.line):
            groups[-1].append(mark)
        else:
            groups.append([mark])
    return groups


def _excerpt(group: list[_Mark], report: Report, style: Style, colour: str) -> list[str]:
    """The places of one line; of a single place on a few lines, all of them."""
    spans = [mark.span for mark in group]
    first = spans[0]
    lines = [style.paint(f"  {safe(first.file)}:{first.line}:{first.column}", "faint")]
    source = report.sources.get(first.file)
    part = source.excerpt_of(first) if source else None
    if part is not None:
        line, start, end = part
        shown, below = _marked(line, [(start, end, group[0].word)])
        margin = " " * len(str(first.line))
        if line:
            lines.append(f"  {first.line} │ {shown}")
            lines += [f"  {margin} │ {_painted(one, style, colour)}" for one in below]
        elif group[0].word:
            lines[0] += f" {group[0].word}"
        return lines
    few = len(spans) == 1 and first.end_line - first.line < MOST_LINES
    last = first.end_line if few else first.line
    for number in range(first.line, last + 1):
        line = source.excerpt(number) if source else ""
        if not line:
            continue
        indent = len(line) - len(line.lstrip())
        marks = [
            (
                span.column - 1 if number == span.line else indent,
                span.end_column - 1 if number == span.end_line else len(line),
                mark.word if number == last else "",
            )
            for mark, span in zip(group, spans, strict=True)
        ]
        shown, below = _marked(line, marks)
        margin = " " * len(str(last))
        lines.append(f"  {number:>{len(margin)}} │ {shown}")
        lines += [f"  {margin} │ {_painted(one, style, colour)}" for one in below]
    return lines


def _painted(marked: str, style: Style, colour: str) -> str:
    space = marked[: len(marked) - len(marked.lstrip())]
    return space + style.paint(marked.lstrip(), colour)


def _marked(line: str, marks: list[tuple[int, int, str]]) -> tuple[str, list[str]]:
    """A line, cut where it is long, and what stands under it: signs that mark places, words on them.

    The last place's word stands beside its signs, those of the others in lines of their own.
    """
    start = min(marks)[0]
    offset = max(0, start - LONGEST_EXCERPT // 2) if len(line) > LONGEST_EXCERPT else 0
    shown = line[offset : offset + LONGEST_EXCERPT]
    signs = ""
    words: list[tuple[int, str]] = []
    for start, end, word in sorted(marks):
        before = width(safe(shown[: start - offset]))
        size = max(1, width(safe(shown[start - offset : end - offset])))
        signs = signs.ljust(before) + "^" * (before + size - max(before, len(signs)))
        words.append((before, word))
    _, beside = words.pop()
    below = [" " * before + word for before, word in reversed(words) if word]
    return safe(shown), [f"{signs} {beside}".rstrip(), *below]


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
