"""What a federation's report shows, read from the tables of a run in one pass over each."""

from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path
from statistics import median
from typing import Any

from coopfx.federation.inputs import as_texts
from coopfx.formats.federation import Figure, Near, Rule, Sector
from coopfx.ground.exact import round_to
from coopfx.ground.report import Report
from coopfx.plugged.hookspecs import TableFormat

EDGE = Fraction(1, 20)
BARS = 12
CENT = Fraction(1, 100)


def sector_of(output: Path, form: TableFormat, report: Report) -> Sector | None:
    """What a run's tables say of the sector; None, and told (P976), where one is not there."""
    for name in ("runs", "values", "accounts", "verdicts", "diagnostics"):
        path = output / f"{name}{form.suffix}"
        if not path.is_file():
            report.tell("P976", None, path=str(path))
    if report.failed:
        return None

    def rows(table: str, *names: str) -> Iterator[dict[str, str | None]]:
        for block in form.read(output / f"{table}{form.suffix}", names, 65_536, report):
            columns = [as_texts(block.columns[name]) for name in names]
            for row in zip(*columns, strict=True):
                yield dict(zip(names, row, strict=True))

    runs = list(rows("runs", "cooperative", "closing", "name", "currency", "status", "broken"))
    figures: dict[str, list[tuple[str, Fraction]]] = {}
    for row in rows("values", "cooperative", "name", "money"):
        if row["money"] is not None:
            own = figures.setdefault(row["name"] or "", [])
            own.append((row["cooperative"] or "", Fraction(row["money"])))
    for row in rows("accounts", "cooperative", "account", "added"):
        if row["added"] is not None:
            own = figures.setdefault(row["account"] or "", [])
            own.append((row["cooperative"] or "", Fraction(row["added"])))
    rules, near = _judged(
        rows("verdicts", "cooperative", "rule", "status", "left", "right", "margin")
    )
    first = next((row["currency"] for row in runs if row["currency"]), "EUR") or "EUR"
    one = {row["currency"] for row in runs if row["currency"]}
    told = list(rows("diagnostics", "cooperative", "code", "message"))
    return Sector(
        first if len(one) == 1 else "",
        tuple(runs),
        tuple(_figure(name, own) for name, own in figures.items() if any(v for _, v in own)),
        rules,
        near,
        tuple(told),
    )


def _judged(rows: Iterator[dict[str, Any]]) -> tuple[tuple[Rule, ...], tuple[Near, ...]]:
    rules: dict[str, dict[str, int]] = {}
    broken: dict[str, list[str]] = {}
    near: list[tuple[Fraction, Near]] = []
    for row in rows:
        counts = rules.setdefault(row["rule"], {})
        counts[row["status"]] = counts.get(row["status"], 0) + 1
        if row["status"] == "violated":
            broken.setdefault(row["rule"], []).append(row["cooperative"])
        right, margin = _number(row["right"]), _number(row["margin"])
        if row["status"] == "satisfied" and right and margin is not None:
            part = margin / abs(right)
            if 0 <= part < EDGE:
                one = Near(
                    row["cooperative"], row["rule"], row["left"], row["right"], row["margin"]
                )
                near.append((part, one))
    near.sort(key=lambda item: (item[0], item[1].cooperative, item[1].rule))
    found = [Rule(name, counts, tuple(broken.get(name, ()))) for name, counts in rules.items()]
    found.sort(key=lambda rule: (-len(rule.broken), rule.name))
    return tuple(found), tuple(one for _, one in near)


def _number(text: str | None) -> Fraction | None:
    try:
        return None if text is None else Fraction(text)
    except (ValueError, ZeroDivisionError):
        return None


def _figure(name: str, own: list[tuple[str, Fraction]]) -> Figure:
    """A figure of the sector: exact average and median, and how many lie in each of some equal steps."""
    values = sorted(value for _, value in own)
    size = len(values)
    low, high = values[0], values[-1]
    counts = [0] * BARS
    for value in values:
        place = 0 if high == low else int((value - low) / (high - low) * BARS)
        counts[min(place, BARS - 1)] += 1
    average = sum(values, Fraction(0)) / size
    shown = [round_to(value, CENT) for value in (average, median(values), low, high)]
    return Figure(name, size, shown[0], shown[1], shown[2], shown[3], tuple(counts), dict(own))
