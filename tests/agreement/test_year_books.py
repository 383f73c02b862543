"""Every euro has one origin and one destination: the books of drawn years, in both engines.

What no entry shows is held beside: that a loss is booked whole, that what is left of a source is told, that
nobody is paid who is not of the group.
"""

import os
from collections import Counter
from collections.abc import Iterator
from fractions import Fraction
from random import Random

import pytest
from attrs import evolve

from books import Year, of_columns, of_run, untrue
from coopfx.engine.columns import gather, sweep
from coopfx.engine.reference.evaluate import evaluate
from coopfx.engine.reference.evaluation import Run
from coopfx.ground.exact import Missing, Undefined, Value, round_to
from coopfx.language import ir
from coopfx.plugged.world import World
from statutes import alike
from years import CENT, Years

WAYS = ("item", "overflow", "losses", "part", "into", "excess", "kept", "pooled")
KINDS = ("account", "received", "figure", "charges")
HELD = (
    "without a value",
    "overdrawn",
    "allocation",
    "allocation of a loss",
    "share",
    "share that stays",
)


def conserve(seeds: range, years: int, world: World) -> Counter[str]:
    """Hold the books of drawn years in both engines, and those of mutants against the truths.

    Of each seed two programs of one shape have so many years each.
    """
    held: Counter[str] = Counter()
    for seed in seeds:
        drawn = [one.program for one in alike(seed, world, 2) for _ in range(years)]
        if not drawn:
            held["refused statutes"] += 1
            continue
        random = Random(seed)
        facts = [
            Years(random, None if number % 2 else random.randint(0, 4)).year(program)
            for number, program in enumerate(drawn)
        ]
        runs = [evaluate(*pair) for pair in zip(drawn, facts, strict=True)]
        swept = sweep(gather(drawn, facts))
        for number, run in enumerate(runs):
            both = of_run(run), of_columns(swept, number, facts[number])
            for year in both:
                assert not list(untrue(year)), (seed, number, list(untrue(year))[:3])
            left, right = map(_entries, both)
            assert left == right, (seed, number, [*left - right, *right - left][:3])
            _hold_clauses(run, held)
            held["years"] += 1
            codes = Counter(item.code for item in run.diagnostics)
            held["overdrawn"] += codes["R813"] > 0
            held["without a value"] += codes["R815"] > 0
            told = codes["R812"] or codes["R813"] or codes["R815"]
            assert told or not _has_no_value(both[0]), (seed, number)
            held.update(entry.way for entry, _, amount in both[0].entries if amount != 0)
            held.update(entry.source.kind for entry, _, amount in both[0].entries if amount != 0)
        held.update(_mutants(drawn[0], runs[:years]))
    return held


def _hold_clauses(run: Run, held: Counter[str]) -> None:
    for clause in run.program.allocations:
        told = {item.code for item in run.diagnostics if item.span == run.place(clause.node)}
        for result in run.allocations.get(clause.node, ()):
            moved = [*result.amounts, *result.overflows, result.losses, result.source]
            known = [one for one in moved if isinstance(one, Fraction)]
            if len(known) == len(moved) and (result.flow or result.losses):
                *given, source = known
                whole = round_to(source, CENT)
                assert result.losses == min(whole, Fraction(0))
                left = whole - sum(given)
                assert left == 0 or (left > 0 and "R804" in told), (left, told)
                held["allocation"] += 1
                held["allocation of a loss"] += result.losses != 0
    for index, split in run.splits.items():
        node = run.program.nodes[index]
        assert isinstance(node, ir.Split)
        parts = split.parts if isinstance(split.parts, list) else []
        paid = {row for row, part in enumerate(parts) if isinstance(part, Fraction) and part != 0}
        assert paid <= set(split.entitled)
        for segment in split.segments:
            if segment.shares is not None:
                unlimited = node.cap is None and node.smallest is None
                assert not (unlimited and len(segment.entitled) == 1 and segment.shares.left)
                held["share"] += 1
        held["share that stays"] += split.paid == 0


def _entries(year: Year) -> Counter[tuple[str, str, str]]:
    """What each entry moves; of what is not known, only that it is so."""
    return Counter(
        (f"{entry}", identifier, "not known" if _is_unknown(amount) else f"{amount}")
        for entry, identifier, amount in year.entries
        if amount != 0 and not (identifier == "" and isinstance(amount, Missing))
    )


def _has_no_value(year: Year) -> bool:
    return any(isinstance(amount, Undefined) for _, _, amount in year.entries)


def _is_unknown(amount: Value) -> bool:
    return isinstance(amount, Missing | Undefined)


# ---- mutants


def _mutants(program: ir.Program, runs: list[Run]) -> Iterator[str]:
    """Drop, double and misdirect each entry that moves what is known: the truths have to tell it."""
    known = [year for year in map(of_run, runs) if not year.unknown]
    for place, entry in enumerate(program.books):
        moves = [
            year
            for year in known
            if any(one is entry or one == entry for one, _, amount in year.entries if amount != 0)
        ]
        if moves:
            for name, changed in _changes(program.books, place):
                books = (*program.books[:place], *changed, *program.books[place + 1 :])
                assert any(_dies(year.facts, run, books) for year, run in _of(moves, runs)), (
                    name,
                    entry,
                )
                yield f"mutant: {name}"


def _of(moves: list[Year], runs: list[Run]) -> Iterator[tuple[Year, Run]]:
    for year in moves:
        yield year, next(run for run in runs if run.facts is year.facts)


def _dies(facts: object, run: Run, books: tuple[ir.Entry, ...]) -> bool:
    return any(untrue(of_run(evolve(run, program=evolve(run.program, books=books)))))


def _changes(books: tuple[ir.Entry, ...], place: int) -> Iterator[tuple[str, tuple[ir.Entry, ...]]]:
    entry = books[place]
    yield "dropped", ()
    yield "doubled", (entry, entry)
    elsewhere = ir.Place("account", "elsewhere")
    if not entry.management:
        yield "sent elsewhere", (evolve(entry, target=elsewhere),)
        if entry.source != entry.target:
            yield "turned", (evolve(entry, source=entry.target, target=entry.source),)
        if entry.source.kind == "account":
            yield "taken from elsewhere", (evolve(entry, source=elsewhere),)


def test_every_euro_has_one_origin_and_one_destination(world: World) -> None:
    held = conserve(range(15), 5, world)
    assert held["years"] > 80, held
    assert all(held[way] for way in (*WAYS, *KINDS, *HELD)), held


@pytest.mark.soak
@pytest.mark.parametrize("part", range(8))
def test_every_euro_has_one_origin_at_length(part: int, world: World) -> None:
    first = int(os.environ.get("BOOKS_SEED", "50000")) + part * 400
    held = conserve(range(first, first + 400), 2, world)
    print(f"\nseeds {first} to {first + 399}: {dict(sorted(held.items()))}")
