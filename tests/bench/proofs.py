"""Every published statute under its laws: how long all of its obligations take, beside reading it.

The bar is what users wait for: two seconds a statute. What a statute takes to be read and compiled, by
the same run on the same machine, stands beside it: it tells how fast that machine was.
"""

import sys
from importlib import import_module
from pathlib import Path
from statistics import median

from coopfx.ground.report import Report
from coopfx.plugged.world import load_world
from measure import Contender, Held, timed

REPOSITORY = Path(__file__).parents[2]
sys.path.insert(0, str(REPOSITORY / "docs"))
writer = import_module("write_proofs")

BAR = 2.0
"""So many seconds at most for all obligations of a statute."""
ROUNDS = 3
ROW = "{:<34} {:>11} {:>9} {:>9} {:>9}  {}"


def show() -> tuple[Held, list[str]]:
    """Prove every published statute, in turns, and print each; whether all keep the bar, by the least time.

    No line for the page of benchmarks: docs/proofs.md shows the times.
    """
    world = load_world(Report())
    rounds: dict[str, list[float]] = {}
    obligations: dict[str, int] = {}
    reading: list[float] = []
    for _ in range(ROUNDS):
        reading.append(timed(Contender("reading", lambda: list(writer.statutes(world)))))
        for item in writer.statutes(world):
            found = writer.proved(*item)
            rounds.setdefault(found.name, []).append(found.seconds)
            obligations[found.name] = len(found.obligations)
    each = min(reading) / len(rounds)
    print(ROW.format("proofs", "obligations", "min ms", "median ms", "x reading", f"bar {BAR} s"))
    for name, seconds in rounds.items():
        least, held = min(seconds), Held.by(min(seconds) <= BAR)
        times = [f"{one * 1000:.0f}" for one in (least, median(seconds))]
        print(ROW.format(name, obligations[name], *times, f"{least / each:.1f}", held))
    return max(Held.by(min(seconds) <= BAR) for seconds in rounds.values()), []
