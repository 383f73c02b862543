"""The pages in a browser: they ask for nothing, pass axe-core, and print to clean pages."""

import re
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

import pypdf
import pytest
from meeting_papers import Made, made

import meeting

pytest.importorskip("playwright", reason="playwright is not installed")

from axe_playwright_python.sync_playwright import Axe
from chromium import chromium
from playwright.sync_api import Browser, Page, Request

pytestmark = pytest.mark.browser

POLICIES = Path(__file__).parents[3] / "policies"
ONE_INCH = 72
A4 = (595, 842)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as opened:
        yield opened


@pytest.fixture(params=["alma", "la-halle", "txirbil", "few", "many", "loss"])
def papers(request: pytest.FixtureRequest, tmp_path: Path) -> Made:
    match request.param:
        case "few":
            return made(meeting.write(tmp_path / "few", 4, long=True), "en")
        case "many":
            return made(meeting.write(tmp_path / "many", 400, long=True, whole=True), "fr")
        case "loss":
            return made(meeting.write(tmp_path / "loss", 60, loss=True), "it")
        case name:
            return made(POLICIES / name, {"alma": "fr", "la-halle": "en", "txirbil": "es"}[name])


def opened(browser: Browser, page: str) -> tuple[Page, list[str]]:
    """A page in a browser without a network, and all that it asked for."""
    asked: list[str] = []

    def seen(request: Request) -> None:
        asked.append(request.url)

    context = browser.new_context(offline=True, viewport={"width": 390, "height": 844})
    shown = context.new_page()
    shown.on("request", seen)
    shown.set_content(page)
    return shown, asked


def test_pages_ask_for_nothing_and_pass_axe(browser: Browser, papers: Made) -> None:
    for page in (papers.report_page, papers.statement_page):
        shown, asked = opened(browser, page)
        assert not asked
        # The policy of the page lets no script in; axe is one.
        shown.set_content(re.sub(r"<meta http-equiv=[^>]*>", "", page))
        found = Axe().run(shown)
        assert found.violations_count == 0, found.generate_report()
        # On a telephone the page is no wider than the glass, nor is any table, and drawings can be read.
        wide = shown.evaluate("document.documentElement.scrollWidth")
        assert wide <= 390
        hidden = shown.evaluate(
            "[...document.querySelectorAll('.table')].filter("
            "one => one.scrollWidth > one.clientWidth + 1).map(one => one.ariaLabel)"
        )
        assert hidden == []
        small = shown.evaluate(
            "[...document.querySelectorAll('svg')].filter(one => one.clientWidth > 0 &&"
            " 15 * one.clientWidth / one.viewBox.baseVal.width < 11).length"
        )
        assert small == 0
        shown.context.close()


def test_pages_print_to_clean_pages(browser: Browser, papers: Made) -> None:
    for page, most in ((papers.report_page, 8), (papers.statement_page, 1)):
        shown, _ = opened(browser, page)
        printed = shown.pdf(prefer_css_page_size=True)
        read = pypdf.PdfReader(BytesIO(printed))
        assert len(read.pages) <= most
        for sheet in read.pages:
            assert (round(sheet.mediabox.width), round(sheet.mediabox.height)) == A4
            assert len(sheet.extract_text().strip()) > 60, "a page with next to nothing on it"
        # Nothing is cut off at the right: each cell ends inside its table, each table inside the page.
        shown.emulate_media(media="print")
        shown.set_viewport_size({"width": 665, "height": 1000})  # A4 less its margins
        cut = shown.evaluate(
            "[...document.querySelectorAll('td, th, p, li, svg')].filter(one =>"
            " one.getBoundingClientRect().right > 666 || one.scrollWidth > one.clientWidth + 1"
            " && one.clientWidth > 0 && getComputedStyle(one).display != 'inline')"
            ".map(one => one.textContent.slice(0, 60))"
        )
        assert cut == []
        # A row is never parted by the end of a page.
        parted = shown.evaluate(
            "[...document.querySelectorAll('tr')].filter("
            "one => getComputedStyle(one).breakInside != 'avoid').length"
        )
        assert parted == 0
        shown.context.close()
