"""One sheet while what is proposed of it is worked out: what is known of it so far, and what is asked."""

from collections.abc import Mapping, Sequence
from copy import deepcopy
from typing import Any

from attrs import Factory, define, frozen

from coopfx.formats.answers import of_file
from coopfx.formats.cells import canonical
from coopfx.formats.mapping_made import (
    ACROSS,
    DURATIONS,
    FULL_TIME,
    GIVEN,
    HEADING,
    MOVEMENTS,
    NAMES,
    TIMES,
)
from coopfx.formats.notation import Amiss
from coopfx.formats.profiles import Column, Profile, Spoken, by_names
from coopfx.formats.questions import NONE_OF_THEM, Asked, Choice, Question, kept
from coopfx.ground.exact import Known
from coopfx.ground.facts import COOPERATIVE, Field, Schema
from coopfx.ground.report import Diagnostic
from coopfx.ground.words import Words, flat

ROW = ":row"
"""What stands in the key of the question whether a row is a record, before its identifier."""
COLUMN = ":column:"
"""What stands before a column's name in the key of an answer that nobody asked for: the word of the figure
that the column gives, or nothing where it is not read."""
NONE = NONE_OF_THEM
"""The answer that no column gives a figure."""
TOGETHER = " + "
"""What stands between the names of columns that say together who a line is about."""
MOST_CHOICES = 8
_SHOWN = 3
"""So many cells are shown of a column."""
_COLUMNS = ("from", "to", "rate", "amount", "minus", "balance", "day", "kind")


@frozen(slots=True)
class Asks:
    """What proposals are made for: the figures there are, those that matter, the languages.

    ``wanted`` are the figures that the shares and the statute's own rules rest on: only of these it is
    asked where no column plainly gives them. ``words`` are those in which figures are named, ``reader``
    those of the questions. ``said`` are what the statute and its laws say that a figure is.
    """

    schema: Schema
    wanted: frozenset[str]
    words: Words
    reader: Words
    languages: Sequence[Words]
    spoken: Spoken
    said: Mapping[str, str] = Factory(dict)


