"""A question as a value: what is asked of a reader, how an answer is read, and how it is kept.

Whoever has something to ask makes questions, a door asks them: a terminal, a page, a file of answers.
"""

import re
from enum import Enum
from fractions import Fraction
from typing import Any

from attrs import frozen

from coopfx.formats import cells
from coopfx.formats.notation import OUTSIDE, Amiss, Style
from coopfx.ground.exact import (
    DATE,
    NUMBER,
    TEXT,
    WHOLE,
    YES_NO,
    Known,
    Type,
    decimal_text,
    decimals_of,
    money,
    quantity,
)
from coopfx.ground.facts import Field
from coopfx.ground.report import Diagnostic, Report
from coopfx.ground.source import Span
from coopfx.ground.words import Words, nearest

NONE_OF_THEM = "none"
"""The key of the answer that it is none of what is listed, whose number is always nought."""
LONGEST = 200
"""How many signs a name or a text may have that is an answer."""
_AMBIGUOUS = 3
_PART = re.compile(r"(\d{1,9})/([1-9]\d{0,8})")


class Asked(Enum):
    """What sort of answer a question wants. A name is one of a person or a thing, a text says something."""

    YES_NO = "yes_no"
    CHOICE = "choice"
    PERCENTAGE = "percentage"
    AMOUNT = "amount"
    NUMBER = "number"
    WHOLE = "whole"
    DATE = "date"
    NAME = "name"
    TEXT = "text"


_TYPES = {
    Asked.YES_NO: YES_NO,
    Asked.PERCENTAGE: NUMBER,
    Asked.NUMBER: NUMBER,
    Asked.WHOLE: WHOLE,
    Asked.DATE: DATE,
}


@frozen(slots=True)
class Choice:
    """One of the answers to choose from: its lasting key, what it says, and what follows from it."""

    key: str
    text: str
    consequence: str = ""


@frozen(slots=True)
class Question:
    """Something to ask, in the reader's language.

    ``key`` lasts: answers are kept under it, and it is the same in every language. ``why`` says what
    hangs on the answer, ``article`` names the passage of a law or a statute that it rests on. The
    ``default`` is what holds where nobody answers; without one, the question may stay open. ``low`` and
    ``high`` are the bounds of a number, of an amount in its ``currency`` or of a rate, where 1 is 100 %.
    The answer to a choice is the key of one of the ``choices``.
    """

    key: str
    text: str
    kind: Asked
    default: Known | None = None
    choices: tuple[Choice, ...] = ()
    why: str = ""
    article: str | None = None
    currency: str = "EUR"
    low: Fraction | None = None
    high: Fraction | None = None

    @property
    def field(self) -> Field:
        """The fact that an answer would be: its type and its domain.

        >>> Question("rate", "How much?", Asked.PERCENTAGE).field.type == NUMBER
        True
        """
        if self.kind is Asked.AMOUNT:
            type_: Type = quantity(money(self.currency))
        else:
            type_ = _TYPES.get(self.kind, TEXT)
        return Field(self.key, type_, None, self.low, self.high)


Answer = Known | Diagnostic | None
"""What was answered, why it is no answer, or None where nothing was."""


def read(
    question: Question,
    text: str,
    words: list[Words],
    place: Span | None = None,
    *,
    typed: bool = True,
) -> Answer:
    """What a text answers, or the diagnostic that says why it does not; None where it is blank.

    A number that is ``typed`` is read with the signs of the reader's language, the first of ``words``;
    one in a file may not be readable in two ways. A rate is in per cent, with or without its
    sign; without it, one below 1 is a part of the whole, as in data, and so is `1/3`.

    >>> from coopfx.plugged.world import load_world
    >>> french = load_world(Report()).words("fr")
    >>> rate = Question("rate", "Combien ?", Asked.PERCENTAGE)
    >>> str(read(rate, "33,3", [french])), read(rate, "beaucoup", [french]).code
    ('333/1000', 'D703')
    """
    text = " ".join(text.split()) if question.kind is Asked.NAME else text.strip()
    if not text:
        return None
    report = Report()
    # Whoever types has the question before her, a file has its key.
    name = question.text if typed else question.key
    if question.kind is Asked.CHOICE:
        found = _chosen(question, text)
        if found is None:
            known = tuple(one.text if typed else one.key for one in question.choices)
            near, given = nearest(text, known), text[:60]
            report.tell("D770", place, name=name, found=given, known=known, nearest=near)
        return found or report.diagnostics[0]
    if question.kind in (Asked.NAME, Asked.TEXT):
        if len(text) > LONGEST or not text.isprintable():
            report.tell("D771", place, name=name, most=LONGEST)
            return report.diagnostics[0]
        return text
    value = _value(question, text, words, typed)
    if isinstance(value, Amiss) or value is None:
        amiss = value if isinstance(value, Amiss) else Amiss("D703")
        where = cells.Place(lambda: place, name)  # type: ignore[arg-type, return-value]
        cells.say(amiss, text, question.field, where, report)
        return report.diagnostics[0]
    return value


