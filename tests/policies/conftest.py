"""What the tests of the worked policies share: the world as it is installed, and their years."""

from collections.abc import Callable
from functools import cache

import pytest

from coopfx import pipeline
from coopfx.desk.policy import open_policy
from coopfx.ground.report import Report
from coopfx.pipeline import Year
from coopfx.plugged.world import World
from independent import POLICIES, REMARKED


@pytest.fixture(scope="session")
def evaluated(world: World) -> Callable[[str, str], Year]:
    """A policy's year, evaluated as the command does: nothing but remarks may be told."""

    @cache
    def found(name: str, year: str) -> Year:
        report = Report()
        policy = open_policy(POLICIES / name, report)
        assert policy is not None
        result = pipeline.evaluate_policy(policy, POLICIES / name / year, world, report)
        told = {item.code for item in report.diagnostics if item.severity.value != "note"}
        assert result is not None and told == REMARKED.get(name, set()), [
            item.code for item in report.diagnostics
        ]
        return result

    return found
