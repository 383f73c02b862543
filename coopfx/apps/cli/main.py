"""The command and its subcommands; what each does is in the module that is loaded when it is called."""

import sys
from collections.abc import Callable
from importlib import import_module
from itertools import pairwise
from typing import Any

import click

from coopfx.apps.cli.screen import finish, watch
from coopfx.ground.version import __version__
from coopfx.plugged.builtin import COMMANDS as OWN
from coopfx.plugged.guarded import ExitedError, confined
from coopfx.plugged.hookspecs import Command
from coopfx.plugged.published import PUBLISHER

COMMANDS = {command.name: command for command in OWN}
STATUSES = (0, 1, 2)
"""With what a command may end: nothing wrong, something wrong, or it could not do its work."""


class Lazy(click.Group):
    """A group that loads a command's module when that command is called.

    The plugins are loaded where coopfx has no such command itself, and where all are listed.
    """

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(_all_commands(ctx))

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        command = COMMANDS.get(cmd_name)
        if command is not None:
            return _loaded(command)
        given = _brought(ctx).get(cmd_name)
        if given is not None:
            return _of_a_plugin(given)
        return _not_installed(cmd_name) if f"command {cmd_name}" in PUBLISHER else None

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl([(name, item.line) for name, item in _all_commands(ctx).items()])

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        try:
            return super().resolve_command(ctx, args)
        except click.UsageError as error:
            from coopfx.ground.words import nearest

            near = nearest(args[0], _all_commands(ctx))
            if near:
                raise click.UsageError(f"{error.message} Did you mean '{near}'?", ctx) from None
            raise


def _loaded(command: Command) -> click.Command:
    module, _, name = command.target.partition(":")
    found = getattr(import_module(module), name)
    if not isinstance(found, click.Command):
        raise TypeError(f"{command.target} is no click command")
    return found


def _brought(ctx: click.Context) -> dict[str, Command]:
    """The commands that plugins bring. What is amiss with a plugin, each command tells for itself."""
    from coopfx.ground.report import Report
    from coopfx.plugged.world import load_world

    return load_world(Report(), ctx.find_root().obj or ()).commands


def _all_commands(ctx: click.Context) -> dict[str, Command]:
    return COMMANDS | _brought(ctx)


def _of_a_plugin(command: Command) -> click.Command:
    """A plugin's command, whose failure is told in one message and names the plugin."""
    try:
        with confined():
            found = _loaded(command)
    except Exception as error:
        reason = error
        return click.Command(command.name, callback=lambda: _fail(command, reason))
    vars(found)["invoke"] = _guarded(command, found.invoke)
    return found


def _guarded(
    command: Command, invoke: Callable[[click.Context], Any]
) -> Callable[[click.Context], Any]:
    def guarded(ctx: click.Context) -> Any:
        try:
            return invoke(ctx)
        except (click.ClickException, click.exceptions.Exit, click.Abort):
            raise
        except SystemExit as exit_:
            if exit_.code in (None, *STATUSES):
                raise
            return _fail(command, ExitedError(f"sys.exit({exit_.code!r})"))
        except Exception as error:
            return _fail(command, error)

    return guarded


def _not_installed(name: str) -> click.Command:
    """A command that a plugin of this repository brings, which is not there: told, with how to get it."""

    def tell(arguments: tuple[str, ...]) -> None:
        from coopfx.apps.cli.common import UNUSABLE, Session

        asked = [after for word, after in pairwise(arguments) if word == "--lang"]
        session = Session(None, "text")
        if asked and asked[0] in session.world.languages:
            session.words = session.world.words(asked[0])
        session.tell_not_installed("command", name)
        session.tell()
        raise SystemExit(UNUSABLE)

    taken = click.Argument(["arguments"], nargs=-1, type=click.UNPROCESSED)
    unread = {"ignore_unknown_options": True}
    return click.Command(name, unread, tell, [taken], add_help_option=False)


def _fail(command: Command, error: Exception) -> None:
    from coopfx.apps.cli.common import UNUSABLE, Session

    session = Session(None, "text")
    session.world.tell_failure(command, error, session.report)
    session.tell()
    raise SystemExit(UNUSABLE)


@click.group(cls=Lazy, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="coopfx")
def cli() -> None:
    """Run, check and explain the statutes of worker cooperatives.

    Example: coopfx run policies/alma
    """


def main(arguments: list[str] | None = None) -> Any:
    """Run the command; output that a terminal cannot show is replaced, never a crash.

    Where what is shown does not arrive, that is told, and the status is not that of a year.
    """
    watch()
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure:
            reconfigure(errors="replace")
    try:
        return cli(arguments)
    except SystemExit as ended:
        raise SystemExit(finish(sys.stdout) or ended.code) from None
    except Exception as error:
        from coopfx.apps.cli.last_resort import tell

        raise SystemExit(tell(error, sys.argv[1:] if arguments is None else arguments)) from None
