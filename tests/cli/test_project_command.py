"""``coopfx project``: years to come, as the folders of those years, run one after the other, have them."""

import csv
import io
import json
import shutil
import tomllib
from collections.abc import Iterable, Iterator
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from jsonschema import Draft202012Validator

import coopfx
from coopfx.apps.cli.main import cli
from coopfx.ground.exact import decimal_text, round_to
from coopfx.scripts.policy import HeldYear

ROOT = Path(__file__).parent.parent.parent
ALMA, QUARTET = ROOT / "policies" / "alma", ROOT / "policies" / "quartet"
SCHEMA = ROOT / "docs" / "schema" / "projection.schema.json"
CENT = Fraction(1, 100)
OPENING = "300000.00"
"""Of the legal reserve: it begins far from full."""
WAYS = ("low", "middle", "high")
ASSUMED = """
# What the meeting assumes
salary + 1.5% a year
highest_share_capital + 400 000 EUR a year
low:
  surplus - 3% a year
middle: surplus + 2% a year
high:
  surplus + 5% a year
"""


def call(*arguments: object) -> Result:
    return CliRunner().invoke(cli, [str(one) for one in arguments])


def projected(*arguments: object) -> dict[str, Any]:
    result = call("project", *arguments, "--format", "json", "--lang", "en")
    assert result.exit_code < 2, result.stderr
    found: dict[str, Any] = json.loads(result.stdout)
    Draft202012Validator(json.loads(SCHEMA.read_text("utf-8"))).validate(found)
    return found


def copied(folder: Path, people: int) -> Path:
    """Alma with its first so many people, and little in its legal reserve."""
    shutil.copytree(ALMA, folder)
    table, own = folder / "2024" / "people.csv", folder / "2024" / "cooperative.toml"
    lines = table.read_text("utf-8").splitlines()
    table.write_text("\n".join(lines[: people + 1]) + "\n", "utf-8")
    text = own.read_text("utf-8")
    assert '"4276300.00"' in text
    own.write_text(text.replace('"4276300.00"', f'"{OPENING}"'), "utf-8")
    return folder


def ten_years(folder: Path, assumed: str = ASSUMED) -> dict[str, Any]:
    file = folder.parent / "assumptions.txt"
    file.write_text(assumed, "utf-8")
    found = projected(folder, "2024", "--years", 10, "--assumptions", file)
    return {one["under"]: one for one in found["projections"]}


