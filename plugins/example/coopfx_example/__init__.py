"""The law of the bakers of Example: the smallest complete plugin."""

from pathlib import Path

from coopfx.plugged.hookspecs import Law, hookimpl, laws_in


@hookimpl
def coopfx_laws() -> list[Law]:
    """``example.bakers``, with its names and titles in every language that has a word file."""
    return laws_in(Path(__file__).parent, "example", contract=2)
