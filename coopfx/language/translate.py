"""A text from one natural language to another: each word's first form, in the layout of the other.

Keywords, standard names, numbers, currencies and quotation marks change; titles, remarks and the
names that the author declared do not. What comes out is read again and compared, word by word, with
what went in: a translation that would not say the same is told and not given.
"""

import re
from collections.abc import Iterator
from itertools import pairwise, zip_longest
from unicodedata import normalize

from attrs import Factory, define, evolve

from coopfx.ground.exact import currency_named, signs_of
from coopfx.ground.report import Report
from coopfx.ground.source import Source
from coopfx.ground.words import FIRST_WORD, Words, without_mark
from coopfx.language.format import layout, shown_as, space_between
from coopfx.language.from_tree import currency_of
from coopfx.language.lines import NEVER, Line, Lines, Piece, read_lines
from coopfx.language.tokens import COMMENT, scan
from coopfx.language.tree import Tree, data, kind
from coopfx.language.wordings import ARTICLE, phrase_at

# After these, a name has its article in languages that write one there.
_TAKES_ARTICLE = frozenset(
    [
        *(
            "ALLOCATE",
            "SHARE",
            "POOL",
            "TO",
            "THEN_TO",
            "UNTIL",
            "EXCESS_TO",
            "OF",
            "AMONG",
            "OVER",
        ),
        *("OPENING", "ADDED", "TAKEN", "CLOSING", "ALL_OF", "DRAWN_FROM"),
    ]
)
# A declaration says of which sort of record something is, not of which one of them.
_DECLARATIONS = frozenset(["input", "account"])
# The second form of these is what stands after one, where it is another than the first.
_COUNTED = frozenset(["YEARS", "MONTHS", "DAYS", "HOURS", "DECIMALS"])
# In these rules a name is that of a law or a model, the same in every language.
_PROPER = frozenset(["under", "law", "based_on"])
# In these a rule of a law is named with the law before it: the rule's own name alone is translated.
_OF_A_LAW = frozenset(["set_aside", "expect_verdict"])
_LAST_WORD = re.compile(r"[^\s'’]+$")
_MARKS = (('"', '"'), ("“", "”"), ("«", "»"), ("„", "“"))


def translate(
    source: Source, read: Lines, words: Words, target: Words, reader: Words, report: Report
) -> str | None:
    """What was read of a text, in another language; None, and told, where that cannot say it.

    ``words`` and ``target`` are the two languages, each with the names of the text's laws and of its
    policy, ``reader`` is the other language alone, as a text is read in it. A name that the other
    language would read as a word of its own gets a ``_``, and loses it on its way back. Two names
    that would become one are told (P953); so is a text that the other language would read in
    another way (P954).
    """
    lines, trees = read
    currency = currency_of(trees)
    translator = _Translator(words, target, currency)
    translated = layout([translator.line(line) for line in lines], target)
    for word, names in translator.written.items():
        if len(names) > 1:
            report.tell("P953", None, word=word, names=tuple(sorted(names)))
            return None
    again = Source(source.file, translated, target.language)
    back = read_lines(again, reader, Report())
    difference = _difference(trees, words, back[1] if back else [], target, currency)
    if difference is not None:
        where = source.span(difference.start_pos, difference.end_pos)
        report.tell("P954", where, language=target.language)
        return None
    return translated


def usual(lines: list[Line], words: Words) -> list[Line]:
    """Lines in which what is said in other words, and now has its usual form, has the article of that."""
    writer = _Translator(words, words, None)
    return [
        writer.usual(line) if any(piece.said for piece in line.pieces) else line for line in lines
    ]


def word_by_word(source: Source, words: Words, target: Words) -> str:
    """A text in another language where it cannot be read as a whole: each line as its words stand.

    It shows a mistake in a reader's own language; nothing is held against what comes out.
    """
    translator = _Translator(words, target, None)
    made = []
    for line in source.text.split("\n"):
        found = scan(Source(source.file, line, words.language), words, Report())
        tokens = [one for one in found if one.kind != "_NL"]
        pieces = [Piece(one.text, one.kinds, one.kind) for one in tokens if one.kind != COMMENT]
        shown = translator.line(Line(pieces)).pieces
        gaps = ["", *(space_between(one, two, target) for one, two in pairwise(shown))]
        texts = [shown_as(piece, target) for piece in shown]
        text = "".join(gap + piece for gap, piece in zip(gaps, texts, strict=False))
        remarks = [one.text for one in tokens if one.kind == COMMENT]
        indent = line[: len(line) - len(line.lstrip())]
        made.append(indent + "  ".join(part for part in (text, *remarks) if part))
    return "\n".join(made)


