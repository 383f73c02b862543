"""What generated years and their runs have covered: the edges that break engines, counted off them."""

from collections import Counter
from fractions import Fraction

from coopfx.engine.reference.evaluation import Run
from coopfx.ground.exact import Kind, Known, Missing, Type, Undefined, currency_of
from coopfx.ground.facts import Facts
from coopfx.language import ir

CENTS, WEIGHT = 10**15, 10**12
EDGES = (
    *("amount of 10^15 cents", "amount above 10^14 cents", "amount of zero", "amount below zero"),
    *("weight of 10^12", "weight above 10^11", "weight of zero", "records that tie"),
    *("no record", "one record", "no person", "one person"),
    *("nobody shares", "one shares", "missing cell", "undefined cell"),
)
"""The edges that years have to have shown, all together."""

LIMITS = ("all capped", "some capped", "some dropped")
"""Those of clauses that only statutes of the whole language have."""


def edges_of_year(program: ir.Program, facts: Facts) -> Counter[str]:
    """The edges that a year's facts are."""
    found: Counter[str] = Counter()
    types = {(item.record, item.key): item.type for item in program.inputs}
    for name, value in facts.figures.items():
        if type_ := types.get((None, name)):
            found.update(_size(value, type_))
    for record, table in facts.tables.items():
        for sort in ("record", "person"):
            if sort in ("record", record):
                found[f"no {sort}"] += not table.ids
                found[f"one {sort}"] += len(table.ids) == 1
        for name, column in table.columns.items():
            known = [value for value in column if value is not None]
            found["records that tie"] += len(known) > 1 and len(set(known)) == 1
            if type_ := types.get((record, name)):
                found.update(edge for value in known for edge in _size(value, type_))
    return found


def _size(value: Known, type_: Type) -> list[str]:
    """The edges that one quantity is."""
    if type_.kind is not Kind.QUANTITY or not isinstance(value, Fraction):
        return []
    if currency_of(type_.unit):
        cents = abs(value * 100)
        edges = {
            "amount of 10^15 cents": cents == CENTS,
            "amount above 10^14 cents": cents > CENTS // 10,
            "amount of zero": cents == 0,
            "amount below zero": value < 0,
        }
    else:
        edges = {
            "weight of 10^12": value == WEIGHT,
            "weight above 10^11": value > WEIGHT // 10,
            "weight of zero": value == 0,
        }
    return [name for name, there in edges.items() if there]


def edges_of_run(run: Run) -> Counter[str]:
    """The edges that a year's run has come to, and how many cells it has."""
    found: Counter[str] = Counter()
    for value in run.values.values():
        for one in value if isinstance(value, list) else [value]:
            found["cells"] += 1
            found["missing cell"] += isinstance(one, Missing)
            found["undefined cell"] += isinstance(one, Undefined)
    for split in run.splits.values():
        for segment in split.segments:
            shares = segment.shares
            found["nobody shares"] += not segment.entitled
            if shares is not None:
                found["one shares"] += len(segment.entitled) == 1
                found["all capped"] += bool(shares.capped) and all(shares.capped)
                found["some capped"] += any(shares.capped)
                found["some dropped"] += any(shares.dropped)
    return found
