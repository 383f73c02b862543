"""What the tests of the papers share: a policy's latest year, and its papers in a language."""

from pathlib import Path

from attrs import frozen

import coopfx
from coopfx import pipeline
from coopfx.desk.policy import Policy
from coopfx.desk.speaking import words_for
from coopfx.engine.outcome import Results
from coopfx.ground.words import Words
from coopfx.plugged.world import World
from coopfx_papers import html, report, said, statement

POLICIES = Path(__file__).parents[3] / "policies"


@frozen
class Made:
    """A year with its pages: the report's, and the statement's of the first person."""

    results: Results
    words: Words
    report_page: str
    statement_page: str


def years_of(
    folder: Path, language: str, data: str | None = None
) -> tuple[Policy, pipeline.Year, World, Words]:
    """A policy and its latest year, or the one of that name, and the words that say it."""
    told = coopfx.Report()
    world = coopfx.load_world(told)
    policy = coopfx.open_policy(folder, told)
    assert policy is not None
    policy = policy.speaking(language)
    year = pipeline.evaluate_policy(policy, Path(data) if data else None, world, told)
    assert year is not None, told.diagnostics
    return (
        policy,
        year,
        world,
        words_for(world, language, year.statute.program.laws, policy),
    )


def year_of(folder: Path, language: str, data: str | None = None) -> tuple[Results, Words]:
    """What a writer is given of a policy's year."""
    policy, year, world, words = years_of(folder, language, data)
    return pipeline.results(policy, year, world, coopfx.Report()), words


def made(folder: Path, language: str) -> Made:
    """The pages of a policy's latest year."""
    results, words = year_of(folder, language)
    speaker = said.Speaker(words, results.outcome.currency)
    first = statement.paper(results, speaker, statement.people(results)[0])
    return Made(results, words, html.page(report.paper(results, words)), html.page(first))
