"""Scenarios of a year on a terminal: what changes, where the money goes, which rules, whom."""

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import NamedTuple

from attrs import Factory, frozen

from coopfx.engine import outcome as out
from coopfx.formats.aligned import aligned
from coopfx.formats.anonymous import LEAST
from coopfx.formats.gains import Gains, gains_of, grouped, people
from coopfx.formats.json import rule_label
from coopfx.formats.terminal import Style, safe, width, wrapped
from coopfx.formats.text import cell, held_for, sides, unknown_among
from coopfx.ground.exact import NUMBER, Type, Value, money, plus, quantity, round_to, step_of
from coopfx.ground.words import Words

_MOST_NAMED = 3
_NAME = 22
_NOTHING = out.Two(Fraction(0), Fraction(0))


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
    shown = _Shown(found, asked, words, style)
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


class Row(NamedTuple):
    """What a place holds, how much more, and how deep it stands below the account that it branches from."""

    two: out.Two
    difference: Value
    depth: int = 0


@frozen(slots=True)
class _Shown:
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

    def changes(self) -> list[str]:
        lines = [self.title("compare.changes")]
        for one in self.found:
            lines += self.named(one)
            for item in one.amended:
                key = "compare.place" if item.article else "compare.place.line"
                place = {"article": item.article, "file": item.file, "line": item.line}
                lines.append("  " + self.words.phrase(key, **place))
                lines += [self.style.paint(f"    − {safe(line)}", "error") for line in item.old]
                lines += [self.style.paint(f"    + {safe(line)}", "good") for line in item.new]
            changes = one.comparison.scenario.provenance.changes
            texts = {item.file for item in one.amended}
            figures = [change for change in changes if change not in texts]
            if figures:
                lines.append("  " + self.words.phrase("compare.figures"))
            lines += [self.style.paint(f"    + {safe(change)}", "good") for change in figures]
            if one.examples:
                titles = [self.words.phrase("compare.rule", title=title) for title in one.examples]
                few = self.words.first_few(titles, str, _MOST_NAMED)
                said = self.words.counted("compare.examples", len(titles), titles=few)
                lines += wrapped(said, "  ")
        return lines

    def table(self, header: Sequence[str], rows: Sequence[Sequence[str]]) -> list[str]:
        return aligned(header, rows, self.style)

    def money(self) -> list[str]:
        """The places whose money is another, or that hold any, and the line that closes them."""
        lines: list[str] = []
        for management in (False, True):
            rows = self._money_rows(management)
            if rows:
                title = "compare.money.management" if management else "compare.money"
                header = [self.words.phrase(title), *self._money_header()]
                lines += [*([""] if lines else []), *self.table(header, rows)]
                lines += self._closing(management)
        return lines

    def _money_header(self) -> list[str]:
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

    def _money_rows(self, management: bool) -> list[list[str]]:
        each = [rows_of(one.comparison, management) for one in self.found]
        moves = any(row.two.before != row.two.after for of in each for row in of.values())
        if management and not moves:
            return []
        rows = []
        for key in dict.fromkeys(key for of in each for key in of):
            depth = next(of[key].depth for of in each if key in of)
            label = self.words.label(key[1]) if key[1] else self.words.phrase("origin.charges")
            if key[0] in ("figure", "charges"):
                label = self.words.phrase("compare.given", figure=label)
            rows.append(self._row("  " * depth + label, [of.get(key) for of in each]))
        return rows

    def _closing(self, management: bool) -> list[str]:
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
                opened = _opened(one.comparison, management)
                if opened != 0:
                    amount = self.signed(opened)
                    text += " " + self.words.phrase("compare.opening", amount=amount)
            if self.several:
                text = self.words.phrase("compare.of", what=safe(_short(one.name)), said=text)
            lines += wrapped(text, "  ")
        return lines

    def rules(self) -> list[str]:
        lines = [self.title("compare.rules")]
        for one in self.found:
            lines += self.named(one)
            turned = [rule for rule in one.comparison.rules if rule.turned]
            nearer = [rule for rule in one.comparison.rules if rule.nearer]
            for rule in turned:
                lines += self._rule(rule)
            if not turned:
                lines.append("  " + self.words.phrase("compare.rules.unchanged"))
            margins = [row for rule in nearer if len(set((row := self._margins(rule))[1:])) > 1]
            if margins:
                header = [self.words.phrase("compare.nearer")]
                header += [self.words.phrase(f"compare.margin.{at}") for at in ("before", "after")]
                lines += self.table(header, margins)
        return lines

    def _rule(self, rule: out.RuleCompared) -> list[str]:
        bad = _sort(rule) in ("violated", "not_followed")
        mark = self.style.paint("✗", "error") if bad else self.style.paint("·", "warning")
        lines = wrapped(rule_label(rule.verdict, self.words), "    ")
        lines[0] = f"  {mark} {lines[0].lstrip()}"
        for key, verdict in (("before", rule.before), ("after", rule.after)):
            if verdict is None:
                status = self.words.phrase("compare.rule.absent")
                shown = ""
            else:
                status = self.words.phrase(f"status.{verdict.status}")
                shown = sides(verdict, verdict, self.words)
                if verdict.counts is not None:
                    counts = verdict.counts
                    count = sum(counts.values()) - counts["not_applicable"]
                    held = held_for(counts)
                    shown = self.words.phrase("report.records", held=held, count=count)
            said = f"{status}, {shown}" if shown else status
            when = self.words.phrase(f"compare.{key}")
            lines += wrapped(self.words.phrase("compare.of", what=when, said=said), "      ")
        return lines

    def _margins(self, rule: out.RuleCompared) -> list[str]:
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

    def people(self) -> list[str]:
        everyone = [people(one.comparison) for one in self.found]
        if not any(everyone):
            return []
        rows = []
        for one, records in zip(self.found, everyone, strict=True):
            name = _short(one.name) if self.several else self.words.phrase("compare.everyone")
            rows.append([name, *self._counted(records)])
        lines = self.table(self._people_header("compare.people"), rows)
        if self.asked.tolerance:
            tolerance = self.amount(self.asked.tolerance)
            lines += wrapped(self.words.phrase("compare.tolerance", amount=tolerance), "  ")
        return lines

    def _people_header(self, key: str, **arguments: object) -> list[str]:
        columns = ["gain", "lose", "same"]
        columns += ["median"] if self.asked.anonymous else ["lowest", "median", "highest"]
        return [
            self.words.phrase(key, **arguments),
            *(self.words.phrase(f"compare.column.{one}") for one in columns),
        ]

    def _counted(self, records: Sequence[out.RecordCompared]) -> list[str]:
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
        for one in self.found:
            found, few = grouped(
                people(one.comparison), self.asked.groups, anonymous=self.asked.anonymous
            )
            rows = [
                [
                    f"{name or self.words.phrase('compare.ungrouped')} ({len(of)})",
                    *self._counted(of),
                ]
                for name, of in sorted(found.items())
            ]
            if few:
                rows.append(
                    [f"{self.words.phrase('compare.few')} ({len(few)})", *self._counted(few)]
                )
            header = self._people_header("compare.by", by=self.asked.by)
            lines += [*([""] if lines else []), *self.named(one), *self.table(header, rows)]
        return lines

    def parts(self) -> list[str]:
        each = [
            {row.record: Row(row.moved, row.moved.difference) for row in people(one.comparison)}
            for one in self.found
        ]
        ids = list(dict.fromkeys(record for of in each for record in of))
        if not ids:
            return []
        rows = []
        for record in ids:
            name = self.asked.names.get(record, "")
            label = f"{record}  {name}" if name else record or self.words.phrase("compare.unnamed")
            rows.append(self._row(label, [of.get(record) for of in each]))
        return self.table([self.words.phrase("compare.parts"), *self._money_header()], rows)


