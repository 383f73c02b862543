"""The meeting's paper of a comparison: what a change of the statute or of a figure would do to a year.

The sentence stands on top; below it what changes, the old words struck through beside the new, where
the money goes, the rules, and people by group. Anonymous, it keeps to the limits of the other papers.
"""

from collections.abc import Iterator, Sequence

from attrs import define

from coopfx.engine import outcome as out
from coopfx.extending import ComparisonShown, asked_of, is_bad, rule_label, sentence, style
from coopfx.ground.words import Words
from coopfx_papers.paper import (
    INDENT,
    Amendment,
    Block,
    Column,
    Heading,
    Listing,
    Paper,
    Paragraph,
    Table,
)
from coopfx_papers.said import Speaker


def paper(compared: out.Compared, words: Words) -> Paper:
    """The paper of one or several scenarios of a year."""
    year = compared.scenarios[0].comparison.year
    shown = ComparisonShown(compared.scenarios, asked_of(compared), words, style.Style())
    speaker = Speaker(words, year.currency)
    blocks = tuple(_Comparison(compared, shown, speaker).blocks())
    title = words.phrase("compare.title", name=year.cooperative, closing=words.date(year.closing))
    below = speaker.say(
        "below_report",
        name=year.cooperative,
        version=year.provenance.coopfx,
        statute=year.provenance.statute_sha256[:12],
    )
    page_of = speaker.say("page_of")
    return Paper(title, words.language, year.cooperative, below, page_of, blocks)


@define
class _Comparison:
    compared: out.Compared
    shown: ComparisonShown
    speaker: Speaker

    @property
    def words(self) -> Words:
        return self.speaker.words

    def blocks(self) -> Iterator[Block]:
        yield from self.first()
        yield from self.changes()
        yield from self.money()
        yield from self.rules()
        yield from self.people()

    def phrase(self, key: str) -> str:
        return self.words.phrase(f"compare.{key}")

    def named(self, one: out.Scenario, level: int = 3) -> Iterator[Block]:
        """The name of a scenario above what is its own, where there are several."""
        if self.shown.several:
            yield Heading(one.name, level)

    def first(self) -> Iterator[Block]:
        for one in self.compared.scenarios:
            yield from self.named(one, 2)
            yield Paragraph(sentence(one, self.shown.asked, self.words), "lead")
        names = " | ".join(one.name for one in self.compared.scenarios)
        yield Paragraph(self.words.phrase("report.scenario", changes=names), "note")
        if self.compared.anonymous:
            yield Paragraph(self.speaker.say("comparison_anonymous"), "note")

    def changes(self) -> Iterator[Block]:
        yield Heading(self.phrase("changes"))
        for one in self.compared.scenarios:
            yield from self.named(one)
            for item in one.amended:
                yield Amendment(self.speaker.begin(self.shown.place(item)), item.old, item.new)
            figures = self.shown.figures_set(one)
            if figures:
                yield Paragraph(self.speaker.begin(self.phrase("figures")))
                yield Listing(tuple(figures))
            if one.examples:
                yield Paragraph(self.shown.examples(one), "note")

    def money(self) -> Iterator[Block]:
        for management in (False, True):
            rows = self.shown.money_rows(management)
            if rows:
                key = "money.management" if management else "money"
                yield Heading(self.phrase(key))
                yield self.table(
                    self.speaker.say("comparison_money"), "account", self.shown.money_header(), rows
                )
                for text in self.shown.closing(management):
                    yield Paragraph(text, "note")

    def table(
        self, caption: str, first: str, heads: Sequence[str], rows: Sequence[Sequence[str]]
    ) -> Table:
        """Rows of a name and figures; a name that is moved in stays so."""
        columns = [Column(self.speaker.say(first), width=5)]
        columns += [Column(head, True, 3) for head in heads]
        cells = []
        for name, *figures in rows:
            bare = name.lstrip()
            steps = (len(name) - len(bare)) // 2
            # What people are called, and what groups are, stays as the data have it.
            said = bare if first in ("people", "group") else self.speaker.begin(bare)
            cells.append((INDENT * steps + said, *figures))
        return Table(caption, tuple(columns), tuple(cells))

    def rules(self) -> Iterator[Block]:
        yield Heading(self.phrase("rules"))
        for one in self.compared.scenarios:
            yield from self.named(one)
            turned = [rule for rule in one.comparison.rules if rule.turned]
            if not turned:
                yield Paragraph(self.phrase("rules.unchanged"))
            else:
                marks = {row: "amiss" for row, rule in enumerate(turned) if is_bad(rule)}
                cells = tuple(
                    (
                        self.speaker.begin(rule_label(rule.verdict, self.words)),
                        *self.shown.verdicts(rule),
                    )
                    for rule in turned
                )
                heads = (self.phrase("before"), self.phrase("after"))
                columns = (
                    Column(self.speaker.say("rule"), width=4),
                    *(Column(one, width=3) for one in heads),
                )
                yield Table(self.speaker.say("comparison_turned"), columns, cells, marks)
            margins = self.shown.nearer(one)
            if margins:
                caption, *heads_of = self.shown.nearer_header()
                yield self.table(caption, "rule", heads_of, margins)

    def people(self) -> Iterator[Block]:
        rows = self.shown.people_rows()
        if not rows:
            return
        caption, *heads = self.shown.people_header("compare.people")
        yield Heading(caption)
        yield self.table(self.speaker.say("comparison_people"), "people", heads, rows)
        if self.compared.tolerance:
            amount = self.speaker.money(self.compared.tolerance)
            yield Paragraph(self.words.phrase("compare.tolerance", amount=amount), "note")
        if self.compared.by:
            for one in self.compared.scenarios:
                yield from self.named(one)
                caption, *heads = self.shown.people_header("compare.by", by=self.compared.by)
                yield self.table(caption, "group", heads, self.shown.group_rows(one))
        if self.compared.parts and not self.compared.anonymous:
            yield self.table(
                self.phrase("parts"), "people", self.shown.money_header(), self.shown.part_rows()
            )
