"""Why a clause cannot be read on: what is told of the place, and what was probably meant there."""

from itertools import takewhile

from attrs import frozen

from coopfx.ground.report import Argument, OneOf, Report, Said
from coopfx.ground.source import Source
from coopfx.ground.words import Words, nearest
from coopfx.language.tokens import CLAUSE_WORDS, SYMBOLS, Token

_VALUES = frozenset(
    [
        "NUMBER",
        "FRACTION",
        "CURRENCY",
        "NAME",
        "STRING",
        "DATE",
        "LPAR",
        "YES",
        "NO",
        "PREVIOUS",
        "OPENING",
        "ADDED",
        "TAKEN",
        "CLOSING",
        "ALL_OF",
        "REST",
        "LOG",
        "SUM",
        "AVERAGE",
        "MEDIAN",
        "RATE",
        "COUNT",
        "MIN",
        "MAX",
        "MINUS",
        "IF",
        "NOT",
    ]
)
OPERATORS = frozenset(
    [
        "SO_FAR",
        "ROUNDED",
        "EXACTLY",
        "PLUS",
        "MINUS",
        "TIMES",
        "DIVIDE",
        "EQUALS",
        "DIFFERS",
        "AT_LEAST_SIGN",
        "AT_MOST_SIGN",
        "BELOW_SIGN",
        "ABOVE_SIGN",
        "AND",
        "OR",
    ]
)
_UNITS = frozenset(["YEARS", "MONTHS", "DAYS", "HOURS", "CURRENCY", "PERCENT"])
_NAMED = {"NAME", "NUMBER", "STRING", "DATE", "_NL", "ARTICLE_NUMBER", "CURRENCY"}
_SIGN = {terminal: sign for sign, terminal in reversed(SYMBOLS.items())}
# Signs of other languages, and slips of the pen, by the sign that is meant.
_SLIPS = {"==": "=", "=>": ">=", "=<": "<=", "<>": "!=", ">>": ">", "<<": "<"}


