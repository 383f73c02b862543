"""A text and the words of its language, read into the terminals of the grammar.

The grammar knows no natural language: here a phrase becomes its terminal. A few phrases stand for
more than one (``hours`` is a unit and a fact, ``selon`` both ``under`` and ``by``): such a token
carries all its kinds, and the parser takes the one that its state admits.

A line's end counts, but not inside brackets, not after an operator, and not before a line that
begins with ``=``, an operator or a word that continues the same clause.
"""

import re
from functools import cache

from attrs import frozen

from coopfx.ground.exact import CURRENCY_SIGNS
from coopfx.ground.report import Report
from coopfx.ground.source import Source
from coopfx.ground.words import GROUPED, HARD_SPACES, Words
from coopfx.language.lookalikes import UNSEEN, as_seen, deceiving
from coopfx.language.wordings import (
    ARTICLE,
    Wording,
    day_at,
    day_in_digits,
    declares_any,
    fraction_at,
    fraction_rows,
    months_of,
    opening_words,
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
_RELATIONS = {"AT_MOST_SIGN", "AT_LEAST_SIGN", "DIFFERS", "BELOW_SIGN", "ABOVE_SIGN", "EQUALS"}
_INFIX = _RELATIONS | {"PLUS", "MINUS", "TIMES", "DIVIDE", "AND", "OR", "THEN", "ELSE"}
_CONTINUES_AFTER = _INFIX | {
    *("NOT", "IF", "COMMA", "COLON", "OF", "OVER", "WHERE", "WHEN", "UNLESS", "BETWEEN", "AMONG"),
}
_CONTINUES_BEFORE = (_INFIX - {"MINUS"}) | {
    *("TARGET", "WHERE", "WHEN", "UNLESS", "FOR_EACH", "STRING", "REF", "RPAR", "UNTIL", "THEN_TO"),
    *("BETWEEN", "AMONG", "OF_EACH", "ROUNDED", "EXACTLY", "MULTIPLIED_UP_TO", "MEASURED_IN"),
    *("HIGHER_IS_BETTER", "LOWER_IS_BETTER", "FORMERLY", "SERIES_BREAK"),
}
# In these clauses a line goes on before these; in others one that begins so is a line of its own.
CONTINUES_IN = {
    "DRAWN_FROM": frozenset(["ALLOCATE", "SHARE"]),
    "MULTIPLIED_BY": frozenset(["PERMIT"]),
}
DEEPEST_BRACKETS = 100
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
_BLANKS = " \t" + HARD_SPACES
_UNIT = re.compile(rf"[{_BLANKS}]*([^\W\d_]+|\S)")
_NEXT_WORD = re.compile(rf"[{_BLANKS}]+([^\W\d_]\w*)")
_LINE_START = re.compile(rf"^[{_BLANKS}]*([^\W\d_]\w*)", re.MULTILINE)
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


def tokens_of(source: Source, words: Words, report: Report) -> list[Token]:
    """The tokens of a text, line ends that do not count, articles and comments left out.

    What is no token is told (S103, S104, S107, S109, S110, S112, S125, S126) and left out.
    """
    return tokens_that_count(scan(source, words, report), source, report)


def scan(source: Source, words: Words, report: Report) -> list[Token]:
    """All that stands in a text but spaces: also every line's end, articles and comments.

    What is no token is told (S103, S104, S110, S112) and left out; so is what is not what it
    seems (S125, S126).
    """
    text, match_at = source.text, _pattern().match
    found: list[Token] = []
    position, size = 0, len(text)
    while position < size:
        match = match_at(text, position)
        assert match is not None, "the pattern matches any character"
        sort, end = match.lastgroup, match.end()
        if sort in ("NAME", "NUMBER"):
            meant = _wording(source, position, end, found, words, report)
            if meant is not None:
                found.append(Token((meant.terminal,), meant.text, position, meant.end))
                position = meant.end
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
                written = number[0].strip(_BLANKS)
                start = end + len(number[0]) - len(number[0].lstrip(_BLANKS))
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
_AGGREGATES = frozenset(["SUM", "AVERAGE", "MEDIAN", "RATE", "COUNT", "MIN", "MAX"])
# After these, a word that begins a clause is followed by a name: `share capital among members`.
_BEFORE_A_CLAUSE = frozenset(["_NL", "DEFAULT", "PERMIT"])


def _wording(
    source: Source, start: int, end: int, before: list[Token], words: Words, report: Report
) -> Wording | None:
    """What people write first, read as what it stands for; None where a word stands for itself."""
    text = source.text
    if not text[start].isdecimal() and text[start:end].casefold() not in opening_words(words):
        return None
    written = (one.kinds for one in reversed(before) if one.kind not in (ARTICLE, "COLON"))
    last = next(written, ("_NL",))
    if text[start].isdecimal():
        if end - start > 5:
            return None
        return (
            day_at(text, start, words)
            or day_in_digits(source, start, words, report, alone="IN_FORCE" in last)
            or _fraction(text, start, fraction_at(text, start), before, words)
        )
    word = text[start:end].casefold()
    if word in months_of(words) and (day := day_at(text, start, words)):
        return day
    if "NUMBER" in last or "CURRENCY_IS" in last:
        after, sign = wording_at(text, start, end, unit_rows(words))
        if after and ("NUMBER" in last or sign != "%"):
            return Wording("PERCENT" if sign == "%" else "CURRENCY", sign, after)
    if _begins_a_line(before):
        after, _ = wording_at(text, start, end, rest_rows(words))
        if after and not declares_any(source, start, after, words):
            return Wording("REST", words.keywords["REST"][0], after)
    after, name = wording_at(text, start, end, spoken_rows(words))
    keyword, kinds = phrase_at(text, start, end, words) if after else (end, ())
    leads = not CLAUSE_WORDS.isdisjoint(kinds) and not _BEFORE_A_CLAUSE.isdisjoint(last)
    if after > keyword and not leads and not declares_any(source, start, after, words):
        return Wording("NAME", name, after)
    after, part = wording_at(text, start, end, fraction_rows(words))
    if after and not declares_any(source, start, after, words):
        return _fraction(text, start, Wording("FRACTION", part, after), before, words)
    return None


def _begins_a_line(before: list[Token]) -> bool:
    """Whether nothing stands before a word on its line, but a dash."""
    found = before[:-1] if before and before[-1].kind == "MINUS" else before
    return not found or found[-1].kind == "_NL"


def _fraction(
    text: str, start: int, found: Wording | None, before: list[Token], words: Words
) -> Wording | None:
    """A fraction where `of` follows it and can only be its own; None where it is a division."""
    written = (one.kinds for one in reversed(before) if one.kind not in (ARTICLE, COMMENT, "_NL"))
    last = next(written, ())
    if found is None or not _IN_A_PRODUCT.isdisjoint(last):
        return None
    following = _NEXT_WORD.match(text, found.end)
    if following is None:
        return None
    kinds = phrase_at(text, following.start(1), following.end(), words)[1]
    if "OF" not in kinds:
        return None
    for token in reversed(before if "OVER" in kinds else ()):
        if token.kinds == ("TO",) or token.kind in CLAUSE_WORDS:
            break
        if not _AGGREGATES.isdisjoint(token.kinds):
            return None
    return found


def _is_currency(word: str) -> bool:
    return len(word) == 3 and word.isascii() and word.isupper()


def _is_amount(text: str, start: int, end: int, before: list[Token]) -> bool:
    """Whether a number is one of money, a currency beside it: its commas then part no list of figures."""
    if re.match(r"[.,]?\d", text[end : end + 2]):
        return False
    signed = bool(before) and "CURRENCY" in before[-1].kinds
    if signed and not text[before[-1].end : start].strip(_BLANKS):
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


def _closed(found: list[Token], source: Source, report: Report) -> list[Token]:
    """The tokens with every bracket closed: what is left open is told (S109), and closed with its line.

    So the lines below are read as they stand, and what is amiss in them is told too.
    """
    made: list[Token] = []
    opened: list[int] = []
    for index, token in enumerate(found):
        last = index + 1 == len(found)
        if token.kind == "LPAR":
            opened.append(len(made))
        elif token.kind == "RPAR" and opened:
            opened.pop()
        made.append(token)
        ends = token.kind == "_NL" and (last or found[index + 1].kinds[0] in CLAUSE_WORDS)
        if opened and (ends or last):
            first = made[opened[0]]
            report.tell("S109", source.span(first.start, first.end))
            place = _end_of_line(made, opened[-1])
            start = made[place - 1].end
            made[place:place] = [Token(("RPAR",), ")", start, start)] * len(opened)
            opened.clear()
    return made


def _end_of_line(tokens: list[Token], start: int) -> int:
    """The index where a line ends, with the lines that go on from it."""
    for index in range(start + 1, len(tokens)):
        if tokens[index].kind == "_NL" and not _CONTINUES_AFTER.issuperset(tokens[index - 1].kinds):
            return index
    return len(tokens)


def goes_on(
    last: tuple[str, ...], following: tuple[str, ...], *, choice_open: bool, clause: str = ""
) -> bool:
    """Whether a line goes on in the next one: by what it ends with, or what the next begins with.

    ``choice_open`` says that it has an *if* that still wants its *else*, ``clause`` with which word its
    clause begins.
    """
    if any(clause in CONTINUES_IN.get(kind, ()) for kind in following):
        return True
    if _CONTINUES_AFTER.issuperset(last) and following[0] not in CLAUSE_WORDS:
        return True
    if "OTHERWISE" in following and not choice_open:
        return False
    return not _CONTINUES_BEFORE.isdisjoint(following)


# Behind these a colon says what follows anyway.
_HEADS = frozenset(["CURRENCY_IS", "IN_FORCE", "SOURCE"])
_LISTS = frozenset(["ALLOCATE", "SHARE", "POOL"])
_FIRST_OF_A_LINE = frozenset(["NUMBER", "FRACTION", "REST", "LOSSES"])


def without_marks(scanned: list[Token], source: Source) -> list[Token]:
    """What stands in a text but for a list's marks on paper: a colon above it, dashes before its lines."""
    read = [token for token in scanned if token.kind not in (ARTICLE, COMMENT)]
    kept = {token.start for token in _without_marks(read, source)}
    return [one for one in scanned if one.start in kept or one.kind in (ARTICLE, COMMENT)]


def _without_marks(read: list[Token], source: Source) -> list[Token]:
    kept: list[Token] = []
    clause, last, depth = "", read[0] if read else None, 0
    for index, token in enumerate(read):
        begins = not kept or kept[-1].kind == "_NL"
        if begins and token.kind in CLAUSE_WORDS:
            clause = token.kind
        ends = index + 1 == len(read) or read[index + 1].kind == "_NL"
        if token.kind == "COLON" and (
            (ends and clause in _LISTS) or (kept and kept[-1].kind in _HEADS)
        ):
            continue
        depth += (token.kind == "LPAR") - (token.kind == "RPAR")
        # In a bracket, and behind what a line goes on after, it is the sign of a difference.
        alone = not depth and last is not None and _CONTINUES_AFTER.isdisjoint(last.kinds)
        apart = source.text[token.end : token.end + 1] in _BLANKS
        dash = token.kind == "MINUS" and begins and clause in _LISTS and alone and apart
        if dash and not ends and not _FIRST_OF_A_LINE.isdisjoint(read[index + 1].kinds):
            continue
        kept.append(token)
        last = last if token.kind == "_NL" else token
    return kept


def tokens_that_count(scanned: list[Token], source: Source, report: Report) -> list[Token]:
    """The tokens that the grammar reads, of all that stands in a text.

    Brackets that are too deep (S107) or stay open (S109) are told.
    """
    read = [
        token for token in without_marks(scanned, source) if token.kind not in (ARTICLE, COMMENT)
    ]
    found = _closed(read, source, report)
    kept: list[Token] = []
    opened: list[Token] = []
    wanted = 0
    clause = ""
    for index, token in enumerate(found):
        if (not kept or kept[-1].kind in ("_NL", "DEFAULT")) and token.kind in CLAUSE_WORDS:
            clause = token.kind
        if token.kind == "LPAR":
            opened.append(token)
            if len(opened) > DEEPEST_BRACKETS:
                report.tell("S107", source.span(token.start, token.end), most=DEEPEST_BRACKETS)
                return kept[:0]
        elif token.kind == "RPAR" and opened:
            opened.pop()
        if token.kind != "_NL":
            kept.append(token)
            # What the line so far wants: `sinon` may be *else*, and also *otherwise*.
            wanted += ("THEN" in token.kinds) - ("ELSE" in token.kinds)
            continue
        next_kinds = found[index + 1].kinds if index + 1 < len(found) else ("_NL",)
        following = next_kinds[0]
        if not kept or kept[-1].kind == "_NL" or (following == "_NL" and index + 1 < len(found)):
            continue
        if opened:
            continue
        if goes_on(kept[-1].kinds, next_kinds, choice_open=wanted > 0, clause=clause):
            continue
        kept.append(token)
        wanted = 0
    if kept and kept[-1].kind != "_NL":
        kept.append(Token(("_NL",), "", len(source.text), len(source.text)))
    return kept
