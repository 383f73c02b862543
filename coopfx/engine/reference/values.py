"""Values that may not be known, and what operations, comparisons and aggregates make of them.

A missing fact makes whatever needs it missing, and a division by zero undefined, unless the answer
does not depend on it, as in Kleene's logic. Plain functions of plain values: the reference evaluator
applies them node by node.
"""

from collections.abc import Callable, Iterable, Sequence
from datetime import date
from fractions import Fraction

from coopfx.engine.functions import after, logarithm
from coopfx.ground.exact import Known, Missing, Rounding, Undefined, Value, round_to
from coopfx.language import ir, operations


def unknown(values: Iterable[Value | list[Value]]) -> Missing | Undefined | None:
    """What keeps a result from being known: all that is missing, else what is undefined."""
    missing: Missing | None = None
    undefined: Undefined | None = None
    for value in values:
        if isinstance(value, Missing):
            missing = value if missing is None else missing | value
        elif isinstance(value, Undefined) and undefined is None:
            undefined = value
    return undefined if missing is None else missing


def known_or(values: Iterable[Value | list[Value]], otherwise: Value) -> Value:
    """What keeps any of the values from being known, or else the value that is then given."""
    absent = unknown(values)
    return otherwise if absent is None else absent


def number(value: Value) -> Fraction:
    """A value that the program's types say is a quantity."""
    assert isinstance(value, Fraction), value
    return value


def numbers(values: Iterable[Value]) -> list[Fraction]:
    """Values that the program's types say are quantities."""
    return [number(value) for value in values]


def step_reached(
    by: Value, breaks: Sequence[Value], above: Sequence[bool]
) -> int | Missing | Undefined | None:
    """Which step of a scale a figure has reached, the last one as written; None below all of them."""
    for step in range(len(breaks) - 1, -1, -1):
        start = breaks[step]
        absent = unknown((by, start))
        if absent is not None:
            return absent
        assert not isinstance(by, Missing | Undefined)
        assert not isinstance(start, Missing | Undefined)
        if RELATIONS["above" if above[step] else "at_least"](by, start):
            return step
    return None


# ---- operations


def _strict(function: Callable[..., Value]) -> Callable[..., Value]:
    def applied(*values: Value) -> Value:
        absent = unknown(values)
        return function(*values) if absent is None else absent

    return applied


def _product(*values: Value) -> Value:
    result = Fraction(1)
    for value in numbers(values):
        result *= value
    return result


def _quotient(left: Value, right: Value) -> Value:
    return Undefined("division") if right == 0 else number(left) / number(right)


def _rounding(way: Rounding) -> Callable[..., Value]:
    def rounded(value: Value, step: Value) -> Value:
        size = number(step)
        return round_to(number(value), size, way) if size > 0 else Undefined("step")

    return _strict(rounded)


def both(*values: Value) -> Value:
    """Kleene's and: one no decides."""
    if any(value is False for value in values):
        return False
    return known_or(values, True)


def either(*values: Value) -> Value:
    """Kleene's or: one yes decides."""
    if any(value is True for value in values):
        return True
    return known_or(values, False)


def _choice(condition: Value, then: Value, otherwise: Value) -> Value:
    if isinstance(condition, bool):
        return then if condition else otherwise
    return condition


def _drawn(written: Value, moved: Value, covered: Value) -> Value:
    if covered is False:
        return Undefined("overdrawn")
    return known_or((covered, moved), moved)


def _later(unit: str) -> Callable[..., Value]:
    def later(day: Value, delay: Value) -> Value:
        count = number(delay)
        if not isinstance(day, date) or count.denominator != 1:
            return Undefined("calendar")
        found = after(day, int(count), unit)
        return Undefined("calendar") if found is None else found

    return _strict(later)


def _log(value: Value, *, places: int) -> Value:
    if isinstance(value, Missing | Undefined):
        return value
    found = logarithm(number(value), places)
    return Undefined("logarithm") if found is None else found


