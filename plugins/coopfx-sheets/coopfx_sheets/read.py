"""A workbook's sheets as sheets of records: which record each holds, and where its table begins."""

import re
import tomllib
import unicodedata
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import BinaryIO

from attrs import frozen

from coopfx.ground.facts import COOPERATIVE, Places, Schema, Sheet
from coopfx.ground.report import Diagnostic, Report, Said
from coopfx.ground.source import Span
from coopfx.ground.words import nearest
from coopfx_sheets.archive import Archive, RefusedError
from coopfx_sheets.grid import Grid, address

WORDS = Path(__file__).parent / "words"
GUIDE = "guide"
_MOST_LINES = 12
_TEXT_NUMBER = re.compile(r"[-+−(]?\d[\d \u00a0\u202f']*[.,]\d+\D{0,3}")
_DOUBTFUL = re.compile(r"\D*[1-9]\d{0,2}[.,]\d{3}\D*")


def workbook(
    path: Path,
    file: BinaryIO,
    schema: Schema,
    report: Report,
    grids: Callable[[Archive, Report], list[Grid]],
) -> list[Sheet]:
    """The sheets of records of a workbook; none, and told, where it cannot be read."""
    try:
        found = grids(Archive(file), report)
    except RefusedError as refused:
        _refuse(refused, Span(str(path), 1, 1, 1, 1), report)
        return []
    sheets = []
    holding = [grid for grid in found if grid.rows]
    # A sheet that stands alone is what its file is called.
    alone = schema.files.get(path.name) if len(holding) == 1 else None
    for grid in found:
        named = Path(_Places(path, grid.name, []).file).name
        record = schema.files.get(named) or record_of(grid.name, schema)
        if record is None and grid.rows:
            record = alone or schema.otherwise or None
        if record == GUIDE:
            continue
        if record is None:
            _tell_unknown(path, grid, schema, report)
            continue
        if grid.hidden:
            report.tell("sheets.W02", _Places(path, grid.name, []).row(1), sheet=grid.name)
        sheet = _sheet(path, grid, record, report)
        if sheet is not None:
            sheets.append(sheet)
    return sheets


def _refuse(refused: RefusedError, place: Span, report: Report) -> None:
    given = refused.arguments
    match refused.code:
        case "E01":
            report.tell("sheets.E01", place, sort=Said(f"sheets.sort.{given['sort']}"))
        case "E02":
            report.tell("sheets.E02", place, most=given["most"])
        case "E04":
            report.tell("sheets.E04", place, part=given["part"])
        case "E08":
            report.tell("sheets.E08", place, name=given["name"])
        case "E09":
            report.tell("sheets.E09", place, most=given["most"])
        case "E10":
            report.tell("sheets.E10", place, most=given["most"])
        case _:
            report.tell("sheets.E03", place, part=given["part"])


# ---- which record a sheet holds


@cache
def names() -> Mapping[str, tuple[str, ...]]:
    """What a sheet of each sort may be called, in any of the languages that are known here."""
    found: dict[str, tuple[str, ...]] = {}
    for file in sorted(WORDS.glob("*.toml")):
        table = tomllib.loads(file.read_text("utf-8"))["phrases"]["names"]
        for record, forms in table.items():
            found[record] = (*found.get(record, ()), *forms.split(", "))
    return found


def record_of(name: str, schema: Schema) -> str | None:
    """The sort of record that a sheet of this name holds; None where it is none that is known."""
    bare = _bare(name)
    for record in (*schema.records, COOPERATIVE, GUIDE):
        forms = {_bare(form) for form in (record, *names().get(record, ()))}
        if bare in forms or bare.removesuffix("s") in forms:
            return record
    return schema.called.get(bare)


def _bare(name: str) -> str:
    parted = unicodedata.normalize("NFKD", name.casefold())
    return "".join(sign for sign in parted if sign.isalnum())


def _tell_unknown(path: Path, grid: Grid, schema: Schema, report: Report) -> None:
    """A sheet of something else is passed over with a warning; an empty one without a word."""
    if not grid.rows:
        return
    records = (*schema.records, COOPERATIVE)
    forms = [form for record in records for form in (record, *names().get(record, ()))]
    near = nearest(grid.name.casefold(), forms)
    place = _Places(path, grid.name, []).row(grid.rows[0][0])
    known = tuple(
        Said(f"sheets.called.{record}") if record in names() else record for record in records
    )
    report.tell("sheets.W01", place, sheet=grid.name[:60], nearest=near, known=known)


# ---- its table


def _sheet(path: Path, grid: Grid, record: str, report: Report) -> Sheet | None:
    """The table of a sheet, below whatever stands above it; None where the sheet is empty."""
    at = _header(grid, record)
    if at is None:
        return None
    header_line, header = grid.rows[at]
    columns = _columns(header, record, grid, at)
    places = _Places(path, grid.name, columns)
    sign = _decimal_sign(grid)
    rows = _Rows(grid, at + 1, columns, sign)
    concealed = [line for line in grid.concealed if line > header_line]
    if concealed and not grid.hidden:
        shown = tuple(concealed[:_MOST_LINES])
        report.tell("sheets.W04", places.row(concealed[0]), sheet=grid.name, lines=shown)
    return Sheet(
        record,
        [header.get(column, "") for column in columns],
        rows,
        places,
        header_line,
        amiss=tuple(_amiss(grid, header_line, columns, places)),
    )


