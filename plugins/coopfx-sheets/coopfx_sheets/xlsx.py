"""XLSX: ECMA-376, the parts of SpreadsheetML that hold values.

The XML is read as a stream and by its own numbers: a library that fills a rectangle reserves memory
for every empty cell of it, and does not tell a formula without a value from an empty cell.
"""

import posixpath
import re

from coopfx.ground.report import Report
from coopfx_sheets.archive import LOCAL, Archive, Attributes, RefusedError, plain
from coopfx_sheets.grid import (
    ERROR,
    FETCHED,
    NO_VALUE,
    Amiss,
    Count,
    Grid,
    Merged,
    day,
    duration,
    number,
)

_DATES = {*range(14, 23), *range(27, 37), 45, 47, *range(50, 59)}
_HOURS = 46
_PERCENTS = {9, 10}
_CELL = re.compile(r"\$?([A-Z]{1,3})\$?(\d{1,7})")
_DIGITS = "0123456789"
_QUOTED = re.compile(r'"[^"]*"|\\.|_.|\*.|\[[^\]]*\]')
_TEXT = re.compile(r'"[^"]*"')
# A cell of another workbook, `[1]Sheet!A1`, or the web; `Table[2024]` is a column of this one.
_ELSEWHERE = re.compile(r"(?<![\w\[])'?\[[1-9]\d*\][^\[\]!]*!|\bWEBSERVICE\(")
_DATE, _DURATION, _PERCENT = "date", "duration", "percent"
_ELAPSED = re.compile(r"\[(?:h+|m+|s+)\]", re.IGNORECASE)
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
        self.from_1904 = self.uncalculated = False
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
            if LOCAL[tag] != "Relationship" or given.get("TargetMode") == "External":
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
        tag, given = LOCAL[tag], plain(given)
        if tag == "workbookPr":
            self.from_1904 = given.get("date1904") in ("1", "true")
        elif tag == "calcPr":
            # Who writes values has worked them out; this asks whoever opens the workbook to do so.
            self.uncalculated = given.get("fullCalcOnLoad") in ("1", "true")
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
            tag = LOCAL[tag]
            if tag == "si":
                now.clear()
            elif tag == "t":
                inside[0] = True
            elif tag == "rPh":
                inside[1] = True

        def end(tag: str) -> None:
            tag = LOCAL[tag]
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
            tag = LOCAL[tag]
            if tag == "numFmt":
                own[_whole(given.get("numFmtId"))] = given.get("formatCode", "")
            elif tag == "cellXfs":
                inside[0] = True
            elif tag == "xf" and inside[0]:
                self.formats.append(_format(_whole(given.get("numFmtId")), own))

        def end(tag: str) -> None:
            if LOCAL[tag] == "cellXfs":
                inside[0] = False

        self.archive.parse(part, start, end)


def _whole(text: str | None) -> int:
    return int(text) if text and text.isdecimal() and len(text) < 10 else 0


def _format(number_format: int, own: dict[int, str]) -> str:
    """How a number is shown: as a date, as a percentage, or as neither."""
    if _ELAPSED.search(_TEXT.sub("", own.get(number_format, ""))) or number_format == _HOURS:
        return _DURATION
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
        self.texts = book.texts
        self.forms = {"": book.formats[0] if book.formats else ""}
        self.forms |= {str(at): form for at, form in enumerate(book.formats)}
        self.line, self.column = 0, -1
        self.row: dict[int, str] = {}
        self.cell: Attributes = {}
        self.value: list[str] = []
        self.formula: list[str] = []
        self.shared: str | None = ""
        self.into: list[str] | None = None
        self.has_value = self.aloud = False
        self.columns: dict[str, int] = {}
        self.elsewhere: set[str] = set()

    def read(self, part: str) -> None:
        """Fill the grid."""
        self.book.archive.parse(part, self._start, self._end, self._text)

    def _start(self, tag: str, given: Attributes) -> None:
        tag = LOCAL[tag]
        if tag == "c":
            self.cell = given
            self.value.clear()
            self.has_value = False
            self.shared = None
        elif tag == "v" or tag == "t":
            self.has_value = True
            self.into = None if self.aloud else self.value
        elif tag == "row":
            self.line = _whole(given.get("r")) or self.line + 1
            self.column, self.row = -1, {}
            if given.get("hidden") in ("1", "true"):
                self.grid.concealed.append(self.line)
        elif tag == "f":
            self.formula.clear()
            self.into = self.formula
            self.shared = given.get("si", "") if given.get("t") == "shared" else ""
        elif tag == "rPh":
            self.aloud = True
        elif tag == "mergeCell":
            self._merge(given.get("ref", ""))

    def _end(self, tag: str) -> None:
        tag = LOCAL[tag]
        if tag == "c":
            self._cell()
        elif tag == "v" or tag == "t" or tag == "f":
            self.into = None
        elif tag == "rPh":
            self.aloud = False
        elif tag == "row" and self.row:
            self.count.take(len(self.row))
            self.grid.rows.append((self.line, self.row))

    def _text(self, data: str) -> None:
        if self.into is not None:
            self.into.append(data)

    def _cell(self) -> None:
        cell = self.cell
        name = cell.get("r", "")
        column = self.columns.get(name.rstrip(_DIGITS))
        self.column = self._column(name) if column is None else column
        text = self.value[0] if len(self.value) == 1 else "".join(self.value)
        if self.shared is not None:
            self._look_at_formula(text)
        if not self.has_value:
            return
        shown = self._shown(text, cell.get("t", "n"), cell.get("s", ""))
        if shown and not shown.isspace():
            self.row[self.column] = shown

    def _column(self, name: str) -> int:
        """The column of a cell: by its name, or else the next one."""
        found = _CELL.fullmatch(name)
        column = _column(found[1]) if found else self.column + 1
        if column >= _MOST_COLUMNS:
            raise RefusedError("E03", part=self.grid.name)
        if found:
            self.columns[name.rstrip(_DIGITS)] = column
        return column

    def _look_at_formula(self, value: str) -> None:
        """Tell of a formula without a value, and of a value that was fetched from another file."""
        sort = self.cell.get("t", "n")
        waits = self.book.uncalculated and sort == "n" and value.strip() == "0"
        if not self.has_value or waits or (sort == "n" and not value.strip()):
            self.has_value = False
            self._tell(NO_VALUE, "")
            return
        formula, shared = "".join(self.formula), self.shared
        if _ELSEWHERE.search(_TEXT.sub("", formula)):
            self.elsewhere.update([shared] if shared else [])
        elif formula or shared not in self.elsewhere:
            return
        self._tell(FETCHED, "".join(self.value))

    def _tell(self, code: str, found: str) -> None:
        self.count.take(1)
        self.grid.amiss.append(Amiss(self.line, self.column, code, found[:60]))

    def _shown(self, text: str, sort: str, style: str) -> str:
        match sort:
            case "n":
                return self._number(text, style)
            case "s":
                text = text.strip()
                at = _whole(text)
                if not text.isdecimal() or at >= len(self.texts):
                    raise RefusedError("E03", part=self.grid.name)
                return self.texts[at]
            case "b":
                return "true" if text.strip() == "1" else "false"
            case "e":
                self._tell(ERROR, text)
                return ""
            case "d":
                return text.removesuffix("T00:00:00")
            case _:
                return text

    def _number(self, text: str, style: str) -> str:
        form = self.forms.get(style, "")
        if form == _DATE:
            return day(text, from_1904=self.book.from_1904)
        if form == _DURATION:
            return duration(text)
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
