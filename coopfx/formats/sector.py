"""What the tables of a federation's run say of all cooperatives, as a page shows it."""

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from attrs import Factory, frozen


@frozen(slots=True)
class Figure:
    """A figure of the sector, each cooperative's own beside it, and for which it is not known.

    Its ``sort`` is a ``figure`` of the year, an account's ``balance`` at closing, or what records
    ``received`` of an account. Where nobody's is known there is no average, and no distribution.
    """

    name: str
    sort: str
    known: int
    average: Fraction | None = None
    median: Fraction | None = None
    least: Fraction | None = None
    most: Fraction | None = None
    counts: tuple[int, ...] = ()
    own: dict[str, Fraction] = Factory(dict)
    missing: tuple[str, ...] = ()
    currency: str = ""


@frozen(slots=True)
class Rule:
    """A rule of the sector: how many cooperatives are of each status, and who breaks it, sets it
    aside, lacks what it needs, or stands exactly at its limit.
    """

    name: str
    counts: dict[str, int]
    broken: tuple[str, ...]
    aside: tuple[tuple[str, str], ...] = ()
    unknown: tuple[str, ...] = ()
    on_edge: tuple[str, ...] = ()


@frozen(slots=True)
class Near:
    """A rule that a cooperative keeps, with little to spare."""

    cooperative: str
    rule: str
    left: str | None
    right: str | None
    margin: str | None
    currency: str = ""


@frozen(slots=True)
class Indicator:
    """An indicator of the sector: how many have it, how many know it, and how many meet their targets."""

    label: str
    pillar: str
    of: int
    known: int
    average: Fraction | None
    least: Fraction | None
    most: Fraction | None
    met: int
    targets: int
    missing: tuple[str, ...]


@frozen(slots=True)
class Scenario:
    """A scenario of the sector: what it comes to for all together, and a row for each cooperative in it."""

    together: Mapping[str, Any]
    rows: tuple[Mapping[str, str | None], ...]


@frozen(slots=True)
class Sector:
    """What the tables of a run say of all cooperatives; ``currency`` is empty where they have several.

    The ``language`` is that of all their statutes, empty where these are in several; ``names`` are what
    policies call their own names in each.
    """

    currency: str
    runs: tuple[Mapping[str, str | None], ...]
    figures: tuple[Figure, ...]
    rules: tuple[Rule, ...]
    near: tuple[Near, ...]
    told: tuple[Mapping[str, str | None], ...]
    indicators: tuple[Indicator, ...] = ()
    language: str = ""
    names: Mapping[str, Mapping[str, str]] = Factory(dict)
    scenarios: tuple[Scenario, ...] = ()


def not_summed(scenario: Mapping[str, Any]) -> list[tuple[str, int]]:
    """What is in none of a scenario's sums, by the sentence that says it, with how many there are."""
    counts = {
        "unknown": scenario["unknown"],
        "not_known": scenario["not_known"],
        "refused": scenario["refused"] + scenario["not_compared"],
    }
    return [(key, count) for key, count in counts.items() if count]
