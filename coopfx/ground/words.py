"""One natural language: its keywords, its vocabulary, how it writes numbers, and its sentences.

A language is one TOML file beside the grammar, or one that a plugin brings. The same file serves the
reading of texts and the speaking to people, so that both always agree.
"""

import re
import tomllib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date
from fractions import Fraction
from functools import cached_property, lru_cache
from typing import Any, TypeVar
from unicodedata import combining, normalize

from attrs import evolve, field, frozen

from coopfx.ground.exact import (
    CURRENCY_SIGNS,
    NUMBER,
    Kind,
    Missing,
    Type,
    Undefined,
    Unit,
    Value,
    currency_of,
    decimal_text,
    decimals_of,
    round_to,
)
from coopfx.ground.figure import PREFIXES, figure_of, key_of, ruled_by
from coopfx.ground.kept import remember
from coopfx.ground.report import Argument, Diagnostic, OneOf, Percent, Said, Word

HARD_SPACES = "\u00a0\u202f\u2009\u2007"
_DATED = re.compile(r"(?P<name>.+?) *(?P<day>[0-9]{4}-[0-9]{2}-[0-9]{2})")
_NUMBER = re.compile(
    rf"(?P<sign>[-+\u2212]?)(?P<whole>\d{{1,3}}(?:[ {HARD_SPACES}']\d{{3}})+|\d+)(?:[.,](?P<part>\d+))?"
)
_PLACE = re.compile(r"(\w+ )?\{(\w+)\}")
_SYMBOLS = {codes[0]: sign for sign, codes in CURRENCY_SIGNS.items()}
GROUPED = {
    decimal: re.compile(
        rf"(?P<whole>[1-9]\d{{0,2}}(?:{thousands}\d{{3}})+)"
        rf"(?:\{decimal}(?P<part>\d+)|(?<={thousands}\d{{3}}{thousands}\d{{3}}))"
    )
    for decimal, thousands in ((".", ","), (",", r"\."))
}
"""A number in groups that can be read in one way alone, by the sign that parts decimals."""

_ELIDING = frozenset("aeiouyhœæ")
Item = TypeVar("Item")

# Words of these terminals may also be names of figures: the place tells which is meant.
SOFT_WORDS = frozenset(
    [
        *("MONEY", "NUMBER_TYPE", "WHOLE", "DATE_TYPE", "TEXT", "YEARS", "MONTHS", "DAYS", "HOURS"),
        *("UP", "DOWN", "CURRENCY", "IN", "CHARGES", "MEASURE"),
    ]
)

FIRST_WORD = re.compile(r"\w+")
# How a language that says nothing of it writes a text.
_WRITING = {"percent": "%", "colon": ":", "opening": '"', "closing": '"', "currency": "code"}


def without_mark(word: str) -> str:
    """A name as its author wrote it, without the `_` that keeps it apart from a word of a language.

    >>> without_mark("reste_"), without_mark("pay_ratio")
    ('reste', 'pay_ratio')
    """
    return word[:-1] if word.endswith("_") else word


class WordsError(ValueError):
    """A word file that does not keep its form: what is wrong with it."""


def _forms(table: Mapping[str, Any]) -> dict[str, tuple[str, ...]]:
    return {
        key: (forms,) if isinstance(forms, str) else tuple(forms) for key, forms in table.items()
    }


