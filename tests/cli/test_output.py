"""What is written stays where it is, is read by those it is for, and is told where it does not arrive."""

import os
import stat
import subprocess
import sys
from pathlib import Path
from shutil import copytree
from typing import IO

import pytest
from click.testing import CliRunner, Result

from coopfx.apps.cli.main import cli
from coopfx.apps.cli.output import write_file, write_folder
from coopfx.ground.report import Report

QUARTET = Path(__file__).parents[2] / "policies" / "quartet"


def call(*arguments: object) -> Result:
    """Call the command in English."""
    return CliRunner().invoke(cli, [*map(str, arguments), "--lang", "en"])


# ---- nothing is replaced unasked


@pytest.mark.parametrize("form", ["json", "text", "report.html"])
def test_a_file_that_is_there_is_replaced_only_where_asked(form: str, tmp_path: Path) -> None:
    output = tmp_path / "result"
    run = ("run", QUARTET, "--format", form, "--output", output)
    output.write_text("somebody's own work", "utf-8")
    refused = call(*run)
    assert refused.exit_code == 2 and "P914" in refused.stderr and "--force" in refused.stderr
    assert output.read_text("utf-8") == "somebody's own work"
    assert call(*run, "--force").exit_code == 0
    assert "somebody" not in output.read_text("utf-8")
    assert call(*run).exit_code == 0, "the same bytes are no replacement"


def test_links_and_folders_in_the_place_of_a_file_are_left_alone(tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "nowhere")
    for name in ("folder", "link"):
        ended = call("run", QUARTET, "--format", "json", "--output", tmp_path / name)
        assert ended.exit_code == 2 and "P914" in ended.stderr
    assert not (tmp_path / "nowhere").exists()


def test_papers_are_made_anew_beside_what_others_put_there(tmp_path: Path) -> None:
    output = tmp_path / "papers"
    assert call("papers", QUARTET, "--output", output).exit_code == 0
    first = {path: path.read_bytes() for path in output.rglob("*") if path.is_file()}
    (output / "notes.txt").write_text("ours", "utf-8")
    (output / "statements" / "somebody-who-left.pdf").write_bytes(b"of another year")
    (output / "report.html").write_text("changed", "utf-8")
    refused = call("papers", QUARTET, "--output", output)
    assert refused.exit_code == 2 and "P914" in refused.stderr
    assert (output / "report.html").read_text("utf-8") == "changed"
    assert call("papers", QUARTET, "--output", output, "--force").exit_code == 0
    after = {path: path.read_bytes() for path in output.rglob("*") if path.is_file()}
    assert after == first | {output / "notes.txt": b"ours"}
    assert sorted(tmp_path.iterdir()) == [output]


