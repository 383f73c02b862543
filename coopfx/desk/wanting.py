"""What a year's shares still wait for of the cooperative itself, as questions, and where answers go."""

import tomllib
from collections.abc import Callable, Iterable, Mapping
from datetime import date
from fractions import Fraction
from typing import Any

from coopfx.desk.years import Year, schema_of
from coopfx.engine.explain.needs import ALLOCATION, SHARE, needs_of
from coopfx.engine.outcome import Need
from coopfx.engine.reference.other_years import year_before
from coopfx.formats import toml
from coopfx.formats.answers import of_file
from coopfx.formats.needs import place_of
from coopfx.formats.questions import Asked, Question, kept
from coopfx.ground.exact import DATE, TEXT, YES_NO, Known, currency_of, money, quantity
from coopfx.ground.facts import Field
from coopfx.ground.figure import figure_of
from coopfx.ground.report import Diagnostic
from coopfx.ground.words import Words

CLOSING = "closing"


def closing_question(words: Words, year: int | None) -> Question:
    """The question on which day a year closes."""
    default = date(year, 12, 31) if year else None
    return Question(CLOSING, words.phrase("data.ask.closing"), Asked.DATE, default)


def own_questions(
    year: Year, before: Year | None, words: Words, said: Mapping[str, str], *, rules: bool = False
) -> dict[str, tuple[Question, str, str]]:
    """What the shares of a year wait for of the cooperative itself, each with its table in
    `cooperative.toml` and its name there; with ``rules``, what rules alone wait for too.

    What somebody said of an earlier year is proposed where it stays as it is: texts, yes and no; an account
    opens at what it closed at in the year just before. An amount of last year is none of this one.
    """
    found = {}
    for need in needs_of(year.evaluation, year.outcome).needs:
        money_waits = [one for one in need.waiting if one.kind in (SHARE, ALLOCATION)]
        field = _field(need, year)
        if field is None or not (money_waits or rules):
            continue
        place = place_of(need, year.statute.words, {})
        figure = figure_of(need.name)
        label = words.label(figure.inner.key if need.key in ("balance", "previous") else need.name)
        if need.key == "balance":
            label = words.phrase("formula.opening", name=label)
        text = words.phrase("data.ask.own", figure=label[:1].upper() + label[1:])
        question = Question(
            f"own:{need.name}",
            text,
            _kind(field),
            _default(need, year, before),
            why=said.get(need.name, ""),
            article=next(
                (
                    _article(one.law, one.article, words)
                    for one in money_waits or need.waiting
                    if one.article
                ),
                None,
            ),
            currency=currency_of(field.type.unit) or "EUR",
            low=field.low,
            high=field.high,
        )
        found[question.key] = (question, place.table, place.name)
    return found


def with_answers(text: str, answered: Iterable[tuple[Question, str, str, Known]]) -> str:
    """`cooperative.toml` with answers in it, each in its table; all else stays."""
    values: dict[str, tuple[Any, str]] = {}
    tables: dict[str, dict[str, Any]] = {}
    for question, table, name, value in answered:
        if table:
            tables.setdefault(table, {})[name] = kept(question, value)
        else:
            values[name] = (kept(question, value), question.text)
    return toml.with_tables(toml.with_values(text, values) if values else text, tables)


def values_of(
    text: str, languages: list[Words]
) -> Callable[[Question, str, str], tuple[str, Known | None]]:
    """What `cooperative.toml` has: of a question, under which name the answer stands, and the answer."""
    data = tomllib.loads(text, parse_float=str)

    def of(question: Question, table: str, name: str) -> tuple[str, Known | None]:
        there = data.get(table, {}) if table else data
        meant = {name, *(one.canonical(name) for one in languages)}
        for key, given in there.items():
            if not isinstance(given, dict) and meant & {
                key,
                *(one.canonical(key) for one in languages),
            }:
                found = of_file(question, given, languages, None)
                return key, None if isinstance(found, Diagnostic) else found
        return name, None

    return of


def without_figures(text: str) -> str:
    """`cooperative.toml` with nothing but when the year closes and what it is called."""
    return toml.with_keys(text, (CLOSING, "name"))


def _field(need: Need, year: Year) -> Field | None:
    """The fact that is needed of the cooperative itself; None where it is one of records, or of another
    year."""
    program = year.statute.program
    schema = schema_of(program)
    if need.key == "figure" and need.record is None:
        return schema.of(None).get(need.name)
    if need.key == "decision":
        return next((one for one in schema.decisions if one.name == need.name), None)
    if need.key == "balance" and figure_of(need.name).name in schema.accounts:
        low = schema.floors.get(figure_of(need.name).name)
        return Field(need.name, quantity(money(program.currency)), None, low)
    return None


def _kind(field: Field) -> Asked:
    if field.is_percentage:
        return Asked.PERCENTAGE
    if field.type == YES_NO:
        return Asked.YES_NO
    if field.type in (TEXT, DATE):
        return Asked.TEXT if field.type == TEXT else Asked.DATE
    if currency_of(field.type.unit):
        return Asked.AMOUNT
    return Asked.WHOLE if field.type.whole else Asked.NUMBER


def _default(need: Need, year: Year, before: Year | None) -> Known | None:
    if before is None:
        return None
    if need.key == "figure":
        value = before.facts.figures.get(need.name)
        return value if isinstance(value, str | bool) else None
    if need.key == "balance":
        if year_before(year.facts.closing, [before.evaluation]) is None:
            return None
        name = figure_of(need.name).name
        closed = next((one.closing for one in before.outcome.accounts if one.name == name), None)
        return closed if isinstance(closed, Fraction) else None
    return None


def _article(law: str | None, article: str, words: Words) -> str:
    key = "needs.article_of" if law else "needs.article"
    return words.phrase(key, article=article, law=law or "").strip(" ()")
