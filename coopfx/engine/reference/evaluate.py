"""The plain evaluator: one node after the other, every value exact, everything kept.

It reads like the manual, and every other engine is compared with it. A value may be missing (a fact
is not given) or undefined (a division by zero, the average of nobody); whatever needs it is too,
unless its answer does not depend on it, as in Kleene's logic.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from fractions import Fraction
from functools import partial

from coopfx.engine.reference import clauses
from coopfx.engine.reference.books import tell_left, tell_overdrawn, tell_unbooked
from coopfx.engine.reference.contradictions import tell_contradictions
from coopfx.engine.reference.evaluation import Column, Given, Run
from coopfx.engine.reference.values import (
    OPERATIONS,
    aggregate,
    both,
    compared,
    numbers,
    step_reached,
    unknown,
)
from coopfx.engine.reference.without import tell_without
from coopfx.ground.exact import Missing, Undefined, Value
from coopfx.ground.facts import Facts
from coopfx.language import ir


def evaluate(
    program: ir.Program,
    facts: Facts,
    given: Mapping[int, Given] | None = None,
    roots: Iterable[int] | None = None,
) -> Run:
    """Evaluate what has a name or is shown in a program's outcome, or the given root nodes.

    ``given`` puts known values in the place of nodes, as an example does.
    """
    run = Run(program, facts, dict(given or {}))
    truths = [] if roots is not None else [one.node for one in program.truths]
    wanted = set((*program.roots(), *program.names, *truths) if roots is None else roots)
    for index in range(len(program.nodes) - 1, -1, -1):
        if index in wanted and index not in run.given:
            wanted.update(ir.inner(program.nodes[index]))
    for index in sorted(wanted):
        node = program.nodes[index]
        if index in run.given:
            run.values[index] = _given(run, node, run.given[index])
        else:
            run.values[index] = NODES[type(node)](run, index, node)
    _tell_alternatives(run)
    tell_overdrawn(run)
    tell_unbooked(run)
    tell_left(run)
    tell_without(run)
    tell_contradictions(run)
    return run


def _given(run: Run, node: ir.Node, value: Given) -> Value | Column:
    if not isinstance(value, tuple):
        return value
    assert node.record is not None, "only records have a value each"
    named = node.key if isinstance(node, ir.Input) else ""
    return [
        Missing(((named, own),)) if one is None else one
        for one, own in zip(value, run.ids(node.record), strict=True)
    ]


def _tell_alternatives(run: Run) -> None:
    """Tell (R812) clauses that give out the same money and whose conditions hold at once."""
    for alternatives in run.program.alternatives:
        held = []
        for index in alternatives:
            node = run.program.nodes[index]
            when = node.when if isinstance(node, ir.Allocate | ir.Split) else None
            if when is not None and index in run.values and run.values[when] is True:
                held.append(index)
        for index in held[1:]:
            run.tell("R812", index, related=(run.place(held[0]),))


# ---- nodes


def each(
    run: Run, node: ir.Node, arguments: Sequence[int], function: Callable[..., Value]
) -> Value | Column:
    """A function of values, on the cooperative's or on those of every record."""
    if node.record is None:
        return function(*(run.value(index) for index in arguments))
    columns = [run.column(index) for index in arguments]
    absent = unknown(column for column in columns if isinstance(column, Missing))
    if isinstance(absent, Missing):
        return absent
    return [function(*row) for row in zip(*columns, strict=True)]


def _input(run: Run, index: int, node: ir.Input) -> Value | Column:
    if node.record is None:
        return run.facts.figure(node.key)
    table = run.facts.tables.get(node.record)
    if table is None:
        return Missing(((node.record, ""),))
    return list(table.column(node.key))


def _slot(run: Run, index: int, node: ir.Slot) -> Value:
    return run.program.constants[node.index]


def _param(run: Run, index: int, node: ir.Param) -> Value:
    day = run.facts.closing
    if node.at is not None:
        at = run.value(node.at)
        if not isinstance(at, date):
            return at
        day = at
    value = run.program.parameters[node.name].on(day)
    return Missing(((node.name, ""),)) if value is None else value


def _op(run: Run, index: int, node: ir.Op) -> Value | Column:
    function = OPERATIONS[node.operation]
    if node.places is not None:
        function = partial(function, places=node.places)
    return each(run, node, node.arguments, function)


def _compare(run: Run, index: int, node: ir.Compare) -> Value | Column:
    return each(run, node, (node.left, node.right), lambda a, b: compared(node, a, b))


def _group(run: Run, index: int, node: ir.Group) -> Column:
    conditions = [item for item in (node.base, node.where) if item is not None]
    if not conditions:
        assert node.record is not None
        table = run.facts.tables.get(node.record)
        return Missing(((node.record, ""),)) if table is None else [True] * len(table.ids)
    found = each(run, node, conditions, both)
    assert isinstance(found, list | Missing)
    return found


