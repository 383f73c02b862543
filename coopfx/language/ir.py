"""The typed program: what every statute and law is compiled to, and all that the engines read.

A program is a row of nodes, each speaking only of nodes before it: an engine walks the row once. A
node stands for one value of the cooperative (``record`` None), or for one value of each record of a
sort. Nothing is ever assigned twice: a balance is a sum of the parts that went into it.

Constants are lifted out of the nodes into ``Program.constants``, so that statutes that differ in
their figures alone have equal nodes: the same *shape*, which the batch engine evaluates in one pass.
"""

from datetime import date
from fractions import Fraction

from attrs import field, frozen

from coopfx.exact import NUMBER, Known, Type
from coopfx.plain import Plain
from coopfx.source import Span


@frozen(slots=True, repr=False, eq=False)
class Node(Plain):
    """One value, or one of each record of a sort."""

    type: Type = field(kw_only=True, default=NUMBER)
    record: str | None = field(kw_only=True, default=None)


# ---- figures


@frozen(slots=True, repr=False, eq=False)
class Input(Node):
    """A fact that the data give, with its domain; ``previous`` is the year before's."""

    name: str
    low: Fraction | None = None
    high: Fraction | None = None
    previous: bool = False


@frozen(slots=True, repr=False, eq=False)
class Slot(Node):
    """A constant of the text, by its index among the program's constants."""

    index: int


@frozen(slots=True, repr=False, eq=False)
class Param(Node):
    """A dated parameter's value: on the closing date, or on that of the node ``at``."""

    name: str
    at: int | None = None


@frozen(slots=True, repr=False, eq=False)
class Op(Node):
    """An operation of operations.py on earlier nodes; ``places`` are a logarithm's decimals."""

    operation: str
    arguments: tuple[int, ...]
    places: int | None = None


@frozen(slots=True, repr=False, eq=False)
class Compare(Node):
    """A comparison; with a ``step``, both sides are first rounded half up to it, as money is paid."""

    relation: str
    left: int
    right: int
    step: Fraction | None = None


@frozen(slots=True, repr=False, eq=False)
class Scale(Node):
    """A figure read off a scale: the value of the last break that ``by`` has reached."""

    by: int
    breaks: tuple[int, ...]
    values: tuple[int, ...]
    above: bool = False
    otherwise: int | None = None


@frozen(slots=True, repr=False, eq=False)
class Decision(Node):
    """What the meeting decides within bounds, or ``otherwise``."""

    name: str
    low: int | None = None
    high: int | None = None
    otherwise: int | None = None


# ---- records


@frozen(slots=True, repr=False, eq=False)
class Group(Node):
    """Which records of a sort belong: those of ``base`` (all where None) of whom ``where`` holds."""

    base: int | None = None
    where: int | None = None


@frozen(slots=True, repr=False, eq=False)
class Link(Node):
    """Which record of the sort ``to`` each record belongs to, by the input of that name."""

    name: str
    to: str


@frozen(slots=True, repr=False, eq=False)
class Lift(Node):
    """A value beside each record: the cooperative's, or that of the record linked ``along``."""

    value: int
    along: int | None = None


@frozen(slots=True, repr=False, eq=False)
class Aggregate(Node):
    """An aggregate of operations.py over a group, for the cooperative or for each record linked to."""

    aggregate: str
    value: int | None
    group: int
    along: int | None = None


# ---- money


@frozen(slots=True, repr=False, eq=False)
class Balance(Node):
    """An account's ``opening``, which the data give, or ``added``, ``taken``, ``closing``: a sum.

    ``parts`` are added, ``less`` are subtracted.
    """

    account: str
    at: str
    parts: tuple[int, ...] = ()
    less: tuple[int, ...] = ()


@frozen(slots=True, repr=False, eq=False)
class Fill(Plain):
    """How full an item's account may get.

    ``until`` is the balance it may reach, ``before`` what it holds before this allocation, and
    ``within`` the indices of earlier items of the same allocation that fed it (with whether it was
    their overflow that did); what no longer fits goes to ``then``, or stays in the rest.
    """

    until: int
    before: int
    within: tuple[tuple[int, bool], ...] = ()
    then: str | None = None


@frozen(slots=True, repr=False, eq=False)
class Item(Plain):
    """An item of an allocation: a part of the source, a sum, or where ``amount`` is None the rest."""

    account: str
    amount: int | None = None
    fill: Fill | None = None
    when: int | None = None
    low: int | None = None
    high: int | None = None


