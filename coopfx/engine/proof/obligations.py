"""What a statute's own clauses must do in every year, beside its rules and the laws'.

An allocation asks for no more than there is, and leaves nothing that goes nowhere; a decision has
bounds that leave a choice; what money is moved by has a value; two rules can both be kept; and each line
can receive something.
"""

from collections.abc import Iterator, Mapping, Sequence

import z3
from attrs import define, evolve

from coopfx.engine.outcome import (
    ALWAYS,
    NEVER,
    NOT_APPLIED,
    REFUTED,
    VIOLATED,
    Proof,
    Verdict,
)
from coopfx.engine.proof.existing import OfValue, asked_of
from coopfx.engine.proof.only_if import conditioned
from coopfx.engine.proof.prover import Prover, proof_of
from coopfx.engine.reference.evaluation import Run
from coopfx.engine.symbols import AnyYear, EveryYear, Judged, Symbols, Term, Together, cone, fact_of
from coopfx.ground.exact import YES_NO
from coopfx.language import ir
from coopfx.language.ranges import Range, ranges

TOLD = {"within": "R803", "whole": "R804"}
"""The diagnostic by which the reference evaluator tells that an allocation breaks an obligation."""

_TOGETHER = 500_000
"""So much work, by the solver's own measure, for a year that answers for many lines."""
_BEYOND = 8
"""Where so many lines of an allocation were not decided, not every other one is asked about."""


@define(slots=True)
class _OfClause(Prover):
    """The proof that an allocation asks for no more than there is, or leaves nothing."""

    def judged(self, year: Symbols) -> Judged:
        def condition(at: str) -> Term:
            year.term(self.rule.condition, at)
            flow = year.flows[self.rule.condition, at]
            return flow.within if self.kind == "within" else flow.whole

        return year.judged(condition)

    def broken(self, run: Run) -> Verdict | None:
        told = [item for item in run.diagnostics if item.code == TOLD[self.kind]]
        if not any(item.span == run.place(self.rule.condition) for item in told):
            return None
        return Verdict(self.rule.name, None, self.rule.origin.article, "", True, VIOLATED)


@define(slots=True)
class _OfEach(Prover):
    """The proof of what is of the cooperative, or of each record without a choice among them.

    That is that an origin holds what is asked of it, that a loss is booked, that an account closes at no
    less than its text says.
    """

    def broken(self, run: Run) -> Verdict | None:
        found = run.values[self.rule.condition]
        if not any(one is False for one in (found if isinstance(found, list) else [found])):
            return None
        return Verdict(self.rule.name, None, self.rule.origin.article, "", True, VIOLATED)


def _conditioned(prover: Prover) -> Proof:
    """A proof, with the condition under which the obligation holds where some year breaks it."""
    proof = prover.proof()
    if proof.verdict != REFUTED or prover.rule.record is not None:
        return proof
    return conditioned(prover, proof)


