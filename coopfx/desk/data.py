"""The files of a year, each read as a stream by the format that its name asks for."""

import unicodedata
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import BinaryIO

from attrs import Factory, define, evolve, field, frozen

from coopfx.desk.policy import YEAR, suffix_of, told_to_lead_out
from coopfx.formats import mapping, toml
from coopfx.formats.mapping import Mapped
from coopfx.ground.facts import COOPERATIVE, Grid, Rows, Schema, Sheet, grids_of
from coopfx.ground.report import Report, Said
from coopfx.ground.source import Span
from coopfx.ground.words import Words, nearest
from coopfx.plugged.hookspecs import Reader
from coopfx.plugged.published import PUBLISHER, how_to_install
from coopfx.plugged.world import World

Watch = Callable[[Path, BinaryIO, int], BinaryIO]
"""What a door may put around a file that is read, given its path and its size in bytes: the stream
that it returns is read instead. So a command shows how far it has come."""


_HEAD = 4096
_OF_THE_MACHINE = {"thumbs.db", "desktop.ini", "icon\r"}
TABLES = (".txt", ".tsv", ".tab", ".dat", ".asc", ".prn")
"""How the names of texts end that may be tables as well."""
_UNREAD = {
    **dict.fromkeys((".xls", ".xlsb", ".numbers", ".sxc", ".fods", ".wk1", ".dbf", ".mdb"), "old"),
    **dict.fromkeys((*TABLES, ".xml", ".edi", ""), "text"),
    ".toml": "toml",
}
"""Why a file is not read, by the end of its name."""


def _may_be_table(path: Path) -> bool:
    """Whether a file is a text under another ending, which may be said to hold a record."""
    return path.suffix.casefold() in TABLES and not path.name.startswith((".", "~$"))


def unwatched(path: Path, file: BinaryIO, size: int) -> BinaryIO:
    """The file itself."""
    return file


@frozen(slots=True)
class Read:
    """What a year's files hold, as sheets: of each record one, of the cooperative any number.

    ``parts`` are all sheets of records, also those that ``columns.toml`` says give more of the same.

    ``report`` is what reading them has told, and what their rows will tell while they are gone through.
    """

    records: dict[str, Sheet]
    own: tuple[Sheet, ...]
    report: Report
    mapped: dict[str, Mapped] = Factory(dict)
    parts: tuple[Sheet, ...] = ()


