"""``coopfx prove``: is a statute lawful whatever the year brings, or which year breaks it."""

import sys
from collections.abc import Iterator
from datetime import date
from importlib.util import find_spec
from pathlib import Path
from typing import NoReturn

import click
from attrs import evolve

from coopfx.apps.cli.common import UNUSABLE, Session, shared_options, style_of
from coopfx.apps.cli.nearest import lawful_changes
from coopfx.apps.cli.output import write_folder
from coopfx.apps.cli.proving import on_terminal, proofs_of, time_limit, versions
from coopfx.desk.policy import YEAR, Policy
from coopfx.desk.versions import Statute
from coopfx.engine.outcome import ALWAYS, Proof
from coopfx.formats import json, proof, proof_data
from coopfx.formats.cells import file_of
from coopfx.ground.words import Words
from coopfx.plugged.published import how_to_install


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
    "--nearest",
    is_flag=True,
    help="Say which figures, changed least, make a statute lawful.",
)
@click.option(
    "--same",
    is_flag=True,
    help="Compare two statutes, OLD and NEW: the same outcome in every year, or a year that differs.",
)
@time_limit
@shared_options
def command(
    policies: tuple[str, ...],
    target: Path | None,
    nearest: bool,
    same: bool,
    time_limit: int | None,
    form: str,
    lang: str | None,
) -> None:
    """Prove that statutes are lawful whatever the year brings, or find a year that breaks a rule.

    Each of POLICIES is a policy folder, a statute file, or - for a statute on standard input; each of
    its versions is proved. What is to be proved are the rules on the money that is shared out, and
    what the clauses must do; other rules rest on the year's facts.

    Example: coopfx prove policies/alma
    """
    session = Session(lang, form)
    if find_spec("z3") is None:
        session.report.tell("P913", None, install=how_to_install("proof"))
    elif target is not None and (target.exists() or target.is_symlink()):
        session.report.tell("P914", None, path=str(target))
    elif same and len(policies) != 2:
        session.report.tell("P944", None, count=len(policies))
    if same:
        _compare(session, policies, time_limit)
    proved = [] if session.report.failed else list(_proved(session, policies, time_limit, nearest))
    broken = [
        (item, words) for one, words in proved for item in one.proofs if item.year is not None
    ]
    if target is not None and broken:
        _write(session, target, *broken[0])
    if form == "json":
        statutes = [proof_data.data(one, words) for one, words in proved]
        told = json.diagnostics(session.report, session.words)
        session.show_json({"schema": proof_data.SCHEMA, "statutes": statutes, "diagnostics": told})
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
    session.end(violated=any(item.fails for one, _ in proved for item in one.all))


def _proved(
    session: Session, policies: tuple[str, ...], milliseconds: int | None, nearest: bool
) -> Iterator[tuple[proof.Proved, Words]]:
    """Each version of each policy with its proofs; none where a policy has any mistake."""
    for path in policies:
        held = session.hold(path)
        statutes = None if held is None else held.versions(session.report)
        if held is None or statutes is None:
            continue
        for statute, last in versions(statutes):
            session.speak(held.policy, statute.program.laws)
            made = _prove(session, held.policy, statute, last, milliseconds, nearest)
            yield made, session.words


def _prove(
    session: Session,
    policy: Policy,
    statute: Statute,
    last: date | None,
    milliseconds: int | None,
    nearest: bool,
) -> proof.Proved:
    program = statute.program
    made = proofs_of(program, last, milliseconds, on_terminal(session))
    found = proof.Proved(
        program.name,
        str(statute.file.path),
        program.language,
        program.in_force,
        program.laws,
        made.rules,
        made.clauses,
        written_in=statute.words,
        source=statute.source.text,
    )
    broken = any(item.is_obligation and item.year is not None for item in found.all)
    if not nearest or not broken:
        return found
    changes = lawful_changes(session, policy, statute, found.all, last, milliseconds)
    return evolve(found, nearest=changes, sought=True)


def _compare(session: Session, policies: tuple[str, ...], milliseconds: int | None) -> NoReturn:
    """Compare the last versions of two policies, show it and end."""
    found = [] if session.report.failed else [_last(session, path) for path in policies]
    statutes = [item for item in found if item is not None]
    if len(statutes) != 2 or session.report.failed:
        if session.form == "json":
            told = json.diagnostics(session.report, session.words)
            session.show_json({"schema": proof_data.SAME, "things": [], "diagnostics": told})
        session.tell()
        raise SystemExit(UNUSABLE)
    from coopfx.engine.proof.equivalence import same

    (old, first), (new, last) = statutes
    differences = list(same(old.program, new.program, (first, last), milliseconds))
    if session.form == "json":
        things = proof_data.differences_data(differences, session.words)
        told = json.diagnostics(session.report, session.words)
        session.show_json({"schema": proof_data.SAME, "things": things, "diagnostics": told})
    else:
        names = [str(item.file.path) for item in (old, new)]
        style = style_of(sys.stdout)
        click.echo(proof.differences(differences, names, session.words, style), nl=False)
    session.tell()
    session.end(violated=any(item.verdict != ALWAYS for item in differences))


def _last(session: Session, path: str) -> tuple[Statute, date | None] | None:
    """The last version of a policy, and its last day; None, and told, where it has any mistake."""
    held = session.hold(path)
    statutes = None if held is None else held.versions(session.report)
    if held is None or statutes is None:
        return None
    statute, last = list(versions(statutes))[-1]
    session.speak(held.policy, statute.program.laws)
    return statute, last


def _write(session: Session, target: Path, item: Proof, words: Words) -> None:
    """Write a year's folder, whole or not at all."""
    files = proof.folder(item, words, YEAR, file_of)
    write_folder(target, {name: text.encode() for name, text in files.items()}, session.report)
