"""The typed program: what every statute and law is compiled to, and all that the engines read.

A program is a row of nodes, each speaking only of nodes before it: an engine walks the row once. A
node stands for one value of the cooperative (``record`` None), or for one value of each record of a
sort. Nothing is ever assigned twice: a balance is a sum of the parts that went into it.

Constants are lifted out of the nodes into ``Program.constants``, so that statutes that differ in
their figures alone have equal nodes: the same *shape*, which the batch engine evaluates in one pass.
"""

from collections.abc import Iterable, Sequence
from datetime import date
from fractions import Fraction
from itertools import zip_longest

from attrs import evolve, field, frozen

from coopfx.ground.exact import NUMBER, Known, Type
from coopfx.ground.facts import Field
from coopfx.ground.figure import OPENING, Figure, Period, key_of, ruled_by
from coopfx.ground.plain import Plain
from coopfx.ground.source import Span
from coopfx.language.references import (
    PARTS,
    REFERENCE,
    REFERENCES,
)
from coopfx.language.references import cone as cone
from coopfx.language.references import inner as inner
from coopfx.language.references import renumbered as renumbered


@frozen(slots=True, repr=False, eq=False, getstate_setstate=False)
class Node(Plain):
    """One value, or one of each record of a sort."""

    type: Type = field(kw_only=True, default=NUMBER)
    record: str | None = field(kw_only=True, default=None)


# ---- figures


@frozen(slots=True, repr=False, eq=False, getstate_setstate=False)
class Input(Node):
    """A fact that the data give, with its domain.

    A figure of another year is a fact of this one, of a ``period``; so is each record's balance when
    the year opened, a ``side`` of its account. Data and outcomes know it by its ``key``.
    """

    name: str
    period: Period = None
    side: str = ""
    low: Fraction | None = None
    high: Fraction | None = None

    @property
    def key(self) -> str:
        """The text by which data know the fact: ``previous surplus``, ``opening capital``."""
        return key_of(self.name, self.period, self.side)

    @property
    def figure(self) -> Figure:
        """Which figure it is."""
        return Figure(self.name, self.period, self.side)


@frozen(slots=True, repr=False, eq=False, getstate_setstate=False)
class Slot(Node):
    """A constant of the text, by its index among the program's constants."""

    index: int


@frozen(slots=True, repr=False, eq=False, getstate_setstate=False)
class Param(Node):
    """A dated parameter's value: on the closing date, or on that of the node ``at``."""

    name: str
    at: int | None = field(default=None, metadata=REFERENCE)


@frozen(slots=True, repr=False, eq=False, getstate_setstate=False)
class Op(Node):
    """An operation of operations.py on earlier nodes; ``places`` are a logarithm's decimals."""

    operation: str
    arguments: tuple[int, ...] = field(metadata=REFERENCES)
    places: int | None = None


@frozen(slots=True, repr=False, eq=False, getstate_setstate=False)
class Compare(Node):
    """A comparison; with a ``step``, both sides are first rounded half up to it, as money is paid.

    ``exactly`` leaves the step out. With an ``allowance`` it holds too where the sides, not rounded, are
    so many halves of the step at most beyond its edge.
    """

    relation: str
    left: int = field(metadata=REFERENCE)
    right: int = field(metadata=REFERENCE)
    step: Fraction | None = None
    allowance: int = 0

    def widened(self, other: "Compare") -> bool:
        """Whether another is the same comparison with an allowance."""
        return bool(other.allowance) and evolve(other, allowance=0) == self

    @property
    def allowed(self) -> Fraction:
        """How far beyond its edge it still holds."""
        return self.allowance * self.step / 2 if self.step is not None else Fraction(0)


@frozen(slots=True, repr=False, eq=False, getstate_setstate=False)
class Scale(Node):
    """A figure read off a scale: the value of the last break, as written, that ``by`` has reached.

    A break is reached from its own value on, or only ``above`` it. Where none is reached, the value
    is ``otherwise``, or undefined (``scale``).
    """

    by: int = field(metadata=REFERENCE)
    breaks: tuple[int, ...] = field(metadata=REFERENCES)
    values: tuple[int, ...] = field(metadata=REFERENCES)
    above: tuple[bool, ...]
    otherwise: int | None = field(default=None, metadata=REFERENCE)


