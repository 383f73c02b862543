"""What the pages promise: statutes compile, commands print what they show, links lead somewhere.

A ```coop block is a whole text, or a part of one that is given a heading. Its info string may say a
language, `law` for a law, a path to write it to, and the codes of the diagnostics that it shows.
A ```console block is run where the page's files are; `…` stands for lines, or a line's end, left
out. A block with a path in its info string is written to that path first; with `+` in it, the block is
added to what the page has written there.
"""

import ast
import importlib.util
import re
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from contextlib import chdir
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import get_args

import pytest
from attrs import evolve
from click.testing import CliRunner

from compiling import tried
from coopfx.apps.cli.main import COMMANDS, cli
from coopfx.engine.columns import walk
from coopfx.engine.examples.run import run_examples
from coopfx.engine.reference import evaluate
from coopfx.engine.symbols import nodes
from coopfx.ground.report import Report
from coopfx.language import ir
from coopfx.plugged.hookspecs import Law
from coopfx.plugged.world import Plugin, Provided, World, load_world

REPOSITORY = Path(__file__).parent.parent.parent
PAGES = sorted(
    [
        REPOSITORY / "README.md",
        *(REPOSITORY / "docs").glob("*.md"),
        *(REPOSITORY / "docs").glob("[a-z][a-z]/*.md"),
        *(REPOSITORY / "policies").glob("*/README.md"),
    ]
)
LINKED = sorted([*PAGES, *REPOSITORY.glob("*.md"), *REPOSITORY.glob("plugins/*/README.md")])
HOUSE = REPOSITORY / "docs" / "house.md"

HEADINGS = {
    "en": 'statute "Example"\ncurrency EUR\nin force from 2024-01-01\n',
    "fr": "statuts « Exemple »\ndevise EUR\nen vigueur depuis 2024-01-01\n",
    "es": "estatutos «Ejemplo»\nmoneda EUR\nen vigor desde 2024-01-01\n",
    "it": "statuto «Esempio»\nvaluta EUR\nin vigore dal 2024-01-01\n",
}
HARD_SPACE = re.compile("[\u00a0\u202f]")
CODE = re.compile(r"[A-Z]\d{3}")
# A part of a text need not use every name that it declares.
UNUSED = {"N204"}


@dataclass(frozen=True)
class Block:
    """A fenced block of a page: its sort, the words after it, its lines."""

    page: Path
    line: int
    sort: str
    words: tuple[str, ...]
    text: str

    @property
    def path(self) -> str | None:
        """The file that the block is to be written to."""
        return next((word for word in self.words if "/" in word), None)

    def __str__(self) -> str:
        return f"{self.page.relative_to(REPOSITORY).as_posix()}:{self.line}"


