"""The common workload beside its peers, in their own runner: every cell compared, ratios printed.

The runner is a script outside this repository; WORKLOAD names it, ``../shared/bench/run.sh`` beside
the checkout is tried otherwise. It makes its peers' environments itself on its first run.
"""

import os
import re
import subprocess
import sys
from pathlib import Path

REPOSITORY = Path(__file__).parents[2]
RUNNER = Path(os.environ.get("WORKLOAD", REPOSITORY.parent / "shared" / "bench" / "run.sh"))
OWN = "coopfx columns"
PEER = "numpy 64k blocks"
LABELS = "^(numpy seg|numpy 64k|C int|plain Python int|polars Int128$|pandas|openfisca f32|coopfx)"
# The bar of each case against the peer; None where the case has none.
BARS = {"A": None, "B": 2.0, "C": 2.0}
_ROW = re.compile(
    r"^\S+ +(?P<label>.+?) +min +(?P<least>[\d.]+) med +(?P<middle>[\d.]+) ms.*diff (?P<diff>.*)$"
)


def show(rounds: int = 7) -> bool:
    """Run every case, print the peers and the ratio to the bar's peer; are all bars kept?"""
    if not RUNNER.is_file():
        print(f"workload: no runner at {RUNNER.name}; name it with WORKLOAD=/path/to/run.sh")
        return True
    kept = [_case(case, bar, rounds) for case, bar in BARS.items()]
    return all(kept)


def _case(case: str, bar: float | None, rounds: int) -> bool:
    environment = os.environ | {
        "BENCH_EXTRA": f"{OWN}|{sys.executable}|workload",
        "PYTHONPATH": os.pathsep.join([str(Path(__file__).parent), str(REPOSITORY)]),
    }
    ran = subprocess.run(
        ["bash", str(RUNNER), case, str(rounds), LABELS],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    rows = {
        match["label"]: match for line in ran.stdout.splitlines() if (match := _ROW.match(line))
    }
    if OWN not in rows or PEER not in rows:
        print(f"workload {case}: the runner gave no row of {OWN}: {ran.stderr.strip()[-300:]}")
        return False
    own, peer = float(rows[OWN]["middle"]), float(rows[PEER]["middle"])
    equal = rows[OWN]["diff"].strip() == "{}"
    print(
        f"workload {case:<24} {'min ms':>10} {'median ms':>10} {'x ' + OWN:>18}  every cell equal"
    )
    for label, row in sorted(rows.items(), key=lambda item: float(item[1]["middle"])):
        times = f"{float(row['least']):>10.2f} {float(row['middle']):>10.2f}"
        print(f"{label:<33} {times} {float(row['middle']) / own:>18.2f}  {row['diff']}")
    kept = equal and (bar is None or own / peer <= bar)
    word = "" if bar is None else f", bar {bar} {'kept' if kept else 'MISSED'}"
    print(f"{OWN} to {PEER}: {own / peer:.2f}{word}; cells {'equal' if equal else 'DIFFER'}\n")
    return kept
