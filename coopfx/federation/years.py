"""The years of a bucket's cooperatives out of its tables: most as columns, the suspect ones by row."""

import unicodedata
from collections.abc import Iterator
from datetime import date
from fractions import Fraction
from pathlib import Path
from typing import Any, cast

import numpy as np
from attrs import evolve, frozen

from coopfx.desk.speaking import words_for
from coopfx.desk.versions import Statute
from coopfx.desk.years import schema_of
from coopfx.engine.columns import Batch, Records, gather
from coopfx.engine.columns.values import (
    MISSING,
    Array,
    Column,
    Labels,
    Numbers,
    Truths,
    cut,
    fraction_at,
    from_fractions,
    missing_where,
    never,
)
from coopfx.federation.inputs import COOPERATIVES, Kept, kept
from coopfx.federation.statutes import Statutes, own_constants
from coopfx.federation.typed import Typing
from coopfx.formats import cells, notation
from coopfx.formats.sheets import read_table, tell_broken_links
from coopfx.ground.exact import Kind, Known
from coopfx.ground.facts import Facts, Field, Places, Schema, Sheet
from coopfx.ground.report import Report
from coopfx.ground.source import Span
from coopfx.ground.words import Words, nearest
from coopfx.language import ir
from coopfx.plugged.world import World


@frozen(slots=True, eq=False)
class Table:
    """Cooperatives under one statute, as a batch, with their places in the bucket."""

    statute: Statute
    places: Array
    batch: Batch


Changes = dict[int, dict[tuple[str, str], Known]]
"""What a scenario changes, by the places of the cooperatives that are in it: of a sort (``fact``,
``decision``, ``constant``, ``balance``) and a name, or ``statute``, which has none."""


