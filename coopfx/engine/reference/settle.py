"""An evaluation, settled: what is read off its books and its nodes becomes the outcome of the year."""

from collections.abc import Iterable
from fractions import Fraction

from attrs import evolve, frozen

from coopfx.engine.outcome import (
    NOT_APPLICABLE,
    SATISFIED,
    SET_ASIDE,
    TO_A_CENT,
    UNDETERMINED,
    VIOLATED,
    AccountYear,
    Allocation,
    Booked,
    Case,
    Figure,
    IndicatorYear,
    ItemPaid,
    Outcome,
    Place,
    PoolYear,
    Provenance,
    RecordBalances,
    Share,
    Verdict,
)
from coopfx.engine.reference.books import booked, giver_of, place_of
from coopfx.engine.reference.clauses import step_of_node, total
from coopfx.engine.reference.evaluation import Run
from coopfx.engine.reference.values import compared, known_or, unknown
from coopfx.ground.exact import Missing, Undefined, Value, round_to
from coopfx.language import ir

_SLACK = {"at_least": 1, "above": 1, "at_most": -1, "below": -1}


def settle(run: Run, provenance: Provenance) -> Outcome:
    """The outcome of an evaluated year."""
    program, entries = run.program, booked(run)
    books = _Books.of(run, entries)
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
        tuple(_allocation(run, books, clause) for clause in program.allocations),
        tuple(_account(run, name, nodes) for name, nodes in program.accounts.items()),
        tuple(_share(run, books, clause) for clause in program.shares),
        tuple(_pool(run, books, clause) for clause in program.pools),
        tuple(verdict(run, rule) for rule in program.rules),
        tuple(_indicator(run, indicator) for indicator in program.indicators),
        tuple(run.diagnostics),
        entries,
    )


@frozen
class _Books:
    """The entries of a year by the clause that makes each, with what it moved."""

    made: dict[int, list[tuple[ir.Entry, dict[str, Value]]]]

    @classmethod
    def of(cls, run: Run, entries: Iterable[Booked]) -> "_Books":
        moved: dict[int, dict[str, Value]] = {}
        for one in entries:
            moved.setdefault(one.number, {})[one.record] = one.amount
        made: dict[int, list[tuple[ir.Entry, dict[str, Value]]]] = {}
        for number, entry in enumerate(run.program.books):
            made.setdefault(entry.clause, []).append((entry, moved.get(number, {})))
        return cls(made)

    def origin(self, clause: int) -> Place | None:
        """From where a clause takes its money."""
        entries = self.made.get(clause)
        return None if not entries else place_of(entries[0][0].source)

    def rows(self, clause: int, *ways: str) -> dict[str, Value]:
        """What the entries of a clause moved in some ways, by whose it is."""
        found = (rows for entry, rows in self.made.get(clause, ()) if entry.way in ways)
        return {record: amount for rows in found for record, amount in rows.items()}

    def of_item(self, clause: int, item: int | None, way: str) -> Value:
        """What an item of an allocation moved in all."""
        return next(
            total(list(rows.values()))
            for entry, rows in self.made[clause]
            if (entry.item, entry.way) == (item, way)
        )


def _allocation(run: Run, books: _Books, clause: ir.AllocateClause) -> Allocation:
    node = run.program.nodes[clause.node]
    assert isinstance(node, ir.Allocate)
    items = []
    for position, (item, line) in enumerate(zip(node.items, clause.lines, strict=True)):
        amount = books.of_item(clause.node, position, "item")
        items.append(ItemPaid(item.account, amount, line))
        if item.fill is not None and item.fill.then is not None:
            amount = books.of_item(clause.node, position, "overflow")
            items.append(ItemPaid(item.fill.then, amount, line, overflow=True))
    losses = total(list(books.rows(clause.node, "losses").values()))
    if clause.losses_line is not None or losses != 0:
        line = clause.losses_line or clause.origin.span.line
        items.append(ItemPaid(node.losses, losses, line, losses=True))
    source = run.values[clause.node]
    whole = total(source) if isinstance(source, list) else source
    held = node.record is not None or node.when is None or run.value(node.when) is not False
    article = clause.origin.article
    return Allocation(
        run.program.given_out(clause),
        whole,
        article,
        tuple(items),
        node.record,
        held,
        books.origin(clause.node),
    )


