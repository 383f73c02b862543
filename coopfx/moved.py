"""The paths at which modules lay until each floor had its folder, kept for strangers' plugins.

An old path still imports, with a DeprecationWarning that names the new one, until the contract of
plugins next changes.

>>> import warnings
>>> with warnings.catch_warnings(record=True) as told:
...     warnings.simplefilter("always")
...     from coopfx.hookspecs import hookimpl
>>> told[0].message.args[0]
'coopfx.hookspecs is now coopfx.plugged.hookspecs: import it from there'
"""

import sys
import warnings
from collections.abc import Sequence
from importlib import import_module
from importlib.machinery import ModuleSpec
from types import ModuleType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from importlib.abc import Loader
else:  # the real one would load importlib.resources, and with it half of the library
    Loader = object

MOVED = {
    f"coopfx.{old}": f"coopfx.{new}"
    for old, new in {
        "aloud": "ground.aloud",
        "builtin": "plugged.builtin",
        "conformance": "laws.conformance",
        "data": "desk.data",
        "exact": "ground.exact",
        "examine": "laws.examine",
        "facts": "ground.facts",
        "hookspecs": "plugged.hookspecs",
        "law_words": "desk.law_words",
        "lawbook": "laws.book",
        "packs": "desk.packs",
        "plain": "ground.plain",
        "plugins": "plugged.world",
        "policy": "desk.policy",
        "report": "ground.report",
        "sentences": "plugged.sentences",
        "source": "ground.source",
        "tables": "ground.tables",
        "words": "ground.words",
    }.items()
}


class _Finder(Loader):
    """Finds what moved, after every other finder has found nothing."""

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        return ModuleSpec(fullname, self) if fullname in MOVED else None

    def create_module(self, spec: ModuleSpec) -> None:
        return None

    def exec_module(self, module: ModuleType) -> None:
        new = MOVED[module.__name__]
        warnings.warn(
            f"{module.__name__} is now {new}: import it from there",
            DeprecationWarning,
            stacklevel=2,
        )
        moved = import_module(new)
        module.__dict__["__getattr__"] = moved.__getattribute__
        module.__doc__ = moved.__doc__


def keep_old_paths() -> None:
    """Let the old paths import; done once, when coopfx is first imported."""
    if not any(isinstance(finder, _Finder) for finder in sys.meta_path):
        sys.meta_path.append(_Finder())
