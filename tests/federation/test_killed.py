"""Runs and workers that are killed: nothing is lost, nothing is done twice, nothing is left running."""

import os
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from random import Random

import pytest
from attrs import evolve

from coopfx.federation.run import Asked, run
from coopfx.ground.report import Report
from coopfx.plugged.processes import run as on_processes
from coopfx.plugged.world import World
from coopfx.testing.engines import gives_the_same, raises
from coopfx.testing.mortal import Mortal

Digests = Callable[[Path], dict[str, str]]


def asked(tables: Path, output: Path, world: World, *, resume: bool = True) -> Asked:
    """A run of several buckets, in this process."""
    engine, form = world.engines["processes"], world.tables["csv"]
    return Asked(tables, output, engine, form, block=60, resume=resume)


# ---- runs


def killed_at(step: int, what: Asked, world: World) -> str:
    """Run in a process that kills itself at a step; which one, or nothing where it came to its end."""
    reader, writer = os.pipe()
    child = os.fork()
    if child == 0:
        told = 0

        def progress(name: str, done: int, of: int) -> None:
            nonlocal told
            told += 1
            if told == step:
                os.write(writer, name.encode())
                os.kill(os.getpid(), signal.SIGKILL)

        try:
            run(what, world, Report(), progress)
        finally:
            os._exit(0)
    os.close(writer)
    os.waitpid(child, 0)
    with os.fdopen(reader, "rb") as said:
        return said.read().decode()


def test_a_run_killed_at_any_step_is_taken_up_again(
    few: Path, tmp_path: Path, world: World, digests: Digests
) -> None:
    whole, steps = tmp_path / "whole", list[str]()
    done = run(asked(few, whole, world), world, Report(), lambda name, *_: steps.append(name))
    assert done is not None
    assert {*steps} == {"read", "count", "sort", "evaluate", "write"}
    for name in dict.fromkeys(steps):
        output = tmp_path / f"outcome-{name}"
        last = len(steps) - steps[::-1].index(name)
        assert killed_at(last, asked(few, output, world), world) == name
        # The run that takes it up is killed too, a little further on.
        killed_at(4, asked(few, output, world), world)
        assert run(asked(few, output, world), world, Report()) is not None
        assert digests(output) == digests(whole), name


