"""What an interrupted run has left on the disk, damaged: one `--resume` gives the same bytes."""

import os
from collections.abc import Callable
from pathlib import Path
from random import Random
from shutil import copytree

import pytest
from click.testing import CliRunner

from coopfx.apps.cli.main import cli
from coopfx.federation.inputs import texts_of
from coopfx.federation.left import PLAN, SUMMARY, WORK
from coopfx.federation.run import Asked, run
from coopfx.ground.report import Report
from coopfx.plugged.world import World, load_world

Digests = Callable[[Path], dict[str, str]]
BLOCK = 20
STEPS = ("count", "sort", "evaluate", "write")


class StoppedError(Exception):
    """The run is interrupted here."""


@pytest.fixture(scope="module")
def left(few: Path, tmp_path_factory: pytest.TempPathFactory, world: World) -> dict[str, Path]:
    """What runs have left that were interrupted at the last moment of each step, and a finished one."""
    folder = tmp_path_factory.mktemp("left")
    found = {}
    for step in STEPS:
        output = folder / step
        with pytest.raises(StoppedError):
            run(
                asked(few, output, world),
                world,
                Report(),
                stopping(step, 3 if step == "evaluate" else 2),
            )
        found[step] = output
    assert run(asked(few, folder / "whole", world), world, Report()) is not None
    return found | {"whole": folder / "whole"}


def asked(tables: Path, output: Path, world: World) -> Asked:
    """A run of several buckets, in this process."""
    return Asked(
        tables, output, world.engines["processes"], world.tables["csv"], block=BLOCK, resume=True
    )


def stopping(step: str, time: int) -> Callable[[str, int, int], None]:
    """Interrupts a run when it tells a step so often."""
    told = 0

    def progress(name: str, done: int, of: int) -> None:
        nonlocal told
        told += name == step
        if told == time:
            raise StoppedError

    return progress


def empty(content: bytes, draw: Random) -> bytes:
    return b""


def cut(content: bytes, draw: Random) -> bytes:
    return content[: draw.randrange(len(content))]


def turned(content: bytes, draw: Random) -> bytes:
    at, bit = draw.randrange(len(content)), 1 << draw.randrange(8)
    return content[:at] + bytes([content[at] ^ bit]) + content[at + 1 :]


def overwritten(content: bytes, draw: Random) -> bytes:
    return draw.randbytes(len(content))


def test_whatever_is_damaged_one_resume_gives_the_same_bytes(
    few: Path, left: dict[str, Path], tmp_path: Path, world: World, digests: Digests
) -> None:
    damage_all(12, few, left, tmp_path, world, digests)


@pytest.mark.soak
def test_sixty_damages_are_made_good(
    few: Path, left: dict[str, Path], tmp_path: Path, world: World, digests: Digests
) -> None:
    damage_all(int(os.environ.get("DAMAGES", "60")), few, left, tmp_path, world, digests)


def damage_all(
    times: int, few: Path, left: dict[str, Path], tmp_path: Path, world: World, digests: Digests
) -> None:
    """Damage one file after the other, drawn with the moment of the interruption and the way."""
    draw = Random(int(os.environ.get("DAMAGE_SEED", "20")))
    whole = digests(left["whole"])
    ways = (empty, cut, turned, overwritten)
    for number in range(times):
        step = ("sort", "evaluate", "write", "whole", "evaluate")[number % 5]
        output = tmp_path / f"outcome-{number}"
        copytree(left[step], output)
        files = sorted(path for path in output.rglob("*") if path.is_file() and path.stat().st_size)
        path = draw.choice(files)
        way = ways[number % len(ways)]
        path.write_bytes(way(path.read_bytes(), draw))
        if draw.random() < 0.1:
            path.unlink()
        report = Report()
        done = run(asked(few, output, world), world, report)
        said = f"{step}: {path.relative_to(output)} {way.__name__}"
        assert done is not None and digests(output) == whole, said
        assert {item.code for item in report.diagnostics} <= {"P978"}, said
        again = Report()
        assert run(asked(few, output, world), world, again) == done and not again.diagnostics, said


