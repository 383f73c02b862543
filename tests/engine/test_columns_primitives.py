"""The two primitives of the batch engine, against fractions: exact up to the bounds they name."""

import inspect
import math
from collections.abc import Callable, Sequence
from operator import mul
from random import Random
from types import ModuleType

import numpy as np
import pytest

from coopfx.engine.columns import Records, primitives
from coopfx.engine.columns.primitives import LARGEST_AMOUNT, LARGEST_DIVISOR, multiply_divide

SIZES = [1, 2, 3, 7, 40, 200]


def segments(sizes: Sequence[int]) -> Records:
    """Records of cooperatives of these sizes."""
    return Records(np.concatenate([[0], np.cumsum(sizes)]).astype(np.int64))


def exact_split(total: int, rights: Sequence[int], unit: int) -> list[int]:
    """Largest remainder by its definition, rights in so many parts of a unit."""
    parts = [right // unit for right in rights]
    order = sorted(range(len(rights)), key=lambda row: (-(rights[row] % unit), row))
    for row in order[: total - sum(parts)]:
        parts[row] += 1
    return parts


@pytest.mark.parametrize("seed", range(40))
def test_quotient_and_remainder_are_exact(seed: int) -> None:
    random = Random(seed)
    sizes = [random.choice(SIZES) for _ in range(random.choice([1, 2, 30]))]
    top = random.choice([100, 10**12, LARGEST_DIVISOR - 1])
    most = random.choice([100, 10**9, LARGEST_AMOUNT - 1])
    divisors = [random.randint(1, top) for _ in sizes]
    amounts = [random.randint(0, most) for _ in sizes]
    weights = [
        random.choice([0, divisor, divisor // 3, random.randint(0, divisor)])
        for divisor, size in zip(divisors, sizes, strict=True)
        for _ in range(size)
    ]
    amount, divisor = (np.repeat(np.array(one), sizes) for one in (amounts, divisors))
    quotients, remainders = multiply_divide(amount, np.array(weights), divisor)
    row = 0
    for above, below, size in zip(amounts, divisors, sizes, strict=True):
        for _ in range(size):
            expected = divmod(above * weights[row], below)
            assert (int(quotients[row]), int(remainders[row])) == expected
            row += 1


def draw_weights(random: Random, size: int, top: int) -> list[int]:
    """Weights of one cooperative, each up to ``top``: ties and round numbers are where floats fail."""
    near = random.randint(1, top)
    weights: list[Callable[[], int]] = [
        lambda: random.choice([1, 2, 3]),
        lambda: random.choice([0, 0, 0, 7]),
        lambda: random.choice([0, 0, 1, top]),
        lambda: near,
        lambda: min(near + random.choice([-1, 0, 0, 1]), top),
        lambda: top - random.randint(0, 3),
        lambda: 1 << random.randrange(top.bit_length() - 1),
        lambda: random.choice([33_333, 66_667, 100_000]),
        lambda: random.randint(0, 10**7),
        lambda: random.randint(0, top),
    ]
    weight = random.choice(weights)
    drawn = [weight() for _ in range(size)]
    return drawn if any(drawn) else [1] * size


def draw_amount(random: Random, most: int) -> int:
    """An amount to be split, of any size from none to as much as there may be."""
    size = random.choice([0, 2, 5, 7, 9, 11, 12, 13])
    return random.choice([most - random.randint(0, 5), *[random.randint(0, 10**size)] * 4])


def wrong_splits(engine: ModuleType, seed: int) -> list[str]:
    """What ``split`` of a module gives wrongly, of a batch of cooperatives with up to four lines."""
    random = Random(seed)
    sizes = [random.choice(SIZES) for _ in range(random.choice([1, 2, 5, 25]))]
    shares = [random.randint(1, 9) for _ in range(random.choice([1, 1, 2, 2, 3, 4]))]
    whole = sum(shares)
    weights = [
        [draw_weights(random, size, (LARGEST_DIVISOR - 1) // (whole * size)) for size in sizes]
        for _ in shares
    ]
    amounts = [draw_amount(random, LARGEST_AMOUNT // whole - 1) for _ in sizes]
    lines = [
        engine.Line(
            np.array([amount * share for amount in amounts]),
            np.concatenate([np.array(own) for own in column]),
            np.array([sum(own) * whole for own in column]),
        )
        for share, column in zip(shares, weights, strict=True)
    ]
    records = segments(sizes)
    parts = engine.split(np.array(amounts), lines, records).tolist()
    wrong = []
    for at, amount in enumerate(amounts):
        own = [column[at] for column in weights]
        unit = whole * math.prod(map(sum, own))
        factors = [
            amount * share * unit // (whole * sum(line))
            for share, line in zip(shares, own, strict=True)
        ]
        rights = [sum(map(mul, factors, row)) for row in zip(*own, strict=True)]
        got = parts[records.offsets[at] : records.offsets[at + 1]]
        if got != exact_split(amount, rights, unit):
            wrong.append(f"seed {seed}: {amount} by {shares} of {own} gives {got}")
    return wrong


def wrong_at_the_edge(engine: ModuleType, seed: int) -> list[str]:
    """The same of many cooperatives of four, each with three equal fractions at the edge of a bin.

    Places among so many bins are rounded: the equal fractions come to lie on both sides of the edge,
    which is where the last cent is decided.
    """
    random, count = np.random.default_rng(seed), 2**14
    unit = random.integers(10**13, 10**14, count)
    wholes = random.integers(1, 41, (count, 3))
    # The edge is two bins from the end of four, half a step of rounding away, less the error.
    away = np.spacing(4.0 * count - 3) / 8 - (wholes.max() + 2) * 9 * 2.0**-53
    rest = unit // 2 + (away * unit).astype(np.int64) + random.integers(-3, 4, count)
    figures = np.column_stack([wholes * unit[:, None] + rest[:, None], 2 * unit - 3 * rest])
    amount = wholes.sum(axis=1) + 2
    line = engine.Line(amount, figures.ravel(), amount * unit)
    parts = engine.split(amount, [line], segments([4] * count)).reshape(count, 4)
    # Two cents are left, for the first two of the three.
    assert (figures[:, 3] < rest).all()
    expected = np.column_stack([wholes + np.array([1, 1, 0]), np.zeros(count, np.int64)])
    return [
        f"seed {seed}: {figures[row]} of {unit[row]} gives {parts[row]}"
        for row in np.flatnonzero((parts != expected).any(axis=1))
    ]


@pytest.mark.parametrize("seed", range(24))
def test_largest_remainder_is_exact(seed: int) -> None:
    assert not [told for each in range(6) for told in wrong_splits(primitives, 6 * seed + each)]


def test_largest_remainder_is_exact_at_the_edge_of_a_bin() -> None:
    assert not [told for seed in range(4) for told in wrong_at_the_edge(primitives, seed)]


@pytest.mark.soak
def test_largest_remainder_is_exact_in_a_long_campaign() -> None:
    for seed in range(1_000, 21_000):
        assert not wrong_splits(primitives, seed)
        assert seed % 50 or not wrong_at_the_edge(primitives, seed)


@pytest.mark.parametrize(
    ("slack", "without"),
    [
        (" + bins * 2.0**-53", ""),  # a place rounded among all the bins
        ("(len(lines) + 8) * 2.0**-53", "0.0"),  # the error of an estimate
        ("slack = key[edge - 1], 2 * (error + _NEAR)", "slack = key[edge - 1], -1.0"),  # of a tie
    ],
)
def test_without_any_one_slack_a_cent_goes_astray(slack: str, without: str) -> None:
    source = inspect.getsource(primitives)
    assert source.count(slack) == 1
    mutant = ModuleType("mutant")
    exec(source.replace(slack, without), vars(mutant))
    assert any(
        wrong_at_the_edge(mutant, seed) if edge else wrong_splits(mutant, seed)
        for seed in range(40)
        for edge in (False, seed < 4)
    )
