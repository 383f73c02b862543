"""Which figures and accounts an amount is a part of: by it, money given out twice is seen.

The texts alone are read here, before anything is compiled, so that a clause can be told beside another
one that gives out the same money.
"""

from collections.abc import Callable, Iterator, Sequence
from fractions import Fraction
from functools import cached_property
from math import prod
from typing import Any

import attrs
from attrs import Factory, define

from coopfx.language import ast
from coopfx.language.scope import Declaring, Scope, Text

Readings = dict[str, Fraction | None]
"""Of each figure or account, the part that is read; None where the text alone does not decide it."""

_BALANCES = ("opening ", "taken ", "closing ", "all ", "from ")
_EARLIER = "earlier "


def whose(reading: str) -> str:
    """The figure or account that a reading speaks of, whatever its year, its balance or its record.

    >>> whose("earlier closing reserves.legal"), whose("work_share of person")
    ('reserves.legal', 'work_share')
    """
    name = reading.partition(" of ")[0]
    for before in (_EARLIER, *_BALANCES):
        name = name.removeprefix(before)
    return name


@define(slots=False)
class Reader:
    """Reads amounts, through every ``define``."""

    scope: Scope
    _behind: dict[str, Readings] = Factory(dict)
    _factors: dict[str, Fraction | None] = Factory(dict)
    _above: dict[str, bool] = Factory(dict)

    @cached_property
    def order(self) -> tuple[str, ...]:
        """The declared figures, each after those that it names; of a circle, in the order of the texts.

        Whoever reads them in this order never has to follow a chain of names.
        """
        found: dict[str, None] = {}
        waiting = [(name, False) for name in reversed(self.scope.figures)]
        begun: set[str] = set()
        while waiting:
            name, read = waiting.pop()
            if read:
                found[name] = None
            elif name not in begun:
                begun.add(name)
                declared = self.scope.figures[name]
                waiting.append((name, True))
                waiting += [
                    (word, False)
                    for one in expressions_of(declared.clause)
                    for word in names_in(one, declared.text)
                    if word in self.scope.figures and word not in begun
                ]
        return tuple(found)

    def read_all(self) -> None:
        """Read every declared figure, those first that others name."""
        for name in self.order:
            self._behind_name(name)
            self._number_of(name)
            self._stays_above(name)

    def readings(self, amount: ast.Expression, text: Text) -> Readings:
        """The figures and accounts that an amount is a part of, through every ``define``.

        With each the part, where the text alone decides it: 1 for ``surplus``, a half for ``50% of
        surplus``, None for ``min(surplus, 5 000 EUR)``.
        """
        return EXPRESSIONS.get(type(amount), Reader.named_in)(self, amount, text)

    def named_in(self, amount: ast.Expression, text: Text) -> Readings:
        """What an amount may be a part of of which no more is known: all that it names."""
        fields = [getattr(amount, one.name) for one in attrs.fields(type(amount))]
        inner = [
            one for value in fields for one in (value if isinstance(value, tuple) else (value,))
        ]
        return self.chosen([one for one in inner if isinstance(one, ast.Expression)], text)

    def nothing(self, amount: ast.Expression, text: Text) -> Readings:
        """What is no amount, or none that anybody has: a number, a text, yes or no."""
        return {}

    def chosen(self, items: Sequence[ast.Expression], text: Text) -> Readings:
        """What an amount is a part of that may be any of several, or be made of any: a part unknown."""
        return dict.fromkeys((name for item in items for name in self.readings(item, text)), None)

    def _name(self, amount: ast.Name, text: Text) -> Readings:
        name = text.words.canonical(amount.word)
        return self._behind_name(name) | {name: Fraction(1)}

    def _balance(self, amount: ast.Balance, text: Text) -> Readings:
        name = text.words.canonical(amount.account.word)
        return {name if amount.at == "added" else f"{amount.at} {name}": Fraction(1)}

    def _all_of(self, amount: ast.AllOf, text: Text) -> Readings:
        name = text.words.canonical(amount.account.word)
        return {name: Fraction(1), f"opening {name}": Fraction(1)}

    def _so_far(self, amount: ast.SoFar, text: Text) -> Readings:
        return {text.words.canonical(amount.account.word): None}

    def _earlier(self, amount: ast.Previous | ast.At, text: Text) -> Readings:
        found = self.readings(amount.figure, text)
        return {f"{_EARLIER}{name}": part for name, part in found.items()}

    def _aggregate(self, amount: ast.Aggregate, text: Text) -> Readings:
        read = AGGREGATES.get(amount.aggregate, Reader.named_in)
        return {} if amount.value is None else read(self, amount, text)

    def _operation(self, amount: ast.Operation, text: Text) -> Readings:
        return OPERATIONS.get(amount.operation, Reader.named_in)(self, amount, text)

    def _name_of(self, amount: ast.NameOf, text: Text) -> Readings:
        """What each record has of its own, or received from an account."""
        name, owner = text.words.canonical(amount.name.word), amount.of[-1]
        if name not in self.scope.accounts:
            return self._behind_name(name) | {name: Fraction(1)}
        if self.scope.account_record(name):
            return {name: Fraction(1)}
        return {f"{name} of {self.scope.record_named(owner.word, text)}": Fraction(1)}

    def _behind_name(self, name: str) -> Readings:
        """What a defined name of the cooperative is a part of; nothing for any other name."""
        if name not in self._behind:
            # A name that needs itself is told where it is compiled; here it ends the search.
            self._behind[name] = {}
            declared = self.scope.figures.get(name)
            if declared is not None:
                self._behind[name] = self._behind_clause(declared.clause, declared.text)
        return self._behind[name]

    def _behind_clause(self, clause: Declaring, text: Text) -> Readings:
        """What the figure that a clause names is a part of: all that it may come to."""
        match clause:
            case ast.Define(value=value):
                return self.readings(value, text)
            case ast.Decide(low=low, high=high, otherwise=otherwise):
                chosen = [one for one in (low, high, otherwise) if one is not None]
            case ast.Scale(steps=steps, otherwise=otherwise):
                chosen = [*(step.value for step in steps), *([otherwise] if otherwise else [])]
            case ast.Input(name=name) if clause.inside is not None:
                return dict.fromkeys(self.scope.around(text.words.canonical(name.word)))
            case ast.Input() | ast.Parameter() | ast.Record() | ast.Group() | ast.Account():
                return {}
        return self.chosen(chosen, text)

    def _sum(self, amount: ast.Operation, text: Text) -> Readings:
        """Of a sum: what is subtracted is not given out, and lessens what is."""
        added: list[Readings] = []
        taken: list[Readings] = []
        for argument in amount.arguments:
            if isinstance(argument, ast.Operation) and argument.operation == "negative":
                taken.append(self.readings(argument.arguments[0], text))
            else:
                added.append(self.readings(argument, text))
        found: Readings = {}
        for one in added:
            for name, part in one.items():
                found[name] = _plus(found[name], part) if name in found else part
        for one in taken:
            # What is subtracted and is no part of it lessens it by an amount that is not known.
            for name, whole in found.items():
                part = one.get(name)
                found[name] = None if part is None else _plus(whole, -part)
        return found

    def _negative(self, amount: ast.Operation, text: Text) -> Readings:
        found = self.readings(amount.arguments[0], text)
        return {name: None if part is None else -part for name, part in found.items()}

    def _rounding(self, amount: ast.Operation, text: Text) -> Readings:
        return self.readings(amount.arguments[0], text)

    def _any_of(self, amount: ast.Operation, text: Text) -> Readings:
        arguments = amount.arguments
        return self.chosen(arguments[1:] if amount.operation == "if" else arguments, text)

    def _product(self, amount: ast.Operation, text: Text) -> Readings:
        """Of a product or a quotient: a part is known where each other factor is a number."""
        operation, arguments = amount.operation, amount.arguments
        factors = [self.factor(argument, text) for argument in arguments]
        found: Readings = {}
        for position, argument in enumerate(arguments[:1] if operation == "divide" else arguments):
            others = [factor for place, factor in enumerate(factors) if place != position]
            known = [factor for factor in others if factor is not None]
            scale = Fraction(1)
            for factor in known:
                scale = scale / (factor or 1) if operation == "divide" else scale * factor
            for name, part in self.readings(argument, text).items():
                fixed = part is not None and len(known) == len(others)
                found[name] = part * scale if part is not None and fixed else None
        return {name: part for name, part in found.items() if not self._is_multiple(name, part)}

    def _is_multiple(self, name: str, part: Fraction | None) -> bool:
        """Whether more is asked than what a name is defined as, which is no part of it: what both are
        parts of says whether there is as much."""
        declared = self.scope.figures.get(name)
        if part is None or part <= 1 or declared is None:
            return False
        behind = self._behind_name(name).values() if isinstance(declared.clause, ast.Define) else ()
        return bool(behind) and None not in behind

    def is_never_negative(self, amount: ast.Expression, text: Text) -> bool:
        """Whether an amount is at least nought in every year, as far as the text alone shows it."""
        match amount:
            case ast.Number(value) | ast.Quantity(value):
                return value >= 0
            case ast.Name(word):
                return self._stays_above(text.words.canonical(word))
            case ast.NameOf(ast.Name(word)):
                name = text.words.canonical(word)
                if name in self.scope.accounts:
                    return self.scope.account_record(name) is None  # no record receives a loss
                return self._stays_above(name)
            case ast.Operation("max", arguments):
                return any(self.is_never_negative(one, text) for one in arguments)
            case ast.Operation("if", (_, *branches)):
                return all(self.is_never_negative(one, text) for one in branches)
            case ast.Operation(operation, (value, _)) if operation.startswith("round_"):
                return self.is_never_negative(value, text)
            case ast.Operation("add" | "min" | "multiply" | "part_of" | "divide", arguments):
                return all(self.is_never_negative(one, text) for one in arguments)
            case ast.Aggregate("sum" | "average" | "median" | "min" | "max", value) if value:
                return self.is_never_negative(value, text)
            case _:
                return False

    def _stays_above(self, name: str) -> bool:
        """Whether a declared figure is never negative, by its lower bound or what it is worked out from."""
        if name not in self._above:
            self._above[name] = False
            declared = self.scope.figures.get(name)
            match declared.clause if declared else None:
                case ast.Input(low=ast.Number(value) | ast.Quantity(value)):
                    self._above[name] = value >= 0
                case ast.Define(value=value) if declared is not None:
                    self._above[name] = self.is_never_negative(value, declared.text)
                case _:
                    pass
        return self._above[name]

    def factor(self, expression: ast.Expression, text: Text) -> Fraction | None:
        """A plain number that the text alone gives, also by a sum and under names; else None."""
        match expression:
            case ast.Number(value):
                return value
            case ast.Name(word):
                return self._number_of(text.words.canonical(word))
            case ast.Operation(operation, arguments) if operation in _ARITHMETIC:
                known = [self.factor(argument, text) for argument in arguments]
                numbers = [one for one in known if one is not None]
                return _ARITHMETIC[operation](numbers) if len(numbers) == len(known) else None
            case _:
                return None

    def _number_of(self, name: str) -> Fraction | None:
        if name not in self._factors:
            self._factors[name] = None
            declared = self.scope.figures.get(name)
            if declared is not None and isinstance(declared.clause, ast.Define):
                self._factors[name] = self.factor(declared.clause.value, declared.text)
        return self._factors[name]


