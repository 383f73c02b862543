import sys
from importlib import import_module

import pytest

from coopfx.moved import MOVED


@pytest.mark.parametrize(("old", "new"), sorted(MOVED.items()))
def test_an_old_path_still_imports_with_a_word(old: str, new: str) -> None:
    sys.modules.pop(old, None)
    with pytest.warns(DeprecationWarning, match=f"{old} is now {new}: import it from there"):
        kept = import_module(old)
    moved = import_module(new)
    names = [name for name in vars(moved) if not name.startswith("_")]
    assert names
    assert all(getattr(kept, name) is getattr(moved, name) for name in names)
    del sys.modules[old]


def test_what_never_was_is_not_found() -> None:
    with pytest.raises(ModuleNotFoundError, match=r"coopfx\.cellar"):
        import_module("coopfx.cellar")
