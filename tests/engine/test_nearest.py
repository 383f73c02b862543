"""The nearest lawful change: of one figure, of two at once, and that no nearer one on a grid is lawful."""

from collections.abc import Iterator
from fractions import Fraction
from itertools import combinations, product

import pytest

from coopfx.engine.proof.literals import HUNDREDTH, Written
from coopfx.engine.proof.prove import prove
from coopfx.formats.changes import with_changes
from coopfx.plugged.world import World
from searching import searched
from sharing import BARE, LEGAL, REST, SCOP, Compile, TryText, allocation

ONE = [
    (("24% to work_share", LEGAL, REST), "24%", "25%"),
    (("24.99% to work_share", LEGAL, REST), "24.99%", "25%"),
    (("10% to work_share", LEGAL, REST), "10%", "25%"),
    (("25% to work_share", LEGAL.replace("15%", "14%"), REST), "14%", "15%"),
    (("25% to work_share", LEGAL.replace("15%", "14.5%"), REST), "14.5%", "15%"),
    (("25% to work_share", "26% to share_interest", LEGAL, REST), "25%", "26%"),
    (("24.5% to work_share", "25.2% to share_interest", LEGAL, REST), "24.5%", "25.2%"),
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
_SAMPLE = (0, 9)


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
    changed = with_changes(text, found.changes, world.words("en"))
    expected = text
    for old, new in changes.items():
        expected = expected.replace(old, new, 1)
    assert changed == expected
    proofs = prove(compile_text(changed).program)
    assert all(item.holds for item in proofs if item.binding)


def test_a_percentage_and_an_amount_that_are_each_enough_are_both_told(
    compile_text: Compile, try_text: TryText
) -> None:
    items = "25% to work_share", "26% to share_interest at most 10 EUR", LEGAL, REST
    text = SCOP + allocation(*items)
    found = searched(compile_text, try_text, text).nearest()
    assert [[one.is_money for one in made.changes] for made in found] == [[False], [True]]


def test_where_no_two_figures_are_enough_one_that_mends_a_part_is_shown(
    compile_text: Compile, try_text: TryText
) -> None:
    found = searched(compile_text, try_text, SCOP + allocation(*NONE)).nearest()
    # Of what is broken, one figure mends a part.
    assert [(one.nearest, len(one.changes)) for one in found] == [(False, 1)]


BY_RULE = BARE + allocation("12.345% to aaa", REST)


@pytest.mark.parametrize(
    ("asked", "new", "decimals"),
    [("12.3456%", "12.3456%", 4), ("13.00007%", "13.00007%", 5)],
)
def test_a_figure_is_changed_as_finely_as_it_or_a_rule_is_written(
    compile_text: Compile, try_text: TryText, world: World, asked: str, new: str, decimals: int
) -> None:
    text = BY_RULE + f"  require r1: aaa >= {asked} of surplus when surplus >= 0 EUR\n"
    search = searched(compile_text, try_text, text)
    (found,) = search.nearest()
    assert search.figures()[0].step == Fraction(1, 10 ** (decimals + 2))
    changed = with_changes(text, found.changes, world.words("en"))
    assert changed == text.replace("12.345%", new, 1)
    # So many places lie between that not all of them were tried.
    assert found.nearest == (decimals < 5)


GIFTS = (
    BARE.replace("EUR", "USD")
    + """  decide part between 0% and 2%
  input bonus : money >= 0
  allocate surplus
    10% to savings
    part * surplus to gifts
    rest to kept
    losses to kept
  require few_gifts: gifts <= bonus when surplus > 0 USD
"""
)


def test_no_decision_is_left_without_a_choice(compile_text: Compile, try_text: TryText) -> None:
    search = searched(compile_text, try_text, GIFTS)
    (found,) = search.nearest()
    assert found.nearest
    assert [(one.old, one.new) for one in found.changes] == [(Fraction(1, 50), Fraction(0))]


def test_an_allocation_that_asks_for_too_much_is_mended(
    compile_text: Compile, try_text: TryText
) -> None:
    text = (
        BARE
        + "  decide part between 0% and 50%\n"
        + allocation("51% to aaa", "part * surplus to bbb", REST)
    )
    search = searched(compile_text, try_text, text)
    assert [one.kind for one in search.proofs if one.verdict in ("refuted", "only_if")] == [
        "within"
    ]
    (found,) = search.nearest()
    assert found.nearest
    ((old, new),) = ((one.old, one.new) for one in found.changes)
    assert (old, new) in {(Fraction(51, 100), Fraction(1, 2)), (Fraction(1, 2), Fraction(49, 100))}


# ---- on a grid


@pytest.mark.soak
@pytest.mark.parametrize("items", [items for items, *_ in ONE])
def test_no_nearer_change_on_the_grid_is_lawful(
    compile_text: Compile, try_text: TryText, items: tuple[str, ...]
) -> None:
    search = searched(compile_text, try_text, SCOP + allocation(*items))
    (made,) = search.nearest()
    (found,) = made.changes
    alike = [one for one in search.figures() if one.is_money == found.is_money]
    assert alike
    for one in alike:
        for steps in range(1, int(abs(found.new - found.old) / one.step)):
            for sign in (1, -1):
                if steps <= one.room(sign):
                    tried = one.moved(sign * steps)
                    search.lawful.begin()
                    assert not search.is_lawful({one: tried}), (one.span, tried)


@pytest.mark.soak
@pytest.mark.parametrize("items", [items for items, _ in TWO])
def test_no_nearer_change_of_two_on_the_grid_is_lawful(
    compile_text: Compile, try_text: TryText, items: tuple[str, ...]
) -> None:
    search = searched(compile_text, try_text, SCOP + allocation(*items))
    (found,) = search.nearest()
    amounts = sum(one.is_money for one in found.changes)
    percents = [one for one in found.changes if not one.is_money]
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
                    search.lawful.begin()
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
