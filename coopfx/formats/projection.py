"""Years to come on a terminal: what is assumed, what fills up and when, accounts and rules by year."""

from collections.abc import Iterable, Sequence
from fractions import Fraction

from attrs import frozen

from coopfx.engine import outcome as out
from coopfx.formats.aligned import aligned
from coopfx.formats.json import rule_label
from coopfx.formats.origin import source_called
from coopfx.formats.terminal import WIDTH, Style, safe, width, wrapped
from coopfx.formats.text import cell
from coopfx.ground.exact import (
    Missing,
    Type,
    Value,
    money,
    negative,
    plus,
    quantity,
    round_to,
    step_of,
)
from coopfx.ground.words import Words

_MOST_NAMED = 3
_MOST_YEARS = 11
_FIRST = 14
_FULL = "●"
_SIGNS = {
    out.SATISFIED: "✓",
    out.TO_A_CENT: "✓",
    out.VIOLATED: "✗",
    out.UNDETERMINED: "?",
    out.NOT_APPLICABLE: "·",
    out.SET_ASIDE: "–",
}


def projections(found: Sequence[out.Projection], words: Words, style: Style) -> str:
    """Projections of one year, side by side where there are several, with what is assumed first."""
    shown = _Shown(found, words, style)
    sections = [
        shown.heading(),
        shown.assumed(),
        shown.sentences(),
        shown.figures(),
        shown.accounts(),
        shown.per_head(),
        *shown.rules(),
    ]
    return "\n\n".join("\n".join(section) for section in sections if section) + "\n"


def name_of(one: out.Projection, found: Sequence[out.Projection], words: Words) -> str:
    """What a projection is called among others: its scenario and its assumptions, as far as they differ."""
    parts = []
    if any(other.scenario for other in found):
        parts.append(one.scenario or words.phrase("project.as_it_is"))
    if one.under:
        parts.append(way(one.under, words))
    return ", ".join(parts)


def way(under: str, words: Words) -> str:
    """What a way in which things may go is called: those that each language has words for, by these."""
    own = words.phrases.get(f"project.{under}", "") if under in ("low", "middle", "high") else ""
    return own.split("|")[0].strip() or under


def sentence(one: out.Projection, words: Words) -> str:
    """What a projection comes to: which account is full when, which rule is violated from when on."""
    said = [*_said_of_fillings(one, words), *_said_of_rules(one, words)]
    text = words.phrase("compare.and").join(said)
    return text[:1].upper() + text[1:] + "."


def _said_of_fillings(one: out.Projection, words: Words) -> Iterable[str]:
    first, last = one.years[0], one.years[-1]
    amount = quantity(money(first.outcome.currency))
    for account in dict.fromkeys(item.account for item in last.fillings):
        label, full, short = words.label(account), one.full_in(account), _short(last, account)
        from_start = full == first.outcome.closing and _opened_full(one, account)
        if full is not None and not from_start:
            yield words.phrase("project.full.in", account=label, year=full.year)
        elif short is None:
            yield words.phrase("project.full.unknown", account=label)
        elif full is None:
            yield words.phrase(
                "project.full.not",
                account=label,
                last=last.outcome.closing.year,
                short=(short, amount),
            )
        else:
            key = "no_longer" if short > 0 else "still"
            yield words.phrase(f"project.full.{key}", account=label, last=last.outcome.closing.year)


def _short(year: out.ProjectedYear, account: str) -> Fraction | None:
    """How much an account lacks until it is full, of several figures up to the highest; None if unknown."""
    lacks = [
        plus(one.target, negative(one.balance)) for one in year.fillings if one.account == account
    ]
    known = [one for one in lacks if isinstance(one, Fraction)]
    return max(known) if len(known) == len(lacks) else None


