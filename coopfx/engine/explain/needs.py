"""What a year's results still wait for: which fact, of whom, and what it settles alone or with others.

A result waits for all the facts that its value says are missing. Where a whole sort of records is not
given, the facts of each that the result rests on are named beforehand.
"""

from collections.abc import Iterable, Iterator

from coopfx.engine import outcome as out
from coopfx.engine.outcome import Need, Needs, Waiting
from coopfx.engine.reference.evaluation import Run
from coopfx.ground.exact import Missing
from coopfx.ground.figure import OPENING, PREVIOUS, figure_of
from coopfx.language import ir

RULE, SHARE, ALLOCATION, INDICATOR = "rule", "share", "allocation", "indicator"


def needs_of(run: Run, outcome: out.Outcome) -> Needs:
    """What the results of a year wait for: first what the shares do, then all else; in each the most useful
    first, by the results that it settles with those before it, then by those that it is a part of."""
    program = run.program
    found = list(_results(run, outcome))
    who: dict[str, set[str]] = {}
    columns: dict[str, set[str]] = {}
    waiting: list[Waiting] = []
    for kind, name, origin, roots, missing in found:
        if missing is None:
            continue
        for fact, record in missing.facts:
            who.setdefault(fact, set()).add(record)
            if fact in program.records:
                columns.setdefault(fact, set()).update(_columns(program, roots, fact))
        names = frozenset(fact for fact, _ in missing.facts)
        waiting.append(Waiting(kind, name, origin.article, origin.law, names))
    ordered: list[Need] = []
    given: set[str] = set()
    left = set(who)
    sorts = {item.key: item.record for item in program.inputs}
    while left:
        name = max(sorted(left), key=lambda one: _use(one, given, waiting))
        left.discard(name)
        given.add(name)
        of = tuple(item for item in waiting if name in item.needs)
        records = () if "" in who[name] else tuple(sorted(who[name]))
        ordered.append(
            Need(
                name,
                sorts.get(name),
                records,
                tuple(sorted(columns.get(name, ()))),
                of,
                tuple(item for item in of if item.needs == {name}),
                sum(item.needs <= given for item in waiting),
                _key(name, program),
            )
        )
    return Needs(tuple(ordered), len(found), len(waiting))


def _key(name: str, program: ir.Program) -> str:
    """What sort of thing a fact is, which says where it is given."""
    if name in program.records:
        return "records"
    if any(item.key == name and item.record is not None for item in program.inputs):
        return "figure"
    if any(isinstance(node, ir.Decision) and node.name == name for node in program.nodes):
        return "decision"
    figure = figure_of(name)
    if figure.period == PREVIOUS:
        return "previous"
    return "balance" if figure.side == OPENING else "figure"


def _use(name: str, given: set[str], waiting: list[Waiting]) -> tuple[tuple[int, float, int], ...]:
    """How useful a fact is for the shares, and how for all results."""
    shared = [one for one in waiting if one.kind in (SHARE, ALLOCATION)]
    return _use_for(name, given, shared), _use_for(name, given, waiting)


def _use_for(name: str, given: set[str], waiting: list[Waiting]) -> tuple[int, float, int]:
    """How useful a fact is: what it settles with those that are given, and what it brings nearer."""
    with_it = given | {name}
    of = [item for item in waiting if name in item.needs]
    settles = sum(item.needs <= with_it for item in of)
    nearer = sum(1 / len(item.needs - given) for item in of if not item.needs <= given)
    return settles, round(nearer, 9), len(of)


def _columns(program: ir.Program, roots: Iterable[int], record: str) -> set[str]:
    nodes = (program.nodes[index] for index in ir.cone(program.nodes, roots))
    return {node.key for node in nodes if isinstance(node, ir.Input) and node.record == record}


Result = tuple[str, str, ir.Origin, tuple[int, ...], Missing | None]


def _results(run: Run, outcome: out.Outcome) -> Iterator[Result]:
    """Every result of a year, its nodes, and what is missing for it."""
    program = run.program
    for allocation in program.allocations:
        flows = run.allocations.get(allocation.node, ())
        values: list[object] = [
            value for flow in flows for value in (flow.source, *flow.amounts, flow.losses)
        ]
        values.append(run.values.get(allocation.node))
        origin, name = allocation.origin, allocation.source or ""
        yield ALLOCATION, name, origin, (allocation.node,), _missing(values)
    for share in program.shares:
        split = run.splits.get(share.node)
        values = [] if split is None else [split.parts, split.paid, split.excess]
        if isinstance(_missing(values), Missing):
            values += _beside(run, share.node)
        yield SHARE, share.account or share.group, share.origin, (share.node,), _missing(values)
    verdicts = {verdict.rule: verdict for verdict in outcome.verdicts}
    for rule in program.rules:
        verdict = verdicts.get(rule.name)
        if verdict is None or rule.set_aside:
            continue
        missing = None
        if verdict.status == out.UNDETERMINED:
            cases = [
                side for case in verdict.cases for side in (case.missing, case.left, case.right)
            ]
            missing = _missing([verdict.missing, verdict.left, verdict.right, *cases])
        yield RULE, rule.name, rule.origin, rule.nodes(program), missing
    for indicator in program.indicators:
        roots = tuple(
            node for node in (indicator.value, indicator.target, indicator.met) if node is not None
        )
        missing = _missing(run.values.get(node) for node in roots)
        yield INDICATOR, indicator.label, indicator.origin, roots, missing


def _beside(run: Run, node: int) -> Iterator[object]:
    """What else a split rests on, of those whom no condition leaves out: it is asked for once its
    amount is known."""
    columns = [run.values.get(index) for index in ir.inner(run.program.nodes[node])]
    rows = [column for column in columns if isinstance(column, list)]
    for column in columns:
        if not isinstance(column, list):
            yield column
            continue
        for row, value in enumerate(column):
            if not any(len(other) == len(column) and other[row] is False for other in rows):
                yield value


def _missing(values: Iterable[object]) -> Missing | None:
    """All that any of these values is missing; None where none is."""
    found: Missing | None = None
    for value in values:
        inner = _missing(value) if isinstance(value, list) else value
        if isinstance(inner, Missing):
            found = inner if found is None else found | inner
    return found
