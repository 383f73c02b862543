"""Text and words to parse trees: one tree a clause, every mistake told.

A text is cut at the lines that begin with a clause's keyword, and each clause is parsed by itself. A
line that cannot be read is told, left out, and the clause is read again without it: so several
mistakes are told in one run, and none of them hides or breeds another.
"""

import io
from collections.abc import Iterator
from copy import copy
from functools import cache as once
from typing import Any

import lark
from lark import Lark, Token, Tree, UnexpectedToken
from lark.parsers.lalr_parser_state import ParseConf, ParserState

from coopfx.ground.code import grammar_folder
from coopfx.ground.kept import remember
from coopfx.ground.report import Report, Said
from coopfx.ground.source import Source, Span
from coopfx.ground.words import Words, nearest
from coopfx.language.counted import tokens_of
from coopfx.language.foreign import Foreign, foreign_at, written_in
from coopfx.language.refusals import OPERATORS, Refusal
from coopfx.language.tokens import CLAUSE_WORDS, NUMBERED, first_words
from coopfx.language.tokens import Token as OwnToken
from coopfx.language.tree import DEEPEST_EXPRESSION
from coopfx.language.wordings import declares_any

ParseTree = Tree[Token]

LONGEST_CLAUSE = 50_000
"""So many words and signs may stand in one clause; more, no reader could follow."""

# Each that is still open keeps a few words waiting: five of them an `if`.
_MOST_WAITING = 10 * DEEPEST_EXPRESSION

MOST_MISTAKES = 100
"""So many mistakes of one text are told, then one line says that there may be more."""

MOST_PLACES = 10
"""So many places of one word of another language are shown."""

# The words that begin a clause, and those that begin a line of one before any figure.
_BEGIN_A_LINE = CLAUSE_WORDS | {"REST", "LOSSES"}

# From here on two words differ in their accents alone.
_SAME = 0.99

_Foreign = dict[tuple[str, str, str], list[Span]]
"""Words of other languages, each with its language and what stands for it here: where they stand."""

# What follows a figure that begins a line of a clause: its name is then no misspelt keyword.
_FOLLOWS_A_FIGURE = OPERATORS | {"OF", "TO", "BY", "EQUALLY", "KEPT", "PIPE", "_NL"}


# No positions: they are read off the tokens, which is faster than to gather them for every rule.
_OPTIONS: dict[str, Any] = {
    "start": "clause",
    "parser": "lalr",
    "lexer": "basic",
    "maybe_placeholders": False,
}


@once
def _parser() -> Lark:
    text = (grammar_folder() / "statute.lark").read_text("utf-8")

    def make() -> bytes:
        data = io.BytesIO()
        Lark(text, **_OPTIONS).save(data)
        return data.getvalue()

    return Lark.load(io.BytesIO(remember(make, "grammar", text, lark.__version__)))


def parse(source: Source, words: Words, report: Report) -> list[ParseTree]:
    """The parse trees of a text's clauses, in their order.

    What cannot be read is told in the report (codes S101 to S124) and left out.
    """
    report.read(source)
    before = report.errors()
    other = written_in(source, words)
    if other:
        _tell_another_language(source, other, words, report)
        return []
    return parse_tokens(tokens_of(source, words, report), source, words, report, before)


def parse_tokens(
    tokens: list[OwnToken], source: Source, words: Words, report: Report, before: int = 0
) -> list[ParseTree]:
    """The parse trees of tokens that count; the report held ``before`` errors ahead of this text."""
    trees = []
    foreign: _Foreign = {}
    for clause in _clauses(tokens, source, words, report, foreign):
        tree = _parse_clause(clause, source, words, report, foreign)
        if tree is not None:
            trees.append(tree)
        if report.errors() - before >= MOST_MISTAKES:
            report.tell("S111", source.span(clause[-1].end, clause[-1].end), most=MOST_MISTAKES)
            break
    for (found, other, expected), (first, *further) in foreign.items():
        related = tuple(further[: MOST_PLACES - 1])
        said = Said(f"language.{other}")
        report.tell("S128", first, related=related, found=found, other=said, expected=expected)
    return trees


def _tell_another_language(source: Source, other: str, words: Words, report: Report) -> None:
    """Tell (S129) that a whole text is in another language than the one that its name says."""
    name = source.file.rpartition("/")[2]
    own, named = f".{words.language}.", f".{other}."
    expected = named.join(name.rsplit(own, 1)) if own in name else ""
    start = next((begin for begin, _ in first_words(source.text)), 0)
    line = source.span(start, source.text.find("\n", start) % (len(source.text) + 1))
    said = Said(f"language.{other}")
    report.tell("S129", line, expected=expected, name=name, other=said)


