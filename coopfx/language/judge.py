"""The clauses that judge: rules, indicators and permitted forms, to what is read off nodes."""

from collections import Counter
from collections.abc import Sequence

from attrs import Factory, define

from coopfx.exact import YES_NO
from coopfx.language import ast, ir
from coopfx.language.feeds import Placed
from coopfx.language.forms import group_within
from coopfx.language.link import Linker
from coopfx.report import Argument, Said, Word
from coopfx.source import Span


@define(slots=True)
class Judge:
    """Compiles the clauses that judge, with a linker that has compiled those that move money."""

    linker: Linker
    rules: list[ir.Rule] = Factory(list)
    indicators: list[ir.Indicator] = Factory(list)
    permitted: list[ir.Permitted] = Factory(list)
    _spans: dict[str, Span] = Factory(dict)
    _unnamed: Counter[tuple[str | None, str]] = Factory(Counter)

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
                case ast.Decide():
                    self._decision(placed, placed.clause)
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
            group = lowering.group_of(record, name, clause.each.span)
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

    def _decision(self, placed: Placed, clause: ast.Decide) -> None:
        """The rule that a decision keeps its bounds."""
        lowering = self.linker.lowering
        canonical = placed.text.words.canonical(clause.name.word)
        declared = lowering.scope.figures.get(canonical)
        if declared is None or declared.clause is not clause:
            return
        index = lowering.figure(canonical, declared, clause.name.span)
        if index is None:
            return
        node = lowering.nodes[index]
        assert isinstance(node, ir.Decision)
        places = (clause.name.span, clause.low.span, clause.high.span)
        low = lowering.compare("at_least", index, node.low, places[0], places[1])
        high = lowering.compare("at_most", index, node.high, places[0], places[2])
        if low is None or high is None:
            return
        both = lowering.emit(ir.Op("and", (low, high), type=YES_NO))
        self._spans.setdefault(canonical, clause.span)
        self.rules.append(ir.Rule(canonical, True, both, placed.origin, (low, high)))

    def _name(self, placed: Placed, clause: ast.Require) -> str:
        law = placed.text.law
        if clause.name is not None:
            name = placed.text.words.canonical(clause.name.word)
        else:
            name = placed.origin.article
            self._unnamed[law, name] += 1
            number = self._unnamed[law, name]
            name = f"{name}#{number}" if number > 1 else name
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
        if clause.target is None:
            percent = value in lowering.percents
            self.indicators.append(
                ir.Indicator(clause.label, pillar, value, placed.origin, percent=percent)
            )
            return
        target = lowering.value(clause.target.value, text)
        if target is None:
            return
        percent = target in lowering.percents
        relation = clause.target.relation
        met = lowering.compare(relation, value, target, clause.value.span, clause.target.span)
        if met is None:
            return
        self.indicators.append(
            ir.Indicator(clause.label, pillar, value, placed.origin, target, met, relation, percent)
        )

    # ---- the forms that a law permits

    def _permit(self, placed: Placed, clause: ast.Permit) -> None:
        lowering, text = self.linker.lowering, placed.text
        account = text.words.canonical(clause.account.word)
        keys = {None if key is None else text.words.canonical(key.word) for key in clause.keys}
        group = lowering.grouping(clause.group, text)
        law = placed.text.law or ""
        for number in self.linker.shares.get(account, ()):
            share = self.linker.money[number]
            assert isinstance(share.clause, ast.Share)
            for key in share.clause.keys:
                self._tell_key(key, share, placed, keys)
            node = self.linker.compile(number)
            if node is None or group is None:
                continue
            split = lowering.nodes[node]
            assert isinstance(split, ir.Split)
            self._tell_coefficient(split, share.clause, placed, clause)
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

    def _tell_coefficient(
        self, split: ir.Split, share: ast.Share, placed: Placed, permit: ast.Permit
    ) -> None:
        """Tell a coefficient that the law does not permit (L512), or that can pass its most (L513)."""
        if split.coefficient is None or share.coefficient is None:
            return
        lowering = self.linker.lowering
        most = None if permit.most is None else lowering.value(permit.most, placed.text)
        found = self.linker.ranges()
        high = found[split.coefficient].high
        limit = None if most is None else found[most].high
        if permit.most is None:
            self.linker.report.tell(
                "L512",
                share.coefficient.span,
                related=(permit.span,),
                law=placed.text.law or "",
                article=placed.origin.article,
                reference=placed.origin.reference,
            )
        elif limit is not None and (high is None or high > limit):
            self.linker.report.tell(
                "L513",
                share.coefficient.span,
                related=(permit.span,),
                most=limit,
                law=placed.text.law or "",
                article=placed.origin.article,
                reference=placed.origin.reference,
            )

    def _tell_key(
        self, key: ast.Key, share: Placed, permit: Placed, permitted: set[str | None]
    ) -> None:
        figure = key.figure
        if figure is None:
            found: str | None = None
        elif isinstance(figure, ast.Name):
            found = share.text.words.canonical(figure.word)
            if found not in self.linker.scope.figures:
                return  # told where the share is compiled
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
