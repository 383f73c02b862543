"""Records over columns: groups, links, what lies beside each record, and aggregates."""

from typing import Any

import numpy as np

from coopfx.engine.columns.aggregates import by_link, over
from coopfx.engine.columns.swept import Swept
from coopfx.engine.columns.values import (
    MISSING,
    Column,
    Truths,
    both,
    changed,
    full,
    masked,
    never,
    only,
    states,
    taken,
    worst,
)
from coopfx.language import ir


def group(swept: Swept, index: int, node: ir.Group) -> Truths:
    """Which records belong to a group."""
    conditions = [swept.truths(item) for item in (node.base, node.where) if item is not None]
    size = swept.records(node.record).size
    if conditions:
        return full(both(conditions), size)
    return Truths(np.ones(size, bool))


def link(swept: Swept, index: int, node: ir.Link) -> Column:
    """The places of the records that a sort is linked to."""
    return swept.records(node.record).columns[node.name]


def lift(swept: Swept, index: int, node: ir.Lift) -> Column:
    """A value beside each record: the cooperative's, or that of the record linked to."""
    column = swept.columns[node.value]
    records = swept.records(node.record)
    if node.along is None:
        return taken(column, records.spread)
    own = swept.columns[node.along]
    to = swept.records(swept.batch.program.nodes[node.value].record)
    if not to.size:
        return never(column, records.size, MISSING)
    rows = np.maximum(swept.linked(node.along), 0)
    made = taken(full(column, to.size), lambda values: values[rows])
    return masked(made, worst(own.state, made.state))


def aggregate(swept: Swept, index: int, node: ir.Aggregate) -> Column:
    """An aggregate over a group, of the cooperative or of each record that its records link to."""
    records = swept.records(swept.batch.program.nodes[node.group].record)
    members = swept.truths(node.group)
    value = None if node.value is None else swept.columns[node.value]
    if node.along is None:
        made, owner = over(node.aggregate, members, value, records), None
    else:
        targets = swept.records(node.record)
        links, inside = swept.linked(node.along), swept.inside(node.along)
        made = by_link(node.aggregate, members, value, links, inside, records, targets)
        owner = targets
    if records.given is None:
        return made
    there = records.given if owner is None else owner.spread(records.given)
    return changed(made, state=only(np.where(there, states(made.state), MISSING)))


def member(swept: Swept, index: int, node: ir.Member) -> Column:
    """The value of one record of each cooperative, by its identifier."""
    column: Any = swept.columns[node.value]
    records = swept.records(swept.batch.program.nodes[node.value].record)
    size = records.count_of
    if not records.size:
        return never(column, size, MISSING)
    found = np.full(size, -1, np.int64)
    named = np.flatnonzero(np.array([*records.ids, None], object)[:-1] == node.id)
    found[records.segment[named]] = named
    made = taken(full(column, records.size), lambda values: values[np.maximum(found, 0)])
    absent = np.where(found < 0, MISSING, states(made.state, size))
    return masked(made, only(absent.astype(np.uint8)))
