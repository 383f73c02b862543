"""A translation says the same, and comes back as it went.

What goes round the languages is compared with the text in its own language's first forms, which is
what a translation into the same language gives.
"""

import os
import re
from collections import Counter
from collections.abc import Sequence
from functools import cache
from itertools import cycle, pairwise, permutations
from pathlib import Path
from random import Random

import pytest
from derived import Deriver
from hypothesis import given, settings
from hypothesis import strategies as st

from compiling import NOWHERE, tried
from coopfx import pipeline
from coopfx.desk.policy import Policy, open_policy
from coopfx.ground.report import Report
from coopfx.ground.source import Source
from coopfx.language import ir
from coopfx.language.tokens import scan
from coopfx.plugged.world import World, load_world

REPOSITORY = Path(__file__).parents[2]
WORLD = load_world(Report())
LANGUAGES = sorted(WORLD.languages)
ALMA = open_policy(REPOSITORY / "policies" / "alma", Report()) or NOWHERE

every_language = pytest.mark.parametrize("language", LANGUAGES)


def translated(
    text: str, language: str, target: str, policy: Policy = NOWHERE, world: World = WORLD
) -> tuple[str | None, set[str]]:
    """A text in another language, and the codes of what is told."""
    report = Report()
    made = pipeline.translate_source(Source("text", text, language), target, policy, world, report)
    return made, {item.code for item in report.diagnostics}


def around(text: str, *languages: str, policy: Policy = NOWHERE) -> str:
    """A text from language to language, as it comes out of the last."""
    for language, target in pairwise(languages):
        made, told = translated(text, language, target, policy)
        assert made is not None, (told, language, target, text)
        text = made
    return text


def laid_out(text: str, language: str) -> str | None:
    return pipeline.format_source(Source("text", text, language), WORLD, Report())


def remarks(text: str, language: str) -> list[str]:
    tokens = scan(Source("text", text, language), WORLD.words(language), Report())
    return sorted(token.text for token in tokens if token.kind == "#")


def program(text: str, language: str, policy: Policy = NOWHERE) -> ir.Program | None:
    statute, _ = tried(text, WORLD, language, policy)
    return None if statute is None else statute.program


# ---- real texts


@cache
def statute_of_alma(language: str) -> tuple[str, ir.Program]:
    """A text of Alma's statute, and its program."""
    text = (REPOSITORY / "policies" / "alma" / f"statute.{language}.coop").read_text("utf-8")
    compiled = program(text, language, ALMA)
    assert compiled is not None
    return text, compiled


@pytest.mark.parametrize(
    "way",
    # Each round once, from another language in turn.
    [
        (*way, LANGUAGES[0], *way)[place % 4 :][:4]
        for place, way in enumerate(permutations(LANGUAGES[1:]))
    ],
    ids="-".join,
)
def test_alma_comes_back_from_every_way_round_the_languages(way: tuple[str, ...]) -> None:
    text, whole = statute_of_alma(way[0])
    first = around(text, way[0], way[0], policy=ALMA)
    back = around(text, *way, way[0], policy=ALMA)
    assert back == first
    assert laid_out(back, way[0]) == back
    again = program(back, way[0], ALMA)
    assert again is not None
    assert ir.difference(whole, again) is None


def test_english_alma_is_in_its_first_forms_and_comes_back_with_the_same_bytes() -> None:
    text = (REPOSITORY / "policies" / "alma" / "statute.en.coop").read_text("utf-8")
    assert around(text, "en", "fr", "es", "it", "en", policy=ALMA) == text


@pytest.mark.parametrize("target", LANGUAGES)
@every_language
def test_the_statutes_of_alma_translated_give_the_same_program(language: str, target: str) -> None:
    text, own = statute_of_alma(language)
    other = program(around(text, language, target, policy=ALMA), target, ALMA)
    assert other is not None
    assert ir.difference(own, other) is None


