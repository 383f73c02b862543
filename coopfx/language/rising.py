"""Whether a figure comes from one other alone and never falls when that one rises, from the texts."""

from collections.abc import Sequence
from itertools import pairwise

from attrs import frozen

from coopfx.language import ir
from coopfx.language.ranges import Range

_ROUNDING = {"round_up", "round_down", "round_half_up", "round_half_even"}


def rises(index: int, figure: int, nodes: Sequence[ir.AnyNode], found: Sequence[Range]) -> bool:
    """Whether the node ``index`` rests on the node ``figure`` alone, and rises or stays with it.

    ``found`` are the ranges of the nodes. A constant rests on nothing, and does. No in doubt.
    """
    return _Rising(figure, nodes, found).way(index) in (0, 1)


@frozen(slots=True)
class _Rising:
    figure: int
    nodes: Sequence[ir.AnyNode]
    found: Sequence[Range]

    def way(self, index: int) -> int | None:
        """1 where a node rises with the figure, -1 where it falls, 0 where it stays; None in doubt."""
        if index == self.figure:
            return 1
        match self.nodes[index]:
            case ir.Slot() | ir.Param(at=None):
                return 0
            case ir.Lift(value=value):
                return self.way(value)
            case ir.Op(operation=operation, arguments=arguments):
                return self._operation(operation, arguments)
            case ir.Scale() as scale:
                return self._scale(scale)
            case _:
                return None

    def _operation(self, operation: str, arguments: tuple[int, ...]) -> int | None:
        ways = [self.way(argument) for argument in arguments]
        known = [way for way in ways if way is not None]
        if len(known) < len(ways):
            return None
        if operation == "negative":
            return -known[0]
        if operation in ("add", "min", "max"):
            return _one_way(known)
        if operation in _ROUNDING and known[1] == 0:
            return known[0]
        if not all(self.found[argument].at_least_zero for argument in arguments):
            return None
        if operation in ("multiply", "part_of"):
            return _one_way(known)
        return known[0] if operation == "divide" and known[1] == 0 else None

    def _scale(self, scale: ir.Scale) -> int | None:
        """A scale by the figure whose values, from the lowest step on, never fall."""
        steps = scale.values if scale.otherwise is None else (scale.otherwise, *scale.values)
        values = [self.found[step].constant for step in steps]
        known = [value for value in values if value is not None]
        if self.way(scale.by) != 1 or len(known) < len(values):
            return None
        return 1 if all(low <= high for low, high in pairwise(known)) else None


def _one_way(ways: list[int]) -> int | None:
    """The way of a figure that rises with each of its parts; None where two of them go against."""
    moving = {way for way in ways if way}
    return None if len(moving) > 1 else next(iter(moving), 0)
