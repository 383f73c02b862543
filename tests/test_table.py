"""One table of what programs are made of: whatever reads them answers to each key of it.

A reader is a place in the code that says something of every operation, relation, aggregate, node,
expression or clause: a table of its own, or a ``match``. CONTRIBUTING's two recipes name the files of
these readers, and are held by the same rows.
"""

import inspect
import re
import tomllib
from ast import Attribute, MatchClass, parse, unparse, walk
from collections.abc import Callable, Collection, Iterator
from fractions import Fraction
from pathlib import Path
from textwrap import dedent
from types import FunctionType
from typing import get_args

import pytest
from attrs import field, frozen, make_class

from coopfx.engine.columns import aggregates as column_aggregates
from coopfx.engine.columns import arithmetic, figures
from coopfx.engine.columns import walk as column_walk
from coopfx.engine.examples import mutation
from coopfx.engine.explain import formulas, steps
from coopfx.engine.proof import prove
from coopfx.engine.reference import evaluate, values
from coopfx.engine.symbols import aggregates, groups, nodes, operations, rule, small_aggregates
from coopfx.ground.exact import NUMBER
from coopfx.ground.report import Report
from coopfx.ground.source import Span
from coopfx.language import (
    allowance,
    ast,
    defined,
    expressions,
    flows,
    from_ast,
    from_tree,
    ir,
    judge,
    placed,
    ranges,
    readings,
    resolution,
    scope,
)
from coopfx.language import operations as declared
from coopfx.language.tokens import CLAUSE_WORDS
from coopfx.plugged.world import load_world

REPOSITORY = Path(__file__).parent.parent
LANGUAGES = ("en", "es", "fr", "it")

KINDS: dict[str, set[object]] = {
    "operation": set(declared.OPERATIONS),
    "relation": set(declared.RELATIONS),
    "aggregate": set(declared.AGGREGATES),
    "node": set(get_args(ir.AnyNode)),
    "expression": set(get_args(ast.Expression)),
    "clause": set(get_args(ast.Clause)),
}
"""What there is of each kind."""


@frozen
class Reader:
    """A place that answers to each key of a kind."""

    kind: str
    path: str
    name: str
    answered: frozenset[object] = field(eq=False)

    def __str__(self) -> str:
        return f"{self.kind}s in {self.path}, {self.name}"


def table(kind: str, name: str, *found: Collection[object]) -> Reader:
    """A reader by what its own tables hold; ``name`` is its module's and theirs."""
    module = name.rpartition(".")[0].replace(".", "/")
    answered = frozenset(key for keys in found for key in keys)
    return Reader(kind, f"coopfx/{module}.py", name.rpartition(".")[2], answered)


def matched(kind: str, function: Callable[..., object]) -> Reader:
    """A reader by the classes that the ``match`` of a function has a case for."""
    assert isinstance(function, FunctionType)
    path = Path(inspect.getfile(function)).relative_to(REPOSITORY)
    names = {
        pattern.cls.attr if isinstance(pattern.cls, Attribute) else unparse(pattern.cls)
        for pattern in walk(parse(dedent(inspect.getsource(function))))
        if isinstance(pattern, MatchClass)
    }
    answered = frozenset(one for one in KINDS[kind] if one.__name__ in names)  # type: ignore[attr-defined]
    return Reader(kind, path.as_posix(), function.__qualname__, answered)


def phrases() -> Iterator[Reader]:
    """The word files: how each key is said, and what it is said with when it is read aloud."""
    for language in LANGUAGES:
        path = f"grammars/{language}.toml"
        said = tomllib.loads((REPOSITORY / path).read_text("utf-8"))["phrases"]
        prose = said["prose"]
        yield Reader("operation", path, "formula", frozenset(said["formula"]) & _keys("operation"))
        yield Reader("relation", path, "relation", frozenset(said["relation"]))
        for name in ("having", "asked"):
            yield Reader("relation", path, f"prose.{name}", frozenset(prose[name]))
        for name, group in (("formula", said["formula"]), ("prose.formula", prose["formula"])):
            yield Reader("aggregate", path, name, frozenset(group["aggregate"]))


