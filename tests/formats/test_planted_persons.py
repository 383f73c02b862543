"""Names, numbers and pay planted where no clause reads: they come out nowhere, whatever the format."""

import csv
import io
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from attrs import evolve
from click.testing import CliRunner
from conftest_fec import FILE, LINES, text

import workbooks
from coopfx.apps.cli.main import cli
from coopfx.ground.report import Report
from coopfx.plugged.world import load_world
from oak import BY_HOURS

NAME, NUMBER, PAY = "Zephirine-Quelconque", "2850775123456", "98765.43"
SECRETS = (NAME, NUMBER, "98765", "98,765")
HEAD = ["Nom", "id", "worker", "hours", "salary", "NIR"]
Rows = list[list[str]]


def person(identifier: str, hours: str = "100", worker: str = "yes") -> list[str]:
    return [NAME, identifier, worker, hours, PAY, NUMBER]


WHOLE = person("ana")
TABLES: dict[str, Rows] = {
    "as it should be": [HEAD, WHOLE],
    "a figure amiss": [
        HEAD,
        person("ana", "-4"),
        person("ben", "many"),
        person("cy", "1", "perhaps"),
    ],
    "one person twice": [HEAD, WHOLE, WHOLE],
    "no identifier": [HEAD, WHOLE, person("")],
    "the heading twice": [HEAD, WHOLE, HEAD],
    "a total": [HEAD, WHOLE, person("Total", "7", "")],
    "a number in two ways": [
        HEAD,
        person("ana", "1,607"),
        person("ben", "2.5"),
        person("cy", "2,5"),
    ],
    "no heading": [WHOLE, person("ben")],
    "a column twice": [[*HEAD, "heures"], [*WHOLE, "3"]],
    "no column of identifiers": [[one if one != "id" else "" for one in HEAD], WHOLE],
    "a title that names a person": [[NAME, "", "", "", "", ""], HEAD, WHOLE],
    "a team that is not there": [[*HEAD, "team"], [*WHOLE, "t9"]],
}


def as_csv(rows: Rows, folder: Path) -> None:
    file = io.StringIO()
    csv.writer(file).writerows(rows)
    (folder / "people.csv").write_text(file.getvalue(), encoding="utf-8")


def as_xlsx(rows: Rows, folder: Path) -> None:
    (folder / "year.xlsx").write_bytes(workbooks.xlsx({"People": rows}))


def as_ods(rows: Rows, folder: Path) -> None:
    (folder / "year.ods").write_bytes(workbooks.ods({"People": rows}))


def as_parquet(rows: Rows, folder: Path) -> None:
    columns = [pa.array([row[at] for row in rows[1:]]) for at in range(len(rows[0]))]
    pq.write_table(pa.Table.from_arrays(columns, rows[0]), folder / "people.parquet")


FORMATS: dict[str, tuple[str, Callable[[Rows, Path], None]]] = {
    "csv": ("people.csv", as_csv),
    "xlsx": ("year.xlsx [People]", as_xlsx),
    "ods": ("year.ods [People]", as_ods),
    "parquet": ("people.parquet", as_parquet),
}
"""What each is called in ``columns.toml``, and how it is written."""


def map_away(year: Path, file: str) -> None:
    """Say of the columns that no clause reads that they are to be left unread."""
    (year / "columns.toml").write_text(f'["{file}"]\ncolumns = {{ Nom = "", NIR = "" }}\n')


@pytest.fixture
def year(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "statute.en.coop").write_text(BY_HOURS)
    folder = tmp_path / "2024"
    folder.mkdir()
    (folder / "cooperative.toml").write_text("closing = 2024-12-31\nsurplus = 1000\n")
    (folder / "teams.csv").write_text("id,headcount\nt1,3\n")
    return folder


def shown(*arguments: str) -> tuple[int, str]:
    """What a command says, on both streams."""
    ended = CliRunner().invoke(cli, arguments, prog_name="coopfx")
    assert ended.exception is None or isinstance(ended.exception, SystemExit), ended.exception
    return ended.exit_code, ended.output + ended.stderr


def everything(year: Path) -> Iterator[str]:
    """All that the commands say of a year, and all that they leave beside it."""
    there = {path for path in year.parent.rglob("*") if path.is_file()}
    yield shown("run", ".", "2024", "--parts")[1]
    yield shown("run", ".", "2024", "--format", "json")[1]
    yield shown("run", ".", "2024", "--lang", "fr", "--format", "json", "--output", "out.json")[1]
    yield shown("explain", "--missing", ".", "2024")[1]
    for path in year.parent.rglob("*"):
        if path.is_file() and path not in there:
            yield path.read_bytes().decode("utf-8", "replace")


