"""What a text says, as written: clauses and expressions, each with its place.

Names are kept as the author wrote them; from_ast.py finds out what they mean.
"""

from datetime import date
from fractions import Fraction

from attrs import field, frozen

from coopfx.ground.plain import Plain
from coopfx.ground.source import Span


@frozen(slots=True, repr=False, eq=False, getstate_setstate=False)
class Node(Plain):
    """Anything a text says, with its place."""

    span: Span = field(kw_only=True, eq=False)


# ---- expressions


@frozen(slots=True, repr=False, eq=False, getstate_setstate=False)
class Number(Node):
    """A number, or a percentage where it was written with a percent sign."""

    value: Fraction
    percent: bool = False


@frozen(slots=True, repr=False, eq=False, getstate_setstate=False)
class Quantity(Node):
    """A number with a unit: a currency's code, or ``year``, ``month``, ``day``, ``hour``.

    A rate such as ``9.61 EUR per hour`` has a second unit, ``per``.
    """

    value: Fraction
    unit: str
    per: str | None = None


@frozen(slots=True, repr=False, eq=False, getstate_setstate=False)
class Date(Node):
    """A day of the calendar."""

    value: date


@frozen(slots=True, repr=False, eq=False, getstate_setstate=False)
class Text(Node):
    """A text in quotation marks."""

    value: str


@frozen(slots=True, repr=False, eq=False, getstate_setstate=False)
class YesNo(Node):
    """Yes or no."""

    value: bool


@frozen(slots=True, repr=False, eq=False, getstate_setstate=False)
class Name(Node):
    """A name, with its points: ``reserves.legal``."""

    word: str


@frozen(slots=True, repr=False, eq=False, getstate_setstate=False)
class NameOf(Node):
    """A figure of a record, ``work_share of person``; ``of`` may lead on, as in ``team of person``."""

    name: Name
    of: tuple[Name, ...]


@frozen(slots=True, repr=False, eq=False, getstate_setstate=False)
class Balance(Node):
    """An account's ``opening`` or ``closing`` balance, or what the year has ``added`` or ``taken``."""

    at: str
    account: Name
    of: tuple[Name, ...] = ()


Figure = Name | NameOf | Balance


@frozen(slots=True, repr=False, eq=False, getstate_setstate=False)
class Previous(Node):
    """A figure or a balance of the year before."""

    figure: Figure


@frozen(slots=True, repr=False, eq=False, getstate_setstate=False)
class At(Node):
    """A parameter on a day, or a figure or a balance of the year that contains it."""

    figure: Figure
    day: "Expression"


@frozen(slots=True, repr=False, eq=False, getstate_setstate=False)
class Rest(Node):
    """What the items above leave: in an allocation's items alone."""


@frozen(slots=True, repr=False, eq=False, getstate_setstate=False)
class Logarithm(Node):
    """A natural logarithm, to so many decimals."""

    value: "Expression"
    places: Fraction


@frozen(slots=True, repr=False, eq=False, getstate_setstate=False)
class Operation(Node):
    """An operation by its key in operations.py, on its arguments in order."""

    operation: str
    arguments: tuple["Expression", ...]


@frozen(slots=True, repr=False, eq=False, getstate_setstate=False)
class Comparison(Node):
    """``low <= x <= high``: one more operand than relations.

    Money is compared as it is paid, unless ``exactly`` says otherwise.
    """

    operands: tuple["Expression", ...]
    relations: tuple[str, ...]
    exactly: bool = False


@frozen(slots=True, repr=False, eq=False, getstate_setstate=False)
class Grouping(Node):
    """A group of records, narrowed by a condition or not; ``of`` whom, as in ``people of team``."""

    name: Name
    where: "Expression | None" = None
    of: tuple[Name, ...] = ()


@frozen(slots=True, repr=False, eq=False, getstate_setstate=False)
class Aggregate(Node):
    """``min of full_time_pay over workers``; ``count`` has no value."""

    aggregate: str
    value: "Expression | None"
    group: Grouping


@frozen(slots=True, repr=False, eq=False, getstate_setstate=False)
class AllOf(Node):
    """All that an account holds: its opening balance and what the year added to it."""

    account: Name
    of: tuple[Name, ...] = ()


