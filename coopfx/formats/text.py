"""The year on one screen, as a terminal shows it."""

from collections.abc import Iterable
from fractions import Fraction
from statistics import median

from attrs import frozen

from coopfx.engine import outcome as out
from coopfx.formats import indicators_text
from coopfx.formats.conclusion import conclusion
from coopfx.formats.json import rule_label, rule_message
from coopfx.formats.origin import given_out
from coopfx.formats.terminal import WIDTH, Style, labelled, pad, safe, width, wrapped
from coopfx.ground.exact import (
    NUMBER,
    Missing,
    Type,
    Undefined,
    Value,
    money,
    quantity,
    round_to,
    step_of,
)
from coopfx.ground.report import Word
from coopfx.ground.words import Words

_MARKS = {
    out.SATISFIED: ("✓", "good"),
    out.TO_A_CENT: ("✓", "good"),
    out.VIOLATED: ("✗", "error"),
    out.NOT_APPLICABLE: ("–", "faint"),
    out.UNDETERMINED: ("?", "warning"),
    out.SET_ASIDE: ("⚠", "warning"),
}
# A recommendation that is not followed is no violation, and does not look like one.
_NOT_FOLLOWED = ("!", "warning")
_NAME = 36
_LEAST_NAME = 24
_RULE = 82
_MOST_CASES = 10
_MOST_BROKEN = 5
"""So many rules that are broken are named above the tables; below, all of them stand."""


# ---- the year