OPERATIONS: dict[str, Callable[..., Value]] = {
    "add": _strict(lambda *values: sum(numbers(values), Fraction(0))),
    "negative": _strict(lambda value: -number(value)),
    "multiply": _strict(_product),
    "part_of": _strict(_product),
    "divide": _strict(_quotient),
    "min": _strict(lambda *values: min(numbers(values))),
    "max": _strict(lambda *values: max(numbers(values))),
    "round_up": _rounding(Rounding.UP),
    "round_down": _rounding(Rounding.DOWN),
    "round_half_up": _rounding(Rounding.HALF_UP),
    "round_half_even": _rounding(Rounding.HALF_EVEN),
    "and": both,
    "or": either,
    "not": _strict(lambda value: not value),
    "if": _choice,
    "drawn": _drawn,
    "add_months": _later("month"),
    "add_days": _later("day"),
    "log": _log,
}

RELATIONS: dict[str, Callable[[Known, Known], bool]] = {
    "equal": lambda left, right: left == right,
    "differ": lambda left, right: left != right,
    "at_least": lambda left, right: left >= right,  # type: ignore[operator]
    "at_most": lambda left, right: left <= right,  # type: ignore[operator]
    "below": lambda left, right: left < right,  # type: ignore[operator]
    "above": lambda left, right: left > right,  # type: ignore[operator]
}


def compared(node: ir.Compare, left: Value, right: Value) -> Value:
    """Whether a comparison holds, money as it is paid."""
    absent = unknown((left, right))
    if absent is not None:
        return absent
    assert not isinstance(left, Missing | Undefined) and not isinstance(right, Missing | Undefined)
    if node.step is None:
        return RELATIONS[node.relation](left, right)
    paid = [round_to(number(side), node.step) for side in (left, right)]
    return RELATIONS[node.relation](*paid) or (
        node.allowance > 0 and _beyond(node.relation, number(left), number(right)) <= node.allowed
    )


def _beyond(relation: str, left: Fraction, right: Fraction) -> Fraction:
    """How far two amounts are beyond the edge of a relation that has an allowance."""
    gap = right - left if relation == "at_least" else left - right
    return abs(gap) if relation == "equal" else gap


# ---- aggregates


def aggregate(kind: str, members: Sequence[Value], values: Sequence[Value]) -> Value:
    """An aggregate of the values of those records whose membership is yes.

    Where a membership or a value is missing, so is the answer, unless it cannot depend on it.
    """
    inside = [value for member, value in zip(members, values, strict=True) if member is True]
    doubtful = [
        (member, value)
        for member, value in zip(members, values, strict=True)
        if not isinstance(member, bool)
    ]
    known = [value for value in inside if isinstance(value, Fraction)]
    absent = unknown(inside)
    if kind in ("min", "max") and known and absent is None:
        best = min(known) if kind == "min" else max(known)
        decided = [
            isinstance(value, Fraction) and (value >= best if kind == "min" else value <= best)
            for _, value in doubtful
        ]
        return best if all(decided) else _doubt(doubtful)
    if kind == "sum":
        doubtful = [(member, value) for member, value in doubtful if value != 0]
    if absent is not None or doubtful:
        return known_or([*inside, _doubt(doubtful)] if doubtful else inside, Fraction(0))
    if not inside and not operations.AGGREGATES[kind].of_nobody:
        return Undefined(kind)
    return AGGREGATES[kind](inside)


def _doubt(doubtful: Sequence[tuple[Value, Value]]) -> Missing | Undefined:
    found = unknown(item for pair in doubtful for item in pair)
    assert found is not None, "only what is not known is doubtful"
    return found


def _median(values: Sequence[Value]) -> Fraction:
    row = sorted(numbers(values))
    return (row[(len(row) - 1) // 2] + row[len(row) // 2]) / 2


AGGREGATES: dict[str, Callable[[Sequence[Value]], Fraction]] = {
    "sum": lambda values: sum(numbers(values), Fraction(0)),
    "average": lambda values: sum(numbers(values), Fraction(0)) / len(values),
    "median": _median,
    "min": lambda values: min(numbers(values)),
    "max": lambda values: max(numbers(values)),
    "count": lambda values: Fraction(len(values)),
    "rate": lambda values: Fraction(sum(value is True for value in values), len(values)),
}