@frozen(slots=True, repr=False, eq=False, getstate_setstate=False)
class Decision(Node):
    """What the meeting decides, as the data give it, else ``otherwise``, else missing.

    It is at least ``low``, and at most ``high`` where there is one.

    A decision out of its bounds is computed as given; a rule of the program says that it is violated.
    """

    name: str
    low: int = field(metadata=REFERENCE)
    high: int | None = field(metadata=REFERENCE)
    otherwise: int | None = field(default=None, metadata=REFERENCE)


# ---- records


@frozen(slots=True, repr=False, eq=False, getstate_setstate=False)
class Group(Node):
    """Which records of a sort belong: those of ``base`` (all where None) of whom ``where`` holds."""

    base: int | None = field(default=None, metadata=REFERENCE)
    where: int | None = field(default=None, metadata=REFERENCE)


@frozen(slots=True, repr=False, eq=False, getstate_setstate=False)
class Link(Node):
    """Which record of the sort ``to`` each record belongs to, by the input of that name."""

    name: str
    to: str


@frozen(slots=True, repr=False, eq=False, getstate_setstate=False)
class Lift(Node):
    """A value beside each record: the cooperative's, or that of the record linked ``along``."""

    value: int = field(metadata=REFERENCE)
    along: int | None = field(default=None, metadata=REFERENCE)


@frozen(slots=True, repr=False, eq=False, getstate_setstate=False)
class Aggregate(Node):
    """An aggregate of operations.py over a group, for the cooperative or for each record linked to.

    ``along`` is the link node of the group's records; the aggregate then has one value of each
    record of the sort that they link to.
    """

    aggregate: str
    value: int | None = field(metadata=REFERENCE)
    group: int = field(metadata=REFERENCE)
    along: int | None = field(default=None, metadata=REFERENCE)


@frozen(slots=True, repr=False, eq=False, getstate_setstate=False)
class Member(Node):
    """The value of one record, by its identifier: what an example expects, and no clause reads."""

    value: int = field(metadata=REFERENCE)
    id: str


# ---- money


@frozen(slots=True, repr=False, eq=False, getstate_setstate=False)
class Balance(Node):
    """An account's ``opening``, which the data give, or ``added``, ``taken``, ``closing``: a sum.

    ``parts`` are added, ``less`` are subtracted. An account of records has one of each record. What the
    data give is not below ``low``.
    """

    account: str
    at: str
    parts: tuple[int, ...] = field(default=(), metadata=REFERENCES)
    less: tuple[int, ...] = field(default=(), metadata=REFERENCES)
    low: Fraction | None = None

    @property
    def is_given(self) -> bool:
        """Whether the data give it: the opening of an account that has no branches."""
        return self.at == OPENING and not self.parts


@frozen(slots=True, repr=False, eq=False, getstate_setstate=False)
class Fill(Plain):
    """How full an item's account may get.

    ``until`` is the balance it may reach, ``before`` what it holds before this allocation, and
    ``within`` the indices of earlier items of the same allocation that fed it (with whether it was
    their overflow that did); what no longer fits goes to ``then``, or stays in the rest.
    """

    until: int = field(metadata=REFERENCE)
    before: int = field(metadata=REFERENCE)
    within: tuple[tuple[int, bool], ...] = ()
    then: str | None = None


@frozen(slots=True, repr=False, eq=False, getstate_setstate=False)
class Item(Plain):
    """An item of an allocation: a part of the source, a sum, or where ``amount`` is None the rest.

    With ``of_rest``, ``amount`` is a number, and a part of what the items above leave. ``high`` lowers
    the amount and then ``low`` raises it, before it is rounded; without ``when`` there is nothing.
    """

    account: str
    amount: int | None = field(default=None, metadata=REFERENCE)
    fill: Fill | None = field(default=None, metadata=PARTS)
    when: int | None = field(default=None, metadata=REFERENCE)
    low: int | None = field(default=None, metadata=REFERENCE)
    high: int | None = field(default=None, metadata=REFERENCE)
    of_rest: bool = False


