"""Texts that no one would write, but that someone may hand in: a clear answer, never a crash."""

import resource
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from compiling import tried
from coopfx.plugged.world import World

HEAD = 'statute "Limits"\ncurrency EUR\nin force from 2020-01-01\narticle 1 "Figures"\n'
TAIL = "  allocate total from surplus\n    rest to reserves\n    losses to reserves\n"


def codes(text: str, world: World) -> set[str]:
    """The codes of all that is told of a statute."""
    return {item.code for item in tried(text, world)[1].diagnostics}


def chain(length: int) -> list[str]:
    """Names that need one another, each the one before it."""
    first = ["  define step_0 = surplus\n"]
    return first + [f"  define step_{n} = step_{n - 1} + 1 EUR\n" for n in range(1, length)]


def test_a_long_chain_of_names_in_order_is_read(world: World) -> None:
    lines = chain(2000)
    assert codes(HEAD + "".join(lines) + "  define total = step_1999\n" + TAIL, world) == set()


def test_a_long_chain_of_names_backwards_is_refused(world: World) -> None:
    lines = "".join(reversed(chain(2000)))
    assert codes(HEAD + "  define total = step_1999\n" + lines + TAIL, world) == {"N215"}


def test_a_long_chain_of_products_is_read(world: World) -> None:
    lines = [f"  define step_{n} = step_{n - 1} * step_{n - 1}\n" for n in range(1, 600)]
    names = "  input step_0 : number\n" + "".join(lines)
    assert codes(f"{HEAD}{names}  define total = surplus * step_599\n{TAIL}", world) == set()


@pytest.mark.parametrize(("bounds", "told"), [(100, {"T315"}), (600, {"N215", "T315"})])
def test_a_long_chain_of_bounds_is_followed_or_refused(
    bounds: int, told: set[str], world: World
) -> None:
    lines = [f"  input fact_{n} : money >= 1 EUR <= fact_{n + 1}\n" for n in range(bounds)]
    facts = "".join(lines) + f"  input fact_{bounds} : money <= 0 EUR\n"
    assert codes(f"{HEAD}{facts}  define total = surplus\n{TAIL}", world) == told


@pytest.mark.parametrize("depth", [101, 10_000])
def test_brackets_too_deep_are_refused(depth: int, world: World) -> None:
    nested = "(" * depth + "surplus" + ")" * depth
    assert "S107" in codes(f"{HEAD}  define total = {nested}\n{TAIL}", world)


def test_ninety_brackets_are_read(world: World) -> None:
    nested = "(" * 90 + "surplus" + ")" * 90
    assert codes(f"{HEAD}  define total = {nested}\n{TAIL}", world) == set()


@pytest.mark.parametrize("sign", ["not ", "-"])
def test_signs_too_deep_are_refused(sign: str, world: World) -> None:
    text = f"{HEAD}  define total = if {sign * 5000}yes then surplus else surplus\n{TAIL}"
    assert codes(text, world) & {"S107", "T303"}


def test_a_sum_of_ten_thousand_terms_is_read(world: World) -> None:
    terms = " + ".join(["surplus"] * 10_000)
    assert codes(f"{HEAD}  define total = {terms}\n{TAIL}", world) == set()


def test_a_name_without_end_is_refused(world: World) -> None:
    assert "S112" in codes(f"{HEAD}  define {'x' * 1_000_000} = surplus\n{TAIL}", world)


def test_bytes_of_no_sense_are_told(world: World) -> None:
    noise = "\x00\x01\ufffd" * 200 + "\n" + '"' * 99 + "\n" + ")" * 99
    assert codes(noise, world)


# ---- what is too long to read by hand, in a process that may take a gigabyte

GIGABYTE = 1 << 30
HANGS = 300
"""Seconds after which a process is taken to hang; the answers take seconds."""

ARTICLE = """article A{n} "Article {n}"
  # What article {n} says.
  define part_{n} = {n} EUR + 2% of surplus
  require rule_{n}: part_{n} > {n} EUR
    when surplus > 0 EUR
    "Rule {n} holds."
"""
SHARED = "  define total = surplus - 1 EUR\n" + TAIL


def lines(count: int) -> str:
    return HEAD + SHARED + "".join(ARTICLE.format(n=n) for n in range(count // 6))


def wrong_lines(count: int) -> str:
    return HEAD + "".join(f"  define name_{n} = surplus + nome_{n}\n" for n in range(count))


def accounts(count: int) -> str:
    items = "".join(f"    {n} EUR to pot_{n}.part\n" for n in range(count))
    return f"{HEAD}  allocate surplus\n{items}    rest to reserves\n    losses to reserves\n"


def letters(count: int) -> str:
    return f"{HEAD}  define total = {' + '.join(['surplus'] * (count // 10))}\n{TAIL}"


def brackets(count: int) -> str:
    return f"{HEAD}  define total = {'(' * count}surplus{')' * count}\n{TAIL}"


def a_long_name(count: int) -> str:
    return f"{HEAD}  define {'x' * count} = surplus\n{TAIL}"


LONG: list[tuple[Callable[[int], str], int, int, str]] = [
    (lines, 100_000, 0, "nothing wrong"),
    (wrong_lines, 30_000, 1, "{} more are not shown"),
    (accounts, 8_000, 0, ""),
    (letters, 10_000_000, 1, "S124"),
    (brackets, 10_000, 1, "S107"),
    (a_long_name, 1_000_000, 1, "S112"),
]
each_text = pytest.mark.parametrize(("text", "size", "status", "said"), LONG)


@pytest.mark.each
@each_text
def test_the_longest_texts_are_answered_within_a_gigabyte(
    text: Callable[[int], str], size: int, status: int, said: str, tmp_path: Path
) -> None:
    check_long(text(size), GIGABYTE, status, said.format(size - 250), tmp_path)


@each_text
def test_texts_of_a_tenth_are_answered_within_a_third(
    text: Callable[[int], str], size: int, status: int, said: str, tmp_path: Path
) -> None:
    size //= 10
    check_long(text(size), GIGABYTE // 3, status, said.format(size - 250), tmp_path)


def check_long(text: str, memory: int, status: int, said: str, tmp_path: Path) -> None:
    """Check a text in a process that may take so much memory."""
    path = tmp_path / "statute.en.coop"
    path.write_text(text, "utf-8")
    done = subprocess.run(
        [sys.executable, "-m", "coopfx", "check", "--fast", path.name],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=HANGS,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_AS, (memory, memory)),
    )
    assert done.returncode == status, done.stderr[-2000:]
    assert said in done.stdout + done.stderr
    assert "Traceback" not in done.stderr
    assert len(done.stderr) < 100_000
