"""The cooperative's own figures of a year, whatever files give them.

They stand in ``cooperative.toml``, or in sheets of names and values that a reader finds in a workbook,
a table or an accounting export. All of them together are one year; what two places give is told.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from attrs import Factory, define, evolve, field, frozen

from coopfx.formats import cells, notation
from coopfx.formats.toml import TABLES, Document, Float
from coopfx.ground.exact import DATE, TEXT, Kind, Known, Type
from coopfx.ground.facts import Field, Schema, Sheet
from coopfx.ground.figure import PREVIOUS, Figure, between_of, figure_of, opening_of
from coopfx.ground.report import Report, Word
from coopfx.ground.source import Span
from coopfx.ground.words import Words, flat, nearest

_KEYS = ("closing", "name")


@frozen(slots=True)
class Year:
    """A cooperative's own year: what its files say."""

    closing: date
    name: str = ""
    figures: dict[str, Known] = Factory(dict)
    balances: dict[str, Any] = Factory(dict)
    places: dict[str, Span] = Factory(dict)
    between: dict[str, Any] = Factory(dict)


@frozen(slots=True)
class _Entry:
    """A name and its value, as one file gives it; of a sheet, the value is a text."""

    name: str
    value: Any
    place: Span
    style: notation.Style


@define(slots=True)
class OwnFigures:
    """The cooperative's own figures while its files are gone through, one after the other.

    Names may be in any of the given languages. Every mistake is told.
    """

    schema: Schema
    words: list[Words]
    report: Report
    _closing: date | None = field(init=False, default=None)
    _name: str = field(init=False, default="")
    _figures: dict[str, Known] = field(init=False, factory=dict)
    _balances: dict[str, Any] = field(init=False, factory=dict)
    _between: dict[str, Any] = field(init=False, factory=dict)
    _places: dict[tuple[str, str], Span] = field(init=False, factory=dict)

    def year(self, start: Span | None) -> Year | None:
        """What has been found; None, and told (D711), where the closing date is not known."""
        if self._closing is None:
            if ("key", "closing") not in self._places:
                self.report.tell("D711", start, found="")
            return None
        keys = {"balance": opening_of, "between": between_of}
        places = {
            keys[sort](name) if sort in keys else name: one
            for (sort, name), one in self._places.items()
        }
        figures, balances = self._figures, self._balances
        return Year(self._closing, self._name, figures, balances, places, self._between)

    # ---- cooperative.toml

    def take_document(self, document: Document) -> None:
        """What ``cooperative.toml`` gives: the closing date, the cooperative's facts, ``[balances]``,
        what moved them ``[between]`` the years, ``[decisions]``, and under ``[previous]`` figures of the
        year before."""
        facts = self.schema.of(None)
        decisions = {item.name: item for item in self.schema.decisions}
        texts = [value for value in flat(document.data).values() if isinstance(value, str)]
        style = notation.style_of(texts, self.words[0].numbers["decimal"])
        for key, value in document.data.items():
            entry = _Entry(key, value, document.place(key), style)
            if key in _KEYS:
                self._take_key(key, entry)
            elif key in TABLES and isinstance(value, dict):
                for name, one in flat(value).items():
                    inner = _Entry(name, one, document.place(name, key), style)
                    if key == "balances":
                        self._take_balance(inner)
                    elif key == "between":
                        self._take_between(inner)
                    elif key == "decisions":
                        self._take_figure(inner, name, decisions)
                    else:
                        self._take_figure(inner, Figure(name, PREVIOUS).key, facts)
            else:
                self._take_figure(entry, key, facts)

    # ---- sheets of names and values

    def take_sheet(self, sheet: Sheet) -> None:
        """What a sheet of names and values gives; its header is passed over, unless it is such a row."""
        facts = self.schema.of(None)
        decisions = {item.name: item for item in self.schema.decisions}
        accounts = dict.fromkeys(self.schema.accounts)
        texts = [row[1] for _, row in sheet.rows if len(row) > 1]
        style = notation.style_of(texts, cells.usual(self.words[0], sheet.places.delimiter))
        first = [(sheet.header_line, sheet.header)] if _is_figure(sheet.header, self.words) else []
        before = self.report.errors()
        for index, amiss in sheet.amiss:
            if index < 2:
                self.report.add(amiss)
        for line, row in (*first, *sheet.rows):
            name = " ".join(row[0].split()) if row else ""
            if not name or not any(cell.strip() for cell in row[1:2]):
                continue
            if self.report.errors() - before >= cells.MOST_MISTAKES:
                self.report.tell("D721", sheet.places.row(line), most=cells.MOST_MISTAKES)
                break
            place = sheet.places.cell(line, 1, row[1])
            entry = _Entry(name, row[1].strip(), place, style)
            if cells.canonical(name, facts, self.words):
                self._take_figure(entry, name, facts)
            elif cells.canonical(name, decisions, self.words):
                self._take_figure(entry, name, decisions)
            elif account_of(name, accounts, self.words):
                self._take_balance(entry)
            elif account_of(own := moved_between(name, self.words), accounts, self.words):
                self._take_between(evolve(entry, name=own))
            elif (key := key_of(name, self.words)) in _KEYS:
                day = _day(entry.value) if key == "closing" else None
                if day is not None:
                    self._tell_short_year(entry, entry.value, day)
                self._take_key(key, evolve(entry, value=day or entry.value))
            else:
                named = sheet.places.cell(line, 0, row[0])
                self._tell_unknown(_Entry(name, "", named, style), (*facts, *decisions, *accounts))

    # ---- one name and its value

    def _first(self, sort: str, name: str, entry: _Entry) -> bool:
        """Whether a thing has not been given before; told (D715), with both places, where it has."""
        first = self._places.setdefault((sort, name), entry.place)
        if first is not entry.place:
            self.report.tell("D715", entry.place, related=(first,), name=entry.name[:60])
        return first is entry.place

    def _take_key(self, key: str, entry: _Entry) -> None:
        if key == "closing" and type(entry.value) is date and entry.value == self._closing:
            # A year's own file and an accounting export may both say when it closes.
            return
        if not self._first("key", key, entry):
            return
        value = entry.value
        if key == "closing":
            if type(value) is date:
                self._closing = value
            else:
                self.report.tell("D711", entry.place, found=_shown(value))
        elif isinstance(value, str):
            self._name = value
        else:
            self._tell_wrong(entry, TEXT)

    def _take_figure(self, entry: _Entry, name: str, known: Mapping[str, Field]) -> None:
        found = cells.canonical(name, known, self.words)
        if found is None:
            self._tell_unknown(entry, tuple(known))
        elif self._first("figure", found, entry):
            value = self._value(entry, known[found])
            if value is not None:
                self._figures[found] = value

    def _take_balance(self, entry: _Entry) -> None:
        account = self._account(entry)
        if account is not None and self._first("balance", account, entry):
            value = self._value(entry, self._balance(account))
            if value is not None:
                self._balances[account] = value

    def _take_between(self, entry: _Entry) -> None:
        """What came to an account between the years, or went out of it, below nought."""
        account = self._account(entry)
        if account is not None and self._first("between", account, entry):
            money = Field("balance", cells.money_type(self.schema.currency))
            value = self._value(entry, money)
            if value is not None:
                self._between[account] = value

    def _account(self, entry: _Entry) -> str | None:
        """The account that a balance is of; told (D717, D719) where none is meant, or one of branches."""
        accounts = dict.fromkeys(self.schema.accounts)
        account = account_of(entry.name, accounts, self.words)
        if account is None and self._tell_each(entry):
            return None
        if account is None:
            near = cells.nearest_form(entry.name, accounts, self.words)
            self.report.tell("D717", entry.place, name=entry.name[:60], nearest=near)
            return None
        branches = [name for name in accounts if name.startswith(account + ".")]
        if branches:
            shown = tuple(Word(name) for name in branches)
            self.report.tell("D719", entry.place, name=entry.name, branches=shown)
            return None
        return account

    def _tell_each(self, entry: _Entry) -> bool:
        """Whether a balance is of an account of each record, which is then told (D726)."""
        each = {
            figure.name: item.name
            for item in self.schema.fields
            if item.record and (figure := figure_of(item.name)).name != item.name
        }
        found = account_of(entry.name, each, self.words)
        if found is None:
            return False
        shown = self.words[0].word(each[found])
        return cells.tell_elsewhere(shown, None, self.schema, self.words, entry.place, self.report)

    def _balance(self, account: str) -> Field:
        type_ = cells.money_type(self.schema.currency)
        return Field("balance", type_, low=self.schema.floors.get(account))

    def _tell_unknown(self, entry: _Entry, known: tuple[str, ...]) -> None:
        key, place, report = entry.name, entry.place, self.report
        decisions = {item.name: None for item in self.schema.decisions}
        if cells.canonical(key, decisions, self.words) is not None:
            report.tell("D727", place, name=key)
            return
        if cells.canonical(key, dict.fromkeys(self.schema.defined), self.words) is not None:
            report.tell("D709", place, name=key)
            return
        if cells.tell_elsewhere(key, None, self.schema, self.words, place, report):
            return
        others = (*_KEYS, *(f"[{table}]" for table in TABLES))
        near = _own_key(key, self.words) or cells.nearest_form(key, known, self.words, others)
        report.tell("D701", place, name=key[:60], nearest=near)

    def _value(self, entry: _Entry, wanted: Field) -> Known | None:
        value, place = entry.value, cells.Place(lambda: entry.place, entry.name)
        if isinstance(value, Float) and any(sign.isdigit() for sign in value.text):
            self.report.tell("D702", entry.place, name=entry.name, found=value.text)
            return None
        if isinstance(value, date) and wanted.type.kind is Kind.DATE and type(value) is date:
            return value
        if wanted.type.kind is Kind.YES_NO and isinstance(value, bool):
            return value
        if isinstance(value, bool) or not isinstance(value, str | int):
            self._tell_wrong(entry, wanted.type)
            return None
        style = entry.style
        if wanted.type.kind is Kind.DATE:
            shown = cells.days_of([str(value)])
            style = notation.Style(days=shown or cells.usual_days(self.words[0]), usual=not shown)
        found = cells.value(str(value), wanted, self.words, place, style, self.report)
        if isinstance(found, date):
            self._tell_short_year(entry, str(value), found)
        if found is not None and cells.decided([str(value)], wanted, entry.style):
            sign = entry.style.decimal
            self.report.tell("D737", entry.place, name=entry.name, found=str(value)[:60], sign=sign)
        return found

    def _tell_short_year(self, entry: _Entry, text: str, read: date) -> None:
        """Tell of a year of two digits which century is meant (D748)."""
        if cells.short_year([text]):
            self.report.tell("D748", entry.place, name=entry.name, found=text[:60], date=read)

    def _tell_wrong(self, entry: _Entry, type_: Type) -> None:
        self.report.tell(
            "D703",
            entry.place,
            name=entry.name,
            record="",
            found=_shown(entry.value),
            type=type_,
            example=cells.how_to_write(type_),
        )


