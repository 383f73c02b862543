"""What a year's files could mean, proposed before any of it is written: which column is which figure.

The files are looked at once; a proposal is then worked out from them, from what stands already, from what
stood the year before, and from the answers so far. Whoever asks, a terminal or a page, holds the answers.
"""

import re
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

from attrs import Factory, evolve, frozen

from coopfx.desk.data import TABLES, Files, called, plainly
from coopfx.desk.policy import YEAR, find_year
from coopfx.desk.versions import Statute
from coopfx.desk.workspace import Workspace
from coopfx.desk.years import closing_of, languages_of, last_by_day, schema_of
from coopfx.formats import mapping, toml
from coopfx.formats.cells import canonical
from coopfx.formats.cooperative import OwnFigures
from coopfx.formats.mapping_made import GIVEN, HEADING
from coopfx.formats.profiles import (
    Profile,
    Spoken,
    has_figures,
    has_movements,
    joined,
    lists,
    of_record,
    profile_of,
)
from coopfx.formats.proposing import Proposal, is_register, propose
from coopfx.formats.questions import Asked, Choice, Question
from coopfx.formats.rows import words_of_name
from coopfx.formats.sheet_asked import NONE, Asks
from coopfx.ground.exact import DATE, Known
from coopfx.ground.facts import Field, Sheet
from coopfx.ground.figure import SHARES_HELD
from coopfx.ground.report import Report
from coopfx.ground.source import Span
from coopfx.ground.words import Words
from coopfx.language import ir

_NOT_SAID = "?"
"""The record of a sheet of which nothing says what it holds."""
_DIGITS = re.compile(r"\d+")
_YEARS = re.compile(r"(?:19|20)\d\d")
OWN, UNREAD = "own", "unread"
HOLDS = "holds"
_SHOWN = 3


@frozen(slots=True)
class Proposed:
    """What is proposed of a year: a proposal for each sheet, and `columns.toml` with all of them.

    ``others`` are the sheets and files that nothing is proposed of, each with why: it holds the
    cooperative's ``own`` figures, or stays ``unread``. ``more`` are the questions what a sheet holds,
    ``held`` what was answered to them before.
    """

    sheets: tuple[Proposal, ...]
    others: tuple[tuple[str, str], ...]
    text: str
    before: str
    more: tuple[Question, ...] = ()
    held: Mapping[str, Known] = Factory(dict)

    @property
    def questions(self) -> tuple[Question, ...]:
        """All that is doubtful still."""
        return (*(one for sheet in self.sheets for one in sheet.questions), *self.more)

    @property
    def answered(self) -> dict[str, Known]:
        """What was answered before to questions that are asked again."""
        return {**self.held, **{k: one for sheet in self.sheets for k, one in sheet.before.items()}}


