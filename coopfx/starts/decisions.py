"""What is asked of a cooperative that begins, in order: its model, its name, its dates, what is left open.

The answers stand in ``answers.toml`` in the policy's folder, and are asked again next time.
"""

import re
from collections.abc import Callable
from datetime import date
from pathlib import Path

from attrs import evolve, frozen

from coopfx.desk.speaking import words_of_laws
from coopfx.formats import toml
from coopfx.formats.answers import Answers
from coopfx.formats.questions import Asked, Choice, Question, shown
from coopfx.ground.exact import Known
from coopfx.ground.kept import remember
from coopfx.ground.report import Report
from coopfx.ground.source import Span
from coopfx.ground.words import Words
from coopfx.plugged.world import World
from coopfx.starts.model import Start, called, open_start
from coopfx.starts.table import holds
from coopfx.starts.text import Decided, Writer

ANSWERS = "answers.toml"
WRITTEN = "written"
"""The table of the answers that keeps what was written, file by file."""
_CURRENCIES = (
    *(
        "EUR",
        "USD",
        "GBP",
        "CHF",
        "CAD",
        "AUD",
        "NZD",
        "JPY",
        "INR",
        "KRW",
        "PHP",
        "ZAR",
        "BRL",
        "ARS",
    ),
    *(
        "MXN",
        "COP",
        "CLP",
        "UYU",
        "SEK",
        "NOK",
        "DKK",
        "PLN",
        "CZK",
        "HUF",
        "RON",
        "TRY",
        "MAD",
        "TND",
    ),
    *("XOF", "XAF"),
)
"""Currencies to choose from; another is written into the statute by hand."""
_DAY = re.compile(r"(?<![\d-])[12]\d{3}-(?:0[1-9]|1[0-2])-(?:0[1-9]|1\d|2[0-8])(?![\d-])")
Ask = Callable[[Question], Known | None]
"""Who answers a question; None where it stays open."""


@frozen(slots=True)
class Asking:
    """What was asked: the model, what is decided, when the first year closes, and what stays open.

    Without a model, nothing but the model was asked.
    """

    start: Start | None
    decided: Decided | None
    closing: date | None
    open: tuple[Question, ...]
    asked: tuple[tuple[Question, Known | None], ...]


def ask_all(folder: Path, ask: Ask, words: Words, world: World, report: Report) -> Asking | None:
    """Ask what a cooperative decides, each question once the answers before it are known.

    None, and told, where what its model leaves open cannot be asked.
    """
    asked: list[tuple[Question, Known | None]] = []

    def answer(question: Question) -> Known | None:
        found = ask(question)
        asked.append((question, found))
        return found

    model = answer(model_question(words, world))
    if model is None:
        return Asking(None, None, None, (asked[0][0],), tuple(asked))
    start = open_start(str(model), world, report)
    if start is None:
        return None
    name = answer(_name_question(folder, words))
    if not start.laws:
        # A law's amounts are in its own currency; under none, it is the cooperative's to say.
        currency = answer(_currency_question(start, words))
        start = start if currency is None else evolve(start, currency=str(currency))
    since_question = _since_question(start, words, world)
    since = answer(since_question) or since_question.default
    assert isinstance(since, date), "a question for a day has a day by default"
    closing_question = _closing_question(since, words)
    closing = answer(closing_question) or closing_question.default
    assert isinstance(closing, date), "a question for a day has a day by default"
    answers: dict[str, Known] = {}
    given: set[str] = set()
    for one in start.questions:
        if not holds(one.when, answers):
            continue
        question = start.asked(one, answers, words)
        # What follows from an answer that is open is asked once there is one.
        found = answer(question) if one.when.keys() <= given else None
        if found is not None:
            given.add(one.key)
        value = question.default if found is None else found
        if value is not None:
            answers[one.key] = value
    decided = Decided(str(name or _called(folder)), since, answers, frozenset(given))
    left = tuple(question for question, found in asked if found is None)
    return Asking(start, decided, closing, left, tuple(asked))


