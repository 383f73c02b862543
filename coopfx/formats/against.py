"""Why a figure is another in a scenario: what moved it, and the steps between, for people and programs."""

import textwrap
from collections.abc import Iterable
from fractions import Fraction
from typing import Any

from coopfx.engine import outcome as out
from coopfx.formats import json
from coopfx.formats.terminal import WIDTH, Style, safe, wrapped
from coopfx.formats.tree import written
from coopfx.ground.exact import NUMBER, Type
from coopfx.ground.words import Words

SCHEMA = "coopfx.against/1"


def text(found: out.Against, asked: str, words: Words, style: Style) -> str:
    """What moved a figure, change by change, and its steps as they are and as they would be."""
    lines = [*wrapped(style.paint(safe(_sentence(found, asked, words)), "bold"))]
    for one in found.causes:
        lines += ["", *_cause(one, found, words, style)]
    rest = _together(found)
    if rest:
        said = words.phrase("against.together", amount=_signed(rest, _type(found), words))
        lines += ["", *wrapped(said)]
    if found.steps is not None:
        lines += ["", style.paint(words.phrase("against.steps"), "bold")]
        lines += _steps(found.steps, words, style, "", "")
    return "\n".join(lines) + "\n"


def data(found: out.Against, asked: str, words: Words) -> dict[str, Any]:
    """The same as an object of the schema."""
    type_ = _type(found)
    rest = _together(found)
    return {
        "schema": SCHEMA,
        "asked": asked,
        "sentence": _sentence(found, asked, words),
        "before": json.plain(_figure(found.before), type_),
        "after": json.plain(_figure(found.after), type_),
        "difference": json.plain(_difference(found.before, found.after), type_),
        "causes": [
            {
                "said": one.said or None,
                "article": one.amended[0].article or None if one.amended else None,
                "file": one.amended[0].file if one.amended else None,
                "lines": [
                    {"line": item.line, "old": list(item.old), "new": list(item.new)}
                    for item in one.amended
                ],
                "can_stand_alone": one.alone is not None,
                "alone": json.plain(_figure(one.alone), type_),
                "difference": json.plain(_difference(found.before, one.alone), type_),
                "moves": _moves(found, one),
            }
            for one in found.causes
        ],
        "together": json.plain(rest, type_) if rest is not None else None,
        "steps": None if found.steps is None else _step(found.steps, words),
    }


def _step(one: out.Moved, words: Words) -> dict[str, Any]:
    sides = {
        at: None if side is None else words.phrase(side.sentence, **side.arguments)
        for at, side in (("before", one.before), ("after", one.after))
    }
    last = one.after or one.before
    assert last is not None, "a step is one of either"
    return {
        **sides,
        "file": last.span.file if last.span else None,
        "line": last.span.line if last.span else None,
        "article": last.article or None,
        "law": last.law,
        "steps": [_step(step, words) for step in one.steps],
    }


# ---- what the figure comes to


def _figure(one: out.Explanation | None) -> Fraction | None:
    """What a figure comes to: of an account, its balance; of a rule, nothing that is an amount."""
    if one is None or one.how.startswith("explain.rule"):
        return None
    closing = one.arguments.get("closing")
    value = closing[0] if isinstance(closing, tuple) and closing else one.value
    return value if isinstance(value, Fraction) else None


def _difference(before: out.Explanation | None, after: out.Explanation | None) -> Fraction | None:
    old, new = _figure(before), _figure(after)
    return None if old is None or new is None else new - old


def _type(found: out.Against) -> Type:
    known = (one.type for one in (found.before, found.after) if one is not None and one.type)
    return next(known, NUMBER)


def _together(found: out.Against) -> Fraction | None:
    """What the changes move the figure by together and not one by one; None where nothing is."""
    whole = _difference(found.before, found.after)
    each = [_difference(found.before, one.alone) for one in found.causes]
    if whole is None or any(one is None for one in each):
        return None
    return whole - sum(filter(None, each), Fraction(0)) or None


def _moves(found: out.Against, one: out.Cause) -> bool | None:
    """Whether a change alone makes the figure another; None where it cannot be made alone."""
    if one.alone is None or found.before is None:
        return None if one.alone is None else True
    old, new = _figure(found.before), _figure(one.alone)
    if old is not None or new is not None:
        return old != new
    said = [(side.how, side.arguments, side.value) for side in (found.before, one.alone)]
    return said[0] != said[1]


# ---- for people


def _sentence(found: out.Against, asked: str, words: Words) -> str:
    old, new = _figure(found.before), _figure(found.after)
    if found.before is None or found.after is None:
        key = "new" if found.before is None else "gone"
        return words.phrase(f"against.{key}", asked=asked)
    if old is None or new is None:
        return words.phrase(
            "against.same" if found.steps is None else "against.otherwise", asked=asked
        )
    type_ = _type(found)
    before, after = (old, type_), (new, type_)
    if old == new:
        return words.phrase("against.equal", asked=asked, value=before)
    moved = _signed(new - old, type_, words)
    return words.phrase("against.moved", asked=asked, before=before, after=after, moved=moved)


def _signed(amount: Fraction, type_: Type, words: Words) -> str:
    return ("+" if amount > 0 else "") + words.value(amount, type_)


def _cause(one: out.Cause, found: out.Against, words: Words, style: Style) -> Iterable[str]:
    """A change with what it moves the figure by, and the lines that it changes."""
    if one.amended:
        first = one.amended[0]
        place = {"article": first.article, "file": first.file, "line": first.line}
        what = words.phrase("compare.place" if first.article else "compare.place.line", **place)
    else:
        what = one.said
    difference, moves = _difference(found.before, one.alone), _moves(found, one)
    if difference:
        said = _signed(difference, _type(found), words)
    elif moves is None:
        said = words.phrase("against.with_others")
    else:
        said = words.phrase("against.moves" if moves else "against.moves_not")
    yield from wrapped(safe(words.phrase("compare.of", what=what, said=said)), "  ", "    ")
    for item in one.amended:
        yield from (style.paint(f"    − {safe(line)}", "error") for line in item.old)
        yield from (style.paint(f"    + {safe(line)}", "good") for line in item.new)


def _steps(one: out.Moved, words: Words, style: Style, first: str, rest: str) -> Iterable[str]:
    room = max(40, WIDTH - len(rest))
    said = [
        "" if side is None else safe(words.phrase(side.sentence, **side.arguments))
        for side in (one.before, one.after)
    ]
    lines: list[str] = []
    if said[0] == said[1]:
        lines += _folded(f"  {said[0]}", room)
    else:
        for sign, sentence, colour in zip("−+", said, ("error", "good"), strict=True):
            if sentence:
                lines += (style.paint(line, colour) for line in _folded(f"{sign} {sentence}", room))
    last = one.after or one.before
    place = written(last, words) if last is not None else ""
    lines += (style.paint(line, "faint") for line in _folded(f"  {place}", room) if place)
    yield first + lines[0]
    yield from (rest + line for line in lines[1:])
    for position, step in enumerate(one.steps):
        end = position == len(one.steps) - 1
        yield from _steps(
            step, words, style, rest + ("└─ " if end else "├─ "), rest + ("   " if end else "│  ")
        )


def _folded(text: str, room: int) -> list[str]:
    return textwrap.wrap(text, room, subsequent_indent="  ", break_on_hyphens=False) or [""]
