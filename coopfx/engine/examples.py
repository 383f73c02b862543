"""A statute's own tests: each example is evaluated on what it gives, and on nothing else."""

from attrs import frozen

from coopfx.engine.reference import evaluate
from coopfx.exact import YES_NO, Missing, Type, Undefined, Value
from coopfx.facts import Facts
from coopfx.language import ir
from coopfx.report import Report, Said
from coopfx.source import Span


@frozen(slots=True)
class Expectation:
    """What an example expects, and what came: both sides where it is a comparison."""

    span: Span
    met: bool
    value: Value
    type: Type | None = None
    left: Value | None = None
    right: Value | None = None
    relation: str = ""


@frozen(slots=True)
class Result:
    """An example's result."""

    title: str
    span: Span
    expectations: tuple[Expectation, ...]

    @property
    def passed(self) -> bool:
        """Whether all that it expects came."""
        return all(item.met for item in self.expectations)


def run_examples(program: ir.Program, report: Report) -> list[Result]:
    """Run a program's examples; what does not come is told (E601; E602, E605 where it has no answer).

    The closing date is the day from which the statute is in force.
    """
    facts = Facts(program.in_force, tables={})
    found = []
    for example in program.examples:
        roots = [
            node
            for index, _ in example.expected
            for node in (index, *ir.inner(program.nodes[index]))
        ]
        run = evaluate(program, facts, dict(example.given), roots)
        results = []
        for index, span in example.expected:
            node, value = program.nodes[index], run.value(index)
            sides: tuple[Value | None, Value | None] = (None, None)
            type_, relation = None, ""
            if isinstance(node, ir.Compare):
                relation = node.relation
                sides = run.value(node.left), run.value(node.right)
                type_ = program.nodes[node.left].type
            one = Expectation(span, value is True, value, type_, *sides, relation)
            _tell(example, one, report)
            results.append(one)
        found.append(Result(example.title, example.origin.span, tuple(results)))
    return found


def _tell(example: ir.Example, one: Expectation, report: Report) -> None:
    if isinstance(one.value, Missing | Undefined):
        code = "E602" if isinstance(one.value, Missing) else "E605"
        report.tell(code, one.span, title=example.title, why=(one.value, one.type or YES_NO))
    elif not one.met and one.type is not None:
        expected = Said(f"expected.{one.relation}", {"right": (one.right, one.type)})
        report.tell(
            "E601", one.span, title=example.title, found=(one.left, one.type), expected=expected
        )
    elif not one.met:
        report.tell("E603", one.span, title=example.title)
