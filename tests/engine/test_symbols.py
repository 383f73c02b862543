"""The prover's terms against the reference: every year of the reference is a model of the terms."""

from collections import Counter
from collections.abc import Callable
from datetime import date
from fractions import Fraction
from pathlib import Path
from random import Random
from typing import Any, get_args

import pytest
import z3
from attrs import fields
from generated import Statutes, Years

from coopfx import pipeline
from coopfx.engine.reference import evaluate
from coopfx.engine.run import Run
from coopfx.engine.symbols import (
    AnyYear,
    SmallYear,
    Symbols,
    Term,
    any_year,
    operations,
    small_year,
)
from coopfx.engine.symbols.nodes import NODES
from coopfx.engine.symbols.unsaid import CALENDAR, NOT_YET, unsaid
from coopfx.exact import YES_NO, Kind, Known, Missing, Undefined, Value
from coopfx.facts import Facts, Table
from coopfx.language import ir
from coopfx.language.operations import AGGREGATES, OPERATIONS, RELATIONS
from coopfx.plugins import World
from coopfx.policy import Policy, StatuteFile
from coopfx.report import Report
from coopfx.source import Source

CLOSING = date(2024, 12, 31)
MOODS = ("plain", "zero", "ties", "round", "huge")


# ---- the tables


def test_every_operation_relation_and_aggregate_has_its_terms() -> None:
    assert {*operations.OPERATIONS, *CALENDAR} == set(OPERATIONS)
    assert set(operations.RELATIONS) == set(RELATIONS)
    said = set(AGGREGATES) - {aggregate for aggregate in AGGREGATES if is_opaque(aggregate)}
    assert set(any_year.AGGREGATES) == set(small_year.AGGREGATES) == said


def is_opaque(aggregate: str) -> bool:
    return unsaid(ir.Aggregate(aggregate, 0, 1), GROUPS) is not None


def test_every_node_has_its_terms_or_a_reason_why_not(world: World) -> None:
    assert set(NODES) | set(NOT_YET) == set(get_args(ir.AnyNode))
    assert not set(NODES) & set(NOT_YET)
    for language in world.languages:
        for reason in {*NOT_YET.values(), *UNSAID.values(), "step"}:
            assert f"proof.not_yet.{reason}" in world.words(language).phrases


# Each field that the terms do not read yet, with a node in which it says something.
UNSAID = {
    ir.Param("minimum_wage", at=1): "calendar",
    ir.Op("log", (0,), places=2): "calendar",
    ir.Op("add_months", (0, 1)): "calendar",
    ir.Aggregate("sum", 0, 1, along=2): "along",
    ir.Aggregate("median", 0, 1): "along",
    ir.Balance("fund", "added", record="person"): "item",
    ir.Allocate(0, (), "losses", when=1): "item",
    ir.Allocate(0, (), "losses", group=1, record="person"): "item",
    ir.Allocate(0, (ir.Item("fund", 1, of_rest=True),), "losses"): "item",
    ir.Allocate(0, (ir.Item("fund", when=1),), "losses"): "item",
    ir.Allocate(0, (ir.Item("fund", low=1),), "losses"): "item",
    ir.Allocate(0, (ir.Item("fund", high=1),), "losses"): "item",
    ir.Split(0, 1, (), segment=2): "split",
    ir.Split(0, 1, (), coefficient=2): "split",
    ir.Split(0, 1, (), cap=2): "split",
    ir.Split(0, 1, (), smallest=2): "split",
    ir.Split(0, 1, (), alike=True): "split",
    ir.Split(0, 1, (), excess="fund"): "split",
    ir.Split(0, 1, (), when=2): "split",
    ir.Pool(0, 1, 0, losses_kept=True): "losses_kept",
    ir.Pool(0, 1, 1): "losses_kept",
}
# The nodes that the pools above speak of: all records of a sort, and some of them.
GROUPS = (ir.Group(type=YES_NO), ir.Group(0, 0, type=YES_NO))
# What every field that the terms do read is, beside the type and the record of the node.
READ: dict[type, set[str]] = {
    ir.Input: {"name", "low", "high"},
    ir.Param: {"name"},
    ir.Op: {"operation", "arguments"},
    ir.Aggregate: {"aggregate", "value", "group"},
    ir.Split: {"amount", "group", "keys", "into"},
    ir.Pool: {"figure", "kept"},
    ir.Allocate: {"source", "items", "losses"},
    ir.Item: {"account", "amount", "fill"},
}


@pytest.mark.parametrize("node", UNSAID, ids=repr)
def test_a_field_that_the_terms_do_not_read_has_its_reason(node: ir.AnyNode) -> None:
    assert unsaid(node, GROUPS) == UNSAID[node]


def test_every_field_is_read_or_has_its_reason() -> None:
    for kind, read in READ.items():
        plain: Any = kind
        own = {item.name for item in fields(plain)} - {"type", "record"}
        told = {
            name
            for node in UNSAID
            for one in (node, *(node.items if isinstance(node, ir.Allocate) else ()))
            if type(one) is kind
            for name in own - read
            if getattr(one, name) not in (None, False)
        }
        assert own == read | told, kind


# ---- the years


def statute(seed: int, world: World) -> ir.Program | None:
    """A generated statute's program; None where what was drawn has a mistake."""
    drawn = Statutes(Random(seed))
    text = drawn.filled(drawn.text(), varied=False)
    path = Path("statute.en.coop")
    file = StatuteFile(path, "", "en")
    policy = Policy(path, "en", {}, (file,))
    source = Source(path.name, text, "en")
    found = pipeline.compile_source(source, file, policy, world, Report())
    return None if found is None else found.program


