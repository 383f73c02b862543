"""The law of the Scop: the minimum wages as published, and every rule at its edge and a cent beyond."""

from collections.abc import Callable
from datetime import date, timedelta
from fractions import Fraction

import pytest

from compiling import tried
from coopfx import pipeline
from coopfx.desk.versions import Statute
from coopfx.engine.outcome import NOT_APPLICABLE, SATISFIED, TO_A_CENT, VIOLATED, Verdict
from coopfx.ground.exact import Known
from coopfx.ground.facts import Facts
from coopfx.ground.report import Report
from coopfx.plugged.world import World, load_world

CENT = Fraction(1, 100)
CLOSING = date(2024, 12, 31)

# First day, gross monthly minimum wage for 35 hours a week, as the decrees publish it.
MONTHLY = [
    ("2015-01-01", "1457.52"),
    ("2016-01-01", "1466.62"),
    ("2017-01-01", "1480.27"),
    ("2018-01-01", "1498.47"),
    ("2019-01-01", "1521.22"),
    ("2020-01-01", "1539.42"),
    ("2021-01-01", "1554.58"),
    ("2021-10-01", "1589.47"),
    ("2022-01-01", "1603.12"),
    ("2022-05-01", "1645.58"),
    ("2022-08-01", "1678.95"),
    ("2023-01-01", "1709.28"),
    ("2023-05-01", "1747.20"),
    ("2024-01-01", "1766.92"),
    ("2024-11-01", "1801.80"),
    ("2026-01-01", "1823.03"),
    ("2026-06-01", "1867.02"),
]

LAST_KNOWN = date(2026, 7, 31)

HEAD = """statute "Edge" under fr.scop
currency EUR
in force from 2015-01-01

article 1
"""
WORK = "  share work_share among workers where presence >= 3 months or seniority >= 6 months\n"

Try = Callable[[str], tuple[Statute | None, Report]]
Rule = Callable[..., Verdict]


@pytest.fixture(scope="module")
def world() -> World:
    return load_world(Report())


@pytest.fixture(scope="module")
def try_statute(world: World) -> Try:
    return lambda clauses: tried(HEAD + clauses, world)


def told(report: Report) -> list[str]:
    return [item.code for item in report.diagnostics]


# ---- minimum wage


@pytest.fixture(scope="module")
def wages(try_statute: Try, world: World) -> Callable[[date], object]:
    statute, report = try_statute("  require floor: minimum_wage > 0 EUR\n")
    assert statute is not None, told(report)

    def on(day: date) -> object:
        outcome = pipeline.evaluate(statute, Facts(day), world)
        return next(item.value for item in outcome.values if item.name == "minimum_wage")

    return on


@pytest.mark.parametrize(("start", "monthly"), MONTHLY)
def test_the_minimum_wage_is_the_published_one(
    wages: Callable[[date], object], start: str, monthly: str
) -> None:
    first = date.fromisoformat(start)
    assert wages(first) == Fraction(monthly)
    starts = [date.fromisoformat(day) for day, _ in MONTHLY]
    end = min((day for day in starts if day > first), default=LAST_KNOWN + timedelta(1))
    assert wages(end - timedelta(1)) == Fraction(monthly)


def test_every_minimum_wage_is_tested(try_statute: Try) -> None:
    statute, _ = try_statute("  require floor: minimum_wage > 0 EUR\n")
    assert statute is not None
    dated = statute.program.parameters["minimum_hourly_wage"]
    assert [start.isoformat() for start, *_ in dated.values] == [start for start, _ in MONTHLY]


def test_after_the_last_known_the_year_is_asked_for_it(wages: Callable[[date], object]) -> None:
    value = wages(LAST_KNOWN + timedelta(1))
    assert getattr(value, "facts", None) == (("minimum_hourly_wage_published", ""),)


def test_before_the_first_there_is_no_minimum_wage(wages: Callable[[date], object]) -> None:
    value = wages(date(2014, 12, 31))
    assert getattr(value, "facts", None) == (("minimum_hourly_wage", ""),)


# ---- rules


