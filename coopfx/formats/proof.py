"""Proofs for people and for programs, and a year that breaks a rule as the files of its folder."""

import textwrap
from collections.abc import Callable, Iterable, Sequence
from datetime import date
from fractions import Fraction
from typing import Any

from attrs import frozen

from coopfx.engine import outcome as out
from coopfx.exact import (
    Known,
    Type,
    Value,
    currency_of,
    decimal_text,
    decimals_of,
    round_to,
    step_of,
)
from coopfx.formats import json
from coopfx.formats.terminal import WIDTH, Style, pad, safe
from coopfx.words import Words

SCHEMA = "coopfx.proof/1"
_MARKS = {
    out.ALWAYS: ("✓", "good"),
    out.NEVER: ("✗", "error"),
    out.REFUTED: ("✗", "error"),
    out.ON_FACTS: ("·", "faint"),
    out.UNDECIDED: ("?", "warning"),
}


@frozen(slots=True)
class Proved:
    """A version of a statute, and the proofs of its rules."""

    name: str
    file: str
    language: str
    in_force_from: date
    laws: tuple[str, ...]
    proofs: tuple[out.Proof, ...]


# ---- for people


def text(proved: Proved, words: Words, style: Style) -> str:
    """A statute's proofs: a line a rule, years that break one, what is taken for granted."""
    page = _Page(proved, words, style)
    sections = [page.heading(), page.rules(), page.on_facts(), page.assumed(), page.summary()]
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
        laws = ", ".join(proved.laws) or "–"
        name = safe(proved.name)
        return [self.title("report.under", name=name, start=start, laws=laws)]

    def rules(self) -> list[str]:
        found = [item for item in self.proved.proofs if item.verdict != out.ON_FACTS]
        lines = [line for item in found for line in self._rule(item)]
        return [self.title("proof.title"), *lines] if found else []

    def on_facts(self) -> list[str]:
        found = [item for item in self.proved.proofs if item.verdict == out.ON_FACTS]
        lines = [line for item in found for line in self._rule(item)]
        return [self.title("proof.facts"), *lines] if found else []

    def _rule(self, item: out.Proof) -> list[str]:
        words = self.words
        mark, colour = _MARKS[item.verdict]
        if not item.binding and colour == "error":
            colour = "warning"
        shown = (
            "" if item.verdict == out.ON_FACTS else words.phrase(f"proof.verdict.{item.verdict}")
        )
        place = words.phrase("report.article", article=item.article)
        if item.to_confirm:
            place += " *"
        title = pad(safe(json.rule_label(item, words)), 58)
        lines = [
            f"  {self.style.paint(mark, colour)} {title} {pad(shown, 16, right=True)}  "
            f"{self.style.paint(place, 'faint')}"
        ]
        if item.reason:
            what = tuple(
                words.phrase(f"proof.not_yet.{reason}")
                for reason in dict.fromkeys(one.reason for one in item.not_yet)
            )
            lines += _wrapped(words.phrase(f"proof.reason.{item.reason}", what=what))
        if item.year is not None:
            message = safe(json.rule_message(item, words))
            lines += _wrapped(message) if message else []
            closing = words.date(item.year.closing)
            figures = self._figures(item.given)
            lines += _wrapped(words.phrase("proof.year", closing=closing, figures=figures))
            lines += [f"      {sides}" for sides in self._sides(item) if sides]
        return lines

    def _figures(self, given: Sequence[out.Given]) -> str:
        """The facts of a year by their names: those that are not zero, then the others."""
        zero = [item for item in given if item.value is False or item.value == 0]
        shown = [
            f"{self._name(item)} = {self.words.value(item.value, item.type)}"
            for item in given
            if item not in zero
        ]
        if zero:
            names = tuple(self._name(item) for item in zero)
            shown.append(self.words.phrase("proof.zero", names=names))
        return ", ".join(shown)

    def _name(self, item: out.Given) -> str:
        name = safe(self.words.label(item.name))
        if item.opening:
            return self.words.phrase("formula.opening", name=name)
        return self.words.phrase("fact.of", fact=name, record=item.record) if item.record else name

    def _sides(self, item: out.Proof) -> Iterable[str]:
        """Both sides of the comparison that the year breaks, money as it is paid."""
        found = item.broken
        if found is None or found.type is None or found.relation is None:
            return
        type_, sign = found.type, self.words.phrase(f"relation.{found.relation}")
        sides = [(found.left, found.right), *((case.left, case.right) for case in found.cases)]
        for left, right in sides[1:] if found.cases else sides:
            yield f"{self._paid(left, type_)} {sign} {self._paid(right, type_)}"

    def _paid(self, value: Value | None, type_: Type) -> str:
        step = step_of(type_.unit)
        if step is not None and isinstance(value, Fraction):
            value = round_to(value, step)
        return self.words.value(value, type_)

    def assumed(self) -> list[str]:
        found: list[out.Assumption] = []
        for item in self.proved.proofs:
            found += [one for one in item.assumptions if one not in found]
        lines = [
            line
            for one in found
            for line in _wrapped(
                self.words.phrase(f"proof.assumed_that.{one.key}", **one.arguments), "  – "
            )
        ]
        if any(item.to_confirm for item in self.proved.proofs):
            lines.append("  " + self.style.paint(self.words.phrase("report.to_confirm"), "faint"))
        return [self.title("proof.assumed"), *lines] if found else []

    def summary(self) -> list[str]:
        proofs = [item for item in self.proved.proofs if item.binding]
        broken = sum(item.verdict in (out.REFUTED, out.NEVER) for item in proofs)
        undecided = sum(item.verdict == out.UNDECIDED for item in proofs)
        held = sum(item.verdict == out.ALWAYS for item in proofs)
        if broken:
            said, colour = self.words.phrase("proof.broken", count=broken), "error"
        elif undecided:
            said, colour = self.words.phrase("proof.undecided", count=undecided), "warning"
        elif held:
            said, colour = self.words.phrase("proof.holds", count=held), "good"
        else:
            said, colour = self.words.phrase("proof.none"), "faint"
        return [self.style.paint(said, colour)]


