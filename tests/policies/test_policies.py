"""What holds for every worked policy, whatever it says: its languages, its examples, its years."""

import subprocess
import sys
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from coopfx import pipeline
from coopfx.apps.cli.main import cli
from coopfx.desk.policy import open_policy
from coopfx.engine.examples.run import run_examples
from coopfx.formats import json
from coopfx.ground.report import Report
from coopfx.pipeline import Year
from coopfx.plugged.world import World
from independent import POLICIES, REMARKED

FOLDERS = sorted(path.parent for path in POLICIES.glob("*/coopfx.toml"))
YEARS = [
    (policy.name, year.parent.name)
    for policy in FOLDERS
    for year in sorted(policy.glob("*/cooperative.toml"))
]
# What two languages of one statute may differ in.
OWN = {"label", "message", "help", "language", "line", "column", "end_line", "end_column"} | {
    "set_aside",
    "statute_sha256",
}

named = pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)
each_year = pytest.mark.parametrize(("name", "year"), YEARS, ids=str)


@named
def test_nothing_is_told_before_any_figures(folder: Path, world: World) -> None:
    report = Report()
    policy = open_policy(folder, report)
    assert policy is not None
    statutes = pipeline.check_policy(policy, world, report)
    assert {item.code for item in report.diagnostics} == REMARKED.get(folder.name, set())
    assert len({statute.file.language for statute in statutes}) == len(statutes) >= 2


@named
def test_every_example_passes_in_every_language(folder: Path, world: World) -> None:
    policy = open_policy(folder, Report())
    assert policy is not None
    for statute in pipeline.check_policy(policy, world, Report()):
        report = Report()
        results = run_examples(statute.program, report)
        assert len(results) >= 3, "a statute carries its own small years"
        assert all(result.passed for result in results)
        assert not report.diagnostics


@pytest.mark.parametrize(
    "folder", [item for item in FOLDERS if item.name != "alma"], ids=lambda folder: folder.name
)
def test_the_examples_reach_every_clause(folder: Path) -> None:
    command = ["test", str(folder), "--coverage", "--threshold", "100"]
    result = CliRunner().invoke(cli, command)
    assert result.exit_code == 0, result.output


@each_year
def test_every_language_gives_the_same_bytes(name: str, year: str, world: World) -> None:
    folder, report = POLICIES / name, Report()
    policy = open_policy(folder, report)
    assert policy is not None
    texts = set()
    for statute in pipeline.check_policy(policy, world, report):
        facts = pipeline.read_year(folder / year, statute, world, policy, report)
        assert facts is not None
        outcome = pipeline.evaluate(statute, facts, world)
        texts.add(json.text(without_own(json.outcome(outcome, statute.words, report))))
    assert {item.code for item in report.diagnostics} == REMARKED.get(name, set())
    assert len(texts) == 1


def without_own(data: Any) -> Any:
    if isinstance(data, dict):
        return {key: without_own(value) for key, value in data.items() if key not in OWN}
    if isinstance(data, list):
        return [without_own(item) for item in data]
    return data


@each_year
def test_no_cent_is_lost(name: str, year: str, evaluated: Callable[[str, str], Year]) -> None:
    outcome = evaluated(name, year).outcome
    for allocation in outcome.allocations:
        if allocation.held:
            assert allocation.amount == sum_of(item.amount for item in allocation.items)
    for share in outcome.shares:
        assert share.parts is not None
        assert share.undistributed == 0
        assert share.amount == sum_of(part for _, part in share.parts) + (
            share.excess if isinstance(share.excess, Fraction) else 0
        )
    for account in outcome.accounts:
        moved = [account.opening, account.added, account.taken, account.closing]
        if account.added == account.taken == 0 or account.management:
            continue
        opening, added, taken, closing = (exactly(value) for value in moved)
        assert opening + added - taken == closing


def exactly(value: Any) -> Fraction:
    assert isinstance(value, Fraction), value
    return value


def sum_of(values: Any) -> Fraction:
    return sum(values, Fraction(0))


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The years that ``python tests/synthetic`` writes."""
    folder = tmp_path_factory.mktemp("written")
    program = [sys.executable, str(POLICIES.parent / "tests" / "synthetic"), "--to", str(folder)]
    subprocess.run(program, check=True, timeout=60)
    return folder


def test_writing_the_years_again_gives_the_same_bytes(written: Path) -> None:
    files = [path for path in sorted(written.rglob("*")) if path.is_file()]
    assert files
    for path in files:
        kept = POLICIES / path.relative_to(written)
        assert path.read_bytes() == kept.read_bytes(), kept


def test_every_year_says_who_wrote_it(written: Path) -> None:
    for name, year in YEARS:
        by_writer = (written / name / year).exists()
        remark = (POLICIES / name / year / "cooperative.toml").read_text("utf-8").split("\n")[0]
        assert ("tests/synthetic" in remark) == by_writer, (name, year)


@named
def test_its_page_names_every_file(folder: Path) -> None:
    page = (folder / "README.md").read_text("utf-8")
    for path in folder.glob("*.coop"):
        assert path.name in page
