"""The Italian laws: which keys they permit, which reserves are indivisible."""

import packs
import pytest

from coopfx.plugins import World, load_world
from coopfx.report import Report

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
