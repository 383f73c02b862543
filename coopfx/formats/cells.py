"""What stands in one cell of a data file, read as a fact: shared by all the formats that are tables."""

import re
from collections.abc import Callable, Iterable, Mapping
from datetime import date
from fractions import Fraction
from typing import Any

from attrs import Factory, define, frozen

from coopfx.exact import (
    DAY,
    HOUR,
    MONTH,
    Kind,
    Known,
    Type,
    Unit,
    currency_of,
    decimals_of,
    money,
    quantity,
)
from coopfx.facts import Field, Schema
from coopfx.report import Report, Said, Word
from coopfx.source import Span
from coopfx.words import CURRENCY_SIGNS, HARD_SPACES, Words, nearest

MOST_MISTAKES = 200
"""After so many mistakes the rest of a table is left unread."""

# The words of a language for each unit of time that a fact may be in, and how many of it they are.
_TIMES = {MONTH: {"MONTHS": 1, "YEARS": 12}, DAY: {"DAYS": 1}, HOUR: {"HOURS": 1}}
_TIMED = re.compile(rf"(?P<number>.*\d)[ {HARD_SPACES}]*(?P<unit>[^\W\d_]+)")
# The sign between the digits of a number that has been read: the last one, if it is none of a space.
_DECIMALS = re.compile(r"[.,](?=\d+\D*$)")
# One to three digits, a sign, three digits: in money this is rather thousands than decimals.
_THOUSANDS = re.compile(r"\D*[1-9]\d{0,2}[.,]\d{3}\D*")


# The files of a year's folder, by the record they hold; another record's file is named after it.
_FILES = {"person": "people", "team": "teams", "subsidiary": "subsidiaries"}


def file_of(record: str | None) -> str:
    """The file of a year's folder that holds a sort of record, or the cooperative's own figures."""
    return "cooperative.toml" if record is None else f"{_FILES.get(record, record)}.csv"


@frozen(slots=True)
class Place:
    """A cell: how to find its place, the name of its column, the record of its row."""

    locate: Callable[[], Span]
    name: str
    record: str = ""


def money_type(currency: str) -> Type:
    """The type of an amount in a currency."""
    return quantity(money(currency))


def canonical(name: str, known: Mapping[str, Any], words: list[Words]) -> str | None:
    """The canonical name among the known that a column's name stands for in any language."""
    spoken = " ".join(name.split())
    name = spoken.replace(" ", "_")
    figures = (language.figure(spoken) for language in words)
    for candidate in (name, *(language.canonical(name) for language in words), *figures):
        if candidate in known:
            return candidate
    folded = name.casefold()
    for language in words:
        if language.canonical(folded) in known:
            return language.canonical(folded)
    return None


def nearest_form(
    name: str, known: Iterable[str], words: list[Words], others: Iterable[str] = ()
) -> str:
    """What a misspelt name may have meant: a known name as the first language that has one writes it."""
    names, more = list(known), list(others)
    found = (nearest(name, [*(language.word(item) for item in names), *more]) for language in words)
    return next(filter(None, found), "")


@define(slots=True)
class Signs:
    """By which sign the numbers of one file part their decimals.

    ``1,607`` is a thousand times more to one reader than to another. A file uses one sign for its
    decimals, so the numbers that can be read in one way only decide about those that can be read in
    two; where there are none, the sign is ``usual``, that of the file's language.
    """

    usual: str
    seen: set[str] = Factory(set)
    doubtful: list[tuple[str, str, Place]] = Factory(list)

    def note(self, text: str, place: Place) -> None:
        """Take in a number that has been read."""
        found = _DECIMALS.search(text)
        if found is None:
            return
        if _THOUSANDS.fullmatch(text):
            self.doubtful.append((found[0], text, place))
        else:
            self.seen.add(found[0])

    def refuse(self, report: Report, most: int) -> None:
        """Tell the numbers that can still be read in two ways (D725), so many of them at most."""
        known = self.seen or {self.usual}
        wrong = [(text, place) for sign, text, place in self.doubtful if known != {sign}]
        for text, place in wrong[:most]:
            report.tell("D725", place.locate(), name=place.name, found=text[:60])


