"""The prover's terms against the reference: every year of the reference is a model of the terms."""

from collections import Counter
from collections.abc import Callable, Iterable
from datetime import date
from fractions import Fraction
from random import Random
from typing import Any

import pytest
import z3

from coopfx.engine.outcome import SATISFIED
from coopfx.engine.reference.evaluate import evaluate
from coopfx.engine.reference.evaluation import Run
from coopfx.engine.reference.settle import verdict
from coopfx.engine.symbols import (
    AnyYear,
    SmallYear,
    Symbols,
    Term,
)
from coopfx.ground.exact import Kind, Known, Missing, Undefined, Value
from coopfx.ground.facts import Facts
from coopfx.language import ir
from coopfx.language.ranges import ranges
from coopfx.plugged.world import World
from covered import EVERYTHING, TEXT, used
from statutes import statute
from years import Years


def linked(path: str, start: str, facts: Facts, rule: ir.Rule, program: ir.Program) -> str:
    """The record that a path of links leads to from a record."""
    found, record = start, rule.record
    for name in path.split(".")[1:]:
        assert record is not None
        table = facts.tables[record]
        found = str(table.columns[name][table.ids.index(found)])
        record = next(
            item.type.record
            for item in program.inputs
            if item.name == name and item.record == record
        )
    return found


def number_of(year: Symbols, value: Known, linked_to: tuple[str, ...]) -> Any:
    """A value as the terms count it: a day by its ordinal, a text or a link by its place."""
    match value:
        case bool():
            return year.true if value else year.false
        case str():
            places = {name: place for place, name in enumerate(linked_to)} or year._texts
            return year.whole(places.get(value, len(places) + 1_000 + len(value)))
        case date():
            return year.whole(value.toordinal())
        case Fraction():
            return year.real(value)


def pinned(year: Symbols, facts: Facts, who: Callable[[str], str]) -> list[tuple[Any, Any]]:
    """The facts' variables, and what they are in a year."""
    said: list[tuple[Any, Any]] = [(year.closing, year.whole(facts.closing.toordinal()))]
    for fact in year.facts.values():
        value: Known | None
        if fact.decision and fact.given is not None:
            said.append((fact.given, number_of(year, fact.name in facts.figures, ())))
            if fact.name not in facts.figures:
                continue
        if fact.opening:
            value = facts.balances[fact.name]
        elif fact.record is None:
            value = facts.figures[fact.name]
        else:
            table = facts.tables[fact.record]
            value = table.columns[fact.name][table.ids.index(who(fact.identifier))]
        assert value is not None
        linked_to = facts.tables[fact.type.record].ids if fact.type.record else ()
        if isinstance(value, Fraction):
            count = value / fact.unit
            whole = z3.is_int(fact.variable)
            assert count.denominator == 1 or not whole
            said.append((fact.variable, year.whole(int(count)) if whole else year.real(count)))
        else:
            said.append((fact.variable, number_of(year, value, linked_to)))
    return said


def claim(year: Symbols, term: Term, value: Value, linked_to: tuple[str, ...]) -> z3.BoolRef:
    """That a term is what the reference found; before its first day, a parameter has no value."""
    if isinstance(value, Undefined | Missing):
        return year.no(term.defined)
    return z3.And(term.defined, term.value == number_of(year, value, linked_to))


def claims(year: Symbols, run: Run, facts: Facts, who: Callable[[str], str]) -> list[z3.BoolRef]:
    """That every term that was made is what the reference found."""
    found = []
    for (index, at), term in year._terms.items():
        node, value = run.program.nodes[index], value_of(run, facts, index, who(at) if at else at)
        to = node.type.record if node.type.kind is Kind.LINK else None
        found.append(claim(year, term, value, facts.tables[to].ids if to else ()))
    return found


def hold_against_the_reference(
    program: ir.Program, rule: ir.Rule, facts: Facts, size: int, covered: Counter[str]
) -> None:
    """Hold the terms of one rule against a year: it is a model of them, and of a small year the only."""
    run = evaluate(program, facts)
    bounds = [ranges(program.nodes, program.constants, kept=kept) for kept in (False, True)]
    years = (
        SmallYear(program, rule, ranges=bounds[0], size=size),
        AnyYear(program, rule, ranges=bounds[0]),
        AnyYear(program, rule, ranges=bounds[1]),
    )
    for year in years:
        year.judged()
        small = isinstance(year, SmallYear)
        if year.ranges is bounds[1]:
            if not year.decisions or not decisions_are_kept(run, year):
                continue
            year.axioms.append(year.kept_decisions())
        starts = [""] if rule.record is None or small else facts.tables[rule.record].ids
        for start in starts:

            def who(at: str, start: str = start, small: bool = small) -> str:
                return at if small else linked(at, start, facts, rule, program)

            said = claims(year, run, facts, who)
            known = pinned(year, facts, who)
            axioms = [
                z3.simplify(z3.substitute(one, known)) for one in (*year.axioms, *year.exactly)
            ]
            claimed = [z3.simplify(z3.substitute(one, known)) for one in said]
            answer = answered(year, [*axioms, *claimed])
            assert answer != z3.unsat, (rule.name, type(year).__name__, facts)
            covered[f"{answer} {type(year).__name__}"] += 1
            if small and not year.not_yet:
                answer = answered(year, [*axioms, year.no(year.both(claimed))])
                assert answer != z3.sat, (rule.name, facts)
                covered[f"{answer} but for this"] += 1
    covered.update(used(program, years[0].cone))


