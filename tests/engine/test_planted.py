"""Planted violations are found with a year that the reference confirms; lawful neighbours are proved."""

from collections.abc import Callable
from typing import Any

import pytest
from planted import Planted, planted

from coopfx.desk.versions import Statute
from coopfx.engine.outcome import ALWAYS, NEVER, REFUTED, VIOLATED, Proof
from coopfx.engine.proof.prover import Prover
from coopfx.engine.reference.evaluate import evaluate
from coopfx.engine.reference.settle import verdict
from coopfx.language.ranges import ranges

_SAMPLE = 2


def cases(*, lawful: bool) -> list[Any]:
    """Two of each rule's five in the normal suite, the others at length."""
    return [
        pytest.param(case, marks=[pytest.mark.soak] if place >= _SAMPLE else [], id=case.name())
        for place, case in planted(lawful=lawful)
    ]


def proved(compile_text: Callable[[str], Statute], case: Planted) -> Proof:
    """The proof of the rule that a statute breaks or keeps, with its year replayed as a whole."""
    program = compile_text(case.text()).program
    (rule,) = (item for item in program.rules if item.name == case.rule)
    bounds = ranges(program.nodes, program.constants)
    found = Prover(program, rule, None, None, bounds).proof()
    if found.year is not None:
        assert verdict(evaluate(program, found.year), rule).status == VIOLATED
    return found


@pytest.mark.parametrize("case", cases(lawful=False))
def test_a_planted_violation_is_found(
    compile_text: Callable[[str], Statute], case: Planted
) -> None:
    found = proved(compile_text, case)
    assert found.verdict in (REFUTED, NEVER) and found.year is not None


@pytest.mark.parametrize("case", cases(lawful=True))
def test_a_lawful_neighbour_is_proved(
    compile_text: Callable[[str], Statute], case: Planted
) -> None:
    assert proved(compile_text, case).verdict == ALWAYS


def test_there_are_five_of_each_rule() -> None:
    for lawful in (False, True):
        found = [case.rule for _, case in planted(lawful=lawful)]
        assert len(found) == 90
        assert {found.count(rule) for rule in found} == {5}