@pytest.fixture(scope="module")
def rule(try_statute: Try, world: World) -> Rule:
    """The verdict on a rule in a year of sums chosen to the cent."""
    statute, report = try_statute(
        "  input work : money\n"
        "  input interest : money\n"
        "  input legal : money\n"
        "  input development : money\n"
        "  allocate surplus\n"
        "    work to work_share\n"
        "    interest to share_interest\n"
        "    legal to reserves.legal\n"
        "    development to reserves.development\n"
        "    rest to other\n"
        "  account other\n"
        "  share work_share among workers equally\n"
        "  share share_interest among members by shares_held\n"
    )
    assert statute is not None, told(report)

    def judged(
        name: str,
        surplus: str,
        *,
        work: str = "0",
        interest: str = "0",
        legal: str = "0",
        development: str = "0",
        opening: str = "0",
        capital: str = "0",
    ) -> Verdict:
        figures: dict[str, Known] = {
            "surplus": Fraction(surplus),
            "work": Fraction(work),
            "interest": Fraction(interest),
            "legal": Fraction(legal),
            "development": Fraction(development),
            "highest_share_capital": Fraction(capital),
        }
        facts = Facts(CLOSING, figures, {}, {"reserves.legal": Fraction(opening)})
        outcome = pipeline.evaluate(statute, facts, world)
        return next(item for item in outcome.verdicts if item.rule == f"fr.scop.{name}")

    return judged


def edge(kept: Verdict, broken: Verdict, cents: int = 1) -> None:
    """A rule that holds with no margin at all, and fails a cent further, or so many as its lines round."""
    assert kept.status == SATISFIED
    assert broken.status == VIOLATED
    assert broken.binding
    assert isinstance(kept.margin, Fraction)
    assert isinstance(broken.margin, Fraction)
    assert 0 <= kept.margin < CENT
    assert -cents * CENT <= broken.margin < 0 or broken.relation == "above"
    assert broken.reference


def test_fifteen_percent_go_to_the_legal_reserve(rule: Rule) -> None:
    year = {"surplus": "1000", "capital": "50000", "opening": "100"}
    edge(rule("legal_reserve", **year, legal="150"), rule("legal_reserve", **year, legal="149.99"))


def test_less_goes_to_the_legal_reserve_once_it_is_nearly_full(rule: Rule) -> None:
    year = {"surplus": "1000", "capital": "50000", "opening": "49900"}
    edge(rule("legal_reserve", **year, legal="100"), rule("legal_reserve", **year, legal="99.99"))


@pytest.mark.parametrize("opening", ["50000", "60000"])
def test_nothing_need_go_to_a_full_legal_reserve(rule: Rule, opening: str) -> None:
    year = {"surplus": "1000", "capital": "50000", "opening": opening}
    assert rule("legal_reserve", **year).status == SATISFIED


def test_a_part_of_a_cent_is_compared_as_it_is_paid(rule: Rule) -> None:
    # 15 % of 1,000.03 EUR is 150.0045 EUR, which is paid as 150.00; of 1,000.04 EUR it is 150.006.
    year = {"capital": "50000", "legal": "150"}
    assert rule("legal_reserve", "1000.03", **year).status == SATISFIED
    assert rule("legal_reserve", "1000.04", **year).status == VIOLATED


def test_something_goes_to_the_development_fund(rule: Rule) -> None:
    kept = rule("development_fund", "100", development="0.01")
    broken = rule("development_fund", "100", development="0")
    assert (kept.status, broken.status) == (SATISFIED, VIOLATED)
    assert kept.margin == CENT
    assert rule("development_fund", "99.99").status == NOT_APPLICABLE


def test_a_quarter_goes_to_the_work_share(rule: Rule) -> None:
    edge(
        rule("work_share_minimum", "1000", work="250"),
        rule("work_share_minimum", "1000", work="249.99"),
    )
    assert rule("work_share_minimum", "3.06", work="0.76").status == TO_A_CENT


def test_interest_stays_within_the_reserves_of_the_year(rule: Rule) -> None:
    year = {"surplus": "1000", "legal": "100", "development": "50"}
    edge(
        rule("interest_within_reserves", **year, interest="150"),
        rule("interest_within_reserves", **year, interest="150.02"),
        cents=2,
    )
    assert rule("interest_within_reserves", **year, interest="150.01").status == TO_A_CENT


