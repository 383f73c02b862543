"""Questions asked on a terminal, or answered by a file and by what holds otherwise."""

import sys

import click
from attrs import define, field

from coopfx.apps.cli.common import Session, style_of
from coopfx.formats.answers import Answers
from coopfx.formats.questions import Question, numbered, read, shown, wanted
from coopfx.formats.terminal import diagnostic, safe, wrapped
from coopfx.ground.exact import Known
from coopfx.ground.report import Diagnostic, Report
from coopfx.ground.words import Words


def on_a_terminal() -> bool:
    """Whether somebody is there to be asked."""
    return sys.stdin.isatty() and sys.stdout.isatty()


@define(slots=True)
class Door:
    """Where questions are asked, one at a time, since an answer may decide what is asked next.

    ``asks`` is whether somebody is there, ``stopped`` whether whoever answers has ended the input: what has
    not been asked by then stays as it was. Where it ``keeps`` answers, so it is when the command is
    ``interrupted``.
    """

    session: Session
    answers: Answers
    asks: bool
    keeps: bool = False
    stopped: bool = field(init=False, default=False)
    interrupted: bool = field(init=False, default=False)

    def ask(self, question: Question) -> Known | None:
        """The answer; None where the question stays open.

        An answer that is known already is asked again, and an empty line keeps it; so it is with what
        holds otherwise. Where nobody is there, both are taken as they are. An answer that is known and is
        none is told: to who is asked, at once, since another is typed in its place.
        """
        languages, amiss = self.languages, Report()
        given = self.answers.of(question, languages, amiss)
        if self.asks and not self.stopped:
            for one in amiss.diagnostics:
                self._refuse(one)
        else:
            self.session.report.take(amiss)
        if self.stopped:
            return given
        proposed = question.default if given is None else given
        try:
            value = self._asked(question, proposed, languages) if self.asks else proposed
        except (EOFError, KeyboardInterrupt) as error:
            if isinstance(error, KeyboardInterrupt) and not self.keeps:
                raise click.Abort from None
            self.interrupted = isinstance(error, KeyboardInterrupt)
            click.echo()
            self.stopped = True
            return given
        if value is not None:
            self.answers.put(question, value)
        return value

    def _asked(
        self, question: Question, proposed: Known | None, languages: list[Words]
    ) -> Known | None:
        words = self.session.words
        _show(question, words)
        sort = wanted(question, words)
        if proposed is None:
            kept = words.phrase("ask.open")
        else:
            kept = words.phrase("ask.enter", answer=shown(question, proposed, words))
        line = safe(f"  {sort} [{kept}] > " if sort else f"  [{kept}] > ")
        while True:
            sys.stdout.flush()
            try:
                typed = input(line)
            except UnicodeDecodeError:
                typed = "\ufffd"
            found = read(question, typed, languages)
            if isinstance(found, Diagnostic):
                self._refuse(found)
                continue
            return proposed if found is None else found

    def _refuse(self, found: Diagnostic) -> None:
        report = Report()
        report.sources |= self.session.report.sources
        told = diagnostic(found, report, self.session.words, style_of(sys.stderr))
        click.echo(told, err=True, nl=False)

    @property
    def languages(self) -> list[Words]:
        """The languages that an answer may be in, the reader's first."""
        own, world = self.session.words, self.session.world
        others = sorted(world.languages.keys() - {own.language})
        return [own, *(world.words(name) for name in others)]


def _show(question: Question, words: Words) -> None:
    """Print a question: what is asked, by which article, what hangs on it, what to choose from."""
    article = f" ({question.article})" if question.article else ""
    lines = ["", *wrapped(question.text + article), *wrapped(question.why, "  ")]
    for number, choice in numbered(question).items():
        said = choice.text
        if choice.consequence:
            said = words.phrase("ask.choice", choice=said, consequence=choice.consequence)
        lines += wrapped(said, f"  {number:>2}  ")
    click.echo("\n".join(lines))
