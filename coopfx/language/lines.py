"""A text as the lines that its author meant: what the formatter lays out and the translator rewrites.

A line is all that belongs to one item of the grammar, however it is broken. Its pieces know what the
parser took them for, how deep in the clause they meet their neighbour, and the remarks beside them.
"""

from typing import Any

from attrs import Factory, define

from coopfx.ground.report import Report
from coopfx.ground.source import Source
from coopfx.ground.words import Words
from coopfx.language.counted import tokens_that_count, without_marks
from coopfx.language.parse import parse_tokens
from coopfx.language.tokens import COMMENT, Token, scan
from coopfx.language.tree import DEEPEST_EXPRESSION, Tree, child, children, data, kind, tokens
from coopfx.language.wordings import ARTICLE, phrase_at

# An expression may be that deep; above it stand a few rules of its clause.
_DEEPEST_TREE = DEEPEST_EXPRESSION + 10
_UNINDENTED = frozenset(
    [
        *("statute", "law", "based_on", "currency", "in_force", "source", "article", "example"),
    ]
)
_DEEPER = frozenset(["row", "high", "low"])
"""What belongs to the line above it: a record to its table, a limit to its item."""

NEVER = 1_000_000
"""The level at which no line is broken."""


@define(slots=True)
class Piece:
    """A word, sign or article of a line.

    ``terminal`` is what the grammar took it for, ``rule`` and ``parent`` the rules around it.
    ``level`` is how deep in the clause it meets the piece before it, ``identifies`` whether it is the
    author's name for a record. ``above`` are remarks on lines of their own before it, ``after`` is
    one that ends its line. ``opens_line`` says that a line begins with it, however short, ``said``
    that its author said it in other words.
    """

    text: str
    kinds: tuple[str, ...]
    terminal: str
    rule: str = ""
    parent: str = ""
    level: int = NEVER
    brackets: int = 0
    identifies: bool = False
    opens_line: bool = False
    above: list[str] = Factory(list)
    after: str = ""
    said: bool = False

    @property
    def is_article(self) -> bool:
        """Whether it is a word without meaning."""
        return self.terminal == ARTICLE


@define(slots=True)
class Line:
    """A line as meant: its pieces, how deep it stands, and whether a blank line comes before it.

    A remark on a line of its own between two lines is a line without pieces.
    """

    pieces: list[Piece]
    depth: int = 0
    blank: bool = False
    remark: str = ""


@define(slots=True)
class _Placed:
    """What the parser made of a token."""

    terminal: str
    rule: str
    parent: str
    level: int
    depth: int
    brackets: int
    identifies: bool
    opens_line: bool


Lines = tuple[list[Line], list[Tree]]
"""The lines of a text, and its parse trees."""


def read_lines(source: Source, words: Words, report: Report) -> Lines | None:
    """The lines of a text and its parse trees; None, and told, where it has a mistake of syntax."""
    report.read(source)
    before = report.errors()
    scanned = without_marks(scan(source, words, report), source)
    counted = tokens_that_count(scanned, source, report)
    trees = parse_tokens(counted, source, words, report, before)
    if report.errors() > before:
        return None
    placed: dict[tuple[int, int], _Placed] = {}
    in_article = False
    for tree in trees:
        rule = data(tree)
        in_article = in_article or rule == "article"
        heads = rule in _UNINDENTED and not (in_article and rule == "in_force")
        deep = _place(tree, 0 if heads or not in_article else 1, placed)
        if deep > _DEEPEST_TREE:
            start = next(iter(_leaves(tree))).start_pos
            report.tell("S107", source.span(start, start + 1), most=DEEPEST_EXPRESSION)
            return None
    reader = _Reader(source.text, words, _line_starts(scanned, counted), placed)
    return reader.read(scanned), trees


def _leaves(tree: Tree) -> list[Any]:
    return list(tree.scan_values(lambda _: True))


def _place(clause: Tree, depth: int, placed: dict[tuple[int, int], _Placed]) -> int:
    """Say of each token of a clause where it stands; returns how deep the clause's tree goes."""
    ids = _identifiers(clause)
    deepest, brackets = 0, 0
    meeting = 0
    # Each entry: a node, its parent's rule, and which of its children comes next.
    stack: list[tuple[Tree, str, int, int]] = [(clause, "", 0, depth)]
    while stack:
        node, parent, at, line_depth = stack.pop()
        level = len(stack)
        deepest = max(deepest, level)
        if at == len(node.children):
            continue
        if at:
            meeting = min(meeting, level)
        stack.append((node, parent, at + 1, line_depth))
        item, rule = node.children[at], data(node)
        if hasattr(item, "children"):
            if level == 0:
                line_depth = depth + 1
            if data(item) in _DEEPER:
                line_depth = depth + 2
            stack.append((item, rule, 0, line_depth))
            continue
        if item.type == "RPAR":
            brackets -= 1
        identifies = item.type == "NAME" and (
            _in_row(stack) or (rule == "owners" and str(item) in ids)
        )
        opens = _opens_line(item, node, parent, stack)
        placed[item.start_pos, item.end_pos] = _Placed(
            item.type, rule, parent, meeting, line_depth, brackets, identifies, opens
        )
        if item.type == "LPAR":
            brackets += 1
        meeting = NEVER
    return deepest


def _identifiers(clause: Tree) -> set[str]:
    """What an example calls its records."""
    if data(clause) != "example":
        return set()
    rows = [row for table in children(clause, "table") for row in children(table, "row")]
    return {
        str(token) for row in rows for token in _leaves(row.children[0]) if kind(token) == "NAME"
    }


