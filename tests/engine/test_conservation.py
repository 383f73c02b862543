"""Whole statutes on generated years: no cent is lost, counted twice, or paid against the law."""

from collections.abc import Callable, Iterable, Sequence
from datetime import date
from fractions import Fraction
from itertools import permutations
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from coopfx import pipeline
from coopfx.desk.versions import Statute
from coopfx.engine.outcome import NOT_APPLICABLE, SATISFIED, VIOLATED, Outcome, Share
from coopfx.ground.exact import Known
from coopfx.ground.facts import Facts, Table
from coopfx.plugged.world import World

Compile = Callable[[str], Statute]

CENT = Fraction(1, 100)
CLOSING = date(2024, 12, 31)
HUGE = 10**15

HEAD = """statute "Generated"{law}
currency EUR
in force from 2020-01-01

article 1
"""
WHOLE = """
article 2
  share work_share among workers
    where presence >= 3 months or seniority >= 6 months
    {salary}% by salary
    {hours}% by hours
    {equally}% equally
  share share_interest among members
    by shares_held

article 3
  account common_investment
  account bonus
  account project
  account after_project
  pool result of teams
    {kept}% kept by each
    rest to common_investment
  share bonus among (people where member)
    equally
  allocate project
    {first}% to after_project
    {second}% to reserves.development
    {third}% to after_project.later
"""


def statute_text(random: Random) -> str:
    """A statute whose percentages, items and bounds are drawn."""
    cuts = sorted(random.sample(range(0, 10_001), 5))
    parts = [after - before for before, after in zip([0, *cuts], cuts, strict=False)]
    if random.random() < 0.5:
        parts.append(10_000 - cuts[-1])
    accounts = ["work_share", "share_interest", "reserves.legal", "bonus", "project"]
    accounts += ["reserves.development"] * (len(parts) - len(accounts))
    items = [
        f"    {decimal(part)}% to {account}" for part, account in zip(parts, accounts, strict=True)
    ]
    until = " until highest_share_capital"
    items[2] += random.choice(["", until, until + " then to reserves.development"])
    random.shuffle(items)
    if sum(parts) < 10_000 or random.random() < 0.3:
        items.append("    rest to reserves.development")
    if random.random() < 0.5:
        items.append("    losses to losses_brought_forward")
    keys = cut(random, 3)
    project = cut(random, 3)
    return (
        HEAD.format(law="")
        + "\n".join(["  allocate surplus", *items])
        + WHOLE.format(
            salary=decimal(keys[0]),
            hours=decimal(keys[1]),
            equally=decimal(keys[2]),
            kept=decimal(random.randint(0, 10_000)),
            first=decimal(project[0]),
            second=decimal(project[1]),
            third=decimal(project[2]),
        )
    )


def cut(random: Random, count: int) -> list[int]:
    """The whole, in hundredths of a percent, cut into parts."""
    cuts = sorted(random.randint(0, 10_000) for _ in range(count - 1))
    return [after - before for before, after in zip([0, *cuts], [*cuts, 10_000], strict=True)]


def decimal(hundredths: int) -> str:
    return f"{hundredths // 100}.{hundredths % 100:02}"


@pytest.fixture(scope="module")
def statutes(compile_text: Compile) -> list[Statute]:
    """Sixty generated statutes, compiled."""
    return [compile_text(statute_text(Random(seed))) for seed in range(60)]


# ---- years


Row = dict[str, Known]


def table(rows: Sequence[Row]) -> Table:
    """A table of records, the way a reader makes one: in order of their identifiers."""
    named = sorted((str(row["id"]), row) for row in rows)
    columns = {name for row in rows for name in row} - {"id"}
    return Table(
        tuple(name for name, _ in named),
        {column: tuple(row.get(column) for _, row in named) for column in sorted(columns)},
    )


surpluses = st.one_of(
    st.sampled_from([-HUGE, -1, 0, 1, 2, 3, 7, 99, 100, 9_999, HUGE, HUGE + 1]),
    st.integers(-1_000, 1_000),
    st.integers(0, HUGE),
).map(lambda cents: cents * CENT)


