"""The formatter changes the layout of a text and nothing else, and does so once and for all."""

import os
import re
from collections import Counter
from pathlib import Path
from random import Random

import pytest
from derived import Deriver, grammar
from hypothesis import given, settings
from hypothesis import strategies as st

from coopfx import pipeline
from coopfx.ground.report import Report
from coopfx.ground.source import Source
from coopfx.ground.words import Words
from coopfx.language import ast
from coopfx.language.from_tree import build
from coopfx.language.parse import parse
from coopfx.language.tokens import scan
from coopfx.plugged.world import World, load_world

REPOSITORY = Path(__file__).parents[2]
WORLD = load_world(Report())
LANGUAGES = sorted(WORLD.languages)

every_language = pytest.mark.parametrize("language", LANGUAGES)


def laid_out(text: str, language: str, world: World = WORLD) -> str | None:
    """A text, laid out; None where it has a mistake of syntax."""
    return pipeline.format_source(Source("text", text, language), world, Report())


def meaning(text: str, language: str) -> tuple[tuple[ast.Clause, ...], list[str]]:
    """The clauses of a text, and the codes of what is told of them."""
    source, words, report = Source("text", text, language), WORLD.words(language), Report()
    document = build(parse(source, words, report), source, words, report)
    return document.clauses, sorted(item.code for item in report.diagnostics)


def written(text: str, language: str) -> list[str]:
    """All that an author wrote, in order: words, signs, articles and remarks, not the spaces."""
    found = []
    for token in scan(Source("text", text, language), WORLD.words(language), Report()):
        if token.kind == "STRING":
            found.append(token.text[0] + token.text[1:-1].strip() + token.text[-1])
        elif token.kind != "_NL":
            found.append(" ".join(token.text.split()))
    return found


def words_of(language: str) -> Words:
    return WORLD.words(language)


def check_a_derived_text(
    language: str, seed: int, taken: Counter[int], goal: int | None = None
) -> bool:
    """Whether a derived text is one; if so, the formatter keeps all of it."""
    random = Random(seed)
    deriver = Deriver(words_of(language), random, taken, goal=goal)
    derived = deriver.clauses(random.randrange(1, 4))
    text = deriver.laid_out(derived, random.choice([0, 0.1, 0.5]))
    formatted = laid_out(text, language)
    if formatted is None:
        return False
    assert written(formatted, language) == written(text, language), text
    assert meaning(formatted, language) == meaning(text, language), text
    assert laid_out(formatted, language) == formatted, text
    assert not re.search(r"\n\n\n|[ \t]\n|^\n|\n\n$", formatted), text
    bare = deriver.laid_out(derived, 0)
    if (
        "\n\n" not in bare + text
        and "#" not in text
        and written(bare, language) == written(text, language)
    ):
        assert laid_out(bare, language) == formatted, text
    return True


@every_language
@settings(max_examples=30, deadline=None)
@given(seed=st.integers(0, 2**40))
def test_only_the_layout_of_a_derived_text_changes(language: str, seed: int) -> None:
    check_a_derived_text(language, seed, Counter())


def test_every_alternative_of_the_grammar_is_laid_out() -> None:
    taken: Counter[int] = Counter()
    random = Random(0)
    lacking = {id(rule): str(rule) for found in grammar().alternatives.values() for rule in found}
    tried = readable = 0
    while lacking and tried < 1_000:
        before = taken.copy()
        if check_a_derived_text(
            LANGUAGES[tried % 4], tried, taken, random.choice([None, *lacking])
        ):
            readable += 1
            lacking = {rule: said for rule, said in lacking.items() if taken[rule] == before[rule]}
        else:  # what cannot be read shows nothing: its alternatives still come first
            taken = before
        tried += 1
    assert not list(lacking.values())
    assert readable > tried * 0.7


@pytest.mark.soak
@every_language
def test_only_the_layout_changes_of_derived_texts_without_number(language: str) -> None:
    count = int(os.environ.get("FORMAT_COUNT", "5000"))
    readable = sum(check_a_derived_text(language, seed, Counter()) for seed in range(count))
    print(f"\n{language}: {readable} of {count} derived texts can be read, and keep what they say")
    assert readable > count * 0.7
