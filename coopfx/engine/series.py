"""Indicators over the years of a policy: each year by its own text, held together by labels."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from fractions import Fraction

from attrs import evolve

from coopfx.engine.outcome import IndicatorYear, Outcome, YearOfSeries

Year = tuple[date, tuple[IndicatorYear, ...]]
"""When a year closes, and its indicators."""


def with_series(outcome: Outcome, before: Sequence[Year]) -> Outcome:
    """A year whose indicators have their series; ``before`` are earlier years, the oldest first."""
    years = [*before, (outcome.closing, outcome.indicators)]
    indicators = (
        evolve(one, series=tuple(_joined(_followed(one, years)))) for one in outcome.indicators
    )
    return evolve(outcome, indicators=tuple(indicators))


_Found = tuple[date, IndicatorYear]


def _followed(last: IndicatorYear, years: Sequence[Year]) -> list[_Found]:
    """The years that have an indicator, by whatever label it bears there; the oldest first.

    The newest text is asked first: each label leads to that of the text before it. Of several labels
    that one year has, the newest is taken.
    """
    closing, _ = years[-1]
    found: list[_Found] = [(closing, last)]
    labels = {last.label: None, **dict.fromkeys(last.formerly)}
    for closing, indicators in reversed(years[:-1]):
        there = _called(labels, indicators)
        if there is not None:
            found.append((closing, there))
            labels.update(dict.fromkeys((there.label, *there.formerly)))
    return found[::-1]


def _called(labels: Iterable[str], indicators: Sequence[IndicatorYear]) -> IndicatorYear | None:
    """The indicator of a text that bears one of some labels; none where two of one label stand there."""
    for label in labels:
        there = [one for one in indicators if one.label == label]
        if there:
            return there[0] if len(there) == 1 else None
    return None


def _joined(found: Sequence[_Found]) -> Iterator[YearOfSeries]:
    """The years of a series, each with whether it goes on from the one before it."""
    breaks = {year: reason for _, one in found for year, reason in one.breaks}
    before: _Found | None = None
    for closing, one in found:
        if before is None:
            yield YearOfSeries(closing, one)
        else:
            broken, reason = _break(before, (closing, one), breaks)
            known = all(isinstance(of.value, Fraction | bool) for of in (before[1], one))
            joined = known and not broken and closing.year - before[0].year <= 1
            yield YearOfSeries(closing, one, joined, broken, reason)
        before = closing, one


def _break(before: _Found, after: _Found, breaks: dict[int, str]) -> tuple[str, str]:
    """How a year is counted in another way than the one before it, and the reason that a text gives."""
    said = [year for year in sorted(breaks) if before[0].year < year <= after[0].year]
    if said:
        return "said", "; ".join(filter(None, (breaks[year] for year in said)))
    units = [
        (one.type.kind, one.type.unit, one.percent, one.unit.casefold())
        for _, one in (before, after)
    ]
    return ("unit", "") if units[0] != units[1] else ("", "")


def never_called(outcome: Outcome, before: Sequence[Year]) -> list[tuple[IndicatorYear, str]]:
    """The former labels that no earlier year has, of indicators whose series lacks some of the years."""
    labels = {one.label for _, indicators in before for one in indicators}
    former = {name for _, indicators in before for one in indicators for name in one.formerly}
    return [
        (one, label)
        for one in outcome.indicators
        if len(one.series) <= len(before)
        for label in one.formerly
        if label not in labels | former
    ]


def latest(outcome: Outcome, years: int) -> Outcome:
    """A year with so many years of each series at most; the first of them goes on from none."""
    closings = sorted({one.closing for item in outcome.indicators for one in item.series})[-years:]

    def cut(item: IndicatorYear) -> IndicatorYear:
        kept = [one for one in item.series if one.closing in closings]
        kept[:1] = [evolve(one, joined=False, broken="", reason="") for one in kept[:1]]
        return evolve(item, series=tuple(kept))

    return evolve(outcome, indicators=tuple(map(cut, outcome.indicators)))
