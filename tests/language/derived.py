"""Texts derived from the grammar itself: every construct, in any language, in odd layouts.

A derivation chooses among the alternatives of a rule, those taken least so far first, or goes straight to
one that it is sent to, so that some hundred texts show them all. Words are any of a terminal's phrases,
names are the language's own, the author's, and such as are words of other languages.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from random import Random
from typing import Any

from coopfx.ground.words import FIRST_WORD, Words
from coopfx.language.counted import goes_on
from coopfx.language.parse import _parser
from coopfx.language.tokens import SYMBOLS
from coopfx.language.wordings import phrase_at

OWN_NAMES = ["bonus", "écart_réel", "x1", "q2.part", "Ñandú", "épargne", "total_2024"]
# Words of one language or another, which a translation has to keep apart.
FOREIGN = ["reste", "si", "le", "au", "heures", "salaire", "rest", "when", "salary", "share", "de"]
FOREIGN += ["pour", "à", "cuando", "resto", "quando", "socio", "ore", "el", "gli", "puis", "paid"]
STRINGS = ["Alma", "a # b", "x | y", "l'an", "  spaced  ", "", 'say "so"', "déjà « vu »", "“so”"]
REMARKS = ["# why", "#", "#no space", "# « quoted » | 3 %", "# x = (", "# é"]
SIGNS = {
    terminal: [sign for sign, kind in SYMBOLS.items() if kind == terminal]
    for terminal in SYMBOLS.values()
}
DEEP = 1_000


@dataclass(eq=False)
class Grammar:
    """The grammar's alternatives by rule, and how deep each must go at least."""

    alternatives: dict[Any, list[Any]]
    depths: dict[int, int]

    def depth(self, rule: Any) -> int:
        return self.depths[id(rule)]

    @cache  # noqa: B019, there is one grammar
    def ways(self, goal: int) -> dict[int, int]:
        """How many steps each alternative is from one of them; those from which none leads to it lack."""
        found, reached = {goal: 0}, 0
        while reached < len(found):
            reached = len(found)
            for rule in (one for rules in self.alternatives.values() for one in rules):
                below = [way for item in rule.expansion if (way := self.way(item, found)) < DEEP]
                if below and id(rule) not in found:
                    found[id(rule)] = 1 + min(below)
        return found

    def way(self, symbol: Any, ways: dict[int, int]) -> int:
        """How many steps a symbol is from where these ways lead."""
        return min(
            (ways.get(id(one), DEEP) for one in self.alternatives.get(symbol, ())), default=DEEP
        )


@cache
def grammar() -> Grammar:
    alternatives: dict[Any, list[Any]] = {}
    for rule in _parser().rules:
        alternatives.setdefault(rule.origin, []).append(rule)
    rules = [rule for found in alternatives.values() for rule in found]
    depths = {id(rule): DEEP for rule in rules}
    changed = True
    while changed:
        changed = False
        for rule in rules:
            below = [
                0 if item.is_term else min(depths[id(one)] for one in alternatives[item])
                for item in rule.expansion
            ]
            depth = 1 + max(below, default=0)
            if depth < depths[id(rule)]:
                depths[id(rule)], changed = depth, True
    return Grammar(alternatives, depths)


@dataclass
class Word:
    """A word or sign of a derived text, as it is spelt and as the tokens take it."""

    terminal: str
    text: str
    kinds: tuple[str, ...]


