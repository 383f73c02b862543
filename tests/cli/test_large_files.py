"""Files beyond what is read: told at once, by their size or after so many mistakes."""

from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from coopfx.apps.cli.main import cli
from coopfx.formats import cells, toml
from coopfx.ground.source import LARGEST_TEXT
from coopfx.language.parse import LONGEST_CLAUSE
from oak import HEADING

STATUTE = (
    HEADING
    + """require paid: salary > 0 EUR for each worker
"""
)


@pytest.fixture
def oak(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "statute.en.coop").write_text(STATUTE)
    (tmp_path / "2024").mkdir()
    (tmp_path / "2024" / "cooperative.toml").write_text("closing = 2024-12-31\n")
    return tmp_path


def call(*arguments: str) -> Result:
    return CliRunner().invoke(cli, arguments, prog_name="coopfx")


def enlarge(path: Path, size: int) -> None:
    """Make a file larger than it is, without writing so much."""
    with path.open("ab") as file:
        file.truncate(size)


def test_a_statute_too_large_is_not_read(oak: Path) -> None:
    enlarge(oak / "statute.en.coop", LARGEST_TEXT + 1)
    result = call("check", ".")
    assert (result.exit_code, "error S121 " in result.stderr) == (2, True)


def test_a_clause_too_long_is_not_read(oak: Path) -> None:
    terms = " + salary" * (LONGEST_CLAUSE // 2)
    (oak / "statute.en.coop").write_text(STATUTE.replace("salary >", f"salary{terms} >"))
    result = call("check", ".")
    assert (result.exit_code, "error S124 " in result.stderr) == (1, True)


def test_data_too_large_are_not_read(oak: Path) -> None:
    enlarge(oak / "2024" / "cooperative.toml", toml.LARGEST_FILE + 1)
    result = call("run", ".")
    assert (result.exit_code, "error D714 " in result.stderr) == (2, True)


def test_a_table_full_of_mistakes_is_left(oak: Path) -> None:
    rows = [f"p{number},yes,lots" for number in range(cells.MOST_MISTAKES + 50)]
    (oak / "2024" / "people.csv").write_text("\n".join(["id,worker,salary", *rows]))
    result = call("run", ".")
    assert result.exit_code == 2
    assert "error D721 " in result.stderr
    assert result.stderr.count("error D703 ") == cells.MOST_MISTAKES
