"""The plain evaluator: one node after the other, every value exact, everything kept.

It reads like the manual, and every other engine is compared with it. A value may be missing (a fact
is not given) or undefined (a division by zero, the average of nobody); whatever needs it is too,
unless its answer does not depend on it, as in Kleene's logic.
"""

from collections.abc import Callable, Iterable, Sequence
from datetime import date
from fractions import Fraction

from attrs import Factory, define, frozen

from coopfx.engine.splits import Flow, Shares, Wanted, largest_remainder, waterfall
from coopfx.engine.values import OPERATIONS, aggregate, both, compared, number, numbers, unknown
from coopfx.exact import (
    Known,
    Missing,
    Rounding,
    Undefined,
    Value,
    round_to,
    step_of,
)
from coopfx.facts import Facts
from coopfx.language import ir
from coopfx.report import Diagnostic, Said, Word
from coopfx.source import Span

Column = list[Value] | Missing
"""The values of a sort of record; missing as a whole where the data give none of that sort."""


@frozen(slots=True)
class AllocationResult:
    """What each item took and what flowed over; a value that cannot be had is missing or undefined."""

    amounts: tuple[Value, ...]
    overflows: tuple[Value, ...]
    losses: Value
    flow: Flow | None = None


@frozen(slots=True)
class SplitResult:
    """What each record takes, and who is entitled; ``shares`` are of the entitled, in their order."""

    parts: Column
    paid: Value
    entitled: tuple[int, ...] = ()
    rights: tuple[Fraction, ...] = ()
    shares: Shares | None = None


@define(slots=True)
class Evaluation:
    """A program's year: the value of every node that was asked for."""

    program: ir.Program
    facts: Facts
    given: dict[int, Known] = Factory(dict)
    values: dict[int, Value | Column] = Factory(dict)
    allocations: dict[int, AllocationResult] = Factory(dict)
    splits: dict[int, SplitResult] = Factory(dict)
    diagnostics: list[Diagnostic] = Factory(list)
    _rows: dict[str, dict[str, int]] = Factory(dict)

    def value(self, index: int) -> Value:
        """The value of a node of the cooperative."""
        found = self.values[index]
        assert not isinstance(found, list), "a figure of records has a column"
        return found

    def column(self, index: int) -> Column:
        """The values of a node of records."""
        found = self.values[index]
        assert isinstance(found, list | Missing), "a figure of the cooperative has one value"
        return found

    def ids(self, record: str) -> tuple[str, ...]:
        """The identifiers of the records of a sort."""
        table = self.facts.tables.get(record)
        return table.ids if table else ()

    def tell(
        self, code: str, clause: int, *, span: Span | None = None, **arguments: object
    ) -> None:
        """Collect a diagnostic about a clause that moves money, or about a place in it."""
        clauses = self.program.money_clauses()
        span = span or next(item.origin.span for item in clauses if item.node == clause)
        self.diagnostics.append(Diagnostic(code, span, arguments))


def evaluate(
    program: ir.Program,
    facts: Facts,
    given: dict[int, Known] | None = None,
    roots: Iterable[int] | None = None,
) -> Evaluation:
    """Evaluate what a program's outcome shows, or the given root nodes, on a year's facts.

    ``given`` puts known values in the place of nodes, as an example does.
    """
    run = Evaluation(program, facts, given or {})
    wanted = set(program.roots() if roots is None else roots)
    for index in range(len(program.nodes) - 1, -1, -1):
        if index in wanted and index not in run.given:
            wanted.update(ir.inner(program.nodes[index]))
    for index in sorted(wanted):
        if index in run.given:
            run.values[index] = run.given[index]
        else:
            node = program.nodes[index]
            run.values[index] = _EVALUATORS[type(node)](run, index, node)
    return run


# ---- nodes


def each(
    run: Evaluation, node: ir.Node, arguments: Sequence[int], function: Callable[..., Value]
) -> Value | Column:
    """A function of values, on the cooperative's or on those of every record."""
    if node.record is None:
        return function(*(run.value(index) for index in arguments))
    columns = [run.column(index) for index in arguments]
    absent = unknown(column for column in columns if isinstance(column, Missing))
    if isinstance(absent, Missing):
        return absent
    return [function(*row) for row in zip(*columns, strict=True)]


