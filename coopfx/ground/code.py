"""One fingerprint of all the code that can change an answer: coopfx's own, and the plugins'.

Every answer that is kept is kept under it, so that none outlives a change of what made it.
"""

import hashlib
import os
import pickle
import re
import sys
from collections.abc import Iterator
from functools import cache as once
from pathlib import Path

from coopfx.ground import cache

GROUP = "coopfx"
"""The group of entry points under which plugins are found."""

PACKAGE = Path(__file__).parents[1]
_NOT_CODE = frozenset({"__pycache__", "diagnostics", "example", "grammars"})
"""Folders in which nothing changes an answer, and the grammars, which are taken from where they are."""

EntryPoint = tuple[str, str, str, str]
"""Its name, the module it names, and the name and the version of its distribution."""


def grammar_folder() -> Path:
    """Where the grammar and the word files are: in the package, or beside it in a checkout."""
    inside = PACKAGE / "grammars"
    return inside if inside.is_dir() else PACKAGE.parent / "grammars"


@once
def fingerprint() -> str:
    """A hash of the code's contents, the same wherever the same code is installed.

    The files are read only where one has changed by its size, its times or its place on the disk.
    """
    files = list(code_files())
    states = [(name, path, _state(path)) for name, path in files]
    key = cache.digest("code", repr(states))
    kept = cache.read("code", key)
    if kept is None:
        total = hashlib.sha256()
        for name, path in files:
            try:
                data = Path(path).read_bytes()
            except OSError as error:
                data = repr(error).encode()
            total.update(f"{name}\n{len(data)}\n".encode() + data)
        kept = total.hexdigest().encode()
        cache.write("code", key, kept)
    return kept.decode()


def code_files() -> Iterator[tuple[str, str]]:
    """The path of every file that can change an answer, after a name for it that no machine changes."""
    yield from _within("coopfx", str(PACKAGE), _NOT_CODE)
    yield from _within("grammars", str(grammar_folder()), _NOT_CODE)
    for package, places in sorted(_installed()[1].items()):
        for place in places:
            if Path(place).is_dir():
                yield from _within(package, place)
            else:
                yield package, place


def entry_points() -> list[EntryPoint]:
    """The entry points of plugins, in order of their names.

    Of two distributions of one name, the one that Python would import is taken.
    """
    return _installed()[0]


def installed_state() -> str:
    """What changes whenever anything is installed or goes: the state of each folder of the import path."""
    return repr([(path, _state(path or ".")) for path in sys.path[1:]])


def _within(
    name: str, folder: str, left_out: frozenset[str] = frozenset({"__pycache__"})
) -> Iterator[tuple[str, str]]:
    """The files of a folder and of those inside it, in order; hidden ones are left out."""
    try:
        with os.scandir(folder) as found:
            entries = sorted(found, key=lambda entry: entry.name)
    except OSError:
        return
    for entry in entries:
        if entry.name.startswith(".") or entry.name in left_out:
            continue
        inner = f"{name}/{entry.name}"
        if entry.is_dir():
            yield from _within(inner, entry.path)
        else:
            yield inner, entry.path


def _state(path: str) -> tuple[int, ...]:
    try:
        status = os.stat(path)  # noqa: PTH116, a Path each takes as long again
    except OSError:
        return ()
    return status.st_size, status.st_mtime_ns, status.st_ctime_ns, status.st_ino


_Installed = tuple[list[EntryPoint], dict[str, list[str]]]


def _installed() -> _Installed:
    """The entry points of plugins, and where each package of their distributions lies.

    Reading every distribution's metadata is slow, so the answer is kept for as long as neither this
    module nor a folder of the import path changes.
    """
    folders = [(path, _state(path or ".")) for path in sys.path]
    key = cache.digest("plugins", repr(folders), repr(_state(__file__)))
    kept = cache.read("plugins", key)
    if kept is None:
        kept = pickle.dumps(_read_metadata())
        cache.write("plugins", key, kept)
    found: _Installed = pickle.loads(kept)
    return found


def _read_metadata() -> _Installed:
    from importlib.metadata import distributions  # slow to import, and rarely needed

    found: dict[str, list[EntryPoint]] = {}
    packages: set[str] = set()
    for distribution in distributions():
        name = str(distribution.metadata["Name"])
        try:
            points = [point for point in distribution.entry_points if point.group == GROUP]
            own = [(point.name, point.value, name, distribution.version) for point in points]
        except (TypeError, ValueError):  # they are not as they should be: whoever loads them tells
            own = [(name, "", name, "?")]
        if not own:
            continue
        found.setdefault(re.sub(r"[-_.]+", "-", name).casefold(), own)
        packages |= {module.partition(":")[0].partition(".")[0] for _, module, *_ in own}
        for file in distribution.files or ():
            if file.suffix == ".py" and file.parts[0] != "..":
                packages.add(Path(file.parts[0]).stem if len(file.parts) == 1 else file.parts[0])
    points_of_all = (point for own in found.values() for point in own)
    in_order = sorted(points_of_all, key=lambda item: (item[0], item[2]))
    return in_order, {package: _places(package) for package in packages}


def _places(package: str) -> list[str]:
    """The folders of a package, or the file of a module; none where it cannot be found."""
    from importlib.util import find_spec

    try:
        spec = find_spec(package)
    except (ImportError, AttributeError, ValueError):
        return []
    if spec is None:
        return []
    folders = list(spec.submodule_search_locations or ())
    return folders or ([spec.origin] if spec.origin else [])
