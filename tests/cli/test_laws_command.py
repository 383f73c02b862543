"""`coopfx laws`: what it prints keeps to its schema, and every source is shown."""

import json
from itertools import cycle
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from jsonschema import Draft202012Validator

from coopfx.apps.cli.main import cli
from coopfx.ground.report import Report
from coopfx.plugged.world import load_world

SCHEMA = Path(__file__).parents[2] / "docs" / "schema" / "laws.schema.json"
LAWS = sorted(load_world(Report()).laws)


def printed(*arguments: str) -> Any:
    ended = CliRunner().invoke(cli, ["laws", *arguments, "--format", "json"])
    assert ended.exit_code == 0, ended.output
    return json.loads(ended.stdout)


@pytest.fixture(scope="module")
def validator() -> Draft202012Validator:
    schema = json.loads(SCHEMA.read_text("utf-8"))
    Draft202012Validator.check_schema(schema)
    return Draft202012Validator(schema)


def test_the_list_names_every_law_with_where_it_comes_from(
    validator: Draft202012Validator,
) -> None:
    data = printed()
    validator.validate(data)
    assert [law["name"] for law in data["laws"]] == LAWS
    assert all(law["distribution"].startswith("coopfx-") for law in data["laws"])
    assert all("articles" not in law for law in data["laws"])
    counts = {law["name"]: (law["rules"], law["confirmed"]) for law in data["laws"]}
    assert all(0 < confirmed <= rules for rules, confirmed in counts.values())
    shown = [
        rule for article in printed("fr.scic")["laws"][0]["articles"] for rule in article["rules"]
    ]
    sure = sum(rule["confidence"] == "confirmed" for rule in shown)
    assert counts["fr.scic"] == (len(shown), sure)
    assert sure < len(shown)


@pytest.mark.parametrize("name", sorted(load_world(Report()).models))
def test_a_model_is_shown_with_what_it_leaves_open(name: str) -> None:
    schema = json.loads(SCHEMA.with_name("model.schema.json").read_text("utf-8"))
    Draft202012Validator.check_schema(schema)
    data = printed(name, "--lang", "fr")
    Draft202012Validator(schema).validate(data)
    model = data["model"]
    assert model["text"] == load_world(Report()).models[name].text
    asked = {one["key"] for one in model["open"]}
    shown = CliRunner().invoke(cli, ["laws", name, "--lang", "fr"]).stdout
    assert asked and model["text"].strip() in shown
    assert all(one["text"].split()[0] in shown for one in model["open"])
    proposed = {one["key"] for one in model["open"] if one["default"] is not None}
    assert proposed == asked


@pytest.mark.parametrize(
    ("name", "language"), list(zip(LAWS, cycle(["en", "fr", "es", "it"]), strict=False))
)
def test_a_law_is_shown_article_by_article(
    validator: Draft202012Validator, name: str, language: str
) -> None:
    data = printed(name, "--lang", language)
    validator.validate(data)
    (law,) = data["laws"]
    rules = [rule for article in law["articles"] for rule in article["rules"]]
    assert len(rules) == law["rules"] > 0
    text = json.dumps(data, ensure_ascii=False)
    assert "laws." not in text and "formula." not in text, "a phrase is wanting"
    screen = CliRunner().invoke(cli, ["laws", name, "--lang", language]).stdout
    assert "laws." not in screen and "None" not in screen
    folded = " ".join(screen.split())
    for article in law["articles"]:
        assert " ".join(article["reference"].split()) in folded
        for parameter in article["parameters"]:
            for value in parameter["values"]:
                assert value["from"] in screen and " ".join(value["reference"].split()) in folded
    for rule in rules:
        assert rule["label"] in folded


def test_a_law_that_is_not_installed_is_told_with_the_nearest() -> None:
    ended = CliRunner().invoke(cli, ["laws", "fr.scpo"])
    assert ended.exit_code == 2
    assert "N207" in ended.stderr and "`fr.scop`" in ended.stderr
