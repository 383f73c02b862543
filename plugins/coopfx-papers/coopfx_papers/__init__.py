"""The papers of a general meeting: members' statements, the report, the resolutions to vote.

What sets a page is loaded when a page is asked for.
"""

from pathlib import Path

from coopfx.engine.outcome import Results
from coopfx.hookspecs import Command, Sentences, Writer, hookimpl
from coopfx.words import Words

_WORDS = Path(__file__).parent / "words"


@hookimpl
def coopfx_writers() -> list[Writer]:
    """Each paper by itself; ``coopfx papers`` makes all of them. Statements name whom they are for."""
    return [
        Writer("statement.pdf", _statements_pdf),
        Writer("statement.html", _statements_html),
        Writer("report.pdf", _report_pdf, anonymous=_anonymous_pdf),
        Writer("report.html", _report_html, anonymous=_anonymous_html),
        Writer("resolutions.md", _resolutions, anonymous=_anonymous_resolutions),
    ]


@hookimpl
def coopfx_commands() -> list[Command]:
    """All papers of a year in one folder."""
    line = "Make the papers of the general meeting: statements, report, resolutions."
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
    papers = statement.papers(results, words)
    return {f"{name}.pdf": typesetter.pages(paper) for name, paper in papers}


def _statements_html(results: Results, words: Words) -> dict[str, str]:
    from coopfx_papers import html, statement

    return {f"{name}.html": html.page(paper) for name, paper in statement.papers(results, words)}


def _report_pdf(results: Results, words: Words) -> bytes:
    from coopfx_papers import pdf, report

    return pdf.Typesetter().pages(report.paper(results, words))


def _report_html(results: Results, words: Words) -> str:
    from coopfx_papers import html, report

    return html.page(report.paper(results, words))


def _resolutions(results: Results, words: Words) -> str:
    from coopfx_papers import resolutions

    return resolutions.text(results, words)


def _anonymous_pdf(results: Results, words: Words) -> bytes:
    from coopfx_papers import anonymous, pdf, report

    if anonymous.tell_few(results, results.report):
        return b""
    return pdf.Typesetter().pages(report.paper(results, words, anonymous=True))


def _anonymous_html(results: Results, words: Words) -> str:
    from coopfx_papers import anonymous, html, report

    if anonymous.tell_few(results, results.report):
        return ""
    return html.page(report.paper(results, words, anonymous=True))


def _anonymous_resolutions(results: Results, words: Words) -> str:
    from coopfx_papers import anonymous, resolutions

    if anonymous.tell_few(results, results.report):
        return ""
    return resolutions.text(results, words, anonymous=True)
