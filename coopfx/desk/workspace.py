"""A policy held open: what is asked of it is worked out once, by what it rests on.

Over its files may lie texts that are not saved yet, as an editor holds them, or the changes of a
scenario: another text, other figures of the year. What comes of either says so in its provenance.
"""

import functools
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar, cast

from attrs import Factory, define, evolve, field

from coopfx.desk.over import Over
from coopfx.desk.packs import packs_of, tell_changed
from coopfx.desk.policy import STANDARD_INPUT, Policy, StatuteFile, read_source
from coopfx.desk.speaking import words_for
from coopfx.desk.versions import Statute, first_of_each_version, tell_difference, tell_terms
from coopfx.desk.years import (
    Year,
    choose_year,
    closing_of,
    dated_before,
    digest_of_years,
    languages_of,
    read_files,
    schema_of,
    statute_in_force,
)
from coopfx.ground import kept
from coopfx.ground.facts import Facts, Schema
from coopfx.ground.report import Diagnostic, Report
from coopfx.ground.source import Source
from coopfx.ground.words import Words
from coopfx.plugged.world import World

if TYPE_CHECKING:
    from datetime import date

    from coopfx.desk.data import Files, Watch
    from coopfx.engine.outcome import Explanation, IndicatorYear, Outcome, Results
    from coopfx.engine.reference.evaluation import Run

T = TypeVar("T")

SPARE = 8
"""So many answers of one sort are held beside one for each file and year; of more, the oldest goes."""


@define(eq=False)
class _Answers:
    """Answers by what they rest on, each with what was told while it was worked out."""

    most: int = SPARE
    _of: dict[str, dict[object, tuple[object, Report]]] = field(init=False, factory=dict)

    def once(self, sort: str, key: object, make: Callable[[Report], T], report: Report) -> T:
        """The answer to a question, worked out where it has not been, and told as often as it is asked."""
        answers = self._of.setdefault(sort, {})
        found = answers.pop(key, None)
        if found is None:
            told = Report()
            found = make(told), told
        answers[key] = found
        if len(answers) > self.most:
            del answers[next(iter(answers))]
        report.take(found[1])
        return cast(T, found[0])