@frozen(slots=False, eq=False)
class Words:
    """A natural language, ready to read and to speak.

    ``keywords`` gives each terminal of the grammar its phrases, ``names`` each canonical name its
    words (the first is the one that is written), ``singulars`` each group the word for one of it.
    ``elisions`` says what becomes of a word before a figure that begins as its pattern says.
    ``apart`` are the words that in a name stand elided before the next one, ``abbreviations`` gives those
    in a name as people write them.
    ``definite`` gives a canonical name the article that stands before it in a text, ``joined`` what a
    word makes with the article after it. ``writing`` is how signs and quotation marks are written.
    ``wordings`` are what people write first for what has another form in a text (see
    language/wordings.py); ``others`` are the other languages, to tell a word of theirs.
    """

    language: str
    articles: tuple[str, ...]
    keywords: dict[str, tuple[str, ...]]
    numbers: dict[str, str]
    units: dict[str, tuple[str, ...]]
    names: dict[str, tuple[str, ...]]
    singulars: dict[str, tuple[str, ...]] = field(factory=dict)
    labels: dict[str, str] = field(factory=dict)
    phrases: dict[str, str] = field(factory=dict)
    diagnostics: dict[str, dict[str, str]] = field(factory=dict)
    elisions: tuple[re.Pattern[str], dict[str, str]] | None = None
    apart: tuple[str, ...] = ()
    abbreviations: dict[str, str] = field(factory=dict)
    definite: dict[str, str] = field(factory=dict)
    joined: dict[str, str] = field(factory=dict)
    writing: dict[str, str] = field(factory=_WRITING.copy)
    wordings: dict[str, tuple[str, ...]] = field(factory=dict)
    others: "tuple[Words, ...]" = field(default=(), repr=False)

    @classmethod
    def from_toml(cls, text: str) -> "Words":
        """The language that a word file describes; raises WordsError where the file is amiss."""
        return _words_of(text)

    def completed(self, other: "Words") -> "Words":
        """This language, with the sentences of another one where it has none of its own.

        Raises WordsError where texts could not be read in it: for want of a keyword, a sign of its
        numbers or a unit, or because a phrase does not begin with a letter.
        """
        for sort in ("keywords", "numbers", "units"):
            lacking = [key for key in getattr(other, sort) if not getattr(self, sort).get(key)]
            if lacking:
                raise WordsError(f"[{sort}] lacks {', '.join(lacking)}")
        for terminal, phrases in self.keywords.items():
            if terminal not in other.keywords:
                raise WordsError(f"[keywords] has {terminal}, which the grammar does not know")
            amiss = [phrase for phrase in phrases if not phrase[:1].isalpha()]
            if amiss:
                raise WordsError(f"[keywords] {terminal}: {amiss[0]!r} begins with no letter")
        labels = {name: said for name, said in other.labels.items() if name not in self.names}
        return evolve(
            self,
            singulars=other.singulars | self.singulars,
            labels=labels | self.labels,
            phrases=other.phrases | self.phrases,
            diagnostics=other.diagnostics | self.diagnostics,
        )

    def with_names(
        self,
        names: Mapping[str, Iterable[str] | str],
        labels: Mapping[str, str] | None = None,
        phrases: Mapping[str, str] | None = None,
        definite: Mapping[str, str] | None = None,
        abbreviations: Mapping[str, str] | None = None,
    ) -> "Words":
        """This language with further names: a law's, a plugin's, or a policy's own."""
        return evolve(
            self,
            names=self.names | _forms(names),
            labels=self.labels | dict(labels or {}),
            phrases=self.phrases | dict(phrases or {}),
            definite=self.definite | dict(definite or {}),
            abbreviations=self.abbreviations | dict(abbreviations or {}),
        )

    # ---- reading

    @cached_property
    def _canonical(self) -> dict[str, str]:
        known: dict[str, str] = {}
        for canonical, forms in self.names.items():
            for form in forms:
                known.setdefault(form, canonical)
        return known

    @cached_property
    def _canonical_singulars(self) -> dict[str, str]:
        return {form: group for group, forms in self.singulars.items() for form in forms}

    def canonical(self, word: str) -> str:
        """The canonical name that a word of this language stands for; the word itself if none.

        A branch of an account is known by the account that it branches from. A `_` at the end says
        that the author's own name is meant, and not this language's word.
        """
        known = self._canonical.get(word)
        if known is not None:
            return known
        for above, branch in _branchings(word):
            if above in self._canonical:
                return f"{self._canonical[above]}.{branch}"
        return without_mark(word)

    @cached_property
    def _taken(self) -> frozenset[str]:
        """The words that cannot be an author's own names, or would then mean something else."""
        phrases = [form for forms in self.keywords.values() for form in forms]
        soft = {form for terminal in SOFT_WORDS for form in self.keywords.get(terminal, ())}
        firsts = (FIRST_WORD.match(form) for form in (*phrases, *self.articles))
        found = {first[0].casefold() for first in firsts if first is not None} - soft
        return frozenset(
            found | {form.casefold() for forms in self.names.values() for form in forms}
        )

    def is_taken(self, word: str) -> bool:
        """Whether an author's own name would be read as something else in this language."""
        return word.casefold() in self._taken

    def figure(self, text: str) -> str:
        """The canonical name that a few words stand for: ``opening capital`` for ``ouverture capital``.

        A figure of another year is named by a day of it, as ``word`` writes it: ``surplus at 2022-12-31``.
        """
        folded = text.casefold().replace("’", "'")
        for prefix in PREFIXES:
            for phrase in self.keywords[prefix.upper()]:
                rest = text[len(phrase) :]
                if folded.startswith(phrase) and (rest[:1] == " " or phrase.endswith("'")):
                    return key_of(self.figure(rest.strip()), side=prefix)
        dated = _DATED.fullmatch(text)
        for phrase in self.keywords["AT"] if dated else ():
            if dated and dated["name"].casefold().replace("’", "'").endswith(f" {phrase}"):
                name = dated["name"][: -len(phrase)].strip()
                return key_of(self.figure(name), dated["day"])
        return self.canonical("_".join(text.split()))

    def group_of_one(self, word: str) -> str | None:
        """The group whose singular a word is: ``workers`` for ``worker``; None where it is none."""
        return self._canonical_singulars.get(word)

    @staticmethod
    def read_number(text: str) -> Fraction | None:
        """The exact number that a text writes, or None.

        Spaces may part thousands; a point or a comma parts the decimals. Thousands may also be parted
        by the other of the two, where both are there or there are two groups: ``75,000.00``. In
        ``30,000`` the comma parts decimals: whether it may is for whoever reads the text.
        """
        grouped = (pattern.fullmatch(text) for pattern in GROUPED.values())
        found = next(filter(None, grouped), None) or _NUMBER.fullmatch(text.strip())
        if found is None or len(text) > 60:
            return None
        digits = re.sub(r"\D", "", found["whole"])
        value = Fraction(f"{digits}.{found['part']}") if found["part"] else Fraction(digits)
        return -value if found.groupdict().get("sign") in ("-", "\u2212") else value

    def is_standard(self, word: str) -> bool:
        """Whether a word is a standard name, as this language writes it."""
        canonical = self.canonical(word)
        return any(canonical in one.names for one in (self, *self.others))

    def of_another(self, word: str) -> str:
        """What this language writes for a word of another one; empty where none has the word.

        A standard name is one of the prelude; a keyword is one that is a single word.
        """
        for other in self.others:
            canonical = other._canonical.get(word)
            if canonical is not None and self.word(canonical) != word:
                return self.word(canonical)
        for other in self.others:
            for terminal, phrases in other.keywords.items():
                if word.casefold() in phrases and terminal in self.keywords:
                    return self.keywords[terminal][0]
        return ""

    @cached_property
    def spoken_names(self) -> dict[str, str]:
        """What people call the standard names in several words, each with the name that a text writes.

        That is each name's label, its forms as they are said, and the further wordings of the language.
        """
        found: dict[str, str] = {}
        named = dict.fromkeys([*self.names, *(name for one in self.others for name in one.names)])
        for canonical in named:
            forms = self.names.get(canonical, (canonical,))
            said = [self.labels.get(canonical, ""), *(self._spoken(form) for form in forms)]
            said += [form.replace("_", " ") for form in forms]
            said += self.wordings.get(f"names.{canonical}", ())
            for one in said:
                if " " in one or "'" in one:
                    found.setdefault(one.casefold(), forms[0])
        return found

    # ---- speaking

    def word(self, canonical: str) -> str:
        """The word that this language writes for a canonical name.

        A figure of another year, or an account's balance, is written as in a text: ``opening
        capital``, ``previous surplus``, ``surplus at 2022-12-31``.
        """
        forms = self.names.get(canonical)
        if forms:
            return forms[0]
        rule = ruled_by(canonical)
        if rule:
            return self.phrase("form.in_force", rule=Said(f"rule.{rule}"))
        name, of, owner = canonical.partition(" of ")
        if of:
            whose = self.word(owner)
            own = self._elided(f"{self.keywords['OF'][0]} ", whose)
            return f"{self.word(name)} {own}{whose}"
        figure = figure_of(canonical)
        if figure.before:
            return _joined(self.keywords[figure.before.upper()][0], self.word(figure.inner.key))
        if figure.day:
            return f"{self.word(figure.name)} {_joined(self.keywords['AT'][0], str(figure.day))}"
        for above, branch in _branchings(canonical):
            if above in self.names:
                return f"{self.names[above][0]}.{branch}"
        return f"{canonical}_" if self.is_taken(canonical) else canonical

    def after(self, terminal: str, word: str) -> str:
        """A keyword and a name after it with its article, as people write them: ``aux réserves``."""
        phrase = self.keywords[terminal][0]
        canonical = self.canonical(word)
        above = canonical.partition(".")[0]
        article = self.definite.get(canonical) or self.definite.get(above, "")
        head, blank, last = phrase.rpartition(" ")
        joined = self.joined.get(f"{last} {article}") if article else None
        if joined is not None:
            return _joined(f"{head}{blank}{joined}", word)
        return f"{phrase} {_joined(article, word)}" if article else f"{phrase} {word}"

    def label(self, canonical: str) -> str:
        """What a canonical name is called in a sentence; a branch, after the account above it."""
        said = self.labels.get(canonical)
        if said is not None:
            return said
        for above, branch in _branchings(canonical):
            if canonical not in self.names and above in self.labels.keys() | self.names.keys():
                known = {"account": self.label(above), "branch": self._spoken(without_mark(branch))}
                return self.phrase("account.branch", **known)
        return self._spoken(without_mark(self.word(canonical)))

    def _spoken(self, name: str) -> str:
        """A name as it is said: ``taux_d_intérêt`` is *taux d'intérêt*, ``taux_tmop`` *taux TMOP*."""
        said, last = "", ""
        for part in name.split("_"):
            elided = last in self.apart and normalize("NFD", part)[:1].casefold() in _ELIDING
            said += ("'" if elided else " ") + self.abbreviations.get(part, part)
            last = part
        return said[1:]

    def phrase(self, key: str, **arguments: Argument) -> str:
        """A phrase of this language, filled with arguments; the key itself where it has none.

        A law's rule without a title in this language is called by its name.
        """
        if key.startswith("rule.") and key not in self.phrases:
            return self.label(key.removeprefix("rule."))
        return self.fill(self.phrases.get(key, key), arguments)

    def counted(self, key: str, count: int, **arguments: Argument) -> str:
        """A phrase about so many things, in the singular or the plural."""
        form = "one" if self.is_one(Fraction(count)) else "many"
        return self.phrase(f"{key}.{form}", count=count, **arguments)

    def is_one(self, value: Fraction) -> bool:
        """Whether so much stands in the singular: French has it up to below two."""
        return abs(value) < 2 if self.numbers["singular"] == "below two" else abs(value) == 1

    def fill(self, sentence: str, arguments: Mapping[str, Argument]) -> str:
        """A sentence with its ``{places}`` filled."""

        def filled(place: re.Match[str]) -> str:
            before, name = place[1] or "", place[2]
            if name not in arguments:
                return place[0]
            shown = self.show(arguments[name])
            return self._elided(before, shown) + shown

        return _PLACE.sub(filled, sentence)

    def _elided(self, before: str, shown: str) -> str:
        """A word as it stands before what is shown: Italian ``dal `` before ``8 marzo`` is ``dall'``."""
        if not before or self.elisions is None or not self.elisions[0].match(shown):
            return before
        short = self.elisions[1].get(before.strip().casefold())
        if short is None:
            return before
        return short.capitalize() if before[0].isupper() else short

    def message(self, diagnostic: Diagnostic) -> str:
        """What is wrong, and with which record's money where it is one's."""
        sentence = self._sentence(diagnostic, "message")
        whose = diagnostic.arguments.get("whose", "")
        return (
            sentence if whose == "" else self.phrase("report.whose", whose=whose, message=sentence)
        )

    def help(self, diagnostic: Diagnostic) -> str:
        """What to do about it; empty where there is nothing to do."""
        arguments = diagnostic.arguments
        better = (
            name
            for name in ("install", "nearest", "asked", "expected", "lines")
            if arguments.get(name, "") not in ("", ())
        )
        written = (arguments.get("name"), arguments.get("found"))
        if arguments.get("nearest") in written:
            # What stands there already is no help.
            better = (name for name in better if name != "nearest")
        given = (f"help_{name}" for name in better)
        sentences = self.diagnostics.get(diagnostic.code, {})
        own = next((key for key in given if key in sentences), "help")
        return self.fill(sentences.get(own, ""), arguments)

    def place(self, diagnostic: Diagnostic, number: int) -> str:
        """A word on one of a diagnostic's places, the first or a further one.

        It is empty where there is only one place. Of an argument ``each``, which has a part for each
        place, that place's own is shown.
        """
        if not diagnostic.related:
            return ""
        sentence = self.diagnostics.get(diagnostic.code, {}).get("there" if number else "here", "")
        arguments = dict(diagnostic.arguments)
        each = arguments.get("each")
        if not isinstance(each, tuple):
            return "" if "{each}" in sentence else self.fill(sentence, arguments)
        return self.fill(sentence, arguments | {"each": each[number]})

    def _sentence(self, diagnostic: Diagnostic, part: str) -> str:
        sentences = self.diagnostics.get(diagnostic.code, {})
        return self.fill(sentences.get(part, diagnostic.code), diagnostic.arguments)

    def show(self, argument: Argument) -> str:
        """An argument of a sentence as this language shows it."""
        match argument:
            case Word(name):
                return self.word(name)
            case Percent(value):
                return self.percent(value, 4)
            case Diagnostic():
                return self.message(argument)
            case Said(key, arguments):
                return self.phrase(key, **arguments)
            case OneOf((item,)):
                return self.show(item)
            case OneOf(items):
                *first, last = (self.show(item) for item in items)
                return self.phrase("list.or", first=", ".join(first), last=last)
            case Type():
                return self.type_name(argument)
            case (value, Type() as type_):
                return self.value(value, type_)  # type: ignore[arg-type]
            case tuple():
                return self.enumeration([self.show(item) for item in argument])
            case bool():
                return self.phrase("value.yes" if argument else "value.no")
            case Fraction():
                return self.value(argument, NUMBER)
            case date():
                return self.date(argument)
            case _:
                return str(argument)

    def date(self, day: date) -> str:
        """A day of the calendar in full."""
        first = self.numbers.get("first", "1") if day.day == 1 else str(day.day)
        months = self.numbers["months"].split()
        return self.fill(
            self.numbers["date"],
            {"day": first, "month": months[day.month - 1], "year": day.year},
        )

    def enumeration(self, items: list[str]) -> str:
        """Several things in a row: ``a, b and c``."""
        if len(items) < 2:
            return "".join(items)
        return self.phrase("list.last", first=", ".join(items[:-1]), last=items[-1])

    def value(self, value: Value | None, type_: Type) -> str:
        """A figure in full, as this language writes it."""
        match value:
            case None:
                return self.phrase("value.none")
            case Missing():
                return self.phrase("value.missing", facts=self.facts(value))
            case Undefined():
                return self.phrase(
                    "value.undefined", reason=self.phrase(f"undefined.{value.reason}")
                )
            case bool():
                return self.phrase("value.yes" if value else "value.no")
            case Fraction():
                return self._quantity(value, type_.unit)
            case date():
                return self.date(value)
            case _:
                return str(value)

    def facts(self, missing: Missing, most: int = 3) -> str:
        """The names of facts that are not given, the first few of them; never all but one."""

        def said(fact: tuple[str, str]) -> str:
            name, record = self._fact(fact[0]), fact[1]
            return self.phrase("fact.of", fact=name, record=record) if record else name

        return self.first_few(missing.facts, said, most)

    def first_few(self, items: Sequence[Item], said: Callable[[Item], str], most: int) -> str:
        """An enumeration of the first few items, and of how many more there are; never all but one."""
        most += len(items) == most + 1
        shown = [said(item) for item in items[:most]]
        if len(items) > most:
            shown.append(self.phrase("list.more", count=len(items) - most))
        return self.enumeration(shown)

    def _fact(self, name: str) -> str:
        """A fact's name; a balance, and a figure of the year before, after a word that is no name."""
        figure = figure_of(name)
        if figure.before:
            return self.phrase(f"formula.{figure.before}", name=self._fact(figure.inner.key))
        return self.word(name)

    def _quantity(self, value: Fraction, unit: Unit) -> str:
        currency = currency_of(unit)
        if currency is not None:
            return self.money(value, currency)
        if not unit:
            return self.number(value)
        if len(unit) == 1 and unit[0][1] == 1 and unit[0][0] in self.units:
            forms = self.units[unit[0][0]]
            return f"{self.number(value)}\u00a0{forms[0] if self.is_one(value) else forms[-1]}"
        return f"{self.number(value)}\u00a0{self.unit_name(unit)}"

    def money(self, value: Fraction, currency: str) -> str:
        """An amount, to the smallest part of its currency, or to more decimals where it has more."""
        decimals = decimals_of(currency)
        whole = (value * 10**decimals).denominator == 1
        exact = (value * 10 ** (decimals + 4)).denominator == 1
        shown = self.number(value, decimals if whole else decimals + 4, fixed=whole or not exact)
        sign, shown = ("−", shown[1:]) if shown.startswith("−") else ("", shown)
        about = "" if exact else "≈\u00a0"
        pattern = self.numbers["money"]
        return (
            about
            + sign
            + self.fill(
                pattern, {"amount": shown, "currency": _SYMBOLS.get(currency, currency + "\u00a0")}
            )
            .replace("\u00a0\u00a0", "\u00a0")
            .rstrip("\u00a0")
        )

    def number(self, value: Fraction, decimals: int = 6, *, fixed: bool = False) -> str:
        """A number with this language's signs, to so many decimals at most (or exactly so many)."""
        rounded = round_to(value, Fraction(1, 10**decimals))
        text = decimal_text(rounded, decimals)
        if not fixed and "." in text:
            text = text.rstrip("0").rstrip(".")
        sign, text = ("−", text[1:]) if text.startswith("-") else ("", text)
        whole, _, part = text.partition(".")
        groups = [whole[max(0, end - 3) : end] for end in range(len(whole), 0, -3)]
        whole = self.numbers["thousands"].join(reversed(groups))
        return sign + whole + (self.numbers["decimal"] + part if part else "")

    def percent(self, value: Fraction, decimals: int = 1) -> str:
        """A number as a percentage."""
        return self.fill(self.numbers["percent"], {"number": self.number(value * 100, decimals)})

    def unit_name(self, unit: Unit) -> str:
        """A unit in words: ``EUR per hour``."""
        above = [base for base, power in unit for _ in range(power)]
        below = [base for base, power in unit for _ in range(-power)]
        name = " × ".join(self.units.get(base, (base,))[-1] for base in above) or "1"
        for base in below:
            name = self.phrase("unit.per", unit=name, per=self.units.get(base, (base,))[0])
        return name

    def type_name(self, type_: Type) -> str:
        """What a figure is, in words: an amount in EUR, a number of months, yes or no."""
        if type_.kind is Kind.LINK:
            return self.phrase("type.link", record=self.label(type_.record or ""))
        if type_.kind is not Kind.QUANTITY:
            return self.phrase(f"type.{type_.kind.value}")
        if not type_.unit:
            return self.phrase("type.whole" if type_.whole else "type.number")
        if currency_of(type_.unit):
            return self.phrase("type.money", currency=currency_of(type_.unit))
        return self.phrase("type.quantity", unit=self.unit_name(type_.unit))


