"""A FEC in a year's folder, read as a sheet of the cooperative's own figures."""

from collections.abc import Iterable
from pathlib import Path
from typing import BinaryIO

from coopfx.ground.facts import Places, Schema, Sheet
from coopfx.ground.report import Report, Word
from coopfx.ground.source import Span
from coopfx_fec import flat, xml
from coopfx_fec.amounts import decimal
from coopfx_fec.figures import absent, figures, tell_of_accounts
from coopfx_fec.ledger import Ledger, closing_of
from coopfx_fec.mapping import Mapping, default_mapping, read_mapping
from coopfx_fec.posting import read_ledger

_OTHER_FILES = {
    b"PK\x03\x04": "zip, xlsx",
    b"\xd0\xcf\x11\xe0": "xls",
    b"%PDF": "pdf",
    b"\x1f\x8b": "gz",
}


class _Places(Places):
    """Each row stands for a figure: its place is the mapping's line, or the account's first."""

    def __init__(self, file: str, spans: list[Span]) -> None:
        super().__init__(file)
        self._spans = spans

    def row(self, line: int) -> Span:
        return self._spans[line - 1] if 0 < line <= len(self._spans) else super().row(1)


def read(path: Path, file: BinaryIO, schema: Schema, report: Report) -> Iterable[Sheet]:
    """The figures that a FEC gives, and the closing date that it bears.

    Where it or the mapping has a mistake that is told, and there are no figures; the closing date of the
    file's name is given all the same, so that nobody is told that it is wanting.
    """
    before = report.errors()
    mapping = read_mapping(path.parent, report)
    ledger = None
    if mapping is not None:
        ledger = open_ledger(path, file, mapping, report)
    found = []
    closing = closing_of(path)
    if mapping is not None and ledger is not None and report.errors() == before:
        closing = ledger.closing
        found = figures(mapping, default_mapping(), ledger, schema)
        tell_of_accounts(mapping, ledger, found, report)
        lacking = absent(mapping, default_mapping(), ledger, schema)
        if lacking:
            report.tell("fec.W06", Span(str(path), 1, 1, 1, 1), names=tuple(map(Word, lacking)))
    rows = [(one.name, decimal(one.cents)) for one in found]
    spans = [one.place for one in found]
    if closing is not None:
        rows.append(("closing", closing.isoformat()))
        spans.append(Span(str(path), 1, 1, 1, 1))
    numbered = list(enumerate(rows, 1))
    return (Sheet("cooperative", ("name", "value"), numbered, _Places(str(path), spans), 0),)


def open_ledger(path: Path, file: BinaryIO, mapping: Mapping, report: Report) -> Ledger | None:
    """A file's ledger, whether flat or XML; None, and told, where it is neither."""
    start = Span(str(path), 1, 1, 1, 1)
    head = file.read(512)
    file.seek(0)
    sort = next((sort for magic, sort in _OTHER_FILES.items() if head.startswith(magic)), "")
    text = head.removeprefix(b"\xef\xbb\xbf").lstrip()
    if text[:9].lower().startswith((b"<!doctype", b"<html")) and b"html" in text[:40].lower():
        sort = "html"
    if sort:
        report.tell("fec.E06", start, sort=sort)
        return None
    lines = xml.Lines(file) if text.startswith(b"<") else flat.Lines(file)
    try:
        return read_ledger(path, lines, mapping.opening_journals, report)
    except flat.NotTextError as error:
        place = Span(str(path), error.line, 1, error.line, 1)
        report.tell("fec.E06", place, sort="?")
    except xml.NotAllowedError as error:
        report.tell("fec.E16", Span(str(path), error.line, 1, error.line, 1))
    except xml.MalformedError as error:
        place = Span(str(path), error.line, 1, error.line, 1)
        report.tell("fec.E17", place, reason=error.reason)
    return None
