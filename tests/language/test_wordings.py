"""What people write first: names as they are said, days, fractions, words of another language."""

import pytest

from coopfx import pipeline
from coopfx.ground.report import Report
from coopfx.ground.source import Source
from coopfx.language.counted import tokens_of
from coopfx.language.from_tree import build
from coopfx.language.parse import parse
from coopfx.plugged.world import load_world

WORLD = load_world(Report())
LANGUAGES = sorted(WORLD.languages)
STANDARD = {"team", *WORLD.words("fr").names}
every_language = pytest.mark.parametrize("language", LANGUAGES)


def read(text: str, language: str) -> tuple[list[str], list[str]]:
    """The words of a text as they are read, and the codes of what is told of it."""
    report = Report()
    source, words = Source(f"statute.{language}.coop", text, language), WORLD.words(language)
    found = [token.text for token in tokens_of(source, words, report) if token.kind != "_NL"]
    told = Report()
    build(parse(source, words, told), source, words, told)
    return found, [one.code for one in told.in_order()]


@every_language
def test_every_name_is_read_as_it_is_said(language: str) -> None:
    words = WORLD.words(language)
    assert len(words.spoken_names) > 10
    define = words.keywords["DEFINE"][0]
    for said, written in words.spoken_names.items():
        found, told = read(f"{define} x = {said}", language)
        assert found[-1] == written and not told, said
        canonical = words.canonical(written)
        assert canonical in STANDARD, said


@every_language
def test_no_name_is_said_as_two_are(language: str) -> None:
    words = WORLD.words(language)
    for canonical in STANDARD:
        for said in words.wordings.get(f"names.{canonical}", ()):
            assert words.spoken_names[said.casefold()] == words.word(canonical), said


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("en", "1 January 2024"),
        ("en", "January 1, 2024"),
        ("en", "January 1st 2024"),
        ("fr", "1er janvier 2024"),
        ("fr", "1 Janvier 2024"),
        ("es", "1 de enero de 2024"),
        ("es", "1 de enero del 2024"),
        ("it", "1º gennaio 2024"),
        ("it", "1 gennaio 2024"),
    ],
)
def test_a_day_is_read_in_words(language: str, said: str) -> None:
    in_force = WORLD.words(language).keywords["IN_FORCE"][0]
    found, told = read(f"{in_force} {said}", language)
    assert (found[-1], told) == ("2024-01-01", [])


@every_language
def test_every_day_is_read_as_the_language_shows_it(language: str) -> None:
    from datetime import date, timedelta

    words = WORLD.words(language)
    for number in range(0, 366, 13):
        day = date(2024, 1, 1) + timedelta(number)
        found, told = read(f"{words.keywords['IN_FORCE'][0]} {words.date(day)}", language)
        assert (found[-1], told) == (day.isoformat(), [])


def test_a_day_that_is_none_is_told_as_such() -> None:
    assert read("en vigueur depuis le 31 février 2024", "fr")[1] == ["S108"]


@pytest.mark.parametrize(
    ("language", "line", "written", "told"),
    [
        ("fr", "en vigueur depuis le 03/04/2024", "2024-04-03", []),
        ("fr", "en vigueur depuis le 31.12.2024", "2024-12-31", []),
        ("en", "in force from 31/12/2024", "2024-12-31", []),
        ("en", "in force from 12/31/2024", "2024-12-31", []),
        ("en", "in force from 03/04/2024", "2024-04-03", ["S127"]),
        ("fr", "définir fin = 31/12/2024", "2024-12-31", ["S127"]),
    ],
)
def test_a_day_in_digits_is_read_where_it_has_one_reading(
    language: str, line: str, written: str, told: list[str]
) -> None:
    found, codes = read(line, language)
    assert (found[-1], codes) == (written, told)


def test_a_division_stays_one() -> None:
    assert read("définir part = 31 / 12 / 2024", "fr") == (
        ["définir", "part", "=", "31", "/", "12", "/", "2024"],
        [],
    )
    assert read("définir part = somme du salaire × 1/2 des salariés", "fr")[1] == []
    assert read("définir part = 1/2 * excédent", "fr")[1] == []


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("en", "allocate surplus\n  1/3 of rest to reserves\n  half of rest to reserves"),
        ("fr", "répartir excédent\n  1/3 du reste à réserves\n  la moitié du reste aux réserves"),
        (
            "es",
            "distribuir el excedente\n  1/3 del resto a reservas\n  la mitad del resto a reservas",
        ),
        ("it", "destinare l'avanzo\n  1/3 del resto alle riserve\n  metà del resto alle riserve"),
    ],
)
def test_a_part_is_read_as_a_fraction(language: str, said: str) -> None:
    found, told = read(said, language)
    assert "1/3" in found and "1/2" in found and not told


