"""Proofs against sampled years: what is proved is never seen to fail, in the reference evaluator."""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from datetime import date
from fractions import Fraction
from os import environ
from random import Random

import pytest
from attrs import evolve
from planted import Planted, planted
from test_ranges import decisions_are_kept, hold

from coopfx.desk.versions import Statute
from coopfx.engine.outcome import (
    ALWAYS,
    NEVER,
    NOT_APPLICABLE,
    NOT_APPLIED,
    ON_FACTS,
    ONLY_IF,
    SATISFIED,
    SET_ASIDE,
    UNDETERMINED,
    VIOLATED,
    Condition,
    Proof,
)
from coopfx.engine.proof.existing import asked_of
from coopfx.engine.proof.obligations import TOLD
from coopfx.engine.proof.prove import prove, prove_clauses
from coopfx.engine.reference.evaluate import evaluate
from coopfx.engine.reference.evaluation import AllocationResult, Run
from coopfx.engine.reference.other_years import with_other_years
from coopfx.engine.reference.settle import verdict
from coopfx.engine.symbols import EveryYear, rule_roots
from coopfx.ground.exact import Missing, Undefined
from coopfx.ground.facts import Facts
from coopfx.ground.report import Report
from coopfx.language import ir
from coopfx.language.ranges import ranges
from coopfx.plugged.world import World
from sharing import Compile
from statutes import Statutes, compiled
from years import Years

_GENEROUS = 4_000
QUICK = (8, 17, 19, 23)
QUICK_UNDER_LAW = (7, 10, 15)
Draw = Callable[[Statutes], str]


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


def _all_of(value: object) -> str:
    """What becomes of an obligation that is one of the cooperative or of each record."""
    values = value if isinstance(value, list) else [value]
    if False in values:
        return VIOLATED
    return SATISFIED if values and all(one is True for one in values) else UNDETERMINED


class Sampled:
    """A generated statute with its proofs, and what the reference evaluator says of them in a year."""

    def __init__(self, program: ir.Program, milliseconds: int = _GENEROUS) -> None:
        self.program = program
        self.rules = {rule.name: rule for rule in program.rules}
        years = EveryYear(program)
        rules = list(prove(program, None, milliseconds, years))
        clauses = list(prove_clauses(program, rules, None, milliseconds, years))
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
        if proof.kind == "origin":
            return self.covered(run, proof)
        if proof.kind == "loss":
            booked = (
                one.booked for one in self.program.allocations if one.origin.span == proof.span
            )
            return _all_of(run.values[next(one for one in booked if one is not None)])
        if proof.kind == "floor":
            (closed,) = (
                one.node for one in self.program.truths if proof.rule == f"floor {one.name}"
            )
            return _all_of(run.values[closed])
        if proof.kind == "value":
            return self.exists(run, proof)
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

    def covered(self, run: Run, proof: Proof) -> str:
        """Whether an origin holds what is asked of it: each team's own, where it is the teams'."""
        (node,) = (
            one
            for one, drawn in self.program.covers().items()
            if drawn[0][0].origin.span == proof.span
            and self.program.held_by(one, drawn[0][0].node) == proof.subjects[0]
        )
        return _all_of(run.values[node])

    def exists(self, run: Run, proof: Proof) -> str:
        """Whether a figure that a clause moves money by has a value, of whom and when it is asked."""
        bounds = ranges(self.program.nodes, self.program.constants)
        lines = {clause.node: clause.origin.span.line for clause in self.program.money_clauses()}
        (asked,) = (
            asked
            for clause, asked in asked_of(self.program, bounds)
            if proof.rule == f"value {lines[clause]} {asked.figure}"
        )
        value = run.values[asked.figure]
        values = value if isinstance(value, list) else [value]
        group = None if asked.group is None else run.values[asked.group]
        inside = (
            group if isinstance(group, list) and isinstance(value, list) else [True] * len(values)
        )
        when = True if asked.when is None else run.values[asked.when]
        if isinstance(when, list) and isinstance(value, list):
            inside = [own if one is True else one for own, one in zip(inside, when, strict=True)]
            when = True
        elif isinstance(when, list):
            when = next((one for one in when if one is True), next(iter(when), False))
        own_values = [one for one, member in zip(values, inside, strict=True) if member is True]
        if when is True and any(isinstance(one, Undefined) for one in own_values):
            return VIOLATED
        known = not any(isinstance(one, Missing) for one in (*own_values, *inside, when))
        return SATISFIED if known and own_values and when is True else UNDETERMINED

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
        assert proof.only_if is not None
        return self.is_met(run, proof.only_if)

    def is_met(self, run: Run, condition: Condition) -> bool:
        """Whether a condition is met in a year."""
        if condition.beside is not None and not self.is_met(run, condition.beside):
            return False

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
            assert (proof.verdict == NOT_APPLIED) == (status == SET_ASIDE), (proof, facts)
            assert (proof.verdict, status) != (ALWAYS, VIOLATED), (proof, facts)
            assert (proof.verdict, status) != (NEVER, SATISFIED), (proof, facts)
            if proof.verdict == ONLY_IF and self.applies(run, proof):
                assert status != VIOLATED, (proof, facts)
                found[f"{ONLY_IF}, met: {status}"] += 1
            elif proof.verdict in (ALWAYS, NEVER):
                found[f"{proof.verdict}: {status}"] += 1


