"""The text documents: as any program reads them, the same bytes twice, and through LibreOffice."""

import re
import shutil
import subprocess
import zipfile
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from xml.etree import ElementTree

import pytest
from meeting_papers import POLICIES, year_of

from coopfx_papers import docx, markdown, resolutions
from coopfx_papers.paper import Column, Heading, Listing, Paper, Paragraph, Table, printed

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
MADE = Paper(
    "Minutes & <more>",
    "fr",
    "above",
    "below",
    "page {page} of {pages}",
    (
        Heading("Part"),
        Paragraph("A sentence with 'marks' & <signs>.\x0b"),
        Heading("Accounts", 2, 1, "Resolution {number}"),
        Listing(("one", "two"), numbered=True),
        Table(
            "Sums",
            (Column("What"), Column("€", True)),
            (("a", "1,00"), ("all", "1,00")),
            {1: "total"},
        ),
        Heading("Powers", 2, 2, "Resolution {number}"),
        Listing(("three", "four"), numbered=True),
        Listing(("so",)),
        Paragraph("small", "note"),
    ),
)


class Read:
    """A document as it is read: paragraphs with their style and number, tables by their cells."""

    def __init__(self, made: bytes) -> None:
        with zipfile.ZipFile(BytesIO(made)) as archive:
            parts = {name: archive.read(name) for name in archive.namelist()}
        self.body = ElementTree.fromstring(parts["word/document.xml"])
        self.styles = {
            style.get(f"{W}styleId"): _value(style, "name")
            for style in ElementTree.fromstring(parts["word/styles.xml"]).iter(f"{W}style")
        }
        numbering = ElementTree.fromstring(parts["word/numbering.xml"])
        kinds = {one.get(f"{W}abstractNumId"): one for one in numbering.iter(f"{W}abstractNum")}
        self.formats = {
            one.get(f"{W}numId"): kinds[_value(one, "abstractNumId")].find(f"{W}lvl")
            for one in numbering.iter(f"{W}num")
        }
        self.language = parts["word/styles.xml"].decode().partition('w:lang w:val="')[2][:5]

    def paragraphs(self) -> Iterator[tuple[str, str, str]]:
        """Style, number's kind and text of each paragraph that says something."""
        for one in self.body.iter(f"{W}p"):
            text = "".join(part.text or "" for part in one.iter(f"{W}t"))
            if text:
                style = self.styles.get(_value(one, "pStyle"), "") or ""
                level = self.formats.get(_value(one, "numId"))
                kind = "" if level is None else _value(level, "numFmt")
                yield style.lower(), kind, text

    def tables(self) -> list[list[list[str]]]:
        """The cells of each table."""
        return [
            [
                [
                    "".join(part.text or "" for part in cell.iter(f"{W}t"))
                    for cell in row.iter(f"{W}tc")
                ]
                for row in table.iter(f"{W}tr")
            ]
            for table in self.body.iter(f"{W}tbl")
        ]


def _value(element: ElementTree.Element, name: str) -> str:
    found = next(element.iter(f"{W}{name}"), None)
    return "" if found is None else found.get(f"{W}val") or ""


def test_a_document_says_what_the_paper_says() -> None:
    read = Read(docx.document(MADE))
    assert list(read.paragraphs()) == [
        ("title", "", "Minutes & <more>"),
        ("subtitle", "", "above"),
        ("heading 1", "", "Part"),
        ("body text", "", "A sentence with ’marks’ & <signs>."),
        ("heading 1", "decimal", "Accounts"),
        ("list number", "decimal", "one"),
        ("list number", "decimal", "two"),
        ("caption", "", "Sums"),
        *(("no spacing", "", text) for text in ("What", "€", "a", "1,00", "all", "1,00")),
        ("heading 1", "decimal", "Powers"),
        ("list number", "decimal", "three"),
        ("list number", "decimal", "four"),
        ("list bullet", "bullet", "so"),
        ("no spacing", "", "small"),
    ]
    assert read.tables() == [[["What", "€"], ["a", "1,00"], ["all", "1,00"]]]
    assert read.language == "fr-FR"
    numbered = {_value(one, "numId") for one in read.body.iter(f"{W}p")} - {""}
    assert len(numbered) == 4  # resolutions, bullets, and each numbered list for itself


def test_signs_that_xml_cannot_hold_break_no_document() -> None:
    signs = "\x00\x1f\ud800\ufffe\uffff"
    paper = Paper(f"{signs}a", "fr", "b", f"c{signs}", "{page}", (Paragraph(f"d{signs}é🙂"),))
    assert [text for _, _, text in Read(docx.document(paper)).paragraphs()] == ["a", "b", "dé🙂"]


def test_documents_have_no_clock_and_no_machine_in_them() -> None:
    made = docx.document(MADE)
    assert made == docx.document(MADE)
    with zipfile.ZipFile(BytesIO(made)) as archive:
        assert {one.date_time for one in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        assert b"dcterms" not in archive.read("docProps/core.xml")


@pytest.mark.parametrize("policy", ["le-rabot", "la-halle"])
def test_the_document_and_the_markdown_have_the_same_sentences(policy: str) -> None:
    paper = resolutions.minutes(*year_of(POLICIES / policy, "fr"))
    said = re.sub(r"[\\*]", "", markdown.text(paper)).replace("&amp;", "&")
    for _, _, text in Read(docx.document(paper)).paragraphs():
        assert text in printed(said)


@pytest.mark.office
@pytest.mark.parametrize("policy", ["le-rabot", "la-halle"])
def test_through_libreoffice_and_back_nothing_is_lost(policy: str, tmp_path: Path) -> None:
    program = shutil.which("soffice")
    if program is None:
        pytest.skip("libreoffice is not installed: no document was opened in it")
    made = docx.document(resolutions.minutes(*year_of(POLICIES / policy, "fr")))
    (tmp_path / "minutes.docx").write_bytes(made)
    profile = f"-env:UserInstallation=file://{tmp_path}/profile"
    for source, form, folder in (
        ("minutes.docx", "odt", "there"),
        ("there/minutes.odt", "docx", "back"),
    ):
        arguments = [
            "--headless",
            profile,
            "--convert-to",
            form,
            "--outdir",
            str(tmp_path / folder),
        ]
        subprocess.run(
            [program, *arguments, str(tmp_path / source)],
            check=True,
            capture_output=True,
            timeout=180,
        )
    before, after = Read(made), Read((tmp_path / "back" / "minutes.docx").read_bytes())
    assert after.tables() == before.tables()
    assert [text for _, _, text in after.paragraphs()] == [
        text for _, _, text in before.paragraphs()
    ]
    for kind in ("heading 1", "title"):
        headed = [text for style, _, text in before.paragraphs() if style == kind]
        assert headed and headed == [text for style, _, text in after.paragraphs() if style == kind]
    for kind in ("decimal", "bullet"):
        listed = [text for _, found, text in before.paragraphs() if found == kind]
        assert listed and listed == [text for _, found, text in after.paragraphs() if found == kind]
