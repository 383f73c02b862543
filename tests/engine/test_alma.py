"""Alma's year 2024: an independent calculation from the files, both languages, what Alma publishes."""

import json as standard_json
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from coopfx import pipeline
from coopfx.desk.policy import open_policy
from coopfx.desk.versions import Statute
from coopfx.engine.outcome import NOT_APPLICABLE, SATISFIED
from coopfx.formats import json
from coopfx.ground.exact import round_to
from coopfx.ground.report import Report
from coopfx.pipeline import Year
from coopfx.plugged.world import World
from independent import Row, by_keys, cooperative, figure, half_up, rows, split

# ---- the same figures, worked out from the files alone


@pytest.fixture(scope="module")
def people(alma_folder: Path) -> list[Row]:
    return rows(alma_folder / "2024" / "people.csv")


@pytest.fixture(scope="module")
def own(alma_folder: Path) -> dict[str, Any]:
    return cooperative(alma_folder / "2024")


def shared(year: Year, source: str) -> dict[str, Fraction]:
    share = next(item for item in year.outcome.shares if item.source == source)
    assert share.parts is not None
    assert share.undistributed == 0
    return dict(share.parts)


def test_the_work_share_of_all_is_what_the_files_give(
    alma: Year, people: list[Row], own: dict[str, Any]
) -> None:
    assert len(people) == 180
    entitled = [
        row
        for row in people
        if row["salarié"] == "oui"
        and (figure(row, "présence") >= 3 or figure(row, "ancienneté") >= 6)
    ]
    rights = by_keys(
        entitled,
        (Fraction(1, 2), lambda row: figure(row, "salaire")),
        (Fraction(1, 2), lambda row: figure(row, "heures")),
    )
    amount = half_up(Fraction(own["excédent"]) * 60 / 100)
    expected = split(amount, rights)
    assert len(expected) == 180
    assert shared(alma, "work_share") == expected
    assert sum(expected.values()) == amount


def test_the_interest_of_all_members_is_what_the_files_give(
    alma: Year, people: list[Row], own: dict[str, Any]
) -> None:
    rights = {row["id"]: figure(row, "parts_détenues") for row in people if row["associé"] == "oui"}
    expected = split(half_up(Fraction(own["excédent"]) * 10 / 100), rights)
    assert len(expected) == 174
    assert shared(alma, "share_interest") == expected


def test_the_surplus_flows_as_the_files_give(alma: Year, own: dict[str, Any]) -> None:
    surplus = Fraction(own["excédent"])
    room = Fraction(own["capital_le_plus_haut"]) - Fraction(own["balances"]["réserves.légale"])
    work, interest, reserve = (half_up(surplus * part / 100) for part in (60, 10, 15))
    legal = min(reserve, room)
    [allocation] = alma.outcome.allocations
    assert [(item.account, item.amount) for item in allocation.items] == [
        ("work_share", work),
        ("share_interest", interest),
        ("reserves.legal", legal),
        ("reserves.development", reserve - legal),
        ("reserves.development", surplus - work - interest - reserve),
        ("losses_brought_forward", 0),
    ]
    assert 0 < legal < reserve, "the legal reserve is filled in this year"


def test_the_pool_keeps_what_the_files_give(alma: Year, alma_folder: Path) -> None:
    teams = rows(alma_folder / "2024" / "teams.csv")
    results = {row["id"]: figure(row, "résultat") for row in teams}
    [pool] = alma.outcome.pools
    assert {name: kept for name, _, kept in pool.parts} == {
        name: half_up(max(result, Fraction(0)) * 15 / 100) for name, result in results.items()
    }
    kept = sum((part for _, _, part in pool.parts if isinstance(part, Fraction)), Fraction(0))
    assert pool.pooled == sum(results.values()) - kept


# ---- one statute in every language


@pytest.fixture(scope="module")
def spoken(alma_folder: Path, world: World) -> dict[str, dict[str, Any]]:
    """The JSON of each language's statute, in that language's own words."""
    report = Report()
    policy = open_policy(alma_folder, report)
    assert policy is not None
    found = {}
    statutes: list[Statute] = pipeline.check_policy(policy, world, report)
    for statute in statutes:
        facts = pipeline.read_year(alma_folder / "2024", statute, world, policy, report)
        assert facts is not None
        outcome = pipeline.evaluate(statute, facts, world)
        found[statute.file.language] = json.outcome(outcome, statute.words, report)
    assert not report.diagnostics
    return found


def test_alma_is_written_in_every_language(spoken: dict[str, Any], world: World) -> None:
    assert set(spoken) == set(world.languages) == {"en", "fr", "es", "it"}


def test_each_language_speaks_for_itself(spoken: dict[str, dict[str, Any]]) -> None:
    labels = {name: data["accounts"]["work_share"]["label"] for name, data in spoken.items()}
    assert labels == {
        "fr": "part travail",
        "en": "work share",
        "es": "parte del trabajo",
        "it": "quota lavoro",
    }
    assert all(data["statute"]["language"] == name for name, data in spoken.items())