@frozen(slots=True)
class _Looked:
    """A sheet that has been looked at: the name it is spoken of by, whether its own says what it holds."""

    key: str
    profile: Profile
    named: bool
    names: tuple[str, ...]

    @property
    def shown(self) -> str:
        """What it is called in a question."""
        return self.names[0] if len(self.names) == 1 else self.key


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
        *,
        again: bool = False,
    ) -> None:
        self.again = again
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
        self.anew: set[str] = set()
        self.texts = {
            one.key: [frozenset(column.texts) for column in one.profile.columns]
            for one in self.looked
        }
        self.plain = {one.key: self._called(one.profile, spoken) for one in self.looked}
        self.asks = Asks(
            self.schema, wanted - self.given, statute.words, reader, self.languages, spoken, said
        )

    def proposed(self, answers: Mapping[str, Known]) -> Proposed:
        """What is proposed after so many answers."""
        found: list[Proposal] = []
        people: dict[str, tuple[str, ...]] = {}
        more: list[Question] = []
        others = list(self.others)
        left: dict[str, dict[str, Any]] = {}
        have: dict[str, frozenset[str]] = {}
        for one in self.looked:
            record = one.profile.sheet.record
            if record == _NOT_SAID:
                lists = self._held_by(one, people, answers, more, left)
                if lists is None or lists == NONE:
                    others += [(name, UNREAD) for name in one.names if lists == NONE]
                    continue
                record = lists
                one = evolve(one, profile=of_record(one.profile, record))
            register = is_register(one.profile, self.asks)
            listed = people.get(record, ())
            beside = register or record in have
            given = have.get(record, frozenset())
            made = self._propose(one, answers, beside, given, listed)
            have[record] = (given | {name for _, names in made.columns for name in names}) - {"id"}
            if not listed:
                people[record] = made.ids
            if one.key in left:
                answered = {**left.pop(one.key), **made.table.get(GIVEN, {})}
                made = evolve(made, table={**made.table, GIVEN: answered})
            found.append(made)
        tables = {
            one.name: one.table
            for one in found
            if one.table
            and one.table != self.settings.get(one.name)
            and not self._goes_without(one)
        }
        tables |= {name: {GIVEN: one} for name, one in left.items()}
        text = toml.with_tables(self.text_before, tables, anew=self.anew if self.again else ())
        held = {
            one.key: given
            for one in more
            if (given := self._said(one.key.removesuffix(f":{HOLDS}")).get(GIVEN, {}).get(HOLDS))
        }
        return Proposed(tuple(found), tuple(others), text, self.text_before, tuple(more), held)

    def _held_by(
        self,
        one: _Looked,
        people: Mapping[str, Sequence[str]],
        answers: Mapping[str, Known],
        more: list[Question],
        left: dict[str, dict[str, Any]],
    ) -> str | None:
        """The record of a sheet whose columns are called nothing that is known: that whose records stand in
        one of its columns, or what is answered; None while it is not known."""
        for record, ids in people.items():
            there = list(map(words_of_name, ids))
            if any(
                lists([*map(words_of_name, column.texts)], there) for column in one.profile.columns
            ):
                return record
        reader = self.asks.reader
        read = self.schema.read
        choices = [
            Choice(name, reader.label(name))
            for name in self.schema.records
            if read is None or read & self.schema.of(name).keys()
        ]
        choices.append(Choice(NONE, reader.phrase("data.holds_none")))
        names = tuple(column.name for column in one.profile.columns[:_SHOWN])
        question = Question(
            f"{one.key}:{HOLDS}",
            reader.phrase("data.ask.holds", file=one.shown, names=names),
            Asked.CHOICE,
            choices=tuple(choices),
        )
        found = answers.get(question.key)
        if found is None:
            given = self._said(one.key).get(GIVEN, {}).get(HOLDS)
            if given in {choice.key for choice in choices} and not self.again:
                found = given
            else:
                more.append(question)
        if found is not None:
            left[one.key] = {HOLDS: str(found)}
        return None if found is None else str(found)

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
        answers: Mapping[str, Known],
        beside: bool,
        have: frozenset[str],
        people: Sequence[str],
    ) -> Proposal:
        said = self._said(one.key)
        elsewhere = frozenset(
            name
            for other in self.looked
            if other is not one and other.key != one.key
            for name in self.plain[other.key]
            if other.profile.sheet.record == one.profile.sheet.record
        )
        others = [
            texts
            for other in self.looked
            if other.key != one.key
            for texts in self.texts[other.key]
        ]
        earlier = one.key not in self.own and one.key not in self.settings

        def made(said: Mapping[str, Any], answers: Mapping[str, Known], again: bool) -> Proposal:
            return propose(
                one.key,
                one.shown,
                one.profile,
                self.asks,
                answers,
                said,
                beside=beside,
                have=have,
                elsewhere=elsewhere - have,
                people=people,
                others=others,
                earlier=earlier,
                again=again,
            )

        if self.again and said.get(GIVEN):
            kept = {GIVEN: said[GIVEN]}
            # What stands beside what was answered was written by hand, and stays.
            by_hand = toml.apart(said, made(kept, {}, again=False).table)
            self.anew.add(one.key)
            said = by_hand | kept
        return made(said, answers, self.again)

    # ---- what stands already

    def _said(self, key: str) -> Mapping[str, Any]:
        """What is said of a sheet: this year, in the settings, or the year before."""
        for tables in (self.own, self.settings):
            if key in tables and set(tables[key]) - {"rows"}:
                return tables[key]
        rows = {name: value for name, value in self.own.get(key, {}).items() if name == "rows"}
        for name, table in self.last.items():
            if _YEARS.sub("*", name) == _YEARS.sub("*", key):
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
            named = sheet.record != _NOT_SAID and Path(file).suffix.casefold() not in TABLES
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
        order = [*self.schema.records, _NOT_SAID]
        looked.sort(
            key=lambda one: (
                order.index(one.profile.sheet.record),
                has_movements(one.profile, spoken),
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
        tables = [
            table
            for name, table in earlier.items()
            if _YEARS.sub("*", name) == _YEARS.sub("*", file) or mapping.suits(name, file)
        ]
        names = [column for table in tables for column in table.get("columns", {})]
        said = (table for table in tables if set(table) - {GIVEN, "rows"})
        lines = next((int(table.get(HEADING, 1)) for table in said), 0)
        if self.again:
            lines = 0 if any(HEADING in table.get(GIVEN, {}) for table in tables) else lines
            if any(HOLDS in table.get(GIVEN, {}) for table in tables):
                sheet = evolve(sheet, record=_NOT_SAID)
        elif sheet.record == _NOT_SAID and tables:
            # What was said of it the year before holds for its next one.
            before = mapping.record_of(tables[0].get("record", ""), self.schema, self.languages)
            sheet = evolve(sheet, record=before) if before else sheet
        if sheet.record != _NOT_SAID:
            return profile_of(sheet, spoken, names, lines, any_name=True)
        forms = called(self.schema, self.languages)
        name = plainly(file.partition(".")[0])
        record = forms.get(name, "")
        candidates = [record] if record in self.schema.records else list(self.schema.records)
        best: tuple[int, Profile] | None = None
        for one in candidates:
            profile = profile_of(evolve(sheet, record=one), spoken, names, lines)
            if profile is None:
                continue
            # Names of a heading of two lines may be known by one of them alone.
            both = (one for one in (profile, profile.single) if one is not None)
            score = max(self._figures(one, spoken) for one in both)
            if score and (best is None or score > best[0]):
                best = score, profile
        if best is not None:
            return best[1]
        # Nothing is known of its names: it is read if its lines are of people, or are said to be.
        if sheet.places.delimiter == "," and Path(file).suffix.casefold() in TABLES:
            # A comma stands in prose too.
            return None
        unknown = profile_of(sheet, spoken, names, lines, any_name=True)
        return unknown if unknown is not None and has_figures(unknown) else None

    def _called(self, profile: Profile, spoken: Spoken) -> frozenset[str]:
        """The figures that columns of a sheet are called as in full, or that their days give."""
        fields, found = self.schema.of(profile.sheet.record), set[str]()
        for one in profile.columns:
            means = spoken.means(one.name, profile.sheet.record)
            found |= {
                name
                for name in means[:1]
                if name in fields and one.fits(fields[name], self.languages)
            }
            if "hired" in means and one.fits(Field("", DATE), self.languages):
                found |= {"presence", "seniority"}
        if has_movements(profile, spoken):
            # What people hold is taken from their movements.
            found |= {SHARES_HELD} & fields.keys()
        return frozenset(found)

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


def _number(folder: Path) -> int | None:
    found = _YEARS.match(folder.name)
    return int(found[0]) if found else None


def _text(path: Path) -> str:
    document = toml.read(path, Report()) if path.is_file() else None
    return document.source.text if document is not None else ""


def _tables(given: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    return {name: table for name, table in given.items() if isinstance(table, dict)}
