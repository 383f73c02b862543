"""Diagnostics as JSON keep to their schema, which every other schema that holds them repeats."""

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from jsonschema import Draft202012Validator

from coopfx.apps.cli.main import cli
from coopfx.formats.json import told
from coopfx.ground.report import Report
from coopfx.plugged.world import load_world
from oak import HEADING

SCHEMAS = Path(__file__).parent.parent.parent / "docs" / "schema"
STATUTE = (
    HEADING
    + """define note = "\U0001f33e" if
define bonus = 10% of total
define total = surplus + bonus
require kept: bonus <= 10%
"""
)


def schema(name: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((SCHEMAS / f"{name}.schema.json").read_text("utf-8"))
    return found


def checked(text: str) -> dict[str, Any]:
    ended = CliRunner().invoke(cli, ["check", "-", "--format", "json"], input=text)
    found: dict[str, Any] = json.loads(ended.stdout)
    Draft202012Validator(schema("diagnostics")).validate(found)
    return found


def test_what_a_plugin_tells_has_no_page_in_the_docs() -> None:
    report = Report()
    report.tell("N201", None, name="surplu", nearest="")
    report.tell("oven.W01", None)
    found = told(report, load_world(Report()).words("en"))
    Draft202012Validator(schema("diagnostics")).validate(found)
    assert [one["page"] for one in found["diagnostics"]] == ["diagnostics/N201", None]


@pytest.mark.parametrize("name", ["outcome", "proof", "tests"])
def test_every_schema_describes_diagnostics_alike(name: str) -> None:
    assert schema(name)["$defs"]["diagnostic"] == schema("diagnostics")["$defs"]["diagnostic"]


def test_a_statute_without_mistakes_tells_nothing() -> None:
    right = STATUTE[: STATUTE.index("define")] + "require kept: surplus > 0 EUR\n"
    assert checked(right)["diagnostics"] == []


def test_a_matter_between_two_clauses_has_a_word_on_each_place() -> None:
    (first,) = checked(STATUTE.replace('define note = "\U0001f33e" if\n', ""))["diagnostics"][:1]
    assert (first["code"], first["page"]) == ("N205", "diagnostics/N205")
    lines = [(place["line"], place["message"]) for place in first["related"]]
    assert lines == [(4, "needs `total`")]


def test_columns_count_characters_in_composed_text() -> None:
    text = STATUTE[: STATUTE.index("define")] + 'require "\U0001f33e e\u0301" ;\n'
    found = checked(text)
    assert found["columns"] == "code points"
    sign = next(item for item in found["diagnostics"] if item["code"] == "S104")
    # Behind `require `, a quotation mark, the ear of wheat, a space, an é, a mark and a space.
    assert (sign["column"], sign["end_column"]) == (15, 16)
