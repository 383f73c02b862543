"""The files of a year, each read as a stream by the format that its name asks for."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import BinaryIO

from attrs import Factory, define, evolve, field, frozen

from coopfx.desk.policy import YEAR, suffix_of
from coopfx.formats import mapping, toml
from coopfx.formats.mapping import Mapped
from coopfx.ground.facts import COOPERATIVE, Grid, Rows, Schema, Sheet, grids_of
from coopfx.ground.report import Report
from coopfx.ground.source import Span
from coopfx.ground.words import Words, nearest
from coopfx.plugged.hookspecs import Reader
from coopfx.plugged.published import PUBLISHER, how_to_install
from coopfx.plugged.world import World

Watch = Callable[[Path, BinaryIO, int], BinaryIO]
"""What a door may put around a file that is read, given its path and its size in bytes: the stream
that it returns is read instead. So a command shows how far it has come."""


def unwatched(path: Path, file: BinaryIO, size: int) -> BinaryIO:
    """The file itself."""
    return file


@frozen(slots=True)
class Read:
    """What a year's files hold, as sheets: of each record one, of the cooperative any number.

    ``report`` is what reading them has told, and what their rows will tell while they are gone through.
    """

    records: dict[str, Sheet]
    own: tuple[Sheet, ...]
    report: Report
    mapped: dict[str, Mapped] = Factory(dict)


@define(slots=True)
class Files:
    """The files of a year while it is read: a folder of them, or a single one.

    ``settings`` are those of its policy, whose ``[columns]`` may say what files of the year hold.

    They stay open until the end of a ``with``, since rows are read when they are asked for. What one
    schema was read by is kept, so that a year whose closing date stands in a large file is read once.
    """

    path: Path
    world: World
    watch: Watch = unwatched
    settings: Path | None = None
    _open: ExitStack = field(init=False, factory=ExitStack)
    _kept: tuple[Schema, Read] | None = field(init=False, default=None)

    def __enter__(self) -> "Files":
        return self

    def __exit__(self, *error: object) -> None:
        self._open.close()

    @property
    def own(self) -> Path | None:
        """The cooperative's own file in TOML; None where there is none."""
        path = self.path / YEAR
        return path if path.is_file() else None

    def read(self, schema: Schema, words: list[Words]) -> Read:
        """The sheets of all files. Where two hold one sort of records, that is told (D728)."""
        if self._kept is not None and self._kept[0] == schema:
            return self._kept[1]
        report = Report()
        mapped = self._mapped(schema, words, report)
        named = {name: one.record for name, one in mapped.items() if one.record}
        asked = evolve(schema, files={**schema.files, **named})
        records: dict[str, Sheet] = {}
        own: list[Sheet] = []
        seen: set[str] = set()
        for path in sorted(self.path.iterdir()) if self.path.is_dir() else [self.path]:
            reader = reader_of(path, self.world)
            if reader is None:
                _tell_unread(path, report)
            sheets = () if reader is None else self._sheets(path, reader, asked, report)
            for sheet in sheets:
                seen.add(Path(sheet.places.file).name)
                if sheet.record == COOPERATIVE:
                    own.append(sheet)
                    continue
                first = records.setdefault(sheet.record, sheet)
                if first is not sheet:
                    place = sheet.places.row(sheet.header_line)
                    above = first.places.row(first.header_line)
                    report.tell("D728", place, related=(above,), first=Path(first.places.file).name)
        if self.path.is_dir():
            own_file = str(self.path / mapping.FILE)
            said = {name: one for name, one in mapped.items() if one.place.file == own_file}
            there = {path.name for path in self.path.iterdir()}
            mapping.tell_absent(said, there | seen, report)
        read = Read(records, tuple(own), report, mapped)
        self._kept = schema, read
        return read

    def _mapped(self, schema: Schema, words: list[Words], report: Report) -> dict[str, Mapped]:
        """What the policy's settings and the year's own ``columns.toml`` say of files."""
        found: dict[str, Mapped] = {}
        if self.settings is not None and self.settings.is_file():
            document = toml.read(self.settings, Report())
            if document is not None and "columns" in document.data:
                report.read(document.source)
                found |= mapping.read(document, "columns", schema, words, report)
        path = self.path / mapping.FILE
        if path.is_file():
            document = toml.read(path, report)
            if document is not None:
                found |= mapping.read(document, "", schema, words, report)
        return found

    def _sheets(
        self, path: Path, reader: Reader, schema: Schema, report: Report
    ) -> tuple[Sheet, ...]:
        """What a reader finds in a file; nothing, and told, where it cannot be opened or read.

        A sheet of a record that nothing declares is passed over with a warning (D718).
        """
        if path.is_dir():
            report.tell("D724", None, path=str(path))
            return ()
        if not path.is_file():
            report.tell("P901", None, path=str(path), reason="")
            return ()
        if self.path.is_dir() and not path.resolve().is_relative_to(self.path.resolve()):
            report.tell("D730", None, path=str(path))
            return ()
        file = self._opened(path, reader, report)
        if file is None:
            return ()
        try:
            sheets = tuple(reader.read(path, file, schema, report))
            for sheet in sheets:
                if sheet.record != COOPERATIVE and not sheet.header:
                    raise ValueError("a sheet has no header")
        except Exception as error:
            self.world.tell_failure(reader, error, report)
            return ()
        found = []
        for sheet in sheets:
            if sheet.record == COOPERATIVE or sheet.record in schema.records:
                found.append(evolve(sheet, rows=_Checked(sheet, reader, self.world, report)))
            else:
                near = nearest(sheet.record, schema.records)
                known = tuple(sorted(schema.records))
                report.tell("D718", None, path=f"{path}: {sheet.record}", nearest=near, known=known)
        return tuple(found)

    def _opened(self, path: Path, reader: Reader, report: Report) -> BinaryIO | None:
        try:
            size = path.stat().st_size
            if size > reader.most:
                report.tell("D714", Span(str(path), 1, 1, 1, 1), most=reader.most)
                return None
            file = self._open.enter_context(path.open("rb"))
        except OSError as error:
            report.tell("P901", None, path=str(path), reason=error.strerror or "")
            return None
        watched = self.watch(path, file, size)
        if watched is not file:
            self._open.callback(watched.close)
        return watched


