"""The four truths of the books, of any year of any program as any engine has worked it out.

1. What a clause takes equals what it gives. 2. An account closes at what it opened with, and what its
entries put in and took out. 3. What came from outside, with all openings, is all closings with what
was paid out. 4. No place gives more than it holds. Of what is not known nothing is said.
"""

from collections import defaultdict
from collections.abc import Callable, Iterator
from fractions import Fraction

from attrs import define, field

from coopfx.engine.columns import Swept, booked
from coopfx.engine.reference.evaluation import Run
from coopfx.ground.exact import Missing, Value
from coopfx.ground.facts import Facts
from coopfx.language import ir
from years import CENT

ZERO = Fraction(0)
Spot = tuple[str, str, str | None, str]
"""A place and whose it is: kind, name, sort of record, identifier; empty where it is all of them."""
Rows = dict[str, Value]
"""The values of a node by identifier, the cooperative's under the empty one."""


@define
class Year:
    """A year's books and figures, from whichever engine."""

    program: ir.Program
    facts: Facts
    rows: Callable[[int], Rows | None]
    """The values of a node; None where it was not worked out, or has no records to have any of."""
    moved: dict[int, Value]
    """What each clause moves in all."""
    entries: list[tuple[ir.Entry, str, Value]]
    moves: list[tuple[Spot, Spot, Fraction]] = field(factory=list)
    into: dict[Spot, Fraction] = field(factory=lambda: defaultdict(Fraction))
    out: dict[Spot, Fraction] = field(factory=lambda: defaultdict(Fraction))
    unknown: set[tuple[str, str, str | None]] = field(factory=set)

    def __attrs_post_init__(self) -> None:
        for clause in self.program.pools:
            node = self.program.nodes[clause.node]
            assert isinstance(node, ir.Pool)
            figures, members = self.rows(node.figure), self.rows(node.group)
            if figures is not None and members is not None:
                self.moved[clause.node] = _total(
                    [
                        figures.get(one, Missing(())) if inside is True else Missing(())
                        for one, inside in members.items()
                        if inside is not False
                    ]
                )
        for entry, identifier, amount in self.entries:
            source, target = self.spots(entry, identifier)
            if isinstance(amount, Fraction) and source is not None and target is not None:
                self.moves.append((source, target, amount))
                self.out[source] += amount
                self.into[target] += amount
            else:
                for place in (entry.source, entry.target):
                    self.unknown.add((place.kind, place.name, place.record))

    def spots(self, entry: ir.Entry, identifier: str) -> tuple[Spot | None, Spot | None]:
        """Whose place an amount comes from, and goes to; None where that is not known."""
        own = self.program.nodes[entry.amount].record
        found: list[Spot | None] = []
        for place in (entry.source, entry.target):
            whose: object = identifier if place.record in (own, None) else ""
            if place is entry.source and entry.along is not None:
                whose = (self.rows(entry.along) or {}).get(identifier)
            if place.record is None:
                whose = ""
            known = isinstance(whose, str)
            found.append((place.kind, place.name, place.record, str(whose)) if known else None)
        return found[0], found[1]

    def figure(self, name: str, record: str | None) -> Rows:
        """A figure of the data, of each record that has one."""
        if record is None:
            value = self.facts.figures.get(name)
            return {"": value} if isinstance(value, Fraction) else {}
        table = self.facts.tables.get(record)
        column = table.columns.get(name, ()) if table else ()
        ids = table.ids if table else ()
        return {one: value for one, value in zip(ids, column, strict=False) if value is not None}


def of_run(run: Run) -> Year:
    """A year as the reference worked it out."""

    def rows(index: int) -> Rows | None:
        if index not in run.values:
            return None
        value, record = run.values[index], run.program.nodes[index].record
        if not isinstance(value, list):
            return {"": value} if record is None or isinstance(value, Missing) else None
        return dict(zip(run.ids(record or ""), value, strict=True))

    entries = []
    for entry in run.program.books:
        entries += [(entry, one, value) for one, value in (rows(entry.amount) or {}).items()]
    moved: dict[int, Value] = {}
    for clause in run.program.allocations:
        results = run.allocations.get(clause.node, ())
        each = [[*one.amounts, *one.overflows, one.losses] for one in results]
        moved[clause.node] = _total([value for row in each for value in row])
    moved |= {index: split.paid for index, split in run.splits.items()}
    return Year(run.program, run.facts, rows, moved, entries)


