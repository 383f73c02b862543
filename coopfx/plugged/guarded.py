"""A plugin's own code, called so that it spoils nothing: what it prints is kept away, an exit is an error.

Only a command speaks for itself. All else that a plugin prints, by whatever way, would stand in the
middle of a report or of JSON, and where it ends the process, nobody would know who did.
"""

import io
import os
import sys
import tempfile
import warnings
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from itertools import islice
from typing import Any

from attrs import define, evolve, frozen

from coopfx.ground.facts import Sheet

_STREAMS = ("stdout", "stderr", "__stdout__", "__stderr__")
_AT_ONCE = 1_000
"""So many rows of a sheet are taken between two looks at the streams."""


class ExitedError(RuntimeError):
    """A plugin tried to end the process."""


class _Sink(io.StringIO):
    """A stream that forgets what is written, and knows that something was."""

    def __init__(self) -> None:
        super().__init__()
        self.used = False

    def write(self, text: str) -> int:
        self.used = self.used or bool(text)
        return len(text)


@define
class Heard:
    """Whether a plugin has printed anything."""

    printed: bool = False


@contextmanager
def quiet() -> Iterator[Heard]:
    """Keep away what is printed by Python's own streams; raises ExitedError where the process would end."""
    heard, sink = Heard(), _Sink()
    kept = {name: getattr(sys, name) for name in _STREAMS}
    for name in _STREAMS:
        setattr(sys, name, sink)
    try:
        yield heard
    except SystemExit as exit_:
        raise ExitedError(f"sys.exit({exit_.code!r})") from exit_
    finally:
        for name, stream in kept.items():
            setattr(sys, name, stream)
        heard.printed = sink.used


@contextmanager
def confined() -> Iterator[Heard]:
    """The same for a plugin while it is loaded: also what is printed past Python, and what it changes.

    The folder in which coopfx runs, and how warnings are shown, are as they were afterwards.
    """
    folder = _folder()
    with _descriptors() as written:
        try:
            with warnings.catch_warnings(), quiet() as heard:
                yield heard
        finally:
            if folder and _folder() != folder:
                os.chdir(folder)
    heard.printed = heard.printed or bool(written)


def _folder() -> str:
    try:
        return os.getcwd()  # noqa: PTH109 - a path would be made at every start
    except OSError:
        return ""


@contextmanager
def _descriptors() -> Iterator[list[bool]]:
    """Keep away what is written to the descriptors 1 and 2; the list is filled where anything is."""
    written: list[bool] = []
    kept: list[tuple[int, int]] = []
    with tempfile.TemporaryFile() as file:
        with suppress(OSError):  # a process may have closed its own
            for number in (1, 2):
                kept.append((number, os.dup(number)))
                os.dup2(file.fileno(), number)
        try:
            yield written
        finally:
            for number, copy in kept:
                os.dup2(copy, number)
                os.close(copy)
            if os.fstat(file.fileno()).st_size:
                written.append(True)


@frozen
class Guarded:
    """What a plugin brings to be called, kept quiet; also what it hands out one after the other."""

    function: Callable[..., Any]

    def __call__(self, *arguments: Any) -> Any:
        with quiet():
            found = self.function(*arguments)
        return _one_by_one(found) if isinstance(found, Iterator) else _each(found)


def _one_by_one(items: Iterator[Any]) -> Iterator[Any]:
    while True:
        with quiet():
            try:
                item = next(items)
            except StopIteration:
                return
        yield _with_quiet_rows(item)


def _each(found: Any) -> Any:
    if isinstance(found, list | tuple) and any(isinstance(item, Sheet) for item in found):
        return [_with_quiet_rows(item) for item in found]
    return found


def _with_quiet_rows(item: Any) -> Any:
    """A sheet whose rows are made while they are read; anything else as it is."""
    if isinstance(item, Sheet) and isinstance(item.rows, Iterator):
        return evolve(item, rows=_in_blocks(item.rows))
    return item


def _in_blocks(rows: Iterator[Any]) -> Iterator[Any]:
    while True:
        with quiet():
            block: Iterable[Any] = list(islice(rows, _AT_ONCE))
        if not block:
            return
        yield from block
