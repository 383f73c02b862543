"""What the policies paid before a clause had to say from where it takes, they pay now.

``payments.json`` was written by the version before; of the parts that people receive it has a digest. The
texts are the same but for Txirbil's, whose earlier one is told with the line that gives the same payments.
"""

import hashlib
import json
from collections import defaultdict
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import pytest
from attrs import evolve

from compiling import tried
from coopfx import pipeline
from coopfx.desk.policy import open_policy
from coopfx.engine.outcome import Outcome
from coopfx.ground.report import Report, Severity
from coopfx.ground.source import Source
from coopfx.language.mended import mended
from coopfx.pipeline import Year
from coopfx.plugged.world import World
from independent import POLICIES

HERE = Path(__file__).parent
EARLIER = "the earlier text of txirbil"
PAID: dict[str, dict[str, str]] = json.loads((HERE / "payments.json").read_text("utf-8"))


def payments(outcome: Outcome) -> dict[str, str]:
    """What each article pays to people, with a digest of their parts, and puts into each account."""
    found: dict[str, str] = {}
    for share in outcome.shares:
        parts = sorted(share.parts or ())
        lines = "".join(f"{one} {_shown(part)}\n" for one, part in parts)
        digest = hashlib.sha256(lines.encode()).hexdigest()[:16]
        found[f"{share.article} among {share.group}"] = f"{_shown(share.amount)} {digest}"
    into: dict[str, Fraction] = defaultdict(Fraction)
    for allocation in outcome.allocations:
        for item in allocation.items:
            assert isinstance(item.amount, Fraction)
            into[f"{allocation.article} to {item.account}"] += item.amount
    return found | {name: _shown(amount) for name, amount in into.items()}


def _shown(amount: object) -> str:
    assert isinstance(amount, Fraction)
    return f"{Decimal(amount.numerator) / amount.denominator:.2f}"


@pytest.mark.parametrize("name", [name for name in PAID if name != EARLIER])
def test_a_policy_pays_what_it_paid(name: str, evaluated: Callable[[str, str], Year]) -> None:
    assert payments(evaluated(*name.split("/")).outcome) == PAID[name]


def test_the_earlier_text_is_told_the_line_that_pays_the_same(world: World) -> None:
    policy = open_policy(POLICIES / "txirbil", Report())
    assert policy is not None
    text = (HERE / "earlier" / "txirbil.es.coop").read_text("utf-8")
    statute, report = tried(text, world, "es", policy)
    (first,) = [one for one in report.diagnostics if one.severity is Severity.ERROR]
    assert statute is None and first.code == "M416"
    line = first.arguments["charged"]
    pasted = evolve(first, arguments=first.arguments | {"expected": line})
    source = Source("statute.es.coop", text, "es")
    statute, report = tried(mended(source, [pasted]), world, "es", policy)
    assert statute is not None and not report.failed
    folder = POLICIES / "txirbil" / "2024"
    facts = pipeline.read_year(folder, statute, world, policy, report)
    assert facts is not None and facts.closing == date(2024, 12, 31)
    assert payments(pipeline.evaluate(statute, facts, world)) == PAID[EARLIER]
