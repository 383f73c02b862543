"""What a plugin says of its own: phrases and diagnostics, in each natural language that it knows.

They are merged into the words of every language under the plugin's prefix, ``sheets.E01``, so that
nothing of coopfx or of another plugin is ever overwritten.
"""

import re
import tomllib
from collections.abc import Iterable, Mapping
from functools import lru_cache

from attrs import Factory, evolve, frozen

from coopfx.ground.kept import remember
from coopfx.ground.report import OWN_CODE
from coopfx.ground.words import Words, WordsError, flat
from coopfx.plugged.hookspecs import Sentences

_PARTS = ("message", "help", "why")
_FURTHER = ("help_nearest", "help_asked", "help_expected", "help_lines", "here", "there")
_PREFIX = re.compile(r"[a-z][a-z0-9_-]*")
_PLACE = re.compile(r"\{(\w+)\}")


@frozen(slots=True)
class Said:
    """What one text of sentences holds, by the names under which coopfx knows them."""

    phrases: dict[str, str] = Factory(dict)
    diagnostics: dict[str, dict[str, str]] = Factory(dict)


def read_sentences(declared: Sentences) -> dict[str, Said]:
    """A plugin's sentences by language.

    Raises WordsError where they are not as they should be: no English; another language says what the
    English does not, or fills a place that it has not; a code has not its form or lacks a sentence.
    """
    if not _PREFIX.fullmatch(declared.name):
        raise WordsError("a prefix is of small letters, figures, - and _, and begins with a letter")
    if "en" not in declared.texts:
        raise WordsError("there is no English, which stands in for every other language")
    said = {language: _read(declared.name, text) for language, text in declared.texts.items()}
    english = said["en"]
    for code, parts in english.diagnostics.items():
        lacking = [part for part in _PARTS if not parts.get(part, "").strip()]
        if lacking:
            raise WordsError(f"[diagnostics.{code}] has no {lacking[0]}")
    for language, own in said.items():
        _compare(language, own.phrases, english.phrases)
        for code, parts in own.diagnostics.items():
            if code not in english.diagnostics:
                raise WordsError(f"{language}: {code} stands not in the English")
            _compare(f"{language}: {code}", parts, english.diagnostics[code])
    return said


def with_sentences(
    languages: Mapping[str, Words], declared: Iterable[Mapping[str, Said]]
) -> dict[str, Words]:
    """Every language with what plugins say in it, in English where they do not know the language."""
    found = list(declared)
    return {name: _speaking(words, name, found) for name, words in languages.items()}


def _speaking(words: Words, language: str, declared: Iterable[Mapping[str, Said]]) -> Words:
    phrases: dict[str, str] = {}
    diagnostics = dict(words.diagnostics)
    for said in declared:
        for one in (said[name] for name in ("en", language) if name in said):
            phrases |= one.phrases
            # A sentence that a language lacks is said in English, also inside one diagnostic.
            for code, parts in one.diagnostics.items():
                diagnostics[code] = diagnostics.get(code, {}) | parts
    return evolve(words, phrases=phrases | words.phrases, diagnostics=diagnostics)


@lru_cache(maxsize=256)
def _read(prefix: str, text: str) -> Said:
    return remember(lambda: _parsed(prefix, text), "sentences", prefix, text)


def _parsed(prefix: str, text: str) -> Said:
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise WordsError(str(error)) from error
    other = [key for key in data if key not in ("phrases", "diagnostics")]
    if other:
        raise WordsError(f"[{other[0]}] is neither [phrases] nor [diagnostics]")
    phrases, diagnostics = data.get("phrases", {}), data.get("diagnostics", {})
    if not (isinstance(phrases, dict) and isinstance(diagnostics, dict)):
        raise WordsError("[phrases] and [diagnostics] are tables")
    said = Said({f"{prefix}.{key}": value for key, value in flat(phrases).items()})
    for number, parts in diagnostics.items():
        code = f"{prefix}.{number}"
        if not OWN_CODE.fullmatch(code):
            raise WordsError(f"{number} is no code such as E01, W02 or N03")
        if not isinstance(parts, dict):
            raise WordsError(f"[diagnostics.{number}] is no table")
        unknown = [part for part in parts if part not in (*_PARTS, *_FURTHER)]
        if unknown:
            raise WordsError(f"[diagnostics.{number}] {unknown[0]} is never shown")
        said.diagnostics[code] = parts
    tables: tuple[Mapping[str, object], ...] = (said.phrases, *said.diagnostics.values())
    for one in tables:
        amiss = [key for key, value in one.items() if not isinstance(value, str)]
        if amiss:
            raise WordsError(f"{amiss[0]} is no text")
    return said


def _compare(whose: str, own: Mapping[str, str], english: Mapping[str, str]) -> None:
    for key, sentence in own.items():
        if ".command." in key:
            continue  # a command says itself what it is in English
        if key not in english:
            raise WordsError(f"{whose}: {key} stands not in the English")
        more = set(_PLACE.findall(sentence)) - set(_PLACE.findall(english[key]))
        if more:
            raise WordsError(f"{whose}: {key} shows {{{min(more)}}}, which the English does not")
