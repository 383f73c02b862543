"""Splits and waterfalls on their own: what every one of them keeps, over thousands of cases."""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise, product
from random import Random

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from coopfx.engine.reference.splits import Flow, Shares, Wanted, split, waterfall

CENT = Fraction(1, 100)
STEPS = (CENT, Fraction(1), Fraction(1, 1000))
HUGE = 10**15

often = settings(max_examples=150, deadline=None)
at_times = settings(max_examples=80, deadline=None)

steps = st.sampled_from(STEPS)
amounts = st.one_of(
    st.sampled_from([0, 1, 2, 3, 99, 100, 101, HUGE - 1, HUGE, HUGE + 1]),
    st.integers(0, 1_000),
    st.integers(0, HUGE),
)
rights = st.one_of(
    st.integers(0, 5).map(Fraction),
    st.sampled_from([Fraction(0), Fraction(1), Fraction(10**15), Fraction(1, 10**15)]),
    st.integers(0, 1_000_000).map(lambda cents: cents * CENT),
    st.fractions(0, 1, max_denominator=1_000),
)
# Letters whose order by code point differs from a dictionary's, and from that of UTF-16.
identifiers = st.text("abzAZ019éÉß \uff5e\U0001f600", min_size=1, max_size=3)


@dataclass(frozen=True)
class Case:
    """What is split: whole steps, rights of which one at least is above zero, identifiers."""

    steps: int
    rights: tuple[Fraction, ...]
    ids: tuple[str, ...]
    step: Fraction

    @property
    def amount(self) -> Fraction:
        return self.steps * self.step

    def split(self, more: int = 0) -> Shares:
        return split(self.amount + more * self.step, self.rights, self.ids, self.step)

    def exact(self, index: int) -> Fraction:
        return self.amount * self.rights[index] / sum(self.rights)


@st.composite
def cases(draw: st.DrawFn, most: int = 12, largest: int | None = None) -> Case:
    count = st.integers(1, most)
    whole = amounts if largest is None else st.integers(0, largest)
    ids = draw(count.flatmap(lambda n: st.lists(identifiers, min_size=n, max_size=n, unique=True)))
    few = draw(st.booleans())
    # Half of the cases draw their rights from a few values, so that many are equal.
    one = st.sampled_from(draw(st.lists(rights, min_size=1, max_size=2))) if few else rights
    drawn = draw(st.lists(one, min_size=len(ids), max_size=len(ids)))
    if not any(drawn):
        drawn[0] = Fraction(1)
    return Case(draw(whole), tuple(drawn), tuple(ids), draw(steps))


# ---- largest remainder


@often
@given(cases())
def test_the_parts_add_up_each_within_one_step_of_the_exact(case: Case) -> None:
    shares = case.split()
    assert sum(shares.parts) == case.amount
    for index, part in enumerate(shares.parts):
        assert (part / case.step).denominator == 1
        assert part >= 0
        assert shares.exact[index] == case.exact(index)
        assert abs(part - case.exact(index)) < case.step
        rounded_down = case.exact(index) // case.step * case.step
        assert part == rounded_down + (case.step if shares.rounded_up[index] else 0)


@at_times
@given(cases(), st.integers(0, 2**32))
def test_the_order_of_the_records_does_not_matter(case: Case, seed: int) -> None:
    order = list(range(len(case.ids)))
    Random(seed).shuffle(order)
    other = Case(
        case.steps,
        tuple(case.rights[index] for index in order),
        tuple(case.ids[index] for index in order),
        case.step,
    )
    assert by_id(case.ids, case.split()) == by_id(other.ids, other.split())


def by_id(ids: Sequence[str], shares: Shares) -> dict[str, Fraction]:
    return dict(zip(ids, shares.parts, strict=True))


@at_times
@given(cases(), st.one_of(st.integers(0, 20), st.integers(0, HUGE)))
def test_growing_the_amount_lowers_nobody_by_more_than_one_step(case: Case, more: int) -> None:
    for before, after in zip(case.split().parts, case.split(more).parts, strict=True):
        assert after >= before - case.step


@often
@given(cases())
def test_a_greater_right_never_takes_less_and_none_takes_nothing(case: Case) -> None:
    parts = case.split().parts
    ranked = sorted(zip(case.rights, case.ids, parts, strict=True))
    for (right, name, part), (next_right, next_name, next_part) in pairwise(ranked):
        if right == next_right:
            assert name < next_name
            assert part - next_part in (0, case.step), "the smaller identifier has the odd step"
        else:
            assert part <= next_part
        assert part == 0 or right > 0


