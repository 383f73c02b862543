"""The examples in docstrings say what is so."""

import doctest
import pkgutil
from importlib import import_module
from pathlib import Path

import pytest

import coopfx

PLUGINS = Path(__file__).parents[1] / "plugins"
MODULES = ["coopfx", *(one.name for one in pkgutil.walk_packages(coopfx.__path__, "coopfx."))]
OF_PLUGINS = [
    ".".join(path.relative_to(package.parent).with_suffix("").parts)
    for package in sorted(PLUGINS.glob("*/coopfx_*"))
    for path in sorted(package.rglob("*.py"))
    if ">>>" in path.read_text("utf-8")
]
"""Those alone that have examples: others load what takes long."""


def with_examples() -> list[str]:
    """The modules whose text has an example, each of which is loaded."""
    found = [import_module(name) for name in MODULES]
    return [one.__name__ for one in found if ">>>" in Path(str(one.__file__)).read_text("utf-8")]


def test_the_examples_of_every_module_hold() -> None:
    results = [doctest.testmod(import_module(name)) for name in with_examples()]
    assert not any(one.failed for one in results)
    assert sum(one.attempted for one in results) >= 20


@pytest.mark.parametrize("name", OF_PLUGINS)
def test_the_examples_of_a_module_of_a_plugin_hold(name: str) -> None:
    assert not doctest.testmod(import_module(name)).failed
