"""Which figures and accounts an amount is a part of: by it, money given out twice is seen.

The texts alone are read here, before anything is compiled, so that a clause can be told beside another
one that gives out the same money.
"""

from collections.abc import Sequence
from fractions import Fraction

from attrs import Factory, define

from coopfx.language import ast
from coopfx.language.scope import Scope, Text

Readings = dict[str, Fraction | None]
"""Of each figure or account, the part that is read; None where the text alone does not decide it."""

_BALANCES = ("opening ", "taken ", "closing ")
_EARLIER = "earlier "

DEEPEST = 100
"""So many steps of expressions and names are followed; what lies deeper is not seen."""


def whose(reading: str) -> str:
    """The figure or account that a reading speaks of, whatever its year, its balance or its record.

    >>> whose("earlier closing reserves.legal"), whose("work_share of person")
    ('reserves.legal', 'work_share')
    """
    name = reading.partition(" of ")[0]
    for before in (_EARLIER, *_BALANCES):
        name = name.removeprefix(before)
    return name


@define(slots=True)
class Reader:
    """Reads amounts, through every ``define``."""

    scope: Scope
    _behind: dict[str, Readings] = Factory(dict)
    _depth: int = 0

    def readings(self, amount: ast.Expression, text: Text) -> Readings:
        """The figures and accounts that an amount is a part of, through every ``define``.

        With each the part, where the text alone decides it: 1 for ``surplus``, a half for ``50% of
        surplus``, None for ``min(surplus, 5 000 EUR)``.
        """
        self._depth += 1
        found = self._readings(amount, text) if self._depth <= DEEPEST else {}
        self._depth -= 1
        return found

    def _readings(self, amount: ast.Expression, text: Text) -> Readings:
        match amount:
            case ast.Name(word):
                name = text.words.canonical(word)
                return self._behind_name(name) | {name: Fraction(1)}
            case ast.NameOf(ast.Name(word), (*_, owner)):
                return self._received(text.words.canonical(word), owner, text)
            case ast.Balance(at, ast.Name(word)):
                name = text.words.canonical(word)
                return {name if at == "added" else f"{at} {name}": Fraction(1)}
            case ast.Previous(figure) | ast.At(figure):
                return {
                    f"{_EARLIER}{name}": part for name, part in self.readings(figure, text).items()
                }
            case ast.Aggregate("sum", ast.Name() | ast.NameOf() | ast.Operation() as value):
                return dict.fromkeys(self.readings(value, text))
            case ast.Operation("add", arguments):
                return self._of_sum(arguments, text)
            case ast.Operation("part_of" | "multiply" | "divide", arguments):
                return self._of_product(amount.operation, arguments, text)
            case ast.Operation(operation, (value, _)) if operation.startswith("round_"):
                return self.readings(value, text)
            case ast.Operation("min" | "max" | "if" as operation, arguments):
                chosen = arguments[1:] if operation == "if" else arguments
                found = [self.readings(argument, text) for argument in chosen]
                return dict.fromkeys((name for one in found for name in one), None)
            case _:
                return {}

    def _received(self, name: str, owner: ast.Name, text: Text) -> Readings:
        """What each record has of its own, or received from an account."""
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

    def _behind_clause(self, clause: ast.Clause, text: Text) -> Readings:
        """What the figure that a clause names is a part of: all that it may come to."""
        match clause:
            case ast.Define(value=value):
                return self.readings(value, text)
            case ast.Decide(low=low, high=high, otherwise=otherwise):
                chosen = [low, high, *([otherwise] if otherwise else [])]
            case ast.Scale(steps=steps, otherwise=otherwise):
                chosen = [*(step.value for step in steps), *([otherwise] if otherwise else [])]
            case _:
                return {}
        return dict.fromkeys(name for item in chosen for name in self.readings(item, text))

    def _of_sum(self, arguments: Sequence[ast.Expression], text: Text) -> Readings:
        """Of a sum: what is subtracted is not given out, and lessens what is."""
        added: list[Readings] = []
        taken: list[Readings] = []
        for argument in arguments:
            if isinstance(argument, ast.Operation) and argument.operation == "negative":
                taken.append(self.readings(argument.arguments[0], text))
            else:
                added.append(self.readings(argument, text))
        found: Readings = {}
        for name in dict.fromkeys(name for one in added for name in one):
            parts = [one[name] for one in added if name in one]
            # What is subtracted and is no part of it lessens it by an amount that is not known.
            parts += [None if (part := one.get(name)) is None else -part for one in taken]
            known = [part for part in parts if part is not None]
            found[name] = sum(known, Fraction(0)) if len(known) == len(parts) else None
        return found

    def _of_product(
        self, operation: str, arguments: Sequence[ast.Expression], text: Text
    ) -> Readings:
        """Of a product or a quotient: a part is known where each other factor is a number."""
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
        return found

    def factor(self, expression: ast.Expression, text: Text) -> Fraction | None:
        """A plain number that stands in the text, also under a name; None for anything else."""
        match expression:
            case ast.Number(value):
                return value
            case ast.Name(word):
                declared = self.scope.figures.get(text.words.canonical(word))
                clause = declared.clause if declared else None
                if isinstance(clause, ast.Define) and isinstance(clause.value, ast.Number):
                    return clause.value.value
                return None
            case _:
                return None