def rows_of(found: out.Comparison, management: bool) -> dict[tuple[str, str], Row]:
    """What records receive, accounts hold and figures give in one of the books, by kind and name.

    Places that hold nothing in either are left out.
    """
    rows: dict[tuple[str, str], Row] = {}
    for record in found.records:
        for place, two in record.by if record.management == management else ():
            key = (place.kind, place.name)
            before = rows[key].two if key in rows else _NOTHING
            both = out.Two(plus(before.before, two.before), plus(before.after, two.after))
            rows[key] = Row(both, both.difference)
    rows = {key: row for key, row in rows.items() if row.two != _NOTHING}
    roots = list(dict.fromkeys(one.place.name.split(".")[0] for one in found.accounts))
    for one in sorted(found.accounts, key=lambda one: roots.index(one.place.name.split(".")[0])):
        balances = one.balances
        if one.management != management or balances is None:
            continue
        held = isinstance(balances.before, Fraction) or isinstance(balances.after, Fraction)
        if not held and ("received", one.place.name) in rows:
            continue  # what only passes through is shown as what people receive
        if one.moved != _NOTHING or (held and balances != _NOTHING):
            depth = one.place.name.count(".")
            rows["account", one.place.name] = Row(balances, one.difference, depth)
    for one in found.sources:
        if one.management == management:
            rows[one.place.kind, one.place.name] = Row(one.moved, one.difference)
    return rows


def _opened(found: out.Comparison, management: bool) -> Fraction:
    """How much more the accounts open with, all together."""
    opened = Fraction(0)
    for one in found.whole_accounts(management=management):
        closing = one.balances.difference if one.balances else Fraction(0)
        moved = one.moved.difference
        if isinstance(closing, Fraction) and isinstance(moved, Fraction):
            opened += closing - moved
    return opened


def _short(name: str) -> str:
    return name if width(name) <= _NAME else name[: _NAME - 1] + "…"
