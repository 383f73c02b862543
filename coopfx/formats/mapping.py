"""``columns.toml``: which record a file holds, which column is which figure, which rows are records,
and what is made of columns that hold no figure as it is.

It stands in a year's folder, or as the table ``[columns]`` in the settings of the policy, for the files
that come every year under one name; what the year's own says of a file goes before. A ``*`` in the name
of a file stands for whatever changes from year to year.
"""

import re
import unicodedata
from collections.abc import Iterable
from typing import Any

from attrs import Factory, evolve, frozen

from coopfx.formats.mapping_made import FORMS, GIVEN, MOVEMENTS, Constant, Making, More, folded
from coopfx.formats.rows import ANSWERS
from coopfx.formats.toml import Document
from coopfx.ground.facts import COOPERATIVE, Schema
from coopfx.ground.report import Report
from coopfx.ground.source import Span
from coopfx.ground.words import Words, flat, nearest

FILE = "columns.toml"
_ANY = "*"


@frozen(slots=True)
class Mapped:
    """What is said of one file: its record, empty where its name says it; its columns' figures.

    ``place`` is where it is said. ``columns`` are by the column's own name in small letters, empty where
    it is to be left unread. ``rows`` says of rows by their identifiers whether they are records. ``sums``
    are the columns of which the lines of one identifier are added up, ``words`` what cells of a column
    mean as yes and no. ``all`` holds for every record of the file, ``alone`` for those that no other file
    has, where the file gives figures ``beside`` another, who may be
    written otherwise there (``alike``); ``zero`` says that who is not in it has none.
    The identifier is what stands in the columns of ``names``, one after the other, where there are any. The
    ``heading`` has so many lines; ``days`` is the order of day, month and year where a column does not
    show it, and ``empty`` what an empty cell of a column stands for.
    """

    place: Span
    record: str = ""
    columns: dict[str, str] = Factory(dict)
    places: dict[str, Span] = Factory(dict)
    rows: dict[str, str] = Factory(dict)
    sums: frozenset[str] = frozenset()
    words: dict[str, dict[str, bool]] = Factory(dict)
    makings: tuple[Making, ...] = ()
    all: dict[str, Constant] = Factory(dict)
    alone: dict[str, Constant] = Factory(dict)
    beside: bool = False
    alike: bool = False
    zero: bool = False
    names: tuple[str, ...] = ()
    heading: int = 1
    days: str = ""
    empty: dict[str, Constant] = Factory(dict)
    amiss: bool = False
    """Whether a mistake is told of it, so that its file is left unread."""

    @property
    def of_columns(self) -> bool:
        """Whether the columns or the record are spoken of, and not the rows alone."""
        spoken = self.record or self.columns or self.places or self.all or self.alone
        return bool(spoken or self.beside or not self.rows)

    @property
    def many(self) -> bool:
        """Whether a record may have several lines."""
        return bool(self.sums) or any(one.sort == MOVEMENTS for one in self.makings)

    @property
    def sources(self) -> frozenset[str]:
        """The columns that figures are made of."""
        return frozenset(name for one in self.makings for name in one.columns.values())


def read(
    document: Document, table: str, schema: Schema, words: list[Words], report: Report
) -> dict[str, Mapped]:
    """What a document says of files, by their names; what is not written so is told (D743, D780)."""
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
        if isinstance(said.get(GIVEN), dict) and len(said) == 1:
            continue
        wrong = [key for key in said if key not in ("record", "columns", "rows", *FORMS, GIVEN)]
        record = record_of(said.get("record", ""), schema, words)
        columns = said.get("columns", {})
        columns = flat(columns) if isinstance(columns, dict) else None
        if columns is None or not all(isinstance(one, str) for one in columns.values()):
            wrong.append("columns")
        rows = said.get("rows", {})
        if not isinstance(said.get(GIVEN, {}), dict):
            wrong.append(GIVEN)
        if not isinstance(rows, dict) or not set(map(str, rows.values())) <= set(ANSWERS):
            wrong.append("rows")
        if record is None:
            wrong.append("record")
        inner = f"{table}.{name}".strip(".")
        for key in wrong:
            report.tell("D743", document.place(key, inner), key=key[:60])
        more = More(document, inner, said, report)
        making = more.read()
        if record is None or columns is None or wrong:
            continue
        if making is None:
            found[name] = Mapped(place, record, amiss=True)
            continue
        found[name] = Mapped(
            place,
            record,
            {folded(column): figure for column, figure in columns.items()},
            {
                **{folded(column): more.place("columns", column) for column in columns},
                **more.places,
            },
            {unicodedata.normalize("NFC", row.strip()): answer for row, answer in rows.items()},
            **making,
        )
    return found


