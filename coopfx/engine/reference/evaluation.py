"""An evaluation while it runs and once it has run: every value kept, and how money moved."""

from fractions import Fraction

from attrs import Factory, define, frozen

from coopfx.engine.reference.splits import Flow, Shares
from coopfx.ground.exact import Known, Missing, Value
from coopfx.ground.facts import Facts
from coopfx.ground.plain import Plain
from coopfx.ground.report import Diagnostic
from coopfx.ground.source import Span
from coopfx.language import ir

Column = list[Value] | Missing
"""The values of a sort of record; missing as a whole where the data give none of that sort."""

Given = Known | tuple[Known | None, ...]
"""What stands in the place of a node's value: one, or one of each record, None where it is missing."""


@frozen(slots=True, repr=False, eq=False, getstate_setstate=False)
class AllocationResult(Plain):
    """What flowed, what each item took and what flowed over; a value that cannot be had is missing
    or undefined."""

    source: Value
    amounts: tuple[Value, ...]
    overflows: tuple[Value, ...]
    losses: Value
    flow: Flow | None = None


@frozen(slots=True, repr=False, eq=False, getstate_setstate=False)
class SegmentResult(Plain):
    """How one amount was split: all of it, or that of one record inside which it is split.

    ``entitled`` are the rows of those who have a right, with their ``rights`` and what these make
    ``together``; ``shares`` is None where the money stays.
    """

    name: str
    amount: Fraction
    entitled: tuple[int, ...] = ()
    rights: tuple[Fraction, ...] = ()
    shares: Shares | None = None
    together: Fraction = Fraction(0)


@frozen(slots=True, repr=False, eq=False, getstate_setstate=False)
class SplitResult(Plain):
    """What each record takes, what all take with the excess, and the excess alone."""

    parts: Column
    paid: Value
    excess: Value
    segments: tuple[SegmentResult, ...] = ()

    @property
    def entitled(self) -> tuple[int, ...]:
        """The rows of all who have a right to a part."""
        return tuple(sorted(row for segment in self.segments for row in segment.entitled))

    def of(self, row: int) -> tuple[SegmentResult, int] | None:
        """The segment in which a record has a right, and its position there."""
        for segment in self.segments:
            if row in segment.entitled:
                return segment, segment.entitled.index(row)
        return None


@define(slots=True)
class Run:
    """A program's year: the value of every node that was asked for."""

    program: ir.Program
    facts: Facts
    given: dict[int, Given] = Factory(dict)
    values: dict[int, Value | Column] = Factory(dict)
    allocations: dict[int, tuple[AllocationResult, ...]] = Factory(dict)
    splits: dict[int, SplitResult] = Factory(dict)
    diagnostics: list[Diagnostic] = Factory(list)
    spoken_of: dict[int, set[int]] = Factory(dict)
    _doubtful: frozenset[int] | None = None

    @property
    def doubtful(self) -> frozenset[int]:
        """The nodes that rest on something still to confirm."""
        if self._doubtful is None:
            self._doubtful = self.program.doubtful(self.facts.closing)
        return self._doubtful

    def value(self, index: int) -> Value:
        """The value of a node of the cooperative."""
        found = self.values[index]
        assert not isinstance(found, list), "a figure of records has a column"
        return found

    def column(self, index: int) -> Column:
        """The values of a node of records."""
        found = self.values[index]
        assert isinstance(found, list | Missing), "a figure of the cooperative has one value"
        return found

    def at(self, index: int, row: int | None) -> Value:
        """The value of a node, of the cooperative or of the record in a row."""
        found = self.values[index]
        if row is None or not isinstance(found, list):
            assert not isinstance(found, list), "a figure of records has a column"
            return found
        return found[row]

    def ids(self, record: str) -> tuple[str, ...]:
        """The identifiers of the records of a sort."""
        table = self.facts.tables.get(record)
        return table.ids if table else ()

    def place_given(self, name: str, record: str | None, row: int | None) -> Span | None:
        """Where the data give a fact: of the cooperative's own, its line; of a record's, the record's."""
        if record is None:
            return self.facts.places.get(name)
        table = self.facts.tables.get(record)
        return None if table is None or row is None else table.place(row)

    def missing_figure(self, record: str) -> Missing:
        """That the data give no records of a sort."""
        return Missing(((record, ""),))

    def place(self, clause: int) -> Span:
        """Where a clause that moves money stands, by its node."""
        clauses = self.program.money_clauses()
        return next(item.origin.span for item in clauses if item.node == clause)

    def tell(
        self,
        code: str,
        clause: int,
        *,
        span: Span | None = None,
        row: int | None = None,
        segment: str = "",
        related: tuple[Span, ...] = (),
        **arguments: object,
    ) -> None:
        """Collect a diagnostic about a clause that moves money, or about a place in it.

        ``row`` or ``segment`` say of which record, where the clause moves the money of each.
        """
        if all(item.node != clause for item in self.program.money_clauses()):
            return  # the lines above one, worked out beside their clause: it tells them itself
        span = span or self.place(clause)
        record = self.program.nodes[clause].record if row is not None else None
        name = self.ids(record)[row] if record is not None and row is not None else segment
        whose = {"whose": name} if name else {}
        self.diagnostics.append(Diagnostic(code, span, arguments | whose, related))
