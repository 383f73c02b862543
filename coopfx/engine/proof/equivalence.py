"""Do two versions of a statute give the same outcome in every year, or in which year do they differ?

Compared is all that an outcome shows: see shown.py. What both versions say in the same words is the
same; so is what was proved to be, and all that rests on nothing else. For the rest, a year is sought in
which they differ. Before anything is said to be the same, both are run on drawn years.
"""

from collections.abc import Callable, Iterator
from datetime import date
from itertools import islice
from typing import Any

import z3
from attrs import define, evolve, field

from coopfx.engine.outcome import (
    ALWAYS,
    REFUTED,
    UNDECIDED,
    VIOLATED,
    Difference,
    Given,
    Verdict,
)
from coopfx.engine.proof.joint import Joint, last_of
from coopfx.engine.proof.prover import Prover
from coopfx.engine.proof.shown import HOLDS, Look, Shown, Thing
from coopfx.engine.proof.trials import Trials
from coopfx.engine.reference.evaluate import evaluate
from coopfx.engine.reference.evaluation import Run
from coopfx.engine.reference.settle import verdict
from coopfx.engine.symbols import EveryYear, Judged, Symbols
from coopfx.ground.exact import Known, Missing, Type, Undefined
from coopfx.ground.facts import Facts, Field
from coopfx.ground.report import Argument, Said
from coopfx.ground.source import Span
from coopfx.language import ir
from coopfx.language.ranges import ranges

TRIALS, MORE_TRIALS = 60, 300
"""On so many drawn years both versions are run; on more of them where something is not decided."""

_OF_DATA = ("fact", "decision")
_READ_BY_PART = (ir.Allocate, ir.Split, ir.Pool)
"""Nodes of which others read more than their value: two of one value are not the same."""


@define(slots=True)
class _Both(Prover):
    """The proof that two nodes of a program show the same, where they are shown at all.

    ``differ`` tells whether two versions show the thing differently in a year.
    """

    looks: tuple[Look, Look] = field(kw_only=True)
    differ: Callable[[Facts], bool] = field(kw_only=True)

    def judged(self, year: Symbols) -> Judged:
        year.walk()
        differ, equal = [], []
        for at in year.cases():
            left, right = (year.term(look.node, at) for look in self.looks)
            if self.looks[0].way == HOLDS:
                same = year.holds(left) == year.holds(right)
            else:
                alike = z3.Implies(left.defined, left.value == right.value)
                same = year.both([left.defined == right.defined, alike])
            where = self.looks[0].where
            shown = year.true if where is None else year.holds(year.term(where, at))
            differ.append(year.both([shown, year.no(same)]))
            equal.append(year.both([shown, same]))
        return Judged(year.either(differ), year.both(equal), year.false)

    def broken(self, run: Run) -> Verdict | None:
        if not self.differ(run.facts):
            return None
        return Verdict(self.rule.name, None, "", "", True, VIOLATED)

    def roots(self) -> list[int]:
        return []

    def always(self) -> bool:
        """Whether it is proved with little work that they show the same in any year."""
        year, judged = self.every_year()
        return bool(self.quickly(year, [judged.violated]) == z3.unsat)


def _seen(run: Run, look: Look) -> object:
    """What a run shows of a node: a figure or each record's, that it does not exist, or nothing."""
    values = run.values[look.node]
    where = True if look.where is None else run.values[look.where]
    rows = values if isinstance(values, list) else [values]
    shown = where if isinstance(where, list) else [where] * len(rows)
    found = [
        (one is True if look.way == HOLDS else _plain(one)) if on is True else None
        for one, on in zip(rows, shown, strict=True)
    ]
    return tuple(found) if isinstance(values, list) else found[0]


def _plain(value: object) -> object:
    """A value; of one that does not exist, why that is so is no matter."""
    return type(value) if isinstance(value, Missing | Undefined) else value