@define(slots=True)
class _Translator:
    """Rewrites the lines of one text; ``written`` keeps which names became each word."""

    words: Words
    target: Words
    currency: str | None
    written: dict[str, set[str]] = Factory(dict)

    def line(self, line: Line) -> Line:
        """A line in the other language."""
        pieces = _previous_first(_number_first(_without_articles(line.pieces)))
        texts = [
            self._text(piece, pieces[index - 1] if index else None)
            for index, piece in enumerate(pieces)
        ]
        made: list[Piece] = []
        article = ""
        for index, (piece, text) in enumerate(zip(pieces, texts, strict=True)):
            if piece.terminal == "REST" and index and pieces[index - 1].terminal == "OF":
                text = text.removeprefix(f"{self._article_of_rest()} ")
            if article and piece.terminal in ("NAME", "REST"):
                made.append(_article(piece, article))
                piece = evolve(piece, level=NEVER, above=[], opens_line=False)
            if piece.terminal != "LPAR":
                article = ""
            if piece.terminal in self.target.keywords and index + 1 < len(pieces):
                named = self._definite(pieces, index)
                apart = pieces[index + 1].terminal == "LPAR"
                text, article = self._before(piece, text, named, "" if apart else texts[index + 1])
            made.append(evolve(piece, text=text, kinds=self._kinds(piece, text)))
        return evolve(line, pieces=made)

    def usual(self, line: Line) -> Line:
        """A line with the article that each name of other words has in its usual form."""
        made: list[Piece] = []
        for piece in line.pieces:
            article = self._usual_article(piece)
            if article is not None and made and made[-1].is_article:
                dropped = made.pop()
                piece = evolve(
                    piece,
                    level=dropped.level,
                    opens_line=dropped.opens_line,
                    above=dropped.above + piece.above,
                )
            if article and made and made[-1].terminal in _TAKES_ARTICLE:
                text, article = self._before(
                    made[-1], self._apart(made[-1].text), article, piece.text
                )
                made[-1] = evolve(made[-1], text=text)
            if article:
                made.append(_article(piece, article))
                piece = evolve(piece, level=NEVER, above=[], opens_line=False)
            made.append(piece)
        return evolve(line, pieces=made)

    def _usual_article(self, piece: Piece) -> str | None:
        """The article of a name that was said in other words, or of its account; None to leave it."""
        if not piece.said:
            return None
        if piece.terminal == "FRACTION":
            return ""
        canonical = self.words.canonical(piece.text)
        above = canonical.partition(".")[0]
        return self.words.definite.get(canonical) or self.words.definite.get(above)

    def _apart(self, keyword: str) -> str:
        """A keyword without the article that it is joined with: `à` of `au`."""
        head, blank, last = keyword.rpartition(" ")
        pairs = (pair.split(" ") for pair, one in self.target.joined.items() if one == last)
        parted = next((first for first, article in pairs if article != "'"), last)
        return f"{head}{blank}{parted}"

    def _text(self, piece: Piece, before: Piece | None) -> str:
        """A piece in the other language, whatever follows it."""
        match piece.terminal:
            case "NAME":
                return self._name(piece)
            case "NUMBER":
                number = piece.text
                if len(re.findall("[.,]", number)) > 1:
                    decimal = self.words.numbers["decimal"]
                    number = number.replace("," if decimal == "." else ".", " ")
                return re.sub("[.,]", self.target.numbers["decimal"], number)
            case "STRING":
                return _quoted(piece.text, self.target)
            case "CURRENCY":
                code = currency_named(piece.text, self.currency)
                if piece.rule != "unit" or self.target.writing["currency"] != "sign":
                    return code
                signs = (
                    one for one in signs_of(code) if currency_named(one, self.currency) == code
                )
                return next(signs, code)
            case terminal if terminal in _COUNTED:
                forms = self.target.keywords[terminal]
                return forms[1] if len(forms) > 1 and self._is_one(before) else forms[0]
            case terminal:
                return self.target.keywords.get(terminal, (piece.text,))[0]

    def _is_one(self, before: Piece | None) -> bool:
        """Whether what stands after this piece is one: an hour in ``per hour`` or in ``1 hour``."""
        if before is None or before.terminal == "PER":
            return before is not None
        value = self.words.read_number(before.text) if before.terminal == "NUMBER" else None
        return value is not None and self.target.is_one(value)

    def _name(self, piece: Piece) -> str:
        """A name in the other language; one that the author gave a record, or a law, stays."""
        if piece.rule in _PROPER:
            return piece.text
        own = without_mark(piece.text)
        if piece.identifies:
            return f"{own}_" if self.target.is_taken(own) else own
        canonical = self.words.canonical(piece.text)
        known = canonical != own or self.target.word(canonical) != canonical
        if piece.rule in _OF_A_LAW and "." in own and not known:
            law, _, rule = _of_a_law(own, self.words).rpartition(".")
            return f"{law}.{self.target.word(rule)}"
        group = self.words.group_of_one(piece.text)
        if piece.rule in ("each", "of_each") and group and canonical not in self.target.names:
            return self.target.singulars[group][0]
        word = self.target.word(canonical)
        self.written.setdefault(word, set()).add(canonical)
        return word

    def _definite(self, pieces: list[Piece], index: int) -> str:
        """The article of the name after a piece, in a bracket or not; empty where none is due."""
        piece, noun = pieces[index], pieces[index + 1]
        if noun.terminal == "LPAR" and index + 2 < len(pieces):
            noun = pieces[index + 2]
        if piece.terminal == "OF" and noun.terminal == "REST":
            return self._article_of_rest()
        declares = piece.rule == "owner" and piece.parent in _DECLARATIONS
        if piece.terminal not in _TAKES_ARTICLE or noun.terminal != "NAME" or declares:
            return ""
        if noun.identifies or noun.rule in _PROPER:
            return ""
        return self.target.definite.get(self.words.canonical(noun.text), "")

    def _article_of_rest(self) -> str:
        """The article that the words for the rest begin with: `le` of `le reste`; empty for none."""
        first, _, more = self.target.keywords["REST"][0].partition(" ")
        return first if more and first in self.target.articles else ""

    def _before(self, piece: Piece, text: str, article: str, following: str) -> tuple[str, str]:
        """A keyword as it stands before what follows it, and the article that remains to be written.

        ``following`` is empty where a bracket parts them.
        """
        last = _LAST_WORD.search(text)
        if last is None or not following:
            return text, article
        vowel = following[:1].isalpha() and normalize("NFD", following.casefold())[0] in "aeiouœæ"
        key = f"{last[0]} {article}" if article else f"{last[0]} '"
        joined = self.target.joined.get(key) if article or vowel else None
        made = text[: last.start()] + (joined or "")
        if joined is None or made not in self.target.keywords[piece.terminal]:
            return text, article
        return made, ""

    def _kinds(self, piece: Piece, text: str) -> tuple[str, ...]:
        """What the other language may take a piece for."""
        first = FIRST_WORD.match(text)
        if first is None or "." in text or piece.terminal in ("NUMBER", "DATE", "ARTICLE_NUMBER"):
            return piece.kinds
        return phrase_at(text, 0, first.end(), self.target)[1]