def _wrapped(said: str, first: str = "      ") -> list[str]:
    indent = " " * len(first)
    return textwrap.wrap(
        said, WIDTH, initial_indent=first, subsequent_indent=indent, break_on_hyphens=False
    )


# ---- for programs


def data(proved: Proved, words: Words) -> dict[str, Any]:
    """A statute's proofs as an object; labels and messages are in the words' language."""
    return {
        "name": proved.name,
        "file": proved.file,
        "language": proved.language,
        "in_force_from": proved.in_force_from.isoformat(),
        "laws": list(proved.laws),
        "rules": [_rule(item, words) for item in proved.proofs],
    }


def _rule(item: out.Proof, words: Words) -> dict[str, Any]:
    broken = item.broken
    type_ = broken.type if broken else None
    return {
        "rule": item.rule,
        "label": json.rule_label(item, words),
        "origin": "law" if item.law else "statute",
        "article": item.article,
        "strength": "require" if item.binding else "recommend",
        "verdict": item.verdict,
        "reason": item.reason or None,
        "not_yet": [
            {"reason": one.reason, "line": one.span.line if one.span else None}
            for one in item.not_yet
        ],
        "assumptions": [
            {
                "key": one.key,
                "text": words.phrase(f"proof.assumed_that.{one.key}", **one.arguments),
            }
            for one in item.assumptions
        ],
        "year": None if item.year is None else _year(item),
        "left": json.plain(broken.left, type_) if broken else None,
        "relation": broken.relation if broken else None,
        "right": json.plain(broken.right, type_) if broken else None,
        "reference": item.reference or None,
        "confidence": None if not item.law else "to confirm" if item.to_confirm else "confirmed",
        "message": json.rule_message(item, words),
    }


def _year(item: out.Proof) -> dict[str, Any]:
    assert item.year is not None
    records: dict[str, dict[str, dict[str, Any]]] = {}
    for sort, table in item.year.tables.items():
        records[sort] = {identifier: {} for identifier in table.ids}
        for name, column in table.columns.items():
            type_ = next(one.type for one in item.given if one.name == name and one.record)
            for identifier, value in zip(table.ids, column, strict=True):
                records[sort][identifier][name] = json.plain(value, type_)
    own = [one for one in item.given if not one.record]
    return {
        "closing": item.year.closing.isoformat(),
        "figures": {one.name: json.plain(one.value, one.type) for one in own if not one.opening},
        "balances": {one.name: json.plain(one.value, one.type) for one in own if one.opening},
        "records": records,
    }


# ---- as a year's folder


def folder(
    item: out.Proof, words: Words, main: str, file_of: Callable[[str], str]
) -> dict[str, str]:
    """The files of a year that breaks a rule, as a run reads them: their names and their texts.

    ``main`` is the file of the cooperative's own figures, ``file_of`` names that of a sort of record.
    """
    assert item.year is not None, "only a year can be written"
    rule = json.rule_label(item, words)
    lines = [
        f"# {words.phrase('proof.folder', rule=safe(rule))}",
        "",
        f"closing = {item.year.closing}",
    ]
    own = [one for one in item.given if not one.record]
    lines += [_line(one, words) for one in own if not one.opening]
    balances = [_line(one, words) for one in own if one.opening]
    files = {main: "\n".join([*lines, *(["", "[balances]"] if balances else []), *balances, ""])}
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
            return decimal_text(value, decimals_of(currency) if currency else None)
        case date():
            return value.isoformat()
        case str():
            return value
