"""Short ways to a statute, from its text alone, as a policy that is nothing else has it; and to tables."""

from pathlib import Path

from coopfx import pipeline
from coopfx.desk.policy import Policy, StatuteFile
from coopfx.desk.versions import Statute
from coopfx.ground.exact import Known
from coopfx.ground.facts import Table
from coopfx.ground.report import Report
from coopfx.ground.source import Source
from coopfx.plugged.world import World

Rows = dict[str, dict[str, Known]]
NOWHERE = Policy(Path("statute"), "en", {}, ())


def tried(
    text: str, world: World, language: str = "en", policy: Policy = NOWHERE
) -> tuple[Statute | None, Report]:
    """The statute of a text, if it is one, and what is told of it."""
    report, file = Report(), StatuteFile(Path(f"statute.{language}.coop"), "", language)
    source = Source(file.path.name, text, language)
    return pipeline.compile_source(source, file, policy, world, report), report


def compiled(text: str, world: World, language: str = "en", policy: Policy = NOWHERE) -> Statute:
    """The statute of a text that has no mistake."""
    statute, report = tried(text, world, language, policy)
    words = world.words("en")
    assert statute is not None, [words.message(one) for one in report.diagnostics]
    return statute


def table(rows: Rows) -> Table:
    """A table of records from their figures; one that a record lacks is missing there."""
    columns = sorted({name for row in rows.values() for name in row})
    return Table(
        tuple(sorted(rows)),
        {name: tuple(rows[record].get(name) for record in sorted(rows)) for name in columns},
    )
