"""The start of a process: a whole command against the bare import of the libraries it needs."""

import os
import subprocess
import sys
from functools import partial
from pathlib import Path

from measure import Comparison, Contender

REPOSITORY = Path(__file__).parents[2]
IMPORTS = "import lark, pluggy, attrs, click"
POLICY = "policies/alma"
STATUTE = f"{POLICY}/statute.fr.coop"


def comparisons() -> list[Comparison]:
    """`coopfx check` on one statute and `coopfx run` on its policy, caches warm, against the imports."""
    return [
        Comparison(
            peer=process("the imports", sys.executable, "-c", IMPORTS),
            products=(
                (coopfx("check", STATUTE), 2.5),
                (coopfx("run", POLICY), 4.0),
            ),
        )
    ]


def coopfx(*arguments: str) -> Contender:
    """The installed command, as a user starts it."""
    command = Path(sys.executable).with_name("coopfx")
    return process(f"coopfx {' '.join(arguments)}", str(command), *arguments)


def process(name: str, *command: str) -> Contender:
    """A contender that starts a process and waits for its end; a failure ends the benchmark."""
    # A user's Python keeps its compiled modules, whatever this one was told.
    environment = {
        key: value for key, value in os.environ.items() if key != "PYTHONDONTWRITEBYTECODE"
    }
    start = partial(
        subprocess.run, command, cwd=REPOSITORY, env=environment, capture_output=True, check=True
    )
    return Contender(name, start)
