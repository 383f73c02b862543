"""The command and its subcommands; what each does is in the module that is loaded when it is called."""

import sys
from collections.abc import Callable, Sequence
from copy import copy
from importlib import import_module
from typing import Any

import click

from coopfx.apps.cli.screen import finish, watch
from coopfx.apps.cli.spoken import heard, language_option, line, reader, said, spoken
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

    def main(self, args: Sequence[str] | None = None, *others: Any, **named: Any) -> Any:
        with heard(args, named.get("obj") or ()):
            # A copy: what click keeps with a command, such as its option for help, has the reader's words.
            return click.Group.main(copy(self), args, *others, **named)

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(_all_commands())

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        command = COMMANDS.get(cmd_name)
        if command is not None:
            return spoken(_loaded(command), ctx, cmd_name)
        given = _brought().get(cmd_name)
        if given is not None:
            return spoken(_of_a_plugin(given), ctx, cmd_name)
        return _not_installed(cmd_name) if f"command {cmd_name}" in PUBLISHER else None

    def format_help(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        click.Group.format_help(spoken(self, ctx, "coopfx"), ctx, formatter)

    def collect_usage_pieces(self, ctx: click.Context) -> list[str]:
        return [said(piece) for piece in super().collect_usage_pieces(ctx)]

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section(said("Commands")):
            listed = _all_commands().items()
            formatter.write_dl([(name, line(name, item.line)) for name, item in listed])

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        try:
            return super().resolve_command(ctx, args)
        except click.UsageError as error:
            from coopfx.ground.words import nearest

            near = nearest(args[0], _all_commands(), 0.6)
            if near:
                meant = reader().words.phrase("usage.nearest", nearest=near)
                raise click.UsageError(f"{error.message} {meant}", ctx) from None
            raise


def _loaded(command: Command) -> click.Command:
    module, _, name = command.target.partition(":")
    found = getattr(import_module(module), name)
    if not isinstance(found, click.Command):
        raise TypeError(f"{command.target} is no click command")
    return found


def _brought() -> dict[str, Command]:
    """The commands that plugins bring."""
    return reader().world.commands


def _all_commands() -> dict[str, Command]:
    return COMMANDS | _brought()


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

        session = Session(None, "text")
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


@click.group(
    cls=Lazy,
    invoke_without_command=True,
    context_settings={"help_option_names": ["-h", "--help"]},
)
@click.version_option(__version__, prog_name="coopfx")
@language_option
@click.pass_context
def cli(ctx: click.Context, lang: str | None) -> None:
    """Run, check and explain the statutes of worker cooperatives.

    Without a command, coopfx says where you are and what comes next.

    Example: coopfx run policies/alma
    """
    if ctx.invoked_subcommand is None:
        from coopfx.apps.cli.here import show

        show()


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
