"""The two ways in which money is parted, on known figures: exact, and never losing a cent.

Both work in whole cents (the smallest amount of the currency), so that what is paid is what is split.
"""

from collections.abc import Sequence
from fractions import Fraction

from attrs import frozen

from coopfx.exact import Rounding, round_to


@frozen(slots=True)
class Shares:
    """A split by largest remainder: what each takes, the exact amounts behind it, and who got a cent more.

    ``rounded_up`` tells of each whether its fraction of a cent was among the largest.
    """

    parts: tuple[Fraction, ...]
    exact: tuple[Fraction, ...]
    rounded_up: tuple[bool, ...]


def largest_remainder(
    amount: Fraction, rights: Sequence[Fraction], ids: Sequence[str], step: Fraction
) -> Shares:
    """Split an amount in proportion to rights, in whole steps that add up to it.

    Each part is first rounded down; the steps that are left go to the largest fractions, one each,
    ties to the smaller identifier by code point (method of Hare and Niemeyer).

    ``amount`` is a multiple of ``step``, not negative; rights are not negative and not all zero.

    >>> cent = Fraction(1, 100)
    >>> shares = largest_remainder(Fraction(1), [Fraction(1)] * 3, ["c", "a", "b"], cent)
    >>> [str(part * 100) for part in shares.parts]
    ['33', '34', '33']
    """
    total = sum(rights, Fraction(0))
    factor = amount / step / total
    exact = [right * factor for right in rights]
    floors = [value.numerator // value.denominator for value in exact]
    left = int(amount / step) - sum(floors)
    order = sorted(range(len(exact)), key=lambda i: (floors[i] - exact[i], ids[i]))
    up = [False] * len(exact)
    for index in order[:left]:
        up[index] = True
    return Shares(
        tuple((floor + more) * step for floor, more in zip(floors, up, strict=True)),
        tuple(value * step for value in exact),
        tuple(up),
    )


@frozen(slots=True)
class Wanted:
    """What an item of a waterfall asks for: a sum, or all that is left, and how much room there is."""

    amount: Fraction | None
    room: Fraction | None = None
    overflows: bool = False


@frozen(slots=True)
class Taken:
    """What an item got, what flowed over to its second account, and the exact amount behind both."""

    amount: Fraction
    overflow: Fraction
    exact: Fraction | None


@frozen(slots=True)
class Flow:
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
    left = source
    sums = [None if one.amount is None else max(one.amount, Fraction(0)) for one in wanted]
    asked = sum((amount for amount in sums if amount is not None), Fraction(0))
    whole = complete and None not in sums and asked == source
    withheld = Fraction(0)
    items: list[Taken] = []
    for position, (one, amount) in enumerate(zip(wanted, sums, strict=True)):
        if amount is None:
            gross = left
        elif whole and position == len(wanted) - 1:
            gross = max(left - withheld, Fraction(0))
        else:
            gross = min(round_to(amount, step, Rounding.HALF_UP), left)
        taken = gross if one.room is None else min(gross, max(one.room, Fraction(0)))
        overflow = gross - taken if one.overflows else Fraction(0)
        withheld += gross - taken - overflow
        left -= taken + overflow
        items.append(Taken(taken, overflow, one.amount))
    return Flow(tuple(items), left, max(asked - source, Fraction(0)))
