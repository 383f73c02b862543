"""The report to the meeting: the result and where it goes, whether it is lawful, and what stands behind."""

from collections.abc import Iterator
from fractions import Fraction
from statistics import median

from attrs import define, evolve

from coopfx.engine import outcome as out
from coopfx.extending import Figures, conclusion, mark
from coopfx.ground.exact import Missing, Value, round_to
from coopfx.ground.words import Words
from coopfx_papers import charts
from coopfx_papers.accounts import Books
from coopfx_papers.anonymous import hidden_of, is_shown, reads_records, rounded
from coopfx_papers.indicators import charted
from coopfx_papers.meeting import Identity, identity_of
from coopfx_papers.paper import (
    Block,
    Column,
    Heading,
    KeyFigure,
    KeyFigures,
    Paper,
    Paragraph,
    Table,
)
from coopfx_papers.pay import pay_scale
from coopfx_papers.rules import Rules
from coopfx_papers.said import Speaker
from coopfx_papers.where import COLOURS, Drawn, by_sort, first_of, is_nothing, last_year, rate

SECTOR = {"work": Fraction(43, 100), "reserves": Fraction(45, 100), "capital": Fraction(12, 100)}
"""How Scops share out on average, as their movement says it; shown with the mark that it is to confirm."""
_SECTORS_LAW = "fr.scop"
_YEARS = 3
_SHORT = 30
"""So many letters of a name have room in a table of which it is not the matter."""
_YEAR = 220
"""How thick the flows of the year are drawn."""


def paper(results: out.Results, words: Words, *, anonymous: bool = False) -> Paper:
    """The report of a year; ``anonymous`` leaves out whatever would show fewer than five people."""
    few = hidden_of(results) if anonymous else frozenset()
    speaker = Speaker(words, results.outcome.currency)
    rules = Rules(results, speaker, anonymous)
    return _Report(results, speaker, anonymous, few, rules, identity_of(results)).paper()