@define(slots=True)
class Files:
    """The files of a year while it is read: a folder of them, or a single one.

    Texts that lie ``over`` files of its folder are read in their place.

    ``settings`` are those of its policy, whose ``[columns]`` may say what files of the year hold.

    They stay open until the end of a ``with``, since rows are read when they are asked for. What one
    schema was read by is kept, so that a year whose closing date stands in a large file is read once.
    """

    path: Path
    world: World
    watch: Watch = unwatched
    settings: Path | None = None
    over: Mapping[Path, str] = Factory(dict)
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
        return path if path in self.over or path.is_file() else None

    def read(self, schema: Schema, words: list[Words]) -> Read:
        """The sheets of all files. Where two hold one sort of records, that is told (D728)."""
        if self._kept is not None and self._kept[0] == schema:
            return self._kept[1]
        report = Report()
        there = list(self.path.iterdir()) if self.path.is_dir() else [self.path]
        mapped = self._mapped({path.name for path in there}, schema, words, report)
        named = {name: one.record for name, one in mapped.items() if one.record}
        forms = called(schema, words)
        after = {one.name: forms[plainly(one.stem)] for one in there if plainly(one.stem) in forms}
        asked = evolve(schema, called=forms, files={**schema.files, **after, **named})
        records: dict[str, Sheet] = {}
        own: list[Sheet] = []
        parts: list[Sheet] = []
        seen: set[str] = set()
        for path in sorted(there):
            reader = known_by(path, self.world) or reader_of(path, self.world)
            if reader is None and (path.name in named or schema.otherwise) and _may_be_table(path):
                reader = self.world.readers.get(".csv")
            if reader is None:
                self._tell_unread(path, report)
            sheets = () if reader is None else self._sheets(path, reader, asked, report)
            for sheet in sheets:
                seen.add(Path(sheet.places.file).name)
                if sheet.record == COOPERATIVE:
                    own.append(sheet)
                    continue
                parts.append(sheet)
                first = records.setdefault(sheet.record, sheet)
                of, of_first = (mapped.get(Path(one.places.file).name) for one in (sheet, first))
                if mapping.stands_beside(of_first) and not mapping.stands_beside(of):
                    records[sheet.record] = sheet
                elif first is not sheet and not mapping.go_together(of, of_first):
                    place = sheet.places.row(sheet.header_line)
                    above = first.places.row(first.header_line)
                    report.tell("D728", place, related=(above,), first=Path(first.places.file).name)
        if self.path.is_dir():
            own_file = str(self.path / mapping.FILE)
            said = {name: one for name, one in mapped.items() if one.place.file == own_file}
            mapping.tell_absent(said, {path.name for path in there} | seen, report)
        read = Read(records, tuple(own), report, mapped, tuple(parts))
        self._kept = schema, read
        return read

    def _tell_unread(self, path: Path, report: Report) -> None:
        """Name a file that nothing reads, and why: its plugin is not installed (P948), or else (D750).

        One of the machine's own is passed over.
        """
        own = {
            YEAR,
            mapping.FILE,
            *(name for one in self.world.readers.values() for name in one.beside),
            *(name for one in self.world.writers.values() for name in one.beside),
        }
        name = path.name.casefold()
        if path.name in own or name.startswith((".", "~$", "~lock")) or name in _OF_THE_MACHINE:
            return
        before = "suffix "
        ends = [key.removeprefix(before) for key in PUBLISHER if key.startswith(before)]
        suffix = suffix_of(path, ends)
        if suffix:
            plugin = PUBLISHER[before + suffix]
            install = how_to_install(plugin)
            report.tell("P948", None, name=path.name, plugin=plugin, install=install)
            return
        sort = "folder" if path.is_dir() else _UNREAD.get(path.suffix.casefold(), "other")
        why, advice = Said(f"unread.{sort}.why"), Said(f"unread.{sort}.advice")
        report.tell("D750", None, path=str(path), reason=why, advice=advice)

    def _mapped(
        self, names: set[str], schema: Schema, words: list[Words], report: Report
    ) -> dict[str, Mapped]:
        """What the policy's settings and the year's own ``columns.toml`` say of files."""
        found: dict[str, Mapped] = {}
        if self.settings is not None and self.settings.is_file():
            document = toml.read(self.settings, Report())
            if document is not None and "columns" in document.data:
                report.read(document.source)
                said = mapping.read(document, "columns", schema, words, report)
                found |= mapping.of_files(said, names, report)
        document = self.document(mapping.FILE, report)
        if document is not None:
            said = mapping.read(document, "", schema, words, report)
            for name, one in mapping.of_files(said, names, report).items():
                always = None if one.of_columns else found.get(name)
                found[name] = one if always is None else mapping.with_rows(always, one)
        return found

    def document(self, name: str, report: Report) -> toml.Document | None:
        """A file of the year in TOML; None where there is none, or, told, where it cannot be read."""
        path = self.path / name
        over = self.over.get(path)
        if over is None and (not path.is_file() or told_to_lead_out(path, self.path, report)):
            return None
        return toml.read(path, report, over)

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
            report.tell("P901", None, path=str(path), reason="", nearest="")
            return ()
        if self.path.is_dir() and told_to_lead_out(path, self.path, report):
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
            report.tell("P901", None, path=str(path), reason=error.strerror or "", nearest="")
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


def known_by(path: Path, world: World) -> Reader | None:
    """What knows a file by its beginning, whatever its name; None where nothing does."""
    knowing = [one for one in dict.fromkeys(world.readers.values()) if one.knows is not None]
    if not knowing or path.name.startswith((".", "~$")) or not path.is_file():
        return None
    try:
        with path.open("rb") as file:
            head = file.read(_HEAD)
    except OSError:
        return None
    return next((one for one in knowing if one.knows is not None and one.knows(head)), None)


def called(schema: Schema, words: list[Words]) -> dict[str, str]:
    """How files and sheets of each record may be called in any language, in the plainest form."""
    forms: dict[str, str] = {}
    for record in (*schema.records, COOPERATIVE):
        for language in words:
            spoken = (*language.phrases.get(f"file.{record}", "").split(), language.word(record))
            for form in map(plainly, spoken):
                forms |= {form: record, f"{form}s": record}
    return forms


def plainly(name: str) -> str:
    """A name in small letters without accents, spaces and signs.

    >>> plainly("Salariés")
    'salaries'
    """
    parted = unicodedata.normalize("NFKD", name.casefold())
    return "".join(sign for sign in parted if sign.isalnum())


def reader_of(path: Path, world: World) -> Reader | None:
    """What reads a file: the reader of the longest suffix that its name ends in; None where none does."""
    suffix = suffix_of(path, world.readers)
    return world.readers[suffix] if suffix else None
