"""Proofs: what is always so, what some year breaks, and that neither is ever said wrongly."""

import re
from collections.abc import Callable, Iterator
from datetime import date
from fractions import Fraction
from pathlib import Path
from random import Random
from shutil import copytree
from time import perf_counter

import pytest
from click.testing import CliRunner
from generated import Years
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from coopfx import pipeline
from coopfx.apps.cli.main import cli
from coopfx.engine.outcome import (
    ALWAYS,
    NEVER,
    ON_FACTS,
    REFUTED,
    SATISFIED,
    UNDECIDED,
    VIOLATED,
    Proof,
)
from coopfx.engine.prove import prove
from coopfx.engine.reference import evaluate
from coopfx.engine.settle import verdict
from coopfx.facts import Facts
from coopfx.language import ir
from coopfx.pipeline import Statute
from coopfx.plugins import World
from coopfx.policy import open_policy
from coopfx.report import Report

Compile = Callable[[str], Statute]

HEAD = 'statute "Oak" under fr.scop\ncurrency EUR\nin force from 2019-01-01\narticle 1 "Sharing"\n'
BARE = HEAD.replace(" under fr.scop", "")
LEGAL = "15% to reserves.legal until highest_share_capital then to reserves.development"
REST = "rest to reserves.development"
LAW = (
    "legal_reserve",
    "development_fund",
    "work_share_minimum",
    "interest_within_reserves",
    "interest_within_work_share",
)
# So long that no machine reaches it where a proof takes milliseconds.
PATIENT = 60_000


def allocation(*items: str) -> str:
    lines = (
        "allocate surplus",
        *(f"  {item}" for item in items),
        "  losses to losses_brought_forward",
    )
    return "".join(f"  {line}\n" for line in lines)


def proofs(statute: Statute, milliseconds: int = PATIENT) -> dict[str, Proof]:
    """The proofs of a statute's rules, by the rules' own names."""
    found = prove(statute.program, milliseconds=milliseconds)
    return {proof.rule.rpartition(".")[2]: proof for proof in found}


def figures(proof: Proof) -> dict[str, Fraction]:
    """The facts of the year that breaks a rule which are not zero, by their names."""
    return {
        item.name: item.value
        for item in proof.given
        if isinstance(item.value, Fraction) and item.value != 0
    }


# ---- Alma


@pytest.fixture(scope="module")
def alma_statute(world: World, alma_folder: Path) -> Statute:
    policy = open_policy(alma_folder, Report())
    assert policy is not None
    return pipeline.check_policy(policy, world, Report())[0]


def test_alma_keeps_the_law_whatever_the_year_brings(alma_statute: Statute) -> None:
    start = perf_counter()
    found = proofs(alma_statute)
    print(f"\n{len(found)} rules in {perf_counter() - start:.3f} s")
    for name, proof in found.items():
        print(f"{proof.verdict:10} {name}")
    assert {name: proof.verdict for name, proof in found.items()} == {
        **dict.fromkeys(LAW, ALWAYS),
        **dict.fromkeys(("pay_ratio", "pay_floor", "scopette_size", "no_upstream"), ON_FACTS),
    }
    assert {one.key for one in found["legal_reserve"].assumptions} == {"complete", "closing"}


def test_a_changed_alma_breaks_the_law_in_a_small_round_year(
    alma_folder: Path, tmp_path: Path
) -> None:
    policy = tmp_path / "alma"
    copytree(alma_folder, policy)
    for path in policy.glob("statute.*.coop"):
        path.write_text(with_less_for_work(path.read_text("utf-8")), "utf-8")
    year = tmp_path / "year"
    run = CliRunner()
    proved = run.invoke(
        cli, ["prove", str(policy), "--write", str(year), "--timeout", str(PATIENT)]
    )
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
    program = compile_text(HEAD + allocation(*items)).program
    found = proofs(compile_text(HEAD + allocation(*items)))[rule]
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
    assert proofs(compile_text(HEAD + allocation(*items)))[rule].verdict == ALWAYS


def test_no_item_takes_less_than_nothing(compile_text: Compile) -> None:
    # Of 5 cents, 2 have no room, 2 and 2 are taken, and rounding has left less than was withheld.
    items = [f"30% to {name}" for name in ("work_share", "reserves.development")]
    items = ["30% to reserves.legal until share_capital", *items, "10% to share_interest"]
    rule = "  require least: share_interest >= 0 EUR\n"
    assert proofs(compile_text(BARE + allocation(*items) + rule))["least"].verdict == ALWAYS


def test_a_rule_that_every_year_breaks_is_told_so(compile_text: Compile) -> None:
    items = ("50% to work_share", "35% to share_interest", "15% to reserves.legal")
    found = proofs(compile_text(HEAD + allocation(*items)))["development_fund"]
    assert found.verdict == NEVER
    assert figures(found) == {"surplus": 100_000}


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
  require wage: work_share >= minimum_wage when surplus >= 2 000 EUR
  require later: work_share >= minimum_wage when surplus >= 3 200 EUR
