"""Signs that a reader takes for others, or does not see: what a text shows is then not what it says.

A letter of another alphabet makes two names of what looks like one; a sign that turns the direction
of reading, or breaks a line where the language sees none, moves words under a reader's eyes
(Unicode Technical Standard 39, sections 4 and 5; Unicode Technical Report 36, section 3.6).
"""

import re
import unicodedata
from functools import cache

UNSEEN = re.compile(
    "[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069"  # what turns the direction of reading
    "\r\v\f\x1c-\x1e\x85\u2028\u2029"  # what begins a line on some screens, and here does not
    "\x00-\x08\x0e-\x1b\x1f\x7f\ufeff]"  # what moves a terminal's cursor, or shows nothing
)
"""What stands in no text and in no remark: nobody sees it, and it changes what is seen."""

# The alphabets of which letters look like those of another, by the first word of a letter's name.
_ALIKE = frozenset(["LATIN", "GREEK", "CYRILLIC", "ARMENIAN", "COPTIC", "CHEROKEE"])
_STYLED = "STYLED"
# Letters that stand small and high as words are written in French, Spanish and Italian.
_ORDINALS = "ªº"
_AS_LATIN = str.maketrans(
    "авекмнорстухіјѕԁԛԝһӏѵґгпиАВЕКМНОРСТУХІЈЅԌԚԜҺӀαορντυικχγηωεϲϳΑΒΕΖΗΙΚΜΝΟΡΤΥΧϹօսհոցզԼՕՏՍ",
    "abekmhopctyxijsdqwhlvrrnuABEKMHOPCTYXIJSGQWHIaopvtuikxynwecjABEZHIKMNOPTYXCouhngqLOSU",
)


@cache
def _alphabet(letter: str) -> str:
    """The alphabet of a letter that may be taken for one of another; empty for any other sign."""
    if letter.isascii():
        return "LATIN" if letter.isalpha() else ""
    if not letter.isalpha() or letter in _ORDINALS:
        return ""
    if unicodedata.normalize("NFKC", letter).isascii():
        return _STYLED
    first = unicodedata.name(letter, "").partition(" ")[0]
    return first if first in _ALIKE else ""


def deceiving(name: str, like: str) -> int | None:
    """Where the first letter of a name stands that is not of the alphabet it seems to be of.

    ``like`` is a word in the language of the text, whose alphabet is not taken for another.

    >>> deceiving("r\u0435serves", "require"), deceiving("réserves", "require")
    (1, None)
    >>> deceiving("\u0441\u043e\u0440", "require"), deceiving("Привет", "require")
    (0, None)
    """
    if name.isascii():
        return None
    alphabets = [_alphabet(letter) for letter in name]
    found = [one for one in alphabets if one]
    if not found or set(found) == {"LATIN"}:
        return None
    own = _alphabet(like[:1])
    if len(set(found)) == 1 and found[0] != _STYLED:
        (one,) = set(found)
        seems = all(letter.isascii() for letter in name.translate(_AS_LATIN))
        return 0 if seems and one != own else None
    most = own if own in found else max(dict.fromkeys(found), key=found.count)
    return next((at for at, one in enumerate(alphabets) if one and one != most), 0)


def as_seen(name: str) -> str:
    """A name as it is read by who sees it: each letter as the Latin one that it looks like.

    >>> as_seen("r\u0435serves")
    'reserves'
    """
    return unicodedata.normalize("NFKC", name.translate(_AS_LATIN))