@at_times
@given(cases(), st.fractions(Fraction(1, 10**9), 10**9))
def test_rights_count_by_their_ratio_alone(case: Case, factor: Fraction) -> None:
    scaled = Case(case.steps, tuple(right * factor for right in case.rights), case.ids, case.step)
    assert scaled.split() == case.split()


@often
@given(cases())
def test_the_split_is_that_of_whole_numbers(case: Case) -> None:
    """The same split by division of whole numbers with a remainder, without a fraction."""
    denominator = 1
    for right in case.rights:
        denominator *= right.denominator
    weights = [right.numerator * (denominator // right.denominator) for right in case.rights]
    divided = [divmod(case.steps * weight, sum(weights)) for weight in weights]
    left = case.steps - sum(quotient for quotient, _ in divided)
    most = sorted(range(len(weights)), key=lambda index: (-divided[index][1], case.ids[index]))
    expected = [quotient for quotient, _ in divided]
    for index in most[:left]:
        expected[index] += 1
    assert [part / case.step for part in case.split().parts] == expected


@at_times
@given(cases(4, 9))
def test_no_other_split_is_nearer_to_the_exact_one(case: Case) -> None:
    """Every possible split is tried; of those equally near, ties favour the smaller identifiers."""
    count = len(case.ids)
    possible = [
        row for row in product(range(case.steps + 1), repeat=count) if sum(row) == case.steps
    ]
    exact = [case.exact(index) / case.step for index in range(count)]
    names = sorted(range(count), key=lambda index: case.ids[index])

    def distance(row: tuple[int, ...]) -> tuple[Fraction, list[int]]:
        squares = ((part - one) ** 2 for part, one in zip(row, exact, strict=True))
        return sum(squares, Fraction(0)), [-row[index] for index in names]

    nearest = min(possible, key=distance)
    assert tuple(part / case.step for part in case.split().parts) == nearest


@at_times
@given(amounts, rights.filter(bool), steps)
def test_one_person_takes_all(whole: int, right: Fraction, step: Fraction) -> None:
    shares = split(whole * step, [right], ["p001"], step)
    assert shares.parts == (whole * step,)
    assert shares.rounded_up == (False,)


@at_times
@given(amounts, st.integers(1, 200), steps)
def test_equal_rights_differ_by_the_odd_steps_of_the_first(
    whole: int, count: int, step: Fraction
) -> None:
    ids = [str(index) for index in range(count)]
    shares = split(whole * step, [Fraction(1)] * count, ids, step)
    each, odd = divmod(whole, count)
    first = set(sorted(ids)[:odd])
    assert by_id(ids, shares) == {name: (each + (name in first)) * step for name in ids}


@at_times
@given(st.integers(1, 40), st.integers(0, 10**12), steps)
def test_what_divides_evenly_is_not_rounded(count: int, each: int, step: Fraction) -> None:
    weights = [Fraction(index + 1) for index in range(count)]
    ids = [f"p{index:03}" for index in range(count)]
    shares = split(each * sum(weights) * step, weights, ids, step)
    assert shares.parts == shares.exact == tuple(each * weight * step for weight in weights)
    assert not any(shares.rounded_up)


@pytest.mark.parametrize("whole", [0, 1, 100, HUGE])
def test_rights_beside_a_huge_one_and_beside_none(whole: int) -> None:
    weights = [Fraction(10**30), Fraction(1, 10**30), Fraction(0)]
    shares = split(whole * CENT, weights, ["c", "b", "a"], CENT)
    assert [in_cents(part) for part in shares.parts] == [whole, 0, 0]


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("10", "9"),
        ("A", "a"),
        ("Z", "a"),
        ("z", "é"),
        ("p1", "p10"),
        ("p10", "p2"),
        # In UTF-16, as in some databases and spreadsheets, the second would come first.
        ("\uff5e", "\U0001f600"),
    ],
)
def test_ties_go_to_the_smaller_identifier_by_code_point(first: str, second: str) -> None:
    for ids in ((first, second), (second, first)):
        shares = split(CENT, [Fraction(1)] * 2, ids, CENT)
        assert by_id(ids, shares) == {first: CENT, second: Fraction(0)}


