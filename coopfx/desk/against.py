"""Why a figure is another in a scenario: which of its changes moved it, by how much each alone."""

from collections.abc import Iterator, Mapping, Sequence
from difflib import SequenceMatcher

from coopfx.desk.asking import explain_year
from coopfx.desk.comparing import Wanted, amended_lines, article_of, make_scenario
from coopfx.desk.workspace import Workspace
from coopfx.desk.years import Year
from coopfx.engine.explain.moved import moved
from coopfx.engine.outcome import Against, Amended, Cause, Explanation
from coopfx.ground.report import Report
from coopfx.ground.source import Source
from coopfx.ground.words import Words


def explain_against(
    held: Workspace,
    base: Year,
    wanted: Sequence[Wanted],
    asked: str,
    languages: list[Words],
    report: Report,
) -> Against | None:
    """A figure in a year and in a scenario of it; None, and told, where there is no such thing in either.

    Each change is tried by itself, those of one article of a text together: what it moves the figure by
    is worked out, and never guessed from the text.
    """
    made = make_scenario(held, base, wanted, report)
    if made is None:
        return None
    scenario, year = made
    own, other = Report(), Report()
    before = explain_year(base, asked, languages, own)
    after = explain_year(year, asked, languages, other)
    if before is None and after is None:
        report.take(own)
        return None
    parts = list(_parts(held, scenario))
    causes = tuple(
        Cause(said, lines, after if len(parts) == 1 else _alone(alone, base, asked, languages))
        for said, lines, alone in parts
    )
    steps = None if before is None or after is None else moved(before, after)
    return Against(before, after, causes, steps)


def _alone(
    scenario: Workspace, base: Year, asked: str, languages: list[Words]
) -> Explanation | None:
    """The figure by one change alone; None where that makes no year, or one without the figure."""
    year = scenario.outcome(base.folder, Report())
    return None if year is None else explain_year(year, asked, languages, Report())


def _parts(
    held: Workspace, scenario: Workspace
) -> Iterator[tuple[str, tuple[Amended, ...], Workspace]]:
    """The changes of a scenario one by one: its texts by article, then its figures."""
    for path, text in scenario.over.texts.items():
        file = next(one for one in held.policy.statutes if one.path == path)
        source = held.text(file, Report())
        if source is None:
            continue
        words = held.world.words(source.language)
        lines = list(amended_lines(source, text, words))
        for article, partly in _by_article(source, text, words).items():
            own = tuple(one for one in lines if one.article == article)
            yield "", own, held.scenario({path: partly})
    for name, value in scenario.over.figures.items():
        yield f"{name} = {value}", (), held.scenario(figures={name: value})


def _by_article(source: Source, text: str, words: Words) -> Mapping[str, str]:
    """A text with what another changes in one article alone, for each such article."""
    old, new = source.text.splitlines(), text.splitlines()
    codes = SequenceMatcher(None, old, new, False).get_opcodes()
    changed = [
        ("" if code[0] == "equal" else article_of(code, old, new, words), code) for code in codes
    ]
    articles = dict.fromkeys(article for article, code in changed if code[0] != "equal")
    found = {}
    for wanted in articles:
        lines: list[str] = []
        for article, (tag, start, end, left, right) in changed:
            lines += new[left:right] if tag != "equal" and article == wanted else old[start:end]
        found[wanted] = "\n".join(lines) + "\n"
    return found
