"""The figures of a scenario: figures, opening balances and decisions of a year, set to something else."""

from collections.abc import Mapping
from datetime import date
from fractions import Fraction

from attrs import evolve

from coopfx.desk.policy import Policy
from coopfx.desk.versions import Statute
from coopfx.desk.years import languages_of, schema_of
from coopfx.formats.cooperative import OwnFigures
from coopfx.ground.exact import decimal_text
from coopfx.ground.facts import COOPERATIVE, SCENARIO, Facts, Places, Sheet
from coopfx.ground.report import Report
from coopfx.ground.source import Source, Span
from coopfx.plugged.world import World


def with_figures(
    facts: Facts,
    changed: Mapping[str, object],
    statute: Statute,
    policy: Policy,
    world: World,
    report: Report,
) -> Facts:
    """A year's facts with some of them changed; what cannot be read is told, as of any file of the year.

    Names are those of the cooperative's figures, of accounts, for their opening balances, and of
    decisions, in any language; values are written as in ``cooperative.toml``, or exact numbers.
    """
    own = OwnFigures(schema_of(statute.program), languages_of(statute, policy, world), report)
    closing = facts.closing.isoformat()
    rows = [(name, _written(value)) for name, value in changed.items()]
    lines = [f"{name} = {value}" for name, value in (*rows, ("closing", closing))]
    report.read(Source(SCENARIO, "\n".join(lines), statute.file.language))
    for line, (name, value) in enumerate(changed.items(), 1):
        if isinstance(value, float):
            place = Span(SCENARIO, line, 1, line, len(lines[line - 1]) + 1)
            report.tell("D702", place, name=name, found=str(value))
            return facts
    numbered = list(enumerate((*rows, ("closing", closing)), 1))
    own.take_sheet(Sheet(COOPERATIVE, ("name", "value"), numbered, Places(SCENARIO), 0))
    year = own.year(None)
    if year is None:
        return facts
    return evolve(
        facts,
        closing=year.closing,
        figures=facts.figures | year.figures,
        balances=facts.balances | year.balances,
        cooperative=year.name or facts.cooperative,
        places=facts.places | year.places,
        between=facts.between | year.between,
    )


def _written(value: object) -> str:
    """A value as a file of the year would have it; a fraction that no decimal says stays one."""
    match value:
        case bool():
            return "yes" if value else "no"
        case date():
            return value.isoformat()
        case Fraction():
            return decimal_text(value)
        case _:
            return str(value)
