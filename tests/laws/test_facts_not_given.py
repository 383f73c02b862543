"""A fact that a law asks and a year does not give leaves its own rules open, and turns no other verdict."""

import pytest
from attrs import evolve
from packs import installed

from coopfx import pipeline
from coopfx.desk.policy import open_policy
from coopfx.engine.outcome import UNDETERMINED
from coopfx.ground.facts import Facts
from coopfx.ground.report import Report
from coopfx.language import ir
from coopfx.laws.book import open_law
from coopfx.pipeline import Year
from independent import POLICIES
from results import statuses

POLICIES_UNDER = ("txirbil", "il-filo")


def evaluated(name: str) -> Year:
    report = Report()
    policy = open_policy(POLICIES / name, report)
    assert policy is not None
    found = pipeline.evaluate_policy(policy, None, installed(), report)
    assert found is not None
    return found


def without(facts: Facts, item: ir.Input) -> Facts:
    """The year, had nobody written this fact down."""
    if item.record is None:
        kept = {name: value for name, value in facts.figures.items() if name != item.name}
        return evolve(facts, figures=kept)
    table = facts.tables[item.record]
    columns = {name: values for name, values in table.columns.items() if name != item.name}
    return evolve(facts, tables=facts.tables | {item.record: evolve(table, columns=columns)})


@pytest.mark.parametrize("name", POLICIES_UNDER)
def test_a_fact_that_is_not_given_opens_its_own_rules_alone(name: str) -> None:
    year = evaluated(name)
    program, before, opened = year.statute.program, statuses(year), set[str]()
    book = law_facts(year)
    asked = [item for item in program.inputs if item.name in book]
    assert len(asked) > 10
    for item in asked:
        again = pipeline.evaluate(year.statute, without(year.facts, item), installed())
        for verdict in again.verdicts:
            rule = next(one for one in program.rules if one.name == verdict.rule)
            if verdict.status != before[verdict.rule]:
                assert verdict.status == UNDETERMINED, (item.name, verdict.rule)
                assert item.name in facts_of(program, rule), (item.name, verdict.rule)
                opened.add(item.name)
    assert len(opened) > len(asked) // 2


def law_facts(year: Year) -> set[str]:
    """The facts that the statute's laws declare."""
    books = [open_law(name, installed(), Report()) for name in year.statute.program.laws]
    return {fact.name for book in books if book for one in book.articles for fact in one.facts}


def facts_of(program: ir.Program, rule: ir.Rule) -> set[str]:
    nodes = program.nodes
    inner = (nodes[index] for index in ir.cone(nodes, rule.nodes(program)))
    return {node.name for node in inner if isinstance(node, ir.Input)}
