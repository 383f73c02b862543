"""What a text fixes by itself: literals, types, the domains of facts, the dated values of parameters."""

from datetime import date
from fractions import Fraction

from attrs import Factory, define

from coopfx.ground.exact import DATE as DATE_TYPE
from coopfx.ground.exact import (
    DAY,
    HOUR,
    MONTH,
    NUMBER,
    PLAIN,
    TEXT,
    WHOLE,
    YES_NO,
    Kind,
    Known,
    Type,
    money,
    quantity,
    unit_product,
)
from coopfx.ground.figure import Figure
from coopfx.ground.report import Report
from coopfx.ground.words import nearest
from coopfx.language import ast, ir
from coopfx.language.scope import Scope, Text

_TIME = {"year": (MONTH, 12), "month": (MONTH, 1), "day": (DAY, 1), "hour": (HOUR, 1)}
_TYPES = {
    "NUMBER_TYPE": NUMBER,
    "WHOLE": WHOLE,
    "MONTHS": quantity(MONTH),
    "YEARS": quantity(MONTH),
    "DAYS": quantity(DAY),
    "HOURS": quantity(HOUR),
    "DATE_TYPE": DATE_TYPE,
    "TEXT": TEXT,
    "YES_NO": YES_NO,
}


DEEPEST_CHAIN = 120
"""So many steps of expressions and of names that need one another; more, no reader could follow."""


