"""The examples in docstrings say what is so."""

import doctest
import pkgutil
from importlib import import_module

import pytest

import coopfx

MODULES = [module.name for module in pkgutil.walk_packages(coopfx.__path__, "coopfx.")]


@pytest.mark.parametrize("name", ["coopfx", *MODULES])
def test_the_examples_of_a_module_hold(name: str) -> None:
    result = doctest.testmod(import_module(name))
    assert not result.failed


def test_there_are_examples() -> None:
    attempted = sum(doctest.testmod(import_module(name)).attempted for name in MODULES)
    assert attempted >= 20
