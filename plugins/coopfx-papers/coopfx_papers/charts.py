"""Charts: where money flows, drawn in SVG, and the bars that stand beside figures in a table.

Each label stands beside what it names, so that no chart is read by colour alone; the colours are those
of Okabe and Ito's palette, some darkened. Each has a contrast of 3 to 1 on white, and work, capital and
reserves also differ by how light they are, for those who see few colours and for a grey printer.
Positions alone are rounded, to tenths of a point or thousandths of the room: what a chart says in figures
is text that comes ready.
"""

import textwrap
from collections.abc import Sequence
from fractions import Fraction
from html import escape

from attrs import define, frozen

from coopfx_papers.paper import Bar, printed

WIDTH = 720
WORK, RESERVES, CAPITAL, OTHER, LOSS = "#0b4f86", "#009e73", "#b34700", "#5d6670", "#8a1f5c"
BESIDE = "#8b959f"
"""What stands beside, to be compared with."""
INK, SOFT, LINE = "#1d2328", "#56606a", "#ccd2d8"
_SEEN = 3
_FONT = (
    "'Libertinus Serif', 'Iowan Old Style', 'Palatino Linotype', Palatino, 'Noto Serif', "
    "Georgia, serif"
)


@frozen(slots=True)
class Node:
    """A place of a drawing: its name, its amount as text, its colour, and in which column it stands."""

    label: str
    shown: str
    colour: str
    layer: int


@frozen(slots=True)
class Ribbon:
    """What flows from one node to another, by their numbers, its size and its colour."""

    source: int
    target: int
    size: Fraction
    colour: str


@frozen(slots=True)
class _Plan:
    """Where a drawing has its first and its last bars, and how many signs its labels have there."""

    width: int
    left: int
    right: int
    most: int
    first: int


_WIDE = _Plan(width=WIDTH, left=150, right=430, most=34, first=18)
_NARROW = _Plan(width=400, left=0, right=150, most=22, first=0)
_BAR, _LINE = 10, 18
_NAMED = 42
"""How much room a bar needs above it for its name and its amount."""


@define(slots=True)
class _Bar:
    """A node's bar: its column, its top, how thick it is, and how much of each side is used up."""

    at: int
    thick: Fraction
    top: Fraction = Fraction(0)
    room: Fraction = Fraction(0)
    entered: Fraction = Fraction(0)
    left: Fraction = Fraction(0)


def sankey(
    nodes: Sequence[Node], ribbons: Sequence[Ribbon], high: int = 220, *, narrow: bool = False
) -> str:
    """Flows from node to node, each as thick as its amount; the thickest column is ``high`` points.

    The last column has its labels on its right, the first on its left, and those between above their
    bars. A ``narrow`` drawing is for the screen of a phone: all but the last are named above it.
    """
    plan = _NARROW if narrow else _WIDE
    last = max(node.layer for node in nodes)
    bars = _placed(nodes, ribbons, high, plan)
    above = Fraction(0)
    parts: list[str] = []
    if narrow:
        for node in nodes:
            if node.layer < last:
                above += 2 * _LINE
                parts += _text(0, above - _LINE - 4, [_lines(node.label, 2 * plan.most)[0]])
                parts += _text(0, above - 4, [node.shown], bold=True)
    else:
        tops = [bar.top for node, bar in zip(nodes, bars, strict=True) if 0 < node.layer < last]
        above = max(Fraction(0), _NAMED - min(tops)) if tops else above
    for bar in bars:
        bar.top += above
    order = sorted(ribbons, key=lambda one: (bars[one.source].top, bars[one.target].top))
    scale = _scale(nodes, ribbons, high)
    for one in order:
        parts.append(_ribbon(bars[one.source], bars[one.target], one, one.size * scale))
    for node, bar in zip(nodes, bars, strict=True):
        parts.append(_rect(bar.at, bar.top, _BAR, bar.thick, node.colour))
        middle = bar.top + bar.thick / 2
        if node.layer == last:
            lines = _lines(node.label, plan.most)
            first = middle - 9 * len(lines) + 5
            parts += _text(bar.at + 22, first, lines)
            parts += _text(bar.at + 22, first + _LINE * len(lines), [node.shown], bold=True)
        elif not narrow and node.layer == 0:
            own = _lines(node.label, plan.first)
            first = middle - 9 * len(own) + 5
            parts += _text(bar.at - 12, first, own, end=True)
            parts += _text(bar.at - 12, first + _LINE * len(own), [node.shown], end=True, bold=True)
        elif not narrow:
            own = [_lines(node.label, plan.first + 4)[0], node.shown]
            parts += _text(bar.at + _BAR, bar.top - 26, own[:1], end=True, halo=True)
            parts += _text(bar.at + _BAR, bar.top - 8, own[1:], end=True, bold=True, halo=True)
    height = max(bar.top + max(bar.thick, bar.room) for bar in bars)
    return svg(plan.width, height, parts)


def _size(number: int, ribbons: Sequence[Ribbon]) -> Fraction:
    """How much a node has: what comes in or what goes out, whichever is more."""
    into = sum((one.size for one in ribbons if one.target == number), Fraction(0))
    out = sum((one.size for one in ribbons if one.source == number), Fraction(0))
    return max(into, out)


def _scale(nodes: Sequence[Node], ribbons: Sequence[Ribbon], high: int) -> Fraction:
    columns: dict[int, Fraction] = {}
    for number, node in enumerate(nodes):
        columns[node.layer] = columns.get(node.layer, Fraction(0)) + _size(number, ribbons)
    return Fraction(high) / max(columns.values())


