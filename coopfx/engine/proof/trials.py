"""Years drawn for a program, on which what was proved is tried before it is said.

They are the same for a program on any machine. Facts lie at the edges of their domains, at the figures
that the texts write and a step beside them, and anywhere between; nothing is missing.
"""

from collections.abc import Iterator
from datetime import date, timedelta
from fractions import Fraction
from random import Random

from attrs import Factory, define

from coopfx.ground.exact import DAY, MONTH, Kind, Known, Type, step_of
from coopfx.ground.facts import Facts, Field, Table
from coopfx.language import ir
from coopfx.language.ranges import Range

_AMOUNTS = ("0", "0.01", "0.02", "0.05", "1", "3", "100", "1000", "33333", "100000", "1000000")
_MONEY = tuple(map(Fraction, (*_AMOUNTS, "1234.57", "-0.02", "-0.05", "-1", "-3")))
_PLAIN = tuple(map(Fraction, ("0", "1", "2", "3", "5", "12", "40", "1607", "0.5", "0.25", "7.75")))
_RECORDS = (3, 2, 1, 5, 0, 4)
_DAYS = {MONTH: Fraction("30.44"), DAY: Fraction(1)}
_HUNDREDTH = Fraction(1, 100)


@define(slots=True)
class Trials:
    """Draws years for a program: of the same program, the same ones.

    ``last`` is the last day on which the statute is in force, ``bounds`` are those of its nodes.
    """

    program: ir.Program
    last: date | None
    bounds: list[Range]
    random: Random = Factory(lambda: Random(1))
    fields: dict[tuple[str | None, str], Field] = Factory(dict)
    written: dict[Type, list[Known]] = Factory(dict)
    _beside: dict[tuple[Type, Fraction], list[Fraction]] = Factory(dict)
    _ends: list[date] = Factory(list)
    _delays: list[Fraction] = Factory(lambda: [Fraction(0)])

    def __attrs_post_init__(self) -> None:
        for item in self.program.inputs:
            own = self.program.field(item)
            known = self.fields.get((own.record, own.name), own)
            lows = [one for one in (own.low, known.low) if one is not None]
            highs = [one for one in (own.high, known.high) if one is not None]
            self.fields[own.record, own.name] = Field(
                own.name,
                own.type,
                own.record,
                max(lows, default=None),
                min(highs, default=None),
                own.paid and known.paid,
            )
        self._ends = [date(self.program.in_force.year + more, 12, 31) for more in (0, 0, 1, 3)]
        for node in self.program.nodes:
            if isinstance(node, ir.Slot):
                value = self.program.constants[node.index]
                self.written.setdefault(node.type, []).append(value)
                if node.type.unit in _DAYS and isinstance(value, Fraction) and abs(value) < 1_200:
                    self._delays.append(value * _DAYS[node.type.unit])

    def years(self, count: int) -> Iterator[Facts]:
        """So many years."""
        for number in range(count):
            yield self._year(_RECORDS[number % len(_RECORDS)])

    def _year(self, size: int) -> Facts:
        ids = {sort: [f"{sort[0]}{number + 1}" for number in range(size)] for sort in self._sorts()}
        figures: dict[str, Known] = {}
        columns: dict[str, dict[str, tuple[Known | None, ...]]] = {sort: {} for sort in ids}
        for (record, name), field in self.fields.items():
            if record is None:
                figures[name] = self._fact(field, ids)
            else:
                alike = self.random.random() < 0.2 and field.type.kind is not Kind.LINK
                same = self._fact(field, ids)
                columns[record][name] = tuple(
                    same if alike else self._fact(field, ids) for _ in ids[record]
                )
        for name, nodes in self._decisions().items():
            figures[name] = self._decided(name, nodes)
        accounts = self.program.accounts
        balances = {
            name: self._quantity(Field(name, self.program.nodes[nodes.added].type))
            for name, nodes in accounts.items()
            if nodes.record is None and not any(one.startswith(f"{name}.") for one in accounts)
        }
        tables = {sort: Table(tuple(ids[sort]), held) for sort, held in columns.items()}
        return Facts(self._closing(), figures, tables, balances)

    def _sorts(self) -> list[str]:
        return sorted({*self.program.records, *(one or "" for one, _ in self.fields)} - {""})

    def _closing(self) -> date:
        """The last day of a year, or a day on which something else begins to hold."""
        first = self.program.in_force
        changes = [day for dated in self.program.parameters.values() for day, *_ in dated.values]
        beside = [day + timedelta(days=more) for day in changes for more in (-1, 0) if day.year > 1]
        last = self.last or date.max
        found = [day for day in (*self._ends, *beside) if first <= day <= last]
        return self.random.choice(found) if found else first

    def _decisions(self) -> dict[str, list[ir.Decision]]:
        """What the meeting decides, by name, as each text bounds it."""
        found: dict[str, list[ir.Decision]] = {}
        for node in self.program.nodes:
            if isinstance(node, ir.Decision):
                found.setdefault(node.name, []).append(node)
        return found

    def _decided(self, name: str, nodes: list[ir.Decision]) -> Known:
        """What the meeting decides: mostly at one of its bounds or between them."""
        lows = [self.bounds[node.low].constant for node in nodes]
        highs = [self.bounds[node.high].constant for node in nodes if node.high is not None]
        low = max((one for one in lows if one is not None), default=None)
        high = min((one for one in highs if one is not None), default=None)
        return self._fact(Field(name, nodes[0].type, low=low, high=high), {})

    def _fact(self, field: Field, ids: dict[str, list[str]]) -> Known:
        draw = self.random
        match field.type.kind:
            case Kind.YES_NO:
                return draw.random() < 0.7
            case Kind.DATE:
                days = [one for one in self.written.get(field.type, ()) if isinstance(one, date)]
                day = draw.choice([*days, *self._ends])
                delay = Fraction(0) if draw.random() < 0.5 else draw.choice(self._delays)
                odd = draw.choice([-1, 0, 0, 1, draw.randint(-20, 20), draw.randint(-800, 800)])
                return day + timedelta(days=odd - int(delay))
            case Kind.TEXT:
                return draw.choice([*map(str, self.written.get(field.type, ())), "elsewhere"])
            case Kind.LINK:
                known = ids.get(field.type.record or "", [])
                return draw.choice(known) if known else ""
            case Kind.QUANTITY:
                return self._quantity(field)

    def _quantity(self, field: Field) -> Fraction:
        """A quantity of a domain: at its edges, at what is written and beside it, or anywhere."""
        draw, step = self.random, field.step or _HUNDREDTH
        money = step_of(field.type.unit) is not None
        near = self._near(field.type, step)
        edges = [one for one in (field.low, field.high) if one is not None]
        usual = _MONEY if money else _PLAIN
        anywhere = [Fraction(draw.randint(0, 10_000_000 if money else 20_000), 100)]
        value = draw.choice(
            draw.choice([one for one in (near, edges, usual, anywhere, usual) if one])
        )
        value = value // step * step
        if field.low is not None and value < field.low:
            value = field.low
        return value if field.high is None else min(value, field.high)

    def _near(self, type_: Type, step: Fraction) -> list[Fraction]:
        """The figures of a type that the texts write, each with those a step beside it."""
        if (type_, step) not in self._beside:
            written = (one for one in self.written.get(type_, ()) if isinstance(one, Fraction))
            self._beside[type_, step] = [one + by * step for one in written for by in (-1, 0, 1)]
        return self._beside[type_, step]
