"""A paper as a PDF for people and for screen readers (PDF/UA), typeset by typst.

The paper goes to the typesetter as data and never as code; the fonts are those that typst brings, so
that the same paper gives the same bytes on any machine.
"""

import json
from base64 import b64decode
from pathlib import Path

import typst
from attrs import asdict, evolve

from coopfx.ground.report import Report
from coopfx_papers.paper import Figure, Heading, Paper, printed

_KINDS = {"data:image/png": "png", "data:image/jpeg": "jpg", "data:image/svg+xml": "svg"}
TEMPLATE = Path(__file__).parent / "paper.typ"


class UnsetError(Exception):
    """A paper that cannot be set: the fonts lack some of its signs, or the typesetter says why not."""

    def __init__(self, signs: tuple[str, ...], reason: str) -> None:
        super().__init__(reason)
        self.signs = signs

    def said(self) -> str:
        """The signs that are wanting, as people look for them: `李` (U+674E)."""
        if not self.signs:
            return f"`{str(self).splitlines()[0][:200]}`"
        return ", ".join(f"`{sign}` (U+{ord(sign):04X})" for sign in self.signs)


class Typesetter:
    """Sets papers one after the other, and reads the template and the fonts once."""

    def __init__(self) -> None:
        self._fonts = typst.Fonts(include_system_fonts=False)
        self._has: dict[str, bool] = {}

    def pages(self, paper: Paper) -> bytes:
        """The pages of a paper.

        Raises UnsetError where a sign of it is in none of the fonts: the paper would show an empty box.
        """
        try:
            made = self._compiler(paper).compile(format="pdf", pdf_standards="ua-1")
        except typst.TypstError as error:
            signs = dict.fromkeys(sign for sign in as_data(paper) if not sign.isascii())
            lacking = tuple(sign for sign in signs if not self._shows(sign))
            raise UnsetError(lacking, str(error)) from error
        assert isinstance(made, bytes)
        return made

    def _shows(self, sign: str) -> bool:
        """Whether the fonts have a sign; tried alone, and once."""
        if sign not in self._has:
            blank = Paper(sign, "en", "", "", "", (), single=True)
            try:
                self._compiler(blank).compile(format="pdf", pdf_standards="ua-1")
                self._has[sign] = True
            except typst.TypstError:
                self._has[sign] = False
        return self._has[sign]

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


def report_pages(paper: Paper, report: Report) -> bytes:
    """The pages of the report; none, and told (E05), where it has a sign that no font has."""
    try:
        return Typesetter().pages(paper)
    except UnsetError as unset:
        if paper.logo and not unset.signs:
            # Nothing but the picture is amiss: the page is made without it.
            report.tell("papers.W09", None, file="logo")
            return report_pages(evolve(paper, logo=""), report)
        report.tell("papers.E05", None, signs=unset.said())
        return b""


def text_pages(paper: Paper, report: Report) -> bytes:
    """The pages of a text that is also made as DOCX; none, and told (W10), where a sign has no font."""
    try:
        return Typesetter().pages(paper)
    except UnsetError as unset:
        report.tell("papers.W10", None, paper=paper.title, signs=unset.said())
        return b""


def statement_pages(typesetter: Typesetter, paper: Paper, report: Report) -> bytes:
    """The pages of a statement; none, and told (W07), where it has a sign that no font has.

    A warning, since the statements of all others are made, and this one is as HTML.
    """
    try:
        return typesetter.pages(paper)
    except UnsetError as unset:
        report.tell("papers.W07", None, paper=paper.title, signs=unset.said())
        return b""


def as_data(paper: Paper) -> str:
    """A paper as JSON, each block with the name of what it is."""
    data = asdict(paper, recurse=True)
    for block, plain in zip(paper.blocks, data["blocks"], strict=True):
        plain["kind"] = type(block).__name__
        if isinstance(block, Figure):
            del plain["narrow"]
        if isinstance(block, Heading):
            plain["text"] = block.said
        plain.update((key, _set(value, key)) for key, value in plain.items())
    kept = ("blocks", "logo")
    data.update((key, _set(value)) for key, value in data.items() if key not in kept)
    if paper.logo:
        kind, _, picture = paper.logo.partition(";base64,")
        data["logo"] = kind
        data["logo_kind"] = _KINDS[kind]
        data["logo_bytes"] = list(b64decode(picture))
    return json.dumps(data, ensure_ascii=False, default=list)


def _set(value: object, key: str = "") -> object:
    """Texts as printers set them, wherever they stand; a drawing has set its own."""
    match value:
        case str():
            return value if key == "svg" else printed(value)
        case list() | tuple():
            return [_set(item) for item in value]
        case dict():
            return {key: _set(item, str(key)) for key, item in value.items()}
        case _:
            return value
