"""The tables of a federation as one workbook: the cells of the CSV files, and no row left out."""

import csv
from datetime import date, timedelta
from fractions import Fraction
from io import StringIO
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from test_comparison_workbook import sheets

from coopfx.apps.cli.main import cli
from coopfx.ground.report import Report
from coopfx.ground.tables import Spread
from coopfx.plugged.world import load_world
from coopfx_sheets import sector

STATUTE = """statute "Bakery"
currency EUR
in force from 2020-01-01

define reserve_rate = 40%
allocate surplus
  reserve_rate to reserves
  rest to work_share
  losses to losses_brought_forward
share work_share among people
  by hours
require saved: reserves >= 30% of surplus
"""
TABLES = {
    "cooperatives": "cooperative,closing,surplus\noven,2024-12-31,90000.00\n=mill,2024-12-31,\n",
    "people": "cooperative,id,hours\noven,ada,1600\noven,ben,800\n=mill,cyd,1600\n",
    "scenarios": "scenario,cooperative,reserve_rate\nless saved,,25%\n",
}


def run(*arguments: object) -> Result:
    return CliRunner().invoke(cli, ["federation", *map(str, arguments), "--lang", "fr"])


@pytest.fixture(scope="module")
def outcome(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two cooperatives in a scenario; the surplus of one is not known, and its name like a formula."""
    source = tmp_path_factory.mktemp("sector")
    (source / "statute.en.coop").write_text(STATUTE, "utf-8")
    for name, text in TABLES.items():
        (source / f"{name}.csv").write_text(text, "utf-8")
    ended = run("run", source, "--output", source / "outcome", "--tables", "csv")
    assert ended.exit_code == 0, ended.output
    return source / "outcome"


def test_each_cell_of_the_csv_files_stands_in_the_workbook(outcome: Path, tmp_path: Path) -> None:
    book, folder = tmp_path / "sector.xlsx", tmp_path / "csv"
    assert run("sheets", outcome, "--output", folder).exit_code == 0
    ended = run("sheets", outcome, "--output", book, "--format", "xlsx")
    assert ended.exit_code == 0 and "14 feuilles" in ended.output
    made = sheets(book.read_bytes())
    titles = iter(made)
    names = (
        *("runs", "values", "indicators", "accounts", "entries", "splits", "shares", "pools"),
        *("verdicts", "cases", "diagnostics", "scenarios", "differences", "gains"),
    )
    for name, title in zip(names, titles, strict=True):
        text = (folder / f"{name}.csv").read_text("utf-8-sig")
        rows = list(csv.reader(StringIO(text), delimiter=";"))
        found = made[title]
        assert [found[1][at] for at in range(len(rows[0]))] == rows[0]
        for line, row in enumerate(rows[1:], 2):
            for at, cell in enumerate(row):
                said = found.get(line, {}).get(at, "")
                assert said == cell.removeprefix("'") or number(said) == number(cell), (name, line)
    assert "Scénarios" in made and any(
        "less saved" in row.values() for row in made["Scénarios"].values()
    )


def number(text: str) -> Fraction | str:
    """A number in either form, and a day as the days since that of the workbook's count."""
    try:
        return Fraction(text.replace(",", "."))
    except ValueError:
        pass
    try:
        return Fraction((date.fromisoformat(text) - date(1899, 12, 30)) / timedelta(1))
    except ValueError:
        return text


def test_the_page_of_scenarios_says_what_is_in_no_sum(outcome: Path) -> None:
    assert run("report", outcome).exit_code == 0
    page = (
        (outcome / "report.html").read_text("utf-8").replace("\u202f", " ").replace("\u00a0", " ")
    )
    shown = page[page.index("<h2>Scénarios</h2>") :]
    assert "13 500,00 €" in shown and "less saved" in shown
    assert "<h2>Scénarios</h2>" in page and "=mill" in shown


def test_more_rows_than_a_sheet_has_go_on_on_the_next(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sector, "ROWS", 2)
    rows = [(f"r{at}", at, Fraction(at, 3), date(2024, 12, 31), None) for at in range(5)]
    table = Spread("Parts", ("a", "b", "c", "d", "e"), rows)
    words = load_world(Report()).languages["fr"]
    made = sector.workbook([table], words)
    assert made == sector.workbook([table], words)
    found = sheets(made)
    assert list(found) == ["Parts", "Parts (2)", "Parts (3)"]
    assert [row[0] for of in found.values() for line, row in of.items() if line > 1] == [
        f"r{at}" for at in range(5)
    ]
