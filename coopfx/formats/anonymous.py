"""Which groups of people are shown where nobody is to be recognised."""

from collections.abc import Sequence

LEAST = 5
"""The smallest group of people that is shown."""


def hidden(sizes: Sequence[int], least: int = LEAST) -> frozenset[int]:
    """Which groups of a whole are hidden, by position: alone and all together they are ``least`` people.

    Where even all groups together are fewer, all are hidden: their total is then not to be shown either.

    >>> sorted(hidden([12, 3, 7, 9])), sorted(hidden([4, 1, 20])), sorted(hidden([8, 9]))
    ([1, 2], [0, 1], [])
    """
    chosen = {place for place, size in enumerate(sizes) if size < least}
    others = sorted(set(range(len(sizes))) - chosen, key=lambda place: (sizes[place], place))
    while chosen and others and sum(sizes[place] for place in chosen) < least:
        chosen.add(others.pop(0))
    return frozenset(chosen)
