"""Time to check a text that is long in one thing, up to a megabyte: it grows as the text does."""

import gc
import sys
from pathlib import Path
from time import perf_counter

from coopfx import pipeline
from coopfx.desk.policy import Policy, StatuteFile
from coopfx.ground.report import Report
from coopfx.ground.source import Source
from coopfx.plugged.world import World, load_world
from growth import exponent
from measure import Held

sys.path.append(str(Path(__file__).parents[1] / "language"))
from long_texts import SHAPES

SIZES = (62_500, 250_000, 1_000_000)
MOST = 1.25
"""The greatest exponent that still counts as linear: a clock says no more of two runs."""
_LEAST = 0.1
"""Seconds below which a time says nothing of growth."""


def show() -> tuple[Held, list[str]]:
    """Check every shape at each size and print it; whether none grows faster than its text."""
    world = load_world(Report())
    print(f"{'texts long in one thing':<28} {'1/16 MB':>9} {'1/4 MB':>9} {'1 MB':>9} {'power':>6}")
    page = [
        "| long in | 1/16 MB, s | 1/4 MB, s | 1 MB, s | grows by the power of |",
        "| --- | ---: | ---: | ---: | ---: |",
    ]
    kept = True
    for name, (language, make) in SHAPES.items():
        times = [_seconds(make(size), language, world) for size in SIZES]
        told = [(size, time) for size, time in zip(SIZES, times, strict=True) if time > _LEAST]
        power = exponent(told) if len(told) > 1 else 0.0
        kept = kept and power <= MOST
        said = f"{power:.2f}" if len(told) > 1 else "–"
        print(f"{name:<28} " + " ".join(f"{time:>9.3f}" for time in times), f"{said:>6}")
        page.append(f"| {name} | " + " | ".join(f"{time:.2f}" for time in times) + f" | {said} |")
    held = Held.by(kept)
    print(held, "\n")
    return held, [*page, ""]


def _seconds(text: str, language: str, world: World) -> float:
    """The least time of two checks of a text: what else a machine does only adds."""
    path = Path(f"statute.{language}.coop")
    file = StatuteFile(path, "", language)
    policy = Policy(path, language, {}, (file,))
    taken = []
    for _ in range(2):
        gc.collect()
        begun = perf_counter()
        source = Source(path.name, text, language)
        pipeline.compile_source(source, file, policy, world, Report())
        taken.append(perf_counter() - begun)
        if taken[0] > 5:
            break
    return min(taken)
