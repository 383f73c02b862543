"""Two checkouts in turn: the same benchmarks, each by its own code, least times compared, and memory.

The other checkout is run by the Python of its ``.venv`` where it has one, else by this one; its own
``tests/bench`` says what each benchmark runs, so that it has to know a benchmark of that name.
"""

import hashlib
import os
import shlex
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

import growth
import streamed
from measure import Held, Timing
from peers import CASES, OWN, PEERS, REFERENCE, REPOSITORY, Row, has_runner, install, run_case

BAR = 1.10
"""How many times the other checkout's least time, or memory, this one's may be."""

BARS = {REFERENCE: 1.15}
"""The bars of what has one of its own: of a small cooperative, most of the time is not arithmetic."""

ROUNDS, GROWING_ROUNDS = 15, 5
HEAD = f"{'':<56} {'before':>9} {'now':>9} {'ratio':>6}"


def workload(other: Path) -> Held:
    """Every case of the common workload, by the product's own rows of both checkouts."""
    if not has_runner():
        return Held.UNMEASURED
    install({name: ("numpy",) if name == "peers" else () for name in PEERS})
    held = []
    with TemporaryDirectory() as folder:
        before = _python_of(other, Path(folder))
        for case, (_, labels, rounds) in CASES.items():
            own = {label: attribute for label, attribute in OWN.items() if label in labels}
            extra = [f"{label}|{sys.executable}|rows:{name}" for label, name in own.items()]
            extra += [f"{label}, before|{before}|rows:{name}" for label, name in own.items()]
            rows = run_case(case, 3 * rounds, [*own, *(f"{label}, before" for label in own)], extra)
            for label in own:
                pair = [rows.get(f"{label}, before"), rows.get(label)]
                times = [(row.least / 1000, row.cells) for row in pair if isinstance(row, Row)]
                if len(times) < 2:
                    print(f"{case}: {label}: {Held.UNMEASURED}")
                    held.append(Held.UNMEASURED)
                    continue
                (first, cells), (second, own_cells) = times
                compared = _compared(f"{case}: {label}", first, second, BARS.get(label, BAR))
                held.append(max(compared, Held.by(cells == own_cells)))
    return max(held)


def growing(other: Path, sizes: Sequence[int] = growth.SIZES) -> Held:
    """The streamed workload at every size: seconds, the most memory of each, and every cell alike."""
    held = []
    with TemporaryDirectory(prefix="coopfx-growth-") as scratch:
        folder = Path(scratch)
        commands = [
            (str(_python_of(one, folder)), "-P", str(one / "tests" / "bench" / "streamed.py"))
            for one in (other, REPOSITORY)
        ]
        for size in sizes:
            data = folder / str(size)
            runs: list[list[streamed.Streamed]] = [[], []]
            written: set[tuple[str, ...]] = set()
            for _ in range(GROWING_ROUNDS):
                for command, found in zip(commands, runs, strict=True):
                    found.append(streamed.run(size, data, *command))
                    written.add(_outcome(data))
            what = f"growth: {size:,} people"
            seconds = [min(one.seconds for one in found) for found in runs]
            peaks = [max(one.peak for one in found) / 1e9 for found in runs]
            held += [_compared(what, *seconds), _compared(f"{what}, peak memory, MB", *peaks)]
            if len(written) > 1:
                print(f"{what}: the outcomes differ")
                held.append(Held.MISSED)
            shutil.rmtree(data)
    return max(held)


def _outcome(folder: Path) -> tuple[str, ...]:
    """The bytes of the tables that a run has written, by their hashes."""
    found = []
    for name in streamed.OUTCOME:
        with (folder / f"{name}.parquet").open("rb") as file:
            found.append(hashlib.file_digest(file, "sha256").hexdigest())
    return tuple(found)


def comparisons(name: str, other: Path) -> Held:
    """The products of one of the comparisons, in a process of each checkout, round by round."""
    with TemporaryDirectory() as folder:
        pythons = [_python_of(one, Path(folder)) for one in (other, REPOSITORY)]
        timers = [
            subprocess.Popen(
                [str(python), "-P", str(Path(__file__).with_name("timer.py")), name],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                text=True,
            )
            for python in pythons
        ]
        names = [_answer(timer).split("\t") for timer in timers]
        shared = [one for one in names[1] if one in names[0]]
        seconds: dict[str, list[list[float]]] = {one: [[], []] for one in shared}
        for _ in range(ROUNDS + 1):  # the first fills the caches
            for one in shared:
                for timer, known, times in zip(timers, names, seconds[one], strict=True):
                    times.append(float(_answer(timer, known.index(one))))
        for timer in timers:
            timer.communicate()
    least = {
        one: [Timing(one, tuple(times[1:])).least for times in both]
        for one, both in seconds.items()
    }
    return max(
        (_compared(f"{name}: {one}", *both) for one, both in least.items()), default=Held.UNMEASURED
    )


def _compared(what: str, before: float, now: float, bar: float = BAR) -> Held:
    """Print both, in thousandths; whether the bar is kept."""
    held = Held.by(now <= bar * before)
    print(f"{what:<56} {before * 1000:>9.2f} {now * 1000:>9.2f} {now / before:>6.2f}  {held}")
    return held


def _answer(timer: "subprocess.Popen[str]", ask: int | None = None) -> str:
    """What a timer says next, asked or by itself."""
    assert timer.stdin is not None and timer.stdout is not None
    if ask is not None:
        timer.stdin.write(f"{ask}\n")
        timer.stdin.flush()
    said = timer.stdout.readline()
    if not said:
        raise SystemExit("a checkout could not run the benchmark, see above")
    return said.strip("\n")


def _python_of(checkout: Path, folder: Path) -> Path:
    """A command that runs a checkout's own code, by the Python of its environment where it has one."""
    own = checkout / ".venv" / "bin" / "python"
    python = own if own.is_file() else Path(sys.executable)
    path = os.pathsep.join(map(str, (checkout / "tests" / "bench", checkout)))
    command = folder / f"python-{checkout.name}"
    command.write_text(
        f'#!/bin/sh\nPYTHONPATH={shlex.quote(path)} exec {shlex.quote(str(python))} "$@"\n', "utf-8"
    )
    command.chmod(0o700)
    return command
