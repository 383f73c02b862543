"""The clauses that judge: rules, indicators and permitted forms, to what is read off nodes."""

from collections import Counter
from collections.abc import Sequence
from datetime import date, timedelta

from attrs import Factory, define, evolve, field

from coopfx.ground.exact import NUMBER, YES_NO, Known
from coopfx.ground.figure import in_force_of
from coopfx.ground.source import Span
from coopfx.language import ast, ir
from coopfx.language.allowance import Allowances
from coopfx.language.aside import Aside
from coopfx.language.forms import Forms
from coopfx.language.link import Linker
from coopfx.language.placed import Placed

_AIMS = {"at_least": "higher", "at_most": "lower"}
"""Which way an indicator is meant to go, by how it is compared with its target."""


@define(slots=True)
class Judge:
    """Compiles the clauses that judge, with a linker that has compiled those that move money."""

    linker: Linker
    in_force: date
    rules: list[ir.Rule] = Factory(list)
    indicators: list[ir.Indicator] = Factory(list)
    aside: Aside = field(init=False)
    permitted: list[ir.Permitted] = Factory(list)
    amiss: set[str] = Factory(set)
    """The rules that are told to be wrong, by their names: they are known, and have no verdict."""
    allowances: Allowances = Factory(lambda self: Allowances(self.linker.lowering), takes_self=True)
    _spans: dict[str, Span] = Factory(dict)
    _laws: dict[str, str | None] = Factory(dict)
    _unnamed: Counter[tuple[str | None, str]] = Factory(Counter)

    def judge(self, clauses: Sequence[Placed]) -> None:
        """Compile every clause that judges, in the order of the texts."""
        forms = Forms(self.linker)
        self.aside = Aside(self.linker, clauses)
        for placed in clauses:
            match placed.clause:
                case ast.Require():
                    self._rule(placed, placed.clause)
                case ast.Permit() if not placed.text.is_statute:
                    self._form(placed, placed.clause, forms)
                case ast.Indicator():
                    self._indicator(placed, placed.clause)
                case ast.Decide():
                    self._decision(placed, placed.clause)
                case ast.Permit() | ast.Statute() | ast.Law() | ast.BasedOn() | ast.Currency():
                    pass
                case ast.InForce() | ast.SourceLine() | ast.Article() | ast.Record() | ast.Input():
                    pass
                case ast.Group() | ast.Account() | ast.Parameter() | ast.Define() | ast.Scale():
                    pass
                case ast.Allocate() | ast.Share() | ast.Pool() | ast.SetAside() | ast.Example():
                    pass
        self._tell_labels(clauses)
        self.aside.tell_clauses({name for name, law in self._laws.items() if law is None})

    def _form(self, placed: Placed, clause: ast.Permit, forms: Forms) -> None:
        """A form that a law permits; one that is set aside stands among the rules, and holds nobody."""
        account = placed.text.words.canonical(clause.account.word)
        form = ir.Permitted(account, placed.origin)
        aside = self.aside.of(form.form, placed)
        if self._over(placed):
            return
        if aside is None:
            forms.hold(placed, clause)
            forms.tell_called(placed, clause)
        elif all(rule.name != form.form for rule in self.rules):
            yes = self.linker.lowering.constant(True, YES_NO)
            rule = ir.Rule(form.form, True, yes, placed.origin)
            self.rules.append(_without(rule, aside))
        self.permitted.append(evolve(form, set_aside=aside.reason if aside else ""))

    def _rule(self, placed: Placed, clause: ast.Require) -> None:
        lowering, text = self.linker.lowering, placed.text
        record = group = None
        if clause.each is not None:
            each = lowering.scope.each(clause.each, text)
            if each is None:
                for part in (clause.condition, clause.when, clause.unless):
                    lowering.tell_unknown(part, text)
                self.amiss.add(self._name(placed, clause))
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
            self.amiss.add(name)
            return
        when = self._in_force(name, placed, when, record)
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
                self.allowances.nearly(condition),
            )
        )
        aside = self.aside.of(name, placed)
        if aside is not None:
            self.rules[-1] = _without(self.rules[-1], aside)

    def _in_force(
        self, name: str, placed: Placed, when: int | None, record: str | None
    ) -> int | None:
        """When a law's rule applies: also only on the days on which the law and its article hold.

        Days before the statute's own first are none of its years, so that they need no condition.
        """
        lowering, reference = self.linker.lowering, placed.origin.reference
        values: list[tuple[date, Known, str, bool]] = [(date.min, True, reference, False)]
        start = max((term.start for term in placed.terms), default=date.min)
        end = _end(placed)
        if start > self.in_force:
            values = [(date.min, False, "", False), (start, True, reference, False)]
        if end < date.max:
            values.append((end + timedelta(days=1), False, reference, False))
        if len(values) == 1:
            return when
        parameter = in_force_of(name)
        lowering.declared.parameters[parameter] = ir.Dated(YES_NO, tuple(values))
        held = lowering.lift(lowering.emit(ir.Param(parameter, type=YES_NO)), record)
        if when is None:
            return held
        return lowering.emit(ir.Op("and", (held, when), type=YES_NO, record=record))

    def _over(self, placed: Placed) -> bool:
        """Whether a law's article had ended before the statute began."""
        return _end(placed) < self.in_force

    def _decision(self, placed: Placed, clause: ast.Decide) -> None:
        """The rule that a decision keeps its bounds."""
        lowering = self.linker.lowering
        canonical = placed.text.words.canonical(clause.name.word)
        declared = lowering.scope.figures.get(canonical)
        if declared is None or declared.clause is not clause:
            return
        index = lowering.figure(canonical, declared, clause.name.span)
        if index is None:
            self.amiss.add(canonical)
            return
        node = lowering.nodes[index]
        assert isinstance(node, ir.Decision)
        own = clause.name.span
        kept = [lowering.compare("at_least", index, node.low, own, clause.low.span)]
        if node.high is not None and clause.high is not None:
            kept.append(lowering.compare("at_most", index, node.high, own, clause.high.span))
        sides = tuple(side for side in kept if side is not None)
        if len(sides) < len(kept):
            return
        both = lowering.emit(ir.Op("and", sides, type=YES_NO)) if sides[1:] else sides[0]
        self._spans.setdefault(canonical, clause.span)
        self._laws[canonical] = None
        self.rules.append(ir.Rule(canonical, True, both, placed.origin, sides))

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
                "N202", clause.name.span, related=related, name=clause.name.word, expected=""
            )
        self._spans.setdefault(full, clause.span)
        self._laws[full] = law
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
        if isinstance(node, ir.Op) and node.operation == "or":
            # A comparison beside exceptions has sides to show; of several, none is the one.
            beside = [self._comparisons(item) for item in node.arguments]
            found_beside = [indices for indices in beside if indices]
            return found_beside[0] if len(found_beside) == 1 else ()
        return ()

    def _indicator(self, placed: Placed, clause: ast.Indicator) -> None:
        lowering, text = self.linker.lowering, placed.text
        value = lowering.value(clause.value, text)
        if value is None:
            return
        pillar = text.words.canonical(clause.pillar.word) if clause.pillar else ""
        made = ir.Indicator(
            clause.label,
            pillar,
            value,
            placed.origin,
            percent=value in lowering.percents,
            unit=clause.unit.value if clause.unit else "",
            better=clause.better.direction if clause.better else "",
            formerly=tuple(one.value for one in clause.formerly),
            breaks=tuple(sorted((self._year(one.year), one.reason) for one in clause.breaks)),
        )
        if clause.target is not None:
            target = lowering.value(clause.target.value, text)
            if target is None:
                return
            relation = clause.target.relation
            met = lowering.compare(relation, value, target, clause.value.span, clause.target.span)
            if met is None:
                return
            aims = _AIMS[relation]
            if clause.better is not None and made.better != aims:
                related = (clause.better.span,)
                self.linker.report.tell("T322", clause.target.span, related=related)
            percent = target in lowering.percents
            by = self._year(clause.target.year) if clause.target.year else None
            made = evolve(
                made, target=target, met=met, relation=relation, percent=percent, by=by, better=aims
            )
        if clause.unit is not None and (lowering.type_of(value) != NUMBER or made.percent):
            self.linker.report.tell("T321", clause.unit.span, found=clause.unit.value)
        self.indicators.append(made)

    def _year(self, year: ast.Year) -> int:
        """A year of the calendar; told (T320) where the number is none."""
        if year.value.denominator > 1 or not 1800 <= year.value < 3000:
            self.linker.report.tell("T320", year.span)
            return 0
        return int(year.value)

    def _tell_labels(self, clauses: Sequence[Placed]) -> None:
        """Tell labels by which two indicators would go on in one series (N226, N227)."""
        own = [one.clause for one in clauses if isinstance(one.clause, ast.Indicator)]
        labels: dict[str, Span] = {}
        for clause in own:
            if clause.label in labels:
                related = (labels[clause.label],)
                self.linker.report.tell("N226", clause.span, related=related, name=clause.label)
            labels.setdefault(clause.label, clause.span)
        for clause in own:
            for former in clause.formerly:
                if former.value in labels:
                    related = (labels[former.value],)
                    self.linker.report.tell("N227", former.span, related=related, name=former.value)
                labels.setdefault(former.value, former.span)


def _without(rule: ir.Rule, aside: ast.SetAside) -> ir.Rule:
    """A rule that a statute sets aside."""
    return evolve(rule, set_aside=aside.reason, aside=aside.span)


def _end(placed: Placed) -> date:
    """The last day on which a law's clause holds."""
    return min((term.end for term in placed.terms if term.end is not None), default=date.max)
