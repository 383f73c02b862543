"""Why a figure is what it is: the steps that led to it, each with its numbers and where it is written.

The tree is made on demand from an evaluation that kept every value; no sentence stands here, only
the keys of sentences in the word files.
"""

from collections.abc import Iterable
from fractions import Fraction

from attrs import define, evolve

from coopfx.engine.formulas import Formulas
from coopfx.engine.outcome import UNDETERMINED, VIOLATED, Case, Explanation, Outcome, Verdict
from coopfx.engine.reference import Evaluation
from coopfx.engine.settle import verdict
from coopfx.engine.values import unknown
from coopfx.exact import NUMBER, Missing, Type, Undefined, Value, round_to, step_of
from coopfx.language import ir
from coopfx.report import Argument, Percent, Said, Word
from coopfx.source import Span

DEEPEST = 12
"""So many steps below the figure that was asked for; further ones are asked for by their names."""

MOST_RECORDS = 20
"""Of so many records that a rule does not hold for, its explanation speaks one by one."""


def explain(run: Evaluation, outcome: Outcome, name: str, record: str = "") -> Explanation | None:
    """The explanation of a figure, an account, a rule, an indicator, or a record's figure.

    ``name`` is canonical (an indicator's is its label), ``record`` an identifier. None where there is
    no such figure.
    """
    explainer = _Explainer(run)
    program = run.program
    if record:
        return explainer.of_record(name, record)
    if name in program.accounts:
        return explainer.account(name)
    if name in program.figures:
        return explainer.node(program.figures[name], None)
    for rule in program.rules:
        if rule.name == name:
            return explainer.rule(rule)
    for indicator in program.indicators:
        if indicator.label == name:
            return explainer.indicator(indicator)
    return explainer.unread(name)


def record_of(run: Evaluation, name: str) -> str | None:
    """The sort of record that has each its own of a figure, or its part of an account; else None."""
    program = run.program
    found = [
        program.nodes[clause.node].record for clause in program.shares if clause.account == name
    ]
    found += [item.record for item in program.inputs if item.name == name]
    found += [
        program.nodes[index].record
        for index, own in program.names.items()
        if own == name and not isinstance(program.nodes[index], ir.Group)
    ]
    return next((record for record in found if record in program.records), None)


def known_names(run: Evaluation) -> list[str]:
    """All that can be asked for by its name alone, and the figures of records."""
    program = run.program
    named = (
        name
        for index, name in program.names.items()
        if not isinstance(program.nodes[index], ir.Group)
    )
    return [
        *program.accounts,
        *program.figures,
        *(rule.name for rule in program.rules),
        *(indicator.label for indicator in program.indicators),
        *(item.name for item in program.inputs),
        *named,
    ]


