"""The files of a cooperative that begins, and how later answers change them: no file of others is lost."""

import hashlib
import re
from collections.abc import Mapping
from datetime import date
from itertools import chain, count
from pathlib import Path
from typing import Any

from attrs import frozen

from coopfx.desk.policy import SETTINGS, YEAR, Policy, StatuteFile, read_text
from coopfx.desk.texts import read_document
from coopfx.desk.versions import Statute
from coopfx.formats import toml
from coopfx.formats.answers import Answers
from coopfx.ground.report import Report
from coopfx.ground.source import EXTENSION
from coopfx.ground.words import Words
from coopfx.language import ast
from coopfx.plugged.world import World
from coopfx.starts.decisions import ANSWERS, WRITTEN, Asking
from coopfx.starts.readme import readme_text
from coopfx.starts.table import TableError
from coopfx.starts.text import Writer
from coopfx.starts.year import year_text

README = "README.md"
Files = dict[str, bytes | None]
"""What each file of a folder is to hold, by its name; None where it is to go."""


@frozen(slots=True)
class Beginning:
    """A statute that was made of answers, and the folder that it is to stand in."""

    folder: Path
    asking: Asking
    writer: Writer
    statute: Statute
    answers: str
    readme: str

    def files(self, policy: Policy | None, world: World, report: Report) -> Files | None:
        """What is to be written beside what stands there already; None, and told, where that is in the way.

        ``policy`` is the one that stands in the folder; None where none does. A statute that somebody
        has changed by hand is not written over (P959): with a later day of force it stays as an older
        version. The settings are added to, a year that is there stays as it is.
        """
        words, closing = self.writer.words, self.asking.closing
        assert closing is not None and self.asking.decided is not None, "a statute was written"
        name = f"statute.{words.language}{EXTENSION}"
        text = self.statute.source.text.encode()
        found: Files = {name: text}
        if policy is not None:
            older = self._older(policy, name, world, report)
            if older is None:
                return None
            found = older | found
        readme = self.readme.encode()
        if self._is_ours(README):
            found[README] = readme
        found[SETTINGS] = self._settings()
        year = f"{closing.year}/{YEAR}"
        if not (self.folder / str(closing.year)).exists():
            first = year_text(
                self.statute, self.asking.decided, closing.isoformat(), self.statute.words
            )
            found[year] = first.encode()
        ours = {one: found[one] for one in (name, README) if found.get(one) is not None}
        rows = {one: {"sha256": _digest(content or b"")} for one, content in ours.items()}
        kept = {one: row for one, row in self._written().items() if one not in rows}
        remark = words.phrase("new.written.remark")
        found[ANSWERS] = toml.with_table(self.answers, WRITTEN, kept | rows, remark).encode()
        return {one: content for one, content in found.items() if not self._holds(one, content)}

    def _older(self, policy: Policy, name: str, world: World, report: Report) -> Files | None:
        """What becomes of the statute that stands there: it stays as an older version, or is replaced."""
        current = [one for one in policy.statutes if not one.version]
        assert self.asking.decided is not None, "a statute was written"
        since = self.asking.decided.since
        starts = [day for one in current if (day := self._in_force(one, world)) is not None]
        if not starts or since > max(starts):
            day = max(starts, default=None)
            version = self._free(day)
            moved: Files = {one.path.name: None for one in current}
            for one in current:
                moved[f"statute.{version}.{one.language}{EXTENSION}"] = one.path.read_bytes()
            return moved
        path = self.folder / name
        if path.exists() and not self._is_ours(name):
            report.tell("P959", None, path=str(path), key="in_force", date=max(starts))
            return None
        return {}

    def _free(self, day: date | None) -> str:
        """A version that no statute in the folder has yet, called by the day from which it was in force."""
        first = [str(day.year), day.isoformat()] if day else ["0"]
        more = (f"{first[-1]}-{number}" for number in count(2))
        return next(
            version
            for version in chain(first, more)
            if not any(self.folder.glob(f"statute.{version}.*{EXTENSION}"))
        )

    def _in_force(self, file: StatuteFile, world: World) -> date | None:
        quiet = Report()
        source = read_text(file.path, file.language, quiet)
        words = world.words(file.language)
        document = None if source is None else read_document(source, words, quiet)
        clauses = () if document is None else document.clauses
        return next((one.start for one in clauses if isinstance(one, ast.InForce)), None)

    def _settings(self) -> bytes:
        """The policy's settings: its language, and the names of its clauses; what stands there stays."""
        path = self.folder / SETTINGS
        before = path.read_text("utf-8") if path.is_file() else ""
        lines = [] if before else [f'language = "{self.writer.words.language}"']
        names = self._named(before)
        lines += [
            "\n".join(
                [f"[names.{_key(name)}]", *(f'{one} = "{form}"' for one, form in forms.items())]
            )
            for name, forms in names.items()
        ]
        text = "\n\n".join(part for part in (before.rstrip("\n"), *lines) if part)
        return (text + "\n").encode()

    def _named(self, before: str) -> dict[str, Mapping[str, str]]:
        """The names that the settings do not say yet, of those that the statute or its model uses."""
        there: dict[str, Any] = {}
        if before:
            document = toml.read(self.folder / SETTINGS, Report())
            there = document.data.get("names", {}) if document else {}
        text, language = self.statute.source.text, self.writer.words.language
        start = self.writer.start
        used = {
            one: forms
            for one, forms in start.common.names.items()
            if re.search(rf"\b{re.escape(forms.get(language, one))}\b", text)
        }
        wanted = {**start.table.names, **used}
        return {one: forms for one, forms in wanted.items() if one not in there}

    def _written(self) -> dict[str, dict[str, str]]:
        """What was written before, by the names of files: the hash of each."""
        document = Answers.at(self.folder / ANSWERS, Report()).document
        table = document.data.get(WRITTEN) if document else None
        rows = table.items() if isinstance(table, dict) else ()
        return {
            name: {"sha256": row["sha256"]}
            for name, row in rows
            if isinstance(row, dict) and isinstance(row.get("sha256"), str)
        }

    def _is_ours(self, name: str) -> bool:
        """Whether a file is not there, or is as it was written."""
        path = self.folder / name
        if not path.exists():
            return True
        row = self._written().get(name)
        return row is not None and path.is_file() and _digest(path.read_bytes()) == row["sha256"]

    def _holds(self, name: str, content: bytes | None) -> bool:
        """Whether a file is already as it is to be."""
        path = self.folder / name
        if content is None:
            return not path.exists()
        return path.is_file() and path.read_bytes() == content


def begin(
    folder: Path,
    policy: Policy | None,
    asking: Asking,
    answers: str,
    steps: list[tuple[str, str]],
    words: Words,
    world: World,
    report: Report,
) -> Files | None:
    """The files that answers make of a folder; None, and told, where they make none.

    ``policy`` is the one that stands there, ``answers`` the text of the file of answers, ``steps`` what
    comes next, as the folder's page says it.
    """
    assert asking.start is not None and asking.decided is not None, "a model was chosen"
    writer = Writer(asking.start, asking.decided, words, world)
    try:
        text = writer.statute(report)
    except TableError as error:
        name = asking.start.name
        plugin = world.origins[f"model {name}"]
        report.tell("P969", None, name=name, distribution=plugin.origin, problem=error.said)
        return None
    statute = None if text is None else writer.compiled(text, words.language, report)
    if statute is None:
        return None
    # The page is the same wherever the command was called from.
    page = readme_text(folder.resolve().name, asking, steps, words)
    return Beginning(folder, asking, writer, statute, answers, page).files(policy, world, report)


def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def _key(name: str) -> str:
    return name if re.fullmatch(r"[A-Za-z0-9_-]+", name) else f'"{name}"'
