"""``python -m coopfx``."""

from coopfx.apps.cli import main

main()
