"""What an engine has to show: the bytes of the default one, though a worker is killed in mid-run."""

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from attrs import evolve

from coopfx.federation.run import Asked, run
from coopfx.ground.report import Report
from coopfx.plugged.hookspecs import Engine
from coopfx.plugged.world import World
from coopfx.testing.mortal import Mortal

COOPERATIVES, WORKERS = 6, 2
STATUTE = """statute "Oven"
currency EUR
in force from 2020-01-01

allocate surplus
  40% to work_share
  rest to reserves
  losses to losses_brought_forward
share work_share among people
  by hours
require saved: reserves >= 50% of surplus
"""


def gives_the_same(engine: Engine, world: World, folder: Path) -> list[str]:
    """What is amiss with an engine's run of a small federation, in an empty folder.

    Two workers, one of which is killed by the third task: each task has to be told done once, and every
    file to hold the bytes that the default engine writes.
    """
    _write(folder / "tables")
    killed = folder / "killed"
    told: list[str] = []
    tasks: list[str] = []

    def mortal(work: Callable[[str], None], given: Sequence[str], workers: int) -> Iterator[str]:
        tasks.extend(given)
        for task in engine.run(Mortal(work, given[2], str(killed)), given, workers):
            told.append(task)
            yield task

    written = {}
    for name, one in (
        ("default", world.engines["processes"]),
        ("engine", evolve(engine, run=mortal)),
    ):
        output, form = folder / name, world.tables["csv"]
        workers = WORKERS if name == "engine" else 1
        asked = Asked(folder / "tables", output, one, form, workers, block=1)
        report = Report()
        try:
            if run(asked, world, report) is None:
                return [world.words("en").message(item) for item in report.diagnostics]
        except (OSError, RuntimeError, ValueError) as error:
            return [f"a run on {one.name}: {error}"]
        written[name] = {path.name: path.read_bytes() for path in output.iterdir()}
    wrong = []
    if not killed.exists():
        wrong.append("the third task: no worker was killed by it")
    if sorted(told) != sorted(tasks):
        wrong.append(f"tasks: {len(tasks)} were given, and {len(told)} are told done")
    first, second = written["default"], written["engine"]
    wrong += [
        f"{name}: not the bytes that the default engine writes"
        for name in sorted(first.keys() | second.keys())
        if first.get(name) != second.get(name)
    ]
    return wrong


def raises(engine: Engine) -> list[str]:
    """What is amiss with how an engine tells that a task has failed: what it raises has to be raised."""
    try:
        done = list(engine.run(_fail, ["task"], 1))
    except Exception as error:  # Whatever an engine makes of it, as long as it says why.
        return [] if REASON in str(error) else [f"a task that fails: its reason is lost ({error})"]
    return [f"a task that fails: nothing is raised, and {done} is told done"]


REASON = "no room left"


def _fail(task: str) -> None:
    raise ValueError(REASON)


def _write(folder: Path) -> None:
    folder.mkdir()
    own, people = ["cooperative,closing,surplus"], ["cooperative,id,hours"]
    for number in range(COOPERATIVES):
        own.append(f"c{number},2024-12-31,{1000 * number}.01")
        people += [f"c{number},p{person},{10 * person + 7}" for person in range(number + 1)]
    for name, lines in (("cooperatives", own), ("people", people)):
        text = "".join(f"{line}\n" for line in lines)
        (folder / f"{name}.csv").write_text(text, encoding="utf-8", newline="\n")
    (folder / "statute.en.coop").write_text(STATUTE, encoding="utf-8", newline="\n")
