"""Whoever people are and whatever they are called: each has a paper, and a disk to hold it."""

from pathlib import Path
from shutil import copytree

import pytest
from click.testing import CliRunner, Result
from meeting_papers import POLICIES

from coopfx.apps.cli.main import cli
from coopfx_papers.statement import file_names

DEVICES = ("CON", "nul", "aux.txt", "Com1", "lpt9.2024", "PRN")


def papers_of(people: list[str], folder: Path, *options: str) -> tuple[Result, Path]:
    """The papers of four people who are called so."""
    policy, output = folder / "quartet", folder / "papers"
    copytree(POLICIES / "quartet", policy)
    rows = "".join(f'"{one}",yes,3200\n' for one in people)
    (policy / "2024" / "people.csv").write_text(f"id,worker,full_time_pay\n{rows}", "utf-8")
    arguments = ["papers", str(policy), "--output", str(output), "--lang", "fr", *options]
    return CliRunner().invoke(cli, arguments), output


@pytest.mark.parametrize(
    ("name", "sign"), [("李", "李"), ("ไทย", "ไ"), ("🙂", "🙂"), ("Ana 한", "한")]
)
def test_a_name_that_no_font_has_is_told_with_its_sign(
    name: str, sign: str, tmp_path: Path
) -> None:
    ended, output = papers_of([name, "Ælfa", "Ζωή", "Жанна"], tmp_path)
    assert ended.exit_code == 0, ended.output
    assert ended.stderr.count("papers.W07") == 1
    assert name in ended.stderr and f"`{sign}` (U+{ord(sign):04X})" in ended.stderr
    written = list((output / "statements").iterdir())
    assert sum(path.suffix == ".html" for path in written) == 4
    assert sum(path.suffix == ".pdf" for path in written) == 3
    assert (output / "report.pdf").is_file()


def test_a_cooperative_whose_name_no_font_has_has_its_other_papers(tmp_path: Path) -> None:
    policy, output = tmp_path / "quartet", tmp_path / "papers"
    copytree(POLICIES / "quartet", policy)
    year = policy / "2024" / "cooperative.toml"
    year.write_text('name = "合作社"\n' + year.read_text("utf-8"), "utf-8")
    ended = CliRunner().invoke(
        cli, ["papers", str(policy), "--output", str(output), "--lang", "en"]
    )
    assert ended.exit_code == 1
    assert "papers.E05" in ended.stderr and "`合` (U+5408)" in ended.stderr
    assert (output / "report.html").is_file() and not (output / "report.pdf").exists()


def test_no_file_is_called_as_a_device_is_on_some_system() -> None:
    names = file_names(DEVICES)
    for name in names.values():
        assert name.split(".")[0].casefold() not in {"con", "nul", "aux", "com1", "lpt9", "prn"}
    assert len({name.casefold() for name in names.values()}) == len(DEVICES)


def test_names_that_a_disk_takes_for_one_are_kept_apart() -> None:
    names = file_names(("é", "e\u0301", "É", "straße", "STRASSE"))
    assert len(set(names.values())) == 5
    assert sum("-" in name for name in names.values()) >= 3
