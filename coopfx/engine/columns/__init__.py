"""The same program over whole columns: thousands of cooperatives and millions of people in one pass.

``batch`` gathers the facts of cooperatives whose programs share a shape, ``sweep`` evaluates them.
Every figure is the reference evaluator's, to the cent; no explanation is kept: asked why, the
reference computes that one cooperative again.
"""

from coopfx.engine.columns.batch import Batch, gather
from coopfx.engine.columns.books import booked, books
from coopfx.engine.columns.records import Records
from coopfx.engine.columns.swept import Swept
from coopfx.engine.columns.walk import sweep, sweep_blocks

__all__ = ["Batch", "Records", "Swept", "booked", "books", "gather", "sweep", "sweep_blocks"]
