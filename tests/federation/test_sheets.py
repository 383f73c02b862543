"""The tables of a run as a spreadsheet opens them: each number, names and heads as people say them."""

import csv
import shutil
import subprocess
from fractions import Fraction
from pathlib import Path
from xml.etree import ElementTree

import pytest
from click.testing import CliRunner, Result

from coopfx.apps.cli.main import cli
from coopfx.federation.layouts import layouts
from coopfx.ground.tables import MONEY

POLICIES = Path(__file__).parents[2] / "policies"
TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
OFFICE = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}"

FRENCH = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry">
<item oor:path="/org.openoffice.Setup/L10N"><prop oor:name="ooSetupSystemLocale" oor:op="fuse">
<value>fr-FR</value></prop></item></oor:items>
"""
"""The settings of a reader in France: under English ones, the amounts with their commas are texts."""


def run(*arguments: str) -> Result:
    return CliRunner().invoke(cli, ["federation", *arguments])


@pytest.fixture(scope="module")
def outcome(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The tables of two policies, under different laws."""
    source = tmp_path_factory.mktemp("sector")
    for name in ("le-rabot", "il-filo"):
        shutil.copytree(POLICIES / name, source / name)
    folder = source / "outcome"
    ended = run("run", str(source), "--output", str(folder), "--tables", "csv")
    assert ended.exit_code == 0, ended.output
    return folder


def table(file: Path, delimiter: str = ",") -> list[list[str]]:
    with file.open(encoding="utf-8-sig", newline="") as opened:
        return list(csv.reader(opened, delimiter=delimiter))


def number(text: str, decimal: str = ",") -> Fraction | None:
    return Fraction(text.replace(decimal, ".")) if text else None


@pytest.mark.parametrize(("language", "delimiter", "decimal"), [("fr", ";", ","), ("en", ",", ".")])
def test_every_amount_of_the_tables_stands_there(
    outcome: Path, tmp_path: Path, language: str, delimiter: str, decimal: str
) -> None:
    folder = tmp_path / "sheets"
    ended = run("sheets", str(outcome), "--output", str(folder), "--lang", language)
    assert ended.exit_code == 0, ended.output
    amounts = 0
    for name, layout in layouts().items():
        before = table(outcome / f"{name}.csv")
        after = table(folder / f"{name}.csv", delimiter)
        assert len(before) == len(after) and len(before[0]) == len(after[0])
        assert (folder / f"{name}.csv").read_bytes().startswith(b"\xef\xbb\xbf")
        for at, (column, sort) in enumerate(layout.columns.items()):
            assert before[0][at] == column
            for one, other in zip(before[1:], after[1:], strict=True):
                if sort == MONEY:
                    assert number(one[at], ".") == number(other[at], decimal)
                    amounts += one[at] != ""
    assert amounts > 100


def test_names_heads_and_fractions_are_the_readers(outcome: Path, tmp_path: Path) -> None:
    folder = tmp_path / "sheets"
    assert (
        run("sheets", str(outcome), "--output", str(folder), "--lang", "fr", "--exact").exit_code
        == 0
    )
    values = table(folder / "values.csv", ";")
    assert values[0][:3] == ["Coopérative", "Clôture", "Nom"]
    assert any(row[2] == "excédent" and row[4] == "88930,61" for row in values)
    verdicts = table(folder / "verdicts.csv", ";")
    assert any(row[2].startswith("15 % à la réserve légale") for row in map(bare, verdicts))
    assert any(row[6] == "respectée" and row[5] == "obligatoire" for row in verdicts)
    exact = table(folder / "cases.csv", ";")[0]
    assert exact[-1] == "Marge, valeur exacte"
    # A fraction is rounded for the spreadsheet, and stands beside as it is.
    fractions = [
        (row[at], row[exact_at])
        for rows in (values, verdicts)
        for at, exact_at in [
            (place, rows[0].index(f"{head}, valeur exacte"))
            for place, head in enumerate(rows[0])
            if f"{head}, valeur exacte" in rows[0]
        ]
        for row in rows[1:]
        if row[exact_at]
    ]
    for rounded, shown in fractions:
        assert abs(number(rounded) - Fraction(shown.lstrip("'"))) < Fraction(1, 10**7)  # type: ignore[operator]


def bare(row: list[str]) -> list[str]:
    return [cell.replace("\u00a0", " ") for cell in row]


def test_a_folder_that_is_no_run_is_told_and_nothing_is_written(tmp_path: Path) -> None:
    ended = run("sheets", str(tmp_path), "--output", str(tmp_path / "sheets"))
    assert ended.exit_code == 2 and "P976" in ended.output and not (tmp_path / "sheets").exists()


def test_an_older_folder_is_left_alone_without_force(outcome: Path, tmp_path: Path) -> None:
    folder = tmp_path / "sheets"
    folder.mkdir()
    (folder / "note.txt").write_text("mine", "utf-8")
    arguments = ("sheets", str(outcome), "--output", str(folder))
    assert "P914" in run(*arguments).output
    assert run(*arguments, "--force").exit_code == 0
    assert (folder / "note.txt").read_text("utf-8") == "mine"


@pytest.mark.office
def test_a_spreadsheet_in_french_sees_numbers_and_accents(outcome: Path, tmp_path: Path) -> None:
    program = shutil.which("soffice")
    if program is None:
        pytest.skip("libreoffice is not installed: no table was opened in it")
    folder = tmp_path / "sheets"
    assert run("sheets", str(outcome), "--output", str(folder), "--lang", "fr").exit_code == 0
    settings = tmp_path / "profile" / "user" / "registrymodifications.xcu"
    settings.parent.mkdir(parents=True)
    settings.write_text(FRENCH, "utf-8")
    # 59: cells end at a semicolon; 34: quotation marks; 76: UTF-8. The locale is that of the profile.
    options = ["--infilter=CSV:59,34,76,1", "--convert-to", "fods", "--outdir", str(tmp_path)]
    profile = f"-env:UserInstallation=file://{tmp_path}/profile"
    subprocess.run(
        [program, "--headless", profile, *options, str(folder / "accounts.csv")],
        check=True,
        capture_output=True,
        timeout=180,
    )
    rows = list(ElementTree.parse(tmp_path / "accounts.fods").iter(f"{TABLE}table-row"))
    opened = [
        [
            (
                cell.get(f"{OFFICE}value-type"),
                cell.get(f"{OFFICE}value"),
                "".join(cell.itertext()).strip(),
            )
            for cell in row.iter(f"{TABLE}table-cell")
        ]
        for row in rows
    ]
    assert [text for _, _, text in opened[0]][:4] == [
        "Coopérative",
        "Clôture",
        "Compte",
        "À l'ouverture",
    ]
    (legal,) = (row for row in opened if row[0][2] == "le-rabot" and row[2][2] == "réserve légale")
    assert legal[3][:2] == ("float", "52290.66") and legal[1][0] == "date"
