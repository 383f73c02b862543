"""What the tests of law packs share: a law by itself, and what is told of clauses under it."""

from pathlib import Path

from coopfx import pipeline
from coopfx.language import ir
from coopfx.plugins import World
from coopfx.policy import Policy, StatuteFile
from coopfx.report import Report, Severity
from coopfx.source import Source


def under(law: str, world: World) -> ir.Program:
    """The program of a statute that says nothing of its own."""
    text = f'statute "Empty" under {law}\ncurrency EUR\nin force from 2024-12-31\n'
    file = StatuteFile(Path("statute.en.coop"), "", "en")
    report = Report()
    source = Source("statute.en.coop", text, "en")
    policy = Policy(Path(), "en", {}, (file,))
    statute = pipeline.compile_source(source, file, policy, world, report)
    assert statute is not None, [item.code for item in report.in_order()]
    return statute.program


def told(clauses: str, law: str, world: World) -> list[str]:
    """The codes of what is told of a statute of these clauses, under a law; remarks are left out."""
    text = (
        f'statute "Form" under {law}\ncurrency EUR\nin force from 2024-12-31\narticle 1\n{clauses}'
    )
    file = StatuteFile(Path("statute.en.coop"), "", "en")
    report = Report()
    source = Source("statute.en.coop", text, "en")
    pipeline.compile_source(source, file, Policy(Path(), "en", {}, (file,)), world, report)
    return [item.code for item in report.in_order() if item.severity is not Severity.NOTE]
