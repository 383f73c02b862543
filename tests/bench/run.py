"""Run the benchmarks: python tests/bench/run.py [NAME ...] [--against CHECKOUT].

Exit status 1 if a bar is missed, else 2 if one could not be measured.

A run of them all writes its figures into docs/benchmarks.md, between the marks. Against another checkout,
both run in turn, and no page is written.
"""

import argparse
import os
import sys
from collections.abc import Callable
from datetime import date
from pathlib import Path

import against
import growth
import papers
import peers
import proofs
import readers
import scenarios
import startup
import texts
from measure import Comparison, Held, Result, Timing, measure

PAGE = Path(__file__).parents[2] / "docs" / "benchmarks.md"
MARKS = ("<!-- figures -->\n", "<!-- end of figures -->\n")

COMPARISONS: dict[str, Callable[[], list[Comparison]]] = {
    "startup": startup.comparisons,
    "readers": readers.comparisons,
    "papers": papers.comparisons,
    "scenarios": scenarios.comparisons,
}

BENCHMARKS: dict[str, Callable[[], tuple[Held, list[str]]]] = {
    "workload": peers.show,
    "growth": growth.show,
    "proofs": proofs.show,
    "texts": texts.show,
}
"""What shows itself, and says what became of its bars, and its lines of the page."""

HEADINGS = {
    "workload": "## The common workload",
    "growth": "## Growth",
    "texts": "## Texts that are long in one thing",
}
TABLE = [
    "| | least, ms | median, ms | times the first | by the median | bar | |",
    "| --- | ---: | ---: | ---: | ---: | ---: | --- |",
]
ROW = "{:<32} {:>9} {:>9} {:>7} {:>7} {:>6}  {}"


def main() -> int:
    """Run the benchmarks named, or all of them, and print each against its bar."""
    known = [*BENCHMARKS, *COMPARISONS]
    parser = argparse.ArgumentParser(description="Product and peer in turn, against the bars.")
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"of {', '.join(known)}")
    parser.add_argument(
        "--against", metavar="CHECKOUT", type=Path, help="run it in turn with this one"
    )
    arguments = parser.parse_args()
    asked = arguments.names
    unknown = [name for name in asked if name not in known]
    if unknown:
        parser.error(f"no benchmark is called {', '.join(unknown)}")
    if arguments.against is not None:
        return _ended(_against(parser, asked, arguments.against.resolve()))
    page = [_said_of_the_machine(), ""]
    became: list[Held] = []
    for name, whole in BENCHMARKS.items():
        if name in (asked or known):
            held, lines = whole()
            became.append(held)
            page += [HEADINGS[name], "", *lines] if lines else []
    page += ["## Reading, and starting", "", *TABLE]
    for name, comparisons in COMPARISONS.items():
        if name in (asked or known):
            for comparison in comparisons():
                held, lines = show(name, comparison)
                became.append(held)
                page += lines
    if not asked:
        write([*page, ""])
    return _ended(max(became, default=Held.KEPT))


def _ended(worst: Held) -> int:
    """Say what became of all bars; the exit status."""
    print(f"all bars: {worst}")
    return {Held.KEPT: 0, Held.MISSED: 1, Held.UNMEASURED: 2}[worst]


def _against(parser: argparse.ArgumentParser, asked: list[str], other: Path) -> Held:
    """Run both checkouts in turn; what became of the bars."""
    wholes = {"workload": against.workload, "growth": against.growing}
    known = [*wholes, *COMPARISONS]
    if not (other / "tests" / "bench" / "rows.py").is_file():
        parser.error(f"{other} is no checkout that has benchmarks")
    if alone := [name for name in asked if name not in known]:
        parser.error(f"not compared with another checkout: {', '.join(alone)}")
    print(against.HEAD)
    return max(
        wholes[name](other) if name in wholes else against.comparisons(name, other)
        for name in asked or known
    )


def write(page: list[str]) -> None:
    """Put the figures of a run into the page, and leave the rest as it stands."""
    before, rest = PAGE.read_text("utf-8").split(MARKS[0])
    after = rest.split(MARKS[1])[1]
    PAGE.write_text(before + MARKS[0] + "\n" + "\n".join(page) + MARKS[1] + after, "utf-8")
    print(f"written to {PAGE.name}")


def _said_of_the_machine() -> str:
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    version = ".".join(map(str, sys.version_info[:2]))
    return (
        f"{date.today()}, `make bench`, on {os.cpu_count()} cores and {memory:.0f} GB, "
        f"Python {version}. Contenders run in turn, round by round, warm."
    )


def show(name: str, comparison: Comparison) -> tuple[Held, list[str]]:
    """Measure and print one comparison; what became of its bars, and the same as Markdown."""
    results = list(measure(comparison))
    print(ROW.format(name, "min ms", "median ms", "x min", "x med", "bar", ""))
    peer = results[0].peer
    print(ROW.format(*cells(peer), "", "", "", "peer"))
    page = [f"| {' | '.join(cells(peer))} | 1 | 1 | | |"]
    for result in results:
        said = verdict(result)
        print(ROW.format(*cells(result.product), *said))
        page.append(f"| {' | '.join((*cells(result.product), *said))} |")
    return max(result.held for result in results), page


def cells(timing: Timing) -> tuple[str, str, str]:
    """A contender's name, least and median milliseconds."""
    return timing.name, f"{timing.least * 1000:.1f}", f"{timing.middle * 1000:.1f}"


def verdict(result: Result) -> tuple[str, str, str, str]:
    """The ratios of the least times and of the medians, the bar, and what became of it."""
    ratios = f"{result.ratio:.2f}", f"{result.ratio_of_medians:.2f}"
    return *ratios, f"{result.bar:.1f}", str(result.held)


if __name__ == "__main__":
    sys.exit(main())
