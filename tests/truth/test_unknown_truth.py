"""What is not known has no truth, and a truth test of what may not be known is found by its type."""

from fractions import Fraction
from pathlib import Path

import pytest

from coopfx.ground.exact import Missing, Undefined

PLANTED = """
from fractions import Fraction
from coopfx.ground.exact import Missing, Undefined, Value

def planted(value: Value, given: object, many: list[Value], parts: Fraction | Undefined) -> bool:
    one = 1 if value else 2
    two = given and one
    three = [item for item in many if item]
    while parts:
        pass
    return all(many) or bool(given)

def known(value: Value, given: Missing | None) -> bool:
    if given is not None or isinstance(value, Missing | Undefined):
        return False
    return bool(value) and value is not True
"""


@pytest.mark.parametrize("unknown", [Missing((("hours", "ana"),)), Undefined("division")])
def test_what_is_not_known_is_neither_true_nor_false(unknown: Missing | Undefined) -> None:
    for asked in (bool, lambda one: one and 1, lambda one: not one, lambda one: any([one])):
        with pytest.raises(TypeError, match="neither true nor false"):
            asked(unknown)
    assert unknown != Fraction(0)


@pytest.mark.soak
def test_a_planted_truth_test_is_found(tmp_path: Path) -> None:
    from unknown_truth import truth_tests

    path = tmp_path / "planted.py"
    path.write_text(PLANTED)
    found = truth_tests([str(path)])
    assert {one.line for one in found} == {6, 7, 8, 9, 11}


def test_the_conditions_of_a_text() -> None:
    import ast

    from unknown_truth import conditions

    text = "x = [a for a in b if c and not d]\nassert e or f\n"
    text += "bool(g), any(h), 1 if i else 2\nwhile not j: pass\n"
    found = {ast.unparse(one) for one, _ in conditions(ast.parse(text))}
    assert found == set("cdefghij")
