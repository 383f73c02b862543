"""``coopfx new``: a cooperative begun from a model, by question and answer."""

import sys
from collections.abc import Callable
from pathlib import Path

import click

from coopfx.apps.cli.asked import Door, on_a_terminal
from coopfx.apps.cli.common import Session, language_option, style_of
from coopfx.apps.cli.here import quoted, show_steps
from coopfx.apps.cli.output import write_together
from coopfx.desk.policy import Policy, holds_statute
from coopfx.formats.answers import Answers
from coopfx.formats.questions import Question, read
from coopfx.formats.terminal import safe, wrapped
from coopfx.ground.exact import Known
from coopfx.ground.report import Diagnostic
from coopfx.starts.decisions import ANSWERS, WRITTEN, Asking, ask_all, tell_open, with_blanks
from coopfx.starts.folder import begin
from coopfx.starts.readme import next_steps


@click.command("new")
@click.argument("name", type=click.Path(path_type=Path))
@click.option(
    "--model",
    metavar="MODEL",
    help="The model to start from, such as fr.scop.sarl: not asked then.",
)
@click.option(
    "--answers",
    "given",
    metavar="FILE",
    type=click.Path(path_type=Path),
    help="Take the answers from this file, and ask nothing: what it leaves out stays open.",
)
@click.option(
    "--defaults",
    is_flag=True,
    help="Ask nothing: where nothing is answered, take what is proposed.",
)
@language_option
def command(
    name: Path, model: str | None, given: Path | None, defaults: bool, lang: str | None
) -> None:
    """Begin a cooperative: its statute, its settings, its first year, by question and answer.

    NAME is the folder to make. What the law and the model leave open is asked, each with its article,
    what is proposed and what follows from it. One may stop anywhere: what is still to be decided is told
    by `coopfx check`, and asked again by the same command. The answers stand in answers.toml in the
    folder; changed later, with a new day of force, they make a new version of the statute. Nothing that
    was written by hand is overwritten.

    Example: coopfx new bakery

    Example: coopfx new bakery --model fr.scop.sarl --defaults
    """
    session = Session(lang, "text")
    policy = _there(session, name)
    answers = Answers.at(given or name / ANSWERS, session.report)
    if given is not None and not given.exists():
        session.report.tell("P901", None, path=str(given), nearest="")
    if session.report.failed:
        session.give_up()
    words = session.words
    asks = on_a_terminal() and not defaults and given is None
    if asks:
        click.echo("\n".join(wrapped(words.phrase("new.intro"))))
    ask = _asking(session, answers, model, asks=asks, defaults=defaults)
    asking = ask_all(name, ask, words, session.world, session.report)
    answers.tell_unasked(session.report, (WRITTEN,))
    if asking is None or session.report.failed:
        session.give_up()
    kept = with_blanks(answers, asking)
    if asking.start is None or asking.decided is None:
        write_together(name, {ANSWERS: kept.encode()}, session.report)
    else:
        _write(session, name, policy, asking, kept)
    if session.report.failed:
        session.give_up()
    tell_open(name, words, session.world, session.report)
    session.tell()
    session.end()


def _there(session: Session, folder: Path) -> Policy | None:
    """The policy that stands in the folder, which must have been begun by this command (P968)."""
    if not holds_statute(folder):
        return None
    policy = session.open(str(folder))
    if policy is not None:
        session.words = session.world.words(policy.language)
        if not (folder / ANSWERS).is_file():
            session.report.tell("P968", None, path=str(folder), answers=ANSWERS)
    return policy


def _asking(
    session: Session, answers: Answers, model: str | None, *, asks: bool, defaults: bool
) -> Callable[[Question], Known | None]:
    """Who answers: somebody at the terminal, what is proposed, or the file alone."""
    door = Door(session, answers, asks)

    def ask(question: Question) -> Known | None:
        if question.key == "model" and model is not None:
            found = read(question, model, door.languages)
            if isinstance(found, Diagnostic):
                session.report.add(found)
                return None
            if found is not None:
                answers.put(question, found)
        if not (asks or defaults) or (question.key == "model" and model is not None):
            return answers.of(question, door.languages, session.report)
        return door.ask(question)

    return ask


def _write(
    session: Session, folder: Path, policy: Policy | None, asking: Asking, answers: str
) -> None:
    """Write what the answers make, all or nothing, and say what was written and what comes next."""
    words, report, world = session.words, session.report, session.world
    steps = next_steps(quoted(folder.resolve().name), world)
    files = begin(folder, policy, asking, answers, steps, words, world, report)
    if files is None or not write_together(folder, files, report):
        return
    written = [str(folder / name) for name, content in files.items() if content is not None]
    key = "new.made" if written else "new.unchanged"
    said = words.phrase(key, path=str(folder), files=words.enumeration(written))
    click.echo("\n".join(wrapped(safe(said))))
    show_steps(next_steps(quoted(str(folder)), world), words, style_of(sys.stdout))
