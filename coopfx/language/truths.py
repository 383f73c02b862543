"""What texts say is true of every year: bounds that name other figures, balances that are never below."""

from collections.abc import Mapping, Sequence

from coopfx.ground.exact import YES_NO
from coopfx.language import ast, ir
from coopfx.language.link import Linker
from coopfx.language.placed import Placed


def truths_of(
    linker: Linker,
    clauses: Sequence[Placed],
    read: Mapping[str, int],
    accounts: Mapping[str, ir.AccountNodes | None],
) -> tuple[ir.Truth, ...]:
    """The truths of all texts, in their order; ``read`` are the facts that some clause reads.

    What prelude and laws say of facts that nothing reads is left out.
    """
    found: list[ir.Truth] = []
    for placed in clauses:
        clause = placed.clause
        if isinstance(clause, ast.Input) and clause.beside:
            found += _of_fact(linker, placed, clause, read)
        elif isinstance(clause, ast.Account) and clause.low is not None and _is_own(placed):
            found += _of_account(linker, placed, clause, accounts)
    return tuple(found)


def _is_own(placed: Placed) -> bool:
    return placed.text.is_statute and not placed.text.model


def _of_fact(
    linker: Linker, placed: Placed, clause: ast.Input, read: Mapping[str, int]
) -> list[ir.Truth]:
    lowering, text = linker.lowering, placed.text
    canonical = text.words.canonical(clause.name.word)
    declared = lowering.scope.figures.get(canonical)
    if declared is None or declared.clause is not clause:
        return []
    found = []
    for side, bound in clause.beside:
        other = text.words.canonical(bound.word)
        known = lowering.scope.figures.get(other)
        if known is None and other not in lowering.scope.accounts:
            lowering.scope.unknown(bound, text)
            continue
        if known is None or not isinstance(known.clause, ast.Input | ast.Parameter):
            lowering.report.tell("T309", bound.span)
            continue
        names = (canonical, other)
        if not _is_own(placed) and not any(lowering.figures.get(one) is not None for one in names):
            continue
        record = None
        if clause.record is not None:
            record = text.words.canonical(clause.record.word)
        comparison = ast.Comparison((clause.name, bound), (side,), span=bound.span)
        node = lowering.condition(comparison, text, record)
        if node is not None:
            found.append(ir.Truth(node, canonical, placed.origin, own=_is_own(placed)))
    return found


def _of_account(
    linker: Linker,
    placed: Placed,
    clause: ast.Account,
    accounts: Mapping[str, ir.AccountNodes | None],
) -> list[ir.Truth]:
    """That an account closes at no less than its text says."""
    name, lowering = placed.text.words.canonical(clause.name.word), linker.lowering
    nodes = accounts.get(name)
    low = lowering.declared.floor(name, lowering.money(), losses=True)
    if nodes is None or low is None:
        return []
    bound = lowering.lift(lowering.constant(low, lowering.money()), nodes.record)
    node = ir.Compare("at_least", nodes.closing, bound, type=YES_NO, record=nodes.record)
    return [ir.Truth(lowering.emit(node), name, placed.origin, closing=True, own=True)]
