"""``coopfx laws``: the laws that are installed, or one, article by article."""

import sys
from typing import Any, NoReturn

import click

from coopfx.apps.cli.common import UNUSABLE, Session, shared_options, style_of
from coopfx.apps.cli.law_changes import Asked, show_changes
from coopfx.apps.cli.spoken import usage
from coopfx.desk.packs import sha256
from coopfx.desk.texts import tell_no_law
from coopfx.formats.json import plain, text, type_name
from coopfx.formats.questions import data
from coopfx.formats.questions import shown as shown_answer
from coopfx.formats.terminal import Style, safe, wrapped
from coopfx.ground.report import Said, Word
from coopfx.ground.words import Words
from coopfx.laws.book import (
    ArticleEntry,
    LawBook,
    ParameterEntry,
    RuleEntry,
    form_said,
    open_law,
    rule_said,
    words_of_law,
)
from coopfx.starts.model import open_start

SCHEMA, MODEL_SCHEMA = "coopfx.laws/1", "coopfx.model/1"


@click.command("laws")
@click.argument("name", required=False)
@click.option(
    "--changes",
    metavar="SINCE",
    help="Show what changes after a day, or against another version: its folder or its wheel.",
)
@click.option("--until", metavar="DAY", help="With --changes: the last day that is looked at.")
@click.option(
    "--policy",
    type=click.Path(),
    help="With --changes: also the verdicts that turn in a year of this policy.",
)
@click.option("--year", metavar="YEAR", help="With --policy: which year; else the latest.")
@shared_options
def command(
    name: str | None,
    changes: str | None,
    until: str | None,
    policy: str | None,
    year: str | None,
    form: str,
    lang: str | None,
) -> None:
    """List the laws and models that are installed, or show one.

    NAME is a law's, such as fr.scop: its rules with what each asks and which facts it wants, the forms
    that it permits, its parameters with every value they have had, and the sources of all that. Or it is
    a model's, such as fr.scop.sarl: its text, and what it leaves open for `coopfx new` to ask.

    With --changes, what changes after a day, by article: the values of parameters, the articles that
    begin or end; or what is other than in another version of the laws. A policy's year is then judged
    under both.

    Example: coopfx laws fr.scop

    Example: coopfx laws fr.scop.sarl

    Example: coopfx laws --changes 2024-01-01 --policy policies/il-filo
    """
    session = Session(lang, form)
    world = session.world
    if changes is None and (until or policy or year):
        raise usage("with_changes")
    if year is not None and policy is None:
        raise usage("with_policy")
    if changes is None and name in world.models:
        _show_model(name, session, form)
    if name is not None and name not in world.laws:
        tell_no_law(name[:60], None, world, session.report)
        session.tell()
        raise SystemExit(UNUSABLE)
    if changes is not None:
        show_changes(Asked(name, changes, until, policy, year), session, form)
    names = sorted(world.laws) if name is None else [name]
    books = [book for one in names if (book := open_law(one, world, session.report)) is not None]
    words = {book.name: words_of_law(book, session.words, world) for book in books}
    if form == "json":
        laws = [_data(book, words[book.name], whole=name is not None) for book in books]
        click.echo(text({"schema": SCHEMA, "laws": laws, "models": _models(session)}), nl=False)
    elif name is None:
        for book in books:
            _echo(_heading(book, words[book.name], style_of(sys.stdout)))
        for model in _models(session):
            origin = f"{model['distribution']} {model['version']}"
            shown = {"name": model["name"], "origin": origin}
            click.echo(session.words.phrase("laws.model", **shown))
    else:
        for book in books:
            _echo(_page(book, words[book.name], style_of(sys.stdout)))
    session.tell()
    session.end()


