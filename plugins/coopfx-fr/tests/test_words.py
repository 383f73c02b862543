"""The pack speaks every language: the same titles, messages and names in each."""

import tomllib
from pathlib import Path
from typing import Any

import pytest

from coopfx.plugins import load_world
from coopfx.report import Report

WORDS = Path(__file__).parents[1] / "coopfx_fr" / "words"


def tables(language: str) -> dict[str, Any]:
    return tomllib.loads((WORDS / f"{language}.toml").read_text("utf-8"))


def test_there_is_a_file_for_each_language() -> None:
    assert {path.stem for path in WORDS.glob("*.toml")} == set(load_world(Report()).languages)


@pytest.mark.parametrize("language", ["es", "fr", "it"])
def test_each_language_has_all_that_another_has(language: str) -> None:
    own, english, french = tables(language), tables("en"), tables("fr")
    for table in ("labels", "rules", "articles"):
        assert set(own[table]) == set(english[table]), table
    assert set(own["names"]) == set(french["names"])
    # The texts are in French, and so are the messages that stand in them.
    assert set(own.get("messages", ())) == (set(english["messages"]) if language != "fr" else set())
