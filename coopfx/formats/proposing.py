"""What `columns.toml` is proposed to say of a sheet, and what of it is doubtful and asked.

A proposal is a value: from how a sheet looks, what is said of it already and the answers so far, always the
same. Certain is only what a column's name says in full and its cells bear out; all else is a question.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from attrs import define, frozen

from coopfx.formats.mapping_made import MOVEMENTS
from coopfx.formats.profiles import Column, Profile
from coopfx.formats.proposing_made import MOST_CHOICES, NONE, SOME, SheetMade
from coopfx.formats.questions import Asked, Choice, Question
from coopfx.formats.rows import ANSWERS
from coopfx.formats.sheet_asked import ROW, Asks
from coopfx.ground.exact import DATE, MONTH, NUMBER, TEXT, Kind, Known
from coopfx.ground.facts import Field
from coopfx.ground.words import Words

_LIKELY = 0.5


@frozen(slots=True)
class Proposal:
    """What is proposed of one sheet.

    ``name`` is the one by which `columns.toml` speaks of it, ``shown`` that of the file. ``table`` is what
    it would say of it, empty where too little is known, ``questions`` what is asked still, ``waiting`` the
    columns that these are about. ``columns`` are the names of its columns, each with the figures that rest
    on it; ``lines`` how many records it may have.
    """

    name: str
    shown: str
    record: str
    table: dict[str, Any]
    questions: tuple[Question, ...]
    columns: tuple[tuple[str, tuple[str, ...]], ...]
    lines: int
    waiting: frozenset[str] = frozenset()


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
    strangers: Sequence[str] = (),
    earlier: bool = False,
) -> Proposal:
    """What is proposed of a sheet called ``name``.

    ``answers`` are those given so far, by the keys of questions, ``said`` what stands of the sheet or
    stood of it the year before. ``beside`` is whether another sheet lists the records, ``have`` the
    figures that others give, ``strangers`` those identifiers that stand only here, ``earlier`` whether
    what is said was said of the year before.
    """
    making = _Proposing(name, shown, profile, asks, answers, said, beside, have, strangers, earlier)
    making.make()
    return Proposal(
        name,
        shown,
        profile.sheet.record,
        making.table if making.is_enough() else {},
        tuple(making.questions),
        tuple((one.name, making.given(one.name)) for one in profile.columns),
        profile.rows,
        frozenset(making.waiting),
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
class _Proposing(SheetMade):
    """One sheet while what is proposed of it is worked out."""

    def make(self) -> None:
        """Work all of it out."""
        if self.beside:
            self.table.setdefault("beside", True)
        register = is_register(self.profile, self.asks) or MOVEMENTS in self.table
        if register and "shares_held" not in self.fields:
            return
        self._identifier()
        if register:
            self._register()
        elif not self._movements():
            self._lines()
            if not self.is_enough():
                return
            self._certain()
            self._months()
            self._contract()
            self._durations()
            self._asked()
            self._full_time()
        self._alone()
        # What is open still is asked again, and a column that is empty may be filled another year.
        self.waiting |= {choice.key for one in self.questions for choice in one.choices}
        for column in self._free():
            if column.name not in self.waiting and (column.texts or self.means(column)):
                self.table["columns"][column.name] = ""
        if self.fresh:
            order = [one.name for one in self.profile.columns]
            columns = self.table["columns"]
            self.table["columns"] = {name: columns[name] for name in order if name in columns}

    def is_enough(self) -> bool:
        """Whether the sheet can be read with what is known: whose each line is, and how it moves shares."""
        if self._id_column() is None:
            return False
        own = self._id_column()
        several = own is not None and not own.is_unique
        return not several or "sum" in self.table or MOVEMENTS in self.table

    # ---- identifiers and lines

    def _identifier(self) -> None:
        columns = self.table["columns"]
        if any(self._is_id(what) for what in columns.values()):
            return
        found = [
            one
            for one in self._free()
            if "id" in self.means(one) and len(one.texts) >= self.profile.rows
        ]
        if len(found) == 1:
            columns[found[0].name] = "id"
            return
        fields = Field("", TEXT)
        could = found or [
            one
            for one in self._free()
            if len(one.texts) >= self.profile.rows
            and one.fits(fields, list(self.asks.languages))
            and not one.fits(Field("", DATE), list(self.asks.languages))
        ]
        if not could:
            return
        choices = tuple(Choice(one.name, one.name) for one in could[:MOST_CHOICES])
        chosen = self._ask("id", Asked.CHOICE, choices=choices, phrase="id")
        if isinstance(chosen, str):
            columns[chosen] = "id"

    def _lines(self) -> None:
        """Where a record has several lines, as payslips are, ask whether they are added up."""
        own = self._id_column()
        if own is None or own.is_unique or "sum" in self.table:
            return
        adds: dict[str, Column] = {}
        for one in self.profile.columns:
            name = self._adds_to(one)
            best = adds.get(name or "")
            likeness = self.asks.spoken.likeness
            if name and (best is None or likeness(one.name, name) > likeness(best.name, name)):
                adds[name] = one
        if not adds:
            return
        pairs = tuple(f"{one.name} ({self._label(name)})" for name, one in adds.items())
        lines, people = self.profile.rows, len(set(own.texts))
        if self._ask(
            "sum",
            Asked.YES_NO,
            phrase="sum",
            arguments={"columns": pairs, "lines": lines, "people": people},
        ):
            self.table["sum"] = [one.name for one in adds.values()]
            for name, one in adds.items():
                self.table["columns"][one.name] = self.asks.words.word(name)

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
                if field is not None and column.fits(field, list(self.asks.languages)):
                    by_figure.setdefault(name, []).append(column)
        for name, columns in by_figure.items():
            if len(columns) == 1 and self._is_wanted(name):
                self.table["columns"][columns[0].name] = self.asks.words.word(name)

    def _asked(self) -> None:
        """Figures that matter and that no column plainly gives: ask which does, if any could."""
        for name in sorted(self.asks.wanted, key=self._order):
            field = self.fields.get(name)
            if field is None or not self._is_wanted(name) or field.type.kind is Kind.LINK:
                continue
            could = [one for one in self._free() if self._could(one, name, field)]
            could.sort(key=lambda one: -self.asks.spoken.likeness(one.name, name))
            if not could or (self.beside and not self._is_like(could[0], name)):
                continue
            none = Choice(NONE, self.asks.reader.phrase("data.none"))
            choices = (*(Choice(one.name, one.name) for one in could[:MOST_CHOICES]), none)
            label, type_ = self._label(name), field.type
            said = self.asks.said.get(name, "")
            # A heading may speak of years or of thousands: what is read is told with the question.
            of = f"{label}, {self.asks.reader.type_name(type_)}" if type_.unit else label
            chosen = self._ask(
                f"figure:{name}",
                Asked.CHOICE,
                choices=choices,
                phrase="figure",
                arguments={"figure": of},
                why=f"{label} = {said}" if said else "",
            )
            if isinstance(chosen, str) and chosen != NONE:
                self.table["columns"][chosen] = self.asks.words.word(name)

    def _order(self, name: str) -> tuple[int, str]:
        return list(self.asks.schema.of(self.record)).index(
            name
        ) if name in self.fields else 0, name

    def _could(self, column: Column, name: str, field: Field) -> bool:
        """Whether a column could give a figure: its cells read as it, and its name says nothing else."""
        roles = [one for one in self.means(column) if one != name]
        if roles or not column.fits(field, list(self.asks.languages)):
            return False
        if field.type.unit == MONTH or field.type.kind is not Kind.QUANTITY:
            return self._is_like(column, name)
        return True

    def _is_like(self, column: Column, name: str) -> bool:
        return self.asks.spoken.likeness(column.name, name) >= _LIKELY

    # ---- who stands only here

    def _alone(self) -> None:
        if (
            not (self.beside and self.strangers and self.is_enough())
            or "alone" in self.table
            or "worker" not in self.fields
        ):
            return
        count = len(self.strangers)
        if self._ask(
            "alone",
            Asked.YES_NO,
            phrase="alone",
            arguments={"count": count, "names": tuple(self.strangers[:3])},
        ):
            self.table["alone"] = {self.asks.words.word("worker"): False}
