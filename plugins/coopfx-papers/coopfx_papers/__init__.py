"""The papers of a general meeting: members' statements, the report, the resolutions to vote.

What sets a page is loaded when a page is asked for.
"""

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from coopfx.engine.outcome import Compared, Results
from coopfx.ground.words import Words
from coopfx.plugged.hookspecs import Command, ComparisonWriter, Sentences, Writer, hookimpl

if TYPE_CHECKING:
    from coopfx_papers.paper import Paper

_WORDS = Path(__file__).parent / "words"


@hookimpl
def coopfx_writers() -> list[Writer]:
    """Each paper by itself; ``coopfx papers`` makes all of them. Statements name whom they are for."""
    return [
        Writer(
            "statement.pdf", _statements_pdf, personal=True, beside=("meeting.toml",), naming=True
        ),
        Writer("statement.html", _statements_html, personal=True, naming=True),
        Writer("report.pdf", _report_pdf, anonymous=partial(_anonymously, _report_pdf)),
        Writer("report.html", _report_html, anonymous=partial(_anonymously, _report_html)),
        *(
            Writer(f"resolutions.{end}", write, anonymous=partial(_anonymously, write), naming=True)
            for end, write in _TEXTS.items()
        ),
        *(
            Writer(f"minutes.{end}", partial(write, minutes=True), naming=True)
            for end, write in _TEXTS.items()
        ),
        Writer(
            "indicators.pdf", _indicators_pdf, anonymous=partial(_indicators_pdf, anonymous=True)
        ),
        Writer(
            "indicators.html", _indicators_html, anonymous=partial(_indicators_html, anonymous=True)
        ),
    ]


@hookimpl
def coopfx_comparisons() -> list[ComparisonWriter]:
    """What a change would do to a year, as the meeting has it in hand."""
    return [ComparisonWriter("pdf", _comparison_pdf), ComparisonWriter("html", _comparison_html)]


@hookimpl
def coopfx_commands() -> list[Command]:
    """All papers of a year in one folder."""
    line = "Make the papers of the general meeting: statements, report, resolutions, minutes."
    return [Command("papers", line, "coopfx_papers.cli:command")]


@hookimpl
def coopfx_sentences() -> list[Sentences]:
    """What the papers say, a file a language."""
    return [
        Sentences("papers", {file.stem: file.read_text("utf-8") for file in _WORDS.glob("*.toml")})
    ]


def _statements_pdf(results: Results, words: Words) -> dict[str, bytes]:
    from coopfx_papers import pdf, statement

    typesetter = pdf.Typesetter()
    found = {
        f"{name}.pdf": pdf.statement_pages(typesetter, paper, results.report)
        for name, paper in statement.papers(results, words)
    }
    return {name: pages for name, pages in found.items() if pages}


def _statements_html(results: Results, words: Words) -> dict[str, str]:
    from coopfx_papers import html, statement

    return {f"{name}.html": html.page(paper) for name, paper in statement.papers(results, words)}


def _report_pdf(results: Results, words: Words, *, anonymous: bool = False) -> bytes:
    from coopfx_papers import pdf, report

    return pdf.report_pages(report.paper(results, words, anonymous=anonymous), results.report)


def _report_html(results: Results, words: Words, *, anonymous: bool = False) -> str:
    from coopfx_papers import html, report

    return html.page(report.paper(results, words, anonymous=anonymous))


def _comparison_pdf(compared: Compared, words: Words) -> bytes:
    from coopfx_papers import comparison, pdf

    return pdf.report_pages(comparison.paper(compared, words), compared.report)


def _comparison_html(compared: Compared, words: Words) -> str:
    from coopfx_papers import comparison, html

    return html.page(comparison.paper(compared, words))


def _indicators_pdf(results: Results, words: Words, *, anonymous: bool = False) -> bytes:
    from coopfx_papers import indicators, pdf

    return pdf.report_pages(indicators.paper(results, words, anonymous=anonymous), results.report)


def _indicators_html(results: Results, words: Words, *, anonymous: bool = False) -> str:
    from coopfx_papers import html, indicators

    return html.page(indicators.paper(results, words, anonymous=anonymous))


def _voted(results: Results, words: Words, *, anonymous: bool, minutes: bool) -> "Paper":
    from coopfx_papers import resolutions

    if minutes:
        return resolutions.minutes(results, words)
    return resolutions.paper(results, words, anonymous=anonymous)


def _text_md(
    results: Results, words: Words, *, anonymous: bool = False, minutes: bool = False
) -> str:
    from coopfx_papers import markdown

    return markdown.text(_voted(results, words, anonymous=anonymous, minutes=minutes))


def _text_docx(
    results: Results, words: Words, *, anonymous: bool = False, minutes: bool = False
) -> bytes:
    from coopfx_papers import docx

    return docx.document(_voted(results, words, anonymous=anonymous, minutes=minutes))


def _text_pdf(
    results: Results, words: Words, *, anonymous: bool = False, minutes: bool = False
) -> bytes:
    from coopfx_papers import pdf

    paper = _voted(results, words, anonymous=anonymous, minutes=minutes)
    return pdf.text_pages(paper, results.report)


_TEXTS: dict[str, Callable[..., str | bytes]] = {
    "pdf": _text_pdf,
    "docx": _text_docx,
    "md": _text_md,
}


def _anonymously(write: Callable[..., str | bytes], results: Results, words: Words) -> str | bytes:
    """A paper that names nobody; none, and told, where too few people receive."""
    from coopfx_papers import anonymous

    if anonymous.tell_few(results, results.report):
        return b""
    return write(results, words, anonymous=True)
