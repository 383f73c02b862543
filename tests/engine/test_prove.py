"""Proofs: what is always so, what some year breaks, and that neither is ever said wrongly."""

import re
from datetime import date
from fractions import Fraction
from pathlib import Path
from shutil import copytree
from time import perf_counter

import pytest
from attrs import evolve
from click.testing import CliRunner

from coopfx.apps.cli.main import cli
from coopfx.desk.versions import Statute
from coopfx.engine.outcome import (
    ALWAYS,
    NEVER,
    ON_FACTS,
    ONLY_IF,
    REFUTED,
    UNDECIDED,
    VIOLATED,
    Proof,
)
from coopfx.engine.proof.prove import prove
from coopfx.engine.proof.prover import Prover
from coopfx.engine.reference.evaluate import evaluate
from coopfx.engine.reference.settle import verdict
from coopfx.language.ranges import ranges
from sharing import BARE, LEGAL, REST, SCOP, Compile, allocation

LAW = (
    "legal_reserve",
    "development_fund",
    "work_share_minimum",
    "interest_within_reserves",
    "interest_within_work_share",
)


def proofs(statute: Statute, milliseconds: int | None = None) -> dict[str, Proof]:
    """The proofs of a statute's rules, by the rules' own names."""
    found = prove(statute.program, milliseconds=milliseconds)
    return {proof.rule.rpartition(".")[2]: plain(proof) for proof in found}


def proof_alone(statute: Statute, name: str) -> Proof:
    """The proof of one rule of the law, asked alone."""
    program = statute.program
    (rule,) = (item for item in program.rules if item.name.rpartition(".")[2] == name)
    bounds = ranges(program.nodes, program.constants)
    return Prover(program, rule, None, None, bounds).proof()


def plain(proof: Proof) -> Proof:
    """A proof without the condition under which its rule holds: that is tested by itself."""
    verdict = REFUTED if proof.verdict == ONLY_IF else proof.verdict
    return evolve(proof, verdict=verdict, only_if=None)


def figures(proof: Proof) -> dict[str, Fraction]:
    """The facts of the year that breaks a rule which are not zero, by their names."""
    return {
        item.name: item.value
        for item in proof.given
        if isinstance(item.value, Fraction) and item.value != 0
    }


# ---- Alma


def test_alma_keeps_the_law_whatever_the_year_brings(alma_statute: Statute) -> None:
    start = perf_counter()
    found = proofs(alma_statute)
    print(f"\n{len(found)} rules in {perf_counter() - start:.3f} s")
    for name, proof in found.items():
        print(f"{proof.verdict:10} {name}")
    proved = {name for name, proof in found.items() if proof.verdict == ALWAYS}
    assert proved == {*LAW, "sixteen_percent_to_reserves"}
    on_facts = {name for name, proof in found.items() if proof.verdict == ON_FACTS}
    # Work has 60%: the advice for tax is followed only where nothing of it is left with the company.
    assert set(found) - proved - on_facts == {"refunds_not_added_back"}
    assert {"pay_ratio", "pay_floor", "scopette_size", "no_upstream"} <= on_facts
    assert {one.key for one in found["legal_reserve"].assumptions} == {
        "complete",
        "fact",
        "closing",
    }


def test_a_changed_alma_breaks_the_law_in_a_small_round_year(
    alma_folder: Path, tmp_path: Path
) -> None:
    policy = tmp_path / "alma"
    copytree(alma_folder, policy)
    for path in policy.glob("statute.*.coop"):
        path.write_text(with_less_for_work(path.read_text("utf-8")), "utf-8")
    year = tmp_path / "year"
    run = CliRunner()
    proved = run.invoke(cli, ["prove", str(policy), "--write", str(year)])
    assert proved.exit_code == 1, proved.output
    assert "excédent = 100 000,00 €" in proved.stdout.replace("\u00a0", " ").replace("\u202f", " ")
    assert [path.name for path in tmp_path.iterdir() if path.name.startswith(".")] == []
    confirmed = run.invoke(cli, ["run", str(policy), str(year)])
    assert confirmed.exit_code == 1, confirmed.output
    assert "✗ 25" in confirmed.stdout


def with_less_for_work(text: str) -> str:
    """Alma's first two items, which stand in every language before any other percentage, changed."""
    changed, count = re.subn(r"60( ?%)(.*\n +)10( ?%)", r"20\1\g<2>50\3", text, count=1)
    assert count == 1
    return changed


# ---- violations of the law, and lawful neighbours at its edge

