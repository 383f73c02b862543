"""``coopfx template``: the workbook in which a year's data are given."""

from datetime import date
from pathlib import Path

import click

from coopfx.extending import (
    UNUSABLE,
    Policy,
    Session,
    Statute,
    Workspace,
    World,
    Year,
    language_option,
    open_law,
    schema_of,
    write_file,
)
from coopfx.ground.report import Report


@click.command("template")
@click.argument("policy", type=click.Path())
@click.option(
    "--year", metavar="YEAR", help="The year to be given, such as 2025; else the next one."
)
@click.option(
    "--output",
    type=click.Path(path_type=Path),
    help="The workbook to write; else the policy's name and the year, in this folder.",
)
@language_option
def command(policy: str, year: str | None, output: Path | None, lang: str | None) -> None:
    """Make the workbook in which a year's data are given.

    It has a sheet for each sort of record and the columns that some clause of the statute or of its
    laws reads, in the statute's language. Balances and people are carried over from the year before.
    Filled in, it is put into a folder of the policy, where `coopfx run` reads it.

    Example: coopfx template policies/alma --year 2025 --output alma-2025.xlsx
    """
    session = Session(lang, "text")
    held = session.hold(policy)
    statutes = [] if held is None else held.statutes(session.report)
    if held is None or session.report.failed or not statutes:
        session.tell()
        raise SystemExit(UNUSABLE)
    last = _year_before(held, year)
    closing = _closing(year, last)
    chosen = _statute(statutes, closing, held.policy)
    session.speak(held.policy, chosen.program.laws, chosen.words)
    path = output or Path(
        f"{Path(policy).resolve().name}-{year or (closing or date.min).year}.xlsx"
    )
    if path.exists():
        session.report.tell("sheets.E11", None, path=str(path))
        session.tell()
        raise SystemExit(UNUSABLE)
    from coopfx_sheets import template

    schema = schema_of(chosen.program)
    before = template.Before(last.facts, last.outcome) if last else None
    said = _said_of_facts(chosen, session.world)
    made = template.workbook(chosen.program, schema, closing, before, session.words, said)
    if write_file(path, made, session.report):
        click.echo(session.words.phrase("sheets.template.written", path=str(path)))
    session.tell()
    session.end()


def _said_of_facts(statute: Statute, world: World) -> dict[str, str]:
    """What the statute and its laws say that each fact is, in their own words."""
    books = [open_law(name, world, Report()) for name in statute.program.laws]
    laws = [fact for book in books if book for article in book.articles for fact in article.facts]
    said = {fact.name: fact.label for fact in laws}
    said |= statute.facts_said()
    return {name: text for name, text in said.items() if text}


def _year_before(held: Workspace, year: str | None) -> Year | None:
    """The policy's latest year before the one that is asked for, where it can be evaluated."""
    earlier = [one for one in held.policy.years if year is None or one.name < year]
    for folder in reversed(earlier):
        found = held.outcome(folder, Report())
        if found is not None:
            return found
    return None


def _closing(year: str | None, last: Year | None) -> date | None:
    """The day on which the year closes: that of the year before, a year later."""
    if last is not None:
        day = last.facts.closing
        number = int(year) if year and year.isdecimal() and len(year) == 4 else day.year + 1
        leap = (day.month, day.day) == (2, 29)
        return date(number, 2, 28) if leap else day.replace(year=number)
    return date(int(year), 12, 31) if year and year.isdecimal() and len(year) == 4 else None


def _statute(statutes: list[Statute], closing: date | None, policy: Policy) -> Statute:
    """The statute that is in force at a day, else the latest, in the policy's own language."""
    ordered = sorted(
        statutes, key=lambda one: (one.term.start, one.file.language == policy.language)
    )
    holding = [one for one in ordered if closing is not None and one.term.holds(closing)]
    return (holding or ordered)[-1]
