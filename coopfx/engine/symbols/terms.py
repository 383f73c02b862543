"""A value as a solver's term beside whether it is defined; logic, figures and rounding over terms."""

from collections.abc import Iterable, Sequence
from fractions import Fraction
from functools import reduce
from math import ceil, floor, lcm
from typing import Any

import z3
from attrs import Factory, define, field, frozen

from coopfx.ground.exact import Kind, Rounding, Type, round_to, step_of
from coopfx.language.ranges import Range

_ORDERS = (z3.Z3_OP_LE, z3.Z3_OP_LT, z3.Z3_OP_GE, z3.Z3_OP_GT)
_LESSER = _ORDERS[:2]
_FINEST = 10**9


@frozen(slots=True, eq=False)
class Term:
    """A value: its term, whether it is defined, and where it is paid money, its number of steps."""

    value: Any
    defined: z3.BoolRef
    steps: z3.ArithRef | None = None


@frozen(slots=True, eq=False)
class Flow:
    """What the items of an allocation take, what flows over, and the losses.

    ``within`` tells whether they ask for no more than there is, ``whole`` whether they leave nothing.
    """

    amounts: tuple[Term, ...]
    overflows: tuple[Term, ...]
    losses: Term
    within: Term
    whole: Term


def fixed(value: z3.ArithRef) -> Fraction | None:
    """The figure that a term is, where it is always the same."""
    simple = z3.simplify(value) if value.num_args() else value
    if isinstance(simple, z3.IntNumRef):
        return Fraction(simple.as_long())
    if isinstance(simple, z3.RatNumRef):
        return Fraction(simple.numerator_as_long(), simple.denominator_as_long())
    return None


@frozen(slots=True, eq=False)
class _Choice:
    """One of two terms; ``least`` where it is the lesser of them, or, if not, the greater."""

    condition: z3.BoolRef
    then: z3.ArithRef
    otherwise: z3.ArithRef
    least: bool | None


def _choice(value: z3.ArithRef) -> _Choice | None:
    """The two terms that a term, or the part of a term that it is, is one of."""
    kind, parts = value.decl().kind(), value.children()
    if kind == z3.Z3_OP_ITE:
        condition, then, otherwise = parts
        least_ = None
        if condition.decl().kind() in _ORDERS:
            left, right = condition.children()
            lesser = condition.decl().kind() in _LESSER
            if left.eq(then) and right.eq(otherwise):
                least_ = lesser
            elif left.eq(otherwise) and right.eq(then):
                least_ = not lesser
        return _Choice(condition, then, otherwise, least_)
    if kind != z3.Z3_OP_DIV or (divisor := fixed(parts[1])) is None or divisor <= 0:
        return None
    found = _choice(parts[0])
    if found is None:
        return None
    then, otherwise = found.then / parts[1], found.otherwise / parts[1]
    return _Choice(found.condition, then, otherwise, found.least)


def denominator(value: z3.ArithRef) -> int | None:
    """A number that makes a term whole, whatever it is; None where none, or no small one, is known."""
    parts, kind = value.children(), value.decl().kind()
    if not parts:
        figure = fixed(value)
        return None if figure is None else figure.denominator
    if kind == z3.Z3_OP_TO_REAL:
        return 1
    if kind in (z3.Z3_OP_MUL, z3.Z3_OP_DIV) and len(parts) == 2:
        left, right = (fixed(part) for part in parts)
        if left is not None and kind == z3.Z3_OP_MUL:
            return _times(left, denominator(parts[1]))
        if right:
            return _times(right if kind == z3.Z3_OP_MUL else 1 / right, denominator(parts[0]))
        return None
    if kind == z3.Z3_OP_ITE:
        parts = parts[1:]
    elif kind not in (z3.Z3_OP_ADD, z3.Z3_OP_SUB, z3.Z3_OP_UMINUS):
        return None
    made = 1
    for part in parts:
        found = denominator(part)
        if found is None or lcm(made, found) > _FINEST:
            return None
        made = lcm(made, found)
    return made


