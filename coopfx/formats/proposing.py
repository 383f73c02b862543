"""What `columns.toml` is proposed to say of a sheet, and what of it is doubtful and asked.

A proposal is a value: from how a sheet looks, what is said of it already and the answers so far, always the
same. Certain is only what a column's name says in full and its cells bear out; all else is a question.
"""

import re
from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any

from attrs import Factory, define, frozen

from coopfx.formats.mapping_made import GIVEN, MOVEMENTS, TIMES
from coopfx.formats.profiles import Column, Profile
from coopfx.formats.proposing_made import SOME, is_added
from coopfx.formats.proposing_people import SheetPeople
from coopfx.formats.questions import Asked, Choice, Question, kept
from coopfx.formats.rows import ANSWERS, bare
from coopfx.formats.sheet_asked import NONE, ROW, Asks
from coopfx.ground.exact import DATE, MONTH, NUMBER, Kind, Known, currency_of
from coopfx.ground.facts import Field
from coopfx.ground.words import Words

_LIKELY = 0.5


@frozen(slots=True)
class Proposal:
    """What is proposed of one sheet.

    ``name`` is the one by which `columns.toml` speaks of it, ``shown`` that of the file. ``table`` is what
    it would say of it, empty where too little is known, ``questions`` what is asked still, ``waiting`` the
    columns that these are about, ``before`` what was answered to some before. ``columns`` are the names of
    its columns, each with the figures that rest on it; ``lines`` how many records it may have, ``ids``
    their identifiers, where it is known which column they stand in.
    """

    name: str
    shown: str
    record: str
    table: dict[str, Any]
    questions: tuple[Question, ...]
    columns: tuple[tuple[str, tuple[str, ...]], ...]
    lines: int
    waiting: frozenset[str] = frozenset()
    ids: tuple[str, ...] = ()
    before: Mapping[str, Known] = Factory(dict)


def is_register(profile: Profile, asks: Asks) -> bool:
    """Whether a sheet lists movements of shares: a day, an amount, and what happened."""
    means = {one.name: _means(one, profile, asks) for one in profile.columns}
    roles = {role for found in means.values() for role in found}
    fields, languages = asks.schema.of(profile.sheet.record), list(asks.languages)
    if any("id" in means[one.name] and one.is_unique for one in profile.columns):
        return False
    # A column may be called as a figure and hold names, as that of the associates does.
    if any(
        name in fields and name != "shares_held" and one.fits(fields[name], languages)
        for one in profile.columns
        for name in means[one.name]
    ):
        return False
    moves = roles & {"amount", "shares"}
    return "day" in roles and bool(moves) and bool({"id", "kind", "shares"} & roles)


def propose(
    name: str,
    shown: str,
    profile: Profile,
    asks: Asks,
    answers: Mapping[str, Known],
    said: Mapping[str, Any],
    *,
    beside: bool = False,
    have: frozenset[str] = frozenset(),
    elsewhere: frozenset[str] = frozenset(),
    people: Sequence[str] = (),
    others: Sequence[frozenset[str]] = (),
    earlier: bool = False,
    again: bool = False,
) -> Proposal:
    """What is proposed of a sheet called ``name``.

    ``answers`` are those given so far, by the keys of questions, ``said`` what stands of the sheet or
    stood of it the year before. ``beside`` is whether another sheet lists the records, ``people``, ``have``
    the figures that others give and ``elsewhere`` those that columns of others are called as in full,
    ``earlier`` whether what is said was said of the year before, ``again`` whether all of it is asked anew.
    """
    making = _Proposing(
        name,
        shown,
        profile,
        asks,
        answers,
        said,
        beside,
        have,
        people,
        others,
        elsewhere,
        earlier,
        again,
    )
    making.make()
    table = making.table
    if not making.is_enough():
        # Of a sheet that cannot be read yet, what has been answered is kept.
        table = {key: table[key] for key in (GIVEN,) if key in table}
    own = making.id_column()
    return Proposal(
        name,
        shown,
        profile.sheet.record,
        table,
        tuple(making.questions),
        tuple((one.name, making.given(one.name)) for one in making.profile.columns),
        making.profile.rows,
        frozenset(making.waiting),
        () if own is None else tuple(own.texts),
        making.before,
    )


def _means(column: Column, profile: Profile, asks: Asks) -> tuple[str, ...]:
    return asks.spoken.means(column.name, profile.sheet.record)


def row_question(proposal: Proposal, row: str, line: int, why: str, words: Words) -> Question:
    """The question whether a row of a sheet is a record or a total, of which it shows a sign."""
    choices = tuple(
        Choice(key, words.phrase(f"data.row.{key}"), words.phrase(f"data.row.{key}_then"))
        for key in ANSWERS
    )
    text = words.phrase("data.ask.row", line=line, file=proposal.shown)
    return Question(f"{proposal.name}{ROW}:{row}", text, Asked.CHOICE, choices=choices, why=why)


