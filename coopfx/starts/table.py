"""What a model leaves open, as its table says it: the questions, the articles to write, the examples.

A table is TOML beside the model's text, written by who wrote the model. The pieces of the statute in it
are in the model's language; what readers see is in word files, one a language.
"""

import re
import tomllib
from collections.abc import Iterator, Mapping
from typing import Any

from attrs import Factory, frozen

from coopfx.formats.questions import Asked
from coopfx.ground.exact import Known
from coopfx.ground.report import Argument, Said
from coopfx.starts.rates import Rate, RateError

PLACE = re.compile(r"\{([^{}]*)\}")
"""Where a piece of the statute takes an answer, a sum of percentages, or a sentence."""
SAID = "say."
"""Before the key of a sentence in the reader's language."""
NEXT, COMES, CURRENCY = "next", "?", "currency"
"""The number of an article that is added, the amount that comes out of an example, the currency."""
GIVEN = frozenset((NEXT, COMES, CURRENCY))
_NUMBERS = frozenset((Asked.PERCENTAGE, Asked.NUMBER, Asked.WHOLE))
When = Mapping[str, tuple[bool | str, ...]]
"""For which answers something holds: of each question, any of some."""


class TableError(Exception):
    """Why a table cannot be used: a phrase of the word files, and its arguments."""

    def __init__(self, problem: str, **arguments: Argument) -> None:
        super().__init__(problem)
        self.said = Said(f"new.problem.{problem}", arguments)


@frozen(slots=True)
class Open:
    """A question before it is put to a reader: what sort of answer, by default which, and when it is asked.

    ``article`` is the model's that it is about, ``law`` the passage that bounds it. Rates may follow
    from earlier answers.
    """

    key: str
    kind: Asked
    article: str = ""
    law: str = ""
    choices: tuple[str, ...] = ()
    default: Known | Rate | None = None
    low: Rate | None = None
    high: Rate | None = None
    when: When = Factory(dict)


@frozen(slots=True)
class Part:
    """Lines of the statute, and for which answers they are written."""

    text: str
    when: When = Factory(dict)


@frozen(slots=True)
class Block:
    """An article or an example, heading and all, in parts; ``when`` says for which answers it is written.

    An article that takes the place of one of the model's has its ``number``.
    """

    parts: tuple[Part, ...]
    number: str = ""
    when: When = Factory(dict)

    @property
    def asks(self) -> set[str]:
        """The questions that it rests on."""
        parts = {key for part in self.parts for key in (*part.when, *keys_in(part.text))}
        return parts | self.when.keys()


@frozen(slots=True)
class Table:
    """All that a model leaves open. ``names`` are those of its clauses, in each language."""

    questions: tuple[Open, ...] = ()
    articles: tuple[Block, ...] = ()
    examples: tuple[Block, ...] = ()
    names: Mapping[str, Mapping[str, str]] = Factory(dict)

    def over(self, general: "Table") -> "Table":
        """This table on top of the one of the model that its own starts from."""
        own = {one.number for one in self.articles if one.number}
        keys = {one.key for one in self.questions}
        return Table(
            (*(one for one in general.questions if one.key not in keys), *self.questions),
            (*(one for one in general.articles if one.number not in own), *self.articles),
            (*general.examples, *self.examples),
            {**general.names, **self.names},
        )


def places_in(text: str) -> list[str]:
    """What stands in the places of a piece of the statute."""
    return [found[1] for found in PLACE.finditer(text)]


def keys_in(text: str) -> Iterator[str]:
    """The questions whose answers a piece of the statute takes; raises TableError."""
    for found in PLACE.finditer(text):
        if not _is_given(found[1]):
            yield from (key for _, key in _rate(found[1]).answers)


def holds(when: When, answers: Mapping[str, Known]) -> bool:
    """Whether something holds for some answers."""
    return all(answers.get(key) in wanted for key, wanted in when.items())