def _account(run: Run, name: str, nodes: ir.AccountNodes) -> AccountYear:
    at = (nodes.opening, nodes.added, nodes.taken, nodes.closing)
    flags = (nodes.management, nodes.indivisible, nodes.record)
    if nodes.record is None:
        opening, added, taken, closing = (run.value(node) for node in at)
        between = run.facts.between.get(name)
        return AccountYear(name, opening, added, taken, closing, *flags, between=between)
    columns = [run.column(node) for node in at]
    missing = unknown(column for column in columns if isinstance(column, Missing))
    if missing is not None:
        return AccountYear(name, missing, missing, missing, missing, *flags)
    known = [column for column in columns if isinstance(column, list)]
    rows = tuple(
        RecordBalances(identifier, *balances)
        for identifier, *balances in zip(run.ids(nodes.record), *known, strict=True)
    )
    opening, added, taken, closing = (total(column) for column in known)
    return AccountYear(name, opening, added, taken, closing, *flags, rows)


def _share(run: Run, books: _Books, clause: ir.ShareClause) -> Share:
    node = run.program.nodes[clause.node]
    assert isinstance(node, ir.Split) and node.record is not None
    found = run.values[node.amount]
    exact = total(found) if isinstance(found, list) else found
    # Money is shared in whole cents, whatever the formula of the amount makes.
    amount = round_to(exact, step_of_node(node)) if isinstance(exact, Fraction) else exact
    # An amount that is not known may be that of a segment in which nobody has a right.
    paid = run.splits[clause.node].paid
    received = books.rows(clause.node, "part", "into")
    excess = known_or((paid,), total(list(books.rows(clause.node, "excess").values())))
    absent = unknown((amount, paid))
    left: Value = absent if absent is not None else _number(amount) - _number(paid)
    parts = None
    givers: tuple[str, ...] = ()
    if isinstance(paid, Fraction) and isinstance(run.values[clause.node], list):
        rows = run.splits[clause.node].entitled
        ids = (run.ids(node.record)[row] for row in rows)
        parts = tuple((one, _number(received.get(one, Fraction(0)))) for one in ids)
        givers = tuple(giver_of(run, node.segment, row) for row in rows)
    segment = run.program.nodes[node.segment] if node.segment is not None else None
    return Share(
        run.program.shared_out(clause),
        clause.group,
        clause.origin.article,
        amount,
        left,
        parts,
        segment.to if isinstance(segment, ir.Link) else None,
        node.excess,
        excess,
        node.record,
        books.origin(clause.node),
        givers,
    )


def _number(value: Value) -> Fraction:
    assert isinstance(value, Fraction), value
    return value


def _pool(run: Run, books: _Books, clause: ir.PoolClause) -> PoolYear:
    node = run.program.nodes[clause.node]
    assert isinstance(node, ir.Pool) and node.record is not None
    figures, kept = run.column(node.figure), books.rows(clause.node, "kept")
    parts: tuple[tuple[str, Value, Value], ...] = ()
    if isinstance(figures, list) and isinstance(run.column(clause.node), list):
        rows = zip(run.ids(node.record), figures, strict=True)
        parts = tuple((one, figure, kept.get(one, Fraction(0))) for one, figure in rows)
    pooled = total(list(books.rows(clause.node, "pooled").values()))
    return PoolYear(clause.figure, clause.account, clause.origin.article, pooled, parts)


def _indicator(run: Run, indicator: ir.Indicator) -> IndicatorYear:
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
        indicator.by,
        indicator.unit,
        indicator.better,
        indicator.formerly,
        indicator.breaks,
    )


