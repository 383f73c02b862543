"""Where a year's money comes from and where it ends, read off its books to be drawn.

What records receive of an account and the account are one place of a drawing: the money is drawn once,
up to where the year leaves it. What is left of what was received, once records have passed some on,
is paid out. The books of the teams are drawn apart.
"""

from collections.abc import Callable, Iterable, Sequence
from fractions import Fraction

from attrs import define, frozen

from coopfx.engine.outcome import Booked, Outcome, Place

PAID, OPENING, KEPT = "paid", "opening", "kept"
"""Kinds of places of a drawing alone: what was paid out of a place, what an account had before, what each
record keeps of a pool."""
_PASSED = ("account", "received")


@frozen(slots=True)
class Edge:
    """What goes from one place to another over the year; below zero in a year of loss."""

    source: Place
    target: Place
    amount: Fraction


@define(slots=True)
class _Moved:
    """What came into a place and what it gave, what records received there and what they passed on."""

    came: Fraction = Fraction(0)
    given: Fraction = Fraction(0)
    received: Fraction = Fraction(0)
    passed_on: Fraction = Fraction(0)


def edges(
    outcome: Outcome,
    *,
    management: bool = False,
    hidden: Callable[[Place], bool] = lambda _: False,
) -> tuple[Edge, ...]:
    """All that moved in a book, each euro once on its way; empty where some of it is not known.

    Where what records pass on, or are not given, goes to ``hidden`` places, nothing of what left there
    is told.
    """
    chosen = [one for one in outcome.books if one.management is management]
    closed = {
        _drawn(one.source)
        for one in chosen
        if (one.source.record or one.target.record or one.way == "excess") and hidden(one.target)
    }
    sums: dict[tuple[Place, Place], Fraction] = {}
    places: dict[Place, _Moved] = {}
    for one in chosen:
        if _drawn(one.source) in closed and one.source.kind != "figure":
            continue
        if not isinstance(one.amount, Fraction):
            return ()
        _move(one, one.amount, places, sums)
    for place, moved in places.items():
        before = moved.given - moved.came
        if place.kind == "account" and moved.came >= 0 and before > 0:
            _add(sums, Place(OPENING, place.name), place, before)
        if moved.passed_on and moved.received != moved.passed_on:
            _add(sums, place, Place(PAID, place.name), moved.received - moved.passed_on)
    made = tuple(Edge(*ends, amount) for ends, amount in sums.items() if amount)
    return made if len({one.amount > 0 for one in made}) == 1 else ()


def _move(
    one: Booked,
    amount: Fraction,
    places: dict[Place, _Moved],
    sums: dict[tuple[Place, Place], Fraction],
) -> None:
    source = _drawn(one.source)
    target = Place(KEPT, one.target.name) if one.way == KEPT else _drawn(one.target)
    left, right = (places.setdefault(place, _Moved()) for place in (source, target))
    if one.target.kind == "received":
        right.received += amount
    if one.source.kind == "received":
        left.passed_on += amount
    if one.source.kind == "account":
        left.given += amount
    if source == target:
        return
    right.came += amount
    _add(sums, source, target, amount)


def _drawn(place: Place) -> Place:
    """The one place of a drawing for an account and for what records receive of it."""
    return Place("account", place.name) if place.kind in _PASSED else Place(place.kind, place.name)


def _add(
    sums: dict[tuple[Place, Place], Fraction], source: Place, target: Place, amount: Fraction
) -> None:
    sums[source, target] = sums.get((source, target), Fraction(0)) + amount


def size(place: Place, found: Sequence[Edge]) -> Fraction:
    """How much a place has over the year: what comes in or what goes out, whichever is more."""
    into = sum((one.amount for one in found if one.target == place), Fraction(0))
    given = sum((one.amount for one in found if one.source == place), Fraction(0))
    return max(into, given, key=abs)


def in_order(found: Sequence[Edge], depth: dict[Place, int]) -> list[Place]:
    """The places of a drawing, each followed by those that it goes to, so that few ribbons cross."""
    made: dict[Place, None] = {}
    giving = {one.source for one in found}

    def follow(place: Place) -> None:
        if place not in made:
            made[place] = None
            targets = [one.target for one in found if one.source == place]
            for target in sorted(targets, key=lambda one: one not in giving):
                follow(target)

    for place in sorted(depth, key=lambda one: depth[one]):
        follow(place)
    return list(made)


def layers(found: Iterable[Edge]) -> dict[Place, int]:
    """How far each place stands from where the money comes from; where it ends stands last."""
    every = list(found)
    depth: dict[Place, int] = {}
    for _ in range(len(every) + 1):
        before = dict(depth)
        for one in every:
            depth.setdefault(one.source, 0)
            depth[one.target] = max(depth.get(one.target, 1), depth[one.source] + 1)
        if depth == before:
            break
    last = max(depth.values(), default=0)
    giving = {one.source for one in every}
    return {place: at if place in giving else last for place, at in depth.items()}
