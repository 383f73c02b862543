"""A comparison as a workbook: each person in a row, differences and totals as formulas."""

import io
import re
import zipfile
from fractions import Fraction
from pathlib import Path

from click.testing import CliRunner

from coopfx.apps.cli.main import cli
from coopfx.ground.report import Report
from coopfx_sheets import xlsx
from coopfx_sheets.archive import Archive

ALMA = Path(__file__).parents[3] / "policies" / "alma"
Rows = dict[int, dict[int, str]]


def book(*arguments: str) -> bytes:
    given = ["compare", str(ALMA), "2024", *arguments, "--format", "xlsx", "--lang", "en"]
    found = CliRunner().invoke(cli, given)
    assert found.stdout_bytes.startswith(b"PK"), found.stderr
    return found.stdout_bytes


def sheets(made: bytes) -> dict[str, Rows]:
    """The rows of each sheet, by their lines: what a reader of workbooks finds in them."""
    found = xlsx.grids(Archive(io.BytesIO(made)), Report())
    return {one.name: {line: dict(row) for line, row in one.rows} for one in found}


def cents(text: str) -> int:
    """An amount of a workbook, which holds sixteen figures, in whole cents."""
    return round(Fraction(text) * 100)


def test_the_differences_of_people_and_accounts_close() -> None:
    made = sheets(book("--change", "60% -> 45%"))
    rows = made["Each person"]
    people = [row for line, row in rows.items() if line > 3 and row[0].startswith("p")]
    assert len(people) == 180
    total = rows[184]
    assert sum(cents(row[4]) for row in people) == cents(total[4]) == -112_603_724
    money = {row[0]: row for line, row in made["Where the money goes"].items() if 0 in row}
    assert cents(money["reserves"][3]) == 112_603_724


def test_the_teams_book_has_a_sheet_where_the_change_moves_it() -> None:
    kept = sheets(book("--change", "15% kept -> 25% kept"))
    rows = [row for line, row in kept["The teams' book"].items() if line > 3 and 3 in row]
    result, common = ([row[at] for at in (1, 2, 3)] for row in rows)
    assert cents(result[2]) == cents(result[1]) - cents(result[0]) == 75_931_555
    assert common[:2] == ["not known"] * 2  # its opening is; what moves it is known
    assert cents(common[2]) == -75_931_555
    assert "The teams' book" not in sheets(book("--change", "60% -> 45%"))


def test_differences_and_totals_are_formulas() -> None:
    made = book("--change", "60% -> 45%", "--by", "team")
    with zipfile.ZipFile(io.BytesIO(made)) as parts:
        (sheet,) = (
            text
            for name in parts.namelist()
            if name.startswith("xl/worksheets/sheet")
            and "SUM(" in (text := parts.read(name).decode())
        )
    assert re.search(r'<c r="F4"[^>]*><f>E4-D4</f>', sheet)
    assert re.search(r'<c r="F184"[^>]*><f>SUM\(F4:F183\)</f>', sheet)


def test_no_person_has_a_row_where_nobody_is_to_be_named() -> None:
    made = sheets(book("--change", "60% -> 45%", "--anonymous", "--by", "team"))
    cells = [cell for rows in made.values() for row in rows.values() for cell in row.values()]
    assert "p042" not in cells and "t01 (40)" in cells
    assert not any("1,342.58" in cell or "9,198.09" in cell for cell in cells)


def test_several_scenarios_have_columns_of_their_own() -> None:
    several = ("--scenario", "less", "--change", "60% -> 45%", "--scenario", "more")
    made = sheets(book(*several, "--change", "60% -> 65%"))
    heads = list(made["Where the money goes"][3].values())
    assert [one for one in heads if one] == [
        f"{name}: {head}"
        for name in ("less", "more")
        for head in ("as it is", "as it would be", "difference")
    ]


def test_the_same_comparison_gives_the_same_bytes() -> None:
    assert book("--change", "60% -> 45%") == book("--change", "60% -> 45%")
