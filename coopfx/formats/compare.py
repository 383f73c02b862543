"""Scenarios of a year on a terminal: what changes, where the money goes, which rules, whom."""

from collections.abc import Mapping, Sequence
from fractions import Fraction

from attrs import Factory, frozen

from coopfx.engine import outcome as out
from coopfx.formats.aligned import aligned
from coopfx.formats.anonymous import LEAST
from coopfx.formats.compare_rows import Row, opened, rows_of
from coopfx.formats.gains import Gains, gains_of, grouped, people
from coopfx.formats.json import rule_label
from coopfx.formats.origin import source_called
from coopfx.formats.terminal import Style, safe, width, wrapped
from coopfx.formats.text import cell, held_for, sides, unknown_among
from coopfx.ground.exact import NUMBER, Type, Value, money, quantity, round_to, step_of
from coopfx.ground.words import Words

_MOST_NAMED = 3
_NAME = 22


@frozen(slots=True)
class Asked:
    """How scenarios are to be shown.

    A difference of up to the ``tolerance`` counts as none. ``groups`` has what each person is grouped
    by, which is called ``by``; ``names`` what people are called, where the data say so.
    """

    tolerance: Fraction = Fraction(0)
    by: str = ""
    groups: Mapping[str, str] = Factory(dict)
    names: Mapping[str, str] = Factory(dict)
    anonymous: bool = False
    parts: bool = False


def comparison(found: Sequence[out.Scenario], asked: Asked, words: Words, style: Style) -> str:
    """One or several scenarios of a year beside it, each with a sentence on top."""
    shown = Shown(found, asked, words, style)
    sections = [
        shown.heading(),
        shown.sentences(),
        shown.changes(),
        shown.money(),
        shown.rules(),
        shown.people(),
        shown.groups(),
        shown.parts() if asked.parts and not asked.anonymous else [],
    ]
    return "\n\n".join("\n".join(section) for section in sections if section) + "\n"


def sentence(one: out.Scenario, asked: Asked, words: Words) -> str:
    """What a scenario comes to, in a sentence."""
    if one.idle:
        return words.phrase("compare.idle", why=words.phrase(f"compare.idle.{one.idle}"))
    found, amount = one.comparison, _amount(one.comparison)
    said = _said_of_people(_gains(people(found), asked, amount), asked, words, amount)
    said += _said_of_accounts(found, words, amount) + _said_of_rules(found, words)
    text = words.phrase("compare.and").join(said)
    return text[:1].upper() + text[1:] + "."


def _amount(found: out.Comparison) -> Type:
    return quantity(money(found.year.currency))


def _gains(records: Sequence[out.RecordCompared], asked: Asked, amount: Type) -> Gains:
    return gains_of(records, asked.tolerance, step_of(amount.unit) or Fraction(1))


def _said_of_people(found: Gains, asked: Asked, words: Words, amount: Type) -> list[str]:
    said = []
    for key, count, spread in (
        ("lose", found.lose, found.losses),
        ("gain", found.gain, found.wins),
    ):
        if not count or spread is None:
            continue
        if asked.anonymous:
            said.append(_count(f"compare.{key}.counted", count, asked, words))
            continue
        low, high = ((one, amount) for one in spread)
        form = f"compare.{key}" + (".alike" if count > 1 and spread[0] == spread[1] else "")
        said.append(words.counted(form, count, low=low, high=high))
    if said and found.same:
        said.append(_count("compare.same", found.same, asked, words))
    if not said and found.same:
        said.append(words.phrase("compare.nobody"))
    if found.unknown:
        said.append(_count("compare.unknown", found.unknown, asked, words))
    return said


def _count(key: str, count: int, asked: Asked, words: Words) -> str:
    if asked.anonymous and count < LEAST:
        return words.phrase(f"{key}.few", count=LEAST)
    return words.counted(key, count)


def _said_of_accounts(found: out.Comparison, words: Words, amount: Type) -> list[str]:
    """The accounts whose balance is another, or not known: branches where what they add up to is not."""
    said = []
    received = {place.name for row in found.records for place, _ in row.by}
    same = {one.place.name for one in found.accounts if one.difference == 0}
    for one in found.accounts:
        above = one.place.name.rpartition(".")[0]
        if one.management or (above and above not in same):
            continue
        difference, label = one.difference, words.label(one.place.name)
        if not isinstance(difference, Fraction) and one.place.name in received:
            continue  # of what only passes through, that is said of people
        if not isinstance(difference, Fraction):
            said.append(words.phrase("compare.account.unknown", account=label))
        elif difference != 0:
            sort = "more" if difference > 0 else "less"
            shown = (abs(difference), amount)
            said.append(words.phrase(f"compare.account.{sort}", account=label, amount=shown))
    return said


