"""Tables in Parquet: the same figures as in CSV, exact whatever their size, and no floats."""

import subprocess
import sys
from decimal import Decimal
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from coopfx.ground.report import Report
from coopfx.ground.tables import DATE, MONEY, TEXT, WHOLE, Block, Decimals, Layout, Texts
from coopfx_parquet import tables

LAYOUT = Layout("made", {"name": TEXT, "day": DATE, "amount": MONEY, "count": WHOLE})


def block(amounts: list[int | None]) -> Block:
    """A block with these amounts, in cents."""
    size = len(amounts)
    missing = np.array([one is None for one in amounts])
    wide = max((abs(one or 0) for one in amounts), default=0) >= 2**62
    numbers = np.array([one or 0 for one in amounts], object if wide else np.int64)
    return Block(
        {
            "name": Texts([f"n{place}" for place in range(size)]),
            "day": Texts(["2024-12-31"] * size),
            "amount": Decimals(numbers, 2, missing),
            "count": Decimals(np.arange(size), 0, missing),
        },
        size,
    )


@pytest.mark.parametrize(
    "amounts", [[0, -1, 10**15, None, -(10**15) - 7], [10**30 + 1, -(10**25), None, 5]]
)
def test_amounts_come_back_exactly(amounts: list[int | None], tmp_path: Path) -> None:
    path = tmp_path / "made.parquet"
    tables.write(path, LAYOUT, [block(amounts)])
    assert pq.read_schema(path).field("amount").type == pa.decimal128(38, 2)
    (read,) = tables.read(path, None, 1_000, Report())
    column = read.columns["amount"]
    assert isinstance(column, Decimals) and column.scale == 2
    absent = column.missing
    assert absent is not None
    found = [
        None if gone else int(one) for one, gone in zip(column.numerators, absent, strict=True)
    ]
    assert found == amounts
    days = read.columns["day"]
    assert isinstance(days, Texts) and set(days.values) == {"2024-12-31"}


def test_a_column_of_floats_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "people.parquet"
    pq.write_table(pa.table({"cooperative": ["c1"], "salary": [1.5]}), path)
    report = Report()
    assert not list(tables.read(path, None, 10, report))
    assert [item.code for item in report.diagnostics] == ["parquet.E01"]


@pytest.mark.parametrize("content", [b"", b"PAR1", b"cooperative,id\n" * 40])
def test_what_is_no_parquet_is_told(content: bytes, tmp_path: Path) -> None:
    path = tmp_path / "people.parquet"
    path.write_bytes(content)
    report = Report()
    assert not list(tables.read(path, None, 10, report))
    assert [item.code for item in report.diagnostics] == ["parquet.E02"]


def test_a_federation_in_parquet_gives_what_it_gives_in_csv(tmp_path: Path) -> None:
    source = Path(__file__).parent.parent.parent.parent / "tests" / "synthetic"
    script = [sys.executable, str(source), "--to", str(tmp_path), "federation"]
    subprocess.run(script, check=True)
    written = tmp_path / "federation"
    run(written, tmp_path / "csv")
    for name in ("cooperatives", "people", "teams"):
        path = written / f"{name}.csv"
        lines = [line.split(",") for line in path.read_text("utf-8").splitlines()]
        columns = {
            head: typed(head, [row[place] for row in lines[1:]])
            for place, head in enumerate(lines[0])
        }
        pq.write_table(pa.table(columns), written / f"{name}.parquet", row_group_size=100)
        path.unlink()
    run(written, tmp_path / "parquet")
    for path in (tmp_path / "csv").glob("*.parquet"):
        assert path.read_bytes() == (tmp_path / "parquet" / path.name).read_bytes(), path.name


def typed(head: str, cells: list[str]) -> pa.Array:
    """A column as a database would give it: amounts as decimals, days as days."""
    if head == "closing":
        return pa.array(cells).cast(pa.date32())
    try:
        numbers = [Decimal(cell) if cell else None for cell in cells]
    except ArithmeticError:
        return pa.array(cells)
    return pa.array(numbers, pa.decimal128(20, 2))


def run(source: Path, output: Path) -> None:
    """Run a federation into tables in Parquet."""
    command = ["-m", "coopfx", "federation", "run", str(source), "--output", str(output)]
    done = subprocess.run(
        [sys.executable, *command, "--block", "300"], capture_output=True, text=True, check=False
    )
    assert done.returncode == 1, done.stderr


def _texts(part: Block) -> list[str]:
    column = part.columns["name"]
    assert isinstance(column, Texts)
    return list(column.values)


def test_only_the_row_groups_that_may_hold_a_text_are_read(tmp_path: Path) -> None:
    path = tmp_path / "made.parquet"
    groups = [["a", "a"], ["b", "c "], ["c", "c"], ["d", " e"], ["f"]]
    blocks = [Block({"name": Texts(names)}, len(names)) for names in groups]
    tables.write(path, Layout("made", {"name": TEXT}), blocks)

    def found(text: str) -> list[tuple[int, list[str]]]:
        parts = tables.find(path, None, ("name", text), 1_000, Report())
        return [(before, _texts(part)) for before, part in parts]

    # Where a space stands first, nothing is known of a group, and it is read.
    open_group = (6, ["d", " e"])
    assert found("a") == [(0, ["a", "a"]), open_group]
    assert found("c") == [(2, ["b", "c "]), (4, ["c", "c"]), open_group]
    assert found("g") == [open_group]
