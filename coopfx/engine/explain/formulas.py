"""A node as its text says it: with names where it has them, with figures where they are written.

No sentence stands here, only the keys of phrases in the word files, so that a formula reads in the
reader's language.
"""

from fractions import Fraction
from operator import itemgetter

from attrs import define

from coopfx.engine.reference.evaluation import Run
from coopfx.ground.exact import Missing, Value
from coopfx.ground.report import Argument, Percent, Said, Word
from coopfx.language import ir

MOST_OPERANDS = 40
"""So many terms of one sum or product are shown; of a longer one, how many more there are."""

_TIGHT, _LOOSE, _LISTED, _ALONE = "tight", "loose", "listed", "alone"
BINDING = {
    **dict.fromkeys(("multiply", "part_of", "divide", "negative"), _TIGHT),
    **dict.fromkeys(("add", "and", "or", "if"), _LOOSE),
    **dict.fromkeys(("min", "max"), _LISTED),
    **dict.fromkeys(("round_up", "round_down", "round_half_up", "round_half_even"), _ALONE),
    **dict.fromkeys(("not", "add_months", "add_days", "log", "drawn"), _ALONE),
}
"""How close an operation's words hold its arguments: what is loose stands in brackets inside others."""


@define
class Formulas:
    """Writes the formulas of an evaluated program."""

    run: Run

    def formula(self, index: int, row: int | None, *, top: bool = False) -> Argument:
        """A node as its text says it: names where it has them, figures where they are written."""
        program = self.run.program
        node = program.nodes[index]
        name = program.names.get(index)
        if name and not top:
            if row is None or node.record is None:
                return Word(name)
            known = self.at(index, row)
            percent = index in program.percents and isinstance(known, Fraction)
            value: Argument = Percent(known) if percent else (known, node.type)  # type: ignore[arg-type]
            return Said("formula.known", {"name": Word(name), "value": value})
        match node:
            case ir.Slot():
                value_ = program.constants[node.index]
                percent = index in program.percents and isinstance(value_, Fraction)
                return Percent(value_) if percent else (value_, node.type)  # type: ignore[arg-type]
            case ir.Lift():
                return self.formula(node.value, self.linked(node, row))
            case ir.Op():
                return self._operation(node, row)
            case ir.Compare():
                sides = {
                    "left": self.formula(node.left, row),
                    "relation": Said(f"relation.{node.relation}"),
                    "right": self.formula(node.right, row),
                }
                return Said("formula.compare", sides)
            case ir.Aggregate():
                group: dict[str, Argument] = {"group": self.formula(node.group, None)}
                if node.value is not None:
                    group["figure"] = self.formula(node.value, None)
                if node.along is not None:
                    of = {"group": group["group"], "record": Word(node.record or "")}
                    group["group"] = Said("formula.group_of", of)
                return Said(f"formula.aggregate.{node.aggregate}", group)
            case ir.Group():
                if node.where is None:
                    return Word(node.record or "")
                base = (
                    Word(node.record or "") if node.base is None else self.formula(node.base, None)
                )
                return Said(
                    "formula.where", {"group": base, "where": self.formula(node.where, None)}
                )
            case ir.Balance():
                bare = node.at in ("added", "before", "so_far")
                key = "formula.name" if bare else f"formula.{node.at}"
                return Said(key, {"name": Word(node.account)})
            case ir.Param(at=int(day)):
                when = self.formula(day, None)
                return Said("formula.at", {"name": Word(node.name), "day": when})
            case ir.Input():
                return Word(node.key)
            case ir.Param():
                return Word(node.name)
            case ir.Scale():
                return Said("formula.scale", {"by": self.formula(node.by, row)})
            case ir.Decision():
                return Word(node.name)
            case ir.Excess():
                share = next(item for item in program.shares if item.node == node.clause)
                return Said("formula.excess", {"name": Word(program.shared_out(share) or "")})
            case ir.Split() | ir.Pool():
                clause = next(item for item in program.money_clauses() if item.node == index)
                assert not isinstance(clause, ir.AllocateClause), "a record receives from a share"
                share_of = (
                    program.shared_out(clause) if isinstance(clause, ir.ShareClause) else None
                )
                account = share_of or clause.account or ""
                if row is not None and node.record is not None:
                    record = self.run.ids(node.record)[row]
                    return Said("fact.of", {"fact": Word(account), "record": record})
                return Said(
                    "formula.received", {"name": Word(account), "record": Word(node.record or "")}
                )
            case ir.Link() | ir.Member() | ir.Allocate() | ir.Part() | ir.Paid() | ir.Pooled():
                return (self.at(index, row), node.type)

    def _operation(self, node: ir.Op, row: int | None) -> Argument:
        if node.operation == "drawn":
            return Said("formula.drawn", {"left": self.formula(node.arguments[0], row)})
        # Never all but one.
        most = MOST_OPERANDS + (len(node.arguments) == MOST_OPERANDS + 1)
        parts = [self._bracketed(item, node.operation, row) for item in node.arguments[:most]]
        if node.operation == "if":
            names = ("condition", "then", "otherwise")
            return Said("formula.if", dict(zip(names, parts, strict=True)))
        if node.operation == "log":
            places = {"left": parts[0], "places": node.places or 0}
            return Said("formula.log", places)
        if len(parts) == 1:
            return Said(f"formula.{node.operation}", {"left": parts[0]})
        made, *others = parts
        if BINDING.get(node.operation) == _LISTED and others[1:]:
            made, others = Said(f"formula.{node.operation}_of", {"all": tuple(parts)}), []
        shown = node.arguments[1 : 1 + len(others)]
        for part, index in zip(others, shown, strict=True):
            operand = self.run.program.nodes[index]
            if (
                node.operation == "add"
                and isinstance(operand, ir.Op)
                and operand.operation == "negative"
            ):
                inner = self._bracketed(operand.arguments[0], "negative", row)
                made = Said("formula.subtract", {"left": made, "right": inner})
            else:
                made = Said(f"formula.{node.operation}", {"left": made, "right": part})
        more = len(node.arguments) - most
        if more > 0:
            return Said("formula.more", {"left": made, "count": more})
        return made

    def _bracketed(self, index: int, outer: str, row: int | None) -> Argument:
        shown = self.formula(index, row)
        node = self.run.program.nodes[index]
        while isinstance(node, ir.Lift):
            index = node.value
            node = self.run.program.nodes[index]
        named = index in self.run.program.names
        if not isinstance(node, ir.Op) or named:
            return shown
        inside, around = (BINDING.get(one, _LOOSE) for one in (node.operation, outer))
        loose = inside == _LOOSE and (around == _TIGHT or outer in ("and", "or"))
        listed = inside == _LISTED and (around in (_TIGHT, _LISTED) or outer == "add")
        return Said("formula.bracket", {"inner": shown}) if loose or listed else shown

    def decides(self, node: ir.Node, row: int | None) -> dict[str, Argument]:
        """Of what takes one of several figures, which one it took."""
        if not isinstance(node, ir.Op) or node.operation not in ("min", "max", "if"):
            return {}
        if node.operation == "if":
            condition, *branches = node.arguments
            holds = self.at(condition, row)
            taken = branches[0 if holds is True else 1] if isinstance(holds, bool) else None
        else:
            known = [(self.at(one, row), one) for one in node.arguments[:MOST_OPERANDS]]
            amounts = [(value, one) for value, one in known if isinstance(value, Fraction)]
            if len(amounts) != len(node.arguments):
                return {}
            choose = min if node.operation == "min" else max
            taken = choose(amounts, key=itemgetter(0))[1]
        return {} if taken is None else {"decided": self.formula(taken, row)}

    def at(self, index: int, row: int | None) -> Value:
        """A node's value, for the cooperative or for the record of a row."""
        if index not in self.run.values:
            return Missing(())
        found = self.run.values[index]
        if not isinstance(found, list):
            return found
        return found[row] if row is not None else Missing(())

    def linked(self, node: ir.Lift, row: int | None) -> int | None:
        if node.along is None or row is None:
            return None
        link = self.run.program.nodes[node.along]
        assert isinstance(link, ir.Link)
        column = self.run.column(node.along)
        if isinstance(column, Missing) or isinstance(column[row], Missing):
            return None
        return self.run.ids(link.to).index(str(column[row]))
