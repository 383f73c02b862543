"""A natural language as it is read aloud: names with their articles, formulas in words.

The word files hold under ``prose`` what is then said otherwise than on a screen. A name of the standard
vocabulary or of a law is said with its article; one that an author declared stands in quotation marks,
since nothing says its gender.
"""

import re
from functools import lru_cache
from unicodedata import normalize

from attrs import fields, frozen

from coopfx.ground.exact import Missing
from coopfx.ground.figure import figure_of
from coopfx.ground.report import Argument, Percent, Said, Word
from coopfx.ground.words import Words

_PLACE = re.compile(r"(?:(\w+) )?\{(\w+)\}")
_PROSE, _THE = "prose.", "the_"
_VOWELS = frozenset("aeiouœæ")


@frozen(slots=False, eq=False)
class Aloud(Words):
    """A language that speaks in sentences. A place ``{the_name}`` shows a name with its article."""

    @classmethod
    def of(cls, words: Words) -> "Aloud":
        """A language, read aloud."""
        return _aloud(words)

    def say(self, key: str, **arguments: Argument) -> str:
        """A sentence that is only read aloud."""
        return self.phrase(_PROSE + key, **arguments)

    def says(self, key: str) -> bool:
        """Whether there is such a sentence."""
        return _PROSE + key in self.phrases

    def show(self, argument: Argument) -> str:
        """An argument of a sentence, a name without its article."""
        match argument:
            case Word(name):
                return self._bare(name)
            case Said("formula.part_of", arguments) if not isinstance(arguments["left"], Percent):
                # Only a percentage is *of* something; another figure is so many times it.
                return self.phrase("formula.multiply", **arguments)
            case Said("formula.compare", arguments):
                return self._compared(**arguments)
            case Said("formula.known", {"name": Word(name), "value": (bool(), _) as holds}):
                return self.say("valued", figure=self._bare(name), value=holds)
            case _:
                return super().show(argument)

    def asked(self, relation: Argument, right: Argument) -> str:
        """What a comparison asks for: at least so much."""
        return self.say(f"asked.{last_of(relation)}", right=right)

    def _compared(self, left: Argument, relation: Argument, right: Argument) -> str:
        """A condition: *seniority of at least 6 months*, or of a formula *…, at least so much*."""
        named = isinstance(left, Word) or (isinstance(left, Said) and left.key == "formula.known")
        if named and not isinstance(right, Word | Said):
            return self.say(f"having.{last_of(relation)}", left=left, right=right)
        return f"{self.show(left)}, {self.asked(relation, right)}"

    def the(self, argument: Argument) -> str:
        """An argument of a sentence, a name and a percentage with its article."""
        match argument:
            case Word(name):
                return self._named(name)
            case Percent():
                return self.say("the_percent", number=self.show(argument))
            case _:
                return self.show(argument)

    def lacking(self, missing: Missing) -> str:
        """What the data do not give, the first few facts of it."""

        def said(fact: tuple[str, str]) -> str:
            name, record = Word(fact[0]), fact[1]
            return self.phrase("fact.of", fact=name, record=record) if record else self.the(name)

        return self.say("data.lacking", facts=self.first_few(missing.facts, said, 3))

    def fill(self, sentence: str, arguments: dict[str, Argument]) -> str:  # type: ignore[override]
        """A sentence with its places filled, each joined to the word before it as people say it."""

        def filled(place: re.Match[str]) -> str:
            before, name = place[1], place[2]
            plain = name.removeprefix(_THE)
            if plain not in arguments:
                return place[0]
            shown = (self.the if plain != name else self.show)(arguments[plain])
            return self._with(before, shown) if before else shown

        return _PLACE.sub(filled, sentence)

    def _with(self, before: str, shown: str) -> str:
        """A word and what follows it: French *de* before *le capital* is *du capital*."""
        for key, made in self.joined.items():
            own, article = key.split(" ")
            if own != before or article == "'":
                continue
            begun = article if article.endswith("'") else f"{article} "
            if shown.startswith(begun):
                rest = shown.removeprefix(begun)
                return made + rest if made.endswith("'") else f"{made} {rest}"
        short = self.joined.get(f"{before} '")
        if short and normalize("NFD", shown.casefold())[:1] in _VOWELS:
            return short + shown
        return self._elided(f"{before} ", shown) + shown

    def _bare(self, name: str) -> str:
        figure = figure_of(name)
        if figure.before:
            return self.phrase(f"formula.{figure.before}", name=Word(figure.inner.key))
        ours = self.says(f"named.{name}") or name in self.definite or name in self.singulars
        label = self.label(name)
        return label if ours else self.say("quoted", name=label)

    def _named(self, name: str) -> str:
        said = self.phrases.get(f"{_PROSE}named.{name}")
        if said is not None:
            return said
        article = self.definite.get(name)
        if article is None:
            return self._bare(name)
        label = self.label(name)
        return article + label if article.endswith("'") else f"{article} {label}"


def last_of(said: Argument) -> str:
    """The last part of a phrase's key: ``at_least`` of ``relation.at_least``."""
    assert isinstance(said, Said)
    return said.key.partition(".")[2]


@lru_cache(8)
def _aloud(words: Words) -> Aloud:
    """A language, read aloud; the same for each paragraph of hundreds of papers."""
    parts = {one.name: getattr(words, one.name) for one in fields(Words)}
    own = {
        key.removeprefix(_PROSE): said
        for key, said in words.phrases.items()
        if key.startswith(_PROSE)
    }
    known = {key: said for key, said in own.items() if key in words.phrases}
    return Aloud(**parts | {"phrases": words.phrases | known})