# ---- verdicts


def verdict(run: Run, rule: ir.Rule) -> Verdict:
    """Whether a rule held: once, or over the records it speaks of."""
    program, comparison = run.program, _first_comparison(run, rule)
    base = Verdict(
        rule.name,
        rule.origin.law,
        rule.origin.article,
        rule.origin.title,
        rule.binding,
        UNDETERMINED,
        type=program.nodes[comparison.left].type if comparison else None,
        relation=comparison.relation if comparison else None,
        reference=rule.origin.reference,
        to_confirm=rule.origin.to_confirm or not run.doubtful.isdisjoint(rule.nodes(program)),
        message=rule.message,
        span=rule.origin.span,
        percent=any(_is_percent(run, index) for index in rule.comparisons),
        exactly=all(_is_exact(run, index) for index in rule.comparisons),
    )
    if rule.set_aside:
        return evolve(base, status=SET_ASIDE, relation=None, set_aside=rule.set_aside)
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
            allowance=_allowance(run, rule, None) if one.status == TO_A_CENT else None,
        )
    return _over_records(run, rule, base)


def _is_percent(run: Run, index: int) -> bool:
    sides = ir.inner(run.program.nodes[index])
    return not run.program.percents.isdisjoint(sides)


def _is_exact(run: Run, index: int) -> bool:
    node = run.program.nodes[index]
    return isinstance(node, ir.Compare) and node.step is None


def _over_records(run: Run, rule: ir.Rule, base: Verdict) -> Verdict:
    assert rule.record is not None and rule.group is not None
    members = run.column(rule.group)
    if isinstance(members, Missing):
        return evolve(base, missing=members)
    ids = run.ids(rule.record)
    cases = [_member_case(run, rule, row, ids[row], members[row]) for row in range(len(ids))]
    shown = [case for case in cases if case is not None]
    counts = {
        status.replace(" ", "_"): sum(case.status == status for case in shown)
        for status in (SATISFIED, TO_A_CENT, VIOLATED, NOT_APPLICABLE, UNDETERMINED)
    }
    decided = [
        (case.margin, row, case)
        for row, case in enumerate(cases)
        if case is not None and isinstance(case.margin, Fraction)
    ]
    _, row, worst = min(decided, key=lambda found: found[0], default=(None, None, None))
    missing = unknown(case.missing for case in shown if case.missing is not None)
    undefined = next((why for case in shown if (why := _undefined(case)) is not None), None)
    status = next(
        (
            status
            for status in (VIOLATED, UNDETERMINED, TO_A_CENT, SATISFIED)
            if counts[status.replace(" ", "_")]
        ),
        NOT_APPLICABLE,
    )
    return evolve(
        base,
        status=status,
        relation=(_relation(run, rule, row) if worst else None) or base.relation,
        left=worst.left if worst else None,
        right=worst.right if worst else None,
        margin=worst.margin if worst else None,
        missing=missing if isinstance(missing, Missing) else None,
        undefined=undefined,
        counts=counts,
        cases=tuple(case for case in shown if case.status in (VIOLATED, UNDETERMINED)),
        allowance=_allowance(run, rule, row) if status == TO_A_CENT else None,
    )


def row_status(run: Run, rule: ir.Rule, row: int | None) -> str:
    """The status of a rule for the record of a row, or for the cooperative where it speaks of none.

    Not applicable to a record that the rule does not speak of.
    """
    if row is None or rule.group is None:
        return _case(run, rule, None, "").status
    case = _member_case(run, rule, row, "", run.at(rule.group, row))
    return NOT_APPLICABLE if case is None else case.status


def _member_case(run: Run, rule: ir.Rule, row: int, record: str, member: Value) -> Case | None:
    if member is False:
        return None
    if member is True:
        return _case(run, rule, row, record)
    missing = member if isinstance(member, Missing) else None
    return Case(record, UNDETERMINED, None, None, None, missing)


