"""``coopfx check``: everything that can be said before any figures."""

import click

from coopfx import pipeline
from coopfx.apps.cli.common import Session, shared_options
from coopfx.engine.examples import run_examples
from coopfx.report import Severity


@click.command("check")
@click.argument("policies", type=click.Path(), nargs=-1, required=True)
@shared_options
def command(policies: tuple[str, ...], form: str, lang: str | None) -> None:
    """Tell everything that can be said of statutes before any figures.

    Each of POLICIES is a policy folder, a statute file, or - for a statute on standard input, in the
    language of --lang (English without it). All its versions and languages are checked, and its
    examples are run.

    Example: coopfx check policies/alma
    """
    session = Session(lang, form)
    for path in policies:
        opened = session.open(path)
        if opened is None:
            continue
        statutes = pipeline.check_policy(opened, session.world, session.report)
        laws = tuple(dict.fromkeys(law for one in statutes for law in one.program.laws))
        session.speak(opened, laws)
        for statute in statutes:
            run_examples(statute.program, session.report)
    if form == "json":
        session.show_diagnostics()
    elif not session.report.failed:
        here = session.words.phrase("check.standard_input")
        shown = ", ".join(here if path == "-" else path for path in policies)
        warned = any(item.severity is Severity.WARNING for item in session.report.diagnostics)
        key = "check.warned" if warned else "check.one" if len(policies) == 1 else "check.many"
        click.echo(session.words.phrase(key, paths=shown))
    session.tell()
    session.end()
