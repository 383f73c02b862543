"""What scenarios and years to come cost beside the evaluations that they are made of, in one process.

A comparison of Alma beside one compilation and two evaluations of it; ten projected years beside ten
evaluations; a federation of 10,000 cooperatives as they are and in a scenario beside one run of them.
"""

import shutil
import sys
import tempfile
from functools import cache
from itertools import count
from pathlib import Path

from coopfx.desk.assumptions import read_assumptions
from coopfx.desk.comparing import Wanted, try_scenario
from coopfx.desk.compiling import compile_source
from coopfx.desk.evaluated import evaluate_year
from coopfx.desk.policy import open_policy
from coopfx.desk.projecting import project_year
from coopfx.desk.workspace import Workspace
from coopfx.desk.years import Year, languages_of, schema_of
from coopfx.federation.run import Asked, run
from coopfx.ground.report import Report
from coopfx.ground.source import Source
from coopfx.plugged.world import load_world
from measure import Comparison, Contender

REPOSITORY = Path(__file__).parents[2]
sys.path.insert(0, str(REPOSITORY / "tests" / "synthetic"))
import federation  # noqa: E402

ROUNDS, RUNS = 5, 3
YEARS, COOPERATIVES = 10, 10_000
BAR, TWICE = 1.3, 2.1
ASSUMED = "surplus + 2% a year\nsalary + 1.5% a year"


def comparisons() -> list[Comparison]:
    """What scenarios and projections are held against."""
    return [comparing(), projecting(), many()]


@cache
def alma() -> tuple[Workspace, Year]:
    """Alma, compiled and evaluated."""
    report = Report()
    policy = open_policy(REPOSITORY / "policies" / "alma", report, "en")
    assert policy is not None
    held = Workspace(policy.speaking("en"), load_world(report))
    base = held.year(Path("2024"), report)
    assert base is not None and not report.failed
    return held, base


def evaluated(held: Workspace, base: Year) -> Year:
    """The year once more, from its facts."""
    return evaluate_year(base.statute, base.facts, base.folder, held.world, Report())


def comparing() -> Comparison:
    """A comparison, each of another change, so that nothing is known of it before."""
    held, base = alma()
    text, file = base.statute.source.text, base.statute.file
    fresh = count(1)

    def parts() -> None:
        changed = text.replace("60%", f"45.{next(fresh)}%")
        source = Source(str(file.path), changed, file.language)
        assert compile_source(source, file, held.policy, held.world, Report()) is not None
        evaluated(held, base)
        evaluated(held, base)

    def compared() -> None:
        change = Wanted("change", f"60% -> 45.{next(fresh)}%")
        year = evaluated(held, base)
        assert try_scenario(held, year, "", [change], Report()) is not None

    product = Contender("coopfx compare, Alma", compared)
    return Comparison(
        Contender("one compilation, two evaluations", parts), ((product, BAR),), ROUNDS
    )


def projecting() -> Comparison:
    """Ten years ahead."""
    held, base = alma()
    languages = languages_of(base.statute, held.policy, held.world)
    source = Source("assumptions", ASSUMED, "en")
    (way,) = read_assumptions([source], schema_of(base.statute.program), languages, Report())

    def one_by_one() -> None:
        for _ in range(YEARS):
            evaluated(held, base)

    def projected() -> None:
        assert project_year(held, base, "", way, YEARS, Report()) is not None

    product = Contender(f"coopfx project, {YEARS} years", projected)
    return Comparison(Contender(f"{YEARS} evaluations", one_by_one), ((product, BAR),), ROUNDS)


def many() -> Comparison:
    """Many cooperatives, as they are alone, and with a scenario of all of them."""
    room = Path(tempfile.mkdtemp(prefix="coopfx-scenarios-"))
    world = load_world(Report())
    once, twice = room / "once", room / "twice"
    federation.write(once, COOPERATIVES, people=(5, 15))
    shutil.copytree(once, twice)
    (twice / "scenarios.csv").write_text("scenario,work_rate\nless,30%\n", "utf-8")

    def worked_out(source: Path) -> None:
        output = room / f"{source.name}-outcome"
        shutil.rmtree(output, ignore_errors=True)
        engine, form = world.engines["processes"], world.tables["csv"]
        assert run(Asked(source, output, engine, form), world, Report()) is not None

    product = Contender(f"{COOPERATIVES:,} and a scenario", lambda: worked_out(twice))
    peer = Contender(f"{COOPERATIVES:,} cooperatives", lambda: worked_out(once))
    return Comparison(peer, ((product, TWICE),), RUNS)