def _keys(kind: str) -> frozenset[object]:
    return frozenset(KINDS[kind])


def grammar() -> Iterator[Reader]:
    """The grammar's own row of clauses, what its rules are built to, and the words that they begin with."""
    text = (REPOSITORY / "grammars" / "statute.lark").read_text("utf-8")
    row = re.search(r"^\?clause:(.*?)^$", text, re.MULTILINE | re.DOTALL)
    assert row is not None
    built = inspect.getsource(from_tree.build)
    lines = dict(re.findall(r"^(\w+): (.*)$", text, re.MULTILINE))
    begun = [
        name
        for name in re.findall(r"\w+", row[1])
        if CLAUSE_WORDS.intersection(re.findall(r"\b[A-Z_]+\b", lines[name])[:2])
    ]
    for path, name, rules in (
        ("grammars/statute.lark", "clause", row[1]),
        ("coopfx/language/from_tree.py", "build", built),
        ("coopfx/language/tokens.py", "CLAUSE_WORDS", " ".join(begun)),
    ):
        names = {rule.replace("_", "") for rule in re.findall(r"\w+", rules)}
        found = {one for one in get_args(ast.Clause) if _rule(one) in names}
        yield Reader("clause", path, name, frozenset(found))
    source = inspect.getsource(expressions)
    made = {one for one in get_args(ast.Expression) if f"ast.{one.__name__}(" in source}
    yield Reader("expression", "coopfx/language/expressions.py", "Expressions", frozenset(made))


def _rule(clause: type) -> str:
    """A clause's rule of the grammar, without what stands between its words."""
    return clause.__name__.lower().removesuffix("line")


READERS: tuple[Reader, ...] = (
    table("operation", "engine.reference.values.OPERATIONS", values.OPERATIONS),
    table("operation", "engine.columns.figures.OPERATIONS", figures.OPERATIONS),
    table(
        "operation",
        "engine.symbols.operations.OPERATIONS",
        operations.OPERATIONS,
        operations.PRODUCTS,
        operations.LOGARITHMS,
    ),
    table("operation", "language.ranges.OPERATIONS", ranges.OPERATIONS),
    table("operation", "language.readings.OPERATIONS", readings.OPERATIONS),
    table("operation", "language.allowance.OPERATIONS", allowance.OPERATIONS),
    table("operation", "engine.explain.formulas.BINDING", formulas.BINDING),
    table("relation", "engine.reference.values.RELATIONS", values.RELATIONS),
    table("relation", "engine.columns.arithmetic.RELATIONS", arithmetic.RELATIONS),
    table("relation", "engine.symbols.operations.RELATIONS", operations.RELATIONS),
    table("relation", "engine.examples.mutation.INCLUDING", mutation.INCLUDING),
    table("aggregate", "engine.reference.values.AGGREGATES", values.AGGREGATES),
    table("aggregate", "engine.columns.aggregates.AGGREGATES", column_aggregates.AGGREGATES),
    table("aggregate", "engine.symbols.aggregates.AGGREGATES", aggregates.AGGREGATES),
    table("aggregate", "engine.symbols.small_aggregates.AGGREGATES", small_aggregates.AGGREGATES),
    table("aggregate", "language.ranges.AGGREGATES", ranges.AGGREGATES),
    table("aggregate", "language.readings.AGGREGATES", readings.AGGREGATES),
    table("node", "engine.reference.evaluate.NODES", evaluate.NODES),
    table("node", "engine.columns.walk.NODES", column_walk.NODES),
    table("node", "engine.symbols.nodes.NODES", nodes.NODES),
    table("node", "engine.symbols.groups.EXISTS", groups.EXISTS),
    table("node", "engine.symbols.rule.FACTS", rule.FACTS),
    table("node", "engine.proof.prove.ALLOCATED", prove.ALLOCATED),
    table("node", "language.ranges.NODES", ranges.NODES),
    table("node", "language.allowance.NODES", allowance.NODES),
    matched("node", formulas.Formulas.formula),
    matched("node", steps.Steps.node),
    table("expression", "language.readings.EXPRESSIONS", readings.EXPRESSIONS),
    matched("expression", from_ast.Lowering._value),
    matched("expression", resolution.Named.tell_unknown),
    matched("expression", defined.Defined.owner_of),
    table("clause", "language.placed.STANDS", placed.STANDS),
    matched("clause", scope.Scope.declare),
    matched("clause", flows.Feeds.gather),
    matched("clause", judge.Judge.judge),
    *grammar(),
    *phrases(),
)


