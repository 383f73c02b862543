"""A statute's own tests: each example is evaluated on what it gives, and on nothing else."""

from attrs import Factory, frozen

from coopfx.engine.examples.lacking import Lacking, advice, lacking, named
from coopfx.engine.outcome import SATISFIED, UNDETERMINED, ExampleResult
from coopfx.engine.reference.contradictions import tell_all_untrue
from coopfx.engine.reference.evaluate import evaluate
from coopfx.engine.reference.evaluation import Given, Run
from coopfx.engine.reference.settle import verdict
from coopfx.ground.exact import YES_NO, Missing, Type, Undefined, Value
from coopfx.ground.facts import Facts, Table
from coopfx.ground.report import Report, Said, Word
from coopfx.ground.source import Span
from coopfx.language import ir


@frozen(slots=True)
class Expectation:
    """What an example expects, and what came: both sides where it is a comparison.

    Where it is a verdict of a ``rule``, what came is its status. ``wanted`` is what the example does
    not give for it.
    """

    span: Span
    met: bool
    value: Value
    type: Type | None = None
    left: Value | None = None
    right: Value | None = None
    relation: str = ""
    rule: str = ""
    wanted: Lacking = Factory(Lacking)


def run_examples(program: ir.Program, report: Report) -> list[ExampleResult]:
    """Run a program's examples; what does not come is told (E601; E602, E605 where it has no answer), and
    first where one gives what no year can be (E610, E611).

    The closing date is the day from which the statute is in force.
    """
    found = []
    for example in program.examples:
        own = Report()
        if program.truths:
            truths = {truth.node for truth in program.truths}
            tell_all_untrue(_evaluated(program, example, truths), own, example)
        run = run_example(program, example)
        results = expectations(run, example)
        for one in results:
            _tell(run, example, one, own)
        for diagnostic in own.diagnostics:
            report.add(diagnostic)
        told = tuple(own.diagnostics)
        found.append(ExampleResult(example.title, example.origin.span, len(results), told))
    return found


def expectations(run: Run, example: ir.Example) -> list[Expectation]:
    """What came of each thing that an example expects, in the order written."""
    found = [_condition(run, index, span) for index, span in example.expected]
    found += [_verdict(run, *expected) for expected in example.verdicts]
    return sorted(found, key=lambda item: (item.span.line, item.span.column))


def run_example(program: ir.Program, example: ir.Example) -> Run:
    """Evaluate what an example expects, on what it gives, and on nothing else."""
    roots = {
        node for index, _ in example.expected for node in (index, *ir.inner(program.nodes[index]))
    }
    expected = {name for name, _, _ in example.verdicts}
    for rule in program.rules:
        if rule.name in expected:
            roots |= set(rule.nodes(program))
    return _evaluated(program, example, roots)


def _evaluated(program: ir.Program, example: ir.Example, roots: set[int]) -> Run:
    """Evaluate some nodes, on what an example gives."""
    tables: dict[str, Table] = {}
    given: dict[int, Given] = dict(example.given)
    for table in example.tables:
        facts = {name: cells for name, _, cells in table.columns if name}
        tables[table.record] = Table(table.ids, facts)
        given |= {index: cells for name, index, cells in table.columns if not name}
    return evaluate(program, Facts(program.in_force, tables=tables), given, roots)


def _condition(run: Run, index: int, span: Span) -> Expectation:
    node, value = run.program.nodes[index], run.value(index)
    if isinstance(value, Missing):
        return Expectation(span, False, value, wanted=lacking(run, [index]))
    if not isinstance(node, ir.Compare):
        return Expectation(span, value is True, value)
    left, right = run.value(node.left), run.value(node.right)
    type_ = run.program.nodes[node.left].type
    return Expectation(span, value is True, value, type_, left, right, node.relation)


def _verdict(run: Run, name: str, status: str, span: Span) -> Expectation:
    rule = next(item for item in run.program.rules if item.name == name)
    judged = verdict(run, rule)
    came = judged.status.replace(" ", "_")
    # What is kept to a cent is kept: an example need not know how its figures round.
    met = judged.kept if status == SATISFIED else came == status
    unsaid = judged.status == UNDETERMINED and judged.undefined is None
    wanted = lacking(run, rule.nodes(run.program)) if unsaid else Lacking()
    return Expectation(span, met, came, None, came, status, "equal", name, wanted)


def _tell(run: Run, example: ir.Example, one: Expectation, report: Report) -> None:
    title = example.title
    facts, lines = named(one.wanted), advice(run, example, one.wanted)
    if one.rule:
        if not one.met:
            status = Said(f"status.{str(one.left).replace('_', ' ')}")
            if facts:
                status = Said("example.lacking", {"status": status, "facts": facts})
            report.tell(
                "E607", one.span, title=title, rule=Word(one.rule), found=status, lines=lines
            )
    elif isinstance(one.value, Missing):
        why = Said("example.wanted", {"facts": facts}) if facts else (one.value, one.type or YES_NO)
        report.tell("E602", one.span, title=title, why=why, lines=lines)
    elif isinstance(one.value, Undefined):
        report.tell("E605", one.span, title=title, why=(one.value, one.type or YES_NO))
    elif not one.met and one.type is not None:
        expected = Said(f"expected.{one.relation}", {"right": (one.right, one.type)})
        report.tell("E601", one.span, title=title, found=(one.left, one.type), expected=expected)
    elif not one.met:
        report.tell("E603", one.span, title=title)
