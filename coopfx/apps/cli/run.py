"""``coopfx run``: a year, evaluated."""

import sys
from pathlib import Path

import click

from coopfx import pipeline
from coopfx.apps.cli.common import UNUSABLE, Session, shared_options, style_of
from coopfx.formats import json, text


@click.command("run")
@click.argument("policy", type=click.Path())
@click.argument("data", type=click.Path(path_type=Path), required=False)
@click.option("--parts", is_flag=True, help="Also list what each record receives.")
@shared_options
def command(policy: str, data: Path | None, parts: bool, form: str, lang: str | None) -> None:
    """Evaluate a year: allocation, shares, verdicts, indicators.

    POLICY is a policy folder, DATA a year's folder or the name of one of the policy's; without DATA,
    the policy's latest year.

    Example: coopfx run policies/alma policies/alma/2024
    """
    session = Session(lang, form)
    opened = session.open(policy)
    year = None
    if opened is not None:
        year = pipeline.evaluate_policy(opened, data, session.world, session.report)
    if opened is None or year is None:
        if form == "json":
            session.show_diagnostics()
        session.tell()
        raise SystemExit(UNUSABLE)
    session.speak(opened, year.statute.program.laws, year.statute.words)
    if form == "json":
        session.show_json(json.outcome(year.outcome, session.words, session.report))
    else:
        shown = text.outcome(year.outcome, session.words, style_of(sys.stdout), parts=parts)
        click.echo(shown, nl=False)
    session.tell()
    session.end(violated=year.outcome.violated)
