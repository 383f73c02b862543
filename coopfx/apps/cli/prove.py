"""``coopfx prove``: is a statute lawful whatever the year brings, or which year breaks it."""

import sys
from collections.abc import Iterator
from datetime import date, timedelta
from importlib.util import find_spec
from itertools import zip_longest
from pathlib import Path

import click

from coopfx import pipeline
from coopfx.apps.cli.common import UNUSABLE, Session, shared_options, style_of
from coopfx.apps.cli.written import write_folder
from coopfx.engine.outcome import Proof
from coopfx.formats import json, proof
from coopfx.pipeline import Statute
from coopfx.policy import YEAR, Policy
from coopfx.words import Words


@click.command("prove")
@click.argument("policies", type=click.Path(), nargs=-1, required=True)
@click.option(
    "--write",
    "target",
    metavar="FOLDER",
    type=click.Path(path_type=Path),
    help="Write the first year that breaks a rule as a year's folder.",
)
@click.option(
    "--timeout",
    metavar="MILLISECONDS",
    type=click.IntRange(min=1),
    default=2000,
    show_default=True,
    help="How long a rule may take.",
)
@shared_options
def command(
    policies: tuple[str, ...], target: Path | None, timeout: int, form: str, lang: str | None
) -> None:
    """Prove that statutes are lawful whatever the year brings, or find a year that breaks a rule.

    Each of POLICIES is a policy folder, a statute file, or - for a statute on standard input; each of
    its versions is proved. What is to be proved are the rules on the money that is shared out; others
    rest on the year's facts.

    Example: coopfx prove policies/alma
    """
    session = Session(lang, form)
    if find_spec("z3") is None:
        session.report.tell("P913", None)
    elif target is not None and (target.exists() or target.is_symlink()):
        session.report.tell("P914", None, path=str(target))
    proved = [] if session.report.failed else list(_proved(session, policies, timeout))
    broken = [
        (item, words) for one, words in proved for item in one.proofs if item.year is not None
    ]
    if target is not None and broken:
        _write(session, target, *broken[0])
    if form == "json":
        statutes = [proof.data(one, words) for one, words in proved]
        told = json.diagnostics(session.report, session.words)
        session.show_json({"schema": proof.SCHEMA, "statutes": statutes, "diagnostics": told})
    else:
        style = style_of(sys.stdout)
        pages = [proof.text(one, words, style) for one, words in proved]
        if target is not None and proved and not session.report.failed:
            key = "proof.written" if broken else "proof.not_written"
            pages.append(session.words.phrase(key, path=target) + "\n")
        click.echo("\n".join(pages), nl=False)
    session.tell()
    if session.report.failed:
        raise SystemExit(UNUSABLE)
    session.end(violated=any(_fails(item) for one, _ in proved for item in one.proofs))


def _fails(item: Proof) -> bool:
    return item.binding and not item.holds


def _proved(
    session: Session, policies: tuple[str, ...], timeout: int
) -> Iterator[tuple[proof.Proved, Words]]:
    """Each version of each policy with its proofs; none where a policy has any mistake."""
    for path in policies:
        opened = session.open(path)
        if opened is None:
            continue
        before = session.report.errors()
        statutes = pipeline.check_policy(opened, session.world, session.report)
        if session.report.errors() > before:
            continue
        for statute, last in _versions(statutes):
            yield _prove(session, opened, statute, last, timeout)


def _versions(statutes: list[Statute]) -> Iterator[tuple[Statute, date | None]]:
    """Each version in order of its first day, in the policy's language, with its last day."""
    first: dict[str, Statute] = {}
    for statute in statutes:
        first.setdefault(statute.file.version, statute)
    versions = sorted(first.values(), key=lambda item: item.term.start)
    starts = [item.term.start - timedelta(days=1) for item in versions[1:]]
    for statute, before in zip_longest(versions, starts):
        ends = [day for day in (statute.term.end, before) if day is not None]
        yield statute, min(ends, default=None)


def _prove(
    session: Session, policy: Policy, statute: Statute, last: date | None, timeout: int
) -> tuple[proof.Proved, Words]:
    from coopfx.engine.prove import prove

    program = statute.program
    session.speak(policy, program.laws)
    hidden = session.form != "text" or not sys.stderr.isatty()
    with click.progressbar(
        prove(program, last, timeout), length=len(program.rules), file=sys.stderr, hidden=hidden
    ) as bar:
        proofs = tuple(bar)
    file = str(statute.file.path)
    found = proof.Proved(
        program.name, file, program.language, program.in_force, program.laws, proofs
    )
    return found, session.words


def _write(session: Session, target: Path, item: Proof, words: Words) -> None:
    """Write a year's folder, whole or not at all."""
    files = proof.folder(item, words, YEAR, pipeline.file_of)
    write_folder(target, {name: text.encode() for name, text in files.items()}, session.report)