def record_of(name: object, schema: Schema, words: list[Words]) -> str | None:
    """The record that a word stands for in any language; None where it is none."""
    if not isinstance(name, str):
        return None
    known = ("", *schema.records, COOPERATIVE)
    if name in known:
        return name
    meant = (language.canonical(name) for language in words)
    return next((one for one in meant if one in known), None)


def of_files(mapped: dict[str, Mapped], files: Iterable[str], report: Report) -> dict[str, Mapped]:
    """What is said of files that are there, those meant by a pattern under their own names.

    A name goes before a pattern; two patterns that suit one file are told (D783), as which holds is not
    known. A pattern that suits none stays as it is.
    """
    names = sorted(files)
    found = {name: one for name, one in mapped.items() if not _is_pattern(name, names)}
    by_pattern: dict[str, str] = {}
    for pattern in mapped.keys() - found.keys():
        file, bracket, sheet = pattern.partition(" [")
        form = re.compile(".*".join(map(re.escape, file.split(_ANY))), re.DOTALL)
        suited = [name for name in names if form.fullmatch(unicodedata.normalize("NFC", name))]
        if not suited:
            found[pattern] = mapped[pattern]
        for name in suited:
            own = f"{name}{bracket}{sheet}"
            if own in mapped:
                continue
            if own in by_pattern:
                first, second = sorted((by_pattern[own], pattern))
                place, above = mapped[second].place, mapped[first].place
                report.tell("D783", place, related=(above,), name=name[:60], first=first[:60])
                continue
            by_pattern[own] = pattern
            found[own] = mapped[pattern]
    return found


def go_together(one: Mapped | None, other: Mapped | None) -> bool:
    """Whether two files may give the same sort of records: one beside another, or lines to add up."""
    return stands_beside(one) or (one is not None and one is other and bool(one.sums))


def stands_beside(one: Mapped | None) -> bool:
    """Whether a file gives figures beside those of another."""
    return one is not None and one.beside


def with_rows(always: Mapped, own: Mapped) -> Mapped:
    """What the settings say of a file, and what a year says of its rows alone."""
    return evolve(always, place=own.place, rows={**always.rows, **own.rows})


def key_for(file: str, known: Iterable[str], year: int | None) -> str:
    """The name under which a file is spoken of: the one that stands already, or its own, in which the
    number of the year is a ``*``, so that it holds for the next one's too.

    >>> key_for("staff 2024.xlsx [Staff]", (), 2024), key_for("staff 2024.csv", ["staff 2024.csv"], 2024)
    ('staff *.xlsx [Staff]', 'staff 2024.csv')
    """
    for name in sorted(known, key=lambda one: _ANY in one):
        if name == file or suits(name, file):
            return name
    own, bracket, sheet = file.partition(" [")
    if year is None or str(year) not in own:
        return file
    return own.replace(str(year), _ANY, 1) + bracket + sheet


def suits(pattern: str, file: str) -> bool:
    """Whether a name with ``*`` means a file, or a sheet of one."""
    own, _, sheet = pattern.partition(" [")
    name, _, other = file.partition(" [")
    form = re.compile(".*".join(map(re.escape, own.split(_ANY))), re.DOTALL)
    return sheet == other and form.fullmatch(unicodedata.normalize("NFC", name)) is not None


def _is_pattern(name: str, files: Iterable[str]) -> bool:
    file = name.partition(" [")[0]
    return _ANY in file and file not in files


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
