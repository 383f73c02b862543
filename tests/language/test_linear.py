"""The work of a check grows as its text does, up to a megabyte of any one thing, and it always ends.

Work is counted here, as calls of functions: a clock has no part in it. What a pattern costs inside
its library, which no count shows, is a row of ``make bench`` (tests/bench/texts.py).
"""

import sys

import pytest
from long_texts import SHAPES, chains

from compiling import tried
from coopfx.ground.report import Report
from coopfx.plugged.world import World

SMALL = 2_000
"""Bytes of the smallest text; the others have twice and four times as many."""
MOST = 2.1
"""How many times as much the second step in length may add as the first, which is half as long.

Exactly twice would be linear; of forty accounts, each held against each other, it is 2.4.
"""


def checked(text: str, language: str, world: World) -> Report:
    """What is told of a statute."""
    return tried(text, world, language)[1]


def work(text: str, language: str, world: World) -> int:
    """How many functions a check calls."""
    calls = 0

    def count(frame: object, event: str, argument: object) -> None:
        nonlocal calls
        calls += event in ("call", "c_call")

    before = sys.getprofile()
    sys.setprofile(count)
    try:
        checked(text, language, world)
    finally:
        sys.setprofile(before)
    return calls


@pytest.mark.parametrize("name", SHAPES)
def test_twice_the_text_takes_twice_the_work(name: str, world: World) -> None:
    language, make = SHAPES[name]
    checked(make(SMALL), language, world)
    first, second, third = (work(make(size * SMALL), language, world) for size in (1, 2, 4))
    assert third - second <= MOST * (second - first) + 1_000, (first, second, third)


@pytest.mark.parametrize("name", chains(2))
def test_a_chain_of_any_kind_is_read_or_refused(name: str, world: World) -> None:
    """However long, in whatever order: what is too deep for a reader is no matter of the machine."""
    lengths = {length: checked(chains(length)[name], "en", world) for length in (3, 520)}
    assert not lengths[3].failed, lengths[3].diagnostics
    assert {item.code for item in lengths[520].diagnostics if item.code != "N204"} <= {
        "N215",
        "M410",
    }


@pytest.mark.parametrize("name", ["groups, the last first", "narrowed groups, the last first"])
def test_hundreds_of_groups_each_from_the_one_before_are_read(name: str, world: World) -> None:
    assert not checked(chains(520)[name], "en", world).failed
