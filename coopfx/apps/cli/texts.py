"""Texts of statutes and laws on the user's disk: found, read as they are kept, written whole."""

import os
from collections.abc import Iterator
from pathlib import Path

from attrs import frozen

from coopfx.apps.cli.output import write_file
from coopfx.desk.policy import STANDARD_INPUT, read_bytes, text_of
from coopfx.ground.report import Report
from coopfx.ground.source import EXTENSION, Source, language_of

_BYTE_ORDER_MARK = b"\xef\xbb\xbf"


@frozen(slots=True)
class Kept:
    """A text as a file keeps it: its bytes, and what they say."""

    path: Path
    data: bytes
    source: Source

    def bytes_of(self, text: str) -> bytes:
        """Another text, with this file's line ends, and its byte order mark where it has one."""
        mark = _BYTE_ORDER_MARK if self.data.startswith(_BYTE_ORDER_MARK) else b""
        windows = self.data.count(b"\r\n") * 2 > self.data.count(b"\n")
        return mark + (text.replace("\n", "\r\n") if windows else text).encode()


def find_texts(paths: tuple[str, ...], report: Report) -> list[Path]:
    """The texts under files and folders, each once; told (P955) where a folder holds none.

    Hidden folders, and those that a link leads to, are left out.
    """
    found: dict[Path, None] = {}
    for given in paths:
        path = Path(given)
        texts = [path] if not path.is_dir() else list(_under(path))
        if not texts:
            report.tell("P955", None, path=given, extension=EXTENSION)
        found |= dict.fromkeys(texts)
    return list(found)


def _under(folder: Path) -> Iterator[Path]:
    for here, folders, files in os.walk(folder):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in sorted(files):
            if name.endswith(EXTENSION):
                yield Path(here, name)


def read_kept(path: Path, language: str | None, known: list[str], report: Report) -> Kept | None:
    """A text, in the language that its name tells, or else in the one given.

    None, and told, where it cannot be opened or is no text, where nothing tells its language (P905),
    or where no plugin reads it (P911).
    """
    spoken = (language if path == STANDARD_INPUT else language_of(path.name)) or language
    data = read_bytes(path, report)
    if data is None:
        return None
    if spoken is None:
        report.tell("P905", None, path=str(path), extension=EXTENSION)
        return None
    if spoken not in known:
        report.tell("P911", None, path=str(path), language=spoken, known=tuple(known))
        return None
    source = text_of(path, data, spoken, report)
    return None if source is None else Kept(path, data, source)


def write_whole(path: Path, data: bytes, report: Report) -> bool:
    """Write a text whole or not at all.

    A link is not followed (P950), a file that may only be read stays as it is (P951), and what else
    is in the way is told (P917).
    """
    if path.is_symlink():
        report.tell("P950", None, path=str(path), target=str(path.readlink()))
        return False
    if path.exists() and not (path.stat().st_mode & 0o200 and os.access(path, os.W_OK)):
        report.tell("P951", None, path=str(path))
        return False
    return write_file(path, data, report)
