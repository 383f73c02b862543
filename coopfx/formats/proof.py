"""Proofs for people, and a year that breaks a rule as the files of its folder."""

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from datetime import date
from difflib import unified_diff
from fractions import Fraction
from pathlib import PurePath

from attrs import evolve, field, frozen

from coopfx.engine import outcome as out
from coopfx.formats import json
from coopfx.formats.changes import changes_text, with_changes
from coopfx.formats.terminal import Style, pad, safe, wrapped
from coopfx.formats.text import sides
from coopfx.ground.exact import (
    NUMBER,
    Known,
    Missing,
    Type,
    Undefined,
    currency_of,
    decimal_text,
    decimals_of,
)
from coopfx.ground.report import Argument, Said
from coopfx.ground.words import Words

_MARKS = {
    out.ALWAYS: ("✓", "good"),
    out.NEVER: ("✗", "error"),
    out.REFUTED: ("✗", "error"),
    out.ONLY_IF: ("✗", "error"),
    out.ON_FACTS: ("·", "faint"),
    out.UNDECIDED: ("?", "warning"),
    out.NOT_APPLIED: ("⚠", "warning"),
}
_ORDER = ("complete", "fact", "closing", "closing_between", "parameters", "decisions", "value")
# A recommendation that some year does not follow is no violation, and does not look like one.
_NOT_FOLLOWED = ("!", "warning")


@frozen(slots=True)
class Proved:
    """A version of a statute, and the proofs of its rules and of what its clauses must do.

    ``nearest`` are the nearest lawful changes, where any were ``sought``. ``source`` is the statute's own
    text, ``written_in`` the words of its language.
    """

    name: str
    file: str
    language: str
    in_force_from: date
    laws: tuple[str, ...]
    proofs: tuple[out.Proof, ...]
    clauses: tuple[out.Proof, ...] = ()
    nearest: tuple[out.LawfulChange, ...] = ()
    sought: bool = False
    written_in: Words | None = field(default=None, kw_only=True)
    source: str = field(default="", kw_only=True)

    @property
    def all(self) -> tuple[out.Proof, ...]:
        """The proofs of rules, then those of what clauses must do."""
        return (*self.proofs, *self.clauses)


# ---- for people


def text(proved: Proved, words: Words, style: Style) -> str:
    """A statute's proofs: a line a rule, years that break one, what is taken for granted."""
    page = _Page(proved, words, style)
    sections = [page.heading(), page.rules(), page.on_clauses(), page.on_facts()]
    sections += [page.assumed(), page.changed(), page.summary()]
    return "\n\n".join("\n".join(section) for section in sections if section) + "\n"


