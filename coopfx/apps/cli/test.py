"""``coopfx test``: the examples that statutes carry in themselves, what they reach, what they notice."""

import sys
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path

import click

from coopfx.apps.cli.common import Session, shared_options, style_of
from coopfx.apps.cli.output import write_file
from coopfx.apps.cli.spoken import usage
from coopfx.desk.versions import Statute
from coopfx.engine.examples.coverage import parts
from coopfx.engine.examples.mutation import changes, try_changes
from coopfx.engine.examples.run import run_example, run_examples
from coopfx.engine.outcome import Change
from coopfx.formats import json, tests
from coopfx.formats.tests import Tested
from coopfx.ground.report import Severity


@click.command("test")
@click.argument("policies", type=click.Path(), nargs=-1, required=True)
@click.option("--coverage", is_flag=True, help="Tell which parts of a statute no example reaches.")
@click.option(
    "--mutate", is_flag=True, help="Change each figure a little: tell what no example notices."
)
@click.option(
    "--threshold",
    metavar="PERCENT",
    type=click.IntRange(0, 100),
    help="Fail where less of it is reached, or noticed.",
)
@click.option(
    "--junit",
    metavar="FILE",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Also write the results as JUnit XML.",
)
@shared_options
def command(
    policies: tuple[str, ...],
    coverage: bool,
    mutate: bool,
    threshold: int | None,
    junit: Path | None,
    form: str,
    lang: str | None,
) -> None:
    """Run the examples that statutes carry in themselves.

    Each of POLICIES is a policy folder, a statute file, or - for a statute on standard input. Of a
    version in several languages, --coverage and --mutate look at the policy's own, since all say the
    same.

    Example: coopfx test policies/alma --coverage --threshold 80
    """
    if threshold is not None and not (coverage or mutate):
        raise usage("with_coverage")
    session = Session(lang, form)
    found = [
        one for path in policies for one in _tested(session, path, coverage=coverage, mutate=mutate)
    ]
    low = [] if threshold is None else _low(found, threshold)
    if junit is not None:
        write_file(junit, tests.junit(found, session.words).encode(), session.report)
    if form == "json":
        told = {"diagnostics": json.diagnostics(session.report, session.words)}
        shown = tests.data(found, session.words, covered=coverage, mutated=mutate)
        session.show_json(shown | told)
    else:
        style = style_of(sys.stdout)
        for result in (result for one in found for result in one.examples):
            click.echo(tests.example(result, style))
        click.echo(tests.summary(found, session.words))
        if coverage:
            click.echo("\n" + tests.coverage(found, session.words, style))
        if mutate:
            click.echo("\n" + tests.mutation(found, session.words, style))
    session.tell()
    for sort in low:
        percent = session.words.percent(Fraction(threshold or 0, 100))
        click.echo(session.words.phrase(f"test.too_few.{sort}", threshold=percent), err=True)
    session.end(violated=bool(low))


def _tested(session: Session, path: str, *, coverage: bool, mutate: bool) -> Iterator[Tested]:
    """What the examples of a policy's statutes show; where it cannot be read, what is told of it."""
    before = len(session.report.diagnostics)
    held = session.hold(path)
    statutes: list[Statute] = [] if held is None else held.statutes(session.report)
    told = session.report.diagnostics[before:]
    errors = [item for item in told if item.severity is Severity.ERROR]
    if errors:
        yield Tested(path, told=errors)
    seen: set[str] = set()
    for statute in statutes:
        assert held is not None
        program, file = statute.program, statute.source.file
        session.speak(held.policy, program.laws)
        first = statute.file.version not in seen
        seen.add(statute.file.version)
        examples = run_examples(program, session.report)
        found = []
        if coverage and first:
            runs = [run_example(program, example) for example in program.examples]
            found = parts(program, runs, file)
        tried: list[Change | None] = []
        if mutate and first and all(result.passed for result in examples):
            tried = _try(session, statute, file)
        noticed = [one for one in tried if one is not None]
        yield Tested(file, examples, found, noticed, len(tried) - len(noticed))


def _try(session: Session, statute: Statute, file: str) -> list[Change | None]:
    planned = changes(statute.program, file)
    hidden = session.form != "text" or not sys.stderr.isatty()
    trying = try_changes(statute.program, planned, file)
    with click.progressbar(trying, length=len(planned), file=sys.stderr, hidden=hidden) as bar:
        return list(bar)


def _low(found: list[Tested], threshold: int) -> list[str]:
    """Which of the two falls short of a threshold; a statute without any part falls short of none."""
    counts = {"coverage": tests.reached(found), "mutation": tests.noticed(found)}
    return [sort for sort, (some, count) in counts.items() if some * 100 < threshold * count]
