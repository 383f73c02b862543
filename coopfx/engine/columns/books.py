"""The books of a batch once it is swept: what each entry moves, read off the columns of the nodes.

Nothing is worked out again: an entry's amount is a node that some clause moves.
"""

from collections.abc import Iterator

from coopfx.engine.columns.swept import Swept
from coopfx.engine.columns.values import Numbers
from coopfx.ground.exact import Value
from coopfx.language import ir


def books(swept: Swept) -> Iterator[tuple[ir.Entry, str | None, Numbers]]:
    """Each entry with its column, and the record that has a row of it; None for one a cooperative."""
    program = swept.batch.program
    for entry in program.books:
        yield entry, program.nodes[entry.amount].record, swept.numbers(entry.amount)


def booked(swept: Swept, number: int) -> Iterator[tuple[ir.Entry, str, Value]]:
    """What each entry moves in the year of one cooperative of a batch, in the order of the books.

    An entry of records has one for each, with its identifier; others have the empty one.
    """
    for entry, record, _ in books(swept):
        if record is None:
            yield entry, "", swept.cell(entry.amount, number)
            continue
        own = swept.records(record)
        for row in range(int(own.offsets[number]), int(own.offsets[number + 1])):
            yield entry, str(own.ids[row]), swept.cell(entry.amount, row)
