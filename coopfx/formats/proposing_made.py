"""What a sheet's figures could be made of: words of contracts, days, rates, movements of shares."""

import re
from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from attrs import define

from coopfx.formats.mapping_made import ACROSS, DURATIONS, FULL_TIME, MOVEMENTS, word_of
from coopfx.formats.profiles import Column, plain_word
from coopfx.formats.proposing_words import SheetWords
from coopfx.formats.questions import Asked, Choice, Question, kept
from coopfx.formats.sheet_asked import MOST_CHOICES, NONE
from coopfx.ground.exact import DATE, MONTH, NUMBER, TEXT, Kind
from coopfx.ground.facts import Field

HIGHEST = ":highest"
"""How the key of the question ends, whether a register goes back to the beginning."""
_MORE, _LESS = "more", "less"
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

    # ---- a register of shares

    def _movements(self) -> bool:
        """Whether a sheet with several lines a person and their days is answered to be a register of
        shares, though its names do not say so in full; then it is read as one."""
        own, day = self.id_column(), Field("", DATE)
        if own is None or own.is_unique or "sum" in self.table or self.table.get("beside") is False:
            return False
        languages, spoken = list(self.asks.languages), self.asks.spoken
        days = [
            one
            for one in self._free()
            if set(self.means(one)) <= {"day"} and one.fits(day, languages)
        ]
        amounts = [
            one
            for one in self._free()
            if one not in days
            and one.fits(Field("", NUMBER), languages)
            and (
                set(self.means(one)) & {"shares", "amount", "shares_held"}
                or max(spoken.likeness(one.name, key) for key in ("shares", "shares_held")) >= SOME
            )
        ]
        if len(days) != 1 or not amounts or not self._is_wanted("shares_held"):
            return False
        amounts.sort(key=lambda one: -spoken.likeness(one.name, "shares"))
        arguments = {"amount": amounts[0].name, "day": days[0].name}
        answer = self._ask("movements", Asked.YES_NO, phrase="movements", arguments=arguments)
        if answer:
            self._register(days[0], amounts[0])
        # While it is open, nothing is added up.
        return answer is not False

    def _register(self, day: Column | None = None, moved: Column | None = None) -> None:
        """Shares that are held, out of movements: of the columns given, or those that their names say."""
        name = "shares_held"
        self.table.setdefault("beside", True)
        if name in self.have or name not in self.fields:
            return
        before = self.table.get(MOVEMENTS, {}).get(self.asks.words.word(name), {})
        named = self.profile.named
        day = day or named(before.get("day", "")) or self._of("day", Field("", DATE))
        moved = moved or named(before.get("amount", ""))
        if moved is None:
            amount = self._of("amount", Field("", NUMBER))
            count = self._of("shares", Field("", NUMBER))
        else:
            means = set(self.means(moved))
            worth = bool(means & {"amount", "shares_held"}) and "shares" not in means
            worth = "each" not in before if before else worth
            like = self.asks.spoken.likeness(moved.name, "shares") >= SOME
            if not before and not means & {"amount", "shares", "shares_held"} and not like:
                said = self._ask(
                    "counts",
                    Asked.CHOICE,
                    choices=tuple(
                        Choice(key, self.asks.reader.phrase(f"data.counts.{key}"))
                        for key in ("money", "shares")
                    ),
                    phrase="counts",
                    arguments={"column": moved.name},
                )
                if said is None:
                    return
                worth = said == "money"
            amount, count = (moved, None) if worth else (None, moved)
        kind = named(before.get("kind", "")) or self._kind()
        if day is None or (amount is None and count is None):
            return
        source = amount or count
        assert source is not None
        # What is open of a register stays open for its columns.
        self.waiting |= {one.name for one in (day, source, kind) if one is not None}
        minus = before.get("minus", "")
        if self.earlier or not before:
            minus = minus or self._taken(source, day)
            if minus is None:
                return
        if minus:
            kind = None
        elif (kind is None or not kind.distinct) and (self.earlier or not before):
            chosen = self._kind_asked(source, day)
            if chosen is None:
                return
            kind = named(chosen)
        roles: dict[str, Any] = {"amount": source.name, "day": day.name}
        roles |= {"minus": minus} if minus else {}
        if amount is None:
            each = before.get("each") or self._ask(
                "each",
                Asked.AMOUNT,
                low=Fraction(1, 100),
                phrase="each",
                arguments={"column": source.name},
            )
            if each is None:
                return
            roles["each"] = (
                each
                if not isinstance(each, Fraction)
                else kept(Question("", "", Asked.AMOUNT), each)
            )
        if kind is not None and kind.distinct and not self._signs_say(source, kind):
            words = self._kinds(kind, before)
            if words is None:
                return
            if any(words):
                roles["kind"] = kind.name
                roles |= {
                    key: some for key, some in zip(("more", "less"), words, strict=True) if some
                }
        self._order_of_days({day.name})
        most = before.get("highest")
        asks = not most and "highest_share_capital" in self.asks.wanted
        if asks and self._ask(HIGHEST.strip(":"), Asked.YES_NO, phrase="highest"):
            most = self.asks.words.word("highest_share_capital")
        self._put(MOVEMENTS, name, roles | ({"highest": most} if most else {}))
        if self._canonical(source.name) in self.fields:
            # Its cells are movements, whatever figure it is called as.
            self.table["columns"][source.name] = ""
        self._absent("absent")

    def _absent(self, phrase: str, **arguments: Any) -> None:
        """Ask whether whoever has no line here has none."""
        if "absent" not in self.table and self._ask(
            "absent", Asked.YES_NO, phrase=phrase, arguments=arguments
        ):
            self.table["absent"] = "zero"

    def _kind(self) -> Column | None:
        """The column of what happened: called so, or with words that say of movements what they are."""
        kind = self._of("kind")
        if kind is not None:
            return kind
        spoken = self.asks.spoken
        words = spoken.lists("kind_more") | spoken.lists("kind_less")
        found = [
            one
            for one in self._free()
            if any(set(plain_word(word).split()[:1]) & words for word in one.distinct)
        ]
        return found[0] if len(found) == 1 else None

    def _taken(self, amount: Column, day: Column) -> str | None:
        """The column of what is taken away, beside that of what is added; empty where there is none, None
        while it is not known. It has something in lines where the other has nothing."""
        number, languages = Field("", NUMBER), list(self.asks.languages)
        could = [
            one
            for one in self._free()
            if one not in (amount, day)
            and one.fits(number, languages)
            and any(
                _says_nothing(added) and not _says_nothing(taken)
                for added, taken in zip(amount.cells, one.cells, strict=True)
            )
        ]
        if not could:
            return ""
        chosen = self._column_asked("minus", could, number, arguments={"amount": amount.name})
        if chosen == NONE:
            return ""
        return chosen if isinstance(chosen, str) else None

    def _kind_asked(self, amount: Column, day: Column) -> str | None:
        """The column that says what adds and what takes, or that there is none; None while it is not known.

        Where no amount is below nought, a column of words that is passed over lets what was taken count
        as added. A remark may say it too; a name, the same on all lines of somebody, does not.
        """
        if any(_is_below(text) for text in amount.texts):
            return NONE
        own, languages = self.id_column(), list(self.asks.languages)
        if own is None:
            return None
        people = len(set(own.cells))
        could = [
            one
            for one in self._free()
            if one not in (amount, day)
            and set(self.means(one)) <= {"kind", "names"}
            and len(set(one.cells)) > 1
            and not one.fits(Field("", NUMBER), languages)
            and not one.fits(Field("", DATE), languages)
            and (
                "names" not in self.means(one)
                or len({*zip(own.cells, one.cells, strict=True)}) > people
            )
        ]
        if not could:
            return NONE
        few = [one for one in could if one.distinct]
        chosen = self._column_asked(
            "kinds", few, Field("", TEXT), none="data.kind.none", arguments={"amount": amount.name}
        )
        if not isinstance(chosen, str):
            self.waiting |= {one.name for one in could}
            return None
        return chosen

    def _signs_say(self, amount: Column, kind: Column) -> bool:
        """Whether amounts bear a sign themselves: some are below nought, and none of a kind that takes is
        above it."""
        less = self.asks.spoken.lists("kind_less")
        negative = False
        for text, word in zip(amount.cells, kind.cells, strict=True):
            below = _is_below(text)
            plain = plain_word(word)
            takes = plain in less or plain.split()[:1] in [[one] for one in less]
            if takes and text and not below:
                return False
            negative |= below
        return negative

    def _kinds(self, kind: Column, before: Mapping[str, Any]) -> tuple[list[str], list[str]] | None:
        """The words of a register that add and those that take; None while one is not known."""
        spoken = self.asks.spoken
        more, less = spoken.lists("kind_more"), spoken.lists("kind_less")
        adds, takes = list(before.get("more", [])), list(before.get("less", []))
        known = {word_of(one) for one in (*adds, *takes)}
        whole = True
        for word in kind.distinct:
            plain = plain_word(word)
            if word_of(word) in known:
                continue
            if plain in more or plain in less:
                (adds if plain in more else takes).append(word)
                continue
            reader = self.asks.reader
            choices = tuple(
                Choice(key, reader.phrase(f"data.kind.{key}")) for key in (_MORE, _LESS)
            )
            answer = self._ask(
                f"kind:{word_of(word)}",
                Asked.CHOICE,
                choices=choices,
                phrase="kind",
                arguments={"word": word},
            )
            if answer is None:
                whole = False
            else:
                (adds if answer == _MORE else takes).append(word)
        return (adds, takes) if whole else None


def is_added(field: Field) -> bool:
    """Whether a figure may be the sum of several lines or columns."""
    return field.type.kind is Kind.QUANTITY and field.type.unit != MONTH


def _says_nothing(text: str) -> bool:
    """Whether a cell has no amount in it, or nought."""
    return not any(sign.isdecimal() and sign != "0" for sign in text)


def _is_below(text: str) -> bool:
    """Whether a cell shows an amount below nought."""
    return text.startswith(("-", "\u2212", "(")) or text.endswith("-")