def _input(run: Evaluation, index: int, node: ir.Input) -> Value | Column:
    if node.record is None:
        return run.facts.figure(node.name)
    table = run.facts.tables.get(node.record)
    if table is None:
        return Missing(((node.record, ""),))
    return list(table.column(node.name))


def _slot(run: Evaluation, index: int, node: ir.Slot) -> Value:
    return run.program.constants[node.index]


def _param(run: Evaluation, index: int, node: ir.Param) -> Value:
    day = run.facts.closing
    if node.at is not None:
        at = run.value(node.at)
        if not isinstance(at, date):
            return at
        day = at
    value = run.program.parameters[node.name].on(day)
    return Missing(((node.name, ""),)) if value is None else value


def _op(run: Evaluation, index: int, node: ir.Op) -> Value | Column:
    return each(run, node, node.arguments, OPERATIONS[node.operation])


def _compare(run: Evaluation, index: int, node: ir.Compare) -> Value | Column:
    return each(run, node, (node.left, node.right), lambda a, b: compared(node, a, b))


def _group(run: Evaluation, index: int, node: ir.Group) -> Column:
    conditions = [item for item in (node.base, node.where) if item is not None]
    if not conditions:
        assert node.record is not None
        table = run.facts.tables.get(node.record)
        return Missing(((node.record, ""),)) if table is None else [True] * len(table.ids)
    found = each(run, node, conditions, both)
    assert isinstance(found, list | Missing)
    return found


def _link(run: Evaluation, index: int, node: ir.Link) -> Column:
    assert node.record is not None
    table = run.facts.tables.get(node.record)
    return Missing(((node.record, ""),)) if table is None else list(table.column(node.name))


def _lift(run: Evaluation, index: int, node: ir.Lift) -> Column:
    assert node.record is not None
    if node.along is None:
        table = run.facts.tables.get(node.record)
        if table is None:
            return Missing(((node.record, ""),))
        return [run.value(node.value)] * len(table.ids)
    links, values = run.column(node.along), run.column(node.value)
    if isinstance(links, Missing):
        return links
    if isinstance(values, Missing):
        return [values] * len(links)
    link = run.program.nodes[node.along]
    assert isinstance(link, ir.Link)
    of = dict(zip(run.ids(link.to), values, strict=True))
    return [
        to if isinstance(to, Missing) else of.get(str(to), Missing(((link.name, own),)))
        for to, own in zip(links, run.ids(node.record), strict=True)
    ]


def _aggregated(run: Evaluation, index: int, node: ir.Aggregate) -> Value:
    members = run.column(node.group)
    if isinstance(members, Missing):
        return members
    if node.value is None:
        return aggregate(node.aggregate, members, [Fraction(1)] * len(members))
    values = run.column(node.value)
    return values if isinstance(values, Missing) else aggregate(node.aggregate, members, values)


def _balance(run: Evaluation, index: int, node: ir.Balance) -> Value:
    if node.at == "opening" and not node.parts:
        return run.facts.opening(node.account)
    added = [run.value(item) for item in node.parts]
    taken = [run.value(item) for item in node.less]
    absent = unknown([*added, *taken])
    if absent is not None:
        return absent
    return sum(numbers(added), Fraction(0)) - sum(numbers(taken), Fraction(0))


def _allocate(run: Evaluation, index: int, node: ir.Allocate) -> Value:
    source = run.value(node.source)
    step = step_of(node.type.unit)
    assert step is not None, "an allocation is in money"
    if not isinstance(source, Fraction):
        nothing = (source,) * len(node.items)
        run.allocations[index] = AllocationResult(nothing, nothing, source)
        return source
    source = round_to(source, step)
    if source < 0:
        zeros = (Fraction(0),) * len(node.items)
        run.allocations[index] = AllocationResult(zeros, zeros, source)
        clause = next(item for item in run.program.allocations if item.node == index)
        way = "add" if clause.losses_line is None else "change"
        advice = Said(f"loss.{way}", {"account": Word(node.losses)})
        amount = (source, node.type)
        run.tell("R805", index, amount=amount, account=Word(node.losses), advice=advice)
        return source
    run.allocations[index] = _flow(run, index, node, source, step)
    return source