def with_blanks(answers: Answers, asking: Asking) -> str:
    """The file of answers, in which every question that is open has a line to be filled in."""
    text = answers.text()
    there = answers.document.data if answers.document else {}
    blank = {one.key: ("", _remark(one)) for one in asking.open if one.key not in there}
    return toml.with_values(text, blank)


def _remark(question: Question) -> str:
    keys = ", ".join(one.key for one in question.choices)
    return f"{question.text} ({keys})" if keys else question.text


def tell_open(folder: Path, words: Words, world: World, report: Report) -> None:
    """Tell (P958) what a policy that was begun by answers has still to decide; or that they cannot be
    read."""
    path = folder / ANSWERS
    if not path.is_file():
        return
    told = Report()
    answers = Answers.at(path, told)
    if answers.document is None:
        report.take(told)
        return
    if "model" not in answers.document.data:
        return
    languages = [words, *(one for one in world.languages.values() if one != words)]
    asking = ask_all(folder, lambda one: answers.of(one, languages, told), words, world, told)
    for question in asking.open if asking else ():
        tell_to_decide(question, answers.document.place(question.key), words, report)
    report.read(answers.document.source)
    for item in told.diagnostics:
        report.add(item)


def tell_to_decide(question: Question, place: Span | None, words: Words, report: Report) -> None:
    """Tell (P958) one question that is open, and what holds until it is decided."""
    until = "" if question.default is None else shown(question, question.default, words)
    text = f"{question.text} ({question.article})" if question.article else question.text
    report.tell("P958", place, name=question.key, question=text, nearest=until)


def model_question(words: Words, world: World) -> Question:
    """Which of the installed models the statute starts from; those of the reader's language first."""
    ordered = sorted(
        world.models, key=lambda one: (world.models[one].language != words.language, one)
    )
    choices = tuple(Choice(one, *called(one, words, world)) for one in ordered)
    return _question("model", Asked.CHOICE, words, choices=choices)


def _name_question(folder: Path, words: Words) -> Question:
    return _question("name", Asked.NAME, words, default=_called(folder))


def _currency_question(start: Start, words: Words) -> Question:
    choices = tuple(Choice(code, code) for code in _CURRENCIES)
    return _question("currency", Asked.CHOICE, words, default=start.currency, choices=choices)


def _called(folder: Path) -> str:
    """What a cooperative may be called by its folder: ``les-tilleuls``, Les Tilleuls."""
    words = folder.resolve().name.replace("-", " ").replace("_", " ").split()
    return " ".join(one[:1].upper() + one[1:] for one in words) or "?"


def _since_question(start: Start, words: Words, world: World) -> Question:
    """From which day the statute holds: from the year of the newest figure that its laws know of.

    Where they know of none that is newer than the model, it is the newest that any installed law has.
    """
    texts = [world.laws[one].law.text for one in sorted(world.laws)]
    texts += [world.models[one].text for one in sorted(world.models)]

    def make() -> date:
        program = Writer(start, Decided("?", start.since, {}), words, world).bare()
        values = () if program is None else program.parameters.values()
        return max((line[0] for one in values for line in one.values), default=start.since)

    known = remember(make, "newest-figure", start.name, *texts)
    dates = (date.fromisoformat(one) for text in texts for one in _DAY.findall(text))
    newest = known if known > start.since else max((start.since, *dates))
    return _question(
        "in_force", Asked.DATE, words, default=max(start.since, date(newest.year, 1, 1))
    )


def _closing_question(since: date, words: Words) -> Question:
    return _question("first_closing", Asked.DATE, words, default=date(since.year, 12, 31))


def _question(
    key: str,
    kind: Asked,
    words: Words,
    *,
    default: Known | None = None,
    choices: tuple[Choice, ...] = (),
) -> Question:
    text, why = (words.phrase(f"new.ask.{key}.{part}") for part in ("text", "why"))
    return Question(key, text, kind, default, choices, why)


def words_of(start: Start, words: Words, world: World) -> Words:
    """A reader's words, with those of the laws and the names of what is written."""
    names = {name: (forms.get(words.language, name),) for name, forms in start.names.items()}
    return words_of_laws(world, words.language, start.laws).with_names(names)
