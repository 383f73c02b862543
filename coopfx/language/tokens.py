"""A text and the words of its language, read into the terminals of the grammar.

The grammar knows no natural language: here a phrase becomes its terminal. A few phrases stand for
more than one (``hours`` is a unit and a fact, ``selon`` both ``under`` and ``by``): such a token
carries all its kinds, and the parser takes the one that its state admits.
"""

import re
from functools import cache

from attrs import define, frozen

from coopfx.ground.exact import CURRENCY_SIGNS
from coopfx.ground.report import Report
from coopfx.ground.source import Source
from coopfx.ground.words import GROUPED, HARD_SPACES, Words
from coopfx.language.lookalikes import UNSEEN, as_seen, deceiving
from coopfx.language.wordings import (
    ARTICLE,
    Wording,
    branch_at,
    day_at,
    day_in_digits,
    declares_any,
    fraction_at,
    fraction_rows,
    group_rows,
    months_of,
    opening_words,
    own_rows,
    phrase_at,
    rest_rows,
    spoken_rows,
    unit_rows,
    wording_at,
)

CLAUSE_WORDS = frozenset(
    [
        "STATUTE",
        "LAW",
        "BASED_ON",
        "CURRENCY_IS",
        "IN_FORCE",
        "SOURCE",
        "ARTICLE",
        "REPLACE_ARTICLE",
        "RECORD",
        "INPUT",
        "GROUP",
        "ACCOUNT",
        "PARAMETER",
        "DEFAULT",
        "DEFINE",
        "DECIDE",
        "SCALE",
        "ALLOCATE",
        "SHARE",
        "POOL",
        "REQUIRE",
        "RECOMMEND",
        "PERMIT",
        "DISAPPLY",
        "INDICATOR",
        "EXAMPLE",
    ]
)
# What follows one of these is an article's number, whatever it looks like.
NUMBERED = frozenset(["ARTICLE", "REPLACE_ARTICLE"])
SYMBOLS = {
    "<=": "AT_MOST_SIGN",
    "≤": "AT_MOST_SIGN",
    ">=": "AT_LEAST_SIGN",
    "≥": "AT_LEAST_SIGN",
    "!=": "DIFFERS",
    "≠": "DIFFERS",
    "<": "BELOW_SIGN",
    ">": "ABOVE_SIGN",
    "=": "EQUALS",
    "+": "PLUS",
    "-": "MINUS",
    "−": "MINUS",
    "*": "TIMES",
    "×": "TIMES",
    "/": "DIVIDE",
    "÷": "DIVIDE",
    "(": "LPAR",
    ")": "RPAR",
    ",": "COMMA",
    ":": "COLON",
    "|": "PIPE",
    "%": "PERCENT",
}
# What stands in a text and the grammar does not read, as words that are passed over.
COMMENT = "#"
_ARTICLE_NUMBER = re.compile(r"[^\"«“„\n#]*")
# What may be thousands or decimals, by the sign that parts decimals: `1,5` where that is a point, and
# `30.000` or `1,250.50` where it is a comma.
_WHOLE = rf"(?:\d{{1,3}}(?:[ {HARD_SPACES}]\d{{3}})+(?!\d)|\d+)"
# No amount has more groups of digits: each number is looked at once, however many follow it.
_GROUPS = "{1,12}"
_TWO_WAYS = {
    ".": re.compile(rf"{_WHOLE}(?:,\d+)+(?:\.\d+)?"),
    ",": re.compile(
        rf"[1-9]\d{{0,2}}(?:(?:\.\d{{3}}){_GROUPS}(?!\d)(?:,\d+)?|(?:,\d{{3}}){_GROUPS}\.\d+)"
    ),
}
BLANKS = " \t" + HARD_SPACES
_UNIT = re.compile(rf"[{BLANKS}]*([^\W\d_]+|\S)")
_NEXT_WORD = re.compile(rf"[{BLANKS}]+([^\W\d_]\w*)")
_LINE_START = re.compile(rf"^[{BLANKS}]*([^\W\d_]\w*)", re.MULTILINE)
LONGEST_NAME = 200


