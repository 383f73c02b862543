"""What the tests share: the option by which golden cases are written anew."""

import pytest


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--rewrite-cases",
        action="store_true",
        help="write what the commands of tests/cases/ answer into the cases, instead of comparing",
    )
