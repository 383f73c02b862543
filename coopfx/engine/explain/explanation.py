"""Why a figure is what it is: the steps that led to it, each with its numbers and where it is written.

The tree is made on demand from an evaluation that kept every value; no sentence stands here, only
the keys of sentences in the word files.
"""

from collections.abc import Callable, Iterator
from fractions import Fraction

from attrs import define, evolve

from coopfx.engine.explain.parts import Parts
from coopfx.engine.explain.steps import on_line
from coopfx.engine.outcome import (
    OF_CHARGES,
    TO_A_CENT,
    UNDETERMINED,
    VIOLATED,
    Case,
    Explanation,
    Outcome,
    Verdict,
)
from coopfx.engine.reference.books import placed
from coopfx.engine.reference.clauses import total
from coopfx.engine.reference.evaluation import Run
from coopfx.engine.reference.settle import verdict
from coopfx.engine.reference.values import unknown
from coopfx.engine.reference.without import without_value
from coopfx.ground.exact import NUMBER, Missing, Undefined, Value, plus
from coopfx.ground.figure import BALANCES
from coopfx.ground.report import Argument, Percent, Said, Word
from coopfx.language import ir

MOST_RECORDS = 20
"""Of so many records that a rule does not hold for, its explanation speaks one by one."""


def explain(run: Run, outcome: Outcome, name: str, record: str = "") -> Explanation | None:
    """The explanation of a figure, an account, a rule, an indicator, or a record's figure.

    ``name`` is canonical (an indicator's is its label), ``record`` an identifier. None where there is
    no such figure.
    """
    explainer = _Explainer(run)
    program = run.program
    if record:
        return explainer.of_record(name, record)
    if name in program.accounts and program.accounts[name].record is None:
        return explainer.account(name)
    if name in program.figures:
        return explainer.figure(program.figures[name], None)
    for rule in program.rules:
        if rule.name == name:
            return explainer.rule(rule)
    for indicator in program.indicators:
        if indicator.label == name:
            return explainer.indicator(indicator, outcome)
    if name == OF_CHARGES:
        return explainer.charges()
    return explainer.unread(name) or explainer.balance(name)


def record_of(run: Run, name: str) -> str | None:
    """The sort of record that has each its own of a figure, or its part of an account; else None."""
    program = run.program
    found = [program.nodes[clause.node].record for clause in _shares_of(program, name)]
    found += [item.record for item in program.inputs if item.key == name]
    _, account = side_of(name)
    if account in program.accounts:
        found.append(program.accounts[account].record)
    found += [
        program.nodes[index].record
        for index, own in program.names.items()
        if own == name and not isinstance(program.nodes[index], ir.Group)
    ]
    return next((record for record in found if record in program.records), None)


ALL = "all"
"""What stands before an account's name for its opening balance and what the year has added."""


def side_of(name: str) -> tuple[str, str]:
    """Which balance a name asks for, empty where it asks for none, and of which account.

    >>> side_of("closing pot"), side_of("pot")
    (('closing', 'pot'), ('', 'pot'))
    """
    side, _, account = name.partition(" ")
    return (side, account) if side in (ALL, *BALANCES) else ("", name)


def _shares_of(program: ir.Program, name: str) -> list[ir.ShareClause]:
    """The shares of what has a name; of charges, those that take from no account."""
    asked = None if name == OF_CHARGES else name
    return [clause for clause in program.shares if program.shared_out(clause) == asked]


def known_names(run: Run) -> list[str]:
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
        *(item.key for item in program.inputs),
        *named,
    ]


