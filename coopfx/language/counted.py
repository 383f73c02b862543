"""Of all that stands in a text, the tokens that the grammar reads, every bracket closed.

A line's end counts, but not inside brackets, not after an operator, and not before a line that
begins with ``=``, an operator or a word that continues the same clause. A list's marks on paper do not
count: a colon above it, dashes before its lines.
"""

from collections.abc import Iterator
from itertools import zip_longest

from coopfx.ground.report import Report
from coopfx.ground.source import Source
from coopfx.ground.words import Words
from coopfx.language.tokens import BLANKS, CLAUSE_WORDS, COMMENT, Token, scan
from coopfx.language.wordings import ARTICLE

_RELATIONS = {"AT_MOST_SIGN", "AT_LEAST_SIGN", "DIFFERS", "BELOW_SIGN", "ABOVE_SIGN", "EQUALS"}
_INFIX = _RELATIONS | {"PLUS", "MINUS", "TIMES", "DIVIDE", "AND", "OR", "THEN", "ELSE"}
_CONTINUES_AFTER = _INFIX | {
    *("NOT", "IF", "COMMA", "COLON", "OF", "OVER", "WHERE", "WHEN", "UNLESS", "BETWEEN", "AMONG"),
}
_CONTINUES_BEFORE = (_INFIX - {"MINUS"}) | {
    *("TARGET", "WHERE", "WHEN", "UNLESS", "FOR_EACH", "STRING", "REF", "RPAR", "UNTIL", "THEN_TO"),
    *("BETWEEN", "AMONG", "OF_EACH", "ROUNDED", "EXACTLY", "MULTIPLIED_UP_TO", "MEASURED_IN"),
    *("HIGHER_IS_BETTER", "LOWER_IS_BETTER", "FORMERLY", "SERIES_BREAK", "INCLUDED_IN"),
}
# In these clauses a line goes on before these; in others one that begins so is a line of its own.
CONTINUES_IN = {
    "DRAWN_FROM": frozenset(["ALLOCATE", "SHARE"]),
    "MULTIPLIED_BY": frozenset(["PERMIT"]),
}
DEEPEST_BRACKETS = 100
# Behind these a colon says what follows anyway.
_HEADS = frozenset(["CURRENCY_IS", "IN_FORCE", "SOURCE"])
_LISTS = frozenset(["ALLOCATE", "SHARE", "POOL"])
_FIRST_OF_A_LINE = frozenset(["NUMBER", "FRACTION", "REST", "LOSSES"])


def tokens_of(source: Source, words: Words, report: Report) -> list[Token]:
    """The tokens of a text, line ends that do not count, articles and comments left out.

    What is no token is told (S103, S104, S107, S109, S110, S112, S125, S126) and left out.
    """
    scanned = without_marks(scan(source, words, report), source)
    return tokens_that_count(scanned, source, report)


def without_marks(scanned: list[Token], source: Source) -> list[Token]:
    """What stands in a text but for a list's marks on paper: a colon above it, dashes before its lines."""
    read = [token for token in scanned if token.kind not in (ARTICLE, COMMENT)]
    marks = set(_marks(read, source))
    return [token for token in scanned if token not in marks] if marks else scanned


def _marks(read: list[Token], source: Source) -> Iterator[Token]:
    """The marks of lists on paper among the words and signs of a text."""
    last = read[0] if read else None
    clause, before, depth = "", "_NL", 0
    for token, following in zip_longest(read, read[1:]):
        kind, next_kinds = token.kind, following.kinds if following else ("_NL",)
        if before == "_NL" and kind in CLAUSE_WORDS:
            clause = kind
        if kind == "COLON":
            if before in _HEADS or (next_kinds[0] == "_NL" and clause in _LISTS):
                yield token
                continue
        elif kind == "LPAR":
            depth += 1
        elif kind == "RPAR":
            depth -= 1
        elif kind == "MINUS" and before == "_NL" and not _FIRST_OF_A_LINE.isdisjoint(next_kinds):
            # In a bracket, and behind what a line goes on after, it is the sign of a difference.
            alone = not depth and last is not None and _CONTINUES_AFTER.isdisjoint(last.kinds)
            if alone and clause in _LISTS and source.text[token.end : token.end + 1] in BLANKS:
                yield token
                continue
        before = kind
        if kind != "_NL":
            last = token


def tokens_that_count(scanned: list[Token], source: Source, report: Report) -> list[Token]:
    """The tokens that the grammar reads, of all that stands in a text but for the marks of its lists.

    Brackets that are too deep (S107) or stay open (S109) are told.
    """
    read = [token for token in scanned if token.kind not in (ARTICLE, COMMENT)]
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