def same(
    old: ir.Program,
    new: ir.Program,
    ends: tuple[date | None, date | None] = (None, None),
    milliseconds: int | None = None,
) -> Iterator[Difference]:
    """Compare two programs, thing by thing: of each, whether it is always the same.

    ``ends`` are the last days on which each is in force. ``verdict`` is ``always``, ``refuted`` with a
    year in which they differ or with what is written of it, or ``undecided``. What one of them does not
    have at all is told as ``only_old`` or ``only_new``, a rule that one alone sets aside as ``aside_old``
    or ``aside_new``.
    """
    terms = _term(old, ends[0]), _term(new, ends[1])
    for kind, one, other in (("term", *terms), ("currency", old.currency, new.currency)):
        if one == other:
            yield Difference(kind, kind, ALWAYS)
        else:
            yield Difference(kind, kind, REFUTED, values=(one, other), reason="said")
    if old.currency == new.currency:
        # Amounts of two currencies are not comparable.
        comparison = Comparison(Shown(old), Shown(new), ends, milliseconds)
        yield from comparison.differences()


def _term(program: ir.Program, end: date | None) -> Said:
    """The days on which a program is in force."""
    key = "proof.same.since" if end is None else "proof.same.until"
    return Said(key, {"start": program.in_force, "end": end})


