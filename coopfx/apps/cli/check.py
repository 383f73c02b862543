"""``coopfx check``: everything that can be said before any figures."""

from importlib.util import find_spec

import click

from coopfx.apps.cli import replies
from coopfx.apps.cli.common import Session, shared_options
from coopfx.apps.cli.proving import proofs_of, time_limit, versions
from coopfx.desk.versions import Statute
from coopfx.engine.examples.run import run_examples
from coopfx.ground.report import Report, Severity
from coopfx.plugged.published import how_to_install


@click.command("check")
@click.argument("policies", type=click.Path(), nargs=-1, required=True)
@click.option(
    "--prove",
    "proving",
    is_flag=True,
    help="Prove the rules on the money that is shared out too, for every year.",
)
@time_limit
@shared_options
def command(
    policies: tuple[str, ...], proving: bool, time_limit: int, form: str, lang: str | None
) -> None:
    """Tell everything that can be said of statutes before any figures.

    Each of POLICIES is a policy folder, a statute file, or - for a statute on standard input, in the
    language of --lang (English without it). All its versions and languages are checked, and its
    examples are run.

    Example: coopfx check policies/alma
    """
    session = Session(lang, form)
    plain = session.bare and form == "text" and not proving
    parts = replies.rests_on(policies, session.asked) if plain else None
    if proving and find_spec("z3") is None:
        session.report.tell("P913", None, install=how_to_install("proof"))
    for path in policies:
        held = session.hold(path)
        if held is None:
            continue
        statutes = held.statutes(session.report)
        laws = tuple(dict.fromkeys(law for one in statutes for law in one.program.laws))
        session.speak(held.policy, laws)
        for statute in statutes:
            run_examples(statute.program, session.report)
        if (held.policy.path / replies.ANSWERS).is_file():
            from coopfx.starts.decisions import tell_open

            tell_open(held.policy.path, session.words, session.world, session.report)
        if proving and not session.report.failed:
            _prove(session, statutes, time_limit)
    said = ""
    if form == "json":
        session.show_diagnostics()
    elif not session.report.failed:
        here = session.words.phrase("check.standard_input")
        shown = ", ".join(here if path == "-" else path for path in policies)
        said = session.words.phrase(_said(session.report, len(policies)), paths=shown) + "\n"
        click.echo(said, nl=False)
    session.tell()
    if parts is not None:
        replies.keep(parts, said, session.told(), session.status())
    session.end()


def _said(report: Report, policies: int) -> str:
    """The phrase above what is told: that nothing is wrong stands above no remark."""
    weights = {item.severity for item in report.diagnostics}
    if Severity.WARNING in weights:
        return "check.warned"
    if weights:
        return "check.noted"
    return "check.one" if policies == 1 else "check.many"


def _prove(session: Session, statutes: list[Statute], milliseconds: int) -> None:
    """Tell of each version which rule some year breaks, or which is not decided."""
    from coopfx.formats import proof

    for statute, last in versions(statutes):
        made = proofs_of(statute.program, last, milliseconds)
        for item in (*made.rules, *made.clauses):
            if not item.fails:
                continue
            rule = proof.label_of(item, session.words)
            if item.year is None:
                session.report.tell("P943", item.span, rule=rule)
            else:
                figures = proof.figures(item.given, session.words)
                session.report.tell("P942", item.span, rule=rule, figures=figures)
