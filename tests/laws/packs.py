"""What the tests of law packs share: the laws installed, clauses under one, a model's examples."""

import json
from functools import cache
from pathlib import Path

from click.testing import CliRunner

import compiling
from compiling import tried
from coopfx.apps.cli.main import cli
from coopfx.desk.versions import Statute
from coopfx.engine.examples.run import run_examples
from coopfx.ground.report import Report, Severity
from coopfx.language import ir
from coopfx.plugged.world import World, load_world

# Who may have a share of the year's work, by which keys, and what is told where the law permits only
# salary and hours of those who are members.
BY_WORK: tuple[tuple[str, str, list[str]], ...] = (
    ("workers where member", "by hours", []),
    ("workers", "by salary", []),
    ("workers where member", "equally", ["L501"]),
    ("workers where member", "by shares_held", ["L501"]),
    ("workers where member and presence >= 6 months", "by hours", ["L502"]),
)
_SHARED = """  allocate surplus
    30% to reserves.legal
    10% to {fund}
    40% to work_share
    rest to reserves.development
    losses to losses_brought_forward
  share work_share among {group} {keys}
"""


@cache
def installed() -> World:
    """All that is installed, of which nothing is amiss."""
    report = Report()
    world = load_world(report)
    assert not report.diagnostics
    return world


def told_of_work_share(law: str, fund: str, group: str, keys: str) -> list[str]:
    """The codes of what a law that feeds a fund says of a work share among a group by keys."""
    return told(_SHARED.format(fund=fund, group=group, keys=keys), law, installed())


def unnoticed_changes(model: Path) -> set[str]:
    """The changes of a model statute that none of its own examples notices; all else of it is held."""
    options = ("--coverage", "--mutate", "--lang", "en", "--format", "json")
    ended = CliRunner().invoke(cli, ["test", str(model), *options])
    assert ended.exit_code == 0, ended.output
    found = json.loads(ended.stdout)
    assert found["examples"] and not found["diagnostics"]
    assert found["coverage"]["reached"] == found["coverage"]["count"]
    return {change["message"] for change in found["mutation"]["changes"] if not change["noticed"]}


def under(law: str, world: World) -> ir.Program:
    """The program of a statute that says nothing of its own."""
    text = f'statute "Empty" under {law}\ncurrency EUR\nin force from 2024-12-31\n'
    return compiling.compiled(text, world).program


def compiled(
    clauses: str, law: str, world: World, day: str = "2024-12-31"
) -> tuple[Statute | None, Report]:
    """A statute of these clauses, under a law and in force from a day; what is told of it."""
    text = f'statute "Form" under {law}\ncurrency EUR\nin force from {day}\narticle 1\n{clauses}'
    return tried(text, world)


def told(clauses: str, law: str, world: World) -> list[str]:
    """The codes of what is told of a statute of these clauses, under a law; remarks are left out."""
    _, report = compiled(clauses, law, world)
    return [item.code for item in report.in_order() if item.severity is not Severity.NOTE]


def unexpected(text: str, language: str) -> list[str]:
    """The codes of what is told of a statute and of its examples; none where all is as they expect."""
    statute, report = tried(text, installed(), language)
    assert statute is not None, [item.code for item in report.in_order()]
    run_examples(statute.program, report)
    return [item.code for item in report.in_order() if item.severity is not Severity.NOTE]


def laws_with(model: str) -> tuple[str, ...]:
    """The laws that hold in a statute that says nothing but that it starts from a model."""
    text = f'statute "Empty"\nbased on {model}\ncurrency EUR\nin force from 2024-12-31\n'
    return tuple(sorted(compiling.compiled(text, installed()).program.laws))
