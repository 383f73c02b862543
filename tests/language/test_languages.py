"""Every language reads and says all that English does, and its words are told apart."""

import re
import tomllib
import unicodedata
from collections.abc import Iterator
from datetime import date
from fractions import Fraction
from functools import cache
from itertools import combinations, cycle
from typing import Any

import pytest
from word_by_word import LANGUAGES, PORTUGUESE, REPOSITORY, said_in, terminals

from coopfx.ground.aloud import Aloud
from coopfx.ground.report import Diagnostic, Percent, Word
from coopfx.ground.words import Words
from coopfx.language.tokens import SYMBOLS

PLACE = re.compile(r"\{\w+\}")
OTHERS = [language for language in LANGUAGES if language != "en"]
# Words that stand for two terminals, because what is around them tells which is meant.
TOLD_APART = {
    frozenset(pair)
    for pair in (
        ("UNDER", "BY"),
        ("PER", "BY"),
        # One stands in a key of a share, the other after a target.
        ("BY", "BY_YEAR"),
        ("PER", "TO"),
        ("TO", "IN"),
        ("NUMBER_TYPE", "COUNT"),
        ("BETWEEN", "AMONG"),
        ("BETWEEN", "OVER"),
        ("AMONG", "OVER"),
        ("OTHERWISE", "ELSE"),
        ("IF", "WHEN"),
        ("IF", "YES"),
        ("WHEN", "YES"),
        ("UPWARD", "UP"),
        ("NOT", "NO"),
        ("OF", "OVER"),
        # One begins a line of a parameter or a scale, the other is of `allocate` or `share`.
        ("FROM", "DRAWN_FROM"),
        # One begins a clause, the other ends what an example expects.
        ("DISAPPLY", "SET_ASIDE"),
    )
}
# Of these, those that have even their first form in common.
WRITTEN_ALIKE = [{"NOT", "NO"}, {"FROM", "DRAWN_FROM"}, {"DISAPPLY", "SET_ASIDE"}]

every_language = pytest.mark.parametrize("language", LANGUAGES)
every_other = pytest.mark.parametrize("language", OTHERS)


@cache
def words_of(language: str) -> Words:
    """A language as its file gives it; Portuguese with the English sentences that it lacks."""
    if language == "pt":
        return Words.from_toml(PORTUGUESE).completed(words_of("en"))
    return Words.from_toml((REPOSITORY / "grammars" / f"{language}.toml").read_text("utf-8"))


def declared() -> set[str]:
    """The terminals of the grammar that are words."""
    grammar = (REPOSITORY / "grammars" / "statute.lark").read_text("utf-8")
    named = {
        name
        for line in re.findall(r"^%declare (.*)", grammar, re.MULTILINE)
        for name in line.split()
    }
    signs = {"NAME", "NUMBER", "FRACTION", "STRING", "DATE", "CURRENCY", "ARTICLE_NUMBER", "_NL"}
    return named - signs - set(SYMBOLS.values())


def sentences(words: Words) -> Iterator[tuple[str, str]]:
    """Whatever a language says, by where it stands."""
    yield from words.phrases.items()
    yield from words.numbers.items()
    for code, table in words.diagnostics.items():
        yield from ((f"{code} {part}", sentence) for part, sentence in table.items())


# ---- what every word file holds


@every_language
def test_every_terminal_has_its_words(language: str) -> None:
    assert set(words_of(language).keywords) == declared()


@every_other
def test_every_language_has_what_english_has(language: str) -> None:
    own, english = words_of(language), words_of("en")
    for table in ("numbers", "units", "singulars", "labels", "phrases", "diagnostics"):
        # Commands and their library say themselves what they say in English.
        has = {key for key in getattr(own, table) if not key.startswith(("command.", "said."))}
        assert has == set(getattr(english, table)), table
    for code, parts in english.diagnostics.items():
        assert set(own.diagnostics[code]) == set(parts), code


@every_other
def test_every_standard_name_has_its_word(language: str) -> None:
    prelude = (REPOSITORY / "grammars" / "prelude.coop").read_text("utf-8")
    names = set(re.findall(r"^(?:input|record|group|account) ([\w.]+)", prelude, re.MULTILINE))
    assert len(names) > 25
    assert set(words_of(language).names) == names
    assert set(words_of(language).labels) <= {*names, "cooperative"}


