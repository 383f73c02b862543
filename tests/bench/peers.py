"""The common workload beside its peers, in their own runner: every cell compared, ratios printed.

The runner is a script outside this repository; WORKLOAD names it, ``../shared/bench/run.sh`` beside
the checkout is tried otherwise. The peers live in environments of their own, made on the first run in
BENCH_ENVS (``~/.cache/coopfx-bench``); one that cannot be installed is told, and the others run. A bar
whose runner, peer or row is lacking is not measured, which is not to keep it.
"""

import os
import re
import subprocess
import sys
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from measure import Held

REPOSITORY = Path(__file__).parents[2]
RUNNER = Path(os.environ.get("WORKLOAD", REPOSITORY.parent / "shared" / "bench" / "run.sh"))
ENVIRONMENTS = Path(os.environ.get("BENCH_ENVS", Path.home() / ".cache" / "coopfx-bench"))

COLUMNS = "coopfx columns"
GAPS, REFERENCE = "coopfx columns, 1 % missing", "coopfx reference"
OWN = {COLUMNS: "Columns", GAPS: "Gaps", REFERENCE: "Reference"}
BY_HAND, LIMIT = "numpy 64k blocks", "C int128 1 thread"
OPENFISCA, FRACTION = "openfisca f32 (as documented)", "plain Python Fraction"
INTEGERS, POLARS = "plain Python int", "polars Int128"
PANDAS, ZEN = "pandas float64 (inexact)", "zen-engine, host LR"
ALL = (BY_HAND, LIMIT, INTEGERS, POLARS, PANDAS, OPENFISCA, ZEN, COLUMNS, GAPS)
CASES = {
    "A": ("one cooperative of 180 people", (*ALL, FRACTION, REFERENCE), 15),
    "B": ("one cooperative of a million people", ALL, 5),
    "C": ("10,000 cooperatives, 992,511 people in all, each with its own percentages", ALL, 5),
}
"""Each case: what it is, who runs it, how many rounds."""

PEERS = {
    "peers": ("numpy", "pandas", "polars", "zen-engine"),
    "openfisca": ("openfisca-core",),
}


@dataclass(frozen=True)
class Bar:
    """A ratio of two rows of a case that is to hold."""

    case: str
    own: str
    peer: str
    most: float | None


BARS = (
    Bar("A", COLUMNS, OPENFISCA, 1.0),
    Bar("A", REFERENCE, FRACTION, 3.0),
    Bar("B", COLUMNS, BY_HAND, 1.3),
    Bar("C", COLUMNS, BY_HAND, 1.3),
    Bar("B", COLUMNS, LIMIT, 2.0),
    Bar("C", COLUMNS, LIMIT, 2.0),
    *(Bar(case, COLUMNS, peer, 0.25) for case in "BC" for peer in (POLARS, PANDAS, OPENFISCA, ZEN)),
    Bar("B", GAPS, COLUMNS, None),
    Bar("C", GAPS, COLUMNS, None),
)
"""All that performance is held to here; without a bound, the ratio is told."""

_ROW = re.compile(
    r"^\S+ +(?P<label>.+?) +min +(?P<least>[\d.]+) med +(?P<middle>[\d.]+) ms.*diff (?P<diff>.*)$"
)


@dataclass(frozen=True)
class Row:
    """One contender of a case: milliseconds, and whether every cell is the exact one."""

    label: str
    least: float
    middle: float
    cells: str


def show() -> tuple[Held, list[str]]:
    """Run every case and print it; what became of the bars, and the same as Markdown."""
    if not has_runner():
        return Held.UNMEASURED, ["Not measured: the peers' runner was not there.", ""]
    page = [*install()]
    rows: dict[str, dict[str, Row]] = {}
    for case, (what, labels, rounds) in CASES.items():
        extra = (f"{label}|{sys.executable}|rows:{name}" for label, name in OWN.items())
        rows[case] = run_case(case, rounds, labels, extra)
        failed = [label for label in labels if label not in rows[case]]
        page += _table(case, what, rows[case], failed)
    held, lines = _bars(rows)
    return held, [*page, *lines]


def has_runner() -> bool:
    """Whether the peers' runner is there; told where it is not."""
    if not RUNNER.is_file():
        print(f"workload: {Held.UNMEASURED}, no runner at {RUNNER}")
        print("          name it with WORKLOAD=/path/to/run.sh")
    return RUNNER.is_file()


