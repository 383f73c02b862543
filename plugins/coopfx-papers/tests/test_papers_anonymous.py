"""Nobody is to be recognised: what an anonymous paper shows, and what follows from it by subtraction."""

import re
from collections.abc import Iterator
from fractions import Fraction
from itertools import combinations, pairwise
from pathlib import Path
from random import Random

import pytest
from attrs import evolve
from click.testing import CliRunner, Result
from meeting_papers import POLICIES, year_of, years_of

from coopfx import pipeline
from coopfx.apps.cli.main import cli
from coopfx.engine.outcome import Results
from coopfx.extending import LEAST, hidden
from coopfx.ground.facts import Facts, Known, Table
from coopfx.ground.report import Report
from coopfx.ground.words import Words
from coopfx_papers import html, pdf, report, resolutions
from coopfx_papers.anonymous import bands, rounded, tell_few

# ---- groups and counts


def test_no_set_of_hidden_groups_is_fewer_than_five_people() -> None:
    random = Random(7)
    for _ in range(2000):
        sizes = [random.randint(0, 12) for _ in range(random.randint(1, 8))]
        chosen = hidden(sizes)
        assert all(size >= LEAST for at, size in enumerate(sizes) if at not in chosen)
        together = sum(sizes[at] for at in chosen)
        assert not chosen or together >= LEAST or len(chosen) == len(sizes)


def test_bands_of_a_scale_are_five_people_each() -> None:
    random = Random(8)
    for _ in range(2000):
        sizes = [random.randint(0, 9) for _ in range(random.randint(1, 8))]
        found = bands(sizes)
        people = [sum(sizes[first : last + 1]) for first, last in found]
        assert all(count >= LEAST for count in people)
        assert sum(people) == (sum(sizes) if sum(sizes) >= LEAST else 0)
        assert all(one[1] + 1 == other[0] for one, other in pairwise(found))


def test_counts_never_differ_by_a_few() -> None:
    shown = {rounded(count) for count in range(LEAST, 500)}
    assert all(abs(one - other) >= LEAST for one, other in combinations(shown, 2))
    assert all(abs(rounded(count) - count) <= 2 for count in range(LEAST, 500))


def test_the_total_of_a_table_does_not_give_a_hidden_group_away() -> None:
    sizes = [3, 5, 9, 20]
    unseen = hidden(sizes)
    for count in range(1, len(sizes) + 1):
        for seen in combinations(sorted(set(range(4)) - unseen), count):
            assert sum(sizes) - sum(sizes[at] for at in seen) >= LEAST


# ---- what somebody finds out who holds all of the papers and subtracts


def drawn(facts: Facts, random: Random) -> Facts:
    """Other people of the same cooperative: how many, in which teams, with which figures."""
    people = facts.tables["person"]
    ids = tuple(sorted(random.sample(people.ids, random.randint(5, min(40, len(people.ids))))))
    teams = facts.tables["team"].ids if "team" in facts.tables else ()
    columns: dict[str, tuple[Known | None, ...]] = {}
    for name, values in people.columns.items():
        kept = dict(zip(people.ids, values, strict=True))
        columns[name] = tuple(_other(kept[one], name, teams, random) for one in ids)
    own = {
        name: Fraction(random.randrange(10**9, 10**10), 100) if name == "surplus" else value
        for name, value in facts.figures.items()
    }
    # What stands in for people's own accounts is theirs alone.
    return evolve(facts, figures=own, tables={**facts.tables, "person": Table(ids, columns)})


def _other(value: Known | None, name: str, teams: tuple[str, ...], random: Random) -> Known | None:
    if name == "team" and teams:
        return random.choice(teams)
    if isinstance(value, bool):
        return random.random() < 0.8
    if (isinstance(value, Fraction) and value.denominator > 1) or name in ("salary", "shares_held"):
        return Fraction(random.randrange(10**6, 10**8), 100)
    return value


def texts(value: object) -> Iterator[str]:
    """All texts of a paper, wherever they stand."""
    match value:
        case str():
            yield value
        case dict():
            yield from texts(tuple(value.values()))
        case tuple() | list():
            for item in value:
                yield from texts(item)
        case _ if hasattr(type(value), "__slots__"):
            for name in type(value).__slots__:
                if name != "__weakref__":
                    yield from texts(getattr(value, name))