@frozen(slots=True, repr=False, eq=False, getstate_setstate=False)
class Allocate(Node):
    """A waterfall; its value is read through ``Part``. A negative source goes to ``losses``.

    Where ``when`` is no, nothing moves. With a ``record``, each record of ``group`` has its own. Its lines
    read so many whole sums of cents that lines above received (``reads``), each of them rounded: they ask
    for more than there is where it is more than those roundings together, half a cent each.
    """

    source: int = field(metadata=REFERENCE)
    items: tuple[Item, ...] = field(metadata=PARTS)
    losses: str
    when: int | None = field(default=None, metadata=REFERENCE)
    group: int | None = field(default=None, metadata=REFERENCE)
    reads: int = 0


@frozen(slots=True, repr=False, eq=False, getstate_setstate=False)
class Part(Node):
    """What an item of an allocation received, its overflow, or (``item`` None) the losses."""

    clause: int = field(metadata=REFERENCE)
    item: int | None
    overflow: bool = False


@frozen(slots=True, repr=False, eq=False, getstate_setstate=False)
class Key(Plain):
    """A line of a split: its weight (None: all of it) and figure (None: equal parts)."""

    weight: int | None = field(metadata=REFERENCE)
    figure: int | None = field(metadata=REFERENCE)


@frozen(slots=True, repr=False, eq=False, getstate_setstate=False)
class Split(Node):
    """A conserving split of an amount over a group; its value is what each record receives.

    ``segment`` is the link node of the group's records: ``amount`` is then one of each record linked
    to, and shared inside each. ``coefficient``, ``cap`` are figures of the record, ``smallest`` is one
    of the cooperative, ``excess`` the account of what these withhold. Where ``when`` is no, nothing
    moves.
    """

    amount: int = field(metadata=REFERENCE)
    group: int = field(metadata=REFERENCE)
    keys: tuple[Key, ...] = field(metadata=PARTS)
    segment: int | None = field(default=None, metadata=REFERENCE)
    coefficient: int | None = field(default=None, metadata=REFERENCE)
    cap: int | None = field(default=None, metadata=REFERENCE)
    smallest: int | None = field(default=None, metadata=REFERENCE)
    alike: bool = False
    excess: str | None = None
    into: str | None = None
    when: int | None = field(default=None, metadata=REFERENCE)


@frozen(slots=True, repr=False, eq=False, getstate_setstate=False)
class Paid(Node):
    """What a split takes of its amount in all: what records receive, and what goes to the excess."""

    clause: int = field(metadata=REFERENCE)


@frozen(slots=True, repr=False, eq=False, getstate_setstate=False)
class Excess(Node):
    """What a split sends to its excess account."""

    clause: int = field(metadata=REFERENCE)


@frozen(slots=True, repr=False, eq=False, getstate_setstate=False)
class Pool(Node):
    """Mutualisation of a figure of each record of a group; its value is what each one keeps.

    ``kept`` is a part of a gain, and with ``losses_kept`` of a loss too. Whoever is not of the group
    keeps nothing, and nothing is gathered of it.
    """

    figure: int = field(metadata=REFERENCE)
    kept: int = field(metadata=REFERENCE)
    group: int = field(metadata=REFERENCE)
    losses_kept: bool = False


@frozen(slots=True, repr=False, eq=False, getstate_setstate=False)
class Pooled(Node):
    """What a pool has gathered: the figures less what each kept."""

    clause: int = field(metadata=REFERENCE)


AnyNode = (
    Input
    | Slot
    | Param
    | Op
    | Compare
    | Scale
    | Decision
    | Group
    | Link
    | Lift
    | Aggregate
    | Member
    | Balance
    | Allocate
    | Part
    | Split
    | Paid
    | Excess
    | Pool
    | Pooled
)


# ---- what is read off the nodes


@frozen(slots=True, repr=False, eq=False, getstate_setstate=False)
class Origin(Plain):
    """Where a clause stands: place, article with its title, law, reference, whether to confirm.

    A law's ``default`` holds where the statute is silent; ``model`` is the one that it starts from.
    """

    span: Span
    article: str = ""
    title: str = ""
    law: str | None = None
    reference: str = ""
    to_confirm: bool = False
    default: bool = False
    model: str = ""