def _opened_full(one: out.Projection, account: str) -> bool:
    """Whether an account was full already as the first of the years opened."""
    first = one.years[0]
    opening = next(item.opening for item in first.outcome.accounts if item.name == account)
    targets = [item.target for item in first.fillings if item.account == account]
    return isinstance(opening, Fraction) and all(
        isinstance(target, Fraction) and opening >= target for target in targets
    )


def _said_of_rules(one: out.Projection, words: Words) -> Iterable[str]:
    broken = []
    for verdicts in one.rules.values():
        years = [
            year.outcome.closing.year
            for year, verdict in zip(one.years, verdicts, strict=True)
            if verdict is not None and verdict.binding and verdict.status == out.VIOLATED
        ]
        if not years:
            continue
        last = next(verdict for verdict in reversed(verdicts) if verdict is not None)
        title = words.phrase("compare.rule", title=rule_label(last, words))
        whole = years == list(range(years[0], one.years[-1].outcome.closing.year + 1))
        key = "from" if whole and len(years) > 1 else "in"
        in_years = years[0] if whole else words.first_few(years, str, _MOST_NAMED)
        broken.append(words.phrase(f"project.violated.{key}", rule=title, years=in_years))
    if broken:
        few = words.first_few(broken, str, _MOST_NAMED)
        yield words.counted("project.violated", len(broken), rules=few)
    else:
        yield words.phrase("project.violated.none")


@frozen(slots=True)
class _Series:
    """A figure by year, as it is written for each projection."""

    label: str
    cells: tuple[tuple[str, ...], ...]