BROKEN = [
    ("work_share_minimum", ("20% to work_share", "50% to share_interest", LEGAL, REST), 100_000),
    ("work_share_minimum", ("24.99% to work_share", LEGAL, REST), 100_000),
    ("work_share_minimum", ("10 000 EUR to reserves.projects", "25% to work_share", REST), 10_000),
    ("work_share_minimum", ("min(25% of surplus, 1 000 000 EUR) to work_share", REST), None),
    ("legal_reserve", ("25% to work_share", LEGAL.replace("15%", "14.9%"), REST), 100_000),
    (
        "legal_reserve",
        ("25% to work_share", LEGAL.replace("highest_share_capital", "share_capital"), REST),
        100_000,
    ),
    ("legal_reserve", ("25% to work_share", LEGAL.replace("until", "until 99% of"), REST), None),
    ("development_fund", (LEGAL, "rest to work_share"), 100_000),
    (
        "development_fund",
        ("60% to work_share", "24.995% to share_interest", LEGAL, REST),
        100,
    ),
    ("interest_within_work_share", ("33% to work_share", "34% to share_interest", REST), 100_000),
    ("interest_within_work_share", ("25% to work_share", "10 EUR to share_interest", REST), None),
    ("interest_within_reserves", ("33% to work_share", "34% to share_interest", REST), 100_000),
    (
        "interest_within_reserves",
        ("50% to work_share", "35% to share_interest", "15% to reserves.legal"),
        100_000,
    ),
]
LAWFUL = [
    ("work_share_minimum", ("25% to work_share", "50% to share_interest", REST)),
    ("work_share_minimum", ("1 / 3 * 100% to work_share", "1 / 3 * 100% to share_interest", REST)),
    ("work_share_minimum", ("max(25% of surplus, 10 000 EUR) to work_share", LEGAL, REST)),
    ("legal_reserve", ("25% to work_share", LEGAL, REST)),
    (
        "legal_reserve",
        (
            "25% to work_share",
            LEGAL.replace("highest_share_capital", "max(share_capital, highest_share_capital)"),
            REST,
        ),
    ),
    ("legal_reserve", ("15% to reserves.legal", "rest to work_share")),
    ("development_fund", ("60% to work_share", "24.97% to share_interest", LEGAL, REST)),
    ("development_fund", ("1 EUR to reserves.development", LEGAL, "rest to work_share")),
    ("interest_within_work_share", ("33% to work_share", "33% to share_interest", REST)),
    (
        "interest_within_work_share",
        ("25% to work_share", "min(25% of surplus, 10 EUR) to share_interest", REST),
    ),
    (
        "interest_within_reserves",
        ("1 / 3 * 100% to reserves.legal", "1 / 3 * 100% to share_interest", "rest to work_share"),
    ),
    (
        "interest_within_reserves",
        ("25% to work_share", "min(10 000 EUR, 20% of surplus) to share_interest", LEGAL, REST),
    ),
]


@pytest.mark.parametrize(("rule", "items", "surplus"), BROKEN)
def test_a_planted_violation_is_found(
    compile_text: Compile, rule: str, items: tuple[str, ...], surplus: int | None
) -> None:
    statute = compile_text(SCOP + allocation(*items))
    program, found = statute.program, proof_alone(statute, rule)
    assert found.verdict in (REFUTED, NEVER)
    assert found.year is not None and found.broken is not None
    assert found.broken.status == VIOLATED
    assert found.year.closing == date(2019, 12, 31)
    if surplus is not None:
        assert figures(found)["surplus"] == surplus
    # It was replayed with what the rule needs; the whole program says the same.
    run = evaluate(program, found.year)
    (judged,) = (verdict(run, item) for item in program.rules if item.name == found.rule)
    assert judged.status == VIOLATED


@pytest.mark.parametrize(("rule", "items"), LAWFUL)
def test_a_lawful_neighbour_is_proved(
    compile_text: Compile, rule: str, items: tuple[str, ...]
) -> None:
    assert proof_alone(compile_text(SCOP + allocation(*items)), rule).verdict == ALWAYS


def test_no_item_takes_less_than_nothing(compile_text: Compile) -> None:
    # Of 5 cents, 2 have no room, 2 and 2 are taken, and rounding has left less than was withheld.
    items = [f"30% to {name}" for name in ("work_share", "reserves.development")]
    items = ["30% to reserves.legal until share_capital", *items, "10% to share_interest"]
    rule = "  require least: share_interest >= 0 EUR\n"
    assert proofs(compile_text(BARE + allocation(*items) + rule))["least"].verdict == ALWAYS


