"""The French fichier des écritures comptables (FEC): read as a year's figures, written as entries."""

from pathlib import Path

from coopfx.plugged.hookspecs import Command, Reader, Sentences, Writer, hookimpl

_WORDS = Path(__file__).parent / "words"
LARGEST_FILE = 8_000_000_000
"""In bytes, some sixty million lines: a FEC is read as a stream, so it may be large."""


@hookimpl
def coopfx_readers() -> list[Reader]:
    """A FEC under its lawful name, SirenFECAAAAMMJJ, with whatever stands after that; or by its header."""
    from coopfx_fec.columns import is_beginning
    from coopfx_fec.reader import read

    lawful = "#########fec########"
    ends = ("", *(f"{more}{end}" for more in ("", "*") for end in (".txt", ".csv", ".xml")))
    names = (*(lawful + end for end in ends), "fec.txt", "fec.csv", "fec.xml")
    return [
        Reader("fec", names, read, most=LARGEST_FILE, knows=is_beginning, beside=("accounts.toml",))
    ]


@hookimpl
def coopfx_writers() -> list[Writer]:
    """The entries that book a year's allocation: as CSV, and as lines of a FEC."""
    from coopfx_fec.written import write_csv, write_fec

    return [Writer("entries", write_csv), Writer("fec-entries", write_fec)]


@hookimpl
def coopfx_commands() -> list[Command]:
    """``coopfx fec``."""
    return [
        Command(
            "fec",
            "Look into a FEC: its accounts, and what they give.",
            "coopfx_fec.command:command",
        )
    ]


@hookimpl
def coopfx_sentences() -> list[Sentences]:
    """What this distribution says, in four languages."""
    texts = {file.stem: file.read_text("utf-8") for file in sorted(_WORDS.glob("*.toml"))}
    return [Sentences("fec", texts)]
