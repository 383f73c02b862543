"""Each operation, relation and aggregate once: its key, its arguments, what it makes of their types.

The engines have a table of their own with the same keys; a test demands that none is wanting.
"""

from enum import Enum

from attrs import frozen


class Shape(Enum):
    """What an operation asks of its arguments, and what it gives."""

    SAME = "quantities of one unit, giving that unit"
    PRODUCT = "quantities, giving the product of their units"
    QUOTIENT = "two quantities, giving the quotient of their units"
    LOGIC = "yes or no, giving yes or no"
    DELAY = "a day, then a length of time, giving a day"
    LOGARITHM = "a plain number, giving one of so many decimals"
    CHOICE = "yes or no, then two values of one type, giving that type"


@frozen(slots=True)
class Operation:
    """An operation: how many arguments it takes at least and at most, and its shape."""

    shape: Shape
    least: int = 2
    most: int = 2


MANY = 1_000_000

OPERATIONS: dict[str, Operation] = {
    "add": Operation(Shape.SAME, 2, MANY),
    "negative": Operation(Shape.SAME, 1, 1),
    "multiply": Operation(Shape.PRODUCT, 2, MANY),
    "part_of": Operation(Shape.PRODUCT),
    "divide": Operation(Shape.QUOTIENT),
    "min": Operation(Shape.SAME, 2, MANY),
    "max": Operation(Shape.SAME, 2, MANY),
    "round_up": Operation(Shape.SAME),
    "round_down": Operation(Shape.SAME),
    "round_half_up": Operation(Shape.SAME),
    "round_half_even": Operation(Shape.SAME),
    "and": Operation(Shape.LOGIC, 2, MANY),
    "or": Operation(Shape.LOGIC, 2, MANY),
    "not": Operation(Shape.LOGIC, 1, 1),
    "if": Operation(Shape.CHOICE, 3, 3),
    "add_months": Operation(Shape.DELAY),
    "add_days": Operation(Shape.DELAY),
    "log": Operation(Shape.LOGARITHM, 1, 1),
}

RELATIONS: dict[str, str] = {
    "equal": "=",
    "differ": "≠",
    "at_least": "≥",
    "at_most": "≤",
    "below": "<",
    "above": ">",
}

AGGREGATES: dict[str, str] = {
    "sum": "the figures added up",
    "average": "their sum divided by their number; of nobody, undefined",
    "median": "the middle one, or half-way between the middle two; of nobody, undefined",
    "min": "the least of them; of nobody, undefined",
    "max": "the greatest of them; of nobody, undefined",
    "count": "how many records there are",
    "rate": "how many of the records it is true of, divided by their number; of nobody, undefined",
}