def person(random: Random, number: int) -> Row:
    """A person whose figures are often zero and often those of others."""
    return {
        "id": f"{random.choice('pPé0')}{number}",
        "worker": random.random() < 0.8,
        "member": random.random() < 0.5,
        "salary": random.choice([0, 0, 2_000_00, random.randrange(10**7)]) * CENT,
        "hours": Fraction(random.choice([0, 1607, 1607, random.randrange(160_700)]), 100),
        "presence": Fraction(random.choice([0, 2, 3, 12])),
        "seniority": Fraction(random.choice([0, 5, 6, 100])),
        "shares_held": random.choice([0, 50_00, random.randrange(10**7)]) * CENT,
    }


def make_year(statute: Statute, surplus: Fraction, seed: int) -> Facts:
    """A year with that surplus; all else is drawn."""
    random = Random(seed)
    capital = random.choice([0, 1, 1000, random.randrange(10**12)]) * CENT
    people = [person(random, number) for number in range(random.choice([0, 1, 2, 7, 7]))]
    teams: list[Row] = [
        {
            "id": f"t{number}",
            "result": random.choice([0, 1, random.randrange(-(10**9), 10**9)]) * CENT,
        }
        for number in range(random.choice([0, 1, 5]))
    ]
    return Facts(
        CLOSING,
        {"surplus": surplus, "highest_share_capital": capital},
        {"person": table(people), "team": table(teams)},
        {name: random.randrange(-1_000, 10**9) * CENT for name in statute.program.accounts},
    )


@settings(max_examples=800, deadline=None)
@given(st.integers(0, 59), surpluses, st.integers(0, 2**32))
def test_no_cent_is_lost_or_counted_twice(
    statutes: list[Statute], world: World, number: int, surplus: Fraction, seed: int
) -> None:
    statute = statutes[number]
    facts = make_year(statute, surplus, seed)
    outcome = pipeline.evaluate(statute, facts, world)
    told = {item.code for item in outcome.diagnostics}
    assert told <= {"R801", "R804", "R805", "R808", "R814"}
    assert ("R805" in told) == (surplus < 0)
    check_allocations(outcome)
    check_shares(outcome, facts)
    check_pools(outcome, facts)
    check_accounts(outcome)
    # What changed in all accounts of the legal book, and what left it for people: the surplus.
    books = {item.name: item for item in outcome.accounts if not item.management}
    roots = [
        item
        for name, item in books.items()
        if name.rsplit(".", 1)[0] not in books or "." not in name
    ]
    change = sum(number_of(item.closing) - number_of(item.opening) for item in roots)
    paid = sum(number_of(item.amount) - number_of(item.undistributed) for item in outcome.shares)
    assert change + paid == surplus - unallocated(outcome)


def number_of(value: object) -> Fraction:
    assert isinstance(value, Fraction), value
    return value


def unallocated(outcome: Outcome) -> Fraction:
    """What the allocation of the surplus left where it was, which a diagnostic tells."""
    surplus = next(item for item in outcome.allocations if item.source == "surplus")
    paid = sum((number_of(item.amount) for item in surplus.items), Fraction(0))
    return number_of(surplus.amount) - paid


def check_allocations(outcome: Outcome) -> None:
    left_over = any(item.code == "R804" for item in outcome.diagnostics)
    for allocation in outcome.allocations:
        amounts = [number_of(item.amount) for item in allocation.items]
        source = number_of(allocation.amount)
        assert all((amount / CENT).denominator == 1 for amount in amounts)
        assert sum(amounts) == source or left_over
        if source < 0:
            assert [item.amount for item in allocation.items if item.amount] == [source]
        else:
            assert all(amount >= 0 for amount in amounts)


