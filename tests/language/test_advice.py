"""What a help proposes is accepted by the next check: each is applied, in every language.

Every mistake of `grammars/diagnostics/` is made in each language. Where its help names what was
probably meant, that is written in its place, and the same is not told again.
"""

import re
from functools import cache

import pytest

from compiling import tried
from coopfx.apps.cli.mistakes import Example, example
from coopfx.apps.cli.pages import codes
from coopfx.ground.report import Diagnostic, Report
from coopfx.ground.source import Source
from coopfx.ground.words import Words
from coopfx.language.from_tree import build
from coopfx.language.lines import read_lines
from coopfx.language.parse import parse
from coopfx.language.translate import translate, word_by_word
from coopfx.plugged.world import load_world

WORLD = load_world(Report())
LANGUAGES = sorted(WORLD.languages)
every_language = pytest.mark.parametrize("language", LANGUAGES)
# In these the nearest name is of what stands elsewhere, or replaces more than the place that is shown.
FAMILIES = ("S1", "N2")
# What names a record, which the example's table alone can show, or a law that is not installed here.
ELSEWHERE = {"N207", "N223", "N222"}


@cache
def mistakes() -> dict[str, Example]:
    found = {code: example(code) for code in codes(WORLD.words("en")) if code.startswith(FAMILIES)}
    return {code: one for code, one in found.items() if one is not None and not one.wrong.laws}


def in_language(text: str, language: str) -> str:
    english, own = WORLD.words("en"), WORLD.words(language)
    if language == "en":
        return text
    source = Source("statute.en.coop", text, "en")
    read = read_lines(source, english, Report())
    made = translate(source, read, english, own, own, Report()) if read is not None else None
    return word_by_word(source, english, own) if made is None else made


def told(text: str, language: str) -> list[Diagnostic]:
    return list(tried(text, WORLD, language)[1].in_order())


def advised(one: Diagnostic, words: Words) -> str:
    """The name or word that a help proposes to write in the place that it shows; empty for none."""
    found = one.arguments.get("nearest", "")
    if one.code == "S128":
        found = one.arguments["expected"]
    return str(found) if f"`{found}`" in words.help(one) else ""


@every_language
def test_what_is_proposed_is_accepted(language: str) -> None:
    words = WORLD.words(language)
    applied = 0
    for code, found in mistakes().items():
        statutes = [
            text for name, text in found.wrong.texts().items() if name.endswith("statute.en.coop")
        ]
        for text in (in_language(one, language) for one in statutes):
            for one in told(text, language):
                meant = advised(one, words)
                if not meant or one.span is None or code in ELSEWHERE:
                    continue
                span, lines = one.span, text.split("\n")
                line = lines[span.line - 1]
                assert line[span.column - 1 : span.end_column - 1] != meant, (code, text)
                lines[span.line - 1] = line[: span.column - 1] + meant + line[span.end_column - 1 :]
                again = [(other.code, other.span) for other in told("\n".join(lines), language)]
                starts = {(kind, place and (place.line, place.column)) for kind, place in again}
                assert (one.code, (span.line, span.column)) not in starts, "\n".join(lines)
                applied += 1
    assert applied >= 3


SNIPPET = re.compile(r"`([^`]+)`")


@every_language
def test_every_clause_that_a_help_shows_can_be_read(language: str) -> None:
    """Each clause in backquotes of a help; what it leaves to be filled is a name."""
    words = WORLD.words(language)
    shown = 0
    openers = [
        phrase
        for terminal in (
            "DEFINE",
            "INPUT",
            "ACCOUNT",
            "GROUP",
            "RECORD",
            "REQUIRE",
            "SHARE",
            "IN_FORCE",
        )
        for phrase in words.keywords[terminal][:1]
    ]
    for code, sentences in words.diagnostics.items():
        for part in ("help", "help_nearest", "help_expected"):
            for snippet in SNIPPET.findall(sentences.get(part, "")):
                opener = next((one for one in openers if snippet.startswith(f"{one} ")), None)
                if opener is None or "…" in snippet or code[0] not in "SNTMLE":
                    continue
                text = re.sub(r"\{\w+\}", "xy", snippet)
                report = Report()
                source = Source(f"statute.{language}.coop", text, language)
                build(parse(source, words, report), source, words, report)
                assert not report.diagnostics, (code, part, snippet)
                shown += 1
    assert shown > 10


@every_language
def test_what_was_written_is_never_proposed(language: str) -> None:
    words = WORLD.words(language)
    for nearest in ("surplus", "surpluses"):
        one = Diagnostic("N201", None, arguments={"name": "surplus", "nearest": nearest})
        assert (
            f"`{nearest}` ?" in words.help(one).replace("\u202f", " ").replace("`?", "` ?")
        ) == (nearest != "surplus")


@pytest.mark.parametrize(
    ("line", "code", "proposed"),
    [
        ("require one: workers >= 3", "N237", "count over workers"),
        ("require one: person >= 3", "N237", "count over people"),
        ("require one: surplus > 0 EUR\nrequire other: one >= 2", "N237", "comparison"),
        ("require one: salry > 0 EUR for each worker", "N201", "`salary`"),
        ("define one = surpluss / 2", "N201", "`surplus`"),
        ("define one = excédent / 2", "N201", "`surplus`"),
    ],
)
def test_what_can_stand_in_a_place_is_proposed(line: str, code: str, proposed: str) -> None:
    text = f'statute "A"\ncurrency EUR\nin force from 2024-01-01\narticle 1\n{line}\n'
    found = [one for one in told(text, "en") if one.code == code]
    assert len(found) == 1 and proposed in WORLD.words("en").help(found[0])


def test_the_figure_of_a_person_is_not_proposed_for_the_cooperatives() -> None:
    text = (
        'statute "A"\ncurrency EUR\nin force from 2024-01-01\narticle 1\ndefine one = salry / 2\n'
    )
    (found,) = (one for one in told(text, "en") if one.code == "N201")
    assert "`salary`" not in WORLD.words("en").help(found)
