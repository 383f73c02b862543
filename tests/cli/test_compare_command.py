"""``coopfx compare``: a year beside scenarios of it, as two runs of the year by themselves have them."""

import csv
import io
import json
import shutil
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from jsonschema import Draft202012Validator

from coopfx.apps.cli.main import cli

ROOT = Path(__file__).parent.parent.parent
ALMA, RABOT = ROOT / "policies" / "alma", ROOT / "policies" / "le-rabot"
SCHEMA = ROOT / "docs" / "schema" / "comparison.schema.json"
PART = {"en": "60%", "fr": "60 %", "es": "60 %", "it": "60%"}


def call(*arguments: object) -> Result:
    return CliRunner().invoke(cli, [str(one) for one in arguments])


def compared(*arguments: object) -> dict[str, Any]:
    result = call("compare", *arguments, "--format", "json")
    assert result.exit_code < 2, result.stderr
    found: dict[str, Any] = json.loads(result.stdout)
    Draft202012Validator(json.loads(SCHEMA.read_text("utf-8"))).validate(found)
    return found


def received(folder: Path) -> tuple[dict[str, Fraction], dict[str, Fraction]]:
    """What each person receives of all shares, and at what accounts close, by a run of the year."""
    result = call("run", folder, "2024", "--format", "json")
    assert result.exit_code == 0, result.stderr
    found = json.loads(result.stdout)
    people: dict[str, Fraction] = {}
    for share in found["shares"]:
        for part in share["parts"]:
            people[part["id"]] = people.get(part["id"], Fraction(0)) + Fraction(part["amount"])
    return people, closings(folder)


@pytest.fixture(scope="module")
def by_hand(tmp_path_factory: pytest.TempPathFactory) -> tuple[dict[str, Fraction], ...]:
    """What each person and each account of Alma has more at 45 %: both years run, and subtracted."""
    folder = tmp_path_factory.mktemp("amended") / "alma"
    shutil.copytree(ALMA, folder)
    for language, part in PART.items():
        text = folder / f"statute.{language}.coop"
        found = text.read_text("utf-8").replace("\u00a0", " ")
        assert found.count(part) == 1
        text.write_text(found.replace(part, part.replace("60", "45")), "utf-8")
    pairs = zip(received(ALMA), received(folder), strict=True)
    return tuple({name: new[name] - old[name] for name in old} for old, new in pairs)


@pytest.mark.parametrize("language", PART)
def test_each_difference_is_that_of_two_runs_in_every_language(
    language: str, by_hand: tuple[dict[str, Fraction], ...]
) -> None:
    people, accounts = by_hand
    found = compared(ALMA, "2024", "--change", "60 % -> 45 %", "--lang", language)
    (one,) = found["scenarios"]
    assert (
        one["texts"][0]["file"] == f"statute.{language}.coop" and one["texts"][0]["article"] == "1"
    )
    own = {
        row["id"]: Fraction(row["difference"]) for row in one["records"] if row["book"] == "legal"
    }
    assert own == people and len(own) == 180
    assert risen(one) == accounts
    assert [book["rest"] for book in one["closing"]] == ["0.00", "0.00"]
    assert one["people"]["lose"] == 180 and "180" in one["sentence"]
    assert not any(rule["turned"] for rule in one["rules"])


@pytest.mark.parametrize(("language", "sign", "decimal"), [("fr", ";", ","), ("en", ",", ".")])
def test_the_table_by_person_opens_in_the_reader_s_spreadsheet_and_adds_up_to_nothing(
    language: str, sign: str, decimal: str, tmp_path: Path, by_hand: tuple[dict[str, Fraction], ...]
) -> None:
    file = tmp_path / "people.csv"
    change = ("--change", "60 % -> 45 %", "--lang", language, "--by", "team")
    result = call("compare", ALMA, "2024", *change, "--format", "csv", "--output", file)
    assert result.exit_code == 0, result.stderr
    data = file.read_bytes()
    assert data.startswith(b"\xef\xbb\xbf") and data.endswith(b"\r\n")
    header, *rows = csv.reader(io.StringIO(data.decode("utf-8-sig")), delimiter=sign)
    assert {len(row) for row in rows} == {len(header)}
    amounts = [[Fraction(cell.replace(decimal, ".")) for cell in row[5:8]] for row in rows]
    assert [sum(column) for column in zip(*amounts, strict=True)] == [0, 0, 0]
    people = {row[2]: more for row, (_, _, more) in zip(rows, amounts, strict=True) if row[2]}
    assert people == by_hand[0]


def test_a_decision_a_figure_and_an_amended_file_are_those_of_a_year_that_has_them(
    tmp_path: Path,
) -> None:
    folder = tmp_path / "le-rabot"
    shutil.copytree(RABOT, folder)
    own = folder / "2024" / "cooperative.toml"
    text = own.read_text("utf-8")
    assert '"taux_du_travail" = "55 %"' in text
    own.write_text(text.replace("55 %", "40 %"), "utf-8")
    old, new = closings(RABOT), closings(folder)
    (one,) = compared(RABOT, "2024", "--decide", "work_rate = 40%")["scenarios"]
    rows = risen(one)
    assert rows == {name: new[name] - old[name] for name in rows} and any(rows.values())
    assert one["closing"][0]["rest"] == "0.00"

    file = tmp_path / "amended.fr.coop"
    statute = (ALMA / "statute.fr.coop").read_text("utf-8")
    file.write_text(statute.replace("60 %", "45 %").replace("60\u00a0%", "45 %"), "utf-8")
    whole, words = (
        compared(ALMA, "2024", *given)["scenarios"][0]
        for given in (("--with", file), ("--change", "60 % -> 45 %", "--lang", "fr"))
    )
    assert whole["records"] == words["records"]

    (less,) = compared(ALMA, "2024", "--set", "surplus = 5 000 000 EUR")["scenarios"]
    assert Fraction(less["closing"][0]["sources"]) == Fraction("-2506914.95")
    assert less["closing"][0]["rest"] == "0.00"
    assert [rule["rule"] for rule in less["rules"] if rule["turned"]]


