"""``coopfx data``: from the files that a cooperative has to its year."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
from attrs import evolve

from coopfx.apps.cli.common import Session, format_option, language_option, style_of
from coopfx.apps.cli.texts import write_whole
from coopfx.formats.terminal import Style, diagnostic, pad, safe, width, wrapped
from coopfx.ground.exact import Known
from coopfx.ground.report import Diagnostic, Report

_INTERRUPTED = 130
"""The status of a command that somebody has interrupted, as shells have it."""

_ASKED = ("sheets.W01",)

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
@click.option(
    "--again",
    is_flag=True,
    help="Ask all of it again, also what has been answered: Enter keeps it.",
)
@format_option("text", "json")
@language_option
def command(
    policy: str,
    year: Path | None,
    answers: Path | None,
    again: bool,
    form: str,
    lang: str | None,
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
    work = _Work(session, held, statute, folder, answers, again)
    if session.report.failed:
        session.give_up()
    work.run()


class _Work:
    """A year while it is asked about at a terminal, or answered by a file."""

    def __init__(
        self,
        session: Session,
        held: "Workspace",
        statute: "Statute",
        folder: Path,
        answers: Path | None,
        again: bool,
    ) -> None:
        from coopfx.apps.cli.asked import Door, on_a_terminal
        from coopfx.desk.asked_year import YearAsked
        from coopfx.formats.answers import Answers
        from coopfx.laws.said import said_of_facts

        self.session, self.path = session, answers
        self.answers: Answers = Answers.at(answers, session.report) if answers else Answers()
        asks = session.form == "text" and on_a_terminal()
        self.door: Door = Door(session, self.answers, asks, keeps=True)
        said = said_of_facts(statute, session.world)
        self.year: YearAsked = YearAsked(
            held,
            statute,
            folder,
            session.words,
            said,
            self._answer,
            self._refuse,
            session.report,
            # Where nobody is there, what has been answered stays as it is.
            again=again and asks,
            keep=self._keep,
        )

    @property
    def writes(self) -> bool:
        """Whether there is somebody to ask, or a file of answers."""
        return self.door.asks or self.path is not None

    def run(self) -> None:
        """Ask, write, and say what the year still needs."""
        first = self.year.proposing.proposed({})
        style = style_of(sys.stdout)
        if self.door.asks and first.questions:
            self._show(first, style)
        found, year = self.year.ask(whole=self.writes)
        written = self._write(found) if self.writes else []
        if self.path is not None:
            self.answers.tell_unasked(self.session.report)
        if self.door.interrupted:
            self._stop(written)
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
        self._say_that_it_asked()
        self.session.tell()
        self.session.end()

    def _say_that_it_asked(self) -> None:
        """Of what is left unread, that this command asks what it holds is no advice here."""
        told = self.session.report.diagnostics
        told[:] = [
            evolve(one, arguments={**one.arguments, "asked": True}) if one.code in _ASKED else one
            for one in told
        ]

    def _stop(self, written: list[Path]) -> None:
        """End as somebody has interrupted: what has been answered is written."""
        words = self.session.words
        told = [words.phrase("data.written", path=str(path)) for path in written]
        said = words.phrase("data.stopped" if written else "data.stopped_before")
        click.echo("\n".join([*told, *wrapped(said)]))
        raise click.exceptions.Exit(_INTERRUPTED)

    # ---- asking

    def _keep(self, question: "Question", before: Known) -> None:
        """Take what was answered before for the answer that an empty line keeps."""
        if not self.answers.has(question):
            self.answers.put(question, before)

    def _answer(self, question: "Question") -> Known | None:
        if self.door.asks:
            return self.door.ask(question)
        # Where nobody is there, what is doubtful stays open: a default is for who sees it.
        return self.answers.of(question, self.door.languages, self.session.report)

    def _refuse(self, told: Diagnostic, report: Report) -> None:
        if self.session.form == "text":
            shown = diagnostic(told, report, self.session.words, style_of(sys.stdout))
            click.echo("\n" + shown, nl=False)
        else:
            self.session.report.add(told)

    # ---- writing and showing

    def _write(self, found: "Proposed") -> list[Path]:
        texts = self.year.texts(found)
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
        if lines:
            click.echo("\n".join(lines[1:]))

    def _show_open(self, found: "Proposed") -> None:
        left = [*self.year.open, *found.questions]
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
            self.year.own,
            (*self.year.open, *found.questions),
            self.session.words,
        )
        self.session.show_json(data | {"needs": waiting, "diagnostics": told})