def answered(year: Symbols, conditions: list[z3.BoolRef]) -> z3.CheckSatResult:
    """Whether conditions can hold at once; where a solver takes long, that is not known."""
    ways = ("simplify", "propagate-values", "solve-eqs", "smt")
    solver = z3.Then(*ways, ctx=year.context).solver()
    solver.set("timeout", 5_000)
    solver.add(conditions)
    return solver.check()


def decisions_are_kept(run: Run, year: Symbols) -> bool:
    """Whether the reference finds the decisions that a rule rests on within their bounds."""
    return all(
        verdict(run, rule).status == SATISFIED
        for rule in run.program.rules
        if rule.name in year.decisions and rule.name != year.rule.name
    )


def compare(seeds: Iterable[int], world: World, sizes: Iterable[int]) -> Counter[str]:
    """Hold terms against the reference on every statute drawn; what was covered, counted."""
    covered: Counter[str] = Counter()
    for seed in seeds:
        drawn = statute(seed, world)
        if drawn is None:
            covered["refused statutes"] += 1
            continue
        program, random = drawn.program, Random(seed)
        for rule in program.rules:
            for size in sizes:
                facts = Years(random, size).year(program)
                hold_against_the_reference(program, rule, facts, size, covered)
    return covered


def assert_decided(covered: Counter[str]) -> None:
    """Hold that nearly all questions were answered, and that there were enough."""
    for found, other in (
        ("sat AnyYear", "unknown AnyYear"),
        ("sat SmallYear", "unknown SmallYear"),
        ("unsat but for this", "unknown but for this"),
    ):
        assert covered[found] > 5 and covered[found] > 20 * covered[other], dict(covered)


@pytest.mark.parametrize("part", range(4))
def test_every_year_of_the_reference_is_a_model_of_the_terms(
    part: int, world: World, record_property: Callable[[str, object], None]
) -> None:
    covered = compare(range(part * 8, part * 8 + 5), world, (part,))
    record_property("covered", dict(covered))
    assert_decided(covered)


@pytest.mark.soak
@pytest.mark.parametrize("part", range(8))
def test_thousands_of_years_are_models_of_the_terms(part: int, world: World) -> None:
    covered = compare(range(10_000 + part * 250, 10_250 + part * 250), world, (0, 1, 2, 3))
    print(dict(sorted(covered.items())))
    # No rule rests on what an example expects.
    wanted = {name for name in EVERYTHING if not name.startswith(TEXT)} - {"Member"}
    assert wanted <= set(covered), wanted - set(covered)


# ---- the books


def hold_the_books(seeds: Iterable[int], world: World, sizes: Iterable[int]) -> Counter[str]:
    """Hold the terms of every entry of drawn years' books against the reference: no other amount fits."""
    held: Counter[str] = Counter()
    for seed in seeds:
        drawn = statute(seed, world)
        if drawn is None:
            continue
        program, random = drawn.program, Random(seed)
        for size in sizes:
            facts = Years(random, size).year(program)
            year = SmallYear(program, program.rules[0], size=size)
            run = evaluate(program, facts)
            entries = [
                (entry, at, year.term(entry.amount, at))
                for entry in program.books
                for at in _whose(program, entry, facts)
            ]
            known = pinned(year, facts, lambda at: at)
            said = [*year.axioms, *year.exactly, *claims(year, run, facts, lambda at: at)]
            model = [z3.simplify(z3.substitute(one, known)) for one in said]
            answer = answered(year, model)
            assert answer != z3.unsat, (seed, size)
            held[f"{answer}"] += 1
            if year.not_yet:
                held["not all said"] += 1
                continue
            rests = [z3.substitute(one, known) for one in (*year.axioms, *year.exactly)]
            for entry, at, term in entries:
                amount = value_of(run, facts, entry.amount, at)
                other = z3.substitute(year.no(claim(year, term, amount, ())), known)
                answer = answered(year, [*map(z3.simplify, rests), z3.simplify(other)])
                assert answer != z3.sat, (seed, size, entry, at, amount)
                held[f"{answer} {entry.way}"] += amount != 0
                held[f"{answer} but for this"] += 1
    return held


def _whose(program: ir.Program, entry: ir.Entry, facts: Facts) -> tuple[str, ...]:
    record = program.nodes[entry.amount].record
    return ("",) if record is None else facts.tables[record].ids


def value_of(run: Run, facts: Facts, index: int, at: str) -> Value:
    """What the reference found of a node, of the cooperative or of a record."""
    value, record = run.values[index], run.program.nodes[index].record
    if isinstance(value, list):
        assert record is not None
        return value[facts.tables[record].ids.index(at)]
    return value


def test_the_terms_of_the_books_are_those_of_the_reference(world: World) -> None:
    held = hold_the_books((604, 606, 607, 608), world, (1, 2))
    assert held["unsat but for this"] > 20 * held["unknown but for this"], held
    assert all(held[f"unsat {way}"] for way in ("item", "overflow", "losses", "part", "excess")), (
        held
    )


@pytest.mark.soak
@pytest.mark.parametrize("part", range(8))
def test_the_terms_of_the_books_at_length(part: int, world: World) -> None:
    held = hold_the_books(range(20_000 + part * 100, 20_100 + part * 100), world, (0, 1, 2, 3))
    print(dict(sorted(held.items())))
