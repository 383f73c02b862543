"""A cooperative's year, drawn for any program: at the edges that break engines.

Each year has a mood: plain, facts missing, zeros, ties, round or huge amounts, nobody entitled, or every
fact at an edge of its own domain. One that is complete lacks nothing that the program may read.
"""

from collections import Counter
from datetime import date
from fractions import Fraction
from random import Random

from attrs import Factory, define, evolve

from coopfx.ground.exact import MONTH, Kind, Known, currency_of
from coopfx.ground.facts import Facts, Table
from coopfx.language import ir

CENT = Fraction(1, 100)
CLOSING = date(2024, 12, 31)
MOODS = ("plain", "plain", "plain", "missing", "zero", "ties", "huge", "round", "nobody", "edges")
TEXTS = ("north", "south", "elsewhere")
DAYS = (date(2024, 2, 29), date(2023, 8, 31), date(2024, 1, 1), date(1, 1, 1), date(2021, 2, 3))
CENTS, WEIGHT = 10**15, 10**12
FEW = [Fraction(one, 100) for one in (-1, 0, 1, 2, 99, 100, *range(12, 44, 3))]
"""Amounts of so few cents that rounding does what it does nowhere else."""


@define
class Years:
    """Draws a cooperative's year for a program, and counts the edges it has drawn.

    With a ``size``, each sort of record has so many, and nothing is missing.
    """

    random: Random
    size: int | None = None
    edges: Counter[str] = Factory(Counter)
    mood: str = "plain"

    def year(self, program: ir.Program) -> Facts:
        """A year's facts."""
        moods = [one for one in MOODS if self.size is None or one != "missing"]
        self.mood = self.random.choice(moods)
        self.edges[self.mood] += 1
        figures = {
            item.key: self.fact(item)
            for item in program.inputs
            if item.record is None and not self.absent()
        }
        for node in program.nodes:
            if isinstance(node, ir.Decision) and self.decides(node):
                self.edges["decided"] += 1
                figures[node.name] = self.money() if node.type.unit else self.rate()
        floors = {
            node.account: node.low
            for node in program.nodes
            if isinstance(node, ir.Balance) and node.low is not None
        }
        balances = {
            name: _above(self.money(), floors.get(name))
            for name, nodes in program.accounts.items()
            if nodes.record is None
            and not any(other.startswith(name + ".") for other in program.accounts)
            and not self.absent()
        }
        facts = Facts(CLOSING, figures, self.tables(program), balances)
        if self.size is None and self.random.random() < 0.3:
            return facts
        return without_contradictions(program, facts)

    def absent(self, chance: float = 0.15) -> bool:
        """Whether a fact is missing, in a year in which some are."""
        return self.happens("missing fact", chance)

    def happens(self, edge: str, chance: float) -> bool:
        found = self.mood == "missing" and self.random.random() < chance
        self.edges[edge] += found
        return found

    def decides(self, node: ir.Decision) -> bool:
        must = self.size is not None and node.otherwise is None
        return must or self.random.random() < 0.6

    # ---- records

    def tables(self, program: ir.Program) -> dict[str, Table]:
        """The records of each sort; those that others link to come first."""
        found: dict[str, Table] = {}
        links: dict[str | None, str | None] = {
            item.record: item.type.record for item in program.inputs if item.type.record
        }
        for record in sorted(program.records, key=lambda one: _depth(one, links)):
            if not self.happens("no table", 0.2):
                found[record] = self.table(record, program, found)
        return found

    def table(self, record: str, program: ir.Program, tables: dict[str, Table]) -> Table:
        count = self.random.choice([0, 1, 2, 3, 3, 5, 8, 13]) if self.size is None else self.size
        ids = tuple(f"{record[0]}{number + 1}" for number in range(count))
        if self.size is None:
            drawn = (f"{one[0]}{self.random.randint(0, 999)}-{one[1:]}" for one in ids[1:])
            ids = tuple(sorted([*ids[:1], *drawn]))
        columns: dict[str, tuple[Known | None, ...]] = {}
        for item in program.inputs:
            if item.record != record:
                continue
            if item.type.kind is Kind.LINK:
                target = tables.get(item.type.record or "")
                known = target.ids if target and target.ids else ()
                columns[item.key] = tuple(
                    None if not known or self.absent() else self.random.choice(known) for _ in ids
                )
            elif not self.happens("no column", 0.1):
                same = self.fact(item)
                columns[item.key] = tuple(
                    None if self.absent() else same if self.mood == "ties" else self.fact(item)
                    for _ in ids
                )
        return Table(ids, columns)

    # ---- facts

    def fact(self, item: ir.Input) -> Known:
        """A value within a fact's domain."""
        match item.type.kind:
            case Kind.YES_NO:
                return self.mood != "nobody" and self.random.random() < 0.7
            case Kind.DATE:
                return self.random.choice(DAYS)
            case Kind.TEXT:
                return self.random.choice(TEXTS)
        low, high, step = item.low, item.high, self.step(item)
        if self.mood == "edges":
            ends = [low, high, *(None if end is None else end + step for end in (low,))]
            ends += [None if high is None else high - step, *([] if low is not None else [-step])]
            known = [end for end in ends if end is not None]
            return self.random.choice([*known, max(Fraction(0), low or Fraction(0))])
        value = _above(self.quantity(item), low)
        return value if high is None else min(value, high)

    def step(self, item: ir.Input) -> Fraction:
        """The least that a fact can differ by from another: a cent, one, or a hundredth."""
        return Fraction(1) if item.type.whole else CENT

    def quantity(self, item: ir.Input) -> Fraction:
        if currency_of(item.type.unit):
            return self.money()
        if item.type.whole:
            return Fraction(self.random.randint(0, 40))
        if item.type.unit == MONTH and item.record is None:
            return Fraction(self.random.choice([0, 2, 4, 24, -14, 1, 2 * 10**6]), 2)
        if self.mood == "huge":
            drawn = _utmost(self.random.randint(0, WEIGHT), WEIGHT)
            return Fraction(drawn, self.random.choice([1, 100]))
        hundredths = self.random.randint(0, 160_700)
        return Fraction(self.random.choice([0, 100, 50, hundredths]), 100)

    def money(self) -> Fraction:
        """An amount in whole cents, of either sign."""
        if self.mood == "zero" and self.random.random() < 0.5:
            return Fraction(0)
        if self.mood == "huge":
            return _utmost(self.random.randint(-CENTS, CENTS), CENTS) * CENT
        if self.mood == "round":
            return Fraction(self.random.choice([100, 1000, 3000, 100_000, 0, 1]))
        if self.mood == "edges":
            return self.random.choice(FEW)
        size = self.random.choice([1, 3, 100, 10_000, 10_000, 10_000_000])
        return self.random.randint(-size // 8, size) * CENT

    def rate(self) -> Fraction:
        """What is decided of a plain number: mostly within bounds that people write."""
        return Fraction(self.random.choice([0, 10, 25, 30, 50, 60, -5, 100]), 100)


def without_contradictions(program: ir.Program, facts: Facts) -> Facts:
    """A year in which each fact is within the bounds that others are to it."""
    figures, tables = dict(facts.figures), dict(facts.tables)
    for truth in program.truths:
        compared = program.nodes[truth.node]
        if truth.closing or not isinstance(compared, ir.Compare):
            continue
        fact, bound = (_under_lifts(program, index) for index in (compared.left, compared.right))
        assert isinstance(fact, ir.Input) and isinstance(bound, ir.Input)
        limit, extreme = figures.get(bound.key), max if compared.relation == "at_least" else min
        if fact.record is None:
            if fact.key in figures and limit is not None:
                figures[fact.key] = extreme(figures[fact.key], limit)
        elif (
            fact.record in tables and fact.key in tables[fact.record].columns and limit is not None
        ):
            table = tables[fact.record]
            cells = (one if one is None else extreme(one, limit) for one in table.columns[fact.key])
            columns = table.columns | {fact.key: tuple(cells)}
            tables[fact.record] = evolve(table, columns=columns)
    return evolve(facts, figures=figures, tables=tables)


def _under_lifts(program: ir.Program, index: int) -> ir.AnyNode:
    node = program.nodes[index]
    return _under_lifts(program, node.value) if isinstance(node, ir.Lift) else node


def _above(value: Fraction, low: Fraction | None) -> Fraction:
    """A value that is not below a bound."""
    return value if low is None or value >= low else max(-value, low)


def _utmost(drawn: int, most: int) -> int:
    """A number as it was drawn, or in one of eight draws the greatest of its sign."""
    return drawn if drawn % 8 else most if drawn >= 0 else -most


def _depth(record: str, links: dict[str | None, str | None]) -> int:
    """How many links lead on from a sort of record."""
    to = links.get(record)
    return 0 if to is None else 1 + _depth(to, links)
