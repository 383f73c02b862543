"""What a year comes to, in a line or two: its rules, the money that stays where it is, and why."""

from collections.abc import Iterator
from fractions import Fraction
from typing import cast

from coopfx.engine import outcome as out
from coopfx.ground.exact import Missing, Type, Undefined, Value
from coopfx.ground.words import Words

_STAYS = {
    "R801": "nobody",
    "R802": "negative",
    "R804": "nowhere",
    "R808": "zero",
    "R809": "limits",
    "R810": "smallest",
    "R811": "alike",
    "R825": "loss",
}
"""Why money stays where it is, by the diagnostic that tells it of one clause."""


def conclusion(result: out.Outcome, words: Words) -> list[tuple[str, str]]:
    """The sentences that end a year, each with its tone: ``good``, ``warning``, ``error`` or ``faint``.

    First what is violated, not followed and not known, of the law and of the statute, and if nothing
    is, that; then the money that is not distributed, by the reason why, and where that is not known.
    What figures are missing for is told apart from what has no value though none is.
    """
    return [*_rules(result, words), *_money(result, words)]


def _rules(result: out.Outcome, words: Words) -> list[tuple[str, str]]:
    rules = [item for item in result.verdicts if item.binding]
    violated = sum(item.status == out.VIOLATED for item in rules)
    aside = sum(item.status == out.SET_ASIDE for item in result.verdicts)
    idle = (out.NOT_APPLICABLE, out.SET_ASIDE)
    applied = sum(item.status not in idle for item in rules)
    advice = [item for item in result.verdicts if not item.binding]
    ignored = sum(item.status == out.VIOLATED for item in advice)
    unknown = [item for item in result.verdicts if item.status == out.UNDETERMINED]
    wanting = [item for item in unknown if item.missing is not None or item.undefined is None]
    of_laws = sum(item.law is not None for item in wanting)
    without = sum(item.law is not None for item in unknown) - of_laws
    said = [
        (words.counted(f"report.{key}", count), colour)
        for key, count, colour in (
            ("violated", violated, "error"),
            ("not_followed", ignored, "warning"),
            ("undetermined_law", of_laws, "warning"),
            ("undetermined", len(wanting) - of_laws, "warning"),
            ("without_answer_law", without, "warning"),
            ("without_answer", len(unknown) - len(wanting) - without, "warning"),
            ("set_aside", aside, "warning"),
        )
        if count
    ]
    if not violated and unknown:
        said.append((words.phrase("report.none_violated"), "warning"))
    elif not violated and applied:
        said.insert(0, (words.counted("report.kept_all", applied), "good"))
    elif not violated and rules:
        said.insert(0, (words.phrase("report.none_violated"), "good"))
    elif not violated and not advice:
        said.append((words.phrase("report.no_rules"), "faint"))
    elif not violated and not ignored:
        said.append((words.counted("report.followed_all", len(advice)), "good"))
    return said


def _money(result: out.Outcome, words: Words) -> Iterator[tuple[str, str]]:
    for reason, value in staying(result).items():
        why = words.phrase(f"report.stays.{reason}")
        yield words.phrase("report.stays", amount=value, why=why), "warning"
    given_out = [*_given_out(result)]
    missing = [any(isinstance(one, Missing) for one in values) for values in given_out]
    unknown = [any(isinstance(one, Undefined) for one in values) for values in given_out]
    without = [one and not lacks for one, lacks in zip(unknown, missing, strict=True)]
    for key, count in (("not_given_out", sum(missing)), ("not_worked_out", sum(without))):
        if count:
            yield words.counted(f"report.{key}", count), "warning"


def staying(result: out.Outcome) -> dict[str, tuple[Fraction, Type]]:
    """The money that no clause gives out, by the reason why, the reason of most of it first."""
    found: dict[str, tuple[Fraction, Type]] = {}
    for item in result.diagnostics:
        reason = _STAYS.get(item.code)
        if reason is not None:
            said = item.arguments["left" if item.code == "R804" else "amount"]
            amount, type_ = cast(tuple[Fraction, Type], said)
            before = found[reason][0] if reason in found else Fraction(0)
            found[reason] = (before + amount, type_)
    return dict(sorted(found.items(), key=lambda pair: -pair[1][0]))


def _given_out(result: out.Outcome) -> Iterator[tuple[Value, ...]]:
    """The amounts of each clause that gives money out in this year."""
    for allocation in result.allocations:
        if allocation.held:
            yield (allocation.amount, *(item.amount for item in allocation.items))
    for share in result.shares:
        yield (share.amount, share.undistributed)
