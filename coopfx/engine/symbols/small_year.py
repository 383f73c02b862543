"""A year of a few records, whose figures are worked out, and the facts that the solver chose for it."""

from collections.abc import Callable, Sequence
from datetime import date
from fractions import Fraction
from typing import Any

import z3
from attrs import define, field

from coopfx.engine.symbols.rule import Symbols
from coopfx.engine.symbols.terms import Term, added, paid_step
from coopfx.engine.symbols.year import Fact
from coopfx.exact import Kind, Known
from coopfx.facts import Facts, Table
from coopfx.language import ir

FINEST = Fraction(1, 10_000)
"""A small year's plain figures have four decimals at most, so that they can be written down."""


@define(slots=True, eq=False)
class SmallYear(Symbols):
    """A year with so many records of each sort that the rule speaks of, whose figures are worked out.

    A split's parts are held to their total and to the order of the rights alone: the exact parts
    are the reference evaluator's.
    """

    size: int = 1
    _splits: dict[int, tuple[dict[str, Term], Term]] = field(init=False, factory=dict)

    def identifiers(self, record: str) -> list[str]:
        """The identifiers of the records of a sort."""
        return [f"{record[0]}{number + 1}" for number in range(self.size)]

    def instances(self, record: str) -> Sequence[str]:
        return self.identifiers(record)

    @property
    def sorts(self) -> list[str]:
        """The sorts of records that the rule speaks of, however indirectly."""
        nodes = [self.program.nodes[index] for index in self.cone]
        sorts = [node.record for node in nodes]
        sorts += [node.to for node in nodes if isinstance(node, ir.Link)]
        return sorted({record for record in sorts if record is not None})

    def plain_fact(self, name: str, whole: bool) -> tuple[Any, Fraction]:
        return z3.Int(name, self.context), Fraction(1) if whole else FINEST

    def fact(self, node: ir.Input, at: str) -> Term:
        term = super().fact(node, at)
        if node.type.kind is Kind.LINK:
            self.axioms.append(term.value < self.size)
        return term

    def later(self, value: Any, last: Fraction) -> Any:
        return value

    def linked(self, node: ir.Lift, at: str) -> Term:
        assert node.along is not None
        link = self.program.nodes[node.along]
        assert isinstance(link, ir.Link)
        place = self.term(node.along, at).value
        identifiers = self.identifiers(link.to)
        if not identifiers:
            return Term(self.unknown(node.type), self.false)
        found = self.term(node.value, identifiers[0])
        for number, identifier in enumerate(identifiers[1:], 1):
            found = self.choice(place == number, self.term(node.value, identifier), found)
        return found

    # ---- groups

    def rows(self, group: int) -> list[tuple[str, Term]]:
        """Each record of a sort, and whether it is of the group."""
        record = self.program.nodes[group].record
        assert record is not None
        return [(name, self.term(group, name)) for name in self.identifiers(record)]

    def aggregate(self, index: int, node: ir.Aggregate) -> Term:
        rows = self.rows(node.group)
        inside = [self.holds(member) for _, member in rows]
        count = added([z3.If(one, 1, 0) for one in inside], self.whole(0))
        known = [member.defined for _, member in rows]
        if node.aggregate == "count":
            return Term(z3.ToReal(count), self.both(known))
        assert node.value is not None
        values = [self.term(node.value, name) for name, _ in rows]
        pairs = list(zip(inside, values, strict=True))
        known += [z3.Implies(one, value.defined) for one, value in pairs]
        if node.aggregate != "sum":
            known.append(count > 0)
        made = AGGREGATES[node.aggregate](self, pairs, count)
        return Term(made.value, self.both(known), made.steps)

    # ---- money

    def _split(self, index: int) -> tuple[dict[str, Term], Term]:
        if index not in self._splits:
            node = self.program.nodes[index]
            assert isinstance(node, ir.Split)
            self._splits[index] = self._parts(node)
        return self._splits[index]

    def _parts(self, node: ir.Split) -> tuple[dict[str, Term], Term]:
        step = paid_step(node.type)
        rows = self.rows(node.group)
        inside = [self.holds(member) for _, member in rows]
        keys = [self._key(key, rows, inside) for key in node.keys]
        figures = [figure for row, _ in keys for figure in row]
        totals = [added(row, self.real(0)) for row, _ in keys]
        weights = [self.term(key.weight, "").value for key in node.keys if key.weight is not None]
        amount, money = self.term(node.amount, ""), self.steps_of(node.amount, "", step)
        shared = self.both(
            [
                money > 0,
                *(figure >= 0 for figure in figures),
                *(total > 0 for total in totals),
                *(weight >= 0 for weight in weights),
            ]
        )
        known = self.both(
            [amount.defined, *(member.defined for _, member in rows), *(known for _, known in keys)]
        )
        paid = self.where(shared, money, self.whole(0)) if rows else self.whole(0)
        parts = [z3.FreshInt("part", self.context) for _ in rows]
        if parts:
            self.axioms.append(added(parts, self.whole(0)) == paid)
        for place, part in enumerate(parts):
            nothing = [row[place] == 0 for row, _ in keys]
            self.axioms += [part >= 0, z3.Implies(self.both(nothing), part == 0)]
            for other, second in enumerate(parts):
                if other != place:
                    more = [row[place] >= row[other] for row, _ in keys]
                    self.axioms.append(z3.Implies(self.both(more), part >= second - 1))
        made = [self.amount(part, step, known) for part in parts]
        names = [name for name, _ in rows]
        return dict(zip(names, made, strict=True)), self.amount(paid, step, known)

    def _key(
        self, key: ir.Key, rows: list[tuple[str, Term]], inside: list[z3.BoolRef]
    ) -> tuple[list[Any], z3.BoolRef]:
        """A key's figure of each record, zero where it is not entitled, and whether all are known."""
        one, zero = self.real(1), self.real(0)
        known = [self.true if key.weight is None else self.term(key.weight, "").defined]
        figures = []
        for (name, _), entitled in zip(rows, inside, strict=True):
            figure = Term(one, self.true) if key.figure is None else self.term(key.figure, name)
            known.append(self.either([self.no(entitled), figure.defined]))
            figures.append(self.where(entitled, figure.value, zero))
        return figures, self.both(known)

    def shared(self, index: int, node: ir.Split, at: str) -> Term:
        return self._split(index)[0][at]

    def paid(self, index: int) -> Term:
        return self._split(index)[1]

    def pooled(self, node: ir.Pooled) -> Term:
        pool = self.program.nodes[node.clause]
        assert isinstance(pool, ir.Pool) and pool.record is not None
        names = self.identifiers(pool.record)
        terms = [self.term(pool.figure, name) for name in names]
        kept = [self.term(node.clause, name) for name in names]
        zero = self.real(0)
        value = added([one.value for one in terms], zero)
        value -= added([one.value for one in kept], zero)
        return Term(value, self.both([one.defined for one in (*terms, *kept)]))

    # ---- the year that was chosen

    def year(self, model: z3.ModelRef) -> Facts:
        """The facts that the solver chose."""
        figures: dict[str, Known] = {}
        balances: dict[str, Fraction] = {}
        columns: dict[str, dict[str, dict[str, Known]]] = {sort: {} for sort in self.sorts}
        for fact in self.facts.values():
            value = self.chosen(fact, model)
            if fact.opening:
                assert isinstance(value, Fraction)
                balances[fact.name] = value
            elif fact.record is None:
                figures[fact.name] = value
            else:
                columns[fact.record].setdefault(fact.name, {})[fact.identifier] = value
        tables = {}
        for sort, held in columns.items():
            names = tuple(self.identifiers(sort))
            rows = {
                fact: tuple(column.get(name) for name in names) for fact, column in held.items()
            }
            tables[sort] = Table(names, rows)
        closing = date.fromordinal(model.eval(self.closing, True).as_long())
        return Facts(closing, figures, tables, balances)

    def chosen(self, fact: Fact, model: z3.ModelRef) -> Known:
        """The value that the solver chose for a fact."""
        found = model.eval(fact.variable, True)
        match fact.type.kind:
            case Kind.YES_NO:
                return bool(z3.is_true(found))
            case Kind.QUANTITY:
                return int(found.as_long()) * fact.unit
            case Kind.DATE:
                return date.fromordinal(found.as_long())
            case Kind.LINK:
                assert fact.type.record is not None
                return self.identifiers(fact.type.record)[int(found.as_long())]
            case Kind.TEXT:
                return self.text(found.as_long())


