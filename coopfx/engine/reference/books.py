"""The books of an evaluated year: each entry with its amount, of each record where it has one.

All that is known of how money moved is read off them: what went out of a figure and into an account,
and what each record was paid. What is asked of an origin beyond what it holds is told here.
"""

from collections.abc import Iterator, Sequence
from fractions import Fraction

from coopfx.engine.outcome import Booked, Place
from coopfx.engine.reference.evaluation import Column, Run
from coopfx.engine.reference.values import number
from coopfx.ground.exact import Missing, Value
from coopfx.ground.report import Word
from coopfx.language import ir


def placed(program: ir.Program) -> Iterator[tuple[ir.Entry, str, int]]:
    """The entries of a program, each with the article and the line that say so."""
    clauses = {clause.node: clause for clause in program.money_clauses()}
    for entry in program.books:
        clause = clauses[entry.clause]
        line = clause.origin.span.line
        if isinstance(clause, ir.AllocateClause):
            line = clause.losses_line or line if entry.item is None else clause.lines[entry.item]
        yield entry, clause.origin.article, line


def booked(run: Run) -> tuple[Booked, ...]:
    """All entries of a year that move something, or of which it is not known what they move."""
    return tuple(
        Booked(
            article,
            line,
            entry.way,
            place_of(entry.source),
            place_of(entry.target),
            identifier,
            amount,
            entry.management,
            giver_of(run, entry.along, row),
            number,
        )
        for number, (entry, article, line) in enumerate(placed(run.program))
        for row, (identifier, amount) in enumerate(_amounts(run, entry))
        if amount != 0
    )


def giver_of(run: Run, along: int | None, row: int) -> str:
    """Out of whose place a record receives, by its link to it; empty where that is not known."""
    givers: Column = [] if along is None else run.column(along)
    found = givers[row] if isinstance(givers, list) and row < len(givers) else ""
    return found if isinstance(found, str) else ""


def place_of(place: ir.Place) -> Place:
    """A place of a program, as an outcome knows it."""
    return Place(place.kind, place.name, place.record)


def _amounts(run: Run, entry: ir.Entry) -> list[tuple[str, Value]]:
    value = run.values[entry.amount]
    record = run.program.nodes[entry.amount].record
    if record is None or isinstance(value, Missing):
        assert not isinstance(value, list), "a figure of the cooperative has one value"
        return [("", value)]
    assert isinstance(value, list), "a figure of records has a column"
    split = run.splits.get(entry.clause)
    if split is not None and record not in run.facts.tables and split.paid != 0:
        return [("", split.paid)]  # the data do not say who has a part: of no one is it known
    return list(zip(run.ids(record), value, strict=True))


# ---- more than there is, and what stays


def _amount(program: ir.Program, clause: int) -> int | None:
    """The node of what a clause takes; None of a pool."""
    match program.nodes[clause]:
        case ir.Allocate(source=amount) | ir.Split(amount=amount):
            return amount
        case _:
            return None


def tell_overdrawn(run: Run) -> None:
    """Tell (R813) clauses that ask more of one origin, together, than it holds."""
    refused = {one.span for one in run.diagnostics if one.code == "R812"}
    for covered, drawn in run.program.covers().items():
        if covered not in run.values:
            continue
        clauses = [(clause.node, node) for clause, node in drawn]
        values = run.values[covered]
        rows = range(len(values)) if isinstance(values, list) else (None,)
        for row in rows:
            if run.at(covered, row) is False and refused.isdisjoint(
                run.place(clause) for clause, _ in clauses
            ):
                _tell_overdrawn(run, covered, clauses, row)


def _tell_overdrawn(
    run: Run, covered: int, clauses: list[tuple[int, ir.Op]], row: int | None
) -> None:
    program = run.program
    compared = program.nodes[covered]
    assert isinstance(compared, ir.Compare)
    asking = []
    for clause, node in clauses:
        own = run.values[node.arguments[0]]
        alone = row is None and isinstance(own, list)
        values = own if alone and isinstance(own, list) else [run.at(node.arguments[0], row)]
        total = sum(
            (number(one) for one in values if isinstance(one, Fraction) and one > 0), Fraction(0)
        )
        if total:
            asking.append((run.place(clause), (total, node.type)))
    by_record = row is not None and compared.record is not None
    (span, _), *others = asking
    run.tell(
        "R813",
        clauses[0][0],
        span=span,
        segment=run.ids(compared.record or "")[row or 0] if by_record else "",
        related=tuple(place for place, _ in others),
        account=Word(program.held_by(covered, clauses[0][0])),
        asked=(run.at(compared.left, row), program.nodes[compared.left].type),
        holds=(run.at(compared.right, row), program.nodes[compared.left].type),
        each=tuple(amount for _, amount in asking),
    )


def tell_unbooked(run: Run) -> None:
    """Tell (R825) a loss that no clause takes, where clauses give out what there is in other years."""
    nodes = run.program.nodes
    for clause in run.program.allocations:
        if clause.booked is None or run.values.get(clause.booked) is not False:
            continue
        figure = run.program.figure_booked(clause.booked)
        loss = run.value(figure)
        if isinstance(loss, Fraction):
            name = run.program.names.get(figure, "")
            run.tell("R825", clause.node, account=Word(name), amount=(loss, nodes[figure].type))


def tell_left(run: Run) -> None:
    """Tell (R814) an opening balance that stays where an account is given out by its bare name."""
    for clause in run.program.money_clauses():
        index = _amount(run.program, clause.node)
        node = None if index is None else run.program.nodes[index]
        if isinstance(node, ir.Op) and node.operation == "drawn":
            node = run.program.nodes[node.arguments[0]]
        if not isinstance(node, ir.Balance) or node.at not in ("added", "before"):
            continue
        accounts = run.program.accounts[node.account]
        stays = Fraction(0)
        for row in _moving_rows(run, clause.node, node):
            opening, closing, moved = (
                run.at(one, row) if one in run.values else None
                for one in (accounts.opening, accounts.closing, index)
            )
            if not (isinstance(opening, Fraction) and isinstance(closing, Fraction)):
                continue
            # Of records' own, those of whom a clause moves nothing are who would be missed.
            if isinstance(moved, Fraction) and (moved > 0 or row is not None):
                # Another clause may have taken of what was there before.
                stays += max(Fraction(0), min(opening, closing))
        if stays > 0:
            run.tell("R814", clause.node, account=Word(node.account), amount=(stays, node.type))


def _moving_rows(run: Run, number: int, balance: ir.Balance) -> Sequence[int | None]:
    """The rows of which a clause moves a balance; None alone where it is the cooperative's."""
    if balance.record is None:
        return (None,)
    clause, opening = run.program.nodes[number], run.program.accounts[balance.account].opening
    assert isinstance(clause, ir.Allocate | ir.Split), "only these take of an account"
    group = clause.group if isinstance(clause, ir.Allocate) else None
    asked = [one for one in (group, clause.when) if one is not None]
    # A run of some figures alone, as of a proof's year, has worked out no others.
    if not {opening, *asked} <= run.values.keys():
        return ()
    held = run.column(opening)
    if isinstance(held, Missing):
        return ()
    conditions = [run.values[one] for one in asked]
    return [
        row
        for row in range(len(held))
        if all((one[row] if isinstance(one, list) else one) is True for one in conditions)
    ]