@frozen(slots=True)
class Token:
    """A word or sign of a text: the terminals it may stand for, its text, and where it is."""

    kinds: tuple[str, ...]
    text: str
    start: int
    end: int

    @property
    def kind(self) -> str:
        """The terminal it stands for where nothing tells otherwise."""
        return self.kinds[0]


# A decimal comma is read in every language, and told where that language parts decimals by a point.
_PATTERN = rf"""(?P<SPACE>[ \t\r\f\v{HARD_SPACES}]+)
|(?P<COMMENT>\#[^\n]*)
|(?P<NEWLINE>\n)
|(?P<STRING>"[^"\n]*"|«[^»\n]*»|“[^”\n]*”|„[^“”\n]*[“”])
|(?P<DATE>\d{{4}}-\d{{2}}-\d{{2}}(?!\d))
|(?P<NUMBER>{_WHOLE}(?:[.,]\d+)?)
|(?P<NAME>[^\W\d_]\w*(?:\.[^\W\d_]\w*)*)
|(?P<SYMBOL><=|>=|!=|[-≤≥≠<>=+−*×/÷(),:%|])
|(?P<SIGN>[{"".join(CURRENCY_SIGNS)}])
|(?P<OPEN>["«“„][^\n]*)
|(?P<OTHER>.)"""


@cache
def _pattern() -> re.Pattern[str]:
    return re.compile(_PATTERN, re.VERBOSE)


def first_words(text: str) -> list[tuple[int, int]]:
    """Where the first word of each line begins and ends, of the lines that begin with one."""
    return [found.span(1) for found in _LINE_START.finditer(text)]


def scan(source: Source, words: Words, report: Report) -> list[Token]:
    """All that stands in a text but spaces: also every line's end, articles and comments.

    What is no token is told (S103, S104, S110, S112) and left out; so is what is not what it
    seems (S125, S126).
    """
    text, match_at = source.text, _pattern().match
    found: list[Token] = []
    before = _Before(found)
    position, size = 0, len(text)
    while position < size:
        match = match_at(text, position)
        assert match is not None, "the pattern matches any character"
        sort, end = match.lastgroup, match.end()
        if sort in ("NAME", "NUMBER"):
            meant = _wording(source, position, end, before, words, report)
            if meant is not None:
                found.append(Token((meant.terminal,), meant.text, position, meant.end))
                position = meant.end
                continue
            narrowed = _narrowed(source, position, end, before, words)
            if narrowed:
                found += narrowed
                position = narrowed[-1].end
                continue
        if sort == "NAME":
            end, kinds = phrase_at(text, position, end, words)
            if kinds == ("NAME",) and _is_currency(match[0]):
                kinds = ("CURRENCY", "NAME")
            word = text[position:end]
            if kinds == ("NAME",):
                kinds, word = _checked_name(source, words, position, end, report)
            found.append(Token(kinds, word, position, end))
            if kinds[0] in NUMBERED:
                number = _ARTICLE_NUMBER.match(text, end)
                assert number is not None, "an article's number may be empty"
                written = number[0].strip(BLANKS)
                start = end + len(number[0]) - len(number[0].lstrip(BLANKS))
                found.append(Token(("ARTICLE_NUMBER",), written, start, start + len(written)))
                end = number.end()
        elif sort == "SYMBOL":
            found.append(Token((SYMBOLS[match[0]],), match[0], position, end))
        elif sort == "SIGN":
            found.append(Token(("CURRENCY",), match[0], position, end))
        elif sort == "COMMENT":
            _check_seen(source, position, end, report)
            found.append(Token((COMMENT,), match[0].rstrip(), position, end))
        elif sort == "NEWLINE":
            found.append(Token(("_NL",), "\n", position, end))
        elif sort in ("STRING", "DATE", "NUMBER"):
            unclear = _TWO_WAYS[words.numbers["decimal"]].match(text, position)
            grouped = (
                GROUPED[words.numbers["decimal"]].match(text, position)
                if sort == "NUMBER"
                else None
            )
            if grouped and _is_amount(text, position, grouped.end(), found):
                end = grouped.end()
            elif sort == "NUMBER" and unclear and unclear.end() >= end:
                end = unclear.end()
                report.tell("S110", source.span(position, end), number=text[position:end])
            elif sort == "STRING":
                _check_seen(source, position, end, report)
            found.append(Token((sort,), text[position:end], position, end))
        elif sort == "OPEN":
            report.tell("S103", source.span(position, position + 1))
            found.append(Token(("STRING",), match[0] + '"', position, end))
        elif sort == "OTHER":
            report.tell("S104", source.span(position, end), found=_visible(match[0]))
        position = end
    return found


