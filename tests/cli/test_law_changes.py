"""`coopfx laws --changes`: what changes in laws, by article, and which verdicts of a year it turns."""

import json
import re
import shutil
import zipfile
from datetime import date, timedelta
from functools import cache
from itertools import chain
from pathlib import Path
from typing import Any

import pytest
from attrs import evolve
from click.testing import CliRunner
from jsonschema import Draft202012Validator

import coopfx_it
from coopfx.apps.cli.main import cli
from coopfx.ground.report import Report
from coopfx.laws.book import LawBook, open_law
from coopfx.laws.changes import ADDED, ARTICLE, REMOVED, between_days, between_versions
from coopfx.plugged.world import load_world

ROOT = Path(__file__).parents[2]
SCHEMA = ROOT / "docs" / "schema" / "changes.schema.json"
LANGUAGES = ("en", "fr", "es", "it")
WORLD = load_world(Report())
LAWS = sorted(WORLD.laws)
FIRST, LAST = date(1900, 1, 1), date.max
STATUTE = """statuto «Prova» retto da it.cooperative
valuta EUR
in vigore dal 2020-01-01
"""
HELD = """id;socio;quote_possedute;fuori_dal_limite;quote_fuori_dal_limite
anna;sì;140000,00;no;0
"""


@cache
def book(name: str) -> LawBook:
    found = open_law(name, WORLD, Report())
    assert found is not None
    return found


def ended(*arguments: str) -> Any:
    return CliRunner().invoke(cli, ["laws", *arguments])


def printed(*arguments: str) -> Any:
    result = ended(*arguments, "--format", "json")
    assert result.exit_code == 0, result.output
    data = json.loads(result.stdout)
    schema = json.loads(SCHEMA.read_text("utf-8"))
    Draft202012Validator.check_schema(schema)
    Draft202012Validator(schema).validate(data)
    return data


def changes(data: Any) -> list[tuple[str, str, str, str]]:
    """Each change: the article, its sort, how, its name."""
    return [
        (article["number"], one["sort"], one["how"], one["name"])
        for law in data["laws"]
        for article in law["articles"]
        for one in article["changes"]
    ]


@pytest.fixture
def year(tmp_path: Path) -> Path:
    """A policy whose member holds 140,000 EUR when the year closes at the end of 2024."""
    (tmp_path / "statute.it.coop").write_text(STATUTE, "utf-8")
    (tmp_path / "2024").mkdir()
    (tmp_path / "2024" / "cooperative.toml").write_text("closing = 2024-12-31\n", "utf-8")
    (tmp_path / "2024" / "people.csv").write_text(HELD, "utf-8")
    return tmp_path


# ---- between two days


@pytest.mark.parametrize("name", LAWS)
def test_every_day_that_a_law_names_is_told_once(name: str) -> None:
    law = book(name)
    values = {(item.name, one.start) for item in law.parameters for one in item.history}
    starts = {(article.number, article.start) for article in law.articles}
    ends = {(one.number, one.end + timedelta(1)) for one in law.articles if one.end}
    days = sorted({day for _, day in values | starts | ends})
    whole = told(law, FIRST, LAST)
    assert {(one.name, one.day) for one in whole if one.sort == "parameter"} == values
    assert {
        (one.name, one.day) for one in whole if (one.sort, one.how) == (ARTICLE, ADDED)
    } == starts
    assert {
        (one.name, one.day) for one in whole if (one.sort, one.how) == (ARTICLE, REMOVED)
    } == ends
    # Cut at any of these days, the pieces tell what the whole tells, and nothing twice.
    pieces = [
        told(law, since, until) for since, until in zip([FIRST, *days], [*days, LAST], strict=True)
    ]
    assert sorted(map(repr, chain.from_iterable(pieces))) == sorted(map(repr, whole))
    for day in days:
        assert all(one.day == day for one in told(law, day - timedelta(1), day))


def told(law: LawBook, since: date, until: date) -> list[Any]:
    articles = between_days(law, since, until).articles
    return [change for article in articles for change in article.changes]


