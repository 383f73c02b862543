"""A year's files while they are asked about: which column is which figure, and what the shares wait for.

Whoever asks, a terminal, a page or a file of answers, says how a question is answered; what is asked, in
which order, and what becomes of the answers is the same.
"""

from collections.abc import Callable, Mapping
from pathlib import Path

from attrs import Factory, define, evolve, field

from coopfx.desk.policy import YEAR
from coopfx.desk.proposed import Proposed, Proposing
from coopfx.desk.versions import Statute
from coopfx.desk.wanting import (
    CLOSING,
    closing_question,
    own_questions,
    values_of,
    with_answers,
    without_figures,
)
from coopfx.desk.workspace import Workspace
from coopfx.desk.years import Year
from coopfx.formats import toml
from coopfx.formats.mapping import FILE, suits
from coopfx.formats.proposing import row_question
from coopfx.formats.proposing_made import HIGHEST
from coopfx.formats.questions import Question
from coopfx.ground.exact import Known
from coopfx.ground.figure import HIGHEST_SHARE_CAPITAL
from coopfx.ground.report import Diagnostic, Report, Word
from coopfx.ground.words import Words


def _pass_over(question: Question, before: Known) -> None:
    """Nobody is told what was answered before."""


@define(eq=False)
class YearAsked:
    """A year that is asked about: the answers so far, and its files as they would be.

    ``words`` are those of the reader, ``said`` what is said of each fact. ``answer`` answers a question, or
    gives None where it stays open; ``refuse`` is told at once, with its report, of an answer that the
    files refute. What is amiss with the two files that are written is told to ``report``. ``given`` are the
    answers so far, by their keys; it may begin with what columns are said to be, which nobody is asked.
    Where it is asked ``again``, so is what has been answered: ``keep`` is told what stands as the answer to
    a question before it is asked. Of the cooperative itself, what ``rules`` alone wait for is asked only
    where that is wanted.
    """

    held: Workspace
    statute: Statute
    folder: Path
    words: Words
    said: Mapping[str, str]
    answer: Callable[[Question], Known | None]
    refuse: Callable[[Diagnostic, Report], None]
    report: Report
    given: dict[str, Known] = field(factory=dict)
    rules: bool = False
    again: bool = False
    keep: Callable[[Question, Known], None] = _pass_over
    own_before: str = field(
        init=False, default=Factory(lambda self: _read(self.folder / YEAR, self.report), True)
    )
    own: str = field(init=False, default=Factory(lambda self: self.own_before, True))
    proposing: Proposing = field(
        init=False,
        default=Factory(
            lambda self: Proposing(
                self.held,
                self.statute,
                self.folder,
                self.words,
                self.said,
                self.report,
                again=self.again,
            ),
            True,
        ),
    )
    open: list[Question] = field(init=False, factory=list)
    _asked: set[str] = field(init=False, factory=set)

    def ask(self, *, whole: bool = True) -> tuple[Proposed, Year | None]:
        """Ask all there is to ask: what is proposed then, and the year with it.

        What is amiss of that year is told, but not of columns while a question of them is open, unless the
        year is looked at ``whole`` even so. No year where it is not known when it closes.
        """
        self._ask_closing()
        found = self._ask_columns()
        closing_open = bool(self.open)
        year = None if closing_open else self._ask_own(found)
        if self.again and year is not None:
            self._ask_own_again(found)
            year = self._ask_own(found)
        found = self.proposing.proposed(self.given)
        report = Report()
        if not closing_open and (whole or not found.questions):
            self._year(found, report)
        self._take(report, found)
        return found, year

    def texts(self, found: Proposed) -> list[tuple[Path, str, str]]:
        """The files that answers make, each as it is and as it would be."""
        return [
            (self.folder / FILE, found.before, found.text),
            (self.folder / YEAR, self.own_before, self.own),
        ]

    def _ask_closing(self) -> None:
        if self.proposing.closing is not None or (
            (self.folder / YEAR).is_file() and CLOSING in self.own
        ):
            return
        question = closing_question(self.words, self.proposing.year)
        value = self.answer(question)
        if value is None:
            self.open.append(question)
        else:
            self.own = with_answers(self.own, [(question, "", CLOSING, value)])

    def _ask_columns(self) -> Proposed:
        asked: set[str] = set()
        while True:
            found = self.proposing.proposed(self.given)
            question = next((one for one in found.questions if one.key not in asked), None)
            if question is None:
                return found
            asked.add(question.key)
            before = found.answered.get(question.key)
            if before is not None:
                self.keep(question, before)
            value = self.answer(question)
            if value is not None:
                self.given[question.key] = value

    def _ask_own(self, found: Proposed) -> Year | None:
        """Ask for the cooperative's own figures that the shares wait for; the year with the answers."""
        asked = self._asked
        while True:
            report = Report()
            year = self._year(found, report)
            if self._takes_back(report) or self._asks_of_rows(found, report, asked):
                found = self.proposing.proposed(self.given)
                continue
            if year is None:
                return None
            wanted = own_questions(
                year, self._before(year), self.words, self.said, rules=self.rules
            )
            new = [one for key, one in wanted.items() if key not in asked]
            if not new:
                own = [one for one, _, _ in wanted.values()]
                self.open = [one for one in self.open if not one.key.startswith("own:")]
                self.open += own
                return year
            answered = []
            for question, table, name in new:
                asked.add(question.key)
                value = self.answer(question)
                if value is not None:
                    answered.append((question, table, name, value))
            self.own = with_answers(self.own, answered)

    def _ask_own_again(self, found: Proposed) -> None:
        """Ask for all own figures that the shares rest on; what is given already may be kept."""
        known = values_of(self.own, self.proposing.languages)
        bare = without_figures(self.own)
        asked: set[str] = set()
        while True:
            year = self._year(found, Report(), bare)
            if year is None:
                return
            wanted = own_questions(
                year, self._before(year), self.words, self.said, rules=self.rules
            )
            new = [one for key, one in wanted.items() if key not in asked]
            if not new:
                return
            for question, table, name in new:
                asked.add(question.key)
                self._asked.add(question.key)
                there, before = known(question, table, name)
                if before is not None:
                    self.keep(question, before)
                value = self.answer(question)
                if value is not None:
                    bare = with_answers(bare, [(question, table, name, value)])
                    if value != before:
                        self.own = with_answers(self.own, [(question, table, there, value)])

    def _takes_back(self, report: Report) -> bool:
        """Whether a register cannot go back to the beginning, since there is more capital than it ever
        had: told (R821), and its highest capital is not taken."""
        told = [
            one
            for one in report.diagnostics
            if one.code == "R821" and one.arguments["name"] == Word(HIGHEST_SHARE_CAPITAL)
        ]
        keys = [key for key, value in self.given.items() if key.endswith(HIGHEST) and value is True]
        if not (told and keys):
            return False
        for one in told:
            self.refuse(one, report)
        self.given |= dict.fromkeys(keys, False)
        return True

    def _asks_of_rows(self, found: Proposed, report: Report, asked: set[str]) -> bool:
        """Ask of each row that shows a sign of being no record (D746); whether any is answered."""
        sheets = {sheet.shown: sheet for sheet in found.sheets}
        answered = False
        for one in report.diagnostics:
            sheet = sheets.get(str(one.arguments.get("file", "")))
            if one.code != "D746" or sheet is None:
                continue
            row, line = str(one.arguments["record"]), int(str(one.arguments["line"]))
            question = row_question(sheet, row, line, self.words.message(one), self.words)
            if question.key in asked:
                continue
            asked.add(question.key)
            value = self.answer(question)
            if value is None:
                self.open.append(question)
            else:
                self.given[question.key] = value
                answered = True
        return answered

    def _before(self, year: Year) -> Year | None:
        """The latest earlier year that can be read."""
        earlier = self.held.years_before(self.folder, year.facts.closing, Report())
        found = (self.held.outcome(one, Report()) for one in reversed(earlier))
        return next((one for one in found if one is not None), None)

    def _year(self, found: Proposed, report: Report, own: str | None = None) -> Year | None:
        """The year as it would be with all that is proposed, and with its ``own`` figures."""
        over = {path: after for path, before, after in self.texts(found) if after != before}
        if own is not None:
            over[self.folder / YEAR] = own
        return self.held.with_unsaved(over).outcome(self.folder, report)

    def _take(self, report: Report, found: Proposed) -> None:
        """Tell what is amiss of the year; a column that a question is open about is not told again as one
        that nothing reads (D734)."""
        self.report.sources |= report.sources
        for one in report.diagnostics:
            if one.code == "D734":
                file = Path(one.file).name
                waiting = {
                    column
                    for sheet in found.sheets
                    if suits(sheet.name, file)
                    for column in sheet.waiting
                }
                names = one.arguments["names"]
                assert isinstance(names, tuple), "so it is told"
                left = tuple(name for name in names if name not in waiting)
                if not left:
                    continue
                one = evolve(one, arguments={"names": left})
            self.report.add(one)


def _read(path: Path, report: Report) -> str:
    """The text of a file that may be written over; empty, and told, where it is no TOML."""
    document = toml.read(path, report) if path.is_file() else None
    return document.source.text if document is not None else ""
