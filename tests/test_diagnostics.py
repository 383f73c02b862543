"""Every diagnostic that the source tells has its sentences, in every language.

The codes and the names of their arguments are read from the calls of ``tell`` themselves, so a
code has to stand there as text: ``report.tell("N201", span, name=…)``, or as a name that the same
function gives such codes to: ``code = "T304" if … else "T306"``.
"""

import ast
import re
import tomllib
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TypeGuard

import pytest

from coopfx.ground import report

REPOSITORY = Path(__file__).parent.parent
PACKAGE = REPOSITORY / "coopfx"
WORD_FILES = sorted((REPOSITORY / "grammars").glob("*.toml"))

CODE = re.compile(r"[SNTMLEDRP]\d{3}")
PLACE = re.compile(r"\{(\w+)\}")
# Parameters of `tell` itself, which no sentence can show.
NOT_SHOWN = {"span", "related", "clause"}
# What a word on a place shows of it: handed over with the further places.
EACH = "each"
# Arguments that may be empty: a help of their own speaks of them where they are not.
WITH_OWN_HELP = ("install", "nearest", "expected", "lines")

every_language = pytest.mark.parametrize("path", WORD_FILES, ids=lambda path: path.stem)


@dataclass(frozen=True)
class Call:
    """One call that tells a diagnostic: its code, what it hands over to be shown or not, its place."""

    code: str
    arguments: frozenset[str]
    place: str
    given: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Unread:
    """A call of `tell` that cannot be read, where it stands, and what to write instead."""

    place: str
    problem: str


Found = Call | Unread


# ---- what the source tells


def test_the_source_tells_diagnostics() -> None:
    assert PACKAGE.is_dir(), f"no package at {PACKAGE}"
    assert calls(), f"no call of tell(…) found under {PACKAGE}"
    assert WORD_FILES, "no word file in grammars/"


def test_every_call_names_its_code_and_its_arguments() -> None:
    unread = [f"{item.place}: {item.problem}" for item in found() if isinstance(item, Unread)]
    assert not unread, lines(unread)


def test_every_code_has_its_form() -> None:
    wrong = [f"{call.place}: {call.code}" for call in calls() if not CODE.fullmatch(call.code)]
    assert not wrong, "a code is a letter that report.py explains and three digits" + lines(wrong)


def test_every_weight_is_of_a_code_that_is_told() -> None:
    idle = sorted(set(report._NOT_ERRORS) - set(told()))
    assert not idle, (
        f"report._NOT_ERRORS weighs {', '.join(idle)}, which nothing tells: take the row away, or "
        "tell it where it is seen"
    )


# ---- what the word files say of it


@every_language
def test_every_code_has_its_sentences(path: Path) -> None:
    tables = sentences(path)
    wanting = [
        f"[diagnostics.{code}] has no {part}; told at {calls_of[0].place}"
        for code, calls_of in told().items()
        for part in parts_of(calls_of)
        if not tables.get(code, {}).get(part, "").strip()
    ]
    assert not wanting, f"add to {path.name}:" + lines(wanting)


@every_language
def test_no_sentence_stands_for_nothing(path: Path) -> None:
    idle = []
    for code, table in sentences(path).items():
        calls_of = told().get(code)
        if calls_of is None:
            idle.append(f"[diagnostics.{code}]: nothing tells this code")
            continue
        own_help = {f"help_{name}" for name in WITH_OWN_HELP if passed_by_all(calls_of, name)}
        idle += [
            f"[diagnostics.{code}] {part}: never shown"
            for part in table
            if part not in {"message", "help", "why", *own_help, *places_of(calls_of)}
        ]
    assert not idle, f"take away from {path.name}:" + lines(idle)


@every_language
def test_every_place_of_a_sentence_is_filled(path: Path) -> None:
    unfilled = [
        f"[diagnostics.{code}] {part}: {{{place}}} is not handed over at {call.place}"
        for code, table in sentences(path).items()
        for part, sentence in table.items()
        for place in PLACE.findall(sentence)
        for call in told().get(code, ())
        if place not in call.arguments and not (place == EACH and "related" not in call.given)
    ]
    assert not unfilled, f"hand it over, or do without it in {path.name}:" + lines(unfilled)


@every_language
def test_no_brace_is_left_open(path: Path) -> None:
    open_braces = [
        f"[diagnostics.{code}] {part}"
        for code, table in sentences(path).items()
        for part, sentence in table.items()
        if set("{}") & set(PLACE.sub("", sentence))
    ]
    assert not open_braces, (
        f"in {path.name}, braces stand around the name of an argument alone:" + lines(open_braces)
    )


@every_language
def test_no_two_codes_say_the_same(path: Path) -> None:
    first: dict[str, str] = {}
    doubled = []
    for code, table in sentences(path).items():
        message = table.get("message", "")
        if message in first:
            doubled.append(f"{first[message]} and {code}: {message}")
        first.setdefault(message, code)
    assert not doubled, (
        f"in {path.name}, say what sets each apart, or tell one code for both:" + lines(doubled)
    )


@every_language
def test_every_string_is_composed(path: Path) -> None:
    decomposed = [
        f"[diagnostics.{code}] {part}"
        for code, table in sentences(path).items()
        for part, sentence in table.items()
        if not unicodedata.is_normalized("NFC", sentence)
    ]
    assert not decomposed, f"write these of {path.name} in NFC:" + lines(decomposed)


