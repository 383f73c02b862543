"""A paper as a text document (DOCX) that a secretary goes on writing in.

Styles are those that every writing program brings, headings and lists are numbered by the program, tables
are tables, and the language is marked. It is written here and not by a library, whose parser is no part
of a page in a browser; no clock goes into it, so that one paper gives the same bytes.
"""

import re
import zipfile
from collections.abc import Iterator
from html import escape
from io import BytesIO

from coopfx_papers.paper import (
    Block,
    Column,
    Heading,
    Listing,
    Paper,
    Paragraph,
    Table,
    moved_in,
    printed,
)

_W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
_R = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_LANGUAGES = {"en": "en-GB", "fr": "fr-FR", "es": "es-ES", "it": "it-IT"}
_WIDE = 9638
"""The width of the lines in twentieths of a point: A4 less two margins of 2 cm."""
_BULLETS, _RESOLUTIONS, _FIRST_LIST = 1, 2, 3
_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml"
_TOGETHER = "<w:keepNext/>"
_SHORT = 16
"""A table of so many rows stays on one page."""
_NOT_XML = re.compile("[^\t\n\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_PARTS = {
    "document": "document.main",
    "styles": "styles",
    "numbering": "numbering",
    "settings": "settings",
    "footer1": "footer",
}


def document(paper: Paper) -> bytes:
    """The document's bytes."""
    label = next((one.label for one in paper.blocks if isinstance(one, Heading) and one.number), "")
    lists = sum(isinstance(one, Listing) and one.numbered for one in paper.blocks)
    language = _LANGUAGES.get(paper.language, paper.language)
    parts = {
        "[Content_Types].xml": _content_types(),
        "_rels/.rels": _relations(
            [("officeDocument", "word/document.xml")],
            f'<Relationship Id="core" Type="{_PACKAGE}/relationships/metadata/core-properties" '
            'Target="docProps/core.xml"/>',
        ),
        "docProps/core.xml": _core(paper, language),
        "word/document.xml": _body(paper),
        "word/styles.xml": _styles(language),
        "word/numbering.xml": _numbering(label, lists),
        "word/settings.xml": f'<w:settings {_W}><w:themeFontLang w:val="{language}"/></w:settings>',
        "word/footer1.xml": _footer(paper),
        "word/_rels/document.xml.rels": _relations(
            [
                ("styles", "styles.xml"),
                ("numbering", "numbering.xml"),
                ("settings", "settings.xml"),
                ("footer", "footer1.xml"),
            ]
        ),
    }
    made = BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_STORED) as archive:
        for name, text in parts.items():
            # Stored, and of no day: how a library packs, and when, is no part of the document.
            archive.writestr(zipfile.ZipInfo(name), (_HEAD + text).encode())
    return made.getvalue()


def _text(text: str) -> str:
    """A text as XML: what XML cannot hold is left out."""
    return escape(_NOT_XML.sub("", printed(text)))


def _run(text: str, *, bold: bool = False) -> str:
    style = "<w:rPr><w:b/></w:rPr>" if bold else ""
    return f'<w:r>{style}<w:t xml:space="preserve">{_text(text)}</w:t></w:r>'


def _paragraph(text: str, style: str = "", more: str = "", *, bold: bool = False) -> str:
    named = f'<w:pStyle w:val="{style}"/>' if style else ""
    properties = f"<w:pPr>{named}{more}</w:pPr>" if named or more else ""
    return f"<w:p>{properties}{_run(text, bold=bold) if text else ''}</w:p>"


def _numbered(identifier: int) -> str:
    return f'<w:numPr><w:ilvl w:val="0"/><w:numId w:val="{identifier}"/></w:numPr>'


def _body(paper: Paper) -> str:
    lists = iter(range(_FIRST_LIST, _FIRST_LIST + len(paper.blocks)))
    then = (*paper.blocks[1:], None)
    blocks = "".join(
        part
        for block, after in zip(paper.blocks, then, strict=True)
        for part in _block(block, lists, leads=isinstance(after, Table))
    )
    section = (
        '<w:sectPr><w:footerReference w:type="default" r:id="footer"/>'
        '<w:pgSz w:w="11906" w:h="16838"/><w:pgMar w:top="1134" w:right="1134" w:bottom="1134" '
        'w:left="1134" w:header="567" w:footer="567" w:gutter="0"/></w:sectPr>'
    )
    top = _paragraph(paper.title, "Title") + _paragraph(paper.above, "Subtitle")
    return f'<w:document {_W} xmlns:r="{_R}"><w:body>{top}{blocks}{section}</w:body></w:document>'


