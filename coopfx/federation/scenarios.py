"""Scenarios of many cooperatives: what a table says that each of them changes."""

from collections.abc import Iterable, Iterator
from datetime import date
from fractions import Fraction
from pathlib import Path
from typing import Any

from coopfx.desk.years import schema_of
from coopfx.federation import inputs
from coopfx.federation.inputs import Found, Header
from coopfx.federation.statutes import Statutes, constants_of, schemas_of
from coopfx.federation.years import Changes, fields_of
from coopfx.formats import cells, notation
from coopfx.ground.exact import Known
from coopfx.ground.facts import Field
from coopfx.ground.report import Report
from coopfx.ground.source import Span
from coopfx.ground.words import Words, nearest
from coopfx.plugged.world import World

TABLE = "scenarios"
_WANTED, _NEEDED = ("scenario", "cooperative", "statute"), ("scenario",)
_STATUTE = ("statute", "")


def read_scenarios(
    folder: Path,
    statutes: Statutes,
    world: World,
    cooperatives: Iterable[str],
    block: int,
    report: Report,
) -> list[dict[str, Any]]:
    """What the scenarios of a folder change, each with its ``name``; told where that cannot be read.

    ``everyone`` are changes of all cooperatives, ``own`` those of one, which stand in their place. All is
    plain, to be kept with a task.
    """
    tables = inputs.tables_called({TABLE: ""}, folder, world, report)
    if not tables:
        return []
    (found,) = tables
    first = next(found.form.read(found.path, None, 1, report), None)
    if first is None:
        return []
    words = inputs.languages_of(statutes, world)
    schemas, constants = schemas_of(statutes), constants_of(statutes)
    header = inputs.header_of(
        found, first, schemas, constants, words, report, wanted=_WANTED, needed=_NEEDED
    )
    if report.failed:
        return []
    reading = _Reading(found, header, statutes, words, set(cooperatives), report)
    return reading.scenarios(block)


def changes_of(scenario: dict[str, Any], names: list[str]) -> Changes:
    """What a scenario changes, by the places of the cooperatives of a bucket that are in it."""
    found: Changes = {}
    for place, name in enumerate(names):
        own = scenario["own"].get(name)
        if own is not None or scenario["everyone"]:
            rows = [*scenario["everyone"], *(own or ())]
            found[place] = {(sort, key): _read(sign, text) for sort, key, sign, text in rows}
    return found


def of_bucket(scenarios: list[dict[str, Any]], names: list[str]) -> list[dict[str, Any]]:
    """The scenarios as far as they are about some cooperatives."""
    own = set(names)
    return [
        {**one, "own": {name: rows for name, rows in one["own"].items() if name in own}}
        for one in scenarios
    ]


class _Reading:
    """The rows of the table of scenarios, while they are read."""

    def __init__(
        self,
        table: Found,
        header: Header,
        statutes: Statutes,
        words: list[Words],
        cooperatives: set[str],
        report: Report,
    ) -> None:
        self.table, self.header, self.statutes = table, header, statutes
        self.words, self.cooperatives, self.report = words, cooperatives, report
        self.fields: dict[tuple[str, str], Field] = {}
        for one in statutes.all():
            self.fields = fields_of(schema_of(one.program), one.program) | self.fields

    def scenarios(self, block: int) -> list[dict[str, Any]]:
        """The scenarios in the order in which they are first named."""
        rows = list(self._rows(block))
        texts = [row[name] for _, row in rows for name in self.header.written]
        style = notation.style_of(texts, cells.usual(self.words[0], ""))
        found: dict[str, dict[str, Any]] = {}
        for line, row in rows:
            at = Span.on_line(str(self.table.path), line)
            keys = self.header.keys
            name = row[keys["scenario"]]
            whose = row.get(keys.get("cooperative", ""), "")
            if not name:
                self.report.tell("D790", at)
                continue
            if whose and whose not in self.cooperatives:
                near = nearest(whose, self.cooperatives)
                self.report.tell("D805", at, name=whose[:60], nearest=near)
                continue
            one = found.setdefault(name, {"name": name, "everyone": [], "own": {}})
            if whose in one["own"] or (not whose and one["everyone"]):
                self.report.tell("D791", at, name=name[:60], whose=whose[:60])
                continue
            before = self.report.errors()
            changes = list(self._changes(row, at, style))
            if not changes and self.report.errors() == before:
                self.report.tell("D792", at, name=name[:60])
            if whose:
                one["own"][whose] = changes
            else:
                one["everyone"] = changes
        return list(found.values())

    def _rows(self, block: int) -> Iterator[tuple[int, dict[str, str]]]:
        wanted = list(dict.fromkeys([*self.header.keys.values(), *self.header.meanings]))
        line = 2
        for part in self.table.form.read(self.table.path, wanted, block, self.report):
            columns = {name: inputs.texts_of(part, name) for name in wanted}
            lines = part.lines or range(line, line + part.rows)
            for at, number in enumerate(lines):
                row = {name: (column[at] or "").strip() for name, column in columns.items()}
                if any(row.values()):
                    yield int(number), row
            line += part.rows

    def _changes(
        self, row: dict[str, str], at: Span, style: notation.Style
    ) -> Iterator[tuple[str, str, str, str]]:
        statute = row.get(self.header.keys.get("statute", ""), "")
        if statute and statute not in self.statutes.versions:
            known = tuple(sorted(filter(None, self.statutes.versions)))
            near = nearest(statute, known)
            self.report.tell("D806", at, found=statute[:60], known=known, nearest=near)
        elif statute:
            yield *_STATUTE, "text", statute
        for name, meaning in self.header.meanings.items():
            field, text = self.fields.get(meaning), row[name]
            if field is None or not text:
                continue
            place = cells.Place(lambda: at, name)
            value = cells.value(text, field, self.words, place, style, self.report)
            if value is not None:
                yield *meaning, *_written(value)


def _written(value: Known) -> tuple[str, str]:
    match value:
        case bool():
            return "truth", "yes" if value else ""
        case date():
            return "day", value.isoformat()
        case Fraction():
            return "number", str(value)
        case _:
            return "text", value


def _read(sort: str, text: str) -> Known:
    match sort:
        case "truth":
            return bool(text)
        case "day":
            return date.fromisoformat(text)
        case "number":
            return Fraction(text)
        case _:
            return text
