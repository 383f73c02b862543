"""The records, figures and balances of a year: known or missing, typed, exact."""

import itertools
from collections.abc import Container, Iterable, Iterator, Sequence
from datetime import date
from fractions import Fraction

from attrs import Factory, field, frozen

from coopfx.ground.exact import Known, Missing, Type, step_of
from coopfx.ground.figure import opening_of
from coopfx.ground.plain import Plain
from coopfx.ground.report import Argument, Diagnostic, Percent, Said
from coopfx.ground.source import Span

COOPERATIVE = "cooperative"
"""What stands for a record where a sheet holds the cooperative's own figures."""


@frozen(slots=True, repr=False, eq=False, getstate_setstate=False)
class Field(Plain):
    """A fact that a program may read: its name, its record (None: the cooperative's own), its domain.

    An amount that is ``paid``, as most are, is a whole number of the currency's smallest coins. Whether
    the meeting keeps to the bounds of what it decides is for a rule to say: it is ``judged``.
    """

    name: str
    type: Type
    record: str | None = None
    low: Fraction | None = None
    high: Fraction | None = None
    paid: bool = True
    judged: bool = False

    @property
    def step(self) -> Fraction | None:
        """The step of which the fact is so many; None where it may be any figure.

        >>> from coopfx.ground.exact import WHOLE
        >>> Field("headcount", WHOLE).step
        Fraction(1, 1)
        """
        if self.type.whole:
            return Fraction(1)
        return step_of(self.type.unit) if self.paid else None

    @property
    def is_rate(self) -> bool:
        """Whether people write the fact as a percentage: a plain number of at most one."""
        return self.high == 1 and not self.type.unit and not self.type.whole

    @property
    def is_percentage(self) -> bool:
        """Whether the fact is asked for in per cent: a rate, or a part of the whole that is decided.

        >>> from coopfx.ground.exact import NUMBER
        >>> Field("rate", NUMBER, None, None, Fraction(1, 2), judged=True).is_percentage
        True
        """
        decided = self.judged and not self.type.unit and self.high is not None and self.high <= 1
        return self.is_rate or decided

    def shown(self, value: Known) -> Argument:
        """A value of the fact, as a sentence shows it."""
        if self.is_rate and isinstance(value, Fraction):
            return Percent(value)
        return (value, self.type)

    def domain(self) -> tuple[Said, ...]:
        """What the fact may be, as a sentence says it."""
        whole = [Said("domain.whole")] if self.type.whole else []
        bounds = [
            Said(f"domain.{side}", {side: self.shown(bound)})
            for side, bound in (("low", self.low), ("high", self.high))
            if bound is not None
        ]
        return (*whole, *bounds)

    def lacks_percent(self, value: Fraction) -> bool:
        """Whether a value fits only as a percentage: 60 between 0.25 and 0.84.

        >>> from coopfx.ground.exact import NUMBER
        >>> Field("rate", NUMBER, None, Fraction(1, 4), Fraction(21, 25)).lacks_percent(Fraction(60))
        True
        """
        if self.type.unit or self.type.whole or self.high is None or value <= self.high:
            return False
        return (self.low or 0) <= value / 100 <= self.high

    def admits(self, value: Known) -> bool:
        """Whether a value lies in the domain.

        >>> from coopfx.ground.exact import WHOLE
        >>> Field("headcount", WHOLE, "team", Fraction(0)).admits(Fraction(1, 2))
        False
        """
        if not isinstance(value, Fraction) or self.judged:
            return True
        step = self.step
        if step is not None and (value / step).denominator != 1:
            return False
        return not (
            (self.low is not None and value < self.low)
            or (self.high is not None and value > self.high)
        )


@frozen(slots=True, repr=False, eq=False, getstate_setstate=False)
class Schema(Plain):
    """All that may be given: facts, accounts with an opening balance, decisions.

    ``accounts`` are the cooperative's own; a record's opening balance is a fact of it. ``files`` gives
    the record of each file that the year's ``columns.toml`` says it of, or that is named after one;
    ``called`` how files and sheets of each record may be called, in small letters without accents and
    signs; ``otherwise`` what a table is taken for of which nothing says what it holds, empty where it is
    passed over; ``read`` names the facts that some clause reads: others may be given, and are not kept.
    ``floors`` says of accounts below what their opening balance never is.
    """

    currency: str
    fields: tuple[Field, ...]
    accounts: tuple[str, ...]
    records: tuple[str, ...]
    defined: tuple[str, ...] = ()
    decisions: tuple[Field, ...] = ()
    files: dict[str, str] = Factory(dict)
    called: dict[str, str] = Factory(dict)
    read: frozenset[str] | None = None
    floors: dict[str, Fraction] = Factory(dict)
    otherwise: str = ""

    def of(self, record: str | None) -> dict[str, Field]:
        """The facts of a record, or of the cooperative, by name."""
        return {item.name: item for item in self.fields if item.record == record}


