"""By how many half cents a comparison of amounts may fail for rounding alone.

No law says how a cent is rounded, and no rule falls by one. Counted is what rounds, once each: the
lines of allocations that feed the accounts compared, and those above a line that has to make up for
them; what a person has of a share counts two. What cannot be counted before any figures counts
nothing: what each record's own lines put there, sums over people, other years, products, quotients,
what turns on an account, and what the author rounds.
"""

from collections.abc import Callable, Iterable
from fractions import Fraction
from math import ceil
from typing import Any

from attrs import Factory, define

from coopfx.ground.exact import step_of
from coopfx.language import ir
from coopfx.language.nodes import Nodes
from coopfx.language.ranges import Range, ranges

MOST = 10
"""So many half cents at most, whatever the rule: five cents."""

RELATIONS = frozenset(["at_least", "at_most", "equal"])
"""Of these relations a rule may be kept to a cent; the others say what is not there at all."""

_MOVED = frozenset([ir.Part, ir.Allocate, ir.Split, ir.Paid, ir.Excess, ir.Pool, ir.Pooled])
_ROUNDINGS = frozenset(["round_up", "round_down", "round_half_up", "round_half_even"])

Counted = frozenset[tuple[object, int]]
"""What rounds, each with how many half cents it counts."""

NOTHING: Counted = frozenset()
_PART_OF_A_SHARE = 2


