"""A policy folder: its settings, the versions and languages of its statute, its years.

A single statute file is a policy too, one without years.
"""

import re
import sys
from collections.abc import Iterable
from datetime import date
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

from attrs import Factory, evolve, field, frozen

from coopfx.formats import toml
from coopfx.ground.plain import Plain
from coopfx.ground.report import Report
from coopfx.ground.source import EXTENSION, LARGEST_TEXT, Source, Span, language_of
from coopfx.ground.words import nearest

SETTINGS = "coopfx.toml"
YEAR = "cooperative.toml"
STANDARD_INPUT = Path("-")
_STATUTE = re.compile(r"statute(?:\.(?P<version>[\w-]+))?\.(?P<language>[a-z]{2,3})\.coop")
_KNOWN = {"language", "names", "packs", "columns", "papers"}


@frozen(slots=True, repr=False, eq=False, getstate_setstate=False)
class StatuteFile(Plain):
    """One file of a statute: a version of it, in a language."""

    path: Path
    version: str
    language: str


@frozen(slots=True, repr=False, eq=False, getstate_setstate=False)
class Term(Plain):
    """From which day a version is in force, and its last day where the text gives one."""

    start: date
    end: date | None = None

    def holds(self, day: date) -> bool:
        """Whether the version is in force on a day, for all that it says itself."""
        return self.start <= day and (self.end is None or day <= self.end)


@frozen(slots=True, repr=False, eq=False, getstate_setstate=False)
class Pack(Plain):
    """Which version of a law or a model a policy was last run with, and the line that keeps it.

    ``sha256`` is the hash of its text; empty where the line does not say it.
    """

    distribution: str
    version: str
    sha256: str = ""
    span: Span | None = field(default=None, eq=False, kw_only=True)


@frozen(slots=True, repr=False, eq=False, getstate_setstate=False)
class Policy(Plain):
    """A cooperative's policy, opened but not yet read.

    ``names`` gives each name that the statute declares its word in each language, ``packs`` each law
    and model the version that it was last run with. A folder is among ``years`` where it holds
    ``cooperative.toml``, or a file that may give a year's closing date in its place.
    """

    path: Path
    language: str
    names: dict[str, dict[str, str]]
    statutes: tuple[StatuteFile, ...]
    years: tuple[Path, ...] = Factory(tuple)
    packs: dict[str, Pack] = Factory(dict)

    @property
    def settings(self) -> Path:
        """Where the policy's settings stand, whether or not the file is there."""
        return (self.path if self.path.is_dir() else self.path.parent) / SETTINGS

    def versions(self) -> dict[str, list[StatuteFile]]:
        """The files of each version, the policy's own language first."""
        found: dict[str, list[StatuteFile]] = {}
        for file in sorted(
            self.statutes, key=lambda item: (item.language != self.language, item.language)
        ):
            found.setdefault(file.version, []).append(file)
        return found

    def speaking(self, language: str) -> "Policy":
        """This policy as read in another language, where its statute is written in it too."""
        if any(file.language == language for file in self.statutes):
            return evolve(self, language=language)
        return self

    def words(self, language: str) -> dict[str, tuple[str, ...]]:
        """The policy's own names as a language writes them, by canonical name."""
        return {name: (forms.get(language, name),) for name, forms in self.names.items()}


def open_policy(
    path: Path, report: Report, language: str = "en", suffixes: Iterable[str] = (".csv",)
) -> Policy | None:
    """Open a policy folder or a single statute file; None, and told, where it is neither.

    ``-`` is a statute on standard input, which has no name to tell its ``language``. A year's files
    are those whose names end in one of the ``suffixes``.
    """
    if path == STANDARD_INPUT:
        return Policy(path, language, {}, (StatuteFile(path, "", language),))
    if path.is_file():
        return _single(path, report)
    if not path.is_dir():
        report.tell("P901", None, path=str(path), nearest=nearest_beside(path))
        return None
    statutes = []
    for file in sorted(path.iterdir()):
        match = _STATUTE.fullmatch(file.name)
        if match and file.is_file():
            statutes.append(StatuteFile(file, match["version"] or "", match["language"]))
    if not statutes:
        if (path / YEAR).is_file():
            above = str(path.parent) if path.name else ".."
            report.tell("P923", None, path=str(path), policy=above, year=path.resolve().name)
        else:
            report.tell("P902", None, path=str(path))
        return None
    settings = _settings(path / SETTINGS, report)
    if settings is None:
        return None
    language, names, packs = settings
    suffixes = tuple(suffixes)
    years = tuple(
        one
        for one in sorted(path.iterdir())
        if may_be_year(one, suffixes) and not told_to_lead_out(one, path, report)
    )
    return Policy(path, language or statutes[0].language, names, tuple(statutes), years, packs)


def holds_statute(folder: Path) -> bool:
    """Whether a folder holds a file that is named like a statute, and so is a policy's."""
    try:
        return any(_STATUTE.fullmatch(one.name) for one in folder.iterdir() if one.is_file())
    except OSError:
        return False


def nearest_beside(path: Path) -> str:
    """What stands where a path leads, under the name most like the one it ends in; empty where none is."""
    try:
        near = nearest(path.name, [one.name for one in path.parent.iterdir()])
    except OSError:
        return ""
    return str(path.parent / near) if near and near != path.name else ""


def _single(path: Path, report: Report) -> Policy | None:
    language = language_of(path.name)
    if language is None:
        report.tell("P905", None, path=str(path), extension=EXTENSION)
        return None
    settings = _settings(path.parent / SETTINGS, report)
    if settings is None:
        return None
    _, names, packs = settings
    return Policy(path, language, names, (StatuteFile(path, "", language),), packs=packs)


