"""What of a year is asked for, by any name that a reader sees or writes of it."""

import re
from collections.abc import Iterable, Iterator
from unicodedata import normalize

from coopfx.desk.evaluated import explain
from coopfx.desk.years import Year
from coopfx.engine.explain.explanation import ALL, known_names, record_of
from coopfx.engine.outcome import OF_CHARGES, Explanation
from coopfx.formats.cells import file_of
from coopfx.ground.figure import BALANCES
from coopfx.ground.report import Report, Word
from coopfx.ground.words import Words, nearest
from coopfx.language import ir

_SIDES = {side.upper(): side for side in BALANCES} | {"ALL_OF": ALL}
"""The words of a language that stand before an account, each with the balance that it asks for."""


def explain_year(
    year: Year, asked: str, languages: list[Words], report: Report
) -> Explanation | None:
    """What is asked for, explained; None, and told (P912, P924, P925), where there is no such thing."""
    known = _Known(year, languages)
    name = known.name(asked)
    if name is not None:
        found = explain(year, name)
        if found is not None:
            return found
    for figure, record in _figures_of_records(asked, languages):
        own = known.name(figure)
        sort = None if own is None else record_of(year.evaluation, own)
        if own is None or sort is None:
            continue
        found = explain(year, own, record)
        if found is None:
            ids = year.evaluation.ids(sort)
            near = nearest(record, ids)
            file = year.facts.files.get(sort, file_of(sort))
            report.tell("P925", None, record=Word(sort), found=record[:60], nearest=near, file=file)
        return found
    sort = None if name is None else record_of(year.evaluation, name)
    if sort is not None:
        example = next(iter(year.evaluation.ids(sort)), "p001")
        report.tell("P924", None, name=asked, record=Word(sort), example=example)
        return None
    near = nearest(asked, known.words())
    shared = _of_branches(year, asked, known, languages)
    report.tell(
        "P912", None, what=asked[:80], nearest="" if near == asked or shared else near, lines=shared
    )
    return None


def _of_branches(
    year: Year, asked: str, known: "_Known", languages: list[Words]
) -> tuple[str, ...]:
    """What to ask instead of one's part of an account of which the branches alone are shared out."""
    accounts, words = year.statute.program.accounts, languages[0]
    for figure, record in _figures_of_records(asked, languages):
        account = known.name(figure)
        below = (
            [] if account is None else [one for one in accounts if one.startswith(f"{account}.")]
        )
        shared = [one for one in below if record_of(year.evaluation, one) is not None]
        if shared:
            of = words.keywords["OF"][0]
            return tuple(f"`{words.word(one)} {of} {record}`" for one in shared)
    return ()


def _figures_of_records(asked: str, languages: list[Words]) -> Iterator[tuple[str, str]]:
    """The ways to read ``work_share of p042`` as a figure and a record, in every language."""
    forms = dict.fromkeys(word for words in languages for word in words.keywords["OF"])
    plain = _plain(asked)
    for word in sorted(forms, key=len, reverse=True):
        for found in re.finditer(rf"\s{_begun(word)}", plain):
            figure, record = plain[: found.start()], plain[found.end() :]
            if figure and record:
                yield figure, record


def _begun(phrase: str) -> str:
    """The pattern of a phrase and what parts it from the word that follows."""
    return re.escape(phrase) + ("" if phrase.endswith("'") else r"\s")


class _Known:
    """All that can be asked for, by every way in which a reader sees or writes its name."""

    def __init__(self, year: Year, languages: list[Words]) -> None:
        program = year.statute.program
        self._accounts = program.accounts
        self._names: dict[str, str] = {}
        self._languages = languages
        rules = {rule.name: rule for rule in program.rules}
        for words in languages:
            for name in known_names(year.evaluation):
                rule = rules.get(name)
                forms = (name, words.word(name), *words.names.get(name, ()), words.label(name))
                for form in forms if rule is None else _of_rule(rule, words):
                    self._names.setdefault(_plain(form), name)
        for words in languages:
            for form in (*words.keywords["CHARGES"], words.phrase("origin.charges")):
                self._names.setdefault(_plain(form), OF_CHARGES)
        # The first form of those that differ by capitals alone.
        self._folded = {form.casefold(): name for form, name in reversed(self._names.items())}

    def name(self, asked: str) -> str | None:
        """The canonical name of what is asked for; capitals count only where they tell two apart."""
        plain = _plain(asked)
        found = self._names.get(plain) or self._folded.get(plain.casefold())
        return found or self._balance(plain)

    def _balance(self, plain: str) -> str | None:
        """The name of a balance, as ``closing capital``, by the words that examples have for it."""
        for words in self._languages:
            forms = ((form, side) for key, side in _SIDES.items() for form in words.keywords[key])
            for form, side in sorted(forms, key=lambda one: len(one[0]), reverse=True):
                begun = re.match(_begun(_plain(form)), plain, re.IGNORECASE)
                rest = plain[begun.end() :] if begun else ""
                account = self._names.get(rest) or self._folded.get(rest.casefold())
                if account in self._accounts:
                    return f"{side} {account}"
        return None

    def words(self) -> Iterable[str]:
        """What a misspelt name may have meant."""
        return self._names


def _of_rule(rule: ir.Rule, words: Words) -> list[str]:
    """A rule's names: its own or with its law's, in a language, and the title that results show."""
    law = f"{rule.origin.law}." if rule.origin.law else ""
    own = rule.name.removeprefix(law)
    forms = [own, *words.names.get(own, ())]
    titles = [words.phrases.get(f"rule.{rule.name}", own), words.label(own)]
    return [rule.name, *forms, *(law + form for form in forms), *titles]


def _plain(name: str) -> str:
    """A name without what a keyboard or a terminal may change: spaces, apostrophes, accents' form."""
    return normalize("NFC", " ".join(name.split()).replace("\u2019", "'"))
