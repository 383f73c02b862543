"""Growth of the common workload, streamed from Parquet: from a thousand people to ten million."""

import tempfile
from math import log
from pathlib import Path

import streamed
from measure import Held

SIZES = (1_000, 10_000, 100_000, 1_000_000, 10_000_000)
FITTED_FROM = 100_000
MOST = 1.1
"""The greatest exponent that still counts as linear."""


def show() -> tuple[Held, list[str]]:
    """Run every size and print it; whether growth is linear, and the same as Markdown."""
    print(f"{'growth':<12} {'seconds':>9} {'evaluating':>11} {'ns a person':>12} {'peak MB':>9}")
    page = [
        "| people | cooperatives | Parquet in, MB | seconds in all | evaluating | peak memory, MB |",
        "| ---: | ---: | ---: | ---: | ---: | ---: |",
    ]
    found = []
    for size in SIZES:
        with tempfile.TemporaryDirectory(prefix="coopfx-growth-") as folder:
            one = streamed.run(size, Path(folder))
        found.append(one)
        each = one.evaluating / one.people * 1e9
        print(
            f"{one.people:<12,} {one.seconds:>9.3f} {one.evaluating:>11.3f} {each:>12.0f}"
            f" {one.peak / 1e6:>9.0f}"
        )
        page.append(line(one))
    large = [one for one in found if one.people >= FITTED_FROM]
    whole = exponent([(one.people, one.seconds) for one in large])
    inner = exponent([(one.people, one.evaluating) for one in large])
    held = Held.by(whole <= MOST)
    said = (
        f"From {FITTED_FROM:,} people on, seconds grow as people to the power of {whole:.2f} in all, "
        f"{inner:.2f} evaluating (linear is 1)."
    )
    print(said, held, "\n")
    return held, [*page, "", said, ""]


def line(one: streamed.Streamed) -> str:
    """A run as a row of the page."""
    return (
        f"| {one.people:,} | {one.cooperatives:,} | {one.input_bytes / 1e6:,.1f} | {one.seconds:.2f} "
        f"| {one.evaluating:.2f} | {one.peak / 1e6:.0f} |"
    )


def exponent(points: list[tuple[int, float]]) -> float:
    """The slope of a straight line through the points' logarithms, by least squares."""
    logs = [(log(size), log(seconds)) for size, seconds in points]
    middle, level = (sum(axis) / len(logs) for axis in zip(*logs, strict=True))
    above = sum((x - middle) * (y - level) for x, y in logs)
    slope: float = above / sum((x - middle) ** 2 for x, _ in logs)
    return slope
