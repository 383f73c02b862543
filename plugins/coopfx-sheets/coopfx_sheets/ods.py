"""ODS: OpenDocument 1.3, the tables of a spreadsheet's content."""

import re

from coopfx.extending import is_error
from coopfx.ground.report import Report
from coopfx_sheets.archive import LOCAL, Archive, Attributes, RefusedError, plain
from coopfx_sheets.grid import ERROR, FETCHED, NO_VALUE, Amiss, Count, Grid, Merged, number

_CONTENT, _MANIFEST = "content.xml", "META-INF/manifest.xml"
# A cell of another file: `['file:///books.ods'#$Sheet1.A1]`; or the web.
_ELSEWHERE = re.compile(r"\['[^']*'#|\bWEBSERVICE\(")
# A duration: `PT1607H30M00S`.
_TIME = re.compile(r"(-?)P(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)(?:[.,]\d+)?S)?)?")
_VALUES = ("", "date-", "time-", "boolean-", "string-")
_NUMBERS = ("float", "currency", "percentage")
_MOST_LINES, _MOST_COLUMNS = 1_048_576, 16_384


def grids(archive: Archive, report: Report) -> list[Grid]:
    """The sheets of a workbook; raises RefusedError where it is none, or is encrypted."""
    if _CONTENT not in archive:
        raise RefusedError("E01", sort="archive")
    if _MANIFEST in archive:
        archive.parse(_MANIFEST, _refuse_encrypted)
    tables = _Tables()
    archive.parse(_CONTENT, tables.start, tables.end, tables.text)
    return tables.grids


def _refuse_encrypted(tag: str, given: Attributes) -> None:
    if LOCAL[tag] == "encryption-data":
        raise RefusedError("E01", sort="encrypted")


def _times(given: Attributes, key: str) -> int:
    text = given.get(key, "1")
    return max(1, int(text)) if text.isdecimal() and len(text) < 10 else 1


class _Tables:
    """The tables while the content is read."""

    def __init__(self) -> None:
        self.grids: list[Grid] = []
        self.numbers: set[tuple[int, int]] = set()
        self.count = Count()
        self.hidden_styles: set[str] = set()
        self.style = ""
        self.line = self.column = 0
        self.times = self.columns = 1
        self.row: dict[int, str] = {}
        self.cell: Attributes = {}
        self.paragraphs: list[str] = []
        self.depth = self.remark = 0
        self.inside = self.concealed = False

    def start(self, tag: str, given: Attributes) -> None:
        """A tag begins."""
        tag = LOCAL[tag]
        if tag == "p":
            if self.inside and not self.remark:
                self.depth += 1
                self.paragraphs.append("")
        elif tag == "table-cell" or tag == "covered-table-cell":
            if self.grids:
                self.cell = plain(given)
                self.columns = _times(self.cell, "number-columns-repeated")
                self.paragraphs.clear()
                self.inside = True
        else:
            self._other(tag, plain(given))

    def _other(self, tag: str, given: Attributes) -> None:
        """A tag begins that is no cell and no paragraph."""
        if tag == "style":
            self.style = given.get("name", "")
        elif tag == "table-properties" and given.get("display") == "false":
            self.hidden_styles.add(self.style)
        elif tag == "table":
            hidden = given.get("style-name", "") in self.hidden_styles
            self.grids.append(Grid(given.get("name", ""), hidden))
            self.numbers = self.grids[-1].numbers
            self.line = 1
        elif not self.grids:
            return
        elif tag == "table-row":
            self.times, self.column, self.row = _times(given, "number-rows-repeated"), 0, {}
            self.concealed = given.get("visibility", "visible") != "visible"
        elif tag == "annotation":
            self.remark += 1
        elif tag in ("s", "tab") and self.depth:
            self.paragraphs[-1] += " " * min(_times(given, "c"), 1000)
        elif tag == "line-break" and self.depth:
            self.paragraphs[-1] += "\n"

    def end(self, tag: str) -> None:
        """A tag ends."""
        tag = LOCAL[tag]
        if tag == "p":
            if self.depth and not self.remark:
                self.depth -= 1
        elif tag == "table-cell" or tag == "covered-table-cell":
            if self.inside:
                self._cell()
                self.inside = False
        elif tag == "table-row" and self.grids:
            if self.row:
                for line in range(self.line, self.line + self.times):
                    self.grids[-1].rows.append((line, self.row))
                    if self.concealed:
                        self.grids[-1].concealed.append(line)
            self.line = min(self.line + self.times, _MOST_LINES + 1)
        elif tag == "annotation":
            self.remark -= 1

    def text(self, data: str) -> None:
        """A piece of text."""
        if self.depth and not self.remark:
            self.paragraphs[-1] += data

    def _cell(self) -> None:
        shown = self._shown()
        if shown and not shown.isspace():
            self.count.take(self.columns * self.times)
            numbers = "." in shown and self.cell.get("value-type") in _NUMBERS
            for column in range(self.column, self.column + self.columns):
                self.row[column] = shown
                if numbers:
                    for line in range(self.line, self.line + self.times):
                        self.numbers.add((line, column))
        if len(self.cell) > 1:
            self._merge()
        self.column = min(self.column + self.columns, _MOST_COLUMNS)

    def _merge(self) -> None:
        wide = _times(self.cell, "number-columns-spanned")
        high = _times(self.cell, "number-rows-spanned")
        if wide > 1 or high > 1:
            self.count.take(1)
            corners = (self.line, self.column, self.line + high - 1, self.column + wide - 1)
            self.grids[-1].merged.append(Merged(*corners))

    def _sort(self) -> str:
        # Of two attributes of one name, the last is that of LibreOffice's own extension, which alone
        # tells an error.
        return self.cell.get("value-type", "")

    def _tell(self, code: str, found: str) -> None:
        self.count.take(1)
        self.grids[-1].amiss.append(Amiss(self.line, self.column, code, found[:60]))

    def _shown(self) -> str:
        shown = self._value()
        formula = self.cell.get("formula")
        if shown and formula and _ELSEWHERE.search(formula):
            self._tell(FETCHED, shown)
        return shown

    def _value(self) -> str:
        text, cell, sort = "\n".join(self.paragraphs), self.cell, self._sort()
        if cell.get("formula"):
            if sort != "string" and not text and not any(f"{of}value" in cell for of in _VALUES):
                self._tell(NO_VALUE, "")
                return ""
            if is_error(text):
                # Another program writes nought as the value of an error.
                self._tell(ERROR, text)
                return ""
        match sort:
            case "float" | "currency":
                return number(cell.get("value", text))
            case "percentage":
                return number(cell.get("value", text), percent=True)
            case "date":
                return cell.get("date-value", text).removesuffix("T00:00:00")
            case "time":
                return _duration(cell.get("time-value", text))
            case "boolean":
                return "true" if cell.get("boolean-value") == "true" else "false"
            case "error":
                self._tell(ERROR, text)
                return ""
            case _:
                return text or cell.get("string-value", "")


def _duration(text: str) -> str:
    """A duration in hours: ``1607:30``; as it stands where it is none."""
    found = _TIME.fullmatch(text)
    if found is None:
        return text
    days, hours, minutes, seconds = (int(part or 0) for part in found.groups()[1:])
    total = ((24 * days + hours) * 60 + minutes) * 60 + seconds
    shown = f"{found[1]}{total // 3600}:{total // 60 % 60:02}"
    return f"{shown}:{total % 60:02}" if total % 60 else shown
