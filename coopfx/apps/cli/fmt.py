"""``coopfx fmt``: the layout of statutes and laws."""

import difflib
from typing import Any

import click
from attrs import frozen

from coopfx import pipeline
from coopfx.apps.cli.common import SOMETHING_WRONG, UNUSABLE, Session, shared_options
from coopfx.apps.cli.texts import Kept, find_texts, read_kept, write_whole
from coopfx.desk.policy import STANDARD_INPUT, open_policy
from coopfx.ground.report import Report


@frozen(slots=True)
class LaidOut:
    """A text, and the bytes that its layout makes of it."""

    text: Kept
    data: bytes

    @property
    def changed(self) -> bool:
        """Whether the text was laid out in another way."""
        return self.data != self.text.data

    @property
    def is_input(self) -> bool:
        """Whether it came from standard input, and goes to standard output."""
        return self.text.path == STANDARD_INPUT


@click.command("fmt")
@click.argument("paths", type=click.Path(), nargs=-1, required=True)
@click.option("--check", is_flag=True, help="Write nothing; name the texts that would change.")
@click.option("--diff", is_flag=True, help="Write nothing; show what would change.")
@click.option(
    "--mend",
    is_flag=True,
    help="Also write the lines that M416, M422 and M423 give, where there is one way to read a clause.",
)
@click.option(
    "--language",
    metavar="LANGUAGE",
    help="The language of texts whose name tells none, such as standard input.",
)
@shared_options
def command(
    paths: tuple[str, ...],
    check: bool,
    diff: bool,
    mend: bool,
    language: str | None,
    form: str,
    lang: str | None,
) -> None:
    """Lay out texts of statutes and laws: indentation, spaces, long lines.

    What is said in other words gets its usual form, such as reserves.legal for "legal reserve". The
    meaning does not change.

    Each of PATHS is a policy, a text, a folder with texts in it, or - for a text on standard input,
    which goes to standard output. A text with a mistake of syntax is not touched. With --check or
    --diff the status is 1 where a text would change.

    Example: coopfx fmt --check policies/alma
    """
    session = Session(lang, form)
    session.must_know(language, "--language")
    found = _laid_out(session, paths, language, mend)
    if check or diff:
        done = found
    else:
        done = [
            one
            for one in found
            if one.is_input
            or not one.changed
            or write_whole(one.text.path, one.data, session.report)
        ]
    if form == "json":
        _show_json(session, done)
    elif diff:
        for one in done:
            _show_difference(one)
    elif check:
        _name(session, "fmt.would", done)
    else:
        for one in done:
            if one.is_input:
                click.echo(one.data, nl=False)
        _name(session, "fmt.done", [one for one in done if not one.is_input])
    if form != "json":
        session.tell()
    if session.report.failed:
        raise SystemExit(UNUSABLE)
    if (check or diff) and any(one.changed for one in done):
        raise SystemExit(SOMETHING_WRONG)


def _laid_out(
    session: Session, paths: tuple[str, ...], language: str | None, mend: bool
) -> list[LaidOut]:
    """The texts that can be read, laid out; the first one's language is the one to speak."""
    known = sorted(session.world.languages)
    texts = []
    for path in find_texts(paths, session.report):
        spoken = language or (session.asked or "en" if path == STANDARD_INPUT else None)
        text = read_kept(path, spoken, known, session.report)
        if text is not None:
            texts.append(text)
    if texts and session.asked is None:
        session.words = session.world.words(texts[0].source.language)
    found = []
    for text in texts:
        source = text.source
        if mend:
            policy = open_policy(text.path, Report(), source.language)
            if policy is not None:
                source = pipeline.mend_source(source, policy, session.world)
        laid_out = pipeline.format_source(source, session.world, session.report)
        if laid_out is not None:
            found.append(LaidOut(text, text.bytes_of(laid_out)))
    return found


def _name(session: Session, key: str, done: list[LaidOut]) -> None:
    """Name the texts that are, or would be, laid out anew; where there are none, say so."""
    here = session.words.phrase("check.standard_input")
    for one in done:
        if one.changed:
            path = here if one.is_input else str(one.text.path)
            click.echo(session.words.phrase(key, path=path))
    if done and not any(one.changed for one in done):
        click.echo(session.words.counted("fmt.unchanged", len(done)))


def _show_difference(one: LaidOut) -> None:
    name = str(one.text.path)
    before = one.text.data.decode("utf-8-sig").splitlines(keepends=True)
    after = one.data.decode("utf-8-sig").splitlines(keepends=True)
    for line in difflib.unified_diff(before, after, name, name):
        click.echo(line.rstrip("\r\n"))


def _show_json(session: Session, done: list[LaidOut]) -> None:
    from coopfx.formats import json

    texts: list[dict[str, Any]] = [
        {"file": str(one.text.path), "changed": one.changed}
        | ({"text": one.data.decode("utf-8-sig")} if one.is_input else {})
        for one in done
    ]
    told = json.diagnostics(session.report, session.words)
    session.show_json({"texts": texts, "diagnostics": told})
