"""Whatever is handed in, the parser and the checker answer with diagnostics, and soon.

A handful of inputs in every run; a long campaign with ``pytest -m soak``, whose last result stands in
docs/campaigns.md.
"""

import os
import re
import time
from collections import Counter
from pathlib import Path
from random import Random

import pytest

from coopfx import pipeline
from coopfx.desk.policy import Policy, StatuteFile
from coopfx.ground.report import Report
from coopfx.ground.source import Source, language_of
from coopfx.plugged.world import World

REPOSITORY = Path(__file__).parents[2]
HEAD = 'statute "Fuzz"\ncurrency EUR\nin force from 2020-01-01\narticle 1 "x"\n'
LONGEST = 1.0
"""Seconds of the processor that no input may take."""

LARGEST = 4_000
"""Characters of the longest text that is changed: longer ones take the time of several."""

LANGUAGES = ("en", "es", "fr", "it")
WHOLE = ("statute", "law")
LAID_OUT = 0.05
"""The part of the inputs that are given to the formatter too."""

CASE = re.compile(r"^```coop (\S+\.coop)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
PIECE = re.compile(r"\w+|\s+|.", re.DOTALL)
ODD = [
    "\x00",
    "\ufeff",
    "\u202e",
    "é",
    "e\u0301",
    "😀",
    "«",
    "“",
    "|",
    "(" * 120,
    "9" * 80,
    "%",
    "\r",
]


def texts() -> list[tuple[str, str]]:
    """Real texts with their languages: clauses of the reference page, the policies, the laws, the cases."""
    page = (REPOSITORY / "docs" / "language.md").read_text("utf-8")
    blocks = re.findall(r"^```coop(?: \w+)?\n(.*?)^```$", page, re.MULTILINE | re.DOTALL)
    found = [("en", block if block.startswith(WHOLE) else HEAD + block) for block in blocks]
    for folder in ("policies", "plugins"):
        for path in sorted((REPOSITORY / folder).rglob("*.coop")):
            found.append((language_of(path.name) or "en", path.read_text("utf-8")))
    for path in sorted((REPOSITORY / "tests" / "cases").rglob("*.md")):
        for name, block in CASE.findall(path.read_text("utf-8")):
            found.append((language_of(name) or "en", block))
    return [
        (language, text)
        for language, text in found
        if len(text) < LARGEST and language in LANGUAGES
    ]


def drawn(random: Random, real: list[tuple[str, str]], words: list[str]) -> tuple[str, str]:
    """A language, and bytes of no sense or a real text with some of its pieces changed."""
    language, text = random.choice(real)
    if random.random() < 0.1:
        return language, random.randbytes(random.randrange(300)).decode("utf-8", "replace")
    pieces = PIECE.findall(text)
    for _ in range(random.choice((1, 1, 1, 2, 3, 8))):
        place = random.randrange(len(pieces))
        match random.randrange(7):
            case 0:
                del pieces[place : place + random.randrange(1, 6)]
            case 1:
                pieces.insert(place, random.choice(words))
            case 2:
                pieces[place] = random.choice(words)
            case 3:
                pieces[place] = random.choice(ODD)
            case 4:
                other = random.randrange(len(pieces))
                pieces[place], pieces[other] = pieces[other], pieces[place]
            case 5:
                pieces[place] = pieces[place] * random.randrange(2, 4)
            case _:
                start = random.randrange(len(pieces))
                pieces[place:place] = pieces[start : start + random.randrange(1, 40)]
        pieces = pieces or [" "]
    return language, "".join(pieces)


def campaign(seed: int, count: int, world: World) -> tuple[Counter[str], float]:
    """What so many inputs are told, by code, and the longest time that one took, in seconds."""
    random, real = Random(seed), texts()
    words = sorted({piece for _, text in real for piece in PIECE.findall(text)})
    told: Counter[str] = Counter()
    longest = 0.0
    for _ in range(count):
        (language, text), report = drawn(random, real, words), Report()
        path = Path(f"statute.{language}.coop")
        file = StatuteFile(path, "", language)
        policy = Policy(path, language, {}, (file,))
        source = Source(path.name, text, language)
        start = time.process_time()
        try:
            found = pipeline.compile_source(source, file, policy, world, report)
            if random.random() < LAID_OUT:
                pipeline.format_source(source, world, Report())
        except Exception as error:
            raise AssertionError(f"{type(error).__name__}: {error}\n{text!r}") from error
        longest = max(longest, time.process_time() - start)
        assert found is not None or report.failed, text
        told.update({item.code for item in report.diagnostics} or {"nothing"})
    return told, longest


def test_a_few_hundred_inputs_are_answered(world: World) -> None:
    told, _ = campaign(1, 400, world)
    assert told["nothing"] and len(told) > 20


@pytest.mark.soak
def test_inputs_without_number_are_answered_soon(world: World) -> None:
    seed = int(os.environ.get("FUZZ_SEED", "10000"))
    count = int(os.environ.get("FUZZ_COUNT", "100000"))
    told, longest = campaign(seed, count, world)
    print(f"\nseed {seed}: {count} inputs, {len(told)} answers, the longest took {longest:.3f} s")
    for code, times in sorted(told.items()):
        print(f"{times:>9} {code}")
    assert longest < LONGEST