def _flow(
    run: Evaluation, index: int, node: ir.Allocate, source: Fraction, step: Fraction
) -> AllocationResult:
    """The waterfall down to the first item that is not known; what stands above it stands."""
    wanted: list[Wanted] = []
    hidden: dict[int, Missing | Undefined] = {}
    stop: Missing | Undefined | None = None
    for position, item in enumerate(node.items):
        amount = Fraction(0) if item.amount is None else run.value(item.amount)
        if not isinstance(amount, Fraction):
            stop = unknown((amount,))
            break
        if item.amount is not None and not run.program.nodes[item.amount].type.unit:
            amount *= source
        if item.amount is not None and amount < 0:
            asked_for, place = (amount, node.type), run.program.places.get(item.amount)
            run.tell("R807", index, span=place, amount=asked_for, account=Word(item.account))
        room = _room(run, item, waterfall(source, wanted, step, complete=False))
        if isinstance(room, Missing | Undefined):
            assert item.fill is not None
            if item.fill.then is None:
                stop = room
                break
            hidden[position] = room
            room = None
        overflows = item.fill is not None and item.fill.then is not None
        asked = None if item.amount is None else amount
        wanted.append(Wanted(asked, room, overflows))
    flow = waterfall(source, wanted, step, complete=stop is None)
    amounts: list[Value] = [taken.amount for taken in flow.items]
    overflows_: list[Value] = [taken.overflow for taken in flow.items]
    for position, why in hidden.items():
        amounts[position] = overflows_[position] = why
    if stop is not None:
        rest = [stop] * (len(node.items) - len(wanted))
        return AllocationResult((*amounts, *rest), (*overflows_, *rest), Fraction(0))
    if flow.beyond:
        run.tell("R803", index, amount=(source, node.type), beyond=(flow.beyond, node.type))
    if flow.left:
        run.tell("R804", index, amount=(source, node.type), left=(flow.left, node.type))
    return AllocationResult(tuple(amounts), tuple(overflows_), Fraction(0), flow)


def _room(run: Evaluation, item: ir.Item, above: Flow) -> Fraction | Missing | Undefined | None:
    """How much an item's account can still take: None is without bound."""
    if item.fill is None:
        return None
    until, before = run.value(item.fill.until), run.value(item.fill.before)
    absent = unknown((until, before))
    if absent is not None:
        return absent
    already = sum(
        above.items[place].overflow if overflow else above.items[place].amount
        for place, overflow in item.fill.within
    )
    step = step_of(item_unit(run, item))
    assert step is not None, "a balance is in money"
    room = round_to(number(until) - number(before), step, Rounding.DOWN) - already
    return max(room, Fraction(0))


def item_unit(run: Evaluation, item: ir.Item) -> tuple[tuple[str, int], ...]:
    """The unit of the balances that an item looks at."""
    assert item.fill is not None
    return run.program.nodes[item.fill.until].type.unit


def _part(run: Evaluation, index: int, node: ir.Part) -> Value:
    result = run.allocations[node.clause]
    if node.item is None:
        return result.losses
    return (result.overflows if node.overflow else result.amounts)[node.item]


def _split(run: Evaluation, index: int, node: ir.Split) -> Column:
    result = _shared(run, index, node)
    run.splits[index] = result
    return result.parts


