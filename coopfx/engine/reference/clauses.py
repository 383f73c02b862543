"""What the clauses that move money do with a year's figures: allocations, shares and pools.

The waterfall and the split themselves work on known figures (splits.py); here stands what is asked of
them, and what becomes of it where a figure is missing or undefined.
"""

from collections.abc import Sequence
from fractions import Fraction

from attrs import Factory, define, evolve

from coopfx.engine.reference.evaluation import (
    AllocationResult,
    Column,
    Run,
    SegmentResult,
    SplitResult,
)
from coopfx.engine.reference.splits import Flow, Limits, Wanted, split, waterfall
from coopfx.engine.reference.values import known_or, number, numbers, unknown
from coopfx.ground.exact import (
    Missing,
    Rounding,
    Undefined,
    Value,
    added,
    round_to,
    step_of,
)
from coopfx.ground.report import Said, Word
from coopfx.language import ir

ZERO = Fraction(0)


def step_of_node(node: ir.Node) -> Fraction:
    """The smallest amount of the currency that a node's money is in."""
    step = step_of(node.type.unit)
    assert step is not None, "only money is moved"
    return step


# ---- allocations


def allocate(run: Run, index: int, node: ir.Allocate) -> Value | Column:
    """Let the source of an allocation flow to its items: the cooperative's, or each record's own."""
    if node.record is None:
        result = _allocated(run, index, node, None)
        run.allocations[index] = (result,)
        return result.source
    members = run.column(node.group) if node.group is not None else []
    if isinstance(members, Missing):
        return members
    results = []
    for row, member in enumerate(members):
        if member is True:
            results.append(_allocated(run, index, node, row))
        else:
            nothing = ZERO if member is False else known_or((member,), ZERO)
            results.append(_nothing(node, nothing))
    run.allocations[index] = tuple(results)
    return [result.source for result in results]


def _nothing(node: ir.Allocate, value: Value) -> AllocationResult:
    values = (value,) * len(node.items)
    return AllocationResult(value, values, values, value)


def _allocated(run: Run, index: int, node: ir.Allocate, row: int | None) -> AllocationResult:
    source = run.at(node.source, row)
    when = True if node.when is None else run.at(node.when, row)
    if when is False:
        return _nothing(node, ZERO)
    absent = unknown((when, source))
    if absent is not None:
        return _nothing(node, absent)
    money = round_to(number(source), step_of_node(node))
    if money < 0:
        clauses = run.program.allocations
        line = next((item.losses_line for item in clauses if item.node == index), None)
        way = "add" if line is None else "change"
        advice = Said(f"loss.{way}", {"account": Word(node.losses)})
        amount = (money, node.type)
        run.tell("R805", index, row=row, amount=amount, account=Word(node.losses), advice=advice)
        return evolve(_nothing(node, ZERO), source=money, losses=money)
    return _flow(run, index, node, row, money)


def _flow(
    run: Run, index: int, node: ir.Allocate, row: int | None, source: Fraction
) -> AllocationResult:
    """The waterfall down to the first item that is not known; what stands above it stands."""
    step = step_of_node(node)
    wanted: list[Wanted] = []
    hidden: dict[int, Missing | Undefined] = {}
    stop: Missing | Undefined | None = None
    for position, item in enumerate(node.items):
        above = waterfall(source, wanted, step, complete=False)
        one = _wanted(run, item, row, source)
        if isinstance(one, Missing | Undefined):
            stop = one
            break
        asked = one.asked(above.left)
        if asked < 0:
            place = None if item.amount is None else run.program.places.get(item.amount)
            amount = (asked, node.type)
            run.tell("R807", index, row=row, span=place, amount=amount, account=Word(item.account))
        room = None if one.off else _room(run, item, row, above, step)
        if isinstance(room, Missing | Undefined):
            assert item.fill is not None
            if item.fill.then is None:
                stop = room
                break
            hidden[position] = room
            room = None
        wanted.append(evolve(one, room=room))
    flow = waterfall(source, wanted, step, complete=stop is None)
    amounts: list[Value] = [taken.amount for taken in flow.items]
    overflows: list[Value] = [taken.overflow for taken in flow.items]
    for position, why in hidden.items():
        amounts[position] = overflows[position] = why
    if stop is not None:
        rest = [stop] * (len(node.items) - len(wanted))
        return AllocationResult(source, (*amounts, *rest), (*overflows, *rest), ZERO)
    if flow.beyond > node.reads * step / 2:
        beyond = (flow.beyond, node.type)
        run.tell("R803", index, row=row, amount=(source, node.type), beyond=beyond)
    if flow.left:
        left = (flow.left, node.type)
        run.tell("R804", index, row=row, amount=(source, node.type), left=left)
    return AllocationResult(source, tuple(amounts), tuple(overflows), ZERO, flow)


