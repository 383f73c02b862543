"""The XML form of a FEC, read as a stream, into the rows of the flat one.

Nothing is expanded: a document that declares a type or an entity is refused before either is read.
"""

from collections.abc import Iterator
from typing import BinaryIO
from xml.parsers import expat

from coopfx_fec.columns import LAWFUL, SIGNED, known
from coopfx_fec.flat import BLOCK, Line

HEADER = (*LAWFUL, *SIGNED)
_INDEX: dict[str | None, int] = {name: index for index, name in enumerate(HEADER)}
_DEEPEST = 20
_LONGEST_TEXT = 1 << 16
_OF_ENTRY = ("journal", "ecriture")


class NotAllowedError(ValueError):
    """A document that declares a type or entities, or is nested deeper than a FEC is."""

    def __init__(self, line: int) -> None:
        super().__init__(line)
        self.line = line


class MalformedError(ValueError):
    """A document that is no XML from some line on; ``reason`` is what the parser says."""

    def __init__(self, line: int, reason: str) -> None:
        super().__init__(line)
        self.line, self.reason = line, reason


class Lines:
    """The lines of all entries, as rows under ``HEADER``, the header first.

    What stands at a journal or an entry goes into each of its lines; ``closing`` is the text of
    ``DateCloture``. Raises NotAllowedError or MalformedError while it is gone through.
    """

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self.cut = False
        self.separator = ""
        self.titles = 0
        self.closing = ""
        self._around: list[tuple[str, dict[int, str]]] = []
        self._text: list[str] = []
        self._length = 0
        self._found: list[Line] = []

    def __iter__(self) -> Iterator[Line]:
        self._parser = parser = expat.ParserCreate()
        parser.buffer_text = True
        parser.StartDoctypeDeclHandler = self._refuse
        parser.EntityDeclHandler = self._refuse
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self._take
        yield 1, list(HEADER)
        try:
            while block := self._file.read(BLOCK // 8):
                parser.Parse(block, False)
                yield from self._found
                self._found.clear()
            parser.Parse(b"", True)
        except expat.ExpatError as error:
            raise MalformedError(error.lineno, expat.ErrorString(error.code) or "") from None
        except NotAllowedError:
            raise
        except (LookupError, ValueError) as error:
            # An encoding that nobody knows, or one whose signs are of several bytes each.
            raise MalformedError(1, str(error)) from None
        yield from self._found

    def _refuse(self, *_: object) -> None:
        raise NotAllowedError(self._parser.CurrentLineNumber)

    def _start(self, name: str, _: dict[str, str]) -> None:
        if len(self._around) > _DEEPEST:
            self._refuse()
        self._around.append((_plain(name).casefold(), {}))
        self._text.clear()
        self._length = 0

    def _take(self, text: str) -> None:
        self._length += len(text)
        if self._length > _LONGEST_TEXT:
            self._refuse()
        self._text.append(text)

    def _end(self, name: str) -> None:
        tag, cells = self._around.pop()
        text = "".join(self._text).strip()
        self._text.clear()
        self._length = 0
        if tag == "ligne":
            row = [""] * len(HEADER)
            for around, given in (*self._around, (tag, cells)):
                if around in _OF_ENTRY or around == tag:
                    for index, value in given.items():
                        row[index] = value
            self._found.append((self._parser.CurrentLineNumber, row))
        elif tag == "datecloture":
            self.closing = text
        elif self._around and (column := known(_plain(name))) in _INDEX:
            self._around[-1][1][_INDEX[column]] = text


def _plain(name: str) -> str:
    """The name of an element without the prefix of its namespace."""
    return name.rpartition(":")[2]