@define
class _Explainer(Parts):
    # ---- what can be asked for

    def figure(self, index: int, row: int | None) -> Explanation:
        """A figure, and of one that has no value for want of another's, which that is."""
        found = self.node(index, row)
        if without_value(self.run, [(index, row)]) == ((index, row),):
            return found
        return evolve(found, steps=(*found.steps, *self.without((index, row))))

    def account(self, name: str) -> Explanation:
        """What the year put into an account, what was taken out, and the law that speaks of it."""
        nodes = self.run.program.accounts[name]
        own = self._account(name, nodes, None)
        return evolve(own, steps=(*own.steps, *self.laws_on(nodes.added, name)))

    def _account(self, name: str, nodes: ir.AccountNodes, row: int | None) -> Explanation:
        added = self.node(nodes.added, row)
        type_ = self.run.program.nodes[nodes.added].type
        whose = row is not None and nodes.record is not None
        said = self.of_record_named(name, nodes.record or "", row or 0) if whose else Word(name)
        return Explanation(
            "explain.account",
            {"account": said}
            | {
                at: (self.at(getattr(nodes, at), row), type_)
                for at in ("opening", "added", "taken", "closing")
            },
            self.at(nodes.added, row),
            type_,
            steps=(
                *added.steps,
                *self._taken_of(name, row),
                *self.without((nodes.added, row), (nodes.taken, row)),
            ),
        )

    def _taken_of(self, name: str, row: int | None) -> Iterator[Explanation]:
        """What the books say was taken out of an account or its branches."""

        def leaves(entry: ir.Entry) -> bool:
            ends = [one.name for one in (entry.source, entry.target) if one.kind == "account"]
            within = [f"{one}.".startswith(f"{name}.") for one in ends]
            return entry.source.kind == "account" and within in ([True], [True, False])

        return self._given(leaves, row)

    def _given(
        self, asked: Callable[[ir.Entry], bool], row: int | None = None
    ) -> Iterator[Explanation]:
        """What some entries of the books took: by which line, and to where."""
        program = self.run.program
        origins = {clause.node: clause.origin for clause in program.money_clauses()}
        for entry, _, line in placed(program):
            if not asked(entry):
                continue
            found = self.run.values.get(entry.amount, Fraction(0))
            whole = total(found) if isinstance(found, list) else found
            value = whole if row is None else self.at(entry.amount, row)
            if value != 0:
                type_ = program.nodes[entry.amount].type
                source = entry.source.name
                arguments: dict[str, Argument] = {
                    "account": Word(source) if source else Said("origin.charges"),
                    "value": (value, type_),
                    "target": Word(entry.target.name),
                }
                how = "explain.moved" if entry.target.kind == "account" else "explain.shared"
                how += "" if isinstance(value, Fraction) else ".unknown"
                origin = on_line(origins[entry.clause], line)
                yield self._written(how, arguments, value, type_, origin)

    def of_record(self, name: str, record: str) -> Explanation | None:
        """What a record received from an account, or a figure of it."""
        program = self.run.program
        account = program.accounts.get(name)
        if account is not None and account.record is not None:
            own = self.run.ids(account.record)
            if record in own:
                return self._account(name, account, own.index(record))
        parts = [
            self._part(clause, record)
            for clause in _shares_of(program, name)
            if record in self.run.ids(program.nodes[clause.node].record or "")
        ]
        if parts:
            return _together([one for one in parts if one.how != "explain.part_none"] or parts)
        for index in sorted(self.run.values):
            other = program.nodes[index]
            if program.names.get(index) == name and other.record is not None:
                ids = self.run.ids(other.record)
                if record in ids:
                    return self.figure(index, ids.index(record))
        return self.unread(name, record) or self.balance(name, record)

    def balance(self, name: str, record: str = "") -> Explanation | None:
        """A balance of an account, or what the year has put there or taken out."""
        side, account = side_of(name)
        nodes = self.run.program.accounts.get(account)
        if not side or nodes is None or (nodes.record is None) == bool(record):
            return None
        row = None
        if nodes.record is not None:
            ids = self.run.ids(nodes.record)
            if record not in ids:
                return None
            row = ids.index(record)
        return self._balance_of(account, side, nodes, row)

    def _balance_of(
        self, account: str, side: str, nodes: ir.AccountNodes, row: int | None
    ) -> Explanation:
        """One balance: of what it is made, and what was taken by the books' own lines."""
        if side == ALL:
            parts = self.figure(nodes.opening, row), self.figure(nodes.added, row)
            value = plus(self.at(nodes.opening, row), self.at(nodes.added, row))
            type_ = self.run.program.nodes[nodes.opening].type
            arguments = parts[1].arguments | {"value": (value, type_)}
            return Explanation("explain.all", arguments, value, type_, steps=parts)
        index = getattr(nodes, side)
        found = self.figure(index, row)
        if side == "closing":
            made = [self._balance_of(account, one, nodes, row) for one in BALANCES[:-1]]
        elif side == "taken":
            made = [*self._taken_of(account, row), *self.without((index, row))]
        else:
            return found
        return evolve(found, steps=tuple(made))

    def charges(self) -> Explanation | None:
        """What the statute takes as charges of the year, out of no account: by which line, and to where."""
        program = self.run.program
        taken = [one for one in program.books if one.source.kind == "charges"]
        if not taken:
            return None
        steps = tuple(self._given(lambda entry: entry.source.kind == "charges"))
        value = total([one.value for one in steps if one.value is not None])
        type_ = program.nodes[taken[0].amount].type
        return Explanation("explain.charges", {"value": (value, type_)}, value, type_, steps=steps)

    def _part(self, clause: ir.ShareClause, record: str) -> Explanation:
        """What a record receives of a share, and the laws that speak of what is shared."""
        node = self.run.program.nodes[clause.node]
        assert isinstance(node, ir.Split) and node.record is not None
        part = self.part(clause, node, self.run.ids(node.record).index(record), record)
        return evolve(part, steps=(*part.steps, *self.laws_on(node.amount, clause.account or "")))

    def unread(self, name: str, record: str = "") -> Explanation | None:
        """A declared fact that no clause reads: what the data give, and that nothing rests on it."""
        declared = next((item for item in self.run.program.inputs if item.key == name), None)
        if declared is None or (declared.record is None) == bool(record):
            return None
        said: Argument = Word(name)
        row = None
        if declared.record is None:
            value: Value = self.run.facts.figure(name)
        else:
            ids = self.run.ids(declared.record)
            if record not in ids:
                return None
            row = ids.index(record)
            value = self.run.facts.tables[declared.record].column(name)[row]
            said = Said("fact.of", {"fact": Word(name), "record": record})
        how = "explain.unread"
        if isinstance(value, Missing):
            how += "_missing" if declared.record is None else "_out"
        arguments: dict[str, Argument] = {"name": said, "value": (value, declared.type)}
        if how == "explain.unread_out":  # whether it is given nobody has looked
            arguments.pop("value")
        place = self.run.place_given(name, declared.record, row)
        return Explanation(how, arguments, value, declared.type, data=place)

    def rule(self, rule: ir.Rule) -> Explanation:
        """Why a rule is satisfied, violated, not applicable or undetermined."""
        judged = verdict(self.run, rule)
        steps: list[Explanation] = []
        if rule.set_aside:
            return self._rule(judged, rule)
        if rule.record is None:
            for index in (*rule.comparisons, rule.when, rule.unless):
                if index is not None:
                    steps += self.behind(self.inner(index), None)
        else:
            steps += [self._case(case, judged) for case in judged.cases[:MOST_RECORDS]]
        if judged.undefined is not None:
            steps += self._without_value(rule)
        return self._rule(judged, rule, tuple(steps))

    def _without_value(self, rule: ir.Rule) -> list[Explanation]:
        """Which figures, of whom, a rule rests on that have no value."""
        ids = self.run.ids(rule.record or "")
        cases = {
            case.record
            for case in verdict(self.run, rule).cases
            if case.status == UNDETERMINED and case.missing is None
        }
        rows = [row for row, one in enumerate(ids) if one in cases] if rule.record else [None]
        return self.without(
            *((index, row) for index in rule.nodes(self.run.program) for row in rows)
        )

    def _case(self, case: Case, judged: Verdict) -> Explanation:
        """What a rule says of one record: both sides, or the figures that are wanting."""
        arguments: dict[str, Argument] = {
            "record": case.record,
            "status": _status(case.status, judged),
        }
        why: Missing | Undefined | None = case.missing
        if why is None:
            why = unknown(side for side in (case.left, case.right) if side is not None)
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
            "margin": _side(judged, judged.margin, judged),
            "confidence": Said("confidence.to_confirm") if judged.to_confirm else "",
            "binding": judged.binding,
            "tightest": judged.counts is not None,
        }
        how = "explain.rule.law" if rule.origin.law else "explain.rule.statute"
        if judged.set_aside:
            arguments["why"] = judged.set_aside
            return self._written("explain.rule.aside", arguments, None, type_, rule.origin, steps)
        # An undetermined rule has no two sides to show; over records, its sides are those of another
        # record, of whom it was known.
        why: Missing | Undefined | None = None
        if judged.status == UNDETERMINED:
            why = judged.undefined if judged.missing is None else judged.missing
        if why is not None:
            how += ".unknown"
            arguments["why"] = (why, type_)
        elif judged.left is None or judged.right is None or judged.status == UNDETERMINED:
            how += ".bare"
        else:
            arguments["sides"] = _sides(judged, judged)
            if judged.allowance is not None:
                how += ".allowed"
                arguments["allowance"] = (judged.allowance, type_)
        return self._written(how, arguments, judged.left, type_, rule.origin, steps)

    def indicator(self, indicator: ir.Indicator, outcome: Outcome) -> Explanation:
        """How an indicator is worked out, and whether its target is met."""
        year = next(item for item in outcome.indicators if item.label == indicator.label)
        node = self.run.program.nodes[indicator.value]
        value = self.run.value(indicator.value)

        def shown(one: Value | None) -> Argument:
            percent = indicator.percent and isinstance(one, Fraction)
            return Percent(one) if percent else (one, node.type)  # type: ignore[arg-type]

        arguments: dict[str, Argument] = {
            "label": indicator.label,
            "pillar": Word(year.pillar) if year.pillar else "",
            "shown": shown(value),
            "formula": self.formula(indicator.value, None),
        }
        how = "explain.indicator"
        if year.target is not None:
            how += ".target"
            met = {True: "met", False: "missed", None: "open"}[year.met]
            arguments |= {
                "relation": Said(f"relation.{year.relation}"),
                "target": shown(year.target),
                "met": Said(f"target.{met}"),
            }
        steps = self.behind(self.inner(indicator.value), None)
        steps += self.without((indicator.value, None))
        return self._written(how, arguments, value, node.type, indicator.origin, steps)

    def laws_on(self, index: int, account: str) -> list[Explanation]:
        """The rules of the laws that speak of a node, and the forms they permit for its account."""
        program = self.run.program
        found = []
        for permitted in program.permitted:
            if permitted.name == account and permitted.set_aside:
                rule = next(one for one in program.rules if one.name == permitted.form)
                found.append(self._rule(verdict(self.run, rule), rule))
            elif permitted.name == account:
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
            if rule.origin.law and index in self._closure(rule.condition):
                found.append(self._rule(verdict(self.run, rule), rule))
        return found

    def _closure(self, index: int) -> set[int]:
        """What a condition speaks of, down to the accounts it reads; worked out once for a year."""
        if index in self.run.spoken_of:
            return self.run.spoken_of[index]
        found, pending = set[int](), [index]
        while pending:
            one = pending.pop()
            if one in found:
                continue
            found.add(one)
            if not isinstance(self.run.program.nodes[one], ir.Balance):
                pending += self.inner(one)
        self.run.spoken_of[index] = found
        return found


