"""Workbooks: a year read from XLSX and ODS, the template a statute needs, the treasurer's workbook.

What each needs is loaded when it is used.
"""

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import BinaryIO

from coopfx.engine.outcome import Compared, Results
from coopfx.ground.facts import Schema, Sheet
from coopfx.ground.report import Report
from coopfx.ground.tables import Spread
from coopfx.ground.words import Words
from coopfx.plugged.hookspecs import (
    Command,
    ComparisonWriter,
    Reader,
    Sentences,
    WorkbookFormat,
    Writer,
    hookimpl,
)

_WORDS = Path(__file__).parent / "words"
MOST = 64_000_000
"""The largest workbook that is opened, in bytes."""


@hookimpl
def coopfx_readers() -> list[Reader]:
    """XLSX and ODS, a sheet a sort of record."""
    return [
        Reader("xlsx", (".xlsx", ".xlsm"), _read_xlsx, most=MOST),
        Reader("ods", (".ods",), _read_ods, most=MOST),
    ]


@hookimpl
def coopfx_writers() -> list[Writer]:
    """A year's outcome as a workbook whose totals are formulas."""
    return [Writer("xlsx", _write_xlsx, naming=True)]


@hookimpl
def coopfx_comparisons() -> list[ComparisonWriter]:
    """Scenarios of a year as a workbook, each person in a row of their own."""
    return [ComparisonWriter("xlsx", _write_comparison)]


@hookimpl
def coopfx_workbooks() -> list[WorkbookFormat]:
    """The tables of a federation as one workbook, a sheet each."""
    return [WorkbookFormat("xlsx", _write_sector)]


@hookimpl
def coopfx_commands() -> list[Command]:
    """The workbook that a statute needs."""
    line = "Make the workbook in which a year's data are given."
    return [Command("template", line, "coopfx_sheets.command:command")]


@hookimpl
def coopfx_sentences() -> list[Sentences]:
    """What is said of workbooks, a file a language."""
    return [
        Sentences("sheets", {file.stem: file.read_text("utf-8") for file in _WORDS.glob("*.toml")})
    ]


def _read_xlsx(path: Path, file: BinaryIO, schema: Schema, report: Report) -> Iterable[Sheet]:
    from coopfx_sheets import read, xlsx

    return read.workbook(path, file, schema, report, xlsx.grids)


def _read_ods(path: Path, file: BinaryIO, schema: Schema, report: Report) -> Iterable[Sheet]:
    from coopfx_sheets import ods, read

    return read.workbook(path, file, schema, report, ods.grids)


def _write_comparison(compared: Compared, words: Words) -> bytes:
    from coopfx_sheets import comparison

    return comparison.workbook(compared, words)


def _write_sector(tables: Sequence[Spread], words: Words) -> bytes:
    from coopfx_sheets import sector

    return sector.workbook(tables, words)


def _write_xlsx(results: Results, words: Words) -> bytes:
    from coopfx_sheets import results as written

    return written.workbook(results, words)
