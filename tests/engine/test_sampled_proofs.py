"""Proofs against sampled years: what is proved is never seen to fail, in the reference evaluator."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from fractions import Fraction
from random import Random

import pytest
from every_clause import EveryClause, complete_year
from generated import Years
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from planted import Planted, planted
from sharing import PATIENT, SCOP, Compile, TryText, allocation

from coopfx.desk.versions import Statute
from coopfx.engine.outcome import (
    ALWAYS,
    NEVER,
    NOT_APPLICABLE,
    ON_FACTS,
    ONLY_IF,
    SATISFIED,
    UNDETERMINED,
    VIOLATED,
    Proof,
)
from coopfx.engine.proof.obligations import TOLD
from coopfx.engine.proof.prove import prove, prove_clauses
from coopfx.engine.proof.prover import MILLISECONDS
from coopfx.engine.reference.evaluate import evaluate
from coopfx.engine.reference.evaluation import AllocationResult, Run
from coopfx.engine.reference.settle import verdict
from coopfx.engine.symbols import EveryYear, rule_roots
from coopfx.ground.facts import Facts
from coopfx.language import ir

# What is not proved within it, is drawn again at length.
_QUICK = 500
_GENEROUS = 4_000

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
    return SCOP + allocation(*items[: draw(st.integers(1, 3))], f"rest to {rest}")


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
    for cents in range(12, 44):
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
    max_examples=2,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
def test_no_year_speaks_against_a_proof(try_text: TryText, text: str, seed: int) -> None:
    check_statute(try_text, text, seed, 12, _QUICK)


@pytest.mark.soak
@given(statutes(), st.integers(0, 10**6))
@settings(
    max_examples=1_500,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
def test_thousands_of_years_do_not_speak_against_a_proof(
    try_text: TryText, text: str, seed: int
) -> None:
    check_statute(try_text, text, seed, 40, MILLISECONDS)


def check_statute(
    try_text: TryText,
    text: str,
    seed: int,
    count: int,
    milliseconds: int,
) -> None:
    statute, _ = try_text(text)
    if statute is None:
        return
    found = list(prove(statute.program, milliseconds=milliseconds))
    hold_against_years(statute.program, found, seed, count)
    rules = {rule.name: rule for rule in statute.program.rules}
    for facts in small_years():
        run = evaluate(statute.program, facts)
        for proof in found:
            if proof.verdict == ALWAYS:
                assert verdict(run, rules[proof.rule]).status != VIOLATED, (proof.rule, facts)


# ---- statutes of every clause


class Sampled:
    """A generated statute with its proofs, and what the reference evaluator says of them in a year."""

    def __init__(self, program: ir.Program) -> None:
        self.program = program
        self.rules = {rule.name: rule for rule in program.rules}
        years = EveryYear(program)
        rules = list(prove(program, None, _GENEROUS, years))
        clauses = list(prove_clauses(program, rules, None, _GENEROUS, years))
        self.proofs = [one for one in (*rules, *clauses) if one.verdict != ON_FACTS]
        decisions = [node for node in program.nodes if isinstance(node, ir.Decision)]
        self.decisions = {node.name: node for node in decisions}

    def kept(self, run: Run, proof: Proof) -> bool:
        """Whether the meeting keeps to the bounds of what it decides, as far as a proof supposes it."""
        supposed = [one.arguments["names"] for one in proof.assumptions if one.key == "decisions"]
        rules = [self.rules[name] for name in self.decisions if f"'{name}'" in str(supposed)]
        return all(verdict(run, rule).status != VIOLATED for rule in rules)

    def status(self, run: Run, proof: Proof) -> str:
        """What becomes of an obligation in a year."""
        if proof.kind == "rule":
            return verdict(run, self.rules[proof.rule]).status
        if proof.kind in TOLD:
            code = TOLD[proof.kind]
            told = any(one.code == code and one.span == proof.span for one in run.diagnostics)
            applies = any(result.flow is not None for result in self.results(run, proof)[1])
            return VIOLATED if told else SATISFIED if applies else NOT_APPLICABLE
        if proof.kind == "decision":
            node = self.decisions[proof.subjects[0]]
            low, high = run.value(node.low), run.value(node.high or node.low)
            if not isinstance(low, Fraction) or not isinstance(high, Fraction):
                return UNDETERMINED
            return SATISFIED if low <= high else VIOLATED
        if proof.kind == "line":
            return SATISFIED if self.received(run, proof) else NOT_APPLICABLE
        if proof.kind == "conflict":
            found = {verdict(run, self.rules[name]).status for name in proof.subjects}
            if VIOLATED in found:
                return VIOLATED
            alone = all(self.rules[name].record is None for name in proof.subjects)
            return SATISFIED if alone and found == {SATISFIED} else UNDETERMINED
        return UNDETERMINED

    def results(
        self, run: Run, proof: Proof
    ) -> tuple[ir.AllocateClause, Sequence[AllocationResult]]:
        """The allocation that an obligation is of, and what it did."""
        clauses = self.program.allocations
        (clause,) = (one for one in clauses if one.origin.span == proof.span)
        return clause, run.allocations.get(clause.node, ())

    def received(self, run: Run, proof: Proof) -> bool:
        """Whether a line of an allocation receives anything."""
        clause, results = self.results(run, proof)
        place = clause.lines.index(int(proof.subjects[1]))
        return any(
            isinstance(amount, Fraction) and amount > 0
            for one in results
            for amount in (one.amounts[place], one.overflows[place])
        )

    def applies(self, run: Run, proof: Proof) -> bool:
        """Whether the condition is met under which a rule is proved to hold."""
        condition = proof.only_if
        assert condition is not None

        def value(name: str, opening: bool) -> object:
            if opening:
                return run.facts.balances.get(name)
            decision = self.decisions.get(name)
            if decision is not None:
                return run.value(self.program.nodes.index(decision))
            return run.facts.figures.get(name)

        left = value(condition.left, condition.opening[0])
        right: object = Fraction(1)
        if condition.right:
            right = value(condition.right, condition.opening[1])
        if not isinstance(left, Fraction) or not isinstance(right, Fraction):
            return False
        bound = condition.figure * right
        return left <= bound if condition.relation == "at_most" else left >= bound

    def replayed(self, found: Counter[str]) -> None:
        """Run each year that breaks an obligation, all of the statute: it breaks it there too."""
        for proof in self.proofs:
            if proof.year is not None:
                run = evaluate(self.program, proof.year)
                assert self.status(run, proof) == VIOLATED, proof
                assert proof.kind == "decision" or self.kept(run, proof), proof
                found["replayed"] += 1

    def hold(self, facts: Facts, found: Counter[str]) -> None:
        """Run a year: it speaks against no proof."""
        run = evaluate(self.program, facts)
        for proof in self.proofs:
            if not self.kept(run, proof):
                continue
            status = self.status(run, proof)
            assert (proof.verdict, status) != (ALWAYS, VIOLATED), (proof, facts)
            assert (proof.verdict, status) != (NEVER, SATISFIED), (proof, facts)
            if proof.verdict == ONLY_IF and self.applies(run, proof):
                assert status != VIOLATED, (proof, facts)
                found[f"{ONLY_IF}, met: {status}"] += 1
            elif proof.verdict in (ALWAYS, NEVER):
                found[f"{proof.verdict}: {status}"] += 1


def check_every_clause(try_text: TryText, seeds: Iterable[int], years: int) -> Counter[str]:
    """Prove generated statutes of every clause, and look for years that speak against a proof."""
    found: Counter[str] = Counter()
    for seed in seeds:
        drawn = EveryClause(Random(seed))
        statute, _ = try_text(drawn.filled(drawn.text(), varied=False))
        if statute is None:
            found["refused"] += 1
            continue
        sampled, random = Sampled(statute.program), Random(seed)
        found["statutes"] += 1
        found.update(f"proof: {proof.verdict}" for proof in sampled.proofs)
        sampled.replayed(found)
        for _ in range(years):
            size = random.randint(0, 4)
            facts = complete_year(statute.program, random, size, date(2024, 12, 31))
            try:
                sampled.hold(facts, found)
            except AssertionError as error:
                error.add_note(f"seed {seed}")
                raise
    return found


def test_no_year_speaks_against_a_proof_on_any_clause(try_text: TryText) -> None:
    # Statutes that are proved at once: of the others, hundreds are drawn at length.
    found = check_every_clause(try_text, (6, 25, 31, 34, 36), 20)
    assert found["always: satisfied"] > 100 and found["replayed"] > 1, found


@pytest.mark.soak
@pytest.mark.parametrize("part", range(4))
def test_thousands_of_years_do_not_speak_against_a_proof_on_any_clause(
    try_text: TryText, part: int
) -> None:
    print(check_every_clause(try_text, range(1_000 + part * 100, 1_100 + part * 100), 40))


@pytest.mark.soak
@pytest.mark.parametrize("part", range(10))
def test_ten_thousand_years_do_not_speak_against_a_proof_on_any_clause(
    try_text: TryText, part: int
) -> None:
    first = 2_000 + part * 10
    print(f"\n{first}: {dict(check_every_clause(try_text, range(first, first + 10), 10_000))}")


@pytest.mark.soak
@pytest.mark.parametrize("case", [case for _, case in planted(lawful=True)], ids=Planted.name)
def test_ten_thousand_years_do_not_speak_against_a_lawful_neighbour(
    compile_text: Compile, case: Planted
) -> None:
    program = compile_text(case.text()).program
    (rule,) = (rule for rule in program.rules if rule.name == case.rule)
    roots = [*rule_roots(rule), *rule.comparisons]
    years = Years(Random(case.name()))
    found: Counter[str] = Counter()
    for _ in range(10_000):
        run = evaluate(program, years.year(program), roots=roots)
        found[verdict(run, rule).status] += 1
    print(f"\n{case.name()}: {dict(found)}")
    assert found[VIOLATED] == 0


def test_alma_is_kept_in_hundreds_of_years(alma_statute: Statute) -> None:
    found = list(prove(alma_statute.program, milliseconds=PATIENT))
    assert hold_against_years(alma_statute.program, found, 1, 150) > 100
