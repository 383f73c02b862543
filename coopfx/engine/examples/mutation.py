"""Whether examples notice a change: each figure and comparison of a statute changed a little, in turn.

A change is made in the typed program, so nothing is compiled again: a constant becomes one that is next
to it, a comparison includes its bound or no longer does, a limit or a condition is left out, two items
trade their accounts. Then the examples that rest on the place are run again. What none of them notices
could be written wrongly in the statute without anybody seeing it.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from fractions import Fraction
from functools import partial
from typing import Any

from attrs import evolve, frozen

from coopfx.engine.examples.coverage import Articles, place_of
from coopfx.engine.examples.run import expectations, run_example
from coopfx.engine.outcome import Change
from coopfx.engine.reference.evaluation import Run
from coopfx.ground.exact import Kind, Known, Type, currency_of, decimals_of
from coopfx.ground.report import Argument, Percent, Said, Word
from coopfx.ground.source import Span
from coopfx.language import ir

MOST_WORK = 20_000_000
"""Nodes that are evaluated at most for all the changes of a statute: some minutes at the most."""

INCLUDING = {
    "at_least": "above",
    "above": "at_least",
    "at_most": "below",
    "below": "at_most",
    "equal": "differ",
    "differ": "equal",
}
_OTHER = {
    "min": "max",
    "max": "min",
    "and": "or",
    "or": "and",
    "round_up": "round_down",
    "round_down": "round_up",
}


@frozen(slots=True)
class Planned:
    """A change to try: what to say of it, the node that it stands in, and how its program is made."""

    kind: str
    span: Span
    arguments: Mapping[str, Argument]
    node: int
    program: Callable[[], ir.Program]


def changes(program: ir.Program, file: str) -> list[Planned]:
    """Every change to try in a statute's own text, in the order of the text."""
    statute = Articles.of(program, file)
    found = [one for one in _changes(program) if statute.holds(one.span)]
    return sorted(found, key=lambda one: (one.span.line, one.span.column))


def try_changes(
    program: ir.Program, planned: Sequence[Planned], file: str, most_work: int = MOST_WORK
) -> Iterator[Change | None]:
    """Make each change in turn, and tell whether the examples notice; None where there is no time left.

    The examples are those of a statute whose examples all pass. The work is bounded by ``most_work``
    nodes, walked or evaluated.
    """
    statute = Articles.of(program, file)
    runs = [(example, run_example(program, example)) for example in program.examples]
    work = 0
    for one in planned:
        if work > most_work:
            yield None
            continue
        resting = [(example, run) for example, run in runs if one.node in run.values]
        changed = one.program() if resting else program
        noticed = False
        for example, run in resting:
            work += len(program.nodes) + len(run.values)
            if not _passes(run_example(changed, example), example):
                noticed = True
                break
        line, column = one.span.line, one.span.column
        article = statute.article(line)
        yield Change(one.kind, file, line, column, article, noticed, dict(one.arguments))


def _passes(run: Run, example: ir.Example) -> bool:
    return all(one.met for one in expectations(run, example))


# ---- what is changed


def _changes(program: ir.Program) -> Iterator[Planned]:
    for index, node in enumerate(program.nodes):
        place = program.places.get(index)
        match node:
            case ir.Slot() if place is not None:
                yield from constant_changes(program, index, place)
            case ir.Compare() if place is not None:
                other = evolve(node, relation=INCLUDING[node.relation])
                yield _relation(program, index, node.relation, other, place)
            case ir.Op(operation) if operation in _OTHER and place is not None:
                other_way = _OTHER[operation]
                words = {
                    "before": Said(f"test.op.{operation}"),
                    "after": Said(f"test.op.{other_way}"),
                }
                made = partial(_with, program, {index: evolve(node, operation=other_way)})
                yield Planned("value", place, words, index, made)
            case ir.Scale():
                yield from _steps(program, index, node)
            case _:
                pass
    for name, dated in program.parameters.items():
        if name in program.origins:  # the days on which an article holds are none
            yield from _parameter(program, name, dated)
    for clause in program.allocations:
        yield from _items(program, clause)
    for share in program.shares:
        yield from _limits(program, share)
    for position, rule in enumerate(program.rules):
        for part in ("when", "unless"):
            if getattr(rule, part) is not None and not rule.set_aside:
                rules = list(program.rules)
                rules[position] = evolve(rule, **_none(part))
                words = {"what": Said(f"test.drop.{part}")}
                made = partial(evolve, program, rules=tuple(rules))
                yield Planned("dropped", rule.origin.span, words, rule.condition, made)


