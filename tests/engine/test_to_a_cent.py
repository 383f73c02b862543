"""No rule falls by a rounded cent, and none that falls by more is kept: by hand, and over drawn ones."""

from collections import Counter
from collections.abc import Callable, Iterator
from fractions import Fraction
from random import Random
from textwrap import indent

import pytest
from attrs import frozen

from coopfx.desk.versions import Statute
from coopfx.engine.columns import gather, sweep
from coopfx.engine.columns.verdicts import OverRecords, judge
from coopfx.engine.outcome import KEPT, SATISFIED, TO_A_CENT, VIOLATED
from coopfx.engine.reference.evaluate import evaluate
from coopfx.engine.reference.settle import verdict
from coopfx.federation.layouts import STATUSES
from coopfx.ground.facts import Facts, Table
from years import CENT, CLOSING

Compile = Callable[[str], Statute]
HEAD = 'statute "Generated"\ncurrency EUR\nin force from 2020-01-01\narticle 1\n'


def status(
    compile_text: Compile, clauses: str, surplus: str, tables: dict[str, Table] | None = None
) -> str:
    """The status of the one rule of some clauses in a year with that surplus."""
    program = compile_text(HEAD + indent(clauses.strip("\n"), "  ") + "\n").program
    facts = Facts(CLOSING, {"surplus": Fraction(surplus)}, tables or {}, {})
    return verdict(evaluate(program, facts), program.rules[-1]).status


TWO = """
allocate surplus
  75% to reserves.legal
  {0}% to work_share
  {1}
  losses to losses_brought_forward
require quarter: work_share >= 25% of surplus{2}
"""
ROUNDED = """
allocate surplus
  (25% of surplus rounded down to 10 000 EUR) to work_share
  rest to reserves.legal
  losses to losses_brought_forward
require quarter: {0}
"""
FUNDS = """
allocate surplus
  25% to reserves.development
  rest to reserves.legal
  losses to losses_brought_forward
require fund: {0}
"""


@pytest.mark.parametrize(
    ("clauses", "surplus", "expected"),
    [
        (TWO.format(25, "", ""), "3.06", TO_A_CENT),
        (TWO.format(25, "", ""), "3.04", SATISFIED),
        (TWO.format(25, "", " exactly"), "3.06", VIOLATED),
        (TWO.format("24.9", "rest to gifts", ""), "7500000", VIOLATED),
        # Of a constant nought nothing is near, and what is above is above.
        (FUNDS.format("reserves.development > 0 EUR"), "0.01", VIOLATED),
        (FUNDS.format("reserves.development >= 0.01 EUR"), "0.01", VIOLATED),
        (FUNDS.format("reserves.development = 0 EUR"), "0.01", SATISFIED),
        (FUNDS.format("reserves.legal <= 0 EUR"), "0.01", VIOLATED),
        # What the author rounds is not allowed for.
        (ROUNDED.format("work_share >= 25% of surplus"), "40000.01", SATISFIED),
        (ROUNDED.format("work_share >= 25% of surplus"), "40000.02", VIOLATED),
        (ROUNDED.format("work_share >= 25% of surplus"), "79999", VIOLATED),
    ],
)
def test_a_rule_is_kept_to_a_cent_and_no_further(
    compile_text: Compile, clauses: str, surplus: str, expected: str
) -> None:
    assert status(compile_text, clauses, surplus) == expected


@pytest.mark.parametrize("count", [1_000, pytest.param(10_000, marks=pytest.mark.soak)])
def test_what_each_of_many_people_sets_aside_is_not_allowed_for(
    compile_text: Compile, count: int
) -> None:
    """0.4% of one euro each, of 10,000 people, pays a reserve nothing of 40 EUR."""
    clauses = """
account back of person
allocate surplus
  100% to pot
  losses to losses_brought_forward
share pot among workers equally
allocate pot of person for each worker
  0.4% to reserves.legal
  rest to back of person
require floor: reserves.legal >= 0.4% of surplus
"""
    ids = tuple(f"p{number}" for number in range(count))
    people = {"person": Table(ids, {"worker": (True,) * len(ids)})}
    assert status(compile_text, clauses, str(count), people) == VIOLATED