@frozen(slots=True, repr=False, eq=False, getstate_setstate=False)
class SoFar(Node):
    """What an account has received down to the line of an allocation that reads it."""

    account: Name
    of: tuple[Name, ...] = ()


Expression = (
    Number
    | Quantity
    | Date
    | Text
    | YesNo
    | Name
    | NameOf
    | Balance
    | AllOf
    | SoFar
    | Previous
    | At
    | Rest
    | Logarithm
    | Operation
    | Comparison
    | Aggregate
)


# ---- the header and declarations


@frozen(slots=True, repr=False, eq=False, getstate_setstate=False)
class Statute(Node):
    """``statute "Alma" under fr.scop``."""

    title: str
    laws: tuple[Name, ...] = ()


@frozen(slots=True, repr=False, eq=False, getstate_setstate=False)
class Law(Node):
    """``law fr.scop "…" under fr.cooperation``: a law may stand under more general ones."""

    name: str
    title: str
    laws: tuple[Name, ...] = ()


@frozen(slots=True, repr=False, eq=False, getstate_setstate=False)
class BasedOn(Node):
    """The model from which a statute starts."""

    model: Name


@frozen(slots=True, repr=False, eq=False, getstate_setstate=False)
class Currency(Node):
    """The currency of every amount that names none."""

    code: str


@frozen(slots=True, repr=False, eq=False, getstate_setstate=False)
class InForce(Node):
    """From which day, and until which day, a text holds."""

    start: date
    end: date | None = None


@frozen(slots=True, repr=False, eq=False, getstate_setstate=False)
class SourceLine(Node):
    """Where a text comes from."""

    text: str


@frozen(slots=True, repr=False, eq=False, getstate_setstate=False)
class Reference(Node):
    """The source of a law's article or of a parameter's value, and whether it is still to confirm."""

    text: str
    to_confirm: bool = False


@frozen(slots=True, repr=False, eq=False, getstate_setstate=False)
class Article(Node):
    """An article's number and title; the clauses after it are its own.

    ``replaces`` says that it stands in the place of the model's article of that number.
    """

    number: str
    title: str
    reference: Reference | None = None
    replaces: bool = False


@frozen(slots=True, repr=False, eq=False, getstate_setstate=False)
class TypeName(Node):
    """A type as written: a terminal such as ``MONEY``, a currency's code or a record's name."""

    word: str
    terminal: str
    per: "TypeName | None" = None


@frozen(slots=True, repr=False, eq=False, getstate_setstate=False)
class Record(Node):
    """A sort of record that the data hold."""

    name: Name
    label: str = ""


@frozen(slots=True, repr=False, eq=False, getstate_setstate=False)
class Input(Node):
    """A fact that the data give, with its domain; one that only measures is no money of the year.

    ``beside`` are the figures that it is never below or above, each with its sign. One that is
    ``inside`` another is a part of that one: its money is that one's.
    """

    name: Name
    type: TypeName
    record: Name | None = None
    low: Expression | None = None
    high: Expression | None = None
    label: str = ""
    measure: bool = False
    beside: tuple[tuple[str, Name], ...] = ()
    inside: Name | None = None

    @property
    def is_money(self) -> bool:
        """Whether it is an amount of money, of the year or one that only measures."""
        return self.type.terminal in ("MONEY", "CURRENCY") and not self.type.per

    @property
    def gives_money(self) -> bool:
        """Whether it is money of the year, from which a clause may take."""
        return self.is_money and not self.measure


@frozen(slots=True, repr=False, eq=False, getstate_setstate=False)
class Group(Node):
    """A group of records that other clauses speak of."""

    name: Name
    grouping: Grouping
    label: str = ""


@frozen(slots=True, repr=False, eq=False, getstate_setstate=False)
class Account(Node):
    """An account; of each record of a sort where it says so.

    It may be indivisible: no clause takes money out of it. Its balance is never below ``low``.
    """

    name: Name
    record: Name | None = None
    indivisible: bool = False
    label: str = ""
    low: Expression | None = None


