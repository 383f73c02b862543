"""The examples in docstrings say what is so."""

import doctest
import pkgutil
from importlib import import_module
from pathlib import Path

import pytest

import coopfx

PLUGINS = Path(__file__).parents[1] / "plugins"
MODULES = [module.name for module in pkgutil.walk_packages(coopfx.__path__, "coopfx.")]
OF_PLUGINS = [
    ".".join(path.relative_to(package.parent).with_suffix("").parts)
    for package in sorted(PLUGINS.glob("*/coopfx_*"))
    for path in sorted(package.rglob("*.py"))
    if ">>>" in path.read_text("utf-8")
]
"""Those alone that have examples: others load what takes long."""


@pytest.mark.parametrize("name", ["coopfx", *MODULES, *OF_PLUGINS])
def test_the_examples_of_a_module_hold(name: str) -> None:
    result = doctest.testmod(import_module(name))
    assert not result.failed


def test_there_are_examples() -> None:
    attempted = sum(doctest.testmod(import_module(name)).attempted for name in MODULES)
    assert attempted >= 20