def amounts(shown: str) -> set[Fraction]:
    """Every amount with cents that a French text holds."""
    found = re.findall(r"−?\d[\d\u202f\u00a0]*,\d\d(?=\u202f?\u00a0?€)", shown)
    return {
        Fraction(re.sub(r"[\u202f\u00a0]", "", one).replace("−", "-").replace(",", "."))
        for one in found
    }


def of_few(results: Results) -> Iterator[tuple[str, Fraction]]:
    """What nobody may find: figures of one person, and sums over groups of two to four."""
    outcome, table = results.outcome, results.facts.tables["person"]
    own: dict[str, dict[str, Fraction]] = {}
    for share in outcome.shares:
        if share.record == "person":
            own[f"part of {share.source}"] = dict(share.parts or ())
    for name, column in table.columns.items():
        pairs = zip(table.ids, column, strict=True)
        own[name] = {one: value for one, value in pairs if isinstance(value, Fraction)}
    for account in outcome.accounts:
        for place in ("opening", "added", "taken", "closing"):
            if account.record == "person":
                values = {row.record: getattr(row, place) for row in account.rows}
                own[f"{place} {account.name}"] = {
                    one: value for one, value in values.items() if isinstance(value, Fraction)
                }
    groups: dict[str, list[str]] = {one: [one] for one in table.ids}
    teams = results.of("person", "team")
    for team in set(teams.values()):
        groups[f"team {team}"] = [one for one in table.ids if teams.get(one) == team]
    for name in ("worker", "member"):
        groups[f"no {name}"] = [
            one for one, value in results.of("person", name).items() if value is False
        ]
    passed = {
        row.record
        for account in outcome.accounts
        if account.record == "person"
        for row in account.rows
        if row.added != 0
    }
    for share in outcome.shares:
        left = [one for one, part in share.parts or () if part != 0 and one not in passed]
        groups[f"who keep {share.source}"] = left
    for about, values in own.items():
        for group, members in groups.items():
            if 0 < len(members) < LEAST:
                yield (
                    f"{about} of {group}",
                    sum((values.get(one, Fraction(0)) for one in members), Fraction(0)),
                )
    for pool in outcome.pools:
        for team, had, kept in pool.parts:
            if len(groups.get(f"team {team}", [])) < LEAST:
                assert isinstance(had, Fraction) and isinstance(kept, Fraction)
                yield from ((f"result of {team}", had), (f"kept by {team}", kept))
    for share in outcome.shares:
        if isinstance(share.excess, Fraction) and share.excess_account:
            yield f"withheld from {share.source}", share.excess


@pytest.mark.parametrize("name", ["alma", "le-rabot", "txirbil", "il-filo"])
def test_nothing_of_few_people_is_shown_or_left_by_subtraction(name: str) -> None:
    subtract(name, 8)


@pytest.mark.soak
@pytest.mark.parametrize("name", ["alma", "le-rabot", "txirbil", "il-filo"])
def test_nothing_of_few_people_is_left_in_hundreds_of_years(name: str) -> None:
    subtract(name, 200)


def subtract(name: str, draws: int) -> None:
    """Look for what is of few people in the papers of so many drawn years, and in what they differ by."""
    policy, year, world, words = years_of(POLICIES / name, "fr")
    random = Random(f"anonymous {name}")
    made = 0
    for _ in range(draws):
        facts = drawn(year.facts, random)
        outcome = pipeline.evaluate(year.statute, facts, world)
        results = pipeline.results(
            policy, evolve(year, facts=facts, outcome=outcome), world, Report()
        )
        if tell_few(results, Report()):
            continue
        made += 1
        paper = report.paper(results, words, anonymous=True)
        shown = "\n".join(texts(paper)) + resolutions.text(results, words, anonymous=True)
        seen = amounts(shown)
        assert len(seen) > 5
        known = seen | {abs(one - other) for one, other in combinations(seen, 2)}
        for about, figure in of_few(results):
            assert figure < 100 or figure not in known, about
        everyone = {*results.facts.tables["person"].ids, *of_teams(results)}
        assert not everyone & set(re.findall(r"[\w.-]+", shown))
    assert made > draws // 4


