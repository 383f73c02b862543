"""The row of nodes while it is being made: each node once, constants apart, circles told."""

from collections.abc import Sequence
from itertools import islice

from attrs import Factory, define

from coopfx.ground.exact import NUMBER, Known, Type, money, quantity
from coopfx.ground.report import Report, Word
from coopfx.ground.source import Span
from coopfx.language import ir
from coopfx.language.declared import DEEPEST_CHAIN, Declared
from coopfx.language.ranges import Range, ranges
from coopfx.language.readings import whose
from coopfx.language.scope import Scope

Step = tuple[str, Span]

MOST_FACTORS = 100
"""A number of more different factors is not taken for a percentage."""

_KEEPS_PERCENT = {"add", "negative", "min", "max", "multiply", "divide", "if"}


@define(slots=True)
class Nodes:
    """Holds the nodes made so far; ``path`` are the names that are being compiled, ``depth`` is how many
    expressions and clauses are.

    ``percents`` are the nodes of numbers that people write as percentages.
    """

    scope: Scope
    report: Report
    nodes: list[ir.AnyNode] = Factory(list)
    constants: list[Known] = Factory(list)
    names: dict[int, str] = Factory(dict)
    places: dict[int, Span] = Factory(dict)
    path: list[Step] = Factory(list)
    depth: int = 0
    percents: set[int] = Factory(set)
    declared: Declared = Factory(lambda self: Declared(self.scope, self.report), takes_self=True)
    _index: dict[ir.AnyNode, int] = Factory(dict)
    _ranges: list[Range] = Factory(list)
    _told_deep: bool = False
    _made_of: dict[int, tuple[int, ...]] = Factory(dict)
    _parts_of_a_hundred: dict[int, bool] = Factory(dict)

    def emit(self, node: ir.AnyNode) -> int:
        """The index of a node, which is added where there is none like it."""
        known = self._index.get(node)
        if known is None:
            known = self._index[node] = len(self.nodes)
            self.nodes.append(node)
        return known

    def constant(self, value: Known, type_: Type) -> int:
        """A new slot with a constant: never one that another clause has, so that shapes are stable."""
        self.constants.append(value)
        return self.emit(ir.Slot(len(self.constants) - 1, type=type_))

    def ranges(self) -> list[Range]:
        """The ranges of the nodes made so far."""
        return ranges(self.nodes, self.constants, self._ranges)

    def type_of(self, index: int) -> Type:
        """The type of a node."""
        return self.nodes[index].type

    def lift(self, index: int, record: str | None) -> int:
        """A node's value beside each record, where it is the cooperative's and a record is asked."""
        node = self.nodes[index]
        if record is None or node.record is not None:
            return index
        lifted = self.emit(ir.Lift(index, type=node.type, record=record))
        self.note_percent(lifted)
        return lifted

    def varies(self, index: int) -> bool:
        """Whether a figure beside each record may be another beside another record."""
        waiting, seen = [index], {index}
        while waiting:
            node = self.nodes[waiting.pop()]
            if node.record is None or (isinstance(node, ir.Lift) and node.along is None):
                continue
            if not isinstance(node, ir.Op | ir.Compare | ir.Scale):
                return True
            further = set(ir.inner(node)) - seen
            seen |= further
            waiting += further
        return False

    def too_deep(self, span: Span) -> bool:
        """Whether what needs one another goes deeper than anyone can follow: told (N215), once."""
        if self.depth + len(self.path) <= DEEPEST_CHAIN:
            return False
        if not self._told_deep:
            self.report.tell("N215", span, most=DEEPEST_CHAIN)
        self._told_deep = True
        return True

    def refused(self, key: str, span: Span) -> bool:
        """Whether a name cannot be compiled here: too deep, or being compiled already, which is told
        (N205) with every step of the circle."""
        keys = [step for step, _ in self.path]
        if key not in keys:
            return self.too_deep(span)
        steps = self.path[keys.index(key) + 1 :]
        words = tuple(Word(step) for step, _ in [*steps, (key, span)])
        each = (words[-1], *words[:-1])
        related = tuple(place for _, place in steps)
        accounts = [whose(word.name) for word in words if whose(word.name) in self.scope.accounts]
        expected = Word(accounts[0]) if accounts else ""
        self.report.tell("N205", span, related=related, names=words, each=each, expected=expected)
        return True

    def note_percent(self, index: int) -> None:
        """Take in that a number is written as a percentage, where it is made of such and of constants.

        So many points times a percentage are points still; a percentage times votes out of all votes
        is one.
        """
        node = self.nodes[index]
        if node.type != NUMBER:
            return
        match node:
            case ir.Op("multiply" | "divide") if self._of_a_hundred(index):
                self.percents.add(index)
                return
            case ir.Op() if node.operation in _KEEPS_PERCENT:
                made_of = node.arguments[1:] if node.operation == "if" else node.arguments
                if node.operation in ("multiply", "divide"):
                    made_of = self._factors(index)
                    if len(made_of) > MOST_FACTORS:
                        return
                if node.operation == "add":
                    made_of = tuple(one for one in made_of if not self._is_quotient(one))
                if any(one not in self.percents and not self._written(one) for one in made_of):
                    return
            case ir.Aggregate(aggregate="rate"):
                self.percents.add(index)
                return
            case ir.Aggregate(value=int(value)):
                made_of = (value,)
            case ir.Lift(value=value):
                made_of = (value,)
            case ir.Scale(values=values):
                made_of = values
            case ir.Decision(low=low):
                made_of = (low,)
            case _:
                return
        if not self.percents.isdisjoint(made_of):
            self.percents.add(index)

    def _of_a_hundred(self, index: int) -> bool:
        """Whether a figure is written as so many parts of 100 %, which is to say that it is a rate."""
        node = self.nodes[index]
        if not isinstance(node, ir.Op) or node.operation not in ("multiply", "divide"):
            whole = isinstance(node, ir.Slot) and self.constants[node.index] == 1
            return whole and index in self.percents
        if index not in self._parts_of_a_hundred:
            made_of = node.arguments[:1] if node.operation == "divide" else node.arguments
            self._parts_of_a_hundred[index] = any(map(self._of_a_hundred, made_of))
        return self._parts_of_a_hundred[index]

    def _is_quotient(self, index: int) -> bool:
        """Whether a figure is one divided by another: with a percentage beside it, it is one itself."""
        node = self.nodes[index]
        if isinstance(node, ir.Op) and node.operation == "negative":
            return self._is_quotient(node.arguments[0])
        return isinstance(node, ir.Op) and node.operation == "divide"

    def _factors(self, index: int) -> tuple[int, ...]:
        """What a product or a quotient is made of, but for a part and the whole that it is divided by.

        Each factor once, and of more than ``MOST_FACTORS`` only that there are more.
        """
        node = self.nodes[index]
        if not isinstance(node, ir.Op) or node.operation not in ("multiply", "divide"):
            return (index,)
        if index not in self._made_of:
            found = islice(dict.fromkeys(self._factors_of(node)), MOST_FACTORS + 1)
            self._made_of[index] = tuple(found)
        return self._made_of[index]

    def _factors_of(self, node: ir.Op) -> Sequence[int]:
        if node.operation == "multiply":
            return [factor for one in node.arguments for factor in self._factors(one)]
        above, whole = self._factors(node.arguments[0]), self.nodes[node.arguments[1]]
        parts = whole.arguments if isinstance(whole, ir.Op) and whole.operation == "add" else ()
        part = next((one for one in above if one in parts), None)
        if part is None or len(above) > MOST_FACTORS:
            return (*above, node.arguments[1])
        return [one for one in above if one != part]

    def _written(self, index: int) -> bool:
        """Whether a figure is one that the text writes."""
        node = self.nodes[index]
        return isinstance(node, ir.Slot) or (
            isinstance(node, ir.Lift) and self._written(node.value)
        )

    def money(self) -> Type:
        """The type of an amount in the statute's currency."""
        return quantity(money(self.scope.currency))
