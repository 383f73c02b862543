"""Do two versions of a statute give the same outcome in every year, or in which year do they differ?

Compared are what each account receives, what each record receives, and the verdict of each rule. What
both versions say in the same words is the same; so is what was proved to be, and all that rests on
nothing else. For the rest, a year is sought in which they differ, and both are run on it.
"""

from collections.abc import Iterator
from datetime import date
from functools import partial
from typing import Any

import z3
from attrs import define, field, frozen

from coopfx.engine.outcome import (
    ALWAYS,
    REFUTED,
    UNDECIDED,
    VIOLATED,
    Difference,
    Verdict,
)
from coopfx.engine.proof.prover import MILLISECONDS, Prover
from coopfx.engine.reference.evaluate import evaluate
from coopfx.engine.reference.evaluation import Run
from coopfx.engine.reference.settle import verdict
from coopfx.engine.symbols import Judged, SmallYear, Symbols
from coopfx.language import ir
from coopfx.language.ranges import Range, ranges


@define(slots=True)
class _Said:
    """What each node of two programs says: nodes that say the same have the same number."""

    numbers: dict[object, int] = field(factory=dict)
    known: tuple[dict[int, int], dict[int, int]] = field(factory=lambda: ({}, {}))

    def number(self, side: int, program: ir.Program, index: int) -> int:
        """The number of what a node says; those before it are walked first, so that none is deep."""
        known = self.known[side]
        for inner in sorted(ir.cone(program.nodes, [index])):
            if inner not in known:
                said = self._said(side, program, inner)
                known[inner] = self.numbers.setdefault(said, len(self.numbers))
        return known[index]

    def are_same(self, old: tuple[ir.Program, int], new: tuple[ir.Program, int]) -> bool:
        """Whether a node of the one says what a node of the other does."""
        return self.number(0, *old) == self.number(1, *new)

    def unite(self, old: tuple[ir.Program, int], new: tuple[ir.Program, int]) -> None:
        """Take two nodes for the same from here on."""
        self.known[1][new[1]] = self.number(0, *old)
        later = [index for index in self.known[1] if index > new[1]]
        for index in later:
            del self.known[1][index]

    def _said(self, side: int, program: ir.Program, index: int) -> object:
        node = program.nodes[index]
        if isinstance(node, ir.Slot):
            return ir.Slot, node.type, program.constants[node.index]
        if isinstance(node, ir.Param):
            at = None if node.at is None else self.known[side][node.at]
            return ir.Param, node.name, repr(program.parameters[node.name].values), at
        return ir.renumbered(node, self.known[side].__getitem__)


@frozen(slots=True)
class _Pair:
    """A thing that both programs say: its name, and its node in each."""

    name: str
    kind: str
    old: int
    new: int
    record: str | None


