"""The public page of the indicators: some thirty figures over five years, in a browser and on paper."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from attrs import evolve
from meeting_papers import year_of

import alma_years
from coopfx.engine.outcome import Results
from coopfx.ground.exact import Missing
from coopfx.ground.words import Words
from coopfx_papers import html, indicators, pdf, report, series
from coopfx_papers.paper import Cards, Table

LANGUAGES = ("fr", "en", "es", "it")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("alma") / "alma"
    alma_years.write(made)
    return made


@pytest.fixture(scope="module")
def alma(folder: Path) -> tuple[Results, Words]:
    return year_of(folder, "fr")


def cards(results: Results, words: Words) -> dict[str, tuple[str, str, str]]:
    """Of each card its value, how it stands to its target, and what is said of it."""
    found = (block for block in indicators.paper(results, words).blocks if isinstance(block, Cards))
    return {one.label: (one.value, one.judged, one.text) for of in found for one in of.items}


def test_some_thirty_figures_over_five_years_by_four_pillars(alma: tuple[Results, Words]) -> None:
    results, words = alma
    items = results.outcome.indicators
    assert len(items) >= 30 and len({one.pillar for one in items}) == 4
    assert all(
        [year.closing.year for year in one.series] == list(range(2020, 2025)) for one in items
    )
    assert len(cards(results, words)) == len(items)


def test_each_target_has_a_sentence(alma: tuple[Results, Words]) -> None:
    results, words = alma
    said = cards(results, words)
    for one in results.outcome.indicators:
        if one.target is not None:
            assert "objectif" in said[one.label][2], one.label
    research = "Recherche et développement, en part du chiffre d'affaires"
    assert said[research][0].replace("\u00a0", " ").replace("\u202f", " ") == "22 %"


def test_a_renamed_indicator_keeps_its_years_and_a_break_is_drawn(
    alma: tuple[Results, Words],
) -> None:
    results, words = alma
    by_label = {one.label: one for one in results.outcome.indicators}
    kept = series.line_of(by_label["Fidélisation"], words)
    assert [one.joined for one in kept.points] == [False, True, True, True, True]
    broken = next(one for label, one in by_label.items() if label.startswith("Émissions"))
    line = series.line_of(broken, words)
    assert [one.joined for one in line.points] == [False, True, False, True, True]
    assert [one.broken for one in line.points] == [False, False, True, False, False]
    drawn = series.chart(line)
    assert drawn.count('fill="none"') == kept_paths(line) and drawn.count('fill="#fff"') == 2


def kept_paths(line: series.Line) -> int:
    """The target, the foot, the upright of a break, and a piece for each year that is joined."""
    return 3 + sum(one.joined for one in line.points)


def test_nobody_stands_on_the_page(alma: tuple[Results, Words], folder: Path) -> None:
    results, words = alma
    page = html.page(indicators.paper(results, words))
    assert "p001" in (folder / "2024" / "people.csv").read_text("utf-8")
    assert not re.search(r"\bp\d{3}\b", page)
    assert "art. 33" not in page and "exiger" not in page


def test_without_people_s_own_figures_where_that_is_asked(alma: tuple[Results, Words]) -> None:
    results, words = alma
    paper = indicators.paper(results, words, anonymous=True)
    shown = {one.label for block in paper.blocks if isinstance(block, Cards) for one in block.items}
    assert "Participation à l'assemblée générale" in shown
    assert not {"Capital moyen d'un associé", "Personnes formées dans l'année"} & shown
    (table,) = (block for block in paper.blocks if isinstance(block, Table))
    # The older text may have worked a figure out from people's own.
    assert [column.head for column in table.columns][1] == "2022"


def test_the_report_has_the_chart_of_each_target(alma: tuple[Results, Words]) -> None:
    results, words = alma
    aimed = [one.label for one in results.outcome.indicators if one.target is not None]
    on_page = cards(results, words)
    for anonymous in (False, True):
        paper = report.paper(results, words, anonymous=anonymous)
        (drawn,) = (block for block in paper.blocks if isinstance(block, Cards))
        assert all(one.svg for one in drawn.items)
        shown = [one.label for one in drawn.items]
        if not anonymous:
            assert shown == aimed
            assert all(one.text == on_page[one.label][2] for one in drawn.items)
        else:
            assert set(shown) < set(aimed) and "Participation à l'assemblée générale" in shown


@pytest.mark.parametrize("language", LANGUAGES)
def test_it_is_said_in_each_language(folder: Path, language: str) -> None:
    results, words = year_of(folder, language)
    page = html.page(indicators.paper(results, words))
    assert f'<html lang="{language}">' in page
    assert not re.search(
        r"papers\.\w+|indicators\.\w+|\{\w+\}",
        re.sub(r"<style>.*?</style>", "", page, flags=re.DOTALL),
    )


def test_what_is_not_known_is_drawn_as_a_gap(alma: tuple[Results, Words]) -> None:
    results, words = alma
    (one,) = (one for one in results.outcome.indicators if one.label == "Absentéisme")
    unknown = evolve(one.series[2].indicator, value=Missing((("absenteeism", ""),)))
    gap = evolve(one.series[2], indicator=unknown, joined=False)
    after = evolve(one.series[3], joined=False)
    item = evolve(one, series=(*one.series[:2], gap, after, one.series[4]))
    drawn = series.chart(series.line_of(item, words))
    assert drawn.count("<circle") == 4 and drawn.count('stroke-width="2.5"') == 2


def test_the_same_page_gives_the_same_bytes_as_pdf(alma: tuple[Results, Words]) -> None:
    results, words = alma
    paper = indicators.paper(results, words)
    first, second = (pdf.Typesetter().pages(paper) for _ in range(2))
    assert first == second and first.startswith(b"%PDF-")


@pytest.fixture
def opened() -> Iterator[object]:
    pytest.importorskip("playwright", reason="playwright is not installed")
    from chromium import chromium

    with chromium() as browser:
        yield browser


@pytest.mark.browser
@pytest.mark.parametrize("width", [1280, 390])
def test_the_page_passes_axe_and_fits(
    opened: object, alma: tuple[Results, Words], width: int
) -> None:
    from axe_playwright_python.sync_playwright import Axe
    from playwright.sync_api import Browser

    assert isinstance(opened, Browser)
    page = html.page(indicators.paper(*alma))
    context = opened.new_context(offline=True, viewport={"width": width, "height": 844})
    shown = context.new_page()
    asked: list[str] = []
    shown.on("request", lambda request: asked.append(request.url))
    shown.set_content(page)
    assert not asked
    shown.set_content(re.sub(r"<meta http-equiv=[^>]*>", "", page))
    found = Axe().run(shown)
    assert found.violations_count == 0, found.generate_report()
    assert shown.evaluate("document.documentElement.scrollWidth") <= width
    small = shown.evaluate(
        "[...document.querySelectorAll('svg')].filter(one => one.clientWidth > 0 &&"
        " 15 * one.clientWidth / one.viewBox.baseVal.width < 11).length"
    )
    assert small == 0
    context.close()