def _show_model(name: str, session: Session, form: str) -> NoReturn:
    """Print a model's text and what it leaves open, and end."""
    world, words = session.world, session.words
    model, plugin = world.models[name], world.origins[f"model {name}"]
    start = open_start(name, world, session.report)
    asked = [] if start is None else start.proposed(words)
    if form == "json":
        shown = {"name": name, "distribution": plugin.distribution, "version": plugin.version}
        shown |= {"file": model.file, "language": model.language, "sha256": sha256(model.text)}
        told: dict[str, Any] = {"text": model.text}
        told["open"] = [data(one, None, words) for one in asked]
        session.show_json({"schema": MODEL_SCHEMA, "model": shown | told})
        session.tell()
        session.end()
    style = style_of(sys.stdout)
    heading = safe(f"{name}: {start.title}" if start else name)
    lines = [style.paint(heading, "bold"), f"  {plugin.origin}, {model.file}", ""]
    _echo([*lines, *map(safe, model.text.rstrip("\n").split("\n"))])
    if asked:
        _echo(["", style.paint(words.phrase("laws.open"), "bold")])
    for question in asked:
        article = f" ({question.article})" if question.article else ""
        _echo(wrapped(safe(question.text + article), "  · "))
        if question.default is not None:
            _echo(wrapped(safe(shown_answer(question, question.default, words)), "      "))
    session.tell()
    session.end()


def _models(session: Session) -> list[dict[str, str]]:
    world = session.world
    brought = {name: world.origins[f"model {name}"] for name in sorted(world.models)}
    return [
        {"name": name, "distribution": plugin.distribution, "version": plugin.version}
        for name, plugin in brought.items()
    ]


def _echo(lines: list[str]) -> None:
    click.echo("\n".join(lines))


# ---- for people


def _heading(book: LawBook, words: Words, style: Style) -> list[str]:
    title = safe(f"{book.name}: {book.title}")
    counted = {"rules": len(book.rules), "confirmed": _confirmed(book)}
    counted["parameters"] = len(book.parameters)
    counts = ", ".join(words.counted(f"laws.{sort}", count) for sort, count in counted.items())
    start = words.phrase("laws.from", start=words.date(book.start))
    return [style.paint(title, "bold"), f"  {book.provided.plugin.origin}, {start}, {counts}"]


def _confirmed(book: LawBook) -> int:
    """How many of its rules rest on no wording and no figure that is still to be confirmed."""
    return sum(not rule.to_confirm for rule in book.rules)


def _page(book: LawBook, words: Words, style: Style) -> list[str]:
    lines = [*_heading(book, words, style), f"  {book.provided.law.file}"]
    lines += [line for source in book.sources for line in wrapped(source, "  ")]
    if book.under:
        lines.append("  " + words.phrase("laws.under", laws=words.enumeration(list(book.under))))
    for article in book.articles:
        lines += ["", *_article(article, book, words, style)]
    return lines


def _article(article: ArticleEntry, book: LawBook, words: Words, style: Style) -> list[str]:
    title = words.phrases.get(f"article.{book.name}.{article.number}", article.title)
    heading = words.phrase("laws.article", number=article.number, title=safe(title))
    doubt = " " + words.phrase("confidence.to_confirm") if article.to_confirm else ""
    lines = [style.paint(heading, "bold"), *wrapped(article.reference + doubt, "  ")]
    if article.start != book.start or article.end:
        lines.append("  " + _term(article, words))
    for form in article.forms:
        name = f" ({words.word(form.name)})" if form.name else ""
        lines += wrapped(words.show(form_said(form)) + name, "  · ")
    for rule in article.rules:
        lines += _rule(rule, book.name, words)
    foreign = {} if words.language == book.provided.law.language else words.labels
    for account in article.accounts:
        said = foreign.get(account.name) or account.label
        lines += wrapped(f"{words.word(account.name)}: {said}", "  · ")
    for fact in article.facts:
        said = foreign.get(fact.name) or fact.label or words.show(fact.type)
        lines += wrapped(f"{words.word(fact.name)}: {said}", "  · ")
    for figure in article.figures:
        default = " " + words.phrase("laws.default") if figure.default else ""
        lines += wrapped(
            f"{words.word(figure.name)} = {words.show(figure.formula)}{default}", "  · "
        )
    for parameter in article.parameters:
        lines.append(f"  · {words.word(parameter.name)}")
        for entry in parameter.history:
            sure = " " + words.phrase("confidence.to_confirm") if entry.to_confirm else ""
            shown = words.show(parameter.shown(entry.value))
            lines += wrapped(f"{entry.start}  {shown}  {entry.reference}{sure}", "      ")
    return lines


