"""The nearest lawful change of sixty broken statutes, against a grid that the search knows nothing of."""

from collections import Counter
from collections.abc import Iterator
from decimal import Decimal
from fractions import Fraction
from math import ceil
from os import environ
from random import Random

import pytest

from coopfx.engine.outcome import VIOLATED, LawfulChange, Nearest, Proof
from coopfx.engine.proof.nearest import Search
from coopfx.engine.proof.obligations import TOLD
from coopfx.engine.proof.prove import prove, prove_clauses
from coopfx.engine.reference.evaluate import evaluate
from coopfx.engine.reference.settle import verdict
from coopfx.formats.changes import with_changes
from coopfx.ground.facts import Facts
from coopfx.language import ir
from coopfx.plugged.world import World
from searching import searched
from sharing import BARE, Compile, TryText

_HUNDREDTH, _CENT = Fraction(1, 10_000), Fraction(1, 100)
_PLACES = 20
"""So many places of a figure are tried next to what was found, and as many others drawn below."""


def _percent(random: Random, low: int, high: int, decimals: int) -> str:
    """A percentage between two, with so many decimals."""
    drawn = random.randrange(low * 10**decimals, high * 10**decimals)
    return f"{Decimal(drawn).scaleb(-decimals)}%"


def _percentage(random: Random, decimals: int) -> str:
    low, asked = (_percent(random, *ends, decimals) for ends in ((22, 24), (25, 27)))
    return f"""  allocate surplus
    {low} to work_share
    rest to reserves.development
    losses to losses_brought_forward
  require enough: work_share >= {asked} of surplus
"""


def _sum(random: Random, decimals: int) -> str:
    given, asked = random.randrange(500, 510), random.randrange(490, 500)
    return f"""  allocate surplus
    20% to gifts at most {given}.{random.randrange(10, 99)} EUR
    rest to reserves.development
    losses to losses_brought_forward
  require few: gifts <= {asked}.{random.randrange(10, 99)} EUR
"""


def _decision(random: Random, decimals: int) -> str:
    low, asked = (_percent(random, *ends, decimals) for ends in ((22, 24), (25, 27)))
    return f"""  decide part between {low} and 60% otherwise 50%
  allocate surplus
    part * surplus to work_share
    rest to reserves.development
    losses to losses_brought_forward
  require enough: work_share >= {asked} of surplus
"""


def _scale(random: Random, decimals: int) -> str:
    low, asked = (_percent(random, *ends, decimals) for ends in ((22, 24), (25, 27)))
    return f"""  scale work_part by surplus
    from 100 000 EUR: {low}
    otherwise 45%
  allocate surplus
    work_part * surplus to work_share
    rest to reserves.development
    losses to losses_brought_forward
  require enough: work_share >= {asked} of surplus
"""


def _pair(random: Random, decimals: int) -> str:
    lows = [_percent(random, *ends, decimals) for ends in ((16, 18), (16, 18))]
    asked = [_percent(random, *ends, decimals) for ends in ((19, 21), (19, 21))]
    return f"""  allocate surplus
    {lows[0]} to work_share
    {lows[1]} to gifts
    rest to reserves.development
    losses to losses_brought_forward
  require enough: work_share >= {asked[0]} of surplus
  require generous: gifts >= {asked[1]} of surplus
"""


KINDS = {
    "percentage": _percentage,
    "sum": _sum,
    "decision": _decision,
    "scale": _scale,
    "pair": _pair,
}


def _proved(program: ir.Program) -> list[Proof]:
    rules = list(prove(program))
    made = [*rules, *prove_clauses(program, rules)]
    return [one for one in made if one.is_obligation and not one.holds]


def _nearer(search: Search, found: LawfulChange, random: Random) -> Iterator[Nearest]:
    """Less changes of any figure of the sort, on the grid: the last ones, and some drawn below."""
    (change,) = found.changes
    grid = _CENT if change.is_money else _HUNDREDTH
    counts = range(1, ceil(abs(change.new - change.old) / grid))
    drawn = random.sample(counts, min(len(counts), _PLACES))
    for figure in search.figures():
        for count in sorted({*counts[-_PLACES:], *drawn}):
            for new in (figure.value + count * grid, figure.value - count * grid):
                if (
                    figure.is_money == change.is_money
                    and new >= 0
                    and (figure.is_money or new <= 1)
                ):
                    yield Nearest(figure.span, figure.value, new, figure.is_money)


def _is_broken(program: ir.Program, years: list[Facts]) -> bool:
    """Whether a year breaks a rule while the meeting keeps to its bounds: a known one, or one found."""
    decided = {node.name for node in program.nodes if isinstance(node, ir.Decision)}
    for facts in years:
        run = evaluate(program, facts)
        broken = {rule.name for rule in program.rules if verdict(run, rule).status == VIOLATED} | {
            one.code for one in run.diagnostics if one.code in TOLD.values()
        }
        if broken and broken.isdisjoint(decided):
            return True
    found = [one.year for one in _proved(program) if one.year is not None]
    years[:0] = found
    return bool(found)


@pytest.mark.soak
@pytest.mark.parametrize("kind", KINDS)
def test_every_change_is_lawful_and_no_nearer_one_is(
    compile_text: Compile, try_text: TryText, world: World, kind: str
) -> None:
    """``NEAREST_EACH`` statutes of a kind, twelve where that is not said: see campaigns.md."""
    found: Counter[str] = Counter()
    for seed in range(int(environ.get("NEAREST_EACH", "12"))):
        random = Random(f"{kind} {seed}")
        # Up to four decimals of a percentage.
        text = BARE + KINDS[kind](random, seed % 5)
        search = searched(compile_text, try_text, text)
        changes = search.nearest()
        assert changes, text
        found["statutes"] += 1
        for change in changes:
            made = compile_text(with_changes(text, change.changes, world.words("en")))
            assert not _proved(made.program), (text, change)
            found["changes applied and proved"] += 1
            if not change.nearest:
                found["not said to be the nearest"] += 1
                continue
            years = [one.year for one in search.proofs if one.year is not None]
            for nearer in _nearer(search, change, random):
                other, _ = try_text(with_changes(text, [nearer], world.words("en")))
                found["nearer places"] += 1
                assert other is None or _is_broken(other.program, years), (text, change, nearer)
    print(f"\n{kind}: {dict(sorted(found.items()))}")
    assert found["changes applied and proved"] >= found["statutes"]
