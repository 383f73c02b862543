"""The Spanish laws: which keys they permit, which funds are indivisible."""

import packs
import pytest

from coopfx.plugins import World, load_world
from coopfx.report import Report

LAWS = ("es.cooperativas", "es.euskadi")

SHARES = """  allocate surplus
    30% to reserves.legal
    10% to {fund}
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


@pytest.mark.parametrize(("law", "fund"), list(zip(LAWS, ("education_fund", "cofip"), strict=True)))
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
def test_the_return_goes_by_work(
    world: World, law: str, fund: str, group: str, keys: str, codes: list[str]
) -> None:
    assert packs.told(SHARES.format(fund=fund, group=group, keys=keys), law, world) == codes


@pytest.mark.parametrize(
    ("law", "account"),
    [
        ("es.cooperativas", "reserves.legal"),
        ("es.cooperativas", "education_fund"),
        ("es.euskadi", "reserves.legal"),
        ("es.euskadi", "cofip"),
    ],
)
def test_the_compulsory_funds_are_indivisible(world: World, law: str, account: str) -> None:
    text = f"  share closing {account} among members equally\n"
    assert packs.told(text, law, world) == ["M404"]
    assert packs.told("  share reserves.development among members equally\n", law, world) == []
