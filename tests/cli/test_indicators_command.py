"""``coopfx indicators``: the series as text, JSON by its schema, and a row a year for a spreadsheet."""

import csv
import io
import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from jsonschema import Draft202012Validator

from coopfx.apps.cli.main import cli

ROOT = Path(__file__).parents[2]
SCHEMA = json.loads((ROOT / "docs" / "schema" / "indicators.schema.json").read_text("utf-8"))
HEAD = 'statute "Grove"\ncurrency EUR\nin force from {start}\ninput area : number >= 0\n'
OLD = 'indicator "Garden" in ecology = area / 4 measured in "m²"\n'
NOW = """indicator "Green area" in ecology
  = area / 4
  measured in "m²"
  target at least 5 by the end of 2026
  formerly "Garden"
  series break in 2023 "fields left out"
indicator "Planted" = 100% * area / 50
"""


@pytest.fixture
def grove(tmp_path: Path) -> Path:
    for start, text in (("2019-01-01", OLD), ("2022-01-01", NOW)):
        file = tmp_path / f"statute.from{start[:4]}.en.coop"
        file.write_text(HEAD.format(start=start) + text, "utf-8")
    for year, area in ((2020, "9"), (2021, "10"), (2022, "11"), (2023, ""), (2024, "18")):
        given = f"area = {area}\n" if area else ""
        (tmp_path / str(year)).mkdir()
        file = tmp_path / str(year) / "cooperative.toml"
        file.write_text(f"closing = {year}-12-31\n{given}", "utf-8")
    return tmp_path


def call(folder: Path, *arguments: str, language: str = "en") -> Result:
    return CliRunner().invoke(cli, ["indicators", str(folder), *arguments, "--lang", language])


def test_the_series_as_text(grove: Path) -> None:
    shown = call(grove).stdout
    assert shown.startswith("Grove: indicators, 2020 to 2024\n")
    assert "Until 2021: “Garden”." in shown and "fields left out" in shown
    assert "4.50\u00a0m²: 0.50\u00a0m² still to gain until the target for 2026" in shown
    assert "36%" in shown


def test_the_series_as_json(grove: Path) -> None:
    found: dict[str, Any] = json.loads(call(grove, "--format", "json").stdout)
    assert [one.message for one in Draft202012Validator(SCHEMA).iter_errors(found)] == []
    first, second = found["indicators"]
    assert [one["value"] for one in first["series"]] == ["2.25", "2.5", "2.75", None, "4.5"]
    assert [one["joined"] for one in first["series"]] == [False, True, True, False, False]
    assert [one["broken"] for one in first["series"]] == [None, None, None, "said", None]
    assert first["formerly"] == ["Garden"] and first["by"] == 2026
    assert second["percent"] and second["value"] == "0.36"


def test_a_year_of_an_indicator_a_row(grove: Path) -> None:
    text = call(grove, "--format", "csv").stdout_bytes.decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(text)))
    green = [row for row in rows if row["indicator"] == "Green area"]
    assert [row["value"] for row in green] == ["2.25", "2.50", "2.75", "not known", "4.50"]
    assert {row["unit"] for row in green} == {"m²"}
    assert rows[-1]["value"] == "36.00" and rows[-1]["unit"] == "%"
    french = call(grove, "--format", "csv", language="fr").stdout_bytes.decode("utf-8-sig")
    assert french.splitlines()[-1].split(";")[3:5] == ["36,00", "%"]


def test_so_many_years_as_are_asked_for(grove: Path) -> None:
    shown = call(grove, "--years", "2").stdout
    assert shown.startswith("Grove: indicators, 2023 to 2024\n") and "Garden" not in shown


def test_a_statute_without_indicators_is_told(tmp_path: Path) -> None:
    (tmp_path / "statute.en.coop").write_text(HEAD.format(start="2020-01-01"), "utf-8")
    (tmp_path / "2024").mkdir()
    (tmp_path / "2024" / "cooperative.toml").write_text("closing = 2024-12-31\n", "utf-8")
    found = call(tmp_path)
    assert found.exit_code == 2 and "P967" in found.stderr
    told = json.loads(call(tmp_path, "--format", "json").stdout)
    assert "P967" in [one["code"] for one in told["diagnostics"]]


def test_a_format_that_nobody_brings_is_refused(grove: Path) -> None:
    found = call(grove, "--format", "docm")
    assert found.exit_code == 2 and "csv" in found.stderr


def test_the_formats_that_are_offered_instead_are_those_of_the_command(grove: Path) -> None:
    found = call(grove, "--format", "csv", "--anonymous")
    assert found.exit_code == 2 and "'csv' cannot be written" in found.stderr
    offered = found.stderr.partition("only ")[2].partition(" can")[0].split(", ")
    for form in offered if "only " in found.stderr else ():
        again = call(
            grove, "--format", form, "--anonymous", "--output", str(grove / f"page.{form}")
        )
        assert again.exit_code == 0, again.stderr
