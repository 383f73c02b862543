"""The forms that a law permits, held against a statute before any figures.

A form is decided from the texts alone: by which keys an account is shared, and whether everyone whom
the law entitles is among those who share. What a form leaves open is not decided here.
"""

from collections.abc import Sequence
from fractions import Fraction

from coopfx.exact import Known
from coopfx.language import ir

_AT_LEAST = {"at_least", "above"}
_AT_MOST = {"at_most", "below"}


def implies(
    first: int | None, second: int | None, nodes: Sequence[ir.AnyNode], constants: Sequence[Known]
) -> bool:
    """Whether whoever meets the first condition surely meets the second; None is no condition.

    Conditions are taken apart at ``and`` and ``or``, and single comparisons of one figure with a
    constant are compared by their bounds. No in doubt.
    """
    if second is None:
        return True
    if first is None:
        return False
    if first == second:
        return True
    left, right = nodes[first], nodes[second]
    if isinstance(left, ir.Op) and left.operation == "or":
        return all(implies(item, second, nodes, constants) for item in left.arguments)
    if isinstance(right, ir.Op) and right.operation == "and":
        return all(implies(first, item, nodes, constants) for item in right.arguments)
    if isinstance(right, ir.Op) and right.operation == "or":
        return any(implies(first, item, nodes, constants) for item in right.arguments)
    if isinstance(left, ir.Op) and left.operation == "and":
        return any(implies(item, second, nodes, constants) for item in left.arguments)
    if isinstance(left, ir.Compare) and isinstance(right, ir.Compare):
        return _comparison_implies(left, right, nodes, constants)
    return False


def _comparison_implies(
    left: ir.Compare, right: ir.Compare, nodes: Sequence[ir.AnyNode], constants: Sequence[Known]
) -> bool:
    bound, wanted = (_bound(node.right, nodes, constants) for node in (left, right))
    if left.left != right.left or bound is None or wanted is None:
        return False
    strict = right.relation in ("above", "below") and left.relation not in ("above", "below")
    if left.relation in _AT_LEAST and right.relation in _AT_LEAST:
        return bound > wanted if strict else bound >= wanted
    if left.relation in _AT_MOST and right.relation in _AT_MOST:
        return bound < wanted if strict else bound <= wanted
    return left.relation == right.relation == "equal" and bound == wanted


def _bound(index: int, nodes: Sequence[ir.AnyNode], constants: Sequence[Known]) -> Fraction | None:
    node = nodes[index]
    if isinstance(node, ir.Lift):
        return _bound(node.value, nodes, constants)
    if isinstance(node, ir.Slot):
        value = constants[node.index]
        return value if isinstance(value, Fraction) else None
    return None


def group_within(
    first: int, second: int, nodes: Sequence[ir.AnyNode], constants: Sequence[Known]
) -> bool:
    """Whether everyone in the first group is surely in the second."""
    if first == second:
        return True
    left, right = nodes[first], nodes[second]
    assert isinstance(left, ir.Group) and isinstance(right, ir.Group)
    if left.record != right.record:
        return False
    conditions: list[int] = []
    index: int | None = first
    while index is not None:
        node = nodes[index]
        assert isinstance(node, ir.Group)
        if node.where is not None:
            conditions.append(node.where)
        index = node.base
    index = second
    while index is not None:
        node = nodes[index]
        assert isinstance(node, ir.Group)
        if node.where is not None and not any(
            implies(condition, node.where, nodes, constants) for condition in conditions
        ):
            return False
        index = node.base
    return True