def _branchings(name: str) -> Iterator[tuple[str, str]]:
    """A dotted name parted at each of its points, the last one first."""
    at = name.rfind(".")
    while at > 0:
        yield name[:at], name[at + 1 :]
        at = name.rfind(".", 0, at)


def _joined(phrase: str, word: str) -> str:
    return phrase + word if phrase.endswith("'") else f"{phrase} {word}"


def flat(table: Mapping[str, Any], prefix: str = "") -> dict[str, Any]:
    """Nested tables as one, with the names that lead to each value joined by points.

    >>> flat({"reserves": {"legal": 1}, "surplus": 2})
    {'reserves.legal': 1, 'surplus': 2}
    """
    flattened: dict[str, Any] = {}
    for key, value in table.items():
        if isinstance(value, dict):
            flattened |= flat(value, f"{prefix}{key}.")
        else:
            flattened[prefix + key] = value
    return flattened


@lru_cache(maxsize=32)
def _words_of(text: str) -> Words:
    def make() -> Words:
        try:
            data = tomllib.loads(text)
            elisions = data.get("elisions")
            return Words(
                data["language"],
                tuple(data["articles"]),
                _forms(data["keywords"]),
                data["numbers"],
                _forms(data["units"]),
                _forms(data["names"]),
                _forms(data.get("singulars", {})),
                data.get("labels", {}),
                flat(data.get("phrases", {})),
                data.get("diagnostics", {}),
                elisions and (re.compile(elisions["before"]), elisions["words"]),
                tuple(elisions.get("names", ())) if elisions else (),
                data.get("abbreviations", {}),
                flat(data.get("definite", {})),
                data.get("joined", {}),
                _WRITING | data.get("writing", {}),
                _forms(flat(data.get("wordings", {}))),
            )
        except (tomllib.TOMLDecodeError, KeyError, TypeError, re.error) as error:
            raise WordsError(str(error)) from error

    return remember(make, "words", text)


