"""Which verdicts of a year turn, where the law is that of another day or of another version."""

from collections.abc import Container
from datetime import date

from attrs import evolve, frozen

from coopfx import pipeline
from coopfx.desk.policy import Policy
from coopfx.desk.years import Year
from coopfx.engine.outcome import Outcome
from coopfx.ground.exact import Known
from coopfx.ground.figure import ruled_by
from coopfx.ground.report import Diagnostic, Report, Severity
from coopfx.language import ir
from coopfx.plugged.world import World


@frozen(slots=True)
class Turned:
    """A rule whose verdict is not the same under both laws; None where one of them has no such rule."""

    rule: str
    law: str
    article: str
    before: str | None
    after: str | None


@frozen(slots=True)
class YearUnderBoth:
    """A year under two laws: the verdicts of theirs that turn, and how many stay as they are.

    ``since`` is the day whose law is taken for the earlier one, where it is not the one asked for.
    """

    cooperative: str
    closing: date
    turned: tuple[Turned, ...]
    unchanged: int
    since: date | None = None


def under_both_days(
    year: Year, since: date, until: date, laws: Container[str], world: World
) -> YearUnderBoth:
    """A year under the laws of two days, both as they are known today, and what some of them say of it.

    Before the first day of its statute no article's days are known to the program, so that the law of
    that day is then taken for the earlier one.
    """
    first = max(since, year.statute.program.in_force)
    before, after = (
        pipeline.evaluate(
            evolve(year.statute, program=_as_on(year.statute.program, day, year.facts.closing)),
            year.facts,
            world,
        )
        for day in (first, until)
    )
    return _both(before, after, year, laws, first if first > since else None)


def under_both_versions(
    year: Year, policy: Policy, laws: Container[str], other: World
) -> YearUnderBoth | Diagnostic:
    """A year under the laws that are installed and under another version, and what some say of it.

    Where the statute cannot stand under the other version, what is amiss comes instead.
    """
    quiet = Report()
    statutes = pipeline.check_policy(policy, other, quiet, locked=False)
    same = [one for one in statutes if one.file == year.statute.file]
    if quiet.failed:
        return next(item for item in quiet.in_order() if item.severity is Severity.ERROR)
    before = pipeline.evaluate(same[0], year.facts, other)
    return _both(before, year.outcome, year, laws)


def _as_on(program: ir.Program, day: date, closing: date) -> ir.Program:
    """A program whose laws are those of a day, whenever the year closes."""
    held = {
        name: evolve(dated, values=_values_on(dated, day, closing))
        for name, dated in program.parameters.items()
        if ruled_by(name) or _of_a_law(program, name)
    }
    return evolve(program, parameters=program.parameters | held)


def _of_a_law(program: ir.Program, name: str) -> bool:
    origin = program.origins.get(name)
    return origin is not None and origin.law is not None


def _values_on(
    dated: ir.Dated, day: date, closing: date
) -> tuple[tuple[date, Known, str, bool], ...]:
    """The values up to a day, the last of them moved to the closing where it begins after that."""
    known = [line for line in dated.values if line[0] <= day]
    if not known:
        return ()
    last = known[-1]
    start = min(last[0], closing)
    return (*(line for line in known[:-1] if line[0] < start), (start, *last[1:]))


def _both(
    before: Outcome,
    after: Outcome,
    year: Year,
    laws: Container[str],
    since: date | None = None,
) -> YearUnderBoth:
    earlier = {item.rule: item for item in before.verdicts if item.law in laws}
    later = {item.rule: item for item in after.verdicts if item.law in laws}
    rules = dict.fromkeys((*later, *earlier))
    turned = []
    for rule in rules:
        was, now = earlier.get(rule), later.get(rule)
        if (was and was.status) != (now and now.status):
            item = now or was
            assert item is not None and item.law, "a rule of one of both"
            turned.append(
                Turned(
                    rule,
                    item.law,
                    item.article,
                    was.status if was else None,
                    now.status if now else None,
                )
            )
    return YearUnderBoth(
        year.outcome.cooperative,
        year.facts.closing,
        tuple(turned),
        len(rules) - len(turned),
        since,
    )