def test_what_cannot_be_written_leaves_the_folder_as_it_was(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    target = tmp_path / "made"
    assert write_folder(target, {"one": b"1"}, Report())

    def fails(path: Path, to: Path) -> Path:
        if path.name == "folder":
            raise OSError(28, "No space left on device")
        return path.replace(to)

    monkeypatch.setattr(Path, "rename", fails)
    report = Report()
    assert not write_folder(target, {"one": b"2"}, report, force=True)
    assert [item.code for item in report.diagnostics] == ["P980"]
    assert (target / "one").read_bytes() == b"1" and sorted(tmp_path.iterdir()) == [target]


# ---- who may read it


def test_statements_are_readable_by_their_owner_alone(tmp_path: Path) -> None:
    before = os.umask(0o022)
    try:
        call("papers", QUARTET, "--output", tmp_path / "papers")
        call("run", QUARTET, "--format", "statement.html", "--output", tmp_path / "statements")
    finally:
        os.umask(before)
    for folder in (tmp_path / "papers" / "statements", tmp_path / "statements"):
        files = list(folder.iterdir())
        assert files
        assert {stat.S_IMODE(path.stat().st_mode) for path in files} == {0o600}
    assert stat.S_IMODE((tmp_path / "papers" / "statements").stat().st_mode) == 0o700
    assert stat.S_IMODE((tmp_path / "papers" / "report.html").stat().st_mode) == 0o644


# ---- what does not arrive


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no /dev/full here")
@pytest.mark.parametrize("form", ["text", "json"])
def test_a_full_output_is_told(form: str) -> None:
    with Path("/dev/full").open("wb") as full:
        ended = process(["run", str(QUARTET), "--format", form], full)
    assert ended.returncode == 2 and "P981" in ended.stderr and "no room" in ended.stderr
    assert "Traceback" not in ended.stderr and "Exception ignored" not in ended.stderr


def test_an_output_that_nobody_reads_is_told() -> None:
    reader, writer = os.pipe()
    os.close(reader)
    with os.fdopen(writer, "wb", 0) as unread:
        ended = process(["run", str(QUARTET)], unread)
    assert ended.returncode == 2 and "P981" in ended.stderr and "nobody reads on" in ended.stderr
    assert "Traceback" not in ended.stderr and "Exception ignored" not in ended.stderr


@pytest.mark.parametrize("command", ["run", "check"])
def test_a_closed_output_is_told(command: str) -> None:
    ended = process([command, str(QUARTET)], None)
    assert ended.returncode == 2 and "output is closed" in ended.stderr
    assert "Traceback" not in ended.stderr


@pytest.mark.parametrize("command", ["check", "run"])
def test_a_command_ends_alike_where_nobody_hears_what_is_told(command: str) -> None:
    asked = [sys.executable, "-m", "coopfx", command, str(QUARTET)]
    for _ in range(2):  # what is kept is said again as what is worked out
        heard, unheard = (
            subprocess.run(
                ["sh", "-c", f'exec "$@" {closed}', "sh", *asked],
                stdout=subprocess.PIPE,
                check=False,
            )
            for closed in ("2>/dev/null", "2>&-")
        )
        assert (unheard.returncode, unheard.stdout) == (heard.returncode, heard.stdout)
        assert heard.returncode == 0


def process(arguments: list[str], output: IO[bytes] | None) -> subprocess.CompletedProcess[str]:
    """Call the command in a process of its own, whose output is closed where none is given."""
    return subprocess.run(
        [sys.executable, "-m", "coopfx", *arguments, "--lang", "en"],
        stdout=output,
        stderr=subprocess.PIPE,
        text=True,
        encoding="utf-8",
        preexec_fn=(lambda: os.close(1)) if output is None else None,
    )


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no /dev/full here")
def test_a_device_is_written_to_and_never_replaced(tmp_path: Path) -> None:
    report = Report()
    assert not write_file(Path("/dev/full"), b"x" * 10_000, report)
    assert [item.code for item in report.diagnostics] == ["P980"]
    assert stat.S_ISCHR(Path("/dev/full").stat().st_mode)
    assert write_file(Path("/dev/null"), b"x", Report())
    assert stat.S_ISCHR(Path("/dev/null").stat().st_mode)


# ---- a year that is a link


@pytest.mark.parametrize("asked", [(), ("2024",), ("2025",)])
def test_a_years_folder_that_leads_out_of_its_policy_is_not_read(
    asked: tuple[str, ...], tmp_path: Path
) -> None:
    policy, elsewhere = tmp_path / "policy", tmp_path / "elsewhere"
    copytree(QUARTET, policy)
    copytree(QUARTET / "2024", elsewhere)
    (policy / "2025").symlink_to(elsewhere)
    ended = call("run", policy, *asked)
    assert ended.exit_code == 2 and "D730" in ended.stderr and "2025" in ended.stderr
    (policy / "2025").unlink()
    (policy / "again").symlink_to(policy / "2024")
    assert call("run", policy, "again").exit_code == 0, (
        "a link inside the policy leads nowhere else"
    )


@pytest.mark.parametrize("name", ["cooperative.toml", "people.csv"])
def test_a_years_file_that_leads_out_of_its_folder_is_not_read(name: str, tmp_path: Path) -> None:
    policy = tmp_path / "policy"
    copytree(QUARTET, policy)
    (policy / "2024" / name).rename(tmp_path / name)
    (policy / "2024" / name).symlink_to(tmp_path / name)
    ended = call("run", policy)
    assert ended.exit_code == 2 and "D730" in ended.stderr
