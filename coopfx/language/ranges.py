"""One interval analysis over the program: between which bounds each figure must lie.

It starts from the domains that inputs declare and from the constants, and widens wherever it cannot
tell. A value that is missing or undefined has no figure, and no bound speaks of it.
"""

from collections.abc import Sequence
from fractions import Fraction
from functools import reduce

from attrs import frozen

from coopfx.ground.exact import Known, step_of
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

    def join(self, other: "Range") -> "Range":
        """The smallest range that holds both."""
        return Range(
            None if self.low is None or other.low is None else min(self.low, other.low),
            None if self.high is None or other.high is None else max(self.high, other.high),
        )


TRUTH = Range(ZERO, ONE)


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
    found = [] if found is None else found
    for node in nodes[len(found) :]:
        found.append(_range(node, constants, nodes, found, kept))
    return found


def _range(
    node: ir.AnyNode,
    constants: Sequence[Known],
    nodes: Sequence[ir.AnyNode],
    found: list[Range],
    kept: bool,
) -> Range:
    match node:
        case ir.Slot():
            value = constants[node.index]
            return Range(value, value) if isinstance(value, Fraction) else Range()
        case ir.Input():
            return Range(node.low, node.high)
        case ir.Op():
            return _operation(node.operation, [found[index] for index in node.arguments])
        case ir.Compare() | ir.Group():
            return TRUTH
        case ir.Lift():
            return found[node.value]
        case ir.Decision() if kept:
            step = step_of(node.type.unit)
            decided = Range(
                _loosened(found[node.low].low, step, -1), _loosened(found[node.high].high, step, 1)
            )
            return decided if node.otherwise is None else decided.join(found[node.otherwise])
        case ir.Aggregate():
            return _aggregate(node, found)
        case ir.Balance():
            if node.is_given:
                return Range()
            total = Range(ZERO, ZERO)
            for index in node.parts:
                total += found[index]
            for index in node.less:
                total += -found[index]
            return total
        case ir.Part():
            clause = nodes[node.clause]
            assert isinstance(clause, ir.Allocate)
            source = found[clause.source]
            if node.item is None:
                low = None if source.low is None else min(source.low, ZERO)
                return Range(low, ZERO)
            return Range(ZERO, _rounded_high(source, node))
        case ir.Split() | ir.Paid() | ir.Excess():
            split = node if isinstance(node, ir.Split) else nodes[node.clause]
            assert isinstance(split, ir.Split)
            if split.segment is not None and not isinstance(node, ir.Split):
                return Range(ZERO)
            return Range(ZERO, _rounded_high(found[split.amount], node))
        case ir.Scale():
            ends = [found[index] for index in (*node.values, node.otherwise) if index is not None]
            return reduce(Range.join, ends)
        case ir.Pool():
            return Range(ZERO if found[node.kept].at_least_zero else None, None)
        case _:
            return Range()


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


def _operation(operation: str, arguments: list[Range]) -> Range:
    match operation:
        case "add":
            total = arguments[0]
            for argument in arguments[1:]:
                total += argument
            return total
        case "negative":
            return -arguments[0]
        case "multiply" | "part_of":
            product = arguments[0]
            for argument in arguments[1:]:
                product *= argument
            return product
        case "divide":
            return arguments[0] * arguments[1].inverse()
        case "min" | "max":
            return _extreme(operation, arguments)
        case "if":
            return arguments[1].join(arguments[2])
        case "and" | "or" | "not":
            return TRUTH
        case "log" | "add_months" | "add_days":
            return Range()
        case _:
            value, step = arguments
            if step.high is None:
                return Range(ZERO, None) if value.at_least_zero else Range()
            slack = Range(-step.high, step.high)
            widened = value + slack
            if value.at_least_zero:
                return Range(max(widened.low or ZERO, ZERO), widened.high)
            return widened


def _extreme(operation: str, arguments: list[Range]) -> Range:
    lows = [argument.low for argument in arguments]
    highs = [argument.high for argument in arguments]
    known_lows = [low for low in lows if low is not None]
    known_highs = [high for high in highs if high is not None]
    if operation == "min":
        return Range(
            min(known_lows) if len(known_lows) == len(lows) else None,
            min(known_highs) if known_highs else None,
        )
    return Range(
        max(known_lows) if known_lows else None,
        max(known_highs) if len(known_highs) == len(highs) else None,
    )


def _aggregate(node: ir.Aggregate, found: list[Range]) -> Range:
    if node.aggregate == "count":
        return Range(ZERO, None)
    if node.aggregate == "rate":
        return TRUTH
    assert node.value is not None
    value = found[node.value]
    if node.aggregate == "sum":
        return Range(ZERO if value.at_least_zero else None, None)
    return value
