"""A policy's texts with other passages, each of which stands at one place."""

import re
from collections.abc import Mapping
from pathlib import Path

from coopfx.desk.workspace import Workspace
from coopfx.ground.report import Report
from coopfx.ground.source import Source
from coopfx.ground.words import nearest

_NUMBERED = re.compile(r"\s*(\d+)\s*:\s*(\S.*)", re.DOTALL)


def amended(
    held: Workspace, passages: Mapping[str, str], language: str, report: Report
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