@define
class _Report:
    results: out.Results
    speaker: Speaker
    anonymous: bool
    unseen: frozenset[str]
    rules: Rules
    identity: Identity

    def paper(self) -> Paper:
        outcome, say = self.results.outcome, self.speaker.say
        date = self.speaker.words.date(outcome.closing)
        books = Books(self.results, self.speaker, self.anonymous, self.unseen)
        blocks = [
            *self.answer(),
            *self.essentials(),
            *self.rules.attention(),
            *self.where(),
            *self.shared(),
            *self.sector(),
            *pay_scale(self.results, self.speaker, self.anonymous),
            *books.pools(),
            *books.accounts(),
            *self.indicators(),
            *self.rules.undecided(),
            *self.rules.advice(),
            *self.rules.annex(),
        ]
        rests_on = outcome.provenance
        identity = self.identity
        company = (identity.name, identity.form, identity.number, identity.seat)
        below = say(
            "below_report",
            name=" – ".join(part for part in company if part),
            version=rests_on.coopfx,
            statute=rests_on.statute_sha256[:12],
        )
        above = say("closed", name=identity.name, date=date)
        language = self.speaker.words.language
        return Paper(
            say("report"),
            language,
            above,
            below,
            say("page_of"),
            tuple(blocks),
            logo=identity.logo,
            company=identity.name,
        )

    @property
    def last(self) -> out.Outcome | None:
        """The year right before, where the policy has it; none beside a paper that shows nobody.

        Of an earlier year, nothing says how few received.
        """
        return None if self.anonymous else last_year(self.results)

    def essentials(self) -> Iterator[Block]:
        """The result and what goes to work, reserves and capital, each with that of the year before."""
        say, sums = self.speaker.say, by_sort(self.results.outcome)
        if sums is None or self.unseen:
            return
        last = self.last
        past = by_sort(last) if last else None
        shown = [("result_to_share", self._first(self.results.outcome), self._first(last))]
        shown += [
            (sort, sums[sort], None if past is None else past.get(sort, Fraction(0)))
            for sort in SECTOR
            if sums.get(sort)
        ]
        figures = []
        for key, amount, before in shown:
            note = ""
            if before is not None and last is not None:
                year = str(last.closing.year)
                note = say("before_figure", year=year, amount=self.speaker.money(before))
            figures.append(KeyFigure(say(key), self.speaker.money(amount), note))
        yield KeyFigures(tuple(figures))

    def _first(self, outcome: out.Outcome | None) -> Fraction | None:
        """What a year shares out first; None where that is not known."""
        first = None if outcome is None else first_of(outcome)
        return first.amount if first and isinstance(first.amount, Fraction) else None

    # ---- the first answer

    def answer(self) -> Iterator[Block]:
        say = self.speaker.say
        lawful = " ".join(self.lawful())
        first = first_of(self.results.outcome)
        amount = first.amount if first else None
        if first is None:
            key, shown = "first_answer_other", ""
        elif not isinstance(amount, Fraction):
            key, shown = "first_answer_unknown", ""
        else:
            key = "first_answer_loss" if amount < 0 else "first_answer_gain"
            shown = self.speaker.money(abs(amount))
        yield Paragraph(say(key, amount=shown, lawful=lawful), "lead")
        for item in self.results.outcome.verdicts:
            if item.binding and item.status == out.VIOLATED:
                yield Paragraph(self.rules.broken(item), "warning")
        if isinstance(amount, Missing):
            yield Paragraph(say("missing_facts", facts=self.speaker.facts(amount)), "warning")
        if self.anonymous:
            yield Paragraph(say("anonymous"), "note")

    def lawful(self) -> list[str]:
        """What the year comes to, as its screen says it."""
        return [text for text, _ in conclusion(self.results.outcome, self.speaker.words)]

    # ---- where it goes

    def where(self) -> Iterator[Block]:
        say, money = self.speaker.say, self.speaker.money
        outcome = self.results.outcome
        held = [item for item in outcome.allocations if item.held and is_shown(item, self.unseen)]
        # What people pass on of nothing needs no table, whatever they passed on the year before.
        held = [item for item in held if not (item.record and is_nothing(item))]
        for number, item in enumerate(held):
            loss = not number and isinstance(item.amount, Fraction) and item.amount < 0
            source = self.speaker.given_out(item)
            title = self.speaker.begin(
                say("allocation_loss") if loss else say("allocation_source", source=source)
            )
            if not number:
                yield Heading(say("where"))
                yield from Drawn(self.results, self.speaker, self.unseen).drawing(_YEAR)
            else:
                yield Heading(title)
            if item.record is not None:
                yield Paragraph(say("allocation_records"), "note")
            paid = [part for part in item.items if not (part.losses and part.amount == 0)]
            sums = evolve(item, items=tuple(paid)).by_account
            past = self._before(item)
            had = [name for name, amount in (past or {}).items() if name and amount != 0]
            if any(map(_sign, sums.values())):
                sums = {name: sum_ for name, sum_ in sums.items() if sum_ != 0 or name in had}
            # What had something last year keeps its row, or that year would not add up.
            sums |= {name: Fraction(0) for name in had if name not in sums}
            rows: list[tuple[str, ...]] = [
                (
                    self.speaker.begin(self.speaker.label(name)),
                    *(() if past is None else (money(past.get(name, Fraction(0))),)),
                    money(amount),
                    rate(amount, item.amount, self.speaker),
                )
                for name, amount in sums.items()
            ]
            whole = () if past is None else (money(past[""]),)
            rows.append((say("total"), *whole, money(item.amount), ""))
            caption = (
                self.speaker.words.phrase("report.placed", title=title, article=item.article)
                if item.article
                else title
            )
            columns: tuple[Column, ...] = (
                Column(say("account"), width=4),
                *(() if past is None else (Column(say("last_year"), True, 3),)),
                Column(say("amount"), True, 3),
                Column(say("part"), True, 1),
            )
            if not any(row[-1] for row in rows):
                columns, rows = columns[:-1], [row[:-1] for row in rows]
            yield Table(caption, columns, tuple(rows), {len(rows) - 1: "total"})

    def _before(self, item: out.Allocation) -> dict[str, Value] | None:
        """What the same allocation gave to each account in the year before, its amount under no name."""
        if self.last is None:
            return None
        for one in self.last.allocations:
            if one.held and (one.source, one.record) == (item.source, item.record):
                return {**one.by_account, "": one.amount}
        return None

    def shared(self) -> Iterator[Block]:
        say, money, words = self.speaker.say, self.speaker.money, self.speaker.words
        rows = []
        shares = self.results.outcome.shares
        if shares and all(share.amount == 0 for share in shares):
            yield Paragraph(say("nothing_shared"))
        for share in shares:
            if share.amount == 0:
                continue
            paid = [part for _, part in share.parts or ()]
            group, count = words.label(share.group), f"{len(paid)}"
            if self.anonymous:
                count = say("about", count=rounded(len(paid)))
            row = [
                self.speaker.begin(self.speaker.given_out(share)),
                share.article,
                "–" if share.parts is None else f"{count} {group}",
                money(share.amount),
            ]
            # The lowest, the middle and the highest part are one person's each.
            if not self.anonymous:
                spread = (min(paid), _middle(paid), max(paid)) if paid else (None,) * 3
                row += [money(part) for part in spread]
            rows.append(tuple(row))
        if rows:
            heads = (("what", 4), ("article_head", 2), ("among", 3))
            columns = [Column(say(head), width=width) for head, width in heads]
            figures = ("amount",) if self.anonymous else ("amount", "lowest", "median", "highest")
            columns += [Column(say(head), True, 3) for head in figures]
            yield Table(say("shared_caption"), tuple(columns), tuple(rows))

    def sector(self) -> Iterator[Block]:
        """The split beside that of other cooperatives of the same law."""
        outcome, say = self.results.outcome, self.speaker.say
        first = first_of(outcome)
        if first is None or _SECTORS_LAW not in {law.name for law in outcome.provenance.laws}:
            return
        found = by_sort(outcome)
        if found is None:
            return
        sums = {sort: found.get(sort, Fraction(0)) for sort in SECTOR}
        whole = sum(sums.values(), Fraction(0))
        if whole <= 0:
            return
        percent = self.speaker.words.percent
        rows: list[tuple[str, str]] = []
        values: list[tuple[Fraction, str]] = []
        marks, places = {}, []
        name = outcome.cooperative if len(outcome.cooperative) <= _SHORT else say("here")
        for sort, average in SECTOR.items():
            own = sums[sort] / whole
            marks[len(rows)] = "group"
            places += [len(rows) + 1, len(rows) + 2]
            rows += [
                (say(sort), ""),
                (name, percent(own)),
                (self.speaker.begin(say("sector")), percent(average)),
            ]
            values += [(own, COLOURS[sort]), (average, charts.BESIDE)]
        yield Heading(say("sector_head"))
        columns = (Column(say("compared"), width=2), Column(say("part"), True, 4, bars=True))
        bars = dict(zip(places, charts.bars(values), strict=True))
        yield Paragraph(say("sector_note"), "note")
        yield Table(say("sector_caption"), columns, tuple(rows), marks, bars)

    def indicators(self) -> Iterator[Block]:
        say, outcome = self.speaker.say, self.results.outcome
        if not outcome.indicators:
            return
        before = self.results.before()[-_YEARS:]
        yield Heading(say("indicators"))
        yield from charted(self.results, self.speaker.words, anonymous=self.anonymous)
        rows: list[tuple[str, ...]] = []
        marks = {}
        for pillar in dict.fromkeys(item.pillar for item in outcome.indicators):
            if pillar:
                marks[len(rows)] = "group"
                rows.append(
                    (self.speaker.begin(self.speaker.label(pillar)), *[""] * (len(before) + 3))
                )
            for item in outcome.indicators:
                if item.pillar != pillar:
                    continue
                if mark(item, outcome.closing) == "missed":
                    marks[len(rows)] = "amiss"
                figures = Figures(item, self.speaker.words, rounded=True)
                years = {one.closing: one for one in item.series}
                past = [
                    ("│ " if years[year.closing].broken else "")
                    + figures.year(years[year.closing], unit=False)
                    if year.closing in years
                    else "–"
                    for year in before
                ]
                shown = [*past, figures.show(item.value, unit=False)]
                if self.anonymous:
                    shown = self._disclosed(item, shown, before)
                label = f"{item.label} ({item.unit})" if item.unit else item.label
                rows.append((label, *shown, *self._target(item, figures)))
        columns = [Column(say("indicator"), width=6)]
        columns += [Column(str(year.closing.year), True, 3) for year in (*before, outcome)]
        columns += [Column(say("target"), width=4), Column(say("status"), width=3)]
        missing = [item.value for item in outcome.indicators if isinstance(item.value, Missing)]
        if missing:
            facts = Missing(tuple(dict.fromkeys(fact for one in missing for fact in one.facts)))
            yield Paragraph(say("missing_facts", facts=self.speaker.facts(facts, 12)), "note")
        caption = say("indicators_caption" if before else "indicators_now")
        yield Table(caption, tuple(columns), tuple(rows), marks)

    def _disclosed(
        self, item: out.IndicatorYear, shown: list[str], before: tuple[out.Outcome, ...]
    ) -> list[str]:
        """An indicator's years less those worked out from records' figures, or by another statute."""
        none = self.speaker.say("group_hidden")
        if reads_records(self.results.explain(item.label, "")):
            return [none] * len(shown)
        statute = self.results.outcome.provenance.statute_sha256
        past = [
            value if year.provenance.statute_sha256 == statute else none
            for value, year in zip(shown, before, strict=False)
        ]
        return [*past, shown[-1]]

    def _target(self, item: out.IndicatorYear, figures: Figures) -> tuple[str, str]:
        if item.target is None:
            return "", ""
        met = {True: "true", False: "false", None: "null"}[item.met]
        met = "ahead" if mark(item, self.results.outcome.closing) == "ahead" else met
        return figures.target(), self.speaker.say(f"met_{met}")


def _sign(value: Value) -> int:
    return 0 if not isinstance(value, Fraction) or value == 0 else 1 if value > 0 else -1


def _middle(values: list[Fraction]) -> Fraction:
    return round_to(median(values), Fraction(1, 100))
