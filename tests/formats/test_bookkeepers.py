"""Ten workbooks as ten bookkeepers would keep them: nothing wrong is taken unasked, and few answers do."""

from pathlib import Path
from typing import Any

import pytest

from bookkeepers import Book, books, write
from coopfx.desk.policy import open_policy
from coopfx.desk.proposed import Proposed, Proposing, statute_for
from coopfx.desk.workspace import Workspace
from coopfx.formats.mapping import FILE
from coopfx.formats.questions import read
from coopfx.ground.exact import Known
from coopfx.ground.report import Diagnostic, Report
from coopfx.plugged.world import World

BOOKS = books()
MOST_ANSWERS = 5


def opened(book: Book, folder: Path, world: World) -> tuple[Workspace, Proposing, Report]:
    report = Report()
    policy = open_policy(write(book, folder / book.name), report)
    assert policy is not None
    held = Workspace(policy, world)
    statute = statute_for(held, report)
    assert statute is not None, report.diagnostics
    return (
        held,
        Proposing(held, statute, policy.path / "2024", world.words(book.language), {}, report),
        report,
    )


def answered(book: Book, proposing: Proposing) -> tuple[Proposed, int]:
    """A proposal after the keeper's answers, and how many questions there were."""
    answers: dict[str, Known] = {}
    asked: set[str] = set()
    while True:
        found = proposing.proposed(answers)
        question = next((one for one in found.questions if one.key not in asked), None)
        if question is None:
            return found, len(asked)
        asked.add(question.key)
        own = [value for end, value in book.answers.items() if question.key.endswith(end)]
        assert own, f"{book.name} is asked {question.key}: {question.text}"
        given: Any = own[0]
        text = str(given).casefold() if isinstance(given, bool) else str(given)
        value = read(question, text, proposing.languages)
        assert not isinstance(value, Diagnostic) and value is not None, question.key
        answers[question.key] = value


@pytest.mark.parametrize("book", BOOKS, ids=lambda book: book.name)
def test_nothing_wrong_is_taken_without_asking(book: Book, tmp_path: Path, world: World) -> None:
    _, proposing, _ = opened(book, tmp_path, world)
    wrong = {
        name: figures
        for sheet in proposing.proposed({}).sheets
        for name, figures in sheet.columns
        if not set(figures) <= book.means.get(name, set())
    }
    assert wrong == {}


@pytest.mark.parametrize("book", BOOKS, ids=lambda book: book.name)
def test_few_answers_lead_to_the_year(book: Book, tmp_path: Path, world: World) -> None:
    held, proposing, report = opened(book, tmp_path, world)
    found, count = answered(book, proposing)
    assert count <= MOST_ANSWERS
    year = held.with_unsaved({proposing.folder / FILE: found.text}).outcome(
        proposing.folder, report
    )
    assert year is not None, [(one.code, one.arguments) for one in report.diagnostics]
    table = year.facts.tables["person"]
    by_id = dict(zip(book.ids, range(len(book.ids)), strict=True))
    assert set(table.ids) == set(book.ids)
    for name, values in book.figures.items():
        expected = [values[by_id[one]] for one in table.ids]
        assert list(table.columns[name]) == expected, name


def test_there_are_ten_in_four_languages() -> None:
    assert len(BOOKS) == len({book.name for book in BOOKS}) == 10
    assert {book.language for book in BOOKS} == {"en", "es", "fr", "it"}
