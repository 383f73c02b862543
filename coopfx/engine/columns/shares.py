"""Splits over columns: one amount of each segment, over the rows that are entitled to it.

A segment is a cooperative, or each record inside which the amount is split.
"""

from collections.abc import Sequence
from fractions import Fraction

import numpy as np
from attrs import frozen

from coopfx.engine.columns.arithmetic import add, rounded
from coopfx.engine.columns.limits import Shape, within_limits
from coopfx.engine.columns.primitives import (
    LARGEST_AMOUNT,
    LARGEST_DIVISOR,
    Line,
    split,
)
from coopfx.engine.columns.records import Records
from coopfx.engine.columns.rights import Weighed, in_whole_numbers, positive
from coopfx.engine.columns.values import (
    KNOWN,
    WIDEST,
    Array,
    Numbers,
    State,
    changed,
    first_unknown,
    fraction_at,
    full,
    known,
    worst,
)


@frozen(slots=True, eq=False)
class Key:
    """A line of a split: its weight (None: all of it) and figure of each row (None: equal parts)."""

    weight: Numbers | None
    figure: Numbers | None


@frozen(slots=True, eq=False)
class Terms:
    """What shapes a split: figures of rows (keys, coefficient, cap), and of segments (the others)."""

    keys: Sequence[Key]
    coefficient: Numbers | None = None
    cap: Numbers | None = None
    smallest: Numbers | None = None
    alike: bool = False
    excess: bool = False

    @property
    def is_plain(self) -> bool:
        """Whether nothing but the keys shapes the split."""
        limits = (self.coefficient, self.cap, self.smallest)
        return not self.alike and all(limit is None for limit in limits)


@frozen(slots=True, eq=False)
class Shared:
    """What each row takes, and of each segment what all take, what the limits withhold, in steps.

    ``state`` is what keeps a segment's from being known.
    """

    parts: Array
    taken: Array
    withheld: Array
    state: State


def share(
    amount: Numbers,
    entitled: Array,
    terms: Terms,
    records: Records,
    step: Fraction,
    moves: Array | None = None,
) -> Shared:
    """Split each segment's amount over its entitled rows by rights, in whole steps.

    Where ``moves`` is no, nothing does.
    """
    size = records.count_of
    amount = rounded(full(amount, size), step)
    coefficient = None
    if terms.coefficient is not None:
        coefficient = _figure(terms.coefficient, entitled, records, bool(entitled.all()))[0]
    lines = _lines(terms, entitled, records)
    state = first_unknown(amount.state, _rights_state(terms, entitled, records))
    money = np.where(known(state, size) & (amount.numerators > 0), amount.numerators, 0)
    if moves is not None:
        money = np.where(moves, money, 0)
    money = _with_rights(money, terms, lines, coefficient, records)
    if terms.is_plain:
        parts = _parts(money, lines, records)
        return Shared(parts, money, np.zeros(size, np.int64), state)
    weighed = positive(lines, coefficient, records)
    money = np.where(records.any(weighed), money, 0)
    unlimited = _limits_state(terms, entitled, records)
    if unlimited is not None:
        state = first_unknown(state, np.where(money > 0, unlimited, KNOWN).astype(np.uint8))
        money = np.where(known(state, size), money, 0)
    shape = Shape(coefficient, terms.cap, terms.smallest, terms.alike, terms.excess)
    parts = within_limits(money, lines, shape, weighed, records, step)
    taken = records.exact_sum(parts)
    return Shared(parts, taken, money - taken, state)


def _lines(terms: Terms, entitled: Array, records: Records) -> list[Weighed]:
    """The lines with their figures, the sums of these and their weights, in whole numbers."""
    whole = bool(entitled.all())
    figures = [_figure(key.figure, entitled, records, whole) for key in terms.keys]
    weights = _weights(terms.keys, records.count_of)
    return [
        Weighed(figure, records.exact_sum(figure, peak), above, below)
        for (figure, peak), (above, below) in zip(figures, weights, strict=True)
    ]


def _with_rights(
    money: Array,
    terms: Terms,
    lines: Sequence[Weighed],
    coefficient: Array | None,
    records: Records,
) -> Array:
    """The money of the segments in which no figure is negative and no line is of nothing."""
    figures = [line.figure for line in lines]
    for figure in figures if coefficient is None else [*figures, coefficient]:
        if len(figure) and figure.min() < 0:
            money = np.where(records.any(figure < 0), 0, money)
    weights = [full(key.weight, records.count_of) for key in terms.keys if key.weight is not None]
    for weight in weights:
        money = np.where(weight.numerators < 0, 0, money)
    if weights:
        whole = add([changed(one, state=None) for one in weights])
        money = np.where(whole.numerators == 0, 0, money)
    for line in lines:
        money = np.where(line.total == 0, 0, money)
    return money


def _figure(
    figure: Numbers | None, entitled: Array, records: Records, whole: bool
) -> tuple[Array, int | None]:
    """A figure of each row as whole numbers, over a denominator of the segment; zero for the others.

    ``whole`` tells whether all are entitled. Beside the figure a bound of its size, where one is known.
    """
    if figure is None:
        return entitled.astype(np.int64), 1
    column = full(figure, records.size)
    if column.state is not None or not whole:
        sure = entitled if column.state is None else entitled & (column.state == KNOWN)
        column = changed(column, numerators=np.where(sure, column.numerators, 0), state=None)
    if isinstance(column.denominator, int):
        return column.numerators, column.peak
    return in_whole_numbers(column, records)[0], None


