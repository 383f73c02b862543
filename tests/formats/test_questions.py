"""Questions: answers read in the reader's language, refused as diagnostics, kept from time to time."""

from collections.abc import Iterator
from datetime import date
from fractions import Fraction
from pathlib import Path

import pytest

from coopfx.apps.cli.asked import Door
from coopfx.apps.cli.common import Session
from coopfx.formats.answers import Answers
from coopfx.formats.questions import Asked, Choice, Question, data, kept, read, wanted
from coopfx.ground.report import Diagnostic, Report
from coopfx.ground.words import Words
from coopfx.plugged.world import load_world

WORLD = load_world(Report())
RATE = Question(
    "work_rate", "Quelle part au travail ?", Asked.PERCENTAGE, low=Fraction(1, 4), high=Fraction(1)
)
FORM = Question(
    "form",
    "Quelle forme ?",
    Asked.CHOICE,
    choices=(Choice("sarl", "SARL"), Choice("sa", "SA", "dès 7")),
)
NONE = Question("x", "x", Asked.CHOICE, choices=(*FORM.choices, Choice("none", "Aucune")))
CAPITAL = Question("capital", "Quel capital ?", Asked.AMOUNT)
DAY = Question("since", "Depuis quand ?", Asked.DATE)
NAME = Question("name", "Quel nom ?", Asked.NAME)
PAYS = Question("pays", "Verser ?", Asked.YES_NO)


@pytest.fixture
def french() -> list[Words]:
    return [WORLD.words("fr"), WORLD.words("en")]


@pytest.mark.parametrize(
    ("question", "text", "answer"),
    [
        (RATE, "45", Fraction(9, 20)),
        (RATE, "45,5 %", Fraction(91, 200)),
        (RATE, "20 %", "D704"),
        (RATE, "0,45", Fraction(9, 20)),
        (RATE, "beaucoup", "D703"),
        (FORM, "SA", "sa"),
        (FORM, "1", "sarl"),
        (FORM, "sàrl", "D770"),
        (FORM, "3", "D770"),
        (FORM, "0", "D770"),
        (NONE, "0", "none"),
        (NONE, "2", "sa"),
        (NONE, "3", "D770"),
        (CAPITAL, "1 234,5 €", Fraction(2469, 2)),
        (CAPITAL, "0,001", "D720"),
        (DAY, "3/4/2024", date(2024, 4, 3)),
        (NAME, "  Le   Rabot ", "Le Rabot"),
        (NAME, "Le\u0007Rabot", "D771"),
        (NAME, "x" * 201, "D771"),
        (PAYS, "oui", True),
        (PAYS, "N", False),
        (PAYS, "peut-être", "D703"),
        (PAYS, "   ", None),
    ],
)
def test_an_answer_is_read_or_refused(
    question: Question, text: str, answer: object, french: list[Words]
) -> None:
    found = read(question, text, french)
    assert (found.code if isinstance(found, Diagnostic) else found) == answer


@pytest.mark.parametrize(
    ("question", "value"),
    [
        (RATE, Fraction(1, 3)),
        (RATE, Fraction(91, 200)),
        (RATE, Fraction(1)),
        (FORM, "sa"),
        (CAPITAL, Fraction(2469, 2)),
        (CAPITAL, Fraction(30000)),
        (Question("x", "x", Asked.NUMBER), Fraction(9, 8)),
        (DAY, date(2024, 4, 3)),
        (NAME, "Le « Rabot »\\"),
        (PAYS, False),
    ],
)
def test_what_is_kept_is_read_again_in_any_language(
    question: Question, value: object, tmp_path: Path
) -> None:
    path = tmp_path / "answers.toml"
    answers = Answers()
    answers.put(question, value)  # type: ignore[arg-type]
    path.write_text(answers.text(), "utf-8")
    for language in ("fr", "en"):
        report = Report()
        again = Answers.at(path, report)
        assert again.of(question, [WORLD.words(language)], report) == value
        assert not report.diagnostics
        again.put(question, value)  # type: ignore[arg-type]
        assert again.text() == path.read_text("utf-8")


def test_a_file_keeps_its_remarks_and_a_blank_erases_nothing(
    tmp_path: Path, french: list[Words]
) -> None:
    path = tmp_path / "answers.toml"
    path.write_text(
        '# decided in May\nform = "sarl"  # for now\ncapital = ""\n\n[later]\nx = 1\n', "utf-8"
    )
    report = Report()
    answers = Answers.at(path, report)
    assert answers.of(FORM, french, report) == "sarl"
    assert answers.of(CAPITAL, french, report) is None
    answers.put(RATE, Fraction(9, 20))
    answers.put(FORM, "sa")
    assert answers.text() == (
        '# decided in May\nform = "sa"  # for now\ncapital = ""\n\n'
        '# Quelle part au travail ?\nwork_rate = "45 %"\n\n[later]\nx = 1\n'
    )
    answers.tell_unasked(report)
    assert [one.code for one in report.diagnostics] == ["D772"]


def test_what_a_file_says_amiss_is_told_at_its_line(tmp_path: Path, french: list[Words]) -> None:
    path = tmp_path / "answers.toml"
    path.write_text('work_rate = "10 %"\nform = ["sa"]\nfrom = "sa"\ncapital = "1.234"\n', "utf-8")
    report = Report()
    answers = Answers.at(path, report)
    assert [answers.of(one, french, report) for one in (RATE, FORM, CAPITAL)] == [None] * 3
    answers.tell_unasked(report)
    told = [(one.code, one.span and one.span.line) for one in report.in_order()]
    assert told == [("D704", 1), ("D770", 2), ("D772", 3), ("D720", 4)]
    assert report.in_order()[2].arguments["nearest"] == ""


def test_a_question_is_a_value_for_programs(french: list[Words]) -> None:
    assert wanted(RATE, french[0]) == "un pourcentage, 25\u00a0% ou plus, 100\u00a0% ou moins"
    assert data(RATE, Fraction(1, 2), french[0])["answer"] == "50 %"
    assert data(FORM, None, french[0])["choices"][1]["consequence"] == "dès 7"
    assert kept(DAY, date(2024, 4, 3)) == date(2024, 4, 3)


@pytest.fixture
def lines(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """What is typed; its end is the end of the input."""
    typed: list[str] = []

    def answer(prompt: str) -> str:
        if not typed:
            raise EOFError
        return typed.pop(0)

    monkeypatch.setattr("builtins.input", answer)
    yield typed


def test_a_terminal_asks_until_it_is_answered(
    lines: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    door = Door(Session("fr", "text"), Answers(), True)
    lines += ["beaucoup", "10", "45", "", "sa"]
    assert door.ask(RATE) == Fraction(9, 20)
    assert door.ask(CAPITAL) is None
    assert door.ask(FORM) == "sa"
    shown = capsys.readouterr()
    assert "D703" in shown.err
    assert "D704" in shown.err
    assert "2  SA : dès 7" in shown.out.replace("\u00a0", " ")


def test_an_ended_input_leaves_the_rest_open(lines: list[str]) -> None:
    door = Door(Session("fr", "text"), Answers(), True)
    lines += ["sa"]
    assert door.ask(FORM) == "sa"
    pays = Question("pays", "Verser ?", Asked.YES_NO, default=True)
    assert door.ask(pays) is None
    assert door.stopped
    assert door.ask(FORM) == "sa"


def test_where_nobody_is_there_what_holds_otherwise_is_taken() -> None:
    door = Door(Session("fr", "text"), Answers(), False)
    assert door.ask(Question("pays", "Verser ?", Asked.YES_NO, default=True)) is True
    assert door.ask(NAME) is None
