"""The clauses that judge: rules, indicators, examples and permitted forms, to what is read off nodes."""

from collections.abc import Sequence

from attrs import Factory, define

from coopfx.exact import YES_NO, Known
from coopfx.facts import Field
from coopfx.language import ast, ir
from coopfx.language.forms import group_within
from coopfx.language.link import Linker, Placed
from coopfx.language.scope import Scope, Text
from coopfx.report import Argument, Said, Word
from coopfx.source import Span


@define(slots=True)
class Judge:
    """Compiles the clauses that judge, with a linker that has compiled those that move money."""

    linker: Linker
    rules: list[ir.Rule] = Factory(list)
    indicators: list[ir.Indicator] = Factory(list)
    examples: list[ir.Example] = Factory(list)
    permitted: list[ir.Permitted] = Factory(list)
    _spans: dict[str, Span] = Factory(dict)

    def judge(self, clauses: Sequence[Placed]) -> None:
        """Compile every clause that judges, in the order of the texts."""
        for placed in clauses:
            match placed.clause:
                case ast.Require():
                    self._rule(placed, placed.clause)
                case ast.Permit() if not placed.text.is_statute:
                    self._permit(placed, placed.clause)
                case ast.Indicator():
                    self._indicator(placed, placed.clause)
                case ast.Example():
                    self._example(placed, placed.clause)
                case _:
                    pass

    def _rule(self, placed: Placed, clause: ast.Require) -> None:
        lowering, text = self.linker.lowering, placed.text
        record = group = None
        if clause.each is not None:
            each = lowering.scope.each(clause.each, text)
            if each is None:
                for part in (clause.condition, clause.when, clause.unless):
                    lowering.tell_unknown(part, text)
                return
            record, name = each
            group = (
                lowering.group(name, clause.each.span)
                if name
                else lowering.emit(ir.Group(type=YES_NO, record=record))
            )
        condition = lowering.condition(clause.condition, text, record)
        when = lowering.condition(clause.when, text, record) if clause.when else None
        unless = lowering.condition(clause.unless, text, record) if clause.unless else None
        failed = (clause.when is not None and when is None) or (
            clause.unless is not None and unless is None
        )
        name = self._name(placed, clause)
        if condition is None or failed:
            return
        self.rules.append(
            ir.Rule(
                name,
                clause.binding,
                condition,
                placed.origin,
                self._comparisons(condition),
                record,
                group,
                when,
                unless,
                clause.message,
            )
        )

    def _name(self, placed: Placed, clause: ast.Require) -> str:
        law = placed.text.law
        if clause.name is not None:
            name = placed.text.words.canonical(clause.name.word)
        else:
            name = placed.origin.article
            taken = [key for key in self._spans if key.split("#")[0].endswith(name)]
            name = f"{name}#{len(taken) + 1}" if taken else name
        full = f"{law}.{name}" if law else name
        if full in self._spans and clause.name is not None:
            related = (self._spans[full],)
            self.linker.report.tell(
                "N202", clause.name.span, related=related, name=clause.name.word
            )
        self._spans.setdefault(full, clause.span)
        return full

    def _comparisons(self, condition: int) -> tuple[int, ...]:
        nodes = self.linker.lowering.nodes
        node = nodes[condition]
        if isinstance(node, ir.Lift):
            return self._comparisons(node.value)
        if isinstance(node, ir.Compare):
            return (condition,)
        if isinstance(node, ir.Op) and node.operation == "and":
            found = [index for item in node.arguments for index in self._comparisons(item)]
            return tuple(found)
        return ()

    def _indicator(self, placed: Placed, clause: ast.Indicator) -> None:
        lowering, text = self.linker.lowering, placed.text
        value = lowering.value(clause.value, text)
        if value is None:
            return
        pillar = text.words.canonical(clause.pillar.word) if clause.pillar else ""
        shown = clause.target.value if clause.target else clause.value
        percent = speaks_of_percent(shown, lowering.scope, text)
        if clause.target is None:
            self.indicators.append(
                ir.Indicator(clause.label, pillar, value, placed.origin, percent=percent)
            )
            return
        target = lowering.value(clause.target.value, text)
        if target is None:
            return
        relation = clause.target.relation
        met = lowering.compare(relation, value, target, clause.value.span, clause.target.span)
        if met is None:
            return
        self.indicators.append(
            ir.Indicator(clause.label, pillar, value, placed.origin, target, met, relation, percent)
        )

    def _example(self, placed: Placed, clause: ast.Example) -> None:
        lowering, text = self.linker.lowering, placed.text
        given: list[tuple[int, Known]] = []
        for binding in clause.given:
            one = self._binding(binding, placed)
            if one is not None:
                given.append(one)
        expected = []
        for expression in clause.expected:
            index = lowering.condition(expression, text, None)
            if index is not None:
                expected.append((index, expression.span))
        self.examples.append(ir.Example(clause.title, tuple(given), tuple(expected), placed.origin))

    def _binding(self, binding: ast.Binding, placed: Placed) -> tuple[int, Known] | None:
        lowering, text = self.linker.lowering, placed.text
        if isinstance(binding.name, ast.Opening):
            index = lowering.opening(binding.name, text)
        else:
            canonical = text.words.canonical(binding.name.word)
            declared = lowering.scope.figures.get(canonical)
            if declared is None:
                lowering.scope.unknown(binding.name, text)
                return None
            index = lowering.figure(canonical, declared, binding.name.span)
        literal = lowering.declared.literal(binding.value, text)
        if index is None or literal is None:
            return None
        value, own = literal
        node = lowering.nodes[index]
        if node.record is not None:
            word = binding.name.word if isinstance(binding.name, ast.Name) else ""
            self.linker.report.tell("E606", binding.span, name=word, record=Word(node.record))
            return None
        if not own.same_sort(node.type):
            self.linker.report.tell("T301", binding.span, left=node.type, right=own)
            return None
        if isinstance(node, ir.Input):
            fact = Field(node.name, node.type, None, node.low, node.high)
            if not fact.admits(value):
                self.linker.report.tell(
                    "E604",
                    binding.value.span,
                    name=Word(node.name),
                    found=fact.shown(value),
                    domain=fact.domain(),
                )
                return None
        return index, value

    # ---- the forms that a law permits

    def _permit(self, placed: Placed, clause: ast.Permit) -> None:
        lowering, text = self.linker.lowering, placed.text
        account = text.words.canonical(clause.account.word)
        keys = {None if key is None else text.words.canonical(key.word) for key in clause.keys}
        group = lowering.grouping(clause.group, text)
        law = placed.text.law or ""
        for number in self.linker.takers.get(account, ()):
            share = self.linker.money[number]
            if not isinstance(share.clause, ast.Share):
                continue
            for key in share.clause.keys:
                self._tell_key(key, share, placed, keys)
            node = self.linker.compile(number)
            if node is None or group is None:
                continue
            split = lowering.nodes[node]
            assert isinstance(split, ir.Split)
            if not group_within(group, split.group, lowering.nodes, lowering.constants):
                self.linker.report.tell(
                    "L502",
                    share.clause.group.span,
                    related=(clause.group.span,),
                    account=Word(account),
                    law=law,
                    article=placed.origin.article,
                    reference=placed.origin.reference,
                )
        self.permitted.append(ir.Permitted(account, placed.origin))

    def _tell_key(
        self, key: ast.Key, share: Placed, permit: Placed, permitted: set[str | None]
    ) -> None:
        figure = key.figure
        if figure is None:
            found: str | None = None
        elif isinstance(figure, ast.Name):
            found = share.text.words.canonical(figure.word)
        else:
            found = ""
        if found in permitted:
            return
        shown = tuple(
            Word(name) if name else Said("key.equally") for name in sorted(permitted, key=str)
        )
        self.linker.report.tell(
            "L501",
            figure.span if figure else key.span,
            related=(permit.clause.span,),
            found=_shown(figure),
            permitted=shown,
            law=permit.text.law or "",
            article=permit.origin.article,
            reference=permit.origin.reference,
        )


def _shown(figure: ast.Expression | None) -> Argument:
    if figure is None:
        return Said("key.equally")
    return figure.word if isinstance(figure, ast.Name) else Said("key.formula")


def speaks_of_percent(expression: ast.Expression | None, scope: Scope, text: Text) -> bool:
    """Whether a figure is one that people write as a percentage, by the way its text is written.

    A percent sign in the expression says so, and so does one in the domain of the fact it reads.
    """
    match expression:
        case ast.Number(_, percent):
            return percent
        case ast.Aggregate("rate"):
            return True
        case ast.Operation("add" | "negative" | "min" | "max" | "multiply" | "divide", arguments):
            return any(speaks_of_percent(item, scope, text) for item in arguments)
        case ast.Name(word):
            declared = scope.figures.get(text.words.canonical(word))
            if declared is not None and isinstance(declared.clause, ast.Input):
                bounds = (declared.clause.low, declared.clause.high)
                return any(speaks_of_percent(item, scope, declared.text) for item in bounds)
            return False
        case _:
            return False
