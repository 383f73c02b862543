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

limit = int(sys.argv.pop(1))
if limit:
    resource.setrlimit(resource.RLIMIT_DATA, (limit, limit))
from coopfx.apps.cli import main

try:
    main()
finally:
    held = Path("/proc/self/status").read_text().split("VmHWM:")[1].split()[0]
    workers = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
    print("held", int(held) * 1024, workers * 1024, file=sys.stderr)
"""
"""The command in a process that may have so many bytes of its own, as each of its workers may.

That is what ``ulimit -d`` limits: all that is allocated and may be written, the interpreter's and the
libraries' too; not what only maps a file. It tells how many bytes it held, and its largest worker.
"""


def run(limit: int, tables: Path, output: Path, *options: str) -> subprocess.CompletedProcess[str]:
    """Run a federation within so many bytes of memory for each process (0: as many as it likes)."""
    asked = ["--output", str(output), "--tables", "csv", "--lang", "en", *options]
    return subprocess.run(
        [sys.executable, "-c", LIMITED, str(limit), "federation", "run", str(tables), *asked],
        capture_output=True,
        text=True,
        check=False,
    )


def held(done: subprocess.CompletedProcess[str]) -> list[int]:
    """How many bytes of memory a run held at most, and the largest of its workers."""
    return list(map(int, done.stderr.split("held ")[1].split()))


@pytest.mark.usefixtures("collecting")
def test_what_each_bucket_leaves_behind_is_freed(few: Path, tmp_path: Path) -> None:
    """Six buckets leave twenty thousand objects in circles, which the end of the run is too late for."""
    gc.collect()
    options = ["--block", "1", "--tables", "csv", "--output", str(tmp_path / "outcome")]
    with pytest.raises(SystemExit):
        main(["federation", "run", str(few), *options])
    assert gc.collect() < 5_000


@pytest.mark.soak
def test_tables_of_four_times_the_memory_are_run(
    tmp_path: Path, few: Path, write: Callable[..., None], digests: Callable[[Path], dict[str, str]]
) -> None:
    """``LIMIT`` megabytes for each process, in all, and four times as many of CSV: the same bytes."""
    limit = int(os.environ.get("LIMIT", "100")) * 2**20
    tables, free = tmp_path / "tables", tmp_path / "free"
    write(tables, 4 * limit // 300_000, people=(1_000, 7_000), width=36)
    size = sum(path.stat().st_size for path in tables.glob("*.csv"))
    assert size >= 4 * limit
    bare = run(limit, few, tmp_path / "few")
    assert bare.returncode == 1, bare.stderr
    print(f"\n{size:,} bytes of CSV, {limit:,} bytes of memory for each process")
    print("six cooperatives:", held(bare))
    done = run(0, tables, free)
    assert done.returncode == 1, done.stderr
    print("without a limit:", held(done))
    for workers in ("1", "2"):
        output = tmp_path / f"limited-{workers}"
        done = run(limit, tables, output, "--block", "8192", "--workers", workers)
        assert done.returncode == 1, done.stderr
        assert digests(output) == digests(free)
        print(f"{workers} workers:", held(done))
    assert held(done)[1], "there were workers"
    # The same rows in one block need more than there is, and that is told.
    done = run(limit, tables, tmp_path / "whole", "--block", str(10**9))
    assert done.returncode == 2
    assert "P977" in done.stderr and "Traceback" not in done.stderr