@frozen(slots=True, repr=False, eq=False, getstate_setstate=False)
class Rule(Plain):
    """A require or recommend clause. ``comparisons`` are the ones its condition joins.

    ``nearly`` is its condition with the allowances that its comparisons have for rounding, where any
    has: where that alone holds, the rule is kept, to a cent. ``set_aside`` is why the statute does not
    apply it, and ``aside`` where it says so: then nobody judges it. A form that is set aside stands
    among the rules too.
    """

    name: str
    binding: bool
    condition: int = field(metadata=REFERENCE)
    origin: Origin
    comparisons: tuple[int, ...] = field(default=(), metadata=REFERENCES)
    record: str | None = None
    group: int | None = field(default=None, metadata=REFERENCE)
    when: int | None = field(default=None, metadata=REFERENCE)
    unless: int | None = field(default=None, metadata=REFERENCE)
    message: str = ""
    nearly: int | None = field(default=None, metadata=REFERENCE)
    set_aside: str = ""
    aside: Span | None = None

    @property
    def said(self) -> tuple[object, ...]:
        """What it asks, of whom, and when."""
        return self.name, self.binding, self.condition, self.group, self.when, self.unless

    @property
    def kept_where(self) -> int:
        """The node that says whether it is kept, be it to a cent: it holds wherever the condition does."""
        return self.condition if self.nearly is None else self.nearly

    def nodes(self, program: "Program") -> tuple[int, ...]:
        """The nodes that its verdict is read off."""
        sides = (node for index in self.comparisons for node in inner(program.nodes[index]))
        return (*inner(self), *sides)


@frozen(slots=True, repr=False, eq=False, getstate_setstate=False)
class Indicator(Plain):
    """A figure that the cooperative holds itself to; ``met`` compares it with its target.

    The target is to be met by the end of the year ``by``, where it says so. ``unit`` is what the figure
    is counted in, where its type does not say it; ``better`` is ``higher`` or ``lower``, empty where
    neither is said. ``formerly`` are labels of other years under which it goes on, ``breaks`` the years
    from which on it is counted in another way, each with the reason.
    """

    label: str
    pillar: str
    value: int = field(metadata=REFERENCE)
    origin: Origin
    target: int | None = field(default=None, metadata=REFERENCE)
    met: int | None = field(default=None, metadata=REFERENCE)
    relation: str = "at_least"
    percent: bool = False
    by: int | None = None
    unit: str = ""
    better: str = ""
    formerly: tuple[str, ...] = ()
    breaks: tuple[tuple[int, str], ...] = ()

    @property
    def said(self) -> tuple[object, ...]:
        """What its text says of it, whatever the language."""
        beside = (self.by, bool(self.unit), self.better, len(self.formerly))
        broken = tuple((year, bool(reason)) for year, reason in self.breaks)
        return (self.pillar, self.value, self.target, self.relation, *beside, broken)


@frozen(slots=True, repr=False, eq=False, getstate_setstate=False)
class GivenTable(Plain):
    """The records of a sort that an example gives: identifiers, and columns.

    A column has the name of its fact, empty where it stands for what would be worked out, its node,
    and its cells, None where one is empty.
    """

    record: str
    ids: tuple[str, ...]
    columns: tuple[tuple[str, int, tuple[Known | None, ...]], ...]


@frozen(slots=True, repr=False, eq=False, getstate_setstate=False)
class Example(Plain):
    """A statute's own test: figures and balances (by node) and records given, conditions expected.

    ``verdicts`` are the rules of which a status is expected; ``places`` the lines that give a figure,
    by its node and, in a table, the record.
    """

    title: str
    given: tuple[tuple[int, Known], ...]
    expected: tuple[tuple[int, Span], ...]
    origin: Origin
    tables: tuple[GivenTable, ...] = ()
    verdicts: tuple[tuple[str, str, Span], ...] = ()
    places: tuple[tuple[int, str, Span], ...] = ()

    def place_given(self, nodes: Iterable[int], record: str) -> Span:
        """The line that gives the first of some figures that it gives; else its own title."""
        lines = {(node, whose): span for node, whose, span in self.places}
        found = (lines.get((node, whose)) for node in nodes for whose in (record, ""))
        return next((span for span in found if span is not None), self.origin.span)

    @property
    def said(self) -> tuple[object, ...]:
        """What it gives and expects, wherever it stands."""
        expected = tuple(node for node, _ in self.expected)
        return self.given, self.tables, expected, tuple(one[:2] for one in self.verdicts)


