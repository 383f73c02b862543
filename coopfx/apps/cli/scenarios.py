"""The options by which scenarios are asked for, shared by the commands that try them."""

from collections.abc import Callable, Sequence
from typing import Any, NoReturn, TypeVar

import click

from coopfx.apps.cli.common import UNUSABLE, Session
from coopfx.desk.comparing import Wanted
from coopfx.ground.report import Report

F = TypeVar("F", bound=Callable[..., Any])

_SORTS = ("change", "with", "decide", "set")
_OPENS = "scenario"
_ASKED = "coopfx.scenarios"


class InOrder(click.Command):
    """A command whose changes belong to the scenario that is named before them."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        values, _, order = self.make_parser(ctx).parse_args(args=list(args))
        given: list[tuple[str, str]] = []
        left = {name: list(values.get(name) or ()) for name in (*_SORTS, _OPENS)}
        for parameter in order:
            if parameter.name in left:
                given.append((parameter.name, left[parameter.name].pop(0)))
        ctx.meta[_ASKED] = given
        return super().parse_args(ctx, args)


def change_options(function: F) -> F:
    """The options of one scenario's changes."""
    for option in reversed(_OPTIONS):
        function = option(function)
    return function


def scenario_options(function: F) -> F:
    """The options of one or several scenarios; the command is one that keeps their order."""
    return change_options(_NAMED(function))


def scenarios_of(ctx: click.Context) -> list[tuple[str, list[Wanted]]]:
    """The scenarios with what each changes; what stands before the first name belongs to all."""
    shared: list[Wanted] = []
    found: list[tuple[str, list[Wanted]]] = []
    for sort, said in ctx.meta[_ASKED]:
        if sort == _OPENS:
            found.append((said.strip(), list(shared)))
        else:
            (found[-1][1] if found else shared).append(Wanted(sort, said))
    return found or ([("", shared)] if shared else [])


def further(session: Session, reports: Sequence[Report]) -> list[Report]:
    """What is told of scenarios and not of the year, of each beside its own text."""
    found = []
    for own in reports:
        further = Report()
        further.sources.update(own.sources)
        for diagnostic in own.diagnostics:
            if diagnostic not in session.report.diagnostics:
                session.report.add(diagnostic)
                further.add(diagnostic)
        found.append(further)
    return found


def tell_each(session: Session, scenarios: Sequence[Report]) -> None:
    """Show what is told of the year, then of each scenario, whose places are those of its own text."""
    whole, year = session.report, Report()
    year.sources.update(whole.sources)
    for diagnostic in whole.diagnostics:
        if not any(diagnostic in own.diagnostics for own in scenarios):
            year.add(diagnostic)
    for report in (year, *scenarios):
        session.report = report
        session.tell()
    session.report = whole


def end_unusable(session: Session, scenarios: Sequence[Report] = ()) -> NoReturn:
    """End where a scenario cannot be tried: with what is told of the year, then of each."""
    if session.form == "json":
        session.show_diagnostics()
    tell_each(session, scenarios)
    raise SystemExit(UNUSABLE)


_OPTIONS = (
    click.option(
        "--change",
        multiple=True,
        metavar="'OLD -> NEW'",
        help="Change words of the statute: '60% -> 45%', or on a line, '8: 60% -> 45%'.",
    ),
    click.option(
        "--with",
        "with",
        multiple=True,
        metavar="FILE",
        help="Take a whole other text, whose name ends in its language: 'amended.en.coop'.",
    ),
    click.option(
        "--decide", multiple=True, metavar="'NAME = VALUE'", help="What the meeting would decide."
    ),
    click.option(
        "--set",
        "set",
        multiple=True,
        metavar="'NAME = VALUE'",
        help="Another figure of the year, or opening balance.",
    ),
)
_NAMED = click.option(
    "--scenario",
    multiple=True,
    metavar="NAME",
    help="Begin a scenario of that name: the changes after it are its own, those before are all's.",
)
