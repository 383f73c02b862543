"""A paper as a PDF for people and for screen readers (PDF/UA), typeset by typst.

The paper goes to the typesetter as data and never as code; the fonts are those that typst brings, so
that the same paper gives the same bytes on any machine.
"""

import json
from pathlib import Path

import typst
from attrs import asdict

from coopfx_papers.paper import Figure, Paper, printed

TEMPLATE = Path(__file__).parent / "paper.typ"


class Typesetter:
    """Sets papers one after the other, and reads the template and the fonts once."""

    def __init__(self) -> None:
        self._fonts = typst.Fonts(include_system_fonts=False)

    def pages(self, paper: Paper) -> bytes:
        """The pages of a paper."""
        made = self._compiler(paper).compile(format="pdf", pdf_standards="ua-1")
        assert isinstance(made, bytes)
        return made

    def pictures(self, paper: Paper) -> list[bytes]:
        """The pages of a paper as pictures (PNG), to be looked at."""
        made = self._compiler(paper).compile(format="png", ppi=110)
        return made if isinstance(made, list) else [made or b""]

    def _compiler(self, paper: Paper) -> typst.Compiler:
        return typst.Compiler(
            TEMPLATE,
            root=TEMPLATE.parent,
            font_paths=self._fonts,
            sys_inputs={"paper": as_data(paper)},
        )


def as_data(paper: Paper) -> str:
    """A paper as JSON, each block with the name of what it is."""
    data = asdict(paper, recurse=True)
    for block, plain in zip(paper.blocks, data["blocks"], strict=True):
        plain["kind"] = type(block).__name__
        if isinstance(block, Figure):
            del plain["narrow"]
        plain.update((key, _set(value)) for key, value in plain.items() if key != "svg")
    data.update((key, _set(value)) for key, value in data.items() if key != "blocks")
    return json.dumps(data, ensure_ascii=False, default=list)


def _set(value: object) -> object:
    """Texts as printers set them, wherever they stand."""
    match value:
        case str():
            return printed(value)
        case list() | tuple():
            return [_set(item) for item in value]
        case dict():
            return {key: _set(item) for key, item in value.items()}
        case _:
            return value