@pytest.mark.parametrize(("others", "seen"), [(4, False), (5, True), (8, True)])
def test_what_some_pass_on_is_shown_where_five_others_keep_theirs(others: int, seen: bool) -> None:
    policy, year, world, words = years_of(POLICIES / "le-rabot", "fr")
    people = year.facts.tables["person"]
    # Those who do not pass on are the workers who are no members: as many as there are to be.
    columns = {
        **people.columns,
        "worker": (True,) * len(people.ids),
        "member": tuple(at >= others for at in range(len(people.ids))),
        "presence": (Fraction(12),) * len(people.ids),
    }
    tables = {**year.facts.tables, "person": evolve(people, columns=columns)}
    facts = evolve(year.facts, tables=tables)
    outcome = pipeline.evaluate(year.statute, facts, world)
    results = pipeline.results(policy, evolve(year, facts=facts, outcome=outcome), world, Report())
    (passed,) = (item for item in outcome.allocations if item.record is not None)
    shown = "\n".join(texts(report.paper(results, words, anonymous=True)))
    shown += resolutions.text(results, words, anonymous=True)
    assert (passed.amount in amounts(shown)) is seen


def of_teams(results: Results) -> tuple[str, ...]:
    table = results.facts.tables.get("team")
    return table.ids if table else ()


def test_people_are_counted_in_fives_everywhere() -> None:
    results, words = year_of(POLICIES / "alma", "fr")
    paper = report.paper(results, words, anonymous=True)
    shown = "\n".join(texts(paper))
    counts = [int(count) for count in re.findall(r"≈\u00a0?\s?(\d+)", shown)]
    assert len(counts) > 5 and all(count % 5 == 0 for count in counts)
    for one in (share.parts for share in results.outcome.shares):
        assert not re.search(rf"(?<![\d≈ ]){len(one or ())} (salariés|associés)", shown)
    assert "180 bénéficiaires" not in resolutions.text(results, words, anonymous=True)


def test_years_before_are_not_shown_where_people_stand_behind_them(tmp_path: Path) -> None:
    results, words = year_of(POLICIES / "alma", "fr")
    said = evolve(results, before=lambda: (results.outcome,))
    rows = dict(rows_of(said, words))
    assert rows["Personnes formées dans l'année"] == ["n. c.", "n. c."]
    assert rows["Écart entre le plus haut et le plus bas salaire"] == ["n. c.", "n. c."]
    assert rows["Fidélisation"] == ["89\u202f%", "89\u202f%"] or "89" in rows["Fidélisation"][0]
    elsewhere = evolve(results.outcome.provenance, statute_sha256="0" * 64)
    older = evolve(results.outcome, provenance=elsewhere)
    rows = dict(rows_of(evolve(results, before=lambda: (older,)), words))
    assert rows["Fidélisation"][0] == "n. c." and "89" in rows["Fidélisation"][1]


def rows_of(results: Results, words: Words) -> Iterator[tuple[str, list[str]]]:
    for block in report.paper(results, words, anonymous=True).blocks:
        for row in getattr(block, "rows", ()):
            if len(row) == 5:
                yield row[0], list(row[1:3])


def test_a_cooperative_of_four_has_no_anonymous_papers(tmp_path: Path) -> None:
    target = tmp_path / "papers"
    arguments = ["papers", str(POLICIES / "quartet"), "--anonymous", "--output", str(target)]
    ended = CliRunner().invoke(cli, [*arguments, "--lang", "en"])
    assert ended.exit_code == 2 and not target.exists()
    assert "papers.E02" in ended.stderr and "cooperative of 4 people" in ended.stderr


def test_a_paper_by_itself_is_as_anonymous_as_with_the_others(tmp_path: Path) -> None:
    together = tmp_path / "papers"
    arguments = ["papers", str(POLICIES / "alma"), "--anonymous", "--output", str(together)]
    assert CliRunner().invoke(cli, arguments).exit_code == 0
    for paper in sorted(together.iterdir()):
        ended = run_anonymously("alma", paper.name, tmp_path)
        assert ended.exit_code == 0
        assert (tmp_path / paper.name).read_bytes() == paper.read_bytes()
    assert len(list(tmp_path.iterdir())) == 6


