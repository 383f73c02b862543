"""That what clauses move money by has a value, whatever the year brings: no division by zero, and no
least figure of nobody, of which it would be known only in that year that nobody is paid.
"""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from attrs import define

from coopfx.engine.outcome import VIOLATED, Verdict
from coopfx.engine.proof.prover import Prover
from coopfx.engine.reference.evaluation import Run
from coopfx.engine.symbols import Judged, Symbols, Term
from coopfx.ground.exact import Undefined
from coopfx.language import ir
from coopfx.language.operations import AGGREGATES, OPERATIONS, Exists
from coopfx.language.ranges import Range

_MOVED = (ir.Allocate, ir.Part, ir.Split, ir.Paid, ir.Excess, ir.Pool, ir.Pooled, ir.Balance)
"""What other clauses move has a value where what they move it by has one."""


class Asked(NamedTuple):
    """A figure that a clause moves money by, and of whom it is asked, under which condition."""

    figure: int
    group: int | None = None
    when: int | None = None


@define(slots=True)
class OfValue(Prover):
    """The proof that a figure which a clause moves money by has a value, whenever it is asked for."""

    def judged(self, year: Symbols) -> Judged:
        def condition(at: str) -> Term:
            return Term(year.term(self.rule.condition, at).defined, year.true)

        return year.judged(condition)

    def broken(self, run: Run) -> Verdict | None:
        found = run.values[self.rule.condition]
        group = None if self.rule.group is None else run.values[self.rule.group]
        asked = True if self.rule.when is None else run.value(self.rule.when)
        wanting = [
            isinstance(one, Undefined) and (not isinstance(group, list) or group[row] is True)
            for row, one in enumerate(found if isinstance(found, list) else [found])
        ]
        if asked is not True or not any(wanting):
            return None
        return Verdict(self.rule.name, None, self.rule.origin.article, "", True, VIOLATED)


def asked_of(program: ir.Program, bounds: Sequence[Range]) -> Iterator[tuple[int, Asked]]:
    """The figures that clauses move money by and that need not have a value, each with its clause."""
    lacks = _lacking(program, bounds)
    for clause in program.money_clauses():
        node = program.nodes[clause.node]
        for asked in dict.fromkeys(_moved_by(node)):
            if lacks[asked.figure]:
                yield clause.node, asked


def _moved_by(node: ir.AnyNode) -> Iterator[Asked]:
    match node:
        case ir.Split():
            yield from _of_split(node)
        case ir.Allocate():
            yield from _of_allocate(node)
        case ir.Pool():
            yield Asked(node.kept)
            yield Asked(node.figure, node.group)


def _of_split(node: ir.Split) -> Iterator[Asked]:
    yield Asked(node.amount, when=node.when)
    if node.smallest is not None:
        yield Asked(node.smallest, when=node.when)
    figures = (*(key.figure for key in node.keys), node.coefficient, node.cap)
    for figure in figures:
        if figure is not None:
            yield Asked(figure, node.group, node.when)


def _of_allocate(node: ir.Allocate) -> Iterator[Asked]:
    group = node.group
    yield Asked(node.source, group, node.when)
    for item in node.items:
        until = None if item.fill is None else item.fill.until
        if item.when is not None and node.when is not None:
            continue  # no one node says when it is asked
        for figure in (item.amount, item.high, item.low, until):
            if figure is not None:
                yield Asked(figure, group, node.when if item.when is None else item.when)


def _lacking(program: ir.Program, bounds: Sequence[Range]) -> list[bool]:
    """Of each node whether it, or what it is made of itself, may have no value."""
    found: list[bool] = []
    for node in program.nodes:
        inner = () if isinstance(node, _MOVED) else ir.inner(node)
        found.append(_may_lack(node, bounds) or any(found[one] for one in inner))
    return found


def _may_lack(node: ir.AnyNode, bounds: Sequence[Range]) -> bool:
    """Whether a node itself may have no value of arguments that have theirs."""
    match node:
        case ir.Op(operation="log", arguments=(value,)):
            return not _is_above(bounds[value])
        case ir.Op(operation=operation, arguments=arguments):
            exists = OPERATIONS[operation].exists
            if exists is Exists.DIVISOR:
                return not all(_is_off(bounds[one]) for one in arguments[1:])
            return exists is Exists.STEP and not _is_above(bounds[arguments[1]])
        case ir.Aggregate(aggregate=aggregate):
            return not AGGREGATES[aggregate].of_nobody
        case ir.Scale(otherwise=otherwise):
            return otherwise is None
        case _:
            return False


def _is_above(one: Range) -> bool:
    return one.low is not None and one.low > 0


def _is_off(one: Range) -> bool:
    """Whether a figure is surely not zero."""
    return _is_above(one) or (one.high is not None and one.high < 0)
