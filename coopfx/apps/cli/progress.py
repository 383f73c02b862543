"""How far a large file has been read, shown on a terminal once it takes longer than two seconds."""

import io
import sys
from pathlib import Path
from time import monotonic
from typing import BinaryIO, cast

import click

AFTER = 2.0
"""So many seconds pass before anything is shown."""
_BLOCK = 1 << 20


def watched(path: Path, file: BinaryIO, size: int) -> BinaryIO:
    """A file that is read with a progress bar of its bytes on standard error, where that is a terminal."""
    if not sys.stderr.isatty():
        return file
    return cast(BinaryIO, io.BufferedReader(_Watched(path.name, file, size), _BLOCK))


class _Watched(io.RawIOBase):
    """A stream that shows how far it has come; read a second time, it says nothing anew."""

    def __init__(self, name: str, file: BinaryIO, size: int) -> None:
        self._file = file
        self._began = monotonic()
        self._furthest = 0
        self._shown = 0
        self._bar = click.progressbar(length=size, label=name, file=sys.stderr)

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        return self._file.seek(offset, whence)

    def tell(self) -> int:
        return self._file.tell()

    def readinto(self, buffer: object) -> int:
        block = self._file.read(len(memoryview(buffer)))  # type: ignore[arg-type]
        memoryview(buffer)[: len(block)] = block  # type: ignore[arg-type]
        self._furthest = max(self._furthest, self._file.tell())
        if self._furthest > self._shown and monotonic() - self._began > AFTER:
            self._bar.update(self._furthest - self._shown)
            self._shown = self._furthest
        return len(block)

    def close(self) -> None:
        if not self.closed and self._shown:
            self._bar.render_finish()
        super().close()
