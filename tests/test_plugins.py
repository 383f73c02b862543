"""Plugins: taken whole or not at all, each mistake one diagnostic that names it, collisions told."""

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from types import ModuleType

import pytest
from attrs import evolve
from click.testing import CliRunner
from jsonschema import Draft202012Validator

from coopfx.apps.cli.main import cli
from coopfx.ground.report import Diagnostic, Report
from coopfx.laws.examine import examine
from coopfx.plugged import hookspecs
from coopfx.plugged.hookspecs import (
    CONTRACT,
    OLDEST_CONTRACT,
    Command,
    Language,
    Law,
    Model,
    Reader,
    Sentences,
    Writer,
    hookimpl,
)
from coopfx.plugged.world import Found, World, load_world

LAW = """law demo.bakers "Bakers"
currency EUR
in force from 2020-01-01

article 1 "Reserves" ref "Bakers act, article 1"
  require kept: reserves >= 5% of surplus
"""
MODEL = """statute "Model"
currency EUR
in force from 2020-01-01

article 1 "Surplus"
  allocate surplus
    rest to reserves.development
    losses to losses_brought_forward
"""


def law(name: str = "demo.bakers", text: str = LAW, contract: int = CONTRACT, **words: str) -> Law:
    return Law(name, f"{name}.en.coop", "en", text, words, contract)


def plugin(name: str = "demo", /, **hooks: Callable[[], object]) -> tuple[Found, ModuleType]:
    """A plugin whose hooks are functions, each marked as a hook."""
    module = ModuleType(f"{name}_pack")
    for hook, function in hooks.items():
        setattr(module, hook, hookimpl(function))
    return Found(name, module.__name__, f"coopfx-{name}", "1.2"), module


def good() -> tuple[Found, ModuleType]:
    return plugin("good", coopfx_models=lambda: [Model("good.model", "good.en.coop", "en", MODEL)])


def loaded(*plugins: tuple[Found, ModuleType]) -> tuple[World, list[Diagnostic]]:
    report = Report()
    world = load_world(report, plugins)
    return world, report.diagnostics


def message(told: Diagnostic, world: World, language: str = "en") -> str:
    return world.words(language).message(told)


def test_what_is_installed_is_sound() -> None:
    world, told = loaded()
    assert not told
    report = Report()
    examine(world, report)
    assert not report.diagnostics, [message(item, world) for item in report.diagnostics]
    assert world.plugins[0].distribution == "coopfx"


def test_all_that_coopfx_brings_comes_through_the_hooks() -> None:
    world, _ = loaded()
    own = world.plugins[0]
    assert set(own.languages) == {"en", "es", "fr", "it"}
    assert own.readers == ("csv",) and own.writers[:2] == ("text", "json")
    assert {"run", "check", "plugins"} <= set(own.commands)


def test_every_hook_has_its_declaration_and_says_what_it_is_for() -> None:
    specified = {name for name in vars(hookspecs) if name.startswith("coopfx_")}
    assert specified == set(hookspecs.HOOKS)
    for hook, sort in hookspecs.HOOKS.items():
        assert getattr(hookspecs, hook).__doc__ and sort.__doc__


def test_the_list_of_plugins_keeps_to_its_schema() -> None:
    path = Path(__file__).parent.parent / "docs" / "schema" / "plugins.schema.json"
    schema = Draft202012Validator(json.loads(path.read_text("utf-8")))
    for extra in ([], [broken()["a misspelt hook"], good()]):
        ended = CliRunner().invoke(cli, ["plugins", "--format", "json"], obj=extra)
        data = json.loads(ended.stdout)
        schema.validate(data)
        assert ended.exit_code == bool(extra), "what is left out is told by the status too"
        assert [item["code"] for item in data["diagnostics"]] == ["P903"] * bool(extra)
        assert ("good" in {item["name"] for item in data["plugins"]}) is bool(extra)


# ---- one diagnostic, the rest runs


