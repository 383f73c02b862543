"""The walls of the house: who may import whom, read from the imports themselves.

The tables below are those of docs/house.md; change both together. Names are relative to coopfx:
`engine` is the room with all its modules, `engine.columns*` also takes `engine.columns_wide`.
An import counts wherever it stands: in a function, under TYPE_CHECKING, or by `import_module`.
"""

import ast
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parent.parent / "coopfx"

GROUND = (
    *("version", "cache", "code", "kept", "plain", "source", "exact", "figure", "report"),
    *("words", "aloud", "facts", "tables"),
)
SEEN_BY_ENGINES = ("language.ir", "language.operations", "language.ranges")
BELOW_DESK = ("ground", "language", "engine", "formats", "plugged")
BELOW_DOORS = (*BELOW_DESK, "desk", "pipeline", "laws", "starts", "federation", "testing")

# Each room, from the doors down, and what it may import beside itself.
ROOMS: dict[str, tuple[str, ...]] = {
    # the doors
    "__main__": ("apps",),
    "apps": ("coopfx", "editing", *BELOW_DOORS),
    # what plugins use beside their hooks
    "extending": ("apps", *BELOW_DOORS),
    # a text while it is written
    "editing": (*BELOW_DESK, "desk", "pipeline", "scripts"),
    # what strangers run
    "testing": (*BELOW_DESK, "desk", "pipeline", "laws", "starts", "federation"),
    # the public names
    "coopfx": ("moved", *BELOW_DESK, "desk", "pipeline", "scripts"),
    # a policy as scripts ask for it
    "scripts": (*BELOW_DESK, "desk", "pipeline"),
    # many cooperatives; a law as its readers want it; a first statute
    "federation": (*BELOW_DESK, "desk", "pipeline"),
    "starts": (*BELOW_DESK, "desk", "pipeline"),
    "laws": (*BELOW_DESK, "desk", "pipeline"),
    # the order of the passes
    "pipeline": (*BELOW_DESK, "desk"),
    # a policy on the desk
    "desk": BELOW_DESK,
    # what plugins bring
    "plugged": ("ground", "formats", "engine.outcome", "language.ir"),
    # exchange formats
    "formats": ("ground", "engine.outcome"),
    # engines
    "engine": ("ground", *SEEN_BY_ENGINES),
    # the language
    "language": ("ground",),
    # old paths
    "moved": (),
    # the ground: only leftward
    "ground": (),
    **{
        f"ground.{module}": tuple(f"ground.{left}" for left in GROUND[:place])
        for place, module in enumerate(GROUND)
    },
}

# Pairs refused although their rooms would allow them, and why.
REFUSED = {
    ("engine.columns", "engine.reference"): "an engine does not borrow its judge",
    **{
        (room, "ground.cache"): "what is kept rests on the code: ask ground.kept"
        for room in ROOMS
        if room not in ("ground", "ground.cache", "ground.code", "ground.kept")
    },
}

# Each library the core may import, and the only modules that may. None is imported elsewhere.
LIBRARIES: dict[str, tuple[str, ...]] = {
    "attr": ("*",),
    "attrs": ("*",),
    "click": ("apps",),
    "lark": ("language.parse",),
    "numpy": ("engine.columns", "federation"),
    "pandas": ("scripts.tables",),
    "pluggy": ("plugged", "testing"),
    "polars": ("scripts.tables",),
    "pytest": ("testing",),
    "tomlkit": ("formats.toml",),
    "z3": ("engine.symbols", "engine.proof"),
}

LOADED_ONLY_WHEN_NEEDED = ("click", "lark", "numpy", "z3")


@dataclass(frozen=True)
class Import:
    """One imported module, as an absolute name, and the line that asks for it."""

    target: str
    line: int


def test_every_import_keeps_to_the_walls() -> None:
    assert modules_of(PACKAGE), f"no module under {PACKAGE}"
    breaches = list(breaches_of(PACKAGE))
    assert not breaches, "\n" + "\n".join(breaches)


def test_plugins_import_only_what_the_page_says_that_anyone_may() -> None:
    page = (PACKAGE.parent / "docs" / "python.md").read_text("utf-8")
    section = page.partition("\n## What may be imported\n")[2]
    rows = [line.split("|")[1] for line in section.splitlines() if line.startswith("| `")]
    public = {name for row in rows for name in row.split("`")[1::2] if name.startswith("coopfx")}
    assert {"coopfx", "coopfx.extending", "coopfx.plugged.hookspecs"} <= public
    own = {f"coopfx.{name}" for name in modules_of(PACKAGE)}
    breaches = [
        f"{path.relative_to(PACKAGE.parent)}:{found.line}: {found.target}"
        for path in (PACKAGE.parent / "plugins").glob("*/coopfx_*/**/*.py")
        for found in imports_of("", path, {name.removeprefix("coopfx.") for name in own})
        if found.target.partition(".")[0] == "coopfx"
        and found.target not in public
        and not found.target.startswith("coopfx.testing.")
    ]
    assert not breaches, "\n" + "\n".join(breaches)


