"""What a federation's report shows, read from the tables of a run in one pass over each."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from fractions import Fraction
from pathlib import Path
from statistics import median
from typing import Any

from coopfx.federation.inputs import as_texts
from coopfx.federation.left import SUMMARY, sealed
from coopfx.formats.sector import Figure, Indicator, Near, Rule, Scenario, Sector
from coopfx.ground.exact import round_to
from coopfx.ground.report import Report
from coopfx.plugged.hookspecs import TableFormat

EDGE = Fraction(1, 20)
BARS = 12
CENT = Fraction(1, 100)
_SORTS = ("figure", "balance", "received")
_OF_INDICATORS = ("label", "pillar", "type")
_Key = tuple[str, str, str]
"""Of a figure: its sort, its name, and the currency that it is in."""


def texts_of(
    output: Path, table: str, names: Sequence[str], form: TableFormat, report: Report
) -> Iterator[dict[str, str | None]]:
    """The rows of a run's table, each cell as a text, None where there is none."""
    for block in form.read(output / f"{table}{form.suffix}", names, 65_536, report):
        columns = [as_texts(block.columns[name]) for name in names]
        for row in zip(*columns, strict=True):
            yield dict(zip(names, row, strict=True))


def spoken_of(output: Path) -> tuple[str, dict[str, dict[str, str]]]:
    """The language of a run and what its statutes call their own figures, as its summary has them."""
    summary = sealed(output / SUMMARY) or {}
    return summary.get("language") or "", summary.get("names") or {}


def sector_of(output: Path, form: TableFormat, report: Report) -> Sector | None:
    """What a run's tables say of the sector; None, and told (P976), where one is not there."""
    for name in ("runs", "values", "accounts", "indicators", "entries", "verdicts", "diagnostics"):
        path = output / f"{name}{form.suffix}"
        if not path.is_file():
            report.tell("P976", None, path=str(path))
    if report.failed:
        return None

    def rows(table: str, *names: str) -> Iterator[dict[str, str | None]]:
        return texts_of(output, table, names, form, report)

    runs = list(
        rows("runs", "cooperative", "closing", "name", "currency", "status", "broken", "statute")
    )
    currencies = {row["cooperative"] or "": row["currency"] or "" for row in runs}
    own: dict[_Key, dict[str, Fraction | None]] = {}

    def add(sort: str, name: str | None, cooperative: str | None, amount: str | None) -> None:
        """Add an amount to what a cooperative has of a figure; not known where any of it is not."""
        whose = cooperative or ""
        of_each = own.setdefault((sort, name or "", currencies.get(whose, "")), {})
        before = of_each.get(whose, Fraction(0))
        known = amount is not None and before is not None
        of_each[whose] = before + Fraction(amount) if known else None  # type: ignore[operator, arg-type]

    for row in rows("values", "cooperative", "name", "type", "money", "exact", "unknown"):
        # What does not exist in a year is no figure that is wanting.
        if row["type"] == "money" and row["unknown"] != "undefined":
            add("figure", row["name"], row["cooperative"], row["money"] or row["exact"])
    moved = set[tuple[str, str]]()
    for row in rows("accounts", "cooperative", "account", "opening", "added", "taken", "balance"):
        add("balance", row["account"], row["cooperative"], row["balance"])
        # What is not known to be nothing may be something; of an opening balance that says little.
        known = [_number(row[one]) for one in ("added", "taken")]
        if None in known or any((*known, *(_number(row[one]) for one in ("opening", "balance")))):
            moved.add((row["cooperative"] or "", row["account"] or ""))
    for row in rows("entries", "cooperative", "book", "from", "to_kind", "to", "amount"):
        if row["book"] == "legal" and row["to_kind"] == "received":
            add("received", row["to"] or row["from"], row["cooperative"], row["amount"])
    verdicts = list(
        rows(
            *("verdicts", "cooperative", "rule", "law", "status", "type", "relation"),
            *("left", "right", "margin", "set_aside"),
        )
    )
    _without_foreign(own, moved, _laws(runs, verdicts))
    made = (_figure(name, sort, of, currency) for (sort, name, currency), of in own.items())
    figures = [one for one in made if one is not None]
    rules, near = _judged(verdicts, currencies)
    told = list(rows("diagnostics", "cooperative", "code", "message"))
    language, spoken = spoken_of(output)
    one = set(filter(None, currencies.values()))
    return Sector(
        one.pop() if len(one) == 1 else "",
        tuple(runs),
        tuple(sorted(figures, key=lambda one: (_SORTS.index(one.sort), -one.known))),
        rules,
        near,
        tuple(told),
        _indicators(rows("indicators", *("cooperative", *_OF_INDICATORS, "exact", "met"))),
        language,
        spoken,
        _scenarios(output, form, report),
    )


_OF_SCENARIO = (
    *("cooperative", "scenario", "currency", "status", "told", "gain", "lose", "same", "gains"),
    *("losses", "accounts", "newly_violated", "newly_kept"),
)


def _scenarios(output: Path, form: TableFormat, report: Report) -> tuple[Scenario, ...]:
    """The scenarios of a run, if it had any: what its summary says of each, and each cooperative's row."""
    together = (sealed(output / SUMMARY) or {}).get("scenarios") or ()
    if not together or not (output / f"scenarios{form.suffix}").is_file():
        return ()
    own: dict[tuple[str | None, str | None], list[dict[str, str | None]]] = {}
    for row in texts_of(output, "scenarios", _OF_SCENARIO, form, report):
        own.setdefault((row["scenario"], row["currency"]), []).append(row)
    return tuple(
        Scenario(one, tuple(own.get((one["scenario"], one["currency"]), ()))) for one in together
    )


