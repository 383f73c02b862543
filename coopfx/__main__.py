"""``coopfx``, and ``python -m coopfx``."""

from coopfx.apps.cli import main

__all__ = ["main"]

if __name__ == "__main__":
    main()
