"""People's names, from a file of their own: they stand on the papers, and nowhere else.

A statute needs no names, and a year's data are better off without: they are then of nobody who does not
know the identifiers. A list of identifiers and names, read when papers are made, is enough.
"""

from pathlib import Path

from attrs import evolve

from coopfx.engine.outcome import Results
from coopfx.extending import Files, Mapped, World, folded, read_table
from coopfx.ground.exact import TEXT
from coopfx.ground.facts import Facts, Field, Schema, Table
from coopfx.ground.report import Report
from coopfx.ground.source import Span
from coopfx.ground.words import Words, nearest

PERSON = "person"
_MOST = 5
"""So many identifiers are spelt out where something is amiss with them."""
_UNREAD = "D734"


def named(results: Results, path: Path, world: World, words: Words, report: Report) -> Results:
    """Results in which people are called as a file says; what is amiss with it is told.

    The file is a table with a column of identifiers and one of names, read as a year's tables are. One
    who is in the year and not in the file keeps the identifier (W05); one who is not in the year is
    passed over (W06). Nothing is changed where the file cannot be read, or has no names (E04).
    """
    before = report.errors()
    given = _read(path, results.outcome.currency, world, words, report)
    if report.errors() > before:
        return results
    people = results.facts.tables.get(PERSON, Table(()))
    if not given:
        report.tell("papers.E04", None, path=str(path))
        return results
    wanting = [identifier for identifier in people.ids if identifier not in given]
    if wanting:
        shown = words.first_few(wanting, _quoted, _MOST)
        report.tell("papers.W05", None, path=str(path), count=len(wanting), people=shown)
    there = set(people.ids)
    unknown = [identifier for identifier in given if identifier not in there]
    if unknown:
        shown = words.first_few(unknown, _quoted, _MOST)
        near = nearest(unknown[0], wanting)
        report.tell(
            "papers.W06", None, path=str(path), count=len(unknown), people=shown, nearest=near
        )
    own = results.of(PERSON, "name")
    column = tuple(given.get(identifier) or own.get(identifier) for identifier in people.ids)
    table = evolve(people, columns={**people.columns, "name": column})
    return evolve(results, facts=_with(results.facts, table))


def _with(facts: Facts, people: Table) -> Facts:
    return evolve(facts, tables={**facts.tables, PERSON: people})


def _read(path: Path, currency: str, world: World, words: Words, report: Report) -> dict[str, str]:
    """The names by their identifiers; empty where the file has none, or, told, where it cannot be read."""
    if not path.is_file():
        report.tell("P901", None, path=str(path), reason="", nearest="")
        return {}
    languages = [words, *world.languages.values()]
    field = Field("name", TEXT, PERSON)
    schema = Schema(currency, (field,), (), (PERSON,), files={path.name: PERSON})
    heads = {
        folded(head): "name"
        for language in languages
        for head in language.phrase("papers.column_name").split(" / ")
    }
    told = Report()
    with Files(path, world) as files:
        read = files.read(schema, languages)
        sheet = read.records.get(PERSON)
        mapped = Mapped(Span(str(path), 1, 1, 1, 1), PERSON, heads)
        table = read_table(sheet, schema, languages, told, mapped) if sheet else None
        told.take(read.report)
    report.sources.update(told.sources)
    for item in told.diagnostics:
        # A list of people may have more columns than these two: that is no matter of the papers.
        if item.code != _UNREAD:
            report.add(item)
    if table is None:
        return {}
    found = zip(table.ids, table.columns.get("name", ()), strict=False)
    # A line's end inside a name would break the line that the name stands in.
    return {key: " ".join(name.split()) for key, name in found if isinstance(name, str)}


def _quoted(identifier: str) -> str:
    return f"`{identifier}`"
