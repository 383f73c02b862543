"""The nearest lawful change: of one figure, of two at once, and that no nearer one on a grid is lawful."""

from collections.abc import Iterator
from itertools import combinations, product

import pytest

from coopfx.engine.proof.literals import HUNDREDTH, Written
from coopfx.engine.proof.nearest import Search
from coopfx.engine.proof.prove import prove, prove_clauses
from coopfx.formats.changes import with_changes
from coopfx.language import ir
from coopfx.plugged.world import World
from sharing import LEGAL, PATIENT, REST, SCOP, Compile, TryText, allocation

ONE = [
    (("24% to work_share", LEGAL, REST), "24%", "25%"),
    (("24.99% to work_share", LEGAL, REST), "24.99%", "25%"),
    (("10% to work_share", LEGAL, REST), "10%", "25%"),
    (("25% to work_share", LEGAL.replace("15%", "14%"), REST), "14%", "15%"),
    (("25% to work_share", LEGAL.replace("15%", "14.5%"), REST), "14.5%", "15%"),
    (("25% to work_share", "26% to share_interest", LEGAL, REST), "26%", "24.99%"),
    (
        ("25% to work_share", "10% to share_interest", LEGAL.replace("15%", "12%"), REST),
        "12%",
        "15%",
    ),
    (("min(24% of surplus, surplus) to work_share", LEGAL, REST), "24%", "25%"),
    (("25% to work_share", LEGAL.replace("until", "until 99% of"), REST), "99%", "100%"),
    (("25% to work_share", "10 EUR to share_interest", LEGAL, REST), "10 EUR", "0 EUR"),
]
TWO = [
    (
        ("24% to work_share", LEGAL.replace("15%", "14%"), REST),
        {"24%": "25%", "14%": "15%"},
    ),
    (
        ("24.5% to work_share", "25.2% to share_interest", LEGAL, REST),
        {"24.5%": "25%", "25.2%": "24.99%"},
    ),
    (
        ("25% to work_share", LEGAL.replace("15%", "14.3%").replace("until", "until 99% of"), REST),
        {"14.3%": "15%", "99%": "100%"},
    ),
    (
        ("24% to work_share", "10 EUR to share_interest", LEGAL, REST),
        {"24%": "25%", "10 EUR": "0 EUR"},
    ),
]
NONE = ("35% to work_share", "30% to share_interest", "20% to reserves.legal", "rest to gifts")
# One that rises, and one that is a limit; the others at length.
_SAMPLE = (0, 8)


def searched(compile_text: Compile, try_text: TryText, text: str) -> Search:
    def compiled(other: str) -> ir.Program | None:
        statute, _ = try_text(other)
        return None if statute is None else statute.program

    program = compile_text(text).program
    rules = list(prove(program, milliseconds=PATIENT))
    made = [*rules, *prove_clauses(program, rules, milliseconds=PATIENT)]
    return Search(program, made, text, compiled, milliseconds=PATIENT)


@pytest.mark.parametrize(
    ("items", "changes"),
    [
        pytest.param(items, {old: new}, marks=[] if place in _SAMPLE else [pytest.mark.soak])
        for place, (items, old, new) in enumerate(ONE)
    ]
    + [
        pytest.param(*case, marks=[pytest.mark.soak] if place else [])
        for place, case in enumerate(TWO)
    ],
)
def test_the_nearest_lawful_change_is_found_and_is_lawful(
    compile_text: Compile,
    try_text: TryText,
    world: World,
    items: tuple[str, ...],
    changes: dict[str, str],
) -> None:
    text = SCOP + allocation(*items)
    (found,) = searched(compile_text, try_text, text).nearest()
    changed = with_changes(text, found, world.words("en"))
    expected = text
    for old, new in changes.items():
        expected = expected.replace(old, new, 1)
    assert changed == expected
    proofs = prove(compile_text(changed).program, milliseconds=PATIENT)
    assert all(item.holds for item in proofs if item.binding)


def test_a_percentage_and_an_amount_that_are_each_enough_are_both_told(
    compile_text: Compile, try_text: TryText
) -> None:
    items = "25% to work_share", "26% to share_interest at most 10 EUR", LEGAL, REST
    text = SCOP + allocation(*items)
    found = searched(compile_text, try_text, text).nearest()
    assert [[one.is_money for one in changes] for changes in found] == [[False], [True]]


def test_where_no_two_figures_are_enough_none_is_shown(
    compile_text: Compile, try_text: TryText
) -> None:
    assert searched(compile_text, try_text, SCOP + allocation(*NONE)).nearest() == ()


# ---- on a grid


@pytest.mark.soak
@pytest.mark.parametrize("items", [items for items, *_ in ONE])
def test_no_nearer_change_on_the_grid_is_lawful(
    compile_text: Compile, try_text: TryText, items: tuple[str, ...]
) -> None:
    search = searched(compile_text, try_text, SCOP + allocation(*items))
    ((found,),) = search.nearest()
    alike = [one for one in search.figures() if one.is_money == found.is_money]
    assert alike
    for one in alike:
        for steps in range(1, int(abs(found.new - found.old) / one.step)):
            for sign in (1, -1):
                if steps <= one.room(sign):
                    tried = one.moved(sign * steps)
                    assert not search.is_lawful({one: tried}), (one.span, tried)


@pytest.mark.soak
@pytest.mark.parametrize("items", [items for items, _ in TWO])
def test_no_nearer_change_of_two_on_the_grid_is_lawful(
    compile_text: Compile, try_text: TryText, items: tuple[str, ...]
) -> None:
    search = searched(compile_text, try_text, SCOP + allocation(*items))
    (found,) = search.nearest()
    amounts = sum(one.is_money for one in found)
    percents = [one for one in found if not one.is_money]
    total = int(sum(abs(one.new - one.old) for one in percents) / HUNDREDTH)
    pairs = [
        pair
        for pair in combinations(search.figures(), 2)
        if sum(one.is_money for one in pair) == amounts
    ]
    assert pairs
    for pair in pairs:
        for signs in product((1, -1), repeat=2):
            for steps in nearer(pair, total):
                moved = list(zip(pair, signs, steps, strict=True))
                if all(count <= one.room(sign) for one, sign, count in moved):
                    tried = {one: one.moved(sign * count) for one, sign, count in moved}
                    assert not search.is_lawful(tried), tried


def nearer(pair: tuple[Written, ...], total: int) -> Iterator[tuple[int, int]]:
    """Of two percentages, sums of hundredths below a total: all at its edge, every fourth elsewhere.

    Of a percentage and an amount, fewer hundredths than the total, with each of forty whole euros.
    """
    if any(one.is_money for one in pair):
        for first in (*range(1, total - 1, 4), total - 1):
            for second in range(100, 4_100, 100):
                yield (second, first) if pair[0].is_money else (first, second)
        return
    for first in range(1, total - 1):
        yield first, total - 1 - first
    for first in range(1, total, 4):
        for second in range(1, total - 1 - first, 4):
            yield first, second
