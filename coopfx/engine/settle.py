"""An evaluation, settled: what is read off the nodes becomes the outcome of the year."""

from fractions import Fraction

from attrs import evolve

from coopfx.engine.outcome import (
    NOT_APPLICABLE,
    SATISFIED,
    UNDETERMINED,
    VIOLATED,
    AccountYear,
    Allocation,
    Case,
    Figure,
    IndicatorYear,
    ItemPaid,
    Outcome,
    PoolYear,
    Provenance,
    Share,
    Verdict,
)
from coopfx.engine.reference import Evaluation
from coopfx.engine.values import compared, unknown
from coopfx.exact import Missing, Undefined, Value
from coopfx.language import ir

_SLACK = {"at_least": 1, "above": 1, "at_most": -1, "below": -1}


def settle(run: Evaluation, provenance: Provenance) -> Outcome:
    """The outcome of an evaluated year."""
    program = run.program
    return Outcome(
        provenance,
        run.facts.cooperative or program.name,
        run.facts.closing,
        program.currency,
        program.name,
        program.language,
        program.in_force,
        tuple(
            Figure(name, program.nodes[node].type, run.value(node))
            for name, node in program.figures.items()
        ),
        tuple(_allocation(run, clause) for clause in program.allocations),
        tuple(_account(run, name, nodes) for name, nodes in program.accounts.items()),
        tuple(_share(run, clause) for clause in program.shares),
        tuple(_pool(run, clause) for clause in program.pools),
        tuple(verdict(run, rule) for rule in program.rules),
        tuple(_indicator(run, indicator) for indicator in program.indicators),
        tuple(run.diagnostics),
    )


def _allocation(run: Evaluation, clause: ir.AllocateClause) -> Allocation:
    node = run.program.nodes[clause.node]
    assert isinstance(node, ir.Allocate)
    result = run.allocations[clause.node]
    items = []
    for position, item in enumerate(node.items):
        line = clause.lines[position]
        items.append(ItemPaid(item.account, result.amounts[position], line))
        if item.fill is not None and item.fill.then is not None:
            over = ItemPaid(item.fill.then, result.overflows[position], line, overflow=True)
            items.append(over)
    if clause.losses_line is not None:
        items.append(ItemPaid(node.losses, result.losses, clause.losses_line, losses=True))
    elif result.losses != 0:
        items.append(ItemPaid(node.losses, result.losses, clause.origin.span.line, losses=True))
    return Allocation(clause.source, run.value(clause.node), clause.origin.article, tuple(items))


def _account(run: Evaluation, name: str, nodes: ir.AccountNodes) -> AccountYear:
    return AccountYear(
        name,
        run.value(nodes.opening),
        run.value(nodes.added),
        run.value(nodes.taken),
        run.value(nodes.closing),
        nodes.management,
        nodes.indivisible,
    )


def _share(run: Evaluation, clause: ir.ShareClause) -> Share:
    node, result = run.program.nodes[clause.node], run.splits[clause.node]
    assert isinstance(node, ir.Split) and node.record is not None
    amount, paid = run.value(node.amount), result.paid
    absent = unknown((amount, paid))
    left: Value = absent if absent is not None else _number(amount) - _number(paid)
    parts = None
    if isinstance(result.parts, list) and isinstance(paid, Fraction):
        ids = run.ids(node.record)
        parts = tuple((ids[row], _number(result.parts[row])) for row in result.entitled)
    return Share(clause.account, clause.group, clause.origin.article, amount, left, parts)


def _number(value: Value) -> Fraction:
    assert isinstance(value, Fraction), value
    return value


def _pool(run: Evaluation, clause: ir.PoolClause) -> PoolYear:
    node = run.program.nodes[clause.node]
    assert isinstance(node, ir.Pool) and node.record is not None
    figures, kept = run.column(node.figure), run.column(clause.node)
    parts: tuple[tuple[str, Value, Value], ...] = ()
    if isinstance(figures, list) and isinstance(kept, list):
        parts = tuple(zip(run.ids(node.record), figures, kept, strict=True))
    pooled = next(
        index
        for index, other in enumerate(run.program.nodes)
        if isinstance(other, ir.Pooled) and other.clause == clause.node
    )
    return PoolYear(clause.figure, clause.account, clause.origin.article, run.value(pooled), parts)


def _indicator(run: Evaluation, indicator: ir.Indicator) -> IndicatorYear:
    met = None if indicator.met is None else run.value(indicator.met)
    return IndicatorYear(
        indicator.label,
        indicator.pillar,
        run.program.nodes[indicator.value].type,
        run.value(indicator.value),
        indicator.percent,
        None if indicator.target is None else run.value(indicator.target),
        indicator.relation,
        met if isinstance(met, bool) else None,
    )


# ---- verdicts


def verdict(run: Evaluation, rule: ir.Rule) -> Verdict:
    """Whether a rule held: once, or over the records it speaks of."""
    comparison = _first_comparison(run, rule)
    base = Verdict(
        rule.name,
        rule.origin.law,
        rule.origin.article,
        rule.origin.title,
        rule.binding,
        UNDETERMINED,
        type=run.program.nodes[comparison.left].type if comparison else None,
        relation=comparison.relation if comparison else None,
        reference=rule.origin.reference,
        to_confirm=rule.origin.to_confirm,
        message=rule.message,
        span=rule.origin.span,
    )
    if rule.record is None:
        one = _case(run, rule, None, "")
        return evolve(
            base,
            status=one.status,
            relation=_relation(run, rule, None) or base.relation,
            left=one.left,
            right=one.right,
            margin=one.margin,
            missing=one.missing,
            undefined=_undefined(one),
        )
    return _over_records(run, rule, base)


