"""What coopfx itself brings, through the door that every plugin uses."""

from coopfx.hookspecs import Language, hookimpl
from coopfx.words import grammar_folder


@hookimpl
def coopfx_languages() -> list[Language]:
    """The natural languages whose word files stand beside the grammar."""
    return [
        Language(file.stem, file.read_text("utf-8"))
        for file in sorted(grammar_folder().glob("*.toml"))
    ]