def test_the_french_keeps_its_hard_spaces() -> None:
    soft = re.compile(r"(?<![\u202f])[;!?]|(?<![\u00a0]):|«(?!\u00a0)|(?<!\u00a0)»|(?<!\u00a0)%")
    wrong = [
        f"[diagnostics.{code}] {part}: …{prose[max(0, sign.start() - 20) : sign.end()]}"
        for code, table in sentences(REPOSITORY / "grammars" / "fr.toml").items()
        for part, sentence in table.items()
        # What stands in backquotes is to be typed, with the spaces that a keyboard gives.
        for prose in [re.sub(r"`[^`]*`", "`…`", sentence)]
        for sign in soft.finditer(prose)
    ]
    signs = "U+202F before ; ! ? and U+00A0 before : % and inside « »"
    assert not wrong, f"in fr.toml, write {signs}:" + lines(wrong)


# ---- the reading of calls, on small sources


def test_codes_are_read_from_text_from_a_choice_and_from_a_name() -> None:
    source = """
class Pass:
    def one(self):
        self.report.tell("N201", span, name=word, nearest=near)

    def two(self, inner):
        def three():
            code = "T304" if inner else "T306"
            report.tell(code, span, related=(), name=word)

        run.tell("D701" if inner else "D709", index, name=word)
        session.tell()
"""
    assert {(item.code, item.arguments) for item in read(source) if isinstance(item, Call)} == {
        ("N201", frozenset({"name", "nearest"})),
        ("T304", frozenset({"name"})),
        ("T306", frozenset({"name"})),
        ("D701", frozenset({"name"})),
        ("D709", frozenset({"name"})),
    }


@pytest.mark.parametrize(
    ("line", "problem"),
    [
        ("report.tell(code, span)", "as text"),
        ('report.tell(f"N{number}", span)', "as text"),
        ('report.tell("N201" if near else other, span)', "as text"),
        ('report.tell("N201", span, **arguments)', "by its name"),
        ("report.tell(span=span)", "as text"),
    ],
)
def test_a_call_that_hides_its_code_or_its_arguments_is_refused(line: str, problem: str) -> None:
    (unread,) = read(f"def function(code):\n    {line}\n")
    assert isinstance(unread, Unread)
    assert problem in unread.problem
    assert unread.place == "example.py:2"


def read(source: str) -> list[Found]:
    return list(read_calls(ast.parse(source), "example.py"))


# ---- the tools


@cache
def found() -> tuple[Found, ...]:
    """Every call of `tell` in the package, in the order of its files, read or not."""
    return tuple(
        item
        for path in sorted(PACKAGE.rglob("*.py"))
        for item in read_calls(
            ast.parse(path.read_text(encoding="utf-8")), path.relative_to(REPOSITORY).as_posix()
        )
    )


def calls() -> list[Call]:
    """Those that can be read."""
    return [item for item in found() if isinstance(item, Call)]


@cache
def told() -> dict[str, list[Call]]:
    """The calls of each code, by code."""
    by_code: dict[str, list[Call]] = {}
    for call in sorted(calls(), key=lambda item: item.code):
        by_code.setdefault(call.code, []).append(call)
    return by_code


def read_calls(
    node: ast.AST, file: str, names: dict[str, ast.expr] | None = None
) -> Iterator[Found]:
    """The calls of `tell` inside a node; ``names`` are what the functions around it assign."""
    if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
        names = (names or {}) | {
            target.id: item.value
            for item in ast.walk(node)
            if isinstance(item, ast.Assign)
            for target in item.targets
            if isinstance(target, ast.Name)
        }
    if tells(node):
        yield from read_call(node, f"{file}:{node.lineno}", names or {})
    for child in ast.iter_child_nodes(node):
        yield from read_calls(child, file, names)


def tells(node: ast.AST) -> TypeGuard[ast.Call]:
    """Whether a node tells a diagnostic; a `tell` that is handed nothing shows those there are."""
    return (
        isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr == "tell"
        and bool(node.args or node.keywords)
    )


def read_call(node: ast.Call, place: str, names: dict[str, ast.expr]) -> Iterator[Found]:
    """What one call of `tell` tells: one code, or each of those that it chooses from."""
    codes = codes_in(node.args[0], names) if node.args else None
    given = [keyword.arg for keyword in node.keywords]
    if codes is None:
        yield Unread(place, 'write the code as text, "N201", where it is told')
    elif None in given:
        yield Unread(place, "hand over each argument by its name, without **")
    else:
        names_given = frozenset(name for name in given if name is not None)
        yield from (Call(code, names_given - NOT_SHOWN, place, names_given) for code in codes)


def codes_in(node: ast.expr, names: dict[str, ast.expr]) -> list[str] | None:
    """The codes that an expression may be; None where the source does not show them."""
    match node:
        case ast.Constant(value=str(code)):
            return [code]
        case ast.IfExp(body=body, orelse=other):
            first, second = codes_in(body, names), codes_in(other, names)
            return None if first is None or second is None else [*first, *second]
        case ast.Name(id=name) if name in names:
            return codes_in(names[name], {})
        case _:
            return None


def parts_of(calls_of: list[Call]) -> list[str]:
    """The sentences that a code needs."""
    near = ["help_nearest"] if any("nearest" in call.arguments for call in calls_of) else []
    return ["message", "help", "why", *near, *places_of(calls_of)]


def places_of(calls_of: list[Call]) -> list[str]:
    """The words that a code needs on its places: it has some where it ever shows several."""
    return ["here", "there"] if any("related" in call.given for call in calls_of) else []


def passed_by_all(calls_of: list[Call], name: str) -> bool:
    return all(name in call.arguments for call in calls_of)


@cache
def sentences(path: Path) -> dict[str, dict[str, str]]:
    """The tables of sentences of a word file, by code."""
    tables: dict[str, dict[str, str]] = tomllib.loads(path.read_text(encoding="utf-8")).get(
        "diagnostics", {}
    )
    return tables


def lines(problems: list[str]) -> str:
    return "".join(f"\n  {problem}" for problem in problems)