def examples() -> list[tuple[str, str]]:
    """The statutes of the pages and of the cases, each with its language."""
    found = []
    for page in sorted([*(REPOSITORY / "docs").glob("*.md"), REPOSITORY / "README.md"]):
        blocks = re.findall(
            r"^```coop(?: ([a-z]{2}))?\n(.*?)^```$",
            page.read_text("utf-8"),
            re.MULTILINE | re.DOTALL,
        )
        found += [(language or "en", text) for language, text in blocks]
    for case in sorted((REPOSITORY / "tests" / "cases").rglob("*.md")):
        blocks = re.findall(
            r"^```coop \S+\.(\w+)\.coop[^\n]*\n(.*?)^```$",
            case.read_text("utf-8"),
            re.MULTILINE | re.DOTALL,
        )
        found += blocks
    return found


HEADINGS = {
    language: around(
        'statute "Example"\ncurrency EUR\nin force from 2024-01-01\narticle 1\n', "en", language
    )
    for language in LANGUAGES
}


def check_an_example(language: str, text: str, targets: Sequence[str]) -> bool:
    """Whether a text of a page is a statute, or articles of one; if so, its translations are it."""
    if laid_out(text, language) is None:
        return False
    whole = program(text, language)
    if whole is None:
        text = HEADINGS[language] + text
        whole = program(text, language)
    if whole is None:
        return False
    for target in targets:
        made, told = translated(text, language, target)
        assert made is not None, (told, target, text)
        other = program(made, target)
        assert other is not None, made
        assert ir.difference(whole, other) is None, (text, made)
        assert laid_out(made, target) == made
    return True


def test_the_statutes_of_pages_and_cases_translated_give_the_same_program() -> None:
    targets = cycle(LANGUAGES)
    # Every third of them, each in one language in turn; make soak takes all of them.
    compiled = sum(check_an_example(*one, [next(targets)]) for one in examples()[::3])
    assert compiled > 80


@pytest.mark.soak
def test_the_statutes_of_pages_and_cases_give_the_same_program_in_every_language() -> None:
    compiled = sum(check_an_example(*example, LANGUAGES) for example in examples())
    assert compiled > 100


def test_the_law_comes_back() -> None:
    path = REPOSITORY / "plugins/coopfx-fr/coopfx_fr/law/scop.fr.coop"
    text = path.read_text("utf-8")
    assert around(text, "fr", "en", "es", "it", "fr") == around(text, "fr", "fr")


# ---- derived texts


def check_a_derived_text(seed: int) -> bool:
    """Whether a derived text is one and can be said in a further language; if so, it comes back."""
    random = Random(seed)
    language, *others = random.sample(LANGUAGES, len(LANGUAGES))
    deriver = Deriver(WORLD.words(language), random, Counter())
    text = deriver.laid_out(deriver.clauses(random.randrange(1, 4)), random.choice([0, 0.1, 0.4]))
    first, told = translated(text, language, language)
    if first is None:
        return False
    here, spoken = first, language
    for target in (*others, language):
        made, told = translated(here, spoken, target)
        assert made is not None or told <= {"P953", "P954"}, (told, text)
        if made is None:
            return False
        assert laid_out(made, target) == made, text
        assert remarks(made, target) == remarks(text, language), text
        here, spoken = made, target
    if "#" not in text:
        assert here == first, text
    return True


@settings(max_examples=30, deadline=None)
@given(seed=st.integers(0, 2**40))
def test_derived_texts_come_back(seed: int) -> None:
    check_a_derived_text(seed)


def test_most_derived_texts_can_be_said_in_every_language() -> None:
    assert sum(check_a_derived_text(seed) for seed in range(30)) > 20


@pytest.mark.soak
def test_derived_texts_without_number_come_back() -> None:
    count = int(os.environ.get("TRANSLATE_COUNT", "10000"))
    said = sum(check_a_derived_text(seed) for seed in range(count))
    print(f"\n{said} of {count} derived texts went round the languages and came back")
    assert said > count * 0.6
