"""Scenarios of many cooperatives beside the year as it is: each cooperative, and the sector."""

from collections.abc import Sequence
from fractions import Fraction
from typing import Any

import numpy as np

from coopfx.engine.columns.values import Array
from coopfx.engine.outcome import UNDETERMINED, VIOLATED
from coopfx.federation import inputs
from coopfx.federation.table_columns import Coded, Piece, Rows, Whole
from coopfx.federation.years import Changes
from coopfx.ground.exact import decimal_text
from coopfx.ground.tables import Block, Decimals

Table = dict[str, Piece]
Tables = dict[str, Table]

_SOURCES = ("figure", "charges")
_PEOPLE = ("gain", "lose", "same", "unknown")
_SUMS = ("gains", "losses", "records", "accounts", "sources", "rest")
_TURNED = ("newly_violated", "newly_kept")
_COUNTS = ("compared", "refused", "not_compared", "not_known", *_PEOPLE, *_TURNED)


def compare(
    name: str, number: int, base: "Side", other: "Side", changes: Changes, into: Rows
) -> None:
    """Add the rows of a scenario: each cooperative that is in it beside itself, read off both books.

    What records and accounts gain comes to what figures give more: the three are read off different
    tables, and what is left of them is written too.
    """
    sides, size = (base, other), base.size
    places = np.array(sorted(changes), np.int64)
    both = base.evaluated & other.evaluated & np.isin(np.arange(size), places)
    status = np.where(both, 0, np.where(base.evaluated, 1, 2))[places]
    people = _gains(name, number, sides, both, into)
    _differences(name, number, sides, both, into)
    columns: dict[str, Piece] = {
        "scenario": Coded.same(name, len(places)),
        "currency": Coded.of([base.currency.get(place) for place in places.tolist()]),
        "status": Coded.named(status, ("compared", "refused", "not_compared")),
        "told": Coded.of([other.told.get(place) for place in places.tolist()]),
    }
    there = both[places]
    for key, column in people.items():
        columns[key] = Whole.of(column[places], ~there)
    left, absent = np.zeros(size, object), np.zeros(size, bool)
    for part, sign in (("records", 1), ("accounts", 1), ("sources", -1)):
        (old, gone), (new, lost) = (getattr(side, part) for side in sides)
        columns[part] = Whole.of(_narrow((new - old)[places]), (gone | lost)[places] | ~there)
        left, absent = left + sign * (new - old), absent | gone | lost
    columns["rest"] = Whole.of(_narrow(left[places]), absent[places] | ~there)
    turned = _turned(sides, size)
    for key, column in turned.items():
        columns[key] = Whole.of(column[places], ~there)
    columns["broken"] = Whole.of(other.broken[places], ~there)
    into.add("scenarios", places, number, columns, np.zeros(len(places), np.int64))


def refuse(name: str, number: int, place: int, told: str, into: Rows) -> None:
    """Add the row of a cooperative that cannot be compared in a scenario, and the code that tells why."""
    columns: dict[str, Piece] = {
        "scenario": Coded.same(name, 1),
        "status": Coded.same("refused", 1),
        "told": Coded.same(told, 1),
    }
    into.add("scenarios", np.array([place]), number, columns)


