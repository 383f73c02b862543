"""Which parts of a statute its examples reach: what an expectation rests on, and what decides there.

An example reaches an item where it sends money there, a line of a share where it shares, a rule where
it has it satisfied or violated, a step of a scale and a branch of `if` where someone's figure comes to
it. What no expectation rests on is not reached, even where money flows. Indicators are no parts: an
example cannot expect them.
"""

from collections.abc import Iterable, Iterator, Sequence

from attrs import frozen

from coopfx.engine.outcome import KEPT, VIOLATED, Part
from coopfx.engine.reference.evaluation import Run
from coopfx.engine.reference.settle import verdict
from coopfx.engine.reference.values import step_reached
from coopfx.ground.exact import Missing, Undefined, Value
from coopfx.ground.report import Argument, Word
from coopfx.ground.source import Span
from coopfx.language import ir


def parts(program: ir.Program, runs: Sequence[Run], file: str) -> list[Part]:
    """Every part of a statute's own text, in its order, with whether one of the runs reaches it.

    ``runs`` are those of the examples; parts of laws and of models, in other files, are left out.
    """
    statute = Articles.of(program, file)
    found: list[Part] = []
    for kind, span, reached, arguments in _every(program, runs):
        if statute.holds(span):
            article = statute.article(span.line)
            found.append(Part(kind, file, span.line, article, reached, arguments))
    return sorted(found, key=lambda part: part.line)


@frozen(slots=True)
class Articles:
    """The clauses of a statute's own text: whether a place stands in one, and in which article.

    ``aside`` are the places of examples, and of indicators, which no example can expect.
    """

    file: str
    aside: tuple[Span, ...]
    origins: tuple[tuple[int, str], ...]

    @classmethod
    def of(cls, program: ir.Program, file: str) -> "Articles":
        """The clauses of a program that stand in a file."""
        clauses = (*program.money_clauses(), *program.rules, *program.indicators)
        aside = [
            *(example.origin.span for example in program.examples),
            *(indicator.origin.span for indicator in program.indicators),
        ]
        origins = [*(clause.origin for clause in clauses), *program.origins.values()]
        return cls(
            file,
            tuple(span for span in aside if span.file == file),
            tuple(sorted((own.span.line, own.article) for own in origins if own.span.file == file)),
        )

    def holds(self, span: Span) -> bool:
        """Whether an example can reach a place: it stands in the text, and not aside."""
        return span.file == self.file and not any(
            aside.line <= span.line <= aside.end_line for aside in self.aside
        )

    def article(self, line: int) -> str:
        """The number of the article that a line stands in."""
        return next((own for start, own in reversed(self.origins) if start <= line), "")


_Found = tuple[str, Span, bool, dict[str, Argument]]


def _every(program: ir.Program, runs: Sequence[Run]) -> Iterator[_Found]:
    for allocation in program.allocations:
        yield from _allocation(program, runs, allocation)
    for share in program.shares:
        yield from _share(program, runs, share)
    for pool in program.pools:
        kept = any(_moved(_values(run, pool.node)) for run in runs)
        yield "pool", pool.origin.span, kept, {"name": Word(pool.figure)}
    for rule in program.rules:
        if rule.set_aside:
            continue
        decided = any(_decided(run, rule) for run in runs)
        yield "rule", rule.origin.span, decided, {"name": Word(rule.name)}
    for node, name in program.names.items():
        figure = program.nodes[node]
        if name in program.origins and not isinstance(figure, ir.Param | ir.Decision):
            known = any(node not in run.given and _known(_values(run, node)) for run in runs)
            yield "define", program.origins[name].span, known, {"name": Word(name)}
    for index, one in enumerate(program.nodes):
        if isinstance(one, ir.Scale):
            yield from _scale(program, runs, one)
        elif isinstance(one, ir.Decision) and one.otherwise is not None:
            silent = any(index in run.values and index not in run.given for run in runs)
            yield "otherwise", program.origins[one.name].span, silent, {"name": Word(one.name)}
        elif isinstance(one, ir.Op) and one.operation == "if" and index in program.places:
            for answer, branch in ((True, "if.met"), (False, "if.unmet")):
                came = any(answer in _values(run, one.arguments[0]) for run in runs)
                yield branch, program.places[index], came, {}