def admitted_after(clause: list[OwnToken]) -> frozenset[str]:
    """The terminals that can follow the tokens of a clause; none where these cannot be read so far."""
    try:
        return frozenset(_admitted_at(clause, len(clause)))
    except UnexpectedToken:
        return frozenset()


def _clauses(
    tokens: list[OwnToken], source: Source, words: Words, report: Report, foreign: _Foreign
) -> Iterator[list[OwnToken]]:
    """The tokens, cut before each line that begins with a clause's keyword, also a misspelt one."""
    keywords = {
        phrase: terminal
        for terminal in sorted(CLAUSE_WORDS)
        for phrase in words.keywords[terminal]
        if " " not in phrase
    }
    clause: list[OwnToken] = []
    at_line_start = True
    for index, token in enumerate(tokens):
        if at_line_start:
            following = tokens[index + 1].kind if index + 1 < len(tokens) else ""
            abroad = foreign_at(source, token, _BEGIN_A_LINE, words)
            own = abroad and (
                nearest(token.text.casefold(), keywords, _SAME)
                or declares_any(source, token.start, token.end, words)
            )
            if abroad is not None and not own:
                token = _read_foreign(tokens, index, abroad, source, foreign)
                if token.kind in NUMBERED:
                    _join_number(tokens, index + 1, source)
            elif token.kinds == ("NAME",) and following not in _FOLLOWS_A_FIGURE:
                meant = nearest(token.text.casefold(), keywords)
                if meant:
                    place = source.span(token.start, token.end)
                    report.tell("S102", place, found=token.text, nearest=meant)
                    token = OwnToken((keywords[meant],), token.text, token.start, token.end)
                    if token.kind in NUMBERED:
                        _join_number(tokens, index + 1, source)
            if token.kind in CLAUSE_WORDS and clause:
                yield clause
                clause = []
        clause.append(token)
        at_line_start = token.kind == "_NL"
    if clause:
        yield clause


def _read_foreign(
    tokens: list[OwnToken], index: int, found: Foreign, source: Source, foreign: _Foreign
) -> OwnToken:
    """Read a word of another language as the one that it stands for, and keep it to be told (S128)."""
    start = tokens[index].start
    said = source.text[start : found.end], found.language, found.meant
    foreign.setdefault(said, []).append(source.span(start, found.end))
    end = index
    while end < len(tokens) and tokens[end].start < found.end:
        end += 1
    token = OwnToken((found.terminal,), found.meant, start, found.end)
    tokens[index:end] = [token]
    return token


def _join_number(tokens: list[OwnToken], start: int, source: Source) -> None:
    """Make one token of an article's number, which is whatever stands before the title."""
    end = start
    while tokens[end].kind not in ("STRING", "_NL"):
        end += 1
    first, last = tokens[start].start, tokens[end - 1].end if end > start else tokens[start].start
    tokens[start:end] = [OwnToken(("ARTICLE_NUMBER",), source.text[first:last], first, last)]


def _parse_clause(
    clause: list[OwnToken], source: Source, words: Words, report: Report, foreign: _Foreign
) -> ParseTree | None:
    if len(clause) > LONGEST_CLAUSE:
        first_word = source.span(clause[0].start, clause[0].end)
        report.tell("S124", first_word, size=len(clause), most=LONGEST_CLAUSE)
        return None
    mistakes = 0
    stray: int | None = None
    cut = -1
    while clause:
        try:
            return _feed(clause)
        except _TooDeepError as deep:
            last = clause[deep.index]
            report.tell("S107", source.span(last.start, last.end), most=DEEPEST_EXPRESSION)
            return None
        except _RefusedError as refused:
            place = refused.index
            if place < len(clause) and clause[place].kinds == ("NAME",):
                read = _with_foreign_read(clause, source, words, foreign)
                if read != clause:
                    clause = read
                    continue
            first = clause[0].kind in CLAUSE_WORDS
            start = max(
                (i + 1 for i in range(min(place, len(clause))) if clause[i].kind == "_NL"),
                default=0,
            )
            # Lines that follow one another and all begin amiss lack the line that should stand above.
            again = place == start == stray
            stray = place if place == start else None
            if (place < len(clause) or not mistakes) and not again and place > cut:
                _tell(clause, place, source, words, report)
            mistakes += 1
            if place >= len(clause) or mistakes >= MOST_MISTAKES:
                return None
            above = _on_its_line(clause, place, source)
            if above > start and place > cut:
                # What the author wrote above may stand: a slip can make one line of two.
                clause = [*clause[:above], _end_of(clause[above - 1]), *clause[above:]]
                cut, place, start = above, place + 1, above + 1
            elif start == 0 and first:
                return None
            end = next(
                (i + 1 for i in range(place, len(clause)) if clause[i].kind == "_NL"), len(clause)
            )
            clause = clause[:start] + clause[end:]
    return None


