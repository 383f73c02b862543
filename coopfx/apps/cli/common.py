"""What the commands share: their options, and how they show results and end."""

import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar, NoReturn, TypeVar

import click

from coopfx.apps.cli.spoken import language_option as language_option
from coopfx.apps.cli.spoken import none_of, reader
from coopfx.desk.policy import Policy, open_policy
from coopfx.formats.terminal import Style, diagnostics
from coopfx.ground.report import Report
from coopfx.ground.words import Words
from coopfx.plugged.published import PUBLISHER, how_to_install
from coopfx.plugged.world import World

if TYPE_CHECKING:
    from coopfx.desk.workspace import Workspace
    from coopfx.desk.years import Year

F = TypeVar("F", bound=Callable[..., Any])

NOTHING_WRONG, SOMETHING_WRONG, UNUSABLE = 0, 1, 2
# A file that cannot be read, a policy that is none, a figure that is not there: the command did
# not get to judge anything.
_UNUSABLE_CODES = {"P901", "P902", "P904", "P905", "P911", "P912", "S120", "S121"}
# Neither did one that was asked for a year without its policy, or for a figure without its record.
_UNUSABLE_CODES |= {"P923", "P924", "P925", "P929"}
# So did a proof without a solver, or one whose folder cannot be written.
_UNUSABLE_CODES |= {"P913", "P914", "P915", "P944", "P945", "P946"}
# So did a question about a code that is none, or results whose file cannot be written.
_UNUSABLE_CODES |= {"P916", "P917", "P980", "P981"}
# So did what is asked of many cooperatives where there are none, or no table of them as it was written.
_UNUSABLE_CODES |= {"P970", "P971", "P973", "P975", "P976"}
# So did what a plugin brings and fails at, and a law that is not installed.
_UNUSABLE_CODES |= {"P931", "P948"}
# So did a scenario that cannot be made, or people shown by what they do not have.
_UNUSABLE_CODES |= {"P935", "P937", "P938", "P939", "P940", "P967", "P990", "P991"}
# So did years to come of which what is assumed cannot be read, or be.
_UNUSABLE_CODES |= {"P960", "P961", "P962", "P963", "P964", "R831"}


def names_option(function: F) -> F:
    """The option of a command that may call people by their names."""
    return click.option(
        "--names",
        type=click.Path(path_type=Path),
        metavar="FILE",
        help="A table of identifiers and names (CSV): people are called so.",
    )(function)


def shared_options(function: F) -> F:
    """The options of every command that shows results."""
    return language_option(format_option("text", "json")(function))


def format_option(*forms: str) -> Callable[[F], F]:
    """The option of a command that shows results in one of some forms, the first where none is asked."""
    return click.option(
        "--format",
        "form",
        type=click.Choice(forms),
        default=forms[0],
        show_default=True,
        help="How results are shown.",
    )


def style_of(stream: Any) -> Style:
    """Colours on a terminal alone, and never where NO_COLOR is set."""
    return Style(stream.isatty() and not os.environ.get("NO_COLOR"))


class Session:
    """One call of a command: the world of plugins, the report, and the reader's language."""

    latest: ClassVar["Session | None"] = None

    def __init__(self, language: str | None, form: str) -> None:
        context = click.get_current_context(silent=True)
        caller = reader()
        self.report = Report()
        self.world: World = caller.world
        self.report.diagnostics.extend(caller.report.diagnostics)
        self.bare = not (caller.extra or self.report.diagnostics)
        """Whether there is nothing but what is installed, and nothing amiss with it."""
        self.form = form
        language = language or (context.find_root().params.get("lang") if context else None)
        self.asked = language
        self.words: Words = self.world.words(language) if language else caller.words
        self.must_know(language, "--lang")
        Session.latest = self

    def must_know(self, language: str | None, option: str) -> None:
        """Refuse a language that no plugin brings, given to an option."""
        if language and language not in self.world.languages:
            raise none_of(language, sorted(self.world.languages), option)

    def open(self, path: str) -> Policy | None:
        """Open a policy, and speak its language from here on unless another was asked for."""
        policy = open_policy(Path(path), self.report, self.asked or "en", self.world.readers)
        if policy is not None:
            policy = policy.speaking(self.asked) if self.asked else policy
            self.speak(policy)
        return policy

    def hold(self, path: str) -> "Workspace | None":
        """Open a policy as open() does, and hold it: what is compiled lasts until it changes."""
        from coopfx.apps.cli.progress import watched
        from coopfx.desk.workspace import Workspace

        policy = self.open(path)
        return None if policy is None else Workspace(policy, self.world, lasts=True, watch=watched)

    def hold_year(self, path: str, data: Path | None) -> "tuple[Workspace, Year]":
        """Hold a policy, and read the year that is asked for; end where either cannot be read."""
        held = self.hold(path)
        year = None if held is None else held.year(data, self.report)
        if held is None or year is None:
            self.give_up()
        return held, year

    def speak(self, policy: Policy, laws: tuple[str, ...] = (), own: Words | None = None) -> None:
        """Take the words to speak of a policy and of its laws.

        A statute's ``own`` words say also what it calls its accounts, in the language it is written in.
        """
        from coopfx.desk.speaking import words_for

        language = self.asked or policy.language
        if own is not None and own.language == language:
            self.words = own
        else:
            self.words = words_for(self.world, language, laws, policy)

    def tell_not_installed(self, sort: str, name: str) -> bool:
        """Tell (P948) which plugin of this repository brings what is asked for; whether one does.

        ``sort`` is that of a declaration: command, writer, engine, tableformat.
        """
        publisher = PUBLISHER.get(f"{sort} {name}")
        if publisher is not None:
            install = how_to_install(publisher)
            self.report.tell("P948", None, name=name, plugin=publisher, install=install)
        return publisher is not None

    def tell(self) -> None:
        """Show the diagnostics on standard error."""
        shown = self.told()
        if shown:
            click.echo(shown, err=True, nl=False)

    def told(self) -> str:
        """The diagnostics, as they are shown on standard error."""
        shown = diagnostics(self.report, self._telling(), style_of(sys.stderr))
        if shown and sys.stderr.isatty():
            code = self.report.in_order()[0].code
            shown += self.words.phrase("help.of", code=code) + "\n"
        return shown

    def _telling(self) -> Words:
        """The words, with those of the laws that diagnostics name: a statute may not have come so far."""
        from coopfx.desk.speaking import speaking_of_laws

        named = (item.arguments.get("law") for item in self.report.diagnostics)
        laws = dict.fromkeys(law for law in named if isinstance(law, str))
        return speaking_of_laws(self.words, self.world, laws)

    def show_diagnostics(self) -> None:
        """Print the diagnostics alone as JSON on standard output."""
        from coopfx.formats import json

        self.show_json(json.told(self.report, self._telling()))

    def show_json(self, data: Any) -> None:
        """Print data as JSON on standard output."""
        from coopfx.formats import json

        click.echo(json.text(data), nl=False)

    def give_up(self) -> NoReturn:
        """End where there is nothing to show but the diagnostics."""
        if self.form == "json":
            self.show_diagnostics()
        self.tell()
        raise SystemExit(UNUSABLE)

    def end(self, *, violated: bool = False) -> NoReturn:
        """End with the status that the report and the outcome ask for."""
        raise SystemExit(self.status(violated=violated))

    def status(self, *, violated: bool = False) -> int:
        """The status that the report and the outcome ask for."""
        if any(item.code in _UNUSABLE_CODES for item in self.report.diagnostics):
            return UNUSABLE
        return SOMETHING_WRONG if self.report.failed or violated else NOTHING_WRONG
