"""Years worked out from their files alone, with fractions and nothing of coopfx.

What the tests of the worked policies hold coopfx against. Amounts are in the currency's unit.
"""

import csv
import tomllib
from collections.abc import Callable, Mapping
from fractions import Fraction
from pathlib import Path
from typing import Any

POLICIES = Path(__file__).parent.parent.parent / "policies"

REMARKED = {"txirbil": {"L518"}}
"""What is told of a policy: Txirbil sets the form aside that the law gives to the work share."""
CENT = Fraction(1, 100)

Row = dict[str, str]


def rows(file: Path) -> list[Row]:
    """The lines of a table whose cells are parted by semicolons, or by commas."""
    with file.open(encoding="utf-8", newline="") as opened:
        mark = ";" if ";" in opened.readline() else ","
        opened.seek(0)
        return list(csv.DictReader(opened, delimiter=mark))


def cooperative(folder: Path) -> dict[str, Any]:
    """The cooperative's own figures of a year."""
    return tomllib.loads((folder / "cooperative.toml").read_text("utf-8"))


def exact(text: str | int) -> Fraction:
    """A figure as it is written, a percentage as the part that it is."""
    number = str(text).replace(",", ".").replace(" ", "")
    return Fraction(number[:-1]) / 100 if number.endswith("%") else Fraction(number)


def figure(row: Row, name: str) -> Fraction:
    """A figure of a line."""
    return exact(row[name])


def half_up(value: Fraction) -> Fraction:
    """In whole cents; a half away from zero."""
    cents = (2 * abs(value) / CENT + 1) // 2 * CENT
    return -cents if value < 0 else cents


def split(amount: Fraction, rights: Mapping[str, Fraction]) -> dict[str, Fraction]:
    """Largest remainder, in whole cents."""
    cents, total = amount / CENT, sum(rights.values())
    shares = {name: cents * right / total for name, right in rights.items()}
    parts = {name: Fraction(int(value)) for name, value in shares.items()}
    left = int(cents - sum(parts.values()))
    for name in sorted(shares, key=lambda name: (parts[name] - shares[name], name))[:left]:
        parts[name] += 1
    return {name: part * CENT for name, part in parts.items()}


def by_keys(
    people: list[Row], *keys: tuple[Fraction, Callable[[Row], Fraction]]
) -> dict[str, Fraction]:
    """Rights that add up from several keys, each with its weight."""
    totals = [sum((key(row) for row in people), Fraction(0)) for _, key in keys]
    return {
        row["id"]: sum(
            (weight * key(row) / total for (weight, key), total in zip(keys, totals, strict=True)),
            Fraction(0),
        )
        for row in people
    }