@define(slots=False)
class _Proposing(SheetPeople):
    """One sheet while what is proposed of it is worked out."""

    def make(self) -> None:
        """Work all of it out."""
        if not self.is_settled:
            return
        if self.beside:
            self.table.setdefault("beside", True)
        register = is_register(self.profile, self.asks) or MOVEMENTS in self.table
        if register and "shares_held" not in self.fields:
            return
        self._identifier()
        if register:
            self._register()
        elif not self._movements():
            if self._lines():
                self._figures()
            elif MOVEMENTS not in self.table:
                return
        if not self.is_enough():
            return
        self._alone()
        # What is open still is asked again, and a column that is empty may be filled another year.
        self.waiting |= {choice.key for one in self.questions for choice in one.choices}
        for column in self._free():
            if column.name not in self.waiting and (column.texts or self.means(column)):
                self.table["columns"][column.name] = ""
        if not self.said.get("columns"):
            order = [one.name for one in self.profile.columns]
            columns = self.table["columns"]
            self.table["columns"] = {name: columns[name] for name in order if name in columns}

    def _figures(self) -> None:
        """What the columns of a sheet with a line, or several to add up, for each give."""
        self._certain()
        self._months()
        self._contract()
        self._durations()
        self._asked()
        self._full_time()
        self._empties()

    def is_enough(self) -> bool:
        """Whether the sheet can be read with what is known: whose each line is, and how it moves shares."""
        own = self.id_column()
        if own is None or not self.is_settled:
            return False
        return own.is_unique or bool(self.table.get("sum")) or MOVEMENTS in self.table

    # ---- lines

    def _lines(self) -> bool:
        """Where a record has several lines, as payslips are, ask whether they are added up; whether it is
        known what they are."""
        own = self.id_column()
        if own is None:
            return False
        if own.is_unique or "sum" in self.table:
            return True
        adds: dict[str, Column] = {}
        for one in self.profile.columns:
            name = self._adds_to(one)
            best = adds.get(name or "")
            likeness = self.asks.spoken.likeness
            if name and (best is None or likeness(one.name, name) > likeness(best.name, name)):
                adds[name] = one
        number, languages = Field("", NUMBER), list(self.asks.languages)
        other = any(
            one not in adds.values() and not self.means(one) and one.fits(number, languages)
            for one in self._free()
        )
        sure = all(name in self.means(one) for name, one in adds.items())
        if not adds or (other and not sure):
            return self._kind_of_lines(own)
        pairs = tuple(f"{one.name} ({self._label(name)})" for name, one in adds.items())
        lines, people = self.profile.rows, len(set(own.texts))
        answer = self._ask(
            "sum",
            Asked.YES_NO,
            phrase="sum",
            arguments={"columns": pairs, "lines": lines, "people": people},
        )
        if answer is False:
            return self._kind_of_lines(own)
        if answer is True:
            self.table["sum"] = [one.name for one in adds.values()]
            for name, one in adds.items():
                self.table["columns"][one.name] = self.asks.words.word(name)
        return answer is True

    def _kind_of_lines(self, own: Column) -> bool:
        """Ask what several lines of one person are, where their columns' names do not say it: amounts to
        add up, movements of shares, or neither. Whether they are amounts, of which it is then asked."""
        number, day, languages = Field("", NUMBER), Field("", DATE), list(self.asks.languages)
        days = [one for one in self._free() if one.fits(day, languages)]
        amounts = [one for one in self._free() if one.fits(number, languages) and one not in days]
        if not amounts:
            return False
        keys = ["add", *(["moves"] if days and self._is_wanted("shares_held") else []), NONE]
        reader = self.asks.reader
        chosen = self._ask(
            "lines",
            Asked.CHOICE,
            choices=tuple(Choice(key, reader.phrase(f"data.lines_are.{key}")) for key in keys),
            phrase="lines",
            arguments={"lines": self.profile.rows, "people": len(set(own.texts))},
        )
        if chosen == "moves":
            when = self._one_of("day", days, day)
            moved = None if when is None else self._one_of("moved", amounts, number)
            if when is not None and moved is not None:
                self._register(when, moved)
            return False
        if chosen == "add":
            self.table["sum"] = []
        return chosen == "add"

    def _one_of(self, topic: str, could: Sequence[Column], wanted: Field) -> Column | None:
        """The one of some columns, asked about where there are several."""
        if len(could) == 1:
            return could[0]
        chosen = self._column_asked(topic, could, wanted)
        return self.profile.named(chosen) if isinstance(chosen, str) else None

    def _adds_to(self, column: Column) -> str | None:
        """The figure that lines of a column could add up to, by what is said of it or by its name."""
        said = self.table["columns"].get(column.name)
        if said == "" or not column.fits(Field("", NUMBER), list(self.asks.languages)):
            return None
        found = [self._canonical(said)] if said else list(self.means(column))
        found = [one for one in found if one in self.fields]
        if not found and not said:
            likeness = self.asks.spoken.likeness
            like = [one for one in sorted(self.asks.wanted) if one in self.fields]
            found = [one for one in like if likeness(column.name, one) >= SOME]
            found.sort(key=lambda one: -likeness(column.name, one))
        for name in found[:1]:
            type_ = self.fields[name].type
            if type_.kind is Kind.QUANTITY and type_.unit != MONTH:
                return name
        return None

    # ---- figures that a column gives

    def _certain(self) -> None:
        """Columns whose name says in full what they are, where no other says the same."""
        by_figure: dict[str, list[Column]] = {}
        for column in self._free():
            for name in self.means(column)[:1]:
                field = self.fields.get(name)
                if field is None or (self._adds and is_added(field)):
                    continue
                if column.fits(field, list(self.asks.languages)):
                    by_figure.setdefault(name, []).append(column)
        for name, columns in by_figure.items():
            if len(columns) == 1 and self._is_wanted(name):
                self.table["columns"][columns[0].name] = self.asks.words.word(name)
                if self.fields[name].type.kind is Kind.YES_NO:
                    self._words_of(columns[0], name)

    @property
    def _adds(self) -> bool:
        """Whether the lines of one record are added up."""
        own = self.id_column()
        return own is not None and not own.is_unique

    def _asked(self) -> None:
        """Figures that matter and that no column plainly gives: ask which does, if any could."""
        for name in sorted(self.asks.wanted - self.elsewhere, key=self._order):
            field = self.fields.get(name)
            if field is None or not self._is_wanted(name) or field.type.kind is Kind.LINK:
                continue
            if name in self.pending:
                continue
            could = [one for one in self._free() if self._could(one, name, field)]
            could.sort(key=lambda one: -self.asks.spoken.likeness(one.name, name))
            if not could:
                continue
            label, type_ = self._label(name), field.type
            said = self.asks.said.get(name, "")
            # A heading may speak of years or of thousands: what is read is told with the question.
            of = f"{label}, {self.asks.reader.type_name(type_)}" if type_.unit else label
            chosen = self._column_asked(
                f"figure:{name}",
                could,
                field,
                phrase="figure_year" if name in ("salary", "hours") else "figure",
                arguments={"figure": of},
                why=f"{label} = {said}" if said else "",
            )
            column = self.profile.named(chosen) if isinstance(chosen, str) else None
            if column is None:
                continue
            if type_.kind is Kind.QUANTITY and self._counts(column) and not self._adds:
                self._multiplied(column, field, of)
                continue
            self.table["columns"][column.name] = self.asks.words.word(name)
            if self._adds and is_added(field):
                self.table.setdefault("sum", []).append(column.name)
            if type_.kind is Kind.YES_NO:
                self._words_of(column, name)
            elif type_.kind is Kind.DATE:
                self._order_of_days({column.name})

    def _multiplied(self, column: Column, field: Field, of: str) -> None:
        """A figure out of a column that counts in another unit, as soon as it is known what one is."""
        currency = currency_of(field.type.unit)
        kind = Asked.AMOUNT if currency else Asked.NUMBER
        one = self._ask(
            f"unit:{column.name}",
            kind,
            low=Fraction(1, 100),
            currency=currency or "EUR",
            phrase="unit",
            arguments={"column": column.name, "figure": of},
        )
        if not isinstance(one, Fraction):
            self.waiting.add(column.name)
        elif one == 1:
            self.table["columns"][column.name] = self.asks.words.word(field.name)
        else:
            by = kept(Question("", "", kind, currency=currency or "EUR"), one)
            self._put(TIMES, field.name, {"from": column.name, "by": by})

    def _could(self, column: Column, name: str, field: Field) -> bool:
        """Whether a column could give a figure: its cells read as it, and its name says nothing else."""
        # A column of months may hold the month of a payslip, or how many somebody was there.
        likely = {name, "period"} if field.type.unit == MONTH else {name, "amount"}
        if name == "shares_held":
            likely.add("shares")
        roles = set(self.means(column)) - likely
        if field.type.kind is Kind.YES_NO:
            return not roles and self._says_yes_and_no(column)
        if roles or not column.fits(field, list(self.asks.languages)):
            return False
        if field.type.kind is Kind.QUANTITY and self._is_of_another(column, field):
            return False
        return field.type.kind is not Kind.TEXT or self._is_like(column, name)

    def _is_of_another(self, column: Column, field: Field) -> bool:
        """Whether a column's name says a rate, or a unit or a span of time that is none of a figure's."""
        own, spoken = set(re.findall(r"[^\W\d_]+|[%€]", bare(column.name))), self.asks.spoken
        is_money = currency_of(field.type.unit) is not None
        spans = spoken.words_of("spans") if field.name in ("salary", "hours") else frozenset()
        other = {"%"} | ({"h"} if is_money else {"€", "k€", "eur", "euro", "euros"}) | spans
        return bool(own & other)

    def _is_like(self, column: Column, name: str) -> bool:
        return self.asks.spoken.likeness(column.name, name) >= _LIKELY
