"""The flat form of a FEC, read as a stream: lines of cells, whatever parts them and ends them.

Parted by tab, ``|``, ``;`` or comma; ended by CR, LF or both; in ASCII, UTF-8 with or without its mark,
ISO 8859-15 or Windows-1252. No more than one block of the file is held at a time.
"""

import csv
from collections.abc import Iterator
from typing import BinaryIO

from coopfx_fec.columns import separator

BLOCK = 1 << 20
LONGEST_LINE = 1 << 16
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
    ``separator`` is what parts the cells. Raises NotTextError while it is gone through.
    """

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self.cut = False
        self.separator = ""

    def __iter__(self) -> Iterator[Line]:
        lines = self._numbered()
        first = next(lines, None)
        if first is None:
            return
        number, header = first
        sign = self.separator = separator(header)
        if header.lstrip().startswith('"'):
            yield number, next(csv.reader([header], delimiter=sign))
            yield from self._quoted(lines, sign)
            return
        yield number, header.split(sign)
        for number, line in lines:
            yield number, line.split(sign)

    def _quoted(self, lines: Iterator[tuple[int, str]], sign: str) -> Iterator[Line]:
        """Lines whose cells stand in quotation marks, in which they may be parted and ended."""
        last = [1]

        def noted() -> Iterator[str]:
            for number, line in lines:
                last[0] = number
                yield line + "\n"

        try:
            for row in csv.reader(noted(), delimiter=sign):
                yield last[0], row
        except csv.Error:  # a mark that is opened and never closed
            raise NotTextError(last[0]) from None

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

    def _texts(self) -> Iterator[str]:
        encoding = "utf-8"
        lines = 0
        for block in self._blocks():
            if b"\0" in block:
                raise NotTextError(lines + block[: block.index(b"\0")].count(b"\n") + 1)
            try:
                text = block.decode(encoding)
            except UnicodeDecodeError:
                # Once a line is no UTF-8 the file is of eight bits: the law's ISO 8859-15, unless it
                # has signs where that code has none.
                encoding = "iso8859-15"
                if block.translate(None, _ONLY_1252) != block:
                    encoding = "cp1252"
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
