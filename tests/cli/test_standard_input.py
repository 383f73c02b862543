"""A statute on standard input: what the golden cases, which give commands no input, cannot show."""

import pytest
from click.testing import CliRunner, Result

from coopfx.apps.cli.main import cli
from oak import HEADING

ENGLISH = (
    HEADING
    + """
article 1 "Sharing"
  allocate surplus
    60% to work_share
    rest to reserves
    losses to losses_brought_forward

example "a small year"
  given surplus = 100 EUR
  expect work_share = 60 EUR
"""
)
FRENCH = "statuts « Chêne »\ndevise EUR\nen vigueur depuis 2024-01-01\n"


@pytest.fixture(autouse=True)
def plain_output(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_COLOR", "1")


def call(statute: str | bytes, *arguments: str) -> Result:
    return CliRunner().invoke(cli, arguments, input=statute, prog_name="coopfx")


def test_a_statute_is_checked_in_english_unless_another_language_is_named() -> None:
    result = call(ENGLISH, "check", "-")
    assert (result.exit_code, result.output) == (0, "standard input: nothing wrong.\n")
    result = call(FRENCH, "check", "-", "--lang", "fr")
    assert (result.exit_code, result.output) == (0, "entrée standard\u00a0: rien à signaler.\n")
    assert call(FRENCH, "check", "-").exit_code == 1


def test_a_mistake_is_shown_with_its_place() -> None:
    result = call(ENGLISH.replace("surplus\n", "surplsu\n", 1), "check", "-")
    assert result.exit_code == 1
    assert "error N201 The name `surplsu` is not known.\n  -:6:12\n" in result.stderr


def test_what_is_no_text_is_told() -> None:
    result = call(b"statute \xff\n", "check", "-")
    assert result.exit_code == 2
    assert "S120" in result.stderr


def test_its_examples_run() -> None:
    result = call(ENGLISH, "test", "-")
    assert result.exit_code == 0
    assert result.stdout.endswith("1 of 1 example passed.\n")


def test_a_run_needs_a_year() -> None:
    result = call(ENGLISH, "run", "-")
    assert result.exit_code == 2
    assert result.stdout == ""
    assert "P929" in result.stderr


def test_a_run_on_a_year_that_is_named(tmp_path_factory: pytest.TempPathFactory) -> None:
    year = tmp_path_factory.mktemp("year")
    (year / "cooperative.toml").write_text("closing = 2024-12-31\nsurplus = 100\n", "utf-8")
    result = call(ENGLISH, "run", "-", str(year))
    assert result.exit_code == 0
    assert "€60.00" in result.stdout
