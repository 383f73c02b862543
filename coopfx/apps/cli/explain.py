"""``coopfx explain``: why a figure is what it is."""

import re
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import NoReturn

import click

from coopfx.apps.cli.common import Session, format_option, language_option, names_option, style_of
from coopfx.apps.cli.scenarios import change_options
from coopfx.apps.cli.spoken import usage
from coopfx.desk.against import explain_against
from coopfx.desk.asking import explain_year
from coopfx.desk.comparing import Wanted, make_scenario
from coopfx.desk.names import PERSON, explained, names_of
from coopfx.desk.policy import Policy, find_year
from coopfx.desk.speaking import words_for
from coopfx.desk.workspace import Workspace
from coopfx.desk.years import Year
from coopfx.engine.explain.needs import needs_of
from coopfx.formats import against as against_text
from coopfx.formats import json, needs, prose, tree
from coopfx.ground.words import Words

_YEAR = re.compile(r"[12][0-9]{3}(?![0-9])")


@click.command("explain")
@click.argument("policy", type=click.Path())
@click.argument("what", nargs=-1, metavar="[DATA] WHAT...")
@click.option(
    "--missing", is_flag=True, help="Say instead what the year still needs, and what waits for it."
)
@click.option(
    "--against",
    is_flag=True,
    help="Say instead what moves the figure by the changes given, and how.",
)
@change_options
@names_option
@format_option("text", "prose", "json")
@language_option
def command(
    policy: str,
    what: tuple[str, ...],
    missing: bool,
    against: bool,
    names: Path | None,
    form: str,
    lang: str | None,
    **changes: tuple[str, ...],
) -> None:
    """Say why a figure is what it is, down to the article and the law.

    DATA is a year's folder, or the name of one of the policy's; without it, the latest year. WHAT is
    an account, a figure, a rule, an indicator's label, or a figure of one record, such as
    "work_share of p042"; names may be in any language, and as results show them. With --missing there
    is no WHAT: what the data do not give is listed, the most useful first.

    The steps are shown as a tree, or with --format prose as a few paragraphs to be read aloud.

    With --change, --with, --decide or --set the figure is that of a scenario, as for coopfx compare;
    with --against too, it stands beside the figure as it is: by which article it moves, and how.

    Example: coopfx explain policies/alma 2024 work_share of p042
    """
    if not (what or missing):
        raise usage("nothing_asked")
    if missing and form == "prose":
        raise usage("missing_format")
    if missing and len(what) > 1:
        raise usage("missing_named")
    wanted = [Wanted(sort, said) for sort, given in changes.items() for said in given]
    if missing and (against or wanted):
        raise usage("missing_named")
    if against and not wanted:
        raise usage("nothing_changed")
    if against and form == "prose":
        raise usage("against_format")
    if names is not None and form == "json":
        raise usage("names_json")
    if names is not None and (missing or against):
        raise usage("names_explained")
    session = Session(lang, form)
    held = session.hold(policy)
    year, data, asked = None, None, ""
    if held is not None and missing:
        data = Path(what[0]) if what else None
    elif held is not None:
        data, asked = _data_and_asked(held.policy, what, session.world.readers)
    if held is not None:
        year = held.year(data, session.report)
    if held is None or year is None:
        session.give_up()
    opened, laws = held.policy, year.statute.program.laws
    if missing:
        session.speak(opened, laws, year.statute.words)
        _show_needs(session, year)
    # A tree shows names as the statute writes them, to be asked for in turn; prose as people say them.
    session.speak(opened, laws, year.statute.words if form == "prose" else None)
    if against:
        _show_against(session, held, year, wanted, asked)
    if wanted:
        made = make_scenario(held, year, wanted, session.report)
        if made is None:
            session.give_up()
        year = made[1]
    found = explain_year(year, asked, languages_for(session, opened, year), session.report)
    if found is not None and names is not None:
        people = year.facts.tables.get(PERSON)
        ids, currency = people.ids if people else (), year.outcome.currency
        given = names_of(ids, names, currency, session.world, session.words, session.report)
        found = explained(found, given) if given else None
    if found is not None and form == "json":
        session.show_json(json.explanation(found, session.words))
    elif form == "json":
        session.show_diagnostics()
    elif found is not None and form == "prose":
        click.echo(prose.prose(found, session.words), nl=False)
    elif found is not None:
        click.echo(tree.explanation(found, session.words, style_of(sys.stdout)), nl=False)
    session.tell()
    session.end()


def _show_needs(session: Session, year: Year) -> NoReturn:
    """Print what a year still needs, and end."""
    found, files = needs_of(year.evaluation, year.outcome), year.facts.files
    if session.form == "json":
        told = json.diagnostics(session.report, session.words)
        session.show_json(needs.data(found, year.outcome, files, session.words, told))
    else:
        style = style_of(sys.stdout)
        click.echo(needs.text(found, year.outcome, files, session.words, style), nl=False)
    session.tell()
    session.end()


def _show_against(
    session: Session, held: Workspace, year: Year, wanted: list[Wanted], asked: str
) -> NoReturn:
    """Print what moves a figure from the year to a scenario of it, and end."""
    languages = languages_for(session, held.policy, year)
    found = explain_against(held, year, wanted, asked, languages, session.report)
    if session.form == "json":
        if found is None:
            session.show_diagnostics()
        else:
            session.show_json(against_text.data(found, asked, session.words))
    elif found is not None:
        shown = against_text.text(found, asked, session.words, style_of(sys.stdout))
        click.echo(shown, nl=False)
    session.tell()
    session.end()


def _data_and_asked(
    policy: Policy, what: tuple[str, ...], suffixes: Iterable[str]
) -> tuple[Path | None, str]:
    """The year's folder, where the first word is one, and what is asked for."""
    first = Path(what[0])
    found = find_year(policy, first, suffixes)
    # A number of a year names one, also one that is not there: no figure is called so.
    meant = found is None and (_YEAR.match(first.name) or (len(what) > 1 and first.is_dir()))
    if found is None and not meant:
        return None, " ".join(what)
    if len(what) == 1 and found is not None:
        raise usage("nothing_asked")
    return first, " ".join(what[1:])


def languages_for(session: Session, policy: Policy, year: Year) -> list[Words]:
    """The words that a figure may be named in.

    The reader's own come first, where two languages have one word for two things.
    """
    laws = year.statute.program.laws
    return [session.words] + [
        words_for(session.world, name, laws, policy) for name in session.world.languages
    ]