def _over_records(run: Evaluation, rule: ir.Rule, base: Verdict) -> Verdict:
    assert rule.record is not None and rule.group is not None
    members = run.column(rule.group)
    if isinstance(members, Missing):
        return evolve(base, missing=members)
    ids = run.ids(rule.record)
    cases = [_member_case(run, rule, row, ids[row], members[row]) for row in range(len(ids))]
    shown = [case for case in cases if case is not None]
    counts = {
        status.replace(" ", "_"): sum(case.status == status for case in shown)
        for status in (SATISFIED, VIOLATED, NOT_APPLICABLE, UNDETERMINED)
    }
    decided = [case for case in shown if isinstance(case.margin, Fraction)]
    worst = min(decided, key=lambda case: _number(case.margin or Fraction(0)), default=None)
    missing = unknown(case.missing for case in shown if case.missing is not None)
    undefined = next((why for case in shown if (why := _undefined(case)) is not None), None)
    status = next(
        (
            status
            for status in (VIOLATED, UNDETERMINED, SATISFIED)
            if counts[status.replace(" ", "_")]
        ),
        NOT_APPLICABLE,
    )
    return evolve(
        base,
        status=status,
        left=worst.left if worst else None,
        right=worst.right if worst else None,
        margin=worst.margin if worst else None,
        missing=missing if isinstance(missing, Missing) else None,
        undefined=undefined,
        counts=counts,
        cases=tuple(case for case in shown if case.status in (VIOLATED, UNDETERMINED)),
    )


def _member_case(
    run: Evaluation, rule: ir.Rule, row: int, record: str, member: Value
) -> Case | None:
    if member is False:
        return None
    if member is True:
        return _case(run, rule, row, record)
    missing = member if isinstance(member, Missing) else None
    return Case(record, UNDETERMINED, None, None, None, missing)


def _case(run: Evaluation, rule: ir.Rule, row: int | None, record: str) -> Case:
    when = True if rule.when is None else _at(run, rule.when, row)
    unless = False if rule.unless is None else _at(run, rule.unless, row)
    if when is False or unless is True:
        return Case(record, NOT_APPLICABLE, None, None, None)
    holds = _at(run, rule.condition, row)
    left, right, margin = _sides(run, rule, row)
    absent = unknown((when, unless, holds))
    if absent is not None:
        return Case(record, UNDETERMINED, left, right, margin, _only_missing(absent))
    status = SATISFIED if holds is True else VIOLATED
    return Case(record, status, left, right, margin)


def _only_missing(absent: Missing | Undefined | None) -> Missing | None:
    return absent if isinstance(absent, Missing) else None


def _undefined(case: Case) -> Undefined | None:
    if case.status != UNDETERMINED or case.missing is not None:
        return None
    found = unknown(value for value in (case.left, case.right) if value is not None)
    return found if isinstance(found, Undefined) else Undefined("condition")


def _at(run: Evaluation, node: int, row: int | None) -> Value:
    if row is None:
        return run.value(node)
    column = run.column(node)
    return column if isinstance(column, Missing) else column[row]


def _first_comparison(run: Evaluation, rule: ir.Rule) -> ir.Compare | None:
    for index in rule.comparisons:
        node = run.program.nodes[index]
        if isinstance(node, ir.Compare):
            return node
    return None


def _decisive(run: Evaluation, rule: ir.Rule, row: int | None) -> ir.Compare | None:
    """The comparison that decides: one that fails or cannot be said, else the one nearest to failing."""
    found: list[tuple[int, Fraction, int, ir.Compare]] = []
    for order, index in enumerate(rule.comparisons):
        node = run.program.nodes[index]
        assert isinstance(node, ir.Compare)
        left, right = _at(run, node.left, row), _at(run, node.right, row)
        holds = compared(node, left, right)
        rank = 0 if holds is False else 2 if holds is True else 1
        found.append((rank, _margin(node, left, right) or Fraction(0), order, node))
    return min(found, key=lambda item: item[:3])[3] if found else None


def _relation(run: Evaluation, rule: ir.Rule, row: int | None) -> str | None:
    node = _decisive(run, rule, row)
    return node.relation if node else None


def _sides(
    run: Evaluation, rule: ir.Rule, row: int | None
) -> tuple[Value | None, Value | None, Value | None]:
    node = _decisive(run, rule, row)
    if node is None:
        return None, None, None
    left, right = _at(run, node.left, row), _at(run, node.right, row)
    return left, right, _margin(node, left, right)


def _margin(node: ir.Compare, left: Value, right: Value) -> Fraction | None:
    """How far a comparison is from its edge, exactly: negative where it fails by as much."""
    if not (isinstance(left, Fraction) and isinstance(right, Fraction)):
        return None
    if node.relation in _SLACK:
        return (left - right) * _SLACK[node.relation]
    return -abs(left - right) if node.relation == "equal" else abs(left - right)