@define(slots=True)
class Allowances:
    """Works out allowances over the nodes made so far."""

    lowering: Nodes
    _counted: dict[tuple[int, bool], Counted] = Factory(dict)
    _ranges: list[Range] = Factory(list)
    _rests: list[bool] = Factory(list)
    _reached: int = 0

    # ---- what a rule's condition is with its allowances

    def nearly(self, condition: int) -> int | None:
        """The node of a condition that holds also where it fails for cents alone; None where it has no
        such comparison."""
        made = self._nearly(condition)
        return None if made == condition else made

    def _nearly(self, index: int) -> int:
        node, emit = self.lowering.nodes[index], self.lowering.emit
        match node:
            case ir.Compare():
                allowance = self.of(node)
                if not allowance:
                    return index
                return emit(
                    ir.Compare(
                        node.relation,
                        node.left,
                        node.right,
                        node.step,
                        allowance,
                        type=node.type,
                        record=node.record,
                    )
                )
            case ir.Op(operation="and" | "or", arguments=arguments):
                made = tuple(self._nearly(one) for one in arguments)
            case ir.Op(operation="if", arguments=(condition, *branches)):
                made = (condition, *(self._nearly(one) for one in branches))
            case ir.Lift(value=value, along=along):
                made_of = self._nearly(value)
                return emit(ir.Lift(made_of, along, type=node.type, record=node.record))
            case _:
                return index
        return emit(ir.Op(node.operation, made, type=node.type, record=node.record))

    def of(self, node: ir.Compare) -> int:
        """By how many halves of its step a comparison may fail."""
        if node.relation not in RELATIONS or node.step is None:
            return 0
        sides = node.left, node.right
        if any(self._range(side).constant == 0 for side in sides):
            return 0
        for index in range(self._reached, max(sides)):
            self.counted(index)  # each in its turn, so that none is deep inside another
        self._reached = max(self._reached, *sides)
        return min(_weight(_joined(self.counted(side) for side in sides)), MOST)

    # ---- what rounds

    def counted(self, index: int, *, moved: bool = False) -> Counted:
        """What rounds in an amount; ``moved`` where it is what a clause takes, in whole cents."""
        key = index, moved
        if key not in self._counted:
            node = self.lowering.nodes[index]
            count = NODES.get(type(node), Allowances._none)
            self._counted[key] = count(self, index, node, moved)
        return self._counted[key]

    def _none(self, index: int, node: ir.AnyNode, moved: bool) -> Counted:
        """Facts, and what cannot be counted."""
        return NOTHING

    def _op(self, index: int, node: ir.Op, moved: bool) -> Counted:
        count = OPERATIONS.get(node.operation, Allowances._none_of)
        return count(self, index, node, moved)

    def _none_of(self, index: int, node: ir.Op, moved: bool) -> Counted:
        return NOTHING

    def _all_of(self, index: int, node: ir.Op, moved: bool) -> Counted:
        return _joined(self.counted(one, moved=moved) for one in node.arguments)

    def _one_of(self, index: int, node: ir.Op, moved: bool) -> Counted:
        return self._larger(node.arguments, moved=moved)

    def _choice(self, index: int, node: ir.Op, moved: bool) -> Counted:
        """Of what turns on an account nothing is counted: a cent there would change it wholly."""
        condition, *branches = node.arguments
        if not moved and self._rests_on_money(condition):
            return NOTHING
        return self._larger(branches, moved=moved)

    def _product(self, index: int, node: ir.Op, moved: bool) -> Counted:
        """A part of an amount, of at most the whole of it, rounds as the amount does."""
        amounts = [one for one in node.arguments if self.lowering.nodes[one].type.unit]
        factors = [one for one in node.arguments if not self.lowering.nodes[one].type.unit]
        if len(amounts) != 1 or not self._is_part(map(self._factor, factors)):
            return NOTHING
        return self.counted(amounts[0], moved=moved)

    def _quotient(self, index: int, node: ir.Op, moved: bool) -> Counted:
        amount, divisor = node.arguments
        factor = self._factor(divisor)
        if not factor or self.lowering.nodes[divisor].type.unit or abs(factor) < 1:
            return NOTHING
        return self.counted(amount, moved=moved)

    def _rounding(self, index: int, node: ir.Op, moved: bool) -> Counted:
        """What the author rounds is not for us to allow; a clause that takes whole cents rounds once."""
        amount, step = node.arguments
        if not moved or self._range(step).constant != step_of(node.type.unit):
            return NOTHING
        own = NOTHING if self._is_whole(amount) else frozenset([((index, "cents"), 1)])
        return own | self.counted(amount, moved=moved)

    def _drawn(self, index: int, node: ir.Op, moved: bool) -> Counted:
        return self.counted(node.arguments[1], moved=True)

    def _lift(self, index: int, node: ir.Lift, moved: bool) -> Counted:
        return self.counted(node.value, moved=moved)

    def _scale(self, index: int, node: ir.Scale, moved: bool) -> Counted:
        if self._rests_on_money(node.by):
            return NOTHING
        otherwise = () if node.otherwise is None else (node.otherwise,)
        return self._larger((*node.values, *otherwise), moved=moved)

    def _balance(self, index: int, node: ir.Balance, moved: bool) -> Counted:
        return _joined(self.counted(one) for one in (*node.parts, *node.less))

    def _split(self, index: int, node: ir.Split, moved: bool) -> Counted:
        return frozenset([(index, _PART_OF_A_SHARE)]) | self._whole_cents(node.amount)

    def _paid(self, index: int, node: ir.Paid, moved: bool) -> Counted:
        """A share takes the whole cents of its amount; what limits leave of it is a sum over people."""
        clause = self.lowering.nodes[node.clause]
        assert isinstance(clause, ir.Split)
        if clause.segment is not None or (clause.cap, clause.smallest) != (None, None):
            return NOTHING
        return self._whole_cents(clause.amount)

    def _part(self, index: int, node: ir.Part, moved: bool) -> Counted:
        clause = self.lowering.nodes[node.clause]
        assert isinstance(clause, ir.Allocate)
        if clause.record is not None:
            return NOTHING
        source = self._whole_cents(clause.source)
        if node.item is None:
            return source
        return source | self._line(clause, node.item, overflow=node.overflow)

    # ---- lines of allocations

    def _line(self, clause: ir.Allocate, place: int, *, overflow: bool = False) -> Counted:
        """What rounds in a line: itself, and the lines above where it has to make up for them."""
        item = clause.items[place]
        if item.amount is not None and self._is_rounded(item.amount):
            return NOTHING
        found = [self._own(clause, place)]
        if self._makes_up(clause, place):
            found += [self._own(clause, above) for above in range(place)]
        if item.fill is not None:
            room = _joined(self.counted(one) for one in (item.fill.until, item.fill.before))
            within = [self._own(clause, above) for above, _ in item.fill.within]
            room = _joined([room, *within])
            whole = _joined(found)
            return whole | room if overflow else max(whole, room | found[0], key=_weight)
        return _joined(found)

    def _own(self, clause: ir.Allocate, place: int) -> Counted:
        """A line's own cents: one half, unless its author rounds it; and those of what it reads."""
        item = clause.items[place]
        read = [one for one in (item.amount, item.high, item.low) if one is not None]
        # A line is the same one in the whole allocation and in the lines above another.
        line = clause.source, clause.when, clause.items[:place]
        rounded = item.amount is not None and self._is_rounded(item.amount)
        return self._larger(read) | (NOTHING if rounded else frozenset([(line, 1)]))

    def _makes_up(self, clause: ir.Allocate, place: int) -> bool:
        """Whether a line takes what the cents of those above leave: the rest, a part of it, the last;
        or another of which they may leave too little, where sums are small."""
        item, below = clause.items[place], clause.items[place + 1 :]
        if item.amount is None or item.of_rest or all(one.when is not None for one in below):
            return True
        rounding = sum(self._may_round(one) for one in clause.items[:place])
        if rounding < 2:
            return False
        parts = [self._part_of_source(clause, above) for above in range(place + 1)]
        known = [part for part in parts if part is not None]
        if len(known) < len(parts):
            return True
        above, left = sum(known[:-1], Fraction(0)), 1 - sum(known, Fraction(0))
        # The lines above each take half a cent too much at most, which takes sums that also leave some.
        return above > 0 and ceil(rounding * (1 - left / above)) > 1

    def _may_round(self, item: ir.Item) -> bool:
        """Whether a line may ask for a part of a cent."""
        asked = [one for one in (item.amount, item.high, item.low) if one is not None]
        return item.of_rest or not all(
            self.lowering.nodes[one].type.unit and self._is_whole(one) for one in asked
        )

    def _part_of_source(self, clause: ir.Allocate, place: int) -> Fraction | None:
        """The part of its source that a line is at most; None where the text alone does not decide it."""
        item = clause.items[place]
        if item.amount is None or item.of_rest or item.low is not None:
            return None
        node = self.lowering.nodes[item.amount]
        if not node.type.unit:
            return self._range(item.amount).high
        source = self.lowering.nodes[clause.source]
        whole = {clause.source}
        if isinstance(source, ir.Op) and source.operation == "drawn":
            whole.add(source.arguments[0])
        if isinstance(node, ir.Op) and node.operation in ("part_of", "multiply"):
            factors = [self._range(one).high for one in node.arguments if one not in whole]
            return factors[0] if len(factors) == 1 and len(node.arguments) == 2 else None
        return None

    # ---- what a node is

    def _whole_cents(self, index: int) -> Counted:
        """What rounds in an amount that a clause takes in whole cents."""
        own = NOTHING if self._is_whole(index) else frozenset([((index, "cents"), 1)])
        return own | self.counted(index)

    def _is_whole(self, index: int) -> bool:
        """Whether an amount is in whole cents by its nature."""
        node = self.lowering.nodes[index]
        match node:
            case ir.Lift(value=value):
                return self._is_whole(value)
            case ir.Op(operation="drawn"):
                return self._is_whole(node.arguments[1])
            case ir.Op(operation="add" | "negative" | "min" | "max"):
                return all(self._is_whole(one) for one in node.arguments)
            case ir.Op(operation="if"):
                return all(self._is_whole(one) for one in node.arguments[1:])
            case ir.Op(operation=operation) if operation in _ROUNDINGS:
                return self._is_cents(self._range(node.arguments[1]).constant, node)
            case ir.Slot():
                return self._is_cents(self._range(index).constant, node)
        return isinstance(node, ir.Input | ir.Balance | ir.Decision) or type(node) in _MOVED

    @staticmethod
    def _is_cents(figure: Fraction | None, node: ir.Node) -> bool:
        step = step_of(node.type.unit)
        return figure is not None and step is not None and (figure / step).denominator == 1

    def _is_rounded(self, index: int) -> bool:
        """Whether an amount is one that its author rounds."""
        node = self.lowering.nodes[index]
        if isinstance(node, ir.Lift):
            return self._is_rounded(node.value)
        return isinstance(node, ir.Op) and node.operation in _ROUNDINGS

    def _rests_on_money(self, index: int) -> bool:
        """Whether a node rests on what clauses move."""
        for node in self.lowering.nodes[len(self._rests) : index + 1]:
            rests = any(self._rests[one] for one in ir.inner(node))
            self._rests.append(rests or type(node) in _MOVED)
        return self._rests[index]

    def _factor(self, index: int) -> Fraction | None:
        """A plain number that the text alone decides, at its largest; None for any other."""
        node = self.lowering.nodes[index]
        if isinstance(node, ir.Lift) and node.along is None:
            return self._factor(node.value)
        if isinstance(node, ir.Param):
            values = self.lowering.declared.parameters[node.name].values
            figures = [one for _, one, _, _ in values if isinstance(one, Fraction)]
            return max(figures, key=abs, default=None)
        return self._range(index).constant

    @staticmethod
    def _is_part(factors: Iterable[Fraction | None]) -> bool:
        return all(factor is not None and abs(factor) <= 1 for factor in factors)

    def _larger(self, indices: Iterable[int], *, moved: bool = False) -> Counted:
        found = [self.counted(index, moved=moved) for index in indices]
        return max(found, key=_weight, default=NOTHING)

    def _range(self, index: int) -> Range:
        lowering = self.lowering
        return ranges(lowering.nodes, lowering.constants, self._ranges)[index]