@every_other
def test_every_sentence_has_the_places_of_the_english_one(language: str) -> None:
    english = dict(sentences(words_of("en")))
    wrong = [
        f"{where}: {sentence}"
        for where, sentence in sentences(words_of(language))
        if where in english and set(PLACE.findall(sentence)) != set(PLACE.findall(english[where]))
    ]
    assert not wrong, "\n".join(wrong)


@every_language
def test_every_word_is_composed(language: str) -> None:
    text = (REPOSITORY / "grammars" / f"{language}.toml").read_text("utf-8")
    assert unicodedata.is_normalized("NFC", text)
    packs = sorted(REPOSITORY.glob(f"plugins/*/coopfx_*/words/{language}/*.toml"))
    assert packs
    for pack in packs:
        assert unicodedata.is_normalized("NFC", pack.read_text("utf-8")), pack


@pytest.mark.parametrize("language", ["en", "es", "it"])
def test_no_space_stands_before_a_sign_of_the_sentence(language: str) -> None:
    wrong = [
        f"{where}: {sentence}"
        for where, sentence in sentences(words_of(language))
        if where not in ("percent", "money", "project.rules.signs")
        and re.search(r"\s[;:!?.,»](?![\w=])|«\s", re.sub(r"`[^`]*`", "…", sentence))
    ]
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("en", "reserves: for_hard_times"),
        ("es", "reservas: for_hard_times"),
        ("fr", "réserves\u00a0: for_hard_times"),
        ("it", "riserve: for_hard_times"),
    ],
)
def test_a_branch_is_said_after_its_account(language: str, said: str) -> None:
    own = words_of(language)
    assert own.label("reserves.for_hard_times") == said.replace("_", " ")
    named = own.with_names({}, {"reserves.for_hard_times": "rainy days"})
    assert named.label("reserves.for_hard_times") == "rainy days"


@pytest.mark.parametrize(
    ("language", "sentence", "said"),
    [
        (
            "fr",
            "{a} va à {the_a}, de {the_a}, de {b}",
            "excédent va à l'excédent, de l'excédent, de 8",
        ),
        ("fr", "à {the_c} et de {the_c}", "au capital social et du capital social"),
        ("fr", "de {d}, de {the_d}, à {the_d}", "d'ancienneté, de l'ancienneté, à l'ancienneté"),
        (
            "es",
            "de {the_c}, a {the_c}, de {the_r}",
            "del capital social, al capital social, del 8\u00a0%",
        ),
        ("it", "di {the_c}, da {the_a}, a {the_r}", "del capitale sociale, dall'avanzo, all'8%"),
    ],
)
def test_names_are_read_aloud_with_their_articles(language: str, sentence: str, said: str) -> None:
    arguments = {
        "a": Word("surplus"),
        "b": 8,
        "c": Word("share_capital"),
        "d": Word("seniority"),
        "r": Percent(Fraction("0.08")),
    }
    assert Aloud.of(words_of(language)).fill(sentence, arguments) == said


def test_a_name_of_an_author_is_quoted() -> None:
    own = Aloud.of(words_of("fr"))
    assert own.the(Word("taux_d_appoint")) == "«\u00a0taux d'appoint\u00a0»"
    assert own.show(Word("taux_d_appoint")) == own.the(Word("taux_d_appoint"))


def test_spanish_opens_its_questions() -> None:
    for where, sentence in sentences(words_of("es")):
        if where == "project.rules.signs":
            continue  # the sign itself is spoken of
        assert sentence.count("?") == sentence.count("¿"), f"{where}: {sentence}"


