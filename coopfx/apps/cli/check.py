"""``coopfx check``: everything that can be said before any figures."""

from importlib.util import find_spec

import click

from coopfx.apps.cli import replies
from coopfx.apps.cli.common import Session, shared_options
from coopfx.apps.cli.proving import on_terminal, proofs_of, time_limit, versions
from coopfx.desk.versions import Statute
from coopfx.desk.workspace import Workspace
from coopfx.engine.examples.run import run_examples
from coopfx.engine.outcome import Proof
from coopfx.ground.figure import SURPLUS
from coopfx.ground.report import Argument, Report, Said, Severity, Word
from coopfx.ground.source import Span
from coopfx.ground.words import Words
from coopfx.plugged.published import how_to_install

_MOST_NODES, _MOST_LINES = 1_500, 50
"""A larger program, or one that shares out money by more lines, may take minutes to be proved."""


@click.command("check")
@click.argument("policies", type=click.Path(), nargs=-1, required=True)
@click.option(
    "--prove/--fast",
    "proving",
    default=None,
    help="Prove the rules on the money that is shared out, for every year, or leave that out. Without "
    "either, they are proved where the solver is installed.",
)
@time_limit
@shared_options
def command(
    policies: tuple[str, ...],
    proving: bool | None,
    time_limit: int | None,
    form: str,
    lang: str | None,
) -> None:
    """Tell everything that can be said of statutes before any figures.

    Each of POLICIES is a policy folder, a statute file, or - for a statute on standard input, in the
    language of --lang (English without it). All its versions and languages are checked, its examples
    are run, and its rules on the money that is shared out are proved for every year there can be.

    Example: coopfx check policies/alma
    """
    session = Session(lang, form)
    plain = session.bare and form == "text" and not proving and time_limit is None
    parts = replies.rests_on(policies, session.asked, proving is False) if plain else None
    solver = find_spec("z3") is not None
    if proving and not solver:
        session.report.tell("P913", None, install=how_to_install("proof"))
    to_prove = not session.report.failed and proving is not False
    wanting = False
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
        if not to_prove:
            continue
        if len(statutes) < sum(map(len, held.files.values())):
            wanting = wanting or _is_under_law(held)
        elif solver:
            _prove(session, statutes, time_limit, whole=proving is True)
        elif any(one.program.rules for one in statutes):
            session.report.tell("P992", None, install=how_to_install("proof"))
            to_prove = False
    if wanting:
        session.report.tell("P993", None)
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


def _is_under_law(held: Workspace) -> bool:
    """Whether a policy stands under any law, as far as its texts can be read."""
    from coopfx.desk.texts import laws_of, read_partly

    for file in (file for files in held.files.values() for file in files):
        source = held.text(file, Report())
        if source is not None and file.language in held.world.languages:
            words = held.world.words(file.language)
            if laws_of(read_partly(source, words, Report())):
                return True
    return False


def _prove(
    session: Session, statutes: list[Statute], milliseconds: int | None, *, whole: bool
) -> None:
    """Tell of each version which rule some year breaks, or which is not decided.

    One that is very large is proved in ``whole`` where that is asked for, and is else told of.
    """
    from coopfx.engine.proof.blamed import (
        breaks_by_facts,
        breaks_with_surplus,
        idle_laws,
        shared_out,
        ungiven,
    )
    from coopfx.formats import proof

    shown = on_terminal(session)
    for statute, last in versions(statutes):
        if not whole and _is_large(statute):
            session.report.tell("P995", statute.holds_at)
            continue
        made = proofs_of(statute.program, last, milliseconds, shown)
        for name, idle in idle_laws(statute.program, made.rules).items():
            labels = tuple(proof.label_of(item, session.words) for item in idle)
            defined = statute.program.origins[name].span
            session.report.tell("P996", defined, name=Word(name), rules=labels)
        for item in (*made.rules, *made.clauses):
            if not item.fails:
                continue
            rule = proof.label_of(item, session.words)
            if item.year is None:
                why = Said(f"proof.reason.{item.reason}", proof.reason_arguments(item))
                session.report.tell("P943", item.span, rule=rule, why=why)
                continue
            own_words = session.world.words(statute.source.language)
            by_facts = breaks_by_facts(statute.program, item)
            expected = ""
            if ungiven(statute.program, item):
                expected = _line(own_words, "ALLOCATE")
            elif by_facts and item.law is None and not breaks_with_surplus(statute.program, item):
                expected = f"{_line(own_words, 'WHEN')} > 0 {statute.program.currency}"
            place, own = _place(statute, item), item.law is None and item.kind == "rule"
            related = (item.span,) if own and item.span is not None and item.span != place else ()
            session.report.tell(
                "P994" if by_facts else "P942",
                place,
                related=related,
                rule=rule,
                by=_source(item),
                seen=proof.seen(item, shared_out(statute.program), session.words),
                expected=expected,
            )


def _line(words: Words, keyword: str) -> str:
    """A keyword and the surplus, as a statute's language writes them."""
    return words.after(keyword, words.word(SURPLUS))


def _is_large(statute: Statute) -> bool:
    program = statute.program
    lines = sum(len(clause.lines) for clause in program.allocations)
    return len(program.nodes) > _MOST_NODES or lines > _MOST_LINES


def _place(statute: Statute, item: Proof) -> Span | None:
    """The line of the statute that gives what a rule asks for, up to its end; else where it begins."""
    from coopfx.engine.proof.blamed import giving

    found = giving(statute.program, item) or statute.holds_at
    source = statute.source
    if found.file != source.file or (found.line, found.column) != (
        found.end_line,
        found.end_column,
    ):
        return found
    text = source.text.splitlines()[found.line - 1]
    first = len(text) - len(text.lstrip())
    return Span(found.file, found.line, first + 1, found.line, len(text.rstrip()) + 1)


def _source(item: Proof) -> Argument:
    """Where a rule is written: a law by its reference, else by its name; a statute's own by its article."""
    if item.reference:
        return Said("proof.by.reference", {"reference": item.reference})
    if item.law is not None:
        return Said("proof.by.law", {"law": item.law, "article": item.article})
    return Said("proof.by.article", {"article": item.article}) if item.article else ""