@frozen(slots=True)
class _Checked(Rows):
    """The rows of a sheet, as a plugin gives them: its failures told, its cells text."""

    sheet: Sheet
    reader: Reader
    world: World
    report: Report

    def grids(self) -> Iterator[Grid]:
        try:
            _must_be_text((self.sheet.header_line,), (self.sheet.header,))
            for grid in grids_of(self.sheet.rows):
                _must_be_text(grid.lines, grid.columns)
                yield grid
        except Exception as error:
            self.world.tell_failure(self.reader, error, self.report)


def _must_be_text(lines: Sequence[int], columns: Iterable[Sequence[str]]) -> None:
    """Refuse cells that are no text: a number of a float is not the one that was written."""
    for column in columns:
        other = {sort for sort in set(map(type, column)) if not issubclass(sort, str)}
        if other:
            at = next(at for at, cell in enumerate(column) if type(cell) in other)
            line, sort = lines[min(at, len(lines) - 1)], type(column[at])
            raise TypeError(f"row {line} has a cell that is no text: {sort.__name__}")


def _tell_unread(path: Path, report: Report) -> None:
    """Tell (P948) a file that a plugin of this repository reads, which is not installed."""
    before = "suffix "
    suffix = suffix_of(path, [key[len(before) :] for key in PUBLISHER if key.startswith(before)])
    if suffix:
        plugin = PUBLISHER[before + suffix]
        install = how_to_install(plugin)
        report.tell("P948", None, name=path.name, plugin=plugin, install=install)


def reader_of(path: Path, world: World) -> Reader | None:
    """What reads a file: the reader of the longest suffix that its name ends in; None where none does."""
    suffix = suffix_of(path, world.readers)
    return world.readers[suffix] if suffix else None
