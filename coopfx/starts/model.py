"""A model to start from: its table with those of the models that it starts from, and its sentences."""

import tomllib
from collections.abc import Iterable, Mapping
from datetime import date
from fractions import Fraction
from functools import cache
from typing import Any

from attrs import Factory, frozen

from coopfx.desk.texts import kept_document, laws_of, read_models
from coopfx.formats.questions import Choice, Question
from coopfx.ground.code import grammar_folder
from coopfx.ground.exact import Known
from coopfx.ground.report import Report
from coopfx.ground.source import Source
from coopfx.ground.words import Words
from coopfx.language import ast
from coopfx.plugged.hookspecs import Model
from coopfx.plugged.world import World
from coopfx.starts.rates import Rate, RateError
from coopfx.starts.table import Open, Table, TableError, holds, read_table

ENGLISH = "en"


@frozen(slots=True)
class Start:
    """What a statute starts from: a model, and what it and the ones above it leave open.

    ``common`` is what every statute may add, whatever its model, in English; ``numbers`` are those of
    the articles that stand already.
    """

    name: str
    language: str
    laws: tuple[str, ...]
    currency: str
    since: date
    title: str
    numbers: frozenset[str]
    table: Table
    common: Table
    sentences: tuple[Mapping[str, Mapping[str, Any]], ...] = Factory(tuple)

    @property
    def questions(self) -> tuple[Open, ...]:
        """All that is asked, the model's own first."""
        return (*self.table.questions, *self.common.questions)

    @property
    def names(self) -> dict[str, Mapping[str, str]]:
        """The names of all that may be written, in each language."""
        return {**self.table.names, **self.common.names}

    def proposed(self, words: Words) -> list[Question]:
        """What the model itself leaves open, as it is asked where all before it is as proposed."""
        answers: dict[str, Known] = {}
        asked = []
        for one in self.table.questions:
            if holds(one.when, answers):
                asked.append(self.asked(one, answers, words))
                answers |= {one.key: value} if (value := asked[-1].default) is not None else {}
        return asked

    def say(self, path: str, words: Words) -> str:
        """A sentence of the model in a reader's language, else in English, else in its own."""
        languages = words.language, ENGLISH, self.language
        found = (said_in(one, path, languages) for one in self.sentences)
        return next(filter(None, found), "") or words.phrases.get(f"start.{path}", "")

    def asked(self, open_: Open, answers: Mapping[str, Known], words: Words) -> Question:
        """A question as a reader is asked it, once the answers before it are known."""
        key = open_.key
        choices = tuple(
            Choice(
                one,
                self.say(f"questions.{key}.choices.{one}.text", words) or one,
                self.say(f"questions.{key}.choices.{one}.consequence", words),
            )
            for one in open_.choices
        )
        low, high = (rate_of(one, answers) for one in (open_.low, open_.high))
        default = value_of(open_.default, answers)
        article = words.phrase("new.article", article=open_.article) if open_.article else ""
        if article and open_.law:
            article = words.phrase("new.article_and_law", article=article, law=open_.law)
        return Question(
            key,
            self.say(f"questions.{key}.text", words) or key,
            open_.kind,
            default,
            choices,
            self.say(f"questions.{key}.why", words),
            article or open_.law or None,
            self.currency,
            low,
            high,
        )


def value_of(default: Known | Rate | None, answers: Mapping[str, Known]) -> Known | None:
    """What a default comes to; None where there is none, or where it follows from no number."""
    return rate_of(default, answers) if isinstance(default, Rate) else default


def rate_of(rate: Rate | None, answers: Mapping[str, Known]) -> Fraction | None:
    """What a rate comes to; None where an answer that it follows from is open."""
    try:
        return None if rate is None else rate.value(answers)
    except RateError:
        return None


def open_start(name: str, world: World, report: Report) -> Start | None:
    """A model that is installed; None, and told (P969), where what it leaves open cannot be asked."""
    model = world.models[name]
    source = Source(model.file, model.text, model.language)
    document = kept_document(source, world.words(model.language), report)
    above = None if document is None else read_models(document, world, report)
    if document is None or above is None:
        return None
    chain = [model, *(world.models[one] for one in above)]
    try:
        table, sentences = Table(), []
        for one in reversed(chain):
            table = (read_table(one.questions) if one.questions else Table()).over(table)
        for one in chain:
            sentences.append({key: _sentences(text) for key, text in one.words.items()})
        start = _start(name, model, (document, *above.values()), table, tuple(sentences))
    except TableError as error:
        plugin = world.origins[f"model {name}"]
        report.tell("P969", None, name=name, distribution=plugin.origin, problem=error.said)
        return None
    return start


def _start(
    name: str,
    model: Model,
    documents: tuple[ast.Document, ...],
    table: Table,
    sentences: tuple[Mapping[str, Mapping[str, Any]], ...],
) -> Start:
    laws = next((found for one in documents if (found := laws_of(one))), ())
    clauses = [clause for one in documents for clause in one.clauses]
    heading = next(one for one in clauses if isinstance(one, ast.Statute))
    return Start(
        name,
        model.language,
        tuple(one.word for one in laws),
        next(one.code for one in clauses if isinstance(one, ast.Currency)),
        next(one.start for one in clauses if isinstance(one, ast.InForce)),
        heading.title,
        frozenset(one.number for one in clauses if isinstance(one, ast.Article)),
        table,
        common(),
        sentences,
    )


def called(name: str, words: Words, world: World) -> tuple[str, str]:
    """What readers see of a model where they choose one: what it is called, and what it is for."""
    model = world.models[name]
    try:
        said = {key: _sentences(text) for key, text in model.words.items()}
    except TableError:
        said = {}
    languages = words.language, ENGLISH, model.language
    title, about = (said_in(said, one, languages) for one in ("title", "about"))
    return f"{title} ({name})" if title else name, about


def said_in(sentences: Mapping[str, Mapping[str, Any]], path: str, languages: Iterable[str]) -> str:
    """A sentence in the first of some languages that has it; empty where none does."""
    for one in dict.fromkeys(languages):
        found: Any = sentences.get(one, {})
        for step in path.split("."):
            found = found.get(step) if isinstance(found, dict) else None
        if isinstance(found, str):
            return found
    return ""


@cache
def common() -> Table:
    """What any statute may add, whatever its model: pieces in English, sentences in the word files."""
    return read_table((grammar_folder() / "start" / "common.toml").read_text("utf-8"))


def _sentences(text: str) -> dict[str, Any]:
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise TableError("toml", reason=str(error)) from error
