"""Participation agreements: the formulas of the labour code, worked out in fractions from its words."""

from datetime import date
from fractions import Fraction
from random import Random

import packs
import pytest

from coopfx import pipeline
from coopfx.desk.versions import Statute
from coopfx.engine.outcome import SATISFIED, Outcome
from coopfx.ground.exact import Known
from coopfx.ground.facts import Facts, Table

CENT = Fraction(1, 100)
CLAUSES = """  allocate surplus
    60% to work_share
    rest to reserves.development
    losses to losses_brought_forward
  share work_share among workers where presence >= 3 months or seniority >= 6 months
    by salary_for_sharing
    at most ceiling_of_rights each
  define profit_sharing_rights = work_share of person for each person
"""
# Yearly ceiling of social security, and how many of them the pay that counts may reach.
CEILINGS = {
    date(2018, 12, 31): (Fraction(39732), 4),
    date(2023, 6, 30): (Fraction(43992), 3),
    date(2024, 12, 31): (Fraction(46368), 3),
    date(2026, 12, 31): (Fraction(48060), 3),
}
Person = tuple[int, Fraction]
"""Months of presence in the year, pay of the year."""


@pytest.fixture(scope="module")
def statute() -> Statute:
    made, report = packs.compiled(CLAUSES, "fr.scop", packs.installed(), "2015-01-01")
    assert made is not None, [item.code for item in report.in_order()]
    return made


def year(
    statute: Statute, closing: date, people: list[Person], figures: dict[str, Known]
) -> Outcome:
    """The outcome of a year of these people, all of them workers with a long service."""
    ids = tuple(f"p{number:02}" for number in range(len(people)))
    columns: dict[str, tuple[Known | None, ...]] = {
        "worker": (True,) * len(people),
        "presence": tuple(Fraction(months) for months, _ in people),
        "seniority": (Fraction(60),) * len(people),
        "salary": tuple(pay for _, pay in people),
    }
    facts = Facts(closing, figures, {"person": Table(ids, columns)}, {})
    return pipeline.evaluate(statute, facts, packs.installed())


def shared(
    people: list[Person], total: Fraction, salary: Fraction, ceiling: Fraction
) -> list[Fraction]:
    """Art. D. 3324-10 to D. 3324-13 and L. 3324-7: who has what of a reserve, in fractions.

    The pay that counts and the rights are both bounded, in proportion to presence. What a bound holds
    back is shared at once among those below theirs, as often as it takes.
    """
    pay = [min(earned, salary * months / 12) for months, earned in people]
    most = [Fraction(3, 4) * ceiling * months / 12 for months, _ in people]
    rights = [Fraction(0)] * len(people)
    left = total
    while left > 0:
        below = [at for at in range(len(people)) if rights[at] < most[at] and pay[at] > 0]
        counted = sum(pay[at] for at in below)
        if not below:
            break
        more = [min(most[at] - rights[at], left * pay[at] / counted) for at in below]
        for at, part in zip(below, more, strict=True):
            rights[at] += part
        left -= sum(more)
        if not any(rights[at] == most[at] for at in below):
            break
    return rights


@pytest.mark.parametrize("seed", range(24))
def test_rights_are_shared_under_their_ceilings(statute: Statute, seed: int) -> None:
    random = Random(seed)
    closing = random.choice(list(CEILINGS))
    ceiling, times = CEILINGS[closing]
    count = random.randrange(2, 9)
    people = [
        (random.choice((3, 6, 7, 11, 12, 12)), Fraction(random.randrange(900_000, 25_000_000), 100))
        for _ in range(count)
    ]
    salary = min(times * ceiling, Fraction(random.randrange(20_000, 200_000)))
    # From a reserve that no ceiling touches to one that they cannot hold.
    surplus = Fraction(random.randrange(1_000_000, 5_500_000) * count, 100)
    reserve = Fraction(round(surplus * 60), 100)
    figures: dict[str, Known] = {
        "surplus": surplus,
        "profit_sharing_agreement": True,
        "ceiling_of_the_agreement": salary,
        "profit_sharing_reserve": reserve,
    }
    outcome = year(statute, closing, people, figures)
    [share] = outcome.shares
    assert share.parts is not None
    paid = [part for _, part in share.parts]
    exact = shared(people, reserve, salary, ceiling)
    assert all(abs(part - right) < CENT for part, right in zip(paid, exact, strict=True))
    assert abs(sum(paid) - sum(exact)) < CENT * count
    verdicts = {item.rule: item.status for item in outcome.verdicts}
    assert verdicts["fr.scop.rights_within_the_ceiling"] == SATISFIED
    assert verdicts["fr.scop.ceiling_of_the_agreement_permitted"] == SATISFIED


def test_some_of_these_reserves_reach_no_ceiling_some_do_and_some_leave_a_rest() -> None:
    """The generated years are of all three kinds, by the figures of one closing."""
    ceiling = Fraction(46368)
    people: list[Person] = [(12, Fraction(30_000)), (6, Fraction(20_000))]
    most = [Fraction(34776), Fraction(17388)]
    assert shared(people, Fraction(10_000), 3 * ceiling, ceiling) == [6000, 4000]
    assert shared(people, Fraction(50_000), 3 * ceiling, ceiling) == [32612, most[1]]
    assert shared(people, Fraction(90_000), 3 * ceiling, ceiling) == most


@pytest.mark.parametrize("seed", range(12))
def test_the_least_reserve_is_that_of_the_code(statute: Statute, seed: int) -> None:
    """Art. R. 3323-9: half of the profit less 5% of the paid-up capital, by wages over value added."""
    random = Random(seed)

    def amount(most: int) -> Fraction:
        return Fraction(random.randrange(1, most), 100)

    surplus, paid_up, added = amount(90_000_000), amount(90_000_000), amount(200_000_000)
    people = [(12, amount(9_000_000)) for _ in range(random.randrange(1, 5))]
    figures: dict[str, Known] = {
        "surplus": surplus,
        "share_capital": paid_up + amount(1_000_000),
        "paid_up_capital": paid_up,
        "value_added": added,
    }
    outcome = year(statute, date(2024, 12, 31), people, figures)
    profit = surplus - surplus * 25 / 100
    profit -= profit * 25 / 100
    wages = sum(pay for _, pay in people)
    least = max(Fraction(0), (profit - paid_up * 5 / 100) / 2 * wages / added)
    [found] = [item.value for item in outcome.values if item.name == "least_profit_sharing"]
    assert found == least
