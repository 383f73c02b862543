"""What must be true of the books of any year, whatever is written: told where it is not."""

from collections import defaultdict
from fractions import Fraction

from coopfx.engine.outcome import Booked, Outcome
from coopfx.ground.exact import Value

ZERO = Fraction(0)
Whose = tuple[str, str]
"""An account, or what was received from one, and of whom: the cooperative's at the empty text."""


def untrue(outcome: Outcome) -> list[str]:
    """What is not true of a year's books, of all entries that are known."""
    entries = [one for one in outcome.books if isinstance(one.amount, Fraction)]
    unknown = {
        side for one in outcome.books if one not in entries for side in (one.source, one.target)
    }
    found = [
        f"{one} is in no whole cents" for one in entries if _known(one.amount) % Fraction(1, 100)
    ]
    into, out = _moved(entries)
    for account in outcome.accounts:
        if any(
            place[1] == account.name or place[1].startswith(f"{account.name}.") for place in unknown
        ):
            continue
        rows = account.rows if account.record else (account,)
        for row in rows:
            of = getattr(row, "record", "") if account.record else ""
            balance = [row.opening, row.closing]
            if not all(isinstance(one, Fraction) for one in balance):
                continue
            opening, closing = map(_known, balance)
            gained = sum(
                (into[key] - out[key] for key in _branch(account.name, of, into, out)), ZERO
            )
            if closing != opening + gained:
                found.append(f"{account.name} {of}: {opening} + {gained} is not {closing}")
    for one in entries:
        if _known(one.amount) < 0 and one.way != "losses" and not one.management:
            found.append(f"{one} takes less than nothing")
    for key, amount in out.items():
        if key[0].startswith("received ") and amount > into[key]:
            found.append(f"{key} gives {amount} of {into[key]}")
    return found


def _branch(name: str, of: str, *sides: dict[Whose, Fraction]) -> set[Whose]:
    keys = {key for side in sides for key in side}
    return {
        key for key in keys if key[1] == of and (key[0] == name or key[0].startswith(f"{name}."))
    }


def _moved(entries: list[Booked]) -> tuple[dict[Whose, Fraction], dict[Whose, Fraction]]:
    """What went into each place, and out of it."""
    into: dict[Whose, Fraction] = defaultdict(Fraction)
    out: dict[Whose, Fraction] = defaultdict(Fraction)
    for one in entries:
        for (kind, name, record), side in ((one.target, into), (one.source, out)):
            whose = (side is out and one.giver) or one.record
            if kind == "account":
                side[name, whose if record else ""] += _known(one.amount)
            elif kind == "received":
                side[f"received {name} {record}", whose] += _known(one.amount)
    return into, out


def _known(value: Value) -> Fraction:
    assert isinstance(value, Fraction), value
    return value
