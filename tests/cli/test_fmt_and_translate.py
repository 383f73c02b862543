"""What ``coopfx fmt`` and ``coopfx translate`` do with the user's files, and with standard input."""

import json
import os
import stat
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from coopfx.apps.cli.main import cli

REPOSITORY = Path(__file__).parents[2]
ODD = 'statute   "Oak"\ncurrency EUR # é\n'
EVEN = 'statute "Oak"\ncurrency EUR  # é\n'


@pytest.fixture(autouse=True)
def plain_output(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    monkeypatch.chdir(tmp_path)


def call(*arguments: str, text: str | bytes = "") -> Result:
    return CliRunner().invoke(cli, arguments, input=text, prog_name="coopfx")


def test_the_repository_is_laid_out() -> None:
    folders = [str(REPOSITORY / name) for name in ("policies", "plugins")]
    result = call("fmt", "--check", *folders)
    assert result.exit_code == 0, result.output
    prelude = REPOSITORY / "grammars" / "prelude.coop"
    assert call("fmt", "--check", "--language", "en", str(prelude)).exit_code == 0


def test_standard_input_goes_to_standard_output() -> None:
    assert call("fmt", "-", text=ODD).stdout == EVEN
    assert call("fmt", "--check", "-", text=ODD).exit_code == 1
    french = call("fmt", "-", "--language", "fr", text="statuts «x»\ndevise   EUR\n")
    assert french.stdout == "statuts « x »\ndevise EUR\n"
    assert call("fmt", "-", text="statuts «x»\n").exit_code == 2
    assert (
        call("translate", "-", "--to", "fr", text=EVEN).stdout
        == "statuts « Oak »\ndevise EUR  # é\n"
    )
    back = call("translate", "-", "--to", "en", "--language", "fr", text="devise EUR\n")
    assert back.stdout == "currency EUR\n"
    shown = json.loads(call("fmt", "-", "--format", "json", text=ODD).stdout)
    assert shown["texts"] == [{"file": "-", "changed": True, "text": EVEN}]


@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_line_ends_and_a_byte_order_mark_stay(mark: bytes, end: str, tmp_path: Path) -> None:
    path = tmp_path / "statute.en.coop"
    path.write_bytes(mark + ODD.replace("\n", end).encode())
    path.chmod(0o640)
    assert call("fmt", "statute.en.coop").exit_code == 0
    assert path.read_bytes() == mark + EVEN.replace("\n", end).encode()
    assert stat.S_IMODE(path.stat().st_mode) == 0o640
    assert list(tmp_path.iterdir()) == [path]


def test_a_text_that_is_laid_out_is_not_written(tmp_path: Path) -> None:
    path = tmp_path / "statute.en.coop"
    path.write_text(EVEN, "utf-8")
    os.utime(path, (1, 1))
    assert call("fmt", ".").exit_code == 0
    assert path.stat().st_mtime == 1


def test_a_link_is_not_written_through(tmp_path: Path) -> None:
    (tmp_path / "oak.coop").write_text(ODD, "utf-8")
    link = tmp_path / "statute.en.coop"
    link.symlink_to("oak.coop")
    result = call("fmt", "statute.en.coop")
    assert result.exit_code == 2
    assert "P950" in result.stderr and "oak.coop" in result.stderr
    assert link.is_symlink() and link.read_text("utf-8") == ODD
    assert call("fmt", "--check", "statute.en.coop").exit_code == 1


def test_a_file_that_may_only_be_read_stays(tmp_path: Path) -> None:
    path = tmp_path / "statute.en.coop"
    path.write_text(ODD, "utf-8")
    path.chmod(0o444)
    result = call("fmt", "statute.en.coop")
    assert result.exit_code == 2 and "P951" in result.stderr
    assert path.read_text("utf-8") == ODD


def test_a_file_is_written_whole_or_not_at_all(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "statute.en.coop"
    path.write_text(ODD, "utf-8")

    def refuse(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "replace", refuse)
    result = call("fmt", "statute.en.coop")
    assert result.exit_code == 2 and "P980" in result.stderr
    assert path.read_text("utf-8") == ODD
    assert list(tmp_path.iterdir()) == [path]


def test_a_translation_of_every_version_goes_into_a_folder(tmp_path: Path) -> None:
    for name in ("statute.en.coop", "statute.2015.en.coop"):
        (tmp_path / name).write_text(EVEN, "utf-8")
    (tmp_path / "out").mkdir()
    assert call("translate", ".", "--to", "it", "--output", "out").exit_code == 0
    found = {path.name: path.read_text("utf-8") for path in (tmp_path / "out").iterdir()}
    assert found == dict.fromkeys(
        ("statute.it.coop", "statute.2015.it.coop"), "statuto «Oak»\nvaluta EUR  # é\n"
    )


def test_hidden_folders_and_linked_folders_are_left_out(tmp_path: Path) -> None:
    for folder in (".hidden", "seen", "elsewhere"):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "statute.en.coop").write_text(ODD, "utf-8")
    (tmp_path / "seen" / "link").symlink_to(tmp_path / "elsewhere")
    result = call("fmt", "--check", "seen", ".hidden/../seen")
    assert result.stdout.count("statute.en.coop") == 2
    assert "elsewhere" not in call("fmt", "--check", "seen").stdout
    assert ".hidden" not in call("fmt", "--check", ".").stdout
