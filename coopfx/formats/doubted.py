"""What a year's own files say that can hardly be so: of members who are gone, of balances in a register."""

from collections.abc import Mapping, Sequence
from datetime import date
from fractions import Fraction

from coopfx.formats import cells
from coopfx.formats.making import SOURCE, Part
from coopfx.formats.mapping_made import DURATIONS
from coopfx.ground.facts import Table
from coopfx.ground.figure import SHARES_HELD
from coopfx.ground.report import Report, Said

_MEMBER = "member"


def tell_gone(
    parts: Sequence[Part], tables: Mapping[str, Table], closing: date, report: Report
) -> None:
    """Tell (D793) who is listed as a member at the closing and holds nothing, or has left before and may
    hold nothing: in files of which ``columns.toml`` speaks, as other programs write them."""
    table = tables.get("person")
    members = table.columns.get(_MEMBER) if table is not None else None
    if table is None or members is None or not any(part.said is not None for part in parts):
        return
    held, left = table.column(SHARES_HELD), _last_days(parts)
    told = 0
    for row, identifier in enumerate(table.ids):
        if members[row] is not True or told == cells.MOST_MISTAKES:
            continue
        day = left.get(identifier)
        if held[row] == 0:
            doubt = Said("data.doubt.nothing")
        elif not isinstance(held[row], Fraction) and day is not None and day < closing:
            doubt = Said("data.doubt.left", {"date": day})
        else:
            continue
        told += 1
        report.tell("D793", table.place(row), record=identifier[:60], doubt=doubt)


def _last_days(parts: Sequence[Part]) -> dict[str, date]:
    """The last day of each who has left, by the columns that lengths of time are counted in."""
    found: dict[str, date] = {}
    there: set[str] = set()
    for part in parts:
        names = {
            making.columns["to"]
            for making, _ in part.plan.makings
            if making.sort == DURATIONS and "to" in making.columns
        }
        for name in names if part.sheet.record == "person" else ():
            for identifier, day in zip(
                part.table.ids, part.table.column(SOURCE + name), strict=True
            ):
                if isinstance(day, date):
                    found[identifier] = max(day, found.get(identifier, day))
                else:
                    there.add(identifier)
    return {one: day for one, day in found.items() if one not in there}


def differing(
    moved: Sequence[tuple[str, Fraction, Fraction | None]],
) -> dict[int, tuple[Fraction, Fraction]]:
    """Where a register's own balances differ from what its movements come to: of each holder the last.

    ``moved`` are its movements in the order of their days: whose, how much, and the balance that stands
    beside it, which may be the holder's or that of all.

    >>> five, two = Fraction(5), Fraction(2)
    >>> differing([("ana", five, five), ("ben", two, two), ("ana", -five, Fraction(1))])
    {2: (Fraction(1, 1), Fraction(0, 1))}
    >>> differing([("ana", five, five), ("ben", two, Fraction(7))])
    {}
    """
    own: dict[str, Fraction] = {}
    last: dict[str, tuple[int, Fraction, Fraction, Fraction]] = {}
    together = Fraction(0)
    for at, (whose, amount, balance) in enumerate(moved):
        together += amount
        own[whose] = own.get(whose, Fraction(0)) + amount
        if balance is not None:
            last[whose] = (at, balance, own[whose], together)
    if all(balance == all_of_them for _, balance, _, all_of_them in last.values()):
        return {}
    return {at: (balance, held) for at, balance, held, _ in last.values() if balance != held}