def _term(article: ArticleEntry, words: Words) -> str:
    start = words.date(article.start)
    if article.end is None:
        return words.phrase("laws.from", start=start)
    return words.phrase("laws.until", start=start, end=words.date(article.end))


def _rule(rule: RuleEntry, law: str, words: Words) -> list[str]:
    kind = "" if rule.binding else " " + words.phrase("laws.advice")
    doubt = " " + words.phrase("confidence.to_confirm") if rule.to_confirm else ""
    title = words.phrases.get(f"rule.{rule.name}", words.label(rule.name))
    own = words.word(rule.name.removeprefix(f"{law}."))
    lines = wrapped(f"{title} ({own}){kind}{doubt}", "  · ")
    lines += wrapped(words.show(rule_said(rule)), "      ")
    if rule.facts:
        facts = tuple(Word(fact) for fact in rule.facts)
        lines += wrapped(words.show(Said("laws.wants", {"facts": facts})), "      ")
    return lines


# ---- for programs


def _data(book: LawBook, words: Words, *, whole: bool) -> dict[str, Any]:
    plugin, law = book.provided.plugin, book.provided.law
    data: dict[str, Any] = {
        "name": book.name,
        "title": book.title,
        "distribution": plugin.distribution,
        "version": plugin.version,
        "file": law.file,
        "sha256": sha256(law.text),
        "language": law.language,
        "words": sorted(law.words),
        "under": list(book.under),
        "in_force_from": book.start.isoformat(),
        "sources": list(book.sources),
        "rules": len(book.rules),
        "confirmed": _confirmed(book),
        "parameters": len(book.parameters),
    }
    if whole:
        data["articles"] = [_article_data(article, book, words) for article in book.articles]
    return data


def _article_data(article: ArticleEntry, book: LawBook, words: Words) -> dict[str, Any]:
    return {
        "number": article.number,
        "title": words.phrases.get(f"article.{book.name}.{article.number}", article.title),
        "line": article.line,
        "in_force_from": article.start.isoformat(),
        "in_force_until": article.end.isoformat() if article.end else None,
        "reference": article.reference or None,
        "confidence": _confidence(article.to_confirm),
        "forms": [
            {
                "name": f"{book.name}.{form.name}" if form.name else None,
                "account": form.account,
                "line": form.line,
                "text": words.show(form_said(form)),
            }
            for form in article.forms
        ],
        "rules": [
            {
                "name": rule.name,
                "label": words.phrases.get(f"rule.{rule.name}", words.label(rule.name)),
                "line": rule.line,
                "strength": "require" if rule.binding else "recommend",
                "text": words.show(rule_said(rule)),
                "facts": list(rule.facts),
                "confidence": _confidence(rule.to_confirm),
            }
            for rule in article.rules
        ],
        "accounts": [
            {"name": account.name, "line": account.line, "text": account.label}
            for account in article.accounts
        ],
        "facts": [
            {
                "name": fact.name,
                "label": words.label(fact.name),
                "line": fact.line,
                "type": type_name(fact.type),
                "record": fact.record,
                "text": fact.label,
            }
            for fact in article.facts
        ],
        "figures": [
            {
                "name": figure.name,
                "line": figure.line,
                "text": words.show(figure.formula),
                "default": figure.default,
            }
            for figure in article.figures
        ],
        "parameters": [_parameter_data(item, words) for item in article.parameters],
    }


def _parameter_data(item: ParameterEntry, words: Words) -> dict[str, Any]:
    return {
        "name": item.name,
        "label": words.label(item.name),
        "line": item.line,
        "type": type_name(item.type),
        "values": [
            {
                "from": entry.start.isoformat(),
                "value": plain(entry.value, item.type),
                "reference": entry.reference or None,
                "confidence": _confidence(entry.to_confirm),
            }
            for entry in item.history
        ],
    }


def _confidence(unsure: bool) -> str:
    return "to confirm" if unsure else "confirmed"
