"""The law of the bakers of Example: the smallest complete plugin."""

from pathlib import Path

from coopfx.hookspecs import Law, hookimpl

_HERE = Path(__file__).parent


@hookimpl
def coopfx_laws() -> list[Law]:
    """``example.bakers``, with its names and titles in every language that has a word file."""
    text = (_HERE / "law" / "bakers.en.coop").read_text("utf-8")
    words = {
        file.stem: file.read_text("utf-8") for file in sorted((_HERE / "words").glob("*.toml"))
    }
    file = "coopfx_example/law/bakers.en.coop"
    return [Law("example.bakers", file, "en", text, words, contract=1)]