def _with_foreign_read(
    clause: list[OwnToken], source: Source, words: Words, foreign: _Foreign
) -> list[OwnToken]:
    """A clause with its words of other languages read, as far as nothing else is amiss in it."""
    read = list(clause)
    state = before = _start()
    index = 0
    while index < len(read) and len(state.state_stack) <= _MOST_WAITING:
        token = read[index]
        after = _after(state, _kind_admitted(state, token, read[index + 1 : index + 2]), token.text)
        if after is not None:
            before, state, index = state, after, index + 1
            continue
        begins = not index or read[index - 1].kind == "_NL"
        wanted = _admitted(state) | (CLAUSE_WORDS if begins else frozenset())
        abroad = foreign_at(source, token, wanted, words)
        if abroad is None:
            break
        _read_foreign(read, index, abroad, source, foreign)
        # What stands before may be read otherwise before this word.
        state, index = before, max(index - 1, 0)
    return read


def _on_its_line(clause: list[OwnToken], place: int, source: Source) -> int:
    """The index of the first token that stands on the same line of the text as another one."""
    begins = source.text.rfind("\n", 0, clause[place].start) + 1
    return next(index for index in range(place + 1) if clause[index].start >= begins)


def _end_of(token: OwnToken) -> OwnToken:
    """The end of a line after a token."""
    return OwnToken(("_NL",), "", token.end, token.end)


class _StoppedError(Exception):
    """The parser does not come beyond the token at this index, or the end where it is their number."""

    def __init__(self, index: int) -> None:
        super().__init__(index)
        self.index = index


class _RefusedError(_StoppedError):
    """It is none that could stand here."""


class _TooDeepError(_StoppedError):
    """More is open than could be closed by anyone who reads it."""


def _feed(clause: list[OwnToken]) -> ParseTree:
    state = _parser().parse_interactive("")
    for index, token in enumerate(clause):
        kind = _kind_admitted(state.parser_state, token, clause[index + 1 : index + 2])
        try:
            state.feed_token(Token(kind, token.text, start_pos=token.start, end_pos=token.end))
        except UnexpectedToken as error:
            raise _RefusedError(index) from error
        if len(state.parser_state.state_stack) > _MOST_WAITING:
            raise _TooDeepError(index)
    try:
        tree: ParseTree = state.feed_eof()  # type: ignore[no-untyped-call]
    except UnexpectedToken as error:
        raise _RefusedError(len(clause)) from error
    return tree


def _kind_admitted(state: ParserState[int], token: OwnToken, following: list[OwnToken]) -> str:
    """The first of a token's kinds that the parser takes here, and after which the next one goes on."""
    if len(token.kinds) == 1:
        return token.kind
    start = state.copy(deepcopy_values=False)
    start.parse_conf = _silent()
    choices = start.parse_conf.states[start.position]
    admitted = [
        (kind, after)
        for kind in token.kinds
        if kind in choices and (after := _after(start, kind, token.text)) is not None
    ]
    if len(admitted) > 1 and following:
        (next_token,) = following
        for kind, after in admitted:
            goes_on = (_after(after, one, next_token.text) for one in next_token.kinds)
            if any(state_after is not None for state_after in goes_on):
                return kind
    return admitted[0][0] if admitted else token.kind


def _after(state: ParserState[int], kind: str, text: str) -> ParserState[int] | None:
    """The state after one more token, of which only the kind counts; None where it is refused."""
    trial = state.copy(deepcopy_values=False)
    try:
        trial.feed_token(Token(kind, text))
    except UnexpectedToken:
        return None
    return trial


@once
def _silent() -> ParseConf[int]:
    """The parser's table with nothing built: to try a token."""
    conf = copy(_parser().parse_interactive("").parser_state.parse_conf)
    conf.callbacks = dict.fromkeys(conf.callbacks, lambda children: None)
    return conf


def _start() -> ParserState[int]:
    """The state before a clause, with nothing built."""
    state = _parser().parse_interactive("").parser_state
    state.parse_conf = _silent()
    return state


def _admitted(state: ParserState[int]) -> set[str]:
    """The terminals that can follow a state."""
    named = (kind for kind in state.parse_conf.states[state.position] if kind.isupper())
    return {kind for kind in named if _after(state, kind, "") is not None}


def _admitted_at(clause: list[OwnToken], place: int) -> set[str]:
    """The terminals that could stand at a place of a clause that can be read as far as there."""
    state = _start()
    for index, token in enumerate(clause[:place]):
        kind = _kind_admitted(state, token, clause[index + 1 : index + 2])
        state.feed_token(Token(kind, token.text))
    return _admitted(state)


def _tell(clause: list[OwnToken], place: int, source: Source, words: Words, report: Report) -> None:
    """Tell what cannot be read, by what could stand in its place."""
    Refusal(clause, place, _admitted_at(clause, place), source, words).explain(report)
