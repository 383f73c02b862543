"""Four hundred statements: from a year to PDF and HTML, against typst alone setting the same pages."""

import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import typst

import coopfx
from coopfx import pipeline
from coopfx.desk.speaking import words_for
from coopfx.engine.outcome import Results
from coopfx.ground.words import Words
from coopfx_papers import html, pdf, statement
from measure import Comparison, Contender

SYNTHETIC = Path(__file__).parents[1] / "synthetic"
PEOPLE = 400
BAR = 1.3
"""All that is not typesetting, the second form of each page too, may cost three tenths as much."""

_MEASURED = "while lines * 5mm"


def comparisons() -> list[Comparison]:
    """The statements of a cooperative of 400, and the same pages set from data that are ready."""
    results, words = _year()
    ready = [pdf.as_data(paper) for _, paper in statement.papers(results, words)]
    bare = _bare_template()
    fonts = typst.Fonts(include_system_fonts=False)

    def alone() -> None:
        for data in ready:
            compiler = typst.Compiler(bare, font_paths=fonts, sys_inputs={"paper": data})
            compiler.compile(format="pdf", pdf_standards="ua-1")

    def product() -> None:
        for _ in _made(results, words):
            pass

    return [
        Comparison(
            Contender(f"typst alone, {PEOPLE} pages", alone),
            ((Contender("statements, PDF and HTML", product), BAR),),
            rounds=3,
        )
    ]


def _made(results: Results, words: Words) -> Iterator[tuple[bytes, str]]:
    typesetter = pdf.Typesetter()
    for _, paper in statement.papers(results, words):
        yield typesetter.pages(paper), html.page(paper)


def _bare_template() -> bytes:
    """The template with its first size, which fits these pages: nothing is measured."""
    text = pdf.TEMPLATE.read_text("utf-8")
    assert _MEASURED in text
    return text.replace(_MEASURED, "while false and lines * 5mm").encode()


def _year() -> tuple[Results, Words]:
    sys.path.insert(0, str(SYNTHETIC))
    import meeting

    with tempfile.TemporaryDirectory() as scratch:
        folder = meeting.write(Path(scratch) / "policy", PEOPLE, whole=True)
        report = coopfx.Report()
        world = coopfx.load_world(report)
        policy = coopfx.open_policy(folder, report)
        assert policy is not None
        year = pipeline.evaluate_policy(policy, None, world, report)
        assert year is not None
        words = words_for(world, "fr", year.statute.program.laws, policy)
        return pipeline.results(policy, year, world, report), words
