"""Two statutes: what is said to be the same, or to differ, held against years that are run under both."""

from collections import Counter
from random import Random
from typing import Any

import pytest
from attrs import fields

from coopfx.engine.outcome import ALWAYS, UNDECIDED, Difference
from coopfx.engine.proof.equivalence import same
from coopfx.ground.facts import Field
from coopfx.language import ir
from coopfx.plugged.world import World
from pairs import BASE, CHANGED, SAME, changed, differ, settled
from sharing import TryText
from statutes import Statutes, compiled
from years import Years

SAMPLE = 24


def hold(old: ir.Program, new: ir.Program, found: list[Difference], seed: int, years: int) -> None:
    """What differs, differs in the year that is shown; what does not, does in no drawn year."""
    for one in found:
        if one.year is not None:
            assert differ(settled(old, one.year), settled(new, one.year)), one
    if all(one.verdict == ALWAYS for one in found):
        drawn = Years(Random(seed))
        for program in [old, new] * years:
            facts = drawn.year(program)
            assert not differ(settled(old, facts), settled(new, facts)), facts


def both(try_text: TryText, text: str) -> tuple[ir.Program, ir.Program]:
    found = [try_text(one)[0] for one in (BASE, text)]
    assert found[0] is not None and found[1] is not None, text
    return found[0].program, found[1].program


def reworded(try_text: TryText, piece: tuple[str, str]) -> int:
    """How many things of a text that says the same in other words are not decided."""
    text = changed(*piece)
    text = text.replace("elders", "ancients") if "ancients" in piece[1] else text
    old, new = both(try_text, text)
    found = list(same(old, new, milliseconds=1_000))
    hold(old, new, found, 1, 4)
    assert {one.verdict for one in found} <= {ALWAYS, UNDECIDED}, piece
    return sum(one.verdict == UNDECIDED for one in found)


def altered(try_text: TryText, piece: tuple[str, str]) -> None:
    old, new = both(try_text, changed(*piece))
    found = list(same(old, new, milliseconds=1_000))
    hold(old, new, found, 1, 4)
    assert {one.verdict for one in found} - {ALWAYS, UNDECIDED}, piece


COMPARED = {
    ir.Rule: "name binding condition comparisons record group when unless message nearly set_aside",
    ir.Indicator: "label pillar value target met relation percent by unit better formerly breaks",
    ir.AccountNodes: "opening added taken closing indivisible management record",
    ir.Entry: "source target amount management",
    ir.Decision: "type name low high otherwise",
    Field: "name type record low high paid",
}
LEFT_OUT = {
    ir.Rule: "origin aside",
    ir.Indicator: "origin",
    ir.AccountNodes: "",
    # By which clause, and which of its lines; whose it is follows from the place.
    ir.Entry: "clause item way along",
    ir.Decision: "record",
    # A decision's bounds are a rule.
    Field: "judged",
}


@pytest.mark.parametrize("kind", COMPARED, ids=lambda kind: kind.__name__)
def test_each_field_of_what_an_outcome_shows_is_compared_or_left_out(kind: Any) -> None:
    """Whoever adds a field says here whether two statutes that differ in it are the same."""
    known = {*COMPARED[kind].split(), *LEFT_OUT[kind].split()}
    assert {one.name for one in fields(kind)} == known


def test_a_text_is_the_same_as_itself_and_as_one_in_other_words(try_text: TryText) -> None:
    (program, other) = both(try_text, BASE)
    assert {one.verdict for one in same(program, other)} == {ALWAYS}
    assert not sum(reworded(try_text, one) for one in SAME[::SAMPLE])


@pytest.mark.parametrize("piece", CHANGED[::SAMPLE], ids=lambda piece: piece[1][:30])
def test_one_small_change_is_told(try_text: TryText, piece: tuple[str, str]) -> None:
    altered(try_text, piece)


@pytest.mark.soak
def test_every_way_of_saying_the_same(try_text: TryText) -> None:
    assert sum(bool(reworded(try_text, one)) for one in SAME) <= 1, (
        "twice as many hours are too many"
    )


@pytest.mark.soak
@pytest.mark.parametrize("piece", CHANGED, ids=lambda piece: piece[1][:30])
def test_every_small_change_is_told(try_text: TryText, piece: tuple[str, str]) -> None:
    altered(try_text, piece)


@pytest.mark.soak
@pytest.mark.parametrize("part", range(5))
def test_drawn_statutes_and_their_neighbours(world: World, part: int) -> None:
    """Of each drawn statute, one with another constant in one place, and it again with none."""
    told: Counter[str] = Counter()
    for seed in range(part * 40, part * 40 + 40):
        drawn = Statutes.of(seed)
        text = drawn.text()
        old = compiled(drawn.filled(text, varied=False), world)
        place = Random(seed).randrange(len(drawn.holes))
        drawn.holes[place] = str(float(drawn.holes[place]) + 1).removesuffix(".0")
        new = compiled(drawn.filled(text, varied=False), world)
        if old is None or new is None:
            told["refused"] += 1
            continue
        assert {one.verdict for one in same(old.program, old.program)} == {ALWAYS}
        found = list(same(old.program, new.program, milliseconds=300))
        hold(old.program, new.program, found, seed, 200)
        verdicts = {one.verdict for one in found} - {ALWAYS}
        told["same" if not verdicts else "open" if verdicts == {UNDECIDED} else "different"] += 1
    print(f"\n{part}: {dict(told)}")
    assert told["different"] > 10
