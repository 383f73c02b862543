"""What need not be worked out twice, kept in the user's own cache folder.

Nothing here is ever needed for an answer: where the folder cannot be written, or what it holds
cannot be read, the value is made anew. The folder is the user's alone (mode 0700), because what is
kept is read back with pickle: a folder that others may write to is not used.
"""

import contextlib
import hashlib
import os
import pickle
import stat
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar, cast

T = TypeVar("T")


def folder() -> Path | None:
    """The user's cache folder for this project, made if need be; None where none can be trusted."""
    if sys.platform == "darwin":
        base = Path.home() / "Library" / "Caches"
    else:
        named = os.environ.get("LOCALAPPDATA" if os.name == "nt" else "XDG_CACHE_HOME", "")
        base = Path(named) if named else Path.home() / ".cache"
    path = base / "coopfx"
    try:
        path.mkdir(mode=0o700, parents=True, exist_ok=True)
        status = path.lstat()
    except (OSError, RuntimeError):
        return None
    if not stat.S_ISDIR(status.st_mode):
        return None
    if os.name == "posix" and (status.st_uid != os.getuid() or status.st_mode & 0o077):
        return None
    return path


def digest(*parts: str | bytes) -> str:
    """A key for what depends on these parts, and on nothing else but this version of Python."""
    total = hashlib.sha256(sys.version.encode())
    for part in parts:
        data = part.encode() if isinstance(part, str) else part
        total.update(len(data).to_bytes(8, "big") + data)
    return total.hexdigest()


def read(kind: str, key: str) -> bytes | None:
    """The bytes kept under a key, or None."""
    home = folder()
    if home is None:
        return None
    try:
        return (home / f"{kind}-{key}").read_bytes()
    except OSError:
        return None


def write(kind: str, key: str, data: bytes) -> None:
    """Keep bytes under a key: whole or not at all."""
    home = folder()
    if home is None:
        return
    with contextlib.suppress(OSError):
        handle, name = tempfile.mkstemp(dir=home)
        with os.fdopen(handle, "wb") as file:
            file.write(data)
        Path(name).replace(home / f"{kind}-{key}")


def read_value(kind: str, key: str) -> object:
    """The value kept under a key; None where there is none, or none that can be read."""
    data = read(kind, key)
    if data is None:
        return None
    try:
        found: object = pickle.loads(data)
    except Exception:  # a value of an older version, or a damaged file: it is made anew
        return None
    return found


def write_value(kind: str, key: str, value: object) -> None:
    """Keep a value under a key: whole or not at all."""
    write(kind, key, pickle.dumps(value, protocol=pickle.HIGHEST_PROTOCOL))


def remember(kind: str, key: str, make: Callable[[], T]) -> T:
    """The value kept under a key, or else the one that ``make`` returns, which is then kept.

    None is never kept: what could not be made is tried again, and what is wrong with it told again.
    """
    kept = read_value(kind, key)
    if kept is not None:
        return cast(T, kept)
    value = make()
    if value is not None:
        write_value(kind, key, value)
    return value
