"""The meeting's paper of a comparison: its parts, of one or several scenarios, anonymous if asked."""

import re
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from coopfx.apps.cli.main import cli

ALMA = Path(__file__).parents[3] / "policies" / "alma"
LESS = ("--change", "60% -> 20%")
SEVERAL = ("--scenario", "less", *LESS, "--scenario", "more", "--change", "60% -> 65%")


def compare(*arguments: object, language: str = "en") -> Result:
    return CliRunner().invoke(
        cli, ["compare", str(ALMA), "2024", *map(str, arguments), "--lang", language]
    )


def page(*arguments: object) -> str:
    found = compare(*arguments, "--format", "html")
    assert found.stdout.startswith("<!doctype html>"), found.stderr
    return re.sub(r"<style>.*?</style>", "", found.stdout, flags=re.DOTALL)


def test_the_sentence_stands_on_top_and_the_words_beside_each_other() -> None:
    shown = page("--change", "60% -> 45%", "--by", "team")
    sentence = "180 people receive less, from €1,342.58 to €9,198.09; reserves: €1,126,037.24 more"
    assert shown.index(sentence) < shown.index("<h2>")
    assert "<del>60% to work_share</del>" in shown and "<ins>45% to work_share</ins>" in shown
    for said in ("−€1,126,037.24", "+€1,126,037.24", "€0.00 is left over", "t01 (40)"):
        assert said in shown
    assert "p042" not in shown


def test_a_rule_that_turns_is_marked() -> None:
    shown = page(*LESS)
    (row,) = re.findall(r"<tr class=amiss>.*?</tr>", shown)
    assert "At least 25% to the work share" in row and "violated" in row


def test_each_person_only_where_that_is_asked() -> None:
    assert "p042" in page(*LESS, "--parts")
    assert "p042" not in page(*LESS, "--parts", "--anonymous")


def test_nobody_s_own_amount_is_on_an_anonymous_paper() -> None:
    shown = page("--change", "60% -> 45%", "--anonymous", "--by", "team")
    for own in ("€1,342.58", "€9,198.09", "lowest", "highest"):
        assert own not in shown
    assert "180 people receive less" in shown


def test_several_scenarios_stand_side_by_side() -> None:
    shown = page(*SEVERAL)
    assert shown.count("<del>60% to work_share</del>") == 2
    assert "less: People" in shown and "more: People" in shown


@pytest.mark.parametrize("arguments", [LESS, SEVERAL, (*SEVERAL, "--anonymous", "--by", "team")])
def test_it_is_set_as_a_pdf(arguments: tuple[str, ...], tmp_path: Path) -> None:
    output = tmp_path / "paper.pdf"
    found = compare(*arguments, "--format", "pdf", "--output", output)
    assert output.read_bytes().startswith(b"%PDF-"), found.stderr


@pytest.mark.parametrize("language", ["fr", "es", "it"])
def test_it_speaks_the_reader_s_language(language: str) -> None:
    change = {"fr": "60 % -> 20 %", "es": "60 % -> 20 %", "it": "60% -> 20%"}[language]
    found = compare("--change", change, "--format", "html", language=language)
    assert f'<html lang="{language}">' in found.stdout, found.stderr
    body = re.sub(r"<style>.*?</style>", "", found.stdout, flags=re.DOTALL)
    assert not re.search(r"\b(papers|compare)\.\w|\{\w+\}", body)


def test_a_format_that_nobody_brings_is_refused() -> None:
    found = compare(*LESS, "--format", "docm")
    assert found.exit_code == 2 and "xlsx" in found.stderr
