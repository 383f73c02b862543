"""Rows of a name and figures, aligned under a header, on a terminal."""

from collections.abc import Sequence

from coopfx.formats.terminal import WIDTH, Style, labelled, pad, safe, width

_NAME = 22


def aligned(
    header: Sequence[str], rows: Sequence[Sequence[str]], style: Style, *, name: int = _NAME
) -> list[str]:
    """Rows of a name and figures under a header; a name that finds no room goes on below.

    The first column has what the figures leave of the line, and at least so many signs as ``name`` says.
    """
    columns = zip(*(row[1:] for row in (header, *rows)), strict=True)
    wide = [max(map(width, column)) + 2 for column in columns]
    room = max(WIDTH - sum(wide), name)
    lines = []
    for number, (label, *cells) in enumerate((header, *rows)):
        bare = label.lstrip()
        indent = "  " if number else ""
        indent += label[: len(label) - len(bare)]
        first, *more = labelled(safe(bare), room - len(indent), indent)
        line = first + "".join(
            pad(one, size, right=True) for one, size in zip(cells, wide, strict=True)
        )
        lines += [line if number else style.paint(line, "bold"), *more]
    return lines