def _joined(parts: Iterable[Counted]) -> Counted:
    return frozenset().union(*parts)


def _weight(counted: Counted) -> int:
    return sum(halves for _, halves in counted)


Count = Callable[[Allowances, int, Any, bool], Counted]

NODES: dict[type, Count] = {
    ir.Op: Allowances._op,
    ir.Lift: Allowances._lift,
    ir.Scale: Allowances._scale,
    ir.Balance: Allowances._balance,
    ir.Part: Allowances._part,
    ir.Split: Allowances._split,
    ir.Paid: Allowances._paid,
    **dict.fromkeys(
        (
            *(ir.Input, ir.Slot, ir.Param, ir.Compare, ir.Decision, ir.Group, ir.Link),
            *(ir.Aggregate, ir.Member, ir.Allocate, ir.Excess, ir.Pool, ir.Pooled),
        ),
        Allowances._none,
    ),
}
"""What rounds in each sort of node."""

OPERATIONS: dict[str, Count] = {
    "add": Allowances._all_of,
    "negative": Allowances._all_of,
    "multiply": Allowances._product,
    "part_of": Allowances._product,
    "divide": Allowances._quotient,
    "min": Allowances._one_of,
    "max": Allowances._one_of,
    "if": Allowances._choice,
    "drawn": Allowances._drawn,
    **dict.fromkeys(_ROUNDINGS, Allowances._rounding),
    **dict.fromkeys(("and", "or", "not", "add_months", "add_days", "log"), Allowances._none_of),
}
