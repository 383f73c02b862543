"""The terms of all that a rule rests on, and when it is violated, kept or undetermined."""

from collections.abc import Callable, Sequence
from typing import Any

import z3
from attrs import Factory, define, field, frozen

from coopfx.engine.symbols.nodes import NODES, unknown
from coopfx.engine.symbols.terms import Term
from coopfx.engine.symbols.year import Fact, Year
from coopfx.language import ir
from coopfx.language.ir import cone as cone


@frozen(slots=True, eq=False)
class Judged:
    """When a rule is violated, kept, or cannot be decided for want of a value that exists."""

    violated: z3.BoolRef
    kept: z3.BoolRef
    undetermined: z3.BoolRef


def rule_roots(rule: ir.Rule) -> list[int]:
    """The nodes that say whether a rule applies, and is kept."""
    found = (rule.kept_where, rule.when, rule.unless, rule.group)
    return [index for index in found if index is not None]


def _no_fact(node: ir.AnyNode) -> None:
    """It is worked out from other nodes, which tell their own facts."""


FACTS: dict[type, Callable[[Any], str | None]] = {
    ir.Input: lambda node: node.key,
    ir.Link: lambda node: node.name,
    ir.Decision: lambda node: node.name,
    ir.Balance: lambda node: node.account,
    **dict.fromkeys(
        (
            *(ir.Slot, ir.Param, ir.Op, ir.Compare, ir.Scale, ir.Group, ir.Lift, ir.Aggregate),
            *(ir.Member, ir.Allocate, ir.Part, ir.Split, ir.Paid, ir.Excess, ir.Pool, ir.Pooled),
        ),
        _no_fact,
    ),
}
"""The name of the fact, or of the account, that each sort of node brings into a year."""


def fact_of(node: ir.AnyNode) -> str | None:
    """The name of the fact or the account that a node brings into a year, if it brings one."""
    return FACTS[type(node)](node)


@define(slots=True, eq=False)
class Symbols(Year):
    """The terms of a program's nodes, as far as one rule needs them."""

    cone: list[int] = field(
        init=False,
        default=Factory(
            lambda self: sorted(cone(self.program.nodes, rule_roots(self.rule))), takes_self=True
        ),
    )
    assumed: list[z3.BoolRef] = field(init=False, factory=list)
    """What is taken for granted of the year, beside what holds of any."""
    rests: frozenset[int] | None = field(init=False, default=None)
    """The nodes that the rule rests on, with the bounds of its decisions, where others are said too."""
    _terms: dict[tuple[int, str], Term] = field(init=False, factory=dict)

    def bearing_on(
        self, conditions: Sequence[z3.BoolRef], *, exactly: bool = False
    ) -> list[z3.BoolRef]:
        """All that is said of a year, as far as it bears on conditions."""
        more = self.exactly if exactly else []
        return [*self.axioms, *more, *self.assumed]

    def wanting(self) -> dict[int, str]:
        """The nodes of which not all is said, of those that the rule rests on, and why."""
        return {
            index: why
            for index, why in sorted(self.not_yet.items())
            if self.rests is None or index in self.rests
        }

    def own_facts(self) -> list[Fact]:
        """The facts that the rule rests on."""
        if self.rests is None:
            return list(self.facts.values())
        names = {fact_of(self.program.nodes[index]) for index in self.rests}
        return [fact for fact in self.facts.values() if fact.name in names]

    def cases(self) -> Sequence[str]:
        """The records that the rule is judged at; the empty text where it is the cooperative's."""
        return self.instances(self.rule.record) if self.rule.record else ("",)

    def instances(self, record: str) -> Sequence[str]:
        """The records of a sort whose figures are known one by one."""
        raise NotImplementedError

    def kept_decisions(self) -> z3.BoolRef:
        """That the meeting keeps to the bounds of all decisions that the rule rests on."""
        bounds = [
            rule.kept_where
            for rule in self.program.rules
            if rule.name in self.decisions and rule.name != self.rule.name
        ]
        return self.both([self.holds(self.term(index, "")) for index in bounds])

    def walk(self) -> None:
        """Say all that the rule rests on."""
        for index in self.cone:
            # Asked for in the order of the nodes, none is deep inside another.
            record = self.program.nodes[index].record
            for at in self.instances(record) if record else ("",):
                self.term(index, at)

    def judged(self, condition: Callable[[str], Term] | None = None) -> Judged:
        """When the rule is violated, kept or undetermined, in this year.

        Its condition at a record may be another than that of its node.
        """
        self.walk()
        cases = [self._judged(at, condition) for at in self.cases()]
        return Judged(
            self.either([case.violated for case in cases]),
            self.either([case.kept for case in cases]),
            self.either([case.undetermined for case in cases]),
        )

    def _judged(self, at: str, condition: Callable[[str], Term] | None) -> Judged:
        yes, no = Term(self.true, self.true), Term(self.false, self.true)
        when, unless, member = (
            default if index is None else self.term(index, at)
            for index, default in (
                (self.rule.when, yes),
                (self.rule.unless, no),
                (self.rule.group, yes),
            )
        )
        holds = self.term(self.rule.kept_where, at) if condition is None else condition(at)
        spared = self.either(
            [
                self.both([when.defined, self.no(when.value)]),
                self.both([unless.defined, unless.value]),
                self.both([member.defined, self.no(member.value)]),
            ]
        )
        known = self.both([item.defined for item in (when, unless, member, holds)])
        applies = self.both([known, self.no(spared)])
        return Judged(
            self.both([applies, self.no(holds.value)]),
            self.both([applies, holds.value]),
            self.both([self.no(spared), self.no(known)]),
        )

    def term(self, index: int, at: str) -> Term:
        """The term of a node, at a record or for the cooperative."""
        node = self.program.nodes[index]
        key = index, at if node.record is not None else ""
        found = self._terms.get(key)
        if found is None:
            said = NODES.get(type(node), unknown)
            found = self._terms[key] = said(self, index, node, key[1])
        return found