def _shared(run: Evaluation, index: int, node: ir.Split) -> SplitResult:
    amount, members = run.value(node.amount), run.column(node.group)
    assert node.record is not None
    if isinstance(members, Missing):
        why = unknown((amount,)) or members
        return SplitResult([why] * len(run.ids(node.record)), why)
    ids = run.ids(node.record)
    rights = _rights(run, node, members)
    absent = unknown((amount,)) or (rights if isinstance(rights, Missing | Undefined) else None)
    if absent is not None:
        return SplitResult([absent] * len(ids), absent)
    assert isinstance(rights, Rights)
    step = step_of(node.type.unit)
    assert step is not None, "a split is in money"
    money = round_to(number(amount), step)
    nothing = SplitResult([Fraction(0)] * len(ids), Fraction(0), tuple(rights.of))
    if money <= 0:
        return nothing
    if rights.negative:
        names = tuple(ids[row] for row in rights.negative[:5])
        run.tell("R802", index, records=names, amount=(money, node.type))
        return nothing
    if rights.nothing or not sum(rights.of.values()):
        code = "R808" if rights.of else "R801"
        run.tell(code, index, amount=(money, node.type))
        return nothing
    entitled = [ids[row] for row in rights.of]
    shares = largest_remainder(money, list(rights.of.values()), entitled, step)
    parts: list[Value] = [Fraction(0)] * len(ids)
    for row, part in zip(rights.of, shares.parts, strict=True):
        parts[row] = part
    return SplitResult(parts, money, tuple(rights.of), tuple(rights.of.values()), shares)


@frozen(slots=True)
class Rights:
    """The right of each entitled record, by its row.

    Or else the rows whose figures are negative, or that a key's figures are all zero.
    """

    of: dict[int, Fraction]
    negative: tuple[int, ...] = ()
    nothing: bool = False


def _rights(run: Evaluation, node: ir.Split, members: list[Value]) -> Rights | Missing | Undefined:
    doubt = unknown(members)
    if doubt is not None:
        return doubt
    entitled = [row for row, member in enumerate(members) if member is True]
    rights = dict.fromkeys(entitled, Fraction(0))
    negative: dict[int, None] = {}
    nothing = False
    for key in node.keys:
        weight = Fraction(1) if key.weight is None else run.value(key.weight)
        column = [Fraction(1)] * len(members) if key.figure is None else run.column(key.figure)
        if isinstance(column, Missing):
            return column
        absent = unknown([weight, *(column[row] for row in entitled)])
        if absent is not None:
            return absent
        figures = {row: number(column[row]) for row in entitled}
        total = sum(figures.values(), Fraction(0))
        negative |= dict.fromkeys(row for row in entitled if figures[row] < 0 or number(weight) < 0)
        nothing = nothing or total == 0
        if not negative and not nothing:
            for row, figure in figures.items():
                rights[row] += number(weight) * figure / total
    return Rights(rights, tuple(negative), nothing)


def _paid(run: Evaluation, index: int, node: ir.Paid) -> Value:
    return run.splits[node.clause].paid


def _pool(run: Evaluation, index: int, node: ir.Pool) -> Column:
    rate, figures = run.value(node.kept), run.column(node.figure)
    step = step_of(node.type.unit)
    assert step is not None, "a pool is in money"
    if isinstance(figures, Missing):
        return figures

    def kept(figure: Value) -> Value:
        absent = unknown((rate, figure))
        if absent is not None:
            return absent
        return round_to(number(rate) * max(number(figure), Fraction(0)), step)

    return [kept(figure) for figure in figures]


def _pooled(run: Evaluation, index: int, node: ir.Pooled) -> Value:
    pool = run.program.nodes[node.clause]
    assert isinstance(pool, ir.Pool)
    figures, kept = run.column(pool.figure), run.column(node.clause)
    if isinstance(figures, Missing) or isinstance(kept, Missing):
        return unknown(item for item in (figures, kept) if isinstance(item, Missing)) or Missing(())
    absent = unknown([*figures, *kept])
    if absent is not None:
        return absent
    return sum(numbers(figures), Fraction(0)) - sum(numbers(kept), Fraction(0))


_EVALUATORS: dict[type, Callable[..., Value | Column]] = {
    ir.Input: _input,
    ir.Slot: _slot,
    ir.Param: _param,
    ir.Op: _op,
    ir.Compare: _compare,
    ir.Group: _group,
    ir.Link: _link,
    ir.Lift: _lift,
    ir.Aggregate: _aggregated,
    ir.Balance: _balance,
    ir.Allocate: _allocate,
    ir.Part: _part,
    ir.Split: _split,
    ir.Paid: _paid,
    ir.Pool: _pool,
    ir.Pooled: _pooled,
}
