"""A run whose tables are larger than the memory it may have."""

import gc
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from coopfx.apps.cli.main import main

LIMITED = """
import resource
import sys
from pathlib import Path

room = int(sys.argv.pop(1))
if room:
    resource.setrlimit(resource.RLIMIT_AS, (room, room))
from coopfx.apps.cli import main

try:
    main()
finally:
    told = Path("/proc/self/status").read_text().split("VmPeak:")[1]
    print("VmPeak", int(told.split()[0]) * 1024, file=sys.stderr)
"""
"""The command in a process whose whole address space may have so many bytes; it tells how many it had."""


def limited(room: int, tables: Path, output: Path, block: int) -> subprocess.CompletedProcess[str]:
    """Run a federation within so many bytes of address space (0: as many as it likes)."""
    options = ["--tables", "csv", "--block", str(block), "--lang", "en"]
    return subprocess.run(
        [
            *(sys.executable, "-c", LIMITED, str(room), "federation", "run", str(tables)),
            *("--output", str(output), *options),
        ],
        capture_output=True,
        text=True,
        # Each thread of a library would have an address space of its own, used or not; the compiled
        # pass, which is taken up in large runs only, brings a compiler that the small one lacks.
        env=os.environ
        | {"OPENBLAS_NUM_THREADS": "1", "MALLOC_ARENA_MAX": "1", "COOPFX_FAST": "no"},
        check=False,
    )


def peak(run: subprocess.CompletedProcess[str]) -> int:
    """How many bytes of address space a run had at most."""
    return int(run.stderr.split("VmPeak")[1].split()[0])


def test_what_each_bucket_leaves_behind_is_freed(few: Path, tmp_path: Path) -> None:
    """Six buckets leave twenty thousand objects in circles, which the end of the run is too late for."""
    gc.collect()
    options = ["--block", "1", "--tables", "csv", "--output", str(tmp_path / "outcome")]
    try:
        with pytest.raises(SystemExit):
            main(["federation", "run", str(few), *options])
        assert gc.collect() < 5_000
    finally:
        gc.enable()


@pytest.mark.soak
def test_tables_of_four_times_the_memory_are_run(
    tmp_path: Path, few: Path, write: Callable[..., None]
) -> None:
    """The limit is what the command takes for six cooperatives, and ``ROOM`` megabytes above it."""
    room = int(os.environ.get("ROOM", "20")) * 2**20
    tables, output = tmp_path / "tables", tmp_path / "outcome"
    write(tables, room // 115_000, people=(2_000, 2_000), width=200)
    size = sum(path.stat().st_size for path in tables.glob("*.csv"))
    assert size >= 4 * room
    bare = limited(0, few, tmp_path / "few", 2_000)
    assert bare.returncode in (0, 1), bare.stderr
    limit = peak(bare) + room
    run = limited(limit, tables, output, 2_000)
    assert run.returncode in (0, 1), run.stderr
    with (output / "shares.csv").open() as file:
        shares = sum(1 for _ in file) - 1
    print(
        f"\n{size:,} bytes of CSV, {room:,} bytes beyond the {peak(bare):,} of a run of six cooperatives;"
        f" {peak(run) - peak(bare):,} of them used, {shares:,} shares written"
    )
    # The same rows in one block need more than there is, and that is told.
    whole = limited(limit, tables, tmp_path / "whole", 10**9)
    assert whole.returncode == 2
    assert "P977" in whole.stderr and "Traceback" not in whole.stderr