def _settings(
    path: Path, report: Report
) -> tuple[str, dict[str, dict[str, str]], dict[str, Pack]] | None:
    if not path.is_file():
        return "", {}, {}
    table = toml.read(path, report)
    if table is None:
        return None
    for key in table.data:
        if key not in _KNOWN:
            report.tell("P906", table.place(key), name=key, nearest=nearest(key, _KNOWN))
    language = table.data.get("language", "")
    names: dict[str, dict[str, str]] = {}
    given: Any = table.data.get("names", {})
    for name, forms in given.items() if isinstance(given, dict) else ():
        if not isinstance(forms, dict) or not all(isinstance(form, str) for form in forms.values()):
            report.tell("P907", table.place(name, "names"), name=name)
            continue
        names[name] = forms
    if not isinstance(language, str) or not isinstance(given, dict):
        report.tell("P907", table.place("language"), name="language")
        return None
    return language, names, _packs(table, report)


def _packs(table: toml.Document, report: Report) -> dict[str, Pack]:
    """The packs that the settings keep; told (P907) where a line is not written as it should be."""
    packs: dict[str, Pack] = {}
    given: Any = table.data.get("packs", {})
    if not isinstance(given, dict):
        report.tell("P907", table.place("packs"), name="packs")
        return packs
    for name, pack in given.items():
        place = table.place(name, "packs")
        kept = pack if isinstance(pack, dict) else {}
        parts = [kept.get(key, "") for key in ("distribution", "version", "sha256")]
        if not all(isinstance(part, str) for part in parts) or not all(parts[:2]):
            report.tell("P907", place, name=name)
            continue
        distribution, version, sha256 = parts
        packs[name] = Pack(distribution, version, sha256, span=place)
    return packs


def read_source(file: StatuteFile, report: Report) -> Source | None:
    """A statute file's text; None, and told, where it cannot be read as one (S120, S121)."""
    return read_text(file.path, file.language, report)


def read_text(path: Path, language: str, report: Report) -> Source | None:
    """A text file, as UTF-8; None, and told, where it is too large or is no text."""
    data = read_bytes(path, report)
    return None if data is None else text_of(path, data, language, report)


def read_bytes(path: Path, report: Report) -> bytes | None:
    """What a text file holds; None, and told, where it cannot be opened or is too large."""
    try:
        if path == STANDARD_INPUT:
            data = sys.stdin.buffer.read(LARGEST_TEXT + 1)
            size = len(data)
        else:
            size = path.stat().st_size
            data = path.read_bytes() if size <= LARGEST_TEXT else b""
    except OSError as error:
        near = nearest_beside(path)
        report.tell("P901", None, path=str(path), reason=error.strerror or "", nearest=near)
        return None
    if size > LARGEST_TEXT:
        report.tell("S121", Span(str(path), 1, 1, 1, 1), size=size, most=LARGEST_TEXT)
        return None
    return data


def text_of(path: Path, data: bytes, language: str, report: Report) -> Source | None:
    """The text that a file's bytes write, as UTF-8; None, and told, where they are no text."""
    try:
        return Source(str(path), data.decode("utf-8-sig"), language)
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        report.tell("S120", Span.on_line(str(path), line))
        return None


def find_year(policy: Policy, data: Path, suffixes: Iterable[str]) -> Path | None:
    """The folder or file that a year is given by: its path, or its name within the policy."""
    folder = policy.path if policy.path.is_dir() else policy.path.parent
    suffixes = tuple(suffixes)
    for path in (data, folder / data):
        if may_be_year(path, suffixes) or (path.is_file() and suffix_of(path, suffixes)):
            return path
    return None


def told_to_lead_out(path: Path, folder: Path, report: Report) -> bool:
    """Whether a file or a folder is a link that leads out of the folder it stands in: told (D730)."""
    if path.resolve().is_relative_to(folder.resolve()):
        return False
    report.tell("D730", None, path=str(path))
    return True


def may_be_year(folder: Path, suffixes: Iterable[str]) -> bool:
    """Whether a folder holds ``cooperative.toml``, or a file that may give what that would.

    A CSV file gives one sort of records, so only one that is named like it can stand in its place.
    """
    if not folder.is_dir():
        return False
    if (folder / YEAR).is_file():
        return True
    try:
        return any(
            suffix not in ("", ".csv") or path.stem.casefold() == Path(YEAR).stem
            for path in folder.iterdir()
            if (suffix := suffix_of(path, suffixes)) and path.is_file()
        )
    except OSError:
        return False


def suffix_of(path: Path, suffixes: Iterable[str]) -> str:
    """The longest of the suffixes that a file's name ends in; empty where it ends in none.

    Hidden files, and those that a spreadsheet leaves beside an open one, are nobody's.
    """
    name = path.name.casefold()
    if name.startswith((".", "~$")):
        return ""
    ends = (end for end in suffixes if fnmatchcase(name, f"*{end.replace('#', '[0-9]')}"))
    return max(ends, key=len, default="")


def in_force_on(closing: date, terms: dict[str, Term]) -> str | None:
    """The version in force on a day: the last to have begun by then, unless it has ended.

    >>> terms = {"2015": Term(date(2015, 1, 1)), "": Term(date(2019, 1, 1), date(2023, 12, 31))}
    >>> [in_force_on(date(year, 12, 31), terms) for year in (2014, 2016, 2023, 2024)]
    [None, '2015', '', None]
    """
    held = [(term.start, version) for version, term in terms.items() if term.start <= closing]
    version = max(held)[1] if held else None
    return version if version is not None and terms[version].holds(closing) else None