@define(slots=True)
class Declared:
    """Reads the facts and parameters that texts declare, each once, by canonical name."""

    scope: Scope
    report: Report
    inputs: dict[str, ir.Input] = Factory(dict)
    parameters: dict[str, ir.Dated] = Factory(dict)
    _within: dict[str, None] = Factory(dict)

    def input(self, canonical: str, clause: ast.Input, text: Text) -> ir.Input | None:
        """A declared fact; None, and told, where its type or its record is not known."""
        if canonical in self.inputs:
            return self.inputs[canonical]
        type_ = self.type(clause.type, text)
        record = None
        if clause.record is not None:
            record = text.words.canonical(clause.record.word)
            if record not in self.scope.records:
                known = [text.words.word(name) for name in self.scope.records]
                self.report.tell(
                    "N208",
                    clause.record.span,
                    name=clause.record.word,
                    nearest=nearest(clause.record.word, known),
                )
                return None
        if type_ is None:
            return None
        low, high = (
            None if bound is None else self.bound(bound, type_, text)
            for bound in (clause.low, clause.high)
        )
        if _is_empty(low, high):
            least, most = (low, type_), (high, type_)
            self.report.tell("T313", clause.span, name=clause.name.word, least=least, most=most)
            return None
        self._within[canonical] = None
        own = low, high
        for side, name in clause.beside:
            beside = self._of_figure(name, text)
            if beside is not None and beside.type.same_sort(type_):
                low = beside.low if side == "at_least" and low is None else low
                high = beside.high if side == "at_most" and high is None else high
        del self._within[canonical]
        if _is_empty(low, high):  # told (T315) with those that make it so
            low, high = own
        self.inputs[canonical] = ir.Input(canonical, low=low, high=high, type=type_, record=record)
        return self.inputs[canonical]

    def _of_figure(self, name: ast.Name, text: Text) -> ir.Input | None:
        """The fact that another is bounded by; None where it is none, or they bound each other."""
        canonical = text.words.canonical(name.word)
        known = self.scope.figures.get(canonical)
        if known is None or not isinstance(known.clause, ast.Input) or canonical in self._within:
            return None
        if canonical not in self.inputs and len(self._within) == DEEPEST_CHAIN:
            self.report.tell("N215", name.span, most=DEEPEST_CHAIN)
            return None
        return self.input(canonical, known.clause, known.text)

    def floor(self, account: str, type_: Type, *, losses: bool) -> Fraction | None:
        """Below what an account never is; None where no text says so of it or of one above it.

        What prelude, laws and models say of any cooperative is not said of an account to which a clause
        sends ``losses``.
        """
        found = []
        parts = account.split(".")
        for size in range(len(parts), 0, -1):
            for said in self.scope.floors.get(".".join(parts[:size]), ()):
                assert isinstance(said.clause, ast.Account) and said.clause.low is not None
                own = said.text.is_statute and not said.text.model
                if own or not losses:
                    found.append(self.bound(said.clause.low, type_, said.text))
        return max((low for low in found if low is not None), default=None)

    def other_year(
        self, figure: Figure, type_: Type, record: str | None, low: Fraction | None = None
    ) -> ir.Input:
        """The fact that a figure of another year is in this one, with the domain of its own year's; or a
        balance of each record, which is not below ``low``."""
        known = None if figure.side else self.inputs.get(figure.name)
        low, high = (known.low, known.high) if known else (low, None)
        name, period, side = figure.name, figure.period, figure.side
        given = ir.Input(name, period, side, low, high, type=type_, record=record)
        return self.inputs.setdefault(figure.key, given)

    def bound(self, bound: ast.Expression, type_: Type, text: Text) -> Fraction | None:
        """A bound of a domain: a quantity, or a bare number in the fact's own unit."""
        literal = self.literal(bound, text)
        if literal is None:
            return None
        value, own = literal
        if not isinstance(value, Fraction) or own.unit not in (PLAIN, type_.unit):
            self.report.tell("T301", bound.span, left=type_, right=own)
            return None
        return value

    def parameter(self, canonical: str, clause: ast.Parameter, text: Text) -> ir.Dated | None:
        """A dated parameter; None, and told, where its type is not known.

        A value of another type is told (T301), and so are dates that do not follow each other (L504),
        and one that falls where none may (L515).
        """
        if canonical in self.parameters:
            return self.parameters[canonical]
        type_ = self.type(clause.type, text)
        if type_ is None:
            return None
        values: list[tuple[date, Known, str, bool]] = []
        for line in clause.values:
            literal = self.literal(line.value, text)
            if literal is None:
                continue
            value, own = literal
            if not own.same_sort(type_):
                self.report.tell("T301", line.value.span, left=type_, right=own)
                continue
            if values and line.start <= values[-1][0]:
                self.report.tell("L504", line.span, name=clause.name.word, date=line.start)
            if values and clause.never_falling and _falls(values[-1][1], value):
                self.report.tell("L515", line.span, name=clause.name.word, date=line.start)
            values.append((line.start, value, line.reference.text, line.reference.to_confirm))
        self.parameters[canonical] = ir.Dated(type_, tuple(values), clause.never_falling)
        return self.parameters[canonical]

    def literal(self, expression: ast.Expression, text: Text) -> tuple[Known, Type] | None:
        """A value that stands in the text itself; None, and told (T309), where it must be worked out."""
        match expression:
            case ast.Number() | ast.Quantity():
                return self._quantity(expression)
            case ast.Date(value):
                return value, DATE_TYPE
            case ast.Text(value):
                return value, TEXT
            case ast.YesNo(value):
                return value, YES_NO
            case ast.Operation("negative", (ast.Number() | ast.Quantity() as inner,)):
                size, type_ = self._quantity(inner)
                return -size, type_
            case _:
                self.report.tell("T309", expression.span)
                return None

    @staticmethod
    def _quantity(item: ast.Number | ast.Quantity) -> tuple[Fraction, Type]:
        if isinstance(item, ast.Number):
            return item.value, NUMBER
        base, factor = _TIME.get(item.unit, (money(item.unit), 1))
        below, divisor = _TIME.get(item.per, (money(item.per), 1)) if item.per else (PLAIN, 1)
        return item.value * factor / divisor, quantity(unit_product(base, below, -1))

    def type(self, name: ast.TypeName, text: Text) -> Type | None:
        """The type that a text names; None, and told (T305), where there is none."""
        if name.terminal == "MONEY":
            made: Type | None = quantity(money(self.scope.currency))
        elif name.terminal == "CURRENCY":
            made = quantity(money(name.word))
        elif name.terminal == "NAME":
            record = text.words.canonical(name.word)
            made = Type(Kind.LINK, record=record) if record in self.scope.records else None
        else:
            made = _TYPES[name.terminal]
        below = self.type(name.per, text) if name.per else None
        if made is None or (name.per and below is None):
            if made is None:
                known = [text.words.keywords[terminal][0] for terminal in ("MONEY", *_TYPES)]
                known += [text.words.word(record) for record in self.scope.records]
                close = nearest(name.word, known)
                self.report.tell("T305", name.span, name=name.word, nearest=close)
            return None
        if below is not None:
            return quantity(unit_product(made.unit, below.unit, -1))
        return made


def _falls(before: Known, after: Known) -> bool:
    return isinstance(before, Fraction) and isinstance(after, Fraction) and after < before


def _is_empty(low: Known | None, high: Known | None) -> bool:
    """Whether nothing lies between two bounds."""
    return low is not None and high is not None and low > high  # type: ignore[operator]