class Side:
    """The tables of all cooperatives of a bucket, of which there are ``size``, as far as they are compared.

    ``whole`` are the accounts of each that are no branch of another.
    """

    def __init__(self, tables: Tables, size: int, whole: dict[int, frozenset[str]]) -> None:
        self.size = size
        runs = tables["runs"]
        statuses, broken = _words(runs["status"]), _numbers(runs["broken"])
        self.currency = dict(zip(_owners(runs), _words(runs["currency"]), strict=True))
        self.evaluated, self.broken = np.zeros(size, bool), np.zeros(size, np.int64)
        for row, owner in enumerate(_owners(runs)):
            self.evaluated[owner] = statuses[row] == "evaluated"
            self.broken[owner] = broken[row] or 0
        told = tables["diagnostics"]
        codes = _words(told["code"])
        self.told: dict[int, str] = {}
        for row, owner in enumerate(_owners(told)):
            self.told[owner] = " ".join(filter(None, (self.told.get(owner), codes[row])))
        self.place: dict[tuple[int, str, str], int | None] = {}
        self.untold: set[tuple[int, str]] = set()
        """The cooperatives, each with a sort of record, that share what could not be worked out."""
        self._read_entries(tables["entries"])
        self._read_accounts(tables["accounts"], whole)
        self._read_shares(tables["shares"])
        self._read_verdicts(tables["verdicts"])

    def _read_accounts(self, accounts: Table, whole: dict[int, frozenset[str]]) -> None:
        gained, absent = np.zeros(self.size, object), np.zeros(self.size, bool)
        added, taken = _numbers(accounts["added"]), _numbers(accounts["taken"])
        names = _words(accounts["account"])
        for row, owner in enumerate(_owners(accounts)):
            one = names[row] or ""
            if one not in whole.get(owner, ()):
                continue
            plus, minus = added[row], taken[row]
            moved = None if plus is None or minus is None else plus - minus
            self.place[owner, "account", one] = moved
            gained[owner] += moved or 0
            absent[owner] |= moved is None
        self.accounts = gained, absent

    def _read_entries(self, entries: Table) -> None:
        """What records gain and what figures give, of the legal book; and by the name of each."""
        size = self.size
        records, sources = np.zeros(size, object), np.zeros(size, object)
        absent = np.zeros(size, bool)
        cells_ = {
            key: _words(entries[key])
            for key in ("book", "from_kind", "from", "from_record", "to_kind", "to", "to_record")
        }
        amounts = _numbers(entries["amount"])
        for row, owner in enumerate(_owners(entries)):
            amount = amounts[row]
            if cells_["to_kind"][row] == "received" and amount is None:
                self.untold.add((owner, cells_["to_record"][row] or ""))
            if cells_["book"][row] != "legal":
                continue
            absent[owner] |= amount is None
            for side, sign in (("from", -1), ("to", 1)):
                kind, record = cells_[f"{side}_kind"][row] or "", cells_[f"{side}_record"][row]
                if kind in _SOURCES:
                    sources[owner] -= sign * (amount or 0)
                    self._add(owner, kind, cells_[side][row], amount, -sign)
                elif record is not None:
                    records[owner] += sign * (amount or 0)
                    if kind == "received":
                        self._add(owner, kind, cells_[side][row], amount, sign)
        self.records, self.sources = (records, absent), (sources, absent)

    def _add(self, owner: int, kind: str, name: str | None, amount: int | None, sign: int) -> None:
        key = (owner, kind, name or "")
        before = self.place.get(key, 0)
        self.place[key] = None if amount is None or before is None else before + sign * amount

    def _read_shares(self, shares: Table) -> None:
        """What each record receives of all shares, by its cooperative, its sort and its identifier."""
        self.shares: dict[tuple[int, str, str], int | None] = {}
        sorts, ids = _words(shares["record"]), _words(shares["id"])
        for owner, sort, own, amount in zip(
            _owners(shares), sorts, ids, _numbers(shares["amount"]), strict=True
        ):
            key = (owner, sort or "", own or "")
            before = self.shares.get(key, 0)
            self.shares[key] = None if amount is None or before is None else before + amount

    def received(self, key: tuple[int, str, str]) -> int | None:
        """What a record receives; of a share that could not be worked out there are no rows."""
        return None if key[:2] in self.untold else self.shares.get(key, 0)

    def _read_verdicts(self, verdicts: Table) -> None:
        """The status of each cooperative's binding rules, by the rule's law and name."""
        rules, laws = _words(verdicts["rule"]), _words(verdicts["law"])
        statuses, strengths = _words(verdicts["status"]), _words(verdicts["strength"])
        self.rules = {
            (owner, laws[row], rules[row]): statuses[row]
            for row, owner in enumerate(_owners(verdicts))
            if strengths[row] == "require"
        }


def _gains(
    name: str, number: int, sides: Sequence[Side], wanted: Array, into: Rows
) -> dict[str, Array]:
    """Add what each record receives in both; of each cooperative, how many gain and lose, and how much."""
    base, other = sides
    keys = sorted(key for key in base.shares.keys() | other.shares.keys() if wanted[key[0]])
    pairs = [(base.received(key), other.received(key)) for key in keys]
    _add_rows("gains", name, number, keys, pairs, ("record", "id"), into)
    found = {key: np.zeros(len(wanted), np.int64) for key in _PEOPLE}
    found |= {key: np.zeros(len(wanted), object) for key in ("gains", "losses")}
    for (owner, sort, _), (before, after) in zip(keys, pairs, strict=True):
        if sort != "person":
            continue
        more = None if before is None or after is None else after - before
        sign = "unknown" if more is None else "gain" if more > 0 else "lose" if more < 0 else "same"
        found[sign][owner] += 1
        if more:
            found["gains" if more > 0 else "losses"][owner] += more
    return {key: _narrow(column) for key, column in found.items()}


def _differences(name: str, number: int, sides: Sequence[Side], wanted: Array, into: Rows) -> None:
    """Add the places whose money is another: accounts, what is received, what figures give."""
    olds, news = (side.place for side in sides)
    keys = sorted(
        key
        for key in olds.keys() | news.keys()
        if wanted[key[0]] and (olds.get(key, 0) != news.get(key, 0) or olds.get(key, 0) is None)
    )
    pairs = [(olds.get(key, 0), news.get(key, 0)) for key in keys]
    _add_rows("differences", name, number, keys, pairs, ("kind", "name"), into)


