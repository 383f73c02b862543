"""The year on one screen, and why a figure is what it is, as a terminal shows them."""

import textwrap
from collections.abc import Iterable
from fractions import Fraction
from statistics import median

from attrs import frozen

from coopfx.engine import outcome as out
from coopfx.exact import Type, Value, money, quantity, round_to, step_of
from coopfx.formats.json import rule_label, rule_message
from coopfx.formats.terminal import WIDTH, Style, pad, safe, width
from coopfx.words import Words

_MARKS = {
    out.SATISFIED: ("✓", "good"),
    out.VIOLATED: ("✗", "error"),
    out.NOT_APPLICABLE: ("–", "faint"),
    out.UNDETERMINED: ("?", "warning"),
}


# ---- the year


def outcome(result: out.Outcome, words: Words, style: Style, *, parts: bool = False) -> str:
    """The year on one screen; with ``parts``, also what each record receives."""
    amount = quantity(money(result.currency))
    year = _Year(result, words, style, amount)
    sections = [
        year.heading(),
        year.allocations(),
        year.reserves(),
        year.shares(),
        year.pools(),
        year.verdicts(),
        year.indicators(),
        year.parts() if parts else [],
        year.verdict_of_all(),
    ]
    return "\n\n".join("\n".join(section) for section in sections if section) + "\n"


