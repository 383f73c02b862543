"""Is a statute lawful whatever the year brings? Each of its obligations is proved, or a year is found.

A rule that speaks of allocated money is an obligation, and so is what the statute's own clauses must
do; every other rule rests on the year's facts, and no statute can be lawful in its stead.
"""

from collections.abc import Callable, Iterator
from datetime import date
from typing import Any

from attrs import evolve

from coopfx.engine.outcome import NOT_APPLIED, ON_FACTS, REFUTED, Proof
from coopfx.engine.proof.blamed import read_redefined, rests_on_facts
from coopfx.engine.proof.obligations import Obligations
from coopfx.engine.proof.only_if import conditioned
from coopfx.engine.proof.prover import Prover, proof_of
from coopfx.engine.symbols import EveryYear, cone, rule_roots
from coopfx.language import ir


def prove(
    program: ir.Program,
    last: date | None = None,
    milliseconds: int | None = None,
    years: EveryYear | None = None,
) -> Iterator[Proof]:
    """Prove each rule of a program, one after the other in their order.

    ``last`` is the last day on which the statute is in force; ``years`` all its years, where what is
    said of them serves elsewhere too.
    """
    years = years or EveryYear(program, last)
    doubtful = program.doubtful()
    for rule in program.rules:
        if rule.set_aside:
            yield proof_of(rule, NOT_APPLIED, set_aside=rule.set_aside)
            continue
        if is_obligation(program, rule):
            prover = Prover(program, rule, last, milliseconds, years.bounds, years=years)
            proof = prover.proof()
            if proof.year is not None and rests_on_facts(program, rule, proof.year):
                proof = proof_of(rule, ON_FACTS)
            elif proof.verdict == REFUTED and rule.record is None:
                proof = conditioned(prover, proof)
        else:
            proof = proof_of(rule, ON_FACTS)
            if rule.origin.law is not None and read_redefined(program, rule):
                prover = Prover(program, rule, last, milliseconds, years.bounds, years=years)
                proof = prover.idle() or proof
        unsure = proof.to_confirm or not doubtful.isdisjoint(rule.nodes(program))
        yield evolve(proof, to_confirm=unsure)


def prove_clauses(
    program: ir.Program,
    rules: list[Proof],
    last: date | None = None,
    milliseconds: int | None = None,
    years: EveryYear | None = None,
) -> Iterator[Proof]:
    """Prove what the clauses of a program must do; ``rules`` are the proofs of its rules."""
    years = years or EveryYear(program, last)
    yield from Obligations(years, milliseconds).proofs(rules)


def is_obligation(program: ir.Program, rule: ir.Rule) -> bool:
    """Whether allocated money occurs in a rule, so that the statute itself keeps or breaks it.

    That a decision keeps its bounds is the meeting's to keep, also where these are allocated money.
    """
    nodes = program.nodes
    if any(isinstance(node, ir.Decision) and node.name == rule.name for node in nodes):
        return False
    return any(is_allocated(nodes[index]) for index in cone(nodes, rule_roots(rule)))


def is_allocated(node: ir.AnyNode) -> bool:
    """Whether a node is money that clauses move; one that is not known is taken for it."""
    return ALLOCATED.get(type(node), _yes)(node)


def _yes(node: ir.AnyNode) -> bool:
    return True


def _no(node: ir.AnyNode) -> bool:
    return False


ALLOCATED: dict[type, Callable[[Any], bool]] = {
    # An account that no clause feeds holds no money by them.
    ir.Balance: lambda node: node.at != "opening",
    **dict.fromkeys(
        (ir.Allocate, ir.Part, ir.Split, ir.Paid, ir.Excess, ir.Pool, ir.Pooled),
        _yes,
    ),
    **dict.fromkeys(
        (
            *(ir.Input, ir.Slot, ir.Param, ir.Op, ir.Compare, ir.Scale, ir.Decision),
            *(ir.Group, ir.Link, ir.Lift, ir.Aggregate, ir.Member),
        ),
        _no,
    ),
}
"""Whether each sort of node is money that clauses move."""
