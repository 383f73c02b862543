"""A policy opened from a script, its years, and the changes of a what-if."""

import shutil
import weakref
from collections.abc import Mapping, Sequence
from datetime import date
from functools import cache, cached_property
from pathlib import Path
from tempfile import mkdtemp
from typing import TYPE_CHECKING, cast

from coopfx.desk.policy import open_policy
from coopfx.desk.speaking import words_for
from coopfx.desk.workspace import Workspace
from coopfx.desk.years import Year as YearRead
from coopfx.engine.outcome import Explanation, Outcome
from coopfx.ground.facts import Facts
from coopfx.ground.report import Diagnostic, Report
from coopfx.ground.words import Words
from coopfx.plugged.world import World, load_world
from coopfx.scripts import tables
from coopfx.scripts.mistakes import PolicyError
from coopfx.scripts.tables import Table

if TYPE_CHECKING:
    from coopfx.scripts.projected import HeldProjection


def open(
    path: str | Path | Mapping[str, str | bytes], *, language: str | None = None
) -> "HeldPolicy":
    """Open a policy's folder, or a single statute file, to ask it again and again.

    What is in memory alone is given as what a folder would hold: each file by its name, such as
    ``statute.en.coop`` and ``2024/cooperative.toml``. Messages and labels are in ``language``, or else
    in the policy's own. Raises PolicyError where it is no policy.

    >>> import coopfx
    >>> policy = coopfx.open("policies/alma")
    >>> policy.years
    ('2024',)
    """
    report, world = Report(), _world()[0]
    room = _Room(path) if isinstance(path, Mapping) else None
    folder = room.folder if room else Path(cast(str | Path, path))
    policy = open_policy(folder, report, language or "en", world.readers)
    if policy is None or report.failed:
        raise PolicyError(report, world.words(language or "en"))
    spoken = policy.speaking(language) if language else policy
    workspace = Workspace(spoken, world, lasts=room is None)
    return HeldPolicy(workspace, language or spoken.language, room)


class _Room:
    """A folder for files that are in memory alone, for as long as a policy is held open on it."""

    def __init__(self, files: Mapping[str, str | bytes]) -> None:
        room = mkdtemp(prefix="coopfx-")
        weakref.finalize(self, shutil.rmtree, room, ignore_errors=True)
        self.folder = Path(room).resolve() / "policy"
        self.folder.mkdir()
        for name, held in files.items():
            path = self.folder / name
            if not path.resolve().is_relative_to(self.folder):
                raise ValueError(f"{name} leads out of the policy")
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(held.encode() if isinstance(held, str) else held)


@cache
def _world() -> tuple[World, tuple[Diagnostic, ...]]:
    """What plugins bring, loaded once, and what is amiss with any of them."""
    report = Report()
    return load_world(report), tuple(report.diagnostics)


