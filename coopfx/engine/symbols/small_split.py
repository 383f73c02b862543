"""A share among the few records of a small year: what is always so, and all of it exactly.

That the parts add up, keep their limits and are ordered as the rights are is said at once. What each
part is to the cent mostly takes products and quotients of figures: that is said apart.
"""

from collections.abc import Sequence
from typing import Any

import z3
from attrs import Factory, define, field, frozen

from coopfx.engine.symbols.rule import Symbols
from coopfx.engine.symbols.terms import Term, added, least, most, paid_step
from coopfx.language import ir


@frozen(slots=True, eq=False)
class Parted:
    """What each record receives of a split, what all receive with the excess, and the excess alone."""

    parts: dict[str, Term]
    paid: Term
    excess: Term


@frozen(slots=True, eq=False)
class Parts:
    """How one amount is shared, in steps: each record's part, the excess, whether there is a value."""

    parts: list[z3.ArithRef]
    excess: z3.ArithRef
    known: z3.BoolRef


def part_money(
    year: Symbols,
    node: ir.Split,
    at: str,
    names: Sequence[str],
    entitled: Sequence[z3.BoolRef],
) -> Parts:
    """Share a split's amount, that of a segment where it has any, among records of a small year."""
    share = _Share(year, node, at, names, entitled)
    year.axioms += share.always()
    simple = len(names) == 1 or share.is_equal
    (year.axioms if simple else year.exactly).extend(share.to_the_cent())
    return Parts(share.parts, share.excess, share.known())