@pytest.mark.parametrize(
    ("key", "figure", "said"),
    [
        ("report.statute", {"start": date(2024, 5, 8)}, "dall'8 maggio"),
        ("report.statute", {"start": date(2024, 5, 11)}, "dall'11 maggio"),
        ("report.statute", {"start": date(2024, 5, 18)}, "dal 18 maggio"),
        ("report.statute", {"start": date(2024, 5, 1)}, "dal 1º maggio"),
        ("formula.at", {"day": date(2024, 5, 8)}, "all'8 maggio"),
        ("report.title", {"closing": date(2024, 8, 11)}, "chiuso l'11 agosto"),
        ("explain.kept", {"rate": Percent(Fraction("0.8"))}, "è trattenuto l'80%"),
        ("explain.kept", {"rate": Percent(Fraction("1.1"))}, "è trattenuto il 110%"),
        ("explain.kept", {"rate": Percent(Fraction("0.11"))}, "è trattenuto l'11%"),
    ],
)
def test_italian_elides_before_eight_and_eleven(
    key: str, figure: dict[str, Any], said: str
) -> None:
    assert said in words_of("it").phrase(key, **figure)


def test_an_elided_word_at_the_beginning_keeps_its_capital() -> None:
    told = Diagnostic("P926", None, {"date": date(2024, 5, 8)})
    assert words_of("it").message(told).startswith("L'8 maggio 2024 ")


# ---- words that are told apart


@every_language
def test_no_keyword_is_written_as_another(language: str) -> None:
    first: dict[str, str] = {}
    for terminal, phrases in words_of(language).keywords.items():
        other = first.setdefault(phrases[0], terminal)
        assert other == terminal or {other, terminal} in WRITTEN_ALIKE, phrases[0]


@every_language
def test_a_phrase_stands_for_two_terminals_only_where_they_are_told_apart(language: str) -> None:
    found: dict[str, list[str]] = {}
    for terminal, phrases in words_of(language).keywords.items():
        assert len(set(phrases)) == len(phrases), terminal
        for phrase in phrases:
            found.setdefault(phrase, []).append(terminal)
    for phrase, both in found.items():
        for pair in combinations(both, 2):
            assert frozenset(pair) in TOLD_APART, (phrase, both)


@every_language
def test_no_name_is_a_keyword_and_no_word_two_names(language: str) -> None:
    words = words_of(language)
    soft = {phrase for sort in ("HOURS",) for phrase in words.keywords[sort]}
    taken = {phrase for forms in words.keywords.values() for phrase in forms} | set(words.articles)
    seen: dict[str, str] = {}
    for name, forms in words.names.items():
        for form in forms:
            assert form not in taken - soft, form
            assert seen.setdefault(form, name) == name, form
            assert re.fullmatch(r"[^\W\d_]\w*(\.[^\W\d_]\w*)*", form) and not form.endswith("_")


def test_no_word_is_one_name_here_and_another_there() -> None:
    """A table's columns may be named in any language, so a word is one name in all of them."""
    seen: dict[str, str] = {}
    for language in LANGUAGES:
        for name, forms in words_of(language).names.items():
            for form in forms:
                assert seen.setdefault(form, name) == name, (language, form)


# ---- the same text in every language is read the same


@cache
def corpus() -> tuple[str, ...]:
    """The English texts of the language's page, and a few clauses more."""
    page = (REPOSITORY / "docs" / "language.md").read_text("utf-8")
    shown = re.findall(r"^```coop(?: law)?\n(.*?)^```$", page, re.MULTILINE | re.DOTALL)
    return (*shown, FURTHER)


