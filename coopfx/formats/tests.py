"""What the examples of statutes show: for people, for programs, and as JUnit XML for those that build.

Parts that no example reaches, and changes that none notices, are listed by their place.
"""

import re
from collections.abc import Iterator, Sequence
from fractions import Fraction
from itertools import groupby
from typing import Any
from xml.etree import ElementTree

from attrs import Factory, evolve, frozen

from coopfx.engine.outcome import Change, ExampleResult, Part
from coopfx.formats.terminal import Style, safe
from coopfx.ground.report import Diagnostic
from coopfx.ground.words import Words

SCHEMA = "coopfx.tests/1"
_NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


@frozen(slots=True)
class Tested:
    """A statute's text, with what its examples show; ``parts`` and ``changes`` where asked for.

    ``told`` are the mistakes for which its examples could not be run, ``left`` the changes that were
    not tried for want of time, or all of them where an example fails.
    """

    file: str
    examples: Sequence[ExampleResult] = ()
    parts: Sequence[Part] = ()
    changes: Sequence[Change] = ()
    left: int = 0
    told: Sequence[Diagnostic] = Factory(tuple)


def reached(found: Sequence[Tested]) -> tuple[int, int]:
    """How many parts are reached, and how many there are."""
    parts = [part for one in found for part in one.parts]
    return sum(part.reached for part in parts), len(parts)


def noticed(found: Sequence[Tested]) -> tuple[int, int]:
    """How many changes are noticed, and how many were tried."""
    changes = [change for one in found for change in one.changes]
    return sum(change.noticed for change in changes), len(changes)


# ---- for people


def example(result: ExampleResult, style: Style) -> str:
    """One line on an example."""
    mark = style.paint("✓", "good") if result.passed else style.paint("✗", "error")
    return f"{mark} {safe(result.span.file)}:{result.span.line} {safe(result.title)}"


def summary(found: Sequence[Tested], words: Words) -> str:
    """How many examples passed."""
    results = [result for one in found for result in one.examples]
    passed = sum(result.passed for result in results)
    if not results:
        return words.phrase("test.nothing")
    return words.counted("test.summary", len(results), passed=passed)


def coverage(found: Sequence[Tested], words: Words, style: Style) -> str:
    """The parts that no example reaches, each with its place, and how many are reached."""
    rows = [
        _row(part, words, f"test.part.{part.kind}")
        for one in found
        for part in one.parts
        if not part.reached
    ]
    some, count = reached(found)
    if not rows:
        return words.phrase("test.coverage.all" if count else "test.nothing")
    last = words.phrase(
        "test.coverage.count", reached=some, count=count, percent=_percent(some, count, words)
    )
    return "\n".join([style.paint(words.phrase("test.coverage"), "bold"), *rows, last])


def mutation(found: Sequence[Tested], words: Words, style: Style) -> str:
    """The changes that no example notices, each with its place, and how many are noticed."""
    unseen = [change for one in found for change in one.changes if not change.noticed]
    rows = [_row(change, words, f"test.change.{change.kind}") for change in _joined(unseen, words)]
    some, count = noticed(found)
    left = sum(one.left for one in found)
    ends = [words.phrase("test.mutation.left", count=left)] if left else []
    if any(not result.passed for one in found for result in one.examples):
        ends.append(words.phrase("test.mutation.failing"))
        if not count:
            return ends[-1]
    if not rows:
        return "\n".join([words.phrase(f"test.mutation.{'all' if count else 'none'}"), *ends])
    last = words.phrase(
        "test.mutation.count", noticed=some, count=count, percent=_percent(some, count, words)
    )
    return "\n".join([style.paint(words.phrase("test.mutation"), "bold"), *rows, last, *ends])


def _what(change: Change) -> tuple[object, ...]:
    """What it is that a change changes."""
    place = (change.file, change.line, change.column)
    return (*place, change.kind, change.arguments.get("before"))


def _joined(changes: Sequence[Change], words: Words) -> Iterator[Change]:
    """The changes, those of one figure together: 60% → 59%, 61%."""
    for _, group in groupby(changes, _what):
        first, *others = group
        if "after" not in first.arguments:
            yield from (first, *others)
            continue
        after = ", ".join(words.show(one.arguments["after"]) for one in (first, *others))
        yield evolve(first, arguments=first.arguments | {"after": after})


