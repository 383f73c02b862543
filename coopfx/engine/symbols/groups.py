"""Groups in every year at once: how many records they hold, and which single ones are known.

The record that a rule speaks of is known as ``any``, and whatever it is linked to by the path of the
links, as ``any.team``. Of all other records, only what their groups say is known.
"""

from collections.abc import Callable, Iterable, Sequence
from typing import Any

import z3
from attrs import define, field

from coopfx.engine.symbols.rule import Symbols, cone
from coopfx.engine.symbols.terms import Term
from coopfx.language import ir
from coopfx.language.operations import AGGREGATES, OPERATIONS, Exists
from coopfx.language.ranges import Range

ANY = "any"


# ---- what exists wherever that exists which it is worked out from


def _always(ranges: Sequence[Range], node: ir.AnyNode) -> bool:
    return True


def _maybe(ranges: Sequence[Range], node: ir.AnyNode) -> bool:
    return False


def _operation(ranges: Sequence[Range], node: ir.Op) -> bool:
    operation = OPERATIONS.get(node.operation)
    exists = Exists.SOMETIMES if operation is None else operation.exists
    if exists is Exists.DIVISOR:
        divisor = ranges[node.arguments[1]]
        below = divisor.high is not None and divisor.high < 0
        return below or _is_above_zero(divisor)
    if exists is Exists.STEP:
        return _is_above_zero(ranges[node.arguments[1]])
    return exists is Exists.ALWAYS


def _is_above_zero(figure: Range) -> bool:
    return figure.low is not None and figure.low > 0


def _scale(ranges: Sequence[Range], node: ir.Scale) -> bool:
    """Whether some step is reached, whatever the figure."""
    first, least = ranges[node.breaks[0]].constant, ranges[node.by].low
    reached = first is not None and least is not None and least >= first and not node.above[0]
    return node.otherwise is not None or reached


def _aggregate(ranges: Sequence[Range], node: ir.Aggregate) -> bool:
    aggregation = AGGREGATES.get(node.aggregate)
    return aggregation is not None and aggregation.of_nobody


EXISTS: dict[type, Callable[[Sequence[Range], Any], bool]] = {
    ir.Op: _operation,
    ir.Scale: _scale,
    ir.Aggregate: _aggregate,
    ir.Param: _maybe,
    ir.Member: _maybe,
    **dict.fromkeys(
        (
            *(ir.Input, ir.Slot, ir.Compare, ir.Decision, ir.Group, ir.Link, ir.Lift, ir.Balance),
            *(ir.Allocate, ir.Part, ir.Split, ir.Paid, ir.Excess, ir.Pool, ir.Pooled),
        ),
        _always,
    ),
}
"""Of each sort of node, whether its value surely exists where all do that it is worked out from."""


def surely_exists(ranges: Sequence[Range], node: ir.AnyNode) -> bool:
    """Whether a value exists wherever all do that it is worked out from; facts are complete."""
    return EXISTS.get(type(node), _maybe)(ranges, node)


@define(slots=True, eq=False)
class Groups(Symbols):
    """What is known of groups, however many records they hold."""

    _paths: dict[str, str] = field(init=False, factory=dict)
    _counts: dict[tuple[int, int | None, str], z3.ArithRef] = field(init=False, factory=dict)

    def total(self, value: int, group: int, along: int | None = None, at: str = "") -> Term:
        """The sum of a figure over a group, also where no clause asks for it."""
        raise NotImplementedError

    def instances(self, record: str) -> Sequence[str]:
        if record != self.rule.record:
            return ()
        self._paths.setdefault(ANY, record)
        return (ANY,)

    def link(self, index: int) -> ir.Link:
        """A node that is a link."""
        node = self.program.nodes[index]
        assert isinstance(node, ir.Link)
        return node

    def path(self, index: int, at: str) -> str:
        """The record that a record is linked to: each path has one of its own."""
        link = self.link(index)
        to = f"{at}.{link.name}"
        self._paths.setdefault(to, link.to)
        return to

    def linked(self, node: ir.Lift, at: str) -> Term:
        assert node.along is not None
        return self.term_there(node.value, self.path(node.along, at))

    def term_there(self, index: int, at: str) -> Term:
        """A term at a record that is not walked through, and of all before it that it rests on."""
        nodes = self.program.nodes
        for inner in sorted(cone(nodes, [index])):
            if nodes[inner].record == nodes[index].record:
                self.term(inner, at)
        return self.term(index, at)

    def known_members(self, group: int, along: int | None, at: str) -> list[str]:
        """The known records of a group's sort; of those linked to ``at``, where a link is followed."""
        record = self.program.nodes[group].record
        found = [path for path, sort in self._paths.items() if sort == record]
        if along is None:
            return found
        name = self.link(along).name
        return [path for path in found if f"{path}.{name}" == at]

    def count(self, group: int, along: int | None = None, at: str = "") -> z3.ArithRef:
        """How many records a group holds, in all or of those linked to one."""
        key = group, along, at
        if key not in self._counts:
            made = self._counts[key] = z3.FreshInt("count", self.context)
            self.axioms.append(made >= 0)
            node = self.program.nodes[group]
            assert isinstance(node, ir.Group)
            if at:
                self.axioms.append(made <= self.count(group))
            if node.base is not None:
                self.axioms.append(made <= self.count(node.base, along, at))
            for member in self.known_members(group, along, at):
                inside = self.holds(self.term_there(group, member))
                self.axioms.append(z3.Implies(inside, made >= 1))
        return self._counts[key]

    def at_most(self, size: int) -> z3.BoolRef:
        """That no group that is spoken of holds more records than so many."""
        return self.both([count <= size for count in self._counts.values()])

    def within(self, group: int, wider: int) -> bool:
        """Whether whoever is of a group is of the wider one, by the way they are declared."""
        found: int | None = group
        while found is not None and found != wider:
            node = self.program.nodes[found]
            assert isinstance(node, ir.Group)
            found = node.base
        if found == wider:
            return True
        everyone = self.program.nodes[wider]
        assert isinstance(everyone, ir.Group)
        return everyone.base is None and everyone.where is None

    def surely(self, indices: Iterable[int | None]) -> z3.BoolRef:
        """Whether values of records all exist: yes where nothing behind them can be undefined."""
        roots = [index for index in indices if index is not None]
        nodes = self.program.nodes
        for index in cone(nodes, roots):
            if not surely_exists(self.ranges, nodes[index]):
                return z3.FreshBool("defined", self.context)
        return self.true

    def own(
        self, node: ir.Aggregate, at: str, condition: Callable[[Any], z3.BoolRef]
    ) -> list[z3.BoolRef]:
        """That a condition holds of each known record's value, where it is of the group."""
        if node.value is None:
            return []
        said = []
        for path in self.known_members(node.group, node.along, at):
            member, value = self.term_there(node.group, path), self.term_there(node.value, path)
            inside = self.both([self.holds(member), value.defined])
            said.append(z3.Implies(inside, condition(value.value)))
        return said

    def is_positive(self, indices: Iterable[int | None]) -> bool:
        """Whether figures are above zero in any year; none stands for equal parts."""
        return all(
            index is None or ((low := self.ranges[index].low) is not None and low > 0)
            for index in indices
        )
