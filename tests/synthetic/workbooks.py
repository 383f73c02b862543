"""Workbooks of made-up sheets, as spreadsheet programs write them: XLSX, and a small ODS."""

import io
import zipfile
from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from html import escape
from typing import Any

import xlsxwriter  # type: ignore[import-untyped]

Sheets = Mapping[str, Sequence[Sequence[Any]]]
"""The rows of each sheet by its name. A cell is a text, a number, a yes or no, a day, or None."""


def xlsx(sheets: Sheets, change: Callable[[Any, dict[str, Any]], None] | None = None) -> bytes:
    """A workbook of these sheets; ``change`` may write more into it before it is closed."""
    file = io.BytesIO()
    made = xlsxwriter.Workbook(file, {"in_memory": True, "strings_to_formulas": False})
    made.set_properties({"created": datetime(2000, 1, 1)})
    day = made.add_format({"num_format": "yyyy-mm-dd"})
    written = {}
    for name, rows in sheets.items():
        sheet = written[name] = made.add_worksheet(name)
        for at, row in enumerate(rows):
            for column, value in enumerate(row):
                if isinstance(value, date):
                    sheet.write_datetime(at, column, value, day)
                elif value is not None:
                    sheet.write(at, column, value)
    if change is not None:
        change(made, written)
    made.close()
    return file.getvalue()


def ods(sheets: Sheets) -> bytes:
    """A small OpenDocument spreadsheet, each sheet with a million empty rows below its own."""
    tables = []
    for name, rows in sheets.items():
        body = "".join(f"<r:table-row>{''.join(map(_ods_cell, row))}</r:table-row>" for row in rows)
        empty = '<r:table-row r:number-rows-repeated="1048000">'
        empty += '<r:table-cell r:number-columns-repeated="16384"/></r:table-row>'
        tables.append(f'<r:table r:name="{escape(name)}">{body}{empty}</r:table>')
    content = (
        '<?xml version="1.0"?><o:document-content xmlns:o="o" xmlns:r="r" xmlns:t="t"><o:body>'
        f"<o:spreadsheet>{''.join(tables)}</o:spreadsheet></o:body></o:document-content>"
    )
    return archive(
        {
            "mimetype": b"application/vnd.oasis.opendocument.spreadsheet",
            "content.xml": content.encode(),
        }
    )


def _ods_cell(value: Any) -> str:
    shown = f"<t:p>{escape(str(value))}</t:p>"
    match value:
        case None:
            return "<r:table-cell/>"
        case bool():
            said = str(value).lower()
            return f'<r:table-cell o:value-type="boolean" o:boolean-value="{said}">{shown}</r:table-cell>'
        case int() | float():
            return f'<r:table-cell o:value-type="float" o:value="{value}">{shown}</r:table-cell>'
        case date():
            return (
                f'<r:table-cell o:value-type="date" o:date-value="{value}">{shown}</r:table-cell>'
            )
        case _:
            return f'<r:table-cell o:value-type="string">{shown}</r:table-cell>'


def archive(parts: Mapping[str, bytes]) -> bytes:
    """An archive of these parts, by their names."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as made:
        for name, content in parts.items():
            made.writestr(zipfile.ZipInfo(name), content, zipfile.ZIP_DEFLATED)
    return file.getvalue()
