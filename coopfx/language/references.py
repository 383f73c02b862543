"""Which fields of a node, or of a clause, name other nodes: declared once, read by all that follow them."""

from collections.abc import Callable, Iterable, Sequence
from functools import cache
from typing import Any, TypeVar, cast

from attrs import evolve

from coopfx.ground.plain import Plain

Changed = TypeVar("Changed", bound=Plain)

REFERENCE = {"refers": "one"}
"""Declares a field that names a node by its index, or none."""

REFERENCES = {"refers": "many"}
"""Declares a field of several."""

PARTS = {"refers": "parts"}
"""Declares a field of a part, or of several, whose own fields name nodes."""


@cache
def _declared(kind: Any) -> tuple[tuple[str, str], ...]:
    """The fields of a class that speak of nodes, and how: its own before those of its parts."""
    found = [(item.name, item.metadata.get("refers", "")) for item in kind.__attrs_attrs__]
    own = [(name, how) for name, how in found if how in ("one", "many")]
    return (*own, *(item for item in found if item[1] == "parts"))


def inner(node: Plain) -> tuple[int, ...]:
    """The nodes that a node speaks of, as its fields declare; or a clause, a rule, an account."""
    found: list[int] = []
    kind: Any = type(node)
    for name, how in _declared(kind):
        value = getattr(node, name)
        if value is None:
            continue
        if how == "one":
            found.append(value)
        elif how == "many":
            found += value
        else:
            for part in value if isinstance(value, tuple) else (value,):
                found += inner(part)
    return tuple(found)


def renumbered(node: Changed, number: Callable[[int], int]) -> Changed:
    """A node, or what else speaks of nodes, that speaks of others in their place."""
    changed: dict[str, Any] = {}
    kind: Any = type(node)
    for name, how in _declared(kind):
        value = getattr(node, name)
        if value is None:
            continue
        if how == "one":
            changed[name] = number(value)
        elif how == "many":
            changed[name] = tuple(map(number, value))
        elif isinstance(value, tuple):
            changed[name] = tuple(renumbered(part, number) for part in value)
        else:
            changed[name] = renumbered(value, number)
    return evolve(cast(Any, node), **changed) if changed else node


def cone(nodes: Sequence[Plain], roots: Iterable[int]) -> set[int]:
    """The nodes that others rest on, however indirectly, and themselves."""
    found: set[int] = set()
    waiting = list(roots)
    while waiting:
        index = waiting.pop()
        if index not in found:
            found.add(index)
            waiting += inner(nodes[index])
    return found