def read_table(text: str) -> Table:
    """A table, read; raises TableError where it is not as it should be."""
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise TableError("toml", reason=str(error)) from error
    unknown = sorted(data.keys() - {"questions", "articles", "examples", "names"})
    if unknown:
        raise TableError("unknown", name=unknown[0])
    questions = tuple(_question(one) for one in _tables(data, "questions"))
    keys: dict[str, Open] = {}
    for one in questions:
        if one.key in keys:
            raise TableError("twice", name=one.key)
        rates = [one.low, one.high, one.default if isinstance(one.default, Rate) else None]
        earlier = {key for rate in rates if rate is not None for _, key in rate.answers}
        _must_be_asked(earlier | one.when.keys(), keys)
        _must_be_numbers(earlier, keys)
        keys[one.key] = one
    articles = tuple(_block(one) for one in _tables(data, "articles"))
    examples = tuple(_block(one) for one in _tables(data, "examples"))
    for block in (*articles, *examples):
        _must_be_asked(block.asks, keys)
        for part in block.parts:
            _must_be_numbers(_added_up(part.text), keys)
    return Table(questions, articles, examples, _names(data.get("names", {})))


def _must_be_asked(found: set[str] | Mapping[str, Any], keys: Mapping[str, Open]) -> None:
    for key in sorted(found):
        if key not in keys:
            raise TableError("unasked", name=key)


def _must_be_numbers(found: set[str], keys: Mapping[str, Open]) -> None:
    for key in sorted(found):
        if keys[key].kind not in _NUMBERS:
            raise TableError("rate", found=key)


def _added_up(text: str) -> set[str]:
    """The questions of a piece whose answers are added to others, or to a constant."""
    sums = (_rate(one[1]) for one in PLACE.finditer(text) if not _is_given(one[1]))
    return {key for rate in sums if not rate.is_bare for _, key in rate.answers}


def _is_given(place: str) -> bool:
    return place in GIVEN or place.startswith(SAID)


def _question(data: Mapping[str, Any]) -> Open:
    key = _text(data, "key")
    if not re.fullmatch(r"[a-z][a-z0-9_]*", key):
        raise TableError("key", name=key[:60])
    kinds = {one.value: one for one in Asked}
    kind = kinds.get(_text(data, "kind"))
    if kind is None:
        raise TableError("kind", name=key, known=tuple(kinds))
    choices = tuple(data.get("choices", ()))
    if (kind is Asked.CHOICE) != bool(choices) or not all(isinstance(x, str) for x in choices):
        raise TableError("field", name=key, field="choices")
    low, high = (_rate(_text(data, side)) if side in data else None for side in ("low", "high"))
    return Open(
        key,
        kind,
        _text(data, "article", ""),
        _text(data, "law", ""),
        choices,
        _default(data.get("default"), kind, choices, key),
        low,
        high,
        _when(data),
    )


def _default(value: Any, kind: Asked, choices: tuple[str, ...], key: str) -> Known | Rate | None:
    if value is None:
        return None
    if kind is Asked.CHOICE and value in choices:
        return str(value)
    if kind is Asked.YES_NO and isinstance(value, bool):
        return value
    numbers = (Asked.PERCENTAGE, Asked.NUMBER, Asked.WHOLE, Asked.AMOUNT)
    if kind in numbers and isinstance(value, str):
        return _rate(value)
    if kind in numbers and isinstance(value, int) and not isinstance(value, bool):
        return _rate(f"{value}/1")
    raise TableError("field", name=key, field="default")


def _block(data: Mapping[str, Any]) -> Block:
    parts = tuple(Part(_text(one, "text"), _when(one)) for one in _tables(data, "parts"))
    return Block(parts, _text(data, "number", ""), _when(data))


def _when(data: Mapping[str, Any]) -> When:
    found = data.get("when", {})
    if not isinstance(found, dict):
        raise TableError("field", name="when", field="when")
    return {
        key: tuple(value) if isinstance(value, list) else (value,) for key, value in found.items()
    }


def _names(data: Any) -> dict[str, dict[str, str]]:
    if not isinstance(data, dict):
        raise TableError("field", name="names", field="names")
    for name, forms in data.items():
        if not isinstance(forms, dict) or not all(isinstance(one, str) for one in forms.values()):
            raise TableError("field", name=name, field="names")
    return data


def _tables(data: Mapping[str, Any], name: str) -> list[dict[str, Any]]:
    found = data.get(name, [])
    if not isinstance(found, list) or not all(isinstance(one, dict) for one in found):
        raise TableError("field", name=name, field=name)
    return found


def _text(data: Mapping[str, Any], name: str, default: str | None = None) -> str:
    found = data.get(name, default)
    if not isinstance(found, str):
        raise TableError("field", name=str(data.get("key", data.get("number", name))), field=name)
    return found


def _rate(text: str) -> Rate:
    try:
        return Rate.of(text)
    except RateError as error:
        raise TableError("rate", found=text[:60]) from error
