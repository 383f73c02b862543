"""Splits within limits over columns, against the plain split of one amount; the limbs against integers."""

from fractions import Fraction
from random import Random

import numpy as np
import pytest
from attrs import evolve, frozen

from coopfx.engine.columns import Records, limbs
from coopfx.engine.columns.shares import Key, Terms, share
from coopfx.engine.columns.values import constant, from_fractions
from coopfx.engine.reference import splits

CENT = Fraction(1, 100)
SIZES = [1, 2, 3, 7, 30]


@pytest.mark.parametrize("seed", range(20))
def test_two_limbs_are_whole_numbers(seed: int) -> None:
    random = Random(seed)
    tops = [1, 2**31, 2**32, 2**63 - 1, 2**64, 2**64 + 1, 2**90, 2**126]
    left = [random.randint(0, random.choice(tops)) for _ in range(50)]
    right = [random.choice([random.randint(0, random.choice(tops)), one]) for one in left]
    one, other = (limbs.from_integers(np.array(values, object)) for values in (left, right))
    pairs = list(zip(left, right, strict=True))
    assert list(limbs.to_integers(one)) == left
    assert list(limbs.at_least(one, other)) == [a >= b for a, b in pairs]
    difference = limbs.to_integers(limbs.minus(one, other))
    assert list(difference) == [a - b for a, b in pairs]
    halves = limbs.from_integers(np.array([value // 2 for value in left], object))
    assert list(limbs.to_integers(limbs.plus(halves, halves))) == [2 * (a // 2) for a in left]
    by = [random.randint(0, random.choice([1, 2**32, 2**63 - 1])) for _ in left]
    product = limbs.to_integers(limbs.times(one, np.array(by, np.int64)))
    wrapped = [(a * b + 2**127) % 2**128 - 2**127 for a, b in zip(left, by, strict=True)]
    assert list(product) == wrapped


@frozen
class Case:
    """One amount, the lines of its split, and its limits, all as fractions."""

    amount: Fraction
    weights: list[Fraction]
    figures: list[list[Fraction]]
    coefficients: list[Fraction]
    caps: list[Fraction]
    smallest: Fraction

    def rights(self) -> list[Fraction]:
        """Each right, as the language defines it."""
        return [
            sum(
                (
                    weight * figure[row] / sum(figure)
                    for weight, figure in zip(self.weights, self.figures, strict=True)
                ),
                Fraction(0),
            )
            * coefficient
            for row, coefficient in enumerate(self.coefficients)
        ]


def drawn(random: Random, size: int, lines: int, mood: str) -> Case:
    """A case with the edges that break splits: ties, round numbers, zeros, figures of any width."""

    def figure() -> Fraction:
        match mood:
            case "ties":
                return Fraction(random.choice([100, 200, 300]))
            case "zeros":
                return Fraction(random.choice([0, 0, 7, 30]))
            case "wide":
                return Fraction(random.randint(10**11, 10**12), random.choice([1, 100]))
            case "wider":
                return Fraction(random.randint(1, 10**30), random.randint(1, 10**12))
            case "quotients":
                return Fraction(random.randint(1, 2000), random.randint(1, 40))
            case _:
                return Fraction(random.randint(0, 10**7), 100)

    figures = [[figure() for _ in range(size)] for _ in range(lines)]
    for row in figures:
        row[random.randrange(size)] += 1
    most = {"wide": 10**15, "wider": random.choice([10**15, 10**20])}.get(mood, 10**7)
    amount = random.choice([Fraction(0), random.randint(1, most) * CENT, Fraction(100), CENT])
    even = amount / size
    caps = [
        random.choice([Fraction(0), even, even * 2, even / 3, Fraction(random.randint(0, most), 7)])
        for _ in range(size)
    ]
    if random.random() < 0.3:
        caps = [caps[0]] * size
    coefficients = [
        Fraction(random.choice([0, 1, 1, 2, 3]), random.choice([1, 1, 7])) for _ in caps
    ]
    coefficients[random.randrange(size)] = Fraction(1)
    smallest = random.choice([Fraction(0), CENT, even, even / 2, even * 2, Fraction(10, 3)])
    weights = [Fraction(random.randint(1, 5)) for _ in range(lines)]
    return Case(amount, weights, figures, coefficients, caps, smallest)


MOODS = ["ties", "zeros", "wide", "wider", "quotients", "plain"]


@pytest.mark.parametrize("lines", [1, 2, 3])
@pytest.mark.parametrize(
    "seed", [*range(30), *(pytest.param(seed, marks=pytest.mark.soak) for seed in range(30, 400))]
)
def test_every_part_is_that_of_the_plain_split(seed: int, lines: int) -> None:
    random = Random(1000 * lines + seed)
    sizes = [random.choice(SIZES) for _ in range(random.choice([1, 3, 12]))]
    cases = [drawn(random, size, lines, random.choice(MOODS)) for size in sizes]
    coefficient, cap, smallest, alike, excess = (random.random() < 0.5 for _ in range(5))
    cases = [
        evolve(
            case,
            coefficients=case.coefficients if coefficient else [Fraction(1)] * len(case.caps),
        )
        for case in cases
    ]
    # Every case needs a right above zero.
    cases = [case if sum(case.rights()) else evolve(case, amount=Fraction(0)) for case in cases]
    flat = [value for case in cases for value in case.coefficients]
    terms = Terms(
        [
            Key(
                from_fractions([case.weights[line] for case in cases]) if lines > 1 else None,
                from_fractions([value for case in cases for value in case.figures[line]]),
            )
            for line in range(lines)
        ],
        from_fractions(flat) if coefficient else None,
        from_fractions([value for case in cases for value in case.caps]) if cap else None,
        from_fractions([case.smallest for case in cases]) if smallest else None,
        alike,
        excess,
    )
    records = Records.of_sizes(np.array(sizes))
    everyone = np.ones(records.size, bool)
    made = share(from_fractions([case.amount for case in cases]), everyone, terms, records, CENT)
    for at, case in enumerate(cases):
        low = int(records.offsets[at])
        got = [int(part) * CENT for part in made.parts[low : low + sizes[at]]]
        if not case.amount:
            assert not any(got)
            continue
        limits = splits.Limits(
            case.caps if cap else None, case.smallest if smallest else None, alike, excess
        )
        names = [f"{row:04}" for row in range(sizes[at])]
        expected = splits.split(case.amount, case.rights(), names, CENT, limits)
        assert got == list(expected.parts), (at, case)
        assert int(made.taken[at]) * CENT == sum(expected.parts)
        assert int(made.withheld[at]) * CENT == expected.left


def test_a_large_split_with_many_levels_below_the_smallest_part() -> None:
    size = 20_000
    figure = from_fractions([Fraction(row + 1) for row in range(size)])
    terms = Terms([Key(None, figure)], smallest=constant(Fraction(2)))
    records = Records.of_sizes(np.array([size]))
    amount = constant(Fraction(20_000))
    made = share(amount, np.ones(size, bool), terms, records, CENT)
    paid = np.flatnonzero(made.parts)
    assert made.parts[paid].min() >= 200
    assert int(made.parts.sum()) == 2_000_000
    assert (np.diff(paid) == 1).all() and paid[-1] == size - 1
    # With one more paid, its part would be too small.
    total = sum(range(int(paid[0]), size + 1))
    assert (
        Fraction(20_000 * int(paid[0]), total)
        < 2
        <= Fraction(20_000 * (int(paid[0]) + 1), total - int(paid[0]))
    )
