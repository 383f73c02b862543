"""Workbooks whose headings say little, walked through by their keepers: what is read is true."""

import unicodedata
from pathlib import Path

import pytest

from bookkeepers import write
from coopfx.desk.policy import open_policy
from coopfx.desk.proposed import Proposing, statute_for
from coopfx.desk.versions import Statute
from coopfx.desk.workspace import Workspace
from coopfx.formats import mapping
from coopfx.formats.answers import of_file
from coopfx.formats.questions import Question
from coopfx.ground.exact import Known
from coopfx.ground.report import Diagnostic, Report
from coopfx.ground.words import Words
from coopfx.plugged.world import World
from keepers import Keeper, Page, keepers

KEEPERS = keepers()
MOST_ANSWERS = 15


def page_of(keeper: Keeper, name: str) -> Page:
    """The sheet that a proposal or a question speaks of."""
    return next(
        one
        for one in keeper.pages
        if name == one.file or mapping.suits(name, unicodedata.normalize("NFC", one.file))
    )


@pytest.mark.parametrize("keeper", KEEPERS, ids=lambda one: one.name)
def test_an_honest_keeper_comes_to_the_true_facts(
    keeper: Keeper, tmp_path: Path, world: World
) -> None:
    report = Report()
    policy = open_policy(write(keeper.book, tmp_path / keeper.name), report)
    assert policy is not None
    held = Workspace(policy, world)
    statute = statute_for(held, report)
    assert statute is not None
    folder = policy.path / "2024"

    def looked_at(held: Workspace, folder: Path) -> tuple[Workspace, Statute, Path, Words]:
        return held, statute, folder, world.words(keeper.language)

    proposing = Proposing(*looked_at(held, folder), {}, report)
    unasked = proposing.proposed({})
    wrong = {
        (sheet.name, column): figures
        for sheet in unasked.sheets
        for column, figures in sheet.columns
        if not set(figures) <= keeper.may(page_of(keeper, sheet.name).file, column)
    }
    assert wrong == {}, "nothing wrong is taken without asking"

    answers: dict[str, Known] = {}
    log: list[str] = []
    found = unasked
    while question := next((one for one in found.questions if one.key not in answers), None):
        answers[question.key] = answered(keeper, question, proposing)
        log.append(f"{question.text} {answers[question.key]}")
        assert len(log) <= MOST_ANSWERS, log
        found = proposing.proposed(answers)
    told = Report()
    year = held.with_unsaved({folder / mapping.FILE: found.text}).outcome(folder, told)
    assert year is not None, (
        log,
        found.text,
        [(one.code, one.arguments) for one in told.diagnostics],
    )
    table = year.facts.tables["person"]
    read = {
        one: {key: table.columns[key][row] for key in keeper.figures if key in table.columns}
        for row, one in enumerate(table.ids)
    }
    assert read == keeper.truth(), "\n".join([*log, found.text])
    (folder / mapping.FILE).write_text(found.text, "utf-8")
    assert Proposing(*looked_at(held, folder), {}, Report()).proposed({}).questions == ()
    # The files of the year after, under the names of that year, ask nothing.
    after = policy.path / "2025"
    after.mkdir()
    (after / "cooperative.toml").write_text("closing = 2025-12-31\nsurplus = 1\n")
    for name, content in keeper.files.items():
        if name != "cooperative.toml":
            (after / name.replace("2024", "2025")).write_bytes(content)
    again = Proposing(*looked_at(held, after), {}, Report()).proposed({})
    assert [one.text for one in again.questions] == []
    assert again.text.count("answers]") == found.text.count("answers]")


def answered(keeper: Keeper, question: Question, proposing: Proposing) -> Known:
    """What the keeper says, read as an answer."""
    page = next(
        one
        for one in keeper.pages
        for name in (looked.key for looked in proposing.looked if one.file in looked.names)
        if question.key.startswith(f"{name}:")
    )
    name = next(looked.key for looked in proposing.looked if page.file in looked.names)
    topic = question.key.removeprefix(f"{name}:")
    assert question.default is None, "what is doubtful has no default"
    given = keeper.answer(page, topic, [one.key for one in question.choices], question.text)
    value = of_file(question, given, list(proposing.languages), None)
    assert value is not None and not isinstance(value, Diagnostic), (question.key, given)
    return value


def test_there_are_ten_in_four_languages() -> None:
    assert len({one.name for one in KEEPERS}) >= 10
    assert {one.language for one in KEEPERS} == {"en", "es", "fr", "it"}
    other = {one.name: one.files for one in keepers(27)}
    assert {one.name: one.files for one in KEEPERS} == other, "the same seed, the same bytes"
