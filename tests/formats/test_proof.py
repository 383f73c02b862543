"""Proofs as JSON keep to their published schema, whatever is proved."""

import json
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from jsonschema import Draft202012Validator

from coopfx.apps.cli.main import cli
from coopfx.ground.report import Report
from coopfx.plugged.world import load_world
from sharing import SCOP

REPOSITORY = Path(__file__).parent.parent.parent
ALMA = REPOSITORY / "policies" / "alma"
SCHEMAS = REPOSITORY / "docs" / "schema"

# Rules that some years break, one that never applies, one that always fails, one on the facts alone.
REFUTED = (
    SCOP
    + """  input bonus : number of person >= 0
  input hired : date of person
  allocate surplus
    20% to work_share
    15% to reserves.legal until highest_share_capital then to reserves.development
    rest to reserves.development
    losses to losses_brought_forward
  share work_share among workers
    by salary
  require part: work_share of person <= bonus * salary for each worker when hired < 2018-01-01
  require idle: work_share >= 0 EUR when 1 > 2
  require most: work_share > surplus when surplus >= 100 EUR
  require waged: salary >= 1 EUR for each worker
  recommend steady: work_share >= 1% of turnover
"""
)


def schema_of(name: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((SCHEMAS / f"{name}.schema.json").read_text("utf-8"))
    return found


@pytest.fixture(scope="module")
def schema() -> dict[str, Any]:
    return schema_of("proof")


@pytest.fixture(scope="module")
def validator(schema: dict[str, Any]) -> Draft202012Validator:
    Draft202012Validator.check_schema(schema)
    return Draft202012Validator(schema)


def proved(path: Path, *options: str) -> dict[str, Any]:
    """What the command prints of a statute."""
    run = CliRunner().invoke(cli, ["prove", str(path), "--format", "json", *options])
    found: dict[str, Any] = json.loads(run.stdout)
    return found


@pytest.fixture(scope="module")
def refuted(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("oak") / "statute.en.coop"
    path.write_text(REFUTED, "utf-8")
    return path


@pytest.fixture(scope="module")
def oak(refuted: Path) -> dict[str, Any]:
    return proved(refuted)


def errors(validator: Draft202012Validator, data: dict[str, Any]) -> list[str]:
    return [f"{error.json_path}: {error.message[:200]}" for error in validator.iter_errors(data)]


def rules(data: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return {item["rule"]: item for one in data["statutes"] for item in one["rules"]}


def test_alma_keeps_to_the_schema(validator: Draft202012Validator) -> None:
    data = proved(ALMA)
    assert errors(validator, data) == []
    # The one that some year breaks is advice, on what a tax takes of a work share above half.
    verdicts = {item["verdict"]: item["rule"] for item in rules(data).values()}
    assert set(verdicts) == {"always", "facts", "refuted"}
    assert verdicts["refuted"] == "fr.scop.refunds_not_added_back"


def test_a_refuted_statute_keeps_to_the_schema(
    validator: Draft202012Validator, oak: dict[str, Any]
) -> None:
    assert errors(validator, oak) == []
    verdicts = {item["verdict"] for item in rules(oak).values()}
    assert verdicts == {"always", "refuted", "only_if", "never", "facts"}
    assert rules(oak)["idle"]["reason"] == "never_applies"
    assert rules(oak)["part"]["year"]["records"]["person"]


def test_what_is_not_decided_keeps_to_the_schema(
    validator: Draft202012Validator, refuted: Path
) -> None:
    data = proved(refuted, "--time-limit", "1")
    assert errors(validator, data) == []
    assert "undecided" in {item["verdict"] for item in rules(data).values()}


def test_a_mistake_keeps_to_the_schema(validator: Draft202012Validator, tmp_path: Path) -> None:
    path = tmp_path / "statute.en.coop"
    path.write_text(REFUTED.replace("20% to", "95% to"), "utf-8")
    data = proved(path)
    assert errors(validator, data) == []
    assert data["statutes"] == []
    assert data["diagnostics"]


# ---- the schema


def objects(schema: Any) -> list[dict[str, Any]]:
    """Every schema of an object with named properties."""
    inner = list(schema.values()) if isinstance(schema, dict) else schema
    if not isinstance(inner, list):
        return []
    own = isinstance(schema, dict) and schema.get("type") == "object" and "properties" in schema
    return [*([schema] if own else []), *(found for one in inner for found in objects(one))]


def test_the_schema_describes_every_property_and_admits_no_other(schema: dict[str, Any]) -> None:
    found = objects(schema)
    assert len(found) == 11
    for item in found:
        assert item["additionalProperties"] is False
        assert set(item["required"]) == set(item["properties"])
        for name, inner in (*item["properties"].items(), ("itself", item)):
            assert inner.get("description", "").endswith("."), name


def test_what_two_schemas_define_they_define_alike(schema: dict[str, Any]) -> None:
    other = schema_of("outcome")["$defs"]
    shared = set(schema["$defs"]) & set(other)
    assert shared >= {"date", "figure", "diagnostic"}
    for name in shared:
        assert schema["$defs"][name] == other[name]


@pytest.mark.parametrize(
    ("sort", "place", "name"),
    [
        ("reason", "rule", "reason"),
        ("not_yet", "not_yet", "reason"),
        ("assumed_that", "assumption", "key"),
        ("verdict", "rule", "verdict"),
    ],
)
def test_the_schema_knows_every_key_of_the_words(
    schema: dict[str, Any], sort: str, place: str, name: str
) -> None:
    start = f"proof.{sort}."
    phrases = load_world(Report()).words("en").phrases
    said = {key.removeprefix(start) for key in phrases if key.startswith(start)}
    known = set(schema["$defs"][place]["properties"][name]["enum"]) - {None}
    assert known - {"facts"} == said - {"facts"}


# ---- strictness


@pytest.mark.parametrize(
    ("rule", "name", "value"),
    [
        ("part", "year", None),
        ("part", "verdict", "always"),
        ("part", "reason", "time"),
        ("part", "left", 1),
        ("part", "confidence", "confirmed"),
        ("idle", "reason", "time"),
        ("idle", "verdict", "undecided"),
        ("idle", "verdict", "proved"),
        ("idle", "assumptions", []),
        ("idle", "not_yet", [{"reason": "scale", "line": 1}]),
        ("idle", "further", 1),
        ("waged", "reason", "time"),
        ("fr.scop.legal_reserve", "confidence", None),
    ],
)
def test_a_value_that_cannot_be_does_not_keep_to_the_schema(
    validator: Draft202012Validator, oak: dict[str, Any], rule: str, name: str, value: object
) -> None:
    data = deepcopy(oak)
    rules(data)[rule][name] = value
    assert not validator.is_valid(data)
