"""Gains, losses, accounts and sources of a scenario close to the cent, on drawn statutes and changes."""

from collections import Counter
from fractions import Fraction
from random import Random
from typing import Any

from attrs import evolve

from books import Year, of_columns
from coopfx import pipeline
from coopfx.engine.columns import gather, sweep
from coopfx.engine.compare import compare
from coopfx.engine.outcome import Booked, Comparison, Outcome, Place
from coopfx.engine.reference.books import placed
from coopfx.ground.exact import Missing
from coopfx.language import ir
from coopfx.plugged.world import World
from statutes import alike
from years import Years

PARTS = ("records", "accounts", "sources")


# Those that other tests of a run compile too, and a few whose charges or figures of people move.
SEEDS = (*range(50), 71_017, 71_018, 71_021)


def test_what_some_gain_others_lose_or_figures_give(world: World) -> None:
    """Two statutes of one shape have other figures in their texts: one is a scenario of the other."""
    held: Counter[str] = Counter()
    for seed in SEEDS:
        pair = alike(seed, world, 2)
        if len(pair) < 2:
            continue
        random = Random(seed)
        facts = [Years(random, size).year(pair[0].program) for size in (3, None)]
        programs = [one.program for one in pair for _ in facts]
        swept = sweep(gather(programs, [*facts, *facts]))
        for number, year in enumerate(facts):
            outcomes = [pipeline.evaluate(one, year, world) for one in pair]
            books = [of_columns(swept, at, year) for at in (number, number + len(facts))]
            columns = [in_columns(*both) for both in zip(outcomes, books, strict=True)]
            ids = {sort: table.ids for sort, table in year.tables.items()}
            reference, columnar = (compare(old, new, ids) for old, new in (outcomes, columns))
            for management in (False, True):
                totals = closed(reference, management, held)
                assert totals == closed(columnar, management, held), seed
            _hold_balances(reference)
            _hold_records(reference, books, held)
    few = {"closed": 60, "moved": 15, "not known": 10, "charges": 0, "records": 200, "givers": 4}
    assert all(held[sort] > least for sort, least in few.items()), held


def _hold_records(found: Comparison, books: list[Year], held: Counter[str]) -> None:
    """Each record gains what came to its own places, less what went, in either year."""
    held["charges"] += any(
        one.place.kind == "charges" and isinstance(more, Fraction) and more != 0
        for one in found.sources
        for more in [one.moved.difference]
    )
    held["givers"] += any(one.giver and one.giver != one.record for one in found.year.books)
    gained: Counter[tuple[str, str, str]] = Counter()
    for row in found.records:
        for at, amount in zip(
            ("before", "after"), (row.moved.before, row.moved.after), strict=True
        ):
            if isinstance(amount, Fraction):
                gained[at, row.sort, row.record] += amount  # type: ignore[assignment]
    for at, year in zip(("before", "after"), books, strict=True):
        if year.unknown:
            continue
        own: Counter[tuple[str, str, str]] = Counter()
        for side, sign in ((year.into, 1), (year.out, -1)):
            for (kind, _, sort, record), amount in side.items():
                if sort is not None and kind not in ("figure", "charges"):
                    own[at, sort, record] += sign * amount  # type: ignore[assignment]
        assert {key: one for key, one in own.items() if one} == {
            key: one for key, one in gained.items() if one and key[0] == at
        }
        held["records"] += len(own)


def closed(found: Comparison, management: bool, held: Counter[str]) -> list[Fraction] | None:
    """The three totals of a book, which close; None where one is not known."""
    totals = [found.total(part, management=management) for part in PARTS]
    known = [one for one in totals if isinstance(one, Fraction)]
    if len(known) < len(totals):
        held["not known"] += 1
        return None
    records, accounts, sources = known
    assert records + accounts - sources == 0, (records, accounts, sources)
    held["closed"] += 1
    held["moved"] += any(known)
    return known


def _hold_balances(found: Comparison) -> None:
    """An account's closing balance rises by what it gains, since both years open alike."""
    for one in found.accounts:
        assert one.balances is not None
        rises, gains = one.balances.difference, one.moved.difference
        if isinstance(rises, Fraction) and isinstance(gains, Fraction):
            assert rises == gains, one.place


def in_columns(outcome: Outcome, year: Year) -> Outcome:
    """An outcome with the books and the accounts that the columns have worked out."""
    written = {entry: (article, line) for entry, article, line in placed(year.program)}
    books = []
    for entry, identifier, amount in year.entries:
        giver = ""
        if entry.along is not None:
            spot = year.spots(entry, identifier)[0]
            giver = spot[3] if spot is not None else ""
        places = (Place(one.kind, one.name, one.record) for one in (entry.source, entry.target))
        source, target = places
        article, line = written[entry]
        books.append(
            Booked(
                article,
                line,
                entry.way,
                source,
                target,
                identifier,
                amount,
                entry.management,
                giver,
            )
        )
    accounts = [
        evolve(account, **_balances(year, year.program.accounts[account.name]))
        if account.record is None
        else account
        for account in outcome.accounts
    ]
    return evolve(outcome, books=tuple(books), accounts=tuple(accounts))


def _balances(year: Year, nodes: ir.AccountNodes) -> dict[str, Any]:
    return {
        at: (year.rows(getattr(nodes, at)) or {"": Missing(())})[""]
        for at in ("opening", "added", "taken", "closing")
    }
