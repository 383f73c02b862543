"""The files of a year in the page: put into its folder, and asked about as `coopfx data` asks."""

import re
from collections.abc import Mapping
from pathlib import Path, PurePosixPath
from typing import Any

from coopfx.extending import (
    COLUMN,
    Proposal,
    Statute,
    Workspace,
    YearAsked,
    needs,
    needs_of,
    said_of_facts,
    schema_of,
    statute_for,
    words_for,
)
from coopfx.ground.exact import Known
from coopfx.ground.report import Report
from coopfx.ground.words import Words
from coopfx_page import files
from coopfx_page.form import Form

_YEAR = re.compile(r"\w[\w.-]{0,39}")


def add(found: Mapping[str, bytes], year: str, folder: Path) -> None:
    """Put files into a year's folder, each by its name alone.

    Raises RefusedError where a name is none, or there is more than is taken.
    """
    if not _YEAR.fullmatch(year):
        raise files.RefusedError("page.E09", year[:80])
    names = {PurePosixPath(path.replace("\\", "/")).name: data for path, data in found.items()}
    for name in names:
        if not name or name.startswith(".") or not name.isprintable():
            raise files.RefusedError("page.E06", name[:80])
    there = sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())
    if there + sum(map(len, names.values())) > files.MOST_BYTES:
        raise files.RefusedError("page.E02")
    (folder / year).mkdir(exist_ok=True)
    files.write(names, folder / year)


def ask(
    held: Workspace,
    year: str,
    typed: Mapping[str, str],
    language: str,
    report: Report,
    *,
    take: bool,
) -> dict[str, Any]:
    """What a year's files are taken to mean, what is asked about them, and what the year still needs.

    Under ``waited`` stand the questions that the shares wait for now; other figures are for rules alone.
    Where it is to ``take`` the answers and none is amiss, they are written, which is said under ``taken``.
    """
    folder = held.policy.path / year
    statute = statute_for(held, report)
    if statute is None or not folder.is_dir():
        return {}
    statute = statute_for(held, report, held.closing(folder)) or statute
    laws, own = statute.program.laws, statute.words
    words = own if own.language == language else words_for(held.world, language, laws, held.policy)
    form = Form(typed, words, held.world)
    said = said_of_facts(statute, held.world)
    given: dict[str, Known] = {key: word for key, word in typed.items() if COLUMN in key}
    asked = YearAsked(
        held,
        statute,
        folder,
        words,
        said,
        form.ask,
        lambda one, _: report.add(one),
        report,
        given,
        rules=True,
    )
    found, shown = asked.ask()
    taken = take and not form.amiss
    if taken:
        for path, before, after in asked.texts(found):
            if after != before and after.strip():
                path.write_text(after, "utf-8")
    waiting = None if shown is None else needs_of(shown.evaluation, shown.outcome)
    return {
        "taken": taken,
        "questions": form.fields(),
        "waited": []
        if waiting is None
        else [
            f"own:{one.name}"
            for one in waiting.needs
            if any(item.kind in needs.MONEY for item in one.waiting)
        ],
        "sheets": [_sheet(one, statute, words) for one in found.sheets],
        "others": [
            words.phrase("ask.choice", choice=name, consequence=words.phrase(f"data.{sort}"))
            for name, sort in found.others
        ],
        "needs": []
        if waiting is None or shown is None
        else needs.data(waiting, shown.outcome, shown.facts.files, words, [])["needs"],
    }


def _sheet(sheet: Proposal, statute: Statute, words: Words) -> dict[str, Any]:
    """A sheet with what its columns are taken for, and what they could be taken for."""
    schema = schema_of(statute.program)
    could = [name for name in schema.of(sheet.record) if schema.read is None or name in schema.read]
    choices = sorted((words.label(name), statute.words.word(name)) for name in could)
    return {
        "name": sheet.shown,
        "lines": words.counted(
            "data.lines", sheet.lines, name=sheet.shown, record=words.label(sheet.record)
        ),
        "columns": [
            {
                "key": f"{sheet.name}{COLUMN}{name}",
                "name": name,
                "given": [
                    {"word": one, "label": one}
                    if one == "id"
                    else {"word": statute.words.word(one), "label": words.label(one)}
                    for one in figures
                ],
            }
            for name, figures in sheet.columns
        ],
        "choices": [["id", "id"], *([word, label] for label, word in choices)],
    }