def names_in(expression: ast.Expression, text: Text) -> set[str]:
    """All names that an expression mentions."""
    named = [one for one in parts_of(expression) if isinstance(one, ast.Name)]
    return {text.words.canonical(one.word) for one in named}


def parts_of(expression: ast.Node) -> Iterator[ast.Node]:
    """All that an expression is made of, itself among them."""
    waiting: list[Any] = [expression]
    while waiting:
        one = waiting.pop()
        if isinstance(one, tuple):
            waiting += one
        elif isinstance(one, ast.Node):
            yield one
            waiting += [getattr(one, place.name) for place in attrs.fields(type(one))]


def _quotient(numbers: Sequence[Fraction]) -> Fraction | None:
    first, *others = numbers
    divisor = prod(others, start=Fraction(1))
    return None if divisor == 0 else first / divisor


_ARITHMETIC: dict[str, Callable[[Sequence[Fraction]], Fraction | None]] = {
    "add": lambda numbers: sum(numbers, Fraction(0)),
    "negative": lambda numbers: -numbers[0],
    "divide": _quotient,
    **dict.fromkeys(("multiply", "part_of"), lambda numbers: prod(numbers, start=Fraction(1))),
}

Read = Callable[[Reader, Any, Text], Readings]

EXPRESSIONS: dict[type, Read] = {
    ast.Name: Reader._name,
    ast.NameOf: Reader._name_of,
    ast.Balance: Reader._balance,
    ast.AllOf: Reader._all_of,
    ast.SoFar: Reader._so_far,
    ast.Previous: Reader._earlier,
    ast.At: Reader._earlier,
    ast.Operation: Reader._operation,
    ast.Aggregate: Reader._aggregate,
    **dict.fromkeys(
        (
            *(ast.Number, ast.Quantity, ast.Date, ast.Text, ast.YesNo, ast.Comparison),
            *(ast.Rest, ast.Logarithm),
        ),
        Reader.nothing,
    ),
}
"""What each sort of expression is a part of. Of one that is not known, it may be all that it names."""