# After these a fraction is a divisor's, or a factor's, and `of` belongs to what stands around it.
_IN_A_PRODUCT = frozenset(["TIMES", "DIVIDE"])
# What follows a part of the whole: by what it is shared, or where it goes.
_AFTER_A_PART = frozenset(["BY", "EQUALLY", "TO", "KEPT"])
_AGGREGATES = frozenset(["SUM", "AVERAGE", "MEDIAN", "RATE", "COUNT", "MIN", "MAX"])
# After these, a word that begins a clause is followed by a name: `share capital among members`.
_BEFORE_A_CLAUSE = frozenset(["_NL", "DEFAULT", "PERMIT"])


@define(slots=True)
class _Before:
    """What of the tokens before a place tells how a wording there is read: each is looked at once."""

    tokens: list[Token]
    last: tuple[str, ...] = ("_NL",)
    """Of the last one, articles and colons aside."""
    joined_to: tuple[str, ...] = ()
    """Of the last one, articles, remarks and line ends aside."""
    aggregates: bool = False
    """Whether its clause, from a single *to* on, has a sum or the like."""
    _looked_at: int = 0

    def catch_up(self) -> None:
        """Look at the tokens that have been found since."""
        for token in self.tokens[self._looked_at :]:
            kinds, kind = token.kinds, token.kinds[0]
            if kind == ARTICLE:
                continue
            if kind != "COLON":
                self.last = kinds
            if kind not in (COMMENT, "_NL"):
                self.joined_to = kinds
            if kinds == ("TO",) or kind in CLAUSE_WORDS:
                self.aggregates = False
            elif not _AGGREGATES.isdisjoint(kinds):
                self.aggregates = True
        self._looked_at = len(self.tokens)


def _wording(
    source: Source, start: int, end: int, before: _Before, words: Words, report: Report
) -> Wording | None:
    """What people write first, read as what it stands for; None where a word stands for itself."""
    text = source.text
    own, first = own_rows(text, words), text[start:end].casefold()
    if not text[start].isdecimal() and first not in own and first not in opening_words(words):
        return None
    before.catch_up()
    last = before.last
    if text[start].isdecimal():
        if end - start > 5:
            return None
        return (
            day_at(text, start, words)
            or day_in_digits(source, start, words, report, alone="IN_FORCE" in last)
            or _fraction(fraction_at(text, start), text, before, words)
        )
    word = text[start:end].casefold()
    if word in months_of(words) and (day := day_at(text, start, words)):
        return day
    if "NUMBER" in last or "CURRENCY_IS" in last:
        after, sign = wording_at(text, start, end, unit_rows(words))
        if after and ("NUMBER" in last or sign != "%"):
            return Wording("PERCENT" if sign == "%" else "CURRENCY", sign, after)
    if _begins_a_line(before.tokens):
        after, _ = wording_at(text, start, end, rest_rows(words))
        if after and not declares_any(source, start, after, words):
            return Wording("REST", words.keywords["REST"][0], after)
    after, name = wording_at(text, start, end, own)
    if after:
        return Wording("NAME", name, after)
    after, name = wording_at(text, start, end, spoken_rows(words))
    keyword, kinds = phrase_at(text, start, end, words) if after else (end, ())
    leads = not CLAUSE_WORDS.isdisjoint(kinds) and not _BEFORE_A_CLAUSE.isdisjoint(last)
    if after > keyword and not leads and not declares_any(source, start, after, words):
        return Wording("NAME", name, after)
    branch = branch_at(text, start, end, words)
    if branch is not None and not declares_any(source, start, end, words):
        return branch
    after, part = wording_at(text, start, end, fraction_rows(words))
    if after and not declares_any(source, start, after, words):
        return _fraction(Wording("FRACTION", part, after), text, before, words)
    return None


