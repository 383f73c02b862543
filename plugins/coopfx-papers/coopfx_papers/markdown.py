"""A paper as Markdown: headings, sentences, lists and tables, for whoever goes on writing in a text."""

import re
from collections.abc import Iterator

from coopfx_papers.paper import Block, Heading, Listing, Paper, Paragraph, Table


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
    >>> plain("1. a"), plain("- a")
    ('1\\\\. a', '\\\\- a')
    """
    escaped = re.sub(r"([\\`*_\[\]#|~])", r"\\\1", written.replace("\n", " "))
    escaped = re.sub(r"^(\s*\d*)([-+.)])(?=\s|$)", r"\1\\\2", escaped)
    return escaped.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _block(block: Block) -> Iterator[str]:
    match block:
        case Heading():
            yield f"{'#' * block.level} {plain(block.said)}"
        case Paragraph(said, style):
            yield f"*{plain(said)}*" if style == "note" else plain(said)
        case Listing(items, numbered):
            yield "\n".join(
                f"{f'{number}.' if numbered else '-'} {plain(one)}"
                for number, one in enumerate(items, 1)
            )
        case Table():
            yield f"**{plain(block.caption)}**"
            yield _table(block)
        case _:
            raise TypeError(f"a text has no {type(block).__name__}")


def _table(table: Table) -> str:
    heads = "| " + " | ".join(plain(column.head) for column in table.columns) + " |"
    rule = "|" + "|".join(" ---: " if one.figures else " --- " for one in table.columns) + "|"
    rows = []
    for number, row in enumerate(table.rows):
        strong = bool(table.marks.get(number))
        cells = [f"**{plain(cell)}**" if strong and cell else plain(cell) for cell in row]
        rows.append("| " + " | ".join(cells) + " |")
    return "\n".join([heads, rule, *rows])