@define(slots=True)
class Comparison:
    """The comparison of what two programs show."""

    old: Shown
    new: Shown
    ends: tuple[date | None, date | None]
    milliseconds: int | None
    joint: Joint = field(init=False)
    last: date | None = field(init=False)
    _years: EveryYear = field(init=False)
    _first: Joint = field(init=False)
    _tried: list[Run] = field(init=False, factory=list)
    _trials: Iterator[Facts] | None = field(init=False, default=None)
    _met: set[tuple[int, int]] = field(init=False, factory=set)
    _differ: set[str] = field(init=False, factory=set)

    def __attrs_post_init__(self) -> None:
        programs = self.old.program, self.new.program
        self._first, self.joint = Joint(*programs), Joint(*programs)
        self.last = last_of(self.joint.program, self.ends)
        self._years = EveryYear(self.joint.program, self.last)

    def differences(self) -> Iterator[Difference]:
        """Each thing, those before that others are made of."""
        ours, theirs = self.old.things, self.new.things
        for key in dict.fromkeys((*ours, *theirs)):
            one, other = ours.get(key), theirs.get(key)
            aside = _is_aside(one), _is_aside(other)
            found = one or other
            if found is not None and any(aside):
                if not all(aside):
                    yield _named(found, "aside_old" if aside[0] else "aside_new")
            elif one is None or other is None:
                alone = one or other
                if alone is not None and not alone.empty:
                    yield _named(alone, "only_old" if other is None else "only_new")
            elif one.kind in _OF_DATA and one.said[0] != other.said[0]:
                # Facts that are of another sort are no facts of the same year.
                yield _said_otherwise(one, other)
                return
        self._try(TRIALS)
        for left, right in _parts(self.old.own, self.new.own):
            self._meet(left, right)
        for key, one in ours.items():
            other = theirs.get(key)
            if _is_aside(one) or _is_aside(other):
                continue
            if other is not None and not self._is_told(one):
                made = self._compared(one, other)
                if made.verdict != ALWAYS:
                    self._differ.add(one.name)
                yield made

    def _is_told(self, thing: Thing) -> bool:
        """Whether what goes from one place to another is told already, as what an account receives."""
        return (
            thing.kind == "entry" and thing.places is not None and thing.places[1] in self._differ
        )

    def _compared(self, one: Thing, other: Thing) -> Difference:
        if one.said != other.said:
            return _said_otherwise(one, other)
        if len(one.looks) != len(other.looks):
            return self._seen(one, other) or _named(one, UNDECIDED, reason="hard")
        pairs = list(zip(one.looks, other.looks, strict=True))
        for left, right in pairs:
            self._meet(left.node, right.node)
            if left.where is not None and right.where is not None:
                self._meet(left.where, right.where)
        reason = ""
        for left, right in pairs:
            made = self._proved(one, other, left, right)
            if made.verdict == REFUTED:
                return made
            reason = reason or made.reason
        seen = self._seen(one, other)
        if seen is not None:
            return seen
        if not reason:
            return _named(one, ALWAYS)
        self._try(MORE_TRIALS)
        return self._seen(one, other) or _named(one, UNDECIDED, reason=reason)

    # ---- proofs

    def _meet(self, old: int, new: int) -> None:
        """Take two nodes for one where they are proved to be: those that they rest on first."""
        joint = self.joint
        if joint.are_same(old, new) or (old, new) in self._met or not self._alike(old, new):
            return
        self._met.add((old, new))
        one, other = self.old.nodes[old], self.new.nodes[new]
        ours, theirs = ir.inner(one), ir.inner(other)
        if type(one) is type(other) and len(ours) == len(theirs):
            for left, right in zip(ours, theirs, strict=True):
                self._meet(left, right)
        if joint.are_same(old, new) or one.record != other.record or isinstance(one, _READ_BY_PART):
            return
        if self._prover("", Look(old), Look(new), lambda facts: False).always():
            joint.unite(old, new)
            self._years = EveryYear(joint.program, self.last)

    def _proved(self, one: Thing, other: Thing, left: Look, right: Look) -> Difference:
        """What is found of a node of each: whether it is proved that they show the same."""
        joint = self.joint
        if joint.are_same(left.node, right.node):
            return _named(one, ALWAYS)
        if self.old.nodes[left.node].record != self.new.nodes[right.node].record:
            return _named(one, UNDECIDED, reason="hard")

        def differ(facts: Facts) -> bool:
            return self._shown(facts, one, other) is not None

        proof = self._prover(one.name, left, right, differ).proof()
        if proof.year is None:
            reason = "" if proof.verdict == ALWAYS else proof.reason
            return _named(one, ALWAYS if not reason else UNDECIDED, reason=reason)
        values = self._shown(proof.year, one, other)
        return _named(one, REFUTED, year=proof.year, given=proof.given, values=values)

    def _prover(self, name: str, left: Look, right: Look, differ: Callable[[Facts], bool]) -> _Both:
        joint = self.joint
        old, new = joint.of_old(left.node), joint.place[right.node]
        where = None if left.where is None else joint.of_old(left.where)
        program = joint.program
        record = program.nodes[old].record
        rule = ir.Rule(f"same {name}", True, old, _ORIGIN, (), record, None, new, where)
        return _Both(
            program,
            rule,
            self.last,
            self.milliseconds,
            self._years.bounds,
            "same",
            (name,),
            self._years,
            looks=(evolve(left, node=old, where=where), evolve(right, node=new)),
            differ=differ,
        )

    # ---- years

    def _shown(self, facts: Facts, one: Thing, other: Thing) -> tuple[object, object] | None:
        """What both show of a thing in a year, where that is not the same."""
        runs = [
            evaluate(shown.program, facts, roots=_roots(thing))
            for shown, thing in ((self.old, one), (self.new, other))
        ]
        old, new = _all(runs[0], one), _all(runs[1], other)
        if old == new:
            return None
        place = next(
            (number for number, pair in enumerate(zip(old, new, strict=True)) if pair[0] != pair[1])
        )
        return _value(runs[0], one, place), _value(runs[1], other, place)

    def _try(self, count: int) -> None:
        """Run both on so many drawn years; those count in which the meeting keeps to its bounds."""
        program = self._first.program
        if self._trials is None:
            drawn = Trials(program, self.last, ranges(program.nodes, program.constants))
            self._trials = drawn.years(TRIALS + MORE_TRIALS)
        decided = {node.name for node in program.nodes if isinstance(node, ir.Decision)}
        bounds = [rule for rule in program.rules if rule.name in decided]
        for facts in islice(self._trials, count):
            run = evaluate(program, facts, roots=range(len(program.nodes)))
            contradicts = any(_is_no(run.values[one.node]) for one in program.truths)
            if not contradicts and not any(
                verdict(run, rule).status == VIOLATED for rule in bounds
            ):
                self._tried.append(run)

    def _alike(self, old: int, new: int) -> bool:
        """Whether two nodes have the same values in all drawn years."""
        one, other = self._first.of_old(old), self._first.place[new]
        return all(_seen(run, Look(one)) == _seen(run, Look(other)) for run in self._tried)

    def _seen(self, one: Thing, other: Thing) -> Difference | None:
        """A drawn year in which both show a thing differently."""
        for run in self._tried:
            values = self._shown(run.facts, one, other)
            if values is not None:
                program = self._first.program
                roots = [*map(self._first.of_old, _roots(one))]
                roots += [self._first.place[node] for node in _roots(other)]
                given = tuple(_given(program, run.facts, ir.cone(program.nodes, roots)))
                return _named(one, REFUTED, year=run.facts, given=given, values=values)
        return None


_ORIGIN = ir.Origin(Span.on_line("", 1))


