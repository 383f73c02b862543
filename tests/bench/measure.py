"""Timing in turn: every contender once a round, so that a noisy moment falls on all alike.

Bars compare least times, everywhere: whatever else a machine does only ever adds to a time, so that the
quietest round is nearest to what the work itself takes. Medians are shown beside.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import IntEnum
from statistics import median
from time import perf_counter


class Held(IntEnum):
    """What became of a bar, the worse the greater: of several, the greatest is what became of all."""

    KEPT = 0
    UNMEASURED = 1
    MISSED = 2

    def __str__(self) -> str:
        return ("kept", "not measured", "MISSED")[self]

    @classmethod
    def by(cls, kept: bool) -> "Held":
        """Of a bar that was measured."""
        return cls.KEPT if kept else cls.MISSED


@dataclass(frozen=True)
class Contender:
    """Something to time, by a name."""

    name: str
    run: Callable[[], object]


@dataclass(frozen=True)
class Comparison:
    """A peer, and the products held against it, each with the bar it must stay under."""

    peer: Contender
    products: tuple[tuple[Contender, float], ...]
    rounds: int = 20


@dataclass(frozen=True)
class Timing:
    """The seconds of one contender."""

    name: str
    seconds: tuple[float, ...]

    @property
    def least(self) -> float:
        """The quietest round."""
        return min(self.seconds)

    @property
    def middle(self) -> float:
        """The median round."""
        return median(self.seconds)


@dataclass(frozen=True)
class Result:
    """One product against its peer."""

    product: Timing
    peer: Timing
    bar: float

    @property
    def ratio(self) -> float:
        """How many times the peer's quietest round."""
        return self.product.least / self.peer.least

    @property
    def ratio_of_medians(self) -> float:
        """How many times the peer's median."""
        return self.product.middle / self.peer.middle

    @property
    def held(self) -> Held:
        """Is the bar kept?"""
        return Held.by(self.ratio <= self.bar)


def measure(comparison: Comparison) -> Iterator[Result]:
    """Time all contenders in turn, after one untimed round that fills the caches."""
    contenders = [comparison.peer, *(product for product, _ in comparison.products)]
    for contender in contenders:
        contender.run()
    rounds = [[timed(each) for each in contenders] for _ in range(comparison.rounds)]
    columns = zip(*rounds, strict=True)
    peer, *products = (
        Timing(contender.name, seconds)
        for contender, seconds in zip(contenders, columns, strict=True)
    )
    for product, (_, bar) in zip(products, comparison.products, strict=True):
        yield Result(product, peer, bar)


def timed(contender: Contender) -> float:
    """The seconds of one run."""
    started = perf_counter()
    contender.run()
    return perf_counter() - started
