"""Mutants of the ranges and the terms must die: each operator, constant and term changed, one at a time.

A mutant lives in a process of its own, in which the code of one function is exchanged; it is killed by
the first check that fails: figures outside their ranges, years of the reference that are no models of the
terms, planted violations not found or lawful neighbours not proved, ranges and terms that say less.
"""

import ast
import gc
import os
import signal
import sys
from collections import Counter
from collections.abc import Iterator
from copy import deepcopy
from importlib import import_module
from pathlib import Path
from random import Random
from types import CodeType, FunctionType

import pytest
from attrs import frozen
from planted import planted
from test_ranges import YEARS, decisions_are_kept, hold, hold_bounds

from coopfx.engine.outcome import ALWAYS
from coopfx.engine.reference.evaluate import evaluate
from coopfx.engine.reference.evaluation import Run
from coopfx.language.ranges import ranges
from coopfx.plugged.world import World
from sharing import Compile
from statutes import statute
from years import Years

MODULES = (
    "coopfx.language.ranges",
    *(
        f"coopfx.engine.symbols.{name}"
        for name in (
            *("terms", "operations", "calendar", "year", "money", "nodes", "rule", "groups"),
            *(
                "any_split",
                "aggregates",
                "any_year",
                "small_aggregates",
                "small_split",
                "small_year",
            ),
        )
    ),
)
SECONDS = 150
"""A mutant that has not ended by then is dead: it never does what it is asked."""

_COMPARED: dict[type[ast.cmpop], type[ast.cmpop]] = {
    ast.LtE: ast.Lt,
    ast.Lt: ast.LtE,
    ast.GtE: ast.Gt,
    ast.Gt: ast.GtE,
    ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq,
}
_WORKED_OUT: dict[type[ast.operator], type[ast.operator]] = {
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
    ast.Mult: ast.Add,
    ast.Div: ast.Mult,
}
Key = tuple[str, int, int]


@frozen
class Mutant:
    """A change of one place of a module."""

    module: str
    line: int
    what: str
    tree: ast.Module

    def __str__(self) -> str:
        return f"{self.module}:{self.line} {self.what}"


def changes(node: ast.AST) -> Iterator[tuple[str, ast.AST]]:
    """What a node of a syntax tree can be changed to, and what that is called."""
    match node:
        case ast.Compare(ops=[op]) if type(op) in _COMPARED:
            other = _COMPARED[type(op)]
            yield f"{type(op).__name__} to {other.__name__}", _with(node, ops=[other()])
        case ast.BinOp(op=op) if type(op) in _WORKED_OUT:
            turned = _WORKED_OUT[type(op)]
            yield f"{type(op).__name__} to {turned.__name__}", _with(node, op=turned())
        case ast.UnaryOp(op=ast.Not() | ast.USub(), operand=operand):
            yield "sign or not dropped", operand
        case ast.BoolOp(op=op):
            turned_ = ast.Or() if isinstance(op, ast.And) else ast.And()
            yield "and or or turned", _with(node, op=turned_)
        case ast.Constant(value=bool() as value):
            yield f"{value} turned", ast.Constant(not value)
        case ast.Constant(value=int() as value):
            yield f"{value} one more", ast.Constant(value + 1)
        case ast.IfExp(body=body, orelse=orelse):
            yield "first of two", body
            yield "second of two", orelse
        case ast.Call(func=ast.Name("min" | "max" as name)):
            turned_name = ast.Name("max" if name == "min" else "min", ast.Load())
            yield f"{name} turned", _with(node, func=turned_name)
        case ast.List(elts=[_, *_] as items) if not any(
            isinstance(one, ast.Starred) for one in items
        ):
            for place in range(len(items)):
                yield f"item {place} dropped", _with(node, elts=items[:place] + items[place + 1 :])


def _with(node: ast.AST, **fields: object) -> ast.AST:
    made = deepcopy(node)
    for name, value in fields.items():
        setattr(made, name, value)
    return made


def mutants(module: str) -> Iterator[Mutant]:
    """The mutants of a module: of what functions say, and not of types or texts."""
    source = Path(import_module(module).__file__ or "").read_text("utf-8")
    tree = ast.parse(source)
    spared = {
        id(inner)
        for node in ast.walk(tree)
        for outer in (getattr(node, "annotation", None), getattr(node, "returns", None))
        if outer is not None
        for inner in ast.walk(outer)
    }
    inside = {
        id(inner)
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef | ast.Lambda)
        for part in (node.body if isinstance(node, ast.FunctionDef) else [node.body])
        for inner in ast.walk(part)
    }
    found = [
        (place, number)
        for place, node in enumerate(ast.walk(tree))
        if id(node) in inside - spared
        for number, _ in enumerate(changes(node))
    ]
    for place, number in found:
        fresh = ast.parse(source)
        node = [*ast.walk(fresh)][place]
        what, other = [*changes(node)][number]
        line = getattr(node, "lineno", 0)
        changed = _Exchange(node, other).visit(fresh)
        assert isinstance(changed, ast.Module)
        yield Mutant(module, line, what, changed)