@frozen(slots=True)
class _Page:
    proved: Proved
    words: Words
    style: Style

    def title(self, key: str, **arguments: object) -> str:
        return self.style.paint(self.words.phrase(key, **arguments), "bold")

    def heading(self) -> list[str]:
        proved = self.proved
        start = self.words.date(proved.in_force_from)
        laws = ", ".join(proved.laws)
        key = "report.under" if laws else "report.statute"
        return [self.title(key, name=safe(proved.name), start=start, laws=laws)]

    def rules(self) -> list[str]:
        found = [item for item in self.proved.proofs if item.verdict != out.ON_FACTS]
        lines = [line for item in found for line in self._rule(item)]
        return [self.title("proof.title"), *lines] if found else []

    def on_clauses(self) -> list[str]:
        lines = [line for item in self.proved.clauses for line in self._rule(item)]
        return [self.title("proof.clauses"), *lines] if lines else []

    def changed(self) -> list[str]:
        """The nearest lawful changes, each with the lines of the text before and after."""
        found = self.proved.nearest
        if found or not self.proved.sought:
            return [line for changes in found for line in self._changed(changes)]
        return list(wrapped(self.words.phrase("proof.nearest.none"), ""))

    def _changed(self, found: out.LawfulChange) -> list[str]:
        proved, written = self.proved, self.proved.written_in or self.words
        said = [changes_text(proved.source, found, written, self.words)]
        if found.remaining:
            names = tuple(safe(label_of(one, self.words)) for one in found.remaining)
            said.append(self.words.phrase("proof.nearest.remaining", names=names))
        changed = with_changes(proved.source, found.changes, written).splitlines(keepends=True)
        lines, file = proved.source.splitlines(keepends=True), proved.file
        diff = unified_diff(lines, changed, file, file, n=1)
        told = [line for one in said for line in wrapped(one, "")]
        return [*told, *(f"  {safe(line.rstrip())}" for line in diff)]

    def on_facts(self) -> list[str]:
        found = [item for item in self.proved.proofs if item.verdict == out.ON_FACTS]
        lines = [line for item in found for line in self._rule(item)]
        return [self.title("proof.facts"), *lines] if found else []

    def _rule(self, item: out.Proof) -> list[str]:
        words = self.words
        mark, colour = _MARKS[item.verdict]
        open_ = (out.UNDECIDED, out.NOT_APPLIED)
        if not item.holds and item.verdict not in open_ and not item.binding:
            mark, colour = _NOT_FOLLOWED
        shown = (
            "" if item.verdict == out.ON_FACTS else words.phrase(f"proof.verdict.{item.verdict}")
        )
        place = words.phrase("report.article", article=item.article) if item.article else ""
        if item.to_confirm:
            place += " *"
        title = pad(safe(label_of(item, words)), 64)
        line = f"  {self.style.paint(mark, colour)} {title} {pad(shown, 17, right=True)}"
        lines = [f"{line}  {self.style.paint(place, 'faint')}" if place else line]
        # Two rules' names seldom fit on a line: then they are told in full below it.
        said = [safe(label_of(item, words))] if "…" in title else []
        if item.reason:
            said.append(words.phrase(f"proof.reason.{item.reason}", **reason_arguments(item)))
        if item.set_aside:
            said.append(words.phrase("report.aside", why=safe(item.set_aside)))
        if item.verdict == out.ALWAYS:
            # It concerns this rule: whoever reads the line must not have to look further down.
            said += [_assumption(one, words) for one in item.assumptions if one.key == "decisions"]
        if item.only_if is not None:
            condition = condition_text(item.only_if, self.proved.written_in or words)
            key = "proof.only_if_decided" if item.only_if.decided else "proof.only_if"
            said.append(words.phrase(key, condition=condition))
        if item.year is not None:
            closing, given = words.date(item.year.closing), figures(item.given, words)
            if item.message:
                said.append(safe(json.rule_message(item, words)))
            given = figures(item.given, words)
            said.append(words.phrase("proof.year", closing=closing, figures=given))
            said += self._broken(item)
        return [*lines, *(line for one in said for line in wrapped(one, "      "))]

    def _broken(self, item: out.Proof) -> Iterable[str]:
        """What the year gives, and what the rule asks instead."""
        found = item.broken
        if found is None:
            return
        if not found.cases:
            yield sides(found, found, self.words)
        for case in found.cases:
            if case.status == out.VIOLATED:
                record = safe(case.record)
                shown = sides(case, found, self.words)
                if shown:
                    yield self.words.phrase("report.case", record=record, shown=shown)

    def assumed(self) -> list[str]:
        found: list[out.Assumption] = []
        decided: dict[object, None] = {}
        for item in self.proved.all:
            for one in item.assumptions:
                names = one.arguments.get("names")
                if isinstance(names, tuple):
                    decided |= dict.fromkeys(names)
                elif one not in found:
                    found.append(one)
        if decided:
            found.append(out.Assumption("decisions", {"names": tuple(decided)}))
        found.sort(key=lambda one: _ORDER.index(one.key))
        lines = []
        for one in found:
            first, *more = wrapped(_assumption(one, self.words), "    ")
            lines += [f"  – {first.strip()}", *more]
        if any(item.to_confirm for item in self.proved.proofs):
            lines.append("  " + self.style.paint(self.words.phrase("report.to_confirm"), "faint"))
        return [self.title("proof.assumed"), *lines] if found else []

    def summary(self) -> list[str]:
        proofs = [item for item in self.proved.proofs if item.binding]
        broken = sum(item.year is not None for item in proofs)
        undecided = sum(item.verdict == out.UNDECIDED for item in proofs)
        held = sum(item.verdict == out.ALWAYS for item in proofs)
        said = [
            (self.words.counted(f"proof.{key}", count), colour)
            for key, count, colour in (
                ("broken", broken, "error"),
                ("undecided", undecided, "warning"),
            )
            if count
        ]
        failing = [item for item in self.proved.clauses if item.fails or item.year is not None]
        if failing:
            colour = "error" if any(item.fails for item in failing) else "warning"
            said.append((self.words.counted("proof.clause_broken", len(failing)), colour))
        if not said and held:
            said = [(self.words.counted("proof.holds", held), "good")]
        nothing = [] if said else wrapped(self.words.phrase("proof.none"), "")
        aside = sum(item.verdict == out.NOT_APPLIED for item in self.proved.proofs)
        if aside:
            said.append((self.words.counted("report.set_aside", aside), "warning"))
        lines = [self.style.paint(line, "faint") for line in nothing]
        counts = " ".join(self.style.paint(text, colour) for text, colour in said)
        return [*lines, counts] if counts else lines


