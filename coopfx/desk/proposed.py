"""What a year's files could mean, proposed before any of it is written: which column is which figure.

The files are looked at once; a proposal is then worked out from them, from what stands already, from what
stood the year before, and from the answers so far. Whoever asks, a terminal or a page, holds the answers.
"""

import re
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

from attrs import evolve, frozen

from coopfx.desk.data import Files, called, plainly
from coopfx.desk.policy import YEAR, find_year
from coopfx.desk.versions import Statute
from coopfx.desk.workspace import Workspace
from coopfx.desk.years import closing_of, languages_of, last_by_day, schema_of
from coopfx.formats import mapping, toml
from coopfx.formats.cells import canonical
from coopfx.formats.cooperative import OwnFigures
from coopfx.formats.profiles import Profile, Spoken, joined, profile_of
from coopfx.formats.proposing import Proposal, is_register, propose
from coopfx.formats.questions import Question
from coopfx.formats.sheet_asked import Asks
from coopfx.ground.exact import Known
from coopfx.ground.facts import Sheet
from coopfx.ground.report import Report
from coopfx.ground.source import Span
from coopfx.ground.words import Words
from coopfx.language import ir

_NOT_SAID = "?"
"""The record of a sheet of which nothing says what it holds."""
_DIGITS = re.compile(r"\d+")
_YEARS = re.compile(r"(?:19|20)\d\d")
OWN, UNREAD = "own", "unread"


@frozen(slots=True)
class Proposed:
    """What is proposed of a year: a proposal for each sheet, and `columns.toml` with all of them.

    ``others`` are the sheets and files that nothing is proposed of, each with why: it holds the
    cooperative's ``own`` figures, or stays ``unread``.
    """

    sheets: tuple[Proposal, ...]
    others: tuple[tuple[str, str], ...]
    text: str
    before: str

    @property
    def questions(self) -> tuple[Question, ...]:
        """All that is doubtful still."""
        return tuple(one for sheet in self.sheets for one in sheet.questions)


@frozen(slots=True)
class _Looked:
    """A sheet that has been looked at: the name it is spoken of by, whether its own says what it holds."""

    key: str
    profile: Profile
    named: bool
    names: tuple[str, ...]


