"""One interval analysis over the program: between which bounds each figure must lie.

It starts from the domains that inputs declare and from the constants, and widens wherever it cannot
tell. A value that is missing or undefined has no figure, and no bound speaks of it.
"""

from collections.abc import Callable, Iterable, Sequence
from fractions import Fraction
from functools import reduce
from typing import Any

from attrs import define, frozen

from coopfx.ground.exact import Known, round_to, step_of
from coopfx.language import ir

ZERO, ONE = Fraction(0), Fraction(1)


@frozen(slots=True)
class Range:
    """From ``low`` to ``high``, both included; None is without bound."""

    low: Fraction | None = None
    high: Fraction | None = None

    @property
    def constant(self) -> Fraction | None:
        """The only figure in the range, where there is only one."""
        return self.low if self.low == self.high else None

    def __add__(self, other: "Range") -> "Range":
        return Range(
            None if self.low is None or other.low is None else self.low + other.low,
            None if self.high is None or other.high is None else self.high + other.high,
        )

    def __neg__(self) -> "Range":
        return Range(
            None if self.high is None else -self.high, None if self.low is None else -self.low
        )

    def __mul__(self, other: "Range") -> "Range":
        if ZERO in (self.constant, other.constant):
            return Range(ZERO, ZERO)
        if None in (self.low, self.high, other.low, other.high):
            return self._times_unbounded(other)
        corners = [
            left * right
            for left in (self.low, self.high)
            for right in (other.low, other.high)
            if left is not None and right is not None
        ]
        return Range(min(corners), max(corners))

    def _times_unbounded(self, other: "Range") -> "Range":
        if not (self.at_least_zero and other.at_least_zero):
            return Range()
        assert self.low is not None and other.low is not None
        high = None if self.high is None or other.high is None else self.high * other.high
        return Range(self.low * other.low, high)

    @property
    def at_least_zero(self) -> bool:
        """Whether no figure in the range is negative."""
        return self.low is not None and self.low >= 0

    def inverse(self) -> "Range":
        """The range of one divided by the figures, but for zero, which has no inverse."""
        if not self.at_least_zero:
            return Range()
        low = 1 / self.high if self.high else ZERO
        return Range(low, 1 / self.low if self.low else None)

    def without_losses(self) -> "Range":
        """The range of the greater of the figures and zero."""
        return -_least([-self, Range(ZERO, ZERO)])

    def join(self, other: "Range") -> "Range":
        """The smallest range that holds both."""
        return Range(
            None if self.low is None or other.low is None else min(self.low, other.low),
            None if self.high is None or other.high is None else max(self.high, other.high),
        )


TRUTH = Range(ZERO, ONE)


@define(slots=True)
class _Found:
    """What is found of a program so far: the range of each node before the one that is asked for."""

    nodes: Sequence[ir.AnyNode]
    constants: Sequence[Known]
    ranges: list[Range]
    kept: bool

    def of(self, indices: Iterable[int | None]) -> list[Range]:
        """The ranges of nodes; of none where there is no node."""
        return [self.ranges[index] for index in indices if index is not None]


def ranges(
    nodes: Sequence[ir.AnyNode],
    constants: Sequence[Known],
    found: list[Range] | None = None,
    *,
    kept: bool = False,
) -> list[Range]:
    """The range of each node's figure, in their order; of yes or no, from 0 to 1.

    What is ``found`` of the first of them already is gone on from. A decision may be out of its
    bounds, unless they are ``kept``.
    """
    own = _Found(nodes, constants, [] if found is None else found, kept)
    for node in nodes[len(own.ranges) :]:
        own.ranges.append(NODES.get(type(node), _anything)(own, node))
    return own.ranges


# ---- nodes


def _anything(found: _Found, node: ir.AnyNode) -> Range:
    """Nothing is known of its bounds."""
    return Range()


def _truth(found: _Found, node: ir.AnyNode) -> Range:
    return TRUTH


def _slot(found: _Found, node: ir.Slot) -> Range:
    value = found.constants[node.index]
    return Range(value, value) if isinstance(value, Fraction) else Range()


def _operation(found: _Found, node: ir.Op) -> Range:
    worked_out = OPERATIONS.get(node.operation)
    return Range() if worked_out is None else worked_out(found.of(node.arguments))


def _decision(found: _Found, node: ir.Decision) -> Range:
    if not found.kept:
        return Range()
    step = step_of(node.type.unit)
    low = found.ranges[node.low].low
    high = None if node.high is None else found.ranges[node.high].high
    decided = Range(_loosened(low, step, -1), _loosened(high, step, 1))
    return reduce(Range.join, found.of([node.otherwise]), decided)


def _aggregate(found: _Found, node: ir.Aggregate) -> Range:
    bounds = AGGREGATES.get(node.aggregate)
    if bounds is None:
        return Range()
    return bounds(Range() if node.value is None else found.ranges[node.value])


def _balance(found: _Found, node: ir.Balance) -> Range:
    if node.is_given:
        return Range(node.low)
    less = [-one for one in found.of(node.less)]
    return sum([*found.of(node.parts), *less], Range(ZERO, ZERO))