def _named(thing: Thing, verdict: str, **found: Any) -> Difference:
    return Difference(
        thing.name, thing.kind, verdict, type=thing.type, places=thing.places, **found
    )


def _said_otherwise(one: Thing, other: Thing) -> Difference:
    """A thing of which two texts say something else, whatever the year: what they say, where words can."""
    values: tuple[object, object] | None = None
    old, new = one.said, other.said
    if one.kind == "fact":
        values = _domain(one), _domain(other)
    elif one.kind == "rule":
        place = next(
            place for place, pair in enumerate(zip(old, new, strict=True)) if len({*pair}) > 1
        )
        values = (old[place], new[place]) if place else (_force(old[0]), _force(new[0]))
    return _named(one, REFUTED, reason="said", values=values)


def _is_aside(thing: Thing | None) -> bool:
    """Whether it is a rule that a statute sets aside: then nothing of it is compared."""
    return thing is not None and thing.rule is not None and bool(thing.rule.set_aside)


def _force(binding: object) -> Said:
    """What a rule is: to keep, or to follow."""
    return Said("proof.same.require" if binding is True else "proof.same.recommend")


def _domain(fact: Thing) -> Argument:
    """What a fact can be."""
    type_, low, high, paid = fact.said
    assert isinstance(type_, Type)
    field_ = Field(fact.name, type_, None, low, high, paid is True)  # type: ignore[arg-type]
    return (type_, *field_.domain())


def _is_no(value: object) -> bool:
    """Whether a truth, or that of some record, does not hold."""
    return any(one is False for one in (value if isinstance(value, list) else [value]))


def _roots(thing: Thing) -> list[int]:
    found = [node for look in thing.looks for node in (look.node, look.where) if node is not None]
    if thing.rule is not None:
        found += [*ir.inner(thing.rule)]
    return found


def _all(run: Run, thing: Thing) -> tuple[object, ...]:
    """All that a run shows of a thing, to compare."""
    if thing.rule is not None:
        found = verdict(run, thing.rule)
        cases = tuple((case.record, case.status) for case in found.cases)
        return found.status, found.margin, found.counts, cases
    return tuple(_seen(run, look) for look in thing.looks)


def _value(run: Run, thing: Thing, place: int) -> Any:
    """What a run shows of a thing at a place, to people; of a rule, its status and its margin."""
    if thing.rule is not None:
        found = verdict(run, thing.rule)
        return found.status if found.margin is None else (found.status, found.margin)
    return run.values[thing.looks[place].node]


def _given(program: ir.Program, facts: Facts, rested: set[int]) -> Iterator[Given]:
    """The facts of a year that some nodes rest on."""
    told: set[tuple[str, str, bool]] = set()
    for index in sorted(rested):
        node = program.nodes[index]
        for name, record, value, opening in _cells(node, facts):
            if value is not None and (name, record, opening) not in told:
                told.add((name, record, opening))
                decided = isinstance(node, ir.Decision)
                yield Given(name, record, node.type, value, opening, decided)


def _cells(node: ir.AnyNode, facts: Facts) -> list[tuple[str, str, Known | None, bool]]:
    """What a year gives of a node: the name, the record, the value, whether it is an opening balance."""
    match node:
        case ir.Input() if node.record is not None:
            table = facts.tables[node.record]
            column = table.columns[node.key]
            return [
                (node.key, one, value, False) for one, value in zip(table.ids, column, strict=True)
            ]
        case ir.Input():
            return [(node.key, "", facts.figures.get(node.key), False)]
        case ir.Decision(name):
            return [(name, "", facts.figures.get(name), False)]
        case ir.Balance(account) if node.is_given and node.record is None:
            return [(account, "", facts.balances.get(account), True)]
        case _:
            return []


def _parts(old: ir.Program, new: ir.Program) -> Iterator[tuple[int, int]]:
    """The lines of allocations of one source, each in both programs."""
    clauses = {
        one.node: other.node
        for one in old.allocations
        for other in new.allocations
        if one.source == other.source
    }
    places = {
        (node.clause, node.item, node.overflow): index
        for index, node in enumerate(new.nodes)
        if isinstance(node, ir.Part)
    }
    for index, node in enumerate(old.nodes):
        if isinstance(node, ir.Part) and node.record is None and node.clause in clauses:
            theirs = places.get((clauses[node.clause], node.item, node.overflow))
            if theirs is not None:
                yield index, theirs
