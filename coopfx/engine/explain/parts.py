"""What one record received from a share, as a proof: who is entitled, the right, the amount, the cent."""

from fractions import Fraction

from attrs import define, evolve

from coopfx.engine.explain.steps import Steps
from coopfx.engine.outcome import Explanation
from coopfx.engine.reference.evaluation import SegmentResult
from coopfx.ground.exact import Missing, Undefined, Value, added
from coopfx.ground.report import Argument, Percent, Said, Word
from coopfx.ground.source import Span
from coopfx.language import ir


@define
class Parts(Steps):
    """Explains what records receive."""

    def node(self, index: int, row: int | None) -> Explanation:
        """A node's value, and what it rests on; what a record received from a share, as a proof."""
        node = self.run.program.nodes[index]
        clause = next((item for item in self.run.program.shares if item.node == index), None)
        if clause is None or row is None or node.record is None:
            return super().node(index, row)
        assert isinstance(node, ir.Split)
        return self.part(clause, node, row, self.run.ids(node.record)[row])

    def part(self, clause: ir.ShareClause, node: ir.Split, row: int, record: str) -> Explanation:
        """What one record received, as a proof: who is entitled, the right, the amount, the cent."""
        result = self.run.splits[clause.node]
        column = result.parts
        value: Value = column if isinstance(column, Missing) else column[row]
        found = result.of(row)
        amount: Value = found[0].amount if found else self.at(node.amount, None)
        arguments: dict[str, Argument] = {
            "account": self.given_out(clause),
            "record": record,
            "part_value": (value, node.type),
            "amount": (amount, node.type),
        }
        steps: list[Explanation] = []
        if node.when is not None and self.at(node.when, None) is False:
            arguments["condition"] = self.formula(node.when, None)
            behind = self.behind([node.when], None)
            how = "explain.part_none"
            return self._written(how, arguments, value, node.type, clause.origin, behind)
        if isinstance(value, Missing | Undefined):
            arguments["why"] = (value, node.type)
        if isinstance(value, Undefined):
            steps += self.without((clause.node, row))
        steps += self.entitlement(node, row, record)
        if found is not None and found[0].shares is not None:
            steps += self.right(clause, node, row, found[0], found[1])
        steps += self._amount(node, found)
        how = "explain.part" if isinstance(value, Fraction) else "explain.part_unknown"
        found_so = self._written(how, arguments, value, node.type, clause.origin, steps)
        return evolve(found_so, data=self.run.place_given("", node.record, row))

    def _amount(self, node: ir.Split, found: tuple[SegmentResult, int] | None) -> list[Explanation]:
        """How the amount that is split came about: all of it, or that of the record's segment."""
        if node.segment is None:
            return [self.node(node.amount, None)]
        link = self.run.program.nodes[node.segment]
        assert isinstance(link, ir.Link)
        if found is None:
            return []
        return [self.node(node.amount, self.run.ids(link.to).index(found[0].name))]

    def entitlement(self, node: ir.Split, row: int, record: str) -> list[Explanation]:
        """Why a record is, or is not, among those who share; of one who is not, what keeps it out."""
        member = self.at(node.group, row)
        index: int | None = node.group
        found = []
        while index is not None:
            group = self.run.program.nodes[index]
            assert isinstance(group, ir.Group)
            condition = group.where
            holds = None if condition is None else self.at(condition, row)
            if condition is not None and (member is True or holds is not True):
                how = "entitled" if holds is True else "not_entitled"
                arguments: dict[str, Argument] = {
                    "record": record,
                    "condition": self.formula(condition, row),
                }
                if holds is True:
                    arguments["held"] = self.holding(condition, row)
                if isinstance(holds, Missing | Undefined):
                    how = "entitled_unknown"
                    arguments["condition"] = self.formula(condition, None)
                    arguments["why"] = self.shown(holds, condition)
                elif holds is False and condition in self.run.program.names:
                    how = "not_entitled.named"
                    arguments["name"] = Word(self.run.program.names[condition])
                    arguments["value"] = self.shown(holds, condition)
                found.append(self.placed(Explanation(f"explain.{how}", arguments), condition))
            index = group.base
        return found

    def holding(self, index: int, row: int) -> Argument:
        """A condition that holds, with that one alone of its alternatives for which it does."""
        node = self.run.program.nodes[index]
        if not isinstance(node, ir.Op) or index in self.run.program.names:
            return self.formula(index, row)
        if node.operation == "or":
            taken = next((one for one in node.arguments if self.at(one, row) is True), None)
            return self.formula(index, row) if taken is None else self.holding(taken, row)
        if node.operation == "and":
            made, *others = (self.holding(one, row) for one in node.arguments)
            for other in others:
                made = Said("formula.and", {"left": made, "right": other})
            return made
        return self.formula(index, row)

    def right(
        self, clause: ir.ShareClause, node: ir.Split, row: int, found: SegmentResult, position: int
    ) -> list[Explanation]:
        """The right of a record, key by key, and how its exact amount becomes whole cents."""
        steps = [self._key(clause, key, row, found) for key in node.keys]
        if node.coefficient is not None:
            steps.append(self._figure("explain.coefficient", node.coefficient, row))
        shares = found.shares
        assert shares is not None and node.record is not None
        capped = node.cap is not None and shares.capped[position] and found.rights[position] > 0
        dropped = shares.dropped[position]
        right = found.rights[position] / found.together
        alone, exact, part = right * found.amount, shares.exact[position], shares.parts[position]
        up = shares.rounded_up
        rounded = "alike" if node.alike else "up" if up[position] else "down"
        said: dict[str, Argument] = {
            "right": Said("explain.right.whole")
            if right == 1
            else Said("explain.right.part", {"right": Percent(right)}),
            "exact": (alone, node.type),
            "value": (exact, node.type),
            "part": (part, node.type),
            "cents": sum(up),
            "count": len(up),
        }
        # Where a limit holds the part, it is no longer what the right makes; where limits hold those of
        # others, it may be more.
        if capped or dropped or exact != alone:
            steps.append(Explanation("explain.makes", said))
            if not dropped and exact > alone:
                steps.append(Explanation("explain.grown", said))
        else:
            how = "explain.exact" if exact == part else f"explain.rounded_{rounded}"
            steps.append(Explanation(how, said))
        if node.cap is not None:
            held = "explain.capped" if capped else "explain.under_cap"
            steps.append(self._figure(held, node.cap, row))
        if node.smallest is not None:
            would: dict[str, Argument] = {"would": (dropped, node.type)} if dropped else {}
            if dropped or exact:
                small = "explain.dropped" if dropped else "explain.large_enough"
                steps.append(self._figure(small, node.smallest, None, **would))
        return steps

    def _figure(self, how: str, index: int, row: int | None, **further: Argument) -> Explanation:
        """A figure of a share that shapes a record's part."""
        arguments: dict[str, Argument] = {
            "figure": self.formula(index, None),
            "value": self.shown(self.at(index, row), index),
            **further,
        }
        steps = tuple(self.behind([index], row))
        return self.placed(Explanation(how, arguments, steps=steps), index)

    def _key(
        self, clause: ir.ShareClause, key: ir.Key, row: int, found: SegmentResult
    ) -> Explanation:
        """What a line of a share makes of a record's figure."""
        weight = Fraction(1) if key.weight is None else self.run.value(key.weight)
        assert isinstance(weight, Fraction)
        whole = Said("formula.whole")
        said: dict[str, Argument] = {"weight": whole if weight == 1 else Percent(weight)}
        behind = () if key.weight is None else tuple(self.behind([key.weight], None))
        origin = clause.origin
        # A figure is read in many lines: it is this key's only where it stands in this clause.
        places = (self.run.program.places.get(one or -1) for one in (key.weight, key.figure))
        span = next(
            (
                one
                for one in places
                if one and one.file == origin.span.file and within(one, origin.span)
            ),
            origin.span,
        )
        if key.figure is None:
            said["count"] = len(found.entitled)
            return Explanation(
                "explain.key_equally", said, span=span, steps=behind, model=origin.model
            )
        column = self.run.column(key.figure)
        type_ = self.run.program.nodes[key.figure].type
        assert isinstance(column, list)
        total = added(self._number(column[one]) for one in found.entitled)
        figure = self._number(column[row])
        said |= {
            "figure": self.formula(key.figure, None),
            "own": (figure, type_),
            "total": (total, type_),
            "ratio": whole if figure == total else Percent(figure / total),
        }
        steps = (*behind, *self.behind([key.figure], row))
        return Explanation("explain.key", said, span=span, steps=steps, model=origin.model)


def within(span: Span, clause: Span) -> bool:
    """Whether a line is one of a clause's."""
    return clause.line <= span.line <= clause.end_line
