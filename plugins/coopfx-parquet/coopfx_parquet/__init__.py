"""Parquet for coopfx: the records of a year, and tables of many cooperatives."""

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import BinaryIO

from coopfx.ground.facts import Schema, Sheet
from coopfx.ground.report import Report
from coopfx.ground.tables import Block, Layout
from coopfx.plugged.hookspecs import Reader, Sentences, TableFormat, hookimpl

_WORDS = Path(__file__).parent / "words"


@hookimpl
def coopfx_readers() -> list[Reader]:
    """The records of a year, a file a sort of record: ``people.parquet``."""
    return [Reader("parquet", (".parquet",), _read_records, contract=2)]


@hookimpl
def coopfx_tables() -> list[TableFormat]:
    """Parquet, read and written in blocks."""
    return [TableFormat("parquet", ".parquet", _read, _write, contract=2, find=_find)]


@hookimpl
def coopfx_sentences() -> list[Sentences]:
    """What this distribution says, in four languages."""
    texts = {file.stem: file.read_text("utf-8") for file in sorted(_WORDS.glob("*.toml"))}
    return [Sentences("parquet", texts)]


def _read_records(path: Path, file: BinaryIO, schema: Schema, report: Report) -> tuple[Sheet, ...]:
    from coopfx_parquet import records

    return records.read(path, file, schema, report)


def _read(path: Path, wanted: Sequence[str] | None, rows: int, report: Report) -> Iterator[Block]:
    from coopfx_parquet import tables

    return tables.read(path, wanted, rows, report)


def _find(
    path: Path, wanted: Sequence[str] | None, sought: tuple[str, str], rows: int, report: Report
) -> Iterator[tuple[int, Block]]:
    from coopfx_parquet import tables

    return tables.find(path, wanted, sought, rows, report)


def _write(path: Path, layout: Layout, blocks: Iterable[Block]) -> None:
    from coopfx_parquet import tables

    tables.write(path, layout, blocks)