# ---- waterfall


parts = st.one_of(
    st.integers(0, 100).map(lambda percent: Fraction(percent, 100)),
    st.fractions(0, 1, max_denominator=60),
)
small = st.one_of(
    st.sampled_from([Fraction(0), CENT, CENT / 2, CENT / 3, 2 * CENT]),
    st.integers(0, HUGE).map(lambda cents: cents * CENT),
    st.fractions(0, 1_000, max_denominator=700),
)
rooms = st.one_of(st.none(), st.integers(-5, 200).map(lambda cents: cents * CENT))


@st.composite
def flows(draw: st.DrawFn) -> tuple[Fraction, list[Wanted]]:
    source = draw(amounts) * CENT
    wanted = []
    for _ in range(draw(st.integers(0, 6))):
        sort = draw(st.sampled_from(["part", "part", "sum"]))
        asked = draw(parts) * source if sort == "part" else draw(small)
        room = draw(rooms)
        overflows = room is not None and draw(st.booleans())
        wanted.append(Wanted(asked, room, overflows))
    if draw(st.booleans()):
        room = draw(rooms)
        wanted.append(Wanted(None, room, room is not None and draw(st.booleans())))
    return source, wanted


@st.composite
def wholes(draw: st.DrawFn) -> tuple[Fraction, list[Wanted]]:
    """A source, and items without bounds that ask for exactly all of it."""
    source = draw(amounts) * CENT
    weights = draw(st.lists(st.integers(0, 60), min_size=1, max_size=8).filter(any))
    return source, [Wanted(source * Fraction(weight, sum(weights))) for weight in weights]


def half_up(value: Fraction) -> Fraction:
    """Rounding half up, of what is not negative, written in another way."""
    return (2 * value / CENT + 1) // 2 * CENT


@often
@given(flows())
@example((Fraction(0), []))
def test_no_item_takes_more_than_what_is_left_or_than_it_has_room_for(
    case: tuple[Fraction, list[Wanted]],
) -> None:
    source, wanted = case
    flow = waterfall(source, wanted, CENT)
    left = source
    for one, item in zip(wanted, flow.items, strict=True):
        assert item.exact == one.amount
        assert 0 <= item.amount + item.overflow <= left
        assert item.amount >= 0
        assert (item.amount / CENT).denominator == (item.overflow / CENT).denominator == 1
        if one.room is not None:
            assert item.amount <= max(one.room, Fraction(0))
        if item.overflow:
            assert one.overflows
            assert item.amount == max(one.room or Fraction(0), Fraction(0)), "the account is full"
        left -= item.amount + item.overflow
    assert flow.left == left >= 0, "what flows and what is left are the source"


@often
@given(flows())
def test_each_item_takes_what_it_asks_for_rounded_half_up(
    case: tuple[Fraction, list[Wanted]],
) -> None:
    source, wanted = case
    flow = waterfall(source, wanted, CENT)
    asked = sum((one.amount for one in wanted if one.amount is not None), Fraction(0))
    whole = asked == source and all(one.amount is not None for one in wanted)
    left = source
    for position, (one, item) in enumerate(zip(wanted, flow.items, strict=True)):
        took = item.amount + item.overflow
        last_of_whole = whole and position == len(wanted) - 1
        expected = left if one.amount is None else min(half_up(one.amount), left)
        if last_of_whole:
            assert one.amount is not None
            # Rounding shifts the last by half a cent an item at most, and by nothing else.
            assert abs(took - one.amount) <= CENT * len(wanted) / 2 or one.room is not None
        elif one.room is None or one.overflows:
            assert took == expected
        else:
            assert took == min(expected, max(one.room, Fraction(0)))
        left -= took
    assert flow.left == left
    assert flow.beyond == max(asked - source, Fraction(0))


@at_times
@given(wholes())
def test_the_last_of_a_whole_takes_what_is_left(case: tuple[Fraction, list[Wanted]]) -> None:
    source, wanted = case
    flow = waterfall(source, wanted, CENT)
    assert flow.left == flow.beyond == 0
    *others, last = flow.items
    for one, item in zip(wanted, others, strict=False):
        assert one.amount is not None
        assert item.amount <= half_up(one.amount)
    assert last.amount == source - sum((item.amount for item in others), Fraction(0))


