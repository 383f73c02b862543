"""The papers of real policies: read back, held against the outcome, and hostile names kept as text."""

import re
import tomllib
from fractions import Fraction
from html.parser import HTMLParser
from io import BytesIO
from pathlib import Path

import pypdf
import pytest
from attrs import evolve
from click.testing import CliRunner
from meeting_papers import year_of

import meeting
from coopfx.apps.cli.main import cli
from coopfx_papers import html, report, resolutions, said, statement
from coopfx_papers.paper import Steps
from coopfx_papers.pdf import Typesetter

POLICIES = Path(__file__).parents[3] / "policies"
WORDS = Path(__file__).parents[1] / "coopfx_papers" / "words"
LANGUAGES = ("en", "fr", "es", "it")


class Opened(HTMLParser):
    """A page as a browser takes it: the elements, the text, every address that it would ask for."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.addresses: list[str] = []
        self.text = ""
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        asks = ("src", "href", "srcset", "data", "action", "poster")
        self.addresses += [value or "" for name, value in attrs if name in asks]

    def handle_data(self, data: str) -> None:
        self.text += data


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_language_says_every_sentence_with_the_same_places(language: str) -> None:
    english, own = (
        tomllib.loads((WORDS / f"{name}.toml").read_text("utf-8"))["phrases"]
        for name in ("en", language)
    )
    own.pop("command", None)  # the English of a command's help stands with the command
    assert own.keys() == english.keys()
    for key, text in own.items():
        assert set(re.findall(r"{(\w+)}", text)) == set(re.findall(r"{(\w+)}", english[key])), key


@pytest.mark.parametrize("language", ["fr", "en"])
@pytest.mark.parametrize("name", ["alma", "quartet", "le-rabot", "la-halle"])
def test_every_paper_shows_the_amounts_of_the_outcome(name: str, language: str) -> None:
    results, words = year_of(POLICIES / name, language)
    page = html.page(report.paper(results, words))
    opened = Opened(page)
    assert not opened.addresses and not {"script", "link", "img", "iframe"} & set(opened.tags)
    assert "url(" not in page and "@import" not in page
    assert f'<html lang="{language}">' in page and opened.tags.count("h1") == 1
    assert Typesetter().pages(report.paper(results, words)).startswith(b"%PDF")
    voted = resolutions.text(results, words)
    speaker = said.Speaker(words, results.outcome.currency)
    for item in results.outcome.allocations:
        if item.held:
            assert speaker.money(item.amount) in opened.text
            assert speaker.money(item.amount) in voted
    for share in results.outcome.shares:
        assert speaker.money(share.amount) in opened.text


@pytest.mark.parametrize("name", ["alma", "quartet", "le-rabot"])
def test_a_statement_is_one_page_and_shows_each_part(name: str) -> None:
    results, words = year_of(POLICIES / name, "fr")
    speaker = said.Speaker(words, results.outcome.currency)
    typesetter = Typesetter()
    for identifier in statement.people(results)[:3]:
        paper = statement.paper(results, speaker, identifier)
        made = typesetter.pages(paper)
        assert made == Typesetter().pages(paper)
        read = pypdf.PdfReader(BytesIO(made))
        assert len(read.pages) == 1
        text = re.sub(r"\s", "", read.pages[0].extract_text())
        parts = [dict(share.parts or ()).get(identifier) for share in results.outcome.shares]
        for part in parts:
            if part is not None:
                assert re.sub(r"\s", "", speaker.money(part)) in text
        total = sum((part for part in parts if part is not None), Fraction(0))
        assert re.sub(r"\s", "", speaker.money(total)) in text


@pytest.mark.parametrize("times", [1, 2, 5])
def test_a_long_calculation_stays_on_the_page(times: int) -> None:
    results, words = year_of(POLICIES / "il-filo", "fr")
    paper = statement.paper(results, said.Speaker(words, "EUR"), statement.people(results)[0])
    *blocks, steps = paper.blocks
    assert isinstance(steps, Steps) and len(steps.items) > 20
    longer = Steps((*steps.items * times, (0, "La fin du calcul", "")))
    read = pypdf.PdfReader(BytesIO(Typesetter().pages(evolve(paper, blocks=(*blocks, longer)))))
    (page,) = read.pages
    lowest: list[float] = []

    def seen(text: str, page: list[float], own: list[float], *rest: object) -> None:
        if "La fin du calcul" in text:
            lowest.append(page[3] * own[5] + page[5])

    page.extract_text(visitor_text=seen)
    assert lowest and min(lowest) > 50  # points above the edge, where the footer ends


def test_markup_in_names_stays_text() -> None:
    results, words = year_of(POLICIES / "quartet", "en")
    hostile = '<script>alert(1)</script> #panic("x") $x$ *b* [y](z)'
    outcome = evolve(results.outcome, cooperative=hostile)
    results = evolve(results, outcome=outcome)
    opened = Opened(html.page(report.paper(results, words)))
    assert "script" not in opened.tags and hostile in opened.text
    assert Typesetter().pages(report.paper(results, words)).startswith(b"%PDF")
    voted = resolutions.text(results, words)
    assert "<script>" not in voted and r"\[y\](z)" in voted


def test_file_names_stay_in_their_folder_and_apart() -> None:
    identifiers = ("p1", "P1", "../p1", "a/b", "a\\b", ".", "..", "", "con\n", "é" * 300)
    names = statement.file_names(identifiers)
    assert len({name.casefold() for name in names.values()}) == len(identifiers)
    for name in names.values():
        assert name and not name.startswith(".") and not re.search(r"[/\\\n]", name)
        assert len(name) < 100


def read_back(made: bytes) -> str:
    """The text of a PDF without its spaces: lines break where they may."""
    pages = pypdf.PdfReader(BytesIO(made)).pages
    return re.sub(r"\s", "", "".join(page.extract_text() for page in pages))


@pytest.mark.parametrize(
    ("name", "language"), [("alma", "fr"), ("txirbil", "es"), ("il-filo", "it")]
)
def test_the_text_of_the_reports_pages_holds_each_amount(name: str, language: str) -> None:
    results, words = year_of(POLICIES / name, language)
    outcome, speaker = results.outcome, said.Speaker(words, results.outcome.currency)
    text = read_back(Typesetter().pages(report.paper(results, words)))
    shown = [item.amount for item in outcome.allocations if item.held]
    shown += [share.amount for share in outcome.shares]
    shown += [
        figure
        for item in outcome.accounts
        if not item.management
        for figure in (item.opening, item.added, item.taken, item.closing)
    ]
    shown += [kept for pool in outcome.pools for _, _, kept in pool.parts]
    for amount in shown:
        assert re.sub(r"\s", "", speaker.money(amount)) in text


@pytest.mark.parametrize("people", [4, 9])
def test_all_papers_are_made_by_one_command_and_are_the_same_bytes_twice(
    tmp_path: Path, people: int
) -> None:
    folder = meeting.write(tmp_path / "policy", people, long=people == 4)
    made = []
    for name in ("once", "twice"):
        target = tmp_path / name
        arguments = ["papers", str(folder), "2024", "--output", str(target), "--lang", "en"]
        ended = CliRunner().invoke(cli, arguments)
        # A target is missed and rules are violated: the papers are made all the same.
        assert ended.exit_code == 1 and ended.exception.__class__ is SystemExit, ended.output
        files = {file.relative_to(target): file for file in target.rglob("*") if file.is_file()}
        assert len(files) == 2 + 3 + 3 + 2 * people
        made.append({name: file.read_bytes() for name, file in files.items()})
    assert made[0] == made[1]
