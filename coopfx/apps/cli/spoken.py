"""The command line in the reader's language: help, usage, refusals, and click's own sentences.

English stands in the commands themselves. What a word file says instead of it is found by where it stands
(``command.run.help``, ``command.run.parts``; a plugin's after its prefix), or, where many commands share a
sentence or click has it, by the sentence itself (``said.Missing argument``).
"""

import os
import re
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from copy import copy
from functools import cached_property
from gettext import gettext, ngettext
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from coopfx.apps.cli.replies import VARIABLES
from coopfx.ground.report import Report
from coopfx.ground.words import Words, nearest

if TYPE_CHECKING:
    from coopfx.plugged.world import World

F = TypeVar("F", bound=Callable[..., Any])
_LANGUAGE = re.compile(r"[a-z]{2,3}(?![a-z])")
_CAPITALS = re.compile(r"[A-Z][A-Z_]+(?: [A-Z]+)*")


def language_option(function: F) -> F:
    """The option of every command that speaks."""
    return click.option(
        "--lang", metavar="LANGUAGE", help="The language of messages; else the policy's own."
    )(function)


def language_asked(arguments: Sequence[str]) -> str:
    """The language that ``--lang`` asks for among a command's arguments; empty where there is none."""
    for number, word in enumerate(arguments):
        if word.startswith("--lang="):
            return word.partition("=")[2]
        if word == "--lang":
            return "".join(arguments[number + 1 : number + 2])
    return ""


def language_of_machine() -> str:
    """The language that the machine is set to; empty where it is set to none."""
    said = next(filter(None, (os.environ.get(name, "") for name in VARIABLES)), "")
    found = _LANGUAGE.match(said)
    return found[0] if found else ""


class Reader:
    """Whoever has called a command: what is said before the command itself speaks."""

    def __init__(self, arguments: Sequence[str] = (), extra: Iterable[Any] = ()) -> None:
        self._arguments = tuple(arguments)
        self.extra = tuple(extra)
        """Plugins that are not installed, which a caller from Python brings."""
        self.report = Report()
        """What is amiss with plugins, for the command to tell."""

    @cached_property
    def world(self) -> "World":
        """What is installed, and the plugins brought along."""
        from coopfx.plugged.world import load_world

        return load_world(self.report, self.extra)

    @cached_property
    def words(self) -> Words:
        """The language that is asked for, else the machine's, else that of a policy that is named."""
        for language in self._languages():
            if language in self.world.languages:
                return self.world.words(language)
        return self.world.words("en")

    def _languages(self) -> Iterator[str]:
        yield language_asked(self._arguments)
        yield language_of_machine()
        from coopfx.desk.policy import open_policy

        for word in self._arguments[1:]:
            policy = open_policy(Path(word), Report()) if Path(word).exists() else None
            if policy is not None:
                yield policy.language

    @cached_property
    def prefixes(self) -> tuple[str, ...]:
        """Under which a sentence about a command may stand: coopfx's own, each plugin's."""
        said = (name for plugin in self.world.plugins for name in plugin.sentences)
        return ("", *(f"{name}." for name in said))


_readers: list[Reader] = []


def reader() -> Reader:
    """Whom the command that runs speaks to."""
    return _readers[-1] if _readers else Reader()


@contextmanager
def heard(arguments: Sequence[str] | None, extra: Iterable[Any]) -> Iterator[None]:
    """While a command runs: its reader is known, and click speaks that language too."""
    _readers.append(Reader(sys.argv[1:] if arguments is None else arguments, extra))
    ours: dict[object, Callable[..., str]] = {gettext: said, ngettext: _said_of}
    places = [
        (module, name, found)
        for path, module in list(sys.modules.items())
        if path.startswith("click.")
        for name in ("_", "ngettext")
        if (found := vars(module).get(name)) in (gettext, ngettext)
    ]
    for module, name, found in places:
        setattr(module, name, ours[found])
    try:
        yield
    finally:
        for module, name, found in places:
            setattr(module, name, found)
        _readers.pop()


def said(sentence: str) -> str:
    """A sentence that many commands share, or that is click's, in the reader's language."""
    return reader().words.phrases.get(f"said.{sentence}", sentence)


def _said_of(one: str, many: str, count: int) -> str:
    return said(one if count == 1 else many)


def usage(key: str, **arguments: Any) -> click.UsageError:
    """A refusal of how a command was called: the phrase ``usage.KEY``."""
    return click.UsageError(reader().words.phrase(f"usage.{key}", **arguments))


def none_of(found: str, known: Iterable[str], option: str) -> click.BadParameter:
    """A refusal of a value that is none of those known, with the one that was probably meant."""
    words, listed = reader().words, list(known)
    message = words.phrase("usage.none_of", found=found, known=", ".join(listed))
    near = nearest(found, listed)
    if near and near != found:
        message = f"{message} {words.phrase('usage.nearest', nearest=near)}"
    return click.BadParameter(message, param_hint=option)


def spoken(command: click.Command, ctx: click.Context, path: str) -> click.Command:
    """A command, and those in it, as the reader is told of it; English stays where nothing else is said."""
    made = copy(command)
    made.help = _of(f"{path}.help", command.help)
    made.options_metavar = said(command.options_metavar or "")
    made.params = [_parameter(one, ctx, path) for one in command.params]
    if isinstance(made, click.Group) and isinstance(command, click.Group):
        made.subcommand_metavar = said(command.subcommand_metavar)
        made.commands = {
            name: spoken(one, ctx, f"{path}.{name}") for name, one in command.commands.items()
        }
    return made


def line(name: str, english: str) -> str:
    """The line that lists a command: the first of its help."""
    return _of(f"{name}.help", None).partition("\n\n")[0] or english


def _of(key: str, english: str | None) -> str:
    phrases = reader().words.phrases
    keys = (f"{prefix}command.{key}" for prefix in reader().prefixes)
    return next((phrases[one] for one in keys if one in phrases), said(english or ""))


def _parameter(parameter: click.Parameter, ctx: click.Context, path: str) -> click.Parameter:
    made = copy(parameter)
    if not getattr(parameter, "is_flag", False):
        shown = parameter.make_metavar(ctx)
        made.metavar = _CAPITALS.sub(lambda found: said(found[0]), shown)
    if isinstance(made, click.Option):
        made.help = _of(f"{path}.{made.name}", made.help)
    return made
