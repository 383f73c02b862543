"""Which lines of a statute give what a rule asks for, where to look when some year breaks it; or none."""

from collections.abc import Iterable, Iterator
from fractions import Fraction

from attrs import evolve

from coopfx.engine.outcome import VIOLATED, Proof
from coopfx.engine.reference.evaluate import evaluate
from coopfx.engine.reference.evaluation import Given
from coopfx.engine.reference.settle import verdict
from coopfx.ground.facts import Facts
from coopfx.ground.figure import SURPLUS
from coopfx.ground.source import Span
from coopfx.language import ir

_OF_CLAUSES = (ir.Part, ir.Paid, ir.Excess, ir.Pooled)
_Clause = ir.AllocateClause | ir.ShareClause | ir.PoolClause


def giving(program: ir.Program, proof: Proof) -> Span | None:
    """The line that decides whether an obligation holds; None where no line of the text does.

    It is the first that gives what the rule speaks of; where none gives any, the clause that shares out
    what the rule measures it by. An obligation of the clauses stands at its own.
    """
    rule = next((one for one in program.rules if one.name == proof.rule), None)
    if rule is None or proof.kind != "rule":
        return proof.span
    compared = list(rule.comparisons) or [rule.kept_where]
    found = next(_lines(program, compared), None)
    if found is None:
        found = next(_clauses(program, ir.cone(program.nodes, compared)), None)
    if found is None and rule.origin.law is None:
        return proof.span
    return found


def _lines(program: ir.Program, roots: list[int]) -> Iterator[Span]:
    """The lines whose money some nodes read, the first read first, and what they rest on left out."""
    clauses = {one.node: one for one in program.money_clauses()}
    seen: set[int] = set()
    open_ = list(reversed(roots))
    while open_:
        index = open_.pop()
        if index in seen:
            continue
        seen.add(index)
        node = program.nodes[index]
        moved = node.clause if isinstance(node, _OF_CLAUSES) else index
        clause = clauses.get(moved)
        if clause is None:
            open_ += reversed(list(ir.inner(node)))
        elif clause.origin.law is None:
            line = _line(clause, node)
            span = clause.origin.span
            yield span if line is None else Span.on_line(span.file, line)


def _line(clause: _Clause, node: ir.AnyNode) -> int | None:
    """The line of an allocation that a node is what it received by."""
    if not isinstance(clause, ir.AllocateClause) or not isinstance(node, ir.Part):
        return None
    return clause.losses_line if node.item is None else clause.lines[node.item]


def _clauses(program: ir.Program, cone: set[int]) -> Iterator[Span]:
    """The clauses that share out any of some figures."""
    for clause in program.allocations:
        node = program.nodes[clause.node]
        assert isinstance(node, ir.Allocate), "only an allocation has lines"
        if node.source in cone and clause.origin.law is None:
            yield clause.origin.span


def shared_out(program: ir.Program) -> frozenset[str]:
    """The figures of a year that clauses share out, by their names."""
    clauses = (program.nodes[clause.node] for clause in program.allocations)
    sources = (program.nodes[node.source] for node in clauses if isinstance(node, ir.Allocate))
    return frozenset(node.key for node in sources if isinstance(node, ir.Input))


def ungiven(program: ir.Program, proof: Proof) -> bool:
    """Whether a rule asks for a part of the surplus, and no clause of a statute gives any of it out."""
    rule = next((one for one in program.rules if one.name == proof.rule), None)
    if rule is None or proof.kind != "rule" or proof.year is None:
        return False
    asked = [*rule.comparisons, *(one for one in (rule.kept_where, rule.when) if one is not None)]
    read = (program.nodes[index] for index in ir.cone(program.nodes, asked))
    measured = any(isinstance(node, ir.Input) and node.key == SURPLUS for node in read)
    given = any(
        (entry.source.kind, entry.source.name) == ("figure", SURPLUS) for entry in program.books
    )
    surplus = proof.year.figure(SURPLUS)
    return measured and not given and isinstance(surplus, Fraction) and surplus > 0