def test_a_rule_that_every_year_breaks_is_told_so(compile_text: Compile) -> None:
    items = ("50% to work_share", "35% to share_interest", "15% to reserves.legal")
    found = proofs(compile_text(SCOP + allocation(*items)))["development_fund"]
    assert found.verdict == NEVER
    assert figures(found) == {"surplus": 100_000}


def test_a_year_is_found_beside_an_account_that_nothing_feeds(compile_text: Compile) -> None:
    text = f"""{BARE}
account kept of team
share kept among workers of each team equally
allocate surplus
  rest to reserves.development
  losses to losses_brought_forward
require saved: reserves.development >= 1 EUR"""
    proof = proof_alone(compile_text(text), "saved")
    assert proof.verdict == REFUTED


def test_a_year_is_as_small_and_as_round_as_it_can_be(compile_text: Compile) -> None:
    text = BARE + allocation("25% to work_share", "rest to reserves.development")
    found = proofs(
        compile_text(
            text
            + """  require hundred: work_share <= 2 000 EUR when surplus < 9 000 EUR
  require cents: work_share <= 25% of surplus - 0.01 EUR when surplus < 0.12 EUR and surplus > 0.1 EUR
  require least: work_share <= turnover + 10 EUR when 87% < attendance < 100%
"""
        )
    )
    assert figures(found["hundred"]) == {"surplus": 8_100}
    assert figures(found["cents"]) == {"surplus": Fraction(11, 100)}
    assert figures(found["least"]) == {"surplus": 100_000, "attendance": Fraction(9, 10)}


# ---- what a year is made of


def test_a_rule_of_each_record_is_proved_of_any(compile_text: Compile) -> None:
    text = allocation("60% to work_share", "rest to reserves.development")
    shares = "  share work_share among workers\n    by salary\n"
    rules = """  require part: work_share of person <= work_share for each worker
  require total: sum of work_share of person over people <= 60% of surplus when surplus > 0 EUR
  require cap: work_share of person <= 30% of salary for each worker
  require least: work_share of person >= 1 EUR for each worker when surplus >= 100 EUR
  require paid: sum of work_share of person over workers = work_share when surplus > 0 EUR
"""
    found = proofs(compile_text(BARE + text + shares + rules))
    assert {name: proof.verdict for name, proof in found.items()} == {
        "part": ALWAYS,
        "total": ALWAYS,
        "cap": REFUTED,
        "least": REFUTED,
        # Where nobody works, the money stays.
        "paid": REFUTED,
    }
    year = found["cap"].year
    assert year is not None
    assert year.tables["person"].ids == ("p1",)
    assert year.tables["person"].columns["worker"] == (True,)


def test_what_has_no_value_breaks_no_rule(compile_text: Compile) -> None:
    text = allocation("60% to work_share", "rest to reserves.development")
    rules = """  require ratio: work_share / turnover >= 0 when surplus >= 0 EUR
  require part: work_share / turnover <= 1 when surplus >= 0 EUR
  require idle: work_share > 0 EUR when surplus > 5 EUR and surplus < 3 EUR
"""
    found = proofs(compile_text(BARE + text + rules))
    assert found["ratio"].verdict == ALWAYS
    assert "value" in {one.key for one in found["ratio"].assumptions}
    # Undefined where the turnover is zero: the year that breaks it has some.
    assert found["part"].verdict == REFUTED
    assert figures(found["part"])["turnover"] > 0
    assert (found["idle"].verdict, found["idle"].reason) == (ALWAYS, "never_applies")


def test_parameters_take_their_known_values_and_may_rise(compile_text: Compile) -> None:
    text = allocation("60% to work_share", "rest to reserves.development")
    rules = """  require early: work_share >= 1 450 EUR when surplus >= 3 000 EUR
  define wage_of_a_month = minimum_hourly_wage * 1 820 hours / 12
  require wage: work_share >= wage_of_a_month when surplus >= 2 000 EUR
  require later: work_share >= wage_of_a_month when surplus >= 3 200 EUR
"""
    found = proofs(compile_text(SCOP + text + rules))
    assert found["early"].verdict == ALWAYS
    assert found["wage"].verdict == REFUTED
    assert (found["later"].verdict, found["later"].reason) == (UNDECIDED, "later_values")
    assert "parameters" in {one.key for one in found["later"].assumptions}


