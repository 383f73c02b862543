"""Each operation, relation and aggregate once: its key, its arguments, what it makes of their types.

Whatever reads programs has a table of its own with the same keys; ``tests/test_table.py`` demands that
none is wanting. A reader that meets a key it does not know takes the value for any, or for none.
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
    DRAWN = "an amount as written, what of it moves, and whether its origin covers it"


class Exists(Enum):
    """Where an operation has a value, of arguments that have theirs."""

    ALWAYS = "always"
    DIVISOR = "unless the second is zero"
    STEP = "where the second is above zero"
    SOMETIMES = "of some arguments only"


@frozen(slots=True)
class Operation:
    """An operation: its shape, where it has a value, how many arguments it takes at least and at most."""

    shape: Shape
    exists: Exists
    least: int = 2
    most: int = 2


@frozen(slots=True)
class Aggregation:
    """An aggregate: what it is, and whether it has a value of nobody."""

    sense: str
    of_nobody: bool = False


MANY = 1_000_000

OPERATIONS: dict[str, Operation] = {
    "add": Operation(Shape.SAME, Exists.ALWAYS, 2, MANY),
    "negative": Operation(Shape.SAME, Exists.ALWAYS, 1, 1),
    "multiply": Operation(Shape.PRODUCT, Exists.ALWAYS, 2, MANY),
    "part_of": Operation(Shape.PRODUCT, Exists.ALWAYS),
    "divide": Operation(Shape.QUOTIENT, Exists.DIVISOR),
    "min": Operation(Shape.SAME, Exists.ALWAYS, 2, MANY),
    "max": Operation(Shape.SAME, Exists.ALWAYS, 2, MANY),
    "round_up": Operation(Shape.SAME, Exists.STEP),
    "round_down": Operation(Shape.SAME, Exists.STEP),
    "round_half_up": Operation(Shape.SAME, Exists.STEP),
    "round_half_even": Operation(Shape.SAME, Exists.STEP),
    "and": Operation(Shape.LOGIC, Exists.ALWAYS, 2, MANY),
    "or": Operation(Shape.LOGIC, Exists.ALWAYS, 2, MANY),
    "not": Operation(Shape.LOGIC, Exists.ALWAYS, 1, 1),
    "if": Operation(Shape.CHOICE, Exists.ALWAYS, 3, 3),
    "drawn": Operation(Shape.DRAWN, Exists.SOMETIMES, 3, 3),
    "add_months": Operation(Shape.DELAY, Exists.SOMETIMES),
    "add_days": Operation(Shape.DELAY, Exists.SOMETIMES),
    "log": Operation(Shape.LOGARITHM, Exists.SOMETIMES, 1, 1),
}

RELATIONS: dict[str, str] = {
    "equal": "=",
    "differ": "≠",
    "at_least": "≥",
    "at_most": "≤",
    "below": "<",
    "above": ">",
}

AGGREGATES: dict[str, Aggregation] = {
    "sum": Aggregation("the figures added up", of_nobody=True),
    "average": Aggregation("their sum divided by their number"),
    "median": Aggregation("the middle one, or half-way between the middle two"),
    "min": Aggregation("the least of them"),
    "max": Aggregation("the greatest of them"),
    "count": Aggregation("how many records there are", of_nobody=True),
    "rate": Aggregation("how many of the records it is true of, divided by their number"),
}
