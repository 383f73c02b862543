"""What is always true of a figure over a group, however many records it holds."""

from collections.abc import Callable, Iterator, Sequence

import z3

from coopfx.engine.symbols.any_split import Shared, Splits
from coopfx.engine.symbols.terms import Term, added, paid_step
from coopfx.language import ir
from coopfx.language.ranges import Range

Said = Sequence[z3.BoolRef]


def _count(year: Splits, node: ir.Aggregate, at: str) -> z3.ArithRef:
    return year.count(node.group, node.along, at)


def _sum(year: Splits, node: ir.Aggregate, at: str, term: Term, bounds: Range) -> Said:
    count = z3.ToReal(_count(year, node, at))
    said = [z3.Implies(count == 0, term.value == 0), *_alone(year, node, at, term)]
    if bounds.low is not None:
        said.append(term.value >= year.real(bounds.low) * count)
    if bounds.high is not None:
        said.append(term.value <= year.real(bounds.high) * count)
    if bounds.at_least_zero:
        said += year.own(node, at, lambda value: term.value >= value)
    return [*said, *_received(year, node, at, term), *_made_of_sums(year, node, at, term)]


def _alone(year: Splits, node: ir.Aggregate, at: str, term: Term) -> list[z3.BoolRef]:
    """Of a single record, the figure is that record's."""
    only = _count(year, node, at) == 1
    return year.own(node, at, lambda value: z3.Implies(only, term.value == value))


def _given_out(year: Splits, node: ir.Aggregate, at: str) -> Shared | None:
    """What a split gives out, where the figure is what each receives of it."""
    assert node.value is not None
    split = year.program.nodes[node.value]
    if not isinstance(split, ir.Split):
        return None
    if node.along is None:
        return year.in_all(node.value)
    return year.inside(node.value, at) if node.along == split.segment else None


def _received(year: Splits, node: ir.Aggregate, at: str, term: Term) -> Iterator[z3.BoolRef]:
    """What all receive of a split is what it gives out: those of a wider group receive no more."""
    given = _given_out(year, node, at)
    if given is None:
        return
    split, total = year.split(node.value or 0), term.steps
    assert total is not None, "what is received is paid"
    everyone = year.within(split.group, node.group)
    same = total == given.parts if everyone else total <= given.parts
    yield z3.Implies(given.known, same)


def _made_of_sums(year: Splits, node: ir.Aggregate, at: str, term: Term) -> Iterator[z3.BoolRef]:
    """A sum of balances, or of figures added up, is that of the sums of what they are made of."""
    assert node.value is not None
    value = year.program.nodes[node.value]
    signed: list[tuple[int, int]] = []
    match value:
        case ir.Balance():
            signed = [(one, 1) for one in value.parts] + [(one, -1) for one in value.less]
        case ir.Op("add"):
            signed = [(one, 1) for one in value.arguments]
        case ir.Op("negative"):
            signed = [(value.arguments[0], -1)]
        case _:
            return
    sums = [(year.total(one, node.group, node.along, at), sign) for one, sign in signed]
    known = year.both([one.defined for one, _ in sums])
    total = added([one.value * sign for one, sign in sums], year.real(0))
    yield z3.Implies(known, term.value == total)


def _between(
    year: Splits, node: ir.Aggregate, at: str, term: Term, bounds: Range
) -> list[z3.BoolRef]:
    low = [] if bounds.low is None else [term.value >= year.real(bounds.low)]
    high = [] if bounds.high is None else [term.value <= year.real(bounds.high)]
    given = _given_out(year, node, at)
    if given is not None:
        step = year.real(paid_step(year.program.nodes[node.value or 0].type))
        all_ = z3.ToReal(given.parts) * step
        high.append(z3.Implies(year.both([given.known, term.defined]), term.value <= all_))
    return [*low, *high, *_alone(year, node, at, term)]


def _least(year: Splits, node: ir.Aggregate, at: str, term: Term, bounds: Range) -> Said:
    own = year.own(node, at, lambda value: term.value <= value)
    return [*_between(year, node, at, term, bounds), *own]


def _greatest(year: Splits, node: ir.Aggregate, at: str, term: Term, bounds: Range) -> Said:
    own = year.own(node, at, lambda value: term.value >= value)
    return [*_between(year, node, at, term, bounds), *own]


def _rate(year: Splits, node: ir.Aggregate, at: str, term: Term, bounds: Range) -> Said:
    all_or_nobody = year.own(
        node,
        at,
        lambda value: z3.And(
            z3.Implies(term.value == 1, value), z3.Implies(term.value == 0, z3.Not(value))
        ),
    )
    return [term.value >= 0, term.value <= 1, *all_or_nobody]


def nothing(year: Splits, node: ir.Aggregate, at: str, term: Term, bounds: Range) -> Said:
    """Nothing is said of it beside its type."""
    return []


AGGREGATES: dict[str, Callable[[Splits, ir.Aggregate, str, Term, Range], Said]] = {
    "sum": _sum,
    "average": _between,
    "median": _between,
    "min": _least,
    "max": _greatest,
    "count": nothing,
    "rate": _rate,
}
"""What is always true of an aggregate, however many records there are."""

_MIDDLE = ("average", "median")


def related(
    year: Splits, left: tuple[ir.Aggregate, str, Term], right: tuple[ir.Aggregate, str, Term]
) -> list[z3.BoolRef]:
    """What always holds between two aggregates of one figure, where the first is the lesser one."""
    (one, at, first), (two, there, second) = left, right
    kinds = one.aggregate, two.aggregate
    count = _count(year, one, at)
    if (one.group, one.along, at) == (two.group, two.along, there):
        ordered = kinds[0] == "min" and kinds[1] in ("max", *_MIDDLE)
        if not ordered and not (kinds[0] in _MIDDLE and kinds[1] == "max"):
            return []
        said = [first.value <= second.value, z3.Implies(count == 1, first.value == second.value)]
        return said + (_spread(year, one, first, second) if kinds == ("min", "max") else [])
    narrower = year.within(one.group, two.group) and (
        (one.along, at) == (two.along, there) or not there
    )
    if not narrower or kinds[0] != kinds[1] or one.value is None:
        return []
    if kinds[0] == "sum" and year.ranges[one.value].at_least_zero:
        return [first.value <= second.value]
    if kinds[0] == "min":
        return [z3.Implies(count > 0, second.value <= first.value)]
    if kinds[0] == "max":
        return [z3.Implies(count > 0, second.value >= first.value)]
    return []


def _spread(year: Splits, node: ir.Aggregate, least: Term, greatest: Term) -> list[z3.BoolRef]:
    """Parts lie no farther apart than rights: each is within a step of its exact amount."""
    assert node.value is not None
    split = year.program.nodes[node.value]
    if not isinstance(split, ir.Split) or (split.cap, split.smallest, split.segment) != (None,) * 3:
        return []
    times = year.spread(node.value)
    if times is None or least.steps is None or greatest.steps is None:
        return []
    if node.along is not None or not year.within(node.group, split.group):
        return []
    over = greatest.steps if split.alike else greatest.steps - 1
    near = z3.ToReal(over) < year.real(times) * z3.ToReal(least.steps + 1)
    return [z3.Implies(_count(year, node, "") > 0, near)]


def value_bounds(year: Splits, value: int) -> Range:
    """Between which bounds each record's figure lies.

    A computed figure's upper bound may be passed by a step where it is paid money.
    """
    bounds = year.ranges[value]
    given = isinstance(year.program.nodes[value], ir.Input)
    return Range(bounds.low, bounds.high if given else None)