def of_columns(swept: Swept, number: int, facts: Facts) -> Year:
    """The year of one cooperative as the columns worked it out."""
    program = swept.batch.program

    def rows(index: int) -> Rows | None:
        if index not in swept.columns:
            return None
        record = program.nodes[index].record
        if record is None:
            return {"": swept.cell(index, number)}
        own = swept.records(record)
        span = range(int(own.offsets[number]), int(own.offsets[number + 1]))
        return {str(own.ids[row]): swept.cell(index, row) for row in span}

    moved: dict[int, Value] = {
        node.clause: swept.cell(index, number)
        for index, node in enumerate(program.nodes)
        if isinstance(node, ir.Paid) and index in swept.columns
    }
    return Year(program, facts, rows, moved, list(booked(swept, number)))


def _total(values: list[Value]) -> Value:
    known = [value for value in values if isinstance(value, Fraction)]
    return sum(known, ZERO) if len(known) == len(values) else Missing(())


# ---- the truths


def untrue(year: Year) -> Iterator[str]:
    """What is not true of a year's books, of all that is known of them."""
    yield from _whole_cents(year)
    yield from _given_as_taken(year)
    yield from _accounts(year)
    yield from _all(year)
    yield from _never_more(year)


def _whole_cents(year: Year) -> Iterator[str]:
    for entry, identifier, amount in year.entries:
        if isinstance(amount, Fraction):
            if amount % CENT:
                yield f"{entry} of {identifier}: {amount} is in no whole cents"
            if amount < 0 and entry.way != "losses" and not entry.management:
                yield f"{entry} of {identifier}: {amount} is less than nothing"


def _given_as_taken(year: Year) -> Iterator[str]:
    """Truth 1: the entries of a clause are all that it moves, and each record's what it received."""
    found: dict[int, list[Value]] = {clause: [] for clause in year.moved}
    received: dict[str, Fraction] = defaultdict(Fraction)
    unknown: set[str] = set()

    def receive(record: str | None, identifier: str, amount: Value, way: int) -> None:
        key = f"{record} {identifier}"
        if isinstance(amount, Fraction):
            received[key] += way * amount
        else:
            unknown.add(key)

    for entry, identifier, amount in year.entries:
        found.setdefault(entry.clause, []).append(amount)
        if entry.target.kind == "received" and entry.way == "part":
            receive(entry.target.record, identifier, amount, 1)
    for clause, amounts in found.items():
        moved, total = year.moved.get(clause), _total(amounts)
        if isinstance(moved, Fraction) and isinstance(total, Fraction) and moved != total:
            yield f"clause {clause} moves {moved}, and its entries {total}"
    for share in year.program.shares:
        node = year.program.nodes[share.node]
        assert isinstance(node, ir.Split)
        if node.into is None:
            for identifier, part in (year.rows(share.node) or {}).items():
                receive(node.record, identifier, part, -1)
    for key, over in received.items():
        if key not in unknown and over:
            yield f"{key} received {over} beside its entries"


def _accounts(year: Year) -> Iterator[str]:
    """Truth 2: openings, entries and closings, of each account with its branches."""
    for name, nodes in year.program.accounts.items():
        if _is_unknown(year, name, nodes.record):
            continue
        shown = (nodes.opening, nodes.added, nodes.taken, nodes.closing)
        rows = [year.rows(node) or {} for node in shown]
        for identifier in rows[0].keys() & rows[3].keys():
            opening, added, taken, closing = (row.get(identifier) for row in rows)
            came, went = _through(year, name, nodes.record, identifier)
            # One side may be known where the other is not, and what the year moved without its opening.
            for side, entries in ((added, came), (taken, went)):
                if isinstance(side, Fraction) and side != entries:
                    yield f"{name} {identifier}: {side} is not what {entries} brought or took"
            if not (isinstance(opening, Fraction) and isinstance(closing, Fraction)):
                continue
            if closing - opening != came - went:
                yield f"{name} {identifier}: {opening} to {closing} is not {came} less {went}"