def _assumption(one: out.Assumption, words: Words) -> str:
    """What is taken for granted, and where a text says so."""
    said = words.phrase(f"proof.assumed_that.{one.key}", **one.arguments)
    if one.span is None:
        return said
    file = safe(PurePath(one.span.file).name)
    return words.phrase("proof.stated", said=said, file=file, line=one.span.line)


def label_of(item: out.Proof, words: Words) -> str:
    """What is proved: a rule's title, or what a clause must do."""
    if item.kind == "rule":
        return json.rule_label(item, words)
    if item.kind == "conflict":
        names = [words.phrases.get(f"rule.{name}") or words.label(name) for name in item.subjects]
    elif item.kind == "line":
        names = [words.label(item.subjects[0]), item.subjects[1]]
    else:
        # Charges have no name of their own, nor has a formula.
        names = [words.label(name) if name else "" for name in item.subjects]
        names[:1] = [name or words.phrase("origin.charges") for name in names[:1]]
    subject, other = (*names, "")[:2]
    key = f"proof.obligation.{item.kind}" + (".bare" if item.subjects[-1:] == ("",) else "")
    return words.phrase(
        key if key in words.phrases else key.removesuffix(".bare"), subject=subject, other=other
    )


def reason_arguments(item: out.Proof) -> dict[str, Argument]:
    """What is said with the reason why a rule is not decided."""
    what = tuple(
        Said(f"proof.not_yet.{one.reason}", {"line": one.span.line if one.span else 0})
        for one in item.not_yet
    )
    return {"what": what}


def seen(item: out.Proof, shared: Collection[str], words: Words) -> str:
    """What a year that breaks a rule gives instead of what is asked, and the figures of that year.

    ``shared`` are the figures that the statute shares out: both sides are told as parts of one, too.
    """
    found, shown = item.broken, figures(item.given, words)
    asked = "" if found is None else "; ".join(_asked_instead(found, words))
    if not asked:
        return shown
    part = None if found is None else _part(found, item, shared)
    if part is not None:
        left, right = (words.percent(one, 2) for one in part)
        asked = words.phrase("proof.seen.part", asked=asked, left=left, right=right)
    return words.phrase("proof.seen.year", asked=asked, figures=shown)


def _asked_instead(found: out.Verdict, words: Words) -> Iterator[str]:
    if not found.cases:
        yield sides(found, found, words)
    for case in found.cases:
        if case.status == out.VIOLATED:
            yield sides(case, found, words)


