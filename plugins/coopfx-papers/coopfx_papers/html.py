"""A paper as a page of HTML that stands by itself: no script, no font, no picture from elsewhere."""

from html import escape as _escape
from pathlib import Path

from coopfx_papers.paper import (
    Amendment,
    Bar,
    Block,
    Card,
    Cards,
    Figure,
    Heading,
    KeyFigures,
    Listing,
    Paper,
    Paragraph,
    Steps,
    Table,
    moved_in,
    printed,
)

_SHORT = 16
"""A table of so many rows is printed on one page."""
_MANY = 4
"""A table of so many columns has no room on a phone: there each of its rows is a list."""


def page(paper: Paper) -> str:
    """The page, with its styles and drawings inside."""
    style = (Path(__file__).parent / "paper.css").read_text("utf-8")
    body = "\n".join(_block(block) for block in paper.blocks)
    kind = ' class="single"' if paper.single else ""
    policy = "default-src 'none'; style-src 'unsafe-inline'"
    policy += "; img-src data:" if paper.logo else ""
    logo = ""
    if paper.logo:
        logo = f'<img class="logo" src="{_escape(paper.logo)}" alt="{escape(paper.company)}">\n'
    return f"""<!doctype html>
<html lang="{escape(paper.language)}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="{policy}">
<title>{escape(paper.title)} – {escape(paper.above)}</title>
<style>
{style}</style>
</head>
<body{kind}>
<header>
{logo}<p class="above">{escape(paper.above)}</p>
<h1>{escape(paper.title)}</h1>
</header>
<main>
{body}
</main>
<footer><p>{escape(paper.below)}</p></footer>
</body>
</html>
"""


def _block(block: Block) -> str:
    match block:
        case Heading():
            return f"<h{block.level}>{escape(block.said)}</h{block.level}>"
        case Listing(items, numbered):
            kind = "ol" if numbered else "ul"
            return f"<{kind}>{''.join(f'<li>{escape(item)}</li>' for item in items)}</{kind}>"
        case Paragraph(text, style):
            return f'<p class="{style}">{escape(text)}</p>'
        case KeyFigures(items):
            figures = "".join(
                f"<div><dt>{escape(item.label)}</dt><dd><strong>{escape(item.value)}</strong>"
                + (f"<span>{escape(item.note)}</span>" if item.note else "")
                + "</dd></div>"
                for item in items
            )
            return f'<dl class="key">{figures}</dl>'
        case Table():
            return _table(block)
        case Figure(svg, alt, caption, narrow):
            said = f"<figcaption>{escape(caption)}</figcaption>" if caption else ""
            drawings = [("wide", svg), ("narrow", narrow)] if narrow else [("", svg)]
            drawn = "".join(_drawing(one, kind, alt) for kind, one in drawings)
            return f"<figure>{drawn}{said}</figure>"
        case Amendment(place, old, new):
            lines = [f"<p><del>{escape(line)}</del></p>" for line in old]
            lines += [f"<p><ins>{escape(line)}</ins></p>" for line in new]
            return (
                f'<div class="amended"><p class="place">{escape(place)}</p>{"".join(lines)}</div>'
            )
        case Cards(items):
            cards = "\n".join(map(_card, items))
            return f'<div class="cards">\n{cards}\n</div>'
        case Steps(items):
            return _steps(items)


def _table(table: Table) -> str:
    heads = "".join(
        f'<th scope="colgroup" colspan="2" class="bars">{escape(column.head)}</th>'
        if column.bars
        else f'<th scope="col"{_figures(column.figures)}>{escape(column.head)}</th>'
        for column in table.columns
    )
    wide = sum(1 + column.bars for column in table.columns)
    rows = []
    for number, row in enumerate(table.rows):
        mark = table.marks.get(number, "")
        if mark == "group":
            rows.append(
                f'<tr class="group"><th scope="colgroup" colspan="{wide}">'
                f"{escape(row[0])}</th></tr>"
            )
            continue
        cells = [_head(row[0])] + [
            f'<td{_figures(column.figures)} data-head="{escape(column.head)}">{escape(cell)}</td>'
            + (_bar(table.bars.get(number)) if column.bars else "")
            for column, cell in zip(table.columns[1:], row[1:], strict=True)
        ]
        rows.append(f"<tr{f' class={mark}' if mark else ''}>{''.join(cells)}</tr>")
    body = "\n".join(rows)
    kind = "table"
    kind += " short" if len(rows) <= _SHORT else ""
    kind += " many" if len(table.columns) >= _MANY else ""
    return (
        f'<div class="{kind}" role="region" tabindex="0" aria-label="{escape(table.caption)}">'
        f"<table>\n<caption>{escape(table.caption)}</caption>\n<colgroup>{_widths(table)}</colgroup>\n"
        f"<thead><tr>{heads}</tr></thead>\n"
        f"<tbody>\n{body}\n</tbody>\n</table></div>"
    )


def _card(card: Card) -> str:
    """A card; what it shows in a drawing it says in words too."""
    judged = f' <span class="{card.mark}">{escape(card.judged)}</span>' if card.judged else ""
    drawn = f"<figure>{_drawing(card.svg, '', card.alt)}</figure>" if card.svg else ""
    text = f"<p>{escape(card.text)}</p>" if card.text else ""
    note = f'<p class="note">{escape(card.note)}</p>' if card.note else ""
    return (
        f'<article class="card"><h3>{escape(card.label)}</h3>'
        f'<p class="value"><strong>{escape(card.value)}</strong>{judged}</p>{drawn}{text}{note}</article>'
    )


def _drawing(svg: str, kind: str, alt: str) -> str:
    said = f'<svg role="img" aria-label="{escape(alt)}" ' + (f'class="{kind}" ' if kind else "")
    return svg.replace("<svg ", said, 1)


def _head(cell: str) -> str:
    """The cell that a row begins with, moved in below what it is a part of."""
    steps, said = moved_in(cell)
    style = f' style="padding-left:{steps}em"' if steps else ""
    return f'<th scope="row"{style}>{escape(said)}</th>'


def _widths(table: Table) -> str:
    """How wide columns are; one of figures beside bars is as wide as they are."""
    whole = sum(column.width for column in table.columns)
    return "".join(
        ("<col>" if column.bars else "") + f'<col style="width:{100 * column.width / whole:.0f}%">'
        for column in table.columns
    )


def _bar(bar: Bar | None) -> str:
    """A bar, which its figure says in words; empty where the row has none."""
    if bar is None:
        return "<td></td>"
    style = f"margin-left:{bar.before / 10}%;width:{bar.length / 10}%;background:{bar.colour}"
    return f'<td class="bar"><span style="{style}"></span></td>'


def _figures(figures: bool) -> str:
    return ' class="figures"' if figures else ""


def _steps(items: tuple[tuple[int, str, str], ...]) -> str:
    """Sentences, each list inside the sentence that it explains."""
    lines, depth = ['<ul class="steps">'], 0
    opened = False
    for level, text, place in items:
        level = min(level, depth + 1) if opened else 0
        while depth > level:
            lines.append("</li></ul>")
            depth -= 1
        if level > depth:
            lines.append("<ul>")
            depth += 1
        elif opened:
            lines.append("</li>")
        where = f" <span>{escape(place)}</span>" if place else ""
        lines.append(f"<li>{escape(text)}{where}")
        opened = True
    lines += ["</li></ul>"] * (depth + 1) if opened else ["</ul>"]
    return "".join(lines)


def escape(text: str) -> str:
    """A text as HTML, as printers set it."""
    return _escape(printed(text))
