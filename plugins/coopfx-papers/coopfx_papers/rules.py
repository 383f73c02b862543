"""The rules in the report: what needs attention first, advice apart, what is kept in an annex."""

from collections.abc import Iterator, Sequence

from attrs import define

from coopfx.engine import outcome as out
from coopfx.extending import held_for, rule_label, rule_message, sides
from coopfx_papers.paper import Block, Column, Heading, Paragraph, Table
from coopfx_papers.said import Speaker

_MARKS = {
    out.SATISFIED: "✓",
    out.TO_A_CENT: "✓",
    out.VIOLATED: "✗",
    out.NOT_APPLICABLE: "–",
    out.UNDETERMINED: "?",
    out.SET_ASIDE: "⚠",
}
_OPEN = (out.VIOLATED, out.SET_ASIDE, out.UNDETERMINED)
_FEW = 4
"""So many rules that cannot be judged have room on the first page."""


@define
class Rules:
    """The rules of a year; what they compare stays unsaid where nobody is to be found."""

    results: out.Results
    speaker: Speaker
    anonymous: bool
    starred: bool = False

    def attention(self) -> Iterator[Block]:
        """What is not kept, set aside or not decided, the broken rules first; how many are kept.

        Where many are not decided, they are counted here and listed by themselves.
        """
        say, verdicts = self.speaker.say, self.results.outcome.verdicts
        if not verdicts:
            return
        yield Heading(say("is_it_lawful"))
        kept = sum(item.kept for item in verdicts if item.binding)
        idle = sum(item.status == out.NOT_APPLICABLE for item in verdicts if item.binding)
        yield Paragraph(say("kept_counted", count=kept, idle=idle))
        later = self._later()
        if later:
            yield Paragraph(say("open_counted", count=len(later)))
        found = [item for item in verdicts if item.binding and item.status in _OPEN]
        found = [item for item in found if item not in later]
        found.sort(key=lambda item: _OPEN.index(item.status))
        if found:
            yield from self._table(say("attention"), [("", found)])

    def undecided(self) -> Iterator[Block]:
        """The binding rules that cannot be judged, where they are too many for the first page."""
        later = self._later()
        if later:
            yield Heading(self.speaker.say("open_head"))
            yield from self._table(self.speaker.say("open_caption"), [("", later)])

    def _later(self) -> list[out.Verdict]:
        found = [
            item
            for item in self.results.outcome.verdicts
            if item.binding and item.status == out.UNDETERMINED
        ]
        return found if len(found) > _FEW else []

    def advice(self) -> Iterator[Block]:
        """The recommendations that are not followed, or not decided."""
        say = self.speaker.say
        found = [
            item
            for item in self.results.outcome.verdicts
            if not item.binding and item.status in _OPEN
        ]
        if found:
            yield Heading(say("advice_head"))
            yield Paragraph(say("advice_said"))
            yield from self._table(say("advice"), [("", found)])

    def annex(self) -> Iterator[Block]:
        """The rules that are kept, the advice that is followed, and what did not apply."""
        say = self.speaker.say
        done = [item for item in self.results.outcome.verdicts if item.status not in _OPEN]
        if done:
            yield Heading(say("annex"))
            parts = [
                (say("law"), [item for item in done if item.law]),
                (say("statute"), [item for item in done if not item.law]),
            ]
            yield from self._table(say("rules_caption"), parts)

    def broken(self, item: out.Verdict) -> str:
        """A broken rule with both its sides, as a sentence."""
        words = self.speaker.words
        title = self.speaker.begin(rule_label(item, words))
        title = words.phrase("report.placed", title=title, article=item.article)
        shown = self._sides(item, broken=True)
        colon = "\u00a0:" if words.language == "fr" else ":"
        said = f"✗ {title}" + (f"{colon} {shown}." if shown else ".")
        return f"{said} {rule_message(item, words)}".strip()

    def _table(
        self, caption: str, parts: Sequence[tuple[str, Sequence[out.Verdict]]]
    ) -> Iterator[Block]:
        """Rules with their articles, sides and verdicts; what a star means is said once in the paper."""
        say, words = self.speaker.say, self.speaker.words
        rows: list[tuple[str, ...]] = []
        marks = {}
        stars = False
        for title, chosen in parts:
            if title and chosen:
                marks[len(rows)] = "group"
                rows.append((title, "", "", ""))
            for item in chosen:
                ignored = item.status == out.VIOLATED and not item.binding
                status = words.phrase("status.not followed" if ignored else f"status.{item.status}")
                if item.status == out.VIOLATED:
                    marks[len(rows)] = "amiss"
                stars = stars or item.to_confirm
                rows.append(
                    (
                        self.speaker.begin(rule_label(item, words)),
                        item.article + (" *" if item.to_confirm else ""),
                        self._sides(item),
                        f"{'!' if ignored else _MARKS[item.status]} {status}",
                    )
                )
        columns = [
            Column(say("rule"), width=7),
            Column(say("article_head"), width=2),
            Column(say("sides"), width=5),
            Column(say("status"), width=3),
        ]
        if not any(row[2] for row in rows):
            del columns[2]
            rows = [(*row[:2], row[3]) for row in rows]
        if stars and not self.starred:
            self.starred = True
            yield Paragraph(say("to_confirm"), "note")
        yield Table(caption, tuple(columns), tuple(rows), marks)

    def _sides(self, item: out.Verdict, *, broken: bool = False) -> str:
        """Both sides of a rule; of one over records, how many keep it, or do not where it is ``broken``."""
        words = self.speaker.words
        if item.set_aside:
            return words.phrase("report.aside", why=item.set_aside)
        if item.status == out.UNDETERMINED and item.missing is not None:
            return self.speaker.say("wanting", facts=self.speaker.facts(item.missing, 2))
        if self.anonymous:
            return ""
        if item.counts is not None:
            applied = sum(item.counts.values()) - item.counts["not_applicable"]
            if broken:
                held = item.counts["violated"]
                return self.speaker.say("not_kept_for", count=held, all=applied)
            return words.phrase("report.records", held=held_for(item.counts), count=applied)
        return sides(item, item, words)
