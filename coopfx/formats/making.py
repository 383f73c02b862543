"""What ``columns.toml`` says is to be made of a file's columns, held against the figures that there are."""

from collections.abc import Callable
from fractions import Fraction

from attrs import Factory, evolve, frozen

from coopfx.formats import cells
from coopfx.formats.mapping import Mapped
from coopfx.formats.mapping_made import DURATIONS, FULL_TIME, MOVEMENTS, TIMES, Constant, Making
from coopfx.formats.notation import Amiss, Style
from coopfx.formats.sheets import read_table
from coopfx.ground.exact import DATE, DAY, MONTH, NUMBER, TEXT, Kind, Known, Type
from coopfx.ground.facts import Field, Schema, Sheet, Table
from coopfx.ground.report import Report, Word
from coopfx.ground.source import Span
from coopfx.ground.words import Words

SOURCE = "\0"
"""What the name of a column begins with that figures are made of: no figure is called so."""


@frozen(slots=True)
class Plan:
    """What is to be made of a file's columns, with the figures' own domains.

    ``sources`` are the columns, each with what it is read as. ``all`` and ``alone`` are the values that
    are one for many records, ``sums`` the figures that are added up over lines.
    """

    makings: tuple[tuple[Making, Field], ...] = ()
    sources: dict[str, Field] = Factory(dict)
    all: dict[str, Known] = Factory(dict)
    alone: dict[str, Known] = Factory(dict)
    sums: dict[str, Field] = Factory(dict)


@frozen(slots=True)
class Part:
    """A sheet that has been read: its rows as they stand, and what is to be made of them."""

    sheet: Sheet
    said: Mapped | None
    plan: Plan
    table: Table


def read_part(
    sheet: Sheet, schema: Schema, words: list[Words], report: Report, said: Mapped | None
) -> Part | None:
    """Read a sheet's rows; None, and told, where it or what is said of it has a mistake."""
    if said is not None and said.amiss:
        return None
    planning = None if said is None else _Planning(said, sheet.record, schema, words, report)
    plan = Plan() if planning is None else planning.plan()
    if plan is None:
        return None
    table = read_table(sheet, schema, words, report, said, sources=plan.sources)
    if table is not None and planning is not None and planning.tell_no_figures():
        return None
    return None if table is None else Part(sheet, said, plan, table)