def _article(piece: Piece, article: str) -> Piece:
    """An article in the place of its noun, which stands behind it."""
    return evolve(piece, text=article, kinds=(ARTICLE,), terminal=ARTICLE, after="")


def _number_first(pieces: list[Piece]) -> list[Piece]:
    """The pieces with each amount's currency after its number, wherever the author wrote it."""
    found = list(pieces)
    for index, (unit, number) in enumerate(pairwise(pieces)):
        before = pieces[index - 1].rule if index else ""
        kinds = (unit.terminal, unit.rule, number.terminal, number.rule)
        if kinds == ("CURRENCY", "unit", "NUMBER", "quantity") and before != "quantity":
            found[index] = evolve(
                number,
                level=unit.level,
                opens_line=unit.opens_line,
                above=unit.above,
                after=unit.after,
            )
            found[index + 1] = evolve(
                unit, level=number.level, opens_line=False, above=number.above, after=number.after
            )
    return found


def _previous_first(pieces: list[Piece]) -> list[Piece]:
    """The pieces with the word for another year before its figure, as coopfx writes it."""
    found = list(pieces)
    for index, piece in enumerate(pieces):
        if piece.terminal != "PREVIOUS" or (index + 1 < len(pieces) and piece.rule != "previous"):
            continue
        start = index
        while start and found[start - 1].rule in ("owners", "name", "name_of", "balance"):
            start -= 1
        if start < index:
            first = found[start]
            moved = evolve(piece, level=first.level, opens_line=first.opens_line, above=first.above)
            moved = evolve(moved, after="")
            figure = [evolve(first, level=piece.level, opens_line=False, above=[])]
            figure += found[start + 1 : index]
            figure[-1] = evolve(figure[-1], after=figure[-1].after or piece.after)
            found[start : index + 1] = [moved, *figure]
    return found