class HeldPolicy:
    """A policy that is held open: each text is compiled once, each year evaluated once.

    ``coopfx.open`` makes it. A policy with changes is another one; this one stays as it is.
    """

    def __init__(self, workspace: Workspace, language: str, room: _Room | None = None) -> None:
        self._held = workspace
        self._language = language
        self._room = room

    def __repr__(self) -> str:
        changed = "".join(f", {one}" for one in self.changes)
        return f"<policy {self._held.policy.path}{changed}>"

    @property
    def path(self) -> Path:
        """The policy's folder, or its file."""
        return self._held.policy.path

    @property
    def languages(self) -> tuple[str, ...]:
        """The languages of its statute, the policy's own first."""
        files = (file for files in self._held.policy.versions().values() for file in files)
        return tuple(dict.fromkeys(file.language for file in files))

    @property
    def years(self) -> tuple[str, ...]:
        """The names of the years that its folder holds, the oldest first."""
        return tuple(year.name for year in self._held.policy.years)

    @property
    def changes(self) -> tuple[str, ...]:
        """What makes it another policy than its files say; nothing where nothing was changed."""
        return self._held.over.said()

    def check(self) -> tuple[Diagnostic, ...]:
        """Check all versions and languages, and run the examples; the remarks, where nothing is wrong.

        Raises PolicyError where anything is.
        """
        from coopfx.engine.examples.run import run_examples

        report = Report()
        for diagnostic in _world()[1]:
            report.add(diagnostic)
        statutes = self._held.statutes(report)
        for statute in statutes:
            run_examples(statute.program, report)
        laws = tuple(dict.fromkeys(law for one in statutes for law in one.program.laws))
        if report.failed:
            raise PolicyError(report, self._words(laws))
        return tuple(report.in_order())

    def year(self, name: str | Path | None = None) -> "HeldYear":
        """A year by its name or the path of its folder, else the latest, under the statute in force then.

        Raises PolicyError where there is no such year, or it cannot be worked out.
        """
        report = Report()
        read = self._held.year(None if name is None else Path(name), report)
        if read is None:
            raise PolicyError(report, self._words())
        return HeldYear(self, read, tuple(report.in_order()))

    def with_(
        self, changed: Mapping[str, object] | None = None, /, **figures: object
    ) -> "HeldPolicy":
        """This policy, what if a year's figures were others: facts, decisions, opening balances.

        Names are those of any language, values are written as in ``cooperative.toml`` or are exact
        numbers. Names that are no Python names, such as ``réserves.légale``, are given in a dict. The
        years before the one that is asked for stay as they were.

        >>> import coopfx
        >>> less = coopfx.open("policies/alma").with_(surplus="5 000 000 EUR").year("2024")
        >>> less.outcome.provenance.changes
        ('surplus = 5 000 000 EUR',)
        """
        return HeldPolicy(
            self._held.scenario(figures={**(changed or {}), **figures}),
            self._language,
            self._room,
        )

    def amended(self, passages: Mapping[str, str], *, language: str | None = None) -> "HeldPolicy":
        """This policy, what if its statute said other things: what it says now, and what instead.

        A passage such as ``"60 %"`` must stand at one place of the text in force, remarks aside; give
        more of its line where it stands at several, or the number of that line, ``"8: 60 %"``. A name of
        a file, such as ``"statute.fr.coop"``, is given a whole text. The text is that of the
        ``language``, or of the policy's own. Raises PolicyError where a passage is not there, or at
        several places.

        >>> import coopfx
        >>> other = coopfx.open("policies/alma").amended({"60 %": "45 %"})
        >>> other.year("2024").outcome.provenance.changes
        ('statute.fr.coop',)
        """
        from coopfx.desk.amended import amended

        report = Report()
        texts = amended(self._held, passages, language or self._held.policy.language, report)
        if report.failed:
            raise PolicyError(report, self._words())
        return HeldPolicy(self._held.scenario(texts), self._language, self._room)

    def _words(self, laws: tuple[str, ...] = ()) -> Words:
        return words_for(self._held.world, self._language, laws, self._held.policy)