def _row(item: Part | Change, words: Words, key: str) -> str:
    place = words.phrase(
        "test.place.article" if item.article else "test.place",
        file=item.file,
        line=item.line,
        article=item.article,
    )
    return f"  {safe(place)}  {safe(words.phrase(key, **item.arguments))}"


def _percent(some: int, count: int, words: Words) -> str:
    """A part of a whole, rounded down: 100% is said of the whole alone."""
    return words.percent(Fraction(some * 100 // count, 100))


# ---- for programs


def data(found: Sequence[Tested], words: Words, *, covered: bool, mutated: bool) -> dict[str, Any]:
    """Examples, parts and changes as an object of the schema."""
    (some, parts), (seen, changes) = reached(found), noticed(found)
    return {
        "schema": SCHEMA,
        "examples": [
            {
                "file": result.span.file,
                "line": result.span.line,
                "title": result.title,
                "passed": result.passed,
                "expectations": result.expectations,
            }
            for one in found
            for result in one.examples
        ],
        "coverage": {
            "reached": some,
            "count": parts,
            "parts": [
                {
                    "kind": part.kind,
                    **_place(part),
                    "reached": part.reached,
                    "message": "" if part.reached else _said(part, words, "test.part"),
                }
                for one in found
                for part in one.parts
            ],
        }
        if covered
        else None,
        "mutation": {
            "noticed": seen,
            "count": changes,
            "not_tried": sum(one.left for one in found),
            "changes": [
                {
                    "kind": change.kind,
                    **_place(change),
                    "noticed": change.noticed,
                    "message": _said(change, words, "test.change"),
                }
                for one in found
                for change in one.changes
            ],
        }
        if mutated
        else None,
    }


def _said(item: Part | Change, words: Words, prefix: str) -> str:
    return words.phrase(f"{prefix}.{item.kind}", **item.arguments)


def _place(item: Part | Change) -> dict[str, Any]:
    return {"file": item.file, "line": item.line, "article": item.article or None}


def junit(found: Sequence[Tested], words: Words) -> str:
    """Examples as JUnit XML: a suite a statute, a case an example; what XML cannot hold is replaced."""
    cases = [result for one in found for result in one.examples]
    failed = sum(not result.passed for result in cases)
    unread = [one for one in found if one.told]
    counts = {"failures": str(failed), "errors": str(len(unread))}
    root = ElementTree.Element("testsuites", {"name": "coopfx", "tests": str(len(cases)), **counts})
    for one in found:
        suite = ElementTree.SubElement(
            root,
            "testsuite",
            name=_xml(one.file),
            tests=str(len(one.examples)),
            failures=str(sum(not result.passed for result in one.examples)),
            errors=str(int(bool(one.told))),
        )
        if one.told:
            case = ElementTree.SubElement(
                suite, "testcase", classname=_xml(one.file), name="check", file=_xml(one.file)
            )
            _told(ElementTree.SubElement(case, "error"), one.told, words)
        for result in one.examples:
            case = ElementTree.SubElement(
                suite,
                "testcase",
                classname=_xml(one.file),
                name=_xml(result.title),
                file=_xml(result.span.file),
                line=str(result.span.line),
            )
            if not result.passed:
                _told(ElementTree.SubElement(case, "failure"), result.told, words)
    ElementTree.indent(root)
    written = ElementTree.tostring(root, encoding="unicode")
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{written}\n'


def _told(element: ElementTree.Element, told: Sequence[Diagnostic], words: Words) -> None:
    element.set("type", told[0].code)
    element.set("message", _xml(words.message(told[0])))
    lines = [
        f"{item.file}:{item.span.line}: {item.code} {words.message(item)}"
        if item.span
        else f"{item.code} {words.message(item)}"
        for item in told
    ]
    element.text = _xml("\n".join(lines))


def _xml(text: str) -> str:
    """A text without the characters that XML has no way to hold."""
    return _NOT_XML.sub("\ufffd", text)