@frozen(slots=True, repr=False, eq=False, getstate_setstate=False)
class Place(Plain):
    """Where money is: an ``account``, what records ``received`` from one, a ``figure`` of the data that
    it comes from, or ``charges``, a cost of the year; with a ``record``, each has its own."""

    kind: str
    name: str = ""
    record: str | None = None


@frozen(slots=True, repr=False, eq=False, getstate_setstate=False)
class Entry(Plain):
    """What a clause takes from one place to another: the amount of a node, of each record where it has
    one.

    ``way`` is ``item``, ``overflow`` or ``losses`` of an allocation, with the index of the ``item``;
    ``part``, ``into`` (each record's own account) or ``excess`` of a share; ``kept`` or ``pooled``.
    ``management`` entries are of the teams' book, not of the legal one. ``along`` is the link from each
    record that receives to the one out of whose place it does; None where that is the record itself.
    """

    clause: int = field(metadata=REFERENCE)
    source: Place
    target: Place
    amount: int = field(metadata=REFERENCE)
    item: int | None = None
    way: str = "part"
    management: bool = False
    along: int | None = field(default=None, metadata=REFERENCE)


@frozen(slots=True, repr=False, eq=False, getstate_setstate=False)
class AllocateClause(Plain):
    """An allocation: its node, the name of its source where it has one, its items' lines.

    ``booked`` says of a year whether a loss of the figure that it takes from is booked by any clause, if
    the text does not show that it is.
    """

    node: int = field(metadata=REFERENCE)
    source: str | None
    origin: Origin
    lines: tuple[int, ...]
    losses_line: int | None = None
    booked: int | None = field(default=None, metadata=REFERENCE)


@frozen(slots=True, repr=False, eq=False, getstate_setstate=False)
class ShareClause(Plain):
    """A split: its node, the account it empties, where it stands."""

    node: int = field(metadata=REFERENCE)
    account: str | None
    group: str
    origin: Origin


@frozen(slots=True, repr=False, eq=False, getstate_setstate=False)
class PoolClause(Plain):
    """A pool: its node, its figure's and account's names, where it stands."""

    node: int = field(metadata=REFERENCE)
    figure: str
    account: str
    origin: Origin


@frozen(slots=True, repr=False, eq=False, getstate_setstate=False)
class AccountNodes(Plain):
    """An account's nodes; ``management`` accounts belong to the teams' book, not to the legal one.

    An account of a ``record`` has a value of each at every node.
    """

    opening: int = field(metadata=REFERENCE)
    added: int = field(metadata=REFERENCE)
    taken: int = field(metadata=REFERENCE)
    closing: int = field(metadata=REFERENCE)
    indivisible: bool = False
    management: bool = False
    record: str | None = None


@frozen(slots=True, repr=False, eq=False, getstate_setstate=False)
class Dated(Plain):
    """A parameter's values in order of their first days, with their sources.

    ``never_falling`` tells that no later value may be below an earlier one, by the text that sets it:
    the prover relies on it, and says so.
    """

    type: Type
    values: tuple[tuple[date, Known, str, bool], ...]
    never_falling: bool = False

    @property
    def said(self) -> tuple[object, ...]:
        """The values and their days, and that each has a source: its wording may be translated."""
        values = tuple((day, value, bool(source)) for day, value, source, _ in self.values)
        return self.type, self.never_falling, values

    def on(self, day: date) -> Known | None:
        """The value on a day; None before the first."""
        held = self.held(day)
        return held[0][1] if held else None

    def held(self, day: date) -> tuple[tuple[date, Known, str, bool], ...]:
        """The line that holds on a day, if one does."""
        return tuple(line for line in self.values if line[0] <= day)[-1:]


@frozen(slots=True, repr=False, eq=False, getstate_setstate=False)
class Permitted(Plain):
    """A form that a law permits of an account, and the statute keeps or sets aside: never evaluated."""

    name: str
    origin: Origin
    set_aside: str = ""

    @property
    def form(self) -> str:
        """What the form is called, among the rules of its law."""
        return f"{self.origin.law}.{self.name}_keys"


