"""Text with a sign between its cells, read as grids, whatever program wrote it: for years and federations.

Told apart: comma, semicolon, tab or bar; UTF-8 with or without its mark, UTF-16, or an eight-bit code
of Western Europe; with the line ``sep=;`` that spreadsheets write, or without. A text is gone through in
pieces of whole lines, so that memory is that of a few of them.
"""

import codecs
import csv
import io
import re
import unicodedata
from collections.abc import Iterable, Iterator
from typing import BinaryIO

from attrs import frozen

from coopfx.ground import facts
from coopfx.ground.facts import Grid, Row
from coopfx.ground.report import Report
from coopfx.ground.source import Span

LONGEST_LINE = 1_000_000
"""A line of more characters is no row of figures, and is not taken apart."""
HEAD = 20_000
"""So many characters from its beginning show what a text is parted by."""
_PIECE = 1 << 17
_OTHER_FILES = {
    b"PK\x03\x04": "xlsx",
    b"\xd0\xcf\x11\xe0": "xls",
    b"%PDF": "pdf",
    b"\x1f\x8b": "gz",
}
_UTF_16 = {b"\xff\xfe": "utf-16-le", b"\xfe\xff": "utf-16-be"}
_ASCII = bytes(range(0x80))
# The eight letters by which ISO 8859-15 differs from Windows-1252: the euro sign and seven letters.
_LATIN_9 = frozenset(b"\xa4\xa6\xa8\xb4\xb8\xbc\xbd\xbe")
_ONLY_1252 = frozenset(range(0x80, 0xA0))
_NOT_1252 = frozenset(b"\x81\x8d\x8f\x90\x9d")
# What follows a letter in words of French, Spanish and Italian, beyond ASCII; codes of Windows, Mac, DOS.
_USUAL = frozenset("àâäáçéèêëíìîïñóòôöœúùûüÿÀÂÄÁÇÉÈÊËÍÌÎÏÑÓÒÔÖŒÚÙÛÜ’ºª°")
_CODES = ("cp1252", "mac_roman", "cp850")
_AFTER_LETTER = re.compile(rb"[A-Za-z][\x80-\xff]")
_SIGNS = ";\t|,"
_SAID = re.compile(r"[ \t]*\"?sep=(?P<sign>[;\t|,])\"?[ \t]*\r?\n", re.IGNORECASE)
_PAGES = ("<!doctype", "<html", "<?xml")


@frozen(slots=True)
class Shape:
    """What a text's beginning shows: the sign between its cells, its first line, and where that begins."""

    delimiter: str
    line: int = 1
    start: int = 0


def shape_of(text: str) -> Shape:
    """What the beginning of a text shows of it.

    >>> shape_of("sep=;" + chr(10) + "id;hours" + chr(10))
    Shape(delimiter=';', line=2, start=6)
    """
    said = _SAID.match(text)
    return Shape(said["sign"], 2, said.end()) if said else Shape(_delimiter(text[:HEAD]))


def _delimiter(text: str) -> str:
    """What parts the cells: the sign that stands in most of the first lines, as often in each."""
    lines = [_outside_quotes(line) for line in re.findall(r"[^\n]*\S[^\n]*", text)[:12]]

    def fits(sign: str) -> int:
        counts = [count for line in lines if (count := line.count(sign))]
        return max(map(counts.count, counts), default=0)

    return max(_SIGNS, key=fits) if any(map(fits, _SIGNS)) else ","


def _outside_quotes(line: str) -> str:
    return "".join(line.split('"')[::2])


# ---- bytes to text


def encoding_of(file: str, parts: Iterable[bytes], report: Report) -> str | None:
    """The encoding of a file's bytes, given part after part; None, and told, where it is no text.

    >>> encoding_of("people.csv", [b"caf", b"\\xe9"], Report())
    'cp1252'
    """
    start = Span(file, 1, 1, 1, 1)
    wide = ""
    unicode: codecs.IncrementalDecoder = codecs.getincrementaldecoder("utf-8")()
    high: set[int] | None = None
    seen = set[int]()
    after = set[bytes]()
    first = True
    for part in parts:
        if first:
            first = False
            for magic, sort in _OTHER_FILES.items():
                if part.startswith(magic):
                    report.tell("D708", start, sort=sort)
                    return None
            wide = _UTF_16.get(part[:2], "")
        if wide:
            continue
        if b"\0" in part:
            report.tell("D708", start, sort="?")
            return None
        if not part.isascii():
            after.update(_AFTER_LETTER.findall(part))
            seen.update(part.translate(None, _ASCII))
        try:
            unicode.decode(part)
        except UnicodeDecodeError:
            high = seen
            unicode = codecs.getincrementaldecoder("latin-1")()
    if wide:
        return wide
    if high is None:
        try:
            unicode.decode(b"", final=True)
            return "utf-8"
        except UnicodeDecodeError:
            high = seen
    code = _eight_bit(after)
    if code:
        return code
    if high & _LATIN_9 and not high & _ONLY_1252:
        return "iso8859-15"
    if high & _NOT_1252:
        report.tell("D716", start)
        return None
    return "cp1252"


