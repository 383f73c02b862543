"""XLSX: ECMA-376, the parts of SpreadsheetML that hold values.

The XML is read as a stream and by its own numbers: a library that fills a rectangle reserves memory
for every empty cell of it, and does not tell a formula without a value from an empty cell.
"""

import posixpath
import re

from coopfx.report import Report
from coopfx_sheets.archive import Archive, Attributes, RefusedError
from coopfx_sheets.grid import ERROR, NO_VALUE, Amiss, Count, Grid, Merged, day, number

_DATES = {*range(14, 23), *range(27, 37), *range(45, 48), *range(50, 59)}
_PERCENTS = {9, 10}
_CELL = re.compile(r"\$?([A-Z]{1,3})\$?(\d{1,7})")
_QUOTED = re.compile(r'"[^"]*"|\\.|_.|\*.|\[[^\]]*\]')
_DATE, _PERCENT = "date", "percent"
_MOST_COLUMNS = 16_384


def grids(archive: Archive, report: Report) -> list[Grid]:
    """The sheets of a workbook; raises RefusedError where it is none."""
    book = _Book(archive)
    count = Count()
    made = []
    for name, part, hidden in book.sheets:
        grid = Grid(name, hidden)
        if part in archive:
            _Cells(book, grid, count).read(part)
        made.append(grid)
    return made


class _Book:
    """What all sheets share: their parts, texts, formats of numbers, and from when days count."""

    def __init__(self, archive: Archive) -> None:
        self.archive = archive
        self.sheets: list[tuple[str, str, bool]] = []
        self.from_1904 = False
        self.texts: list[str] = []
        self.formats: list[str] = []
        root = self._targets("_rels/.rels", "")
        main = next((part for sort, part in root.values() if sort == "officeDocument"), "")
        if not main or main not in archive:
            # An encrypted workbook is no archive at all; this is one of something else.
            raise RefusedError("E01", sort="archive")
        folder = posixpath.dirname(main)
        rels = f"{folder}/_rels/{posixpath.basename(main)}.rels"
        self._parts = self._targets(rels, folder)
        archive.parse(main, self._workbook)
        for sort, part in self._parts.values():
            if sort == "sharedStrings" and part in archive:
                self._read_texts(part)
            elif sort == "styles" and part in archive:
                self._read_formats(part)

    def _targets(self, rels: str, folder: str) -> dict[str, tuple[str, str]]:
        found: dict[str, tuple[str, str]] = {}

        def start(tag: str, given: Attributes) -> None:
            if tag != "Relationship" or given.get("TargetMode") == "External":
                return
            target = given.get("Target", "")
            path = target[1:] if target.startswith("/") else posixpath.join(folder, target)
            path = posixpath.normpath(path)
            if path.startswith(".."):
                raise RefusedError("E08", name=target[:80])
            sort = given.get("Type", "").rpartition("/")[2]
            found[given.get("Id", "")] = (sort, path)

        if rels in self.archive:
            self.archive.parse(rels, start)
        return found

    def _workbook(self, tag: str, given: Attributes) -> None:
        if tag == "workbookPr":
            self.from_1904 = given.get("date1904") in ("1", "true")
        elif tag == "sheet":
            sort, part = self._parts.get(given.get("id", ""), ("", ""))
            if sort == "worksheet":
                hidden = given.get("state", "visible") != "visible"
                self.sheets.append((given.get("name", ""), part, hidden))

    def _read_texts(self, part: str) -> None:
        texts, count = self.texts, Count()
        now: list[str] = []
        inside = [False, False]  # of a text, of how a text is read aloud

        def start(tag: str, given: Attributes) -> None:
            if tag == "si":
                now.clear()
            elif tag == "t":
                inside[0] = True
            elif tag == "rPh":
                inside[1] = True

        def end(tag: str) -> None:
            if tag == "si":
                count.take(1)
                texts.append("".join(now))
            elif tag == "t":
                inside[0] = False
            elif tag == "rPh":
                inside[1] = False

        def text(data: str) -> None:
            if inside[0] and not inside[1]:
                now.append(data)

        self.archive.parse(part, start, end, text)

    def _read_formats(self, part: str) -> None:
        own: dict[int, str] = {}
        inside = [False]

        def start(tag: str, given: Attributes) -> None:
            if tag == "numFmt":
                own[_whole(given.get("numFmtId"))] = given.get("formatCode", "")
            elif tag == "cellXfs":
                inside[0] = True
            elif tag == "xf" and inside[0]:
                self.formats.append(_format(_whole(given.get("numFmtId")), own))

        def end(tag: str) -> None:
            if tag == "cellXfs":
                inside[0] = False

        self.archive.parse(part, start, end)


