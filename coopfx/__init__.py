"""Statutes of worker cooperatives, written as a text that runs.

The public names load on first use, so that ``import coopfx`` stays light.

>>> import coopfx
>>> coopfx.__version__.count(".")
2
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

__version__ = "0.1.0"

if TYPE_CHECKING:
    from coopfx.engine.outcome import Outcome as Outcome
    from coopfx.facts import Facts as Facts
    from coopfx.pipeline import compile_statute as compile_statute
    from coopfx.pipeline import evaluate as evaluate
    from coopfx.pipeline import explain as explain
    from coopfx.pipeline import read_year as read_year
    from coopfx.plugins import World as World
    from coopfx.plugins import load_world as load_world
    from coopfx.policy import open_policy as open_policy
    from coopfx.report import Diagnostic as Diagnostic
    from coopfx.report import Report as Report

_HOMES = {
    "World": "plugins",
    "load_world": "plugins",
    "open_policy": "policy",
    "compile_statute": "pipeline",
    "read_year": "pipeline",
    "evaluate": "pipeline",
    "explain": "pipeline",
    "Facts": "facts",
    "Outcome": "engine.outcome",
    "Diagnostic": "report",
    "Report": "report",
}

__all__ = ["__version__", *sorted(_HOMES)]


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module 'coopfx' has no attribute {name!r}")
    return getattr(import_module(f"coopfx.{_HOMES[name]}"), name)


def __dir__() -> list[str]:
    return __all__