def _said_of_rules(found: out.Comparison, words: Words) -> list[str]:
    turned = [one for one in found.rules if one.turned]
    if not turned:
        return [words.phrase("compare.rules.none")]
    sorts: dict[str, list[str]] = {}
    for one in turned:
        title = words.phrase("compare.rule", title=rule_label(one.verdict, words))
        sorts.setdefault(_sort(one), []).append(title)
    return [
        words.counted(
            f"compare.rules.{sort}",
            len(titles),
            rules=words.first_few(titles, str, _MOST_NAMED),
        )
        for sort, titles in sorts.items()
    ]


def _sort(one: out.RuleCompared) -> str:
    """Which way a verdict turns."""
    if one.before is None:
        return "new"
    if one.after is None:
        return "gone"
    if one.after.status == out.VIOLATED:
        return "violated" if one.after.binding else "not_followed"
    return "kept" if one.before.status == out.VIOLATED and one.after.kept else "otherwise"


def is_bad(one: out.RuleCompared) -> bool:
    """Whether a rule comes to be violated, or advice not followed."""
    return _sort(one) in ("violated", "not_followed")


def asked_of(compared: out.Compared) -> Asked:
    """How scenarios are to be shown, as a writer of comparisons is told."""
    return Asked(
        compared.tolerance,
        compared.by,
        compared.groups,
        compared.names,
        compared.anonymous,
        compared.parts,
    )


