"""coopfx in a web page: the folder that a web server serves, and what answers inside the page."""

from pathlib import Path

from coopfx.plugged.hookspecs import Command, Sentences, hookimpl

_WORDS = Path(__file__).parent / "words"


@hookimpl
def coopfx_commands() -> list[Command]:
    """The page on this machine."""
    line = "Serve the page on this machine alone, with a policy open."
    return [Command("page", line, "coopfx_page.cli:command")]


@hookimpl
def coopfx_sentences() -> list[Sentences]:
    """What the page says, a file a language."""
    return [
        Sentences("page", {file.stem: file.read_text("utf-8") for file in _WORDS.glob("*.toml")})
    ]
