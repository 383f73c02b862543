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

from attrs import frozen

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
class Flow:
    """A part of what flows: its name, its amount as text, its size, its colour."""

    label: str
    shown: str
    size: Fraction
    colour: str


@frozen(slots=True)
class _Plan:
    """Where a drawing has its two bars, how many signs its labels have, and the room above it."""

    width: int
    left: int
    right: int
    most: int
    above: int


_WIDE = _Plan(width=WIDTH, left=150, right=400, most=38, above=0)
_NARROW = _Plan(width=400, left=0, right=116, most=26, above=44)


def sankey(
    source: str, shown: str, flows: Sequence[Flow], high: int = 260, *, narrow: bool = False
) -> str:
    """A source that parts into flows, each as thick as its amount; flows of nothing are left out.

    All flows together are ``high`` points thick. A ``narrow`` drawing is for the screen of a phone: it
    says above what flows, and not on the left.
    """
    plan = _NARROW if narrow else _WIDE
    flows = [flow for flow in flows if flow.size > 0]
    whole = sum((flow.size for flow in flows), Fraction(0))
    thick = [max(Fraction(2), flow.size / whole * high) for flow in flows]
    labels = [_lines(flow.label, plan.most) for flow in flows]
    slots = [
        max(height + 14, Fraction(24 + 18 * len(lines)))
        for height, lines in zip(thick, labels, strict=True)
    ]
    total, bar = sum(slots, Fraction(0)), sum(thick, Fraction(0))
    height = max(total, bar if narrow else bar + 60)
    left, right, at = plan.left, plan.right, plan.above + Fraction(height - bar) / 2
    parts = [_rect(left, at, 10, bar, INK)]
    if narrow:
        parts += _text(left, 14, [_lines(source, 2 * plan.most)[0]])
        parts += _text(left, 32, [shown], bold=True)
    else:
        own = _lines(source, 18)
        parts += _text(left - 12, height / 2 - 8 * (len(own) - 1) - 4, own, end=True)
        parts += _text(
            left - 12, height / 2 + 8 * (len(own) - 1) + 16, [shown], end=True, bold=True
        )
    slot = plan.above + (height - total) / 2
    for flow, size, lines, room in zip(flows, thick, labels, slots, strict=True):
        top = slot + (room - size) / 2
        middle = Fraction(left + 10 + right) / 2
        path = (
            f"M{left + 10} {_n(at)} C{_n(middle)} {_n(at)} {_n(middle)} {_n(top)} {right} {_n(top)} "
            f"V{_n(top + size)} C{_n(middle)} {_n(top + size)} {_n(middle)} {_n(at + size)} "
            f"{left + 10} {_n(at + size)} Z"
        )
        parts.append(f'<path d="{path}" fill="{flow.colour}" fill-opacity="0.32"/>')
        parts.append(_rect(right, top, 10, size, flow.colour))
        first = slot + room / 2 - 9 * len(lines) + 5
        parts += _text(right + 22, first, lines)
        parts += _text(right + 22, first + 18 * len(lines), [flow.shown], bold=True)
        at += size
        slot += room
    return _svg(plan.width, plan.above + height, parts)


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


def _svg(width: int, height: Fraction | int, parts: Sequence[str]) -> str:
    body = "".join(parts)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {_n(height)}" '
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
        f'<rect x="{_n(left)}" y="{_n(top)}" width="{_n(width)}" height="{_n(height)}" '
        f'fill="{colour}"/>'
    )


def _text(
    left: Fraction | int,
    top: Fraction | int,
    lines: Sequence[str],
    *,
    end: bool = False,
    bold: bool = False,
) -> list[str]:
    anchor = ' text-anchor="end"' if end else ""
    weight = ' font-weight="600"' if bold else ""
    return [
        f'<text x="{_n(left)}" y="{_n(top + 17 * row)}"{anchor}{weight}>{_set(line)}</text>'
        for row, line in enumerate(lines)
    ]


def _n(value: Fraction | int) -> str:
    """A position, to a tenth of a point."""
    tenths = round(Fraction(value) * 10)
    sign, tenths = ("-", -tenths) if tenths < 0 else ("", tenths)
    return sign + (f"{tenths // 10}.{tenths % 10}" if tenths % 10 else str(tenths // 10))


def _set(text: str) -> str:
    """A text inside a drawing."""
    return escape(printed(text))
