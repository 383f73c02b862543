"""Run the benchmarks: python tests/bench/run.py [NAME ...]; exit status 1 if a bar is missed."""

import argparse
import sys
from collections.abc import Callable

import ledger
import papers
import peers
import proofs
import readers
import startup
from measure import Comparison, Result, Timing, measure

BENCHMARKS: dict[str, Callable[[], list[Comparison]]] = {
    "ledger": ledger.comparisons,
    "startup": startup.comparisons,
    "readers": readers.comparisons,
    "papers": papers.comparisons,
}

SHOWN: dict[str, Callable[[], bool]] = {"proofs": proofs.show, "workload": peers.show}
"""What prints its own rows, and tells whether all bars are kept."""

ROW = "{:<32} {:>9} {:>9} {:>7} {:>7} {:>6}  {}"


def main() -> int:
    """Run the benchmarks named, or all of them, and print each against its bar."""
    parser = argparse.ArgumentParser(description="Product and peer in turn, against the bars.")
    parser.add_argument(
        "names", nargs="*", metavar="NAME", help=f"of {', '.join([*BENCHMARKS, *SHOWN])}"
    )
    known = [*BENCHMARKS, *SHOWN]
    names = parser.parse_args().names or known
    unknown = [name for name in names if name not in known]
    if unknown:
        parser.error(f"no benchmark is called {', '.join(unknown)}")
    kept = [
        show(name, comparison)
        for name in names
        if name in BENCHMARKS
        for comparison in BENCHMARKS[name]()
    ]
    kept += [SHOWN[name]() for name in names if name in SHOWN]
    return 0 if all(kept) else 1


def show(name: str, comparison: Comparison) -> bool:
    """Measure and print one comparison; are all its bars kept?"""
    results = list(measure(comparison))
    print(ROW.format(name, "min ms", "median ms", "x min", "x med", "bar", ""))
    peer = results[0].peer
    print(ROW.format(*cells(peer), "", "", "", "peer"))
    for result in results:
        print(ROW.format(*cells(result.product), *verdict(result)))
    return all(result.holds for result in results)


def cells(timing: Timing) -> tuple[str, str, str]:
    """A contender's name, least and median milliseconds."""
    return timing.name, f"{timing.least * 1000:.1f}", f"{timing.middle * 1000:.1f}"


def verdict(result: Result) -> tuple[str, str, str, str]:
    """The two ratios, the bar, and whether the median keeps it."""
    word = "kept" if result.holds else "MISSED"
    return f"{result.ratio_of_least:.2f}", f"{result.ratio:.2f}", f"{result.bar:.1f}", word


if __name__ == "__main__":
    sys.exit(main())
