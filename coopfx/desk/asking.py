"""What of a year is asked for, by any name that a reader sees or writes of it."""

import re
from collections.abc import Iterable, Iterator
from unicodedata import normalize

from coopfx.desk.evaluated import explain
from coopfx.desk.years import Year
from coopfx.engine.explain.explanation import known_names, record_of
from coopfx.engine.outcome import Explanation
from coopfx.formats.cells import file_of
from coopfx.ground.report import Report, Word
from coopfx.ground.words import Words, nearest
from coopfx.language import ir


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
    report.tell("P912", None, what=asked[:80], nearest="" if near == asked else near)
    return None


def _figures_of_records(asked: str, languages: list[Words]) -> Iterator[tuple[str, str]]:
    """The ways to read ``work_share of p042`` as a figure and a record, in every language."""
    forms = dict.fromkeys(word for words in languages for word in words.keywords["OF"])
    for word in sorted(forms, key=len, reverse=True):
        pattern = re.escape(word) + ("" if word.endswith("'") else r"\s+")
        found = re.fullmatch(rf"(.+?)\s+{pattern}(.+)", asked.strip())
        if found:
            yield found[1], found[2].strip()


class _Known:
    """All that can be asked for, by every way in which a reader sees or writes its name."""

    def __init__(self, year: Year, languages: list[Words]) -> None:
        program = year.statute.program
        self._names: dict[str, str] = {}
        rules = {rule.name: rule for rule in program.rules}
        for words in languages:
            for name in known_names(year.evaluation):
                rule = rules.get(name)
                forms = (name, words.word(name), *words.names.get(name, ()), words.label(name))
                for form in forms if rule is None else _of_rule(rule, words):
                    self._names.setdefault(_plain(form), name)

    def name(self, asked: str) -> str | None:
        """The canonical name of what is asked for; capitals count only where they tell two apart."""
        plain = _plain(asked)
        folded = {form.casefold(): name for form, name in reversed(self._names.items())}
        return self._names.get(plain) or folded.get(plain.casefold())

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
