"""The outcome as JSON: schema ``coopfx.outcome/2``, described in docs/schema/.

Money is a string with its currency's decimals, other exact numbers a string: decimal where it ends,
``p/q`` where it does not. Names are canonical; a ``label`` beside them is in the reader's language.
"""

import json
from datetime import date
from fractions import Fraction
from typing import Any

from coopfx.engine import outcome as out
from coopfx.ground.exact import (
    Kind,
    Missing,
    Type,
    Undefined,
    Value,
    currency_of,
    decimal_text,
    decimals_of,
    money,
    quantity,
)
from coopfx.ground.report import OWN_CODE, Diagnostic, Report
from coopfx.ground.words import Words

SCHEMA = "coopfx.outcome/2"
DIAGNOSTICS = "coopfx.diagnostics/1"


def text(data: Any) -> str:
    """Data as JSON text, the same bytes for the same data."""
    return json.dumps(data, ensure_ascii=False, indent=2) + "\n"


def outcome(result: out.Outcome, words: Words, report: Report) -> dict[str, Any]:
    """An outcome as an object of the schema; labels and messages are in the words' language."""
    amount = quantity(money(result.currency))
    return {
        "schema": SCHEMA,
        "provenance": {
            "coopfx": result.provenance.coopfx,
            "plugins": result.provenance.plugins,
            "statute_sha256": result.provenance.statute_sha256,
            "data_sha256": result.provenance.data_sha256,
            "laws": [
                {
                    "name": law.name,
                    "distribution": law.distribution,
                    "version": law.version,
                    "file": law.file,
                    "sha256": law.sha256,
                }
                for law in result.provenance.laws
            ],
            **({"changes": list(changes)} if (changes := result.provenance.changes) else {}),
        },
        "cooperative": result.cooperative,
        "closing": result.closing.isoformat(),
        "currency": result.currency,
        "statute": {
            "name": result.statute,
            "language": result.language,
            "in_force_from": result.in_force_from.isoformat(),
        },
        "values": {
            item.name: {
                "type": type_name(item.type),
                "label": words.label(item.name),
                **value(item.value, item.type),
            }
            for item in result.values
        },
        "allocations": [
            {
                "source": item.source,
                "from": _from(item),
                "record": item.record,
                **_amount("amount", item.amount, amount),
                "article": item.article,
                "items": [
                    {
                        "to": part.account,
                        **_amount("amount", part.amount, amount),
                        "line": part.line,
                    }
                    for part in item.items
                ],
            }
            for item in result.allocations
        ],
        "accounts": {
            item.name: {
                "label": words.label(item.name),
                "book": "management" if item.management else "legal",
                "indivisible": item.indivisible,
                "record": item.record,
                **{
                    at: plain(getattr(item, at), amount)
                    for at in ("opening", "added", "taken", "closing")
                },
                "between": plain(item.between, amount),
                **_why([item.opening, item.added, item.taken, item.closing]),
                **({"records": _rows(item, amount)} if item.record else {}),
            }
            for item in result.accounts
        },
        "entries": [_entry(item, amount) for item in result.books],
        "shares": [_share(item, amount) for item in result.shares],
        "pools": [_pool(item, amount) for item in result.pools],
        "verdicts": [_verdict(item, result.provenance, words) for item in result.verdicts],
        "indicators": [indicator(item) for item in result.indicators],
        "diagnostics": diagnostics(report, words),
    }


def _entry(item: out.Booked, amount: Type) -> dict[str, Any]:
    """An entry of the books, with both its places."""
    return {
        "article": item.article,
        "line": item.line,
        "way": item.way,
        "book": "management" if item.management else "legal",
        "from": item.source._asdict(),
        "to": item.target._asdict(),
        "id": item.record or None,
        "giver": item.giver or None,
        **_amount("amount", item.amount, amount),
    }


def _rows(item: out.AccountYear, amount: Type) -> list[dict[str, Any]]:
    """Each record's own account."""
    return [
        {
            "id": row.record,
            **{
                at: plain(getattr(row, at), amount)
                for at in ("opening", "added", "taken", "closing")
            },
            **_why([row.opening, row.added, row.taken, row.closing]),
        }
        for row in item.rows
    ]