class _Exchange(ast.NodeTransformer):
    def __init__(self, old: ast.AST, new: ast.AST) -> None:
        self.old, self.new = old, new

    def visit(self, node: ast.AST) -> ast.AST:
        return ast.copy_location(self.new, node) if node is self.old else super().visit(node)


def apply(mutant: Mutant) -> None:
    """Exchange the code of the functions of a module for that of a mutant."""
    file = import_module(mutant.module).__file__ or ""
    code = compile(ast.fix_missing_locations(mutant.tree), file, "exec")
    new = {_key(one): one for one in _codes(code)}
    for function in [one for one in gc.get_objects() if isinstance(one, FunctionType)]:
        own = function.__code__
        if own.co_filename == file and (found := new.get(_key(own))) is not None:
            function.__code__ = found


def _codes(code: CodeType) -> Iterator[CodeType]:
    for one in code.co_consts:
        if isinstance(one, CodeType):
            yield one
            yield from _codes(one)


def _key(code: CodeType) -> Key:
    columns = [place[2] for place in code.co_positions() if place[2]]
    return code.co_qualname, code.co_firstlineno, columns[0] if "<lambda>" in code.co_name else 0


def runs(world: World) -> list[Run]:
    """Evaluated years of drawn statutes: what ranges are held against."""
    found = []
    for seed in range(50_000, 50_030):
        drawn = statute(seed, world)
        if drawn is not None:
            years = Years(Random(seed))
            nodes = range(len(drawn.program.nodes))
            found += [
                evaluate(drawn.program, years.year(drawn.program), roots=nodes)
                for _ in range(YEARS)
            ]
    return found


def check(world: World, compile_text: Compile, evaluated: list[Run]) -> None:
    """What a mutant has to live through, the quickest first."""
    hold_bounds()
    bounded: Counter[str] = Counter()
    for run in evaluated:
        program = run.program
        hold(run, ranges(program.nodes, program.constants), bounded)
        if decisions_are_kept(run):
            hold(run, ranges(program.nodes, program.constants, kept=True), bounded)
    assert bounded.total() == FIRST.setdefault("bounded", bounded.total())
    for lawful in (True, False):
        for place, case in planted(lawful=lawful):
            if place == 0:
                found = proved(compile_text, case)
                assert (found.verdict == ALWAYS) is lawful, case.name()
    for seed in range(16):
        compare([seed], world, [seed % 4])


compare, proved = (
    getattr(import_module(module), name)
    for module, name in (("test_symbols", "compare"), ("test_planted", "proved"))
)
FIRST: dict[str, int] = {}
"""What is found without any change."""


def killed(mutant: Mutant, world: World, compile_text: Compile, evaluated: list[Run]) -> str:
    """By what a mutant is killed; empty where it lives."""
    child = os.fork()
    if not child:
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
        os.dup2(os.open(os.devnull, os.O_WRONLY), 2)
        signal.alarm(SECONDS)
        try:
            apply(mutant)
            check(world, compile_text, evaluated)
        except AssertionError:
            os._exit(1)
        except BaseException:
            os._exit(2)
        os._exit(0)
    _, status = os.waitpid(child, 0)
    if os.WIFSIGNALED(status):
        return "time"
    return {0: "", 1: "a check", 2: "an error"}[os.WEXITSTATUS(status)]


@pytest.mark.soak
@pytest.mark.skipif(sys.platform == "win32", reason="a mutant lives in a fork")
@pytest.mark.parametrize("part", range(20))
def test_mutants_of_ranges_and_terms_die(world: World, compile_text: Compile, part: int) -> None:
    """Each twentieth of all mutants, in an order drawn once; ``MUTANTS`` of them where that is given."""
    every = [one for module in MODULES for one in mutants(module)]
    Random(1).shuffle(every)
    mine = every[part::20][: int(os.environ.get("MUTANTS", "1000000"))]
    evaluated = runs(world)
    check(world, compile_text, evaluated)
    told: Counter[str] = Counter()
    for mutant in mine:
        why = killed(mutant, world, compile_text, evaluated)
        told[why or "lives"] += 1
        if not why:
            print(f"lives: {mutant}", flush=True)
    print(f"\n{part}: {dict(told)} of {len(every)}", flush=True)
