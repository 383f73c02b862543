"""``columns.toml`` on what is made of a file's columns: sums, words, durations, full-time figures, holdings
of shares, what is one for all."""

import re
import unicodedata
from collections.abc import Iterable
from fractions import Fraction
from typing import Any, TypeGuard

from attrs import Factory, frozen

from coopfx.formats.headings import MOST_LINES
from coopfx.formats.notation import ORDERS
from coopfx.formats.toml import Document
from coopfx.ground.report import Report
from coopfx.ground.source import Span

FULL_TIME, DURATIONS, MOVEMENTS, ACROSS = "full_time", "durations", "movements", "across"
TIMES = "times"
ALL, ALONE, HIGHEST = "all", "alone", "highest"
ALIKE = "alike"
"""The key that says that people are written otherwise in a file than where they are listed."""
HEADING, DAYS, EMPTY, NAMES = "heading", "days", "empty", "id"
GIVEN = "answers"
"""Where the answers stand that ``coopfx data`` was given, which says nothing of the file by itself."""
FORMS = {
    NAMES: 'id = ["Surname", "First name"]',
    HEADING: "heading = 2",
    DAYS: 'days = "dmy"',
    EMPTY: 'empty = { "Member" = false, "Hours" = 0 }',
    "sum": 'sum = ["Gross", "Hours paid"]',
    "words": '"Contract" = { "Permanent" = true, "Trainee" = false }',
    ALL: "worker = true",
    ALONE: "worker = false",
    "beside": "beside = true",
    ALIKE: "alike = true",
    "absent": 'absent = "zero"',
    FULL_TIME: 'full_time_pay = { from = "Gross", rate = "Working time" }',
    DURATIONS: 'seniority = { from = "Hired", to = "Left" }',
    ACROSS: 'salary = { columns = ["January", "February"] }',
    TIMES: 'salary = { from = "Gross in thousands", by = 1000 }',
    MOVEMENTS: 'shares_held = { amount = "Amount", day = "Date" }',
}
"""What else may stand beside ``record``, ``columns`` and ``rows``, each as it is written."""
_ROLES = {
    FULL_TIME: ({"from", "rate"}, {"full", "months"}),
    DURATIONS: ({"from"}, {"to", "within"}),
    TIMES: ({"from", "by"}, set()),
    MOVEMENTS: ({"amount", "day"}, {"each", "minus", "balance", "kind", "more", "less", "highest"}),
}
"""Of each sort of making, what it needs and what it may have."""
_OF_COLUMNS = ("from", "to", "rate", "amount", "minus", "balance", "day", "kind")
_NUMBER = re.compile(r"\d{1,15}(?:\.\d{1,15})?")


@frozen(slots=True)
class Making:
    """A figure that is made of columns: of which sort, where it is said, its columns by their role.

    ``within`` are the months up to the closing that a duration is counted in, ``full`` what a full-time
    rate is, ``each`` what one share is worth, or one of what a column counts. What is paid for several
    ``months``, a number or the figure that says how many, is that of one. ``highest`` is the cooperative's
    figure that is the most ever held. Columns that are added ``across`` a line are by their number; an
    empty one may be ``zero``. The ``words`` of a kind of movement say whether it adds.
    """

    sort: str
    figure: str
    place: Span
    columns: dict[str, str]
    within: int | None = None
    full: Fraction = Fraction(1)
    each: Fraction | None = None
    words: dict[str, bool] = Factory(dict)
    months: int | str = 1
    highest: str = ""
    zero: bool = False


@frozen(slots=True)
class Constant:
    """A value that is one for many records, as it is written."""

    text: str
    place: Span


def folded(name: str) -> str:
    """A column's name without what a program may change: capitals, spaces."""
    return " ".join(name.split()).casefold()


def word_of(text: str) -> str:
    """A cell as ``words`` has it: without capitals and needless spaces, accents in one form."""
    return folded(unicodedata.normalize("NFC", text))