@frozen(slots=True)
class Refusal:
    """A place of a clause where what stands there cannot: the index of its word or sign, and what can.

    Where the index is beyond the last one, something is missing at the end.
    """

    clause: list[Token]
    place: int
    admitted: set[str]
    source: Source
    words: Words

    def explain(self, report: Report) -> None:
        """Tell it: S105 or S106 where something is missing, S113 for a word of the language, else S101."""
        clause, place, source, words = self.clause, self.place, self.source, self.words
        expected = self._expected()
        if place == len(clause):
            report.tell("S105", source.span(clause[0].start, clause[0].end), expected=expected)
            return
        token = clause[place]
        moves = clause[0].kind in ("ALLOCATE", "SHARE")
        if moves and place and "DRAWN_FROM" in clause[place - 1].kinds and token.kind != "_NL":
            # `from` names a place: how much is taken of it stands before.
            line = list(takewhile(lambda one: one.kind != "_NL", clause[place:]))
            named = next((one.text for one in line if one.kind == "NAME"), "")
            bare = f"{clause[place - 1].text} {named}" if named else ""
            report.tell("M438", source.span(token.start, token.end), expected=bare)
            return
        if self._told_as_usual(token, report):
            return
        gap = source.text[clause[place - 1].end : token.start] if place else ""
        if "NAME" in self.admitted and gap.strip().casefold() in words.articles:
            end = token.start - len(gap) + len(gap.rstrip())
            where = source.span(end - len(gap.strip()), end)
            report.tell("S113", where, found=gap.strip(), expected=expected)
            return
        if token.kind == "_NL":
            end = clause[place - 1].end if place else token.start
            report.tell("S106", source.span(end, end), expected=expected)
            return
        slip = self._slip()
        where = source.span(token.start, token.end)
        text = token.text[:60]
        if slip:
            where, text = source.span(token.start - 1, token.end), slip
            report.tell("S101", where, found=text, expected=expected, nearest=_SLIPS[slip])
            return
        if "NAME" in self.admitted and token.kind in words.keywords:
            report.tell("S113", where, found=text, expected=expected)
            return
        meant = self._meant()
        if meant and expected in ("", ()):
            expected = Said("token.clause")
        report.tell("S101", where, found=text, expected=expected, nearest=meant)

    def _told_as_usual(self, token: Token, report: Report) -> bool:
        """Whether it is what papers say and this language says otherwise: told with how (S130–S132)."""
        first, words = self.clause[0].kind, self.words
        where = self.source.span(token.start, token.end)
        if first == "ALLOCATE" and "THEN_TO" in token.kinds:
            report.tell("S130", where, found=token.text)
        elif first == "INDICATOR" and "FOR_EACH" in token.kinds:
            report.tell("S131", where, found=token.text)
        elif first == "SHARE" and token.text.casefold() in words.wordings.get("capped", ()):
            report.tell("S132", where, found=token.text)
        else:
            return False
        return True

    def _meant(self) -> str:
        """What was probably meant; empty where nothing is likely."""
        clause, place = self.clause, self.place
        token = clause[place]
        before = clause[place - 1] if place else None
        after = clause[place + 1] if place + 1 < len(clause) else None
        if before is not None and before.kind == "NAME" and "_NL" not in before.kinds:
            joined = f"{before.text}_{token.text}"
            named = after is not None and after.kind in ("COLON", "EQUALS")
            if self.words.canonical(joined) != joined or joined in self.words.names:
                return joined
            if named and token.kind == "NAME":
                return joined
        if token.kind == "NAME" and self.words.is_standard(token.text):
            # A name that is rightly spelt is no slip of a keyword.
            if clause[0].kind == "ALLOCATE" and "TO" in self.admitted:
                return self.words.after("TO", token.text)
            parts = before is not None and before.kind == "PERCENT" and "OF" in self.admitted
            return self.words.after("OF", token.text) if parts else ""
        phrases = self._phrases()
        word = token.text.casefold()
        begun = [
            forms[0]
            for forms in phrases
            if any(phrase.startswith(word + " ") for phrase in forms) and " " in forms[0]
        ]
        # A bare preposition begins phrases that nobody meant: `a los socios` is no `a fecha de`.
        if len(begun) == 1 and token.kind != "TO":
            return begun[0]
        known = [phrase for forms in phrases for phrase in forms]
        return nearest(word, known) if token.kind == "NAME" else ""

    def _slip(self) -> str:
        """Two signs that stand for one, such as `==`; empty where there are none."""
        token, before = self.clause[self.place], self.clause[self.place - 1]
        both = before.text + token.text
        return both if self.place and before.end == token.start and both in _SLIPS else ""

    def _phrases(self) -> list[tuple[str, ...]]:
        """What could stand here, each in its forms; at the beginning of a line also any clause."""
        kinds = set(self.admitted)
        if not self.place or self.clause[self.place - 1].kind == "_NL":
            kinds |= CLAUSE_WORDS
        keywords = self.words.keywords
        return [keywords[kind] for kind in sorted(kinds) if kind in keywords]

    def _expected(self) -> Argument:
        """What could stand here: sorts of words as the reader says them, keywords as the text does."""
        admitted, keywords = self.admitted, self.words.keywords
        if "NAME" not in admitted:
            # It is read behind its figure too, and written before it.
            admitted = admitted - {"PREVIOUS"}
        shown = []
        for key, group in (("value", _VALUES), ("operator", OPERATORS), ("unit", _UNITS)):
            if len(admitted & group) > 3:
                shown.append(Said(f"token.{key}"))
                admitted = admitted - group
        for terminal in sorted(admitted - {"$END"}):
            if terminal in _NAMED:
                shown.append(Said(f"token.{terminal}"))
            elif terminal in keywords:
                shown.append(Said("token.word", {"word": keywords[terminal][0]}))
            else:
                shown.append(Said("token.word", {"word": _SIGN.get(terminal, terminal)}))
        if len(shown) < 2:
            return shown[0] if shown else ""
        return OneOf(tuple(shown[:8]))
