"""How people write numbers: by which sign a file parts decimals, and what a figure comes to, exactly.

A column is looked at by the shapes of its texts: what is left of them when every digit is the same. There
are few shapes however many rows there are, and a shape says whether a text is a plain number.
"""

import re
from collections.abc import Iterable, Sequence
from fractions import Fraction
from functools import cached_property
from typing import TypeVar

from attrs import frozen

from coopfx.ground.words import HARD_SPACES

# A figure as people write one: a sign or brackets around it, digits, signs and spaces between them.
_FIGURE = re.compile(
    rf"(?P<open>\()?(?P<sign>[-+\u2212])?[ {HARD_SPACES}]*(?P<digits>\d[\d.,'\u2019 {HARD_SPACES}]*)"
    r"(?P<after>[-\u2212])?(?P<close>\))?"
)
_SPACED = re.compile(rf"\d{{1,3}}(?:[ {HARD_SPACES}'\u2019]\d{{3}})+(?![\d '\u2019])")
_GROUPED = {sign: re.compile(rf"[1-9]\d{{0,2}}(?:{re.escape(sign)}\d{{3}})+") for sign in ".,"}
# A plain number by its shape: a sign or none, digits, in groups with spaces or not, decimals or none.
_PLAIN = re.compile(
    rf"-?(?P<whole>0{{1,30}}|0{{1,3}}(?:[ {HARD_SPACES}'\u2019]000){{1,9}})"
    r"(?:(?P<mark>[.,])(?P<part>0{1,30}))?"
)
_NO_DIGITS = f",. {HARD_SPACES}'\u2019"
ORDERS = ("dmy", "mdy")
"""In which orders people write day, month and year where the year is last."""
Value = TypeVar("Value")
_SAME_DIGITS = bytes.maketrans(b"123456789", b"000000000")
_SAME_DIGIT = str.maketrans("123456789", "000000000")


@frozen(slots=True)
class Style:
    """How one file writes what can be written in several ways.

    ``decimal`` is the sign that parts decimals, empty where the file does not show it. ``shown`` says
    that its own numbers show it. ``days`` is the order of day, month and year in a column, such as
    ``dmy``, empty where the days could be of two; ``usual`` says that it is that of the language.
    """

    decimal: str = ""
    shown: bool = False
    days: str = ""
    usual: bool = False


@frozen(slots=True)
class Amiss:
    """Why a cell cannot be a fact: the code of the diagnostic that says so."""

    code: str


WRONG, FINER, TWO_WAYS, COMPUTED, TWO_DAYS, OUTSIDE, PERCENT = (
    Amiss(code) for code in ("D703", "D720", "D725", "D739", "D738", "D704", "D761")
)


@frozen(slots=False, eq=False)
class Written:
    """The texts of a column, all of them or each once; then ``keys`` are the cells that they stand for."""

    texts: Sequence[str]
    keys: Sequence[str] | None = None

    @staticmethod
    def of(column: Sequence[str]) -> "Written":
        """A column's numbers without the spaces around them, each once where many are the same."""
        texts = set(column)
        keys = list(texts) if 2 * len(texts) < len(column) else None
        own = column if keys is None else keys
        return Written(list(map(str.strip, own)) if " " in "".join(own) else own, keys)

    @staticmethod
    def each(column: Sequence[str]) -> "Written":
        """A column's texts, each once."""
        keys = list(set(column))
        return Written(keys, keys)

    def along(self, column: Sequence[str], values: list[Value]) -> list[Value]:
        """The values of these texts along the column that they came from.

        >>> Written.each(["b", "a", "b"]).along(["a", "b"], [0, 0])
        [0, 0]
        """
        if self.keys is None:
            return values
        return list(map(dict(zip(self.keys, values, strict=True)).__getitem__, column))

    @cached_property
    def shapes(self) -> list[str]:
        """The shape of each text."""
        joined = "\n".join(self.texts)
        if joined.count("\n") != len(self.texts) - 1:
            return [text.translate(_SAME_DIGIT) for text in self.texts]
        if joined.isascii():
            return joined.encode().translate(_SAME_DIGITS).decode().split("\n")
        return joined.translate(_SAME_DIGIT).split("\n")

    @cached_property
    def signs(self) -> frozenset[str]:
        """The signs that must part decimals in some number.

        >>> sorted(Written(["1,607", "151.5", "24,50"]).signs)
        [',', '.']
        """
        found: set[str] = set()
        open_: set[str] = set()
        for shape in set(self.shapes):
            plain = _PLAIN.fullmatch(shape)
            if plain is None:
                if "," in shape or "." in shape:
                    open_.add(shape)
            elif plain["mark"] and (len(plain["part"]) != 3 or len(plain["whole"]) > 3):
                found.add(plain["mark"])
            elif plain["mark"]:
                open_.add(shape)
        if open_:
            pairs = zip(self.texts, self.shapes, strict=True)
            found.update(_shows(text) for text, shape in pairs if shape in open_)
        return frozenset(found - {""})

    def plain(self, style: Style, most: int) -> tuple[list[int], list[int]]:
        """The numerators of the numbers that are written in the plainest way, and their denominators.

        Nearly all of a table is: a sign or none, digits, spaces between thousands or none, and at most so
        many decimals after a sign that cannot part thousands. What is not has the denominator 0.

        >>> Written(["1,5", "-07", "1 000", "1,607"]).plain(Style(","), 2)
        ([15, -7, 1000, 0], [10, 1, 1, 0])
        """
        powers = {shape: _denominator(shape, style, most) for shape in set(self.shapes)}
        texts = self.texts
        if all(powers.values()):
            below = list(map(powers.__getitem__, self.shapes))
        else:
            below = [powers[shape] for shape in self.shapes]
            texts = [text if one else "0" for text, one in zip(texts, below, strict=True)]
        digits = "\n".join(texts)
        for sign in _NO_DIGITS:
            digits = digits.replace(sign, "")
        return list(map(int, digits.split("\n"))) if texts else [], below


