"""The page of the indicators, for the public: what the cooperative holds itself to, and how far it is.

Each indicator has a card: its figure, its years as a small chart, and a sentence on the way to its
target; all figures stand once more in a table. Nothing of any person is on it, and no rule.
"""

from collections.abc import Iterator
from datetime import date

from attrs import define, evolve

from coopfx.engine import outcome as out
from coopfx.extending import Figures, closings, mark, progress, remarks
from coopfx.ground.words import Words
from coopfx_papers import series
from coopfx_papers.anonymous import reads_records
from coopfx_papers.paper import Block, Card, Cards, Column, Heading, Paper, Paragraph, Table
from coopfx_papers.said import Speaker

_SIGNS = {"met": "✓", "missed": "✗", "ahead": "→", "open": "?"}


def paper(results: out.Results, words: Words, *, anonymous: bool = False) -> Paper:
    """The page; ``anonymous`` leaves out what is worked out from people's own figures."""
    return _page(results, words, anonymous).paper()


def charted(results: out.Results, words: Words, *, anonymous: bool = False) -> Iterator[Block]:
    """The cards of the indicators that have a target and years to be drawn beside it."""
    page = _page(results, words, anonymous)
    cards = [page.card(one) for one in page.shown if one.target is not None]
    drawn = tuple(card for card in cards if card.svg)
    if drawn:
        yield Cards(drawn)


def _page(results: out.Results, words: Words, anonymous: bool) -> "_Page":
    outcome = results.outcome
    hidden: frozenset[str] = frozenset()
    if anonymous:
        items = outcome.indicators
        hidden = frozenset(
            one.label for one in items if reads_records(results.explain(one.label, ""))
        )
        outcome = _by_this_statute(results)
    return _Page(outcome, Speaker(words, outcome.currency), hidden)


def _by_this_statute(results: out.Results) -> out.Outcome:
    """The year without years of another text, which may have used people's own figures there."""
    statute = results.outcome.provenance.statute_sha256
    same = [one.closing for one in results.before() if one.provenance.statute_sha256 == statute]
    same.append(results.outcome.closing)
    return evolve(
        results.outcome,
        indicators=tuple(
            evolve(one, series=tuple(year for year in one.series if year.closing in same))
            for one in results.outcome.indicators
        ),
    )


@define
class _Page:
    outcome: out.Outcome
    speaker: Speaker
    hidden: frozenset[str]

    def paper(self) -> Paper:
        say, outcome = self.speaker.say, self.outcome
        days = closings(outcome)
        years = {"first": str(days[0].year), "last": str(days[-1].year)}
        title = say("indicators_title" if len(days) > 1 else "indicators_title_one", **years)
        blocks = (*self.first(), *self.pillars(), *self.all_figures(days))
        below = say(
            "below_report",
            name=outcome.cooperative,
            version=outcome.provenance.coopfx,
            statute=outcome.provenance.statute_sha256[:12],
        )
        language = self.speaker.words.language
        return Paper(title, language, outcome.cooperative, below, say("page_of"), blocks)

    @property
    def shown(self) -> list[out.IndicatorYear]:
        return [one for one in self.outcome.indicators if one.label not in self.hidden]

    def first(self) -> Iterator[Block]:
        """How many targets there are, and how many are met."""
        say, outcome = self.speaker.say, self.outcome
        marks = [mark(one, outcome.closing) for one in self.shown if one.target is not None]
        said = [
            say(f"targets_{key}", count=str(marks.count(key)), all=str(len(marks)))
            for key in ("met", "ahead", "missed", "open")
            if key == "met" or key in marks
        ]
        if marks:
            yield Paragraph(" ".join(said), "lead")
        if outcome.provenance.changes:
            changes = "; ".join(outcome.provenance.changes)
            said_so = self.speaker.words.phrase("report.scenario", changes=changes)
            yield Paragraph(said_so, "warning")
        if self.hidden:
            yield Paragraph(say("indicators_anonymous", count=str(len(self.hidden))), "note")

    def pillars(self) -> Iterator[Block]:
        for pillar in dict.fromkeys(one.pillar for one in self.shown):
            own = [one for one in self.shown if one.pillar == pillar]
            name = self.speaker.label(pillar) if pillar else self.speaker.say("indicators_other")
            yield Heading(self.speaker.begin(name))
            yield Cards(tuple(map(self.card, own)))

    def card(self, item: out.IndicatorYear) -> Card:
        words, closing = self.speaker.words, self.outcome.closing
        figures, line = Figures(item, words, rounded=True), series.line_of(item, words)
        standing = mark(item, closing)
        judged = f"{_SIGNS[standing]} {figures.target()}" if item.target is not None else ""
        return Card(
            item.label,
            figures.show(item.value, aligned=False),
            judged,
            standing if judged else "",
            series.chart(line) if len(line.points) > 1 else "",
            series.said(line, item.label, words),
            progress(item, closing, words, rounded=True),
            " ".join(remarks(item, words)),
        )

    def all_figures(self, days: list[date]) -> Iterator[Block]:
        """Every figure of every year once more, to be read in rows."""
        say = self.speaker.say
        yield Heading(say("indicators_all"))
        rows: list[tuple[str, ...]] = []
        marks = {}
        for pillar in dict.fromkeys(one.pillar for one in self.shown):
            if pillar:
                marks[len(rows)] = "group"
                name = self.speaker.begin(self.speaker.label(pillar))
                rows.append((name, *[""] * (len(days) + 1)))
            for item in self.shown:
                if item.pillar == pillar:
                    rows.append(self._row(item, days))
        columns = (
            Column(say("indicator"), width=6),
            *(Column(str(day.year), True, 2) for day in days),
            Column(say("target"), width=3),
        )
        yield Table(say("indicators_all_caption"), columns, tuple(rows), marks)

    def _row(self, item: out.IndicatorYear, days: list[date]) -> tuple[str, ...]:
        figures = Figures(item, self.speaker.words, rounded=True)
        years = {one.closing: one for one in item.series}
        cells = []
        for day in days:
            one = years.get(day)
            shown = figures.year(one, unit=False) if one is not None else "–"
            cells.append(f"│ {shown}" if one is not None and one.broken else shown)
        label = f"{item.label} ({item.unit})" if item.unit else item.label
        return (label, *cells, figures.target())
