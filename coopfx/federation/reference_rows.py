"""The rows of the tables out of one outcome of the reference: what a run is compared with."""

from fractions import Fraction
from itertools import groupby
from typing import Any

from coopfx.engine import outcome as out
from coopfx.engine.reference.clauses import total
from coopfx.federation.layouts import COLUMNS, STATUSES
from coopfx.formats.json import plain, type_name
from coopfx.ground.exact import (
    Missing,
    Type,
    Undefined,
    Value,
    currency_of,
    money,
    quantity,
)

Row = dict[str, Any]


def rows_of(result: out.Outcome, name: str, decimals: int = 2) -> dict[str, list[Row]]:
    """The rows of one cooperative's year in every table but ``diagnostics``, as formats would read them.

    Amounts and whole numbers are integers, all else texts; what there is none of is None.
    """
    amount = quantity(money(result.currency))
    tables: dict[str, list[Row]] = {table: [] for table in COLUMNS}

    def cents(value: Value | None) -> int | None:
        if not isinstance(value, Fraction):
            return None
        scaled = value * 10**decimals
        return scaled.numerator if scaled.denominator == 1 else None

    def add(table: str, **columns: Any) -> None:
        key = {"cooperative": name, "closing": result.closing.isoformat()}
        tables[table].append(key | dict.fromkeys(COLUMNS[table]) | columns)

    statuses = [one.status.replace(" ", "_") for one in result.verdicts]
    broken = sum(one.binding and one.status == out.VIOLATED for one in result.verdicts)
    counts = {one: statuses.count(one) for one in STATUSES}
    add(
        "runs",
        name=result.cooperative,
        statute=result.statute,
        statute_sha256=result.provenance.statute_sha256,
        currency=result.currency,
        status="evaluated",
        broken=broken,
        **counts,
    )
    for one in result.values:
        whole = cents(one.value) if currency_of(one.type.unit) else None
        exact = None if whole is not None else _text(one.value, one.type)
        sort = type_name(one.type)
        add("values", name=one.name, type=sort, money=whole, exact=exact, unknown=_why(one.value))
    for item in result.indicators:
        add(
            "indicators",
            label=item.label,
            pillar=item.pillar,
            type=type_name(item.type),
            exact=_text(item.value, item.type),
            unknown=_why(item.value),
            target=_text(item.target, item.type),
            met={True: "yes", False: "no", None: None}[item.met],
        )
    for account in result.accounts:
        at = (account.opening, account.added, account.taken, account.closing)
        opening, added, taken, balance = map(cents, at)
        add(
            "accounts",
            account=account.name,
            opening=opening,
            added=added,
            taken=taken,
            balance=balance,
            unknown=_why(*at),
        )
    for _, several in groupby(result.books, key=lambda one: one.number):
        entries = list(several)
        moved = total([one.amount for one in entries])
        if moved != 0:
            add("entries", **_entry(entries[0]), amount=cents(moved), unknown=_why(moved))
    return _records(result, tables, add, cents, amount)


def _entry(entry: out.Booked) -> dict[str, Any]:
    return {
        "article": entry.article,
        "line": entry.line,
        "way": entry.way,
        "book": "management" if entry.management else "legal",
        **_place("from", entry.source),
        **_place("to", entry.target),
    }


def _place(side: str, place: out.Place) -> Row:
    """A place in the columns of a side."""
    return {side: place.name, f"{side}_kind": place.kind, f"{side}_record": place.record}


def _records(
    result: out.Outcome, tables: dict[str, list[Row]], add: Any, cents: Any, amount: Type
) -> dict[str, list[Row]]:
    for number, share in enumerate(result.shares, 1):
        own = {
            "number": number,
            "article": share.article,
            "source": share.source,
            "record": share.record,
        }
        add(
            "splits",
            **own,
            **({} if share.origin is None else _place("from", share.origin)),
            amount=cents(share.amount),
            undistributed=cents(share.undistributed),
            excess=cents(share.excess),
            unknown=_why(share.amount, share.undistributed),
        )
        for (identifier, value), giver in zip(share.parts or (), share.givers, strict=True):
            add("shares", **own, id=identifier, giver=giver or None, amount=cents(value))
    for number, pool in enumerate(result.pools, 1):
        for identifier, had, kept in pool.parts:
            add(
                "pools",
                number=number,
                article=pool.article,
                figure=pool.figure,
                account=pool.account,
                id=identifier,
                had=cents(had),
                kept=cents(kept),
            )
    for verdict in result.verdicts:
        add(
            "verdicts",
            rule=verdict.rule,
            law=verdict.law,
            article=verdict.article,
            strength="require" if verdict.binding else "recommend",
            status=verdict.status,
            set_aside=verdict.set_aside or None,
            type=type_name(verdict.type) if verdict.type else None,
            relation=None if verdict.margin is None else verdict.relation,
            **_sides(verdict, verdict.type),
            **(verdict.counts or {}),
        )
        for case in verdict.cases:
            sides = _sides(case, verdict.type)
            add("cases", rule=verdict.rule, id=case.record, status=case.status, **sides)
    return tables


def _sides(one: out.Verdict | out.Case, type_: Type | None) -> dict[str, str | None]:
    return {
        "left": _text(one.left, type_),
        "right": _text(one.right, type_),
        "margin": _text(one.margin, type_),
    }


def _text(value: Value | None, type_: Type | None) -> str | None:
    found = plain(value, type_)
    return ("yes" if found else "no") if isinstance(found, bool) else found


def _why(*values: Value) -> str | None:
    if any(isinstance(one, Missing) for one in values):
        return "missing"
    return "undefined" if any(isinstance(one, Undefined) for one in values) else None


UNTOLD = {"pools": ("record",), "cases": ("record",)}
"""Columns of tables that an outcome does not tell."""
