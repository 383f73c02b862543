"""Statutes of worker cooperatives, written as a text that runs.

The public names load on first use, so that ``import coopfx`` stays light.

>>> import coopfx
>>> coopfx.__version__.count(".")
2
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

from coopfx.ground.version import __version__ as __version__
from coopfx.moved import keep_old_paths

if TYPE_CHECKING:
    from coopfx.desk.policy import open_policy as open_policy
    from coopfx.engine.outcome import Explanation as Explanation
    from coopfx.engine.outcome import Outcome as Outcome
    from coopfx.ground.facts import Facts as Facts
    from coopfx.ground.report import Diagnostic as Diagnostic
    from coopfx.ground.report import Report as Report
    from coopfx.ground.words import Words as Words
    from coopfx.pipeline import compile_statute as compile_statute
    from coopfx.pipeline import evaluate as evaluate
    from coopfx.pipeline import explain as explain
    from coopfx.pipeline import read_year as read_year
    from coopfx.plugged.world import World as World
    from coopfx.plugged.world import load_world as load_world
    from coopfx.scripts.mistakes import PolicyError as PolicyError
    from coopfx.scripts.policy import HeldPolicy as HeldPolicy
    from coopfx.scripts.policy import HeldYear as HeldYear
    from coopfx.scripts.policy import Why as Why
    from coopfx.scripts.policy import open as open
    from coopfx.scripts.projected import HeldProjection as HeldProjection
    from coopfx.scripts.tables import Table as Table

_HOMES = {
    "open": "scripts.policy",
    "HeldPolicy": "scripts.policy",
    "HeldYear": "scripts.policy",
    "Why": "scripts.policy",
    "HeldProjection": "scripts.projected",
    "Table": "scripts.tables",
    "PolicyError": "scripts.mistakes",
    "Explanation": "engine.outcome",
    "Words": "ground.words",
    "World": "plugged.world",
    "load_world": "plugged.world",
    "open_policy": "desk.policy",
    "compile_statute": "pipeline",
    "read_year": "pipeline",
    "evaluate": "pipeline",
    "explain": "pipeline",
    "Facts": "ground.facts",
    "Outcome": "engine.outcome",
    "Diagnostic": "ground.report",
    "Report": "ground.report",
}

__all__ = ["__version__", *sorted(_HOMES)]


keep_old_paths()


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module 'coopfx' has no attribute {name!r}")
    return getattr(import_module(f"coopfx.{_HOMES[name]}"), name)


def __dir__() -> list[str]:
    return __all__
