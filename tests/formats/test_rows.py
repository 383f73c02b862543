"""Which rows of a table are records: totals, means, counts and remarks are left out or asked about, and
nobody is left out for figures alone."""

import random
from collections.abc import Callable
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

import drawn_tables
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from drawn_tables import Drawn

import workbooks
from coopfx.desk.data import Files
from coopfx.formats.mapping import Mapped
from coopfx.formats.sheets import read_table
from coopfx.ground.exact import DATE, HOUR, YES_NO, money, quantity
from coopfx.ground.facts import Field, Places, Schema, Sheet, Table
from coopfx.ground.report import Report
from coopfx.ground.source import Span
from coopfx.ground.words import Words
from coopfx.plugged.world import World

FIELDS = (
    Field("worker", YES_NO, "person"),
    Field("joined", DATE, "person"),
    Field("hours", quantity(HOUR), "person", Fraction(0)),
    Field("salary", quantity(money("EUR")), "person"),
)
SCHEMA = Schema("EUR", FIELDS, (), ("person",))
LEFT, ASKED = {"D735", "D747"}, {"D746", "D723"}


@pytest.fixture(scope="module")
def words(world: World) -> list[Words]:
    return list(world.languages.values())


def read(drawn: Drawn, words: list[Words], **answers: str) -> tuple[Table | None, Report]:
    rows = [(line, row) for line, row in enumerate(drawn.rows, 2) if row is not None]
    sheet = Sheet("person", drawn.header, rows, Places("people.csv"))
    said = Mapped(Span("columns.toml", 1, 1, 1, 1), rows=answers)
    report = Report()
    return read_table(sheet, SCHEMA, words, report, said), report


def codes(report: Report) -> set[str]:
    return {one.code for one in report.diagnostics}


def nobody_too_many(seeds: range, words: list[Words]) -> None:
    for seed in seeds:
        drawn = drawn_tables.with_others(seed)
        table, report = read(drawn, words)
        if table is None:
            assert codes(report) <= LEFT | ASKED, seed
        else:
            assert sorted(table.ids) == sorted(drawn.people), seed
            assert codes(report) <= LEFT, seed


def nobody_left_out(seeds: range, words: list[Words]) -> None:
    asked = 0
    for seed in seeds:
        drawn = drawn_tables.without(seed)
        table, report = read(drawn, words)
        if table is None:
            assert codes(report) == {"D746"}, seed
            asked += 1
        else:
            assert sorted(table.ids) == sorted(drawn.people), seed
            assert not report.diagnostics, seed
    assert asked * 100 < len(seeds)


def test_no_total_is_a_person(words: list[Words]) -> None:
    nobody_too_many(range(60), words)


def test_no_person_is_a_total(words: list[Words]) -> None:
    nobody_left_out(range(1000, 1150), words)


@pytest.mark.soak
def test_two_thousand_tables_with_totals(words: list[Words]) -> None:
    nobody_too_many(range(2000), words)


@pytest.mark.soak
def test_two_thousand_tables_without(words: list[Words]) -> None:
    nobody_left_out(range(2000), words)


# ---- one row and its signs

TWO = [["ana", "26400", "1607"], ["ben", "24000", "1200.5"]]
NOT_RECORDS = {
    "a total": ["Total", "50400", "2807.5"],
    "a total by another name": ["Total général", "50400", "2807.5"],
    "a total in capitals, with a year": ["TOTAL 2024 :", "50400", "2807.5"],
    "a mean": ["Promedio", "25200", "1403.75"],
    "a count": ["Numero di dipendenti", "2", "2"],
    "a total that is not the sum": ["Grand total", "50401", "2807.5"],
    "a sum without a name": ["", "50400", "2807.5"],
    "a sum under a sign": ["Σ", "50400", "2807.5"],
    "a source": ["Source : logiciel de paie, export du 05/01/2025", "", ""],
    "a remark by its star": ["* hors primes", "", ""],
    "a page number": ["Página 1 de 2", "", ""],
    "a long remark": ["everybody who has left before June is not in this list.", "", ""],
}


@pytest.mark.parametrize("row", NOT_RECORDS.values(), ids=NOT_RECORDS)
def test_a_row_with_two_signs_is_left_out_and_told(row: list[str], words: list[Words]) -> None:
    table, report = read(Drawn(["id", "salary", "hours"], [*TWO, row], []), words)
    assert table is not None
    assert table.ids == ("ana", "ben")
    assert len(codes(report) & LEFT) == 1


# Each could be a person, and could be none.
DOUBTFUL = {
    "only a name of totals": (["id", "worker", "salary"], ["Total", "yes", "24000"]),
    "a subtotal that is none": (["id", "salary", "hours"], ["Total Dupont", "24000", "1000"]),
    "a word among numbers": (["id", "salary", "hours"], ["Intérimaires", "61000", "4100"]),
    "nothing but a name": (["id", "salary", "hours"], ["solde reporté", "", ""]),
}