@pytest.mark.parametrize("form", ["text", "json", "statement.pdf", "statement.html"])
def test_what_names_people_is_refused(form: str, tmp_path: Path) -> None:
    ended = run_anonymously("alma", form, tmp_path)
    assert ended.exit_code == 2 and not list(tmp_path.iterdir())
    assert f"«\u00a0{form}\u00a0» ne peut pas s'écrire avec --anonymous" in ended.stderr
    assert (
        "report.pdf, report.html, resolutions.pdf, resolutions.docx, resolutions.md" in ended.stderr
    )


FORMS = ("report.pdf", "report.html", "resolutions.md", "resolutions.pdf", "resolutions.docx")


@pytest.mark.parametrize("form", FORMS)
def test_no_paper_of_a_cooperative_of_four_is_written(form: str, tmp_path: Path) -> None:
    ended = run_anonymously("quartet", form, tmp_path)
    assert ended.exit_code == 1 and not list(tmp_path.iterdir()) and not ended.stdout
    assert "papers.E02" in ended.stderr


def run_anonymously(policy: str, form: str, folder: Path) -> Result:
    arguments = ["run", str(POLICIES / policy), "--format", form, "--anonymous"]
    return CliRunner().invoke(cli, [*arguments, "--output", str(folder / form)])


def test_a_share_of_three_is_told_by_its_account() -> None:
    results, _ = year_of(POLICIES / "alma", "en")
    first, *others = results.outcome.shares
    assert first.parts is not None
    few = tuple(
        (one, part if at < 3 else Fraction(0)) for at, (one, part) in enumerate(first.parts)
    )
    outcome = evolve(results.outcome, shares=(evolve(first, parts=few), *others))
    told = Report()
    assert tell_few(evolve(results, outcome=outcome), told)
    assert [item.code for item in told.diagnostics] == ["papers.E01"]


def test_an_anonymous_page_holds_no_drawing_of_one_person() -> None:
    results, words = year_of(POLICIES / "alma", "fr")
    page = html.page(report.paper(results, words, anonymous=True))
    for fact in ("full_time_pay", "salary"):
        paid = [
            value for value in results.of("person", fact).values() if isinstance(value, Fraction)
        ]
        for extreme in (min(paid), max(paid)):
            assert words.money(extreme, "EUR") not in page


# ---- what somebody finds out who knows all figures but one, and makes the papers for each guess


def guessed(name: str, guesses: int) -> Iterator[Results]:
    """A policy's year with other pays of one person, each a few cents from the next, all told as data."""
    policy, year, world, _ = years_of(POLICIES / name, "fr")
    people = year.facts.tables["person"]
    pays = people.columns["salary"]
    ranked = sorted(range(len(pays)), key=lambda at: Fraction(pays[at] or 0))  # type: ignore[arg-type]
    middle = ranked[len(ranked) // 2]
    pay = pays[middle]
    assert isinstance(pay, Fraction)
    for guess in range(guesses):
        other = (*pays[:middle], pay + Fraction(guess, 100), *pays[middle + 1 :])
        table = evolve(people, columns={**people.columns, "salary": other})
        facts = evolve(year.facts, tables={**year.facts.tables, "person": table})
        outcome = pipeline.evaluate(year.statute, facts, world)
        yield pipeline.results(policy, evolve(year, facts=facts, outcome=outcome), world, Report())


@pytest.mark.parametrize("name", ["alma", "le-rabot"])
def test_the_papers_tell_no_guess_of_a_pay_from_another(name: str) -> None:
    _, words = year_of(POLICIES / name, "fr")
    made, prints = set(), set()
    for results in guessed(name, 4):
        prints.add(results.outcome.provenance.data_sha256)
        page = html.page(report.paper(results, words, anonymous=True))
        made.add((page, resolutions.text(results, words, anonymous=True)))
        open_page = html.page(report.paper(results, words))
        for shown in (page, open_page):
            assert not re.search(results.outcome.provenance.data_sha256[:6], shown)
    assert len(prints) == 4, "each guess is another year"
    assert len(made) == 1, "the papers of two guesses differ: the pay can be found by trying"


def test_a_report_as_pdf_tells_no_guess_from_another() -> None:
    _, words = year_of(POLICIES / "alma", "fr")
    papers = [report.paper(one, words, anonymous=True) for one in guessed("alma", 2)]
    first, second = (pdf.Typesetter().pages(paper) for paper in papers)
    assert first == second
