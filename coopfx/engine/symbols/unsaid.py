"""What the terms say nothing of yet, each with its reason: a phrase of the word files."""

from coopfx.language import ir

NOT_YET: dict[type, str] = {ir.Scale: "scale", ir.Decision: "decision"}
"""The nodes of which nothing is said yet."""


def unsaid(node: ir.AnyNode) -> str | None:
    """The reason for which a node says more than its terms would; None where they say it all.

    These are fields that no clause of the language makes yet: were one made, the terms would not
    silently leave it out. Rounding to a step that is not fixed (``step``) is found where it is made.
    """
    match node:
        case ir.Input(previous=True):
            return "previous"
        case ir.Param(at=int()) | ir.Op(places=int()):
            return "calendar"
        case ir.Aggregate(along=int()):
            return "along"
        case ir.Allocate() if any(
            limit is not None for item in node.items for limit in (item.when, item.low, item.high)
        ):
            return "item"
        case ir.Split() if node.alike or any(
            limit is not None
            for limit in (
                node.segment,
                node.coefficient,
                node.cap,
                node.smallest,
                node.excess,
                node.into,
            )
        ):
            return "split"
        case ir.Pool(losses_kept=True):
            return "losses_kept"
        case _:
            return None
