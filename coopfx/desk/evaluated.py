"""A year of a policy, evaluated by the reference, settled and explained."""

from collections.abc import Sequence
from pathlib import Path

from coopfx.desk.packs import provenance
from coopfx.desk.versions import Statute
from coopfx.desk.years import Year
from coopfx.engine.outcome import Explanation
from coopfx.engine.reference.evaluate import evaluate as run_reference
from coopfx.engine.reference.evaluation import Run
from coopfx.engine.reference.settle import settle
from coopfx.ground.facts import Facts
from coopfx.ground.report import Report, Word
from coopfx.language import ir
from coopfx.plugged.world import World


def evaluate_year(
    statute: Statute, facts: Facts, folder: Path, world: World, report: Report
) -> Year:
    """Evaluate and settle a year; parameters that have no value on its closing date are told (L503)."""
    return settle_year(statute, run_reference(statute.program, facts), folder, world, report)


def settle_year(
    statute: Statute,
    run: Run,
    folder: Path,
    world: World,
    report: Report,
    changes: Sequence[str] = (),
) -> Year:
    """An evaluated year, settled, and what is to be told of it.

    ``changes`` are those that make it a scenario, and no year that was.
    """
    for name in asked_parameters(statute.program):
        if statute.program.parameters[name].on(run.facts.closing) is None:
            report.tell("L503", None, name=Word(name), date=run.facts.closing)
    for diagnostic in run.diagnostics:
        report.add(diagnostic)
    rests_on = provenance(statute, run.facts, world, changes)
    return Year(statute, run.facts, run, settle(run, rests_on), folder)


def explain(year: Year, name: str, record: str = "") -> Explanation | None:
    """Why a figure of a year is what it is; None where there is no such figure."""
    from coopfx.engine.explain.explanation import explain as explain_figure

    return explain_figure(year.evaluation, year.outcome, name, record)


def asked_parameters(program: ir.Program) -> tuple[str, ...]:
    """The parameters that the statute declares, and those of the laws that its own clauses rest on."""
    asked = ir.cone(program.nodes, program.own_roots())
    rested = {node.name for index in asked if isinstance(node := program.nodes[index], ir.Param)}
    return tuple(
        name
        for name in program.parameters
        if name in rested or (name in program.origins and program.origins[name].law is None)
    )
