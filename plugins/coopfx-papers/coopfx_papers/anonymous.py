"""What may be shown where nobody is to be recognised: no group of fewer than five people.

A table whose total is known gives away what it hides: the total less what is shown. So where the hidden
groups together are fewer than five people, the smallest of the others is hidden too.
"""

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


def bands(sizes: Sequence[int], least: int = LEAST) -> list[tuple[int, int]]:
    """Neighbouring groups of a scale, joined until each has ``least`` people: first and last of each.

    Empty where all together are fewer.

    >>> bands([2, 9, 6, 1, 1, 0])
    [(0, 1), (2, 5)]
    """
    found: list[tuple[int, int]] = []
    first, people = 0, 0
    for place, size in enumerate(sizes):
        people += size
        if people >= least:
            found.append((first, place))
            first, people = place + 1, 0
    if first < len(sizes) and found:
        found[-1] = (found[-1][0], len(sizes) - 1)
    return found
