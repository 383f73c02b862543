"""What the columns do not read yet: the nodes and the fields of which a batch says that it cannot."""

from coopfx.language import ir

NODES = frozenset([ir.Scale, ir.Decision, ir.Member, ir.Excess])
OPERATIONS = frozenset(["log", "add_months", "add_days"])


class UnreadError(ValueError):
    """A program says something that columns do not read; the reference evaluates it."""


def is_unread(node: ir.AnyNode, program: ir.Program) -> bool:
    """Whether a node says more than the columns read."""
    match node:
        case ir.Param(at=int()):
            return True
        case ir.Op():
            return node.operation in OPERATIONS
        case ir.Aggregate():
            return node.along is not None or node.aggregate == "median"
        case ir.Balance():
            return node.record is not None
        case ir.Allocate():
            return node.record is not None or node.when is not None or any(map(_shaped, node.items))
        case ir.Split():
            options = (node.segment, node.coefficient, node.cap, node.smallest, node.when)
            shaped = any(option is not None for option in options)
            return shaped or node.alike or node.excess is not None
        case ir.Pool():
            group = program.nodes[node.group]
            assert isinstance(group, ir.Group)
            return node.losses_kept or (group.base, group.where) != (None, None)
        case ir.Part() | ir.Paid() | ir.Pooled():
            return is_unread(program.nodes[node.clause], program)
        case _:
            return type(node) in NODES


def _shaped(item: ir.Item) -> bool:
    return item.of_rest or any(limit is not None for limit in (item.when, item.low, item.high))