def _block(block: Block, lists: Iterator[int], *, leads: bool) -> Iterator[str]:
    """A block; a paragraph that ``leads`` to a table stays on its page."""
    match block:
        case Heading(text, level, number):
            numbered = _numbered(_RESOLUTIONS) if number else ""
            yield _paragraph(text, f"Heading{level - 1}", numbered)
        case Paragraph(text, style):
            named = {"note": "NoSpacing", "warning": "IntenseQuote", "lead": "BodyText"}
            yield _paragraph(text, named.get(style, "BodyText"), _TOGETHER if leads else "")
        case Listing(items, numbered):
            identifier = next(lists) if numbered else _BULLETS
            style = "ListNumber" if numbered else "ListBullet"
            for said in items:
                yield _paragraph(said, style, _numbered(identifier))
        case Table():
            yield from _table(block)
        case _:
            raise TypeError(f"a text has no {type(block).__name__}")


def _table(table: Table) -> Iterator[str]:
    """A table below its caption, whole where it is short, else with its heads again on each page.

    A paragraph parts it from the next.
    """
    whole = sum(column.width for column in table.columns)
    widths = [_WIDE * column.width // whole for column in table.columns]
    grid = "".join(f'<w:gridCol w:w="{width}"/>' for width in widths)
    heads = "".join(
        _cell(column.head, width, column, bold=True, together=True)
        for column, width in zip(table.columns, widths, strict=True)
    )
    rows = [f"<w:tr><w:trPr><w:cantSplit/><w:tblHeader/></w:trPr>{heads}</w:tr>"]
    last = len(table.rows) - 1
    short = last < _SHORT
    for number, row in enumerate(table.rows):
        bold = bool(table.marks.get(number))
        together = short and number < last
        cells = "".join(
            _cell(cell, width, column, bold=bold, together=together)
            for cell, width, column in zip(row, widths, table.columns, strict=True)
        )
        rows.append(f"<w:tr><w:trPr><w:cantSplit/></w:trPr>{cells}</w:tr>")
    yield _paragraph(table.caption, "Caption", _TOGETHER)
    yield (
        '<w:tbl><w:tblPr><w:tblStyle w:val="TableGrid"/>'
        f'<w:tblW w:w="{sum(widths)}" w:type="dxa"/><w:tblLayout w:type="fixed"/>'
        f'<w:tblLook w:val="0020" w:firstRow="1"/><w:tblCaption w:val="{_text(table.caption)}"/>'
        f"</w:tblPr><w:tblGrid>{grid}</w:tblGrid>{''.join(rows)}</w:tbl>"
    )
    yield _paragraph("", "NoSpacing")


def _cell(text: str, width: int, column: Column, *, bold: bool, together: bool) -> str:
    steps, said = moved_in(text)
    more = _TOGETHER if together else ""
    more += f'<w:ind w:left="{240 * steps}"/>' if steps else ""
    more += '<w:jc w:val="right"/>' if column.figures else ""
    inner = _paragraph(said, "NoSpacing", more, bold=bold)
    return f'<w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/></w:tcPr>{inner}</w:tc>'


def _field(code: str) -> str:
    return f'<w:fldSimple w:instr="{code}"><w:r><w:t>1</w:t></w:r></w:fldSimple>'


def _footer(paper: Paper) -> str:
    """The line below each page, with the fields that count pages."""
    first, _, rest = paper.page_of.partition("{page}")
    middle, _, last = rest.partition("{pages}")
    counted = _run(first) + _field("PAGE") + _run(middle) + _field("NUMPAGES") + _run(last)
    tab = f'<w:tabs><w:tab w:val="right" w:pos="{_WIDE}"/></w:tabs>'
    return (
        f'<w:ftr {_W}><w:p><w:pPr><w:pStyle w:val="Footer"/>{tab}</w:pPr>{_run(paper.below)}'
        f"<w:r><w:tab/></w:r>{counted}</w:p></w:ftr>"
    )


def _level(kind: str, said: str, style: str = "", left: int = 360, after: str = "tab") -> str:
    hanging = left if after == "tab" else 0
    named = f'<w:pStyle w:val="{style}"/>' if style else ""
    return (
        f'<w:lvl w:ilvl="0"><w:start w:val="1"/><w:numFmt w:val="{kind}"/>{named}'
        f'<w:suff w:val="{after}"/><w:lvlText w:val="{_text(said)}"/><w:lvlJc w:val="left"/>'
        f'<w:pPr><w:ind w:left="{left if hanging else 0}" w:hanging="{hanging}"/></w:pPr></w:lvl>'
    )


def _numbering(label: str, lists: int) -> str:
    """Bullets, the numbers of resolutions, and each list's own: they begin at one again."""
    resolutions = f"{label.replace('{number}', '%1')} –" if label else "%1."
    levels = [_level("bullet", "–"), _level("decimal", resolutions, after="space")]
    levels += [_level("decimal", "%1.")] * lists
    kinds = "".join(
        f'<w:abstractNum w:abstractNumId="{at}"><w:multiLevelType w:val="singleLevel"/>{one}'
        "</w:abstractNum>"
        for at, one in enumerate(levels, 1)
    )
    used = "".join(
        f'<w:num w:numId="{at}"><w:abstractNumId w:val="{at}"/></w:num>'
        for at in range(1, len(levels) + 1)
    )
    return f"<w:numbering {_W}>{kinds}{used}</w:numbering>"


def _style(
    name: str, identifier: str, paragraph: str = "", run: str = "", *, based: str = "Normal"
) -> str:
    inner = f"<w:pPr>{paragraph}</w:pPr>" if paragraph else ""
    inner += f"<w:rPr>{run}</w:rPr>" if run else ""
    return (
        f'<w:style w:type="paragraph" w:styleId="{identifier}"><w:name w:val="{name}"/>'
        f'<w:basedOn w:val="{based}"/><w:qFormat/>{inner}</w:style>'
    )


def _spacing(before: int, after: int) -> str:
    return f'<w:spacing w:before="{before}" w:after="{after}"/>'


def _styles(language: str) -> str:
    """The styles that are used, under the names that writing programs know."""
    headings = "".join(
        _style(
            f"heading {level}",
            f"Heading{level}",
            f'<w:keepNext/>{_spacing(320 - 60 * level, 100)}<w:outlineLvl w:val="{level - 1}"/>',
            f'<w:b/><w:sz w:val="{30 - 3 * level}"/>',
        )
        for level in (1, 2, 3)
    )
    edges = ("top", "left", "bottom", "right", "insideH", "insideV")
    lines = "".join(f'<w:{edge} w:val="single" w:sz="4" w:color="808080"/>' for edge in edges)
    return (
        f"<w:styles {_W}><w:docDefaults><w:rPrDefault><w:rPr>"
        '<w:rFonts w:ascii="Liberation Serif" w:hAnsi="Liberation Serif" w:cs="Liberation Serif"/>'
        f'<w:sz w:val="22"/><w:lang w:val="{language}"/></w:rPr></w:rPrDefault></w:docDefaults>'
        '<w:style w:type="paragraph" w:default="1" w:styleId="Normal"><w:name w:val="Normal"/>'
        "<w:qFormat/></w:style>"
        + _style("Title", "Title", _spacing(0, 80), '<w:b/><w:sz w:val="36"/>')
        + _style("Subtitle", "Subtitle", _spacing(0, 240), '<w:color w:val="505050"/>')
        + headings
        + _style("Body Text", "BodyText", _spacing(60, 120))
        + _style("No Spacing", "NoSpacing", _spacing(20, 20), '<w:sz w:val="20"/>')
        + _style("Intense Quote", "IntenseQuote", _spacing(80, 120), "<w:b/>")
        + _style("List Bullet", "ListBullet", _spacing(20, 40))
        + _style("List Number", "ListNumber", _spacing(20, 40))
        + _style("caption", "Caption", f"<w:keepNext/>{_spacing(160, 60)}", "<w:b/>")
        + _style("footer", "Footer", "", '<w:color w:val="505050"/><w:sz w:val="16"/>')
        + '<w:style w:type="table" w:default="1" w:styleId="TableNormal">'
        '<w:name w:val="Normal Table"/></w:style>'
        '<w:style w:type="table" w:styleId="TableGrid"><w:name w:val="Table Grid"/>'
        f'<w:basedOn w:val="TableNormal"/><w:tblPr><w:tblBorders>{lines}</w:tblBorders>'
        '<w:tblCellMar><w:left w:w="85" w:type="dxa"/><w:right w:w="85" w:type="dxa"/>'
        "</w:tblCellMar></w:tblPr></w:style></w:styles>"
    )


def _content_types() -> str:
    parts = "".join(
        f'<Override PartName="/word/{name}.xml" ContentType="{_TYPE}.{kind}+xml"/>'
        for name, kind in _PARTS.items()
    )
    core = "application/vnd.openxmlformats-package.core-properties+xml"
    return (
        f'<Types xmlns="{_PACKAGE}/content-types"><Default Extension="rels" '
        'ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f'{parts}<Override PartName="/docProps/core.xml" ContentType="{core}"/></Types>'
    )


def _relations(found: list[tuple[str, str]], more: str = "") -> str:
    inner = "".join(
        f'<Relationship Id="{kind}" Type="{_R}/{kind}" Target="{target}"/>'
        for kind, target in found
    )
    return f'<Relationships xmlns="{_PACKAGE}/relationships">{inner}{more}</Relationships>'


def _core(paper: Paper, language: str) -> str:
    return (
        f'<cp:coreProperties xmlns:cp="{_PACKAGE}/metadata/core-properties" '
        'xmlns:dc="http://purl.org/dc/elements/1.1/">'
        f"<dc:title>{_text(paper.title)} – {_text(paper.above)}</dc:title>"
        f"<dc:language>{language}</dc:language></cp:coreProperties>"
    )