def _without_articles(pieces: list[Piece]) -> list[Piece]:
    """The pieces but for the articles; the noun stands in its article's place."""
    found: list[Piece] = []
    article: Piece | None = None
    for piece in pieces:
        if piece.is_article:
            if article is None:
                article = piece
            else:
                remarks = [article.after] if article.after else []
                article = evolve(
                    article, above=[*article.above, *remarks, *piece.above], after=piece.after
                )
            continue
        if article is not None:
            remarks = [article.after] if article.after else []
            piece = evolve(
                piece,
                level=article.level,
                opens_line=article.opens_line or piece.opens_line,
                above=[*article.above, *remarks, *piece.above],
            )
        found.append(piece)
        article = None
    if article is not None and article.after and found:
        found[-1] = evolve(found[-1], after=found[-1].after or article.after)
    return found


def _quoted(text: str, target: Words) -> str:
    """A text in the other language's quotation marks, or in others where it holds such marks itself."""
    inner = text[1:-1]
    own = (target.writing["opening"][0], target.writing["closing"][-1])
    for opening, closing in (own, *_MARKS):
        if closing not in inner and not (opening == "„" and "”" in inner):
            return f"{opening}{inner}{closing}"
    return text


def _difference(
    trees: list[Tree], words: Words, others: list[Tree], target: Words, currency: str | None
) -> Tree | None:
    """The first token of which a translation says something else; None where it says the same."""
    pairs = zip_longest(_flat(trees), _flat(others))
    last, rule = None, ""
    for one, other in pairs:
        rule = rule if one is None or kind(one) else data(one)
        last = one if one is not None and kind(one) else last
        if one is None or other is None or kind(one) != kind(other):
            break
        if data(one) != data(other):
            break
        if kind(one) and not _says_the_same(one, words, other, target, currency):
            names = _of_a_law(str(one), words), _of_a_law(str(other), target)
            if rule not in _OF_A_LAW or kind(one) != "NAME" or names[0] != names[1]:
                break
    else:
        return None
    return last or next((item for item, _ in pairs if kind(item)), None)


def _of_a_law(name: str, words: Words) -> str:
    """A rule's name with the name of its law before it, which is the same in every language."""
    law, _, rule = name.rpartition(".")
    return f"{law}.{words.canonical(rule)}"


def _flat(trees: list[Tree]) -> Iterator[Tree]:
    """Every node and token of trees, each node before what it holds."""
    stack = list(reversed(trees))
    while stack:
        item = stack.pop()
        yield item
        below = getattr(item, "children", ())
        if data(item) == "quantity":  # the currency may stand before its number
            below = sorted(below, key=lambda one: kind(one) != "NUMBER")
        elif data(item) == "previous":  # the word for another year may stand after its figure
            below = sorted(below, key=lambda one: kind(one) != "PREVIOUS")
        stack += reversed(below)


def _says_the_same(
    one: Tree, words: Words, other: Tree, target: Words, currency: str | None
) -> bool:
    left, right = str(one), str(other)
    match kind(one):
        case "NAME":
            groups = words.group_of_one(left), target.group_of_one(right)
            same = (
                words.canonical(left) == target.canonical(right)
                or groups[0] == groups[1] is not None
            )
            return same or without_mark(left) == without_mark(right)
        case "NUMBER":
            return words.read_number(left) == target.read_number(right)
        case "STRING":
            return left[1:-1].strip() == right[1:-1].strip()
        case "CURRENCY":
            return currency_named(left, currency) == currency_named(right, currency)
        case "DATE" | "ARTICLE_NUMBER":
            return left.split() == right.split()
        case _:
            return True
