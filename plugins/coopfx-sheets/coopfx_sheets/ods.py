"""ODS: OpenDocument 1.3, the tables of a spreadsheet's content."""

from coopfx.report import Report
from coopfx_sheets.archive import Archive, Attributes, RefusedError
from coopfx_sheets.grid import ERROR, NO_VALUE, Amiss, Count, Grid, Merged, number

_CONTENT, _MANIFEST = "content.xml", "META-INF/manifest.xml"
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
    if tag == "encryption-data":
        raise RefusedError("E01", sort="encrypted")


def _times(given: Attributes, key: str) -> int:
    text = given.get(key, "1")
    return max(1, int(text)) if text.isdecimal() and len(text) < 10 else 1


class _Tables:
    """The tables while the content is read."""

    def __init__(self) -> None:
        self.grids: list[Grid] = []
        self.count = Count()
        self.hidden_styles: set[str] = set()
        self.style = ""
        self.line = self.column = 0
        self.times = self.columns = 1
        self.row: dict[int, str] = {}
        self.cell: Attributes = {}
        self.paragraphs: list[str] = []
        self.depth = self.remark = 0
        self.inside = False

    def start(self, tag: str, given: Attributes) -> None:
        """A tag begins."""
        if tag == "style":
            self.style = given.get("name", "")
        elif tag == "table-properties" and given.get("display") == "false":
            self.hidden_styles.add(self.style)
        elif tag == "table":
            hidden = given.get("style-name", "") in self.hidden_styles
            self.grids.append(Grid(given.get("name", ""), hidden))
            self.line = 1
        elif not self.grids:
            return
        elif tag == "table-row":
            self.times, self.column, self.row = _times(given, "number-rows-repeated"), 0, {}
        elif tag in ("table-cell", "covered-table-cell"):
            self.cell, self.columns = given, _times(given, "number-columns-repeated")
            self.paragraphs.clear()
            self.inside = True
        elif tag == "annotation":
            self.remark += 1
        elif tag == "p" and self.inside and not self.remark:
            self.depth += 1
            self.paragraphs.append("")
        elif tag in ("s", "tab") and self.depth:
            self.paragraphs[-1] += " " * min(_times(given, "c"), 1000)
        elif tag == "line-break" and self.depth:
            self.paragraphs[-1] += "\n"

    def end(self, tag: str) -> None:
        """A tag ends."""
        if tag == "annotation":
            self.remark -= 1
        elif tag == "p" and self.depth and not self.remark:
            self.depth -= 1
        elif tag in ("table-cell", "covered-table-cell") and self.inside:
            self._cell()
            self.inside = False
        elif tag == "table-row" and self.grids:
            if self.row:
                self.count.take(len(self.row) * (self.times - 1))
                for line in range(self.line, self.line + self.times):
                    self.grids[-1].rows.append((line, self.row))
            self.line = min(self.line + self.times, _MOST_LINES + 1)

    def text(self, data: str) -> None:
        """A piece of text."""
        if self.depth and not self.remark:
            self.paragraphs[-1] += data

    def _cell(self) -> None:
        shown = self._shown()
        if shown.strip():
            self.count.take(self.columns)
            for column in range(self.column, self.column + self.columns):
                self.row[column] = shown
                if "." in shown and self._sort() in ("float", "currency", "percentage"):
                    self.grids[-1].numbers.add((self.line, column))
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
        text, cell = "\n".join(self.paragraphs), self.cell
        match self._sort():
            case "float" | "currency":
                return number(cell.get("value", text))
            case "percentage":
                return number(cell.get("value", text), percent=True)
            case "date":
                return cell.get("date-value", text).removesuffix("T00:00:00")
            case "boolean":
                return "true" if cell.get("boolean-value") == "true" else "false"
            case "error":
                self._tell(ERROR, text)
                return ""
            case "" if cell.get("formula"):
                self._tell(NO_VALUE, "")
                return ""
            case _:
                return text or cell.get("string-value", "")