FURTHER = """
law x.y "Law"
statute "S" under x.y
based on model
currency EUR
in force from 2024-01-01 until 2025-01-01
source "s"
set aside fair "r"
replace article 3 "T" ref "r" to confirm
default define bonus = previous surplus
permit share work_share among workers by salary, equally multiplied by seniority at most 2
permit share reserves among workers by hours multiplied up to 2
record college
input price : money per hours of person
input day : date
input words : text of person
input so : yes/no
input delay : days
input part : number
input size : whole of team
input capital_held : money of person measure "c"
account capital of person indivisible
group seniors = workers where seniority >= 10 years
parameter floor : money
  from 2024-01-01: 1 500 EUR ref "r" to confirm
define always = yes
define never = no
define kept = if not so and not (this or that) then no else not member
define cost = 12 EUR per hours
define middle = median of salary over workers rounded half even to 1 EUR
define others = count over (workers where not member) + 2 rounded half up to 1
define low = average of salary over members rounded down to 1 EUR
define high = sum of salary over people rounded up to 1 EUR
define curve = log(turnover / 1 000 EUR, 4 decimals) + floor at 2023-12-31 / 1 EUR
decide bonus between 0 EUR and 10 EUR otherwise 5 EUR "d"
scale step by seniority for each person
  from 2 years: 1
  above 5 years: 2
  otherwise 0
allocate surplus
  10 EUR to bonus at least 5 EUR at most 20 EUR when so
  15% to reserves.legal until high then to reserves.development
  rest to reserves
  losses to losses_brought_forward
allocate max(turnover, all of bonus) from bonus for each team
  10% to reserves at most reserves so far
  rest to common
share min(cost, 5 EUR)
  from charges among workers by salary
share bonus among workers of each team to capital of person
  50% by salary
  50% equally
  multiplied by max(1, min(2, part))
  at most 10 EUR each
  paid from 10 EUR up
  alike
  excess to reserves
pool result of teams
  15% kept by each
  losses kept
  rest to common
require fair: not member for each person unless so when not this
require total: closing reserves - taken reserves >= opening reserves + added reserves
require late: day <= 2024-01-31 + 3 months and day > 2024-01-01 + 30 days
recommend rated: rate of member over (people of team where hours > 0 hours) >= 1 / 2 exactly
indicator "I" in democracy
  = attendance
  target at most 2.5
example "e"
  given member = no, previous surplus = 5 EUR
  expect fair satisfied
  expect fair violated
  expect fair not applicable
  expect fair undetermined
  expect fair set aside
  expect bonus = 30 000.50 EUR
"""


def test_the_texts_use_every_keyword() -> None:
    used = {terminal for text in corpus() for terminal in terminals(text, words_of("en"))}
    assert declared() <= used, declared() - used


@pytest.mark.parametrize("language", [*OTHERS, "pt"])
def test_first_forms_are_read_as_what_they_stand_for(language: str) -> None:
    own, english = words_of(language), words_of("en")
    for text in corpus():
        said = said_in(text, english, own)
        assert terminals(said, own) == terminals(text, english), said
        assert terminals(said_in(said, own, english), english) == terminals(text, english), said


SHORTEST = 4
"""In so many of the shortest texts that have a word each of its other forms is tried."""


@every_language
def test_every_form_is_read_as_what_it_stands_for(language: str) -> None:
    own, english = words_of(language), words_of("en")
    read = [(text, terminals(text, english)) for text in sorted(corpus(), key=len)]
    tried = 0
    for terminal, phrases in own.keywords.items():
        texts = [(text, found) for text, found in read if terminal in found][:SHORTEST]
        for (text, found), phrase in zip(cycle(texts), phrases[1:], strict=False):
            if terminal == "OVER" and phrase in own.keywords["OF"]:
                continue  # after a name it says whose that is, and only after COUNT it is OVER
            said = said_in(text, english, own, {terminal: phrase})
            assert terminals(said, own) == found, said
            tried += 1
    assert tried > 5


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("fr", "définir x = le nombre de salariés\n"),
        ("es", "definir x = el número de trabajadores\n"),
        ("it", "definire x = il numero dei lavoratori\n"),
        ("fr", "définir x = nombre d'associés\n"),
        ("es", "definir x = número de los socios\n"),
        ("it", "definire x = numero di soci\n"),
    ],
)
def test_a_number_of_people_is_counted(language: str, text: str) -> None:
    english = "define x = count over workers\n"
    assert terminals(text, words_of(language)) == terminals(english, words_of("en"))


@every_language
@pytest.mark.parametrize(
    "name", ["surplus at 2022-01-01", "previous surplus", "opening reserves.legal"]
)
def test_a_figure_of_another_year_is_read_as_it_is_written(language: str, name: str) -> None:
    words = words_of(language)
    assert words.figure(words.word(name)) == name


@every_language
def test_what_is_a_keyword_is_no_other_wording(language: str) -> None:
    """The formatter writes a wording anew, and leaves every keyword as its author wrote it."""
    text = (REPOSITORY / "grammars" / f"{language}.toml").read_text("utf-8")
    wordings = tomllib.loads(text)["wordings"].values()
    said = {one for forms in wordings if isinstance(forms, list) for one in forms}
    phrases = words_of(language).keywords.values()
    assert said and not said & {one for forms in phrases for one in forms}
