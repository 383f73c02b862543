"""The places of a comparison that hold money, as rows: what people receive, accounts, what figures give."""

from fractions import Fraction
from typing import NamedTuple

from coopfx.engine import outcome as out
from coopfx.ground.exact import Value, plus

_NOTHING = out.Two(Fraction(0), Fraction(0))


class Row(NamedTuple):
    """What a place holds, how much more, and how deep it stands below the account that it branches from."""

    two: out.Two
    difference: Value
    depth: int = 0


def rows_of(found: out.Comparison, management: bool) -> dict[tuple[str, str], Row]:
    """What records receive, accounts hold and figures give in one of the books, by kind and name.

    Places that hold nothing in either are left out.
    """
    rows: dict[tuple[str, str], Row] = {}
    for record in found.records:
        for place, two in record.by if record.management == management else ():
            key = (place.kind, place.name)
            before = rows[key].two if key in rows else _NOTHING
            both = out.Two(plus(before.before, two.before), plus(before.after, two.after))
            rows[key] = Row(both, both.difference)
    rows = {key: row for key, row in rows.items() if row.two != _NOTHING}
    roots = list(dict.fromkeys(one.place.name.split(".")[0] for one in found.accounts))
    for one in sorted(found.accounts, key=lambda one: roots.index(one.place.name.split(".")[0])):
        balances = one.balances
        if one.management != management or balances is None:
            continue
        held = isinstance(balances.before, Fraction) or isinstance(balances.after, Fraction)
        if not held and ("received", one.place.name) in rows:
            continue  # what only passes through is shown as what people receive
        if one.moved != _NOTHING or (held and balances != _NOTHING):
            depth = one.place.name.count(".")
            rows["account", one.place.name] = Row(balances, one.difference, depth)
    for one in found.sources:
        if one.management == management:
            rows[one.place.kind, one.place.name] = Row(one.moved, one.difference)
    return rows


def opened(found: out.Comparison, management: bool) -> Fraction:
    """How much more the accounts open with, all together."""
    opened = Fraction(0)
    for one in found.whole_accounts(management=management):
        closing = one.balances.difference if one.balances else Fraction(0)
        moved = one.moved.difference
        if isinstance(closing, Fraction) and isinstance(moved, Fraction):
            opened += closing - moved
    return opened
