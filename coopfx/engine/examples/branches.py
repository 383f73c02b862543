"""The branches of a rule, and whether examples stand on both sides of the edge of each.

What a rule's verdict turns on are its conditions: each comparison, and each bare yes or no, joined in
its condition, its ``when``, its ``unless`` and its narrowed group. Where a side of a comparison chooses
(``min``, ``max``, ``if``, a scale), each figure that may be chosen is a branch of its own: ``at least the
lesser of a and b`` has an edge at ``a`` and another at ``b``.

An example stands on a side of a branch where the condition itself decides its verdict: were it the
other way round, the verdict would be another. The reference says so, with that one value put in the
place of what was worked out.
"""

from collections.abc import Iterator, Sequence
from datetime import date
from fractions import Fraction

from attrs import frozen

from coopfx.engine.examples.run import run_example
from coopfx.engine.explain.formulas import Formulas
from coopfx.engine.outcome import NOT_APPLICABLE, SATISFIED, VIOLATED
from coopfx.engine.reference.evaluate import evaluate
from coopfx.engine.reference.evaluation import Given, Run
from coopfx.engine.reference.settle import row_status
from coopfx.engine.reference.values import step_reached
from coopfx.ground.exact import Missing, Type, Value
from coopfx.ground.facts import Facts
from coopfx.ground.report import Argument
from coopfx.language import ir
from coopfx.language.ranges import Range, ranges

_JOINS = {"and", "or", "not", "if"}
_CHOICES = {"min", "max"}
_DECIDED = {SATISFIED, VIOLATED, NOT_APPLICABLE}

Chosen = tuple[tuple[str, int], ...]
"""How a figure was chosen: through which choices, and as which figure of each."""


@frozen(slots=True)
class Branch:
    """A condition of a rule, and the figure that a side of it chooses where it chooses any.

    ``key`` is one and the same in every program that holds the rule. ``sides`` are those that a case
    can be on: whether the condition holds.
    """

    rule: str
    key: str
    node: int
    chosen: Chosen
    sides: tuple[bool, ...]


@frozen(slots=True)
class Standing:
    """Where an example stands: on a branch, with its condition met or not, so far from the edge.

    ``distance`` is None where the condition has no edge: a text, yes or no.
    """

    key: str
    met: bool
    distance: Fraction | None
    type: Type


def branches(program: ir.Program, rule: ir.Rule) -> Iterator[Branch]:
    """Every branch of a rule, in the order in which its clause names them."""
    bounds = ranges(program.nodes, program.constants)
    for key, index in conditions(program, rule).items():
        node = program.nodes[index]
        if not isinstance(node, ir.Compare):
            yield Branch(rule.name, key, index, (), (True, False))
            continue
        chosen = list(_choices(program, node))
        for one in chosen or [()]:
            sides = _reachable(program, node, one, bounds)
            yield Branch(rule.name, _with_choice(key, one), index, one, sides)


def standings(program: ir.Program, rule: ir.Rule, example: ir.Example) -> list[Standing]:
    """On which sides of which branches of a rule an example stands."""
    run = run_example(program, example)
    count = 1 if rule.record is None else len(run.ids(rule.record))
    rows: Sequence[int | None] = [None] if rule.record is None else range(count)
    found = []
    for row in rows:
        status = row_status(run, rule, row)
        for key, index in conditions(program, rule).items():
            met = _value(run, index, row)
            if not isinstance(met, bool) or not _decides(run, rule, index, row, status):
                continue
            node = program.nodes[index]
            distance = None
            chosen: list[Chosen] = []
            if isinstance(node, ir.Compare):
                distance = _distance(_value(run, node.left, row), _value(run, node.right, row))
                chosen = list(_taken(run, node, row))
            type_ = program.nodes[node.left].type if isinstance(node, ir.Compare) else node.type
            found += [
                Standing(_with_choice(key, one), met, distance, type_) for one in chosen or [()]
            ]
    return found


def said(program: ir.Program, branch: Branch) -> Argument:
    """A branch's condition as its text says it."""
    return Formulas(Run(program, Facts(program.in_force))).formula(branch.node, None)


def conditions(program: ir.Program, rule: ir.Rule) -> dict[str, int]:
    """The conditions that a rule's verdict turns on, each under a lasting key: ``when 2``."""
    found: dict[str, int] = {}
    for part in ("condition", "when", "unless", "group"):
        root = getattr(rule, part)
        if root is None:
            continue
        own = list(dict.fromkeys(_joined(program, root)))
        if part == "group":  # who works, who is a member: words of the language, not the law's
            own = [index for index in own if isinstance(program.nodes[index], ir.Compare)]
        for number, index in enumerate(own, start=1):
            if index not in found.values():
                found[part if len(own) == 1 else f"{part} {number}"] = index
    return found


def _joined(program: ir.Program, index: int) -> Iterator[int]:
    node = program.nodes[index]
    match node:
        case ir.Lift():
            yield from _joined(program, node.value)
        case ir.Op() if node.operation in _JOINS:
            for argument in node.arguments:
                yield from _joined(program, argument)
        case ir.Group():
            for part in (node.base, node.where):
                if part is not None:
                    yield from _joined(program, part)
        case ir.Slot() | ir.Param():  # fixed by the law and its dates: no case can say otherwise
            return
        case _:
            yield index


# ---- choices inside a side