def _part(found: _Found, node: ir.Part) -> Range:
    clause = found.nodes[node.clause]
    assert isinstance(clause, ir.Allocate)
    source, step = found.ranges[clause.source], step_of(node.type.unit)
    if node.item is not None:
        return Range(ZERO, _rounded_high(source, node))
    assert step is not None, "only money is paid"
    # A loss is rounded to whole steps like any amount.
    return Range(None if source.low is None else min(round_to(source.low, step), ZERO), ZERO)


def _split(found: _Found, node: ir.Split) -> Range:
    return Range(ZERO, _rounded_high(found.ranges[node.amount], node))


def _of_split(found: _Found, node: ir.Paid | ir.Excess) -> Range:
    """What a split moves in all; of several segments, as often as there are any."""
    split = found.nodes[node.clause]
    assert isinstance(split, ir.Split)
    return Range(ZERO) if split.segment is not None else _split(found, split)


def _scale(found: _Found, node: ir.Scale) -> Range:
    return reduce(Range.join, found.of((*node.values, node.otherwise)))


def _pool(found: _Found, node: ir.Pool) -> Range:
    """What is kept of a gain is none below zero; of a loss, where that is kept too, it is."""
    gains = not node.losses_kept or found.ranges[node.figure].at_least_zero
    return Range(ZERO if gains and found.ranges[node.kept].at_least_zero else None)


NODES: dict[type, Callable[[_Found, Any], Range]] = {
    ir.Input: lambda found, node: Range(node.low, node.high),
    ir.Slot: _slot,
    ir.Param: _anything,
    ir.Op: _operation,
    ir.Compare: _truth,
    ir.Scale: _scale,
    ir.Decision: _decision,
    ir.Group: _truth,
    ir.Link: _anything,
    ir.Lift: lambda found, node: found.ranges[node.value],
    ir.Aggregate: _aggregate,
    ir.Member: lambda found, node: found.ranges[node.value],
    ir.Balance: _balance,
    ir.Allocate: _anything,
    ir.Part: _part,
    ir.Split: _split,
    ir.Paid: _of_split,
    ir.Excess: _of_split,
    ir.Pool: _pool,
    ir.Pooled: _anything,
}


def _rounded_high(amount: Range, node: ir.Node) -> Fraction | None:
    """The most that can be paid of an amount, which is first rounded to the currency's step."""
    step = step_of(node.type.unit)
    assert step is not None, "only money is paid"
    return None if amount.high is None else max(amount.high, ZERO) + step


def _loosened(bound: Fraction | None, step: Fraction | None, sign: int) -> Fraction | None:
    """A decision's bound: an amount is compared as it is paid, which is up to a step less strict."""
    if bound is None or step is None or (bound / step).denominator == 1:
        return bound
    return bound + sign * step


# ---- operations


def _rounded(arguments: Sequence[Range]) -> Range:
    """A figure moved by less than a step, which is above zero, and never past zero."""
    value, step = arguments
    widened = Range()
    if step.high is not None:
        widened = value + Range(-step.high, step.high)
    if value.at_least_zero:
        return Range(max(widened.low or ZERO, ZERO), widened.high)
    return widened


def _least(arguments: Sequence[Range]) -> Range:
    """As low as any of them may be; no higher than each that has an upper bound."""
    lows = [argument.low for argument in arguments]
    known = [low for low in lows if low is not None]
    highs = [argument.high for argument in arguments if argument.high is not None]
    return Range(min(known) if len(known) == len(lows) else None, min(highs, default=None))


def _nothing_known(arguments: Sequence[Range]) -> Range:
    return Range()


def _yes_or_no(arguments: Sequence[Range]) -> Range:
    return TRUTH


OPERATIONS: dict[str, Callable[[Sequence[Range]], Range]] = {
    "add": lambda arguments: reduce(Range.__add__, arguments),
    "negative": lambda arguments: -arguments[0],
    "multiply": lambda arguments: reduce(Range.__mul__, arguments),
    "part_of": lambda arguments: reduce(Range.__mul__, arguments),
    "divide": lambda arguments: arguments[0] * arguments[1].inverse(),
    "min": _least,
    "max": lambda arguments: -_least([-argument for argument in arguments]),
    "round_up": _rounded,
    "round_down": _rounded,
    "round_half_up": _rounded,
    "round_half_even": _rounded,
    "and": _yes_or_no,
    "or": _yes_or_no,
    "not": _yes_or_no,
    "if": lambda arguments: arguments[1].join(arguments[2]),
    "drawn": lambda arguments: arguments[1],
    "add_months": _nothing_known,
    "add_days": _nothing_known,
    "log": _nothing_known,
}

AGGREGATES: dict[str, Callable[[Range], Range]] = {
    "sum": lambda value: Range(ZERO if value.at_least_zero else None),
    "average": lambda value: value,
    "median": lambda value: value,
    "min": lambda value: value,
    "max": lambda value: value,
    "count": lambda value: Range(ZERO),
    "rate": lambda value: TRUTH,
}
"""Of the range of each record's figure, that of the aggregate."""