Pairs = Sequence[tuple[z3.BoolRef, Term]]
"""The records of a sort: whether each is of the group, and its value."""


def _sum(year: SmallYear, pairs: Pairs, count: z3.ArithRef) -> Term:
    zero = year.real(0)
    return Term(added([z3.If(one, item.value, zero) for one, item in pairs], zero), year.true)


def _average(year: SmallYear, pairs: Pairs, count: z3.ArithRef) -> Term:
    total = _sum(year, pairs, count).value
    value = total
    for number in range(2, len(pairs) + 1):
        value = z3.If(count == number, total / number, value)
    return Term(value, year.true)


def _extreme(
    better: Callable[[Any, Any], z3.BoolRef],
) -> Callable[[SmallYear, Pairs, z3.ArithRef], Term]:
    def best(year: SmallYear, pairs: Pairs, count: z3.ArithRef) -> Term:
        if not pairs:
            return Term(year.real(0), year.false)
        found, value = pairs[0][0], pairs[0][1].value
        for one, item in pairs[1:]:
            takes = z3.And(one, z3.Or(z3.Not(found), better(item.value, value)))
            value, found = z3.If(takes, item.value, value), z3.Or(one, found)
        return Term(value, found)

    return best


def _rate(year: SmallYear, pairs: Pairs, count: z3.ArithRef) -> Term:
    yes, no = year.real(1), year.real(0)
    true_of = [(one, Term(z3.If(item.value, yes, no), item.defined)) for one, item in pairs]
    return _average(year, true_of, count)


AGGREGATES: dict[str, Callable[[SmallYear, Pairs, z3.ArithRef], Term]] = {
    "sum": _sum,
    "average": _average,
    "min": _extreme(lambda new, best: new < best),
    "max": _extreme(lambda new, best: new > best),
    "count": lambda year, pairs, count: Term(z3.ToReal(count), year.true),
    "rate": _rate,
}
"""An aggregate over a few records, worked out."""