@at_times
@given(flows(), small)
def test_the_rest_takes_all_that_is_left(
    case: tuple[Fraction, list[Wanted]], room: Fraction
) -> None:
    source, wanted = case
    above = [one for one in wanted if one.amount is not None]
    assert waterfall(source, [*above, Wanted(None)], CENT).left == 0
    bounded = waterfall(source, [*above, Wanted(None, half_up(room), True)], CENT)
    assert bounded.left == 0
    assert bounded.items[-1].amount <= half_up(room)


@at_times
@given(flows(), st.integers(0, 10**6))
def test_items_above_do_not_depend_on_those_below(
    case: tuple[Fraction, list[Wanted]], cents: int
) -> None:
    source, wanted = case
    rest = Wanted(None)
    longer = waterfall(source, [*wanted, Wanted(cents * CENT), rest], CENT)
    shorter = waterfall(source, [*wanted, rest], CENT)
    assert longer.items[: len(wanted)] == shorter.items[: len(wanted)]


def amounts_of(flow: Flow) -> list[tuple[int, int]]:
    return [(in_cents(item.amount), in_cents(item.overflow)) for item in flow.items]


def in_cents(amount: Fraction) -> int:
    assert (amount / CENT).denominator == 1
    return int(amount / CENT)


def cents(*values: Fraction | int | str) -> list[Fraction]:
    return [Fraction(value) * CENT for value in values]


def test_a_full_account_lets_the_rest_flow_over() -> None:
    source, part, room = cents(1_000, 150, 40)
    flow = waterfall(source, [Wanted(part, room, overflows=True), Wanted(None)], CENT)
    assert amounts_of(flow) == [(40, 110), (850, 0)]
    flow = waterfall(source, [Wanted(part, room), Wanted(None)], CENT)
    assert amounts_of(flow) == [(40, 0), (960, 0)]


def test_an_account_that_is_over_full_takes_nothing() -> None:
    source, part, room = cents(1_000, 150, -40)
    flow = waterfall(source, [Wanted(part, room, overflows=True), Wanted(None)], CENT)
    assert amounts_of(flow) == [(0, 150), (850, 0)]


def test_what_is_asked_for_beyond_the_source_is_told() -> None:
    source, first, second = cents(100, 70, 40)
    flow = waterfall(source, [Wanted(first), Wanted(second)], CENT)
    assert amounts_of(flow) == [(70, 0), (30, 0)]
    assert (in_cents(flow.left), in_cents(flow.beyond)) == (0, 10)


def test_a_sum_below_zero_is_no_credit_for_another() -> None:
    source, first, second = cents(100, 130, -30)
    flow = waterfall(source, [Wanted(first), Wanted(second)], CENT)
    assert amounts_of(flow) == [(100, 0), (0, 0)]
    assert flow.beyond == 30 * CENT, "the first item asked for more than there is"


def test_the_last_of_a_whole_does_not_take_what_a_full_account_withheld() -> None:
    """What overflows with no `then to` stays in the rest, and is told where no item takes the rest."""
    source, half, room = cents(1_000, 500, 40)
    flow = waterfall(source, [Wanted(half, room), Wanted(half)], CENT)
    assert amounts_of(flow) == [(40, 0), (500, 0)]
    assert flow.left == 460 * CENT


def test_rounding_is_made_good_by_the_last_of_a_whole_beside_a_full_account() -> None:
    source, third, room = cents(1_000, Fraction(1_000, 3), 40)
    flow = waterfall(source, [Wanted(third, room), Wanted(third), Wanted(third)], CENT)
    assert amounts_of(flow) == [(40, 0), (333, 0), (334, 0)]
    assert flow.left == 293 * CENT


def test_a_waterfall_that_goes_on_has_no_last_item() -> None:
    source, third = cents(1, Fraction(1, 3))
    wanted = [Wanted(third)] * 3
    assert amounts_of(waterfall(source, wanted, CENT)) == [(0, 0), (0, 0), (1, 0)]
    assert amounts_of(waterfall(source, wanted, CENT, complete=False)) == [(0, 0)] * 3


def test_no_item_is_ever_paid_less_than_nothing() -> None:
    quarter = 2 * CENT / 4
    full = Wanted(quarter, Fraction(0))
    flow = waterfall(2 * CENT, [full, full, full, Wanted(quarter)], CENT)
    assert [item.amount for item in flow.items] == [0, 0, 0, 0]
    assert flow.left == 2 * CENT