def blocks_of(page: Path) -> Iterator[Block]:
    pattern = re.compile(r"^```(\w+)([^\n]*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
    text = page.read_text("utf-8")
    written: dict[str | None, str] = {}
    for found in pattern.finditer(text):
        line = text.count("\n", 0, found.start()) + 1
        block = Block(page, line, found[1], tuple(found[2].split()), found[3])
        if "+" in block.words:
            block = replace(block, text=f"{written[block.path]}\n{block.text}")
        if block.path:
            written[block.path] = block.text
        yield block


def blocks(sort: str) -> list[Block]:
    return [block for page in PAGES for block in blocks_of(page) if block.sort == sort]


def test_the_pages_are_there() -> None:
    names = {page.name for page in PAGES}
    assert {"README.md", "house.md", "language.md", "data.md"} <= names
    assert len(blocks("coop")) > 30
    assert len(blocks("console")) > 5


# ---- statutes


@cache
def world() -> World:
    report = Report()
    found = load_world(report)
    assert not report.diagnostics
    return found


@pytest.mark.parametrize("block", blocks("coop"), ids=str)
def test_a_statute_says_what_the_page_says_of_it(block: Block) -> None:
    expected = {word for word in block.words if CODE.fullmatch(word)}
    language = next((word for word in block.words if word in HEADINGS), "en")
    provided, text = world(), block.text
    if "law" in block.words:
        provided, text = under(text, language)
    elif not text.lstrip().startswith(HEADINGS[language].split()[0]):
        article = world().words(language).keywords["ARTICLE"][0]
        first = "" if text.lstrip().startswith(article) else f"{article} 1\n"
        text = HEADINGS[language] + first + text
    told = codes_of(text, language, provided)
    assert set(told) - UNUSED == expected - UNUSED, "\n".join(told.values())
    assert expected <= set(told)


def under(law: str, language: str) -> tuple[World, str]:
    """A world with one more law, and a statute under it."""
    name = law.split()[1]
    declared = Law(name, f"law/{name}.{language}.coop", language, law)
    provided = Provided(declared, Plugin("page", "page", "0"))
    first, rest = HEADINGS[language].split("\n", 1)
    statute = f"{first} {world().words(language).keywords['UNDER'][0]} {name}\n{rest}"
    return evolve(world(), laws={**world().laws, name: provided}), statute


def codes_of(text: str, language: str, provided: World) -> dict[str, str]:
    """The codes that compiling a text and running its examples tell, each with its message."""
    statute, report = tried(text, provided, language)
    if statute is not None:
        run_examples(statute.program, report)
    words = provided.words("en")
    return {
        item.code: f"{item.span and item.span.line}: {item.code} {words.message(item)}"
        for item in report.diagnostics
    }


@pytest.mark.parametrize("language", ["en", "fr", "es", "it"])
def test_the_cheat_sheet_shows_every_construct_on_one_page(language: str) -> None:
    folder = REPOSITORY / "docs" / ("" if language == "en" else language)
    page = folder / "cheat-sheet.md"
    shown = "\n".join(block.text for block in blocks("coop") if block.page == page)
    assert len(page.read_text("utf-8").splitlines()) <= (150 if language == "en" else 175)
    for terminal, phrases in world().words(language).keywords.items():
        words = "|".join(re.escape(phrase) for phrase in phrases)
        assert re.search(rf"(?<!\w)({words})(?!\w)", shown), terminal


# ---- commands


@dataclass(frozen=True)
class Call:
    """A command of a page, and the lines shown below it."""

    command: str
    shown: tuple[str, ...]


def calls_of(block: Block) -> list[Call]:
    calls: list[Call] = []
    for line in block.text.splitlines():
        if line.startswith("$ "):
            calls.append(Call(line[2:], ()))
        else:
            assert calls, f"{block}: a line before any command"
            calls[-1] = Call(calls[-1].command, (*calls[-1].shown, line))
    return calls


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(REPOSITORY).as_posix())
def test_commands_do_what_the_page_shows(page: Path, tmp_path: Path) -> None:
    shutil.copytree(REPOSITORY / "policies", tmp_path / "policies")
    for block in blocks_of(page):
        if block.path:
            path = tmp_path / block.path
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(block.text, "utf-8")
        elif block.sort == "console":
            status = next((int(word) for word in block.words if word.isdigit()), 0)
            for call in calls_of(block):
                check_call(block, call, status, tmp_path)


def check_call(block: Block, call: Call, status: int, folder: Path) -> None:
    program, *arguments = shown_command(call.command)
    if program == "make":
        return
    assert program == "coopfx", f"{block}: {call.command}"
    known = {*COMMANDS, *world().commands}
    assert arguments[0].startswith("-") or arguments[0] in known, f"{block}: {call.command}"
    with chdir(folder):
        ended = CliRunner().invoke(cli, arguments, prog_name=program)
    if ended.exception is not None and not isinstance(ended.exception, SystemExit):
        raise ended.exception
    assert ended.exit_code == status, f"{block}: {call.command}\n{ended.output}"
    if call.shown:
        pattern = re.compile("\n".join(map(as_pattern, call.shown)) + r"\s*")
        shown = HARD_SPACE.sub(" ", ended.output).removeprefix("\ufeff")
        assert pattern.fullmatch(shown), f"{block}: {call.command}\n{ended.output}"


def as_pattern(line: str) -> str:
    """A shown line as a pattern: `…` alone is any lines, at an end it is the rest of the line."""
    if line.strip() == "…":
        return r"(?:.*\n)*?.*"
    begin = HARD_SPACE.sub(" ", line.removesuffix("…")).rstrip()
    return re.escape(begin) + (".*" if line.endswith("…") else " *")


def shown_command(command: str) -> list[str]:
    """A command's words; `make demo` is what the Makefile says it is."""
    if command == ". .venv/bin/activate":
        assert "ENVIRONMENT := .venv" in makefile()
        return ["make"]
    words = [quoted or plain for quoted, plain in re.findall(r'"([^"]*)"|(\S+)', command)]
    if words[0] != "make":
        return words
    recipe = re.search(rf"^{words[1]}:.*\n((?:\t.*\n)+)", makefile(), re.MULTILINE)
    assert recipe, f"the Makefile has no target {words[1]}"
    own = re.fullmatch(r"\t@\$\(BIN\)/(coopfx .*)\n", recipe[1])
    return own[1].split() if own else words


@cache
def makefile() -> str:
    return (REPOSITORY / "Makefile").read_text("utf-8")


def test_what_make_test_leaves_out_is_what_test_all_adds() -> None:
    settings = tomllib.loads((REPOSITORY / "pyproject.toml").read_text("utf-8"))["tool"]
    *_, chosen = settings["pytest"]["ini_options"]["addopts"]
    (beyond,) = re.findall(r"^BEYOND := (.*)$", makefile(), re.MULTILINE)
    assert {*beyond.split(" or "), "soak"} == set(re.findall(r"not (\w+)", chosen))


