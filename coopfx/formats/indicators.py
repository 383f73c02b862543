"""Indicators and their years: each figure written alike over its series, and how far its target is."""

import re
from collections.abc import Iterator
from datetime import date
from fractions import Fraction

from coopfx.engine import outcome as out
from coopfx.ground.exact import Missing, Undefined, Value, currency_of, round_to
from coopfx.ground.words import Words

_FINEST = 4
_LARGE = 10_000


class Figures:
    """Writes the figures of an indicator, all years of its series with as many decimals.

    A ratio has two decimals, or four where it is small; whole numbers and amounts have none. A year that
    counts in another unit than the last is written in its own. ``rounded`` leaves out the cents of large
    amounts, for pages on which nobody adds them up.
    """

    def __init__(self, item: out.IndicatorYear, words: Words, *, rounded: bool = False) -> None:
        self.item, self.words, self.rounded = item, words, rounded
        values = [item.value, *([] if item.target is None else [item.target])]
        values += [one.indicator.value for one in item.series if self.alike(one.indicator)]
        known = [abs(value) for value in values if isinstance(value, Fraction) and value]
        self.decimals = _decimals([value * 100 for value in known], 1) if item.percent else 0
        self.bare = not item.percent and not item.type.unit
        if self.bare:
            self.decimals = _decimals(known, 2)
        # Amounts lose their cents where none of the series has any.
        self.whole = all(value.denominator == 1 for value in known)
        self.whole = self.whole or (rounded and all(value >= _LARGE for value in known))

    def alike(self, other: out.IndicatorYear) -> bool:
        """Whether another year's figure is counted in the same unit."""
        own, its = ((one.type, one.percent, one.unit) for one in (self.item, other))
        return own == its

    def show(self, value: Value, *, unit: bool = True, aligned: bool = True) -> str:
        """A value as it stands in a table: the reason why it is not known stands elsewhere.

        One that stands among no others, and is not ``aligned``, has no decimals that say nothing.
        """
        words = self.words
        if isinstance(value, Missing):
            return words.phrase("value.unknown")
        if isinstance(value, Undefined):
            return words.phrase("value.without")
        if not isinstance(value, Fraction):
            return words.value(value, self.item.type)
        if self.item.percent:
            number = words.number(value * 100, self.decimals, fixed=aligned)
            return words.fill(words.numbers["percent"], {"number": number})
        if self.bare:
            shown = words.number(value, self.decimals, fixed=aligned)
            return f"{shown}\u00a0{self.item.unit}" if unit and self.item.unit else shown
        whole = self.whole and currency_of(self.item.type.unit) is not None
        shown = words.value(round_to(value, Fraction(1)) if whole else value, self.item.type)
        if whole:
            shown = re.sub(rf"{re.escape(words.numbers['decimal'])}0+(?!\d)", "", shown)
        return shown

    def year(self, one: out.YearOfSeries, *, unit: bool = True) -> str:
        """The figure of a year of the series, with its own unit where that is another."""
        if self.alike(one.indicator):
            return self.show(one.indicator.value, unit=unit)
        own = Figures(one.indicator, self.words, rounded=self.rounded)
        return own.show(one.indicator.value)

    def gap(self, between: Fraction) -> str:
        """How far two figures are apart: of percentages, so many points."""
        if not self.item.percent:
            return self.show(abs(between))
        points = abs(between) * 100
        form = "one" if self.words.is_one(round_to(points, Fraction(1, 10))) else "many"
        shown = self.words.number(points, max(1, self.decimals))
        return self.words.phrase(f"indicators.points.{form}", points=shown)

    def target(self) -> str:
        """What is aimed at, as it stands in a table; empty where there is no target."""
        item = self.item
        if item.target is None:
            return ""
        shown = f"{self.words.phrase(f'relation.{item.relation}')} {self.show(item.target, aligned=False)}"
        return shown if item.by is None else f"{shown} ({item.by})"


def _decimals(values: list[Fraction], usual: int) -> int:
    """How many decimals figures have together: none where all are whole, more where one is small."""
    if all(value.denominator == 1 for value in values):
        return 0
    seen = (n for n in range(usual, _FINEST) if min(values) * 10**n >= 10 ** (usual - 1))
    return next(seen, _FINEST)