@frozen(slots=True)
class _Year:
    result: out.Outcome
    words: Words
    style: Style
    amount: Type

    def title(self, key: str, **arguments: object) -> str:
        return self.style.paint(self.words.phrase(key, **arguments), "bold")

    def money(self, value: Value | None) -> str:
        return safe(self.words.value(value, self.amount))

    def heading(self) -> list[str]:
        result = self.result
        laws = ", ".join(name for name, _ in result.provenance.laws)
        return [
            self.title(
                "report.title",
                name=safe(result.cooperative),
                closing=self.words.date(result.closing),
            ),
            self.words.phrase(
                "report.under",
                name=safe(result.statute),
                start=self.words.date(result.in_force_from),
                laws=laws or "–",
            ),
        ]

    def allocations(self) -> list[str]:
        lines: list[str] = []
        for allocation in self.result.allocations:
            source = self.words.label(allocation.source or "")
            head = self.words.phrase("report.allocation", source=source, article=allocation.article)
            row = _row(head, self.money(allocation.amount))
            lines.append(self.style.paint(row, "bold"))
            for item in allocation.items:
                if item.losses and item.amount == 0:
                    continue
                rate, bar = self._part_of(item.amount, allocation.amount)
                left = f"  {pad(self.words.label(item.account), 34)} {rate:>8}  {bar}"
                lines.append(
                    f"{pad(left, WIDTH - 24)}{pad(self.money(item.amount), 24, right=True)}"
                )
        return lines

    def _part_of(self, part: Value, whole: Value) -> tuple[str, str]:
        if not (isinstance(part, Fraction) and isinstance(whole, Fraction)) or whole <= 0:
            return "", ""
        share = part / whole
        return self.words.percent(share), "█" * round(share * 25)

    def reserves(self) -> list[str]:
        shown = [
            item
            for item in self.result.accounts
            if item.indivisible or item.name.split(".")[0] == "reserves"
        ]
        if not shown:
            return []
        columns = [self.words.phrase(f"report.{at}") for at in ("opening", "added", "closing")]
        title = pad(self.words.phrase("report.reserves"), 34)
        head = title + "".join(pad(column, 22, right=True) for column in columns)
        lines = [self.style.paint(head, "bold")]
        for item in shown:
            figures = [self.money(value) for value in (item.opening, item.added, item.closing)]
            name = ("  " * (1 + item.name.count("."))) + self.words.label(item.name)
            lines.append(pad(name, 34) + "".join(pad(text, 22, right=True) for text in figures))
        return lines

    def shares(self) -> list[str]:
        if not self.result.shares:
            return []
        lines = [self.title("report.shares")]
        for share in self.result.shares:
            head = self.words.phrase(
                "report.share",
                source=self.words.label(share.source or ""),
                count=len(share.parts or ()),
                group=self.words.word(share.group),
                article=share.article,
            )
            lines.append(_row("  " + head, self.money(share.amount)))
            if share.parts:
                paid = [part for _, part in share.parts]
                lines.append(
                    "    "
                    + self.words.phrase(
                        "report.spread",
                        low=self.money(min(paid)),
                        middle=self.money(median(paid)),
                        high=self.money(max(paid)),
                    )
                )
            if share.undistributed != 0:
                left = self.money(share.undistributed)
                lines.append("    " + self.words.phrase("report.undistributed", amount=left))
        return lines

    def pools(self) -> list[str]:
        lines = []
        for pool in self.result.pools:
            kept = [part for _, _, part in pool.parts if isinstance(part, Fraction)]
            head = self.title(
                "report.pool", figure=self.words.label(pool.figure), article=pool.article
            )
            lines.append(head)
            kept_line = self.words.phrase("report.kept", count=len(pool.parts))
            lines.append(_row("  " + kept_line, self.money(sum(kept, Fraction(0)))))
            lines.append(_row("  " + self.words.label(pool.account), self.money(pool.pooled)))
        return lines

    def verdicts(self) -> list[str]:
        lines = []
        for origin, chosen in (
            ("law", [item for item in self.result.verdicts if item.law]),
            ("statute", [item for item in self.result.verdicts if not item.law]),
        ):
            if chosen:
                lines.append(self.title(f"report.rules.{origin}"))
                for item in chosen:
                    lines += self._verdict(item)
        if any(item.to_confirm for item in self.result.verdicts):
            lines.append("  " + self.style.paint(self.words.phrase("report.to_confirm"), "faint"))
        return lines

    def _verdict(self, item: out.Verdict) -> list[str]:
        mark, colour = _MARKS[item.status]
        words = self.words
        place = words.phrase("report.article", article=item.article)
        if item.to_confirm:
            place += " *"
        sides = self._sides(item.type, item.relation, item.left, item.right)
        if item.counts is not None:
            applied = sum(item.counts.values()) - item.counts["not_applicable"]
            sides = words.phrase("report.records", held=item.counts["satisfied"], count=applied)
        title = pad(safe(rule_label(item, words)), 46)
        lines = [
            f"  {self.style.paint(mark, colour)} {title} {pad(sides, 35, right=True)}  "
            f"{self.style.paint(place, 'faint')}"
        ]
        if item.status == out.VIOLATED:
            message = safe(rule_message(item, words))
            lines += [f"      {message}"] if message else []
            lines += [
                f"      {safe(case.record)} : "
                + self._sides(item.type, item.relation, case.left, case.right)
                for case in item.cases[:10]
            ]
        if item.missing:
            lines.append("      " + words.phrase("value.missing", facts=words.facts(item.missing)))
        if item.undefined:
            lines.append("      " + words.phrase(f"undefined.{item.undefined.reason}"))
        return lines

    def _sides(
        self, type_: Type | None, relation: str | None, left: Value | None, right: Value | None
    ) -> str:
        """Both sides of a comparison, money as it is paid."""
        if type_ is None or not isinstance(left, Fraction) or not isinstance(right, Fraction):
            return ""
        step = step_of(type_.unit)
        if step is not None:
            left, right = round_to(left, step), round_to(right, step)
        sign = self.words.phrase(f"relation.{relation}")
        return f"{self.words.value(left, type_)} {sign} {self.words.value(right, type_)}"

    def indicators(self) -> list[str]:
        if not self.result.indicators:
            return []
        lines = [self.title("report.indicators")]
        pillars = dict.fromkeys(item.pillar for item in self.result.indicators)
        for pillar in pillars:
            name = self.words.label(pillar) if pillar else ""
            for item in self.result.indicators:
                if item.pillar == pillar:
                    lines.append(self._indicator(item, name))
                    name = ""
        return lines

    def _indicator(self, item: out.IndicatorYear, pillar: str) -> str:
        shown = pad(self._figure(item, item.value), 14, right=True)
        line = f"  {pad(pillar, 12)}{pad(safe(item.label), 54)}{shown}"
        if item.target is None:
            return line.rstrip()
        relation = self.words.phrase(f"relation.{item.relation}")
        mark, colour = {True: ("✓", "good"), False: ("✗", "error"), None: ("?", "warning")}[
            item.met
        ]
        target = f"{relation} {self._figure(item, item.target)}"
        return f"{line}   {self.style.paint(mark, colour)} {self.style.paint(target, 'faint')}"

    def _figure(self, item: out.IndicatorYear, value: Value) -> str:
        if item.percent and isinstance(value, Fraction):
            return self.words.percent(value)
        return self.words.value(value, item.type)

    def parts(self) -> list[str]:
        lines: list[str] = []
        for share in self.result.shares:
            lines.append(self.title("report.parts", source=self.words.label(share.source or "")))
            shown = [
                f"{pad(safe(record), 12)}{pad(self.money(part), 18, right=True)}"
                for record, part in share.parts or ()
            ]
            height = -(-len(shown) // 3)
            for row in range(height):
                lines.append("  " + "   ".join(shown[row::height]))
        return lines

    def verdict_of_all(self) -> list[str]:
        verdicts = self.result.verdicts
        violated = sum(item.binding and item.status == out.VIOLATED for item in verdicts)
        unknown = sum(item.status == out.UNDETERMINED for item in verdicts)
        if violated:
            return [self.style.paint(self.words.phrase("report.violated", count=violated), "error")]
        if unknown:
            return [
                self.style.paint(self.words.phrase("report.undetermined", count=unknown), "warning")
            ]
        return [
            self.style.paint(self.words.phrase("report.all_satisfied", count=len(verdicts)), "good")
        ]


def _row(left: str, right: str) -> str:
    return left + " " * max(1, WIDTH - width(left) - width(right)) + right


# ---- explanations


def explanation(item: out.Explanation, words: Words, style: Style) -> str:
    """An explanation as a tree, each step with where it is written."""
    return "\n".join(_steps(item, words, style, "", "")) + "\n"


def _steps(
    item: out.Explanation, words: Words, style: Style, first: str, rest: str
) -> Iterable[str]:
    said = safe(words.phrase(item.how, **item.arguments))
    place = _written(item, words)
    room = max(40, WIDTH - len(first))
    lines = textwrap.wrap(said, room, break_on_hyphens=False) or [""]
    yield first + lines[0]
    follow = rest + ("│  " if item.steps else "   ") if rest or first else ""
    for line in lines[1:]:
        yield follow + line
    if place:
        for line in textwrap.wrap(place, room, break_on_hyphens=False):
            yield follow + style.paint(line, "faint")
    for position, step in enumerate(item.steps):
        last = position == len(item.steps) - 1
        yield from _steps(
            step, words, style, rest + ("└─ " if last else "├─ "), rest + ("   " if last else "│  ")
        )


def _written(item: out.Explanation, words: Words) -> str:
    if item.law:
        return words.phrase(
            "explain.place.law", law=item.law, article=item.article, reference=item.reference
        )
    if item.span and item.article:
        return words.phrase(
            "explain.place.statute", article=item.article, line=item.span.line, file=item.span.file
        )
    return words.phrase("explain.place.line", line=item.span.line) if item.span else ""
