"""The two primitives of the batch engine, against fractions: exact up to the bounds they name."""

from collections.abc import Sequence
from fractions import Fraction
from random import Random

import numpy as np
import pytest

from coopfx.engine.columns import Records
from coopfx.engine.columns.primitives import (
    LARGEST_AMOUNT,
    LARGEST_DIVISOR,
    Line,
    multiply_divide,
    split,
)

SIZES = [1, 2, 3, 7, 40, 200]


def segments(sizes: Sequence[int]) -> Records:
    """Records of cooperatives of these sizes."""
    return Records(np.concatenate([[0], np.cumsum(sizes)]).astype(np.int64))


def exact_split(total: int, rights: Sequence[Fraction]) -> list[int]:
    """Largest remainder by its definition: floors, then one more to the largest fractions."""
    parts = [right // 1 for right in rights]
    order = sorted(range(len(rights)), key=lambda row: (-(rights[row] - parts[row]), row))
    for row in order[: total - sum(parts)]:
        parts[row] += 1
    return parts


@pytest.mark.parametrize("seed", range(40))
def test_quotient_and_remainder_are_exact(seed: int) -> None:
    random = Random(seed)
    sizes = [random.choice(SIZES) for _ in range(random.choice([1, 2, 30]))]
    records = segments(sizes)
    top = random.choice([100, 10**12, LARGEST_DIVISOR - 1])
    most = random.choice([100, 10**9, LARGEST_AMOUNT - 1])
    divisors = [random.randint(1, top) for _ in sizes]
    amounts = [random.randint(0, most) for _ in sizes]
    weights = [
        random.choice([0, divisor, divisor // 3, random.randint(0, divisor)])
        for divisor, size in zip(divisors, sizes, strict=True)
        for _ in range(size)
    ]
    quotients, remainders, below = multiply_divide(
        np.array(amounts), np.array(weights), np.array(divisors), records
    )
    row = 0
    for amount, divisor, size in zip(amounts, divisors, sizes, strict=True):
        for _ in range(size):
            expected = divmod(amount * weights[row], divisor)
            assert (int(quotients[row]), int(remainders[row])) == expected
            assert int(np.broadcast_to(below, records.size)[row]) == divisor
            row += 1


def draw_weights(random: Random, size: int, mood: str) -> list[int]:
    """Weights of one cooperative: ties and round numbers are where floats fail."""
    if mood == "ties":
        return [random.choice([100, 200, 300]) for _ in range(size)]
    if mood == "equal":
        return [random.choice([1, 10**6])] * size
    if mood == "zeros":
        return [random.choice([0, 0, 0, 7]) for _ in range(size)]
    if mood == "wide":
        return [random.randint(10**11, 10**12) for _ in range(size)]
    return [random.randint(0, 10**7) for _ in range(size)]


@pytest.mark.parametrize("lines", [1, 2, 3])
@pytest.mark.parametrize("seed", range(60))
def test_largest_remainder_is_exact(seed: int, lines: int) -> None:
    random = Random(seed * 10 + lines)
    sizes = [random.choice(SIZES) for _ in range(random.choice([1, 3, 25]))]
    records = segments(sizes)
    moods = ["ties", "equal", "zeros", "wide", "plain"]
    columns = []
    for _ in range(lines):
        mood = random.choice(moods)
        columns.append([draw_weights(random, size, mood) for size in sizes])
    totals = [[max(sum(weights), 1) for weights in column] for column in columns]
    complete = [all(any(column[at]) for column in columns) for at in range(len(sizes))]
    amounts = [random.choice([0, 1, 100, 12_345_678, 10**14]) if whole else 0 for whole in complete]
    made = [
        Line(
            np.array(amounts),
            np.array([weight for weights in column for weight in weights]),
            np.array([total * lines for total in row]),
        )
        for column, row in zip(columns, totals, strict=True)
    ]
    parts = split(np.array(amounts), made, records)
    for at, size in enumerate(sizes):
        rights = [
            sum(
                (
                    Fraction(amounts[at] * column[at][row], totals[line][at] * lines)
                    for line, column in enumerate(columns)
                ),
                Fraction(0),
            )
            for row in range(size)
        ]
        low = int(records.offsets[at])
        got = [int(part) for part in parts[low : low + size]]
        assert got == exact_split(amounts[at], rights), (seed, at)
