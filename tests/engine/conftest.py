"""What the tests of the engine share: the world as it is installed, and short ways through the pipeline."""

from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest

from compiling import compiled, tried
from coopfx import pipeline
from coopfx.desk.policy import open_policy
from coopfx.desk.versions import Statute
from coopfx.ground.report import Report
from coopfx.pipeline import Year
from coopfx.plugged.world import World

REPOSITORY = Path(__file__).parent.parent.parent


@pytest.fixture(scope="session")
def try_text(world: World) -> Callable[[str], tuple[Statute | None, Report]]:
    """Compile an English statute: what it is compiled to, if anything, and what was told."""
    return partial(tried, world=world)


@pytest.fixture(scope="session")
def compile_text(world: World) -> Callable[[str], Statute]:
    """Compile an English statute that has no mistake."""
    return partial(compiled, world=world)


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