def tell_elsewhere(
    name: str, record: str | None, schema: Schema, words: list[Words], place: Span, report: Report
) -> bool:
    """Whether a name is a figure of another sort of record, which is then told (D726)."""
    others = {item.name: item for item in schema.fields if item.record != record}
    found = canonical(name, others, words)
    if found is None:
        return False
    owner = others[found].record
    report.tell(
        "D726",
        place,
        name=name[:60],
        record=Said("record.each", {"record": Word(owner)})
        if owner
        else Said("record.cooperative"),
        file=file_of(owner),
    )
    return True


def value(
    text: str, field: Field, words: list[Words], place: Place, signs: Signs, report: Report
) -> Known | None:
    """A cell's text as a fact; None where it is empty, or is told to be amiss (D703, D704, D720).

    Whether its sign parts thousands or decimals is for ``signs`` to say, once the file is read.
    """
    text = text.strip().strip(HARD_SPACES)
    if not text:
        return None
    read = _read(text, field, words)
    if read is None:
        report.tell(
            "D703",
            place.locate(),
            name=place.name,
            record=place.record,
            found=text[:60],
            type=field.type,
            example=how_to_write(field.type),
        )
        return None
    currency = currency_of(field.type.unit)
    if currency and isinstance(read, Fraction):
        decimals = decimals_of(currency)
        unclear = decimals < 3 and _THOUSANDS.fullmatch(text)
        if unclear or (read * 10**decimals).denominator != 1:
            report.tell(
                "D720",
                place.locate(),
                name=place.name,
                record=place.record,
                found=text[:60],
                most=decimals,
            )
            return None
    if isinstance(read, Fraction):
        signs.note(text, place)
    if not field.admits(read):
        report.tell(
            "D704",
            place.locate(),
            name=place.name,
            record=place.record,
            found=text[:60],
            domain=field.domain(),
        )
        return None
    return read


def how_to_write(type_: Type) -> Said:
    """An example of how a fact of a type is written."""
    if type_.kind is not Kind.QUANTITY:
        return Said(f"write.{type_.kind.value}")
    if currency_of(type_.unit):
        return Said("write.money")
    if len(type_.unit) == 1 and type_.unit[0][0] in ("month", "day", "hour"):
        return Said(f"write.{type_.unit[0][0]}")
    return Said("write.whole" if type_.whole else "write.number")


def _read(text: str, field: Field, words: list[Words]) -> Known | None:
    match field.type.kind:
        case Kind.TEXT | Kind.LINK:
            return text
        case Kind.DATE:
            try:
                return date.fromisoformat(text)
            except ValueError:
                return None
        case Kind.YES_NO:
            return _yes_no(text.casefold(), words)
        case Kind.QUANTITY:
            return _number(text, field.type, words)


def _yes_no(text: str, words: list[Words]) -> bool | None:
    for language in words:
        if text in language.keywords["YES"] or text in ("true", "1", "x"):
            return True
        if text in language.keywords["NO"] or text in ("false", "0"):
            return False
    return None


def _number(text: str, type_: Type, words: list[Words]) -> Fraction | None:
    currency = currency_of(type_.unit)
    if text.endswith("%") and not type_.unit:
        number = words[0].read_number(text[:-1].strip().strip(HARD_SPACES))
        return None if number is None else number / 100
    timed = _TIMED.fullmatch(text)
    if timed and type_.unit in _TIMES:
        factor = _factor(timed["unit"].casefold(), type_.unit, words)
        number = words[0].read_number(timed["number"])
        return None if factor is None or number is None else number * factor
    for sign in (currency, *(sign for sign, code in CURRENCY_SIGNS.items() if code == currency)):
        if sign and text.endswith(sign):
            text = text.removesuffix(sign).strip().strip(HARD_SPACES)
        elif sign and text.startswith(sign):
            text = text.removeprefix(sign).strip().strip(HARD_SPACES)
    return words[0].read_number(text)


def _factor(word: str, unit: Unit, words: list[Words]) -> int | None:
    """How many of a fact's unit of time one of another is; None where they are not of one family."""
    for terminal, factor in _TIMES[unit].items():
        if any(word in language.keywords[terminal] for language in words):
            return factor
    return 1 if unit == HOUR and word == "h" else None
