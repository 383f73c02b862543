"""What the terms say nothing of yet, each with its reason: a phrase of the word files."""

from collections.abc import Sequence

from coopfx.exact import YES_NO
from coopfx.language import ir

NOT_YET: dict[type, str] = {
    ir.Scale: "scale",
    ir.Decision: "decision",
    ir.Excess: "split",
    ir.Member: "along",
}
"""The nodes of which nothing is said yet."""

CALENDAR = frozenset(["log", "add_months", "add_days"])
"""The operations of which nothing is said yet."""


def unsaid(node: ir.AnyNode, nodes: Sequence[ir.AnyNode]) -> str | None:
    """The reason for which a node says more than its terms would; None where they say it all.

    The terms never leave silently out what a clause says. Rounding to a step that is not fixed
    (``step``) is found where it is made.
    """
    match node:
        case ir.Param(at=int()):
            return "calendar"
        case ir.Op() if node.operation in CALENDAR:
            return "calendar"
        case ir.Aggregate(along=int()) | ir.Aggregate(aggregate="median"):
            return "along"
        case ir.Balance(record=str()):
            return "item"
        case ir.Allocate() if node.record or node.when is not None or any(map(_shaped, node.items)):
            return "item"
        case ir.Split() if node.alike or any(
            limit is not None
            for limit in (
                node.segment,
                node.coefficient,
                node.cap,
                node.smallest,
                node.excess,
                node.when,
            )
        ):
            return "split"
        case ir.Pool() if node.losses_kept or nodes[node.group] != _everyone(node):
            return "losses_kept"
        case _:
            return None


def _shaped(item: ir.Item) -> bool:
    return item.of_rest or any(limit is not None for limit in (item.when, item.low, item.high))


def _everyone(node: ir.Node) -> ir.Group:
    return ir.Group(type=YES_NO, record=node.record)