@frozen(slots=True, repr=False, eq=False)
class Allocate(Node):
    """A waterfall; its value is read through ``Part``. A negative source goes to ``losses``."""

    source: int
    items: tuple[Item, ...]
    losses: str


@frozen(slots=True, repr=False, eq=False)
class Part(Node):
    """What an item of an allocation received, its overflow, or (``item`` None) the losses."""

    clause: int
    item: int | None
    overflow: bool = False


@frozen(slots=True, repr=False, eq=False)
class Key(Plain):
    """A line of a split: its weight (None: all of it) and figure (None: equal parts)."""

    weight: int | None
    figure: int | None


@frozen(slots=True, repr=False, eq=False)
class Split(Node):
    """A conserving split of an amount over a group; its value is what each record receives."""

    amount: int
    group: int
    keys: tuple[Key, ...]
    segment: int | None = None
    coefficient: int | None = None
    cap: int | None = None
    smallest: int | None = None
    alike: bool = False
    excess: str | None = None
    into: str | None = None


@frozen(slots=True, repr=False, eq=False)
class Paid(Node):
    """What a split has paid out in all: the amount, or nothing where it could not be shared."""

    clause: int


@frozen(slots=True, repr=False, eq=False)
class Pool(Node):
    """Mutualisation of a figure of each record; its value is what each one keeps."""

    figure: int
    kept: int
    losses_kept: bool = False


@frozen(slots=True, repr=False, eq=False)
class Pooled(Node):
    """What a pool has gathered: the figures less what each kept."""

    clause: int


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
    | Balance
    | Allocate
    | Part
    | Split
    | Paid
    | Pool
    | Pooled
)


# ---- what is read off the nodes


@frozen(slots=True, repr=False, eq=False)
class Origin(Plain):
    """Where a clause stands: place, article with its title, law, reference, whether to confirm."""

    span: Span
    article: str = ""
    title: str = ""
    law: str | None = None
    reference: str = ""
    to_confirm: bool = False
    default: bool = False


@frozen(slots=True, repr=False, eq=False)
class Rule(Plain):
    """A require or recommend clause. ``comparisons`` are the ones its condition joins."""

    name: str
    binding: bool
    condition: int
    origin: Origin
    comparisons: tuple[int, ...] = ()
    record: str | None = None
    group: int | None = None
    when: int | None = None
    unless: int | None = None
    message: str = ""


@frozen(slots=True, repr=False, eq=False)
class Indicator(Plain):
    """A figure that the cooperative holds itself to; ``met`` compares it with its target."""

    label: str
    pillar: str
    value: int
    origin: Origin
    target: int | None = None
    met: int | None = None
    relation: str = "at_least"
    percent: bool = False


@frozen(slots=True, repr=False, eq=False)
class Example(Plain):
    """A statute's own test: figures (by node) and balances given, conditions expected."""

    title: str
    given: tuple[tuple[int, Known], ...]
    expected: tuple[tuple[int, Span], ...]
    origin: Origin


@frozen(slots=True, repr=False, eq=False)
class AllocateClause(Plain):
    """An allocation: its node, the name of its source where it has one, its items' lines."""

    node: int
    source: str | None
    origin: Origin
    lines: tuple[int, ...]
    losses_line: int | None = None


@frozen(slots=True, repr=False, eq=False)
class ShareClause(Plain):
    """A split: its node, the account it empties, where it stands."""

    node: int
    account: str | None
    group: str
    origin: Origin


@frozen(slots=True, repr=False, eq=False)
class PoolClause(Plain):
    """A pool: its node, its figure's and account's names, where it stands."""

    node: int
    figure: str
    account: str
    origin: Origin


@frozen(slots=True, repr=False, eq=False)
class AccountNodes(Plain):
    """An account's nodes; ``management`` accounts belong to the teams' book, not to the legal one."""

    opening: int
    added: int
    taken: int
    closing: int
    indivisible: bool = False
    management: bool = False


@frozen(slots=True, repr=False, eq=False)
class Dated(Plain):
    """A parameter's values in order of their first days, with their sources."""

    type: Type
    values: tuple[tuple[date, Known, str, bool], ...]

    def on(self, day: date) -> Known | None:
        """The value on a day; None before the first."""
        held = [value for start, value, _, _ in self.values if start <= day]
        return held[-1] if held else None


@frozen(slots=True, repr=False, eq=False)
class Permitted(Plain):
    """A form that a law permits and the statute keeps: told, never evaluated."""

    name: str
    origin: Origin