def test_no_language_leaves_a_name_of_alma_to_another(alma_folder: Path, world: World) -> None:
    policy = open_policy(alma_folder, Report())
    assert policy is not None
    others = set(world.languages) - {"en"}
    assert policy.names
    assert not {
        name: others - set(forms) for name, forms in policy.names.items() if others - set(forms)
    }


def test_the_same_year_gives_the_same_bytes(alma: Year, alma_folder: Path, world: World) -> None:
    policy = open_policy(alma_folder, Report())
    assert policy is not None
    again = pipeline.evaluate_policy(policy, None, world, Report())
    assert again is not None
    first, second = (
        json.text(json.outcome(year.outcome, year.statute.words, Report()))
        for year in (alma, again)
    )
    assert first == second
    assert standard_json.loads(first)["statute"]["language"] == "fr", "the policy's own language"


# ---- what Alma publishes of itself


@pytest.fixture(scope="module")
def indicator(alma: Year) -> Callable[[str], Fraction]:
    values = {item.label: item.value for item in alma.outcome.indicators}

    def found(label: str) -> Fraction:
        value = values[label]
        assert isinstance(value, Fraction)
        return value

    return found


def amount_of(year: Year, account: str, at: str = "added") -> Fraction:
    found = next(item for item in year.outcome.accounts if item.name == account)
    value = getattr(found, at)
    assert isinstance(value, Fraction)
    return value


def test_the_work_share_is_about_five_months_of_pay(
    alma: Year, people: list[Row], own: dict[str, Any]
) -> None:
    work = amount_of(alma, "work_share")
    assert work == half_up(Fraction(own["excédent"]) * 60 / 100)
    month = sum((figure(row, "salaire") for row in people), Fraction(0)) / 12
    assert abs(work / month - 5) <= 5 * Fraction(2, 100)


def test_a_tenth_goes_to_capital_and_the_reserves_pass_fifteen_million(
    alma: Year, own: dict[str, Any]
) -> None:
    assert amount_of(alma, "share_interest") == half_up(Fraction(own["excédent"]) / 10)
    assert amount_of(alma, "reserves", "closing") > 15_000_000


def test_pay_lies_between_twice_the_minimum_wage_and_two_and_a_half_times_the_lowest(
    alma: Year,
) -> None:
    values = {item.name: item.value for item in alma.outcome.values}
    lowest, highest, wage = (values[name] for name in ("lowest_pay", "highest_pay", "minimum_wage"))
    assert isinstance(lowest, Fraction)
    assert isinstance(highest, Fraction)
    assert isinstance(wage, Fraction)
    assert wage == Fraction("1801.80")
    assert highest <= lowest * 5 / 2
    assert lowest >= wage * 2


def test_each_scopette_keeps_fifteen_percent_of_its_gain(alma: Year) -> None:
    [pool] = alma.outcome.pools
    for _, result, kept in pool.parts:
        assert isinstance(result, Fraction)
        assert kept == half_up(max(result, Fraction(0)) * 15 / 100)


@pytest.mark.parametrize(
    ("label", "published", "step"),
    [
        ("Sociétariat après un an d'ancienneté", "1", "0.01"),
        ("Participation à l'assemblée générale", "0.92", "0.01"),
        ("Recherche et développement, en part du chiffre d'affaires", "0.22", "0.01"),
        ("Écart entre le plus haut et le plus bas salaire", "2.5", "0.1"),
        ("Fidélisation", "0.89", "0.01"),
        ("Personnes formées dans l'année", "0.44", "0.01"),
        ("Bien-être au travail", "0.86", "0.01"),
        ("Emplois créés", "9", "1"),
        ("Apprentis et stagiaires", "9", "1"),
        ("Travail non délocalisé", "1", "0.01"),
        ("Entreprises soutenues", "12", "1"),
        ("Espaces verts par personne, en m²", "85", "1"),
        ("Émissions des scopes 1 et 2, en tonnes équivalent CO2", "58", "1"),
        ("Évolution des émissions sur un an", "-0.13", "0.01"),
    ],
)
def test_an_indicator_is_what_alma_publishes(
    indicator: Callable[[str], Fraction], label: str, published: str, step: str
) -> None:
    assert round_to(indicator(label), Fraction(step)) == Fraction(published)


def test_every_indicator_is_held_against_what_alma_publishes(alma: Year) -> None:
    assert len(alma.outcome.indicators) == 14
    assert all(item.met for item in alma.outcome.indicators if item.target is not None)


def test_every_rule_is_kept(alma: Year) -> None:
    verdicts = alma.outcome.verdicts
    assert {item.status for item in verdicts} == {SATISFIED, NOT_APPLICABLE}
    assert [item.rule for item in verdicts if item.status == NOT_APPLICABLE] == [
        "fr.scop.provision_for_cooperators",
        "fr.scop.members_of_an_sarl",
        "fr.scop.a_hundred_members_at_most",
        "fr.scop.supervisory_board",
        "fr.scop.mandates_of_four_years",
        "fr.scop.no_manager_on_the_board",
        "fr.scop.audit_after_losses",
        "fr.scop.audit_after_scattered_losses",
    ]
    assert sum(item.law is None for item in verdicts) == 4
