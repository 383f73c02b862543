"""What a year still needs, for people and for programs: in which file, under which name, and why."""

from collections.abc import Mapping, Sequence
from typing import Any

from attrs import frozen

from coopfx.engine import outcome as out
from coopfx.engine.outcome import Need, Needs, Waiting
from coopfx.formats.cells import file_of
from coopfx.formats.terminal import Style, safe, wrapped
from coopfx.ground.figure import figure_of
from coopfx.ground.words import Words

SCHEMA = "coopfx.missing/1"
MOST_NAMED = 8
MOST_RESULTS = 2
"""So many of the results that a figure settles are named."""
MONEY = ("share", "allocation")
"""The sorts of results that say who receives what."""


@frozen(slots=True)
class Place:
    """Where a fact is given: a file, and in it a table of ``cooperative.toml`` or none, and a name."""

    file: str
    table: str
    name: str


def place_of(need: Need, words: Words, files: Mapping[str, str]) -> Place:
    """Where what is needed is to be given, in the reader's words.

    ``files`` are those that the year's records came from: what they lack is given there.
    """
    file = files.get(need.record or "", file_of(need.record))
    match need.key:
        case "records":
            return Place(file_of(need.name), "", "id")
        case "balance":
            name = words.word(figure_of(need.name).name)
            return Place(file_of(None), "balances", name)
        case "previous":
            name = words.word(figure_of(need.name).inner.key)
            return Place(file, "previous", name)
        case "decision":
            return Place(file_of(None), "decisions", words.word(need.name))
        case _:
            return Place(file, "", words.word(need.name))


def text(
    needs: Needs,
    outcome: out.Outcome,
    files: Mapping[str, str],
    words: Words,
    style: Style,
) -> str:
    """What is needed as a list for people: what the shares wait for, then what is left of the rules.

    Each result stands once, beside the last figure that it waits for. ``files`` are as in ``place_of``.
    """
    heading = words.phrase("report.title", name=outcome.cooperative, closing=outcome.closing)
    lines = [style.paint(safe(heading), "bold"), ""]
    if not needs.needs:
        return "\n".join([*lines, words.counted("needs.none", needs.results), ""])
    counts = {"results": needs.results}
    lines += wrapped(words.counted("needs.some", needs.waiting, **counts))
    shared = [one for one in needs.needs if any(item.kind in MONEY for item in one.waiting)]
    if not shared:
        lines += wrapped(words.phrase("needs.shares_known"))
    told: set[Waiting] = set()
    given: set[str] = set()
    for key, group in (
        ("shares", shared),
        ("rules", [one for one in needs.needs if one not in shared]),
    ):
        if group:
            lines += ["", style.paint(words.phrase(f"needs.{key}"), "bold")]
        place = None
        for need in group:
            given.add(need.name)
            own = place_of(need, words, files)
            if place is None or (own.file, own.table) != (place.file, place.table):
                key = "needs.under" if own.table else "needs.in"
                where = words.phrase(key, file=own.file, table=own.table)
                lines.append("  " + style.paint(safe(where), "faint"))
            place = own
            settled = [one for one in need.waiting if one.needs <= given and one not in told]
            told.update(settled)
            lines += wrapped(_line(need, own, settled, words), "    ", "        ")
    lines.append("")
    return "\n".join(lines)


def _line(need: Need, place: Place, settled: Sequence[Waiting], words: Words) -> str:
    """One figure: its name, what it is, of whom, and what is known with it."""
    said = words.phrase("needs.whole_table") if need.key == "records" else f"`{place.name}`"
    label = _label(need, words)
    if need.key != "records" and label.casefold() != place.name.casefold().replace("_", " "):
        said += words.phrase("needs.label", label=label)
    if need.columns:
        names = tuple(words.word(name) for name in need.columns)
        said += ", " + words.counted("needs.columns", len(names), names=names)
    if need.records:
        shown = (*need.records[:MOST_NAMED], *("…",) * (len(need.records) > MOST_NAMED))
        said += ", " + words.counted("needs.records", len(need.records), names=shown)
    if not settled:
        return said
    results = words.first_few(settled, lambda one: _result(one, words), MOST_RESULTS)
    return words.phrase("needs.settles", figure=said, results=results)


def _label(need: Need, words: Words) -> str:
    told = need.key in ("balance", "previous")
    return words.label(figure_of(need.name).inner.key if told else need.name)


def _result(item: Waiting, words: Words) -> str:
    if item.kind == "rule":
        own = item.name.removeprefix(f"{item.law}.") if item.law else item.name
        label = words.phrases.get(f"rule.{item.name}") or words.label(own)
    else:
        label = words.label(item.name) if item.kind != "indicator" else item.name
    said = words.phrase(f"needs.{item.kind}", name=label)
    if not item.article:
        return said
    key = "needs.article_of" if item.law else "needs.article"
    return said + words.phrase(key, article=item.article, law=item.law or "")


def data(
    needs: Needs,
    outcome: out.Outcome,
    files: Mapping[str, str],
    words: Words,
    diagnostics: list[dict[str, Any]],
) -> dict[str, Any]:
    """What is needed as an object of its schema; names are canonical, labels in the reader's language."""
    return {
        "schema": SCHEMA,
        "cooperative": outcome.cooperative,
        "closing": outcome.closing.isoformat(),
        "results": needs.results,
        "waiting": needs.waiting,
        "needs": [_need(need, files, words) for need in needs.needs],
        "diagnostics": diagnostics,
    }


def _need(need: Need, files: Mapping[str, str], words: Words) -> dict[str, Any]:
    place = place_of(need, words, files)
    return {
        "name": need.name,
        "label": _label(need, words),
        "record": need.record,
        "file": place.file,
        "table": place.table or None,
        "key": place.name,
        "records": list(need.records),
        "columns": list(need.columns),
        "settled": need.settled,
        "waiting": [
            {
                "kind": item.kind,
                "name": item.name,
                "article": item.article or None,
                "law": item.law,
                "alone": item in need.alone,
            }
            for item in need.waiting
        ],
    }