def _is_unknown(year: Year, name: str, record: str | None) -> bool:
    return any(
        kind == "account" and of == record and _within(place, name)
        for kind, place, of in year.unknown
    )


def _within(name: str, account: str) -> bool:
    return name == account or name.startswith(f"{account}.")


def _through(
    year: Year, name: str, record: str | None, identifier: str
) -> tuple[Fraction, Fraction]:
    """What entries bring to an account from outside its branch, and take out of it."""

    def inside(spot: Spot) -> bool:
        kind, place, of, whose = spot
        return kind == "account" and of == record and whose == identifier and _within(place, name)

    came = went = ZERO
    for source, target, amount in year.moves:
        if inside(source) != inside(target):
            came += amount if inside(target) else ZERO
            went += amount if inside(source) else ZERO
    return came, went


def _all(year: Year) -> Iterator[str]:
    """Truth 3: outside and openings are closings and what was paid out, over the legal book."""
    books = [one for one in year.entries if not one[0].management]
    if not all(isinstance(amount, Fraction) for *_, amount in books):
        return
    balance = ZERO
    for entry, _, amount in books:
        assert isinstance(amount, Fraction)
        balance += amount if entry.source.kind in ("figure", "charges") else ZERO
        balance += amount if entry.source.kind == "received" else ZERO
    for name, nodes in year.program.accounts.items():
        parent = name.rpartition(".")[0]
        above = year.program.accounts.get(parent)
        if nodes.management or (above is not None and above.record == nodes.record):
            continue
        for way, index in ((1, nodes.opening), (-1, nodes.closing)):
            for value in (year.rows(index) or {}).values():
                if not isinstance(value, Fraction):
                    return
                balance += way * value
    managed = {entry.clause for entry in year.program.books if entry.management}
    for share in year.program.shares:
        node = year.program.nodes[share.node]
        assert isinstance(node, ir.Split)
        if node.into is None and share.node not in managed:
            paid = _total(list((year.rows(share.node) or {}).values()))
            if not isinstance(paid, Fraction):
                return
            balance -= paid
    if balance:
        yield f"{balance} came from nowhere"


def _never_more(year: Year) -> Iterator[str]:
    """Truth 4: no place gives more than it holds."""
    managed = {entry.source for entry in year.program.books if entry.management}
    for spot, amount in year.out.items():
        kind, name, record, identifier = spot
        place = ir.Place(kind, name, record)
        if place in managed or (kind, name, record) in year.unknown or kind == "charges":
            continue
        if kind == "figure":
            values = year.figure(name, record)
            own = [values.get(identifier)] if identifier or record is None else values.values()
            known = [one for one in own if isinstance(one, Fraction)]
            if len(known) < len(own):
                continue
            # Of what records have, none gives for another's loss.
            holds = sum((max(one, ZERO) for one in known), ZERO)
            loss = sum((min(one, ZERO) for one in known), ZERO)
            if amount < loss:
                yield f"{spot} gives {amount}, a greater loss than {loss}"
        else:
            held = _held(year, spot)
            if held is None:
                continue
            holds = held
        if amount > max(holds, ZERO):
            yield f"{spot} gives {amount} of {holds}"


def _held(year: Year, spot: Spot) -> Fraction | None:
    """What a place holds before it gives; an opening below nought is owed, and is not held.

    Where nothing of a statute can make an account fall so low, no year of it opens there.
    """
    kind, name, _, identifier = spot
    if kind == "received":
        rows = [amount for key, amount in year.into.items() if key[:3] == spot[:3] and key[3] != ""]
        return year.into[spot] if identifier else sum(rows, ZERO)
    nodes = year.program.accounts.get(name)
    opening = None if nodes is None else (year.rows(nodes.opening) or {}).get(identifier)
    if not isinstance(opening, Fraction):
        return None
    may_fall = any(
        entry.way in ("losses", "pooled") and _within(entry.target.name, name)
        for entry in year.program.books
    )
    return (opening if may_fall else max(opening, ZERO)) + year.into[spot]
