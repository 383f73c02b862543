"""Lines of pieces to text: what stands apart, and where a line that is too long is broken.

The layout follows from what a text says and from its remarks alone, never from how it was broken
before: so it is the same however often, and in whatever way, a text has been laid out.
"""

from collections.abc import Iterator
from itertools import accumulate, pairwise

from attrs import define

from coopfx.ground.words import Words
from coopfx.language.counted import goes_on
from coopfx.language.lines import Line, Piece

WIDTH = 100
INDENT = "  "

# A long line is broken before these, and after some others: where a reader draws breath.
_BEFORE = frozenset(
    [
        *("PLUS", "TIMES", "DIVIDE", "AND", "OR", "THEN", "ELSE", "ROUNDED", "EXACTLY"),
        *("WHERE", "WHEN", "UNLESS", "FOR_EACH", "OF_EACH", "AMONG", "BETWEEN", "UNTIL", "THEN_TO"),
        *("TARGET", "REF", "MULTIPLIED_UP_TO", "MULTIPLIED_BY", "MEASURED_IN", "FORMERLY"),
        *("HIGHER_IS_BETTER", "LOWER_IS_BETTER", "SERIES_BREAK"),
    ]
)
# In these, what stands after `=` is what the name before it means.
_EQUATED = frozenset(["define", "group"])
_LABELLED = frozenset(
    ["record", "input", "group", "account", "parameter", "decide", "scale", "require"]
)
_CALLED = frozenset(["MIN", "MAX", "LOG"])
_TYPED = frozenset(["input", "parameter"])


def layout(lines: list[Line], words: Words) -> str:
    """The text of lines, in the spacing and with the signs of a language."""
    written: list[str] = []
    for line in lines:
        if line.blank and written:
            written.append("")
        if line.pieces:
            written += _Layout(line, words).written()
        else:
            written.append(INDENT * line.depth + line.remark)
    return "".join(f"{text}\n" for text in written)


@define(slots=True)
class _Layout:
    """One line, being broken into those that are written."""

    line: Line
    words: Words

    def written(self) -> Iterator[str]:
        """The lines that it is broken into, with its remarks."""
        pieces = self.line.pieces
        legal = self._where_lines_may_end()
        yield from self._move_remarks(legal)
        texts = [shown_as(piece, self.words) for piece in pieces]
        gaps = [""] + [space_between(one, two, self.words) for one, two in pairwise(pieces)]
        ends = list(accumulate(len(gap) + len(text) for gap, text in zip(gaps, texts, strict=True)))
        breaks, forced = self._breaks(legal)
        parts = [(0, len(pieces), self.line.depth)]
        while parts:
            start, end, depth = parts.pop()
            width = ends[end - 1] - ends[start] + len(texts[start]) + len(INDENT) * depth
            inside = [index for index in range(start + 1, end) if index in breaks]
            if inside and (width > WIDTH or forced[end] > forced[start + 1]):
                level = min(breaks[index] for index in inside)
                cuts = [start, *(index for index in inside if breaks[index] == level), end]
                parts += reversed(
                    [(one, two, depth + (one > start)) for one, two in pairwise(cuts)]
                )
                continue
            for remark in pieces[start].above:
                yield INDENT * depth + remark
            after = pieces[end - 1].after
            yield "".join(
                [
                    INDENT * depth + texts[start],
                    *(gaps[index] + texts[index] for index in range(start + 1, end)),
                    f"  {after}" if after else "",
                ]
            )

    def _where_lines_may_end(self) -> list[bool]:
        """Whether a line may end before each piece, as this language reads it."""
        pieces = self.line.pieces
        following: list[Piece | None] = []
        noun: Piece | None = None
        for piece in reversed(pieces):
            noun = noun if piece.is_article else piece
            following.append(noun)
        legal = []
        before: Piece | None = None
        choices = 0
        clause = next(one.terminal for one in pieces if one.terminal != "DEFAULT")
        for piece, noun in zip(pieces, reversed(following), strict=True):
            legal.append(
                before is not None
                and noun is not None
                and (
                    piece.brackets > 0
                    or goes_on(
                        before.kinds,
                        noun.kinds,
                        choice_open=choices > 0,
                        clause=clause,
                    )
                )
            )
            choices += ("THEN" in piece.kinds) - ("ELSE" in piece.kinds)
            before = before if piece.is_article else piece
        return legal

    def _move_remarks(self, legal: list[bool]) -> Iterator[str]:
        """Move each remark that stands where no line may end to where one may.

        What finds no place but the line's own end is given back, to stand above it.
        """
        pieces = self.line.pieces
        moved: list[str] = []
        for index in range(1, len(pieces)):
            before, piece = pieces[index - 1], pieces[index]
            if not legal[index]:
                moved += [before.after] if before.after else []
                moved += piece.above
                before.after, piece.above, piece.opens_line = "", [], False
            elif moved:
                piece.above = moved[1:] + ([before.after] if before.after else []) + piece.above
                before.after, moved = moved[0], []
        if moved and not pieces[-1].after:
            pieces[-1].after = moved.pop(0)
        yield from (INDENT * self.line.depth + remark for remark in moved)

    def _breaks(self, legal: list[bool]) -> tuple[dict[int, int], list[int]]:
        """Where a line may be broken, each place with how early it is, the lowest first.

        Beside it, how many places there are before each piece at which it must be broken.
        """
        found: dict[int, int] = {}
        forced = [0, 0]
        for index, (before, piece) in enumerate(pairwise(self.line.pieces), 1):
            must = piece.opens_line or bool(piece.above) or bool(before.after)
            forced.append(forced[-1] + must)
            if must or (legal[index] and _is_sensible(before, piece)):
                found[index] = _level(before, piece)
        return found, forced


