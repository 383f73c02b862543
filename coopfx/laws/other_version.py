"""Another version of installed laws: read from the folder of their plugin, or from its wheel."""

import zipfile
import zlib
from collections.abc import Callable
from contextlib import nullcontext
from pathlib import Path, PurePosixPath

from attrs import evolve, frozen

from coopfx.plugged.hookspecs import Law
from coopfx.plugged.world import Provided, World

_MOST_BYTES = 4_000_000
"""So much no law has, and no word file."""
_UNREADABLE = (
    *(OSError, EOFError, ValueError, RuntimeError, NotImplementedError),
    *(zipfile.BadZipFile, zlib.error),
)
_Files = dict[PurePosixPath, Callable[[], bytes]]


@frozen(slots=True)
class OtherVersion:
    """The world with another version of some laws; which laws are new since, which texts are gone."""

    world: World
    laws: tuple[str, ...]
    new: tuple[str, ...]
    gone: tuple[str, ...]


def other_version(path: Path, world: World) -> OtherVersion | None:
    """The version of installed laws that lies in a folder, or in a wheel; None where it has none."""
    try:
        with nullcontext() if path.is_dir() else zipfile.ZipFile(path) as wheel:
            files = _in_folder(path) if wheel is None else _in_wheel(wheel)
            found = {name: _law(given.law, files) for name, given in world.laws.items()}
    except _UNREADABLE:
        return None
    laws = {name: law for name, law in found.items() if law is not None}
    if not laws:
        return None
    modules = {PurePosixPath(law.file).parts[0] for law in laws.values()}
    new = [
        name
        for name, given in world.laws.items()
        if name not in laws and PurePosixPath(given.law.file).parts[0] in modules
    ]
    known = {law.file for law in laws.values()}
    there = {"/".join(file.parts[-3:]) for file in files if file.parts[-2:-1] == ("law",)}
    gone = sorted(file for file in there - known if file.partition("/")[0] in modules)
    provided = {name: Provided(law, world.laws[name].plugin) for name, law in laws.items()}
    other = evolve(world, laws=world.laws | provided)
    return OtherVersion(other, tuple(sorted(laws)), tuple(sorted(new)), tuple(gone))


def _in_folder(path: Path) -> _Files:
    whole = path.resolve()
    found = [*whole.glob("**/*.coop"), *whole.glob("**/words/*/*.toml")]
    return {PurePosixPath(file.as_posix()): _reader(file) for file in found}


def _reader(file: Path) -> Callable[[], bytes]:
    def read() -> bytes:
        with file.open("rb") as opened:
            return opened.read(_MOST_BYTES + 1)

    return read


def _in_wheel(wheel: zipfile.ZipFile) -> _Files:
    def reader(name: str) -> Callable[[], bytes]:
        def read() -> bytes:
            with wheel.open(name) as part:
                return part.read(_MOST_BYTES + 1)

        return read

    return {
        PurePosixPath(name): reader(name)
        for name in wheel.namelist()
        if name.endswith((".coop", ".toml"))
    }


def _law(law: Law, files: _Files) -> Law | None:
    """The text of a law among files, with its words; None where it is not there."""
    text = _text(law.file, files)
    if text is None:
        return None
    module, stem = PurePosixPath(law.file).parts[0], law.name.partition(".")[2]
    spoken = {file.parts[-2] for file in files if file.name == f"{stem}.toml"}
    words = {
        language: said
        for language in sorted(spoken)
        if (said := _text(f"{module}/words/{language}/{stem}.toml", files)) is not None
    }
    return evolve(law, text=text, words=words)


def _text(name: str, files: _Files) -> str | None:
    """A file by the end of its path, the one that lies least deep; raises ValueError where it is none."""
    parts = PurePosixPath(name).parts
    there = [file for file in files if file.parts[-len(parts) :] == parts]
    if not there:
        return None
    data = files[min(there, key=lambda file: (len(file.parts), file))]()
    if len(data) > _MOST_BYTES:
        raise ValueError(name)
    return data.decode("utf-8-sig")
