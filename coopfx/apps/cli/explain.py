"""``coopfx explain``: why a figure is what it is."""

import re
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NoReturn
from unicodedata import normalize

import click

from coopfx import pipeline
from coopfx.apps.cli.common import UNUSABLE, Session, format_option, language_option, style_of
from coopfx.desk.policy import Policy, find_year
from coopfx.desk.speaking import words_for
from coopfx.desk.years import Year
from coopfx.engine.explain.explanation import known_names, record_of
from coopfx.engine.explain.needs import needs_of
from coopfx.engine.outcome import Explanation
from coopfx.formats import json, needs, prose, text
from coopfx.formats.cells import file_of
from coopfx.ground.report import Report, Word
from coopfx.ground.words import Words, nearest
from coopfx.language import ir


@click.command("explain")
@click.argument("policy", type=click.Path())
@click.argument("what", nargs=-1, metavar="[DATA] WHAT...")
@click.option(
    "--missing", is_flag=True, help="Say instead what the year still needs, and what waits for it."
)
@format_option("text", "prose", "json")
@language_option
def command(policy: str, what: tuple[str, ...], missing: bool, form: str, lang: str | None) -> None:
    """Say why a figure is what it is, down to the article and the law.

    DATA is a year's folder, or the name of one of the policy's; without it, the latest year. WHAT is
    an account, a figure, a rule, an indicator's label, or a figure of one record, such as
    "work_share of p042"; names may be in any language, and as results show them. With --missing there
    is no WHAT: what the data do not give is listed, the most useful first.

    The steps are shown as a tree, or with --format prose as a few paragraphs to be read aloud.

    Example: coopfx explain policies/alma 2024 work_share of p042
    """
    if not (what or missing):
        raise click.UsageError("Missing argument 'WHAT...'.")
    if missing and form == "prose":
        raise click.UsageError("With --missing, results are shown as text or json.")
    if missing and len(what) > 1:
        raise click.UsageError("With --missing, nothing is named but a year.")
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
        if form == "json":
            session.show_diagnostics()
        session.tell()
        raise SystemExit(UNUSABLE)
    opened, laws = held.policy, year.statute.program.laws
    if missing:
        session.speak(opened, laws, year.statute.words)
        _show_needs(session, year)
    # A tree shows names as the statute writes them, to be asked for in turn; prose as people say them.
    session.speak(opened, laws, year.statute.words if form == "prose" else None)
    found = explain_year(year, asked, languages_for(session, opened, year), session.report)
    if found is not None and form == "json":
        session.show_json(json.explanation(found, session.words))
    elif form == "json":
        session.show_diagnostics()
    elif found is not None and form == "prose":
        click.echo(prose.prose(found, session.words), nl=False)
    elif found is not None:
        click.echo(text.explanation(found, session.words, style_of(sys.stdout)), nl=False)
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


def _data_and_asked(
    policy: Policy, what: tuple[str, ...], suffixes: Iterable[str]
) -> tuple[Path | None, str]:
    """The year's folder, where the first word is one, and what is asked for."""
    first = Path(what[0])
    if find_year(policy, first, suffixes) is None and (len(what) == 1 or not first.is_dir()):
        return None, " ".join(what)
    if len(what) == 1:
        raise click.UsageError("Missing argument 'WHAT...'.")
    return first, " ".join(what[1:])


def languages_for(session: Session, policy: Policy, year: Year) -> list[Words]:
    """The words that a figure may be named in.

    The reader's own come first, where two languages have one word for two things.
    """
    laws = year.statute.program.laws
    return [session.words] + [
        words_for(session.world, name, laws, policy) for name in session.world.languages
    ]


def explain_year(
    year: Year, asked: str, languages: list[Words], report: Report
) -> Explanation | None:
    """What is asked for, explained; None, and told (P912, P924, P925), where there is no such thing."""
    known = _Known(year, languages)
    name = known.name(asked)
    if name is not None:
        found = pipeline.explain(year, name)
        if found is not None:
            return found
    for figure, record in _figures_of_records(asked, languages):
        own = known.name(figure)
        sort = None if own is None else record_of(year.evaluation, own)
        if own is None or sort is None:
            continue
        found = pipeline.explain(year, own, record)
        if found is None:
            ids = year.evaluation.ids(sort)
            near = nearest(record, ids)
            file = year.facts.files.get(sort, file_of(sort))
            report.tell("P925", None, record=Word(sort), found=record[:60], nearest=near, file=file)
        return found
    sort = None if name is None else record_of(year.evaluation, name)
    if sort is not None:
        example = next(iter(year.evaluation.ids(sort)), "p001")
        report.tell("P924", None, name=asked, record=Word(sort), example=example)
        return None
    near = nearest(asked, known.words())
    report.tell("P912", None, what=asked[:80], nearest="" if near == asked else near)
    return None


def _figures_of_records(asked: str, languages: list[Words]) -> Iterator[tuple[str, str]]:
    """The ways to read ``work_share of p042`` as a figure and a record, in every language."""
    forms = dict.fromkeys(word for words in languages for word in words.keywords["OF"])
    for word in sorted(forms, key=len, reverse=True):
        pattern = re.escape(word) + ("" if word.endswith("'") else r"\s+")
        found = re.fullmatch(rf"(.+?)\s+{pattern}(.+)", asked.strip())
        if found:
            yield found[1], found[2].strip()


class _Known:
    """All that can be asked for, by every way in which a reader sees or writes its name."""

    def __init__(self, year: Year, languages: list[Words]) -> None:
        program = year.statute.program
        self._names: dict[str, str] = {}
        rules = {rule.name: rule for rule in program.rules}
        for words in languages:
            for name in known_names(year.evaluation):
                rule = rules.get(name)
                forms = (name, words.word(name), *words.names.get(name, ()), words.label(name))
                for form in forms if rule is None else _of_rule(rule, words):
                    self._names.setdefault(_plain(form), name)

    def name(self, asked: str) -> str | None:
        """The canonical name of what is asked for; capitals count only where they tell two apart."""
        plain = _plain(asked)
        folded = {form.casefold(): name for form, name in reversed(self._names.items())}
        return self._names.get(plain) or folded.get(plain.casefold())

    def words(self) -> Iterable[str]:
        """What a misspelt name may have meant."""
        return self._names


def _of_rule(rule: ir.Rule, words: Words) -> list[str]:
    """A rule's names: its own or with its law's, in a language, and the title that results show."""
    law = f"{rule.origin.law}." if rule.origin.law else ""
    own = rule.name.removeprefix(law)
    forms = [own, *words.names.get(own, ())]
    titles = [words.phrases.get(f"rule.{rule.name}", own), words.label(own)]
    return [rule.name, *forms, *(law + form for form in forms), *titles]


def _plain(name: str) -> str:
    """A name without what a keyboard or a terminal may change: spaces, apostrophes, accents' form."""
    return normalize("NFC", " ".join(name.split()).replace("\u2019", "'"))