class TableYears:
    """The cooperatives of a bucket; those alone that a scenario is about, with its ``changes``."""

    def __init__(
        self,
        folder: Path,
        task: dict[str, Any],
        statutes: Statutes,
        world: World,
        changes: Changes | None = None,
    ) -> None:
        self.names: list[str] = task["cooperatives"]
        self.task, self.statutes, self.world = task, statutes, world
        own = kept(folder, COOPERATIVES)
        assert own is not None, "a bucket has cooperatives"
        self._header = task["headers"][""]
        key = self._header["keys"]
        found = {name: row for row, name in enumerate(own.texts(key["cooperative"]))}
        self._order = np.array([found[name] for name in self.names])
        self._own = own
        size = len(self.names)
        days = _ordered(own, key.get("closing"), self._order)
        self.closings = [text if _day(text) else "" for text in days]
        self._chosen = _ordered(own, key.get("statute"), self._order)
        self._changes = changes
        for place, own_changes in (changes or {}).items():
            self._chosen[place] = str(own_changes.get(("statute", ""), self._chosen[place]))
        called = _ordered(own, key.get("name"), self._order)
        self.called = [one or name for one, name in zip(called, self.names, strict=True)]
        self._followed = [self._statute_of(place, Report()) for place in range(size)]
        self._suspect = np.array([one is None for one in self._followed], bool)
        self._records = {
            record: table
            for record in task["headers"]
            if record and (table := kept(folder, record)) is not None
        }
        place_of = {name: place for place, name in enumerate(self.names)}
        self._owners: dict[str, Array] = {}
        for record, table in self._records.items():
            column = task["headers"][record]["keys"]["cooperative"]
            owners = list(map(place_of.__getitem__, map(str.strip, table.texts(column))))
            self._owners[record] = np.array(owners, np.int64)

    # ---- which statute

    def _statute_of(self, place: int, report: Report) -> Statute | None:
        """The statute that a cooperative follows on its closing date; None, and told, where none."""
        line = int(self._own.lines[self._order[place]])
        at = Span.on_line(self.task["files"][""], line)
        name, key = self._chosen[place], self._header["keys"]
        if not self.closings[place]:
            text = _ordered(self._own, key["closing"], self._order)[place]
            report.tell("D711", at, found=text[:60])
            return None
        if name not in self.statutes.versions:
            if not name and len(self.statutes.versions) == 1:
                name = next(iter(self.statutes.versions))
            else:
                known = tuple(sorted(filter(None, self.statutes.versions)))
                near = nearest(name, known)
                report.tell("D806", at, found=name[:60], known=known, nearest=near)
                return None
        closing = date.fromisoformat(self.closings[place])
        found = self.statutes.on(name, closing)
        if found is None:
            report.tell("D807", at, date=closing)
        return found

    def words_of(self, place: int) -> Words:
        """The words to speak of a cooperative's data."""
        asked = self.task["language"]
        followed = self._followed[place]
        if asked or followed is None:
            return self.world.words(asked or self.task["default"])
        return followed.words

    def _is_in(self, place: int) -> bool:
        """Whether a cooperative is worked out: all are, but in a scenario of some."""
        return self._changes is None or place in self._changes

    # ---- as columns

    def tables(self) -> list[Table]:
        """The cooperatives whose data are plainly right, by the statute that they follow."""
        groups: dict[int, list[int]] = {}
        for place, statute in enumerate(self._followed):
            if statute is not None and self._is_in(place):
                groups.setdefault(id(statute), []).append(place)
        return [table for places in groups.values() for table in self._table(np.array(places))]

    def _table(self, places: Array) -> list[Table]:
        statute = self._followed[int(places[0])]
        assert statute is not None
        schema, words = schema_of(statute.program), self._words(statute)
        own = self._figures(places, schema, words, statute.program)
        columns = {
            record: self._columns(record, places, schema, words) for record in schema.records
        }
        good = places[~self._suspect[places]]
        if not len(good):
            return []
        fine = np.flatnonzero(~self._suspect[places])
        programs = [self._program(statute, int(row), own) for row in fine]
        empty = [Facts(date.fromisoformat(self.closings[int(place)])) for place in good]
        batch = gather(programs, empty)
        figures, openings = dict(batch.figures), dict(batch.openings)
        for (sort, name), column in own.items():
            target = {"balance": openings}.get(sort, figures)
            if sort != "constant" and name in target:
                target[name] = cut(column, lambda values: values[fine])
        records = {
            record: made.of(good, batch.records[record])
            for record, made in columns.items()
            if record in batch.records
        }
        full = evolve(batch, figures=figures, openings=openings, records=records)
        return [Table(statute, good, full)]

    def _words(self, statute: Statute) -> list[Words]:
        policy = next(
            self.statutes.policies[name]
            for name, versions in self.statutes.versions.items()
            if any(one is statute for one in versions.values())
        )
        others = [
            words_for(self.world, name, statute.program.laws, policy)
            for name in sorted(self.world.languages)
            if name != statute.file.language
        ]
        return [statute.words, *others]

    def _style(self, record: str, words: list[Words]) -> notation.Style:
        """By which sign a table's numbers part their decimals, those of all its cooperatives together."""
        return notation.style_by(self.task["headers"][record]["signs"], cells.usual(words[0], ""))

    def _figures(
        self, places: Array, schema: Schema, words: list[Words], program: ir.Program
    ) -> dict[tuple[str, str], Column]:
        """The cooperatives' own columns, those in the places alone."""
        typing = Typing(places, self._suspect, words, self._style("", words))
        fields = fields_of(schema, program)
        found = {}
        for name, (sort, canonical) in self._header["meanings"].items():
            field = fields.get((sort, canonical))
            if field is None:
                continue
            column = _cut(self._own.columns[name], self._order[places])
            found[sort, canonical] = typing.typed(column, field)
        return self._changed(found, fields, places)

    def _changed(
        self,
        columns: dict[tuple[str, str], Column],
        fields: dict[tuple[str, str], Field],
        places: Array,
    ) -> dict[tuple[str, str], Column]:
        """The cooperatives' own columns, with what a scenario changes."""
        changes = [(self._changes or {}).get(place, {}) for place in places.tolist()]
        for key in dict.fromkeys(key for one in changes for key in one if key in fields):
            column = columns.get(key)
            given = [
                one.get(key, None if column is None else _value(column, row))
                for row, one in enumerate(changes)
            ]
            columns[key] = _made(given, fields[key])
        return columns

    def _program(
        self, statute: Statute, row: int, own: dict[tuple[str, str], Column]
    ) -> ir.Program:
        """The statute's program with the constants that a cooperative sets."""
        given: dict[str, Known] = {}
        for (sort, name), column in own.items():
            if sort == "constant":
                value = _value(column, row)
                if value is not None:
                    given[name] = value
        return with_constants(statute.program, given)

    # ---- records

    def _columns(self, record: str, places: Array, schema: Schema, words: list[Words]) -> "_Sorted":
        """The records of a sort, of the cooperatives in the places, in order of identifiers."""
        table = self._records.get(record)
        if table is None:
            return _Sorted(None, np.zeros(0, np.int64), (), {}, np.zeros(0, np.int64))
        mine = np.zeros(len(self.names), bool)
        mine[places] = True
        rows = np.flatnonzero(mine[self._owners[record]])
        header = self.task["headers"][record]
        ids = _picked(table.texts(header["keys"]["id"]), rows)
        owners = self._owners[record][rows]
        empty = np.array([not one for one in ids], bool)
        if empty.any():
            # A row without an identifier says that the cooperative has no such records.
            alone = np.bincount(owners, minlength=len(self.names))[owners] == 1
            for name in header["meanings"]:
                column = _picked(table.texts(name), rows[empty])
                alone[empty] &= np.array([not one for one in column], bool)
            self._suspect[owners[empty & ~alone]] = True
        keep = ~empty
        rows, owners = rows[keep], owners[keep]
        names = [one for one in ids if one]
        together = "".join(names)
        if not together.isascii() or together.split() != [together]:
            odd = [not unicodedata.is_normalized("NFC", one) or one != one.strip() for one in names]
            self._suspect[owners[np.array(odd, bool)]] = True
        order = _order(owners, names)
        rows, owners = rows[order], owners[order]
        names = [names[place] for place in order.tolist()]
        named = np.array([*names, None], object)[:-1]
        twice = (owners[1:] == owners[:-1]) & (named[1:] == named[:-1]).astype(bool)
        self._suspect[owners[1:][twice]] = True
        typing = Typing(owners, self._suspect, words, self._style(record, words))
        fields = schema.of(record)
        columns: dict[str, Column] = {}
        for name, (_, canonical) in header["meanings"].items():
            field = fields.get(canonical)
            if field is None:
                continue
            if field.type.kind is Kind.LINK:
                texts = _picked(table.texts(name), rows)
                columns[canonical] = typing.linked(texts, self._places(field.type.record or ""))
            else:
                columns[canonical] = typing.typed(_cut(table.columns[name], rows), field)
        given = np.zeros(len(self.names), bool)
        given[self._owners[record]] = True
        return _Sorted(given, owners, tuple(names), columns, rows)

    def _places(self, record: str) -> dict[tuple[int, str], int]:
        """The place of each record of a sort among its cooperative's, in order of identifiers."""
        table = self._records.get(record)
        if table is None:
            return {}
        column = table.texts(self.task["headers"][record]["keys"]["id"])
        pairs = sorted(
            (owner, name)
            for owner, name in zip(self._owners[record].tolist(), column, strict=True)
            if name
        )
        found: dict[tuple[int, str], int] = {}
        last, place = -1, 0
        for owner, name in pairs:
            place = 0 if owner != last else place + 1
            last = owner
            found[owner, name] = place
        return found

    # ---- row by row

    def suspects(self) -> Iterator[tuple[int, Report]]:
        """The cooperatives that have to be read row by row, each with a report of its own."""
        for place in np.flatnonzero(self._suspect).tolist():
            if self._is_in(place):
                yield place, Report()

    def read(self, place: int, report: Report) -> tuple[Statute, ir.Program, Facts] | None:
        """A cooperative's year read row by row; None, and told, where it has any mistake."""
        statute = self._statute_of(place, report)
        if statute is None:
            return None
        schema, words = schema_of(statute.program), self._words(statute)
        row = int(self._order[place])
        line = int(self._own.lines[row])
        at = Span.on_line(self.task["files"][""], line)
        row_texts = {name: self._own.texts(name)[row] for name in self._header["meanings"]}
        style = self._style("", words)
        fields = fields_of(schema, statute.program)
        given: dict[str, dict[str, Any]] = {
            sort: {} for sort in ("fact", "decision", "balance", "constant")
        }
        for name, (sort, canonical) in self._header["meanings"].items():
            text = row_texts[name]
            field = fields.get((sort, canonical))
            if field is None or not text:
                continue
            where = cells.Place(lambda: at, name, self.names[place])
            value = cells.value(text, field, words, where, style, report)
            if value is not None:
                given[sort][canonical] = value
        for (sort, canonical), changed in (self._changes or {}).get(place, {}).items():
            if (sort, canonical) in fields:
                given[sort][canonical] = changed
        tables, sheets = {}, {}
        for record in schema.records:
            sheet = self._sheet(record, place, schema)
            if sheet is not None:
                sheets[record] = sheet
                signs = frozenset(self.task["headers"][record]["signs"])
                table = read_table(sheet, schema, words, report, signs=signs, contiguous=False)
                if table is not None:
                    tables[record] = table
        tell_broken_links(tables, sheets, schema, report)
        if report.failed:
            return None
        closing = date.fromisoformat(self.closings[place])
        figures = given["fact"] | given["decision"]
        facts = Facts(closing, figures, tables, given["balance"], self.called[place])
        return statute, with_constants(statute.program, given["constant"]), facts

    def _sheet(self, record: str, place: int, schema: Schema) -> Sheet | None:
        table = self._records.get(record)
        if table is None:
            return None
        rows = np.flatnonzero(self._owners[record] == place).tolist()
        if not rows:
            return None
        header = self.task["headers"][record]
        fields = schema.of(record)
        names = [name for name, (_, canonical) in header["meanings"].items() if canonical in fields]
        columns = [table.texts(name) for name in (header["keys"]["id"], *names)]
        body = [(int(table.lines[row]), [column[row] for column in columns]) for row in rows]
        body = [one for one in body if any(one[1])]
        return Sheet(record, ["id", *names], body, Places(self.task["files"][record]), 1)


