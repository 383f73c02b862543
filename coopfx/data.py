"""The files of a year's folder, each read by the format that its name asks for."""

from pathlib import Path

from coopfx.facts import Schema, Sheet
from coopfx.hookspecs import Reader
from coopfx.plugins import World
from coopfx.report import Report
from coopfx.source import Span
from coopfx.words import nearest

LARGEST_FILE = 256_000_000


def sheets_of(
    folder: Path, schema: Schema, world: World, report: Report
) -> tuple[dict[str, Sheet], tuple[str, ...]]:
    """The sheets of a year by the record that they hold, and the names of the files that have any.

    Every mistake is told; where two files hold the same record, that is one (D728).
    """
    sheets: dict[str, Sheet] = {}
    files: list[str] = []
    for path in sorted(folder.iterdir()):
        reader = reader_of(path, world)
        read = () if reader is None else read_file(path, reader, schema, world, report)
        for sheet in read:
            first = sheets.setdefault(sheet.record, sheet)
            if first is not sheet:
                place = sheet.places.row(sheet.header_line)
                above = first.places.row(first.header_line)
                report.tell("D728", place, related=(above,), first=Path(first.places.file).name)
        files += [path.name] if read else []
    return sheets, tuple(files)


def reader_of(path: Path, world: World) -> Reader | None:
    """What reads a file: the reader of the longest suffix that its name ends in; None where none does.

    Hidden files, and those that a spreadsheet leaves beside an open one, are nobody's.
    """
    name = path.name.casefold()
    if name.startswith((".", "~$")):
        return None
    ends = [end for end in world.readers if name.endswith(end)]
    return world.readers[max(ends, key=len)] if ends else None


def read_file(
    path: Path, reader: Reader, schema: Schema, world: World, report: Report
) -> tuple[Sheet, ...]:
    """What a reader finds in a file; nothing, and told, where it cannot be opened or read.

    A sheet of a record that nothing declares is passed over with a warning (D718).
    """
    if path.is_dir():
        report.tell("D724", None, path=str(path))
        return ()
    try:
        if path.stat().st_size > LARGEST_FILE:
            report.tell("D714", Span(str(path), 1, 1, 1, 1), most=LARGEST_FILE)
            return ()
        data = path.read_bytes()
    except OSError as error:
        report.tell("P901", None, path=str(path), reason=error.strerror or "")
        return ()
    try:
        sheets = tuple(reader.read(path, data, schema, report))
        for sheet in sheets:
            _examine(sheet)
    except Exception as error:
        world.tell_failure(reader, error, report)
        return ()
    for sheet in sheets:
        if sheet.record not in schema.records:
            near = nearest(sheet.record, schema.records)
            known = tuple(sorted(schema.records))
            report.tell("D718", None, path=f"{path}: {sheet.record}", nearest=near, known=known)
    return tuple(sheet for sheet in sheets if sheet.record in schema.records)


def _examine(sheet: Sheet) -> None:
    """Refuse a sheet whose cells are no text: a number of a float is not the one that was written."""
    if not sheet.header:
        raise ValueError("a sheet has no header")
    for line, row in ((sheet.header_line, sheet.header), *sheet.rows):
        for cell in row:
            if not isinstance(cell, str):
                raise TypeError(f"row {line} has a cell that is no text: {cell!r}")