def _denominator(shape: str, style: Style, most: int) -> int:
    plain = _PLAIN.fullmatch(shape)
    if plain is None:
        return 0
    if not plain["mark"]:
        return 1
    size = len(plain["part"])
    if size > most or (size == 3 and len(plain["whole"]) < 4 and plain["mark"] != style.decimal):
        return 0
    return int(10**size)


def style_of(texts: Iterable[str], usual: str) -> Style:
    """By which sign the numbers of a file part their decimals.

    ``1,607`` is a thousand times more to one reader than to another. A file uses one sign for its
    decimals, so the numbers that can be read in one way only decide about those that can be read in
    two; where there are none, the sign is ``usual``, that of the file's language.

    >>> style_of(["1,607", "151.5"], ",").decimal
    '.'
    >>> style_of(["1,607", "151.5", "24,50"], ",").decimal
    ''
    """
    return style_by(Written(list(texts)).signs, usual)


def style_by(signs: Iterable[str], usual: str) -> Style:
    """The style of a file whose numbers show these signs."""
    seen = set(signs)
    if len(seen) > 1:
        return Style()
    return Style(next(iter(seen)), True) if seen else Style(usual)


def _shows(text: str) -> str:
    """The sign that must part the decimals of a number; empty where that is open."""
    comma, point = text.count(","), text.count(".")
    if not comma and not point:
        return ""
    found = _FIGURE.search(text)
    if found is None:
        return ""
    digits = found["digits"].rstrip(f" {HARD_SPACES}")
    comma, point = digits.count(","), digits.count(".")
    if comma and point:
        last = max(",.", key=digits.rfind)
        return last if digits.count(last) == 1 else ""
    sign = "," if comma else "."
    if comma + point > 1:
        return ",."[sign == ","] if _GROUPED[sign].fullmatch(digits) else ""
    return "" if not (comma or point) or _GROUPED[sign].fullmatch(digits) else sign


def in_two_ways(texts: Sequence[str], style: Style) -> str:
    """A number that could be read in two ways and that the others of its file decided about; or empty.

    >>> in_two_ways(["2,000", "1,234.50"], Style(".", shown=True))
    '2,000'
    """
    if not style.shown:
        return ""
    other = ",."[style.decimal == ","]
    if other not in "".join(texts):
        return ""
    return next(
        (text for text in texts if other in text and _GROUPED[other].fullmatch(text.strip())), ""
    )


def figure(text: str, style: Style) -> Fraction | Amiss:
    """The exact number that a text writes: digits in groups or not, its sign before, after, or brackets.

    >>> style = Style(",")
    >>> [str(figure(text, style)) for text in ("(1 234,50)", "1234-", "1.234,5", "1.234.567")]
    ['-2469/2', '-1234', '2469/2', '1234567']
    """
    if len(text) > 60:
        return WRONG
    found = _FIGURE.fullmatch(text)
    if found is None:
        return WRONG
    negatives = [found["sign"] not in (None, "+"), bool(found["after"]), bool(found["open"])]
    if bool(found["open"]) != bool(found["close"]) or sum(negatives) > 1:
        return WRONG
    digits = found["digits"].rstrip(f" {HARD_SPACES}")
    if not digits.isdecimal():
        plain = _ungrouped(digits, style)
        if isinstance(plain, Amiss):
            return plain
        digits = plain
    whole, _, part = digits.partition(".")
    value = int(whole + part)
    number = Fraction(value, 10 ** len(part)) if part else Fraction(value)
    return -number if any(negatives) else number


def _ungrouped(digits: str, style: Style) -> str | Amiss:
    """A number's digits with a point before its decimals and no other sign."""
    spaced = _SPACED.match(digits)
    if spaced:
        digits = re.sub(r"\D", "", spaced[0]) + digits[spaced.end() :]
    signs = [sign for sign in digits if not sign.isdecimal()]
    if not signs:
        return digits
    if set(signs) - {".", ","}:
        return WRONG
    last = signs[-1]
    if len(set(signs)) == 2:
        whole, _, part = digits.rpartition(last)
        fits = part and not spaced and _GROUPED[signs[0]].fullmatch(whole) and last not in whole
        return re.sub(r"\D", "", whole) + "." + part if fits else WRONG
    grouped = not spaced and _GROUPED[last].fullmatch(digits)
    if len(signs) > 1:
        return digits.replace(last, "") if grouped else WRONG
    if grouped and style.decimal != last:
        return digits.replace(last, "") if style.decimal and style.shown else TWO_WAYS
    whole, _, part = digits.partition(last)
    return f"{whole}.{part}" if whole and part else WRONG
