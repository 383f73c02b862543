"""``coopfx run``: a year, evaluated."""

import sys
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path

import click

from coopfx.apps.cli.common import UNUSABLE, Session, language_option, names_option, style_of
from coopfx.apps.cli.output import force_option, print_files, write_files
from coopfx.apps.cli.screen import LostError
from coopfx.apps.cli.spoken import none_of, usage
from coopfx.desk.latest import said_of
from coopfx.desk.names import named
from coopfx.engine.outcome import Results
from coopfx.formats import text
from coopfx.ground.words import Words
from coopfx.plugged.hookspecs import Writer

Write = Callable[[Results, Words], str | bytes | Mapping[str, str | bytes]]


@click.command("run")
@click.argument("policy", type=click.Path())
@click.argument("data", type=click.Path(path_type=Path), required=False)
@click.option("--parts", is_flag=True, help="Also list what each record receives.")
@click.option("--rules", is_flag=True, help="List every rule, also those that are kept.")
@click.option(
    "--format",
    "form",
    metavar="FORMAT",
    default="text",
    show_default=True,
    help="How results are shown: text, json, or a format that a plugin brings.",
)
@click.option(
    "--output",
    type=click.Path(path_type=Path),
    help="Write the results to this file, or folder where they are several, instead.",
)
@click.option(
    "--anonymous",
    is_flag=True,
    help="Name nobody and show no few people; only for a format that can be written so.",
)
@names_option
@force_option
@language_option
def command(
    policy: str,
    data: Path | None,
    parts: bool,
    rules: bool,
    form: str,
    output: Path | None,
    anonymous: bool,
    names: Path | None,
    force: bool,
    lang: str | None,
) -> None:
    """Evaluate a year: allocation, shares, verdicts, indicators.

    Of the rules, those are listed that ask to be looked at; --rules lists all.

    POLICY is a policy folder, DATA a year's folder or the name of one of the policy's, or a single
    file that holds a whole year; without DATA, the policy's latest year.

    Example: coopfx run policies/alma policies/alma/2024
    """
    session = Session(lang, form)
    writer = writer_of(session, form)
    if names is not None:
        _naming(session, writer, anonymous)
    write = anonymous_write(session, writer) if anonymous else writer.write
    held, year = session.hold_year(policy, data)
    session.speak(held.policy, year.statute.program.laws, year.statute.words)
    if form == "text" and output is None:
        # The screen has colours, which no file has.
        outcome = held.over_the_years(year, session.report)
        shown = text.outcome(
            outcome,
            session.words,
            style_of(sys.stdout),
            parts=parts,
            rules=rules,
            folder=said_of(year.folder, held.policy.path, year.facts.closing),
        )
        click.echo(shown, nl=False)
    else:
        results = held.results(year, session.report)
        if names is not None:
            before = session.report.errors()
            results = named(results, names, session.world, session.words, session.report)
            if session.report.errors() > before:
                session.tell()
                raise SystemExit(UNUSABLE)
        write_with(session, writer, write, results, output, force)
    session.tell()
    session.end(violated=year.outcome.violated)


def writer_of(session: Session, form: str, prefix: str = "") -> Writer:
    """The writer of a format after a prefix; a usage error where no plugin brings it."""
    writers = session.world.writers
    name = prefix + form
    if name not in writers:
        if session.tell_not_installed("writer", name):
            session.tell()
            raise SystemExit(UNUSABLE)
        raise none_of(form, _forms(writers, prefix), "--format")
    return writers[name]


def _naming(session: Session, writer: Writer, anonymous: bool) -> None:
    """Refuse names with what names nobody."""
    if anonymous:
        raise usage("names_anonymous")
    if not writer.naming:
        known = [name for name, one in session.world.writers.items() if one.naming]
        raise usage("not_named", name=writer.name, known=", ".join(known))


def anonymous_write(session: Session, writer: Writer, prefix: str = "") -> Write:
    """How a format after a prefix is written without naming anybody; a usage error where it cannot be."""
    if writer.anonymous is None:
        writers = session.world.writers
        able = _forms((name for name in writers if writers[name].anonymous is not None), prefix)
        key = "not_anonymous" if able else "none_anonymous"
        raise usage(key, name=writer.name.removeprefix(prefix), known=", ".join(able))
    return writer.anonymous


def _forms(names: Iterable[str], prefix: str) -> list[str]:
    """The formats that are asked for after a prefix."""
    return [one.removeprefix(prefix) for one in names if one.startswith(prefix)]


def write_with(
    session: Session,
    writer: Writer,
    write: Write,
    results: Results,
    output: Path | None,
    force: bool,
) -> None:
    """Write a year; told where the plugin that writes it fails, or the place cannot be written."""
    before = session.report.errors()
    try:
        written = write(results, session.words)
        if session.report.errors() > before:
            return
        if output is None:
            print_files(written)
        else:
            write_files(written, output, session.report, force=force, personal=writer.personal)
    except LostError:
        raise
    except Exception as error:
        session.world.tell_failure(writer, error, session.report)
