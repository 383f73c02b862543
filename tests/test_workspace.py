"""A policy held open: each thing worked out once, and what lies over the files says that it does."""

import random
import re
import shutil
from collections import Counter
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from coopfx.desk import compiling
from coopfx.desk.policy import open_policy
from coopfx.desk.workspace import Workspace
from coopfx.engine.reference import evaluate
from coopfx.ground.report import Report
from coopfx.plugged.world import World, load_world

ALMA = Path(__file__).parent.parent / "policies" / "alma"
PREVIOUS = {
    "en": '\n  indicator "Growth" in economy\n    = 100% * surplus / previous surplus\n\n',
    "fr": '\n  indicateur "Growth" dans économie\n    = 100 % * excédent / précédent excédent\n\n',
}


@pytest.fixture(scope="module")
def world() -> World:
    return load_world(Report())


def held(folder: Path, world: World, **options: Any) -> Workspace:
    report = Report()
    policy = open_policy(folder, report, suffixes=world.readers)
    assert policy is not None and not report.failed
    return Workspace(policy, world, **options)


def with_years(folder: Path, count: int, seed: int = 1) -> Path:
    """Alma with earlier years: the surplus of each drawn anew, all else as in 2024."""
    drawn = random.Random(seed)
    shutil.copytree(ALMA, folder)
    for path in folder.glob("*.coop"):
        path.write_text(path.read_text("utf-8").replace("2019-01-01", "2010-01-01"), "utf-8")
    for year in range(2024 - count, 2024):
        shutil.copytree(ALMA / "2024", folder / str(year))
        path = folder / str(year) / "cooperative.toml"
        text = path.read_text("utf-8").replace("closing = 2024-", f"closing = {year}-")
        assert '"7506914.95"' in text
        path.write_text(text.replace('"7506914.95"', f'"{drawn.randrange(10**6, 10**7)}"'), "utf-8")
    return folder


def counting(monkeypatch: pytest.MonkeyPatch) -> Counter[str]:
    """How often each text is compiled and each year is evaluated from here on."""
    counted: Counter[str] = Counter()

    def spy(module: Any, name: str, key: Callable[..., str]) -> None:
        real = getattr(module, name)

        def counted_call(*arguments: Any) -> Any:
            counted[key(*arguments)] += 1
            return real(*arguments)

        monkeypatch.setattr(module, name, counted_call)

    spy(compiling, "compile_source", lambda source, *_: Path(source.file).name)
    spy(evaluate, "evaluate", lambda _, facts: facts.closing.isoformat())
    return counted