class Places:
    """Where the rows and cells of a file stand; of one that is no text, in which row."""

    delimiter = ""
    """What parts the cells of a text."""

    def __init__(self, file: str) -> None:
        self.file = file

    def row(self, line: int) -> Span:
        """Where a row stands."""
        return Span.on_line(self.file, line)

    def cell(self, line: int, index: int, text: str) -> Span:
        """Where a cell stands, whose text is given; the first one of a row has the index 0."""
        return self.row(line)


Row = tuple[int, Sequence[str]]
"""A row of a sheet: its line and its cells."""


@frozen(slots=True, eq=False)
class Grid:
    """Some rows of a sheet, one below the other and all of one length, as columns of cells.

    ``lines`` are those of the rows.
    """

    lines: Sequence[int]
    columns: Sequence[Sequence[str]]

    @property
    def rows(self) -> Iterator[Row]:
        """The rows, each with its line."""
        return zip(self.lines, zip(*self.columns, strict=True), strict=True)

    def below(self, rows: int) -> "Grid":
        """All but the first few rows.

        >>> list(Grid([1, 2], [["a", "b"], ["c", "d"]]).below(1).rows)
        [(2, ('b', 'd'))]
        """
        return Grid(self.lines[rows:], [column[rows:] for column in self.columns])

    def where(self, wanted: Sequence[bool]) -> "Grid":
        """Those of the rows that are wanted."""
        columns = [list(itertools.compress(column, wanted)) for column in self.columns]
        return Grid(list(itertools.compress(self.lines, wanted)), columns)


class Rows(Iterable[Row]):
    """The rows of a sheet where a reader has many at once: it says how, and they come sooner."""

    def grids(self) -> Iterator[Grid]:
        """All rows in order, some thousands at a time."""
        raise NotImplementedError

    def __iter__(self) -> Iterator[Row]:
        return itertools.chain.from_iterable(grid.rows for grid in self.grids())


SCENARIO = "scenario"
"""What stands for the file of a figure that no file gives: a scenario sets it."""

_MOST_ROWS = 4096


def grids_of(rows: Iterable[Row]) -> Iterator[Grid]:
    """Rows as grids, whatever way they come.

    >>> [list(grid.rows) for grid in grids_of([(1, ["a", "b"]), (2, ["c", "d"]), (3, ["e"])])]
    [[(1, ('a', 'b')), (2, ('c', 'd'))], [(3, ('e',))]]
    """
    if isinstance(rows, Rows):
        yield from rows.grids()
        return
    own = iter(rows)
    while some := list(itertools.islice(own, _MOST_ROWS)):
        for size, same in itertools.groupby(some, lambda row: len(row[1])):
            if not size:
                continue
            lines, cells = zip(*same, strict=True)
            yield Grid(lines, list(zip(*cells, strict=True)))


@frozen(slots=True, repr=False, eq=False, getstate_setstate=False)
class Unread(Plain):
    """Why a column of a file cannot be read: the code of a diagnostic, and its arguments."""

    code: str
    arguments: dict[str, Argument] = Factory(dict)


@frozen(slots=True, repr=False, eq=False, getstate_setstate=False)
class Sheet(Plain):
    """The records of one sort as a file has them: cells as text, not yet read as facts.

    ``record`` is their sort (``person``), ``header`` names the columns, ``id`` first, in any language
    of the vocabulary. A row is the number of its line and its cells; an empty cell is a fact that is
    not given. The rows may be asked for more than once, as long as the file is open; a reader of large
    files makes them ``Rows``.

    A sheet of the record ``cooperative`` holds the cooperative's own figures, a row each: a name, its
    value, and a note that is passed over. Names are those of facts, of ``closing`` (whose value is a
    date such as ``2024-12-31``) and ``name``, of accounts, for their opening balances, and of
    decisions. Its header is read as a row too, unless its second cell says *value*.

    ``unread`` are the columns, by their index, whose cells cannot be told as text, such as floats. Of
    each it is told why where the column is one that is read, and nothing otherwise. ``amiss`` are single
    cells that hold no value, each as the index of its column and what is then told of it.
    """

    record: str
    header: Sequence[str]
    rows: Iterable[Row]
    places: Places
    header_line: int = 1
    unread: dict[int, Unread] = Factory(dict)
    amiss: tuple[tuple[int, Diagnostic], ...] = ()