def install(peers: Mapping[str, Sequence[str]] = PEERS) -> list[str]:
    """Make the peers' environments; what could not be installed is told."""
    lines = []
    for name, packages in peers.items():
        python = ENVIRONMENTS / name / "bin" / "python"
        if not python.is_file():
            subprocess.run([sys.executable, "-m", "venv", str(ENVIRONMENTS / name)], check=True)
        installed = _installed(python)
        for package in packages:
            if package in installed:
                continue
            command = [str(python), "-m", "pip", "-q", "install", package]
            if subprocess.run(command, capture_output=True, check=False).returncode:
                lines.append(f"`{package}` could not be installed: its rows are left out.")
                print(f"workload: {lines[-1]}")
    return [*lines, ""] if lines else []


def _installed(python: Path) -> set[str]:
    command = [str(python), "-m", "pip", "list", "--format=freeze"]
    listed = subprocess.run(command, capture_output=True, text=True, check=False).stdout
    return {line.split("==")[0].lower() for line in listed.splitlines()}


def run_case(case: str, rounds: int, labels: Sequence[str], extra: Iterable[str]) -> dict[str, Row]:
    """The rows of one case by their labels; ``extra`` are those that the runner does not know."""
    environment = os.environ | {
        "BENCH_ENVS": str(ENVIRONMENTS),
        "BENCH_EXTRA": "\n".join(extra),
        "PYTHONPATH": os.pathsep.join([str(Path(__file__).parent), str(REPOSITORY)]),
    }
    wanted = "^(" + "|".join(map(re.escape, labels)) + ")$"
    ran = subprocess.run(
        ["bash", str(RUNNER), case, str(rounds), wanted],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    rows = {}
    for line in ran.stdout.splitlines():
        if (match := _ROW.match(line)) and match["label"] in labels:
            cells = "equal" if match["diff"].strip() == "{}" else match["diff"].strip()
            label = match["label"]
            cells = "not compared" if label.startswith(GAPS) else cells
            rows[label] = Row(label, float(match["least"]), float(match["middle"]), cells)
    if not rows:
        print(f"workload {case}: the runner gave no rows: {ran.stderr.strip()[-300:]}")
    return rows


def _table(case: str, what: str, rows: dict[str, Row], failed: list[str]) -> list[str]:
    """One case, printed, and as Markdown."""
    own = rows.get(COLUMNS)
    print(f"workload {case:<24} {'min ms':>10} {'median ms':>10} {'x ' + COLUMNS:>18}  cells")
    page = [
        f"**{case}**, {what}",
        "",
        f"| | least, ms | median, ms | times {COLUMNS} | cells |",
        "| --- | ---: | ---: | ---: | --- |",
    ]
    for row in sorted(rows.values(), key=lambda one: one.least):
        times = "" if own is None else f"{row.least / own.least:.2f}"
        print(f"{row.label:<33} {row.least:>10.2f} {row.middle:>10.2f} {times:>18}  {row.cells}")
        cells = row.cells.replace("{", "differ: ").strip("}").replace("'", "")
        page.append(f"| {row.label} | {row.least:.2f} | {row.middle:.2f} | {times} | {cells} |")
    for label in failed:
        print(f"{label:<33} did not run")
        page.append(f"| {label} | | | | did not run |")
    print()
    return [*page, ""]


def _bars(rows: dict[str, dict[str, Row]]) -> tuple[Held, list[str]]:
    """Every bar, printed, and as Markdown; what became of all of them."""
    page = ["| case | ratio of | to | least | median | bar | |", "| --- " * 7 + "|"]
    became = []
    for bar in BARS:
        own, peer = rows[bar.case].get(bar.own), rows[bar.case].get(bar.peer)
        held, ratio, middle = Held.UNMEASURED, "", ""
        if own is not None and peer is not None:
            least = own.least / peer.least
            ratio, middle = f"{least:.2f}", f"{own.middle / peer.middle:.2f}"
            equal = bar.own == GAPS or own.cells == "equal"
            held = Held.by(equal and (bar.most is None or least <= bar.most))
        became.append(held)
        told = held is Held.KEPT and bar.most is None
        word, most = "" if told else str(held), "" if bar.most is None else f"{bar.most}"
        print(f"{bar.case}: {bar.own} to {bar.peer}: {ratio} (median {middle}) {most} {word}")
        page.append(
            f"| {bar.case} | {bar.own} | {bar.peer} | {ratio} | {middle} | {most} | {word} |"
        )
    print()
    return max(became), ["**Bars**, by the least time of each", "", *page, ""]