@frozen(slots=True, eq=False)
class _Sorted:
    """The records of a sort, of all cooperatives of a statute, in order."""

    given: Array | None
    owners: Array
    ids: tuple[str, ...]
    columns: dict[str, Column]
    rows: Array

    def of(self, good: Array, bare: Records) -> Records:
        """The records of some cooperatives, in their order."""
        if self.given is None:
            return bare
        wanted = np.zeros(len(self.given), bool)
        wanted[good] = True
        rows = np.flatnonzero(wanted[self.owners])
        sizes = np.bincount(self.owners[rows], minlength=len(self.given))[good]
        offsets = np.concatenate([[0], np.cumsum(sizes)]).astype(np.int64)
        columns = dict(bare.columns)
        for name, column in columns.items():
            if name in self.columns:
                columns[name] = cut(self.columns[name], lambda values: values[rows])
            else:
                columns[name] = never(column, len(rows), MISSING)
        given = self.given[good]
        ids = self.ids if len(rows) == len(self.ids) else tuple(self.ids[row] for row in rows)
        return Records(offsets, columns, None if given.all() else given, ids)


def with_constants(program: ir.Program, given: dict[str, Known]) -> ir.Program:
    """A program with some of the statute's own constants set otherwise."""
    slots = own_constants(program)
    own = {slots[name].index: value for name, value in given.items() if name in slots}
    if not own:
        return program
    constants = tuple(own.get(place, value) for place, value in enumerate(program.constants))
    return evolve(program, constants=constants)


