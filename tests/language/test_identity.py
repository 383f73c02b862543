"""Two texts of one statute are the same where they say the same: what that is, and what it is not."""

import re
from functools import cache
from typing import get_args, get_type_hints

import pytest
from attrs import fields

from compiling import compiled
from coopfx.ground.report import Report
from coopfx.language import ir
from coopfx.plugged.world import load_world

WORLD = load_world(Report())

TEXT = """
statute "Oak"
currency EUR
in force from 2024-01-01

article 1 "Sharing the surplus"
  parameter floor : money
    from 2024-01-01: 100 EUR ref "Minutes 1"
    from 2025-01-01: 120 EUR ref "Minutes 2"
  parameter minimum : money never falling
    from 2024-01-01: 10 EUR ref "Minutes 1"
  decide part between 20% and 40%
  define twice = 2 * floor
  allocate surplus
    part * surplus to work_share
    min(twice, surplus) to reserves.legal until 1 000 EUR
    rest to reserves
    losses to losses_brought_forward
  share work_share among workers by salary
  require enough: reserves >= minimum when surplus > 0 EUR "too little"
  indicator "Held back" in money_kept = reserves / surplus target 10%
  example "a year"
    given surplus = 1 000 EUR
    given part = 40%
    expect work_share = 400 EUR
    expect enough satisfied
"""


@cache
def program(text: str) -> ir.Program:
    return compiled(text.lstrip(), WORLD).program


OTHERWISE = {
    "a parameter's value": ("100 EUR ref", "900 EUR ref"),
    "a later value": ("120 EUR", "130 EUR"),
    "its day": ("2025-01-01", "2025-02-01"),
    "a value less": ('    from 2025-01-01: 120 EUR ref "Minutes 2"\n', ""),
    "that it never falls": (" never falling", ""),
    "a bound": ("40%\n  define", "41%\n  define"),
    "a figure": ("2 * floor", "3 * floor"),
    "an operation": ("min(twice", "max(twice"),
    "an account": ("to reserves.legal", "to reserves.other"),
    "how full": ("until 1 000 EUR", "until 1 100 EUR"),
    "the order of items": (
        "    part * surplus to work_share\n    min(twice, surplus) to reserves.legal until 1 000 EUR\n",
        "    min(twice, surplus) to reserves.legal until 1 000 EUR\n    part * surplus to work_share\n",
    ),
    "a key": ("by salary", "by hours"),
    "a rule's condition": ("reserves >= minimum", "reserves > minimum"),
    "when it is asked": ("when surplus > 0 EUR", "when surplus > 1 EUR"),
    "that it binds": ("require enough", "recommend enough"),
    "an indicator's target": ("target 10%", "target 11%"),
    "its pillar": ("in money_kept", "in democracy"),
    "what an example gives": ("given surplus = 1 000", "given surplus = 1 010"),
    "what it expects": ("expect work_share = 400", "expect work_share = 404"),
    "a verdict": ("enough satisfied", "enough violated"),
}

ALIKE = {
    "a title": ("Sharing the surplus", "Of the surplus"),
    "the statute's name": ('"Oak"', '"Elm"'),
    "the wording of a source": ('"Minutes 1"', '"Protocol of the first meeting"'),
    "a message": ("too little", "below the floor"),
    "a label": ("Held back", "Kept"),
    "the title of an example": ('"a year"', '"one year"'),
    "a remark": ("  decide part", "  # the meeting\n  decide part"),
}


@pytest.mark.parametrize("said", OTHERWISE)
def test_texts_that_say_otherwise_are_others(said: str) -> None:
    before, after = OTHERWISE[said]
    assert TEXT.count(before) >= 1, before
    whole, other = program(TEXT), program(TEXT.replace(before, after, 1))
    assert whole != other
    found = ir.difference(whole, other)
    assert found is not None and (found[1] or found[2]), "no place is shown"


@pytest.mark.parametrize("said", ALIKE)
def test_what_a_language_says_its_own_way_is_the_same(said: str) -> None:
    before, after = ALIKE[said]
    assert before in TEXT, before
    assert program(TEXT) == program(TEXT.replace(before, after))


NO_NODES = {
    "allowance",
    "by",
    "breaks",
    "reads",
    "index",
    "item",
    "places",
    "within",
    "lines",
    "losses_line",
}
"""Whole numbers of a program that name no node."""

SPEAKING = (
    *(*get_args(ir.AnyNode), ir.Item, ir.Fill, ir.Key, ir.Rule, ir.Indicator, ir.AccountNodes),
    *(ir.AllocateClause, ir.ShareClause, ir.PoolClause),
)


@pytest.mark.parametrize("kind", SPEAKING, ids=lambda kind: str(kind.__name__))
def test_every_field_that_names_a_node_is_declared(kind: type[ir.Node]) -> None:
    hints = get_type_hints(kind)
    for one in fields(kind):
        hint = str(hints[one.name])
        names = re.search(r"\bint\b|ir\.(Item|Fill|Key)\b", str(hint)) or hints[one.name] is int
        assert not names or one.name in NO_NODES or "refers" in one.metadata, one.name


def test_a_program_numbered_anew_says_the_same_of_other_numbers() -> None:
    for index, node in enumerate(program(TEXT).nodes):
        assert all(inner < index for inner in ir.inner(node))
        moved = ir.renumbered(node, lambda number: number + 7)
        assert ir.inner(moved) == tuple(number + 7 for number in ir.inner(node))
        assert ir.renumbered(moved, lambda number: number - 7) == node
