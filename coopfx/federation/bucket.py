"""One bucket of a run, from the paths of its task to its result: what every engine calls.

A task is a folder. It holds ``task.json``, and of tables also the rows of its cooperatives; when it is
done it holds ``result.npz``, which appears whole, and its hash. Doing it again gives the same bytes.
"""

import json
from collections.abc import Callable
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
from attrs import frozen

from coopfx import pipeline
from coopfx.desk.packs import sha256
from coopfx.desk.policy import open_policy
from coopfx.desk.speaking import words_for
from coopfx.desk.versions import Statute
from coopfx.engine.columns import Batch, gather, sweep_blocks
from coopfx.engine.columns.swept import Swept
from coopfx.engine.columns.values import Array
from coopfx.engine.columns.verdicts import unlike_registers, untrue
from coopfx.engine.reference.books import placed
from coopfx.engine.reference.contradictions import tell_register, tell_untrue
from coopfx.federation import array_files
from coopfx.federation.batch_rows import Writing
from coopfx.federation.compared import Side, compare, refuse
from coopfx.federation.layouts import MOST_DIGITS, OF_SCENARIOS, STATUSES
from coopfx.federation.scenarios import changes_of
from coopfx.federation.statutes import Statutes, compile_all
from coopfx.federation.table_columns import Coded, Piece, Rows, Whole, packed
from coopfx.federation.years import TableYears
from coopfx.ground.facts import Facts
from coopfx.ground.report import Report
from coopfx.ground.words import Words
from coopfx.language import ir
from coopfx.plugged.world import World, load_world

TASK, RESULT, DONE = "task.json", "result.npz", "result.sha256"


@frozen(slots=True)
class Ready:
    """A cooperative's year, ready to be evaluated."""

    place: int
    statute: Statute
    program: ir.Program
    facts: Facts


def work(folder: str) -> None:
    """Evaluate the cooperatives of a task and put the rows of all tables into its result."""
    path = Path(folder)
    task = json.loads((path / TASK).read_text("utf-8"))
    world = _world()
    tables = task["kind"] == "tables"
    made = _of_tables(path, task, world) if tables else _of_policies(task, world)
    array_files.write_text(path / DONE, array_files.save(path / RESULT, made))
    array_files.sync(path)


@lru_cache(maxsize=1)
def _world() -> World:
    return load_world(Report())


@lru_cache(maxsize=4)
def _statutes(at: tuple[tuple[str, str], ...], hashes: tuple[tuple[str, str], ...]) -> Statutes:
    """The statutes of a run, which must be those that it began with."""
    found = compile_all({name: Path(path) for name, path in at}, _world(), Report())
    if found is None or tuple(found.hashes().items()) != hashes:
        raise ValueError("a statute has changed since the run began; run it again from its start")
    return found


def _of_tables(folder: Path, task: dict[str, Any], world: World) -> dict[str, Array]:
    at = tuple((name, path) for name, path in task["statutes"].items())
    statutes = _statutes(at, tuple(task["hashes"].items()))
    base = _worked_out(TableYears(folder, task, statutes, world), task)
    tables = base.finish()
    if "scenarios" in task:
        side = Side(tables, len(base.names), base.whole)
        compared = Rows({name: [] for name in OF_SCENARIOS})
        each = [changes_of(scenario, base.names) for scenario in task["scenarios"]]
        named = list(zip((scenario["name"] for scenario in task["scenarios"]), each, strict=True))
        for number, (name, changes) in enumerate(named):
            if changes:
                years = TableYears(folder, task, statutes, world, changes)
                made = _worked_out(years, task, compared=True)
                other = Side(made.finish(), side.size, made.whole)
                compare(name, number, side, other, changes, compared)
        for place in compared.too_wide():
            for number, (name, changes) in enumerate(named):
                if place in changes:
                    refuse(name, number, place, "D808", compared)
        tables |= compared.finish(base.names, base.closings)
    return packed(tables)


def _worked_out(years: TableYears, task: dict[str, Any], *, compared: bool = False) -> "_Made":
    """The rows of a bucket's cooperatives, or of those that a scenario is about, to be compared."""
    made = _Made(years.names, task["decimals"], years.words_of, compared=compared)
    made.closings, made.called = years.closings, years.called
    for table in years.tables():
        made.sweep(table.batch, table.places, [table.statute] * table.batch.size)
    ready = []
    for place, report in years.suspects():
        read = years.read(place, report)
        if read is None:
            made.refuse(place, report, years.words_of(place))
        else:
            ready.append(Ready(place, *read))
    made.gathered(ready)
    return made


def _of_policies(task: dict[str, Any], world: World) -> dict[str, Array]:
    ready: list[Ready] = []
    spoken: list[Words] = []
    made = _Made(list(task["policies"]), task["decimals"], spoken.__getitem__)
    for place, path in enumerate(task["policies"].values()):
        report = Report()
        policy = open_policy(Path(path), report)
        read = None
        words = world.words("en")
        if policy is not None:
            words = words_for(world, task["language"] or policy.language, (), policy)
            data = Path(task["year"]) if task["year"] else None
            read = pipeline.read_policy(policy, data, world, report)
        spoken.append(words)
        if read is None:
            made.refuse(place, report, words)
            continue
        statute, facts = read
        if report.diagnostics:
            made.note(place, report, words)
        made.closings[place] = facts.closing.isoformat()
        made.called[place] = facts.cooperative
        ready.append(Ready(place, statute, statute.program, facts))
    made.gathered(ready)
    return packed(made.finish())