def nearest(word: str, known: Iterable[str], likeness: float = 0.7) -> str:
    """The known word that is most like one that is not known; empty where none is like it.

    ``likeness`` is the ratio of letters in common from which two words are alike.

    Accents are not looked at: many people leave them out.

    >>> nearest("surplu", ["salary", "surplus"])
    'surplus'
    >>> nearest("reserve_legale", ["report", "réserve_légale"])
    'réserve_légale'
    """
    from difflib import get_close_matches  # slow to import, and only needed where a word is amiss

    bare: dict[str, str] = {}
    for form in known:
        bare.setdefault(_without_accents(form), form)
    found = get_close_matches(_without_accents(word[:80]), list(bare), 1, likeness)
    return bare[found[0]] if found else ""


def alike(first: str, second: str) -> bool:
    """Whether two names resemble each other beside the words with which both begin.

    >>> alike("work_shares", "work_share"), alike("losses_in_common", "losses_in_hand")
    (True, False)
    """
    one, other = first.split("_"), second.split("_")
    while len(one) > 1 and len(other) > 1 and one[0] == other[0]:
        one, other = one[1:], other[1:]
    return bool(nearest("_".join(one), ["_".join(other)]))


def _without_accents(text: str) -> str:
    if text.isascii():
        return text
    return "".join(sign for sign in normalize("NFD", text) if not combining(sign))
