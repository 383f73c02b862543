"""What a year still needs, for people and for programs: in which file, under which name, and why."""

from collections.abc import Mapping
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
    """What is needed as a list for people, the most useful first; ``files`` as in ``place_of``."""
    heading = words.phrase("report.title", name=outcome.cooperative, closing=outcome.closing)
    lines = [style.paint(safe(heading), "bold"), ""]
    if not needs.needs:
        return "\n".join([*lines, words.counted("needs.none", needs.results), ""])
    counts = {"results": needs.results}
    lines += [*wrapped(words.counted("needs.some", needs.waiting, **counts)), ""]
    for number, need in enumerate(needs.needs, 1):
        place = place_of(need, words, files)
        lines.append(style.paint(safe(f"{number}. {_said(need, place, words)}"), "bold"))
        if need.columns:
            names = tuple(words.word(name) for name in need.columns)
            lines += _below(words.counted("needs.columns", len(names), names=names))
        if need.records:
            shown = (*need.records[:MOST_NAMED], *("…",) * (len(need.records) > MOST_NAMED))
            lines += _below(words.counted("needs.records", len(need.records), names=shown))
        for key, results in (
            ("alone", need.alone),
            ("together", tuple(one for one in need.waiting if one not in need.alone)),
        ):
            if results:
                lines += _below(
                    words.phrase(
                        f"needs.{key}", names=tuple(_result(one, words) for one in results)
                    )
                )
        lines += _below(words.phrase("needs.settled", settled=need.settled, waiting=needs.waiting))
        lines.append("")
    return "\n".join(lines)


def _said(need: Need, place: Place, words: Words) -> str:
    label = _label(need, words)
    if need.key == "records":
        return words.phrase("needs.file", file=place.file, label=label)
    key = "column" if need.record is not None else "table" if place.table else "key"
    said = words.phrase(f"needs.{key}", file=place.file, name=place.name, table=place.table)
    if label.casefold() == place.name.casefold().replace("_", " "):
        return said
    return said + words.phrase("needs.label", label=label)


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


def _below(text: str) -> list[str]:
    return wrapped(text, "   ", "     ")


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