@frozen(slots=True)
class Shown:
    """Scenarios, part by part: as lines of a terminal, and as the cells that other papers set."""

    found: Sequence[out.Scenario]
    asked: Asked
    words: Words
    style: Style

    @property
    def several(self) -> bool:
        return len(self.found) > 1

    def title(self, key: str, **arguments: object) -> str:
        return self.style.paint(self.words.phrase(key, **arguments), "bold")

    def amount(self, value: Value | None) -> str:
        return safe(cell(value, _amount(self.found[0].comparison), self.words))

    def signed(self, value: Value) -> str:
        plus = "+" if isinstance(value, Fraction) and value > 0 else ""
        return plus + self.amount(value)

    def named(self, one: out.Scenario) -> list[str]:
        return [self.style.paint(safe(one.name), "bold")] if self.several else []

    def heading(self) -> list[str]:
        year = self.found[0].comparison.year
        closing = self.words.date(year.closing)
        return [
            self.title("compare.title", name=safe(year.cooperative), closing=closing),
            *wrapped(
                self.words.phrase(
                    "report.scenario", changes=safe(" | ".join(one.name for one in self.found))
                )
            ),
        ]

    def sentences(self) -> list[str]:
        lines = []
        for one in self.found:
            lines += self.named(one)
            lines += wrapped(sentence(one, self.asked, self.words), "  " if self.several else "")
        return lines

    def figures_set(self, one: out.Scenario) -> list[str]:
        """The figures that a scenario sets, as its outcome says of itself."""
        texts = {item.file for item in one.amended}
        return [said for said in one.comparison.scenario.provenance.changes if said not in texts]

    def place(self, item: out.Amended) -> str:
        """Where lines are amended."""
        key = "compare.place" if item.article else "compare.place.line"
        place = {"article": item.article, "file": item.file, "line": item.line}
        return self.words.phrase(key, **place)

    def examples(self, one: out.Scenario) -> str:
        """Which examples no longer come out; empty where all do."""
        if not one.examples:
            return ""
        titles = [self.words.phrase("compare.rule", title=title) for title in one.examples]
        few = self.words.first_few(titles, str, _MOST_NAMED)
        return self.words.counted("compare.examples", len(titles), titles=few)

    def changes(self) -> list[str]:
        lines = [self.title("compare.changes")]
        for one in self.found:
            lines += self.named(one)
            for item in one.amended:
                lines.append("  " + self.place(item))
                lines += [self.style.paint(f"    − {safe(line)}", "error") for line in item.old]
                lines += [self.style.paint(f"    + {safe(line)}", "good") for line in item.new]
            figures = self.figures_set(one)
            if figures:
                lines.append("  " + self.words.phrase("compare.figures"))
            lines += [self.style.paint(f"    + {safe(change)}", "good") for change in figures]
            lines += wrapped(self.examples(one), "  ") if one.examples else []
        return lines

    def table(self, header: Sequence[str], rows: Sequence[Sequence[str]]) -> list[str]:
        return aligned(header, rows, self.style)

    def money(self) -> list[str]:
        """The places whose money is another, or that hold any, and the line that closes them."""
        lines: list[str] = []
        for management in (False, True):
            rows = self.money_rows(management)
            if rows:
                title = "compare.money.management" if management else "compare.money"
                header = [self.words.phrase(title), *self.money_header()]
                lines += [*([""] if lines else []), *self.table(header, rows)]
                lines += [line for text in self.closing(management) for line in wrapped(text, "  ")]
        return lines

    def money_header(self) -> list[str]:
        """The heads of the columns of money."""
        phrase = self.words.phrase
        if self.several:
            return [phrase("compare.before"), *(_short(one.name) for one in self.found)]
        return [phrase(f"compare.{at}") for at in ("before", "after", "difference")]

    def _row(self, name: str, places: Sequence[Row | None]) -> list[str]:
        known = [one for one in places if one is not None]
        before = self.amount(known[0].two.before)
        if self.several:
            changes = [self.signed(one.difference) if one else "" for one in places]
            return [name, before, *changes]
        (one,) = known
        return [name, before, self.amount(one.two.after), self.signed(one.difference)]

    def money_rows(self, management: bool) -> list[list[str]]:
        """The places of one of the books, each with what it holds."""
        each = [rows_of(one.comparison, management) for one in self.found]
        moves = any(row.two.before != row.two.after for of in each for row in of.values())
        if management and not moves:
            return []
        rows = []
        for key in dict.fromkeys(key for of in each for key in of):
            depth = next(of[key].depth for of in each if key in of)
            label = source_called(key[1], self.words)
            if key[0] in ("figure", "charges"):
                label = self.words.phrase("compare.given", figure=label)
            rows.append(self._row("  " * depth + label, [of.get(key) for of in each]))
        return rows

    def closing(self, management: bool) -> list[str]:
        """The line that closes: people and accounts together gain what figures give more."""
        lines = []
        for one in self.found:
            totals = {
                part: one.comparison.total(part, management=management)
                for part in ("records", "accounts", "sources")
            }
            whole = unknown_among(totals.values(), None)
            if whole is not None:
                text = self.words.phrase("compare.closing.unknown")
                text += " " + self.words.value(whole, NUMBER)
            else:
                rest = one.comparison.rest(management=management)
                key = "compare.closing.management" if management else "compare.closing"
                shown = {name: self.signed(value) for name, value in totals.items()}
                text = self.words.phrase(key, **shown, rest=self.amount(rest))
                more = opened(one.comparison, management)
                if more != 0:
                    amount = self.signed(more)
                    text += " " + self.words.phrase("compare.opening", amount=amount)
            if self.several:
                text = self.words.phrase("compare.of", what=safe(_short(one.name)), said=text)
            lines.append(text)
        return lines

    def rules(self) -> list[str]:
        lines = [self.title("compare.rules")]
        for one in self.found:
            lines += self.named(one)
            turned = [rule for rule in one.comparison.rules if rule.turned]
            for rule in turned:
                lines += self._rule(rule)
            if not turned:
                lines.append("  " + self.words.phrase("compare.rules.unchanged"))
            margins = self.nearer(one)
            if margins:
                lines += self.table(self.nearer_header(), margins)
        return lines

    def nearer_header(self) -> list[str]:
        """The heads of the columns of margins."""
        sides = [self.words.phrase(f"compare.margin.{at}") for at in ("before", "after")]
        return [self.words.phrase("compare.nearer"), *sides]

    def nearer(self, one: out.Scenario) -> list[list[str]]:
        """The rules that come nearer to where they turn, each with its margins."""
        if self.asked.anonymous:
            return []  # a margin may be what one person is paid
        rows = [self.margins(rule) for rule in one.comparison.rules if rule.nearer]
        return [row for row in rows if len(set(row[1:])) > 1]

    def _rule(self, rule: out.RuleCompared) -> list[str]:
        mark = self.style.paint("✗", "error") if is_bad(rule) else self.style.paint("·", "warning")
        lines = wrapped(rule_label(rule.verdict, self.words), "    ")
        lines[0] = f"  {mark} {lines[0].lstrip()}"
        for key, said in zip(("before", "after"), self.verdicts(rule), strict=True):
            when = self.words.phrase(f"compare.{key}")
            lines += wrapped(self.words.phrase("compare.of", what=when, said=said), "      ")
        return lines

    def verdicts(self, rule: out.RuleCompared) -> list[str]:
        """A rule's verdict in the year and in the scenario, each with what is compared."""
        found = []
        for verdict in (rule.before, rule.after):
            if verdict is None:
                found.append(self.words.phrase("compare.rule.absent"))
                continue
            status = self.words.phrase(f"status.{verdict.status}")
            shown = "" if self.asked.anonymous else sides(verdict, verdict, self.words)
            if verdict.counts is not None:
                counts = verdict.counts
                count = sum(counts.values()) - counts["not_applicable"]
                held = held_for(counts)
                shown = self.words.phrase("report.records", held=held, count=count)
            found.append(f"{status}, {shown}" if shown else status)
        return found

    def margins(self, rule: out.RuleCompared) -> list[str]:
        """A rule with its margins in the year and in the scenario."""
        figures = []
        for verdict in (rule.before, rule.after):
            assert verdict is not None, "a margin is compared with another"
            margin, type_ = verdict.margin, verdict.type or NUMBER
            step = step_of(type_.unit)
            if isinstance(margin, Fraction) and step is not None:
                margin = round_to(margin, step)
            percent = verdict.percent and type_ == NUMBER and isinstance(margin, Fraction)
            figures.append(
                self.words.percent(margin, 4)  # type: ignore[arg-type]
                if percent
                else cell(margin, type_, self.words)
            )
        return [rule_label(rule.verdict, self.words), *figures]

    def people_rows(self) -> list[list[str]]:
        """How many gain, lose or stay the same by each scenario; none where nobody receives."""
        everyone = [people(one.comparison) for one in self.found]
        if not any(everyone):
            return []
        rows = []
        for one, records in zip(self.found, everyone, strict=True):
            name = _short(one.name) if self.several else self.words.phrase("compare.everyone")
            rows.append([name, *self.counted_of(records)])
        return rows

    def people(self) -> list[str]:
        rows = self.people_rows()
        if not rows:
            return []
        lines = self.table(self.people_header("compare.people"), rows)
        if self.asked.tolerance:
            tolerance = self.amount(self.asked.tolerance)
            lines += wrapped(self.words.phrase("compare.tolerance", amount=tolerance), "  ")
        return lines

    def people_header(self, key: str, **arguments: object) -> list[str]:
        """The heads of the columns that count people."""
        columns = ["gain", "lose", "same"]
        columns += ["median"] if self.asked.anonymous else ["lowest", "median", "highest"]
        return [
            self.words.phrase(key, **arguments),
            *(self.words.phrase(f"compare.column.{one}") for one in columns),
        ]

    def counted_of(self, records: Sequence[out.RecordCompared]) -> list[str]:
        """Some records counted, with their spread."""
        found = _gains(records, self.asked, _amount(self.found[0].comparison))
        counts = [found.gain, found.lose, found.same]
        hide = self.asked.anonymous
        shown = [f"< {LEAST}" if hide and 0 < one < LEAST else str(one) for one in counts]
        spread = [self.signed(one) for one in found.spread] if found.spread else [""] * 3
        if found.unknown:
            spread = [self.words.phrase("value.unknown")] * 3
        return [*shown, *(spread[1:2] if hide else spread)]

    def groups(self) -> list[str]:
        if not self.asked.by:
            return []
        lines: list[str] = []
        header = self.people_header("compare.by", by=self.asked.by)
        for one in self.found:
            table = self.table(header, self.group_rows(one))
            lines += [*([""] if lines else []), *self.named(one), *table]
        return lines

    def group_rows(self, one: out.Scenario) -> list[list[str]]:
        """People by what each is grouped by; groups that are too small together."""
        found, few = grouped(
            people(one.comparison), self.asked.groups, anonymous=self.asked.anonymous
        )
        rows = [
            [f"{name or self.words.phrase('compare.ungrouped')} ({len(of)})", *self.counted_of(of)]
            for name, of in sorted(found.items())
        ]
        if few:
            name = f"{self.words.phrase('compare.few')} ({len(few)})"
            rows.append([name, *self.counted_of(few)])
        return rows

    def part_rows(self) -> list[list[str]]:
        """Each person with what it receives."""
        each = [
            {row.record: Row(row.moved, row.moved.difference) for row in people(one.comparison)}
            for one in self.found
        ]
        rows = []
        for record in dict.fromkeys(record for of in each for record in of):
            name = self.asked.names.get(record, "")
            label = f"{record}  {name}" if name else record or self.words.phrase("compare.unnamed")
            rows.append(self._row(label, [of.get(record) for of in each]))
        return rows

    def parts(self) -> list[str]:
        rows = self.part_rows()
        if not rows:
            return []
        return self.table([self.words.phrase("compare.parts"), *self.money_header()], rows)


def _short(name: str) -> str:
    return name if width(name) <= _NAME else name[: _NAME - 1] + "…"