def type_name(type_: Type) -> str:
    """A type's lasting name: ``money``, ``number``, ``months``, ``yes/no``, ``EUR per hour``, …"""
    if type_.kind is not Kind.QUANTITY:
        return "yes/no" if type_.kind is Kind.YES_NO else str(type_.kind.value)
    if not type_.unit:
        return "number"
    if currency_of(type_.unit):
        return "money"
    if len(type_.unit) == 1:
        return f"{type_.unit[0][0]}s"
    above = " ".join(base for base, power in type_.unit if power > 0)
    return f"{above} per " + " ".join(base for base, power in type_.unit if power < 0)


def plain(item: Value | None, type_: Type | None) -> str | bool | None:
    """A known value as the schema writes it; None where there is none."""
    match item:
        case bool() | None:
            return item
        case Fraction():
            currency = currency_of(type_.unit) if type_ else None
            if currency and (item * 10 ** decimals_of(currency)).denominator == 1:
                return decimal_text(item, decimals_of(currency))
            return decimal_text(item)
        case date():
            return item.isoformat()
        case str():
            return item
        case Missing() | Undefined():
            return None


def value(item: Value | None, type_: Type | None) -> dict[str, Any]:
    """A value with what keeps it from being known."""
    return {"value": plain(item, type_), **_why([item])}


def _amount(key: str, item: Value, type_: Type) -> dict[str, Any]:
    return {key: plain(item, type_), **_why([item])}


def _why(items: list[Value | None]) -> dict[str, Any]:
    """What is missing or undefined, said only where something is."""
    why: dict[str, Any] = {}
    missing = [item for item in items if isinstance(item, Missing)]
    if missing:
        why["missing"] = names(missing)
    undefined = [item.reason for item in items if isinstance(item, Undefined)]
    if undefined:
        why["undefined"] = undefined[0]
    return why


def names(missing: list[Missing]) -> list[str]:
    """The facts that are missing: ``salary of p001``, or ``salary`` where nobody's is given."""
    facts = sorted({fact for item in missing for fact in item.facts})
    return [f"{name} of {record}" if record else name for name, record in facts]


def _from(item: out.Allocation | out.Share) -> dict[str, Any] | None:
    """The place that the money of a clause is taken from."""
    return None if item.origin is None else item.origin._asdict()


def _share(item: out.Share, amount: Type) -> dict[str, Any]:
    return {
        "source": item.source,
        "from": _from(item),
        "group": item.group,
        "article": item.article,
        "inside_each": item.segment,
        "amount": plain(item.amount, amount),
        "excess_to": item.excess_account,
        "excess": plain(item.excess, amount),
        "undistributed": plain(item.undistributed, amount),
        **_why([item.amount, item.undistributed]),
        "parts": None
        if item.parts is None
        else [
            {"id": record, "giver": giver or None, "amount": plain(part, amount)}
            for (record, part), giver in zip(item.parts, item.givers, strict=True)
        ],
    }


def _pool(item: out.PoolYear, amount: Type) -> dict[str, Any]:
    return {
        "figure": item.figure,
        "to": item.account,
        "article": item.article,
        **_amount("pooled", item.pooled, amount),
        "parts": [
            {
                "id": record,
                "figure": plain(figure, amount),
                "kept": plain(kept, amount),
                **_why([figure, kept]),
            }
            for record, figure, kept in item.parts
        ],
    }


def _verdict(item: out.Verdict, rests_on: out.Provenance, words: Words) -> dict[str, Any]:
    law = next((law for law in rests_on.laws if law.name == item.law), None)
    entry: dict[str, Any] = {
        "rule": item.rule,
        "label": rule_label(item, words),
        "origin": "law" if item.law else "statute",
        "law": law
        and {
            "name": law.name,
            "distribution": law.distribution,
            "version": law.version,
            "file": law.file,
        },
        "article": item.article,
        "line": item.span.line if item.span else None,
        "strength": "require" if item.binding else "recommend",
        "status": item.status,
        "left": plain(item.left, item.type),
        "relation": item.relation,
        "right": plain(item.right, item.type),
        "margin": plain(item.margin, item.type),
        "allowance": plain(item.allowance, item.type),
        "missing": names([item.missing]) if item.missing is not None else [],
        "undefined": item.undefined.reason if item.undefined is not None else None,
        "reference": item.reference or None,
        "confidence": "to confirm" if item.to_confirm else "confirmed" if item.law else None,
        "message": rule_message(item, words),
    }
    if item.set_aside:
        entry["set_aside"] = item.set_aside
    if item.counts is not None:
        entry["records"] = item.counts
        entry["cases"] = [
            {
                "record": case.record,
                "status": case.status,
                "left": plain(case.left, item.type),
                "right": plain(case.right, item.type),
                "margin": plain(case.margin, item.type),
                "missing": names([case.missing]) if case.missing is not None else [],
                "undefined": _undefined(case),
            }
            for case in item.cases
        ]
    return entry