def test_the_value_before_and_the_text_that_sets_the_new_one_are_told() -> None:
    data = printed("it.cooperative", "--changes", "2024-01-01", "--lang", "en")
    ((article,),) = (law["articles"] for law in data["laws"])
    (change,) = article["changes"]
    assert (article["number"], change["from"]) == ("2525", "2024-10-18")
    assert (change["value_before"], change["value_after"]) == ("100000.00", "143800.00")
    assert "8 agosto 2024" in change["source"]
    for since, until in (("2024-10-18", None), ("2024-01-01", "2024-10-17")):
        bounds = ("--until", until) if until else ()
        assert changes(printed("it.cooperative", "--changes", since, *bounds)) == []
        screen = ended("it.cooperative", "--changes", since, *bounds, "--lang", "fr").stdout
        assert "Rien ne change." in screen


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_change_is_said_in_every_language(language: str, tmp_path: Path) -> None:
    since = str(older(tmp_path))
    data = printed("--changes", since, "--lang", language)
    screen = ended("--changes", since, "--lang", language).stdout
    days = ended("es.cooperativas", "--changes", "1900-01-01", "--lang", language).stdout
    for text in (json.dumps(data, ensure_ascii=False), screen, days):
        found = re.search(r"\b(changes|laws|formula|confidence)\.\w+|None|\{\w+\}", text)
        assert not found, found
    folded = " ".join(screen.split())
    for law in data["laws"]:
        for article in law["articles"]:
            assert all(" ".join(one["text"].split()) in folded for one in article["changes"])


# ---- between two versions


def older(folder: Path) -> Path:
    """The Italian pack with other words: what a version before might have been."""
    pack = folder / "old" / "coopfx_it"
    shutil.copytree(Path(coopfx_it.__file__).parent, pack)
    path = pack / "law" / "cooperative.it.coop"
    text = path.read_text("utf-8")
    for new, old in (
        ("riserve.legale >= 30% di avanzo", "riserve.legale >= 20% di avanzo"),
        ("    da 2024-10-18: 143 800 EUR\n", "    da 2025-01-01: 143 800 EUR\n"),
        ("da 2004-01-01: 100 000 EUR", "da 2004-01-01: 90 000 EUR"),
        ("interesse_dei_buoni_postali + 2,5%", "interesse_dei_buoni_postali + 2%"),
        ("«patrimonio netto»", "«patrimonio»"),
        ("secondo retribuzione, ore", "secondo ore"),
        ("  dato cooperativa_sociale", "  dato sociale : sì/no\n  dato cooperativa_sociale"),
        (
            "rif. «Codice civile, art. 2522»",
            "rif. «Codice civile, art. 2522, testo del 2004» da confermare",
        ),
        (
            "  esigere cinque_voti_per_ente",
            "  in vigore dal 2010-01-01\n  esigere cinque_voti_per_ente",
        ),
        ("articolo 2545-ter ", "articolo 2545-ter-bis "),
        ("articolo 2545-quater «Riserva legale»", "articolo 2545-quater «Riserva»"),
    ):
        assert text.count(new) == 1, new
        text = text.replace(new, old)
    # A term stands under the article's reference.
    text = text.replace("  in vigore dal 2010-01-01\n", "").replace(
        "  dato voti_al_massimo", "  in vigore dal 2010-01-01\n  dato voti_al_massimo"
    )
    path.write_text(text, "utf-8")
    (pack / "law" / "lavoro.it.coop").unlink()
    (pack / "law" / "sociali.it.coop").write_text(
        text.replace("it.cooperative", "it.sociali"), "utf-8"
    )
    return folder / "old"


def test_what_is_other_in_another_version_is_told_by_article(tmp_path: Path) -> None:
    data = printed("--changes", str(older(tmp_path)), "--lang", "it")
    assert {law["name"]: law["new"] for law in data["laws"]} == {
        "it.cooperative": False,
        "it.lavoro": True,
    }
    assert data["gone"] == ["coopfx_it/law/sociali.it.coop"]
    rule = "it.cooperative."
    assert set(changes(data)) >= {
        ("2545-quater", "rule", "changed", f"{rule}thirty_percent_to_legal_reserve"),
        ("2545-quater", "title", "changed", "2545-quater"),
        ("2525", "parameter", "added", "highest_holding"),
        ("2525", "parameter", "changed", "highest_holding"),
        ("2525", "parameter", "removed", "highest_holding"),
        ("2514-a", "figure", "changed", "highest_dividend_rate"),
        ("2545-quinquies", "fact", "changed", "net_equity"),
        ("2545-sexies", "form", "changed", "work_share"),
        ("111-septies", "fact", "removed", "sociale"),
        ("2522", "source", "changed", "2522"),
        ("2522", "confidence", "removed", f"{rule}least_number_of_members"),
        ("2538", "article", "changed", "2538"),
        ("2545-ter", "article", "added", "2545-ter"),
        ("2545-ter-bis", "article", "removed", "2545-ter-bis"),
        ("2545-ter", "rule", "added", f"{rule}divisible_reserves_first"),
    }
    assert not any(number == "2513" for number, *_ in changes(data))