def check_shares(outcome: Outcome, facts: Facts) -> None:
    refused = [item for item in outcome.diagnostics if item.code in ("R801", "R808")]
    undistributed = [item for item in outcome.shares if item.undistributed]
    assert len(refused) == len(undistributed)
    people = facts.tables["person"]
    for share in outcome.shares:
        assert share.parts is not None
        parts = [part for _, part in share.parts]
        amount, kept = number_of(share.amount), number_of(share.undistributed)
        assert sum(parts, kept) == amount
        assert kept in (0, amount)
        assert all(part >= 0 and (part / CENT).denominator == 1 for part in parts)
        entitled = entitled_to(share, people)
        assert [name for name, _ in share.parts] == entitled
        if len(entitled) == 1 and not kept:
            assert parts == [amount]


def entitled_to(share: Share, people: Table) -> list[str]:
    rows = [
        {name: column[row] for name, column in people.columns.items()}
        for row in range(len(people.ids))
    ]
    if share.source == "work_share":
        held = [
            row["worker"] is True
            and (number_of(row["presence"]) >= 3 or number_of(row["seniority"]) >= 6)
            for row in rows
        ]
    else:
        held = [row["member"] is True for row in rows]
    return [name for name, has in zip(people.ids, held, strict=True) if has]


def check_pools(outcome: Outcome, facts: Facts) -> None:
    for pool in outcome.pools:
        kept = [number_of(part) for _, _, part in pool.parts]
        figures = [number_of(figure) for _, figure, _ in pool.parts]
        assert [name for name, _, _ in pool.parts] == list(facts.tables["team"].ids)
        assert sum(kept, number_of(pool.pooled)) == sum(figures)
        assert all(
            0 <= own <= max(figure, Fraction(0)) for own, figure in zip(kept, figures, strict=True)
        )


def check_accounts(outcome: Outcome) -> None:
    accounts = {item.name: item for item in outcome.accounts}
    branches = [item for name, item in accounts.items() if name.startswith("reserves.")]
    for at in ("opening", "added", "taken", "closing"):
        inside = sum(number_of(getattr(item, at)) for item in branches)
        assert getattr(accounts["reserves"], at) == inside
    for item in outcome.accounts:
        opening, added, taken = (number_of(x) for x in (item.opening, item.added, item.taken))
        assert item.closing == opening + added - taken
    paid = {
        share.source: number_of(share.amount) - number_of(share.undistributed)
        for share in outcome.shares
    }
    for name, amount in paid.items():
        assert name is not None
        assert accounts[name].taken == amount
    gathered = sum((number_of(pool.pooled) for pool in outcome.pools), Fraction(0))
    assert accounts["common_investment"].added == gathered


@settings(max_examples=100, deadline=None)
@given(st.integers(0, 59), st.integers(1, HUGE), st.integers(0, 2**32), st.integers(1, 10**6))
def test_the_same_year_gives_the_same_outcome_in_any_order_of_its_figures(
    statutes: list[Statute], world: World, number: int, whole: int, seed: int, other: int
) -> None:
    statute = statutes[number]
    facts = make_year(statute, whole * CENT, seed)
    figures = list(facts.figures.items())
    balances = list(facts.balances.items())
    Random(other).shuffle(figures)
    Random(other).shuffle(balances)
    again = Facts(CLOSING, dict(figures), dict(reversed(facts.tables.items())), dict(balances))
    assert pipeline.evaluate(statute, facts, world) == pipeline.evaluate(statute, again, world)


# ---- no lawful percentage is violated for a rounded cent


def lawful_text(items: Iterable[str]) -> str:
    return HEAD.format(law=" under fr.scop") + "\n".join(["  allocate surplus", *items])


ORDERS = list(permutations(range(3)))

# The rules that the law sets on the money itself; the others rest on facts that these years do not give.
ON_MONEY = {
    "fr.scop.legal_reserve",
    "fr.scop.development_fund",
    "fr.scop.work_share_minimum",
    "fr.scop.interest_within_reserves",
    "fr.scop.interest_within_work_share",
}


