"""Tables of many cooperatives however they are written: the same outcome, mistakes told by their lines."""

import csv
from collections.abc import Callable
from pathlib import Path
from shutil import copytree

import pytest
from click.testing import CliRunner, Result

from coopfx.apps.cli.main import cli
from coopfx.formats import tables as formats
from coopfx.ground.report import Report
from coopfx.ground.tables import Texts

Digests = Callable[[Path], dict[str, str]]
OPTIONS = ("--block", "200", "--tables", "csv")


def run(tables: Path, output: Path) -> Result:
    """A run, its tables as CSV."""
    arguments = ["federation", "run", str(tables), "--output", str(output), *OPTIONS]
    return CliRunner().invoke(cli, [*arguments, "--lang", "en"])


@pytest.fixture(scope="module")
def plain(tables: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What the tables give as they are."""
    output = tmp_path_factory.mktemp("plain") / "outcome"
    assert run(tables, output).exit_code == 1
    return output


def rewritten(tables: Path, target: Path, write: Callable[[list[list[str]]], bytes]) -> Path:
    """The same tables in another writing."""
    copytree(tables, target)
    for path in target.glob("*.csv"):
        with path.open(encoding="utf-8", newline="") as file:
            path.write_bytes(write(list(csv.reader(file))))
    return target


def joined(rows: list[list[str]], sign: str) -> str:
    """Rows as lines."""
    return "".join(f"{sign.join(row)}\r\n" for row in rows)


def number(cell: str, between: str) -> str:
    """A number with a decimal comma and something between its thousands; any other text as it is."""
    if not cell.removeprefix("-").replace(".", "", 1).isdigit():
        return cell
    whole, point, part = cell.partition(".")
    return f"{int(whole):,}".replace(",", between) + ("," if point else "") + part


def french(between: str) -> Callable[[list[list[str]]], list[list[str]]]:
    """Numbers as France writes them."""
    return lambda rows: [rows[0], *([number(one, between) for one in row] for row in rows[1:])]


WRITINGS: dict[str, Callable[[list[list[str]]], bytes]] = {
    "semicolons, commas, cp1252": lambda rows: (
        joined(french("")(rows), ";").replace("Cooperative", "Coopérative").encode("cp1252")
    ),
    "spaces between thousands": lambda rows: joined(french("\u202f")(rows), ";").encode(
        "utf-8-sig"
    ),
    "points between thousands": lambda rows: joined(french(".")(rows), "\t").encode("utf-16"),
    "bars, empty lines and columns": lambda rows: (
        joined([[*row, ""] for row in rows], "|").replace("\n", "\n\r\n ||\n", 3).encode()
    ),
    "sep=": lambda rows: ("sep=;\n" + joined(rows, ";")).encode(),
    "quotation marks": lambda rows: joined(
        [[f' "{one}"'.strip() for one in row] for row in rows], ","
    ).encode(),
}


@pytest.mark.parametrize("name", WRITINGS)
def test_the_same_outcome_however_it_is_written(
    name: str, tables: Path, plain: Path, tmp_path: Path, digests: Digests
) -> None:
    other = rewritten(tables, tmp_path / "tables", WRITINGS[name])
    output = tmp_path / "outcome"
    result = run(other, output)
    assert result.exit_code == 1, result.output
    found, expected = digests(output), digests(plain)
    # The accent of a name, and the hash of the inputs, are other ones.
    for table in ("summary.json", "runs.csv") if "cp1252" in name else ("summary.json",):
        found.pop(table), expected.pop(table)
    assert found == expected


def test_what_the_whole_table_shows_decides_about_one_cooperative(
    tables: Path, tmp_path: Path
) -> None:
    # 1,607 hours are a thousand and some in a table whose other numbers have a point.
    copytree(tables, tmp_path / "tables")
    path = tmp_path / "tables" / "people.csv"
    text = path.read_text("utf-8")
    path.write_text(text.replace(",1607.00,", ',"1,607",'), "utf-8")
    assert '"1,607"' in path.read_text("utf-8")
    assert run(tmp_path / "tables", tmp_path / "outcome").exit_code == 1
    assert run(tables, tmp_path / "same").exit_code == 1
    shares = "outcome/shares.csv", "same/shares.csv"
    first, second = ((tmp_path / one).read_bytes() for one in shares)
    assert first == second


def test_a_mistake_is_told_by_its_line(tables: Path, tmp_path: Path) -> None:
    copytree(tables, tmp_path / "tables")
    path = tmp_path / "tables" / "people.csv"
    lines = path.read_text("utf-8").splitlines()
    lines[1:1] = ["", "", ""]
    lines[5] = "," + lines[5].partition(",")[2]
    lines[7] += ",and,more"
    path.write_text("\n".join(lines), "utf-8")
    result = run(tmp_path / "tables", tmp_path / "outcome")
    assert result.exit_code == 2
    assert "people.csv:6" in result.output and "D801" in result.output
    assert "people.csv:8" in result.output and "D722" in result.output


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "D706"),
        (b"PK\x03\x04", "D708"),
        (b"cooperative,id\0\n", "D708"),
        (b"cooperative,id\n\x81,1\n", "D716"),
        (b"\xff\xfeabc", "D716"),
        (b'cooperative,id\n"a,1\n', "D713"),
        (b"<html><table></table></html>", "D708"),
        (b"cooperative,id,id\na,1,2\n", "D715"),
        (b"cooperative,id\na," + b"1" * 3_000_000, "D742"),
    ],
)
def test_a_file_that_is_no_table_is_told(data: bytes, code: str, tmp_path: Path) -> None:
    path = tmp_path / "people.csv"
    path.write_bytes(data)
    report = Report()
    list(formats.read(path, None, 10, report))
    assert [one.code for one in report.diagnostics] == [code]


@pytest.mark.parametrize("rows", [1, 7, 1000])
def test_blocks_have_all_rows_with_their_lines(rows: int, tmp_path: Path) -> None:
    path = tmp_path / "people.csv"
    path.write_text("id,name\n" + "".join(f"p{n},\n\n" for n in range(40)), "utf-8")
    blocks = list(formats.read(path, ("id",), rows, Report()))
    ids = [one for block in blocks for one in block.columns["id"].values]  # type: ignore[union-attr]
    lines = [line for block in blocks for line in block.lines or ()]
    assert ids == [f"p{n}" for n in range(40)]
    assert lines == [2 + 2 * n for n in range(40)]
    assert max(block.rows for block in blocks) <= rows
    assert all(isinstance(block.columns["id"], Texts) for block in blocks)
