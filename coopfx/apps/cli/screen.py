"""Standard output that tells where what is shown does not arrive: on a full disk, or with no reader."""

import errno
import io
import os
import sys
from pathlib import Path
from typing import Any, TextIO

import click

from coopfx.ground.report import Argument, Report, Said

_REASONS = {
    errno.ENOSPC: "full",
    errno.EDQUOT: "full",
    errno.EFBIG: "full",
    errno.EPIPE: "unread",
    errno.EBADF: "closed",
}


class LostError(click.ClickException):
    """What a command shows could not be written to its end."""

    exit_code = 2

    def __init__(self, error: OSError) -> None:
        super().__init__(error.strerror or str(error))
        self.reason: Argument = self.message
        if error.errno in _REASONS:
            self.reason = Said(f"output.{_REASONS[error.errno]}")

    def show(self, file: Any = None) -> None:
        """Tell it (P981) in the language that the command speaks."""
        from coopfx.apps.cli.common import Session

        session = Session.latest or Session(None, "text")
        session.report = Report()
        session.report.tell("P981", None, reason=self.reason)
        session.tell()


class _Watched(io.RawIOBase):
    """A file that is written to until it fails: that is told once, and what follows is let go."""

    def __init__(self, descriptor: int | None) -> None:
        self._descriptor = descriptor
        self._lost = False

    def writable(self) -> bool:
        return True

    def fileno(self) -> int:
        if self._descriptor is None:
            raise OSError(errno.EBADF, "closed")
        return self._descriptor

    def isatty(self) -> bool:
        return self._descriptor is not None and os.isatty(self._descriptor)

    def write(self, data: Any) -> int:
        if self._lost:
            return len(data)
        try:
            return os.write(self.fileno(), data)
        except OSError as error:
            self._lost = True
            raise LostError(error) from error


def watch() -> None:
    """Take the place of standard output, where it is the process's own, and of standard error, if it is
    closed: what is told there is lost then, and no reason to end otherwise."""
    if sys.stderr is None:
        sys.stderr = Path(os.devnull).open("w", encoding="utf-8")  # noqa: SIM115, for good
    own = sys.__stdout__
    if sys.stdout is not own:
        return
    descriptor = None
    if own is not None:
        try:
            descriptor = own.fileno()
        except (OSError, ValueError):
            return
    raw = _Watched(descriptor)
    encoding = own.encoding if own is not None else "utf-8"
    sys.stdout = io.TextIOWrapper(
        io.BufferedWriter(raw), encoding=encoding, errors="replace", line_buffering=raw.isatty()
    )


def finish(stream: TextIO) -> int:
    """Write what waits; the status that this asks for: 2, and told, where it does not arrive."""
    try:
        stream.flush()
    except LostError as lost:
        lost.show()
        return lost.exit_code
    return 0