def _wanted(
    run: Run, item: ir.Item, row: int | None, source: Fraction
) -> Wanted | Missing | Undefined:
    """What an item asks for, or why that is not known."""
    when = True if item.when is None else run.at(item.when, row)
    if when is False:
        return Wanted(None if item.amount is None else ZERO, off=True)
    amount, high, low = (
        None if index is None else run.at(index, row)
        for index in (item.amount, item.high, item.low)
    )
    given = [value for value in (amount, high, low) if value is not None]
    absent = unknown((when, *given))
    if absent is not None:
        return absent
    if amount is not None and item.amount is not None and not item.of_rest:
        is_part = not run.program.nodes[item.amount].type.unit
        amount = number(amount) * source if is_part else amount
    overflows = item.fill is not None and item.fill.then is not None
    asked, most, least = (None if value is None else number(value) for value in (amount, high, low))
    return Wanted(asked, None, overflows, item.of_rest, most, least)


def _room(
    run: Run, item: ir.Item, row: int | None, above: Flow, step: Fraction
) -> Fraction | Missing | Undefined | None:
    """How much an item's account can still take: None is without bound."""
    if item.fill is None:
        return None
    until, before = run.at(item.fill.until, row), run.at(item.fill.before, row)
    absent = unknown((until, before))
    if absent is not None:
        return absent
    already = sum(
        above.items[place].overflow if overflow else above.items[place].amount
        for place, overflow in item.fill.within
    )
    room = round_to(number(until) - number(before), step, Rounding.DOWN) - already
    return max(room, ZERO)


def part(run: Run, index: int, node: ir.Part) -> Value | Column:
    """What an item of an allocation received, of the cooperative or of each record."""
    results = run.allocations.get(node.clause)
    if results is None:
        return run.column(node.clause)
    values = [
        result.losses
        if node.item is None
        else (result.overflows if node.overflow else result.amounts)[node.item]
        for result in results
    ]
    return values if node.record is not None else values[0]


# ---- shares


@define(slots=True)
class Rights:
    """The right of each entitled record, by its row.

    Or else the rows whose figures are negative, or that a key's figures are all zero.
    """

    of: dict[int, Fraction]
    negative: dict[int, None] = Factory(dict)
    nothing: bool = False


def share(run: Run, index: int, node: ir.Split) -> Column:
    """Split an amount over its group, or each segment's amount inside the segment."""
    result = _split(run, index, node)
    run.splits[index] = result
    return result.parts


def _split(run: Run, index: int, node: ir.Split) -> SplitResult:
    assert node.record is not None
    members = run.column(node.group)
    amounts = run.value(node.amount) if node.segment is None else run.column(node.amount)
    ids = run.ids(node.record)

    def without(why: Missing | Undefined) -> SplitResult:
        return SplitResult([why] * len(ids), why, why)

    when = True if node.when is None else run.value(node.when)
    if when is False:
        return SplitResult([ZERO] * len(ids), ZERO, ZERO)
    own = None if isinstance(amounts, list) else unknown((amounts,))
    if isinstance(members, Missing):
        return without(members if own is None else own)
    absent = unknown((when, *members)) if own is None else own
    if absent is not None:
        return without(absent)
    entitled = [row for row, member in enumerate(members) if member is True]
    if node.segment is None:
        assert not isinstance(amounts, list)
        segments: list[tuple[str, Value, list[int]]] = [("", amounts, entitled)]
    else:
        found = _segments(run, node, entitled, amounts)
        if isinstance(found, Missing | Undefined):
            return without(found)
        segments = found
    parts: list[Value] = [ZERO] * len(ids)
    paid: list[Value] = []
    excess: list[Value] = []
    made = []
    for name, amount, rows in segments:
        one = _segment(run, index, node, name, amount, rows)
        if isinstance(one, Missing | Undefined):
            if node.segment is None:
                return without(one)
            for row in rows:
                parts[row] = one
            paid.append(one)
            excess.append(one)
            continue
        made.append(one)
        shares = one.shares
        for row, value in zip(one.entitled, shares.parts if shares else (), strict=False):
            parts[row] = value
        withheld = shares.left if shares and node.excess is not None else ZERO
        excess.append(withheld)
        paid.append(withheld + (sum(shares.parts, ZERO) if shares else ZERO))
    return SplitResult(parts, total(paid), total(excess), tuple(made))