@define(eq=False)
class Workspace:
    """A policy held open.

    ``language`` is the only one that is compiled where it is given, or else all are and are held
    together. What is compiled ``lasts`` beyond the process, in the user's cache folder, where that is
    asked for. ``watch`` may wrap the files of years that are read.
    """

    policy: Policy
    world: World
    language: str | None = None
    lasts: bool = False
    watch: "Watch | None" = None
    over: Over = Factory(Over)
    _answers: _Answers = field()

    @_answers.default
    def _none_yet(self) -> _Answers:
        return _Answers(SPARE + len(self.policy.statutes) + len(self.policy.years))

    # ---- what lies over it

    def with_unsaved(self, texts: Mapping[Path, str]) -> "Workspace":
        """This policy with texts that are not saved, as if they were; what is known already is shared."""
        return self._with(evolve(self.over, unsaved={**self.over.unsaved, **texts}))

    def scenario(
        self, texts: Mapping[Path, str] | None = None, figures: Mapping[str, object] | None = None
    ) -> "Workspace":
        """This policy with the changes of a scenario; where a text changes, its language alone counts."""
        over = evolve(
            self.over,
            texts={**self.over.texts, **(texts or {})},
            figures={**self.over.figures, **(figures or {})},
        )
        changed = [file.language for file in self.policy.statutes if file.path in over.texts]
        return evolve(self._with(over), language=changed[0] if changed else self.language)

    def in_language(self, language: str) -> "Workspace":
        """This policy, of which one language counts."""
        return evolve(self, language=language)

    def _with(self, over: Over) -> "Workspace":
        return evolve(self, over=over)

    def _as_it_is(self) -> "Workspace":
        """The policy in other years than the one that a scenario is about."""
        return self._with(Over(self.over.unsaved))

    # ---- texts and programs

    def text(self, file: StatuteFile, report: Report) -> Source | None:
        """The text of a statute's file, or what lies over it; None, and told, where it cannot be read."""
        over = self.over.text(file.path)
        if over is not None:
            source = Source(str(file.path), over, file.language)
            report.read(source)
            return source
        state = () if file.path == STANDARD_INPUT else _state(file.path)
        return self._answers.once(
            "text", (file.path, file.language, state), lambda told: read_source(file, told), report
        )

    def compiled(self, file: StatuteFile, report: Report) -> Statute | None:
        """A file of the statute to its program; None, and told, where it has any mistake."""
        if file.language not in self.world.languages:
            known = tuple(sorted(self.world.languages))
            report.tell("P911", None, path=str(file.path), language=file.language, known=known)
            return None
        source = self.text(file, report)
        if source is None:
            return None
        report.read(source)

        def make(told: Report) -> Statute | None:
            lasts = self.lasts and self.over.text(file.path) is None
            return self._recalled(file, source, told) if lasts else self._made(file, source, told)

        return self._answers.once("compiled", (file, source.text), make, report)

    def _made(self, file: StatuteFile, source: Source, report: Report) -> Statute | None:
        from coopfx.desk.compiling import compile_source

        return compile_source(source, file, self.policy, self.world, report)

    def _recalled(self, file: StatuteFile, source: Source, report: Report) -> Statute | None:
        """A statute as the same code has compiled it from the same texts, or compiled now and kept."""
        rests_on = (repr(file), source.text, repr(self.policy.names), self.world.texts)
        found = kept.recall("statute", *rests_on)
        if found is None:
            made = self._made(file, source, report)
            if made is not None:
                told = tuple(report.diagnostics)
                value = made.program, made.term, made.holds_at, made.labels, told
                kept.keep(value, "statute", *rests_on)
            return made
        program, term, holds_at, labels, told = cast(tuple[Any, ...], found)
        self._tell_again(told, report)
        words = words_for(self.world, file.language, program.laws, self.policy)
        words = words.with_names({}, labels)
        return Statute(file, source, program, words, term, holds_at, labels)

    def _tell_again(self, told: tuple[Diagnostic, ...], report: Report) -> None:
        """Tell what was told when an answer was first worked out, with the laws' texts to cite from."""
        for diagnostic in told:
            report.add(diagnostic)
        if told:
            for provided in self.world.laws.values():
                report.read(provided.source())
            for model in self.world.models.values():
                report.read(Source(model.file, model.text, model.language))

    def kept_examples(self, statute: Statute) -> frozenset[str]:
        """The titles of the examples that a statute keeps."""
        from coopfx.engine.examples.run import run_examples

        def make(told: Report) -> frozenset[str]:
            found = run_examples(statute.program, Report())
            return frozenset(one.title for one in found if one.passed)

        rests_on = statute.file, statute.source.text
        return self._answers.once("examples", rests_on, make, Report())

    # ---- the statute as a whole

    @property
    def files(self) -> dict[str, list[StatuteFile]]:
        """The files of each version that count, the policy's own language first."""
        found = self.policy.versions()
        if self.language is not None:
            for version, files in found.items():
                own = [file for file in files if file.language == self.language]
                found[version] = own or files[:1]
        return found

    def statutes(self, report: Report, *, locked: bool = True) -> list[Statute]:
        """Every version and language, compiled, with all that is to be told of them together.

        Where it is ``locked``, the packs that it stands under are held against those that it keeps.
        """
        found = []
        for files in self.files.values():
            same = [self.compiled(file, report) for file in files]
            compiled = [statute for statute in same if statute is not None]
            found += compiled
            for other in compiled[1:]:
                self._tell_difference(compiled[0], other, report)
        tell_terms(list(first_of_each_version(found).values()), report)
        if locked and self.policy.packs:
            tell_changed(self.policy, packs_of((one.program for one in found), self.world), report)
        return found

    def _tell_difference(self, first: Statute, second: Statute, report: Report) -> None:
        def make(told: Report) -> bool:
            tell_difference(first, second, told)
            return True

        both = tuple((one.file, one.source.text) for one in (first, second))
        self._answers.once("difference", both, make, report)

    def versions(self, report: Report) -> list[Statute] | None:
        """The first statute of each version; None, and told, where any text has a mistake.

        All that statutes() tells is told. Where the same texts have been read before, that is known
        without compiling them again.
        """
        files = [file for files in self.files.values() for file in files]
        sources = [self.text(file, Report()) for file in files]
        texts = tuple(source.text if source else None for source in sources)

        def make(told: Report) -> list[Statute] | None:
            lasts = self.lasts and not (self.over.texts or self.over.unsaved) and None not in texts
            if not lasts:
                found = list(first_of_each_version(self.statutes(told)).values())
                return None if told.failed else found
            rests_on = repr(files), repr(self.policy), self.world.texts, repr(texts)
            again = kept.recall("versions", *rests_on)
            if again is not None:
                for source in sources:
                    told.read(cast(Source, source))
                self._tell_again(cast(tuple[Diagnostic, ...], again), told)
            else:
                self.statutes(told)
                if not told.failed:
                    kept.keep(tuple(told.diagnostics), "versions", *rests_on)
            if told.failed:
                return None
            first = (self.compiled(same[0], Report()) for same in self.files.values())
            return [statute for statute in first if statute is not None]

        return self._answers.once("versions", (tuple(files), texts), make, report)

    # ---- years

    def year(self, data: Path | None, report: Report) -> Year | None:
        """A year, evaluated and settled: the one given, else the latest; None, and told, where none is.

        Where opening the policy has told an error, no year is taken for another.
        """
        folder = choose_year(self.policy, data, self.world, report)
        return None if folder is None or report.failed else self.outcome(folder, report)

    def outcome(self, folder: Path, report: Report) -> Year | None:
        """A year by its folder or its file, evaluated and settled; None, and told, on any mistake."""
        from coopfx.desk.evaluated import settle_year

        def make(told: Report) -> Year | None:
            run = self._run(folder, told)
            if run is None:
                return None
            self.tell_openings(run[0], run[1].facts, folder, told)
            return settle_year(*run, folder, self.world, told, self.over.said())

        return self._answers.once("outcome", self._rests_on(folder), make, report)

    def _run(self, folder: Path, report: Report) -> "tuple[Statute, Run] | None":
        """A year, evaluated and not settled yet: who speaks of it in another year asks no more."""
        from coopfx.engine.reference.evaluate import evaluate

        def make(told: Report) -> "tuple[Statute, Run] | None":
            read = self.facts(folder, told)
            return None if read is None else (read[0], evaluate(read[0].program, read[1]))

        return self._answers.once("run", self._rests_on(folder), make, report)

    def tell_openings(self, statute: Statute, facts: Facts, folder: Path, report: Report) -> None:
        """Tell where accounts open at another sum than they closed at in the year before, by its date."""
        from coopfx.engine.reference.contradictions import opens, tell_openings
        from coopfx.engine.reference.other_years import year_before

        above = self.years_before(folder, facts.closing, Report()) if opens(facts) else []
        earlier = self._as_it_is()._run(above[-1], Report()) if above else None
        before = None if earlier is None else year_before(facts.closing, [earlier[1]])
        if before is not None:
            tell_openings(statute.program, facts, before, report)

    def facts(self, folder: Path, report: Report) -> tuple[Statute, Facts] | None:
        """The statute in force when a year closes, and the facts, those of other years among them."""

        def make(told: Report) -> tuple[Statute, Facts] | None:
            statutes = self.versions(told)
            if statutes is None:
                return None
            with self._opened(folder) as files:
                chosen = statute_in_force(statutes, files, self.policy, told)
                own = None if chosen is None else self._read(files, chosen, told)
            if chosen is None or own is None:
                return None
            whole = self._with_other_years(self._changed(own, chosen, told), chosen, folder, told)
            return None if told.failed else (chosen, whole)

        return self._answers.once("facts", self._rests_on(folder), make, report)

    def _read(self, files: "Files", statute: Statute, report: Report) -> Facts | None:
        def make(told: Report) -> list[Words]:
            return languages_of(statute, self.policy, self.world)

        def read(told: Report) -> Facts | None:
            words = self._answers.once("words", (statute.file, statute.source.text), make, told)
            return read_files(files, statute, self.policy, told, words)

        # Another text that may be given the same reads the same of files that have not changed, and over
        # which the same lies.
        unsaved = repr(self.over.unsaved)
        asked = repr(schema_of(statute.program)), statute.file, statute.program.laws, unsaved
        return self._answers.once("read", (self._files_of(files.path), asked), read, report)

    def closing(self, folder: Path) -> "date | None":
        """When a year closes; None where no file of it says so."""

        def make(told: Report) -> "date | None":
            with self._opened(folder) as files:
                found = closing_of(files, Schema("EUR", (), (), ()), told)
            return found[0] if found else None

        return self._answers.once("closing", self._rests_on(folder), make, Report())

    def years_before(self, folder: Path, closing: "date", report: Report) -> list[Path]:
        """The policy's years that closed before one, in their order; those without a date are left out.

        Of several that closed on one day, one is taken, and told (P949).
        """
        others = (year for year in self.policy.years if year != folder)
        return dated_before({year: self.closing(year) for year in others}, closing, report)

    def results(self, year: Year, report: Report) -> "Results":
        """All that a writer may say of a year: its outcome with what was told, and what lies behind."""
        from coopfx.desk.evaluated import explain
        from coopfx.engine.outcome import Results

        @functools.cache
        def before() -> tuple["Outcome", ...]:
            folders = self.years_before(year.folder, year.facts.closing, Report())
            found = (self._as_it_is().outcome(one, Report()) for one in folders)
            return tuple(earlier.outcome for earlier in found if earlier is not None)

        def why(name: str, record: str = "") -> "Explanation | None":
            return explain(year, name, record)

        outcome = evolve(self.over_the_years(year, report), diagnostics=tuple(report.diagnostics))
        return Results(outcome, year.facts, why, before, year.folder, report)

    def over_the_years(self, year: Year, report: Report) -> "Outcome":
        """A year's outcome, each of its indicators with the policy's years up to this one.

        Told are earlier years that cannot be read (P965), and former labels that none has (P966).
        """
        from coopfx.desk.over_years import put_together

        if not year.outcome.indicators:
            return year.outcome
        told = Report()
        folders = self.years_before(year.folder, year.facts.closing, told)
        for diagnostic in told.diagnostics:
            if diagnostic not in report.diagnostics:
                report.add(diagnostic)
        as_it_is = self._as_it_is()
        earlier = [
            (folder, as_it_is._indicators(folder, folders[:number]))
            for number, folder in enumerate(folders)
        ]
        return put_together(year.outcome, earlier, report)

    def _indicators(
        self, folder: Path, before: Sequence[Path]
    ) -> "tuple[date, tuple[IndicatorYear, ...]] | None":
        """When a year closes, and its indicators; None where it cannot be read.

        Where neither it nor the years that closed ``before`` it, of which it may speak, have changed, it
        is taken from the cache, if the policy lasts.
        """

        def evaluated() -> "tuple[date, tuple[IndicatorYear, ...]] | None":
            year = self.outcome(folder, Report())
            return None if year is None else (year.outcome.closing, year.outcome.indicators)

        def make(told: Report) -> "tuple[date, tuple[IndicatorYear, ...]] | None":
            if not self.lasts or self.over.unsaved:
                return evaluated()
            rests_on = repr(self.policy), repr(self.language), self.world.texts
            files = digest_of_years(self.policy, (*before, folder))
            return kept.remember(evaluated, "indicators", *rests_on, files)

        return self._answers.once("indicators", self._rests_on(folder), make, Report())

    def _opened(self, folder: Path) -> "Files":
        from coopfx.desk.data import Files, unwatched

        over = {**self.over.unsaved, **self.over.texts}
        return Files(folder, self.world, self.watch or unwatched, self.policy.settings, over)

    def _rests_on(self, folder: Path) -> object:
        """What a year rests on: all files of the policy, since a year may speak of others, and what
        lies over them."""
        return self._files_of(folder), repr(self.over), self.language

    def _files_of(self, folder: Path) -> object:
        """The files that a year rests on, and what tells whether any of them has changed."""
        texts = (file.path for file in self.policy.statutes if file.path != STANDARD_INPUT)
        files = [self.policy.settings, *texts]
        for year in dict.fromkeys((*self.policy.years, folder)):
            files += sorted(year.iterdir()) if year.is_dir() else [year]
        return folder, tuple((path, _state(path)) for path in files)

    def _changed(self, facts: Facts, statute: Statute, report: Report) -> Facts:
        """A year's facts with the figures of a scenario."""
        if not self.over.figures:
            return facts
        from coopfx.desk.scenario import with_figures

        return with_figures(facts, self.over.figures, statute, self.policy, self.world, report)

    def _with_other_years(
        self, facts: Facts, statute: Statute, folder: Path, report: Report
    ) -> Facts:
        """A year's facts with the figures of other years that its statute speaks of.

        What is wrong in an earlier year is for its own run to tell: here its figures are then missing.
        """
        from coopfx.engine.reference.other_years import asked_of_others, with_other_years

        if not asked_of_others(statute.program):
            return facts
        evaluated = []
        for other in self.years_before(folder, facts.closing, report):
            earlier = self._as_it_is()._run(other, Report())
            if earlier is None:
                report.tell("P941", None, path=str(other))
            else:
                evaluated.append(earlier[1])
        return with_other_years(statute.program, facts, evaluated, report)


def _state(path: Path) -> tuple[int, ...]:
    """What tells by itself whether a file has changed: its size, its times, its place on the disk."""
    try:
        status = path.stat()
    except OSError:
        return ()
    return status.st_size, status.st_mtime_ns, status.st_ctime_ns, status.st_ino
