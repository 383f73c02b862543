"""Parse trees read by their shape alone, so that no module but parse.py needs the parser's library."""

from typing import Any

Tree = Any

DEEPEST_EXPRESSION = 100
"""So many expressions may stand inside one another; deeper, nobody reads."""


def kind(item: Tree) -> str:
    """A token's terminal; empty for a tree."""
    return getattr(item, "type", "")


def data(item: Tree) -> str:
    """A tree's rule; empty for a token."""
    return str(getattr(item, "data", ""))


def tokens(tree: Tree, terminal: str) -> list[Tree]:
    """A tree's own tokens of a terminal."""
    return [item for item in tree.children if kind(item) == terminal]


def children(tree: Tree, rule: str) -> list[Tree]:
    """A tree's own subtrees of a rule."""
    return [item for item in tree.children if data(item) == rule]


def child(tree: Tree, rule: str) -> Tree | None:
    """A tree's first own subtree of a rule."""
    return next(iter(children(tree, rule)), None)


def after(tree: Tree, terminal: str) -> Tree:
    """What follows a tree's own token of a terminal."""
    kinds = [kind(item) for item in tree.children]
    return tree.children[kinds.index(terminal) + 1]


def ends(item: Tree) -> tuple[int, int]:
    """Where a tree or a token begins in its text, and where it ends."""
    first = last = item
    while hasattr(first, "children"):
        first = next(one for one in first.children if not _is_empty(one))
    while hasattr(last, "children"):
        last = next(one for one in reversed(last.children) if not _is_empty(one))
    return first.start_pos, last.end_pos


def _is_empty(item: Tree) -> bool:
    return hasattr(item, "children") and not item.children