@define(slots=True)
class _Both(Prover):
    """The proof that two programs agree on a thing: the first is the prover's own."""

    other: ir.Program = field(kw_only=True)
    pair: _Pair = field(kw_only=True)
    lemmas: list[_Pair] = field(kw_only=True, factory=list)
    values: tuple[Any, Any] = (None, None)

    def judged(self, year: Symbols) -> Judged:
        other = self._beside(year)
        year.walk()
        other.walk()
        differ, equal = [], []
        for at in year.cases():
            if self.pair.kind == "rule":
                one, two = year.judged(), other.judged()
                # What is kept as paid in the one, and to a cent in the other, is another outcome.
                paid, paid_too = (
                    side.judged(partial(side.term, side.rule.condition)) for side in (year, other)
                )
                pairs = (
                    (one.violated, two.violated),
                    (one.kept, two.kept),
                    (paid.kept, paid_too.kept),
                )
                same = year.both([left == right for left, right in pairs])
                known = year.true
            else:
                left, right = year.term(self.pair.old, at), other.term(self.pair.new, at)
                same = left.value == right.value
                known = year.both([left.defined, right.defined])
            differ.append(year.both([known, year.no(same)]))
            equal.append(year.both([known, same]))
        self._recall(year, other)
        kept = other.kept_decisions()
        never = year.false
        year.not_yet.update(other.not_yet)
        return Judged(year.both([kept, year.either(differ)]), year.both(equal), never)

    def _recall(self, year: Symbols, other: Symbols) -> None:
        """Say what was proved before: a solver would have to find it again."""
        for lemma in self.lemmas:
            if lemma.old in year.cone and lemma.new in other.cone:
                left, right = year.term(lemma.old, ""), other.term(lemma.new, "")
                known = year.both([left.defined, right.defined])
                year.axioms.append(z3.Implies(known, left.value == right.value))
                if left.steps is not None and right.steps is not None:
                    year.axioms.append(z3.Implies(known, left.steps == right.steps))

    def _beside(self, year: Symbols) -> Symbols:
        """The other program's terms of the same year: of the same facts, in the same solver."""
        rule = _asked(self.other, self.pair.new, self.pair)
        bounds = ranges(self.other.nodes, self.other.constants)
        more: dict[str, Any] = {}
        if isinstance(year, SmallYear):
            more["size"] = year.size
        made = type(year)(self.other, rule, self.last, ranges=bounds, **more)
        made.share(year)
        return made

    def broken(self, run: Run) -> Verdict | None:
        runs = run, evaluate(self.other, run.facts, roots=self._roots(self.other, self.pair.new))
        programs, nodes = (self.program, self.other), (self.pair.old, self.pair.new)
        found = [
            _value(one, program, node, self.pair)
            for one, program, node in zip(runs, programs, nodes, strict=True)
        ]
        if found[0] == found[1]:
            return None
        self.values = found[0], found[1]
        return Verdict(self.pair.name, None, "", "", True, VIOLATED)

    def roots(self) -> list[int]:
        return self._roots(self.program, self.pair.old)

    def _roots(self, program: ir.Program, node: int) -> list[int]:
        if self.pair.kind != "rule":
            return [node]
        (rule,) = (rule for rule in program.rules if rule.name == self.pair.name)
        return [*rule.nodes(program)]


def _asked(program: ir.Program, node: int, pair: _Pair) -> ir.Rule:
    """A rule that rests on what is compared."""
    if pair.kind == "rule":
        return next(rule for rule in program.rules if rule.name == pair.name)
    origin = program.money_clauses()[0].origin if program.money_clauses() else None
    origin = origin or program.rules[0].origin
    return ir.Rule(f"same {pair.name}", True, node, origin, (), pair.record)


def _value(run: Run, program: ir.Program, node: int, pair: _Pair) -> Any:
    """What a run finds of a thing: a figure, each record's, or a rule's status."""
    if pair.kind == "rule":
        rule = next(rule for rule in program.rules if rule.name == pair.name)
        return verdict(run, rule).status
    if pair.record is None:
        return run.value(node)
    column = run.column(node)
    return tuple(column) if isinstance(column, list) else column


def same(
    old: ir.Program,
    new: ir.Program,
    last: date | None = None,
    milliseconds: int = MILLISECONDS,
) -> Iterator[Difference]:
    """Compare two programs, thing by thing: of each, whether it is always the same.

    ``verdict`` is ``always``, ``refuted`` with a year in which they differ, or ``undecided``. What one
    of them does not have at all is told as ``only_old`` or ``only_new``.
    """
    said = _Said()
    if old.in_force != new.in_force:
        yield Difference("in_force", "term", REFUTED, values=(old.in_force, new.in_force))
    for name, kind, record in _missing(old, new):
        yield Difference(name, kind, record)
    bounds = ranges(old.nodes, old.constants)
    lemmas: list[_Pair] = []
    for pair in _pairs(old, new):
        if pair.kind == "rule":
            if _same_rule(said, old, new, pair.name):
                yield Difference(pair.name, pair.kind, ALWAYS)
                continue
        elif said.are_same((old, pair.old), (new, pair.new)):
            if pair.kind != "part":
                yield Difference(pair.name, pair.kind, ALWAYS)
            continue
        made = _compared(said, old, new, pair, last, milliseconds, bounds, lemmas)
        if pair.kind != "part":
            yield made