@pytest.mark.parametrize("speaks_of_the_year_before", [False, True])
def test_each_text_is_compiled_once_and_each_year_evaluated_once(
    *,
    speaks_of_the_year_before: bool,
    tmp_path: Path,
    world: World,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    folder = with_years(tmp_path / "alma", 7)
    for language in ("es", "it"):
        (folder / f"statute.{language}.coop").unlink()
    if speaks_of_the_year_before:
        for language, line in PREVIOUS.items():
            path = folder / f"statute.{language}.coop"
            text = path.read_text("utf-8")
            path.write_text(re.sub(r"\n(?=exampl|exempl)", line, text, count=1), "utf-8")
    counted = counting(monkeypatch)
    workspace = held(folder, world)
    report = Report()
    year = workspace.year(None, report)
    assert year is not None and not report.failed
    before = workspace.results(year, report).before()
    assert [one.closing.year for one in before] == list(range(2017, 2024))
    assert workspace.year(folder / "2020", report) is not None
    texts = {"statute.en.coop": 1, "statute.fr.coop": 1}
    assert counted == Counter(texts | {f"{number}-12-31": 1 for number in range(2017, 2025)})


def test_a_scenario_says_that_it_is_one_and_leaves_all_else_as_it_is(
    tmp_path: Path, world: World
) -> None:
    workspace = held(ALMA, world)
    report = Report()
    real = workspace.year(None, report)
    assert real is not None
    french = next(file for file in workspace.policy.statutes if file.language == "fr")
    source = workspace.text(french, report)
    assert source is not None
    text = source.text.replace("60 %", "45 %").replace("15 % aux réserves", "30 % aux réserves")
    for changed, said in (
        (workspace.scenario({french.path: text}), ("statute.fr.coop",)),
        (workspace.scenario(figures={"excédent": "5 000 000 €"}), ("excédent = 5 000 000 €",)),
        (workspace.scenario(figures={"réserves.légale": 0}), ("réserves.légale = 0",)),
    ):
        year = changed.year(None, report)
        assert year is not None and not report.failed
        assert year.outcome.provenance.changes == said
        hashes = [
            (one.outcome.provenance.statute_sha256, one.outcome.provenance.data_sha256)
            for one in (real, year)
        ]
        assert hashes[0] != hashes[1]
        assert year.outcome.allocations != real.outcome.allocations
    assert workspace.year(None, report) == real
    assert real.outcome.provenance.changes == ()


def test_the_years_before_a_scenario_are_what_they_were(tmp_path: Path, world: World) -> None:
    folder = with_years(tmp_path / "alma", 1)
    workspace, report = held(folder, world), Report()
    scenario = workspace.scenario(figures={"surplus": 1_000_000})
    year = scenario.year(None, report)
    assert year is not None
    (before,) = scenario.results(year, report).before()
    assert before.provenance.changes == ()
    earlier = workspace.year(folder / "2023", report)
    assert earlier is not None and before.values == earlier.outcome.values


@pytest.mark.parametrize(
    ("figures", "code"),
    [
        ({"surplu": 5}, "D701"),
        ({"surplus": 0.5}, "D702"),
        ({"surplus": "much"}, "D703"),
        ({"closing": "2025-01-01"}, "D715"),
        ({"reserves": 1}, "D719"),
    ],
)
def test_what_a_scenario_cannot_be_given_is_told_at_its_line(
    figures: dict[str, object], code: str, world: World
) -> None:
    report = Report()
    assert held(ALMA, world).scenario(figures={"turnover": 1} | figures).year(None, report) is None
    (told,) = report.diagnostics
    assert (told.code, told.file) == (code, "scenario")


def test_texts_that_are_not_saved_hold_for_every_year_and_a_saved_file_is_read_anew(
    tmp_path: Path, world: World
) -> None:
    folder = with_years(tmp_path / "alma", 1)
    workspace, report = held(folder, world, language="en"), Report()
    path = folder / "statute.en.coop"
    unsaved = path.read_text("utf-8").replace("10% to share_interest", "9% to share_interest")
    over = workspace.with_unsaved({path: unsaved})
    for year in ("2024", "2023"):
        real, other = (one.year(folder / year, report) for one in (workspace, over))
        assert real is not None and other is not None
        assert other.outcome.provenance.changes == ("statute.en.coop",)
        assert real.outcome.accounts != other.outcome.accounts
    path.write_text(unsaved, "utf-8")
    saved = workspace.year(folder / "2023", report)
    assert other is not None and saved is not None
    assert saved.outcome.accounts == other.outcome.accounts
    own = folder / "2024" / "cooperative.toml"
    own.write_text(own.read_text("utf-8").replace('"7506914.95"', '"1000.00"'), "utf-8")
    again = workspace.year(folder / "2024", report)
    assert again is not None and again.facts.figures["surplus"] == Fraction(1000)


def test_a_policy_says_the_same_whether_it_was_kept_or_not(
    tmp_path: Path, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "kept"))
    folder = tmp_path / "alma"
    shutil.copytree(ALMA, folder)
    statute = folder / "statute.fr.coop"
    unused = '\n\narticle 99 "Rien"\n  définir sans_usage = 3 %\n'
    statute.write_text(statute.read_text("utf-8") + unused, "utf-8")
    for language in ("en", "es", "it"):
        (folder / f"statute.{language}.coop").unlink()
    counted = counting(monkeypatch)
    told, years = [], []
    for _ in range(2):
        report = Report()
        year = held(folder, world, lasts=True).year(None, report)
        assert year is not None
        told.append((report.diagnostics, set(report.sources)))
        statutes = held(folder, world, lasts=True).statutes(report)
        years.append((year.outcome, [(one.term, one.labels, one.program) for one in statutes]))
    assert years[0] == years[1] and told[0][0] == told[1][0]
    assert {item.code for item in told[0][0]} >= {"N204"}
    assert told[0][1] - told[1][1] <= {"prelude.coop"}
    assert counted["statute.fr.coop"] == 1