def is_due(item: out.IndicatorYear, closing: date) -> bool:
    """Whether the year by whose end the target is to be met has come; one without such a year is due."""
    return item.by is None or item.by <= closing.year


def mark(item: out.IndicatorYear, closing: date) -> str:
    """Whether the target is ``met``, ``missed`` or still ``ahead``; ``open`` where that cannot be said."""
    if item.met is None:
        return "open"
    if item.met:
        return "met"
    return "missed" if is_due(item, closing) else "ahead"


def progress(item: out.IndicatorYear, closing: date, words: Words, *, rounded: bool = False) -> str:
    """What may be said of the way of an indicator: its target, how it has moved, whether that will do."""
    figures = Figures(item, words, rounded=rounded)
    return " ".join((*_aim(figures, closing), *_move(figures), *_pace(figures)))


def _asked(figures: Figures) -> str:
    item = figures.item
    assert item.target is not None
    key = f"prose.asked.{item.relation}"
    return figures.words.phrase(key, the_right=figures.show(item.target, aligned=False))


def _aim(figures: Figures, closing: date) -> Iterator[str]:
    item, words = figures.item, figures.words
    if item.target is None:
        return
    value, by = figures.show(item.value), str(item.by)
    key, asked = f"indicators.{mark(item, closing)}", _asked(figures)
    if item.met is None:
        yield words.phrase(key, year=str(closing.year), asked=asked)
    elif item.met:
        since = item.met_for
        first = str(item.series[-since].closing.year) if since > 1 else ""
        key += ".by" if not is_due(item, closing) else ".since" if first else ""
        yield words.phrase(key, value=value, asked=asked, by=by, year=first)
    elif isinstance(item.value, Fraction) and isinstance(item.target, Fraction):
        gap = figures.gap(item.target - item.value)
        overdue = item.by is not None and item.by < closing.year
        key += ".over" if overdue else f".{item.relation}"
        yield words.phrase(key, value=value, gap=gap, asked=asked, by=by)


def _move(figures: Figures) -> Iterator[str]:
    """How the figure has moved since the first year that it may be compared with."""
    years = figures.item.comparable
    if len(years) < 2 or years[-1] is not figures.item.series[-1]:
        return
    first, last = (one.indicator.value for one in (years[0], years[-1]))
    assert isinstance(first, Fraction) and isinstance(last, Fraction)
    way = "up" if last > first else "down" if last < first else "same"
    year = str(years[0].closing.year)
    yield figures.words.phrase(f"indicators.{way}", gap=figures.gap(last - first), year=year)


def _pace(figures: Figures) -> Iterator[str]:
    """Whether a target that is not due yet would be met at the mean pace of the years so far."""
    item, years = figures.item, figures.item.comparable
    if len(years) < 2 or years[-1] is not item.series[-1] or item.by is None or item.met:
        return
    last = years[-1]
    values = (years[0].indicator.value, last.indicator.value, item.target)
    if last.closing.year >= item.by or not all(isinstance(one, Fraction) for one in values):
        return
    first, now, aim = (one for one in values if isinstance(one, Fraction))
    pace = (now - first) / (last.closing.year - years[0].closing.year)
    way = aim - now
    when = None if pace == 0 or (pace > 0) != (way > 0) else last.closing.year - (-way // pace)
    key = "indicators.pace" if when is not None and when <= item.by else "indicators.pace.late"
    since = str(years[0].closing.year)
    yield figures.words.phrase(key, when=str(when), by=str(item.by), year=since)


def remarks(item: out.IndicatorYear, words: Words) -> Iterator[str]:
    """What is to be known of a series: its former labels, and where it is counted in another way."""
    label = item.label
    for one in reversed(item.series):
        if one.indicator.label != label:
            label = one.indicator.label
            yield words.phrase("indicators.renamed", year=str(one.closing.year), label=label)
    for one in item.series:
        if one.broken == "unit":
            yield words.phrase("indicators.unit", year=str(one.closing.year))
        elif one.broken:
            key = "indicators.break" if one.reason else "indicators.break.bare"
            yield words.phrase(key, year=str(one.closing.year), reason=one.reason)


def closings(result: out.Outcome) -> list[date]:
    """The days on which the years close that some series of an outcome has; its own at the least."""
    days = {one.closing for item in result.indicators for one in item.series}
    return sorted({*days, result.closing})