def complete_year(program: ir.Program, random: Random, size: int) -> Facts:
    """A year in which every fact is given, with so many records of each sort."""
    years, mood = Years(random), random.choice(MOODS)
    tables = {}
    for record in program.records:
        names = tuple(f"{record[0]}{number + 1}" for number in range(size))
        columns: dict[str, tuple[Known | None, ...]] = {}
        for item in program.inputs:
            if item.record != record:
                continue
            if item.type.kind is Kind.LINK:
                sort = item.type.record or ""
                columns[item.name] = tuple(f"{sort[0]}{random.randint(1, size)}" for _ in names)
                continue
            same = years.fact(item, mood)
            drawn = [same if mood == "ties" else years.fact(item, mood) for _ in names]
            columns[item.name] = tuple(drawn)
        tables[record] = Table(names, columns)
    figures = {item.name: years.fact(item, mood) for item in program.inputs if item.record is None}
    balances = {
        name: years.money(mood)
        for name in program.accounts
        if not any(other.startswith(name + ".") for other in program.accounts)
    }
    return Facts(CLOSING, figures, tables, balances)


def linked(path: str, start: str, facts: Facts, rule: ir.Rule, program: ir.Program) -> str:
    """The record that a path of links leads to from a record."""
    found, record = start, rule.record
    for name in path.split(".")[1:]:
        assert record is not None
        table = facts.tables[record]
        found = str(table.columns[name][table.ids.index(found)])
        record = next(item.type.record for item in program.inputs if item.name == name)
    return found


def pinned(year: Symbols, facts: Facts, who: Callable[[str], str]) -> list[z3.BoolRef]:
    """That the facts are those of a year."""
    said = [year.closing == facts.closing.toordinal()]
    for fact in year.facts.values():
        value: Known | None
        if fact.opening:
            value = facts.balances[fact.name]
        elif fact.record is None:
            value = facts.figures[fact.name]
        else:
            table = facts.tables[fact.record]
            value = table.columns[fact.name][table.ids.index(who(fact.identifier))]
        if isinstance(value, bool):
            said.append(fact.variable == value)
        elif isinstance(value, str):
            said.append(fact.variable == facts.tables[fact.type.record or ""].ids.index(value))
        else:
            assert isinstance(value, Fraction)
            count = value / fact.unit
            if z3.is_int(fact.variable):
                assert count.denominator == 1
                said.append(fact.variable == int(count))
            else:
                said.append(fact.variable == year.real(count))
    return said


def claim(year: Symbols, term: Term, value: Value, linked_to: tuple[str, ...]) -> z3.BoolRef:
    """That a term is what the reference found."""
    assert not isinstance(value, Missing), "every fact is given"
    if isinstance(value, Undefined):
        return year.no(term.defined)
    if isinstance(value, bool):
        same = term.value == value
    elif isinstance(value, str):
        same = term.value == linked_to.index(value)
    else:
        assert isinstance(value, Fraction)
        same = term.value == year.real(value)
    return z3.And(term.defined, same)


def claims(year: Symbols, run: Run, facts: Facts, who: Callable[[str], str]) -> list[z3.BoolRef]:
    """That every term that was made is what the reference found."""
    found = []
    for (index, at), term in year._terms.items():
        node, value = run.program.nodes[index], run.values[index]
        if node.record is not None:
            assert isinstance(value, list)
            value = value[facts.tables[node.record].ids.index(who(at))]
        assert not isinstance(value, list)
        to = node.type.record if node.type.kind is Kind.LINK else None
        found.append(claim(year, term, value, facts.tables[to].ids if to else ()))
    return found


def hold_against_the_reference(
    program: ir.Program, rule: ir.Rule, facts: Facts, size: int, covered: Counter[str]
) -> None:
    """Hold the terms of one rule against a year: it is a model of them, and of one record the only."""
    run = evaluate(program, facts)
    small, whole = SmallYear(program, rule, size=size), AnyYear(program, rule)
    for year in (small, whole):
        year.judged()
        starts = [""] if rule.record is None or year is small else facts.tables[rule.record].ids
        for start in starts:

            def who(at: str, start: str = start, small: bool = year is small) -> str:
                return at if small else linked(at, start, facts, rule, program)

            said = claims(year, run, facts, who)
            solver = z3.Solver(ctx=year.context)
            solver.add(year.axioms)
            solver.add(pinned(year, facts, who))
            solver.push()
            solver.add(said)
            assert solver.check() == z3.sat, (rule.name, type(year).__name__, facts)
            covered[f"models of {type(year).__name__}"] += 1
            solver.pop()
            if year is small and size == 1:
                solver.add(z3.Not(z3.And(said)))
                assert solver.check() == z3.unsat, (rule.name, facts)
                covered["exact"] += 1


def compare(seeds: range, world: World) -> Counter[str]:
    """Hold terms against the reference on every seed's statute; what was covered, counted."""
    covered: Counter[str] = Counter()
    for seed in seeds:
        program = statute(seed, world)
        if program is None:
            covered["refused statutes"] += 1
            continue
        random = Random(seed)
        for rule in program.rules:
            for size in (1, 2, 3):
                facts = complete_year(program, random, size)
                hold_against_the_reference(program, rule, facts, size, covered)
    return covered


@pytest.mark.parametrize("part", range(4))
def test_every_year_of_the_reference_is_a_model_of_the_terms(part: int, world: World) -> None:
    covered = compare(range(part * 5, part * 5 + 5), world)
    assert covered["exact"] > 5
    assert covered["models of AnyYear"] > 20


@pytest.mark.soak
@pytest.mark.parametrize("part", range(8))
def test_thousands_of_years_are_models_of_the_terms(part: int, world: World) -> None:
    start = 10_000 + part * 250
    print(compare(range(start, start + 250), world))
