"""Indicators over the years for programs, as ``coopfx.indicators/1``, and one year a row as CSV."""

from collections.abc import Iterator
from fractions import Fraction
from typing import Any

from coopfx.engine import outcome as out
from coopfx.formats import json
from coopfx.formats.indicators import progress, remarks
from coopfx.formats.spreadsheet import csv_of
from coopfx.ground.exact import currency_of
from coopfx.ground.report import Report
from coopfx.ground.tables import Cell
from coopfx.ground.words import Words

SCHEMA = "coopfx.indicators/1"
_COLUMNS = (
    "pillar",
    "indicator",
    "closing",
    "value",
    "unit",
    "aim",
    "target",
    "by",
    "met",
    "broken",
)


def data(result: out.Outcome, words: Words, report: Report) -> dict[str, Any]:
    """The indicators of a policy as an object of the schema; sentences are in the words' language."""
    return {
        "schema": SCHEMA,
        "cooperative": result.cooperative,
        "closing": result.closing.isoformat(),
        "currency": result.currency,
        "changes": list(result.provenance.changes),
        "pillars": {
            pillar: words.label(pillar)
            for pillar in dict.fromkeys(one.pillar for one in result.indicators)
            if pillar
        },
        "indicators": [
            {
                **json.indicator(one),
                "progress": progress(one, result.closing, words),
                "remarks": list(remarks(one, words)),
            }
            for one in result.indicators
        ],
        "diagnostics": json.diagnostics(report, words),
    }


def table(result: out.Outcome, words: Words) -> bytes:
    """Every indicator in every year, one a row, as CSV; a percentage of 22 is 22 with the unit ``%``."""
    header = [words.phrase(f"indicators.csv.{column}") for column in _COLUMNS]
    return csv_of(header, _rows(result, words), words)


def _rows(result: out.Outcome, words: Words) -> Iterator[list[Cell]]:
    for item in result.indicators:
        pillar = words.label(item.pillar) if item.pillar else ""
        for one in item.series or (out.YearOfSeries(result.closing, item),):
            own = one.indicator
            aim = words.phrase(f"relation.{own.relation}") if own.target is not None else ""
            yield [
                pillar,
                item.label,
                one.closing.isoformat(),
                _cell(own.value, own, words),
                _unit(own, words),
                aim,
                None if own.target is None else _cell(own.target, own, words),
                "" if own.by is None else str(own.by),
                "" if own.met is None else words.show(own.met),
                words.phrase(f"indicators.csv.broken.{one.broken}") if one.broken else "",
            ]


def _cell(value: object, item: out.IndicatorYear, words: Words) -> Cell:
    if isinstance(value, Fraction):
        return value * 100 if item.percent else value
    return words.show(value) if isinstance(value, bool) else words.phrase("value.unknown")


def _unit(item: out.IndicatorYear, words: Words) -> str:
    """What a figure counts, in a column of its own."""
    if item.percent:
        return "%"
    return item.unit or currency_of(item.type.unit) or words.unit_name(item.type.unit).strip("1")