@frozen(slots=True, repr=False, eq=False, getstate_setstate=False)
class DatedValue(Node):
    """A parameter's value from a day on, with its source."""

    start: date
    value: Expression
    reference: Reference


@frozen(slots=True, repr=False, eq=False, getstate_setstate=False)
class Parameter(Node):
    """A figure that a law or a statute fixes by date; what sets it may say that it never falls."""

    name: Name
    type: TypeName
    values: tuple[DatedValue, ...]
    label: str = ""
    never_falling: bool = False


# ---- clauses


@frozen(slots=True, repr=False, eq=False, getstate_setstate=False)
class Define(Node):
    """A name for a figure; ``each`` makes it a figure of each record.

    A law's ``default`` holds where the statute says nothing.
    """

    name: Name
    value: Expression
    each: Name | None = None
    default: bool = False


@frozen(slots=True, repr=False, eq=False, getstate_setstate=False)
class Decide(Node):
    """What the meeting decides each year, between bounds; ``high`` is None where it may be any more."""

    name: Name
    low: Expression
    high: Expression | None
    otherwise: Expression | None = None
    label: str = ""


@frozen(slots=True, repr=False, eq=False, getstate_setstate=False)
class Step(Node):
    """A line of a scale: its value from a figure on, or only ``above`` it."""

    start: Expression
    value: Expression
    above: bool = False


@frozen(slots=True, repr=False, eq=False, getstate_setstate=False)
class Scale(Node):
    """A figure read off steps; ``otherwise`` is its value below the first."""

    name: Name
    by: Expression
    steps: tuple[Step, ...]
    otherwise: Expression | None = None
    each: Name | None = None
    label: str = ""


@frozen(slots=True, repr=False, eq=False, getstate_setstate=False)
class Receiver(Node):
    """The account that money goes to: the cooperative's, or each record's own."""

    account: Name
    record: Name | None = None


@frozen(slots=True, repr=False, eq=False, getstate_setstate=False)
class From(Node):
    """Where a clause takes its money: an account, a figure, or where ``place`` is None, charges."""

    place: Name | NameOf | None


@frozen(slots=True, repr=False, eq=False, getstate_setstate=False)
class Until(Node):
    """How full an account may get, and where the overflow goes."""

    balance: Expression
    then: Receiver | None = None


@frozen(slots=True, repr=False, eq=False, getstate_setstate=False)
class Item(Node):
    """An item of an allocation: ``amount`` is None for losses."""

    to: Receiver
    amount: Expression | None = None
    high: Expression | None = None
    low: Expression | None = None
    until: Until | None = None
    when: Expression | None = None

    @property
    def losses(self) -> bool:
        """Whether it takes losses, and nothing else."""
        return self.amount is None


@frozen(slots=True, repr=False, eq=False, getstate_setstate=False)
class Allocate(Node):
    """A waterfall: the source flows to the items in the order written; a law's may be a default."""

    amount: Expression
    items: tuple[Item, ...]
    each: Name | None = None
    when: Expression | None = None
    default: bool = False
    origin: From | None = None


@frozen(slots=True, repr=False, eq=False, getstate_setstate=False)
class Key(Node):
    """A line of a split: a weight, and a figure of the record, or None for equal parts."""

    weight: Expression | None
    figure: Expression | None


@frozen(slots=True, repr=False, eq=False, getstate_setstate=False)
class Share(Node):
    """A conserving split of an amount over records, with what shapes it.

    ``segment`` is the record inside each of which it is shared, ``cap`` the most and ``smallest``
    the least that one receives, ``excess`` where goes what these withhold.
    """

    amount: Expression
    group: Grouping
    keys: tuple[Key, ...]
    segment: Name | None = None
    into: Receiver | None = None
    when: Expression | None = None
    coefficient: Expression | None = None
    cap: Expression | None = None
    smallest: Expression | None = None
    alike: bool = False
    excess: Receiver | None = None
    origin: From | None = None


@frozen(slots=True, repr=False, eq=False, getstate_setstate=False)
class Pool(Node):
    """Mutualisation of a figure of each record."""

    figure: Name
    group: Name
    kept: Expression
    account: Name
    losses_kept: bool = False


