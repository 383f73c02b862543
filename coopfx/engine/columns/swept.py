"""A batch while it is swept and once it has been: the column of every node that was asked for."""

from attrs import Factory, define, frozen

from coopfx.engine.columns.allocations import Allocated
from coopfx.engine.columns.batch import Batch
from coopfx.engine.columns.records import Inside, Records, inside
from coopfx.engine.columns.values import (
    KNOWN,
    MISSING,
    UNDEFINED,
    Array,
    Column,
    Labels,
    Numbers,
    Truths,
    fraction_at,
)
from coopfx.ground.exact import Missing, Undefined, Value
from coopfx.language import ir


@frozen(slots=True, eq=False)
class Split:
    """What each record takes, and of each cooperative what all take with the excess, and the excess."""

    parts: Numbers
    paid: Numbers
    excess: Numbers


@define(slots=True)
class Swept:
    """A batch with the column of every node that was asked for."""

    batch: Batch
    columns: dict[int, Column] = Factory(dict)
    allocations: dict[int, Allocated] = Factory(dict)
    splits: dict[int, Split] = Factory(dict)
    _inside: dict[int, Inside] = Factory(dict)

    def numbers(self, index: int) -> Numbers:
        """A node's column, of quantities."""
        column = self.columns[index]
        assert isinstance(column, Numbers), column
        return column

    def truths(self, index: int) -> Truths:
        """A node's column, of yes or no."""
        column = self.columns[index]
        assert isinstance(column, Truths), column
        return column

    def records(self, record: str | None) -> Records:
        """The records of a sort."""
        assert record is not None
        return self.batch.records[record]

    def linked(self, link: int) -> Array:
        """The row of the record that each record is linked to; below zero where there is none."""
        node, column = self.batch.program.nodes[link], self.columns[link]
        assert isinstance(node, ir.Link) and isinstance(column, Labels)
        return self.records(node.record).linked(column, self.records(node.to))

    def inside(self, link: int) -> Inside:
        """The rows of a sort by the record that each is linked to."""
        if link not in self._inside:
            node = self.batch.program.nodes[link]
            assert isinstance(node, ir.Link)
            self._inside[link] = inside(self.linked(link), self.records(node.to).size)
        return self._inside[link]

    def cell(self, index: int, row: int) -> Value:
        """One row of a node's column, as the reference's kind of value.

        What is missing is told without the names of the facts, which a batch does not keep.
        """
        column = self.columns[index]
        row = row if len(column) > 1 else 0
        state = (
            KNOWN
            if column.state is None
            else int(column.state[row if len(column.state) > 1 else 0])
        )
        if state == MISSING:
            return Missing(())
        if state == UNDEFINED:
            return Undefined("")
        if isinstance(column, Numbers):
            return fraction_at(column, row)
        node = self.batch.program.nodes[index]
        if isinstance(node, ir.Link):
            return self.records(node.to).ids[int(self.linked(index)[row])]
        value: Value = (
            bool(column.values[row]) if isinstance(column, Truths) else column.values[row]
        )
        return value
