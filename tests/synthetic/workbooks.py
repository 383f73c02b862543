"""Workbooks of made-up sheets, as spreadsheet programs write them: XLSX, and a small ODS."""

import io
import zipfile
from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from html import escape
from typing import Any

import xlsxwriter  # type: ignore[import-untyped]
from attrs import frozen

Sheets = Mapping[str, Sequence[Sequence[Any]]]
"""The rows of each sheet by its name. A cell is a text, a number, a yes or no, a day, a Cell, or None."""


@frozen
class Cell:
    """A cell as a program keeps it: written into a sheet of an XLSX at a place, and the attributes and the
    shown text of an ODS."""

    xlsx: Callable[[Any, Any, int, int], object] | None = None
    ods: tuple[str, str] | None = None


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
                if isinstance(value, Cell):
                    if value.xlsx is not None:
                        value.xlsx(made, sheet, at, column)
                elif isinstance(value, date):
                    sheet.write_datetime(at, column, value, day)
                elif value is not None:
                    sheet.write(at, column, value)
    if change is not None:
        change(made, written)
    made.close()
    return file.getvalue()


_ODS = "application/vnd.oasis.opendocument.spreadsheet"
_OWN = ("office", "table", "text")
_SPACE = "urn:oasis:names:tc:opendocument:xmlns"
_MANIFEST = (
    f'<?xml version="1.0"?><manifest:manifest xmlns:manifest="{_SPACE}:manifest:1.0">'
    f'<manifest:file-entry manifest:full-path="/" manifest:media-type="{_ODS}"/>'
    '<manifest:file-entry manifest:full-path="content.xml" manifest:media-type="text/xml"/>'
    "</manifest:manifest>"
)


def ods(sheets: Sheets) -> bytes:
    """A small OpenDocument spreadsheet, each sheet with a million empty rows below its own."""
    tables = []
    for name, rows in sheets.items():
        body = "".join(
            f"<table:table-row>{''.join(map(_ods_cell, row))}</table:table-row>" for row in rows
        )
        empty = '<table:table-row table:number-rows-repeated="1048000">'
        empty += '<table:table-cell table:number-columns-repeated="16384"/></table:table-row>'
        tables.append(f'<table:table table:name="{escape(name)}">{body}{empty}</table:table>')
    spaces = " ".join(f'xmlns:{name}="{_SPACE}:{name}:1.0"' for name in _OWN)
    spaces += (
        ' xmlns:calcext="urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0"'
    )
    content = (
        f'<?xml version="1.0"?><office:document-content {spaces}><office:body><office:spreadsheet>'
        f"{''.join(tables)}</office:spreadsheet></office:body></office:document-content>"
    )
    return archive(
        {
            "mimetype": _ODS.encode(),
            "content.xml": content.encode(),
            "META-INF/manifest.xml": _MANIFEST.encode(),
        }
    )


def _ods_cell(value: Any) -> str:
    shown = f"<text:p>{escape(str(value))}</text:p>"
    match value:
        case None | Cell(ods=None):
            return "<table:table-cell/>"
        case Cell(ods=(attributes, text)):
            shown = f"<text:p>{escape(text)}</text:p>" if text else ""
            return f"<table:table-cell {attributes}>{shown}</table:table-cell>"
        case bool():
            kept = f'office:value-type="boolean" office:boolean-value="{str(value).lower()}"'
        case int() | float():
            kept = f'office:value-type="float" office:value="{value}"'
        case date():
            kept = f'office:value-type="date" office:date-value="{value}"'
        case _:
            kept = 'office:value-type="string"'
    return f"<table:table-cell {kept}>{shown}</table:table-cell>"


def archive(parts: Mapping[str, bytes]) -> bytes:
    """An archive of these parts, by their names."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as made:
        for name, content in parts.items():
            made.writestr(zipfile.ZipInfo(name), content, zipfile.ZIP_DEFLATED)
    return file.getvalue()


def with_part(whole: bytes, name: str, change: Callable[[bytes], bytes]) -> bytes:
    """An archive with one of its parts changed, or added."""
    with zipfile.ZipFile(io.BytesIO(whole)) as there:
        parts = {one: there.read(one) for one in there.namelist()}
    parts[name] = change(parts.get(name, b""))
    return archive(parts)