def _together(parts: list[Explanation]) -> Explanation:
    """What a record receives of several shares of one account; of one, that."""
    first, *others = parts
    if not others:
        return first
    value = total([Fraction(0) if one.value is None else one.value for one in parts])
    arguments = first.arguments | {"value": (value, first.type)}
    return Explanation("explain.received", arguments, value, first.type, steps=tuple(parts))


def _status(status: str, judged: Verdict) -> Said:
    """A verdict's word; what only recommends is not violated but not followed."""
    ignored = status == VIOLATED and not judged.binding
    return Said("status.not followed" if ignored else f"status.{status}")


def _sides(of: Case | Verdict, judged: Verdict) -> Said:
    """Both sides of a comparison, money as it is paid; where it fails, what was asked instead."""
    return Said(
        "report.instead" if of.status in (VIOLATED, TO_A_CENT) else "formula.compare",
        {
            "left": _side(of, of.left, judged),
            "relation": Said(f"relation.{judged.relation}"),
            "right": _side(of, of.right, judged),
        },
    )


def _side(of: Case | Verdict, value: Value | None, judged: Verdict) -> Argument:
    type_ = judged.type or NUMBER
    if judged.percent and type_ == NUMBER and isinstance(value, Fraction):
        return Percent(value)
    return (judged.as_shown(of, value), type_)
