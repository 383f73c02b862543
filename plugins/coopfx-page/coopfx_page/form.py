"""Questions as a page asks them: all at once, each with what is answered or proposed, and what is amiss."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from attrs import Factory, define, field

from coopfx.extending import Answers, World, questions
from coopfx.ground.exact import Known
from coopfx.ground.report import Diagnostic, Report
from coopfx.ground.words import Words


@define(eq=False)
class Form:
    """Fields of a page, ``typed`` by the keys of their questions; what nobody has touched is as it was
    answered before, else as it is proposed, and what is blank stays open.

    >>> from coopfx import load_world
    >>> question = questions.Question("rate", "How much?", questions.Asked.PERCENTAGE)
    >>> world = load_world(Report())
    >>> form = Form({"rate": "much"}, world.words("en"), world)
    >>> form.ask(question), form.amiss, "`much`" in form.fields()[0]["amiss"]
    (None, True, True)
    """

    typed: Mapping[str, str]
    words: Words
    world: World
    answers: Answers = field(factory=Answers)
    _asked: dict[str, dict[str, Any]] = field(init=False, factory=dict)
    languages: list[Words] = field(
        init=False,
        default=Factory(
            lambda self: [
                self.words,
                *(
                    self.world.words(one)
                    for one in sorted(self.world.languages)
                    if one != self.words.language
                ),
            ],
            takes_self=True,
        ),
    )

    def ask(self, question: "questions.Question") -> Known | None:
        """The answer of the field; None where it is open, or none, which is then said beside it."""
        typed, amiss = self.typed.get(question.key), ""
        if typed is None:
            value = self.answers.of(question, self.languages, Report())
            value = question.default if value is None else value
        else:
            found = questions.read(question, typed, self.languages)
            if isinstance(found, Diagnostic):
                amiss = f"{self.words.message(found)} {self.words.help(found)}".strip()
                found = None
            value = found
        if value is not None:
            self.answers.put(question, value)
        self._asked[question.key] = {
            **questions.data(question, value, self.words),
            "wanted": questions.wanted(question, self.words),
            "value": _value(question, value, self.words) if typed is None else typed,
            "amiss": amiss,
        }
        return value

    @property
    def amiss(self) -> bool:
        """Whether some field holds what is no answer."""
        return any(one["amiss"] for one in self._asked.values())

    def fields(self) -> list[dict[str, Any]]:
        """All that has been asked, in order."""
        return list(self._asked.values())


def _value(question: "questions.Question", value: Known | None, words: Words) -> str:
    """An answer as its field holds it, and as it is read again."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, date):
        return value.isoformat()
    if question.kind in (questions.Asked.PERCENTAGE, questions.Asked.AMOUNT):
        return questions.shown(question, value, words)
    return str(questions.kept(question, value))
