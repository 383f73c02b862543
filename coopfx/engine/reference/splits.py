"""The two ways in which money is parted, on known figures: exact, and never losing a cent.

Both work in whole cents (the smallest amount of the currency), so that what is paid is what is split.
"""

from collections.abc import Sequence
from fractions import Fraction

from attrs import frozen

from coopfx.ground.exact import Rounding, round_to
from coopfx.ground.plain import Plain


@frozen(slots=True, repr=False, eq=False, getstate_setstate=False)
class Limits(Plain):
    """What shapes a split beside its rights.

    ``caps`` are the most that each may receive, ``smallest`` the least that is paid at all. With
    ``alike``, equal rights receive equal cents. With ``excess``, what all of these withhold goes
    elsewhere; without it, others receive it, within their caps.
    """

    caps: Sequence[Fraction] | None = None
    smallest: Fraction | None = None
    alike: bool = False
    excess: bool = False


NO_LIMITS = Limits()


@frozen(slots=True, repr=False, eq=False, getstate_setstate=False)
class Shares(Plain):
    """A split: what each takes, the exact amounts behind it, and who got a cent more.

    ``rounded_up`` tells of each whether its fraction of a cent was among the largest, ``capped``
    whether its cap holds it, ``dropped`` what its part would be that was too small to be paid, zero
    of all others. ``left`` is what nobody takes.
    """

    parts: tuple[Fraction, ...]
    exact: tuple[Fraction, ...]
    rounded_up: tuple[bool, ...]
    left: Fraction = Fraction(0)
    capped: tuple[bool, ...] = ()
    dropped: tuple[Fraction, ...] = ()


def split(
    amount: Fraction,
    rights: Sequence[Fraction],
    ids: Sequence[str],
    step: Fraction,
    limits: Limits = NO_LIMITS,
) -> Shares:
    """Split an amount in proportion to rights, within limits, in whole steps.

    Every part is the same multiple of its right, held under its cap. A part below the smallest one
    is not paid: the smallest rights go first, equal ones together, and the others are worked out
    again, until none is below. Where what is withheld goes to an excess, nothing is shared again.

    Parts are first rounded down; the steps that are left go to the largest fractions, one each, ties
    to the smaller identifier by code point (method of Hare and Niemeyer), and never over a cap.

    ``amount`` is a multiple of ``step``, not negative; rights are not negative and not all zero.

    >>> cent = Fraction(1, 100)
    >>> shares = split(Fraction(1), [Fraction(1)] * 3, ["c", "a", "b"], cent)
    >>> [str(part * 100) for part in shares.parts]
    ['33', '34', '33']
    >>> shares = split(Fraction(9), [Fraction(2), Fraction(1)], ["a", "b"], cent, Limits([Fraction(5)] * 2))
    >>> [str(part) for part in shares.parts]
    ['5', '4']
    """
    exact, dropped = _exact(amount, rights, limits)
    steps = [value / step for value in exact]
    floors = [_floor(value) for value in steps]
    payable = _floor(sum(exact, Fraction(0)) / step)
    room = [True] * len(exact)
    if limits.caps is not None:
        room = [(floor + 1) * step <= cap for floor, cap in zip(floors, limits.caps, strict=True)]
    odd = 0 if limits.alike else payable - sum(floors)
    order = sorted(
        (index for index in range(len(exact)) if room[index] and exact[index] > 0),
        key=lambda index: (floors[index] - steps[index], ids[index]),
    )
    up = [False] * len(exact)
    for index in order[:odd]:
        up[index] = True
    parts = tuple((floor + more) * step for floor, more in zip(floors, up, strict=True))
    return Shares(
        parts,
        tuple(exact),
        tuple(up),
        amount - sum(parts, Fraction(0)),
        tuple(value == cap for value, cap in zip(exact, limits.caps or (), strict=False)),
        tuple(dropped),
    )


def _floor(value: Fraction) -> int:
    return value.numerator // value.denominator


def _exact(
    amount: Fraction, rights: Sequence[Fraction], limits: Limits
) -> tuple[list[Fraction], list[Fraction]]:
    """Each part before it is rounded, and what each would be that was too small to be paid."""
    smallest = limits.smallest or Fraction(0)
    dropped = [Fraction(0)] * len(rights)
    if limits.excess:
        exact = _held(amount / sum(rights, Fraction(0)), rights, limits.caps)
        dropped = [part if part < smallest else Fraction(0) for part in exact]
        return [part - drop for part, drop in zip(exact, dropped, strict=True)], dropped
    current = list(rights)
    while True:
        exact = _filled(amount, current, limits.caps)
        small = [right for right, part in zip(current, exact, strict=True) if 0 < part < smallest]
        if not small:
            return exact, dropped
        least = min(small)
        for index, right in enumerate(current):
            if right == least and exact[index] < smallest:
                dropped[index] = exact[index]
                current[index] = Fraction(0)


