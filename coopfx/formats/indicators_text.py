"""Indicators on a terminal: a row of figures each, with the years before, and the way to each target."""

from datetime import date

from coopfx.engine import outcome as out
from coopfx.formats.indicators import Figures, closings, mark, progress, remarks
from coopfx.formats.terminal import WIDTH, Style, labelled, pad, safe, width, wrapped
from coopfx.ground.words import Words

_MARKS = {
    "met": ("✓", "good"),
    "missed": ("✗", "error"),
    "ahead": ("→", "faint"),
    "open": ("?", "warning"),
}
_LABEL, _LEAST_LABEL = 54, 30
_MOST_YEARS = 5
_BREAK = "│"


def page(result: out.Outcome, words: Words, style: Style) -> str:
    """The indicators of a year by themselves: their figures, then what is to be said of each."""
    first, *_, last = (str(one.year) for one in (*closings(result), result.closing))
    key = "indicators.title" if first != last else "indicators.title.one"
    title = words.phrase(key, name=safe(result.cooperative), first=first, last=last)
    lines = [style.paint(title, "bold"), "", *table(result, "", words, style)]
    said = []
    for item in result.indicators:
        text = " ".join((progress(item, result.closing, words), *remarks(item, words)))
        if text.strip():
            said += ["", *wrapped(item.label, "  "), *wrapped(text.strip(), "    ")]
    return "\n".join([*lines, *said]) + "\n"


def table(result: out.Outcome, title: str, words: Words, style: Style) -> list[str]:
    """The indicators of a year by their pillars, with as many of the years before as have room."""
    shown = [_Row(item, result.closing, words) for item in result.indicators]
    years = closings(result)[-_MOST_YEARS:]
    while True:
        cells = [[one.cell(year) for year in years] for one in shown]
        heads = [str(year.year) for year in years] if years[1:] else [""]
        wide = [max(map(width, column)) + 2 for column in zip(heads, *cells, strict=True)]
        aims = max((width(one.aim) for one in shown), default=0) + 4
        room = min(_LABEL + 12, WIDTH - sum(wide) - aims) - 4
        if room >= _LEAST_LABEL or len(years) == 1:
            break
        years = years[1:]
    room = max(room, _LEAST_LABEL)
    first = pad(title, room + 4) + "".join(
        pad(head, size, right=True) for head, size in zip(heads, wide, strict=True)
    )
    lines = [style.paint(first.rstrip(), "bold")]
    pillar = ""
    for one, own in sorted(
        zip(shown, cells, strict=True), key=lambda pair: _order(result, pair[0].item.pillar)
    ):
        if one.item.pillar and one.item.pillar != pillar:
            lines.append("  " + safe(words.label(one.item.pillar)))
        pillar = one.item.pillar
        indent = "    " if pillar else "  "
        label, *more = labelled(safe(one.label), room + 4 - len(indent), indent)
        line = label + "".join(
            pad(text, size, right=True) for text, size in zip(own, wide, strict=True)
        )
        lines += [line + one.judged(style), *more]
    if any(_BREAK in text for own in cells for text in own):
        lines.append("  " + style.paint(words.phrase("indicators.broken"), "faint"))
    return lines


def _order(result: out.Outcome, pillar: str) -> int:
    """Where a pillar stands among those of the text."""
    return [item.pillar for item in result.indicators].index(pillar)


class _Row:
    """An indicator as a row of figures."""

    def __init__(self, item: out.IndicatorYear, closing: date, words: Words) -> None:
        self.item, self.closing, self.words = item, closing, words
        self.figures = Figures(item, words)
        self.label = f"{item.label} ({item.unit})" if item.unit else item.label
        self.aim = self.figures.target()
        self.years = {one.closing: one for one in item.series}

    def cell(self, closing: date) -> str:
        """The figure of the year that closes on a day, behind a line where it is counted anew."""
        one = self.years.get(closing)
        if one is None:
            return (
                safe(self.figures.show(self.item.value, unit=False))
                if closing == self.closing
                else "–"
            )
        return (f"{_BREAK} " if one.broken else "") + safe(self.figures.year(one, unit=False))

    def judged(self, style: Style) -> str:
        if not self.aim:
            return ""
        sign, colour = _MARKS[mark(self.item, self.closing)]
        return f"  {style.paint(sign, colour)} {style.paint(self.aim, 'faint')}"