def closing_of(sheet: Sheet, words: list[Words]) -> tuple[date, Span] | None:
    """The closing date that a sheet of names and values gives, and its place; None where it has none."""
    for line, row in _closings(sheet, words):
        day = _day(row[1].strip())
        if day is not None:
            return day, sheet.places.cell(line, 1, row[1])
    return None


def speaks_of_closing(sheet: Sheet, words: list[Words]) -> bool:
    """Whether a sheet of names and values has a closing date, be it written as none can be."""
    return any(row[1].strip() for _, row in _closings(sheet, words))


def _closings(sheet: Sheet, words: list[Words]) -> Iterator[tuple[int, Sequence[str]]]:
    for line, row in ((sheet.header_line, sheet.header), *sheet.rows):
        if len(row) > 1 and key_of(row[0], words) == "closing":
            yield line, row


def key_of(name: str, words: list[Words]) -> str:
    """The key of a year that a name stands for in any language; empty where it is none."""
    return _keys(words).get("_".join(name.casefold().split()), "")


def moved_between(name: str, words: list[Words]) -> str:
    """The account after the words for what moves between two years; empty where there are none."""
    plain = "_".join(name.split())
    forms = (form for one in words for form in one.phrases.get("year.between", "").split())
    for form in sorted(forms, key=len, reverse=True):
        if plain.casefold().startswith(f"{form}_"):
            return plain[len(form) + 1 :]
    return ""