def broken() -> dict[str, tuple[Found, ModuleType]]:
    def stops() -> object:
        raise RuntimeError("out of flour")

    def leaves() -> object:
        raise SystemExit(3)

    def later() -> object:
        yield law()
        raise RuntimeError("out of flour")

    unmarked = plugin()
    unmarked[1].coopfx_laws = lambda: [law()]  # type: ignore[attr-defined]
    reader = Reader("ods", ("ods",), lambda *_: ())
    return {
        "a hook that raises": plugin(coopfx_laws=stops),
        "a hook that ends the process": plugin(coopfx_laws=leaves),
        "a hook that raises after its first law": plugin(coopfx_laws=later),
        "a hook that returns nothing": plugin(coopfx_laws=lambda: None),
        "a misspelt hook": plugin(coopfx_law=lambda: [law()]),
        "a misspelt hook beside a good one": plugin(
            coopfx_laws=lambda: [law()], coopfx_words=lambda: []
        ),
        "a function without the mark": unmarked,
        "another declaration than the hook's": plugin(
            coopfx_laws=lambda: [Model("demo.bakers", "x", "en", MODEL)]
        ),
        "a law as a dict": plugin(coopfx_laws=lambda: [{"name": "demo.bakers"}]),
        "a name that is none": plugin(coopfx_laws=lambda: [law("demo bakers")]),
        "a suffix that is none": plugin(coopfx_readers=lambda: [reader]),
        "a command that is nowhere": plugin(
            coopfx_commands=lambda: [Command("bake", "Bake.", "bake")]
        ),
        "no hook at all": plugin(),
        "hooks that bring nothing": plugin(coopfx_laws=lambda: []),
        "a word file that is no TOML": plugin(coopfx_languages=lambda: [Language("eo", "= 1")]),
        "a word file without keywords": plugin(
            coopfx_languages=lambda: [Language("eo", 'language = "eo"\narticles = []')]
        ),
        "a word file of another language": plugin(
            coopfx_languages=lambda: [Language("eo", 'language = "pt"\narticles = []')]
        ),
    }


@pytest.mark.parametrize("name", broken())
def test_a_broken_plugin_is_one_message_that_names_it_and_the_rest_runs(name: str) -> None:
    world, told = loaded(broken()[name], good())
    assert [item.code for item in told] == ["P903"], name
    shown = message(told[0], world)
    assert "`demo`" in shown and "`coopfx-demo 1.2`" in shown
    assert "{" not in shown and "plugins.problem" not in shown, shown
    assert "good.model" in world.models
    assert "demo" not in {item.name for item in world.plugins}
    assert "demo.bakers" not in world.laws, "a plugin is taken whole or not at all"


@pytest.mark.parametrize("language", ["en", "es", "fr", "it"])
def test_what_is_amiss_is_said_in_every_language(language: str) -> None:
    for name, one in broken().items():
        world, told = loaded(one)
        shown = message(told[0], world, language)
        assert "plugins.problem" not in shown and "{" not in shown, (name, shown)


def test_a_misspelt_hook_is_told_with_what_was_meant() -> None:
    world, told = loaded(broken()["a misspelt hook"])
    assert "`coopfx_laws` is probably meant" in message(told[0], world)


# ---- what a plugin says of its own

SAID = """[phrases]
title = "Loaves of {year}"
[phrases.crust]
soft = "soft"
[diagnostics.E01]
message = "The loaf of `{name}` is not baked."
help = "Bake it."
help_nearest = "Did you mean `{nearest}`?"
why = "Nobody shares out dough."
[diagnostics.W02]
message = "The crust is soft."
help = "Wait."
why = "Bread keeps better with a crust."
"""
SAID_IN_FRENCH = """[phrases]
title = "Pains de {year}"
[diagnostics.E01]
message = "Le pain de `{name}` n'est pas cuit."
"""


def says(name: str = "loaf", **texts: str) -> Callable[[], list[Sentences]]:
    return lambda: [Sentences(name, texts or {"en": SAID, "fr": SAID_IN_FRENCH})]


