"""A paper before it is set: headings, sentences, tables and figures, all of them plain text.

A page of HTML and a page of PDF are set from the same paper. Every text is text: no sign in it means
anything to either of them.
"""

import re

from attrs import Factory, frozen

INDENT = "\u2003"
"""What a row's first cell begins with, once for each step that it is moved in."""
# A sign of comparison keeps its right side, a mark what it marks, and a text the star at its end.
_BOUND = re.compile(r"(?<= [<>=≤≥≠≈×]) |(?<=^[≤≥✓✗]) | (?=\*$)")


def printed(text: str) -> str:
    """A text as printers set it: with their apostrophe, and no line that ends where it should not.

    >>> printed("l'intérêt ≥ 5 *").replace("\u00a0", "~")
    'l’intérêt ≥~5~*'
    """
    return _BOUND.sub("\u00a0", text.replace("'", "\u2019"))


def moved_in(cell: str) -> tuple[int, str]:
    """How many steps a cell is moved in, and what it says.

    >>> moved_in(2 * INDENT + "Legal reserve")
    (2, 'Legal reserve')
    """
    said = cell.lstrip(INDENT)
    return len(cell) - len(said), said


@frozen(slots=True)
class Heading:
    """A heading; the paper's own title is level 1, so a part's is 2.

    One with a ``number`` stands behind its ``label``, in which ``{number}`` is the place of the number.

    >>> Heading("Accounts", number=3, label="Resolution {number}").said
    'Resolution 3 – Accounts'
    """

    text: str
    level: int = 2
    number: int = 0
    label: str = ""

    @property
    def said(self) -> str:
        """The heading with its number, as it is read."""
        if not self.number:
            return self.text
        return f"{self.label.replace('{number}', str(self.number))} – {self.text}"


@frozen(slots=True)
class Paragraph:
    """A paragraph; ``style`` is ``lead``, ``body``, ``note`` or, for what is amiss, ``warning``."""

    text: str
    style: str = "body"


@frozen(slots=True)
class KeyFigure:
    """A figure that stands out, with what it is above and a remark below."""

    label: str
    value: str
    note: str = ""


@frozen(slots=True)
class KeyFigures:
    """Some figures that stand out, beside one another."""

    items: tuple[KeyFigure, ...]


@frozen(slots=True)
class Column:
    """A column of a table: its head, and whether its cells are figures. ``width`` is its share.

    One that has ``bars`` shows the table's bars beside its figures.
    """

    head: str
    figures: bool = False
    width: int = 1
    bars: bool = False


@frozen(slots=True)
class Bar:
    """A figure as a bar, in thousandths of the room: what is free before it, its length, its colour."""

    before: int
    length: int
    colour: str


@frozen(slots=True)
class Table:
    """A table. ``marks`` says of rows, by number, that they are a ``total``, ``group`` or ``amiss``.

    ``bars`` has the bars of rows, by number, for the column that shows them.
    """

    caption: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[str, ...], ...]
    marks: dict[int, str] = Factory(dict)
    bars: dict[int, Bar] = Factory(dict)


@frozen(slots=True)
class Figure:
    """A drawing in SVG, what it shows in words, its caption, and the drawing for narrow screens."""

    svg: str
    alt: str
    caption: str = ""
    narrow: str = ""


@frozen(slots=True)
class Amendment:
    """Lines of a text as they are and as they would be, below the place where they stand."""

    place: str
    old: tuple[str, ...]
    new: tuple[str, ...]


@frozen(slots=True)
class Card:
    """A figure with its name, its drawing, and what is to be said of it.

    ``judged`` is how it stands to what is asked, and ``mark`` ``met``, ``missed``, ``ahead`` or ``open``.
    """

    label: str
    value: str
    judged: str = ""
    mark: str = ""
    svg: str = ""
    alt: str = ""
    text: str = ""
    note: str = ""


@frozen(slots=True)
class Cards:
    """Figures side by side, as many in a row as there is room."""

    items: tuple[Card, ...]


@frozen(slots=True)
class Steps:
    """A calculation: sentences, each with its depth below the first and where it is written."""

    items: tuple[tuple[int, str, str], ...]


@frozen(slots=True)
class Listing:
    """Sentences below one another, ``numbered`` or not."""

    items: tuple[str, ...]
    numbered: bool = False


Block = Heading | Paragraph | KeyFigures | Table | Figure | Amendment | Cards | Steps | Listing


@frozen(slots=True)
class Paper:
    """A paper: its title and language, the line above the title, what stands below each page.

    ``page_of`` is the sentence that counts pages, with the places ``{page}`` and ``{pages}``. One that
    is ``single`` is set so that it takes one page, its calculations the smaller the longer they are.
    ``logo`` is a picture as an address that holds it, of the ``company``.
    """

    title: str
    language: str
    above: str
    below: str
    page_of: str
    blocks: tuple[Block, ...]
    single: bool = False
    logo: str = ""
    company: str = ""