@pytest.mark.parametrize("block", blocks("python"), ids=str)
def test_a_program_of_a_page_runs(block: Block) -> None:
    ended = subprocess.run(
        [sys.executable, "-c", block.text],
        cwd=REPOSITORY,
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    assert ended.returncode == 0, ended.stderr


# ---- links


@pytest.mark.parametrize("page", LINKED, ids=lambda page: page.relative_to(REPOSITORY).as_posix())
def test_every_relative_link_leads_somewhere(page: Path) -> None:
    text = re.sub(r"^```.*?^```$", "", page.read_text("utf-8"), flags=re.MULTILINE | re.DOTALL)
    for target in re.findall(r"\]\(([^)\s]+)\)", text):
        if re.match(r"[a-z]+:", target):
            continue
        name, _, anchor = target.partition("#")
        path = (page.parent / name) if name else page
        assert path.exists(), f"{page.name}: {target}"
        if anchor:
            assert anchor in anchors_of(path), f"{page.name}: {target}"


def anchors_of(page: Path) -> set[str]:
    titles = re.findall(r"^#+ (.*)$", page.read_text("utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-") for title in titles}


# ---- the house


def section(title: str) -> str:
    parts = re.split(r"^## (.*)\n", HOUSE.read_text("utf-8"), flags=re.MULTILINE)
    return dict(zip(parts[1::2], parts[2::2], strict=True))[title]


def rows(text: str) -> list[list[str]]:
    lines = [line for line in text.splitlines() if line.startswith("|")]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines[2:]]


def names(cell: str) -> tuple[str, ...]:
    return tuple(re.findall(r"`([^`]+)`", cell))


def test_the_house_names_every_module_that_exists_and_no_other() -> None:
    named = set(re.findall(r"^\| `(coopfx/[\w/]+\.py)`", section("Rooms and files"), re.MULTILINE))
    package = REPOSITORY / "coopfx"
    there = {
        path.relative_to(REPOSITORY).as_posix()
        for path in package.rglob("*.py")
        if path.name != "__init__.py" or path.parent == package
    }
    assert named == there


def test_whatever_else_the_house_names_exists() -> None:
    rooms = section("Rooms and files") + section("The folders beside the package")
    for path in re.findall(r"^\| `([\w./*-]+)`", rooms, re.MULTILINE):
        assert list(REPOSITORY.glob(path.rstrip("/"))), path


def walls() -> ModuleType:
    spec = importlib.util.spec_from_file_location("walls", REPOSITORY / "tests" / "test_walls.py")
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    sys.modules["walls"] = module
    spec.loader.exec_module(module)
    return module


def test_the_walls_are_those_of_the_test() -> None:
    kept = walls()
    told: dict[str, set[str]] = {}
    for rooms, may in rows(section("Walls")):
        if rooms == "`ground`":
            assert names(may) == kept.GROUND
            continue
        told |= {room: set(names(may)) for room in names(rooms)}
    above = {room: set(may) for room, may in kept.ROOMS.items() if not room.startswith("ground")}
    assert told == above


def test_the_libraries_are_those_of_the_test() -> None:
    kept = walls()
    told = {names(library)[0]: names(where) for library, where in rows(section("Libraries"))}
    assert told == {
        library: () if where == ("*",) else where for library, where in kept.LIBRARIES.items()
    }


def test_the_reference_and_the_columns_evaluate_every_node() -> None:
    assert set(get_args(ir.AnyNode)) == set(evaluate.NODES) == set(walk.NODES)


def test_what_the_prover_cannot_work_out_is_listed() -> None:
    phrases = load_world(Report()).words("en").phrases
    told = {
        name
        for cell, *_ in rows(section("What the prover cannot work out"))
        for name in names(cell)
    }
    assert told == {"log", "median", "Split"}
    start = "proof.not_yet."
    assert {key.removeprefix(start) for key in phrases if key.startswith(start)} == {"log"}
    assert set(nodes.NODES) == set(get_args(ir.AnyNode))


def test_the_order_of_the_passes_is_that_of_the_pipeline() -> None:
    modules = ("pipeline", "desk/workspace", "desk/compiling", "desk/evaluated")
    trees = [ast.parse((REPOSITORY / f"coopfx/{one}.py").read_text("utf-8")) for one in modules]
    defined = {node.name for node in trees[0].body if isinstance(node, ast.FunctionDef)}
    imported = {
        name.asname or name.name
        for tree in trees
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom)
        for name in node.names
    }
    passes = [names(cell)[0] for cell, *_ in rows(section("Passes"))]
    called = {name.rpartition(".")[2] for name in passes}
    assert called <= defined | imported, called - defined - imported
