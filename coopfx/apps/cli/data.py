"""``coopfx data``: from the files that a cooperative has to its year."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
from attrs import evolve

from coopfx.apps.cli.common import Session, format_option, language_option, style_of
from coopfx.apps.cli.texts import write_whole
from coopfx.desk.policy import YEAR
from coopfx.formats.proposing_made import HIGHEST
from coopfx.formats.terminal import Style, diagnostic, pad, safe, width, wrapped
from coopfx.ground.exact import Known
from coopfx.ground.figure import HIGHEST_SHARE_CAPITAL
from coopfx.ground.report import Report, Word

if TYPE_CHECKING:
    from coopfx.desk.proposed import Proposed
    from coopfx.desk.versions import Statute
    from coopfx.desk.workspace import Workspace
    from coopfx.desk.years import Year
    from coopfx.formats.questions import Question


@click.command("data")
@click.argument("policy", type=click.Path())
@click.argument("year", required=False, type=click.Path(path_type=Path))
@click.option(
    "--answers",
    type=click.Path(path_type=Path),
    help="A file in TOML that answers are taken from and kept in; what it answers is written.",
)
@format_option("text", "json")
@language_option
def command(
    policy: str, year: Path | None, answers: Path | None, form: str, lang: str | None
) -> None:
    """Say which column of a year's files is which figure, and write `columns.toml`.

    YEAR is a folder with the files as other programs write them, or the name of one of the policy's;
    without it, the latest. Each file and sheet is shown with its columns beside the figures that the
    statute reads. What is doubtful is asked on a terminal; elsewhere the proposal is printed, and nothing
    is written but what a file of answers says. The answers stand in `columns.toml` and `cooperative.toml`:
    the next year asks only what has changed.

    At the end stands what the year still needs, what the shares wait for first.

    Example: coopfx data policies/alma 2024
    """
    session = Session(lang, form)
    held = session.hold(policy)
    if held is None:
        session.give_up()
    from coopfx.desk.proposed import statute_for, year_folder

    statute = statute_for(held, session.report)
    folder = None if statute is None else year_folder(held, year, session.report)
    if statute is None or folder is None:
        session.give_up()
    closed = held.closing(folder)
    statute = statute_for(held, session.report, closed) or statute
    session.speak(held.policy, statute.program.laws, statute.words)
    work = _Work(session, held, statute, folder, answers)
    if session.report.failed:
        session.give_up()
    work.run()


class _Work:
    """A year while it is asked about: the answers so far, and the files as they would be."""

    def __init__(
        self,
        session: Session,
        held: "Workspace",
        statute: "Statute",
        folder: Path,
        answers: Path | None,
    ) -> None:
        from coopfx.apps.cli.asked import Door, on_a_terminal
        from coopfx.desk.proposed import Proposing
        from coopfx.formats.answers import Answers
        from coopfx.laws.said import said_of_facts

        self.session, self.held, self.statute, self.folder = session, held, statute, folder
        self.answers: Answers = Answers.at(answers, session.report) if answers else Answers()
        self.path = answers
        asks = session.form == "text" and on_a_terminal()
        self.door: Door = Door(session, self.answers, asks)
        self.said = said_of_facts(statute, session.world)
        self.proposing: Proposing = Proposing(
            held, statute, folder, session.words, self.said, session.report
        )
        own = folder / YEAR
        self.own_before = _read(own, session.report)
        self.own = self.own_before
        self.given: dict[str, Known] = {}
        self.open: list[Question] = []

    @property
    def writes(self) -> bool:
        """Whether there is somebody to ask, or a file of answers."""
        return self.door.asks or self.path is not None

    def run(self) -> None:
        """Ask, write, and say what the year still needs."""
        first = self.proposing.proposed({})
        style = style_of(sys.stdout)
        if self.door.asks and first.questions:
            self._show(first, style)
        self._ask_closing()
        found = self._ask_columns()
        closing_open = bool(self.open)
        year = None if closing_open else self._ask_own(found)
        found = self.proposing.proposed(self.given)
        report = Report()
        # What is amiss of columns that are asked about is not told while the question is open.
        if not closing_open and (self.writes or not found.questions):
            self._year(found, report)
        written = self._write(found) if self.writes else []
        if self.path is not None:
            self.answers.tell_unasked(self.session.report)
        self._take(report, found)
        if self.session.form == "json":
            self._show_json(found, year)
        else:
            self._show(found, style)
            lines = [self.session.words.phrase("data.written", path=str(path)) for path in written]
            if self.writes and not written and found.before:
                lines.append(self.session.words.phrase("data.same"))
            if lines:
                click.echo("\n".join(["", *lines]))
            self._show_open(found)
            if year is not None:
                self._show_needs(year, style)
        self.session.tell()
        self.session.end()

    # ---- asking

    def _answer(self, question: "Question") -> Known | None:
        if self.door.asks:
            return self.door.ask(question)
        # Where nobody is there, what is doubtful stays open: a default is for who sees it.
        return self.answers.of(question, self.door.languages, self.session.report)

    def _ask_closing(self) -> None:
        from coopfx.desk.wanting import CLOSING, closing_question, with_answers

        if self.proposing.closing is not None or (
            (self.folder / YEAR).is_file() and CLOSING in self.own
        ):
            return
        question = closing_question(self.session.words, self.proposing.year)
        value = self._answer(question)
        if value is None:
            self.open.append(question)
        else:
            self.own = with_answers(self.own, [(question, "", CLOSING, value)])

    def _ask_columns(self) -> "Proposed":
        asked: set[str] = set()
        while True:
            found = self.proposing.proposed(self.given)
            question = next((one for one in found.questions if one.key not in asked), None)
            if question is None:
                return found
            asked.add(question.key)
            value = self._answer(question)
            if value is not None:
                self.given[question.key] = value

    def _ask_own(self, found: "Proposed") -> "Year | None":
        """Ask for the cooperative's own figures that the shares wait for; the year with the answers."""
        from coopfx.desk.wanting import own_questions, with_answers

        asked: set[str] = set()
        while True:
            report = Report()
            year = self._year(found, report)
            if self._takes_back(report) or self._asks_of_rows(found, report, asked):
                found = self.proposing.proposed(self.given)
                continue
            if year is None:
                return None
            wanted = own_questions(year, self._before(year), self.session.words, self.said)
            new = [one for key, one in wanted.items() if key not in asked]
            if not new:
                self.open += [one for one, _, _ in wanted.values()]
                return year
            answered = []
            for question, table, name in new:
                asked.add(question.key)
                value = self._answer(question)
                if value is not None:
                    answered.append((question, table, name, value))
            self.own = with_answers(self.own, answered)

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
            if self.session.form == "text":
                click.echo(
                    "\n" + diagnostic(one, report, self.session.words, style_of(sys.stdout)),
                    nl=False,
                )
            else:
                self.session.report.add(one)
        self.given |= dict.fromkeys(keys, False)
        return True

    def _asks_of_rows(self, found: "Proposed", report: Report, asked: set[str]) -> bool:
        """Ask of each row that shows a sign of being no record (D746); whether any is answered."""
        from coopfx.formats.proposing import row_question

        sheets = {sheet.shown: sheet for sheet in found.sheets}
        words, answered = self.session.words, False
        for one in report.diagnostics:
            sheet = sheets.get(str(one.arguments.get("file", "")))
            if one.code != "D746" or sheet is None:
                continue
            row, line = str(one.arguments["record"]), int(str(one.arguments["line"]))
            question = row_question(sheet, row, line, words.message(one), words)
            if question.key in asked:
                continue
            asked.add(question.key)
            value = self._answer(question)
            if value is None:
                self.open.append(question)
            else:
                self.given[question.key] = value
                answered = True
        return answered

    def _before(self, year: "Year") -> "Year | None":
        """The latest earlier year that can be read."""
        earlier = self.held.years_before(self.folder, year.facts.closing, Report())
        found = (self.held.outcome(one, Report()) for one in reversed(earlier))
        return next((one for one in found if one is not None), None)

    def _year(self, found: "Proposed", report: Report) -> "Year | None":
        """The year as it would be with all that is proposed."""
        from coopfx.formats.mapping import FILE

        over = {}
        if found.text != found.before:
            over[self.folder / FILE] = found.text
        if self.own != self.own_before:
            over[self.folder / YEAR] = self.own
        return self.held.with_unsaved(over).outcome(self.folder, report)

    def _take(self, report: Report, found: "Proposed") -> None:
        """Tell what is amiss of the year; a column that a question is open about is not told again as one
        that nothing reads (D734)."""
        from coopfx.formats.mapping import suits

        self.session.report.sources |= report.sources
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
            self.session.report.add(one)

    # ---- writing and showing

    def _write(self, found: "Proposed") -> list[Path]:
        from coopfx.formats.mapping import FILE

        texts = [
            (self.folder / FILE, found.before, found.text),
            (self.folder / YEAR, self.own_before, self.own),
        ]
        if self.path is not None:
            before = self.answers.document.source.text if self.answers.document else ""
            texts.append((self.path, before, self.answers.text()))
        written = []
        for path, before, after in texts:
            changed = after != before and after.strip()
            if changed and write_whole(path, after.encode(), self.session.report):
                written.append(path)
        return written

    def _show(self, found: "Proposed", style: Style) -> None:
        words = self.session.words
        lines = []
        for sheet in found.sheets:
            title = words.counted(
                "data.lines", sheet.lines, name=sheet.shown, record=words.label(sheet.record)
            )
            lines += ["", style.paint(safe(title), "bold")]
            size = min(40, max((width(safe(name)) for name, _ in sheet.columns), default=0))
            for name, figures in sheet.columns:
                said = ", ".join("id" if one == "id" else words.label(one) for one in figures)
                said = said or style.paint(words.phrase("data.unread"), "faint")
                lines.append(f"  {pad(safe(name), size)}  {said}")
            for name, value in sheet.table.get("all", {}).items():
                shown = words.show(value) if isinstance(value, bool) else str(value)
                lines.append("  " + safe(words.phrase("data.all", name=name, value=shown)))
        for name, sort in found.others:
            what = words.phrase(f"data.{sort}")
            said = words.phrase("ask.choice", choice=safe(name), consequence=what)
            lines += ["", style.paint(said, "bold")]
        click.echo("\n".join(lines[1:]))

    def _show_open(self, found: "Proposed") -> None:
        left = [*self.open, *found.questions]
        if not left:
            return
        words = self.session.words
        click.echo("\n".join(["", *wrapped(words.counted("data.doubtful", len(left)))]))
        for question in left:
            click.echo("\n".join(wrapped(question.text, "  – ")))
        if not self.writes:
            click.echo("\n".join(wrapped(words.phrase("data.nobody"))))

    def _show_needs(self, year: "Year", style: Style) -> None:
        from coopfx.engine.explain.needs import needs_of
        from coopfx.formats import needs

        found = needs_of(year.evaluation, year.outcome)
        click.echo()
        shown = needs.text(found, year.outcome, year.facts.files, self.session.words, style)
        click.echo(shown, nl=False)

    def _show_json(self, found: "Proposed", year: "Year | None") -> None:
        from coopfx.engine.explain.needs import needs_of
        from coopfx.formats import json, needs, proposed

        told = json.diagnostics(self.session.report, self.session.words)
        waiting: Any = None
        if year is not None:
            of = needs_of(year.evaluation, year.outcome)
            waiting = needs.data(of, year.outcome, year.facts.files, self.session.words, [])
            del waiting["diagnostics"], waiting["schema"]
        data = proposed.data(
            found.sheets,
            found.others,
            found.text,
            self.own,
            (*self.open, *found.questions),
            self.session.words,
        )
        self.session.show_json(data | {"needs": waiting, "diagnostics": told})


def _read(path: Path, report: Report) -> str:
    """The text of a file that may be written over; empty, and told, where it is no TOML."""
    from coopfx.formats import toml

    document = toml.read(path, report) if path.is_file() else None
    return document.source.text if document is not None else ""
