"""``coopfx compare``: what if a year's statute, figures or decisions were others."""

import sys
from fractions import Fraction
from pathlib import Path
from typing import Any

import click

from coopfx.apps.cli.common import UNUSABLE, Session, language_option, style_of
from coopfx.apps.cli.explain import languages_for
from coopfx.apps.cli.output import force_option, print_files, write_files
from coopfx.apps.cli.scenarios import (
    InOrder,
    end_unusable,
    further,
    scenario_options,
    scenarios_of,
    tell_each,
)
from coopfx.apps.cli.spoken import none_of, usage
from coopfx.desk.comparing import grouping, names_of, tell_same_articles, try_scenario
from coopfx.engine.outcome import Compared
from coopfx.formats import compare, compare_data, json
from coopfx.formats.terminal import Style
from coopfx.ground.report import Report
from coopfx.ground.words import Words
from coopfx.plugged.hookspecs import ComparisonWriter

_FORMS = ("text", "json", "csv")


@click.command("compare", cls=InOrder)
@click.argument("policy", type=click.Path())
@click.argument("data", type=click.Path(path_type=Path), required=False)
@scenario_options
@click.option("--by", metavar="FIGURE", help="Show people by a figure or link, such as 'team'.")
@click.option("--parts", is_flag=True, help="Also list each person.")
@click.option(
    "--tolerance", metavar="AMOUNT", help="So small a difference counts as none, such as 1."
)
@click.option("--anonymous", is_flag=True, help="Name nobody and show no few people.")
@click.option(
    "--format",
    "form",
    metavar="FORMAT",
    default="text",
    show_default=True,
    help="How it is shown: text, json, csv, or a format that a plugin brings, such as xlsx, html, pdf.",
)
@click.option(
    "--output", type=click.Path(path_type=Path), help="Write the comparison to this file instead."
)
@force_option
@language_option
@click.pass_context
def command(
    ctx: click.Context,
    /,
    policy: str,
    data: Path | None,
    by: str | None,
    parts: bool,
    tolerance: str | None,
    anonymous: bool,
    form: str,
    output: Path | None,
    force: bool,
    lang: str | None,
    **_: Any,
) -> None:
    """Compare a year with what it would be: who gains, who loses, which rules, which accounts.

    POLICY is a policy folder, DATA a year's folder or the name of one of the policy's; without DATA,
    the policy's latest year. Nothing is changed on the disk.

    Example: coopfx compare policies/alma 2024 --change "60% -> 45%"
    """
    wanted = scenarios_of(ctx)
    if not wanted or any(not changes for _, changes in wanted):
        raise usage("nothing_changed")
    if anonymous and form == "csv":
        raise usage("table_names_people")
    session = Session(lang, form)
    writer = _writer(session, form)
    allowed = _tolerance(tolerance)
    held, base = session.hold_year(policy, data)
    reports = [Report() for _ in wanted]
    found = [
        try_scenario(held, base, name, changes, own)
        for (name, changes), own in zip(wanted, reports, strict=True)
    ]
    told = further(session, reports)
    tried = [one for one in found if one is not None]
    if len(tried) < len(found):
        session.speak(held.policy, base.statute.program.laws)
        end_unusable(session, told)
    session.speak(held.policy, base.statute.program.laws, base.statute.words)
    scenarios = [one.scenario for one in tried]
    tell_same_articles(scenarios, session.report)
    languages = languages_for(session, held.policy, base)
    groups = grouping(base, by, languages, session.report) if by else {}
    if groups is None:
        end_unusable(session, told)
    asked = compare.Asked(allowed, by or "", groups, names_of(base), anonymous, parts)
    shown: str | bytes
    if form == "json":
        shown = json.text(compare_data.data(scenarios, asked, session.words, session.report))
    elif form == "csv":
        shown = compare_data.table(scenarios, asked, session.words)
    elif writer is not None:
        compared = Compared(
            tuple(scenarios),
            allowed,
            by or "",
            groups,
            asked.names,
            anonymous,
            parts,
            session.report,
        )
        written = _written(session, writer, compared)
        if written is None:
            end_unusable(session, told)
        shown = written
    else:
        style = Style() if output else style_of(sys.stdout)
        shown = compare.comparison(scenarios, asked, session.words, style)
    if output is not None:
        write_files(shown, output, session.report, force=force, personal=not anonymous)
    elif isinstance(shown, str):
        click.echo(shown, nl=False)
    else:
        print_files(shown)
    tell_each(session, told)
    session.end(violated=any(one.comparison.scenario.violated for one in scenarios))


def _writer(session: Session, form: str) -> ComparisonWriter | None:
    """The plugin's writer of a format; None for those of coopfx, a usage error where nobody brings it."""
    writers = session.world.comparisons
    if form in _FORMS or form in writers:
        return writers.get(form)
    if session.tell_not_installed("comparisonwriter", form):
        session.tell()
        raise SystemExit(UNUSABLE)
    raise none_of(form, [*_FORMS, *writers], "--format")


def _written(session: Session, writer: ComparisonWriter, compared: Compared) -> str | bytes | None:
    """What a plugin's writer makes; None, and told, where it fails or finds an error."""
    before = session.report.errors()
    try:
        written = writer.write(compared, session.words)
    except Exception as error:
        session.world.tell_failure(writer, error, session.report)
        return None
    return None if session.report.errors() > before else written


def _tolerance(said: str | None) -> Fraction:
    """An amount as it is typed; a usage error where it is none."""
    if said is None:
        return Fraction(0)
    found = Words.read_number(said.rstrip("€ ").removesuffix("EUR").strip())
    if found is None or found < 0:
        raise usage("no_amount", found=said, option="--tolerance")
    return found