def _undefined(case: out.Case) -> str | None:
    """Why a case cannot be decided although nothing is missing."""
    if case.status != out.UNDETERMINED or case.missing is not None:
        return None
    sides = (case.left, case.right)
    return next((side.reason for side in sides if isinstance(side, Undefined)), "condition")


def rule_label(item: out.Verdict | out.Proof, words: Words) -> str:
    """A rule's title in the reader's language: a law's own, or the name its author gave it."""
    titled = words.phrases.get(f"rule.{item.rule}")
    return titled or words.label(item.rule)


def rule_message(item: out.Verdict | out.Proof, words: Words) -> str:
    """What a rule says of itself in the reader's language."""
    return words.phrases.get(f"message.{item.rule}") or item.message


def indicator(item: out.IndicatorYear) -> dict[str, Any]:
    """An indicator with its years; one of a series that nobody has put together has none."""
    return {
        **_of_a_year(item),
        "pillar": item.pillar,
        "better": item.better or None,
        "formerly": list(item.formerly),
        "series": [
            {
                "closing": one.closing.isoformat(),
                **_of_a_year(one.indicator),
                "joined": one.joined,
                "broken": one.broken or None,
                "reason": one.reason or None,
            }
            for one in item.series
        ],
    }


def _of_a_year(item: out.IndicatorYear) -> dict[str, Any]:
    return {
        "label": item.label,
        "type": type_name(item.type),
        "percent": item.percent,
        "unit": item.unit or None,
        "value": plain(item.value, item.type),
        "target": plain(item.target, item.type),
        "relation": None if item.target is None else item.relation,
        "by": item.by,
        "met": item.met,
        **_why([item.value, item.target]),
    }


def told(report: Report, words: Words) -> dict[str, Any]:
    """What there is to tell, as an object of its own schema; columns count code points."""
    return {
        "schema": DIAGNOSTICS,
        "columns": "code points",
        "diagnostics": diagnostics(report, words),
    }


def diagnostics(report: Report, words: Words) -> list[dict[str, Any]]:
    """What there is to tell, in order of file and place."""
    return [_diagnostic(item, words) for item in report.in_order()]


def _diagnostic(item: Diagnostic, words: Words) -> dict[str, Any]:
    span = item.span
    return {
        "code": item.code,
        "severity": item.severity.value,
        "message": words.message(item),
        "help": words.help(item),
        "file": span.file if span else None,
        "line": span.line if span else None,
        "column": span.column if span else None,
        "end_line": span.end_line if span else None,
        "end_column": span.end_column if span else None,
        "related": [
            {
                "file": place.file,
                "line": place.line,
                "column": place.column,
                "end_line": place.end_line,
                "end_column": place.end_column,
                "message": words.place(item, number),
            }
            for number, place in enumerate(item.related, 1)
        ],
        "page": None if OWN_CODE.fullmatch(item.code) else f"diagnostics/{item.code}",
    }


def explanation(item: out.Explanation, words: Words) -> dict[str, Any]:
    """An explanation as a tree of objects; sentences are in the words' language."""
    place = item.span or item.data
    return {
        "text": words.phrase(item.sentence, **item.arguments),
        "value": plain(item.value, item.type),
        "type": type_name(item.type) if item.type else None,
        "file": place.file if place else None,
        "line": place.line if place else None,
        "article": item.article or None,
        "law": item.law,
        "model": item.model or None,
        "reference": item.reference or None,
        "steps": [explanation(step, words) for step in item.steps],
    }