@pytest.mark.parametrize("name", [PLAN, "bucket-000002/task.json", "bucket-000001/result.sha256"])
def test_what_is_damaged_is_told_with_its_name(
    name: str, few: Path, left: dict[str, Path], tmp_path: Path, world: World
) -> None:
    output = tmp_path / "outcome"
    copytree(left["evaluate"], output)
    damaged = output / WORK / name
    damaged.parent.joinpath(damaged.name).write_bytes(b"")
    report = Report()
    assert run(asked(few, output, world), world, report) is not None
    (item,) = report.diagnostics
    assert item.code == "P978" and str(item.arguments["path"]).startswith(str(output))


def test_a_table_of_a_finished_run_is_made_anew(
    few: Path, left: dict[str, Path], tmp_path: Path, world: World, digests: Digests
) -> None:
    for name in ("runs.csv", SUMMARY):
        output = tmp_path / name
        copytree(left["whole"], output)
        (output / name).write_bytes((output / name).read_bytes()[:-3])
        arguments = ["federation", "run", str(few), "--output", str(output), "--block", str(BLOCK)]
        ended = CliRunner().invoke(cli, [*arguments, "--tables", "csv", "--resume"])
        assert ended.exit_code == 1 and "P978" in ended.stderr and name in ended.stderr
        assert digests(output) == digests(left["whole"])


def test_what_others_put_beside_the_tables_stays(
    few: Path, left: dict[str, Path], tmp_path: Path, world: World
) -> None:
    output = tmp_path / "outcome"
    copytree(left["whole"], output)
    for name in ("shares.xlsx", "values of our cooperative.txt", "notes.md"):
        (output / name).write_text("ours", "utf-8")
    assert run(asked(few, output, world), world, Report()) is not None
    form = world.tables["parquet"]
    again = Asked(few, output, world.engines["processes"], form, block=BLOCK)
    assert run(again, world, Report()) is not None
    assert not list(output.glob("*.csv"))
    for name in ("shares.xlsx", "values of our cooperative.txt", "notes.md"):
        assert (output / name).read_text("utf-8") == "ours"


# ---- what a run is, and how it ends


def test_the_hash_of_the_inputs_does_not_depend_on_how_their_path_is_typed(
    few: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(few.parent)
    (tmp_path / "link").symlink_to(few)
    typed = [
        "tables",
        "./tables/",
        "../" + few.parent.name + "/tables",
        str(few),
        str(tmp_path / "link"),
    ]
    found = set()
    for number, path in enumerate(typed):
        output = tmp_path / f"outcome-{number}"
        ended = CliRunner().invoke(cli, ["federation", "run", path, "--output", str(output)])
        assert ended.exit_code == 1, ended.output
        found.add((output / SUMMARY).read_bytes())
    assert len(found) == 1


@pytest.mark.parametrize("form", ["csv", "parquet"])
def test_an_amount_of_forty_digits_is_one_cooperatives_matter(
    form: str, few: Path, tmp_path: Path
) -> None:
    tables, output = tmp_path / "tables", tmp_path / "outcome"
    copytree(few, tables)
    path = tables / "cooperatives.csv"
    head, first, *others = path.read_text("utf-8").splitlines(keepends=True)
    cells = first.split(",")
    cells[head.split(",").index("surplus")] = "1" * 40
    path.write_text("".join([head, ",".join(cells), *others]), "utf-8")
    arguments = ["federation", "run", str(tables), "--output", str(output), "--tables", form]
    ended = CliRunner().invoke(cli, arguments)
    assert ended.exit_code == 2, ended.output
    summary = ended.stdout.splitlines()
    assert "Cooperatives evaluated: 5" in summary
    form_of = load_world(Report()).tables[form]
    block = next(form_of.read(output / f"diagnostics{form_of.suffix}", None, 9, Report()))
    assert texts_of(block, "code") == ["D808"]
    assert texts_of(block, "cooperative") == [cells[0]]
