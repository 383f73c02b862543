"""Where a value that does not exist comes from: the figure that first has none, and of which record."""

from collections.abc import Iterable, Iterator

from coopfx.engine.reference.evaluation import Run
from coopfx.ground.exact import Undefined, Value
from coopfx.ground.report import Said, Word
from coopfx.language import ir

Place = tuple[int, int | None]
"""A node, and the row of the record whose figure it is."""


def without_value(run: Run, roots: Iterable[Place]) -> tuple[Place, ...]:
    """The figures that have no value though all that they are made of has, behind some nodes."""
    found, seen = set[Place](), set[Place]()
    nodes = run.program.nodes
    pending = [(index, None if nodes[index].record is None else row) for index, row in roots]
    while pending:
        place = pending.pop()
        if place in seen:
            continue
        seen.add(place)
        index, row = place
        behind = [one for inner in ir.inner(nodes[index]) for one in _at(run, place, inner)]
        pending += behind
        if not behind and isinstance(_value(run, index, row), Undefined):
            found.add(place)
    return tuple(sorted(found, key=lambda one: (one[0], -1 if one[1] is None else one[1])))


def _value(run: Run, index: int, row: int | None) -> Value | None:
    value = run.values.get(index)
    if isinstance(value, list):
        return None if row is None else value[row]
    return value


def _at(run: Run, place: Place, inner: int) -> Iterator[Place]:
    """Where a figure behind another has no value: of the same record, or of whomever the other is of."""
    nodes, (index, row) = run.program.nodes, place
    node, behind, value = nodes[index], nodes[inner], run.values.get(inner)
    # What one record has of these rests on the figures of the others too.
    of_all = isinstance(node, ir.Aggregate | ir.Split)
    if isinstance(node, ir.Part | ir.Paid | ir.Excess | ir.Pooled):
        # A clause may move what has no value where its own amount has one.
        yield inner, row if behind.record == node.record else None
    elif not isinstance(value, list):
        if isinstance(value, Undefined):
            yield inner, None
    elif row is not None and behind.record == node.record and not of_all:
        if isinstance(value[row], Undefined):
            yield inner, row
    else:
        members: object = None
        group = node.group if isinstance(node, ir.Aggregate | ir.Split) else inner
        if group != inner and nodes[group].record == behind.record:
            members = run.values.get(group)
        for other, one in enumerate(value):
            inside = not isinstance(members, list) or members[other] is True
            if isinstance(one, Undefined) and inside:
                yield inner, other


def tell_without(run: Run) -> None:
    """Tell (R815) figures that have no value, for want of which a clause moves nothing."""
    waiting: dict[int, dict[int, None]] = {}
    rows: dict[int, dict[int | None, None]] = {}
    for clause in run.program.money_clauses():
        if not any(isinstance(one, Undefined) for one in _moved(run, clause.node)):
            continue
        for index, row in without_value(run, [(clause.node, None)]):
            waiting.setdefault(index, {})[clause.node] = None
            rows.setdefault(index, {})[row] = None
    for index, of in rows.items():
        first = next(iter(of))
        why, node = _value(run, index, first), run.program.nodes[index]
        if isinstance(why, Undefined) and why.reason != "overdrawn":  # that is told already
            ids = run.ids(node.record or "")
            whose = tuple(ids[row] for row in of if row is not None)[:5]
            clauses = list(waiting[index])
            run.tell(
                "R815",
                clauses[0],
                span=run.program.places.get(index, run.place(clauses[0])),
                related=tuple(run.place(clause) for clause in clauses),
                of=whose or Word("cooperative"),
                reason=Said(f"undefined.{why.reason}"),
            )


def _moved(run: Run, clause: int) -> Iterator[Value]:
    """What a clause moves, all of it."""
    for result in run.allocations.get(clause, ()):
        yield from (result.source, *result.amounts, *result.overflows, result.losses)
    split = run.splits.get(clause)
    if split is not None:
        yield from (split.paid, split.excess)
    column = run.values.get(clause)
    if isinstance(column, list):
        yield from column
