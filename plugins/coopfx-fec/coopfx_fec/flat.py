"""The flat form of a FEC, read as a stream: lines of cells, whatever parts them and ends them.

Parted by tab, ``|``, ``;`` or comma; ended by CR, LF or both; in ASCII, UTF-8 with or without its mark,
UTF-16 with its mark, or an eight-bit code of Western Europe. Titles may stand above the header; cells may
stand in quotation marks, and go on over lines in them. One block of the file is held at a time.
"""

import codecs
import csv
import itertools
from collections.abc import Iterator
from typing import BinaryIO

from coopfx.extending import encoding_of
from coopfx.ground.report import Report
from coopfx_fec.columns import MOST_TITLES, SEPARATORS, is_header_line, separator

BLOCK = 1 << 20
LONGEST_LINE = 1 << 16
_MOST_JOINED = 20
"""Over so many lines a cell in quotation marks may go on."""
_WIDE = {b"\xff\xfe": "utf-16-le", b"\xfe\xff": "utf-16-be"}
_ONLY_1252 = bytes(range(0x80, 0xA0))

Line = tuple[int, list[str]]
"""The number of a line, and its cells."""


class NotTextError(ValueError):
    """A file that is none of text, or has a line that nobody would write; ``line`` is where."""

    def __init__(self, line: int) -> None:
        super().__init__(line)
        self.line = line


class Lines:
    """The lines of a file that hold anything, with their numbers; the first is the header.

    ``cut`` tells, once they are read, whether the last one ends without the sign that ends a line.
    ``separator`` is what parts the cells, ``titles`` how many lines stand above the header. Raises
    NotTextError while it is gone through.
    """

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self.cut = False
        self.separator = ""
        self.titles = 0
        self._back: list[tuple[int, str]] = []

    def __iter__(self) -> Iterator[Line]:
        lines = self._numbered()
        first = list(itertools.islice(lines, MOST_TITLES + 1))
        if not first:
            return
        at = next((at for at, (_, line) in enumerate(first) if is_header_line(line)), 0)
        number, header = first[at]
        self.titles = at
        lines = itertools.chain(first[at + 1 :], lines)
        sign = self.separator = separator(header)
        names = next(csv.reader([header], delimiter=sign)) if '"' in header else header.split(sign)
        yield number, names
        second = next(lines, None)
        if second is None:
            return
        if sign not in second[1]:
            # A header that was typed by hand above lines that are parted otherwise.
            fits = (one for one in SEPARATORS if second[1].count(one) == len(names) - 1)
            sign = self.separator = next(fits, sign)
        lines = itertools.chain([second], lines)
        for number, line in self._in_turn(lines):
            if '"' in line:
                yield number, self._unquoted(line, lines, sign, len(names))
            else:
                yield number, line.split(sign)

    def _in_turn(self, lines: Iterator[tuple[int, str]]) -> Iterator[tuple[int, str]]:
        """The lines, those first that were given back."""
        for one in lines:
            yield one
            while self._back:
                yield self._back.pop(0)

    def _unquoted(
        self, line: str, lines: Iterator[tuple[int, str]], sign: str, width: int
    ) -> list[str]:
        """A line whose cells may stand in quotation marks, in which they may be parted and ended.

        A mark may stand in a text as well: only what comes to as many cells as the header has is read so.
        Lines that were taken in vain are given back.
        """
        plain = line.split(sign)
        if not any(cell.lstrip().startswith('"') for cell in plain):
            return plain
        text, taken = line, list[tuple[int, str]]()
        for _ in range(_MOST_JOINED):
            try:
                rows = list(csv.reader([text], delimiter=sign, strict=True))
            except csv.Error:
                rows = []
            if rows and len(rows[0]) == width:
                return [cell.replace("\n", " ") for cell in rows[0]]
            more = None
            if not rows:
                more = self._back.pop(0) if self._back else next(lines, None)
            if more is None:
                break
            taken.append(more)
            text += "\n" + more[1]
        self._back = taken + self._back
        return plain

    def _numbered(self) -> Iterator[tuple[int, str]]:
        above = 0
        for text in self._texts():
            if "\r" in text:
                text = text.replace("\r\n", "\n").replace("\r", "\n")
            lines = text.split("\n")
            if not lines[-1]:
                lines.pop()
            for number, line in enumerate(lines, above + 1):
                if line and not line.isspace():
                    if len(line) > LONGEST_LINE:
                        raise NotTextError(number)
                    yield number, line
            above += len(lines)

    def _wide(self, encoding: str) -> Iterator[str]:
        """The text of a file in UTF-16, in pieces that end where a line does."""
        decoder = codecs.getincrementaldecoder(encoding)("replace")
        rest = ""
        while read := self._file.read(BLOCK):
            text = rest + decoder.decode(read)
            end = max(text.rfind("\n"), text.rfind("\r", 0, -1)) + 1
            if not end and len(text) > LONGEST_LINE * 4:
                raise NotTextError(1)
            if end:
                yield text[:end].removeprefix("\ufeff")
            rest = text[end:]
        if rest:
            self.cut = not rest.endswith("\r")
            yield rest.removeprefix("\ufeff")

    def _texts(self) -> Iterator[str]:
        mark = self._file.read(2)
        self._file.seek(0)
        if mark in _WIDE:
            yield from self._wide(_WIDE[mark])
            return
        encoding = "utf-8"
        lines = 0
        for block in self._blocks():
            if b"\0" in block:
                raise NotTextError(lines + block[: block.index(b"\0")].count(b"\n") + 1)
            try:
                text = block.decode(encoding)
            except UnicodeDecodeError:
                # Once a line is no UTF-8 the file is of eight bits: the law's ISO 8859-15, unless its
                # letters are those of another code.
                encoding = encoding_of("", (block,), Report()) or "cp1252"
                if encoding == "cp1252" and block.translate(None, _ONLY_1252) == block:
                    encoding = "iso8859-15"
                text = block.decode(encoding, "replace")
            lines += text.count("\n")
            yield text

    def _blocks(self) -> Iterator[bytes]:
        """Blocks that end where a line does."""
        rest = b""
        first = True
        while read := self._file.read(BLOCK):
            data = rest + read
            if first and len(data) >= 3:
                data, first = data.removeprefix(b"\xef\xbb\xbf"), False
            end = data.rfind(b"\n") + 1 or data.rfind(b"\r", 0, -1) + 1
            if not end and len(data) > LONGEST_LINE * 4:
                raise NotTextError(1)
            if end:
                yield data[:end]
            rest = data[end:]
        if rest:
            self.cut = not rest.endswith(b"\r")
            yield rest
