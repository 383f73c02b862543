"""Of which rows of the data a figure was made that no cell gives as it is."""

from collections.abc import Iterator, Sequence
from itertools import groupby
from operator import itemgetter
from pathlib import PurePath

from coopfx.ground.facts import Facts
from coopfx.ground.report import Argument, Said
from coopfx.language import ir

_MOST_ROWS = 24
"""So many rows that a figure was made of are named by their lines."""


def made_of(facts: Facts, node: ir.Input, row: int | None) -> dict[str, Argument] | None:
    """Of which rows a figure of the data was made; None where a cell gives it as it is."""
    if node.record is None:
        made, whose = facts.made.get(node.key), ""
    else:
        table = facts.tables.get(node.record)
        made = None if table is None or row is None else table.made.get(node.key)
        whose = "" if table is None or row is None else table.ids[row]
    if made is None:
        return None
    rows = tuple(
        Said("made.rows", {"lines": lines, "file": PurePath(file).name})
        for file, lines in _by_file(made.rows.get(whose, ()))
    )
    return {"made": Said(f"made.{made.how}"), "rows": rows or Said("value.none")}


def _by_file(rows: Sequence[tuple[str, int]]) -> Iterator[tuple[str, tuple[Argument, ...]]]:
    """The lines of each file, in which a figure's rows stand; those beyond the first few by number."""
    for file, some in groupby(rows, key=itemgetter(0)):
        runs: list[list[int]] = []
        for _, line in some:
            if runs and line == runs[-1][1] + 1:
                runs[-1][1] = line
            else:
                runs.append([line, line])
        lines: list[Argument] = [
            Said("row.one" if first == last else "row.many", {"first": first, "last": last})
            for first, last in runs
        ]
        more = len(lines) - _MOST_ROWS
        if more > 1:
            lines[_MOST_ROWS:] = [Said("list.more", {"count": more})]
        yield file, tuple(lines)
