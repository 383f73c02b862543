"""What a model that leaves something open has to show: all is said in every language, every answer is well.

What is found is told to whoever publishes the model, in English, each with the model's name first.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date

from coopfx.engine.examples.run import run_examples
from coopfx.formats.questions import Asked
from coopfx.formats.terminal import Style, diagnostics
from coopfx.ground.exact import Known
from coopfx.ground.report import Report
from coopfx.plugged.world import World
from coopfx.starts.model import Start, open_start, said_in, value_of
from coopfx.starts.table import SAID, Open, TableError, holds, places_in
from coopfx.starts.text import Decided, Writer

_LEAST = 3
"""So many times each question is answered: what is proposed, the least, the most."""


def unsaid(name: str, languages: Sequence[str], world: World) -> list[str]:
    """What a model does not say in each of some languages: of its questions, its choices, its pieces."""
    start = _start(name, world)
    if isinstance(start, str):
        return [start]
    wanted = ["title", *_sentences(start)]
    return [
        f"{name}: words/{language} does not say `{path}`"
        for language in languages
        for path in wanted
        if not any(said_in(one, path, (language,)) for one in start.sentences)
    ]


def answered(name: str, languages: Sequence[str], world: World) -> list[str]:
    """Which answers make no statute, one of which something is told, or one whose examples fail.

    Every choice is made once at least, and numbers are what is proposed and both their bounds, each
    time in the next language; of a model that only inherits what it asks, the first of each.
    """
    start = _start(name, world)
    if isinstance(start, str):
        return [start]
    rounds = max([_LEAST, *(len(one.choices) for one in start.questions)])
    if not world.models[name].questions:
        rounds = 1  # what it inherits is tried with the model that asks it
    found = []
    for number in range(rounds):
        language = languages[number % len(languages)]
        answers = answers_of(start, number)
        wrong = _wrong(start, answers, language, world)
        if wrong:
            given = ", ".join(f"{key} = {value}" for key, value in answers.items())
            found.append(f"{name}: in {language}, with {given}:\n{wrong}")
    return found


def answers_of(start: Start, number: int) -> dict[str, Known]:
    """The answers of which each is the so-manieth that there is; of numbers, a bound."""
    answers: dict[str, Known] = {}
    for one in start.questions:
        value = _chosen(one, number, answers) if holds(one.when, answers) else None
        if value is not None:
            answers[one.key] = value
    return answers


def _chosen(one: Open, number: int, answers: Mapping[str, Known]) -> Known | None:
    if one.kind is Asked.CHOICE:
        return one.choices[number % len(one.choices)]
    if one.kind is Asked.YES_NO:
        return number % 2 == 1
    bound = (one.default, one.low, one.high)[number % _LEAST]
    return value_of(one.default if bound is None else bound, answers)


def _wrong(start: Start, answers: Mapping[str, Known], language: str, world: World) -> str:
    """What is told of the statute that some answers make; empty where it is well."""
    words, report = world.words(language), Report()
    # A question that has neither an answer nor a proposal leaves its article to the model.
    decided = Decided("Example", max(start.since, date(2024, 1, 1)), answers, frozenset(answers))
    writer = Writer(start, decided, words, world)
    try:
        text = writer.statute(report)
    except TableError as error:
        return words.show(error.said)
    statute = None if text is None else writer.compiled(text, language, report)
    if statute is not None:
        run_examples(statute.program, report)
    return diagnostics(report, world.words("en"), Style())


def _start(name: str, world: World) -> Start | str:
    report = Report()
    found = open_start(name, world, report)
    told = diagnostics(report, world.words("en"), Style())
    return f"{name}: {told}" if found is None else found


def _sentences(start: Start) -> Iterator[str]:
    """The paths of the sentences that a reader sees."""
    for one in start.table.questions:
        yield from (f"questions.{one.key}.{part}" for part in ("text", "why"))
        yield from (f"questions.{one.key}.choices.{key}.text" for key in one.choices)
    for block in (*start.table.articles, *start.table.examples):
        for place in (place for part in block.parts for place in places_in(part.text)):
            if place.startswith(SAID):
                yield f"said.{place.removeprefix(SAID)}"
