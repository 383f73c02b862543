"""What a sheet's figures could be made of: days, rates, a column for each month."""

import re
from fractions import Fraction
from typing import Any

from attrs import define

from coopfx.formats.mapping_made import ACROSS, DURATIONS, FULL_TIME
from coopfx.formats.profiles import Column, plain_word
from coopfx.formats.proposing_words import SheetWords
from coopfx.formats.questions import Asked, Choice, Question, kept
from coopfx.formats.sheet_asked import MOST_CHOICES, NONE
from coopfx.ground.exact import DATE, MONTH, NUMBER, Kind
from coopfx.ground.facts import Field

HIGHEST = ":highest"
"""How the key of the question ends, whether a register goes back to the beginning."""
_NUMBERED = re.compile(
    r"(?:0?[1-9]|1[0-2])(?:[-/. ](?:20)?\d\d)?|20\d\d[-/.](?:0?[1-9]|1[0-2])(?:[-/.]\d\d)?"
)
"""A heading that is a month by its number, `3`, `03/2024`, `2024-03`, or a day of it."""
_FEWEST_MONTHS = 3
SOME = 0.3
"""How like what is known a column's name must be, to be asked about."""


@define(slots=False)
class SheetMade(SheetWords):
    """One sheet, with what is made of its columns."""

    # ---- what is made of days and rates

    def _durations(self) -> None:
        if self.record != "person":
            return
        said: dict[str, Any] = self.table.get(DURATIONS, {})
        endless = [name for name, roles in said.items() if "to" not in roles]
        due: dict[str, dict[str, Any]] = {"presence": {"within": 12}, "seniority": {}}
        due = {name: more for name, more in due.items() if self._is_due(name)}
        hired = self._hired() if due else None
        if hired is None and f"{self.name}:hired" in {one.key for one in self.questions}:
            self.pending |= due.keys()
        due = due if hired is not None else {}
        if not (due or endless):
            return
        starts = {said[name]["from"] for name in endless} | ({hired.name} if hired else set())
        left = self._left(starts)
        if left is None:
            self.waiting |= starts
            self.pending |= due.keys()
            # What stands for this year stays; what held for the year before knew no such column.
            for name in endless if self.earlier else ():
                del said[name]
            if not said:
                self.table.pop(DURATIONS, None)
            return
        self._order_of_days(starts | {left})
        end = {} if left == NONE else {"to": left}
        for name in endless:
            said[name] |= end
        if hired is not None:
            for name, more in due.items():
                self._put(DURATIONS, name, {"from": hired.name} | end | more)

    def _is_due(self, name: str) -> bool:
        return self._is_wanted(name) and name not in self.elsewhere

    def _hired(self) -> Column | None:
        """The column of the days of entry, asked about where several could be it, or none is called so."""
        plain, day = self._of("hired", Field("", DATE)), Field("", DATE)
        if plain is not None:
            return plain
        could = [
            one
            for one in self._free()
            if set(self.means(one)) <= {"hired", "day"} and one.fits(day, list(self.asks.languages))
        ]
        if not could:
            return None
        could.sort(key=lambda one: "hired" not in self.means(one))
        chosen = self._column_asked("hired", could, day)
        return self.profile.named(chosen) if isinstance(chosen, str) else None

    def _left(self, starts: set[str]) -> str | None:
        """The column of the days of leaving, or that there is none; None while it is not known.

        A day of leaving that is passed over lets whoever has left count up to the closing.
        """
        day, languages = Field("", DATE), list(self.asks.languages)
        plain = self._of("left")
        if plain is not None:
            return plain.name if not plain.texts or plain.fits(day, languages) else None
        could = [
            one
            for one in self.profile.columns
            if one.name not in starts
            and one.name not in self.table["columns"]
            and set(self.means(one)) <= {"left", "day"}
            and one.has_any(day, languages)
        ]
        if not could:
            return NONE
        could.sort(key=lambda one: "left" not in self.means(one))
        chosen = self._column_asked("left", could, day)
        return chosen if isinstance(chosen, str) else None

    def _full_time(self) -> None:
        """A month's pay at full time, out of a year's pay, the months of presence and a rate."""
        name = "full_time_pay"
        pay = self._pay()
        if name not in self.asks.wanted or not self._is_wanted(name) or pay is None:
            return
        rate = self._of("rate", Field("", NUMBER)) or self._rate(pay)
        if rate is None:
            return
        reader = self.asks.reader
        choices = ("months",) * ("presence" in self._has()) + ("twelve", "no")
        chosen = self._ask(
            "full_time",
            Asked.CHOICE,
            choices=tuple(
                Choice(
                    key,
                    reader.phrase(f"data.full_time.{key}"),
                    reader.phrase(f"data.full_time.{key}_then"),
                )
                for key in choices
            ),
            phrase="full_time",
            arguments={"pay": pay, "rate": rate.name},
            why=self.asks.said.get(name, ""),
        )
        if chosen == "no":
            return
        # Columns that are said to be not read are not asked about again.
        self.waiting |= {pay, rate.name}
        if chosen is None:
            return
        months: Any = 12 if chosen == "twelve" else self.asks.words.word("presence")
        roles: dict[str, Any] = {"from": pay, "rate": rate.name, "months": months}
        full = self._full(rate)
        if full is None:
            return
        self._put(FULL_TIME, name, roles | ({} if full == 1 else {"full": full}))

    def _rate(self, pay: str) -> Column | None:
        """The column that says how much of full time somebody works, of those that are called otherwise."""
        number, languages = Field("", NUMBER), list(self.asks.languages)
        could = [
            one
            for one in self._free()
            if not self.means(one) and one.name != pay and one.fits(number, languages)
        ]
        chosen = self._column_asked("rate", could, number) if could else None
        return self.profile.named(chosen) if isinstance(chosen, str) else None

    def _pay(self) -> str | None:
        """The column of a year's pay, whether or not some clause reads it."""
        columns: dict[str, str] = self.table["columns"]
        for key, what in columns.items():
            if what and self._canonical(what) == "salary":
                return key
        column = self._of("salary", Field("", NUMBER))
        return None if column is None else column.name

    def _full(self, rate: Column) -> Any:
        """What full time is in a column: one where it has percentages or parts, else what is answered."""
        values = []
        for text in rate.texts:
            try:
                number = Fraction(
                    text.removesuffix("%").strip().replace(",", ".").replace("\u00a0", "")
                )
            except (ValueError, ZeroDivisionError):
                continue
            values.append(number / 100 if text.endswith("%") else number)
        most = max(values, default=Fraction(1))
        if most <= 1:
            return 1
        question = self._ask(
            "full",
            Asked.NUMBER,
            low=Fraction(1),
            phrase="full",
            arguments={"column": rate.name},
        )
        asked = Question("", "", Asked.NUMBER)
        return kept(asked, question) if isinstance(question, Fraction) else None

    # ---- a column for each month

    def _months(self) -> None:
        """Columns that are called after months: ask what they add up to, and what an empty one is."""
        for across in self.table.get(ACROSS, {}).values():
            there = [one for one in self.profile.columns if one.name in across.get("columns", ())]
            if there:
                self._empty_months(across, there, self._rest(there[0].name))
        groups: dict[str, list[Column]] = {}
        months = self.asks.spoken.months
        for column in self._free():
            tokens = set(plain_word(column.name).split())
            if _NUMBERED.fullmatch(column.name) or tokens & months:
                groups.setdefault(self._rest(column.name), []).append(column)
        for others, columns in groups.items():
            if len(columns) >= _FEWEST_MONTHS:
                self._add_months(others, columns)

    def _rest(self, name: str) -> str:
        """What a column's name says beside its month."""
        tokens = plain_word(name).split()
        months = self.asks.spoken.months
        return " ".join(one for one in tokens if one not in months and not one.isdecimal())

    def _add_months(self, rest: str, columns: list[Column]) -> None:
        reader = self.asks.reader
        could = [
            name
            for name in sorted(self.asks.wanted | {"salary", "hours"}, key=self._order)
            if self._is_wanted(name)
            and is_added(self.fields[name])
            and all(
                one.fits(self.fields[name], list(self.asks.languages))
                for one in columns
                if one.texts
            )
        ]
        if not could:
            return
        choices = (
            *(Choice(one, self._label(one)) for one in could[:MOST_CHOICES]),
            Choice(NONE, reader.phrase("data.none_of_these")),
        )
        names = tuple(one.name for one in columns)
        arguments = {"first": names[0], "last": names[-1]}
        chosen = self._ask(
            f"months:{rest}", Asked.CHOICE, choices=choices, phrase="months", arguments=arguments
        )
        if chosen is None:
            self.waiting |= set(names)
            self.pending |= set(could)
        if not isinstance(chosen, str) or chosen == NONE:
            return
        across: dict[str, Any] = {"columns": list(names)}
        self._empty_months(across, columns, rest)
        self._put(ACROSS, chosen, across)

    def _empty_months(self, across: dict[str, Any], columns: list[Column], rest: str) -> None:
        """Ask whether an empty month is none, until it is answered."""
        if "empty" in across or all(all(one.cells) for one in columns):
            return
        arguments = {"first": columns[0].name, "last": columns[-1].name}
        if self._ask(f"empty:{rest}", Asked.YES_NO, phrase="empty", arguments=arguments):
            across["empty"] = "zero"


def is_added(field: Field) -> bool:
    """Whether a figure may be the sum of several lines or columns."""
    return field.type.kind is Kind.QUANTITY and field.type.unit != MONTH