def _eight_bit(after: set[bytes]) -> str:
    """The code by which the letters of words are those of French, Spanish and Italian; the usual one where
    two are. Given is each byte beyond ASCII that stands after a letter, with that.

    >>> [_eight_bit({f"i{'é'}".encode(code)}) for code in ("cp1252", "mac_roman", "cp850")]
    ['', 'mac_roman', 'cp850']
    """

    def odd(code: str) -> int:
        read = (pair.decode(code, "replace") for pair in after)
        return sum(one[1] not in _USUAL or (one[1].isupper() and one[0].islower()) for one in read)

    best = min(_CODES, key=odd)
    return "" if best == _CODES[0] or odd(best) else best


def is_page(file: str, text: str, report: Report) -> bool:
    """Whether a text is a page or a document of tags, which is then told (D708)."""
    found = text[:200].lstrip()[:9].casefold().startswith(_PAGES)
    if found:
        report.tell("D708", Span(file, 1, 1, 1, 1), sort="html")
    return found


def parts_of(file: BinaryIO) -> Iterator[bytes]:
    """The bytes of a file from its beginning, part after part."""
    file.seek(0)
    while part := file.read(_PIECE):
        yield part


def pieces_of(parts: Iterable[bytes], encoding: str) -> Iterator[str]:
    """The text of a file in pieces of whole lines, each accent one letter, each line end one sign.

    A line that is too long comes as the only one of its piece, and not to its end. Bytes that are none
    of the encoding raise UnicodeDecodeError.
    """
    decoder = codecs.getincrementaldecoder(encoding)()
    rest = ""
    old = None
    for part in parts:
        text = rest + decoder.decode(part)
        old = ends_in_returns(text) if old is None else old
        text = text.replace("\r", "\n") if old else text
        end = text.rfind("\n") + 1
        if end:
            yield _normal(text[:end])
        rest = text[end:]
        if len(rest) > LONGEST_LINE:
            break
    else:
        rest += decoder.decode(b"", final=True)
    if rest:
        yield _normal(rest)


def ends_in_returns(text: str) -> bool:
    """Whether the lines of a text end in the sign that old programs of a Mac wrote, and no other."""
    return "\r" in text[:-1] and "\n" not in text


def _normal(text: str) -> str:
    text = text.replace("\r\n", "\n").removeprefix("\ufeff")
    return text if text.isascii() else unicodedata.normalize("NFC", text)


def cut(text: str, start: int) -> Iterator[str]:
    """A text in pieces of whole lines; a line that is too long comes as the only one of its piece."""
    while start < len(text):
        end = text.rfind("\n", start, start + _PIECE) + 1
        if not end:
            end = text.find("\n", start, start + LONGEST_LINE) + 1
            end = end or min(len(text), start + LONGEST_LINE + 1)
        yield text[start:end]
        if end - start > LONGEST_LINE:
            return
        start = end


# ---- text to grids


def grids_of(
    file: str, pieces: Iterable[str], delimiter: str, line: int, report: Report
) -> Iterator[Grid]:
    """The rows of a text that hold anything, with the line each begins on.

    Told where quotation marks are amiss (D713), a line is too long (D742), or the text is none (D708).
    """
    waiting = iter(pieces)
    for piece in waiting:
        if len(piece) > LONGEST_LINE and max(map(len, piece.split("\n"))) > LONGEST_LINE:
            report.tell("D742", Span.on_line(file, line), most=LONGEST_LINE)
            return
        if "\0" in piece:
            report.tell("D708", Span.on_line(file, 1), sort="?")
            return
        grid = _plain(piece, delimiter, line)
        if grid is None:
            rows, line, error = _quoted(piece, waiting, delimiter, line)
            yield from facts.grids_of(rows)
            if error:
                report.tell("D713", Span.on_line(file, line), reason=error)
                return
        else:
            line += len(grid.lines)
            yield grid


def _plain(piece: str, delimiter: str, line: int) -> Grid | None:
    """The rows of a piece without quotation marks, all of one width and none empty; None otherwise."""
    if '"' in piece or "\r" in piece:
        return None
    whole = piece if piece.endswith("\n") else piece + "\n"
    width = whole[: whole.index("\n")].count(delimiter) + 1
    empty = delimiter * (width - 1) + "\n"
    if whole.startswith(empty) or f"\n{empty}" in whole:
        return None
    size = whole.count("\n")
    # After the cells of each line stands one that is its end: at the same distance, or the widths differ.
    flat = whole.replace("\n", f"{delimiter}\n{delimiter}").split(delimiter)
    if len(flat) != size * (width + 1) + 1 or flat[width :: width + 1].count("\n") != size:
        return None
    flat.pop()
    return Grid(range(line, line + size), [flat[at :: width + 1] for at in range(width)])


def _quoted(
    piece: str, waiting: Iterator[str], delimiter: str, line: int
) -> tuple[list[Row], int, str]:
    """The rows of a piece, and of what a quotation that is open at its end goes on into.

    Returned with the line after it, and what is amiss with its quotation marks, if anything.
    """
    left = 0

    def lines() -> Iterator[str]:
        nonlocal left
        text: str | None = piece
        while text:
            left += text.count("\n") + (not text.endswith("\n"))
            for one in io.StringIO(text, newline="\n"):
                left -= 1
                yield one
            text = next(waiting, None)

    reader = csv.reader(lines(), delimiter=delimiter, strict=True)
    rows: list[Row] = []
    first, error = line, ""
    try:
        for row in reader:
            if any(row) and not "".join(row).isspace():
                rows.append((line, row))
            line = reader.line_num + first
            if not left:
                break
    except csv.Error as amiss:
        error = str(amiss)
    return rows, line, error
