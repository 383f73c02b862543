"""Where every cent of a year is: no run of any program loses one, or counts one twice.

What is not known in a year is nothing that could be counted; a property that rests on it is passed over.
"""

from collections import Counter
from fractions import Fraction

from coopfx.engine.reference.evaluation import AllocationResult, Run
from coopfx.ground.exact import Value, round_to
from coopfx.language import ir
from years import CENT


def hold_conserved(run: Run, held: Counter[str]) -> None:
    """Hold every clause and every account of a run; how often each kind was held, counted."""
    for clause in run.program.allocations:
        for result in run.allocations.get(clause.node, ()):
            _allocation(run, clause.node, result, held)
    for index in run.splits:
        _split(run, index, held)
    for pool in run.program.pools:
        _pool(run, pool, held)
    _accounts(run, held)


def _known(values: object) -> list[Fraction] | None:
    """Figures that are all known; None where one is not."""
    row = values if isinstance(values, list | tuple) else [values]
    known = [one for one in row if isinstance(one, Fraction)]
    return known if len(known) == len(row) else None


def _are_paid(amounts: list[Fraction]) -> bool:
    return all((amount / CENT).denominator == 1 for amount in amounts)


def _allocation(run: Run, index: int, result: AllocationResult, held: Counter[str]) -> None:
    """What the items take of a source, with what flows over and the losses, is the source."""
    moved = _known([*result.amounts, *result.overflows, result.losses])
    source = _known(result.source)
    if moved is None or source is None or not (result.flow or result.losses):
        return
    whole = round_to(source[0], CENT)
    *items, losses = moved
    assert _are_paid(moved)
    assert losses == min(whole, Fraction(0)) and all(one >= 0 for one in items)
    left = whole - sum(moved, Fraction(0))
    told = {item.code for item in run.diagnostics if item.span == run.place(index)}
    assert left == 0 or (left > 0 and "R804" in told), (left, told)
    held["allocation"] += 1
    held["allocation of a loss"] += losses < 0


def _split(run: Run, index: int, held: Counter[str]) -> None:
    """What records receive of an amount, with the excess and what stays, is the amount."""
    result, node = run.splits[index], run.program.nodes[index]
    assert isinstance(node, ir.Split)
    parts, moved = _known(result.parts), _known([result.paid, result.excess])
    if parts is None or moved is None:
        return
    paid, excess = moved
    assert sum(parts, excess) == paid and _are_paid([*parts, *moved])
    assert excess >= 0 and all(part >= 0 for part in parts)
    for segment in result.segments:
        shares = segment.shares
        if shares is not None:
            assert sum(shares.parts, shares.left) == segment.amount
            assert len(segment.entitled) > 1 or node.cap or node.smallest or not shares.left
            held["share"] += 1
    entitled = set(result.entitled)
    assert all(part == 0 for row, part in enumerate(parts) if row not in entitled)
    held["share that stays"] += paid == 0


def _pool(run: Run, clause: ir.PoolClause, held: Counter[str]) -> None:
    """What each keeps of a pooled figure, with what is gathered, is the figures of the group."""
    node = run.program.nodes[clause.node]
    assert isinstance(node, ir.Pool)
    gathered = next(
        (
            run.values[index]
            for index, one in enumerate(run.program.nodes)
            if isinstance(one, ir.Pooled) and one.clause == clause.node and index in run.values
        ),
        None,
    )
    figures, kept = _known(run.values[node.figure]), _known(run.values[clause.node])
    members = run.values[node.group]
    whole = None if gathered is None else _known(gathered)
    if figures is None or kept is None or whole is None or not isinstance(members, list):
        return
    if not all(isinstance(member, bool) for member in members):
        return
    inside = [figure for figure, member in zip(figures, members, strict=True) if member]
    assert sum(kept, whole[0]) == sum(inside, Fraction(0))
    held["pool"] += 1


def _accounts(run: Run, held: Counter[str]) -> None:
    """An account closes at what it opened with and what came in, less what went out; so do branches."""
    accounts = run.program.accounts

    def balance(name: str, at: str) -> Value | list[Value]:
        return run.values[getattr(accounts[name], at)]

    for name, own in accounts.items():
        found = [balance(name, at) for at in ("opening", "added", "taken", "closing")]
        rows = zip(*found, strict=True) if own.record and all(map(_is_row, found)) else [found]
        for row in rows:
            known = _known(list(row))
            if known is not None:
                opening, added, taken, closing = known
                assert closing == opening + added - taken, name
                held["account"] += 1
        inside = [one for one in accounts if one.rpartition(".")[0] == name]
        if not inside or own.record is not None:
            continue
        for at in ("opening", "added", "taken", "closing"):
            whole, parts = _known(balance(name, at)), _known([balance(one, at) for one in inside])
            if whole is not None and parts is not None:
                assert sum(parts, Fraction(0)) == whole[0], (name, at)
                held["branch"] += 1


def _is_row(value: object) -> bool:
    return isinstance(value, list)
