"""What is said once of every year serves for each obligation as what would be said for it alone."""

from collections.abc import Callable
from pathlib import Path

import pytest
import z3

from coopfx import pipeline
from coopfx.desk.policy import open_policy
from coopfx.desk.versions import Statute
from coopfx.engine.outcome import ONLY_IF, REFUTED
from coopfx.engine.proof.prove import is_obligation, prove
from coopfx.engine.proof.prover import Prover
from coopfx.engine.symbols import EveryYear, Together
from coopfx.engine.symbols.bearing import Bearing
from coopfx.ground.report import Report
from coopfx.plugged.world import World
from sharing import SCOP

Compile = Callable[[str], Statute]
TEXT = (
    SCOP
    + """  decide part between 25% and 60% otherwise 30%
  allocate surplus
    part to work_share
    15% to reserves.legal until highest_share_capital then to reserves.development
    20% to share_interest
    rest to reserves.development
    losses to losses_brought_forward
  share work_share among workers by salary
  require some: sum of work_share of person over people <= 60% of surplus when surplus >= 0 EUR
  require few: work_share of person <= work_share for each worker
  require most: share_interest <= 19% of surplus when surplus > 1 EUR
  require paid: share_interest <= 20% of surplus when surplus > 0 EUR
"""
)


def test_a_rule_is_proved_among_others_as_it_is_alone(
    compile_text: Compile, world: World, alma_folder: Path
) -> None:
    policy = open_policy(alma_folder, Report())
    assert policy is not None
    alma = pipeline.check_policy(policy, world, Report())[0]
    for program in (compile_text(TEXT).program, alma.program):
        years = EveryYear(program)
        among = {
            proof.rule: REFUTED if proof.verdict == ONLY_IF else proof.verdict
            for proof in prove(program, years=years)
        }
        for rule in program.rules:
            if is_obligation(program, rule):
                alone = Prover(program, rule, None, None, years.bounds).proof()
                assert (rule.name, alone.verdict) == (rule.name, among[rule.name])


def test_what_a_rule_assumes_is_its_own(compile_text: Compile) -> None:
    program = compile_text(TEXT).program
    found = {proof.rule: proof for proof in prove(program)}
    decided = {
        name
        for name, proof in found.items()
        if any(one.key == "decisions" for one in proof.assumptions)
    }
    assert "fr.scop.work_share_minimum" in decided
    assert found["paid"].holds and "paid" not in decided


@pytest.mark.parametrize("exactly", [False, True])
def test_all_that_makes_a_figure_bears_on_it_and_nothing_else(exactly: bool) -> None:
    context = z3.Context()
    fact, other = z3.Int("input a", context), z3.Int("input b", context)
    half, third, least = (z3.FreshInt("figure", context) for _ in range(3))
    axioms = [
        fact >= 0,
        other >= 0,
        half * 2 == fact,
        third * 3 == other,
        least <= half,
        least <= third,
    ]
    exact = [least == half]
    bearing = Bearing()
    bearing.learn(axioms[:4], exactly=False)
    bearing.learn(axioms, exactly=False)
    bearing.learn(exact, exactly=True)

    def on(condition: z3.BoolRef) -> list[str]:
        return sorted(str(one) for one in bearing.on([condition], exactly=exactly))

    every = sorted(str(one) for one in (*axioms, *(exact if exactly else [])))
    assert on(least > 1) == every
    assert on(fact > 1) == [str(axioms[0])]
    assert set(on(half > 1)) >= {str(axioms[0]), str(axioms[2])}


def test_rules_that_no_year_keeps_together_are_not_seen_together(compile_text: Compile) -> None:
    rules = """  require low: turnover <= 100 EUR
  require high: turnover >= 200 EUR when attendance >= 50%
  require other: turnover >= 0 EUR
"""
    text = TEXT.partition("article")[0].replace(" under fr.scop", "")
    program = compile_text(text + 'article 1 "Rules"\n' + rules).program
    low, high, other = (rule for rule in program.rules if rule.name in ("low", "high", "other"))
    together = Together(EveryYear(program), [low, high, other])
    assert together.are_seen(low, other) and together.are_seen(high, other)
    assert not together.are_seen(low, high)
