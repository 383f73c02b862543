"""What a plugin may use of coopfx beside its hooks: to make a command, to read a file, to say a year.

The names load on first use, so that a plugin that is only listed starts nothing. The contract of
plugins covers them, wherever else in coopfx they stand.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from coopfx.apps.cli import main as _main
    from coopfx.apps.cli.common import UNUSABLE as UNUSABLE
    from coopfx.apps.cli.common import Session as Session
    from coopfx.apps.cli.common import language_option as language_option
    from coopfx.apps.cli.output import force_option as force_option
    from coopfx.apps.cli.output import write_file as write_file
    from coopfx.apps.cli.output import write_folder as write_folder
    from coopfx.apps.cli.progress import watched as watched
    from coopfx.desk.asked_year import YearAsked as YearAsked
    from coopfx.desk.asking import explain_year as explain_year
    from coopfx.desk.assumptions import read_assumptions as read_assumptions
    from coopfx.desk.comparing import Wanted as Wanted
    from coopfx.desk.comparing import grouping as grouping
    from coopfx.desk.comparing import make_scenario as make_scenario
    from coopfx.desk.comparing import try_scenario as try_scenario
    from coopfx.desk.data import Files as Files
    from coopfx.desk.names import explained as explained
    from coopfx.desk.names import named as named
    from coopfx.desk.policy import Policy as Policy
    from coopfx.desk.projecting import project_year as project_year
    from coopfx.desk.proposed import statute_for as statute_for
    from coopfx.desk.speaking import words_for as words_for
    from coopfx.desk.versions import Statute as Statute
    from coopfx.desk.workspace import Workspace as Workspace
    from coopfx.desk.years import Year as Year
    from coopfx.desk.years import schema_of as schema_of
    from coopfx.engine.explain.needs import needs_of as needs_of
    from coopfx.formats import compare as _compare
    from coopfx.formats import compare_data as _compare_data
    from coopfx.formats import json as _json
    from coopfx.formats import needs as needs
    from coopfx.formats import projection_data as _projection_data
    from coopfx.formats import questions as questions
    from coopfx.formats.anonymous import LEAST as LEAST
    from coopfx.formats.anonymous import hidden as hidden
    from coopfx.formats.answers import Answers as Answers
    from coopfx.formats.cells import canonical as canonical
    from coopfx.formats.cells import is_error as is_error
    from coopfx.formats.cells import record_named as record_named
    from coopfx.formats.compare import asked_of as asked_of
    from coopfx.formats.compare import is_bad as is_bad
    from coopfx.formats.compare import sentence as sentence
    from coopfx.formats.compare_rows import rows_of as rows_of
    from coopfx.formats.conclusion import conclusion as conclusion
    from coopfx.formats.delimited import encoding_of as encoding_of
    from coopfx.formats.gains import people as people
    from coopfx.formats.indicators import Figures as Figures
    from coopfx.formats.indicators import closings as closings
    from coopfx.formats.indicators import mark as mark
    from coopfx.formats.indicators import progress as progress
    from coopfx.formats.indicators import remarks as remarks
    from coopfx.formats.json import rule_label as rule_label
    from coopfx.formats.json import rule_message as rule_message
    from coopfx.formats.mapping import Mapped as Mapped
    from coopfx.formats.mapping_made import folded as folded
    from coopfx.formats.origin import given_out as given_out
    from coopfx.formats.proposing import Proposal as Proposal
    from coopfx.formats.prose import paragraphs as paragraphs
    from coopfx.formats.prose import prose as prose
    from coopfx.formats.sheet_asked import COLUMN as COLUMN
    from coopfx.formats.sheets import MOST_COLUMNS as MOST_COLUMNS
    from coopfx.formats.sheets import read_table as read_table
    from coopfx.formats.spreadsheet import csv_of as csv_of
    from coopfx.formats.text import cell as cell
    from coopfx.formats.text import held_for as held_for
    from coopfx.formats.text import sides as sides
    from coopfx.formats.toml import Document as Document
    from coopfx.ground.aloud import Aloud as Aloud
    from coopfx.language import ir as ir
    from coopfx.laws.book import open_law as open_law
    from coopfx.laws.book import rule_said as rule_said
    from coopfx.laws.book import words_of_law as words_of_law
    from coopfx.laws.loose import law_of as law_of
    from coopfx.laws.loose import open_loose as open_loose
    from coopfx.laws.said import said_of_facts as said_of_facts
    from coopfx.plugged.world import World as World
    from coopfx.starts.decisions import ANSWERS as ANSWERS
    from coopfx.starts.decisions import ask_all as ask_all
    from coopfx.starts.decisions import tell_open as tell_open
    from coopfx.starts.decisions import with_blanks as with_blanks
    from coopfx.starts.folder import begin as begin
    from coopfx.starts.readme import next_steps as next_steps

    ComparedFor = _compare.Asked
    ComparisonShown = _compare.Shown
    commands = _main
    comparison_data = _compare_data.data
    diagnostics_data = _json.told
    projection_data = _projection_data.data

_HOMES = {
    **dict.fromkeys(("Session", "UNUSABLE", "language_option"), "apps.cli.common"),
    "commands": "apps.cli.main:main",
    **dict.fromkeys(("force_option", "write_file", "write_folder"), "apps.cli.output"),
    "watched": "apps.cli.progress",
    "YearAsked": "desk.asked_year",
    "explain_year": "desk.asking",
    "read_assumptions": "desk.assumptions",
    **dict.fromkeys(("Wanted", "grouping", "make_scenario", "try_scenario"), "desk.comparing"),
    "Files": "desk.data",
    **dict.fromkeys(("explained", "named"), "desk.names"),
    "Policy": "desk.policy",
    "project_year": "desk.projecting",
    "statute_for": "desk.proposed",
    "words_for": "desk.speaking",
    "Statute": "desk.versions",
    "Workspace": "desk.workspace",
    **dict.fromkeys(("Year", "schema_of"), "desk.years"),
    "needs_of": "engine.explain.needs",
    **dict.fromkeys(("LEAST", "hidden"), "formats.anonymous"),
    "Answers": "formats.answers",
    **dict.fromkeys(("canonical", "is_error", "record_named"), "formats.cells"),
    "ComparedFor": "formats.compare:Asked",
    "ComparisonShown": "formats.compare:Shown",
    **dict.fromkeys(("asked_of", "is_bad"), "formats.compare"),
    "people": "formats.gains",
    "rows_of": "formats.compare_rows",
    "style": "formats.terminal:",
    "sentence": "formats.compare",
    "comparison_data": "formats.compare_data:data",
    "projection_data": "formats.projection_data:data",
    "conclusion": "formats.conclusion",
    "diagnostics_data": "formats.json:told",
    "encoding_of": "formats.delimited",
    **dict.fromkeys(("Figures", "closings", "mark", "progress", "remarks"), "formats.indicators"),
    **dict.fromkeys(("rule_label", "rule_message"), "formats.json"),
    "Mapped": "formats.mapping",
    "folded": "formats.mapping_made",
    "given_out": "formats.origin",
    "needs": "formats.needs:",
    "questions": "formats.questions:",
    **dict.fromkeys(("paragraphs", "prose"), "formats.prose"),
    "Proposal": "formats.proposing",
    "COLUMN": "formats.sheet_asked",
    "csv_of": "formats.spreadsheet",
    **dict.fromkeys(("MOST_COLUMNS", "read_table"), "formats.sheets"),
    **dict.fromkeys(("cell", "held_for", "sides"), "formats.text"),
    "Document": "formats.toml",
    "read_toml": "formats.toml:read",
    "Aloud": "ground.aloud",
    "ir": "language.ir:",
    **dict.fromkeys(("open_law", "rule_said", "words_of_law"), "laws.book"),
    **dict.fromkeys(("law_of", "open_loose"), "laws.loose"),
    "said_of_facts": "laws.said",
    "World": "plugged.world",
    **dict.fromkeys(("ANSWERS", "ask_all", "tell_open", "with_blanks"), "starts.decisions"),
    "begin": "starts.folder",
    "next_steps": "starts.readme",
}

__all__ = sorted(_HOMES)


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module 'coopfx.extending' has no attribute {name!r}")
    module, colon, inner = _HOMES[name].partition(":")
    found = import_module(f"coopfx.{module}")
    return found if colon and not inner else getattr(found, inner or name)


def __dir__() -> list[str]:
    return __all__