@pytest.mark.parametrize("reader", READERS, ids=str)
def test_every_reader_answers_to_each_key(reader: Reader) -> None:
    wanting = {_shown(key) for key in KINDS[reader.kind] - reader.answered}
    assert not wanting, f"{reader} lack {', '.join(sorted(wanting))}"
    more = {_shown(key) for key in reader.answered - KINDS[reader.kind]}
    assert not more, f"{reader} know {', '.join(sorted(more))}, which is declared nowhere"


def _shown(key: object) -> str:
    return key.__name__ if isinstance(key, type) else str(key)


# ---- what no table knows


STRANGE = make_class("Strange", [], bases=(ir.Node,), slots=True)
"""A node that no reader knows."""


def test_nothing_is_known_of_what_no_table_knows() -> None:
    one = ir.Slot(0, type=NUMBER)
    unheard = [
        STRANGE(),
        ir.Op("unheard_of", (0, 0), type=NUMBER),
        ir.Aggregate("unheard_of", 0, 0, type=NUMBER),
    ]
    found = ranges.ranges([one, *unheard], [Fraction(1)])
    assert found == [ranges.Range(Fraction(1), Fraction(1)), *[ranges.Range()] * len(unheard)]
    assert prove.ALLOCATED.get(STRANGE) is None and prove.is_allocated(STRANGE())
    for node in unheard:
        assert not groups.surely_exists(found, node)


def test_an_operation_that_is_not_known_may_be_of_all_that_it_names() -> None:
    span = Span("statute.en.coop", 1, 1, 1, 1)
    names = tuple(ast.Name(word, span=span) for word in ("turnover", "surplus"))
    text = scope.Text(ast.Document("", "en", ()), load_world(Report()).words("en"))
    reader = readings.Reader(scope.Scope("EUR", Report()))
    unheard = ast.Operation("unheard_of", names, span=span)
    assert reader.readings(unheard, text) == {"turnover": None, "surplus": None}


# ---- the recipes


RECIPES = {
    "An operation": ("operation", "relation", "aggregate"),
    "A clause": ("clause", "expression", "node"),
}
"""The kinds whose readers each recipe of CONTRIBUTING names."""


@pytest.mark.parametrize(("title", "kinds"), RECIPES.items(), ids=str)
def test_a_recipe_names_each_file_that_changes(title: str, kinds: tuple[str, ...]) -> None:
    text = (REPOSITORY / "CONTRIBUTING.md").read_text("utf-8")
    recipe = text.partition(f"**{title}.**")[2].partition("\n\n**")[0]
    named = set(re.findall(r"`((?:coopfx|grammars|tests|docs)/[^`]*)`", recipe))
    unknown = [path for path in named if not list(REPOSITORY.glob(path))]
    assert not unknown, f"the recipe names what is not there: {unknown}"
    paths = {
        path.relative_to(REPOSITORY).as_posix() for one in named for path in REPOSITORY.glob(one)
    }
    wanting = {reader.path for reader in READERS if reader.kind in kinds} - paths
    assert not wanting, f"the recipe does not name {sorted(wanting)}"
