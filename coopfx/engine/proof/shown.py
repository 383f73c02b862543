"""What an outcome shows of a program, thing by thing: what two programs are compared by.

A thing is what is written of it and the same in any year, and what a year makes of it: nodes, some of
which are put together here. Left out are the words (titles, articles, lines, examples, notes on how
money moved), and the names that one program alone gives to figures: see ``same`` in equivalence.py.
"""

from collections.abc import Iterable, Sequence
from fractions import Fraction

from attrs import Factory, define, evolve, frozen

from coopfx.engine.outcome import Place
from coopfx.ground.exact import YES_NO, Kind, Known, Type
from coopfx.language import ir

Key = tuple[object, ...]

VALUE, HOLDS = "value", "holds"

_SLACK = {"at_least": 1, "above": 1, "at_most": -1, "below": -1}


@frozen(slots=True)
class Look:
    """A node that a thing shows: its value, whether it exists and which; or only whether it holds.

    With ``where``, it is shown where that node holds.
    """

    node: int
    way: str = VALUE
    where: int | None = None


@frozen(slots=True)
class Thing:
    """One thing that an outcome shows.

    ``said`` is what the text makes of it in any year; ``empty`` tells that it shows nothing, and may as
    well not be there.
    """

    key: Key
    name: str
    kind: str
    looks: tuple[Look, ...] = ()
    said: tuple[object, ...] = ()
    record: str | None = None
    type: Type | None = None
    empty: bool = False
    places: tuple[str, str] | None = None
    rule: ir.Rule | None = None


