"""What ``coopfx check`` has said before, said again while nothing that it rests on has changed.

A reply rests on the code, on what is installed, on all that the policies' folders hold but for the data
of their years, and on what it is shown on. So an unchanged policy is checked before anything is loaded
that could check it.
"""

import os
import sys
from collections.abc import Sequence
from pathlib import Path

from coopfx.ground import kept
from coopfx.ground.code import installed_state

SETTINGS = "coopfx.toml"
ANSWERS = "answers.toml"
VARIABLES = ("LANGUAGE", "LC_ALL", "LC_MESSAGES", "LANG")
"""Where a reader's language is set on a machine, the first that says anything."""


def again(arguments: Sequence[str]) -> int | None:
    """Say again what a command has said, and return its status; None where it must be worked out."""
    asked = _asked(arguments)
    if asked is None:
        return None
    parts = rests_on(*asked)
    found = None if parts is None else kept.recall("reply", *parts)
    if not isinstance(found, tuple):
        return None
    shown, told, status = found
    try:
        for stream, text in ((sys.stdout, shown), (sys.stderr, told)):
            stream.reconfigure(errors="replace")  # type: ignore[union-attr]
            stream.write(text)
            stream.flush()
    except (OSError, ValueError, AttributeError):
        return None  # it is told by who tells such things
    return int(status)


def rests_on(policies: Sequence[str], language: str | None, fast: bool) -> tuple[str, ...] | None:
    """What the reply of a check rests on beside the code; None where it is not one to be kept."""
    try:
        held = [_held(Path(path)) for path in policies if path != "-"]
    except OSError:
        return None
    # Where a stream is closed, it is for the command to say so.
    if len(held) < len(policies) or None in (sys.stdout, sys.stderr):
        return None
    set_to = [os.environ.get(name) for name in ("NO_COLOR", *VARIABLES)]
    shown_on = (sys.stdout.isatty(), sys.stderr.isatty(), set_to)
    asked = repr(policies), repr(language), repr(fast)
    return *asked, repr(shown_on), repr(held), installed_state()


def keep(parts: tuple[str, ...], shown: str, told: str, status: int) -> None:
    """Keep what a check has said."""
    kept.keep((shown, told, status), "reply", *parts)


def _asked(arguments: Sequence[str]) -> tuple[tuple[str, ...], str | None, bool] | None:
    """The policies and the language of a check, and whether it is a fast one; None with other options."""
    if list(arguments[:1]) != ["check"]:
        return None
    policies, language = list(arguments[1:]), None
    fast = policies[:1] == ["--fast"] or policies[-1:] == ["--fast"]
    if fast:
        policies.remove("--fast")
    if policies[:1] == ["--lang"] and len(policies) > 1:
        language, policies = policies[1], policies[2:]
    elif len(policies) > 1 and policies[-2] == "--lang":
        language, policies = policies[-1], policies[:-2]
    if not policies or any(path.startswith("-") for path in policies):
        return None
    return tuple(policies), language, fast


def _held(path: Path) -> list[object]:
    """All that checking a policy may read: its texts and settings, and the names of all else."""
    if not path.exists():
        raise FileNotFoundError(path)  # what is told then rests on what else is there
    if not path.is_dir():
        files = [path, path.parent / SETTINGS]
        return [(str(one), one.read_bytes() if one.is_file() else None) for one in files]
    found: list[object] = [str(path.resolve())]
    for one in sorted(path.iterdir()):
        leads = str(one.resolve()) if one.is_symlink() else ""
        inside: object = None
        if one.is_dir():
            inside = sorted(os.listdir(one))  # noqa: PTH208, names alone
        elif one.name in (SETTINGS, ANSWERS) or one.suffix == ".coop":
            inside = one.read_bytes()
        found.append((one.name, leads, inside))
    return found