def _is_sensible(before: Piece, piece: Piece) -> bool:
    """Whether a reader draws breath between two pieces."""
    match before.terminal, piece.terminal:
        case ("COMMA" | "COLON", _):
            return True
        case "MINUS", _:
            return before.rule == "added"
        case "EQUALS", _:
            return before.rule in _EQUATED
        case _, "STRING":
            return piece.rule in _LABELLED
        case _, "AND":
            return piece.rule != "decide"
        case _, terminal:
            return terminal in _BEFORE or piece.rule == "relation"


def _level(before: Piece, piece: Piece) -> int:
    """How early a line is broken between two pieces: what stands higher in the clause, first."""
    level = 2 * piece.level
    if piece.terminal == "WHERE" and not piece.brackets:
        return level - 2  # a clause's own group: its condition is a part of the clause
    later = before.terminal in ("COMMA", "COLON", "EQUALS") or piece.terminal == "AMONG"
    return level + later


def space_between(before: Piece, piece: Piece, words: Words) -> str:
    """What stands between two pieces of a line."""
    if not piece.text:  # the number of an article that has none
        return ""
    match before.terminal, piece.terminal:
        case ("LPAR", _) | (_, "RPAR" | "COMMA"):
            return ""
        case ("MINUS", _) if before.rule == "negative":
            return ""
        case ("CURRENCY", "NUMBER") if before.rule == "unit" and not before.text.isalpha():
            return ""
        case (terminal, "LPAR") if terminal in _CALLED:
            return ""
        case (_, "PERCENT"):
            return words.writing["percent"][:-1]
        case (_, "COLON") if piece.rule not in _TYPED:
            return words.writing["colon"][:-1]
        case _:
            elided = before.text.endswith(("'", "’")) and before.text[0].isalpha()
            return "" if elided else " "


def shown_as(piece: Piece, words: Words) -> str:
    """A piece as it is written: what stands inside guillemets is spaced as the language has it."""
    if piece.terminal != "STRING":
        return piece.text
    opening, inner, closing = piece.text[0], piece.text[1:-1].strip(), piece.text[-1]
    blank = words.writing["opening"][1:] if opening == "«" else ""
    return f"{opening}{blank}{inner}{blank}{closing}"