def _add_rows(
    table: str,
    name: str,
    number: int,
    keys: list[tuple[int, str, str]],
    pairs: list[tuple[int | None, int | None]],
    called: tuple[str, str],
    into: Rows,
) -> None:
    differences = [
        None if before is None or after is None else after - before for before, after in pairs
    ]
    columns: dict[str, Piece] = {
        "scenario": Coded.same(name, len(keys)),
        called[0]: Coded.of([key[1] for key in keys]),
        called[1]: Coded.of([key[2] for key in keys]),
        "before": _whole([before for before, _ in pairs]),
        "after": _whole([after for _, after in pairs]),
        "difference": _whole(differences),
    }
    into.add(table, np.array([key[0] for key in keys], np.int64), number, columns)


def _turned(sides: Sequence[Side], size: int) -> dict[str, Array]:
    """How many binding rules of each cooperative are violated in the scenario alone, and no longer.

    Of one that cannot be judged in the scenario it is not known whether it is violated no longer.
    """
    old, new = (side.rules for side in sides)
    found = {key: np.zeros(size, np.int64) for key in _TURNED}
    for key in old.keys() | new.keys():
        before, after = old.get(key), new.get(key)
        if after == VIOLATED != before:
            found["newly_violated"][key[0]] += 1
        elif before == VIOLATED and after not in (VIOLATED, UNDETERMINED):
            found["newly_kept"][key[0]] += 1
    return found


class Sector:
    """What the scenarios come to for all cooperatives together, counted while their table is written."""

    def __init__(self, decimals: int) -> None:
        self.decimals = decimals
        self.found: dict[tuple[str, str], dict[str, Any]] = {}

    def count(self, block: Block) -> None:
        """Count the rows of a block of the table of scenarios.

        A cooperative of which any amount is not known is in none of the sums, and is counted.
        """
        texts = [inputs.texts_of(block, name) for name in ("scenario", "currency", "status")]
        counts = {one: _plain(block, one) for one in (*_PEOPLE, *_TURNED)}
        sums = [_plain(block, one) for one in _SUMS]
        for row, (name, currency, status) in enumerate(zip(*texts, strict=True)):
            key = name or "", currency or ""
            own = self.found.setdefault(key, dict.fromkeys((*_COUNTS, *_SUMS), 0))
            own[status or ""] += 1
            if status != "compared":
                continue
            for one in _PEOPLE:
                own[one] += counts[one][row]
            for one in _TURNED:
                own[one] += (counts[one][row] or 0) > 0
            whole = [column[row] for column in sums]
            if None in whole:
                own["not_known"] += 1
                continue
            for one, amount in zip(_SUMS, whole, strict=True):
                own[one] += amount

    def told(self) -> list[dict[str, Any]]:
        """Each scenario in each currency, as the summary has it; amounts with the tables' decimals."""
        return [
            {"scenario": name, "currency": currency or None}
            | {key: own[key] for key in _COUNTS}
            | {
                key: decimal_text(Fraction(own[key], 10**self.decimals), self.decimals)
                for key in _SUMS
            }
            for (name, currency), own in self.found.items()
        ]


# ---- pieces as plain lists


def _plain(block: Block, name: str) -> list[int | None]:
    """A column of whole numbers, or of amounts in their smallest coins; None where one is not known."""
    column = block.columns[name]
    assert isinstance(column, Decimals)
    missing = column.missing
    return [
        None if missing is not None and missing[row] else int(one)
        for row, one in enumerate(column.numerators)
    ]


def _owners(table: Table) -> list[int]:
    piece = table["cooperative"]
    assert isinstance(piece, Coded)
    found: list[int] = piece.codes.tolist()
    return found


def _words(piece: Piece) -> list[str | None]:
    assert isinstance(piece, Coded)
    words = piece.words
    return [None if code < 0 else words[code] for code in piece.codes.tolist()]


def _numbers(piece: Piece) -> list[int | None]:
    assert isinstance(piece, Whole)
    pairs = zip(piece.numbers.tolist(), piece.missing.tolist(), strict=True)
    return [None if missing else number for number, missing in pairs]


def _whole(values: list[int | None]) -> Whole:
    found = np.array([*(value or 0 for value in values), None], object)[:-1]
    return Whole.of(_narrow(found), np.array([value is None for value in values], bool))


def _narrow(found: Array) -> Array:
    """Python's integers as 64-bit ones, where they all fit."""
    if found.dtype == object and all(-(2**62) < int(one) < 2**62 for one in found.tolist()):
        return found.astype(np.int64)
    return found