def test_a_year_closes_while_the_statute_is_in_force(compile_text: Compile) -> None:
    program = compile_text(SCOP + allocation("20% to work_share", REST)).program
    last = date(2019, 6, 30)
    found = [proof.year for proof in prove(program, last) if proof.year]
    assert found
    assert all(date(2019, 1, 1) <= year.closing <= last for year in found)


def test_a_parameter_is_free_to_fall_unless_its_law_says_that_it_never_does(
    compile_text: Compile,
) -> None:
    parameter = """  parameter fee : money{never}
    from 2019-01-01: 100 EUR ref "first"
    from 2021-01-01: 120 EUR ref "second"
"""
    rules = """  require low: work_share + fee >= 100 EUR when surplus >= 0 EUR
  require earlier: fee at 2020-06-30 + work_share <= 100 EUR when surplus = 0 EUR
  require later: fee at 2030-06-30 + work_share >= 120 EUR when surplus >= 0 EUR
  require ordered: fee at 2031-06-30 + work_share >= fee at 2030-06-30 when surplus >= 0 EUR
  require same: fee at 2030-06-30 = fee at 2030-06-30 + work_share when surplus = 0 EUR
"""
    text = allocation("60% to work_share", "rest to reserves.development")
    rising, free = (
        proofs(compile_text(BARE + parameter.format(never=never) + text + rules))
        for never in (" never falling", "")
    )
    assert {proof.verdict for proof in rising.values()} == {ALWAYS}
    assert "parameters" in {one.key for one in rising["low"].assumptions}
    assert (free["low"].verdict, free["low"].reason) == (UNDECIDED, "later_values")
    assert (free["later"].verdict, free["ordered"].verdict) == (UNDECIDED, UNDECIDED)
    assert (free["earlier"].verdict, free["same"].verdict) == (ALWAYS, ALWAYS)
    assert "parameters" not in {one.key for one in free["low"].assumptions}


def test_a_rule_that_rests_on_a_logarithm_says_so_with_its_line(compile_text: Compile) -> None:
    text = allocation("60% to work_share", "rest to reserves.development")
    rules = """  require odd: work_share <= surplus * log(attendance + 2, 2 decimals) when surplus >= 0 EUR
  require sure: work_share <= surplus * (1 + log(attendance + 1, 2 decimals)) when surplus >= 0 EUR
"""
    found = proofs(compile_text(BARE + text + rules))
    assert (found["odd"].verdict, found["odd"].reason) == (UNDECIDED, "not_yet")
    assert [one.reason for one in found["odd"].not_yet] == ["log"]
    assert all(one.span is not None for one in found["odd"].not_yet)
    assert found["sure"].verdict == ALWAYS


def test_time_that_is_over_is_told(compile_text: Compile) -> None:
    found = proofs(compile_text(SCOP + allocation("25% to work_share", LEGAL, REST)), 1)
    late = [item for item in found.values() if item.verdict == UNDECIDED]
    assert all(item.reason == "time" for item in late)
    assert late


def test_the_same_statute_gives_the_same_proofs(compile_text: Compile) -> None:
    statute = compile_text(SCOP + allocation("24.99% to work_share", LEGAL, REST))
    assert proofs(statute) == proofs(statute)


# ---- every clause: policies of the kind that cooperatives write

DECIDED = """  decide work_part between 25% and 50%{otherwise}
  allocate surplus
    work_part * surplus to work_share
    15% to reserves.legal until highest_share_capital then to reserves.development
    rest to reserves.development
    losses to losses_brought_forward
  require quarter: work_share >= 25% of surplus when surplus > 0 EUR
  require half: work_share <= 50% of surplus when surplus > 0 EUR
  require third: work_share >= 33% of surplus when surplus > 0 EUR
  require all: work_share <= surplus when surplus >= 0 EUR
"""


def keys(proof: Proof) -> set[str]:
    return {one.key for one in proof.assumptions}


@pytest.mark.parametrize("otherwise", ["", " otherwise 40%"])
def test_what_rests_on_a_decision_is_proved_within_its_bounds(
    compile_text: Compile, otherwise: str
) -> None:
    found = proofs(compile_text(BARE + DECIDED.format(otherwise=otherwise)))
    assert {name: proof.verdict for name, proof in found.items()} == {
        "work_part": ON_FACTS,
        "quarter": ALWAYS,
        "half": ALWAYS,
        "third": REFUTED,
        "all": ALWAYS,
    }
    # The assumption is shown where the rule would fall without it, and only there.
    assert "decisions" in keys(found["quarter"]) and "decisions" in keys(found["half"])
    assert "decisions" not in keys(found["all"])
    (decided,) = (one for one in found["third"].given if one.decision)
    assert Fraction(1, 4) <= Fraction(str(decided.value)) < Fraction(33, 100)