def test_interest_stays_within_the_work_share(rule: Rule) -> None:
    edge(
        rule("interest_within_work_share", "1000", work="300", interest="300"),
        rule("interest_within_work_share", "1000", work="300", interest="300.02"),
        cents=2,
    )
    close = rule("interest_within_work_share", "1000", work="300", interest="300.01")
    assert close.status == TO_A_CENT


@pytest.mark.parametrize("surplus", ["0", "-0.01", "-1000"])
def test_nothing_is_asked_of_a_year_without_a_surplus(rule: Rule, surplus: str) -> None:
    for name in ("legal_reserve", "development_fund", "work_share_minimum"):
        assert rule(name, surplus, capital="50000").status == NOT_APPLICABLE
    for name in ("interest_within_reserves", "interest_within_work_share"):
        assert rule(name, surplus).status == SATISFIED


# ---- what a statute may say


FEED = """  allocate surplus
    60% to work_share
    rest to reserves.development
    losses to losses_brought_forward
"""


@pytest.mark.parametrize(
    "keys",
    [
        "    by salary\n",
        "    by hours\n",
        "    equally\n",
        "    by salary_for_sharing\n",
        "    50% by salary\n    30% by hours\n    20% equally\n",
    ],
)
def test_the_work_share_may_be_shared_by_the_keys_of_the_law(try_statute: Try, keys: str) -> None:
    statute, report = try_statute(FEED + WORK + keys)
    assert statute is not None
    assert told(report) == []


@pytest.mark.parametrize(
    "keys",
    [
        "    by seniority\n",
        "    by shares_held\n",
        "    by salary * 2\n",
        "    90% by salary\n    10% by full_time_pay\n",
    ],
)
def test_another_key_is_refused(try_statute: Try, keys: str) -> None:
    statute, report = try_statute(FEED + WORK + keys)
    assert statute is None
    assert told(report) == ["L501"]
    [diagnostic] = report.diagnostics
    assert diagnostic.arguments["article"] == "33 3°"


@pytest.mark.parametrize(
    "group",
    [
        "workers",
        "people",
        "workers where presence >= 3 months or seniority >= 6 months",
        "workers where presence >= 2 months or seniority >= 6 months",
        "workers where presence >= 0 months or seniority >= 6 months",
        "workers where seniority >= 6 months or presence >= 3 months",
        "workers where member or presence >= 3 months or seniority >= 6 months",
        "people where worker",
    ],
)
def test_whoever_the_law_entitles_may_not_be_fewer_but_more(try_statute: Try, group: str) -> None:
    statute, report = try_statute(f"{FEED}  share work_share among {group}\n    by salary\n")
    assert statute is not None, told(report)
    assert told(report) == []


@pytest.mark.parametrize(
    "group",
    [
        "members",
        "workers where member",
        "workers where presence >= 3 months",
        "workers where seniority >= 6 months",
        "workers where presence >= 3 months and seniority >= 6 months",
        "workers where presence > 3 months or seniority >= 6 months",
        "workers where presence >= 4 months or seniority >= 6 months",
        "workers where presence >= 3 months or seniority >= 7 months",
        "workers where presence <= 3 months or seniority >= 6 months",
    ],
)
def test_a_narrower_entitlement_is_refused(try_statute: Try, group: str) -> None:
    statute, report = try_statute(f"{FEED}  share work_share among {group}\n    by salary\n")
    assert statute is None
    assert told(report) == ["L502"]


@pytest.mark.parametrize("account", ["reserves", "reserves.legal", "reserves.development"])
@pytest.mark.parametrize(
    "clause",
    [
        "  allocate {account}\n    100% to work_share\n    losses to losses_brought_forward\n",
        "  share {account} among workers\n    equally\n",
        "  share {account} among members\n    by shares_held\n",
    ],
)
def test_reserves_are_indivisible(try_statute: Try, account: str, clause: str) -> None:
    statute, report = try_statute(clause.format(account=account))
    assert statute is None
    assert told(report) == ["M404"]
    [diagnostic] = report.diagnostics
    assert diagnostic.related, "the law's own clause is shown beside it"
    assert diagnostic.arguments["law"] == "fr.scop"


SENIORITY = """  scale loyalty by seniority
    from 0 years: 1
    from 10 years: {most}
"""


