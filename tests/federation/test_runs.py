"""Whatever a run is cut into, in whatever order its data come: the same bytes."""

import csv
import os
import random
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from shutil import copytree
from typing import Any

import pytest
from attrs import evolve
from click.testing import CliRunner, Result

from coopfx.apps.cli.main import cli
from coopfx.federation.inputs import of_one, texts_of
from coopfx.ground.report import Report
from coopfx.ground.tables import Block
from coopfx.plugged.world import load_world

Digests = Callable[[Path], dict[str, str]]


def call(*arguments: str | Path) -> Result:
    """Call the command."""
    return CliRunner().invoke(cli, ["federation", *map(str, arguments), "--lang", "en"])


@pytest.fixture(scope="module")
def undisturbed(tables: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What a run gives that nothing disturbs, as CSV."""
    output = tmp_path_factory.mktemp("undisturbed") / "outcome"
    result = call("run", tables, "--output", output, "--tables", "csv")
    assert result.exit_code == 1, result.output
    return output


def rows(path: Path) -> list[dict[str, str]]:
    """The rows of a CSV table."""
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.mark.parametrize(("block", "workers"), [(1, 1), (97, 1), (400, 2)])
def test_any_block_and_any_workers_give_the_same_bytes(
    block: int, workers: int, tables: Path, undisturbed: Path, tmp_path: Path, digests: Digests
) -> None:
    output = tmp_path / "outcome"
    options = ("--block", str(block), "--workers", str(workers), "--tables", "csv")
    assert call("run", tables, "--output", output, *options).exit_code == 1
    assert digests(output) == digests(undisturbed)


def shuffled(tables: Path, target: Path, seed: int) -> Path:
    """The same tables with cooperatives, and the records of each, in another order."""
    copytree(tables, target)
    draw = random.Random(seed)
    for name in ("cooperatives", "people", "teams"):
        path = target / f"{name}.csv"
        own = rows(path)
        draw.shuffle(own)
        order = {key: draw.random() for key in sorted({row["cooperative"] for row in own})}
        own.sort(key=lambda row: order[row["cooperative"]])
        with path.open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, list(own[0]), lineterminator="\n")
            writer.writeheader()
            writer.writerows(own)
    return target


@pytest.mark.parametrize("seed", [1, 2])
def test_any_order_gives_the_same_rows(
    seed: int, tables: Path, undisturbed: Path, tmp_path: Path, digests: Digests
) -> None:
    mixed, output = shuffled(tables, tmp_path / "tables", seed), tmp_path / "outcome"
    options = ("--block", "150", "--tables", "csv")
    assert call("run", mixed, "--output", output, *options).exit_code == 1
    expected = digests(undisturbed)
    found = digests(output)
    # The summary has the hash of the inputs, which are other files.
    assert {**found, "summary.json": ""} == {**expected, "summary.json": ""}


def test_the_reference_says_the_same_of_every_cooperative(tables: Path, undisturbed: Path) -> None:
    for row in rows(undisturbed / "runs.csv")[:8]:
        result = call("why", tables, row["cooperative"], "work_share", "--output", undisturbed)
        assert result.exit_code == 0, result.output
        assert "agree on all" in result.output


def test_of_one_cooperative_no_more_is_read_than_its_rows(tables: Path) -> None:
    form, read = load_world(Report()).tables["csv"], list[int]()

    def counted(*asked: Any) -> Iterator[Block]:
        for part in form.read(*asked):
            read.append(part.rows)
            yield part

    sought, path = ("cooperative", "c000003"), tables / "people.csv"
    parts = [*of_one(evolve(form, read=counted), path, None, sought, 10, Report())]
    own = [place for place, row in enumerate(rows(path)) if row["cooperative"] == "c000003"]
    found = [
        before + place
        for before, part in parts
        for place, name in enumerate(texts_of(part, "cooperative"))
        if name == "c000003"
    ]
    assert found == own
    assert sum(read) <= own[-1] + 11 < len(rows(path))


def test_a_cell_that_differs_is_told(tables: Path, undisturbed: Path, tmp_path: Path) -> None:
    other = tmp_path / "outcome"
    copytree(undisturbed, other)
    path = other / "accounts.csv"
    first = rows(path)[0]
    text = path.read_text("utf-8")
    path.write_text(text.replace(f",{first['balance']},", ",123.45,", 1), encoding="utf-8")
    result = call("why", tables, first["cooperative"], "reserves", "--output", other)
    assert result.exit_code == 2
    assert "P973" in result.output


def test_broken_data_of_one_cooperative_leave_the_others(
    tables: Path, undisturbed: Path, tmp_path: Path
) -> None:
    broken, output = tmp_path / "tables", tmp_path / "outcome"
    copytree(tables, broken)
    for name, old, new in (
        ("people", "c000003,p00001,", "c000003,p00000,"),
        ("teams", "c000005,t00,", "c000005,t00,-"),
    ):
        path = broken / f"{name}.csv"
        text = path.read_text("utf-8")
        assert old in text
        path.write_text(text.replace(old, new, 1), encoding="utf-8")
    result = call("run", broken, "--output", output, "--tables", "csv")
    assert (
        "not evaluated, because their data have mistakes (table `diagnostics`): 2" in result.output
    )
    told = {row["cooperative"]: row["code"] for row in rows(output / "diagnostics.csv")}
    assert told == {"c000003": "D705", "c000005": "D704"}
    kept = [one for one in rows(undisturbed / "shares.csv") if one["cooperative"] not in told]
    assert rows(output / "shares.csv") == kept


@pytest.mark.parametrize(
    ("table", "edit", "code"),
    [
        ("people", lambda lines: [*lines, lines[1]], "D804"),
        ("people", lambda lines: [*lines, lines[1].replace("c000000", "c999999")], "D805"),
        ("people", lambda lines: [*lines, lines[1].replace("c000000", "")], "D801"),
        ("cooperatives", lambda lines: [*lines, lines[1]], "D803"),
        ("people", lambda lines: [lines[0].replace("cooperative", "salarie"), *lines[1:]], "D800"),
        ("people", lambda lines: [lines[0].replace("hours", "ours"), *lines[1:]], "D701"),
    ],
)
def test_a_table_that_is_amiss_stops_the_run(
    table: str, edit: Callable[[list[str]], list[str]], code: str, tables: Path, tmp_path: Path
) -> None:
    broken, output = tmp_path / "tables", tmp_path / "outcome"
    copytree(tables, broken)
    path = broken / f"{table}.csv"
    path.write_text("\n".join(edit(path.read_text("utf-8").splitlines())) + "\n", encoding="utf-8")
    result = call("run", broken, "--output", output, "--tables", "csv")
    assert result.exit_code == 2, result.output
    assert code in result.output
    assert not (output / "runs.csv").exists()


def test_a_cooperative_without_its_statute_is_told(tables: Path, tmp_path: Path) -> None:
    broken, output = tmp_path / "tables", tmp_path / "outcome"
    copytree(tables, broken)
    path = broken / "cooperatives.csv"
    lines = path.read_text("utf-8").splitlines()
    lines[1] = lines[1].replace(",workshops,", ",../workshops,").replace(",services,", ",servces,")
    lines[2] = lines[2].replace("2024-12-31", "2010-12-31")
    lines[3] = lines[3].replace("2024-12-31", "soon")
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    call("run", broken, "--output", output, "--tables", "csv")
    assert [row["code"] for row in rows(output / "diagnostics.csv")] == ["D806", "D807", "D711"]


def test_a_run_that_is_over_is_not_done_again(tables: Path, undisturbed: Path) -> None:
    before = (undisturbed / "runs.csv").stat().st_mtime_ns
    result = call("run", tables, "--output", undisturbed, "--tables", "csv", "--resume")
    assert result.exit_code == 1
    assert (undisturbed / "runs.csv").stat().st_mtime_ns == before


def test_a_folder_of_something_else_is_not_written_into(tables: Path, tmp_path: Path) -> None:
    (tmp_path / "letter.txt").write_text("mine")
    result = call("run", tables, "--output", tmp_path, "--tables", "csv")
    assert "P914" in result.output
    assert [path.name for path in tmp_path.iterdir()] == ["letter.txt"]


def test_an_engine_that_fails_is_told(tables: Path, tmp_path: Path) -> None:
    output = tmp_path / "outcome"
    killed_at_once = {"PYTHONPATH": str(tmp_path)}
    (tmp_path / "sitecustomize.py").write_text(
        "import coopfx.federation.bucket as bucket\n"
        "def fail(task):\n    raise ValueError('no room left')\n"
        "import coopfx.federation.run as run\nrun.work = fail\n"
    )
    result = subprocess.run(
        [
            *(sys.executable, "-m", "coopfx", "federation", "run", str(tables)),
            *("--output", str(output), "--tables", "csv"),
        ],
        capture_output=True,
        text=True,
        env={**os.environ, **killed_at_once},
        check=False,
    )
    assert result.returncode == 2
    assert "P972" in result.stderr and "no room left" in result.stderr
    assert "Traceback" not in result.stderr


def test_without_numpy_it_is_told(
    tables: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import importlib.util

    found = importlib.util.find_spec
    monkeypatch.setattr(
        importlib.util, "find_spec", lambda name, *rest: None if name == "numpy" else found(name)
    )
    result = call("run", tables, "--output", tmp_path / "outcome")
    assert result.exit_code == 2
    assert "P974" in result.output


def test_a_report_of_no_run_is_told(tmp_path: Path) -> None:
    result = call("report", tmp_path, "--tables", "csv")
    assert result.exit_code == 2
    assert "P976" in result.output


def test_the_page_holds_nothing_that_the_data_bring(tables: Path, tmp_path: Path) -> None:
    hostile, output = tmp_path / "tables", tmp_path / "outcome"
    copytree(tables, hostile)
    path = hostile / "cooperatives.csv"
    text = path.read_text("utf-8")
    path.write_text(text.replace("Cooperative 000003", "<script>alert(1)</script>=1+1"), "utf-8")
    call("run", hostile, "--output", output, "--tables", "csv")
    result = call("report", output)
    assert result.exit_code == 0, result.output
    page = (output / "report.html").read_text("utf-8")
    assert "<script" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt;=1+1" in page


def test_the_summary_keeps_to_its_schema(undisturbed: Path) -> None:
    import json

    from jsonschema import Draft202012Validator

    schema = Path(__file__).parent.parent.parent / "docs" / "schema" / "federation.schema.json"
    summary = json.loads((undisturbed / "summary.json").read_text("utf-8"))
    Draft202012Validator(json.loads(schema.read_text("utf-8"))).validate(summary)