def fields_of(schema: Schema, program: ir.Program) -> dict[tuple[str, str], Field]:
    """All that a row of the cooperatives' own table may give to one program."""
    amount = cells.money_type(schema.currency)
    branching = {
        name for name in schema.accounts for one in schema.accounts if one.startswith(f"{name}.")
    }
    fields = {("fact", name): field for name, field in schema.of(None).items()}
    fields |= {("decision", one.name): one for one in schema.decisions}
    fields |= {
        ("constant", name): Field(name, slot.type) for name, slot in own_constants(program).items()
    }
    return fields | {
        ("balance", name): Field("balance", amount)
        for name in schema.accounts
        if name not in branching
    }


def _order(owners: Array, names: list[str]) -> Array:
    """The rows by cooperative and identifier; nothing is sorted that is in order already."""
    if len(owners) > 1:
        named = np.array([*names, None], object)[:-1]
        rising = (owners[1:] > owners[:-1]) | (
            (owners[1:] == owners[:-1]) & (named[1:] > named[:-1]).astype(bool)
        )
        if not rising.all():
            pairs = zip(owners.tolist(), names, range(len(names)), strict=True)
            return np.array([place for _, _, place in sorted(pairs)], np.int64)
    return np.arange(len(owners))


def _cut(column: Any, rows: Array) -> Any:
    if isinstance(column, tuple):
        return column[0][rows], column[1], column[2][rows]
    return _picked(column, rows)


def _ordered(table: Kept, name: str | None, order: Array) -> list[str]:
    if name is None:
        return [""] * len(order)
    return _picked(table.texts(name), order)


def _picked(texts: list[str], rows: Array) -> list[str]:
    return list(map(texts.__getitem__, rows.tolist()))


def _value(column: Column, row: int) -> Known | None:
    if column.state is not None and column.state[row]:
        return None
    if isinstance(column, Numbers):
        return fraction_at(column, row)
    value: Any = column.values[row]
    return bool(value) if isinstance(value, np.bool_) else cast(Known, value)


def _made(given: list[Known | None], field: Field) -> Column:
    """A column of facts, of which those that are None are missing."""
    state = missing_where(np.array([value is None for value in given], bool))
    if field.type.kind is Kind.QUANTITY:
        return from_fractions([one if isinstance(one, Fraction) else None for one in given], state)
    if field.type.kind is Kind.YES_NO:
        return Truths(np.array([value is True for value in given], bool), state)
    return Labels(np.array([*given, None], object)[:-1], state)


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