def test_a_long_module_has_a_reason_on_the_page() -> None:
    page = (PACKAGE.parent / "docs" / "house.md").read_text("utf-8")
    section = page.partition("\n## Modules of more than 500 lines\n")[2].partition("\n## ")[0]
    named = {line.split("`")[1] for line in section.splitlines() if line.startswith("| `")}
    long = {
        path.relative_to(PACKAGE.parent).as_posix()
        for path in PACKAGE.rglob("*.py")
        if len(path.read_text("utf-8").splitlines()) > 500
    }
    assert sorted(long - named) == []


def test_the_package_loads_nothing_heavy() -> None:
    script = (
        "import sys; before = set(sys.modules); import coopfx; "
        f"print(*sorted({set(LOADED_ONLY_WHEN_NEEDED)!r} & (set(sys.modules) - before)))"
    )
    loaded = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True
    ).stdout.split()
    assert not loaded, (
        f"`import coopfx` loads {', '.join(loaded)}: import it in the function that needs it, or "
        "give the public name by a module-level __getattr__ in coopfx/__init__.py"
    )


@pytest.mark.parametrize(
    ("module", "line", "reason"),
    [
        ("ground/exact.py", "from coopfx.ground import facts", "may import only ground.version"),
        ("ground/exact.py", "from .report import Report", "may import only ground.version"),
        ("ground/version.py", "import coopfx.ground.source", "may import nothing of coopfx"),
        ("ground/shelf.py", "import attrs", "no room"),
        ("ground/facts.py", "from coopfx import run", "of room coopfx"),
        (
            "ground/words.py",
            "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    from .facts import Facts",
            "may import only ground.version, ground.cache, ground.code, ground.kept",
        ),
        ("language/parse.py", "from ..engine import outcome", "of room engine"),
        ("language/ast.py", "import lark", "only language.parse may"),
        ("language/tokens.py", "def f():\n    import coopfx.engine.outcome", "of room engine"),
        ("engine/columns/walk.py", "from coopfx.language import parse", "of room language"),
        (
            "engine/columns/walk.py",
            "from ..reference.evaluate import evaluate",
            "does not borrow its judge",
        ),
        ("engine/columns/walk.py", "from .. import reference", "does not borrow its judge"),
        ("engine/proof/prove.py", "from coopfx.language.ast import Statute", "of room language"),
        ("engine/outcome.py", "from numpy import ndarray", "only engine.columns, federation may"),
        ("engine/explain/steps.py", "import z3", "only engine.symbols, engine.proof may"),
        ("formats/csv.py", "from coopfx.engine.reference import evaluate", "of room engine"),
        ("plugged/world.py", "from coopfx.desk import policy", "of room desk"),
        ("desk/policy.py", "from coopfx import pipeline", "of room pipeline"),
        ("desk/policy.py", "import coopfx.apps.cli", "of room apps"),
        ("laws/book.py", "from coopfx.federation import run", "of room federation"),
        ("ground/exact.py", "import requests", "no row in LIBRARIES"),
        ("shelf.py", "import attrs", "no room"),
        (
            "pipeline.py",
            "from importlib import import_module\nimport_module('coopfx.apps')",
            "of room apps",
        ),
    ],
)
def test_a_planted_import_is_refused(tmp_path: Path, module: str, line: str, reason: str) -> None:
    house = plant(tmp_path, module, line)
    (breach,) = breaches_of(house)
    assert module in breach
    assert reason in breach


@pytest.mark.parametrize(
    ("module", "line"),
    [
        ("ground/facts.py", "from coopfx.ground import exact, words"),
        ("language/builder.py", "from . import ir\nfrom .ast import Statute\nimport attrs, re"),
        ("language/parse.py", "import lark"),
        ("engine/columns/wide.py", "import numpy as np\nfrom ...language.ranges import Interval"),
        ("engine/proof/prover.py", "import z3\nfrom coopfx.engine import reference"),
        ("plugged/hookspecs.py", "import pluggy\nfrom coopfx.language import ir"),
        ("federation/run.py", "from coopfx.pipeline import run"),
        ("apps/cli/__init__.py", "import click\nimport coopfx\nfrom coopfx.desk import policy"),
    ],
)
def test_a_lawful_import_is_allowed(tmp_path: Path, module: str, line: str) -> None:
    house = plant(tmp_path, module, line)
    assert list(breaches_of(house)) == []


