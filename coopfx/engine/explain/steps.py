"""The steps behind a node: its value, and the named figures that it rests on, down to the data."""

from collections.abc import Iterable
from datetime import date
from fractions import Fraction
from functools import cached_property

from attrs import define, evolve

from coopfx.engine.explain.formulas import Formulas
from coopfx.engine.explain.made import made_of
from coopfx.engine.outcome import Explanation
from coopfx.engine.reference.clauses import step_of_node, total
from coopfx.engine.reference.without import Place, without_value
from coopfx.ground.exact import Missing, Type, Undefined, Value, round_to
from coopfx.ground.figure import OPENING, between_of, opening_of
from coopfx.ground.report import Argument, Percent, Said, Word
from coopfx.ground.source import Span
from coopfx.language import ir

MOST_WITHOUT = 5
"""So many figures that have no value are named."""
DEEPEST = 12
"""So many steps below the figure that was asked for; further ones are asked for by their names."""


@define
class Steps(Formulas):
    """Explains nodes."""

    depth: int = 0

    # ---- nodes

    def node(self, index: int, row: int | None) -> Explanation:
        """A node's value, and the named figures behind it."""
        program = self.run.program
        node = program.nodes[index]
        value = self.at(index, row)
        name = program.names.get(index)
        arguments: dict[str, Argument] = {
            "name": Word(name or ""),
            "value": self.shown(value, index),
        }
        if row is not None and node.record is not None:
            arguments["name"] = self.of_record_named(name or "", node.record, row)
        match node:
            case ir.Lift():
                return self.node(node.value, self.linked(node, row))
            case ir.Input():
                how = "explain.fact" if not isinstance(value, Missing) else "explain.missing"
                place = self.run.place_given(node.key, node.record, row)
                made = made_of(self.run.facts, node, row) if how == "explain.fact" else None
                if made is not None:
                    how, arguments = "explain.fact_made", arguments | made
                return Explanation(how, arguments, value, node.type, data=place)
            case ir.Param():
                return self._parameter(node, value, arguments)
            case ir.Balance():
                return self._balance(node, row, value)
            case ir.Part():
                return self._item(node, row)
            case ir.Aggregate(value=int(part)) if isinstance(program.nodes[part], ir.Part):
                return self._items_of_all(part, value, node)
            case ir.Decision():
                return self._decision(node, arguments, value)
            case ir.Excess():
                return self._excess(node, value)
            case ir.Pooled():
                return self._pooled(index, node, value)
            case ir.Slot() | ir.Op() | ir.Compare() | ir.Scale() | ir.Group() | ir.Link():
                pass
            case ir.Aggregate() | ir.Member() | ir.Allocate() | ir.Split() | ir.Paid() | ir.Pool():
                pass
        arguments["formula"] = self.formula(index, row, top=True)
        arguments |= self.decides(node, row)
        # What an aggregate brings together are figures of other records than its own.
        own = None if isinstance(node, ir.Aggregate) else row
        steps = self.behind(self.inner(index), own)
        origin = self.run.program.origins.get(name or "")
        if origin is not None:
            return self._written("explain.defined", arguments, value, node.type, origin, steps)
        how = "explain.defined" if name else "explain.formula"
        found = Explanation(how, arguments, value, node.type, steps=tuple(steps))
        return self.placed(found, index)

    def of_record_named(self, name: str, record: str, row: int) -> Said:
        """A figure or account of one record, by its name and the record's."""
        return Said("fact.of", {"fact": Word(name), "record": self.run.ids(record)[row]})

    def given_out(self, clause: ir.ShareClause) -> Argument:
        """What a share is of: a name, or the charges of the year."""
        name = self.run.program.shared_out(clause)
        return Word(name) if name else Said("origin.charges")

    def placed(self, found: Explanation, index: int) -> Explanation:
        """An explanation with the line that a node is written on, in the statute or its model.

        A fact is read in many lines, of which the first is not the one that matters.
        """
        span = self.run.program.places.get(index)
        is_fact = isinstance(self.run.program.nodes[index], ir.Input)
        if is_fact or span is None or span.file not in self.texts:
            return found
        return evolve(found, span=span, model=self.texts[span.file])

    @cached_property
    def texts(self) -> dict[str, str]:
        """The files of the statute and of its models, each with the model's name."""
        program = self.run.program
        clauses = (*program.money_clauses(), *program.rules, *program.indicators)
        origins = (*(clause.origin for clause in clauses), *program.origins.values())
        return {origin.span.file: origin.model for origin in origins if not origin.law}

    def behind(self, indices: Iterable[int], row: int | None) -> list[Explanation]:
        """The explanations of the named figures that some nodes rest on, once each."""
        if self.depth >= DEEPEST:
            return []
        self.depth += 1
        found: list[Explanation] = []
        for index in indices:
            node = self.run.program.nodes[index]
            if isinstance(node, ir.Slot):
                continue
            own = row if node.record is not None else None
            told = index in self.run.program.names or isinstance(
                node, ir.Balance | ir.Part | ir.Param | ir.Input | ir.Pooled | ir.Excess | ir.Split
            )
            if isinstance(node, ir.Group) or (node.record is not None and own is None):
                continue
            steps = [self.node(index, own)] if told else self._behind_unnamed(index, own)
            found += [step for step in steps if step not in found]
        self.depth -= 1
        return found

    def _behind_unnamed(self, index: int, row: int | None) -> list[Explanation]:
        """What is behind a node that has no name: of the record it is of, or that it is linked to."""
        node = self.run.program.nodes[index]
        if isinstance(node, ir.Lift):
            return self.behind([node.value], self.linked(node, row))
        # What an aggregate brings together are figures of other records than its own.
        return self.behind(self.inner(index), None if isinstance(node, ir.Aggregate) else row)

    def inner(self, index: int) -> tuple[int, ...]:
        return ir.inner(self.run.program.nodes[index])

    def _parameter(
        self, node: ir.Param, value: Value, arguments: dict[str, Argument]
    ) -> Explanation:
        dated = self.run.program.parameters[node.name]
        day = self.run.facts.closing if node.at is None else self.run.value(node.at)
        held = [row for row in dated.values if isinstance(day, date) and row[0] <= day]
        if not held:
            return Explanation("explain.missing", arguments, value, node.type)
        start, _, reference, to_confirm = held[-1]
        arguments |= {
            "start": start,
            "reference": reference,
            "confidence": Said("confidence.to_confirm") if to_confirm else "",
        }
        origin = self.run.program.origins[node.name]
        return self._written("explain.parameter", arguments, value, node.type, origin)

    def _decision(
        self, node: ir.Decision, arguments: dict[str, Argument], value: Value
    ) -> Explanation:
        """What the meeting decided, or what stands in its place."""
        absent = isinstance(self.run.facts.figure(node.name), Missing)
        absent = absent and not isinstance(value, Missing)
        arguments |= {
            "low": self.bound(node.low, arguments),
            "high": Said("decision.no_most")
            if node.high is None
            else self.bound(node.high, arguments),
        }
        # Nobody says that a rate lies between nought and a third.
        capped = node.high is not None and self._is_fixed(node.low)
        capped = capped and self.at(node.low, None) == Fraction(0)
        within = {name: arguments[name] for name in ("low", "high")}
        arguments["range"] = Said("decision.at_most" if capped else "decision.range", within)
        how = "explain.otherwise" if absent else "explain.decided"
        if isinstance(value, Missing):
            how = "explain.undecided"
        origin = self.run.program.origins[node.name]
        otherwise = () if node.otherwise is None or not absent else (node.otherwise,)
        steps = self.behind([*ir.inner(evolve(node, otherwise=None)), *otherwise], None)
        found = self._written(how, arguments, value, node.type, origin, steps)
        return evolve(found, data=self.run.place_given(node.name, None, None))

    def bound(self, index: int, arguments: dict[str, Argument]) -> Argument:
        """A bound of a decision as its text says it, a percentage where the decision is one."""
        value = self.at(index, None)
        if (
            self._is_fixed(index)
            and isinstance(value, Fraction)
            and isinstance(arguments["value"], Percent)
        ):
            return Percent(value)
        return self.formula(index, None)

    def _is_fixed(self, index: int) -> bool:
        """Whether a figure is written out in the text, such as 5% or 1/3."""
        node = self.run.program.nodes[index]
        return isinstance(node, ir.Slot) or (
            isinstance(node, ir.Op) and all(map(self._is_fixed, node.arguments))
        )

    def _balance(self, node: ir.Balance, row: int | None, value: Value) -> Explanation:
        whose = row is not None and node.record is not None
        said = self.of_record_named(node.account, node.record or "", row or 0) if whose else None
        arguments: dict[str, Argument] = {
            "account": said or Word(node.account),
            "value": (value, node.type),
        }
        steps = self.behind([*node.parts, *node.less], row)
        if node.at == OPENING and row is None:
            steps += self._between(node)
        name = opening_of(node.account) if node.at == OPENING else ""
        place = self.run.place_given(name, node.record, row) if name else None
        return Explanation(
            f"explain.{node.at}", arguments, value, node.type, steps=tuple(steps), data=place
        )

    def _between(self, node: ir.Balance) -> list[Explanation]:
        """What moved an account between the closing of the year before and its opening."""
        moved = self.run.facts.between.get(node.account)
        if moved is None:
            return []
        how = "explain.between.came" if moved >= 0 else "explain.between.went"
        arguments: dict[str, Argument] = {
            "account": Word(node.account),
            "value": (abs(moved), node.type),
        }
        place = self.run.facts.places.get(between_of(node.account))
        return [Explanation(how, arguments, moved, node.type, data=place)]

    def _excess(self, node: ir.Excess, value: Value) -> Explanation:
        """What the limits of a share withhold from those who share."""
        clause = next(item for item in self.run.program.shares if item.node == node.clause)
        arguments: dict[str, Argument] = {
            "account": self.given_out(clause),
            "value": (value, node.type),
        }
        return self._written("explain.excess", arguments, value, node.type, clause.origin)

    def _items_of_all(self, part: int, value: Value, node: ir.Aggregate) -> Explanation:
        """What the items of every record's own allocation put into an account of the cooperative."""
        program = self.run.program
        item = program.nodes[part]
        assert isinstance(item, ir.Part)
        clause = next(one for one in program.allocations if one.node == item.clause)
        arguments: dict[str, Argument] = {
            "record": Word(item.record or ""),
            "value": (value, node.type),
        }
        line = clause.losses_line if item.item is None else clause.lines[item.item]
        origin = on_line(clause.origin, line)
        return self._written("explain.items", arguments, value, node.type, origin)

    def _item(self, node: ir.Part, row: int | None) -> Explanation:
        program = self.run.program
        clause = program.allocation_of(node.clause)
        allocation = program.nodes[node.clause]
        assert isinstance(allocation, ir.Allocate)
        amount = self.at(node.clause, row)
        value = self.at(program.nodes.index(node), row)
        item = None if node.item is None else allocation.items[node.item]
        account = allocation.losses if item is None else item.account
        if node.overflow and item is not None and item.fill is not None:
            account = item.fill.then or account
        arguments: dict[str, Argument] = {
            "source": self.formula(allocation.source, row),
            "amount": (amount, node.type),
            "value": (value, node.type),
            "account": Word(account),
        }
        line = clause.losses_line if node.item is None else clause.lines[node.item]
        origin = on_line(clause.origin, line)
        nothing = self._nothing(allocation, item, row, arguments) if value == 0 else None
        if nothing is not None:
            how, steps = nothing
            return self._written(how, arguments, value, node.type, origin, steps)
        steps = self.behind([allocation.source], row)
        if item is None:
            known = isinstance(value, Fraction)
            how = ".unknown" if not known else ".none" if value == 0 else ""
            return self._written(f"explain.losses{how}", arguments, value, node.type, origin, steps)
        how = self._asked(item, row, arguments, steps)
        if item.fill is not None:
            arguments |= {
                "until": (self.at(item.fill.until, row), node.type),
                "before": (self.at(item.fill.before, row), node.type),
                "limit": self.formula(item.fill.until, row),
                "into": Word(item.account),
            }
            how += ".overflow" if node.overflow else ".until"
            steps += self.behind([item.fill.until, item.fill.before], row)
        how = self._taken(node, item, row, how, arguments)
        steps += self._limits(item, row, arguments)
        return self._written(how, arguments, value, node.type, origin, steps)

    def _nothing(
        self,
        allocation: ir.Allocate,
        item: ir.Item | None,
        row: int | None,
        arguments: dict[str, Argument],
    ) -> tuple[str, list[Explanation]] | None:
        """Why a line moves nothing whatever it asks for: whom it leaves out, a condition, a loss."""
        amount = self.at(allocation.source, row)
        if allocation.group is not None and self.at(allocation.group, row) is False:
            arguments["group"] = self.formula(allocation.group, None)
            arguments["record"] = self.run.ids(allocation.record or "")[row or 0]
            return "explain.item.outside", []
        for condition in (allocation.when, None if item is None else item.when):
            if condition is not None and self.at(condition, row) is False:
                arguments["condition"] = self.formula(condition, row)
                return "explain.item.not_held", self.behind([condition], row)
        loss = isinstance(amount, Fraction) and round_to(amount, step_of_node(allocation)) < 0
        if item is not None and loss:
            return "explain.item.loss", self.behind([allocation.source], row)
        return None

    def _taken(
        self,
        node: ir.Part,
        item: ir.Item,
        row: int | None,
        how: str,
        arguments: dict[str, Argument],
    ) -> str:
        """By which sentence an item says what it takes, where that is not what it asks for."""
        results = self.run.allocations.get(node.clause, ())
        result = results[row or 0] if results else None
        amount = None if item.amount is None else self.at(item.amount, row)
        if result is None or node.item is None or isinstance(amount, Missing | Undefined):
            return how
        value = result.amounts[node.item]
        above = total((*result.amounts[: node.item], *result.overflows[: node.item]))
        if not isinstance(value, Fraction) or not isinstance(above, Fraction):
            return how
        source, step = self._number(result.source), step_of_node(node)
        asked = left = source - above
        if item.amount is not None:
            is_sum = self.run.program.nodes[item.amount].type.unit
            of = left if item.of_rest else Fraction(1) if is_sum else source
            asked = self._number(self.at(item.amount, row)) * of
        high = asked if item.high is None else min(asked, self._number(self.at(item.high, row)))
        wanted = high if item.low is None else max(high, self._number(self.at(item.low, row)))
        arguments["bites"] = ("high",) * (high < asked) + ("low",) * (wanted > high)
        if item.fill is not None or abs(asked - value) < step:
            return how  # its account is told with it; or it differs by its rounding alone
        arguments["asked"] = Said(how, arguments | {"value": (asked, node.type)})
        return "explain.item.short" if value <= wanted - step else "explain.item.but"

    def _asked(
        self,
        item: ir.Item,
        row: int | None,
        arguments: dict[str, Argument],
        steps: list[Explanation],
    ) -> str:
        """By which sentence an item says what it asks for."""
        if item.amount is None:
            return "explain.item.rest"
        arguments["rate"] = self.formula(item.amount, row)
        steps += self.behind([item.amount], row)
        whole = arguments["rate"] == Percent(Fraction(1))
        if item.of_rest:
            return "explain.item.rest" if whole else "explain.item.of_rest"
        # A sum of money is taken from the source; only a plain number is a part of it.
        if self.run.program.nodes[item.amount].type.unit:
            return "explain.item.sum"
        return "explain.item.all" if whole and item.fill is None else "explain.item"

    def _limits(
        self, item: ir.Item, row: int | None, asked: dict[str, Argument]
    ) -> list[Explanation]:
        """What lowers, raises or prevents what an item asks for."""
        found = []
        for how, index in (("high", item.high), ("low", item.low), ("when", item.when)):
            if index is None:
                continue
            bites = asked.get("bites")
            arguments: dict[str, Argument] = {
                "limit": self.formula(index, row),
                "value": self.shown(self.at(index, row), index),
            }
            if isinstance(bites, tuple):  # else it is not known what the item takes
                arguments["bites"] = how in bites
            steps = tuple(self.behind([index], row))
            one = Explanation(f"explain.item.{how}", arguments, steps=steps)
            found.append(self.placed(one, index))
        return found

    def _pooled(self, index: int, node: ir.Pooled, value: Value) -> Explanation:
        program = self.run.program
        clause = next(item for item in program.pools if item.node == node.clause)
        pool = program.nodes[node.clause]
        assert isinstance(pool, ir.Pool) and pool.record is not None
        steps = []
        figures, kept = self.run.column(pool.figure), self.run.column(node.clause)
        if isinstance(figures, list) and isinstance(kept, list):
            steps = [
                Explanation(
                    "explain.kept",
                    {
                        "record": record,
                        "figure": (figure, pool.type),
                        "kept": (own, pool.type),
                        "rate": self.formula(pool.kept, None),
                    },
                    own,
                    pool.type,
                )
                for record, figure, own in zip(
                    self.run.ids(pool.record), figures, kept, strict=True
                )
            ]
        arguments: dict[str, Argument] = {
            "figure": Word(clause.figure),
            "value": (value, pool.type),
        }
        return self._written("explain.pooled", arguments, value, pool.type, clause.origin, steps)

    # ---- values

    def without(self, *places: Place) -> list[Explanation]:
        """The figures for want of whose value some nodes have none, each with whose and its line."""
        found = []
        for index, row in without_value(self.run, places)[:MOST_WITHOUT]:
            value, node = self.at(index, row), self.run.program.nodes[index]
            assert isinstance(value, Undefined)
            arguments: dict[str, Argument] = {
                "formula": self.formula(index, row, top=True),
                "reason": Said(f"undefined.{value.reason}"),
            }
            how = "explain.without"
            if row is not None:
                how += ".of"
                arguments["record"] = self.run.ids(node.record or "")[row]
            steps = tuple(self._behind_unnamed(index, row))
            one = Explanation(how, arguments, value, node.type, steps=steps)
            found.append(self.placed(one, index))
        return found

    def shown(self, value: Value, index: int) -> Argument:
        if index in self.run.program.percents and isinstance(value, Fraction):
            return Percent(value)
        return (value, self.run.program.nodes[index].type)

    @staticmethod
    def _number(value: Value) -> Fraction:
        assert isinstance(value, Fraction)
        return value

    @staticmethod
    def _written(
        how: str,
        arguments: dict[str, Argument],
        value: Value | None,
        type_: Type | None,
        origin: ir.Origin,
        steps: Iterable[Explanation] = (),
    ) -> Explanation:
        return Explanation(
            how,
            arguments,
            value,
            type_,
            origin.span,
            origin.article,
            origin.law,
            origin.reference,
            tuple(steps),
            origin.model,
        )


def on_line(origin: ir.Origin, line: int | None) -> ir.Origin:
    """A clause's origin, narrowed to one of its lines."""
    if line is None or line == origin.span.line:
        return origin
    return evolve(origin, span=Span.on_line(origin.span.file, line))
