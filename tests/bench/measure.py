"""Timing in turn: every contender once a round, so that a noisy moment falls on all alike."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from statistics import median
from time import perf_counter


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
        """How many times the peer's median: a whole run is as noisy for one as for the other."""
        return self.product.middle / self.peer.middle

    @property
    def ratio_of_least(self) -> float:
        """How many times the peer's quietest round."""
        return self.product.least / self.peer.least

    @property
    def holds(self) -> bool:
        """Is the bar kept?"""
        return self.ratio <= self.bar


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