def risen(scenario: dict[str, Any]) -> dict[str, Fraction]:
    """How much higher each account closes, where that is known."""
    rows = {row["account"]: row["closing"]["difference"] for row in scenario["accounts"]}
    return {name: Fraction(more) for name, more in rows.items() if more is not None}


def closings(folder: Path) -> dict[str, Fraction]:
    found = json.loads(call("run", folder, "2024", "--format", "json").stdout)
    accounts = found["accounts"].items()
    return {name: Fraction(one["closing"]) for name, one in accounts if one["closing"] is not None}


def test_several_scenarios_stand_side_by_side_and_one_article_of_two_is_told() -> None:
    shared = ("--set", "surplus = 7 000 000 EUR")
    less, more = (
        ("--scenario", "less", "--change", "60 % -> 45 %"),
        ("--scenario", "more", "--change", "8: 60 % -> 65 %"),
    )
    found = compared(ALMA, "2024", *shared, *less, *more, "--lang", "en")
    assert [one["name"] for one in found["scenarios"]] == ["less", "more"]
    assert [one["changes"][0] for one in found["scenarios"]] == [shared[1]] * 2
    assert [one["people"]["lose"] > 0 for one in found["scenarios"]] == [True, True]
    assert [item["code"] for item in found["diagnostics"]] == ["P936"]
    shown = call("compare", ALMA, "2024", *shared, *less, *more, "--lang", "en")
    assert "less" in shown.stdout and "“less”" not in shown.stdout and "P936" in shown.stderr


def test_opening_balances_that_are_set_are_told_beside_what_closes() -> None:
    given = ("--set", "opening reserves.legal = 4 276 301 EUR", "--lang", "en")
    shown = call("compare", ALMA, "2024", *given).stdout
    assert "+€1.00" in shown and "what the accounts open with" in shown
    (one,) = compared(ALMA, "2024", *given)["scenarios"]
    assert one["idle"] is None and one["closing"][0]["rest"] == "0.00"


def test_what_moves_between_the_branches_of_an_account_is_in_the_sentence() -> None:
    text = "rest to reserves.development -> rest to reserves.legal"
    (one,) = compared(ALMA, "2024", "--change", text, "--lang", "en")["scenarios"]
    assert (
        "legal reserve: €1,126,037.24 more; development fund: €1,126,037.24 less" in one["sentence"]
    )


@pytest.mark.parametrize(
    ("change", "idle"),
    [
        (("--change", "60 % -> 60,0 %", "--lang", "fr"), "texts"),
        (("--set", "surplus = 7 506 914,95 €"), "figures"),
        (
            (
                "--change",
                "losses to losses_brought_forward -> losses to reserves.development",
                "--lang",
                "en",
            ),
            "elsewhere",
        ),
    ],
)
def test_where_nothing_changes_it_is_said_why(change: tuple[str, ...], idle: str) -> None:
    (one,) = compared(ALMA, "2024", *change)["scenarios"]
    assert one["idle"] == idle


def test_nobody_is_known_by_a_comparison_that_names_nobody() -> None:
    given = ("--change", "60 % -> 45 %", "--by", "team", "--anonymous", "--lang", "en", "--parts")
    (one,) = compared(
        RABOT, "2024", "--decide", "work_rate = 40%", "--by", "member", "--anonymous"
    )["scenarios"]
    assert one["records"] is None and one["people"]["same"] is None
    assert all(group["count"] is None or group["count"] >= 5 for group in one["groups"])
    assert {group["lowest"] for group in (one["people"], *one["groups"])} == {None}
    shown = call("compare", ALMA, "2024", *given).stdout
    assert "p001" not in shown and "1,342.58" not in shown


def test_what_is_within_the_tolerance_counts_as_the_same() -> None:
    given = ("--change", "60 % -> 45 %", "--tolerance", "2000 EUR", "--lang", "en")
    (one,) = compared(ALMA, "2024", *given)["scenarios"]
    few = [
        row
        for row in one["records"]
        if row["book"] == "legal" and abs(Fraction(row["difference"])) <= 2000
    ]
    assert one["people"]["same"] == len(few) > 0
    assert "€2,000.00 counts as the same" in call("compare", ALMA, "2024", *given).stdout


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        ((), "give --change"),
        (("--scenario", "a"), "give --change"),
        (("--change", "60% -> 45%", "--tolerance", "much"), "no amount"),
        (("--change", "60% -> 45%", "--anonymous", "--format", "csv"), "--anonymous"),
        (("--with", "nothing.fr.coop"), "P901"),
        (("--change", "15 % -> 20 %"), "statute.en.coop:10"),
    ],
)
def test_what_cannot_be_compared_is_told(arguments: tuple[str, ...], told: str) -> None:
    result = call("compare", ALMA, "2024", *arguments, "--lang", "en")
    assert result.exit_code == 2 and told in result.stderr, result.stderr
