"""Readers, writers and commands of plugins: used where they should be, their failures told by name."""

import json
import re
from collections.abc import Callable, Iterable
from pathlib import Path
from types import ModuleType
from typing import BinaryIO

import click
import pytest
from click.testing import CliRunner, Result

from coopfx.apps.cli.main import cli
from coopfx.engine.outcome import Results
from coopfx.ground.facts import Places, Schema, Sheet
from coopfx.ground.report import Report
from coopfx.ground.words import Words
from coopfx.plugged.hookspecs import Command, Reader, Writer, hookimpl
from coopfx.plugged.world import Found
from oak import OVEN as STATUTE

PEOPLE = "id,worker,hours\nana,yes,100\nben,yes,300\n"
RECORDS = "ana|yes|100\nben|yes|300\n"


@pytest.fixture
def oven(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("NO_COLOR", "1")
    year = tmp_path / "oven" / "2024"
    year.mkdir(parents=True)
    (tmp_path / "oven" / "statute.en.coop").write_text(STATUTE)
    (year / "cooperative.toml").write_text("closing = 2024-12-31\nsurplus = 1000\n")
    return year


def read_bars(path: Path, file: BinaryIO, schema: Schema, report: Report) -> Iterable[Sheet]:
    rows = [line.split("|") for line in file.read().decode().splitlines()]
    names = ["id", "worker", "hours"]
    return [Sheet("person", names, list(enumerate(rows, 1)), Places(str(path)))]


def run(*arguments: str, **hooks: Callable[[], object]) -> Result:
    module = ModuleType("stranger")
    for name, function in hooks.items():
        setattr(module, name, hookimpl(function))
    found = Found("stranger", "stranger", "coopfx-stranger", "3.1")
    return CliRunner().invoke(cli, arguments, obj=[(found, module)] if hooks else [])


def reader(
    read: Callable[[Path, BinaryIO, Schema, Report], Iterable[Sheet]] = read_bars,
) -> Callable[[], object]:
    return lambda: [Reader("bars", (".bars",), read)]


# ---- readers


def test_a_file_of_a_readers_suffix_gives_what_the_same_csv_gives(oven: Path) -> None:
    (oven / "people.csv").write_text(PEOPLE)
    by_csv = run("run", "oven", "--parts")
    (oven / "people.csv").rename(oven / "people.BARS")
    (oven / "people.BARS").write_text(RECORDS)
    (oven / ".people.bars").write_text("no file of ours")
    by_reader = run("run", "oven", "--parts", coopfx_readers=reader())
    assert by_reader.exit_code == by_csv.exit_code == 0, by_reader.output
    assert by_reader.stdout == by_csv.stdout and "ben" in by_csv.stdout
    without = run("run", "oven")
    assert "ben" not in without.stdout


def test_a_reader_may_know_its_files_by_more_of_their_names(oven: Path) -> None:
    (oven / "book2024.txt").write_text(RECORDS)
    (oven / "notes.txt").write_text("no file of ours")
    found = Reader("books", ("book????.txt",), read_bars)
    ran = run("run", "oven", "--parts", coopfx_readers=lambda: [found])
    assert ran.exit_code == 0 and "ben" in ran.stdout, ran.output
    (oven / "book2024.txt").rename(oven / "book24.txt")
    assert "ben" not in run("run", "oven", "--parts", coopfx_readers=lambda: [found]).stdout


def test_a_cell_that_is_amiss_is_told_with_its_file_and_row(oven: Path) -> None:
    (oven / "people.bars").write_text(RECORDS.replace("300", "many"))
    ended = run("run", "oven", coopfx_readers=reader())
    assert ended.exit_code == 2
    assert "D703" in ended.stderr and "people.bars:2" in ended.stderr


def test_two_files_of_the_same_records_are_told(oven: Path) -> None:
    (oven / "people.csv").write_text(PEOPLE)
    (oven / "people.bars").write_text(RECORDS)
    ended = run("run", "oven", coopfx_readers=reader())
    assert ended.exit_code == 2
    assert "D728" in ended.stderr and "`people.bars`" in ended.stderr


def test_a_sheet_of_no_record_is_passed_over_with_a_warning(oven: Path) -> None:
    def read(path: Path, file: BinaryIO, schema: Schema, report: Report) -> Iterable[Sheet]:
        (sheet,) = read_bars(path, file, schema, report)
        return [Sheet("baker", sheet.header, sheet.rows, sheet.places)]

    (oven / "people.bars").write_text(RECORDS)
    ended = run("run", "oven", coopfx_readers=reader(read))
    assert "D718" in ended.stderr and "people.bars: baker" in ended.stderr


# ---- the cooperative's own figures


def read_pairs(path: Path, file: BinaryIO, schema: Schema, report: Report) -> Iterable[Sheet]:
    rows = [line.split("|") for line in file.read().decode().splitlines()]
    return [Sheet("cooperative", ["item", "value"], list(enumerate(rows, 1)), Places(str(path)))]


def test_a_single_file_can_be_a_year(oven: Path) -> None:
    (oven / "people.csv").write_text(PEOPLE)
    by_toml = run("run", "oven", "--parts")
    (oven / "cooperative.toml").unlink()
    without = run("run", "oven", "--parts")
    assert without.exit_code == 2 and "P904" in without.stderr
    own = oven / "own.bars"
    own.write_text("closing|2024-12-31|the last day\nexcédent|1 000,00\n\n")
    by_reader = run("run", "oven", "--parts", coopfx_readers=reader(read_pairs))
    assert by_reader.exit_code == 0 and by_reader.stdout == by_toml.stdout, by_reader.stderr
    alone = run("run", "oven", str(own), coopfx_readers=reader(read_pairs))
    assert alone.exit_code == 0 and "€500.00" in alone.stdout and "ben" not in alone.stdout
    own.unlink()
    (oven / "cooperative.csv").write_text("closing;2024-12-31\nsurplus;1000\n")
    by_csv = run("run", "oven", "--parts")
    assert by_csv.exit_code == 0 and by_csv.stdout == by_toml.stdout, by_csv.stderr


def test_what_two_files_give_is_told_with_both_places(oven: Path) -> None:
    (oven / "own.bars").write_text("surplus|900\nreserves.development|5\ncolour|blue\n")
    ended = run("run", "oven", coopfx_readers=reader(read_pairs))
    assert ended.exit_code == 2 and "D701" in ended.stderr and "`colour`" in ended.stderr
    assert ended.stderr.count("D715") == 1
    assert "own.bars:1" in ended.stderr and "cooperative.toml:2" in ended.stderr


def test_a_file_of_a_readers_suffix_that_is_too_large_is_told(oven: Path) -> None:
    (oven / "people.bars").write_text(RECORDS)
    small = [Reader("bars", (".bars",), read_bars, most=10)]
    ended = run("run", "oven", coopfx_readers=lambda: small)
    assert ended.exit_code == 2 and "D714" in ended.stderr and "10 bytes" in ended.stderr


def test_a_link_out_of_the_years_folder_is_refused(oven: Path) -> None:
    secret = oven.parent.parent / "people.csv"
    secret.write_text("id,worker\nsecret,yes\n")
    (oven / "people.csv").symlink_to(secret)
    ended = run("run", "oven", "--parts")
    assert ended.exit_code == 2 and "D730" in ended.stderr and "secret" not in ended.output


def bad_readers() -> dict[str, Callable[[Path, BinaryIO, Schema, Report], Iterable[Sheet]]]:
    def stops(path: Path, file: BinaryIO, schema: Schema, report: Report) -> Iterable[Sheet]:
        raise RuntimeError("out of flour")

    def later(path: Path, file: BinaryIO, schema: Schema, report: Report) -> Iterable[Sheet]:
        yield from read_bars(path, file, schema, report)
        raise RuntimeError("out of flour")

    def numbers(path: Path, file: BinaryIO, schema: Schema, report: Report) -> Iterable[Sheet]:
        rows = [(1, ["ana", "yes", 100.5])]
        return [Sheet("person", ["id", "worker", "hours"], rows, Places("x"))]  # type: ignore[arg-type]

    def bare(path: Path, file: BinaryIO, schema: Schema, report: Report) -> Iterable[Sheet]:
        return [Sheet("person", [], [], Places("x"))]

    return {"stops": stops, "later": later, "numbers": numbers, "bare": bare}


@pytest.mark.parametrize("name", bad_readers())
def test_a_reader_that_fails_is_one_message_that_names_its_plugin(oven: Path, name: str) -> None:
    (oven / "people.bars").write_text(RECORDS)
    ended = run("run", "oven", coopfx_readers=reader(bad_readers()[name]))
    assert ended.exit_code == 2
    assert ended.stderr.count("P931") == 1 and "`coopfx-stranger 3.1`" in ended.stderr
    assert "Traceback" not in ended.output and not ended.stdout


def test_a_failure_is_said_in_the_readers_language_with_a_line_for_its_publishers(
    oven: Path,
) -> None:
    (oven / "people.bars").write_text(RECORDS)
    brought = {"coopfx_readers": reader(bad_readers()["stops"])}
    as_json = run("run", "oven", "--format", "json", "--lang", "fr", **brought)
    (told,) = (one for one in json.loads(as_json.stdout)["diagnostics"] if one["code"] == "P931")
    assert "s'est arrêté sur une erreur" in told["message"] and "Error" not in told["message"]
    # The exception is not translated: it is for those who can mend it.
    assert re.search(r"`\w+(: [^`]+)? \(test_extension_points\.py:\d+\)`", told["help"])


# ---- writers


def writes(write: Callable[[Results, Words], object]) -> Callable[[], object]:
    return lambda: [Writer("mine", write)]  # type: ignore[arg-type]


def test_a_writer_is_asked_for_by_its_name(oven: Path) -> None:
    ended = run(
        "run", "oven", "--format", "mine", coopfx_writers=writes(lambda o, w: o.outcome.statute)
    )
    assert (ended.exit_code, ended.stdout) == (0, "Oven")
    misspelt = run("run", "oven", "--format", "mime", coopfx_writers=writes(lambda o, w: ""))
    assert misspelt.exit_code == 2 and "Did you mean 'mine'?" in misspelt.stderr


def test_an_output_is_written_whole_or_not_at_all(oven: Path) -> None:
    target = oven.parent.parent / "out.txt"
    target.write_text("before")
    ended = run(
        "run", "oven", "--format", "mine", "--output", "out.txt", coopfx_writers=writes(stop)
    )
    assert ended.exit_code == 2 and "P931" in ended.stderr
    assert target.read_text() == "before"
    ended = run("run", "oven", "--format", "json", "--output", "out.txt")
    assert ended.exit_code == 2 and "P914" in ended.stderr and target.read_text() == "before"
    ended = run("run", "oven", "--format", "json", "--output", "out.txt", "--force")
    assert ended.exit_code == 0 and target.read_text().startswith('{\n  "schema"')
    assert ended.stdout == ""
    ended = run("run", "oven", "--output", "nowhere/out.txt")
    assert ended.exit_code == 2 and "P917" in ended.stderr
    assert {path.name for path in target.parent.iterdir()} == {"oven", "out.txt"}


def stop(results: Results, words: Words) -> object:
    raise RuntimeError("out of ink")


def test_a_writer_is_given_all_that_lies_behind_a_year(oven: Path) -> None:
    for name, surplus in (("2023", "7"), ("2025", "600"), ("2026", "1.5"), ("2028", "9")):
        year = oven.parent / name
        year.mkdir()
        text = f"closing = {name}-12-31\nsurplus = {surplus}\n"
        (year / "cooperative.toml").write_text(text)
    year = oven.parent / "2027"
    oven.rename(year)
    (year / "cooperative.toml").write_text("closing = 2027-12-31\nsurplus = 1000\n")
    (year / "people.csv").write_text(PEOPLE)

    def write(results: Results, words: Words) -> str:
        part = results.explain("work_share", "ben")
        assert part is not None and results.explain("nothing", "") is None
        assert results.before() is results.before()
        shared = [item.allocations[0].amount for item in results.before()]
        hours = results.of("person", "hours")
        return f"{part.value} of {hours['ben']}, {results.name('ben')}, before {shared}"

    ended = run("run", "oven", "2027", "--format", "mine", coopfx_writers=writes(write))
    assert (ended.exit_code, ended.stdout) == (0, "375 of 300, ben, before [Fraction(600, 1)]")


def test_a_writer_tells_what_is_amiss_and_nothing_is_written(oven: Path) -> None:
    def write(results: Results, words: Words) -> str:
        assert results.source.resolve() == oven
        results.report.tell("P901", None, path="accounts", reason="")
        return "half of it"

    ended = run(
        "run", "oven", "--format", "mine", "--output", "out.txt", coopfx_writers=writes(write)
    )
    assert ended.exit_code == 2 and "P901" in ended.stderr
    assert ended.stdout == "" and not Path("out.txt").exists()


@pytest.mark.parametrize(
    "name", ["../out.txt", "/out.txt", "", "a/../../out.txt", "a\\out.txt"], ids=repr
)
def test_no_file_is_written_outside_the_named_folder(oven: Path, name: str) -> None:
    before = sorted(oven.parent.parent.rglob("*"))
    ended = run(
        "run", "oven", "--format", "mine", "--output", "made",
        coopfx_writers=writes(lambda o, w: {"good.txt": "x", name: "x"}),
    )  # fmt: skip
    assert ended.exit_code == 2 and "P931" in ended.stderr
    assert sorted(oven.parent.parent.rglob("*")) == before


def test_several_files_are_a_folder_that_was_not_there(oven: Path) -> None:
    hooks = {"coopfx_writers": writes(lambda o, w: {"a.txt": "é", "deep/b.bin": b"\xff"})}
    arguments = ("run", "oven", "--format", "mine", "--output", "made")
    assert run(*arguments, **hooks).exit_code == 0
    made = oven.parent.parent / "made"
    assert (made / "a.txt").read_text("utf-8") == "é"
    assert (made / "deep" / "b.bin").read_bytes() == b"\xff"
    again = run(*arguments, **hooks)
    assert again.exit_code == 2 and "P914" in again.stderr


# ---- commands


@click.command("bake")
@click.option("--fail", is_flag=True)
@click.option("--misuse", is_flag=True)
def bake(fail: bool, misuse: bool) -> None:
    """Bake."""
    if misuse:
        raise click.UsageError("no oven")
    if fail:
        raise RuntimeError("out of flour")
    click.echo("Baked.")


def brings(target: str) -> Callable[[], object]:
    return lambda: [Command("bake", "Bake bread.", target)]


@pytest.fixture
def baking(monkeypatch: pytest.MonkeyPatch) -> Callable[[], object]:
    module = ModuleType("bakery_cli")
    module.bake = bake  # type: ignore[attr-defined]
    monkeypatch.setitem(__import__("sys").modules, "bakery_cli", module)
    return brings("bakery_cli:bake")


def test_a_plugins_command_is_listed_and_called(baking: Callable[[], object]) -> None:
    assert "Bake bread." in run("--help", coopfx_commands=baking).stdout
    assert run("bake", coopfx_commands=baking).stdout == "Baked.\n"
    assert "Did you mean 'bake'?" in run("bakke", coopfx_commands=baking).stderr
    assert "no oven" in run("bake", "--misuse", coopfx_commands=baking).stderr
    assert run("bake").exit_code == 2


@pytest.mark.parametrize("target", ["nowhere.at.all:bake", "sys:bake", "sys:path"])
def test_a_command_that_cannot_be_loaded_is_told_by_name(target: str) -> None:
    ended = run("bake", coopfx_commands=brings(target))
    assert ended.exit_code == 2 and "P931" in ended.stderr and "coopfx-stranger" in ended.stderr


def test_a_command_that_fails_is_told_by_name(baking: Callable[[], object]) -> None:
    ended = run("bake", "--fail", coopfx_commands=baking)
    assert ended.exit_code == 2 and "P931" in ended.stderr and "out of flour" in ended.stderr
