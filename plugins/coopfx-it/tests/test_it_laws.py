"""The Italian laws: every rule at its edge on both sides, every article cited, in every language."""

from pathlib import Path

import packs
import pytest

from coopfx.plugins import World, load_world
from coopfx.report import Report

CASES = Path(__file__).parent / "cases"
LAWS = ("it.cooperative", "it.lavoro")

SHARES = """  allocate surplus
    30% to reserves.legal
    3% to mutual_funds
    40% to work_share
    rest to reserves.development
    losses to losses_brought_forward
  share work_share among {group} {keys}
"""


@pytest.fixture(scope="module")
def world() -> World:
    report = Report()
    loaded = load_world(report)
    assert not report.diagnostics
    return loaded


@pytest.fixture(scope="module")
def found(world: World) -> list[packs.Case]:
    return packs.cases(CASES, world)


@pytest.mark.parametrize("law", LAWS)
def test_every_rule_is_satisfied_and_violated_by_a_case_at_its_edge(
    world: World, found: list[packs.Case], law: str
) -> None:
    assert packs.rules_of(law, world)
    assert packs.without_both_sides(law, world, found) == []
    assert packs.beside_the_edge(law, world, found) == []


@pytest.mark.parametrize("law", LAWS)
def test_the_law_cites_its_sources_and_speaks_every_language(world: World, law: str) -> None:
    assert packs.without_source(world.laws[law].law, world) == []
    assert packs.wanting_words(world.laws[law].law, world) == []
    assert packs.idle_words(world.laws[law].law, world) == []
    assert set(world.laws[law].law.words) == set(world.languages)


@pytest.mark.parametrize("law", LAWS)
@pytest.mark.parametrize(
    ("group", "keys", "codes"),
    [
        ("workers where member", "by hours", []),
        ("workers", "by salary", []),
        ("workers where member", "equally", ["L501"]),
        ("workers where member", "by shares_held", ["L501"]),
        ("workers where member and presence >= 6 months", "by hours", ["L502"]),
    ],
)
def test_refunds_go_by_work(
    world: World, law: str, group: str, keys: str, codes: list[str]
) -> None:
    assert packs.told(SHARES.format(group=group, keys=keys), law, world) == codes


@pytest.mark.parametrize("law", LAWS)
@pytest.mark.parametrize("account", ["reserves", "reserves.legal", "reserves.development"])
def test_reserves_are_indivisible(world: World, law: str, account: str) -> None:
    text = f"  define pot = opening {account}\n  share pot among members equally\n"
    assert packs.told(text, law, world) == ["M404"]
