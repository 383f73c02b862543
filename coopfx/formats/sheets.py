"""Sheets of cells read as tables of facts, whatever format of file they come from."""

import unicodedata
from collections.abc import Sequence

from attrs import frozen

from coopfx.exact import Kind, Known
from coopfx.facts import Field, Places, Schema, Sheet, Table
from coopfx.formats import cells
from coopfx.report import Report, Word
from coopfx.words import Words, nearest


@frozen(slots=True)
class _Column:
    index: int
    name: str
    field: Field


def read_table(sheet: Sheet, schema: Schema, words: list[Words], report: Report) -> Table | None:
    """Read the records of one sort; every mistake is told, None where there is any."""
    before = report.errors()
    columns = _columns(sheet, schema, words, report)
    table = _records(sheet, columns, words, before, report)
    return None if report.errors() > before else table


def _columns(sheet: Sheet, schema: Schema, words: list[Words], report: Report) -> list[_Column]:
    line, names, places = sheet.header_line, sheet.header, sheet.places
    fields = schema.of(sheet.record)
    columns: list[_Column] = []
    if unicodedata.normalize("NFC", names[0]).strip().casefold() != "id":
        report.tell("D712", places.cell(line, 0, names[0]), found=names[0].strip()[:60])
    for index, raw in enumerate(names[1:], 1):
        name = raw.strip()
        if not name:
            continue
        canonical = cells.canonical(name, fields, words)
        if canonical is None:
            if cells.canonical(name, dict.fromkeys(schema.defined), words):
                report.tell("D709", places.cell(line, index, raw), name=name[:60])
                continue
            place = places.cell(line, index, raw)
            if cells.tell_elsewhere(name, sheet.record, schema, words, place, report):
                continue
            near = cells.nearest_form(name, fields, words)
            report.tell("D701", place, name=name[:60], nearest=near)
        elif any(column.field.name == canonical for column in columns):
            report.tell("D715", places.cell(line, index, raw), name=name)
        else:
            columns.append(_Column(index, name, fields[canonical]))
    return columns


def _records(
    sheet: Sheet,
    columns: list[_Column],
    words: list[Words],
    before: int,
    report: Report,
) -> Table:
    width, places = len(sheet.header), sheet.places
    found: dict[str, list[Known | None]] = {}
    usual = words[0].numbers["decimal"]
    # What parts the cells cannot be what parts decimals, unless a cell stands in quotation marks.
    signs = cells.Signs("" if usual == places.delimiter else usual)
    lines: dict[str, int] = {}
    for line, row in sheet.rows:
        if report.errors() - before >= cells.MOST_MISTAKES:
            report.tell("D721", places.row(line), most=cells.MOST_MISTAKES)
            break
        place = places.row(line)
        if len(row) > width and any(cell.strip() for cell in row[width:]):
            report.tell("D722", place, found=len(row), expected=width)
            continue
        identifier = _identifier(row)
        if not identifier:
            report.tell("D723", place)
            continue
        if identifier in found:
            first = places.row(lines[identifier])
            report.tell("D705", place, related=(first,), record=identifier[:60])
            continue
        lines[identifier] = line
        found[identifier] = [
            _fact(places, line, row, column, identifier, words, signs, report) for column in columns
        ]
    signs.refuse(report, cells.MOST_MISTAKES)
    ids = tuple(sorted(found))
    return Table(
        ids,
        {
            column.field.name: tuple(found[identifier][position] for identifier in ids)
            for position, column in enumerate(columns)
            if any(found[identifier][position] is not None for identifier in ids)
        },
    )


def _identifier(row: Sequence[str]) -> str:
    return unicodedata.normalize("NFC", row[0].strip()) if row else ""


def _fact(
    places: Places,
    line: int,
    row: Sequence[str],
    column: _Column,
    identifier: str,
    words: list[Words],
    signs: cells.Signs,
    report: Report,
) -> Known | None:
    text = row[column.index] if column.index < len(row) else ""
    place = cells.Place(lambda: places.cell(line, column.index, text), column.name, identifier)
    return cells.value(text, column.field, words, place, signs, report)


def tell_broken_links(
    tables: dict[str, Table], sheets: dict[str, Sheet], schema: Schema, report: Report
) -> None:
    """Tell each record that names one that does not exist: a person whose team is not among the teams."""
    for item in schema.fields:
        if item.type.kind is not Kind.LINK or item.record not in tables:
            continue
        target = tables.get(item.type.record or "")
        column = tables[item.record].columns.get(item.name)
        if target is None or column is None:
            continue
        known = set(target.ids)
        broken = [
            (identifier, linked)
            for identifier, linked in zip(tables[item.record].ids, column, strict=True)
            if linked is not None and linked not in known
        ]
        if broken:
            sheet = sheets[item.record]
            lines = {_identifier(row): line for line, row in sheet.rows}
            for identifier, linked in broken[: cells.MOST_MISTAKES]:
                report.tell(
                    "D707",
                    sheet.places.row(lines[identifier]),
                    record=identifier,
                    found=str(linked)[:60],
                    name=Word(item.name),
                    nearest=nearest(str(linked), target.ids),
                )
