"""What the tests share: the option by which golden cases are written anew."""

from collections import Counter
from typing import Any

import pytest


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--rewrite-cases",
        action="store_true",
        help="write what the commands of tests/cases/ answer into the cases, instead of comparing",
    )


def pytest_terminal_summary(terminalreporter: Any) -> None:
    """Print what the generators of compared statutes and years have covered, all workers together."""
    total: Counter[str] = Counter()
    for report in terminalreporter.getreports("passed") + terminalreporter.getreports("failed"):
        for name, value in getattr(report, "user_properties", []):
            if name == "covered" and report.when == "call":
                total.update(value)
    if total:
        terminalreporter.section("covered by generated statutes and years")
        for name, count in sorted(total.items()):
            terminalreporter.write_line(f"{count:10} {name}")
