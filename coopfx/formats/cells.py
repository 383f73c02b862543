"""What stands in one cell of a data file, read as a fact: shared by all the formats that are tables."""

import re
from collections.abc import Callable, Iterable, Mapping
from datetime import date
from fractions import Fraction
from typing import Any

from attrs import frozen

from coopfx.exact import Kind, Known, Type, currency_of, decimals_of, money, quantity
from coopfx.facts import Field
from coopfx.report import Report
from coopfx.source import Span
from coopfx.words import CURRENCY_SIGNS, HARD_SPACES, Words, nearest

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
    name = " ".join(name.split()).replace(" ", "_")
    for candidate in (name, *(language.canonical(name) for language in words)):
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


def value(
    text: str, field: Field, words: list[Words], place: Place, report: Report
) -> Known | None:
    """A cell's text as a fact; None where it is empty, or is told to be amiss (D703, D704, D720)."""
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
            return _number(text, field.type, words[0])


def _yes_no(text: str, words: list[Words]) -> bool | None:
    for language in words:
        if text in language.keywords["YES"] or text in ("true", "1", "x"):
            return True
        if text in language.keywords["NO"] or text in ("false", "0"):
            return False
    return None


def _number(text: str, type_: Type, words: Words) -> Fraction | None:
    currency = currency_of(type_.unit)
    if text.endswith("%") and not type_.unit:
        number = words.read_number(text[:-1].strip().strip(HARD_SPACES))
        return None if number is None else number / 100
    for sign in (currency, *(sign for sign, code in CURRENCY_SIGNS.items() if code == currency)):
        if sign and text.endswith(sign):
            text = text.removesuffix(sign).strip().strip(HARD_SPACES)
        elif sign and text.startswith(sign):
            text = text.removeprefix(sign).strip().strip(HARD_SPACES)
    return words.read_number(text)