def check(
    seeds: Iterable[int], years: int, world: World, draw: Draw = Statutes.text
) -> Counter[str]:
    """Prove drawn statutes, and look for years that speak against a proof."""
    found: Counter[str] = Counter()
    for seed in seeds:
        drawn = Statutes.of(seed)
        statute = compiled(drawn.filled(draw(drawn), varied=False), world)
        if statute is None:
            found["refused"] += 1
            continue
        sampled, random = Sampled(statute.program), Random(seed)
        found["statutes"] += 1
        found.update(f"proof: {proof.verdict}" for proof in sampled.proofs)
        sampled.replayed(found)
        for _ in range(years):
            facts = Years(random, random.randint(0, 4)).year(statute.program)
            try:
                sampled.hold(facts, found)
            except AssertionError as error:
                error.add_note(f"seed {seed}")
                raise
    return found


def campaign(seed: int, count: int, world: World) -> Counter[str]:
    """What is proved of a drawn statute against years, some after a year of the statute before it."""
    drawn, random = Statutes.of(seed), Random(seed)
    text = drawn.under_law() if seed % 4 == 0 else drawn.text()
    if seed % 2:
        # What the year before worked out, and paid nobody.
        text = text.replace("previous surplus", "previous half_of_pot")
    now, before = (compiled(drawn.filled(text, varied=one), world) for one in (False, True))
    if now is None:
        return Counter(["refused"])
    program = now.program
    sampled = Sampled(program, 600)
    found: Counter[str] = Counter(statutes=1)
    found.update(f"proof: {proof.verdict}" for proof in sampled.proofs)
    for proof in sampled.proofs:
        if proof.verdict == ALWAYS and proof.kind == "rule":
            found.update(kinds(program, sampled.rules[proof.rule]))
    sampled.replayed(found)
    ends, kept = (ranges(program.nodes, program.constants, kept=one) for one in (False, True))
    for _ in range(count):
        years = Years(random, random.randint(0, 4))
        facts = years.year(program)
        if before is not None and random.random() < 0.5:
            earlier = evolve(years.year(before.program), closing=date(2023, 12, 31))
            run = evaluate(before.program, earlier)
            facts = with_other_years(program, facts, [run], Report())
            found["with a year before"] += 1
        run = evaluate(program, facts, roots=range(len(program.nodes)))
        hold(run, ends, found)
        if decisions_are_kept(run):
            hold(run, kept, found)
        sampled.hold(facts, found)
        found["years"] += 1
    return found


def kinds(program: ir.Program, rule: ir.Rule) -> set[str]:
    """The kinds of nodes that a rule rests on; none of one that is the same in any year."""
    nodes = [program.nodes[index] for index in ir.cone(program.nodes, rule_roots(rule))]
    if not any(isinstance(node, ir.Input | ir.Balance | ir.Decision) for node in nodes):
        return set()
    return {"always", *(f"always: {type(node).__name__}" for node in nodes)}


def test_no_year_speaks_against_a_proof(world: World) -> None:
    # Statutes that are proved at once: of the others, hundreds are drawn at length.
    found = check(QUICK, 20, world)
    assert found["always: satisfied"] > 100 and found["replayed"] > 1, found


def test_no_year_speaks_against_a_proof_of_a_law(world: World) -> None:
    found = check(QUICK_UNDER_LAW, 20, world, Statutes.under_law)
    assert found["always: satisfied"] > 40 and found["replayed"] > 1, found
    assert found[f"proof: {NOT_APPLIED}"] > 1, found


def test_no_year_after_a_year_of_the_statute_before_speaks_against_a_proof(world: World) -> None:
    # Drawn with what the year before worked out, amended, and under a law: those that are proved at once.
    found = sum((campaign(seed, 20, world) for seed in (12, 13, 17, 18, 19)), Counter[str]())
    assert found["always: satisfied"] > 100 and found["with a year before"] > 30, found


@pytest.mark.soak
@pytest.mark.parametrize("part", range(12))
def test_campaign(world: World, part: int) -> None:
    """Statutes of the whole language, amended, and under a law, with years before: see campaigns.md.

    ``PROOF_SEED`` is the first seed, ``PROOF_EACH`` how many a part has, ``PROOF_YEARS`` how many years
    each statute.
    """
    first, each, years = (
        int(environ.get(name, default))
        for name, default in (("PROOF_SEED", 0), ("PROOF_EACH", 250), ("PROOF_YEARS", 100))
    )
    found: Counter[str] = Counter()
    for seed in range(first + part * each, first + part * each + each):
        try:
            found += campaign(seed, years, world)
        except AssertionError as error:
            error.add_note(f"seed {seed}")
            raise
    print(f"\n{first + part * each}: {dict(sorted(found.items()))}")


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
    found = list(prove(alma_statute.program))
    assert hold_against_years(alma_statute.program, found, 1, 150) > 100