def _times(factor: Fraction, parts: int | None) -> int | None:
    """The denominator of so many times a figure."""
    return None if parts is None else (factor / parts).denominator


def paid_step(type_: Type) -> Fraction:
    """The step in which money of a type is paid."""
    step = step_of(type_.unit)
    assert step is not None, "money alone is paid"
    return step


def least(left: Any, right: Any) -> Any:
    """The lesser of two figures."""
    return z3.If(left <= right, left, right)


def most(left: Any, right: Any) -> Any:
    """The greater of two figures."""
    return z3.If(left >= right, left, right)


def added(figures: Sequence[Any], nothing: Any) -> Any:
    """Figures added up."""
    return reduce(lambda left, right: left + right, figures) if figures else nothing


@define(slots=True, eq=False)
class Terms:
    """The terms of one solver, and what holds of them: ``axioms``.

    ``exactly`` holds of them too. It says what days are so many months apart, and of a small year
    what each part of a share is: a solver seldom needs it, and is slow with it.
    """

    context: z3.Context = field(init=False, factory=z3.Context)
    axioms: list[z3.BoolRef] = field(init=False, factory=list)
    exactly: list[z3.BoolRef] = field(init=False, factory=list)
    years_of: dict[int, tuple[z3.ArithRef, z3.ArithRef]] = field(init=False, factory=dict)
    # The factors are kept too: a solver numbers anew what nobody holds.
    _products: dict[tuple[int, ...], tuple[Any, Any, Any]] = field(init=False, factory=dict)
    _wholes: dict[tuple[object, ...], tuple[z3.ArithRef, Any]] = field(init=False, factory=dict)
    true: z3.BoolRef = field(
        init=False, default=Factory(lambda self: z3.BoolVal(True, self.context), takes_self=True)
    )
    false: z3.BoolRef = field(
        init=False, default=Factory(lambda self: z3.BoolVal(False, self.context), takes_self=True)
    )

    def unknown(self, type_: Type) -> Any:
        """A term of a type that may be anything."""
        if type_.kind is Kind.YES_NO:
            return z3.FreshBool("any", self.context)
        if type_.kind is Kind.QUANTITY:
            return z3.FreshReal("any", self.context)
        return z3.FreshInt("any", self.context)

    def real(self, value: Fraction | int) -> z3.ArithRef:
        """A rational figure."""
        return z3.RealVal(f"{value.numerator}/{value.denominator}", self.context)

    def whole(self, value: int) -> z3.ArithRef:
        """A whole figure."""
        return z3.IntVal(value, self.context)

    def both(self, conditions: Iterable[z3.BoolRef]) -> z3.BoolRef:
        """Whether all of them hold."""
        left = [item for item in conditions if item is not self.true]
        if any(item is self.false for item in left):
            return self.false
        return z3.And(left) if len(left) > 1 else left[0] if left else self.true

    def either(self, conditions: Iterable[z3.BoolRef]) -> z3.BoolRef:
        """Whether any of them holds."""
        return self.no(self.both([self.no(item) for item in conditions]))

    def no(self, condition: z3.BoolRef) -> z3.BoolRef:
        """Whether it does not hold."""
        if condition is self.true:
            return self.false
        if condition is self.false:
            return self.true
        return condition.arg(0) if z3.is_not(condition) else z3.Not(condition)

    def where(self, condition: z3.BoolRef, then: Any, otherwise: Any) -> Any:
        """One of two terms."""
        if condition is self.true:
            return then
        return otherwise if condition is self.false else z3.If(condition, then, otherwise)

    def choice(self, condition: z3.BoolRef, then: Term, otherwise: Term) -> Term:
        """One of two values."""
        steps = None
        if then.steps is not None and otherwise.steps is not None:
            steps = self.where(condition, then.steps, otherwise.steps)
        return Term(
            self.where(condition, then.value, otherwise.value),
            self.where(condition, then.defined, otherwise.defined),
            steps,
        )

    def amount(self, steps: z3.ArithRef, step: Fraction, defined: z3.BoolRef) -> Term:
        """Paid money: so many steps."""
        return Term(z3.ToReal(steps) * self.real(step), defined, steps)

    def product(self, left: z3.ArithRef, lefts: Range, right: z3.ArithRef, rights: Range) -> Any:
        """Two figures multiplied; what their bounds make of the product is said beside it.

        It follows already, but only by multiplying, which solvers are slow to try.
        """
        if fixed(left) is not None or fixed(right) is not None:
            return left * right
        product = self._multiplied(left, right)
        for one, bounds, other in ((left, lefts, right), (right, rights, left)):
            for bound, sign in ((bounds.low, 1), (bounds.high, -1)):
                if bound is None:
                    continue
                inside = (one - self.real(bound)) * sign >= 0
                over = (product - self.real(bound) * other) * sign
                self.axioms += [
                    z3.Implies(z3.And(inside, other >= 0), over >= 0),
                    z3.Implies(z3.And(inside, other <= 0), over <= 0),
                ]
        return product

    def _multiplied(self, left: Any, right: Any) -> Any:
        """The product of two figures, as sums and cases of products that are each a term of its own.

        What such a product is stands in ``exactly``: one figure multiplied by another is what solvers
        are slowest with, and mostly its bounds are enough.
        """
        for one, other in ((left, right), (right, left)):
            if fixed(one) is not None:
                return one * other
            parts = one.children()
            match one.decl().kind():
                case z3.Z3_OP_ITE:
                    then, otherwise = (self._multiplied(part, other) for part in parts[1:])
                    self._compared(parts[0], other)
                    return z3.If(parts[0], then, otherwise)
                case z3.Z3_OP_ADD:
                    return added([self._multiplied(part, other) for part in parts], self.real(0))
                case z3.Z3_OP_SUB:
                    first, *rest = (self._multiplied(part, other) for part in parts)
                    return first - added(rest, self.real(0))
                case z3.Z3_OP_UMINUS:
                    return -self._multiplied(parts[0], other)
                case z3.Z3_OP_MUL if len(parts) == 2 and fixed(parts[0]) is not None:
                    return parts[0] * self._multiplied(parts[1], other)
                case z3.Z3_OP_MUL | z3.Z3_OP_DIV if len(parts) == 2 and fixed(parts[1]) is not None:
                    times = fixed(parts[1])
                    divided = one.decl().kind() == z3.Z3_OP_DIV
                    if times:
                        times = 1 / times if divided else times
                        return self.real(times) * self._multiplied(parts[0], other)
        key = tuple(sorted((left.get_id(), right.get_id())))
        if key not in self._products:
            made = z3.FreshReal("product", self.context)
            self._products[key] = made, left, right
            self.exactly.append(made == left * right)
        return self._products[key][0]

    def bounded(self, factor: Any, bound: Fraction) -> list[z3.BoolRef]:
        """What each product of a figure is where the figure lies on one side of a bound."""
        limit, found = self.real(bound), []
        for made, left, right in self._products.values():
            for one, other in ((left, right), (right, left)):
                if one.eq(factor):
                    over = made - limit * other
                    below = z3.If(other >= 0, over <= 0, over >= 0)
                    above = z3.If(other >= 0, over >= 0, over <= 0)
                    found += [z3.Implies(one <= limit, below), z3.Implies(one >= limit, above)]
        return found

    def _compared(self, condition: z3.BoolRef, other: Any) -> None:
        """Say that two figures compare as their products by a third do, or the other way round.

        So the least of two rates makes the least of two amounts, which no solver finds by itself.
        """
        if condition.decl().kind() not in _ORDERS or condition.arg(0).is_int():
            return
        over = self._multiplied(condition.arg(0) - condition.arg(1), other)
        least_ = condition.decl().kind() in _LESSER
        below, above = (condition, z3.Not(condition)) if least_ else (z3.Not(condition), condition)
        positive = other >= 0
        self.axioms += [
            z3.Implies(below, z3.If(positive, over <= 0, over >= 0)),
            z3.Implies(above, z3.If(positive, over >= 0, over <= 0)),
        ]

    def rounded(self, value: z3.ArithRef, way: Rounding, *, positive: bool = False) -> z3.ArithRef:
        """The whole number that a figure is rounded to; ``positive`` where it is never below zero."""
        figure = fixed(value)
        if figure is not None:
            return self.whole(int(round_to(figure, Fraction(1), way)))
        simple = z3.simplify(value, som=True)
        if simple.decl().kind() == z3.Z3_OP_TO_REAL:
            return simple.arg(0)
        key = simple.get_id(), way, positive
        if key in self._wholes:
            return self._wholes[key][0]
        if (choice := _choice(value)) is not None:
            made = self._rounded_choice(choice, way, positive=positive)
            self._wholes[key] = made, simple
            return made
        whole = z3.FreshInt("rounded", self.context)
        self._wholes[key] = whole, simple
        over, short = value - z3.ToReal(whole), z3.ToReal(whole) - value
        half, one = Fraction(1, 2), Fraction(1)
        parts = denominator(value)
        match way:
            case Rounding.HALF_UP:
                up = [self._within(short, half, parts), self._below(over, half, parts)]
                down = [self._below(short, half, parts), self._within(over, half, parts)]
            case Rounding.UP:
                up, down = (
                    [self._below(short, one, parts), over <= 0],
                    [over >= 0, self._below(over, one, parts)],
                )
            case Rounding.DOWN:
                up, down = (
                    [over >= 0, self._below(over, one, parts)],
                    [self._below(short, one, parts), over <= 0],
                )
            case Rounding.HALF_EVEN:
                tie = z3.Or(over == self.real(half), short == self.real(half))
                near = [self._within(side, half, parts) for side in (over, short)]
                up = down = [*near, z3.Implies(tie, whole % 2 == 0)]
        if positive or way is Rounding.HALF_EVEN:
            self.axioms += up
        else:
            self.axioms.append(z3.If(value >= 0, z3.And(up), z3.And(down)))
        return whole

    def _rounded_choice(self, choice: "_Choice", way: Rounding, *, positive: bool) -> z3.ArithRef:
        """The one of two figures, rounded: of the lesser one, what is made is no greater."""
        then, otherwise = (
            self.rounded(one, way, positive=positive) for one in (choice.then, choice.otherwise)
        )
        if choice.least is not None:
            below = choice.condition if choice.least else z3.Not(choice.condition)
            self.axioms.append(z3.If(below, then <= otherwise, then >= otherwise))
        return z3.If(choice.condition, then, otherwise)

    def _within(self, odd: z3.ArithRef, bound: Fraction, parts: int | None) -> z3.BoolRef:
        """That what rounding adds or leaves, so many parts of a step, is at most a bound.

        Whole numbers of parts end before a bound that falls between two: a solver need not seek there.
        """
        return odd <= self.real(bound if parts is None else Fraction(floor(bound * parts), parts))

    def _below(self, odd: z3.ArithRef, bound: Fraction, parts: int | None) -> z3.BoolRef:
        if parts is None:
            return odd < self.real(bound)
        return odd <= self.real(Fraction(ceil(bound * parts) - 1, parts))

    def all_of(self, terms: Sequence[Term]) -> Term:
        """Kleene's and: one no decides."""
        decided = self.either([self.both([item.defined, self.no(item.value)]) for item in terms])
        known = self.either([decided, self.both([item.defined for item in terms])])
        return Term(self.no(decided), known)

    def any_of(self, terms: Sequence[Term]) -> Term:
        """Kleene's or: one yes decides."""
        decided = self.either([self.both([item.defined, item.value]) for item in terms])
        known = self.either([decided, self.both([item.defined for item in terms])])
        return Term(decided, known)

    def holds(self, term: Term) -> z3.BoolRef:
        """Whether a yes or no is defined, and yes."""
        return self.both([term.defined, term.value])
