"""Bytes that need not be made twice, in the user's own cache folder.

Nothing here is ever needed for an answer: where the folder cannot be written, or what it holds has
been damaged, there is nothing. The folder is the user's alone (mode 0700), because what is kept is
read back with pickle: a folder that others may write to is not used. Only ``code`` and ``kept`` use
this module: what rests on the code as well is kept by ``kept``.
"""

import contextlib
import hashlib
import os
import stat
import sys
import tempfile
from pathlib import Path

MOST = 64 * 2**20
"""Bytes from which on the oldest entries go, until three quarters are left."""

_written = MOST


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
    """The bytes kept under a key; None where there are none, or other ones than were kept."""
    home = folder()
    if home is None:
        return None
    try:
        data = (home / f"{kind}-{key}").read_bytes()
    except OSError:
        return None
    checksum, data = data[:_LENGTH], data[_LENGTH:]
    return data if checksum == _checksum(kind, key, data) else None


def write(kind: str, key: str, data: bytes) -> None:
    """Keep bytes under a key, whole or not at all; the oldest entries make room."""
    home = folder()
    if home is None:
        return
    with contextlib.suppress(OSError):
        handle, name = tempfile.mkstemp(dir=home)
        with os.fdopen(handle, "wb") as file:
            file.write(_checksum(kind, key, data) + data)
        Path(name).replace(home / f"{kind}-{key}")
    _make_room(home, len(data))


def _checksum(kind: str, key: str, data: bytes) -> bytes:
    return hashlib.sha256(f"{kind}-{key}\n".encode() + data).digest()


_LENGTH = hashlib.sha256().digest_size


def _make_room(home: Path, more: int) -> None:
    """Delete the oldest entries of a folder that is too large; looked at now and then."""
    global _written
    _written += more
    if _written < MOST // 8:
        return
    _written = 0
    entries, total = [], 0
    with contextlib.suppress(OSError), os.scandir(home) as found:
        for entry in found:
            with contextlib.suppress(OSError):  # another process has deleted it
                status = entry.stat(follow_symlinks=False)
                entries.append((status.st_mtime_ns, entry.path, status.st_size))
                total += status.st_size
    if total <= MOST:
        return
    for _, path, size in sorted(entries):
        if total <= MOST * 3 // 4:
            return
        with contextlib.suppress(OSError):
            Path(path).unlink()
            total -= size