"""
    found = proofs(compile_text(HEAD + text + rules))
    assert found["early"].verdict == ALWAYS
    assert found["wage"].verdict == REFUTED
    assert (found["later"].verdict, found["later"].reason) == (UNDECIDED, "later_values")
    assert "parameters" in {one.key for one in found["later"].assumptions}


def test_a_year_closes_while_the_statute_is_in_force(compile_text: Compile) -> None:
    program = compile_text(HEAD + allocation("20% to work_share", REST)).program
    last = date(2019, 6, 30)
    found = [proof.year for proof in prove(program, last, PATIENT) if proof.year]
    assert found
    assert all(date(2019, 1, 1) <= year.closing <= last for year in found)


def test_what_cannot_be_said_is_told(compile_text: Compile) -> None:
    text = allocation("60% to work_share", "rest to reserves.development")
    rule = "  require odd: work_share rounded down to turnover <= surplus when surplus >= 0 EUR\n"
    found = proofs(compile_text(BARE + text + rule))["odd"]
    assert (found.verdict, found.reason) == (UNDECIDED, "not_yet")
    assert [one.reason for one in found.not_yet] == ["step"]
    assert all(one.span is not None for one in found.not_yet)


def test_time_that_is_over_is_told(compile_text: Compile) -> None:
    found = proofs(compile_text(HEAD + allocation("25% to work_share", LEGAL, REST)), 1)
    late = [item for item in found.values() if item.verdict == UNDECIDED]
    assert all(item.reason == "time" for item in late)
    assert late


def test_the_same_statute_gives_the_same_proofs(compile_text: Compile) -> None:
    statute = compile_text(HEAD + allocation("24.99% to work_share", LEGAL, REST))
    assert proofs(statute) == proofs(statute)


# ---- soundness: what is proved is never seen to fail

rates = st.sampled_from(["5", "10", "14.9", "15", "24.99", "25", "33", "33.34", "40", "60"])
limits = st.sampled_from(
    ["", " until highest_share_capital", " until share_capital then to reserves.development"]
)
amounts = st.one_of(
    rates.map(lambda rate: f"{rate}%"),
    rates.map(lambda rate: f"min({rate}% of surplus, 10 000 EUR)"),
    st.sampled_from(["1 / 3 * 100%", "1 000 EUR", "turnover", "50% of share_capital"]),
)


@st.composite
def statutes(draw: st.DrawFn) -> str:
    """A statute that shares the surplus in any way, lawful or not."""
    accounts = draw(st.permutations(["work_share", "share_interest", "reserves.legal"]))
    items = [f"{draw(amounts)} to {account}{draw(limits)}" for account in accounts]
    rest = draw(st.sampled_from(["reserves.development", "work_share"]))
    return HEAD + allocation(*items[: draw(st.integers(1, 3))], f"rest to {rest}")


def hold_against_years(program: ir.Program, found: list[Proof], seed: int, count: int) -> int:
    """Look for a year that speaks against a proof; how often a proved rule was kept."""
    years, kept = Years(Random(seed)), 0
    rules = {rule.name: rule for rule in program.rules}
    for facts in (years.year(program) for _ in range(count)):
        run = evaluate(program, facts)
        for proof in found:
            status = verdict(run, rules[proof.rule]).status
            assert proof.verdict != ALWAYS or status != VIOLATED, (proof.rule, facts)
            assert proof.verdict != NEVER or status != SATISFIED, (proof.rule, facts)
            kept += proof.verdict == ALWAYS and status == SATISFIED
    return kept


def small_years() -> Iterator[Facts]:
    """Every year of few cents, where rounding does what it does nowhere else."""
    for cents in range(0, 40):
        for capital, opening in ((0, 0), (1, 0), (10, 5), (100, 0), (5, 10)):
            amounts = [Fraction(one, 100) for one in (cents, capital, opening)]
            yield Facts(
                date(2024, 12, 31),
                {
                    "surplus": amounts[0],
                    "highest_share_capital": amounts[1],
                    "share_capital": amounts[1],
                    "turnover": Fraction(1, 100),
                },
                {},
                {
                    "reserves.legal": amounts[2],
                    "work_share": amounts[2],
                    "share_interest": amounts[0],
                },
            )


@given(statutes(), st.integers(0, 10**6))
@settings(
    max_examples=20,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
def test_no_year_speaks_against_a_proof(
    try_text: Callable[[str], tuple[Statute | None, Report]], text: str, seed: int
) -> None:
    check_statute(try_text, text, seed, 12)


@pytest.mark.soak
@given(statutes(), st.integers(0, 10**6))
@settings(
    max_examples=1_500,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
def test_thousands_of_years_do_not_speak_against_a_proof(
    try_text: Callable[[str], tuple[Statute | None, Report]], text: str, seed: int
) -> None:
    check_statute(try_text, text, seed, 40)


def check_statute(
    try_text: Callable[[str], tuple[Statute | None, Report]], text: str, seed: int, count: int
) -> None:
    statute, _ = try_text(text)
    if statute is None:
        return
    found = list(prove(statute.program))
    hold_against_years(statute.program, found, seed, count)
    rules = {rule.name: rule for rule in statute.program.rules}
    for facts in small_years():
        run = evaluate(statute.program, facts)
        for proof in found:
            if proof.verdict == ALWAYS:
                assert verdict(run, rules[proof.rule]).status != VIOLATED, (proof.rule, facts)


def test_alma_is_kept_in_hundreds_of_years(alma_statute: Statute) -> None:
    found = list(prove(alma_statute.program, milliseconds=PATIENT))
    assert hold_against_years(alma_statute.program, found, 1, 150) > 100