def never(prover: Prover, year: AnyYear, conditions: Mapping[int, z3.BoolRef]) -> list[int]:
    """Those of some conditions that hold in no year.

    The last is asked first: what it rests on is mostly what all others do, and its year answers for them.
    """
    exactly, left = bool(year.exactly), dict(conditions)
    surely, undecided = [], 0
    while left:
        if undecided >= _BEYOND:
            # So long a list is beyond the solver: whether its first half is too, is soon known.
            left = dict(list(left.items())[: (len(left) + 1) // 2])
        place, one = left.popitem()
        prover.effort.begin()
        answer, solver = prover.asked(year, [one], _TOGETHER, exactly=exactly)
        if answer == z3.sat:
            found = solver.model()
            left = {key: other for key, other in left.items() if not z3.is_true(found.eval(other))}
        elif answer == z3.unsat or prover.cannot_be(year, one):
            surely.append(place)
        else:
            undecided += 1
    return sorted(surely)


@define(slots=True)
class Obligations:
    """The obligations of a program's clauses, each with its proof, for every year of the program."""

    years: EveryYear
    milliseconds: int | None

    @property
    def program(self) -> ir.Program:
        """The program whose clauses they are."""
        return self.years.program

    def proofs(self, rules: Sequence[Proof]) -> Iterator[Proof]:
        """The proofs, after those of the rules."""
        for clause in self.program.allocations:
            for prover in self._provers(clause):
                yield _conditioned(prover)
            yield from self._idle_lines(clause)
        clauses = (
            *self._origins(),
            *self._losses(),
            *self._floors(),
            *self._decisions(),
            *self._values(),
        )
        for prover in clauses:
            yield _conditioned(prover)
        for form in self.program.permitted:
            if form.set_aside or self._is_idle(form.name):
                continue
            rule = self._rule(form.name, 0, form.origin)
            yield proof_of(rule, ALWAYS, kind="form", subjects=(form.name,))
        yield from self._conflicts(rules)

    def _is_idle(self, account: str) -> bool:
        """Whether no clause moves an account's money: there a form would hold of nothing."""
        own = self.program.accounts.get(account)
        if own is None:
            return True
        moved = [self.program.nodes[node] for node in (own.added, own.taken)]
        return all(isinstance(node, ir.Balance) and not node.parts for node in moved)

    def provers(self) -> Iterator[Prover]:
        """What is asked of allocations, origins and decisions, yet to be proved."""
        for clause in self.program.allocations:
            yield from self._provers(clause)
        yield from self._origins()
        yield from self._losses()
        yield from self._floors()
        yield from self._decisions()

    def _rule(
        self, name: str, condition: int, origin: ir.Origin, record: str | None = None
    ) -> ir.Rule:
        return ir.Rule(name, True, condition, origin, (condition,), record)

    # ---- money

    def _of(self, clause: ir.AllocateClause) -> tuple[ir.Allocate, ir.Rule]:
        """An allocation's node, and a rule that rests on it where it moves money."""
        node = self.program.nodes[clause.node]
        assert isinstance(node, ir.Allocate)
        rule = self._rule("", clause.node, clause.origin, node.record)
        return node, evolve(rule, comparisons=(), group=node.group, when=node.when)

    def _provers(self, clause: ir.AllocateClause) -> Iterator[Prover]:
        _, own = self._of(clause)
        name = clause.source or self._taken_from(clause)
        for kind in TOLD:
            # What it breaks is told of a year as a warning: the lines above are paid whole.
            rule = evolve(own, name=f"{kind} {clause.origin.span.line}", binding=False)
            yield self._prover(rule, _OfClause, kind, (name,))

    def _idle_lines(self, clause: ir.AllocateClause) -> Iterator[Proof]:
        """That lines receive nothing in any year, each with what that rests on."""
        node, own = self._of(clause)
        rule = self._rule("", clause.node, clause.origin, node.record)
        prover = self._prover(evolve(rule, group=node.group))
        year = prover.kept_year()
        flow = year.flows[clause.node, next(iter(year.cases()))]
        receives = {}
        for place in range(len(node.items)):
            parts = (flow.amounts[place], flow.overflows[place])
            something = [part.steps > 0 for part in parts if part.steps is not None]
            receives[place] = year.either(something)
        for place in never(prover, year, receives):
            line = clause.lines[place]
            rule = evolve(own, name=f"line {line}", binding=False)
            subjects = (node.items[place].account, str(line))
            assumptions = prover.assumptions(year)
            yield proof_of(rule, NEVER, kind="line", subjects=subjects, assumptions=assumptions)

    def _origins(self) -> Iterator[Prover]:
        """That clauses ask no more of an origin, together, than it holds."""
        for covered, drawn in self.program.covers().items():
            clause = drawn[0][0]
            origin, record = clause.origin, self.program.nodes[covered].record
            held = self.program.held_by(covered, clause.node)
            name = f"origin {origin.span.line}"
            if held != self._taken_from(clause):
                name = f"{name} {held}"  # a part of what the clause takes from
            rule = self._rule(name, covered, origin, record)
            yield self._prover(rule, _OfEach, "origin", (held,))

    def _losses(self) -> Iterator[Prover]:
        """That a loss of what clauses give out is booked by one of them."""
        for clause in self.program.allocations:
            if clause.booked is not None:
                name = f"loss {clause.origin.span.line}"
                rule = self._rule(name, clause.booked, clause.origin)
                # Where no clause ever takes it, the text has been told so.
                told = isinstance(self.program.nodes[clause.booked], ir.Compare)
                rule = evolve(rule, binding=not told)
                yield self._prover(rule, _OfEach, "loss", (self._taken_from(clause),))

    def _floors(self) -> Iterator[Prover]:
        """That accounts close at no less than the statute says: the years after take it for granted."""
        for truth in self.program.truths:
            if not truth.closing:
                continue
            record = self.program.nodes[truth.node].record
            rule = self._rule(f"floor {truth.name}", truth.node, truth.origin, record)
            yield self._prover(rule, _OfEach, "floor", (truth.name,))

    def _taken_from(self, clause: ir.AllocateClause | ir.ShareClause | ir.PoolClause) -> str:
        """The name of a clause's origin; empty where it takes from charges."""
        return next(one.source.name for one in self.program.books if one.clause == clause.node)

    # ---- values that need not exist

    def _values(self) -> Iterator[Prover]:
        """That what clauses move money by has a value; it is told of a year as what nobody is paid for."""
        nodes, names = self.program.nodes, self.program.names
        clauses = {clause.node: clause for clause in self.program.money_clauses()}
        for number, asked in asked_of(self.program, self.years.bounds):
            clause, record = clauses[number], nodes[asked.figure].record
            name = f"value {clause.origin.span.line} {asked.figure}"
            rule = self._rule(name, asked.figure, clause.origin, record)
            group = None if record is None else asked.group
            rule = evolve(rule, comparisons=(), group=group, when=asked.when, binding=False)
            subjects = self._taken_from(clause), names.get(asked.figure, "")
            yield self._prover(rule, OfValue, "value", subjects)

    # ---- decisions

    def _decisions(self) -> Iterator[Prover]:
        nodes = self.program.nodes
        for node in nodes:
            if not isinstance(node, ir.Decision) or node.high is None:
                continue
            relation = ir.Compare("at_most", node.low, node.high, type=YES_NO)
            more = self._more([relation])
            origin = self.program.origins[node.name]
            rule = self._rule(f"bounds {node.name}", len(nodes), origin)
            bounds = self._bounds(more)
            yield Prover(
                more, rule, self.years.last, self.milliseconds, bounds, "decision", (node.name,)
            )

    # ---- rules that cannot both be kept

    def _conflicts(self, proofs: Sequence[Proof]) -> Iterator[Proof]:
        settled = {proof.rule: proof.verdict for proof in proofs}
        rules = [
            rule
            for rule in self.program.rules
            if rule.binding and settled.get(rule.name) not in (ALWAYS, NEVER, NOT_APPLIED)
        ]
        facts = {rule.name: self._facts(rule) for rule in rules}
        pairs = [
            (one, other)
            for place, one in enumerate(rules)
            for other in rules[place + 1 :]
            if (one.origin.law is None or other.origin.law is None)
            and one.record == other.record
            and not facts[one.name].isdisjoint(facts[other.name])
        ]
        met = {rule.name: rule for pair in pairs for rule in pair}.values()
        together = {
            record: Together(self.years, [rule for rule in met if rule.record == record])
            for record in {rule.record for rule in met}
        }
        for one, other in pairs:
            if not together[one.record].are_seen(one, other):
                yield from self._conflict(one, other)

    def _facts(self, rule: ir.Rule) -> set[str]:
        nodes = self.program.nodes
        found = {fact_of(nodes[index]) for index in cone(nodes, [rule.kept_where])}
        return {name for name in found if name is not None}

    def _conflict(self, one: ir.Rule, other: ir.Rule) -> Iterator[Proof]:
        """The proof that two rules cannot both be kept, where they cannot."""
        if not self._never_together(one, other):
            return
        made: list[ir.AnyNode] = []
        count = len(self.program.nodes)

        def joined(arguments: list[int]) -> int | None:
            if len(arguments) < 2:
                return arguments[0] if arguments else None
            made.append(ir.Op("and", tuple(arguments), type=YES_NO, record=one.record))
            return count + len(made) - 1

        spared = [rule.unless for rule in (one, other) if rule.unless is not None]
        applied = []
        for index in spared:
            made.append(ir.Op("not", (index,), type=YES_NO, record=one.record))
            applied.append(count + len(made) - 1)
        applied += [rule.when for rule in (one, other) if rule.when is not None]
        applied += [rule.group for rule in (other,) if rule.group is not None]
        condition = joined([one.kept_where, other.kept_where])
        assert condition is not None
        when = joined(applied)
        more = self._more(made)
        rule = self._rule(f"{one.name} {other.name}", condition, one.origin, one.record)
        rule = evolve(rule, group=one.group, when=when, comparisons=())
        names = one.name, other.name
        bounds = self._bounds(more)
        proof = Prover(
            more, rule, self.years.last, self.milliseconds, bounds, "conflict", names
        ).proof()
        if proof.verdict == NEVER:
            yield proof

    def _never_together(self, one: ir.Rule, other: ir.Rule) -> bool:
        """Whether there is no year in which two rules apply and are kept."""
        provers = [self._prover(rule) for rule in (one, other)]
        years = [prover.kept_year() for prover in provers]
        if not all(prover.keeps for prover in provers):
            return False
        kept = [year.judged().kept for year in years]
        years[0].assumed += years[1].assumed
        return provers[0].cannot_be(years[0], years[0].both(kept))

    def _prover(
        self,
        rule: ir.Rule,
        sort: type[Prover] = Prover,
        kind: str = "rule",
        subjects: tuple[str, ...] = (),
    ) -> Prover:
        """What proves an obligation for every year of the program."""
        years = self.years
        return sort(
            self.program, rule, years.last, self.milliseconds, years.bounds, kind, subjects, years
        )

    # ---- programs with a node more

    def _more(self, nodes: Sequence[ir.AnyNode]) -> ir.Program:
        return evolve(self.program, nodes=(*self.program.nodes, *nodes))

    def _bounds(self, more: ir.Program) -> list[Range]:
        return ranges(more.nodes, more.constants, list(self.years.bounds))