@pytest.mark.parametrize(
    ("most", "codes"), [("1.5", []), ("2", []), ("2.01", ["L513"]), ("3", ["L513"])]
)
def test_a_coefficient_of_seniority_may_reach_two(
    try_statute: Try, most: str, codes: list[str]
) -> None:
    clauses = (
        FEED + SENIORITY.format(most=most) + WORK + "    by salary\n    multiplied by loyalty\n"
    )
    statute, report = try_statute(clauses)
    assert told(report) == codes
    assert (statute is None) == bool(codes)


@pytest.mark.parametrize(
    "coefficient",
    [
        "seniority / 12 months",
        "1 + seniority / 20 years",
        "(1 + seniority / 20 years) rounded down to 0.01",
        "max(1, seniority / 5 years)",
        "50% of (1 + seniority / 10 years)",
        "loyalty",
    ],
)
def test_a_coefficient_that_rises_with_seniority_is_permitted(
    try_statute: Try, coefficient: str
) -> None:
    clauses = FEED + SENIORITY.format(most="1.5") if coefficient == "loyalty" else FEED
    clauses += f"{WORK}    by salary\n    multiplied by min(2, {coefficient})\n"
    assert told(try_statute(clauses)[1]) == []


@pytest.mark.parametrize(
    "coefficient",
    [
        "hours / 1 600 hours",
        "presence / 6 months",
        "if member then 2 else 1",
        "seniority / 12 months * hours / 1 600 hours",
        "2 - seniority / 40 years",
        "1 / (1 + seniority / 1 year)",
        "seniority / max(1 month, presence)",
        "age",
    ],
)
def test_another_coefficient_is_refused(try_statute: Try, coefficient: str) -> None:
    age = "  input age : number of person >= 0\n" if coefficient == "age" else ""
    clauses = f"{age}{FEED}{WORK}    by salary\n    multiplied by max(0, min(2, {coefficient}))\n"
    statute, report = try_statute(clauses)
    assert statute is None
    assert told(report) == ["L516"]
    [diagnostic] = report.diagnostics
    assert diagnostic.arguments["article"] == "33 3°"


def test_a_scale_of_seniority_that_falls_is_refused(try_statute: Try) -> None:
    falling = "  scale loyalty by seniority\n    from 0 years: 1.5\n    from 10 years: 1.2\n"
    clauses = FEED + falling + WORK + "    by salary\n    multiplied by loyalty\n"
    assert told(try_statute(clauses)[1]) == ["L516"]
    other = "  scale loyalty by hours\n    from 0 hours: 1\n    from 800 hours: 2\n"
    clauses = FEED + other + WORK + "    by salary\n    multiplied by loyalty\n"
    assert told(try_statute(clauses)[1]) == ["L516"]


def test_a_coefficient_without_a_bound_is_refused(try_statute: Try) -> None:
    clauses = "    by salary\n    multiplied by seniority / 12 months\n"
    assert told(try_statute(FEED + WORK + clauses)[1]) == ["L513"]
    held = "    by salary\n    multiplied by min(2, seniority / 12 months)\n"
    assert told(try_statute(FEED + WORK + held)[1]) == []


@pytest.mark.parametrize(
    "clauses",
    [
        "  define pot = min(work_share, 5 000 EUR)\n  share pot among members by shares_held\n",
        "  share 50% of work_share among workers by seniority\n",
        "  allocate work_share\n    rest to pot\n    losses to losses_brought_forward\n"
        "  share pot among workers by shares_held\n",
        WORK + "    by salary\n    at most 10 EUR each\n    excess to pot\n"
        "  share pot among workers by shares_held\n",
    ],
)
def test_the_form_follows_the_money(try_statute: Try, clauses: str) -> None:
    statute, report = try_statute(FEED + clauses)
    assert statute is None
    assert "L501" in told(report)


@pytest.mark.parametrize(
    "amount",
    [
        "10% of opening reserves.legal",
        "min(closing reserves.development, 5 000 EUR)",
        "previous closing reserves",
    ],
)
def test_balances_of_reserves_are_indivisible_too(try_statute: Try, amount: str) -> None:
    direct = f"  share {amount} among members by shares_held\n"
    through = (
        f"  define amount = {amount}\n  allocate amount\n    rest to cash\n"
        "    losses to losses_brought_forward\n  share cash among members by shares_held\n"
    )
    for clauses in (direct, through):
        statute, report = try_statute(clauses)
        assert statute is None
        assert "M404" in told(report)