def _rights_state(terms: Terms, entitled: Array, records: Records) -> State:
    """What keeps the rights of each segment from being known, key by key."""
    found: State = None
    for key in terms.keys:
        weight = None if key.weight is None else key.weight.state
        own = _entitled_state(key.figure, entitled, records)
        found = first_unknown(found, worst(weight, own))
    return first_unknown(found, _entitled_state(terms.coefficient, entitled, records))


def _limits_state(terms: Terms, entitled: Array, records: Records) -> State:
    """What keeps the limits of each segment from being known."""
    smallest = None if terms.smallest is None else terms.smallest.state
    return first_unknown(_entitled_state(terms.cap, entitled, records), smallest)


def _entitled_state(column: Numbers | None, entitled: Array, records: Records) -> State:
    """What is not known of a figure of those who are entitled."""
    if column is None or column.state is None:
        return None
    return records.state(np.where(entitled, column.state, KNOWN).astype(np.uint8))


def _parts(money: Array, lines: Sequence[Weighed], records: Records) -> Array:
    """The parts of a split that keys alone shape: by floats where these can decide."""
    if _are_narrow(money, lines):
        made = [
            Line(money * line.above, line.figure, np.maximum(line.total * line.below, 1))
            for line in lines
        ]
        return split(money, made, records)
    narrow = money < LARGEST_AMOUNT
    exact = []
    for line in lines:
        amount, divisor = _product(money, line.above), _product(line.total, line.below)
        narrow = narrow & (amount < LARGEST_AMOUNT) & (divisor < LARGEST_DIVISOR)
        exact.append((amount, divisor))
    narrow = np.asarray(narrow, bool)
    active = narrow & (money > 0)
    parts = np.zeros(records.size, np.int64)
    if active.any():
        total = np.where(active, money, 0).astype(np.int64)
        made = [
            Line(
                np.where(active, amount, 0).astype(np.int64),
                _narrow(line.figure, active, records),
                np.where(active, divisor, 1).astype(np.int64),
            )
            for (amount, divisor), line in zip(exact, lines, strict=True)
        ]
        parts = split(total, made, records)
    if not narrow.all():
        others = np.where(narrow, 0, money)
        weighed = positive(lines, None, records)
        parts = parts + within_limits(others, lines, Shape(), weighed, records, Fraction(1))
    return parts


def _are_narrow(money: Array, lines: Sequence[Weighed]) -> bool:
    """Whether floats can decide in every segment."""
    rows = [one for line in lines for one in (line.figure, line.total, line.above, line.below)]
    if not len(money) or any(one.dtype == object for one in (money, *rows)):
        return False
    most = int(money.max())
    return most < LARGEST_AMOUNT and all(
        most * int(line.above.max()) < LARGEST_AMOUNT
        and int(line.total.max()) * int(line.below.max()) < LARGEST_DIVISOR
        for line in lines
    )


def _product(left: Array, right: Array) -> Array:
    """The product of two columns, in Python's integers where it could overflow 64 bits."""
    made: Array = left.astype(object) * right if _is_wide(left, right) else left * right
    return made


def _narrow(rows: Array, active: Array, records: Records) -> Array:
    """The rows as 64-bit integers; those too wide for that belong to cooperatives left out here."""
    if rows.dtype == object:
        rows = np.where(np.broadcast_to(records.spread(active), records.size), rows, 0)
    return rows.astype(np.int64, copy=False)


def _is_wide(left: Array, right: Array) -> bool:
    """Whether the products of two columns could overflow 64 bits."""
    if left.dtype == object or right.dtype == object:
        return True
    if not len(left) or not len(right):
        return False
    return int(np.abs(left).max()) * int(np.abs(right).max()) >= WIDEST


def _weights(keys: Sequence[Key], size: int) -> list[tuple[Array, Array]]:
    """The weights of the lines, divided by their sum, as whole numbers over whole numbers.

    Cooperatives with the same weights are worked out once.
    """
    columns = [key.weight for key in keys if key.weight is not None]
    if not columns or not size:
        return [(np.ones(size, np.int64), np.ones(size, np.int64)) for _ in columns or keys[:1]]
    rows = max(len(column) for column in columns)
    columns = [full(column, rows) for column in columns]
    known_shares: dict[tuple[Fraction, ...], int] = {}
    index = [
        known_shares.setdefault(
            tuple(fraction_at(column, row) for column in columns), len(known_shares)
        )
        for row in range(rows)
    ]
    of_row = np.broadcast_to(np.array(index), size)
    found = []
    for position in range(len(columns)):
        shares = [row[position] / (sum(row, Fraction(0)) or Fraction(1)) for row in known_shares]
        above = [one.numerator for one in shares]
        below = [one.denominator for one in shares]
        dtype = np.int64 if max(*map(abs, above), *below) < WIDEST else object
        found.append((np.array(above, dtype)[of_row], np.array(below, dtype)[of_row]))
    return found
