"""The chart of a series: a small line over the years, with its target, for whatever paper shows one.

A line joins only years that may be compared: where a figure is counted in another way a dotted upright
stands between them, and across a year without a figure nothing is drawn. The years before a break are
hollow. What a chart says in figures is text that comes ready.
"""

from collections.abc import Iterator
from fractions import Fraction
from itertools import pairwise

from attrs import frozen

from coopfx.engine.outcome import IndicatorYear
from coopfx.extending import Figures
from coopfx.ground.words import Words
from coopfx_papers.charts import BESIDE, INK, LINE, OTHER, SOFT, WORK, pt, set_text, svg

WIDTH, HEIGHT = 320, 132
_LEFT, _RIGHT, _TOP, _BOTTOM = 12, 232, 26, 100
_APART = 17
"""So far apart are two lines of text that do not touch."""


@frozen(slots=True)
class Point:
    """A year of a chart: its value, or None; what it is called, and whether it is joined or broken."""

    year: int
    value: Fraction | None
    shown: str
    joined: bool = False
    broken: bool = False


@frozen(slots=True)
class Line:
    """A series to be drawn: its points in order, and the target with its name, if there is one."""

    points: tuple[Point, ...]
    target: Fraction | None = None
    aim: str = ""


def line_of(item: IndicatorYear, words: Words) -> Line:
    """An indicator's series as a line; years in another unit than the last have no place on it."""
    figures = Figures(item, words, rounded=True)
    points = []
    for one in item.series:
        own = one.indicator
        value = own.value if figures.alike(own) and isinstance(own.value, Fraction) else None
        shown = figures.year(one, unit=False)
        points.append(Point(one.closing.year, value, shown, one.joined, bool(one.broken)))
    target = item.target if isinstance(item.target, Fraction) else None
    return Line(tuple(points), target, figures.target() if target is not None else "")


def chart(line: Line) -> str:
    """The drawing; empty where no year is known."""
    known = [one for one in line.points if one.value is not None]
    if not known:
        return ""
    at = _Scale(line)
    return svg(WIDTH, HEIGHT, [*_ground(line, at), *_years(line, at), *_values(line, at)])


def said(line: Line, label: str, words: Words) -> str:
    """What the drawing shows, in words: each year with its figure, then the target."""
    shown = [f"{one.year}: {one.shown}" for one in line.points]
    aim = [f"{words.phrase('indicators.target')}: {line.aim}"] if line.aim else []
    return words.phrase("papers.series_alt", label=label, figures="; ".join((*shown, *aim)))


class _Scale:
    """Where years and values lie in a drawing."""

    def __init__(self, line: Line) -> None:
        values = [one.value for one in line.points if one.value is not None]
        values += [] if line.target is None else [line.target]
        self.low, self.high = min(values), max(values)
        self.first, self.last = line.points[0].year, line.points[-1].year

    def across(self, year: Fraction | int) -> Fraction:
        if self.last == self.first:
            return Fraction(_RIGHT)
        return _LEFT + (year - self.first) * Fraction(_RIGHT - _LEFT, self.last - self.first)

    def down(self, value: Fraction) -> Fraction:
        if self.high == self.low:
            return Fraction(_TOP + _BOTTOM, 2)
        return _BOTTOM - (value - self.low) / (self.high - self.low) * (_BOTTOM - _TOP)


def _ground(line: Line, at: _Scale) -> Iterator[str]:
    """The target, and the uprights at which the figure is counted in another way."""
    if line.target is not None:
        high = pt(at.down(line.target))
        yield (
            f'<path d="M{_LEFT} {high} H{_RIGHT}" stroke="{OTHER}" stroke-width="1.5" '
            'stroke-dasharray="6 4" fill="none"/>'
        )
    for before, one in pairwise(line.points):
        if one.broken:
            middle = pt(at.across(Fraction(before.year + one.year, 2)))
            yield (
                f'<path d="M{middle} {_TOP - 16} V{_BOTTOM + 10}" stroke="{SOFT}" '
                'stroke-width="1.5" stroke-dasharray="1.5 4" fill="none"/>'
            )


def _years(line: Line, at: _Scale) -> Iterator[str]:
    """The first and the last year, below a thin line."""
    foot = _BOTTOM + 14
    yield f'<path d="M{_LEFT} {foot} H{_RIGHT}" stroke="{LINE}" fill="none"/>'
    ends = [(line.points[0], "start")] if len(line.points) > 1 else []
    for one, anchor in (*ends, (line.points[-1], "end")):
        yield _text(at.across(one.year), Fraction(HEIGHT - 2), str(one.year), anchor, SOFT)


def _values(line: Line, at: _Scale) -> Iterator[str]:
    """The line, its points, the last figure, and the target's name beside its end."""
    points = [(one, at.across(one.year)) for one in line.points]
    since = max((place for place, (one, _) in enumerate(points) if one.broken), default=0)
    for place, ((before, left), (one, right)) in enumerate(pairwise(points), 1):
        if one.joined and before.value is not None and one.value is not None:
            path = f"M{pt(left)} {pt(at.down(before.value))} "
            path += f"L{pt(right)} {pt(at.down(one.value))}"
            colour = WORK if place >= since else BESIDE
            yield f'<path d="{path}" stroke="{colour}" stroke-width="2.5" fill="none"/>'
    for place, (one, left) in enumerate(points):
        if one.value is None:
            continue
        high, last = pt(at.down(one.value)), place == len(points) - 1
        hollow = f'fill="#fff" stroke="{BESIDE}" stroke-width="2"'
        form = hollow if place < since else f'fill="{WORK}"'
        yield f'<circle cx="{pt(left)}" cy="{high}" r="{5 if last else 3.5}" {form}/>'
    yield from _named(line, at)


def _named(line: Line, at: _Scale) -> Iterator[str]:
    """The last figure and the target, beside their heights and never one over the other."""
    end = Fraction(_RIGHT + 12)
    last = line.points[-1].value
    own = None if last is None else at.down(last) + 5
    if own is not None:
        yield _text(end, own, line.points[-1].shown, "start", INK, bold=True)
    if line.target is not None:
        aim = at.down(line.target) + 5
        if own is not None and abs(aim - own) < _APART:
            below = aim > own or (aim == own and own < Fraction(_TOP + _BOTTOM, 2))
            aim = own + _APART if below else own - _APART
        yield _text(end, aim, line.aim.partition(" (")[0], "start", SOFT)


def _text(
    left: Fraction, top: Fraction, text: str, anchor: str, colour: str, *, bold: bool = False
) -> str:
    weight = ' font-weight="600"' if bold else ""
    return (
        f'<text x="{pt(left)}" y="{pt(top)}" text-anchor="{anchor}" fill="{colour}"{weight}>'
        f"{set_text(text)}</text>"
    )
