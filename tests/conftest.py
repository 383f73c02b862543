"""What the tests share: the world, files that hold what is expected, and what a run tells in the end."""

import difflib
import gc
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from coopfx.ground.report import Report
from coopfx.plugged.world import World, load_world

ROOT = Path(__file__).parents[1]
MOST_SHOWN = 60
Golden = Callable[..., None]

OFTEN, SELDOM = gc.get_threshold(), (50_000, 20, 100)
"""How often Python goes through objects by itself, and while tests run."""


def pytest_configure(config: pytest.Config) -> None:
    """Look for circles of objects seldom: words and programs are large, live long and hold none.

    To go through them as often as Python does by itself takes a sixth of the time of all tests.
    """
    gc.set_threshold(*SELDOM)


def pytest_collection_finish() -> None:
    """What is there once tests are collected stays: it is not gone through again."""
    gc.freeze()


@pytest.fixture
def collecting() -> Iterator[None]:
    """Objects are gone through as often as they are outside of tests."""
    gc.set_threshold(*OFTEN)
    yield
    gc.set_threshold(*SELDOM)


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--rewrite-cases",
        action="store_true",
        help="write what is found into the files that hold what is expected, instead of comparing",
    )


@pytest.fixture(scope="session")
def world() -> World:
    """The real world: coopfx and every plugin that is installed."""
    report = Report()
    loaded = load_world(report)
    assert not report.diagnostics, [item.code for item in report.diagnostics]
    return loaded


@pytest.fixture
def golden(request: pytest.FixtureRequest) -> Golden:
    """Holds a text against the file that has what is expected, or writes it there with --rewrite-cases.

    A difference is shown line by line, each with its file and line, and how the file is written anew:
    by ``how``, where that is a command of its own.
    """

    def compare(path: Path, found: str, how: str = "") -> None:
        expected = path.read_text("utf-8") if path.is_file() else ""
        if found == expected:
            return
        if request.config.getoption("--rewrite-cases") and not how:
            path.write_text(found, "utf-8")
            return
        lines = list(differing(path, expected, found))
        if len(lines) > MOST_SHOWN:
            lines[MOST_SHOWN:] = [f"... and {len(lines) - MOST_SHOWN} lines more"]
        test = request.node.nodeid.partition("[")[0]
        again = how or f".venv/bin/pytest {test} --rewrite-cases"
        lines += ["", f"- is expected, + is found. Where what is found is right, write it: {again}"]
        pytest.fail("\n".join(["not as it was:", *lines]), pytrace=False)

    return compare


def differing(path: Path, expected: str, found: str) -> Iterator[str]:
    """The lines that two texts do not share, after the file and the line of the first."""
    shown = path.relative_to(ROOT) if path.is_relative_to(ROOT) else path
    old, new = expected.splitlines(keepends=True), found.splitlines(keepends=True)
    matcher = difflib.SequenceMatcher(None, old, new, autojunk=False)
    for kind, start, end, there, until in matcher.get_opcodes():
        if kind != "equal":
            yield f"{shown}:{start + 1}"
            yield from (f"  - {_visible(line)}" for line in old[start:end])
            yield from (f"  + {_visible(line)}" for line in new[there:until])


def _visible(line: str) -> str:
    """A line with what would not be seen at its end."""
    text = line.removesuffix("\n")
    if text != text.rstrip() or text == line:
        return f"{text!r}" + ("" if text != line else " without an end of line")
    return text


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
