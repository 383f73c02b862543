"""The command ``coopfx``."""

from coopfx.apps.cli.main import main

__all__ = ["main"]
