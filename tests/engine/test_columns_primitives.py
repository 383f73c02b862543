"""The two primitives of the batch engine, against fractions: exact up to the bounds they name."""

import sys
from collections.abc import Sequence
from fractions import Fraction
from pathlib import Path
from random import Random
from typing import Any

import numpy as np
import pytest

from coopfx.engine.columns import Records, memory
from coopfx.engine.columns.accelerator import PAYS_FROM, ROOM, SWITCH, Accelerator
from coopfx.engine.columns.primitives import (
    LARGEST_AMOUNT,
    LARGEST_DIVISOR,
    Line,
    multiply_divide,
    split,
)

SIZES = [1, 2, 3, 7, 40, 200]


def segments(sizes: Sequence[int]) -> Records:
    """Records of cooperatives of these sizes."""
    return Records(np.concatenate([[0], np.cumsum(sizes)]).astype(np.int64))


def exact_split(total: int, rights: Sequence[Fraction]) -> list[int]:
    """Largest remainder by its definition: floors, then one more to the largest fractions."""
    parts = [right // 1 for right in rights]
    order = sorted(range(len(rights)), key=lambda row: (-(rights[row] - parts[row]), row))
    for row in order[: total - sum(parts)]:
        parts[row] += 1
    return parts


@pytest.mark.parametrize("seed", range(40))
def test_quotient_and_remainder_are_exact(seed: int) -> None:
    random = Random(seed)
    sizes = [random.choice(SIZES) for _ in range(random.choice([1, 2, 30]))]
    top = random.choice([100, 10**12, LARGEST_DIVISOR - 1])
    most = random.choice([100, 10**9, LARGEST_AMOUNT - 1])
    divisors = [random.randint(1, top) for _ in sizes]
    amounts = [random.randint(0, most) for _ in sizes]
    weights = [
        random.choice([0, divisor, divisor // 3, random.randint(0, divisor)])
        for divisor, size in zip(divisors, sizes, strict=True)
        for _ in range(size)
    ]
    amount, divisor = (np.repeat(np.array(one), sizes) for one in (amounts, divisors))
    quotients, remainders = multiply_divide(amount, np.array(weights), divisor)
    row = 0
    for above, below, size in zip(amounts, divisors, sizes, strict=True):
        for _ in range(size):
            expected = divmod(above * weights[row], below)
            assert (int(quotients[row]), int(remainders[row])) == expected
            row += 1


def draw_weights(random: Random, size: int, mood: str) -> list[int]:
    """Weights of one cooperative: ties and round numbers are where floats fail."""
    if mood == "ties":
        return [random.choice([100, 200, 300]) for _ in range(size)]
    if mood == "equal":
        return [random.choice([1, 10**6])] * size
    if mood == "zeros":
        return [random.choice([0, 0, 0, 7]) for _ in range(size)]
    if mood == "wide":
        return [random.randint(10**11, 10**12) for _ in range(size)]
    return [random.randint(0, 10**7) for _ in range(size)]


@pytest.mark.parametrize("switch", ["no", "yes"])
@pytest.mark.parametrize("lines", [1, 2, 3])
@pytest.mark.parametrize("seed", range(60))
def test_largest_remainder_is_exact(
    seed: int, lines: int, switch: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    if switch == "yes":
        pytest.importorskip("numba")
    monkeypatch.setenv(SWITCH, switch)
    random = Random(seed * 10 + lines)
    sizes = [random.choice(SIZES) for _ in range(random.choice([1, 3, 25]))]
    records = segments(sizes)
    moods = ["ties", "equal", "zeros", "wide", "plain"]
    columns = []
    for _ in range(lines):
        mood = random.choice(moods)
        columns.append([draw_weights(random, size, mood) for size in sizes])
    totals = [[max(sum(weights), 1) for weights in column] for column in columns]
    complete = [all(any(column[at]) for column in columns) for at in range(len(sizes))]
    amounts = [random.choice([0, 1, 100, 12_345_678, 10**14]) if whole else 0 for whole in complete]
    made = [
        Line(
            np.array(amounts),
            np.array([weight for weights in column for weight in weights]),
            np.array([total * lines for total in row]),
        )
        for column, row in zip(columns, totals, strict=True)
    ]
    parts = split(np.array(amounts), made, records)
    for at, size in enumerate(sizes):
        rights = [
            sum(
                (
                    Fraction(amounts[at] * column[at][row], totals[line][at] * lines)
                    for line, column in enumerate(columns)
                ),
                Fraction(0),
            )
            for row in range(size)
        ]
        low = int(records.offsets[at])
        got = [int(part) for part in parts[low : low + size]]
        assert got == exact_split(amounts[at], rights), (seed, at)


def test_the_compiled_pass_is_taken_up_once_it_pays(monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("numba")
    monkeypatch.delenv(SWITCH, raising=False)
    own = Accelerator()
    assert own.for_rows(PAYS_FROM - 1) is None
    assert own.for_rows(1) is not None
    monkeypatch.setenv(SWITCH, "no")
    assert own.for_rows(PAYS_FROM) is None


def test_within_little_memory_the_compiled_pass_is_not_taken_up(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    pytest.importorskip("numba")
    resource = pytest.importorskip("resource")
    monkeypatch.delenv(SWITCH, raising=False)
    usual = resource.getrlimit
    little = {resource.RLIMIT_DATA: (ROOM - 1, ROOM - 1)}
    monkeypatch.setattr(resource, "getrlimit", lambda one: little.get(one) or usual(one))
    assert Accelerator().for_rows(PAYS_FROM) is None
    monkeypatch.setenv(SWITCH, "yes")
    assert Accelerator().for_rows(1) is not None


@pytest.mark.parametrize(
    ("groups", "path", "text", "found"),
    [
        ("0::/", "memory.max", "134217728", 2**27),
        ("0::/user.slice/run.scope", "user.slice/run.scope/memory.max", "134217728", 2**27),
        ("4:memory:/job\n0::/", "memory/job/memory.limit_in_bytes", "134217728", 2**27),
        ("0::/", "memory.max", "max", None),
        ("0::/elsewhere", "memory.max", "134217728", None),
    ],
)
def test_a_control_group_limits_the_memory(
    groups: str, path: str, text: str, found: int | None, tmp_path: Path, monkeypatch: Any
) -> None:
    limit = tmp_path / "groups" / path
    limit.parent.mkdir(parents=True)
    limit.write_text(text + "\n")
    (tmp_path / "own").write_text(groups + "\n")
    monkeypatch.setattr(memory, "_CGROUPS", tmp_path / "groups")
    monkeypatch.setattr(memory, "_OWN_GROUPS", tmp_path / "own")
    assert memory.allowed() == (found or float("inf"))


def test_without_numba_the_splits_stay_with_numpy(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "coopfx.engine.columns.compiled", None)
    monkeypatch.delenv(SWITCH, raising=False)
    assert Accelerator().for_rows(PAYS_FROM) is None
    monkeypatch.setenv(SWITCH, "yes")
    with pytest.raises(ImportError):
        Accelerator().for_rows(1)


def test_the_compiled_pass_decides_ties_of_large_segments_alike(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    pytest.importorskip("numba")
    random = np.random.default_rng(3)
    records = segments([9_000, 1, 300])
    figures = [random.choice(np.array([7, 7, 7, 14, 10**6]), records.size) for _ in range(2)]
    totals = [records.sum(figure) for figure in figures]
    amount = np.array([10**13 + 1, 5, 12_345_677])
    made = [Line(amount, figure, 2 * total) for figure, total in zip(figures, totals, strict=True)]
    found = []
    for switch in ("no", "yes"):
        monkeypatch.setenv(SWITCH, switch)
        found.append(split(amount, made, records))
    assert found[0].tolist() == found[1].tolist()
    assert records.sum(found[0]).tolist() == amount.tolist()