def test_a_decision_that_the_statute_itself_puts_out_of_bounds_is_found(
    compile_text: Compile,
) -> None:
    found = proofs(compile_text(BARE + DECIDED.format(otherwise=" otherwise 60%")))
    # Not taken, it would be out of its bounds: that the meeting does not do.
    assert found["half"].verdict == ALWAYS


SHARED = """  account capital of person
  account savings of person
  scale loyalty by seniority rounded down to 1 year
    from 0 years: 1
    from 5 years: 1.2
    above 10 years: 1.5
  allocate surplus
    50% to work_share
    10% to share_interest at most 20 000 EUR
    5% to gifts at least 100 EUR when turnover >= 1 000 EUR
    50% of rest to reserves.legal
    rest to reserves.development
    losses to losses_brought_forward
  share work_share among workers
    equally
    multiplied by loyalty
{limits}  share share_interest among members to capital of person by shares_held
  allocate work_share of person for each worker
    10% to savings of person
    rest to cash
"""
LIMITS = "    at most 30% of salary each\n    paid from 10 EUR up\n    excess to solidarity\n"


@pytest.mark.parametrize(
    ("limits", "rule", "verdict"),
    [
        (LIMITS, "work_share of person <= 30% of salary for each worker", ALWAYS),
        (LIMITS, "work_share of person <= 29% of salary for each worker", REFUTED),
        (
            LIMITS,
            "work_share of person = 0 EUR or work_share of person >= 10 EUR for each worker",
            ALWAYS,
        ),
        (LIMITS, "sum of work_share of person over people + solidarity <= work_share", ALWAYS),
        (
            LIMITS,
            "sum of work_share of person over people + solidarity = work_share "
            "when count over workers > 0",
            ALWAYS,
        ),
        (
            "",
            "sum of work_share of person over people = work_share when count over workers > 0",
            ALWAYS,
        ),
        ("", "sum of work_share of person over people = work_share", REFUTED),
        (
            "",
            "max of work_share of person over workers <= "
            "1.5 * min of work_share of person over workers + 0.03 EUR",
            ALWAYS,
        ),
        (
            "",
            "max of work_share of person over workers <= "
            "1.4 * min of work_share of person over workers + 0.03 EUR",
            REFUTED,
        ),
        ("    alike\n", "work_share - sum of work_share of person over people >= 0 EUR", ALWAYS),
        (
            "",
            "closing capital of person >= opening capital of person for each member",
            ALWAYS,
        ),
        ("", "closing capital of person >= 0 EUR for each member", REFUTED),
        (
            "",
            "sum of closing capital of person over people = "
            "sum of opening capital of person over people + taken share_interest",
            ALWAYS,
        ),
        ("", "savings of person <= 10% of work_share of person for each worker", ALWAYS),
        (
            "",
            "sum of savings of person over people + cash = sum of work_share of person over people",
            ALWAYS,
        ),
        ("", "share_interest <= 20 000 EUR", ALWAYS),
        ("", "gifts >= 100 EUR when surplus >= 300 EUR and turnover >= 2 000 EUR", ALWAYS),
        ("", "gifts >= 100 EUR when surplus >= 300 EUR", REFUTED),
        ("", "reserves.legal <= reserves.development + 0.01 EUR", ALWAYS),
    ],
)
def test_a_rule_on_a_shaped_clause_is_decided(
    compile_text: Compile, limits: str, rule: str, verdict: str
) -> None:
    text = BARE + SHARED.format(limits=limits) + f"  require asked: {rule}\n"
    assert proofs(compile_text(text))["asked"].verdict == verdict


TEAMS = """  record site
  input site : site of team
  allocate surplus when turnover >= 1 000 EUR
    50% to work_share
    rest to reserves.development
    losses to losses_brought_forward
  share work_share among teams by headcount
  share work_share among workers of each team
    50% by hours
    50% equally
  group large_teams = teams where headcount >= 10
  pool result of large_teams
    15% kept by each
    losses kept
    rest to common_investment
"""


