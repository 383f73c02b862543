"""Arrays on the disk, between one step of a run and the next: files that appear whole or not at all."""

import os
import tempfile
from pathlib import Path

import numpy as np

from coopfx.engine.columns.values import Array


def save(path: Path, arrays: dict[str, Array]) -> None:
    """Put arrays in a file."""
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=".half-", suffix=".npz")
    with os.fdopen(handle, "wb") as file:
        np.savez(file, allow_pickle=False, **arrays)
    Path(name).replace(path)


def load(path: Path) -> dict[str, Array]:
    """The arrays of a file. Nothing of it is ever run."""
    with np.load(path, allow_pickle=False) as kept:
        return {name: kept[name] for name in kept.files}


def write_text(path: Path, text: str) -> None:
    """Put a text in a file."""
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=".half-")
    with os.fdopen(handle, "w", encoding="utf-8", newline="\n") as file:
        file.write(text)
    made = Path(name)
    made.chmod(0o644)
    made.replace(path)