@define
class _Explainer(Formulas):
    depth: int = 0

    # ---- what can be asked for

    def account(self, name: str) -> Explanation:
        """What the year put into an account, what was taken out, and the law that speaks of it."""
        nodes = self.run.program.accounts[name]
        added = self.node(nodes.added, None)
        type_ = self.run.program.nodes[nodes.added].type
        return Explanation(
            "explain.account",
            {"account": Word(name)}
            | {
                at: (self.run.value(getattr(nodes, at)), type_)
                for at in ("opening", "added", "taken", "closing")
            },
            self.run.value(nodes.added),
            type_,
            steps=(*added.steps, *self.laws_on(nodes.added, name)),
        )

    def of_record(self, name: str, record: str) -> Explanation | None:
        """What a record received from an account, or a figure of it."""
        program = self.run.program
        for clause in program.shares:
            node = program.nodes[clause.node]
            assert isinstance(node, ir.Split)
            if clause.account == name and node.record is not None:
                ids = self.run.ids(node.record)
                if record in ids:
                    return self.part(clause, node, ids.index(record), record)
        for index in sorted(self.run.values):
            other = program.nodes[index]
            if program.names.get(index) == name and other.record is not None:
                ids = self.run.ids(other.record)
                if record in ids:
                    return self.node(index, ids.index(record))
        return self.unread(name, record)

    def unread(self, name: str, record: str = "") -> Explanation | None:
        """A declared fact that no clause reads: what the data give, and that nothing rests on it."""
        declared = next((item for item in self.run.program.inputs if item.name == name), None)
        if declared is None or (declared.record is None) == bool(record):
            return None
        said: Argument = Word(name)
        if declared.record is None:
            value: Value = self.run.facts.figure(name)
        else:
            ids = self.run.ids(declared.record)
            if record not in ids:
                return None
            value = self.run.facts.tables[declared.record].column(name)[ids.index(record)]
            said = Said("fact.of", {"fact": Word(name), "record": record})
        how = "explain.unread" if not isinstance(value, Missing) else "explain.unread_missing"
        arguments: dict[str, Argument] = {"name": said, "value": (value, declared.type)}
        return Explanation(how, arguments, value, declared.type)

    def rule(self, rule: ir.Rule) -> Explanation:
        """Why a rule is satisfied, violated, not applicable or undetermined."""
        judged = verdict(self.run, rule)
        steps: list[Explanation] = []
        if rule.record is None:
            for index in (*rule.comparisons, rule.when, rule.unless):
                if index is not None:
                    steps += self.behind(self.inner(index), None)
        else:
            steps += [self._case(case, judged) for case in judged.cases[:MOST_RECORDS]]
        return self._rule(judged, rule, tuple(steps))

    def _case(self, case: Case, judged: Verdict) -> Explanation:
        """What a rule says of one record: both sides, or the figures that are wanting."""
        arguments: dict[str, Argument] = {
            "record": case.record,
            "status": _status(case.status, judged),
        }
        why = case.missing or unknown(side for side in (case.left, case.right) if side is not None)
        if case.status == UNDETERMINED and why is not None:
            arguments["why"] = (why, NUMBER)
            return Explanation("explain.case.unknown", arguments, why, judged.type)
        if case.left is None or case.right is None:
            return Explanation("explain.case", arguments, case.left, judged.type)
        arguments["sides"] = _sides(case, judged)
        return Explanation("explain.case.sides", arguments, case.left, judged.type)

    def _rule(
        self, judged: Verdict, rule: ir.Rule, steps: tuple[Explanation, ...] = ()
    ) -> Explanation:
        type_ = judged.type or NUMBER
        arguments: dict[str, Argument] = {
            "rule": Said(f"rule.{rule.name}") if rule.origin.law else Word(rule.name),
            "status": _status(judged.status, judged),
            "margin": (as_paid(judged.margin, type_), type_),
            "confidence": Said("confidence.to_confirm") if judged.to_confirm else "",
        }
        how = "explain.rule.law" if rule.origin.law else "explain.rule.statute"
        # An undetermined rule has no two sides to show; over records, its sides are those of another
        # record, of whom it was known.
        why = judged.missing or judged.undefined if judged.status == UNDETERMINED else None
        if why is not None:
            how += ".unknown"
            arguments["why"] = (why, type_)
        elif judged.left is None or judged.right is None or judged.status == UNDETERMINED:
            how += ".bare"
        else:
            arguments["sides"] = _sides(judged, judged)
        return self._written(how, arguments, judged.left, type_, rule.origin, steps)

    def indicator(self, indicator: ir.Indicator) -> Explanation:
        """How an indicator is worked out."""
        node = self.run.program.nodes[indicator.value]
        value = self.run.value(indicator.value)
        shown: Argument = (
            Percent(value)
            if indicator.percent and isinstance(value, Fraction)
            else (value, node.type)
        )
        arguments: dict[str, Argument] = {
            "label": indicator.label,
            "shown": shown,
            "formula": self.formula(indicator.value, None),
        }
        steps = self.behind(self.inner(indicator.value), None)
        return self._written(
            "explain.indicator", arguments, value, node.type, indicator.origin, steps
        )

    # ---- a record's part of a split

    def part(self, clause: ir.ShareClause, node: ir.Split, row: int, record: str) -> Explanation:
        """What one record received, as a proof: who is entitled, the right, the amount, the cent."""
        result = self.run.splits[clause.node]
        column = result.parts
        value: Value = column if isinstance(column, Missing) else column[row]
        amount = self.run.value(node.amount)
        arguments: dict[str, Argument] = {
            "account": Word(clause.account or ""),
            "record": record,
            "part_value": (value, node.type),
            "amount": (amount, node.type),
        }
        steps: list[Explanation] = []
        if isinstance(value, Missing | Undefined):
            arguments["why"] = (value, node.type)
        steps += self.entitlement(node, row, record)
        if row in result.entitled:
            steps += self.right(clause, node, row)
        steps.append(self.node(node.amount, None))
        steps += self.laws_on(node.amount, clause.account or "")
        how = "explain.part" if isinstance(value, Fraction) else "explain.part_unknown"
        return self._written(how, arguments, value, node.type, clause.origin, steps)

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
                if isinstance(holds, Missing | Undefined):
                    how = "entitled_unknown"
                    arguments["condition"] = self.formula(condition, None)
                    arguments["why"] = self.shown(holds, condition)
                elif holds is False and condition in self.run.program.names:
                    how = "not_entitled.named"
                    arguments["name"] = Word(self.run.program.names[condition])
                    arguments["value"] = self.shown(holds, condition)
                span = self.run.program.places.get(condition)
                found.append(Explanation(f"explain.{how}", arguments, span=span))
            index = group.base
        return found

    def right(self, clause: ir.ShareClause, node: ir.Split, row: int) -> list[Explanation]:
        """The right of a record, key by key, and how its exact amount becomes whole cents."""
        result = self.run.splits[clause.node]
        assert node.record is not None
        if result.shares is None:
            return []
        steps = []
        for key in node.keys:
            weight = Fraction(1) if key.weight is None else self.run.value(key.weight)
            assert isinstance(weight, Fraction)
            if key.figure is None:
                steps.append(
                    Explanation(
                        "explain.key_equally",
                        {"weight": Percent(weight), "count": len(result.entitled)},
                        span=clause.origin.span,
                    )
                )
                continue
            column = self.run.column(key.figure)
            type_ = self.run.program.nodes[key.figure].type
            assert isinstance(column, list)
            total = sum((self._number(column[one]) for one in result.entitled), Fraction(0))
            figure = self._number(column[row])
            steps.append(
                Explanation(
                    "explain.key",
                    {
                        "weight": Percent(weight),
                        "figure": self.formula(key.figure, None),
                        "own": (figure, type_),
                        "total": (total, type_),
                        "ratio": Percent(figure / total),
                    },
                    span=self.run.program.places.get(key.figure),
                )
            )
        position = result.entitled.index(row)
        exact, part = result.shares.exact[position], result.shares.parts[position]
        up = result.shares.rounded_up
        rounded = "explain.rounded_up" if up[position] else "explain.rounded_down"
        steps.append(
            Explanation(
                "explain.exact" if exact == part else rounded,
                {
                    "right": Percent(result.rights[position] / sum(result.rights)),
                    "exact": (exact, node.type),
                    "part": (part, node.type),
                    "cents": sum(up),
                    "count": len(up),
                },
            )
        )
        return steps

    # ---- nodes

    def node(self, index: int, row: int | None) -> Explanation:
        """A node's value, and the named figures behind it."""
        node = self.run.program.nodes[index]
        value = self.at(index, row)
        name = self.run.program.names.get(index)
        arguments: dict[str, Argument] = {"name": Word(name or ""), "value": (value, node.type)}
        span = self.run.program.places.get(index)
        if row is not None and node.record is not None:
            arguments["name"] = Said(
                "fact.of", {"fact": Word(name or ""), "record": self.run.ids(node.record)[row]}
            )
        match node:
            case ir.Lift():
                return self.node(node.value, self.linked(node, row))
            case ir.Input():
                how = "explain.fact" if not isinstance(value, Missing) else "explain.missing"
                return Explanation(how, arguments, value, node.type)
            case ir.Param():
                return self._parameter(node, value, arguments)
            case ir.Balance():
                return self._balance(node, value)
            case ir.Part():
                return self._item(node)
            case ir.Pooled():
                return self._pooled(index, node, value)
        arguments["formula"] = self.formula(index, row, top=True)
        steps = self.behind(self.inner(index), row)
        origin = self.run.program.origins.get(name or "")
        if origin is not None:
            return self._written("explain.defined", arguments, value, node.type, origin, steps)
        how = "explain.defined" if name else "explain.formula"
        return Explanation(how, arguments, value, node.type, span, steps=tuple(steps))

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
                node, ir.Balance | ir.Part | ir.Param | ir.Input | ir.Pooled
            )
            if isinstance(node, ir.Group) or (node.record is not None and own is None):
                continue
            steps = [self.node(index, own)] if told else self.behind(self.inner(index), row)
            found += [step for step in steps if step not in found]
        self.depth -= 1
        return found

    def inner(self, index: int) -> tuple[int, ...]:
        return ir.inner(self.run.program.nodes[index])

    def _parameter(
        self, node: ir.Param, value: Value, arguments: dict[str, Argument]
    ) -> Explanation:
        dated = self.run.program.parameters[node.name]
        held = [row for row in dated.values if row[0] <= self.run.facts.closing]
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

    def _balance(self, node: ir.Balance, value: Value) -> Explanation:
        arguments: dict[str, Argument] = {
            "account": Word(node.account),
            "value": (value, node.type),
        }
        steps = self.behind([*node.parts, *node.less], None)
        return Explanation(f"explain.{node.at}", arguments, value, node.type, steps=tuple(steps))

    def _item(self, node: ir.Part) -> Explanation:
        program = self.run.program
        clause = next(item for item in program.allocations if item.node == node.clause)
        allocation = program.nodes[node.clause]
        assert isinstance(allocation, ir.Allocate)
        result = self.run.allocations[node.clause]
        source = (self.run.value(node.clause), node.type)
        arguments: dict[str, Argument] = {
            "source": self.formula(allocation.source, None),
            "amount": source,
        }
        steps = self.behind([allocation.source], None)
        if node.item is None:
            arguments["account"] = Word(allocation.losses)
            value = result.losses
            origin = _on_line(clause.origin, clause.losses_line)
            return self._written("explain.losses", arguments, value, node.type, origin, steps)
        item = allocation.items[node.item]
        value = (result.overflows if node.overflow else result.amounts)[node.item]
        arguments["value"] = (value, node.type)
        if item.amount is None:
            how = "explain.item.rest"
        else:
            arguments["rate"] = self.formula(item.amount, None)
            # A sum of money is taken from the source; only a plain number is a part of it.
            how = "explain.item.sum" if program.nodes[item.amount].type.unit else "explain.item"
            steps += self.behind([item.amount], None)
        if item.fill is not None:
            arguments |= {
                "until": (self.run.value(item.fill.until), node.type),
                "before": (self.run.value(item.fill.before), node.type),
                "limit": self.formula(item.fill.until, None),
                "into": Word(item.account),
            }
            how += ".overflow" if node.overflow else ".until"
            steps += self.behind([item.fill.until, item.fill.before], None)
        origin = _on_line(clause.origin, clause.lines[node.item])
        return self._written(how, arguments, value, node.type, origin, steps)

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

    def laws_on(self, index: int, account: str) -> list[Explanation]:
        """The rules of the laws that speak of a node, and the forms they permit for its account."""
        program = self.run.program
        found = []
        for permitted in program.permitted:
            if permitted.name == account:
                found.append(
                    self._written(
                        "explain.permitted",
                        {"account": Word(account)},
                        None,
                        None,
                        permitted.origin,
                    )
                )
        for rule in program.rules:
            if rule.origin.law and index in self._closure(rule.condition, {index}):
                found.append(self._rule(verdict(self.run, rule), rule))
        return found

    def _closure(self, index: int, stop: set[int]) -> set[int]:
        """What a condition speaks of, down to the accounts it reads."""
        found, pending = set(), [index]
        while pending:
            one = pending.pop()
            if one in found:
                continue
            found.add(one)
            if one not in stop and not isinstance(self.run.program.nodes[one], ir.Balance):
                pending += self.inner(one)
        return found

    # ---- values

    def shown(self, value: Value, index: int) -> Argument:
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
        )


def _status(status: str, judged: Verdict) -> Said:
    """A verdict's word; what only recommends is not violated but not followed."""
    ignored = status == VIOLATED and not judged.binding
    return Said("status.not followed" if ignored else f"status.{status}")


def _sides(of: Case | Verdict, judged: Verdict) -> Said:
    """Both sides of a comparison, money as it is paid; where it fails, what was asked instead."""
    type_ = judged.type or NUMBER
    return Said(
        "report.instead" if of.status == VIOLATED else "formula.compare",
        {
            "left": (as_paid(of.left, type_), type_),
            "relation": Said(f"relation.{judged.relation}"),
            "right": (as_paid(of.right, type_), type_),
        },
    )


def _on_line(origin: ir.Origin, line: int | None) -> ir.Origin:
    """A clause's origin, narrowed to one of its lines."""
    if line is None or line == origin.span.line:
        return origin
    return evolve(origin, span=Span(origin.span.file, line, 1, line, 1))


def as_paid(value: Value | None, type_: Type) -> Value | None:
    """An amount as money is paid and compared: rounded half up to the currency's step."""
    step = step_of(type_.unit)
    return round_to(value, step) if step is not None and isinstance(value, Fraction) else value