@define(slots=True, eq=False)
class _Share:
    """An amount and the records that share it."""

    year: Symbols
    node: ir.Split
    at: str
    names: Sequence[str]
    entitled: Sequence[z3.BoolRef]
    keys: list[list[Any]] = field(init=False, factory=list)
    weights: list[Term] = field(init=False, factory=list)
    coefficients: list[Any] = field(init=False)
    caps: list[Any] = field(init=False, factory=list)
    smallest: Term | None = field(init=False, default=None)
    parts: list[z3.ArithRef] = field(init=False)
    excess: z3.ArithRef = field(init=False)
    shared: z3.BoolRef = field(init=False)
    positive: list[z3.BoolRef] = field(init=False, factory=list)
    _known: list[z3.BoolRef] = field(init=False, factory=list)
    _limits_known: list[z3.BoolRef] = field(init=False, factory=list)
    _unit: Any = field(
        init=False,
        default=Factory(lambda self: self.year.real(paid_step(self.node.type)), takes_self=True),
    )

    def __attrs_post_init__(self) -> None:
        year, node = self.year, self.node
        one = Term(year.real(1), year.true)
        self._known.append(year.term(node.amount, self.at).defined)
        for key in node.keys:
            weight = one if key.weight is None else year.term(key.weight, "")
            self._known.append(weight.defined)
            self.weights.append(weight)
            self.keys.append(self._column(key.figure, self._known))
        self.coefficients = self._column(node.coefficient, self._known)
        if node.cap is not None:
            caps = self._column(node.cap, self._limits_known)
            self.caps = [most(cap, year.real(0)) / self._unit for cap in caps]
        if node.smallest is not None:
            self.smallest = year.term(node.smallest, "")
            self._limits_known.append(self.smallest.defined)
        self.parts = [z3.FreshInt("part", year.context) for _ in self.names]
        self.excess = year.whole(0)
        if node.excess is not None:
            self.excess = z3.FreshInt("excess", year.context)
        for row in range(len(self.names)):
            some = [
                year.both([weight.value > 0, figures[row] > 0])
                for weight, figures in zip(self.weights, self.keys, strict=True)
            ]
            right = year.both([self.coefficients[row] > 0, year.either(some)])
            self.positive.append(year.both([self.entitled[row], right]))
        self.shared = self._is_shared()

    def _column(self, index: int | None, known: list[z3.BoolRef]) -> list[Any]:
        """A figure of each record, one where there is none; zero where it is not entitled."""
        year = self.year
        found = []
        for name, entitled in zip(self.names, self.entitled, strict=True):
            term = Term(year.real(1), year.true) if index is None else year.term(index, name)
            known.append(year.either([year.no(entitled), term.defined]))
            found.append(year.where(entitled, term.value, year.real(0)))
        return found

    def _is_shared(self) -> z3.BoolRef:
        """Whether anything is shared: there is money, no figure is negative, some right is positive."""
        year = self.year
        zero = year.real(0)
        figures = [figure for row in (*self.keys, self.coefficients) for figure in row]
        return year.both(
            [
                self.money > 0,
                *(figure >= zero for figure in figures),
                *(weight.value >= zero for weight in self.weights),
                *(added(row, zero) > zero for row in self.keys),
                year.either(self.positive),
            ]
        )

    @property
    def money(self) -> z3.ArithRef:
        """The amount, in steps."""
        return self.year.steps_of(self.node.amount, self.at, paid_step(self.node.type))

    @property
    def is_equal(self) -> bool:
        """Whether all who are entitled have the same right."""
        return self.node.coefficient is None and all(key.figure is None for key in self.node.keys)

    def known(self) -> z3.BoolRef:
        """Whether the parts have a value: their limits are asked for only where something is shared."""
        year = self.year
        limits = year.either([year.no(self.shared), year.both(self._limits_known)])
        return year.both([*self._known, limits])

    # ---- what is always so

    def always(self) -> list[z3.BoolRef]:
        """How parts and excess add up, keep the limits, and follow the order of the rights."""
        year, node = self.year, self.node
        total = added(self.parts, year.whole(0))
        said = [
            z3.Implies(year.no(self.shared), z3.And(total == 0, self.excess == 0)),
            total + self.excess <= most(self.money, year.whole(0)),
            self.excess >= 0,
        ]
        if node.excess is not None:
            said.append(z3.Implies(self.shared, total + self.excess == self.money))
        if node.cap is None and node.smallest is None:
            owners = added([z3.If(one, 1, 0) for one in self.positive], year.whole(0))
            whole = total > self.money - owners if node.alike else total == self.money
            said.append(z3.Implies(self.shared, whole))
        limits = year.both(self._limits_known)
        for row, part in enumerate(self.parts):
            said += [part >= 0, z3.Implies(year.no(self.positive[row]), part == 0)]
            if self.caps:
                said.append(z3.Implies(limits, z3.ToReal(part) <= self.caps[row]))
            if self.smallest is not None:
                enough = z3.ToReal(part) > self.smallest.value / self._unit - 1
                said.append(z3.Implies(limits, z3.Or(part == 0, enough)))
            for other, second in enumerate(self.parts):
                if other != row:
                    columns = [*self.keys, self.coefficients, *([self.caps] if self.caps else [])]
                    more = [column[row] >= column[other] for column in columns]
                    near = part >= second - (0 if node.alike else 1)
                    said.append(z3.Implies(year.both([limits, *more]), near))
        return said

    # ---- to the cent

    def to_the_cent(self) -> list[z3.BoolRef]:
        """What each part is, where something is shared: see splits.py."""
        year = self.year
        said: list[z3.BoolRef] = []
        if not self.names:
            return said
        rights = self._rights(said)
        exact = self._exact(rights, said)
        floors = [z3.FreshInt("floor", year.context) for _ in exact]
        for floor, value in zip(floors, exact, strict=True):
            said += [z3.ToReal(floor) <= value, value < z3.ToReal(floor) + 1]
        odd: Any = year.whole(0)
        if not self.node.alike:
            payable = z3.FreshInt("payable", year.context)
            total = added(exact, year.real(0))
            said += [z3.ToReal(payable) <= total, total < z3.ToReal(payable) + 1]
            odd = payable - added(floors, year.whole(0))
        room = [
            z3.And(value > 0, z3.ToReal(floor) + 1 <= cap) if self.caps else value > 0
            for value, floor, cap in zip(exact, floors, self.caps or exact, strict=True)
        ]
        over = [value - z3.ToReal(floor) for value, floor in zip(exact, floors, strict=True)]
        for row, part in enumerate(self.parts):
            before = [
                z3.If(
                    z3.And(
                        room[other],
                        over[other] >= over[row] if other < row else over[other] > over[row],
                    ),
                    1,
                    0,
                )
                for other in range(len(self.parts))
                if other != row
            ]
            up = z3.And(room[row], added(before, year.whole(0)) < odd)
            said.append(part == floors[row] + z3.If(up, 1, 0))
        conditions = year.both([self.shared, *self._limits_known])
        return [z3.Implies(conditions, one) for one in said]

    def _rights(self, said: list[z3.BoolRef]) -> list[Any]:
        """The right of each record; how large all of them are together does not matter."""
        if self.is_equal:
            return [
                self.year.where(one, self.year.real(1), self.year.real(0)) for one in self.entitled
            ]
        if len(self.keys) == 1:
            lines = [[figure] for figure in self.keys[0]]
        else:
            lines = [[] for _ in self.names]
            for weight, column in zip(self.weights, self.keys, strict=True):
                total = added(column, self.year.real(0))
                for row, figure in enumerate(column):
                    line = z3.FreshReal("line", self.year.context)
                    said.append(line * total == weight.value * figure)
                    lines[row].append(line)
        made = []
        for row, line in enumerate(lines):
            right = added(line, self.year.real(0))
            made.append(right if self.node.coefficient is None else right * self.coefficients[row])
        return made

    def _exact(self, rights: list[Any], said: list[z3.BoolRef]) -> list[Any]:
        """Each part before it is rounded, in steps; too small ones are dropped, the smallest first."""
        year, zero = self.year, self.year.real(0)
        alive = list(self.positive)
        exact = self._filled(rights, alive, said)
        if self.smallest is None:
            return exact
        smallest = self.smallest.value / self._unit
        if self.node.excess is not None:
            return [z3.If(value < smallest, zero, value) for value in exact]
        for _ in self.names:
            small = [z3.And(value > zero, value < smallest) for value in exact]
            left = []
            for row, right in enumerate(rights):
                no_less = [
                    z3.Implies(one, other >= right)
                    for one, other in zip(small, rights, strict=True)
                ]
                equal = [
                    z3.And(one, other == right) for one, other in zip(small, rights, strict=True)
                ]
                dropped = z3.And(*no_less, z3.Or(equal), exact[row] < smallest)
                left.append(year.both([alive[row], year.no(dropped)]))
            alive = left
            exact = self._filled(rights, alive, said)
        return exact

    def _filled(
        self, rights: list[Any], alive: list[z3.BoolRef], said: list[z3.BoolRef]
    ) -> list[Any]:
        """The same multiple of each right, held under its cap: what pays most of the amount."""
        year, zero = self.year, self.year.real(0)
        money = z3.ToReal(self.money)
        if len(self.names) == 1:
            one = least(money, self.caps[0]) if self.caps else money
            return [z3.If(alive[0], one, zero)]
        factor = z3.FreshReal("factor", year.context)
        said.append(factor >= zero)
        free = [
            z3.If(one, factor if self.is_equal else factor * right, zero)
            for one, right in zip(alive, rights, strict=True)
        ]
        held = free
        if self.caps:
            held = [least(value, cap) for value, cap in zip(free, self.caps, strict=True)]
        payer = free if self.node.excess is not None else held
        some = z3.Or(alive)
        if self.caps and self.node.excess is None:
            room = added(
                [z3.If(one, cap, zero) for one, cap in zip(alive, self.caps, strict=True)], zero
            )
            full = room <= money
            said.append(z3.Implies(z3.And(some, z3.Not(full)), added(payer, zero) == money))
            return [
                z3.If(one, z3.If(full, cap, value), zero)
                for one, cap, value in zip(alive, self.caps, held, strict=True)
            ]
        if self.is_equal:
            count = added([z3.If(one, 1, 0) for one in alive], year.whole(0))
            for number in range(1, len(self.names) + 1):
                said.append(z3.Implies(count == number, factor * number == money))
        else:
            said.append(z3.Implies(some, added(payer, zero) == money))
        return held
