"""What coopfx itself brings, through the door that every plugin uses.

What a reader or a writer needs is loaded when it is used: a check starts quickly.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import BinaryIO

from coopfx.engine.outcome import Results
from coopfx.ground.code import grammar_folder
from coopfx.ground.facts import Schema, Sheet
from coopfx.ground.report import Report
from coopfx.ground.tables import Block, Layout
from coopfx.ground.words import Words
from coopfx.plugged.hookspecs import (
    Command,
    Engine,
    Language,
    Model,
    Reader,
    TableFormat,
    Writer,
    hookimpl,
)

COMMANDS = tuple(
    Command(name, line, f"coopfx.apps.cli.{name}:command")
    for name, line in (
        (
            "new",
            "Begin a cooperative: its statute, its settings, its first year, by question and answer.",
        ),
        ("run", "Evaluate a year: allocation, shares, verdicts, indicators."),
        ("check", "Tell everything that can be said of statutes before any figures."),
        ("explain", "Say why a figure is what it is, down to the article and the law."),
        ("data", "Say which column of a year's files is which figure, and write columns.toml."),
        ("compare", "Compare a year with what it would be: who gains, who loses, which rules."),
        ("project", "Project a year into those that follow: accounts, what fills up, rules."),
        ("indicators", "Show the indicators over the years, and how far their targets are."),
        ("prove", "Prove that statutes are lawful whatever the year brings, or find a year."),
        ("federation", "Evaluate many cooperatives at once, and show them beside each other."),
        ("test", "Run the examples that statutes carry in themselves."),
        ("fmt", "Lay out texts: indentation, spaces, long lines, usual forms."),
        ("translate", "Write a statute in another of the languages."),
        ("help", "Say what a diagnostic means, with an example and how it is mended."),
        ("lock", "Keep with a policy which versions of the laws it was run with."),
        ("laws", "List the laws that are installed, or show one, article by article."),
        ("plugins", "List what is installed, with versions and where it comes from."),
        ("plugin", "Begin a plugin of your own."),
    )
)
"""The commands, in the order in which they are listed; each module is loaded when it is called."""


@hookimpl
def coopfx_languages() -> list[Language]:
    """The natural languages whose word files stand beside the grammar."""
    return [
        Language(file.stem, file.read_text("utf-8"))
        for file in sorted(grammar_folder().glob("*.toml"))
    ]


@hookimpl
def coopfx_models() -> list[Model]:
    """A statute under no law, for a country whose law is not installed."""
    start = grammar_folder() / "start"
    words = {
        path.stem: path.read_text("utf-8") for path in sorted((start / "words").glob("*.toml"))
    }
    text, table = ((start / name).read_text("utf-8") for name in ("plain.en.coop", "plain.toml"))
    return [Model("plain", "plain.en.coop", "en", text, questions=table, words=words)]


@hookimpl
def coopfx_readers() -> list[Reader]:
    """CSV, of which every file holds the record that it is named after."""
    return [Reader("csv", (".csv",), _read_csv)]


@hookimpl
def coopfx_writers() -> list[Writer]:
    """The screen of ``coopfx run`` without its colours, JSON for programs, and the indicators alone."""
    return [
        Writer("text", _write_text),
        Writer("json", _write_json),
        Writer("indicators.text", _write_indicators),
        Writer("indicators.json", _write_indicators_json),
        Writer("indicators.csv", _write_indicators_csv),
    ]


@hookimpl
def coopfx_commands() -> tuple[Command, ...]:
    """The commands of coopfx."""
    return COMMANDS


@hookimpl
def coopfx_tables() -> list[TableFormat]:
    """Tables of many cooperatives as CSV."""
    return [TableFormat("csv", ".csv", _read_tables, _write_table)]


@hookimpl
def coopfx_engines() -> list[Engine]:
    """The processes of this machine."""
    return [Engine("processes", _run_processes)]


def _read_tables(
    path: Path, wanted: Sequence[str] | None, rows: int, report: Report
) -> Iterator[Block]:
    from coopfx.formats import tables

    return tables.read(path, wanted, rows, report)


def _write_table(path: Path, layout: Layout, blocks: Iterable[Block]) -> None:
    from coopfx.formats import tables

    tables.write(path, layout, blocks)


def _run_processes(
    work: Callable[[str], None], tasks: Sequence[str], workers: int
) -> Iterator[str]:
    from coopfx.plugged import processes

    return processes.run(work, tasks, workers)


def _read_csv(path: Path, file: BinaryIO, schema: Schema, report: Report) -> tuple[Sheet, ...]:
    from coopfx.formats import csv

    return csv.read(path, file, schema, report)


def _write_text(results: Results, words: Words) -> str:
    from coopfx.formats import terminal, text

    return text.outcome(results.outcome, words, terminal.Style(False))


def _write_json(results: Results, words: Words) -> str:
    from coopfx.formats import json

    return json.text(json.outcome(results.outcome, words, _told(results)))


def _told(results: Results) -> Report:
    """What was told of a year, as a report."""
    told = Report()
    for diagnostic in results.outcome.diagnostics:
        told.add(diagnostic)
    return told


def _write_indicators(results: Results, words: Words) -> str:
    from coopfx.formats import indicators_text, terminal

    return indicators_text.page(results.outcome, words, terminal.Style(False))


def _write_indicators_json(results: Results, words: Words) -> str:
    from coopfx.formats import indicators_data, json

    return json.text(indicators_data.data(results.outcome, words, _told(results)))


def _write_indicators_csv(results: Results, words: Words) -> bytes:
    from coopfx.formats import indicators_data

    return indicators_data.table(results.outcome, words)