def _part(
    found: out.Verdict, item: out.Proof, shared: Collection[str]
) -> tuple[Fraction, Fraction] | None:
    """Both sides as parts of the one sum that is shared out, where they are plain percentages of it."""
    sums = [one.value for one in item.given if one.name in shared and not one.record]
    if found.type is None or currency_of(found.type.unit) is None or len(sums) != 1:
        return None
    (whole,), left, right = sums, found.left, found.right
    if not (isinstance(whole, Fraction) and isinstance(left, Fraction) and whole > 0):
        return None
    if not isinstance(right, Fraction):
        return None
    parts = left / whole, right / whole
    plain = all((10_000 * one).denominator == 1 and 0 <= one <= 1 for one in parts)
    # More than nought instead of nought is the same part of it.
    return parts if plain and parts[0] != parts[1] else None


def figures(given: Sequence[out.Given], words: Words) -> str:
    """The facts of a year by their names: those that are not zero, then the others.

    A fact that records share is said once.
    """
    groups: dict[tuple[object, ...], list[out.Given]] = {}
    for item in given:
        own = item.name, item.opening, item.value
        groups.setdefault(own if item.record else (*own, id(item)), []).append(item)
    shown, zero = [], []
    for items in groups.values():
        name, value = _name(items, words), items[0].value
        if value is False or value == 0:
            zero.append(name)
        else:
            shown.append(f"{name} = {words.value(value, items[0].type)}")
    if zero:
        shown.append(words.phrase("proof.zero", names=tuple(zero)))
    return ", ".join(shown)


def _name(items: Sequence[out.Given], words: Words) -> str:
    """A fact's name, with the records of which it has the same value."""
    name = safe(words.label(items[0].name))
    if items[0].opening:
        return words.phrase("formula.opening", name=name)
    records = [item.record for item in items if item.record]
    if not records:
        return name
    numbers = [int(record[1:]) for record in records]
    row = len(records) > 2 and numbers == list(range(numbers[0], numbers[-1] + 1))
    whole = f"{records[0]} … {records[-1]}" if row else ", ".join(records)
    return words.phrase("fact.of", fact=name, record=whole)


def condition_text(condition: out.Condition, words: Words) -> str:
    """A condition as a statute writes it: ``share_capital <= 40% of surplus exactly``."""
    if condition.beside is not None:
        both = evolve(condition, beside=None), condition.beside
        return f" {words.keywords['AND'][0]} ".join(condition_text(one, words) for one in both)
    opening, of = words.keywords["OPENING"][0], words.keywords["OF"][0]

    def written(name: str, is_opening: bool) -> str:
        return f"{opening} {words.word(name)}" if is_opening else words.word(name)

    left = written(condition.left, condition.opening[0])
    relation = "<=" if condition.relation == "at_most" else ">="
    if not condition.right and not condition.type.unit:
        return f"{left} {relation} {words.percent(condition.figure, 2)}"
    if not condition.right:
        currency = currency_of(condition.type.unit) or ""
        figure = f"{int(condition.figure):,}".replace(",", " ")
        return f"{left} {relation} {figure} {currency}"
    right = written(condition.right, condition.opening[1])
    if condition.figure == 1:
        return f"{left} {relation} {right}"
    # Not as it is paid: rounded to the cent, it would let years of a few cents through.
    part, exactly = words.percent(condition.figure, 2), words.keywords["EXACTLY"][0]
    return f"{left} {relation} {part} {of} {right} {exactly}"


# ---- two statutes


