"""What is in order and changes nothing: one key for all, a limit of the whole, a share of nothing."""

from collections.abc import Collection

from coopfx.ground.figure import OPENING
from coopfx.language import ast, ir
from coopfx.language.from_ast import Lowering
from coopfx.language.link import Linker
from coopfx.language.origins import ACCOUNT, ADDED
from coopfx.language.placed import branches
from coopfx.language.scope import Text


def tell_idle(linker: Linker) -> None:
    """Tell the statute's keys that are the same for each (M440), limits of the whole or more (M439), and
    clauses that give out what a year adds to an account into which no clause puts any (M443)."""
    lowering = linker.lowering
    fed = {branch for account in linker.feeds for branch in branches(account)}
    # Where something else is wrong, what would have put money there may be what is not read.
    in_order = not lowering.report.failed
    for number, placed in enumerate(linker.money):
        if in_order:
            _tell_never_fed(linker, number, fed)
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


def _tell_never_fed(linker: Linker, number: int, fed: Collection[str]) -> None:
    placed, draw = linker.money[number], linker.draws.get(number)
    of_added = draw is not None and draw.kind == ACCOUNT and draw.reading == ADDED
    if draw is None or not of_added or draw.name in fed or not placed.text.is_statute:
        return
    assert isinstance(placed.clause, ast.Allocate | ast.Share), "only these take of an account"
    words = placed.text.words
    declared = linker.scope.accounts.get(draw.name)
    own = declared is not None and declared.text.is_statute
    name = declared.clause.name.word if declared and own else words.word(draw.name)
    linker.lowering.report.tell(
        "M443",
        placed.clause.amount.span,
        account=name,
        opening=words.after(OPENING.upper(), name),
        expected="" if draw.record else words.after("TO", name),
    )


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