def account_of(name: str, accounts: Mapping[str, Any], words: list[Words]) -> str | None:
    """The account that a name stands for, by itself or as its opening balance."""
    found = cells.canonical(name, accounts, words)
    if found is not None:
        return found
    opened = cells.canonical(name, dict.fromkeys(map(opening_of, accounts)), words)
    return None if opened is None else figure_of(opened).name


def _keys(words: list[Words]) -> dict[str, str]:
    own = {name: name for name in (*_KEYS, *TABLES)}
    for language in words:
        for name in (*_KEYS, *TABLES):
            own |= dict.fromkeys(language.phrases.get(f"year.{name}", "").split(), name)
    return own


def _own_key(key: str, words: list[Words]) -> str:
    """The key of ``cooperative.toml`` that a word stands for, which is read in English alone."""
    own = _keys(words)
    found = own.get(nearest(key.casefold(), own), "")
    return f"[{found}]" if found in TABLES else found


def _is_figure(header: Sequence[str], words: list[Words]) -> bool:
    """Whether what stands first in a sheet is a row of it already, and no titles of its columns."""
    said = ["_".join(title.casefold().split()) for title in header[:2]]
    titles = [
        {form for language in words for form in language.phrases[f"column.{title}"].split()}
        for title in ("name", "value")
    ]
    return len(said) == 2 and not any(one in known for one, known in zip(said, titles, strict=True))


def _day(text: str) -> date | None:
    """A day, written as a text in a way that leaves no doubt; None where it is none."""
    style = notation.Style(days=cells.days_of([text]))
    found = cells.read(text, Field("closing", DATE), [], style)
    return found if isinstance(found, date) else None


def _shown(value: Any) -> str:
    """A value as TOML writes it; of what holds others, only that it does."""
    match value:
        case bool():
            return str(value).lower()
        case list():
            return "[…]"
        case dict():
            return "{…}"
        case Float(text):
            return text
        case _:
            return str(value)[:60]
