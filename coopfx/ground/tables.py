"""Tables of many cooperatives, in blocks of columns: what formats read and write, and engines fill.

A block is a few thousand rows of a table, so that a table of any size passes in bounded memory.
"""

from collections.abc import Sequence
from datetime import date
from fractions import Fraction
from typing import Any

from attrs import Factory, frozen

TEXT, DATE, MONEY, WHOLE = "text", "date", "money", "whole"
"""The sorts of a column that is written: a text, an ISO date, an amount, a whole number."""


@frozen(slots=True, eq=False)
class Decimals:
    """Exact numbers: a sequence of whole ``numerators``, each over ten to the ``scale``.

    A numpy array of 64-bit integers is taken as it is. Where the flags ``missing`` are set, there is none.
    """

    numerators: Any
    scale: int = 0
    missing: Any = None


@frozen(slots=True, eq=False)
class Texts:
    """A sequence of texts, None or empty where there is none; dates, yes or no are as files write them."""

    values: Any


Column = Decimals | Texts


@frozen(slots=True, eq=False)
class Block:
    """Some rows of a table, one after the other: its columns by name, and how many rows they have.

    ``lines`` says on which line of its file each begins, where that is a text.
    """

    columns: dict[str, Column]
    rows: int
    lines: Sequence[int] | None = None

    def part(self, low: int, high: int) -> "Block":
        """The rows from one place to before another.

        >>> Block({"id": Texts(["a", "b", "c"])}, 3).part(1, 3).columns
        {'id': Texts(values=['b', 'c'])}
        """
        columns: dict[str, Column] = {}
        for name, one in self.columns.items():
            if isinstance(one, Texts):
                columns[name] = Texts(one.values[low:high])
            else:
                missing = None if one.missing is None else one.missing[low:high]
                columns[name] = Decimals(one.numerators[low:high], one.scale, missing)
        return Block(columns, high - low, None if self.lines is None else self.lines[low:high])


@frozen(slots=True)
class Layout:
    """A table that is written: its columns, each with its sort; amounts have ``decimals`` of them."""

    name: str
    columns: dict[str, str] = Factory(dict)
    decimals: int = 2


Cell = str | int | Fraction | date | None
"""A cell of a table for people: a text, a number, a day, or nothing."""


@frozen(slots=True)
class Spread:
    """A table for people: its title, the heads of its columns, and its rows, whose cells are texts, whole
    numbers, exact numbers, days, or None where there is nothing.
    """

    title: str
    heads: Sequence[str]
    rows: Sequence[Sequence[Cell]]
