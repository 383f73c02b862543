"""Columns read as a whole: the same rows and the same facts as cell by cell, row by row."""

import csv
import io
from fractions import Fraction

from hypothesis import given, settings
from hypothesis import strategies as some

from coopfx.formats import cells, delimited, notation
from coopfx.ground.exact import NUMBER, WHOLE, Known
from coopfx.ground.facts import Field
from coopfx.ground.report import Report

CELL = some.text(some.sampled_from('ab01 ",;\né\r'), max_size=4)
ROWS = some.lists(some.lists(CELL, min_size=1, max_size=4), max_size=12)


def rows_of(text: str, pieces: list[str]) -> tuple[list[tuple[int, tuple[str, ...]]], list[str]]:
    """What the reader of grids finds, and what it tells."""
    report = Report()
    grids = delimited.grids_of("x.csv", pieces, ";", 1, report)
    found = [(line, tuple(row)) for grid in grids for line, row in grid.rows]
    assert "".join(pieces) == text
    return found, [one.code for one in report.diagnostics]


def by_row(text: str) -> list[tuple[int, tuple[str, ...]]]:
    """The rows that hold anything, with their lines, one after the other."""
    reader = csv.reader(io.StringIO(text, newline="\n"), delimiter=";", strict=True)
    found, line = [], 1
    for row in reader:
        if "".join(row).strip():
            found.append((line, tuple(row)))
        line = reader.line_num + 1
    return found


def cut(text: str, sizes: list[int]) -> list[str]:
    """A text in pieces of whole lines, of so many lines each."""
    lines = text.splitlines(keepends=True) if text.isascii() else text.split("\n")
    if not text.isascii():
        lines = [f"{line}\n" for line in lines[:-1]] + lines[-1:]
    pieces = []
    for size in sizes:
        pieces.append("".join(lines[:size]))
        lines = lines[size:]
    return [one for one in (*pieces, "".join(lines)) if one]


@settings(max_examples=80, deadline=None)
@given(ROWS, some.booleans(), some.lists(some.integers(1, 3), max_size=5))
def test_any_cut_gives_the_same_rows(rows: list[list[str]], quoted: bool, sizes: list[int]) -> None:
    rows = [[cell.replace("\r", "") for cell in row] for row in rows]
    if not quoted:
        rows = [[cell.translate({10: "", 34: "", 59: ""}) for cell in row] for row in rows]
    made = io.StringIO(newline="")
    csv.writer(made, delimiter=";", lineterminator="\n").writerows(rows)
    text = made.getvalue()
    found, told = rows_of(text, cut(text, sizes))
    plain = [one for one in found if "".join(one[1]).strip()]
    assert (plain, told) == (by_row(text), [])


NUMBERS = some.one_of(
    some.from_regex(r"-?[0-9]{1,5}([.,][0-9]{1,4})?", fullmatch=True),
    some.from_regex(
        r"[-(]?[0-9]{1,3}([ .,'\u202f][0-9]{3}){0,2}([.,][0-9]{1,2})?[-)%]?", fullmatch=True
    ),
    some.sampled_from(
        ["", " ", "0", "1,607", "1.607", "x", "1 h", "١٢", "1_0", "+5", "1\n2", " 7 "]
    ),
)


@settings(max_examples=80, deadline=None)
@given(some.lists(NUMBERS, max_size=30), some.sampled_from([",", ".", ""]), some.booleans())
def test_a_column_has_the_facts_of_its_cells(texts: list[str], decimal: str, shown: bool) -> None:
    style = notation.Style(decimal, shown)
    for field in (
        Field("pay", cells.money_type("EUR"), low=Fraction(0)),
        Field("part", NUMBER, high=Fraction(1)),
        Field("teams", WHOLE, low=Fraction(2), high=Fraction(40)),
    ):
        for written in (
            notation.Written(texts),
            notation.Written.of(texts),
            notation.Written.each(texts),
        ):
            found: list[Known | notation.Amiss | None] = written.along(
                texts, cells.quantities(written, field, [], style)
            )
            assert found == [cells.read(text, field, [], style) for text in texts]


@given(some.lists(NUMBERS, max_size=30))
def test_a_column_shows_the_signs_of_its_cells(texts: list[str]) -> None:
    single = [notation.Written([text]).signs for text in texts]
    assert notation.Written.of(texts).signs == frozenset[str]().union(*single)
