"""What the models of this repository leave open, and what the kit finds of a stranger's."""

import tomllib
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from coopfx.ground.report import Report
from coopfx.plugged.hookspecs import Model, hookimpl
from coopfx.plugged.world import Found, World, load_world
from coopfx.starts import conformance
from coopfx.starts.model import Start, open_start
from coopfx.starts.rates import Rate, RateError
from coopfx.starts.table import SAID

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
    names = set(world().models)
    assert names == {*MODELS, "plain", "fr.scop.sa", "fr.scop.sas", "fr.scic.sas"}
    assert all(start(name).table.questions for name in names)


def test_the_model_that_coopfx_brings_is_well() -> None:
    assert conformance.unsaid("plain", LANGUAGES, world()) == []
    assert conformance.answered("plain", LANGUAGES, world()) == []


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


# ---- what the kit does not pass

TABLE = """
[[questions]]
key = "saved"
kind = "percentage"
default = "10 %"
low = "10 %"
high = "{high}"

[[articles]]
number = "1"
[[articles.parts]]
text = '''
replace article 1 "{{say.sharing}}"
  allocate surplus
    {{saved}} to reserves.legal
    {{100 % - saved}} to reserves.development
    losses to losses_brought_forward
'''
"""
MODEL = """statute "A model"
currency EUR
in force from 2020-01-01

article 1 "Sharing"
  allocate surplus
    10% to reserves.legal
    rest to reserves.development
    losses to losses_brought_forward
"""


def with_model(high: str, words: str) -> World:
    module = ModuleType("ovens")

    def coopfx_models() -> list[Model]:
        table = TABLE.format(high=high)
        return [Model("my.oven", "oven.en.coop", "en", MODEL, 2, table, {"en": words, "fr": words})]

    module.coopfx_models = hookimpl(coopfx_models)  # type: ignore[attr-defined]
    report = Report()
    made = load_world(report, [(Found("ovens", "ovens", "ovens", "1.0"), module)])
    assert not report.diagnostics
    return made


SAID_WHOLE = """title = "Oven"
[questions.saved]
text = "How much?"
why = "It stays."
[said]
sharing = "Sharing"
"""


def test_a_model_that_is_well_passes() -> None:
    made = with_model("50 %", SAID_WHOLE)
    assert conformance.unsaid("my.oven", ("en", "fr"), made) == []
    assert conformance.answered("my.oven", ("en", "fr"), made) == []


def test_an_answer_that_makes_no_statute_is_found() -> None:
    (wrong,) = conformance.answered("my.oven", ("en",), with_model("120 %", SAID_WHOLE))
    assert wrong.startswith("my.oven: in en, with saved = 6/5") and "M40" in wrong


def test_a_sentence_that_is_not_said_is_found() -> None:
    made = with_model("50 %", SAID_WHOLE.replace('why = "It stays."\n', ""))
    assert conformance.unsaid("my.oven", ("en", "fr"), made) == [
        f"my.oven: words/{language} does not say `questions.saved.why`" for language in ("en", "fr")
    ]
    made = with_model("50 %", SAID_WHOLE.partition("[said]")[0])
    assert len(conformance.unsaid("my.oven", ("en",), made)) == 1
    assert all("say.sharing" in one for one in conformance.answered("my.oven", ("en",), made))