def _case(run: Run, rule: ir.Rule, row: int | None, record: str) -> Case:
    when = True if rule.when is None else run.at(rule.when, row)
    unless = False if rule.unless is None else run.at(rule.unless, row)
    if when is False or unless is True:
        return Case(record, NOT_APPLICABLE, None, None, None)
    paid, holds = run.at(rule.condition, row), run.at(rule.kept_where, row)
    node = _decisive(run, rule, row)
    left, right, margin = _sides(run, node, row)
    absent = unknown((when, unless, holds))
    if absent is not None:
        return Case(record, UNDETERMINED, left, right, margin, _only_missing(absent))
    if holds is not True:
        return Case(record, VIOLATED, left, right, margin)
    if paid is not True:
        return Case(record, TO_A_CENT, left, right, margin)
    if (
        node is not None
        and compared(node, run.at(node.left, row), run.at(node.right, row)) is not True
    ):
        # An exception keeps the rule: what the comparison says is beside the point.
        return Case(record, SATISFIED, None, None, None)
    return Case(record, SATISFIED, left, right, margin)


def _only_missing(absent: Missing | Undefined | None) -> Missing | None:
    return absent if isinstance(absent, Missing) else None


def _undefined(case: Case) -> Undefined | None:
    if case.status != UNDETERMINED or case.missing is not None:
        return None
    found = unknown(value for value in (case.left, case.right) if value is not None)
    return found if isinstance(found, Undefined) else Undefined("condition")


def _first_comparison(run: Run, rule: ir.Rule) -> ir.Compare | None:
    for index in rule.comparisons:
        node = run.program.nodes[index]
        if isinstance(node, ir.Compare):
            return node
    return None


def _decisive(run: Run, rule: ir.Rule, row: int | None) -> ir.Compare | None:
    """The comparison that decides: one that fails or cannot be said, else the one nearest to failing."""
    if len(rule.comparisons) == 1:
        only = run.program.nodes[rule.comparisons[0]]
        assert isinstance(only, ir.Compare)
        return only
    found: list[tuple[int, Fraction, int, ir.Compare]] = []
    for order, index in enumerate(rule.comparisons):
        node = run.program.nodes[index]
        assert isinstance(node, ir.Compare)
        left, right = run.at(node.left, row), run.at(node.right, row)
        holds = compared(node, left, right)
        rank = 0 if holds is False else 2 if holds is True else 1
        found.append((rank, _margin(node, left, right) or Fraction(0), order, node))
    return min(found, key=lambda item: item[:3])[3] if found else None


def _allowance(run: Run, rule: ir.Rule, row: int | None) -> Fraction | None:
    """How far the comparison that decides may be beyond its edge for rounding alone."""
    node = _decisive(run, rule, row)
    if node is None or rule.nearly is None:
        return None
    for index in ir.cone(run.program.nodes, [rule.nearly]):
        other = run.program.nodes[index]
        if isinstance(other, ir.Compare) and node.widened(other):
            return other.allowed
    return None


def _relation(run: Run, rule: ir.Rule, row: int | None) -> str | None:
    node = _decisive(run, rule, row)
    return node.relation if node else None


def _sides(
    run: Run, node: ir.Compare | None, row: int | None
) -> tuple[Value | None, Value | None, Value | None]:
    if node is None:
        return None, None, None
    left, right = run.at(node.left, row), run.at(node.right, row)
    return left, right, _margin(node, left, right)


def _margin(node: ir.Compare, left: Value, right: Value) -> Fraction | None:
    """How far a comparison is from its edge, exactly: negative where it fails by as much."""
    if not (isinstance(left, Fraction) and isinstance(right, Fraction)):
        return None
    if node.relation in _SLACK:
        return (left - right) * _SLACK[node.relation]
    return -abs(left - right) if node.relation == "equal" else abs(left - right)