def test_a_persons_part_of_a_share_is_kept_to_a_cent(compile_text: Compile) -> None:
    clauses = """
allocate surplus
  100% to pot
share pot among workers by hours
require fair: pot of person {0} surplus * hours / sum of hours over workers for each worker
"""
    hours = (Fraction(1), Fraction(1), Fraction(1))
    people = {"person": Table(("a", "b", "c"), {"worker": (True,) * 3, "hours": hours})}
    for relation in (">=", "<=", "="):
        assert status(compile_text, clauses.format(relation), "0.01", people) in KEPT
    assert status(compile_text, clauses.format("= 0.02 EUR +"), "0.01", people) == VIOLATED


# ---- drawn allocations


@frozen
class Drawn:
    """A text whose rules, ``rule_0`` and on, ask of accounts exactly what its lines intend for them, or by
    so much more; and of each how many lines there are that may round its account."""

    text: str
    lines: tuple[int, ...]


def percent(part: Fraction) -> str:
    return f"{float(part * 100):.8f}".rstrip("0").rstrip(".") + "%"


def parts_of_a_whole(random: Random, count: int) -> list[Fraction]:
    """So many parts by hundredths of a percent, which are the whole together."""
    cuts = sorted(random.sample(range(1, 10_000), count - 1))
    return [Fraction(b - a, 10_000) for a, b in zip([0, *cuts], [*cuts, 10_000], strict=True)]


def allocation(
    random: Random, source: str, accounts: str, most: int
) -> tuple[list[str], dict[str, tuple[Fraction, int]]]:
    """An allocation, and of each account it feeds: what part it is meant to have, from how many lines
    and lines above them."""
    count = random.randint(1, most)
    parts = parts_of_a_whole(random, count)
    rest = random.random() < 0.5
    meant: dict[str, tuple[Fraction, int]] = {}
    lines = [f"  allocate {source}"]
    for place, part in enumerate(parts):
        account = f"{accounts}_{random.randrange(count)}"
        before, above = meant.get(account, (Fraction(0), 0))
        meant[account] = before + part, max(above, place + 1)
        last = rest and place == count - 1
        lines.append(f"    {'rest' if last else percent(part)} to {account}")
    return lines, meant


def drawn(random: Random, beyond: Callable[[], Fraction]) -> Drawn:
    """Up to ten lines in one allocation, or in one and another of what it gives."""
    deep = random.random() < 0.3
    lines, meant = allocation(random, "surplus", "a", 5 if deep else 10)
    if deep:
        source = random.choice(list(meant))
        part, above = meant[source]
        more, further = allocation(random, source, "b", 10 - above)
        lines += more
        meant |= {
            name: (part * own, above + own_above) for name, (own, own_above) in further.items()
        }
    rules: list[str] = []
    counts: list[int] = []
    for name, (part, above) in meant.items():
        for relation, sign in ((">=", 1), ("<=", -1), ("=", 1)):
            more_asked = sign * beyond()
            asked = f"{percent(part)} of surplus"
            if more_asked:
                asked += f" {'+' if more_asked > 0 else '-'} {float(abs(more_asked)):.6f} EUR"
            rules.append(f"  require rule_{len(rules)}: {name} {relation} {asked}")
            counts.append(above)
    return Drawn(HEAD + "\n".join([*lines, *rules]) + "\n", tuple(counts))


def surpluses(random: Random, count: int) -> Iterator[Fraction]:
    for _ in range(count):
        yield random.randint(1, 10 ** random.randint(1, 12)) * CENT


def statuses(
    compile_text: Compile, one: Drawn, sums: list[Fraction]
) -> Iterator[tuple[int, Fraction, str]]:
    """Of each rule in each year: which it is, how far it is beyond its edge, its status; and that the
    engines agree on that."""
    program = compile_text(one.text).program
    years = [Facts(CLOSING, {"surplus": surplus}, {}, {}) for surplus in sums]
    swept = sweep(gather([program] * len(years), years))
    runs = [evaluate(program, year) for year in years]
    for place, rule in enumerate(program.rules):
        judged = judge(swept, rule)
        assert not isinstance(judged, OverRecords)
        for row, run in enumerate(runs):
            found = verdict(run, rule)
            assert STATUSES[judged.status[row]] == found.status.replace(" ", "_"), one.text
            assert isinstance(found.margin, Fraction)
            yield place, -found.margin, found.status