def kept(question: Question, value: Known) -> Any:
    """An answer as a file keeps it: yes and no, days and whole numbers as they are, all else as text.

    >>> kept(Question("rate", "How much?", Asked.PERCENTAGE), Fraction(1, 3))
    '1/3'
    >>> kept(Question("rate", "How much?", Asked.PERCENTAGE), Fraction(9, 20))
    '45 %'
    """
    if not isinstance(value, Fraction):
        return value
    if question.kind is Asked.PERCENTAGE:
        text = decimal_text(value * 100)
        return str(value) if "/" in text else f"{text} %"
    if value.denominator == 1:
        return int(value)
    text = decimal_text(
        value, decimals_of(question.currency) if question.kind is Asked.AMOUNT else None
    )
    # Three decimals may be thousands to another reader.
    return f"{text}0" if len(text.partition(".")[2]) == _AMBIGUOUS else text


def shown(question: Question, value: Known, words: Words) -> str:
    """An answer as its reader sees it."""
    if question.kind is Asked.CHOICE:
        return next((one.text for one in question.choices if one.key == value), str(value))
    if question.kind is Asked.PERCENTAGE and isinstance(value, Fraction):
        return _rate(value, words)
    return words.value(value, question.field.type)


def _rate(rate: Fraction, words: Words) -> str:
    """A rate as people write it: in per cent, or as a part where no per cent says it exactly."""
    return str(rate) if "/" in decimal_text(rate * 100) else words.percent(rate, 6)


def wanted(question: Question, words: Words) -> str:
    """What sort of answer a question wants, and between which bounds."""
    field = question.field
    if question.kind is Asked.CHOICE:
        return ""
    if question.kind is Asked.PERCENTAGE:
        sort = words.phrase("ask.percentage")
        bounds = [
            (key, one) for key, one in (("low", field.low), ("high", field.high)) if one is not None
        ]
        said = [words.phrase(f"domain.{key}", **{key: _rate(one, words)}) for key, one in bounds]
    else:
        sort = (
            words.phrase("ask.name") if question.kind is Asked.NAME else words.type_name(field.type)
        )
        said = [words.show(one) for one in field.domain() if one.key != "domain.whole"]
    return ", ".join([sort, *said])


def data(question: Question, answer: Known | None, words: Words) -> dict[str, Any]:
    """A question for programs, with the answer that it has so far."""
    bounds = {"low": question.low, "high": question.high}
    return {
        "key": question.key,
        "kind": question.kind.value,
        "text": question.text,
        "why": question.why,
        "article": question.article,
        "default": _plain(question, question.default),
        "answer": _plain(question, answer),
        "choices": [
            {"key": one.key, "text": one.text, "consequence": one.consequence}
            for one in question.choices
        ],
        **{key: None if one is None else _plain(question, one) for key, one in bounds.items()},
    }


def _plain(question: Question, value: Known | None) -> Any:
    found = None if value is None else kept(question, value)
    return found if found is None or isinstance(found, bool | int | str) else found.isoformat()


def _chosen(question: Question, text: str) -> str | None:
    """The key of what is chosen: by its key, by what it says, or by its number in the list."""
    folded = text.casefold()
    by_key = {one.key.casefold(): one.key for one in reversed(question.choices)}
    by_text = {one.text.casefold(): one.key for one in reversed(question.choices)}
    found = by_key.get(folded, by_text.get(folded))
    if found is not None:
        return found
    if not (text.isascii() and text.isdecimal() and len(text) < _AMBIGUOUS):
        return None
    choice = numbered(question).get(int(text))
    return None if choice is None else choice.key


def numbered(question: Question) -> dict[int, Choice]:
    """What there is to choose from, by the numbers that it is shown with: that of none of them is nought,
    however long the list is.

    >>> kinds = Question("kind", "Which?", Asked.CHOICE, choices=(Choice("a", "A"), Choice("none", "None")))
    >>> [(number, one.text) for number, one in numbered(kinds).items()]
    [(1, 'A'), (0, 'None')]
    """
    some = [one for one in question.choices if one.key != NONE_OF_THEM]
    none = [one for one in question.choices if one.key == NONE_OF_THEM]
    return {**dict(enumerate(some, 1)), **dict(enumerate(none))}


def _value(question: Question, text: str, words: list[Words], typed: bool) -> Known | Amiss | None:
    style, field = _style(words, typed), question.field
    if question.kind is not Asked.PERCENTAGE or text.endswith("%"):
        return cells.read(text, field, words, style)
    part = _PART.fullmatch(text)
    if part:
        value = Fraction(int(part[1]), int(part[2]))
        return value if field.admits(value) else OUTSIDE
    plain = cells.read(text, Field("", NUMBER), words, style)
    below_one = isinstance(plain, Fraction) and 0 < abs(plain) < 1
    return cells.read(text if below_one else f"{text} %", field, words, style)


def _style(words: list[Words], typed: bool) -> Style:
    days = cells.usual_days(words[0])
    return Style(words[0].numbers["decimal"] if typed else "", days=days, usual=bool(days))
