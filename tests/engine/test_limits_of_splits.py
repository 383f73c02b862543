"""Splits within limits: caps, a smallest payment, alike, an excess; against a brute-force oracle."""

from dataclasses import dataclass
from fractions import Fraction
from itertools import product
from random import Random

from hypothesis import given, settings
from hypothesis import strategies as st

from coopfx.engine.reference.splits import Limits, Shares, Wanted, split, waterfall

CENT = Fraction(1, 100)
often = settings(max_examples=100, deadline=None)
rights = st.one_of(
    st.integers(0, 4).map(Fraction),
    st.fractions(0, 3, max_denominator=12),
    st.integers(0, 5_000_000).map(lambda cents: cents * CENT),
)
amounts = st.one_of(st.integers(0, 60), st.integers(0, 10**7)).map(lambda cents: cents * CENT)
caps = st.one_of(st.integers(0, 60).map(lambda cents: cents * CENT), st.fractions(0, 40))


@dataclass(frozen=True)
class Case:
    amount: Fraction
    rights: tuple[Fraction, ...]
    ids: tuple[str, ...]
    limits: Limits

    def split(self, more: Fraction = Fraction(0)) -> Shares:
        return split(self.amount + more, self.rights, self.ids, CENT, self.limits)


@st.composite
def cases(draw: st.DrawFn, most: int = 8, smallest: bool = True) -> Case:
    size = draw(st.integers(1, most))
    drawn = draw(st.lists(rights, min_size=size, max_size=size))
    drawn[0] = drawn[0] or Fraction(1)
    limits = Limits(
        draw(st.none() | st.lists(caps, min_size=size, max_size=size)),
        draw(st.none() | st.integers(1, 900).map(lambda cents: cents * CENT)) if smallest else None,
        draw(st.booleans()),
        draw(st.booleans()),
    )
    ids = tuple(f"p{number}" for number in draw(st.permutations(range(size))))
    return Case(draw(amounts), tuple(drawn), ids, limits)


# ---- what every split keeps


@often
@given(cases())
def test_what_is_paid_and_what_is_left_are_the_amount(case: Case) -> None:
    found = case.split()
    assert sum(found.parts) + found.left == case.amount
    assert found.left >= 0
    assert all(part >= 0 and part % CENT == 0 for part in found.parts)


@often
@given(cases())
def test_nobody_is_paid_more_than_the_cap_or_less_than_the_smallest_part(case: Case) -> None:
    found = case.split()
    most = case.limits.caps or [case.amount] * len(case.ids)
    assert all(part <= cap for part, cap in zip(found.parts, most, strict=True))
    least = case.limits.smallest or Fraction(0)
    assert all(exact == 0 or exact >= least for exact in found.exact)


@often
@given(cases(), st.integers())
def test_the_order_of_the_records_does_not_matter(case: Case, seed: int) -> None:
    order = Random(seed).sample(range(len(case.ids)), len(case.ids))
    limits = case.limits
    moved = Limits(
        None if limits.caps is None else [limits.caps[index] for index in order],
        limits.smallest,
        limits.alike,
        limits.excess,
    )
    other = Case(
        case.amount,
        tuple(case.rights[index] for index in order),
        tuple(case.ids[index] for index in order),
        moved,
    )
    own = dict(zip(case.ids, case.split().parts, strict=True))
    assert own == dict(zip(other.ids, other.split().parts, strict=True))


@often
@given(cases())
def test_equal_rights_receive_equal_parts_to_the_cent(case: Case) -> None:
    found = case.split()
    by_right: dict[tuple[Fraction, Fraction | None], set[Fraction]] = {}
    for index, right in enumerate(case.rights):
        cap = case.limits.caps[index] if case.limits.caps else None
        by_right.setdefault((right, cap), set()).add(found.parts[index])
    apart = max(max(parts) - min(parts) for parts in by_right.values())
    assert apart <= (0 if case.limits.alike else CENT)


@often
@given(cases(smallest=False), st.integers(1, 5_000))
def test_growing_the_amount_lowers_nobody_by_more_than_a_cent(case: Case, more: int) -> None:
    before, after = case.split(), case.split(more * CENT)
    pairs = zip(before.parts, after.parts, strict=True)
    assert all(later >= earlier - CENT for earlier, later in pairs)


def test_one_more_who_is_paid_at_last_lowers_the_others() -> None:
    two, limits = [Fraction(60), Fraction(40)], Limits(smallest=Fraction(50))
    before = split(Fraction(100), two, ["a", "b"], CENT, limits)
    after = split(Fraction(130), two, ["a", "b"], CENT, limits)
    assert list(before.parts) == [100, 0]
    assert list(after.parts) == [78, 52]


@often
@given(cases())
def test_all_who_are_held_by_nothing_have_the_same_multiple_of_their_right(case: Case) -> None:
    found = case.split()
    free = [
        exact / right
        for index, (exact, right) in enumerate(zip(found.exact, case.rights, strict=True))
        if right and not found.dropped[index] and not (found.capped and found.capped[index])
    ]
    assert len(set(free)) <= 1