def _options(node: ir.AnyNode) -> tuple[str, tuple[int, ...]] | None:
    """The figures that a node chooses among, and by what; None where it chooses none."""
    match node:
        case ir.Op() if node.operation in _CHOICES:
            return node.operation, node.arguments
        case ir.Op(operation="if"):
            return "if", node.arguments[1:]
        case ir.Scale():
            below = () if node.otherwise is None else (node.otherwise,)
            return "scale", (*node.values, *below)
    return None


def _within(node: ir.AnyNode) -> tuple[int, ...]:
    """What a figure is worked out from by arithmetic alone."""
    match node:
        case ir.Lift():
            return (node.value,)
        case ir.Op():
            return node.arguments
    return ()


def _choices(program: ir.Program, node: ir.Compare) -> Iterator[Chosen]:
    for side in (node.left, node.right):
        yield from _ways(program, side, ())


def _ways(program: ir.Program, index: int, above: Chosen) -> Iterator[Chosen]:
    node = program.nodes[index]
    choice = _options(node)
    if choice is None:
        for item in _within(node):
            yield from _ways(program, item, above)
        return
    sort, options = choice
    for number, option in enumerate(options):
        own = (*above, (sort, number))
        deeper = list(_ways(program, option, own))
        yield from deeper or [own]


def _taken(run: Run, node: ir.Compare, row: int | None) -> Iterator[Chosen]:
    for side in (node.left, node.right):
        yield from _governing(run, side, row, ())


def _governing(run: Run, index: int, row: int | None, above: Chosen) -> Iterator[Chosen]:
    node = run.program.nodes[index]
    choice = _options(node)
    if choice is None:
        for item in _within(node):
            beside = row if run.program.nodes[item].record is not None else None
            yield from _governing(run, item, beside, above)
        return
    sort, options = choice
    number = _number(run, node, row)
    if number is not None:
        own = (*above, (sort, number))
        deeper = list(_governing(run, options[number], row, own))
        yield from deeper or [own]


def _number(run: Run, node: ir.AnyNode, row: int | None) -> int | None:
    """Which figure a node has chosen; None where it cannot be said, or where two are the same."""
    match node:
        case ir.Op(operation="if"):
            met = _value(run, node.arguments[0], row)
            return None if not isinstance(met, bool) else 0 if met else 1
        case ir.Op():
            values = [_value(run, item, row) for item in node.arguments]
            known = [value for value in values if isinstance(value, Fraction)]
            if len(known) < len(values):
                return None
            best = min(known) if node.operation == "min" else max(known)
            return known.index(best) if known.count(best) == 1 else None
        case ir.Scale():
            by = _value(run, node.by, row)
            step = step_reached(by, [_value(run, at, row) for at in node.breaks], node.above)
            if step is None:
                return None if node.otherwise is None else len(node.values)
            return step if isinstance(step, int) else None
    return None


def _with_choice(key: str, chosen: Chosen) -> str:
    return ", ".join([key, *(f"{sort} {number + 1}" for sort, number in chosen)])


# ---- which sides a case can be on


def _reachable(
    program: ir.Program, node: ir.Compare, chosen: Chosen, bounds: list[Range]
) -> tuple[bool, ...]:
    """The sides of a comparison that the figures' own bounds admit, where a chosen figure governs.

    ``reserves >= max(0 EUR, …)`` is never below its edge where the zero governs: an account receives
    no less than nothing.
    """
    sides = []
    for index in (node.left, node.right):
        while chosen and (choice := _options(ir.unlifted(program.nodes, index))) is not None:
            (sort, number), *rest = chosen
            if sort != choice[0] or number >= len(choice[1]):
                break
            index, chosen = choice[1][number], tuple(rest)
        bare = ir.unlifted(program.nodes, index)
        least = isinstance(bare, ir.Balance) and bare.at == "added"
        sides.append(Range(Fraction(0)) if least else bounds[index])
    left, right = sides
    return tuple(met for met in (True, False) if _may_be(node.relation, left, right, met))


def _may_be(relation: str, left: Range, right: Range, met: bool) -> bool:
    match relation, met:
        case ("at_least", True) | ("below", False):
            return _reaches(right.low, left.high)
        case ("at_least", False) | ("below", True):
            return _passes(left.low, right.high)
        case ("at_most", True) | ("above", False):
            return _reaches(left.low, right.high)
        case ("at_most", False) | ("above", True):
            return _passes(right.low, left.high)
    return True


def _reaches(low: Fraction | None, high: Fraction | None) -> bool:
    return low is None or high is None or low <= high


def _passes(low: Fraction | None, high: Fraction | None) -> bool:
    return low is None or high is None or low < high


# ---- what decides


def _decides(run: Run, rule: ir.Rule, index: int, row: int | None, status: str) -> bool:
    """Whether a verdict would be another, or not known, if a condition were the other way round."""
    if status not in _DECIDED:
        return False
    found = run.values[index]
    other: Given
    if isinstance(found, list):
        assert row is not None
        other = tuple(
            (not value if at == row else value) if isinstance(value, bool) else None
            for at, value in enumerate(found)
        )
    elif isinstance(found, bool):
        other = not found
    else:
        return False
    changed = evaluate(run.program, run.facts, run.given | {index: other}, rule.nodes(run.program))
    return row_status(changed, rule, row) != status


def _value(run: Run, index: int, row: int | None) -> Value:
    found = run.values.get(index, Missing(()))
    if not isinstance(found, list):
        return found
    return Missing(()) if row is None else found[row]


def _distance(left: Value, right: Value) -> Fraction | None:
    if isinstance(left, Fraction) and isinstance(right, Fraction):
        return abs(left - right)
    if isinstance(left, date) and isinstance(right, date):
        return Fraction(abs((left - right).days))
    return None