@pytest.mark.parametrize(
    ("rule", "verdict"),
    [
        ("work_share of person <= work_share of team of person for each worker", ALWAYS),
        (
            "sum of work_share of person over people of team <= work_share of team for each team",
            ALWAYS,
        ),
        (
            "sum of work_share of person over people of team = work_share of team for each team",
            REFUTED,
        ),
        (
            "sum of work_share of person over people of team = work_share of team for each team "
            "when count over (people of team where worker) > 0",
            # Nobody may have worked an hour, and then the money stays.
            REFUTED,
        ),
        ("sum of work_share of person over people <= 50% of surplus when surplus >= 0 EUR", ALWAYS),
        ("median of work_share of person over workers <= work_share", ALWAYS),
        ("work_share = 0 EUR when turnover < 500 EUR", ALWAYS),
        ("work_share > 0 EUR when surplus > 10 EUR", REFUTED),
        ("common_investment >= 0 EUR when min of result over large_teams >= 0 EUR", ALWAYS),
        ("common_investment >= 0 EUR when min of result over teams >= 0 EUR", ALWAYS),
        ("common_investment >= 0 EUR", REFUTED),
        (
            "max of work_share of person over people of team <= work_share of team for each team",
            ALWAYS,
        ),
    ],
)
def test_a_rule_on_teams_is_decided(compile_text: Compile, rule: str, verdict: str) -> None:
    assert (
        proofs(compile_text(BARE + TEAMS + f"  require asked: {rule}\n"))["asked"].verdict
        == verdict
    )


def test_days_are_counted_as_the_calendar_does(compile_text: Compile) -> None:
    text = allocation("60% to work_share", REST)
    days = "  input founded : date\n"
    rules = """
  require leap: work_share < 1 EUR when founded > 2020-01-30 and founded + 1 month = 2020-02-29
  require none: work_share < 1 EUR when founded > 2021-01-31 and founded + 1 month = 2021-02-28
  require near: work_share >= 0 EUR when founded + 18 months >= 2020-06-30 and surplus > 0 EUR
  require weeks: work_share < 1 EUR when founded + 14 days < founded
"""
    found = proofs(compile_text(BARE + days + text + rules))
    assert found["leap"].verdict == REFUTED
    assert {one.name: one.value for one in found["leap"].given}["founded"] == date(2020, 1, 31)
    assert {found[name].verdict for name in ("none", "near", "weeks")} == {ALWAYS}


# ---- in the terms of a lawyer

QUARTER = """
  decide work_rate between 10% and 60%
  allocate surplus
    15% to reserves.legal
    {lines}
    losses to losses_brought_forward
  require quarter: {asked} >= 25% of surplus when surplus > 0 EUR
"""


@pytest.mark.parametrize(
    ("lines", "asked", "relation", "bound"),
    [
        (
            "(85% - work_rate) * surplus to reserves.development\n"
            "    work_rate * surplus to work_share",
            "work_share",
            "at_least",
            "0.25",
        ),
        (
            "25% to reserves.development\n    work_rate * surplus to work_share\n    rest to pot",
            "pot",
            "at_most",
            "0.35",
        ),
    ],
    ids=["the last line", "the rest"],
)
def test_no_condition_speaks_of_a_cent(
    compile_text: Compile, lines: str, asked: str, relation: str, bound: str
) -> None:
    statute = compile_text(BARE + QUARTER.format(lines=lines, asked=asked))
    *_, found = prove(statute.program)
    assert found.verdict == ONLY_IF and found.only_if is not None
    assert found.only_if.relation == relation and found.only_if.figure == Fraction(bound)


def test_a_part_that_takes_the_last_cents_is_lawful_and_one_below_it_is_not(
    compile_text: Compile,
) -> None:
    for part, expected in (("25%", ALWAYS), ("24.9%", REFUTED)):
        lines = f"{part} to work_share"
        clauses = QUARTER.format(lines=f"60% to pot\n    {lines}", asked="work_share")
        more = "" if part == "25%" else "\n    rest to gifts"
        statute = compile_text(BARE + clauses.replace(lines, lines + more))
        assert proofs(statute)["quarter"].verdict == expected
        exactly = clauses.replace("25% of surplus when", "25% of surplus exactly when")
        statute = compile_text(BARE + exactly.replace(lines, lines + more))
        assert proofs(statute)["quarter"].verdict == REFUTED


def test_a_decision_in_allocated_money_is_the_meetings_to_keep(compile_text: Compile) -> None:
    clauses = """
  allocate surplus
    rest to kept
    losses to losses_brought_forward
  decide gift between 0 EUR and kept
  allocate kept
    gift to gifts
    rest to savings
    losses to losses_brought_forward
"""
    assert proofs(compile_text(BARE + clauses))["gift"].verdict == ON_FACTS
