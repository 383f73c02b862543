"""Scenarios of a year for programs, as ``coopfx.comparison/1``, and as a table for a spreadsheet."""

from collections.abc import Iterator, Sequence
from fractions import Fraction
from typing import Any

from coopfx.engine import outcome as out
from coopfx.formats import json
from coopfx.formats.anonymous import LEAST
from coopfx.formats.compare import Asked, sentence
from coopfx.formats.gains import gains_of, grouped, people
from coopfx.formats.origin import source_called
from coopfx.formats.spreadsheet import csv_of
from coopfx.ground.exact import Type, money, negative, quantity, step_of
from coopfx.ground.report import Report
from coopfx.ground.tables import Cell
from coopfx.ground.words import Words

SCHEMA = "coopfx.comparison/1"


def data(
    found: Sequence[out.Scenario], asked: Asked, words: Words, report: Report
) -> dict[str, Any]:
    """Scenarios of a year as an object of the schema; labels are in the words' language."""
    year = found[0].comparison.year
    return {
        "schema": SCHEMA,
        "cooperative": year.cooperative,
        "closing": year.closing.isoformat(),
        "currency": year.currency,
        "tolerance": json.plain(asked.tolerance, _amount(year)),
        "anonymous": asked.anonymous,
        "by": asked.by or None,
        "scenarios": [_scenario(one, asked, words) for one in found],
        "diagnostics": json.diagnostics(report, words),
    }


def _amount(year: out.Outcome) -> Type:
    return quantity(money(year.currency))


def _scenario(one: out.Scenario, asked: Asked, words: Words) -> dict[str, Any]:
    found = one.comparison
    amount = _amount(found.year)
    return {
        "name": one.name,
        "changes": list(one.changes),
        "provenance": list(found.scenario.provenance.changes),
        "sentence": sentence(one, asked, words),
        "idle": one.idle or None,
        "texts": [
            {
                "file": item.file,
                "article": item.article or None,
                "line": item.line,
                "old": list(item.old),
                "new": list(item.new),
            }
            for item in one.amended
        ],
        "examples_no_longer_kept": list(one.examples),
        "accounts": [
            {
                "account": item.place.name,
                "label": words.label(item.place.name),
                "book": _book(item.management),
                "indivisible": item.indivisible,
                "closing": _two(item.balances, amount),
                "movement": _two(item.moved, amount),
            }
            for item in found.accounts
        ],
        "sources": [
            {
                "kind": item.place.kind,
                "name": item.place.name,
                "label": source_called(item.place.name, words),
                "record": item.place.record,
                "book": _book(item.management),
                "given": _two(item.moved, amount),
            }
            for item in found.sources
        ],
        "closing": [_closing(found, management, amount) for management in (False, True)],
        "rules": [_rule(rule, words) for rule in found.rules],
        "people": _gains(people(found), asked, amount),
        "groups": _groups(found, asked, amount),
        "records": None
        if asked.anonymous
        else [_record(row, asked, amount) for row in found.records],
    }


def _book(management: bool) -> str:
    return "management" if management else "legal"


def _two(two: out.Two | None, amount: Type) -> dict[str, Any] | None:
    if two is None:
        return None
    sides = ("before", "after", "difference")
    why = json.value(two.difference, amount)
    del why["value"]
    return {at: json.plain(getattr(two, at), amount) for at in sides} | why


def _closing(found: out.Comparison, management: bool, amount: Type) -> dict[str, Any]:
    """What records and accounts gain more in all, what sources give more, and what is left: nothing."""
    parts = ("records", "accounts", "sources")
    totals = {part: found.total(part, management=management) for part in parts}
    totals["rest"] = found.rest(management=management)
    shown = {name: json.plain(value, amount) for name, value in totals.items()}
    return {"book": _book(management), **shown}


def _rule(rule: out.RuleCompared, words: Words) -> dict[str, Any]:
    verdict = rule.verdict
    return {
        "rule": verdict.rule,
        "label": json.rule_label(verdict, words),
        "law": verdict.law,
        "article": verdict.article,
        "strength": "require" if verdict.binding else "recommend",
        "turned": rule.turned,
        "nearer": rule.nearer,
        "before": _verdict(rule.before),
        "after": _verdict(rule.after),
    }


def _verdict(verdict: out.Verdict | None) -> dict[str, Any] | None:
    if verdict is None:
        return None
    sides = {
        at: json.plain(getattr(verdict, at), verdict.type) for at in ("left", "right", "margin")
    }
    return {"status": verdict.status, **sides, "records": verdict.counts}


