"""``coopfx indicators``: what a cooperative holds itself to, over the years."""

import sys
from pathlib import Path

import click
from attrs import evolve

from coopfx.apps.cli.common import Session, language_option, style_of
from coopfx.apps.cli.output import force_option
from coopfx.apps.cli.run import anonymous_write, write_with, writer_of
from coopfx.engine.series import latest
from coopfx.formats import indicators_text

_PREFIX = "indicators."


@click.command("indicators")
@click.argument("policy", type=click.Path())
@click.argument("data", type=click.Path(path_type=Path), required=False)
@click.option(
    "--years",
    type=click.IntRange(1, 100),
    default=5,
    show_default=True,
    help="How many years are shown, up to the one that is asked for.",
)
@click.option(
    "--format",
    "form",
    metavar="FORMAT",
    default="text",
    show_default=True,
    help="How they are shown: text, json, csv, or a format that a plugin brings, such as html and pdf.",
)
@click.option(
    "--output", type=click.Path(path_type=Path), help="Write the indicators to this file instead."
)
@click.option(
    "--anonymous",
    is_flag=True,
    help="Leave out what is worked out from people's own figures; only for html and pdf.",
)
@force_option
@language_option
def command(
    policy: str,
    data: Path | None,
    years: int,
    form: str,
    output: Path | None,
    anonymous: bool,
    force: bool,
    lang: str | None,
) -> None:
    """Show the indicators over the years, and how far their targets are.

    POLICY is a policy folder, DATA a year's folder or the name of one of the policy's; without DATA,
    the policy's latest year. A renamed indicator keeps its series, and nothing is joined where one is
    counted in another way. html and pdf are a page for the public: nothing of any person stands on it.

    Example: coopfx indicators policies/la-halle --format html --output indicators.html
    """
    session = Session(lang, form)
    writer = writer_of(session, form, _PREFIX)
    write = anonymous_write(session, writer, _PREFIX) if anonymous else writer.write
    held, year = session.hold_year(policy, data)
    session.speak(held.policy, year.statute.program.laws, year.statute.words)
    if not year.outcome.indicators:
        session.report.tell("P967", None, path=str(year.statute.file.path))
        session.give_up()
    results = held.results(year, session.report)
    results = evolve(results, outcome=latest(results.outcome, years))
    if form == "text" and output is None:
        shown = indicators_text.page(results.outcome, session.words, style_of(sys.stdout))
        click.echo(shown, nl=False)
    else:
        write_with(session, writer, write, results, output, force)
    session.tell()
    session.end()