OPERATIONS: dict[str, Read] = {
    "add": Reader._sum,
    "negative": Reader._negative,
    **dict.fromkeys(("multiply", "part_of", "divide"), Reader._product),
    **dict.fromkeys(
        ("round_up", "round_down", "round_half_up", "round_half_even"), Reader._rounding
    ),
    **dict.fromkeys(("min", "max", "if"), Reader._any_of),
    **dict.fromkeys(("and", "or", "not", "add_months", "add_days", "log", "drawn"), Reader.nothing),
}

AGGREGATES: dict[str, Read] = {
    **dict.fromkeys(("sum", "average", "median", "min", "max"), Reader.named_in),
    **dict.fromkeys(("count", "rate"), Reader.nothing),
}
"""What all have together, or one of them: a part that the text alone does not decide."""


def expressions_of(clause: ast.Clause) -> tuple[ast.Expression, ...]:
    """All that the figure which a clause names is worked out from."""
    match clause:
        case ast.Define(value=value):
            return (value,)
        case ast.Decide(low=low, high=high, otherwise=otherwise):
            found: tuple[ast.Expression | None, ...] = (low, high, otherwise)
        case ast.Scale(by=by, steps=steps, otherwise=otherwise):
            starts = tuple(step.start for step in steps)
            found = (by, *starts, *(step.value for step in steps), otherwise)
        case _:
            found = ()
    return tuple(one for one in found if one is not None)


def _plus(one: Fraction | None, other: Fraction | None) -> Fraction | None:
    return None if one is None or other is None else one + other