def breaks_by_facts(program: ir.Program, proof: Proof) -> bool:
    """Whether the year that breaks a rule does so though there is nothing in it to share out.

    Then no other percentage would keep the rule: what is wrong is the year's own, and not a clause's. Of
    a surplus that no clause gives out at all, a clause could have given a part.
    """
    if proof.kind != "rule" or proof.year is None or ungiven(program, proof):
        return False
    amounts = [*_amounts(program)]
    run = evaluate(program, proof.year, roots=amounts)
    found = (run.values[index] for index in amounts)
    rows = (value if isinstance(value, list) else [value] for value in found)
    return bool(amounts) and all(one == 0 for row in rows for one in row)


def breaks_with_surplus(program: ir.Program, proof: Proof) -> bool:
    """Whether the year that breaks a rule would break it with a surplus to share out too."""
    rule = next((one for one in program.rules if one.name == proof.rule), None)
    if rule is None or proof.year is None:
        return False
    year = evolve(proof.year, figures={**proof.year.figures, SURPLUS: _SURPLUS})
    return verdict(evaluate(program, year, roots=rule.nodes(program)), rule).status == VIOLATED


_SURPLUS = Fraction(10**6)
_MORE = (Fraction(1, 100), Fraction(10**12))
"""What is put into accounts that no clause feeds, to see whether that would keep a rule."""


def read_redefined(program: ir.Program, rule: ir.Rule) -> list[str]:
    """The figures that a rule reads and the statute defines in the place of a law's default."""
    if not program.redefined:
        return []
    read = ir.cone(program.nodes, rule.nodes(program))
    return [name for name, node in program.redefined.items() if node in read]


def idle_laws(program: ir.Program, proofs: Iterable[Proof]) -> dict[str, list[Proof]]:
    """The rules of laws that apply in no year, by the figure that the statute defines otherwise."""
    rules = {rule.name: rule for rule in program.rules}
    found: dict[str, list[Proof]] = {}
    for proof in proofs:
        if proof.reason == "never_applies" and proof.law is not None and proof.kind == "rule":
            for name in read_redefined(program, rules[proof.rule]):
                found.setdefault(name, []).append(proof)
    return found


def rests_on_facts(program: ir.Program, rule: ir.Rule, year: Facts) -> bool:
    """Whether a year breaks a rule by its own figures, which no clause of the statute gives or takes.

    Of the money that clauses move, the rule then reads accounts alone that none of them feeds, and the
    year would break it whatever they put there: interest that is booked as a cost, beside none that the
    statute gives.
    """
    nodes = program.nodes
    found = [*ir.cone(nodes, rule.nodes(program))]
    empty = [index for index in found if _is_unfed(nodes[index])]
    moves = (ir.Allocate, ir.Part, ir.Split, ir.Paid, ir.Excess, ir.Pool, ir.Pooled)
    if not empty or any(isinstance(nodes[index], moves) for index in found):
        return False
    for more in _MORE:
        put: dict[int, Given] = {}
        for index in empty:
            record = nodes[index].record
            table = year.tables.get(record or "")
            put[index] = more if record is None else (more,) * len(table.ids if table else ())
        run = evaluate(program, year, put, rule.nodes(program))
        if verdict(run, rule).status != VIOLATED:
            return False
    return True


def _is_unfed(node: ir.AnyNode) -> bool:
    return isinstance(node, ir.Balance) and node.at == "added" and not node.parts


def _amounts(program: ir.Program) -> Iterator[int]:
    """What each clause shares out, or gathers."""
    for clause in program.money_clauses():
        node = program.nodes[clause.node]
        match node:
            case ir.Allocate():
                yield node.source
            case ir.Split():
                yield node.amount
            case _:
                yield clause.node
