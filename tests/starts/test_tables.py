"""What models leave open is said in every language, and every answer makes a statute."""

import tomllib
from collections.abc import Iterator
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from coopfx.engine.examples.run import run_examples
from coopfx.formats.questions import Asked
from coopfx.ground.exact import Known
from coopfx.ground.report import Report
from coopfx.plugged.world import World, load_world
from coopfx.starts.model import Start, open_start
from coopfx.starts.rates import Rate, RateError
from coopfx.starts.table import SAID, Open, holds
from coopfx.starts.text import Decided, Writer

ROOT = Path(__file__).parents[2]
LANGUAGES = ("fr", "en", "es", "it")
TABLES = sorted(ROOT.glob("plugins/coopfx-*/coopfx_*/models/*.toml"))
MODELS = ("fr.scop.sarl", "fr.scic.sarl", "es.euskadi.trabajo", "it.lavoro.srl")


@cache
def world() -> World:
    return load_world(Report())


@cache
def start(name: str) -> Start:
    report = Report()
    found = open_start(name, world(), report)
    assert found is not None and not report.diagnostics
    return found


def leaves(table: dict[str, Any], above: str = "") -> Iterator[str]:
    for key, value in table.items():
        path = f"{above}.{key}".strip(".")
        yield from leaves(value, path) if isinstance(value, dict) else [path]


def test_every_model_that_is_published_says_what_it_leaves_open() -> None:
    names = {name for name in world().models if name.startswith(("fr.", "es.", "it."))}
    assert names == {*MODELS, "fr.scop.sa", "fr.scop.sas", "fr.scic.sas"}
    assert all(start(name).table.questions for name in names)


@pytest.mark.parametrize("name", sorted(world().models))
def test_a_model_is_said_alike_in_every_language(name: str) -> None:
    words = {key: tomllib.loads(text) for key, text in world().models[name].words.items()}
    assert set(words) == set(LANGUAGES)
    first = set(leaves(words["fr"]))
    for language in LANGUAGES:
        assert set(leaves(words[language])) == first, language
    said = [tomllib.loads(one)["title"] for one in world().models[name].words.values()]
    assert all(said)


@pytest.mark.parametrize("table", TABLES, ids=lambda path: path.stem)
def test_what_a_table_takes_from_the_words_is_all_that_they_say(table: Path) -> None:
    data = tomllib.loads(table.read_text("utf-8"))
    words = tomllib.loads((table.parents[1] / "words" / "fr" / table.name).read_text("utf-8"))
    keys = {one["key"]: one for one in data["questions"]}
    assert set(words["questions"]) == set(keys)
    for key, one in keys.items():
        said = words["questions"][key]
        assert said["text"] and said["why"]
        assert set(said.get("choices", ())) == set(one.get("choices", ())), key
    text = table.read_text("utf-8")
    taken = {part.partition("}")[0] for part in text.split("{" + SAID)[1:]}
    assert taken == set(words["said"])


# ---- every answer makes a statute


def answers_of(found: Start, number: int) -> dict[str, Known]:
    """The answers of which each is the so-manieth that there is; of numbers, a bound."""
    answers: dict[str, Known] = {}
    for one in found.questions:
        if holds(one.when, answers):
            answers |= (
                {one.key: value} if (value := chosen(one, number, answers)) is not None else {}
            )
    return answers


def chosen(one: Open, number: int, answers: dict[str, Known]) -> Known | None:
    if one.kind is Asked.CHOICE:
        return one.choices[number % len(one.choices)]
    if one.kind is Asked.YES_NO:
        return number % 2 == 1
    bound = (one.default, one.low, one.high)[number % 3] or one.default
    return bound.value(answers) if isinstance(bound, Rate) else bound


@pytest.mark.parametrize("number", range(6))
@pytest.mark.parametrize("name", MODELS)
def test_every_answer_makes_a_statute_that_is_well(name: str, number: int) -> None:
    found = start(name)
    answers, language = answers_of(found, number), LANGUAGES[number % len(LANGUAGES)]
    decided = Decided("Les Tilleuls", date(2026, 1, 1), answers, frozenset(answers))
    writer, report = Writer(found, decided, world().words(language), world()), Report()
    text = writer.statute(report)
    assert text is not None, report.diagnostics
    statute = writer.compiled(text, language, report)
    assert statute is not None, report.diagnostics
    assert len(run_examples(statute.program, report)) >= 2
    assert not report.diagnostics, (text, report.diagnostics)


# ---- rates


@pytest.mark.parametrize(
    "text", ["", "85", "85 % -", "85 % saved", "85 % * 2", "é", "1/0", "- - 1 %"]
)
def test_what_is_no_sum_is_refused(text: str) -> None:
    if text == "85":
        assert Rate.of(text).value({}) == 85
        return
    with pytest.raises(RateError):
        Rate.of(text)
