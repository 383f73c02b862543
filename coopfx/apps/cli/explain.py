"""``coopfx explain``: why a figure is what it is."""

import re
import sys
from pathlib import Path

import click

from coopfx import pipeline
from coopfx.apps.cli.common import UNUSABLE, Session, shared_options, style_of
from coopfx.engine.explain import known_names
from coopfx.formats import json, text
from coopfx.words import nearest


@click.command("explain")
@click.argument("policy", type=click.Path())
@click.argument("data", type=click.Path(path_type=Path))
@click.argument("what", nargs=-1, required=True)
@shared_options
def command(policy: str, data: Path, what: tuple[str, ...], form: str, lang: str | None) -> None:
    """Say why a figure is what it is, down to the article and the law.

    WHAT is an account, a figure, a rule, an indicator's label, or a figure of one record, such as
    "work_share of p042"; names may be in any language.

    Example: coopfx explain policies/alma policies/alma/2024 work_share of p042
    """
    session = Session(lang, form)
    opened = session.open(policy)
    year = None
    if opened is not None:
        year = pipeline.evaluate_policy(opened, data, session.world, session.report)
    if opened is None or year is None:
        session.tell()
        raise SystemExit(UNUSABLE)
    laws = year.statute.program.laws
    session.speak(opened, laws)
    languages = [
        pipeline.words_for(session.world, name, laws, opened) for name in session.world.languages
    ]
    asked = " ".join(what)
    found = None
    for words in languages:
        name, record = _asked(asked, words.keywords["OF"])
        found = pipeline.explain(year, words.canonical(name), record)
        if found is not None:
            break
    if found is None:
        known = [words.word(name) for words in languages for name in known_names(year.evaluation)]
        session.report.tell("P912", None, what=asked[:80], nearest=nearest(asked, known))
    elif form == "json":
        session.show_json(json.explanation(found, session.words))
    else:
        click.echo(text.explanation(found, session.words, style_of(sys.stdout)), nl=False)
    session.tell()
    session.end()


def _asked(text: str, of: tuple[str, ...]) -> tuple[str, str]:
    """The name and the record of ``work_share of p042``; no record where only a name is asked for."""
    for word in sorted(of, key=len, reverse=True):
        pattern = re.escape(word) + ("" if word.endswith("'") else r"\s+")
        found = re.fullmatch(rf"(\S+)\s+{pattern}(\S+)", text.strip())
        if found:
            return found[1], found[2]
    return text.strip(), ""