def test_a_plugins_sentences_are_said_under_its_prefix() -> None:
    world, told = loaded(plugin(coopfx_sentences=says()))
    assert not told and world.plugins[-1].sentences == ("loaf",)
    french, spanish = world.words("fr"), world.words("es")
    assert french.phrase("loaf.title", year=2024) == "Pains de 2024"
    assert spanish.phrase("loaf.title", year=2024) == "Loaves of 2024"
    assert french.phrase("loaf.crust.soft") == "soft"
    burnt = Diagnostic("loaf.E01", None, {"name": "ana", "nearest": "anna"})
    assert french.message(burnt) == "Le pain de `ana` n'est pas cuit."
    assert french.help(burnt) == "Did you mean `anna`?"
    assert [Diagnostic(f"loaf.{code}", None).severity for code in ("E01", "W02", "N03")] == [
        "error",
        "warning",
        "note",
    ]


def test_no_plugins_sentence_takes_the_place_of_coopfx_s() -> None:
    taken = '[phrases]\nyes = "ja"\nmine = "mine"'
    world, told = loaded(plugin(coopfx_sentences=says("value", en=taken)))
    assert not told
    assert world.words("en").phrase("value.yes") == loaded()[0].words("en").phrase("value.yes")
    assert world.words("en").phrase("value.mine") == "mine"


def test_two_plugins_with_one_prefix_are_told() -> None:
    _, told = loaded(plugin("one", coopfx_sentences=says()), plugin("two", coopfx_sentences=says()))
    assert [item.code for item in told] == ["P910"]


@pytest.mark.parametrize(
    ("texts", "reason"),
    [
        ({"fr": SAID}, "no English"),
        ({"en": "= 1"}, "Invalid"),
        ({"en": "phrases = 3"}, "are tables"),
        ({"en": "[phrase]\na = 'b'"}, "[phrase]"),
        ({"en": "[phrases]\na = 1"}, "loaf.a is no text"),
        ({"en": SAID.replace("E01", "Q01")}, "Q01 is no code"),
        ({"en": SAID.replace("why =", "because =")}, "because is never shown"),
        ({"en": SAID.replace('why = "Nobody shares out dough."', "")}, "has no why"),
        ({"en": SAID, "fr": "[phrases]\nother = 'x'"}, "fr: loaf.other"),
        ({"en": SAID, "fr": SAID_IN_FRENCH.replace("E01", "E07")}, "fr: loaf.E07"),
        ({"en": SAID, "fr": SAID_IN_FRENCH.replace("{year}", "{jahr}")}, "{jahr}"),
    ],
)
def test_sentences_that_are_amiss_are_one_message(texts: dict[str, str], reason: str) -> None:
    for _ in range(2):  # what the cache keeps says the same
        world, told = loaded(plugin(coopfx_sentences=says(**texts)), good())
        assert [item.code for item in told] == ["P903"]
        assert reason in message(told[0], world) and "good.model" in world.models


def test_a_prefix_of_another_shape_is_refused() -> None:
    _, told = loaded(plugin(coopfx_sentences=says("Loaf", en=SAID)))
    assert [item.code for item in told] == ["P903"]


@pytest.mark.parametrize("code", ["loaf.E01", "LOAF.e01"])
def test_a_plugins_code_is_explained_and_listed(code: str) -> None:
    brought = [plugin(coopfx_sentences=says())]
    page = CliRunner().invoke(cli, ["help", code, "--lang", "fr"], obj=brought)
    assert page.exit_code == 0, page.output
    assert "Le pain de `…` n'est pas cuit." in page.stdout
    assert "Nobody shares out dough." in page.stdout
    listed = CliRunner().invoke(cli, ["help"], obj=brought).stdout
    assert "What the plugin `loaf` tells" in listed and "loaf.W02" in listed
    schema = Path(__file__).parent.parent / "docs" / "schema" / "help.schema.json"
    for arguments in (["help"], ["help", code]):
        data = CliRunner().invoke(cli, [*arguments, "--format", "json"], obj=brought).stdout
        Draft202012Validator(json.loads(schema.read_text("utf-8"))).validate(json.loads(data))
    near = CliRunner().invoke(cli, ["help", "loaf.E1"], obj=brought)
    assert near.exit_code == 2 and "loaf.E01" in near.stderr


# ---- contracts


