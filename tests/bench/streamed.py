"""The common workload of any size, streamed: people in from Parquet, parts and verdicts out to Parquet.

``python tests/bench/streamed.py PEOPLE [FOLDER]`` draws the data piece by piece into the folder, unless
they are there, then evaluates them in a process of its own and prints what that took: seconds, and
the most memory that the process held. A row group is a piece of about 64k people in whole cooperatives.

``python tests/bench/streamed.py --compare FOLDER`` then holds every cell of the outcome against the
peers' program in C, which reads the same data by itself, and prints how many cells differ.
"""

import json
import os
import resource
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from importlib import import_module
from pathlib import Path
from time import perf_counter
from types import SimpleNamespace
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

import peers
import people as made_up
import workload
from coopfx.engine.columns import sweep_blocks

PIECE = 65_536
TABLES = ("cooperatives", "people", "teams")
OUTCOME = ("outcome", "parts", "kept")


@dataclass(frozen=True)
class Streamed:
    """What one run took; ``started`` is the memory held before the first row was read."""

    people: int
    cooperatives: int
    input_bytes: int
    seconds: float
    evaluating: float
    peak: int
    started: int


def draw(folder: Path, people: int) -> None:
    """Write the data of so many people, piece by piece."""
    folder.mkdir(parents=True, exist_ok=True)
    with writers(folder, TABLES, "drawing") as write:
        for seed, start in enumerate(range(0, people, PIECE)):
            data = made_up.draw(seed, min(PIECE, people - start))
            own = {name: getattr(data, name) for name in made_up.COOPERATIVE}
            write("cooperatives", own | {"size": np.diff(data.off), "teams": np.diff(data.toff)})
            write("people", {name: getattr(data, name) for name in made_up.PEOPLE})
            write("teams", {"tres": data.tres})


@contextmanager
def writers(folder: Path, names: tuple[str, ...], suffix: str) -> Iterator[Any]:
    """Parquet files that appear whole, each table's columns written a row group at a time."""
    open_: dict[str, pq.ParquetWriter] = {}

    def write(name: str, columns: dict[str, Any]) -> None:
        table = pa.table(columns)
        if name not in open_:
            path = folder / f"{name}.parquet.{suffix}"
            open_[name] = pq.ParquetWriter(path, table.schema, compression="zstd")
        open_[name].write_table(table, row_group_size=max(len(table), 1))

    yield write
    for name in names:
        open_[name].close()
        (folder / f"{name}.parquet.{suffix}").replace(folder / f"{name}.parquet")


def pieces(folder: Path) -> Iterator[Any]:
    """The data, one row group of each table at a time."""
    files = {name: pq.ParquetFile(folder / f"{name}.parquet") for name in TABLES}
    for group in range(files["people"].num_row_groups):
        read: dict[str, Any] = {}
        for file in files.values():
            table = file.read_row_group(group)
            read |= {name: table[name].to_numpy() for name in table.column_names}
        off, toff = (
            np.concatenate([[0], np.cumsum(read.pop(name))]).astype(np.int64)
            for name in ("size", "teams")
        )
        yield SimpleNamespace(C=len(off) - 1, off=off, toff=toff, **read)


def evaluate(folder: Path) -> Streamed:
    """Evaluate the data piece by piece and write the outcome beside them."""
    program = workload.compile_workload()
    people = cooperatives = 0
    evaluating = 0.0
    started, begun = memory(), perf_counter()
    with writers(folder, OUTCOME, "running") as write:
        for data in pieces(folder):
            people, cooperatives = people + int(data.off[-1]), cooperatives + data.C
            before = perf_counter()
            made = [workload.shown(one) for one in sweep_blocks(workload.batch(program, data))]
            evaluating += perf_counter() - before
            whole = {name: np.concatenate([one[name] for one in made]) for name in made[0]}
            parts = {name: whole.pop(name) for name in ("work_i", "cap_i")}
            write("parts", parts)
            write("kept", {"back": whole.pop("back")})
            write("outcome", whole)
    seconds = perf_counter() - begun
    size = sum((folder / f"{name}.parquet").stat().st_size for name in TABLES)
    return Streamed(people, cooperatives, size, seconds, evaluating, memory(), started)


def compare(folder: Path) -> dict[str, dict[str, int]]:
    """Of each column of the outcome: its sum, its cells, and how many of them C has otherwise."""
    if not peers.RUNNER.is_file():
        sys.exit(f"no peers at {peers.RUNNER}; name their runner with WORKLOAD=/path/to/run.sh")
    os.environ["BENCH_ENVS"] = str(peers.ENVIRONMENTS)
    sys.path.insert(0, str(peers.RUNNER.parent / "peers"))
    by_hand = import_module("p_c")
    files = [pq.ParquetFile(folder / f"{name}.parquet") for name in OUTCOME]
    found: dict[str, dict[str, int]] = {}
    for group, data in enumerate(pieces(folder)):
        data.N = int(data.off[-1])
        expected = by_hand.out(by_hand.run(data))
        tables = [file.read_row_group(group) for file in files]
        for table in tables:
            for name in table.column_names:
                cells = table[name].to_numpy()
                so_far = found.setdefault(name, {"sum": 0, "cells": 0, "differ": 0})
                so_far["sum"] += int(cells.sum())
                so_far["cells"] += len(cells)
                so_far["differ"] += int((cells != expected[name]).sum())
    return found


def memory() -> int:
    """The most bytes that this process has held, without what it was started from where that is told."""
    status = Path("/proc/self/status")
    for line in status.read_text().splitlines() if status.is_file() else ():
        if line.startswith("VmHWM:"):
            return int(line.split()[1]) * 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024


def run(people: int, folder: Path, *command: str) -> Streamed:
    """Draw the data, unless they are there, and evaluate them in a process of its own.

    The command is that of another checkout, or else this file.
    """
    if not (folder / "teams.parquet").is_file():
        draw(folder, people)
    command = command or (sys.executable, __file__)
    ran = subprocess.run(
        [*command, "--evaluate", str(folder)], capture_output=True, text=True, check=True
    )
    return Streamed(**json.loads(ran.stdout.splitlines()[-1]))


def main() -> None:
    """Run one size."""
    if sys.argv[1] == "--evaluate":
        print(json.dumps(asdict(evaluate(Path(sys.argv[2])))))
        return
    if sys.argv[1] == "--compare":
        print(json.dumps(compare(Path(sys.argv[2])), indent=2))
        return
    size = int(float(sys.argv[1]))
    with tempfile.TemporaryDirectory(prefix="coopfx-streamed-") as scratch:
        found = run(size, Path(sys.argv[2] if len(sys.argv) > 2 else scratch))
    print(json.dumps(asdict(found), indent=2))


if __name__ == "__main__":
    main()
