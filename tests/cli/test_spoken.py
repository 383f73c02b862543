"""The command line speaks the reader's language: help, usage, refusals, and what click says by itself."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from string import Formatter

import click
import pytest
from click.testing import CliRunner, Result

from coopfx.apps.cli.main import cli
from coopfx.apps.cli.replies import VARIABLES
from coopfx.apps.cli.spoken import heard
from coopfx.plugged.world import World

OTHERS = ("fr", "es", "it")
every_other = pytest.mark.parametrize("language", OTHERS)
UNUSED = ("_termui_impl", "_winconsole", "shell_completion", "termui", "utils")
"""Modules of click whose sentences no command here can bring about: prompts, editors, completion."""
UNUSED_SENTENCES = ("Do you want to continue?", "Confirm the action without prompting.")
NEVER = (
    "Value must be",
    "Could not determine",
    "No options defined",
    "Arguments take",
    "Name '",
    "Boolean option",
    "DeprecationWarning",
    "deprecated",
    "env var",
    "(dynamic)",
    "Choice(",
    "Invalid start",
    "{value!r} does not match",
    "{value!r} is not a valid boolean",
    "{len_",
    "{value!r} is not a valid UUID",
    "{name} {filename!r} is not exec",
)
"""What click says to those who write commands, and of kinds of values that no command here takes."""


@pytest.fixture(autouse=True)
def _no_language(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in VARIABLES:
        monkeypatch.delenv(name, raising=False)


def coopfx(*arguments: str) -> Result:
    return CliRunner().invoke(cli, list(arguments))


def texts(command: click.Command, path: str) -> Iterator[tuple[str, str]]:
    """All that a command's help says, by where it stands."""
    yield path, command.help or ""
    for one in command.params:
        if isinstance(one, click.Option):
            yield f"{path} {one.name}", one.help or ""
    if isinstance(command, click.Group):
        for name, inner in command.commands.items():
            yield from texts(inner, f"{path} {name}")


def said_to(language: str) -> dict[str, str]:
    with heard(["run", "--lang", language], ()):
        context, found = click.Context(cli), dict[str, str]()
        for name in cli.list_commands(context):
            command = cli.get_command(context, name)
            assert command is not None
            found |= dict(texts(command, name))
        return found


@every_other
def test_every_commands_help_is_said_in_every_language(language: str) -> None:
    english, own = said_to("en"), said_to(language)
    assert len(english) > 80 and set(own) == set(english)
    assert [path for path, text in own.items() if text == english[path]] == []


@every_other
def test_no_word_of_english_is_left_where_help_is_shown(language: str) -> None:
    shown = [coopfx("--lang", language, "--help").output]
    shown += [
        coopfx(name, "--help", "--lang", language).output
        for name in cli.list_commands(click.Context(cli))
    ]
    for english in (
        "Usage: ",
        "Commands:",
        "Example",
        "POLIC",
        "PATH",
        " the ",
        "[default:",
        "Show ",
    ):
        assert not any(english in one for one in shown), english


def test_no_refusal_of_a_command_is_written_in_english_alone() -> None:
    """Each is made by `usage` or `none_of`, which say it in the reader's language."""
    root = Path(__file__).parents[2]
    for file in [*root.glob("coopfx/apps/**/*.py"), *root.glob("plugins/coopfx-*/coopfx_*/*.py")]:
        for node in ast.walk(ast.parse(file.read_text("utf-8"))):
            made = ast.unparse(node.func) if isinstance(node, ast.Call) else ""
            if isinstance(node, ast.Call) and made in ("click.UsageError", "click.BadParameter"):
                said = ast.unparse(node.args[0])
                assert "phrase(" in said or said in ("message", "f'{error.message} {meant}'"), said


def said_by_click() -> Iterator[str]:
    for file in sorted(Path(click.__file__).parent.glob("*.py")):
        if file.stem in UNUSED:
            continue
        for node in ast.walk(ast.parse(file.read_text("utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
                count = {"_": 1, "ngettext": 2}.get(node.func.id, 0)
                for argument in node.args[:count]:
                    if isinstance(argument, ast.Constant):
                        yield str(argument.value)


def places(sentence: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(sentence) if name}


@every_other
def test_what_click_says_is_said_in_every_language(language: str, world: World) -> None:
    phrases = world.words(language).phrases
    wanted = {
        one for one in said_by_click() if one not in UNUSED_SENTENCES and not one.startswith(NEVER)
    }
    assert wanted - {key.removeprefix("said.") for key in phrases} == set()
    for one in wanted:
        assert places(phrases[f"said.{one}"]) <= places(one), one


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        (["rum", "policies/quartet"], "Vouliez-vous dire « run » ?"),
        (["run", "policies/quartet", "--partss"], "Vouliez-vous dire '--parts' ?"),
        (["run"], "Argument manquant : 'DOSSIER'"),
        (["run", "policies/quartet", "--format", "jsn"], "Vouliez-vous dire « json » ?"),
        (["run", "policies/quartte"], "Vouliez-vous dire `policies/quartet` ?"),
        (["run", "policies/quartet", "2014"], "Les exercices qu'il y a : 2023 et 2024."),
        (
            ["explain", "policies/quartet", "2014", "surplus"],
            "Les exercices qu'il y a : 2023 et 2024.",
        ),
        (["explain", "policies/quartet", "2014"], "Les exercices qu'il y a : 2023 et 2024."),
        (["explain", "policies/quartet"], "Que faut-il expliquer ?"),
        (["federation", "chek", "policies"], "Vouliez-vous dire 'check' ?"),
        (["check", "policies/quartet", "--time-limit", "x"], "« x » n'est pas un nombre."),
        (["check", "policies/quartet", "--format"], "L'option « --format » demande une valeur."),
        (["test", "policies/quartet", "--threshold", "3"], "--threshold s'emploie avec --coverage"),
        (["laws", "fr.scop", "--until", "2024-01-01"], "s'emploient avec --changes"),
    ],
)
def test_a_slip_is_told_in_the_readers_language_with_what_was_meant(
    arguments: list[str], expected: str
) -> None:
    asked = coopfx("--lang", "fr", *arguments)
    shown = re.sub(r"\s", " ", asked.stderr)  # hard spaces
    assert asked.exit_code == 2 and expected in shown


def test_a_policy_that_is_named_is_spoken_to_in_its_own_language() -> None:
    assert "¿Se quería decir '--parts'?" in coopfx("run", "policies/txirbil", "--partss").stderr
    assert "Did you mean '--parts'?" in coopfx("run", "policies/quartet", "--partss").stderr


def test_the_language_asked_for_stands_before_the_machines(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LANG", "it_IT.UTF-8")
    assert coopfx("--help").output.startswith("Uso: ")
    assert "Opzioni" in coopfx("run", "--help").output
    assert coopfx("run", "--help", "--lang=en").output.startswith("Usage: ")
    assert "Opciones" in coopfx("--lang", "es", "run", "--help").output
    # A language that no plugin brings is no reason to say nothing.
    monkeypatch.setenv("LANG", "xx_XX")
    assert coopfx("--help").output.startswith("Usage: ")
