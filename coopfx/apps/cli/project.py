"""``coopfx project``: the years that follow a year, each opening with what the one before closed with."""

import sys
from pathlib import Path
from typing import Any

import click

from coopfx.apps.cli.common import Session, format_option, language_option, style_of
from coopfx.apps.cli.output import force_option, print_files, write_files
from coopfx.apps.cli.scenarios import (
    InOrder,
    end_unusable,
    further,
    scenario_options,
    scenarios_of,
    tell_each,
)
from coopfx.apps.cli.spoken import usage
from coopfx.desk.assumptions import Assumed, read_assumptions
from coopfx.desk.comparing import Wanted, make_scenario
from coopfx.desk.policy import read_text
from coopfx.desk.projecting import Projected, project_year
from coopfx.desk.workspace import Workspace
from coopfx.desk.years import Year, languages_of, schema_of
from coopfx.formats import json, projection, projection_data
from coopfx.formats.terminal import Style
from coopfx.ground.report import Report
from coopfx.ground.source import Source

MOST_YEARS = 50


@click.command("project", cls=InOrder)
@click.argument("policy", type=click.Path())
@click.argument("data", type=click.Path(path_type=Path), required=False)
@click.option(
    "--years",
    type=click.IntRange(1, MOST_YEARS),
    default=5,
    show_default=True,
    help="How many years follow.",
)
@click.option(
    "--assume",
    multiple=True,
    metavar="LINE",
    help="How a figure goes on: 'surplus + 2% a year', 'low: surplus - 3% a year'.",
)
@click.option(
    "--assumptions",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="A file of such lines, with the ways in which things may go.",
)
@scenario_options
@format_option("text", "json", "csv")
@click.option(
    "--output", type=click.Path(path_type=Path), help="Write the projection to this file instead."
)
@force_option
@language_option
@click.pass_context
def command(
    ctx: click.Context,
    /,
    policy: str,
    data: Path | None,
    years: int,
    assume: tuple[str, ...],
    assumptions: Path | None,
    form: str,
    output: Path | None,
    force: bool,
    lang: str | None,
    **_: Any,
) -> None:
    """Project a year into those that follow: accounts, what fills up and when, rules, shares a head.

    POLICY is a policy folder, DATA a year's folder or the name of one of the policy's; without DATA,
    the policy's latest year. Each year opens with what the one before closed with. What is not assumed
    to change is what it was. Nothing is changed on the disk.

    Example: coopfx project policies/alma 2024 --years 5 --assume "surplus + 2% a year"
    """
    wanted = scenarios_of(ctx)
    if any(not changes for _, changes in wanted):
        raise usage("nothing_changed")
    session = Session(lang, form)
    held, base = session.hold_year(policy, data)
    # What is assumed is read in the reader's language first, whatever the statute's.
    session.speak(held.policy, base.statute.program.laws, base.statute.words)
    ways = _ways(session, held, base, assume, assumptions)
    if not ways:
        session.give_up()
    scenarios, told = _tried(session, held, base, wanted)
    found: list[Projected] = []
    for name, own, year in scenarios:
        for way in ways:
            projected = project_year(own, year, name, way, years, session.report)
            if projected is None:
                end_unusable(session, told)
            found.append(projected)
    shown = [one.projection for one in found]
    written: str | bytes
    if form == "json":
        written = json.text(projection_data.data(shown, session.words, session.report))
    elif form == "csv":
        written = projection_data.table(shown, session.words)
    else:
        style = Style() if output else style_of(sys.stdout)
        written = projection.projections(shown, session.words, style)
    if output is not None:
        write_files(written, output, session.report, force=force)
    elif isinstance(written, str):
        click.echo(written, nl=False)
    else:
        print_files(written)
    tell_each(session, told)
    session.end(violated=any(one.violated for one in shown))


def _ways(
    session: Session, held: Workspace, base: Year, assume: tuple[str, ...], file: Path | None
) -> tuple[Assumed, ...]:
    """The ways in which things are assumed to go; none, and told, on any mistake."""
    language = session.words.language
    sources = []
    if file is not None:
        source = read_text(file, language, session.report)
        if source is None:
            return ()
        sources.append(source)
    if assume:
        sources.append(Source("--assume", "\n".join(assume), language))
    schema = schema_of(base.statute.program)
    languages = [session.words, *languages_of(base.statute, held.policy, session.world)]
    return read_assumptions(sources, schema, languages, session.report)


def _tried(
    session: Session, held: Workspace, base: Year, wanted: list[tuple[str, list[Wanted]]]
) -> tuple[list[tuple[str, Workspace, Year]], list[Report]]:
    """The year as it is, then each scenario of it with its policy; ends where one cannot be tried."""
    found = [("", held, base)]
    reports = [Report() for _ in wanted]
    for (name, changes), own in zip(wanted, reports, strict=True):
        made = make_scenario(held, base, changes, own)
        if made is not None:
            found.append((name or "; ".join(one.said for one in changes), *made))
    told = further(session, reports)
    if len(found) <= len(wanted):
        end_unusable(session, told)
    return found, told
