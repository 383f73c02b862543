"""Lines of a share that are in order and change nothing: one key for all, a limit of the whole."""

from coopfx.language import ast, ir
from coopfx.language.from_ast import Lowering
from coopfx.language.link import Linker
from coopfx.language.scope import Text


def tell_idle(linker: Linker) -> None:
    """Tell the statute's keys that are the same for each (M440), and limits of the whole or more (M439)."""
    lowering = linker.lowering
    for number, placed in enumerate(linker.money):
        node, clause = linker.compile(number), placed.clause
        made = None if node is None else lowering.nodes[node]
        if not isinstance(made, ir.Split) or not placed.text.is_statute:
            continue
        assert isinstance(clause, ast.Share)
        for written, key in zip(clause.keys, made.keys, strict=True):
            if written.figure and key.figure is not None and not lowering.varies(key.figure):
                lowering.report.tell("M440", written.figure.span)
        if clause.cap and made.cap is not None and _covers(lowering, made.cap, made.amount):
            expected = _mean(lowering, clause, clause.cap, placed.text)
            lowering.report.tell("M439", clause.cap.span, expected=expected)


def _covers(lowering: Lowering, cap: int, amount: int) -> bool:
    """Whether a limit is what is shared, once or more, so that each may have the whole."""
    node = lowering.nodes[cap]
    if isinstance(node, ir.Lift) and node.along is None:
        return _covers(lowering, node.value, amount)
    if not isinstance(node, ir.Op) or node.operation != "multiply":
        return cap == amount
    factors = [one for one in node.arguments if not _covers(lowering, one, amount)]
    lows = [lowering.ranges()[one].low for one in factors]
    return len(factors) < len(node.arguments) and all(low and low >= 1 for low in lows)


def _mean(lowering: Lowering, clause: ast.Share, cap: ast.Expression, text: Text) -> str:
    """A limit as one on the average share: divided by how many share."""
    group = lowering.report.written(clause.group.span)
    if clause.group.where is not None and not group.startswith("("):
        group = f"({group})"
    count, over = (text.words.keywords[one][0] for one in ("COUNT", "OVER"))
    return f"{lowering.report.written(cap.span)} / {count} {over} {group}"