@frozen(slots=True, repr=False, eq=False, getstate_setstate=False)
class Require(Node):
    """A rule to keep, or where ``binding`` is no, to strive for."""

    binding: bool
    name: Name | None
    condition: Expression
    each: Name | None = None
    when: Expression | None = None
    unless: Expression | None = None
    message: str = ""


@frozen(slots=True, repr=False, eq=False, getstate_setstate=False)
class Permit(Node):
    """The keys by which a law lets an account be shared, and among whom; ``None`` is equal parts.

    ``most`` is the highest coefficient; no coefficient is permitted where it is None. Where there is a
    ``rising``, a coefficient comes from that figure alone, and rises with it.
    """

    account: Name
    group: Grouping
    keys: tuple[Name | None, ...]
    most: Expression | None = None
    rising: Name | None = None


@frozen(slots=True, repr=False, eq=False, getstate_setstate=False)
class SetAside(Node):
    """A rule of a law, or a form that it permits, that the statute does not apply, and why."""

    name: Name
    reason: str


@frozen(slots=True, repr=False, eq=False, getstate_setstate=False)
class Year(Node):
    """A year of the calendar, as it is written: a number that may be none."""

    value: Fraction


@frozen(slots=True, repr=False, eq=False, getstate_setstate=False)
class Target(Node):
    """What an indicator aims at: a relation and a figure, and the year by whose end it is to be met."""

    relation: str
    value: Expression
    year: Year | None = None


@frozen(slots=True, repr=False, eq=False, getstate_setstate=False)
class SeriesBreak(Node):
    """From which year on an indicator is counted in another way, and why."""

    year: Year
    reason: str = ""


@frozen(slots=True, repr=False, eq=False, getstate_setstate=False)
class Better(Node):
    """Which way an indicator is meant to go: ``higher`` or ``lower``."""

    direction: str


@frozen(slots=True, repr=False, eq=False, getstate_setstate=False)
class Indicator(Node):
    """A figure that the cooperative holds itself to."""

    label: str
    value: Expression
    pillar: Name | None = None
    target: Target | None = None
    unit: Text | None = None
    better: Better | None = None
    formerly: tuple[Text, ...] = ()
    breaks: tuple[SeriesBreak, ...] = ()


@frozen(slots=True, repr=False, eq=False, getstate_setstate=False)
class Binding(Node):
    """A figure, a balance, a decision or a defined name that an example gives."""

    figure: Figure | Previous
    value: Expression


@frozen(slots=True, repr=False, eq=False, getstate_setstate=False)
class Row(Node):
    """A record of an example's table: its identifier, and its cells, None where one is empty."""

    id: Expression
    cells: tuple[Expression | None, ...]


@frozen(slots=True, repr=False, eq=False, getstate_setstate=False)
class Table(Node):
    """The records of a sort that an example gives, with the figures of its columns."""

    record: Name
    columns: tuple[Figure | Previous, ...]
    rows: tuple[Row, ...]


@frozen(slots=True, repr=False, eq=False, getstate_setstate=False)
class ExpectedVerdict(Node):
    """The verdict that an example expects of a rule: a status of outcome.py, with ``_`` for spaces."""

    rule: Name
    status: str


@frozen(slots=True, repr=False, eq=False, getstate_setstate=False)
class Example(Node):
    """A statute's own test."""

    title: str
    given: tuple[Binding, ...]
    tables: tuple[Table, ...]
    expected: tuple[Expression | ExpectedVerdict, ...]


Clause = (
    Statute
    | Law
    | BasedOn
    | Currency
    | InForce
    | SourceLine
    | Article
    | Record
    | Input
    | Group
    | Account
    | Parameter
    | Define
    | Decide
    | Scale
    | Allocate
    | Share
    | Pool
    | Require
    | Permit
    | SetAside
    | Indicator
    | Example
)


@frozen(slots=True, repr=False, eq=False, getstate_setstate=False)
class Document(Plain):
    """A whole text: its file, the language it is written in, and its clauses in order."""

    file: str
    language: str
    clauses: tuple[Clause, ...]