def _with(program: ir.Program, nodes: Mapping[int, ir.AnyNode]) -> ir.Program:
    """A program in which some nodes are others, also where a rule is kept to a cent."""
    changed = list(program.nodes)
    for index, node in nodes.items():
        changed[index] = node
    for rule in program.rules:
        if rule.nearly is not None:
            _widened(program, changed, nodes, rule.condition, rule.nearly)
    return evolve(program, nodes=tuple(changed))


def _widened(
    program: ir.Program,
    changed: list[ir.AnyNode],
    nodes: Mapping[int, ir.AnyNode],
    index: int,
    wider: int,
) -> None:
    """Change what stands for changed nodes of a condition in the one with its allowances: another
    relation has none."""
    if index == wider:
        return
    own = program.nodes[wider]
    if index in nodes:
        other = nodes[index]
        changed[wider] = (
            evolve(other, arguments=own.arguments)
            if isinstance(other, ir.Op) and isinstance(own, ir.Op)
            else other
        )
    if not isinstance(own, ir.Compare):
        pairs = zip(ir.inner(program.nodes[index]), ir.inner(own), strict=True)
        for one, two in pairs:
            _widened(program, changed, nodes, one, two)


def _with_constant(program: ir.Program, index: int, value: Known) -> ir.Program:
    constants = list(program.constants)
    constants[index] = value
    return evolve(program, constants=tuple(constants))


def constant_changes(program: ir.Program, index: int, place: Span) -> Iterator[Planned]:
    """A constant's neighbours in its place; ``place`` is where that is told of."""
    node = program.nodes[index]
    assert isinstance(node, ir.Slot)
    value = program.constants[node.index]
    percent = index in program.percents
    for other in neighbours(value, node.type, percent=percent):
        made = partial(_with_constant, program, node.index, other)
        words = {
            "before": _shown(value, node.type, percent=percent),
            "after": _shown(other, node.type, percent=percent),
        }
        yield Planned("value", place, words, index, made)


def neighbours(value: Known, type_: Type, *, percent: bool = False) -> tuple[Known, ...]:
    """The values next to one, as a slip of the pen would write them: one less and one more.

    A percentage is moved by a point, an amount by one whole unit of its currency, or by its smallest
    coin where it has cents, a number by one of its last decimal, a length of time by one of its unit.

    >>> neighbours(Fraction("0.6"), Type(Kind.QUANTITY), percent=True)
    (Fraction(59, 100), Fraction(61, 100))
    """
    match value:
        case bool():
            return (not value,)
        case date():
            return value - timedelta(days=1), value + timedelta(days=1)
        case Fraction() if type_.kind is Kind.QUANTITY:
            step = _step(value * 100) / 100 if percent else _step(value)
            if (currency := currency_of(type_.unit)) and value.denominator != 1:
                step = Fraction(1, 10 ** decimals_of(currency))
            return value - step, value + step
        case _:
            return ()


def _step(value: Fraction) -> Fraction:
    """One of a number's last decimal, six of them at most."""
    return next(
        (Fraction(1, 10**places) for places in range(6) if (value * 10**places).denominator == 1),
        Fraction(1, 10**6),
    )


def _shown(value: Known, type_: Type, *, percent: bool) -> Argument:
    if percent and isinstance(value, Fraction):
        return Percent(value)
    return (value, type_)