def outcome(
    result: out.Outcome,
    words: Words,
    style: Style,
    *,
    parts: bool = False,
    rules: bool = True,
    folder: str = "",
) -> str:
    """The year as a text; with ``parts``, also what each record receives.

    Without ``rules``, those alone that ask to be looked at are listed, and how many are kept is said: a
    year in which all is well then fits on a screen. ``folder`` is where the year's data stand, where the
    heading is to say it.
    """
    amount = quantity(money(result.currency))
    year = _Year(result, words, style, amount, rules, folder)
    sections = [
        year.heading(),
        year.broken(),
        year.allocations(),
        year.accounts(),
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
    rules: bool
    folder: str

    def title(self, key: str, **arguments: object) -> str:
        return self.style.paint(self.words.phrase(key, **arguments), "bold")

    def placed(self, title: str, article: str) -> str:
        """A title with its article, where it stands in one."""
        return (
            self.words.phrase("report.placed", title=title, article=article) if article else title
        )

    def money(self, value: Value | None) -> str:
        return safe(cell(value, self.amount, self.words))

    def why_unknown(self, values: Iterable[Value | None]) -> list[str]:
        """Below a section, once, what keeps its cells from being known."""
        missing: Missing | None = None
        reasons: dict[str, None] = {}
        for value in values:
            if isinstance(value, Missing):
                missing = value if missing is None else missing | value
            elif isinstance(value, Undefined):
                reasons[self.words.value(value, NUMBER)] = None
        said = [] if missing is None else [self.words.value(missing, NUMBER)]
        return [
            self.style.paint(line, "faint")
            for reason in (*said, *reasons)
            for line in wrapped(reason, "  ")
        ]

    def heading(self) -> list[str]:
        result = self.result
        laws = ", ".join(law.name for law in result.provenance.laws)
        changes = safe("; ".join(result.provenance.changes))
        key = "report.title.folder" if self.folder else "report.title"
        return [
            self.title(
                key,
                name=safe(result.cooperative),
                closing=self.words.date(result.closing),
                folder=safe(self.folder),
            ),
            self.words.phrase(
                "report.under" if laws else "report.statute",
                name=safe(result.statute),
                start=self.words.date(result.in_force_from),
                laws=laws,
            ),
            *([self.title("report.scenario", changes=changes)] if changes else []),
        ]

    def broken(self) -> list[str]:
        """The binding rules that the year breaks, a decision out of its bounds too, in a sentence."""
        found = [
            item for item in self.result.verdicts if item.binding and item.status == out.VIOLATED
        ]
        if not found:
            return []
        named = [self._broken(item) for item in found[:_MOST_BROKEN]]
        if (more := len(found) - _MOST_BROKEN) > 0:
            named.append(self.words.phrase("list.more", count=more))
        words = self.words
        said = words.counted(
            "report.breaks", len(found), rules=words.phrase("compare.and").join(named)
        )
        return [self.style.paint(line, "error") for line in wrapped(said, "")]

    def _broken(self, item: out.Verdict) -> str:
        """A rule that is broken, with what it came to and where it stands."""
        words, shown = self.words, sides(item, item, self.words)
        if item.counts is not None:
            applied = sum(item.counts.values()) - item.counts["not_applicable"]
            shown = words.phrase("report.kept_for", held=held_for(item.counts), count=applied)
        label = safe(rule_label(item, words))
        said = words.phrase("report.broken", rule=label, shown=shown) if shown else label
        place = ", ".join(one for one in (item.law, item.article and self._article(item)) if one)
        return f"{said} ({place})" if place else said

    def _article(self, item: out.Verdict) -> str:
        return self.words.phrase("report.article", article=item.article)

    def allocations(self) -> list[str]:
        lines: list[str] = []
        for allocation in self.result.allocations:
            if not allocation.held:
                continue
            source = self._source(allocation, allocation.record)
            of_surplus = allocation.source == "surplus" and allocation.record is None
            key = "report.allocation_surplus" if of_surplus else "report.allocation"
            head = self.placed(self.words.phrase(key, source=source), allocation.article)
            row = _row(head, self.money(allocation.amount))
            lines.append(self.style.paint(row, "bold"))
            for item in allocation.items:
                if item.losses and item.amount == 0:
                    continue
                rate, bar = self._part_of(item.amount, allocation.amount)
                label = self.words.label(item.account)
                if item.overflow:
                    label = self.words.phrase("report.overflow", account=label)
                name, *more = labelled(label, _NAME, "  ")
                left = f"{name} {rate:>8}  {bar}"
                lines.append(
                    f"{pad(left, WIDTH - 24)}{pad(self.money(item.amount), 24, right=True)}"
                )
                lines += more
            amounts = (item.amount for item in allocation.items)
            lines += self.why_unknown((allocation.amount, *amounts))
        return lines

    def _source(self, item: out.Allocation | out.Share, record: str | None) -> str:
        """What is shared out, and whose it is where each record has its own."""
        shown = given_out(item, self.words)
        if record is None:
            return shown
        return self.words.phrase("formula.received", name=shown, record=Word(record))

    def _part_of(self, part: Value, whole: Value) -> tuple[str, str]:
        if not (isinstance(part, Fraction) and isinstance(whole, Fraction)) or whole <= 0:
            return "", ""
        share = part / whole
        return self.words.percent(share), "█" * round(share * 25)

    def accounts(self) -> list[str]:
        """The reserves, where they are spoken of, and every other account that keeps money."""
        roots = list(dict.fromkeys(_root(item) for item in self.result.accounts))
        shown = sorted(
            (item for item in self.result.accounts if self._stands(item)),
            key=lambda item: roots.index(_root(item)),
        )
        if not shown:
            return []
        reserves_alone = all(_is_reserve(item) for item in shown)
        sides = ["opening", "added", "taken", "closing"]
        if all(item.taken == 0 for item in shown):
            sides.remove("taken")
        rows = [[self.words.phrase(f"report.{at}") for at in sides]]
        rows += [[self.money(getattr(item, at)) for at in sides] for item in shown]
        wide = [max(map(width, column)) + 3 for column in zip(*rows, strict=True)]
        names = [
            (self.words.phrase("report.reserves" if reserves_alone else "report.accounts"), "")
        ]
        names += [
            (self.words.label(item.name), "  " * (1 + item.name.count("."))) for item in shown
        ]
        room = max(WIDTH - sum(wide), _LEAST_NAME)
        lines = []
        for (name, indent), row in zip(names, rows, strict=True):
            first, *more = labelled(name, room - len(indent), indent)
            cells = zip(row, wide, strict=True)
            lines.append(first + "".join(pad(text, own, right=True) for text, own in cells))
            lines += more
        lines[0] = self.style.paint(lines[0], "bold")
        lines += [
            self.style.paint(line, "faint")
            for item in shown
            if item.between
            for line in wrapped(self._between(item.name, item.between), "  ")
        ]
        return lines + self.why_unknown(getattr(item, at) for item in shown for at in sides)

    def _between(self, account: str, moved: Fraction) -> str:
        """What moved an account between the closing of the year before and this opening."""
        key = "report.between.came" if moved > 0 else "report.between.went"
        return self.words.phrase(
            key, account=self.words.label(account), amount=self.money(abs(moved))
        )

    def _stands(self, item: out.AccountYear) -> bool:
        """Whether an account keeps money, or kept some: not a pool's, nor what is only passed on."""
        if item.management:
            return False
        if not _is_reserve(item):
            return _moved(item) and not item.opening == item.closing == 0
        if "." in item.name and item.opening == item.added == item.taken == 0:
            return False
        tree = (other for other in self.result.accounts if _root(other) == _root(item))
        return any(map(_moved, tree))

    def shares(self) -> list[str]:
        if not self.result.shares:
            return []
        lines = [self.title("report.shares")]
        for share in self.result.shares:
            known = share.parts is not None
            head = self.words.phrase(
                "report.share" if known else "report.share.unknown",
                source=self._source(share, share.segment),
                group=self._number_of(len(share.parts or ()), share.group)
                if known
                else self.words.word(share.group),
            )
            head = self.placed(head, share.article)
            if isinstance(share.amount, Fraction) and share.amount < 0:
                nothing = self.words.phrase("report.nothing", amount=self.money(share.amount))
                lines += [_row("  " + head, self.money(Fraction(0))), "    " + nothing]
                continue
            lines.append(_row("  " + head, self.money(share.amount)))
            paid = [part for _, part in share.parts or ()]
            if paid:
                low, high = min(paid), max(paid)
                middle = round_to(median(paid), step_of(self.amount.unit) or Fraction(1))
                spread = zip(
                    ("low", "middle", "high"), map(self.money, (low, middle, high)), strict=True
                )
                key = "report.spread" if low < high else "report.spread.alike"
                lines.append("    " + self.words.phrase(key, **dict(spread)))
            if isinstance(share.undistributed, Fraction) and share.undistributed != 0:
                left = self.money(share.undistributed)
                lines.append("    " + self.words.phrase("report.undistributed", amount=left))
            if isinstance(share.excess, Fraction) and share.excess != 0:
                amount = self.money(share.excess)
                account = self.words.label(share.excess_account or "")
                lines.append(
                    "    " + self.words.phrase("report.withheld", amount=amount, account=account)
                )
        values = [
            item for share in self.result.shares for item in (share.amount, share.undistributed)
        ]
        return lines + self.why_unknown(values)

    def _number_of(self, count: int, group: str) -> str:
        """So many of a group, as people say it: nobody, one worker, two workers."""
        if count == 0:
            return self.words.phrase("report.nobody")
        singular = self.words.singulars.get(group)
        return f"{count} {singular[0] if singular and count == 1 else self.words.word(group)}"

    def pools(self) -> list[str]:
        lines = []
        for pool in self.result.pools:
            kept = [part for _, _, part in pool.parts if isinstance(part, Fraction)]
            head = self.words.phrase("report.pool", figure=self.words.label(pool.figure))
            lines.append(self.style.paint(self.placed(head, pool.article), "bold"))
            values = [value for _, *figures in pool.parts for value in figures]
            whole = unknown_among(values, pool.pooled)
            kept_line = self.words.counted("report.kept", len(pool.parts))
            kept_in_all = sum(kept, Fraction(0)) if whole is None else whole
            lines.append(_row("  " + kept_line, self.money(kept_in_all)))
            lines.append(_row("  " + self.words.label(pool.account), self.money(pool.pooled)))
            lines += self.why_unknown([*values, pool.pooled])
        return lines

    def verdicts(self) -> list[str]:
        lines = []
        listed = [item for item in self.result.verdicts if self.rules or not _is_well(item)]
        for origin, chosen in (
            ("law", _decided_first([item for item in listed if item.law])),
            ("statute", [item for item in listed if not item.law]),
        ):
            if chosen:
                lines.append(self.title(f"report.rules.{origin}"))
                for item in chosen:
                    lines += self._verdict(item)
        if any(item.to_confirm for item in listed):
            lines.append("  " + self.style.paint(self.words.phrase("report.to_confirm"), "faint"))
        return lines

    def _verdict(self, item: out.Verdict) -> list[str]:
        mark, colour = _MARKS[item.status]
        if item.status == out.VIOLATED and not item.binding:
            mark, colour = _NOT_FOLLOWED
        words = self.words
        place = self._article(item) if item.article else ""
        place += " *" if item.to_confirm else ""
        status = words.phrase(f"status.{item.status}")
        shown = status if item.set_aside else sides(item, item, words)
        if item.counts is not None:
            applied = sum(item.counts.values()) - item.counts["not_applicable"]
            shown = words.phrase("report.records", held=held_for(item.counts), count=applied)
        title = safe(rule_label(item, words))
        # Figures are never cut: where they find no room beside the title, they stand below it.
        beside = width(title) + 1 + width(shown) <= _RULE
        row, *further = [_row(title, shown, _RULE)] if beside else labelled(title, _RULE, "    ")
        line = f"  {self.style.paint(mark, colour)} {row.removeprefix('    ')}"
        lines = [f"{line}  {self.style.paint(place, 'faint')}" if place else line, *further]
        if not beside:
            lines.append("    " + pad(shown, max(_RULE, width(shown)), right=True))
        if item.status == out.VIOLATED:
            lines += wrapped(rule_message(item, words), "      ")
        if item.allowance is not None:
            allowance = (item.allowance, item.type or NUMBER)
            lines += wrapped(words.phrase("report.to_a_cent", allowance=allowance), "      ")
        if item.set_aside:
            lines += wrapped(words.phrase("report.aside", why=item.set_aside), "      ")
        for why in (None if item.cases else item.missing, item.undefined):
            if why is not None:
                lines += wrapped(words.value(why, NUMBER), "      ")
        most = _MOST_CASES + (len(item.cases) == _MOST_CASES + 1)
        for case in item.cases[:most]:
            lines += wrapped(self._case(item, case), "      ")
        if (more := len(item.cases) - most) > 0:
            lines.append("      " + words.phrase("list.more", count=more))
        return lines

    def _case(self, item: out.Verdict, case: out.Case) -> str:
        """What a rule says of one record that it does not hold for."""
        if case.status == out.UNDETERMINED:
            why = unknown_among((case.missing, case.left, case.right), None)
            shown = self.words.value(Undefined("condition") if why is None else why, NUMBER)
        else:
            shown = sides(case, item, self.words) or self.words.phrase(f"status.{case.status}")
        return self.words.phrase("report.case", record=safe(case.record), shown=shown)

    def indicators(self) -> list[str]:
        if not self.result.indicators:
            return []
        title = self.words.phrase("report.indicators")
        lines = indicators_text.table(self.result, title, self.words, self.style)
        values = [value for item in self.result.indicators for value in (item.value, item.target)]
        return lines + self.why_unknown(values)

    def parts(self) -> list[str]:
        lines: list[str] = []
        for share in self.result.shares:
            lines.append(self.title("report.parts", source=self._source(share, None)))
            if share.parts is None:
                lines += self.why_unknown((share.amount, share.undistributed))
            parts = [(safe(record), self.money(part)) for record, part in share.parts or ()]
            # Nobody's identifier is cut: it is all that tells one from another.
            room = max((12, *(width(record) for record, _ in parts)))
            shown = [f"{pad(record, room)}{pad(part, 18, right=True)}" for record, part in parts]
            height = -(-len(shown) // max(1, WIDTH // (room + 21)))
            for row in range(height):
                lines.append("  " + "   ".join(shown[row::height]))
        return lines

    def verdict_of_all(self) -> list[str]:
        """The last lines: what the year comes to."""
        said = conclusion(self.result, self.words)
        if not self.rules:
            said += self._unlisted()
        painted = [
            self.style.paint(line, colour) for text, colour in said for line in wrapped(text, "")
        ]
        fits = sum(width(text) + 1 for text, _ in said) <= WIDTH
        return [" ".join(painted)] if fits else painted

    def _unlisted(self) -> list[tuple[str, str]]:
        """What is said of the rules that are not listed: how unsure they are, and how to list them."""
        well = [item for item in self.result.verdicts if _is_well(item)]
        unsure = sum(item.to_confirm for item in well if item.kept)
        said = (
            [(self.words.counted("report.unlisted_to_confirm", unsure), "faint")] if unsure else []
        )
        return [*said, (self.words.phrase("report.unlisted"), "faint")] if well else said


def cell(value: Value | None, type_: Type, words: Words) -> str:
    """A value as it stands in a table: the reason why it is not known stands elsewhere."""
    if isinstance(value, Missing):
        return words.phrase("value.unknown")
    if isinstance(value, Undefined):
        return words.phrase("value.without")
    return words.value(value, type_)


def _is_well(item: out.Verdict) -> bool:
    """Whether nothing of a rule asks to be looked at: it is kept, exactly, or does not apply."""
    return item.status in (out.SATISFIED, out.NOT_APPLICABLE) and item.undefined is None


def held_for(counts: dict[str, int]) -> int:
    """How many records keep a rule, be it to a cent."""
    return sum(counts[status.replace(" ", "_")] for status in out.KEPT)


def sides(of: out.Verdict | out.Case, judged: out.Verdict, words: Words) -> str:
    """Both sides of a comparison, money as it is paid; where it fails, what was asked instead."""
    type_ = judged.type
    left, right = (judged.as_shown(of, side) for side in (of.left, of.right))
    if type_ is None or not isinstance(left, Fraction) or not isinstance(right, Fraction):
        return ""
    percent = judged.percent and type_ == NUMBER
    return words.phrase(
        "report.instead" if of.status in (out.VIOLATED, out.TO_A_CENT) else "formula.compare",
        left=words.percent(left, 4) if percent else words.value(left, type_),
        relation=words.phrase(f"relation.{judged.relation}"),
        right=words.percent(right, 4) if percent else words.value(right, type_),
    )


def unknown_among(
    values: Iterable[Value | None], other: Value | None
) -> Missing | Undefined | None:
    """The first of some values that is not known or does not exist."""
    return next(
        (value for value in (*values, other) if isinstance(value, Missing | Undefined)), None
    )


def _decided_first(verdicts: list[out.Verdict]) -> list[out.Verdict]:
    """The verdicts in their order, but those that want figures after those that say something."""
    return sorted(verdicts, key=lambda item: item.status == out.UNDETERMINED)


def _row(left: str, right: str, size: int = WIDTH) -> str:
    return left + " " * max(1, size - width(left) - width(right)) + right


def _is_reserve(item: out.AccountYear) -> bool:
    return item.indivisible or _root(item) == "reserves"


def _root(item: out.AccountYear) -> str:
    return item.name.split(".")[0]


def _moved(item: out.AccountYear) -> bool:
    """Whether there was money in an account, or some came that has not gone on."""
    return not isinstance(item.opening, Missing) or item.added != item.taken
