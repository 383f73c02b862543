"""Nobody is found from two anonymous papers beside each other: of two years, of a scenario and its base."""

from collections.abc import Iterator
from fractions import Fraction
from itertools import combinations, product
from random import Random

import pytest
from attrs import evolve
from meeting_papers import POLICIES, year_of, years_of
from test_papers_anonymous import _other as other
from test_papers_anonymous import amounts, drawn, texts

from coopfx import pipeline
from coopfx.engine.outcome import AccountYear, Outcome, RecordBalances, Results
from coopfx.extending import LEAST
from coopfx.ground.facts import Facts, Table
from coopfx.ground.figure import opening_of
from coopfx.ground.report import Report
from coopfx.ground.words import Words
from coopfx_papers import report, resolutions
from coopfx_papers.anonymous import hidden_of, tell_few

DRAWS = 8
CENTS = 100
"""Below so much, an amount is found among the differences of others by chance."""


def after(before: Results, gone: tuple[str, ...], random: Random) -> Facts:
    """The year after: some have left, all others have other figures, accounts open as they closed."""
    people = before.facts.tables["person"]
    stay = [at for at, one in enumerate(people.ids) if one not in gone]
    ids = tuple(people.ids[at] for at in stay)
    teams = before.facts.tables["team"].ids if "team" in before.facts.tables else ()
    columns = {
        name: tuple(other(column[at], name, teams, random) for at in stay)
        for name, column in people.columns.items()
    }
    for account in before.outcome.accounts:
        if account.record == "person":
            closing = {row.record: row.closing for row in account.rows}
            held = tuple(closing.get(one, Fraction(0)) for one in ids)
            columns[opening_of(account.name)] = held  # type: ignore[assignment]
    tables = {**before.facts.tables, "person": Table(ids, columns)}
    surplus = Fraction(random.randrange(10**9, 10**10), 100)
    closing_day = before.facts.closing.replace(year=before.facts.closing.year + 1)
    figures = {**before.facts.figures, "surplus": surplus}
    return evolve(before.facts, tables=tables, figures=figures, closing=closing_day)


def shown(results: Results, words: Words) -> set[Fraction]:
    """All amounts on the anonymous papers."""
    said = "\n".join(texts(report.paper(results, words, anonymous=True)))
    return amounts(said + resolutions.text(results, words, anonymous=True))


def told_apart(one: set[Fraction], other: set[Fraction]) -> set[Fraction]:
    """What follows from two papers: what they show, and each difference, within one and between both."""
    pairs = (*combinations(one, 2), *combinations(other, 2), *product(one, other))
    return one | other | {abs(left - right) for left, right in pairs}


def own(results: Results, people: tuple[str, ...]) -> Iterator[tuple[str, Fraction]]:
    """Each figure of some people: what the data give of them, and what they receive."""
    for fact in results.facts.tables["person"].columns:
        for one, value in results.of("person", fact).items():
            if one in people and isinstance(value, Fraction) and value.denominator > 1:
                yield f"{fact} of {one}", value
    for share in results.outcome.shares:
        for one, part in share.parts or ():
            if one in people:
                yield f"{share.source} of {one}", part


@pytest.mark.parametrize("name", ["alma", "le-rabot", "txirbil", "il-filo"])
def test_who_left_is_not_found_from_the_papers_of_two_years(name: str) -> None:
    policy, year, world, words = years_of(POLICIES / name, "fr")
    random = Random(f"beside {name}")

    def results_of(facts: Facts, *before: Outcome) -> Results:
        outcome = pipeline.evaluate(year.statute, facts, world)
        run = evolve(year, facts=facts, outcome=outcome)
        return evolve(pipeline.results(policy, run, world, Report()), before=lambda: before)

    made = 0
    for _ in range(DRAWS):
        first = results_of(drawn(year.facts, random))
        people = first.facts.tables["person"].ids
        gone = tuple(random.sample(people, random.randint(1, min(LEAST, len(people)) - 1)))
        second = results_of(after(first, gone, random), first.outcome)
        if tell_few(first, Report()) or tell_few(second, Report()):
            continue
        made += 1
        found = told_apart(shown(first, words), shown(second, words))
        held = [
            (f"{account.name} of {row.record}", row.closing)
            for account in first.outcome.accounts
            for row in account.rows
            if row.record in gone and isinstance(row.closing, Fraction)
        ]
        for about, figure in (*own(first, people), *own(second, people), *held, *together(held)):
            assert figure < CENTS or figure not in found, about
    assert made >= DRAWS // 4


def together(held: list[tuple[str, Fraction]]) -> Iterator[tuple[str, Fraction]]:
    """What the leavers held of an account, all together."""
    for name in {about.partition(" of ")[0] for about, _ in held}:
        yield (
            name,
            sum((sum_ for about, sum_ in held if about.startswith(f"{name} of ")), Fraction(0)),
        )


@pytest.mark.parametrize(
    ("name", "figure"), [("le-rabot", "work_rate"), ("il-filo", "rebate_rate"), ("alma", "surplus")]
)
def test_nobody_is_found_from_a_scenario_beside_its_base(name: str, figure: str) -> None:
    policy, year, world, words = years_of(POLICIES / name, "fr")
    random = Random(f"scenario {name}")
    made = 0
    for _ in range(DRAWS):
        base = drawn(year.facts, random)
        known = base.figures.get(figure, Fraction(1, 2))
        assert isinstance(known, Fraction)
        changed = evolve(base, figures={**base.figures, figure: known * Fraction(3, 4)})
        both = []
        for facts in (base, changed):
            outcome = pipeline.evaluate(year.statute, facts, world)
            run = evolve(year, facts=facts, outcome=outcome)
            both.append(pipeline.results(policy, run, world, Report()))
        if any(tell_few(one, Report()) for one in both):
            continue
        made += 1
        found = told_apart(*(shown(one, words) for one in both))
        everyone = base.tables["person"].ids
        parts = [dict(own(one, everyone)) for one in both]
        for about, amount in (*parts[0].items(), *parts[1].items()):
            assert amount < CENTS or amount not in found, about
        for about, amount in parts[0].items():
            change = abs(parts[1].get(about, amount) - amount)
            assert change < CENTS or change not in found, f"change of {about}"
    assert made >= DRAWS // 4


@pytest.mark.parametrize(("leavers", "hidden"), [(0, False), (1, True), (4, True), (5, False)])
def test_what_few_leavers_held_is_not_the_difference_of_two_papers(
    leavers: int, hidden: bool
) -> None:
    results, _ = year_of(POLICIES / "le-rabot", "fr")
    sums = [Fraction(1234567 + at, 100) for at in range(10 + leavers)]
    stayed = tuple(RecordBalances(f"p{at}", *[sums[at]] * 4) for at in range(10))
    gone = tuple(RecordBalances(f"gone{at}", *[sums[10 + at]] * 4) for at in range(leavers))
    held = AccountYear("held", *[Fraction(1)] * 4, record="person", rows=stayed)
    this = evolve(results.outcome, accounts=(held,), books=(), shares=(), allocations=())
    last = evolve(this, accounts=(evolve(held, rows=(*stayed, *gone)),))
    last = evolve(last, closing=this.closing.replace(year=this.closing.year - 1))
    beside = evolve(results, outcome=this, before=lambda: (last,))
    assert ("held" in hidden_of(beside)) is hidden
