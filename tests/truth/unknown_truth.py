"""Finds truth tests of what may be unknown, such as ``if value`` of a figure, for ``make types``.

``bool()`` of what is not known raises, but only on the day on which it is not known. Here the types say
it before: each condition, ``and``, ``or``, ``not``, ``bool``, ``any`` and ``all`` of an expression whose
type holds ``Missing`` or ``Undefined``, or is so wide that it may (``object``), is told with its line.
"""

import ast
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

from attrs import frozen
from mypy import build, nodes, patterns
from mypy.main import process_options
from mypy.types import Instance, Type, UnionType, get_proper_type

_REPOSITORY = Path(__file__).resolve().parents[2]
_ANYTHING = "builtins.object"
_UNKNOWN = {
    "coopfx.ground.exact.Missing",
    "coopfx.ground.exact.Undefined",
    _ANYTHING,
}
_LINKS = {"node", "info", "type", "names", "definition"}
"""What of a node of mypy's leads out of the text it stands in."""


@frozen
class Tested:
    """An expression that may be unknown, and is tested for its truth."""

    file: str
    line: int
    type: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: error: truth test of what may be unknown: {self.type}"


def truth_tests(paths: list[str]) -> list[Tested]:
    """All such tests in files and folders, whatever else mypy may have to say of them."""
    config = str(_REPOSITORY / "pyproject.toml")
    sources, options = process_options(["--config-file", config, "--no-incremental", *paths])
    options.export_types = options.preserve_asts = True
    result = build.build(sources, options)
    found: list[Tested] = []
    for source in sources:
        tree = result.files[source.module]
        path = tree.path
        types = {
            (one.line, one.column, one.end_line, one.end_column): result.types[one]
            for one in _expressions(tree.defs)
            if one in result.types
        }
        for condition, iterated in conditions(ast.parse(Path(path).read_text("utf-8"))):
            at = (condition.lineno, condition.col_offset)
            given = types.get((*at, condition.end_lineno, condition.end_col_offset))
            for type_ in () if given is None else _unknown(given, iterated):
                found.append(Tested(path, condition.lineno, type_))
    return found


def _expressions(roots: Sequence[nodes.Node]) -> Iterator[nodes.Expression]:
    """All expressions of some statements. mypy's own visitors are compiled, and take no heirs."""
    waiting: list[object] = list(roots)
    seen: set[int] = set()
    while waiting:
        one = waiting.pop()
        if isinstance(one, list | tuple):
            waiting.extend(one)
        elif isinstance(one, nodes.Node | patterns.Pattern) and id(one) not in seen:
            seen.add(id(one))
            if isinstance(one, nodes.Expression):
                yield one
            own = (
                name for sort in type(one).__mro__ for name in getattr(sort, "__mypyc_attrs__", ())
            )
            waiting.extend(getattr(one, name, None) for name in own if name not in _LINKS)


def _unknown(given: Type, iterated: bool) -> Iterator[str]:
    """The types that are unknown ones, among all that an expression may have."""
    type_ = get_proper_type(given)
    if isinstance(type_, UnionType):
        for item in type_.items:
            yield from _unknown(item, iterated)
    elif isinstance(type_, Instance) and iterated:
        # What a function is mapped over is an iterable of `object`, whatever it gives.
        for argument in type_.args[:1]:
            yield from (one for one in _unknown(argument, False) if one != _ANYTHING)
    elif isinstance(type_, Instance) and type_.type.fullname in _UNKNOWN:
        yield type_.type.fullname


def conditions(tree: ast.AST) -> Iterator[tuple[ast.expr, bool]]:
    """Every expression whose truth is asked; of ``any``, ``all`` and ``filter``, what they run over.

    >>> [ast.unparse(one) for one, _ in conditions(ast.parse("x = a and b or c"))]
    ['a', 'b']
    """
    for node in ast.walk(tree):
        match node:
            case ast.If() | ast.While() | ast.IfExp() | ast.Assert():
                yield from _tested(node.test)
            case ast.UnaryOp(op=ast.Not()):
                yield from _tested(node.operand)
            case ast.BoolOp():
                for one in node.values[:-1]:
                    yield from _tested(one)
            case ast.comprehension():
                for one in node.ifs:
                    yield from _tested(one)
            case ast.match_case(guard=ast.expr() as guard):
                yield from _tested(guard)
            case ast.Call(func=ast.Name("bool"), args=[given]):
                yield from _tested(given)
            case ast.Call(func=ast.Name("any" | "all"), args=[given]):
                yield given, True
            case ast.Call(func=ast.Name("filter"), args=[ast.Constant(None), given]):
                yield given, True


def _tested(test: ast.expr) -> Iterator[tuple[ast.expr, bool]]:
    """What of a condition is tested beside what ``and``, ``or`` and ``not`` in it test by themselves."""
    if isinstance(test, ast.BoolOp):
        yield from _tested(test.values[-1])
    elif not (isinstance(test, ast.UnaryOp) and isinstance(test.op, ast.Not)):
        yield test, False


def main() -> int:
    """Tell all tests in the package and the plugins; 1 where there is any."""
    plugins = (str(path) for path in _REPOSITORY.glob("plugins/*/coopfx_*"))
    told = truth_tests(sys.argv[1:] or [str(_REPOSITORY / "coopfx"), *sorted(plugins)])
    for one in told:
        print(one)
    return 1 if told else 0


if __name__ == "__main__":
    sys.exit(main())
