"""Tables of a year as plain rows, and as frames of pandas and polars where these are installed."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal
from fractions import Fraction
from importlib import import_module
from typing import Any, overload

from coopfx.engine import outcome as out
from coopfx.formats.json import plain as written
from coopfx.formats.json import rule_label
from coopfx.formats.origin import given_out
from coopfx.ground.exact import (
    Missing,
    Rounding,
    Type,
    Undefined,
    Value,
    decimal_text,
    money,
    quantity,
    round_to,
)
from coopfx.ground.words import Words

Plain = str | bool | int | Decimal | Fraction | date | None
"""What stands in a row: amounts as decimals, what no decimal says as a fraction; None is not known."""

PLACES = Fraction(1, 10**12)
"""How far a frame writes out what no decimal says."""


class Table(Sequence[dict[str, Plain]]):
    """Rows of a year, each a dict of the same names.

    >>> table = Table([{"account": "reserves.legal", "closing": Decimal(10)}])
    >>> table[0]["closing"], len(table), table.column("account")
    (Decimal('10'), 1, ['reserves.legal'])
    """

    def __init__(self, rows: Sequence[Mapping[str, Plain]]) -> None:
        self._rows = [dict(row) for row in rows]

    @overload
    def __getitem__(self, index: int) -> dict[str, Plain]: ...
    @overload
    def __getitem__(self, index: slice) -> list[dict[str, Plain]]: ...
    def __getitem__(self, index: int | slice) -> dict[str, Plain] | list[dict[str, Plain]]:
        return self._rows[index]

    def __len__(self) -> int:
        return len(self._rows)

    def __iter__(self) -> Iterator[dict[str, Plain]]:
        return iter(self._rows)

    def __repr__(self) -> str:
        return f"Table({self._rows!r})"

    def column(self, name: str) -> list[Plain]:
        """One column; KeyError where no row has it."""
        return [row[name] for row in self._rows]

    def to_pandas(self) -> Any:
        """A pandas.DataFrame: amounts stay decimals, and exact. Needs pandas."""
        pandas: Any = import_module("pandas")
        return pandas.DataFrame(self._framed())

    def to_polars(self) -> Any:
        """A polars.DataFrame: amounts are of polars' decimal type, and exact. Needs polars."""
        polars: Any = import_module("polars")
        return polars.DataFrame(self._framed(), infer_schema_length=None)

    def _framed(self) -> list[dict[str, Plain]]:
        return [{name: _framed(value) for name, value in row.items()} for row in self._rows]


def _framed(value: Plain) -> Plain:
    if isinstance(value, Fraction):
        return Decimal(decimal_text(round_to(value, PLACES, Rounding.HALF_EVEN)))
    return value


def plain(value: Value | str | None, type_: Type | None = None) -> Plain:
    """A value as it stands in a row; money has the decimals of its currency, or more where it is finer.

    >>> plain(Fraction(5), quantity(money("EUR"))), plain(Fraction(1, 8)), plain(Fraction(1, 3))
    (Decimal('5.00'), Decimal('0.125'), Fraction(1, 3))
    """
    if isinstance(value, Missing | Undefined | None):
        return None
    if not isinstance(value, Fraction):
        return value
    if (value / PLACES).denominator != 1:
        return value
    return Decimal(str(written(value, type_)))


def values(year: out.Outcome, words: Words) -> Table:
    """The named figures of a year."""
    return Table(
        [
            {
                "name": item.name,
                "label": words.label(item.name),
                "value": plain(item.value, item.type),
            }
            for item in year.values
        ]
    )


def accounts(year: out.Outcome, words: Words) -> Table:
    """Each account: what it opened with, what went in and out, and how it closed."""
    amount = quantity(money(year.currency))
    return Table(
        [
            {
                "account": item.name,
                "label": words.label(item.name),
                "opening": plain(item.opening, amount),
                "added": plain(item.added, amount),
                "taken": plain(item.taken, amount),
                "closing": plain(item.closing, amount),
            }
            for item in year.accounts
        ]
    )


def parts(year: out.Outcome, words: Words) -> Table:
    """What each record receives of each share."""
    amount = quantity(money(year.currency))
    return Table(
        [
            {
                "record": share.record,
                "id": identifier,
                "share": share.source or "",
                "label": given_out(share, words),
                "article": share.article,
                "amount": plain(part, amount),
            }
            for share in year.shares
            for identifier, part in share.parts or ()
        ]
    )


def verdicts(year: out.Outcome, words: Words) -> Table:
    """Each rule of the statute and of its laws: whether it held, and by how much."""
    return Table(
        [
            {
                "rule": item.rule,
                "label": rule_label(item, words),
                "law": item.law,
                "article": item.article,
                "binding": item.binding,
                "status": item.status,
                "left": plain(item.left, item.type),
                "right": plain(item.right, item.type),
                "margin": plain(item.margin, item.type),
            }
            for item in year.verdicts
        ]
    )


def indicators(year: out.Outcome) -> Table:
    """Each indicator with its target, and whether it is met."""
    return Table(
        [
            {
                "indicator": item.label,
                "pillar": item.pillar,
                "value": plain(item.value, item.type),
                "target": plain(item.target, item.type),
                "met": item.met,
            }
            for item in year.indicators
        ]
    )


def books(year: out.Outcome) -> Table:
    """The year's books: each amount that a clause moves, from where to where, and whose it is."""
    amount = quantity(money(year.currency))
    return Table(
        [
            {
                "article": item.article,
                "line": item.line,
                "way": item.way,
                "from": item.source.name,
                "to": item.target.name,
                "id": item.record or None,
                "amount": plain(item.amount, amount),
                "management": item.management,
            }
            for item in year.books
        ]
    )
