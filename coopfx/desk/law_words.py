"""What a law says of itself in each natural language: its names, and titles and messages of its rules."""

import tomllib
from functools import lru_cache
from itertools import chain
from typing import Any

from coopfx.ground.kept import remember
from coopfx.ground.report import Report, Said
from coopfx.ground.words import Words, WordsError
from coopfx.plugged.hookspecs import Law
from coopfx.plugged.world import Provided

TABLES = ("names", "definite", "labels", "abbreviations", "rules", "messages", "articles")
_PHRASES = {"rules": "rule", "messages": "message", "articles": "article"}
_Tables = dict[str, dict[str, Any]]


def speaking_of(words: Words, law: Law) -> Words:
    """A language with what a law declares. A word file that is amiss is passed over: see amiss()."""
    tables = _read(law).get(words.language)
    if not isinstance(tables, dict):
        return words
    phrases = {
        f"{kind}.{law.name}.{key}": said
        for table, kind in _PHRASES.items()
        for key, said in tables.get(table, {}).items()
    }
    names, labels = tables.get("names", {}), tables.get("labels", {})
    definite, short = tables.get("definite"), tables.get("abbreviations")
    return words.with_names(names, labels, phrases, definite, short)


def tables_of(law: Law, language: str) -> dict[str, dict[str, Any]] | None:
    """All the tables of a language's word file, the empty ones too; None where there is none to use."""
    tables = _read(law).get(language)
    return {name: tables.get(name, {}) for name in TABLES} if isinstance(tables, dict) else None


def amiss(law: Law) -> dict[str, str]:
    """The languages whose word file cannot be used, each with what is wrong with it."""
    return {language: found for language, found in _read(law).items() if isinstance(found, str)}


def tell_amiss(provided: Provided, language: str, reason: str, report: Report) -> None:
    """Tell (P903) that a law's word file is amiss: its names and titles are then not in that language."""
    arguments = {"name": provided.law.name, "language": language, "reason": reason}
    report.tell(
        "P903",
        None,
        plugin=provided.plugin.name,
        distribution=provided.plugin.origin,
        problem=Said("plugins.problem.law_words", dict(arguments)),
    )


def _read(law: Law) -> dict[str, _Tables | str]:
    """The tables of each language's word file, or what is wrong with it; kept, since it rarely changes."""
    return _read_texts(tuple(sorted(law.words.items())))


@lru_cache(maxsize=64)
def _read_texts(said: tuple[tuple[str, str], ...]) -> dict[str, _Tables | str]:
    return remember(lambda: _make(said), "law-words", *chain.from_iterable(said))


def _make(said: tuple[tuple[str, str], ...]) -> dict[str, _Tables | str]:
    found: dict[str, _Tables | str] = {}
    for language, text in said:
        try:
            found[language] = _tables(text)
        except WordsError as error:
            found[language] = str(error)
    return found


def _tables(text: str) -> _Tables:
    """The tables of a word file; raises WordsError where it is not as it should be."""
    try:
        tables = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise WordsError(str(error)) from error
    for name, table in tables.items():
        if name not in TABLES:
            raise WordsError(f"[{name}] is none of {', '.join(TABLES)}")
        if not isinstance(table, dict):
            raise WordsError(f"{name} is no table")
        for key, said in table.items():
            forms = said if name == "names" and isinstance(said, list) and said else [said]
            if not all(isinstance(form, str) for form in forms):
                raise WordsError(f"[{name}] {key} is no text")
    return tables