@dataclass
class Deriver:
    """Derives texts of one language; ``taken`` counts the alternatives of the grammar."""

    words: Words
    random: Random
    taken: Counter[int] = field(default_factory=Counter)
    steps: int = 0
    goal: int | None = None
    """The alternative that the next derivation is sent to."""

    def clauses(self, count: int) -> list[Word]:
        """The words of so many clauses."""
        start = next(origin for origin in grammar().alternatives if origin.name == "clause")
        words: list[Word] = []
        for _ in range(count):
            self.steps = self.random.choice([20, 60, 100])
            words += map(self.spelt, self.terminals(start))
        return words

    def terminals(self, symbol: Any) -> Iterator[str]:
        """The terminals of a derivation, which ends soon after so many steps."""
        if symbol.is_term:
            yield symbol.name
            return
        self.steps -= 1
        known = grammar()
        rules = known.alternatives[symbol]
        within, goal = rules, self.goal
        ways = known.ways(goal) if goal is not None else {}
        if goal is not None:
            within = [min(rules, key=lambda rule: ways.get(id(rule), DEEP))]
        elif self.steps < 0:
            least = min(map(known.depth, rules))
            within = [rule for rule in rules if known.depth(rule) <= least]
        elif self.random.random() < 0.7:
            least = min(self.taken[id(rule)] for rule in within)
            within = [rule for rule in within if self.taken[id(rule)] == least]
        rule = self.random.choice(within)
        self.taken[id(rule)] += 1
        nearest = None
        if goal is not None and goal != id(rule):
            nearest = min(rule.expansion, key=lambda item: known.way(item, ways))
        for item in rule.expansion:
            self.goal = None
            if item is nearest:
                self.goal, nearest = goal, None
            if item.name not in ("expression", "sum", "terms"):
                yield from self.terminals(item)
                continue
            # What comes after an expression has steps left, and none of them is a book of its own.
            left = self.steps
            self.steps = min(left // 2, self.random.choice([0, 6, 12, 40]))
            yield from self.terminals(item)
            self.steps = left

    def spelt(self, terminal: str) -> Word:
        """A terminal in any of its spellings."""
        choose = self.random.choice
        match terminal:
            case "NAME":
                text = self.name()
            case "NUMBER":
                decimal = self.words.numbers["decimal"]
                text = choose(
                    ["0", "1", "2", "60", f"2{decimal}5", "30 000", f"1\u202f820{decimal}05"]
                )
            case "STRING":
                text = self.string()
            case "DATE":
                text = choose(["2024-01-01", "2023-12-31"])
            case "CURRENCY":
                text = choose(["EUR", "€", "USD", "$", "CHF"])
            case "ARTICLE_NUMBER":
                text = choose(["3", "26 ter", "L3324-5", "33  1°"])
            case "_NL":
                text = "\n"
            case "FRACTION":
                text = choose(["1/3", "2/3", "1/2"])
            case "PERCENT":
                text = "%"
            case _ if terminal in self.words.keywords:
                text = choose(self.phrases(terminal))
                if self.random.random() < 0.1:
                    text = text.upper() if text.upper().casefold() == text else text
            case _:
                text = choose(SIGNS[terminal])
        return Word(terminal, text, self.kinds(terminal, text))

    def phrases(self, terminal: str) -> tuple[str, ...]:
        """A keyword's spellings; rarely such as would more often be another keyword: `de` for over."""
        phrases = self.words.keywords[terminal]
        if self.random.random() < 0.03:
            return phrases
        return tuple(one for one in phrases if self.kinds(terminal, one)[0] == terminal) or phrases

    def name(self) -> str:
        own = [form for forms in self.words.names.values() for form in forms]
        free = [name for name in FOREIGN if not self.words.is_taken(name)]
        kinds: list[list[str]] = [
            OWN_NAMES,
            own or ["surplus"],
            free,
            ["surplus", "workers", "person"],
        ]
        return self.random.choice(self.random.choice(kinds))

    def string(self) -> str:
        text = self.random.choice(STRINGS)
        marks = [
            pair
            for pair in (('"', '"'), ("«", "»"), ("“", "”"), ("„", "“"))
            if pair[1] not in text and not ("„" in pair and "”" in text)
        ]
        opening, closing = self.random.choice(marks)
        return opening + text + closing

    def kinds(self, terminal: str, text: str) -> tuple[str, ...]:
        first = FIRST_WORD.match(text)
        if terminal in self.words.keywords and first is not None:
            return phrase_at(text, 0, first.end(), self.words)[1]
        return (terminal,)

    def laid_out(self, words: list[Word], remarks: float) -> str:
        """The words in an odd layout, with remarks of that likelihood wherever a line ends."""
        text: list[str] = []
        opened, choices = 0, 0
        for index, word in enumerate(words):
            if word.terminal == "_NL":
                choices = 0
                text.append(self.line_end(remarks))
                continue
            following = words[index + 1] if index + 1 < len(words) else word
            if word.terminal == "NAME" and self.random.random() < 0.3 and self.words.articles:
                article = self.random.choice(self.words.articles)
                text.append(article if article.endswith("'") else f"{article} ")
            text.append(word.text)
            opened += {"LPAR": 1, "RPAR": -1}.get(word.terminal, 0)
            if following.terminal == "_NL":
                continue
            alone = word.terminal == "ARTICLE_NUMBER" and following.terminal == "REF"
            choices += ("THEN" in word.kinds) - ("ELSE" in word.kinds)
            legal = opened > 0 or goes_on(word.kinds, following.kinds, choice_open=choices > 0)
            if alone or (legal and self.random.random() < 0.3):
                text.append(self.line_end(remarks))
            elif not (word.text.endswith("'") or word.terminal in ("LPAR", "PERCENT")):
                text.append(self.random.choice([" ", " ", "  ", "\t", "\u00a0"]))
            else:
                text.append(self.random.choice(["", " "]))
        return "".join(text)

    def line_end(self, remarks: float) -> str:
        chance, choose = self.random.random, self.random.choice
        text = f" {choose(REMARKS)}" if chance() < remarks else choose(["", " "])
        text += "\n"
        while chance() < remarks:
            text += choose(["", "\n", "\n\n"]) + choose(["", "   "]) + choose(REMARKS) + "\n"
        return text + choose(["", "", "\n", "\n\n\n"]) + choose(["", "  ", "\t", "        "])
