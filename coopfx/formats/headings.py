"""Headings of several lines: a group above the names that it spans, units below them, as one name each."""

import re
from collections.abc import Sequence

MOST_LINES = 3
"""So many lines a heading may have."""
_SHORT = 4
_FIGURES = 0.8
_BRACKETS = re.compile(r"[(\[].*[)\]]")


def names_of(rows: Sequence[Sequence[str]]) -> list[str]:
    """The names of columns whose heading has several lines.

    What stands above goes on to the right over empty cells, as merged ones have it, if it has a name
    below it itself. A short last part that does not begin as a name does, as a unit, stands in brackets.

    >>> names_of([["No", "Pay", "", "Here"], ["", "Gross", "Net", "months"]])
    ['No', 'Pay Gross', 'Pay Net', 'Here months']
    >>> names_of([["No", "Hours", "Pay"], ["", "h", "k€"]])
    ['No', 'Hours (h)', 'Pay (k€)']
    """
    if len(rows) == 1:
        return [" ".join(cell.split()) for cell in rows[0]]
    wide = max(map(len, rows), default=0)
    table = [[" ".join(cell.split()) for cell in row] + [""] * (wide - len(row)) for row in rows]
    names = []
    groups = [""] * len(table)
    for index in range(wide):
        parts = []
        for at, row in enumerate(table):
            below = any(other[index] for other in table[at + 1 :])
            if row[index]:
                # Whatever begins anew in a line ends the groups of the lines below it.
                groups[at:] = [row[index] if below else ""] + [""] * (len(table) - at - 1)
            text = row[index] or (groups[at] if below else "")
            if text and text not in parts:
                parts.append(text)
        names.append(_name(parts))
    return names


def _name(parts: Sequence[str]) -> str:
    last = parts[-1] if len(parts) > 1 else ""
    is_unit = 0 < len(last) <= _SHORT and (last.isupper() or not last.istitle())
    if is_unit and not _BRACKETS.fullmatch(last):
        return " ".join([*parts[:-1], f"({last})"])
    return " ".join(parts)


def lines_of(rows: Sequence[Sequence[str]], at: int) -> tuple[int, int]:
    """From which row to which a heading goes, of which the one ``at`` has the most that is known.

    A row below is part of it where it has words, and no figure, in a column that has figures below; one
    above where it names a column that the heading leaves without a name, or tells two of one name apart.
    """
    first, last = at, at
    if last + 2 < len(rows) and _has_units(rows[last + 1], rows[last + 2 :]):
        last += 1
    if first > 0 and _names_more(rows[first - 1], rows[first], rows[last + 1 :]):
        first -= 1
    return first, last


def _has_units(row: Sequence[str], below: Sequence[Sequence[str]]) -> bool:
    filled = [index for index, cell in enumerate(row) if cell.strip()]
    if any(_is_figure(row[index]) for index in filled):
        return False
    for index in filled:
        cells = [one for other in below if index < len(other) and (one := other[index].strip())]
        if cells and sum(map(_is_figure, cells)) >= _FIGURES * len(cells):
            return True
    return False


def _names_more(above: Sequence[str], own: Sequence[str], below: Sequence[Sequence[str]]) -> bool:
    filled = [cell for cell in above if cell.strip()]
    if len(filled) < 2 or any(map(_is_figure, filled)):
        return False
    given = [" ".join(cell.split()) for cell in own if cell.strip()]
    if len(set(given)) < len(given):
        return len({one for one in names_of([above, own]) if one}) > len(set(given))
    nameless = [
        index
        for index, cell in enumerate(above)
        if cell.strip() and not (index < len(own) and own[index].strip())
    ]
    return any(index < len(other) and other[index].strip() for index in nameless for other in below)


def _is_figure(cell: str) -> bool:
    return any(sign.isdecimal() for sign in cell)