def _whole(text: str | None) -> int:
    return int(text) if text and text.isdecimal() and len(text) < 10 else 0


def _format(number_format: int, own: dict[int, str]) -> str:
    """How a number is shown: as a date, as a percentage, or as neither."""
    if number_format in own:
        code = _QUOTED.sub("", own[number_format].partition(";")[0])
        if "%" in code:
            return _PERCENT
        return (
            _DATE
            if re.search(r"[ymdhs]", code, re.IGNORECASE) and "general" not in code.lower()
            else ""
        )
    if number_format in _DATES:
        return _DATE
    return _PERCENT if number_format in _PERCENTS else ""


class _Cells:
    """One sheet while it is read."""

    def __init__(self, book: _Book, grid: Grid, count: Count) -> None:
        self.book, self.grid, self.count = book, grid, count
        self.line, self.column = 0, -1
        self.row: dict[int, str] = {}
        self.sort = self.style = ""
        self.value: list[str] = []
        self.formula = self.has_value = self.inside = self.aloud = False

    def read(self, part: str) -> None:
        """Fill the grid."""
        self.book.archive.parse(part, self._start, self._end, self._text)

    def _start(self, tag: str, given: Attributes) -> None:
        if tag == "c":
            found = _CELL.fullmatch(given.get("r", ""))
            self.column = _column(found[1]) if found else self.column + 1
            if self.column >= _MOST_COLUMNS:
                raise RefusedError("E03", part=self.grid.name)
            self.sort, self.style = given.get("t", "n"), given.get("s", "")
            self.value.clear()
            self.formula = self.has_value = False
        elif tag in ("v", "t"):
            self.inside = self.has_value = True
        elif tag == "f":
            self.formula = True
        elif tag == "rPh":
            self.aloud = True
        elif tag == "row":
            self.line = _whole(given.get("r")) or self.line + 1
            self.column, self.row = -1, {}
        elif tag == "mergeCell":
            self._merge(given.get("ref", ""))

    def _end(self, tag: str) -> None:
        if tag in ("v", "t"):
            self.inside = False
        elif tag == "rPh":
            self.aloud = False
        elif tag == "c":
            self._cell()
        elif tag == "row" and self.row:
            self.grid.rows.append((self.line, self.row))

    def _text(self, data: str) -> None:
        if self.inside and not self.aloud:
            self.value.append(data)

    def _cell(self) -> None:
        text = "".join(self.value)
        if not self.has_value:
            if self.formula:
                self._tell(NO_VALUE, "")
            return
        shown = self._shown(text)
        if shown.strip():
            self.count.take(1)
            self.row[self.column] = shown

    def _tell(self, code: str, found: str) -> None:
        self.count.take(1)
        self.grid.amiss.append(Amiss(self.line, self.column, code, found[:60]))

    def _shown(self, text: str) -> str:
        match self.sort:
            case "s":
                at = _whole(text.strip())
                if not text.strip().isdecimal() or at >= len(self.book.texts):
                    raise RefusedError("E03", part=self.grid.name)
                return self.book.texts[at]
            case "b":
                return "true" if text.strip() == "1" else "false"
            case "e":
                self._tell(ERROR, text)
                return ""
            case "n":
                return self._number(text)
            case "d":
                return text.removesuffix("T00:00:00")
            case _:
                return text

    def _number(self, text: str) -> str:
        style = _whole(self.style)
        form = self.book.formats[style] if style < len(self.book.formats) else ""
        if form == _DATE:
            return day(text, from_1904=self.book.from_1904)
        shown = number(text, percent=form == _PERCENT)
        if "." in shown:
            self.grid.numbers.add((self.line, self.column))
        return shown

    def _merge(self, ref: str) -> None:
        first, _, last = ref.partition(":")
        start, end = _CELL.fullmatch(first), _CELL.fullmatch(last)
        if start and end:
            self.count.take(1)
            corners = (int(start[2]), _column(start[1]), int(end[2]), _column(end[1]))
            self.grid.merged.append(Merged(*corners))


def _column(name: str) -> int:
    """A column's number from 0, of its letters."""
    total = 0
    for letter in name:
        total = total * 26 + ord(letter) - 64
    return total - 1
