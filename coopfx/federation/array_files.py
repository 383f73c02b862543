"""Arrays on the disk, between one step of a run and the next: files that appear whole or not at all.

Each file is synced before it takes its name, and writing it tells its hash: who relies on it later
holds the two together, for a disk may fill up, lose what it had not written, or turn a bit.
"""

import hashlib
import os
import tempfile
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import IO

import numpy as np

from coopfx.engine.columns.values import Array


class DamagedError(OSError):
    """A file between two steps of a run is not as it was written."""


def save(path: Path, arrays: dict[str, Array]) -> str:
    """Put arrays in a file; its hash."""
    return _put(path, lambda file: np.savez(file, allow_pickle=False, **arrays))


def load(path: Path, prefix: str = "") -> dict[str, Array]:
    """The arrays of a file, or those whose names begin so. Nothing of it is ever run.

    Raises DamagedError where it is not as it was written.
    """
    try:
        with np.load(path, allow_pickle=False) as kept:
            return {name: kept[name] for name in kept.files if name.startswith(prefix)}
    except Exception as error:  # whatever a library finds in a file that is cut or turned
        raise DamagedError(f"{path.parent.name}/{path.name} is damaged") from error


def write_text(path: Path, text: str) -> str:
    """Put a text in a file; its hash."""
    digest = _put(path, lambda file: file.write(text.encode()))
    path.chmod(0o644)
    return digest


def digest_of(path: Path) -> str:
    """The hash of a file; empty where it cannot be read."""
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError:
        return ""


def damaged(folder: Path, digests: Mapping[str, str]) -> list[str]:
    """Which files of a folder are not as they were written, by their names and hashes."""
    return [name for name, digest in digests.items() if digest_of(folder / name) != digest]


def sync(folder: Path) -> None:
    """See to it that the names of a folder's files are on the disk, where the system has a way to."""
    with suppress(OSError):
        opened = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(opened)
        finally:
            os.close(opened)


def sync_file(path: Path) -> str:
    """See to it that a file which something else has written is on the disk; its hash."""
    with path.open("rb+") as file:
        os.fsync(file.fileno())
    return digest_of(path)


def _put(path: Path, write: Callable[[IO[bytes]], object]) -> str:
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=".half-")
    with os.fdopen(handle, "w+b") as file:
        write(file)
        file.flush()
        os.fsync(file.fileno())
        file.seek(0)
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    Path(name).replace(path)
    return digest