def differences(
    found: Sequence[out.Difference], names: Sequence[str], words: Words, style: Style
) -> str:
    """What differs between two statutes, with a year in which it does."""
    old, new = (safe(name) for name in names)
    heading = words.phrase("proof.same.title", old=old, new=new)
    lines = [style.paint(line, "bold") for line in wrapped(heading, "")]
    for item in found:
        if item.verdict == out.ALWAYS:
            continue
        mark, colour = ("?", "warning") if item.verdict == out.UNDECIDED else ("✗", "error")
        title = pad(safe(thing(item, words)), 64)
        lines.append(
            f"  {style.paint(mark, colour)} {title} {words.phrase(f'proof.same.{item.verdict}')}"
        )
        said = []
        if item.year is not None:
            given = figures(item.given, words)
            closing = words.date(item.year.closing)
            said.append(words.phrase("proof.same.year", closing=closing, figures=given))
        if item.reason == "said" and item.values is None:
            said.append(words.phrase("proof.same.said"))
        if item.values is not None:
            old_value, new_value = (_said(value, item, words) for value in item.values)
            said.append(words.phrase("proof.same.values", old=old_value, new=new_value))
        lines += [line for one in said for line in wrapped(one, "      ")]
    verdicts = {item.verdict for item in found} - {out.ALWAYS}
    key = "all" if not verdicts else "open" if verdicts == {out.UNDECIDED} else "differ"
    return "\n".join([*lines, "", words.phrase(f"proof.same.{key}"), ""])


def thing(item: out.Difference, words: Words) -> str:
    """What two statutes give differently, by its name: a rule, the term, a share, a figure."""
    if item.kind == "rule":
        return words.phrases.get(f"rule.{item.name}") or words.label(item.name)
    if item.places is not None and item.kind == "entry":
        source, target = map(words.label, item.places)
        return words.phrase("proof.same.entry", source=source, target=target)
    name = words.label(item.name)
    if item.kind in ("account", "figure"):
        return name
    return words.phrase(f"proof.same.{item.kind}", name=name)


def _said(value: object, item: out.Difference, words: Words) -> str:
    if isinstance(value, tuple | list):
        return ", ".join(_said(one, item, words) for one in value)
    if item.kind == "rule" and isinstance(value, str) and item.reason != "said":
        return words.phrase(f"status.{value.replace(' ', '_')}")
    if isinstance(value, Fraction | Missing | Undefined | bool | date):
        return words.value(value, item.type or NUMBER)
    return words.show(value)


# ---- as a year's folder


def folder(
    item: out.Proof, words: Words, main: str, file_of: Callable[[str], str]
) -> dict[str, str]:
    """The files of a year that breaks a rule, as a run reads them: their names and their texts.

    ``main`` is the file of the cooperative's own figures, ``file_of`` names that of a sort of record.
    """
    assert item.year is not None, "only a year can be written"
    rule = " ".join(safe(label_of(item, words)).split())
    lines = [
        f"# {words.phrase('proof.folder', rule=rule)}",
        "",
        f"closing = {item.year.closing}",
    ]
    own = [one for one in item.given if not one.record]
    lines += [_line(one, words) for one in own if not one.opening and not one.decision]
    for key, held in (
        ("balances", [one for one in own if one.opening]),
        ("decisions", [one for one in own if one.decision]),
    ):
        if held:
            lines += ["", f"[{key}]", *(_line(one, words) for one in held)]
    files = {main: "\n".join([*lines, ""])}
    for sort, table in item.year.tables.items():
        types = {one.name: one.type for one in item.given if one.record}
        rows = [["id", *(words.word(name) for name in table.columns)]]
        for row, identifier in enumerate(table.ids):
            cells = [
                _written(column[row], types[name], words) for name, column in table.columns.items()
            ]
            rows.append([identifier, *cells])
        files[file_of(sort)] = "".join(";".join(row) + "\n" for row in rows)
    return files


def _line(item: out.Given, words: Words) -> str:
    written = _written(item.value, item.type, words)
    value = written if isinstance(item.value, date) else f'"{written}"'
    return f'"{words.word(item.name)}" = {value}'


def _written(value: Known | None, type_: Type, words: Words) -> str:
    match value:
        case None:
            return ""
        case bool():
            return words.keywords["YES" if value else "NO"][0]
        case Fraction():
            currency = currency_of(type_.unit)
            places = decimals_of(currency) if currency else None
            paid = places is not None and (value * 10**places).denominator == 1
            return decimal_text(value, places if paid else None)
        case date():
            return value.isoformat()
        case str():
            return value
