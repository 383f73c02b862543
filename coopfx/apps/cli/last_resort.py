"""What is told where coopfx itself has a mistake: one diagnostic, and what to send to those who mend it.

It should never be needed. What it says holds no figure and no name of anybody: the sort of the mistake
and the lines of coopfx that led to it, not what they worked on.
"""

import os
import sys
import traceback
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

from coopfx.apps.cli.common import UNUSABLE, Session
from coopfx.apps.cli.spoken import language_asked
from coopfx.ground.version import __version__

TRACE = "COOPFX_TRACEBACK"
"""The variable that asks for Python's own account as well, which may hold figures."""
_MOST = 3


def tell(error: Exception, arguments: Sequence[str]) -> int:
    """Tell (P999) that coopfx has stopped, on standard error; returns the status to end with."""
    if os.environ.get(TRACE):
        traceback.print_exception(error)
    report = f"coopfx {__version__}, Python {sys.version.split()[0]}, {_of(error)}"
    try:
        session = _session(arguments)
        session.report.diagnostics.clear()
        session.report.tell("P999", None, report=report, variable=TRACE)
        session.tell()
    except Exception:  # what is broken may be what speaks
        sys.stderr.write(
            f"error P999 coopfx stopped on a mistake of its own. Please send: {report}\n"
        )
    return UNUSABLE


def _of(error: Exception) -> str:
    """The sort of an exception and the last lines of coopfx and its plugins that led to it."""
    frames = [
        frame for frame in traceback.extract_tb(error.__traceback__) if "coopfx" in frame.filename
    ]
    places = [f"{Path(frame.filename).name}:{frame.lineno}" for frame in frames[-_MOST:]]
    return " < ".join([type(error).__name__, *reversed(places)])


def _session(arguments: Sequence[str]) -> Session:
    """A session that speaks the language asked for, or that of the policy that is named."""
    session = Session(None, "text")
    if language_asked(arguments):
        session.words = session.world.words(language_asked(arguments))
        return session
    with suppress(Exception):
        session.open(next(word for word in arguments[1:] if Path(word).is_dir()))
    return session