@pytest.fixture(scope="module")
def three(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """Ten years of Alma under three assumptions, with a part of its people."""
    return ten_years(copied(tmp_path_factory.mktemp("assumed") / "alma", 20))


def by_hand(folder: Path) -> Iterator[HeldYear]:
    """2024 and ten years after it, each written from what the one before closed with, and run."""
    names = {
        "part_travail": "work_share",
        "intérêt_aux_parts": "share_interest",
        "réserves.légale": "reserves.legal",
        "réserves.développement": "reserves.development",
        "report_à_nouveau_débiteur": "losses_brought_forward",
    }
    base = tomllib.loads((folder / "2024" / "cooperative.toml").read_text("utf-8"))
    with (folder / "2024" / "people.csv").open(encoding="utf-8", newline="") as file:
        header, *people = csv.reader(file, delimiter=";")
    seniority, salary = header.index("ancienneté"), header.index("salaire")
    del base["closing"], base["balances"]
    opens: dict[str, Any] = {}
    for number in range(11):
        year = folder / str(2024 + number)
        if number:
            shutil.copytree(folder / "2024", year)
            surplus = Fraction(base["excédent"]) * Fraction(102, 100) ** number
            highest = Fraction(base["capital_le_plus_haut"]) + 400_000 * number
            figures = {"excédent": cents(surplus), "capital_le_plus_haut": cents(highest)}
            lines = [f"closing = {year.name}-12-31"]
            lines += [f'"{name}" = "{value}"' for name, value in (base | figures).items()]
            lines += ["[balances]", *(f'"{name}" = "{value}"' for name, value in opens.items())]
            (year / "cooperative.toml").write_text("\n".join(lines) + "\n", "utf-8")
            rows = [list(row) for row in people]
            for row in rows:
                row[seniority] = str(int(row[seniority]) + 12 * number)
                grown = Fraction(row[salary].replace(",", ".")) * Fraction(1015, 1000) ** number
                row[salary] = cents(grown).replace(".", ",")
            with (year / "people.csv").open("w", encoding="utf-8", newline="") as file:
                csv.writer(file, delimiter=";").writerows([header, *rows])
        run = coopfx.open(folder).year(year.name)
        closes = {row["account"]: row["closing"] for row in run.accounts}
        opens = {name: closes[own] for name, own in names.items()}
        yield run


def cents(value: Fraction) -> str:
    return decimal_text(round_to(value, CENT), 2)


def test_ten_years_of_all_of_alma_are_those_of_eleven_folders(tmp_path: Path) -> None:
    folder = copied(tmp_path / "alma", 180)
    (found,) = ten_years(folder, ASSUMED.partition("low:")[0] + "surplus + 2% a year").values()
    hold_alike(found, by_hand(folder), 180)


def hold_alike(found: dict[str, Any], runs: Iterable[HeldYear], people: int) -> None:
    """That a projection is what the runs of its years by themselves are, and says which is full first."""
    full = None
    for number, (year, run) in enumerate(zip(found["years"], runs, strict=True)):
        assert "R820" not in [one.code for one in run.remarks]
        assert year["closing"] == run.closing.isoformat()
        accounts = {row["account"]: row for row in run.accounts}
        for account in year["accounts"]:
            own = accounts[account["account"]]
            for at in ("opening", "added", "taken", "closing"):
                assert account[at] == (None if own[at] is None else str(own[at])), account
        statuses = {rule["rule"]: rule["status"] for rule in year["rules"]}
        assert statuses == {one.rule: one.status for one in run.outcome.verdicts}
        paid = [share for share in run.outcome.shares if share.source == "work_share"]
        parts = [amount for share in paid for _, amount in share.parts or ()]
        (head,) = (one for one in year["per_head"] if one["account"] == "work_share")
        assert head["heads"] == len(parts) == people
        assert Fraction(head["each"]) == sum(parts) / people
        target = Fraction(year["targets"][0]["target"])
        assert target == 4_750_000 + 400_000 * number
        if full is None and Fraction(str(accounts["reserves.legal"]["closing"])) >= target:
            full = year["closing"]
    assert found["full_in"]["reserves.legal"] == full and full is not None


def test_what_a_year_closes_with_the_next_one_opens_with(three: dict[str, Any]) -> None:
    held = 0
    for one in three.values():
        assert len(one["years"]) == 11
        for year, following in zip(one["years"], one["years"][1:], strict=False):
            closes = {account["account"]: account["closing"] for account in year["accounts"]}
            for account in following["accounts"]:
                if account["opening"] is not None:
                    assert account["opening"] == closes[account["account"]], account
                    held += 1
    assert held > 3 * 10 * 4


@pytest.mark.parametrize(
    ("form", "said"), [("text", "charges of the year"), ("csv", "charges of the year a head")]
)
def test_what_is_shared_as_charges_is_called_so(form: str, said: str, tmp_path: Path) -> None:
    text = 'statute "Charges"\ncurrency EUR\nin force from 2019-01-01\ninput bonus : money >= 0\n'
    text += "share 50% * bonus from charges among people equally\n"
    (tmp_path / "statute.en.coop").write_text(text, "utf-8")
    (tmp_path / "2024").mkdir()
    own = "closing = 2024-12-31\nbonus = 100\n"
    (tmp_path / "2024" / "cooperative.toml").write_text(own, "utf-8")
    (tmp_path / "2024" / "people.csv").write_text("id\nada\nben\n", "utf-8")
    shown = call("project", tmp_path, "--years", 1, "--format", form, "--lang", "en")
    assert shown.exit_code == 0 and said in shown.stdout


@pytest.mark.parametrize(("first", "second"), [(200, 1000), (1000, 200)])
def test_an_account_that_fills_up_until_two_figures_is_short_of_the_higher(
    first: int, second: int, tmp_path: Path
) -> None:
    clause = "article {0}\n  allocate {1}\n    50% to cushion until {2}\n    rest to works\n"
    text = 'statute "Two"\ncurrency EUR\nin force from 2019-01-01\n'
    for name in ("dues", "first_goal", "second_goal"):
        text += f"input {name} : money >= 0\n"
    text += clause.format(1, "surplus", "first_goal") + clause.format(2, "dues", "second_goal")
    (tmp_path / "statute.en.coop").write_text(text, "utf-8")
    figures = {"surplus": 100, "dues": 100, "first_goal": first, "second_goal": second}
    lines = ["closing = 2024-12-31", *(f"{name} = {value}" for name, value in figures.items())]
    (tmp_path / "2024").mkdir()
    own = "\n".join([*lines, "[balances]", "cushion = 150", "works = 0"])
    (tmp_path / "2024" / "cooperative.toml").write_text(own, "utf-8")
    (found,) = projected(tmp_path, "--years", 2)["projections"]
    closes = {one["account"]: one["closing"] for one in found["years"][-1]["accounts"]}
    short = 1000 - Fraction(closes["cushion"])
    assert f"not full by 2026, €{short}.00 short" in found["sentence"]


def test_the_highest_capital_stays_what_it_was_when_the_capital_falls_again(tmp_path: Path) -> None:
    falls = ("--assume", "share_capital = 5000000; 4700000")
    years = projected(copied(tmp_path / "alma", 3), "2024", "--years", 3, *falls)
    targets = [year["targets"][0] for year in years["projections"][0]["years"]]
    assert [one["until"] for one in targets] == ["highest_share_capital"] * 4
    assert [one["target"] for one in targets] == ["4750000.00", *["5000000.00"] * 3]


def test_what_moved_an_account_before_the_year_moves_it_in_no_year_to_come(tmp_path: Path) -> None:
    folder = tmp_path / "quartet"
    shutil.copytree(QUARTET, folder)
    own = folder / "2024" / "cooperative.toml"
    moved = '\n[between]\ncushion = "1000.00"\n'
    own.write_text(own.read_text("utf-8") + moved, "utf-8")
    (one,) = coopfx.open(folder).year("2024").projected(years=2)
    found = [
        {account.name: account.between for account in year.accounts if account.between is not None}
        for year in one.outcomes
    ]
    assert found == [{"cushion": Fraction(1000)}, {}, {}]


def test_the_year_in_which_a_reserve_is_full_is_said_first_and_marked(
    three: dict[str, Any],
) -> None:
    years = {way: three[way]["full_in"]["reserves.legal"] for way in WAYS}
    assert years["high"] < years["middle"] < years["low"], years
    for way, day in years.items():
        assert f"full in {day[:4]}" in three[way]["sentence"]
        marks = [year["targets"][0]["full"] for year in three[way]["years"]]
        assert marks.index(True) == int(day[:4]) - 2024


def test_all_that_is_not_assumed_is_said_to_stay_before_any_figure(tmp_path: Path) -> None:
    result = call("project", QUARTET, "--years", 2, "--lang", "en")
    assert result.exit_code == 0
    text = result.stdout
    first = text.index("Accounts at closing")
    for said in ("nothing changes", "All else is what it was", "none of these years has been"):
        assert text.index(said) < first
    file = tmp_path / "years.csv"
    assert (
        call("project", QUARTET, "--format", "csv", "--lang", "fr", "--output", file).exit_code == 0
    )
    header, *rows = csv.reader(io.StringIO(file.read_text("utf-8-sig")), delimiter=";")
    assert (
        len(rows) == 6
        and rows[0][2] == "2024-12-31"
        and {len(row) for row in rows} == {len(header)}
    )
    assert rows[1][header.index("matelas de trois mois à la clôture")] == "38400,00"


@pytest.mark.parametrize(
    ("language", "line"),
    [
        ("en", "surplus + 2% a year"),
        ("fr", "excédent + 2 % par an"),
        ("es", "excedente + 2 % al año"),
        ("it", "avanzo + 2% l'anno"),
    ],
)
def test_lines_are_read_in_each_language(language: str, line: str) -> None:
    found = projected(QUARTET, "2024", "--years", 1, "--assume", line)
    figure = found["projections"][0]["years"][1]["figures"][0]
    assert figure["name"] == "surplus"
    assert figure["value"] == cents(Fraction("38417.55") * Fraction(102, 100))


@pytest.mark.parametrize(
    ("line", "code"),
    [
        ("surplus", "P960"),
        ("surplus + 2%", "P960"),
        ("attendance + 1% a year", "P960"),
        ("surplus + x% a year", "P960"),
        ("three_months + 2% a year", "P961"),
        ("cushion = 3 EUR", "P961"),
        ("turnover + 2% a year", "P963"),
        ("surplus = 1; x", "D703"),
        ("surplus = ", "P960"),
    ],
)
def test_a_line_that_cannot_be_assumed_is_told_with_its_place(line: str, code: str) -> None:
    result = call("project", QUARTET, "2024", "--assume", line, "--lang", "en")
    assert result.exit_code == 2 and not result.stdout
    assert code in result.stderr and ("--assume:1" in result.stderr), result.stderr


def test_all_mistakes_of_a_file_are_told_at_once(tmp_path: Path) -> None:
    file = tmp_path / "assumptions.txt"
    file.write_text(
        "surplos + 2% a year\nturnover up\nlow:\nsurplus + 1% a year\nsurplus = 3\n", "utf-8"
    )
    result = call("project", QUARTET, "2024", "--assumptions", file, "--lang", "en")
    assert result.exit_code == 2
    for code, line in (("P961", 1), ("P960", 2), ("P962", 5)):
        assert f"{code}" in result.stderr and f"assumptions.txt:{line}:" in result.stderr
    assert "`surplus`" in result.stderr
