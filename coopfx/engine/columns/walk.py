"""The walk over a program's nodes, on columns: the same meanings as the reference, in one pass."""

from collections.abc import Callable, Iterable, Iterator
from typing import Any

import numpy as np

from coopfx.engine.columns import clauses, figures, groups
from coopfx.engine.columns.batch import Batch
from coopfx.engine.columns.swept import Swept
from coopfx.engine.columns.values import Column
from coopfx.language import ir

BLOCK = 131_072
"""Rows of one pass, cut where a cooperative ends: few enough for a processor's caches, and many enough
for what each pass costs whatever its rows."""


def sweep(batch: Batch, roots: Iterable[int] | None = None) -> Swept:
    """Evaluate all that the outcomes of a batch show, or the given root nodes, in one pass."""
    return _sweep(batch, _order(batch, roots))


def _order(batch: Batch, roots: Iterable[int] | None) -> tuple[int, ...]:
    """The nodes to evaluate, each after those that it rests on."""
    if roots is None:
        return batch.shown
    return tuple(sorted(ir.cone(batch.program.nodes, roots)))


def _sweep(batch: Batch, order: Iterable[int]) -> Swept:
    nodes, swept = batch.program.nodes, Swept(batch)
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        for index in order:
            node = nodes[index]
            swept.columns[index] = NODES[type(node)](swept, index, node)
    return swept


def sweep_blocks(
    batch: Batch, block: int = BLOCK, roots: Iterable[int] | None = None
) -> Iterator[Swept]:
    """Evaluate a batch in blocks of about so many rows, cut at the borders of cooperatives."""
    rows = np.zeros(batch.size, np.int64)
    for records in batch.records.values():
        rows = rows + records.sizes
    filled = np.cumsum(rows)
    order = _order(batch, roots)
    start = 0
    while start < batch.size:
        before = int(filled[start - 1]) if start else 0
        stop = max(start + 1, int(np.searchsorted(filled, before + block, side="right")))
        yield _sweep(batch if stop - start == batch.size else batch.cut(start, stop), order)
        start = stop


NODES: dict[type, Callable[[Swept, int, Any], Column]] = {
    ir.Input: figures.given,
    ir.Slot: figures.slot,
    ir.Param: figures.param,
    ir.Op: figures.operation,
    ir.Compare: figures.comparison,
    ir.Scale: figures.scale,
    ir.Decision: figures.decision,
    ir.Group: groups.group,
    ir.Link: groups.link,
    ir.Lift: groups.lift,
    ir.Aggregate: groups.aggregate,
    ir.Member: groups.member,
    ir.Balance: clauses.balance,
    ir.Allocate: clauses.allocate,
    ir.Part: clauses.part,
    ir.Split: clauses.share,
    ir.Paid: clauses.paid,
    ir.Excess: clauses.excess,
    ir.Pool: clauses.pool,
    ir.Pooled: clauses.pooled,
}