def test_a_wheel_tells_what_its_folder_tells_and_the_same_text_nothing(tmp_path: Path) -> None:
    folder = older(tmp_path)
    wheel = tmp_path / "coopfx_it-0.0.1-py3-none-any.whl"
    with zipfile.ZipFile(wheel, "w") as archive:
        for file in sorted(folder.rglob("*.*")):
            archive.write(file, file.relative_to(folder))
    by_wheel, by_folder = (printed("--changes", str(path)) for path in (wheel, folder))
    assert by_wheel.pop("since") != by_folder.pop("since")
    assert by_wheel == by_folder
    same = printed("--changes", str(Path(coopfx_it.__file__).parent.parent))
    assert {law["name"] for law in same["laws"]} == {"it.cooperative", "it.lavoro"}
    assert changes(same) == [] and not same["gone"]


@pytest.mark.parametrize("name", LAWS)
def test_a_law_without_one_of_its_articles_lacks_that_article_alone(name: str) -> None:
    law = book(name)
    assert between_versions(law, law).articles == ()
    for article in law.articles:
        less = evolve(law, articles=tuple(one for one in law.articles if one is not article))
        for old, new, how in ((law, less, REMOVED), (less, law, ADDED)):
            (found,) = between_versions(old, new).articles
            assert found.number == article.number and found.changes[0].sort == ARTICLE
            assert {change.how for change in found.changes} == {how}
            names = {change.name for change in found.changes}
            assert names >= {rule.name for rule in article.rules}
            assert names >= {fact.name for fact in article.facts}
            assert names >= {parameter.name for parameter in article.parameters}


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04 no archive", b"\xff\xfe"])
def test_a_file_that_is_no_wheel_is_told(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "pack.whl"
    path.write_bytes(content)
    result = ended("--changes", str(path), "--lang", "fr")
    assert result.exit_code == 2 and "P945" in result.stderr and not result.stdout


# ---- a year under both


def test_a_verdict_that_the_law_of_another_day_turns_is_named(year: Path) -> None:
    data = printed("--changes", "2024-01-01", "--policy", str(year))
    (turned,) = data["year"]["turned"]
    assert turned["rule"] == "it.cooperative.holding_within_limit"
    assert (turned["article"], turned["before"], turned["after"]) == (
        "2525",
        "violated",
        "satisfied",
    )
    assert data["year"]["law_as_on"] is None
    assert data["year"]["unchanged"] == len(book("it.cooperative").rules) - 1
    screen = ended("--changes", "2024-01-01", "--policy", str(year), "--lang", "it").stdout
    assert "violata → rispettata (it.cooperative, art. 2525)" in screen


def test_a_later_law_is_held_against_an_earlier_year(year: Path) -> None:
    file = year / "2024" / "cooperative.toml"
    file.write_text("closing = 2023-12-31\n", "utf-8")
    data = printed("--changes", "2023-12-31", "--policy", str(year), "--year", "2024")
    (turned,) = data["year"]["turned"]
    assert (turned["before"], turned["after"]) == ("violated", "satisfied")
    until = printed("--changes", "2023-12-31", "--until", "2024-10-17", "--policy", str(year))
    assert until["year"]["turned"] == []


def test_the_law_before_the_statute_is_that_of_its_first_day_and_it_is_said(year: Path) -> None:
    data = printed("--changes", "2010-01-01", "--policy", str(year))
    assert data["year"]["law_as_on"] == "2020-01-01"
    screen = ended("--changes", "2010-01-01", "--policy", str(year), "--lang", "es").stdout
    assert "1 de enero de 2020" in screen


def test_a_year_is_judged_under_both_versions(year: Path, tmp_path: Path) -> None:
    data = printed("--changes", str(older(tmp_path / "packs")), "--policy", str(year))
    turned = {one["rule"]: (one["before"], one["after"]) for one in data["year"]["turned"]}
    # Before 2025 the version before knows 90,000 EUR alone.
    assert turned["it.cooperative.holding_within_limit"] == ("violated", "satisfied")
    assert len(turned) == 1


def test_options_that_need_another_are_refused() -> None:
    for arguments in (("--until", "2025-01-01"), ("--changes", "2024-01-01", "--year", "2024")):
        result = ended(*arguments)
        assert result.exit_code == 2 and re.search("goe?s? with --", result.stderr)
