"""The years that follow one of a policy, under assumptions: each evaluated, and read for a reader."""

from collections.abc import Callable, Sequence
from datetime import date
from fractions import Fraction

from attrs import frozen

from coopfx.desk.assumptions import Assumed
from coopfx.desk.evaluated import asked_parameters, settle_year
from coopfx.desk.policy import in_force_on
from coopfx.desk.versions import Statute
from coopfx.desk.workspace import Workspace
from coopfx.desk.years import Year, tell_none_in_force
from coopfx.engine.outcome import Figure, Held, ProjectedYear, Projection
from coopfx.engine.projection import Assumption, fillings, per_head, project
from coopfx.ground.exact import Missing
from coopfx.ground.figure import IN_FORCE
from coopfx.ground.report import Diagnostic, Report, Severity
from coopfx.language import ir


@frozen(slots=True)
class Projected:
    """A projection, and the years that it is made of."""

    projection: Projection
    years: tuple[Year, ...]


def project_year(
    held: Workspace, base: Year, scenario: str, assumed: Assumed, years: int, report: Report
) -> Projected | None:
    """So many years after one of a policy; None, and told, where they cannot be worked out.

    ``held`` is the policy with the changes of a scenario, where there is one, and ``base`` its year.
    What is told of the years is told once, of the first of which it is; what is told of the base is
    not told again.
    """
    statutes = held.versions(Report())
    assert statutes is not None, "the base has been evaluated"
    chosen: dict[date, Statute] = {}
    own = Report()
    runs = project(base.evaluation, _programs(statutes, chosen, own), assumed.lines, years, own)
    found = [base]
    known = {_about(one) for one in base.outcome.diagnostics}
    for run in runs:
        own_year = Report()
        closing = run.facts.closing
        changes = (
            *held.over.said(),
            *(one.said for one in assumed.lines),
            f"closing = {closing.isoformat()}",
        )
        statute = chosen[closing]
        found.append(settle_year(statute, run, base.folder, held.world, own_year, changes))
        for diagnostic in own_year.diagnostics:
            if diagnostic.severity is not Severity.NOTE and _about(diagnostic) not in known:
                known.add(_about(diagnostic))
                own.add(diagnostic)
    if len(found) > years:
        _tell_last_values(assumed.lines, found, own)
    report.take(own)
    if len(found) <= years or own.failed:
        return None
    shown = tuple(
        ProjectedYear(
            year.outcome,
            fillings(year.evaluation),
            per_head(year.outcome),
            _assumed_figures(year, assumed.lines),
        )
        for year in found
    )
    said = tuple(one.said for one in assumed.lines)
    projection = Projection(scenario, assumed.name, said, shown, _held(found[-1]))
    return Projected(projection, tuple(found))


def _about(diagnostic: Diagnostic) -> object:
    """What a diagnostic is about, whatever its amounts are in one year or another."""
    arguments = diagnostic.arguments
    named = (repr(arguments.get(key)) for key in ("name", "account", "whose"))
    return diagnostic.code, diagnostic.span, *named


def _programs(
    statutes: Sequence[Statute], chosen: dict[date, Statute], report: Report
) -> Callable[[date], ir.Program | None]:
    """The program in force when a year closes, noted; None, and told (R806), where none is."""
    by_version = {one.file.version: one for one in statutes}
    terms = {version: one.term for version, one in by_version.items()}

    def program_on(closing: date) -> ir.Program | None:
        version = in_force_on(closing, terms)
        if version is None:
            tell_none_in_force(terms, closing, None, report)
            return None
        chosen[closing] = by_version[version]
        return chosen[closing].program

    return program_on


def _tell_last_values(assumed: Sequence[Assumption], years: Sequence[Year], report: Report) -> None:
    """Tell (R830) figures that are given for fewer years than there are: their last value goes on."""
    for one in assumed:
        count = len(one.values)
        if 1 < count < len(years) - 1:
            shown = one.field.shown(one.values[-1])
            closing = years[count + 1].facts.closing
            report.tell("R830", one.span, name=one.said, found=shown, closing=closing)


def _assumed_figures(year: Year, assumed: Sequence[Assumption]) -> tuple[Figure, ...]:
    """The figures of the cooperative that are assumed, as a year has them."""
    facts = year.facts
    return tuple(
        Figure(
            one.field.name,
            one.field.type,
            facts.figures.get(one.field.name, Missing(((one.field.name, ""),))),
        )
        for one in assumed
        if one.field.record is None
    )


def _held(last: Year) -> tuple[Held, ...]:
    """The dated figures that the last of the years goes on with, and since when each holds.

    Of laws, those that the statute's own clauses rest on.
    """
    program, closing = last.statute.program, last.facts.closing
    found = []
    for name in asked_parameters(program):
        dated = program.parameters[name]
        for day, value, _, _ in dated.held(closing):
            if not name.startswith(IN_FORCE) and isinstance(value, Fraction):
                found.append(Held(name, dated.type, value, day))
    return tuple(found)