@frozen(slots=True, repr=False, eq=False, getstate_setstate=False)
class Truth(Plain):
    """What is true of every year by a text: the ``node`` that says it, once or of each record.

    It is of a fact, which another figure bounds, or of an account's closing balance (``closing``). Data
    of which it is not true contradict themselves. The statute's ``own`` text says it, or another.
    """

    node: int = field(metadata=REFERENCE)
    name: str
    origin: Origin
    closing: bool = False
    own: bool = False


def unlifted(nodes: Sequence[AnyNode], index: int) -> AnyNode:
    """A node itself, where another only has its value beside each record."""
    node = nodes[index]
    while isinstance(node, Lift):
        node = nodes[node.value]
    return node


@frozen(slots=True, repr=False, eq=False, getstate_setstate=False, kw_only=True)
class Program(Plain):
    """A statute with its laws, compiled.

    ``books`` are all entries that move money, in the order of their clauses.

    ``percents`` are the nodes of numbers that people write as percentages.

    ``truths`` are what is true of every year, whatever its clauses do.

    ``alternatives`` are rows of clauses that give out the same money, each under a condition.

    ``unconfirmed`` are the nodes of clauses whose wording is still to confirm.

    ``shape`` is what the engines evaluate; two programs of equal shape differ in constants alone.
    """

    name: str
    language: str
    in_force: date
    currency: str
    laws: tuple[str, ...]
    nodes: tuple[AnyNode, ...]
    constants: tuple[Known, ...]
    inputs: tuple[Input, ...]
    parameters: dict[str, Dated]
    accounts: dict[str, AccountNodes]
    figures: dict[str, int]
    allocations: tuple[AllocateClause, ...]
    shares: tuple[ShareClause, ...]
    pools: tuple[PoolClause, ...]
    books: tuple[Entry, ...]
    rules: tuple[Rule, ...]
    indicators: tuple[Indicator, ...]
    examples: tuple[Example, ...]
    permitted: tuple[Permitted, ...]
    names: dict[int, str]
    records: tuple[str, ...]
    truths: tuple[Truth, ...]
    alternatives: tuple[tuple[int, ...], ...]
    percents: frozenset[int] = field(eq=False)
    places: dict[int, Span] = field(eq=False)
    origins: dict[str, Origin] = field(eq=False)
    declared: dict[str, Origin] = field(eq=False)
    """Where each fact is declared, and each account's lowest balance, by its name."""
    unconfirmed: frozenset[int] = field(eq=False)
    redefined: dict[str, int] = field(eq=False)
    """The nodes of what the statute itself, and no model, works out in the place of a law's default.

    A constant is not among them: who writes that there is none says so.
    """

    def identity(self) -> "tuple[list[Saying], ...]":
        """What the text says, in its order: two texts of one statute are the same where this is.

        Names, titles, labels, messages and the wording of sources are a language's own, and no part
        of it; that each value of a parameter has a source is. Whether two texts that differ give the
        same outcome in every year is another question: the prover's.
        """
        aside = [rule for rule in self.rules if rule.set_aside]
        return (
            [Saying((rule.name,), rule.name, rule.aside) for rule in aside],
            self._said_by_nodes(),
            [Saying(rule.said, rule.name, rule.origin.span) for rule in self.rules],
            [Saying(one.said, one.label, one.origin.span) for one in self.indicators],
            [Saying(one.said, one.title, one.origin.span) for one in self.examples],
            [
                Saying((one.node, one.name, one.closing), one.name, one.origin.span)
                for one in self.truths
            ],
            [
                Saying((name, dated.said), name, self._place_of(name))
                for name, dated in sorted(self.parameters.items())
            ],
        )

    def _place_of(self, name: str) -> Span | None:
        return self.origins[name].span if name in self.origins else None

    def _said_by_nodes(self) -> "list[Saying]":
        """What each node says; its name and its place are the next that are known."""
        found: list[Saying] = []
        name, place = "", None
        for index in range(len(self.nodes) - 1, -1, -1):
            name, place = self.names.get(index, name), self.places.get(index, place)
            node = self.nodes[index]
            constant = self.constants[node.index] if isinstance(node, Slot) else None
            found.append(Saying((node, constant), name, place))
        return found[::-1]

    def __eq__(self, other: object) -> bool:
        """Whether two texts say the same, each in its language."""
        return isinstance(other, Program) and difference(self, other) is None

    __hash__ = None  # type: ignore[assignment]

    @property
    def shape(self) -> tuple[object, ...]:
        """What programs that share one pass of the batch engine have in common."""
        return (
            self.nodes,
            self.accounts,
            tuple(
                (
                    *(rule.name, rule.condition, rule.nearly, rule.when, rule.unless, rule.group),
                    rule.set_aside,
                )
                for rule in self.rules
            ),
            tuple((one.node, one.closing) for one in self.truths),
        )

    def allocation_of(self, index: int) -> AllocateClause:
        """The clause of an allocation's node, or of the lines of it above one of its own lines."""
        node = self.nodes[index]
        assert isinstance(node, Allocate), "only an allocation has lines"
        above = node.items[:-1]
        for clause in self.allocations:
            whole = self.nodes[clause.node]
            assert isinstance(whole, Allocate)
            if clause.node == index or (
                whole.source == node.source and whole.items[: len(above)] == above
            ):
                return clause
        raise KeyError(index)

    def money_clauses(self) -> "tuple[AllocateClause | ShareClause | PoolClause, ...]":
        """The clauses that move money, by their kinds."""
        return (*self.allocations, *self.shares, *self.pools)

    def given_out(self, clause: AllocateClause) -> str | None:
        """The name of what an allocation gives out whole; None of a part, and of a formula."""
        if clause.source is not None:
            return clause.source
        node = self.nodes[clause.node]
        source = self.nodes[node.source] if isinstance(node, Allocate) else node
        while isinstance(source, Op) and source.operation == "drawn":
            source = self.nodes[source.arguments[0]]
        return source.account if isinstance(source, Balance) and source.at == "all" else None

    def shared_out(self, clause: ShareClause) -> str | None:
        """What a share is of: the name that its clause writes, or that of its origin; None of charges."""
        if clause.account is not None:
            return clause.account
        return (
            next((one.source.name for one in self.books if one.clause == clause.node), "") or None
        )

    def received(self, account: str, record: str) -> list[int]:
        """The shares by which each record of a sort receives from an account, as their nodes."""
        found = {
            entry.clause: None
            for entry in self.books
            if isinstance(self.nodes[entry.clause], Split)
            and self.nodes[entry.clause].record == record
            and entry.source.name == account
            and (entry.source.kind == "received" or entry.source == Place("account", account))
        }
        return list(found)

    def covers(self) -> "dict[int, list[tuple[AllocateClause | ShareClause, Op]]]":
        """The nodes that say whether an origin holds what is asked of it, each with the clauses that ask
        and what they draw. Of other origins the text alone shows that they suffice."""
        found: dict[int, list[tuple[AllocateClause | ShareClause, Op]]] = {}
        clauses: list[AllocateClause | ShareClause] = [*self.allocations, *self.shares]
        for clause in clauses:
            node = self.nodes[clause.node]
            assert isinstance(node, Allocate | Split)
            drawn = self.nodes[node.source if isinstance(node, Allocate) else node.amount]
            if isinstance(drawn, Op) and drawn.operation == "drawn":
                covered = drawn.arguments[2]
                while isinstance(lifted := self.nodes[covered], Lift):
                    covered = lifted.value
                both = lifted.arguments if isinstance(lifted, Op) else (covered,)
                for one in both:
                    if isinstance(self.nodes[one], Compare):
                        found.setdefault(one, []).append((clause, drawn))
        return found

    def figure_booked(self, booked: int) -> int:
        """The node of the figure whose loss a node of ``AllocateClause.booked`` speaks of."""
        node = self.nodes[booked]
        none = self.nodes[node.arguments[0]] if isinstance(node, Op) else node
        assert isinstance(none, Compare)
        return none.left

    def held_by(self, covered: int, clause: int) -> str:
        """The name of the origin that a node of ``covers`` speaks of, with one clause that asks of it.

        That of an account or of a figure; of what is included in a figure, its own.
        """
        compared = self.nodes[covered]
        assert isinstance(compared, Compare)
        holds = self.nodes[compared.right]
        whole = self.nodes[holds.arguments[0]] if isinstance(holds, Op) else holds
        if isinstance(whole, Aggregate) and whole.value is not None:
            whole = self.nodes[whole.value]
        if isinstance(whole, Input):
            return whole.name
        return next(entry.source.name for entry in self.books if entry.clause == clause)

    def field(self, item: Input) -> Field:
        """What a fact may be: its data are held to it, and the prover relies on it.

        What another year worked out and paid nobody is no whole number of cents.
        """
        given = Figure(item.name, side=item.side).key
        paid = item.period is None or item.name in self.accounts
        paid = paid or any(one.key == given for one in self.inputs)
        return Field(item.key, item.type, item.record, item.low, item.high, paid)

    def bound_of(self, truth: Truth) -> tuple[str, Input | Param]:
        """The figure that bounds a fact by a text, and whether it is its ``low`` bound or its ``high``."""
        compared = self.nodes[truth.node]
        assert isinstance(compared, Compare)
        bound = unlifted(self.nodes, compared.right)
        assert isinstance(bound, Input | Param)
        return "low" if compared.relation == "at_least" else "high", bound

    def doubtful(self, closing: date | None = None) -> frozenset[int]:
        """The nodes that rest on something still to confirm: a clause, or a parameter's value.

        The value is that of the closing date; without one, any of its values.
        """
        unsure = {
            name
            for name, dated in self.parameters.items()
            if any(
                to_confirm
                for _, _, _, to_confirm in (
                    dated.values if closing is None else dated.held(closing)
                )
            )
        }
        found = set(self.unconfirmed)
        for index, node in enumerate(self.nodes):
            if (isinstance(node, Param) and node.name in unsure) or not found.isdisjoint(
                inner(node)
            ):
                found.add(index)
        return frozenset(found)

    def own_roots(self) -> list[int]:
        """The nodes of the statute's own clauses: its money, rules, indicators and figures."""
        clauses = [clause.node for clause in self.money_clauses()]
        rules = [node for rule in self.rules if not rule.origin.law for node in rule.nodes(self)]
        shown = [indicator.value for indicator in self.indicators]
        named = [
            node
            for name, node in self.figures.items()
            if name in self.origins and not self.origins[name].law
        ]
        return [*clauses, *rules, *shown, *named]

    def roots(self) -> list[int]:
        """The nodes that an outcome shows: all that a run has to evaluate."""
        rules = [node for rule in self.rules for node in inner(rule)]
        shown = [node for indicator in self.indicators for node in inner(indicator)]
        clauses = [clause.node for clause in self.money_clauses()]
        clauses += [one.booked for one in self.allocations if one.booked is not None]
        balances = [node for account in self.accounts.values() for node in inner(account)]
        moved = [node for entry in self.books for node in inner(entry)]
        return [*clauses, *moved, *balances, *self.figures.values(), *rules, *shown]


def own_when(program: Program, rule: Rule) -> int | None:
    """What a rule's ``when`` asks beside the days on which its article holds: as its text says it."""
    if rule.when is None:
        return None
    node = program.nodes[rule.when]
    if isinstance(node, Op) and node.operation == "and":
        held = program.nodes[node.arguments[0]]
        while isinstance(held, Lift):
            held = program.nodes[held.value]
        if isinstance(held, Param) and ruled_by(held.name):
            return node.arguments[1]
    return rule.when


@frozen(slots=True)
class Saying:
    """One thing that a text says, what it is called, and where it stands."""

    said: tuple[object, ...]
    name: str = field(eq=False)
    place: Span | None = field(eq=False)


def difference(first: Program, second: Program) -> tuple[str, Span | None, Span | None] | None:
    """The name and the places of the first thing in which two texts of one statute differ.

    None where they are the same text.
    """
    for ours, theirs in zip(first.identity(), second.identity(), strict=True):
        for one, two in zip_longest(ours, theirs):
            if one != two:
                name = one.name if one is not None else two.name
                return name, one.place if one else None, two.place if two else None
    return None