@define(slots=False)
class SheetAsked:
    """One sheet: what is said of it so far, by the year's own file or the year before, and what is asked.

    ``beside`` is whether another sheet lists the records, ``people`` those, ``others`` what the columns of
    other sheets hold, ``have`` the figures that others give, ``elsewhere`` those that columns of other
    sheets are called as in full, ``earlier`` whether what is said was said of the year before. Where it is
    asked ``again``, what has been answered is open, and may be kept. ``waiting`` are the columns that an
    open question is about, ``before`` what was answered to it before, ``pending`` the figures that
    something is open of.
    """

    name: str
    shown: str
    profile: Profile
    asks: Asks
    answers: Mapping[str, Known]
    said: Mapping[str, Any]
    beside: bool
    have: frozenset[str]
    people: Sequence[str]
    others: Sequence[frozenset[str]]
    elsewhere: frozenset[str] = frozenset()
    earlier: bool = False
    again: bool = False

    def __attrs_post_init__(self) -> None:
        self.record = self.profile.sheet.record
        self.fields = {
            name: one
            for name, one in self.asks.schema.of(self.record).items()
            if self.asks.schema.read is None or name in self.asks.schema.read
        }
        self.questions: list[Question] = []
        self.waiting: set[str] = set()
        self.before: dict[str, Known] = {}
        self.pending: set[str] = set()
        self.table: dict[str, Any] = {"record": self.asks.words.word(self.record)}
        self.table |= {key: deepcopy(one) for key, one in self.said.items() if key != "columns"}
        self.is_settled = self._heading()
        columns = flat(self.said.get("columns", {}))
        self.table["columns"] = by_names(self.profile, columns) | {
            name: what for name, what in columns.items() if self.profile.named(name)
        }
        for key, answer in self.answers.items():
            before, _, row = key.partition(ROW)
            if before == self.name and row:
                self.table.setdefault("rows", {})[row[1:]] = answer
            before, _, column = key.partition(COLUMN)
            if before == self.name and self.profile.named(column):
                self.table["columns"][column] = answer

    def _heading(self) -> bool:
        """Whether it is known how many lines the heading has."""
        if self.profile.lines == 1 or HEADING in self.table or self.profile.single is None:
            return True
        names = [one.name for one in self.profile.columns]
        own = [one for one in names if self.profile.single.named(one) is None]
        answer = self._ask(
            HEADING,
            Asked.YES_NO,
            phrase="heading",
            arguments={
                "first": self.profile.line + 1 - self.profile.lines,
                "last": self.profile.line,
                "names": tuple((own or names)[:_SHOWN]),
            },
        )
        if answer is True:
            self.table[HEADING] = self.profile.lines
        elif answer is False:
            self.profile = self.profile.single
        return answer is not None

    # ---- what is known so far

    def given(self, column: str) -> tuple[str, ...]:
        """The figures that rest on a column."""
        found = []
        own = self.table["columns"].get(column, "")
        if column in self.table.get(NAMES, ()):
            found.append("id")
        elif own:
            found.append("id" if self._is_id(own) else self._canonical(own))
        for sort in (DURATIONS, FULL_TIME, TIMES, MOVEMENTS):
            for figure, roles in self.table.get(sort, {}).items():
                if any(roles.get(role) == column for role in _COLUMNS):
                    found.append(self._canonical(figure))
                    if roles.get("highest"):
                        found.append(self._canonical(roles["highest"], None))
        for figure, across in self.table.get(ACROSS, {}).items():
            if column in across.get("columns", ()):
                found.append(self._canonical(figure))
        return tuple(dict.fromkeys(found))

    def _canonical(self, name: str, record: str | None = COOPERATIVE) -> str:
        known = self.asks.schema.of(self.record if record == COOPERATIVE else record)
        return canonical(name, known, list(self.asks.languages)) or name

    def _has(self) -> set[str]:
        """The figures that are given so far, here or elsewhere."""
        found = {one for column in self.profile.columns for one in self.given(column.name)}
        return found | {self._canonical(one) for one in self.table.get("all", {})} | self.have

    def _free(self) -> list[Column]:
        """The columns of which nothing is said so far."""
        spoken = self.table["columns"]
        return [
            one
            for one in self.profile.columns
            if one.name not in spoken and not self.given(one.name)
        ]

    def means(self, column: Column) -> tuple[str, ...]:
        """What a column's name is known for."""
        return self.asks.spoken.means(column.name, self.record)

    def _of(self, role: str, fits: Field | None = None) -> Column | None:
        """The one column that plainly plays a role; None where none or several do."""
        spoken = self.table["columns"]
        found = [
            one
            for one in self.profile.columns
            if role in self.means(one)
            and not (one.name in spoken and not spoken[one.name])
            and (fits is None or one.fits(fits, list(self.asks.languages)))
        ]
        return found[0] if len(found) == 1 else None

    def _is_wanted(self, name: str) -> bool:
        return name in self.fields and name not in self._has()

    def _put(self, sort: str, figure: str, roles: dict[str, Any]) -> None:
        self.table.setdefault(sort, {})[self.asks.words.word(figure)] = roles

    def _is_id(self, what: str) -> bool:
        plain = "_".join(what.casefold().split())
        return plain == "id" or any(
            plain in one.phrases["column.id"].split() for one in self.asks.languages
        )

    def id_column(self) -> Column | None:
        """The column of the identifiers, or what several say together; None where it is not known."""
        if self.table.get(NAMES):
            return self._together(self.table[NAMES])
        for name, what in self.table["columns"].items():
            if self._is_id(what):
                return self.profile.named(name)
        return None

    def _together(self, names: Sequence[str]) -> Column | None:
        """What several columns say one after the other, as one column."""
        columns = [one for name in names if (one := self.profile.named(name)) is not None]
        if len(columns) < len(names):
            return None
        rows = zip(*(one.cells for one in columns), strict=True)
        cells = [" ".join(filter(None, (" ".join(cell.split()) for cell in row))) for row in rows]
        return Column(columns[0].index, TOGETHER.join(names), cells)

    # ---- questions

    def _ask(self, topic: str, kind: Asked, **more: Any) -> Known | None:
        """The answer to a question, which is asked where there is none yet.

        None has a default: what is doubtful of somebody else's file stays open where nobody says it.
        """
        key = f"{self.name}:{topic}"
        phrase, arguments = more.pop("phrase"), more.pop("arguments", {})
        reader = self.asks.reader
        why = more.pop("why", "") or reader.phrases.get(f"data.why.{phrase}", "")
        count = arguments.get("count")
        key_of = f"data.ask.{phrase}" + (
            "" if count is None else f".{'one' if reader.is_one(count) else 'many'}"
        )
        text = reader.phrase(key_of, file=self.shown, **arguments)
        question = Question(key, text, kind, why=reader.fill(why, arguments), **more)
        if key in self.answers:
            return self._keep(topic, question, self.answers[key])
        given = self.said.get(GIVEN, {}).get(topic)
        found = None if given is None else of_file(question, given, list(self.asks.languages), None)
        if found is None or isinstance(found, Diagnostic):
            self.questions.append(question)
            return None
        # That no column is meant was said of those there were: another may be.
        if self.again or (found == NONE and topic != "id"):
            self.questions.append(question)
            self.before[key] = found
            return None
        return self._keep(topic, question, found)

    def _keep(self, topic: str, question: Question, value: Known) -> Known:
        """Keep an answer with what is said of the sheet, so that it may be changed."""
        self.table.setdefault(GIVEN, {})[topic] = kept(question, value)
        return value

    def _column_asked(
        self, topic: str, could: Sequence[Column], wanted: Field, **more: Any
    ) -> Known | None:
        """Which of some columns it is, or that it is none of them: each is shown as it would be read."""
        choices = [Choice(one.name, one.name, self._read(one, wanted)) for one in could]
        none = more.pop("none", "data.none")
        more.setdefault("phrase", topic)
        last = Choice(NONE, self.asks.reader.phrase(none))
        choices = [*choices[:MOST_CHOICES], last]
        answer = self._ask(topic, Asked.CHOICE, choices=tuple(choices), **more)
        if answer is None:
            # Those for which there was no room are as open as those that are shown.
            self.waiting |= {one.name for one in could}
        return answer

    def _read(self, column: Column, wanted: Field) -> str:
        """How the first different cells of a column would be read as a figure."""
        reader, languages = self.asks.reader, list(self.asks.languages)
        shown = dict(zip(column.texts, column.read(wanted, languages), strict=True))
        read = [
            (text, reader.value(one, wanted.type))
            for text, one in shown.items()
            if one is not None and not isinstance(one, Amiss)
        ][:_SHOWN]
        if not read or self._counts(column):
            texts = column.distinct[:_SHOWN] or list(dict.fromkeys(column.texts))[:_SHOWN]
            return reader.phrase("data.holds", cells=tuple(texts))
        if all(text == value for text, value in read):
            return reader.phrase("data.holds", cells=tuple(text for text, _ in read))
        return reader.phrase(
            "data.reads",
            cells=tuple(text for text, _ in read),
            values=tuple(value for _, value in read),
        )

    def _counts(self, column: Column) -> bool:
        """Whether a column counts in a unit of its own, as shares and thousands are."""
        return "shares" in self.means(column) or bool(self.asks.spoken.unit(column.name))

    def _order(self, name: str) -> tuple[int, str]:
        """Where a figure stands among those of its record."""
        known = list(self.asks.schema.of(self.record))
        return known.index(name) if name in known else 0, name

    def _label(self, figure: str) -> str:
        return self.asks.reader.label(figure)
