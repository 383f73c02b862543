"""What the page asks, answered: a policy held in the page's memory, and plain values for JSON.

Every answer is an object; what there is to tell stands in it under ``diagnostics``, as ``coopfx check
--format json`` has it. Columns of texts count UTF-16 code units, as a page does.
"""

import io
import shutil
from collections.abc import Callable, Mapping, Sequence
from contextlib import redirect_stderr, redirect_stdout, suppress
from functools import partial
from pathlib import Path
from tempfile import mkdtemp
from typing import Any

from attrs import Factory, define, field

from coopfx import editing, load_world, open_policy
from coopfx.engine.outcome import Results
from coopfx.extending import (
    ANSWERS,
    Workspace,
    World,
    Year,
    commands,
    conclusion,
    diagnostics_data,
    explain_year,
    prose,
    tell_open,
    words_for,
)
from coopfx.ground.report import Report
from coopfx.ground.words import Words
from coopfx_page import beginning, figures, files, law, numbers
from coopfx_page.meeting import Meeting

Answer = dict[str, Any]


@define(eq=False)
class Visit:
    """One visitor's policy. ``room`` is the folder for it; messages are in ``language``.

    >>> import tempfile
    >>> visit = Visit(Path(tempfile.mkdtemp()), "fr")
    >>> visit.open({"mine/nothing.txt": b""})["diagnostics"][0]["code"]
    'page.E04'
    """

    room: Path
    language: str
    world: World = field(init=False)
    held: Workspace | None = field(init=False, default=None)
    name: str = field(init=False, default="")
    _folder: Path = field(
        init=False, default=Factory(lambda self: self.room / "none", takes_self=True)
    )

    @world.default
    def _loaded(self) -> World:
        return load_world(Report())

    def ask(self, what: str, *arguments: Any) -> Any:
        """Answer what is asked, by the name of a method that the page may ask: an object, or bytes."""
        if what not in ASKED:
            raise KeyError(what)
        return getattr(self, what)(*arguments)

    # ---- opening, editing, keeping

    def speak(self, language: str) -> Answer:
        """Answer in another language from here on."""
        self.language = language if language in self.world.languages else "en"
        return self._reopened(Report()) if self.held else {"language": self.language}

    def open_zip(self, data: bytes, name: str = "") -> Answer:
        """Open the policy in a zip, called so, or else as its folder in the zip."""
        try:
            return self.open(files.unzipped(bytes(data)), name)
        except files.RefusedError as error:
            return self._refused(error)

    def open(self, found: Mapping[str, bytes], name: str = "") -> Answer:
        """Open the policy among files by their paths; the one that was open is left where it is none."""
        try:
            room, policy = files.policy_of({path: bytes(data) for path, data in found.items()})
        except files.RefusedError as error:
            return self._refused(error)
        other, self._folder = self._folder, Path(mkdtemp(dir=self.room))
        files.write(policy, self._folder)
        answer = self._reopened(Report())
        if "texts" in answer:
            self.name = answer["name"] = Path(name).stem or room or "policy"
        else:
            other, self._folder = self._folder, other
        shutil.rmtree(other, ignore_errors=True)
        return answer

    def write(self, file: str, text: str) -> Answer:
        """Keep a text of the statute as it stands on the screen."""
        held = self._held()
        paths = {one.path.name: one.path for one in held.policy.statutes}
        paths[file].write_text(text, "utf-8")
        return self._reopened(Report())

    def law(self, name: str, data: bytes) -> Answer:
        """A law's text that was dropped, checked as if it were installed; what is open stays as it is."""
        return law.check(name, bytes(data), self.world, self.language)

    # ---- a new cooperative, and the files of a year

    def new(self, typed: Mapping[str, str], again: bool = False) -> Answer:
        """What is asked of a cooperative that begins, or ``again`` of the one that is open."""
        report, words = Report(), self.world.words(self.language)
        held = self._held() if again else None
        asked = beginning.questions(typed, held, words, self.world, report)
        return {"questions": asked, **diagnostics_data(report, words)}

    def begin(self, typed: Mapping[str, str], again: bool = False) -> Answer:
        """Write what the answers make, and open it; what was open stays where they make nothing."""
        report, words = Report(), self.world.words(self.language)
        held = self._held() if again else None
        folder, asked = beginning.write(typed, held, self.room, words, self.world, report)
        if folder is None:
            return {"questions": asked, **diagnostics_data(report, words)}
        if held is None:
            self._close()
            self._folder, self.name = folder, folder.name
        return {"questions": asked, **self._reopened(report)}

    def add(self, year: str, found: Mapping[str, bytes]) -> Answer:
        """Put files into a year's folder, which is made where there is none."""
        self._held()
        try:
            figures.add({path: bytes(data) for path, data in found.items()}, year, self._folder)
        except files.RefusedError as error:
            return self._refused(error)
        return self._reopened(Report())

    def data(self, year: str, typed: Mapping[str, str]) -> Answer:
        """What a year's files are taken to mean, with what is doubtful asked, and what it still needs."""
        held, report = self._held(), Report()
        asked = figures.ask(held, year, typed, self.language, report, take=False)
        return {**asked, **diagnostics_data(report, self._words(held))}

    def take(self, year: str, typed: Mapping[str, str]) -> Answer:
        """Keep what is answered of a year's files, where none of it is amiss."""
        held, report = self._held(), Report()
        asked = figures.ask(held, year, typed, self.language, report, take=True)
        if not asked.get("taken"):
            return {**asked, **diagnostics_data(report, self._words(held))}
        return {**asked, **self._reopened(Report())}

    def template(self, year: str) -> Answer:
        """The workbook in which a year's data are given, under ``files``, as `coopfx template` makes it."""
        made, asked = self.room / "template.xlsx", ["--year", year] if year else []
        made.unlink(missing_ok=True)
        text = self._commanded("template", *asked, "--output", str(made))
        if not made.is_file():
            return {"text": text, "files": {}}
        return {"text": text, "files": {f"{self.name}-{year}.xlsx": made.read_bytes()}}

    def save(self) -> bytes:
        """The policy as a zip."""
        return files.zipped(self._folder, self.name)

    # ---- the statute

    def read(self, file: str, text: str) -> Answer:
        """A text while it is written: its tokens, its mistakes and what mends them."""
        held = self._held()
        statute = {one.path.name: one for one in held.policy.statutes}[file]
        over = held.with_unsaved({statute.path: text})
        edited = editing.read_held(over, statute)
        report = Report()
        report.read(edited.source)
        for one in edited.diagnostics:
            report.add(one)
        told = diagnostics_data(report, self._words(held))["diagnostics"]
        marks = []
        for one, shown in zip(report.in_order(), told, strict=True):
            span = None if one.span is None or not one.span.file else edited.utf16(one.span)
            mends = [
                {"span": _places(edited.utf16(mend.span)), "text": mend.text}
                for mend in edited.mends(one)
            ]
            place = None if span is None else _places(span)
            marks.append({**shown, "span": place, "mends": mends})
        tokens = [[*_places(edited.utf16(one.span)), one.sort] for one in edited.tokens]
        return {"tokens": tokens, "diagnostics": marks}

    # ---- the year

    def year(self, name: str) -> Answer:
        """A year: what it comes to, in sentences, and as a page of its own."""
        return self._of_year(name, self._shown)

    def outcome(self, name: str) -> Answer:
        """A year as ``coopfx run --format json`` writes it, under ``text``."""
        return self._of_year(name, lambda found: {"text": self._written("json", found)})

    def why(self, name: str, figure: str, record: str = "") -> Answer:
        """Why a figure of a year is what it is, of the cooperative or of a record, in paragraphs."""
        return self._of_year(name, partial(self._why, figure, record))

    def paper(self, name: str, form: str) -> Answer:
        """A paper of a year: its files by their names, as a plugin's writer makes them."""
        return self._of_year(name, lambda found: {"files": self._files(form, found)})

    def prove(self) -> Answer:
        """What ``coopfx prove`` says of the policy, under ``text``."""
        return {"text": self._commanded("prove")}

    # ---- what if

    def numbers(self, name: str) -> Answer:
        """The numbers of the text in force that a meeting may change, line by line, and what people may be
        grouped by."""

        def make(found: tuple[Workspace, Year, Report]) -> Answer:
            held, year, _ = found
            return {"articles": numbers.of(year, held), "groups": self._meeting(found).groups()}

        return self._of_year(name, make)

    def compare(self, name: str, scenarios: Sequence[Mapping[str, Any]], by: str = "") -> Answer:
        """Scenarios beside a year: each has a ``name`` and its ``changes``, pairs of a sort and a text."""
        return self._of_year(name, lambda found: self._meeting(found).compared(scenarios, by))

    def comparison(self, name: str, scenarios: Sequence[Mapping[str, Any]], by: str = "") -> Answer:
        """The meeting's paper of some scenarios, as a page of its own."""
        return self._of_year(name, lambda found: self._meeting(found).paper(scenarios, by))

    def ahead(
        self, name: str, scenarios: Sequence[Mapping[str, Any]], assumed: str, years: int
    ) -> Answer:
        """The years that follow, as it is and in each scenario, under what is assumed."""
        return self._of_year(
            name, lambda found: self._meeting(found).ahead(scenarios, assumed, years)
        )

    # ---- how it is answered

    def _held(self) -> Workspace:
        if self.held is None:
            raise LookupError("no policy is open")
        return self.held

    def _commanded(self, command: str, *options: str) -> str:
        """What a command says of the policy, without the page's own folders."""
        shown, told = io.StringIO(), io.StringIO()
        with redirect_stdout(shown), redirect_stderr(told), suppress(SystemExit):
            commands(["--lang", self.language, command, str(self._folder), *options])
        return (shown.getvalue() + told.getvalue()).replace(f"{self._folder}/", "")

    def _close(self) -> None:
        """Take the files of what is open away."""
        self.held = None
        shutil.rmtree(self._folder, ignore_errors=True)

    def _words(self, held: Workspace, year: Year | None = None) -> Words:
        laws = () if year is None else year.statute.program.laws
        own = None if year is None else year.statute.words
        if own is not None and own.language == self.language:
            return own
        return words_for(self.world, self.language, laws, held.policy)

    def _refused(self, error: files.RefusedError) -> Answer:
        report = Report()
        report.tell(error.code, None, name=error.name)
        return diagnostics_data(report, self.world.words(self.language))

    def _reopened(self, report: Report) -> Answer:
        """The policy as it lies in the room, opened anew; what is worked out is kept by its texts."""
        policy = open_policy(self._folder, report, self.language, self.world.readers)
        if policy is None:
            return diagnostics_data(report, self.world.words(self.language))
        held = Workspace(policy.speaking(self.language), self.world)
        held.statutes(report)
        if (policy.path / ANSWERS).is_file():
            tell_open(policy.path, self._words(held), self.world, report)
        self.held = held
        return {
            "name": self.name,
            "languages": self._languages(held),
            "texts": {one.path.name: one.path.read_text("utf-8") for one in policy.statutes},
            "years": [one.name for one in policy.years],
            "begun": (policy.path / ANSWERS).is_file(),
            **diagnostics_data(report, self._words(held)),
        }

    def _languages(self, held: Workspace) -> list[str]:
        found = (one.language for same in held.policy.versions().values() for one in same)
        return list(dict.fromkeys(found))

    def _of_year(
        self, name: str, make: Callable[[tuple[Workspace, Year, Report]], Answer]
    ) -> Answer:
        """What is made of a year, with what is told of it; that alone where there is no such year."""
        held, report = self._held(), Report()
        year = held.year(Path(name) if name else None, report)
        made = {} if year is None else make((held, year, report))
        return {**made, **diagnostics_data(report, self._words(held, year))}

    def _results(self, found: tuple[Workspace, Year, Report]) -> Results:
        held, year, report = found
        return held.results(year, report)

    def _written(self, form: str, found: tuple[Workspace, Year, Report]) -> Any:
        """What a writer makes of a year; nothing, and told, where its plugin fails."""
        held, year, report = found
        writer = self.world.writers[form]
        try:
            return writer.write(self._results(found), self._words(held, year))
        except Exception as error:
            self.world.tell_failure(writer, error, report)
            return ""

    def _files(self, form: str, found: tuple[Workspace, Year, Report]) -> dict[str, bytes]:
        made = self._written(form, found)
        several = made if isinstance(made, Mapping) else {form: made}
        return {
            name: one.encode() if isinstance(one, str) else bytes(one)
            for name, one in several.items()
        }

    def _shown(self, found: tuple[Workspace, Year, Report]) -> Answer:
        held, year, _ = found
        words = self._words(held, year)
        page = self._written("report.html", found)
        people = [
            {"sort": sort, "ids": list(table.ids)} for sort, table in year.facts.tables.items()
        ]
        return {
            "title": words.phrase(
                "report.title",
                name=year.outcome.cooperative,
                closing=words.date(year.outcome.closing),
            ),
            "said": [
                {"tone": tone, "text": text} for text, tone in conclusion(year.outcome, words)
            ],
            "page": page,
            "asked": [
                {"name": account.name, "label": words.label(account.name)}
                for account in year.outcome.accounts
                if account.record is None
            ],
            "records": people,
        }

    def _why(self, figure: str, record: str, found: tuple[Workspace, Year, Report]) -> Answer:
        held, year, report = found
        laws = year.statute.program.laws
        words = self._words(held, year)
        languages = [words] + [
            words_for(self.world, language, laws, held.policy) for language in self.world.languages
        ]
        asked = f"{figure} {words.keywords['OF'][0]} {record}" if record else figure
        why = explain_year(year, asked, languages, report)
        return {} if why is None else {"text": prose(why, words)}

    def _meeting(self, found: tuple[Workspace, Year, Report]) -> Meeting:
        held, year, report = found
        return Meeting(held, year, self._words(held, year), self.world, report)


ASKED = (
    *("speak", "open", "open_zip", "write", "save", "read", "law"),
    *("new", "begin", "add", "data", "take", "template"),
    *("year", "outcome", "why", "paper", "prove", "numbers"),
    *("compare", "comparison", "ahead"),
)
"""What the page may ask, and nothing else."""


def _places(span: Any) -> list[int]:
    return [span.line, span.column, span.end_line, span.end_column]
