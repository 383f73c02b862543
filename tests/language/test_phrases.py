"""The phrases of a language are read however their letters are written: capitals, ß, accents."""

import pytest
from word_by_word import LANGUAGES, PORTUGUESE, REPOSITORY

from coopfx.ground.words import FIRST_WORD, Words
from coopfx.language.wordings import phrase_at

# As German writes nouns, and what a language may hold: capitals after the first word, letters that
# grow when they are small, an apostrophe.
GERMAN = {
    "IN_FORCE": ["gültig seit", "in Kraft seit"],
    "UNLESS": ["außer wenn"],
    "MULTIPLIED_BY": ["vervielfacht mit"],
    "DECIDE": ["wir beschließen"],
    "EQUALLY": ["zu gleichen Teilen"],
    "OF_EACH": ["nach Maß"],
}


def with_capitals() -> str:
    lines = []
    for line in PORTUGUESE.replace('language = "pt"', 'language = "de"').splitlines():
        terminal = line.partition(" = ")[0]
        if terminal in GERMAN:
            line = f"{terminal} = {GERMAN[terminal]}".replace("'", '"')
        lines.append(line)
    return "\n".join(lines)


def words_of(language: str) -> Words:
    if language == "de":
        return Words.from_toml(with_capitals())
    return Words.from_toml((REPOSITORY / "grammars" / f"{language}.toml").read_text("utf-8"))


@pytest.mark.parametrize("language", [*LANGUAGES, "de"])
def test_every_phrase_is_read_in_capitals_and_in_small_letters(language: str) -> None:
    words = words_of(language)
    tried = 0
    for terminal, phrases in words.keywords.items():
        for phrase in phrases:
            forms = {phrase, phrase.upper(), phrase.lower(), phrase.title(), phrase.casefold()}
            for form in forms | {form.replace("'", "’") for form in forms}:
                first = FIRST_WORD.match(form)
                assert first is not None
                end, kinds = phrase_at(form, 0, first.end(), words)
                assert (end, terminal in kinds) == (len(form), True), (terminal, form)
                tried += 1
    assert tried > 200
    if language == "de":
        assert words.keywords["IN_FORCE"] == ("gültig seit", "in Kraft seit")


@pytest.mark.parametrize(
    "text", ["in Kraft", "in Kraftseit", "in Kraft seit1", "nach Maß1", "nach Mas", "außer wen"]
)
def test_what_is_almost_a_phrase_is_none(text: str) -> None:
    words = words_of("de")
    first = FIRST_WORD.match(text)
    assert first is not None
    end, _ = phrase_at(text, 0, first.end(), words)
    assert end < len(text)


def test_spanish_says_e_before_a_name_that_begins_with_that_sound() -> None:
    words = Words.from_toml((REPOSITORY / "grammars" / "es.toml").read_text("utf-8"))
    second = {
        one: words.enumeration(["capital", one]) for one in ("interés", "`hijos`", "hielo", "horas")
    }
    assert [one for one, said in second.items() if said == f"capital e {one}"] == [
        "interés",
        "`hijos`",
    ]
    assert second["hielo"] == "capital y hielo"
