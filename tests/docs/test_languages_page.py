"""The tables of `docs/languages.md` are what the word files say; `--rewrite-cases` writes them anew."""

import re
from collections.abc import Callable, Iterator
from datetime import date
from fractions import Fraction
from pathlib import Path

import pytest

from coopfx.ground.exact import HOUR, NUMBER, Kind, Type
from coopfx.ground.report import Report
from coopfx.ground.words import Words
from coopfx.plugged.world import load_world

PAGE = Path(__file__).parents[2] / "docs" / "languages.md"
ORDER = ("en", "fr", "es", "it")
AMOUNT = Fraction("-1234567.5")


def languages() -> list[Words]:
    world = load_world(Report())
    assert set(ORDER) == set(world.languages), "a column for each language"
    return [world.words(language) for language in ORDER]


def figures(words: list[Words]) -> Iterator[list[str]]:
    yield ["a number", *(one.value(AMOUNT, NUMBER) for one in words)]
    yield ["an amount", *(one.money(AMOUNT, "EUR") for one in words)]
    yield ["a percentage", *(one.percent(Fraction("0.125")) for one in words)]
    for sum_of in (Fraction(1), Fraction("1.5"), Fraction(2)):
        yield ["hours", *(one.value(sum_of, Type(Kind.QUANTITY, HOUR)) for one in words)]
    for day in (date(2024, 1, 1), date(2024, 5, 8)):
        yield ["a day", *(one.date(day) for one in words)]
        yield ["in force", *(one.phrase("report.statute", name="A", start=day) for one in words)]


def keywords(words: list[Words]) -> Iterator[list[str]]:
    for terminal in words[0].keywords:
        yield [f"`{one.keywords[terminal][0]}`" for one in words]


def names(words: list[Words]) -> Iterator[list[str]]:
    for name in words[1].names:
        yield [f"`{one.word(name)}`" for one in words]


@pytest.mark.parametrize(
    ("heading", "rows"),
    [("Figures", figures), ("Words", keywords), ("Names", names)],
    ids=["figures", "words", "names"],
)
def test_a_table_of_the_page_is_what_the_word_files_say(
    heading: str, rows: object, golden: Callable[[Path, str], None]
) -> None:
    assert callable(rows)
    text = PAGE.read_text("utf-8")
    section = re.search(
        rf"^## {heading}\n.*?^\| ---[^\n]*\n((?:\|[^\n]*\n)*)", text, re.MULTILINE | re.DOTALL
    )
    assert section, f"no table under {heading}"
    table = "".join(f"| {' | '.join(row)} |\n" for row in rows(languages()))
    golden(PAGE, text[: section.start(1)] + table + text[section.end(1) :])