def _laws(
    runs: list[dict[str, str | None]], verdicts: list[dict[str, str | None]]
) -> dict[str, frozenset[str]]:
    """The laws that each cooperative stands under; where it is none, its statute."""
    found: dict[str, set[str]] = {}
    for row in verdicts:
        if row["law"]:
            found.setdefault(row["cooperative"] or "", set()).add(row["law"])
    statutes = {row["cooperative"] or "": row["statute"] for row in runs}
    return {
        name: frozenset(found.get(name) or {f"statute {statute}"})
        for name, statute in statutes.items()
    }


def _without_foreign(
    own: dict[_Key, dict[str, Fraction | None]],
    moved: set[tuple[str, str]],
    laws: dict[str, frozenset[str]],
) -> None:
    """Leave out accounts that none of the cooperatives under the same laws has any money in.

    The language names them for all, and such a law knows them not: their zero says nothing.
    """
    used = {(laws[who], account) for who, account in moved if who in laws}
    for (sort, account, _), of_each in own.items():
        if sort == "balance":
            for who in [one for one in of_each if (laws.get(one), account) not in used]:
                del of_each[who]


def _indicators(rows: Iterable[dict[str, str | None]]) -> tuple[Indicator, ...]:
    """The indicators by their labels, those that most cooperatives have first."""
    found: dict[tuple[str, ...], list[dict[str, str | None]]] = {}
    for row in rows:
        found.setdefault(tuple(row[one] or "" for one in _OF_INDICATORS), []).append(row)
    made = []
    for (label, pillar, _), own in found.items():
        known = sorted(value for row in own if (value := _number(row["exact"])) is not None)
        made.append(
            Indicator(
                label,
                pillar,
                len(own),
                len(known),
                sum(known, Fraction(0)) / len(known) if known else None,
                known[0] if known else None,
                known[-1] if known else None,
                sum(row["met"] == "yes" for row in own),
                sum(row["met"] is not None for row in own),
                tuple(row["cooperative"] or "" for row in own if row["exact"] is None),
            )
        )
    return tuple(sorted(made, key=lambda one: (-one.of, one.pillar, one.label)))


def _judged(
    rows: Iterable[dict[str, Any]], currencies: dict[str, str]
) -> tuple[tuple[Rule, ...], tuple[Near, ...]]:
    rules: dict[str, dict[str, int]] = {}
    by_status: dict[tuple[str, str], list[str]] = {}
    aside: dict[str, list[tuple[str, str]]] = {}
    on_edge: dict[str, list[str]] = {}
    near: list[tuple[Fraction, Near]] = []
    for row in rows:
        counts = rules.setdefault(row["rule"], {})
        counts[row["status"]] = counts.get(row["status"], 0) + 1
        by_status.setdefault((row["rule"], row["status"]), []).append(row["cooperative"])
        if row["set_aside"]:
            aside.setdefault(row["rule"], []).append((row["cooperative"], row["set_aside"]))
        right, margin = _number(row["right"]), _number(row["margin"])
        # What has to be equal is so or is not: it is never near.
        if row["status"] != "satisfied" or row["relation"] == "equal" or not right:
            continue
        if margin is None or not 0 <= (part := margin / abs(right)) < EDGE:
            continue
        currency = currencies[row["cooperative"]] if row["type"] == "money" else ""
        if margin == 0 or (currency and margin < CENT):
            on_edge.setdefault(row["rule"], []).append(row["cooperative"])
        else:
            sides = (row["left"], row["right"], row["margin"])
            near.append((part, Near(row["cooperative"], row["rule"], *sides, currency)))
    near.sort(key=lambda item: (item[0], item[1].cooperative, item[1].rule))
    found = [
        Rule(
            name,
            counts,
            tuple(by_status.get((name, "violated"), ())),
            tuple(aside.get(name, ())),
            tuple(by_status.get((name, "undetermined"), ())),
            tuple(on_edge.get(name, ())),
        )
        for name, counts in rules.items()
    ]
    found.sort(key=lambda rule: (-len(rule.broken), rule.name))
    return tuple(found), tuple(one for _, one in near)


def _number(text: str | None) -> Fraction | None:
    try:
        return None if text is None else Fraction(text)
    except (ValueError, ZeroDivisionError):
        return None


def _figure(
    name: str, sort: str, own: Mapping[str, Fraction | None], currency: str = ""
) -> Figure | None:
    """A figure of the sector: exact average and median, and how many lie in each of some equal steps.

    None where all are known to have none. Those for which it is not known are named, and in no average;
    where it is known of nobody there is none.
    """
    known = {whose: value for whose, value in own.items() if value is not None}
    missing = tuple(one for one in own if one not in known)
    if not known and missing:
        return Figure(name, sort, 0, missing=missing, currency=currency)
    if not missing and not any(known.values()):
        return None
    values = sorted(known.values())
    low, high = values[0], values[-1]
    counts = [0] * BARS
    for value in values:
        place = 0 if high == low else int((value - low) / (high - low) * BARS)
        counts[min(place, BARS - 1)] += 1
    average = sum(values, Fraction(0)) / len(values)
    shown = [round_to(value, CENT) for value in (average, median(values), low, high)]
    return Figure(
        name,
        sort,
        len(values),
        *(shown[0], shown[1], shown[2], shown[3]),
        counts=tuple(counts),
        own=known,
        missing=missing,
        currency=currency,
    )
