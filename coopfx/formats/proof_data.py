"""Proofs for programs: what was proved of a statute, and what two statutes give, as objects."""

from collections.abc import Sequence
from datetime import date
from fractions import Fraction
from pathlib import PurePath
from typing import Any

from coopfx.engine import outcome as out
from coopfx.formats import json
from coopfx.formats.proof import Proved, condition_text, label_of, thing
from coopfx.ground.exact import NUMBER, Missing, Undefined
from coopfx.ground.words import Words

SCHEMA = "coopfx.proof/1"
SAME = "coopfx.same/1"


def data(proved: Proved, words: Words) -> dict[str, Any]:
    """A statute's proofs as an object; labels and messages are in the words' language."""
    return {
        "name": proved.name,
        "file": proved.file,
        "language": proved.language,
        "in_force_from": proved.in_force_from.isoformat(),
        "laws": list(proved.laws),
        "rules": [_rule(item, words, proved.written_in) for item in proved.proofs],
        "clauses": [_clause(item, words, proved.written_in) for item in proved.clauses],
        "nearest": [[_nearest(one) for one in found.changes] for found in proved.nearest],
        "nearest_claims": [
            {
                "nearest": found.nearest,
                "remaining": [label_of(one, words) for one in found.remaining],
            }
            for found in proved.nearest
        ],
    }


def _clause(item: out.Proof, words: Words, written_in: Words | None) -> dict[str, Any]:
    return {
        "kind": item.kind,
        "subjects": list(item.subjects),
        "label": label_of(item, words),
        "article": item.article,
        "verdict": item.verdict,
        "reason": item.reason or None,
        "only_if": _only_if(item, words, written_in),
        "year": None if item.year is None else _year(item),
    }


def _only_if(item: out.Proof, words: Words, written_in: Words | None) -> str | None:
    return None if item.only_if is None else condition_text(item.only_if, written_in or words)


def _nearest(change: out.Nearest) -> dict[str, Any]:
    return {
        "line": change.span.line,
        "column": change.span.column,
        "unit": "currency" if change.is_money else "number",
        "old": json.plain(change.old, NUMBER),
        "new": json.plain(change.new, NUMBER),
    }


def _rule(item: out.Proof, words: Words, written_in: Words | None) -> dict[str, Any]:
    broken = item.broken
    type_ = broken.type if broken else None
    return {
        "rule": item.rule,
        "label": json.rule_label(item, words),
        "origin": "law" if item.law else "statute",
        "article": item.article,
        "strength": "require" if item.binding else "recommend",
        "verdict": item.verdict,
        "reason": item.reason or None,
        "set_aside": item.set_aside or None,
        "not_yet": [
            {"reason": one.reason, "line": one.span.line if one.span else None}
            for one in item.not_yet
        ],
        "assumptions": [
            {
                "key": one.key,
                "text": words.phrase(f"proof.assumed_that.{one.key}", **one.arguments),
                "file": None if one.span is None else PurePath(one.span.file).name,
                "line": None if one.span is None else one.span.line,
            }
            for one in item.assumptions
        ],
        "only_if": _only_if(item, words, written_in),
        "year": None if item.year is None else _year(item),
        "left": json.plain(broken.left, type_) if broken else None,
        "relation": broken.relation if broken else None,
        "right": json.plain(broken.right, type_) if broken else None,
        "reference": item.reference or None,
        "confidence": "to confirm" if item.to_confirm else "confirmed" if item.law else None,
        "message": json.rule_message(item, words),
    }


def _year(item: out.Proof | out.Difference) -> dict[str, Any]:
    assert item.year is not None
    records: dict[str, dict[str, dict[str, Any]]] = {}
    for sort, table in item.year.tables.items():
        records[sort] = {identifier: {} for identifier in table.ids}
        for name, column in table.columns.items():
            type_ = next(one.type for one in item.given if one.name == name and one.record)
            for identifier, value in zip(table.ids, column, strict=True):
                records[sort][identifier][name] = json.plain(value, type_)
    own = [one for one in item.given if not one.record]
    return {
        "closing": item.year.closing.isoformat(),
        "figures": {
            one.name: json.plain(one.value, one.type)
            for one in own
            if not one.opening and not one.decision
        },
        "balances": {one.name: json.plain(one.value, one.type) for one in own if one.opening},
        "decisions": {one.name: json.plain(one.value, one.type) for one in own if one.decision},
        "records": records,
    }


def differences_data(found: Sequence[out.Difference], words: Words) -> list[dict[str, Any]]:
    """What two statutes give, thing by thing, as objects."""
    return [
        {
            "name": item.name,
            "kind": item.kind,
            "label": thing(item, words),
            "verdict": item.verdict,
            "reason": item.reason or None,
            "year": None if item.year is None else _year(item),
            "old": None if item.values is None else _plain(item.values[0], words, item),
            "new": None if item.values is None else _plain(item.values[1], words, item),
        }
        for item in found
    ]


def _plain(value: object, words: Words, item: out.Difference) -> Any:
    if isinstance(value, tuple | list):
        return [_plain(one, words, item) for one in value]
    if isinstance(value, bool | Fraction | date):
        return json.plain(value, item.type)
    if value is None or isinstance(value, Missing | Undefined):
        return None
    return words.show(value)
