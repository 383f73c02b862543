"""``coopfx papers``: all that the general meeting has in hand, in one folder."""

import sys
from collections.abc import Iterator
from pathlib import Path

import click

from coopfx.engine.outcome import Results
from coopfx.extending import UNUSABLE, Session, force_option, language_option, named, write_folder
from coopfx.ground.words import Words
from coopfx_papers import docx, html, markdown, pdf, report, resolutions, statement
from coopfx_papers.anonymous import tell_few
from coopfx_papers.meeting import names_file
from coopfx_papers.said import Speaker

_VOTED = ("resolutions", "minutes")
_PAPERS = {"report": ("pdf", "html"), **dict.fromkeys(_VOTED, ("pdf", "docx", "md"))}


@click.command("papers")
@click.argument("policy", type=click.Path())
@click.argument("data", type=click.Path(path_type=Path), required=False)
@click.option(
    "--output",
    type=click.Path(path_type=Path),
    required=True,
    help="The folder to write them into: one that is not there yet, or with --force an older one.",
)
@click.option(
    "--anonymous",
    is_flag=True,
    help="No names, no group of fewer than five people; without statements, which are personal.",
)
@click.option(
    "--names",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="A table of identifiers and names (CSV): people are called so on the papers.",
)
@force_option
@language_option
def command(
    policy: str,
    data: Path | None,
    output: Path,
    anonymous: bool,
    names: Path | None,
    force: bool,
    lang: str | None,
) -> None:
    """Make the papers of the general meeting: statements, report, resolutions, minutes.

    POLICY is a policy folder, DATA a year's folder or the name of one of the policy's; without DATA,
    the policy's latest year. The folder gets the report, as PDF and HTML, the resolutions and the
    minutes, as PDF, DOCX and Markdown, and under statements/ a page for each person.

    Example: coopfx papers policies/alma 2024 --output papers
    """
    session = Session(lang, "text")
    held = session.hold(policy)
    if anonymous and names is not None:
        session.report.tell("papers.E03", None)
        session.tell()
        raise SystemExit(UNUSABLE)
    year = None if held is None else held.year(data, session.report)
    if held is None or year is None:
        session.tell()
        raise SystemExit(UNUSABLE)
    session.speak(held.policy, year.statute.program.laws, year.statute.words)
    results = held.results(year, session.report)
    if anonymous and tell_few(results, session.report):
        session.tell()
        raise SystemExit(UNUSABLE)
    if names is None and not anonymous:
        names = names_file(results)
    if names is not None:
        before = session.report.errors()
        results = named(results, names, session.world, session.words, session.report)
        if session.report.errors() > before:
            session.tell()
            raise SystemExit(UNUSABLE)
    files: dict[str, bytes] = {}
    files.update(_meeting(results, session.words, anonymous))
    if not anonymous:
        files.update(_statements(results, session.words))
    if write_folder(
        output, files, session.report, force=force, ours=_is_paper, private=_is_statement
    ):
        speaker = Speaker(session.words, results.outcome.currency)
        click.echo(speaker.say("made_papers", path=str(output), count=len(files)))
    session.tell()
    session.end(violated=year.outcome.violated)


def _is_statement(name: str) -> bool:
    """Whether a file is somebody's own: nobody else may read it."""
    return name.startswith("statements/")


def _is_paper(name: str) -> bool:
    """Whether a file of an older folder is one of the papers, and not a note that lies beside them."""
    folder, _, file = name.rpartition("/")
    if folder == "statements":
        return file.endswith((".pdf", ".html"))
    return any(name == f"{one}.{end}" for one, ends in _PAPERS.items() for end in ends)


def _meeting(results: Results, words: Words, anonymous: bool) -> Iterator[tuple[str, bytes]]:
    """The report, the resolutions and, unless nobody is to be named, the minutes."""
    shown = report.paper(results, words, anonymous=anonymous)
    pages = pdf.report_pages(shown, results.report)
    if pages:
        yield "report.pdf", pages
    yield "report.html", html.page(shown).encode()
    papers = {"resolutions": resolutions.paper(results, words, anonymous=anonymous)}
    if not anonymous:
        papers["minutes"] = resolutions.minutes(results, words)
    for name, paper in papers.items():
        pages = pdf.text_pages(paper, results.report)
        if pages:
            yield f"{name}.pdf", pages
        yield f"{name}.docx", docx.document(paper)
        yield f"{name}.md", markdown.text(paper).encode()


def _statements(results: Results, words: Words) -> Iterator[tuple[str, bytes]]:
    """Each person's statement in both forms, with a progress bar on a terminal."""
    typesetter = pdf.Typesetter()
    label = Speaker(words, results.outcome.currency).say("making")
    people = len(statement.people(results))
    papers = statement.papers(results, words)
    with click.progressbar(
        papers, people, label, file=sys.stderr, hidden=not sys.stderr.isatty()
    ) as bar:
        for name, paper in bar:
            pages = pdf.statement_pages(typesetter, paper, results.report)
            if pages:
                yield f"statements/{name}.pdf", pages
            yield f"statements/{name}.html", html.page(paper).encode()
