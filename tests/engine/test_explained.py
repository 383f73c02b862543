"""Whatever is asked of a drawn year, its explanation says nothing that the books contradict."""

import os
from collections import Counter
from fractions import Fraction
from random import Random

import pytest
from attrs import evolve

from coopfx.engine.explain.explanation import ALL, explain, known_names, record_of, side_of
from coopfx.engine.outcome import OF_CHARGES, Explanation, Outcome, Provenance
from coopfx.engine.reference.evaluate import evaluate
from coopfx.engine.reference.evaluation import Run
from coopfx.engine.reference.settle import settle
from coopfx.formats import json, tree
from coopfx.formats.prose import prose
from coopfx.formats.terminal import Style
from coopfx.ground.exact import total
from coopfx.ground.figure import BALANCES
from coopfx.plugged.world import World
from explained import contradictions, steps
from statutes import statute
from years import Years

SIDES = (*BALANCES, ALL)
TOLD = ("item", "losses", "part", "moved", "shared")


def ask(seeds: range, world: World, records: int) -> Counter[str]:
    """Ask everything of drawn years; how often each kind of step was held, counted."""
    held: Counter[str] = Counter()
    speakers = [world.words(language) for language in ("en", "fr", "es", "it")]
    for seed in seeds:
        drawn = statute(seed, world)
        for number in range(0 if drawn is None else 2):
            assert drawn is not None
            random = Random(seed * 7 + number)
            years = Years(random, None if number else random.randint(0, 4))
            run = evaluate(drawn.program, years.year(drawn.program))
            outcome = settle(run, Provenance())
            balances = [f"{random.choice(SIDES)} {name}" for name in drawn.program.accounts]
            for name in dict.fromkeys((*known_names(run), *balances, OF_CHARGES)):
                sort = record_of(run, name)
                ids = run.ids(sort)[:records] if sort else ()
                for record in ("", *ids):
                    found = explain(run, outcome, name, record)
                    assert found is not None or not record, (seed, number, name, record)
                    side, account = side_of(name)
                    if side and found is not None:
                        _balance(run, side, account, record, found)
                        held[side] += 1
                    if found is not None:
                        wrong = list(contradictions(outcome, found))
                        assert not wrong, (seed, number, name, record, wrong)
                        words = speakers[held["asked"] % 4]
                        assert tree.explanation(found, words, Style(False))
                        assert prose(found, words) and json.explanation(found, words)
                        held["asked"] += 1
                        _held(outcome, found, held)
    return held


def _balance(run: Run, side: str, account: str, record: str, found: Explanation) -> None:
    """A balance that is asked for is that of the account's own node; all of it, opening and added."""
    nodes = run.program.accounts[account]
    row = run.ids(nodes.record).index(record) if nodes.record is not None else None
    asked = (nodes.opening, nodes.added) if side == ALL else (getattr(nodes, side),)
    assert found.value == total([run.at(one, row) for one in asked]), (account, side, record)


def _held(outcome: Outcome, found: Explanation, held: Counter[str]) -> None:
    """Count the steps that the books bear out, and see that they do not bear out another amount."""
    for step in steps(found):
        kind = step.how.removeprefix("explain.")
        held[kind] += 1
        alone = evolve(step, steps=())
        known = isinstance(step.value, Fraction) and kind.split(".")[0] in TOLD
        if known and kind not in ("item.high", "item.low", "item.when"):
            other = evolve(alone, value=step.value + Fraction(1, 1000))  # type: ignore[operator]
            assert list(contradictions(outcome, other)), step


def test_what_is_explained_is_what_the_books_say(world: World) -> None:
    held = ask(range(12), world, 1)
    asked = (*TOLD, "item.but", "dropped", *SIDES)
    assert held["asked"] > 500 and all(held[kind] for kind in asked), held


@pytest.mark.soak
@pytest.mark.parametrize("part", range(4))
def test_what_is_explained_at_length(part: int, world: World) -> None:
    first = int(os.environ.get("EXPLAINED_SEED", "1000")) + part * 300
    held = ask(range(first, first + 300), world, 3)
    print(f"\nseeds {first} to {first + 299}: {dict(sorted(held.items()))}")
