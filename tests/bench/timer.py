"""The contenders of one benchmark in a process of their own: their names, then a time for each number.

python -P timer.py BENCHMARK, where PYTHONPATH says whose benchmark and whose code.
"""

import sys
from importlib import import_module
from time import perf_counter

from measure import Comparison


def main() -> None:
    """Say the names on one line, then the seconds of each contender that a line asks for."""
    answers, sys.stdout = sys.stdout, sys.stderr
    found: list[Comparison] = import_module(sys.argv[1]).comparisons()
    contenders = [product for comparison in found for product, _ in comparison.products]
    print("\t".join(one.name for one in contenders), file=answers, flush=True)
    for line in sys.stdin:
        started = perf_counter()
        contenders[int(line)].run()
        print(perf_counter() - started, file=answers, flush=True)


if __name__ == "__main__":
    main()
