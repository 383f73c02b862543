"""``coopfx test``: the examples that statutes carry in themselves."""

import sys

import click

from coopfx import pipeline
from coopfx.apps.cli.common import Session, shared_options, style_of
from coopfx.engine.examples import run_examples
from coopfx.formats import json


@click.command("test")
@click.argument("policies", type=click.Path(), nargs=-1, required=True)
@shared_options
def command(policies: tuple[str, ...], form: str, lang: str | None) -> None:
    """Run the examples that statutes carry in themselves.

    Example: coopfx test policies/alma
    """
    session = Session(lang, form)
    entries = []
    style = style_of(sys.stdout)
    for path in policies:
        opened = session.open(path)
        if opened is None:
            continue
        for statute in pipeline.check_policy(opened, session.world, session.report):
            session.speak(opened, statute.program.laws)
            for result in run_examples(statute.program, session.report):
                entries.append(
                    {
                        "file": result.span.file,
                        "line": result.span.line,
                        "title": result.title,
                        "passed": result.passed,
                        "expectations": len(result.expectations),
                    }
                )
                if form == "text":
                    mark = style.paint("✓", "good") if result.passed else style.paint("✗", "error")
                    click.echo(f"{mark} {result.span.file}:{result.span.line} {result.title}")
    if form == "json":
        found = json.diagnostics(session.report, session.words)
        session.show_json({"examples": entries, "diagnostics": found})
    else:
        passed = sum(bool(entry["passed"]) for entry in entries)
        phrase = session.words.counted("test.summary", len(entries), passed=passed)
        click.echo(phrase if entries else session.words.phrase("test.nothing"))
    session.tell()
    session.end()
