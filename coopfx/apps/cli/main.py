"""The command and its subcommands; what each does is in the module that is loaded when it is called."""

import gc
import sys
from importlib import import_module
from typing import Any

import click

from coopfx import __version__

# Each command's module, and the line that the list of commands shows: nothing is loaded for it.
COMMANDS = {
    "run": ("run", "Evaluate a year: allocation, shares, verdicts, indicators."),
    "check": ("check", "Tell everything that can be said of statutes before any figures."),
    "explain": ("explain", "Say why a figure is what it is, down to the article and the law."),
    "prove": ("prove", "Prove that statutes are lawful whatever the year brings, or find a year."),
    "test": ("test", "Run the examples that statutes carry in themselves."),
    "fmt": ("fmt", "Lay out texts: indentation, spaces, long lines. No word changes."),
    "translate": ("translate", "Write a statute in another of the languages."),
    "help": ("help", "Say what a diagnostic means, with an example and how it is mended."),
    "plugins": ("plugins", "List what is installed: languages and laws, with versions."),
}


class Lazy(click.Group):
    """A group that loads a command's module when that command is called."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        module = import_module(f"coopfx.apps.cli.{COMMANDS[cmd_name][0]}")
        command: click.Command = module.command
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl([(name, line) for name, (_, line) in COMMANDS.items()])

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        try:
            return super().resolve_command(ctx, args)
        except click.UsageError as error:
            from coopfx.words import nearest

            near = nearest(args[0], COMMANDS)
            if near:
                raise click.UsageError(f"{error.message} Did you mean '{near}'?", ctx) from None
            raise


@click.group(cls=Lazy, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="coopfx")
def cli() -> None:
    """Run, check and explain the statutes of worker cooperatives.

    Example: coopfx run policies/alma
    """


def main(arguments: list[str] | None = None) -> Any:
    """Run the command; output that a terminal cannot show is replaced, never a crash."""
    # A command is short and makes hardly any circles: looking for them takes a third of its time.
    gc.disable()
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure:
            reconfigure(errors="replace")
    return cli(arguments)