def _compared(
    said: _Said,
    old: ir.Program,
    new: ir.Program,
    pair: _Pair,
    last: date | None,
    milliseconds: int,
    bounds: list[Range],
    lemmas: list[_Pair],
) -> Difference:
    prover = _Both(
        old,
        _asked(old, pair.old, pair),
        last,
        milliseconds,
        bounds,
        "same",
        (pair.name,),
        other=new,
        pair=pair,
        lemmas=lemmas,
    )
    proof = prover.proof()
    if proof.verdict == ALWAYS:
        if pair.kind != "rule":
            said.unite((old, pair.old), (new, pair.new))
            if pair.record is None:
                lemmas.append(pair)
        return Difference(pair.name, pair.kind, ALWAYS)
    type_ = old.nodes[pair.old].type
    if proof.year is not None:
        return Difference(
            pair.name, pair.kind, REFUTED, proof.year, proof.given, prover.values, type_
        )
    return Difference(pair.name, pair.kind, UNDECIDED, reason=proof.reason)


def _pairs(old: ir.Program, new: ir.Program) -> list[_Pair]:
    """What both have: accounts in the order of the old nodes, then what records receive, then rules."""
    accounts = [
        _Pair(name, "account", nodes.added, new.accounts[name].added, nodes.record)
        for name, nodes in old.accounts.items()
        if name in new.accounts and new.accounts[name].record == nodes.record
    ]
    accounts = sorted([*_parts(old, new), *accounts], key=lambda pair: pair.old)
    theirs = {clause.account: clause for clause in new.shares if clause.account}
    shares = [
        _Pair(
            clause.account,
            "share",
            clause.node,
            theirs[clause.account].node,
            old.nodes[clause.node].record,
        )
        for clause in old.shares
        if clause.account in theirs
    ]
    names = {rule.name: rule for rule in new.rules}
    rules = [
        _Pair(rule.name, "rule", rule.condition, names[rule.name].condition, rule.record)
        for rule in old.rules
        if rule.name in names and names[rule.name].record == rule.record
    ]
    return [*accounts, *shares, *rules]


def _parts(old: ir.Program, new: ir.Program) -> list[_Pair]:
    """What lines of allocations of one source take, line by line: what accounts are made of."""
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
    found = []
    for index, node in enumerate(old.nodes):
        if isinstance(node, ir.Part) and node.record is None and node.clause in clauses:
            theirs = places.get((clauses[node.clause], node.item, node.overflow))
            if theirs is not None:
                found.append(_Pair("", "part", index, theirs, None))
    return found


def _missing(old: ir.Program, new: ir.Program) -> Iterator[tuple[str, str, str]]:
    """What one of them alone has: its name, its kind, and which has it."""
    for side, one, other in (("only_old", old, new), ("only_new", new, old)):
        for name, nodes in one.accounts.items():
            node = one.nodes[nodes.added]
            empty = isinstance(node, ir.Balance) and not node.parts and not node.less
            if name not in other.accounts and not empty:
                yield name, "account", side
        theirs = {rule.name for rule in other.rules}
        for rule in one.rules:
            if rule.name not in theirs:
                yield rule.name, "rule", side


def _same_rule(said: _Said, old: ir.Program, new: ir.Program, name: str) -> bool:
    one, two = (next(rule for rule in program.rules if rule.name == name) for program in (old, new))
    if one.binding != two.binding:
        return False
    for place in ("condition", "nearly", "when", "unless", "group"):
        left, right = getattr(one, place), getattr(two, place)
        if (left is None) != (right is None):
            return False
        if left is not None and not said.are_same((old, left), (new, right)):
            return False
    return True