def _narrowed(source: Source, start: int, end: int, before: _Before, words: Words) -> list[Token]:
    """`salariés non associés` as `salariés dont non associé`, each word in the place of one; else none.

    Behind an aggregate's word the whole stands in brackets, with the article ``before`` it.
    """
    after, key = wording_at(source.text, start, end, group_rows(words))
    if not after or declares_any(source, start, after, words):
        return []
    places = [found.span() for found in re.finditer(r"\w+", source.text[start:after])]
    (first, *middle, last) = [(start + one, start + other) for one, other in places]
    where, negated = words.keywords["WHERE"][0], words.keywords["NOT"][0]
    made = [
        Token(("NAME",), words.word("workers"), *first),
        Token(("WHERE",), where, first[1], (middle or [last])[0][0]),
        *(Token(("NOT",), negated, *one) for one in middle[:1] if key == "others"),
        Token(("NAME",), words.word("member"), *last),
    ]
    before.catch_up()
    if before.aggregates:
        tokens = before.tokens
        article = [tokens.pop()] if tokens[-1].kind == ARTICLE else []
        opening = (article or made)[0].start
        closing = Token(("RPAR",), ")", after, after)
        return [Token(("LPAR",), "(", opening, opening), *article, *made, closing]
    return made


def _begins_a_line(before: list[Token]) -> bool:
    """Whether nothing stands before a word on its line, but a dash and an article."""
    place = len(before)
    for kind in (ARTICLE, "MINUS"):
        place -= place > 0 and before[place - 1].kind == kind
    return place == 0 or before[place - 1].kind == "_NL"


def _fraction(found: Wording | None, text: str, before: _Before, words: Words) -> Wording | None:
    """A fraction where `of` follows it and can only be its own, or where a line of a share or of an
    allocation begins with it; None where it is a division."""
    if found is None or not _IN_A_PRODUCT.isdisjoint(before.joined_to):
        return None
    following = _NEXT_WORD.match(text, found.end)
    if following is None:
        return None
    kinds = phrase_at(text, following.start(1), following.end(), words)[1]
    if not _AFTER_A_PART.isdisjoint(kinds) and _begins_a_line(before.tokens):
        return found
    narrows = "OVER" in kinds and before.aggregates
    return found if "OF" in kinds and not narrows else None


def _is_currency(word: str) -> bool:
    return len(word) == 3 and word.isascii() and word.isupper()


def _is_amount(text: str, start: int, end: int, before: list[Token]) -> bool:
    """Whether a number is one of money, a currency beside it: its commas then part no list of figures."""
    if re.match(r"[.,]?\d", text[end : end + 2]):
        return False
    signed = bool(before) and "CURRENCY" in before[-1].kinds
    if signed and not text[before[-1].end : start].strip(BLANKS):
        return True
    unit = _UNIT.match(text, end)
    return unit is not None and (unit[1] in CURRENCY_SIGNS or _is_currency(unit[1]))


def _checked_name(
    source: Source, words: Words, start: int, end: int, report: Report
) -> tuple[tuple[str, ...], str]:
    """A name's kinds and its text; told where it is too long, ends in `_` without being one that is
    kept apart by it (S112), or has a letter of another alphabet (S126): it is then read as it is seen."""
    name = source.text[start:end]
    marked = name[-1] == "_" and not words.is_taken(name[:-1])
    if marked or len(name) > LONGEST_NAME:
        report.tell("S112", source.span(start, end), name=name[:40], most=LONGEST_NAME)
        return ("NAME",), name
    place = deceiving(name, words.keywords["REQUIRE"][0])
    if place is None:
        return ("NAME",), name
    letter = name[place]
    span = source.span(start + place, start + place + 1)
    report.tell("S126", span, name=name, found=letter, sign=_code_point(letter))
    seen = as_seen(name)
    return phrase_at(seen, 0, len(seen), words)[1], seen


def _check_seen(source: Source, start: int, end: int, report: Report) -> None:
    """Tell (S125) what nobody sees in a text or a remark, and changes what is seen."""
    found = UNSEEN.search(source.text[start:end].rstrip())
    if found is not None:
        at = start + found.start()
        report.tell("S125", source.span(at, at + 1), sign=_code_point(found[0]))


def _code_point(character: str) -> str:
    return f"U+{ord(character):04X}"


def _visible(character: str) -> str:
    return character if character.isprintable() else _code_point(character)