def test_a_run_of_other_code_is_not_taken_up(
    few: Path, tmp_path: Path, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    steps: list[str] = []

    def summary() -> object:
        steps.clear()
        done = run(
            asked(few, tmp_path / "outcome", world), world, Report(), lambda s, *_: steps.append(s)
        )
        assert done is not None
        return done["inputs_sha256"]

    first = summary()
    assert "evaluate" in steps
    assert summary() == first and "evaluate" not in steps
    monkeypatch.setattr("coopfx.federation.run.fingerprint", lambda: "of other code")
    assert summary() != first and "evaluate" in steps


def over(arguments: list[str], seconds: float | None, *, all_of_it: bool = False) -> bool:
    """Whether a run came to its end; it is killed after some seconds, alone or with its workers."""
    run = subprocess.Popen(
        [sys.executable, "-m", "coopfx", "federation", "run", *arguments],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        run.wait(seconds)
    except subprocess.TimeoutExpired:
        (os.killpg if all_of_it else os.kill)(run.pid, signal.SIGKILL)
        run.wait()
        return False
    return True


def stage(output: Path) -> str:
    """How far a run has come, by what it has left on the disk."""
    room = output / ".run"
    if not room.is_dir():
        return "finished" if (output / "summary.json").is_file() else "start"
    if not (room / "plan.json").is_file():
        return "removal" if (output / "summary.json").is_file() else "plan"
    if (output / "summary.json").is_file():
        return "removal"
    if any(output.glob("*.csv")):
        return "placing"
    if (room / "tables").is_dir():
        return "tables"
    return "buckets" if any(room.glob("*/result.npz")) else "planned"


def running(word: str) -> list[int]:
    """The processes that have a word in their environment: those of a run, whoever is their parent."""
    found = []
    for path in Path("/proc").glob("[0-9]*/environ"):
        try:
            if word.encode() in path.read_bytes():
                found.append(int(path.parent.name))
        except OSError:
            continue
    return found


def ended(word: str, seconds: float = 10) -> bool:
    """Whether no process with a word in its environment is left, after some time at most."""
    until = time.monotonic() + seconds
    while running(word):
        if time.monotonic() > until:
            return False
        time.sleep(0.02)
    return True


@pytest.mark.soak
@pytest.mark.parametrize("workers", [1, 2])
def test_fifty_killed_runs_are_taken_up_again(
    workers: int,
    tables: Path,
    tmp_path: Path,
    world: World,
    digests: Digests,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Moments are spread over the whole of a run, and each lies at random in its own part of it."""
    seed, times = int(os.environ.get("KILL_SEED", "11")), int(os.environ.get("KILLS", "50"))
    options = ["--block", "60", "--tables", "csv", "--resume", "--workers", str(workers)]
    whole = tmp_path / "whole"
    started = time.monotonic()
    assert over([str(tables), "--output", str(whole), *options], None)
    took = time.monotonic() - started
    draw, stages, tried, again = Random(seed), Counter[str](), 0, 0
    while stages.total() < times:
        assert tried < 3 * times, stages
        output = tmp_path / f"outcome-{tried}"
        arguments = [str(tables), "--output", str(output), *options]
        mark = f"COOPFX_KILLED={tmp_path.name}-{workers}-{tried}"
        monkeypatch.setenv(*mark.split("="))
        moment = took * (tried % times + draw.random()) / times
        tried += 1
        # One in two is killed alone, and its workers have to end by themselves.
        if over(arguments, moment, all_of_it=draw.random() < 0.5):
            continue
        stages[stage(output)] += 1
        # One in two is killed once more while it is taken up, at once, whatever still ends.
        if draw.random() < 0.5:
            again += not over(arguments, took * draw.random())
        assert over(arguments, None)
        assert digests(output) == digests(whole), (seed, tried)
        assert ended(mark), "a worker has outlived its run"
    print(
        f"\nseed {seed}, {workers} workers, a run takes {took:.1f} s: {times} runs killed, of which"
    )
    print(f"{again} once more while they were taken up, at these stages: {dict(stages)}")
    assert {"buckets", "tables"} <= stages.keys()


# ---- workers


def test_a_killed_worker_loses_nothing(tmp_path: Path) -> None:
    tasks = [f"task-{number}" for number in range(4)]
    mortal = Mortal(len, tasks[2], str(tmp_path / "killed"))
    assert sorted(on_processes(mortal, tasks, 2)) == tasks
    assert (tmp_path / "killed").exists()


@pytest.mark.engines
def test_the_default_engine_conforms(tmp_path: Path, world: World) -> None:
    engine = world.engines["processes"]
    assert gives_the_same(engine, world, tmp_path) == []
    assert raises(engine) == []


def once(work: Callable[[str], None], tasks: Sequence[str], workers: int) -> Iterator[str]:
    """An engine that forgets what a dead worker had, tells one task twice, and keeps failures to itself."""
    for number, task in enumerate(tasks):
        if number != 2:
            with suppress(ValueError):
                work(task)
        yield task
    yield tasks[0]


def test_an_engine_that_does_not_conform_is_told(tmp_path: Path, world: World) -> None:
    engine = evolve(world.engines["processes"], run=once)
    assert "result.npz" in gives_the_same(engine, world, tmp_path)[0]
    assert raises(engine) == [
        "a task that fails: nothing is raised, and ['task', 'task'] is told done"
    ]


SLOW = """
import sys
import time
from pathlib import Path

from coopfx.plugged.processes import run


def work(task):
    Path(task).touch()
    time.sleep(60)


if __name__ == "__main__":
    list(run(work, sys.argv[1:], 2))
"""


def test_workers_end_with_a_run_that_is_killed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    mark = f"COOPFX_KILLED={tmp_path}"
    monkeypatch.setenv(*mark.split("="))
    (tmp_path / "slow.py").write_text(SLOW, encoding="utf-8")
    tasks = [tmp_path / "one", tmp_path / "two"]
    slow = subprocess.Popen([sys.executable, str(tmp_path / "slow.py"), *map(str, tasks)])
    until = time.monotonic() + 30
    while not all(task.exists() for task in tasks):
        assert time.monotonic() < until
        time.sleep(0.02)
    assert len(running(mark)) >= 3
    slow.kill()
    slow.wait()
    assert ended(mark)