class Proposing:
    """A year's files, looked at, of which proposals are made.

    ``reader`` are the words that questions are asked in. What is amiss with `columns.toml` is told, since
    it would be written over; what is with another file, when the year is read.
    """

    def __init__(
        self,
        held: Workspace,
        statute: Statute,
        folder: Path,
        reader: Words,
        said: Mapping[str, str],
        report: Report,
    ) -> None:
        self.held, self.statute, self.folder = held, statute, folder
        self.schema = schema_of(statute.program)
        self.languages = languages_of(statute, held.policy, held.world)
        before = self._written(folder / mapping.FILE, "", report)
        self.text_before = _text(folder / mapping.FILE)
        self.own = before
        self.settings = self._written(held.policy.settings, "columns", Report())
        self.last = self._last_year()
        with Files(folder, held.world, settings=held.policy.settings) as files:
            found = closing_of(files, self.schema, Report())
            self.closing = found[0] if found else None
            year = self.closing.year if self.closing else _number(folder)
            spoken = Spoken(self.schema, self.languages, year)
            self.year = year
            self.given = self._own_figures(files)
            self.others: list[tuple[str, str]] = []
            self.looked = self._look(files, spoken)
        wanted = frozenset(
            node.key
            for index in ir.cone(statute.program.nodes, statute.program.own_roots())
            if isinstance(node := statute.program.nodes[index], ir.Input)
        )
        self.asks = Asks(
            self.schema, wanted - self.given, statute.words, reader, self.languages, spoken, said
        )

    def proposed(self, answers: Mapping[str, Known]) -> Proposed:
        """What is proposed after so many answers."""
        found: list[Proposal] = []
        for record in dict.fromkeys(one.profile.sheet.record for one in self.looked):
            own = [one for one in self.looked if one.profile.sheet.record == record]
            have: frozenset[str] = frozenset()
            people: set[str] = set()
            for number, one in enumerate(own):
                register = is_register(one.profile, self.asks)
                beside = register or number > 0
                said = self._said(one)
                made = self._propose(one, said, answers, beside, have, ())
                # An answer may have made a register of it.
                beside = beside or made.table.get("beside") is True
                if beside and people:
                    strangers = self._strangers(made, one, people)
                    made = self._propose(one, said, answers, beside, have, strangers)
                have |= {name for _, names in made.columns for name in names} - {"id"}
                people = people or set(_ids(made, one.profile))
                found.append(made)
        tables = {
            one.name: one.table
            for one in found
            if one.table
            and one.table != self.settings.get(one.name)
            and not self._goes_without(one)
        }
        text = toml.with_tables(self.text_before, tables)
        return Proposed(tuple(found), tuple(self.others), text, self.text_before)

    def _goes_without(self, made: Proposal) -> bool:
        """Whether a sheet is read as it is, and nothing need be said of it."""
        named = any(one.key == made.name and one.named for one in self.looked)
        if not named or made.name in self.own or made.table.keys() != {"record", "columns"}:
            return False
        known = self.schema.of(made.record)
        return all(
            figures == ("id",) or canonical(name, known, self.languages) in (figures or known)
            for name, figures in made.columns
        )

    def _propose(
        self,
        one: _Looked,
        said: Mapping[str, Any],
        answers: Mapping[str, Known],
        beside: bool,
        have: frozenset[str],
        strangers: tuple[str, ...],
    ) -> Proposal:
        return propose(
            one.key,
            one.names[0] if len(one.names) == 1 else one.key,
            one.profile,
            self.asks,
            answers,
            said,
            beside=beside,
            have=have,
            strangers=strangers,
            earlier=one.key not in self.own and one.key not in self.settings,
        )

    def _strangers(self, made: Proposal, one: _Looked, people: set[str]) -> tuple[str, ...]:
        return tuple(dict.fromkeys(name for name in _ids(made, one.profile) if name not in people))

    # ---- what stands already

    def _said(self, one: _Looked) -> Mapping[str, Any]:
        """What is said of a sheet: this year, in the settings, or the year before."""
        for tables in (self.own, self.settings):
            if one.key in tables and set(tables[one.key]) - {"rows"}:
                return tables[one.key]
        rows = {key: value for key, value in self.own.get(one.key, {}).items() if key == "rows"}
        for name, table in self.last.items():
            if _YEARS.sub("*", name) == _YEARS.sub("*", one.key):
                return {key: value for key, value in table.items() if key != "rows"} | rows
        return rows

    def _last_year(self) -> dict[str, dict[str, Any]]:
        """What `columns.toml` said the last time, in the latest year before that has one."""
        above = self.folder.resolve().parent
        earlier = sorted(
            one for one in above.iterdir() if one.is_dir() and one.name < self.folder.resolve().name
        )
        for one in reversed(earlier):
            if (one / mapping.FILE).is_file():
                return self._written(one / mapping.FILE, "", Report())
        return {}

    def _written(self, path: Path, table: str, report: Report) -> dict[str, dict[str, Any]]:
        """What a file says of a year's files; nothing, and told, where any of it is written amiss."""
        document = toml.read(path, report) if path.is_file() else None
        if document is None:
            return {}
        before = report.errors()
        mapping.read(document, table, self.schema, self.languages, report)
        given: Any = document.data.get(table, {}) if table else document.data
        return _tables(given) if report.errors() == before else {}

    def _own_figures(self, files: Files) -> frozenset[str]:
        """The cooperative's figures that a file gives already."""
        own = OwnFigures(self.schema, self.languages, Report())
        document = files.document(YEAR, Report())
        if document is not None:
            own.take_document(document)
        for sheet in files.read(self.schema, self.languages).own:
            own.take_sheet(sheet)
        found = own.year(Span(str(files.path), 1, 1, 1, 1))
        return frozenset(found.figures if found else ())

    # ---- the sheets

    def _look(self, files: Files, spoken: Spoken) -> list[_Looked]:
        records = (*self.schema.records, _NOT_SAID)
        asked = evolve(self.schema, records=records, otherwise=_NOT_SAID)
        read = files.read(asked, self.languages)
        self.others += [(Path(one.places.file).name, OWN) for one in read.own]
        known = [*self.own, *self.settings]
        grouped: dict[tuple[str, tuple[str, ...]], list[tuple[str, Profile, bool]]] = {}
        for sheet in read.parts:
            file = Path(sheet.places.file).name
            profile = self._profile(sheet, spoken, file)
            if profile is None:
                self.others.append((file, UNREAD))
                continue
            alike = (_DIGITS.sub("*", file), tuple(one.name for one in profile.columns))
            named = sheet.record != _NOT_SAID
            grouped.setdefault(alike, []).append((file, profile, named))
        looked = []
        for (form, _), same in grouped.items():
            files_of = tuple(file for file, _, _ in same)
            if len(same) == 1:
                key = mapping.key_for(files_of[0], known, self.year)
                looked.append(_Looked(key, same[0][1], same[0][2], files_of))
                continue
            key = next((name for name in known if mapping.suits(name, files_of[0])), str(form))
            looked.append(_Looked(key, joined([one for _, one, _ in same]), same[0][2], files_of))
        main = {one.key: self._figures(one.profile, spoken) for one in looked}
        looked.sort(
            key=lambda one: (
                _is_movements(one.profile, spoken),
                not one.named,
                -main[one.key],
                one.key,
            )
        )
        seen = {plainly(name.partition(".")[0]) for one in looked for name in one.names}
        self.others = [one for one in self.others if plainly(one[0]) not in seen]
        return looked

    def _profile(self, sheet: Sheet, spoken: Spoken, file: str) -> Profile | None:
        """How a sheet looks, taken for the record that most of its columns are of; None where none is."""
        earlier = {**self.last, **self.settings, **self.own}
        names = [
            column
            for name, table in earlier.items()
            if _YEARS.sub("*", name) == _YEARS.sub("*", file) or mapping.suits(name, file)
            for column in table.get("columns", {})
        ]
        if sheet.record != _NOT_SAID:
            return profile_of(sheet, spoken, names)
        forms = called(self.schema, self.languages)
        name = plainly(file.partition(".")[0])
        record = forms.get(name, "")
        candidates = [record] if record in self.schema.records else list(self.schema.records)
        best: tuple[int, Profile] | None = None
        for one in candidates:
            profile = profile_of(evolve(sheet, record=one), spoken, names)
            if profile is None:
                continue
            score = self._figures(profile, spoken)
            if score and (best is None or score > best[0]):
                best = score, profile
        return None if best is None else best[1]

    def _figures(self, profile: Profile, spoken: Spoken) -> int:
        """How many columns of a sheet mean a figure of its record, or what one is made of."""
        means = [set(spoken.means(one.name, profile.sheet.record)) for one in profile.columns]
        return sum(bool(one - {"id", "names", "period", "kind"}) for one in means)


