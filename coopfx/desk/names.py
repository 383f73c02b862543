"""People's names, from a file of their own: they stand on what is written with them, and nowhere else.

A statute needs no names, and a year's data are better off without: they are then of nobody who does not
know the identifiers. A list of identifiers and names, read when something is written for people, is enough.
"""

from collections.abc import Mapping, Sequence
from pathlib import Path

from attrs import evolve

from coopfx.desk.data import Files
from coopfx.engine.outcome import Explanation, Results
from coopfx.formats.mapping import Mapped
from coopfx.formats.mapping_made import folded
from coopfx.formats.sheets import read_table
from coopfx.ground.exact import TEXT
from coopfx.ground.facts import Facts, Field, Schema, Table
from coopfx.ground.report import Argument, Report, Said
from coopfx.ground.source import Span
from coopfx.ground.words import Words, nearest
from coopfx.plugged.world import World

PERSON = "person"
_MOST = 5
"""So many identifiers are spelt out where something is amiss with them."""
_UNREAD = "D734"


def named(results: Results, path: Path, world: World, words: Words, report: Report) -> Results:
    """Results in which people are called as a file says; what is amiss with it is told.

    The file is a table with a column of identifiers and one of names, read as a year's tables are. One
    who is in the year and not in the file keeps the identifier (D752); one who is not in the year is
    passed over (D753). Nothing is changed where the file cannot be read, or has no names (D751).
    """
    people = results.facts.tables.get(PERSON, Table(()))
    given = names_of(people.ids, path, results.outcome.currency, world, words, report)
    if not given:
        return results
    own = results.of(PERSON, "name")
    column = tuple(given.get(identifier) or own.get(identifier) for identifier in people.ids)
    table = evolve(people, columns={**people.columns, "name": column})
    return evolve(results, facts=_with(results.facts, table))


def names_of(
    ids: Sequence[str], path: Path, currency: str, world: World, words: Words, report: Report
) -> dict[str, str]:
    """The names that a file gives, by identifiers; empty, and told, where there are none to be read."""
    before = report.errors()
    given = _read(path, currency, world, words, report)
    if report.errors() > before:
        return {}
    if not given:
        report.tell("D751", None, path=str(path))
        return given
    wanting = [identifier for identifier in ids if identifier not in given]
    if wanting:
        shown = words.first_few(wanting, _quoted, _MOST)
        report.tell("D752", None, path=str(path), count=len(wanting), people=shown)
    there = set(ids)
    unknown = [identifier for identifier in given if identifier not in there]
    if unknown:
        shown = words.first_few(unknown, _quoted, _MOST)
        near = nearest(unknown[0], wanting)
        report.tell("D753", None, path=str(path), count=len(unknown), people=shown, nearest=near)
    return given


def explained(step: Explanation, names: Mapping[str, str]) -> Explanation:
    """An explanation in which people are called by their names."""
    return evolve(
        step,
        arguments={key: _called(key, item, names) for key, item in step.arguments.items()},
        steps=tuple(explained(one, names) for one in step.steps),
    )


def _called(key: str, item: Argument, names: Mapping[str, str]) -> Argument:
    match item:
        case Said(sentence, arguments):
            return Said(
                sentence, {name: _called(name, part, names) for name, part in arguments.items()}
            )
        case str() if type(item) is str and key == "record":
            return names.get(item, item)
        case _:
            return item


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
        for head in language.phrases.get("names.column", "").split(" / ")
        if head
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
        # A list of people may have more columns than these two: that is no matter of theirs.
        if item.code != _UNREAD:
            report.add(item)
    if table is None:
        return {}
    found = zip(table.ids, table.columns.get("name", ()), strict=False)
    # A line's end inside a name would break the line that the name stands in.
    return {key: " ".join(name.split()) for key, name in found if isinstance(name, str)}


def _quoted(identifier: str) -> str:
    return f"`{identifier}`"