def _gains(records: Sequence[out.RecordCompared], asked: Asked, amount: Type) -> dict[str, Any]:
    """Some people counted; where nobody is to be known, neither few of them nor anyone's own amount."""
    found = gains_of(records, asked.tolerance, step_of(amount.unit) or Fraction(1))
    counts = {at: getattr(found, at) for at in ("count", "gain", "lose", "same", "unknown")}
    spread = found.spread or (None, None, None)
    low, middle, high = (json.plain(one, amount) for one in spread)
    if asked.anonymous:
        shown = {at: None if 0 < one < LEAST else one for at, one in counts.items()}
        return {**shown, "lowest": None, "median": middle, "highest": None}
    return {**counts, "lowest": low, "median": middle, "highest": high}


def _groups(found: out.Comparison, asked: Asked, amount: Type) -> list[dict[str, Any]] | None:
    if not asked.by:
        return None
    groups, few = grouped(people(found), asked.groups, anonymous=asked.anonymous)
    rows = [{"group": name or None, **_gains(of, asked, amount)} for name, of in groups.items()]
    if few:
        rows.append({"group": None, "put_together": True, **_gains(few, asked, amount)})
    return rows


def _record(row: out.RecordCompared, asked: Asked, amount: Type) -> dict[str, Any]:
    return {
        "record": row.sort,
        "id": row.record or None,
        "name": asked.names.get(row.record) if row.sort == "person" else None,
        "group": asked.groups.get(row.record) if row.sort == "person" else None,
        "book": _book(row.management),
        **(_two(row.moved, amount) or {}),
        "of": [
            {"kind": place.kind, "name": place.name, **(_two(two, amount) or {})}
            for place, two in row.by
        ],
    }


# ---- a table for a spreadsheet


def table(found: Sequence[out.Scenario], asked: Asked, words: Words) -> bytes:
    """The people of each scenario, one a row, then the accounts and what figures give, as CSV.

    The columns of each scenario add up to zero: what figures give is written with the other sign.
    """
    said = words.phrase
    received = list(
        dict.fromkeys(
            (place.kind, place.name)
            for one in found
            for row in one.comparison.records
            if not row.management
            for place, _ in row.by
        )
    )
    header = [
        said("compare.csv.scenario"),
        said("compare.csv.what"),
        said("compare.csv.id"),
        said("compare.csv.name"),
        *([asked.by] if asked.by else []),
        *(said(f"compare.{at}") for at in ("before", "after", "difference")),
        *(said("compare.csv.of", name=words.label(name)) for _, name in received),
    ]
    return csv_of(header, _rows(found, asked, words, received), words)


def _rows(
    found: Sequence[out.Scenario],
    asked: Asked,
    words: Words,
    received: Sequence[tuple[str, str]],
) -> Iterator[list[Cell]]:
    for one in found:
        comparison = one.comparison
        for row in comparison.records:
            if row.management:
                continue
            own = {(place.kind, place.name): two for place, two in row.by}
            group: list[Cell] = [asked.groups.get(row.record, "")] if asked.by else []
            said = (
                words.phrase("compare.csv.person") if row.sort == "person" else words.word(row.sort)
            )
            yield [
                one.name,
                said,
                row.record,
                asked.names.get(row.record, "") if row.sort == "person" else "",
                *group,
                *_cells(row.moved, words),
                *(_cells(own[key], words)[2] if key in own else None for key in received),
            ]
        blank: list[Cell] = [""] if asked.by else []
        empty: list[Cell] = [None] * len(received)
        for item in comparison.whole_accounts():
            label = words.label(item.place.name)
            sort = words.phrase("compare.csv.account")
            yield [one.name, sort, "", label, *blank, *_cells(item.moved, words), *empty]
        for item in comparison.sources:
            if not item.management:
                given = out.Two(negative(item.moved.before), negative(item.moved.after))
                sort, label = (
                    words.phrase("compare.csv.source"),
                    source_called(item.place.name, words),
                )
                yield [one.name, sort, "", label, *blank, *_cells(given, words), *empty]


def _cells(two: out.Two, words: Words) -> list[Cell]:
    values = (two.before, two.after, two.difference)
    return [
        value if isinstance(value, Fraction) else words.phrase("value.unknown") for value in values
    ]
