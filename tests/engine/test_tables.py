"""Every operation, relation and aggregate of the language is in every engine's own table."""

from collections.abc import Collection

import pytest

from coopfx.engine.columns import arithmetic, figures, walk
from coopfx.engine.reference import values
from coopfx.engine.reference.evaluate import _EVALUATORS
from coopfx.language import operations


@pytest.mark.parametrize("table", [values.OPERATIONS, figures.OPERATIONS])
def test_every_operation_is_there(table: Collection[str]) -> None:
    assert set(table) == set(operations.OPERATIONS)


@pytest.mark.parametrize("table", [values.RELATIONS, arithmetic.RELATIONS])
def test_every_relation_is_there(table: dict[str, object]) -> None:
    assert set(table) == set(operations.RELATIONS)


def test_every_aggregate_is_there() -> None:
    assert set(values.AGGREGATES) == set(operations.AGGREGATES)


def test_both_engines_read_the_same_nodes() -> None:
    assert set(_EVALUATORS) == set(walk.NODES)
