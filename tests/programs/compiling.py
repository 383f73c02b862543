"""A statute from its text alone, as a policy that is nothing else compiles it."""

from pathlib import Path

from coopfx import pipeline
from coopfx.desk.policy import Policy, StatuteFile
from coopfx.desk.versions import Statute
from coopfx.ground.report import Report
from coopfx.ground.source import Source
from coopfx.plugged.world import World

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
