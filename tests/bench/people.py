"""Made-up cooperatives for the common workload, drawn piece by piece: the same ones for the same seed."""

from types import SimpleNamespace
from typing import Any

import numpy as np

from coopfx.engine.columns.values import Array

FULL_TIME = 160_700
PEOPLE = ("sal", "hrs", "sen", "shares")
COOPERATIVE = (
    *("S", "reserve", "highcap", "bp_work", "bp_cap", "bp_legal", "bp_team", "sen_min"),
    *("ratio100", "smic2"),
)
"""The workload's columns: cents, hundredths of an hour, months, hundredths of a percent."""


def draw(seed: int, people: int) -> Any:
    """Cooperatives of 20 to 500 people with percentages of their own, so many people in all."""
    random = np.random.default_rng(seed)
    sizes = _sizes(random, people)
    count, teams = len(sizes), np.maximum(1, sizes // 15)
    hours = np.where(
        random.random(people) < 0.75, FULL_TIME, random.integers(20_000, FULL_TIME, people)
    )
    full_pay = random.integers(4_300_000, 10_600_000, people)
    surplus = np.sign(random.random(count) - 0.06) * sizes * random.lognormal(12.2, 0.8, count)
    capital = sizes * 300_000 + random.integers(0, 10**6, count)

    def own(low: int, high: int) -> Array:
        return random.integers(low, high, count)

    return SimpleNamespace(
        C=count,
        off=_offsets(sizes),
        toff=_offsets(teams),
        sal=np.maximum(1, full_pay * hours // FULL_TIME),
        hrs=hours,
        sen=random.integers(0, 240, people),
        shares=random.integers(1_525, 90_000, people),
        S=np.rint(surplus).astype(np.int64),
        reserve=(capital * random.choice(np.array([0.4, 0.9, 1.0, 1.5]), count)).astype(np.int64),
        highcap=capital,
        bp_work=own(2_500, 6_500),
        bp_cap=own(100, 2_000),
        bp_legal=own(1_500, 2_500),
        bp_team=own(500, 2_500),
        sen_min=own(0, 12),
        ratio100=own(200, 400),
        smic2=np.full(count, 4_324_320),
        tres=np.rint(random.normal(2e6, 4e6, int(teams.sum()))).astype(np.int64),
    )


def _sizes(random: np.random.Generator, people: int) -> Array:
    """Sizes that add up to so many people; the last cooperative has what is left over."""
    drawn = np.clip(np.rint(random.lognormal(4.35, 0.7, people // 20 + 1)), 20, 500)
    ends = np.minimum(np.cumsum(drawn.astype(np.int64)), people)
    sizes = np.diff(ends[: int(np.searchsorted(ends, people)) + 1], prepend=0)
    return sizes[sizes > 0]


def _offsets(sizes: Array) -> Array:
    return np.concatenate([[0], np.cumsum(sizes)]).astype(np.int64)
