"""Years to come for programs, as ``coopfx.projection/1``, and as a table for a spreadsheet."""

from collections.abc import Iterator, Sequence
from fractions import Fraction
from typing import Any

from coopfx.engine import outcome as out
from coopfx.formats import json
from coopfx.formats.origin import source_called
from coopfx.formats.projection import name_of, sentence, way
from coopfx.formats.spreadsheet import csv_of
from coopfx.ground.exact import Type, Value, money, quantity
from coopfx.ground.report import Report
from coopfx.ground.tables import Cell
from coopfx.ground.words import Words

SCHEMA = "coopfx.projection/1"


def data(found: Sequence[out.Projection], words: Words, report: Report) -> dict[str, Any]:
    """Projections of a year as an object of the schema; labels are in the words' language."""
    base = found[0].years[0].outcome
    return {
        "schema": SCHEMA,
        "cooperative": base.cooperative,
        "closing": base.closing.isoformat(),
        "currency": base.currency,
        "projections": [_projection(one, found, words) for one in found],
        "diagnostics": json.diagnostics(report, words),
    }


def _projection(
    one: out.Projection, found: Sequence[out.Projection], words: Words
) -> dict[str, Any]:
    last = one.years[-1].outcome
    accounts = dict.fromkeys(item.account for year in one.years for item in year.fillings)
    return {
        "name": name_of(one, found, words),
        "scenario": one.scenario or None,
        "under": one.under or None,
        "assumed": list(one.assumed),
        "held": [
            {
                "name": item.name,
                "label": words.label(item.name),
                "since": item.since.isoformat(),
                **json.value(item.value, item.type),
            }
            for item in one.held
        ],
        "provenance": list(last.provenance.changes),
        "sentence": sentence(one, words),
        "full_in": {
            account: None if full is None else full.isoformat()
            for account in accounts
            for full in [one.full_in(account)]
        },
        "years": [_year(year, words) for year in one.years],
    }


def _year(year: out.ProjectedYear, words: Words) -> dict[str, Any]:
    outcome = year.outcome
    amount = quantity(money(outcome.currency))
    return {
        "closing": outcome.closing.isoformat(),
        "figures": [
            {"name": one.name, "label": words.label(one.name), **json.value(one.value, one.type)}
            for one in year.assumed
        ],
        "accounts": [
            {
                "account": one.name,
                "label": words.label(one.name),
                "book": "management" if one.management else "legal",
                **{
                    at: json.plain(getattr(one, at), amount)
                    for at in ("opening", "added", "taken", "closing")
                },
            }
            for one in outcome.accounts
        ],
        "targets": [
            {
                "account": one.account,
                "until": one.until or None,
                "target": json.plain(one.target, amount),
                "full": one.full,
            }
            for one in year.fillings
        ],
        "per_head": [
            {
                "account": one.source,
                "amount": json.plain(one.amount, amount),
                "heads": one.heads,
                "each": json.plain(one.each, amount),
            }
            for one in year.per_head
        ],
        "rules": [
            {
                "rule": one.rule,
                "label": json.rule_label(one, words),
                "law": one.law,
                "article": one.article,
                "strength": "require" if one.binding else "recommend",
                "status": one.status,
                "margin": json.plain(one.margin, one.type),
            }
            for one in outcome.verdicts
        ],
    }


# ---- a table for a spreadsheet


def table(found: Sequence[out.Projection], words: Words) -> bytes:
    """A row for each year of each projection: figures, balances, targets, shares a head, rules, as CSV."""
    columns = _Columns(found, words)
    return csv_of(columns.header(), columns.rows(), words)


class _Columns:
    """The columns of the table: all that is known in any year of any projection."""

    def __init__(self, found: Sequence[out.Projection], words: Words) -> None:
        self.found, self.words = found, words
        years = [year for one in found for year in one.years]
        self.figures = list(
            dict.fromkeys((one.name, one.type) for of in years for one in of.assumed)
        )
        known = (
            one.name
            for of in years
            for one in of.outcome.accounts
            if isinstance(one.closing, Fraction)
        )
        self.accounts = list(dict.fromkeys(known))
        self.targets = list(
            dict.fromkeys((one.account, one.until) for of in years for one in of.fillings)
        )
        self.sources = list(dict.fromkeys(one.source for of in years for one in of.per_head))

    def header(self) -> list[str]:
        said, label = self.words.phrase, self.words.label
        return [
            said("compare.csv.scenario"),
            said("project.csv.under"),
            said("project.csv.closing"),
            *(label(name) for name, _ in self.figures),
            *(said("project.csv.account", account=label(name)) for name in self.accounts),
            *(
                said("project.csv.target", account=label(account), figure=label(until or account))
                for account, until in self.targets
            ),
            *(
                said("project.csv.each", account=source_called(name, self.words))
                for name in self.sources
            ),
            said("project.csv.violated"),
            said("project.csv.undetermined"),
        ]

    def rows(self) -> Iterator[list[Cell]]:
        for one in self.found:
            for year in one.years:
                yield [
                    one.scenario or self.words.phrase("project.as_it_is"),
                    way(one.under, self.words),
                    year.outcome.closing.isoformat(),
                    *self._cells(year),
                ]

    def _cells(self, year: out.ProjectedYear) -> Iterator[Cell]:
        figures = {item.name: (item.value, item.type) for item in year.assumed}
        accounts = {item.name: item.closing for item in year.outcome.accounts}
        targets = {(item.account, item.until): item.target for item in year.fillings}
        heads = {item.source: item.each for item in year.per_head}
        for name, type_ in self.figures:
            value, own = figures.get(name, (None, type_))
            yield self._cell(value, own)
        for account in self.accounts:
            yield self._cell(accounts.get(account))
        for target in self.targets:
            yield self._cell(targets.get(target))
        for source in self.sources:
            yield self._cell(heads.get(source))
        verdicts = [one.status for one in year.outcome.verdicts if one.binding]
        yield Fraction(verdicts.count(out.VIOLATED))
        yield Fraction(verdicts.count(out.UNDETERMINED))

    def _cell(self, value: Value | None, type_: Type | None = None) -> Cell:
        if value is None or isinstance(value, Fraction):
            return value
        known = type_ is not None and isinstance(value, str | bool)
        return (
            self.words.value(value, type_)
            if known and type_
            else self.words.phrase("value.unknown")
        )
