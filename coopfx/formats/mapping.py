"""``columns.toml``: which record a file holds, which column is which figure, which rows are records.

It stands in a year's folder, or as the table ``[columns]`` in the settings of the policy, for the files
that come every year under one name; what the year's own says of a file goes before.
"""

import unicodedata
from typing import Any

from attrs import Factory, frozen

from coopfx.formats.rows import ANSWERS
from coopfx.formats.toml import Document
from coopfx.ground.facts import COOPERATIVE, Schema
from coopfx.ground.report import Report
from coopfx.ground.source import Span
from coopfx.ground.words import Words, flat, nearest

FILE = "columns.toml"


@frozen(slots=True)
class Mapped:
    """What is said of one file: its record, empty where its name says it; its columns' figures.

    ``place`` is where it is said. ``columns`` are by the column's own name in small letters, empty where
    it is to be left unread. ``rows`` says of rows by their identifiers whether they are records.
    """

    place: Span
    record: str = ""
    columns: dict[str, str] = Factory(dict)
    places: dict[str, Span] = Factory(dict)
    rows: dict[str, str] = Factory(dict)

    @property
    def of_columns(self) -> bool:
        """Whether the columns or the record are spoken of, and not the rows alone."""
        return bool(self.record or self.columns or not self.rows)


def folded(name: str) -> str:
    """A column's name without what a program may change: capitals, spaces."""
    return " ".join(name.split()).casefold()


def read(
    document: Document, table: str, schema: Schema, words: list[Words], report: Report
) -> dict[str, Mapped]:
    """What a document says of files, by their names; what is not written so is told (D743)."""
    found: dict[str, Mapped] = {}
    given: Any = document.data.get(table, {}) if table else document.data
    if not isinstance(given, dict):
        report.tell("D743", document.place(table), key=table)
        return found
    for name, said in given.items():
        place = document.place(name, table)
        if not isinstance(said, dict):
            report.tell("D743", place, key=name[:60])
            continue
        wrong = [key for key in said if key not in ("record", "columns", "rows")]
        record = _record(said.get("record", ""), schema, words)
        columns = said.get("columns", {})
        columns = flat(columns) if isinstance(columns, dict) else None
        if columns is None or not all(isinstance(one, str) for one in columns.values()):
            wrong.append("columns")
        rows = said.get("rows", {})
        if not isinstance(rows, dict) or not set(rows.values()) <= set(ANSWERS):
            wrong.append("rows")
        if record is None:
            wrong.append("record")
        for key in wrong:
            report.tell("D743", document.place(key, name), key=key[:60])
        if record is None or columns is None or wrong:
            continue
        inner = f"{table}.{name}.columns".strip(".")
        found[name] = Mapped(
            place,
            record,
            {folded(column): figure for column, figure in columns.items()},
            {folded(column): document.place(column, inner) for column in columns},
            {unicodedata.normalize("NFC", row.strip()): answer for row, answer in rows.items()},
        )
    return found


def _record(name: object, schema: Schema, words: list[Words]) -> str | None:
    """The record that a word stands for in any language; None where it is none."""
    if not isinstance(name, str):
        return None
    known = ("", *schema.records, COOPERATIVE)
    if name in known:
        return name
    meant = (language.canonical(name) for language in words)
    return next((one for one in meant if one in known), None)


def tell_absent(mapped: dict[str, Mapped], files: set[str], report: Report) -> None:
    """Tell each file that a year's ``columns.toml`` speaks of and that is not there (D744).

    A sheet is named as messages name it, ``book.xlsx [Pay]``. Where a file could not be read, which is
    told, what is in it is not known.
    """
    for name, one in mapped.items():
        if name not in files and not (report.failed and name.partition(" [")[0] in files):
            near = nearest(name, sorted(files))
            report.tell("D744", one.place, name=name[:60], nearest=near)


def tell_columns(one: Mapped, header: list[str], file: str, report: Report) -> None:
    """Tell each column that is spoken of and that a file does not have (D745)."""
    there = {folded(name): name for name in header}
    for column, place in one.places.items():
        if column not in there:
            near = there.get(nearest(column, there), "")
            report.tell("D745", place, name=column[:60], file=file, nearest=near)
