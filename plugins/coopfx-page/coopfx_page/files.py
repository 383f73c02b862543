"""The files of a policy as a visitor brings them: a folder, a zip, and back. Hostile until read."""

import io
import zipfile
from collections.abc import Iterator, Mapping
from pathlib import Path, PurePosixPath

MOST_FILES, MOST_BYTES = 2_000, 64_000_000
"""So many files and bytes a policy may have, unpacked: a year of ten thousand people has two million."""

FIRST_DAY = (1980, 1, 1, 0, 0, 0)
"""The time of each file in a zip that is saved: the same policy gives the same bytes."""


class RefusedError(Exception):
    """Files that are not taken; ``code`` is that of the page's diagnostic, ``name`` says which file."""

    def __init__(self, code: str, name: str = "") -> None:
        super().__init__(code, name)
        self.code, self.name = code, name


def unzipped(data: bytes) -> dict[str, bytes]:
    """The files of a zip by their paths; those that a machine adds for itself are left out.

    Raises RefusedError where it is none, or more than is taken: sizes are counted as it is unpacked, for
    what a zip says of itself may be false.
    """
    found: dict[str, bytes] = {}
    left = MOST_BYTES
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            members = [one for one in archive.infolist() if not one.is_dir()]
            if len(members) > MOST_FILES:
                raise RefusedError("page.E01")
            for member in members:
                with archive.open(member) as opened:
                    content = opened.read(left + 1)
                left -= len(content)
                if left < 0:
                    raise RefusedError("page.E02")
                found[member.filename] = content
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError, ValueError) as error:
        raise RefusedError("page.E03") from error
    return found


def policy_of(files: Mapping[str, bytes]) -> tuple[str, dict[str, bytes]]:
    """The name of the folder of the one policy among some files, and its files by their paths inside it.

    Raises RefusedError where there is no statute among them, or those of several folders, or a path that
    leads out of the folder.
    """
    if len(files) > MOST_FILES:
        raise RefusedError("page.E01")
    if sum(len(content) for content in files.values()) > MOST_BYTES:
        raise RefusedError("page.E02")
    kept = {path: content for path, content in _parts(files) if _is_wanted(path)}
    rooms = {path.parent for path in kept if _is_statute(path)}
    shallow = min((len(room.parts) for room in rooms), default=0)
    first = [room for room in rooms if len(room.parts) == shallow]
    if not first:
        raise RefusedError("page.E04")
    if len(first) > 1:
        raise RefusedError("page.E05", ", ".join(sorted(str(room) for room in first)))
    room = first[0]
    return room.name, {
        str(path.relative_to(room)): content
        for path, content in sorted(kept.items())
        if path.is_relative_to(room)
    }


def _parts(files: Mapping[str, bytes]) -> Iterator[tuple[PurePosixPath, bytes]]:
    for name, content in files.items():
        path = PurePosixPath(name.replace("\\", "/"))
        if path.is_absolute() or ".." in path.parts or "\0" in name or not path.name:
            raise RefusedError("page.E06", name[:80])
        yield path, content


def _is_wanted(path: PurePosixPath) -> bool:
    """Whether a file is the visitor's: hidden ones and those that a machine adds are none of theirs."""
    return not any(part.startswith((".", "__MACOSX", "~$")) for part in path.parts)


def _is_statute(path: PurePosixPath) -> bool:
    return path.name.startswith("statute.") and path.suffix == ".coop"


def write(files: Mapping[str, bytes], room: Path) -> None:
    """Write a policy's files below a folder that is there."""
    for name, content in files.items():
        path = room / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)


def zipped(room: Path, name: str) -> bytes:
    """All files below a folder as a zip with that folder in it; the same files give the same bytes."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for path in sorted(room.rglob("*")):
            if path.is_file():
                entry = zipfile.ZipInfo(f"{name}/{path.relative_to(room).as_posix()}", FIRST_DAY)
                entry.compress_type = zipfile.ZIP_DEFLATED
                archive.writestr(entry, path.read_bytes())
    return made.getvalue()