@frozen(slots=True)
class _Shown:
    found: Sequence[out.Projection]
    words: Words
    style: Style

    @property
    def several(self) -> bool:
        return len(self.found) > 1

    @property
    def names(self) -> list[str]:
        return [safe(name_of(one, self.found, self.words)) for one in self.found]

    @property
    def years(self) -> list[str]:
        return [str(year.outcome.closing.year) for year in self.found[0].years]

    @property
    def amount(self) -> Type:
        return quantity(money(self.found[0].years[0].outcome.currency))

    def title(self, key: str, **arguments: object) -> str:
        return self.style.paint(self.words.phrase(key, **arguments), "bold")

    def heading(self) -> list[str]:
        base = self.found[0].years[0].outcome
        count = len(self.found[0].years) - 1
        said = self.words.counted(
            "project.title", count, name=safe(base.cooperative), closing=base.closing
        )
        return [self.style.paint(said, "bold"), *wrapped(self.words.phrase("project.none_was"))]

    def assumed(self) -> list[str]:
        """What is taken for granted, before any figure that rests on it."""
        lines = [self.title("project.assumed")]
        for name, one in zip(self.names, self.found, strict=True):
            said = safe(self.words.phrase("compare.and").join(one.assumed)) or self.words.phrase(
                "project.assumed.nothing"
            )
            text = self.words.phrase("compare.of", what=name, said=said) if name else said
            lines += wrapped(text, "  ", "    ")
        lines += wrapped(self.words.phrase("project.assumed.rest"), "  ")
        held = {one.name: one for projection in self.found for one in projection.held}
        if held:
            said = self.words.first_few(list(held.values()), self._held, _MOST_NAMED)
            lines += wrapped(self.words.phrase("project.held", figures=said), "  ")
        return lines

    def _held(self, one: out.Held) -> str:
        value, label = (one.value, one.type), self.words.label(one.name)
        return self.words.phrase("project.held.since", name=label, value=value, since=one.since)

    def sentences(self) -> list[str]:
        lines = []
        for name, one in zip(self.names, self.found, strict=True):
            if self.several:
                lines.append(self.style.paint(name, "bold"))
            lines += wrapped(sentence(one, self.words), "  " if self.several else "")
        return lines

    # ---- figures by year

    def figures(self) -> list[str]:
        names = dict.fromkeys(
            (item.name, item.type) for one in self.found for item in one.years[0].assumed
        )
        series = []
        for name, type_ in names:
            rows = [[_named(year.assumed, name) for year in one.years] for one in self.found]
            if any(value is not None for row in rows for value in row):
                series.append(self._series(self.words.label(name), rows, type_))
        return self._tables("project.figures", series)

    def accounts(self) -> list[str]:
        names = dict.fromkeys(
            account.name
            for one in self.found
            for year in one.years
            for account in year.outcome.accounts
            if isinstance(account.closing, Fraction) and account.closing != 0
        )
        series = []
        for name in names:
            rows = [[_closing(year, name) for year in one.years] for one in self.found]
            full = [[_is_full(year, name) for year in one.years] for one in self.found]
            label, targets = self.words.label(name), self._targets(name)
            for one in targets if self.several else ():
                if len(every := {text for row in one.cells for text in row}) == 1:
                    said = self.words.phrase("compare.of", what=one.label, said=every.pop())
                    label, targets = f"{label} ({said})", [of for of in targets if of is not one]
            series.append(self._series(label, rows, self.amount, full))
            series += targets
        lines = self._tables("project.accounts", series)
        if any(_FULL in text for one in series for row in one.cells for text in row):
            lines += wrapped(self.words.phrase("project.full.sign", sign=_FULL), "  ")
        return lines

    def _targets(self, account: str) -> list[_Series]:
        fillings = [
            [
                {one.until: one.target for one in year.fillings if one.account == account}
                for year in of
            ]
            for of in (one.years for one in self.found)
        ]
        series = []
        for until in dict.fromkeys(name for of in fillings for year in of for name in year):
            label = self.words.label(until) if until else self.words.label(account)
            title = self.words.phrase("project.until", figure=label)
            rows = [[year.get(until) for year in of] for of in fillings]
            series.append(self._series(title, rows, self.amount))
        return series

    def per_head(self) -> list[str]:
        sources = dict.fromkeys(
            item.source for one in self.found for year in one.years for item in year.per_head
        )
        step = step_of(self.amount.unit) or Fraction(1)
        series = []
        for source in sources:
            of = [[_per_head(year, source) for year in one.years] for one in self.found]
            rows = [[_rounded(one.each, step) if one else None for one in row] for row in of]
            heads = {one.heads for row in of for one in row if one and one.heads}
            label = source_called(source, self.words)
            if len(heads) == 1:
                label = self.words.counted("project.heads", heads.pop(), account=label)
            series.append(self._series(label, rows, self.amount))
        return self._tables("project.per_head", series)

    def _series(
        self,
        label: str,
        rows: Sequence[Sequence[Value | None]],
        type_: Type,
        full: Sequence[Sequence[bool]] = (),
    ) -> _Series:
        marks = full or [[False] * len(row) for row in rows]
        return _Series(
            safe(label),
            tuple(
                tuple(
                    (f"{_FULL} " if mark else "")
                    + ("" if value is None else safe(cell(value, type_, self.words)))
                    for value, mark in zip(row, marked, strict=True)
                )
                for row, marked in zip(rows, marks, strict=True)
            ),
        )

    def _tables(self, key: str, series: Sequence[_Series]) -> list[str]:
        """Figures beside each other, a row a year; of several projections one figure after another."""
        if not series:
            return []
        title = self.words.phrase(key)
        if not self.several:
            columns = [(one.label, one.cells[0]) for one in series]
            return self._beside(title, columns)
        lines = [self.title(key)]
        for number, one in enumerate(series):
            alike = len(set(one.cells)) == 1
            columns = [(self.words.phrase("project.all"), one.cells[0])] if alike else []
            columns = columns or list(zip(self.names, one.cells, strict=True))
            lines += [*([""] if number else []), *self._beside(one.label, columns)]
        return lines

    def _beside(self, title: str, columns: Sequence[tuple[str, Sequence[str]]]) -> list[str]:
        lines: list[str] = []
        room = max(_FIRST, width(title) + 2)
        for few in _fitting(columns, WIDTH - room):
            header = [title, *(label for label, _ in few)]
            rows = [
                [year, *(cells[number] for _, cells in few)]
                for number, year in enumerate(self.years)
            ]
            lines += [*([""] if lines else []), *aligned(header, rows, self.style, name=room)]
        return lines

    # ---- rules by year

    def rules(self) -> list[list[str]]:
        each = [self._rules(name, one) for name, one in zip(self.names, self.found, strict=True)]
        alike = len({tuple(lines[1:]) for lines in each}) == 1
        return [self._rules("", self.found[0])] if alike and self.several else each

    def _rules(self, name: str, one: out.Projection) -> list[str]:
        kept, never, rows = 0, 0, []
        for verdicts in one.rules.values():
            statuses = {None if verdict is None else verdict.status for verdict in verdicts}
            judged = statuses - {None, out.NOT_APPLICABLE, out.SET_ASIDE}
            if judged and judged <= out.KEPT and statuses <= out.KEPT | {out.NOT_APPLICABLE}:
                kept += 1
            elif statuses == {out.UNDETERMINED}:
                never += 1
            elif judged:
                last = next(verdict for verdict in reversed(verdicts) if verdict is not None)
                signs = ["" if verdict is None else _SIGNS[verdict.status] for verdict in verdicts]
                rows.append([rule_label(last, self.words), *signs])
        title = self.words.phrase("project.rules")
        if name:
            title = self.words.phrase("compare.of", what=title, said=name)
        lines: list[str] = []
        for start in range(0, len(self.years) if rows else 0, _MOST_YEARS):
            part = slice(1 + start, 1 + start + _MOST_YEARS)
            header = [title, *self.years[start : start + _MOST_YEARS]]
            lines += aligned(header, [[row[0], *row[part]] for row in rows], self.style)
        if rows:
            lines += wrapped(self.words.phrase("project.rules.signs"), "  ")
        else:
            lines.append(self.style.paint(title, "bold"))
        facts = self._waited_for(one)
        if facts is not None:
            said = self.words.facts(facts)
            lines += wrapped(self.words.phrase("project.rules.waiting", facts=said), "  ")
        if kept:
            lines += wrapped(self.words.counted("project.rules.kept", kept), "  ")
        if never:
            lines += wrapped(self.words.counted("project.rules.unknown", never), "  ")
        return lines

    def _waited_for(self, one: out.Projection) -> Missing | None:
        """What rules wait for in later years that could be judged in the first; None where none does."""
        waited: dict[tuple[str, str], None] = {}
        for first, *later in one.rules.values():
            if first is not None and first.status != out.UNDETERMINED:
                absent = (verdict.missing for verdict in later if verdict is not None)
                waited |= dict.fromkeys(
                    fact for some in absent if some is not None for fact in some.facts
                )
        return Missing(tuple(waited)) if waited else None


def _fitting(
    columns: Sequence[tuple[str, Sequence[str]]], room: int
) -> Iterable[Sequence[tuple[str, Sequence[str]]]]:
    """Columns in as many rows of them as fit beside each other."""
    few: list[tuple[str, Sequence[str]]] = []
    left = room
    for label, cells in columns:
        size = max(map(width, (label, *cells))) + 2
        if few and size > left:
            yield few
            few, left = [], room
        few.append((label, cells))
        left -= size
    if few:
        yield few


def _named(figures: Iterable[out.Figure], name: str) -> Value | None:
    return next((one.value for one in figures if one.name == name), None)


def _closing(year: out.ProjectedYear, account: str) -> Value | None:
    return next((one.closing for one in year.outcome.accounts if one.name == account), None)


def _is_full(year: out.ProjectedYear, account: str) -> bool:
    own = [one.full for one in year.fillings if one.account == account]
    return bool(own) and all(own)


def _per_head(year: out.ProjectedYear, source: str | None) -> out.PerHead | None:
    return next((one for one in year.per_head if one.source == source), None)


def _rounded(value: Value, step: Fraction) -> Value:
    return round_to(value, step) if isinstance(value, Fraction) else value