@pytest.mark.parametrize(
    ("contract", "code"),
    [(OLDEST_CONTRACT - 1, "P930"), (CONTRACT + 1, "P909"), (CONTRACT + 7, "P909")],
)
def test_a_contract_that_coopfx_does_not_know_is_refused_by_name(contract: int, code: str) -> None:
    strange = plugin(coopfx_laws=lambda: [law(contract=contract), law("demo.other", LAW)])
    world, told = loaded(strange, good())
    assert [item.code for item in told] == [code]
    shown = message(told[0], world)
    assert "`demo`" in shown and "coopfx-demo 1.2" in shown and str(contract) in shown
    assert not {"demo.bakers", "demo.other"} & set(world.laws)
    assert "good.model" in world.models


@pytest.mark.parametrize("contract", range(OLDEST_CONTRACT, CONTRACT + 1))
def test_every_contract_from_the_oldest_to_the_newest_is_read(contract: int) -> None:
    world, told = loaded(plugin(coopfx_laws=lambda: [law(contract=contract)]))
    assert not told and "demo.bakers" in world.laws


@pytest.mark.parametrize("contract", range(OLDEST_CONTRACT, CONTRACT))
def test_a_plugin_of_an_older_contract_is_told_what_has_changed(contract: int) -> None:
    world, _ = loaded(plugin(coopfx_laws=lambda: [law(contract=contract), law("demo.new")]), good())
    report = Report()
    examine(world, report)
    [told] = [item for item in report.diagnostics if item.code == "P957"]
    changes = {}
    for language, words in world.languages.items():
        help_ = words.help(told) or ""
        assert "`demo`" in words.message(told) and f"`contract={CONTRACT}`" in help_
        changes[language] = help_
        for number in range(contract + 1, CONTRACT + 1):
            assert words.phrases[f"plugins.contract.{number}"] in help_
    assert len(set(changes.values())) == len(world.languages)


def test_the_matrix_of_contracts_in_the_docs_is_that_of_the_code() -> None:
    page = (Path(__file__).parent.parent / "docs" / "writing-a-plugin.md").read_text("utf-8")
    assert f"| 0.1 | {OLDEST_CONTRACT} to {CONTRACT} |" in page


# ---- collisions


@pytest.mark.parametrize(
    ("first", "second", "sort", "what"),
    [
        ({"coopfx_laws": lambda: [law()]}, {"coopfx_laws": lambda: [law()]}, "law", "demo.bakers"),
        (
            {"coopfx_readers": lambda: [Reader("a", (".loaf", ".crumb"), lambda *_: ())]},
            {"coopfx_readers": lambda: [Reader("b", (".CRUMB",), lambda *_: ())]},
            "suffix",
            ".crumb",
        ),
        (
            {"coopfx_writers": lambda: [Writer("x", lambda *_: "")]},
            {"coopfx_writers": lambda: [Writer("x", lambda *_: "")]},
            "writer",
            "x",
        ),
    ],
)
def test_two_plugins_that_bring_one_name_are_both_named(
    first: dict[str, Callable[[], object]],
    second: dict[str, Callable[[], object]],
    sort: str,
    what: str,
) -> None:
    world, told = loaded(plugin("one", **first), plugin("two", **second), good())
    assert [item.code for item in told] == ["P910"]
    assert told[0].severity == "warning"
    assert world.origins[f"{sort} {what}"].distribution == "coopfx-one"
    shown = message(told[0], world)
    assert f"`{what}`" in shown and "`coopfx-one`" in shown and "`coopfx-two`" in shown
    assert "good.model" in world.models


@pytest.mark.parametrize(
    "hooks",
    [
        {"coopfx_commands": lambda: [Command("run", "Mine.", "pack.cli:run")]},
        {"coopfx_writers": lambda: [Writer("json", lambda *_: "")]},
        {"coopfx_readers": lambda: [Reader("mine", (".csv",), lambda *_: ())]},
    ],
)
def test_no_plugin_takes_the_place_of_what_coopfx_brings(
    hooks: dict[str, Callable[[], object]],
) -> None:
    world, told = loaded(plugin(**hooks))
    assert [item.code for item in told] == ["P910"]
    assert "`coopfx`" in message(told[0], world)
    assert world.origins["writer json"].distribution == "coopfx"
    assert world.readers[".csv"].name == "csv"


