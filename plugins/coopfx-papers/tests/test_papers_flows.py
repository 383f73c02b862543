"""What a report draws is read off the books, and counts no euro twice."""

from fractions import Fraction
from pathlib import Path

import pytest
from meeting_papers import POLICIES, year_of

from coopfx.engine.outcome import Outcome, Place
from coopfx_papers import flows, report, said, statement
from coopfx_papers.paper import Figure, Steps

STATUTE = """statute "Pot"
currency EUR
in force from 2024-01-01
article 1 "Surplus"
  account pot
  account old
  allocate surplus
    60% to pot
    rest to reserves.development
    losses to losses_brought_forward
  allocate opening old
    rest to reserves.development
  share pot among members
    equally
  account capital of person
  account payments of person
  allocate pot of person for each worker
    25% to capital of person
    rest to payments of person
  share 30 EUR from charges among members to capital of person
    equally
"""
PEOPLE = """id,member,worker,opening capital,opening payments
ana,yes,no,0,0
ben,yes,yes,0,0
cyd,yes,yes,0,0
"""


@pytest.fixture
def pot(tmp_path: Path) -> Path:
    year = tmp_path / "2024"
    year.mkdir()
    (tmp_path / "statute.en.coop").write_text(STATUTE)
    (year / "people.csv").write_text(PEOPLE)
    return tmp_path


def drawn(folder: Path, year: str) -> dict[tuple[str, str], Fraction]:
    (folder / "2024" / "cooperative.toml").write_text(year)
    results, _ = year_of(folder, "en")
    found = flows.edges(results.outcome)
    if found:
        conserved(found, results.outcome)
    return {(f"{one.source.kind} {one.source.name}", one.target.name): one.amount for one in found}


def conserved(found: tuple[flows.Edge, ...], outcome: Outcome) -> None:
    """All that ends somewhere is what came: from outside, and out of the balances that fell."""
    targets, sources = ({getattr(one, at) for one in found} for at in ("target", "source"))
    came = sum((one.amount for one in found if one.source not in targets), Fraction(0))
    ends = sum((one.amount for one in found if one.target not in sources), Fraction(0))
    stays = Fraction(0)
    for place in targets & sources:
        into = sum((one.amount for one in found if one.target == place), Fraction(0))
        out = sum((one.amount for one in found if one.source == place), Fraction(0))
        stays += into - out
    assert came == ends + stays
    outside = [
        one.amount
        for one in outcome.books
        if not one.management and one.source.kind in ("figure", "charges")
    ]
    begun = [one.amount for one in found if one.source.kind == flows.OPENING]
    assert came == sum(
        filter(lambda one: isinstance(one, Fraction), [*outside, *begun]), Fraction(0)
    )


@pytest.mark.parametrize("name", sorted(path.name for path in POLICIES.iterdir()))
def test_what_ends_somewhere_is_what_came(name: str) -> None:
    results, _ = year_of(POLICIES / name, "fr")
    found = flows.edges(results.outcome)
    assert found
    conserved(found, results.outcome)


def test_le_rabots_drawing_counts_nothing_twice() -> None:
    results, words = year_of(POLICIES / "le-rabot", "fr")
    found = flows.edges(results.outcome)
    depth = flows.layers(found)
    last = [place for place, at in depth.items() if at == max(depth.values())]
    whole = sum((flows.size(place, found) for place in last), Fraction(0))
    assert whole == flows.size(Place("figure", "surplus"), found) == Fraction("88930.61")
    assert flows.size(Place(flows.PAID, "work_share"), found) == Fraction("5021.27")
    drawings = [block for block in report.paper(results, words).blocks if isinstance(block, Figure)]
    assert len(drawings) == 1
    assert drawings[0].svg.count(">48\u202f911,84\u00a0€<") == 1, "the work share stands in it once"


def test_the_teams_book_is_drawn_apart() -> None:
    results, words = year_of(POLICIES / "alma", "fr")
    legal = flows.edges(results.outcome)
    teams = flows.edges(results.outcome, management=True)
    assert {one.source.name for one in teams} == {"result"}
    assert {(one.target.kind, one.target.name) for one in teams} == {
        ("kept", "result"),
        ("account", "common_investment"),
    }
    assert not {one.target for one in legal} & {one.target for one in teams}
    drawings = [block for block in report.paper(results, words).blocks if isinstance(block, Figure)]
    assert len(drawings) == 2


def test_an_opening_that_is_taken_and_what_is_paid_out_are_drawn(pot: Path) -> None:
    found = drawn(pot, 'closing = 2024-12-31\nsurplus = "100.00"\n[balances]\nold = "50.00"\n')
    assert found == {
        ("figure surplus", "pot"): Fraction(60),
        ("figure surplus", "reserves.development"): Fraction(40),
        ("opening old", "old"): Fraction(50),
        ("account old", "reserves.development"): Fraction(50),
        ("account pot", "capital"): Fraction(10),
        ("account pot", "payments"): Fraction(30),
        ("account pot", "pot"): Fraction(20),
        ("charges ", "capital"): Fraction(30),
    }


def test_a_loss_is_drawn_and_what_goes_both_ways_is_not(pot: Path) -> None:
    text = STATUTE.replace("  share 30 EUR from charges among members to capital of person\n", "")
    (pot / "statute.en.coop").write_text(text.rpartition("    equally\n")[0])
    loss = drawn(pot, 'closing = 2024-12-31\nsurplus = "-100.00"\n[balances]\nold = "0.00"\n')
    assert loss == {("figure surplus", "losses_brought_forward"): Fraction(-100)}
    both = drawn(pot, 'closing = 2024-12-31\nsurplus = "-100.00"\n[balances]\nold = "50.00"\n')
    assert both == {}


def test_where_an_amount_is_not_known_nothing_is_drawn(pot: Path) -> None:
    assert drawn(pot, 'closing = 2024-12-31\nsurplus = "100.00"\n') == {}


def test_a_statement_shows_how_a_part_of_charges_is_worked_out(pot: Path) -> None:
    (pot / "2024" / "cooperative.toml").write_text("closing = 2024-12-31\nsurplus = 100\n")
    results, words = year_of(pot, "en")
    paper = statement.paper(results, said.Speaker(words, "EUR"), "ben")
    lines = [text for one in paper.blocks if isinstance(one, Steps) for _, text, _ in one.items]
    assert any("€10.00" in text and "charges of the year" in text for text in lines), lines