class _Planning:
    """What is said of one file, while it is held against the figures that there are."""

    def __init__(
        self, said: Mapped, record: str, schema: Schema, words: list[Words], report: Report
    ) -> None:
        self.said, self.record, self.schema = said, record, schema
        self.words, self.report = words, report
        self.fields = schema.of(record)
        self.sources: dict[str, Field] = {}
        self.no_figures: list[str] = []

    def plan(self) -> Plan | None:
        """All of it; None, and told, where a figure is none, or cannot be made so."""
        said, before = self.said, self.report.errors()
        makings = []
        for making in said.makings:
            wanted = self._field(making.figure, making.place)
            if wanted is None or not self._fits(making, wanted):
                continue
            months = making.months if isinstance(making.months, int) else self._months(making)
            highest = self._highest(making) if making.highest else ""
            if months is not None and highest is not None and self._is_read(wanted):
                makings.append((evolve(making, months=months, highest=highest), wanted))
        # What is made of another figure comes after it.
        makings.sort(key=lambda one: isinstance(one[0].months, str))
        sums = {}
        for column in said.sums:
            wanted = self._of_column(column)
            if wanted is not None and self._must_be(wanted, Kind.QUANTITY, said.places[column]):
                sums[wanted.name] = wanted
        for column in said.words:
            wanted = self._of_column(column)
            if wanted is not None:
                self._must_be(wanted, Kind.YES_NO, said.places[column])
        constants = [self._constants(one) for one in (said.all, said.alone)]
        if self.report.errors() > before:
            return None
        return Plan(tuple(makings), self.sources, constants[0], constants[1], sums)

    def _months(self, making: Making) -> str | None:
        """The figure that says how many months something is paid for; None, and told, where it is none."""
        found = self._field(str(making.months), making.place)
        if found is None or found.type.unit != MONTH:
            if found is not None:
                self.report.tell("D781", making.place, name=Word(found.name), type=found.type)
            return None
        return found.name

    def _highest(self, making: Making) -> str | None:
        """The cooperative's figure that is the most ever held; None, and told, where it cannot be."""
        own, wanted = self.schema.of(None), self.fields[self._canonical(making.figure)]
        found = cells.canonical(making.highest, own, self.words)
        if found is None:
            near = cells.nearest_form(making.highest, own, self.words)
            self.report.tell("D701", making.place, name=making.highest[:60], nearest=near)
            return None
        if own[found].type != wanted.type:
            self.report.tell("D781", making.place, name=Word(found), type=own[found].type)
            return None
        return found if self.schema.read is None or found in self.schema.read else ""

    def _canonical(self, name: str) -> str:
        return cells.canonical(name, self.fields, self.words) or name

    def _is_read(self, wanted: Field) -> bool:
        return self.schema.read is None or wanted.name in self.schema.read

    def _field(self, name: str, place: Span) -> Field | None:
        """A figure of the record by its name; None, and told, where it is none that may be given."""
        found = cells.canonical(name, self.fields, self.words)
        if found is not None:
            return self.fields[found]
        if cells.canonical(name, dict.fromkeys(self.schema.defined), self.words):
            self.report.tell("D709", place, name=name[:60])
        elif not cells.tell_elsewhere(
            name, self.record, self.schema, self.words, place, self.report
        ):
            near = cells.nearest_form(name, self.fields, self.words)
            self.report.tell("D701", place, name=name[:60], nearest=near)
        return None

    def _of_column(self, column: str) -> Field | None:
        """The figure that a column is; None where it is none, if the file has it at all."""
        found = cells.canonical(self.said.columns.get(column, column), self.fields, self.words)
        if found is None:
            self.no_figures.append(column)
        return None if found is None else self.fields[found]

    def tell_no_figures(self) -> bool:
        """Tell which columns are spoken of as figures and are none; whether there are any."""
        for column in self.no_figures:
            self._field(self.said.columns.get(column, column), self.said.places[column])
        return bool(self.no_figures)

    def _must_be(self, wanted: Field, kind: Kind, place: Span) -> bool:
        if wanted.type.kind is not kind:
            self.report.tell("D781", place, name=Word(wanted.name), type=wanted.type)
            return False
        return True

    def _fits(self, making: Making, wanted: Field) -> bool:
        """Whether a figure can be made so, of columns that are read in one way."""
        unit = wanted.type.unit
        fits = wanted.type.kind is Kind.QUANTITY and not (
            (making.sort == DURATIONS and unit not in (MONTH, DAY))
            or (making.sort == FULL_TIME and unit in (MONTH, DAY))
            or (making.sort == MOVEMENTS and unit == DAY)
        )
        for role, column in making.columns.items():
            type_ = self._type(role, making, wanted)
            high = making.full if role == "rate" else None
            low = None if high is None else Fraction(0)
            # Money in a cell may be finer than a coin only where it is no movement of money itself.
            read_as = Field(
                SOURCE + column, type_, self.record, low, high, paid=making.sort == MOVEMENTS
            )
            given = cells.canonical(self.said.columns.get(column, column), self.fields, self.words)
            other = self.sources.setdefault(column, read_as)
            fits &= other == read_as and (given is None or self.fields[given].type == type_)
        if not fits:
            self.report.tell("D781", making.place, name=Word(wanted.name), type=wanted.type)
        return fits

    def _type(self, role: str, making: Making, wanted: Field) -> Type:
        if (role in ("from", "to") and making.sort == DURATIONS) or role == "day":
            return DATE
        if role == "kind":
            return TEXT
        if (
            role == "rate"
            or making.sort == TIMES
            or (
                role in ("amount", "minus", "balance")
                and (making.each or wanted.type.unit == MONTH)
            )
        ):
            return NUMBER
        return wanted.type

    def _constants(self, given: dict[str, Constant]) -> dict[str, Known]:
        found: dict[str, Known] = {}
        for name, constant in given.items():
            wanted = self._field(name, constant.place)
            if wanted is None:
                continue
            value = cells.read(constant.text, wanted, self.words, Style(".", shown=True))
            if isinstance(value, Amiss) or value is None:
                place = cells.Place(here(constant.place), name)
                amiss = value if isinstance(value, Amiss) else Amiss("D703")
                cells.say(amiss, constant.text, wanted, place, self.report)
            elif self._is_read(wanted):
                found[wanted.name] = value
        return found


def here(place: Span) -> Callable[[], Span]:
    """How to find a place that is known."""
    return lambda: place