def assert_nothing(said: Sequence[str]) -> None:
    for secret in SECRETS:
        assert not [one for one in said if secret in one], secret


@pytest.mark.parametrize("mapped", [False, True], ids=["", "mapped"])
@pytest.mark.parametrize("table", TABLES)
@pytest.mark.parametrize("format_", FORMATS)
def test_nothing_that_no_clause_reads_comes_out(
    year: Path, format_: str, table: str, mapped: bool
) -> None:
    file, write = FORMATS[format_]
    write(TABLES[table], year)
    if mapped:
        map_away(year, file)
    said = list(everything(year))
    if mapped and table == "as it should be":
        assert "€500.00" in said[0], said[0]
    assert_nothing(said)


@pytest.mark.parametrize("format_", FORMATS)
def test_no_writer_writes_it(year: Path, format_: str) -> None:
    file, write = FORMATS[format_]
    write(TABLES["as it should be"], year)
    map_away(year, file)
    writers = load_world(Report()).writers
    assert {"json", "xlsx", "entries"} <= {*writers, "json"}
    for name in writers:
        status, said = shown("run", ".", "2024", "--format", name, "--output", f"out-{name}")
        assert status in (0, 1), said
        output = year.parent / f"out-{name}"
        written = [path for path in (output, *output.rglob("*")) if path.is_file()]
        assert written, (name, said)
        assert_nothing([said, *(content_of(path) for path in written)])


def content_of(path: Path) -> str:
    """A file as text; of an archive, all of its parts."""
    data = path.read_bytes()
    if data.startswith(b"PK"):
        import zipfile

        with zipfile.ZipFile(path) as there:
            return "".join(there.read(one).decode("utf-8", "replace") for one in there.namelist())
    return data.decode("utf-8", "replace")


CHANGES: dict[str, Callable[[Any, dict[str, Any]], None]] = {
    "merged names": lambda made, there: there["People"].merge_range("A2:A3", NAME),
    "merged numbers": lambda made, there: there["People"].merge_range("F2:F3", NUMBER),
    "a formula's error beside a name": lambda made, there: there["People"].write_formula(
        "D3", f'=VLOOKUP("{NAME}",A1:F9,3)', None, "#N/A"
    ),
    "a name that a formula fetches": lambda made, there: there["People"].write_formula(
        "A3", "=WEBSERVICE(1)", None, NAME
    ),
    "a remark": lambda made, there: there["People"].write_comment("D2", NAME),
    "a hidden sheet of persons": lambda made, there: made.add_worksheet("Notes").write(0, 0, NAME),
}


@pytest.mark.parametrize("change", CHANGES)
def test_a_workbook_shows_nothing_of_what_stands_beside_a_mistake(year: Path, change: str) -> None:
    rows = [HEAD, WHOLE, person("ben")]
    (year / "year.xlsx").write_bytes(workbooks.xlsx({"People": rows}, CHANGES[change]))
    map_away(year, "year.xlsx [People]")
    assert_nothing(list(everything(year)))


BOOKS: dict[str, Callable[[str], str]] = {
    "as it should be": lambda books: books,
    "an entry out of balance": lambda books: books.replace(
        "1000,00\t\t\t20241015", "999,00\t\t\t20241015"
    ),
    "the last line cut in two": lambda books: books[:-30],
    "an impossible date": lambda books: books.replace("\t20241016\t601000", "\t20240231\t601000"),
    "an amount in letters": lambda books: books.replace("250,50", "beaucoup", 1),
    "two headers": lambda books: books + books,
    "no header": lambda books: books.split("\r\n", 1)[1],
    "a column is missing": lambda books: books.replace("CompteNum", "Compte"),
}


@pytest.mark.parametrize("change", BOOKS)
def test_the_books_show_no_names_of_their_lines(year: Path, change: str) -> None:
    (year / "cooperative.toml").unlink()
    lines = tuple(evolve(one, label=f"Salaire {NAME}") for one in LINES)
    books = text(lines).replace("\tCompte\t\t\t", f"\tCompte {NAME}\tF{NUMBER}\t{NAME}\t")
    assert books.count(NAME) > 20 and NUMBER in books
    (year / FILE).write_text(BOOKS[change](books), encoding="utf-8", newline="")
    as_csv([HEAD[1:4], WHOLE[1:4]], year)
    said = list(everything(year))
    assert (change == "as it should be") == ("€374.75" in said[0]), said[0]
    assert_nothing(said)
