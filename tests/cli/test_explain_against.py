"""``coopfx explain --against``: which article moves a figure, as runs of each change have it."""

import json
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from jsonschema import Draft202012Validator

import coopfx
from coopfx.apps.cli.main import cli

ROOT = Path(__file__).parent.parent.parent
ALMA = ROOT / "policies" / "alma"
SCHEMA = ROOT / "docs" / "schema" / "against.schema.json"
SHARES = ("60% -> 45%", "50% by salary -> 40% by salary", "50% by hours -> 60% by hours")

STATUTE = """statute "The Oven"
currency EUR
in force from 2024-01-01

article 1 "Sharing"
  allocate surplus
    40% to work_share
    rest to reserves.legal
    losses to losses_brought_forward
  share work_share among workers by hours

article 2 "Saving"
  define saved = 10% of surplus
  require kept: reserves >= saved
"""


def call(*arguments: object) -> Result:
    return CliRunner().invoke(cli, ["explain", *(str(one) for one in arguments)])


def against(*arguments: object) -> dict[str, Any]:
    result = call(*arguments, "--against", "--lang", "en", "--format", "json")
    assert result.exit_code == 0, result.stderr
    found: dict[str, Any] = json.loads(result.stdout)
    Draft202012Validator(json.loads(SCHEMA.read_text("utf-8"))).validate(found)
    return found


@pytest.fixture
def oven(tmp_path: Path) -> Path:
    folder = tmp_path / "oven"
    (folder / "2024").mkdir(parents=True)
    (folder / "statute.en.coop").write_text(STATUTE, "utf-8")
    balances = '"reserves.legal" = 0\n"reserves.development" = 0\n'
    year = f"closing = 2024-12-31\nsurplus = 1000\n[balances]\n{balances}"
    (folder / "2024" / "cooperative.toml").write_text(year, "utf-8")
    people = "id,worker,hours\nana,yes,100\nben,yes,300\n"
    (folder / "2024" / "people.csv").write_text(people, "utf-8")
    return folder


def amended(folder: Path, text: str) -> Path:
    """The whole statute otherwise, as a file of its own."""
    path = folder.parent / "amended.en.coop"
    path.write_text(text, "utf-8")
    return path


def test_the_article_that_moves_a_share_is_named_with_what_it_moves_it_by() -> None:
    found = against(ALMA, "2024", "work_share of p042", "--change", "60% -> 45%")
    (cause,) = found["causes"]
    assert (cause["article"], cause["lines"][0]["line"]) == ("1", 8) and cause["moves"]
    year = coopfx.open(ALMA, language="en").year("2024")
    parts = [
        Fraction(str(row["amount"]))
        for one in (year, year.amended({"60%": "45%"}, language="en"))
        for row in one.parts
        if (row["id"], row["share"]) == ("p042", "work_share")
    ]
    assert [Fraction(found[at]) for at in ("before", "after")] == parts
    assert Fraction(cause["difference"]) == Fraction(found["difference"]) == parts[1] - parts[0]
    steps = json.dumps(found["steps"], ensure_ascii=False)
    assert "45% of surplus" in steps and "satisfied" not in steps


def test_of_two_articles_each_is_tried_by_itself_and_the_rest_told_apart() -> None:
    changes = [part for one in SHARES for part in ("--change", one)]
    found = against(ALMA, "2024", "work_share of p042", *changes)
    first, second = found["causes"]
    assert (first["article"], second["article"]) == ("1", "2")
    alone = against(ALMA, "2024", "work_share of p042", "--change", SHARES[0])
    assert first["difference"] == alone["difference"]
    both = [Fraction(one["difference"]) for one in (first, second)]
    assert both[0] < 0 < both[1] and Fraction(found["together"]) != 0
    assert sum(both) + Fraction(found["together"]) == Fraction(found["difference"])
    reserves = against(ALMA, "2024", "reserves", *changes)
    assert [one["moves"] for one in reserves["causes"]] == [True, False]
    assert reserves["together"] is None


def test_a_figure_moves_it_too_and_what_does_not_bear_on_it_is_said(oven: Path) -> None:
    found = against(oven, "2024", "reserves", "--set", "surplus = 2000", "--change", "40% -> 30%")
    text, figure = found["causes"]
    assert figure["said"] == "surplus = 2000" and Fraction(figure["difference"]) == 600
    assert Fraction(text["difference"]) == 100 and Fraction(found["together"]) == 100
    result = call(oven, "2024", "reserves", "--against", "--change", "10% -> 5%", "--lang", "fr")
    assert result.exit_code == 0 and "n'y touche pas" in result.stdout


def test_a_change_that_cannot_stand_alone_is_told_so(oven: Path) -> None:
    text = STATUTE.replace("    40% to work_share", "    part to work_share").replace(
        "  define saved", "  define part = 20%\n  define saved"
    )
    found = against(oven, "2024", "reserves", "--with", amended(oven, text))
    assert {one["article"]: one["can_stand_alone"] for one in found["causes"]} == {
        "1": False,
        "2": True,
    }
    assert Fraction(found["difference"]) == 200 and found["together"] is None


def test_a_rule_that_turns_names_its_article(oven: Path) -> None:
    found = against(oven, "2024", "kept", "--change", "10% -> 90%")
    assert found["causes"][0]["moves"] and found["causes"][0]["article"] == "2"
    assert "satisfied" in found["steps"]["before"] and "violated" in found["steps"]["after"]


def test_without_against_the_figure_of_the_scenario_is_explained(oven: Path) -> None:
    result = call(oven, "2024", "work_share", "--change", "40% -> 30%", "--lang", "en")
    assert result.exit_code == 0 and "€300.00" in result.stdout and "€400.00" not in result.stdout


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("reservs", "--against", "--change", "40% -> 30%"), "P912"),
        (("reserves", "--against", "--change", "41% -> 30%"), "P990"),
        (("reserves", "--against"), "--change"),
        (("reserves", "--against", "--change", "40% -> 30%", "--format", "prose"), "--against"),
        (("--missing", "--set", "surplus = 3"), "--missing"),
    ],
)
def test_what_cannot_be_asked_is_told(oven: Path, arguments: tuple[str, ...], said: str) -> None:
    result = call(oven, *(() if arguments[0] == "--missing" else ("2024",)), *arguments)
    assert result.exit_code == 2 and said in result.stderr and not result.stdout


def test_of_an_account_whose_branches_are_shared_those_are_named(oven: Path) -> None:
    text = STATUTE.replace("40% to work_share", "40% to work_share.hours")
    text = text.replace("share work_share", "share work_share.hours")
    (oven / "statute.en.coop").write_text(text, "utf-8")
    result = call(oven, "2024", "work_share of ben", "--lang", "en")
    assert result.exit_code == 2 and "`work_share.hours of ben`" in result.stderr
    assert call(oven, "2024", "work_share.hours of ben").exit_code == 0


def test_a_scenario_that_cannot_be_tried_is_told_in_json_too(oven: Path) -> None:
    result = call(oven, "2024", "reserves", "--change", "41% -> 30%", "--format", "json")
    assert result.exit_code == 2
    assert [one["code"] for one in json.loads(result.stdout)["diagnostics"]] == ["P990"]