def permuted(work: int, interest: int, legal: int, order: Sequence[int]) -> list[str]:
    """Three items in one of their orders, and the rest to the development fund."""
    items = [
        f"    {work}% to work_share",
        f"    {interest}% to share_interest",
        f"    {legal}% to reserves.legal until highest_share_capital then to reserves.development",
    ]
    return [*(items[place] for place in order), "    rest to reserves.development"]


def lawful_items(random: Random) -> tuple[list[str], Fraction]:
    """Percentages that keep the law, often at its very edge, in any order; and what the rest has.

    Interest keeps under the items of the reserves alone, so that the rest is a margin for it too.
    """
    rest = random.randint(10, 4_000)
    work = random.choice([2_500, random.randint(2_500, 8_500 - rest)])
    reserves = random.choice([1_500, random.randint(1_500, 10_000 - work - rest)])
    most = min(10_000 - work - reserves - rest, reserves, work)
    interest = random.choice([most, random.randint(0, most)])
    then = random.choice(["", " then to reserves.development"])
    items = [
        f"    15% to reserves.legal until highest_share_capital{then}",
        f"    {decimal(work)}% to work_share",
        f"    {decimal(interest)}% to share_interest",
        f"    {decimal(reserves - 1_500)}% to reserves.development",
    ]
    random.shuffle(items)
    rest = 10_000 - work - reserves - interest
    return [*items, "    rest to reserves.development"], Fraction(rest, 10_000)


def violated_laws(statute: Statute, world: World, surplus: Fraction, random: Random) -> list[str]:
    """The laws that are violated in a year with that surplus and some room in the legal reserve."""
    # Room for the whole 15 %, for nearly that, for a single cent, and for nothing.
    room = random.choice([surplus, surplus * 3 // 20 // CENT * CENT, CENT, Fraction(0)])
    legal = random.randint(0, 10**9) * CENT
    facts = Facts(
        CLOSING,
        {"surplus": surplus, "highest_share_capital": legal + room},
        {},
        dict.fromkeys(statute.program.accounts, Fraction(0)) | {"reserves.legal": legal},
    )
    outcome = pipeline.evaluate(statute, facts, world)
    decided = [item for item in outcome.verdicts if item.binding and item.rule in ON_MONEY]
    assert {item.status for item in decided} <= {SATISFIED, NOT_APPLICABLE, VIOLATED}
    assert len(decided) == len(ON_MONEY)
    assert sum(number_of(item.amount) for item in outcome.allocations[0].items) == surplus
    return [item.rule for item in outcome.verdicts if item.law and item.status == VIOLATED]


def magnitudes(random: Random, count: int) -> list[int]:
    return [random.randint(1, 10 ** random.randint(3, 15)) for _ in range(count)]


@pytest.mark.parametrize("order", ORDERS, ids=lambda order: "".join(map(str, order)))
@pytest.mark.parametrize(
    ("work", "interest", "legal"), [(60, 10, 15), (25, 10, 15), (50, 16, 15), (40, 20, 16)]
)
def test_no_lawful_percentage_is_violated_for_a_rounded_cent_from_one_cent_up(
    compile_text: Compile, world: World, work: int, interest: int, legal: int, order: Sequence[int]
) -> None:
    statute = compile_text(lawful_text(permuted(work, interest, legal, order)))
    random = Random(work)
    for whole in (*range(1, 101), *magnitudes(random, 20)):
        assert not violated_laws(statute, world, whole * CENT, random), whole


@pytest.mark.parametrize("seed", range(30))
def test_no_lawful_percentage_is_violated_where_the_rest_can_bear_the_rounding(
    compile_text: Compile, world: World, seed: int
) -> None:
    random = Random(seed)
    items, rest = lawful_items(random)
    statute = compile_text(lawful_text(items))
    # Four items may each be rounded up by half a cent: the rest has to hold two.
    least = -(-2 // rest)
    for whole in (*range(least, least + 40), *(least + more for more in magnitudes(random, 20))):
        assert not violated_laws(statute, world, whole * CENT, random), whole
