"""``coopfx``, and ``python -m coopfx``."""

import gc
from typing import Any


def main(arguments: list[str] | None = None) -> Any:
    """Run the command. What it needs is imported here: looking for circles would cost a tenth of that."""
    gc.disable()
    from coopfx.apps.cli import main as run

    return run(arguments)


if __name__ == "__main__":
    main()
