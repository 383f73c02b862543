"""A year of a few records, whose figures are worked out, and the facts that the solver chose for it."""

from collections.abc import Sequence
from datetime import date
from fractions import Fraction
from typing import Any

import z3
from attrs import define, field

from coopfx.engine.symbols.rule import Symbols
from coopfx.engine.symbols.small_aggregates import AGGREGATES
from coopfx.engine.symbols.small_split import Parted, part_money
from coopfx.engine.symbols.terms import Term, added, paid_step
from coopfx.engine.symbols.year import Fact, truths_by_fact
from coopfx.ground.exact import Kind, Known
from coopfx.ground.facts import Facts, Table
from coopfx.language import ir, operations

FINEST = Fraction(1, 10_000)
"""A small year's plain figures have four decimals at most, so that they can be written down."""


@define(slots=True, eq=False)
class SmallYear(Symbols):
    """A year with so many records of each sort that the rule speaks of, whose figures are worked out."""

    size: int = 1
    _splits: dict[int, Parted] = field(init=False, factory=dict)

    def __attrs_post_init__(self) -> None:
        super().__attrs_post_init__()
        self.truths = truths_by_fact(self.program, self.cone)

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
        sorts += [fact.record for fact in self.facts.values()]
        return sorted({record for record in sorts if record is not None})

    def plain_fact(self, name: str, whole: bool) -> tuple[Any, Fraction]:
        return z3.Int(name, self.context), Fraction(1) if whole else FINEST

    def fact(self, node: ir.Input, at: str) -> Term:
        term = super().fact(node, at)
        if node.type.kind is Kind.LINK:
            self.axioms.append(term.value < self.size)
        return term

    def later(self, name: str, known: Any, day: z3.ArithRef) -> Any:
        return known

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

    def aggregate(self, index: int, node: ir.Aggregate, at: str) -> Term:
        rows = self.rows(node.group)
        belongs = [self.belongs(node.along, name, at) for name, _ in rows]
        inside = [
            self.both([one, self.holds(member)])
            for one, (_, member) in zip(belongs, rows, strict=True)
        ]
        count = added([z3.If(one, 1, 0) for one in inside], self.whole(0))
        known = [
            self.either([self.no(one), member.defined])
            for one, (_, member) in zip(belongs, rows, strict=True)
        ]
        if node.value is None:
            return Term(z3.ToReal(count), self.both(known))
        values = [self.term(node.value, name) for name, _ in rows]
        pairs = list(zip(inside, values, strict=True))
        known += [self.either([self.no(one), value.defined]) for one, value in pairs]
        if not operations.AGGREGATES[node.aggregate].of_nobody:
            known.append(count > 0)
        made = AGGREGATES[node.aggregate](self, pairs, count)
        return Term(made.value, self.both(known), made.steps)

    def belongs(self, along: int | None, name: str, at: str) -> z3.BoolRef:
        """Whether a record is linked to another; to any where no link is followed."""
        if along is None:
            return self.true
        link = self.program.nodes[along]
        assert isinstance(link, ir.Link)
        place: z3.BoolRef = self.term(along, name).value == self.identifiers(link.to).index(at)
        return place

    # ---- money

    def _split(self, index: int) -> Parted:
        if index not in self._splits:
            node = self.program.nodes[index]
            assert isinstance(node, ir.Split)
            self._splits[index] = self._parted(node)
        return self._splits[index]

    def _parted(self, node: ir.Split) -> Parted:
        rows = self.rows(node.group)
        when = Term(self.true, self.true) if node.when is None else self.term(node.when, "")
        off = self.both([when.defined, self.no(when.value)])
        members = self.both([when.defined, *(member.defined for _, member in rows)])
        inside = [self.both([self.holds(member), self.no(off)]) for _, member in rows]
        if node.segment is None:
            ats = [""]
        else:
            link = self.program.nodes[node.segment]
            assert isinstance(link, ir.Link)
            ats = self.identifiers(link.to)
        made = []
        zero = self.whole(0)
        own: list[list[z3.ArithRef]] = [[] for _ in rows]
        known: list[list[z3.BoolRef]] = [[] for _ in rows]
        for at in ats:
            belongs = [self.belongs(node.segment, name, at) for name, _ in rows]
            entitled = [self.both(pair) for pair in zip(inside, belongs, strict=True)]
            one = part_money(self, node, at, [name for name, _ in rows], entitled)
            made.append(one)
            for place, part in enumerate(one.parts):
                own[place].append(part)
                spared = self.false if node.segment is None else self.no(entitled[place])
                known[place].append(self.either([spared, one.known]))
        step = paid_step(node.type)
        everywhere = [one.known for one in made]
        sure = self.either([off, self.both([members, *everywhere])])
        parts = {
            name: self.amount(
                added(own[place], zero),
                step,
                self.either([off, self.both([members, *known[place]])]),
            )
            for place, (name, _) in enumerate(rows)
        }
        excess = added([one.excess for one in made], zero)
        paid = added([excess, *(part for row in own for part in row)], zero)
        return Parted(parts, self.amount(paid, step, sure), self.amount(excess, step, sure))

    def shared(self, index: int, node: ir.Split, at: str) -> Term:
        return self._split(index).parts[at]

    def paid(self, index: int) -> Term:
        return self._split(index).paid

    def excess(self, index: int) -> Term:
        return self._split(index).excess

    def pooled(self, node: ir.Pooled) -> Term:
        pool = self.program.nodes[node.clause]
        assert isinstance(pool, ir.Pool) and pool.record is not None
        zero, value = self.real(0), self.real(0)
        known = []
        for name, member in self.rows(pool.group):
            figure, kept = self.term(pool.figure, name), self.term(node.clause, name)
            inside = self.holds(member)
            value = value + self.where(inside, figure.value - kept.value, zero)
            known += [
                member.defined,
                self.either([self.no(inside), self.both([figure.defined, kept.defined])]),
            ]
        return Term(value, self.both(known))

    def followers(self) -> dict[tuple[str, str, bool], tuple[str, str, bool]]:
        """The facts of all records but the first two of each sort, each beside the second one's."""
        found = {}
        for key, fact in self.facts.items():
            if fact.record is None:
                continue
            _, second, *others = self.identifiers(fact.record)
            like = fact.name, second, fact.opening
            if key[1] in others and like in self.facts:
                found[key] = like
        return found

    def alike(self) -> z3.BoolRef:
        """That all records but the first of each sort have the same facts, as most of a large year do."""
        pairs = self.followers().items()
        return self.both(
            [self.facts[one].variable == self.facts[other].variable for one, other in pairs]
        )

    # ---- the year that was chosen

    def year(self, model: z3.ModelRef) -> Facts:
        """The facts that the solver chose."""
        figures: dict[str, Known] = {}
        balances: dict[str, Fraction] = {}
        columns: dict[str, dict[str, dict[str, Known]]] = {sort: {} for sort in self.sorts}
        for fact in self.facts.values():
            if fact.given is not None and not z3.is_true(model.eval(fact.given, True)):
                continue
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
