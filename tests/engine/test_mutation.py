"""A change made in the program is noticed just where the same change made in the text is."""

import re
from fractions import Fraction

import pytest

from compiling import tried
from coopfx.desk.versions import Statute
from coopfx.engine.examples.mutation import Planned, changes, neighbours, try_changes
from coopfx.engine.examples.run import run_examples
from coopfx.ground.exact import (
    MONTH,
    NUMBER,
    YES_NO,
    Kind,
    Type,
    decimal_text,
    money,
    quantity,
)
from coopfx.ground.report import Percent, Report, Said
from coopfx.plugged.world import World
from oak import HEADING

FILE = "statute.en.coop"
STATUTE = (
    HEADING
    + """
article 1 "Money"
  decide work_part between 25% and 50% otherwise 40%
  parameter fullness : money
    from 2024-01-01: 100 EUR ref "General meeting"
  allocate surplus
    work_part * surplus to work_share at most 500 EUR
    15% to reserves.legal until fullness then to reserves.development
    rest to cash when turnover > 1 EUR
    losses to losses_brought_forward
  share work_share among workers where seniority >= 1 year
    by points
    multiplied by loyalty
    at most 250.50 EUR each
    paid from 10 EUR up
    excess to solidarity

article 2 "Figures"
  scale loyalty by seniority
    from 0 years: 1
    above 5 years: 2
  define bonus = if turnover > 10 EUR and member_count >= 1 then min(5 EUR, surplus) else 0 EUR
  define member_count = count over members
  define points = if member then 3 else 2 for each person
  define pay = surplus / 7 rounded down to 0.01 EUR

article 3 "Rules"
  require enough: bonus >= 1 EUR when turnover > 0 EUR unless surplus = 0 EUR
  require parted: work_share <= 40% of surplus and reserves.legal = 10% of surplus when turnover = 20 EUR

example "a good year"
  given surplus = 1 000 EUR, turnover = 20 EUR, opening reserves.legal = 0 EUR
  given person | worker | member | seniority
    ana | yes | yes | 61
    ben | yes | no | 1 year
    cy | yes | no | 0 years
  expect work_share of ana = 250.50 EUR
  expect solidarity = 49.50 EUR
  expect enough satisfied
  expect parted satisfied
  expect reserves.legal = 100 EUR
  expect pay = 142.85 EUR

example "a small year"
  given surplus = 4 EUR, turnover = 10 EUR
  given person | member
    ana | yes
  expect bonus = 0 EUR
  expect enough violated

example "the meeting decides"
  given surplus = 2 000 EUR, work_part = 50%
  expect work_share = 500 EUR
  expect work_part satisfied
"""
)


def passes(statute: Statute) -> bool:
    return all(result.passed for result in run_examples(statute.program, Report()))


@pytest.fixture(scope="module")
def statute(world: World) -> Statute:
    found, _ = tried(STATUTE, world)
    assert found is not None
    assert passes(found)
    return found


def written(change: Planned, text: str) -> str | None:
    """The text in which a change is written; None where it is no figure and no comparison."""
    lines = text.split("\n")
    line = lines[change.span.line - 1]
    before, after = change.arguments.get("before"), change.arguments.get("after")
    start, end = change.span.column - 1, change.span.end_column - 1
    match before, after:
        case (Said(key), Said(other)) if key.startswith("relation."):
            signs = {"at_least": ">=", "at_most": "<=", "above": ">", "below": "<"}
            signs |= {"equal": "=", "differ": "!="}
            sign, new = (signs[item.partition(".")[2]] for item in (key, other))
            pattern = rf"(?<![<>!=]){re.escape(sign)}(?![=])"
            shown, count = re.subn(pattern, new, line[start:end])
            assert count == 1, line
        case (Percent(), Percent(value)):
            shown = f"{decimal_text(value * 100)}%"
        case ((_, Type()), (Fraction() as value, Type() as type_)) if change.kind == "value":
            number = decimal_text(value)
            unit = {money("EUR"): " EUR", MONTH: " months"}.get(type_.unit, "")
            shown = number + unit
        case _:
            return None
    lines[change.span.line - 1] = line[:start] + shown + line[end:]
    return "\n".join(lines)


def test_a_change_is_noticed_where_the_same_text_would_be(statute: Statute, world: World) -> None:
    planned = changes(statute.program, FILE)
    found = list(try_changes(statute.program, planned, FILE))
    compared = seen = 0
    for change, result in zip(planned, found, strict=True):
        text = written(change, STATUTE)
        other = None if text is None else tried(text, world)[0]
        if other is None:
            continue
        assert result is not None
        compared += 1
        seen += result.noticed
        assert result.noticed == (not passes(other)), text
    assert compared > 50
    assert 15 < seen < compared - 15


def test_limits_conditions_and_accounts_are_changed_too(statute: Statute) -> None:
    planned = changes(statute.program, FILE)
    found = list(try_changes(statute.program, planned, FILE))
    noticed = {
        (one.kind, str(one.arguments.get("what", one.arguments.get("second")))): one.noticed
        for one in found
        if one is not None and one.kind in ("dropped", "swapped")
    }
    assert {kind for kind, _ in noticed} == {"dropped", "swapped"}
    assert len(noticed) >= 9
    assert {True, False} == set(noticed.values())
    kinds = {one.kind for one in planned}
    assert kinds == {"value", "parameter", "dropped", "swapped"}


def test_what_stands_in_examples_and_indicators_is_not_changed(statute: Statute) -> None:
    first = STATUTE[: STATUTE.index('example "a good year"')].count("\n") + 1
    assert all(one.span.line < first for one in changes(statute.program, FILE))


def test_the_work_is_bounded(statute: Statute) -> None:
    planned = changes(statute.program, FILE)
    nodes = len(statute.program.nodes)
    found = list(try_changes(statute.program, planned, FILE, most_work=10 * nodes))
    assert len(found) == len(planned)
    tried = [one for one in found if one is not None]
    assert found[len(tried) :] == [None] * (len(found) - len(tried))
    assert 0 < len(tried) < len(planned)


@pytest.mark.parametrize(
    ("value", "type_", "percent", "expected"),
    [
        ("0.6", NUMBER, True, ("0.59", "0.61")),
        ("0.125", NUMBER, True, ("0.124", "0.126")),
        ("2.5", NUMBER, False, ("2.4", "2.6")),
        ("3", NUMBER, False, ("2", "4")),
        ("1500", quantity(money("EUR")), False, ("1499", "1501")),
        ("250.50", quantity(money("EUR")), False, ("250.49", "250.51")),
        ("12", quantity(MONTH), False, ("11", "13")),
    ],
)
def test_a_figure_is_changed_as_a_slip_of_the_pen_would(
    value: str, type_: Type, percent: bool, expected: tuple[str, str]
) -> None:
    found = neighbours(Fraction(value), type_, percent=percent)
    assert found == tuple(Fraction(one) for one in expected)


def test_yes_becomes_no_and_a_text_stays() -> None:
    assert neighbours(True, YES_NO) == (False,)
    assert neighbours("North", Type(Kind.TEXT)) == ()
