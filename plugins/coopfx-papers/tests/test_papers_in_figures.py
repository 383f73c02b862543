"""Amounts, numbers and dates on the papers are those that Babel writes from the locale's own data.

Where they differ, they do so on purpose, and docs/papers.md says why: the minus sign that printers set,
spaces between the thousands of a Spanish number, the first of a month in French and Italian.
"""

from datetime import date
from decimal import Decimal
from fractions import Fraction
from random import Random

import pytest
from babel.dates import format_date
from babel.numbers import format_currency, format_decimal

import coopfx
from coopfx.ground.words import Words

LANGUAGES = ("en", "fr", "es", "it")
FIRST = {"fr": "1er", "it": "1º"}


@pytest.fixture(scope="module", params=LANGUAGES)
def words(request: pytest.FixtureRequest) -> Words:
    found = coopfx.load_world(coopfx.Report()).languages[request.param]
    assert isinstance(found, Words)
    return found


def ours(theirs: str, language: str) -> str:
    """A figure as Babel writes it, with what is done otherwise on purpose."""
    if language == "es":
        theirs = theirs.replace(".", "\u202f")
    return theirs.replace("-", "\u2212")


def amounts() -> list[Decimal]:
    random = Random(43)
    sizes = [
        random.randrange(-(10**digits), 10**digits) for digits in range(1, 25) for _ in range(9)
    ]
    return [Decimal(0), *(Decimal(cents).scaleb(-2) for cents in sizes)]


def test_amounts(words: Words) -> None:
    for amount in amounts():
        theirs = format_currency(amount, "EUR", locale=words.language)
        assert words.money(Fraction(amount), "EUR") == ours(theirs, words.language)


def test_numbers(words: Words) -> None:
    for amount in amounts():
        theirs = format_decimal(amount, "#,##0.######", locale=words.language)
        assert words.number(Fraction(amount)) == ours(theirs, words.language)


def test_dates(words: Words) -> None:
    locale = "en_GB" if words.language == "en" else words.language
    for month in range(1, 13):
        for day in (1, 2, 28):
            theirs = format_date(date(2024, month, day), "long", locale=locale)
            if day == 1 and words.language in FIRST:
                theirs = theirs.replace("1 ", f"{FIRST[words.language]} ", 1)
            assert words.date(date(2024, month, day)) == theirs