def _link(run: Run, index: int, node: ir.Link) -> Column:
    assert node.record is not None
    table = run.facts.tables.get(node.record)
    return Missing(((node.record, ""),)) if table is None else list(table.column(node.name))


def _lift(run: Run, index: int, node: ir.Lift) -> Column:
    assert node.record is not None
    if node.along is None:
        table = run.facts.tables.get(node.record)
        if table is None:
            return Missing(((node.record, ""),))
        return [run.value(node.value)] * len(table.ids)
    links, values = run.column(node.along), run.column(node.value)
    if isinstance(links, Missing):
        return links
    if isinstance(values, Missing):
        return [values] * len(links)
    link = run.program.nodes[node.along]
    assert isinstance(link, ir.Link)
    of = dict(zip(run.ids(link.to), values, strict=True))
    return [
        to if isinstance(to, Missing) else of.get(str(to), Missing(((link.name, own),)))
        for to, own in zip(links, run.ids(node.record), strict=True)
    ]


def _scale(run: Run, index: int, node: ir.Scale) -> Value | Column:
    otherwise = () if node.otherwise is None else (node.otherwise,)
    count = len(node.breaks)

    def read(by: Value, *rest: Value) -> Value:
        step = step_reached(by, rest[:count], node.above)
        if step is None:
            return rest[-1] if otherwise else Undefined("scale")
        return rest[count + step] if isinstance(step, int) else step

    arguments = (node.by, *node.breaks, *node.values, *otherwise)
    return each(run, node, arguments, read)


def _decision(run: Run, index: int, node: ir.Decision) -> Value:
    decided = run.facts.figure(node.name)
    if isinstance(decided, Missing) and node.otherwise is not None:
        return run.value(node.otherwise)
    return decided


def _aggregated(run: Run, index: int, node: ir.Aggregate) -> Value | Column:
    members = run.column(node.group)
    values = run.column(node.group if node.value is None else node.value)
    absent = unknown(column for column in (members, values) if isinstance(column, Missing))
    if isinstance(absent, Missing):
        table = run.facts.tables.get(node.record or "")
        return absent if table is None else [absent] * len(table.ids)
    assert isinstance(members, list) and isinstance(values, list)
    if node.value is None:
        values = [Fraction(1)] * len(members)
    if node.along is None:
        return aggregate(node.aggregate, members, values)
    return _by_link(run, node, members, values)


def _by_link(run: Run, node: ir.Aggregate, members: list[Value], values: Sequence[Value]) -> Column:
    """An aggregate for each record that the members link to.

    Whoever's link is not known may belong to any of them.
    """
    assert node.along is not None and node.record is not None
    links = run.column(node.along)
    if isinstance(links, Missing):
        return links
    if node.record not in run.facts.tables:
        return run.missing_figure(node.record)
    found: list[Value] = []
    for own in run.ids(node.record):
        belongs = [
            member if link == own else (both(member, link) if isinstance(link, Missing) else False)
            for member, link in zip(members, links, strict=True)
        ]
        found.append(aggregate(node.aggregate, belongs, values))
    return found


def _member(run: Run, index: int, node: ir.Member) -> Value:
    column = run.column(node.value)
    if isinstance(column, Missing):
        return column
    record = run.program.nodes[node.value].record
    ids = run.ids(record or "")
    return column[ids.index(node.id)] if node.id in ids else Missing(((node.id, ""),))


def _balance(run: Run, index: int, node: ir.Balance) -> Value | Column:
    if node.is_given:
        return run.facts.opening(node.account)

    def balance(*values: Value) -> Value:
        absent = unknown(values)
        if absent is not None:
            return absent
        signed = numbers(values)
        added, taken = signed[: len(node.parts)], signed[len(node.parts) :]
        return sum(added, Fraction(0)) - sum(taken, Fraction(0))

    if node.record is not None and not (node.parts or node.less):
        if node.record not in run.facts.tables:
            return run.missing_figure(node.record)
        return [Fraction(0)] * len(run.ids(node.record))
    return each(run, node, (*node.parts, *node.less), balance)


NODES: dict[type, Callable[..., Value | Column]] = {
    ir.Input: _input,
    ir.Slot: _slot,
    ir.Param: _param,
    ir.Op: _op,
    ir.Compare: _compare,
    ir.Group: _group,
    ir.Link: _link,
    ir.Lift: _lift,
    ir.Aggregate: _aggregated,
    ir.Scale: _scale,
    ir.Decision: _decision,
    ir.Member: _member,
    ir.Balance: _balance,
    ir.Allocate: clauses.allocate,
    ir.Part: clauses.part,
    ir.Split: clauses.share,
    ir.Paid: clauses.paid,
    ir.Excess: clauses.excess,
    ir.Pool: clauses.pool,
    ir.Pooled: clauses.pooled,
}
