"""A cooperative begun in the page: what `coopfx new` asks, as a form, and what it writes."""

from collections.abc import Mapping
from pathlib import Path
from tempfile import mkdtemp
from typing import Any
from unicodedata import normalize

from coopfx.extending import (
    ANSWERS,
    Answers,
    Workspace,
    World,
    ask_all,
    begin,
    next_steps,
    with_blanks,
)
from coopfx.ground.exact import Known
from coopfx.ground.report import Report
from coopfx.ground.words import Words
from coopfx_page import files
from coopfx_page.form import Form

_LONGEST = 40
"""So many signs the name of a folder has at most."""


def questions(
    typed: Mapping[str, str],
    held: Workspace | None,
    words: Words,
    world: World,
    report: Report,
) -> list[dict[str, Any]]:
    """What is asked of a cooperative that begins, or of ``held`` that was begun so, after what is typed."""
    form = Form(typed, words, world, _answers(held, report))
    ask_all(_folder(held, words), form.ask, words, world, report)
    return form.fields()


def write(
    typed: Mapping[str, str],
    held: Workspace | None,
    room: Path,
    words: Words,
    world: World,
    report: Report,
) -> tuple[Path | None, list[dict[str, Any]]]:
    """Write what the answers make, into ``room`` or over ``held``: the policy's folder, and the form.

    No folder, and told, where the answers make none; nothing is written then.
    """
    form = Form(typed, words, world, _answers(held, report))
    folder = _folder(held, words)
    asking = ask_all(folder, form.ask, words, world, report)
    if asking is None or asking.decided is None or form.amiss or report.failed:
        return None, form.fields()
    if held is None:
        folder = Path(mkdtemp(dir=room)) / (_named(asking.decided.name) or folder.name)
    kept = with_blanks(form.answers, asking)
    policy = None if held is None else held.policy
    steps = next_steps(folder.name, world)
    found = begin(folder, policy, asking, kept, steps, words, world, report)
    if found is None:
        return None, form.fields()
    for name, content in found.items():
        if content is None:
            (folder / name).unlink(missing_ok=True)
    files.write({name: data for name, data in found.items() if data is not None}, folder)
    return folder, form.fields()


def _answers(held: Workspace | None, report: Report) -> Answers:
    return Answers() if held is None else Answers.at(held.policy.path / ANSWERS, report)


def _folder(held: Workspace | None, words: Words) -> Path:
    return Path(words.phrase("page.new_folder")) if held is None else held.policy.path


def _named(name: Known) -> str:
    """A folder's name after that of a cooperative: letters without accents, figures and hyphens."""
    plain = normalize("NFKD", str(name)).casefold()
    signs = [one if one.isascii() and one.isalnum() else " " for one in plain if one.isprintable()]
    return "-".join("".join(signs).split())[:_LONGEST].strip("-")