def plant(folder: Path, module: str, lines: str) -> Path:
    """A small house of empty modules in which one holds these lines."""
    house = folder / "coopfx"
    rooms = [f"{room}/__init__.py" for room in (*BELOW_DOORS, "apps") if room != "pipeline"]
    ground = [f"ground/{name}.py" for name in GROUND]
    contracts = ("language/ir.py", "language/parse.py", "engine/reference/evaluate.py")
    others = ("__init__.py", "pipeline.py", "engine/reference/__init__.py", "engine/outcome.py")
    for name in (*rooms, *ground, *contracts, *others, "desk/policy.py"):
        path = house / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()
    path = house / module
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(lines + "\n", encoding="utf-8")
    return house


def breaches_of(package: Path) -> Iterator[str]:
    """Each import that goes through a wall, told with its place and what to do."""
    modules = modules_of(package)
    for name, path in sorted(modules.items()):
        shown = path.relative_to(package.parent).as_posix()
        room = room_of(name)
        if room is None:
            yield f"{shown}: no room is called so; give it one in ROOMS here and in docs/house.md"
            continue
        for found in imports_of(name, path, set(modules)):
            library, _, inner = found.target.partition(".")
            if library == "coopfx":
                problem = wall_between(name, room, inner or "coopfx")
            else:
                problem = library_wall(name, library)
            if problem:
                yield f"{shown}:{found.line}: imports {found.target}; {problem}"


def wall_between(importer: str, room: str, target: str) -> str | None:
    """Why this module may not import that one of coopfx, or None where it may."""
    for (left, right), reason in REFUSED.items():
        if within(importer, left) and within(target, right):
            return f"{left} may not import {right}: {reason}"
    allowed = ROOMS[room]
    if room_of(target) == room or any(within(target, pattern) for pattern in allowed):
        return None
    may = f"only {', '.join(allowed)}" if allowed else "nothing of coopfx"
    return (
        f"{target} is of room {room_of(target)}, and {room} may import {may}; move what both need "
        "to a lower floor, or hand it over as an argument"
    )


def library_wall(importer: str, library: str) -> str | None:
    """Why this module may not import that library, or None where it may."""
    if library in sys.stdlib_module_names:
        return None
    if library not in LIBRARIES:
        return (
            f"{library} has no row in LIBRARIES; add one, and the dependency with its reason to "
            "pyproject.toml, or do without"
        )
    allowed = LIBRARIES[library]
    if any(within(importer, pattern) for pattern in allowed):
        return None
    return f"only {', '.join(allowed)} may; ask that module for what is needed"


def within(module: str, pattern: str) -> bool:
    """Is the module the one that the pattern names, or inside it?"""
    return fnmatchcase(module, pattern) or fnmatchcase(module, f"{pattern}.*")


def room_of(module: str) -> str | None:
    """The room a module belongs to: a module of the ground by itself, else the first part."""
    room = module.partition(".")[0]
    if room == "ground" != module:
        room = module
    return room if room in ROOMS else None


def modules_of(package: Path) -> dict[str, Path]:
    """Every module of a package by its name inside it; the package itself is `coopfx`."""
    modules = {}
    for path in package.rglob("*.py"):
        parts = path.relative_to(package).with_suffix("").parts
        if parts[-1] == "__init__":
            parts = parts[:-1]
        modules[".".join(parts) or "coopfx"] = path
    return modules


def imports_of(module: str, path: Path, modules: set[str]) -> Iterator[Import]:
    """Every import of a file; `from room import module` is an import of the module."""
    absolute = "coopfx" if module == "coopfx" else f"coopfx.{module}"
    package = absolute if path.name == "__init__.py" else absolute.rpartition(".")[0]
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"), filename=str(path))):
        match node:
            case ast.Import(names=names):
                for alias in names:
                    yield Import(alias.name, node.lineno)
            case ast.ImportFrom(module=base, names=names, level=level):
                parents = package.split(".")[: len(package.split(".")) - level + 1] if level else []
                origin = ".".join([*parents, *([base] if base else [])])
                for alias in names:
                    deeper = f"{origin}.{alias.name}"
                    is_module = deeper.removeprefix("coopfx.") in modules
                    yield Import(deeper if is_module else origin, node.lineno)
            case ast.Call(
                func=ast.Name(id="import_module") | ast.Attribute(attr="import_module"),
                args=[ast.Constant(value=str(name)), *_],
            ):
                yield Import(name, node.lineno)