def test_an_own_name_is_never_taken_for_a_wording() -> None:
    text = "fiche développement\ncompte fonds de développement\ndéfinir x = fonds de développement"
    assert "réserves.développement" not in read(text, "fr")[0]
    assert read("share capital among members equally", "en")[0][1] == "capital"
    text = "donnée moitié : montant de personne\ndéfinir x = moitié de personne"
    assert "1/2" not in read(text, "fr")[0]


@every_language
def test_a_word_of_another_language_is_told_once_with_what_to_write(language: str) -> None:
    """Every keyword that begins a clause, of every other language, and the clause is still read."""
    own = WORLD.words(language)
    for other in own.others:
        foreign = other.keywords["ALLOCATE"][0]
        if foreign == "répartir" and language == "es":
            continue  # `repartir`, but for its accent, is a word of Spanish
        to, rest = own.keywords["TO"][0], own.keywords["REST"][0]
        account = own.word("reserves")
        report = Report()
        text = f"{foreign} {own.word('surplus')}\n  {rest} {to} {account}\n"
        source = Source(f"statute.{language}.coop", text, language)
        assert len(parse(source, own, report)) == 1
        (told,) = report.diagnostics
        assert (told.code, told.arguments["expected"]) == ("S128", own.keywords["ALLOCATE"][0])


def test_a_word_that_stands_often_is_told_once() -> None:
    report = Report()
    text = "répartir excédent\n  40 % to réserves\n  20 % to réserves\n  le reste to réserves\n"
    source = Source("statute.fr.coop", text, "fr")
    parse(source, WORLD.words("fr"), report)
    (told,) = report.diagnostics
    assert told.code == "S128" and len(told.related) == 2


@every_language
def test_a_text_in_another_language_is_told_as_one(language: str) -> None:
    for other in WORLD.words(language).others:
        words = other.keywords
        lines = [
            f'{words["STATUTE"][0]} "A"',
            f"{words['CURRENCY_IS'][0]} EUR",
            f"{words['IN_FORCE'][0]} 2024-01-01",
            f"{words['REQUIRE'][0]} x: {other.word('surplus')} > 0 EUR",
        ]
        report = Report()
        source = Source(f"statute.{language}.coop", "\n".join(lines), language)
        assert parse(source, WORLD.words(language), report) == []
        (told,) = report.diagnostics
        assert told.code == "S129"
        assert told.arguments["expected"] == f"statute.{other.language}.coop"


@pytest.mark.parametrize(
    ("language", "text", "paper"),
    [
        (
            "fr",
            "devise EUR\nrépartir l'excédent\n  50 % à réserves\n  le reste à réserves",
            "devise : euros\nrépartir l'excédent :\n  - 50 % à réserves\n  - le solde à réserves",
        ),
        (
            "es",
            "moneda EUR\ndistribuir el excedente\n  50 % a reservas\n  el resto a reservas",
            "moneda: euros\ndistribuir el excedente:\n  - 50 % a reservas\n  lo demás a reservas",
        ),
        (
            "it",
            "valuta EUR\ndestinare l'avanzo\n  50% a riserve\n  il resto a riserve",
            "valuta: euro\ndestinare l'avanzo:\n  - 50% a riserve\n  quel che resta a riserve",
        ),
        (
            "en",
            "currency EUR\nallocate surplus\n  50% to reserves\n  rest to reserves",
            "currency: euro\nallocate surplus:\n  - 50% to reserves\n  the remainder to reserves",
        ),
    ],
)
def test_a_list_is_read_as_it_stands_on_paper(language: str, text: str, paper: str) -> None:
    words = WORLD.words(language)

    def kinds(one: str) -> list[str]:
        source = Source(f"statute.{language}.coop", one, language)
        report = Report()
        found = [tree.data for tree in parse(source, words, report)]
        read = [token.kind for token in tokens_of(source, words, report)]
        assert not report.diagnostics, one
        return [*found, *read]

    assert kinds(text) == kinds(paper)
    laid_out = pipeline.format_source(Source("text", paper, language), WORLD, Report())
    assert laid_out is not None and ":" not in laid_out and "- " not in laid_out
    assert kinds(laid_out) == kinds(text)


@pytest.mark.parametrize(
    "text",
    [
        "share max(1 EUR, surplus\n  - 5 EUR) among workers equally",
        "share surplus +\n  - 5 EUR among workers equally",
        "define x = surplus -\n  - 5 EUR",
        "allocate surplus\n  -5% to reserves",
    ],
)
def test_a_difference_stays_one(text: str) -> None:
    read = tokens_of(Source("statute.en.coop", text, "en"), WORLD.words("en"), Report())
    assert sum(token.kind == "MINUS" for token in read) == text.count("-")
