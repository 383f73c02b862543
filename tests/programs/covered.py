"""What drawn statutes, years and their runs have covered, counted off them: so that each is demanded.

The whole language is ``EVERYTHING``: each clause and each thing it may say or leave out, each node and
each of its fields, each operation. It is read off the language's own tables, so that whatever is added to
them is demanded of the generator too.
"""

from collections import Counter
from collections.abc import Iterable, Iterator
from fractions import Fraction
from typing import get_args

from attrs import fields

from coopfx.engine.reference.evaluation import Run
from coopfx.ground.exact import Kind, Known, Missing, Type, Undefined, currency_of
from coopfx.ground.facts import Facts
from coopfx.ground.figure import OPENING, PREVIOUS
from coopfx.ground.plain import Plain
from coopfx.language import ast, ir, operations
from years import CENTS, WEIGHT

EDGES = (
    *("amount of 10^15 cents", "amount above 10^14 cents", "amount of zero", "amount below zero"),
    *("weight of 10^12", "weight above 10^11", "weight of zero", "records that tie"),
    *("no record", "one record", "no person", "one person"),
    *("nobody shares", "one shares", "missing cell", "undefined cell"),
    *("all capped", "some capped", "some dropped", "weights over nobody"),
)
"""The edges that years have to have shown, all together."""


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
    for index, split in run.splits.items():
        node = run.program.nodes[index]
        weighed = isinstance(node, ir.Split) and any(key.weight is not None for key in node.keys)
        found["weights over nobody"] += weighed and not split.entitled
        for segment in split.segments:
            shares = segment.shares
            found["nobody shares"] += not segment.entitled
            if shares is not None:
                found["one shares"] += len(segment.entitled) == 1
                found["all capped"] += bool(shares.capped) and all(shares.capped)
                found["some capped"] += any(shares.capped)
                found["some dropped"] += any(shares.dropped)
    return found


# ---- what the language has


def used(program: ir.Program, evaluated: Iterable[int]) -> Counter[str]:
    """Each class of node that was evaluated, each field of one that says something, each operation."""
    found: Counter[str] = Counter()
    for index in evaluated:
        node = program.nodes[index]
        found.update(_says("", node))
        match node:
            case ir.Op():
                found[f"Op {node.operation}"] += 1
            case ir.Compare():
                found[f"Compare {node.relation}"] += 1
            case ir.Aggregate():
                found[f"Aggregate {node.aggregate}" + (" along" if node.along else "")] += 1
            case ir.Balance():
                found[f"Balance {node.at}"] += 1
            case ir.Input():
                found["Input at"] += node.figure.day is not None
                found["Input previous"] += node.period == PREVIOUS
                found["Input opening"] += node.side == OPENING
    return found


def written(document: ast.Document) -> Counter[str]:
    """Each class of clause and expression that a text holds, and each field of one that says something."""
    return Counter(said for clause in document.clauses for said in _says(TEXT, clause))


TEXT = "text "


def _says(prefix: str, part: object) -> Iterator[str]:
    """The class of a part, its fields that say something, and the same of the parts inside it."""
    if isinstance(part, tuple):
        for one in part:
            yield from _says(prefix, one)
    if not isinstance(part, Plain):
        return
    name = prefix + type(part).__name__
    yield name
    for item in fields(type(part)):
        value = getattr(part, item.name)
        if not _is_silent(value):
            if _is_silent(item.default):
                yield f"{name}.{item.name}"
            yield from _says(prefix, value)


def _is_silent(value: object) -> bool:
    nothing = value is None or value is False or value == () or value == ""
    return nothing or (type(value) is int and not value)


def _all_of(prefix: str, parts: Iterable[type[Plain]]) -> set[str]:
    """Each class, and each of its fields that may say something or nothing."""
    found = set()
    for part in parts:
        found.add(prefix + part.__name__)
        may = [item.name for item in fields(part) if _is_silent(item.default)]
        found |= {f"{prefix}{part.__name__}.{name}" for name in may}
    return found


_IR = (*get_args(ir.AnyNode), ir.Item, ir.Fill, ir.Key)
_AST = tuple(
    one
    for one in vars(ast).values()
    if isinstance(one, type) and issubclass(one, ast.Node) and one is not ast.Node
)

NEVER = {
    # Such a node is always the cooperative's.
    *(
        f"{sort}.record"
        for sort in ("Slot", "Param", "Decision", "Member", "Paid", "Excess", "Pooled")
    ),
    # Of laws and models, which no statute is.
    *(f"{TEXT}{name}" for name in ("Law", "Law.laws", "BasedOn", "SourceLine")),
    *(f"{TEXT}{name}" for name in ("Permit", "Permit.most", "Permit.rising")),
    # Drawn under a law alone.
    f"{TEXT}SetAside",
    *(f"{TEXT}{name}" for name in ("Statute.laws", "Article.replaces", "Define.default")),
    *(f"{TEXT}{name}" for name in ("Allocate.default", "InForce.end")),
}
"""What no statute that is drawn says, and why."""

EVERYTHING = (
    _all_of("", _IR)
    | _all_of(TEXT, _AST)
    | {f"Op {name}" for name in operations.OPERATIONS}
    | {f"Compare {name}" for name in operations.RELATIONS}
    | {f"Aggregate {name}{along}" for name in operations.AGGREGATES for along in ("", " along")}
    | {
        f"Balance {at}"
        for at in ("opening", "before", "added", "all", "so_far", "taken", "closing")
    }
    | {"Input previous", "Input opening", "Input at"}
) - NEVER
"""What drawn statutes have to use, all together."""
