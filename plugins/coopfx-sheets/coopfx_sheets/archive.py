"""A workbook's file as an archive of XML, read by someone who does not trust it.

Nothing is unpacked to disk. Sizes are limited before and while a part is read, and XML that declares
a document type is refused, since entities are declared there.
"""

import zipfile
from collections.abc import Callable
from pathlib import PurePosixPath
from typing import BinaryIO
from xml.parsers import expat

from coopfx.ground.report import Argument

MOST_BYTES = 256_000_000
"""How much all parts that are read may hold once they are unpacked."""
MOST_PARTS = 10_000
MOST_CELLS = 2_000_000
_BLOCK = 1 << 16
_LONGEST_TAG = 1 << 20
"""In bytes: a tag with attributes without end would be kept whole before anything is told of it."""
_MOST_NAMES = 1000
_END = b"PK\x05\x06"
_END_64 = b"PK\x06\x06"
_LARGEST_DIRECTORY = 4_000_000

Attributes = dict[str, str]


class RefusedError(Exception):
    """Why a workbook cannot be read: a code of this plugin, and its arguments."""

    def __init__(self, code: str, **arguments: Argument) -> None:
        super().__init__(code)
        self.code = code
        self.arguments = arguments


class Archive:
    """The parts of a workbook. Raises RefusedError where the file is none that may be opened."""

    def __init__(self, file: BinaryIO) -> None:
        _look_at(file)
        try:
            self._zip = zipfile.ZipFile(file)
        except (zipfile.BadZipFile, ValueError, OSError, EOFError) as error:
            raise RefusedError("E03", part=type(error).__name__) from error
        self._left = MOST_BYTES
        for name in self._zip.namelist():
            if name.startswith("/") or "\\" in name or ".." in PurePosixPath(name).parts:
                raise RefusedError("E08", name=name[:80])

    def __contains__(self, name: str) -> bool:
        return name in self._zip.NameToInfo

    def names(self) -> list[str]:
        """The names of all parts."""
        return self._zip.namelist()

    def parse(
        self,
        name: str,
        start: Callable[[str, Attributes], None],
        end: Callable[[str], None] | None = None,
        text: Callable[[str], None] | None = None,
    ) -> None:
        """Read a part as XML. Names come as they stand: ``LOCAL`` has them without their prefix.

        Raises RefusedError where it is not there, too large, damaged or declares entities.
        """
        parser = expat.ParserCreate()
        parser.buffer_text = True
        parser.StartElementHandler = start
        if end is not None:
            parser.EndElementHandler = end
        if text is not None:
            parser.CharacterDataHandler = text

        def refuse(*_: object) -> None:
            raise RefusedError("E04", part=name)

        parser.StartDoctypeDeclHandler = refuse
        read = 0
        try:
            # No more is ever unpacked of a part than the archive says that it holds.
            self._left -= self._zip.getinfo(name).file_size
            if self._left < 0:
                raise RefusedError("E02", most=MOST_BYTES // 1_000_000)
            with self._zip.open(name) as part:
                while block := part.read(_BLOCK):
                    read += len(block)
                    parser.Parse(block, False)
                    if read - parser.CurrentByteIndex > _LONGEST_TAG:
                        raise RefusedError("E03", part=name[:80])
                parser.Parse(b"", True)
        except (
            *(zipfile.BadZipFile, expat.ExpatError, KeyError, EOFError, OSError, RuntimeError),
            *(NotImplementedError, ValueError, zipfile.zlib.error),  # type: ignore[attr-defined]
        ) as error:
            raise RefusedError("E03", part=name[:80]) from error


class _Local(dict[str, str]):
    """Names of XML without the prefix of their namespace, each cut once."""

    def __missing__(self, name: str) -> str:
        if len(self) > _MOST_NAMES:
            self.clear()
        local = self[name] = name.rpartition(":")[2]
        return local


LOCAL = _Local()


def plain(given: Attributes) -> Attributes:
    """Attributes without the prefixes of their names; of two of one name, the last."""
    return {LOCAL[name]: value for name, value in given.items()}


def _look_at(file: BinaryIO) -> None:
    """Refuse what is no archive, by what it is instead, or has a directory too long to be read."""
    head = file.read(512)
    if not head.startswith(b"PK\x03\x04"):
        raise RefusedError("E01", sort=_sort(head))
    length = file.seek(0, 2)
    file.seek(max(0, length - 70_000))
    tail = file.read()
    file.seek(0)
    at, at_64 = tail.rfind(_END), tail.rfind(_END_64)
    if at < 0:
        raise RefusedError("E03", part="zip")
    parts = int.from_bytes(tail[at + 10 : at + 12], "little")
    size = int.from_bytes(tail[at + 12 : at + 16], "little")
    if at_64 >= 0:
        parts = int.from_bytes(tail[at_64 + 32 : at_64 + 40], "little")
        size = int.from_bytes(tail[at_64 + 40 : at_64 + 48], "little")
    if parts > MOST_PARTS or size > _LARGEST_DIRECTORY:
        raise RefusedError("E10", most=MOST_PARTS)


def _sort(head: bytes) -> str:
    """What a file is that is no archive: the end of a phrase's key."""
    if not head:
        return "empty"
    if head.startswith(b"\xd0\xcf\x11\xe0"):
        return "ole"
    if head.startswith(b"%PDF"):
        return "pdf"
    start = head.lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if start.startswith((b"<!doctype", b"<html", b"<?xml", b"<table")):
        return "html"
    return "other" if b"\0" in head else "text"