def _placed(nodes: Sequence[Node], ribbons: Sequence[Ribbon], high: int, plan: _Plan) -> list[_Bar]:
    """The bars: the last column by the order of its nodes, each other beside what it goes to."""
    last = max(node.layer for node in nodes)
    scale = _scale(nodes, ribbons, high)
    bars = []
    for number, node in enumerate(nodes):
        thick = max(Fraction(2), _size(number, ribbons) * scale)
        lines = len(_lines(node.label, plan.most)) if node.layer == last else 1
        at = plan.left + Fraction(node.layer, last) * (plan.right - plan.left)
        bars.append(_Bar(round(at), thick, room=max(thick + 14, Fraction(24 + _LINE * lines))))
    top = Fraction(0)
    for node, bar in zip(nodes, bars, strict=True):
        if node.layer == last:
            bar.top = top + (bar.room - bar.thick) / 2
            top += bar.room
    for layer in range(last - 1, -1, -1):
        own = [number for number, node in enumerate(nodes) if node.layer == layer]
        for number in own:
            bars[number].top = _beside(number, bars, ribbons) - bars[number].thick / 2
        free = Fraction(0) if layer else Fraction(12)
        for number in sorted(own, key=lambda one: bars[one].top):
            bar = bars[number]
            bar.top = max(bar.top, free)
            free = bar.top + max(bar.thick, Fraction(2 * _LINE)) + 24
    return bars


def _beside(number: int, bars: Sequence[_Bar], ribbons: Sequence[Ribbon]) -> Fraction:
    """The middle of what a node goes to, each by its size."""
    out = [one for one in ribbons if one.source == number]
    whole = sum((one.size for one in out), Fraction(0)) or Fraction(1)
    return sum(
        ((bars[one.target].top + bars[one.target].thick / 2) * one.size / whole for one in out),
        Fraction(0),
    )


def _ribbon(source: _Bar, target: _Bar, one: Ribbon, size: Fraction) -> str:
    """A ribbon from the free part of a bar's right side to that of another's left side."""
    start, end = source.at + _BAR, target.at
    high, low = source.top + source.left, target.top + target.entered
    source.left += size
    target.entered += size
    middle = Fraction(start + end) / 2
    path = (
        f"M{start} {pt(high)} C{pt(middle)} {pt(high)} {pt(middle)} {pt(low)} {end} {pt(low)} "
        f"V{pt(low + size)} C{pt(middle)} {pt(low + size)} {pt(middle)} {pt(high + size)} "
        f"{start} {pt(high + size)} Z"
    )
    return f'<path d="{path}" fill="{one.colour}" fill-opacity="0.32"/>'


def bars(values: Sequence[tuple[Fraction, str]]) -> list[Bar]:
    """Bars of values with their colours, from a common line; those below zero lie before it.

    >>> bars([(Fraction(3), "blue"), (Fraction(-1), "red")])
    [Bar(before=250, length=750, colour='blue'), Bar(before=0, length=250, colour='red')]
    """
    high = max([Fraction(0), *(value for value, _ in values)])
    low = min([Fraction(0), *(value for value, _ in values)])
    scale = 1000 / ((high - low) or Fraction(1))
    return [
        Bar(round((min(value, Fraction(0)) - low) * scale), _long(value * scale), colour)
        for value, colour in values
    ]


def _long(thousandths: Fraction) -> int:
    """How long a bar is: of a value that is not nothing at least so that it is seen."""
    return max(round(abs(thousandths)), _SEEN) if thousandths else 0


def _lines(text: str, most: int) -> list[str]:
    """A label on two lines at most, the rest cut: the table below has it whole."""
    found = textwrap.wrap(text, most, break_long_words=True) or [""]
    if len(found) > 2:
        found = [found[0], found[1][: most - 1].rstrip() + "…"]
    return found


def svg(width: int, height: Fraction | int, parts: Sequence[str]) -> str:
    """A drawing of what stands in it, in points."""
    body = "".join(parts)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {pt(height)}" '
        f'font-family="{_FONT}" font-size="15" fill="{INK}">{body}</svg>'
    )


def _rect(
    left: Fraction | int,
    top: Fraction | int,
    width: Fraction | int,
    height: Fraction | int,
    colour: str,
) -> str:
    return (
        f'<rect x="{pt(left)}" y="{pt(top)}" width="{pt(width)}" height="{pt(height)}" '
        f'fill="{colour}"/>'
    )


def _text(
    left: Fraction | int,
    top: Fraction | int,
    lines: Sequence[str],
    *,
    end: bool = False,
    bold: bool = False,
    halo: bool = False,
) -> list[str]:
    """Lines of a text; with a ``halo`` where it stands before something that is drawn."""
    around = ' stroke="#fff" stroke-width="4" paint-order="stroke"' if halo else ""
    anchor = ' text-anchor="end"' if end else ""
    weight = ' font-weight="600"' if bold else ""
    return [
        f'<text x="{pt(left)}" y="{pt(top + 17 * row)}"{anchor}{weight}{around}>{set_text(line)}</text>'
        for row, line in enumerate(lines)
    ]


def pt(value: Fraction | int) -> str:
    """A position, to a tenth of a point."""
    rounded = round(Fraction(value) * 10)
    sign, rounded = ("-", -rounded) if rounded < 0 else ("", rounded)
    return sign + (f"{rounded // 10}.{rounded % 10}" if rounded % 10 else str(rounded // 10))


def set_text(text: str) -> str:
    """A text inside a drawing."""
    return escape(printed(text))