def _in_row(stack: list[tuple[Tree, str, int, int]]) -> bool:
    return any(data(node) == "row" for node, *_ in stack)


def _opens_line(
    item: Any, node: Tree, parent: str, stack: list[tuple[Tree, str, int, int]]
) -> bool:
    """Whether a line begins here however short it is: what an eye looks for at a line's beginning."""
    match item.type:
        case "EQUALS":
            return data(node) == "indicator"
        case "TARGET" | "FORMERLY" | "SERIES_BREAK":
            return True
        case "MEASURED_IN" | "HIGHER_IS_BETTER" | "LOWER_IS_BETTER":
            return True
        case "REF":
            return parent == "article"
        case "WHERE":
            group = stack[-2][0]
            compound = data(node.children[1]) in ("both", "either")
            clause = len(stack) == 3 and data(stack[0][0]) in ("share", "permit")
            return (
                clause and compound and child(group, "where") is node and not tokens(group, "LPAR")
            )
        case _:
            return False


def _line_starts(scanned: list[Token], counted: list[Token]) -> set[int]:
    """Where each line as meant begins; an article before its first word is part of it."""
    first = {
        token.start
        for before, token in zip([None, *counted], counted, strict=False)
        if before is None or before.kind == "_NL"
    }
    starts = set()
    article: int | None = None
    new_line = True
    for token in scanned:
        if token.kind == "_NL":
            new_line = True
        elif token.kind == ARTICLE:
            if new_line and article is None:
                article = token.start
        elif token.kind != COMMENT:
            if token.start in first:
                starts.add(token.start if article is None else article)
            article, new_line = None, False
    return starts


@define(slots=True)
class _Reader:
    """Gathers the lines of one text."""

    text: str
    words: Words
    starts: set[int]
    placed: dict[tuple[int, int], _Placed]
    lines: list[Line] = Factory(list)
    pending: list[Line] = Factory(list)
    newlines: int = 2

    def read(self, scanned: list[Token]) -> list[Line]:
        current: Line | None = None
        end = 0
        for token in scanned:
            if token.kind == "_NL":
                self.newlines += 1
                continue
            if token.kind == COMMENT:
                if current is not None and not self.newlines and not self.pending:
                    current.pieces[-1].after = token.text
                else:
                    self.pending.append(Line([], blank=self.newlines > 1, remark=token.text))
                    self.newlines = 0
                continue
            if current is None or token.start in self.starts:
                self.lines += self.pending
                self.pending = []
                current = Line([], blank=self.newlines > 1)
                self.lines.append(current)
            self._add(current, token, end)
            end = token.end
            self.newlines = 0
        self.lines += self.pending
        for line in self.lines:
            _settle(line)
        return self._with_remarks_in_place()

    def _add(self, line: Line, token: Token, end: int) -> None:
        found = None if token.kind == ARTICLE else self.placed.get((token.start, token.end))
        if found is None:
            piece = Piece(_even(token.text), token.kinds, ARTICLE)
        else:
            piece = Piece(
                token.text if found.terminal == "STRING" else _even(token.text),
                token.kinds,
                found.terminal,
                found.rule,
                found.parent,
                found.level,
                found.brackets,
                found.identifies,
                found.opens_line,
            )
            written = _even(self.text[token.start : token.end])
            piece.said = found.terminal in ("NAME", "FRACTION") and written != piece.text
            if not any(not one.is_article for one in line.pieces):
                line.depth = found.depth
        piece.above = [remark.remark for remark in self.pending]
        self.pending = []
        broken = "\n" in self.text[end : token.start] and bool(line.pieces)
        if broken and merges(line.pieces[-1].text, piece.text, self.words):
            piece.opens_line = True
        line.pieces.append(piece)

    def _with_remarks_in_place(self) -> list[Line]:
        """Give each remark between lines the depth of the line it belongs to.

        That is the next line, unless the remark stands right below a line and a blank one follows.
        """
        following = 0
        for line in reversed(self.lines):
            if line.pieces:
                following = line.depth
            line.depth = following
        above: int | None = None
        for index, line in enumerate(self.lines):
            if line.pieces:
                above = line.depth
                continue
            above = None if line.blank else above
            if above is not None and self._ends_block(index):
                line.depth = above
        return self.lines

    def _ends_block(self, index: int) -> bool:
        """Whether a blank line, or nothing, follows the remarks that stand together here."""
        while index + 1 < len(self.lines):
            index += 1
            if self.lines[index].blank:
                return True
            if self.lines[index].pieces:
                return False
        return True


def _settle(line: Line) -> None:
    """Let an article meet what stands before it in the place of its noun, and stay with the noun."""
    for article, noun in zip(reversed(line.pieces[:-1]), reversed(line.pieces[1:]), strict=True):
        if article.is_article:
            article.level, noun.level = noun.level, NEVER
            article.brackets = noun.brackets
            article.opens_line, noun.opens_line = noun.opens_line or article.opens_line, False
            article.above, noun.above = article.above + noun.above, []


def _even(text: str) -> str:
    """A word or number with single, plain spaces in it."""
    return " ".join(text.split())


def merges(text: str, following: str, words: Words) -> bool:
    """Whether a word would become another phrase together with what follows it on its line."""
    if not text[:1].isalpha():
        return False
    first = next(
        (at for at, sign in enumerate(text) if not (sign.isalnum() or sign in "_.")), len(text)
    )
    if text[first - 1 : first] == ".":
        first -= 1
    end, _ = phrase_at(f"{text} {following} ", 0, first, words)
    return end > len(text)
