"""What the tests of the engine share: the world as it is installed, and short ways through the pipeline."""

from collections.abc import Callable
from pathlib import Path

import pytest

from coopfx import pipeline
from coopfx.desk.policy import Policy, StatuteFile, open_policy
from coopfx.desk.versions import Statute
from coopfx.ground.report import Report
from coopfx.pipeline import Year
from coopfx.plugged.world import World

REPOSITORY = Path(__file__).parent.parent.parent


@pytest.fixture(scope="session")
def try_text(
    world: World, tmp_path_factory: pytest.TempPathFactory
) -> Callable[[str], tuple[Statute | None, Report]]:
    """Compile an English statute: what it is compiled to, if anything, and what was told."""
    path = tmp_path_factory.mktemp("statute") / "statute.en.coop"
    policy = Policy(path, "en", {}, ())

    def compiled(text: str) -> tuple[Statute | None, Report]:
        path.write_text(text, encoding="utf-8")
        report = Report()
        statute = pipeline.compile_statute(StatuteFile(path, "", "en"), policy, world, report)
        return statute, report

    return compiled


@pytest.fixture(scope="session")
def compile_text(
    try_text: Callable[[str], tuple[Statute | None, Report]], world: World
) -> Callable[[str], Statute]:
    """Compile an English statute that has no mistake."""

    def compiled(text: str) -> Statute:
        statute, report = try_text(text)
        words = world.words("en")
        assert statute is not None, [words.message(item) for item in report.diagnostics]
        return statute

    return compiled


@pytest.fixture(scope="session")
def alma_folder() -> Path:
    """The policy of Alma."""
    return REPOSITORY / "policies" / "alma"


@pytest.fixture(scope="session")
def alma(world: World, alma_folder: Path) -> Year:
    """Alma's year 2024, evaluated as the command does."""
    report = Report()
    policy = open_policy(alma_folder, report)
    assert policy is not None
    year = pipeline.evaluate_policy(policy, alma_folder / "2024", world, report)
    assert year is not None, [item.code for item in report.diagnostics]
    assert not report.diagnostics, [item.code for item in report.diagnostics]
    return year


@pytest.fixture(scope="session")
def alma_statute(world: World, alma_folder: Path) -> Statute:
    """Alma's statute, compiled."""
    policy = open_policy(alma_folder, Report())
    assert policy is not None
    return pipeline.check_policy(policy, world, Report())[0]