@frozen(slots=True, repr=False, eq=False, getstate_setstate=False)
class Made(Plain):
    """How a fact was made of the rows of a file: the key of a phrase, and the rows of each record."""

    how: str
    rows: dict[str, tuple[tuple[str, int], ...]]
    """By the record's identifier, the file and the line of each row."""


@frozen(slots=True, repr=False, eq=False, getstate_setstate=False)
class Table(Plain):
    """The records of one sort, in order of their identifiers, and their facts by name.

    A fact that one record lacks is None; a fact that none has is no column. ``lines`` says on which
    line of ``file`` each record stands, where a file gave them: that is no part of what they are.
    ``elsewhere`` are the places of those rows that stand in another file, and ``made`` says of a fact
    that no cell gives as it is how it came about.
    """

    ids: tuple[str, ...]
    columns: dict[str, tuple[Known | None, ...]] = Factory(dict)
    file: str = field(default="", eq=False)
    lines: tuple[int, ...] = field(default=(), eq=False)
    elsewhere: dict[int, Span] = field(factory=dict, eq=False)
    made: dict[str, "Made"] = field(factory=dict, eq=False)

    def column(self, name: str) -> list[Known | Missing]:
        """A fact of every record; missing by the record's identifier, or as a whole."""
        given = self.columns.get(name)
        if given is None:
            return [Missing(((name, ""),))] * len(self.ids)
        return [
            Missing(((name, identifier),)) if value is None else value
            for identifier, value in zip(self.ids, given, strict=True)
        ]

    def place(self, row: int) -> Span | None:
        """Where a record stands in the data; None where no file gave it."""
        if row in self.elsewhere:
            return self.elsewhere[row]
        return Span.on_line(self.file, self.lines[row]) if self.lines else None


@frozen(slots=True, repr=False, eq=False, getstate_setstate=False)
class Facts(Plain):
    """A cooperative's year. A sort of record that is not given has no table: missing, not empty.

    ``between`` is what came to an account between the closing of the year before and this opening, or,
    below nought, went out of it. ``places`` says where a file gave the cooperative's own figures, by name;
    an opening balance stands there as ``opening NAME``, what moved between as ``between NAME``.
    ``files`` are those that the tables came from, by the sort of record; ``made`` says of the
    cooperative's figures that rows gave how, the rows under an empty identifier.
    """

    closing: date
    figures: dict[str, Known] = Factory(dict)
    tables: dict[str, Table] = Factory(dict)
    balances: dict[str, Fraction] = Factory(dict)
    cooperative: str = ""
    places: dict[str, Span] = field(factory=dict, eq=False)
    files: dict[str, str] = field(factory=dict, eq=False)
    made: dict[str, Made] = field(factory=dict, eq=False)
    between: dict[str, Fraction] = Factory(dict)

    def figure(self, name: str) -> Known | Missing:
        """A fact of the cooperative."""
        value = self.figures.get(name)
        return Missing(((name, ""),)) if value is None else value

    def opening(self, account: str) -> Fraction | Missing:
        """An account's balance when the year opened."""
        value = self.balances.get(account)
        return Missing(((opening_of(account), ""),)) if value is None else value


def digest_of(facts: Facts, unread: Container[str] = ()) -> str:
    """The hash of a year's facts: the same whatever files they came from and however these wrote them.

    Only what the outcome rests on is in it, and not the facts that are ``unread``: from the hash of a
    column that no clause reads a person's name or number could be guessed.

    >>> year = Facts(date(2024, 12, 31), tables={"person": Table(("ana",), {"hours": (Fraction(1, 2),)})})
    >>> digest_of(year)[:12]
    '3fcfd8936755'
    """
    import hashlib
    import json

    said: dict[int, str] = {}

    def plain(value: Known | None) -> str | bool | None:
        if value is None or isinstance(value, bool):
            return value
        if isinstance(value, str):
            return f"'{value}"
        # Equal cells of a column are mostly one number.
        text = said.get(id(value))
        if text is None:
            text = said[id(value)] = f"@{value}" if isinstance(value, date) else str(value)
        return text

    total = hashlib.sha256()

    def add(*what: object) -> None:
        total.update(json.dumps(what).encode() + b"\n")

    add("closing", facts.closing.isoformat(), facts.cooperative)
    sorts = (("figure", facts.figures), ("balance", facts.balances), ("between", facts.between))
    for sort, given in sorts:
        for name, value in sorted(given.items()):
            if name not in unread or sort != "figure":
                add(sort, name, plain(value))
    for record, table in sorted(facts.tables.items()):
        add("record", record, table.ids)
        for name, column in sorted(table.columns.items()):
            if name not in unread:
                add("column", name, list(map(plain, column)))
    return total.hexdigest()