def _header(grid: Grid, record: str) -> int | None:
    """The row that names the columns: titles, and rows that hold a single cell, stand above it."""
    for at, (_, row) in enumerate(grid.rows):
        if record == COOPERATIVE:
            if len(row) > 1:
                return at
        elif any(text.strip().casefold() == "id" for text in row.values()):
            return at
    # Without such a row, what is amiss is told of the first that looks like one.
    several = (at for at, (_, row) in enumerate(grid.rows) if len(row) > 1)
    return next(several, 0 if grid.rows else None)


def _columns(header: Mapping[int, str], record: str, grid: Grid, at: int) -> list[int]:
    """The columns of the table in their order, that of the identifiers first."""
    found = {column for _, row in grid.rows[at:] for column in row}
    columns = sorted(found)
    if record == COOPERATIVE:
        return columns
    first = next((one for one in columns if header.get(one, "").strip().casefold() == "id"), None)
    return columns if first is None else [first, *(one for one in columns if one != first)]


def _amiss(
    grid: Grid, header_line: int, columns: list[int], places: "_Places"
) -> Iterator[tuple[int, Diagnostic]]:
    """What is amiss with cells, each with the column that it stands in: told where that is read."""
    found = Report()
    indexes = {column: index for index, column in enumerate(columns)}
    wrong = [item for item in grid.amiss if item.line >= header_line and item.column in indexes]
    for item in wrong:
        place = places.at(item.line, item.column)
        cell = address(item.line, item.column)
        if item.code == "E05":
            found.tell("sheets.E05", place, sheet=grid.name, cell=cell, found=item.found)
        elif item.code == "W03":
            found.tell("sheets.W03", place, sheet=grid.name, cell=cell)
        else:
            found.tell("sheets.E06", place, sheet=grid.name, cell=cell)
    yield from zip((indexes[item.column] for item in wrong), found.diagnostics, strict=True)
    rows = dict(grid.rows)
    for merged in grid.merged:
        text = rows.get(merged.first_line, {}).get(merged.first_column, "")
        if merged.last_line >= header_line and text:
            place = places.at(merged.first_line, merged.first_column)
            told = Diagnostic("sheets.E07", place, {"sheet": grid.name, "cells": merged.name})
            for column in range(merged.first_column, merged.last_column + 1):
                if column in indexes:
                    yield indexes[column], told


def _decimal_sign(grid: Grid) -> str:
    """The sign by which numbers are handed on: that of the numbers that stand here as text.

    Where all of those can be read in two ways it is the other sign, so that they are asked about.
    """
    doubtful = ""
    for line, row in grid.rows:
        for column, text in row.items():
            if "," not in text and "." not in text:
                continue
            if (line, column) in grid.numbers or not _TEXT_NUMBER.fullmatch(text.strip()):
                continue
            sign = "," if text.rfind(",") > text.rfind(".") else "."
            if not _DOUBTFUL.fullmatch(text.strip()):
                return sign
            doubtful = "," if sign == "." else "."
    return doubtful or "."


@frozen(slots=True)
class _Rows:
    """The rows of a table, made when they are asked for."""

    grid: Grid
    first: int
    columns: list[int]
    sign: str

    def __iter__(self) -> Iterator[tuple[int, Sequence[str]]]:
        numbers = self.grid.numbers
        for line, row in self.grid.rows[self.first :]:
            yield (
                line,
                [
                    self._number(row[column]) if (line, column) in numbers else row.get(column, "")
                    for column in self.columns
                ],
            )

    def _number(self, text: str) -> str:
        """A number with decimals: three of them get a nought, as they would be taken for thousands."""
        shown = text + "0" if _DOUBTFUL.fullmatch(text) else text
        return shown.replace(".", self.sign)


class _Places(Places):
    """Where the cells of a sheet stand: ``year.xlsx [People!C5]``."""

    def __init__(self, path: Path, sheet: str, columns: list[int]) -> None:
        self._path, self._sheet, self._columns = path, " ".join(sheet.split())[:60], columns
        super().__init__(f"{path} [{self._sheet}]")

    def row(self, line: int) -> Span:
        return Span.on_line(self.file, line)

    def cell(self, line: int, index: int, text: str) -> Span:
        return self.at(line, self._columns[index] if index < len(self._columns) else index)

    def at(self, line: int, column: int) -> Span:
        """Where the cell of a row and a column of the sheet stands."""
        name = f"{self._path} [{self._sheet}!{address(line, column)}]"
        return Span(name, line, column + 1, line, column + 1)
