"""Federations drawn from seeds: statutes, and the tables of the cooperatives that follow them.

What the engines are compared on is here written as a federation gives it, and read back by its own
code: each statute a text, each year a row of every table, in whatever order.
"""

import csv
from collections.abc import Sequence
from datetime import date
from fractions import Fraction
from pathlib import Path
from random import Random

from attrs import evolve, frozen

from coopfx.desk.versions import Statute
from coopfx.engine.columns.values import Array
from coopfx.federation.inputs import COOPERATIVES
from coopfx.formats.cells import file_of
from coopfx.ground.exact import Known, currency_of
from coopfx.ground.facts import Facts
from coopfx.ground.tables import MONEY, TEXT, WHOLE, Block, Decimals, Layout, Texts
from coopfx.language import ir
from coopfx.plugged.world import World
from statutes import Statutes, compiled
from years import Years

Rows = list[dict[str, str]]


@frozen
class Cooperative:
    """A cooperative: its name, that of its statute, and its year."""

    name: str
    follows: str
    statute: Statute
    facts: Facts


@frozen
class Federation:
    """Statutes by their names, the cooperatives in order, and what the drawing of them refused."""

    texts: dict[str, str]
    cooperatives: tuple[Cooperative, ...]
    refused: int


def draw(seeds: range, each: int, world: World) -> Federation:
    """A statute for each seed, but for those drawn with a mistake, and so many cooperatives of each."""
    texts: dict[str, str] = {}
    found: list[Cooperative] = []
    refused = 0
    for seed in seeds:
        statutes = Statutes.of(seed)
        text = statutes.filled(statutes.text(), varied=True)
        statute = compiled(text, world)
        if statute is None:
            refused += 1
            continue
        texts[f"s{seed:06}"] = text
        years = Years(Random(seed))
        for number in range(each):
            name = f"c{seed:06}-{number}"
            year = evolve(years.year(statute.program), cooperative=f"Number {number} of {seed}")
            found.append(Cooperative(name, f"s{seed:06}", statute, year))
    return Federation(texts, tuple(found), refused)


def write(federation: Federation, folder: Path, random: Random, form: str, world: World) -> None:
    """The folder of a federation: cooperatives, and the records of each, in an order that is drawn."""
    for name, text in federation.texts.items():
        home = folder / "statutes" / name
        home.mkdir(parents=True)
        (home / "statute.en.coop").write_text(text, encoding="utf-8", newline="\n")
    order = list(federation.cooperatives)
    random.shuffle(order)
    tables: dict[str, Rows] = {COOPERATIVES: [_own(one) for one in order]}
    sorts: dict[str, dict[str, str]] = {COOPERATIVES: {}}
    for one in order:
        for item in one.statute.program.inputs:
            name = COOPERATIVES if item.record is None else Path(file_of(item.record)).stem
            sorts.setdefault(name, {})[item.key] = _sort_of(item)
        for record, table in one.facts.tables.items():
            name = Path(file_of(record)).stem
            rows: Rows = [
                {"cooperative": one.name, "id": identifier}
                | {column: cell(cells[row]) for column, cells in table.columns.items()}
                for row, identifier in enumerate(table.ids)
            ]
            random.shuffle(rows)
            # A row with nothing but the cooperative's name says that there are no such records.
            tables.setdefault(name, []).extend(rows or [{"cooperative": one.name}])
    for name, rows in tables.items():
        columns = list(dict.fromkeys(column for row in rows for column in row))
        if form == "csv":
            _write_csv(folder / f"{name}.csv", columns, rows)
        else:
            layout, block = _typed(name, columns, rows, sorts.get(name, {}))
            made = world.tables[form]
            made.write(folder / f"{name}{made.suffix}", layout, [block])


def _own(one: Cooperative) -> dict[str, str]:
    facts = one.facts
    row = {"cooperative": one.name, "closing": facts.closing.isoformat(), "statute": one.follows}
    row["name"] = facts.cooperative
    row |= {name: cell(value) for name, value in facts.figures.items()}
    accounts = one.statute.program.accounts
    return row | {
        f"opening {name}": cell(value)
        for name, value in facts.balances.items()
        if accounts[name].record is None
    }


def _sort_of(item: ir.Input) -> str:
    if currency_of(item.type.unit):
        return MONEY
    return WHOLE if item.type.whole else TEXT


def cell(value: Known | None) -> str:
    """A fact as a table writes it, exact."""
    match value:
        case None:
            return ""
        case bool():
            return "yes" if value else "no"
        case date():
            return value.isoformat()
        case Fraction():
            return _decimal(value)
        case _:
            return str(value)


def _decimal(value: Fraction) -> str:
    places = 0
    while (value * 10**places).denominator != 1:
        places += 1
        assert places < 40, f"{value} has no end"
    digits = str(abs(int(value * 10**places))).rjust(places + 1, "0")
    sign = "-" if value < 0 else ""
    return sign + (f"{digits[:-places]}.{digits[-places:]}" if places else digits)


def _write_csv(path: Path, columns: Sequence[str], rows: Rows) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, columns, restval="", lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


def _typed(
    name: str, columns: Sequence[str], rows: Rows, sorts: dict[str, str]
) -> tuple[Layout, Block]:
    """The table with amounts as decimals, whole numbers as such, all else as texts."""
    layout: dict[str, str] = {}
    block: dict[str, Decimals | Texts] = {}
    for column in columns:
        texts = [row.get(column, "") for row in rows]
        sort = MONEY if column.startswith("opening ") else sorts.get(column, TEXT)
        layout[column] = sort
        if sort == TEXT:
            block[column] = Texts([text or None for text in texts])
            continue
        scale = 2 if sort == MONEY else 0
        block[column] = Decimals(_numerators(texts, scale), scale, [not text for text in texts])
    return Layout(name, layout), Block(block, len(rows))


def _numerators(texts: Sequence[str], scale: int) -> Array:
    import numpy as np

    return np.array([int(Fraction(text or 0) * 10**scale) for text in texts], np.int64)