def lawful(compile_text: Compile, seed: int, count: int, years: int) -> Counter[str]:
    """Draw lawful allocations, of which none is to be violated; how often which status was seen."""
    random, seen = Random(seed), Counter[str]()
    for _ in range(count):
        one = drawn(random, lambda: Fraction(0))
        for place, beyond, found in statuses(compile_text, one, list(surpluses(random, years))):
            assert found in KEPT, (one.text, place, float(beyond))
            seen[found] += 1
    return seen


def unlawful(compile_text: Compile, seed: int, count: int, years: int) -> Counter[str]:
    """Draw allocations that fall short by more and by less; none that does by more than the half cents
    of all lines that bear on it is kept."""
    random, seen = Random(seed), Counter[str]()
    for _ in range(count):
        one = drawn(random, lambda: random.randint(0, 150) * CENT / 10)
        for place, beyond, found in statuses(compile_text, one, list(surpluses(random, years))):
            if beyond > min(one.lines[place], 10) * CENT / 2:
                assert found == VIOLATED, (one.text, place, float(beyond))
                seen["beyond"] += 1
            seen[found] += 1
    return seen


def test_no_persons_lawful_part_is_violated(compile_text: Compile) -> None:
    """Of an account that lines feed, shared among up to a dozen people: whole, or half of it."""
    random, seen = Random(3), Counter[str]()
    for number in range(20):
        lines, meant = allocation(random, "surplus", "a", 6)
        name, (part, _) = random.choice(list(meant.items()))
        half = number % 2 == 1
        lines.append(f"  share {'50% of ' if half else ''}{name} among workers by hours")
        asked = (
            f"{percent(part / 2 if half else part)} of surplus * hours / sum of hours over workers"
        )
        for relation in (">=", "<=", "="):
            lines.append(f"  require {name} of person {relation} {asked} for each worker")
        program = compile_text(HEAD + "\n".join(lines) + "\n").program
        for surplus in surpluses(random, 10):
            ids = tuple(f"p{one}" for one in range(random.randint(1, 12)))
            hours = tuple(Fraction(random.randint(1, 2_000)) for _ in ids)
            people = Table(ids, {"worker": (True,) * len(ids), "hours": hours})
            year = Facts(CLOSING, {"surplus": surplus}, {"person": people}, {})
            run = evaluate(program, year)
            swept = sweep(gather([program], [year]))
            for rule in program.rules:
                found = verdict(run, rule)
                assert found.status in KEPT, (lines, surplus, hours)
                judged = judge(swept, rule)
                assert STATUSES[int(judged.status[0])] == found.status.replace(" ", "_")
                seen[found.status] += 1
    assert min(seen[one] for one in KEPT) > 50, seen


def test_no_lawful_allocation_is_violated(compile_text: Compile) -> None:
    seen = lawful(compile_text, 1, 20, 25)
    assert seen[TO_A_CENT] > 20 and seen[SATISFIED] > 1_000, seen


def test_no_allocation_is_kept_that_falls_by_more(compile_text: Compile) -> None:
    seen = unlawful(compile_text, 2, 20, 25)
    assert min(seen[one] for one in (TO_A_CENT, SATISFIED, "beyond")) > 100, seen


@pytest.mark.soak
@pytest.mark.parametrize("part", range(4))
def test_no_lawful_allocation_is_violated_of_very_many(compile_text: Compile, part: int) -> None:
    print(lawful(compile_text, 100 + part, 2_500, 4))


@pytest.mark.soak
@pytest.mark.parametrize("part", range(4))
def test_no_allocation_is_kept_that_falls_by_more_of_very_many(
    compile_text: Compile, part: int
) -> None:
    print(unlawful(compile_text, 200 + part, 2_500, 4))
