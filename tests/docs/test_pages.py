"""Every diagnostic has its page: the mistake it shows is told of by that code, the mended one by none.

`make pages` writes docs/diagnostics/ anew.
"""

import json
import re
from collections.abc import Callable
from functools import cache
from pathlib import Path

import pytest
from click.testing import CliRunner
from jsonschema import Draft202012Validator

from coopfx.apps.cli import pages
from coopfx.apps.cli.main import cli
from coopfx.apps.cli.mistakes import Example, example
from coopfx.ground.report import Report
from coopfx.ground.words import Words
from coopfx.plugged.world import World, load_world

REPOSITORY = Path(__file__).parent.parent.parent
PAGES = REPOSITORY / "docs" / "diagnostics"
SCHEMA = REPOSITORY / "docs" / "schema" / "help.schema.json"
TOLD = re.compile(r"^(?:\w+) ([SNTMLEDRP]\d{3}) ", re.MULTILINE)
# A law that cannot be used is told of after what is wrong in its text.
# That nothing was proved is told beside what stops a proof.
ALSO = {"L509": {"S101"}, "D741": {"D735"}, "L523": {"L518"}, "P993": {"N211"}}
# That a rule is set aside is said wherever one is, and rightly so too; and where a loss goes.
SETS_ASIDE = {code: {"L518"} for code in ("L519", "L520", "L522", "L523", "L524")} | {
    "R825": {"R805"}
}


@cache
def world() -> World:
    return load_world(Report())


def english() -> Words:
    return world().words("en")


CODES = [code for code in pages.codes(english()) if "." not in code]
MISTAKES = [(code, found) for code in CODES if (found := example(code)) is not None]
every_mistake = pytest.mark.parametrize(
    ("code", "found"), MISTAKES, ids=[code for code, _ in MISTAKES]
)


@pytest.fixture(autouse=True)
def plain_output(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_COLOR", "1")


def test_the_pages_are_those_that_the_source_makes(golden: Callable[..., None]) -> None:
    made = pages.site(english())
    there = [path.name for path in PAGES.glob("*")]
    assert sorted(there) == sorted(made), "run `make pages`"
    for name, text in made.items():
        golden(PAGES / name, text, "make pages")


@every_mistake
def test_a_mistake_is_told_of_by_its_code_alone(code: str, found: Example) -> None:
    answer = found.wrong.answer("en")
    assert set(TOLD.findall(answer)) - ALSO.get(code, set()) == {code}, answer


@every_mistake
def test_the_mended_text_is_told_of_by_none(code: str, found: Example) -> None:
    if found.mended is not None:
        answer = found.mended.answer("en")
        assert not set(TOLD.findall(answer)) - SETS_ASIDE.get(code, set()), answer
        assert found.mended != found.wrong


def test_what_no_page_can_show_is_shown_by_another_test() -> None:
    shown = {code for code, _ in MISTAKES}
    tests = [path for path in (REPOSITORY / "tests").rglob("*") if path.suffix in {".py", ".md"}]
    others = "".join(path.read_text("utf-8") for path in tests if path != Path(__file__))
    unseen = [code for code in CODES if code not in shown and code not in others]
    assert not unseen, (
        "give these a mistake in grammars/diagnostics/, or where it would be too large a case under "
        "tests/: " + ", ".join(unseen)
    )


def test_there_is_no_mistake_without_a_code() -> None:
    for path in (REPOSITORY / "grammars" / "diagnostics").glob("*.toml"):
        written = re.findall(r"^\[([A-Z]\d+)\]$", path.read_text("utf-8"), re.MULTILINE)
        assert written == sorted(code for code in CODES if code[0] == path.stem)


@pytest.mark.parametrize("language", sorted(world().languages))
def test_every_page_is_shown_in_every_language(language: str) -> None:
    words = world().words(language)
    for code in CODES:
        page = pages.page(code, words, english())
        assert page.why and page.help and "{" not in page.title + page.help, code
        assert "why" in words.diagnostics[code], code
    for code in ("M404", "S121"):
        ended = CliRunner().invoke(cli, ["help", code.lower(), "--lang", language])
        assert (ended.exit_code, ended.stderr) == (0, "")
        assert code in ended.stdout and "help." not in ended.stdout


def test_the_help_of_programs_keeps_to_its_schema() -> None:
    schema = Draft202012Validator(json.loads(SCHEMA.read_text("utf-8")))
    for arguments in ([], ["M404"], ["P912"], ["S121"]):
        ended = CliRunner().invoke(cli, ["help", *arguments, "--format", "json"])
        assert ended.exit_code == 0
        schema.validate(json.loads(ended.stdout))


def test_the_help_of_a_command_is_shown_too() -> None:
    ended = CliRunner().invoke(cli, ["help", "run"], prog_name="coopfx")
    own = CliRunner().invoke(cli, ["run", "--help"], prog_name="coopfx")
    assert (ended.exit_code, ended.stdout) == (0, own.stdout)