def _relation(
    program: ir.Program, index: int, relation: str, other: ir.Compare, place: Span
) -> Planned:
    words = {
        "before": Said(f"relation.{relation}"),
        "after": Said(f"relation.{other.relation}"),
    }
    return Planned("value", place, words, index, partial(_with, program, {index: other}))


def _steps(program: ir.Program, index: int, node: ir.Scale) -> Iterator[Planned]:
    """Each step of a scale begins above its figure where it began at it, and the other way round."""
    for step, above in enumerate(node.above):
        place = place_of(program, node.breaks[step])
        if place is not None:
            changed = (*node.above[:step], not above, *node.above[step + 1 :])
            names = ("test.op.above", "test.op.from")
            before, after = names if above else names[::-1]
            words = {"before": Said(before), "after": Said(after)}
            made = partial(_with, program, {index: evolve(node, above=changed)})
            yield Planned("value", place, words, index, made)


def _parameter(program: ir.Program, name: str, dated: ir.Dated) -> Iterator[Planned]:
    readers = [
        index
        for index, node in enumerate(program.nodes)
        if isinstance(node, ir.Param) and node.name == name
    ]
    for position, (start, value, source, doubt) in enumerate(dated.values if readers else ()):
        for other in neighbours(value, dated.type):
            values = list(dated.values)
            values[position] = (start, other, source, doubt)
            changed = program.parameters | {name: evolve(dated, values=tuple(values))}
            words = {
                "name": Word(name),
                "before": _shown(value, dated.type, percent=False),
                "after": _shown(other, dated.type, percent=False),
            }
            made = partial(evolve, program, parameters=changed)
            yield Planned("parameter", program.origins[name].span, words, readers[0], made)


def _items(program: ir.Program, clause: ir.AllocateClause) -> Iterator[Planned]:
    node = program.nodes[clause.node]
    assert isinstance(node, ir.Allocate)
    file = clause.origin.span.file
    for place, (item, line) in enumerate(zip(node.items, clause.lines, strict=True)):
        span = Span.on_line(file, line)
        for part in ("fill", "high", "low", "when"):
            if getattr(item, part) is None or (item.fill and item.fill.then and part == "fill"):
                continue
            items = list(node.items)
            items[place] = evolve(item, **_none(part))
            words = {"what": Said(f"test.drop.{part}")}
            made = partial(_with, program, {clause.node: evolve(node, items=tuple(items))})
            yield Planned("dropped", span, words, clause.node, made)
        below = node.items[place + 1] if place + 1 < len(node.items) else None
        if below is not None and below.account != item.account:
            names = {"first": Word(item.account), "second": Word(below.account)}
            made = partial(_swapped, program, clause.node, place)
            yield Planned("swapped", span, names, clause.node, made)


def _swapped(program: ir.Program, clause: int, place: int) -> ir.Program:
    """The program in which an item's account receives what the next one's would, and the reverse."""
    traded = {place: place + 1, place + 1: place}
    return _with(
        program,
        {
            index: evolve(part, item=traded[part.item])
            for index, part in enumerate(program.nodes)
            if isinstance(part, ir.Part)
            and part.clause == clause
            and part.item in traded
            and not part.overflow
        },
    )


def _none(part: str) -> dict[str, Any]:
    return {part: None}


def _limits(program: ir.Program, clause: ir.ShareClause) -> Iterator[Planned]:
    node = program.nodes[clause.node]
    assert isinstance(node, ir.Split)
    for part in ("coefficient", "cap", "smallest", "when"):
        if getattr(node, part) is not None:
            words = {"what": Said(f"test.drop.{part}")}
            made = partial(_with, program, {clause.node: evolve(node, **_none(part))})
            yield Planned("dropped", clause.origin.span, words, clause.node, made)
    group = program.nodes[node.group]
    where = place_of(program, group.where) if isinstance(group, ir.Group) and group.where else None
    if where is not None and isinstance(group, ir.Group):
        words = {"what": Said("test.drop.where")}
        made = partial(_with, program, {node.group: evolve(group, where=None)})
        yield Planned("dropped", where, words, node.group, made)
