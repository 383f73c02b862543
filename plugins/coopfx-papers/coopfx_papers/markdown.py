"""A paper as Markdown: headings, sentences, lists and tables, for whoever goes on writing in a text."""

import re
from collections.abc import Iterator

from coopfx_papers.paper import (
    Amendment,
    Block,
    Cards,
    Figure,
    Heading,
    KeyFigures,
    Listing,
    Paper,
    Paragraph,
    Steps,
    Table,
)


def text(paper: Paper) -> str:
    """The paper's text."""
    lines = [f"# {plain(paper.title)}", plain(paper.above)]
    for block in paper.blocks:
        lines += _block(block)
    return "\n\n".join(lines) + "\n"


def plain(written: str) -> str:
    """A text in which no sign means anything to Markdown or to HTML.

    >>> plain("a *b* <script> [c](d)")
    'a \\\\*b\\\\* &lt;script&gt; \\\\[c\\\\](d)'
    """
    escaped = re.sub(r"([\\`*_\[\]#|~])", r"\\\1", written.replace("\n", " "))
    return escaped.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _block(block: Block) -> Iterator[str]:
    match block:
        case Heading():
            yield f"{'#' * block.level} {plain(block.said)}"
        case Paragraph(said, style):
            yield f"*{plain(said)}*" if style == "note" else plain(said)
        case KeyFigures(items):
            yield "\n".join(
                f"- {plain(one.label)}: **{plain(one.value)}** {plain(one.note)}".rstrip()
                for one in items
            )
        case Listing(items, numbered):
            yield "\n".join(
                f"{f'{number}.' if numbered else '-'} {plain(one)}"
                for number, one in enumerate(items, 1)
            )
        case Steps(steps):
            yield "\n".join(
                f"{'  ' * depth}- {plain(f'{said} {place}'.strip())}"
                for depth, said, place in steps
            )
        case Amendment(place, old, new):
            yield plain(place)
            yield "\n".join(
                (*(f"- ~~{plain(one)}~~" for one in old), *(f"- {plain(one)}" for one in new))
            )
        case Cards(items):
            for card in items:
                said = " ".join(filter(None, (card.value, card.judged, card.text)))
                yield f"**{plain(card.label)}**: {plain(said)}"
        case Figure(_, alt):
            yield plain(alt)
        case Table():
            yield f"**{plain(block.caption)}**"
            yield _table(block)


def _table(table: Table) -> str:
    heads = "| " + " | ".join(plain(column.head) for column in table.columns) + " |"
    rule = "|" + "|".join(" ---: " if one.figures else " --- " for one in table.columns) + "|"
    rows = []
    for number, row in enumerate(table.rows):
        strong = bool(table.marks.get(number))
        cells = [f"**{plain(cell)}**" if strong and cell else plain(cell) for cell in row]
        rows.append("| " + " | ".join(cells) + " |")
    return "\n".join([heads, rule, *rows])