@frozen(slots=True, repr=False, eq=False)
class Program(Plain):
    """A statute with its laws, compiled.

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
    rules: tuple[Rule, ...]
    indicators: tuple[Indicator, ...]
    examples: tuple[Example, ...]
    permitted: tuple[Permitted, ...]
    names: dict[int, str]
    records: tuple[str, ...]
    places: dict[int, Span] = field(eq=False)
    origins: dict[str, Origin] = field(eq=False)

    @property
    def shape(self) -> tuple[object, ...]:
        """What programs that share one pass of the batch engine have in common."""
        return (
            self.nodes,
            self.accounts,
            tuple(
                (rule.name, rule.condition, rule.when, rule.unless, rule.group)
                for rule in self.rules
            ),
        )

    def money_clauses(self) -> "tuple[AllocateClause | ShareClause | PoolClause, ...]":
        """The clauses that move money, by their kinds."""
        return (*self.allocations, *self.shares, *self.pools)

    def roots(self) -> list[int]:
        """The nodes that an outcome shows: all that a run has to evaluate."""
        rules = [
            node
            for rule in self.rules
            for node in (rule.condition, rule.group, rule.when, rule.unless, *rule.comparisons)
            if node is not None
        ]
        shown = [
            node
            for indicator in self.indicators
            for node in (indicator.value, indicator.target, indicator.met)
            if node is not None
        ]
        clauses = [clause.node for clause in self.money_clauses()]
        balances = [
            node
            for account in self.accounts.values()
            for node in (account.opening, account.added, account.taken, account.closing)
        ]
        return [*clauses, *balances, *self.figures.values(), *rules, *shown]


def inner(node: AnyNode) -> tuple[int, ...]:
    """The nodes that a node speaks of."""
    match node:
        case Input() | Slot() | Link():
            return ()
        case Param():
            found: list[int | None] = [node.at]
        case Op():
            found = list(node.arguments)
        case Compare():
            found = [node.left, node.right]
        case Scale():
            found = [node.by, *node.breaks, *node.values, node.otherwise]
        case Decision():
            found = [node.low, node.high, node.otherwise]
        case Group():
            found = [node.base, node.where]
        case Lift():
            found = [node.value, node.along]
        case Aggregate():
            found = [node.value, node.group, node.along]
        case Balance():
            found = [*node.parts, *node.less]
        case Allocate():
            found = [node.source]
            for item in node.items:
                found += [item.amount, item.when, item.low, item.high]
                if item.fill is not None:
                    found += [item.fill.until, item.fill.before]
        case Split():
            found = [
                node.amount,
                node.group,
                node.segment,
                node.coefficient,
                node.cap,
                node.smallest,
            ]
            for key in node.keys:
                found += [key.weight, key.figure]
        case Pool():
            found = [node.figure, node.kept]
        case Part() | Paid() | Pooled():
            found = [node.clause]
    return tuple(index for index in found if index is not None)


def difference(first: Program, second: Program) -> tuple[str, Span | None, Span | None] | None:
    """The name and the places of the first thing in which two programs differ; None where none is.

    Titles, labels and messages are no part of the comparison.
    """
    for index in range(max(len(first.nodes), len(second.nodes))):
        left, right = (
            (program.nodes[index], _constant(program, index))
            if index < len(program.nodes)
            else None
            for program in (first, second)
        )
        if left != right:
            later = range(index, max(len(first.nodes), len(second.nodes)))
            name = next((first.names[i] for i in later if i in first.names), "")
            place = next((first.places[i] for i in later if i in first.places), None)
            other = next((second.places[i] for i in later if i in second.places), None)
            return name, place, other
    for one, two in zip(_judged(first), _judged(second), strict=False):
        if one[0] != two[0]:
            return str(one[0][0]), one[1], two[1]
    if len(_judged(first)) != len(_judged(second)):
        return "", None, None
    return None


def _constant(program: Program, index: int) -> Known | None:
    node = program.nodes[index]
    return program.constants[node.index] if isinstance(node, Slot) else None


def _judged(program: Program) -> list[tuple[tuple[object, ...], Span]]:
    rules = [
        ((rule.name, rule.binding, rule.condition, rule.group, rule.when, rule.unless), rule.origin)
        for rule in program.rules
    ]
    indicators = [
        ((item.pillar, item.value, item.target, item.relation), item.origin)
        for item in program.indicators
    ]
    examples = [
        ((item.given, tuple(node for node, _ in item.expected)), item.origin)
        for item in program.examples
    ]
    return [(key, origin.span) for key, origin in (*rules, *indicators, *examples)]