class HeldYear:
    """A year, worked out: its outcome, its tables, and why each figure is what it is.

    ``remarks`` are what was told of it. ``print`` shows what ``coopfx run`` does.
    """

    def __init__(self, policy: HeldPolicy, year: YearRead, remarks: tuple[Diagnostic, ...]) -> None:
        self.policy = policy
        self.remarks = remarks
        self._year = year

    def __repr__(self) -> str:
        return f"<year {self.closing} of {self.outcome.cooperative}>"

    def __str__(self) -> str:
        from coopfx.formats import text
        from coopfx.formats.terminal import Style

        return text.outcome(self.outcome, self._words, Style()).rstrip()

    @property
    def outcome(self) -> Outcome:
        """All that was worked out, as an exchange format is given it."""
        return self._year.outcome

    @property
    def facts(self) -> Facts:
        """The year's data, as they were read, with the changes of a what-if."""
        return self._year.facts

    @property
    def closing(self) -> date:
        """The day on which the year closes."""
        return self.outcome.closing

    @property
    def violated(self) -> bool:
        """Whether a rule to keep is violated."""
        return self.outcome.violated

    @cached_property
    def values(self) -> Table:
        """The named figures: ``name``, ``label``, ``value``."""
        return tables.values(self.outcome, self._words)

    @cached_property
    def accounts(self) -> Table:
        """The accounts: ``account``, ``label``, ``opening``, ``added``, ``taken``, ``closing``."""
        return tables.accounts(self.outcome, self._words)

    @cached_property
    def parts(self) -> Table:
        """What each record receives: ``record``, ``id``, ``share``, ``label``, ``article``, ``amount``."""
        return tables.parts(self.outcome, self._words)

    @cached_property
    def verdicts(self) -> Table:
        """The rules: ``rule``, ``label``, ``law``, ``article``, ``binding``, ``status``, both sides and
        the ``margin``."""
        return tables.verdicts(self.outcome, self._words)

    @cached_property
    def indicators(self) -> Table:
        """The indicators: ``indicator``, ``pillar``, ``value``, ``target``, ``met``."""
        return tables.indicators(self.outcome)

    @cached_property
    def books(self) -> Table:
        """Each amount moved: ``article``, ``line``, ``way``, ``from``, ``to``, ``id``, ``amount``."""
        return tables.books(self.outcome)

    def why(self, name: str, of: str | None = None) -> "Why":
        """Why a figure is what it is: an account, a figure, a rule, an indicator; ``of`` one record.

        Names may be in any language, and as results show them. Raises PolicyError where there is no
        such figure, with the nearest that there is.

        >>> import coopfx
        >>> year = coopfx.open("policies/alma", language="en").year("2024")
        >>> print(str(year.why("work_share", of="p042")).splitlines()[0])
        p042 receives €22,929.12 of work_share (€4,504,148.97)
        """
        from coopfx.desk.asking import explain_year

        report = Report()
        year, own = self._year, self.policy
        laws = year.statute.program.laws
        world, files = own._held.world, own._held.policy
        languages = [self._words] + [
            words_for(world, language, laws, files) for language in world.languages
        ]
        asked = name if of is None else f"{name} {self._words.keywords['OF'][0]} {of}"
        found = explain_year(year, asked, languages, report)
        if found is None:
            raise PolicyError(report, self._words)
        return Why(found, self._words)

    def with_(
        self, changed: Mapping[str, object] | None = None, /, **figures: object
    ) -> "HeldYear":
        """This year, what if its figures were others: see HeldPolicy.with_."""
        return self.policy.with_(changed, **figures).year(self._year.folder)

    def amended(self, passages: Mapping[str, str], *, language: str | None = None) -> "HeldYear":
        """This year, what if its statute said other things: see HeldPolicy.amended."""
        return self.policy.amended(passages, language=language).year(self._year.folder)

    def projected(
        self, assumed: str | Sequence[str] = (), *, years: int = 5
    ) -> tuple["HeldProjection", ...]:
        """The years that follow this one, for each way in which things are assumed to go.

        ``assumed`` are lines such as ``"surplus + 2% a year"``, in any language, or the text of a file of
        them; what is not assumed to change is what it was. Raises PolicyError where a line cannot be
        read, or the years cannot be worked out.

        >>> import coopfx
        >>> year = coopfx.open("policies/quartet", language="en").year("2024")
        >>> low, high = year.projected(["low: surplus - 5% a year", "high: surplus + 2% a year"], years=2)
        >>> low.under, str(low.accounts[-1]["year"]), high.per_head[-1]["heads"]
        ('low', '2026-12-31', 4)
        """
        from coopfx.desk.assumptions import read_assumptions
        from coopfx.desk.projecting import project_year
        from coopfx.desk.years import languages_of, schema_of
        from coopfx.ground.source import Source
        from coopfx.scripts.projected import HeldProjection

        if years < 1:
            raise ValueError("a projection is of one year at least")
        report, year, held = Report(), self._year, self.policy._held
        text = assumed if isinstance(assumed, str) else "\n".join(assumed)
        languages = [self._words, *languages_of(year.statute, held.policy, held.world)]
        source = Source("assumptions", text, self._words.language)
        ways = read_assumptions([source], schema_of(year.statute.program), languages, report)
        found = []
        for way in ways:
            own = Report()
            projected = project_year(held, year, "", way, years, own)
            report.take(own)
            if projected is not None:
                remarks = tuple(own.in_order())
                found.append(HeldProjection(projected.projection, self._words, remarks))
        if report.failed or len(found) < max(len(ways), 1):
            raise PolicyError(report, self._words)
        return tuple(found)

    @cached_property
    def _words(self) -> Words:
        statute = self._year.statute
        if statute.words.language == self.policy._language:
            return statute.words
        return self.policy._words(statute.program.laws)


class Why:
    """Why a figure is what it is: printed as a tree; ``prose`` has it as paragraphs to be read aloud."""

    def __init__(self, explanation: Explanation, words: Words) -> None:
        self.explanation = explanation
        self._words = words

    def __str__(self) -> str:
        from coopfx.formats import tree
        from coopfx.formats.terminal import Style

        return tree.explanation(self.explanation, self._words, Style()).rstrip()

    __repr__ = __str__

    @property
    def prose(self) -> str:
        """The explanation as paragraphs."""
        from coopfx.formats import prose

        return prose.prose(self.explanation, self._words).rstrip()