def _allocation(
    program: ir.Program, runs: Sequence[Run], clause: ir.AllocateClause
) -> Iterator[_Found]:
    node = program.nodes[clause.node]
    assert isinstance(node, ir.Allocate)
    needed = {
        (index, part.item, part.overflow): [run for run in runs if index in run.values]
        for index, part in enumerate(program.nodes)
        if isinstance(part, ir.Part) and part.clause == clause.node
    }

    def received(item: int | None, overflow: bool) -> bool:
        return any(
            _moved(_values(run, index))
            for (index, *part), resting in needed.items()
            if part == [item, overflow]
            for run in resting
        )

    file = clause.origin.span.file
    for place, (item, line) in enumerate(zip(node.items, clause.lines, strict=True)):
        span = Span.on_line(file, line)
        yield "item", span, received(place, False), {"name": Word(item.account)}
        if item.fill is not None and item.fill.then is not None:
            name: Argument = Word(item.fill.then)
            yield "overflow", span, received(place, True), {"name": name}
    if clause.losses_line is not None:
        span = Span(file, clause.losses_line, 1, clause.losses_line, 1)
        yield "losses", span, received(None, False), {"name": Word(node.losses)}


def _share(program: ir.Program, runs: Sequence[Run], clause: ir.ShareClause) -> Iterator[_Found]:
    node = program.nodes[clause.node]
    assert isinstance(node, ir.Split)
    shared = any(_moved(_values(run, clause.node)) for run in runs)
    yield "share", clause.origin.span, shared, {}
    if node.excess is not None:
        withheld = any(_moved([run.splits[clause.node].excess]) for run in _with(runs, clause.node))
        yield "excess", clause.origin.span, withheld, {"name": Word(node.excess)}


def _with(runs: Sequence[Run], clause: int) -> Iterable[Run]:
    return [run for run in runs if clause in run.splits]


def _scale(program: ir.Program, runs: Sequence[Run], node: ir.Scale) -> Iterator[_Found]:
    reached: set[int | None] = set()
    for run in runs:
        if node.by in run.values:
            columns = [_values(run, index) for index in (node.by, *node.breaks)]
            for by, *breaks in zip(*columns, strict=False):
                step = step_reached(by, breaks, node.above)
                if not isinstance(step, Missing | Undefined):
                    reached.add(step)
    for step, value in enumerate(node.values):
        if (place := place_of(program, value)) is not None:
            yield "step", place, step in reached, {}
    if node.otherwise is not None and (place := place_of(program, node.otherwise)) is not None:
        yield "below", place, None in reached, {}


def place_of(program: ir.Program, index: int) -> Span | None:
    """Where a figure is written, also one that stands beside each record."""
    node = program.nodes[index]
    if index not in program.places and isinstance(node, ir.Lift):
        return place_of(program, node.value)
    return program.places.get(index)


def _values(run: Run, index: int) -> list[Value]:
    """The values of a node in a run: one, those of every record, none where nothing rests on it."""
    found = run.values.get(index)
    return [] if found is None else found if isinstance(found, list) else [found]


def _known(values: list[Value]) -> bool:
    return any(not isinstance(value, Missing | Undefined) for value in values)


def _moved(values: list[Value]) -> bool:
    """Whether money moved: some value is known, and not zero."""
    return any(value != 0 and not isinstance(value, Missing | Undefined) for value in values)


def _decided(run: Run, rule: ir.Rule) -> bool:
    if any(node not in run.values for node in rule.nodes(run.program)):
        return False
    return verdict(run, rule).status in {*KEPT, VIOLATED}
