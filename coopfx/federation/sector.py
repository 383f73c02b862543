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
    for name in ("runs", "values", "accounts", "entries", "verdicts", "diagnostics"):
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
    own: dict[tuple[str, str], dict[str, Fraction | None]] = {}

    def add(sort: str, name: str | None, row: dict[str, str | None], column: str) -> None:
        """Add an amount to what a cooperative has of a figure; not known where any of it is not."""
        of_each = own.setdefault((sort, name or ""), {})
        key, amount = row["cooperative"] or "", row[column]
        before = of_each.get(key, Fraction(0))
        known = amount is not None and before is not None
        of_each[key] = before + Fraction(amount) if known else None  # type: ignore[operator, arg-type]

    for row in rows("values", "cooperative", "name", "type", "money"):
        if row["type"] == "money":
            add("figure", row["name"], row, "money")
    for row in rows("accounts", "cooperative", "account", "balance"):
        add("balance", row["account"], row, "balance")
    for row in rows("entries", "cooperative", "book", "from", "to_kind", "to", "amount"):
        if row["book"] == "legal" and row["to_kind"] == "received":
            add("received", row["to"] or row["from"], row, "amount")
    known = {
        key: [(name, value) for name, value in of_each.items() if value is not None]
        for key, of_each in own.items()
    }
    rules, near = _judged(
        rows("verdicts", "cooperative", "rule", "status", "left", "right", "margin", "set_aside")
    )
    first = next((row["currency"] for row in runs if row["currency"]), "EUR") or "EUR"
    one = {row["currency"] for row in runs if row["currency"]}
    told = list(rows("diagnostics", "cooperative", "code", "message"))
    return Sector(
        first if len(one) == 1 else "",
        tuple(runs),
        tuple(
            _figure(name, sort, values)
            for (sort, name), values in known.items()
            if any(value for _, value in values)
        ),
        rules,
        near,
        tuple(told),
    )


def _judged(rows: Iterator[dict[str, Any]]) -> tuple[tuple[Rule, ...], tuple[Near, ...]]:
    rules: dict[str, dict[str, int]] = {}
    broken: dict[str, list[str]] = {}
    aside: dict[str, list[tuple[str, str]]] = {}
    near: list[tuple[Fraction, Near]] = []
    for row in rows:
        counts = rules.setdefault(row["rule"], {})
        counts[row["status"]] = counts.get(row["status"], 0) + 1
        if row["status"] == "violated":
            broken.setdefault(row["rule"], []).append(row["cooperative"])
        if row["set_aside"]:
            aside.setdefault(row["rule"], []).append((row["cooperative"], row["set_aside"]))
        right, margin = _number(row["right"]), _number(row["margin"])
        if row["status"] == "satisfied" and right and margin is not None:
            part = margin / abs(right)
            if 0 <= part < EDGE:
                one = Near(
                    row["cooperative"], row["rule"], row["left"], row["right"], row["margin"]
                )
                near.append((part, one))
    near.sort(key=lambda item: (item[0], item[1].cooperative, item[1].rule))
    found = [
        Rule(name, counts, tuple(broken.get(name, ())), tuple(aside.get(name, ())))
        for name, counts in rules.items()
    ]
    found.sort(key=lambda rule: (-len(rule.broken), rule.name))
    return tuple(found), tuple(one for _, one in near)


def _number(text: str | None) -> Fraction | None:
    try:
        return None if text is None else Fraction(text)
    except (ValueError, ZeroDivisionError):
        return None


def _figure(name: str, sort: str, own: list[tuple[str, Fraction]]) -> Figure:
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
    return Figure(
        name, sort, size, shown[0], shown[1], shown[2], shown[3], tuple(counts), dict(own)
    )