def year_folder(held: Workspace, data: Path | None, report: Report) -> Path | None:
    """The folder of a year whose data are looked at; None, and told (P904), where there is none.

    Without one that is asked for, it is the last by its name, which need not say yet when it closes; of
    a year and its copies it is the one that ``choose_year`` takes.
    """
    policy = held.policy
    top = policy.path if policy.path.is_dir() else policy.path.parent
    if data is None:
        years = [one for one in top.iterdir() if one.is_dir() and _number(one)]
        found = max([*years, *policy.years], default=None)
        found = found and last_by_day(found, policy, held.world, report)
    else:
        found = next((one for one in (data, top / data) if one.is_dir()), None)
        found = found or find_year(policy, data, ())
    if found is None or not found.is_dir():
        report.tell("P904", None, path=str(data or top), file=YEAR, expected=(), nearest="")
        return None
    return found


def statute_for(held: Workspace, report: Report, closing: date | None = None) -> Statute | None:
    """The statute that a year is looked at by: in force at its closing, where that is known, else the
    latest; None, and told, where the statute has a mistake."""
    statutes = held.versions(report)
    if not statutes:
        return None
    ordered = sorted(statutes, key=lambda one: one.term.start)
    holding = [one for one in ordered if closing is not None and one.term.holds(closing)]
    return (holding or ordered)[-1]


def _is_movements(profile: Profile, spoken: Spoken) -> bool:
    roles = {
        role for one in profile.columns for role in spoken.means(one.name, profile.sheet.record)
    }
    return "day" in roles and bool(roles & {"kind", "shares"})


def _ids(made: Proposal, profile: Profile) -> list[str]:
    """The identifiers of a sheet, where it is known which column they stand in."""
    for name, figures in made.columns:
        column = profile.named(name)
        if figures[:1] == ("id",) and column is not None:
            return column.texts
    return []


def _number(folder: Path) -> int | None:
    found = _YEARS.match(folder.name)
    return int(found[0]) if found else None


def _text(path: Path) -> str:
    document = toml.read(path, Report()) if path.is_file() else None
    return document.source.text if document is not None else ""


def _tables(given: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    return {name: table for name, table in given.items() if isinstance(table, dict)}