# ---- the oracle: every way, tried


def exact_parts(case: Case) -> list[Fraction]:
    """The exact parts by trying which caps bind, then dropping as the rule is written."""
    limits, alive = case.limits, [right > 0 for right in case.rights]
    least = limits.smallest or Fraction(0)
    if limits.excess:
        factor = case.amount / sum(case.rights)
        parts = [capped(case, index, factor * right) for index, right in enumerate(case.rights)]
        return [part if part >= least else Fraction(0) for part in parts]
    while True:
        parts = shared_again(case, alive)
        small = [index for index, on in enumerate(alive) if on and 0 < parts[index] < least]
        if not small:
            return parts
        lowest = min(case.rights[index] for index in small)
        for index in small:
            if case.rights[index] == lowest:
                alive[index] = False


def capped(case: Case, index: int, part: Fraction) -> Fraction:
    return part if case.limits.caps is None else min(part, case.limits.caps[index])


def shared_again(case: Case, alive: list[bool]) -> list[Fraction]:
    among = [index for index, on in enumerate(alive) if on]
    for held in product([False, True], repeat=len(among) if case.limits.caps else 0):
        caps = case.limits.caps or []
        at_cap = {index for index, holds in zip(among, held, strict=False) if holds}
        free = [index for index in among if index not in at_cap]
        left = case.amount - sum(caps[index] for index in at_cap)
        factor = left / sum(case.rights[index] for index in free) if free else None
        if factor is not None and factor < 0:
            continue
        parts = [Fraction(0)] * len(alive)
        for index in at_cap:
            parts[index] = caps[index]
        for index in free:
            parts[index] = (factor or Fraction(0)) * case.rights[index]
        fits = all(capped(case, index, parts[index]) == parts[index] for index in free)
        if factor is None:
            if left >= 0:
                return parts
        elif fits and all(factor * case.rights[index] >= caps[index] for index in at_cap):
            return parts
    if not case.limits.caps and among:
        total = sum(case.rights[index] for index in among)
        return [
            case.amount * right / total if alive[index] else Fraction(0)
            for index, right in enumerate(case.rights)
        ]
    return [Fraction(0)] * len(alive)


@settings(max_examples=200, deadline=None)
@given(cases(most=5))
def test_the_exact_parts_are_those_of_the_oracle(case: Case) -> None:
    assert list(case.split().exact) == exact_parts(case)


@often
@given(cases(most=5))
def test_the_odd_cents_go_to_the_largest_fractions_that_have_room(case: Case) -> None:
    found, exact = case.split(), exact_parts(case)
    floors = [part // CENT for part in exact]
    odd = 0 if case.limits.alike else sum(exact) // CENT - sum(floors)
    most = case.limits.caps or [case.amount + 1] * len(exact)
    given_out = [0] * len(exact)
    for _ in range(int(odd)):
        open_ = [
            index
            for index, part in enumerate(exact)
            if part > 0 and not given_out[index] and (floors[index] + 1) * CENT <= most[index]
        ]
        if not open_:
            break
        best = min(open_, key=lambda index: (floors[index] - exact[index] / CENT, case.ids[index]))
        given_out[best] = 1
    wanted = [(floor + more) * CENT for floor, more in zip(floors, given_out, strict=True)]
    assert list(found.parts) == wanted


# ---- waterfalls with limits


@st.composite
def items(draw: st.DrawFn) -> Wanted:
    bound = st.none() | amounts
    part = draw(st.none() | st.fractions(0, 1, max_denominator=9))
    of_rest = part is not None and draw(st.booleans())
    amount = part if of_rest else draw(st.none() | amounts)
    return Wanted(
        amount,
        draw(bound),
        draw(st.booleans()),
        of_rest,
        draw(bound),
        draw(bound),
        draw(st.booleans()),
    )


@often
@given(amounts, st.lists(items(), min_size=1, max_size=5))
def test_a_waterfall_neither_makes_nor_loses_money(source: Fraction, wanted: list[Wanted]) -> None:
    flow = waterfall(source, wanted, CENT)
    assert sum(item.amount + item.overflow for item in flow.items) + flow.left == source
    assert flow.left >= 0
    assert all(item.amount >= 0 and item.overflow >= 0 for item in flow.items)


@often
@given(amounts, st.lists(items(), min_size=1, max_size=5))
def test_an_item_keeps_its_limits(source: Fraction, wanted: list[Wanted]) -> None:
    flow = waterfall(source, wanted, CENT, complete=False)
    left = source
    for one, item in zip(wanted, flow.items, strict=True):
        taken = item.amount + item.overflow
        if one.off:
            assert taken == 0
        elif one.high is not None and (one.low is None or one.low <= one.high):
            assert taken <= one.high
        elif one.low is not None and one.room is None:
            assert taken == left or taken >= one.low
        left -= taken
