"""A year whose records are in Parquet: read as the same table in CSV is, and told of as that is."""

import csv
import io
import json
import os
import resource
import subprocess
import sys
from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from random import Random
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from click.testing import CliRunner, Result

from coopfx.apps.cli.main import cli
from coopfx_parquet import records
from oak import OWN, STATUTE

PLAIN = "id,worker,hours,salary,joined\nana,yes,100.5,1234.50,2020-01-31\nben,yes,1.607,2000,\n"


@pytest.fixture
def year(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("NO_COLOR", "1")
    (tmp_path / "statute.en.coop").write_text(STATUTE)
    folder = tmp_path / "2024"
    folder.mkdir()
    (folder / "cooperative.toml").write_text(OWN)
    return folder


def run(*more: str) -> Result:
    return CliRunner().invoke(cli, ["run", ".", *more], prog_name="coopfx")


def outcome() -> tuple[dict[str, Any], list[tuple[str, int]]]:
    """What a year comes to, and each thing told of a file with its line."""
    ended = run("--format", "json")
    assert ended.exit_code in (0, 1, 2) and "P931" not in ended.stdout, ended.output
    found = json.loads(ended.stdout)
    found.pop("provenance", None)
    told = [
        (item["code"], item["line"] or 0)
        for item in found.pop("diagnostics")
        if item["code"] != "R801"
    ]
    return found, told


def write(path: Path, **columns: Any) -> None:
    pq.write_table(pa.table(columns), path)


def from_csv(text: str, path: Path) -> None:
    """A table of CSV as Parquet, all of it texts; an empty cell is absent."""
    header, *rows = csv.reader(io.StringIO(text))
    columns = [[row[at] or None for row in rows] for at in range(len(header))]
    arrays = [pa.array(column, pa.string()) for column in columns]
    pq.write_table(pa.Table.from_arrays(arrays, header), path, row_group_size=3)


def typed(path: Path) -> None:
    write(
        path,
        Matricola=pa.array(["ana", "ben"]).dictionary_encode(),
        salarié=[True, True],
        heures=pa.array([Decimal("100.5"), Decimal("1.607")], pa.decimal128(18, 3)),
        salary=pa.array([Decimal("1234.50"), Decimal(2000)], pa.decimal256(60, 10)),
        joined=pa.array([date(2020, 1, 31), None]),
    )


def of_a_database(path: Path) -> None:
    write(
        path,
        id=pa.array(["ana", "ben"], pa.large_string()),
        worker=pa.array([1, 1], pa.uint8()),
        hours=["100,5", "1,6070"],
        salary=pa.array([Decimal("1234.5"), Decimal(2000)], pa.decimal128(7, 1)),
        joined=pa.array([datetime(2020, 1, 31), None], pa.timestamp("us")),
        team=pa.nulls(2),
        __index_level_0__=[7, 8],
    )


@pytest.mark.parametrize(
    "make",
    [lambda path: from_csv(PLAIN, path), typed, of_a_database],
    ids=["texts", "typed", "odd"],
)
def test_parquet_gives_what_the_same_table_in_csv_gives(
    year: Path, make: Callable[[Path], None]
) -> None:
    (year / "people.csv").write_text(PLAIN)
    expected = outcome()
    (year / "people.csv").unlink()
    make(year / "people.parquet")
    assert outcome() == expected
    assert expected[0]["shares"][0]["parts"][0]["amount"] == "492.13"


TABLES: dict[str, str] = {
    "as it should be": PLAIN,
    "a heading alone": "id,worker,hours\n",
    "no heading": "ana,yes,100,Lovelace\nben,yes,300,Turing\n",
    "a total": PLAIN + "Total,,102.107,3234.50,\n",
    "a total that does not fit": PLAIN + "Total,,103,3234.50,\n",
    "titles above": "Payroll of 2024,,\nid,worker,hours\nana,yes,1\n",
    "a heading in the middle": PLAIN + PLAIN,
    "people twice": PLAIN + "ana,yes,1,1,\n",
    "a column twice": "id,hours,heures\nana,1,2\n",
    "no identifier column": "worker,hours\nyes,100\n",
    "a row without identifier": PLAIN + ",yes,1,2,\n",
    "an unknown column": "id,worker,hurs\nana,yes,1\n",
    "a figure of the cooperative": "id,surplus\nana,1\n",
    "an unknown team": "id,worker,team\nana,yes,t9\n",
    "negative hours": PLAIN + "cy,yes,-1,2,\n",
    "text for a number": PLAIN + "cy,yes,many,2,\n",
    "a formula error": PLAIN + "cy,yes,#REF!,#DIV/0!,\n",
    "mixed decimal marks": 'id,hours\na,"1,5"\nb,2.5\nc,1.607\n',
    "decimals of a calculation": PLAIN + "cy,yes,1,1234.5600000001,\n",
    "days as numbers": PLAIN + "cy,yes,1,1,45292\n",
    "days in two readings": PLAIN + "cy,yes,1,1,03/04/2024\n",
    "all at once": PLAIN + "cy,perhaps,-1,x,\nana,yes,1,1,\n,yes,1,1,\n",
    "mistakes without end": "id,hours\n" + "".join(f"p{n},-1\n" for n in range(400)),
    "columns without end": "id," + ",".join(f"x{n}" for n in range(2500)) + "\n",
}


@pytest.mark.parametrize("name", TABLES)
def test_parquet_is_told_of_as_the_same_table_in_csv(year: Path, name: str) -> None:
    (year / "teams.csv").write_text("id,headcount\nt1,3\n")
    (year / "people.csv").write_text(TABLES[name])
    expected = outcome()
    (year / "people.csv").unlink()
    from_csv(TABLES[name], year / "people.parquet")
    assert outcome() == expected
    assert bool(expected[1]) == (name not in ("as it should be", "a heading alone"))


def test_the_place_of_a_cell_is_its_row_and_column(year: Path) -> None:
    from_csv(PLAIN + "cy,yes,many,2,\n", year / "people.parquet")
    ended = run()
    assert ended.exit_code == 2 and "people.parquet:4:3" in ended.stderr, ended.stderr
    assert "`many`" in ended.stderr


def test_the_cooperative_and_columns_of_other_programs_come_in_parquet_too(year: Path) -> None:
    (year / "cooperative.toml").unlink()
    names = ["closing", "surplus"]
    write(year / "cooperative.parquet", name=names, value=["2024-12-31", "1000"])
    write(year / "payroll.parquet", Number=["ana"], Paid=[7], Rate=[1.5], Yes=[True])
    (year / "columns.toml").write_text(
        '["payroll.parquet"]\nrecord = "person"\n'
        'columns = { Number = "id", Paid = "hours", Rate = "", Yes = "worker" }\n'
    )
    found, told = outcome()
    assert not told and found["closing"] == "2024-12-31"
    assert found["shares"][0]["parts"] == [{"id": "ana", "giver": None, "amount": "500.00"}]


# ---- what Parquet alone can have


def broken_off(path: Path) -> None:
    from_csv(PLAIN, path)
    path.write_bytes(path.read_bytes()[:-9])


def a_page_overwritten(path: Path) -> None:
    write(path, id=[f"p{number}" for number in range(9000)], hours=list(range(9000)))
    data = bytearray(path.read_bytes())
    data[400:4000] = b"\xff" * 3600
    path.write_bytes(data)


BROKEN: dict[str, tuple[Callable[[Path], object], list[tuple[str, int]], str]] = {
    "empty": (lambda path: path.write_bytes(b""), [("parquet.E02", 1)], ""),
    "a csv": (lambda path: path.write_text(PLAIN), [("parquet.E02", 1)], ""),
    "broken off": (broken_off, [("parquet.E02", 1)], ""),
    "a page overwritten": (a_page_overwritten, [("parquet.E02", 1)], ""),
    "encrypted": (
        lambda path: path.write_bytes(b"PARE" + bytes(200) + b"PARE"), [("parquet.E02", 1)], "",
    ),
    "a text of no encoding": (
        lambda path: write(path, id=["aña"]) or path.write_bytes(
            path.read_bytes().replace("ñ".encode(), b"\xc3n")
        ),
        [("parquet.E02", 1)], "",
    ),
    "no columns": (
        lambda path: pq.write_table(pa.table({}), path), [("D706", 1)], "",
    ),
    "floats": (
        lambda path: write(path, id=["ana"], salary=[1.5], hours=[2.5]),
        [("parquet.E01", 1), ("parquet.E01", 1)], "double",
    ),
    "a list in a cell": (lambda path: write(path, id=["ana"], hours=[[1]]), [("parquet.E04", 1)], "list"),
    "bytes for names": (lambda path: write(path, id=[b"ana"], hours=[1]), [("parquet.E04", 1)], "binary"),
    "a file of nothing known": (
        lambda path: write(path.with_name("peopel.parquet"), id=["ana"]), [("D718", 0)], "people.parquet",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", BROKEN)
def test_a_broken_file_is_told(year: Path, name: str) -> None:
    make, told, said = BROKEN[name]
    make(year / "people.parquet")
    assert outcome()[1] == told
    for language in ("en", "fr", "es", "it"):
        shown = run("--lang", language).stderr
        assert all(code in shown for code, _ in told) and said in shown and "{" not in shown


def rows_without_end(path: Path) -> None:
    names = pa.table({"id": pa.nulls(1_000_000, pa.string())})
    with pq.ParquetWriter(path, names.schema) as file:
        for _ in range(6):
            file.write_table(names)


def one_text_in_every_row(path: Path) -> None:
    texts = pa.array(["x" * 3_000_000])
    column = pa.DictionaryArray.from_arrays(pa.array([0] * 1000, pa.int32()), texts)
    write(path, id=column, hours=pa.array([1] * 1000))


@pytest.mark.parametrize(
    ("make", "code"),
    [(rows_without_end, "parquet.E03"), (one_text_in_every_row, "D705")],
)
def test_a_hostile_file_is_answered_in_bounded_memory(
    year: Path, make: Callable[[Path], None], code: str
) -> None:
    make(year / "people.parquet")
    limit = 1_500_000_000
    ended = subprocess.run(
        [sys.executable, "-m", "coopfx", "run", "."],
        capture_output=True, encoding="utf-8", check=False,
        env=os.environ | {"ARROW_DEFAULT_MEMORY_POOL": "system"},
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_AS, (limit, limit)),
    )  # fmt: skip
    assert ended.returncode == 2 and f"error {code} " in ended.stderr, ended.stderr[-2000:]


def test_what_is_too_large_once_unpacked_is_told_before_it_is(
    year: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(year / "people.parquet", id=["x" * 4_000_000], hours=[1])
    assert (year / "people.parquet").stat().st_size < 1_000_000
    monkeypatch.setattr(records, "MOST_BYTES", 3_000_000)
    assert outcome()[1] == [("parquet.E03", 1)]


def test_whatever_is_handed_in_is_answered(year: Path) -> None:
    random = Random("broken parquet")
    typed(year / "people.parquet")
    whole = (year / "people.parquet").read_bytes()
    codes: set[str] = set()
    for _ in range(25):
        data = bytearray(whole)
        for _ in range(random.randint(1, 4)):
            at = random.randrange(len(data))
            data[at : at + random.choice([0, 1, 3, 40])] = random.randbytes(
                random.choice([0, 1, 4])
            )
        (year / "people.parquet").write_bytes(data)
        codes |= {code for code, _ in outcome()[1]}
    assert "parquet.E02" in codes