class _Made:
    """The rows of a bucket's cooperatives while they are worked out."""

    def __init__(
        self,
        names: list[str],
        decimals: int,
        words_of: Callable[[int], Words],
        *,
        compared: bool = False,
    ) -> None:
        self.names, self.decimals, self.words_of = names, decimals, words_of
        self.compared = compared
        self.rows = Rows()
        self.closings = [""] * len(names)
        self.called: list[str] = [""] * len(names)
        self.told: dict[int, Report] = {}
        self.whole: dict[int, frozenset[str]] = {}
        """The accounts of each cooperative that are no branch of another, in the legal book."""

    def gathered(self, ready: list[Ready]) -> None:
        """Evaluate years that were read one by one, those of one shape together."""
        groups: list[tuple[tuple[object, ...], list[Ready]]] = []
        for one in ready:
            key = _outward(one.program)
            group = next((own for known, own in groups if known == key), None)
            if group is None:
                groups.append((key, [one]))
            else:
                group.append(one)
        for _, group in groups:
            batch = gather([one.program for one in group], [one.facts for one in group])
            places = np.array([one.place for one in group])
            self.sweep(batch, places, [one.statute for one in group])

    def sweep(self, batch: Batch, places: Array, statutes: list[Statute]) -> None:
        """Evaluate a batch in blocks, and add the rows of all tables."""
        start = 0
        whole = _whole_accounts(batch.program)
        self.whole |= dict.fromkeys(places.tolist(), whole)
        for swept in sweep_blocks(batch):
            stop = start + swept.batch.size
            owners = places[start:stop]
            writing = Writing(swept, owners, self.rows, self.decimals, self.compared)
            writing.write()
            counts, broken = writing.verdicts()
            own = statutes[start:stop]
            columns: dict[str, Piece] = {
                "name": Coded.of([self.called[place] or None for place in owners.tolist()]),
                "statute": Coded.of([one.program.name for one in own]),
                "statute_sha256": Coded.of([sha256(one.source.text) for one in own]),
                "currency": Coded.of([one.program.currency for one in own]),
                "status": Coded.same("evaluated", len(own)),
                "broken": Whole.of(broken),
            }
            columns |= {one: Whole.of(counts[at]) for at, one in enumerate(STATUSES)}
            self.rows.add("runs", owners, 0, columns)
            self.contradicted(swept, owners)
            start = stop

    def contradicted(self, swept: Swept, owners: Array) -> None:
        """Note the cooperatives whose data contradict themselves, or one another."""
        program = swept.batch.program
        for truth in program.truths:
            compared = program.nodes[truth.node]
            assert isinstance(compared, ir.Compare)
            for number, row, whose in untrue(swept, truth):
                sides = swept.cell(compared.left, row), swept.cell(compared.right, row)
                report = self.told.setdefault(int(owners[number]), Report())
                tell_untrue(program, truth, sides, whose, None, report)
        for number, held, capital in unlike_registers(swept):
            report = self.told.setdefault(int(owners[number]), Report())
            tell_register(program, held, capital, None, report)

    def refuse(self, place: int, report: Report, words: Words) -> None:
        """A cooperative whose data have a mistake: it has no figures, and all is told."""
        owners = np.array([place])
        self.rows.add("runs", owners, 0, {"status": Coded.same("refused", 1)})
        self.note(place, report, words)

    def note(self, place: int, report: Report, words: Words) -> None:
        """Diagnostics of one cooperative."""
        found = report.in_order()
        self.rows.add(
            "diagnostics",
            np.full(len(found), place),
            0,
            {
                "code": Coded.of([one.code for one in found]),
                "severity": Coded.of([str(one.severity.value) for one in found]),
                "message": Coded.of([words.message(one) for one in found]),
                "help": Coded.of([words.help(one) or None for one in found]),
                "file": Coded.of([Path(one.file).name or None for one in found]),
                "line": Whole.of(
                    np.array([one.span.line if one.span else 0 for one in found], np.int64),
                    np.array([one.span is None for one in found], bool),
                ),
            },
        )

    def finish(self) -> dict[str, dict[str, Piece]]:
        """All rows in canonical order.

        A cooperative with an amount that no table holds is refused, and told (D808).
        """
        for place, report in self.told.items():
            self.note(place, report, self.words_of(place))
        for place in self.rows.too_wide():
            report = Report()
            report.tell("D808", None, most=MOST_DIGITS)
            self.refuse(place, report, self.words_of(place))
        return self.rows.finish(self.names, self.closings)


def _whole_accounts(program: ir.Program) -> frozenset[str]:
    own = {
        name
        for name, nodes in program.accounts.items()
        if nodes.record is None and not nodes.management
    }
    return frozenset(name for name in own if name.rpartition(".")[0] not in own)


def _outward(program: ir.Program) -> tuple[object, ...]:
    """What programs that are swept and written together have in common: their shape, and all names."""
    return (
        *program.shape,
        tuple(program.figures.items()),
        tuple(placed(program)),
        tuple((one.node, one.account, one.origin.article) for one in program.shares),
        tuple((one.node, one.figure, one.account, one.origin.article) for one in program.pools),
        tuple(
            (
                *(one.name, one.binding, one.origin.law, one.origin.article, one.comparisons),
                *(one.record, one.set_aside),
            )
            for one in program.rules
        ),
        tuple(
            (one.label, one.pillar, one.value, one.target, one.met) for one in program.indicators
        ),
    )