def total(values: Sequence[Value]) -> Value:
    """A sum, or what keeps it from being known."""
    absent = unknown(values)
    return sum(numbers(values), ZERO) if absent is None else absent


def _segments(
    run: Run, node: ir.Split, entitled: list[int], amounts: Value | Column
) -> list[tuple[str, Value, list[int]]] | Missing | Undefined:
    """Each segment with its amount and the rows that are entitled in it."""
    assert node.segment is not None
    link = run.program.nodes[node.segment]
    assert isinstance(link, ir.Link)
    links = run.column(node.segment)
    if isinstance(links, Missing):
        return links
    if isinstance(amounts, Missing):
        return amounts
    if link.to not in run.facts.tables:
        # What these would have of a share has no rows either, and says nothing of its own.
        return run.missing_figure(link.to)
    assert isinstance(amounts, list)
    doubt = unknown(links[row] for row in entitled)
    if doubt is not None:
        return doubt
    rows: dict[str, list[int]] = {name: [] for name in run.ids(link.to)}
    for row in entitled:
        if str(links[row]) not in rows:
            return Missing(((link.name, run.ids(node.record or "")[row]),))
        rows[str(links[row])].append(row)
    return [(name, amount, rows[name]) for name, amount in zip(rows, amounts, strict=True)]


def _segment(
    run: Run, index: int, node: ir.Split, name: str, amount: Value, entitled: list[int]
) -> SegmentResult | Missing | Undefined:
    """Split one amount over those who are entitled to a part of it."""
    rights = _rights(run, node, entitled)
    absent = unknown((amount,))
    if absent is not None:
        return absent
    if isinstance(rights, Missing | Undefined):
        return rights
    assert node.record is not None
    ids, step = run.ids(node.record), step_of_node(node)
    money = round_to(number(amount), step)
    nothing = SegmentResult(name, money, tuple(rights.of))
    if money <= 0:
        return nothing
    shown = (money, node.type)
    if rights.negative:
        names = tuple(ids[row] for row in list(rights.negative)[:5])
        run.tell("R802", index, segment=name, records=names, amount=shown)
        return nothing
    together = added(rights.of.values())
    if rights.nothing or not together:
        run.tell("R808" if rights.of else "R801", index, segment=name, amount=shown)
        return nothing
    limits = _limits(run, node, list(rights.of))
    if isinstance(limits, Missing | Undefined):
        return limits
    names = tuple(ids[row] for row in rights.of)
    shares = split(money, list(rights.of.values()), names, step, limits)
    if shares.left and node.excess is None:
        _tell_left(run, index, node, name, shares.left, any(shares.parts))
    return SegmentResult(name, money, tuple(rights.of), tuple(rights.of.values()), shares, together)


def _tell_left(
    run: Run, index: int, node: ir.Split, name: str, left: Fraction, anyone: bool
) -> None:
    """Tell why a share leaves money where it is: odd cents (R811), limits (R809, R810)."""
    odd = node.alike and node.cap is None and node.smallest is None
    code = "R811" if odd and anyone else "R809" if anyone else "R810"
    run.tell(code, index, segment=name, amount=(left, node.type))


