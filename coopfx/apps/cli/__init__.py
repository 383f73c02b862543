"""The command ``coopfx``."""

import sys
from typing import Any

from coopfx.apps.cli.replies import again


def main(arguments: list[str] | None = None) -> Any:
    """Say again what is known already, or else run the command."""
    status = again(sys.argv[1:] if arguments is None else arguments)
    if status is not None:
        raise SystemExit(status)
    from coopfx.apps.cli.main import main as run

    return run(arguments)


__all__ = ["main"]