def test_one_plugin_that_brings_a_name_twice_is_told_too() -> None:
    _, told = loaded(plugin(coopfx_laws=lambda: [law(), law()]))
    assert [item.code for item in told] == ["P910"]


# ---- read whole


@pytest.mark.parametrize(
    ("bad", "shown"),
    [
        (law(text=LAW.replace("require kept:", "requir kept:")), "demo.bakers.en.coop:6"),
        (law(text=LAW.replace("reserves >=", "reservs >=")), "demo.bakers.en.coop:6"),
        (law(text=""), "demo.bakers.en.coop"),
        (law(fr="[rules]\nkept = 3"), "`demo.bakers` in `fr`"),
        (law(fr="[rulez]\nkept = 'x'"), "[rulez]"),
        (law(fr="rules"), "`demo.bakers` in `fr`"),
        (law(fr="[names]\nkept = [1]"), "kept is no text"),
    ],
)
def test_a_text_or_a_word_file_that_is_amiss_is_one_message(bad: Law, shown: str) -> None:
    world, told = loaded(plugin(coopfx_laws=lambda: [bad]), good())
    assert not told
    models = {"good.model": world.models["good.model"]}
    world = evolve(world, laws={bad.name: world.laws[bad.name]}, models=models)
    for _ in range(2):  # what the cache keeps says the same
        report = Report()
        examine(world, report)
        assert [item.code for item in report.diagnostics] == ["P903"]
        text = message(report.diagnostics[0], world)
        assert "coopfx-demo 1.2" in text and shown in text, text


def test_a_model_that_cannot_be_read_is_one_message() -> None:
    bad = Model("demo.model", "model.en.coop", "en", MODEL.replace("surplus", "surplis", 1))
    world, _ = loaded(plugin(coopfx_models=lambda: [bad]))
    report = Report()
    examine(world, report)
    assert [item.code for item in report.diagnostics] == ["P903"]


# ---- found and loaded from distributions


def write_distribution(folder: Path, name: str, module: str) -> None:
    """A distribution as pip leaves it: its metadata with an entry point, and its module."""
    package = name.replace("-", "_")
    info = folder / f"{package}-1.2.dist-info"
    info.mkdir(parents=True)
    (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.2\n")
    (info / "entry_points.txt").write_text(f"[coopfx]\n{package} = {package}\n")
    (folder / f"{package}.py").write_text(module)


def check(folder: Path) -> subprocess.CompletedProcess[str]:
    statute = folder / "statute.en.coop"
    statute.write_text('statute "X"\ncurrency EUR\nin force from 2024-01-01\n')
    return subprocess.run(
        [sys.executable, "-m", "coopfx", "check", statute],
        env=os.environ | {"PYTHONPATH": str(folder), "XDG_CACHE_HOME": str(folder / "cache")},
        capture_output=True,
        encoding="utf-8",
        check=False,
    )


def test_each_plugin_that_cannot_be_loaded_is_one_message(tmp_path: Path) -> None:
    modules = {
        "coopfx-flour": "raise RuntimeError('out of flour')",
        "coopfx-salt": "import no_such_module",
        "coopfx-water": "import sys; sys.exit(0)",
        "coopfx-yeast": "def",
        "coopfx-oven": "from coopfx.plugged.hookspecs import Bakery",
    }
    for name, module in modules.items():
        write_distribution(tmp_path, name, module)
    for _ in range(2):  # what the cache keeps says the same
        ended = check(tmp_path)
        assert ended.returncode == 0, ended.stderr
        assert ended.stderr.count("P903") == len(modules)
        assert all(ended.stderr.count(f"{name} 1.2") == 1 for name in modules), ended.stderr
        assert "Traceback" not in ended.stderr


def test_a_plugin_that_is_installed_later_is_found(tmp_path: Path) -> None:
    assert "P903" not in check(tmp_path).stderr
    write_distribution(tmp_path, "coopfx-flour", "raise RuntimeError")
    assert "P903" in check(tmp_path).stderr