def _limits(run: Run, node: ir.Split, rows: list[int]) -> Limits | Missing | Undefined:
    caps = None
    if node.cap is not None:
        column = run.column(node.cap)
        values = [column] if isinstance(column, Missing) else [column[row] for row in rows]
        absent = unknown(values)
        if absent is not None:
            return absent
        caps = [max(value, ZERO) for value in numbers(values)]
    smallest = None if node.smallest is None else run.value(node.smallest)
    if isinstance(smallest, Missing | Undefined):
        return smallest
    least = None if smallest is None else number(smallest)
    return Limits(caps, least, node.alike, node.excess is not None)


def _rights(run: Run, node: ir.Split, entitled: list[int]) -> Rights | Missing | Undefined:
    rights = Rights(dict.fromkeys(entitled, ZERO))
    for key in node.keys:
        weight = Fraction(1) if key.weight is None else run.value(key.weight)
        figures = _figures(run, key.figure, entitled)
        if isinstance(figures, Missing):
            return figures
        absent = unknown([weight, *figures.values()])
        if absent is not None:
            return absent
        known = {row: number(value) for row, value in figures.items()}
        all_ = sum(known.values(), ZERO)
        rights.negative |= dict.fromkeys(
            row for row in entitled if known[row] < 0 or number(weight) < 0
        )
        rights.nothing = rights.nothing or all_ == 0
        if not rights.negative and not rights.nothing:
            each = number(weight) / all_
            for row, figure in known.items():
                rights.of[row] += each * figure
    if node.coefficient is None:
        return rights
    coefficients = _figures(run, node.coefficient, entitled)
    absent = unknown([coefficients] if isinstance(coefficients, Missing) else coefficients.values())
    if absent is not None:
        return absent
    assert isinstance(coefficients, dict)
    for row, value in coefficients.items():
        rights.of[row] *= number(value)
        if number(value) < 0:
            rights.negative[row] = None
    return rights


def _figures(run: Run, index: int | None, rows: list[int]) -> dict[int, Value] | Missing:
    """A figure of some records, by row; one of each where there is none."""
    if index is None:
        return dict.fromkeys(rows, Fraction(1))
    column = run.column(index)
    return column if isinstance(column, Missing) else {row: column[row] for row in rows}


def paid(run: Run, index: int, node: ir.Paid) -> Value:
    """What a split takes of its amount in all."""
    return run.splits[node.clause].paid


def excess(run: Run, index: int, node: ir.Excess) -> Value:
    """What a split sends to its excess account."""
    return run.splits[node.clause].excess


# ---- pools


def pool(run: Run, index: int, node: ir.Pool) -> Column:
    """What each record keeps of the figure that is pooled."""
    rate, figures, members = run.value(node.kept), run.column(node.figure), run.column(node.group)
    step = step_of_node(node)
    absent = unknown(item for item in (figures, members) if isinstance(item, Missing))
    if isinstance(absent, Missing):
        return absent

    def kept(figure: Value, member: Value) -> Value:
        if member is False:
            return ZERO
        absent = unknown((rate, figure, member))
        if absent is not None:
            return absent
        whole = number(figure) if node.losses_kept else max(number(figure), ZERO)
        return round_to(number(rate) * whole, step)

    assert isinstance(figures, list) and isinstance(members, list)
    return [kept(*pair) for pair in zip(figures, members, strict=True)]


def pooled(run: Run, index: int, node: ir.Pooled) -> Value:
    """What a pool has gathered: the figures of its group less what each kept."""
    clause = run.program.nodes[node.clause]
    assert isinstance(clause, ir.Pool)
    figures, kept = run.column(clause.figure), run.column(node.clause)
    members = run.column(clause.group)
    absent = unknown(item for item in (figures, kept, members) if isinstance(item, Missing))
    if absent is not None:
        return absent
    assert isinstance(figures, list) and isinstance(kept, list) and isinstance(members, list)
    gathered: list[Value] = []
    for figure, keeps, member in zip(figures, kept, members, strict=True):
        if member is False:
            continue
        absent = unknown((member, figure, keeps))
        gathered.append(number(figure) - number(keeps) if absent is None else absent)
    return total(gathered)
