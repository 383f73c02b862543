"""Figures of the data that no value can be, because of bounds that other figures are.

``input bonus : money >= 10 EUR <= grant`` and ``input grant : money <= 5 EUR`` are each in order. Together
they leave no year, and of no year anything could be proved.
"""

from collections.abc import Mapping, Sequence
from fractions import Fraction

from coopfx.ground.exact import Type
from coopfx.ground.report import Report, Word
from coopfx.language import ast
from coopfx.language.declared import Declared
from coopfx.language.placed import Placed

AT_LEAST, AT_MOST = "at_least", "at_most"


def tell_impossible(declared: Declared, clauses: Sequence[Placed], report: Report) -> None:
    """Tell (T315) figures whose lowest value, through whatever others, is above their highest."""
    lines: dict[str, Placed] = {}
    above: dict[str, list[str]] = {}
    for placed in clauses:
        clause = placed.clause
        if isinstance(clause, ast.Input | ast.Parameter):
            lines[placed.text.words.canonical(clause.name.word)] = placed
    for name, placed in lines.items():
        beside = placed.clause.beside if isinstance(placed.clause, ast.Input) else ()
        for side, bound in beside:
            other = placed.text.words.canonical(bound.word)
            type_, own = _type(declared, other), _type(declared, name)
            if type_ is not None and own is not None and type_.same_sort(own):
                low, high = (name, other) if side == AT_MOST else (other, name)
                above.setdefault(low, []).append(high)
    lowest = _lowest_above(declared, above)
    passed: set[str] = set()
    for name in above:
        least = _own(declared, name, AT_LEAST)
        if least is None or name not in lowest or lowest[name][0] >= least:
            continue
        if not lowest[name][1]:
            continue  # Its own two bounds are amiss, which is told where they stand.
        path = [name]
        while path[-1] not in passed and lowest[path[-1]][1]:
            path.append(lowest[path[-1]][1])
        if passed.isdisjoint(path):
            _tell(declared, path, lines, report)
        passed.update(path)


def _lowest_above(
    declared: Declared, above: Mapping[str, Sequence[str]]
) -> dict[str, tuple[Fraction, str]]:
    """The lowest constant that each figure is at most, through whatever others, and the next of these."""
    below: dict[str, list[str]] = {}
    for low, highs in above.items():
        for high in highs:
            below.setdefault(high, []).append(low)
    own = {name: _own(declared, name, AT_MOST) for name in (*above, *below)}
    known = [(most, name) for name, most in own.items() if most is not None]
    found: dict[str, tuple[Fraction, str]] = {}
    for most, name in sorted(known):
        waiting = [] if name in found else [name]
        found.setdefault(name, (most, ""))
        for one in waiting:
            for low in below.get(one, ()):
                if low not in found:
                    found[low] = most, one
                    waiting.append(low)
    return found


def _own(declared: Declared, name: str, side: str) -> Fraction | None:
    """The constant that a figure is at least, or at most; of a parameter, whatever the day."""
    given = declared.inputs.get(name)
    if given is not None:
        found = given.low if side == AT_LEAST else given.high
        return found if isinstance(found, Fraction) else None
    dated = declared.parameters.get(name)
    values = [] if dated is None else [one[1] for one in dated.values]
    known = [one for one in values if isinstance(one, Fraction)]
    if not known or len(known) < len(values):
        return None
    return min(known) if side == AT_LEAST else max(known)


def _type(declared: Declared, name: str) -> Type | None:
    known = declared.inputs.get(name) or declared.parameters.get(name)
    return None if known is None else known.type


def _tell(
    declared: Declared, path: Sequence[str], lines: Mapping[str, Placed], report: Report
) -> None:
    """Tell a chain of figures on the statute's own line of it that stands last."""
    spans = {one: lines[one].clause.span for one in path if lines[one].text.is_statute}
    if not spans:
        return
    *others, last = spans
    first, end = path[0], path[-1]
    type_ = _type(declared, first)
    assert type_ is not None
    report.tell(
        "T315",
        spans[last],
        related=tuple(spans[one] for one in others),
        name=Word(first),
        least=(_own(declared, first, AT_LEAST), type_),
        other=Word(end),
        most=(_own(declared, end, AT_MOST), type_),
    )