class More:
    """What is said of one file beside its columns and rows, while it is read."""

    def __init__(self, document: Document, name: str, said: dict[str, Any], report: Report) -> None:
        self.document, self.name, self.said, self.report = document, name, said, report
        self.places: dict[str, Span] = {}
        self.amiss = False

    def read(self) -> dict[str, Any] | None:
        """All of it, as arguments of ``Mapped``; None, and told, where any of it is amiss."""
        said = self.said
        sums = said.get("sum", [])
        if not isinstance(sums, list) or not all(isinstance(one, str) for one in sums):
            self._wrong("sum")
            sums = []
        self._speaks_of(sums, "sum")
        words = {}
        for column, means in self._table("words"):
            if not _is_table(means) or not all(type(one) is bool for one in means.values()):
                self._wrong("words", column)
                continue
            words[folded(column)] = {word_of(word): yes for word, yes in means.items()}
            self._speaks_of([column], "words", column)
        names = said.get(NAMES, [])
        wrong = not isinstance(names, list) or not all(isinstance(one, str) for one in names)
        if wrong or (NAMES in said and len(names) < 2):
            self._wrong(NAMES)
            names = []
        self._speaks_of(names, NAMES)
        heading, days = said.get(HEADING, 1), said.get(DAYS, "")
        if type(heading) is not int or not 0 < heading <= MOST_LINES:
            self._wrong(HEADING)
        if DAYS in said and days not in ORDERS:
            self._wrong(DAYS)
        empty = {}
        for column, stands in self._table(EMPTY):
            self._speaks_of([column], EMPTY, column)
            if stands is not False and (type(stands) is not int or stands != 0):
                self._wrong(EMPTY, column)
                continue
            text = "0" if stands is not False else "false"
            empty[folded(column)] = Constant(text, self.place(EMPTY, column))
        for key in ("beside", ALIKE):
            if type(said.get(key, False)) is not bool:
                self._wrong(key)
        if said.get("absent", "zero") != "zero":
            self._wrong("absent")
        makings = [self._making(sort, *one) for sort in _ROLES for one in self._table(sort)]
        makings += [self._across(*one) for one in self._table(ACROSS)]
        found = {
            "sums": frozenset(map(folded, sums)),
            "words": words,
            "names": tuple(map(folded, names)),
            "heading": heading,
            "days": days,
            "empty": empty,
            "makings": tuple(one for one in makings if one is not None),
            ALL: self._constants(ALL),
            ALONE: self._constants(ALONE),
            "beside": said.get("beside", False),
            ALIKE: said.get(ALIKE, False),
            "zero": "absent" in said,
        }
        return None if self.amiss else found

    def _making(self, sort: str, figure: str, given: object) -> Making | None:
        needed, more = _ROLES[sort]
        if not _is_table(given) or not needed <= given.keys() <= needed | more:
            self._wrong(sort, figure)
            return None
        columns = {role: one for role, one in given.items() if role in _OF_COLUMNS}
        within, months, highest = (given.get(one) for one in ("within", "months", "highest"))
        full, each, by = (
            _number(given[one]) if one in given else None for one in ("full", "each", "by")
        )
        lists = [given.get(one, []) for one in ("more", "less")]
        amiss = (
            not all(isinstance(one, str) for one in columns.values())
            or ("within" in given and (type(within) is not int or not 0 < within <= 1200))
            or (
                "months" in given
                and not (_is_count(months) or (months and isinstance(months, str)))
            )
            or ("highest" in given and not (highest and isinstance(highest, str)))
            or ("full" in given and not full)
            or ("each" in given and not each)
            or ("by" in given and not by)
            or not all(isinstance(one, list) for one in lists)
            or not all(isinstance(one, str) for some in lists for one in some)
            or ("kind" in given) != any(lists)
        )
        if amiss:
            self._wrong(sort, figure)
            return None
        adding, taking = ({word_of(one) for one in some} for some in lists)
        if adding & taking:
            self._wrong(sort, figure)
            return None
        self._speaks_of(columns.values(), sort, figure)
        words = {**dict.fromkeys(adding, True), **dict.fromkeys(taking, False)}
        roles = {role: folded(name) for role, name in columns.items()}
        place = self.place(sort, figure)
        full = full or Fraction(1)
        return Making(
            sort, figure, place, roles, within, full, each or by, words, months or 1, highest or ""
        )

    def _across(self, figure: str, given: object) -> Making | None:
        columns = given.get("columns") if _is_table(given) else None
        amiss = (
            not _is_table(given)
            or not given.keys() <= {"columns", "empty"}
            or given.get("empty", "zero") != "zero"
            or not isinstance(columns, list)
            or len(columns) < 2
            or not all(isinstance(one, str) for one in columns)
        )
        if amiss:
            self._wrong(ACROSS, figure)
            return None
        assert isinstance(given, dict) and isinstance(columns, list)
        self._speaks_of(columns, ACROSS, figure)
        roles = {str(number): folded(one) for number, one in enumerate(columns)}
        return Making(ACROSS, figure, self.place(ACROSS, figure), roles, zero="empty" in given)

    def _constants(self, key: str) -> dict[str, Constant]:
        found = {}
        for figure, value in self._table(key):
            if not isinstance(value, bool | int | str):
                self._wrong(key, figure)
                continue
            text = str(value).casefold() if isinstance(value, bool) else str(value)
            found[figure] = Constant(text, self.place(key, figure))
        return found

    def _table(self, key: str) -> Iterable[tuple[str, Any]]:
        given = self.said.get(key, {})
        if _is_table(given):
            return list(given.items())
        self._wrong(key)
        return []

    def _wrong(self, key: str, inner: str = "") -> None:
        self.amiss = True
        self.report.tell(
            "D780", self.place(key, inner), key=(inner or key)[:60], table=key, form=FORMS[key]
        )

    def _speaks_of(self, columns: Iterable[str], key: str, inner: str = "") -> None:
        for column in columns:
            self.places.setdefault(folded(column), self.place(key, inner))

    def place(self, key: str, inner: str = "") -> Span:
        """The line of a key, or of what it stands in, where that is written on one line."""
        ways = [(inner, f"{self.name}.{key}"), (key, self.name), (self.name, "")]
        known = self.document.lines
        for own, table in ways:
            if own and ((table, own) in known or (f"{table}.{own}".strip("."), "") in known):
                return self.document.place(own, table)
        return self.document.place(self.name)


def _is_count(given: object) -> bool:
    return type(given) is int and 0 < given <= 12


def _is_table(given: object) -> TypeGuard[dict[str, Any]]:
    return isinstance(given, dict)


def _number(given: object) -> Fraction | None:
    """A number above zero, as TOML writes one: a whole one bare, others as text; None where it is none."""
    text = str(given) if type(given) is int or isinstance(given, str) else ""
    return Fraction(text) if _NUMBER.fullmatch(text) and Fraction(text) > 0 else None