@define(slots=True)
class Shown:
    """The things of a program, and the program with the nodes that they are put together of."""

    own: ir.Program
    nodes: list[ir.AnyNode] = Factory(lambda self: list(self.own.nodes), takes_self=True)
    constants: list[Known] = Factory(lambda self: list(self.own.constants), takes_self=True)
    things: dict[Key, Thing] = Factory(dict)

    def __attrs_post_init__(self) -> None:
        for made in (
            self._facts,
            self._truths,
            self._decisions,
            self._accounts,
            self._shares,
            self._entries,
        ):
            for thing in made():
                self.things[thing.key] = thing
        for thing in (*self._rules(), *self._indicators(), *self._figures()):
            self.things.setdefault(thing.key, thing)

    @property
    def program(self) -> ir.Program:
        """The program with the nodes that were put together."""
        return evolve(self.own, nodes=tuple(self.nodes), constants=tuple(self.constants))

    # ---- nodes

    def _op(self, operation: str, arguments: Sequence[int], type_: Type | None = None) -> int:
        first = self.nodes[arguments[-1]]
        found = ir.Op(operation, tuple(arguments), type=type_ or first.type, record=first.record)
        self.nodes.append(found)
        return len(self.nodes) - 1

    def _sum(self, nodes: Sequence[int]) -> int:
        return nodes[0] if len(nodes) == 1 else self._op("add", nodes)

    def _both(self, nodes: Sequence[int]) -> int:
        return nodes[0] if len(nodes) == 1 else self._op("and", nodes, YES_NO)

    def _not(self, node: int) -> int:
        return self._op("not", [node], YES_NO)

    def _constant(self, value: Fraction, type_: Type, record: str | None) -> int:
        self.constants.append(value)
        self.nodes.append(ir.Slot(len(self.constants) - 1, type=type_))
        return self._lifted(len(self.nodes) - 1, record)

    def _lifted(self, index: int, record: str | None) -> int:
        node = self.nodes[index]
        if record is None or node.record is not None:
            return index
        self.nodes.append(ir.Lift(index, type=node.type, record=record))
        return len(self.nodes) - 1

    # ---- facts and money

    def _facts(self) -> Iterable[Thing]:
        """The facts that some clause rests on, and what they can be: other data are refused."""
        program = self.own
        rested = ir.cone(program.nodes, program.roots())
        read = {node.key for index in rested if isinstance(node := program.nodes[index], ir.Input)}
        for item in program.inputs:
            if item.key in read:
                field = program.field(item)
                said = item.type, field.low, field.high, field.paid
                yield Thing(("fact", item.record, item.key), item.key, "fact", said=said)

    def _truths(self) -> Iterable[Thing]:
        """What figures of the year are to facts and accounts, in any year: other data are refused."""
        found: dict[Key, list[int]] = {}
        for one in self.own.truths:
            found.setdefault((one.name, one.closing, self.nodes[one.node].record), []).append(
                one.node
            )
        for key, nodes in found.items():
            looks, record = (Look(self._both(nodes), HOLDS),), self.nodes[nodes[0]].record
            yield Thing(("truth", *key), str(key[0]), "fact", looks, (None,), record)

    def _decisions(self) -> Iterable[Thing]:
        for node in self.own.nodes:
            if isinstance(node, ir.Decision):
                # Its bounds are a rule, and what holds without it is the figure's value.
                said = node.type, node.high is None, node.otherwise is None
                yield Thing(("decision", node.name), node.name, "decision", said=said)

    def _accounts(self) -> Iterable[Thing]:
        for name, nodes in self.own.accounts.items():
            flows = [self.own.nodes[index] for index in (nodes.added, nodes.taken)]
            empty = not any(
                isinstance(flow, ir.Balance) and (flow.parts or flow.less) for flow in flows
            )
            yield Thing(
                ("account", name, nodes.record),
                name,
                "account",
                tuple(map(Look, (nodes.added, nodes.taken, nodes.opening, nodes.closing))),
                (nodes.management, nodes.indivisible),
                nodes.record,
                self.own.nodes[nodes.added].type,
                empty,
            )

    def _entries(self) -> Iterable[Thing]:
        """What goes from one place to another, by all clauses together: of each record its own."""
        found: dict[Key, list[int]] = {}
        for one in self.own.books:
            sides = tuple(
                Place(side.kind, side.name, side.record) for side in (one.source, one.target)
            )
            key = *sides, one.management, self.own.nodes[one.amount].record
            found.setdefault(key, []).append(one.amount)
        for (source, target, management, record), amounts in found.items():
            assert isinstance(source, Place) and isinstance(target, Place)
            node = self._sum(amounts)
            kind = "share" if target.kind == "received" else "entry"
            yield Thing(
                (kind, source, target, management, record),
                source.name or source.kind,
                kind,
                (Look(node),),
                (),
                self.nodes[node].record,
                self.nodes[node].type,
                places=(source.name or source.kind, target.name),
            )

    def _shares(self) -> Iterable[Thing]:
        """What is asked for by the shares of each origin: what they leave of it stays."""
        found: dict[Key, list[int]] = {}
        for clause in self.own.shares:
            node = self.own.nodes[clause.node]
            assert isinstance(node, ir.Split)
            source = next(one.source for one in self.own.books if one.clause == clause.node)
            record = self.nodes[node.amount].record
            asked = node.amount
            if node.when is not None:
                type_ = self.nodes[asked].type
                nothing = self._constant(Fraction(0), type_, record)
                asked = self._op("if", [self._lifted(node.when, record), asked, nothing], type_)
            key: Key = ("asked", source.kind, source.name, source.record, record)
            found.setdefault(key, []).append(asked)
        for key, amounts in found.items():
            total = self._sum(amounts)
            _, kind, account, *_ = key
            name = str(kind if account == "" else account)
            record, type_ = self.nodes[total].record, self.nodes[total].type
            yield Thing(key, name, "asked", (Look(total),), (), record, type_)

    # ---- what judges, and what has a name

    def _rules(self) -> Iterable[Thing]:
        for rule in self.own.rules:
            # Nobody judges a rule that is set aside.
            looks = () if rule.set_aside else self._looks(rule)
            said = rule.binding, rule.message, rule.set_aside
            yield Thing(
                ("rule", rule.name, rule.record),
                rule.name,
                "rule",
                looks,
                said,
                rule.record,
                rule=rule,
            )

    def _looks(self, rule: ir.Rule) -> tuple[Look, ...]:
        """That it is broken, kept, kept as paid or spared, and of whom it speaks; how far each comparison
        is from its edge where it is broken or kept."""
        on = [rule.when, None if rule.unless is None else self._not(rule.unless), rule.group]
        asked = [one for one in on if one is not None]
        broken = self._both([*asked, self._not(rule.kept_where)])
        kept, paid = (self._both([*asked, one]) for one in (rule.kept_where, rule.condition))
        found = [Look(one, HOLDS) for one in (broken, kept, paid)]
        found += [Look(self._not(one), HOLDS) for one in asked]
        applies = self._op("or", [broken, kept], YES_NO)
        for index in rule.comparisons:
            node = self.own.nodes[index]
            if isinstance(node, ir.Compare):
                found.append(Look(index, VALUE, applies))
                if self.nodes[node.left].type.kind is Kind.QUANTITY:
                    found.append(Look(self._margin(node), VALUE, applies))
        return tuple(found)

    def _margin(self, node: ir.Compare) -> int:
        """How far a comparison is from its edge; of an equality, how far one side is beyond the other."""
        type_, record = self.nodes[node.left].type, node.record
        sides = [node.left, node.right]
        if _SLACK.get(node.relation, 1) < 0:
            sides.reverse()
        less = self._op("negative", [self._lifted(sides[1], record)], type_)
        return self._op("add", [self._lifted(sides[0], record), less], type_)

    def _indicators(self) -> Iterable[Thing]:
        for one in self.own.indicators:
            nodes = [node for node in (one.value, one.target, one.met) if node is not None]
            of_target = one.relation, one.percent, one.target is None, one.by
            said = one.pillar, *of_target, one.unit, one.better, one.formerly, one.breaks
            type_ = self.own.nodes[one.value].type
            looks = tuple(Look(node) for node in nodes)
            yield Thing(("indicator", one.label), one.label, "indicator", looks, said, None, type_)

    def _figures(self) -> Iterable[Thing]:
        """The figures of the cooperative that have a name; that one alone gives one is no difference."""
        for name, index in self.own.figures.items():
            type_ = self.own.nodes[index].type
            yield Thing(("figure", name), name, "figure", (Look(index),), (), None, type_, True)
