"""The figures of a scenario: figures, opening balances and decisions of a year, set to something else."""

import re
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING

from attrs import evolve

from coopfx.desk.policy import Policy
from coopfx.desk.versions import Statute
from coopfx.desk.years import languages_of, schema_of
from coopfx.formats.cooperative import OwnFigures
from coopfx.ground.facts import COOPERATIVE, SCENARIO, Facts, Places, Sheet
from coopfx.ground.report import Report
from coopfx.ground.source import Source, Span
from coopfx.ground.words import nearest
from coopfx.plugged.world import World

if TYPE_CHECKING:
    from coopfx.desk.workspace import Workspace

_NUMBERED = re.compile(r"\s*(\d+)\s*:\s*(\S.*)", re.DOTALL)


def with_figures(
    facts: Facts,
    changed: Mapping[str, object],
    statute: Statute,
    policy: Policy,
    world: World,
    report: Report,
) -> Facts:
    """A year's facts with some of them changed; what cannot be read is told, as of any file of the year.

    Names are those of the cooperative's figures, of accounts, for their opening balances, and of
    decisions, in any language; values are written as in ``cooperative.toml``, or exact numbers.
    """
    own = OwnFigures(schema_of(statute.program), languages_of(statute, policy, world), report)
    closing = facts.closing.isoformat()
    rows = [(name, _written(value)) for name, value in changed.items()]
    lines = [f"{name} = {value}" for name, value in (*rows, ("closing", closing))]
    report.read(Source(SCENARIO, "\n".join(lines), statute.file.language))
    for line, (name, value) in enumerate(changed.items(), 1):
        if isinstance(value, float):
            place = Span(SCENARIO, line, 1, line, len(lines[line - 1]) + 1)
            report.tell("D702", place, name=name, found=str(value))
            return facts
    numbered = list(enumerate((*rows, ("closing", closing)), 1))
    own.take_sheet(Sheet(COOPERATIVE, ("name", "value"), numbered, Places(SCENARIO), 0))
    year = own.year(None)
    if year is None:
        return facts
    return evolve(
        facts,
        closing=year.closing,
        figures=facts.figures | year.figures,
        balances=facts.balances | year.balances,
        cooperative=year.name or facts.cooperative,
        places=facts.places | year.places,
    )


def _written(value: object) -> str:
    """A value as a file of the year would have it; a fraction that no decimal says stays one."""
    match value:
        case bool():
            return "yes" if value else "no"
        case date():
            return value.isoformat()
        case Fraction():
            scaled = value * 10**12
            if scaled.denominator == 1:
                return f"{Decimal(scaled.numerator).scaleb(-12).normalize():f}"
            return str(value)
        case _:
            return str(value)


def amended(
    held: "Workspace", passages: Mapping[str, str], language: str, report: Report
) -> dict[Path, str]:
    """The texts of a policy with other passages, by their paths: each stands at one place of the text.

    Told where a passage does not stand there (P990), or at several places (P991). The text is the
    language's latest version, or the policy's own where it is in no such language; one that is named
    whole, as ``statute.fr.coop``, is taken as it is given.
    """
    named = {file.path.name: file.path for file in held.policy.statutes}
    texts = {named[name]: text for name, text in passages.items() if name in named}
    rest = {passage: other for passage, other in passages.items() if passage not in named}
    if not rest:
        return texts
    found = held.in_language(language).versions(report)
    if not found:
        return texts
    statute = max(found, key=lambda one: one.term.start)
    path = statute.file.path
    text = texts.get(path, statute.source.text)
    return {**texts, path: with_passages(Source(str(path), text, language), rest, report)}


def with_passages(source: Source, passages: Mapping[str, str], report: Report) -> str:
    """A text with other passages, each of which stands at one place; told where one does not (P990, P991).

    A passage may begin with the number of its line: ``8: 60 %``.
    """
    path = Path(source.file)
    for passage, other in passages.items():
        numbered = _NUMBERED.fullmatch(passage)
        line, words = (int(numbered[1]), numbered[2]) if numbered else (None, passage)
        places = [match.span() for match in _pattern(words).finditer(source.text)]
        places = [place for place in places if not _in_remark(source.text, place[0])]
        spans = [source.span(*place) for place in places]
        if line is not None:
            places = [place for place, at in zip(places, spans, strict=True) if at.line == line]
            spans = [at for at in spans if at.line == line]
        if not spans:
            lines = [line.strip() for line in source.text.splitlines() if line.strip()]
            near = nearest(words, lines)
            report.tell("P990", None, found=passage[:60], path=path.name, nearest=near)
        elif len(spans) > 1:
            first, *others = spans
            report.read(source)
            report.tell(
                "P991",
                first,
                related=tuple(others[:9]),
                found=passage[:60],
                path=path.name,
                lines=", ".join(dict.fromkeys(str(span.line) for span in spans)),
                example=f"{first.line}: {words}"[:60],
            )
        else:
            (at,) = places
            text = source.text[: at[0]] + other + source.text[at[1] :]
            source = Source(source.file, text, source.language)
    return source.text


def _pattern(passage: str) -> re.Pattern[str]:
    """A passage in a text, whatever spaces stand in it; ``60 %`` is none of ``160 %``."""
    words = re.findall(r"%|[^\s%]+", passage)
    inner = r"[^\S\n]*".join(map(re.escape, words))
    before = r"(?<![\w.,])" if words and words[0][0].isalnum() else ""
    after = r"(?!\w)" if words and words[-1][-1].isalnum() else ""
    return re.compile(before + inner + after)


def _in_remark(text: str, offset: int) -> bool:
    """Whether a place stands in a remark, which says nothing."""
    line = text[text.rfind("\n", 0, offset) + 1 : offset]
    return "#" in line