def _held(
    factor: Fraction, rights: Sequence[Fraction], caps: Sequence[Fraction] | None
) -> list[Fraction]:
    """The same multiple of every right, held under its cap."""
    if caps is None:
        return [factor * right for right in rights]
    return [min(factor * right, cap) for right, cap in zip(rights, caps, strict=True)]


def _filled(
    amount: Fraction, rights: Sequence[Fraction], caps: Sequence[Fraction] | None
) -> list[Fraction]:
    """The multiple of every right that pays the amount, or each one's cap where none can.

    Caps bind in the order in which a growing multiple reaches them.
    """
    left, total = amount, sum(rights, Fraction(0))
    if total == 0:
        return [Fraction(0)] * len(rights)
    if caps is None:
        return _held(amount / total, rights, None)
    reached = sorted(
        (cap / right, right, cap) for right, cap in zip(rights, caps, strict=True) if right > 0
    )
    for multiple, right, cap in reached:
        if multiple * total >= left:
            return _held(left / total, rights, caps)
        left -= cap
        total -= right
    return [cap if right > 0 else Fraction(0) for right, cap in zip(rights, caps, strict=True)]


@frozen(slots=True, repr=False, eq=False, getstate_setstate=False)
class Wanted(Plain):
    """What an item of a waterfall asks for: a sum, or all that is left, and how much room there is.

    With ``of_rest``, ``amount`` is a part of what is left. ``high`` lowers what is asked for, and then
    ``low`` raises it. ``off`` is an item whose condition does not hold: it asks for nothing.
    """

    amount: Fraction | None
    room: Fraction | None = None
    overflows: bool = False
    of_rest: bool = False
    high: Fraction | None = None
    low: Fraction | None = None
    off: bool = False

    def asked(self, left: Fraction) -> Fraction:
        """The exact sum asked for, where so much is left."""
        if self.off:
            return Fraction(0)
        sum_ = left if self.amount is None else self.amount * (left if self.of_rest else 1)
        if self.high is not None:
            sum_ = min(sum_, self.high)
        return sum_ if self.low is None else max(sum_, self.low)


@frozen(slots=True, repr=False, eq=False, getstate_setstate=False)
class Taken(Plain):
    """What an item got, what flowed over to its second account, and the exact amount behind both."""

    amount: Fraction
    overflow: Fraction
    exact: Fraction | None


@frozen(slots=True, repr=False, eq=False, getstate_setstate=False)
class Flow(Plain):
    """A waterfall's result: what each item took, what is left, and what was asked for beyond it."""

    items: tuple[Taken, ...]
    left: Fraction
    beyond: Fraction


def waterfall(
    source: Fraction, wanted: Sequence[Wanted], step: Fraction, *, complete: bool = True
) -> Flow:
    """Let an amount flow to items in the order written, in whole steps.

    Sums are rounded half up, and no item takes more than what is left. Where the exact sums leave
    nothing of the source, the last item takes what rounding left: the parts are the whole. With
    ``complete`` no, further items follow that are not known, and none is the last. What an account
    has no room for, and that does not flow over, is left for an item that takes the rest.

    >>> cent = Fraction(1, 100)
    >>> flow = waterfall(cent * 3, [Wanted(cent * 3 / 2), Wanted(cent * 3 / 2)], cent)
    >>> [str(item.amount * 100) for item in flow.items]
    ['2', '1']
    """
    left, asked, withheld = source, Fraction(0), Fraction(0)
    last = max((place for place, one in enumerate(wanted) if not one.off), default=-1)
    whole = complete
    items: list[Taken] = []
    for position, one in enumerate(wanted):
        exact = one.asked(left)
        amount = max(exact, Fraction(0))
        if one.amount is None and not one.off:
            whole = False
        else:
            asked += amount
        if whole and position == last and asked == source:
            gross = max(left - withheld, Fraction(0))
        else:
            gross = min(round_to(amount, step, Rounding.HALF_UP), left)
        taken = gross if one.room is None else min(gross, max(one.room, Fraction(0)))
        overflow = gross - taken if one.overflows else Fraction(0)
        withheld += gross - taken - overflow
        left -= taken + overflow
        items.append(Taken(taken, overflow, None if one.amount is None else exact))
    return Flow(tuple(items), left, max(asked - source, Fraction(0)))
