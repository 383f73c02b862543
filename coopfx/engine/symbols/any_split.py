"""Shares in every year at once: what is always true of them, however many records there are."""

from collections.abc import Iterable
from fractions import Fraction

import z3
from attrs import define, field, frozen

from coopfx.engine.symbols.groups import Groups
from coopfx.engine.symbols.terms import Term, most, paid_step
from coopfx.language import ir


@frozen(slots=True, eq=False)
class Shared:
    """An amount that is shared, in steps: what records receive of it in all, and what the excess does.

    ``active`` tells whether anything is shared, ``known`` whether it all has a value. Of the amounts
    of segments, taken together, only ``parts``, ``excess`` and ``known`` are said.
    """

    parts: z3.ArithRef
    excess: z3.ArithRef
    known: z3.BoolRef
    active: z3.BoolRef
    money: z3.ArithRef


@define(slots=True, eq=False)
class Splits(Groups):
    """What is always true of splits."""

    _shared: dict[tuple[int, str], Shared] = field(init=False, factory=dict)

    def split(self, index: int) -> ir.Split:
        """A node that is a split."""
        node = self.program.nodes[index]
        assert isinstance(node, ir.Split)
        return node

    def paid(self, index: int) -> Term:
        all_ = self.in_all(index)
        step = paid_step(self.split(index).type)
        return self.amount(all_.parts + all_.excess, step, all_.known)

    def excess(self, index: int) -> Term:
        all_ = self.in_all(index)
        return self.amount(all_.excess, paid_step(self.split(index).type), all_.known)

    def in_all(self, index: int) -> Shared:
        """What a split moves, in all segments where there are any."""
        if self.split(index).segment is None:
            return self.inside(index, "")
        key = index, ""
        if key not in self._shared:
            self._shared[key] = self._segments(index)
        return self._shared[key]

    def inside(self, index: int, at: str) -> Shared:
        """What a split moves inside a segment, or of its only amount."""
        key = index, at
        if key not in self._shared:
            made = self._shared[key] = self._made(index, at)
            if at:
                all_ = self.in_all(index)
                self.axioms += [all_.parts >= made.parts, all_.excess >= made.excess]
        return self._shared[key]

    def _when(self, node: ir.Split) -> Term:
        return Term(self.true, self.true) if node.when is None else self.term(node.when, "")

    def _sure(self, node: ir.Split, more: Iterable[int | None] = ()) -> z3.BoolRef:
        """Whether all that makes the rights exists."""
        figures = [one for key in node.keys for one in (key.weight, key.figure)]
        return self.surely((node.group, node.coefficient, node.segment, *figures, *more))

    def _segments(self, index: int) -> Shared:
        node = self.split(index)
        parts, excess = (z3.FreshInt(name, self.context) for name in ("parts", "excess"))
        when = self._when(node)
        off = self.both([when.defined, self.no(when.value)])
        sure = self._sure(node, (node.amount, node.cap, node.smallest))
        self.axioms += [
            parts >= 0,
            excess >= 0,
            z3.Implies(off, z3.And(parts == 0, excess == 0)),
        ]
        if node.excess is None:
            self.axioms.append(excess == 0)
        amount = self.program.nodes[node.amount]
        if isinstance(amount, ir.Split) and amount.record == self.link(node.segment or 0).to:
            self.axioms.append(parts + excess <= self.in_all(node.amount).parts)
        known = self.either([off, self.both([when.defined, sure])])
        return Shared(parts, excess, known, self.true, parts + excess)

    def _made(self, index: int, at: str) -> Shared:
        node = self.split(index)
        step = paid_step(node.type)
        amount, when = self.term_there(node.amount, at), self._when(node)
        money = self.steps_of(node.amount, at, step)
        count = self.count(node.group, node.segment, at)
        parts, excess = (z3.FreshInt(name, self.context) for name in ("parts", "excess"))
        active = z3.FreshBool("shared", self.context)
        can = self.both([when.value, money > 0, count > 0])
        figures = [one for key in node.keys for one in (key.weight, key.figure)]
        certain = self.is_positive((node.coefficient, *figures))
        self.axioms += [
            active == can if certain else z3.Implies(active, can),
            z3.Implies(self.no(active), z3.And(parts == 0, excess == 0)),
            parts >= 0,
            excess >= 0,
            z3.Implies(active, parts + excess <= money),
            *(z3.Implies(active, one) for one in self._paid_out(node, money, parts, excess, count)),
        ]
        off = self.both([when.defined, self.no(when.value)])
        base = self.both([amount.defined, when.defined, self._sure(node)])
        limits = self.both([self.surely((node.cap,)), self._smallest(node).defined])
        known = self.either([off, self.both([base, self.either([self.no(active), limits])])])
        return Shared(parts, excess, known, active, money)

    def _smallest(self, node: ir.Split) -> Term:
        if node.smallest is None:
            return Term(self.real(0), self.true, self.whole(0))
        return self.term(node.smallest, "")

    @staticmethod
    def _paid_out(
        node: ir.Split,
        money: z3.ArithRef,
        parts: z3.ArithRef,
        excess: z3.ArithRef,
        count: z3.ArithRef,
    ) -> list[z3.BoolRef]:
        """How much of what is shared reaches the records, and how much the excess."""
        said = [parts + excess == money if node.excess is not None else excess == 0]
        if node.cap is None and node.smallest is None:
            # The odd cents are fewer than those who share.
            said.append(parts > money - count if node.alike else parts == money)
        return said

    def shared(self, index: int, node: ir.Split, at: str) -> Term:
        member = self.term(node.group, at)
        to = "" if node.segment is None else self.path(node.segment, at)
        own = self.inside(index, to)
        part = z3.FreshInt("part", self.context)
        step = paid_step(node.type)
        inside = self.holds(member)
        alone = self.count(node.group, node.segment, to) == 1
        self.axioms += [
            part >= 0,
            part <= own.parts,
            z3.Implies(self.no(inside), part == 0),
            z3.Implies(self.both([inside, alone]), part == own.parts),
            *self._limited(node, at, part, own, inside),
        ]
        known = self.both([own.known, member.defined])
        if node.segment is not None:
            when = self._when(node)
            off = self.both([when.defined, self.no(when.value)])
            base = self.both([when.defined, member.defined, self._sure(node)])
            outside = self.no(inside)
            known = self.either([off, self.both([base, self.either([outside, own.known])])])
        return self.amount(part, step, known)

    def _limited(
        self, node: ir.Split, at: str, part: z3.ArithRef, own: Shared, inside: z3.BoolRef
    ) -> list[z3.BoolRef]:
        """What a record's own figures, the cap and the smallest payment make of its part."""
        said = []
        step = self.real(paid_step(node.type))
        nothing = [
            self.both([figure.defined, figure.value == 0])
            for figure in (self.term(key.figure, at) for key in node.keys if key.figure is not None)
        ]
        if len(nothing) == len(node.keys):
            said.append(z3.Implies(self.both(nothing), part == 0))
        if node.coefficient is not None:
            coefficient = self.term(node.coefficient, at)
            none = self.both([coefficient.defined, coefficient.value == 0])
            said.append(z3.Implies(none, part == 0))
        if node.smallest is not None:
            smallest = self._smallest(node)
            enough = z3.ToReal(part) * step > smallest.value - step
            if smallest.steps is not None:
                enough = part >= smallest.steps
            said.append(z3.Implies(smallest.defined, z3.Or(part == 0, enough)))
        if node.cap is not None:
            cap = self.term(node.cap, at)
            most_ = z3.ToReal(part) * step <= most(cap.value, self.real(0))
            if cap.steps is not None:
                most_ = part <= most(cap.steps, self.whole(0))
            said.append(z3.Implies(cap.defined, most_))
            figures = [one for key in node.keys for one in (key.weight, key.figure)]
            fills = node.excess is None and node.smallest is None and not node.alike
            if fills and cap.steps is not None and self.is_positive((node.coefficient, *figures)):
                # What stays, stays because every cap binds.
                stays = self.both([inside, own.active, cap.defined, own.parts < own.money])
                said.append(z3.Implies(stays, part == most(cap.steps, self.whole(0))))
        return said

    def spread(self, index: int) -> Fraction | None:
        """How many times the least right the greatest may be, where that is bounded."""
        node = self.split(index)
        bounds = [self._ratio(key.figure) for key in node.keys]
        coefficient = self._ratio(node.coefficient)
        known = [one for one in bounds if one is not None]
        if coefficient is None or len(known) < len(bounds):
            return None
        return max(known) * coefficient

    def _ratio(self, index: int | None) -> Fraction | None:
        if index is None:
            return Fraction(1)
        bounds = self.ranges[index]
        if bounds.low is None or bounds.high is None or bounds.low <= 0:
            return None
        return bounds.high / bounds.low