@pytest.mark.parametrize("case", DOUBTFUL.values(), ids=DOUBTFUL)
def test_one_sign_is_asked_and_the_answer_kept(
    case: tuple[list[str], list[str]], words: list[Words]
) -> None:
    header, row = case
    if "worker" in header:
        others = [["Ana", "yes", "26400"], ["Ben", "no", "24000"]]
    elif row[0] == "Intérimaires":
        others = [["001", "26400", "1607"], ["002", "24000", "1200"], ["003", "23000", "900"]]
    else:
        others = [["Ana", "26400", "1607"], ["Ben", "24000", "1200"]]
    drawn = Drawn(header, [*others, row], [])
    table, report = read(drawn, words)
    assert table is None
    assert codes(report) == {"D746"}
    kept, _ = read(drawn, words, **{row[0]: "record"})
    assert kept is not None
    assert row[0] in kept.ids
    left, _ = read(drawn, words, **{row[0]: "total"})
    assert left is not None
    assert set(left.ids) == {one[0] for one in others}


# ---- every format


def as_csv(drawn: Drawn, path: Path) -> Path:
    lines = [";".join(row or [""] * len(drawn.header)) for row in (drawn.header, *drawn.rows)]
    (path / "people.csv").write_text("\n".join(lines) + "\n")
    return path / "people.csv"


def _cells(drawn: Drawn) -> list[list[Any]]:
    rows: list[list[Any]] = [list(drawn.header)]
    for row in drawn.rows:
        given = row or [""] * len(drawn.header)
        rows.append([given[0] or None, *(_number(cell) for cell in given[1:])])
    return rows


def _number(cell: str) -> Any:
    try:
        return float(cell)
    except ValueError:
        return cell or None


def as_xlsx(drawn: Drawn, path: Path) -> Path:
    (path / "year.xlsx").write_bytes(workbooks.xlsx({"People": _cells(drawn)}))
    return path / "year.xlsx"


def as_ods(drawn: Drawn, path: Path) -> Path:
    (path / "year.ods").write_bytes(workbooks.ods({"People": _cells(drawn)}))
    return path / "year.ods"


def as_parquet(drawn: Drawn, path: Path) -> Path:
    given = [row or [""] * len(drawn.header) for row in drawn.rows]
    columns: dict[str, pa.Array] = {}
    for at, name in enumerate(drawn.header):
        cells = [row[at] or None for row in given]
        if name in ("hours", "salary"):
            numbers = [None if cell is None else Decimal(cell) for cell in cells]
            columns[name] = pa.array(numbers, pa.decimal128(38, 6))
        else:
            columns[name] = pa.array(cells, pa.string())
    pq.write_table(pa.table(columns), path / "people.parquet")
    return path / "people.parquet"


FORMATS = {"csv": as_csv, "xlsx": as_xlsx, "ods": as_ods, "parquet": as_parquet}


@pytest.mark.parametrize("format_", FORMATS.values(), ids=FORMATS)
def test_every_format_is_judged_alike(
    format_: Callable[[Drawn, Path], Path], tmp_path: Path, world: World, words: list[Words]
) -> None:
    for seed in random.Random(5).sample(range(500), 4):
        drawn = drawn_tables.with_others(seed)
        format_(drawn, tmp_path)
        expected, told = read(drawn, words)
        report = Report()
        with Files(tmp_path, world) as files:
            sheet = files.read(SCHEMA, words).records["person"]
            table = read_table(sheet, SCHEMA, words, report)
        assert (table is None) == (expected is None), seed
        if table is not None and expected is not None:
            assert table.ids == expected.ids, seed
        assert codes(report) & (LEFT | ASKED) == codes(told) & (LEFT | ASKED), seed


@pytest.mark.parametrize(("count", "unnamed"), [(12, 0), (13, 0), (14, 2), (20, 8)])
def test_rows_that_are_left_out_are_named_or_counted(
    count: int, unnamed: int, words: list[Words]
) -> None:
    rows: list[tuple[int, list[str]]] = []
    for block in range(count):
        first, second = 100 + block, 211 + 3 * block
        own = [("a", first), ("b", second), ("", first + second)]
        names = [f"p{block:02}{one}" if one else f"Subtotal {block}" for one, _ in own]
        cells = zip(names, (str(hours) for _, hours in own), strict=True)
        rows += [(4 * block + at, list(one)) for at, one in enumerate(cells, 2)]
    report = Report()
    sheet = Sheet("person", ["id", "hours"], rows, Places("people.csv"))
    table = read_table(sheet, SCHEMA, words, report)
    assert table is not None and len(table.ids) == 2 * count
    (told,) = (one for one in report.diagnostics if one.code == "D735")
    lines = told.arguments["lines"]
    assert isinstance(lines, tuple)
    more = [one.arguments["count"] for one in lines if one.key == "list.more"]
    assert (len(lines) - len(more), sum(more)) == (count - unnamed, unnamed)
