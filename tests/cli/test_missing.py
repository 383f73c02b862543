"""What a year still needs: in which file, why, and what waits for it, the most useful first."""

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from jsonschema import Draft202012Validator

import workbooks
from coopfx.apps.cli.main import cli
from oak import HEADING

SCHEMA = Path(__file__).parent.parent.parent / "docs" / "schema" / "missing.schema.json"
STATUTE = (
    HEADING
    + """
article 1 "Surplus"
  allocate surplus
    50% to work_share
    rest to reserves.development
    losses to losses_brought_forward

article 2 "Work"
  share work_share among workers
    where presence >= 3 months
    by hours

article 3 "Rules"
  require small: turnover <= 1 000 000 EUR
  require fed: closing reserves.development >= 10% of turnover
  require paid: salary >= 10 000 EUR for each worker
"""
)


@pytest.fixture
def oak(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("NO_COLOR", "1")
    (tmp_path / "statute.en.coop").write_text(STATUTE)
    (tmp_path / "2024").mkdir()
    (tmp_path / "2024" / "cooperative.toml").write_text("closing = 2024-12-31\n")
    return tmp_path / "2024"


def missing(*more: str) -> Result:
    ended = CliRunner().invoke(cli, ["explain", "--missing", ".", *more], prog_name="coopfx")
    assert ended.exit_code == 0, ended.output + ended.stderr
    return ended


def needs() -> dict[str, dict[str, Any]]:
    found = json.loads(missing("--format", "json").stdout)
    Draft202012Validator(json.loads(SCHEMA.read_text("utf-8"))).validate(found)
    assert [item["settled"] for item in found["needs"]] == sorted(
        item["settled"] for item in found["needs"]
    )
    assert not found["needs"] or found["needs"][-1]["settled"] == found["waiting"]
    return {item["name"]: item for item in found["needs"]}


def test_of_a_year_with_nothing_all_is_needed(oak: Path) -> None:
    found = needs()
    assert next(iter(found)) == "surplus"
    assert found["person"]["file"] == "people.csv"
    assert found["person"]["columns"] == ["hours", "presence", "salary", "worker"]
    assert found["surplus"] == found["surplus"] | {"file": "cooperative.toml", "table": None}
    assert found["opening reserves.development"]["table"] == "balances"
    assert found["opening reserves.development"]["key"] == "reserves.development"


def test_the_records_that_lack_a_figure_are_named(oak: Path) -> None:
    (oak / "people.csv").write_text(
        "id,worker,hours,presence,salary\nana,yes,1,12,\nben,yes,1,,20000\ncy,no,,,\n"
    )
    found = needs()
    assert found["salary"]["records"] == ["ana"]
    assert found["presence"]["records"] == ["ben"]
    assert "hours" not in found, "who is no worker needs none"


def test_what_is_given_is_needed_no_more(oak: Path) -> None:
    lines = "closing = 2024-12-31\nsurplus = 1000\nturnover = 5\n"
    (oak / "cooperative.toml").write_text(lines + '[balances]\n"reserves.development" = 0\n')
    (oak / "people.csv").write_text("id,worker,hours,presence,salary\nana,yes,1,12,20000\n")
    assert not needs()
    assert "all 5 results are known" in missing().stdout


@pytest.mark.parametrize("language", ["en", "fr", "es", "it"])
def test_it_is_said_in_every_language(oak: Path, language: str) -> None:
    said = missing("2024", "--lang", language).stdout
    assert "`people.csv`" in said and "cooperative.toml" in said
    assert "needs." not in said and "{" not in said


def test_nothing_is_named_but_a_year(oak: Path) -> None:
    arguments = ["explain", "--missing", ".", "2024", "surplus"]
    ended = CliRunner().invoke(cli, arguments, prog_name="coopfx")
    assert ended.exit_code == 2 and "a year" in ended.stderr


def test_the_file_is_the_one_that_the_records_came_from(oak: Path) -> None:
    people: list[list[Any]] = [["id", "worker", "hours", "presence"], ["ana", True, 1, None]]
    (oak / "year.xlsx").write_bytes(workbooks.xlsx({"People": people}))
    found = needs()
    assert found["presence"]["file"] == found["salary"]["file"] == "year.xlsx [People]"
    assert found["surplus"]["file"] == "cooperative.toml"
